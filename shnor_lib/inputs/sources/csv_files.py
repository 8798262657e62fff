"""CSV files as delivered: UTF-8 with or without a mark, comma or semicolon, every cell a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.problems import Problem, problem
from shnor_lib.inputs.sources.sheets import (
    HEADER_ROWS,
    Sheet,
    below_header,
    columns_named,
    find_header,
    no_header,
    text_columns,
)

DELIMITERS = (";", ",", "\t")

TOP = 1 << 20
"""The header is looked for among so many first letters."""


def read_csv(data: bytes, file: str, entry: Table) -> tuple[Sheet | None, list[Problem]]:
    """Read one CSV file of a table.

    The sheet, ``None`` when it cannot be read, and the problems found on the way.
    """
    try:
        return _read(data, file, entry)
    except UnicodeDecodeError as error:
        fault = f"в байте {error.start + 1} это не UTF-8" + (", похоже на Windows-1251" if _is_cp1251(data) else "")
    except csv.Error:
        fault = f"разметка CSV нарушена: вероятно, не закрыта кавычка, или в ячейке больше {limits.MAX_CELL_TEXT} букв"
    return None, [problem("read_file.csv", table=entry.name, file=file, why=fault)]


def _read(data: bytes, file: str, entry: Table) -> tuple[Sheet | None, list[Problem]]:
    text = data.decode("utf-8-sig")
    if not text.strip():
        return None, []
    if data.count(b'"') % 2:
        raise csv.Error
    tops = {delimiter: _top(text, delimiter) for delimiter in DELIMITERS if delimiter in text or delimiter == ";"}
    delimiter = max(tops, key=lambda each: max(columns_named(row, entry) for row in tops[each][:HEADER_ROWS]))
    top = tops[delimiter]
    header = find_header(top, entry)
    if header is None:
        return None, [no_header(entry, file, "")]
    first = below_header(top, header, entry)
    width, cells, rows, wrong, left = len(top[header]), [], [], [], 0
    for number, row in enumerate(islice(_rows(text, delimiter), first, None), first + 1):
        if len(row) == width or (len(row) > width and not any(map(str.strip, row[width:]))):
            cells.append(row[:width])
            rows.append(number)
        elif any(map(str.strip, row)) and (left := left + 1) <= limits.MAX_TOLD:
            words = {"cells": len(row), "width": width, "delimiter": delimiter}
            wrong.append(problem("read_row.cells", table=entry.name, file=file, cell=f"A{number}", **words))
    if left > limits.MAX_TOLD:
        more = {"more": left - limits.MAX_TOLD, "told": limits.MAX_TOLD}
        wrong.append(problem("read_row.more", table=entry.name, file=file, **more))
    return Sheet(file, "", top[: header + 1], text_columns(cells, width), rows), wrong


def _top(text: str, delimiter: str) -> list[list[str]]:
    """The first rows as this delimiter splits them."""
    return [[cell.strip() for cell in row] for row in islice(_rows(text[:TOP], delimiter), HEADER_ROWS + 2)]


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(limits.MAX_CELL_TEXT)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _is_cp1251(data: bytes) -> bool:
    letters = sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in data[:4000])
    return letters > 0.9 * sum(byte >= 0x80 for byte in data[:4000])
