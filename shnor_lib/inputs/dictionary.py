"""The data dictionary: what every input table holds, read once from ``dictionary.yml``.

The readers, the checks, the input template and ``docs/tables.md`` all come from here, so a new column is one new line in
``dictionary.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import pandas as pd
from pydantic import Field, field_validator

from shnor_lib.params.yaml_files import Strict, parse_tree

ColumnType = Literal[
    "id", "text", "choice", "count", "number", "share", "flag", "date", "year", "period", "reporting_period"
]
"""Types of a column; ``share`` is a proportion 0..1, ``count`` a whole number, ``period`` a due date as programmes print it."""

DTYPES: dict[ColumnType, str] = {
    "id": "string",
    "text": "string",
    "choice": "string",
    "count": "Float64",
    "number": "Float64",
    "share": "Float64",
    "flag": "boolean",
    "date": "datetime64[ns]",
    "year": "Int64",
    "period": "string",
    "reporting_period": "string",
}

# Frames of an office are small: pandas takes, compares and groups texts in them several times faster than Arrow would.
pd.set_option("mode.string_storage", "python")

HIGHEST_GRADE = {"НОШ": 4, "ООШ": 9, "СОШ": 11, "гимназия": 11, "лицей": 11}
"""The last grade that a kind of school teaches, where the registry does not state it."""


class Column(Strict):
    """One column of an input table; what each key means is said at the head of ``dictionary.yml``."""

    name: str
    label: str
    type: ColumnType
    meaning: str
    allowed: str | None = None
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    constant: bool = False
    above_school: bool = False
    bounds: tuple[str, str, str] | None = None

    @property
    def choices(self) -> dict[str, str]:
        """Allowed codes and their Russian labels (empty when the column is not a choice)."""
        return choices(self.allowed) if self.allowed else {}


class Parts(Strict):
    """Parts and their whole; ``whole`` may name alternatives, the first filled one counts."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]

    @field_validator("whole", mode="before")
    @classmethod
    def _one_or_many(cls, whole: object) -> object:
        return (whole,) if isinstance(whole, str) else whole


class Within(Parts):
    """Parts none of which may exceed the whole.

    ``capped``: a larger part is possible (copies received in three years, some of them already written off), the formula counts
    it as the whole; the cell stays, a remark tells of it.
    """

    capped: bool = False


class Total(Parts):
    """Parts that must add up to the whole."""

    severity: Literal["error", "warning"] = "warning"


class Table(Strict):
    """One input table."""

    name: str
    label: str
    row: str
    meaning: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    levels: bool = False
    waves: bool = False
    years: bool = False
    repeated: bool = False
    of_documents: bool = False
    parts_by: str = ""
    of_schools: bool = False
    totals: tuple[Total, ...] = ()
    parts: tuple[Within, ...] = Field(default=())

    def column_by_header(self, header: str) -> Column | None:
        """Find a column by its id or by its Russian label; letter case and outer spaces do not matter."""
        return self._by_header.get(header.strip().casefold())

    @cached_property
    def _by_header(self) -> dict[str, Column]:
        """Columns by every header they go by; of two that share one the first is meant."""
        columns = reversed(self.columns.values())
        return {header.casefold(): column for column in columns for header in (column.name, column.label)}

    def whole_rows(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that are no part of another row: those without a word in ``parts_by``."""
        if self.parts_by not in rows:
            return rows
        return rows[rows[self.parts_by].isna() | rows[self.parts_by].eq("all")]

    def empty(self) -> pd.DataFrame:
        """An empty frame with every column of the table, typed, and ``year``."""
        dtypes = {column.name: DTYPES[column.type] for column in self.columns.values()} | {"year": "Int64"}
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


@cache
def _dictionary() -> dict:
    return parse_tree(files("shnor_lib.inputs").joinpath("dictionary.yml").read_bytes(), "dictionary.yml")[0]


_added: dict[str, dict[str, str]] = {}
"""Codes that the workspace adds to the lists of the dictionary: a process works in one workspace at a time."""


def add_choices(added: Mapping[str, Mapping[str, str]]) -> None:
    """Let these codes, by list, stand beside those of the dictionary; what was added before is forgotten."""
    _added.clear()
    _added.update({name: dict(words) for name, words in added.items()})


def added_choices() -> tuple[tuple[str, str, str], ...]:
    """What :func:`add_choices` added: list, code, label."""
    return tuple((name, *pair) for name, words in _added.items() for pair in words.items())


def choices(name: str) -> dict[str, str]:
    """Codes and Russian labels of one list of allowed values: of the dictionary, then of the workspace.

    Examples
    --------
    >>> choices("locality")
    {'urban': 'город', 'rural': 'село'}
    """
    return shipped_choices(name) | _added.get(name, {})


def shipped_choices(name: str) -> dict[str, str]:
    """The codes and labels that the dictionary itself has."""
    return dict(_dictionary()["choices"][name])


def label_of(choice: str, code: str | None) -> str:
    """Russian label of a code; the code itself when the list does not know it, "" for a missing one.

    Examples
    --------
    >>> label_of("exam", "OGE"), label_of("subject", "maths")
    ('ОГЭ', 'математика')
    """
    return "" if pd.isna(code) else choices(choice).get(code, code)


@cache
def table(name: str) -> Table:
    """The dictionary entry of one input table.

    Raises :class:`KeyError` when no such table exists.
    """
    entry = dict(_dictionary()["tables"][name])
    shared = (["level", "group", "school_id"] if entry.get("levels") else []) + (["wave"] if entry.get("waves") else [])
    shared += ["year"] if entry.get("years") else []
    columns = {key: _dictionary()["shared"][key] for key in shared} | entry.pop("columns")
    return Table(name=name, columns={key: Column(name=key, **column) for key, column in columns.items()}, **entry)


@cache
def table_names() -> tuple[str, ...]:
    """Names of all input tables in the order of the dictionary."""
    return tuple(_dictionary()["tables"])


@cache
def tells_what_a_row_is_about(header: str) -> bool:
    """Whether a header is that of a column that tables share: dropped from a table without it, it would change its rows.

    Examples
    --------
    >>> tells_what_a_row_is_about("Год"), tells_what_a_row_is_about("Примечание")
    (True, False)
    """
    shared = _dictionary()["shared"]
    return header.strip(" *").casefold() in {word.casefold() for one in shared for word in (one, shared[one]["label"])}


def procedure(exam: str, subject: str, grade: int) -> str:
    """Name of a procedure.

    Examples
    --------
    >>> procedure("VPR", "russian", 5)
    'VPR/russian/5'
    """
    return f"{exam}/{subject}/{int(grade)}"


def procedure_label(name: str) -> str:
    """Russian name of a procedure or of a pattern of procedures.

    Examples
    --------
    >>> procedure_label("VPR/russian/5")
    'ВПР, русский язык, 5 класс'
    """
    exam, subject, grade = (name.split("/") + ["*", "*"])[:3]
    words = [label_of("exam", exam) if exam != "*" else "все процедуры"]
    words += [label_of("subject", subject)] if subject != "*" else []
    words += [f"{grade} класс"] if grade != "*" else []
    return ", ".join(words)
