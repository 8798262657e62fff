"""The catalogue of indicators: how an indicator is declared and what shape it has.

An indicator is one decorated function in a chapter of this package. Its name is its id everywhere: in methods, tables,
reports. The function takes one input table and gives the rows ``level, group, school_id, year`` with ``value, numerator,
denominator, note`` (and ``part`` when the indicator is taken per procedure or per stage).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np
import pandas as pd

ROW = ["level", "group", "school_id", "year"]
LONG = [*ROW, "indicator", "value", "numerator", "denominator", "note"]

Unit = Literal["rate", "score", "percent", "index", "count", "number"]


@dataclass(frozen=True)
class Indicator:
    """What is known of an indicator besides its formula.

    Attributes
    ----------
    unit : rate is a proportion 0..1; percent a number 0..100; score points; index 0..100 of the formula; count; number.
    better : which direction is good for the pupil.
    pooling : how schools and years are put together: ``ratio`` sums numerators and denominators, ``mean`` weighs by the
        denominator, ``none`` cannot be pooled.
    per : what the bracket holds in ``name[part]``: ``procedure``, ``stage`` or nothing.
    """

    name: str
    table: str
    label: str
    unit: Unit
    better: Literal["high", "low", "none"]
    pooling: Literal["ratio", "mean", "none"]
    per: str | None
    reference: str
    function: Callable[[pd.DataFrame], pd.DataFrame]


_CATALOGUE: dict[str, Indicator] = {}


def indicator(
    *, table: str, label: str, unit: Unit, better: str, pooling: str = "ratio", per: str | None = None, reference: str = ""
) -> Callable:
    """Declare the decorated function as the indicator of its own name."""

    def declare(function: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable:
        name = function.__name__
        if name in _CATALOGUE:
            raise ValueError(f"indicator {name} is declared twice")
        _CATALOGUE[name] = Indicator(name, table, label, unit, better, pooling, per, reference, function)
        return function

    return declare


def catalogue() -> dict[str, Indicator]:
    """All indicators by name, in the order of the chapters."""
    import shnor_lib.indicators  # noqa: F401  the chapters declare themselves on import

    return dict(_CATALOGUE)


def split_name(name: str) -> tuple[str, str | None]:
    """Split an indicator's full name into the function's name and the part in brackets.

    Examples
    --------
    >>> split_name("pass_rate[OGE/maths/9]")
    ('pass_rate', 'OGE/maths/9')
    >>> split_name("teachers_trained_rate")
    ('teachers_trained_rate', None)
    """
    found = re.fullmatch(r"([a-z0-9_]+)(?:\[([^\]]+)\])?", name)
    if not found:
        raise ValueError(f"{name!r} is not the name of an indicator; expected name or name[part]")
    return found[1], found[2]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether the full name of an indicator fits one of the patterns (``*`` stands for anything).

    Examples
    --------
    >>> matches("mean_percent[VPR/russian/5]", ["mean_percent[VPR/*]"])
    True
    """
    escaped = (pattern.replace("[", "\0").replace("]", "[]]").replace("\0", "[[]") for pattern in patterns)
    return any(fnmatchcase(name, pattern) for pattern in escaped)


def ratio(rows: pd.DataFrame, numerator: pd.Series | str, denominator: pd.Series | str) -> pd.DataFrame:
    """Proportion of a part in its whole, row by row.

    A missing part or whole, or a whole of zero, gives a missing value and says why.

    Examples
    --------
    >>> staff = pd.DataFrame({"level": "school", "group": "", "school_id": ["1", "2"], "year": 2021,
    ...                       "men": [3.0, 1.0], "teachers": [20.0, 0.0]})
    >>> ratio(staff, "men", "teachers")["value"].tolist()
    [0.15, nan]
    """
    top = (rows[numerator] if isinstance(numerator, str) else numerator).astype("Float64").astype(float)
    whole = (rows[denominator] if isinstance(denominator, str) else denominator).astype("Float64").astype(float)
    value = top / whole.where(whole > 0)
    note = np.select(
        [top.isna() & whole.isna(), whole.isna(), whole <= 0, top.isna()],
        ["нет данных", "не указана общая численность", "общая численность равна нулю", "не указано число"],
        default="",
    )
    return rows[ROW].assign(value=value, numerator=top, denominator=whole, note=note)


def mean(rows: pd.DataFrame, value: pd.Series | str, participants: pd.Series | str) -> pd.DataFrame:
    """A mean of scores with the number of participants behind it; the numerator is their sum."""
    values = (rows[value] if isinstance(value, str) else value).astype("Float64").astype(float)
    count = (rows[participants] if isinstance(participants, str) else participants).astype("Float64").astype(float)
    values = values.where(~(count <= 0))
    note = np.select([values.isna() & ~(count <= 0), count <= 0], ["нет данных", "участников нет"], default="")
    return rows[ROW].assign(value=values, numerator=values * count, denominator=count, note=note)
