"""Facts of an office and year that the headlines of its reports are made from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses.board import grounds
from shnor_lib.analyses.change import FALL, RISE, change_facts, school_changes
from shnor_lib.analyses.dynamics import list_moves, move_counts, trend_facts, trends
from shnor_lib.analyses.lists import lists_facts, quota_facts
from shnor_lib.analyses.naming import MOST_NAMED, answers_of, named
from shnor_lib.analyses.received import decided_told, received_facts
from shnor_lib.analyses.support.measures import measure_facts, office_measures
from shnor_lib.criteria import targets
from shnor_lib.criteria.clarification import EXPERT
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.indicators.causes import NOT_DELIVERED, tables_needed
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources.problems import alike_together
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.office.registry import lists_some_schools
from shnor_lib.params.methods import Method

REMARKS = "source_remark"
"""The check that repeats the remarks of SOURCES.yml."""

LEFT_OUT = "source_left_out"
"""The check that repeats what SOURCES.yml says was left out of the tables."""

CONTRADICTION_CHECKS = ("contradict", "stated_years", "municipality_total", "published")


def identification_facts(office: Office) -> Mapping[str, object]:
    """Counts and shares of the lists, how sure they are, and which schools and tables are lacking."""
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
        "open_signs_told": open_signs_told(office) or None,
    }
    facts["near_threshold_count"] = int(office.identification.groupby("school_id")["near"].any().sum())
    judged = office.identification["identified"].isin([YES, NO])
    facts["judged_count"] = int(office.identification.loc[judged, "school_id"].nunique())
    facts["clear_count"] = facts["judged_count"] - facts["near_threshold_count"]
    changed = office.identification[office.identification["identified"].ne(office.identification["calculated"])]
    facts["expert_changed_count"] = int(changed.loc[changed["decision"].eq(EXPERT), "school_id"].nunique())
    assessed = office.verdicts.loc[office.verdicts["verdict"].ne(NOT_ASSESSED), "criterion"]
    facts["criteria_total"] = len(office.method.criteria)
    facts["criteria_unassessed_count"] = len(set(office.method.criteria) - set(assessed))
    return facts | received_facts(office) | lists_facts(office)


def open_signs(office: Office) -> pd.DataFrame:
    """Criteria of the main list (:func:`shnor_lib.analyses.board.grounds`) that schools without an answer already meet."""
    answers, met = answers_of(office.identification, office.method.main)["identified"], grounds(office)
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


def tables_wanted(verdicts: pd.DataFrame) -> str:
    """The tables whose absence left criteria not assessed, in Russian, each once."""
    return ", ".join(tables_needed(verdicts.loc[verdicts["cause"].eq(NOT_DELIVERED), "needs"]))


def list_facts(office: Office) -> Mapping[str, object]:
    """How many schools stayed on the main list, entered and left it, and which; nothing without the year before."""
    if office.previous.empty:
        return {}
    moves = list_moves(office.previous, office.identification)
    moves = moves[moves["category"].eq(office.method.main)]
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
        | quota_facts(office, office.method.main)
    )


def shared_years(method: Method) -> int:
    """Years whose results enter both this year's and the last year's main list: windows of criteria overlap."""
    windows = [method.criteria[name].window for name in method.criteria_of(method.main)]
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
    known: dict[str, object] = {"targets_total": len(states), "targets_year": office.year}
    known["targets_measured"] = int(states.ne(targets.NO_DATA).sum())
    shares = [one.schools for one in office.profile.targets.values() if one.formula == "share_identified"]
    known["decided_told"] = decided_told(office, office.method.main)
    known["targets_by_quota"] = sum(bool(quota_facts(office, category)) for category in shares)
    counts = {f"targets_{state}": int(states.eq(state).sum()) for state in targets.STATES}
    return known | quota_facts(office, office.method.main) | counts


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


@for_the_public(words=("rows",))
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
