"""Linear regression of results of unlike precision: each unit held against a model that did not see it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

SHARES = np.linspace(0, 1, 41)
"""Shares of chance among which the likely ones are weighed."""


@dataclass(frozen=True)
class HeldOut:
    """A regression and what it says of each unit that it did not see.

    Attributes
    ----------
    unseen, half : the result expected of each unit by the others, and half the width of its interval, in the unit of the results.
    variance : of each result, beside that of a unit with as many persons as is usual.
    share : share of pupils' chance in the variance of such a unit.
    coefficients, reach : change of the result with one standard deviation of each predictor, and half the width of its interval.
    residual_sd : spread of the results of such a unit around the model.
    fit, fit_unseen : share of the (weighted) variance of the results that the model explains; the same for unseen units.
    """

    unseen: np.ndarray
    half: np.ndarray
    variance: np.ndarray
    share: float
    coefficients: np.ndarray
    reach: np.ndarray
    residual_sd: float
    fit: float
    fit_unseen: float


def held_out(
    predictors: np.ndarray, results: np.ndarray, people: np.ndarray, level: float = 0.90, ridge: float = 0.0
) -> HeldOut:
    """Regress results on predictors and hold each unit against the others; few persons behind a result make it less exact.

    Parameters
    ----------
    predictors : units × predictors, without gaps, each of them varying; not a combination of one another.
    results : one a unit; they differ.
    people : persons behind each result; where they are not known the result is taken for a usual one.
    level : of the intervals.
    ridge : how strongly coefficients are drawn to zero, in units' worth; 0 is (weighted) least squares.

    Notes
    -----
    var y(i) = s² v(i), v(i) = 1 − ρ + ρ ñ/n(i), ñ the harmonic mean of persons: ρ is what pupils' chance is of the variance of a usual
    unit. Few units tell ρ badly, so it is the mean of all shares by their restricted likelihood. Weighted by 1/v(i), without unit
    i: e(i) = e/(1 − h), s²(i) = (SSE − e²/(v(1 − h)))/(d − 1), and the interval of a new result is ŷ(i) ± t · s(i) √(v(i)/(1 − h)), h
    the leverage and d the degrees of freedom.

    Source: Cook and Weisberg (1982), Residuals and Influence in Regression, ch. 2 and 6; Harville (1977), JASA 72.

    Examples
    --------
    >>> x, y = np.arange(6.0)[:, None], np.array([0.0, 1.1, 1.9, 3.2, 3.9, 9.0])
    >>> held_out(x, y, np.full(6, 20.0)).unseen.round(1).tolist()[-1]
    5.0
    """
    standard = (predictors - predictors.mean(axis=0)) / predictors.std(axis=0, ddof=1)
    design = np.column_stack([np.ones(len(results)), standard])
    penalty = np.diag([0.0, *[ridge] * standard.shape[1]])
    known = np.isfinite(people) & (people > 0)
    rarer = np.ones(len(results))
    if known.any():
        rarer[known] = 1 / people[known] / (1 / people[known]).mean()
    share = _share_of_chance(design, results, rarer, penalty)
    variance = 1 - share + share * rarer
    weight = 1 / variance
    inverse = np.linalg.inv(design.T * weight @ design + penalty)
    coefficients = inverse @ design.T @ (weight * results)
    leverage = weight * np.einsum("ij,jk,ik->i", design, inverse, design)
    errors = results - design @ coefficients
    freedom = len(results) - leverage.sum()
    squares = float(weight @ errors**2)
    left = np.maximum(squares - weight * errors**2 / (1 - leverage), 0.0) / (freedom - 1)
    half = stdtrit(freedom - 1, 0.5 + level / 2) * np.sqrt(left * variance / (1 - leverage))
    around = inverse @ (design.T * weight @ design) @ inverse
    residual_sd = float(np.sqrt(squares / freedom))
    unseen = results - errors / (1 - leverage)
    whole = float(weight @ (results - weight @ results / weight.sum()) ** 2)
    return HeldOut(
        unseen=unseen,
        half=half,
        variance=variance,
        share=share,
        coefficients=coefficients[1:],
        reach=stdtrit(freedom, 0.5 + level / 2) * residual_sd * np.sqrt(np.diag(around))[1:],
        residual_sd=residual_sd,
        fit=1 - squares / whole,
        fit_unseen=1 - float(weight @ (results - unseen) ** 2) / whole,
    )


def _share_of_chance(design: np.ndarray, results: np.ndarray, rarer: np.ndarray, penalty: np.ndarray) -> float:
    """The mean of :data:`SHARES`, weighed by the restricted likelihood of the results."""
    variance = 1 - SHARES[:, None] + SHARES[:, None] * rarer
    weight = 1 / variance
    information = np.einsum("gi,ij,ik->gjk", weight, design, design) + penalty
    coefficients = np.linalg.solve(information, np.einsum("gi,ij,i->gj", weight, design, results)[..., None])[..., 0]
    squares = (weight * (results - coefficients @ design.T) ** 2).sum(axis=1)
    freedom = len(results) - design.shape[1]
    likelihood = np.log(variance).sum(axis=1) + np.linalg.slogdet(information)[1] + freedom * np.log(squares)
    likely = np.exp(-(likelihood - likelihood.min()) / 2)
    return float(likely @ SHARES / likely.sum())
