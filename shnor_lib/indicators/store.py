"""The dense store of indicators: values of units × years × indicators by integer keys, built once for an office and years.

Units are schools, groups of schools and the levels above, of one office or of many: the municipality is a key like any other.
Criteria, windows, indices and targets read the store by key; the long pandas table is its view.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import LONG, NUMBERS, Catalogue, catalogue, matches, split_name
from shnor_lib.indicators.formulas import KEYS, LEVELS, State, Units, floats, keyed, matched, texts

TOTALS = {"all", "maths_any"}
"""Words in the brackets that stand for other indicators put together."""
FROM_SCHOOLS = "по данным"
"""How the note of a value begins that was put together from the schools; a delivered value has another note or none."""


@dataclass(frozen=True)
class Store:
    """Indicators of units × years × names.

    Attributes
    ----------
    catalogue : what is known of the indicators.
    units, years, names : what the three axes stand for; years ascend, names are full names (``name[part]``).
    value, numerator, denominator : floats, missing as NaN.
    state : place among ``states`` (note, cause, needs); −1 where there is no row at all.
    memory : what was already put together from the store, by what was asked: many rules ask for the same;
    fitting : places of the names that fit patterns, by the patterns.
    """

    catalogue: Catalogue
    units: Units
    years: np.ndarray
    names: np.ndarray
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    state: np.ndarray
    states: list[State]
    memory: dict = field(default_factory=dict, repr=False, compare=False)
    fitting: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of_long(cls, rows: pd.DataFrame, known: Catalogue | None = None) -> Store:
        """The store of a long table; rows of several offices are told apart by ``municipality``."""
        units, keys = keyed({"": rows})
        years, year = np.unique(keys[""].year, return_inverse=True)
        name, names = pd.factorize(rows["indicator"], sort=True)
        told = [rows[column] if column in rows else pd.Series("", index=rows.index) for column in State._fields]
        codes = [pd.factorize(column.fillna("")) for column in told]
        key = codes[0][0]
        for code, words in codes[1:]:
            key = key * max(len(words), 1) + code
        _, first, state = np.unique(key, return_index=True, return_inverse=True)
        states = [State(*(words[code[row]] for code, words in codes)) for row in first]
        store = cls.empty(known or catalogue(), units, years, np.asarray(names, dtype=object), states)
        at = (keys[""].unit, year, name)
        for column in NUMBERS:
            getattr(store, column)[at] = floats(rows[column])
        store.state[at] = state
        return store

    @classmethod
    def empty(
        cls, known: Catalogue, units: Units, years: np.ndarray, names: np.ndarray, states: list[State] | None = None
    ) -> Store:
        """A store without rows, to be filled."""
        shape = (len(units), len(years), len(names))
        numbers = (np.full(shape, np.nan) for _ in NUMBERS)
        return cls(known, units, years, names, *numbers, np.full(shape, -1, dtype=np.int32), states or [State()])

    def long(self, municipality: bool = False) -> pd.DataFrame:
        """The long table: a row for each unit, year and indicator that has one, in this order.

        ``municipality``: whether its column stands first, for a store of several offices.
        """
        unit, year, name = np.nonzero(self.state >= 0)
        state = self.state[unit, year, name]
        columns: dict[str, object] = {}
        for column in KEYS:
            columns[column] = texts(getattr(self.units, column), unit)
        columns |= {"year": self.years[year].astype(np.int64), "indicator": texts(self.names, name)}
        columns |= {column: getattr(self, column)[unit, year, name] for column in NUMBERS}
        for place, column in enumerate(State._fields):
            columns[column] = texts([told[place] for told in self.states], state)
        order = ["municipality", *LONG] if municipality else LONG
        return pd.DataFrame({column: columns[column] for column in order})

    def chosen(self, patterns: Iterable[str]) -> np.ndarray:
        """Places of the names that fit the patterns; totals over other names only where they are named."""
        key = tuple(patterns)
        if key not in self.fitting:
            asked = {pattern.partition("[")[0] for pattern in key}
            everyone = any("*" in function or "?" in function for function in asked)
            candidates = (
                range(len(self.names))
                if everyone
                else sorted(place for one in asked for place in self._functions.get(one, ()))
            )
            found = [place for place in candidates if any(fits(self.names[place], one, self.catalogue) for one in key)]
            self.fitting[key] = np.array(found, dtype=np.int64)
        return self.fitting[key]

    @cached_property
    def _functions(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.names.tolist()):
            places.setdefault(name.partition("[")[0], []).append(place)
        return places

    def places(self, municipality: np.ndarray, school_id: np.ndarray) -> np.ndarray:
        """Places of schools among the units; −1 for one that has no rows."""
        wanted = zip(municipality, school_id, strict=True)
        return np.array([self._schools.get(pair, -1) for pair in wanted], dtype=np.int64)

    def places_of(self, schools: pd.DataFrame) -> np.ndarray:
        """Places of the schools of a frame with ``municipality`` and ``school_id``."""
        return self.places(*(schools[column].tolist() for column in ("municipality", "school_id")))

    @cached_property
    def _schools(self) -> dict[tuple[str, str], int]:
        of_schools = np.flatnonzero(self.units.level == LEVELS[0])
        words = self.units.municipality[of_schools], self.units.school_id[of_schools]
        return dict(zip(zip(*words, strict=True), of_schools.tolist(), strict=True))

    @cached_property
    def offices(self) -> np.ndarray:
        """A number for the municipality of each unit."""
        return np.unique(self.units.municipality.astype(str), return_inverse=True)[1]

    @cached_property
    def at_school(self) -> np.ndarray:
        """Which units are schools."""
        return self.units.level == LEVELS[0]

    def above(self, level: str) -> np.ndarray:
        """Place of the unit that is the level of each unit's municipality; −1 where there is none."""
        of_level = np.flatnonzero((self.units.level == level) & (self.units.group == ""))
        place = matched(self.offices, self.offices[of_level])
        return np.where(place >= 0, of_level[place], -1) if len(of_level) else place

    def of_units(self, places: np.ndarray) -> Store:
        """The store of some of the units, by a mask or by places."""
        return self._cut(places, units=self.units.take(places))

    def of_office(self, municipality: str) -> Store:
        """The store of one office."""
        return self.of_units(self.units.municipality == municipality)

    def until(self, year: int) -> Store:
        """The store without the years after one."""
        kept = self.years <= year
        return self if kept.all() else self._cut((slice(None), kept), years=self.years[kept])

    def of_year(self, year: int) -> Store:
        """The store of one year."""
        kept = self.years == year
        return self._cut((slice(None), kept), years=self.years[kept])

    def without(self, names: Iterable[str]) -> Store:
        """The store without some indicators."""
        kept = ~np.isin(self.names.astype(str), list(names))
        return self.of_names(kept)

    def of_names(self, kept: np.ndarray) -> Store:
        """The store of some of the names, by a mask or by places."""
        return self._cut((slice(None), slice(None), kept), names=self.names[kept], fitting={})

    def _cut(self, at: object, **axes: object) -> Store:
        numbers = {column: getattr(self, column)[at] for column in (*NUMBERS, "state")}
        return replace(self, **numbers, **axes, memory={})

    def shown_in(self, report: str, year: int) -> pd.DataFrame:
        """The rows of a year of the indicators that ask to be shown in a report, with ``label``, in the order of the catalogue."""
        asked = {entry.name: place for place, entry in enumerate(self.catalogue.shown_in(report))}
        kept = np.array([split_name(name)[0] in asked for name in self.names], dtype=bool)
        rows = self.of_names(kept).of_year(year).long()
        order = rows["indicator"].map(lambda name: asked[split_name(name)[0]])
        rows = rows.iloc[np.argsort(order.to_numpy(dtype=int), kind="stable")].reset_index(drop=True)
        return rows.assign(label=[self.catalogue.label(name) for name in rows["indicator"]])

    def with_rows(self, rows: pd.DataFrame) -> Store:
        """The store with more indicators of its schools and years, such as indices of a method.

        ``rows``: the long table of names that the store does not have.
        """
        if rows.empty:
            return self
        code, names = pd.factorize(rows["indicator"])
        years = np.union1d(self.years, rows["year"].to_numpy(dtype=np.int64))
        at = self.places_of(rows)
        units = self.units
        if (at < 0).any():  # a school of the register of which nothing else is known
            strange = rows.loc[at < 0, ["municipality", "school_id"]].drop_duplicates()
            words = [np.full(len(strange), "school"), np.full(len(strange), ""), *(strange[one] for one in strange)]
            units = Units(
                *(
                    np.concatenate([getattr(units, key), np.asarray(word, dtype=object)])
                    for key, word in zip(KEYS, words, strict=True)
                )
            )
        wider = Store.empty(
            self.catalogue, units, years, np.concatenate([self.names, np.asarray(names, dtype=object)]), [*self.states]
        )
        own = np.ix_(np.arange(len(self.units)), np.searchsorted(years, self.years), np.arange(len(self.names)))
        for column in (*NUMBERS, "state"):
            getattr(wider, column)[own] = getattr(self, column)
        at = wider.places_of(rows)
        place = (at, np.searchsorted(years, rows["year"].to_numpy(dtype=np.int64)), code + len(self.names))
        for column in NUMBERS:
            getattr(wider, column)[place] = floats(rows[column])
        told = [State(*one) for one in zip(*(rows[column] for column in State._fields), strict=True)]
        wider.state[place] = wider.coded(told)
        return wider

    def coded(self, told: list[State]) -> np.ndarray:
        """Places of states among those of the store; new ones are added."""
        known = {state: place for place, state in enumerate(self.states)}
        for state in told:
            if state not in known:
                known[state] = len(self.states)
                self.states.append(state)
        return np.array([known[state] for state in told], dtype=np.int32)


@lru_cache(maxsize=200_000)
def fits(name: str, pattern: str, known: Catalogue | None = None) -> bool:
    """Whether a full name fits a pattern; a total over other names fits only where the pattern names it."""
    if not matches(name, [pattern]):
        return False
    part = split_name(name)[1]
    if part is None or name == pattern:
        return True
    entry = (known or catalogue()).of(name)
    whole_exam = entry is not None and entry.per == "procedure" and "/" not in part
    said = set(pattern.replace("[", "/").replace("]", "/").split("/"))
    return not whole_exam and TOTALS.intersection(part.split("/")) <= said
