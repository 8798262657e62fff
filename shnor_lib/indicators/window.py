"""Several years and procedures of a school in one value, benchmarks beside it, and what a school can have at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import Catalogue, part_label, split_name
from shnor_lib.indicators.causes import NOT_DELIVERED
from shnor_lib.indicators.effects import school_effects
from shnor_lib.indicators.formulas import picked, texts
from shnor_lib.indicators.persons import cohorts, persons
from shnor_lib.indicators.schools import highest_grade
from shnor_lib.indicators.store import Store, fits
from shnor_lib.inputs.dictionary import choices, procedure_label
from shnor_lib.params.methods import LEAST_OTHERS

UNIT = ["level", "group", "school_id"]
"""What a pooled row is about; rows of several offices are told apart by ``municipality`` as well, when they have it."""
POOLED = [
    *UNIT,
    "year",
    "value",
    "numerator",
    "denominator",
    "participants",
    "years",
    "procedures_present",
    "procedures_expected",
    "note",
]

LATEST = "последний год с данными"
Way = Literal["ratio", "mean", "latest", "deviation", "maximum", "minimum"]
EXTREMES = {"maximum": "наибольшее", "minimum": "наименьшее"}
"""Ways that take one of the values, and how it is called."""
NOTHING, USED, NO_COUNTS, NO_REFERENCE, FEW_OTHERS = -1, -2, -3, -4, -5
"""What became of a cell of a window, besides the state that says why it has no value: no row or none of interest, in the value, a
value without the counts behind it, a value that the level above lacks, one that too few other schools have."""
WAYS: tuple[Way, ...] = ("ratio", "mean", "latest", "deviation", "maximum", "minimum")


@dataclass(frozen=True)
class Window:
    """Several years and procedures of every unit of a store in one value: an array over the units for each figure.

    Attributes
    ----------
    there : whether a unit has a row of these indicators in the window at all.
    value, results : value and the sum of the denominators behind it: of results, of which a pupil has several.
    people : the persons behind it, each counted once (:mod:`shnor_lib.indicators.persons`); missing where not known, as results.
    years : the years with a value, a bit for each year of the window from its first; ``present`` and ``expected`` the names
        with a value, and the names that anyone of the municipality has a value of.
    unweighed : whether the number of participants of some result is not known, so that all weigh the same.
    fate : units × (years × names), what became of each cell: :data:`USED`, :data:`NOTHING`, or why it is left out: the place
        of its state in the store, :data:`NO_COUNTS`, :data:`NO_REFERENCE`, :data:`FEW_OTHERS`; ``store``, ``names``, ``of_years``
        tell which cells.
    last, span : the year of the run and how many years end with it; ``way`` and ``reference`` as of :func:`pool_years`.
    had : municipalities × names, of which anyone of the municipality has a value or was to deliver one.
    chosen : of the ways that take one of the values, the place of its cell among years × names; of the others −1.
    """

    there: np.ndarray
    value: np.ndarray
    results: np.ndarray
    people: np.ndarray
    years: np.ndarray
    present: np.ndarray
    expected: np.ndarray
    unweighed: np.ndarray
    fate: np.ndarray
    store: Store
    names: np.ndarray
    of_years: np.ndarray
    last: int
    span: int
    way: Way
    reference: str
    had: np.ndarray
    chosen: np.ndarray

    def at(self, figure: str, units: np.ndarray) -> np.ndarray:
        """A figure of some units, missing at −1."""
        return picked(getattr(self, figure), units)

    def year_texts(self, units: np.ndarray) -> list[str]:
        """The years with a value, in words."""
        told = {mask: ", ".join(map(str, self._years_of(mask))) for mask in set(self.years[units].tolist())}
        return [told[mask] for mask in self.years[units].tolist()]

    def notes(self, units: np.ndarray) -> list[str]:
        """What stands behind each value, in words; what is absent where there is none."""
        columns = (np.isnan(self.value), self.years, self.present, self.expected, self.unweighed)
        cases = list(zip(*(column[units].tolist() for column in columns), strict=True))
        told = {case: self._note(*case) for case in set(cases)}
        notes = [told[case] + left for case, left in zip(cases, self.left_out(units), strict=True)]
        latest = zip(self.year_texts(units), self.own_notes(units), strict=True)
        said = [(f"{LATEST}: {year}", f"за {year} год: {own}") if own else ("", "") for year, own in latest]
        notes = [note.replace(*one, 1) for note, one in zip(notes, said, strict=True)]
        return [note + self._which(cell) for note, cell in zip(notes, self.chosen[units].tolist(), strict=True)]

    def _which(self, cell: int) -> str:
        """Which value was taken, in words."""
        if cell < 0 or self.fate.shape[1] == 1:
            return ""
        year, name = divmod(cell, len(self.names))
        entry, part = self.store.catalogue.of(self.names[name]), split_name(self.names[name])[1]
        words = [f"«{entry.label if entry else self.names[name]}»"]
        words += [part_label(entry.per, part)] if entry and part else []
        words += [str(self.of_years[year])] if len(self.of_years) > 1 else []
        return f"; {EXTREMES[self.way]}: {', '.join(words)}"

    def own_notes(self, units: np.ndarray) -> list[str]:
        """What is told of the latest value of one indicator itself, such as the year it was carried on from; else empty."""
        if self.way != "latest" or len(self.names) != 1 or not len(self.of_years):
            return [""] * len(units)
        at, name = np.argmax(self.fate[units] == USED, axis=1), np.flatnonzero(self.store.names == self.names[0])[0]
        year = np.searchsorted(self.store.years, self.of_years[at])
        notes = [self.store.states[state].note for state in self.store.state[units, year, name]]
        return [note if used else "" for note, used in zip(notes, self.years[units] > 0, strict=True)]

    def left_out(self, units: np.ndarray) -> list[str]:
        """What was delivered and is not in the value, with its reason, in words; empty where that is nothing or no value is."""
        fates = self.fate[units]
        any_left = ((fates >= 0) | (fates <= NO_COUNTS)).any(axis=1) & ~np.isnan(self.value[units])
        told: dict[bytes, str] = {}
        for fate in fates[any_left]:
            if (key := fate.tobytes()) not in told:
                told[key] = "; не учтены: " + self._left_out(fate.reshape(len(self.of_years), len(self.names)))
        return [told[fate.tobytes()] if left else "" for fate, left in zip(fates, any_left.tolist(), strict=True)]

    def _left_out(self, fate: np.ndarray) -> str:
        """The cells left out, by reason; an exam of which nothing is in the value in these years is named as a whole."""
        families = np.array([_family(self.store.catalogue, name) for name in self.names], dtype=object)
        found = []
        for code in np.unique(fate[(fate >= 0) | (fate <= NO_COUNTS)]).tolist():
            parts = []
            for family in dict.fromkeys(families[(fate == code).any(axis=0)]):
                own = fate[:, families == family]
                here = (own == code).any(axis=1)
                years = ", ".join(map(str, self.of_years[here]))
                left, known = int((own[here] == code).sum()), int((own[here] != NOTHING).sum())
                share = "" if left == known else f" (результатов: {left} из {known})"
                parts.append(f"{family} {years}{share}".strip())
            found.append(f"{', '.join(parts)} – {self._why(code)}")
        return "; ".join(found)

    def _why(self, code: int) -> str:
        if code == NO_REFERENCE:
            return f"нет значения для сравнения: {choices('level')[self.reference]}"
        if code == FEW_OTHERS:
            return "сравнить не с кем: слишком мало других школ"
        return "нет чисел, из которых получена доля" if code == NO_COUNTS else self.store.states[code].note

    def _years_of(self, mask: int) -> list[int]:
        return [self.last - self.span + 1 + bit for bit in range(self.span) if mask >> bit & 1]

    def _note(self, absent: bool, mask: int, present: int, expected: int, unweighed: bool) -> str:
        if absent:
            if self.way == "deviation" and self.reference == "municipality":
                return "за период нет данных или не с кем сравнить"
            whose = f" у школы или у уровня «{choices('level')[self.reference]}»" if self.way == "deviation" else ""
            return "нет данных за период" + whose
        years = self._years_of(mask)
        listed = ", ".join(map(str, years))
        told = f"{LATEST}: {listed}" if self.way == "latest" else f"годы: {listed} ({len(years)} из {self.span})"
        parts = "части" if self.way in EXTREMES else "процедуры"
        told += f"; {parts}: {present} из {expected}" if expected > 1 else ""
        return told + ("; без учёта численности" if unweighed else "")


@dataclass(frozen=True)
class Slice:
    """Years of a window and some names of a store: arrays of units × years × names; ``cohort`` of years × names.

    ``left``: why a row that was delivered has no place in a value, as ``fate`` of :class:`Window`; else :data:`NOTHING`.
    """

    there: np.ndarray
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    years: np.ndarray
    cohort: np.ndarray
    left: np.ndarray

    @classmethod
    def of(cls, store: Store, names: np.ndarray, year: int, window: int) -> Slice:
        """The rows of a store that stand in a window."""
        inside = np.flatnonzero((store.years > year - window) & (store.years <= year))
        at = np.ix_(np.arange(len(store.units)), inside, names)
        arrays = [getattr(store, name)[at] for name in ("value", "numerator", "denominator")]
        state = store.state[at]
        untold = np.array([one.cause == NOT_DELIVERED for one in store.states] + [False])
        left = np.where(untold[state] & np.isnan(arrays[0]), state, NOTHING)
        years = store.years[inside]
        cohort = cohorts(store.catalogue, store.names[names].tolist(), years.tolist())
        return cls(state >= 0, *arrays, years, cohort, left)

    def only(self, rows: np.ndarray) -> Slice:
        """The slice without the rows that do not hold: those that a level above lacks."""
        numbers = (np.where(rows, one, np.nan) for one in (self.value, self.numerator, self.denominator))
        left = np.where(~np.isnan(self.value) & ~rows, NO_REFERENCE, self.left)
        return Slice(self.there & rows, *numbers, self.years, self.cohort, left)


def pool_window(
    store: Store,
    names: np.ndarray,
    year: int,
    window: int,
    way: Way,
    reference: str = "municipality",
    others: int = LEAST_OTHERS,
) -> Window:
    """The window of some names of a store, by places; each is put together once."""
    key = (tuple(names.tolist()), year, window, way, reference, others)
    if key not in store.memory:
        rows = Slice.of(store, names, year, window)
        store.memory[key] = pool_slice(store, names, rows, year, window, way, reference, others)
    return store.memory[key]


def pool_slice(
    store: Store,
    names: np.ndarray,
    rows: Slice,
    year: int,
    window: int,
    way: Way,
    reference: str = "municipality",
    others: int = LEAST_OTHERS,
) -> Window:
    """As :func:`pool_window`, for rows that were taken from the store."""
    value, top, people, left = rows.value, rows.numerator, rows.denominator, rows.left
    if way == "deviation" and reference == "municipality":
        value = _effects(store, value, people, others)
        left = np.where(np.isnan(value) & ~np.isnan(rows.value), FEW_OTHERS, left)
    elif way == "deviation":
        above = store.above(reference)
        value = value - np.where((above >= 0)[:, None, None], value[above], np.nan)
        left = np.where(np.isnan(value) & ~np.isnan(rows.value), NO_REFERENCE, left)
    used = ~np.isnan(value)
    weighed, chosen = used, np.full(len(value), -1)
    counted = people > 0
    if way == "ratio":
        used = weighed = used & ~np.isnan(top) & counted
        left = np.where(~np.isnan(value) & ~used, NO_COUNTS, left)
        weight, unweighed = people, np.zeros(len(value), dtype=bool)
    else:
        if way == "latest" and len(rows.years):
            with_value = used.any(axis=2)
            latest = len(rows.years) - 1 - np.argmax(with_value[:, ::-1], axis=1)
            used = weighed = used & (np.arange(len(rows.years)) == latest[:, None])[:, :, None]
            left = np.where((np.arange(len(rows.years)) < latest[:, None])[:, :, None], NOTHING, left)
        if way in EXTREMES and used.shape[1] * used.shape[2]:
            sign = 1 if way == "maximum" else -1
            best = np.where(used, sign * value, -np.inf).reshape(len(value), -1).argmax(axis=1)
            chosen = np.where(used.any(axis=(1, 2)), best, -1)
            weighed = (np.arange(used.shape[1] * used.shape[2]) == chosen[:, None]).reshape(used.shape)
        unweighed = (weighed & ~counted).any(axis=(1, 2))
        weight = np.where(unweighed[:, None, None], 1.0, people)
        top = value * weight
    unit = np.nonzero(weighed)[0]  # one after another: the sum of a school does not depend on what others have
    summed, whole = (np.bincount(unit, weights=one[weighed], minlength=len(value)) for one in (top, weight))
    present = used.any(axis=1).sum(axis=1)
    bits = 1 << (window - 1 - (year - rows.years))
    had = any_of_office(store, (~np.isnan(value) | (left >= 0)).any(axis=1))
    return Window(
        rows.there.any(axis=(1, 2)),
        np.divide(summed, whole, out=np.full(len(whole), np.nan), where=whole > 0),
        np.where(unweighed | (present == 0), np.nan, whole),
        np.where(unweighed | (present == 0), np.nan, persons(np.where(weighed, people, np.nan), rows.cohort)),
        used.any(axis=2) @ bits.astype(np.int64),
        present,
        np.maximum(had.sum(axis=1)[store.offices], present),
        unweighed,
        np.where(used, USED, left).reshape(len(value), rows.cohort.size),
        store,
        store.names[names],
        rows.years,
        year,
        window,
        way,
        reference,
        had,
        chosen,
    )


def _family(known: Catalogue, name: str) -> str:
    """How a part that is left out is called: by its exam, its words in the brackets, or not at all besides its years."""
    entry, part = known.of(name), split_name(name)[1]
    if entry is None or part is None:
        return ""
    return procedure_label(part.partition("/")[0]) if entry.per == "procedure" else part_label(entry.per, part)


def _effects(store: Store, value: np.ndarray, people: np.ndarray, others: int) -> np.ndarray:
    """In place of every result of a school that is comparable, how far the school is from the others of its municipality."""
    found = np.full(value.shape, np.nan)
    known = ~np.isnan(value)
    uncounted = (known & ~(people > 0)).any(axis=(1, 2))
    weight = np.where(uncounted[:, None, None], 1.0, people)
    of_office = np.where(store.at_school, store.offices, -1)
    for office in np.unique(of_office[store.at_school & known.any(axis=(1, 2))]):
        units = np.flatnonzero(of_office == office)
        when, name = np.nonzero(known[units].any(axis=0))
        effect, used = school_effects(value[units][:, when, name], weight[units][:, when, name], others)
        school, cell = np.nonzero(used)
        found[units[school], when[cell], name[cell]] = effect[school]
    return found


def any_of_office(store: Store, holds: np.ndarray) -> np.ndarray:
    """Whether something holds for any unit of a municipality, the levels above it included: municipalities × the other axes.

    ``holds``: units × other axes; the municipalities are numbered as ``store.offices``.
    """
    found = np.zeros((int(store.offices.max()) + 1 if len(store.units) else 0, *holds.shape[1:]), dtype=bool)
    np.logical_or.at(found, store.offices, holds)
    return found


def pool_years(
    indicators: pd.DataFrame,
    patterns: str | Iterable[str],
    year: int,
    window: int = 3,
    way: Way = "ratio",
    reference: str = "region",
    apart: bool = False,
    others: int = LEAST_OTHERS,
) -> pd.DataFrame:
    """One value from several years and procedures, with a statement of what stands behind it.

    Parameters
    ----------
    indicators : LONG rows of every level.
    patterns : full names of indicators, ``*`` stands for anything (``"mean_percent[VPR/*]"``). Totals over other indicators
        are taken only when named (:func:`names_matching`).
    year, window : the years ``year − window + 1 … year``; years and procedures without a result are tolerated.
    way :
        ``ratio`` – sum of numerators / sum of denominators over the years and procedures that have both;
        ``mean`` – mean of the values weighted by the denominators; when any of them is unknown, all weigh the same and the
        note says so; ``latest`` – the latest year of the window with a value, its procedures as in ``mean``;
        ``deviation`` – how far a school is from a reference, so that a school without ЕГЭ can stand beside one that has it.
        From the schools of its municipality: its effect beside those of the procedures (:mod:`shnor_lib.indicators.effects`),
        over procedures that at least ``others`` other schools took. From a level above: mean, weighted by participants, of
        value − value of the level in the same year and procedure, where the level has one.
    reference : level the deviation is taken from.
    apart : pool only the years; every indicator that fits keeps a row of its own, with ``indicator``.

    Returns
    -------
    One row for each level, group and school that has rows of these indicators in the window: ``value, numerator,
    denominator`` (value = numerator / denominator; the denominator counts results), ``participants`` (persons, each once;
    :mod:`shnor_lib.indicators.persons`), ``years`` (those with a value, as text), ``procedures_present`` and ``procedures_expected`` (names with a value; names anyone of the municipality
    has in the window) and ``note``. No value in the window gives a missing value and a note.

    Source: Лесосибирск 2020, section 2.1 («за последние 3 года»); no ОГЭ in 2020, no base maths in 2021.

    Examples
    --------
    >>> rows = pd.DataFrame({"level": "school", "group": "", "school_id": "1", "year": [2019, 2021, 2021],
    ...     "indicator": ["pass_rate[OGE/maths/9]", "pass_rate[OGE/maths/9]", "pass_rate[OGE/russian/9]"],
    ...     "value": [0.8, 0.5, 1.0], "numerator": [8, 10, 20], "denominator": [10, 20, 20], "note": ""})
    >>> pool_years(rows, "pass_rate[OGE/*]", 2021)[["value", "years", "procedures_present", "note"]].values.tolist()
    [[0.76, '2019, 2021', 2, 'годы: 2019, 2021 (2 из 3); процедуры: 2 из 2']]
    """
    if way not in WAYS:
        raise ValueError(f"способ сложения лет «{way}» неизвестен; допустимо: {', '.join(WAYS)}")
    wanted = [patterns] if isinstance(patterns, str) else list(patterns)
    rows = indicators[indicators["year"].between(year - window + 1, year)]
    rows = rows[names_matching(rows["indicator"], wanted)]
    store = Store.of_long(rows)
    names = np.arange(len(store.names))
    parts = []
    for each in names[:, None] if apart else [names]:
        pooled = pool_window(store, each, year, window, way, reference, others)
        units = np.flatnonzero(pooled.there)
        told = {name: texts(getattr(store.units, name), units) for name in ("municipality", *UNIT)}
        told |= {"indicator": store.names[each[0]] if apart else "", "year": year, "value": pooled.value[units]}
        told |= {"numerator": pooled.value[units] * pooled.results[units], "denominator": pooled.results[units]}
        told |= {"participants": pooled.people[units]}
        told |= {"years": pooled.year_texts(units), "procedures_present": pooled.present[units]}
        told |= {"procedures_expected": pooled.expected[units], "note": pooled.notes(units)}
        parts.append(pd.DataFrame(told))
    unit = [*(["municipality"] if "municipality" in indicators else []), *UNIT, *(["indicator"] if apart else [])]
    columns = [*unit, *POOLED[len(UNIT) :]]
    if rows.empty:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    return pd.concat(parts).sort_values(unit, kind="stable", ignore_index=True)[columns]


def full_names(indicator: str, parts: tuple[str, ...]) -> list[str]:
    """Full names (patterns) of an indicator with its parts.

    Examples
    --------
    >>> full_names("mean_percent", ("VPR/*/*",))
    ['mean_percent[VPR/*/*]']
    """
    return [f"{indicator}[{part}]" for part in parts] or [indicator]


def names_matching(names: pd.Series, patterns: list[str]) -> pd.Series:
    """Which of the full names of indicators fit the patterns.

    Totals over other names (all subjects, maths of ЕГЭ at either level, a whole exam) fit only where the pattern names them,
    so that nobody counts twice.

    Examples
    --------
    >>> names = pd.Series(["below_minimum_rate[EGE/maths/11]", "below_minimum_rate[EGE/maths_any/11]", "marks_raised_rate[VPR]"])
    >>> names_matching(names, ["*"]).tolist()
    [True, False, False]
    >>> names_matching(names, ["*[EGE/maths_any/*]", "marks_raised_rate[VPR]"]).tolist()
    [False, True, True]
    """
    codes, distinct = pd.factorize(names)
    fitting = [any(fits(name, pattern) for pattern in patterns) for name in distinct]
    return pd.Series(np.array([*fitting, False])[codes], index=names.index, name=names.name)


def school_rows(pooled: pd.DataFrame) -> pd.DataFrame:
    """The rows of schools alone."""
    return pooled[pooled["level"].eq("school")]


def with_benchmark(rows: pd.DataFrame, indicators: pd.DataFrame, level: str) -> pd.DataFrame:
    """Rows of schools with the value of the same indicator and year at a level above.

    Parameters
    ----------
    rows : LONG or pooled rows of schools; ``year`` and, where both have them, ``municipality`` and ``indicator``
        join the two.
    indicators : LONG or pooled rows that hold the level.
    level : ``municipality``, ``region`` or ``country``.

    Returns
    -------
    The rows with ``benchmark_<level>`` and ``benchmark_<level>_participants``, missing where the level has no value.

    Source: Лесосибирск 2020, section 2.1 (divergence from the municipality and the region).

    Examples
    --------
    >>> rows = pd.DataFrame({"level": ["school", "school", "municipality"], "group": "", "school_id": ["1", "2", ""],
    ...     "year": 2021, "indicator": "teachers_men_rate", "value": [0.1, 0.3, 0.2], "numerator": [2, 6, 8],
    ...     "denominator": [20, 20, 40]})
    >>> with_benchmark(rows[:2], rows, "municipality")["benchmark_municipality"].tolist()
    [0.2, 0.2]
    """
    above = [name for name in choices("level") if name not in ("school", "group")]
    if level not in above:
        raise ValueError(f"уровень сравнения «{level}» неизвестен; допустимо: {', '.join(above)}")
    key = [column for column in ("municipality", "year", "indicator") if column in rows and column in indicators]
    of_level = indicators.loc[indicators["level"] == level, [*key, "value", "denominator"]]
    found = rows[key].merge(of_level.drop_duplicates(key), on=key, how="left").set_axis(rows.index)
    value, people = found["value"].astype(float), found["denominator"].astype(float)
    return rows.assign(**{f"benchmark_{level}": value, f"benchmark_{level}_participants": people.where(value.notna())})


def others_behind(
    schools: np.ndarray,
    others: np.ndarray,
    people: np.ndarray,
    whole: np.ndarray,
    delivered: np.ndarray,
    least: int,
) -> np.ndarray:
    """Whether enough other schools stand behind a value of the municipality that a school is held against; arrays side by side.

    Parameters
    ----------
    schools, others : schools of the municipality, and how many others of them are known to have the result.
    people, whole : participants of all the schools known to have it and of the municipality; missing where any are unknown.
    delivered : whether the value of the municipality was delivered for it and is no other than that of the school.
    least : fewest other schools.

    Returns
    -------
    True where so many others are known, where the municipality has participants of schools that are not known, or where
    participants are unknown and a municipality of so many other schools delivered a value of its own: such a value is declared
    for all of them, while one put together from the schools has nobody else behind it.
    """
    unknown = np.isnan(whole) | np.isnan(people)
    return (others >= least) | (whole > people) | (unknown & delivered & (schools > least))


def applicable_procedures(schools: pd.DataFrame, procedures: Iterable[str]) -> pd.DataFrame:
    """Which procedures a school can have at all, by the grades it has.

    Parameters
    ----------
    schools : the register; ``highest_grade`` or ``kind``. The latest year of a school counts.
    procedures : full names of procedures (``EGE/russian/11``).

    Returns
    -------
    ``school_id, procedure, applicable`` (missing when the grades are not known) and ``note``.

    Notes
    -----
    Applicable when the grade of the procedure is not above the highest grade of the school: НОШ 4, ООШ 9, СОШ, гимназия and
    лицей 11 unless the register gives it. What does not apply is no result to wait for, and never a good one.

    Source: field practice: a school without grades 10–11 is not good for lack of ЕГЭ.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> applicable_procedures(example(kind=["ООШ", "СОШ"]), ["EGE/russian/11"])[["school_id", "applicable", "note"]].values.tolist()
    [['1', False, 'не применимо: в школе нет 11 классов'], ['2', True, '']]
    """
    register = schools[schools["level"].astype(object).fillna("school") == "school"].sort_values("year", kind="stable")
    register = register.drop_duplicates("school_id", keep="last").sort_values("school_id")
    own = pd.DataFrame({"school_id": register["school_id"].astype(str), "highest": highest_grade(register)})
    wanted = pd.DataFrame({"procedure": list(dict.fromkeys(procedures))})
    wanted["grade"] = [float(name.rsplit("/", 1)[-1]) for name in wanted["procedure"]]
    pairs = own.merge(wanted, how="cross")
    known = pairs["highest"].notna()
    applicable = (pairs["grade"] <= pairs["highest"]).astype("boolean").mask(~known)
    missing = "не применимо: в школе нет " + pairs["grade"].astype(int).astype(str) + " классов"
    note = missing.where(known & (pairs["grade"] > pairs["highest"]), "").mask(
        ~known, "неизвестно, какие классы есть в школе"
    )
    return pairs[["school_id", "procedure"]].assign(applicable=applicable, note=note)
