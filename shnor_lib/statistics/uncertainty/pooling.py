"""Partial pooling: the rate of a small school borrows strength from all schools, and how much it borrowed is shown."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.intervals import checked_counts

MINIMUM_SCHOOLS = 5
LARGEST_STRENGTH = 1e6
"""Above this many imagined pupils the schools do not differ beyond chance."""


@dataclass(frozen=True)
class PooledRates:
    """Raw and pooled rates side by side, and the distribution between schools that was fitted.

    ``rates`` has a row a school: numerator, denominator, raw, pooled (0..1), low, high (interval of the pooled rate),
    own_weight (share of the school's own data, 0..1), shift (pooled - raw), raw_rank and pooled_rank (1 is the highest).
    ``mean`` is the typical rate, ``strength`` how many pupils the typical rate is worth: a school of that size is pulled
    half way.
    """

    rates: pd.DataFrame
    mean: float
    strength: float


def pool_rates(numerator: pd.Series, denominator: pd.Series, level: float = 0.95) -> PooledRates:
    """Rates shrunk towards the typical rate, small schools more than large (beta-binomial empirical Bayes).

    True rates are taken as Beta(mean·strength, (1-mean)·strength) between schools; mean and strength are fitted by
    maximum likelihood. Pooled rate = (k + mean·strength) / (n + strength). A school without pupils stays missing: it is
    not given the typical rate. With fewer than five schools the spread between schools cannot be told, refused.

    Source: Morris (1983), JASA 78, "Parametric empirical Bayes inference".

    Examples
    --------
    >>> schools = list("ABCDEF")
    >>> failing = pd.Series([3, 0, 20, 31, 12, 2], index=schools)
    >>> participants = pd.Series([5, 4, 100, 100, 100, 40], index=schools)
    >>> pooled = pool_rates(failing, participants)
    >>> pooled.rates.loc[["A", "D"], ["raw", "pooled", "own_weight"]].round(2)
        raw  pooled  own_weight
    A  0.60     0.3        0.26
    D  0.31     0.3        0.88
    """
    k, n = checked_counts(numerator, denominator)
    known = n.dropna().index
    if len(known) < MINIMUM_SCHOOLS:
        raise UncertaintyError(
            f"школ с данными {len(known)}, а для объединения нужно не меньше {MINIMUM_SCHOOLS}: разброс между школами "
            "не оценить; покажите доли без объединения"
        )
    mean, strength = _fit(k[known].to_numpy(), n[known].to_numpy())
    above, below = k + mean * strength, n - k + (1 - mean) * strength
    tail = (1 - level) / 2
    raw, pooled = k / n, above / (above + below)
    rates = pd.DataFrame(
        {
            "numerator": k,
            "denominator": n,
            "raw": raw,
            "pooled": pooled,
            "low": scipy.stats.beta.ppf(tail, above, below),
            "high": scipy.stats.beta.ppf(1 - tail, above, below),
            "own_weight": n / (n + strength),
            "shift": pooled - raw,
            "raw_rank": raw.rank(method="min", ascending=False).astype("Int64"),
            "pooled_rank": pooled.round(10).rank(method="min", ascending=False).astype("Int64"),
        }
    )
    return PooledRates(rates, mean, strength)


def _fit(k: np.ndarray, n: np.ndarray) -> tuple[float, float]:
    """Mean and strength of the beta distribution between schools that make the counts most likely."""
    overall = k.sum() / n.sum()
    if overall in (0.0, 1.0):
        return float(overall), LARGEST_STRENGTH

    def loss(parameters: np.ndarray) -> float:
        mean, strength = scipy.special.expit(parameters[0]), np.exp(parameters[1])
        above, below = mean * strength, (1 - mean) * strength
        return -float(np.sum(scipy.special.betaln(k + above, n - k + below) - scipy.special.betaln(above, below)))

    starts = [(scipy.special.logit(overall), np.log(strength)) for strength in (2.0, 30.0, 500.0)]
    bounds = [(-12.0, 12.0), (np.log(0.05), np.log(LARGEST_STRENGTH))]
    best = min(
        (
            scipy.optimize.minimize(
                loss, start, bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-9}
            )
            for start in starts
        ),
        key=lambda fit: fit.fun,
    )
    mean, strength = float(scipy.special.expit(best.x[0])), float(np.exp(best.x[1]))
    return (mean, strength) if strength < LARGEST_STRENGTH / 10 else (float(overall), LARGEST_STRENGTH)
