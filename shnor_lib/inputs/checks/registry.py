"""How a check is declared, and the list of all checks.

A check is one decorated function ``check_<area>_<what>(inputs, year) -> problems``. To add one, write the function in
the module of its area: the decorator gives it its id and its place in the report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import pandas as pd

from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import empty_problems, problems_of_rows

CheckFunction = Callable[[Inputs, int], pd.DataFrame]

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
        def checked(inputs: Inputs, year: int) -> pd.DataFrame:
            if any(inputs.tables[table].empty for table in needs):
                return empty_problems()
            found = function(inputs, year)
            if found.empty:
                return found
            remedy = (found["remedy"] + " " + NOT_USED).str.strip() if discards else found["remedy"]
            return found.assign(check=pd.Series(name, index=found.index, dtype="string"), remedy=remedy)

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
    inputs: Inputs, table: str, where: pd.Series, text: str, *, severity: str = "warning", **told: object
) -> pd.DataFrame:
    """Problems of the rows of a table for which a condition holds; where it cannot be told, it does not.

    Parameters
    ----------
    where : the condition, by the index of the table's rows (it may cover only some of them).
    text : what is wrong, in Russian.
    told : ``words``, ``column``, ``value``, ``allowed``, ``remedy`` as in
        :func:`shnor_lib.inputs.sources.problems.problems_of_rows`; the decorator fills in the check.
    """
    holds = where.to_numpy(dtype=bool, na_value=False)
    if not holds.any():
        return empty_problems()
    rows = inputs.tables[table].loc[where.index[holds]]
    return problems_of_rows(rows, inputs.headers, severity=severity, check="", table=table, text=text, **told)


def matched(rows: pd.DataFrame, other: pd.DataFrame, key: list[str], columns: list[str]) -> pd.DataFrame:
    """The numbers another table holds for the same key, row by row; missing where it holds none.

    Examples
    --------
    >>> results = pd.DataFrame({"school_id": ["2", "3"], "year": 2021})
    >>> schools = pd.DataFrame({"school_id": ["1", "2"], "year": 2021, "pupils": [300.0, 90.0]})
    >>> matched(results, schools, ["school_id", "year"], ["pupils"])["pupils"].tolist()
    [90.0, <NA>]
    """
    if rows.empty or other.empty:
        return pd.DataFrame(pd.NA, index=rows.index, columns=columns, dtype="Float64")
    values = rows[key].merge(other[[*key, *columns]].drop_duplicates(key), on=key, how="left")[columns]
    return values.astype("Float64").set_axis(rows.index)
