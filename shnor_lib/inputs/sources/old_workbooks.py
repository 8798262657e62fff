"""Old workbooks (.xls, [MS-XLS]), made sure of before a spreadsheet reader sees them.

What is read afterwards holds only records of sheets and values: macros, pictures, formulas and links stay outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from struct import pack, unpack_from

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.compound import compound_file, streams_of
from shnor_lib.inputs.sources.packages import AS_EXCEL_WRITES, ERROR, NOT_AS_EXCEL_WRITES, Package, refused
from shnor_lib.inputs.sources.records import (
    PER_CENT,
    RICH,
    RecordedSheet,
    address,
    operands,
    recorded_package,
    takes_from_outside,
)

BEGIN, END, CONTINUE = 0x809, 0x0A, 0x3C
PASSWORD, CODE_PAGE, DAYS_OF_1904, FORMAT, STYLE, SHEET = 0x2F, 0x42, 0x22, 0x41E, 0xE0, 0x85
SHARED_TEXTS, BOOK, REFERENCES = 0xFC, 0x1AE, 0x17
ROW, COLUMNS = 0x208, 0x7D
NUMBER, SHORT_NUMBER, SHORT_NUMBERS, TEXT, SHARED_TEXT, RICH_TEXT = 0x203, 0x27E, 0xBD, 0x204, 0xFD, 0xD6
FLAG, FORMULA, TEXT_OF_FORMULA = 0x205, 0x06, 0x207
_OF_BOOK = {BEGIN, CODE_PAGE, DAYS_OF_1904, FORMAT, STYLE, SHEET, SHARED_TEXTS, END}
_CELLS = {NUMBER, SHORT_NUMBER, SHORT_NUMBERS, TEXT, SHARED_TEXT, RICH_TEXT, FLAG, FORMULA}

_OPERANDS = operands(array=7, cell=4, area=8)
_INSIDE = (b"\x01\x04", b"\x01\x3a")
"""What the record of this workbook, and of functions added to Excel, ends with."""


def old_package(data: bytes) -> Package:
    """A workbook of Excel 97 or older, with nothing in it but values.

    Raises
    ------
    FileRefused
        When its sheets are too large, it has a password, or it is none.
    """
    streams = streams_of(data)
    name = "Workbook" if "Workbook" in streams else "Book"
    if name not in streams:
        raise refused("она защищена паролем" if "EncryptedPackage" in streams else "в этом файле нет книги")
    book = _OldBook(streams[name])
    sheets: dict[str, RecordedSheet] = {}
    contents = [book.sheet(at, sheets.setdefault(title, RecordedSheet())) for title, at in book.sheets]
    return recorded_package(compound_file(name, book.with_sheets(contents)), sheets)


class _OldBook:
    """The records that stand before the sheets of a workbook; ``sheets``: their names and where they begin."""

    def __init__(self, stream: bytes) -> None:
        self._stream, self._unread = stream, len(stream)
        self._kept: list[bytes] = []
        self._begin = b""
        self._code_page = 1252
        self.sheets: list[tuple[str, int]] = []
        self._lengths: list[int] = []
        outside: list[bool] = []
        references: list[int] = []
        formats, styles = set(PER_CENT), []
        for kind, body, continued in self._records(0):
            match kind:
                case 0x2F if body[:2] != b"\0\0":
                    raise refused("она защищена паролем")
                case 0x809:
                    self._begin = body
                case 0x42:
                    self._code_page = unpack_from("<H", body)[0]
                case 0x41E if "%" in self._text(body[2:], 1 if self._is_5 else 2):
                    formats.add(unpack_from("<H", body)[0])
                case 0xE0:
                    styles.append(unpack_from("<H", body, 2)[0])
                case 0x85:
                    self.sheets.append((self._text(body[6:], 1).replace("\0", ""), unpack_from("<I", body)[0]))
                case 0xFC:
                    self._lengths = _lengths([body, *continued])
                case 0x1AE:
                    outside.append(len(body) != 4 or body[2:] not in _INSIDE)
                case 0x17 if not self._is_5:
                    references = [unpack_from("<H", body, at)[0] for at in range(2, len(body) - 5, 6)]
            if kind in _OF_BOOK:
                self._kept.append(_record(kind, body))
                self._kept += [_record(CONTINUE, one) for one in continued]
        self._per_cent = {place for place, one in enumerate(styles) if one in formats}
        self._outer = {place for place, one in enumerate(references) if one < len(outside) and outside[one]}

    @property
    def _is_5(self) -> bool:
        """Whether Excel 5 or 95 wrote it: texts take a byte a letter."""
        return self._begin[:2] == b"\0\5"

    def _records(self, at: int) -> Iterator[tuple[int, bytes, list[bytes]]]:
        """Records up to the end of their part: kind, content, and what continues it."""
        stream, kind = self._stream, -1
        while kind != END and at + 4 <= len(stream):
            kind, size = unpack_from("<HH", stream, at)
            body, at, continued = stream[at + 4 : at + 4 + size], at + 4 + size, []
            self._unread -= 4 + size
            while stream[at : at + 2] == b"\x3c\0" and at + 4 <= len(stream):
                size = unpack_from("<H", stream, at + 2)[0]
                continued.append(stream[at + 4 : at + 4 + size])
                at += 4 + size
                self._unread -= 4 + size
            if self._unread < 0 or len(continued) > limits.MAX_CONTINUED:  # sheets that share their records, too
                raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
            yield kind, body, continued

    def _text(self, body: bytes, size: int) -> str:
        """A text after its length of one byte or two."""
        length = int.from_bytes(body[:size], "little")
        if self._is_5:
            return body[size : size + length].decode(f"cp{self._code_page}", errors="replace")
        if body[size] & 1:
            return body[size + 1 : size + 1 + 2 * length].decode("utf-16-le", errors="replace")
        return body[size + 1 : size + 1 + length].decode("latin-1")

    def sheet(self, at: int, found: RecordedSheet) -> bytes:
        """The records of a sheet that hold values; what they tell is put into ``found``."""
        kept = [_record(BEGIN, self._begin)]
        for kind, body, _ in self._records(at):
            if kind == ROW and body[12] & 0x20:
                found.hidden_rows.add(unpack_from("<H", body)[0])
            elif kind == COLUMNS and body[8] & 1:
                found.hidden_columns.append(unpack_from("<HH", body))
            elif kind == TEXT_OF_FORMULA:
                found.letters += 2 * unpack_from("<H", body)[0]
                kept.append(_record(kind, body))
            elif kind in _CELLS:
                kept.append(_record(kind, self._cell(kind, body, found)))
        return b"".join([*kept, _record(END)])

    def _cell(self, kind: int, body: bytes, found: RecordedSheet) -> bytes:
        """What is kept of the record of a cell."""
        row, column, style = unpack_from("<HHH", body)
        per_cent, letters, why = style in self._per_cent, 0, ""
        match kind:
            case 0xBD:
                for place in range((len(body) - 6) // 6):
                    style = unpack_from("<H", body, 4 + 6 * place)[0]
                    found.fill(row, column + place, per_cent=style in self._per_cent)
                return body
            case 0xFD:
                shared = unpack_from("<I", body, 6)[0]
                letters = self._lengths[shared] if shared < len(self._lengths) else 0
            case 0x204:
                letters = unpack_from("<H", body, 6)[0]
            case 0xD6:
                why = RICH
            case 0x205 if body[7]:
                why = ERROR
            case 0x06:
                why = ERROR if body[12:14] == b"\xff\xff" and body[6] == 2 else ""
                tokens = body[22 : 22 + unpack_from("<H", body, 20)[0]]
                if not self._is_5 and takes_from_outside(tokens, _OPERANDS, _text_size, self._outer):
                    found.linked.append(address(row, column))
                body = body[:20] + b"\0\0"
        found.fill(row, column, letters=2 * letters, per_cent=per_cent, why=why)  # the reader keeps each text twice
        return body

    def with_sheets(self, contents: Sequence[bytes]) -> bytes:
        """The stream of a workbook with these sheets."""
        at, kept, waiting = sum(map(len, self._kept)), [], iter(contents)
        for record in self._kept:
            if record[:2] == b"\x85\0":
                kept.append(record[:4] + pack("<I", at) + record[8:])
                at += len(next(waiting))
            else:
                kept.append(record)
        return b"".join([*kept, *contents])


def _record(kind: int, body: bytes = b"") -> bytes:
    return pack("<HH", kind, len(body)) + body


def _text_size(tokens: bytes, at: int) -> int:
    return 2 + tokens[at] * (1 + (tokens[at + 1] & 1))


def _lengths(pieces: Sequence[bytes]) -> list[int]:
    """Letters of each text that cells share; a text may go on in the next piece, where it says anew how wide letters are."""
    count = unpack_from("<I", pieces[0], 4)[0]
    if 3 * count > sum(map(len, pieces)):
        raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
    waiting = iter(pieces)
    piece, at = next(waiting), 8
    lengths = []
    for _ in range(count):
        if at == len(piece):
            piece, at = next(waiting), 0
        length, flags = unpack_from("<HB", piece, at)
        lengths.append(length)
        at, after = at + 3, 0
        if flags & 8:
            at, after = at + 2, 4 * unpack_from("<H", piece, at)[0]
        if flags & 4:
            at, after = at + 4, after + unpack_from("<I", piece, at)[0]
        while length:
            width = 1 + (flags & 1)
            here = min(length, (len(piece) - at) // width)
            length, at = length - here, at + here * width
            if length:
                piece = next(waiting)
                flags, at = piece[0], 1
        while after > len(piece) - at:
            after -= len(piece) - at
            piece, at = next(waiting), 0
        at += after
    return lengths
