"""Whole made-up offices and regions, assembled from the chapters of the generator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tools.simulation.conditions import (
    conditions_block,
    resources_block,
    satisfaction_block,
    social_context_block,
    staff_blocks,
    survey_blocks,
    with_load,
)
from tools.simulation.drawing import stream
from tools.simulation.frames import Office, frame_of, stack_frames
from tools.simulation.procedures import SIMULATED_YEARS, Procedure
from tools.simulation.programme import (
    biased_block,
    cause_block,
    cost_block,
    decision_block,
    deficit_blocks,
    event_block,
    low_procedure_block,
    manager_deficit_block,
    measure_block,
    partnership_block,
    published_blocks,
    published_change_blocks,
    received_block,
    risk_block,
)
from tools.simulation.reporting import (
    commitment_block,
    contracts,
    curator_block,
    profile_block,
    programme_block,
    report_block,
)
from tools.simulation.results import (
    comparison_blocks,
    exam_blocks,
    journal_blocks,
    olympiad_blocks,
    olympiad_subject_blocks,
    progression_block,
)
from tools.simulation.schools import Enrolment, draw_schools, enrol, registry

MEDIAN_SCHOOLS = 7
MOST_SCHOOLS = 100
"""Schools of a municipality: median and greatest number in one real region."""


def simulate_office(
    seed: int,
    schools: int | pd.DataFrame = 14,
    years: Sequence[int] = SIMULATED_YEARS,
    *,
    title: str = "Условный округ",
) -> Office:
    """Make up an office: every input table for every year, consistent with each other.

    Parameters
    ----------
    seed : the same seed gives the same tables.
    schools : number of schools to draw, or a cast (see :func:`tools.simulation.schools.draw_schools`).
    years : any of 2019, 2020, 2021; a year's tables do not depend on which others are asked for.
    title : name of the municipality in its own row of ``schools``.

    Returns
    -------
    Year → table → frame with the columns and types of the dictionary.

    Examples
    --------
    >>> office = simulate_office(seed=1, schools=3, years=[2021])
    >>> office[2021]["resources"]["school_id"].tolist()
    ['sim-001', 'sim-002', 'sim-003']
    """
    cast = draw_schools(seed, schools) if isinstance(schools, int) else schools
    _refuse_unknown(years)
    enrolment = enrol(cast, seed, list(SIMULATED_YEARS))
    return {year: _year_of_office(cast, seed, year, enrolment, title) for year in sorted(years)}


def _year_of_office(
    cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment, title: str
) -> dict[str, pd.DataFrame]:
    grades = enrolment.grades[year]
    schools = registry(cast, seed, grades)
    whole = {"level": "municipality", "name": title, "schools": len(cast)}
    counted = ["pupils", "classes", "second_shift_pupils", "special_needs_pupils", "transported_pupils"]
    tables = {
        "schools": frame_of("schools", year, [schools, whole | {name: np.sum(schools[name]) for name in counted}]),
        "exam_results": frame_of(
            "exam_results", year, exam_blocks(cast, seed, year, enrolment, keep=_every, rollups=True)
        ),
        "learning_marks": frame_of(
            "learning_marks", year, journal_blocks(cast, seed, year, enrolment, waves=True, rollups=True)
        ),
        "olympiads": _olympiads(cast, seed, year, enrolment),
        "satisfaction": frame_of("satisfaction", year, [satisfaction_block(cast, seed, year)]),
        "social_context": frame_of("social_context", year, [social_context_block(cast, seed, schools)]),
        "staff": with_load(frame_of("staff", year, staff_blocks(cast, seed, grades, rollups=True)), seed),
        "resources": frame_of("resources", year, [resources_block(cast, seed, year, grades)]),
        "measures": frame_of("measures", year, [measure_block(cast, year)]),
        "measure_reports": frame_of("measure_reports", year, [report_block(cast, seed, year)]),
        "commitments": frame_of("commitments", year, [commitment_block(year)]),
        "school_programmes": frame_of("school_programmes", year, [programme_block(cast, year)]),
        "curators": frame_of("curators", year, [curator_block(cast, year)]),
        "risk_profile": frame_of("risk_profile", year, [profile_block(cast, seed, year)]),
        "causes": frame_of("causes", year, [cause_block(cast, year)]),
        "risks": frame_of("risks", year, [risk_block()]),
        "exchange_events": frame_of("exchange_events", year, [event_block(cast, year)]),
        "partnerships": frame_of("partnerships", year, [partnership_block(cast, year, contracts(cast, year))]),
        "received_lists": frame_of("received_lists", year, [received_block(cast, seed, year)]),
        "biased_schools": frame_of("biased_schools", year, [biased_block(cast, seed, year)]),
        "expert_decisions": frame_of("expert_decisions", year, [decision_block(cast, year)]),
        "published_indicators": frame_of("published_indicators", year, published_blocks(seed, year)),
        "published_changes": frame_of("published_changes", year, published_change_blocks(cast, seed, year)),
    }
    exams, staff = tables["exam_results"], tables["staff"]
    derived = {
        "mark_comparison": comparison_blocks(exams, cast, seed, year),
        "progression": [progression_block(cast, seed, year, enrolment, exams)],
        "conditions": [conditions_block(cast, seed, year, schools)],
        "survey": survey_blocks(cast, seed, year, staff, tables["resources"]),
        "professional_deficits": [
            *deficit_blocks(cast, seed, year, staff),
            manager_deficit_block(cast, seed, year),
        ],
        "measure_costs": [cost_block(set(tables["measures"]["measure_id"]), year)],
        "low_procedures": [low_procedure_block(exams)],
    }
    return tables | {name: frame_of(name, year, blocks) for name, blocks in derived.items()}


def _olympiads(cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment) -> pd.DataFrame:
    blocks = olympiad_blocks(cast, seed, year, enrolment)
    by_subject = olympiad_subject_blocks(frame_of("olympiads", year, blocks), seed, year)
    return frame_of("olympiads", year, [*blocks, *by_subject])


def simulate_region(
    seed: int, offices: int = 2_300, schools_total: int = 40_000, years: Sequence[int] = SIMULATED_YEARS
) -> dict[str, pd.DataFrame]:
    """Make up many offices at once: the tables that identification needs, in the shape the readers give.

    Russian and maths of ВПР, ОГЭ and ЕГЭ without rows above the school; learning marks without waves; progression,
    olympiads, satisfaction, social context, staff, resources. Every frame has one more column, ``municipality``;
    school ids are unique.

    Parameters
    ----------
    offices, schools_total : numbers of municipalities and of schools in all of them together.

    Examples
    --------
    >>> region = simulate_region(seed=1, offices=3, schools_total=20, years=[2021])
    >>> region["schools"].groupby("municipality").size().tolist()
    [5, 5, 10]
    """
    _refuse_unknown(years)
    cast = draw_schools(seed, schools_total)
    sizes = municipality_sizes(seed, offices, schools_total)
    owners = np.repeat([f"sim{number:04d}" for number in range(1, offices + 1)], sizes)
    cast["school_id"] = [f"{owner}-{number:06d}" for number, owner in enumerate(owners, 1)]
    owner_of = pd.Series(owners, index=cast["school_id"], dtype="string")
    enrolment = enrol(cast, seed, list(SIMULATED_YEARS))
    years_of_region = [_year_of_region(cast, seed, year, enrolment) for year in sorted(years)]
    region = {}
    for name in list(years_of_region[0]):
        frame = stack_frames(name, [tables.pop(name) for tables in years_of_region])
        region[name] = frame.assign(municipality=owner_of.reindex(frame["school_id"]).array)
    return region


def _year_of_region(cast: pd.DataFrame, seed: int, year: int, enrolment: Enrolment) -> dict[str, pd.DataFrame]:
    grades = enrolment.grades[year]
    exams = frame_of(
        "exam_results", year, exam_blocks(cast, seed, year, enrolment, keep=_of_identification, rollups=False)
    )
    schools = registry(cast, seed, grades)
    blocks = {
        "schools": [schools],
        "learning_marks": journal_blocks(cast, seed, year, enrolment, waves=False, rollups=False),
        "progression": [progression_block(cast, seed, year, enrolment, exams)],
        "olympiads": olympiad_blocks(cast, seed, year, enrolment),
        "satisfaction": [satisfaction_block(cast, seed, year)],
        "social_context": [social_context_block(cast, seed, schools)],
        "staff": staff_blocks(cast, seed, grades, rollups=False),
        "resources": [resources_block(cast, seed, year, grades)],
    }
    return {"exam_results": exams} | {name: frame_of(name, year, rows) for name, rows in blocks.items()}


def municipality_sizes(seed: int, offices: int, schools_total: int) -> np.ndarray:
    """Schools of each municipality: 1 to 100, median 7 where the total allows, adding up to the total.

    Raises
    ------
    ValueError
        When the total cannot be reached with 1 to 100 schools in each.

    Examples
    --------
    >>> sizes = municipality_sizes(seed=1, offices=2300, schools_total=40_000)
    >>> int(sizes.sum()), int(np.median(sizes)), int(sizes.min()), int(sizes.max())
    (40000, 7, 1, 100)
    """
    if not offices <= schools_total <= MOST_SCHOOLS * offices:
        raise ValueError(f"{schools_total} школ нельзя разделить на {offices} муниципалитетов по 1–{MOST_SCHOOLS} школ")
    places = stream(seed, "municipality_sizes").standard_normal(offices)
    median = min(MEDIAN_SCHOOLS, schools_total / offices)

    def sizes_with(spread: float) -> np.ndarray:
        return np.clip(np.round(median * np.exp(spread * places)), 1, MOST_SCHOOLS).astype(int)

    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if sizes_with(middle).sum() < schools_total else (low, middle)
    sizes = sizes_with(low)
    largest_first = np.argsort(-places, kind="stable")
    while missing := schools_total - sizes.sum():
        step = 1 if missing > 0 else -1
        movable = [place for place in largest_first if 1 <= sizes[place] + step <= MOST_SCHOOLS][: abs(missing)]
        sizes[movable] += step
    return sizes


def _every(_procedure: Procedure) -> bool:
    return True


def _of_identification(procedure: Procedure) -> bool:
    return procedure.exam in ("VPR", "OGE", "EGE") and procedure.subject in ("russian", "maths", "maths_base")


def _refuse_unknown(years: Sequence[int]) -> None:
    unknown = sorted(set(years) - set(SIMULATED_YEARS))
    if unknown or not years:
        allowed = ", ".join(map(str, SIMULATED_YEARS))
        raise ValueError(
            f"генератор не знает правил лет {unknown}; допустимые годы: {allowed} (simulation/procedures.py)"
        )
