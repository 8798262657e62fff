"""Small workbooks of other programs and formats, written record by record: .xls of Excel 97, .xlsb, .ods of LibreOffice.

Nothing in the environment writes them. A value is a text, a number, a flag, a date, :class:`PerCent` or ``None``; a text that
begins with = is a formula, with an error where it divides by nought and else, in .ods, without a value.
"""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape, quoteattr

UNUSED, END, OF_FAT, OF_MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
PLAIN, DAY, SHARE = range(3)
"""Styles of cells; the format of the last is described in the workbook."""
SHARE_FORMAT = 164
DIVIDED = b"\x1e\x01\x00\x1e\x00\x00\x06"
"""The tokens of =1/0."""
ANOTHER_BOOK = "='file:///C:/another.xlsx'#A1"
"""A formula that takes 7 from the first cell of another workbook."""


class PerCent(float):
    """A number shown as per cent."""


@dataclass
class Sheet:
    """A sheet to write; ``merged``: row, first and last column."""

    name: str
    rows: Sequence[Sequence[object]]
    hidden: bool = False
    hidden_rows: Iterable[int] = ()
    hidden_columns: Iterable[int] = ()
    merged: Sequence[tuple[int, int, int]] = field(default_factory=list)

    def cells(self):
        for at, row in enumerate(self.rows):
            yield at, [(place, value) for place, value in enumerate(row) if value is not None and value != ""]


def _numbered(value):
    """A number of a cell and its style."""
    if isinstance(value, date):
        return (value - date(1899, 12, 30)).days, DAY
    return float(value), SHARE if isinstance(value, PerCent) else PLAIN


def xls(sheet: str, rows) -> bytes:
    """A workbook of one sheet."""
    return xls_book([Sheet(sheet, rows)])


def xls_book(sheets: Sequence[Sheet]) -> bytes:
    """An old workbook; the texts of its cells are shared, as Excel writes them."""
    texts: dict[str, int] = {}

    def record(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6))

    def cell(row, column, value):
        head = struct.pack("<HH", row, column)
        if isinstance(value, str) and value.startswith("="):
            if value == ANOTHER_BOOK:
                tokens, given, style = struct.pack("<BHHH", 0x5A, 0, 0, 0), struct.pack("<d", 7), PLAIN
            else:
                tokens, given, style = DIVIDED, b"\x02\0\x07\0\0\0\xff\xff", PLAIN
            return record(0x06, head + struct.pack("<H8sHIH", style, given, 0, 0, len(tokens)) + tokens)
        if isinstance(value, str):
            return record(0xFD, head + struct.pack("<HI", PLAIN, texts.setdefault(value, len(texts))))
        if isinstance(value, bool):
            return record(0x205, head + struct.pack("<HBB", PLAIN, value, 0))
        number, style = _numbered(value)
        return record(0x203, head + struct.pack("<Hd", style, number))

    def part(sheet: Sheet):
        width = max(map(len, sheet.rows), default=0)
        told = begin(0x10)
        for column in sheet.hidden_columns:
            told += record(0x7D, struct.pack("<HHHHHH", column, column, 0, 0, 1, 0))
        told += record(0x200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, width, 0))
        for row, cells in sheet.cells():
            flags = 0x120 if row in sheet.hidden_rows else 0x100
            told += record(0x208, struct.pack("<HHHHHHHH", row, 0, width, 255, 0, 0, flags, 0))
            told += b"".join(cell(row, *one) for one in cells)
        return told + record(0x0A)

    parts = [part(sheet) for sheet in sheets]
    shared, taken = [struct.pack("<II", len(texts), len(texts))], 8
    for text in texts:
        told = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
        if taken + len(told) > 8000:
            shared, taken = [*shared, b""], 0
        shared[-1] += told
        taken += len(told)
    name = "0.0%"
    styles = b"".join(record(0xE0, struct.pack("<HHH14x", 0, one, 0)) for one in (0, 14, SHARE_FORMAT))
    books = record(0x1AE, struct.pack("<HH", len(sheets), 0x401)) + record(
        0x1AE, struct.pack("<HHB5s", 1, 5, 0, b"\1a.xl")
    )
    books += record(0x17, struct.pack("<HHHH", 1, 1, 0, 0))

    def globals_(places):
        told = begin(5) + record(0x42, struct.pack("<H", 1200))
        told += record(0x41E, struct.pack("<HHB", SHARE_FORMAT, len(name), 0) + name.encode()) + styles
        for sheet, at in zip(sheets, places, strict=True):
            named = sheet.name.encode("utf-16-le")
            told += record(0x85, struct.pack("<IBBBB", at, sheet.hidden, 0, len(sheet.name), 1) + named)
        told += books + record(0xFC, shared[0]) + b"".join(record(0x3C, one) for one in shared[1:])
        return told + record(0x0A)

    places, at = [], len(globals_([0] * len(sheets)))
    for one in parts:
        places.append(at)
        at += len(one)
    return compound(globals_(places) + b"".join(parts))


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE file with one stream: header, table of sectors, directory, the stream."""

    def entry(named, kind, child, start, length):
        text = f"{named}\0".encode("utf-16-le")
        links = struct.pack("<HBBIII", len(text), kind, 1, UNUSED, UNUSED, child)
        return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, length)

    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    tables, more = 1, 0
    while tables * 128 < tables + more + 1 + sectors:
        tables += 1
        more = max(-(-(tables - 109) // 127), 0)
    first = tables + more
    links = [*[OF_FAT] * tables, *[OF_MORE] * more, END, *range(first + 2, first + 1 + sectors), END]
    table = struct.pack(f"<{tables * 128}I", *links, *[UNUSED] * (tables * 128 - len(links)))
    directory = entry("Root Entry", 5, 1, END, 0) + entry(name, 2, UNUSED, first + 1, len(stream))
    numbers = struct.pack("<HHHHHHIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables)
    numbers += struct.pack("<IIIIIII", first, 0, 4096, END, 0, tables if more else END, more)
    places = [*range(tables), *[UNUSED] * (109 + 127 * more - tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + numbers + struct.pack("<109I", *places[:109])
    for at in range(more):
        following = tables + at + 1 if at + 1 < more else END
        table += struct.pack("<128I", *places[109 + 127 * at : 236 + 127 * at], following)
    return head + table + directory.ljust(512, b"\0") + stream


def xlsb(sheet: str, rows) -> bytes:
    """A workbook of one sheet."""
    return xlsb_book([Sheet(sheet, rows)])


def record12(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xlsb."""
    head, size = bytes([kind] if kind < 0x80 else [kind & 0x7F | 0x80, kind >> 7]), len(data)
    while size > 0x7F:
        head, size = head + bytes([size & 0x7F | 0x80]), size >> 7
    return head + bytes([size]) + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def xlsb_parts(sheets: Sequence[Sheet]) -> dict[str, bytes]:
    """The parts of a workbook, records of texts shared and in their cells in turn."""
    texts: dict[str, int] = {}

    def cell(column, value):
        if isinstance(value, str) and value.startswith("="):
            if value == ANOTHER_BOOK:
                tokens = struct.pack("<BHIH", 0x5A, 0, 0, 0)
                return record12(9, struct.pack("<IIdHI", column, PLAIN, 7, 0, len(tokens)) + tokens + bytes(4))
            return record12(11, struct.pack("<IIBHI", column, PLAIN, 7, 0, len(DIVIDED)) + DIVIDED + bytes(4))
        if isinstance(value, str):
            if column % 2:
                return record12(6, struct.pack("<II", column, PLAIN) + wide(value))
            return record12(7, struct.pack("<III", column, PLAIN, texts.setdefault(value, len(texts))))
        if isinstance(value, bool):
            return record12(4, struct.pack("<IIB", column, PLAIN, value))
        number, style = _numbered(value)
        if style == PLAIN and number.is_integer() and abs(number) < 1 << 28:
            return record12(2, struct.pack("<IIi", column, style, int(number) << 2 | 2))
        return record12(5, struct.pack("<IId", column, style, number))

    def part(sheet: Sheet):
        width = max(map(len, sheet.rows), default=1)
        told = record12(0x81) + record12(0x94, struct.pack("<IIII", 0, max(len(sheet.rows) - 1, 0), 0, width - 1))
        hidden = [struct.pack("<IIIIH", one, one, 0, 0, 1) for one in sheet.hidden_columns]
        if hidden:
            told += record12(0x186) + b"".join(record12(0x3C, one) for one in hidden) + record12(0x187)
        told += record12(0x91)
        for row, cells in sheet.cells():
            flags = 0x1000 if row in sheet.hidden_rows else 0
            told += record12(0, struct.pack("<IIHHBI", row, 0, 300, flags, 0, 0)) + b"".join(
                cell(*one) for one in cells
            )
        return told + record12(0x92) + record12(0x82)

    parts = {f"xl/worksheets/sheet{at}.bin": part(sheet) for at, sheet in enumerate(sheets, 1)}
    told = [
        struct.pack("<II", sheet.hidden, at) + wide(f"rId{at}") + wide(sheet.name) for at, sheet in enumerate(sheets, 1)
    ]
    book = record12(0x83) + record12(0x99, bytes(12)) + record12(0x8F) + b"".join(record12(0x9C, one) for one in told)
    book += record12(0x90) + record12(0x161) + record12(0x165) + record12(0x163, wide("rId90")) + record12(0x162)
    book += record12(0x16A, struct.pack("<IIII", 1, 1, 0, 0)) + record12(0x9D, bytes(26)) + record12(0x84)
    styles = record12(0x116) + record12(0x267, struct.pack("<I", 1))
    styles += record12(0x2C, struct.pack("<H", SHARE_FORMAT) + wide("0.0%")) + record12(0x268)
    styles += record12(0x269, struct.pack("<I", 3))
    styles += b"".join(record12(0x2F, struct.pack("<HH12x", 0, one)) for one in (0, 14, SHARE_FORMAT))
    shared = record12(0x9F, struct.pack("<II", len(texts), len(texts)))
    shared += b"".join(record12(0x13, b"\0" + wide(one)) for one in texts) + record12(0xA0)
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{of}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at, _ in enumerate(sheets, 1)
    )
    name = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{name}">{links}</Relationships>'
    parts |= {"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations.encode()}
    return parts | {"xl/styles.bin": styles + record12(0x26A) + record12(0x117), "xl/sharedStrings.bin": shared}


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def xlsb_book(sheets: Sequence[Sheet]) -> bytes:
    """A binary workbook."""
    return zipped(xlsb_parts(sheets))


def ods(sheet: str, rows) -> bytes:
    """A workbook of one sheet."""
    return ods_book([Sheet(sheet, rows)])


def ods_book(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of LibreOffice."""

    def cell(value, spanned=""):
        if value is None or value == "":
            return f"<table:table-cell{spanned}/>"
        if isinstance(value, str) and value.startswith("="):
            formula = f"{spanned} table:formula={quoteattr('of:' + value)}"
            if value == ANOTHER_BOOK:
                return f'<table:table-cell{formula} office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
            if "/0" not in value:
                return f"<table:table-cell{formula}/>"
            kind = ' office:value-type="string" office:string-value="" calcext:value-type="error"'
            return f"<table:table-cell{formula}{kind}><text:p>#ДЕЛ/0!</text:p></table:table-cell>"
        kind, stated, shown = "string", "", str(value)
        if isinstance(value, bool):
            kind, stated, shown = "boolean", f' office:boolean-value="{str(value).lower()}"', "ДА" if value else "НЕТ"
        elif isinstance(value, date):
            kind, stated, shown = "date", f' office:date-value="{value}"', f"{value:%d.%m.%y}"
        elif isinstance(value, PerCent):
            kind, stated, shown = (
                "percentage",
                f' office:value="{float(value)!r}"',
                f"{value * 100:.1f}%".replace(".", ","),
            )
        elif not isinstance(value, str):
            kind, stated, shown = "float", f' office:value="{value!r}"', f"{value:.12g}".replace(".", ",")
        lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in shown.split("\n"))
        return f'<table:table-cell{spanned} office:value-type="{kind}"{stated}>{lines}</table:table-cell>'

    def line(sheet: Sheet, at, row):
        hidden = ' table:visibility="collapse"' if at in sheet.hidden_rows else ""
        spans = {first: last for of, first, last in sheet.merged if of == at}
        told, place = "", 0
        row = list(row) or [None]
        while place < max(len(row), *(last + 1 for last in [*spans.values(), 0])):
            value, last = row[place] if place < len(row) else None, spans.get(place, place)
            told += cell(value, f' table:number-columns-spanned="{last - place + 1}"' if last > place else "")
            told += "<table:covered-table-cell/>" * (last - place)
            place = last + 1
        return f"<table:table-row{hidden}>{told}</table:table-row>"

    def table(sheet: Sheet):
        style = ' table:style-name="hidden"' if sheet.hidden else ""
        width = max(map(len, sheet.rows), default=1)
        narrow = ' table:visibility="collapse"'
        columns = "".join(f"<table:table-column{narrow * (one in sheet.hidden_columns)}/>" for one in range(width))
        lines = "".join(line(sheet, at, row) for at, row in enumerate(sheet.rows))
        return f"<table:table table:name={quoteattr(sheet.name)}{style}>{columns}{lines}</table:table>"

    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    styles = '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/></style:style>'
    body = f"<office:body><office:spreadsheet>{''.join(map(table, sheets))}</office:spreadsheet></office:body>"
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}>{styles}{body}</office:document-content>".encode(),
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}"/>'.encode(),
        }
    )


def _spaced(text: str) -> str:
    """A line of a cell as LibreOffice writes it: spaces that would be lost are elements."""
    return (
        escape(text).replace("  ", " <text:s/>") if text.strip(" ") == text else escape(text).replace(" ", "<text:s/>")
    )
