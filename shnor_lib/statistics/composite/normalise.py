"""Normalisation: indicators in their own units become comparable numbers.

Vector functions take an array of one indicator (or a matrix: each column by itself) and return the same shape.
A missing value stays missing and does not take part in minima, means or ranks. A column without spread gives missing
values where the formula divides by the spread; :func:`normalise_frame` refuses such a column by name.

Higher must mean better before a method is applied: :func:`normalise_frame` multiplies indicators of direction -1 by -1
and turns goalposts, targets and ranges given in natural units over with them.

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


def normalise_minmax(values: np.ndarray, low: float = 0.0, high: float = 100.0) -> np.ndarray:
    """The lowest value becomes ``low``, the highest ``high``: (x - min) / (max - min) * (high - low) + low.

    Examples
    --------
    >>> normalise_minmax(np.array([10.0, 15.0, np.nan, 20.0])).tolist()
    [0.0, 50.0, nan, 100.0]
    """
    smallest, largest = _minimum(values), _maximum(values)
    return _quotient(values - smallest, largest - smallest) * (high - low) + low


def normalise_zscore(values: np.ndarray, mean: float = 0.0, sd: float = 1.0) -> np.ndarray:
    """Distance from the mean in standard deviations (n - 1), moved to the given mean and spread.

    Examples
    --------
    >>> normalise_zscore(np.array([1.0, 2.0, 3.0]), mean=10, sd=2).tolist()
    [8.0, 10.0, 12.0]
    """
    values = np.asarray(values, dtype=float)
    number = np.sum(~np.isnan(values), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = values - np.nansum(values, axis=0) / number
        spread = np.sqrt(np.nansum(deviation**2, axis=0) / (number - 1))
    spread = np.where(_maximum(values) > _minimum(values), spread, 0.0)
    return _quotient(deviation, spread) * sd + mean


def normalise_rank(values: np.ndarray, ties: Ties = "min") -> np.ndarray:
    """Places counted from the lowest: 1 is the lowest value.

    Examples
    --------
    >>> normalise_rank(np.array([7.0, 3.0, 7.0]), ties="average").tolist()
    [2.5, 1.0, 2.5]
    """
    return rank_values(rounded_for_ties(values), ties=ties)


def normalise_percentile_rank(values: np.ndarray, ties: Ties = "min") -> np.ndarray:
    """Share of the other units that are lower: (rank - 1) / (n - 1), n without the missing; one unit alone has none.

    Examples
    --------
    >>> normalise_percentile_rank(np.array([7.0, 3.0, 5.0])).tolist()
    [1.0, 0.0, 0.5]
    """
    number = np.sum(~np.isnan(np.asarray(values, dtype=float)), axis=0)
    return _quotient(normalise_rank(values, ties) - 1, number - 1)


def normalise_borda(values: np.ndarray, ties: Ties = "min") -> np.ndarray:
    """Borda points: how many units are lower (rank - 1).

    Examples
    --------
    >>> normalise_borda(np.array([7.0, 3.0, 5.0])).tolist()
    [2.0, 0.0, 1.0]
    """
    return normalise_rank(values, ties) - 1


def normalise_distance_to_maximum(values: np.ndarray) -> np.ndarray:
    """One minus the distance to the best unit in ranges: 1 - (max - x) / (max - min).

    Examples
    --------
    >>> normalise_distance_to_maximum(np.array([10.0, 15.0, 20.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    smallest, largest = _minimum(values), _maximum(values)
    return 1 - _quotient(largest - values, largest - smallest)


def normalise_distance_to_reference(values: np.ndarray, reference: int, cap: bool = False) -> np.ndarray:
    """One minus the distance to a reference unit: 1 - (x_ref - x) / (x_ref - min).

    ``reference`` is the unit's row. Units above the reference exceed 1 unless ``cap``. When the reference has no value,
    nobody has; when it is itself the minimum, units above it are infinitely far and only ``cap`` makes them 1.

    Examples
    --------
    >>> normalise_distance_to_reference(np.array([10.0, 20.0, 30.0]), reference=1).tolist()
    [0.0, 1.0, 2.0]
    """
    values = np.asarray(values, dtype=float)
    gap = values[reference] - _minimum(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        normalised = 1 - (values[reference] - values) / gap
    return np.minimum(normalised, 1.0) if cap else normalised


def normalise_distance_to_target(
    values: np.ndarray, target: float, direction: Direction = 1, cap: bool = False
) -> np.ndarray:
    """Share of the way from the worst unit to the target: (x - min) / (t - min), or (max - x) / (max - t).

    Units past the target exceed 1 unless ``cap``. A target worse than the worst unit gives negative values.

    Examples
    --------
    >>> normalise_distance_to_target(np.array([10.0, 15.0, 30.0]), target=20, cap=True).tolist()
    [0.0, 0.5, 1.0]
    """
    worst = _minimum(values) if direction == 1 else _maximum(values)
    normalised = _quotient(values - worst, target - worst)
    return np.minimum(normalised, 1.0) if cap else normalised


def normalise_fraction_of_maximum(values: np.ndarray) -> np.ndarray:
    """The value as a share of the largest: x / max.

    Examples
    --------
    >>> normalise_fraction_of_maximum(np.array([5.0, 10.0])).tolist()
    [0.5, 1.0]
    """
    return _quotient(values, _maximum(values))


def normalise_scaled(values: np.ndarray, low: float, high: float, factor: float = 100.0) -> np.ndarray:
    """A known range becomes 0..factor, without cutting: (x - low) / (high - low) * factor.

    Examples
    --------
    >>> normalise_scaled(np.array([2.0, 3.5, 6.0]), low=2, high=5).tolist()
    [0.0, 50.0, 133.33333333333331]
    """
    _require_different("границы", low, high)
    return (np.asarray(values, dtype=float) - low) / (high - low) * factor


def normalise_goalposts(
    values: np.ndarray,
    low: float,
    high: float,
    factor: float = 100.0,
    direction: Direction = 1,
    truncate: bool = True,
) -> np.ndarray:
    """Two fixed posts become 0 and ``factor``: (x - low) / (high - low), or (x - high) / (low - high) when less is better.

    Values beyond the posts are cut to 0..factor unless ``truncate`` is off. The posts do not depend on the other units,
    so years and municipalities stay comparable.

    Examples
    --------
    >>> normalise_goalposts(np.array([0.1, 0.5, 0.9]), low=0.25, high=0.75).tolist()
    [0.0, 50.0, 100.0]
    """
    _require_different("целевые точки", low, high)
    values = np.asarray(values, dtype=float)
    share = (values - low) / (high - low) if direction == 1 else (values - high) / (low - high)
    return (np.clip(share, 0.0, 1.0) if truncate else share) * factor


def normalise_column(values: pd.Series, method: Normalisation, direction: Direction = 1) -> pd.Series:
    """One indicator normalised by a declared method, so that higher is better.

    Parameters of the method are in the indicator's own units; direction -1 turns both over.

    Examples
    --------
    >>> from shnor_lib.params.recipe import Goalposts
    >>> below_minimum_rate = pd.Series([0.0, 0.1, 0.3], index=["A", "B", "C"])
    >>> normalise_column(below_minimum_rate, Goalposts(low=0.0, high=0.2), direction=-1).tolist()
    [100.0, 50.0, 0.0]
    """
    if method.method == "distance_to_reference" and method.reference not in values.index:
        raise CompositeError(f"опорной единицы «{method.reference}» нет среди строк")
    position = values.index.get_loc(method.reference) if method.method == "distance_to_reference" else None
    return pd.Series(normalise_matrix(values.to_numpy(float), method, direction, position), index=values.index)


def normalise_matrix(
    values: np.ndarray, method: Normalisation, direction: Direction = 1, reference: int | None = None
) -> np.ndarray:
    """A vector, or each column of a matrix, normalised by a declared method (see :func:`normalise_column`)."""
    if np.isinf(values).any():
        raise CompositeError("бесконечное значение: проверьте деление на ноль в исходных данных")
    good = values if direction == 1 else -values
    match method.method:
        case "minmax":
            return normalise_minmax(good, method.low, method.high)
        case "zscore":
            return normalise_zscore(good, method.mean, method.sd)
        case "rank":
            return normalise_rank(good, method.ties)
        case "percentile_rank":
            return normalise_percentile_rank(good, method.ties)
        case "borda":
            return normalise_borda(good, method.ties)
        case "distance_to_maximum":
            return normalise_distance_to_maximum(good)
        case "distance_to_reference":
            return normalise_distance_to_reference(good, reference, method.cap)
        case "distance_to_target":
            return normalise_distance_to_target(values, method.target, direction, method.cap)
        case "fraction_of_maximum":
            return normalise_fraction_of_maximum(good)
        case "scaled":
            ends = (method.low, method.high) if direction == 1 else (-method.high, -method.low)
            return normalise_scaled(good, *ends, factor=method.factor)
        case "goalposts":
            return normalise_goalposts(values, method.low, method.high, method.factor, direction, method.truncate)


def normalise_frame(
    indicators: pd.DataFrame,
    methods: Normalisation | Mapping[str, Normalisation],
    directions: Mapping[str, Direction] | None = None,
) -> pd.DataFrame:
    """Every column of a table normalised, higher better; a column the method cannot compare is refused by name.

    Parameters
    ----------
    indicators
        Units in rows, one indicator a column, in natural units.
    methods
        One method for all columns, or a method for each.
    directions
        1 (more is better, the default) or -1 for each column.

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
            refuse_constant(indicators[column].to_numpy(float), method)
            normalised[column] = normalise_column(indicators[column], method, directions.get(column, 1))
            refuse_undefined(indicators[column].to_numpy(float), normalised[column].to_numpy(), method)
        except CompositeError as error:
            raise error.at(column) from None
    return pd.DataFrame(normalised, index=indicators.index, columns=indicators.columns)


def is_constant(values: np.ndarray) -> np.ndarray:
    """Whether a column (or each column of a matrix) has values and they are all equal."""
    return _maximum(values) == _minimum(values)


def refuse_constant(values: np.ndarray, method: Normalisation) -> None:
    """Refuse a column without spread when the method compares units with each other."""
    if method.method in RELATIVE_METHODS and is_constant(values).any():
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


def _minimum(values: np.ndarray) -> np.ndarray:
    return np.fmin.reduce(np.asarray(values, dtype=float), axis=0)


def _maximum(values: np.ndarray) -> np.ndarray:
    return np.fmax.reduce(np.asarray(values, dtype=float), axis=0)


def _quotient(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Elementwise quotient that is missing where the denominator is zero."""
    numerator, denominator = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator == 0, np.nan, numerator / np.where(denominator == 0, np.nan, denominator))


def _require_different(what: str, low: float, high: float) -> None:
    if not low < high:
        raise CompositeError(f"{what}: нижняя {low:g} должна быть меньше верхней {high:g}")
