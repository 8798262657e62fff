"""What a layout gives back: rows of canonical tables that still carry the codes of the export, and remarks on what was met."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shnor_lib.inputs.importers.cells import Row
from shnor_lib.inputs.importers.procedures import Procedure
from shnor_lib.inputs.importers.scales import Scales
from shnor_lib.inputs.sources.sheets import Unseen

Kind = Literal["прочитано", "взято", "отброшено", "замечание", "школа не найдена", "не взято"]
"""What a line of the protocol tells."""


class ImportRefused(ValueError):
    """An import that is not carried out: the cause and what to do about it."""

    def __init__(self, cause: str, remedy: str):
        self.cause, self.remedy = cause, remedy
        super().__init__(cause)


@dataclass(frozen=True)
class RawSheet:
    """One sheet of an export as texts; a CSV file is one sheet without a name.

    A cell that should hold a value and does not (a formula not computed, an error) holds the reason in square brackets.
    ``unseen``: what its user does not see of it.
    """

    name: str
    rows: Sequence[Row]
    unseen: Sequence[Unseen] = ()


@dataclass(frozen=True)
class Appeal:
    """A result of a person that an appeal changed.

    Attributes
    ----------
    person : who at which school, as a number that means nothing outside this process.
    values : the new results: primary score, final score, mark.
    sheet, cell : where the appeal stands.
    """

    subject: str
    date: str
    person: int
    values: dict[str, float | None]
    sheet: str
    cell: str


@dataclass(frozen=True)
class Export:
    """One exported file.

    Attributes
    ----------
    file : its name, persons masked.
    scales : minima of ЕГЭ and scales of ВПР.
    year : the year asked for, used where the file states none.
    territory : the municipality asked for, in exports of a whole region; ``None`` for all.
    given : the procedure as stated by the one who imports; what it states wins.
    school : the school as stated by the one who imports, for files that name none.
    appeals : results that appeals changed, from the files imported together with this one.
    """

    file: str
    sheets: Sequence[RawSheet]
    scales: Scales
    year: int
    territory: str | None = None
    given: Procedure = field(default_factory=Procedure)
    school: str | None = None
    appeals: Sequence[Appeal] = ()


@dataclass(frozen=True)
class Remark:
    """One line of the protocol: what was read, taken, left out and why. Never the text of a person's cell.

    ``cell``: its address, where the line is about one. ``unit``: whom it is about; lines on others' schools are not shown.
    """

    kind: Kind
    text: str
    count: int | None = None
    sheet: str = ""
    cell: str = ""
    unit: Unit | None = None


@dataclass(frozen=True)
class Unit:
    """Whom a row is about.

    Attributes
    ----------
    level : ``school``, ``municipality``, ``region`` or ``country``.
    code : code of the school in the export, "" when it has none.
    name : its name there.
    territory : code or name of its municipality, "" when the export does not say.
    """

    level: str
    code: str = ""
    name: str = ""
    territory: str = ""


@dataclass(frozen=True)
class ExtractedRow:
    """One row of a canonical table: whom it is about and the values, by column of the dictionary.

    ``place``: sheet and cell of the file where it begins, "" when it is put together out of many rows.
    """

    table: str
    unit: Unit
    values: dict[str, object]
    place: str = ""


@dataclass
class Extract:
    """Everything taken from one file: what it says it is, rows of canonical tables, what was read, dropped and noticed.

    ``appeals``: of a file of appeals those it names, of a protocol those it has had a result for.
    """

    title: str
    rows: list[ExtractedRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)

    def add(self, table: str, unit: Unit, *, at: str = "", **values: object) -> None:
        """Add a row that begins at a place of the file; missing values are left out."""
        given = {column: value for column, value in values.items() if value is not None}
        self.rows.append(ExtractedRow(table, unit, given, at))

    def remark(
        self, kind: Kind, text: str, count: int | None = None, sheet: str = "", cell: str = "", unit: Unit | None = None
    ) -> None:
        """Add a line of the protocol; nothing is said about what occurred no time."""
        if count != 0:
            self.remarks.append(Remark(kind, text, count, sheet, cell, unit))


@dataclass(frozen=True)
class Layout:
    """A layout of exports: its name for people, how it is recognised from the content, how it is read."""

    label: str
    recognises: Callable[[Export], bool]
    read: Callable[[Export], Extract]
