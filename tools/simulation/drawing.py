"""Reproducible draws: named random streams and whole counts from shares.

A stream depends on the seed and on its name only, so a new table or a new year never changes the numbers of the others.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from scipy.special import expit, logit


def stream(seed: int, *name: object) -> np.random.Generator:
    """The random generator that belongs to a seed and a name.

    Examples
    --------
    >>> bool(stream(1, "staff").random() == stream(1, "staff").random())
    True
    >>> bool(stream(1, "staff").random() == stream(1, "resources").random())
    False
    """
    return np.random.default_rng([seed, *(crc32(str(part).encode()) for part in name)])


def apportion(totals: np.ndarray, shares: np.ndarray, offsets: np.ndarray | float) -> np.ndarray:
    """Whole counts of each part, adding up to the totals.

    Parameters
    ----------
    totals : whole numbers, one per row.
    shares : rows × parts, each row adding up to 1.
    offsets : one number in [0, 1) per row decides the rounding; an offset kept over the years makes counts move only as
        far as totals and shares do.

    Examples
    --------
    >>> apportion(np.array([10]), np.array([[0.25, 0.25, 0.5]]), 0.5).tolist()
    [[3, 2, 5]]
    """
    bounds = np.floor(totals[:, None] * np.cumsum(shares, axis=1)[:, :-1] + np.reshape(offsets, (-1, 1)))
    bounds = np.minimum(bounds, totals[:, None])
    return np.diff(bounds, axis=1, prepend=0, append=totals[:, None]).astype(int)


def shifted_share(base: float, shift: np.ndarray) -> np.ndarray:
    """A share moved on the logit scale, so it stays between 0 and 1.

    Examples
    --------
    >>> shifted_share(0.5, np.array([0.0, 1.0])).round(2).tolist()
    [0.5, 0.73]
    """
    return expit(logit(base) + shift)


class Shares:
    """Shares of pupils, families or teachers that a school keeps over the years.

    Each named share has one random deviation and one rounding offset per school, the same in every year.
    """

    def __init__(self, seed: int, table: str, schools: int):
        self.seed, self.table, self.schools = seed, table, schools

    def deviation(self, name: str) -> np.ndarray:
        """Standard normal, one per school."""
        return stream(self.seed, self.table, name, "deviation").standard_normal(self.schools)

    def offset(self, name: str) -> np.ndarray:
        """Uniform on [0, 1), one per school."""
        return stream(self.seed, self.table, name, "offset").random(self.schools)

    def count(
        self, name: str, totals: np.ndarray, base: float, shift: np.ndarray | float = 0.0, spread: float = 0.3
    ) -> np.ndarray:
        """Whole counts: about ``base`` of the totals, moved by ``shift`` and by the school's own deviation (logits)."""
        share = shifted_share(base, shift + spread * self.deviation(name))
        return apportion(totals, np.column_stack([share, 1 - share]), self.offset(name))[:, 0]

    def split(self, name: str, totals: np.ndarray, bases: list[float], shift: np.ndarray | float = 0.0) -> np.ndarray:
        """Whole counts of ordered parts that add up to the totals; ``shift`` (logits) favours the first parts."""
        bounds = np.cumsum(bases)[:-1] / sum(bases)
        moved = shift + 0.3 * self.deviation(name)
        cumulative = np.column_stack([shifted_share(bound, moved) for bound in bounds] + [np.ones(self.schools)])
        return apportion(totals, np.diff(cumulative, axis=1, prepend=0), self.offset(name))
