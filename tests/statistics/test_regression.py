"""Regression of results of unlike precision: what holds whoever the units are, and intervals that hold for small ones too."""

import numpy as np
import pytest

from shnor_lib.statistics.regression import held_out

PEOPLE = np.r_[np.full(6, 8.0), np.full(12, 120.0)]


def drawn(seed: int, people: np.ndarray = PEOPLE, own: float = 3.0, pupil: float = 25.0):
    random = np.random.default_rng(seed)
    context = random.uniform(0, 1, (len(people), 2))
    return context, 5 - 10 * context[:, 0] + random.normal(0, np.sqrt(own**2 + pupil**2 / people))


def test_results_of_equal_size_are_ordinary_least_squares():
    """Left out one by one by hand; the share of chance cannot be told and does not matter."""
    context, results = drawn(1)
    found = held_out(context, results, np.full(18, 40.0))
    assert found.variance == pytest.approx(np.ones(18))
    design = np.column_stack([np.ones(18), context])
    others = np.arange(18) != 4
    slopes = np.linalg.lstsq(design[others], results[others], rcond=None)[0]
    assert found.unseen[4] == pytest.approx(design[4] @ slopes)
    unknown = held_out(context, results, np.full(18, np.nan))
    assert unknown.unseen == pytest.approx(found.unseen) and unknown.half == pytest.approx(found.half)


def test_only_the_proportions_of_persons_matter_and_the_order_does_not():
    context, results = drawn(2)
    found, again = (held_out(context, results, people) for people in (PEOPLE, 7 * PEOPLE))
    assert again.half == pytest.approx(found.half)
    mixed = np.random.default_rng(0).permutation(18)
    assert held_out(context[mixed], results[mixed], PEOPLE[mixed]).unseen == pytest.approx(found.unseen[mixed])


def test_intervals_of_small_schools_are_wider_by_what_their_results_show():
    small, scattered, alike = PEOPLE < 50, [], []
    for seed in range(40):
        for found, pupil in ((scattered, 40.0), (alike, 0.0)):
            known = held_out(*drawn(seed, pupil=pupil), PEOPLE)
            found.append(known.half[small].mean() / known.half[~small].mean())
    assert np.mean(scattered) > 2
    assert np.mean(alike) < 1.5


def test_small_schools_are_outside_as_often_as_large_ones():
    """With one variance for all, small schools were outside in every fourth case and large ones hardly ever."""
    small, outside = PEOPLE < 50, []
    for seed in range(150):
        context, results = drawn(seed)
        known = held_out(context, results, PEOPLE)
        outside.append(np.abs(results - known.unseen) > known.half)
    rates = np.array([np.mean(np.array(outside)[:, one]) for one in (small, ~small)])
    assert rates == pytest.approx(0.10, abs=0.03)
