"""Texts become values: one rule for each type of the dictionary, applied to the distinct texts of a column.

A text that fits no rule is left missing and reported as unreadable; it is never guessed.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from shnor_lib.tables import DTYPES, Column
from shnor_lib.workspace import FIRST_YEAR, LAST_YEAR

NO_DATA = ("н/д", "нет данных", "n/a", "…", "...")
"""Texts that say there are no data. A dash is not among them: some offices mean zero by it."""

_FLAGS = {
    True: ("да", "yes", "true", "истина", "1", "+"),
    False: ("нет", "no", "false", "ложь", "0"),
}
_FLAG_OF = {text: flag for flag, texts in _FLAGS.items() for text in texts}
_SPACE = "[ \u00a0\u202f]"
_NUMBER = f"[+-]?(?:[0-9]{{1,15}}|[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+)(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{{1,2}})?"

ALLOWED = {
    "count": "целое число 0, 1, 2, …",
    "number": "число, например 12.5 или 12,5",
    "share": "доля от 0 до 1 или процент со знаком %, например 0.57 или 57 %",
    "flag": "да или нет",
    "date": "дата, например 2021-09-01 или 01.09.2021",
    "year": "год четырьмя цифрами или учебный год, например 2021 или 2020/21",
}


def convert(column: Column, texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Values of a column and which texts could not be read.

    Parameters
    ----------
    texts : strings without outer spaces, missing where the cell is empty.

    Returns
    -------
    The values in the column's dtype, and a mask, true where a text is there but no value.

    Examples
    --------
    >>> share = Column(name="satisfied_share", label="Доля", type="share", meaning="")
    >>> values, unreadable = convert(share, pd.Series(["57 %", "0,57", "много", None], dtype="string"))
    >>> values.tolist(), unreadable.tolist()
    ([0.57, 0.57, <NA>, <NA>], [False, False, True, False])
    """
    if column.type in ("id", "text", "period"):
        return texts.astype("string"), pd.Series(False, index=texts.index)
    texts = texts.mask(texts.str.lower().isin(NO_DATA))
    codes, distinct = pd.factorize(texts)
    distinct = pd.Series(distinct, dtype="string")
    match column.type:
        case "count" | "number" | "share":
            values = _numbers(
                distinct, whole=column.type == "count", per_cent=column.type == "share" or column.unit is None
            )
        case "flag":
            values = distinct.str.lower().map(_FLAG_OF).astype("boolean")
        case "choice":
            values = distinct.map(_plain).map(_codes_of_choice(column.choices)).astype("string")
        case "date":
            values = pd.to_datetime(pd.Series([_date(text) for text in distinct], dtype=object), errors="coerce")
        case "year":
            values = pd.Series([_year(text) for text in distinct], dtype="Int64")
    values = values.astype(DTYPES[column.type])
    taken = values.reindex(codes)  # code -1, an empty cell, is not in the index and becomes missing
    taken.index = texts.index
    return taken, texts.notna() & taken.isna()


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
    return ("целое число " if column.type == "count" else "число ") + " ".join(limits)


def _numbers(texts: pd.Series, *, whole: bool, per_cent: bool) -> pd.Series:
    texts = texts.str.replace("\u2212", "-")
    divided = texts.str.endswith("%") if per_cent else pd.Series(False, index=texts.index)
    texts = texts.where(~divided, texts.str.rstrip("%").str.strip())
    good = texts.str.fullmatch(_NUMBER)
    plain = texts.where(good).str.replace(_SPACE, "", regex=True).str.replace(",", ".")
    values = pd.to_numeric(plain).astype("Float64")
    values = values.where(values.abs() < 1e15)
    # dividing by a power of ten in decimal: 57 % is the same number as 0.57
    values = values.where(~divided, (values / 100).round(12))
    if whole:
        rounded = values.round()
        values = rounded.where((values - rounded).abs() < 1e-9)
    return values


def _codes_of_choice(choices: dict[str, str]) -> dict[str, str]:
    return {_plain(label): code for code, label in choices.items()} | {_plain(code): code for code in choices}


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


def _year(text: str) -> object:
    """The year a school year ends in: ``2021``, ``2020/21`` and ``2020-2021`` are the same."""
    found = re.fullmatch(
        r"(?:(\d{4}) ?[/–-] ?)?(\d{4}|(?<=\D)\d{2})(?:\.0)?(?: ?(?:уч\.? ?)?г(?:\.|од)?)?", text, re.ASCII
    )
    if not found:
        return pd.NA
    start, end = found.groups()
    year = int(end) if len(end) == 4 else int(start[:2] + end)
    if (start and year != int(start) + 1) or not FIRST_YEAR <= year <= LAST_YEAR:
        return pd.NA
    return year
