"""Views of report 90: what each school is helped with, in order; money of the measures; the order for training; partners
from the region."""

from __future__ import annotations

from datetime import date

import pandas as pd

from shnor_lib.analyses.support.measures import CANCELLED
from shnor_lib.analyses.support.ordered import (
    LAPSED,
    MISSING,
    RECORDED,
    UNMARKED,
    money_by_measure,
    money_by_source,
    order_facts,
)
from shnor_lib.analyses.support.plan import SupportPlan, drawn_from
from shnor_lib.analyses.support.recommendations import POSTS_LACKING, RESULTS_DOUBTFUL, SIDES
from shnor_lib.analyses.support.training import training_facts
from shnor_lib.criteria.decisions import YES
from shnor_lib.indicators import split_name
from shnor_lib.indicators.causes import HIDDEN_WORD
from shnor_lib.indicators.deficits import TEACHERS
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.scope import HISTORY
from shnor_lib.pages.numbers import NOT_APPLICABLE, format_percent, lower_first
from shnor_lib.pages.saying import say
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.support_plan import cause_label, condition_words, page_of
from shnor_lib.whatif.partners import reasons_alone

FIRST = 5
"""How many recommendations of a school the page prints; the file holds all."""


def show_school_plans(plan: SupportPlan, ordered: pd.DataFrame) -> Together:
    """Each school's recommendations in order of urgency, with what the programme already does; nothing where nobody is advised."""
    page = page_of(plan)
    if ordered.empty:
        return Together([])
    facts = order_facts(ordered) | {"public": plan.office.audience == "public", "first": FIRST, "years": HISTORY}
    facts |= {"on": plan.on, "half_year": next_half_year(plan), "shared": int(ordered["measures"].notna().sum())}
    table = page.table("school_plans", worded(plan, ordered), shown=ordered["place"].le(FIRST), **facts)
    return Together([*page.text("school_plans", **facts), table])


def worded(plan: SupportPlan, ordered: pd.DataFrame) -> pd.DataFrame:
    """Recommendations in order as report 90 and the page of a school tell them: what, why, state, who, until when, money, source."""
    renewed = page_of(plan).words["renewed"]
    money = {
        name: ordered[name].astype(object).where(ordered["measures"].notna(), NOT_APPLICABLE)
        for name in ("planned", "spent")
    }
    return ordered.assign(
        title=[renewed.get(row.state, row.title) for row in ordered.itertuples()],
        why=reasons(plan, ordered),
        responsible=[_owner(plan, row) for row in ordered.itertuples()],
        due=[_due(plan, row) for row in ordered.itertuples()],
        drawn_from=[drawn_from(plan, plan.entries.recommendations[name]) for name in ordered["recommendation"]],
        progress=[_progress(plan, row) for row in ordered.itertuples()],
        **money,
    )


def next_half_year(plan: SupportPlan) -> date | None:
    """The next day of the half-yearly monitoring: until when we suggest to do what nobody does yet."""
    later = [day for day in plan.office.profile.plan.half_years(plan.office.year) if day > plan.on]
    return later[0] if later else None


def reasons(plan: SupportPlan, ordered: pd.DataFrame) -> list[str]:
    """Why each recommendation stands where it does: its cause, how sure it is, since when, who named it, what is late.

    A cause that somebody named is told in full once for a school.
    """
    told: dict[tuple[str, str], int] = {}
    return [_reason(plan, row, told) for row in ordered.itertuples()]


def _reason(plan: SupportPlan, row, told: dict[tuple[str, str], int]) -> str:
    facts: dict[str, object] = dict.fromkeys(["text", "source", "role", "day", "told"])
    if row.expert is not None:
        one = {key: None if pd.isna(value) else value for key, value in row.expert.items()}
        before = told.setdefault((row.school_id, one["cause"]), row.place)
        if before != row.place:
            facts["told"] = before
        else:
            source = label_of("cause_source", one["source"])
            told_of = page_of(plan).words["named"]["all"] if one["school_id"] is None else source
            facts |= {"text": lower_first(one["cause"]), "source": told_of}
            facts |= {"role": one["stated_by"], "day": one["stated_on"]}
    late = None if pd.isna(row.days_late) else int(row.days_late)
    own = {"cause": _cause(plan, row), "more": int(row.causes) - 1, "near": row.certainty == 0, "year": int(row.years)}
    return page_of(plan).text("why", **own, **facts, days=late)[0].text


def _cause(plan: SupportPlan, row) -> str:
    """The strongest cause in words, with its number beside the threshold where both are shares."""
    office, zones = plan.office, {one.name: one.zone for one in plan.context.factors.values()}
    if row.rule == "category":
        words = office.method.words(row.basis).abbreviation
        words = words if words.isupper() else f"«{words}»"
        listed = office.identification.query("school_id == @row.school_id and category == @row.basis")["identified"]
        return f"школа в перечне {words}" if listed.eq(YES).any() else f"вывода о категории {words} нет"
    label = lower_first(cause_label(office, row.rule, row.basis))
    if row.rule == POSTS_LACKING:
        return f"ставок меньше нормы: {label}"
    if row.rule == RESULTS_DOUBTFUL:
        return f"признак необъективности: {label}"
    if row.rule not in SIDES:
        return f"признак «{label}»"
    unit = office.catalogue[split_name(row.basis)[0]].unit
    if unit == "rate" and pd.isna(row.value) and getattr(row, "hidden", False):
        return f"{label}: {HIDDEN_WORD}"
    if unit != "rate" or pd.isna(row.value):
        return lower_first(zones[row.basis]) if row.basis in zones else f"{label}: {'да' if row.value else 'нет'}"
    return f"{label}: {format_percent(row.value)} при пороге {format_percent(row.threshold)}"


def _owner(plan: SupportPlan, row) -> str | None:
    """Who answers: by the programme, else as we suggest."""
    if row.state in RECORDED:
        return page_of(plan).words["recorded"][row.state]
    if row.state in (MISSING, UNMARKED, *LAPSED):
        return page_of(plan).words["owner"][row.level]
    return None if pd.isna(row.responsible) else row.responsible


def _due(plan: SupportPlan, row) -> str | None:
    """Until when: by the programme, else the next day of its half-yearly monitoring, as we suggest."""
    if row.state in RECORDED:
        return page_of(plan).words["by"]["recorded"]
    if row.state not in (MISSING, UNMARKED, *LAPSED):
        return None if pd.isna(row.due) else row.due
    day = next_half_year(plan)
    return say(page_of(plan).words["by"]["half_year"], {"day": day}) if day else None


def _progress(plan: SupportPlan, row) -> str:
    """What the programme does about it: the state of its measure with the number, or that it has none."""
    if row.state == MISSING:
        elsewhere = None if pd.isna(row.elsewhere) else row.elsewhere
        return page_of(plan).text("no_measure", elsewhere=elsewhere)[0].text
    words = page_of(plan).words["progress"]
    facts = {"measures": row.measures if pd.notna(row.measures) else None, "partners": _partners(plan, row)}
    return say(words[row.state], facts)


def _partners(plan: SupportPlan, row) -> str | None:
    """The declared partners of a school, those that do not suit with the reason."""
    own = plan.partnerships[plan.partnerships["school_id"].eq(row.school_id).fillna(False)]
    told = [
        f"{plan.names.get(one.partner_id, one.partner_id)}" + (f" ({one.remark})" if one.fit is False else "")
        for one in own.itertuples()
    ]
    return ", ".join(told) or None


def show_causes(plan: SupportPlan, causes: pd.DataFrame) -> Together:
    """Causes as they were named, for all schools first; nothing where none was."""
    page = page_of(plan)
    if causes.empty:
        return Together([])
    found = causes.sort_values("school_id", na_position="first", kind="stable", ignore_index=True)
    facts = {"causes": len(found), "general": int(found["school_id"].isna().sum())}
    return Together([*page.text("causes", **facts), page.table("causes", found, **facts)])


def show_money(plan: SupportPlan) -> Together:
    """The money of the measures by source; nothing where no cost is known."""
    page = page_of(plan)
    if plan.costs.empty:
        return Together([])
    found = money_by_source(plan)
    total = found.iloc[-1]
    required = plan.measures["state"].ne(CANCELLED).sum()
    facts = {
        "planned": total["planned"],
        "spent": total["spent"],
        "known": int(total["measures"]),
        "measures": int(required),
    }
    files = page.attachment("measure_money", money_by_measure(plan))
    return Together([*page.text("money", **facts), page.table("money_by_source", found, **facts), files])


def show_training(plan: SupportPlan, order: pd.DataFrame) -> Together:
    """The order for training: subject, deficit, schools, people; nothing where no deficit is known."""
    page = page_of(plan)
    if order.empty:
        return Together([])
    facts = training_facts(order)
    falls = order["falls"].astype(object)
    if falls.notna().any():
        order = order.assign(falls=falls.where(order["staff"].eq(TEACHERS), NOT_APPLICABLE))
    return Together([*page.text("training", **facts), page.table("training_order", order, **facts)])


def show_region_partners(plan: SupportPlan, found: pd.DataFrame) -> Together:
    """Partners from other municipalities of the region for schools without one at home; nothing where every school has one."""
    if found.empty:
        return Together([])
    page = page_of(plan)
    chosen = found["partner"].notna()
    told = found.assign(
        why=[_fit(plan, row) for row in found.itertuples()],
        **{name: found[name].astype(object).where(chosen, NOT_APPLICABLE) for name in ("municipality", "distance")},
    )
    facts = {"schools": len(found), "paired": int(chosen.sum()), "farthest": plan.office.profile.partners.farthest}
    if not chosen.any():
        return Together(page.text("region_partners", reasons="; ".join(reasons_alone(plan, found)), **facts))
    return Together([*page.text("region_partners", **facts), page.table("region_partners", told, **facts)])


def _fit(plan: SupportPlan, row) -> str:
    if row.partner is None or pd.isna(row.partner):
        return row.reason
    told = {"близки": row.closest, "различаются": row.different}
    return "; ".join(f"{word}: {condition_words(plan.office, names)}" for word, names in told.items() if names)
