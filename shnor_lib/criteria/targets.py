"""Target indicators of a programme: what was promised, where the office stands, and whether it is on the way.

A target is data of the office's profile. Its state is ``fulfilled``, ``start`` (the first year with data), ``on_track``,
``same`` (no change that chance would not bring), ``off_track`` or ``no_data``; a value that cannot be computed is never taken for a
fulfilled promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import NO, YES
from shnor_lib.indicators import Catalogue, Store
from shnor_lib.indicators.window import full_names, pool_window
from shnor_lib.inputs.dictionary import table
from shnor_lib.params.profiles import Target
from shnor_lib.statistics.uncertainty.intervals import rates_differ

STATES = ("fulfilled", "start", "on_track", "same", "off_track", "no_data")
FULFILLED, START, ON_TRACK, SAME, OFF_TRACK, NO_DATA = STATES
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
HISTORY_COLUMNS = TARGET_COLUMNS[:5]


def evaluate_targets(targets: Mapping[str, Target], history: pd.DataFrame, store: Store, year: int) -> pd.DataFrame:
    """State of every target in a year.

    Parameters
    ----------
    history : the values of the targets year by year, from :func:`history_of_targets`.
    store : the indicators of the office; the levels above give the values of region and country.

    Returns
    -------
    One row per target with ``TARGET_COLUMNS``: ``goal`` is the number to reach (missing when the document names only a
    direction), ``expected`` the value on a straight way from the first year with data to the goal.
    """
    of_target: dict[str, list[dict]] = {}
    for row in history.to_dict("records"):
        of_target.setdefault(row["target"], []).append(row)
    rows = [
        {"target": name, "year": year} | _state(target, of_target.get(name, []), store, year)
        for name, target in targets.items()
    ]
    return pd.DataFrame(rows, columns=TARGET_COLUMNS)


def history_of_targets(
    targets: Mapping[str, Target], store: Store, identification: pd.DataFrame, schools_total: int, year: int
) -> pd.DataFrame:
    """The value of every target in every year that has data: target, year, value, numerator, denominator.

    A year in which the formula gives no value – a gap needs two schools – has no data.

    Parameters
    ----------
    store : the indicators of the office, of all levels and years up to the year of the run.
    identification : the lists of the year; targets about ШНОР are taken over the same schools in every year.
    schools_total : number of schools of the office, for shares of all schools.
    """
    past, lists = store.until(year), Lists.of(identification, store)
    rows = [
        (name, *row) for name, target in targets.items() for row in _history(target, past, lists, schools_total, year)
    ]
    found = pd.DataFrame(rows, columns=HISTORY_COLUMNS)
    return found.astype({"year": int, "value": float, "numerator": float, "denominator": float}) if rows else found


Row = tuple[int, float, float, float]
"""Year, value, numerator, denominator."""


@dataclass(frozen=True)
class Lists:
    """The lists of a year by category: how many schools are in each, and the places of these schools in the store."""

    counts: Mapping[str, int]
    members: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, identification: pd.DataFrame, store: Store) -> Lists:
        """The lists that an identification says; a category of which no school has an answer has no list."""
        told = identification[identification["identified"].isin([YES, NO])]
        listed = told["school_id"].where(told["identified"].eq(YES))
        schools = {category: set(own.dropna()) for category, own in listed.groupby(told["category"])}
        places = {category: np.isin(store.units.school_id.astype(str), [*own]) for category, own in schools.items()}
        return cls({category: len(own) for category, own in schools.items()}, places)


def _history(target: Target, store: Store, lists: Lists, schools_total: int, year: int) -> list[Row]:
    """The value of a target in every year that has data."""
    if target.formula == "share_identified":
        if target.schools not in lists.counts or not schools_total:
            return []
        count = lists.counts[target.schools]
        return [(year, count / schools_total, count, schools_total)]
    own = store.at_school
    if target.schools != "all":
        own = own & lists.members.get(target.schools, False)
    values = school_values(store, np.flatnonzero(own), store.chosen(full_names(target.indicator, target.parts)))
    if target.formula == "share_improved":
        return _share_improved(values, store.catalogue[target.indicator].better)
    return [row for of_year in values if not np.isnan((row := _combined(target, of_year))[1])]


@dataclass(frozen=True)
class SchoolValues:
    """One value per school and its weight in one year, of the schools that have one; ``at`` are their places."""

    year: int
    at: np.ndarray
    value: np.ndarray
    weight: np.ndarray


def school_values(store: Store, units: np.ndarray, names: np.ndarray) -> list[SchoolValues]:
    """One value per school from its procedures or stages, year by year, weighted by participants where all are known."""
    found = []
    for year in store.years.tolist():
        pooled = pool_window(store, names, year, 1, "mean")
        at = np.flatnonzero(~np.isnan(pooled.value[units]))
        if len(at):
            found.append(SchoolValues(year, at, pooled.value[units[at]], pooled.results[units[at]]))
    return found


def _combined(target: Target, of_year: SchoolValues) -> Row:
    year, values, weights = of_year.year, of_year.value, of_year.weight
    if target.formula == "share_of_schools":
        side, bound = target.condition
        met = values >= bound if side == "at_least" else values <= bound
        return year, met.mean(), met.sum(), len(met)
    if target.formula == "gap":
        return year, values.max() - values.min() if len(values) > 1 else np.nan, np.nan, len(values)
    if np.isnan(weights).any():
        return year, values.mean(), np.nan, np.nan
    top, whole = (values * weights).sum(), weights.sum()
    return year, top / whole, top, whole


def _share_improved(values: list[SchoolValues], better: str) -> list[Row]:
    rows = []
    for before, now in pairwise(values):
        _, earlier, later = np.intersect1d(before.at, now.at, return_indices=True)
        change = now.value[later] - before.value[earlier]
        if len(change):
            improved = change > 0 if better != "low" else change < 0
            rows.append((now.year, improved.mean(), improved.sum(), len(change)))
    return rows


def _state(target: Target, history: list[dict], store: Store, year: int) -> dict[str, object]:
    now = [row for row in history if row["year"] == year]
    if not now or np.isnan(now[0]["value"]):
        return {"goal": target.value, "state": NO_DATA, "reason": missing_reason(target, store.catalogue)}
    current, first = now[0], min(history, key=lambda row: row["year"])
    found = {name: current[name] for name in ("value", "numerator", "denominator")}
    found |= {"first_year": int(first["year"]), "first_value": first["value"], "goal": target.value}
    if target.goal == "not_worse_than":
        return found | _against_level(target, store, current["value"], year)
    if target.goal == "improves":
        return found | _improves(target, current, first, store.catalogue)
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


def _improves(target: Target, current: dict, first: dict, known: Catalogue) -> dict[str, object]:
    """A direction without a number: better or worse than the first year by more than chance brings, where counts tell it."""
    since, no_number = int(first["year"]), "число цели документ не задаёт"
    if since == current["year"]:
        return {"state": START, "reason": f"первый год наблюдений: точка отсчёта; {no_number}"}
    lower = target.formula == "gap" or known[target.indicator].better == "low"
    change = current["value"] - first["value"]
    counted = target.formula.startswith("share") or (
        target.formula == "pooled" and known.unit(target.indicator) == "rate"
    )
    counts = [row[name] for row in (first, current) for name in ("numerator", "denominator")]
    told = counted and not np.isnan(counts).any()
    if change == 0 or (told and not rates_differ(*counts)):
        shown = f" ({counts[0]:.0f} из {counts[1]:.0f} и {counts[2]:.0f} из {counts[3]:.0f})" if told else ""
        return {"state": SAME, "reason": f"без заметных изменений с {since} года{shown}; {no_number}"}
    good = change < 0 if lower else change > 0
    chance = "" if told else "насколько это случайно, не определить: численности нет; "
    return {
        "state": ON_TRACK if good else OFF_TRACK,
        "reason": f"{'лучше' if good else 'хуже'}, чем в {since} году; {chance}{no_number}",
    }


def _against_level(target: Target, store: Store, value: float, year: int) -> dict[str, object]:
    above = pool_window(store, store.chosen(full_names(target.indicator, target.parts)), year, 1, "mean")
    of_level = np.flatnonzero((store.units.level == target.benchmark) & above.there)
    word = {"region": "региона", "country": "страны"}[target.benchmark]
    if np.isnan(above.value[of_level]).all():
        return {"state": NO_DATA, "reason": f"нет значения {word} для сравнения"}
    level = float(above.value[of_level[0]])
    lower = store.catalogue[target.indicator].better == "low"
    good = value <= level if lower else value >= level
    return {
        "goal": level,
        "state": FULFILLED if good else OFF_TRACK,
        "reason": f"{'не хуже' if good else 'хуже'} {word}",
    }


def missing_reason(target: Target, known: Catalogue) -> str:
    """Which table would allow a target that has no data, in Russian."""
    if target.indicator is None:
        return "нет вывода о категории: не хватает данных для критериев"
    tables = ", ".join(f"«{table(name).label}» ({name})" for name in known[target.indicator].tables)
    whose = "" if target.schools == "all" else " по школам категории"
    return f"нет данных{whose}: таблица {tables}"
