"""Intervals for rates and means: the range in which the true value plausibly lies, given how few pupils it rests on."""

from functools import lru_cache

import numpy as np
import pandas as pd

from shnor_lib.statistics.uncertainty.errors import UncertaintyError


def wilson_interval(numerator: pd.Series, denominator: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Interval for a rate of k out of n pupils. It stays inside 0..1 and is honest for few pupils and for 0 of n.

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), p = k/n. Missing where n is zero or either count is missing.

    Parameters
    ----------
    numerator, denominator : counts with the same index, 0 <= numerator <= denominator.
    level : confidence level, 0..1.

    Returns
    -------
    Columns ``low`` and ``high`` (0..1).

    Source: Wilson (1927), JASA 22; Brown, Cai and DasGupta (2001), Statistical Science 16.

    Examples
    --------
    >>> failing, participants = pd.Series([0, 5, 50]), pd.Series([10, 10, 100])
    >>> wilson_interval(failing, participants).round(3)
         low   high
    0  0.000  0.278
    1  0.237  0.763
    2  0.404  0.596
    """
    k, n = checked_counts(numerator, denominator)
    low, high = wilson_ends(k.to_numpy(), n.to_numpy(), level)
    return pd.DataFrame({"low": low, "high": high}, index=k.index)


def wilson_ends(k: np.ndarray, n: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The ends of :func:`wilson_interval` for arrays of counts that are known to fit; missing where one of them is."""
    z = _normal_quantile(0.5 + _checked_level(level) / 2)
    rate = k / n
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    known = ~np.isnan(rate)
    low = np.where(known, np.where(k > 0, centre - reach, 0.0), np.nan)
    return low, np.where(known, np.where(k < n, centre + reach, 1.0), np.nan)


def rates_differ(k: float, n: float, other_k: float, other_n: float, level: float = 0.95) -> bool:
    """Whether two rates differ by more than chance: the interval of their difference leaves out nothing.

    Source: Newcombe (1998), Statistics in Medicine 17, method 10: the ends of the two Wilson intervals, squared and added.

    Examples
    --------
    >>> rates_differ(90, 104, 93, 107), rates_differ(90, 104, 60, 107)
    (False, True)
    """
    counts, of = np.array([k, other_k], dtype=float), np.array([n, other_n], dtype=float)
    low, high = wilson_ends(counts, of, level)
    rate = counts / of
    gap, reach = rate[1] - rate[0], np.hypot(rate[1] - low[1], high[0] - rate[0])
    other_reach = np.hypot(high[1] - rate[1], rate[0] - low[0])
    return bool(gap - reach > 0 or gap + other_reach < 0)


@lru_cache
def _normal_quantile(probability: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


def mean_interval(mean: pd.Series, sd: pd.Series, number: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Interval for a mean of n values with standard deviation s (n - 1): mean ± t · s / √n. Missing below two values.

    Examples
    --------
    >>> mean_interval(pd.Series([60.0]), pd.Series([10.0]), pd.Series([25])).round(2)
         low   high
    0  55.87  64.13
    """
    enough = number.astype(float).where(number >= 2)
    import scipy

    reach = scipy.stats.t.ppf(0.5 + _checked_level(level) / 2, enough - 1) * sd / np.sqrt(enough)
    return pd.DataFrame({"low": mean - reach, "high": mean + reach})


def checked_counts(numerator: pd.Series, denominator: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Counts as floats with a zero denominator made missing; a count outside 0..n is refused with its row named."""
    k, n = pd.Series(numerator).astype(float), pd.Series(denominator).astype(float)
    if not k.index.equals(n.index):
        raise UncertaintyError("у числителя и знаменателя разные строки; выровняйте их по школам")
    wrong = (k < 0) | (n < 0) | (k > n)
    if wrong.any():
        row = k.index[wrong][0]
        raise UncertaintyError(
            f"строка «{row}»: числитель {k[row]:g} не в пределах 0..{n[row]:g}; проверьте исходные количества"
        )
    n = n.where(n > 0)
    return k.where(n.notna()), n.where(k.notna())


def _checked_level(level: float) -> float:
    if not 0 < level < 1:
        raise UncertaintyError(f"уровень доверия {level:g} должен быть между 0 и 1, например 0.95")
    return level
