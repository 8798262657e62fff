"""The support plan of an office and year: everything report 90 tells, put together once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from shnor_lib.analyses.context import Context
from shnor_lib.analyses.identification import answers_by_school, measured
from shnor_lib.analyses.naming import answers_on_need, schools_sharing
from shnor_lib.analyses.objectivity import biased_schools, unsuitable_partners
from shnor_lib.analyses.received import decided_told
from shnor_lib.analyses.support.accompaniment import ENDED, accompanied, companions, contracts, programmes
from shnor_lib.analyses.support.events import events_check, pair_events, participation
from shnor_lib.analyses.support.measures import (
    DONE,
    LATER,
    MOMENTS,
    OVERDUE,
    SOON,
    STATES,
    TOTAL,
    by_urgency,
    execution,
    in_force,
    measure_facts,
    not_cancelled,
    office_commitments,
    office_measures,
    programme_of,
)
from shnor_lib.analyses.support.partners import LISTED, Partners, find_partners, judge_declared
from shnor_lib.analyses.support.recommendations import (
    POSTS_LACKING,
    SIDES,
    office_recommendations,
    recommend,
    school_groups,
)
from shnor_lib.analyses.support.reports import after_the_count, listed_schools, office_reports, reports_facts
from shnor_lib.analyses.support.risk_register import risk_register
from shnor_lib.criteria.decisions import list_of
from shnor_lib.indicators import split_name
from shnor_lib.inputs.due import NONE
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.params.recommendations import Recommendation, RecommendationCatalogue


@dataclass(frozen=True)
class SupportPlan:
    """What is planned, done, advised and at risk in an office and year, each part computed when it is first asked for."""

    office: Office

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Short names of the registered schools by id."""
        return self.office.school_names

    @cached_property
    def on(self) -> date:
        """The monitoring date."""
        return self.office.profile.plan.monitoring(self.office.year)

    @cached_property
    def supported(self) -> list[str]:
        """Schools that need a partner: those of the lists that the method names for it."""
        lists = [list_of(self.office.identification, one).schools for one in self.office.method.with_partners]
        return sorted({school for schools in lists for school in schools})

    @property
    def partners_judged(self) -> int:
        """About how many schools is known whether they need a partner."""
        lists = [list_of(self.office.identification, one) for one in self.office.method.with_partners]
        return max((one.judged for one in lists), default=0)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The programme's measures with due dates and states (:mod:`shnor_lib.analyses.support.measures`)."""
        return office_measures(self.office)

    @cached_property
    def reports(self) -> pd.DataFrame:
        """Reports on the measures by period and reporter, with what is late (:mod:`shnor_lib.analyses.support.reports`)."""
        return office_reports(self.office, programme_of(self.office))

    @cached_property
    def commitments(self) -> pd.DataFrame:
        """What the programme promises outside its table of measures, with states."""
        return office_commitments(self.office)

    @cached_property
    def dated(self) -> pd.DataFrame:
        """Measures and commitments together, for what is late and what comes next; ``kind``: ``measure``, ``promise``."""
        if self.commitments.empty:
            return self.measures.assign(kind="measure")
        promised = self.commitments.assign(kind="promise").dropna(axis=1, how="all")
        return pd.concat([self.measures.assign(kind="measure"), promised], ignore_index=True)

    @cached_property
    def programmes(self) -> pd.DataFrame:
        """The programmes of schools (:mod:`shnor_lib.analyses.support.accompaniment`)."""
        return programmes(in_force(self.office.tables["school_programmes"], self.office.year), self.on)

    @cached_property
    def companions(self) -> pd.DataFrame:
        """Curators, mentors and consultants of schools."""
        return companions(in_force(self.office.tables["curators"], self.office.year), self.on)

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """Contracts with partners, schools or not."""
        return contracts(in_force(self.office.tables["partnerships"], self.office.year), self.on)

    @cached_property
    def accompanied(self) -> pd.DataFrame:
        """What each school that is on a list, or of which the tables speak, has of these."""
        told = (one["school_id"].dropna() for one in (self.programmes, self.companions, self.contracts))
        named = sorted({*(school for own in told for school in own), *listed_schools(self.office)})
        known = len(self.programmes) + len(self.companions) + len(self.contracts)
        return accompanied(named if known else [], self.programmes, self.companions, self.contracts)

    @cached_property
    def after(self) -> pd.DataFrame:
        """What was done after the day of the count."""
        return after_the_count(self.measures, self.reports, self.on)

    @cached_property
    def context(self) -> Context:
        """The conditions of the schools, as report 40 tells them."""
        return Context(self.office)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Causes of low results that experts, surveys, schools or the document named by the monitoring date.

        The public edition has those of all schools only: the words about one school may mean a person.
        """
        rows = in_force(self.office.tables["causes"], self.office.year)
        if self.office.audience == "public":
            rows = rows[rows["school_id"].isna()]
        return rows[~rows["stated_on"].gt(pd.Timestamp(self.on)).fillna(False)].reset_index(drop=True)

    @cached_property
    def in_programme(self) -> frozenset[str]:
        """Schools of the programme: those that its measures or partnerships name; all where they name none."""
        named = {*self.measures["school_id"].dropna(), *self.declared["school_id"].dropna()}
        return frozenset(named or self.office.schools["school_id"])

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Money of the measures of the programme in force, up to the year of the run."""
        rows = self.office.tables["measure_costs"]
        own = rows["year"].le(self.office.year) & rows["measure_id"].isin(self.measures["measure_id"])
        return rows[own].reset_index(drop=True)

    @cached_property
    def biased(self) -> pd.DataFrame:
        """Markers of biased results of each school (:mod:`shnor_lib.analyses.objectivity`)."""
        return biased_schools(self.office)

    @cached_property
    def entries(self) -> RecommendationCatalogue:
        """The recommendations that hold for the office."""
        return office_recommendations(self.office)

    @cached_property
    @for_the_public
    def recommendations(self) -> pd.DataFrame:
        """One row per school, recommendation and cause (:mod:`shnor_lib.analyses.support.recommendations`)."""
        return recommend(self.office, self.entries)

    @cached_property
    def unknown_schools(self) -> frozenset[str]:
        """Schools of which too little is known to advise anything but to collect it."""
        return frozenset(school_groups(answers_on_need(self.office))["unknown"])

    @cached_property
    def declared(self) -> pd.DataFrame:
        """The partner schools of the document or the office, as they stand in the year."""
        pairs = in_force(self.office.tables["partnerships"], self.office.year)
        return pairs.dropna(subset=["partner_id"]).reset_index(drop=True)

    @cached_property
    def unsuitable(self) -> dict[str, str]:
        """Schools that are nobody's partners until their results are checked, with the reason in Russian."""
        return unsuitable_partners(self.biased, self.office.profile.partners.refusing_markers)

    @cached_property
    @for_the_public
    def searched(self) -> Partners:
        """What the search for partners found."""
        office = self.office
        pairs = self.declared[not_cancelled(self.declared)].dropna(subset=["school_id"])
        stand = list(zip(pairs["school_id"], pairs["partner_id"], strict=True))
        search = office.profile.partners
        sharing = schools_sharing(office) if office.method.of_purpose("share") else None
        return find_partners(office.indicators, self.supported, office.year, search, self.unsuitable, stand, sharing)

    @cached_property
    def partners(self) -> Partners:
        """The partner schools proposed, or why none is."""
        if not self.partners_judged:
            refused = "вывода ни об одной школе нет, и кому нужен партнёр, не известно"
            return replace(self.searched, refused=refused)
        return self.searched

    @cached_property
    def partnerships(self) -> pd.DataFrame:
        """The declared partnerships, each with what is known of the partner (:func:`judge_declared`)."""
        unsuitable = self.unsuitable | dict.fromkeys(self.supported, LISTED)
        found = self.searched
        return judge_declared(self.declared, found.candidates, self.office.profile.partners, unsuitable, found.refused)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Exchange of experience in the year."""
        events = self.office.tables["exchange_events"]
        return events[events["year"].eq(self.office.year)].reset_index(drop=True)

    @cached_property
    def events_found(self) -> Mapping[str, object]:
        """Whether there were enough events."""
        return events_check(self.events, self.office.profile.plan.exchange_events)

    @cached_property
    def joined(self) -> pd.DataFrame:
        """Events that each school in need of help joined."""
        concerned = {*self.supported, *self.declared["school_id"].dropna()}
        return participation(self.events, sorted(concerned), self.office.profile.plan.exchange_events)

    @cached_property
    def pairs_together(self) -> pd.DataFrame:
        """Events that both schools of each declared pair joined."""
        return pair_events(self.events, self.declared)

    @cached_property
    def risks(self) -> pd.DataFrame:
        """The risk register with ratings."""
        return risk_register(self.office.tables["risks"], self.office.year)


def partners_of(plan: SupportPlan) -> pd.DataFrame:
    """Partnerships of every school, its own and those in which it helps, as report 90 judges them.

    school_id, other_id, ``kind``: ``declared``, ``helps`` (declared, the other school is helped), ``proposed`` or ``alone`` (no
    partner was found); subject, status, ``fit`` (by the rules of the search; of the declared), remark (the cause in Russian).
    """
    found = plan.partners
    helped = plan.partnerships[["school_id", "partner_id", "subject", "status", "fit", "remark"]]
    turned = {"school_id": "other_id", "partner_id": "school_id"}
    proposed = found.pairs if not found.refused else found.pairs.iloc[:0]
    proposed = proposed[~pairs_stand(proposed, plan.partnerships)]
    proposed = proposed.rename(columns={"partner_id": "other_id", "reason": "remark"})
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


def unclear_dues(plan: SupportPlan) -> pd.DataFrame:
    """What the due texts leave open: ``due_open``, how many ``measures`` and their ``numbers`` with commas; most first."""
    found = (
        open_dues(plan.measures).groupby("due_open", sort=False)["measure_id"].agg(["size", ", ".join]).reset_index()
    )
    found.columns = pd.Index(["due_open", "measures", "numbers"])
    return found.sort_values("measures", ascending=False, kind="stable").reset_index(drop=True)


def sections(plan: SupportPlan) -> pd.DataFrame:
    """Measures of each section by state with a total; a state that no measure is in has no numbers."""
    parts = [execution(rows, "section") for rows in (plan.measures, plan.measures.assign(section=TOTAL))]
    found = pd.concat(parts, ignore_index=True)
    always = (DONE, OVERDUE) if plan.measures["status"].notna().any() else ()
    unseen = [state for state in STATES if not found[state].any() and state not in always]
    return found.drop(columns=unseen)


def by_school(plan: SupportPlan) -> pd.DataFrame:
    """The measures that name a school: schools whose measures are longest overdue first, then by code; by urgency in each."""
    own = by_urgency(plan.measures[plan.measures["school_id"].notna()])
    longest = own["late"].fillna(0).groupby(own["school_id"]).transform("max")
    ordered = own.assign(longest=longest).sort_values(["longest", "school_id"], ascending=[False, True], kind="stable")
    return ordered.drop(columns="longest").reset_index(drop=True)


def by_school_facts(found: pd.DataFrame) -> dict[str, int]:
    """How many schools have measures of their own, and how many of them late ones; ``found`` of :func:`by_school`."""
    late = found["state"].eq(OVERDUE)
    return {"schools": found["school_id"].nunique(), "late": found.loc[late, "school_id"].nunique()}


def by_date_facts(found: pd.DataFrame) -> dict[str, int]:
    """How many measures are at each moment, and ``promised_…`` how many commitments; ``found`` of :func:`by_date`."""
    promised = found["kind"].eq("promise") if "kind" in found else pd.Series(False, index=found.index)
    at = {moment: found["moment"].eq(moment) for moment in MOMENTS}
    own = {moment: int((there & ~promised).sum()) for moment, there in at.items()}
    return own | {f"promised_{moment}": int((there & promised).sum()) for moment, there in at.items()}


def next_dates(found: pd.DataFrame) -> pd.Series:
    """Which measures a reader needs now: all but those of later months; where nothing comes soon, the nearest of these too.

    ``found`` of :func:`by_date`.
    """
    later = found["moment"].eq(LATER)
    nearest = later & found["day"].eq(found.loc[later, "day"].min())
    return ~later if found["moment"].eq(SOON).any() else ~later | nearest


def busiest(load: pd.DataFrame, quarters: list[str]) -> tuple[list[str], int]:
    """The quarters with most measures, and how many each has; ``load`` with its total."""
    total = load[quarters].iloc[-1]
    return [name for name in quarters if total[name] == total.max()], int(total.max())


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


GIVEN = ["title", "text", "level", "schools", "count", "drawn_from", "in_programme", "place"]


def recommendations_given(plan: SupportPlan) -> pd.DataFrame:
    """The recommendations given: title, text, level, schools (ids with semicolons), count and the documents each is drawn from."""
    entries = plan.entries
    rows = []
    for name, own in plan.recommendations.groupby("recommendation", sort=False):
        entry = entries.recommendations[name]
        schools = sorted(own["school_id"].unique())
        rows.append(
            {
                "title": entry.title,
                "text": entry.text,
                "level": entry.level,
                "schools": ";".join(schools),
                "count": len(schools),
                "drawn_from": drawn_from(plan, entry),
                "in_programme": in_programme(plan, entry),
                "place": list(entries.recommendations).index(name),
            }
        )
    return pd.DataFrame(rows, columns=GIVEN).sort_values(["level", "place"], kind="stable")


def carried_out_by(plan: SupportPlan, entry: Recommendation) -> list[str] | None:
    """The measures of the office's own programme that carry a recommendation out, by number; None where nobody has said which.

    Those that the office names, else those that the recommendation was drawn from. Measures that only sound alike are not guessed.
    """
    if entry.measures is not None:
        return list(entry.measures)
    known, documents = set(plan.measures["measure_id"].dropna()), plan.entries.documents
    own = [
        one.measure
        for one in entry.sources
        if documents[one.document].office == plan.office.municipality and one.measure in known
    ]
    return own or None


def in_programme(plan: SupportPlan, entry: Recommendation) -> str | None:
    """The measures of :func:`carried_out_by` in a cell; an empty text where the programme has none."""
    own = carried_out_by(plan, entry)
    return None if own is None else ", ".join(own)


OURS, OFFICE, WORDED = "наше предложение", "предложение управления образования", "в изложении управления образования"


def drawn_from(plan: SupportPlan, entry: Recommendation) -> str:
    """The documents and their items that a recommendation is drawn from, or whose suggestion it is."""
    if entry.suggestion:
        return OFFICE if entry.own else OURS
    items: dict[str, list[str]] = {}
    for source in entry.sources:
        item = source.place or (f"мера {source.measure}" if source.measure else f"риск {source.risk}")
        items.setdefault(plan.entries.documents[source.document].title, []).append(item)
    told = "; ".join(f"{document}: {', '.join(places)}" for document, places in items.items())
    return f"{told}; {WORDED}" if entry.own == "words" else told


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
    stands = pairs_stand(found, plan.partnerships)
    return found.assign(found=found["partner_id"].notna(), declared=found["school_id"].map(declared), stands=stands)


def pairs_stand(proposed: pd.DataFrame, partnerships: pd.DataFrame) -> pd.Series:
    """Which of the proposed pairs are declared already."""
    key = ["school_id", "partner_id"]
    declared = pd.MultiIndex.from_frame(partnerships[key].dropna())
    return pd.Series(pd.MultiIndex.from_frame(proposed[key]).isin(declared), index=proposed.index)


def exchange(plan: SupportPlan) -> pd.DataFrame:
    """Each school in need of help: events it joined (:func:`participation`), and with each declared partner ``together``.

    A row a partner; ``partner_id`` and ``together`` are missing for a school without one.
    """
    return plan.joined.merge(plan.pairs_together, on="school_id", how="left").astype({"together": "Int64"})


def absent(plan: SupportPlan) -> list[str]:
    """What the data cannot tell of the programme, by name: ``measures``, ``recommendations``, ``partners``, …"""
    gaps = {
        "measures": plan.measures.empty,
        "recommendations": plan.office.schools.empty,
        "partners": bool(plan.partners.refused),
        "declared": plan.partnerships.empty,
        "events": plan.events.empty,
        "risks": plan.risks.empty,
    }
    return [name for name, gap in gaps.items() if gap]


def support_facts(plan: SupportPlan) -> dict[str, object]:
    """Counts that the headlines of report 90 are made from."""
    pairs = plan.partners.pairs
    facts: dict[str, object] = {
        **measure_facts(plan.measures),
        **reports_facts(plan.reports, plan.after),
        "commitments_overdue": int(plan.commitments["state"].eq(OVERDUE).sum()),
        "contracts_ended": int(plan.contracts["standing"].eq(ENDED).sum()),
        "dues_open": len(open_dues(plan.measures)),
        "recommended_schools": len(set(plan.recommendations["school_id"]) - plan.unknown_schools),
        "known_schools": len(plan.office.schools) - len(plan.unknown_schools),
        "unknown_schools": len(plan.unknown_schools),
        "registered_schools": len(plan.office.schools),
        "risks_total": len(plan.risks),
        "risks_without_mitigation": int(plan.risks["mitigation"].isna().sum()),
        "risks_high": int(plan.risks["rating"].eq("high").sum()),
        "risks_rated": int(plan.risks["rating"].ne("unknown").sum()),
        "decided_told": decided_told(plan.office, plan.office.method.main),
        "pairs_apart": int(plan.pairs_together["together"].eq(0).sum()),
    }
    fit = plan.partnerships["fit"]
    facts["declared_pairs"] = len(fit)
    facts["declared_judged"] = int(fit.notna().sum())
    facts["declared_unfit"] = int(fit.eq(False).sum())
    if not plan.partners.refused:
        facts["partners_new"] = int((pairs["partner_id"].notna() & ~pairs_stand(pairs, plan.partnerships)).sum())
        facts["partnerless_schools"] = int(pairs["partner_id"].isna().sum())
        facts["partner_pairs"] = len(pairs) - facts["partnerless_schools"]
        facts["schools_for_partners"] = len(pairs)
    if plan.events_found["shortage"] is not None:
        facts |= {f"events_{name}": plan.events_found[name] for name in ("done", "demanded", "shortage")}
    return facts
