"""False alarms of rules about suspicious results: against drawn results, at their limits, and under laws."""

import numpy as np
import pytest

from shnor_lib.statistics.alarms import (
    chance_above_others,
    chance_beyond_fences,
    chance_of_as_rare,
    chance_of_negative_rank_correlation,
)
from shnor_lib.statistics.change import holm
from shnor_lib.statistics.components import Components

PARTS = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)
WORKS = (["russian", "maths"] * 3, [4, 4, 5, 5, 9, 9])


def test_the_chance_of_a_mean_above_all_is_that_of_drawn_schools():
    people, others = np.array([25.0, 12.0, 60.0, 30.0, 40.0, 18.0]), np.full(6, 4000.0)
    rng, draws = np.random.default_rng(5), 40_000
    subject, cohort = (rng.normal(0, sd, (draws, size)) for sd, size in ((3.5, 2), (3.0, 3)))
    truth = rng.normal(0, 6.2, (draws, 1)) + subject[:, [0, 1] * 3] + cohort[:, [0, 0, 1, 1, 2, 2]]
    means = truth + rng.normal(0, 1, (draws, 6)) * 17.4 / np.sqrt(people)
    every = np.sqrt(6.2**2 + 3.5**2 + 3.0**2 + 17.4**2)
    drawn = (means - 1.96 * 17.4 / np.sqrt(people) > 1.96 * every / np.sqrt(others)).any(axis=1).mean()
    assert chance_above_others(people[None], others[None], *WORKS, PARTS, 1.96)[0] == pytest.approx(drawn, abs=0.01)


def test_the_chance_of_a_mean_above_all_follows_its_laws():
    people = np.array([[25.0] * 6, [np.nan] * 5 + [25.0], [np.nan] * 6])
    others = np.full((3, 6), 4000.0)
    chance = chance_above_others(people, others, *WORKS, PARTS, 1.96)
    assert chance[0] > chance[1] > chance[2] == 0  # more works, more chances; none without any
    turned = chance_above_others(people[:, ::-1], others, *(one[::-1] for one in WORKS), PARTS, 1.96)
    assert turned == pytest.approx(chance, abs=0.01)  # order of works
    ahead = [chance_above_others(people, others, *WORKS, PARTS, 1.96, lift)[0] for lift in (-10, 0, 5, 10)]
    assert ahead == sorted(ahead)
    ten = Components(*(10 * part for part in (6.2, 3.5, 3.0, 17.4)))
    assert chance_above_others(people, others, *WORKS, ten, 1.96) == pytest.approx(chance)  # unit of the results


def test_a_coefficient_below_zero_is_rarer_the_more_pupils_and_the_stronger_the_tie():
    chance = chance_of_negative_rank_correlation(np.array([5.0, 10.0, 25.0, 100.0]), 0.7, 0.15)
    assert (np.diff(chance) < 0).all()
    assert chance_of_negative_rank_correlation(np.array([20.0]), 0.0, 0.15) == pytest.approx([0.5])
    # 20 pupils, artanh 0,7 = 0,867: 0,867 / √(1,06/17 + 0,15²) = 2,98 standard errors
    assert chance_of_negative_rank_correlation(np.array([20.0]), 0.7, 0.15) == pytest.approx([0.00145], abs=2e-5)


def test_fences_of_eight_honest_schools_mark_one_in_about_one_year_of_twenty():
    equal = np.full(8, 50.0)
    chance = chance_beyond_fences(equal, equal, (60.0, 60.0), 17.4, 3.0)
    assert chance.sum() == pytest.approx(0.05, abs=0.02)
    # quartiles of eight schools bring their own noise: of forty they mark fewer, though there are five times as many
    assert chance_beyond_fences(np.full(40, 50.0), np.full(40, 50.0), (60.0, 60.0), 17.4, 3.0).sum() < chance.sum()
    wide = chance_beyond_fences(equal, equal, (60.0, 60.0), 17.4, 1.5).sum()
    assert wide > 5 * chance.sum()  # fences drawn closer


def test_a_small_school_among_large_ones_passes_the_fences_most_often():
    people = np.array([10.0, *[60.0] * 9])
    chance = chance_beyond_fences(people, people, (60.0, 58.0), 17.4, 3.0)
    assert chance[0] > 0.05 and chance[1:].max() < 0.01


def test_rare_signs_are_told_apart_from_common_ones():
    chances = [0.5, 0.02, 0.1]
    rare = {
        shown: chance_of_as_rare(shown, chances)
        for shown in [(False,) * 3, (True, False, False), (False, False, True), (False, True, False), (True,) * 3]
    }
    assert list(rare.values()) == sorted(rare.values(), reverse=True)
    assert rare[(False,) * 3] == pytest.approx(1) and rare[(True,) * 3] == pytest.approx(0.5 * 0.02 * 0.1)
    assert rare[(True, False, False)] == pytest.approx(1 - 0.5 * 0.98 * 0.9)  # all but no sign at all
    assert chance_of_as_rare([True], [0.0]) == 0 and chance_of_as_rare([], []) == 1


def test_in_few_years_any_honest_school_has_more_signs_than_honest_results_bring():
    rng, chances = np.random.default_rng(3), [0.5, 0.01, 0.02]
    known = {}
    alarms = 0
    for _ in range(1500):
        sets = [tuple(one) for one in rng.random((14, 3)) < chances]
        p = [known.setdefault(one, chance_of_as_rare(one, chances)) for one in sets]
        alarms += (holm(np.array(p)) <= 0.05).any()
    assert alarms / 1500 <= 0.05
