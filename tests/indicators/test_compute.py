"""The long table of all indicators: levels, groups, waves, what is absent and what wins."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.indicators import LONG, compute_store
from shnor_lib.indicators.formulas import example
from tests.indicators.full_tables import full_tables


def values(indicators: pd.DataFrame, name: str, level: str = "school") -> dict[str, float]:
    rows = indicators[(indicators["indicator"] == name) & (indicators["level"] == level)]
    return dict(zip(rows["group"] if level == "group" else rows["school_id"], rows["value"], strict=True))


def register(**columns: object) -> pd.DataFrame:
    return example(**({"name": ["А", "Б", "В"]} | columns))


def test_shape_and_order() -> None:
    indicators = compute_store(full_tables()).long()
    assert list(indicators) == LONG
    assert indicators["value"].dtype == "float64" and indicators["year"].dtype == "int64"
    levels = indicators["level"].map({"school": 0, "group": 1, "municipality": 2, "region": 3, "country": 4})
    ordered = indicators.assign(level=levels).sort_values(
        ["level", "group", "school_id", "year", "indicator"], kind="stable"
    )
    assert ordered.index.tolist() == indicators.index.tolist()
    assert not indicators.duplicated(["level", "group", "school_id", "year", "indicator"]).any()


def test_order_of_the_tables_does_not_matter() -> None:
    tables = full_tables()
    shuffled = {name: rows.sample(frac=1, random_state=3) for name, rows in reversed(tables.items())}
    pd.testing.assert_frame_equal(compute_store(tables).long(), compute_store(shuffled).long())


def test_input_stays_as_it_was() -> None:
    tables = full_tables()
    before = {name: rows.copy(deep=True) for name, rows in tables.items()}
    compute_store(tables).long()
    for name, rows in tables.items():
        pd.testing.assert_frame_equal(rows, before[name])


def test_municipality_is_the_sum_of_its_schools() -> None:
    staff = example(men=[3, 1, None], pedagogues=[20, 80, 50])
    indicators = compute_store({"staff": staff, "schools": register()}).long()
    row = indicators[(indicators["indicator"] == "teachers_men_rate") & (indicators["level"] == "municipality")].iloc[0]
    assert row[["value", "numerator", "denominator"]].tolist() == [4 / 100, 4, 100]
    assert row["note"] == "по данным 2 школ из 3"


def test_means_are_weighted_by_participants() -> None:
    ege = example(
        exam=["EGE"] * 2, subject=["physics"] * 2, grade=[11] * 2, mean_score=[40.0, 60.0], participants=[30, 10]
    )
    indicators = compute_store({"exam_results": ege}).long()
    assert values(indicators, "mean_score[EGE/physics/11]", "municipality") == {"": (40 * 30 + 60 * 10) / 40}


def test_counts_are_added() -> None:
    indicators = compute_store({"schools": register(pupils=[300, 25, None])}).long()
    assert values(indicators, "pupils_count", "municipality") == {"": 325}
    assert values(indicators, "schools_count", "municipality") == {"": 3}


def test_what_cannot_be_put_together_is_not() -> None:
    indicators = compute_store({"schools": register(transport=["in_city", "two_days", "day_trip"])}).long()
    assert values(indicators, "transport_difficulty") == {"1": 0, "2": 2, "3": 1}
    assert values(indicators, "transport_difficulty", "municipality") == {}


def test_flags_give_the_share_of_schools() -> None:
    indicators = compute_store({"conditions": example(roadmap=[True, False, True])}).long()
    assert values(indicators, "roadmap_flag", "municipality") == {"": 2 / 3}


def test_a_row_of_the_municipality_in_the_table_wins_over_the_schools() -> None:
    staff = example(level=["school", "municipality"], school_id=["1", ""], men=[3, 68], pedagogues=[20, 698])
    indicators = compute_store({"staff": staff}).long()
    assert values(indicators, "teachers_men_rate", "municipality") == {"": 68 / 698}


def test_a_row_of_the_municipality_without_the_value_gives_way() -> None:
    staff = example(level=["school", "municipality"], school_id=["1", ""], men=[3, None], pedagogues=[20, 698])
    rows = compute_store({"staff": staff}).long()
    rows = rows[(rows["indicator"] == "teachers_men_rate") & (rows["level"] == "municipality")]
    assert rows["value"].tolist() == [0.15]


def test_a_few_named_schools_do_not_speak_for_the_municipality() -> None:
    schools = example(level=["municipality", "school", "school"], school_id=["", "1", "2"], schools=[14, None, None])
    staff = example(men=[3, 1], pedagogues=[20, 20])
    rows = compute_store({"schools": schools, "staff": staff}).long()
    row = rows[(rows["indicator"] == "teachers_men_rate") & (rows["level"] == "municipality")].iloc[0]
    assert math.isnan(row["value"]) and math.isnan(row["denominator"])
    assert row["note"] == "не сведено: в реестре названы не все школы, 2 из 14"
    assert values(rows, "schools_count", "municipality") == {"": 14}


def test_urban_and_rural_groups() -> None:
    staff = example(men=[3, 1, 4], pedagogues=[20, 80, 10])
    indicators = compute_store({"staff": staff, "schools": register(locality=["urban", "urban", "rural"])}).long()
    assert values(indicators, "teachers_men_rate", "group") == {"городские": 4 / 100, "сельские": 4 / 10}


def test_a_group_in_the_table_wins_over_the_computed_one() -> None:
    staff = example(
        level=["school", "group"], group=["", "городские"], school_id=["1", ""], men=[3, 20], pedagogues=[20, 59]
    )
    indicators = compute_store({"staff": staff, "schools": register(locality=["urban", "urban", "rural"])}).long()
    assert values(indicators, "teachers_men_rate", "group") == {"городские": 20 / 59}


def test_locality_of_a_later_register_serves_earlier_results() -> None:
    staff = example(year=[2019], men=[3], pedagogues=[20])
    indicators = compute_store({"staff": staff, "schools": register(locality=["urban", "urban", "rural"])}).long()
    rows = indicators[(indicators["year"] == 2019) & (indicators["group"] == "городские")]
    assert rows.loc[rows["indicator"] == "teachers_men_rate", "value"].tolist() == [0.15]


def test_absent_table_gives_no_rows_and_absent_column_gives_a_note() -> None:
    indicators = compute_store({"staff": example(men=[3])}).long()
    assert not indicators["indicator"].str.startswith("pass_rate").any()
    row = indicators[indicators["indicator"] == "teachers_trained_3y_rate"].iloc[0]
    assert math.isnan(row["value"])
    assert row["note"] == "не указано: Обучены за 3 года, Педагоги"


def test_no_tables_give_an_empty_long_table() -> None:
    indicators = compute_store({}).long()
    assert indicators.empty and list(indicators) == LONG


def test_rows_with_a_missing_level_are_schools() -> None:
    staff = example(men=[3], pedagogues=[20]).assign(level=pd.NA, group=pd.NA)
    assert values(compute_store({"staff": staff}).long(), "teachers_men_rate") == {"1": 0.15}


def test_waves_are_told_apart() -> None:
    vpr = example(
        school_id=["1", "1"],
        exam=["VPR"] * 2,
        subject=["maths"] * 2,
        grade=[5] * 2,
        wave=["entry", None],
        participants=[10, 10],
        mark_2=[4, 1],
    )
    tables = {"exam_results": vpr, "staff": example(men=[3], pedagogues=[20])}
    name = "below_minimum_rate[VPR/maths/5]"
    assert values(compute_store(tables).long(), name) == {"1": 0.1}
    entry = compute_store(tables, wave="entry").long()
    assert values(entry, name) == {"1": 0.4}
    assert values(entry, "teachers_men_rate") == {}, "staff has no waves"


def test_only_the_wanted_indicators() -> None:
    tables = full_tables()
    full = compute_store(tables).long()
    wanted = ["pass_rate[OGE/*]", "teachers_men_rate"]
    some = compute_store(tables, only=wanted).long()
    assert set(some["indicator"]) == {"pass_rate[OGE/russian/9]", "pass_rate[OGE/maths/9]", "teachers_men_rate"}
    expected = full[full["indicator"].isin(some["indicator"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, expected)


def test_published_values_fill_what_counts_do_not_give() -> None:
    printed = example(
        level=["municipality", "school"],
        school_id=["", "1"],
        indicator=["marks_lowered_rate[VPR]", "teachers_men_rate"],
        value=[0.3421, 0.2],
        participants=[None, 50],
    )
    staff = example(men=[None, 1], pedagogues=[None, 50])
    indicators = compute_store({"staff": staff, "published_indicators": printed}).long()
    assert values(indicators, "marks_lowered_rate[VPR]", "municipality") == {"": 0.3421}
    assert values(indicators, "teachers_men_rate") == {"1": 0.2, "2": 0.02}
    assert values(indicators, "teachers_men_rate", "municipality") == {"": pytest.approx((10 + 1) / 100)}


def test_published_municipality_wins_over_the_schools_and_not_over_its_counts() -> None:
    staff = example(men=[3, 5], pedagogues=[20, 20])
    printed = example(level=["municipality"], school_id=[""], indicator=["teachers_men_rate"], value=[0.3])
    tables = {"staff": staff, "published_indicators": printed}
    assert values(compute_store(tables).long(), "teachers_men_rate", "municipality") == {"": 0.3}
    counts = example(level=["municipality"], school_id=[""], men=[10], pedagogues=[50])
    tables["staff"] = pd.concat([staff, counts], ignore_index=True)
    assert values(compute_store(tables).long(), "teachers_men_rate", "municipality") == {"": 0.2}


def test_plain_mean_where_no_school_gives_its_participants() -> None:
    answers = example(satisfied_share=[0.4, 0.8], assessed_year=[2021, 2021])
    rows = compute_store({"satisfaction": answers, "schools": register()}).long()
    row = rows[(rows["indicator"] == "satisfaction_share") & (rows["level"] == "municipality")].iloc[0]
    assert row["value"] == pytest.approx(0.6)
    assert row["note"] == "по данным 2 школ из 3; без учёта численности"


def municipality(counts: list[tuple[int, int]]) -> float:
    """The rate of the municipality of schools with these counts."""
    men, pedagogues = zip(*counts, strict=True)
    rows = compute_store({"staff": example(men=men, pedagogues=pedagogues)}, only=["teachers_men_rate"]).long()
    return rows.loc[rows["level"] == "municipality", "value"].item()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 200)), min_size=1, max_size=12), st.randoms())
def test_pooling_is_order_free_between_its_schools_and_scale_free(
    counts: list[tuple[int, int]], random: object
) -> None:
    pooled, rates = municipality(counts), [top / whole for top, whole in counts]
    assert min(rates) - 1e-12 <= pooled <= max(rates) + 1e-12
    assert municipality(random.sample(counts, len(counts))) == pooled
    assert municipality([(top * 7, whole * 7) for top, whole in counts]) == pytest.approx(pooled)
