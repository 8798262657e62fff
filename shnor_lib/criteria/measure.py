"""What criteria are judged on: the value of each for every school, with what stands in the way of judging it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from shnor_lib.indicators import Catalogue, Store, split_name
from shnor_lib.indicators.causes import (
    AS_RANGE,
    KNOWN,
    NOT_APPLICABLE,
    NOT_COMPARABLE,
    NOT_DELIVERED,
    NOT_DISTINGUISHED,
    NOT_HELD,
    TOO_FEW,
    columns_needed,
)
from shnor_lib.indicators.formulas import texts
from shnor_lib.indicators.store import FROM_SCHOOLS
from shnor_lib.indicators.window import (
    EXTREMES,
    Slice,
    Window,
    any_of_office,
    full_names,
    others_behind,
    pool_slice,
    pool_window,
)
from shnor_lib.inputs.breaks import was_held
from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.params.methods import Criterion, LowInProcedures, Measure
from shnor_lib.params.titles import plural

MET, NOT_MET, NOT_ASSESSED = "met", "not_met", "not_assessed"
UNIT = ["municipality", "school_id"]
SHARE_COLUMNS = [*UNIT, "procedure", "year", "value", "participants", "source"]
NO_PROCEDURE = "процедура в эти годы не проводилась"
PRECISION = 10
"""Decimal places at which two values are called equal when schools are ranked or compared."""


@dataclass(frozen=True)
class Evidence:
    """What criteria are judged on.

    Attributes
    ----------
    schools : one row per school: municipality, school_id, kind, locality, special_type, highest_grade.
    store : the indicators of all levels and years, indices of the method included.
    low_procedures : rows of the official lists; ``complete_lists`` names the municipalities whose list is complete.
    components : the indicators that each index of the method is made of.
    """

    schools: pd.DataFrame
    store: Store
    low_procedures: pd.DataFrame
    complete_lists: frozenset[str] = frozenset()
    components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def places(self) -> np.ndarray:
        """Places of the schools in the store; −1 for one that has no rows."""
        return self.store.places_of(self.schools)


@dataclass(frozen=True)
class Measurement:
    """What a criterion measured, each an array over the schools of the evidence, with what stands in the way of judging it.

    Attributes
    ----------
    participants : persons behind the value, each counted once.
    obstacle : Russian; empty when the value can be judged; with its ``cause`` and ``needs``.
    coverage : Russian; which years and procedures stand behind the value.
    present : procedures that are there, of those that a school of its kind has.
    """

    value: np.ndarray
    participants: np.ndarray
    benchmark: np.ndarray
    obstacle: np.ndarray
    cause: np.ndarray
    needs: np.ndarray
    coverage: np.ndarray
    present: np.ndarray


@dataclass(frozen=True)
class Pooled:
    """A criterion's value of every unit from its procedures and years, with the benchmark beside it."""

    plain: Window
    like_with_like: Window | None = None
    above: Window | None = None

    def of(self, figure: str, units: np.ndarray) -> np.ndarray:
        """A figure of some units: over what the level above has too, where they have any of it."""
        plain = getattr(self.plain, figure)[units]
        if self.like_with_like is None:
            return plain
        return np.where(self.like_with_like.there[units], getattr(self.like_with_like, figure)[units], plain)

    def benchmark(self, units: np.ndarray) -> np.ndarray:
        """The value of the level above with the school's own weights; missing where there is none."""
        return np.full(len(units), np.nan) if self.above is None else self.above.value[units]

    def notes(self, units: np.ndarray) -> np.ndarray:
        """What stands behind each value, in words."""
        plain = np.array(self.plain.notes(units), dtype=object)
        if self.like_with_like is None:
            return plain
        compared = np.array(self.like_with_like.notes(units), dtype=object)
        return np.where(self.like_with_like.there[units], compared, plain)


def measure(criterion: Criterion, evidence: Evidence, year: int, benchmark: str | None = None) -> Measurement:
    """The value of a criterion for every school, with what stands in the way of judging it.

    Parameters
    ----------
    benchmark : level whose value is taken over the same procedures and years, with the school's own weights; or None.
    """
    store, at = evidence.store, evidence.places
    pooled = pool_for_criterion(criterion, store, year, benchmark)
    has = at >= 0
    has[has] = pooled.plain.there[at[has]]
    units = at[has]

    def each(found: np.ndarray, other: object = np.nan) -> np.ndarray:
        values = np.full(len(at), other, dtype=object if isinstance(other, str) else float)
        values[has] = found
        return values

    value, people, present, expected = (
        each(pooled.of(name, units)) for name in ("value", "people", "present", "expected")
    )
    expected = np.maximum(
        expected - each(_of_no_grade(pooled.plain, units, evidence.schools[has])), 1 + len(criterion.also)
    )
    above = each(pooled.benchmark(units))
    unknown, few = np.isnan(value), people < criterion.minimum_participants
    with np.errstate(invalid="ignore", divide="ignore"):
        sparse = present / expected < criterion.minimum_coverage
    cases = [unknown, few, sparse, np.isnan(above) & (benchmark is not None)]
    obstacle = np.select(
        cases,
        [
            "",
            f"мало участников: меньше {criterion.minimum_participants}",
            "",
            f"нет значения для сравнения: {label_of('level', benchmark)}" if benchmark else "",
        ],
        default="",
    )
    cause = np.select(cases, [NOT_DELIVERED, TOO_FEW, TOO_FEW, NOT_COMPARABLE], default=KNOWN).astype(object)
    needs = np.full(len(at), "", dtype=object)
    needs[cause == NOT_COMPARABLE] = benchmark
    parts = "частей" if criterion.pooling in EXTREMES else "процедур"
    for row in np.flatnonzero(~unknown & few):
        needs[row] = f"{people[row]:.0f} < {criterion.minimum_participants}"
    obstacle = obstacle.astype(object)
    for row in np.flatnonzero(~unknown & ~few & sparse):
        enough = math.ceil(round(expected[row] * criterion.minimum_coverage, PRECISION))
        needs[row] = f"{present[row]:.0f} < {enough}"
        obstacle[row] = (
            f"данные есть по {present[row]:.0f} из {expected[row]:.0f} {parts} – мало: нужно не меньше {enough}"
        )
    if unknown.any():
        cause[unknown], needs[unknown], obstacle[unknown] = causes_of_missing(criterion, evidence, unknown, year)
    return Measurement(value, people, above, obstacle, cause, needs, each(pooled.notes(units), ""), present)


def pool_for_criterion(criterion: Measure, store: Store, year: int, benchmark: str | None = None) -> Pooled:
    """The value of a criterion from its procedures and years, with the benchmark beside it; each is pooled once."""
    asked = (tuple(_measured_names(criterion)), criterion.window, criterion.pooling, criterion.minimum_others)
    key = (*asked, year, benchmark)
    if key not in store.memory:
        store.memory[key] = _pool(criterion, store, year, benchmark)
    return store.memory[key]


def _of_no_grade(window: Window, units: np.ndarray, schools: pd.DataFrame) -> np.ndarray:
    """How many of the names that the municipality has are of grades that each school does not have, by school."""
    parts = [split_name(name)[1] or "" for name in window.names]
    grades = pd.to_numeric(pd.Series([part.rpartition("/")[2] for part in parts], dtype=object), errors="coerce")
    if "highest_grade" not in schools or grades.isna().all():
        return np.zeros(len(units))
    highest = schools["highest_grade"].to_numpy(dtype=float, na_value=np.nan)
    return (window.had[window.store.offices[units]] & (grades.to_numpy(float) > highest[:, None])).sum(axis=1)


def _measured_names(criterion: Measure) -> list[str]:
    """Full names (patterns) of what the value is made of."""
    return [name for one in (criterion.indicator, *criterion.also) for name in full_names(one, criterion.parts)]


def _pool(criterion: Measure, store: Store, year: int, benchmark: str | None) -> Pooled:
    names = store.chosen(_measured_names(criterion))
    how = (year, criterion.window, criterion.pooling)
    plain = pool_window(store, names, *how, others=criterion.minimum_others)
    if benchmark is None:
        return Pooled(plain)
    rows, level = Slice.of(store, names, year, criterion.window), store.above(benchmark)
    reference = np.where((level >= 0)[:, None, None], rows.value[level], np.nan)
    both = store.at_school[:, None, None] & ~np.isnan(rows.value) & ~np.isnan(reference)
    if benchmark == "municipality":
        both &= _others_behind(store, rows, names, level, criterion.minimum_others)
    own = rows.only(both)
    held_against = replace(own, value=np.where(both, reference, np.nan), numerator=reference * own.denominator)
    return Pooled(
        plain,
        pool_slice(store, names, own, *how, reference=benchmark),
        pool_slice(store, names, held_against, *how, reference=benchmark),
    )


def _others_behind(store: Store, rows: Slice, names: np.ndarray, level: np.ndarray, least: int) -> np.ndarray:
    """For each row of a school, whether enough other schools stand behind the value of its municipality.

    ``names``: of the rows in the store; ``level``: the place of the municipality of each unit.
    """
    of_school = store.at_school[:, None, None] & ~np.isnan(rows.value)
    known, people = (np.zeros((len(store.units), *rows.value.shape[1:])) for _ in range(2))
    np.add.at(known, store.offices, of_school)
    np.add.at(people, store.offices, np.where(of_school, rows.denominator, 0.0))
    states = store.state[np.ix_(level, np.searchsorted(store.years, rows.years), names)]
    delivered = np.array([not state.note.startswith(FROM_SCHOOLS) for state in store.states])[states]
    return others_behind(
        np.bincount(store.offices, store.at_school)[store.offices][:, None, None],
        known[store.offices] - of_school,
        people[store.offices],
        rows.denominator[level],
        delivered & (rows.value[level] != rows.value),
        least,
    )


def components_of(criterion: Measure, evidence: Evidence) -> tuple[str, ...]:
    """The indicators that a criterion's value is made of: its own, or those of its index."""
    names = [evidence.components.get(name, (name,)) for name in (criterion.indicator, *criterion.also)]
    return tuple(dict.fromkeys(part for parts in names for part in parts))


def causes_of_missing(
    criterion: Measure, evidence: Evidence, unknown: np.ndarray, year: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cause and needs of the schools that have no value, and both in Russian.

    What the latest row of a school says, else what was not held or not delivered. Where the table has a row of the school, its
    columns are named, not the table.

    ``unknown``: which schools have no value.
    """
    store, units = evidence.store, evidence.places[unknown]
    components = components_of(criterion, evidence)
    entries = [entry for name in components if (entry := store.catalogue.get(name))]
    cause = np.full(len(units), NOT_DELIVERED, dtype=object)
    needs = np.full(len(units), "; ".join(dict.fromkeys(entry.needs for entry in entries)), dtype=object)
    years = range(year - criterion.window + 1, year + 1)
    inside = np.flatnonzero((store.years > year - criterion.window) & (store.years <= year))[::-1]
    asked = [store.chosen(full_names(name, criterion.parts)) for name in components]
    reason = missing_reasons(store, units, inside, dict(zip(components, asked, strict=True)))
    held = not criterion.parts or any(was_held(part, each) for part in criterion.parts for each in years)
    if not held:
        cause[:], needs[:], reason[:] = NOT_HELD, "; ".join(criterion.parts), NO_PROCEDURE
    grades = [part.rpartition("/")[2] for part in criterion.parts] or [str(entry.grade) for entry in entries]
    if grades and all(grade.isdigit() for grade in grades) and "highest_grade" in evidence.schools:
        least = min(map(int, grades))
        highest = evidence.schools["highest_grade"].to_numpy(dtype=float, na_value=np.nan)[unknown]
        lower = highest < least
        cause[lower], needs[lower], reason[lower] = NOT_APPLICABLE, f"grade {least}", f"в школе нет {least} класса"
    names = store.chosen(_measured_names(criterion))
    latest = latest_causes(store, units, inside, names)
    for row in np.flatnonzero(latest >= 0):
        told = store.states[latest[row]]
        if held or told.cause != NOT_DELIVERED:
            cause[row], needs[row] = told.cause, told.needs
            if told.cause == NOT_DISTINGUISHED:
                reason[row] = f"школы не различаются: {told.note}"
            if told.cause == NOT_COMPARABLE:
                reason[row] = f"индекс не вычислен: {told.note}"
            if told.cause == AS_RANGE:
                alone = components == (criterion.indicator,) and len(inside) * len(names) > 0
                delivered = store.state[np.ix_([units[row]], inside, names)] >= 0
                needs[row] = told.needs if alone and delivered.sum() == 1 else ""
                reason[row] = f"значение {told.note}"
    if criterion.pooling == "deviation":
        has_values = with_values(store, units, inside, names)
        others = plural(criterion.minimum_others, "другой школы", "других школ", "других школ")
        alone = f"не с кем сравнить: нет процедур с результатами хотя бы {criterion.minimum_others} {others}"
        cause[has_values], needs[has_values], reason[has_values] = NOT_COMPARABLE, "municipality", alone
    return cause, needs, reason


def latest_causes(store: Store, units: np.ndarray, inside: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Of each unit, the place of the latest of its states that says why a value is unknown; −1 where no row does.

    ``inside``: places of the years, the latest first; ``units``: places, −1 for one that has no rows.
    """
    state = store.state[np.ix_(units, inside, names)].reshape(len(units), len(inside) * len(names))
    state = np.where((units >= 0)[:, None], state, -1)
    if not state.size:
        return np.full(len(units), -1)
    says = np.array([bool(one.cause) for one in store.states] + [False])[state]
    return np.where(says.any(axis=1), state[np.arange(len(units)), says.argmax(axis=1)], -1)


def with_values(store: Store, units: np.ndarray, inside: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Which units have a value of any of the names in any of the years; arguments as of :func:`latest_causes`."""
    return (units >= 0) & ~np.isnan(store.value[np.ix_(units, inside, names)]).all(axis=(1, 2))


def missing_reasons(store: Store, units: np.ndarray, inside: np.ndarray, asked: Mapping[str, np.ndarray]) -> np.ndarray:
    """What would give each unit a value that it lacks, in Russian: columns where its table has a row of it, else the table.

    ``asked``: for each indicator the places of its names; others as in :func:`latest_causes`.
    """
    latest = {name: latest_causes(store, units, inside, places) for name, places in asked.items()}
    known = {name: with_values(store, units, inside, places) for name, places in asked.items()}
    told: dict[tuple, str] = {}
    reasons = np.full(len(units), "", dtype=object)
    for row in range(len(units)):
        key = tuple((name, int(latest[name][row])) for name in asked if not known[name][row])
        if key not in told:
            told[key] = _missing_reason(store, key)
        reasons[row] = told[key]
    return reasons


def _missing_reason(store: Store, lacking: tuple[tuple[str, int], ...]) -> str:
    tables: list[str] = []
    columns: list[str] = []
    notes: list[str] = []
    for name, place in lacking:
        told = store.states[place] if place >= 0 else None
        if told is None or (told.cause == NOT_DELIVERED and not columns_needed([told.needs])):
            tables += missing_tables([name], store.catalogue)
        elif told.cause == NOT_DELIVERED:
            columns.append(told.needs)
        else:
            notes.append(told.note)
    return "нет данных: " + ", ".join(dict.fromkeys([*tables, *columns_needed(columns), *notes]))


def missing_tables(indicators: Iterable[str], known: Catalogue) -> list[str]:
    """Which tables would give indicators, in Russian; an unknown name is named itself.

    Examples
    --------
    >>> from shnor_lib.indicators import catalogue
    >>> missing_tables(["teachers_off_profile_rate"], catalogue())
    ['таблица «Кадры»']
    """
    missing = {}
    for indicator in indicators:
        if indicator in known:
            for name in known[indicator].tables:
                missing[name] = f"таблица «{table(name).label}»"
        else:
            missing[indicator] = f"показатель «{indicator}»"
    return list(missing.values())


def missing_data_reason_of_list() -> str:
    """How messages call the official list of low procedures."""
    return f"таблица «{table('low_procedures').label}»"


def shares_of_procedures(criterion: LowInProcedures, evidence: Evidence, year: int) -> pd.DataFrame:
    """Every procedure and year that the criterion looks at, for every school that has it or is expected to have it.

    Expected of a school is what anyone of its municipality, or the region, has in the window, in grades that the school has;
    of a school whose grades are not known, all of it.

    municipality, school_id, procedure, year, value (share below the minimum), participants, source (``computed``,
    ``official_list``, or ``not_delivered`` for what is only expected).
    """
    store, columns = evidence.store, SHARE_COLUMNS
    names = store.chosen(full_names(criterion.indicator, criterion.every_part))
    procedures = [split_name(one)[1] or "" for one in store.names[names]]
    inside = np.flatnonzero((store.years > year - criterion.window) & (store.years <= year))
    of_year = [store.chosen(full_names(criterion.indicator, criterion.parts_of(each))) for each in store.years[inside]]
    asked = np.array([np.isin(names, own) for own in of_year], dtype=bool).reshape(len(inside), len(names))
    there = (store.state[:, inside][:, :, names] >= 0) & asked
    at = evidence.places[evidence.places >= 0]
    school, when, name = np.nonzero(there[at])
    value, participants = (of[np.ix_(at, inside, names)][school, when, name] for of in (store.value, store.denominator))
    rows = pd.DataFrame(
        {column: texts(getattr(store.units, column), at[school]) for column in UNIT}
        | {
            "procedure": texts(procedures, name),
            "year": store.years[inside][when],
            "value": value,
            "participants": participants,
            "source": "computed",
        }
    )
    office, when, name = np.nonzero(any_of_office(store, there))
    had = pd.DataFrame(
        {
            "municipality": texts(np.unique(store.units.municipality.astype(str)), office),
            "procedure": texts(procedures, name),
            "year": store.years[inside][when],
        }
    )
    listed = evidence.low_procedures[evidence.low_procedures["year"].between(year - criterion.window + 1, year)]
    if not criterion.use_official_list or listed.empty:
        parts = [rows]
    else:
        listed = listed.assign(source="official_list", participants=math.nan)
        listed = listed.rename(columns={"below_minimum_share": "value"}).merge(evidence.schools[UNIT], on=UNIT)
        parts, had = [listed, rows], pd.concat([had, listed[had.columns]])
    parts.append(_expected_of_schools(evidence.schools, had.drop_duplicates()))
    together = pd.concat(
        [frame[columns].astype({"value": float, "participants": float}) for frame in parts if len(frame)] or [rows]
    )
    return (
        together.drop_duplicates([*UNIT, "procedure", "year"], keep="first")
        .sort_values(columns[:4], kind="stable")
        .reset_index(drop=True)
    )


def _expected_of_schools(schools: pd.DataFrame, had: pd.DataFrame) -> pd.DataFrame:
    """What each school is expected to have of what anyone of its municipality has, as rows without a value.

    ``had``: municipality, procedure, year.
    """
    grade = pd.to_numeric(had["procedure"].str.split("/").str[-1], errors="coerce")
    expected = schools[[*UNIT, "highest_grade"]].merge(had.assign(grade=grade), on="municipality")
    highest = expected["highest_grade"].to_numpy(dtype=float, na_value=np.nan)
    expected = expected[~(expected["grade"].to_numpy(dtype=float) > highest)]
    return expected.assign(value=math.nan, participants=math.nan, source="not_delivered")
