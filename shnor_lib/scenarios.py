"""Scenarios: the same data judged by changed rules, and who enters or leaves the lists because of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from shnor_lib.identification import YES
from shnor_lib.office import Judged, effective_method, judge, population_for
from shnor_lib.params import read_profile

COMPARISON_COLUMNS = ["scenario", "school_id", "category", "before", "after", "change", "criteria", "reason"]
BASE = "base"


def judge_scenarios(
    workspace: Path, municipality: str, year: int, scenarios: list[str], method: str | None = None
) -> dict[str, Judged]:
    """Judge an office by its method (under the name ``base``) and by each scenario, reading the data once."""
    profile = read_profile(workspace, municipality)
    source = f"params/{municipality}.yml"
    rules = {BASE: effective_method(workspace, profile, source, method, None)[1]}
    rules |= {name: effective_method(workspace, profile, source, method, name)[1] for name in scenarios}
    population = population_for(workspace, municipality, profile, year, rules.values())
    return {name: own_schools(judge(rule, population, year), municipality) for name, rule in rules.items()}


def own_schools(judged: Judged, municipality: str) -> Judged:
    """The part of a judged population that belongs to one municipality."""
    return Judged(
        **{
            name: frame[frame["municipality"].eq(municipality)].reset_index(drop=True)
            for name, frame in vars(judged).items()
        }
    )


def compare_with_base(judged: dict[str, Judged]) -> pd.DataFrame:
    """Who enters and who leaves each list in each scenario, and which criteria did it.

    Returns
    -------
    DataFrame
        One row per scenario, school and category whose answer changed: ``change`` is ``enters``, ``leaves`` or ``other``;
        ``criteria`` names the criteria whose verdict changed (or that only one of the two methods has).
    """
    base = judged[BASE]
    rows = [pd.DataFrame(columns=COMPARISON_COLUMNS)]
    for name, other in judged.items():
        if name == BASE:
            continue
        key = ["school_id", "category"]
        both = base.identification[[*key, "identified"]].merge(
            other.identification[[*key, "identified", "reason"]], on=key, suffixes=("_before", "_after")
        )
        both = both.rename(columns={"identified_before": "before", "identified_after": "after"})
        moved = both[both["before"].ne(both["after"])]
        changed = changed_criteria(base.verdicts, other.verdicts)
        moved = moved.merge(changed, on=key, how="left").assign(scenario=name)
        moved["criteria"] = moved["criteria"].fillna("")
        moved["change"] = (
            moved["after"].eq(YES).map({True: "enters", False: "other"}).where(~moved["before"].eq(YES), "leaves")
        )
        rows.append(moved[COMPARISON_COLUMNS])
    return pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True)


def changed_criteria(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Criteria whose verdict differs between two judgements: school_id, category, criteria (names joined by ``; ``)."""
    key = ["school_id", "category", "criterion"]
    both = before[[*key, "verdict"]].merge(
        after[[*key, "verdict"]], on=key, how="outer", suffixes=("_before", "_after")
    )
    changed = both[both["verdict_before"].fillna("").ne(both["verdict_after"].fillna(""))]
    return changed.groupby(["school_id", "category"])["criterion"].agg("; ".join).rename("criteria").reset_index()
