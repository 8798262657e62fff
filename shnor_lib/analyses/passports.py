"""What the page of one school tells (row L15): key results beside the levels above, and which tables are still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from shnor_lib.analyses.results import compare, rows_of
from shnor_lib.indicators import pool_years
from shnor_lib.indicators.schools import highest_grade
from shnor_lib.indicators.window import names_matching
from shnor_lib.params.profiles import ResultsReading

KEY_RESULTS = (
    "below_minimum_rate[VPR/russian/*]",
    "below_minimum_rate[VPR/maths/*]",
    "below_minimum_rate[OGE/russian/9]",
    "below_minimum_rate[OGE/maths/9]",
    "below_minimum_rate[EGE/russian/11]",
    "below_minimum_rate[EGE/maths_any/11]",
    "quality_rate[VPR/russian/*]",
    "quality_rate[VPR/maths/*]",
    "quality_rate[OGE/russian/9]",
    "quality_rate[OGE/maths/9]",
    "mean_score[EGE/russian/11]",
)
"""The results of a passport in order; those with ``*`` are pooled over the grades."""

OTHER_RESULTS = ("quality_rate", "below_minimum_rate", "pass_rate", "mean_score", "learning_quality_rate")
"""What is shown besides for a school that has fewer than :data:`FEWEST_RESULTS` key results."""

FEWEST_RESULTS = 4
MOST_RESULTS = 12
LEVELS = ("municipality", "region")

RESULT_COLUMNS = [
    "school_id",
    "indicator",
    "before_2",
    "before_1",
    "value",
    "low",
    "high",
    "denominator",
    "benchmark_municipality",
    "benchmark_region",
    "comparison_municipality",
    "few",
    "hidden",
]

SCHOOL_TABLES = (
    "exam_results",
    "mark_comparison",
    "learning_marks",
    "progression",
    "olympiads",
    "satisfaction",
    "social_context",
    "staff",
    "resources",
    "conditions",
    "survey",
)
"""Tables a school is asked for every year, in the order of the dictionary."""


def key_results(indicators: pd.DataFrame, year: int, reading: ResultsReading) -> pd.DataFrame:
    """Key results of every school in a year with interval, levels above and the two years before.

    A rate pooled over grades is the sum of numerators over the sum of denominators of the grades with results.

    Parameters
    ----------
    indicators : the long table of all levels and years.
    reading : fewest participants and level of the intervals.

    Returns
    -------
    DataFrame
        school_id, indicator, ``before_2`` and ``before_1`` (values two years and one year before), value, low, high,
        denominator (participants), benchmark_municipality, benchmark_region, comparison_municipality, few, hidden. A school
        with few key results in the three years has other results besides (:data:`OTHER_RESULTS`). Rows without a value in
        any of the years are left out; ordered by school and :data:`KEY_RESULTS`, at most :data:`MOST_RESULTS` a school.
    """
    recent = indicators[indicators["year"].between(year - 2, year)]
    rows = pooled_results(recent, KEY_RESULTS, year)
    results = rows[rows["level"].eq("school")].groupby("school_id")["indicator"].nunique()
    enough = results.index[results.ge(FEWEST_RESULTS)]
    others = rows_of(recent[~recent["school_id"].isin(enough)], OTHER_RESULTS)
    names = others.loc[others["level"].eq("school"), "indicator"]
    names = names[~names_matching(names, KEY_RESULTS)]
    rows = pd.concat([rows, others[others["indicator"].isin(set(names))]], ignore_index=True)
    own = rows[rows["level"].eq("school")].reset_index(drop=True)
    if own.empty:
        return pd.DataFrame(columns=RESULT_COLUMNS)
    spreads = recent[recent["indicator"].str.startswith("score_sd[")]
    compared = compare(own, pd.concat([rows, spreads], ignore_index=True), reading, LEVELS)
    compared["hidden"] = compared["hidden"].fillna(False).astype(bool) if "hidden" in compared else False
    key = ["school_id", "indicator"]
    found = compared[compared["year"].eq(year)].drop_duplicates(key)
    everything = own[key].drop_duplicates()
    found = everything.merge(found, on=key, how="left")
    for back in (1, 2):
        before = compared.loc[compared["year"].eq(year - back) & ~compared["few"], [*key, "value"]]
        found = found.merge(before.rename(columns={"value": f"before_{back}"}), on=key, how="left")
    found = found[found[["value", "before_1", "before_2"]].notna().any(axis=1) | found["hidden"].eq(True)]
    place = found["indicator"].map({name: rank for rank, name in enumerate(KEY_RESULTS)}).fillna(len(KEY_RESULTS))
    found = found.assign(
        place=place,
        few=found["few"].eq(True),
        hidden=found["hidden"].eq(True),
        comparison_municipality=found["comparison_municipality"].fillna("not_compared"),
    )
    found = found.sort_values(["school_id", "place", "indicator"], kind="stable").drop(columns="place")
    return found.groupby("school_id", sort=False).head(MOST_RESULTS).reset_index(drop=True)[RESULT_COLUMNS]


def pooled_results(indicators: pd.DataFrame, names: Iterable[str], year: int) -> pd.DataFrame:
    """The named results of the years of a table, those with ``*`` put together over what the star stands for.

    A pooled value that a hidden number would be part of is hidden as a whole.

    Examples
    --------
    >>> rows = pd.DataFrame({"level": "school", "group": "", "school_id": "1", "year": 2021, "note": "",
    ...     "indicator": ["quality_rate[VPR/maths/5]", "quality_rate[VPR/maths/6]"], "value": [0.5, 0.4],
    ...     "numerator": [10, 12], "denominator": [20, 30]})
    >>> pooled_results(rows, ["quality_rate[VPR/maths/*]"], 2021)[["indicator", "value"]].values.tolist()
    [['quality_rate[VPR/maths/*]', 0.44]]
    """
    names = list(names)
    measures = [name.split("[")[0] for name in names]
    own = rows_of(indicators, measures)
    parts = [own[own["indicator"].isin([name for name in names if "*" not in name])]]
    unit = [column for column in ("municipality", "level", "group", "school_id", "year") if column in own]
    for name in names:
        rows = own[names_matching(own["indicator"], [name])] if "*" in name else own.iloc[:0]
        for each in sorted(rows["year"].unique()):
            pooled = pool_years(rows, name, int(each), 1, "ratio").assign(indicator=name)
            if "hidden" in rows:
                gone = rows[rows["hidden"].eq(True)][unit].drop_duplicates().assign(hidden=True)
                pooled = pooled.merge(gone, on=unit, how="left")
                pooled["hidden"] = pooled["hidden"].eq(True)
                for column in ("value", "numerator", "denominator"):
                    pooled[column] = pooled[column].mask(pooled["hidden"])
            measure, part = name.rstrip("]").split("[")
            parts.append(
                pooled[pooled["value"].notna() | pooled.get("hidden", False)].assign(measure=measure, part=part)
            )
    return pd.concat([part for part in parts if len(part)] or [own.iloc[:0]], ignore_index=True)


def missing_tables(tables: Mapping[str, pd.DataFrame], schools: pd.DataFrame, year: int) -> dict[str, list[str]]:
    """Tables of the year in which a school has no row.

    Graduates are not asked of a school that has no 9th grade.

    Parameters
    ----------
    tables : the input tables by name.
    schools : the registry: ``school_id``, ``kind``, ``highest_grade``.

    Returns
    -------
    Names of tables by school, in the order of :data:`SCHOOL_TABLES`.

    Examples
    --------
    >>> schools = pd.DataFrame({"school_id": ["1"], "kind": ["НОШ"], "highest_grade": [None]})
    >>> missing_tables({"staff": pd.DataFrame({"school_id": ["1"], "year": [2021]})}, schools, 2021)["1"][:3]
    ['exam_results', 'mark_comparison', 'learning_marks']
    """
    present = {
        name: set(tables[name].loc[tables[name]["year"].eq(year), "school_id"].dropna()) if name in tables else set()
        for name in SCHOOL_TABLES
    }
    highest = dict(zip(schools["school_id"], highest_grade(schools), strict=True))
    return {
        school: [
            name
            for name in SCHOOL_TABLES
            if school not in present[name] and not (name == "progression" and highest[school] < 9)
        ]
        for school in schools["school_id"]
    }
