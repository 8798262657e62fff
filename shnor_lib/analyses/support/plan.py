"""The support plan of an office and year: everything report 90 tells, put together once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from shnor_lib.analyses.identification import answers_by_school, measured
from shnor_lib.analyses.objectivity import biased_schools, unsuitable_partners
from shnor_lib.analyses.support.due import DATED, NONE
from shnor_lib.analyses.support.effect import Effect, effect_of_support
from shnor_lib.analyses.support.events import events_check, pair_events, participation
from shnor_lib.analyses.support.measures import (
    CANCELLED,
    DONE,
    IN_PROGRESS,
    OVERDUE,
    PLANNED,
    STATES,
    TOTAL,
    UNKNOWN,
    cycle_coverage,
    execution,
    in_force,
    measure_facts,
    office_measures,
    stages_are_named,
)
from shnor_lib.analyses.support.partners import LISTED, Partners, find_partners, judge_declared
from shnor_lib.analyses.support.recommendations import (
    POSTS_LACKING,
    SIDES,
    Recommendation,
    recommend,
    recommendation_catalogue,
    school_groups,
)
from shnor_lib.analyses.support.risk_register import risk_register
from shnor_lib.criteria.decisions import list_of
from shnor_lib.indicators import split_name
from shnor_lib.office.office import Office

LOW_RESULTS = "low_results"
"""The category whose schools need a partner."""


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
    partners : what the search for partner schools found; ``partnerships`` what the document or the office declares, each with
        what is known of the partner (:func:`shnor_lib.analyses.support.partners.judge_declared`).
    events : exchange of experience in the year; ``events_found`` whether there were enough, ``joined`` events per school,
        ``pairs_together`` events per declared pair.
    risks : the risk register with ratings.
    effect : whether the help of earlier years worked; None in the public edition, whose hidden numbers would tell otherwise.
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
    effect: Effect | None


def plan_support(office: Office) -> SupportPlan:
    """Put together the support plan of an office and year."""
    plan, year = office.profile.plan, office.year
    supported = list_of(office.identification, LOW_RESULTS).schools
    partnerships = in_force(office.tables["partnerships"], year)
    events = office.tables["exchange_events"]
    events = events[events["year"].eq(year)].reset_index(drop=True)
    concerned = {*supported, *partnerships["school_id"].dropna()}
    biased = biased_schools(office)
    partners, declared = search_partners(office, supported, biased, partnerships)
    return SupportPlan(
        office=office,
        names=office.school_names,
        on=plan.monitoring(year),
        period=plan.period(year),
        measures=office_measures(office),
        recommendations=recommend(office),
        unknown_schools=frozenset(school_groups(office.identification)["unknown"]),
        biased=biased,
        partners=partners,
        partnerships=declared,
        events=events,
        events_found=events_check(events, plan.exchange_events),
        joined=participation(events, sorted(concerned), plan.exchange_events),
        pairs_together=pair_events(events, partnerships),
        risks=risk_register(office.tables["risks"], year),
        effect=None if office.audience == "public" else effect_of_support(office),
    )


def search_partners(
    office: Office, supported: list[str], biased: pd.DataFrame, partnerships: pd.DataFrame
) -> tuple[Partners, pd.DataFrame]:
    """Partners found and partnerships declared, both judged by the same rules.

    From the whole data; without the hidden numbers of the public edition other pairs would come out. Schools whose results are
    to be checked first (:func:`shnor_lib.analyses.objectivity.biased_schools`) are nobody's partners.
    """
    search = office.profile.partners
    biased_ones = unsuitable_partners(biased, search.refusing_markers)
    if office.audience == "public":
        found = Partners(refused="в открытой редакции партнёры не подбираются, так как для подбора нужны все числа")
    else:
        pairs = partnerships[~partnerships["status"].eq(CANCELLED).fillna(False)].dropna(subset=["school_id"])
        declared = list(zip(pairs["school_id"], pairs["partner_id"], strict=True))
        found = find_partners(office.indicators, supported, office.year, search, biased_ones, declared)
    unsuitable = biased_ones | dict.fromkeys(supported, LISTED)
    judged = judge_declared(partnerships, found.candidates, search, unsuitable, found.refused)
    if office.audience != "public" and not list_of(office.identification, LOW_RESULTS).judged:
        found = replace(found, refused="вывода о ШНОР нет ни об одной школе, и кому нужен партнёр, не известно")
    return found, judged


def partners_of(office: Office) -> pd.DataFrame:
    """Partnerships of every school, its own and those in which it helps, as report 90 judges them.

    school_id, other_id, ``kind``: ``declared``, ``helps`` (declared, the other school is helped), ``proposed`` or ``alone`` (no
    partner was found); subject, status, ``fit`` (by the rules of the search; of the declared), remark (the cause in Russian).
    """
    partnerships = in_force(office.tables["partnerships"], office.year)
    supported = list_of(office.identification, LOW_RESULTS).schools
    found, declared = search_partners(office, supported, biased_schools(office), partnerships)
    helped = declared[["school_id", "partner_id", "subject", "status", "fit", "remark"]]
    turned = {"school_id": "other_id", "partner_id": "school_id"}
    proposed = found.pairs if not found.refused else found.pairs.iloc[:0]
    key, proposal = ["school_id", "partner_id"], {"partner_id": "other_id", "reason": "remark"}
    stands = pd.MultiIndex.from_frame(proposed[key]).isin(pd.MultiIndex.from_frame(declared[key]))
    proposed = proposed[~stands].rename(columns=proposal)
    kind = proposed["other_id"].notna().map({True: "proposed", False: "alone"}).astype(object)
    parts = [
        helped.rename(columns={"partner_id": "other_id"}).assign(kind="declared"),
        proposed.assign(kind=kind),
        helped.rename(columns=turned).assign(kind="helps", remark=""),
    ]
    columns = ["school_id", "other_id", "kind", "subject", "status", "fit", "remark"]
    return pd.concat([part.reindex(columns=columns).astype(object) for part in parts], ignore_index=True)


def open_dues(measures: pd.DataFrame) -> pd.DataFrame:
    """Measures whose due text is absent or leaves something open, with ``due_open``: what is lacking."""
    found = measures[measures["due_kind"].isin([NONE, "unclear"]) | measures["due_remark"].ne("")]
    return found.assign(due_open=found["due_remark"].mask(found["due_kind"].eq(NONE), "срок в программе не назван"))


def sections(plan: SupportPlan) -> pd.DataFrame:
    """Measures of each section by state with a total; a state that no measure is in has no numbers."""
    parts = [execution(rows, "section") for rows in (plan.measures, plan.measures.assign(section=TOTAL))]
    found = pd.concat(parts, ignore_index=True)
    always = (DONE, OVERDUE) if plan.measures["status"].notna().any() else ()
    unseen = [state for state in STATES if not found[state].any() and state not in always]
    return found.drop(columns=unseen)


URGENCY = (OVERDUE, UNKNOWN, IN_PROGRESS, PLANNED, DONE, CANCELLED)
"""States of a school's measures in the order in which they ask for attention."""


def by_school(plan: SupportPlan) -> pd.DataFrame:
    """The measures that name a school: schools whose measures are longest overdue first, then by code; late ones first in each."""
    own = plan.measures[plan.measures["school_id"].notna()]
    late = own["days_late"].where(own["state"].eq(OVERDUE)).astype(float)
    own = own.assign(
        longest=late.fillna(0).groupby(own["school_id"]).transform("max"),
        urgency=own["state"].map(URGENCY.index).astype(int),
        late=late,
    )
    order = ["longest", "school_id", "urgency", "late", "end", "measure_id"]
    ascending = [False, True, True, False, True, True]
    return own.sort_values(order, ascending=ascending, kind="stable").reset_index(drop=True)


def by_school_facts(found: pd.DataFrame) -> dict[str, int]:
    """How many schools have measures of their own, and how many of them late ones; ``found`` of :func:`by_school`."""
    late = found["state"].eq(OVERDUE)
    return {"schools": found["school_id"].nunique(), "late": found.loc[late, "school_id"].nunique()}


def busiest(load: pd.DataFrame, quarters: list[str]) -> tuple[list[str], int]:
    """The quarters with most measures, and how many each has; ``load`` with its total."""
    total = load[quarters].iloc[-1]
    return [name for name in quarters if total[name] == total.max()], int(total.max())


def on_calendar(plan: SupportPlan) -> pd.DataFrame:
    """Measures with a date, of the plan's year and those still open from before, in order of their last day."""
    dated = plan.measures[plan.measures["due_kind"].eq(DATED)]
    current = dated["end"].ge(pd.Timestamp(plan.period[0])) | ~dated["state"].isin([DONE, CANCELLED])
    return dated[current].sort_values(["end", "measure_id"], kind="stable")


@dataclass(frozen=True)
class Cycle:
    """The management cycle: measures at each stage, stages ``bare`` of measures or without any of a school (``one_sided``)."""

    frame: pd.DataFrame
    bare: list[str]
    one_sided: list[str]
    unnamed: int


def cycle(plan: SupportPlan) -> Cycle | None:
    """Stages of the management cycle; None when the programme names no stage."""
    if not stages_are_named(plan.measures):
        return None
    frame = cycle_coverage(plan.measures)
    bare = frame["measures"].eq(0)
    return Cycle(
        frame,
        bare=frame.loc[bare, "cycle_stage"].tolist(),
        one_sided=frame.loc[~bare & frame["school"].eq(0), "cycle_stage"].tolist(),
        unnamed=int(plan.measures["cycle_stage"].isna().sum()),
    )


def recommended_schools(plan: SupportPlan) -> pd.DataFrame:
    """Every school with its categories and the number of its recommendations, by who carries them out."""
    distinct, names = (
        plan.recommendations.drop_duplicates(["school_id", "recommendation"]),
        plan.office.schools["school_id"],
    )
    counts = pd.crosstab(distinct["school_id"], distinct["level"]).reindex(
        index=names, columns=["municipality", "school"], fill_value=0
    )
    answers = answers_by_school(plan.office)
    unknown = answers.index.isin(list(plan.unknown_schools))
    given = counts.sum(axis=1).gt(0).astype(object).mask(unknown, None)
    to_whom = counts.rename(columns=lambda level: f"to_{level}")
    return answers.assign(given=given, unknown=unknown).join(to_whom).reset_index()


def recommendations_given(plan: SupportPlan) -> pd.DataFrame:
    """The recommendations given: text, level, schools (ids with semicolons), count and the documents each is drawn from."""
    entries = recommendation_catalogue()
    rows = []
    for name, own in plan.recommendations.groupby("recommendation", sort=False):
        entry = entries.recommendations[name]
        schools = sorted(own["school_id"].unique())
        rows.append(
            {
                "text": entry.text,
                "level": entry.level,
                "schools": ";".join(schools),
                "count": len(schools),
                "drawn_from": drawn_from(entry),
                "in_programme": in_programme(plan, entry),
                "place": list(entries.recommendations).index(name),
            }
        )
    return pd.DataFrame(rows).sort_values(["level", "place"], kind="stable")


def in_programme(plan: SupportPlan, entry: Recommendation) -> str | None:
    """The measures of the office's own programme that a recommendation is drawn from, by number; None where it is new to it."""
    known, documents = set(plan.measures["measure_id"].dropna()), recommendation_catalogue().documents
    own = [
        one.measure
        for one in entry.sources
        if documents[one.document].office == plan.office.municipality and one.measure in known
    ]
    return ", ".join(own) or None


def drawn_from(entry: Recommendation) -> str:
    """The documents and their items that a recommendation is drawn from."""
    items: dict[str, list[str]] = {}
    for source in entry.sources:
        item = source.place or (f"мера {source.measure}" if source.measure else f"риск {source.risk}")
        items.setdefault(recommendation_catalogue().documents[source.document].title, []).append(item)
    return "; ".join(f"{document}: {', '.join(places)}" for document, places in items.items())


def recommendation_evidence(plan: SupportPlan) -> pd.DataFrame:
    """What gave cause in each school: rows of the recommendations, one a cause.

    Rows of :func:`recommend` with ``follows`` (recommendations from that cause) and ``measured``: the indicator the value is
    of, empty for a number of low procedures, posts and markers of bias (whose value is the chance of honest results). What every school of a category is advised has no cause in numbers.
    """
    rows, criteria = plan.recommendations[plan.recommendations["rule"].ne("category")], plan.office.method.criteria
    follows = rows.groupby(["school_id", "basis"])["recommendation"].agg(list)
    found = rows.drop_duplicates(["school_id", "basis"])
    return found.assign(
        follows=[follows[key] for key in zip(found["school_id"], found["basis"], strict=True)],
        measured=[
            basis if rule in SIDES else measured(criteria[basis]) if basis in criteria else ""
            for rule, basis in zip(found["rule"], found["basis"], strict=True)
        ],
    )


def threshold_references(found: pd.DataFrame) -> list[tuple[str, str, str]]:
    """What the thresholds rest on, each named once: rule, indicator or specialist, reference.

    ``found`` of :func:`recommendation_evidence`; parts of an indicator that share a threshold are named together.
    """
    rows = found[found["rule"].isin([*SIDES, POSTS_LACKING])].drop_duplicates(["basis", "reference"])
    whole = rows["basis"].map(lambda name: split_name(name)[0])
    by_part = rows.groupby(whole)
    together = by_part["reference"].transform("nunique").eq(1) & by_part["basis"].transform("nunique").gt(1)
    told = zip(rows["rule"], rows["basis"].mask(together, whole), rows["reference"], strict=True)
    return list({(name, reference): (rule, name, reference) for rule, name, reference in told}.values())


def pairs(plan: SupportPlan) -> pd.DataFrame:
    """The pairs: whether a partner was ``found``, the partners ``declared`` (ids with semicolons), whether the pair ``stands``."""
    declared = plan.partnerships.groupby("school_id")["partner_id"].agg(";".join)
    found = plan.partners.pairs
    return found.assign(
        found=found["partner_id"].notna(), declared=found["school_id"].map(declared), stands=pairs_stand(plan)
    )


def pairs_stand(plan: SupportPlan) -> pd.Series:
    """Which of the proposed pairs are declared already."""
    found = plan.partners.pairs
    key = ["school_id", "partner_id"]
    declared = pd.MultiIndex.from_frame(plan.partnerships[key].dropna())
    return pd.Series(pd.MultiIndex.from_frame(found[key]).isin(declared), index=found.index)


def support_facts(plan: SupportPlan) -> dict[str, float]:
    """Counts that the headlines of report 90 are made from."""
    pairs = plan.partners.pairs
    facts: dict[str, float] = {
        **measure_facts(plan.measures),
        "dues_open": len(open_dues(plan.measures)),
        "recommended_schools": len(set(plan.recommendations["school_id"]) - plan.unknown_schools),
        "known_schools": len(plan.office.schools) - len(plan.unknown_schools),
        "unknown_schools": len(plan.unknown_schools),
        "registered_schools": len(plan.office.schools),
        "risks_total": len(plan.risks),
        "risks_without_mitigation": int(plan.risks["mitigation"].isna().sum()),
        "risks_high": int(plan.risks["rating"].eq("high").sum()),
        "risks_rated": int(plan.risks["rating"].ne("unknown").sum()),
        "pairs_apart": int(plan.pairs_together["together"].eq(0).sum()),
    }
    fit = plan.partnerships["fit"]
    facts["declared_pairs"] = len(fit)
    facts["declared_judged"] = int(fit.notna().sum())
    facts["declared_unfit"] = int(fit.eq(False).sum())
    if not plan.partners.refused:
        facts["partners_new"] = int((pairs["partner_id"].notna() & ~pairs_stand(plan)).sum())
        facts["partnerless_schools"] = int(pairs["partner_id"].isna().sum())
        facts["partner_pairs"] = len(pairs) - facts["partnerless_schools"]
        facts["schools_for_partners"] = len(pairs)
    if plan.events_found["shortage"] is not None:
        facts |= {f"events_{name}": plan.events_found[name] for name in ("done", "demanded", "shortage")}
    if stages_are_named(plan.measures):
        facts["cycle_stages_empty"] = int(cycle_coverage(plan.measures)["measures"].eq(0).sum())
    return facts
