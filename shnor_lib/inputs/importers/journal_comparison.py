"""ФИС ОКО «Сравнение отметок с отметками по журналу»: a block of four rows for every group."""

from __future__ import annotations

from shnor_lib.inputs.importers.cells import cell, number, plain, whole
from shnor_lib.inputs.importers.counts import counts_from_percents
from shnor_lib.inputs.importers.extract import Export, Extract, Unit
from shnor_lib.inputs.importers.fis_reports import Hierarchy, Report, begin, reports

LABEL = "ФИС ОКО «Сравнение отметок с отметками по журналу»"
ROWS = {"понизили": "lowered", "подтвердили": "confirmed", "повысили": "raised", "всего": "total"}
OUTCOMES = ("lowered", "confirmed", "raised")


def _row_of(text: str) -> str | None:
    words = plain(text)
    return next((name for word, name in ROWS.items() if words.startswith(word)), None)


def _fits(report: Report) -> bool:
    return any(_row_of(cell(row, 0)) == "lowered" for row in report.below[:20])


def recognises(export: Export) -> bool:
    """Whether a sheet has groups of participants and rows «Понизили», «Подтвердили», «Повысили»."""
    return any(map(_fits, reports(export)))


def read(export: Export) -> Extract:
    """Read how many marks of every group are below, equal to and above the journal."""
    extract = Extract(LABEL)
    for report in filter(_fits, reports(export)):
        procedure = begin(export, report, LABEL, extract)
        stated = {
            "exam": procedure.exam,
            "subject": procedure.subject,
            "grade": procedure.grade,
            "year": procedure.year,
        }
        blocks: list[tuple[Unit, dict[str, tuple[str, str]]]] = []
        hierarchy = Hierarchy()
        per_cent = next((place for place in report.columns() if "%" in report.heads[place]), report.participants + 1)
        for row in report.below:
            if not cell(row, 0):
                continue
            name = _row_of(cell(row, 0))
            if name is None:
                blocks.append((hierarchy.unit(cell(row, 0)), {}))
            elif blocks:
                blocks[-1][1][name] = cell(row, report.participants), cell(row, per_cent)
        taken = 0
        for unit, lines in blocks:
            counts = _counts(lines)
            if isinstance(counts, str):
                extract.remark("отброшено", f"{unit.code or unit.level}: {counts}", 1, report.sheet.name)
                continue
            taken += 1
            extract.add("mark_comparison", unit, **stated, **counts)
        extract.remark("прочитано", "групп", len(blocks), report.sheet.name)
        extract.remark("взято", "групп со сравнением", taken, report.sheet.name)
    return extract


def _counts(lines: dict[str, tuple[str, str]]) -> dict[str, int] | str:
    """Counts of a block, from its numbers or else from its per cent; or why there are none.

    Examples
    --------
    >>> _counts({"lowered": ("2", "40"), "confirmed": ("3", "60"), "raised": ("0", "0"), "total": ("5", "100")})
    {'lowered': 2, 'confirmed': 3, 'raised': 0}
    >>> _counts({"lowered": ("2", ""), "confirmed": ("3", ""), "raised": ("1", ""), "total": ("5", "")})
    'строки не складываются в «Всего»'
    """
    if not set(OUTCOMES) <= set(lines):
        return "нет строк «Понизили», «Подтвердили», «Повысили»"
    total = whole(lines.get("total", ("", ""))[0])
    numbers = {name: whole(lines[name][0]) for name in OUTCOMES}
    if None not in numbers.values():
        return numbers if total in (None, sum(numbers.values())) else "строки не складываются в «Всего»"
    if total is None or any(number(lines[name][1]) is None for name in OUTCOMES):
        return "нет чисел участников"
    counts = counts_from_percents([lines[name][1] for name in OUTCOMES], total)
    return dict(zip(OUTCOMES, counts.values, strict=True)) if counts else "доли не складываются в 100 %"
