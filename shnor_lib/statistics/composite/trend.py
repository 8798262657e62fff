"""How an indicator moves over the years: yearly growth, per cent change, values between known years."""

import numpy as np

from shnor_lib.params.errors import CompositeError


def growth_rate(values: np.ndarray, times: np.ndarray) -> float:
    """Compound yearly growth between the first and the last known value: (last / first)^(1 / years) - 1.

    Zero when they are equal (also both zero); missing when there are fewer than two known values, or when growth from
    zero or across zero has no meaning.

    Examples
    --------
    >>> round(growth_rate(np.array([100.0, np.nan, 121.0]), np.array([2019, 2020, 2021])), 9)
    0.1
    """
    values, times = _known_in_order(values, times)
    if len(values) < 2:
        return float("nan")
    first, last = values[0], values[-1]
    if first == last:
        return 0.0
    return float((last / first) ** (1 / (times[-1] - times[0])) - 1) if first * last > 0 else float("nan")


def percentage_change(values: np.ndarray, times: np.ndarray, period: float = 1.0) -> float:
    """Per cent change a period on the straight line through the known values, relative to the line's start.

    100 · slope · period / fitted value at the first time; missing with fewer than two known values or a zero start.

    Examples
    --------
    >>> round(percentage_change(np.array([10.0, 12.0, 14.0]), np.array([2019, 2020, 2021])), 9)
    20.0
    """
    values, times = _known_in_order(values, times)
    if len(values) < 2:
        return float("nan")
    slope, start = np.polyfit(times - times[0], values, 1)
    return float(100 * slope * period / start) if start != 0 else float("nan")


def interpolate_over_time(values: np.ndarray, times: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Values at the wanted times on straight lines between known ones; missing before the first and after the last.

    Examples
    --------
    >>> interpolate_over_time(np.array([1.0, np.nan, 3.0]), np.array([2010, 2011, 2014]), np.array([2009, 2012])).tolist()
    [nan, 2.0]
    """
    values, times = _known_in_order(values, times)
    if not len(values):
        return np.full(len(wanted), np.nan)
    return np.interp(wanted, times, values, left=np.nan, right=np.nan)


def _known_in_order(values: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, times = np.asarray(values, dtype=float), np.asarray(times, dtype=float)
    if len(np.unique(times)) < len(times):
        raise CompositeError("момент времени повторяется; нужно одно значение на год")
    order = np.argsort(times)
    values, times = values[order], times[order]
    return values[~np.isnan(values)], times[~np.isnan(values)]
