"""Raw protocol of ВПР as of 2021: ``логин школы | регион | … | вариант | всего баллов | балл за 1 | …``."""

from __future__ import annotations

from shnor_lib.inputs.importers.cells import find_header
from shnor_lib.inputs.importers.extract import Export, Extract
from shnor_lib.inputs.importers.participants import Columns, add_results, procedure_of

LABEL = "Протокол ВПР, выгрузка 2021 года"
HEADER = {
    "school": "^логин школы$",
    "territory": "^регион$",
    "journal": "^отметка за предыдущ",
    "variant": "^вариант$",
    "score": "^всего баллов$",
}


def recognises(export: Export) -> bool:
    """Whether a sheet has the header of this layout."""
    return any(find_header(sheet.rows, HEADER, list(HEADER)) for sheet in export.sheets)


def read(export: Export) -> Extract:
    """Read the results of every school of the protocol; subject and grade stand only in the name of the file."""
    extract = Extract(LABEL)
    procedure = procedure_of(export, "", extract)
    for sheet in export.sheets:
        if found := find_header(sheet.rows, HEADER, list(HEADER)):
            header, columns = found
            add_results(export, extract, sheet, sheet.rows[header + 1 :], Columns(**columns), procedure, None)
    return extract
