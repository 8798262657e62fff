"""The board's page (report 00): the listed schools, each with why, how sure, what is done for it; and the names its decisions say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from shnor_lib.analyses.change import is_procedure
from shnor_lib.analyses.dynamics import deviations
from shnor_lib.analyses.identification import measured
from shnor_lib.analyses.naming import answers_of, answers_on_need, in_order, named
from shnor_lib.analyses.note import official_list
from shnor_lib.analyses.results import compare, rows_of
from shnor_lib.analyses.support.measures import (
    CANCELLED,
    DONE,
    OVERDUE,
    PASSED,
    SOON,
    STATES,
    by_date,
    overdue_measures,
)
from shnor_lib.analyses.support.plan import SupportPlan, partners_of
from shnor_lib.criteria.clarification import CALCULATED, EXPERT, decision_in_words
from shnor_lib.criteria.decisions import NO, YES, list_of
from shnor_lib.criteria.measure import MET
from shnor_lib.criteria.targets import NO_DATA
from shnor_lib.indicators.causes import NOT_DELIVERED, tables_of
from shnor_lib.inputs.due import ONGOING, RECURRING
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office

MOST_GROUNDS = 2
"""So many criteria say why a school is listed; the rest is a number."""

MOST_TITLES = 5
"""So many measures are named in a sentence."""

MONTHS_AHEAD = 3
"""What comes due within so many months after the monitoring date is told."""


def how_sure(decision: str, near: bool, official: bool = False) -> str:
    """What an answer rests on: ``expert``, a ``received`` list, an ``official`` list of procedures, numbers ``near`` the threshold or
    far from it, ``steady``."""
    return decision if decision != CALCULATED else "official" if official else "near" if near else "steady"


def listed_schools(office: Office, plan: SupportPlan | None = None) -> pd.DataFrame:
    """The listed schools, those that experts listed last, the one with most criteria met first.

    Returns
    -------
    school_id; ``categories`` of need it is in; ``official``: whether an official list names its low results; ``before``: whether it was
    listed the year before (missing when not known); ``decision``: who decided, ``expert`` whether experts did (then ``decided_by``,
    ``decided_on`` and ``told``); ``near``: whether the error of measurement could turn the answer over; ``reason``, ``criteria_met``, ``criteria_assessed``; :func:`grounds`
    as ``grounds`` and ``more_grounds``; what :func:`hardest_procedures` and :func:`help_given` say; a column a year of
    :func:`results_against_municipality`.
    """
    main = office.method.main
    answers = answers_of(office.identification, main)
    own = answers[answers["identified"].eq(YES)]
    needing = answers_on_need(office)
    found = needing[needing["identified"].eq(YES)].groupby("school_id")["category"].agg(set)
    before = answers_of(office.previous, main)["identified"].reindex(own.index)
    met = grounds(office)
    frame = own.assign(
        categories=[
            [one for one in office.method.decisions if one in found.get(school, {main})] for school in own.index
        ],
        before=before.map({YES: True, NO: False}).astype(object),
        expert=own["decision"].eq(EXPERT),
        official=own.index.isin(official_list(office)["school_id"]),
        grounds=[list(met[met["school_id"].eq(school)].head(MOST_GROUNDS).itertuples()) for school in own.index],
        more_grounds=[max(int(met["school_id"].eq(school).sum()) - MOST_GROUNDS, 0) for school in own.index],
    )
    columns = [
        "categories",
        "official",
        "before",
        "decision",
        "expert",
        "near",
        "reason",
        "criteria_met",
        "criteria_assessed",
    ]
    ordered = frame.reset_index().sort_values(["expert", "criteria_met", "school_id"], ascending=[True, False, True])
    ordered, decided = ordered[["school_id", *columns, "grounds", "more_grounds"]], experts_word(office)
    days = decided.loc[decided["category"].eq(main), ["school_id", "decided_by", "decided_on", "told"]]
    schools, plan = ordered["school_id"], plan or SupportPlan(office)
    hardest, results = hardest_procedures(office, schools), results_against_municipality(office, schools)
    for found in (days, hardest, help_given(plan, schools), results):
        ordered = ordered.merge(found, on="school_id", how="left")
    return ordered


def grounds(office: Office) -> pd.DataFrame:
    """The criteria of the main category that each school meets, the surest of each school first.

    school_id, criterion, ``measured`` (the indicator whose value is compared; empty where procedures are counted), value, threshold,
    reason.
    """
    own = office.verdicts
    own = own[own["category"].eq(office.method.main) & own["verdict"].eq(MET)]
    order = {name: place for place, name in enumerate(office.method.criteria)}
    indicators = {name: measured(criterion) for name, criterion in office.method.criteria.items()}
    own = own.assign(place=own["criterion"].map(order), measured=own["criterion"].map(indicators))
    own = own.sort_values(["school_id", "near", "place"], kind="stable")
    return own[["school_id", "criterion", "measured", "value", "threshold", "reason"]].reset_index(drop=True)


def results_against_municipality(office: Office, schools: Iterable[str]) -> pd.DataFrame:
    """Points of the schools beside the municipality, a column a year; none where nothing is known or numbers are hidden."""
    years = range(office.year - office.profile.results.years + 1, office.year + 1)
    found = deviations(office) if office.audience != "public" else pd.DataFrame(columns=["school_id", "year", "value"])
    found = found[found["school_id"].isin(list(schools))]
    wide = found.pivot(index="school_id", columns="year", values="value")
    return wide.reindex(columns=list(years) if len(found) else []).rename_axis(columns=None).reset_index()


@for_the_public
def hardest_procedures(office: Office, schools: Iterable[str]) -> pd.DataFrame:
    """The procedure of the year in which each school has most more pupils below the minimum than the municipality, beyond chance.

    school_id, ``hardest`` (the procedure), ``below`` of ``took`` pupils; no row where none is worse; numbers that are hidden are missing.
    """
    rows = rows_of(office.indicators, ["below_minimum_rate"])
    rows = rows[rows["level"].eq("school") & rows["year"].eq(office.year) & rows["school_id"].isin(list(schools))]
    rows = rows[rows["value"].notna() & rows["numerator"].notna() & rows["part"].map(is_procedure).astype(bool)]
    found = compare(rows, office.indicators, office.profile.results, ["municipality"])
    found = found[found["comparison_municipality"].eq("worse")]
    found = found.assign(gap=found["value"] - found["benchmark_municipality"])
    found = found.sort_values(["gap", "part"], ascending=[False, True], kind="stable").drop_duplicates("school_id")
    names = {"part": "hardest", "numerator": "below", "denominator": "took"}
    return found.rename(columns=names)[["school_id", *names.values()]].reset_index(drop=True)


def help_given(plan: SupportPlan, schools: Iterable[str]) -> pd.DataFrame:
    """What each school gets: school_id, its own measures by state, since when they are overdue, its partners.

    ``measures`` and a count for each state: missing where the data hold no programme, or its measures name no school at all
    (``unnamed``: so many measures it has then); ``overdue_since``: last days of the overdue ones; names of ``declared`` partners,
    ``unfit``: one of them is no partner by the rules of the search; the ``proposed`` partner's name; ``alone``: nobody fits.
    """
    measures, partners, names = plan.measures, partners_of(plan), plan.names
    by_school = measures["school_id"].notna().any()
    rows = []
    for school in schools:
        own = measures[measures["school_id"].eq(school).fillna(False)]
        pairs = partners[partners["school_id"].eq(school).fillna(False)]
        declared, proposed = (pairs[pairs["kind"].eq(kind)] for kind in ("declared", "proposed"))
        counts = {state: int(own["state"].eq(state).sum()) if by_school else None for state in STATES}
        rows.append(
            {
                "school_id": school,
                "measures": len(own) if by_school else None,
                "unnamed": None if by_school or measures.empty else len(measures),
                **counts,
                "overdue_since": own.loc[own["state"].eq(OVERDUE), "since"].tolist(),
                "declared": [names.get(one, one) for one in declared["other_id"].dropna()],
                "unfit": bool(declared["fit"].eq(False).any()),
                "proposed": names[proposed["other_id"].iloc[0]] if len(proposed) else None,
                "alone": bool(pairs["kind"].eq("alone").any()),
            }
        )
    columns = ["school_id", "measures", "unnamed", *STATES, "overdue_since", "declared", "unfit", "proposed", "alone"]
    return pd.DataFrame(rows, columns=columns)


def experts_word(office: Office) -> pd.DataFrame:
    """The answers that experts changed: rows of the identification with ``told``, their reason, ``decided_by`` and ``decided_on``."""
    own, made = office.identification, office.tables["expert_decisions"]
    own = own[own["decision"].eq(EXPERT) & own["identified"].ne(own["calculated"])]
    made = made[made["year"].eq(office.year)].rename(columns={"reason": "told"})
    key = ["school_id", "category"]
    made = made.drop_duplicates(key, keep="last")[[*key, "told", "decided_by", "decided_on"]]
    return own.merge(made, on=key, how="left")


def told_by_experts(office: Office, changed: pd.DataFrame, reasons: bool = True) -> str:
    """Schools with what the numbers say, the experts' reason, who decided and when, by rows of :func:`experts_word`."""
    told = []
    for row in changed.itertuples():
        numbers = f"по расчёту признаков {row.criteria_met} из {row.criteria_assessed}" if row.criteria_assessed else ""
        made = decision_in_words(row.told if reasons else None, row.decided_by, row.decided_on, numbers)
        told.append(f"{office.school_names[row.school_id]} – {made}")
    return "; ".join(told)


def coming_measures(plan: SupportPlan, months: int = MONTHS_AHEAD) -> pd.DataFrame:
    """Measures and commitments that come due within so many months after the monitoring date, the next first; ``end`` is the day."""
    found = by_date(plan.dated, plan.on, months)
    soon = found[found["moment"].eq(SOON)].reset_index(drop=True)
    return soon.assign(end=soon["day"])


def programme_facts(plan: SupportPlan) -> dict[str, object]:
    """What the programme of measures lets be said of dates: of how many the day has passed and nothing is known, how many go on
    without a day, how many have none; and until when the next ones are looked for."""
    dated, waiting = by_date(plan.measures, plan.on), ~plan.measures["state"].isin([DONE, CANCELLED])
    kinds = plan.measures.loc[waiting & ~plan.measures["measure_id"].isin(dated["measure_id"]), "due_kind"]
    going_on = kinds.isin([RECURRING, ONGOING])
    return {
        "coming_until": pd.Timestamp(plan.on) + pd.DateOffset(months=MONTHS_AHEAD),
        "measures_due_unknown": int(dated["moment"].eq(PASSED).sum()),
        "measures_going_on": int(going_on.sum()),
        "measures_undated": int((~going_on).sum()),
    }


def to_collect(office: Office, from_whom: Mapping[str, str], else_from: str) -> pd.DataFrame:
    """What is lacking for the lists that nobody could be judged for, and for targets without data, by who has it.

    Parameters
    ----------
    from_whom : who has each table; ``else_from`` has the rest. The programme's own source of a target goes before them.

    Returns
    -------
    ``whom``; ``tables``: tuples of ids, one of each is enough; ``lists``: categories; ``targets``: titles.
    """
    rows: list[tuple[tuple[str, ...], str, str, str]] = []
    for category in office.method.decisions:
        if list_of(office.identification, category).judged:
            continue
        if office.method.decisions[category].received == "decides":
            rows.append((("received_lists",), "", category, ""))
        own = office.verdicts[office.verdicts["category"].eq(category)]
        needs = own.loc[own["cause"].eq(NOT_DELIVERED), "needs"].tolist()
        if office.schools.empty:
            needs = ["schools", *needs_of_method(office, category)]
        rows += [(one, "", category, "") for one in tables_of(needs)]
    for state in office.targets[office.targets["state"].eq(NO_DATA)].itertuples():
        target = office.profile.targets[state.target]
        needs = office.catalogue.of(target.indicator).needs if target.indicator else state.needs
        rows += [(one, target.source or "", "", target.title) for one in tables_of([needs]) or [()]]
    groups: dict[str, dict[str, dict]] = {}
    for tables, source, category, title in rows:
        whom = source or (from_whom.get(tables[0], else_from) if tables else else_from)
        group = groups.setdefault(whom, {"tables": {}, "lists": {}, "targets": {}})
        if tables:
            group["tables"][tables[0]] = max(group["tables"].get(tables[0], ()), tables, key=len)
        group["lists"] |= {category: None} if category else {}
        group["targets"] |= {title: None} if title else {}
    found = [(whom, [*one["tables"].values()], [*one["lists"]], [*one["targets"]]) for whom, one in groups.items()]
    return pd.DataFrame(found, columns=["whom", "tables", "lists", "targets"])


def needs_of_method(office: Office, category: str) -> list[str]:
    """What the criteria of a category need, each as the catalogue names it."""
    names = [one.indicator for one in office.method.criteria.values() if one.category == category]
    indices = [office.method.indices[name].components.values() for name in names if name in office.method.indices]
    names += [component.indicator for components in indices for component in components]
    return [office.catalogue.of(name).needs for name in names if name not in office.method.indices]


def board_facts(office: Office, listed: pd.DataFrame, plan: SupportPlan | None = None) -> dict[str, object]:
    """Names and counts that the board's page says besides those of the other reports; ``listed`` of :func:`listed_schools`."""
    plan = plan or SupportPlan(office)
    main = office.method.main
    if not main:
        return {}
    changed = experts_word(office)
    own = changed[changed["category"].eq(main)]
    added, withdrawn = own[own["identified"].eq(YES)], own[own["identified"].eq(NO)]
    answers = answers_of(office.identification, main)
    calculated, near = answers["calculated"], answers["near"]
    decided = set(office.identification.loc[office.identification["decision"].eq(EXPERT), "school_id"])
    border = [school for school in near.index[near.eq(True)] if school not in decided]
    inside = answers.loc[border, "identified"].eq(YES)
    facts: dict[str, object] = {
        "listed_names": in_order(office, listed["school_id"]),
        "calculated_names": named(office, calculated.index[calculated.eq(YES)]),
        "experts_decided": len(decided),
        "withdrawn_told": told_by_experts(office, withdrawn),
        "added_told": told_by_experts(office, added, reasons=False),
        "added_names": named(office, added["school_id"]),
        "withdrawn_names": named(office, withdrawn["school_id"]),
        "border_count": len(border),
        "border_inside": named(office, inside.index[inside]),
        "border_outside": named(office, inside.index[~inside]),
        "open_names": named(office, answers.index[~answers["identified"].isin([YES, NO])]),
        **programme_facts(plan),
    }
    without = listed.loc[listed["measures"].eq(0), "school_id"]
    if listed["measures"].notna().any():
        facts |= {"unhelped_count": len(without), "unhelped_names": named(office, without)}
    facts["unnamed_measures"] = int(listed["unnamed"].max()) if listed["unnamed"].notna().any() else 0
    unfit = partners_of(plan)
    unfit = unfit[unfit["kind"].eq("declared") & unfit["fit"].eq(False) & unfit["school_id"].isin(listed["school_id"])]
    names = office.school_names
    facts["unfit_partners_told"] = "; ".join(
        f"{names[row.school_id]} – {names.get(row.other_id, row.other_id)} ({row.remark})" for row in unfit.itertuples()
    )
    late = overdue_measures(plan.measures)
    whose = (late["school_id"].map(names) + " – ").fillna("")
    told = whose + "«" + late["title"] + "»" + _since(late)
    facts |= {"overdue_told": "; ".join(told.head(MOST_TITLES)), "overdue_rest": max(len(late) - MOST_TITLES, 0)}
    promised = overdue_measures(plan.commitments)
    facts["promised_told"] = "; ".join("«" + promised["title"] + "»" + _since(promised))
    return facts


def _since(late: pd.DataFrame) -> pd.Series:
    """Since when each is late, in brackets: its last day, or the period of which there is no report."""
    by_report = late["due_kind"].isin([RECURRING, ONGOING])
    days = late["since"].dt.strftime("%d.%m.%Y")
    return (" (срок " + days + ")").mask(by_report, " (нет отчёта за период до " + days + ")")
