"""Protocols beside the tables: of every file what was read, taken, left out and why. No clock, so they repeat by the byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable
from dataclasses import dataclass, fields

from shnor_lib.params.persons import mask_person

IMPORT_PROTOCOL = "import_protocol.csv"
COLLECT_PROTOCOL = "collect_protocol.csv"
HEADERS = ("файл", "sha256", "вид", "лист", "таблица", "запись", "количество", "пояснение", "ячейка")
TAKEN = "взято"
REPLACED = "заменено"
REFUSED = "не взято"
"""What a cell or a procedure of the file should have brought and did not."""
BETWEEN = "; "


@dataclass(frozen=True)
class Line:
    """One line of a protocol; every field is a text. ``cell``: where in the file, when it is about one place."""

    file: str
    sha256: str
    layout: str
    sheet: str
    table: str
    record: str
    count: str
    text: str
    cell: str = ""


def protocol_bytes(lines: Iterable[Line], earlier: Iterable[Line], lasting: Container[str] = (REPLACED,)) -> bytes:
    """The protocol as CSV: files in order of their names, earlier files and replacements kept.

    ``earlier``: the protocol that stands there; lines of the files that come again give way to the new ones, but for the
    ``lasting`` records.
    """
    lines = list(lines)
    again = {line.file for line in lines}
    kept = [line for line in earlier if line.file not in again or (line.record in lasting and line not in lines)]
    ordered = sorted([*kept, *lines], key=lambda line: line.file)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(HEADERS)
    writer.writerows([_cell(getattr(line, field.name)) for field in fields(Line)] for line in ordered)
    return text.getvalue().encode("utf-8-sig")


def read_protocol(data: bytes | None) -> list[Line]:
    """Lines of a protocol; of one that a hand has spoilt those that are still whole."""
    if not data:
        return []
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""), delimiter=";")
    fewest = len(HEADERS) - 1  # without the cell, as protocols were written before
    return [
        Line(*row) for row in rows if fewest <= len(row) <= len(HEADERS) and tuple(row[:fewest]) != HEADERS[:fewest]
    ]


def taken_before(earlier: Iterable[Line], sha256: dict[str, str]) -> frozenset[tuple[str, str]]:
    """Files and schools (or levels) that the protocol says were taken, of the files that come again unchanged."""
    return frozenset(
        (line.file, owner)
        for line in earlier
        if line.record == TAKEN and line.table and sha256.get(line.file) == line.sha256
        for owner in line.text.split(BETWEEN)
    )


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula and that names no person."""
    shown = " ".join(mask_person(text).split())
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
