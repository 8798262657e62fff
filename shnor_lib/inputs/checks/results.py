"""Checks of results: procedures, marks, graduates, olympiads."""

from __future__ import annotations

import pandas as pd

from shnor_lib.inputs.checks.registry import check, matched, rows_found
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import join_problems

SCHOOL_YEAR = ["level", "group", "school_id", "year"]
GRADES = {"OGE": (9,), "EGE": (11,), "GVE": (9, 11)}
HIGHEST_GRADE = {"НОШ": 4, "ООШ": 9, "СОШ": 11, "гимназия": 11, "лицей": 11}
FIRST_GRADE = {"basic": 5, "basic_secondary": 5, "secondary": 10}
EGE_MAXIMUM = 100
THRESHOLDS = {"score_60_plus": 60, "score_70_plus": 70, "score_80_plus": 80, "score_90_plus": 90, "score_100": 100}


@check("Средний балл не больше максимального", "exam_results", discards=True)
def check_exam_mean_score(inputs: Inputs, year: int) -> pd.DataFrame:
    """Mean scores above the maximum of the work."""
    results = inputs.tables["exam_results"]
    return rows_found(
        inputs,
        "exam_results",
        results["mean_score"] > results["max_score"],
        "Средний балл больше максимального балла работы ({maximum})",
        words={"maximum": results["max_score"]},
        column="mean_score",
        allowed="от 0 до максимального балла",
        remedy="Исправьте средний или максимальный балл.",
    )


@check("ЕГЭ – в стобалльной шкале", "exam_results")
def check_exam_ege_scale(inputs: Inputs, year: int) -> pd.DataFrame:
    """ЕГЭ results (all but base maths) whose maximum is not 100."""
    results = inputs.tables["exam_results"]
    in_test_scores = (results["exam"] == "EGE") & (results["subject"] != "maths_base")
    return rows_found(
        inputs,
        "exam_results",
        in_test_scores & (results["max_score"] != EGE_MAXIMUM),
        "Максимальный балл ЕГЭ не 100: похоже, даны первичные баллы",
        column="max_score",
        allowed="100 – тестовые баллы",
        remedy="Впишите тестовые баллы (0–100).",
    )


@check("Порог выше – участников не больше", "exam_results", discards=True)
def check_exam_thresholds(inputs: Inputs, year: int) -> pd.DataFrame:
    """More participants above a higher threshold than above a lower one."""
    results = inputs.tables["exam_results"]
    columns = list(THRESHOLDS)
    found = [
        rows_found(
            inputs,
            "exam_results",
            results[higher] > results[columns[:position]].min(axis=1),
            f"От {THRESHOLDS[higher]} баллов получили больше участников, чем от меньшего порога",
            column=higher,
            allowed="не больше, чем от меньшего порога",
            remedy="Исправьте число участников.",
        )
        for position, higher in enumerate(columns)
        if position
    ]
    found.append(
        rows_found(
            inputs,
            "exam_results",
            results["below_minimum"] + results["score_60_plus"] > results["participants"],
            "Ниже минимума и от 60 баллов вместе больше, чем участников ({participants})",
            words={"participants": results["participants"]},
            column="score_60_plus",
            allowed="вместе не больше числа участников",
            remedy="Исправьте одно из чисел.",
        )
    )
    return join_problems(found)


@check("Ниже минимума в ВПР и ОГЭ – столько же, сколько отметок «2»", "exam_results", discards=True)
def check_exam_below_minimum(inputs: Inputs, year: int) -> pd.DataFrame:
    """ВПР and ОГЭ rows whose number below the minimum is not the number of marks 2; the marks are used."""
    results = inputs.tables["exam_results"]
    return rows_found(
        inputs,
        "exam_results",
        results["exam"].isin(["VPR", "OGE"]) & (results["below_minimum"] != results["mark_2"]),
        "Ниже минимума указано не столько, сколько отметок «2» ({marks})",
        words={"marks": results["mark_2"]},
        column="below_minimum",
        allowed="число отметок «2»",
        remedy="Исправьте число или оставьте ячейку пустой.",
    )


@check("Класс подходит процедуре")
def check_exam_grade(inputs: Inputs, year: int) -> pd.DataFrame:
    """ОГЭ outside grade 9, ЕГЭ outside grade 11."""
    return join_problems(
        rows_found(
            inputs,
            name,
            (inputs.tables[name]["exam"] == exam) & ~inputs.tables[name]["grade"].isin(grades),
            f"{label_of('exam', exam)} не в том классе",
            column="grade",
            allowed=" или ".join(map(str, grades)) + " класс",
            remedy="Исправьте класс или процедуру.",
        )
        for name in ("exam_results", "mark_comparison", "low_procedures")
        for exam, grades in GRADES.items()
    )


@check("Нет результатов классов, которых в школе нет", "schools")
def check_results_grade(inputs: Inputs, year: int) -> pd.DataFrame:
    """Results of a grade above the highest one of the school."""
    tables = inputs.tables
    schools = tables["schools"].loc[tables["schools"]["level"] == "school"]
    by_kind = schools["kind"].map(HIGHEST_GRADE).astype("Float64")
    schools = schools.assign(highest=schools["highest_grade"].fillna(by_kind))
    stages, graduates = tables["learning_marks"]["stage"], tables["progression"]["grade11_graduates"]
    grades = {
        "exam_results": ("grade", tables["exam_results"]["grade"]),
        "mark_comparison": ("grade", tables["mark_comparison"]["grade"]),
        "low_procedures": ("grade", tables["low_procedures"]["grade"]),
        "learning_marks": ("stage", stages.map(FIRST_GRADE).astype("Float64")),
        "progression": ("grade11_graduates", graduates.where(graduates > 0).notna() * 11),
    }
    found = []
    for name, (column, grade) in grades.items():
        highest = matched(tables[name], schools, ["school_id", "year"], ["highest"])["highest"]
        found.append(
            rows_found(
                inputs,
                name,
                grade > highest,
                "В школе нет этого класса: старший класс – {highest}",
                words={"highest": highest},
                column=column,
                allowed="классы, которые есть в школе",
                remedy="Исправьте класс или «Старший класс» школы.",
            )
        )
    return join_problems(found)


@check("Участников экзамена не больше, чем выпускников", "exam_results", "progression")
def check_exam_graduates_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """More participants of an exam in grade 9 or 11 than graduates of that grade."""
    results, progression = inputs.tables["exam_results"], inputs.tables["progression"]
    known = matched(results, progression, SCHOOL_YEAR, ["grade9_graduates", "grade11_graduates"])
    eleventh = known["grade11_graduates"].where(results["grade"] == 11)
    graduates = known["grade9_graduates"].where(results["grade"] == 9, eleventh)
    final = results["exam"].isin(list(GRADES)) & (results["wave"] == "")
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


@check("Участников не больше, чем обучающихся школы", "exam_results", "schools")
def check_exam_pupils_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """More participants of a procedure than the school has pupils."""
    results = inputs.tables["exam_results"]
    pupils = matched(results, inputs.tables["schools"], SCHOOL_YEAR, ["pupils"])["pupils"]
    return rows_found(
        inputs,
        "exam_results",
        results["participants"] > pupils,
        "Участников больше, чем обучающихся в школе ({pupils})",
        words={"pupils": pupils},
        column="participants",
        allowed="не больше числа обучающихся",
        remedy="Исправьте одно из чисел.",
    )


@check("С журналом сравнено не больше отметок, чем участников", "mark_comparison", "exam_results")
def check_comparison_participants_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """Marks compared with the journal that are more than the participants of the procedure."""
    compared = inputs.tables["mark_comparison"]
    key = [*SCHOOL_YEAR, "wave", "exam", "subject", "grade"]
    participants = matched(compared, inputs.tables["exam_results"], key, ["participants"])["participants"]
    total = compared[["lowered", "confirmed", "raised"]].sum(axis=1)
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


@check("Победителей и призёров не больше, чем участий", "olympiads", discards=True)
def check_olympiads_winners(inputs: Inputs, year: int) -> pd.DataFrame:
    """More winners and prize-winners than entries (or participants, where entries are not given)."""
    olympiads = inputs.tables["olympiads"]
    entries = olympiads["entries"].fillna(olympiads["participants"])
    too_many = {
        "winners": ("Победителей", olympiads["winners"]),
        "prize_winners": ("Победителей и призёров вместе", olympiads["winners"].fillna(0) + olympiads["prize_winners"]),
    }
    return join_problems(
        rows_found(
            inputs,
            "olympiads",
            number > entries,
            f"{words} больше, чем участий ({{entries}})",
            words={"entries": entries},
            column=column,
            allowed="не больше числа участий",
            remedy="Исправьте одно из чисел.",
        )
        for column, (words, number) in too_many.items()
    )


@check("Участий в олимпиадах не меньше, чем участников", "olympiads", discards=True)
def check_olympiads_entries(inputs: Inputs, year: int) -> pd.DataFrame:
    """Fewer entries than pupils who took part."""
    olympiads = inputs.tables["olympiads"]
    return rows_found(
        inputs,
        "olympiads",
        olympiads["entries"] < olympiads["participants"],
        "Участий меньше, чем участников ({participants})",
        words={"participants": olympiads["participants"]},
        column="entries",
        allowed="не меньше числа участников: каждый участвовал хотя бы раз",
        remedy="Исправьте одно из чисел.",
    )
