"""What the reports of ФИС ОКО share: a title, the maximum score, and groups whose level is told by code or position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shnor_lib.inputs.importers.cells import HEADER_AMONG, Row, cell, number, plain
from shnor_lib.inputs.importers.extract import Export, Extract, RawSheet, Unit
from shnor_lib.inputs.importers.participants import procedure_of
from shnor_lib.inputs.importers.procedures import Procedure, procedure_in

GROUPS = "группы участников"
PARTICIPANTS = "кол-во участников"
_SCHOOL = re.compile(r"\b(?:[сно]ош|школа|лицей|гимназия|интернат)\b", re.IGNORECASE)
_CODE = re.compile(r"^(?P<name>.*?)\s*\((?P<code>(?:reg|edu|sch)[0-9a-z_]+)\)\s*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Report:
    """A sheet of a report by groups: the row of its header and the column of the number of participants."""

    sheet: RawSheet
    header: int
    participants: int

    @property
    def heads(self) -> Row:
        return self.sheet.rows[self.header]

    @property
    def below(self) -> Sequence[Row]:
        return self.sheet.rows[self.header + 1 :]

    def columns(self) -> list[int]:
        """Columns to the right of the number of participants that have a heading."""
        return [place for place in range(self.participants + 1, len(self.heads)) if cell(self.heads, place)]


def reports(export: Export) -> Iterator[Report]:
    """Sheets whose header begins with «Группы участников»."""
    for sheet in export.sheets:
        for position, row in enumerate(sheet.rows[:HEADER_AMONG]):
            texts = [plain(text) for text in row]
            if texts and texts[0] == GROUPS and PARTICIPANTS in texts:
                yield Report(sheet, position, texts.index(PARTICIPANTS))
                break


def title_of(rows: Sequence[Row]) -> str:
    """The lines above the header that name the work, as one: «ВПР 2026 Русский язык 4 класс».

    Where the line with the exam names no subject, it stands behind «Предмет:», in that cell or the next one.

    Examples
    --------
    >>> title_of([["Статистика по отметкам"], ["ВПР 2021. 5 класс"], ["Предмет:", "Русский язык"]])
    'ВПР 2021. 5 класс, Русский язык'
    """
    lines = [cell(row, 0) for row in rows]
    title = next((line for line in lines if procedure_in(line).exam), "")
    named = next((row for row in rows if plain(cell(row, 0)).startswith("предмет:")), ())
    subject = " ".join(filter(None, [cell(named, 0).partition(":")[2].strip(), *named[1:]]))
    return title if procedure_in(title).subject else ", ".join(filter(None, [title, subject]))


def stated_maximum(rows: Sequence[Row]) -> float | None:
    """The maximum score stated above the header, behind the colon or in the next cell."""
    for row in rows:
        if plain(cell(row, 0)).startswith("максимальный первичный балл"):
            texts = [cell(row, 0).rpartition(":")[2], *row[1:]]
            return next((value for text in texts if (value := number(text)) is not None), None)
    return None


def titled(export: Export, above: Sequence[Row], label: str, extract: Extract) -> Procedure:
    """Give an extract the title that stands above the header; the procedure it is about."""
    title = title_of(above)
    extract.title = f"{label}: {title}" if title else label
    return procedure_of(export, title, extract)


def has_code(text: str) -> bool:
    """Whether a group is named with its code in brackets."""
    return bool(_CODE.match(text.strip()))


class Hierarchy:
    """Level of each group: a code in brackets tells it, or a name that says a school; else the first is the country, the second the region.

    Examples
    --------
    >>> levels = Hierarchy()
    >>> [levels.unit(text).level for text in ("Вся выборка", "Регион", "Район (reg20_m012)", "Школа (edu200001)")]
    ['country', 'region', 'municipality', 'school']
    >>> Hierarchy().unit("МБОУ «СОШ № 1»").level
    'school'
    """

    def __init__(self) -> None:
        self._above = ["country", "region"]
        self._territory = ""

    def unit(self, text: str) -> Unit:
        """The group named by the first cell of a row."""
        found = _CODE.match(text.strip())
        if found is None:
            if self._above and not _SCHOOL.search(text):
                return Unit(self._above.pop(0), name=text.strip())
            self._above = []
            return Unit("school", name=text.strip(), territory=self._territory)
        name, code = found["name"].strip(), found["code"].lower()
        if not code.startswith("reg"):
            self._above = []
            return Unit("school", code, name, self._territory)
        if "_" in code:
            self._above, self._territory = [], code
            return Unit("municipality", code, name, code)
        self._above = []
        return Unit("region", code, name)
