"""Checks of results: procedures, marks, graduates, olympiads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from shnor_lib.inputs.checks.registry import SCHOOL_YEAR, check, first_filled, known, mapped, matched, rows_found
from shnor_lib.inputs.dictionary import HIGHEST_GRADE, label_of, procedure, procedure_label
from shnor_lib.inputs.procedures import held
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem

FINAL = ("OGE", "EGE", "GVE")
"""The exams of the final attestation: graduates take them."""
MOST = 0.5
"""More than half: of the schools that have a procedure, and of the procedures that a school lacks."""
NAMED = 3
FIRST_GRADE = {"basic": 5, "basic_secondary": 5, "secondary": 10}
BASE_MATHS_POINTS = 21
"""Largest number of primary points of base maths (20 until 2021)."""
MARKS_PASSED = ("mark_3", "mark_4", "mark_5")
THRESHOLDS = {"score_60_plus": 60, "score_70_plus": 70, "score_80_plus": 80, "score_90_plus": 90, "score_100": 100}


@check
def check_exam_thresholds(inputs: Inputs, year: int) -> Iterator[Problem]:
    """More participants above a higher threshold than above a lower one."""
    results = inputs.rows["exam_results"]
    columns = list(THRESHOLDS)
    for position, higher in enumerate(columns[1:], 1):
        more = results[higher] > np.fmin.reduce([results[lower] for lower in columns[:position]])
        yield from rows_found(inputs, "exam_thresholds.more", more, column=higher, threshold=THRESHOLDS[higher])
    participants = results["participants"]
    together = results["below_minimum"] + results["score_60_plus"] > participants
    yield from rows_found(inputs, "exam_thresholds.together", together, participants=participants)


@check
def check_exam_mean_possible(inputs: Inputs, year: int) -> list[Problem]:
    """Means of ЕГЭ that no scores give whose numbers from 60, 70, 80, 90 and 100 points are those stated.

    At least each has the points of the highest threshold that was passed; at most one point less than the lowest that was not.
    """
    results = inputs.rows["exam_results"]
    participants = results["participants"]
    least = np.zeros(len(results))
    most = 100 * participants
    below, cap = np.zeros(len(results)), np.full(len(results), 100.0)
    for column, points in THRESHOLDS.items():
        stated = known(results[column])
        least += np.where(stated, results[column] * (points - below), 0)
        below = np.where(stated, points, below)
    for column, points in reversed(THRESHOLDS.items()):
        stated = known(results[column])
        most -= np.where(stated, (participants - results[column]) * (cap - (points - 1)), 0)
        cap = np.where(stated, points - 1, cap)
    held = np.where(participants > 0, participants, np.nan)
    least, most = least / held, most / held
    scored = (results["exam"] == "EGE") & (results["subject"] != "maths_base")
    half = 0.05  # means are printed with one digit
    outside = scored & ((results["mean_score"] < least - half) | (results["mean_score"] > most + half))
    told = {"participants": participants, "mean": results["mean_score"]}
    bounds = {"allowed_from": np.round(least, 1), "allowed_to": np.round(most, 1)}
    return rows_found(inputs, "exam_mean_possible.outside", outside, **told, **bounds)


@check
def check_exam_without_mean(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Exams of a year whose schools lack mean or largest scores, in a table that has them of others; the first row is named.

    ГВЭ and base maths of ЕГЭ are reported in marks: nobody waits for their scores.
    """
    results = inputs.rows["exam_results"]
    school = (results["level"] == "school") & (results["wave"] == "")
    took_part = school & np.any([results[one] > 0 for one in ("participants", "mark_2", *MARKS_PASSED)], axis=0)
    told = known(results["mean_score"])
    on_marks = (results["exam"] == "GVE") | ((results["exam"] == "EGE") & (results["subject"] == "maths_base"))
    expected = took_part & ~on_marks & known(results["exam"])
    if not (told & school).any():
        return
    for fault, lacks in (
        ("mean", ~told),
        ("maximum", told & (results["exam"] != "EGE") & ~known(results["max_score"])),
    ):
        lacks = expected & lacks
        for exam, of_year in sorted(set(zip(results["exam"][lacks], results["year"][lacks], strict=True))):
            rows = np.flatnonzero(lacks & (results["exam"] == exam) & (results["year"] == of_year))
            first = np.arange(len(lacks)) == rows[0]
            counts = {"lacking": len(rows), "schools": len(set(results["school_id"][rows]))}
            words = {"exam": label_of("exam", exam), "exam_year": f"{of_year:.0f}"}
            yield from rows_found(inputs, f"exam_without_mean.{fault}", first, **words, **counts)


@check
def check_exam_absent(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Schools that lack most of the procedures of a year that most schools with these grades have.

    Named on the row of the school, since the rows of its results are what is not there.
    """
    results, schools = inputs.rows["exam_results"], inputs.rows["schools"]
    own = (results["level"] == "school") & (results["wave"] == "")
    rows = zip(own, results.keys_of("school_id", "year", "exam", "subject", "grade"), strict=True)
    had: dict[tuple, set[str]] = {}
    for _, (school, of_year, *part) in (row for row in rows if row[0]):
        had.setdefault((of_year, *part), set()).add(school)
    stated = np.where(known(schools["highest_grade"]), schools["highest_grade"], mapped(schools["kind"], HIGHEST_GRADE))
    registered = np.flatnonzero((schools["level"] == "school") & known(stated) & ~known(schools["special_type"]))
    keys = schools.keys_of("school_id", "year")
    teaching = {place: (*keys[place], stated[place]) for place in registered.tolist()}
    usual = {
        part: grade
        for part, have in had.items()
        if (grade := part[-1])
        and len(have) > MOST * sum(1 for _, of_year, last in teaching.values() if of_year == part[0] and last >= grade)
    }
    for place, (school, of_year, last) in teaching.items():
        expected = [part for part, grade in usual.items() if part[0] == of_year and grade <= last]
        lacking = [part for part in expected if school not in had[part]]
        if lacking and len(lacking) > MOST * len(expected):
            names = [procedure_label(procedure(*part)) for _, *part in sorted(lacking)]
            told = {"own": len(expected) - len(lacking), "expected": len(expected)}
            told["lacking"] = "; ".join(names[:NAMED]) + (f" и ещё {len(names) - NAMED}" if len(names) > NAMED else "")
            yield from rows_found(inputs, "exam_absent.most", np.arange(len(keys)) == place, **told)


@check
def check_exam_base_maths(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Base maths of ЕГЭ with scores of the 100-point scale: it is a mark, given for up to 21 primary points."""
    results = inputs.rows["exam_results"]
    base = (results["exam"] == "EGE") & (results["subject"] == "maths_base")
    for column in ("mean_score", "max_score"):
        told = {"column": column, "points": results[column], "largest": BASE_MATHS_POINTS}
        yield from rows_found(inputs, "exam_base_maths.points", base & (results[column] > BASE_MATHS_POINTS), **told)
    for column in THRESHOLDS:
        where = base & known(results[column])
        yield from rows_found(inputs, "exam_base_maths.shares", where, column=column, largest=BASE_MATHS_POINTS)


@check
def check_exam_grade(inputs: Inputs, year: int) -> Iterator[Problem]:
    """ОГЭ outside grade 9, ЕГЭ outside grade 11: an exam or a subject of it in a grade that does not write it that year."""
    for name in ("exam_results", "mark_comparison", "low_procedures"):
        rows = inputs.rows[name]
        for exam, of_year in product(held().items(), sorted(set(rows["year"][known(rows["year"])]))):
            own = (rows["exam"] == exam[0]) & (rows["year"] == of_year)
            told = {"table": name, "exam": label_of("exam", exam[0])}
            if grades := exam[1].in_year(int(of_year)):
                other = own & ~np.isin(rows["grade"], grades)
                yield from rows_found(inputs, "exam_grade.other", other, grades=listed(grades), **told)
            for subject, without in exam[1].without(int(of_year)).items():
                unwritten = own & (rows["subject"] == subject) & np.isin(rows["grade"], without)
                words = {
                    "subject": label_of("subject", subject),
                    "without": listed(without),
                    "exam_year": f"{of_year:.0f}",
                }
                yield from rows_found(inputs, "exam_grade.unwritten", unwritten, **words, **told)


def listed(grades: Sequence[int]) -> str:
    return " или ".join(map(str, grades))


@check
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
        told = {"table": name, "column": column, "highest": highest}
        yield from rows_found(inputs, "results_grade.above", grade > highest, **told)


@check
def check_exam_graduates_contradict(inputs: Inputs, year: int) -> list[Problem]:
    """More participants of an exam in grade 9 or 11 than graduates of that grade."""
    results, progression = inputs.rows["exam_results"], inputs.rows["progression"]
    ninth, eleventh = (
        matched(results, progression, SCHOOL_YEAR, progression[f"grade{grade}_graduates"]) for grade in (9, 11)
    )
    graduates = np.where(results["grade"] == 9, ninth, np.where(results["grade"] == 11, eleventh, np.nan))
    final = np.isin(results["exam"], FINAL) & (results["wave"] == "")
    more = final & (results["participants"] > graduates)
    return rows_found(inputs, "exam_graduates_contradict.more", more, graduates=graduates)


@check
def check_comparison_participants_contradict(inputs: Inputs, year: int) -> list[Problem]:
    """Marks compared with the journal that are more than the participants of the procedure."""
    compared, results = inputs.rows["mark_comparison"], inputs.rows["exam_results"]
    key = [*SCHOOL_YEAR, "wave", "exam", "subject", "grade"]
    participants = matched(compared, results, key, results["participants"])
    total = np.nansum([compared[name] for name in ("lowered", "confirmed", "raised")], axis=0)
    told = {"value": total, "total": total, "participants": participants}
    return rows_found(inputs, "comparison_participants_contradict.more", total > participants, **told)


@check
def check_olympiads_parts(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Entries, winners and prize-winners of the subjects of a stage that are together more than all of it."""
    rows = inputs.rows["olympiads"]
    stages = rows.keys_of("level", "group", "school_id", "year", "stage")
    subjects = known(rows["subject"]) & (rows["subject"] != "all")
    whole = {key: place for place, key in enumerate(stages) if not subjects[place]}
    at = np.array([whole.get(key, -1) if part else -1 for key, part in zip(stages, subjects, strict=True)])
    for column in ("entries", "winners", "prize_winners"):
        counts = rows[column] if column != "entries" else first_filled([rows["entries"], rows["participants"]])
        added = np.bincount(at[at >= 0], np.nan_to_num(counts[at >= 0]), minlength=len(rows))
        told = {"column": column, "added": added, "whole": rows[column]}
        yield from rows_found(inputs, "olympiads_parts.more", added > rows[column], **told)
