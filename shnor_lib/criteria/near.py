"""Who stands near a threshold: verdicts that the error of measurement could turn over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shnor_lib.criteria.rules import (
    Cells,
    Judged,
    Measured,
    judge,
    ranked_together,
    spread_within,
)
from shnor_lib.params.methods import Criterion
from shnor_lib.statistics.uncertainty.intervals import wilson_ends

NEAR_SPREAD = 0.1
"""Our assumption: without a sampling interval, a school is near a threshold when it is closer than 10 % of the schools' spread."""


def near_threshold(criterion: Criterion, measured: Measured, judged: Judged) -> np.ndarray:
    """By school, whether the verdict could turn over by the error of measurement.

    A rate with known participants is near when its Wilson interval (95 %) holds the threshold; the rule of low procedures when
    it is judged otherwise at the lower or at the upper ends of the intervals of its shares; any other value when its margin is
    smaller than :data:`NEAR_SPREAD` of the spread (largest minus smallest) of the values of its municipality.
    """
    if measured.cells is not None:
        at_ends = judge(criterion, replace(measured, cells=_ends_of_cells(measured.cells)))
        return ~judged.open[0] & (at_ends.flags != judged.flags).any(axis=0)
    value, people = measured.values[0], measured.people[0]
    low, high = sampling_interval(value, people)
    known = ~np.isnan(low) & (measured.unit == "rate")
    threshold = np.broadcast_to(judged.threshold, (1, len(value)))[0]
    spread = spread_within(value, ranked_together(measured.schools, "municipality", None))
    close = (np.abs(judged.margin[0]) <= NEAR_SPREAD * spread) & (spread > 0)
    return ~judged.open[0] & np.where(known, (low <= threshold) & (threshold <= high), close)


def sampling_interval(share: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wilson intervals (95 %) of shares with known participants; missing for the rest."""
    known = (share >= 0) & (share <= 1) & (people > 0)
    number = np.where(known, people, np.nan)
    return wilson_ends(np.minimum(share * number, number), number)


def _ends_of_cells(cells: Cells) -> Cells:
    """The cells with two draws of shares: the lower and the upper ends of their intervals."""
    own = cells.shares[0]
    return replace(
        cells, shares=np.stack([np.where(np.isnan(end), own, end) for end in sampling_interval(own, cells.people)])
    )
