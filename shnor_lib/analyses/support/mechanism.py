"""The mechanism of management that an office reports to its region: eight elements, and what it has of each on both levels.

Purposes, indicators, monitoring, analysis, addressed recommendations, measures, decisions, effectiveness. Programmes name six
stages of the cycle for their measures: analysis goes with recommendations, measures with decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from shnor_lib.analyses.findings import identification_facts
from shnor_lib.analyses.support.accompaniment import NOT_APPROVED
from shnor_lib.analyses.support.effectiveness import Effectiveness
from shnor_lib.analyses.support.measures import cycle_coverage, stages_are_named
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.criteria.decisions import NO, YES
from shnor_lib.criteria.measure import NOT_ASSESSED

ELEMENTS = {
    "purposes": "goals",
    "indicators": "indicators",
    "monitoring": "monitoring",
    "analysis": "analysis",
    "recommendations": "analysis",
    "measures": "measures",
    "decisions": "measures",
    "effect": "effectiveness",
}
"""The elements in order, each with the stage of the cycle under which programmes keep its measures."""


@dataclass(frozen=True)
class Cycle:
    """The management cycle: measures at each stage, stages ``bare`` of measures or without any of a school (``one_sided``)."""

    frame: pd.DataFrame
    bare: list[str]
    one_sided: list[str]
    unnamed: int


def cycle(plan: SupportPlan) -> Cycle | None:
    """Stages of the management cycle; None when the programme names no stage."""
    if not stages_are_named(plan.measures):
        return None
    frame = cycle_coverage(plan.measures)
    bare = frame["measures"].eq(0)
    return Cycle(
        frame,
        bare=frame.loc[bare, "cycle_stage"].tolist(),
        one_sided=frame.loc[~bare & frame["school"].eq(0), "cycle_stage"].tolist(),
        unnamed=int(plan.measures["cycle_stage"].isna().sum()),
    )


def measures_of_elements(plan: SupportPlan) -> pd.DataFrame:
    """Measures of the programme under each element by level: ``element, municipality, school, level_unknown``.

    The counts are missing where the programme names no stage of any measure.
    """
    levels = ["municipality", "school", "level_unknown"]
    found = cycle(plan)
    counts = (
        pd.DataFrame(columns=levels, dtype=float) if found is None else found.frame.set_index("cycle_stage")[levels]
    )
    frame = counts.reindex(list(ELEMENTS.values())).reset_index(drop=True)
    return frame.assign(element=list(ELEMENTS))[["element", *levels]]


def mechanism_facts(found: Effectiveness) -> dict[str, object]:
    """What the office has of each element on each level, as counts with their days; missing where nothing is known."""
    office, plan = found.office, found.plan
    results = office.tables["exam_results"]
    results = results[results["year"].eq(office.year)]
    decisions = office.tables["expert_decisions"]
    decisions = decisions[decisions["year"].eq(office.year)]
    recommended = plan.recommendations.drop_duplicates(["school_id", "recommendation"])
    lists, targets = identification_facts(office), office.profile.targets.values()
    by_level = plan.measures["level"].value_counts()
    facts = {
        **{name: lists[name] for name in ("schools_total", "registered_schools", "judged_count", "criteria_total")},
        "criteria_assessed": lists["criteria_total"] - lists["criteria_unassessed_count"],
        "schools_with_signs": assessed_schools(found),
        "document": office.profile.document.rstrip("."),
        "targets_dated": sum(one.year is not None for one in targets),
        "listed_told": listed_told(found),
        "procedures": len(results[["exam", "subject", "grade"]].drop_duplicates()),
        "schools_with_results": results["school_id"].dropna().nunique(),
        "measures_municipality": int(by_level.get("municipality", 0)),
        "measures_school": int(by_level.get("school", 0)),
        "measures_named_schools": plan.measures["school_id"].dropna().nunique(),
        "decided": len(decisions),
        "decided_on": decisions["decided_on"].max() if len(decisions) else None,
        **programmes_of_schools(plan),
        "reporting_schools": reporting_schools(plan),
        "unknown_schools": len(plan.unknown_schools),
    }
    for level in ("municipality", "school"):
        own = recommended[recommended["level"].eq(level)]
        facts[f"advised_{level}"] = own["recommendation"].nunique()
        facts[f"advised_{level}_schools"] = len(set(own["school_id"]) - plan.unknown_schools)
    return found.facts | facts


def programmes_of_schools(plan: SupportPlan) -> dict[str, int]:
    """How many schools have a programme of their own in the year, and of how many the approval is not told."""
    rows = plan.programmes
    names = {"programmes": rows, "programmes_open": rows[rows["standing"].eq(NOT_APPROVED)]}
    return {name: own["school_id"].nunique() for name, own in names.items()}


def reporting_schools(plan: SupportPlan) -> int:
    """How many schools reported on measures in the year, up to the day of the count."""
    rows = plan.office.tables["measure_reports"]
    own = rows["year"].eq(plan.office.year) & rows["reported_on"].le(pd.Timestamp(plan.on))
    return rows.loc[own, "school_id"].dropna().nunique()


def assessed_schools(found: Effectiveness) -> int:
    """Of how many schools any criterion was assessed."""
    verdicts = found.office.verdicts
    return verdicts.loc[verdicts["verdict"].ne(NOT_ASSESSED), "school_id"].nunique()


def listed_told(found: Effectiveness) -> str | None:
    """How long each list is, in words; none where no school has an answer."""
    answers, method = found.office.identification, found.office.method
    judged = answers[answers["identified"].isin([YES, NO])]
    return _joined(
        f"{method.words(category).abbreviation} – {int(own['identified'].eq(YES).sum())}"
        for category, own in judged.groupby("category", sort=False)
    )


def _joined(parts: Iterable[str]) -> str | None:
    return ", ".join(parts) or None
