"""Texts become values: one rule for each type of the dictionary, applied to the distinct texts of a column.

A text that fits no rule is left missing and reported as unreadable; it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from math import isnan

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from shnor_lib.inputs.dictionary import Column
from shnor_lib.inputs.due import reporting_period
from shnor_lib.workspace import FIRST_YEAR, LAST_YEAR

NO_DATA = ("н/д", "нет данных", "n/a", "…", "...")
"""Texts that say there are no data. A dash is not among them: some offices mean zero by it."""

LARGEST, LONGEST = 1e15, 15
"""Larger numbers (and more digits) are not exact; no table holds them."""
NOISE = 1e-9

_FLAGS = {
    True: ("да", "yes", "true", "истина", "1", "+"),
    False: ("нет", "no", "false", "ложь", "0"),
}
_FLAG_OF = {text: flag for flag, texts in _FLAGS.items() for text in texts}
_SPACE = "[ \u00a0\u202f]"
_NUMBER = re.compile(
    rf"([+-]?(?:\d{{1,15}}|\d{{1,3}}(?:{_SPACE}\d{{3}})+)(?:[.,]\d+)?(?:[eE][+-]?\d{{1,2}})?)(?:{_SPACE}?(%))?",
    re.ASCII,
)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+", re.ASCII)

ALLOWED = {
    "count": "целое число 0, 1, 2, …",
    "number": "число, например 12.5 или 12,5",
    "share": "доля от 0 до 1 или процент со знаком %, например 0.57 или 57 %",
    "flag": "да или нет",
    "date": "дата, например 2021-09-01 или 01.09.2021",
    "reporting_period": "квартал, полугодие или месяц с годом, например 2 квартал 2021 года, 1 полугодие 2021, май 2021",
    "year": "год четырьмя цифрами или учебный год, например 2021 или 2020/21",
}


def convert(column: Column, texts: Sequence[str | None]) -> tuple[list, list[int]]:
    """Values of a column and where a text could not be read.

    Parameters
    ----------
    texts : texts without outer spaces, ``None`` where the cell is empty.

    Returns
    -------
    The values, ``None`` where there is none, and the positions at which a text is there but no value.

    Examples
    --------
    >>> share = Column(name="satisfied_share", label="Доля", type="share", meaning="")
    >>> convert(share, ["57 %", "0,57", "много", None])
    ([0.57, 0.57, None, None], [2])
    """
    if column.type in ("id", "text", "period"):
        return list(texts), []
    read = _reader(column)
    values = {text: read(text) for text in set(texts) - {None}}
    unreadable = {text for text, value in values.items() if value is None and text.lower() not in NO_DATA}
    places = [place for place, text in enumerate(texts) if text in unreadable] if unreadable else []
    return [values.get(text) for text in texts], places


def missing(value: object) -> bool:
    """Whether a value is none: ``None``, ``NaN``, ``NaT`` or pandas' own."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isnan(value) if isinstance(value, float) else isinstance(value, np.datetime64) and np.isnat(value)


def array_of(dtype: str, values: Sequence) -> ExtensionArray | np.ndarray:
    """Values (``None`` where there is none) as pandas keeps a column of one of the :data:`DTYPES`.

    Examples
    --------
    >>> array_of("Float64", [1.5, None]).isna().tolist(), array_of("string", ["01", None]).tolist()
    ([False, True], ['01', <NA>])
    """
    match dtype:
        case "string":
            return pd.array(values, dtype="string")
        case "Float64":
            numbers = np.array(values, dtype=float)
            unknown = np.isnan(numbers)
            numbers[unknown] = 1.0
            return pd.arrays.FloatingArray(numbers, unknown)
        case "Int64":
            unknown = np.array([value is None for value in values], dtype=bool)
            whole = np.array([1 if value is None else value for value in values], dtype="int64")
            return pd.arrays.IntegerArray(whole, unknown)
        case "boolean":
            unknown = np.array([value is None for value in values], dtype=bool)
            return pd.arrays.BooleanArray(np.array(values, dtype=object).astype(bool), unknown)
        case _:
            return np.array(values, dtype="datetime64[D]").astype(dtype)


def _reader(column: Column) -> Callable[[str], object]:
    """The rule that reads one text of a column; ``None`` is what it cannot read."""
    match column.type:
        case "count":
            return _count
        case "number" | "share":
            return partial(_number, per_cent=column.type == "share" or column.unit is None)
        case "flag":
            return lambda text: _FLAG_OF.get(text.lower())
        case "choice":
            codes = _codes_of_choice(tuple(column.choices.items()))
            return lambda text: codes.get(_plain(text))
        case "date":
            return _date
        case "year":
            return _year
        case "reporting_period":
            return reporting_period


def allowed_for(column: Column) -> str:
    """What a column takes, in words."""
    if column.type == "choice":
        return ", ".join(label if label == code else f"{label} ({code})" for code, label in column.choices.items())
    words = ALLOWED.get(column.type, "текст")
    if column.type == "share" or (column.minimum is None and column.maximum is None):
        return words
    lower = 0 if column.type == "count" and column.minimum is None else column.minimum
    limits = [f"от {lower:g}"] if lower is not None else []
    limits += [f"до {column.maximum:g}"] if column.maximum is not None else []
    limits += ["или диапазон: «39–40 %», «более 600», «около 30»"] if column.bounds else []
    return ("целое число " if column.type == "count" else "число ") + " ".join(limits)


def _number(text: str, *, per_cent: bool) -> float | None:
    """A number with a decimal point or comma, its thousands apart or not; a per cent, where allowed, is a hundredth."""
    found = _NUMBER.fullmatch(text.replace("\u2212", "-"))
    if not found or (found[2] and not per_cent):
        return None
    value = float(re.sub(_SPACE, "", found[1]).replace(",", "."))
    if abs(value) >= LARGEST:
        return None
    return round(value / 100, 12) if found[2] else value  # rounded in decimal: 57 % is the same number as 0.57


def _count(text: str) -> float | None:
    """A number that is whole but for the noise of a spreadsheet's arithmetic."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST:
        return float(text)
    if says_thousands(text):
        return None
    value = _number(text, per_cent=False)
    return None if value is None or abs(value - round(value)) > NOISE else float(round(value))


def says_thousands(text: str) -> bool:
    """Whether a point or comma may stand between thousands: as a count «1.000» is one or a thousand.

    Examples
    --------
    >>> says_thousands("1,000"), says_thousands("1.0"), says_thousands("12,5")
    (True, False, False)
    """
    return _THOUSANDS.fullmatch(text.strip()) is not None


@cache
def _codes_of_choice(words: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_plain(label): code for code, label in words} | {_plain(code): code for code, _ in words}


def _plain(text: str) -> str:
    """The text as choices are compared: no case, no outer or double spaces, «ё» as «е», one kind of dash."""
    return re.sub(r"\s+", " ", re.sub("[‐-―−]", "-", text)).strip().casefold().replace("ё", "е")


def _date(text: str) -> date | None:
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", text, re.ASCII)
    parts = found.groups() if found else None
    if not parts and (found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?г\.?)?", text, re.ASCII)):
        parts = found.groups()[::-1]
    try:
        day = date(*map(int, parts)) if parts else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _year(text: str) -> int | None:
    """The year a school year ends in: ``2021``, ``2020/21`` and ``2020-2021`` are the same."""
    found = re.fullmatch(
        r"(?:(\d{4}) ?[/–-] ?)?(\d{4}|(?<=\D)\d{2})(?:\.0)?(?: ?(?:уч\.? ?)?г(?:\.|од)?)?", text, re.ASCII
    )
    if not found:
        return None
    start, end = found.groups()
    year = int(end) if len(end) == 4 else int(start[:2] + end)
    if (start and year != int(start) + 1) or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return year
