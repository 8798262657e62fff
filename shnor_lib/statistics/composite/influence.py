"""How much a component decides the places of an index, whatever weight it was given."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

WIDTHS = (0.5, 1.0, 2.0, np.inf)
"""Widths of the smoother, in standard deviations of the component; the endless one is a straight line."""
LEAST_UNITS = 4


class Influence(NamedTuple):
    """The correlation ratio of a component, and what it would be on average were its values dealt out by lot."""

    ratio: float
    by_luck: float


def correlation_ratio(component: np.ndarray, score: np.ndarray, shuffles: int = 200, seed: int = 1) -> Influence:
    """Share of the variance of an index that goes with one of its components (main effect, η²).

    S = V(E(score | component)) / V(score). The expectation is a local straight line; its width is the one that tells best of each
    unit by the others. A declared weight says how much a component should decide, S how much it does: components that spread more
    or go together with others decide more than their weight says. The shares of several components need not add up to one.

    Parameters
    ----------
    component, score : a value a unit, in any units; units without one of them are left out.
    shuffles, seed : of the values dealt out by lot.

    Returns
    -------
    Both 0..1; missing with fewer than four units, or where component or score is the same for all.

    Source: Paruolo, Saisana, Saltelli (2013), Journal of the Royal Statistical Society A 176, 609–634.

    Examples
    --------
    >>> x = np.arange(12.0)
    >>> round(correlation_ratio(x, 3 * x + 1).ratio, 3), round(correlation_ratio(x, (x - 5.5) ** 2).ratio, 1)
    (1.0, 0.7)
    """
    known = ~(np.isnan(component) | np.isnan(score))
    x, y = component[known], score[known]
    if len(x) < LEAST_UNITS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Influence(np.nan, np.nan)
    apart = (x[:, None] - x[None, :]) / x.std()
    lots = np.random.default_rng(seed).permuted(np.tile(y, (shuffles, 1)), axis=1)
    results = np.vstack([y, lots]).T
    errors, fitted = [], []
    for width in WIDTHS:
        smoother = _local_line(apart, width)
        told = smoother @ results
        own = np.minimum(np.diag(smoother)[:, None], 1 - 1e-6)
        errors.append(np.square((results - told) / (1 - own)).sum(axis=0))
        fitted.append(told.var(axis=0))
    best = np.argmin(errors, axis=0)
    ratios = np.clip(np.take_along_axis(np.array(fitted), best[None, :], axis=0)[0] / y.var(), 0, 1)
    return Influence(float(ratios[0]), float(ratios[1:].mean()))


def _local_line(apart: np.ndarray, width: float) -> np.ndarray:
    """The matrix that turns results into the values of a straight line fitted around each unit (Fan, Gijbels 1996, ch. 2)."""
    near = np.exp(-np.square(apart / width) / 2)
    first, second = (near * apart).sum(axis=1), (near * np.square(apart)).sum(axis=1) + 1e-9
    weight = near * (second[:, None] - apart * first[:, None])
    return weight / weight.sum(axis=1, keepdims=True)
