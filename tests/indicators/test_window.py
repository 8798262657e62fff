"""Several years and procedures in one value, benchmarks, and what applies to a school."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.indicators import applicable_procedures, pool_years, with_benchmark
from shnor_lib.indicators.formulas import example
from shnor_lib.indicators.window import names_matching

MATHS, RUSSIAN, EGE = "mean_percent[OGE/maths/9]", "mean_percent[OGE/russian/9]", "mean_percent[EGE/russian/11]"


def long_rows(*rows: tuple) -> pd.DataFrame:
    """Rows of (school or level, year, indicator, value, participants)."""
    frame = pd.DataFrame(rows, columns=["who", "year", "indicator", "value", "denominator"])
    above = frame["who"].isin(["municipality", "region", "country"])
    return (
        frame.assign(
            level=frame["who"].where(above, "school"),
            group="",
            school_id=frame["who"].mask(above, ""),
            numerator=frame["value"] * frame["denominator"],
            note="",
        )
        .drop(columns="who")
        .astype({"value": float, "numerator": float, "denominator": float})
    )


def pooled(rows: pd.DataFrame, *args: object, **how: object) -> pd.DataFrame:
    return pool_years(rows, *args, **how).set_index("school_id")


def test_ratio_adds_numerators_and_denominators() -> None:
    rows = long_rows(("1", 2019, MATHS, 50, 10), ("1", 2021, MATHS, 80, 20), ("1", 2018, MATHS, 0, 99))
    row = pooled(rows, "mean_percent[OGE/*]", 2021).loc["1"]
    assert row["value"] == (50 * 10 + 80 * 20) / 30
    assert (row["denominator"], row["years"]) == (30, "2019, 2021")
    assert row["note"] == "годы: 2019, 2021 (2 из 3)"


def test_ratio_leaves_out_what_has_no_count_and_mean_does_not() -> None:
    rows = long_rows(("1", 2019, MATHS, 50, None), ("1", 2021, MATHS, 80, 20))
    assert pooled(rows, MATHS, 2021).loc["1", "value"] == 80
    row = pooled(rows, MATHS, 2021, way="mean").loc["1"]
    assert row["value"] == 65
    assert row["note"] == "годы: 2019, 2021 (2 из 3); без учёта численности"
    assert math.isnan(row["denominator"]), "participants are not known"


def test_mean_weighs_by_participants_when_all_are_known() -> None:
    rows = long_rows(("1", 2019, MATHS, 50, 10), ("1", 2021, MATHS, 80, 20))
    assert pooled(rows, MATHS, 2021, way="mean").loc["1", "value"] == 70


def test_latest_takes_the_last_year_with_a_value() -> None:
    rows = long_rows(("1", 2019, MATHS, 50, 10), ("1", 2020, MATHS, 60, 10), ("1", 2021, MATHS, None, None))
    row = pooled(rows, MATHS, 2021, way="latest").loc["1"]
    assert (row["value"], row["years"], row["note"]) == (60, "2020", "последний год с данными: 2020")


def test_coverage_counts_procedures_anyone_has() -> None:
    rows = long_rows(("1", 2021, MATHS, 50, 10), ("2", 2021, RUSSIAN, 60, 10), ("2", 2021, EGE, 60, 10))
    row = pooled(rows, "mean_percent[*]", 2021).loc["1"]
    assert (row["procedures_present"], row["procedures_expected"]) == (1, 3)
    assert row["note"] == "годы: 2021 (1 из 3); процедуры: 1 из 3"


def test_deviation_makes_a_school_without_ege_comparable() -> None:
    rows = long_rows(
        ("1", 2021, MATHS, 40, 10),
        ("2", 2021, MATHS, 40, 10),
        ("2", 2021, EGE, 70, 30),
        ("region", 2021, MATHS, 50, 999),
        ("region", 2021, EGE, 60, 999),
    )
    values = pooled(rows, "mean_percent[*]", 2021, way="deviation")["value"]
    assert values["1"] == -10
    assert values["2"] == (-10 * 10 + 10 * 30) / 40


def test_deviation_takes_the_reference_of_the_same_year() -> None:
    rows = long_rows(
        ("1", 2019, MATHS, 40, 10),
        ("1", 2021, MATHS, 40, 10),
        ("region", 2019, MATHS, 30, 9),
        ("region", 2021, MATHS, 60, 9),
    )
    assert pooled(rows, MATHS, 2021, way="deviation").loc["1", "value"] == (10 - 20) / 2


def test_deviation_without_a_reference_is_unknown_and_says_so() -> None:
    row = pooled(long_rows(("1", 2021, MATHS, 40, 10)), MATHS, 2021, way="deviation", reference="municipality").loc["1"]
    assert math.isnan(row["value"])
    assert row["note"] == "за период нет данных или не с кем сравнить"


def test_no_value_in_the_window_keeps_the_row() -> None:
    row = pooled(long_rows(("1", 2021, MATHS, None, None)), MATHS, 2021).loc["1"]
    assert math.isnan(row["value"]) and math.isnan(row["denominator"])
    assert (row["years"], row["note"]) == ("", "нет данных за период")


def test_nothing_to_pool_gives_no_rows() -> None:
    assert pool_years(long_rows(("1", 2017, MATHS, 50, 10)), MATHS, 2021).empty


def test_levels_above_are_pooled_alike() -> None:
    rows = long_rows(("municipality", 2019, MATHS, 50, 100), ("municipality", 2021, MATHS, 60, 100))
    result = pool_years(rows, MATHS, 2021)
    assert result[["level", "value"]].values.tolist() == [["municipality", 55]]


def test_offices_stay_apart() -> None:
    rows = long_rows(("1", 2021, MATHS, 50, 10), ("1", 2021, MATHS, 70, 10)).assign(municipality=["a", "b"])
    assert pool_years(rows, MATHS, 2021)[["municipality", "value"]].values.tolist() == [["a", 50], ["b", 70]]


def test_unknown_way_names_the_allowed() -> None:
    with pytest.raises(ValueError, match="допустимо: ratio, mean, latest, deviation"):
        pool_years(long_rows(("1", 2021, MATHS, 50, 10)), MATHS, 2021, way="median")


def test_totals_count_only_when_named() -> None:
    names = pd.Series(
        [
            "below_minimum_rate[EGE/maths/11]",
            "below_minimum_rate[EGE/maths_any/11]",
            "learning_quality_rate[basic/maths]",
            "learning_quality_rate[basic/all]",
            "marks_lowered_rate[VPR/maths/5]",
            "marks_lowered_rate[VPR]",
        ]
    )
    assert names_matching(names, ["*"]).tolist() == [True, False, True, False, True, False]
    assert names_matching(names, ["learning_quality_rate[*/all]"]).tolist() == [False, False, False, True, False, False]
    assert names_matching(names, ["marks_lowered_rate[VPR]"]).tolist() == [False] * 5 + [True]
    assert names_matching(names, ["below_minimum_rate[EGE/maths_any/11]"]).tolist() == [False, True] + [False] * 4


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(2019, 2021), st.integers(0, 100), st.integers(1, 90)), min_size=1, max_size=9),
    st.randoms(),
)
def test_pooling_is_order_free_and_within_its_values(results: list[tuple[int, int, int]], random: object) -> None:
    rows = long_rows(
        *(
            ("1", year, f"mean_percent[VPR/maths/{place}]", value, people)
            for place, (year, value, people) in enumerate(results)
        )
    )
    shuffled = rows.iloc[random.sample(range(len(rows)), len(rows))]
    for way in ("ratio", "mean", "latest"):
        result = pool_years(rows, "mean_percent[*]", 2021, way=way)
        pd.testing.assert_frame_equal(result, pool_years(shuffled, "mean_percent[*]", 2021, way=way))
        assert rows["value"].min() - 1e-9 <= result["value"].item() <= rows["value"].max() + 1e-9
    assert result["denominator"].notna().all()


def test_benchmark_of_the_same_indicator_and_year() -> None:
    rows = long_rows(
        ("1", 2021, MATHS, 40, 10),
        ("1", 2019, MATHS, 40, 10),
        ("region", 2021, MATHS, 55, 900),
        ("region", 2021, EGE, 70, 900),
    )
    schools = rows[rows["level"] == "school"]
    joined = with_benchmark(schools, rows, "region")
    assert joined["benchmark_region"].tolist()[0] == 55
    assert math.isnan(joined["benchmark_region"].tolist()[1])
    assert joined.index.tolist() == schools.index.tolist()


def test_unknown_level_names_the_allowed() -> None:
    with pytest.raises(ValueError, match="допустимо: municipality, region, country"):
        with_benchmark(long_rows(("1", 2021, MATHS, 40, 10)), long_rows(), "school")


def test_applicability_of_every_kind_of_school() -> None:
    schools = example(kind=["НОШ", "ООШ", "гимназия", "other"], highest_grade=[None, 11, None, None])
    rows = applicable_procedures(schools, ["VPR/maths/4", "OGE/maths/9", "EGE/maths/11"])
    assert rows["applicable"].astype(object).tolist() == [True, False, False] + [True] * 6 + [pd.NA] * 3
    assert rows["note"].tolist()[1] == "не применимо: в школе нет 9 классов"
    assert rows["note"].tolist()[-1] == "неизвестно, какие классы есть в школе"


def test_applicability_by_the_latest_register() -> None:
    schools = example(school_id=["1", "1"], year=[2021, 2019], kind=["ООШ", "СОШ"])
    assert applicable_procedures(schools, ["EGE/maths/11"])["applicable"].tolist() == [False]


def test_participants_are_persons_and_the_denominator_counts_results() -> None:
    rows = long_rows(
        ("1", 2021, "mean_percent[VPR/maths/5]", 50, 20),
        ("1", 2021, "mean_percent[VPR/russian/5]", 50, 18),
        ("1", 2021, "mean_percent[VPR/maths/6]", 50, 30),
    )
    row = pooled(rows, "mean_percent[VPR/*]", 2021, way="mean").loc["1"]
    assert (row["denominator"], row["participants"]) == (68, 20 + 30)


def test_pupils_of_a_cohort_are_counted_once_over_the_years() -> None:
    rows = long_rows(
        ("1", 2019, "mean_percent[VPR/maths/4]", 50, 20),  # in grade 5 in 2020, in grade 6 in 2021
        ("1", 2020, "mean_percent[VPR/maths/5]", 50, 22),
        ("1", 2021, "mean_percent[VPR/maths/6]", 50, 19),
        ("1", 2021, "mean_percent[VPR/maths/4]", 50, 7),
        ("1", 2020, MATHS, 50, 11),
        ("1", 2021, MATHS, 50, 12),  # grade 9 of another year: others
    )
    assert pooled(rows, "mean_percent[*]", 2021, way="mean").loc["1", "participants"] == 22 + 7 + 11 + 12


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["continued_to_grade10_rate"], 10 + 12),  # graduates are others every year
        (["teachers_men_rate"], 12),  # teachers stay
        (["learning_quality_rate[basic/maths]", "learning_quality_rate[basic/russian]"], 12),  # one stage, two subjects
        (["learning_quality_rate[basic/maths]", "learning_quality_rate[primary/maths]"], 12 + 12),  # two stages
    ],
)
def test_who_stays_from_year_to_year_is_counted_once(names: list[str], expected: int) -> None:
    rows = long_rows(*(("1", year, name, 0.5, people) for name in names for year, people in ((2020, 10), (2021, 12))))
    assert pooled(rows, names, 2021).loc["1", "participants"] == expected


def test_participants_of_an_unknown_number_are_unknown() -> None:
    rows = long_rows(("1", 2021, MATHS, 50, None), ("1", 2021, RUSSIAN, 60, 20))
    assert math.isnan(pooled(rows, "mean_percent[*]", 2021, way="mean").loc["1", "participants"])


def delivered(*rows: tuple) -> pd.DataFrame:
    """As :func:`long_rows`, a row without a value not delivered."""
    found = long_rows(*rows)
    unknown = found["value"].isna()
    return found.assign(
        note=unknown.map({True: "не указано: Средний балл", False: ""}),
        cause=unknown.map({True: "not_delivered", False: ""}),
        needs=unknown.map({True: "exam_results.mean_score", False: ""}),
    )


def test_what_was_delivered_and_is_not_in_the_value_is_named() -> None:
    rows = delivered(
        ("1", 2019, MATHS, None, 20),
        ("1", 2020, RUSSIAN, None, 20),
        ("1", 2021, EGE, 60, 10),
        ("2", 2021, EGE, 50, 10),
    )
    found = pooled(rows, "mean_percent[*]", 2021, way="mean")
    assert found.loc["1", "note"] == (
        "годы: 2021 (1 из 3); процедуры: 1 из 3; не учтены: ОГЭ 2019, 2020 – не указано: Средний балл"
    )
    assert "не учтены" not in found.loc["2", "note"], "nothing of it was delivered"


def test_a_part_of_an_exam_that_is_left_out_is_counted() -> None:
    rows = delivered(("1", 2021, MATHS, None, 20), ("1", 2021, RUSSIAN, 60, 20))
    note = pooled(rows, "mean_percent[*]", 2021, way="mean").loc["1", "note"]
    assert note.endswith("не учтены: ОГЭ 2021 (результатов: 1 из 2) – не указано: Средний балл")


def test_what_the_level_above_lacks_is_named_where_the_value_is_a_difference_from_it() -> None:
    rows = delivered(("1", 2021, MATHS, 40, 20), ("1", 2021, EGE, 60, 20), ("region", 2021, EGE, 55, 99))
    note = pooled(rows, "mean_percent[*]", 2021, way="deviation").loc["1", "note"]
    assert note.endswith("не учтены: ОГЭ 2021 – нет значения для сравнения: регион")


def test_a_share_without_counts_is_named_where_counts_are_added() -> None:
    rows = delivered(("1", 2020, MATHS, 50, None), ("1", 2021, MATHS, 80, 20))
    note = pooled(rows, MATHS, 2021, way="ratio").loc["1", "note"]
    assert note.endswith("не учтены: ОГЭ 2020 – нет чисел, из которых получена доля")


def test_years_before_the_latest_with_a_value_are_not_left_out_of_it() -> None:
    rows = delivered(("1", 2019, MATHS, None, 20), ("1", 2020, MATHS, 50, 20), ("1", 2021, MATHS, None, 20))
    note = pooled(rows, MATHS, 2021, way="latest").loc["1", "note"]
    assert note == "последний год с данными: 2020; не учтены: ОГЭ 2021 – не указано: Средний балл"


def test_the_year_a_latest_value_was_carried_on_from_stands_beside_it() -> None:
    rows = long_rows(("1", 2020, "satisfaction_share", 0.4, 50), ("1", 2021, "satisfaction_share", 0.4, 50))
    rows["note"] = ["оценка 2019 года", "оценка 2019 года"]
    note = pooled(rows, "satisfaction_share", 2021, way="latest").loc["1", "note"]
    assert note == "за 2021 год: оценка 2019 года"
