"""Facts of an office and year that the headlines of its reports are made from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from shnor_lib.analyses.board import grounds, main_category
from shnor_lib.analyses.change import FALL, RISE, change_facts, school_changes
from shnor_lib.analyses.dynamics import list_moves, move_counts, trend_facts, trends
from shnor_lib.analyses.naming import MOST_NAMED, answers_of, named
from shnor_lib.analyses.received import decided_told, received_facts
from shnor_lib.analyses.support.measures import measure_facts, office_measures
from shnor_lib.criteria import targets
from shnor_lib.criteria.clarification import EXPERT, RECEIVED
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES, ListOf, list_of
from shnor_lib.criteria.measure import MET, NOT_ASSESSED
from shnor_lib.indicators.causes import NOT_DELIVERED, NOT_DISTINGUISHED, tables_needed
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources.problems import alike_together
from shnor_lib.office.office import Office
from shnor_lib.office.registry import lists_some_schools
from shnor_lib.params.methods import CategoryWords, Method, ShareOfSchools

REMARKS = "source_remark"
"""The check that repeats the remarks of SOURCES.yml."""

LEFT_OUT = "source_left_out"
"""The check that repeats what SOURCES.yml says was left out of the tables."""

CATEGORIES = {"low_results": "low_results", "adverse_conditions": "adverse"}
"""Categories by code, and as the names of facts begin."""

CONTRADICTION_CHECKS = ("contradict", "stated_years", "municipality_total", "published")


def identification_facts(office: Office) -> Mapping[str, object]:
    """Counts and shares of the two categories, how sure they are, and which schools and tables are lacking."""
    total = office.schools_total
    facts: dict[str, object] = {
        "schools_total": total,
        "registered_schools": len(office.schools),
        "schools_unnamed": total - len(office.schools),
        "partners_named": len(office.school_names) - len(office.schools),
        "partner_names": ", ".join(
            name for school, name in office.school_names.items() if not office.schools["school_id"].eq(school).any()
        ),
        "registry_partial": int(lists_some_schools(office.sources, office.year)),
        "tables_wanted": tables_wanted(office.verdicts),
        "others_told": others_told(office) or None,
        "open_signs_told": open_signs_told(office) or None,
    }
    sets = {}
    for category, name in CATEGORIES.items():
        found = list_of(office.identification, category)
        if not found.judged + found.unjudged:
            continue
        sets[name] = set(found.schools)
        facts[f"{name}_count"] = len(found.schools)
        facts[f"{name}_share"] = len(found.schools) / total if total else np.nan
        facts[f"{name}_assessed_count"] = found.judged
        facts[f"{name}_insufficient_count"] = found.unjudged
        causes = office.identification.query("category == @category and identified == @INSUFFICIENT")["cause"]
        if len(causes) and causes.eq(NOT_DISTINGUISHED).all():
            facts[f"{name}_all_equal"] = len(causes)
    if len(sets) == 2:
        facts["both_count"] = len(sets["low_results"] & sets["adverse"])
    stated = stated_low_results(office)
    taken = taken_from_document(office)
    facts["low_results_from_document"] = int(taken)
    if stated is not None and not (taken and stated == facts.get("low_results_count")):
        facts["low_results_stated"] = stated
    before = list_of(office.previous, "low_results")
    if before.judged and not before.unjudged:
        facts["low_results_previous_count"] = len(before.schools)
    facts["near_threshold_count"] = int(office.identification.groupby("school_id")["near"].any().sum())
    judged = office.identification["identified"].isin([YES, NO])
    facts["judged_count"] = int(office.identification.loc[judged, "school_id"].nunique())
    facts["clear_count"] = facts["judged_count"] - facts["near_threshold_count"]
    changed = office.identification[office.identification["identified"].ne(office.identification["calculated"])]
    facts["expert_changed_count"] = int(changed.loc[changed["decision"].eq(EXPERT), "school_id"].nunique())
    assessed = office.verdicts.loc[office.verdicts["verdict"].ne(NOT_ASSESSED), "criterion"]
    facts["criteria_total"] = len(office.method.criteria)
    facts["criteria_unassessed_count"] = len(set(office.method.criteria) - set(assessed))
    return facts | received_facts(office) | quota_facts(office)


def other_lists(office: Office) -> list[tuple[CategoryWords, ListOf]]:
    """The categories that only the method knows, in its order: what each is called, and its list."""
    others = [one for one in office.method.categories if one not in CATEGORIES]
    return [(office.method.words(one), list_of(office.identification, one)) for one in others]


def others_told(office: Office) -> str:
    """Those lists in words, with the names; empty without them."""
    return "; ".join(
        f"{words.title} – {(named(office, found.schools) or 'нет') if found.judged else 'не определено'}"
        + (
            f" (вывод сделан о {found.judged} из {found.judged + found.unjudged})"
            if found.unjudged and found.judged
            else ""
        )
        for words, found in other_lists(office)
    )


def open_signs(office: Office) -> pd.DataFrame:
    """Criteria of the main list (:func:`shnor_lib.analyses.board.grounds`) that schools without an answer already meet."""
    answers, met = answers_of(office.identification, main_category(office))["identified"], grounds(office)
    return met[met["school_id"].map(answers).eq(INSUFFICIENT)]


def open_signs_told(office: Office) -> str:
    """The schools of :func:`open_signs` by name, each with these criteria; empty without one."""
    met = open_signs(office)
    titles = met["criterion"].map(lambda one: f"«{office.method.criteria[one].title}»")
    told = [
        f"{office.school_names[school]} – {', '.join(own)}"
        for school, own in titles.groupby(met["school_id"], sort=True)
    ]
    rest = len(told) - MOST_NAMED
    return "; ".join(told[:MOST_NAMED]) + (f"; и ещё {rest}" if rest > 0 else "")


def quota_facts(office: Office) -> dict[str, int]:
    """How far the length of a list is given by its rule: a share of schools is marked however good or bad all of them are.

    By category with such criteria that were assessed: ``_quota_marked`` of ``_quota_of`` schools are marked by them,
    ``_quota_alone`` whether that alone puts a school on the list.
    """
    facts = {}
    for category, name in CATEGORIES.items():
        names = office.method.criteria_of(category)
        quotas = [one for one in names if isinstance(office.method.criteria[one], ShareOfSchools)]
        known = office.verdicts[office.verdicts["criterion"].isin(quotas) & office.verdicts["verdict"].ne(NOT_ASSESSED)]
        if known.empty:
            continue
        decision = office.method.decisions[category]
        facts |= {
            f"{name}_quota_marked": int(known.loc[known["verdict"].eq(MET), "school_id"].nunique()),
            f"{name}_quota_of": int(known["school_id"].nunique()),
            f"{name}_quota_alone": int(
                quotas == names or (decision.at_least == 1 and not decision.required and not decision.when)
            ),
        }
    return facts


def stated_low_results(office: Office) -> int | None:
    """How many schools the office's own document counts among those with low results; None when it gives no number."""
    schools = office.tables["schools"]
    stated = schools.loc[schools["group"].eq("ШНОР") & schools["year"].eq(office.year), "schools"].dropna()
    return int(stated.iloc[0]) if len(stated) else None


def taken_from_document(office: Office) -> bool:
    """Whether the list of low results is only what an official list of low procedures or a received list says: then that list does not
    confirm it."""
    own = answers_of(office.identification, "low_results")
    own = own[own["identified"].eq(YES)]
    if len(own) and own["decision"].eq(RECEIVED).all():
        return not own["calculated"].eq(YES).any()
    low = office.low_procedures
    listed = low[low["low"].eq(MET) & low["school_id"].isin(list_of(office.identification, "low_results").schools)]
    return len(listed) > 0 and bool(listed["source"].eq("official_list").all())


def tables_wanted(verdicts: pd.DataFrame) -> str:
    """The tables whose absence left criteria not assessed, in Russian, each once."""
    return ", ".join(tables_needed(verdicts.loc[verdicts["cause"].eq(NOT_DELIVERED), "needs"]))


def list_facts(office: Office) -> Mapping[str, object]:
    """How many schools stayed on the list of low results, entered and left it, and which; nothing without the year before."""
    if office.previous.empty:
        return {}
    moves = list_moves(office.previous, office.identification)
    moves = moves[moves["category"].eq("low_results")]
    counts = move_counts(moves)
    compared = {
        "moves_compared": sum(counts.values()) - counts["open"],
        "moves_shared_years": shared_years(office.method),
    }
    return (
        {f"moves_{name}": counts[name] for name in ("stayed", "entered", "left", "open")}
        | {
            f"moves_{name}_names": named(office, moves.loc[moves["move"].eq(name), "school_id"])
            for name in ("stayed", "entered", "left")
        }
        | compared
        | quota_facts(office)
    )


def shared_years(method: Method) -> int:
    """Years whose results enter both this year's and the last year's list of low results: windows of criteria overlap."""
    windows = [method.criteria[name].window for name in method.criteria_of("low_results")]
    return max(windows, default=1) - 1


def dynamics_facts(office: Office) -> dict[str, object]:
    """How the lists moved, which schools fall and which rise."""
    found = trends(office)[0]
    return {
        **list_facts(office),
        "lists_compared": int(len(office.previous) > 0),
        "list_before": office.year - 1,
        **trend_facts(office, found),
        **trend_names(office, found),
    }


def trend_names(office: Office, found: pd.DataFrame) -> dict[str, str]:
    """The schools that fall and that rise beyond chance, by name; ``found``: rows of :func:`trends`."""
    return {
        f"{word}_names": named(office, found.loc[found["direction"].eq(way), "school_id"])
        for word, way in (("worsening", FALL), ("improving", RISE))
    }


def target_facts(office: Office) -> Mapping[str, object]:
    """How many targets are in each state, and how many promise the length of a list of which a share is given by its rule."""
    states = office.targets["state"]
    known: dict[str, object] = {"targets_total": len(states), "targets_measured": int(states.ne(targets.NO_DATA).sum())}
    quotas, declared = quota_facts(office), office.profile.targets.values()
    shares = [one.schools for one in declared if one.formula == "share_identified"]
    known["decided_told"] = decided_told(office, "low_results")
    known["targets_by_quota"] = sum(f"{CATEGORIES.get(category)}_quota_of" in quotas for category in shares)
    return known | quotas | {f"targets_{state}": int(states.eq(state).sum()) for state in targets.STATES}


def year_facts(office: Office) -> Mapping[str, object]:
    """What the other reports found, for the board's page: lists, targets, results that changed, measures."""
    return {
        **list_facts(office),
        **target_facts(office),
        **change_facts(school_changes(office), office),
        **measure_facts(office_measures(office)),
    }


def data_facts(office: Office) -> Mapping[str, float]:
    """Counts of problems and of the tables that are there."""
    severity = office.problems["severity"]
    present = tables_present(office)
    contradictions = office.problems["check"].str.contains("|".join(CONTRADICTION_CHECKS), na=False)
    return {
        "problems_errors": int(severity.eq("error").sum()),
        "problems_warnings": int(severity.eq("warning").sum()),
        "contradictions_count": int((contradictions & severity.ne("note")).sum()),
        "tables_total": len(present),
        "tables_present": int(present["rows"].gt(0).sum()),
        "tables_absent": int(present["rows"].eq(0).sum()),
        "left_out_count": int(office.problems["check"].eq(LEFT_OUT).sum()),
        "remarks_count": int((severity.eq("note") & office.problems["check"].eq(REMARKS)).sum()),
    }


def problems_found(office: Office) -> pd.DataFrame:
    """Errors and warnings, those alike told together, with ``contradiction``: whether two statements of the data disagree."""
    found = alike_together(office.problems, ["error", "warning"])
    return found.assign(contradiction=found["check"].str.contains("|".join(CONTRADICTION_CHECKS), na=False))


def problems_by_check(office: Office) -> dict[str, int]:
    """How many problems each check found."""
    return office.problems.groupby("check").size().to_dict()


def tables_present(office: Office) -> pd.DataFrame:
    """Every table of the dictionary with the number of its rows in the year of the run."""
    rows = []
    for name in table_names():
        frame = office.tables[name]
        files = frame["source_file"].dropna().unique() if "source_file" in frame else []
        current = [file for file in files if f"/{office.year}/" in f"/{file}"]
        rows.append(
            {
                "table": name,
                "label": table(name).label,
                "rows": int(frame["source_file"].isin(current).sum()) if len(files) else 0,
                "files": ", ".join(sorted(current)),
            }
        )
    return pd.DataFrame(rows)
