"""How often results that are what they seem are taken for suspicious ones: false alarms of rules, known before any is held.

Results are taken to differ as :mod:`shnor_lib.statistics.components` says: by school, subject of a school, cohort of pupils and
pupil. Nothing here looks at the results themselves, only at how many pupils stand behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import scipy.stats
from scipy.special import ndtr, ndtri

from shnor_lib.statistics.components import Components

SEED = 20211
DRAWS = 1024


def chance_above_others(
    people: np.ndarray,
    others: np.ndarray,
    subject: Sequence[object],
    cohort: Sequence[object],
    components: Components,
    spread: float,
    ahead: float | None = None,
) -> np.ndarray:
    """The chance that some mean of a unit stands clear of the mean of all, when both are given ± ``spread`` standard errors.

    Parameters
    ----------
    people : units × means, pupils behind each mean; missing or zero where there is none.
    others : units × means, pupils behind the mean of all.
    subject, cohort : of each mean; means of one subject or one cohort of a unit move together.
    ahead : by how much the unit is truly ahead of all, in the unit of the components; drawn with the school's deviation when None.

    Returns
    -------
    One chance a unit, 0..1; 0 for a unit without means.

    Notes
    -----
    Given the effects of school, subject and cohort the means are independent, so that only these are drawn (scrambled Sobol
    points, a fixed seed) and the rest is exact.

    Examples
    --------
    A school of 25 pupils in one work, and one 5 points ahead in six works of three cohorts: nearly always above.

    >>> parts = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)
    >>> chance_above_others(np.array([[25.0]]), np.array([[5000.0]]), ["maths"], [4], parts, 1.96).round(2).tolist()
    [0.19]
    >>> six = np.full((1, 6), 25.0)
    >>> works = (["maths", "russian"] * 3, [4, 4, 5, 5, 9, 9])
    >>> chance_above_others(six, six * 1e6, *works, parts, 1.96, ahead=5.0).round(2).tolist()
    [0.86]
    """
    labels = [np.unique(np.asarray(one, dtype=object).astype(str), return_inverse=True) for one in (subject, cohort)]
    sizes = [len(names) for names, _ in labels]
    points = scipy.stats.qmc.Sobol(1 + sum(sizes), scramble=True, rng=np.random.default_rng(SEED)).random(DRAWS)
    drawn = ndtri(np.clip(points, 1e-9, 1 - 1e-9))
    of_school = components.school * drawn[:, :1] if ahead is None else np.full((DRAWS, 1), ahead)
    of_subject = components.subject * drawn[:, 1 : 1 + sizes[0]][:, labels[0][1]]
    of_cohort = components.cohort * drawn[:, 1 + sizes[0] :][:, labels[1][1]]
    there = np.nan_to_num(people) > 0
    error = components.pupil / np.sqrt(np.where(there, people, 1.0))
    every_pupil = np.sqrt(components.school**2 + components.subject**2 + components.cohort**2 + components.pupil**2)
    limit = spread * (error + every_pupil / np.sqrt(np.where(there, others, 1.0)))
    effects = of_school + of_subject + of_cohort
    below = np.where(there, ndtr((limit - effects[:, None, :]) / error), 1.0)
    return 1 - below.prod(axis=2).mean(axis=0)


def chance_of_negative_rank_correlation(people: np.ndarray, correlation: float, deviation: float) -> np.ndarray:
    """The chance that Spearman's coefficient comes out below zero in a sample, where the true one is well above it.

    Parameters
    ----------
    people : pupils of each sample; 4 or more.
    correlation, deviation : the true coefficient of a middling school, and how much true ones differ, as a standard deviation
        of artanh of the coefficient.

    Notes
    -----
    artanh of the coefficient is about normal with variance 1.06/(n − 3).

    Source: Fieller, Hartley, Pearson (1957), Biometrika 44.

    Examples
    --------
    >>> chance_of_negative_rank_correlation(np.array([10.0, 25.0]), 0.7, 0.15).round(4).tolist()
    [0.0188, 0.0006]
    """
    return ndtr(-np.arctanh(correlation) / np.sqrt(1.06 / (people - 3) + deviation**2))


def chance_beyond_fences(
    before: np.ndarray,
    now: np.ndarray,
    levels: tuple[float, float],
    pupil: float,
    ranges: float,
    draws: int = 4 * DRAWS,
) -> np.ndarray:
    """The chance of each unit to lie ``ranges`` interquartile ranges beyond the quartiles of all, when nothing changed anywhere.

    What is compared is the mean before over the mean now; only the sampling of pupils makes it differ between units.

    Parameters
    ----------
    before, now : pupils behind the two means of each unit.
    levels : the means before and now that all units have in truth, in the unit of ``pupil``.
    pupil : standard deviation between pupils.

    Notes
    -----
    By simulation with a fixed seed, the fences drawn anew from each draw. Units of one size pass their fences rarely; a unit
    much smaller than the others passes them often.

    Examples
    --------
    Eight schools of one size: in how many of 100 years some honest school is marked. And a small one among seven large ones.

    >>> chance = chance_beyond_fences(np.full(8, 50.0), np.full(8, 50.0), (60.0, 60.0), 17.4, 3.0)
    >>> bool(chance.sum() < 0.1)
    True
    >>> sizes = np.array([10.0] + [90.0] * 7)
    >>> bool(chance_beyond_fences(sizes, sizes, (60.0, 60.0), 17.4, 3.0)[0] > 10 * chance.mean())
    True
    """
    noise = np.random.default_rng(SEED).standard_normal((draws, 2, len(before)))
    drawn = np.asarray(levels)[:, None] + pupil * noise / np.sqrt([before, now])
    ratio = drawn[:, 0] / drawn[:, 1]
    low, high = np.quantile(ratio, [0.25, 0.75], axis=1)[..., None]
    reach = ranges * (high - low)
    return ((ratio > high + reach) | (ratio < low - reach)).mean(axis=0)


def chance_beyond_limits(
    before: np.ndarray,
    now: np.ndarray,
    level: float,
    pupil: float,
    quartiles: tuple[float, float],
    ranges: float,
) -> np.ndarray:
    """The same where the quartiles are those of many other units and do not move with these.

    Parameters
    ----------
    level : the mean now, in the unit of ``pupil``; before it was so much as the middle of the quartiles says.
    quartiles : the lower and the upper one of the mean before over the mean now.

    Notes
    -----
    The sampling of pupils comes on top of the spread that the quartiles show (of a normal distribution), which holds the
    sampling of its own units already: the chance is rather too high.

    Examples
    --------
    A small unit passes limits of three interquartile ranges by luck, a large one hardly.

    >>> chance_beyond_limits(np.array([10.0, 90.0]), np.array([10.0, 90.0]), 60.0, 17.4, (0.95, 1.05), 3.0).round(4).tolist()
    [0.0244, 0.0001]
    """
    low, high = quartiles
    limits = np.array([low - ranges * (high - low), high + ranges * (high - low)])[:, None]
    spread = (high - low) / (2 * ndtri(0.75))
    error = np.sqrt(pupil**2 * (1 / before + limits**2 / now) + (level * spread) ** 2)
    away = level * (limits - (low + high) / 2) / error
    return ndtr(away[0]) + ndtr(-away[1])


def chance_of_as_rare(shown: Sequence[bool], chances: Sequence[float]) -> float:
    """The chance that luck alone shows a set of signs as rare as the one shown, or rarer.

    Parameters
    ----------
    shown : which of the signs are there.
    chances : the chance of each sign to be there by luck; the signs are independent.

    Returns
    -------
    The sum of the chances of all sets whose signs, taken together, are no likelier than those shown; 1 when none is.

    Examples
    --------
    A sign of every second honest unit says nothing; with a rare one beside it much; the rare one alone nearly as much.

    >>> [round(chance_of_as_rare(shown, [0.5, 0.01]), 3) for shown in ([True, False], [True, True], [False, True])]
    [0.505, 0.005, 0.01]
    """
    chance = np.asarray(chances, dtype=float)
    sets = np.array(list(product([False, True], repeat=len(chance))))
    together = np.where(sets, chance, 1.0).prod(axis=1)
    own = np.where(np.asarray(shown, dtype=bool), chance, 1.0).prod()
    return float(np.where(sets, chance, 1 - chance).prod(axis=1)[together <= own * (1 + 1e-9)].sum())
