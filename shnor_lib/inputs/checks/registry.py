"""How the code of a check is declared, and how it looks at tables.

A check is an entry of ``checks.yml``: all its words, and the comparison where it is nothing more than one. Else a decorated
function ``check_<area>_<what>(inputs, year) -> problems`` of the same name, in the module of its area, finds the rows. It
looks at ``inputs.rows``, the tables as arrays: what is missing is ``NaN`` in numbers, and no comparison with it holds
(:func:`differ`, not ``!=``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from shnor_lib.inputs.faults import checks_in_words
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, problems_of_rows
from shnor_lib.inputs.sources.rows import Rows

SCHOOL_YEAR = ["level", "group", "school_id", "year"]
"""Columns that tell one row of a school from another."""

CheckFunction = Callable[[Inputs, int], Iterable[Problem]]

CODE: dict[str, CheckFunction] = {}
"""By check, the function that finds what no comparison of ``checks.yml`` does."""


def check(function: CheckFunction) -> CheckFunction:
    """Take a function into the checks: it finds the faults of the entry of ``checks.yml`` that has its name."""
    name = function.__name__.removeprefix("check_")
    if name in CODE or name not in checks_in_words():
        raise ValueError(f"проверка {name} описана дважды, или её нет в checks.yml")
    CODE[name] = function
    return function


def rows_found(inputs: Inputs, fault: str, where: np.ndarray, **told: object) -> list[Problem]:
    """Problems of the rows of a table for which a condition holds.

    Parameters
    ----------
    fault : names of the check and of its fault, as in ``checks.yml``: ``staff_none.teachers``.
    where : the condition, row by row.
    told : ``table`` and ``column`` where ``checks.yml`` names none, ``value`` and what fills the braces, as in
        :func:`shnor_lib.inputs.sources.problems.problems_of_rows`.
    """
    found = np.flatnonzero(where)
    if not len(found):
        return []
    name, _, which = fault.partition(".")
    words = checks_in_words()[name]
    told = {"table": words.table, "column": words.faults[which].column} | told
    return problems_of_rows(fault, inputs.rows[told["table"]], found, inputs.headers, **told)


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
