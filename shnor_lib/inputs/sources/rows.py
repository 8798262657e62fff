"""From a sheet of texts to the typed rows of a table, with every cell that did not convert told.

Rows are columns of plain values (``None`` where there is none) until all files of an office are put together; then each
table becomes one frame.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import pandas as pd
import pyarrow as pa

from shnor_lib.inputs.dictionary import DTYPES, Column, Table, tells_what_a_row_is_about
from shnor_lib.inputs.sources.asides import asides, numbers_above
from shnor_lib.inputs.sources.limits import MAX_HEADERS
from shnor_lib.inputs.sources.origins import OTHER
from shnor_lib.inputs.sources.printed import ranges_apart
from shnor_lib.inputs.sources.problems import (
    LONGEST_VALUE,
    Problem,
    column_letter,
    problem,
    problems_of_rows,
    shown_value,
)
from shnor_lib.inputs.sources.sheets import Sheet, column_of
from shnor_lib.inputs.sources.values import allowed_for, array_of, convert
from shnor_lib.params.persons import mask_person, may_name_person, names_person
from shnor_lib.params.yaml_files import nearest

ORIGIN = {"source_file": "string", "source_sheet": "string", "source_row": "Int64", OTHER: "string"}

CODES = ("school_id", "partner_id", "aliases", "schools", "indicator", "group", "measure_id", "commitment_id")
"""Columns of codes, whose digits are no telephone and no document."""

NAMES_ALLOWED = ("name", "short_name", *CODES)
"""Columns in which the check does not ask whether a word is a person's name."""

DISTINCT_HINTS = 200
"""For so many distinct words the nearest one on the list is looked for."""

_PART_OF_A_PER_CENT = re.compile(r"0*[.,][0-9]*[1-9][0-9]*[ \u00a0\u202f]?%")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PREFILLED = {"level", "group", "school_id", "year", "wave"}
"""Columns that hold no value of a row: they tell which row it is."""

Columns = dict[str, list]
"""Columns of a table, those that its sheet has; ``None`` where there is no value."""


class Rows:
    """Rows of a table for those who compare and add: its columns as plain arrays, each made when it is asked for.

    Numbers and years are floats (missing is ``NaN``), dates are ``datetime64``, texts and flags are objects (missing is
    ``None``).

    Examples
    --------
    >>> rows = Rows(pd.DataFrame({"school_id": pd.array(["01", None], "string"), "pupils": pd.array([40, None], "Float64")}))
    >>> rows["school_id"].tolist(), rows["pupils"].tolist(), len(rows)
    (['01', None], [40.0, nan], 2)
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._arrays: dict[str, np.ndarray] = {}
        self._keys: dict[tuple[str, ...], list[tuple]] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._arrays:
            self._arrays[name] = _plain_array(self._frame[name].array)
        return self._arrays[name]

    def keys_of(self, *names: str) -> list[tuple]:
        """The values of some columns row by row, to look rows up by; what is missing is ``None`` and equals itself."""
        if names not in self._keys:
            columns = (self[name].tolist() for name in names)
            plain = ([None if value != value else value for value in column] for column in columns)  # noqa: PLR0124
            self._keys[names] = list(zip(*plain, strict=True))
        return self._keys[names]

    def __contains__(self, name: object) -> bool:
        return name in self._frame.columns

    def __len__(self) -> int:
        """Number of rows."""
        return len(self._frame)


def _plain_array(values: pd.api.extensions.ExtensionArray) -> np.ndarray:
    match values.dtype.kind:
        case "f" | "i" | "u":
            return values.to_numpy(dtype=float, na_value=np.nan)
        case "M":
            return values.to_numpy()
        case "b":
            return values.to_numpy(dtype=object, na_value=None)
    texts = np.empty(len(values), dtype=object)
    texts[:] = pa.array(values, from_pandas=True).to_pylist()
    return texts


@dataclass(frozen=True)
class Typed:
    """The typed rows of one sheet; nobody changes them, because another reading of the same content gets them too.

    ``letters``: under which letter of the sheet each column stands.
    """

    entry: Table
    sheet: str
    columns: Columns
    letters: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns["source_row"])


def typed_rows(sheet: Sheet, entry: Table, year: int) -> Typed:
    """Typed rows of one sheet.

    ``year``: the year of the folder; rows that state no year of their own belong to it.
    """
    columns, found = _columns(sheet, entry)
    letters = {column.name: column_letter(position) for position, column in columns.items()}
    texts = {column.name: sheet.cells[position] for position, column in columns.items()}
    texts |= {"source_row": list(sheet.rows)}
    texts = _taken(texts, [any(row) for row in zip(*list(texts.values())[:-1], strict=True)])
    where = {"table": entry.name, "file": sheet.file, "sheet": sheet.name, "year": year}
    left_out = asides(sheet, texts, columns, entry)
    texts = _taken(texts, [position not in left_out for position in range(len(texts["source_row"]))])
    found += [problem(one.fault, cell=one.cell, value=shown_value(one.text), **where) for one in left_out.values()]
    found += [problem(f"read_sheet.{fault}", cell=cell, parts=text, **where) for fault, cell, text in sheet.unseen]
    found += [problem("read_header.above", cell=cell, **where) for cell in numbers_above(sheet, columns)]
    place = {(sheet.file, sheet.name): letters}
    size = len(texts["source_row"])
    values = {"year": [year] * size, "source_file": [sheet.file] * size, "source_sheet": [sheet.name] * size}
    values["source_row"] = texts.pop("source_row")
    wrong = {}
    texts |= ranges_apart(entry, texts)
    for column in (entry.columns[name] for name in texts):
        values[column.name], wrong[column.name] = convert(column, texts[column.name])
        if DTYPES[column.type] == "string" and column.type != "choice":
            values[column.name], named = _without_persons(column, values[column.name])
            wrong[column.name] = wrong[column.name] or named
    values["year"] = [year if own is None else own for own in values["year"]]
    for column in (entry.columns[name] for name in texts):
        if wrong[column.name]:
            told = {"fault": wrong[column.name], "column": column.name, "value": ""}
            if not isinstance(wrong[column.name], dict):
                told = _told(column, texts[column.name], wrong[column.name])
            found += problems_of_rows(
                rows=values, positions=wrong[column.name], headers=place, table=entry.name, **told
            )
    for column in (entry.columns[name] for name in texts if entry.columns[name].type == "share"):
        small = [at for at, text in enumerate(texts[column.name]) if text and _PART_OF_A_PER_CENT.fullmatch(text)]
        told = {"fault": "read_cell.part_of_a_per_cent", "column": column.name, "value": texts[column.name]}
        found += problems_of_rows(rows=values, positions=small, headers=place, table=entry.name, **told)
    found += _failed_cells(sheet, entry, letters)
    without_values = _prefilled(texts, entry, size)
    if any(without_values):
        values = _taken(values, [not without for without in without_values])
        found.append(problem("read_row.no_value", rows=sum(without_values), **where))
    values, without_level = _complete_levels(values, entry, place)
    return Typed(entry, sheet.name, values, letters, found + without_level)


def _taken(columns: Mapping[str, Sequence], which: Sequence[bool]) -> Columns:
    """Columns of the rows that are marked."""
    return {name: list(compress(values, which)) for name, values in columns.items()}


def frame_of(entry: Table, rows: Columns) -> pd.DataFrame:
    """The frame of a table, from all its columns."""
    return pd.DataFrame({name: array_of(dtype, rows[name]) for name, dtype in dtypes_of(entry).items()}, copy=False)


def empty_rows(entry: Table) -> pd.DataFrame:
    """No rows of a table, with all its columns typed and the columns of origin."""
    return frame_of(entry, {name: [] for name in dtypes_of(entry)})


def dtypes_of(entry: Table) -> dict[str, str]:
    """Every column of a table with its dtype: those of the dictionary, the year and the origin of the row."""
    return {name: DTYPES[column.type] for name, column in entry.columns.items()} | {"year": "Int64"} | ORIGIN


def _columns(sheet: Sheet, entry: Table) -> tuple[dict[int, Column], list[Problem]]:
    """Which column of the dictionary stands where, and the problems of the header."""
    columns: dict[int, Column] = {}
    places: dict[str, int] = {}
    problems, unknown = [], 0
    row = len(sheet.top)
    where = {"table": entry.name, "file": sheet.file, "sheet": sheet.name}
    for position, header in enumerate(sheet.top[-1]):
        letter = column_letter(position)
        at = where | {"cell": f"{letter}{row}", "letter": letter}
        column = column_of(header, entry) if header else None
        if column and column.name in places:
            told = {"value": header[:60], "label": column.label, "first": column_letter(places[column.name])}
            problems.append(problem("read_header.repeated", **at, **told))
        elif column:
            columns[position], places[column.name] = column, position
        elif not header:
            if position < len(sheet.cells) and any(sheet.cells[position]):
                problems.append(problem("read_header.untitled", **at))
        elif names_person(header):
            problems.append(problem("persons_column.dropped", header=_short(header), **at))
        else:
            unknown += 1
            names = [name for known in entry.columns.values() for name in (known.name, known.label)]
            near = nearest(header[:LONGEST_VALUE], names) if unknown <= MAX_HEADERS else ""
            hint = near if "возможно" in near else ""
            wrong = hint or tells_what_a_row_is_about(header)
            fault = "read_header.misspelt" if wrong else "read_header.unknown"
            labels = ", ".join(known.label for known in entry.columns.values())
            problems.append(problem(fault, labels=labels, value=_short(header), hint=hint, **at))
    for column in entry.columns.values():
        if column.required and column.name not in places:
            told = {"column": column.name, "label": column.label, "meaning": column.meaning}
            problems.append(problem("read_header.missing", cell=f"A{row}", **where, **told))
    return columns, problems


def _short(header: str) -> str:
    return mask_person(" ".join(header.split())[:60])


def _told(column: Column, texts: Sequence[str | None], where: list[int]) -> dict[str, object]:
    """What is told of texts that could not be read: on a list the nearest words, else how to mend each."""
    told: dict[str, object] = {"column": column.name, "value": texts, "wanted": allowed_for(column)}
    if column.type != "choice":
        return told | {"fault": {position: _fault(column, texts[position]) for position in where}}
    words = [word for pair in column.choices.items() for word in pair]
    distinct = list(dict.fromkeys(texts[position] for position in where))
    hints = {text: nearest(text, words) for text in distinct[:DISTINCT_HINTS]}
    near = {text: hint.replace("; ", ": ") for text, hint in hints.items() if "возможно" in hint}
    return told | {"fault": "read_cell.unlisted", "near": {one: near.get(texts[one], "") for one in where}}


def _fault(column: Column, text: str) -> str:
    """Why a text is no number, date or flag, as far as it can be told."""
    if column.type in ("count", "number", "share") and _ISO_DATE.fullmatch(text):
        return "read_cell.taken_for_date"
    return "read_cell.dash" if text in ("-", "–", "—") else "read_cell.unreadable"


def _without_persons(column: Column, texts: list[str | None]) -> tuple[list[str | None], dict[int, str]]:
    """The texts with persons masked, and where one was masked or may still be named."""
    code = column.type == "id" or column.name in CODES
    kind = "code" if code else "school" if column.name in NAMES_ALLOWED else "text"
    changed, faults = {}, {}
    for text in set(texts) - {None}:
        masked = mask_person(text, kind)
        if masked != text:
            changed[text], faults[text] = masked, "persons_text.masked"
        elif column.name not in NAMES_ALLOWED and may_name_person(text):
            faults[text] = "persons_text.doubtful"
    found = {place: faults[text] for place, text in enumerate(texts) if text in faults} if faults else {}
    return [changed.get(text, text) for text in texts] if changed else texts, found


def _failed_cells(sheet: Sheet, entry: Table, letters: Mapping[str, str]) -> list[Problem]:
    """Cells of formulas that gave no value; those outside the table do not matter."""
    rows = set(map(str, sheet.rows)) if sheet.failed else set()
    where = {"table": entry.name, "file": sheet.file, "sheet": sheet.name}
    return [
        problem("read_cell.formula", cell=cell, why=why, **where)
        for cell, why in sheet.failed.items()
        if cell.rstrip("0123456789") in letters.values() and cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") in rows
    ]


def _prefilled(texts: Mapping[str, Sequence], entry: Table, size: int) -> list[bool]:
    """Rows that a template has filled in for a school and that then were given no value."""
    if not (entry.levels or entry.of_schools) or entry.name == "schools":
        return [False] * size
    given = [values for name, values in texts.items() if name not in PREFILLED and name not in entry.key]
    return [not any(row) for row in zip(*given, strict=True)] if given else [True] * size


def _complete_levels(rows: Columns, entry: Table, place: Mapping) -> tuple[Columns, list[Problem]]:
    """Fill in the level a row does not state; rows whose level cannot be told are reported and left out."""
    none = [None] * len(rows["source_row"])
    if "wave" in entry.columns:
        rows["wave"] = [wave or "" for wave in rows.get("wave", none)]
    if not entry.levels:
        return rows, []
    schools, groups, stated = (rows.get(name, none) for name in ("school_id", "group", "level"))
    rows["group"] = [group or "" for group in groups]
    rows["level"] = [
        level or ("school" if school else "group" if group else None)
        for level, school, group in zip(stated, schools, groups, strict=True)
    ]
    units = list(zip(rows["level"], schools, groups, strict=True))
    faults = {
        "no_unit": [level is None for level, _, _ in units],
        "no_school": [level == "school" and not school for level, school, _ in units],
        "no_group": [level == "group" and not group for level, _, group in units],
        "school_above": [bool(level != "school" and level and school) for level, school, _ in units],
    }
    found = []
    for fault, wrong in faults.items():
        positions = list(compress(range(len(wrong)), wrong))
        told = {"table": entry.name, "column": "school_id"}
        found += problems_of_rows(f"read_level.{fault}", rows, positions, place, **told)
    return _taken(rows, [not any(wrong) for wrong in zip(*faults.values(), strict=True)]) if found else rows, found
