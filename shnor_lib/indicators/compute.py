"""From input tables to the store of all indicators, of all levels and years, of one office or of many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import LONG, NUMBERS, Catalogue, catalogue, matches, split_name
from shnor_lib.indicators.causes import TOO_FEW
from shnor_lib.indicators.declared import Indicator, Row, Term
from shnor_lib.indicators.formulas import (
    LEVELS,
    Amount,
    Found,
    Rows,
    State,
    Units,
    Words,
    absent,
    keyed,
    matched,
    mean,
    nobody,
    texts,
)
from shnor_lib.indicators.learning import pupils_of, stages
from shnor_lib.indicators.published import merge_published
from shnor_lib.indicators.results import participants_of, scored
from shnor_lib.indicators.schools import GROUPS, grades_of, schools_of
from shnor_lib.indicators.store import FROM_SCHOOLS, Store
from shnor_lib.inputs.dictionary import choices, table


def compute_store(
    tables: Mapping[str, pd.DataFrame],
    known: Catalogue | None = None,
    wave: str = "",
    only: Iterable[str] | None = None,
) -> Store:
    """Every indicator of every school and of the levels above, for all years in the tables.

    Parameters
    ----------
    tables : input tables by name, each with ``municipality`` when they are of several offices (a school id needs to be unique
        in its municipality only); an absent or empty one gives no rows, an absent column missing values with their cause.
    known : the catalogue, that of the package when not given.
    wave : monitoring wave ("" is the result of the year). Only tables that carry waves are taken for a named wave.
    only : patterns of full names to compute, all when not given (``["below_minimum_rate[OGE/*]"]``); thousands of offices
        want only what they are judged by.

    Notes
    -----
    What a row of a level holds, in this order: computed from counts of that level; published as a ready value; put together
    from the schools (:func:`put_together`), for the municipality and for its urban and rural schools. Of each office the rows
    are those that it has alone.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> staff = example(men=[3, 1], pedagogues=[20, 20])
    >>> men = compute_store({"staff": staff}, only=["teachers_men_rate"]).long()
    >>> men[["level", "school_id", "value"]].values.tolist()
    [['school', '1', 0.15], ['school', '2', 0.05], ['municipality', '', 0.1]]
    """
    read = Keyed.of(tables, known, only)
    store = read.counted(wave)
    published = tables.get("published_indicators")
    if wave == "" and published is not None:
        merge_published(store, published, only)
    put_together(store, read.rows["schools"])
    return store


def compute_waves(
    tables: Mapping[str, pd.DataFrame], year: int, only: Iterable[str], known: Catalogue | None = None
) -> pd.DataFrame:
    """Indicators of the monitoring waves of a year, in their order: the long table with ``wave``."""
    read = Keyed.of({name: rows for name, rows in tables.items() if name != "published_indicators"}, known, only)
    waves = (rows.take(rows.year == year).words("wave") for name, rows in read.rows.items() if table(name).waves)
    present = {word for own in waves for word in own.at(np.unique(own.codes, return_index=True)[1])}
    found = []
    for wave in choices("wave"):
        if wave in present:
            store = read.counted(wave)
            put_together(store, read.rows["schools"])
            found.append(store.of_year(year).long().assign(wave=wave))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*LONG, "wave"])


def compute_with_published(tables: Mapping[str, pd.DataFrame], known: Catalogue | None = None) -> tuple[Store, Store]:
    """Every indicator, and beside it what the counts alone give for those that documents publish as ready values.

    The two are what :func:`check_published_against_computed` compares. Formulas are applied once for both.
    """
    read = Keyed.of(tables, known, None)
    store, published = read.counted(), tables["published_indicators"]
    counted = store.of_names(np.flatnonzero(np.isin(store.names.astype(str), published["indicator"].astype(str))))
    if len(published):
        put_together(counted, read.rows["schools"])
        merge_published(store, published)
    put_together(store, read.rows["schools"])
    return store, counted


def rows_of(entry: Indicator, units: Units, rows: Mapping[str, Rows]) -> pd.DataFrame:
    """The rows that one indicator gives, with ``part`` where its name has one, for the tables it needs."""
    [piece] = _pieces([entry], rows)
    columns = {name: texts(getattr(units, name), piece.rows.unit) for name in ("level", "group", "school_id")}
    columns |= {"year": piece.rows.year, **{name: getattr(piece, name) for name in NUMBERS}}
    columns |= {
        name: texts([state[place] for state in piece.states], piece.state) for place, name in enumerate(State._fields)
    }
    if entry.per:
        columns["part"] = texts([split_name(name)[1] for name in piece.part.labels], piece.part.codes)
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class Keyed:
    """Input tables read once: the indicators asked for, the units, and the rows of every table they need, of all waves."""

    known: Catalogue
    wanted: list[str] | None
    chosen: list[Indicator]
    units: Units
    rows: dict[str, Rows]

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], known: Catalogue | None, only: Iterable[str] | None) -> Keyed:
        """The tables that indicators need."""
        known, wanted = known or catalogue(), None if only is None else list(only)
        functions = None if wanted is None else [pattern.partition("[")[0] for pattern in wanted]
        chosen = [entry for entry in known.values() if functions is None or matches(entry.name, functions)]
        needed = sorted({"schools", "published_indicators"} | {name for entry in chosen for name in entry.tables})
        frames = {name: table(name).whole_rows(tables[name]) for name in needed if name in tables}
        frames = {name: rows for name, rows in frames.items() if len(rows)}
        nothing = pd.DataFrame({"year": pd.Series(dtype="int64")})
        return cls(known, wanted, chosen, *keyed(dict.fromkeys(needed, nothing) | frames, _levels_put_together))

    def counted(self, wave: str = "") -> Store:
        """What the formulas give for every row that was delivered in a wave, with places for what is published."""
        rows = {name: _of_wave(name, own, wave) for name, own in self.rows.items()}
        pieces, published = _pieces(self.chosen, rows), rows["published_indicators"]
        found = {name for piece in pieces for name in piece.part.labels} | set(published.words("indicator").labels)
        names = np.array(sorted(name for name in found if self.wanted is None or matches(name, self.wanted)), dtype=str)
        years = np.unique(np.concatenate([published.year, *(piece.rows.year for piece in pieces)]))
        store = Store.empty(self.known, self.units, years, names.astype(object))
        places = {name: place for place, name in enumerate(names.tolist())}
        for piece in pieces:
            place = np.array([places.get(name, -1) for name in piece.part.labels], dtype=np.int64)[piece.part.codes]
            kept = slice(None) if (place >= 0).all() else place >= 0
            at = (piece.rows.unit[kept], np.searchsorted(years, piece.rows.year[kept]), place[kept])
            for column in NUMBERS:
                getattr(store, column)[at] = getattr(piece, column)[kept]
            store.state[at] = store.coded(piece.states)[piece.state[kept]]
        return store


def _levels_put_together(municipalities: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """The levels of each municipality that are put together from its schools."""
    levels = [("municipality", ""), *(("group", name) for name in GROUPS.values())]
    return [(level, group, name, "") for name in municipalities for level, group in levels]


def _of_wave(name: str, rows: Rows, wave: str) -> Rows:
    """The rows of a table that count in a wave."""
    if not table(name).waves:
        return rows if wave == "" or name == "schools" else rows.take(np.zeros(len(rows), dtype=bool))
    waves = rows.words("wave")
    own = waves.of(wave) | ((waves.codes < 0) & (wave == ""))
    return rows if own.all() else rows.take(own)


# --- what the formulas give ------------------------------------------------------------------------------------------


def _pieces(entries: Iterable[Indicator], rows: Mapping[str, Rows]) -> list[Found]:
    """What indicators give, each row under its full name: formulas one by one, all rows of a table in one pass."""
    pieces: list[Found] = []
    declared: dict[tuple, list[Row]] = {}
    for entry in entries:
        if not len(rows[entry.table]):
            continue
        if not isinstance(entry, Row):
            pieces.append(_named(entry.name, entry.function(*(rows[name] for name in entry.tables))))
        elif entry.is_mean:
            pieces.append(_of_mean(entry, rows))
        else:
            declared.setdefault((entry.table, entry.rows, entry.whole is None), []).append(entry)
    return pieces + [_of_rules(own, rows) for own in declared.values()]


def _named(name: str, found: Found) -> Found:
    """What a formula gave under its full names."""
    part = _no_words(found.rows) if found.part is None else found.part
    return found.per(Words(part.codes, [f"{name}[{word}]" if word else name for word in part.labels]))


PART_WORDS = {
    "exam_results": Rows.procedures,
    "mark_comparison": Rows.procedures,
    "learning_marks": stages,
    "olympiads": lambda rows: rows.words("stage"),
}
"""What stands in the brackets for each row of a table."""


def _of_rules(entries: list[Row], rows: Mapping[str, Rows]) -> Found:
    """All declared rows of a table at once: matrices of rows × indicators."""
    own = _rows_of_rule(entries[0], rows)
    tops = [_part(own, rows, entry) for entry in entries]
    top = np.column_stack([one.values for one in tops])
    if entries[0].whole is None:
        whole, value = np.where(np.isnan(top), np.nan, 1.0), top
        case = np.isnan(top).astype(np.int32)
        states = [state for one in tops for state in (State(), absent(one))]
    else:
        wholes = [_sum(own, rows, entry.whole) for entry in entries]
        whole = np.column_stack([one.values for one in wholes])
        no_top, no_whole = np.isnan(top), np.isnan(whole)
        case = np.select([no_top & no_whole, no_whole, whole <= 0, no_top], [1, 2, 3, 4], 0).astype(np.int32)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = top / np.where(whole > 0, whole, np.nan)
        states = [
            state
            for part, of in zip(tops, wholes, strict=True)
            for state in (State(), absent(part, of), absent(of), nobody(of), absent(part))
        ]
    each = len(states) // len(entries)
    words = PART_WORDS.get(own.table, _no_words)(own)
    names = [entry.name + (f"[{word}]" if entry.per else "") for entry in entries for word in words.labels]
    number = np.arange(len(entries))
    return Found(
        own.take(np.repeat(np.arange(len(own)), len(entries))),
        value.ravel(),
        top.ravel(),
        whole.ravel(),
        (case + number * each).ravel(),
        states,
        Words((words.codes[:, None] + number * len(words.labels)).ravel(), names),
    )


def _of_mean(entry: Row, rows: Mapping[str, Rows]) -> Found:
    """A declared mean, weighed by a column, or each school once."""
    own = _rows_of_rule(entry, rows)
    weight = entry.weighed_by
    by = _sum(own, rows, weight) if weight else own.named(np.ones(len(own)), "schools")
    by = by.called(entry.weight_called or by.name)
    rates = mean(own, _part(own, rows, entry), by)
    return _named(entry.name, rates.per(PART_WORDS[own.table](own)) if entry.per else rates)


def _rows_of_rule(entry: Row, rows: Mapping[str, Rows]) -> Rows:
    """The rows of its table that a declared indicator describes."""
    own, which = rows[entry.table], entry.rows
    return own if which is None else own.take(scored(own) == (which == "scored"))


def _no_words(own: Rows) -> Words:
    """No brackets."""
    return Words(np.zeros(len(own), dtype=np.int64), [""])


def _part(own: Rows, rows: Mapping[str, Rows], rule: Row) -> Amount:
    """The part of a rule for each row, or whether it reaches the border (1 or 0)."""
    amount = _sum(own, rows, rule.part)
    if rule.border:
        sign, border = rule.border
        holds = amount.values >= border if sign == ">=" else amount.values > border
        amount = replace(amount, values=np.where(amount.missing, np.nan, holds))
    return amount.called(rule.called) if rule.called else amount


def _sum(own: Rows, rows: Mapping[str, Rows], terms: list[Term]) -> Amount:
    """A sum of a rule for each row: columns and the first filled of several, of the same or of another table."""
    first, *others = (_number(own, rows, term) for term in terms)
    return sum(others, first)


def _number(own: Rows, rows: Mapping[str, Rows], term: Term) -> Amount:
    place = own if term.table == own.table else rows[term.table]
    first, *others = (READ.get((place.table, name), partial(Rows.amount, column=name))(place) for name in term.columns)
    for other in others:
        first = first.or_else(other)
    amount = first if place is own else first.at(own.beside(place))
    return amount if term.times == 1 else term.times * amount


READ = {
    ("exam_results", "participants"): participants_of,
    ("learning_marks", "pupils"): pupils_of,
    ("schools", "highest_grade"): grades_of,
    ("schools", "schools"): schools_of,
}
"""Columns that are put together from others where they are empty."""


# --- levels put together from schools --------------------------------------------------------------------------------


def put_together(store: Store, register: Rows) -> None:
    """Fill the municipality and its urban and rural schools, where they have no value of their own, from the schools.

    ``register``: rows of the table ``schools``: how many schools there are, and which stand in a town.

    ``ratio`` and ``mean``: sum of numerators / sum of denominators over the schools that have both. A mean whose schools all
    lack the number of participants is the plain mean of their values, and the note says so. ``sum``: the sum of the values.
    No value of any school gives no row. A level of which the register names fewer schools than there are gets no value: a
    document that gives three of fourteen schools says nothing of the municipality.

    Source: field practice of ФИС ОКО and of the municipal reports, whose municipal means are weighted by participants.
    """
    entries = [store.catalogue.of(name) for name in store.names]
    how = np.array([entry.pooling if entry else "none" for entry in entries], dtype=object)
    of_schools = np.flatnonzero(store.at_school)
    named = np.unique(register.unit[register.of_schools])
    _put_together(store, register, how, of_schools, "municipality", "", named)
    for code, group in GROUPS.items():
        members = _of_locality(register, code)
        _put_together(store, register, how, of_schools[np.isin(of_schools, members)], "group", group, members)


def _put_together(
    store: Store, register: Rows, how: np.ndarray, schools: np.ndarray, level: str, group: str, members: np.ndarray
) -> None:
    """Fill one level of every municipality from some of its schools; ``members`` are all that belong to it."""
    if not len(schools) or not len(store.names):
        return
    schools = schools[np.argsort(store.offices[schools], kind="stable")]
    offices, first = np.unique(store.offices[schools], return_index=True)
    units = store.units
    of_level = np.flatnonzero((units.level == level) & (units.group == group) & (units.school_id == ""))
    target = of_level[matched(offices, store.offices[of_level])]

    def added(amounts: np.ndarray, over: np.ndarray) -> np.ndarray:
        return np.add.reduceat(np.where(over, amounts, 0), first, axis=0)

    value, top, whole = (getattr(store, column)[schools] for column in NUMBERS)
    valued = ~np.isnan(value)
    weighed = valued & ~np.isnan(top) & (whole > 0)
    with_value, with_weight = (added(over, over) for over in (valued.astype(np.int64), weighed.astype(np.int64)))
    numerator, denominator, values = added(top, weighed), added(whole, weighed), added(value, valued)
    unweighed = (how == "mean") & (with_weight == 0)
    summed = np.broadcast_to(how == "sum", unweighed.shape)
    counted = np.where(summed | unweighed, with_value, with_weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.select([summed, unweighed], [values, values / with_value], numerator / denominator)
    numbers = {
        "value": result,
        "numerator": np.where(summed, values, np.where(unweighed, np.nan, numerator)),
        "denominator": np.where(summed, 1.0, np.where(unweighed, np.nan, denominator)),
    }
    belonging = np.bincount(store.offices[members], minlength=int(store.offices.max()) + 1)[offices]
    present = np.add.reduceat((store.state[schools] >= 0).any(axis=(1, 2)).astype(np.int64), first)
    there_are = np.where(belonging > 0, belonging, present)
    told = _coverage(counted, there_are, unweighed, store)
    for place, said in enumerate(_said(store, register, level, group, offices)):
        if said is not None and belonging[place] < said:
            for column in NUMBERS:
                numbers[column][place] = np.nan
            note = f"не сведено: в реестре названы не все школы, {belonging[place]} из {said}"
            told[place] = store.coded([State(note, TOO_FEW, f"{belonging[place]} < {said}")])[0]
    filled = (how != "none") & (counted > 0) & np.isnan(store.value[target])
    office, year, name = np.nonzero(filled)
    at = (target[office], year, name)
    for column in NUMBERS:
        getattr(store, column)[at] = numbers[column][filled]
    store.state[at] = told[filled]


def _coverage(counted: np.ndarray, there_are: np.ndarray, unweighed: np.ndarray, store: Store) -> np.ndarray:
    """States that say how many of the schools stand behind each value that was put together."""
    most = int(counted.max()) + 1
    key = (there_are[:, None, None] * most + counted) * 2 + unweighed
    distinct, place = np.unique(key, return_inverse=True)
    states = []
    for one in distinct.tolist():
        of, count = divmod(one // 2, most)
        word = "школы" if count % 10 == 1 and count % 100 != 11 else "школ"
        note = f"{FROM_SCHOOLS} {count} {word}" + (f" из {of}" if count < of else "")
        states.append(State(note + ("; без учёта численности" if one % 2 else "")))
    return store.coded(states)[place.reshape(key.shape)]


def _said(store: Store, register: Rows, level: str, group: str, offices: np.ndarray) -> list[int | None]:
    """How many schools the level of each office has, where the register says so; its latest word."""
    count = register.amount("schools").values
    units = store.units
    at_level = register.level == LEVELS.index(level)
    rows = np.flatnonzero(at_level & (units.group[register.unit] == group) & ~np.isnan(count))
    rows = rows[np.argsort(register.year[rows], kind="stable")]
    latest = dict(zip(store.offices[register.unit[rows]].tolist(), count[rows].astype(int).tolist(), strict=True))
    return [latest.get(office) for office in offices.tolist()]


def _of_locality(register: Rows, code: str) -> np.ndarray:
    """Units of the schools of a locality, by the latest register row that gives one."""
    locality = register.words("locality")
    rows = np.flatnonzero(register.of_schools & (locality.codes >= 0))
    rows = rows[np.argsort(register.year[rows], kind="stable")][::-1]
    units, last = np.unique(register.unit[rows], return_index=True)
    return units[locality.of(code)[rows[last]]]
