"""Small-number suppression for the public edition: what could point at single pupils is hidden, and cannot be computed back.

Primary suppression hides a value of fewer than ``limit`` participants, and a share whose part or whose rest is one of the
small counts 1 … limit−1 (one failing pupil of thirty, or all but one). Secondary suppression hides what would give a hidden
number back: its complement, the last other part of a whole, a nested share that differs by few pupils, one more school where
a single hidden one is the total less the others, the index one of whose components is hidden. Hidden rows are marked
``hidden``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import Catalogue, Indicator, catalogue, split_name
from shnor_lib.indicators.causes import AS_RANGE, HIDDEN, HIDDEN_WORD
from shnor_lib.inputs.dictionary import table
from shnor_lib.params.yaml_files import Strict, read_yaml


class Compound(Strict):
    """What is a sum of others: full names of indicators, or words of their parts that are put one for another."""

    whole: str
    parts: tuple[str, ...]


class Guarded(Strict):
    """What is guarded, and which indicators tell one another: ``disclosure.yml``.

    Attributes
    ----------
    pupil_tables : tables whose counts are of persons and are hidden when small, except the columns ``not_persons``.
    pupils_of_schools : the counts of pupils in «Школы» that are; its others are of schools, classes and all pupils.
    public_tables : tables of schools, rooms, books and staff positions: their indicators may be shown, but for shares of pupils.
    summed : tables of which reports show the municipality's sum.
    means_of_marks : indicators from which, with the other shares of a procedure, the number of each mark could be computed back.
    scores, scored_by_marks : mean scores, which are means of marks in procedures whose names begin so.
    together : indicators that tell the same number: when one is hidden, so is the other.
    whole_rows : tables of which a row is hidden whole: each of its counts bounds the others.
    row_parts : the columns of tables by which indicators tell their rows apart.
    hidden_with : indicators with which everything about the same procedure is hidden, by the tables of what goes with them.
    never_nought : counts that stand for somebody wherever there is a row.
    compounds : ``whole``, a name or a word of it, is the sum of ``parts``.
    parts_of_a_whole : shares that add up to one: no single one of them is hidden alone.
    nested : shares each of which counts some of the pupils of the one before.
    """

    pupil_tables: tuple[str, ...]
    pupils_of_schools: tuple[str, ...]
    not_persons: tuple[str, ...]
    public_tables: tuple[str, ...]
    summed: tuple[str, ...]
    means_of_marks: tuple[str, ...]
    scores: tuple[str, ...]
    scored_by_marks: tuple[str, ...]
    whole_rows: tuple[str, ...]
    row_parts: dict[str, str]
    hidden_with: dict[str, tuple[str, ...]]
    never_nought: tuple[str, ...]
    compounds: tuple[Compound, ...]
    together: tuple[tuple[str, ...], ...]
    parts_of_a_whole: tuple[tuple[str, ...], ...]
    nested: tuple[tuple[str, ...], ...]


@cache
def guarded() -> Guarded:
    """The lists of ``disclosure.yml``."""
    return read_yaml(Path(__file__).with_name("disclosure.yml"), Guarded, "office/disclosure/disclosure.yml")


NUMBERS = ["value", "numerator", "denominator"]
GROUP = ["municipality", "year", "wave", "indicator"]
PLACE = ["municipality", "level", "group", "school_id", "year", "wave"]


def suppress_indicators(
    indicators: pd.DataFrame,
    limit: int,
    components: Mapping[str, Sequence[str]] | None = None,
    known: Catalogue | None = None,
    rows_hidden: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The long table without small numbers.

    Parameters
    ----------
    indicators : the long indicator table of all levels.
    limit : fewest participants a published value may stand for.
    components : the indicators behind each index.
    rows_hidden : rows of tables that are hidden whole: ``table``, school_id, year and ``part``.

    Returns
    -------
    The same rows with ``hidden``; value, numerator and denominator of hidden rows are missing and the note says so. Where nobody of
    the municipality counts, or everybody does, the share stays, without the number of participants where that is hidden.

    Examples
    --------
    >>> rows = pd.DataFrame({"municipality": "m", "level": "school", "school_id": ["1", "2", "3"], "year": 2021,
    ...     "indicator": "pass_rate[OGE/maths/9]", "value": [0.5, 0.5, 1.0], "numerator": [2.0, 15.0, 40.0],
    ...     "denominator": [4.0, 30.0, 40.0], "note": ""})
    >>> suppress_indicators(rows, 5)["hidden"].tolist()
    [True, False, False]
    >>> town = rows.iloc[:1].assign(level="municipality", school_id="", numerator=57.0, denominator=74.0, value=57 / 74)
    >>> suppress_indicators(pd.concat([rows, town], ignore_index=True), 5)["hidden"].tolist()  # else 57 − 15 − 40 were told
    [True, True, False, False]
    """
    known = known or catalogue()
    named = _named(indicators, known)
    rest = named["denominator"] - named["numerator"]
    rate, count = named["unit"].eq("rate"), named["unit"].eq("count")
    few = ~count & named["denominator"].lt(limit) & named["denominator"].gt(0)
    small = rate & (_small(named["numerator"], limit) | _small(rest, limit))
    small |= count & _small(named["value"], limit)
    shown = named["guarded"] & named["value"].notna()
    hidden = shown & (few | small | _told_by_rows(named, rows_hidden) | _small_marks(named, limit))
    sums = _Sums(named, limit)
    while True:
        before = hidden
        for more in (_same_number, _last_part, _row_of_table, _whole_procedure, _compounds, _from_marks):
            hidden = (hidden | more(named, hidden)) & shown
        hidden = (hidden | _nested(named, hidden, limit)) & shown
        hidden = hidden | sums.more(hidden, shown)
        if hidden.equals(before):
            break
    hidden |= _groups_of_schools(named, hidden, shown)
    hidden |= _from_components(named, hidden, components or {})
    if "cause" in named:
        hidden |= named["guarded"] & few & named["cause"].eq(AS_RANGE)
    plain = hidden & _all_or_none(named, hidden)
    plain |= hidden & _sums_of_shown(named, hidden & ~plain)
    return _hide(indicators, hidden & ~plain, plain & _of_unknown_size(named, hidden & ~plain, limit))


def _named(indicators: pd.DataFrame, known: Catalogue) -> pd.DataFrame:
    """The rows with function, part, unit and table of their indicator, the place they are about, and how many stand behind it."""
    split = {name: split_name(name) for name in indicators["indicator"].unique()}
    entries = {name: known.get(function) for name, (function, _) in split.items()}

    def of(tell: Callable[[str], object]) -> pd.Series:
        return indicators["indicator"].map({name: tell(name) for name in split}).astype(object)

    named = indicators.assign(
        function=of(lambda name: split[name][0]),
        part=of(lambda name: split[name][1] or ""),
        unit=of(lambda name: entries[name].unit if entries[name] else ""),
        table=of(lambda name: entries[name].table if entries[name] else ""),
        guarded=of(lambda name: _is_guarded(entries[name])).astype(bool),
    )
    named["place"] = named.groupby([*(column for column in PLACE if column in named), "part"], dropna=False).ngroup()
    named["whole"] = named.groupby("place")["denominator"].transform("max")
    return named


def _is_guarded(known: Indicator | None) -> bool:
    """Whether an indicator counts persons who must not be told one by one; an index of a method does not."""
    if known is None or known.unit == "flag":
        return False
    return known.table not in guarded().public_tables or (known.table == "schools" and known.unit == "rate")


def is_guarded_rate(indicator: str, known: Catalogue | None = None) -> bool:
    """Whether an indicator is a share of persons who must not be told one by one.

    Examples
    --------
    >>> is_guarded_rate("pass_rate[OGE/maths/9]"), is_guarded_rate("classrooms_equipped_rate")
    (True, False)
    """
    entry = (known or catalogue()).of(indicator)
    return _is_guarded(entry) and entry.unit == "rate"


def _same_number(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Indicators that tell a hidden number under another name."""
    told = pd.Series(False, index=named.index)
    for names in guarded().together:
        family = named["function"].isin(names)
        told |= family & (hidden & family).groupby(named["place"]).transform("any")
    return told


def _last_part(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """The smallest other part where a single part of a whole is hidden."""
    told = pd.Series(False, index=named.index)
    for names in guarded().parts_of_a_whole:
        family = named["function"].isin(names) & named["value"].notna()
        lonely = family & ~hidden & (hidden & family).groupby(named["place"]).transform("sum").eq(1)
        order = named[lonely].sort_values(["numerator", "indicator"], kind="stable")
        told |= named.index.isin(order.drop_duplicates("place").index)
    return told


def _nested(named: pd.DataFrame, hidden: pd.Series, limit: int) -> pd.Series:
    """Nested shares that differ from the one shown before by a small count, or leave a hidden one little room."""
    told = pd.Series(False, index=named.index)
    for names in guarded().nested:
        family = named[named["function"].isin(names) & named["value"].notna()]
        last = family.groupby("place")["denominator"].max()
        between = pd.Series(False, index=last.index)
        for name in names:
            rows = family[family["function"].eq(name)]
            gone, places = hidden[rows.index], rows["place"]
            room = places.map(last) - rows["numerator"]
            close = ~gone & (_small(room, limit) | (places.map(between) & room.lt(ROOM)))
            told[rows.index[close]] = True
            kept = rows[~close & ~gone]
            last.loc[kept["place"]] = kept["numerator"].to_numpy()
            between.loc[kept["place"]] = False
            between.loc[rows.loc[close | gone, "place"]] = True
    return told


GUESSED = 10
"""Below so many a hidden count must not be guessed closely; from there on it must only not be known."""
ROOM = 5
"""So many whole numbers at least lie between the ends that anybody can tell of a hidden count: no guess is within two of it."""


def _row_of_table(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Everything that is told of one row of a table whose counts bound one another."""
    family = named["table"].isin(guarded().whole_rows)
    return family & (hidden & family).groupby(named["place"]).transform("any")


def _told_by_rows(named: pd.DataFrame, rows: pd.DataFrame | None) -> pd.Series:
    """Indicators of rows of tables that are hidden whole."""
    if rows is None or rows.empty:
        return pd.Series(False, index=named.index)
    key = ["table", "school_id", "year", "part"]
    own = named[key].astype({"year": int}).astype(object)
    return named["level"].eq("school") & pd.MultiIndex.from_frame(own).isin(
        pd.MultiIndex.from_frame(rows[key].astype(object))
    )


def _whole_procedure(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Everything about a procedure whose number of participants is hidden."""
    told = pd.Series(False, index=named.index)
    for name, sources in guarded().hidden_with.items():
        gone = (hidden & named["function"].eq(name)).groupby(named["place"]).transform("any")
        told |= gone & named["table"].isin(sources)
    return told


def _compounds(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Sums of hidden parts; and where a sum is hidden but none of its parts, the smallest of them."""
    told = pd.Series(False, index=named.index)
    for family, is_whole in _families(named):
        gone = hidden[family.index]
        part_gone = (gone & ~is_whole).groupby(family).transform("any")
        whole_gone = (gone & is_whole).groupby(family).transform("any")
        parts = named.loc[family.index[~is_whole]]
        lonely = parts[(whole_gone & ~part_gone)[parts.index] & parts["value"].notna() & parts["numerator"].gt(0)]
        least = lonely.assign(family=family[lonely.index]).sort_values(["numerator", "indicator"], kind="stable")
        told[family.index] |= part_gone & is_whole
        told[least.drop_duplicates("family").index] = True
    return told


def _sums_of_shown(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Shares of nobody, or of everybody, all parts of which are shown."""
    told = pd.Series(False, index=named.index)
    for family, is_whole in _families(named):
        part_gone = (hidden[family.index] & ~is_whole).groupby(family).transform("any")
        told[family.index] |= is_whole & ~part_gone & (~is_whole).groupby(family).transform("any")
    return told & named["value"].isin([0.0, 1.0])


def _of_unknown_size(named: pd.DataFrame, hidden: pd.Series, limit: int) -> pd.Series:
    """Places, and sums of places, the number of whose participants is hidden or small: their shares stand without it."""
    own = hidden & named["function"].isin(guarded().hidden_with) | named["denominator"].lt(limit)
    unknown = own.groupby(named["place"]).transform("any")
    for family, _ in _families(named):
        unknown[family.index] |= unknown[family.index].groupby(family).transform("any")
    return unknown


def _families(named: pd.DataFrame) -> Iterator[tuple[pd.Series, pd.Series]]:
    """For each compound a number for each sum with its parts, and which rows are sums."""
    place = [column for column in PLACE if column in named]
    for one in guarded().compounds:
        wholes = {name: _put(name, one) for name in named["indicator"].unique()}
        as_whole = named["indicator"].map(wholes)
        is_whole = named["indicator"].map({name: one.whole in name for name in wholes}).astype(bool)
        if is_whole.any():
            own = named[is_whole | as_whole.ne(named["indicator"])]
            keys = [*place, as_whole[own.index]]
            yield own.groupby(keys, dropna=False, sort=False).ngroup(), is_whole[own.index]


def _put(name: str, compound: Compound) -> str:
    """The name of the sum that an indicator is a part of; its own, where it is none."""
    for part in compound.parts:
        if part in name:
            return name.replace(part, compound.whole)
    return name


def _small_marks(named: pd.DataFrame, limit: int) -> pd.Series:
    """Indices and means of marks of a procedure where any mark was given to few: they would tell how many."""
    of_marks = named[named["function"].isin(guarded().means_of_marks) & named["value"].notna()]
    known = named[named["numerator"].notna()].pivot_table(
        index="place", columns="function", values="numerator", aggfunc="first"
    )
    told = pd.Series(False, index=named.index)
    for whole, passed, quality, weights in MARKS:
        if not {passed, quality} <= set(known):
            continue
        own = of_marks[of_marks["function"].eq(whole)]
        total, upper = own["place"].map(known[passed]), own["place"].map(known[quality])
        marks = (
            own["value"] * own["denominator"] - weights[0] * (own["denominator"] - total) - weights[1] * (total - upper)
        )
        fives = (marks - weights[2] * upper) / (weights[3] - weights[2])
        few = [_small(one, limit) for one in (own["denominator"] - total, total - upper, upper - fives, fives)]
        told[own.index[np.logical_or.reduce(few)]] = True
    return told


MARKS = (
    ("learning_index", "pass_rate", "quality_rate", (16.0, 36.0, 64.0, 100.0)),
    ("mean_mark", "pass_rate", "quality_rate", (2.0, 3.0, 4.0, 5.0)),
    ("learning_marks_index", "learning_pass_rate", "learning_quality_rate", (16.0, 36.0, 64.0, 100.0)),
)
"""Means of marks, the shares that tell marks 3 and more, 4 and more, and what marks 2, 3, 4 and 5 count."""


def _from_marks(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Means of marks of a place and procedure one of whose shares is hidden: together they would give the marks back."""
    touched = hidden.groupby(named["place"]).transform("any")
    means = named["function"].isin(guarded().means_of_marks)
    of_marks = named["part"].str.startswith(guarded().scored_by_marks)
    means |= of_marks & named["function"].isin(guarded().scores)
    return touched & means & named["value"].notna()


def _from_components(named: pd.DataFrame, hidden: pd.Series, components: Mapping[str, Sequence[str]]) -> pd.Series:
    """Indices of schools one of whose components is hidden: the index less the others would give it back."""
    told = pd.Series(False, index=named.index)
    place = named["school_id"].astype(str) + " " + named["year"].astype(str)
    for index, parts in components.items():
        touched = set(place[hidden & named["level"].eq("school") & named["indicator"].isin(list(parts))])
        told |= named["indicator"].eq(index) & named["level"].eq("school") & place.isin(touched)
    return told & named["value"].notna()


def _groups_of_schools(named: pd.DataFrame, hidden: pd.Series, shown: pd.Series) -> pd.Series:
    """Sums over urban or rural schools of an indicator of which any school is hidden."""
    key = [named[column] for column in GROUP if column in named]
    schools = hidden & named["level"].eq("school")
    return schools.groupby(key).transform("any") & named["level"].eq("group") & shown


def _small(counts: pd.Series, limit: int) -> pd.Series:
    rounded = counts.round(6)
    return rounded.gt(0) & rounded.lt(limit)


class _Sums:
    """What the municipality's sum over its schools tells of hidden ones, and which more to hide so that it tells little."""

    def __init__(self, named: pd.DataFrame, limit: int):
        self.named, self.limit = named, limit
        key = [column for column in GROUP if column in named]
        self.group = named.groupby(key, dropna=False, sort=False).ngroup().to_numpy()
        self.school = (named["level"].eq("school") & named["guarded"] & named["value"].notna()).to_numpy()
        self.town = (named["level"].eq("municipality") & named["value"].notna()).to_numpy()
        counted = np.where(named["unit"].eq("count"), named["value"], named["numerator"]).astype(float)
        rest = (named["denominator"] - named["numerator"]).to_numpy(float)
        self.least = named["function"].isin(guarded().never_nought).astype(int).to_numpy()
        self.sides = {"count": [counted], "rate": [counted, rest]}
        self.kind = named["unit"].where(named["unit"].isin(["count", "rate"]), "").to_numpy()
        order = np.lexsort((named["school_id"].astype(str), named["whole"].fillna(np.inf)))
        self.members = {}
        for row in order[self.school[order]]:
            self.members.setdefault(self.group[row], []).append(row)
        self.towns = {self.group[row]: row for row in np.flatnonzero(self.town)}
        self.whole_hidden_by = set(guarded().hidden_with)

    def more(self, hidden: pd.Series, shown: pd.Series) -> pd.Series:
        """Rows to hide besides: other schools, the smallest first, else the sum itself."""
        gone = hidden.to_numpy().copy()
        named = self.named
        places = set(named.loc[hidden & named["function"].isin(self.whole_hidden_by), "place"])
        unknown_size = named["place"].isin(places).to_numpy() | (named["denominator"].lt(self.limit)).to_numpy()
        for group in np.unique(self.group[gone & self.school]):
            least = self.least[self.members[group][0]]
            town = self.towns.get(group)
            if town is None or gone[town]:
                continue
            rows = np.array(self.members[group])
            sides = [side[rows] for side in self.sides.get(self.kind[rows[0]], [])]
            own = gone[rows].copy()
            while own.any() and not self._safe(sides, own, unknown_size[rows], least):
                free = np.flatnonzero(~own)
                useful = [at for at in free if all(side[at] > 0 for side in sides)] or [
                    at for at in free if any(side[at] > 0 for side in sides)
                ]
                if not useful:
                    gone[town] = True
                    break
                own[useful[0]] = True
            gone[rows] |= own
        return pd.Series(gone & shown.to_numpy(), index=hidden.index)

    @staticmethod
    def _safe(sides: list[np.ndarray], own: np.ndarray, unknown: np.ndarray, least: int = 0) -> bool:
        """Whether no hidden count of a sum is told within two of it; a sum of nobody tells what everybody may know.

        ``least``: everybody knows that a count is no smaller.
        """
        if not sides:
            return own.sum() > 1
        sums = [float(np.nansum(side[own])) for side in sides]
        if all(total == 0 for total in sums) or np.isnan(sides[0][own]).any():
            return True
        if own.sum() < 2:
            return False
        for at in np.flatnonzero(own):
            if len(sides) == 1:
                room = sums[0] - least * own.sum()
            else:
                size = np.inf if unknown[at] else sides[0][at] + sides[1][at]
                room = min(size, sums[0]) - max(0.0, size - sums[1]) if np.isfinite(size) else min(one for one in sums)
                if not all(sums):
                    continue
            if room < (ROOM if min(side[at] for side in sides) < GUESSED else 1):
                return False
        return True


def _all_or_none(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Shares and counts of schools where the shown sum of the municipality is nobody, or everybody."""
    key = [column for column in GROUP if column in named]
    plain = named["value"].eq(0) & named["unit"].isin(["rate", "count"]) | named["value"].eq(1) & named["unit"].eq(
        "rate"
    )
    town = named[named["level"].eq("municipality") & plain & ~hidden]
    told = pd.MultiIndex.from_frame(town[key].astype(object))
    schools = named["level"].eq("school") & plain
    return schools & pd.MultiIndex.from_frame(named[key].astype(object)).isin(told)


def _hide(rows: pd.DataFrame, hidden: pd.Series, bare: pd.Series) -> pd.DataFrame:
    """Rows without the hidden numbers; ``bare`` ones keep their value alone."""
    shown = _emptied(rows, [column for column in NUMBERS if column in rows], hidden)
    counts = [column for column in NUMBERS[1:] if column in rows]
    shown = shown.assign(**{column: shown[column].mask(bare) for column in counts})
    if "note" in shown:
        shown["note"] = np.where(hidden, "скрыто: мало участников", shown["note"])
    if "cause" in shown:
        shown["cause"], shown["needs"] = np.where(hidden, HIDDEN, shown["cause"]), np.where(hidden, "", shown["needs"])
    return shown


def _emptied(rows: pd.DataFrame, columns: Sequence[str], hidden: pd.Series) -> pd.DataFrame:
    """Rows marked ``hidden``, without their numbers where they are."""
    return rows.assign(**{column: rows[column].where(~hidden) for column in columns}, hidden=hidden.to_numpy())


def suppress_table(name: str, rows: pd.DataFrame, limit: int, also: pd.DataFrame | None = None) -> pd.DataFrame:
    """An input table for the public edition: small counts of persons are emptied and their rows marked ``hidden``.

    Where a single part of a whole is emptied, so is another; where a single school of a column is, so is another school. Rows that
    are parts of another row (``parts_by``) are left out: all but one of them would tell that one.

    ``also``: rows of schools that are hidden whole besides, by school_id, year and what ``row_parts`` of ``disclosure.yml`` names.

    Examples
    --------
    >>> marks = pd.DataFrame({"level": ["school", "school"], "participants": [30.0, 4.0], "mark_2": [2.0, 0.0],
    ...     "mark_3": [8.0, 0.0], "mark_4": [10.0, 0.0], "mark_5": [10.0, 4.0]})
    >>> suppress_table("exam_results", marks, 5)[["participants", "mark_2", "mark_3", "mark_4", "hidden"]].values.tolist()
    [[30.0, nan, nan, 10.0, True], [nan, nan, nan, nan, True]]
    """
    if rows.empty or name not in (*guarded().pupil_tables, "schools"):
        return rows
    rows = table(name).whole_rows(rows)
    columns = [column for column in table(name).columns.values() if column.name in rows]
    if name == "schools":
        counts, numbers = [one for one in guarded().pupils_of_schools if one in rows], []
        few = pd.Series(False, index=rows.index)
    else:
        counts = [one.name for one in columns if one.type == "count" and one.name not in guarded().not_persons]
        numbers = [one.name for one in columns if one.type in ("number", "share")]
        whole = rows[counts].astype(float).max(axis=1)
        few = whole.lt(limit) & whole.gt(0)
    known = rows[counts].astype("Float64").astype(float)
    gone = known.apply(_small, limit=limit).fillna(False) | (known.notna() & few.to_numpy()[:, None])
    gone |= known.notna() & _among(rows, row_keys(name, rows), also)[:, None]
    if name in guarded().whole_rows:
        gone |= _small_rests(name, known, limit)
    while True:
        before = gone
        gone = _second_schools(name, rows, known, _second_parts(name, known, gone))
        if name in guarded().whole_rows:
            gone = known.notna() & gone.any(axis=1).to_numpy()[:, None]
        if gone.equals(before):
            break
    gone &= ~_of_nobody(name, rows, known)
    masked = gone.assign(**dict.fromkeys(numbers, few))
    shown = {column: rows[column].mask(masked[column]) for column in masked}
    return rows.assign(**shown, hidden=(few | gone.any(axis=1)).to_numpy())


def _small_rests(name: str, known: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Parts of a whole that leave a small rest: no school of the municipality can have a larger one."""
    small = known.isna() & False
    for one in table(name).parts:
        for whole in [whole for whole in one.whole if whole in known]:
            for part in [part for part in one.parts if part in known]:
                small[part] |= _small(known[whole] - known[part], limit)
    return small


def row_keys(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """What an indicator calls the rows of a table: school_id, year and part."""
    part = guarded().row_parts.get(name)
    parts = rows[part].astype(object).where(rows[part].notna(), "") if part in rows else pd.Series("", index=rows.index)
    year = rows["year"].astype(int) if "year" in rows else 0
    return pd.DataFrame({"school_id": rows.get("school_id", ""), "year": year, "part": parts}, index=rows.index).astype(
        object
    )


def _among(rows: pd.DataFrame, keys: pd.DataFrame, wanted: pd.DataFrame | None) -> np.ndarray:
    if wanted is None or wanted.empty or "level" not in rows:
        return np.zeros(len(rows), dtype=bool)
    found = pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(wanted[list(keys)].astype(object)))
    return found & rows["level"].eq("school").fillna(False).to_numpy(bool)


def _of_nobody(name: str, rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Noughts of which the sum over the schools is nought too: the shown sum tells them anyway."""
    key = _key_of_schools(name, rows)
    groups = rows.groupby(key, dropna=False).ngroup() if key else pd.Series(0, index=rows.index)
    return known.eq(0) & known.groupby(groups).transform("max").eq(0)


def _second_parts(name: str, known: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """One more part of a whole, the smallest that is not nought, where a single part is hidden and the others are shown."""
    gone = gone.copy()
    for total in table(name).totals:
        parts = [part for part in total.parts if part in known]
        wholes = [whole for whole in total.whole if whole in known]
        if not wholes or len(parts) < 2:
            continue
        told = (known[wholes].notna() & ~gone[wholes]).any(axis=1)
        lonely = told & gone[parts].sum(axis=1).eq(1)
        candidates = known.loc[lonely, parts].mask(gone.loc[lonely, parts])
        candidates = candidates.where(candidates.gt(0), candidates + np.inf).dropna(how="all")
        smallest = candidates.idxmin(axis=1).reindex(gone.index)
        for part in parts:
            gone[part] |= smallest.eq(part)
    return gone


def _second_schools(name: str, rows: pd.DataFrame, known: pd.DataFrame, gone: pd.DataFrame) -> pd.DataFrame:
    """More schools of a column, the smallest first, while the hidden ones are the sum of the municipality less the others; else the sum."""
    if "level" not in rows or "school_id" not in rows:
        return gone
    gone = gone.copy()
    schools = rows["level"].eq("school").fillna(False).astype(bool).to_numpy()
    key = _key_of_schools(name, rows)
    groups = rows.groupby(key, dropna=False).ngroup().to_numpy() if key else np.zeros(len(rows), dtype=int)
    size = known.max(axis=1).to_numpy(float)
    for column in gone.columns:
        own, values = gone[column].to_numpy(copy=True), known[column].to_numpy(float)
        for group in np.unique(groups[own & schools]):
            members = np.flatnonzero((groups == group) & schools & ~np.isnan(values))
            least = column in guarded().never_nought and name in guarded().hidden_with["participants"]
            while (hidden := members[own[members]]).size and (
                hidden.size < 2 or values[hidden].sum() - least * hidden.size < ROOM
            ):
                free = members[~own[members] & (values[members] > 0)]
                if not free.size:
                    own |= (groups == group) & ~schools & ~np.isnan(values)
                    break
                own[free[np.argmin(size[free])]] = True
        gone[column] = own
    return gone


def _key_of_schools(name: str, rows: pd.DataFrame) -> list[str]:
    """What the rows of several schools about one thing have in common."""
    key = dict.fromkeys(("municipality", "year", *table(name).key))
    return [column for column in key if column in rows and column not in ("level", "group", "school_id")]


def with_totals(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """A table of schools with the sums of the municipality where it states none, so that the public total is the whole one.

    ``rows``: the table before anything is hidden. A column of which a school gives no number is summed over those that do.
    """
    counts = [
        column.name
        for column in table(name).columns.values()
        if column.type == "count"
        and column.name in rows
        and column.name not in (*guarded().not_persons, *table(name).key)
    ]
    key = _key_of_schools(name, rows)
    stated = rows.loc[rows["level"].eq("municipality"), key].drop_duplicates()
    summed = rows[rows["level"].eq("school")].groupby(key, as_index=False, dropna=False, observed=True, sort=False)
    totals = summed[counts].sum(min_count=1)
    totals = totals.merge(stated.assign(_stated=True), on=key, how="left")
    totals = totals[totals.pop("_stated").isna()].assign(level="municipality", group="")
    if totals.empty:
        return rows
    added = totals.reindex(columns=rows.columns).astype(rows.dtypes.to_dict(), errors="ignore")
    return pd.concat([rows, added], ignore_index=True)


def suppress_problems(problems: pd.DataFrame) -> pd.DataFrame:
    """Problems without the numbers of persons they quote: the public reads what is wrong, not how many pupils it concerns."""
    of_persons = problems["table"].isin(guarded().pupil_tables)
    texts, values = problems["problem"].astype(str), problems["value"].astype(str)
    masked = texts.str.replace(_QUOTED, HIDDEN_WORD, regex=True)
    return problems.assign(
        problem=texts.mask(of_persons, masked), value=values.mask(of_persons & values.ne(""), HIDDEN_WORD)
    )


_QUOTED = re.compile(r"(?<![\w.,–-])(?!(?:19|20)\d\d\b)\d+(?:[.,]\d+)?(?=[),;»]|$)")
"""A number that a problem quotes from the data: it ends a clause; grades and years in the middle of one stay."""


def suppress_corrections(corrections: pd.DataFrame) -> pd.DataFrame:
    """Corrections of counts of persons without the old and the new value."""
    of_persons = corrections["table"].isin(guarded().pupil_tables)
    told = {name: corrections[name].astype(object).mask(of_persons, HIDDEN_WORD) for name in ("expected", "value")}
    return corrections.assign(**told)


def suppress_judged(
    rows: pd.DataFrame,
    limit: int,
    numbers: list[str],
    hidden_schools: pd.DataFrame | None = None,
    rates: pd.Series | None = None,
) -> pd.DataFrame:
    """Rows with ``participants`` – verdicts, low procedures, targets – without the numbers of few participants.

    Parameters
    ----------
    numbers : columns that are emptied in hidden rows.
    hidden_schools : further rows to hide, by school_id and the columns both frames have.
    rates : rows whose ``value`` is a share of the participants: hidden too when the part or the rest is small.
    """
    few = rows["participants"].lt(limit) & rows["participants"].gt(0)
    if rates is not None:
        part = rows["value"] * rows["participants"]
        few |= rates & (_small(part, limit) | _small(rows["participants"] - part, limit))
    hidden = few.fillna(False).astype(bool)
    if hidden_schools is not None and len(hidden_schools):
        key = [column for column in hidden_schools.columns if column in rows]
        hidden |= pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(hidden_schools[key]))
    return _emptied(rows, numbers, hidden)


def without_telling_thresholds(verdicts: pd.DataFrame, margins: pd.Series) -> pd.DataFrame:
    """Verdicts without the thresholds that stand half way to the value of a hidden school.

    Parameters
    ----------
    verdicts : with ``hidden``; where a threshold lies between two schools of one criterion, it tells each by the other.
    margins : the true margins of the same rows.

    Examples
    --------
    >>> rows = pd.DataFrame({"criterion": "c", "threshold": [15.0, np.nan, 15.0], "margin": [5.0, np.nan, -9.0],
    ...     "hidden": [False, True, False]})
    >>> without_telling_thresholds(rows, pd.Series([5.0, -5.0, -9.0]))["threshold"].tolist()
    [nan, nan, nan]
    """
    criterion = verdicts["criterion"]
    inner = margins.where(margins.ge(0)).groupby(criterion).transform("min")
    outer = margins.where(margins.lt(0)).groupby(criterion).transform("max")
    telling = verdicts["hidden"] & (margins.eq(inner) | margins.eq(outer)) & (inner + outer).abs().lt(1e-6)
    touched = telling.groupby(criterion).transform("any")
    return verdicts.assign(
        threshold=verdicts["threshold"].mask(touched),
        margin=verdicts["margin"].mask(touched),
        hidden=verdicts["hidden"] | touched,
    )
