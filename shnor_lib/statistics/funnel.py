"""Funnel plots: within what limits results of units of different size lie when nothing but chance and usual differences part them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

TRIM = 0.1
"""Share of the units on each side that do not widen the limits by lying far out (Spiegelhalter 2005)."""


@dataclass(frozen=True)
class Funnel:
    """Limits around a target.

    Attributes
    ----------
    target : what a usual unit shows, in the unit of the results.
    between : standard deviation of the usual differences between units beyond chance; 0 where chance explains them all.
    """

    target: float
    between: float

    def limits(self, error: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Ends between which a result with this standard error of chance lies with probability ``level``."""
        reach = ndtri(0.5 + level / 2) * np.hypot(error, self.between)
        return self.target - reach, self.target + reach


def funnel(results: np.ndarray, error: np.ndarray, target: float) -> Funnel:
    """A funnel whose limits allow for usual differences between units (additive overdispersion).

    z = (y − target)/error, the share :data:`TRIM` on each side drawn in to the rest; φ is the mean of z², over what it is of a normal
    sample drawn in alike. With w = 1/error², between² = (Iφ − (I − 1)) / (Σw − Σw²/Σw), not below zero: schools differ by nature, not by
    their size, so the same difference is allowed to all of them.

    Parameters
    ----------
    results : one a unit, without gaps.
    error : standard error that chance alone gives each, above zero.

    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185–1202, and its appendix on over-dispersion.

    Examples
    --------
    Four shares of 100 pupils each as chance scatters them, and four times as far apart.

    >>> near, error = np.array([-0.04, -0.01, 0.02, 0.03]), np.full(4, 0.04)
    >>> funnel(near, error, 0.0).between, round(funnel(4 * near, error, 0.0).between, 2)
    (0.0, 0.12)
    """
    if len(results) < 2:
        return Funnel(target, 0.0)
    z = (results - target) / error
    drawn_in = np.clip(z, *np.quantile(z, [TRIM, 1 - TRIM]))
    weight, number = error**-2.0, len(results)
    spread = number * np.mean(drawn_in**2) / _DRAWN_IN
    between = (spread - (number - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    return Funnel(target, float(np.sqrt(max(between, 0.0))))


def _mean_square_drawn_in() -> float:
    """The mean square of a standard normal variable drawn in at its quantiles."""
    end = ndtri(1 - TRIM)
    height = np.exp(-(end**2) / 2) / np.sqrt(2 * np.pi)
    return float(1 - 2 * TRIM - 2 * end * height + 2 * TRIM * end**2)


_DRAWN_IN = _mean_square_drawn_in()
