"""Raw protocol of ВПР since 2022: sheets ``Классы`` and ``Протокол``, tasks with their maxima in brackets."""

from __future__ import annotations

import re

from shnor_lib.inputs.importers.cells import Row, cell, find_header
from shnor_lib.inputs.importers.extract import Export, Extract
from shnor_lib.inputs.importers.participants import Columns, add_results, procedure_of

LABEL = "Протокол ВПР, выгрузка с 2022 года"
HEADER = {
    "school": "^пользователь$",
    "territory": "^муниципалитет$",
    "name": "^школа$",
    "variant": "^вариант$",
    "journal": "^отметка за предыдущ",
    "score": "^итого баллов$",
}


def recognises(export: Export) -> bool:
    """Whether a sheet has the header of this layout."""
    return any(find_header(sheet.rows, HEADER, list(HEADER)) for sheet in export.sheets)


def read(export: Export) -> Extract:
    """Read the results of every school of the protocol; the maximum is the sum over the tasks."""
    extract = Extract(LABEL)
    procedure = procedure_of(export, "", extract)
    for sheet in export.sheets:
        if found := find_header(sheet.rows, HEADER, list(HEADER)):
            header, columns = found
            maximum = points_of_tasks(sheet.rows[header])
            add_results(export, extract, sheet, sheet.rows[header + 1 :], Columns(**columns), procedure, maximum)
        else:
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
