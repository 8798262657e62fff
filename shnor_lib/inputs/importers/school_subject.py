"""Long table of a region's ВПР: one row per school, subject and parallel, as regional centres compute it from protocols."""

from __future__ import annotations

from dataclasses import asdict

from shnor_lib.inputs.importers.cells import cell, find_header, number, plain, whole
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, Unit
from shnor_lib.inputs.importers.layouts import declared
from shnor_lib.inputs.importers.participants import DIGITS
from shnor_lib.inputs.importers.procedures import Procedure

LABEL = "Сводная таблица ВПР (школа × предмет × параллель)"
PATTERNS = declared().patterns
HEADER = PATTERNS["school_subject_columns"]
RESULTS = ("mean_score", "score_sd", "max_score", "mark_2", "mark_3", "mark_4", "mark_5")
COMPARISON = ("lowered", "confirmed", "raised", "spearman")
SUBJECTS = PATTERNS["school_subject_subjects"]
REQUIRED = ("year", "grade", "subject", "school", "participants")


def recognises(export: Export) -> bool:
    """Whether a sheet has login, subject, parallel, year and number of participants."""
    return any(find_header(sheet.rows, HEADER, REQUIRED) for sheet in export.sheets)


def read(export: Export) -> Extract:
    """Read results and comparison with the journal of every row."""
    extract = Extract(LABEL)
    for sheet in export.sheets:
        found = find_header(sheet.rows, HEADER, REQUIRED)
        if found is None:
            continue
        header, columns = found
        rows = [row for row in sheet.rows[header + 1 :] if any(row)]
        dropped = {"предмет не распознан": 0, "нет логина, класса или числа участников": 0}
        for row in rows:
            subject = SUBJECTS.get(plain(cell(row, columns["subject"])))
            code, grade = cell(row, columns["school"]), whole(cell(row, columns["grade"]))
            participants = whole(cell(row, columns["participants"]))
            if subject is None:
                dropped["предмет не распознан"] += 1
            elif not code or not grade or not participants:
                dropped["нет логина, класса или числа участников"] += 1
            else:
                unit = Unit("school", code, territory=cell(row, columns.get("territory")))
                year = whole(cell(row, columns["year"])) or export.year
                stated = asdict(Procedure("VPR", subject, grade, year))
                results, compared = (
                    {
                        name: round(value, DIGITS)
                        for name in names
                        if (value := number(cell(row, columns.get(name)))) is not None
                    }
                    for names in (RESULTS, COMPARISON)
                )
                extract.add("exam_results", unit, **stated, participants=participants, **results)
                if compared:
                    extract.add("mark_comparison", unit, **stated, **compared)
        extract.remark("прочитано", "строк", len(rows), sheet.name)
        for reason, count in dropped.items():
            extract.remark("отброшено", reason, count, sheet.name)
        extract.remark("взято", "строк", len(rows) - sum(dropped.values()), sheet.name)
    return extract


LAYOUT = Layout(LABEL, recognises, read)
