"""CSV files as delivered: UTF-8 with or without a mark, comma or semicolon, every cell a text."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from itertools import islice

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources.problems import Found, Problem
from shnor_lib.inputs.sources.sheets import (
    HEADER_ROWS,
    Sheet,
    columns_named,
    find_header,
    no_header,
    repeats_header,
    text_columns,
)

DELIMITERS = (";", ",", "\t")

TOP = 1 << 20
"""The header is looked for among so many first letters."""

Row = list[str]


def read_csv(data: bytes, file: str, entry: Table) -> tuple[Sheet | None, list[Found]]:
    """Read one CSV file of a table.

    Returns
    -------
    The sheet, ``None`` when it cannot be read, and the problems found on the way.
    """
    try:
        return _read(data, file, entry)
    except UnicodeDecodeError as error:
        fault = f"в байте {error.start + 1} это не UTF-8" + (", похоже на Windows-1251" if _is_cp1251(data) else "")
    except (csv.Error, pa.ArrowException) as error:
        fault = f"разметка CSV нарушена ({str(error).splitlines()[0][:80]}), вероятно, не закрыта кавычка"
    unreadable = Problem(
        "error",
        "read_file",
        f"Файл не читается: {fault}",
        table=entry.name,
        file=file,
        allowed="CSV в кодировке UTF-8",
        remedy="Откройте файл в Excel и сохраните как «CSV UTF-8» или как книгу .xlsx.",
    )
    return None, [unreadable]


def _read(data: bytes, file: str, entry: Table) -> tuple[Sheet | None, list[Found]]:
    text = data.decode("utf-8-sig")
    if not text.strip():
        return None, []
    if data.count(b'"') % 2:
        raise csv.Error("число кавычек нечётное")
    delimiter, top, ends = max(
        (_top(text[:TOP], each) for each in DELIMITERS), key=lambda found: columns_named(found[1], entry)
    )
    header = find_header(top, entry)
    if header is None:
        return None, [no_header(entry, file, "")]
    last = header
    while last + 1 < len(top) and repeats_header(top[last + 1], top[header], entry):
        last += 1
    start = len(text[: ends[last]].encode()) + (len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0)
    cells, rows, misshapen = _cells(memoryview(data)[start:], delimiter, len(top[header]))
    sheet = Sheet(file, "", top[: header + 1], text_columns(cells), rows + last + 2)
    wrong = [
        Problem(
            "error",
            "read_row",
            f"В строке {fields} ячеек, в заголовке {len(top[header])}",
            table=entry.name,
            file=file,
            cell=f"A{row + last + 2}",
            allowed="столько ячеек, сколько заголовков",
            remedy=f"Проверьте разделители «{delimiter}»: текст или число с таким знаком внутри берут в кавычки.",
        )
        for row, fields in misshapen.items()
    ]
    return sheet, wrong


def _top(text: str, delimiter: str) -> tuple[str, list[Row], list[int]]:
    """The first rows as this delimiter splits them, and where each ends in the text."""
    stream = io.StringIO(text, newline="")
    rows, ends = [], []
    for row in islice(csv.reader(stream, delimiter=delimiter), HEADER_ROWS + 2):
        rows.append([cell.strip() for cell in row])
        ends.append(stream.tell())
    return delimiter, rows, ends


def _cells(body: memoryview, delimiter: str, width: int) -> tuple[list[pa.ChunkedArray], np.ndarray, dict[int, int]]:
    """Columns of the body, the position of each row, and the rows of another width with their number of cells.

    A row that is longer only by empty cells is taken.
    """
    if not bytes(body[:1]):
        return [pa.chunked_array([], pa.string())] * width, np.array([], dtype=int), {}
    odd: dict[int, Row] = {}

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        odd[row.number - 1] = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=delimiter), [])
        return "skip"

    names = [str(position) for position in range(width)]
    table = arrow_csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=1 << 24),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=set_aside
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    rows = np.delete(np.arange(table.num_rows + len(odd)), sorted(odd))
    filled = {row: fields for row, fields in odd.items() if any(field.strip() for field in fields)}
    longer = {
        row: fields for row, fields in filled.items() if len(fields) > width and not any(map(str.strip, fields[width:]))
    }
    misshapen = {row: len(fields) for row, fields in filled.items() if row not in longer}
    columns = table.columns
    if longer:
        order = np.argsort(np.concatenate([rows, list(longer)]), kind="stable")
        rows = np.concatenate([rows, list(longer)])[order]
        extra = list(zip(*longer.values(), strict=False))
        columns = [
            pa.chunked_array([*column.chunks, pa.array(extra[position], pa.string())]).take(pa.array(order))
            for position, column in enumerate(columns)
        ]
    return columns, rows, misshapen


def _is_cp1251(data: bytes) -> bool:
    letters = sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in data[:4000])
    return letters > 0.9 * sum(byte >= 0x80 for byte in data[:4000])
