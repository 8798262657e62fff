"""The lists of schools: one for each category that the method of the office declares, told alike whatever it is called."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.analyses.naming import answers_of, named, word_facts
from shnor_lib.analyses.received import deciding_list
from shnor_lib.criteria.clarification import RECEIVED
from shnor_lib.criteria.decisions import INSUFFICIENT, YES, ListOf, list_of
from shnor_lib.criteria.measure import MET, NOT_ASSESSED
from shnor_lib.indicators.causes import NOT_COMPARABLE, NOT_DISTINGUISHED
from shnor_lib.inputs.breaks import breaks
from shnor_lib.office.office import Office
from shnor_lib.params.methods import ShareOfSchools


def lists_facts(office: Office) -> dict[str, object]:
    """What is told of each list.

    ``lists``: the facts ``list_…`` of every category, in the order of the method; ``other_lists``: without the main one, whose
    facts also stand by themselves.
    """
    found = {category: facts_of_list(office, category) for category in office.method.decisions}
    main = office.method.main
    return {
        **found.get(main, {}),
        "lists": tuple(found.values()),
        "other_lists": tuple(facts for category, facts in found.items() if category != main),
    }


def facts_of_list(office: Office, category: str) -> dict[str, object]:
    """What is told of one list: its words and purpose, its length, of whom nothing can be said, who is on it and by which signs."""
    found, total, main = list_of(office.identification, category), office.schools_total, office.method.main
    words = office.method.words(category)
    facts = word_facts(category, words) | {
        "list_to_watch": int(office.method.decisions[category].purpose == "watch"),
        "list_may_share": int(office.method.decisions[category].purpose == "share"),
    }
    if not found.judged + found.unjudged:
        return facts
    facts |= {
        "list_count": len(found.schools),
        "list_share_of_all": len(found.schools) / total if total else np.nan,
        "list_assessed_count": found.judged,
        "list_insufficient_count": found.unjudged,
        "list_names": named(office, found.schools),
        "list_told": told_by_signs(office, found, category),
        "list_from_document": int(taken_from_document(office, category)),
        "list_received_decides": int(deciding_list(office, category) is not None),
    }
    answers = office.identification[office.identification["category"].eq(category)]
    causes = answers.loc[answers["identified"].eq(INSUFFICIENT), "cause"]
    if len(causes) and causes.eq(NOT_DISTINGUISHED).all():
        facts["list_all_equal"] = len(causes)
    facts |= broken_facts(answers[answers["identified"].eq(INSUFFICIENT)])
    if category != main:
        facts["list_with_main_count"] = len(set(found.schools) & set(list_of(office.identification, main).schools))
        facts["list_main_word"] = office.method.words(main).called
        facts["list_main_category"] = main
    stated = stated_in_document(office, words.abbreviation)
    if stated is not None and not (facts["list_from_document"] and stated == facts["list_count"]):
        facts["list_stated"] = stated
    before = list_of(office.previous, category)
    if before.judged and not before.unjudged:
        facts["list_previous_count"] = len(before.schools)
    return facts | quota_facts(office, category)


def broken_facts(opened: pd.DataFrame) -> dict[str, object]:
    """Of how many schools nothing is said only because a series is broken: ``list_broken``, by what, and how many others are open."""
    breaking = {one.told for one in breaks()}
    needs = opened.loc[opened["cause"].eq(NOT_COMPARABLE), "needs"]
    told = [texts for one in needs if set(texts := one.split("; ")) <= breaking]
    if not told:
        return {}
    return {
        "list_broken": len(told),
        "list_broken_told": "; ".join(sorted({text for texts in told for text in texts})),
        "list_lacking": len(opened) - len(told),
    }


def told_by_signs(office: Office, found: ListOf, category: str) -> str:
    """The schools of a list by the signs they have, those with most signs first; empty where nobody was judged."""
    own = office.verdicts[office.verdicts["criterion"].isin(office.method.criteria_of(category))]
    met, signs = own[own["verdict"].eq(MET)], own["criterion"].nunique()
    short = met["criterion"].map({name: one.short for name, one in office.method.criteria.items()})
    by_school = short.groupby(met["school_id"]).agg(tuple)
    groups: dict[tuple[str, ...], list[str]] = {}
    for school in found.schools:
        groups.setdefault(by_school.get(school, ()), []).append(school)
    told = []
    for names, schools in sorted(groups.items(), key=lambda group: -len(group[0])):
        small = [one if one[:2].isupper() else one[:1].lower() + one[1:] for one in names]
        ground = "все признаки" if len(names) == signs > 1 else ", ".join(small) or "решение экспертов"
        told.append(named(office, schools) + (f" ({ground})" if signs > 1 or not names else ""))
    return "; ".join(told)


def quota_facts(office: Office, category: str) -> dict[str, object]:
    """How far the length of a list is given by its rule: a share of schools is marked however good or bad all of them are.

    With such criteria that were assessed: ``list_quota_marked`` of ``list_quota_of`` schools are marked by them,
    ``list_quota_alone`` whether that alone puts a school on the list.
    """
    names = office.method.criteria_of(category)
    quotas = [one for one in names if isinstance(office.method.criteria[one], ShareOfSchools)]
    known = office.verdicts[office.verdicts["criterion"].isin(quotas) & office.verdicts["verdict"].ne(NOT_ASSESSED)]
    if known.empty:
        return {}
    decision = office.method.decisions[category]
    alone = decision.at_least == 1 and not decision.required and not decision.when
    return {
        "list_quota_marked": int(known.loc[known["verdict"].eq(MET), "school_id"].nunique()),
        "list_quota_of": int(known["school_id"].nunique()),
        "list_quota_alone": int(quotas == names or alone),
    }


def stated_in_document(office: Office, abbreviation: str) -> int | None:
    """How many schools the office's own document counts in the group of that name; None when it gives no number."""
    schools = office.tables["schools"]
    stated = schools.loc[schools["group"].eq(abbreviation) & schools["year"].eq(office.year), "schools"].dropna()
    return int(stated.iloc[0]) if len(stated) else None


def taken_from_document(office: Office, category: str) -> bool:
    """Whether a list is only what a received list says, or the main one what an official list of low procedures says: then that does not
    confirm it."""
    own = answers_of(office.identification, category)
    own = own[own["identified"].eq(YES)]
    if len(own) and own["decision"].eq(RECEIVED).all():
        return not own["calculated"].eq(YES).any()
    low = office.low_procedures
    listed = low[low["low"].eq(MET) & low["school_id"].isin(own.index)]
    return category == office.method.main and len(listed) > 0 and bool(listed["source"].eq("official_list").all())
