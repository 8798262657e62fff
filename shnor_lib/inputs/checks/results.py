"""Checks of results: procedures, marks, graduates, olympiads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import SCHOOL_YEAR, check, known, mapped, matched, rows_found
from shnor_lib.inputs.dictionary import HIGHEST_GRADE, label_of
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem

GRADES = {"OGE": (9,), "EGE": (11,), "GVE": (9, 11)}
FIRST_GRADE = {"basic": 5, "basic_secondary": 5, "secondary": 10}
THRESHOLDS = {"score_60_plus": 60, "score_70_plus": 70, "score_80_plus": 80, "score_90_plus": 90, "score_100": 100}


@check("Порог выше – участников не больше", "exam_results", discards=True)
def check_exam_thresholds(inputs: Inputs, year: int) -> Iterator[Problem]:
    """More participants above a higher threshold than above a lower one."""
    results = inputs.rows["exam_results"]
    columns = list(THRESHOLDS)
    for position, higher in enumerate(columns[1:], 1):
        yield from rows_found(
            inputs,
            "exam_results",
            results[higher] > np.fmin.reduce([results[lower] for lower in columns[:position]]),
            f"От {THRESHOLDS[higher]} баллов получили больше участников, чем от меньшего порога",
            column=higher,
            allowed="не больше, чем от меньшего порога",
            remedy="Исправьте число участников.",
        )
    yield from rows_found(
        inputs,
        "exam_results",
        results["below_minimum"] + results["score_60_plus"] > results["participants"],
        "Ниже минимума и от 60 баллов вместе больше, чем участников ({participants})",
        words={"participants": results["participants"]},
        column="score_60_plus",
        allowed="вместе не больше числа участников",
        remedy="Исправьте одно из чисел.",
    )


@check("Класс подходит процедуре")
def check_exam_grade(inputs: Inputs, year: int) -> Iterator[Problem]:
    """ОГЭ outside grade 9, ЕГЭ outside grade 11."""
    for name in ("exam_results", "mark_comparison", "low_procedures"):
        rows = inputs.rows[name]
        for exam, grades in GRADES.items():
            yield from rows_found(
                inputs,
                name,
                (rows["exam"] == exam) & ~np.isin(rows["grade"], grades),
                f"{label_of('exam', exam)} не в том классе",
                column="grade",
                allowed=" или ".join(map(str, grades)) + " класс",
                remedy="Исправьте класс или процедуру.",
            )


@check("Нет результатов классов, которых в школе нет", "schools")
def check_results_grade(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Results of a grade above the highest one of the school."""
    tables, schools = inputs.rows, inputs.rows["schools"]
    of_kind = mapped(schools["kind"], HIGHEST_GRADE)
    stated = np.where(known(schools["highest_grade"]), schools["highest_grade"], of_kind)
    grades = {
        "exam_results": ("grade", tables["exam_results"]["grade"]),
        "mark_comparison": ("grade", tables["mark_comparison"]["grade"]),
        "low_procedures": ("grade", tables["low_procedures"]["grade"]),
        "learning_marks": ("stage", mapped(tables["learning_marks"]["stage"], FIRST_GRADE)),
        "progression": ("grade11_graduates", (tables["progression"]["grade11_graduates"] > 0) * 11),
    }
    for name, (column, grade) in grades.items():
        highest = matched(tables[name], schools, ["school_id", "year"], stated, among=schools["level"] == "school")
        yield from rows_found(
            inputs,
            name,
            grade > highest,
            "В школе нет этого класса: старший класс – {highest}",
            words={"highest": highest},
            column=column,
            allowed="классы, которые есть в школе",
            remedy="Исправьте класс или «Старший класс» школы.",
        )


@check("Участников экзамена не больше, чем выпускников", "exam_results", "progression")
def check_exam_graduates_contradict(inputs: Inputs, year: int) -> list[Problem]:
    """More participants of an exam in grade 9 or 11 than graduates of that grade."""
    results, progression = inputs.rows["exam_results"], inputs.rows["progression"]
    ninth, eleventh = (
        matched(results, progression, SCHOOL_YEAR, progression[f"grade{grade}_graduates"]) for grade in (9, 11)
    )
    graduates = np.where(results["grade"] == 9, ninth, np.where(results["grade"] == 11, eleventh, np.nan))
    final = np.isin(results["exam"], list(GRADES)) & (results["wave"] == "")
    return rows_found(
        inputs,
        "exam_results",
        final & (results["participants"] > graduates),
        "Участников больше, чем выпускников класса ({graduates})",
        words={"graduates": graduates},
        column="participants",
        allowed="не больше числа выпускников",
        remedy="Исправьте одно из чисел.",
    )


@check("С журналом сравнено не больше отметок, чем участников", "mark_comparison", "exam_results")
def check_comparison_participants_contradict(inputs: Inputs, year: int) -> list[Problem]:
    """Marks compared with the journal that are more than the participants of the procedure."""
    compared, results = inputs.rows["mark_comparison"], inputs.rows["exam_results"]
    key = [*SCHOOL_YEAR, "wave", "exam", "subject", "grade"]
    participants = matched(compared, results, key, results["participants"])
    total = np.nansum([compared[name] for name in ("lowered", "confirmed", "raised")], axis=0)
    return rows_found(
        inputs,
        "mark_comparison",
        total > participants,
        "Сравнено отметок {total}, а участников {participants}",
        words={"total": total, "participants": participants},
        column="confirmed",
        value=total,
        allowed="не больше числа участников процедуры",
        remedy="Исправьте числа сравнения или число участников.",
    )
