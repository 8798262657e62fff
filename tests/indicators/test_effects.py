"""School and procedure effects fitted together: by hand, and what must hold of any office."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shnor_lib.indicators.effects import school_effects

NONE = np.nan
OFFICES = arrays(float, (6, 5), elements=st.one_of(st.just(NONE), st.integers(0, 100).map(float)))
WEIGHTS = arrays(float, (6, 5), elements=st.integers(1, 80).map(float))


def test_a_school_is_not_better_for_easier_procedures() -> None:
    """y = school + procedure exactly: schools 0, −10, −5; procedures 50 (all), 80 (first two), 20 (last two)."""
    value = np.array([[50, 80, NONE], [40, 70, 10], [45, NONE, 15.0]])
    effect, used = school_effects(value, np.array([[10, 10, 1], [20, 20, 20], [10, 1, 10.0]]), others=1)
    assert (effect - effect[0]).tolist() == pytest.approx([0, -10, -5])
    assert used.tolist() == (~np.isnan(value)).tolist()
    assert effect @ [20, 60, 20] == pytest.approx(0), "the middle is that of all results"


def test_one_procedure_is_the_difference_from_its_weighted_mean() -> None:
    effect, _ = school_effects(np.array([[40.0], [50.0], [70.0]]), np.array([[10.0], [20.0], [10.0]]), others=2)
    assert effect.tolist() == pytest.approx([40 - 52.5, 50 - 52.5, 70 - 52.5])


def test_fewer_others_than_asked_for_are_no_reference() -> None:
    value = np.array([[40.0, 90.0], [50.0, 10.0], [70.0, NONE]])
    effect, used = school_effects(value, np.ones((3, 2)), others=2)
    assert used.tolist() == [[True, False]] * 3 and effect.argsort().tolist() == [0, 1, 2]
    assert np.isnan(school_effects(value, np.ones((3, 2)), others=3)[0]).all()


def test_schools_that_no_common_procedure_joins_are_not_compared() -> None:
    value = np.full((5, 2), NONE)
    value[:3, 0], value[3:, 1] = [1, 2, 3], [1, 2]
    effect, _ = school_effects(value, np.ones((5, 2)), others=1)
    assert np.isnan(effect).tolist() == [False] * 3 + [True] * 2
    halves = np.isnan(school_effects(value[1:], np.ones((4, 2)), others=1)[0])
    assert halves.all(), "of two groups of the same size none is the municipality"


def test_nothing_known_gives_nothing() -> None:
    effect, used = school_effects(np.full((3, 2), NONE), np.ones((3, 2)), others=1)
    assert np.isnan(effect).all() and not used.any()
    assert len(school_effects(np.empty((0, 2)), np.empty((0, 2)), others=1)[0]) == 0


@given(value=OFFICES, weight=WEIGHTS, school=st.integers(0, 5), cell=st.integers(0, 4), step=st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_a_lower_result_never_lifts_its_school_above_another(value, weight, school, cell, step):
    assume(not np.isnan(value[school, cell]))
    before, _ = school_effects(value, weight, others=1)
    worse = value.copy()
    worse[school, cell] -= step
    after, _ = school_effects(worse, weight, others=1)
    assume(not np.isnan(before[school]))
    gained = (after[school] - after) - (before[school] - before)
    assert (gained[~np.isnan(gained)] <= 1e-8).all()


@given(value=OFFICES, weight=WEIGHTS, data=st.data())
@settings(max_examples=50, deadline=None)
def test_order_scale_and_what_nobody_else_took_do_not_matter(value, weight, data):
    effect, _ = school_effects(value, weight, others=1)
    order = data.draw(st.permutations(range(6)))
    np.testing.assert_allclose(school_effects(value[order], weight[order], 1)[0], effect[order], atol=1e-8)
    np.testing.assert_allclose(school_effects(3 * value + 7, 2 * weight, 1)[0], 3 * effect, atol=1e-7)
    alone = np.full((6, 1), NONE)
    alone[data.draw(st.integers(0, 5))] = 0.0
    wider = np.concatenate([value, alone], axis=1), np.concatenate([weight, np.full((6, 1), 99.0)], axis=1)
    np.testing.assert_allclose(school_effects(*wider, 1)[0], effect, atol=1e-9)


@given(value=OFFICES, weight=WEIGHTS, school=st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_a_school_split_in_two_keeps_its_place_and_those_of_the_others(value, weight, school):
    value[:, (~np.isnan(value)).sum(axis=0) < 2] = NONE  # what one school took alone its halves would share
    effect, _ = school_effects(value, weight, others=1)
    halved = weight.copy()
    halved[school] /= 2
    split, _ = school_effects(np.vstack([value, value[school]]), np.vstack([halved, halved[school]]), others=1)
    assume((np.isnan(split[:6]) == np.isnan(effect)).all())  # another group of schools may be the largest now
    np.testing.assert_allclose(split, [*effect, effect[school]], atol=1e-8)


@given(value=OFFICES, weight=WEIGHTS)
@settings(max_examples=50, deadline=None)
def test_the_same_year_twice_changes_no_place(value, weight):
    effect, _ = school_effects(value, weight, others=1)
    twice, _ = school_effects(np.hstack([value, value]), np.hstack([weight, weight]), others=1)
    np.testing.assert_allclose(twice, effect, atol=1e-8)


@given(
    value=arrays(float, (6, 5), elements=st.integers(0, 100).map(float)),
    size=arrays(float, 6, elements=st.integers(1, 80)),
)
@settings(max_examples=50, deadline=None)
def test_a_school_equal_to_the_mean_stands_at_zero_and_moves_nobody(value, size):
    weight = np.outer(size, np.ones(5))
    effect, _ = school_effects(value, weight, others=1)
    mean = np.average(value, axis=0, weights=size)
    joined, _ = school_effects(np.vstack([value, mean]), np.vstack([weight, np.full(5, 20.0)]), others=1)
    np.testing.assert_allclose(joined, [*effect, 0.0], atol=1e-8)
