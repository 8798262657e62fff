"""Rows of participants become results of schools; nothing of a participant leaves this module but counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from shnor_lib.inputs.dictionary import label_of
from shnor_lib.inputs.importers.cells import Row, after_bar, cell, code_of, number, plain, whole
from shnor_lib.inputs.importers.extract import Export, Extract, ImportRefused, RawSheet, Unit
from shnor_lib.inputs.importers.procedures import Procedure, procedure_in
from shnor_lib.inputs.importers.scales import VprScale

MARKS = (2, 3, 4, 5)
ABSENT = ("отсутствовал", "отсутствовала", "отсутствует", "не участвовал", "н/я", "неявка")
DROPPED = ("отсутствовали", "нет кода школы", "нет балла", "балл выше максимального")
"""Why rows are left out, in the order in which it is told."""
DIGITS = 4
"""Means and deviations are kept with so many digits after the point."""


@dataclass(frozen=True)
class Columns:
    """Where the columns of a protocol stand; ``mark`` is the mark for the work itself, where the export gives it."""

    school: int
    variant: int
    score: int
    journal: int
    mark: int | None = None
    name: int | None = None
    territory: int | None = None


def procedure_of(export: Export, title: str, extract: Extract) -> Procedure:
    """The procedure of an export: as stated by the one who imports, by its title, by the name of the file.

    Raises :class:`ImportRefused` when subject or grade stand nowhere.
    """
    said = export.given.or_else(procedure_in(title))
    found = said.or_else(procedure_in(export.file))
    if found.subject is None or found.grade is None:
        raise ImportRefused(
            f"{export.file}: предмет и класс не указаны ни в файле, ни в его имени.",
            "назовите их: --subject russian --grade 5 (предметы – в списке «Предмет» шаблона).",
        )
    if (said.subject, said.grade) != (found.subject, found.grade):
        shown = f"{label_of('subject', found.subject)}, {found.grade} класс"
        extract.remark("замечание", f"предмет и класс взяты из имени файла: {shown}")
    if found.year and found.year != export.year:
        extract.remark("замечание", f"работа {found.year} года: строки отнесены к нему (столбец «Год»)")
    return found.or_else(Procedure(exam="VPR", year=export.year))


def add_results(
    export: Export,
    extract: Extract,
    sheet: RawSheet,
    rows: Sequence[Row],
    columns: Columns,
    procedure: Procedure,
    maximum: float | None,
) -> None:
    """Results of the schools of a protocol and the comparison of their marks with the journal.

    Absent pupils leave N; so do scores above the maximum and works without a score. Marks come from the protocol or from
    the scale of the year; without a scale only means are taken.

    Parameters
    ----------
    rows : the rows below the header.
    maximum : the greatest score the protocol itself allows, ``None`` when it does not say.
    """
    of_year = procedure.subject, procedure.grade, procedure.year
    scale, source = (export.scales.vpr_scale(*of_year) if procedure.exam == "VPR" else None) or (None, "")
    limits = [limit for limit in (maximum, scale and scale.maximum) if limit is not None]
    if scale and maximum is not None and scale.maximum != maximum:
        differ = f"её максимум {scale.maximum}, в файле {maximum:g}"
        extract.remark("замечание", f"шкала {procedure.year} года не подходит: {differ}")
        scale, limits = None, [maximum]
    works, dropped = _works(rows, columns, min(limits, default=None), scale)
    for reason, count in dropped.items():
        extract.remark("отброшено", reason, count, sheet.name)
    extract.remark("прочитано", "строк участников", sum(dropped.values()) + len(works), sheet.name)
    extract.remark("взято", "работ с результатом", len(works), sheet.name)
    extract.remark("замечание", "работ без отметки по журналу 2–5", int(works["journal"].isna().sum()), sheet.name)
    if columns.mark is None:
        without = "шкала перевода не задана: отметки не посчитаны, взяты средние баллы (--scales)"
        extract.remark("замечание", f"отметки посчитаны по шкале: {source}" if scale else without)
    for code, own in works.groupby("code", sort=True):
        unit = Unit("school", code, own["name"].iloc[0], own["territory"].iloc[0])
        extract.add("exam_results", unit, **asdict(procedure), **results_of(own), max_score=min(limits, default=None))
        if comparison := comparison_of(own):
            extract.add("mark_comparison", unit, **asdict(procedure), **comparison)


def _works(
    rows: Sequence[Row], columns: Columns, maximum: float | None, scale: VprScale | None
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Works with a score: school, score, mark, journal mark; and how many rows were dropped, by reason."""
    taken = []
    dropped = dict.fromkeys(DROPPED, 0)
    for row in rows:
        code = code_of(cell(row, columns.school))
        if not any(row):
            continue
        score = number(cell(row, columns.score))
        if not code:
            dropped["нет кода школы"] += 1
        elif plain(cell(row, columns.variant)) in ABSENT or plain(cell(row, columns.score)) in ABSENT:
            dropped["отсутствовали"] += 1
        elif score is None or score < 0:
            dropped["нет балла"] += 1
        elif maximum is not None and score > maximum:
            dropped["балл выше максимального"] += 1
        else:
            mark = whole(cell(row, columns.mark)) if columns.mark is not None else scale.mark(score) if scale else None
            journal = whole(cell(row, columns.journal))
            taken.append(
                {
                    "code": code,
                    "name": after_bar(cell(row, columns.name)),
                    "territory": cell(row, columns.territory),
                    "score": score,
                    "mark": mark if mark in MARKS else None,
                    "journal": journal if journal in MARKS else None,
                }
            )
    columns_of_work = {"code": str, "name": str, "territory": str, "score": float, "mark": float, "journal": float}
    return pd.DataFrame(taken, columns=list(columns_of_work)).astype(columns_of_work), dropped


def results_of(works: pd.DataFrame) -> dict[str, object]:
    """Participants, mean and sample deviation, marks of the works of a school; what not every work has is left out.

    Examples
    --------
    >>> results_of(pd.DataFrame({"score": [7.0, 11.0], "mark": [3.0, 4.0]}))
    {'participants': 2, 'mean_score': 9.0, 'score_sd': 2.8284, 'mark_2': 0, 'mark_3': 1, 'mark_4': 1, 'mark_5': 0}
    """
    found: dict[str, object] = {"participants": len(works)}
    if works["score"].notna().all():
        found["mean_score"] = round(float(works["score"].mean()), DIGITS)
        if len(works) > 1:
            found["score_sd"] = round(float(works["score"].std()), DIGITS)
    if works["mark"].notna().all():
        found |= {f"mark_{mark}": int(works["mark"].eq(mark).sum()) for mark in MARKS}
    return found


def comparison_of(works: pd.DataFrame) -> dict[str, object]:
    """Marks below, equal to and above the journal, and Spearman's coefficient of journal mark and score (average ranks).

    Empty when no work has a journal mark; the counts need both marks.

    Examples
    --------
    >>> comparison_of(pd.DataFrame({"score": [7.0, 11.0, 3.0], "mark": [3.0, 4.0, 2.0], "journal": [4.0, 4.0, 3.0]}))
    {'spearman': 0.866, 'lowered': 2, 'confirmed': 1, 'raised': 0}
    """
    known = works[works["journal"].notna()]
    if known.empty:
        return {}
    found: dict[str, object] = {}
    ranks = known[["score", "journal"]].rank()
    if ranks["score"].nunique() > 1 and ranks["journal"].nunique() > 1:
        found["spearman"] = round(float(ranks["score"].corr(ranks["journal"])), DIGITS)
    both = known[known["mark"].notna()]
    if len(both):
        found["lowered"] = int((both["mark"] < both["journal"]).sum())
        found["confirmed"] = int((both["mark"] == both["journal"]).sum())
        found["raised"] = int((both["mark"] > both["journal"]).sum())
    return found
