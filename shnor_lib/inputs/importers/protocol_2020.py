"""Raw protocol of ВПР as of 2020: ``groups, user, id, code, otc, gender, klass, var-1, …, sum, a-1-grade, …``."""

from __future__ import annotations

from shnor_lib.inputs.importers.cells import find_header
from shnor_lib.inputs.importers.extract import Export, Extract
from shnor_lib.inputs.importers.participants import Columns, add_results, procedure_of

LABEL = "Протокол ВПР, выгрузка 2020 года"
HEADER = {"territory": "^groups$", "school": "^user$", "journal": "^otc$", "variant": "^var-1$", "score": "^sum$"}


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
