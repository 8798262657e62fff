"""Binary workbooks (.xlsb, [MS-XLSB]), made sure of before a spreadsheet reader sees them.

What is read afterwards holds only the parts of sheets, texts and formats: macros, pictures and links stay outside.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from struct import unpack_from
from xml.etree import ElementTree

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.packages import (
    AS_EXCEL_WRITES,
    ERROR,
    NOT_AS_EXCEL_WRITES,
    SHEETS_REPEAT,
    Package,
    refused,
    weighed,
)
from shnor_lib.inputs.sources.records import (
    PER_CENT,
    RICH,
    RecordedSheet,
    address,
    operands,
    recorded_package,
    takes_from_outside,
)

BOOK, RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
TEXTS, STYLES = "xl/sharedStrings.bin", "xl/styles.bin"

ROW, COLUMNS = 0x00, 0x3C
ERROR_CELL, SHARED_TEXT, TEXT, RICH_TEXT = 0x03, 0x07, 0x06, 0x3E
FORMULA_TEXT, FORMULA_NUMBER, FORMULA_FLAG, FORMULA_ERROR = 0x08, 0x09, 0x0A, 0x0B
_CELLS = {*range(0x02, 0x0C), RICH_TEXT}
SHEET, SHARED, FORMAT, STYLES_BEGIN, STYLES_END, STYLE = 0x9C, 0x13, 0x2C, 0x269, 0x26A, 0x2F
BOOKS_OUTSIDE, BOOKS_INSIDE, REFERENCES = (0x163,), (0x165, 0x166, 0x29B), 0x16A
_OF_BOOK = {0x83, 0x84, 0x8F, 0x90, 0x99, SHEET, 0x9D}
_MOST_ROWS = 1 << 20

_OPERANDS = operands(array=14, cell=6, area=12)

Record = tuple[int, bytes]


def binary_package(data: bytes) -> Package:
    """A workbook of binary parts, with nothing in it but values.

    Raises
    ------
    FileRefused
        When its parts or sheets are too large, or it is not written as Excel writes it.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(content, "w") as safe:
        names = {part.filename for part in weighed(archive)}

        def part(name: str) -> bytes:
            found = archive.read(name) if name in names else b""
            if found:
                safe.writestr(name, found)
            return found

        book = list(_records(archive.read(BOOK)))
        safe.writestr(BOOK, b"".join(_written(*record) for record in book if record[0] in _OF_BOOK))
        relations = part(RELATIONS)
        if b"<!DOCTYPE" in relations:
            raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
        targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(relations)}
        lengths = [unpack_from("<I", body, 1)[0] for kind, body in _records(part(TEXTS)) if kind == SHARED]
        reading = _Reading(lengths, _per_cent_styles(_records(part(STYLES))), _outer_references(book))
        sheets: dict[str, RecordedSheet] = {}
        for kind, body in book:
            if kind == SHEET and body[8:12] != b"\xff\xff\xff\xff":
                relation, at = _text(body, 8)
                name = str(PurePosixPath("xl", targets[relation]))
                if name not in names:
                    raise refused(SHEETS_REPEAT, AS_EXCEL_WRITES)
                reading.read(_records(part(name)), sheets.setdefault(_text(body, at)[0], RecordedSheet()))
                names.remove(name)
    return recorded_package(content.getvalue(), sheets)


class _Reading:
    """Reads the records of sheets.

    Parameters
    ----------
    lengths : letters of each text that cells share.
    per_cent : numbers of the styles that show per cent.
    outer : numbers of the references that lead out of the workbook.
    """

    def __init__(self, lengths: list[int], per_cent: set[int], outer: set[int]) -> None:
        self._lengths, self._per_cent, self._outer = lengths, per_cent, outer

    def read(self, records: Iterable[Record], found: RecordedSheet) -> None:
        """Put into ``found`` what the records of a sheet tell."""
        row = 0
        for kind, body in records:
            if kind == ROW:
                row = unpack_from("<I", body)[0]
                if row >= _MOST_ROWS:
                    raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
                if body[11] & 0x10:
                    found.hidden_rows.add(row)
            elif kind == COLUMNS and body[16] & 1:
                found.hidden_columns.append(unpack_from("<II", body))
            elif kind in _CELLS:
                self._cell(kind, body, row, found)

    def _cell(self, kind: int, body: bytes, row: int, found: RecordedSheet) -> None:
        column, style = unpack_from("<II", body)
        letters, formula = 0, 0
        if kind == SHARED_TEXT:
            letters = self._lengths[unpack_from("<I", body, 8)[0]]
        elif kind in (TEXT, FORMULA_TEXT):
            letters = unpack_from("<I", body, 8)[0]
            formula = 12 + 2 * letters
        elif kind == FORMULA_NUMBER:
            formula = 16
        elif kind in (FORMULA_FLAG, FORMULA_ERROR):
            formula = 9
        why = ERROR if kind in (ERROR_CELL, FORMULA_ERROR) else RICH if kind == RICH_TEXT else ""
        found.fill(row, column, letters=letters, per_cent=style & 0xFFFFFF in self._per_cent, why=why)
        if kind >= FORMULA_TEXT and kind != RICH_TEXT:
            size = unpack_from("<I", body, formula + 2)[0]
            tokens = body[formula + 6 : formula + 6 + size]
            if takes_from_outside(tokens, _OPERANDS, _text_size, self._outer):
                found.linked.append(address(row, column))


def _records(part: bytes) -> Iterator[Record]:
    """Records of a part: kind and content; kind and size take so many bytes as they need."""
    at = count = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) + ((part[at] & 0x7F) << 7)
            at += 1
        size = 0
        for place in range(4):
            byte = part[at]
            at += 1
            size += (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                break
        count += 1
        if at + size > len(part) or count > limits.MAX_CELLS:
            raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
        yield kind, part[at : at + size]
        at += size


def _written(kind: int, body: bytes) -> bytes:
    """A record as bytes."""
    head = [kind] if kind < 0x80 else [kind & 0x7F | 0x80, kind >> 7]
    size = len(body)
    while True:
        head.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(head) + body


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends."""
    end = at + 4 + 2 * unpack_from("<I", body, at)[0]
    return body[at + 4 : end].decode("utf-16-le", errors="replace"), end


def _text_size(tokens: bytes, at: int) -> int:
    return 2 + 2 * unpack_from("<H", tokens, at)[0]


def _per_cent_styles(records: Iterable[Record]) -> set[int]:
    """Numbers of the styles of cells that show per cent."""
    formats, styles, within = set(PER_CENT), [], False
    for kind, body in records:
        if kind == FORMAT and "%" in _text(body, 2)[0]:
            formats.add(unpack_from("<H", body)[0])
        elif kind in (STYLES_BEGIN, STYLES_END):
            within = kind == STYLES_BEGIN
        elif kind == STYLE and within:
            styles.append(unpack_from("<H", body, 2)[0])
    return {place for place, one in enumerate(styles) if one in formats}


def _outer_references(book: Iterable[Record]) -> set[int]:
    """Numbers of the references of formulas that lead out of the workbook."""
    outside: list[bool] = []
    references: list[int] = []
    for kind, body in book:
        if kind in BOOKS_OUTSIDE or kind in BOOKS_INSIDE:
            outside.append(kind in BOOKS_OUTSIDE)
        elif kind == REFERENCES:
            references = [unpack_from("<I", body, at)[0] for at in range(4, len(body) - 11, 12)]
    return {place for place, one in enumerate(references) if one < len(outside) and outside[one]}
