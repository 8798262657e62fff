"""Checks that ``checks.yml`` declares whole: a column compared with others of its row, or with nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shnor_lib.inputs.checks.registry import SCHOOL_YEAR, check, differ, first_filled, known, matched, rows_found
from shnor_lib.inputs.faults import Relation, checks_in_words
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.inputs.sources.rows import Rows

RELATIONS: dict[Relation, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "above": np.greater,
    "below": np.less,
    "differs": differ,
    "same": lambda values, than: (values == than) & known(values),
    "empty": lambda values, than: ~known(values),
}
"""When a row is at fault: how its column relates to what it is compared with."""


def find(inputs: Inputs, check: str, name: str) -> list[Problem]:
    """The problems of the rows that have a fault."""
    words = checks_in_words()[check]
    fault, rows = words.faults[name], inputs.rows[words.table]
    values = rows[fault.column]
    if fault.plus:
        values = values + sum(np.nan_to_num(rows[one]) for one in fault.plus)
    if isinstance(fault.than, tuple):
        than = first_filled([_column(inputs, rows, one) for one in fault.than]) if fault.than else values
    else:
        than = np.full(len(rows), fault.than)
    at_fault = RELATIONS[fault.relation](values, than)
    for column, allowed in fault.where.items():
        at_fault = at_fault & np.isin(rows[column], allowed)
    for column, refused in fault.unless.items():
        at_fault = at_fault & known(rows[column]) & ~np.isin(rows[column], refused)
    value = rows[fault.value] if fault.value else None
    return rows_found(inputs, f"{check}.{name}", at_fault, than=than, value=value)


def _column(inputs: Inputs, rows: Rows, full: str) -> np.ndarray:
    table, _, column = full.rpartition(".")
    if not table:
        return rows[column]
    return matched(rows, inputs.rows[table], SCHOOL_YEAR, inputs.rows[table][column])


def declare(name: str) -> None:
    """Put a check whose faults are comparisons among the others."""

    def function(inputs: Inputs, year: int) -> list[Problem]:
        """Rows with a fault that ``checks.yml`` declares."""
        return [problem for fault in checks_in_words()[name].faults for problem in find(inputs, name, fault)]

    function.__name__ = f"check_{name}"
    check(function)


for _name, _one in checks_in_words().items():
    if any(fault.relation for fault in _one.faults.values()):
        declare(_name)
