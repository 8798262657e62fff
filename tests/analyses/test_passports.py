"""School passports (row L15): key results by hand-made numbers, and one printed page for every school."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from shnor_lib.analyses.passports import key_results, missing_tables, passport, passport_facts, pooled_results
from shnor_lib.pages.views import school_passports as view
from shnor_lib.params.profiles import ResultsReading
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
    tables = {name: pd.DataFrame({"school_id": ["a"], "year": [2021]}) for name in passport().tables}
    tables["staff"] = pd.DataFrame({"school_id": ["a"], "year": [2020]})
    found = missing_tables(tables, schools, 2021)
    assert found["a"] == ["staff"]
    assert found["b"] == [name for name in passport().tables if name != "progression"]


@pytest.fixture(scope="module")
def lesozavodsk():
    return shipped("lesozavodsk", 2021)


@pytest.fixture(scope="module")
def sheets(lesozavodsk):
    html = view.show_passports(lesozavodsk)._repr_mimebundle_()["text/html"]
    return BeautifulSoup(html, "html.parser").find_all("section", class_="sheet")


def test_L15_every_school_has_its_sheet_with_context_results_verdicts_and_plan(sheets, lesozavodsk):
    assert len(sheets) == len(lesozavodsk.schools) == 5
    names = [sheet.h1.text.split(":")[0].replace("\u00a0", " ") for sheet in sheets]
    assert names[:3] == ["СОШ № 1", "СОШ № 3", "СОШ с. Курское"]
    for sheet in sheets:
        kinds = [table["id"].rsplit("_", 1)[1] for table in sheet("table")]
        assert kinds == (["conditions"] if "Сведений об условиях" not in sheet.text else []) + ["plan", "verdicts"]
        assert "Результатов школы за три года нет." in sheet.text


def test_L15_names_of_tables_are_unique_over_the_schools(sheets):
    names = [table["id"] for sheet in sheets for table in sheet("table")]
    assert len(names) == len(set(names)) and "table-passport_lzv_kurskoe_verdicts" in names


def test_L15_a_sheet_says_value_threshold_and_what_is_missing(sheets):
    village = sheets[2]
    verdict = village.find("table", id="table-passport_lzv_kurskoe_verdicts").tbody.text.replace("\u00a0", " ")
    assert "есть" in verdict and "ОГЭ, математика, 9 класс" in verdict
    conditions = village.find("table", id="table-passport_lzv_kurskoe_conditions").text.replace("\u00a0", " ")
    assert "94 %" in conditions and "высокий" in conditions
    assert "Нет строк школы в таблицах: «Результаты процедур»" in village.text


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
