"""Results of procedures and of learning: each school against the levels above, change over years, gaps between schools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.analyses.change import SchoolChanges, change_facts, school_changes, town_changes
from shnor_lib.analyses.subject_changes import document_falls, published_changes
from shnor_lib.indicators import applicable_procedures, matches, others_behind, split_name, with_benchmark
from shnor_lib.indicators.catalogue import catalogue
from shnor_lib.indicators.store import FROM_SCHOOLS
from shnor_lib.inputs.breaks import broken_between
from shnor_lib.inputs.dictionary import choices, table
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import ResultsReading
from shnor_lib.statistics.counts import sides_beside_chance
from shnor_lib.statistics.uncertainty.intervals import mean_interval, wilson_interval

FINAL = {"gia9": ("OGE/*/9", "GVE/*/9"), "gia11": ("EGE/*/11", "GVE/*/11")}
SECTIONS = (*FINAL, "vpr")
"""What an analytical note is written on: final exams of grades 9 and 11, and every other procedure."""


def section_of(part: str) -> str:
    """The section of the note that a procedure belongs to.

    >>> section_of("GVE/maths/9"), section_of("EGE/physics/11"), section_of("VPR/maths/5")
    ('gia9', 'gia11', 'vpr')
    """
    return next((name for name, parts in FINAL.items() if matches(part, parts)), "vpr")


RESULT_MEASURES = (
    "participants",
    "mean_score",
    "mean_percent",
    "pass_rate",
    "quality_rate",
    "below_minimum_rate",
    "learning_index",
    *(f"score_{points}_plus_rate" for points in (60, 70, 80, 90)),
    "score_100_rate",
    "score_100_count",
)
LEARNING_MEASURES = ("learning_quality_rate", "learning_standard_rate", "learning_marks_index")

LEVELS = ("municipality", "region", "country")

COMPULSORY = ("russian", "maths", "maths_base", "maths_advanced", "maths_any")


def rows_of(indicators: pd.DataFrame, measures: Iterable[str]) -> pd.DataFrame:
    """Rows of the wanted measures that hold something, of schools and of whole levels, measure and part told apart.

    The rows with ``measure`` (``quality_rate``) and ``part`` (``OGE/maths/9`` or ``basic/maths``); rows of groups of schools
    and rows with neither value nor numerator are left out.
    """
    measures = set(measures)
    names = {name: split_name(name) for name in indicators["indicator"].unique()}
    wanted = [name for name, (measure, part) in names.items() if measure in measures and part]
    rows = indicators[indicators["indicator"].isin(wanted) & indicators["level"].isin(("school", *LEVELS))]
    hidden = rows["hidden"].eq(True) if "hidden" in rows else False
    rows = rows[rows["value"].notna() | rows["numerator"].notna() | hidden]
    return rows.assign(
        measure=rows["indicator"].map({name: names[name][0] for name in wanted}),
        part=rows["indicator"].map({name: names[name][1] for name in wanted}),
    )


def section_rows(indicators: pd.DataFrame, section: str, year: int) -> pd.DataFrame:
    """Rows of one section of the note (:data:`SECTIONS`) of all years up to the year of the run."""
    rows = rows_of(indicators[indicators["year"].le(year)], RESULT_MEASURES)
    parts = [part for part in rows["part"].unique() if section_of(part) == section]
    return rows[rows["part"].isin(parts)].reset_index(drop=True)


def latest_year(rows: pd.DataFrame, year: int, years: int) -> int | None:
    """The latest year with a value among the ``years`` that end with the year of the run; None when there is none.

    Examples
    --------
    >>> rows = pd.DataFrame({"year": [2018, 2019, 2021], "value": [0.5, 0.6, None]})
    >>> latest_year(rows, 2021, 3), latest_year(rows, 2021, 2)
    (2019, None)
    """
    found = rows.loc[rows["value"].notna() & rows["year"].between(year - years + 1, year), "year"]
    return None if found.empty else int(found.max())


def main_measure(procedure: str) -> str:
    """By what a procedure is compared first: quality where marks are given, the mean score on the 100-point scale of ЕГЭ.

    Examples
    --------
    >>> main_measure("OGE/maths/9"), main_measure("EGE/maths_base/11"), main_measure("EGE/physics/11")
    ('quality_rate', 'quality_rate', 'mean_score')
    """
    exam, subject, _ = procedure.split("/")
    return "mean_score" if exam == "EGE" and subject != "maths_base" else "quality_rate"


def main_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the main measure of each procedure."""
    return rows[rows["measure"].eq(rows["part"].map({part: main_measure(part) for part in rows["part"].unique()}))]


def with_intervals(rows: pd.DataFrame, indicators: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Rows with ``low`` and ``high``: Wilson's interval of a rate, mean ± t·s/√n of a mean score; else missing.

    Parameters
    ----------
    rows : of :func:`rows_of`.
    indicators : the long table, for the standard deviations (``score_sd``).
    """
    units = rows["measure"].map({measure: catalogue()[measure].unit for measure in rows["measure"].unique()})
    rates = rows[units.eq("rate") & rows["numerator"].notna() & rows["denominator"].gt(0)]
    of_rates = wilson_interval(rates["numerator"], rates["denominator"], confidence)
    means = rows[rows["measure"].eq("mean_score") & rows["denominator"].gt(0)]
    key = ["level", "school_id", "year", "part"]
    spreads = rows_of(indicators, ["score_sd"])[[*key, "value"]].rename(columns={"value": "sd"})
    sd = means[key].merge(spreads, on=key, how="left")["sd"].set_axis(means.index)
    of_means = mean_interval(means["value"], sd, means["denominator"], confidence)
    ends = pd.concat([of_rates, of_means]).reindex(rows.index)
    return rows.assign(low=ends["low"], high=ends["high"])


def compare(
    rows: pd.DataFrame, indicators: pd.DataFrame, reading: ResultsReading, levels: Iterable[str] = LEVELS
) -> pd.DataFrame:
    """Each value with its interval against the levels above.

    Worse or better when the value of the level lies outside the interval on that side; a value of the level at the very end
    of the interval is no difference.

    Parameters
    ----------
    rows : of :func:`rows_of`, of schools or of the municipality; those of :func:`with_own_mix` keep the levels they have.
    reading : fewest participants, fewest other schools behind the municipality, and the level of the intervals.

    Returns
    -------
    The rows with ``low, high, few`` (fewer participants than the limit) and for each level ``benchmark_<level>`` and
    ``comparison_<level>``: ``worse``, ``same``, ``better`` or ``not_compared`` (no value of the level, no interval, or few).

    Notes
    -----
    The municipality contains the school. One comparison in twenty comes out as worse or better by chance alone.
    """
    rows = with_intervals(rows, indicators, reading.confidence)
    few = rows["denominator"].lt(reading.minimum_participants)
    rows = rows.assign(few=few)
    good = rows["measure"].map({measure: catalogue()[measure].better for measure in rows["measure"].unique()})
    for level in levels:
        if f"benchmark_{level}" not in rows:
            rows = with_benchmark(rows, indicators, level)
        of_level = rows[f"benchmark_{level}"]
        above, below = rows["low"] > of_level, rows["high"] < of_level
        known = rows["low"].notna() & of_level.notna() & ~few
        if level == "municipality":
            known &= ~stands_alone(rows, indicators, reading.minimum_others)
        code = np.select(
            [~known, (below & good.eq("high")) | (above & good.eq("low")), (above | below) & good.ne("none")],
            ["not_compared", "worse", "better"],
            default="same",
        )
        rows[f"comparison_{level}"] = code
    return rows


def with_own_mix(
    rows: pd.DataFrame,
    parts: pd.DataFrame,
    indicators: pd.DataFrame,
    reading: ResultsReading,
    levels: Iterable[str] = LEVELS,
) -> pd.DataFrame:
    """Values over several procedures or grades beside what the levels above have over the same ones, weighted as in the row.

    A primary school is not held against all grades of the municipality.

    Parameters
    ----------
    rows : one row a unit and year: the sum of numerators over the sum of denominators of its parts.
    parts : the rows they are put together from; ``indicators`` also hold the same of the levels above.

    Returns
    -------
    The rows with ``benchmark_<level>``, missing where the level lacks a part of the row or the parts do not make up the whole,
    and ``alone``: a part of it is known of too few other schools (:func:`stands_alone`).
    """
    unit = [name for name in ("municipality", "level", "group", "school_id", "year") if name in rows and name in parts]
    counted = parts[parts["value"].notna() & parts["numerator"].notna() & parts["denominator"].gt(0)]
    for level in levels:
        beside = with_benchmark(counted, indicators, level)
        beside = beside.assign(
            top=beside[f"benchmark_{level}"] * beside["denominator"],
            lacking=beside[f"benchmark_{level}"].isna(),
            alone=stands_alone(beside, indicators, reading.minimum_others) if level == "municipality" else False,
        )
        sums = beside.groupby(unit, dropna=False)[["top", "denominator", "lacking", "alone"]].sum()
        own = rows[unit].merge(sums, left_on=unit, right_index=True, how="left").set_axis(rows.index)
        whole = own["lacking"].eq(0) & np.isclose(own["denominator"].astype(float), rows["denominator"].astype(float))
        rows = rows.assign(**{f"benchmark_{level}": (own["top"] / own["denominator"]).where(whole).astype(float)})
        if level == "municipality":
            rows = rows.assign(alone=own["alone"].gt(0))
    return rows


def stands_alone(rows: pd.DataFrame, indicators: pd.DataFrame, least: int) -> pd.Series:
    """Which rows of schools have fewer than ``least`` other schools behind the municipality: it would be the school itself.

    By the rule of :func:`shnor_lib.indicators.others_behind`. ``rows`` of :func:`with_own_mix` say it already; else they have
    ``benchmark_municipality`` and ``benchmark_municipality_participants``.
    """
    if "alone" in rows:
        return rows["alone"].eq(True)
    key = ["municipality", "year", "indicator"]
    schools = indicators[indicators["level"].eq("school")]
    of_office = schools.groupby("municipality")["school_id"].nunique()
    schools = schools[schools["value"].notna()]
    people = schools.assign(denominator=schools["denominator"].astype(float)).groupby(key, observed=True)["denominator"]
    known = people.agg(size="size", sum=lambda own: own.sum(skipna=False))
    town = indicators.loc[indicators["level"].eq("municipality"), [*key, "note"]].drop_duplicates(key)
    own = rows[key].merge(known, left_on=key, right_index=True, how="left")
    own = own.merge(town, on=key, how="left").set_axis(rows.index)
    behind = others_behind(
        rows["municipality"].map(of_office).to_numpy(float),
        own["size"].to_numpy(float) - 1,
        own["sum"].to_numpy(float),
        rows["benchmark_municipality_participants"].to_numpy(float),
        ~own["note"].fillna("").str.startswith(FROM_SCHOOLS) & rows["benchmark_municipality"].ne(rows["value"]),
        least,
    )
    return rows["level"].eq("school") & ~behind


def tally(compared: pd.DataFrame, level: str) -> pd.DataFrame:
    """How many results of each school are worse, no different and better than a level.

    school_id, results (with a value), compared, worse, same, better, few.
    """
    code = compared[f"comparison_{level}"]
    counted = compared[["school_id"]].assign(
        results=compared["value"].notna() | compared.get("hidden", False), compared=code.ne("not_compared")
    )
    counted = counted.assign(**{kind: code.eq(kind) for kind in ("worse", "same", "better")}, few=compared["few"])
    return counted.groupby("school_id").sum().astype(int).reset_index()


def comparison_counts(compared: pd.DataFrame, level: str) -> dict[str, int]:
    """How many results have a value, are compared with a level, worse and better."""
    counted = tally(compared, level)
    names = {"valued": "results", "compared": "compared", "worse": "worse", "better": "better"}
    return {name: int(counted[column].sum()) for name, column in names.items()}


def yearly(rows: pd.DataFrame) -> pd.DataFrame:
    """Values of the years side by side with the change since the latest year before.

    Parameters
    ----------
    rows : of :func:`rows_of`, one level; each ``level, school_id, indicator`` becomes a row.

    Returns
    -------
    level, school_id, indicator, measure, part, one column per year, year_now, year_before, change (missing with one year),
    breaks (text).
    """
    key = ["level", "school_id", "indicator", "measure", "part"]
    valued = rows[rows["value"].notna()]
    wide = valued.pivot_table(index=key, columns="year", values="value", aggfunc="first", observed=True)
    years = [int(year) for year in wide.columns]
    by_key = valued.sort_values("year", kind="stable").groupby(key, observed=True)
    now, before = (by_key.nth(-back)[[*key, "year", "value"]] for back in (1, 2))
    last_two = now.merge(before, on=key, how="left", suffixes=("_now", "_before"))
    found = wide.reset_index().set_axis([*key, *years], axis=1).merge(last_two, on=key, how="left")
    breaks = [
        "" if pd.isna(before) else broken_between(part, int(before), int(now))
        for part, before, now in zip(found["part"], found["year_before"], found["year_now"], strict=True)
    ]
    found = found.assign(change=found["value_now"] - found["value_before"], breaks=breaks)
    return found.drop(columns=["value_now", "value_before"])


def gaps(rows: pd.DataFrame, reading: ResultsReading) -> pd.DataFrame:
    """The lowest and the highest value among the schools and the gap between them (rows K2, L14).

    Parameters
    ----------
    rows : of :func:`rows_of`; several years are told apart. Values of too few participants are left out; where a school's
        value is hidden, it may be the lowest or the highest, and there is no gap.

    Returns
    -------
    indicator, measure, part, year, schools, lowest, lowest_school, highest, highest_school, gap; only where at least two
    schools have a value. Of equal schools the first code is named.
    """
    own = rows[
        rows["level"].eq("school") & rows["value"].notna() & ~rows["denominator"].lt(reading.minimum_participants)
    ]
    if "hidden" in rows:
        key = ["indicator", "year"]
        masked = pd.MultiIndex.from_frame(rows.loc[rows["level"].eq("school") & rows["hidden"].eq(True), key])
        own = own[~pd.MultiIndex.from_frame(own[key]).isin(masked)]
    own = own.sort_values(["school_id", "year"], kind="stable").reset_index(drop=True)
    grouped = own.groupby(["indicator", "measure", "part", "year"], observed=True, sort=True)["value"]
    ends = grouped.agg(schools="size", low_at="idxmin", high_at="idxmax").reset_index()
    ends = ends[ends["schools"].ge(2)]
    for side in ("low", "high"):
        at = own.loc[ends.pop(f"{side}_at")]
        ends[f"{side}est"], ends[f"{side}est_school"] = at["value"].to_numpy(), at["school_id"].to_numpy()
    return ends.assign(gap=ends["highest"] - ends["lowest"]).reset_index(drop=True)


def olympiad_totals(olympiads: pd.DataFrame) -> pd.DataFrame:
    """Participants, entries, winners and prize-winners of the municipality by stage and year (row L8).

    Parameters
    ----------
    olympiads : the ``olympiads`` table; its rows by subject are parts of the others. The municipality's own row stands; without
        one the schools that give a number are added up, and ``schools`` says how many.

    Returns
    -------
    year, stage, schools (0 where the municipality's own row stands), participants, entries, winners, prize_winners; in the
    public edition ``hidden``.
    """
    counts = ["participants", "entries", "winners", "prize_winners"]
    olympiads = table("olympiads").whole_rows(olympiads)
    rows = olympiads.assign(**{name: olympiads[name].astype("Float64").astype(float) for name in counts})
    rows = rows.astype({"stage": object, "year": int})
    own = rows[rows["level"].eq("municipality")].drop_duplicates(["year", "stage"]).assign(schools=0)
    of_schools = rows[rows["level"].eq("school")].groupby(["year", "stage"], as_index=False)
    summed = of_schools[counts].sum(min_count=1).merge(of_schools["school_id"].nunique(), on=["year", "stage"])
    together = pd.concat([own, summed.rename(columns={"school_id": "schools"})]).drop_duplicates(["year", "stage"])
    order = {"municipal": 0, "regional": 1, "national": 2}
    together = together.assign(order=together["stage"].map(order)).sort_values(["order", "year"], kind="stable")
    hidden = ["hidden"] if "hidden" in together else []
    return together[["year", "stage", "schools", *counts, *hidden]].reset_index(drop=True)


@dataclass(frozen=True)
class Section:
    """The results of one section in its latest year with data.

    Attributes
    ----------
    rows : of all years and levels; ``year`` is None when the years looked at hold nothing.
    schools : rows of the main measure of the schools in that year, compared with the levels above.
    town : the same for the municipality, compared with region and country.
    series : values of the municipality in all years (:func:`yearly`) with ``beyond``: whether the last change exceeds chance,
        missing where it could not be tested against the region.
    """

    name: str
    year: int | None
    rows: pd.DataFrame
    schools: pd.DataFrame
    town: pd.DataFrame
    series: pd.DataFrame


@dataclass(frozen=True)
class Results:
    """Everything the analytical note says of an office and year.

    Attributes
    ----------
    level : the level the schools are first compared with: the region, or the municipality when the region has no values.
    changes : which schools fell and rose in the year of the run.
    learning : rows of :data:`LEARNING_MEASURES` of all years; ``learning_year`` is the latest with data.
    gaps : between schools in learning and in the main measures, all years.
    olympiads : totals of the municipality by stage and year.
    """

    office: Office
    sections: dict[str, Section]
    level: str
    changes: SchoolChanges
    learning: pd.DataFrame
    learning_year: int | None
    learning_schools: pd.DataFrame
    gaps: pd.DataFrame
    olympiads: pd.DataFrame


@for_the_public
def analyse_results(office: Office) -> Results:
    """Read, compare and follow over the years everything about results that an office has."""
    reading, year = office.profile.results, office.year
    measures = {*RESULT_MEASURES, *LEARNING_MEASURES, "score_sd"}
    indicators = rows_of(office.indicators[office.indicators["year"].le(year)], measures)
    sections = {name: _section(name, indicators, office) for name in SECTIONS}
    regional = any(one.schools["benchmark_region"].notna().any() for one in sections.values())
    learning = rows_of(indicators, LEARNING_MEASURES)
    learning_year = latest_year(learning, year, reading.years)
    pupils = learning[learning["level"].eq("school") & learning["year"].eq(learning_year)]
    spread = pd.concat(
        [main_rows(one.rows) for one in sections.values()] + [learning[learning["measure"].eq("learning_quality_rate")]]
    )
    return Results(
        office=office,
        sections=sections,
        level="region" if regional or not any(len(one.schools) for one in sections.values()) else "municipality",
        changes=school_changes(office),
        learning=learning,
        learning_year=learning_year,
        learning_schools=compare(pupils, indicators, reading),
        gaps=gaps(spread, reading),
        olympiads=olympiad_totals(office.tables["olympiads"]),
    )


def _section(name: str, indicators: pd.DataFrame, office: Office) -> Section:
    year, reading = office.year, office.profile.results
    rows = section_rows(indicators, name, year)
    latest = latest_year(rows, year, reading.years)
    main = main_rows(rows)
    current = main[main["year"].eq(latest) & main["level"].isin(("school", "municipality"))]
    compared = compare(current, indicators[indicators["year"].eq(latest)], reading)
    series = yearly(main[main["level"].eq("municipality")])
    recent = series["year_now"].eq(latest) & series["change"].notna()
    series["beyond"] = series["part"].map(town_changes(office, latest)).where(recent).astype("boolean")
    of_schools = compared["level"].eq("school")
    return Section(name, latest, rows, compared[of_schools], compared[~of_schools], series)


def result_facts(results: Results) -> dict[str, object]:
    """Counts for the headlines of the note."""
    schools = pd.concat([one.schools for one in results.sections.values()])
    counts = comparison_counts(schools, results.level)
    level, compared = results.office.profile.results.confidence, counts["compared"]
    beside = sides_beside_chance(compared, level, worse=counts["worse"], better=counts["better"])
    gia9 = results.sections["gia9"]
    facts: dict[str, object] = {
        "results_level": results.level,
        "results_total": counts.pop("valued"),
        **{f"results_{name}": count for name, count in counts.items()},
        "results_few": int(schools["few"].sum()),
        **{f"results_{name}": number for name, number in beside.items()},
        **change_facts(results.changes, results.office),
        **document_falls(results.office, published_changes(results.office)),
    }
    change = gia9.series["change"]
    if change.notna().any() and gia9.series["beyond"].isna().all():
        facts |= {
            "gia9_year": gia9.year,
            "gia9_series": len(change),
            "gia9_down": int(change.lt(0).sum()),
            "gia9_up": int(change.gt(0).sum()),
        }
    named = below_town(gia9.schools)
    if len(gia9.schools) and gia9.schools["comparison_municipality"].eq("not_compared").all() and named.notna().any():
        facts |= {
            "gia9_year": gia9.year,
            "gia9_named": int(named.notna().sum()),
            "gia9_below": int(named.eq(True).sum()),
        }
    wide = widest_gap(results)
    if wide is not None:
        facts |= {"learning_gap": wide["gap"], "learning_gap_part": wide["part"]}
    latest = results.olympiads[
        results.olympiads["stage"].eq("municipal") & results.olympiads["year"].eq(results.office.year)
    ]
    if len(latest):
        facts |= {f"olympiad_{name}": latest.iloc[0][name] for name in ("participants", "winners", "prize_winners")}
    return facts


def below_town(schools: pd.DataFrame) -> pd.Series:
    """Whether each value is on the worse side of the municipality's, missing where either is; says nothing of chance."""
    good = schools["measure"].map({name: catalogue()[name].better for name in schools["measure"].unique()})
    difference = schools["value"] - schools["benchmark_municipality"]
    worse = (difference.lt(0) & good.eq("high")) | (difference.gt(0) & good.eq("low"))
    return worse.astype("boolean").mask(difference.isna())


def widest_gap(results: Results) -> pd.Series | None:
    """The largest gap of learning quality between schools over all subjects in the latest year; None when none is known."""
    own = results.gaps[
        results.gaps["measure"].eq("learning_quality_rate")
        & results.gaps["part"].str.endswith("/all")
        & results.gaps["year"].eq(results.learning_year)
        & results.gaps["gap"].notna()
    ]
    return None if own.empty else own.loc[own["gap"].idxmax()]


def absences(results: Results) -> pd.DataFrame:
    """What the note could not say and which table would allow it.

    area (a section, ``learning``, ``olympiads`` or ``changes``), lacking (Russian), remedy (Russian).
    """
    office = results.office
    exams = "таблица «Результаты процедур»"
    rows: list[tuple[str, str, str]] = []
    for name, section in results.sections.items():
        if section.year is None:
            lacking = f"результатов за последние годы (всего {office.profile.results.years}) нет"
            rows.append((name, lacking, f"{exams}: строки школ"))
            continue
        schools = section.schools
        if schools["value"].notna().sum() == 0:
            rows.append((name, "есть только значения муниципалитета, результатов школ нет", f"{exams}: строки школ"))
        else:
            expected = _expected_schools(office, schools)
            absent = len(expected - set(schools["school_id"]))
            if absent:
                rows.append((name, f"нет результатов школ: {absent} из {len(expected)}", f"{exams}: строки этих школ"))
        if len(schools) and schools["low"].isna().all():
            rows.append((name, "интервалы не построены: число участников не указано", f"{exams}: столбец «Участники»"))
        for level, word in (("region", "с регионом"), ("country", "со страной")):
            column = f"benchmark_{level}"
            if schools[column].notna().sum() + section.town[column].notna().sum() == 0:
                rows.append((name, f"нет сравнения {word}", f"{exams}: строки уровня «{choices('level')[level]}»"))
    if results.changes.tested.empty:
        lacking = "изменения результатов школ не проверены: сравнить два года не с чем"
        least = office.profile.results.minimum_others + 1
        rows.append(
            (
                "changes",
                lacking,
                f"{exams} за два года, с участниками: регион или не меньше {least} школ с той же процедурой",
            )
        )
    learning = "таблица «Успеваемость по журналу»"
    of_schools = results.learning[results.learning["level"].eq("school")]
    for measure in LEARNING_MEASURES:
        if not of_schools["measure"].eq(measure).any():
            label = catalogue()[measure].label
            rows.append(("learning", f"нет показателя «{label}» по школам", f"{learning}: отметки по школам"))
    olympiads = "таблица «Олимпиады»"
    if results.olympiads.empty:
        rows.append(("olympiads", "результатов олимпиад нет", olympiads))
    elif not office.tables["olympiads"]["level"].eq("school").any():
        rows.append(("olympiads", "есть только итоги муниципалитета", f"{olympiads}: строки школ"))
    return pd.DataFrame(rows, columns=["area", "lacking", "remedy"])


def _expected_schools(office: Office, schools: pd.DataFrame) -> set[str]:
    """Schools that have the grades of the procedures; where the grades are not known, the school is expected too."""
    possible = applicable_procedures(office.schools, schools["part"].unique())
    return set(possible.loc[possible["applicable"].ne(False).fillna(True).astype(bool), "school_id"])
