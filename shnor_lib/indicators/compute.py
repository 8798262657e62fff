"""All indicators of all levels and years in one long table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from shnor_lib.indicators.catalogue import LONG, ROW, Indicator, catalogue, matches, split_name
from shnor_lib.indicators.published import merge_published
from shnor_lib.indicators.results import procedures
from shnor_lib.indicators.schools import GROUPS
from shnor_lib.inputs.dictionary import choices, table

LEVELS = pd.CategoricalDtype(list(choices("level")), ordered=True)


def compute_indicators(
    tables: Mapping[str, pd.DataFrame], wave: str = "", only: Iterable[str] | None = None
) -> pd.DataFrame:
    """Every indicator of every school and of the levels above, for all years in the tables.

    Parameters
    ----------
    tables : input tables by name; an absent or empty one gives no rows, an absent column gives missing values with a note.
    wave : monitoring wave ("" is the result of the year). Only tables that carry waves are taken for a named wave.
    only : patterns of full names to compute, all when not given (``["below_minimum_rate[OGE/*]"]``).

    Returns
    -------
    LONG columns, sorted by level, group, school, year and indicator. ``group`` and ``school_id`` are "" where they do not
    apply; value, numerator and denominator are floats, missing as NaN.

    Notes
    -----
    What a row of a level holds, in this order: computed from counts of that level; published as a ready value; put together
    from the schools (:func:`pool_schools`), for the municipality and for its urban and rural schools.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(men=[3, 1], pedagogues=[20, 20])
    >>> men = compute_indicators({"staff": staff}, only=["teachers_men_rate"])
    >>> men[["level", "school_id", "value"]].values.tolist()
    [['school', '1', 0.15], ['school', '2', 0.05], ['municipality', '', 0.1]]
    """
    return _plain(_computed(tables, wave, only))


def compute_with_published(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every indicator of an office, and beside it what the counts alone give for those that documents publish as ready values.

    Returns
    -------
    What :func:`compute_indicators` gives for the tables, and what it gives without ``published_indicators`` for the names
    published there: the two that :func:`check_published_against_computed` compares. Formulas are applied once for both.
    """
    prepared, own = _of_chapters(tables, "", None)
    counted = own[own["indicator"].isin(tables["published_indicators"]["indicator"])]
    merged = merge_published(own, prepared["published_indicators"])
    return _plain(_with_levels(merged, prepared)), _plain(_with_levels(counted, prepared))


def compute_indicators_of_offices(
    tables: Mapping[str, pd.DataFrame], wave: str = "", only: Iterable[str] | None = None
) -> pd.DataFrame:
    """Every indicator of many offices at once: of each office the same rows as :func:`compute_indicators` gives alone.

    Parameters
    ----------
    tables : input tables by name, each with ``municipality``; a school id needs to be unique in its municipality only.
    wave, only : as of :func:`compute_indicators`; thousands of offices want ``only`` what they are judged by.

    Returns
    -------
    ``municipality`` and the LONG columns, sorted by level, group, municipality, school, year and indicator.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(municipality=["a", "a", "b"], school_id=["1", "2", "1"], men=[3, 1, 5], pedagogues=[20, 20, 10])
    >>> men = compute_indicators_of_offices({"staff": staff}, only=["teachers_men_rate"])
    >>> men.loc[men["level"] == "municipality", ["municipality", "value"]].values.tolist()
    [['a', 0.1], ['b', 0.5]]
    """
    rows = _computed({name: _with_office(rows) for name, rows in tables.items()}, wave, only)
    words = rows["school_id"].astype("category").cat
    offices, _, schools = (
        pd.Series(words.categories.astype(object), dtype=object).str.rpartition(OF).T.to_numpy(dtype=object)
    )
    named = {"municipality": offices, "school_id": schools}
    split = {name: pd.array(texts, dtype="str").take(words.codes.to_numpy()) for name, texts in named.items()}
    plain = _plain(rows).assign(**split)
    return plain[["municipality", *LONG]]


OF = "\x1f"
"""Stands between municipality and school in the ids by which schools of many offices are told apart in here."""


def _with_office(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(school_id=rows["municipality"].astype("string") + OF + _text(rows, "school_id"))


def _computed(tables: Mapping[str, pd.DataFrame], wave: str, only: Iterable[str] | None) -> pd.DataFrame:
    """The long table with its words as categories; the schools' ids say their office when there are several."""
    wanted = None if only is None else list(only)
    prepared, own = _of_chapters(tables, wave, wanted)
    if wave == "":
        own = merge_published(own, prepared["published_indicators"], wanted)
    return _with_levels(own, prepared)


def _of_chapters(
    tables: Mapping[str, pd.DataFrame], wave: str, wanted: list[str] | None
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables as the formulas take them, and what the formulas give for every row that was delivered."""
    chosen = [entry for entry in catalogue().values() if wanted is None or _may_match(entry.name, wanted)]
    prepared = _prepared(tables, wave, chosen)
    return prepared, _joined([rows for entry in chosen for rows in _of_entry(entry, prepared, wanted)])


def _with_levels(own: pd.DataFrame, prepared: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows as delivered with those of the levels that are put together from schools, in order."""
    own = _sorted(own)
    first_above = int((own["level"] == "school").sum())  # sorted: schools stand first
    of_schools, above = own.iloc[:first_above], own.iloc[first_above:]
    locality = _localities(prepared["schools"])
    pooled = [_of_level(of_schools, prepared["schools"], "municipality", "", None)]
    for code, name in GROUPS.items():
        members = {school for school, place in locality.items() if place == code}
        rows = of_schools[of_schools["school_id"].isin(members)]
        pooled.append(_of_level(rows, prepared["schools"], "group", name, members))
    return _joined([of_schools, _sorted(_filled(above, _joined(pooled)))])


def _of_entry(entry: Indicator, prepared: Mapping[str, pd.DataFrame], wanted: list[str] | None) -> list[pd.DataFrame]:
    """Rows of one indicator, for all offices at once where its formula allows."""
    sources = [prepared[name] for name in (entry.table, *entry.beside)]
    if sources[0].empty:
        return []
    offices = [_offices(source["school_id"]) for source in sources]
    if len(offices[0].categories) == 1:
        return [_named(entry, entry.function(*sources), wanted)]
    if entry.across_levels:
        parts = (
            [source[of.codes == office] for source, of in zip(sources, offices, strict=True)]
            for office in np.unique(offices[0].codes)
        )
        return [_named(entry, entry.function(*part), wanted) for part in parts]
    rows = _named(entry, entry.function(*sources), wanted)
    given = [_office_years(of.codes, source["year"]) for source, of in zip(sources, offices, strict=True)]
    own = _offices(rows["school_id"]).set_categories(offices[0].categories)
    return [rows[np.isin(_office_years(own.codes, rows["year"]), np.concatenate(given))]]


def _office_years(offices: np.ndarray, years: pd.Series) -> np.ndarray:
    """A number for each office and year: a year that only other offices have is none of an office's own."""
    return offices.astype(np.int64) * 10_000 + years.to_numpy(dtype=np.int64)


def _offices(school_id: pd.Series) -> pd.Categorical:
    """The office that each id belongs to; "" when there is only one."""
    ids = school_id.astype("category").cat
    names = [school.rpartition(OF)[0] for school in ids.categories.astype(str).to_numpy(dtype=object)]
    known = sorted(set(names))
    places = {name: place for place, name in enumerate(known)}
    of_ids = np.array([places[name] for name in names], dtype=np.int64)
    return pd.Categorical.from_codes(of_ids[ids.codes.to_numpy()] if names else [], known)


def pool_schools(
    indicators: pd.DataFrame,
    level: str = "municipality",
    group: str = "",
    schools: int | Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Put the rows of schools together into one row for each indicator and year.

    Parameters
    ----------
    indicators : LONG rows of the schools that belong together.
    level, group : what the new rows are called.
    schools : how many schools belong together, of each office when there are several; by default as many as have rows.

    Returns
    -------
    LONG rows; the note says how many schools stand behind the value. Indicators that cannot be put together have no rows.

    Notes
    -----
    ``ratio`` and ``mean``: sum of numerators / sum of denominators over the schools that have both. A mean whose schools all
    lack the number of participants is the plain mean of their values, and the note says so. ``sum``: the sum of the values.
    No value of any school gives no row.

    References
    ----------
    Municipal means are weighted by participants (field practice of ФИС ОКО and of the municipal reports).

    Examples
    --------
    >>> rows = pd.DataFrame({"level": "school", "group": "", "school_id": ["1", "2", "3"], "year": 2021,
    ...     "indicator": "teachers_men_rate", "value": [0.15, 0.05, None], "numerator": [3, 5, None],
    ...     "denominator": [20, 100, None], "note": ""})
    >>> pool_schools(rows)[["value", "numerator", "denominator", "note"]].round(4).values.tolist()
    [[0.0667, 8.0, 120.0, 'по данным 2 школ из 3']]
    """
    known = catalogue()
    names = indicators["indicator"].astype("category").cat.remove_unused_categories()
    functions = [split_name(name)[0] for name in names.cat.categories]
    pooling = np.array([known[name].pooling if name in known else "none" for name in functions], dtype=object)
    year_codes, years = pd.factorize(indicators["year"].to_numpy(), sort=True)
    offices = _offices(indicators["school_id"])
    total = len(offices.categories)
    key = (names.cat.codes.to_numpy().astype(np.int64) * len(years) + year_codes) * total + offices.codes
    size = len(pooling) * len(years) * total
    if not size:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in LONG})
    value, top, whole = (indicators[column].to_numpy(dtype=float) for column in ("value", "numerator", "denominator"))
    valued = ~np.isnan(value)
    weighed = valued & ~np.isnan(top) & (whole > 0)

    def added(amounts: np.ndarray, over: np.ndarray) -> np.ndarray:
        return np.bincount(key[over], weights=amounts[over], minlength=size)

    with_value, with_weight = (np.bincount(key[over], minlength=size) for over in (valued, weighed))
    numerator, denominator, values = added(top, weighed), added(whole, weighed), added(value, valued)
    how = np.repeat(pooling, len(years) * total)
    unweighed = (how == "mean") & (with_weight == 0)
    counted = np.where(np.isin(how, ["sum"]) | unweighed, with_value, with_weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.select([how == "sum", unweighed], [values, values / with_value], default=numerator / denominator)
    pooled = pd.DataFrame(
        {
            "level": pd.Categorical.from_codes(np.full(size, LEVELS.categories.get_loc(level)), dtype=LEVELS),
            "group": group,
            "school_id": np.tile([f"{office}{OF}" if office else "" for office in offices.categories], size // total),
            "year": np.tile(np.repeat(years, total), len(pooling)),
            "indicator": np.repeat(names.cat.categories.to_numpy(dtype=object), len(years) * total),
            "value": result,
            "numerator": np.where(how == "sum", values, np.where(unweighed, np.nan, numerator)),
            "denominator": np.where(how == "sum", 1.0, np.where(unweighed, np.nan, denominator)),
        }
    )
    there_are = _schools_of(indicators["school_id"])
    given = schools if isinstance(schools, Mapping) else dict.fromkeys(offices.categories, schools or 0)
    each = [given.get(office) or there_are[office] for office in offices.categories]
    pooled["note"] = _coverage(counted, np.tile(each, size // total), unweighed)
    return pooled[(how != "none") & (counted > 0)].reset_index(drop=True)


def _of_level(
    of_schools: pd.DataFrame, register: pd.DataFrame, level: str, group: str, members: set[str] | None
) -> pd.DataFrame:
    """Schools put together into a level; without values when the register names fewer schools than the level has.

    A document that gives three of fourteen schools says nothing of the municipality.
    """
    known = _schools_of(register.loc[register["level"] == "school", "school_id"] if members is None else list(members))
    pooled = pool_schools(of_schools, level, group, schools=known)
    short = {
        office: f"не сведено: в реестре названы не все школы, {known[office]} из {there_are}"
        for office, there_are in _numbers_of_schools(register, level, group).items()
        if known[office] < there_are
    }
    if pooled.empty or not short:
        return pooled
    offices = _offices(pooled["school_id"]).astype(object)
    withheld = np.isin(offices, list(short))
    pooled.loc[withheld, ["value", "numerator", "denominator"]] = np.nan
    return pooled.assign(note=np.where(withheld, pd.Series(offices).map(short), pooled["note"]))


def _schools_of(school_ids: Iterable[str]) -> Counter[str]:
    """Number of different schools of each office."""
    return Counter(str(school).rpartition(OF)[0] for school in pd.Series(school_ids).unique())


def _coverage(counted: np.ndarray, schools: np.ndarray, unweighed: np.ndarray) -> np.ndarray:
    """How many of the schools stand behind each pooled value, in words."""
    pairs, places = np.unique(np.column_stack([counted, schools]), axis=0, return_inverse=True)
    texts = [
        f"по данным {count} {_schools_word(count)}" + (f" из {of}" if count < of else "")
        for count, of in pairs.tolist()
    ]
    return np.array(texts, dtype=object)[places.ravel()] + np.where(unweighed, "; без учёта численности", "").astype(
        object
    )


def _schools_word(count: int) -> str:
    return "школы" if count % 10 == 1 and count % 100 != 11 else "школ"


def _numbers_of_schools(register: pd.DataFrame, level: str, group: str) -> dict[str, int]:
    """How many schools the level of each office has, where the register says so; its latest word."""
    if "schools" not in register:
        return {}
    said = register[(register["level"] == level) & (register["group"] == group) & register["schools"].notna()]
    said = said.sort_values("year", kind="stable").assign(office=_offices(said["school_id"]).astype(object))
    return said.groupby("office")["schools"].last().astype(int).to_dict()


def _prepared(tables: Mapping[str, pd.DataFrame], wave: str, entries: Iterable[Indicator]) -> dict[str, pd.DataFrame]:
    """The tables the indicators need, of one wave, with the columns that name a row as categories shared by all tables.

    Shared categories make the hundred frames of the chapters small and quick to put together.
    """
    needed = {"schools", "published_indicators"} | {name for entry in entries for name in (entry.table, *entry.beside)}
    chosen = {}
    for name in sorted(needed):
        rows = tables.get(name)
        if rows is None or rows.empty:
            chosen[name] = pd.DataFrame({column: [] for column in ROW})
        elif not table(name).waves:
            chosen[name] = rows if wave == "" or name == "schools" else rows.iloc[:0]
        else:
            chosen[name] = rows[_text(rows, "wave") == wave]
    schools = {name for rows in chosen.values() for name in _text(rows, "school_id").unique()}
    groups = {name for rows in chosen.values() for name in _text(rows, "group").unique()}
    dtypes = {
        "level": LEVELS,
        "group": pd.CategoricalDtype(sorted({"", *groups, *GROUPS.values()})),
        "school_id": pd.CategoricalDtype(sorted({"", *schools})),
    }
    return {name: _with_categories(name, rows, dtypes) for name, rows in chosen.items()}


def _with_categories(name: str, rows: pd.DataFrame, dtypes: Mapping[str, pd.CategoricalDtype]) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    level = _text(rows, "level").replace("", "school")
    named = {"level": level, "group": _text(rows, "group"), "school_id": _text(rows, "school_id")}
    rows = rows.assign(
        **{column: values.astype(dtypes[column]) for column, values in named.items()},
        year=rows["year"].astype("int64"),
    )
    coded = [column.name for column in table(name).columns.values() if column.type == "choice" and column.name in rows]
    rows = rows.astype({column: "category" for column in coded if column not in named})
    return rows.assign(procedure=procedures(rows)) if {"exam", "subject", "grade"} <= set(rows) else rows


def _text(rows: pd.DataFrame, column: str) -> pd.Series:
    """A column of words with "" for the missing; all "" when the table has no such column."""
    if column not in rows:
        return pd.Series("", index=rows.index)
    values = rows[column]
    return values.astype("string").fillna("")


def _may_match(name: str, patterns: list[str]) -> bool:
    """Whether some pattern can fit an indicator of this function's name."""
    return matches(name, [pattern.split("[")[0] for pattern in patterns])


def _named(entry: Indicator, rows: pd.DataFrame, wanted: list[str] | None) -> pd.DataFrame:
    """Rows of one indicator under its full name, the unwanted ones left out."""
    if "part" in rows:
        parts = rows["part"].astype("category")
        names = [f"{entry.name}[{part}]" for part in parts.cat.categories]
        codes = parts.cat.codes.to_numpy()
    else:
        names, codes = [entry.name], np.zeros(len(rows), dtype=np.int8)
    rows = rows.assign(indicator=pd.Categorical.from_codes(codes, names))
    if wanted is None:
        return rows
    fitting = [name for name in names if matches(name, wanted)]
    return rows[rows["indicator"].isin(fitting)] if len(fitting) < len(names) else rows


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Long frames one under another, words kept as categories."""
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in LONG}).astype({"level": LEVELS})
    columns = {}
    for column in LONG:
        if column in ("year", "value", "numerator", "denominator"):
            columns[column] = np.concatenate([frame[column].to_numpy() for frame in frames])
        elif column == "level":
            codes = [_words(frame[column], LEVELS).codes for frame in frames]
            columns[column] = pd.Categorical.from_codes(np.concatenate(codes), dtype=LEVELS)
        else:
            columns[column] = union_categoricals([_words(frame[column]) for frame in frames], sort_categories=True)
    return pd.DataFrame(columns)


def _words(column: pd.Series, dtype: pd.CategoricalDtype | str = "category") -> pd.Categorical:
    """A column of words as categories, as it is when it is one already."""
    return column.array if column.dtype == dtype else column.astype(dtype).array


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by level, group, school, year and indicator, whatever order they came in."""
    key = np.zeros(len(rows), dtype=np.int64)
    for column in [*ROW, "indicator"]:
        if column == "year":
            codes = rows[column].to_numpy().astype(np.int64)
            codes = codes - (codes.min() if len(codes) else 0)
            width = int(codes.max()) + 1 if len(codes) else 1
        else:
            values = rows[column].astype("category") if column != "level" else rows[column].astype(LEVELS)
            order = (
                values.cat.categories.argsort().argsort() if column != "level" else np.arange(len(LEVELS.categories))
            )
            codes = order[values.cat.codes.to_numpy()] if len(values) else np.zeros(0, dtype=np.int64)
            width = max(len(order), 1)
        key = key * width + codes
    return rows.iloc[np.argsort(key, kind="stable")].reset_index(drop=True)


def _filled(above: pd.DataFrame, pooled: pd.DataFrame) -> pd.DataFrame:
    """Rows above the school with pooled rows where a level has no value of its own."""
    key = ["level", "group", "year", "indicator", "office"]
    own, pooled_key = (
        rows.assign(office=_offices(rows["school_id"]).astype(object))[key].astype(object) for rows in (above, pooled)
    )
    valued = own[above["value"].notna()].assign(valued=True)
    fresh = pooled_key.merge(valued, on=key, how="left")["valued"].isna().to_numpy()
    superseded = own.merge(pooled_key[fresh].assign(fresh=True), on=key, how="left")["fresh"].notna().to_numpy()
    return _joined([above[~superseded], pooled[fresh]])


def _localities(schools: pd.DataFrame) -> dict[str, str]:
    """Locality of each school by its latest register row that gives one."""
    if schools.empty or "locality" not in schools:
        return {}
    given = schools[(schools["level"] == "school") & schools["locality"].notna()].sort_values("year", kind="stable")
    latest = given.drop_duplicates("school_id", keep="last")
    return dict(zip(latest["school_id"].astype(str), latest["locality"].astype(str), strict=True))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Words as plain strings, numbers as floats, the columns of LONG."""
    columns = {}
    for column in LONG:
        if column in ("year", "value", "numerator", "denominator"):
            columns[column] = rows[column].astype("int64" if column == "year" else "float64")
        else:
            words = rows[column].astype("category").cat
            columns[column] = words.categories.astype("str").array.take(words.codes.to_numpy())
    return pd.DataFrame(columns)
