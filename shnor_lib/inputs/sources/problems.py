"""The shape in which everything that is wrong with the data is told: one row per problem.

Columns: ``severity`` (``error`` – the data cannot be used, ``warning`` – used but shown, ``note``), ``check`` (what was
being checked), where (``table``, ``file``, ``sheet``, ``cell``, ``school_id``, ``year``), the ``value`` found, and in
Russian what is wrong (``problem``), what is ``allowed`` and how to mend it (``remedy``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, get_args

import numpy as np
import pandas as pd

from shnor_lib.inputs.dictionary import table as table_named
from shnor_lib.inputs.faults import Severity, checks_in_words
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.origins import OTHER, origins_in
from shnor_lib.inputs.sources.values import array_of, missing
from shnor_lib.params.persons import mask_person

if TYPE_CHECKING:
    from shnor_lib.inputs.sources.rows import Rows

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
LONGEST_VALUE = 80

Headers = Mapping[tuple[str, str], Mapping[str, str]]
"""Under which letter a column stands in a file and sheet: ``{("…/staff.csv", ""): {"teachers": "C"}}``."""

Told = str | Sequence | Mapping[int, object]
"""What is told of every row alike, or of each row its own."""

REST = "table_rest.rest"
"""The fault of more impossible cells than are told one by one."""

_ROW = re.compile(r"[0-9]+$")


class Problem(NamedTuple):
    """One problem; the fields are the columns of the table."""

    severity: Severity
    check: str
    table: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    school_id: str = ""
    year: int | None = None
    value: str = ""
    problem: str = ""
    allowed: str = ""
    remedy: str = ""


COLUMNS = list(Problem._fields)


def problem(fault: str, **told: object) -> Problem:
    """The problem of a fault of ``checks.yml``.

    Parameters
    ----------
    fault : names of the check and of its fault, with a point between them.
    told : fields of the problem, in place of what the file says, and what else fills the braces of its sentences.

    Examples
    --------
    >>> problem("read_sheet.unknown", file="staff.xlsx", sheet="Лист1").problem
    'Лист «Лист1» не прочитан: такой таблицы нет'
    """
    check, _, name = fault.partition(".")
    words = checks_in_words()[check].faults[name]
    filled = {"problem": words.text, "allowed": words.allowed, "remedy": words.remedy}
    said = {field: sentence.format(**told) for field, sentence in filled.items()}
    own = {field: one for field, one in told.items() if field in Problem._fields}
    return Problem(**{"check": check, "severity": words.severity, **said, **own})


class FileRefused(ValueError):
    """A file that is not read; ``problem`` tells what is wrong with it, what is allowed and how to mend it."""

    def __init__(self, fault: str, **told: object):
        self.problem = problem(fault, **told)
        super().__init__(self.problem.problem)


def problems_of_rows(
    fault: Told,
    rows: Rows | Mapping[str, Sequence],
    positions: Iterable[int],
    headers: Headers,
    *,
    table: str,
    column: Told | None = None,
    value: Told | None = None,
    **words: Told | float,
) -> list[Problem]:
    """One problem for each of some rows of a table, with the cell it stands in.

    Parameters
    ----------
    fault : as :func:`problem` names it.
    rows : columns of the table, among them ``source_file``, ``source_sheet``, ``source_row`` and ``year``.
    positions : the offending rows; what is told of each its own is taken by the position of the row.
    headers : where the columns of each sheet stand.
    column : the column of the dictionary the problem is about; ``None`` when it is about the whole row.
    value : what was found; by default the value of ``column``. Persons are masked, long texts are cut.
    words : what fills the braces of the sentences; ``label`` is the column's.

    Examples
    --------
    >>> rows = {"source_file": ["staff.csv"], "source_sheet": [""], "source_row": [7], "year": [2021], "teachers": [-1.0]}
    >>> letters = {("staff.csv", ""): {"teachers": "C"}}
    >>> told = {"table": "staff", "column": "teachers", "wanted": "целое число"}
    >>> [(one.cell, one.value) for one in problems_of_rows("table_ranges.outside", rows, [0], letters, **told)]
    [('C7', '-1')]
    """
    files, sheets, numbers, years = (rows[name] for name in ("source_file", "source_sheet", "source_row", "year"))
    of_schools = "school_id" in rows
    if isinstance(column, str):
        words = {"label": table_named(table).columns[column].label, **words}
        value = rows[column] if value is None and column in rows else value

    def of(told: Told | float | None, position: int) -> object:
        return told if told is None or isinstance(told, (str, float, int)) else told[position]

    def cell_of(position: int) -> tuple[str, str, str, int]:
        file, sheet, number = files[position], sheets[position], numbers[position]
        if OTHER in rows and rows[OTHER][position]:
            origins = origins_in(rows[OTHER][position])
            file, sheet, number = origins.get(str(of(column, position)), (file, sheet, number))
        return file, sheet, headers.get((file, sheet), {}).get(of(column, position), "A"), int(number)

    positions = list(positions)
    told, untold = positions[: limits.MAX_TOLD], positions[limits.MAX_TOLD :]
    found = []
    if untold and discards(str(of(fault, untold[0]))):
        found += _rest(map(cell_of, untold), table, int(years[untold[0]]))
    elif untold:
        where = {"table": table, "file": files[untold[0]], "sheet": sheets[untold[0]], "year": int(years[untold[0]])}
        found.append(problem("read_row.more", more=len(untold), told=limits.MAX_TOLD, **where))
    for position in told:
        file, sheet, letter, number = cell_of(position)
        own = {name: of(one, position) for name, one in words.items()}
        found.append(
            problem(
                of(fault, position),
                table=table,
                file=file,
                sheet=sheet,
                cell=f"{letter}{number}",
                school_id=(rows["school_id"][position] or "") if of_schools else "",
                year=int(years[position]),
                value=shown_value(of(value, position)),
                **{name: one if isinstance(one, str) else shown_value(one) for name, one in own.items()},
            )
        )
    return found


def _rest(cells: Iterable[tuple[str, str, str, int]], table: str, year: int) -> list[Problem]:
    """Impossible cells that are not told one by one: of each column the first of them, from which on it is not used."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for *place, row in cells:
        rows.setdefault(tuple(place), []).append(row)
    return [
        problem(
            REST,
            table=table,
            file=file,
            sheet=sheet,
            cell=f"{letter}{min(found)}",
            year=year,
            letter=letter,
            more=len(found),
            told=limits.MAX_TOLD,
        )
        for (file, sheet, letter), found in rows.items()
    ]


def discards(fault: str) -> bool:
    """Whether the cells with a fault are left out of the computation."""
    return checks_in_words()[fault.partition(".")[0]].discards


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
        return _masked(value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…")
    if isinstance(value, (bool, np.bool_)):
        return "да" if value else "нет"
    if isinstance(value, (date, np.datetime64)):
        return str(value)[:10]
    return f"{value:.10g}"


_masked = lru_cache(maxsize=1 << 12)(mask_person)


def problems_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """The table of problems: texts as strings ("" when unknown), whole years."""
    columns = dict(zip(COLUMNS, zip(*problems, strict=True), strict=False))
    dtypes = dict.fromkeys(COLUMNS, "string") | {"year": "Int64"}
    return pd.DataFrame({name: array_of(dtype, columns.get(name, ())) for name, dtype in dtypes.items()}, copy=False)


def join_problems(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables of problems one under the other."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else problems_frame([])


ALIKE = ["check", "severity", "file", "sheet", "problem", "allowed", "remedy"]
"""What problems have in common that differ in their cells only."""


def alike_together(problems: pd.DataFrame, severities: Sequence[str] = SEVERITIES) -> pd.DataFrame:
    """Problems of some severities, the gravest first: ``alike`` says how many differ from one in their cells only, ``first``
    whether it is the first of these."""
    order = problems["severity"].map({severity: place for place, severity in enumerate(severities)})
    found = problems.assign(order=order)[order.notna()]
    found = found.sort_values(["order", "table", "file", "cell"], kind="stable").drop(columns="order")
    count = found.groupby(ALIKE, dropna=False)["check"].transform("size")
    return found.assign(alike=count, first=~found.duplicated(ALIKE))


def problems_in(frame: pd.DataFrame) -> list[Problem]:
    """The problems of a table, one by one."""
    years = [None if missing(year) else int(year) for year in frame["year"]]
    columns = [years if name == "year" else frame[name].tolist() for name in COLUMNS]
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
