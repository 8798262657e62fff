"""Appeals of РИС ГИА: whose result became another one; they change the protocols imported together with them.

A person is a number that means nothing outside this process, as in the protocols; who it was is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shnor_lib.inputs.importers.cells import HEADER_AMONG, Row, cell, plain
from shnor_lib.inputs.importers.extract import Appeal, Export, Extract, ImportRefused, Layout, RawSheet
from shnor_lib.inputs.importers.procedures import subject_of
from shnor_lib.inputs.importers.taking import Taking, address
from shnor_lib.params.persons import names_person

LABEL = "Апелляции РИС ГИА (вместе с протоколом экзамена)"
STATE = "состояние апелляции"
_GRANTED = re.compile(r"^(?!.*\bне\b).*(?:удовлетворен|с изменением)")
_EXAM = re.compile(r"^(?P<subject>.+?)\s*\(?\s*(?P<date>\d{4}\.\d{2}\.\d{2})\s*\)?$")
_NOW = re.compile(r"текущ|после")
_RESULTS = {
    "primary": r"первичный балл",
    "final": r"(?:итоговый|тестовый) балл|^балл$",
    "mark": r"^(?:оценка|отметка)$",
}


@dataclass(frozen=True)
class _Columns:
    state: int
    school: int
    exam: int
    persons: tuple[int, ...]
    results: dict[str, int]


def named(code: str, row: Row, persons: tuple[int, ...]) -> int | None:
    """A person of a school as a number, by the cells that name it; ``None`` without a name."""
    words = " ".join(filter(None, (plain(cell(row, place)) for place in persons)))
    return hash((code, words)) if words else None


def recognises(export: Export) -> bool:
    """Whether a sheet has the header of appeals."""
    return any(True for sheet in export.sheets for _ in _headers(sheet))


def read(export: Export) -> Extract:
    """The appeals that were granted, each with the results it led to.

    Raises
    ------
    ImportRefused
        When the columns do not say whose result became which.
    """
    extract = Extract(LABEL)
    for sheet in export.sheets:
        for header, columns in _headers(sheet):
            if columns is None:
                raise ImportRefused(
                    f"{export.file}, лист «{sheet.name}», строка {header + 1}: в апелляциях нет столбцов «Код ОО», «Экзамен», "
                    "имени участника или текущего результата.",
                    "выгрузите апелляции с ними либо протокол экзамена после апелляций.",
                )
            _read_rows(sheet, header + 2, columns, extract)
    if not extract.appeals:
        extract.remark("замечание", "удовлетворённых апелляций нет: ничего не изменено", None)
    return extract


def _headers(sheet: RawSheet) -> Iterator[tuple[int, _Columns | None]]:
    """Where the headers of appeals stand, with their columns as far as they are all there."""
    for header, row in enumerate(sheet.rows[:HEADER_AMONG]):
        heads = [plain(text) for text in row]
        if STATE in heads:
            below = sheet.rows[header + 1] if header + 1 < len(sheet.rows) else ()
            yield header, _columns(heads, [plain(text) for text in below])


def _columns(heads: list[str], below: list[str]) -> _Columns | None:
    def place(pattern: str) -> int | None:
        return next((at for at, text in enumerate(heads) if re.search(pattern, text)), None)

    group, results = "", {}
    for at, text in enumerate(below):
        group = heads[at] if at < len(heads) and heads[at] else group
        kind = next((kind for kind, pattern in _RESULTS.items() if re.search(pattern, text)), None)
        if kind and _NOW.search(group):
            results[kind] = at
    school, exam = place(r"^код (?:оо|оу|школы)"), place(r"^(?:экзамен|предмет)")
    persons = tuple(at for at, text in enumerate(heads) if names_person(text))
    if school is None or exam is None or not persons or not {"final", "mark"} & set(results):
        return None
    return _Columns(heads.index(STATE), school, exam, persons, results)


def _read_rows(sheet: RawSheet, first: int, columns: _Columns, extract: Extract) -> None:
    taking = Taking(extract, sheet)
    refused = 0
    for position in range(first, len(sheet.rows)):
        row = sheet.rows[position]
        if not any(row) or not cell(row, columns.state):
            continue
        exam = _EXAM.match(cell(row, columns.exam))
        subject = exam and subject_of(exam["subject"])
        code = cell(row, columns.school)
        person = named(code, row, columns.persons)
        if not _GRANTED.match(plain(cell(row, columns.state))):
            refused += 1
        elif not subject or person is None:
            what = "предмет и день экзамена не распознаны" if not subject else "участник не назван"
            extract.remark("не взято", f"апелляция: {what}", None, sheet.name, address(position, columns.exam))
        else:
            values = {
                kind: taking.number(position, at, "результат после апелляции", most=1000)
                for kind, at in columns.results.items()
            }
            at = address(position, columns.state)
            extract.appeals.append(Appeal(subject, exam["date"], person, values, sheet.name, at))
    extract.remark("прочитано", "апелляций, которые ничего не изменили", refused, sheet.name)


LAYOUT = Layout(LABEL, recognises, read)
