"""What the reports of the five offices say, against what their documents print."""

from __future__ import annotations

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup

from shnor_lib.analyses.findings import identification_facts, problems_found
from shnor_lib.analyses.overview import Board, overview_facts
from shnor_lib.analyses.passports import school_overview
from shnor_lib.analyses.promises import targets_by_concern
from shnor_lib.pages.numbers import NO_DATA
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.views import (
    annex,
    data_quality,
    dynamics,
    overview,
    results,
    school_passports,
    support_plan,
    targets,
)
from tests.shipped import shipped

OFFICES = [("iskitim", 2021), ("krasnokholm", 2021), ("kushva", 2020), ("lesosibirsk", 2020), ("lesozavodsk", 2021)]


def said(shown) -> str:
    """The text a reader sees."""
    page = BeautifulSoup(shown._repr_mimebundle_()["text/html"], "html.parser")
    return page.get_text(" ").replace("\u00a0", " ")


def in_file(shown) -> str:
    """What a table of figures says in its file, also of the rows that the page leaves to it."""
    frame = shown.items[-1].frame
    numbers = [f"{one:g}" for name in ("numerator", "denominator") for one in frame[name] if isinstance(one, float)]
    return " ".join([*frame["shown"], *numbers, *frame["group"]]).replace("\u00a0", " ")


def board_page(municipality: str, year: int) -> tuple[list[str], list[str]]:
    """Headlines and decisions of the board's page."""
    facts = overview_facts(shipped(municipality, year))
    return tuple(
        [item.text.replace("\u00a0", " ") for item in found(facts, "00_overview")] for found in (headlines, decisions)
    )


def answer(municipality: str, year: int) -> str:
    """The heading of the board's page."""
    return overview.show_answer(Board(shipped(municipality, year)), "Главное").answer.replace("\u00a0", " ")


@pytest.mark.parametrize(("municipality", "year"), OFFICES)
def test_no_office_with_missing_data_is_told_that_nothing_needs_deciding(municipality, year):
    office = shipped(municipality, year)
    told, decided = board_page(municipality, year)
    assert "ничего существенного" not in " ".join(told) and decided
    for view in (dynamics, targets):
        assert "Решений не требуется" not in said(view.show_decisions(office))
        assert "ничего существенного" not in said(view.show_headlines(office))


def test_lesozavodsk_section_III_three_schools_of_fourteen_as_the_document_counts():
    told, decided = board_page("lesozavodsk", 2021)
    assert "Перечень ШНОР взят из документа муниципалитета, расчётом он не проверен." in told
    assert decided[0].startswith("Утвердить перечень ШНОР: СОШ № 1, СОШ № 3, СОШ с. Курское.")
    assert answer("lesozavodsk", 2021) == "Помощь нужна 3 школам: СОШ № 1, СОШ № 3, СОШ с. Курское"


def test_lesozavodsk_section_III_most_low_results_in_school_3_and_kurskoe():
    (table,) = results.table_official_list(Page(shipped("lesozavodsk", 2021), "20_results"))
    listed = table.frame.set_index("school")["size"]
    assert listed.to_dict() == {"СОШ № 1": 2, "СОШ № 3": 4, "СОШ с. Курское": 4}
    assert "низких результатов 10" in table.caption


def test_lesozavodsk_passport_share_of_schools_21_per_cent_against_14():
    row = (
        targets.table_targets(one := shipped("lesozavodsk", 2021), targets_by_concern(one))
        .frame.set_index("target")
        .loc["low_results_share"]
    )
    assert (row["shown"].replace("\u00a0", " "), row["goal_text"].replace("\u00a0", " ")) == (
        "21,4 %",
        "не больше 14,0 % к 2023 году",
    )


def test_lesozavodsk_sections_II_III_the_page_lists_figures_and_no_bands_or_answers():
    shown = said(overview.show_published(shipped("lesozavodsk", 2021)))
    assert "ступень" not in shown and "анкеты" not in shown.split("Ответы школ")[0]
    assert "Городская школа ШНОР" not in shown
    figures = in_file(overview.show_published(shipped("lesozavodsk", 2021)))
    for figure in ("57,1 %", "42,9 %", "44", "174", "59", "35,0 %"):
        assert figure in figures, figure


def test_krasnokholm_passport_one_school_with_low_results_of_three():
    told, decided = board_page("krasnokholm", 2021)
    assert answer("krasnokholm", 2021) == "Помощь нужна школе Краснохолмская сош № 1"
    title = overview.show_answer(Board(shipped("krasnokholm", 2021)), "").question.replace("\xa0", " ")
    assert "Перечень определил полученный список, расчётом он не проверен." in title
    assert "В данных не названы 2 школы из 3: вывода о них нет." in told
    assert not any("оценены 2" in text for text in told)
    assert any("сейчас названа 1 из 3" in text for text in decided)


def test_krasnokholm_section_3_monitoring_at_the_end_of_each_half_year():
    plan = shipped("krasnokholm", 2021).profile.plan
    assert plan.half_years(2021) == [date(2021, 6, 30), date(2021, 12, 31)]


@pytest.mark.parametrize(("municipality", "year"), [("krasnokholm", 2021), ("lesozavodsk", 2021)])
def test_passports_of_programmes_expect_mean_results_to_rise(municipality, year):
    target = shipped(municipality, year).profile.targets["mean_results"]
    assert (target.indicator, target.schools, target.goal) == ("mean_percent", "all", "improves")


def test_iskitim_item_16_three_partners_are_not_all_schools_of_the_district():
    office = shipped("iskitim", 2021)
    assert identification_facts(office)["registry_partial"] == 1
    told, decided = board_page("iskitim", 2021)
    partners = "СОШ ст. Евсино, Гимназия № 1, СОШ с. Лебедевка"
    assert told[0].startswith(f"Школы, которые документ называет партнёрами других ({partners}), не оцениваются")
    assert any(f"сейчас названы только школы-партнёры ({partners})" in text for text in decided)
    assert office.schools.empty and office.identification.empty and len(office.school_names) == 3
    sheet = Board(office)
    assert not overview.show_listed(sheet, sheet.listed).items
    assert overview.table_key_figures(office).frame.empty  # "Школы: 3" would be a figure nobody printed


def test_kushva_section_1_seven_schools_none_named():
    told, decided = board_page("kushva", 2020)
    assert told[0].startswith("Ни одна из 7 школ в данных не названа")
    assert any("сейчас названо 0 из 7" in text for text in decided)
    assert "7 школ, 4 742 ученика" in overview.show_answer(Board(shipped("kushva", 2020)), "").question.replace(
        "\xa0", " "
    )


def test_kushva_section_4_thirty_measures_without_states():
    shown = said(overview.show_programme(shipped("kushva", 2020)))
    assert "30 мер программы" in shown and "24 нет сведений" in shown and "6 запланировано" in shown


def test_lesosibirsk_section_1_gaps_of_learning_by_stage():
    office = shipped("lesosibirsk", 2020)
    found = targets.table_targets(office, targets_by_concern(office)).frame.set_index("target")
    assert found.loc["gap_of_primary_schools", "value"] == pytest.approx(0.91 - 0.74)
    assert found.loc["gap_of_schools", "value"] == pytest.approx(0.80 - 0.57)
    assert "off_track" not in set(found["state"])  # one school of 2018 is no gap to compare with


def test_lesosibirsk_section_1_change_of_oge_over_all_years():
    found = results.read_results(shipped("lesosibirsk", 2020))
    years = results.show_years(results.page_of(found), found.sections["gia9"])[0].frame
    whole = years.set_index("procedure")["whole"]
    assert whole["Математика"] == pytest.approx(0.19)  # the document tells of growth over three years
    assert whole["Русский язык"] == pytest.approx(-0.06)
    assert whole["География"] == pytest.approx(-0.27)


def test_lesosibirsk_section_1_certificates_and_honours_of_2019():
    (table,) = results.table_graduates(Page(shipped("lesosibirsk", 2020), "20_results"), "gia11")
    assert table.frame.set_index("indicator")["numerator"].to_dict() == {
        "without_certificate_rate": 13,
        "honours_rate": 29,
    }


def test_lesosibirsk_section_1_two_thirds_of_graduates_have_70_points_and_more():
    found = results.read_results(shipped("lesosibirsk", 2020))
    table = results.table_municipality(results.page_of(found), found, found.sections["gia11"])
    assert "score_70_plus_rate" in table.columns
    assert table.frame["score_70_plus_rate"].dropna().tolist() == [0.67]


def test_lesosibirsk_section_1_the_page_lists_the_latest_figures():
    shown, figures = (show(overview.show_published(shipped("lesosibirsk", 2020))) for show in (said, in_file))
    assert "Показаны строки: 12 из" in shown
    for figure in ("6 743", "34,2 %", "41,0 %", "67,0 %", "301", "221"):
        assert figure in figures, figure


def test_the_board_sees_the_sign_that_a_school_without_an_answer_has_in_numbers():
    shown = said(overview.show_headlines(Board(shipped("lesosibirsk", 2020))))
    assert "вывода ещё нет. СОШ № 8: качество ниже среднего – 57,0 % (порог 62,0 %)." in shown


def test_a_share_printed_without_its_numbers_lacks_them():
    frame = overview.show_published(shipped("lesosibirsk", 2020)).items[-1].frame.set_index("indicator")
    shares, means = (frame[frame["unit"].eq(unit) & frame["value"].notna()] for unit in ("rate", "score"))
    assert set(shares["numerator"]) > {NO_DATA} and NO_DATA not in set(means["numerator"])


def test_words_of_the_answers_are_explained_where_they_stand():
    boards = {office: Board(shipped(office, 2021)) for office in ("lesozavodsk", "demo")}
    told = {office: said(overview.show_listed(sheet, sheet.listed)) for office, sheet in boards.items()}
    assert {office: "окажись иными" in text for office, text in told.items()} == {"lesozavodsk": False, "demo": True}


def test_the_list_of_the_pages_of_schools_draws_their_years():
    shown = {office: said_html(office) for office in (("demo", 2021), ("lesosibirsk", 2020))}
    assert [html.count("<svg") for html in shown.values()] == [14, 0]


def said_html(office: tuple[str, int]) -> str:
    """The list of the pages of schools as HTML."""
    known = school_passports.known_of(shipped(*office))
    return school_passports.show_schools(known, school_overview(known.office))._repr_mimebundle_()["text/html"]


def test_problems_alike_are_one_row_of_the_page_and_all_rows_of_the_file():
    office = shipped("krasnokholm", 2021)
    table = data_quality.table_problems(office, problems_found(office))
    told = [(row.problem, row.alike) for row, shown in zip(table.frame.itertuples(), table.shown, strict=True) if shown]
    assert len(table.frame) == sum(count for _, count in told) and told[0] == ("У меры нет срока", 33)
    checks = data_quality.table_checks(shipped("krasnokholm", 2021))
    assert sum(checks.shown) == checks.frame["found"].gt(0).sum() < len(checks.frame)


def test_a_page_of_a_school_of_which_little_is_known_has_no_empty_tables():
    office = shipped("krasnokholm", 2021)
    shown = school_passports.show_passports(school_passports.known_of(office))._repr_mimebundle_()["text/html"]
    assert re.findall('id="table-(\\w+)"', shown) == ["school_signs", "school_needs"] and "Условия:" not in shown
    one = said(school_passports.show_headlines(office))
    assert "Составлен 1 паспорт школы; в перечнях на поддержку – 1 школа" in one


def test_quarters_that_carry_as_much_are_named_together():
    plan = support_plan.support_plan(shipped("krasnokholm", 2021))
    assert "II квартал 2021 года, IV квартал 2021 года: по 9 мер из 60" in said(support_plan.show_quarters(plan))


def test_without_a_year_before_changes_of_the_list_are_not_counted():
    assert annex.table_changes(shipped("krasnokholm", 2021)).caption.endswith("сравнить не с чем")
