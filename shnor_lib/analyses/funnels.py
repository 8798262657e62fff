"""Schools beside what the others show in the same procedures, within the limits that chance and usual differences allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.analyses.change import is_procedure
from shnor_lib.analyses.results import Results, main_measure
from shnor_lib.indicators.catalogue import catalogue
from shnor_lib.statistics.counts import sides_beside_chance
from shnor_lib.statistics.funnel import Funnel, funnel

MEASURES = ("below_minimum_rate", "quality_rate", "mean_percent")
LIMITS = {"near": 0.95, "far": 0.998}
"""Spiegelhalter (2005): limits that one unit in twenty and two in a thousand leave by luck."""
EXAMS = ("OGE", "GVE", "EGE", "RKR", "VPR")
LEAST_SCHOOLS = 5
"""Our assumption: fewer schools do not tell how schools usually differ."""
SCHOOLS = [
    "measure",
    "school_id",
    "results",
    "difference",
    *(f"{end}_{level}" for level in LIMITS for end in ("low", "high")),
]
POINTS = 40


@dataclass(frozen=True)
class Funnels:
    """Funnels of several measures.

    Attributes
    ----------
    schools : a row a measure and school: measure, school_id, results (pupils' results behind it), difference (from what all schools
        show in the same procedures, in points: per cent of pupils or of the maximum), low_near, high_near, low_far, high_far (limits
        of 95 and 99.8 %), comparison (``worse``, ``same``, ``better`` by the near limits), far (whether beyond the far ones too).
    lines : the limits over the numbers of results: measure, results, low_near, high_near, low_far, high_far.
    found : a row a measure: measure, schools, worse, better, far, by_chance (on each side of the near limits, by luck), worse_beyond
        (1 when more are worse than luck brings), between (usual differences between schools, in points).
    """

    schools: pd.DataFrame
    lines: pd.DataFrame
    found: pd.DataFrame


def funnels_of(results: Results) -> Funnels:
    """The funnels of an office over the procedures of the latest year of each section; without rows in the public edition.

    A procedure counts when enough schools took it (``minimum_others`` of ``results``). Where a point lies would tell the number of
    pupils behind a hidden value, so nothing is drawn of hidden values.
    """
    if results.office.audience == "public":
        return _joined([])
    return _joined(_of_rows(results, procedures_of(results, measure), measure, measure) for measure in MEASURES)


def funnels_by_subject(results: Results) -> Funnels:
    """The same of each subject of each exam, all grades together: ``measure`` of the frames is then "VPR/russian".

    The share of good marks, at ЕГЭ the mean per cent. In the order of exams and subjects that most pupils took.
    """
    if results.office.audience == "public":
        return _joined([])
    known = {measure: procedures_of(results, measure) for measure in ("quality_rate", "mean_percent")}
    rows = pd.concat(frame.assign(measure=measure) for measure, frame in known.items())
    rows = rows[rows["measure"].eq("mean_percent").eq(rows["part"].map(main_measure).eq("mean_score"))]
    subject = rows["part"].str.rsplit("/", n=1).str[0]
    size = rows.groupby(subject)["denominator"].sum()
    ordered = sorted(size.index, key=lambda one: (exam_order(one.split("/")[0]), -size[one]))
    return _joined(
        _of_rows(results, own, own["measure"].iloc[0], one) for one in ordered if len(own := rows[subject.eq(one)])
    )


def exam_order(exam: str) -> int:
    """The place of an exam among others; those of a workspace's own come last."""
    return EXAMS.index(exam) if exam in EXAMS else len(EXAMS)


def _joined(parts: Iterable[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None]) -> Funnels:
    """The funnels that there are, one after another."""
    told = [part for part in parts if part]
    columns = (
        [*SCHOOLS, "comparison", "far"],
        ["measure", "results", *SCHOOLS[4:]],
        ["measure", "schools", "worse", "better", "far", "by_chance", "worse_beyond", "between"],
    )
    joined = [pd.concat(each, ignore_index=True) for each in zip(*told, strict=True)]
    return Funnels(*(joined or [pd.DataFrame(columns=names) for names in columns]))


def funnel_facts(found: Funnels) -> dict[str, float]:
    """Schools beyond the near limits on the worse side by any measure, by the measure that has most of them, and by luck."""
    most = found.found.loc[found.found["worse"].idxmax()]
    worse = found.schools[found.schools["comparison"].eq("worse")]
    return {
        "worse_any": worse["school_id"].nunique(),
        "far_any": worse.loc[worse["far"], "school_id"].nunique(),
        "schools": int(most["schools"]),
        "by_chance": float(most["by_chance"]),
        "beyond": int(found.found["worse_beyond"].max()),
    }


def _of_rows(
    results: Results, rows: pd.DataFrame, measure: str, name: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None:
    """Schools, lines and counts of the procedures of one funnel under its ``name``; nothing where too few schools have them."""
    if rows["school_id"].nunique() < LEAST_SCHOOLS:
        return None
    rate = catalogue()[measure].unit == "rate"
    own, variance = beside_others(rows, None if rate else results.changes.used.pupil)
    if rate:
        own["difference"], variance = 100 * own["difference"], 100**2 * variance
    error = np.sqrt(variance / own["results"].to_numpy(float))
    if not (error > 0).all():  # all or none of all pupils: nothing differs
        return None
    found = funnel(own["difference"].to_numpy(float), error, 0.0)
    schools = own.assign(measure=name, **_limits(found, error))
    low, high, difference = schools["low_near"], schools["high_near"], schools["difference"]
    good = catalogue()[measure].better == "high"
    below, above = difference.lt(low), difference.gt(high)
    schools["comparison"] = np.select([below if good else above, above if good else below], ["worse", "better"], "same")
    schools["far"] = difference.lt(schools["low_far"]) | difference.gt(schools["high_far"])
    people = np.geomspace(own["results"].min(), own["results"].max(), POINTS)
    lines = pd.DataFrame({"measure": name, "results": people, **_limits(found, np.sqrt(variance / people))})
    worse, better = (int(schools["comparison"].eq(side).sum()) for side in ("worse", "better"))
    beside = sides_beside_chance(len(schools), LIMITS["near"], worse=worse)
    counts = {"measure": name, "schools": len(schools), "worse": worse, "better": better}
    counts |= {"far": int(schools["far"].sum()), **beside, "between": found.between}
    return schools[[*SCHOOLS, "comparison", "far"]], lines, pd.DataFrame([counts])


def subject_facts(found: Funnels) -> dict[str, float]:
    """Points of the funnels of subjects that lie beyond the near limits, on both sides, and so many by luck on each."""
    worse, better = (int(found.found[side].sum()) for side in ("worse", "better"))
    points, chance = int(found.found["schools"].sum()), float(found.found["by_chance"].sum())
    return {"points": points, "worse": worse, "better": better, "by_chance": chance, "subjects": len(found.found)}


def _limits(found: Funnel, error: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of the limits of both levels."""
    return {
        f"{end}_{name}": ends
        for name, level in LIMITS.items()
        for end, ends in zip(("low", "high"), found.limits(error, level), strict=True)
    }


def procedures_of(results: Results, measure: str) -> pd.DataFrame:
    """Results of schools by one measure in the procedures of the latest year of each section that enough schools took."""
    parts = [
        one.rows[one.rows["year"].eq(one.year) & one.rows["level"].eq("school") & one.rows["measure"].eq(measure)]
        for one in results.sections.values()
    ]
    rows = pd.concat(parts)[["school_id", "part", "value", "denominator"]]
    rows = rows[rows["value"].notna() & rows["denominator"].gt(0) & rows["part"].map(is_procedure).astype(bool)]
    enough = rows.groupby("part")["school_id"].transform("nunique").gt(results.office.profile.results.minimum_others)
    return rows[enough].astype({"value": float, "denominator": float})


def beside_others(rows: pd.DataFrame, pupil_sd: float | None) -> tuple[pd.DataFrame, float]:
    """Each school beside what all of them together show in the procedures that it took.

    Parameters
    ----------
    rows : school_id, part, value, denominator.
    pupil_sd : of pupils' results in the unit of the value; nothing for shares, whose chance follows from their own level.

    Returns
    -------
    school_id, results, difference (weighed by results); and the variance of one result by chance.
    """
    rows = rows.assign(top=rows["value"] * rows["denominator"])
    level = rows.groupby("part")[["top", "denominator"]].transform("sum").eval("top / denominator")
    rows = rows.assign(apart=rows["top"] - level * rows["denominator"])
    summed = rows.groupby("school_id")[["apart", "denominator"]].sum()
    own = summed.assign(difference=summed["apart"] / summed["denominator"], results=summed["denominator"]).reset_index()
    weights = rows["denominator"]
    variance = pupil_sd**2 if pupil_sd else float((level * (1 - level) * weights).sum() / weights.sum())
    return own[["school_id", "results", "difference"]], variance
