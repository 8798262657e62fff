"""Small workbooks of other programs: .xls of Excel 97, .ods of LibreOffice."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNUSED, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(sheet: str, rows, shared: str = "") -> bytes:
    """A workbook of one sheet with an ASCII name; the text ``shared`` is written once, however many cells hold it."""

    def record(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 6))

    def cell(row, column, value):
        if shared and value == shared:
            return record(0xFD, struct.pack("<HHHI", row, column, 0, 0))
        if isinstance(value, str):
            return record(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + value.encode("utf-16-le"))
        return record(0x203, struct.pack("<HHHd", row, column, 0, value))

    def globals_(sheet_at):
        named = struct.pack("<IBBBB", sheet_at, 0, 0, len(sheet), 0) + sheet.encode("ascii")
        return begin(5) + record(0x42, struct.pack("<H", 1200)) + record(0x85, named) + texts + record(0x0A)

    texts = struct.pack("<IIHB", 1, 1, len(shared), 1) + shared.encode("utf-16-le")
    texts = record(0xFC, texts) if shared else b""
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0)
    cells = b"".join(cell(at, place, value) for at, row in enumerate(rows) for place, value in enumerate(row))
    return _compound(globals_(len(globals_(0))) + begin(0x10) + record(0x200, size) + cells + record(0x0A))


def _compound(stream: bytes) -> bytes:
    """An OLE file with one stream, «Workbook»: header, table of sectors, directory, the stream."""

    def entry(name, kind, child, start, length):
        text = f"{name}\0".encode("utf-16-le")
        links = struct.pack("<HBBIII", len(text), kind, 1, UNUSED, UNUSED, child)
        return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, length)

    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    tables = -(-(len(stream) // 512 + 1) // 127)
    sectors = [*[OF_FAT] * tables, END, *range(tables + 2, tables + 1 + len(stream) // 512), END]
    table = struct.pack(f"<{128 * tables}I", *sectors, *[UNUSED] * (128 * tables - len(sectors)))
    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, UNUSED, tables + 1, len(stream))
    numbers = struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables, tables, 0, 4096, END, 0, END, 0)
    places = struct.pack("<109I", *range(tables), *[UNUSED] * (109 - tables))
    return OLE + bytes(16) + numbers + places + table + directory.ljust(512, b"\0") + stream


def ods(sheet: str, rows) -> bytes:
    """A workbook of one sheet; a text that begins with = is a formula without a value."""

    def cell(value):
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, str) and value.startswith("="):
            return f'<table:table-cell table:formula="of:{escape(value)}"/>'
        kind = "string" if isinstance(value, str) else "float"
        stated = "" if kind == "string" else f' office:value="{value}"'
        return f'<table:table-cell office:value-type="{kind}"{stated}><text:p>{escape(str(value))}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="{sheet}">{lines}</table:table>'
    content = f"<office:document-content {spaces}>{body}</office:spreadsheet></office:body></office:document-content>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
    return file.getvalue()
