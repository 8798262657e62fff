"""Sampling error: what the true rates behind the figures of schools could be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import betaln, expit, logit

from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.intervals import checked_counts

RateError = Literal["pooled", "jeffreys", "binomial"]

FEWEST = 3
"""With fewer schools nothing is told of how schools differ."""
NODES = 31
"""Points of the grid on each axis: mean and strength."""
REACH, STRENGTHS = 6.0, (np.log(0.5), np.log(1e6))
"""How far the typical rate may lie from the common one (logits), and the pupils it may be worth."""
USUAL = (np.log(20), 1.5)
"""Our assumption: a typical rate is worth some 20 pupils, between one and four hundred: schools do differ (logits by about a half)."""
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
) -> pd.DataFrame:
    """Plausible rates of each school, one row a replication; methods and ``group`` as of :func:`rate_sampler`.

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
    sampler = rate_sampler(k.to_numpy()[known], n.to_numpy()[known], method, None if group is None else group[known])
    rates.loc[:, known] = sampler(np.random.default_rng(seed), replications)
    return rates


def rate_sampler(k: np.ndarray, n: np.ndarray, method: RateError, group: np.ndarray | None = None) -> Sampler:
    """How rates are drawn for counts k of n without gaps.

    ``pooled`` draws the true rates as those of schools that differ by a beta distribution, :func:`between_schools`: a rate of
    few pupils lies nearer to that of the others, for much of its distance is luck. ``jeffreys`` draws each school's rate from
    Beta(k + ½, n − k + ½) as if there were no others: right for one school, but the schools together are further apart than they
    are. ``binomial`` draws a new count of n pupils at the rate k/n, so a school with 0 of n never moves.

    Parameters
    ----------
    group : which rates are of one kind (an indicator, a procedure of a year), for ``pooled``; all of them unless given.
    """
    if method == "jeffreys":
        return lambda generator, number: generator.beta(k + 0.5, n - k + 0.5, size=(number, len(k)))
    if method == "binomial":
        whole = np.round(n).astype(int)
        return lambda generator, number: generator.binomial(whole, k / n, size=(number, len(k))) / n
    if method != "pooled":
        raise UncertaintyError(f"способ «{method}» неизвестен; допустимы pooled, jeffreys, binomial")
    kinds, place = np.unique(np.zeros(len(k)) if group is None else group, return_inverse=True)
    priors = [between_schools(k[place == kind], n[place == kind]) for kind in range(len(kinds))]

    def draw(generator: np.random.Generator, number: int) -> np.ndarray:
        chances = generator.random((len(priors), number))
        chosen = [prior.at(chance) for prior, chance in zip(priors, chances, strict=True)]
        above, below = (np.array(of).reshape(-1, number).T[:, place] for of in zip(*chosen, strict=True))
        return generator.beta(k + above, n - k + below)

    return draw if len(k) else lambda _, number: np.empty((number, 0))


@dataclass(frozen=True)
class BetweenSchools:
    """How schools may differ in a rate: beta distributions with their chances.

    Attributes
    ----------
    above, below : pupils with and without that a distribution is worth; ``chance`` of each, cumulated.
    """

    above: np.ndarray
    below: np.ndarray
    chance: np.ndarray

    def draw(self, generator: np.random.Generator, number: int) -> tuple[np.ndarray, np.ndarray]:
        """``above`` and ``below`` of so many draws."""
        return self.at(generator.random(number))

    def at(self, chances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """``above`` and ``below`` at numbers drawn from 0 to 1."""
        node = self.chance.searchsorted(chances * self.chance[-1], side="right")
        return self.above[node], self.below[node]


def between_schools(k: np.ndarray, n: np.ndarray) -> BetweenSchools:
    """What the counts of schools tell of how their true rates differ: all beta distributions that could stand behind them.

    Not the likeliest one alone: of nine schools it would often be that they do not differ at all. The prior is flat in the
    mean and normal in the logarithm of the strength (``USUAL``). Fewer than three schools tell nothing: Beta(½, ½).

    Source: Gelman et al., Bayesian Data Analysis, 3rd ed., section 5.3, with another prior of the strength.

    Examples
    --------
    >>> alike = between_schools(np.full(9, 20), np.full(9, 100))
    >>> apart = between_schools(np.array([2, 5, 9, 20, 22, 30, 41, 55, 70]), np.full(9, 100))
    >>> [int(np.median(one.draw(np.random.default_rng(1), 999)[0])) for one in (alike, apart)]
    [56, 1]
    """
    if len(k) < FEWEST:
        return BetweenSchools(np.array([0.5]), np.array([0.5]), np.array([1.0]))
    common = logit((k.sum() + 0.5) / (n.sum() + 1))
    ends = [(common - REACH, common + REACH), STRENGTHS]
    for _ in range(3):
        means, strengths = (np.linspace(low, high, NODES) for low, high in ends)
        above = expit(means)[:, None] * np.exp(strengths)
        below = expit(-means)[:, None] * np.exp(strengths)
        told = betaln(k + above[..., None], n - k + below[..., None]) - betaln(above, below)[..., None]
        usual = -np.square((strengths - USUAL[0]) / USUAL[1]) / 2
        density = told.sum(axis=2) + np.log(expit(means) * expit(-means))[:, None] + usual
        weight = np.exp(density - density.max())
        ends = [_around(axis, weight.max(axis=1 - place) > NEGLIGIBLE) for place, axis in enumerate((means, strengths))]
    return BetweenSchools(above.ravel(), below.ravel(), weight.ravel().cumsum())


def _around(axis: np.ndarray, counted: np.ndarray) -> tuple[float, float]:
    """The part of an axis that counts, with a point on either side."""
    inside = np.flatnonzero(counted)
    return float(axis[max(inside[0] - 1, 0)]), float(axis[min(inside[-1] + 1, len(axis) - 1)])
