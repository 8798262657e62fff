"""One row a participant: raw protocols of ВПР and «Индивидуальные результаты» of ФИС ОКО, a row of ``layouts.yml`` each."""

from __future__ import annotations

import re
from functools import partial

from shnor_lib.inputs.importers.cells import Row, cell, find_header
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, RawSheet
from shnor_lib.inputs.importers.fis_reports import stated_maximum, titled
from shnor_lib.inputs.importers.layouts import ProtocolRow, declared
from shnor_lib.inputs.importers.participants import Columns, add_results, procedure_of


def _header(row: ProtocolRow, sheet: RawSheet) -> tuple[int, dict[str, int]] | None:
    return find_header(sheet.rows, row.columns, list(row.columns))


def recognises(row: ProtocolRow, export: Export) -> bool:
    """Whether a sheet has the header of this layout."""
    return any(_header(row, sheet) for sheet in export.sheets)


def read(row: ProtocolRow, export: Export) -> Extract:
    """Read the results of every school; a layout without titles has subject and grade only in the name of the file."""
    extract = Extract(row.label)
    if not row.titled:
        procedure = procedure_of(export, "", extract)
    for sheet in export.sheets:
        if found := _header(row, sheet):
            header, columns = found
            heads, above = sheet.rows[header], sheet.rows[:header]
            if row.titled:
                procedure = titled(export, above, row.label, extract)
            stated = {"stated": stated_maximum(above), "tasks": points_of_tasks(heads)}
            maximum = next(filter(None, map(stated.get, row.maximum)), None)
            add_results(export, extract, sheet, sheet.rows[header + 1 :], Columns(**columns), procedure, maximum)
        elif row.remarks_other_sheets:
            extract.remark("отброшено", "строк листа без результатов", max(len(sheet.rows) - 1, 0), sheet.name)
    return extract


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
