"""One row a participant: raw protocols of ВПР and «Индивидуальные результаты» of ФИС ОКО, a row of ``layouts.yml`` each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from shnor_lib.inputs.importers.cells import Row, cell, columns_like, find_header, twins
from shnor_lib.inputs.importers.extract import Export, Extract, ImportRefused, Layout, RawSheet
from shnor_lib.inputs.importers.fis_reports import stated_maximum, titled
from shnor_lib.inputs.importers.layouts import ProtocolRow, declared
from shnor_lib.inputs.importers.participants import Columns, Protocol, add_results, procedure_of
from shnor_lib.inputs.importers.procedures import Procedure
from shnor_lib.inputs.importers.taking import address


def _header(row: ProtocolRow, sheet: RawSheet) -> tuple[int, dict[str, int]] | None:
    found = find_header(sheet.rows, row.columns, list(row.columns))
    return found and (found[0], found[1] | columns_like(sheet.rows[found[0]], row.optional))


def recognises(row: ProtocolRow, export: Export) -> bool:
    """Whether a sheet has the header of this layout."""
    return any(_header(row, sheet) for sheet in export.sheets)


def read(row: ProtocolRow, export: Export) -> Extract:
    """Read the results of every school; a layout without titles has subject and grade only in the name of the file.

    Raises
    ------
    ImportRefused
        When subject, grade or school are told nowhere, or two columns mean the same.
    """
    extract = Extract(row.label)
    own_procedures = "subject" in row.columns
    procedure = Procedure("VPR", year=export.year)
    if not row.titled and not own_procedures:
        procedure = procedure_of(export, "", extract)
    for sheet in export.sheets:
        if found := _header(row, sheet):
            header, columns = found
            heads, above = sheet.rows[header], sheet.rows[:header]
            refuse_twins(export, sheet, header, row.columns | row.optional)
            if row.titled:
                procedure = titled(export, above, row.label, extract)
            stated = {"stated": stated_maximum(above), "tasks": points_of_tasks(heads)}
            maximum = next(filter(None, map(stated.get, row.maximum)), None)
            school = None if "school" in columns else school_of(export)
            protocol = Protocol(sheet, header, Columns(**columns), procedure, maximum, school)
            add_results(export, extract, protocol)
        elif row.remarks_other_sheets:
            extract.remark("отброшено", "строк листа без результатов", max(len(sheet.rows) - 1, 0), sheet.name)
    return extract


def refuse_twins(export: Export, sheet: RawSheet, header: int, patterns: Mapping[str, str]) -> None:
    """Ask where two columns of a header mean the same.

    Raises :class:`ImportRefused` with both cells.
    """
    for places in twins(sheet.rows[header], patterns).values():
        shown = " и ".join(f"«{cell(sheet.rows[header], place)}» ({address(header, place)})" for place in places)
        where = f", лист «{sheet.name}»" if sheet.name else ""
        raise ImportRefused(
            f"{export.file}{where}: два столбца об одном: {shown}.",
            "оставьте в файле нужный из них и повторите команду.",
        )


def school_of(export: Export) -> str:
    """Code of the school of a file whose rows name none: as stated by the one who imports, or the login in the file's name.

    Raises :class:`ImportRefused` when neither says it.
    """
    named = re.search(r"(?<![a-z0-9])(?:edu|sch)\d+", export.file.lower())
    if code := export.school or (named and named[0]):
        return code
    raise ImportRefused(
        f"{export.file}: школа не названа ни в файле, ни в его имени.",
        "назовите её: --school КОД (из таблицы «Школы»).",
    )


def points_of_tasks(header: Row) -> float | None:
    """Sum of the points that the tasks of a header give; ``None`` when none says.

    Examples
    --------
    >>> points_of_tasks(["Вариант", "1 (2б)", "2К1 (1 б)", "Итого баллов"])
    3
    """
    points = [re.search(r"\(\s*(\d{1,2})\s*б", cell(header, position)) for position in range(len(header))]
    return sum(int(found[1]) for found in points if found) or None


PROTOCOLS = tuple(Layout(row.label, partial(recognises, row), partial(read, row)) for row in declared().protocols)
"""The layouts, in the order in which they are tried."""
