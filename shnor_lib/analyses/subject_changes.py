"""Falls and rises by subject: which schools moved more than chance, and beside them what documents say without numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from shnor_lib.analyses.change import FALL, NONE, NOT_COMPARED, RISE, falls_first, subject_changes
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office

AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED = "agrees", "contradicts", "within_chance", "untested"
JOURNAL = "learning_quality_rate"


def subjects_moved(office: Office) -> pd.DataFrame:
    """The exams and subjects of an office with the schools that fell and rose more than chance.

    Returns
    -------
    exam, subject, tested (schools), fallen, risen (tuples of school ids).
    """
    rows = subject_changes(office).tested

    def named(direction: str) -> pd.Series:
        own = rows[rows["direction"].eq(direction)].sort_values("school_id")
        return own.groupby(["exam", "subject"])["school_id"].agg(tuple)

    frame = pd.DataFrame({"tested": rows.groupby(["exam", "subject"]).size()})
    for name, direction in (("fallen", FALL), ("risen", RISE)):
        frame[name] = [one if isinstance(one, tuple) else () for one in named(direction).reindex(frame.index)]
    return frame.reset_index()


def changes_by_subject(office: Office) -> pd.DataFrame:
    """Every school, exam and subject: falls, rises, what is within chance, what cannot be compared."""
    return falls_first(subject_changes(office).schools)


def published_changes(office: Office) -> pd.DataFrame:
    """What documents publish as a fall or a rise without numbers, each beside what the delivered results tell of the same.

    Of exams and of the journal the latest year with such rows counts. A result of an exam is tested where the document
    compares the year of the run with the year before that was tested; the journal's is held against its share of «4» and «5» of
    both years.

    Returns
    -------
    level, school_id, exam, stage, subject, grade, year, since, direction, place, ``calculated`` (direction of the calculation,
    ``not_compared`` where there is none) and ``answer``: ``agrees``, ``contradicts``, ``within_chance``, ``untested``.
    """
    rows, reading = office.tables["published_changes"], office.profile.results
    rows = rows[rows["year"].le(office.year) & rows["year"].gt(office.year - reading.years)]
    rows = rows.astype({"year": int}).reset_index(drop=True)
    latest = rows.groupby(rows["exam"].notna())["year"].transform("max")
    rows = rows[rows["year"].eq(latest)].reset_index(drop=True)
    rows["since"] = rows["since"].fillna(rows["year"] - 1).astype(int) if len(rows) else rows["since"]
    tested, values = _tested_years(office), _journal(office)
    calculated = [
        _exam_direction(row, office.year, tested) if isinstance(row.exam, str) else _journal_direction(row, values)
        for row in rows.itertuples()
    ]
    frame = rows.assign(calculated=pd.Series(calculated, index=rows.index, dtype=object))
    frame["answer"] = np.select(
        [
            frame["calculated"].eq(NOT_COMPARED),
            frame["calculated"].eq(NONE),
            frame["calculated"].eq(frame["direction"].astype(object)),
        ],
        [UNTESTED, WITHIN_CHANCE, AGREES],
        default=CONTRADICTS,
    )
    return frame.sort_values(["exam", "stage", "subject", "direction", "school_id"], kind="stable", ignore_index=True)


def published_together(rows: pd.DataFrame) -> pd.DataFrame:
    """:func:`published_changes` with the schools of one subject, direction and place in one row.

    Returns
    -------
    exam, stage, subject, year, direction, place, ``named`` (tuple of school ids, empty for a level above) and a tuple of them
    for each answer.
    """
    key = ["exam", "stage", "subject", "year", "since", "direction", "place", "level"]
    found = []
    for words, own in rows.groupby(key, dropna=False, sort=False):
        of_answer = {
            answer: tuple(own.loc[own["answer"].eq(answer), "school_id"].fillna(""))
            for answer in (AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED)
        }
        found.append(dict(zip(key, words, strict=True)) | {"named": tuple(own["school_id"].dropna())} | of_answer)
    return pd.DataFrame(found, columns=[*key, "named", AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED])


def subject_change_facts(office: Office, published: pd.DataFrame) -> dict[str, int]:
    """Counts of results of schools by subject that were tested and moved, and of what documents publish."""
    tested = subject_changes(office).tested["direction"]
    answers, directions = published["answer"], published["direction"]
    return {
        "subjects_tested": len(tested),
        "subjects_falls": int(tested.eq(FALL).sum()),
        "subjects_rises": int(tested.eq(RISE).sum()),
        "subjects_moved": int(tested.isin([FALL, RISE]).sum()),
        "published_falls": int(directions.eq(FALL).sum()),
        "published_rises": int(directions.eq(RISE).sum()),
        **{
            f"published_{answer}": int(answers.eq(answer).sum())
            for answer in (AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED)
        },
    }


def what_changed(exam: object, stage: object, subject: str) -> str:
    """An exam or a stage of the journal with its subject in words.

    >>> what_changed("OGE", None, "maths"), what_changed(None, "basic", "all")
    ('ОГЭ, математика', 'журнал (основное общее), все предметы')
    """
    of = label_of("exam", exam) if isinstance(exam, str) else f"журнал ({label_of('stage', str(stage))})"
    return f"{of}, {label_of('subject', subject)}"


def _tested_years(office: Office) -> dict[tuple[str, str, str], tuple[str, set[int]]]:
    """Direction of every school, exam and subject, and the years that were compared."""
    rows = subject_changes(office).schools
    years = [{int(year) for year in told.split(", ")} for told in rows["years"]]
    keys: Iterable = zip(rows["school_id"], rows["exam"], rows["subject"], strict=True)
    return dict(zip(keys, zip(rows["direction"], years, strict=True), strict=True))


def _exam_direction(row, year: int, tested: dict[tuple[str, str, str], tuple[str, set[int]]]) -> str:
    """What the test says of a published row: nothing of other years, of one grade among several, or of a level above the school."""
    direction, years = tested.get((row.school_id, row.exam, row.subject), (NOT_COMPARED, set()))
    one_grade = pd.isna(row.grade) or row.exam != "VPR"
    return direction if one_grade and years == {row.since, row.year} and row.year == year else NOT_COMPARED


def _journal(office: Office) -> dict[tuple[str, str, int, str], float]:
    rows = office.indicators
    rows = rows[rows["indicator"].str.startswith(f"{JOURNAL}[") & rows["group"].eq("") & rows["value"].notna()]
    keys = zip(rows["level"], rows["school_id"].fillna(""), rows["year"].astype(int), rows["indicator"], strict=True)
    return dict(zip(keys, rows["value"], strict=True))


def _journal_direction(row, values: dict[tuple[str, str, int, str], float]) -> str:
    """The sign of the change of the share of «4» and «5» between the two years of a published row."""
    school = "" if pd.isna(row.school_id) else row.school_id
    name = f"{JOURNAL}[{row.stage}/{row.subject}]"
    now, before = (values.get((row.level, school, year, name)) for year in (row.year, row.since))
    if now is None or before is None:
        return NOT_COMPARED
    return NONE if now == before else RISE if now > before else FALL
