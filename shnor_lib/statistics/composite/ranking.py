"""Ranks with a stated rule for ties.

Floating-point noise must not decide who is lower, so values are rounded before they are compared:
scores to a number of decimals (10 by default), indicators of any unit to 12 significant digits of the column's
largest value.
"""

import numpy as np
import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import TIE_DIGITS, Ties

SIGNIFICANT_DIGITS = 12


def rank_values(values: np.ndarray, ties: Ties = "min", descending: bool = False, axis: int = 0) -> np.ndarray:
    """Ranks 1, 2, … of the values along an axis; a missing value has a missing rank.

    Equal values get the smallest (``min``), the mean (``average``) or the largest (``max``) of their ranks.
    Values are compared exactly: round first (:func:`rounded_for_ties`) where noise is possible.

    Examples
    --------
    >>> rank_values(np.array([20.0, 10.0, 20.0, np.nan])).tolist()
    [2.0, 1.0, 2.0, nan]
    >>> rank_values(np.array([20.0, 10.0, 20.0]), ties="average", descending=True).tolist()
    [1.5, 3.0, 1.5]
    """
    if ties not in ("min", "average", "max"):
        raise CompositeError(f"правило для равных значений «{ties}» неизвестно; допустимы min, average, max")
    values = np.asarray(values, dtype=float)
    columns = np.ascontiguousarray(np.moveaxis(-values if descending else values, axis, -1))
    order = np.argsort(columns, axis=-1)
    ordered = np.take_along_axis(columns, order, axis=-1)
    position = np.arange(1, columns.shape[-1] + 1, dtype=float)
    changes = ordered[..., 1:] != ordered[..., :-1]
    edge = np.ones((*ordered.shape[:-1], 1), dtype=bool)
    smallest = np.maximum.accumulate(np.where(np.concatenate([edge, changes], axis=-1), position, 0.0), axis=-1)
    if ties == "min":
        ranked = smallest
    else:
        last = np.where(np.concatenate([changes, edge], axis=-1), position, np.inf)
        largest = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
        ranked = largest if ties == "max" else (smallest + largest) / 2
    ranked[np.isnan(ordered)] = np.nan
    ranks = np.empty_like(ranked)
    np.put_along_axis(ranks, order, ranked, axis=-1)
    return np.moveaxis(ranks, -1, axis)


def rounded_for_ties(values: np.ndarray, significant: int = SIGNIFICANT_DIGITS) -> np.ndarray:
    """Values rounded to significant digits of the largest in their column, so that noise does not split ties.

    Examples
    --------
    >>> rounded_for_ties(np.array([3.4, 3.4000000000000004, 500.0])).tolist()
    [3.4, 3.4, 500.0]
    """
    values = np.asarray(values, dtype=float)
    largest = np.fmax.reduce(np.abs(values), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        magnitude = np.where(largest > 0, np.ceil(np.log10(largest)), 0.0)
    magnitude = np.where(np.isfinite(magnitude), magnitude, 0.0)
    scale = 10.0 ** (significant - magnitude)
    return np.round(values * scale) / scale


def rank_scores(scores: pd.DataFrame, digits: int = TIE_DIGITS, groups: pd.Series | None = None) -> pd.DataFrame:
    """Places of the units by each score: 1 is the highest score, equal scores share the smallest place.

    Parameters
    ----------
    scores : units in rows, one score a column.
    digits : scores are rounded to so many decimals before they are compared.
    groups : a group for each unit, if places are counted within groups; a unit without a group has no place.

    Examples
    --------
    >>> scores = pd.DataFrame({"index": [10.0, 30.0, 30.0 + 1e-13, None]}, index=["A", "B", "C", "D"])
    >>> rank_scores(scores)["index"].tolist()
    [3, 1, 1, <NA>]
    """
    rounded = scores.round(digits)
    compared = rounded if groups is None else rounded.groupby(groups.reindex(scores.index))
    return compared.rank(method="min", ascending=False).astype("Int64")
