"""Scenarios: the same data judged by other rules, who enters or leaves the lists because of it, and which criteria did it.

Rules are compared by their calculated answers: what experts decided under one rule says nothing about another
(:func:`shnor_lib.office.rules.in_force`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import NO, YES
from shnor_lib.criteria.indices import compute_indices
from shnor_lib.criteria.judge import evaluate_criteria
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, UNIT, Evidence
from shnor_lib.indicators import Store, split_name
from shnor_lib.office.gather import Population, population_for
from shnor_lib.office.judging import Judged, decided, evidence_on, judge
from shnor_lib.office.office import Office
from shnor_lib.office.rules import Rules, effective_method, in_force
from shnor_lib.params.methods import Index, Method
from shnor_lib.params.reading import read_profile
from shnor_lib.params.scenarios import Change, apply_changes

COMPARISON_COLUMNS = ["scenario", "school_id", "category", "before", "after", "change", "criteria", "expert", "reason"]
AGREEMENT_COLUMNS = ["category", "both", "first_only", "second_only", "neither", "open", "agreed", "kappa"]
KEY = ["school_id", "category"]
BASE = "base"
DECISION_RULE = "decision"
"""Stands for a criterion when no verdict changed: the decision rule itself did it."""
ABSENT = "not_in_method"
"""Verdict of a method that has no such criterion."""


def judge_scenarios(
    workspace: Path, municipality: str, year: int, scenarios: Sequence[str], method: str | None = None
) -> dict[str, Judged]:
    """Judge an office by its method (under the name ``base``) and by each scenario, reading the data once.

    Raises
    ------
    ParamsError
        When a scenario does not exist or names a path that its method does not have, with the nearest names.
    DataInvalid
        When the input has errors.
    """
    profile, rules = read_profile(workspace, municipality), rules_of(workspace, municipality, scenarios, method)
    population = population_for(workspace, municipality, profile, year, [one.method for one in rules.values()])
    return {
        name: judge(
            one.method, population, year, in_force(profile, one.name, None if name == BASE else name)
        ).of_office(municipality)
        for name, one in rules.items()
    }


def rules_of(
    workspace: Path, municipality: str, scenarios: Sequence[str], method: str | None = None
) -> dict[str, Rules]:
    """The rules of an office (under the name ``base``) and of each scenario."""
    profile, source = read_profile(workspace, municipality), f"params/{municipality}.yml"
    asked: dict[str, str | None] = {BASE: None} | {name: name for name in scenarios}
    return {name: effective_method(workspace, profile, source, method, scenario) for name, scenario in asked.items()}


# --- judging an office again by other rules --------------------------------------------------------------------------


@dataclass(frozen=True)
class Answers:
    """What a rule says of the schools of one office: the verdicts and the identification behind it."""

    verdicts: pd.DataFrame
    identification: pd.DataFrame


def answers_of(office: Office) -> Answers:
    """What the office's own method says."""
    return Answers(office.verdicts, office.identification)


def rejudge(office: Office, rules: Method, evidence: Evidence | None = None) -> Answers:
    """The schools of an office judged by other rules; only what the rules change is judged anew.

    Parameters
    ----------
    evidence : what :func:`evidence_of` gave for the office and these rules among others, when it is already there.

    Raises
    ------
    RegionNeeded
        When the rules rank schools within the region and the office's own method does not.
    """
    if asks_region(office, rules):
        raise RegionNeeded
    changed = [name for name, one in rules.indices.items() if office.method.indices.get(name) != one]
    indices = {name: rules.indices[name] for name in rules.indices if name in rules.made_of(changed)}
    evidence = with_indices(evidence or evidence_of(office, [rules]), office, rules, indices)
    same = [
        name
        for name, one in rules.criteria.items()
        if office.method.criteria.get(name) == one and not any(asked in indices for asked, _ in one.asks)
    ]
    kept = office.verdicts[office.verdicts["criterion"].isin(same)]
    verdicts = []
    for back in range(rules.years):
        anew = {name: one for name, one in rules.criteria.items() if back or name not in same}
        parts = [] if back else [kept]
        if anew:
            parts.append(evaluate_criteria(rules.model_copy(update={"criteria": anew}), evidence, office.year - back))
        verdicts.append(joined(parts))
    place = verdicts[0]["criterion"].map({name: place for place, name in enumerate(rules.criteria)})
    ordered = verdicts[0].assign(place=place).sort_values([*UNIT, "place"], ignore_index=True)
    verdicts[0] = ordered.drop(columns="place")
    own = office.in_force and rules == office.method
    return Answers(verdicts[0], decided(rules, verdicts, office.tables, office.year, own))


def judge_with(office: Office, changes: Mapping[str, object]) -> Answers:
    """The schools of an office judged with values of its method changed; nothing is read or written.

    Parameters
    ----------
    changes : new values by their dotted paths in the method, as a scenario has them.

    Raises
    ------
    ParamsError
        When the method has no such path (with the nearest names), or the changed method is not valid.
    ValueError
        For the public edition: hidden numbers would give other answers.

    Examples
    --------
    >>> from shnor_lib import compare, open_office
    >>> office = open_office("demo", 2021)
    >>> wider = judge_with(office, {"criteria.lowest_results.threshold": 0.35, "decisions.low_results.at_least": 1})
    >>> compare(office, wider=wider)[["scenario", "school_id", "before", "after", "criteria"]].values.tolist()[0]
    ['wider', 'demo-08', 'no', 'yes', 'lowest_results: not_met → met']
    """
    if office.audience == "public":
        raise ValueError("в открытой редакции числа скрыты и вывод вышел бы другим: откройте полную (internal)")
    named = tuple(Change(path=path, value=value) for path, value in changes.items())
    return rejudge(office, apply_changes(office.method, named, "изменения"))


def evidence_of(office: Office, methods: Iterable[Method]) -> Evidence:
    """What the criteria of the methods are judged on in an office, by the indices of the office's own method."""
    methods = list(methods)
    store = office.store.of_names(names_of_rules(office.store, methods))
    return evidence_on(office.tables, office.sources, store, methods, office.year)


def with_indices(evidence: Evidence, office: Office, rules: Method, indices: dict[str, Index]) -> Evidence:
    """The evidence with the named indices computed anew by the rules."""
    if not indices:
        return evidence
    store = evidence.store.without(indices)
    years = [office.year - back for back in range(rules.years)]
    changed = compute_indices(rules.model_copy(update={"indices": indices}), evidence.schools, store, years)
    return replace(evidence, store=store.with_rows(changed.rows))


def names_of_rules(store: Store, methods: Iterable[Method]) -> np.ndarray:
    """Places of the names that methods look at: of their criteria and of the components of their indices."""
    wanted: set[str] = set()
    for rules in methods:
        measured = [
            *rules.criteria.values(),
            *(c for index in rules.indices.values() for c in index.components.values()),
        ]
        wanted |= {name for one in measured for name, _ in one.asks}
    return np.flatnonzero([split_name(name)[0] in wanted for name in store.names])


class RegionNeeded(ValueError):
    """Rules that rank schools within their region, for an office that was judged without it."""

    def __init__(self):
        super().__init__("нужны данные всех муниципалитетов области: shnor compare с этим сценарием читает их сам")


def asks_region(office: Office, rules: Method) -> bool:
    """Whether rules need schools of other municipalities where the office's own method did not."""
    pairs = [(one, office.method.criteria.get(name)) for name, one in rules.criteria.items()]
    pairs += [(one, office.method.indices.get(name)) for name, one in rules.indices.items()]
    return any(getattr(one, "population", None) == "region" and one != own for one, own in pairs)


def evidence_for_variants(office: Office) -> Evidence:
    """What the office's own method and every variant of it are judged on."""
    return evidence_of(office, [office.method, *(one.method for one in office.variants if one.method)])


def judge_variants(
    office: Office, evidence: Evidence | None = None, region: Population | None = None
) -> tuple[dict[str, Answers], dict[str, str]]:
    """The office judged by every variant of its workspace, and why the others cannot be applied to it.

    Variants whose rules are the office's own say nothing new and are left out.

    Parameters
    ----------
    evidence : what :func:`evidence_for_variants` gave, when it is already there.
    region : the schools of the whole region, the office's own among them, for rules that rank schools within it.
    """
    evidence = evidence or evidence_for_variants(office)
    judged: dict[str, Answers] = {}
    refused: dict[str, str] = {}
    for variant in office.variants:
        if variant.method is None:
            refused[variant.name] = variant.problem
        elif variant.method.model_copy(update={"robustness": office.method.robustness}) == office.method:
            continue
        elif region is not None and asks_region(office, variant.method):
            found = judge(variant.method, region, office.year, in_force=False).of_office(office.municipality)
            judged[variant.name] = Answers(found.verdicts, found.identification)
        else:
            try:
                judged[variant.name] = rejudge(office, variant.method, evidence)
            except RegionNeeded as error:
                refused[variant.name] = str(error)
    return judged, refused


def variants_of_region(office: Office) -> list[str]:
    """Names of the variants that only the schools of the whole region can answer."""
    return [one.name for one in office.variants if one.method and asks_region(office, one.method)]


def joined(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames one under another; of those without rows the first stands when no other has any."""
    frames = list(frames)
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


# --- comparing -------------------------------------------------------------------------------------------------------


def compare(office: Office, **others: Answers | Office) -> pd.DataFrame:
    """Who enters and who leaves the lists of an office by other rules, as :func:`compare_with_base` tells it.

    Parameters
    ----------
    others : what :func:`judge_with` gave, or the office opened by another method or scenario, each under a name of your own.
    """
    if BASE in others:
        raise ValueError(f"«{BASE}» – сам муниципалитет: назовите то, с чем его сравнивают, иначе")
    judged = {name: one if isinstance(one, Answers) else answers_of(one) for name, one in others.items()}
    return compare_with_base({BASE: answers_of(office)} | judged)


def compare_with_base(judged: Mapping[str, Judged | Answers]) -> pd.DataFrame:
    """Who enters and who leaves each list in each scenario, and which criteria did it.

    One row per scenario, school and category whose calculated answer changed. ``change`` is ``enters`` (to
    yes), ``leaves`` (from yes to no) or ``other`` (to or from too few data); ``criteria`` names the criteria that did it, as
    ``name: before → after``, or ``decision`` when no verdict changed and the decision rule did it; ``expert`` is the
    decision in force (include, exclude, or empty), which this change does not touch; ``reason`` is of the calculation. A category
    that one of the two methods does not have is not compared.
    """
    rows = [pd.DataFrame(columns=COMPARISON_COLUMNS)]
    for name, other in judged.items():
        if name == BASE:
            continue
        both = paired(judged[BASE].identification, other.identification)
        moved = both[both["before"].ne(both["after"])]
        moved = moved.merge(changed_criteria(judged[BASE].verdicts, other.verdicts), on=KEY, how="left")
        moved["criteria"] = moved["criteria"].fillna(DECISION_RULE)
        entering, leaving = moved["after"].eq(YES), moved["before"].eq(YES) & moved["after"].eq(NO)
        moved["change"] = np.select([entering, leaving], ["enters", "leaves"], default="other")
        rows.append(moved.assign(scenario=name)[COMPARISON_COLUMNS])
    return joined(rows)


def paired(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Calculated answers of two identifications where both have one: school_id, category, before, after, expert, reason."""
    first = before.assign(
        before=before["calculated"],
        expert=before["identified"].map({YES: "include", NO: "exclude"}).where(before["decision"].eq("expert"), ""),
    )
    second = after.assign(after=after["calculated"])
    return first[[*KEY, "before", "expert"]].merge(second[[*KEY, "after", "reason"]], on=KEY)


def changed_criteria(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Criteria whose verdict differs between two judgements: school_id, category, criteria (joined by ``; ``).

    A criterion that only one of the two has is told when it counts there: met, or new and not assessed.
    """
    key = [*KEY, "criterion"]
    both = before[[*key, "verdict"]].merge(
        after[[*key, "verdict"]], on=key, how="outer", suffixes=("_before", "_after")
    )
    both[["verdict_before", "verdict_after"]] = both[["verdict_before", "verdict_after"]].fillna(ABSENT)
    appeared = both["verdict_before"].eq(ABSENT) & both["verdict_after"].isin([MET, NOT_ASSESSED])
    vanished = both["verdict_after"].eq(ABSENT) & both["verdict_before"].eq(MET)
    shared = both["verdict_before"].ne(ABSENT) & both["verdict_after"].ne(ABSENT)
    changed = both[(shared & both["verdict_before"].ne(both["verdict_after"])) | appeared | vanished]
    words = changed["criterion"] + ": " + changed["verdict_before"] + " → " + changed["verdict_after"]
    return words.groupby([changed["school_id"], changed["category"]]).agg("; ".join).rename("criteria").reset_index()


def summarise_comparison(judged: Mapping[str, Judged | Answers], changes: pd.DataFrame) -> pd.DataFrame:
    """How long each list is by each scenario and how many schools moved: also where nothing did.

    scenario, category, listed (schools with the calculated answer yes), enters, leaves, other. Missing where no school has yes or
    no: the length of a list over nothing assessed, and who moved where neither the scenario nor the method assessed anybody.
    """
    rows, moves = [], ["enters", "leaves", "other"]
    answered = (
        judged[BASE].identification.groupby("category")["calculated"].agg(length_of_list) if BASE in judged else {}
    )
    for name, other in judged.items():
        for category, answers in other.identification.groupby("category", sort=False)["calculated"]:
            own = changes[changes["scenario"].eq(name) & changes["category"].eq(category)]["change"]
            listed = length_of_list(answers)
            told = listed is not None or pd.notna(answered.get(category))
            counts = {change: int(own.eq(change).sum()) if told else None for change in moves}
            rows.append({"scenario": name, "category": category, "listed": listed, **counts})
    found = pd.DataFrame(rows, columns=["scenario", "category", "listed", *moves])
    return found.astype(dict.fromkeys(["listed", *moves], "Int64"))


def length_of_list(answers: pd.Series) -> int | None:
    """How many calculated answers are yes; nothing where none is yes or no: a list over nothing assessed has no length."""
    return int(answers.eq(YES).sum()) if answers.isin([YES, NO]).any() else None


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """How far two identifications agree on each category that both have.

    category, both (schools on both lists), first_only, second_only, neither, open (too few data for one of the two),
    agreed (share of the schools with two answers that got the same one), kappa (Cohen's: 0 is agreement by chance, 1 full;
    missing when there is nothing to tell apart).

    Source: Cohen (1960), Educational and Psychological Measurement 20.
    """
    both = paired(first, second)
    rows = []
    for category, own in both.groupby("category", sort=False):
        told = own[own["before"].isin([YES, NO]) & own["after"].isin([YES, NO])]
        a, b = told["before"].eq(YES), told["after"].eq(YES)
        agreed = (a == b).mean() if len(told) else np.nan
        expected = a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean()) if len(told) else np.nan
        counts = [int(one.sum()) for one in (a & b, a & ~b, ~a & b, ~a & ~b)]
        kappa = (agreed - expected) / (1 - expected) if len(told) and expected < 1 else np.nan
        rows.append((category, *counts, len(own) - len(told), agreed, kappa))
    return pd.DataFrame(rows, columns=AGREEMENT_COLUMNS)
