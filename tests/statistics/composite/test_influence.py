"""Correlation ratio: what a component decides of an index, told by cases worked out by hand and by what must not matter."""

import numpy as np
import pytest

from shnor_lib.statistics.composite.influence import correlation_ratio

RANDOM = np.random.default_rng(3)
A, B = RANDOM.normal(0, 1, (2, 300))


def test_independent_components_share_the_variance_by_weight_and_spread():
    """Of 2a + b with equal spreads four fifths are a's; of a + b with a three times as wide, nine tenths."""
    assert correlation_ratio(A, 2 * A + B).ratio == pytest.approx(0.8, abs=0.05)
    assert correlation_ratio(3 * A, 3 * A + B).ratio == pytest.approx(0.9, abs=0.05)
    assert correlation_ratio(B, 3 * A + B).ratio == pytest.approx(0.1, abs=0.05)


def test_a_bent_relation_is_seen_where_a_straight_line_sees_none():
    assert np.corrcoef(A, A**2)[0, 1] ** 2 < 0.1
    assert correlation_ratio(A, A**2 + 0.1 * B).ratio > 0.8


def test_units_of_measurement_order_and_direction_do_not_matter():
    known = correlation_ratio(A[:20], A[:20] + B[:20])
    order = RANDOM.permutation(20)
    again = correlation_ratio(100 - 7 * A[:20][order], 50 + 3 * (A[:20] + B[:20])[order])
    assert again.ratio == pytest.approx(known.ratio)


@pytest.mark.parametrize("n", [6, 9, 14])
def test_few_units_show_a_share_by_luck_and_it_is_told(n):
    """A component that says nothing of the index shows on average what is told of luck: the fewer units, the more."""
    random = np.random.default_rng(n)
    found = [correlation_ratio(*random.normal(0, 1, (2, n)), shuffles=60) for _ in range(150)]
    shown, told = (np.mean([getattr(one, name) for one in found]) for name in ("ratio", "by_luck"))
    assert shown == pytest.approx(told, abs=0.07) and told > 1 / (n - 1)


@pytest.mark.parametrize(
    ("component", "score"),
    [([1, 2, 3], [1, 2, 3]), ([5] * 6, range(6)), (range(6), [5] * 6), ([np.nan] * 3 + [1, 2, 3], range(6))],
    ids=["three", "component the same", "score the same", "three known"],
)
def test_where_nothing_can_be_told_nothing_is(component, score):
    found = correlation_ratio(np.array(component, dtype=float), np.array(score, dtype=float))
    assert np.isnan(found).all()


def test_a_flag_of_two_values_tells_the_means_of_its_groups():
    flag, score = np.array([0.0] * 5 + [1.0] * 5), np.array([1.0, 2, 3, 4, 5, 3, 4, 5, 6, 7])
    assert correlation_ratio(flag, score).ratio == pytest.approx(1 / 3)
