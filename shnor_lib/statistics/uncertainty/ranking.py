"""From many possible results to "how sure": places, probability of being among the lowest, shares of failed draws.

Tables of draws have a row a replication and a column a unit; a missing value means the unit got no result in that draw.
Nothing is dropped silently: every summary says what share of the draws gave no result.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.statistics.composite.ranking import TIE_DIGITS, rank_values
from shnor_lib.statistics.uncertainty.errors import UncertaintyError

Rounding = Literal["nearest", "up", "down"]
Ties = Literal["include", "exclude"]

BATCH_CELLS = 100_000
"""Draws are taken in batches of about so many draws × units: small enough for the processor's cache, 4 to 10 times faster."""


def row_batches(rows: int, columns: int) -> Iterator[slice]:
    """Slices that walk the rows of a table in batches of about ``BATCH_CELLS`` cells."""
    step = max(1, BATCH_CELLS // max(1, columns))
    return (slice(start, start + step) for start in range(0, rows, step))


def lowest_quota(
    units: np.ndarray, share: np.ndarray | float, rounding: np.ndarray | Rounding = "nearest"
) -> np.ndarray:
    """How many units are the lowest ``share`` of ``units``: share × units, rounded half up, up or down.

    Examples
    --------
    >>> lowest_quota(np.array([9, 14, 7, 3]), 0.25).tolist()
    [2, 4, 2, 1]
    >>> lowest_quota(np.array([9, 14, 7, 3]), 0.25, "down").tolist()
    [2, 3, 1, 0]
    """
    exact = np.round(np.asarray(units) * np.asarray(share, dtype=float), 10)
    ways = {"nearest": np.floor(exact + 0.5), "up": np.ceil(exact), "down": np.floor(exact)}
    chosen = [np.broadcast_to(np.equal(rounding, way), exact.shape) for way in ways]
    if not np.any(chosen, axis=0).all():
        raise UncertaintyError(f"правило округления «{rounding}» неизвестно; допустимы nearest, up, down")
    return np.select(chosen, list(ways.values())).astype(int)


def lowest_ranked(
    ranks: pd.DataFrame, share: float | np.ndarray, rounding: Rounding = "nearest", ties: Ties = "include"
) -> pd.DataFrame:
    """In each draw, which units are among the lowest share: 1, 0, or missing for a unit without a place.

    Of n ranked units the quota k are those with place above n - k; under ``include`` also those equal to the k-th lowest.

    Parameters
    ----------
    ranks : draws in rows, units in columns, as :func:`rank_draws` finds them (1 is the highest).
    share : one share for all draws, or one for each draw (0..1).
    ties : ``include``: units equal to the last one enter with it; ``exclude``: none of them does if not all fit.

    Examples
    --------
    >>> ranks = pd.DataFrame([[4.0, 3.0, 2.0, 1.0], [2.0, 2.0, 1.0, None]], columns=list("ABCD"))
    >>> lowest_ranked(ranks, 0.25).to_numpy().tolist()
    [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, nan]]
    >>> lowest_ranked(ranks, 0.25, ties="exclude").to_numpy().tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, nan]]
    """
    if ties not in ("include", "exclude"):
        raise UncertaintyError(f"правило для равных «{ties}» неизвестно; допустимы include, exclude")
    share = np.asarray(share, dtype=float)
    if not ((share >= 0) & (share <= 1)).all():
        raise UncertaintyError("доля отстающих должна быть от 0 до 1, например 0.25")
    values = ranks.to_numpy(float)
    shares = np.broadcast_to(share, len(values))
    flags = np.empty_like(values)
    for rows in row_batches(*values.shape):
        places = values[rows]
        known = ~np.isnan(places)
        units = known.sum(axis=1)
        quota = lowest_quota(units, shares[rows], rounding)
        first = (units - quota + 1)[:, None]
        if ties == "include":
            first = np.where(places <= first, places, 0.0).max(axis=1, initial=0.0, keepdims=True)
        flagged = (places >= first) & (quota > 0)[:, None]
        flags[rows] = np.where(known, flagged, np.nan)
    return pd.DataFrame(flags, index=ranks.index, columns=ranks.columns)


def rank_draws(scores: pd.DataFrame, digits: int = TIE_DIGITS) -> pd.DataFrame:
    """Places of the units in each draw: 1 is the highest score, equal scores share the smallest place.

    Examples
    --------
    >>> rank_draws(pd.DataFrame([[1.0, 2.0, 2.0]], columns=list("ABC"))).to_numpy().tolist()
    [[3.0, 1.0, 1.0]]
    """
    values = scores.to_numpy(float)
    ranks = np.empty_like(values)
    for rows in row_batches(*values.shape):
        ranks[rows] = rank_values(np.round(values[rows], digits), descending=True, axis=1)
    return pd.DataFrame(ranks, index=scores.index, columns=scores.columns)


def summarise_ranks(ranks: pd.DataFrame, percentiles: tuple[float, ...] = (5, 50, 95)) -> pd.DataFrame:
    """For each unit, percentiles of its place over the draws in which it has one (columns ``rank_5``, …).

    Linear interpolation between places (R type 7). ``failed_share`` is the share of draws without a place.

    Examples
    --------
    >>> ranks = pd.DataFrame({"A": [1.0, 2.0, 3.0], "B": [3.0, None, None]})
    >>> summarise_ranks(ranks, percentiles=(50,))
       rank_50  failed_share
    A      2.0      0.000000
    B      3.0      0.666667
    """
    values = ranks.to_numpy(float)
    gaps = np.isnan(values).any(axis=0)
    found = np.full((len(percentiles), values.shape[1]), np.nan)
    if not gaps.all():
        found[:, ~gaps] = np.percentile(values[:, ~gaps], percentiles, axis=0)
    for column in np.flatnonzero(gaps):
        places = values[:, column][~np.isnan(values[:, column])]
        if len(places):
            found[:, column] = np.percentile(places, percentiles)
    summary = pd.DataFrame(found.T, index=ranks.columns, columns=[f"rank_{level:g}" for level in percentiles])
    return summary.assign(failed_share=np.isnan(values).mean(axis=0))


def summarise_flags(flags: pd.DataFrame) -> pd.DataFrame:
    """For each unit, how often it was flagged among the draws that judged it, and how exact that number is.

    Columns: ``probability`` (0..1; missing if no draw judged the unit), ``error`` (its Monte Carlo standard error),
    ``draws`` (how many judged it), ``failed_share`` (share of draws that did not). The error is the binomial one with two
    successes and two failures added (Agresti and Coull 1998), so 0 of 1,000 is not shown as certain; quasi-random draws
    are usually more exact than it says.

    Parameters
    ----------
    flags : draws in rows, units in columns: 1 or True for flagged, 0 or False for not, missing for not judged.

    Examples
    --------
    >>> summarise_flags(pd.DataFrame({"A": [1, 1, 0, 1], "B": [0, None, 0, 0]})).round(3)
       probability  error  draws  failed_share
    A         0.75  0.171      4          0.00
    B         0.00  0.171      3          0.25
    """
    values = flags.to_numpy(float)
    known = ~np.isnan(values)
    draws = known.sum(axis=0)
    flagged = np.where(known, values, 0.0).sum(axis=0)
    adjusted = (flagged + 2) / (draws + 4)
    return pd.DataFrame(
        {
            "probability": flagged / np.where(draws > 0, draws, np.nan),
            "error": np.where(draws > 0, np.sqrt(adjusted * (1 - adjusted) / (draws + 4)), np.nan),
            "draws": draws,
            "failed_share": 1 - draws / len(flags),
        },
        index=flags.columns,
    )
