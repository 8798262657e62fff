"""Criteria: a measured value held against a threshold by one rule word gives a three-valued verdict.

Every judging function takes the *measured* frame – one row per school with ``municipality, school_id, value, participants,
benchmark, obstacle, coverage`` – and returns it with ``verdict, threshold, margin, reason``. A verdict is ``met`` (the sign of a
school that needs help is there), ``not_met`` or ``not_assessed``; a value that is missing or too small a number of pupils is
never "not met". ``margin`` is the distance to the threshold in the unit of the value, positive on the side of needing help.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import (
    MET,
    NOT_ASSESSED,
    NOT_MET,
    PRECISION,
    UNIT,
    Evidence,
    low_procedure_details,
    measure,
    missing_data_reason,
    missing_data_reason_of_list,
)
from shnor_lib.inputs.dictionary import procedure_label
from shnor_lib.params.methods import (
    AgainstBenchmark,
    FixedThreshold,
    LowInProcedures,
    Method,
    OneOf,
    ShareOfSchools,
)

VERDICT_COLUMNS = [
    "school_id",
    "category",
    "criterion",
    "verdict",
    "value",
    "threshold",
    "benchmark",
    "margin",
    "participants",
    "reason",
    "reference",
]


def evaluate_criteria(method: Method, evidence: Evidence, year: int) -> pd.DataFrame:
    """Verdict of every criterion of a method for every school.

    Parameters
    ----------
    year : year of the run; windows end with it.

    Returns
    -------
    DataFrame
        ``municipality`` and the columns of ``VERDICT_COLUMNS``, in the order of schools and criteria.
    """
    if evidence.schools.empty:
        return pd.DataFrame(columns=["municipality", *VERDICT_COLUMNS])
    verdicts = []
    for name, criterion in method.criteria.items():
        judged = JUDGES[type(criterion)](criterion, evidence, year)
        verdicts.append(
            judged.assign(category=criterion.category, criterion=name, reference=criterion.reference)[
                ["municipality", *VERDICT_COLUMNS]
            ]
        )
    order = {name: place for place, name in enumerate(method.criteria)}
    together = pd.concat(verdicts, ignore_index=True)
    return together.sort_values(
        [*UNIT, "criterion"],
        key=lambda column: column.map(order) if column.name == "criterion" else column,
        kind="stable",
    ).reset_index(drop=True)


def _judged(
    measured: pd.DataFrame, met: pd.Series, margin: pd.Series, threshold: object, met_text: object, not_met_text: object
) -> pd.DataFrame:
    assessed = measured["obstacle"].eq("")
    met = met.fillna(False).astype(bool)
    reason = pd.Series(np.where(met, met_text, not_met_text), index=measured.index)
    reason += np.where(measured["coverage"].ne(""), "; " + measured["coverage"], "")
    return measured.assign(
        verdict=np.select([~assessed, met], [NOT_ASSESSED, MET], default=NOT_MET),
        threshold=threshold,
        margin=margin.where(assessed),
        reason=np.where(assessed, reason, measured["obstacle"]),
    )


def judge_fixed_threshold(criterion: FixedThreshold, evidence: Evidence, year: int) -> pd.DataFrame:
    """``at_most``, ``below``, ``at_least``, ``above``: the value against a fixed number."""
    measured = measure(criterion, evidence, year)
    distance = (measured["value"] - criterion.threshold).round(PRECISION)
    sign = 1 if criterion.rule in ("at_least", "above") else -1
    margin = sign * distance + 0.0
    met = margin.ge(0) if criterion.rule in ("at_most", "at_least") else margin.gt(0)
    words = {
        "at_most": ("не больше порога", "больше порога"),
        "below": ("меньше порога", "не меньше порога"),
        "at_least": ("не меньше порога", "меньше порога"),
        "above": ("больше порога", "не больше порога"),
    }[criterion.rule]
    return _judged(measured, met, margin, criterion.threshold, *words)


def judge_one_of(criterion: OneOf, evidence: Evidence, year: int) -> pd.DataFrame:
    """``one_of``: the value is one of the listed numbers; the margin is 0 inside the list and missing outside."""
    measured = measure(criterion, evidence, year)
    met = measured["value"].round(PRECISION).isin([round(value, PRECISION) for value in criterion.allowed])
    return _judged(measured, met, met.map({True: 0.0}), math.nan, "значение из перечня", "значение не из перечня")


def judge_against_benchmark(criterion: AgainstBenchmark, evidence: Evidence, year: int) -> pd.DataFrame:
    """``below_benchmark_by``, ``above_benchmark_by``: the difference from the municipality, region or country.

    The benchmark is taken over the same procedures and years as the school's value and with the school's own weights, so a
    school without one of the procedures is compared like with like.
    """
    measured = measure(criterion, evidence, year, benchmark=criterion.benchmark)
    sign = -1 if criterion.rule == "below_benchmark_by" else 1
    difference = sign * (measured["value"] - measured["benchmark"])
    if criterion.kind == "relative":
        difference = difference / measured["benchmark"].where(measured["benchmark"] != 0)
        allowed = measured["benchmark"] * (1 + sign * criterion.threshold)
    else:
        allowed = measured["benchmark"] + sign * criterion.threshold
    margin = (difference - criterion.threshold).round(PRECISION) + 0.0
    met = margin.gt(0) if criterion.strict else margin.ge(0)
    place = {"municipality": "муниципалитета", "region": "региона", "country": "страны"}[criterion.benchmark]
    side = "ниже" if sign < 0 else "выше"
    return _judged(
        measured,
        met,
        margin,
        allowed,
        f"{side} среднего {place} больше допустимого",
        f"расхождение со средним {place} в допустимых пределах",
    )


def judge_share_of_schools(criterion: ShareOfSchools, evidence: Evidence, year: int) -> pd.DataFrame:
    """``lowest_share``, ``highest_share``: schools with the lowest (highest) values of their population.

    The number of schools is share × ranked schools, rounded as declared. ``threshold`` is the value half way between the
    last school inside and the first one outside.
    """
    measured = measure(criterion, evidence, year)
    sign = 1 if criterion.rule == "lowest_share" else -1
    group = [
        *([] if criterion.population == "region" else ["municipality"]),
        *([criterion.within] if criterion.within else []),
    ]
    groups = measured.groupby(group, dropna=False, sort=False).ngroup() if group else pd.Series(0, index=measured.index)
    key = (sign * measured["value"]).where(measured["obstacle"].eq("")).astype(float).round(PRECISION)
    ranked = key.groupby(groups).transform("count")
    size = groups.map(groups.value_counts())
    place = key.groupby(groups).rank(method="min")
    quota = share_quota(ranked, criterion.threshold, criterion.rounding)
    if criterion.ties == "include":
        inside = place.le(quota)
    else:
        inside = key.groupby(groups).rank(method="max").le(quota)
    last = key.where(inside).groupby(groups).transform("max")
    first = key.where(~inside).groupby(groups).transform("min")
    cut = (last + first) / 2
    cut = cut.where(last.notna() & first.notna(), last.fillna(first))
    unranked = np.select(
        [ranked < criterion.minimum_schools, ranked < size * criterion.minimum_ranked],
        [
            "сравнить не с кем: оценено школ – "
            + ranked.astype(int).astype(str)
            + ", нужно не меньше "
            + str(criterion.minimum_schools),
            "данные есть у "
            + ranked.astype(int).astype(str)
            + " из "
            + size.astype(str)
            + " школ – мало, чтобы выделить долю",
        ],
        default="",
    )
    measured["obstacle"] = np.where(measured["obstacle"].eq(""), unranked, measured["obstacle"])
    end = "снизу" if sign > 0 else "сверху"
    text = (
        place.fillna(0).astype(int).astype(str)
        + "-е место "
        + end
        + " из "
        + ranked.astype(int).astype(str)
        + "; в долю входит школ: "
        + quota.astype(int).astype(str)
    )
    return _judged(measured, inside, cut - key, sign * cut, text, text)


def share_quota(schools: pd.Series, share: float, rounding: str) -> pd.Series:
    """Number of schools that a share of a population is.

    Examples
    --------
    >>> share_quota(pd.Series([9, 14, 7, 3]), 0.25, "nearest").tolist()
    [2, 4, 2, 1]
    >>> share_quota(pd.Series([9, 14, 7, 3]), 0.25, "down").tolist()
    [2, 3, 1, 0]
    """
    exact = (schools * share).round(PRECISION)
    rounded = {"nearest": np.floor(exact + 0.5), "up": np.ceil(exact), "down": np.floor(exact)}[rounding]
    return rounded.astype(int)


def judge_low_in_procedures(criterion: LowInProcedures, evidence: Evidence, year: int) -> pd.DataFrame:
    """``low_in_procedures``: enough different low procedures, or one procedure low in enough years.

    ``value`` is the number of different low procedures, ``threshold`` the number that is enough; ``margin`` is the better of
    the two distances (different procedures, years of one procedure).
    """
    details = low_procedure_details(criterion, evidence, year)
    low = details[details["low"].eq(MET)]
    by_school = details.assign(assessed=details["low"].ne(NOT_ASSESSED)).groupby(UNIT, sort=False)
    counted = pd.DataFrame(
        {
            "value": low.groupby(UNIT)["procedure"].nunique(),
            "repeats": low.groupby([*UNIT, "procedure"])["year"].nunique().groupby(UNIT).max(),
            "expected": by_school.size(),
            "assessed": by_school["assessed"].sum(),
            "participants": by_school["participants"].sum(min_count=1),
        }
    ).rename_axis(UNIT)
    measured = evidence.schools.merge(counted.reset_index(), on=UNIT, how="left")
    for column in ("value", "repeats", "expected", "assessed"):
        measured[column] = measured[column].astype(float).fillna(0)
    listed_whole = measured["municipality"].isin(evidence.complete_lists) & criterion.use_official_list
    met = measured["value"].ge(criterion.distinct) | measured["repeats"].ge(criterion.repeated)
    enough = listed_whole | (
        measured["assessed"].gt(0) & measured["assessed"].ge(measured["expected"] * criterion.minimum_coverage)
    )
    excluded = measured["special_type"].notna() & criterion.exclude_special_types
    missing = (
        missing_data_reason([criterion.indicator], evidence.store.catalogue) + " или " + missing_data_reason_of_list()
    )
    measured["obstacle"] = np.select(
        [excluded, ~met & ~enough & measured["assessed"].eq(0), ~met & ~enough],
        [
            "не применимо: правило не рассматривает коррекционные, вечерние и закрытые школы",
            missing,
            "оценено процедур: "
            + measured["assessed"].astype(int).astype(str)
            + " из "
            + measured["expected"].astype(int).astype(str)
            + " – мало для вывода",
        ],
        default="",
    )
    measured["value"] = measured["value"].where(measured["assessed"].gt(0) | listed_whole)
    measured["coverage"] = np.where(
        listed_whole,
        "по официальному перечню",
        "оценено процедур: "
        + measured["assessed"].astype(int).astype(str)
        + " из "
        + measured["expected"].astype(int).astype(str),
    )
    margin = np.maximum(measured["value"] - criterion.distinct, measured["repeats"] - criterion.repeated)
    words = pd.Series(
        [f"{procedure_label(name)} ({when})" for name, when in zip(low["procedure"], low["year"])],
        index=low.index,
        dtype=object,
    )
    listed = low.assign(words=words).groupby(UNIT)["words"].agg("; ".join).rename("listed").reset_index()
    named = measured.merge(listed, on=UNIT, how="left")["listed"].fillna("").to_numpy()
    few = np.where(named == "", "низких процедур нет", "низких процедур мало: " + named)
    return _judged(
        measured.assign(benchmark=math.nan),
        met,
        pd.Series(margin, index=measured.index),
        float(criterion.distinct),
        "низкие: " + named,
        few,
    )


JUDGES: dict[type, Callable[..., pd.DataFrame]] = {
    FixedThreshold: judge_fixed_threshold,
    OneOf: judge_one_of,
    AgainstBenchmark: judge_against_benchmark,
    ShareOfSchools: judge_share_of_schools,
    LowInProcedures: judge_low_in_procedures,
}
