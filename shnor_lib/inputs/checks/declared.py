"""Faults that ``checks.yml`` declares whole: a column compared with others of its row, or with nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import SCHOOL_YEAR, differ, first_filled, known, matched, rows_found
from shnor_lib.inputs.faults import Fault, Relation, checks_in_words
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


def compared(inputs: Inputs, check: str) -> Iterator[Problem]:
    """The problems of the rows that a comparison of a check finds."""
    words = checks_in_words()[check]
    for name, fault in words.faults.items():
        if fault.relation:
            than, at_fault = _compared(inputs, inputs.rows[words.table], fault)
            value = inputs.rows[words.table][fault.value] if fault.value else None
            yield from rows_found(inputs, f"{check}.{name}", at_fault, than=than, value=value)


def _compared(inputs: Inputs, rows: Rows, fault: Fault) -> tuple[np.ndarray, np.ndarray]:
    """What a column is compared with, row by row, and which rows are at fault."""
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
    return than, at_fault


def _column(inputs: Inputs, rows: Rows, full: str) -> np.ndarray:
    table, _, column = full.rpartition(".")
    if not table:
        return rows[column]
    return matched(rows, inputs.rows[table], SCHOOL_YEAR, inputs.rows[table][column])
