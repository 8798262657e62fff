"""XLSX workbooks as delivered: weighed before they are opened, every cell a text.

Only values are read. Macros, external links and formulas are not followed; a formula without a computed value is
reported.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import datetime
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineWorkbook, SheetTypeEnum

from shnor_lib.sources import limits
from shnor_lib.sources.problems import Found, Problem, column_letter
from shnor_lib.sources.sheets import (
    HEADER_ROWS,
    SILENT_SHEETS,
    Sheet,
    find_header,
    no_header,
    repeats_header,
    table_of,
    text_columns,
)
from shnor_lib.tables import Table

_FORMULA_OR_ERROR = re.compile(rb"""<(?:\w+:)?f[\s>/]|\st\s*=\s*["']e["']""")
_STRING = re.compile(rb"<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>", re.DOTALL)


class _Refused(ValueError):
    """A workbook that is not opened: what is wrong, what is allowed."""

    def __init__(self, text: str, allowed: str):
        super().__init__(text)
        self.allowed = allowed


def read_workbook(data: bytes, file: str) -> tuple[list[tuple[Table, Sheet]], list[Found]]:
    """Read the sheets of a workbook that hold tables.

    Returns
    -------
    Tables with their sheets, and the problems: sheets unknown, without a header, or a workbook that cannot be opened.
    """
    try:
        failed = _weigh(data)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = workbook.sheets_metadata
        if not metadata:
            raise _Refused("в ней нет листов", "книга с листами таблиц")
        contents = {one.name: _sheet_rows(workbook, one.name) for one in metadata if _holds_data(one)}
    except _Refused as refusal:
        return [], [_unreadable(file, str(refusal), refusal.allowed)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError) as error:
        return [], [_unreadable(file, f"архив книги повреждён или защищён паролем ({_first_line(error)})")]
    except BaseException as error:  # the Rust reader panics with an exception of its own, outside Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        return [], [_unreadable(file, f"содержимое книги не разбирается ({_first_line(error)})")]
    sheets, problems = [], []
    for name in (one.name for one in metadata):
        entry = table_of(name)
        if name.strip().casefold() in SILENT_SHEETS:
            continue
        if entry is None:
            problems.append(
                Problem(
                    "warning",
                    "read_sheet",
                    f"Лист «{name[:31]}» не прочитан: такой таблицы нет",
                    file=file,
                    sheet=name[:31],
                    allowed="имя листа – название таблицы или её идентификатор, как в шаблоне",
                    remedy="Переименуйте лист, если в нём данные; иначе удалите его.",
                )
            )
        elif contents.get(name):
            sheet = _sheet(file, name, contents[name], entry, failed.get(name, {}))
            if isinstance(sheet, Sheet):
                sheets.append((entry, sheet))
            else:
                problems.append(sheet)
    return sheets, problems


def _holds_data(metadata: object) -> bool:
    return metadata.typ == SheetTypeEnum.WorkSheet and table_of(metadata.name) is not None


def _sheet_rows(workbook: CalamineWorkbook, name: str) -> list[list[object]]:
    return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _sheet(file: str, name: str, rows: list[list[object]], entry: Table, failed: dict[str, str]) -> Sheet | Problem:
    top = [[_text(value).strip() for value in row] for row in rows[: HEADER_ROWS + 2]]
    header = find_header(top, entry)
    if header is None:
        return no_header(entry, file, name)
    last = header
    while last + 1 < len(top) and repeats_header(top[last + 1], top[header], entry):
        last += 1
    body = rows[last + 1 :]
    columns = [pa.array(map(_text, column), pa.string()) for column in zip(*body, strict=True)]
    if not body:
        columns = [pa.array([], pa.string())] * len(top[header])
    return Sheet(file, name, top[: header + 1], text_columns(columns), np.arange(len(body)) + last + 2, failed)


def _text(value: object) -> str:
    """The text of a cell: whole numbers without a point, dates as ISO.

    Examples
    --------
    >>> _text(7012.0), _text(0.57), _text(datetime(2021, 9, 1)), _text(True)
    ('7012', '0.57', '2021-09-01', 'да')
    """
    kind = type(value)
    if kind is str:
        return value
    if kind is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if kind is bool:
        return "да" if value else "нет"
    if kind is datetime and value.time() == datetime.min.time():
        return value.date().isoformat()
    return "" if value is None else str(value)


def _unreadable(file: str, fault: str, allowed: str = "книга Excel (.xlsx) без пароля") -> Problem:
    return Problem(
        "error",
        "read_file",
        f"Книга не читается: {fault}",
        file=file,
        allowed=allowed,
        remedy="Откройте книгу в Excel, перенесите данные в чистый шаблон и сохраните как .xlsx.",
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:80]


def _weigh(data: bytes) -> dict[str, dict[str, str]]:
    """Refuse a workbook that would take too much memory; tell which cells have no computed value, by sheet.

    Every part is unpacked once under the limits, so that a size stated falsely fails its checksum, and the extent of
    each sheet is taken from its cells, because the reader lays a sheet out up to its farthest cell.
    """
    failed: dict[str, dict[str, str]] = {}
    longest, cells = 0, 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > limits.MAX_PARTS:
            raise _Refused(f"в архиве {len(parts)} частей", f"не более {limits.MAX_PARTS}")
        if sum(part.file_size for part in parts) > limits.MAX_UNZIPPED_BYTES:
            raise _Refused("в распакованном виде она слишком велика", f"не более {limits.MAX_UNZIPPED_BYTES >> 20} МБ")
        for part in parts:
            if part.file_size > limits.RATIO_MATTERS_FROM and part.file_size > limits.MAX_RATIO * part.compress_size:
                raise _Refused("она сжата подозрительно сильно", f"сжатие не более чем в {limits.MAX_RATIO} раз")
        for part in parts:
            content = archive.read(part)
            if b"<!DOCTYPE" in content[:4096] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise _Refused(
                    "часть книги записана не так, как её пишет Excel", "книга, сохранённая в Excel или LibreOffice"
                )
            if b"sheetData" in content:
                sheet = _extent(content)
                cells += sheet.cells
                failed[part.filename] = sheet.failed
            elif part.filename.endswith(".xml"):
                longest = max([longest, *map(len, _STRING.findall(content))])
        if longest * cells > limits.MAX_TEXT_BYTES:
            raise _Refused("тексты в ней слишком длинные", "обычные тексты таблиц")
        failed = {path: found for path, found in failed.items() if found}
        names = _sheet_names(archive) if failed else {}
    return {names.get(path, path): found for path, found in failed.items()}


def _extent(content: bytes) -> _Extent:
    """How far a sheet reaches; one that is too large is refused."""
    extent = _addressed(content)
    if extent is None or extent.area > limits.MAX_CELLS:
        extent = _Extent(content)
    if extent.area > limits.MAX_CELLS:
        raise _Refused(
            f"лист простирается на {extent.height} строк и {extent.width} столбцов",
            f"не более {limits.MAX_CELLS} ячеек: удалите заполненные ячейки далеко от таблицы",
        )
    return extent


def _addressed(content: bytes) -> _Extent | None:
    """The extent of a plain sheet, from the addresses of all its cells.

    ``None`` when cells have no addresses or hold formulas and errors, so that one must look inside them.
    """
    if _FORMULA_OR_ERROR.search(content):
        return None
    addresses: list[str] = []

    def open_tag(tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            addresses.append(attributes["r"])
        elif tag.endswith(":c"):
            raise KeyError(tag)

    parser = expat.ParserCreate()
    parser.StartElementHandler = open_tag
    try:
        parser.Parse(content, True)
    except KeyError:
        return None
    parts = pc.extract_regex(pa.array(addresses, pa.string()), "^(?P<letters>[A-Za-z]{1,3})(?P<row>[0-9]{1,9})$")
    if parts.null_count:
        return None
    extent = _Extent()
    extent.cells = len(addresses)
    extent.height = pc.max(pc.cast(pc.struct_field(parts, "row"), pa.int64())).as_py() or 0
    extent.width = max(map(_column_number, pc.unique(pc.struct_field(parts, "letters")).to_pylist()), default=0)
    return extent


class _Extent:
    """How far the filled cells of a sheet reach, and which of them hold no value though they should."""

    def __init__(self, content: bytes = b"") -> None:
        self.height = self.width = self.cells = 0
        self.failed: dict[str, str] = {}
        self._row = self._column = 0
        self._place = (0, 0)
        self._formula = self._error = self._filled = self._in_value = False
        if content:
            parser = expat.ParserCreate()
            parser.StartElementHandler = self._open
            parser.EndElementHandler = self._close
            parser.CharacterDataHandler = self._fill
            parser.Parse(content, True)

    @property
    def area(self) -> int:
        return self.height * self.width

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "c":
                self._place = self._position(attributes)
                self._error = attributes.get("t") == "e"
                self._formula, self._filled = False, attributes.get("t") == "str"  # a formula may give an empty text
            case "f":
                self._formula = True
            case "v" | "is":
                self._in_value = True
            case "row":
                self._next_row(attributes)

    def _fill(self, text: str) -> None:
        if self._in_value:
            self._filled = True

    def _close(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "v" | "is":
                self._in_value = False
            case "c":
                row, column = self._place
                if self._filled:
                    self._reach(row, column)
                if self._error or (self._formula and not self._filled):
                    fault = "ошибка вычисления" if self._error else "формула без вычисленного значения"
                    self.failed[f"{column_letter(column - 1)}{row}"] = fault

    def _next_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = 0

    def _position(self, attributes: dict[str, str]) -> tuple[int, int]:
        address = attributes.get("r")
        if address is None:
            self._column += 1
            return self._row, self._column
        letters = address.rstrip("0123456789")
        self._column = _column_number(letters)
        return _number(address[len(letters) :]), self._column

    def _reach(self, row: int, column: int) -> None:
        self.cells += 1
        self.height = max(self.height, row)
        self.width = max(self.width, column)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _number(digits: str) -> int:
    if not 0 < len(digits) < 10:
        raise _Refused("адреса ячеек записаны не так, как их пишет Excel", "книга, сохранённая в Excel или LibreOffice")
    return int(digits)


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of the sheets by the part they are kept in."""
    relations = {
        one.get("Id"): str(PurePosixPath("xl", one.get("Target", "").lstrip("/").removeprefix("xl/")))
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    names = {}
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            key = next((value for name, value in one.attrib.items() if name.endswith("}id")), None)
            names[relations.get(key, "")] = one.get("name", "")
    return names
