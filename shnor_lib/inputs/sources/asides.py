"""Rows of a sheet that are about its table, not of it: totals, notes, headings, the header once more, numbers of columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shnor_lib.inputs.dictionary import Column, Table
from shnor_lib.inputs.sources.names import is_total
from shnor_lib.inputs.sources.problems import column_letter
from shnor_lib.inputs.sources.sheets import Sheet, column_of

NAMES_OF_ROWS = ("school_id", "name", "short_name")
"""Columns in which a row that is no school says so: «Итого», «Примечание»."""
FEWEST_NUMBERED = 4
"""A row of the numbers of columns is told from data by so many numbers in order."""
LONGEST_WORD_CODE = 3
"""A longer word without a number is no code of a school."""

_COLUMN_NUMBER = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d+)?", re.ASCII)


class Aside(NamedTuple):
    """A row that is no row of the table: the fault it is told by, its first cell and what that says."""

    fault: str
    cell: str
    text: str


def asides(
    sheet: Sheet, texts: Mapping[str, Sequence], columns: Mapping[int, Column], entry: Table
) -> dict[int, Aside]:
    """Rows that are about the table, by position.

    Parameters
    ----------
    texts : the columns of the table and ``source_row``; no row is empty.
    columns : which column stands where.
    """
    found: dict[int, Aside] = {}
    places, known = list(columns), list(columns.values())
    rows = texts["source_row"]
    position_of = dict(zip(rows, range(len(rows)), strict=True))
    naming = [place for place, column in columns.items() if column.name in NAMES_OF_ROWS]
    for place in [*range(min(places, default=0)), *naming]:
        for row, text in zip(sheet.rows, sheet.cells[place], strict=True):
            if text and is_total(text) and row in position_of:
                aside = Aside("read_row.total", f"{column_letter(place)}{row}", text)
                found.setdefault(position_of[row], aside)
    for position, row in enumerate(zip(*(texts[column.name] for column in known), strict=True)):
        first = next(at for at, text in enumerate(row) if text)
        once_more = column_of(row[first], entry) is known[first] and _repeats_header(row, known, entry)
        if once_more or (None not in row and _numbers_columns(row, places)):
            fault = "read_row.header"
        elif entry.name == "schools" and known[first].name == "school_id" and _is_heading(row[first], row):
            fault = "read_row.heading"
        else:
            continue
        found.setdefault(position, Aside(fault, f"{column_letter(places[first])}{rows[position]}", row[first]))
    return found


def _repeats_header(row: Sequence[str | None], columns: Sequence[Column], entry: Table) -> bool:
    return all(column_of(text, entry) is column for text, column in zip(row, columns, strict=True) if text)


def _numbers_columns(row: Sequence[str], places: Sequence[int]) -> bool:
    """Whether the numbers of a row only count its columns."""
    if len(row) < FEWEST_NUMBERED or not all(map(_COLUMN_NUMBER.fullmatch, row)):
        return False
    return len({int(text) - place for text, place in zip(row, places, strict=True)}) == 1


def _is_heading(text: str, row: Sequence[str | None]) -> bool:
    """Whether a row is words alone in the place of a code: «Городские школы», «Исполнитель: …»."""
    words = not any(map(str.isdigit, text)) and len(text) > LONGEST_WORD_CODE
    return words and not any(other for other in row if other is not text)


def numbers_above(sheet: Sheet, columns: Mapping[int, Column]) -> list[str]:
    """Rows above the header that look like data, by the cell of their first number."""
    found = []
    for at, row in enumerate(sheet.top[:-1], 1):
        places = [place for place in columns if place < len(row) and _NUMBER.fullmatch(row[place])]
        if len(places) > 1:
            found.append(f"{column_letter(min(places))}{at}")
    return found
