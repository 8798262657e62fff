"""Offices whose lists are known: every share and result of a school has a truth, and chance on top of it.

Schools, pupils and procedures are those of :func:`tools.simulation.simulate_office`; the figures that a method judges are drawn
anew, counts by their true shares, means by the components of a region. A list of the truth is what the same rules would say
of the true shares and of what is the school's own in its results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd

from shnor_lib.analyses.standing import INDICATOR as RESULTS
from shnor_lib.analyses.standing import result_cells
from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources.rows import empty_rows
from shnor_lib.office.judging import Judged, judge_offices
from shnor_lib.params.methods import Method
from shnor_lib.statistics.components import Components
from shnor_lib.statistics.uncertainty.evidence import Evidence
from shnor_lib.whatif.robustness import Bench
from tools.simulation.drawing import shifted_share, stream
from tools.simulation.frames import stack_years
from tools.simulation.office import simulate_office
from tools.simulation.schools import draw_schools

YEAR = 2021
TRUTH = pd.DataFrame({"chance": [0.0]})
"""A design of one draw: the only realisation of a bench that holds the truth."""

SHARES = {
    "low_income_families_rate": ("social_context", "low_income", "families", 0.22, -0.55, 0.3),
    "parents_without_higher_education_rate": ("social_context", "parents_without_higher_education", "families", 0.56, -0.8, 0.3),
    "deviant_pupils_rate": ("social_context", "deviant_pupils", "pupils", 0.012, -0.55, 0.4),
    "unmotivated_pupils_rate": ("social_context", "unmotivated_pupils", "pupils", 0.09, -0.45, 0.4),
    "weak_russian_pupils_rate": ("social_context", "weak_russian_pupils", "pupils", 0.015, -0.3, 0.8),
    "teachers_raised_category_rate": ("staff", "category_raised_3y", "pedagogues", 0.30, 0.2, 0.5),
    "teachers_load_1_5_plus_rate": ("staff", "load_1_5_plus", "pedagogues", 0.22, -0.2, 0.5),
    "teachers_contest_rate": ("staff", "contest_participants_3y", "pedagogues", 0.07, 0.3, 0.55),
    "teachers_off_profile_rate": ("staff", "off_profile", "pedagogues", 0.05, -0.3, 0.6),
    "textbooks_under_3y_rate": ("resources", "textbooks_under_3y", "textbooks", 0.35, 0.1, 0.5),
    "continued_to_grade10_rate": ("progression", "continued_to_grade10", "grade9_graduates", 0.62, 0.3, 0.4),
}  # fmt: skip
"""Indicator: table, part, whole, usual share, its move by a standard deviation of context and spread of its own (logits)."""

QUALITY, FAILED = ("learning_marks", 0.48, 0.45, 0.25), 0.01
"""Share of pupils with «4» and «5» as above, share with «2»."""
CRITERIA = (
    "lowest_results", "low_continuation", "quality_gap", "lowest_social_wellbeing", "lowest_staff_potential", "lowest_resource_potential",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """An office as it would deliver its figures, with the truth behind them.

    Attributes
    ----------
    bench : the office ready to be judged in draws.
    listed, met : by category and by criterion, a number a school in the order of the bench: 1 when the true shares put it on the
        list or meet the criterion, else 0; missing when it cannot be judged.
    """

    bench: Bench
    listed: dict[str, np.ndarray]
    met: dict[str, np.ndarray]


def known_offices(
    method: Method, seed: int, offices: int, schools: int, components: Components, together: float = 1.0
) -> Iterator[Known]:
    """Offices of so many schools, judged by ``CRITERIA`` of a method; its family is that of the method.

    ``together``: how far the shares of one school go with its context, 1 as :data:`SHARES` says, 0 not at all; they differ
    between schools alike in any case.
    """
    method = method.model_copy(update={"criteria": {name: method.criteria[name] for name in CRITERIA}})
    cast = draw_schools(seed, offices * schools)
    tables = {name: frame for name, frame in stack_years(simulate_office(seed, cast)).items() if len(frame)}
    tables = {
        name: tables[name]
        for name in ("schools", "exam_results", "learning_marks", *{one[0] for one in SHARES.values()})
    }
    tables = {name: frame[frame["level"].eq("school")].reset_index(drop=True) for name, frame in tables.items()}
    place = {school: number for number, school in enumerate(cast["school_id"])}
    context, truth = cast["context"].to_numpy(float), {}
    for indicator, (name, part, whole, *how) in SHARES.items():
        truth[indicator] = _share(seed, indicator, together, context, *how)
        _draw_counts(tables[name], seed, part, whole, truth[indicator][tables[name]["school_id"].map(place)])
    truth["learning_quality_rate"] = _share(seed, "quality", together, context, *QUALITY[1:])
    marks = tables["learning_marks"]
    _draw_marks(marks, seed, truth["learning_quality_rate"][marks["school_id"].map(place)])
    own = _draw_means(tables["exam_results"], seed, place, components)
    towns = [f"office-{number // schools:04d}" for number in range(len(cast))]
    of_school = dict(zip(cast["school_id"], towns, strict=True))
    tables = {name: frame.assign(municipality=frame["school_id"].map(of_school)) for name, frame in tables.items()}
    judged = judge_offices(method, tables, YEAR)
    for town in dict.fromkeys(towns):
        yield _known(_office(method, judged.of_office(town), tables, town), truth, own, place)


def _office(method: Method, judged: Judged, tables: dict[str, pd.DataFrame], town: str) -> SimpleNamespace:
    """What a bench asks of an office."""
    tables = {name: frame[frame["municipality"].eq(town)].reset_index(drop=True) for name, frame in tables.items()}
    return SimpleNamespace(
        method=method,
        year=YEAR,
        schools=tables["schools"][tables["schools"]["year"].eq(YEAR)],
        tables=tables | {"low_procedures": empty_rows(table("low_procedures"))},
        sources=pd.DataFrame(columns=["municipality", "tables", "complete"]),
        store=judged.store.with_rows(judged.index_rows),
        verdicts=judged.verdicts,
        identification=judged.identification,
        profile=SimpleNamespace(region_profile=None),
    )


def _share(
    seed: int, name: str, together: float, context: np.ndarray, base: float, slope: float, spread: float
) -> np.ndarray:
    own = stream(seed, "membership", name).standard_normal(len(context))
    apart = np.hypot(spread, slope * np.sqrt(1 - together**2))
    return shifted_share(base, slope * together * context + apart * own)


def _draw_counts(frame: pd.DataFrame, seed: int, part: str, whole: str, share: np.ndarray) -> None:
    people = frame[whole].fillna(0).to_numpy(int)
    frame[part] = pd.array(stream(seed, "membership", part, "counts").binomial(people, share), dtype=frame[part].dtype)


def _draw_marks(marks: pd.DataFrame, seed: int, quality: np.ndarray) -> None:
    people = marks["pupils"].fillna(0).to_numpy(int)
    well = stream(seed, "membership", "marks").binomial(people, quality)
    rest = people - well
    failed = np.minimum(np.round(FAILED * people).astype(int), rest)
    counts = {
        "mark_5": well // 3,
        "mark_4": well - well // 3,
        "mark_3": rest - failed,
        "mark_2": failed,
        "not_attested": 0 * people,
    }
    for name, count in counts.items():
        marks[name] = pd.array(count, dtype=marks[name].dtype)


def _draw_means(exams: pd.DataFrame, seed: int, place: dict[str, int], components: Components) -> pd.DataFrame:
    """Draw the mean scores; what is the schools' own, a row a school, a column a subject."""

    def effects(name: str, columns: np.ndarray, sd: float) -> pd.DataFrame:
        drawn = stream(seed, "membership", name).normal(0, sd, (len(place), len(columns)))
        return pd.DataFrame(drawn, index=list(place), columns=columns)

    random, subjects = stream(seed, "membership", "means"), exams["subject"].astype(object).to_numpy()
    born = (exams["year"] - exams["grade"]).to_numpy(int)
    whole = effects("school", np.array(["all"]), components.school)
    own = effects("subject", np.unique(subjects), components.subject).add(whole["all"], axis=0)
    cohorts = effects("cohort", np.unique(born), components.cohort)
    row = exams["school_id"].map(place).to_numpy(int)
    people = np.maximum(exams["participants"].fillna(1).to_numpy(float), 1)
    values = (
        50.0
        + own.to_numpy()[row, own.columns.get_indexer(subjects)]
        + cohorts.to_numpy()[row, cohorts.columns.get_indexer(born)]
        + random.normal(0, components.pupil, len(exams)) / np.sqrt(people)
    )
    top = exams["max_score"].fillna(100).to_numpy(float)
    exams["mean_score"] = pd.array(np.clip(values, 0, 100) * top / 100, dtype=exams["mean_score"].dtype)
    return own


def _known(office: SimpleNamespace, truth: dict[str, np.ndarray], own: pd.DataFrame, place: dict[str, int]) -> Known:
    """The bench of an office, and one beside it in which the truth stands in place of chance."""
    bench = Bench(office)
    true = Bench(office, bench.evidence, bench.told)
    rows = [place[school] for school in bench.schools]
    for criterion in office.method.criteria.values():
        key = (criterion.indicator, criterion.parts, criterion.window, criterion.pooling, YEAR)
        if criterion.indicator == RESULTS:
            cells = result_cells(
                bench.evidence.store, bench.evidence.places, criterion.parts, YEAR - criterion.window + 1, YEAR
            )
            people = np.where(cells.compared, cells.people, 0)
            of_cells = own.reindex(columns=cells.subject).to_numpy()[rows]
            true._noise[key] = ((people * of_cells).sum(axis=1) / people.sum(axis=1))[None]
        elif criterion.indicator in truth:
            true._noise[key] = truth[criterion.indicator][rows][None]
    for name, index in office.method.indices.items():
        values = bench._index_evidence[name].values.copy()
        for component, one in index.components.items():
            if one.indicator in truth:
                values[component] = truth[one.indicator][rows]
        true._index_evidence[name] = Evidence(values, *(pd.DataFrame(index=values.index) for _ in range(2)))
    judged = true.judge(TRUTH)
    return Known(
        bench, *({name: flags.to_numpy()[0] for name, flags in of.items()} for of in (judged.answers, judged.verdicts))
    )
