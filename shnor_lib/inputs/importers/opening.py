"""Exports are opened through the guard of the readers: the same limits, and every cell a text."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from shnor_lib.inputs.importers.extract import ImportRefused, RawSheet
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.delivered import WORKBOOKS, read_delivered
from shnor_lib.inputs.sources.persons import mask_person
from shnor_lib.inputs.sources.problems import FileRefused
from shnor_lib.inputs.sources.workbooks import cell_text, open_workbook

DELIMITERS = ";,\t"
MAX_FIELD = 1 << 17


def shown_name(path: Path) -> str:
    """How messages and protocols call a file: its name without folders and persons."""
    return mask_person(path.name)


def read_bytes(path: Path) -> bytes:
    """Content of a file that is not too large.

    Raises :class:`ImportRefused` when it cannot be read, is larger than the limits allow or changes while it is read.
    """
    try:
        return read_delivered(path)
    except OSError as error:
        raise ImportRefused(
            f"{shown_name(path)}: файл не открывается ({error.strerror}).",
            "закройте его в Excel и проверьте путь и права.",
        ) from None
    except FileRefused as refusal:
        raise _refused(path, refusal) from None


def _refused(path: Path, refusal: FileRefused) -> ImportRefused:
    told = refusal.problem
    return ImportRefused(f"{shown_name(path)}: {told.problem} (допустимо: {told.allowed}).", told.remedy)


def open_export(path: Path) -> tuple[list[RawSheet], str]:
    """Sheets of an exported file and its sha256.

    Raises :class:`ImportRefused` when the file is no workbook or CSV, or is refused by the guard.
    """
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return [RawSheet("", _csv_rows(data, shown_name(path)))], sha256
    if suffix not in WORKBOOKS:
        raise ImportRefused(f"{shown_name(path)}: такие файлы не читаются.", "сохраните выгрузку как .xlsx или .csv.")
    try:
        opened = open_workbook(data)
    except FileRefused as refusal:
        raise _refused(path, refusal) from None
    return [
        RawSheet(name, [[cell_text(value).strip() for value in row] for row in rows])
        for name, rows in opened.contents.items()
    ], sha256


def _csv_rows(data: bytes, name: str) -> Sequence[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
    first = text[: 1 << 16].partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(MAX_FIELD)
    try:
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise ImportRefused(
            f"{name}: разметка CSV нарушена ({error}).", "сохраните выгрузку в Excel как .xlsx."
        ) from None
    if sum(map(len, rows)) > limits.MAX_CELLS:
        raise ImportRefused(f"{name}: больше {limits.MAX_CELLS} ячеек.", "разделите выгрузку на части.")
    return rows
