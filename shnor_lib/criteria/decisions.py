"""Identification: verdicts become a decision on each category, and experts clarify it afterwards.

The calculated result is three-valued: ``yes``, ``no`` or ``insufficient_data``. A school is ``no`` only when the criteria that
could not be assessed cannot change the answer; an expert decision is applied after the calculation and kept beside it.
:func:`answers` is the one rule, over flags of draws × schools × criteria; frames are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET, UNIT
from shnor_lib.criteria.rules import IS_MET, IS_NOT_MET, IS_OPEN
from shnor_lib.indicators.causes import CAUSES, KNOWN, TOO_FEW
from shnor_lib.params.methods import Decision, Method

YES, NO, INSUFFICIENT = "yes", "no", "insufficient_data"
IDENTIFICATION_COLUMNS = [
    "school_id",
    "category",
    "identified",
    "criteria_met",
    "criteria_assessed",
    "criteria_total",
    "decision",
    "reason",
    "cause",
    "needs",
    "near",
]
CATEGORY = [*UNIT, "category"]
WORDS = {IS_MET: YES, IS_NOT_MET: NO, IS_OPEN: INSUFFICIENT}


def answer(flags: np.ndarray, required: list[int], at_least: np.ndarray | int) -> np.ndarray:
    """The answer of one category in one year.

    Parameters
    ----------
    flags : of the verdicts, (draws ×) schools × criteria of the category.
    required : numbers of the criteria that must be met; ``at_least`` how many must be, for all or for each draw.

    Examples
    --------
    >>> flags = np.array([[IS_MET, IS_OPEN], [IS_NOT_MET, IS_OPEN]])
    >>> answer(flags, [], 1).tolist(), answer(flags, [0], 2).tolist()
    ([1, -1], [-1, 0])
    """
    met, opened = (flags == IS_MET).sum(axis=-1), (flags == IS_OPEN).sum(axis=-1)
    lost = (flags[..., required] == IS_NOT_MET).any(axis=-1)
    hanging = (flags[..., required] == IS_OPEN).any(axis=-1)
    yes = (met >= at_least) & ~lost & ~hanging
    no = lost | (met + opened < at_least)
    return np.select([yes, no], [IS_MET, IS_NOT_MET], IS_OPEN).astype(np.int8)


def answer_over_years(found: list[np.ndarray], decision: Decision) -> np.ndarray:
    """The answer of a category that must hold in several years, from those of the year of the run and the years before it.

    With ``years: 3, years_identified: 2`` a school is ``yes`` when it is identified in at least two of the three years, ``no``
    when the years without an answer cannot make it so. Years that are not given have no answer.
    """
    if decision.years == 1:
        return found[0]
    absent = [np.full_like(found[0], IS_OPEN)] * (decision.years - len(found))
    return answer(np.stack([*found[: decision.years], *absent], axis=-1), [], decision.years_identified)


def answers(
    method: Method, by_year: list[np.ndarray], at_least: Mapping[str, np.ndarray] | None = None
) -> dict[str, np.ndarray]:
    """The calculated answer of every category, (draws ×) schools.

    Parameters
    ----------
    by_year : flags of all criteria of the method in its order, (draws ×) schools × criteria; the year of the run first.
    at_least : numbers of criteria that are enough, where they differ from the method's own.
    """
    found = {}
    for category in categories(method):
        decision, enough = method.decisions[category], (at_least or {}).get(category)
        years = [answer_of_year(method, category, flags, enough) for flags in by_year[: decision.years]]
        found[category] = answer_over_years(years, decision)
    return found


def answer_of_year(
    method: Method, category: str, flags: np.ndarray, at_least: np.ndarray | int | None = None
) -> np.ndarray:
    """The answer of a category by the verdicts of one year, from the flags of all criteria of the method."""
    decision, names = method.decisions[category], criteria_of(method, category)
    required = [names.index(name) for name in decision.required]
    enough = decision.at_least if at_least is None else at_least
    return answer(flags[..., places_of(method, category)], required, enough)


def near_answers(method: Method, by_year: list[np.ndarray], near: np.ndarray) -> dict[str, np.ndarray]:
    """By category and school, whether the calculated answer would turn over if verdicts near their thresholds did.

    ``near``: of the verdicts of the year of the run, schools × criteria.
    """
    own = answers(method, by_year)
    extremes = [np.where(near, flag, by_year[0]) for flag in (IS_NOT_MET, IS_MET)]
    turned = [answers(method, [each, *by_year[1:]]) for each in extremes]
    return {name: np.any([one[name] != found for one in turned], axis=0) for name, found in own.items()}


def categories(method: Method) -> list[str]:
    """The categories of a method in the order of its criteria."""
    return list(dict.fromkeys(one.category for one in method.criteria.values()))


def criteria_of(method: Method, category: str) -> list[str]:
    """Names of the criteria of a category."""
    return [name for name, one in method.criteria.items() if one.category == category]


def places_of(method: Method, category: str) -> list[int]:
    """Numbers of the criteria of a category among those of the method."""
    return [place for place, one in enumerate(method.criteria.values()) if one.category == category]


class ListOf(NamedTuple):
    """A category in one office: its schools by code, how many schools were judged and how many could not be."""

    schools: list[str]
    judged: int
    unjudged: int


def list_of(identification: pd.DataFrame, category: str) -> ListOf:
    """The list of a category and how many schools it was made of."""
    rows = identification[identification["category"].eq(category)]
    answers = rows["identified"]
    return ListOf(
        sorted(rows.loc[answers.eq(YES), "school_id"]),
        int(answers.isin([YES, NO]).sum()),
        int(answers.eq(INSUFFICIENT).sum()),
    )


# --- frames ----------------------------------------------------------------------------------------------------------


def tables_of(
    verdicts: pd.DataFrame, schools: pd.DataFrame, method: Method, absent: Mapping[str, object]
) -> dict[str, np.ndarray]:
    """Columns of a frame of verdicts as schools × criteria, and what stands where there is no verdict."""
    known = list(method.criteria)
    school = pd.MultiIndex.from_frame(schools[UNIT]).get_indexer(pd.MultiIndex.from_frame(verdicts[UNIT]))
    number = pd.Index(known).get_indexer(verdicts["criterion"])
    kept = (school >= 0) & (number >= 0)
    tables = {}
    for column, missing in absent.items():
        tables[column] = np.full((len(schools), len(known)), missing, dtype=object)
        tables[column][school[kept], number[kept]] = verdicts[column].to_numpy(object)[kept]
    return tables


def flags_of(verdicts: pd.DataFrame, schools: pd.DataFrame, method: Method) -> np.ndarray:
    """Flags of a frame of verdicts, schools × criteria; a verdict that is not there is not assessed."""
    return _flags(tables_of(verdicts, schools, method, {"verdict": NOT_ASSESSED})["verdict"])


def _flags(words: np.ndarray) -> np.ndarray:
    return np.select([words == MET, words == NOT_MET], [IS_MET, IS_NOT_MET], IS_OPEN).astype(np.int8)


def identify(method: Method, by_year: list[pd.DataFrame]) -> pd.DataFrame:
    """Whether each school belongs to each category, from the verdicts alone.

    ``yes``: enough criteria are met, all required ones among them. ``no``: even if every criterion that was not assessed were
    met, it would not be enough. ``insufficient_data``: the criteria that were not assessed could change the answer; ``cause``
    and ``needs`` are theirs.

    Parameters
    ----------
    by_year : municipality, school_id, category, criterion, verdict, reason, cause, needs; the year of the run first, then the
        years before it, for categories that must hold in several.

    Returns
    -------
    ``municipality`` and ``IDENTIFICATION_COLUMNS``; ``decision`` is ``calculated``.
    """
    verdicts = by_year[0]
    if verdicts.empty:
        return pd.DataFrame(columns=["municipality", *IDENTIFICATION_COLUMNS])
    schools = verdicts[UNIT].drop_duplicates(ignore_index=True)
    texts = dict.fromkeys(("reason", "cause", "needs"), "")
    told = tables_of(verdicts, schools, method, {"verdict": NOT_ASSESSED, "near": False} | texts)
    flags = [_flags(told["verdict"]), *(flags_of(each, schools, method) for each in by_year[1:])]
    near = near_answers(method, flags, told["near"].astype(bool))
    parts = []
    for category in categories(method):
        decision, places = method.decisions[category], places_of(method, category)
        years = [answer_of_year(method, category, each) for each in flags[: decision.years]]
        calculated = answer_over_years(years, decision)
        titles = [method.criteria[name].title for name in criteria_of(method, category)]
        own = {name: told[name][:, places] for name in texts}
        now = flags[0][:, places]
        reason = _reasons(years[0], now, titles, own["reason"])
        known = np.sum([each != IS_OPEN for each in years], axis=0)
        if decision.years > 1:
            met = np.sum([each == IS_MET for each in years], axis=0)
            reason = [
                f"признак за {decision.years} года: {one} из нужных {decision.years_identified}; {text}"
                for one, text in zip(met, reason, strict=True)
            ]
        cause, needs = _causes(calculated, now, own["cause"], own["needs"], known, decision.years)
        parts.append(
            {
                "category": [category] * len(schools),
                "identified": [WORDS[one] for one in calculated.tolist()],
                "criteria_met": (now == IS_MET).sum(axis=1),
                "criteria_assessed": (now != IS_OPEN).sum(axis=1),
                "criteria_total": np.full(len(schools), len(places)),
                "decision": ["calculated"] * len(schools),
                "reason": reason,
                "cause": cause,
                "needs": needs,
                "near": near[category],
            }
        )
    units = {column: np.repeat(schools[column].to_numpy(object), len(parts)) for column in UNIT}
    together = {column: np.stack([_column(part[column]) for part in parts], axis=1).ravel() for column in parts[0]}
    return pd.DataFrame(units | together)[["municipality", *IDENTIFICATION_COLUMNS]]


def _column(values: np.ndarray | list[str]) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else np.array(values, dtype=object)


def _reasons(answers: np.ndarray, flags: np.ndarray, titles: list[str], reasons: np.ndarray) -> list[str]:
    """Why each school is or is not in a category, in Russian, from its verdicts of the year of the run."""
    patterns, which = np.unique(flags == IS_MET, axis=0, return_inverse=True)
    words = ["; ".join(title for title, met in zip(titles, one, strict=True) if met) for one in patterns]
    texts = []
    for school, (found, pattern) in enumerate(zip(answers.tolist(), which.ravel().tolist(), strict=True)):
        met = words[pattern]
        if found == IS_MET:
            texts.append(f"есть признаки: {met}")
        elif found == IS_NOT_MET:
            texts.append(
                f"признаки есть, но для категории их недостаточно: {met}"
                if met
                else "ни одного из определённых признаков нет"
            )
        else:
            missing = "; ".join(dict.fromkeys(reasons[school, flags[school] == IS_OPEN]))
            texts.append((f"есть признаки: {met}. " if met else "") + f"не определено: {missing}")
    return texts


def _causes(
    answers: np.ndarray, flags: np.ndarray, causes: np.ndarray, needs: np.ndarray, known: np.ndarray, years: int
) -> tuple[list[str], list[str]]:
    """Cause and needs of the criteria that leave an answer open: those of the first cause of the closed list that they have.

    An answer that this year's criteria do not leave open lacks years: ``known`` of ``years``.
    """
    found = [(KNOWN, "")] * len(answers)
    for school in np.flatnonzero(answers == IS_OPEN):
        opened = flags[school] == IS_OPEN
        told = set(causes[school, opened]) - {KNOWN}
        if told:
            cause = min(told, key=CAUSES.index)
            found[school] = (cause, "; ".join(dict.fromkeys(needs[school, opened & (causes[school] == cause)])))
        else:
            found[school] = (TOO_FEW, f"{known[school]} < {years}")
    return [cause for cause, _ in found], [need for _, need in found]


def apply_expert_decisions(identification: pd.DataFrame, expert_decisions: pd.DataFrame) -> pd.DataFrame:
    """The list after expert clarification; the calculated answer stays in ``calculated``.

    Where experts decided, no verdict turns the list over: such a school is marked ``expert`` and is not ``near``.

    Parameters
    ----------
    expert_decisions : municipality, school_id, category, decision (include, exclude), reason, decided_by (a role), decided_on.

    Source: programme of Лесосибирск, section 2.1, "уточнение отдельных позиций на экспертном уровне".
    """
    listed, decided = (
        list(zip(*(frame[column] for column in CATEGORY), strict=True)) for frame in (identification, expert_decisions)
    )
    if len(set(decided)) < len(decided):
        raise ValueError("more than one expert decision on a school and category")
    place = dict(zip(listed, range(len(listed)), strict=True))
    made = expert_decisions[np.array([key in place for key in decided], dtype=bool)]
    at = [place[key] for key in decided if key in place]
    told = {
        "identified": made["decision"].map({"include": YES, "exclude": NO}),
        "decision": "expert",
        "reason": made["reason"].fillna("") + " (" + made["decided_by"].fillna("") + ")",
        "cause": "",
        "needs": "",
        "near": False,
    }
    found = identification.assign(calculated=identification["identified"], decision="calculated")
    columns = {name: found[name].to_numpy(object, copy=True) for name in told}
    for name, words in told.items():
        columns[name][at] = words
    return found.assign(**columns | {"near": columns["near"].astype(bool)})
