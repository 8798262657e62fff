"""The shape in which everything that is wrong with the data is told: one row per problem.

Columns: ``severity`` (``error`` – the data cannot be used, ``warning`` – used but shown, ``note``), ``check`` (what was
being checked), where (``table``, ``file``, ``sheet``, ``cell``, ``school_id``, ``year``), the ``value`` found, and in
Russian what is wrong (``problem``), what is ``allowed`` and how to mend it (``remedy``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.inputs.sources.persons import mask_person
from shnor_lib.inputs.sources.values import array_of, missing

if TYPE_CHECKING:
    from shnor_lib.inputs.sources.rows import Rows

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
COLUMNS = [
    "severity",
    "check",
    "table",
    "file",
    "sheet",
    "cell",
    "school_id",
    "year",
    "value",
    "problem",
    "allowed",
    "remedy",
]
LONGEST_VALUE = 80

Headers = Mapping[tuple[str, str], Mapping[str, str]]
"""Under which letter a column stands in a file and sheet: ``{("…/staff.csv", ""): {"teachers": "C"}}``."""

Told = str | Sequence | Mapping[int, object]
"""What is told of every row alike, or of each row its own."""

_ROW = re.compile(r"[0-9]+$")


class Problem(NamedTuple):
    """One problem; the fields are the columns of the table."""

    severity: Severity
    check: str
    problem: str
    table: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    school_id: str = ""
    year: int | None = None
    value: str = ""
    allowed: str = ""
    remedy: str = ""


def problems_of_rows(
    rows: Rows | Mapping[str, Sequence],
    positions: Iterable[int],
    headers: Headers,
    *,
    severity: Severity,
    check: str,
    table: str,
    text: str,
    words: Mapping[str, Sequence] | None = None,
    column: Told | None = None,
    value: Told | None = None,
    allowed: Told = "",
    remedy: Told = "",
) -> list[Problem]:
    """One problem for each of some rows of a table, with the cell it stands in.

    Parameters
    ----------
    rows : columns of the table, among them ``source_file``, ``source_sheet``, ``source_row`` and ``year``.
    positions : the offending rows; what is told of each its own is taken by the position of the row.
    headers : where the columns of each sheet stand.
    text : what is wrong, in Russian; ``words`` fill its braces row by row.
    column : the column of the dictionary the problem is about; ``None`` when it is about the whole row.
    value : what was found; by default the value of ``column``. Persons are masked, long texts are cut.

    Examples
    --------
    >>> rows = {"source_file": ["staff.csv"], "source_sheet": [""], "source_row": [7], "year": [2021], "teachers": [-1.0]}
    >>> letters = {("staff.csv", ""): {"teachers": "C"}}
    >>> told = {"severity": "error", "check": "", "table": "staff", "text": "Меньше нуля", "column": "teachers"}
    >>> [(problem.cell, problem.value) for problem in problems_of_rows(rows, [0], letters, **told)]
    [('C7', '-1')]
    """
    files, sheets, numbers, years = (rows[name] for name in ("source_file", "source_sheet", "source_row", "year"))
    of_schools = "school_id" in rows
    if value is None:
        value = rows[column] if isinstance(column, str) and column in rows else ""

    def of(told: Told | None, position: int) -> object:
        return told if told is None or isinstance(told, str) else told[position]

    found = []
    for position in positions:
        letter = headers.get((files[position], sheets[position]), {}).get(of(column, position), "A")
        filling = {name: shown_value(series[position]) for name, series in (words or {}).items()}
        found.append(
            Problem(
                severity,
                check,
                text.format(**filling) if filling else text,
                table,
                files[position],
                sheets[position],
                f"{letter}{int(numbers[position])}",
                (rows["school_id"][position] or "") if of_schools else "",
                int(years[position]),
                value if isinstance(value, str) else shown_value(value[position]),
                of(allowed, position),
                of(remedy, position),
            )
        )
    return found


def shown_value(value: object) -> str:
    """A value as a problem may show it: a whole number without a point, a long text cut, persons masked.

    Examples
    --------
    >>> shown_value(12.0), shown_value(None), shown_value(True), shown_value("Иванов И. И.")
    ('12', '', 'да', '[имя удалено]')
    """
    if missing(value):
        return ""
    if isinstance(value, str):
        return mask_person(value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…")
    if isinstance(value, (bool, np.bool_)):
        return "да" if value else "нет"
    if isinstance(value, (date, np.datetime64)):
        return str(value)[:10]
    return f"{value:.10g}"


def problems_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """The table of problems: texts as strings ("" when unknown), whole years."""
    columns = dict(zip(Problem._fields, zip(*problems, strict=True), strict=False))
    dtypes = dict.fromkeys(COLUMNS, "string") | {"year": "Int64"}
    return pd.DataFrame({name: array_of(dtype, columns.get(name, ())) for name, dtype in dtypes.items()}, copy=False)


def join_problems(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables of problems one under the other."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else problems_frame([])


def problems_in(frame: pd.DataFrame) -> list[Problem]:
    """The problems of a table, one by one."""
    years = [None if missing(year) else int(year) for year in frame["year"]]
    columns = [years if name == "year" else frame[name].tolist() for name in Problem._fields]
    return [Problem(*row) for row in zip(*columns, strict=True)]


def order_problems(problems: Iterable[Problem]) -> list[Problem]:
    """The gravest first, then by table and place; what is told twice is told once."""
    return sorted(dict.fromkeys(problems), key=_place)


def _place(problem: Problem) -> tuple:
    row = _ROW.search(problem.cell)
    return (
        SEVERITIES.index(problem.severity),
        -1 if problem.year is None else problem.year,
        problem.table,
        problem.file,
        problem.sheet,
        int(row[0]) if row else -1,
        problem.cell,
        problem.check,
        problem.problem,
    )


def column_letter(position: int) -> str:
    """Letters of a spreadsheet column counted from zero.

    Examples
    --------
    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
