"""What is said of a file that no layout reads: which export it is though it is not read, or which layout it is nearest to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shnor_lib.inputs.importers.cells import HEADER_AMONG, cell, columns_like, plain
from shnor_lib.inputs.importers.extract import Export
from shnor_lib.inputs.importers.fis_reports import GROUPS, PARTICIPANTS
from shnor_lib.inputs.importers.layouts import UnreadExport, declared
from shnor_lib.params.persons import mask_person


def unread(export: Export) -> UnreadExport | None:
    """The export that a file is, when it is known and no table takes it."""
    texts = [plain(text) for sheet in export.sheets for row in sheet.rows[:HEADER_AMONG] for text in row if text]
    return next((one for one in declared().unread if any(re.search(one.title, text) for text in texts)), None)


def nearly(export: Export) -> str:
    """What a file has of the layout it is nearest to, and what it lacks; "" when it is near to none.

    Near is a header with at least half of the columns of a layout.
    """
    best: tuple[float, str] = 0.0, ""
    rows = [row for sheet in export.sheets for row in sheet.rows[:HEADER_AMONG]]
    for label, columns in _headers():
        for heads in rows:
            found = columns_like(heads, columns)
            part = len(found) / len(columns)
            lacking = [re.sub(r"[\^$\\]", "", columns[name]) for name in columns if name not in found]
            if lacking and part >= 0.5 and part > best[0]:
                shown = ", ".join(f"«{cell(heads, place)}»" for place in found.values())
                best = part, f"похоже на «{label}»: есть столбцы {shown}, нет: {', '.join(lacking)}"
    return mask_person(best[1])


def _headers() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Labels of the layouts and the patterns of the columns they must have."""
    patterns = declared().patterns
    yield from ((row.label, row.columns) for row in declared().protocols)
    yield "отчёт ФИС ОКО по группам участников", {"groups": f"^{GROUPS}$", "participants": f"^{PARTICIPANTS}$"}
    ris = patterns["ris_gia_columns"]
    yield "протокол РИС ГИА", {"school": ris["school"], "result": f"{ris['final']}|{ris['mark']}"}
    yield "форма муниципалитета «Информация о результатах ЕГЭ»", patterns["ege_form_measures"]
    yield "сводная таблица ВПР", patterns["school_subject_columns"]
