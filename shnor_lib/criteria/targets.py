"""Target indicators of a programme: what was promised, where the office stands, and whether it is on the way.

A target is data of the office's profile. Its state is ``fulfilled``, ``held`` (the goal was there before anything was done),
``start`` (the first year with data), ``on_track``, ``same`` (no change that chance would not bring), ``off_track``, ``open`` (the
data allow both answers, or none) or ``no_data``; a value that cannot be computed is never taken for a fulfilled promise. Where
documents print ranges instead of every value, the goal is reached or not where they leave no other answer.

Change is told of like with like: the same schools, and of each the same procedures, in both years; across a break of the series it
is not told at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import INSUFFICIENT, list_of
from shnor_lib.criteria.measure import missing_tables
from shnor_lib.indicators import Store, split_name
from shnor_lib.indicators.causes import (
    AS_RANGE,
    KNOWN,
    NOT_APPLICABLE,
    NOT_COMPARABLE,
    NOT_DELIVERED,
    NOT_HELD,
    TOO_FEW,
    columns_needed,
)
from shnor_lib.indicators.ranges import Range
from shnor_lib.indicators.satisfaction import assessed_in
from shnor_lib.indicators.window import Slice, full_names, pool_slice
from shnor_lib.inputs.breaks import not_alike, was_held
from shnor_lib.inputs.dictionary import procedure_label
from shnor_lib.params.profiles import Target
from shnor_lib.statistics.uncertainty.intervals import rates_differ, wilson_ends

STATES = ("fulfilled", "held", "start", "on_track", "same", "off_track", "open", "no_data")
FULFILLED, HELD, START, ON_TRACK, SAME, OFF_TRACK, OPEN, NO_DATA = STATES
NUMBERS = ("value", "numerator", "denominator")
TARGET_COLUMNS = [
    *("target", "year", *NUMBERS, "schools", "of_schools", "cohort"),
    *("goal", "first_year", *(f"first_{name}" for name in NUMBERS), *(f"compared_{name}" for name in NUMBERS)),
    *("expected", "state", "reason", "cause", "needs"),
]
OF_ALL_AT_ONCE = ("share_identified", "share_improved")
"""Formulas whose values say already whom they compare: years of them stand side by side as they are."""
HISTORY_COLUMNS = ["target", "year", *NUMBERS, "schools", "since", "remark", "cause"]


@dataclass(frozen=True)
class Lists:
    """What is known of the schools of an office in one year.

    Attributes
    ----------
    total : number of schools.
    answered, named : schools with an answer, and those of the list, by category; a category of which no school has an answer is
        not there.
    members : places in the store of the schools of the list that have rows there, by category.
    needs : what would give an answer on the others, by category.
    """

    total: int
    answered: Mapping[str, int]
    named: Mapping[str, int]
    members: Mapping[str, np.ndarray]
    needs: Mapping[str, str]

    @classmethod
    def of(cls, identification: pd.DataFrame, store: Store, total: int) -> Lists:
        """The lists that an identification says, of an office with so many schools."""
        lists = {category: list_of(identification, category) for category in identification["category"].unique()}
        told = {category: one for category, one in lists.items() if one.judged}
        ids = store.units.school_id.astype(str)
        unknown = identification[identification["identified"].eq(INSUFFICIENT)]
        return cls(
            total,
            answered={category: one.judged for category, one in told.items()},
            named={category: len(one.schools) for category, one in told.items()},
            members={c: np.flatnonzero(store.at_school & np.isin(ids, one.schools)) for c, one in told.items()},
            needs={category: _joined(own["needs"]) for category, own in unknown.groupby("category")},
        )


def _joined(needs: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(one for text in needs for one in text.split("; ") if one))


@dataclass(frozen=True)
class Measured:
    """A target in one year.

    Attributes
    ----------
    people : how many independent cases stand behind the value, for chance: a pupil with several results is one; missing where
        chance cannot be told.
    schools : how many schools have a value; ``ends``: the least and the most that the value can be, schools without an answer
        counted either way.
    since : the earlier year that schools are held against.
    """

    year: int
    value: float
    numerator: float
    denominator: float
    people: float
    schools: int
    ends: tuple[float, float]
    since: float = np.nan

    def numbers(self, prefix: str = "") -> dict[str, float]:
        """Value, numerator and denominator under their names."""
        return {f"{prefix}{name}": getattr(self, name) for name in NUMBERS}


@dataclass(frozen=True)
class Subject:
    """What a target is measured on.

    Attributes
    ----------
    units : places of its schools in the store; ``names`` those of its indicators.
    cohort : the year of the list that the schools are taken from; None where all schools are meant.
    nobody : why there are no such schools, as cause, needs and reason; empty where there are.
    """

    target: Target
    store: Store
    lists: Mapping[int, Lists]
    units: np.ndarray
    names: np.ndarray
    cohort: int | None = None
    nobody: tuple[str, str, str] | None = None

    def schools_in(self, year: int) -> float:
        """How many schools the target is about in a year; missing where nobody says."""
        if self.cohort is not None:
            return float(self.lists[self.cohort].named[self.target.schools]) if self.nobody is None else np.nan
        return float(self.lists[year].total or np.nan) if year in self.lists else np.nan


def evaluate_targets(
    targets: Mapping[str, Target], history: pd.DataFrame, store: Store, lists: Mapping[int, Lists], year: int
) -> pd.DataFrame:
    """State of every target in a year.

    Parameters
    ----------
    history : the values of the targets year by year, from :func:`history_of_targets`.
    store : the indicators of the office; the levels above give the values of region and country.
    lists : the lists of every year that is known, by year.

    Returns
    -------
    One row per target with ``TARGET_COLUMNS``: ``schools`` that have a value of the ``of_schools`` it is about (those of the list
    of the year ``cohort``); ``goal`` is the number to reach (missing when the document names only a direction); ``first_…`` and
    ``compared_…`` the value of the baseline and of the year over the schools and procedures that both have; ``expected`` the
    value on a straight way from the baseline to the goal; ``cause`` and ``needs`` where the state is not known.
    """
    valued = history[history["value"].notna()]
    known = valued.groupby("target")["year"].agg(list).to_dict() if len(valued) else {}
    rows = []
    for name, target in targets.items():
        subject = subject_of(target, store.until(year), lists, year)
        told = _state(subject, known.get(name, []), year)
        if not told.get("cause"):
            told["reason"] = "; ".join(filter(None, [told["reason"], _carried(subject, year), _span(subject, year)]))
        rows.append({"target": name, "year": year, "cohort": subject.cohort, "cause": KNOWN, "needs": ""} | told)
    return pd.DataFrame(rows, columns=TARGET_COLUMNS)


def history_of_targets(
    targets: Mapping[str, Target], store: Store, lists: Mapping[int, Lists], year: int
) -> pd.DataFrame:
    """The value of every target in every year that anything is known of: ``HISTORY_COLUMNS``.

    A year in which the formula gives no value – a gap needs two schools – has the ``cause`` of that. ``since``: the earlier year
    of ``share_improved``; ``remark``: how many schools have a value where some have none.
    """
    rows = []
    past = store.until(year)
    for name, target in targets.items():
        subject = subject_of(target, past, lists, year)
        for each in sorted(one for one in {*past.years.tolist(), *lists} if one <= year):
            found = measured(subject, each)
            if found is None:
                cause, _, reason = why_missing(subject, each)
                rows.append((name, each, *[np.nan] * len(NUMBERS), 0, np.nan, reason, cause))
                continue
            of = subject.schools_in(each)
            remark = f"данные по {found.schools} из {of:.0f} школ" if found.schools < of else ""
            rows.append((name, each, *found.numbers().values(), found.schools, found.since, remark, KNOWN))
    numbers = dict.fromkeys((*NUMBERS, "schools", "since"), float)
    return pd.DataFrame(rows, columns=HISTORY_COLUMNS).astype({"year": int} | numbers)


def subject_of(target: Target, store: Store, lists: Mapping[int, Lists], year: int) -> Subject:
    """The schools and indicators that a target is measured on.

    Those of a list are fixed: of the baseline, which is the declared year or the first one whose list is known and has a school
    with a value; or, where the target says so, of the year of the run.
    """
    names = store.chosen(full_names(target.indicator, target.parts)) if target.indicator else np.empty(0, dtype=int)
    everyone = Subject(target, store, lists, np.flatnonzero(store.at_school), names)
    if target.schools == "all" or target.indicator is None:
        return everyone
    told = {each: one for each, one in sorted(lists.items()) if target.schools in one.members and each <= year}
    asked = year if target.cohort == "current" else target.baseline
    if asked is None:
        cells = ~np.isnan(store.value[:, :, names]).all(axis=2)
        valued = {each: cells[one.members[target.schools]] for each, one in told.items()}
        asked = next(
            (each for each, own in valued.items() if own[:, store.years == each].any()), min(told, default=year)
        )
    if asked not in told:
        needs = lists[asked].needs.get(target.schools, "") if asked in lists else ""
        reason = f"перечень {asked} года не определён: не хватает данных для критериев"
        return replace(everyone, units=everyone.units[:0], cohort=asked, nobody=(NOT_DELIVERED, needs, reason))
    units = told[asked].members[target.schools]
    empty = (NOT_APPLICABLE, target.schools, f"в списке {asked} года нет ни одной школы")
    return replace(everyone, units=units, cohort=asked, nobody=None if told[asked].named[target.schools] else empty)


# --- values ----------------------------------------------------------------------------------------------------------


def measured(subject: Subject, year: int) -> Measured | None:
    """The value of a target in a year; None where there is none."""
    if subject.target.formula == "share_identified":
        return _share_identified(subject.target.schools, subject.lists.get(year), year)
    if year not in subject.store.years or not len(subject.names):
        return None
    if subject.target.formula == "share_improved":
        return _share_improved(subject, year)
    return _combined(subject, _rows(subject, year))


def _share_identified(category: str, lists: Lists | None, year: int) -> Measured | None:
    if lists is None or category not in lists.members or not lists.total:
        return None
    named, answered, total = lists.named[category], lists.answered[category], lists.total
    open_to = (named + max(total - answered, 0)) / total
    return Measured(year, named / total, named, total, total, answered, (named / total, open_to))


def _share_improved(subject: Subject, year: int) -> Measured | None:
    """The share of schools that are better than in the latest earlier year that is comparable."""
    better = -1 if subject.store.catalogue[subject.target.indicator].better == "low" else 1
    for before in reversed(subject.store.years[subject.store.years < year].tolist()):
        cells, _ = common_cells(subject, before, year)
        first, last = (_pooled(subject, _rows(subject, each).only(cells)) for each in (before, year))
        change = better * (last.value - first.value)
        if len(change := change[~np.isnan(change)]):
            return _share_of(year, change > 0, before)
    return None


def _share_of(year: int, holds: np.ndarray, since: float = np.nan) -> Measured:
    share, count = float(holds.mean()), len(holds)
    return Measured(year, share, int(holds.sum()), count, count, count, (share, share), since)


@dataclass(frozen=True)
class _Values:
    """One value a school from its procedures or stages, with its results and the persons behind them."""

    value: np.ndarray
    results: np.ndarray
    people: np.ndarray


def _rows(subject: Subject, year: int) -> Slice:
    return Slice.of(subject.store, subject.names, year, 1)


def _pooled(subject: Subject, rows: Slice) -> _Values:
    """The schools of a target, weighted by participants where all are known."""
    pooled = pool_slice(subject.store, subject.names, rows, int(rows.years[-1]), 1, "mean")
    return _Values(*(getattr(pooled, name)[subject.units] for name in ("value", "results", "people")))


def _combined(subject: Subject, rows: Slice) -> Measured | None:
    """The value of the schools together, of the rows that are given."""
    target, year, found = subject.target, int(rows.years[-1]), _pooled(subject, rows)
    there = ~np.isnan(found.value)
    values, weights, people = found.value[there], found.results[there], found.people[there]
    if not len(values):
        return None
    if target.formula == "share_of_schools":
        side, bound = target.condition
        return _share_of(year, values >= bound if side == "at_least" else values <= bound)
    if target.formula == "gap":
        if len(values) < 2:
            return None
        gap = float(values.max() - values.min())
        return Measured(year, gap, np.nan, len(values), np.nan, len(values), (gap, gap))
    if np.isnan(weights).any():
        mean = float(values.mean())
        return Measured(year, mean, np.nan, np.nan, np.nan, len(values), (mean, mean))
    top, whole = float((values * weights).sum()), float(weights.sum())
    ends = (top / whole, top / whole)
    unit = subject.store.catalogue.unit(target.indicator)
    of = subject.schools_in(year)
    if unit == "flag" and not target.parts and of > len(values):  # each school is one answer, and some have none
        ends = (top / of, (top + of - len(values)) / of)
    cases = float(people.sum()) if unit in ("rate", "flag") else np.nan
    return Measured(year, top / whole, top, whole, cases, len(values), ends)


def common_cells(subject: Subject, before: int, now: int) -> tuple[np.ndarray, str]:
    """Of which schools and procedures both years tell the same thing, and what makes the others unlike, in Russian.

    A procedure that is not what it was in one of the years, and a value that is carried on from an assessment before them, tell
    nothing of a change.

    Returns
    -------
    units × 1 × names.
    """
    store = subject.store
    first, last = (~np.isnan(_rows(subject, each).value) for each in (before, now))
    both = first & last
    unlike: dict[str, list[str]] = {}
    for place, name in enumerate(store.names[subject.names]):
        entry, part = store.catalogue.of(name), split_name(name)[1] or ""
        told = not_alike(part, before, now) if entry and entry.per in ("procedure", "exam") else ""
        if told and both[subject.units, 0, place].any():
            unlike.setdefault(told, []).append(procedure_label(part))
            both[:, :, place] = False
    states = store.state[:, np.flatnonzero(store.years == now)[0]][:, subject.names]
    old = np.array([(assessed_in(one.note) or now) <= before for one in store.states] + [False])[states]
    return both & ~old[:, None, :], "; ".join(unlike)


def _carried(subject: Subject, year: int) -> str:
    """How many values of the schools in a year are of an assessment in an earlier one, in words; empty where none is."""
    store = subject.store
    if year not in store.years or not len(subject.names):
        return ""
    at = np.ix_(subject.units, np.flatnonzero(store.years == year), subject.names)
    states = store.state[at][~np.isnan(store.value[at])]
    earlier = [when for state in states[states >= 0] if (when := assessed_in(store.states[state].note))]
    years = ", ".join(map(str, sorted(set(earlier))))
    return f"значений по оценкам прежних лет ({years}) – {len(earlier)} из {len(states)}" if earlier else ""


def _span(subject: Subject, year: int) -> str:
    """Between what the value of a year lies where some schools have no answer, in words; empty where all have one."""
    found = measured(subject, year)
    if found is None or found.ends[0] == found.ends[1]:
        return ""
    low, high = (f"{100 * end:.1f}".replace(".", ",") for end in found.ends)
    return f"данных о части школ нет: доля – от {low} до {high} %"


def _pair(subject: Subject, before: int, now: int) -> tuple[Measured, Measured, str] | str:
    """The target in two years over what both have, and what was left out; or why they cannot be compared, in Russian."""
    if subject.target.formula in OF_ALL_AT_ONCE:
        return *(measured(subject, each) for each in (before, now)), ""
    cells, unlike = common_cells(subject, before, now)
    first, last = (_combined(subject, _rows(subject, each).only(cells)) for each in (before, now))
    if first is None or last is None:
        return f"ряд прерван ({unlike})" if unlike else f"нет школ с новыми данными обоих лет – {before} и {now}"
    whole = measured(subject, now)
    left = f"без процедур, которые не сравнить ({unlike})" if unlike else ""
    if last.schools < whole.schools:
        left = "; ".join(filter(None, [f"по {last.schools} из {whole.schools} школ, у которых есть оба года", left]))
    return first, last, left


# --- states ----------------------------------------------------------------------------------------------------------


def _state(subject: Subject, years: list[int], year: int) -> dict[str, object]:
    target, now = subject.target, measured(subject, year)
    told: dict[str, object] = {"goal": target.value, "of_schools": subject.schools_in(year)}
    if now is None:
        cause, needs, reason = why_missing(subject, year)
        missing = told | {"schools": 0, "state": NO_DATA, "reason": reason, "cause": cause, "needs": needs}
        return missing | _of_ranges(subject, years, year) if cause == AS_RANGE else missing
    told |= now.numbers() | {"schools": now.schools}
    if target.goal == "not_worse_than":
        return told | _against_level(subject, year)
    reached = _reached(target, now)
    base = target.baseline or _first_year(subject, years)
    if base in years:
        start = measured(subject, base)
        told |= {"first_year": base} | start.numbers("first_")
        if reached and _reached(target, start):
            return told | {"state": HELD, "reason": _held(target, base)}
    if reached:
        return told | {"state": FULFILLED, "reason": "цель достигнута"}
    if reached is None:
        return told | _half_answered(subject, now)
    if target.year and year >= target.year:
        return told | {"state": OFF_TRACK, "reason": "срок цели наступил, она не достигнута"}
    if base not in years:
        reason = f"нет значения за {base} год, от которого считать"
        return told | {"state": OPEN, "reason": reason, "cause": NOT_DELIVERED, "needs": _needs(subject)}
    if base == year:
        on_line = {} if target.value is None else {"expected": now.value}
        return told | on_line | {"state": START, "reason": _words("первый год наблюдений: точка отсчёта", target)}
    pair = _pair(subject, base, year)
    if isinstance(pair, str):
        reason = f"изменение с {base} года не измерить: {pair}"
        return told | {"state": OPEN, "reason": reason, "cause": NOT_COMPARABLE, "needs": f"{base} {year}"}
    first, last, left = pair
    told |= first.numbers("first_") | last.numbers("compared_")
    change = _improves if target.goal == "improves" else _on_the_way
    found = change(subject, first, last)
    return told | found | {"reason": _words(found["reason"], target, left)}


def _of_ranges(subject: Subject, years: list[int], year: int) -> dict[str, object]:
    """The state where documents print ranges instead of every value: all they leave possible lies on one side of the goal.

    Nothing where the goal lies inside, or the target is a direction, a gap or beside a level above.
    """
    target, rows, store = subject.target, _rows(subject, year), subject.store
    if target.goal not in ("at_most", "at_least") or target.formula not in ("pooled", "share_of_schools"):
        return {}
    state = store.state[:, np.flatnonzero(store.years == year)][:, :, subject.names]
    printed = [Range.read(one.needs).ends if one.cause == AS_RANGE else (np.nan, np.nan) for one in store.states]
    ends = np.array([*printed, (np.nan, np.nan)])[state]
    least, most = (_combined(subject, replace(rows, value=ends[..., side])) for side in (0, 1))
    if least is None or most is None:
        return {}
    told = {"schools": least.schools}
    reached = _reached(target, replace(least, ends=(least.value, most.value)))
    if reached:
        base = target.baseline or _first_year(subject, [*years, year])
        start = measured(subject, base)
        if base == year or (start is not None and _reached(target, start)):
            return told | {"state": HELD, "reason": _held(target, base)}
        return told | {"state": FULFILLED, "reason": "цель достигнута при любом значении этих границ"}
    if reached is False and target.year and year >= target.year:
        return told | {
            "state": OFF_TRACK,
            "reason": "срок цели наступил, при любом значении этих границ она не достигнута",
        }
    if reached is False:
        reason = "при любом значении этих границ цель пока не достигнута; пути к ней границы не показывают"
        return told | {"state": OPEN, "reason": reason}
    return {}


def _first_year(subject: Subject, years: list[int]) -> int:
    """The first year with data; of a list that is fixed, not before it."""
    fixed = subject.cohort if subject.target.cohort == "baseline" else None
    return min((each for each in years if each >= (fixed or 0)), default=min(years))


def _words(reason: str, target: Target, left: str = "") -> str:
    no_number = "число цели документ не задаёт" if target.goal == "improves" else ""
    return "; ".join(filter(None, [reason, left, no_number]))


def _lower_is_better(subject: Subject) -> bool:
    target = subject.target
    if target.goal in ("at_most", "at_least"):
        return target.goal == "at_most"
    if target.formula in ("gap", "share_identified"):
        return True
    return target.formula != "share_improved" and subject.store.catalogue[target.indicator].better == "low"


def _reached(target: Target, found: Measured) -> bool | None:
    """Whether a number is reached; None where schools without an answer could make it either way."""
    if target.goal == "improves":
        return False
    low, high = found.ends
    sure, possible = (high, low) if target.goal == "at_most" else (low, high)
    if target.goal == "at_most":
        return True if sure <= target.value else False if possible > target.value else None
    return True if sure >= target.value else False if possible < target.value else None


def _held(target: Target, base: int) -> str:
    if target.goal == "at_least" and target.value == 0:
        return "такую цель выполняет любое значение: достижением она не считается"
    return f"цель выполнена уже в первом году наблюдений ({base}): заслуги программы в этом нет"


def _half_answered(subject: Subject, now: Measured) -> dict[str, object]:
    of = subject.schools_in(now.year)
    lists = subject.lists.get(now.year)
    needs = (
        lists.needs.get(subject.target.schools, "") if lists and subject.target.indicator is None else _needs(subject)
    )
    reason = f"данные по {now.schools} из {of:.0f} школ: остальные решают, выполнена ли цель"
    return {"state": OPEN, "reason": reason, "cause": NOT_DELIVERED, "needs": needs}


def _needs(subject: Subject) -> str:
    indicator = subject.target.indicator
    return subject.store.catalogue[indicator].needs if indicator else ""


def _differ(first: Measured, last: Measured) -> bool | None:
    """Whether two years differ by more than chance brings; None where no counts tell it."""
    if np.isnan([first.people, last.people]).any():
        return None
    return rates_differ(first.value * first.people, first.people, last.value * last.people, last.people)


def _improves(subject: Subject, first: Measured, last: Measured) -> dict[str, object]:
    """A direction without a number: better or worse than the baseline by more than chance brings, where counts tell it."""
    change, differ = last.value - first.value, _differ(first, last)
    if (unsure := _unsure(subject, first, last)) is not None:
        return unsure
    if change == 0 or differ is False:
        return {"state": SAME, "reason": f"разница с {first.year} годом не больше случайной"}
    good = change < 0 if _lower_is_better(subject) else change > 0
    told = f"{'лучше' if good else 'хуже'}, чем в {first.year} году"
    if differ is None:
        reason = f"{told}, но больше ли это случайного, не определить: численности нет"
        return {"state": OPEN, "reason": reason, "cause": NOT_COMPARABLE, "needs": f"{first.year} {last.year}"}
    return {"state": ON_TRACK if good else OFF_TRACK, "reason": told}


def _unsure(subject: Subject, first: Measured, last: Measured) -> dict[str, object] | None:
    """The state where schools without an answer could turn the change round; else None."""
    if max(first.ends[0], last.ends[0]) > min(first.ends[1], last.ends[1]):  # the ranges do not meet
        return None
    unanswered = first.ends[0] < first.ends[1] or last.ends[0] < last.ends[1]
    return _half_answered(subject, last if last.ends[0] < last.ends[1] else first) if unanswered else None


def _on_the_way(subject: Subject, first: Measured, last: Measured) -> dict[str, object]:
    """Where a value stands beside the straight way from the baseline to the goal."""
    target, lower = subject.target, _lower_is_better(subject)
    part = (last.year - first.year) / (target.year - first.year)
    expected = first.value + (target.value - first.value) * part
    ways = {end <= expected if lower else end >= expected for end in (*last.ends, last.value)}
    if len(ways) > 1:
        return _half_answered(subject, last) | {"expected": expected}
    ahead, told = ways.pop(), {"expected": expected}
    if _differ(first, last) is False:
        low, high = (float(end) for end in wilson_ends(np.array(last.value * last.people), np.array(last.people)))
        if ahead or low <= expected <= high:
            return told | {"state": SAME, "reason": f"разница с {first.year} годом не больше случайной"}
    words = ("значение не хуже прямого пути к цели", "значение хуже прямого пути к цели")
    return told | {"state": ON_TRACK if ahead else OFF_TRACK, "reason": words[0 if ahead else 1]}


def _against_level(subject: Subject, year: int) -> dict[str, object]:
    """The schools against a level above: over the procedures that it has too, each with the weight it has among the schools."""
    target, store, rows = subject.target, subject.store, _rows(subject, year)
    word = {"region": "региона", "country": "страны"}[target.benchmark]
    level = store.above(target.benchmark)
    above = np.where((level >= 0)[:, None, None], rows.value[level], np.nan)
    both = store.at_school[:, None, None] & ~np.isnan(rows.value) & ~np.isnan(above)
    own = rows.only(both)
    compared = _combined(subject, own)
    if compared is None:
        reason = f"нет значения {word} для сравнения"
        return {"state": OPEN, "reason": reason, "cause": NOT_COMPARABLE, "needs": target.benchmark}
    held = _combined(subject, replace(own, value=np.where(both, above, np.nan)))
    good = compared.value <= held.value if _lower_is_better(subject) else compared.value >= held.value
    reason = f"{'не хуже' if good else 'хуже'} {word} по тем же процедурам"
    return compared.numbers("compared_") | {
        "goal": held.value,
        "state": FULFILLED if good else OFF_TRACK,
        "reason": reason,
    }


def why_missing(subject: Subject, year: int) -> tuple[str, str, str]:
    """Why a target has no value in a year: cause, needs, and both in Russian.

    Where the table has rows of its schools its columns are named, else the table.
    """
    target, store = subject.target, subject.store
    if target.indicator is None:
        lists = subject.lists.get(year)
        needs = lists.needs.get(target.schools, "") if lists else ""
        return NOT_DELIVERED, needs, "перечень не определён: не хватает данных для критериев"
    if subject.nobody:
        return subject.nobody
    if target.parts and not any(was_held(part, year) for part in target.parts):
        return NOT_HELD, "; ".join(target.parts), f"процедуры в {year} году не проводились"
    of_schools = "" if target.schools == "all" else " по школам списка"
    states = store.state[np.ix_(subject.units, np.flatnonzero(store.years == year), subject.names)]
    causes = [one for state in np.unique(states[states >= 0]) if (one := store.states[state]).cause]
    for cause in dict.fromkeys(one.cause for one in causes):
        own = [one for one in causes if one.cause == cause]
        columns = columns_needed(one.needs for one in own)
        told = columns if cause == NOT_DELIVERED and columns else [one.note for one in own if cause != NOT_DELIVERED]
        if cause == AS_RANGE:
            return cause, _joined(one.needs for one in own), f"одного значения нет{of_schools}: {'; '.join(told)}"
        if told:
            return cause, _joined(one.needs for one in own), f"нет данных{of_schools}: {', '.join(dict.fromkeys(told))}"
    values = store.value[np.ix_(subject.units, np.flatnonzero(store.years == year), subject.names)]
    if (~np.isnan(values)).any():  # a gap of one school, an improvement without a year before
        few = "разрыв считается по двум школам и больше, значение есть у одной"
        alone = f"нет более раннего года, с которым {year} год можно сравнить"
        return (TOO_FEW, "1 < 2", few) if target.formula == "gap" else (NOT_COMPARABLE, str(year), alone)
    tables = ", ".join(missing_tables([target.indicator], store.catalogue))
    return NOT_DELIVERED, _needs(subject), f"нет данных{of_schools}: {tables}"
