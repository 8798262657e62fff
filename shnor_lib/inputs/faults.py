"""Everything that is made sure of, in words: what can be wrong, what is allowed and how to mend it, from ``checks.yml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field, RootModel, model_validator

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.params.yaml_files import Strict, nearest, parse_yaml

Severity = Literal["error", "warning", "note"]
Relation = Literal["above", "below", "differs", "same", "empty"]


class Fault(Strict):
    """One thing that can be wrong with a file, a row or a cell.

    Attributes
    ----------
    text : what is wrong; whoever finds it fills the braces of ``text``, ``allowed`` and ``remedy``.
    column : the column that is wrong, named by the problem.
    value : the column shown as what was found, ``column`` by default.
    relation : how ``column`` relates to ``than`` in a row at fault; none when code finds the fault.
    plus : columns added to ``column``, a missing one as nothing.
    than : a number, or columns of which the first filled counts; ``table.column`` is that of the school and year. What
        was compared with fills ``{than}``.
    where : words that columns must hold; ``unless`` words a column must not hold, though it must be filled.
    """

    text: str
    allowed: str = ""
    remedy: str = ""
    severity: Severity = "warning"
    column: str | None = None
    value: str | None = None
    relation: Relation | None = None
    plus: tuple[str, ...] = ()
    than: float | tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = Field(default={})
    unless: dict[str, tuple[str, ...]] = Field(default={})

    @property
    def columns(self) -> list[str]:
        """Every column the fault names."""
        than = self.than if isinstance(self.than, tuple) else ()
        return [one for one in (self.column, *self.plus, *than, *self.where, *self.unless, self.value) if one]

    @model_validator(mode="after")
    def _compares_with_something(self) -> Fault:
        if self.relation is not None and not self.column:
            raise ValueError("отношению нужен column")
        if (self.relation in ("empty", None)) != (self.than == ()):
            raise ValueError("than нужно каждому отношению, кроме empty")
        return self


class Check(Strict):
    """What is made sure of, and the faults against it; what is said beside them of ``column`` or in words holds of each.

    Attributes
    ----------
    title : what it makes sure of, in Russian.
    table : the table its faults stand in, unless whoever finds them names another.
    needs : other tables without which there is nothing to check.
    discards : the cells it names hold impossible values and are left out of the computation.
    """

    title: str
    table: str = ""
    needs: tuple[str, ...] = ()
    discards: bool = False
    faults: dict[str, Fault]

    @model_validator(mode="before")
    @classmethod
    def _said_of_each(cls, tree: object) -> object:
        shared = ("text", "allowed", "remedy", "severity", "column")
        if not isinstance(tree, dict) or not isinstance(tree.get("faults"), dict):
            return tree
        common = {key: tree[key] for key in shared if key in tree}
        faults = {name: common | one if isinstance(one, dict) else one for name, one in tree["faults"].items()}
        return {key: one for key, one in tree.items() if key not in shared} | {"faults": faults}

    @model_validator(mode="after")
    def _names_columns_and_words(self) -> Check:
        for name in self.tables:
            if name not in table_names():
                raise ValueError(f"нет таблицы «{name}»{nearest(name, table_names())}")
        for fault in self.faults.values():
            for full in fault.columns if self.table else ():
                name, _, column = full.rpartition(".")
                if column not in (columns := table(name or self.table).columns):
                    raise ValueError(
                        f"в таблице «{name or self.table}» нет столбца «{column}»{nearest(column, columns)}"
                    )
            for column, words in [*fault.where.items(), *fault.unless.items()]:
                allowed = table(self.table).columns[column].choices
                for word in (one for one in words if one not in allowed):
                    raise ValueError(f"в столбце «{column}» нет слова «{word}»{nearest(word, allowed)}")
            if fault.relation and not self.table:
                raise ValueError("отношению нужна table")
        return self

    @property
    def tables(self) -> list[str]:
        """Its table, and the others it needs or compares with."""
        named = (full.rpartition(".")[0] for fault in self.faults.values() for full in fault.columns)
        return list(dict.fromkeys(filter(None, (self.table, *self.needs, *named))))


class Shipped(RootModel[dict[str, Check]]):
    """The checks of ``checks.yml`` by name."""


@cache
def checks_in_words() -> dict[str, Check]:
    """All checks by name, in the order in which they are listed."""
    data = files("shnor_lib.inputs").joinpath("checks.yml").read_bytes()
    return parse_yaml(data, Shipped, "shnor_lib/inputs/checks.yml").root
