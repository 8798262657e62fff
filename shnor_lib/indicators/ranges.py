"""Ranges and approximations that documents publish in place of one value: «39–40 %», «более 600», «около 30», «выше региона».

A value that is known as a range only is missing in every table of numbers; its cause is ``as_range`` and ``needs`` holds the
range as :attr:`Range.text` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.indicators.causes import AS_RANGE

_SIGNS = {"about": "~", "above": ">", "at_least": ">=", "below": "<", "at_most": "<="}
_WORDINGS = {sign: wording for wording, sign in _SIGNS.items()}
_BETWEEN = " .. "
OUTSIDE = 1e-9
"""So far beyond a bound that is not itself possible; more than what comparisons round away (criteria.measure.PRECISION)."""
_BESIDE = {"above_region": "выше региона", "below_region": "ниже региона"}
_WORDS = {"about": "около", "above": "более", "at_least": "не менее", "below": "менее", "at_most": "не более"}


class Range(NamedTuple):
    """What a document says of a value instead of the value: its ends (missing where it names none) and its wording."""

    low: float
    high: float
    wording: str

    @classmethod
    def printed(cls, value: float, low: float, high: float, wording: str) -> Range | None:
        """The range of a row of ``published_indicators``; None where the row gives a plain value or nothing.

        ``wording``: "" where the row has none; an only bound is then taken in.
        """
        if wording in _BESIDE:
            return cls(np.nan, np.nan, wording)
        if wording == "about":
            return None if np.isnan(value) else cls(value, value, wording)
        if not np.isnan(value) or (np.isnan(low) and np.isnan(high)):
            return None
        if not np.isnan(low) and not np.isnan(high):
            return cls(low, high, "range")
        least = np.isnan(high)
        allowed = ("above", "at_least") if least else ("below", "at_most")
        return cls(low, high, wording if wording in allowed else allowed[1])

    @classmethod
    def read(cls, text: str) -> Range:
        """A range from its :attr:`text`.

        Examples
        --------
        >>> Range.read("0.39 .. 0.4"), Range.read("> 600").text
        (Range(low=0.39, high=0.4, wording='range'), '> 600')
        """
        if text in _BESIDE:
            return cls(np.nan, np.nan, text)
        if _BETWEEN in text:
            low, _, high = text.partition(_BETWEEN)
            return cls(float(low), float(high), "range")
        sign, _, number = text.partition(" ")
        wording, end = _WORDINGS[sign], float(number)
        below, above = wording in ("above", "at_least"), wording in ("below", "at_most")
        return cls(np.nan if above else end, np.nan if below else end, wording)

    @property
    def text(self) -> str:
        """The range as ``needs`` keeps it."""
        if self.wording in _BESIDE:
            return self.wording
        if self.wording == "range":
            return f"{self.low:.15g}{_BETWEEN}{self.high:.15g}"
        return f"{_SIGNS[self.wording]} {self.high if np.isnan(self.low) else self.low:.15g}"

    def words(self, per_cent: bool) -> str:
        """The range as a document prints it, with every digit of its own.

        Examples
        --------
        >>> Range(0.39, 0.4, "range").words(per_cent=True), Range(600, np.nan, "above").words(per_cent=False)
        ('39–40\xa0%', 'более 600')
        """
        if self.wording in _BESIDE:
            return _BESIDE[self.wording]
        ends = [f"{100 * end if per_cent else end:.10g}".replace(".", ",") for end in (self.low, self.high)]
        unit = "\u00a0%" if per_cent else ""
        if self.wording == "range":
            return f"{ends[0]}–{ends[1]}{unit}"
        return f"{_WORDS[self.wording]} {ends[1] if np.isnan(self.low) else ends[0]}{unit}"

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value that the document leaves possible; of «около» and of one bound any on that side."""
        if self.wording == "about":
            return -np.inf, np.inf
        low = -np.inf if np.isnan(self.low) else self.low
        high = np.inf if np.isnan(self.high) else self.high
        if self.wording == "above":
            low += OUTSIDE
        if self.wording == "below":
            high -= OUTSIDE
        return low, high

    def holds(self, value: float, give: float = 0.0) -> bool:
        """Whether the document leaves a value possible; ``give`` is the rounding of its print."""
        low, high = self.ends
        return low - give <= value <= high + give


def ranges_in_words(rows: pd.DataFrame, units: Iterable[str]) -> list[str]:
    """What a document prints in place of the value of each row of indicators, "" where there is a value or nothing.

    ``rows``: ``cause`` and ``needs``; ``units``: of each row, shares are told in per cent.

    Examples
    --------
    >>> rows = pd.DataFrame({"cause": ["as_range", ""], "needs": ["> 0.7", ""]})
    >>> ranges_in_words(rows, ["rate", "rate"])
    ['более 70\xa0%', '']
    """
    told = zip(rows["cause"], rows["needs"], units, strict=True)
    return [
        Range.read(needs).words(unit in ("rate", "flag")) if cause == AS_RANGE else "" for cause, needs, unit in told
    ]


def with_ranges(values: pd.Series, causes: pd.Series, needs: pd.Series) -> pd.Series:
    """Values as they can be shown: a range where the document prints one instead of the value.

    Examples
    --------
    >>> known = with_ranges(pd.Series([0.5, np.nan]), pd.Series(["", "as_range"]), pd.Series(["", "> 600"]))
    >>> known[0], known[1].words(per_cent=False)
    (0.5, 'более 600')
    """
    told = zip(values.astype(object), causes, needs, strict=True)
    shown = [
        Range.read(need) if cause == AS_RANGE and isinstance(need, str) and need and ";" not in need else value
        for value, cause, need in told
    ]
    found = pd.Series(index=values.index, dtype=object)
    found[:] = pd.Series(shown, dtype=object).to_numpy()
    return found
