"""ФИС ОКО «Индивидуальные результаты»: one row per pupil with primary score, mark and journal mark."""

from __future__ import annotations

from shnor_lib.inputs.importers.cells import find_header
from shnor_lib.inputs.importers.extract import Export, Extract
from shnor_lib.inputs.importers.fis_reports import stated_maximum, title_of
from shnor_lib.inputs.importers.participants import Columns, add_results, procedure_of
from shnor_lib.inputs.importers.protocol_2022 import points_of_tasks

LABEL = "ФИС ОКО «Индивидуальные результаты»"
HEADER = {
    "school": "^оо$",
    "territory": "^муниципалитет$",
    "name": "^название оо$",
    "variant": "^вариант$",
    "score": "^первичный балл$",
    "mark": "^отметка$",
    "journal": "^отметка по журналу$",
}


def recognises(export: Export) -> bool:
    """Whether a sheet has the header of this layout."""
    return any(find_header(sheet.rows, HEADER, list(HEADER)) for sheet in export.sheets)


def read(export: Export) -> Extract:
    """Read the results of every school; marks are those of the report."""
    extract = Extract(LABEL)
    for sheet in export.sheets:
        if found := find_header(sheet.rows, HEADER, list(HEADER)):
            header, columns = found
            title = title_of(sheet.rows[:header])
            extract.title = f"{LABEL}: {title}" if title else LABEL
            procedure = procedure_of(export, title, extract)
            maximum = stated_maximum(sheet.rows[:header]) or points_of_tasks(sheet.rows[header])
            add_results(export, extract, sheet, sheet.rows[header + 1 :], Columns(**columns), procedure, maximum)
    return extract
