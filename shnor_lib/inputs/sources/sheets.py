"""One delivered sheet as texts, of a CSV file or of a workbook, and how its header is found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from shnor_lib.inputs.dictionary import Column, Table, table, table_names
from shnor_lib.inputs.sources.problems import Problem, problem

HEADER_ROWS = 30
"""The header must stand among so many first rows; rows above it are hints."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

GUIDE, LISTS = "Инструкция", "Списки"
DATA_OF = "Данные за {year} год ({before}/{year} учебный год)"
"""The first cell of a template says what year it is for."""
SILENT_SHEETS = (GUIDE.casefold(), LISTS.casefold())
"""Sheets of the template that hold no data."""


class Unseen(NamedTuple):
    """What a workbook holds that its user does not see: hidden parts (``hidden``), values kept of other workbooks (``linked``)."""

    fault: str
    cell: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """A sheet of texts.

    Attributes
    ----------
    file : name of the file relative to the workspace.
    name : name of the sheet, "" for CSV.
    top : the first rows as lists of texts, among them the header.
    cells : texts of the rows below the header, column by column, ``None`` where the cell is empty.
    rows : the row of the file (from 1) of each row of ``cells``.
    failed : cells whose formula has no computed value, and what is wrong with them.
    unseen : what a user does not see of it, each with the cell where it begins.
    """

    file: str
    name: str
    top: Sequence[Sequence[str]]
    cells: Sequence[Sequence[str | None]]
    rows: Sequence[int]
    failed: dict[str, str] = field(default_factory=dict)
    unseen: Sequence[Unseen] = ()


@cache
def table_of(name: str) -> Table | None:
    """The table that a file or a sheet of this name holds.

    The name is the id or the Russian label (a sheet's name has at most 31 letters); what follows a point
    (``exam_results.vpr``) tells several sources of one table apart.

    Examples
    --------
    >>> table_of("Кадры").name, table_of("exam_results.vpr").name, table_of("Списки")
    ('staff', 'exam_results', None)
    """
    wanted = _plain(name)
    for known in table_names():
        label = _plain(table(known).label)
        if wanted in (known, label, label[:31].strip()) or wanted.split(".")[0].strip() in (known, label):
            return table(known)
    return None


def sheet_name(name: str) -> str:
    """Name of the sheet that holds a table: its label, cut to the 31 letters a workbook allows.

    Examples
    --------
    >>> sheet_name("staff")
    'Кадры'
    """
    return re.sub(r"[\[\]:*?/\\]", " ", table(name).label)[:31].strip()


def columns_named(row: Sequence[str], entry: Table) -> int:
    """How many cells of a row name a column of the table."""
    return sum(column_of(text, entry) is not None for text in row if text)


def find_header(top: Sequence[Sequence[str]], entry: Table) -> int | None:
    """Position of the header among the first rows: the first that names at least half as many columns as any other.

    Rows repeat it below, and better than it stands; only the row right under it may be the better header of the two.
    """
    named = [columns_named(row, entry) for row in top[:HEADER_ROWS]]
    most = max(named, default=0)
    if not most:
        return None
    first = next(position for position, count in enumerate(named) if count >= min(most, max(2, most / 2)))
    while first + 1 < len(named) and named[first + 1] > named[first]:
        first += 1
    return first


def no_header(entry: Table, file: str, sheet: str) -> Problem:
    """The problem of a sheet without a header."""
    labels = ", ".join(f"«{column.label}»" for column in list(entry.columns.values())[:6])
    words = {"label": entry.label, "rows": HEADER_ROWS, "labels": labels}
    return problem("read_header.absent", table=entry.name, file=file, sheet=sheet, **words)


def repeats_header(row: Sequence[str], header: Sequence[str], entry: Table) -> bool:
    """Whether a row below the header only names the same columns again (ids under labels or the other way round)."""
    named = [column_of(text, entry) for text in row if text]
    known = {column.name for text in header if (column := column_of(text, entry))}
    return bool(named) and all(column and column.name in known for column in named)


def below_header(top: Sequence[Sequence[str]], header: int, entry: Table) -> int:
    """Position of the first row of data: below the header and the rows that only repeat it."""
    rows = range(header + 1, len(top))
    return next((row for row in rows if not repeats_header(top[row], top[header], entry)), len(top))


def column_of(header: str, entry: Table) -> Column | None:
    """Column of the table that a header names; spacing, a colon and the star of required ones do not matter."""
    return _column_named(entry.name, header)


@lru_cache(maxsize=1 << 13)
def _column_named(name: str, header: str) -> Column | None:
    return table(name).column_by_header(_spaced(header).rstrip("*: "))


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _plain(text: str) -> str:
    return _spaced(text).casefold()


def text_columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str | None]]:
    """Columns of texts without outer spaces and control characters; an empty cell is ``None``."""
    cleaned = {text: _CONTROL.sub(" ", text).strip() or None for text in set(chain.from_iterable(rows))}
    return [[cleaned[text] for text in column] for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
