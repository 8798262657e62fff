"""What the formulas of indicators are written in: rows of an input table as arrays, amounts that know their names, shares.

A formula takes the rows of its table (and of those it names beside it) and gives what was found: a value for each row with
numerator and denominator, and a state that says why a value is unknown. One law holds: ``value = numerator / denominator``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.indicators.causes import KNOWN, NOT_DELIVERED, TOO_FEW, Cause
from shnor_lib.inputs.dictionary import choices, table, table_names

ROW = ["level", "group", "school_id", "year"]
LEVELS = tuple(choices("level"))
"""From the school up; units stand in this order."""


class State(NamedTuple):
    """What is told of a value besides its numbers: a note in Russian; cause and needs where the value is unknown."""

    note: str = ""
    cause: Cause = KNOWN
    needs: str = ""


@dataclass(frozen=True)
class Amount:
    """A number for each row, what to call it when it is missing, and the columns that would give it.

    Examples
    --------
    >>> twice = 2 * Amount(np.array([3.0, np.nan]), "men", ("staff.men",))
    >>> twice.values.tolist(), twice.needs
    ([6.0, nan], ('staff.men',))
    """

    values: np.ndarray
    name: str
    needs: tuple[str, ...] = ()

    def _with(self, values: np.ndarray, *others: Amount) -> Amount:
        return replace(self, values=values, needs=tuple(dict.fromkeys(sum((one.needs for one in others), self.needs))))

    def __add__(self, other: Amount) -> Amount:
        return self._with(self.values + other.values, other)

    def __sub__(self, other: Amount) -> Amount:
        return self._with(self.values - other.values, other)

    def __rmul__(self, times: float) -> Amount:
        return self._with(times * self.values)

    def or_else(self, other: Amount) -> Amount:
        """The amount where it is filled, else the other; either of the two columns would do."""
        either = " | ".join([*self.needs, *(need.rpartition(".")[2] for need in other.needs)])
        return replace(self, values=np.where(np.isnan(self.values), other.values, self.values), needs=(either,))

    def where(self, holds: np.ndarray, other: Amount | float = np.nan) -> Amount:
        """The amount where something holds, elsewhere the other."""
        if isinstance(other, Amount):
            return self._with(np.where(holds, self.values, other.values), other)
        return self._with(np.where(holds, self.values, other))

    def at(self, places: np.ndarray) -> Amount:
        """The amounts at some places; missing at −1."""
        return replace(self, values=picked(self.values, places))

    def called(self, name: str) -> Amount:
        """The same amount under another name."""
        return replace(self, name=name)

    @property
    def missing(self) -> np.ndarray:
        return np.isnan(self.values)

    @property
    def label(self) -> str:
        """How notes call the amount."""
        return column_label(self.name)


class Words(NamedTuple):
    """A word for each row: places among the labels."""

    codes: np.ndarray
    labels: Sequence[str]

    def at(self, places: np.ndarray) -> list[str]:
        """The words of some rows."""
        return [self.labels[code] if code >= 0 else "<NA>" for code in self.codes[places].tolist()]

    def of(self, *wanted: str) -> np.ndarray:
        """Which rows have one of the wanted words."""
        known = np.array([label in wanted for label in self.labels] + [False])
        return known[self.codes]


@dataclass
class Rows:
    """Rows of an input table as arrays.

    Attributes
    ----------
    table : name of the table; ``frame`` its rows as delivered, ``at`` which of them these are (all when ``None``).
    unit, office, level : places among the units, the municipalities and ``LEVELS``; ``year`` as a number.
    asked : every column that a formula looked at.
    """

    table: str
    frame: pd.DataFrame
    unit: np.ndarray
    office: np.ndarray
    level: np.ndarray
    year: np.ndarray
    at: np.ndarray | None = None
    read: dict[str, object] = field(default_factory=dict)
    asked: dict[str, None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, places: np.ndarray) -> Rows:
        """Some of the rows, by a mask or by places."""
        at = np.flatnonzero(places) if places.dtype == bool else places
        whole = at if self.at is None else self.at[at]
        keys = {name: getattr(self, name)[at] for name in ("unit", "office", "level", "year")}
        return replace(self, at=whole, **keys)

    def _read(self, column: str, convert: Callable[[pd.Series | None], object]) -> object:
        self.asked[column] = None
        if column not in self.read:
            self.read[column] = convert(self.frame.get(column))
        return self.read[column]

    def amount(self, column: str) -> Amount:
        """A column of numbers, all missing when the table has none."""
        values = self._read(column, lambda found: np.full(len(self.frame), np.nan) if found is None else floats(found))
        return Amount(values if self.at is None else values[self.at], column, (f"{self.table}.{column}",))

    def words(self, column: str) -> Words:
        """A column of words; the missing ones have the place −1."""
        codes, labels = self._read(column, lambda found: coded(found, len(self.frame)))
        return Words(codes if self.at is None else codes[self.at], labels)

    def named(self, values: np.ndarray, name: str, *columns: str) -> Amount:
        """Numbers made from columns of the table."""
        return Amount(values, name, tuple(f"{self.table}.{column}" for column in columns))

    @property
    def of_schools(self) -> np.ndarray:
        return self.level == 0

    def procedures(self) -> Words:
        """Name of the procedure of each row: ``OGE/maths/9``."""
        exam, subject = self.words("exam"), self.words("subject")
        grade = self.amount("grade").values
        grades = np.where(np.isnan(grade), -1, grade).astype(np.int64)
        key = ((exam.codes + 1) * (len(subject.labels) + 1) + subject.codes + 1) * 1000 + grades + 1
        _, first, codes = np.unique(key, return_index=True, return_inverse=True)
        told = zip(exam.at(first), subject.at(first), grades[first].tolist(), strict=True)
        return Words(codes.ravel(), [f"{one}/{of}/{grade if grade >= 0 else '<NA>'}" for one, of, grade in told])

    def groups(self, *words: Words) -> tuple[Rows, np.ndarray]:
        """One row for each unit, year and word, and the group that each row belongs to."""
        key = self.unit * 10_000 + self.year
        for one in words:
            key = key * (len(one.labels) + 1) + one.codes + 1
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        return self.take(first), group.ravel()

    def beside(self, other: Rows) -> np.ndarray:
        """Row of another table for the same unit and year; −1 where it has none."""
        return matched(self.unit * 10_000 + self.year, other.unit * 10_000 + other.year)


def floats(column: pd.Series) -> np.ndarray:
    """A column as plain numbers, the missing ones NaN."""
    return column.to_numpy(dtype=float, na_value=np.nan)


FEW = 1_000
"""Up to so many rows a plain dictionary is quicker than a factorised column."""


def coded(column: pd.Series | None, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A column of words as places among its different words; −1 where it has none."""
    if column is None:
        return np.full(size, -1), np.array([], dtype=object)
    if size > FEW:
        codes, labels = pd.factorize(column)
        return codes, np.array([str(label) for label in labels], dtype=object)
    places: dict[object, int] = {}
    values = column.to_numpy(dtype=object, na_value=None)
    found = [-1 if value is None else places.setdefault(value, len(places)) for value in values.tolist()]
    return np.array(found, dtype=np.int64), np.array([str(label) for label in places], dtype=object)


def matched(keys: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The first place of each key among the others; −1 where there is none.

    Examples
    --------
    >>> matched(np.array([5, 7]), np.array([7, 7])).tolist()
    [-1, 0]
    """
    if not len(others):
        return np.full(len(keys), -1)
    order = np.argsort(others, kind="stable")
    place = np.searchsorted(others[order], keys).clip(max=len(others) - 1)
    return np.where(others[order[place]] == keys, order[place], -1)


def picked(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The values at the places; NaN at −1."""
    return np.where(places >= 0, values[places], np.nan) if len(values) else np.full(len(places), np.nan)


@dataclass(frozen=True)
class Found:
    """What a formula gives: a value for each row, with the words in the brackets of its name when it has any."""

    rows: Rows
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    state: np.ndarray
    states: list[State]
    part: Words | None = None

    def per(self, part: Words) -> Found:
        """The same, each row under its word in the brackets."""
        return replace(self, part=part)

    def told(self, *cases: tuple[np.ndarray, State]) -> Found:
        """The same with another state where one of the cases holds, the first of them."""
        state, states = self.state.copy(), [*self.states, *(state for _, state in cases)]
        for place, (holds, _) in reversed(list(enumerate(cases, start=len(self.states)))):
            state[holds] = place
        return replace(self, state=state, states=states)


def found(
    rows: Rows, value: np.ndarray, numerator: np.ndarray, denominator: np.ndarray, *cases: tuple[np.ndarray, State]
) -> Found:
    """What a formula gives, with the state of the first case that holds for each row."""
    plain = Found(rows, value, numerator, denominator, np.zeros(len(rows), dtype=np.int32), [State()])
    return plain.told(*cases)


def absent(*amounts: Amount) -> State:
    """The state of a value for which amounts were not delivered."""
    return State(
        "не указано: " + ", ".join(one.label for one in amounts),
        NOT_DELIVERED,
        "; ".join(dict.fromkeys(need for one in amounts for need in one.needs)),
    )


def nobody(amount: Amount) -> State:
    """The state of a value behind which nobody stands."""
    return State(f"{amount.label}: ноль", TOO_FEW, "0 < 1")


def ratio(rows: Rows, part: Amount | str, whole: Amount | str) -> Found:
    """Proportion of a part in its whole; a missing part or whole, or a whole of zero, gives no value and says why."""
    part, whole = (rows.amount(one) if isinstance(one, str) else one for one in (part, whole))
    top, under = part.values, whole.values
    with np.errstate(invalid="ignore", divide="ignore"):
        value = top / np.where(under > 0, under, np.nan)
    return found(
        rows,
        value,
        top,
        under,
        (part.missing & whole.missing, absent(part, whole)),
        (whole.missing, absent(whole)),
        (under <= 0, nobody(whole)),
        (part.missing, absent(part)),
    )


def mean(rows: Rows, value: Amount | str, participants: Amount) -> Found:
    """A mean with the number of participants behind it; the numerator is their sum.

    No value when nobody took part; an unknown number of participants leaves the value and says so.
    """
    value = rows.amount(value) if isinstance(value, str) else value
    count = participants.values
    values = np.where(count <= 0, np.nan, value.values)
    return found(
        rows,
        values,
        values * count,
        count,
        (count <= 0, nobody(participants)),
        (np.isnan(values), absent(value)),
        (participants.missing, State(absent(participants).note)),
    )


def total(rows: Rows, count: Amount | str) -> Found:
    """A plain number of persons or things, or a flag; the numerator is the number itself, each counted once."""
    count = rows.amount(count) if isinstance(count, str) else count
    values = count.values
    return found(rows, values, values, np.where(count.missing, np.nan, 1.0), (count.missing, absent(count)))


def stacked(*parts: Found) -> Found:
    """Several findings of one indicator under one another."""
    labels, states = list(dict.fromkeys(word for one in parts for word in one.part.labels)), []
    codes, state = [], []
    for one in parts:
        places = np.array([*(labels.index(word) for word in one.part.labels), -1])
        codes.append(places[one.part.codes])
        state.append(one.state + len(states))
        states += one.states
    numbers = {
        name: np.concatenate([getattr(one, name) for one in parts]) for name in ("value", "numerator", "denominator")
    }
    return Found(
        joined(*(one.rows for one in parts)),
        **numbers,
        state=np.concatenate(state),
        states=states,
        part=Words(np.concatenate(codes), labels),
    )


def joined(*parts: Rows) -> Rows:
    """What several rows are about, under one another; their columns are no longer read."""
    keys = {name: np.concatenate([getattr(one, name) for one in parts]) for name in ("unit", "office", "level", "year")}
    return replace(parts[0], at=None, **keys)


@cache
def column_label(column: str) -> str:
    """Russian label of a column of the data dictionary; the word itself when no table has such a column."""
    for name in table_names():
        if column in table(name).columns:
            return table(name).columns[column].label
    return column


def example(**columns: Sequence[object]) -> pd.DataFrame:
    """Rows of an input table for the examples: schools "1", "2", … of 2021 unless the columns say otherwise.

    Examples
    --------
    >>> example(men=[3, 1]).to_dict("list")
    {'level': ['school', 'school'], 'group': ['', ''], 'school_id': ['1', '2'], 'year': [2021, 2021], 'men': [3, 1]}
    """
    size = len(next(iter(columns.values())))
    rows = {"level": "school", "group": "", "school_id": [str(row + 1) for row in range(size)], "year": 2021}
    return pd.DataFrame(rows | columns)


@dataclass(frozen=True)
class Units:
    """What values are about: schools, groups of schools and the levels above, in order; one array for each column."""

    level: np.ndarray
    group: np.ndarray
    municipality: np.ndarray
    school_id: np.ndarray

    def __len__(self) -> int:
        return len(self.level)

    def take(self, places: np.ndarray) -> Units:
        """Some of the units."""
        return Units(*(getattr(self, name)[places] for name in ("level", "group", "municipality", "school_id")))


KEYS = ("level", "group", "municipality", "school_id")


def keyed(
    frames: dict[str, pd.DataFrame], more: Callable[[Iterable[str]], Iterable[tuple[str, str, str, str]]] = lambda _: ()
) -> tuple[Units, dict[str, Rows]]:
    """The units of several tables, and the rows of each table by the places of their units.

    Parameters
    ----------
    frames : tables by name; a missing level is the school, a missing group, municipality or id is "".
    more : further units for the municipalities of the tables, as level, group, municipality and id.
    """
    told = {name: {column: _filled(frame, column) for column in KEYS} for name, frame in frames.items()}
    words: dict[str, set[str]] = {column: set() for column in KEYS}
    for columns in told.values():
        for column, (_, labels) in columns.items():
            words[column].update(labels)
    further = list(more(sorted(words["municipality"])))
    for unit in further:
        for column, word in zip(KEYS, unit, strict=True):
            words[column].add(word)
    ordered = {column: sorted(words[column]) for column in KEYS[1:]}
    ordered["level"] = [*LEVELS, *sorted(words["level"] - {*LEVELS, ""})]
    places = {column: {word: place for place, word in enumerate(ordered[column])} for column in KEYS}
    places["level"][""] = 0
    codes = {
        name: {
            column: np.array([places[column][word] for word in labels] or [0])[at]
            for column, (at, labels) in columns.items()
        }
        for name, columns in told.items()
    }
    widths = [max(len(ordered[column]), 1) for column in KEYS]

    def joined(parts: Iterable[np.ndarray]) -> np.ndarray:
        key = np.int64(0)
        for part, width in zip(parts, widths, strict=True):
            key = key * width + part
        return key

    keys = {name: joined(of.values()) for name, of in codes.items()}
    extra = [joined(places[column][word] for column, word in zip(KEYS, unit, strict=True)) for unit in further]
    known = np.unique(np.concatenate([*keys.values(), np.array(extra, dtype=np.int64)]))
    columns, rest = {}, known
    for column, width in zip(reversed(KEYS), reversed(widths), strict=True):
        columns[column], rest = np.array(ordered[column], dtype=object)[rest % width], rest // width
    rows = {
        name: Rows(
            name,
            frame,
            np.searchsorted(known, keys[name]),
            codes[name]["municipality"],
            codes[name]["level"],
            frame["year"].to_numpy(dtype=np.int64) if len(frame) else np.zeros(0, dtype=np.int64),
        )
        for name, frame in frames.items()
    }
    return Units(**columns), rows


def _filled(frame: pd.DataFrame, column: str) -> tuple[np.ndarray, list[str]]:
    """A column of words with "" for the missing ones, as places among its different words."""
    codes, labels = coded(frame.get(column), len(frame))
    return (np.where(codes < 0, len(labels), codes), [*labels, ""]) if (codes < 0).any() else (codes, list(labels))


def texts(words: Iterable[str], places: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """A word for each place, as a column of strings."""
    return pd.array(np.asarray(words, dtype=object), dtype="str").take(places)


def plain_texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column of words as plain strings, "" for the missing ones and for a column that is not there."""
    codes, labels = _filled(frame, column)
    return [labels[code] for code in codes]
