"""Per cent become counts that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shnor_lib.inputs.importers.counts import counts_from_percents


def test_plain_rounding_where_it_adds_up():
    found = counts_from_percents(["12.5", "37,5", "50", ""], 8)
    assert (found.values, found.adjusted, found.fitting) == ((1, 3, 4, 0), False, True)


def test_largest_remainders_decide_where_rounding_does_not_add_up():
    """0.5, 0.5, 1 of 2 would round to 1, 1, 1: three of two participants."""
    found = counts_from_percents(["25", "25", "50"], 2)
    assert (found.values, found.adjusted) == ((1, 0, 1), True)


def test_shares_of_no_whole_number_of_participants_are_told():
    """33.33 % of 20 are 6.67 persons."""
    assert not counts_from_percents(["33.33", "66.67"], 20).fitting
    assert counts_from_percents(["35", "65"], 20).fitting


@pytest.mark.parametrize("percents", [["40", "40"], ["x", "100"], ["-1", "101"], ["120", "0"]])
def test_shares_that_are_none_give_nothing(percents):
    assert counts_from_percents(percents, 10) is None


@given(st.lists(st.integers(0, 400), min_size=2, max_size=6).filter(sum))
def test_printed_shares_give_the_counts_back(counts):
    total = sum(counts)
    percents = [f"{100 * count / total:.2f}" for count in counts]
    found = counts_from_percents(percents, total)
    assert sum(found.values) == total
    assert found.values == tuple(counts)
    assert found.fitting
