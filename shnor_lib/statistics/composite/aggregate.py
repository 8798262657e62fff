"""Aggregation: children of a node combined into one score.

Vector functions take the values of one unit (or a matrix, units in rows) and one weight a child. A missing child is left
out and the weights of the others are renormalised; a unit whose share of known children is below ``minimum_available``,
or whose known children all have zero weight, has no score.

Arithmetic, geometric, harmonic and power means are one formula, g⁻¹(Σ w g(x) / Σ w), with g the identity, the logarithm,
1/x and x^p (:class:`Mean`); the uncertainty module uses the same pieces for many weights at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.params.errors import ABOVE_ZERO, CompositeError
from shnor_lib.params.recipe import Aggregation, breaks_mean

ROUNDING = 1e-12
"""Shares such as 2/3 are compared with the missing rule up to this error."""


@dataclass(frozen=True)
class Mean:
    """A mean: the transform g, its inverse, and which values it refuses and why."""

    name: str
    transform: Callable[[np.ndarray], np.ndarray]
    inverse: Callable[[np.ndarray], np.ndarray]
    refuses: Callable[[np.ndarray], np.ndarray] | None = None
    why: str = ""


MEANS = {
    "arithmetic": Mean("среднее арифметическое", np.asarray, np.asarray),
    "geometric": Mean(
        "среднее геометрическое",
        np.log,
        np.exp,
        lambda values: values <= 0,
        "среди значений есть нулевые или отрицательные",
    ),
    "harmonic": Mean(
        "среднее гармоническое", np.reciprocal, np.reciprocal, lambda values: values == 0, "среди значений есть нулевые"
    ),
}


def mean_of(aggregation: Aggregation) -> Mean:
    """The mean a recipe names; Copeland is not a mean, it compares units."""
    if aggregation.method != "power":
        return MEANS[aggregation.method]
    exponent = aggregation.exponent
    return Mean(
        f"степенное среднее (p = {exponent:g})",
        lambda values: values**exponent,
        lambda values: values ** (1 / exponent),
        (lambda values: values <= 0) if exponent < 0 else None,
        "при отрицательной степени среди значений есть нулевые или отрицательные",
    )


def aggregate_values(
    values: np.ndarray,
    aggregation: Aggregation,
    weights: np.ndarray | None = None,
    minimum_available: float = 0.0,
) -> np.ndarray:
    """The children of one unit, or of every row of a matrix, combined by a declared mean (or by :func:`copeland`).

    Values for which the mean is undefined are refused: not above zero for the geometric, zero for the harmonic, not above zero
    for a power below zero; a fractional power of a negative value is missing. An index refuses more (:func:`shnor_lib.params.recipe.breaks_mean`).
    (COINr 1.1.14 gives no power mean when any child is missing.)

    Examples
    --------
    >>> from shnor_lib.params.recipe import PlainMean
    >>> round(float(aggregate_values(np.array([10.0, np.nan, 90.0]), PlainMean(), np.array([2.0, 3.0, 5.0]))), 9)
    67.142857143
    >>> aggregate_values(np.array([[4.0, 9.0], [1.0, 1.0]]), PlainMean(method="geometric")).round(9).tolist()
    [6.0, 1.0]
    """
    if aggregation.method == "copeland":
        return copeland(values, weights, minimum_available)
    values, mean = np.asarray(values, dtype=float), mean_of(aggregation)
    rows = np.atleast_2d(values)
    weights = checked_weights(weights, rows.shape[1])
    if mean.refuses is not None and mean.refuses(rows).any():
        raise CompositeError(f"{mean.name}: {mean.why}; {ABOVE_ZERO}")
    known = ~np.isnan(rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        total = known @ weights
        scores = mean.inverse(np.where(known, mean.transform(rows), 0.0) @ weights / np.where(total > 0, total, np.nan))
    scores[~_enough_known(rows, minimum_available)] = np.nan
    return scores[0] if values.ndim == 1 else scores


def outrank(values: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """How far unit i is above unit j, for all pairs: weights (summing to 1) of the children where it is higher, half for ties.

    A pair is compared on the children both units have, weights renormalised; a pair with nothing in common is even, 0.5.
    (COINr 1.1.14 lets the row order decide here.) A unit does not outrank itself: the diagonal is 0.

    Examples
    --------
    >>> outrank(np.array([[5.0, 2.0], [3.0, 2.0]]), np.array([3.0, 1.0])).tolist()
    [[0.0, 0.875], [0.125, 0.0]]
    """
    values = np.asarray(values, dtype=float)
    weights = checked_weights(weights, values.shape[1])
    won, compared = np.zeros((len(values),) * 2), np.zeros((len(values),) * 2)
    for child, weight in zip(values.T, weights, strict=True):
        both = ~np.isnan(child)[:, None] & ~np.isnan(child)[None, :]
        above = np.where(both, (child[:, None] > child) + 0.5 * (child[:, None] == child), 0.0)
        won += weight * above
        compared += weight * both
    matrix = np.where(compared > 0, won / np.where(compared > 0, compared, 1.0), 0.5)
    np.fill_diagonal(matrix, 0.0)
    return matrix


def copeland(values: np.ndarray, weights: np.ndarray | None = None, minimum_available: float = 0.0) -> np.ndarray:
    """Copeland score: comparisons won (outranking above 0.5) minus comparisons lost.

    Units without enough known children take no part and have no score.

    Examples
    --------
    >>> copeland(np.array([[5.0, 2.0], [3.0, 2.0], [1.0, 1.0]])).tolist()
    [2.0, 0.0, -2.0]
    """
    values = np.asarray(values, dtype=float)
    taking_part = _enough_known(values, minimum_available)
    scores = np.full(len(values), np.nan)
    matrix = outrank(values[taking_part], weights)
    others = ~np.eye(len(matrix), dtype=bool)
    won, lost = (matrix > 0.5 + ROUNDING) & others, (matrix < 0.5 - ROUNDING) & others
    scores[taking_part] = won.sum(axis=1) - lost.sum(axis=1)
    return scores


def aggregate_frame(
    children: pd.DataFrame,
    aggregation: Aggregation,
    weights: Mapping[str, float] | None = None,
    minimum_available: float = 0.0,
) -> pd.Series:
    """One score a unit from a table of its children.

    Parameters
    ----------
    children : units in rows, normalised children in columns.
    weights : a weight for each column; equal by default.
    minimum_available : share of children that must be known (0..1).

    Examples
    --------
    >>> from shnor_lib.params.recipe import PlainMean
    >>> children = pd.DataFrame({"quality": [40.0, 80.0], "progress": [60.0, None]}, index=["A", "B"])
    >>> aggregate_frame(children, PlainMean(), minimum_available=1.0).tolist()
    [50.0, nan]
    """
    if weights is not None and set(weights) != set(children.columns):
        raise CompositeError(f"веса даны для {sorted(weights)}, а столбцы — {sorted(children.columns)}")
    given = None if weights is None else np.array([weights[column] for column in children.columns], dtype=float)
    values = children.to_numpy(float)
    refused = np.atleast_1d(breaks_mean(aggregation, values))
    if refused.any():
        row, column = np.argwhere(refused)[0]
        raise CompositeError(
            f"{mean_of(aggregation).name} не определено: значение {values[row, column]:g} у «{children.index[row]}» "
            f"в «{children.columns[column]}»; {ABOVE_ZERO}"
        )
    return pd.Series(aggregate_values(values, aggregation, given, minimum_available), index=children.index)


def checked_weights(weights: np.ndarray | None, children: int) -> np.ndarray:
    """Weights as an array: equal when not given; a wrong length, a negative weight or a zero sum is refused."""
    if weights is None:
        return np.ones(children)
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (children,):
        raise CompositeError(f"весов {weights.size}, а показателей {children}; нужен один вес на показатель")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise CompositeError("вес отрицателен или не задан; веса должны быть числами не меньше нуля")
    if weights.sum() == 0:
        raise CompositeError("сумма весов равна нулю; задайте хотя бы один положительный вес")
    return weights


def _enough_known(rows: np.ndarray, minimum_available: float) -> np.ndarray:
    share = np.mean(~np.isnan(rows), axis=1)
    return (share >= minimum_available - ROUNDING) & (share > 0)
