"""Exports are opened through the guard of the readers: the same limits, and every cell a text."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from shnor_lib.inputs.importers.extract import ImportRefused, RawSheet
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.delivered import WORKBOOKS, read_delivered
from shnor_lib.inputs.sources.packages import position_of
from shnor_lib.inputs.sources.problems import FileRefused
from shnor_lib.inputs.sources.workbooks import cell_text, open_workbook
from shnor_lib.params.causes import of_system
from shnor_lib.params.persons import mask_person

DELIMITERS = ";,\t"


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
            f"{shown_name(path)}: файл не открывается ({of_system(error)}).",
            "закройте его в Excel и проверьте путь и права.",
        ) from None
    except FileRefused as refusal:
        raise _refused(path, refusal) from None


def _refused(path: Path, refusal: FileRefused) -> ImportRefused:
    told = refusal.problem
    return ImportRefused(f"{shown_name(path)}: {told.problem} (допустимо: {told.allowed}).", told.remedy)


def open_export(path: Path) -> tuple[list[list[RawSheet]], str]:
    """Sheets of an exported file in every way it can be read, and its sha256.

    A workbook is read in one way, a text by each delimiter that occurs in it: which is meant, its table tells.

    Raises :class:`ImportRefused` when the file is no workbook or CSV, or is refused by the guard.
    """
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = path.suffix.lower()
    if suffix == ".csv":
        readings = [[RawSheet("", rows)] for rows in _csv_rows(data, shown_name(path))]
        return _narrow(readings, shown_name(path)), sha256
    if suffix not in WORKBOOKS:
        raise ImportRefused(
            f"{shown_name(path)}: такие файлы не читаются.", "сохраните выгрузку как .xlsx, .xlsb, .xls, .ods или .csv."
        )
    try:
        opened = open_workbook(data)
    except FileRefused as refusal:
        raise _refused(path, refusal) from None
    sheets = [
        RawSheet(
            name,
            _with_reasons([list(map(_text, row)) for row in rows], opened.failed.get(name, {})),
            opened.unseen.get(name, ()),
        )
        for name, rows in opened.contents.items()
    ]
    return _narrow([sheets], shown_name(path)), sha256


def _narrow(readings: list[list[RawSheet]], name: str) -> list[list[RawSheet]]:
    """Those ways to read a file in which no row is too wide to be one of an export."""
    found = [one for one in readings if all(len(row) <= limits.MAX_COLUMNS for sheet in one for row in sheet.rows)]
    if readings and not found:
        raise ImportRefused(
            f"{name}: значения стоят дальше столбца {limits.MAX_COLUMNS}.",
            "удалите то, что стоит далеко от таблицы, и повторите команду.",
        )
    return found


def _text(value: object) -> str:
    return (value if type(value) is str else cell_text(value)).strip()


def _with_reasons(rows: list[list[str]], failed: Mapping[str, str]) -> list[list[str]]:
    """The rows with the reason, in square brackets, in every cell that should hold a value and does not."""
    for address, why in failed.items():
        row, column = position_of(address)
        if row < len(rows):
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = f"[{why}]"
    return rows


def _csv_rows(data: bytes, name: str) -> Iterator[list[list[str]]]:
    """Rows of a text by each delimiter, the most frequent first."""
    text = _decoded(data)
    csv.field_size_limit(limits.MAX_CELL_TEXT)
    for delimiter in sorted(DELIMITERS, key=text.count, reverse=True):
        if delimiter not in text and delimiter != DELIMITERS[0]:
            continue
        try:
            rows = [
                [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            ]
        except csv.Error:
            raise ImportRefused(
                f"{name}: разметка CSV нарушена: вероятно, не закрыта кавычка, или в ячейке больше {limits.MAX_CELL_TEXT} букв.",
                "сохраните выгрузку в Excel как .xlsx.",
            ) from None
        if sum(map(len, rows)) > limits.MAX_CELLS:
            raise ImportRefused(f"{name}: больше {limits.MAX_CELLS} ячеек.", "разделите выгрузку на части.")
        yield rows


def _decoded(data: bytes) -> str:
    """The text of a file in UTF-8, in the UTF-16 that Excel calls «Текст Юникод», or in Windows-1251."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")
