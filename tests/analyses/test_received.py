"""Lists received from above beside the calculation: own lists put before the invented office, whose answers are known."""

from dataclasses import replace

import pandas as pd
import pytest

from shnor_lib.analyses import board, received
from shnor_lib.analyses.lists import lists_facts
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.criteria.clarification import apply_received_lists, standing_lists
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.office import Office
from shnor_lib.pages.views import data_quality, school_passports
from shnor_lib.pages.views import received as view
from tests.shipped import shipped

LOW = "low_results"


def office_with(*rows: tuple, name: tuple = ("demo", 2021)) -> Office:
    """An office with these lists: school, category, source, document, day, ground; by the calculation of ``demo`` 2021 demo-05, -06,
    -11 and -12 are ШНОР, of demo-06 and -08 experts decided otherwise."""
    office = shipped(*name)
    columns = ["school_id", "category", "source", "document", "received_on", "ground"]
    frame = pd.DataFrame(rows, columns=columns).assign(municipality=name[0], year=name[1], place=None)
    lists = frame.assign(received_on=pd.to_datetime(frame["received_on"]))
    return replace(office, tables=office.tables | {"received_lists": lists})


def region(*schools: str, day: str | None = "2021-02-12") -> list[tuple]:
    return [(school, LOW, "region", "перечень", day, "ВПР") for school in schools]


def agreements(office: Office) -> dict[str, str]:
    rows = received.compared(office)
    return dict(zip(rows["school_id"], rows["agreement"], strict=True))


def html(shown) -> str:
    return " ".join(shown._repr_mimebundle_()["text/html"].replace("\u00ad", "").replace("\u00a0", " ").split())


def test_N1_each_school_of_list_or_calculation_stands_once_and_the_differing_first():
    office = office_with(*region("demo-05", "demo-06", "demo-10"))
    assert agreements(office) == {
        "demo-10": "only_list",
        "demo-11": "only_calculation",
        "demo-12": "only_calculation",
        "demo-08": "neither",  # experts alone put it on the list
        "demo-05": "same",
        "demo-06": "same",
    }
    assert received.compared(office)["school_id"].tolist()[:3] == ["demo-10", "demo-11", "demo-12"]
    facts = received.received_facts(office)
    assert (facts["received_lists"], facts["received_differ"]) == (1, 3)
    assert facts["received_differ_told"] == (
        "региональный список «перечень», получен 12.02.2021 (ШНОР): общих с расчётом 2 школы, только в списке – Озёрная, "
        "только по расчёту – Полевая, Дальняя"
    )
    assert facts["received_brief_told"].startswith("региональный от 12.02.2021 (ШНОР): общих с расчётом 2 школы")
    assert facts["received_unlisted_names"] == "Озёрная"  # of demo-06 experts decided


def test_N1_a_difference_is_explained_by_the_signs_with_value_and_threshold():
    office = office_with(*region("demo-06", "demo-10", "demo-12"))
    rows = {row.school_id: row for row in received.compared(office).itertuples()}
    page = view.identification.page_of(office)
    told = {
        school: view.why(page, row).replace("\u00a0", " ") for school, row in rows.items() if row.agreement != "same"
    }
    assert told["demo-10"] == (
        "признаков 0 из 7; ближе всего к порогу: Качество ниже среднего – 42,9 % (порог 40,7 %); "
        "Мало продолживших учёбу – 72,7 % (порог 60,0 %)"
    )
    assert told["demo-11"].startswith("признаков 4 из 6: Качество ниже среднего – 29,9 % (порог 40,1 %)")
    assert told["demo-08"].startswith("решение экспертов от 14.09.2021 (комиссия управления образования): ")


def test_N1_a_list_that_calculation_cannot_check_says_what_is_lacking():
    office = shipped("krasnokholm", 2021)
    (row,) = received.compared(office).itertuples()
    assert (row.agreement, row.named, row.calculated, row.identified) == ("open", "yes", "insufficient_data", "yes")
    facts = received.received_facts(office)
    assert facts["received_alone_told"].endswith("дата получения не названа (ШНОР): Краснохолмская сош № 1")
    assert facts["received_differ_told"] is None and lists_facts(office)["list_received_decides"] == 1
    why = view.why(view.identification.page_of(office), row)
    assert why.startswith("вывода по расчёту нет – нет данных: таблица «Результаты процедур»")


def test_N1_a_category_that_the_method_does_not_decide_is_compared_with_nothing():
    office = office_with(("lzv-01", "adverse_conditions", "federal", None, None, None), name=("lesozavodsk", 2021))
    (row,) = received.compared(office).itertuples()
    assert row.agreement == "open" and received.why_open(office, row.school_id, row.category) == received.NOT_DECIDED
    assert "(ШНСУ): СОШ № 1" in received.received_facts(office)["received_alone_told"]


def test_N1_a_list_that_says_the_same_is_told_so_and_none_is_not_told():
    alike = office_with(*region("demo-05", "demo-06", "demo-11", "demo-12"))
    facts = received.received_facts(alike)
    assert facts["received_differ"] == 0 and facts["received_differ_told"] is None
    assert facts["received_alike_told"].endswith("(ШНОР): Заречная, Привокзальная, Полевая, Дальняя")
    none = office_with()
    assert received.compared(none).empty and not view.show_received(none, received.compared(none)).items
    assert (
        received.received_facts(none)["received_lists"] == 0
        and received.decided_told(shipped("lesozavodsk", 2021), LOW) is None
    )


def test_N1_a_later_list_of_the_source_replaces_the_earlier_one_and_both_are_told():
    office = office_with(*region("demo-10"), *region("demo-05", day="2021-05-30"))
    assert agreements(office)["demo-05"] == "same" and "demo-10" not in agreements(office)
    lists = received.delivered(office)
    assert lists[["schools", "stands"]].values.tolist() == [[1, True], [1, False]]
    shown = html(data_quality.table_received(office, lists))
    assert "30.05.2021" in shown and "12.02.2021" in shown
    assert "дата не названа" in html(
        data_quality.table_received(office, received.delivered(office_with(*region("demo-05", day=None))))
    )


@pytest.mark.parametrize("school", ["demo-05", "demo-10"])
def test_N1_the_page_of_a_school_says_what_each_list_says_of_it(school):
    office = office_with(*region("demo-10"))
    (shown,) = view.told_of_school(school_passports.page_of(office), school)
    inside = {"demo-05": "школу не называет региональный список", "demo-10": "школу называет региональный список"}
    assert inside[school] in shown.text and ("ВПР" in shown.text) == (school == "demo-10")


def test_N1_the_list_decides_for_plan_and_targets():
    office = office_with(*region("demo-10"))
    final = apply_received_lists(office.identification, standing_lists(office.tables["received_lists"], 2021), [LOW])
    decided = replace(office, identification=final)
    assert received.deciding_list(decided, LOW) == "региональный список «перечень», получен 12.02.2021"
    assert received.decided_told(decided, LOW).startswith("региональный список «перечень», получен 12.02.2021")
    assert received.deciding_list(office, LOW) is None


def test_N1_plan_and_targets_are_about_the_schools_of_the_list_that_decides():
    office = shipped("krasnokholm", 2021)
    assert SupportPlan(office).supported == ["krk-01"]
    of_list = office.targets.set_index("target").loc["standard_compliance"]
    assert of_list["of_schools"] == 1 and of_list["state"] == "no_data"
    (listed,) = board.listed_schools(office).itertuples()
    assert (listed.school_id, listed.decision, listed.near) == ("krk-01", "received", False)
    waiting = board.to_collect(shipped("kushva", 2020), {"received_lists": "регион"}, "школы")
    assert waiting.loc[waiting["whom"].eq("регион"), "lists"].tolist() == [["low_results"]]


def test_N1_the_public_edition_tells_the_lists_and_no_hidden_number():
    office = public_edition(office_with(*region("demo-10", "demo-13")))
    hidden = office.verdicts[office.verdicts["hidden"] & office.verdicts["category"].eq(LOW)]
    shown = html(view.show_received(office, received.compared(office)))
    assert "Озёрная" in shown and len(hidden)
    own = shipped("demo", 2021).verdicts.set_index(["school_id", "criterion"])["value"]
    for row in hidden.itertuples():
        value = own[row.school_id, row.criterion]
        assert pd.isna(value) or f"– {100 * value:.1f} %".replace(".", ",") not in shown


def test_N1_words_of_a_document_are_text():
    rows = [("demo-10", LOW, "region", "<script>alert(1)</script>", None, "<b>ВПР</b>")]
    office = office_with(*rows)
    shown = html(view.show_received(office, received.compared(office)))
    assert "<script>" not in shown and "<b>ВПР" not in shown and "&lt;b&gt;ВПР" in shown
