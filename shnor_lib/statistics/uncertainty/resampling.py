"""Sampling error: what the true rates behind the figures of schools could be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit, gammaln, logit

from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.intervals import checked_counts

RateError = Literal["pooled", "jeffreys", "binomial"]

FEWEST = 3
"""With fewer schools nothing is told of how schools differ."""
NODES = 31
"""Points of the grid on each axis, mean and strength; where there is a third, of the slope, each has half as many."""
REACH, STRENGTHS = 6.0, (np.log(0.5), np.log(1e6))
"""How far the typical rate may lie from the common one (logits), and the pupils it may be worth."""
USUAL = (np.log(20), 1.5)
"""Our assumption: a typical rate is worth some 20 pupils, between one and four hundred: schools do differ (logits by about a half)."""
SLOPE = 0.5
"""Our assumption: what the other rates of a school lead to expect moves a rate by about this much (logits, a standard deviation)."""
NEGLIGIBLE = 1e-4

Sampler = Callable[[np.random.Generator, int], np.ndarray]
"""Draws of rates: the generator and the number of draws give draws × rates."""


def resample_rates(
    numerator: pd.Series,
    denominator: pd.Series,
    replications: int,
    seed: int,
    method: RateError = "jeffreys",
    group: np.ndarray | None = None,
    lead: np.ndarray | None = None,
) -> pd.DataFrame:
    """Plausible rates of each school, one row a replication; methods, ``group`` and ``lead`` as of :func:`rate_sampler`.

    Missing where n is zero or missing.

    Examples
    --------
    >>> failing, participants = pd.Series({"A": 1, "B": 50}), pd.Series({"A": 5, "B": 250})
    >>> resample_rates(failing, participants, replications=4000, seed=1).std().round(2).to_dict()
    {'A': 0.16, 'B': 0.03}
    """
    k, n = checked_counts(numerator, denominator)
    known = n.notna().to_numpy()
    rates = pd.DataFrame(np.nan, index=range(replications), columns=k.index)
    told = (None if one is None else one[known] for one in (group, lead))
    sampler = rate_sampler(k.to_numpy()[known], n.to_numpy()[known], method, *told)
    rates.loc[:, known] = sampler(np.random.default_rng(seed), replications)
    return rates


def rate_sampler(
    k: np.ndarray, n: np.ndarray, method: RateError, group: np.ndarray | None = None, lead: np.ndarray | None = None
) -> Sampler:
    """How rates are drawn for counts k of n without gaps.

    ``pooled`` draws the true rates as those of schools that differ by a beta distribution, :func:`between_schools`: a rate of
    few pupils lies nearer to that of the others, for much of its distance is luck. ``jeffreys`` draws each school's rate from
    Beta(k + ½, n − k + ½) as if there were no others: right for one school, but the schools together are further apart than they
    are. ``binomial`` draws a new count of n pupils at the rate k/n, so a school with 0 of n never moves.

    Parameters
    ----------
    group : which rates are of one kind (an indicator, a procedure of a year), for ``pooled``; all of them unless given.
    lead : for each rate what the other rates of its school lead to expect, :func:`led_by_others`, for ``pooled``; nothing unless
        given.
    """
    if method == "jeffreys":
        return lambda generator, number: generator.beta(k + 0.5, n - k + 0.5, size=(number, len(k)))
    if method == "binomial":
        whole = np.round(n).astype(int)
        return lambda generator, number: generator.binomial(whole, k / n, size=(number, len(k))) / n
    if method != "pooled":
        raise UncertaintyError(f"способ «{method}» неизвестен; допустимы pooled, jeffreys, binomial")
    kinds, place = np.unique(np.zeros(len(k)) if group is None else group, return_inverse=True)
    members = [np.flatnonzero(place == kind) for kind in range(len(kinds))]
    priors = [between_schools(k[own], n[own], None if lead is None else lead[own]) for own in members]

    def draw(generator: np.random.Generator, number: int) -> np.ndarray:
        above, below = np.empty((2, number, len(k)))
        for own, prior in zip(members, priors, strict=True):
            above[:, own], below[:, own] = prior.draw(generator, number)
        return generator.beta(k + above, n - k + below)

    return draw if len(k) else lambda _, number: np.empty((number, 0))


@dataclass(frozen=True)
class BetweenSchools:
    """How schools may differ in a rate: beta distributions with their chances.

    Attributes
    ----------
    mean, slope, strength : of each distribution the usual rate (logits), what it rises by with ``lead``, and the pupils it is worth.
    chance : of each, cumulated.
    lead : for each school what its other rates lead to expect.
    """

    mean: np.ndarray
    slope: np.ndarray
    strength: np.ndarray
    chance: np.ndarray
    lead: np.ndarray

    def draw(self, generator: np.random.Generator, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Pupils with and without that the others are worth to each school, draws × schools."""
        node = np.searchsorted(self.chance, generator.random(number) * self.chance[-1], side="right")
        usual = self.mean[node, None] + self.slope[node, None] * self.lead
        return expit(usual) * self.strength[node, None], expit(-usual) * self.strength[node, None]


def between_schools(k: np.ndarray, n: np.ndarray, lead: np.ndarray | None = None) -> BetweenSchools:
    """What the counts of schools tell of how their true rates differ: all beta distributions that could stand behind them.

    Not the likeliest one alone: of nine schools it would often be that they do not differ at all. The prior is flat in the
    mean, normal in the logarithm of the strength (``USUAL``) and in the slope on ``lead`` (``SLOPE``). Fewer than three schools
    tell nothing: Beta(½, ½).

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., section 5.3, with another prior of the strength.

    Examples
    --------
    >>> alike = between_schools(np.full(9, 20), np.full(9, 100))
    >>> apart = between_schools(np.array([2, 5, 9, 20, 22, 30, 41, 55, 70]), np.full(9, 100))
    >>> [int(np.median(one.draw(np.random.default_rng(1), 999)[0])) for one in (alike, apart)]
    [56, 1]
    """
    led = np.zeros(len(k)) if lead is None else lead
    if len(k) < FEWEST:
        return BetweenSchools(np.zeros(1), np.zeros(1), np.ones(1), np.ones(1), np.zeros(len(k)))
    common = logit((k.sum() + 0.5) / (n.sum() + 1))
    ends = [(common - REACH, common + REACH), (-4 * SLOPE, 4 * SLOPE), STRENGTHS]
    nodes = (NODES // 2, NODES // 2, NODES // 2) if led.any() else (NODES, 1, NODES)
    for _ in range(3):
        means, slopes, strengths = (np.linspace(*end, number) for end, number in zip(ends, nodes, strict=True))
        slopes = slopes if led.any() else np.zeros(1)
        usual = means[:, None, None, None] + slopes[:, None, None] * led
        strength = np.exp(strengths)[:, None]
        above, below = expit(usual) * strength, expit(-usual) * strength
        told = gammaln(k + above) + gammaln(n - k + below) - gammaln(above) - gammaln(below)
        told = told.sum(axis=3) + (gammaln(strength) - gammaln(n + strength)).sum(axis=1)
        flat = np.log(expit(means) * expit(-means))[:, None, None] - np.square(slopes / SLOPE)[:, None] / 2
        density = told + flat - np.square((strengths - USUAL[0]) / USUAL[1]) / 2
        weight = np.exp(density - density.max())
        counted = [np.moveaxis(weight, place, 0).max(axis=(1, 2)) > NEGLIGIBLE for place in range(3)]
        ends = [_around(axis, one) for axis, one in zip((means, slopes, strengths), counted, strict=True)]
    grid = np.meshgrid(means, slopes, np.exp(strengths), indexing="ij")
    return BetweenSchools(*(axis.ravel() for axis in grid), weight.ravel().cumsum(), led)


def led_by_others(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    """What the other rates of each school lead to expect of each of its rates.

    Conditions of one school go together. Of all kinds but one the direction in which schools differ most (first principal
    component of the logits, each kind shrunk by its chance) says where a school stands; how much that tells of the one left out
    is found by :func:`between_schools`.

    Parameters
    ----------
    k, n : kinds × schools, counts; a kind of which a school has none, or that is no share, does not speak of it.

    Returns
    -------
    kinds × schools, of mean zero and standard deviation one over the schools; zeros where nothing is told.
    """
    known = (n > 0) & (k >= 0) & (k <= n * (1 + 1e-9))
    k, n = np.where(known, np.minimum(k, n), 0.0), np.where(known, n, 0.0)
    chance = np.where(known, 1 / (k + 0.5) + 1 / (n - k + 0.5), np.nan)
    rate = np.where(known, np.log((k + 0.5) / (n - k + 0.5)), np.nan)
    lead = np.zeros(k.shape)
    spoken = np.flatnonzero(known.sum(axis=1) >= FEWEST)
    if len(spoken) < 2:
        return lead
    apart = rate[spoken] - np.nanmean(rate[spoken], axis=1, keepdims=True)
    spread = np.maximum(np.nanvar(rate[spoken], axis=1, ddof=1) - np.nanmean(chance[spoken], axis=1), 0.0)[:, None]
    whole = np.where(known[spoken], spread + chance[spoken], 1.0)
    shrunk = np.where(known[spoken], np.sqrt(spread) * apart / whole, 0.0)
    for kind in range(len(k)):
        others = shrunk[spoken != kind]
        first = np.linalg.svd(others, full_matrices=False)[2][0] if others.any() else np.zeros(k.shape[1])
        centred = first - first.mean()
        if (size := centred.std()) > 0:
            lead[kind] = centred / size
    return lead


def _around(axis: np.ndarray, counted: np.ndarray) -> tuple[float, float]:
    """The part of an axis that counts, with a point on either side."""
    inside = np.flatnonzero(counted)
    return float(axis[max(inside[0] - 1, 0)]), float(axis[min(inside[-1] + 1, len(axis) - 1)])
