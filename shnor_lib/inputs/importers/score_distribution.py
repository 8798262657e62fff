"""ФИС ОКО «Распределение первичных баллов»: shares of every primary score in per cent, by groups."""

from __future__ import annotations

from collections.abc import Sequence

from shnor_lib.inputs.importers.cells import cell, whole
from shnor_lib.inputs.importers.counts import counts_from_percents
from shnor_lib.inputs.importers.extract import Export, Extract
from shnor_lib.inputs.importers.fis_reports import Hierarchy, Report, begin, reports
from shnor_lib.inputs.importers.participants import DIGITS

LABEL = "ФИС ОКО «Распределение первичных баллов»"


def _scores(report: Report) -> list[int]:
    """The scores of the header, 0, 1, … in order; empty when it is another header."""
    scores = [whole(report.heads[place]) for place in report.columns()]
    return scores if len(scores) > 1 and scores == list(range(len(scores))) else []


def recognises(export: Export) -> bool:
    """Whether a sheet has groups of participants and the columns 0, 1, 2, …."""
    return any(map(_scores, reports(export)))


def read(export: Export) -> Extract:
    """Read participants, mean, sample deviation and maximum of every group."""
    extract = Extract(LABEL)
    for report in filter(_scores, reports(export)):
        procedure = begin(export, report, LABEL, extract)
        scores, hierarchy = _scores(report), Hierarchy()
        read_rows = taken = 0
        for row in report.below:
            if not cell(row, 0):
                continue
            read_rows += 1
            unit = hierarchy.unit(cell(row, 0))
            participants = whole(cell(row, report.participants))
            counts = (
                counts_from_percents([cell(row, place) for place in report.columns()], participants)
                if participants
                else None
            )
            if counts is None:
                reason = "нет участников или доли баллов не складываются в 100 %"
                extract.remark("отброшено", f"{unit.code or unit.level}: {reason}", 1, report.sheet.name)
                continue
            taken += 1
            mean, deviation = moments(scores, counts.values)
            extract.add(
                "exam_results",
                unit,
                exam=procedure.exam,
                subject=procedure.subject,
                grade=procedure.grade,
                year=procedure.year,
                participants=participants,
                mean_score=mean,
                score_sd=deviation,
                max_score=scores[-1],
            )
        extract.remark("прочитано", "строк групп", read_rows, report.sheet.name)
        extract.remark("взято", "групп с баллами", taken, report.sheet.name)
    return extract


def moments(scores: Sequence[int], counts: Sequence[int]) -> tuple[float, float | None]:
    """Mean and sample standard deviation (n−1) of a distribution; no deviation for one participant.

    Examples
    --------
    >>> moments([0, 1, 2], [1, 0, 1])
    (1.0, 1.4142)
    """
    total = sum(counts)
    mean = sum(score * count for score, count in zip(scores, counts, strict=True)) / total
    squares = sum(count * (score - mean) ** 2 for score, count in zip(scores, counts, strict=True))
    return round(mean, DIGITS), round((squares / (total - 1)) ** 0.5, DIGITS) if total > 1 else None
