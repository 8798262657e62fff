"""Checks of results: procedures, marks, graduates, olympiads."""

from __future__ import annotations

import pandas as pd

from shnor_lib.checks.registry import check, rows_found, rows_where
from shnor_lib.sources import Inputs
from shnor_lib.sources.problems import join_problems, shown_values
from shnor_lib.tables import label_of

SCHOOL_YEAR = ["level", "group", "school_id", "year"]
GRADES = {"OGE": (9,), "EGE": (11,), "GVE": (9, 11)}
HIGHEST_GRADE = {"НОШ": 4, "ООШ": 9, "СОШ": 11, "гимназия": 11, "лицей": 11}
EGE_MAXIMUM = 100
THRESHOLDS = ["score_60_plus", "score_70_plus", "score_80_plus", "score_90_plus", "score_100"]


@check("Средний балл не больше максимального", "exam_results", discards=True)
def check_exam_mean_score(inputs: Inputs, year: int) -> pd.DataFrame:
    """Mean scores above the maximum of the work."""
    rows = inputs.tables["exam_results"]
    wrong = rows_where(rows, rows["mean_score"] > rows["max_score"])
    return rows_found(
        inputs, "exam_results", wrong, "Средний балл больше максимального балла работы (" + shown_values(wrong["max_score"]) + ")",
        column="mean_score", allowed="от 0 до максимального балла", remedy="Исправьте средний или максимальный балл.",
    )  # fmt: skip


@check("ЕГЭ – в стобалльной шкале", "exam_results")
def check_exam_ege_scale(inputs: Inputs, year: int) -> pd.DataFrame:
    """ЕГЭ results (all but base maths) whose maximum is not 100."""
    rows = inputs.tables["exam_results"]
    wrong = rows_where(rows, (rows["exam"] == "EGE") & (rows["subject"] != "maths_base") & (rows["max_score"] != EGE_MAXIMUM))
    return rows_found(
        inputs, "exam_results", wrong, "Максимальный балл ЕГЭ не 100: похоже, даны первичные баллы", column="max_score",
        allowed="100 – тестовые баллы", remedy="Впишите тестовые баллы (0–100).",
    )  # fmt: skip


@check("Порог выше – участников не больше", "exam_results", discards=True)
def check_exam_thresholds(inputs: Inputs, year: int) -> pd.DataFrame:
    """More participants above a higher threshold than above a lower one."""
    rows = inputs.tables["exam_results"]
    labels = {"score_60_plus": "60", "score_70_plus": "70", "score_80_plus": "80", "score_90_plus": "90", "score_100": "100"}
    found = []
    for position, higher in enumerate(THRESHOLDS):
        lowest = rows[THRESHOLDS[:position]].min(axis=1)
        wrong = rows_where(rows, rows[higher] > lowest)
        found.append(
            rows_found(
                inputs, "exam_results", wrong, f"От {labels[higher]} баллов получили больше участников, чем от меньшего порога",
                column=higher, allowed="не больше, чем от меньшего порога", remedy="Исправьте число участников.",
            )
        )  # fmt: skip
    both = rows_where(rows, rows["below_minimum"] + rows["score_60_plus"] > rows["participants"])
    found.append(
        rows_found(
            inputs, "exam_results", both, "Ниже минимума и от 60 баллов вместе больше, чем участников", column="score_60_plus",
            allowed="вместе не больше числа участников", remedy="Исправьте одно из чисел.",
        )
    )  # fmt: skip
    return join_problems(found)


@check("Ниже минимума в ВПР и ОГЭ – столько же, сколько отметок «2»", "exam_results", discards=True)
def check_exam_below_minimum(inputs: Inputs, year: int) -> pd.DataFrame:
    """ВПР and ОГЭ rows whose number below the minimum is not the number of marks 2; the marks are used."""
    rows = inputs.tables["exam_results"]
    wrong = rows_where(rows, rows["exam"].isin(["VPR", "OGE"]) & (rows["below_minimum"] != rows["mark_2"]))
    return rows_found(
        inputs, "exam_results", wrong, "Ниже минимума указано не столько, сколько отметок «2» (" + shown_values(wrong["mark_2"]) + ")",
        column="below_minimum", allowed="число отметок «2»", remedy="Исправьте число или оставьте ячейку пустой.",
    )  # fmt: skip


@check("Класс подходит процедуре")
def check_exam_grade(inputs: Inputs, year: int) -> pd.DataFrame:
    """ОГЭ outside grade 9, ЕГЭ outside grade 11."""
    found = []
    for name in ("exam_results", "mark_comparison", "low_procedures"):
        rows = inputs.tables[name]
        for exam, grades in GRADES.items():
            wrong = rows_where(rows, (rows["exam"] == exam) & ~rows["grade"].isin(grades))
            found.append(
                rows_found(
                    inputs, name, wrong, f"{label_of('exam', exam)} не в том классе", column="grade",
                    allowed=" или ".join(map(str, grades)) + " класс", remedy="Исправьте класс или процедуру.",
                )
            )  # fmt: skip
    return join_problems(found)


@check("Нет результатов классов, которых в школе нет", "schools")
def check_results_grade(inputs: Inputs, year: int) -> pd.DataFrame:
    """Results of a grade above the highest one of the school."""
    schools = inputs.tables["schools"]
    highest = schools["highest_grade"].fillna(schools["kind"].map(HIGHEST_GRADE).astype("Float64"))
    highest = schools.assign(highest=highest).loc[schools["level"] == "school", ["school_id", "year", "highest"]].drop_duplicates(["school_id", "year"])
    tables = inputs.tables
    stage_grade = {"basic": 5, "secondary": 10, "basic_secondary": 5}
    graduates = tables["progression"]
    taught = {
        "exam_results": (tables["exam_results"]["grade"], "grade"),
        "mark_comparison": (tables["mark_comparison"]["grade"], "grade"),
        "low_procedures": (tables["low_procedures"]["grade"], "grade"),
        "learning_marks": (tables["learning_marks"]["stage"].map(stage_grade).astype("Float64"), "stage"),
        "progression": (pd.Series(11.0, index=graduates.index).where(graduates["grade11_graduates"].fillna(0) > 0), "grade11_graduates"),
    }
    found = []
    for name, (grade, column) in taught.items():
        rows = tables[name].reset_index(drop=True)
        if rows.empty:
            continue
        known = rows[["school_id", "year"]].merge(highest, on=["school_id", "year"], how="left")["highest"]
        wrong = rows_where(rows, grade.reset_index(drop=True) > known)
        found.append(
            rows_found(
                inputs, name, wrong, "В школе нет этого класса: старший класс – " + shown_values(known.loc[wrong.index]), column=column,
                allowed="классы, которые есть в школе", remedy="Исправьте класс или «Старший класс» школы.",
            )
        )  # fmt: skip
    return join_problems(found)


@check("Участников экзамена не больше, чем выпускников", "exam_results", "progression")
def check_exam_graduates_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """More participants of an exam in grade 9 or 11 than graduates of that grade."""
    results = inputs.tables["exam_results"].reset_index(drop=True)
    graduates = inputs.tables["progression"][[*SCHOOL_YEAR, "grade9_graduates", "grade11_graduates"]].drop_duplicates(SCHOOL_YEAR)
    known = results[SCHOOL_YEAR].merge(graduates, on=SCHOOL_YEAR, how="left")
    number = known["grade9_graduates"].where(results["grade"] == 9, known["grade11_graduates"].where(results["grade"] == 11))
    exams = results["exam"].isin(list(GRADES)) & (results["wave"] == "")
    wrong = rows_where(results, exams & (results["participants"] > number))
    return rows_found(
        inputs, "exam_results", wrong, "Участников больше, чем выпускников класса (" + shown_values(number.loc[wrong.index]) + ")",
        column="participants", allowed="не больше числа выпускников из таблицы «Выпускники»", remedy="Исправьте одно из чисел.",
    )  # fmt: skip


@check("Участников не больше, чем обучающихся школы", "exam_results", "schools")
def check_exam_pupils_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """More participants of a procedure than the school has pupils."""
    results = inputs.tables["exam_results"].reset_index(drop=True)
    schools = inputs.tables["schools"][[*SCHOOL_YEAR, "pupils"]].drop_duplicates(SCHOOL_YEAR)
    pupils = results[SCHOOL_YEAR].merge(schools, on=SCHOOL_YEAR, how="left")["pupils"]
    wrong = rows_where(results, results["participants"] > pupils)
    return rows_found(
        inputs, "exam_results", wrong, "Участников больше, чем обучающихся в школе (" + shown_values(pupils.loc[wrong.index]) + ")",
        column="participants", allowed="не больше числа обучающихся", remedy="Исправьте одно из чисел.",
    )  # fmt: skip


@check("С журналом сравнено не больше отметок, чем участников", "mark_comparison", "exam_results")
def check_comparison_participants_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """Marks compared with the journal that are more than the participants of the procedure."""
    key = [*SCHOOL_YEAR, "wave", "exam", "subject", "grade"]
    compared = inputs.tables["mark_comparison"].reset_index(drop=True)
    results = inputs.tables["exam_results"][[*key, "participants"]].drop_duplicates(key)
    participants = compared[key].merge(results, on=key, how="left")["participants"]
    total = compared[["lowered", "confirmed", "raised"]].sum(axis=1)
    wrong = rows_where(compared, total > participants)
    return rows_found(
        inputs, "mark_comparison", wrong, "Сравнено отметок " + shown_values(total.loc[wrong.index]) + ", а участников " +
        shown_values(participants.loc[wrong.index]), column="confirmed", value=shown_values(total.loc[wrong.index]),
        allowed="не больше числа участников процедуры", remedy="Исправьте числа сравнения или число участников.",
    )  # fmt: skip


@check("Победителей и призёров не больше, чем участий", "olympiads", discards=True)
def check_olympiads_winners(inputs: Inputs, year: int) -> pd.DataFrame:
    """More winners and prize-winners than entries (or participants, where entries are not given)."""
    rows = inputs.tables["olympiads"]
    most = rows["entries"].fillna(rows["participants"])
    wrong_winners = rows_where(rows, rows["winners"] > most)
    rest = rows.drop(wrong_winners.index)
    wrong_prizes = rows_where(rest, rest["winners"].fillna(0) + rest["prize_winners"] > most.loc[rest.index])
    found = [
        rows_found(
            inputs, "olympiads", wrong, text + " больше, чем участий (" + shown_values(most.loc[wrong.index]) + ")", column=column,
            allowed="не больше числа участий", remedy="Исправьте одно из чисел.",
        )
        for wrong, column, text in (
            (wrong_winners, "winners", "Победителей"),
            (wrong_prizes, "prize_winners", "Победителей и призёров вместе"),
        )
    ]  # fmt: skip
    return join_problems(found)


@check("Участий в олимпиадах не меньше, чем участников", "olympiads", discards=True)
def check_olympiads_entries(inputs: Inputs, year: int) -> pd.DataFrame:
    """Fewer entries than pupils who took part."""
    rows = inputs.tables["olympiads"]
    wrong = rows_where(rows, rows["entries"] < rows["participants"])
    return rows_found(
        inputs, "olympiads", wrong, "Участий меньше, чем участников (" + shown_values(wrong["participants"]) + ")", column="entries",
        allowed="не меньше числа участников: каждый участвовал хотя бы раз", remedy="Исправьте одно из чисел.",
    )  # fmt: skip
