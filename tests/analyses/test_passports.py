"""School passports (row L15): key results by hand-made numbers, and one printed page for every school."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from shnor_lib.analyses.passports import (
    besides,
    key_results,
    learning_by_wave,
    missing_tables,
    olympiad_diplomas,
    passport_facts,
    pooled_results,
    procedure_results,
    school_overview,
)
from shnor_lib.analyses.passports import passport as declared
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.export.html import export_pages
from shnor_lib.pages.markup import TABLE_MIME
from shnor_lib.pages.tables import Table
from shnor_lib.pages.views import school_passports as view
from shnor_lib.params.profiles import ResultsReading
from tests.reports.checks import problems
from tests.reports.sample import notebook, title
from tests.reports.walking import office_with, pieces
from tests.shipped import shipped


def rates(*values) -> pd.DataFrame:
    """Rows of (school or level, indicator, year, numerator, denominator)."""
    frame = pd.DataFrame(values, columns=["who", "indicator", "year", "numerator", "denominator"])
    above = frame["who"].isin(["municipality", "region"])
    return frame.assign(
        municipality="m",
        level=frame["who"].where(above, "school"),
        group="",
        school_id=frame["who"].where(~above, ""),
        value=frame["numerator"] / frame["denominator"],
        note="",
    )


OGE = "below_minimum_rate[OGE/maths/9]"


def test_L15_a_result_has_value_interval_levels_above_and_years_before():
    rows = rates(
        ("a", OGE, 2019, 10, 50),
        ("a", OGE, 2021, 20, 50),
        ("municipality", OGE, 2021, 30, 200),
        ("region", OGE, 2021, 100, 1000),
    )
    found = key_results(rows, 2021, ResultsReading()).iloc[0]
    assert (found["before_2"], found["value"], found["denominator"]) == (0.2, 0.4, 50)
    assert pd.isna(found["before_1"])
    assert (found["benchmark_municipality"], found["benchmark_region"]) == (0.15, 0.10)
    assert found["low"] == pytest.approx(0.276, abs=0.001) and found["high"] == pytest.approx(0.538, abs=0.001)
    assert (
        found["comparison_municipality"] == "worse"
    )  # 15 % lies below the whole interval, and more below the minimum is bad


def test_L15_grades_are_pooled_by_their_participants_and_the_levels_above_by_those_of_the_school():
    own = [("a", "quality_rate[VPR/maths/4]", 2021, 84, 100), ("a", "quality_rate[VPR/maths/5]", 2021, 5, 10)]
    rest = [("bcd"[place], f"quality_rate[VPR/maths/{grade}]", 2021, 40, 100) for place in range(3) for grade in (5, 6)]
    above = {4: (168, 200), 5: (155, 310), 6: (60, 300)}
    town = [("municipality", f"quality_rate[VPR/maths/{grade}]", 2021, *counts) for grade, counts in above.items()]
    found = key_results(rates(*own, *rest, *town), 2021, ResultsReading()).iloc[0]
    assert found["indicator"] == "quality_rate[VPR/maths/*]" and found["value"] == pytest.approx(89 / 110)
    assert found["benchmark_municipality"] == pytest.approx((0.84 * 100 + 0.5 * 10) / 110)  # not 383 of 810
    assert found["comparison_municipality"] == "same"
    lacking = key_results(rates(*own, *rest, *town[:1]), 2021, ResultsReading()).iloc[0]
    assert pd.isna(lacking["benchmark_municipality"]) and lacking["comparison_municipality"] == "not_compared"


def test_L15_few_participants_are_not_compared():
    rows = rates(("a", OGE, 2021, 3, 6), ("municipality", OGE, 2021, 0, 200))
    found = key_results(rows, 2021, ResultsReading(minimum_participants=10)).iloc[0]
    assert found["few"] and found["comparison_municipality"] == "not_compared"


def test_L15_a_pooled_value_with_a_hidden_part_is_hidden():
    rows = rates(("a", "quality_rate[VPR/maths/5]", 2021, 10, 20), ("a", "quality_rate[VPR/maths/6]", 2021, 1, 3))
    rows = rows.assign(hidden=[False, True])
    rows.loc[1, ["value", "numerator", "denominator"]] = None
    found = pooled_results(rows, ["quality_rate[VPR/maths/*]"]).iloc[0]
    assert found["hidden"] and pd.isna(found["value"])


def test_L15_a_school_with_few_key_results_shows_what_there_is():
    rows = rates(("a", "quality_rate[OGE/geography/9]", 2019, 19, 100), ("a", OGE, 2021, 20, 50))
    found = key_results(rows, 2021, ResultsReading())
    assert found["indicator"].tolist() == [OGE, "quality_rate[OGE/geography/9]"]
    assert found["before_2"].iloc[1] == 0.19 and pd.isna(found["value"].iloc[1])


def test_L15_no_results_at_all_is_an_empty_table_with_its_columns():
    found = key_results(rates(("municipality", OGE, 2021, 1, 10)), 2021, ResultsReading())
    assert found.empty and {"few", "hidden", "before_1"} <= set(found.columns)


def test_L15_missing_tables_are_named_and_graduates_not_asked_of_a_primary_school():
    schools = pd.DataFrame(
        {"school_id": ["a", "b"], "kind": ["СОШ", "НОШ"], "highest_grade": [None, None], "year": 2021}
    )
    tables = {name: pd.DataFrame({"school_id": ["a"], "year": [2021]}) for name in declared().tables}
    tables["staff"] = pd.DataFrame({"school_id": ["a"], "year": [2020]})
    found = missing_tables(tables, schools, 2021)
    assert found["a"] == ["staff"]
    assert found["b"] == [name for name in declared().tables if name != "progression"]


def test_L15_results_by_grade_and_subject_say_why_a_number_is_absent():
    rows = rates(
        ("a", "quality_rate[VPR/maths/5]", 2021, 20, 50),
        ("a", "below_minimum_rate[VPR/maths/5]", 2021, 5, 50),
        ("a", "quality_rate[VPR/history/5]", 2021, 2, 4),
        ("a", "below_minimum_rate[EGE/russian/11]", 2021, 1, 20),
        ("a", "quality_rate[VPR/maths/5]", 2020, 1, 50),
        *((school, "quality_rate[VPR/maths/5]", 2021, 40, 50) for school in "bcd"),
        ("municipality", "quality_rate[VPR/maths/5]", 2021, 140, 200),
    )
    found = procedure_results(rows, 2021, ResultsReading(minimum_participants=10))
    own = found[found["school_id"].eq("a")].set_index("part")
    assert own.index.tolist() == ["VPR/history/5", "VPR/maths/5", "EGE/russian/11"]  # by exam and grade
    maths, history, russian = (own.loc[part] for part in ("VPR/maths/5", "VPR/history/5", "EGE/russian/11"))
    assert (maths["quality_rate"], maths["below_minimum_rate"], maths["participants"]) == (0.4, 0.1, 50)
    assert maths["comparison_municipality"] == "worse" and not maths["few"]
    assert history["few"] and pd.isna(history["quality_rate"]) and history["cause_quality_rate"] == "too_few"
    assert russian["cause_quality_rate"] == "not_applicable" and russian["cause_mean_percent"] == "not_delivered"
    assert procedure_results(rows.iloc[:0], 2021, ResultsReading()).empty


def test_L15_waves_stand_beside_the_year_and_few_pupils_are_not_told():
    check, journal = "below_minimum_rate[RKR/maths/5]", "learning_quality_rate[basic/maths]"
    waves = rates(("a", check, 2021, 10, 40), ("a", check, 2021, 1, 4), ("a", journal, 2021, 10, 40))
    waves = waves.assign(wave=["entry", "final", "final"])
    found = learning_by_wave(waves, rates(("a", journal, 2021, 30, 40)), 2021, 10).set_index("indicator")
    assert found.index.tolist() == [check, journal]
    assert (found.at[check, "entry"], found.at[journal, "final"], found.at[journal, "year"]) == (0.25, 0.25, 0.75)
    causes = found.loc[check, ["cause_interim", "cause_final", "cause_year"]].tolist()
    assert causes == ["not_delivered", "too_few", "not_applicable"] and pd.isna(found.at[check, "final"])


@pytest.mark.parametrize(
    "school, said",
    [
        ("demo-05", "в перечне ШНОР и ШНСУ, как и год назад"),
        ("demo-08", "в перечне ШНОР (решение экспертов), как и год назад"),
        ("demo-06", "нет в перечне ШНОР и ШНСУ (ШНОР – решение экспертов), год назад – в перечне ШНОР и ШНСУ"),
        ("demo-01", "нет в перечне ШНОР и ШНСУ"),
    ],
)
def test_L15_the_title_is_the_answer(demo, school, said):
    assert view.state_of(demo, school) == said


def test_L15_the_page_tells_experts_measures_partners_and_tasks(demo):
    told = {school: text_of(demo, school) for school in ("demo-08", "demo-10", "demo-05")}
    assert (
        "ШНОР: включить в перечень – решение экспертов от 14.09.2021 (комиссия управления образования): "
        in told["demo-08"]
    )
    assert (
        "По данным, без решения экспертов: школа в перечень не вошла бы." in told["demo-08"]
        and "предложенный партнёр – Лицей Звёздный" in told["demo-08"]
    )
    assert "объявленный партнёр – Фабричная (русский язык" in told["demo-05"]
    assert "Продлить партнёрство школа в перечне ШНОР" in " ".join(told["demo-05"].split())
    assert "договор закончился: Фабричная" in told["demo-05"] and "Дальше по порядку: " in told["demo-05"]
    assert "Заявка школы на обучение: 14 мест для учителей, 1 – для руководителей: " in told["demo-05"]
    assert "обучение говорению (английский язык, 2)" in told["demo-05"]
    for page in told.values():
        assert not re.search(r"критери\w* (не )?выполнен|правила .*не сработали|по расчёту|\(\w+_\w+\)", page)


def test_L15_the_page_holds_what_other_reports_found_of_the_school(demo):
    told = {school: text_of(demo, school) for school in ("demo-05", "demo-10", "demo-02")}
    assert "По норме не хватает ставок: психологи – 0,5; логопеды – 3,0; дефектологи – 3,5." in told["demo-05"]
    assert "вместе – 2 мероприятия" in told["demo-05"] and "Обмен опытом за год: 6 мероприятий." in told["demo-05"]
    assert "ожидалось −6,8 пункта" in told["demo-05"] and "в пределах ожидаемого" in told["demo-05"]
    assert "Признаков необъективности нет, оценены все." in told["demo-05"]
    assert "баллы расходятся с отметками журнала: такие редко бывают при настоящих результатах" in told["demo-10"]
    assert "такие бывают и при настоящих результатах" in told["demo-02"]


def test_L15_the_public_edition_tells_no_expected_result():
    known = view.known_of(public_edition(shipped("demo", 2021)))
    assert "comparison" not in besides(known, "demo-05") and "ожидалось" not in text_of(known, "demo-05")


def test_L15_little_known_is_not_told_as_nothing_found():
    known = view.known_of(shipped("lesosibirsk", 2020))
    listed = view.show_schools(known, school_overview(known.office)).items[-1]
    why = listed.frame.set_index("school_id")["why"]
    assert why["les-lyceum"] == "признаков нет (определено 1 из 10)"
    assert why["les-04"] == "ни один признак не определён"
    assert "Ни у одной школы нет таблиц: Результаты процедур" in listed.note and "lacks" not in listed.columns
    assert listed.columns["low_results"].in_file  # the column «Что о ней решено» says it
    lyceum, fourth = text_of(known, "les-lyceum"), text_of(known, "les-04")
    assert "признаков 0 из 1 определённого, всего их 10" in lyceum and "РКР" not in lyceum
    assert "Участники" not in fourth and "Признаков необъективности" not in fourth and "По норме" not in fourth


def test_L15_no_bracket_is_explained_where_none_stands(lesozavodsk):
    known = view.known_of(lesozavodsk)
    assert "Высокий риск: недостаток учителей – да" in text_of(known, "lzv-01")
    assert "В скобках" not in text_of(known, "lzv-01")


def test_L15_a_value_never_prints_as_the_threshold_it_is_not(demo):
    row = next(row for row in text_of(demo, "demo-05").split("Не более 0,5 % ")[1:])
    assert "0,53 % 0,50 %" in " ".join(row.split())


def test_L15_all_schools_share_one_file_a_kind_and_pages_show_their_rows(demo):
    page = passport(demo, "demo-05")
    shown = {piece.name: piece for piece in pieces(page) if isinstance(piece, Table)}
    files = {piece.name: piece for piece in pieces(view.show_files(demo)) if isinstance(piece, Table)}
    assert set(shown) < set(files) and len(files) == 9 and not page._repr_mimebundle_().get(TABLE_MIME)
    for name, table in shown.items():
        assert 'data-rows-of="demo-05"' in table.html() and "shnor:download" not in table.html()
        assert set(files[name].frame["school_id"]) >= {"demo-05", "demo-01"} or name in (
            "school_measures",
            "school_reports",
            "school_needs",
        )


NAMES = {
    "demo-01": "Школа " + "длинного названия " * 11,
    "demo-02": "<script>alert(1)</script>",
    "demo-03": "Школа «№ 3» & Ко",
}


@pytest.mark.parametrize("table", ["measures", "learning_marks"])
def test_L15_pages_of_awkward_schools_without_results_are_sound(table):
    office = office_with(table)
    schools = office.tables["schools"]
    named = schools["school_id"].map(NAMES).fillna(schools["short_name"])
    office = replace(office, tables={**office.tables, "schools": schools.assign(short_name=named)})
    known = view.known_of(office)
    cells = notebook(
        title(),
        view.show_schools(known, school_overview(known.office)),
        view.show_passports(known),
        view.show_files(known),
    )
    pages = export_pages(cells, name="95_school_passports")
    assert len(pages) == 4
    for name, html in pages.items():
        assert not problems(html, largest=150_000), name
        assert "Результаты:" not in html or table == "learning_marks", name
    assert "&lt;script&gt;alert(1)&lt;/script&gt;: вывода о" in pages["schools/demo-02"]


@pytest.fixture(scope="module")
def demo():
    return view.known_of(shipped("demo", 2021))


def passport(known, school):
    return view.passport(known, known.office.schools.set_index("school_id", drop=False).loc[school].to_dict())


def text_of(known, school) -> str:
    html = passport(known, school)._repr_mimebundle_()["text/html"]
    return BeautifulSoup(html, "html.parser").get_text(" ").replace("\u00a0", " ")


@pytest.fixture(scope="module")
def lesozavodsk():
    return shipped("lesozavodsk", 2021)


@pytest.fixture(scope="module")
def sheets(lesozavodsk):
    html = view.show_passports(view.known_of(lesozavodsk))._repr_mimebundle_()["text/html"]
    return BeautifulSoup(html, "html.parser").find_all("section", class_="sheet")


def test_L15_every_school_has_its_sheet_with_context_results_verdicts_and_plan(sheets, lesozavodsk):
    assert len(sheets) == len(lesozavodsk.schools) == 5
    names = [sheet.h1.text.split(":")[0].replace("\u00a0", " ") for sheet in sheets]
    assert names[:3] == ["СОШ № 1", "СОШ № 3", "СОШ с. Курское"]
    for sheet in sheets:
        advised = ["table-school_needs"] if "Что делать, по порядку:" in sheet.text else []
        assert [table["id"] for table in sheet("table")] == [
            "table-school_signs",
            *advised,
        ]  # what nothing is known of has no place
        headings = [heading.text.split(":")[0] for heading in sheet("h2")]
        if advised:
            assert headings.pop(2) == "Что делать, по порядку"
        assert headings[:4] == ["Почему", "Что изменилось", "Что делается", "Что просим у школы"]


def test_L15_a_sheet_says_value_threshold_and_what_is_missing(sheets):
    village = sheets[2]
    told = village.get_text(" ").replace("\u00a0", " ")
    signs = village.find("table", id="table-school_signs").tbody.get_text(" ").replace("\u00a0", " ")
    assert "есть" in signs and "ОГЭ, математика, 9 класс" in signs
    assert "устаревшие компьютеры – 94 %" in told and "Высокий риск" in told
    assert "Передать таблицы: «Результаты процедур»" in told


def test_L15_facts_of_the_passports_are_counted_from_their_table(lesozavodsk):
    facts = passport_facts(lesozavodsk)
    assert facts == {
        "passports_total": 5,
        "passports_supported": 3,
        "passports_judged": 5,
        "passports_unjudged": 0,
        "passports_incomplete": 5,
        "passports_without_measures": 3,
    }


def test_L8_diplomas_of_a_school_by_stage_and_subject():
    rows = [
        ("1", "municipal", None, 3, 4),
        ("1", "municipal", "maths", 1, 1),
        ("1", "municipal", "physics", 2, 3),
        ("1", "municipal", "history", 0, 0),
        ("1", "regional", None, 1, None),
        ("2", "regional", "maths", 0, 2),
    ]
    olympiads = pd.DataFrame(rows, columns=["school_id", "stage", "subject", "winners", "prize_winners"])
    found = olympiad_diplomas(olympiads.assign(level="school", year=2021), 2021)
    assert found.values.tolist() == [
        ["1", "municipal", 7.0, (("physics", 5.0), ("maths", 2.0))],
        ["2", "regional", 2.0, (("maths", 2.0),)],
    ]
