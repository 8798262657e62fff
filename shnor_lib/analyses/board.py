"""The board's page (report 00): the listed schools, each with why, how sure, what is done for it; and the names its decisions say."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from shnor_lib.analyses.dynamics import deviations
from shnor_lib.analyses.identification import measured
from shnor_lib.analyses.note import official_list
from shnor_lib.analyses.support.measures import DONE, OVERDUE, SOON, by_date, office_measures, overdue_measures
from shnor_lib.analyses.support.plan import SupportPlan, partners_of
from shnor_lib.criteria.decisions import NO, YES, list_of
from shnor_lib.criteria.measure import MET
from shnor_lib.office.office import Office

MOST_NAMED = 8
"""So many schools are named in a sentence; of more it says how many they are."""

MOST_GROUNDS = 3
"""So many criteria say why a school is listed; the rest is a number."""

MOST_TITLES = 3
"""So many measures are named in a sentence."""

EXPERT = "expert"


def main_category(office: Office) -> str:
    """The category whose list the board votes on: the first that the method decides."""
    return next(iter(office.method.decisions), "")


def named(office: Office, schools: Iterable[str], most: int = MOST_NAMED) -> str:
    """Names of schools in the order of the registry, at most so many; empty words for none.

    The rest is said as a number: «Заречная, Полевая и ещё 3».
    """
    wanted = set(schools)
    names = [office.school_names[school] for school in office.schools["school_id"] if school in wanted]
    rest = len(names) - most
    return ", ".join(names) if rest <= 0 else f"{', '.join(names[:most])} и ещё {rest}"


def answers_of(identification: pd.DataFrame, category: str) -> pd.DataFrame:
    """The rows of a category in a year, indexed by school."""
    return identification[identification["category"].eq(category)].set_index("school_id")


def how_sure(expert: bool, near: bool, official: bool = False) -> str:
    """What an answer rests on: ``expert``, an ``official`` list, numbers ``near`` the threshold or far from it, ``steady``."""
    return "expert" if expert else "official" if official else "near" if near else "steady"


def listed_schools(office: Office) -> pd.DataFrame:
    """The listed schools, those that experts listed last, the one with most criteria met first.

    Returns
    -------
    school_id; ``categories`` it is in; ``official``: whether an official list names its low results; ``before``: whether it was
    listed the year before (missing when not known); ``expert`` and ``near``: whether experts decided, and whether the error of
    measurement could turn the answer over; ``reason``, ``criteria_met``, ``criteria_assessed``; :func:`grounds` as ``grounds`` and
    ``more_grounds``; what :func:`help_given` says; a column a year of :func:`results_against_municipality`.
    """
    main = main_category(office)
    answers = answers_of(office.identification, main)
    own = answers[answers["identified"].eq(YES)]
    everything = office.identification[office.identification["identified"].eq(YES)]
    found = everything.groupby("school_id")["category"].agg(set)
    before = answers_of(office.previous, main)["identified"].reindex(own.index)
    met = grounds(office)
    frame = own.assign(
        categories=[[one for one in office.method.decisions if one in found[school]] for school in own.index],
        before=before.map({YES: True, NO: False}).astype(object),
        expert=own["decision"].eq(EXPERT),
        official=own.index.isin(official_list(office)["school_id"]),
        grounds=[list(met[met["school_id"].eq(school)].head(MOST_GROUNDS).itertuples()) for school in own.index],
        more_grounds=[max(int(met["school_id"].eq(school).sum()) - MOST_GROUNDS, 0) for school in own.index],
    )
    columns = ["categories", "official", "before", "expert", "near", "reason", "criteria_met", "criteria_assessed"]
    ordered = frame.reset_index().sort_values(["expert", "criteria_met", "school_id"], ascending=[True, False, True])
    ordered = ordered[["school_id", *columns, "grounds", "more_grounds"]]
    helped = ordered.merge(help_given(office, ordered["school_id"]), on="school_id", how="left")
    return helped.merge(results_against_municipality(office, ordered["school_id"]), on="school_id", how="left")


def grounds(office: Office) -> pd.DataFrame:
    """The criteria of the main category that each school meets, the surest of each school first.

    school_id, criterion, ``measured`` (the indicator whose value is compared; empty where procedures are counted), value, reason.
    """
    own = office.verdicts
    own = own[own["category"].eq(main_category(office)) & own["verdict"].eq(MET)]
    order = {name: place for place, name in enumerate(office.method.criteria)}
    indicators = {name: measured(criterion) for name, criterion in office.method.criteria.items()}
    own = own.assign(place=own["criterion"].map(order), measured=own["criterion"].map(indicators))
    own = own.sort_values(["school_id", "near", "place"], kind="stable")
    return own[["school_id", "criterion", "measured", "value", "reason"]].reset_index(drop=True)


def results_against_municipality(office: Office, schools: Iterable[str]) -> pd.DataFrame:
    """Points of the schools beside the municipality, a column a year; none where nothing is known or numbers are hidden."""
    years = range(office.year - office.profile.results.years + 1, office.year + 1)
    found = deviations(office) if office.audience != "public" else pd.DataFrame(columns=["school_id", "year", "value"])
    found = found[found["school_id"].isin(list(schools))]
    wide = found.pivot(index="school_id", columns="year", values="value")
    return wide.reindex(columns=list(years) if len(found) else []).rename_axis(columns=None).reset_index()


def help_given(office: Office, schools: Iterable[str]) -> pd.DataFrame:
    """What each school gets: school_id, its own measures by state, titles of overdue ones, its partners.

    ``measures``, ``done``, ``overdue``: missing where the data hold no programme; ``overdue_titles``; names of ``declared``
    partners, ``unfit``: one of them is no partner by the rules of the search; the ``proposed`` partner's name; ``alone``: nobody fits.
    """
    plan, names = SupportPlan(office), office.school_names
    measures, partners = plan.measures, partners_of(plan)
    no_programme = measures.empty
    rows = []
    for school in schools:
        own = measures[measures["school_id"].eq(school).fillna(False)]
        pairs = partners[partners["school_id"].eq(school).fillna(False)]
        declared, proposed = (pairs[pairs["kind"].eq(kind)] for kind in ("declared", "proposed"))
        state = own["state"]
        rows.append(
            {
                "school_id": school,
                "measures": None if no_programme else len(own),
                "done": None if no_programme else int(state.eq(DONE).sum()),
                "overdue": None if no_programme else int(state.eq(OVERDUE).sum()),
                "overdue_titles": own.loc[state.eq(OVERDUE), "title"].tolist(),
                "declared": [names.get(one, one) for one in declared["other_id"].dropna()],
                "unfit": bool(declared["fit"].eq(False).any()),
                "proposed": names[proposed["other_id"].iloc[0]] if len(proposed) else None,
                "alone": bool(pairs["kind"].eq("alone").any()),
            }
        )
    columns = ["school_id", "measures", "done", "overdue", "overdue_titles", "declared", "unfit", "proposed", "alone"]
    return pd.DataFrame(rows, columns=columns)


def experts_word(office: Office) -> pd.DataFrame:
    """The rows of the identification that experts changed."""
    own = office.identification
    return own[own["decision"].eq(EXPERT) & own["identified"].ne(own["calculated"])]


def told_by_experts(office: Office, changed: pd.DataFrame) -> str:
    """Schools with what the experts gave as their reason, by rows of :func:`experts_word`."""
    return "; ".join(f"{office.school_names[row.school_id]} – {row.reason}" for row in changed.itertuples())


def coming_measures(office: Office, months: int = 3) -> pd.DataFrame:
    """Measures that come due within so many months after the monitoring date, the next one first; ``end`` is the day."""
    plan = SupportPlan(office)
    found = by_date(plan.measures, plan.on, months)
    return found[found["moment"].eq(SOON)].assign(end=found["day"]).reset_index(drop=True)


def board_facts(office: Office, listed: pd.DataFrame) -> dict[str, object]:
    """Names and counts that the board's page says besides those of the other reports; ``listed`` of :func:`listed_schools`."""
    main = main_category(office)
    if not main:
        return {}
    changed = experts_word(office)
    own = changed[changed["category"].eq(main)]
    answers = answers_of(office.identification, main)
    calculated, near = answers["calculated"], answers["near"]
    decided = set(office.identification.loc[office.identification["decision"].eq(EXPERT), "school_id"])
    border = [school for school in near.index[near.eq(True)] if school not in decided]
    facts: dict[str, object] = {
        "listed_names": named(office, listed["school_id"]),
        "calculated_names": named(office, calculated.index[calculated.eq(YES)]),
        "withdrawn_told": told_by_experts(office, own[own["identified"].eq(NO)]),
        "added_told": told_by_experts(office, own[own["identified"].eq(YES)]),
        "added_names": named(office, own.loc[own["identified"].eq(YES), "school_id"]),
        "withdrawn_names": named(office, own.loc[own["identified"].eq(NO), "school_id"]),
        "border_count": len(border),
        "border_names": named(office, border),
    }
    if listed["measures"].notna().any():
        without = listed.loc[listed["measures"].eq(0), "school_id"]
        facts |= {"unhelped_count": len(without), "unhelped_names": named(office, without)}
    unfit = listed.loc[listed["unfit"].eq(True), "school_id"]
    facts |= {"unfit_partners_count": len(unfit), "unfit_partners_names": named(office, unfit)}
    late = overdue_measures(office_measures(office))
    whose = late["school_id"].map(office.school_names)
    titles = late["title"] + (" – " + whose).fillna("")
    facts |= {"overdue_titles": "; ".join(titles.head(MOST_TITLES)), "overdue_rest": max(len(late) - MOST_TITLES, 0)}
    adverse = list_of(office.identification, "adverse_conditions")
    facts["adverse_names"] = named(office, adverse.schools) if adverse.judged else ""
    return facts
