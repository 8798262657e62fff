"""What the page of one school tells (row L15): key results beside the levels above, and which tables are still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.analyses.carried import carried_values
from shnor_lib.analyses.change import is_procedure, school_changes, subject_changes
from shnor_lib.analyses.context import Context
from shnor_lib.analyses.dynamics import WAVES, list_moves
from shnor_lib.analyses.expectation import NOT_COMPARED, Expected, expected_of_offices
from shnor_lib.analyses.identification import answers_by_school, decisions_told, measured
from shnor_lib.analyses.naming import NEED
from shnor_lib.analyses.results import compare, main_measure, main_rows, rows_of, with_own_mix
from shnor_lib.analyses.risks import UNKNOWN, ZONE, level_comparison
from shnor_lib.analyses.subject_changes import published_changes
from shnor_lib.analyses.support.measures import DONE, OVERDUE, by_urgency, office_measures
from shnor_lib.analyses.support.ordered import ORDER, school_plans
from shnor_lib.analyses.support.plan import SupportPlan, partners_of
from shnor_lib.criteria.clarification import EXPERT, RECEIVED
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET
from shnor_lib.indicators import pool_years, split_name
from shnor_lib.indicators.causes import HIDDEN, NOT_APPLICABLE, NOT_DELIVERED, TOO_FEW
from shnor_lib.indicators.deficits import deficits_of
from shnor_lib.indicators.schools import highest_grade
from shnor_lib.indicators.window import names_matching
from shnor_lib.inputs.dictionary import table
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import ResultsReading
from shnor_lib.params.yaml_files import Strict, read_yaml

LEVELS = ("municipality", "region")
BY_PROCEDURE = ("below_minimum_rate", "quality_rate", "mean_percent")
"""What is told of each procedure."""
MOMENTS = (*WAVES, "year")
"""When the results of the year itself are told: its waves, and the year as a whole."""
WAVE_CHECK = "below_minimum_rate[RKR/"
WITHIN_THE_YEAR = (WAVE_CHECK, "learning_quality_rate[")

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
    """What is computed once for the pages of the schools of an office.

    Attributes
    ----------
    plan, context : the support plan (report 90) and the conditions of the schools (report 40).
    expected : results beside what families' circumstances lead to expect (report 60).
    conditions, above : levels of the risk factors of every school that are known; their values in the municipality.
    signs : verdicts on every criterion (:func:`signs_of`).
    results : key results of every school (:func:`shnor_lib.analyses.passports.key_results`).
    procedures : results by procedure (:func:`procedure_results`), ``learning`` waves and journals (:func:`learning_by_wave`).
    deficits : professional deficits of the teachers of each school in the year, the most frequent first.
    measures : measures of the programme with their states, the overdue first; ``ordered`` what each school needs, in order
        (:func:`shnor_lib.analyses.support.ordered.school_plans`).
    partners : declared and proposed partners (:func:`partners_of`).
    experts : decisions of experts of the year.
    moves : answers of the year beside those of the year before (:func:`shnor_lib.analyses.dynamics.list_moves`).
    changes : change of results of each school (:func:`shnor_lib.analyses.change.school_changes`). ``regional``: whether the region is what schools are held against.
    subjects : the same by exam and subject (:func:`shnor_lib.analyses.change.subject_changes`); ``published`` what documents say
        of them without numbers; ``olympiads`` the diplomas of the year by stage and subject.
    missing : tables without a row of the school.
    """

    office: Office
    plan: SupportPlan
    context: Context
    expected: Expected
    conditions: pd.DataFrame
    above: dict[str, float]
    signs: pd.DataFrame
    results: pd.DataFrame
    procedures: pd.DataFrame
    learning: pd.DataFrame
    deficits: pd.DataFrame
    measures: pd.DataFrame
    ordered: pd.DataFrame
    partners: pd.DataFrame
    experts: pd.DataFrame
    moves: pd.DataFrame
    changes: pd.DataFrame
    regional: bool
    subjects: pd.DataFrame
    published: pd.DataFrame
    olympiads: pd.DataFrame
    missing: dict[str, list[str]]


@for_the_public(words=ORDER)
def known_of(office: Office) -> Known:
    """Everything the pages of the schools of an office show."""
    plan, context, year = SupportPlan(office), Context(office), office.year
    names = [factor.name for factor in context.factors.values()]
    above = level_comparison(office.indicators, names, year).set_index("indicator")["value"].to_dict()
    matrix, decided, changes = context.matrix, office.tables["expert_decisions"], school_changes(office)
    return Known(
        office=office,
        plan=plan,
        context=context,
        expected=expected_of_offices([office]),
        conditions=matrix[matrix["level"].ne(UNKNOWN)],
        above=above,
        signs=signs_of(office),
        results=key_results(office.indicators, year, office.profile.results),
        procedures=procedure_results(office.indicators, year, office.profile.results),
        learning=learning_by_wave(office.waves, office.indicators, year, office.profile.results.minimum_participants),
        deficits=teachers_deficits(office.tables["professional_deficits"], year),
        measures=by_urgency(plan.measures),
        ordered=school_plans(plan),
        partners=partners_of(plan),
        experts=decided[decided["year"].eq(year)],
        moves=list_moves(office.previous, office.identification),
        changes=changes.schools,
        regional=changes.regional,
        subjects=subject_changes(office).schools,
        published=published_changes(office),
        olympiads=olympiad_diplomas(office.tables["olympiads"], year),
        missing=missing_tables(office.tables, office.schools, year),
    )


@for_the_public
def signs_of(office: Office) -> pd.DataFrame:
    """Verdicts of every school: of each category the signs that are there first, then near thresholds, then what is not told.

    ``cause_participants`` says why the number of participants of a value is empty: an index or a count of procedures has none;
    ``assessed`` is the year of a value that was carried on from an earlier one.
    """
    indicators = {name: one.indicator for name, one in office.method.criteria.items()}
    found = office.verdicts.assign(indicator=office.verdicts["criterion"].map(indicators).astype(object))
    carried = carried_values(office.indicators, office.year).astype({"assessed": object})
    found = found.merge(carried, on=["school_id", "indicator"], how="left")
    counted = [
        name for name, one in office.method.criteria.items() if measured(one) not in ("", *office.method.indices)
    ]
    hidden = found["hidden"].eq(True) if "hidden" in found else pd.Series(False, index=found.index)
    cause = found["criterion"].isin(counted).map({True: NOT_DELIVERED, False: NOT_APPLICABLE}).astype(object)
    met, unknown = found["verdict"].eq(MET), found["verdict"].eq(NOT_ASSESSED)
    rank = np.select([met, found["near"].eq(True), unknown], [0, 1, 2], default=3)
    place = found["category"].map({name: place for place, name in enumerate(office.method.decisions)})
    ordered = found.assign(place=place, rank=rank, cause_participants=cause.mask(hidden, HIDDEN)).sort_values(
        ["school_id", "place", "rank"], kind="stable"
    )
    return ordered.drop(columns=["place", "rank"]).reset_index(drop=True)


def olympiad_diplomas(olympiads: pd.DataFrame, year: int) -> pd.DataFrame:
    """Winners and prize-winners of each school in a year by stage; a stage of which any number is not known is left out.

    school_id, stage, diplomas, subjects (tuple of subject and diplomas, most first, none without).
    """
    rows = olympiads[olympiads["level"].eq("school") & olympiads["year"].eq(year)]
    rows = rows.assign(diplomas=(rows["winners"] + rows["prize_winners"]).astype(float))
    found = []
    for (school, stage), own in rows[rows["diplomas"].notna()].groupby(["school_id", "stage"], sort=False):
        whole = own[own["subject"].isna()]
        parts = own[own["subject"].notna() & own["diplomas"].gt(0)]
        parts = parts.sort_values("diplomas", ascending=False, kind="stable")
        diplomas = (whole if len(whole) else parts)["diplomas"].sum()
        found.append((school, stage, diplomas, tuple(zip(parts["subject"], parts["diplomas"], strict=True))))
    return pd.DataFrame(found, columns=["school_id", "stage", "diplomas", "subjects"])


def teachers_deficits(deficits: pd.DataFrame, year: int) -> pd.DataFrame:
    """Professional deficits of the teachers of each school in a year, the most frequent first; what was not counted stays."""
    own = deficits_of(deficits[deficits["year"].eq(year) & deficits["school_id"].notna()])
    share = (own["teachers_with_deficit"] / own["teachers_assessed"]).astype(float)
    hidden = own["hidden"].eq(True) if "hidden" in own else pd.Series(False, index=own.index)
    return (
        own.assign(share=share, cause=hidden.map({True: HIDDEN, False: NOT_DELIVERED}))
        .sort_values(["school_id", "share", "subject", "deficit"], ascending=[True, False, True, True], kind="stable")
        .reset_index(drop=True)
    )


def procedure_results(indicators: pd.DataFrame, year: int, reading: ResultsReading) -> pd.DataFrame:
    """Results of the year of every school by grade and subject, each held against the municipality and the region.

    school_id, part, participants, :data:`BY_PROCEDURE` with ``cause_<name>`` where one is empty, ``comparison_municipality``
    and ``comparison_region`` of the main measure, and ``few``: whether fewer participants than are needed, or only hidden
    numbers, leave nothing to say.
    """
    now = indicators[indicators["year"].eq(year)]
    rows = rows_of(now, (*BY_PROCEDURE, "mean_score", "score_sd"))
    rows = rows[rows["part"].map({part: is_procedure(part) for part in rows["part"].unique()}).astype(bool)]
    compared = compare(main_rows(rows), now, reading, LEVELS)
    own = rows[rows["level"].eq("school") & rows["measure"].isin(BY_PROCEDURE)]
    columns = ["school_id", "part", "participants", *BY_PROCEDURE]
    columns += [f"cause_{name}" for name in ("participants", *BY_PROCEDURE)]
    verdicts = [f"comparison_{level}" for level in LEVELS]
    if own.empty:
        return pd.DataFrame(columns=[*columns, *verdicts, "few"]).astype({"few": bool})
    key = ["school_id", "part"]
    hidden = own["hidden"].eq(True) if "hidden" in own else pd.Series(False, index=own.index)
    few = own["denominator"].lt(reading.minimum_participants)
    own = own.assign(
        value=own["value"].mask(few),
        cause=pd.Series(NOT_DELIVERED, index=own.index).mask(few, TOO_FEW).mask(hidden, HIDDEN),
        silent=few | hidden,
    )
    units = own.groupby(key)
    found = units.agg(participants=("denominator", "max"), few=("silent", "all"))
    some_hidden = hidden.groupby([own[name] for name in key]).any()
    found["cause_participants"] = some_hidden.map({True: HIDDEN, False: NOT_DELIVERED})
    for column, of in (("", "value"), ("cause_", "cause")):
        wide = own.pivot(index=key, columns="measure", values=of).reindex(columns=list(BY_PROCEDURE))
        found = found.join(wide.add_prefix(column))
    found = found.reset_index()
    marked = found["part"].map(main_measure).eq("quality_rate")
    absent = found[[f"cause_{name}" for name in BY_PROCEDURE]]
    found[absent.columns] = absent.where(absent.notna(), NOT_DELIVERED)
    found["cause_quality_rate"] = found["cause_quality_rate"].where(marked, NOT_APPLICABLE)
    of_schools = compared.loc[compared["level"].eq("school"), [*key, *verdicts]]
    found = found.merge(of_schools, on=key, how="left").fillna(dict.fromkeys(verdicts, "not_compared"))
    grade = found["part"].str.rpartition("/")[2].astype(int)
    exam = found["part"].str.partition("/")[0].map({"VPR": 0, "RKR": 1, "OGE": 2, "EGE": 3}).fillna(4)
    ordered = found.assign(exam=exam, grade=grade).sort_values(["school_id", "exam", "grade", "part"], kind="stable")
    return ordered.reset_index(drop=True)[[*columns, *verdicts, "few"]]


def learning_by_wave(waves: pd.DataFrame, indicators: pd.DataFrame, year: int, least: int) -> pd.DataFrame:
    """Region-wide checks and marks of the journal inside a year, and of the year as a whole.

    school_id, indicator, a column for each of :data:`MOMENTS` and ``cause_<moment>`` where one is empty; values of fewer than
    ``least`` pupils are left out.
    """
    whole = indicators[indicators["year"].eq(year)].assign(wave="year")
    rows = pd.concat([waves, whole], ignore_index=True)
    rows = rows[rows["level"].eq("school") & rows["indicator"].str.startswith(WITHIN_THE_YEAR)]
    hidden = rows["hidden"].eq(True) if "hidden" in rows else pd.Series(False, index=rows.index)
    few = rows["denominator"].lt(least)
    rows = rows.assign(
        value=rows["value"].mask(few),
        cause=pd.Series(NOT_DELIVERED, index=rows.index, dtype=object).mask(few, TOO_FEW).mask(hidden, HIDDEN),
    )
    key = ["school_id", "indicator"]
    value, cause = (
        rows.pivot(index=key, columns="wave", values=one).reindex(columns=list(MOMENTS)) for one in ("value", "cause")
    )
    value = value.astype(float)
    known = value[value.notna().any(axis=1) | cause.eq(HIDDEN).any(axis=1)]
    cause = cause.astype(object).fillna(NOT_DELIVERED)
    cause["year"] = cause["year"].mask(
        cause.index.get_level_values("indicator").str.contains("[RKR/", regex=False), NOT_APPLICABLE
    )
    found = known.join(cause.add_prefix("cause_")).reset_index()
    checks = found["indicator"].str.contains("[RKR/", regex=False)
    ordered = found.assign(journal=~checks).sort_values(["school_id", "journal", "indicator"], kind="stable")
    return ordered.drop(columns="journal").reset_index(drop=True)


@for_the_public
def school_overview(office: Office) -> pd.DataFrame:
    """One row per school, the listed first: categories, whether in any, signs, own measures of the plan, missing tables.

    ``supported`` is missing while an answer is lacking that could put the school on a list; ``own_measures`` without a plan;
    ``met`` names its criteria that are met, ``assessed`` counts those judged of all ``criteria``, ``decided`` says what experts
    or received lists decided, ``lacking`` names the tables.
    """
    frame = answers_by_school(office)
    missing = missing_tables(office.tables, office.schools, office.year)
    measures, answers = office_measures(office), frame[office.method.of_purpose(*NEED)]
    counts = measures["school_id"].value_counts()
    supported, unjudged = answers.eq(YES).any(axis=1), answers.eq(INSUFFICIENT).any(axis=1)
    signs = office.verdicts
    met = signs[signs["verdict"].eq(MET)].groupby("school_id")["criterion"].agg(list).reindex(frame.index)
    assessed = signs["verdict"].ne(NOT_ASSESSED).groupby(signs["school_id"]).sum().reindex(frame.index, fill_value=0)
    decided = decisions_told(office).reindex(frame.index)
    order = np.select([supported, ~unjudged], [0, 2], default=1)
    return (
        frame.assign(
            supported=supported.astype(object).mask(unjudged & ~supported, None),
            own_measures=counts.reindex(frame.index, fill_value=0) if len(measures) else None,
            met=met.map(lambda names: names if isinstance(names, list) else []),
            assessed=assessed,
            criteria=signs["school_id"].value_counts().reindex(frame.index, fill_value=0),
            decided=decided.map(lambda told: told if isinstance(told, list) else []),
            missing=[len(missing[school]) for school in frame.index],
            lacking=[[table(name).label for name in missing[school]] for school in frame.index],
            complete=[not missing[school] for school in frame.index],
            order=order,
        )
        .reset_index()
        .sort_values(["order", "school_id"], kind="stable")
        .drop(columns="order")
        .reset_index(drop=True)
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


def of_school(frame: pd.DataFrame, school_id: str) -> pd.DataFrame:
    """The rows of one school."""
    return frame[frame["school_id"].eq(school_id).fillna(False).astype(bool)].reset_index(drop=True)


def school_facts(known: Known, school_id: str) -> dict[str, object]:
    """Counts of one page: zones of risk and conditions, own and common measures, advice, comparisons, signs."""
    level, signs = of_school(known.conditions, school_id)["level"], of_school(known.signs, school_id)
    compared = of_school(known.results, school_id)["comparison_municipality"]
    measures, procedures = of_school(known.measures, school_id), of_school(known.procedures, school_id)
    return {
        "measures_total": len(known.measures),
        "zones": int(level.isin(ZONE).sum()),
        "conditions": len(level),
        "conditions_unknown": len(known.context.factors) - len(level),
        "measures": len(measures),
        "overdue": int(measures["state"].eq(OVERDUE).sum()),
        "measures_common": int(known.measures["school_id"].isna().sum()),
        "advice": len(ordered := of_school(known.ordered, school_id)),
        "advice_done": int(ordered["state"].eq(DONE).sum()),
        "worse": int(compared.eq("worse").sum()),
        "better": int(compared.eq("better").sum()),
        "compared": int(compared.ne("not_compared").sum()),
        "criteria": len(signs),
        "criteria_assessed": int(signs["verdict"].ne(NOT_ASSESSED).sum()),
        "criteria_met": int(signs["verdict"].eq(MET).sum()),
        "near": int(signs["near"].eq(True).sum()),
        "criteria_near": int((signs["near"].eq(True) & signs["verdict"].ne(MET)).sum()),
        "procedures": int((~procedures["few"]).sum()),
        "procedures_few": int(procedures["few"].sum()),
        "any_results": len(compared) + len(procedures) + len(of_school(known.learning, school_id)),
        "missing": ", ".join(f"«{table(name).label}»" for name in known.missing[school_id]),
    }


def besides(known: Known, school_id: str) -> dict[str, object]:
    """What other reports found of a school; empty where they found nothing, and what hidden numbers would tell in the public edition.

    ``events`` of exchange that it joined; ``lacking``: posts by specialist that it lacks by the norm; ``markers`` of biased results,
    whether they are ``beyond`` chance, ``unbiased``: all markers were assessed and none was found; ``expected``, ``low``, ``high``,
    ``result``: its result beside the expected one, and the ``comparison``.
    """
    joined, marked = of_school(known.plan.joined, school_id), of_school(known.plan.biased, school_id)
    posts, result = of_school(known.context.advised, school_id), of_school(known.expected.schools, school_id)
    found: dict[str, object] = {"lacking": dict(zip(posts["specialist"], posts["lacking"], strict=True))}
    if len(joined) and len(known.plan.events):
        found["events"] = int(joined["done"].iloc[0])
    if len(marked):
        own = marked.iloc[0]
        found |= {"markers": own["markers"], "beyond": own["beyond"] is True, "unbiased": own["verdict"] == NOT_MET}
    if len(result) and result["comparison"].iloc[0] != NOT_COMPARED and known.office.audience != "public":
        row = result.iloc[0]
        found |= row[["expected", "low", "high", "comparison"]].to_dict() | {"result": row["value"]}
    return found


def standing_on_lists(known: Known, school_id: str) -> dict[str, object]:
    """On which lists of need a school is, on which not, of which nothing is known; whether it was on the same ones a year before.

    ``shares``: categories of schools that may help others, in which it is;
    ``listed``, ``unlisted``, ``open``: categories, ``expert`` and ``received``: those that experts or a received list decided; ``again`` and ``new``: on every list also
    the year before, or on none of them; ``left``: categories of the year before that it is no longer in.
    """
    method, answers = known.office.method, of_school(known.office.identification, school_id)
    order = method.of_purpose(*NEED)
    own, moves = (rows[rows["category"].isin(order)] for rows in (answers, of_school(known.moves, school_id)))

    def having(frame: pd.DataFrame, column: str, value: str) -> list[str]:
        return sorted(frame.loc[frame[column].eq(value), "category"], key=order.index)

    listed, sharing = having(own, "identified", YES), answers[answers["category"].isin(method.of_purpose("share"))]
    before = having(moves, "before", YES)
    compared = len(known.office.previous) > 0 and not moves["before"].eq(INSUFFICIENT).any()
    return {
        "listed": listed,
        "shares": sharing.loc[sharing["identified"].eq(YES), "category"].tolist(),
        "unlisted": having(own, "identified", NO),
        "open": having(own, "identified", INSUFFICIENT),
        "expert": having(own, "decision", EXPERT),
        "received": having(own, "decision", RECEIVED),
        "again": bool(listed) and set(listed) <= set(before),
        "new": bool(listed) and compared and not set(listed) & set(before),
        "left": having(moves, "move", "left"),
        "entered": having(moves, "move", "entered"),
        "compared": compared,
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
    schools : the registry: ``school_id``, ``year``, ``kind``, ``highest_grade``.

    Returns
    -------
    Names of tables by school, in the order of :class:`Passport`.

    Examples
    --------
    >>> schools = pd.DataFrame({"school_id": ["1"], "year": [2021], "kind": ["НОШ"], "highest_grade": [None]})
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
