"""The board's page: who is listed and why, by name, and nothing said where nothing is known."""

import re
from dataclasses import replace

from shnor_lib.analyses import board, naming
from shnor_lib.analyses.overview import Board
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.views import overview
from tests.shipped import shipped

DEMO = ("demo", 2021)


def test_listed_schools_of_the_demo_office_with_what_experts_changed():
    office = shipped(*DEMO)
    listed = board.listed_schools(office).set_index("school_id")
    answers = office.identification[office.identification["category"].eq("low_results")].set_index("school_id")
    assert sorted(listed.index) == sorted(answers.index[answers["identified"].eq("yes")])
    assert listed["expert"].to_dict()["demo-08"] and not listed["grounds"]["demo-08"]
    assert list(listed.index)[-1] == "demo-08"  # what experts added comes after what was calculated
    (_, withdrawn) = board.experts_word(office).sort_values("identified").to_dict("records")[::-1]
    assert {withdrawn["school_id"], withdrawn["identified"]} == {"demo-06", "no"}


def test_the_rest_of_a_long_list_is_a_number():
    office = shipped(*DEMO)
    everybody = naming.named(office, office.schools["school_id"])
    assert everybody.count(",") == naming.MOST_NAMED - 1 and everybody.endswith(f"и ещё {14 - naming.MOST_NAMED}")
    assert naming.named(office, []) == ""
    nine = list(office.schools["school_id"])[: naming.MOST_NAMED + 1]
    assert naming.named(office, nine) == ", ".join(office.school_names[school] for school in nine)


def test_the_public_edition_draws_no_hidden_results():
    office = replace(shipped(*DEMO), audience="public")
    found = board.results_against_municipality(office, office.schools["school_id"])
    assert found.empty and list(found.columns) == ["school_id"]


def test_every_listed_school_is_named_on_the_first_page_with_why_and_help():
    office = shipped(*DEMO)
    (table,) = overview.show_listed(found := Board(office), found.listed).items
    assert table.frame["why"].str.len().gt(10).all() and table.frame["help"].str.len().gt(5).all()
    title = overview.show_answer(Board(office), "Главное")
    assert all(office.school_names[school] in title.answer for school in table.frame["school_id"])
    assert not re.search(r" [.,;]", title.answer + title.question)


def test_what_experts_changed_stands_with_reason_and_date():
    office = shipped(*DEMO)
    (point,) = [item.text for item in overview.show_decisions(Board(office)).items if "решение экспертов" in item.text]
    for decided in board.experts_word(office).itertuples():
        assert office.school_names[decided.school_id] in point and f"{decided.decided_on:%d.%m.%Y}" in point
        assert decided.identified == "yes" or f": {decided.told}" in point
        assert f"признаков {decided.criteria_met} из {decided.criteria_assessed}" in point


def test_a_school_at_the_border_is_named_on_its_side_of_the_list():
    office, facts = shipped(*DEMO), Board(shipped(*DEMO)).facts
    own = board.answers_of(office.identification, "low_results")
    for school in own.index[own["near"].eq(True)]:
        side = "border_inside" if own.loc[school, "identified"] == "yes" else "border_outside"
        assert office.school_names[school] in facts[side]


def test_a_year_that_was_something_else_is_no_year_before():
    office = shipped(*DEMO)
    frame = overview.table_key_figures(office).frame.set_index("indicator")
    assert (
        frame["before_year"]["below_minimum_rate[VPR/maths/5]"] == 2019
    )  # in 2020 it was written in autumn, of another grade
    assert frame["before_cause"]["below_minimum_rate[EGE/maths_any/11]"] == "not_comparable"  # no base maths in 2021
    assert frame["before_year"]["vacancies_rate"] == 2020
    assert {"worse", "same"} <= set(frame["comparison"].dropna())


def test_a_programme_that_names_no_school_is_not_said_to_help_none():
    listed = board.listed_schools(shipped("lesozavodsk", 2021))
    assert listed["measures"].isna().all() and listed["unnamed"].eq(31).all()
    (table,) = overview.show_listed(found := Board(shipped("lesozavodsk", 2021)), found.listed).items
    assert table.frame["help"].str.startswith("меры программы (31) школ не называют").all()


def test_the_hardest_procedure_is_worse_beyond_chance_and_counted():
    office = shipped(*DEMO)
    found = board.hardest_procedures(office, office.schools["school_id"])
    assert found["school_id"].is_unique and found["below"].le(found["took"]).all()
    assert found.set_index("school_id").loc["demo-11", ["hardest", "below", "took"]].tolist() == [
        "VPR/russian/6",
        12,
        16,
    ]
    assert board.hardest_procedures(office, []).empty


def test_where_nothing_comes_due_no_rows_stand_and_it_is_said():
    found = Board(shipped("lesosibirsk", 2020))
    coming = board.coming_measures(found.plan)
    assert coming.empty or coming["title"].notna().all()
    assert coming["end"].le(found.facts["coming_until"]).all()
    if coming.empty:
        assert "ни у одной меры срок не наступает" in overview.show_coming(found)._repr_mimebundle_()["text/plain"]


def test_what_to_collect_names_who_has_it():
    needs = board.to_collect(shipped("iskitim", 2021), {"schools": "управление"}, "школы").set_index("whom")
    assert needs.loc["управление", "tables"] == [("schools",)]
    assert len(needs.loc["РИС ГИА", "targets"]) == 2  # the source that the programme names for them
    assert sum(needs["targets"].map(len)) >= 17
    assert board.to_collect(shipped(*DEMO), {}, "школы").empty


def test_a_point_of_the_resolution_never_stands_over_nobody():
    for municipality, year in [("kushva", 2020), ("iskitim", 2021), ("lesosibirsk", 2020)]:
        text = "\n".join(item.text for item in overview.show_decisions(Board(shipped(municipality, year))).items)
        assert text and ": ." not in text and "()" not in text and "Утвердить перечень" not in text


def test_the_public_edition_names_no_other_procedure_as_the_hardest():
    office = shipped("demo", 2021)
    schools = office.schools["school_id"]
    inner = board.hardest_procedures(office, schools).set_index("school_id")
    shown = board.hardest_procedures(public_edition(office), schools).set_index("school_id")
    assert shown["hardest"].to_dict() == inner["hardest"].to_dict()
    told = shown["below"].notna()
    assert shown.loc[told, "below"].equals(inner.loc[told, "below"]) and told.any() and not told.all()
