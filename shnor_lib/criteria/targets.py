"""Target indicators of a programme: what was promised, where the office stands, and whether it is on the way.

A target is data of the office's profile. Its state is ``fulfilled``, ``start`` (the first year with data), ``on_track``,
``off_track`` or ``no_data``; a value that cannot be computed is never taken for a fulfilled promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import YES
from shnor_lib.indicators import catalogue, pool_years, split_name
from shnor_lib.indicators.window import full_names, names_matching
from shnor_lib.inputs.dictionary import table
from shnor_lib.params.profiles import Target

FULFILLED, START, ON_TRACK, OFF_TRACK, NO_DATA = "fulfilled", "start", "on_track", "off_track", "no_data"
TARGET_COLUMNS = [
    "target",
    "year",
    "value",
    "numerator",
    "denominator",
    "goal",
    "first_year",
    "first_value",
    "expected",
    "state",
    "reason",
]


def evaluate_targets(
    targets: Mapping[str, Target], history: pd.DataFrame, indicators: pd.DataFrame, year: int
) -> pd.DataFrame:
    """State of every target in a year.

    Parameters
    ----------
    history : the values of the targets year by year, from :func:`history_of_targets`.
    indicators : the long table; the levels above give the values of region and country.

    Returns
    -------
    DataFrame
        One row per target with ``TARGET_COLUMNS``: ``goal`` is the number to reach (missing when the document names only a
        direction), ``expected`` the value on a straight way from the first year with data to the goal.
    """
    rows = []
    for name, target in targets.items():
        rows.append(
            {"target": name, "year": year} | _state(target, history[history["target"].eq(name)], indicators, year)
        )
    return pd.DataFrame(rows, columns=TARGET_COLUMNS)


def history_of_targets(
    targets: Mapping[str, Target], indicators: pd.DataFrame, identification: pd.DataFrame, schools_total: int, year: int
) -> pd.DataFrame:
    """The value of every target in every year that has data: target, year, value, numerator, denominator.

    Parameters
    ----------
    indicators : the long table of all levels and years up to the year of the run.
    identification : the lists of the year; targets about ШНОР are taken over the same schools in every year.
    schools_total : number of schools of the office, for shares of all schools.
    """
    columns = ["target", "year", "value", "numerator", "denominator"]
    of_schools = indicators[
        indicators["level"].eq("school") & indicators["value"].notna() & indicators["year"].le(year)
    ]
    parts = [
        target_history(target, of_schools, identification, schools_total, year).assign(target=name)[columns]
        for name, target in targets.items()
    ]
    parts = [
        part.astype({"year": int, "value": float, "numerator": float, "denominator": float})
        for part in parts
        if len(part)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def target_history(
    target: Target, indicators: pd.DataFrame, identification: pd.DataFrame, schools_total: int, year: int
) -> pd.DataFrame:
    """The value of a target in every year that has data: year, value, numerator, denominator.

    A year in which the formula gives no value – a gap needs two schools – has no data.

    Parameters
    ----------
    indicators : the rows of schools that have a value.
    """
    members = target_schools(target, identification)
    if target.formula == "share_identified":
        known = identification[identification["category"].eq(target.schools)]
        if known.empty or not schools_total:
            return pd.DataFrame(columns=["year", "value", "numerator", "denominator"])
        count = int(known["identified"].eq(YES).sum())
        return pd.DataFrame(
            {"year": [year], "value": count / schools_total, "numerator": count, "denominator": schools_total}
        )
    rows = indicators[names_matching(indicators["indicator"], full_names(target.indicator, target.parts))]
    if members is not None:
        rows = rows[rows["school_id"].isin(members)]
    if rows.empty:
        return pd.DataFrame(columns=["year", "value", "numerator", "denominator"])
    per_school = {when: school_values(own) for when, own in rows.groupby("year")}
    if target.formula == "share_improved":
        return _share_improved(per_school, better=catalogue()[target.indicator].better)
    combined = pd.DataFrame([{"year": when} | _combined(target, values) for when, values in per_school.items()])
    return combined.dropna(subset="value")


def target_schools(target: Target, identification: pd.DataFrame) -> set[str] | None:
    """Schools that a target is about; None for all."""
    if target.schools == "all" or target.formula == "share_identified":
        return None
    own = identification[identification["category"].eq(target.schools) & identification["identified"].eq(YES)]
    return set(own["school_id"])


def school_values(rows: pd.DataFrame) -> pd.DataFrame:
    """One value per school from its procedures or stages of one year, weighted by participants where all are known."""
    amounts = rows[["value", "denominator"]].assign(total=rows["value"] * rows["denominator"])
    grouped = amounts.groupby(rows["school_id"])
    sums, known = grouped.sum(), grouped.count()
    whole = known["value"].eq(known["denominator"]) & sums["denominator"].gt(0)  # every row has a value
    value = (sums["total"] / sums["denominator"]).where(whole, grouped["value"].mean())
    return pd.DataFrame({"value": value, "denominator": sums["denominator"].where(whole)})


def _combined(target: Target, values: pd.DataFrame) -> dict[str, float]:
    if target.formula == "share_of_schools":
        side, bound = target.condition
        met = values["value"].ge(bound) if side == "at_least" else values["value"].le(bound)
        return {"value": met.mean(), "numerator": int(met.sum()), "denominator": len(met)}
    if target.formula == "gap":
        spread = values["value"].max() - values["value"].min() if len(values) > 1 else np.nan
        return {"value": spread, "numerator": np.nan, "denominator": len(values)}
    weights = values["denominator"]
    if weights.isna().any():
        return {"value": values["value"].mean(), "numerator": np.nan, "denominator": np.nan}
    return {
        "value": (values["value"] * weights).sum() / weights.sum(),
        "numerator": (values["value"] * weights).sum(),
        "denominator": weights.sum(),
    }


def _share_improved(per_school: Mapping[int, pd.DataFrame], better: str) -> pd.DataFrame:
    rows = []
    years = sorted(per_school)
    for before, now in pairwise(years):
        change = (per_school[now]["value"] - per_school[before]["value"]).dropna()
        if len(change):
            improved = change.gt(0) if better != "low" else change.lt(0)
            rows.append(
                {"year": now, "value": improved.mean(), "numerator": int(improved.sum()), "denominator": len(change)}
            )
    return pd.DataFrame(rows, columns=["year", "value", "numerator", "denominator"])


def _state(target: Target, history: pd.DataFrame, indicators: pd.DataFrame, year: int) -> dict[str, object]:
    now = history[history["year"].eq(year)]
    if now.empty or pd.isna(now["value"].iloc[0]):
        return {"goal": target.value, "state": NO_DATA, "reason": missing_reason(target)}
    current, first = now.iloc[0], history.sort_values("year").iloc[0]
    found = {name: current[name] for name in ("value", "numerator", "denominator")}
    found |= {"first_year": int(first["year"]), "first_value": first["value"], "goal": target.value}
    if target.goal == "not_worse_than":
        return found | _against_level(target, indicators, current["value"], year)
    if target.goal == "improves":
        return found | _improves(target, found, year)
    lower = target.goal == "at_most"
    reached = current["value"] <= target.value if lower else current["value"] >= target.value
    if reached:
        return found | {"state": FULFILLED, "reason": "цель достигнута"}
    if year >= target.year:
        return found | {"state": OFF_TRACK, "reason": "срок цели наступил, она не достигнута"}
    if found["first_year"] == year:
        return found | {
            "state": START,
            "expected": current["value"],
            "reason": "первый год наблюдений: точка отсчёта",
        }
    part = (year - found["first_year"]) / (target.year - found["first_year"])
    expected = first["value"] + (target.value - first["value"]) * part
    ahead = current["value"] <= expected if lower else current["value"] >= expected
    words = ("значение не хуже прямого пути к цели", "значение хуже прямого пути к цели")
    return found | {"expected": expected, "state": ON_TRACK if ahead else OFF_TRACK, "reason": words[0 if ahead else 1]}


def _improves(target: Target, found: dict, year: int) -> dict[str, object]:
    if found["first_year"] == year:
        return {"state": START, "reason": "первый год наблюдений: точка отсчёта; число цели документ не задаёт"}
    lower = target.formula == "gap" or catalogue()[target.indicator].better == "low"
    change = found["value"] - found["first_value"]
    if change == 0:
        return {
            "state": OFF_TRACK,
            "reason": f"без изменений с {found['first_year']} года; число цели документ не задаёт",
        }
    good = change < 0 if lower else change > 0
    word = "лучше" if good else "хуже"
    return {
        "state": ON_TRACK if good else OFF_TRACK,
        "reason": f"{word}, чем в {found['first_year']} году; число цели документ не задаёт",
    }


def _against_level(target: Target, indicators: pd.DataFrame, value: float, year: int) -> dict[str, object]:
    patterns = full_names(target.indicator, target.parts)
    rows = indicators[indicators["level"].eq(target.benchmark) & indicators["year"].eq(year)]
    above = pool_years(rows, patterns, year, 1, "mean")
    word = {"region": "региона", "country": "страны"}[target.benchmark]
    if above.empty or above["value"].isna().all():
        return {"state": NO_DATA, "reason": f"нет значения {word} для сравнения"}
    level = float(above["value"].iloc[0])
    lower = catalogue()[target.indicator].better == "low"
    good = value <= level if lower else value >= level
    return {
        "goal": level,
        "state": FULFILLED if good else OFF_TRACK,
        "reason": f"{'не хуже' if good else 'хуже'} {word}",
    }


def missing_reason(target: Target) -> str:
    """Which table would allow a target that has no data, in Russian."""
    if target.indicator is None:
        return "нет вывода о категории: не хватает данных для критериев"
    entry = catalogue()[split_name(target.indicator)[0]]
    tables = ", ".join(f"«{table(name).label}» ({name})" for name in (entry.table, *entry.beside))
    whose = "" if target.schools == "all" else " по школам категории"
    return f"нет данных{whose}: таблица {tables}"
