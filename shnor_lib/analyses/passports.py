"""What the page of one school tells (row L15): key results beside the levels above, and which tables are still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from shnor_lib.analyses.identification import answers_by_school
from shnor_lib.analyses.results import compare, rows_of, with_own_mix
from shnor_lib.analyses.risks import UNKNOWN, ZONE, level_comparison, risk_factors, risk_matrix
from shnor_lib.analyses.support.measures import office_measures
from shnor_lib.analyses.support.recommendations import recommend
from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.criteria.measure import MET, NOT_ASSESSED
from shnor_lib.indicators import pool_years, split_name
from shnor_lib.indicators.schools import highest_grade
from shnor_lib.indicators.window import names_matching
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import ResultsReading, RiskFactor
from shnor_lib.params.yaml_files import Strict, read_yaml

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


class Passport(Strict):
    """What the passport of a school shows: ``passports.yml``.

    Attributes
    ----------
    key_results : in order; those with ``*`` are pooled over the grades.
    other_results : what is shown besides for a school that has fewer than ``fewest_results`` of them; at most ``most_results``.
    tables : what a school is asked for every year, in the order of the dictionary.
    """

    key_results: tuple[str, ...]
    other_results: tuple[str, ...]
    fewest_results: int
    most_results: int
    tables: tuple[str, ...]


@cache
def passport() -> Passport:
    """What ``passports.yml`` declares."""
    return read_yaml(Path(__file__).with_name("passports.yml"), Passport, "analyses/passports.yml")


@dataclass(frozen=True)
class Known:
    """What is computed once for the passports of an office.

    Attributes
    ----------
    matrix, above : levels of the risk factors of every school; their values in the municipality.
    results : key results of every school (:func:`shnor_lib.analyses.passports.key_results`).
    measures : measures of the programme with their states; ``advice`` addressed recommendations, one row a school and entry.
    missing : tables without a row of the school.
    """

    office: Office
    factors: dict[str, RiskFactor]
    matrix: pd.DataFrame
    above: dict[str, float]
    results: pd.DataFrame
    measures: pd.DataFrame
    advice: pd.DataFrame
    missing: dict[str, list[str]]


def known_of(office: Office) -> Known:
    """Everything the passports of an office show."""
    factors, year = risk_factors(office.profile.risk_factors), office.year
    names = [factor.name for factor in factors.values()]
    above = level_comparison(office.indicators, names, year).set_index("indicator")["value"].to_dict()
    return Known(
        office=office,
        factors=factors,
        matrix=risk_matrix(office.indicators, office.schools, factors, year),
        above=above,
        results=key_results(office.indicators, year, office.profile.results),
        measures=office_measures(office),
        advice=recommend(office).drop_duplicates(["school_id", "recommendation"]),
        missing=missing_tables(office.tables, office.schools, year),
    )


def school_overview(office: Office) -> pd.DataFrame:
    """One row per school: categories, whether in any, own measures of the plan, missing tables.

    ``supported`` is missing while an answer is lacking that could put the school on a list; ``own_measures`` without a plan.
    """
    frame = answers_by_school(office)
    missing = missing_tables(office.tables, office.schools, office.year)
    measures, answers = office_measures(office), frame[list(office.method.decisions)]
    counts = measures["school_id"].value_counts()
    supported, unjudged = answers.eq(YES).any(axis=1), answers.eq(INSUFFICIENT).any(axis=1)
    return (
        frame.assign(
            supported=supported.astype(object).mask(unjudged & ~supported, None),
            own_measures=counts.reindex(frame.index, fill_value=0) if len(measures) else None,
            missing=[len(missing[school]) for school in frame.index],
            complete=[not missing[school] for school in frame.index],
        )
        .sort_index()
        .reset_index()
    )


def passport_facts(office: Office) -> dict[str, int]:
    """How many passports there are and what they lack."""
    frame = school_overview(office)
    return {
        "passports_total": len(frame),
        "passports_supported": int(frame["supported"].eq(True).sum()),
        "passports_judged": int(frame["supported"].notna().sum()),
        "passports_unjudged": int(frame["supported"].isna().sum()),
        "passports_incomplete": int((~frame["complete"]).sum()),
        "passports_without_measures": int((frame["supported"].eq(True) & frame["own_measures"].eq(0)).sum()),
    }


def main_conditions(known: Known, school_id: str, most: int) -> pd.DataFrame:
    """The assessed conditions of a school, at most ``most``: zones of risk, the matrix and social ones first."""
    own = known.matrix[known.matrix["school_id"].eq(school_id) & known.matrix["level"].ne(UNKNOWN)]
    main = own["factor"].map(lambda factor: known.factors[factor].in_matrix).astype(bool)
    social = own["factor"].map(lambda factor: known.factors[factor].group == "social").astype(bool)
    rank = 3 - 2 * own["level"].isin(ZONE).astype(int) - main.astype(int) + 0.5 * (~social).astype(int)
    return own.assign(rank=rank).sort_values("rank", kind="stable").head(most).sort_index()


def school_facts(known: Known, school_id: str) -> dict[str, int]:
    """Counts of one passport: zones of risk and conditions, own and common measures, advice, comparisons, criteria."""

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["school_id"].eq(school_id).fillna(False)]

    level, verdicts = own(known.matrix)["level"], own(known.office.verdicts)
    compared = own(known.results)["comparison_municipality"]
    return {
        "measures_total": len(known.measures),
        "zones": int(level.isin(ZONE).sum()),
        "conditions": int(level.ne(UNKNOWN).sum()),
        "conditions_unknown": int(level.eq(UNKNOWN).sum()),
        "measures": len(own(known.measures)),
        "measures_common": int(known.measures["school_id"].isna().sum()),
        "advice": len(own(known.advice)),
        "worse": int(compared.eq("worse").sum()),
        "better": int(compared.eq("better").sum()),
        "compared": int(compared.ne("not_compared").sum()),
        "criteria": len(verdicts),
        "criteria_assessed": int(verdicts["verdict"].ne(NOT_ASSESSED).sum()),
        "criteria_met": int(verdicts["verdict"].eq(MET).sum()),
    }


def key_results(indicators: pd.DataFrame, year: int, reading: ResultsReading) -> pd.DataFrame:
    """Key results of every school in a year with interval, levels above and the two years before.

    A rate pooled over grades is the sum of numerators over the sum of denominators of the grades with results; the levels above
    are taken over the same grades with the school's own weights.

    Parameters
    ----------
    indicators : the long table of all levels and years.
    reading : fewest participants and level of the intervals.

    Returns
    -------
    school_id, indicator, ``before_2`` and ``before_1`` (values two years and one year before), value, low, high,
    denominator (participants), benchmark_municipality, benchmark_region, comparison_municipality, few, hidden. A school
    with few key results in the three years has other results besides (:class:`Passport`). Rows without a value in
    any of the years are left out; ordered by school and key result.
    """
    recent, shown = indicators[indicators["year"].between(year - 2, year)], passport()
    rows = pooled_results(recent, shown.key_results)
    results = rows[rows["level"].eq("school")].groupby("school_id")["indicator"].nunique()
    enough = results.index[results.ge(shown.fewest_results)]
    others = rows_of(recent[~recent["school_id"].isin(enough)], shown.other_results)
    names = others.loc[others["level"].eq("school"), "indicator"]
    names = names[~names_matching(names, shown.key_results)]
    rows = pd.concat([rows, others[others["indicator"].isin(set(names))]], ignore_index=True)
    own = rows[rows["level"].eq("school")].reset_index(drop=True)
    if own.empty:
        return pd.DataFrame(columns=RESULT_COLUMNS)
    spreads = recent[recent["indicator"].str.startswith("score_sd[")]
    known = pd.concat([rows, spreads], ignore_index=True)
    several = own["indicator"].isin([name for name in shown.key_results if "*" in name])
    together = [compare(own[~several], known, reading, LEVELS)]
    for name, pooled in own[several].groupby("indicator", sort=False):
        measure = rows_of(recent, [split_name(name)[0]])
        parts = measure[names_matching(measure["indicator"], [name])]
        of_units = parts[parts["level"].eq("school")]
        together.append(compare(with_own_mix(pooled, of_units, parts, reading, LEVELS), known, reading, LEVELS))
    compared = pd.concat([one for one in together if len(one)]).loc[own.index]
    compared["hidden"] = compared["hidden"].fillna(False).astype(bool) if "hidden" in compared else False
    key = ["school_id", "indicator"]
    found = compared[compared["year"].eq(year)].drop_duplicates(key)
    everything = own[key].drop_duplicates()
    found = everything.merge(found, on=key, how="left")
    for back in (1, 2):
        before = compared.loc[compared["year"].eq(year - back) & ~compared["few"], [*key, "value"]]
        found = found.merge(before.rename(columns={"value": f"before_{back}"}), on=key, how="left")
    found = found[found[["value", "before_1", "before_2"]].notna().any(axis=1) | found["hidden"].eq(True)]
    ranks = {name: rank for rank, name in enumerate(shown.key_results)}
    place = found["indicator"].map(ranks).fillna(len(ranks))
    found = found.assign(
        place=place,
        few=found["few"].eq(True),
        hidden=found["hidden"].eq(True),
        comparison_municipality=found["comparison_municipality"].fillna("not_compared"),
    )
    found = found.sort_values(["school_id", "place", "indicator"], kind="stable").drop(columns="place")
    return found.groupby("school_id", sort=False).head(shown.most_results).reset_index(drop=True)[RESULT_COLUMNS]


def pooled_results(indicators: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The named results of the years of a table, those with ``*`` put together over what the star stands for.

    A pooled value that a hidden number would be part of is hidden as a whole.

    Examples
    --------
    >>> rows = pd.DataFrame({"level": "school", "group": "", "school_id": "1", "year": 2021, "note": "",
    ...     "indicator": ["quality_rate[VPR/maths/5]", "quality_rate[VPR/maths/6]"], "value": [0.5, 0.4],
    ...     "numerator": [10, 12], "denominator": [20, 30]})
    >>> pooled_results(rows, ["quality_rate[VPR/maths/*]"])[["indicator", "value"]].values.tolist()
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
                for column in ("value", "numerator", "denominator", "participants"):
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
    Names of tables by school, in the order of :class:`Passport`.

    Examples
    --------
    >>> schools = pd.DataFrame({"school_id": ["1"], "kind": ["НОШ"], "highest_grade": [None]})
    >>> missing_tables({"staff": pd.DataFrame({"school_id": ["1"], "year": [2021]})}, schools, 2021)["1"][:3]
    ['exam_results', 'mark_comparison', 'learning_marks']
    """
    present = {
        name: set(tables[name].loc[tables[name]["year"].eq(year), "school_id"].dropna()) if name in tables else set()
        for name in passport().tables
    }
    highest = dict(zip(schools["school_id"], highest_grade(schools), strict=True))
    return {
        school: [
            name
            for name in present
            if school not in present[name] and not (name == "progression" and highest[school] < 9)
        ]
        for school in schools["school_id"]
    }
