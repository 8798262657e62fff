"""Normalisation: indicators in their own units become comparable numbers.

A missing value stays missing and does not take part in minima, means or ranks. A column without spread gives missing
values where the formula divides by the spread; :func:`normalise_frame` refuses such a column by name.

Higher must mean better before a method is applied: indicators of direction -1 are multiplied by -1, and goalposts, targets and
ranges given in natural units are turned over with them.

Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import Direction, Normalisation
from shnor_lib.statistics.composite.ranking import Ties, rank_values, rounded_for_ties

RELATIVE_METHODS = frozenset(
    {"minmax", "zscore", "rank", "percentile_rank", "borda", "distance_to_maximum", "distance_to_reference"}
)
"""Methods that compare units with each other and so say nothing when all units are equal."""


def normalise_values(
    values: np.ndarray, method: Normalisation, direction: Direction = 1, reference: int | None = None
) -> np.ndarray:
    """One indicator, or each column of a matrix, normalised by a declared method, so that higher is better.

    Parameters of the method are in the indicator's own units; direction -1 turns both over. With n known units, ``rank`` counts
    places from the lowest (1); ``percentile_rank`` is the share of the other units that are lower, (rank - 1) / (n - 1), and one
    unit alone has none; ``borda`` counts the units that are lower. ``zscore`` takes the standard deviation with n - 1.
    ``cap`` stops at 1 what is past the reference unit or the target; a reference unit that is itself the minimum makes units
    above it infinitely far. Goalposts do not depend on the other units, so years and municipalities stay comparable.

    Parameters
    ----------
    reference : the row of the reference unit (see :func:`reference_row`).

    Examples
    --------
    >>> from shnor_lib.params.recipe import Goalposts, MinMax
    >>> normalise_values(np.array([10.0, 15.0, np.nan, 20.0]), MinMax()).tolist()
    [0.0, 50.0, nan, 100.0]
    >>> normalise_values(np.array([0.0, 0.1, 0.3]), Goalposts(low=0.0, high=0.2), direction=-1).tolist()
    [100.0, 50.0, 0.0]
    """
    values = np.asarray(values, dtype=float)
    if np.isinf(values).any():
        raise CompositeError("бесконечное значение: проверьте деление на ноль в исходных данных")
    good = values if direction == 1 else -values
    smallest, largest = extremes(good)
    match method.method:
        case "minmax":
            return _quotient(good - smallest, largest - smallest) * (method.high - method.low) + method.low
        case "zscore":
            return _standardised(good) * method.sd + method.mean
        case "rank":
            return _places(good, method.ties)
        case "percentile_rank":
            return _quotient(_places(good, method.ties) - 1, np.sum(~np.isnan(good), axis=0) - 1)
        case "borda":
            return _places(good, method.ties) - 1
        case "distance_to_maximum":
            return 1 - _quotient(largest - good, largest - smallest)
        case "distance_to_reference":
            with np.errstate(invalid="ignore", divide="ignore"):
                share = 1 - (good[reference] - good) / (good[reference] - smallest)
            return np.minimum(share, 1.0) if method.cap else share
        case "distance_to_target":
            share = _quotient(good - smallest, direction * method.target - smallest)
            return np.minimum(share, 1.0) if method.cap else share
        case "fraction_of_maximum":
            return _quotient(good, largest)
        case "scaled" | "goalposts":
            if not method.low < method.high:
                what = "границы" if method.method == "scaled" else "целевые точки"
                raise CompositeError(f"{what}: нижняя {method.low:g} должна быть меньше верхней {method.high:g}")
            share = (good - min(direction * method.low, direction * method.high)) / (method.high - method.low)
            cut = method.method == "goalposts" and method.truncate
            return (np.clip(share, 0.0, 1.0) if cut else share) * method.factor


def reference_row(units: pd.Index, method: Normalisation) -> int | None:
    """The row of the unit that a method measures distances to, if it does; a unit that is not there is refused."""
    if method.method != "distance_to_reference":
        return None
    if method.reference not in units:
        raise CompositeError(f"опорной единицы «{method.reference}» нет среди строк")
    return units.get_loc(method.reference)


def normalise_frame(
    indicators: pd.DataFrame,
    methods: Normalisation | Mapping[str, Normalisation],
    directions: Mapping[str, Direction] | None = None,
) -> pd.DataFrame:
    """Every column of a table normalised, higher better; a column the method cannot compare is refused by name.

    Parameters
    ----------
    indicators : units in rows, one indicator a column, in natural units.
    methods : one method for all columns, or a method for each.
    directions : 1 (more is better, the default) or -1 for each column.

    Examples
    --------
    >>> from shnor_lib.params.recipe import MinMax
    >>> indicators = pd.DataFrame({"quality_rate": [0.2, 0.6], "below_minimum_rate": [0.0, 0.3]}, index=["A", "B"])
    >>> normalise_frame(indicators, MinMax(), {"below_minimum_rate": -1})
       quality_rate  below_minimum_rate
    A           0.0               100.0
    B         100.0                 0.0
    """
    directions = directions or {}
    normalised = {}
    for column in indicators:
        method = methods[column] if isinstance(methods, Mapping) else methods
        try:
            values, row = indicators[column].to_numpy(float), reference_row(indicators.index, method)
            refuse_constant(values, method)
            normalised[column] = normalise_values(values, method, directions.get(column, 1), row)
            refuse_undefined(values, normalised[column], method)
        except CompositeError as error:
            raise error.at(column) from None
    return pd.DataFrame(normalised, index=indicators.index, columns=indicators.columns)


def is_incomparable(values: np.ndarray, method: Normalisation) -> np.ndarray:
    """Whether a column (or each column of a matrix) has equal values only and the method compares units with each other."""
    smallest, largest = extremes(values)
    return (largest == smallest) & (method.method in RELATIVE_METHODS)


def refuse_constant(values: np.ndarray, method: Normalisation) -> None:
    """Refuse a column without spread when the method compares units with each other."""
    if is_incomparable(values, method).any():
        raise CompositeError(
            "показатель постоянный: все известные значения равны, метод "
            f"{method.method} не может их сравнить; уберите показатель или задайте целевые точки (goalposts)"
        )


def refuse_undefined(values: np.ndarray, normalised: np.ndarray, method: Normalisation) -> None:
    """Refuse a result in which a known value became missing or infinite."""
    if (~np.isnan(values) & ~np.isfinite(normalised)).any():
        raise CompositeError(
            f"метод {method.method} не определён на этих данных (деление на ноль или нет значения опорной единицы); "
            "проверьте параметры метода"
        )


def extremes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and the largest known value of each column."""
    return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)


def _places(values: np.ndarray, ties: Ties) -> np.ndarray:
    return rank_values(rounded_for_ties(values), ties=ties)


def _standardised(values: np.ndarray) -> np.ndarray:
    """Distances from the mean in standard deviations; missing without spread."""
    smallest, largest = extremes(values)
    number = np.sum(~np.isnan(values), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = values - np.nansum(values, axis=0) / number
        spread = np.sqrt(np.nansum(deviation**2, axis=0) / (number - 1))
    return _quotient(deviation, np.where(largest > smallest, spread, 0.0))


def _quotient(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Elementwise quotient that is missing where the denominator is zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator == 0, np.nan, numerator / np.where(denominator == 0, np.nan, denominator))
