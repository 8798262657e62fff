"""Workbooks of LibreOffice (.ods), made sure of before a spreadsheet reader sees them.

What is read afterwards holds only the part of the sheets: macros, pictures and copies of other books stay outside.
"""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.packages import (
    AS_EXCEL_WRITES,
    ERROR,
    NO_VALUE,
    Package,
    refused,
    weighed,
)
from shnor_lib.inputs.sources.records import RecordedSheet, address, recorded_package

CONTENT = "content.xml"
_KEPT = ("mimetype", CONTENT, "META-INF/manifest.xml")
_HIDDEN = ("collapse", "filter")
_OTHER_BOOK = "'#"
"""What stands in a formula behind the address of another book."""


def open_document_package(data: bytes) -> Package:
    """A workbook of LibreOffice, with nothing in it but values.

    Raises
    ------
    FileRefused
        When its sheets are too large or it is not written as LibreOffice writes it.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(content, "w") as safe:
        parts = {one.filename: archive.read(one) for one in weighed(archive) if one.filename in _KEPT}
        for name, xml in parts.items():
            if b"<!DOCTYPE" in xml:
                raise refused("часть книги записана не так, как её пишет LibreOffice", AS_EXCEL_WRITES)
            safe.writestr(name, xml)
    return recorded_package(content.getvalue(), _Content(parts[CONTENT]).sheets)


class _Content:
    """What the part of the sheets tells of them, a cell that is written once for many counted as often as it stands."""

    def __init__(self, xml: bytes) -> None:
        self.sheets: dict[str, RecordedSheet] = {}
        self._sheet = RecordedSheet()
        self._copies = 0
        self._row = self._rows = self._column = self._columns = 0
        self._cell: dict[str, str] | None = None
        self._is_filled = self._is_hidden = False
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = lambda text: self._add(len(text))
        parser.Parse(xml, True)

    def _add(self, letters: int) -> None:
        """Letters of a cell, in it and in those that repeat it."""
        if self._cell is not None:
            self._sheet.letters += letters * self._rows * self._columns

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "text:s":
                self._add(_times(attributes, "text:c"))
            case "text:p" if self._cell is not None:
                self._fill(self._cell)
            case "table:table":
                self._sheet = self.sheets.setdefault(attributes.get("table:name", ""), RecordedSheet())
                self._row = self._column = 0
            case "table:table-column":
                columns = _times(attributes, "table:number-columns-repeated")
                if attributes.get("table:visibility") in _HIDDEN:
                    self._sheet.hidden_columns.append((self._column, self._column + columns - 1))
                self._column += columns
            case "table:table-row":
                self._rows, self._column = _times(attributes, "table:number-rows-repeated"), 0
                self._is_hidden = attributes.get("table:visibility") in _HIDDEN
            case "table:table-cell" | "table:covered-table-cell":
                self._columns = _times(attributes, "table:number-columns-repeated")
                self._cell, self._is_filled = attributes, False
                if "table:formula" in attributes or "office:value-type" in attributes:
                    self._fill(attributes)

    def _fill(self, cell: dict[str, str]) -> None:
        """A cell holds something, and so do those that repeat it."""
        if self._is_filled:
            return
        self._is_filled = True
        self._copies += self._rows * self._columns - 1
        if self._copies > limits.MAX_COPIES:
            raise refused("в ней слишком много повторённых ячеек", f"не более {limits.MAX_COPIES} повторений")
        formula, kind, why = cell.get("table:formula"), cell.get("office:value-type"), ""
        if formula is not None and kind == "string" and cell.get("calcext:value-type") == "error":
            why = ERROR
        elif formula is not None and not kind:
            why = NO_VALUE
        for row in range(self._row, self._row + self._rows):
            if self._is_hidden:
                self._sheet.hidden_rows.add(row)
            for column in range(self._column, self._column + self._columns):
                self._sheet.fill(row, column, per_cent=kind == "percentage", why=why)
                if formula is not None and _OTHER_BOOK in formula:
                    self._sheet.linked.append(address(row, column))

    def _close(self, tag: str) -> None:
        if tag == "table:table-row":
            self._row += self._rows
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._column += self._columns
            self._cell = None


def _times(attributes: dict[str, str], name: str) -> int:
    digits = attributes.get(name, "1")
    if not 0 < len(digits) < 10:
        raise refused("адреса ячеек записаны не так, как их пишет LibreOffice", AS_EXCEL_WRITES)
    return int(digits)
