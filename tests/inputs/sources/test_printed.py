"""Ranges and approximations as documents print them, from the cell to the columns of the table (row N9)."""

import pytest

from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources.printed import printed, ranges_apart
from tests.inputs.sources.test_rows import read, told

ENTRY = table("published_indicators")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("39–40 %", (None, "39%", "40%", "range")),
        ("39-40%", (None, "39%", "40%", "range")),
        ("от 96 до 98 %", (None, "96%", "98%", "range")),
        ("99 % – 99,5 %", (None, "99%", "99,5%", "range")),
        ("более 600", (None, "600", None, "above")),
        ("Больше 70%", (None, "70%", None, "above")),
        ("не менее 50", (None, "50", None, "at_least")),
        ("менее 5 %", (None, None, "5%", "below")),
        ("не более 5", (None, None, "5", "at_most")),
        ("до 30", (None, None, "30", "at_most")),
        ("порядка 20 %", ("20%", None, None, "about")),
        ("около 10", ("10", None, None, "about")),
        ("Выше региона", (None, None, None, "above_region")),
        ("0,42", ("0,42", None, None, None)),
        ("-5", ("-5", None, None, None)),
        ("много", ("много", None, None, None)),
        ("почти 30", ("почти 30", None, None, None)),
        ("2021-09-01", ("2021-09-01", None, None, None)),
    ],
)
def test_N9_words_of_documents(text, said):
    assert printed(text) == said


def test_N9_a_cell_of_words_fills_the_bounds():
    header = ["level", "indicator", "value"]
    rows, _, problems = read(
        "published_indicators",
        header,
        ["municipality", "second_shift_rate", "39–40 %"],
        ["municipality", "pupils_count", "более 600"],
        ["municipality", "teachers_load_36_plus_rate", "около 10 %"],
        ["municipality", "transported_rate", "0,2"],
    )
    known = (
        rows[["value", "value_low", "value_high", "wording"]].astype(object).where(lambda frame: frame.notna(), None)
    )
    assert known.values.tolist() == [
        [None, 0.39, 0.4, "range"],
        [None, 600, None, "above"],
        [0.1, None, None, "about"],
        [0.2, None, None, None],
    ]
    assert problems.empty


def test_N9_what_is_no_range_is_told_with_its_cell():
    _, _, problems = read(
        "published_indicators", ["level", "indicator", "value"], ["region", "pupils_count", "почти 30"]
    )
    assert told(problems) == [("error", "read_cell", "C2")]
    assert "39–40 %" in problems.loc[0, "allowed"]


def test_N9_bounds_filled_in_by_hand_stay():
    apart = ranges_apart(ENTRY, {"value": [None, "0,5"], "value_low": ["39 %", None], "wording": [None, "about"]})
    assert apart == {
        "value": [None, "0,5"],
        "value_low": ["39 %", None],
        "value_high": [None, None],
        "wording": [None, "about"],
    }
