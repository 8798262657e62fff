"""Number formats: values worked out by hand, and the laws of rounding and plurals."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shnor_lib.indicators.causes import CAUSES, KNOWN
from shnor_lib.pages import numbers as fmt

_ = fmt.NBSP


@pytest.mark.parametrize(
    "value, digits, expected",
    [
        (12.5, 0, "13"),  # babel and round() say 12
        (0.285, 2, "0,29"),  # the float is 0.28499999999999998
        (-2.5, 0, "−3"),
        (1234567.891, 1, f"1{_}234{_}567,9"),
        (999.95, 1, f"1{_}000,0"),
        (0, 1, "0,0"),
        (-0.04, 1, "0,0"),  # no "minus zero"
        (np.float64(3.14159), 2, "3,14"),
        (np.int64(6743), 0, f"6{_}743"),
    ],
)
def test_numbers_are_rounded_half_up_with_a_comma(value, digits, expected):
    assert fmt.format_number(value, digits) == expected


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_a_missing_value_is_said_in_words(missing):
    for show in (fmt.format_number, fmt.format_count, fmt.format_percent, fmt.format_points, fmt.format_score):
        assert show(missing) == "[нет данных]"
    assert fmt.format_interval(missing, 1.0) == "[нет данных]"


def test_infinity_is_refused():
    with pytest.raises(ValueError, match="деление на ноль"):
        fmt.format_number(float("inf"))


def test_per_cent_points_and_intervals():
    assert fmt.format_percent(3 / 14, 0) == f"21{_}%"
    assert fmt.format_percent(0.1) == f"10,0{_}%"
    assert fmt.format_points(0.125) == f"+12,5{_}п.{_}п."
    assert fmt.format_interval(0.123, 0.156, as_percent=True) == f"12,3–15,6{_}%"
    assert fmt.format_interval(-0.05, 0.05, 0, as_percent=True) == f"от{_}−5 до{_}5{_}%"


@pytest.mark.parametrize(
    "number, expected",
    [
        (0, "0 школ"),
        (1, "1 школа"),
        (2, "2 школы"),
        (5, "5 школ"),
        (11, "11 школ"),
        (21, "21 школа"),
        (22, "22 школы"),
        (111, "111 школ"),
        (1001, "1 001 школа"),
        (2.5, "2,5 школы"),
    ],
)
def test_words_agree_with_numbers(number, expected):
    assert fmt.agree(number, fmt.SCHOOLS).replace(_, " ") == expected


def test_enough_digits_keep_a_value_on_its_side():
    assert fmt.enough_digits([24.97], [25], 0) == 2
    assert fmt.enough_digits([25.0], [25]) == 1  # exactly at the threshold needs no more
    assert fmt.enough_digits([24.99999], [25]) == 4  # not for ever
    assert fmt.enough_digits([], []) == 1


@given(st.integers(0, 10**6), st.integers(0, 4))
def test_rounding_is_symmetric_and_stays_within_half_a_unit(thousandths, digits):
    value = thousandths / 1000
    rounded = fmt.round_half_up(value, digits)
    assert fmt.round_half_up(-value, digits) == -rounded
    assert abs(rounded - Decimal(repr(value))) <= Decimal("0.5").scaleb(-digits)


@given(st.integers(0, 10**9))
def test_plural_depends_on_the_last_two_digits(number):
    assert fmt.plural(number, "a", "b", "c") == fmt.plural(number % 100, "a", "b", "c")


millionths = st.integers(0, 10**8).map(lambda number: number / 10**6)


@given(st.lists(millionths, max_size=8), millionths)
def test_rounding_never_turns_a_verdict_over(values, threshold):
    digits = fmt.enough_digits(values, [threshold] * len(values), most=6)
    for value in values:
        shown, limit = fmt.round_half_up(value, digits), fmt.round_half_up(threshold, digits)
        assert (value < threshold) == (shown < limit)


def test_every_cause_has_its_code_and_every_code_its_explanation():
    assert set(fmt.CODE_OF_CAUSE) == set(CAUSES) - {KNOWN}
    assert set(fmt.CODE_OF_CAUSE.values()) == set(fmt.CODE_EXPLANATIONS)


def test_sentences_of_the_public_edition_say_whole_per_cents():
    assert fmt.format_percent(0.437) == "43,7\xa0%"
    fmt.print_for("public")
    said = fmt.format_percent(0.437), fmt.format_points(-0.031), fmt.format_interval(0.31, 0.449, as_percent=True)
    assert said == ("44\xa0%", "−3\xa0п.\xa0п.", "31–45\xa0%")
    assert fmt.format_percent(0.0123, 1) == "1,2\xa0%" and fmt.format_number(4.56) == "4,6"
