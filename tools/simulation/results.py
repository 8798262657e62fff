"""Results of made-up schools: exams, marks against the journal, marks of the year.

Each pupil has a primary score. Scores of a school are normal around its mean, rounded to whole points and lifted over
the mark boundaries as teachers do (half of those one point short, less of those two and three short). Marks, mean,
standard deviation and counts above a score all come from the same drawn scores, so they agree exactly.

A school's mean, per cent of the greatest score::

    level + 6 · standing + 2.5 · subject + 2.5 · cohort + 3.5 · noise + 12 · bias (ВПР, grades 4–6)

which makes schools differ by 7–9 points and correlate by about 0.5 between procedures and 0.6 within a subject, as in
one real region (ВПР 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from tools.simulation.drawing import apportion, stream
from tools.simulation.frames import Block
from tools.simulation.procedures import RANDOM_SUBJECTS, Procedure, procedures_of
from tools.simulation.schools import Enrolment, standing

POINTS_PER_STANDING = 6.0
SUBJECT_POINTS = 2.5
COHORT_POINTS = 2.5
NOISE_POINTS = 3.5
BIAS_POINTS = 12.0
SCHOOLS_DIFFER = 8.4  # all of the above together; widens the spread of pupils in a region
_LIFTED = {1: 0.5, 2: 0.3, 3: 0.15}
_REGION = {"VPR": 24_000, "RKR": 24_000, "OGE": 22_000, "EGE": 9_500, "GVE": 900}
_COUNTRY_IN_REGIONS = 60
_WAVE_TREND = {"entry": -0.5, "interim": 0.0, "final": 0.5, "": 0.0}


def score_probabilities(
    means: np.ndarray,
    spreads: np.ndarray,
    top: int,
    scale: tuple[int, ...] | None = None,
    lift: np.ndarray | float = 1.0,
) -> np.ndarray:
    """Probability of every primary score 0…top, one row per school.

    Parameters
    ----------
    means, spreads : points, one per school.
    scale : least scores of marks 3, 4, 5; near them scores are lifted. ``None``: no lifting.
    lift : how strongly, 1 as usual, 0 not at all, at most 2.

    Examples
    --------
    >>> score_probabilities(np.array([1.0]), np.array([1.0]), 2).round(3).tolist()
    [[0.309, 0.383, 0.309]]
    """
    edges = np.arange(top) + 0.5
    below = ndtr((edges - np.reshape(means, (-1, 1))) / np.reshape(spreads, (-1, 1)))
    chances = np.diff(below, axis=1, prepend=0.0, append=1.0)
    for boundary in scale or ():
        for distance, share in _LIFTED.items():
            moved = chances[:, boundary - distance] * share * lift
            chances[:, boundary - distance] -= moved
            chances[:, boundary] += moved
    return chances


def exam_blocks(
    cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment, keep: Callable[[Procedure], bool], rollups: bool
) -> list[Block]:
    """Rows of ``exam_results``, one block per procedure.

    Parameters
    ----------
    keep : which procedures of the year to simulate.
    rollups : also a municipality row (the exact sum of its schools) and rows of a made-up region and country.
    """
    takers = _exam_takers(cast, seed, year, enrolment)
    blocks = []
    for procedure in filter(keep, procedures_of(year)):
        participants = takers(procedure)
        means, spreads = _school_scores(cast, seed, year, procedure)
        lift = np.minimum(1 + 0.8 * _marking_bias(cast, procedure), 2.0)
        chances = score_probabilities(means, spreads, procedure.top, procedure.scale, lift)
        random = stream(seed, "exam_results", year, procedure.name)
        scores = random.multinomial(participants, chances)
        took = participants > 0
        blocks.append({"school_id": cast["school_id"].to_numpy()[took]} | _columns(scores[took], procedure))
        if rollups and took.any():
            blocks.append({"level": "municipality"} | _columns(scores.sum(axis=0, keepdims=True), procedure))
            blocks.append({"level": "region"} | _columns(_expected(procedure, _REGION[procedure.exam], 0.5), procedure))
            if procedure.exam != "RKR":
                of_country = _REGION[procedure.exam] * _COUNTRY_IN_REGIONS
                blocks.append({"level": "country"} | _columns(_expected(procedure, of_country, 1.5), procedure))
    return blocks


def _school_scores(cast: pd.DataFrame, seed: int, year: int, procedure: Procedure) -> tuple[np.ndarray, np.ndarray]:
    def normal(*name: object) -> np.ndarray:
        return stream(seed, *name).standard_normal(len(cast))

    bias = _marking_bias(cast, procedure)
    per_cent = (
        procedure.level
        + POINTS_PER_STANDING * (standing(cast, year) + cast["trend"].to_numpy(float) * _WAVE_TREND[procedure.wave])
        + SUBJECT_POINTS * normal("subject", procedure.subject)
        + COHORT_POINTS * normal("cohort", year - procedure.grade)
        + NOISE_POINTS * normal("class", year, procedure.name)
        + BIAS_POINTS * bias
    )
    spread = np.full(len(cast), procedure.spread) * (1 - 0.25 * np.minimum(bias, 1.2))
    return per_cent * procedure.top / 100, spread * procedure.top / 100


def _marking_bias(cast: pd.DataFrame, procedure: Procedure) -> np.ndarray:
    checked_at_school = procedure.exam == "VPR" and procedure.grade <= 6
    return cast["bias"].to_numpy(float) * checked_at_school


def _exam_takers(cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment) -> Callable[[Procedure], np.ndarray]:
    """Participants of each procedure; those of ГВЭ never sit ОГЭ or ЕГЭ."""
    random = stream(seed, "takers", year)
    grades = enrolment.grades[year]
    grade9, grade11 = grades[:, 8], grades[:, 10]
    gve9 = random.binomial(grade9, 0.04)
    not_admitted = random.binomial(grade9, np.clip(0.01 * np.exp(-0.6 * standing(cast, year)), 0, 0.2))
    oge = np.maximum(grade9 - gve9 - not_admitted, 0)
    ege = random.binomial(grade11, {2019: 1.0, 2020: 0.78, 2021: 0.84}[year])
    profile = random.binomial(ege, 0.58)
    gve11 = grade11 - ege
    by_lot = stream(seed, "lot", year).random((len(cast), len(RANDOM_SUBJECTS), 2)).argsort(axis=1).argsort(axis=1)
    trial = stream(seed, "trial").random(len(cast)) < 0.7

    def takers(procedure: Procedure) -> np.ndarray:
        own = stream(seed, "takers", year, procedure.name)
        match procedure.exam, procedure.subject, procedure.grade:
            case "OGE", "russian" | "maths", _:
                return oge
            case "EGE", "russian", _:
                return ege
            case "EGE", "maths", _:
                return profile
            case "EGE", "maths_base", _:
                return ege - profile
            case "GVE", _, grade:
                return gve9 if grade == 9 else gve11
            case "OGE" | "EGE" as exam, _, _:
                return own.binomial(oge if exam == "OGE" else ege, procedure.takers)
            case exam, subject, grade:
                present = own.binomial(grades[:, grade - 1], procedure.takers)
                drawn_by_lot = (
                    exam == "VPR" and subject in RANDOM_SUBJECTS and (grade == 8 or (grade == 6 and year == 2021))
                )
                if drawn_by_lot:
                    present = np.where(by_lot[:, RANDOM_SUBJECTS.index(subject), grade // 8] < 2, present, 0)
                return np.where(trial, present, 0) if (exam, grade, year) == ("VPR", 7, 2019) else present

    return takers


def _expected(procedure: Procedure, cohort: int, above: float) -> np.ndarray:
    """Scores of a region or country, without noise; its mean is ``above`` points above a school of middle standing."""
    spread = np.hypot(procedure.spread, SCHOOLS_DIFFER) * procedure.top / 100
    mean = (procedure.level + above) * procedure.top / 100
    chances = score_probabilities(np.array([mean]), np.array([spread]), procedure.top, procedure.scale)
    return apportion(np.array([round(cohort * procedure.takers)]), chances, 0.5)


def _columns(scores: np.ndarray, procedure: Procedure) -> Block:
    """Counts, mean and standard deviation from the number of participants at each score."""
    points = np.arange(procedure.top + 1)
    participants = scores.sum(axis=1)
    mean = scores @ points / participants
    squares = scores @ points.astype(float) ** 2 - participants * mean**2
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = np.where(participants > 1, np.sqrt(np.maximum(squares, 0) / (participants - 1)), np.nan)
    columns: dict[str, object] = {
        "wave": procedure.wave,
        "exam": procedure.exam,
        "subject": procedure.subject,
        "grade": procedure.grade,
        "participants": participants,
    }
    if procedure.exam != "GVE":  # protocols of ГВЭ give marks only
        columns |= {"mean_score": mean.round(2), "score_sd": deviation.round(2), "max_score": procedure.top}
    if procedure.scale:
        bounds = [0, *procedure.scale, procedure.top + 1]
        marks = [scores[:, low:high].sum(axis=1) for low, high in pairwise(bounds)]
        columns |= {f"mark_{mark}": counts for mark, counts in zip((2, 3, 4, 5), marks, strict=True)}
        return columns | {"below_minimum": marks[0]}
    columns["below_minimum"] = scores[:, : procedure.minimum].sum(axis=1)
    columns |= {f"score_{score}_plus": scores[:, score:].sum(axis=1) for score in (60, 70, 80, 90)}
    return columns | {"score_100": scores[:, 100]}


# chances that a pupil's journal mark is above / below the mark for the work, by that mark
_LOWERED = {4: {2: 0.97, 3: 0.30, 4: 0.10, 5: 0.0}, 5: {2: 0.97, 3: 0.45, 4: 0.20, 5: 0.0}}
_RAISED = {4: {2: 0.0, 3: 0.02, 4: 0.12, 5: 0.35}, 5: {2: 0.0, 3: 0.01, 4: 0.05, 5: 0.20}}


def comparison_blocks(exam_results: pd.DataFrame, cast: pd.DataFrame, seed: int, year: int) -> list[Block]:
    """Rows of ``mark_comparison`` for ВПР in russian, maths and the world around, from the marks of ``exam_results``.

    Where ВПР are marked towards the journal, hardly any mark is lowered and the correlation with the journal is weak.
    """
    random = stream(seed, "mark_comparison", year)
    subjects = exam_results["subject"].isin(["russian", "maths", "world_around"])
    rows = exam_results[(exam_results["exam"] == "VPR") & subjects & (exam_results["level"] != "municipality")]
    bias = rows["school_id"].map(cast.set_index("school_id")["bias"]).fillna(0.0).to_numpy(float)
    bias = np.where(rows["grade"] <= 6, bias, 0.0)
    early = (rows["grade"] == 4).to_numpy()
    lowered, raised = np.zeros(len(rows), dtype=int), np.zeros(len(rows), dtype=int)
    for mark in (2, 3, 4, 5):
        counts = rows[f"mark_{mark}"].to_numpy(int)
        down = np.where(early, _LOWERED[4][mark], _LOWERED[5][mark]) * (1 - np.minimum(0.8 * bias, 0.9))
        up = np.where(early, _RAISED[4][mark], _RAISED[5][mark])
        lowered_here = random.binomial(counts, down)
        lowered += lowered_here
        raised += random.binomial(counts - lowered_here, np.minimum(up / (1 - down), 1.0))
    participants = rows["participants"].to_numpy(int)
    noise = 0.07 + 0.4 / np.sqrt(participants)
    spearman = np.clip(0.66 - 0.55 * bias + noise * random.standard_normal(len(rows)), -1, 1).round(2)
    same = ["level", "group", "school_id", "wave", "exam", "subject", "grade"]
    block = {name: rows[name].to_numpy(dtype=object, na_value=None) for name in same} | {
        "lowered": lowered,
        "confirmed": participants - lowered - raised,
        "raised": raised,
        "spearman": np.where((participants >= 5) & (rows["level"] == "school").to_numpy(), spearman, np.nan),
    }
    return [block] if len(rows) else []


# stage → subject → shares of marks 2, 3, 4, 5 in a school of middle standing; «all» counts pupils by their lowest mark
_JOURNAL = {
    "primary": {
        "all": (0.005, 0.36, 0.51, 0.125),
        "russian": (0.004, 0.28, 0.51, 0.206),
        "maths": (0.004, 0.26, 0.51, 0.226),
    },
    "basic": {
        "all": (0.020, 0.555, 0.35, 0.075),
        "russian": (0.008, 0.42, 0.44, 0.132),
        "maths": (0.011, 0.45, 0.41, 0.129),
    },
    "secondary": {
        "all": (0.008, 0.46, 0.42, 0.112),
        "russian": (0.004, 0.33, 0.50, 0.166),
        "maths": (0.007, 0.42, 0.43, 0.143),
    },
}
_STAGE_GRADES = {"primary": slice(1, 4), "basic": slice(4, 9), "secondary": slice(9, 11)}  # grade 1 has no marks
_REGION_PUPILS = {"primary": 75_000, "basic": 115_000, "secondary": 24_000}
_MARKS_PER_STANDING = 0.27
_FAILING_STEEPER = 1.7  # marks «2» gather in weak schools more than marks «3» do
_WAVE_MARKS = {"": 0.0, "entry": -0.16, "interim": -0.07, "final": 0.0}


def journal_blocks(
    cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment, *, waves: bool, rollups: bool
) -> list[Block]:
    """Rows of ``learning_marks``: stages × all subjects, russian, maths; with waves in 2020 and 2021.

    The number with a mark «2» in all subjects together is at least that of any one subject, the number without any
    «3» at most.
    """
    blocks: list[Block] = []
    position = standing(cast, year)
    for stage, subjects in _JOURNAL.items():
        pupils = enrolment.grades[year][:, _STAGE_GRADES[stage]].sum(axis=1)
        present = pupils > 0
        ill = stream(seed, "not_attested", year, stage).binomial(pupils, 0.002)
        for wave, step in _WAVE_MARKS.items() if waves and year > 2019 else [("", 0.0)]:
            least = np.zeros((len(cast), 3), dtype=int)
            for subject in ("russian", "maths", "all"):
                noise = stream(seed, "learning_marks", year, stage, subject, wave).standard_normal(len(cast))
                shift = (
                    _MARKS_PER_STANDING * (position + cast["trend"].to_numpy(float) * _WAVE_TREND[wave])
                    + step
                    + 0.06 * noise
                )
                offset = stream(seed, "learning_marks", stage, subject).random(len(cast))
                counts = apportion(pupils - ill, _mark_shares(subjects[subject], shift), offset)
                counts = np.diff(
                    np.maximum(np.cumsum(counts, axis=1)[:, :3], least if subject == "all" else 0),
                    axis=1,
                    prepend=0,
                    append=(pupils - ill)[:, None],
                )
                least = np.maximum(least, np.cumsum(counts, axis=1)[:, :3])
                row = {"stage": stage, "subject": subject, "wave": wave}
                marks = {f"mark_{mark}": counts[present, mark - 2] for mark in (2, 3, 4, 5)}
                blocks.append(
                    {
                        "school_id": cast["school_id"].to_numpy()[present],
                        "pupils": pupils[present],
                        "not_attested": ill[present],
                    }
                    | marks
                    | row
                )
                if rollups and wave == "":
                    blocks += [
                        _journal_rollup(level, stage, subjects[subject], factor, above) | row
                        for level, factor, above in _ABOVE
                    ]
    return blocks


_ABOVE = (("region", 1, 0.05), ("country", _COUNTRY_IN_REGIONS, 0.10))


def _mark_shares(shares: tuple[float, ...], shift: np.ndarray) -> np.ndarray:
    """Shares of the four marks when the pupils of a school move up by ``shift`` standard deviations."""
    bounds = ndtri(np.cumsum(shares)[:-1] / sum(shares))
    below = ndtr(bounds[None, :] - np.reshape(shift, (-1, 1)) * [_FAILING_STEEPER, 1.0, 1.0])
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


def _journal_rollup(level: str, stage: str, shares: tuple[float, ...], factor: int, above: float) -> dict[str, object]:
    pupils = _REGION_PUPILS[stage] * factor
    ill = round(pupils * 0.002)
    counts = apportion(np.array([pupils - ill]), _mark_shares(shares, np.array([above])), 0.5)[0]
    return {"level": level, "pupils": pupils, "not_attested": ill} | {
        f"mark_{mark}": counts[mark - 2] for mark in (2, 3, 4, 5)
    }


def progression_block(
    cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment, exam_results: pd.DataFrame
) -> Block:
    """Rows of ``progression``: leavers of grades 9 and 11 as they sat the exams.

    Without a certificate stay some of those below the minimum in a compulsory exam; in 2020 nobody failed one. Every
    leaver of grade 9 without a certificate is one who did not go on to grade 10.
    """
    random = stream(seed, "progression", year)
    grades, continued = enrolment.grades[year], enrolment.continued[year]
    grade9, grade11 = grades[:, 8], grades[:, 10]

    def failed(*procedures: tuple[str, str, int]) -> np.ndarray:
        wanted = pd.MultiIndex.from_tuples(procedures)
        keys = pd.MultiIndex.from_frame(exam_results[["exam", "subject", "grade"]].astype({"grade": int}))
        of_schools = exam_results[keys.isin(wanted) & (exam_results["level"] == "school").to_numpy()]
        worst = of_schools.groupby("school_id")["below_minimum"].max()
        return worst.reindex(cast["school_id"]).fillna(0).to_numpy(int)

    without9 = np.minimum(random.binomial(failed(("OGE", "maths", 9), ("OGE", "russian", 9)), 0.25), grade9 - continued)
    without11 = random.binomial(failed(("EGE", "maths_base", 11), ("GVE", "maths", 11)), 0.3)
    position = standing(cast, year)
    honours = random.binomial(grade11 - without11, np.clip(0.08 * np.exp(0.5 * position), 0, 0.4))
    leaving = (cast["kind"] != "НОШ").to_numpy()
    oldest = cast["kind"].isin(["СОШ", "гимназия", "лицей"]).to_numpy()[leaving]
    finishing = {"grade11_graduates": grade11, "without_certificate": without11, "honours": honours}
    return {
        "school_id": cast["school_id"].to_numpy()[leaving],
        "grade9_graduates": grade9[leaving],
        "continued_to_grade10": continued[leaving],
        "grade9_without_certificate": without9[leaving],
    } | {name: np.where(oldest, counts[leaving], np.nan) for name, counts in finishing.items()}


def olympiad_blocks(cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment) -> list[Block]:
    """Rows of ``olympiads``: participants, entries, winners and prize-winners of the three stages.

    On average 9 % of all pupils take part in the municipal stage, 2 % in the regional and 0.2 % in the national one
    (contests included); the better the standing, the more.
    """
    random = stream(seed, "olympiads", year)
    pupils = enrolment.grades[year].sum(axis=1)
    position = standing(cast, year)
    participants = pupils
    blocks: list[Block] = []
    for stage, share, slope in (("municipal", 0.09, 0.25), ("regional", 0.02, 0.8), ("national", 0.002, 0.8)):
        expected = np.clip(share * np.exp(slope * position), 0, 0.5)
        participants = np.minimum(random.binomial(pupils, expected), participants)
        entries = participants + random.binomial(participants, 0.45)
        winners = random.binomial(entries, 0.09)
        prizes = random.binomial(entries - winners, 0.18)
        counts = {"participants": participants, "entries": entries, "winners": winners, "prize_winners": prizes}
        blocks.append({"school_id": cast["school_id"].to_numpy(), "stage": stage} | counts)
    return blocks


OLYMPIAD_SUBJECTS = ("russian", "maths", "physics", "chemistry", "biology", "history", "literature", "english")


def olympiad_subject_blocks(olympiads: pd.DataFrame, seed: int, year: int) -> list[Block]:
    """Rows of ``olympiads`` by subject: the entries, winners and prize-winners of a stage dealt out to subjects."""
    random = stream(seed, "olympiads by subject", year)
    numbers = ["entries", "winners", "prize_winners"]
    blocks: list[Block] = []
    for row in olympiads[olympiads["stage"].isin(["municipal", "regional"])].itertuples():
        entries, winners, prizes = (int(getattr(row, name)) for name in numbers)
        dealt = random.multinomial(entries, np.full(len(OLYMPIAD_SUBJECTS), 1 / len(OLYMPIAD_SUBJECTS)))
        won = random.multivariate_hypergeometric(dealt, winners)
        counts = np.column_stack([dealt, dealt, won, random.multivariate_hypergeometric(dealt - won, prizes)])
        there = dealt > 0
        columns = dict(zip(["participants", *numbers], counts[there].T, strict=True))
        subjects = np.array(OLYMPIAD_SUBJECTS, dtype=object)[there]
        blocks.append({"school_id": row.school_id, "stage": row.stage, "subject": subjects} | columns)
    return blocks
