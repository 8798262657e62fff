"""Published ready values: contradictions in the source, rounding, and what the counts say."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from shnor_lib.indicators import Store, check_published_against_computed, check_published_names, compute_store
from shnor_lib.indicators.formulas import example
from shnor_lib.indicators.published import merge_published, published_rows
from shnor_lib.inputs.sources.problems import COLUMNS


def printed(**columns: object) -> pd.DataFrame:
    size = len(columns["value"])
    return example(**({"school_id": ["1"] * size, "indicator": ["teachers_men_rate"] * size} | columns))


def test_participants_give_the_numerator() -> None:
    row = published_rows(printed(value=[0.25], participants=[40])).iloc[0]
    assert row[["value", "numerator", "denominator"]].tolist() == [0.25, 10, 40]


def test_places_that_agree_within_rounding_are_one_value() -> None:
    rows = published_rows(printed(value=[0.43, 0.4312], place=["раздел 1", "раздел 2"]))
    assert rows["value"].tolist() == [0.43]


def test_places_that_contradict_leave_no_value() -> None:
    row = published_rows(printed(value=[0.43, 0.41], place=["раздел 1", "раздел 2"])).iloc[0]
    assert math.isnan(row["value"])
    assert row["note"] == "источник противоречит себе: раздел 1 – 0,43; раздел 2 – 0,41"


def test_an_empty_place_gives_way_to_a_filled_one() -> None:
    assert published_rows(printed(value=[None, 0.41], place=["раздел 1", "раздел 2"]))["value"].tolist() == [0.41]


@pytest.mark.parametrize(("value", "differs"), [(0.43, False), (0.42, True), (0.4312, False), (0.4302, True)])
def test_counted_value_wins_and_a_different_print_is_noted(value: float, differs: bool) -> None:
    # 301 of 698 pedagogues: 43.12 %
    counted = example(indicator=["teachers_men_rate"], value=[301 / 698], numerator=[301], denominator=[698], note=[""])
    store = Store.of_long(counted)
    merge_published(store, printed(value=[value]))
    row = store.long().iloc[0]
    assert row["value"] == 301 / 698
    assert ("опубликовано иное значение" in row["note"]) is differs


def test_check_names_the_value_and_what_the_counts_allow() -> None:
    staff = example(men=[5], pedagogues=[20])
    rows = check_published_against_computed(
        printed(value=[0.3]).assign(source_file="data/published.csv", source_sheet="", source_row=2),
        compute_store({"staff": staff}),
    )
    assert list(rows) == COLUMNS
    row = rows.iloc[0]
    assert (row["severity"], row["file"], row["cell"], row["value"]) == (
        "warning",
        "data/published.csv",
        "строка 2",
        "0,3",
    )
    assert row["problem"] == "Опубликованное значение teachers_men_rate – 0,3, по числам получается 0,25"


def test_check_is_silent_within_rounding_and_over_a_part_of_the_schools() -> None:
    staff = example(men=[5, None], pedagogues=[20, 30])
    municipality = printed(level=["municipality"], school_id=[""], value=[0.3])
    assert check_published_against_computed(printed(value=[0.25]), compute_store({"staff": staff})).empty
    assert check_published_against_computed(municipality, compute_store({"staff": staff})).empty


@pytest.mark.parametrize("name", ["teachers_men", "teachers_men_rate[OGE]", "pass_rate", "Доля мужчин"])
def test_unknown_names_are_errors(name: str) -> None:
    rows = check_published_names(printed(indicator=[name], value=[0.1]))
    assert rows["severity"].tolist() == ["error"]


def test_known_names_pass() -> None:
    assert check_published_names(printed(indicator=["pass_rate[OGE/maths/9]", "teachers_men_rate"], value=[1, 1])).empty


# --- ranges (row N9) --------------------------------------------------------------------------------------------------


def test_N9_a_range_leaves_the_value_unknown_and_says_why() -> None:
    row = published_rows(printed(value=[None], value_low=[0.39], value_high=[0.4])).iloc[0]
    assert math.isnan(row["value"])
    assert row[["note", "cause", "needs"]].tolist() == ["опубликовано: 39–40\u00a0%", "as_range", "0.39 .. 0.4"]


@pytest.mark.parametrize(
    ("columns", "needs"),
    [
        ({"value": [None], "value_low": [600], "wording": ["above"]}, "> 600"),
        ({"value": [None], "value_low": [600], "wording": [None]}, ">= 600"),
        ({"value": [None], "value_high": [5], "wording": ["below"]}, "< 5"),
        ({"value": [0.1], "wording": ["about"]}, "~ 0.1"),
        ({"value": [None], "wording": ["above_region"]}, "above_region"),
    ],
)
def test_N9_one_bound_and_approximations(columns: dict, needs: str) -> None:
    row = published_rows(printed(**columns)).iloc[0]
    assert math.isnan(row["value"]) and row["needs"] == needs


def test_N9_a_value_beside_a_range_counts_unless_they_contradict() -> None:
    two = {"value_low": [0.39, None], "value_high": [0.41, None], "place": ["раздел 1", "раздел 2"]}
    assert published_rows(printed(value=[None, 0.4], **two))["value"].tolist() == [0.4]
    note = published_rows(printed(value=[None, 0.5], **two)).iloc[0]["note"]
    assert note == "источник противоречит себе: раздел 1 – 39–41\u00a0%; раздел 2 – 0,5"


@pytest.mark.parametrize(("low", "high", "told"), [(0.43, 0.44, False), (0.42, 0.425, True), (0.4, None, False)])
def test_N9_counts_outside_the_printed_range_are_told(low: float, high: float | None, told: bool) -> None:
    staff = example(men=[301], pedagogues=[698])  # 43.12 %
    rows = printed(value=[None], value_low=[low], value_high=[high])
    store = compute_store({"staff": staff}, only=["teachers_men_rate"])
    assert len(check_published_against_computed(rows, store)) == told
    merge_published(store, rows)
    row = store.long().query("level == 'school'").iloc[0]
    assert row["value"] == 301 / 698 and ("опубликовано иное значение" in row["note"]) is told
