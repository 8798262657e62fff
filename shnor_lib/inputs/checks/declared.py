"""Checks declared as rows of ``checks.yml``: a column compared with others of its row, or with nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Literal

import numpy as np
from pydantic import Field, RootModel, model_validator

from shnor_lib.inputs.checks.registry import SCHOOL_YEAR, check, differ, first_filled, known, matched, rows_found
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.params.yaml_files import Strict, nearest, parse_yaml

RELATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "above": np.greater,
    "below": np.less,
    "differs": differ,
    "same": lambda values, than: (values == than) & known(values),
    "empty": lambda values, than: ~known(values),
}
"""When a row is at fault: how its column relates to what it is compared with."""


class Fault(Strict):
    """What is wrong with a row.

    Attributes
    ----------
    column : the column compared, and named by the problem; ``plus`` are added to it, a missing one as nothing.
    relation : one of :data:`RELATIONS`.
    than : a number, or columns of which the first filled counts; ``table.column`` is that of the school and year.
    where : words that columns must hold; ``unless`` words a column must not hold, though it must be filled.
    text : what is wrong; ``{than}`` is what was compared with.
    value : the column shown as what was found, that of the fault by default.
    """

    column: str
    plus: tuple[str, ...] = ()
    relation: Literal["above", "below", "differs", "same", "empty"]
    than: float | tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = Field(default={})
    unless: dict[str, tuple[str, ...]] = Field(default={})
    text: str
    value: str | None = None
    severity: Literal["error", "warning", "note"] = "warning"
    allowed: str
    remedy: str

    @property
    def columns(self) -> list[str]:
        """Every column the fault names."""
        than = self.than if isinstance(self.than, tuple) else ()
        return [self.column, *self.plus, *than, *self.where, *self.unless, *([self.value] if self.value else [])]

    @model_validator(mode="after")
    def _compares_with_something(self) -> Fault:
        if (self.relation == "empty") != (self.than == ()):
            raise ValueError("than нужно каждому отношению, кроме empty")
        return self


class Declared(Strict):
    """A check of one table; ``discards`` as of :func:`shnor_lib.inputs.checks.registry.check`."""

    title: str
    table: str
    discards: bool = False
    faults: tuple[Fault, ...]

    @model_validator(mode="after")
    def _names_columns(self) -> Declared:
        for fault in self.faults:
            for full in fault.columns:
                name, _, column = full.rpartition(".")
                name = name or self.table
                if name not in table_names():
                    raise ValueError(f"нет таблицы «{name}»{nearest(name, table_names())}")
                if column not in (columns := table(name).columns):
                    raise ValueError(f"в таблице «{name}» нет столбца «{column}»{nearest(column, columns)}")
        return self

    @model_validator(mode="after")
    def _knows_the_words(self) -> Declared:
        for fault in self.faults:
            for column, words in [*fault.where.items(), *fault.unless.items()]:
                allowed = table(self.table).columns[column].choices
                for word in (one for one in words if one not in allowed):
                    raise ValueError(f"в столбце «{column}» нет слова «{word}»{nearest(word, allowed)}")
        return self

    @property
    def needs(self) -> list[str]:
        """The table, and the others it is compared with."""
        named = [full.rpartition(".")[0] for fault in self.faults for full in fault.columns]
        return list(dict.fromkeys([self.table, *filter(None, named)]))


class Shipped(RootModel[dict[str, Declared]]):
    """The checks of ``checks.yml`` by name."""


def find(inputs: Inputs, name: str, fault: Fault) -> list[Problem]:
    """The problems of the rows of a table that have a fault."""
    rows = inputs.rows[name]
    values = rows[fault.column]
    if fault.plus:
        values = values + sum(np.nan_to_num(rows[one]) for one in fault.plus)
    if isinstance(fault.than, tuple):
        than = first_filled([_column(inputs, name, one) for one in fault.than]) if fault.than else values
    else:
        than = np.full(len(rows), fault.than)
    at_fault = RELATIONS[fault.relation](values, than)
    for column, words in fault.where.items():
        at_fault = at_fault & np.isin(rows[column], words)
    for column, words in fault.unless.items():
        at_fault = at_fault & known(rows[column]) & ~np.isin(rows[column], words)
    told = fault.model_dump(include={"column", "severity", "allowed", "remedy"})
    value = rows[fault.value] if fault.value else None
    return rows_found(inputs, name, at_fault, fault.text, words={"than": than}, value=value, **told)


def _column(inputs: Inputs, name: str, full: str) -> np.ndarray:
    other, _, column = full.rpartition(".")
    rows = inputs.rows[other or name]
    return matched(inputs.rows[name], rows, SCHOOL_YEAR, rows[column]) if other else rows[column]


def declare(name: str, one: Declared) -> None:
    """Put a declared check among the others."""

    def function(inputs: Inputs, year: int) -> list[Problem]:
        """Rows with a fault that ``checks.yml`` declares."""
        return [problem for fault in one.faults for problem in find(inputs, one.table, fault)]

    function.__name__ = f"check_{name}"
    check(one.title, *one.needs, discards=one.discards)(function)


DECLARED: dict[str, Declared] = parse_yaml(
    files("shnor_lib.inputs.checks").joinpath("checks.yml").read_bytes(), Shipped, "shnor_lib/inputs/checks/checks.yml"
).root

for _name, _one in DECLARED.items():
    declare(_name, _one)
