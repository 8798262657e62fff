"""Workbooks as delivered (.xlsx, .xls, .xlsb, .ods): every cell a text.

What a workbook may hold is decided before it is opened here (``packages``, ``old_workbooks``, ``binary_workbooks``,
``open_documents`` beside it). Only values are read; a formula without a computed value is reported.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.binary_workbooks import BOOK, binary_package
from shnor_lib.inputs.sources.compound import SIGNATURE
from shnor_lib.inputs.sources.old_workbooks import old_package
from shnor_lib.inputs.sources.open_documents import CONTENT, open_document_package
from shnor_lib.inputs.sources.packages import Package, refused, safe_package, shown_as_per_cent
from shnor_lib.inputs.sources.problems import FileRefused, Problem, problem
from shnor_lib.inputs.sources.records import address
from shnor_lib.inputs.sources.sheets import (
    GUIDE,
    HEADER_ROWS,
    SILENT_SHEETS,
    Sheet,
    Unseen,
    below_header,
    find_header,
    no_header,
    table_of,
    text_columns,
)
from shnor_lib.inputs.sources.unseen import unseen_parts
from shnor_lib.params.persons import mask_person

SHEET = Unseen("hidden", "A1", "лист целиком")


@dataclass(frozen=True)
class Opened:
    """A workbook that was weighed and opened.

    Attributes
    ----------
    names : names of all its sheets.
    contents : rows of values of the sheets asked for.
    failed : by sheet, the cells that should hold a value and do not, and why.
    unseen : by sheet, what its user does not see of it.
    """

    names: list[str]
    contents: dict[str, list[list[object]]]
    failed: Mapping[str, dict[str, str]]
    unseen: dict[str, list[Unseen]]


def open_workbook(data: bytes, wanted: Callable[[str], bool] = lambda name: True) -> Opened:
    """Open a workbook under the limits: the one way in for templates, forms and exports.

    Parameters
    ----------
    wanted : whether the sheet of a name is read.

    Raises
    ------
    FileRefused
        When it holds more than the limits allow or cannot be read.
    """
    try:
        package = _package(data)
        with _no_panic_told():
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
            metadata = workbook.sheets_metadata
            contents = {
                one.name: _sheet_rows(workbook, one.name)
                for one in metadata
                if one.typ == SheetTypeEnum.WorkSheet and wanted(one.name)
            }
        if not metadata:
            raise refused("в ней нет листов", "книга с листами таблиц")
        for name, cells in package.per_cent.items():
            _say_per_cent(contents.get(name, []), cells)
        unseen = {one.name: [SHEET] for one in metadata if one.visible != SheetVisibleEnum.Visible}
        for name, parts in package.unseen.items():
            unseen.setdefault(name, []).extend(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError):
        raise refused("архив книги повреждён или защищён паролем") from None
    except BaseException as error:  # the Rust reader panics with an exception of its own, outside Exception
        if isinstance(error, (FileRefused, KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise refused("содержимое книги не разбирается") from None
    return Opened([one.name for one in metadata], contents, package.failed, unseen)


def _package(data: bytes) -> Package:
    """What of a workbook may be read, by what it is and not by how it is called."""
    if data.startswith(SIGNATURE):
        return old_package(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = set(archive.namelist())
    if CONTENT in parts:
        return open_document_package(data)
    if BOOK in parts:
        return binary_package(data)
    safe, failed = safe_package(data)
    return Package(safe, failed, shown_as_per_cent(safe), unseen_parts(safe))


def read_workbook(data: bytes, file: str, year: int | None = None) -> tuple[list[tuple[Table, Sheet]], list[Problem]]:
    """Read the sheets of a workbook that hold tables.

    Tables with their sheets, and the problems: sheets unknown, without a header, a template of another year than the folder's,
    or a workbook that cannot be opened.
    """
    try:
        opened = open_workbook(data, lambda name: name == GUIDE or table_of(name) is not None)
    except FileRefused as refusal:
        return [], [refusal.problem._replace(file=file)]
    sheets, problems = [], []
    if year and (stated := _stated_year(opened)) not in (None, year):
        problems.append(problem("read_file.other_year", file=file, sheet=GUIDE, cell="A1", stated=stated, of=year))
    for name in opened.names:
        entry = table_of(name)
        if name.strip().casefold() in SILENT_SHEETS:
            continue
        if entry is None:
            problems.append(problem("read_sheet.unknown", file=file, sheet=mask_person(name)[:31]))
        elif opened.contents.get(name):
            sheet = _sheet(file, name, opened, entry)
            if isinstance(sheet, Sheet):
                sheets.append((entry, sheet))
            else:
                problems.append(sheet)
    return sheets, problems


def _stated_year(opened: Opened) -> int | None:
    """The year that a template says it is for."""
    first = next((str(row[0]) for row in opened.contents.get(GUIDE, ())[:1] if row), "")
    found = re.match(r"Данные за (\d{4}) год", first)
    return int(found[1]) if found else None


@contextmanager
def _no_panic_told() -> Iterator[None]:
    """Nothing is written to the error stream of the process: the Rust reader tells there, in English, why it gives up."""
    try:
        kept = os.dup(2)
    except OSError:  # a process without one
        yield
        return
    with open(os.devnull, "rb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _sheet_rows(workbook: CalamineWorkbook, name: str) -> list[list[object]]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if type(value) is str and len(value) > limits.MAX_CELL_TEXT:
                where = f"{address(at, place)} листа «{mask_person(name)}»"
                raise refused(f"текст ячейки {where} слишком длинный", f"не более {limits.MAX_CELL_TEXT} букв в ячейке")
    return rows


def _say_per_cent(rows: list[list[object]], cells: Sequence[tuple[int, int]]) -> None:
    """Put «5%» where a sheet holds 0.05 and shows it so: a count or a mark must not take it for a number."""
    for row, column in cells:
        if row < len(rows) and column < len(rows[row]) and type(value := rows[row][column]) in (int, float):
            rows[row][column] = f"{cell_text(round(value * 100, 10))}%"


def _sheet(file: str, name: str, opened: Opened, entry: Table) -> Sheet | Problem:
    rows, shown = opened.contents[name], mask_person(name)
    top = [[cell_text(value).strip() for value in row] for row in rows[: HEADER_ROWS + 2]]
    header = find_header(top, entry)
    if header is None:
        return no_header(entry, file, shown)
    first = below_header(top, header, entry)
    body = [[value if type(value) is str else cell_text(value) for value in row] for row in rows[first:]]
    numbers = range(first + 1, first + 1 + len(body))
    failed, unseen = opened.failed.get(name, {}), opened.unseen.get(name, ())
    return Sheet(file, shown, top[: header + 1], text_columns(body, len(top[header])), numbers, failed, unseen)


def cell_text(value: object) -> str:
    """The text of a cell: whole numbers without a point, dates as ISO.

    Examples
    --------
    >>> cell_text(7012.0), cell_text(0.57), cell_text(datetime(2021, 9, 1)), cell_text(True)
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
