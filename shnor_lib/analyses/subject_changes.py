"""Falls and rises by subject: which schools moved more than chance, and beside them what documents say without numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from shnor_lib.analyses.change import FALL, MEAN, NONE, NOT_COMPARED, QUALITY, RISE, falls_first, subject_changes
from shnor_lib.analyses.naming import MOST_NAMED
from shnor_lib.indicators.catalogue import split_name
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office

AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED = "agrees", "contradicts", "within_chance", "untested"
JOURNAL = "learning_quality_rate"
PRINTED = (QUALITY, MEAN, "mean_score")
"""Measures of an exam whose published values tell of a rise or a fall, the first that both years have; of scores only the test
score of ЕГЭ, whose maximum does not change."""
NOTHING = (None, np.nan, np.nan)


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
    compares the year of the run with the year before that was tested; where nothing was, it is held against the values that are
    published for both years without participants, by their sign; the journal's against its share of «4» and «5» of both years.

    Returns
    -------
    level, school_id, exam, stage, subject, grade, year, since, direction, place, ``calculated`` (direction of the calculation,
    ``not_compared`` where there is none), ``answer``: ``agrees``, ``contradicts``, ``within_chance``, ``untested``; and the
    ``measure`` with its values ``before`` and ``now`` where published ones were compared.
    """
    rows, reading = office.tables["published_changes"], office.profile.results
    rows = rows[rows["year"].le(office.year) & rows["year"].gt(office.year - reading.years)]
    rows = rows.astype({"year": int}).reset_index(drop=True)
    latest = rows.groupby(rows["exam"].notna())["year"].transform("max")
    rows = rows[rows["year"].eq(latest)].reset_index(drop=True)
    rows["since"] = rows["since"].fillna(rows["year"] - 1).astype(int) if len(rows) else rows["since"]
    tested, journal, printed = _tested_years(office), _journal(office), _printed(office)
    calculated, compared = [], []
    for row in rows.itertuples():
        exam = isinstance(row.exam, str)
        found = _exam_direction(row, office.year, tested) if exam else _journal_direction(row, journal)
        measure, before, now = _printed_pair(row, printed) if exam and found == NOT_COMPARED else NOTHING
        calculated.append(_sign(before, now) if measure else found)
        compared.append((measure, before, now))
    numbers = pd.DataFrame(compared, columns=["measure", "before", "now"], index=rows.index)
    frame = rows.assign(calculated=pd.Series(calculated, index=rows.index, dtype=object)).join(numbers)
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
    exam, stage, subject, year, direction, place, ``named`` (tuple of school ids, empty for a level above), a tuple of them
    for each answer, and ``numbers``: the published values that were compared, as (school id, measure, before, now).
    """
    key = ["exam", "stage", "subject", "year", "since", "direction", "place", "level"]
    found = []
    for words, own in rows.groupby(key, dropna=False, sort=False):
        of_answer = {
            answer: tuple(own.loc[own["answer"].eq(answer), "school_id"].fillna(""))
            for answer in (AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED)
        }
        compared = own.loc[own["measure"].notna(), ["school_id", "measure", "before", "now"]]
        told = {
            "named": tuple(own["school_id"].dropna()),
            "numbers": tuple(compared.itertuples(index=False, name=None)),
        }
        found.append(dict(zip(key, words, strict=True)) | told | of_answer)
    return pd.DataFrame(found, columns=[*key, "named", "numbers", AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED])


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
        "published_by_numbers": int((published["measure"].notna() & answers.ne(UNTESTED)).sum()),
        **{
            f"published_{answer}": int(answers.eq(answer).sum())
            for answer in (AGREES, CONTRADICTS, WITHIN_CHANCE, UNTESTED)
        },
    }


def document_falls(office: Office, published: pd.DataFrame) -> dict[str, object]:
    """Which schools fall in which subjects by a document; nothing where anything of schools is calculated by subject.

    Schools with most falls go before the others; the year before and the year they are of stand in ``document_falls_years``.
    """
    own = published[published["level"].eq("school") & published["direction"].eq(FALL)]
    if own.empty or own["answer"].ne(UNTESTED).any() or len(subject_changes(office).tested):
        return {}
    subjects = pd.Series([_subject_of(row) for row in own.itertuples()], index=own.index)
    each = subjects.groupby(own["school_id"]).agg(lambda one: tuple(dict.fromkeys(one)))
    each = each.iloc[np.argsort(-each.map(len), kind="stable")]
    names = [office.school_names.get(school, school) for school in each.index]
    told = [f"{name} – {', '.join(one)}" for name, one in zip(names, each, strict=True)]
    counted = [f"{name} ({len(one)})" for name, one in zip(names, each, strict=True)]
    years = sorted(set(zip(own["since"], own["year"], strict=True)))
    return {
        "document_falls_schools": len(each),
        "document_falls_told": _up_to_eight(told, "; "),
        "document_falls_brief": _up_to_eight(counted, ", "),
        "document_falls_years": ", ".join(f"{since} → {year}" for since, year in years),
    }


def _up_to_eight(names: list[str], between: str) -> str:
    """As :func:`shnor_lib.analyses.naming.in_order` names schools, of words that are longer than names."""
    rest = len(names) - MOST_NAMED
    return between.join(names) if rest <= 1 else f"{between.join(names[:MOST_NAMED])} и ещё {rest}"


def _subject_of(row) -> str:
    """The subject of a published row in a list of subjects: an exam is named, a stage of the journal with all subjects only."""
    if isinstance(row.exam, str):
        return what_changed(row.exam, None, row.subject)
    subject = label_of("subject", row.subject)
    return f"{subject} ({label_of('stage', row.stage)})" if row.subject == "all" else subject


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


def _printed(office: Office) -> dict[tuple[str, str, int], dict[str, float]]:
    """Values of :data:`PRINTED` that are known without participants, of each level, school and year."""
    rows = office.indicators
    wanted = [name for name in rows["indicator"].unique() if split_name(name)[0] in PRINTED]
    rows = rows[
        rows["indicator"].isin(wanted) & rows["group"].eq("") & rows["value"].notna() & rows["denominator"].isna()
    ]
    found: dict[tuple[str, str, int], dict[str, float]] = {}
    for level, school, year, name, value in rows[["level", "school_id", "year", "indicator", "value"]].itertuples(
        index=False
    ):
        found.setdefault((level, "" if pd.isna(school) else school, int(year)), {})[name] = float(value)
    return found


def _printed_pair(row, printed: Mapping[tuple[str, str, int], Mapping[str, float]]) -> tuple[str | None, float, float]:
    """The measure that is published for both years of a row, and its values; nothing where no grade or several have it."""
    school = "" if pd.isna(row.school_id) else row.school_id
    before, now = (printed.get((row.level, school, year), {}) for year in (row.since, row.year))
    of = f"[{row.exam}/{row.subject}/{'' if pd.isna(row.grade) else f'{int(row.grade)}]'}"
    for measure in PRINTED if row.exam == "EGE" else PRINTED[:2]:
        shared = [name for name in now if name in before and name.startswith(measure + of)]
        if len(shared) == 1:
            return measure, before[shared[0]], now[shared[0]]
    return NOTHING


def _sign(before: float, now: float) -> str:
    """The direction of two published values; equal ones may differ by what the print rounds away."""
    return NOT_COMPARED if now == before else RISE if now > before else FALL


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
