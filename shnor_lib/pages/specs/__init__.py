"""What a report says of its tables and figures, as data: one file a report, and the columns they share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, RootModel
from pydantic.dataclasses import dataclass as pydantic_dataclass

from shnor_lib.pages.cells import Column
from shnor_lib.pages.saying import Words, condition
from shnor_lib.params.yaml_files import Strict, nearest, read_yaml

HERE = Path(__file__).parent


def _condition(text: str) -> str:
    return condition(text).alternatives[0]


class Sentence(Strict):
    """A sentence said only when its condition (:class:`shnor_lib.pages.saying.Condition`) holds."""

    when: Annotated[str, AfterValidator(_condition)]
    say: Words


Sentences = Words | list[Words | Sentence]


@pydantic_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ColumnSpec(Column):
    """One column as a report declares it: a :class:`shnor_lib.pages.cells.Column` and words for its codes.

    Attributes
    ----------
    label, note : templates.
    of : the column it is made from in a frame that has not the column itself.
    words : words for codes: a list of ``words`` of the report, a list of the data dictionary (``list^`` with a capital letter),
        ``school_list`` (codes with semicolons; a sign after it parts the names), a name of
        :data:`shnor_lib.pages.page.WORDING`, or the words themselves.
    empty : what an empty cell says instead of the code ``missing``.
    if_any : the column is left out when no row has a value; ``told``: its label then stands in the fact ``absent``.
    """

    label: Words
    note: Words = ""
    of: str = ""
    words: str | dict[str, str] = ""
    empty: str = ""
    if_any: bool | Literal["told"] = False


class TableSpec(Strict):
    """One table: caption, columns in order (an id, or an id with what differs from ``columns.yml``), sentences under it.

    A column ``+name`` is a place for columns that depend on the data, ``+categories`` for those of the method; what it says of them
    holds for each that has a label alone, that it goes to files only for all. ``in_file`` is what the page says of a table that goes to files only. ``dense``: set small in print.
    """

    caption: Sentences
    columns: list[str | dict[str, str | dict[str, object]]]
    rows_named_by: list[str] = Field(default_factory=list)
    note: Sentences = Field(default_factory=list)
    empty: Sentences = "Таких строк нет."
    in_file: Sentences = ""
    source: bool | str = True
    summary_rows: int = 0
    dense: bool = False


class FigureSpec(Strict):
    """One figure: caption, the table with its numbers, and the constant arguments of its chart."""

    caption: Sentences
    numbers: Words
    reading: Words = ""
    alt: Words = ""
    source: bool = True
    chart: dict[str, object] = Field(default_factory=dict)


class TextSpec(Strict):
    """A heading, a paragraph, or both: what is said where there is nothing to show."""

    heading: Sentences = ""
    level: int = 2
    text: Sentences = Field(default_factory=list)


class ReportSpec(Strict):
    """Everything a report says of its tables, figures and gaps.

    Attributes
    ----------
    words : lists of words for codes, by name; where they name indicators, also which ones and in what order. Those of the list
        ``said`` are facts of every template.
    indicators : which indicators something shows, in order, where the catalogue names them.
    nothing_to_decide : what stands under "Что решить" when no decision follows.
    closed : what the public edition says instead of a report that it does not build.
    """

    words: dict[str, dict[str, Words]] = Field(default_factory=dict)
    indicators: dict[str, list[str]] = Field(default_factory=dict)
    nothing_to_decide: str = ""
    closed: str = ""

    tables: dict[str, TableSpec] = Field(default_factory=dict)
    figures: dict[str, FigureSpec] = Field(default_factory=dict)
    texts: dict[str, TextSpec] = Field(default_factory=dict)


class Columns(RootModel):
    """Columns said once, by id."""

    root: dict[str, dict[str, object]]


@cache
def report_spec(report: str) -> ReportSpec:
    """The specification of a report, read once."""
    return read_yaml(HERE / f"{report}.yml", ReportSpec, f"specs/{report}.yml")


@cache
def shared_columns() -> Mapping[str, dict[str, object]]:
    """Columns that several tables share."""
    return read_yaml(HERE / "columns.yml", Columns, "specs/columns.yml").root


def column_spec(entry: str | dict, table: str) -> tuple[str, ColumnSpec]:
    """A column of a table by its entry: an entry with a heading stands alone, one without changes the shared column."""
    name, own = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
    own = {"label": own} if isinstance(own, str) else own
    known = shared_columns()
    if name.startswith("+"):
        return name, ColumnSpec(**{"label": name} | own)
    if "label" not in own and name not in known:
        raise KeyError(f"Таблица {table}: столбца {name!r} нет в columns.yml{nearest(name, known)}.")
    return name, ColumnSpec(**(own if "label" in own else known[name] | own))
