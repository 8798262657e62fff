"""ФИС ОКО «Статистика по отметкам»: shares of the marks 2–5 in per cent, by groups."""

from __future__ import annotations

from shnor_lib.inputs.importers.cells import cell, plain, whole
from shnor_lib.inputs.importers.counts import counts_from_percents
from shnor_lib.inputs.importers.extract import Export, Extract
from shnor_lib.inputs.importers.fis_reports import Hierarchy, Report, begin, reports, stated_maximum

LABEL = "ФИС ОКО «Статистика по отметкам»"
MARKS = ["2", "3", "4", "5"]


def _fits(report: Report) -> bool:
    return [plain(report.heads[place]) for place in report.columns()] == MARKS


def recognises(export: Export) -> bool:
    """Whether a sheet has groups of participants and exactly the columns 2, 3, 4, 5."""
    return any(map(_fits, reports(export)))


def read(export: Export) -> Extract:
    """Read participants and counts of marks of every group."""
    extract = Extract(LABEL)
    for report in filter(_fits, reports(export)):
        procedure = begin(export, report, LABEL, extract)
        maximum = stated_maximum(report.sheet.rows[: report.header])
        hierarchy = Hierarchy()
        read_rows = taken = adjusted = 0
        for row in report.below:
            if not cell(row, 0):
                continue
            read_rows += 1
            unit = hierarchy.unit(cell(row, 0))
            participants = whole(cell(row, report.participants))
            where = unit.code or unit.level
            if participants is None:
                extract.remark("отброшено", f"{where}: нет числа участников", 1, report.sheet.name)
                continue
            counts = counts_from_percents([cell(row, place) for place in report.columns()], participants)
            if counts is None:
                extract.remark("отброшено", f"{where}: доли отметок не складываются в 100 %", 1, report.sheet.name)
                continue
            if not counts.fitting:
                extract.remark(
                    "замечание",
                    f"{where}: доли не отвечают целому числу участников ({participants})",
                    1,
                    report.sheet.name,
                )
            adjusted += counts.adjusted
            taken += 1
            extract.add(
                "exam_results",
                unit,
                exam=procedure.exam,
                subject=procedure.subject,
                grade=procedure.grade,
                year=procedure.year,
                participants=participants,
                max_score=maximum,
                **{f"mark_{mark}": count for mark, count in zip(MARKS, counts.values, strict=True)},
            )
        extract.remark("прочитано", "строк групп", read_rows, report.sheet.name)
        extract.remark("взято", "групп с отметками", taken, report.sheet.name)
        extract.remark("замечание", "групп, где округление поправлено до суммы", adjusted, report.sheet.name)
    return extract
