"""How a check is declared, and the list of all checks.

A check is one decorated function ``check_<area>_<what>(inputs, year) -> problems``. It looks at ``inputs.rows``, the tables
as arrays: what is missing is ``NaN`` in numbers, and no comparison with it holds (:func:`differ`, not ``!=``). To add one
that compares a column with others of its row, write a row of ``checks.yml``; else write the function in the module of its
area: the decorator gives it its id and its place in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

import numpy as np

from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, problems_of_rows
from shnor_lib.inputs.sources.rows import Rows

SCHOOL_YEAR = ["level", "group", "school_id", "year"]
"""Columns that tell one row of a school from another."""

CheckFunction = Callable[[Inputs, int], Iterable[Problem]]

NOT_USED = "Значение не использовано: в расчёте его нет."


@dataclass(frozen=True)
class Check:
    """A check.

    Attributes
    ----------
    title : what it makes sure of, in Russian.
    needs : tables without which there is nothing to check.
    discards : the cells it names hold impossible values and are left out of the computation.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    discards: bool
    function: CheckFunction


_CHECKS: dict[str, Check] = {}


def check(title: str, *needs: str, discards: bool = False) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a check.

    Parameters
    ----------
    title : what is made sure of, as the report lists it.
    needs : tables without which there is nothing to check.
    discards : the values found are impossible; they count as missing, and the remedy says so.
    """

    def declare(function: CheckFunction) -> CheckFunction:
        name = function.__name__.removeprefix("check_")
        if name in _CHECKS or name in READING_CHECKS:
            raise ValueError(f"check {name} is declared twice")

        @wraps(function)
        def checked(inputs: Inputs, year: int) -> list[Problem]:
            if not all(len(inputs.rows[table]) for table in needs):
                return []
            more = f" {NOT_USED}" if discards else ""
            return [one._replace(check=name, remedy=f"{one.remedy}{more}".strip()) for one in function(inputs, year)]

        _CHECKS[name] = Check(name, title, needs, discards, checked)
        return checked

    return declare


def checks() -> dict[str, Check]:
    """All declared checks by id."""
    return dict(_CHECKS)


READING_CHECKS = {
    "read_folder": "Папки данных на месте",
    "read_sources": "Источник данных указан в SOURCES.yml",
    "read_file": "Файлы читаются, их размер и содержимое безопасны",
    "read_sheet": "Листы книг названы именами таблиц",
    "read_header": "Заголовки столбцов известны, не повторяются, обязательные есть",
    "read_row": "Строки целы",
    "read_cell": "Каждая ячейка читается как число, дата или слово из списка",
    "read_level": "У каждой строки есть школа или уровень",
    "persons_column": "Нет столбцов с личными данными",
    "persons_text": "В текстах нет имён людей",
    "schools_unknown": "Все школы есть в реестре",
    "schools_ambiguous": "Каждый код принадлежит одной школе",
    "years_restated": "Папки разных лет приводят одни и те же значения",
}
"""What the readers make sure of while they read."""


def rows_found(
    inputs: Inputs, table: str, where: np.ndarray, text: str, *, severity: str = "warning", **told: object
) -> list[Problem]:
    """Problems of the rows of a table for which a condition holds.

    Parameters
    ----------
    where : the condition, row by row.
    text : what is wrong, in Russian.
    told : ``words``, ``column``, ``value``, ``allowed``, ``remedy`` as in
        :func:`shnor_lib.inputs.sources.problems.problems_of_rows`; the decorator fills in the check.
    """
    found = np.flatnonzero(where)
    if not len(found):
        return []
    return problems_of_rows(
        inputs.rows[table], found, inputs.headers, severity=severity, check="", table=table, text=text, **told
    )


def differ(left: np.ndarray, right: np.ndarray | float) -> np.ndarray:
    """Where two numbers that are both known are not the same."""
    return (left < right) | (left > right)


def known(values: np.ndarray) -> np.ndarray:
    """Where a value is there."""
    if values.dtype == object:
        return np.not_equal(values, None).astype(bool)
    return ~np.isnat(values) if values.dtype.kind == "M" else ~np.isnan(values)


def first_filled(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Row by row the first of some columns that is filled."""
    values = columns[0]
    for other in columns[1:]:
        values = np.where(known(values), values, other)
    return values


def mapped(values: np.ndarray, numbers: Mapping[object, float]) -> np.ndarray:
    """The number that stands for each value, missing where none does."""
    return np.array([numbers.get(value, np.nan) for value in values.tolist()], dtype=float)


def matched(
    rows: Rows, other: Rows, key: Sequence[str], values: np.ndarray, among: np.ndarray | None = None
) -> np.ndarray:
    """The numbers another table holds for the same key, row by row; missing where it holds none.

    Parameters
    ----------
    values : numbers of the other table, row by row; of rows with one key the first counts.
    among : which rows of the other table are looked at, all by default.

    Examples
    --------
    >>> import pandas as pd
    >>> results = Rows(pd.DataFrame({"school_id": ["2", "3"], "year": 2021}))
    >>> schools = Rows(pd.DataFrame({"school_id": ["1", "2"], "year": 2021, "pupils": [300.0, 90.0]}))
    >>> matched(results, schools, ["school_id", "year"], schools["pupils"]).tolist()
    [90.0, nan]
    """
    keys = other.keys_of(*key)
    places = range(len(keys)) if among is None else np.flatnonzero(among).tolist()
    place = {keys[one]: one for one in reversed(places)}
    return np.append(values, np.nan)[[place.get(one, -1) for one in rows.keys_of(*key)]]
