"""What a study of robustness amounts to: the counts of its headlines and the frames its report shows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from shnor_lib.analyses.expectation import expectation_counts
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES
from shnor_lib.statistics.composite.influence import correlation_ratio
from shnor_lib.whatif.robustness.study import Study
from shnor_lib.whatif.robustness.summary import WORDS
from shnor_lib.whatif.scenarios import BASE, KEY

FEW_SCHOOLS = 20
"""Our assumption: with fewer schools the influence of a component is told with a caution."""

FRAGILE = 0.10
"""Our assumption: a change of one parameter by no more than this share of itself is small."""

SIDES = {"above": "better", "below": "worse"}
CHANGES = ("enters", "leaves", "other")


def robustness_facts(study: Study) -> dict[str, object]:
    """Counts behind the headlines, each of which a table of the page proves; choices by their codes."""
    words = study.certainty[study.certainty["category"].eq(study.office.method.main)]["word"]
    lists, smallest = scenario_rows(study), smallest_rows(study)
    facts: dict[str, object] = {f"certain_{word}": int(words.eq(word).sum()) for word in WORDS}
    facts |= {
        "certain_doubtful": facts["certain_often"] + facts["certain_sometimes"],
        "scenarios_total": int(lists["moves"].notna().sum()),
        "scenarios_moving": int(lists["moves"].sum()),
        "fragile_count": int(smallest["fragile"].sum()),
    }
    top, rule = top_choice(study), top_choice(study, rules_only=True)
    if top is not None:
        facts |= {"choice_top": top["group"], "choice_top_share": float(top["total"])}
        facts |= {f"choice_top_{name}": float(top[name]) for name in ("first", "first_low")}
        facts["choice_top_first_high"] = min(float(top["first_high"]), 1.0)
    if rule is not None:
        facts["choice_rule"] = rule["group"]
    if not study.expected.refusal:
        counts = expectation_counts(study.expected)
        facts |= {"above_expected": counts["better"], "below_expected": counts["worse"]}
        facts |= {"expected_schools": counts["compared"], "expected_by_chance": counts["by_chance"]}
        facts |= {f"{side}_expected_beyond": counts[f"{word}_beyond"] for side, word in SIDES.items()}
    return facts


def known_lists(study: Study) -> set[str]:
    """Categories of which most draws tell some school: what moves a list that is not known is not known either."""
    return set(study.certainty.loc[study.certainty["word"].ne("unknown"), "category"])


def told_matters(study: Study) -> pd.DataFrame:
    """How much every choice explains, of the lists that are known and move."""
    return study.matters[study.matters["category"].isin(known_lists(study)) & study.matters["total"].notna()]


def top_choice(study: Study, rules_only: bool = False) -> pd.Series | None:
    """The choice that the main list depends on most; none when the list never moves. Chance is not a rule."""
    told = told_matters(study)
    own = told[told["category"].eq(study.office.method.main)]
    if rules_only:
        own = own[own["group"].ne("chance") & own["total"].gt(0)]
    return None if own.empty else own.loc[own["total"].idxmax()]


def certainties(study: Study) -> pd.DataFrame:
    """How often each school is on each list, by list, the surest first; ``low`` and ``high`` by the error of the number of draws.

    A share of the few draws that gave an answer would mislead and is left out.
    """
    told = study.certainty["word"].ne("unknown")
    share, error = (study.certainty[name].where(told) for name in ("probability", "error"))
    found = study.certainty.assign(
        probability=share,
        error=error,
        low=(share - 2 * error).clip(lower=0),
        high=(share + 2 * error).clip(upper=1),
        place=study.certainty["category"].map(list(study.office.method.decisions).index),
    )
    found = found.sort_values(["place", "probability"], ascending=[True, False], kind="stable", na_position="last")
    return found.drop(columns="place").reset_index(drop=True)


def draw_count(study: Study) -> int:
    """How many draws were judged."""
    return 2 ** int(np.ceil(np.log2(study.office.method.robustness.replications)))


def choices_that_matter(study: Study) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """The choices that move a list, the strongest first and marked ``top``; and those that move nothing, by category."""
    frame = told_matters(study)
    most = frame.groupby("category")["total"].transform("max")
    frame = frame.assign(top=frame["total"].eq(most))
    frame = frame.sort_values(["category", "total"], ascending=False, kind="stable")
    idle = frame["total"].eq(0) & frame["first"].eq(0)
    return frame[~idle], frame[idle].groupby("category", sort=False)["group"].agg(list).to_dict()


def list_movements(study: Study) -> pd.DataFrame:
    """The results of the draws behind the Sobol indices: a row a base point, a column a set of values."""
    draws = study.movements
    names = ["first_set", *draws.groups, "second_set"]
    blocks = {category: draws.blocks(category) for category in draws.results}
    parts = [
        pd.DataFrame(own, columns=names).assign(category=category, point=np.arange(1, len(own) + 1))
        for category, own in blocks.items()
    ]
    return pd.concat(parts, ignore_index=True)


def categories_compared(study: Study) -> dict[str, str]:
    """Every category of the methods compared with its abbreviation, those of the office's own method first."""
    variants = [one.method for one in study.office.variants if one.method and one.name in study.judged]
    found: dict[str, str] = {}
    for method in (study.office.method, *variants):
        found |= {name: method.words(name).abbreviation for name in method.categories if name not in found}
    return found


def scenario_rows(study: Study) -> pd.DataFrame:
    """One row per scenario: how long its lists are, how many schools move and whether any does; missing over nothing assessed."""
    lists = study.lists[study.lists["scenario"].ne(BASE)]
    listed = lists.pivot(index="scenario", columns="category", values="listed")
    moved = lists.groupby("scenario", sort=False)[list(CHANGES)].sum(min_count=1)
    frame = listed.reindex(index=moved.index, columns=list(lists["category"].unique())).join(moved)
    moves = (moved["enters"] + moved["leaves"]).gt(0)
    return frame.assign(moves=moves.where(frame[list(listed)].notna().any(axis=1))).reset_index()


def base_row(study: Study) -> dict[str, object]:
    """The row of the method itself, as of :func:`scenario_rows`."""
    own = study.lists[study.lists["scenario"].eq(BASE)]
    lengths = dict(zip(own["category"], own["listed"], strict=True))
    moves = own[list(CHANGES)].sum(min_count=1).to_dict()
    return {"scenario": BASE, "moves": False if own["listed"].notna().any() else None, **lengths, **moves}


def cut_rows(study: Study) -> pd.DataFrame:
    """Who would be on the lists if the stated cost of a missed school made them, beside the list of the method.

    A row a school and category whose method states that cost: school_id, category, answer (by the method), chance (probability of
    being listed), at_cut (``yes``, ``no``, ``insufficient_data`` where chance was not told) and moved (whether the two differ).
    """
    cuts = study.certainty["category"].map({name: one.cut for name, one in study.office.method.decisions.items()})
    rows = study.certainty.assign(cut=cuts.astype(float))[["school_id", "category", "answer", "chance", "cut"]]
    rows = rows[rows["cut"].notna()].reset_index(drop=True)
    above = np.where(rows["chance"].gt(rows["cut"]), YES, NO)
    rows["at_cut"] = np.where(rows["chance"].isna(), INSUFFICIENT, above)
    return rows.assign(moved=rows["at_cut"].ne(rows["answer"]))


def cut_lists(study: Study) -> dict[str, pd.DataFrame]:
    """The rows of :func:`cut_rows` by category."""
    return dict(list(cut_rows(study).groupby("category", sort=False)))


def cut_facts(rows: pd.DataFrame) -> dict[str, int]:
    """Counts of one category of :func:`cut_rows`: on the list at the cut, by the method, in one of them alone, told of neither."""
    at_cut, by_rule = rows["at_cut"].eq(YES), rows["answer"].eq(YES)
    return {
        "listed": int(at_cut.sum()),
        "by_rule": int(by_rule.sum()),
        "enters": int((at_cut & rows["answer"].eq(NO)).sum()),
        "leaves": int((rows["at_cut"].eq(NO) & by_rule).sum()),
        "untold": int((rows["at_cut"].eq(INSUFFICIENT) | rows["answer"].eq(INSUFFICIENT)).sum()),
        "schools": len(rows),
    }


def influence_rows(study: Study) -> pd.DataFrame:
    """How much each component decides the places of its index beside the weight it was given.

    index, component, weight (share of the whole, as it was over the schools), influence (correlation ratio), by_luck (what it would
    be of a component dealt out by lot), schools (with both the component and a score).
    """
    office, scores = study.office, study.places.set_index(["index", "school_id"])["score"].astype(float)
    rows = office.components[
        office.components["year"].eq(office.year) & office.components["index"].isin(study.places["index"])
    ]
    rows = rows.assign(score=scores.reindex(pd.MultiIndex.from_frame(rows[["index", "school_id"]])).to_numpy())
    found = []
    for (index, component), own in rows.groupby(["index", "component"], sort=False):
        value, score = (own[name].to_numpy(float) for name in ("normalised", "score"))
        told = correlation_ratio(value, score)
        known = int((~np.isnan(value) & ~np.isnan(score)).sum())
        found.append((index, component, own["weight"].astype(float).mean(), *told, known))
    frame = pd.DataFrame(found, columns=["index", "component", "weight", "influence", "by_luck", "schools"])
    frame["weight"] /= frame.groupby("index")["weight"].transform("sum")
    return frame[frame["influence"].notna()].reset_index(drop=True)


def answers_of_scenarios(study: Study, category: str) -> tuple[pd.DataFrame, int, int]:
    """Answers on one list under every scenario that has it; how many schools have both yes and no, and how many an answer in some only."""
    parts = [
        answers.identification[answers.identification["category"].eq(category)].assign(scenario=name)
        for name, answers in study.judged.items()
    ]
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return pd.DataFrame(columns=["school_id", "calculated", "scenario"]), 0, 0
    frame = pd.concat(parts, ignore_index=True)
    unknown = frame["calculated"].eq(INSUFFICIENT)
    moved = frame[~unknown].groupby("school_id")["calculated"].nunique().gt(1)
    opened = set(frame.loc[unknown, "school_id"]) & set(frame.loc[~unknown, "school_id"])
    return frame, int(moved.sum()), len(opened)


def smallest_rows(study: Study) -> pd.DataFrame:
    """One row per school and category: the smallest change of one parameter that turns the answer over."""
    first = study.smallest.drop_duplicates(KEY)
    frame = study.office.identification[[*KEY, "calculated"]].merge(first, on=KEY, how="left")
    return frame.assign(fragile=frame["relative"].le(FRAGILE).fillna(False).astype(bool))


def flip_thresholds(study: Study, schools: Iterable[str]) -> tuple[pd.DataFrame, dict[str, float]]:
    """The threshold at which each verdict turns over, schools down and criteria across; and the method's own thresholds."""
    wide = study.flips.pivot(index="school_id", columns="criterion", values="flips_at")
    wide = wide.reindex(index=list(schools), columns=list(study.office.method.criteria))
    own = study.flips.drop_duplicates("criterion").set_index("criterion")["threshold"].to_dict()
    return wide.rename_axis("school_id").reset_index(), own
