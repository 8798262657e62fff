"""Small-number suppression for the public edition: what could point at single pupils is hidden, and cannot be computed back.

Primary suppression hides a value of fewer than ``limit`` participants, and a share whose part or whose rest is one of the
small counts 1 … limit−1 (one failing pupil of thirty, or all but one). Secondary suppression hides what would give a hidden
number back: its complement, the last other part of a whole, a nested share that differs by few pupils, one more school where
a single hidden one is the total less the others, the index one of whose components is hidden. Hidden rows are marked
``hidden``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import Catalogue, Indicator, catalogue, split_name
from shnor_lib.indicators.causes import AS_RANGE, HIDDEN
from shnor_lib.inputs.dictionary import table
from shnor_lib.params.yaml_files import Strict, read_yaml


class Guarded(Strict):
    """What is guarded, and which indicators tell one another: ``disclosure.yml``.

    Attributes
    ----------
    pupil_tables : tables whose counts are of persons and are hidden when small, except the columns ``not_persons``.
    pupils_of_schools : the counts of pupils in «Школы» that are; its others are of schools, classes and all pupils.
    public_tables : tables of schools, rooms, books and staff positions: their indicators may be shown, but for shares of pupils.
    summed : tables of which reports show the municipality's sum.
    means_of_marks : indicators from which, with the other shares of a procedure, the number of each mark could be computed back.
    together : indicators that tell the same number: when one is hidden, so is the other.
    parts_of_a_whole : shares that add up to one: no single one of them is hidden alone.
    nested : shares each of which counts some of the pupils of the one before.
    """

    pupil_tables: tuple[str, ...]
    pupils_of_schools: tuple[str, ...]
    not_persons: tuple[str, ...]
    public_tables: tuple[str, ...]
    summed: tuple[str, ...]
    means_of_marks: tuple[str, ...]
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
HIDDEN_WORD = "скрыто"


def suppress_indicators(
    indicators: pd.DataFrame,
    limit: int,
    components: Mapping[str, Sequence[str]] | None = None,
    known: Catalogue | None = None,
) -> pd.DataFrame:
    """The long table without small numbers.

    Parameters
    ----------
    indicators : the long indicator table of all levels.
    limit : fewest participants a published value may stand for.
    components : the indicators behind each index.

    Returns
    -------
    The same rows with ``hidden``; value, numerator and denominator of hidden rows are missing and the note says so.

    Examples
    --------
    >>> rows = pd.DataFrame({"municipality": "m", "level": "school", "school_id": ["1", "2", "3"], "year": 2021,
    ...     "indicator": "pass_rate[OGE/maths/9]", "value": [0.5, 1.0, 1.0], "numerator": [2.0, 30.0, 40.0],
    ...     "denominator": [4.0, 30.0, 40.0], "note": ""})
    >>> suppress_indicators(rows, 5)["hidden"].tolist()  # the second, lest the first be the total less the third
    [True, True, False]
    """
    named = _named(indicators)
    known = known or catalogue()
    of_persons = named["function"].map(lambda function: _is_guarded(known.get(function)))
    units = named["function"].map({name: one.unit for name, one in known.items()})
    few = units.ne("count") & named["denominator"].lt(limit) & named["denominator"].gt(0)
    rest = named["denominator"] - named["numerator"]
    small = units.eq("rate") & (_small(named["numerator"], limit) | _small(rest, limit))
    small |= units.eq("count") & _small(named["value"], limit)
    shown = of_persons & named["value"].notna()
    hidden = shown & (few | small)
    while True:
        before = hidden
        hidden = hidden | _same_number(named, hidden) | _last_part(named, hidden) | _nested(named, hidden, limit)
        hidden = hidden & shown
        hidden = hidden | _second_school(named, hidden, shown)
        if hidden.equals(before):
            break
    hidden |= _from_marks(named, hidden)
    hidden |= _groups_of_schools(named, hidden, shown)
    hidden |= _from_components(named, hidden, components or {})
    if "cause" in named:
        hidden |= of_persons & few & named["cause"].eq(AS_RANGE)
    return _hide(indicators, hidden)


def _named(indicators: pd.DataFrame) -> pd.DataFrame:
    """The rows with function and part of their indicator, the place they are about, and how many stand behind it."""
    split = {name: split_name(name) for name in indicators["indicator"].unique()}
    named = indicators.assign(
        function=indicators["indicator"].map({name: function for name, (function, _) in split.items()}),
        part=indicators["indicator"].map({name: part or "" for name, (_, part) in split.items()}),
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
    """Nested shares that differ from the one shown before by a small count."""
    told = pd.Series(False, index=named.index)
    for names in guarded().nested:
        family = named[named["function"].isin(names) & named["value"].notna() & ~hidden]
        last = family.groupby("place")["denominator"].max()
        for name in names:
            rows = family[family["function"].eq(name)]
            close = _small(rows["place"].map(last) - rows["numerator"], limit)
            told[rows.index[close]] = True
            kept = rows[~close]
            last.loc[kept["place"]] = kept["numerator"].to_numpy()
    return told


def _from_marks(named: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Means of marks of a place and procedure one of whose shares is hidden: together they would give the marks back."""
    touched = hidden.groupby(named["place"]).transform("any")
    return touched & named["function"].isin(guarded().means_of_marks) & named["value"].notna()


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


def _second_school(named: pd.DataFrame, hidden: pd.Series, shown: pd.Series) -> pd.Series:
    """One more school where a single hidden one could be computed from the total of the municipality.

    The school is chosen by its number of participants, so indicators of one procedure hide the same school.
    """
    schools = named["level"].eq("school") & shown
    key = [column for column in GROUP if column in named]
    count = hidden.where(schools, False).groupby([named[column] for column in key]).transform("sum")
    lonely = schools & ~hidden & count.eq(1)
    order = named[lonely].sort_values(["whole", "school_id"], kind="stable", na_position="last")
    return pd.Series(named.index.isin(order.drop_duplicates(key).index), index=named.index)


def _hide(rows: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    shown = _emptied(rows, [column for column in NUMBERS if column in rows], hidden)
    if "note" in shown:
        shown["note"] = np.where(hidden, "скрыто: мало участников", shown["note"])
    if "cause" in shown:
        shown["cause"], shown["needs"] = np.where(hidden, HIDDEN, shown["cause"]), np.where(hidden, "", shown["needs"])
    return shown


def _emptied(rows: pd.DataFrame, columns: Sequence[str], hidden: pd.Series) -> pd.DataFrame:
    """Rows marked ``hidden``, without their numbers where they are."""
    return rows.assign(**{column: rows[column].where(~hidden) for column in columns}, hidden=hidden.to_numpy())


def suppress_table(name: str, rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    """An input table for the public edition: small counts of persons are emptied and their rows marked ``hidden``.

    Where a single part of a whole is emptied, so is another; where a single school of a column is, so is another school. Rows that
    are parts of another row (``parts_by``) are left out: all but one of them would tell that one.

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
    while True:
        before = gone
        gone = _second_schools(name, rows, known, _second_parts(name, known, gone))
        if gone.equals(before):
            break
    masked = gone.assign(**dict.fromkeys(numbers, few))
    shown = {column: rows[column].mask(masked[column]) for column in masked}
    return rows.assign(**shown, hidden=(few | gone.any(axis=1)).to_numpy())


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
    """One more school of a column where a single one is hidden: it would be the total less the others."""
    if "level" not in rows or "school_id" not in rows:
        return gone
    gone = gone.copy()
    schools = rows["level"].eq("school").fillna(False).astype(bool)
    key = _key_of_schools(name, rows)
    groups = rows.groupby(key, dropna=False).ngroup() if key else pd.Series(0, index=rows.index)
    size = known.max(axis=1)
    single = gone.where(schools, False).groupby(groups).transform("sum").eq(1)
    for column in gone.columns[single.any()]:
        others = schools & single[column] & ~gone[column] & known[column].notna()
        order = pd.DataFrame({"group": groups, "none": known[column].eq(0), "size": size})[others]
        chosen = order.sort_values(["none", "size"], kind="stable").drop_duplicates("group").index
        gone.loc[chosen, column] = True
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
