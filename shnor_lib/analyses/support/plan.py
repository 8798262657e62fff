"""The support plan of an office and year: everything report 90 tells, put together once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from shnor_lib.analyses.objectivity import biased_schools, unsuitable_partners
from shnor_lib.analyses.support.events import events_check, pair_events, participation
from shnor_lib.analyses.support.measures import (
    cycle_coverage,
    in_force,
    measure_facts,
    measure_states,
    programme_measures,
    stages_are_named,
)
from shnor_lib.analyses.support.partners import Partners, find_partners
from shnor_lib.analyses.support.recommendations import recommend, recommendation_catalogue, school_groups
from shnor_lib.analyses.support.risk_register import risk_register
from shnor_lib.criteria.decisions import YES
from shnor_lib.office.office import Office


@dataclass(frozen=True)
class SupportPlan:
    """What is planned, done, advised and at risk in an office and year.

    Attributes
    ----------
    names : short names of the registered schools by id.
    on, period : the monitoring date; the plan's year.
    measures : the programme's measures with due dates and states (:mod:`shnor_lib.analyses.support.measures`).
    recommendations : one row per school, recommendation and cause (:mod:`shnor_lib.analyses.support.recommendations`).
    unknown_schools : schools of which too little is known to advise anything but to collect it.
    biased : markers of biased results of each school (:mod:`shnor_lib.analyses.objectivity`).
    partners : what the search for partner schools found; ``partnerships`` what the document or the office declares.
    events : exchange of experience in the year; ``events_found`` whether there were enough, ``joined`` events per school,
        ``pairs_together`` events per declared pair.
    risks : the risk register with ratings.
    """

    office: Office
    names: Mapping[str, str]
    on: date
    period: tuple[date, date]
    measures: pd.DataFrame
    recommendations: pd.DataFrame
    unknown_schools: frozenset[str]
    biased: pd.DataFrame
    partners: Partners
    partnerships: pd.DataFrame
    events: pd.DataFrame
    events_found: Mapping[str, object]
    joined: pd.DataFrame
    pairs_together: pd.DataFrame
    risks: pd.DataFrame


def plan_support(office: Office) -> SupportPlan:
    """Put together the support plan of an office and year."""
    plan, year = office.profile.plan, office.year
    period, on = plan.period(year), plan.monitoring(year)
    supported = low_results_schools(office)
    partnerships = in_force(office.tables["partnerships"], year)
    events = office.tables["exchange_events"]
    events = events[events["year"].eq(year)].reset_index(drop=True)
    concerned = {*supported, *partnerships["school_id"].dropna()}
    biased = biased_schools(office.indicators, office.schools, year, office.profile.bias)
    return SupportPlan(
        office=office,
        names=office.school_names,
        on=on,
        period=period,
        measures=measure_states(programme_measures(office.tables["measures"], year, period), on),
        recommendations=recommend(
            recommendation_catalogue(), office.method, office.verdicts, office.identification, office.indicators, year
        ),
        unknown_schools=frozenset(school_groups(office.identification)["unknown"]),
        biased=biased,
        partners=search_partners(office, supported, biased),
        partnerships=partnerships,
        events=events,
        events_found=events_check(events, plan.exchange_events),
        joined=participation(events, sorted(concerned), plan.exchange_events),
        pairs_together=pair_events(events, partnerships),
        risks=risk_register(office.tables["risks"], year),
    )


def search_partners(office: Office, supported: list[str], biased: pd.DataFrame) -> Partners:
    """Partners from the whole data; without the hidden numbers of the public edition other pairs would come out.

    Schools whose results are to be checked first (:func:`shnor_lib.analyses.objectivity.biased_schools`) are nobody's partners.
    """
    if office.audience == "public":
        return Partners(refused="в открытой редакции партнёры не подбираются, так как для подбора нужны все числа")
    search = office.profile.partners
    return find_partners(
        office.indicators, supported, office.year, search, unsuitable_partners(biased, search.refusing_markers)
    )


def low_results_schools(office: Office) -> list[str]:
    """Schools that need a partner: those with low results, in order of their codes."""
    rows = office.identification
    return sorted(rows.loc[rows["category"].eq("low_results") & rows["identified"].eq(YES), "school_id"])


def open_dues(measures: pd.DataFrame) -> pd.DataFrame:
    """Measures whose due text is absent or leaves something open."""
    return measures[measures["due_kind"].isin(["none", "unclear"]) | measures["due_remark"].ne("")]


def support_facts(plan: SupportPlan) -> dict[str, float]:
    """Counts that the headlines of report 90 are made from."""
    pairs = plan.partners.pairs
    facts: dict[str, float] = {
        **measure_facts(plan.measures),
        "dues_open": len(open_dues(plan.measures)),
        "recommended_schools": len(set(plan.recommendations["school_id"]) - plan.unknown_schools),
        "unknown_schools": len(plan.unknown_schools),
        "registered_schools": len(plan.names),
        "risks_total": len(plan.risks),
        "risks_without_mitigation": int(plan.risks["mitigation"].isna().sum()),
    }
    if not plan.partners.refused:
        facts["partnerless_schools"] = int(pairs["partner_id"].isna().sum())
        facts["partner_pairs"] = len(pairs) - facts["partnerless_schools"]
        facts["schools_for_partners"] = len(pairs)
    if plan.events_found["shortage"] is not None:
        facts["events_done"] = plan.events_found["done"]
        facts["events_demanded"] = plan.events_found["demanded"]
        facts["events_shortage"] = plan.events_found["shortage"]
    if stages_are_named(plan.measures):
        facts["cycle_stages_empty"] = int(cycle_coverage(plan.measures)["measures"].eq(0).sum())
    return facts
