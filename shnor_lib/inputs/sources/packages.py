"""What a delivered workbook may hold, made sure of before a spreadsheet reader sees it.

A workbook is a zip archive of XML parts. Every part is unpacked once under limits, and only the parts that were looked
at are put into the archive that is read afterwards: macros, external links and pictures stay outside.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.problems import FileRefused, column_letter
from shnor_lib.inputs.sources.sheets import Unseen

AS_EXCEL_WRITES = "книга, сохранённая в Excel или LibreOffice"
NOT_AS_EXCEL_WRITES = "часть книги записана не так, как её пишет Excel"
SHEETS_REPEAT = "листы книги повторяются или их нет"
ERROR, NO_VALUE = "ошибка вычисления", "формула без вычисленного значения"
"""Why a cell holds no value though it should."""

LONGEST_CELL_TAG = 300
"""Letters of the attributes of a cell: what looks for an address in them takes longer with each."""

_LEFT_OUT = ("xl/externallinks/", "xl/drawings/", "xl/embeddings/", "xl/activex/", "customxml/")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,9})"(?: s="[0-9]+")?(?: t="(?:b|d|n|s|inlineStr)")?/?>')
_NOT_PLAIN = (b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r", b"<f", b":c", b":f", b"<!")
"""What stands in no sheet of plain cells: cells without an address, formulas, cells of a named space, comments."""
_ENCODED = re.compile(rb"<\?xml(?: version=.1\.0.)?(?: encoding=.(?i:utf-8).)?(?: standalone=.(?:yes|no).)? ?\?>\s*")


@dataclass(frozen=True)
class Package:
    """A workbook with nothing in it but what was looked at.

    Attributes
    ----------
    data : the file to read.
    failed : by sheet, the cells that should hold a value and do not, and why.
    per_cent : by sheet, the cells whose number is shown as per cent (``0.05`` as «5%»), as row and column from zero.
    unseen : by sheet, what its user does not see of it.
    """

    data: bytes
    failed: Mapping[str, dict[str, str]]
    per_cent: Mapping[str, list[tuple[int, int]]]
    unseen: Mapping[str, list[Unseen]]


def refused(why: str, wanted: str = "книга Excel (.xlsx) без пароля") -> FileRefused:
    """A workbook that is not opened: what is wrong with it, and what is wanted."""
    return FileRefused("read_file.workbook", why=why, wanted=wanted)


def refused_if_too_large(area: int, letters: int) -> None:
    """Raise :class:`FileRefused` when the sheets of a workbook reach too far (rows × columns) or hold too many letters."""
    if area > limits.MAX_CELLS:
        raise refused(
            "заполненные ячейки её листов стоят слишком далеко от начала",
            f"не более {limits.MAX_CELLS} ячеек до последней заполненной: удалите данные далеко от таблиц",
        )
    if letters > limits.MAX_TEXT:
        raise refused("тексты в ней слишком длинные", "обычные тексты таблиц")


def safe_package(data: bytes) -> tuple[bytes, dict[str, dict[str, str]]]:
    """The workbook without anything but the parts that were looked at.

    Returns
    -------
    The archive to read, and for each sheet the cells that hold no value though they should, with the reason.

    Raises
    ------
    FileRefused
        When the workbook would take too much memory or is written in a way no spreadsheet program writes.
    """
    content = io.BytesIO()
    failed: dict[str, dict[str, str]] = {}
    area, cells = 0, 0
    texts: list[int] = []
    sheets: list[zipfile.ZipInfo] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(content, "w") as safe:
        for part in weighed(archive):
            name = part.filename.lower()
            if not name.endswith((".xml", ".rels")) or name.startswith(_LEFT_OUT):
                continue
            xml = archive.read(part)  # a part longer than stated fails its checksum here
            if b"<!DOCTYPE" in xml or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
            if b"sheetData" in xml:
                extent = _extent(xml)
                area, cells = area + extent.area, cells + extent.cells
                failed[part.filename] = extent.failed
                sheets.append(part)
            elif name.endswith("sharedstrings.xml"):
                texts += _lengths(xml)
            safe.writestr(part.filename, xml)
        letters = max(texts, default=0) * cells
        if letters > limits.MAX_TEXT:
            letters = _letters(map(archive.read, sheets), texts)
        refused_if_too_large(area, letters)
        names = sheet_names(archive)
        failed = {path: found for path, found in failed.items() if found}
    return content.getvalue(), {names.get(path, path): found for path, found in failed.items()}


def shown_as_per_cent(package: bytes) -> dict[str, list[tuple[int, int]]]:
    """Cells of each sheet whose number is shown as per cent (``0.05`` as «5%»), as row and column from zero.

    ``package``: an archive that :func:`safe_package` made.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = set(archive.namelist())
        styles = _per_cent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in parts else ()
        if not styles:
            return {}
        cell = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,9})" s="(?:%s)"' % b"|".join(styles))
        cells = {
            name: [
                (int(row) - 1, column_number(column.decode()) - 1) for column, row in cell.findall(archive.read(path))
            ]
            for path, name in sheet_names(archive).items()
            if path in parts
        }
    return {name: found for name, found in cells.items() if found}


def _per_cent_styles(xml: bytes) -> list[bytes]:
    """Numbers of the cell styles that show per cent."""
    tree = ElementTree.fromstring(xml)
    own = {
        one.get("numFmtId") for one in tree.iter() if one.tag.endswith("}numFmt") and "%" in one.get("formatCode", "")
    }
    formats = next((list(one) for one in tree if one.tag.endswith("}cellXfs")), [])
    return [b"%d" % place for place, one in enumerate(formats) if one.get("numFmtId") in {"9", "10", *own}]


def weighed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts of an archive, whose stated sizes are within the limits.

    Raises
    ------
    FileRefused
        When they are too many or too large.
    """
    parts = archive.infolist()
    if len(parts) > limits.MAX_PARTS:
        raise refused(f"в архиве {len(parts)} частей", f"не более {limits.MAX_PARTS}")
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise refused("части архива повторяются", AS_EXCEL_WRITES)
    unzipped, zipped = (
        sum(sizes) for sizes in ([one.file_size for one in parts], [one.compress_size for one in parts])
    )
    if unzipped > limits.MAX_UNZIPPED_BYTES:
        raise refused("в распакованном виде она слишком велика", f"не более {limits.MAX_UNZIPPED_BYTES >> 20} МБ")
    if unzipped > limits.RATIO_MATTERS_FROM and unzipped > limits.MAX_RATIO * zipped:
        raise refused("она сжата подозрительно сильно", f"сжатие не более чем в {limits.MAX_RATIO} раз")
    return parts


_SHARED = re.compile(rb't="s"[^<>]{0,40}><v>([0-9]{1,9})</v>')


def _letters(sheets: Iterable[bytes], texts: list[int]) -> int:
    """Letters of all cells whose text stands apart; a cell that is written in an unusual way may hold the longest one."""
    letters = 0
    for xml in sheets:
        shared = _SHARED.findall(xml)
        letters += sum(texts[int(one)] for one in shared if int(one) < len(texts))
        letters += max(xml.count(b'"s"') + xml.count(b"'s'") - len(shared), 0) * max(texts)
    return letters


def _lengths(xml: bytes) -> list[int]:
    """Letters of each text that cells of a workbook share."""
    lengths: list[int] = []

    def open_tag(tag: str, _: dict[str, str]) -> None:
        if tag == "si" or tag.endswith(":si"):
            lengths.append(0)

    def add(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler = open_tag
    parser.CharacterDataHandler = add
    parser.Parse(xml, True)
    return lengths


def _extent(xml: bytes) -> _Extent:
    """How far a sheet reaches: to its last cell or, when that is too far, to the last one that holds a value."""
    extent = _addressed(xml)
    return extent if extent and extent.area <= limits.MAX_CELLS else _Extent(xml)


def _addressed(xml: bytes) -> _Extent | None:
    """The extent of a plain sheet, from the addresses of all its cells.

    ``None`` when a cell is written in another way than spreadsheet programs write it or holds a formula or an error, so
    that one must look inside.
    """
    declared = _ENCODED.match(xml)
    if any(sign in xml for sign in _NOT_PLAIN) or b"<?" in xml[declared.end() if declared else 0 :]:
        return None
    expat.ParserCreate().Parse(xml, True)
    addresses = _CELL.findall(xml)
    if len(addresses) != xml.count(b"<c "):
        return None
    letters, rows = map(set, zip(*addresses, strict=True)) if addresses else ((), ())
    extent = _Extent()
    extent.cells = len(addresses)
    extent.height = max(map(int, rows), default=0)
    extent.width = max((column_number(one.decode()) for one in letters), default=0)
    return extent


class _Extent:
    """How far the filled cells of a sheet reach, and which of them hold no value though they should."""

    def __init__(self, xml: bytes = b"") -> None:
        self.height = self.width = self.cells = 0
        self.failed: dict[str, str] = {}
        self._row = self._column = 0
        self._place = (0, 0)
        self._formula = self._error = self._filled = self._in_value = False
        if xml:
            parser = expat.ParserCreate()
            parser.StartElementHandler = self._open
            parser.EndElementHandler = self._close
            parser.CharacterDataHandler = self._fill
            parser.Parse(xml, True)

    @property
    def area(self) -> int:
        return self.height * self.width

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "c":
                if sum(map(len, [*attributes, *attributes.values()])) > LONGEST_CELL_TAG:
                    raise refused(NOT_AS_EXCEL_WRITES, AS_EXCEL_WRITES)
                self._place = self._position(attributes)
                self._error = attributes.get("t") == "e"
                self._formula, self._filled = False, attributes.get("t") == "str"  # a formula may give an empty text
            case "f":
                self._formula = True
            case "v" | "is":
                self._in_value = True
            case "row":
                self._next_row(attributes)

    def _fill(self, _text: str) -> None:
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
                    fault = ERROR if self._error else NO_VALUE
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
        self._column = column_number(letters)
        return _number(address[len(letters) :]), self._column

    def _reach(self, row: int, column: int) -> None:
        self.cells += 1
        self.height = max(self.height, row)
        self.width = max(self.width, column)


def column_number(letters: str) -> int:
    """Number of a column, from one.

    Examples
    --------
    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def position_of(address: str) -> tuple[int, int]:
    """Row and column of an address, from zero.

    Examples
    --------
    >>> position_of("AB12")
    (11, 27)
    """
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, column_number(letters) - 1


def _number(digits: str) -> int:
    if not 0 < len(digits) < 10:
        raise refused("адреса ячеек записаны не так, как их пишет Excel", AS_EXCEL_WRITES)
    return int(digits)


def sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of the sheets by the part they are kept in.

    Raises
    ------
    FileRefused
        When sheets share a part.
    """
    relations = {
        one.get("Id"): str(PurePosixPath("xl", one.get("Target", "").lstrip("/").removeprefix("xl/")))
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    names = []
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            key = next((value for name, value in one.attrib.items() if name.endswith("}id")), None)
            names.append((relations.get(key, ""), one.get("name", "")))
    if len({path.lower() for path, _ in names}) < len(names):
        raise refused(SHEETS_REPEAT, AS_EXCEL_WRITES)
    return dict(names)
