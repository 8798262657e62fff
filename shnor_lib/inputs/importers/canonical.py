"""New rows go into ``<table>.csv`` of an office: cells added, never silently changed.

Rows meet by the key of the table. An empty cell is filled, an equal one stays, a different one is a conflict.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources.values import missing
from shnor_lib.params.persons import mask_person

Resolution = Literal["refuse", "keep", "replace"]
"""What to do where a cell already holds another value: nothing at all, keep the old one, take the new one."""

Key = tuple[object, ...]
Values = dict[str, object]


@dataclass(frozen=True)
class Difference:
    """A cell that holds one value and would get another.

    Attributes
    ----------
    place : where the old value stands: file, sheet, cell.
    source : the file the new value comes from.
    settled_by : what settles it; nothing when two new files disagree, only ``keep`` where imports do not write.
    """

    table: str
    row: str
    column: str
    old: str
    new: str
    place: str
    source: str
    settled_by: tuple[Resolution, ...]


@dataclass(frozen=True)
class Standing:
    """Cells of a row that are there already, of one file.

    Attributes
    ----------
    values : its key and its other cells.
    place : how messages call the file and sheet; ``row`` and, by column, ``letters`` say where in it.
    own : whether the file is the table's own CSV.
    """

    values: Values
    place: str
    row: int
    letters: Mapping[str, str]
    own: bool

    def cell(self, column: str) -> str:
        """Where a cell stands: file, sheet, address."""
        return f"{self.place}, {self.letters.get(column, 'строка ')}{self.row}"


@dataclass
class Merge:
    """What became of a table.

    Attributes
    ----------
    rows : all rows of its CSV, by key.
    differences : cells in which old and new disagree.
    added, filled, equal : rows added, rows of the CSV that changed, rows that brought nothing new.
    """

    entry: Table
    rows: dict[Key, Values] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    added: int = 0
    filled: int = 0
    equal: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.filled)


def values_of(entry: Table, columns: Mapping[str, Sequence], year: int) -> list[Values]:
    """Rows of typed columns as plain values by column, without what is missing or what an empty cell means anyway."""
    names = [column for column in entry.columns if column in columns]
    return [
        shortened({name: value for name, value in zip(names, row, strict=True) if not missing(value)}, year)
        for row in zip(*(columns[name] for name in names), strict=True)
    ]


def shortened(values: Mapping[str, object], year: int) -> Values:
    """Values as a CSV of the folder needs them: whole numbers as such, nothing that an empty cell means anyway.

    Examples
    --------
    >>> shortened({"level": "school", "year": 2021, "pupils": 40.0, "group": ""}, 2021)
    {'pupils': 40}
    """
    needless = {"level": "school", "year": year}
    return {
        column: _plain(value)
        for column, value in values.items()
        if value not in (None, "") and needless.get(column) != value
    }


def key_of(entry: Table, values: Mapping[str, object], year: int) -> Key:
    """Key of a row, with what its empty cells stand for."""
    meant = {"level": "school", "year": year}
    return tuple(values.get(column, meant.get(column, "")) for column in entry.key)


def merge_rows(
    entry: Table,
    standing: Iterable[Standing],
    new: Iterable[tuple[str, Values]],
    year: int,
    resolution: Resolution,
    taken_before: frozenset[tuple[str, str]] = frozenset(),
) -> Merge:
    """Put new rows into a table.

    Parameters
    ----------
    new : the file each row comes from, and its values.
    taken_before : files and the schools (or levels) once taken from them: what is missing of these now was removed by
        hand, so that bringing it back is a difference.
    """
    merge = Merge(entry)
    file = f"{entry.name}.csv"
    held: dict[Key, Values] = {}
    places: dict[tuple[Key, str], str] = {}
    foreign: set[tuple[Key, str]] = set()
    for row in standing:
        key = key_of(entry, row.values, year)
        held.setdefault(key, {}).update(row.values)
        places |= {(key, column): row.cell(column) for column in row.values}
        if row.own:
            merge.rows[key] = dict(row.values)
        else:
            foreign |= {(key, column) for column in row.values}
    before = {key: dict(values) for key, values in merge.rows.items()}
    touched: dict[Key, None] = {}

    sources: set[str] = set()
    for source, values in new:
        sources.add(source)
        key = key_of(entry, values, year)
        touched[key] = None
        there = held.setdefault(key, {})
        owner = values.get("school_id") or values.get("level", "")
        for column, value in values.items():
            if column in entry.key or same(there.get(column), value):
                continue
            removed_by_hand = (source, owner) in taken_before and (key, column) not in places
            if column in there or removed_by_hand:
                place = places.get((key, column), file)
                settled: tuple[Resolution, ...] = ("keep",) if (key, column) in foreign else ("keep", "replace")
                settled = () if place in sources else settled
                said = entry.columns[column]
                old, new = (said.choices.get(text_of(one), text_of(one)) for one in (there.get(column), value))
                merge.differences.append(
                    Difference(
                        entry.name, row_label(entry, values), said.label, old or "пусто", new, place, source, settled
                    )
                )
                if resolution != "replace" or "replace" not in settled:
                    continue
            merge.rows.setdefault(key, {part: values[part] for part in entry.key if part in values})
            merge.rows[key][column] = there[column] = value
            places[key, column] = source
    for key in touched:
        if key in merge.rows and key not in before:
            merge.added += 1
        elif merge.rows.get(key) != before.get(key):
            merge.filled += 1
        else:
            merge.equal += 1
    return merge


def same(old: object, new: object) -> bool:
    """Whether two values are one; numbers up to floating-point noise.

    Examples
    --------
    >>> same(48.5, 48.50000000001), same(3, 4), same(None, 0)
    (True, False, False)
    """
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and not isinstance(old, bool):
        return abs(old - new) <= 1e-9 * max(1.0, abs(old))
    return old == new


def row_label(entry: Table, values: Mapping[str, object]) -> str:
    """A row as people call it: its key in the words of the dictionary."""
    words = []
    for column in entry.key:
        value = values.get(column)
        if value in (None, "", "school") or (column == "level" and "school_id" in values):
            continue
        label = entry.columns[column].choices.get(str(value), text_of(value))
        words.append(f"{label} класс" if column == "grade" else label)
    return mask_person(", ".join(words))


def csv_of(entry: Table, rows: Mapping[Key, Values]) -> bytes:
    """The CSV of a table: column ids and codes, semicolons, rows in the order they came."""
    filled = [column for column in entry.columns if any(column in values for values in rows.values())]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(filled)
    writer.writerows([text_of(values.get(column)) for column in filled] for values in rows.values())
    return text.getvalue().encode("utf-8")


def text_of(value: object) -> str:
    """A value as a CSV cell holds it.

    Examples
    --------
    >>> text_of(7.0), text_of(48.5), text_of(True), text_of(None), text_of(date(2021, 9, 1))
    ('7', '48.5', 'yes', '', '2021-09-01')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() else value
