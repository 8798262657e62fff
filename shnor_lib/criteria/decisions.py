"""Identification: verdicts become a decision on each category.

The calculated result is three-valued: ``yes``, ``no`` or ``insufficient_data``. A school is ``no`` only when the criteria that
could not be assessed cannot change the answer; what decides after the calculation is in :mod:`shnor_lib.criteria.clarification`.
:func:`answers` is the one rule, over flags of draws × schools × criteria; frames are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET, UNIT
from shnor_lib.criteria.rules import IS_MET, IS_NOT_MET, IS_OPEN
from shnor_lib.indicators.causes import CAUSES, KNOWN, TOO_FEW
from shnor_lib.params.methods import Condition, Decision, Group, Method
from shnor_lib.params.titles import plural

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
    method: Method,
    by_year: list[np.ndarray],
    at_least: Mapping[str, np.ndarray] | None = None,
    against: list[np.ndarray] | None = None,
) -> dict[str, np.ndarray]:
    """The calculated answer of every category, (draws ×) schools.

    Parameters
    ----------
    by_year : flags of all criteria of the method in its order, (draws ×) schools × criteria; the year of the run first.
    at_least : numbers of criteria that are enough, where they differ from the method's own.
    against : flags of the criteria where a condition asks that they do not hold; the same ones when not given.
    """
    asked = _Asked(method, by_year, by_year if against is None else against, at_least or {})
    return {category: asked.answer(category) for category in method.categories}


def answer_of_year(
    method: Method, category: str, flags: np.ndarray, at_least: np.ndarray | int | None = None
) -> np.ndarray:
    """The answer of a category by the verdicts of one year, from the flags of all criteria of the method."""
    enough = {} if at_least is None else {category: at_least}
    return _Asked(method, [flags], [flags], enough).of_year(category, 0)


@dataclass(frozen=True)
class _Asked:
    """Flags by year, and what is asked of them; ``against`` as of :func:`answers`, a year that is not given is open.

    Conditions are three-valued: a group is unknown exactly where what is unknown in it could turn it over.
    """

    method: Method
    by_year: list[np.ndarray]
    against: list[np.ndarray]
    at_least: Mapping[str, np.ndarray | int]

    def answer(self, category: str, back: int = 0) -> np.ndarray:
        """The answer of a category in the year so many years back."""
        decision = self.method.decisions[category]
        if decision.when is not None:
            return self._of(decision.when, back)
        years = [self.of_year(category, each) for each in range(back, back + decision.years)]
        return answer_over_years(years, decision)

    def of_year(self, category: str, back: int) -> np.ndarray:
        """The answer by the verdicts of one year."""
        decision = self.method.decisions[category]
        if decision.when is not None:
            return self._of(decision.when, back)
        names = self.method.criteria_of(category)
        required = [names.index(name) for name in decision.required]
        flags = self._flags(back)[..., places_of(self.method, category)]
        return answer(flags, required, self.at_least.get(category, decision.at_least))

    def _flags(self, back: int) -> np.ndarray:
        return self.by_year[back] if back < len(self.by_year) else np.full_like(self.by_year[0], IS_OPEN)

    def _of(self, condition: Condition, back: int) -> np.ndarray:
        if isinstance(condition, str):
            return self._flags(back)[..., list(self.method.criteria).index(condition)]
        if condition.years > 1:
            years = [self._of(condition.once, each) for each in range(back, back + condition.years)]
            return answer(np.stack(years, axis=-1), [], condition.years_identified)
        if condition.category is not None:
            return self.answer(condition.category, back)
        if condition.none is not None:
            turned = replace(self, by_year=self.against, against=self.by_year)
            found = turned._together(condition.none, back, 1)
            return np.where(found == IS_OPEN, IS_OPEN, 1 - found).astype(np.int8)
        enough = condition.at_least or (len(condition.all) if condition.all else 1)
        return self._together(condition.conditions, back, enough)

    def _together(self, conditions: tuple[Condition, ...], back: int, enough: int) -> np.ndarray:
        return answer(np.stack([self._of(one, back) for one in conditions], axis=-1), [], enough)


def near_answers(method: Method, by_year: list[np.ndarray], near: np.ndarray) -> dict[str, np.ndarray]:
    """By category and school, whether the calculated answer would turn over if verdicts near their thresholds did.

    ``near``: of the verdicts of the year of the run, schools × criteria.
    """
    own = answers(method, by_year)
    least, most = ([np.where(near, flag, by_year[0]), *by_year[1:]] for flag in (IS_NOT_MET, IS_MET))
    turned = [answers(method, least, against=most), answers(method, most, against=least)]
    return {name: np.any([one[name] != found for one in turned], axis=0) for name, found in own.items()}


def places_of(method: Method, category: str) -> list[int]:
    """Numbers of the criteria that decide on a category among those of the method."""
    return [list(method.criteria).index(name) for name in method.criteria_of(category)]


def rule_in_words(method: Method, category: str) -> str:
    """What a category asks of a school, in Russian.

    Examples
    --------
    ``не меньше 2 из 7 признаков``; ``хотя бы одно из: «Оценка F»; «Оценка D» – 2 года из 2``
    """
    decision = method.decisions[category]
    if decision.when is not None:
        return _words_of(method, decision.when)
    names = method.criteria_of(category)
    of = f"не меньше {decision.at_least} из {len(names)} признаков" if len(names) > 1 else _words_of(method, names[0])
    needed = ", ".join(_words_of(method, name) for name in decision.required)
    return of + (f", среди них {needed}" if needed else "") + _words_of_years(decision)


def rules_in_words(method: Method) -> str:
    """What every category of a method asks of a school, in Russian, with who says so."""
    return "; ".join(
        f"{method.words(category).abbreviation} – {rule_in_words(method, category)} ({decision.reference})"
        for category, decision in method.decisions.items()
    )


def _words_of(method: Method, condition: Condition, inside: bool = False) -> str:
    if isinstance(condition, str):
        return f"«{method.criteria[condition].title}»"
    if condition.category is not None:
        return f"категория «{method.words(condition.category).abbreviation}»" + _words_of_years(condition)
    said = "; ".join(_words_of(method, one, inside=True) for one in condition.conditions)
    if len(condition.conditions) > 1 or condition.none:
        how = "ни одного из" if condition.none else "хотя бы одно из" if condition.any else "все из"
        how = f"не меньше {condition.at_least} из {len(condition.of)}" if condition.of else how
        said = f"({how}: {said})" if inside else f"{how}: {said}"
    return said + _words_of_years(condition)


def _words_of_years(of: Decision | Group) -> str:
    if of.years == 1:
        return ""
    return f" – {of.years_identified} {plural(of.years_identified, 'год', 'года', 'лет')} из {of.years}"


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
    ``municipality``, ``IDENTIFICATION_COLUMNS`` and ``calculated``, the same as ``identified``; ``decision`` is ``calculated``.
    """
    verdicts = by_year[0]
    if verdicts.empty:
        return pd.DataFrame(columns=["municipality", *IDENTIFICATION_COLUMNS, "calculated"])
    schools = verdicts[UNIT].drop_duplicates(ignore_index=True)
    texts = dict.fromkeys(("reason", "cause", "needs"), "")
    told = tables_of(verdicts, schools, method, {"verdict": NOT_ASSESSED, "near": False} | texts)
    flags = [_flags(told["verdict"]), *(flags_of(each, schools, method) for each in by_year[1:])]
    near = near_answers(method, flags, told["near"].astype(bool))
    found = answers(method, flags)
    parts = []
    for category in method.categories:
        places, calculated, span = places_of(method, category), found[category], method.years_of(category)
        titles = [method.criteria[name].title for name in method.criteria_of(category)]
        own = {name: told[name][:, places] for name in texts}
        now = flags[0][:, places]
        if method.decisions[category].when is not None:
            reason = _reasons(calculated, now, titles, own["reason"], rule_in_words(method, category))
            known = np.sum([(each[:, places] != IS_OPEN).any(axis=1) for each in flags[:span]], axis=0)
        else:
            years = [answer_of_year(method, category, each) for each in flags[:span]]
            reason = _reasons(years[0], now, titles, own["reason"])
            known = np.sum([each != IS_OPEN for each in years], axis=0)
            if span > 1:
                met, needed = np.sum([each == IS_MET for each in years], axis=0), method.decisions[category]
                reason = [
                    f"признак за {span} {plural(span, 'год', 'года', 'лет')}: {one} из нужных {needed.years_identified}; {text}"
                    for one, text in zip(met, reason, strict=True)
                ]
        cause, needs = _causes(calculated, now, own["cause"], own["needs"], known, span)
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
    found = pd.DataFrame(units | together)[["municipality", *IDENTIFICATION_COLUMNS]]
    return found.assign(calculated=found["identified"])


def _column(values: np.ndarray | list[str]) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else np.array(values, dtype=object)


def _reasons(
    answers: np.ndarray, flags: np.ndarray, titles: list[str], reasons: np.ndarray, rule: str = ""
) -> list[str]:
    """Why each school is or is not in a category, in Russian, from its verdicts of the year of the run.

    ``rule``: what is asked of a school, where that is more than a number of criteria.
    """
    patterns, which = np.unique(flags == IS_MET, axis=0, return_inverse=True)
    words = ["; ".join(title for title, met in zip(titles, one, strict=True) if met) for one in patterns]
    texts = []
    for school, (found, pattern) in enumerate(zip(answers.tolist(), which.ravel().tolist(), strict=True)):
        met = words[pattern]
        if found == IS_MET:
            texts.append(f"есть признаки: {met}" if met else f"выполнено условие: {rule}")
        elif found == IS_NOT_MET:
            few = (
                f"признаки есть, но для категории их недостаточно: {met}"
                if met
                else "ни одного из определённых признаков нет"
            )
            texts.append(few + (f"; нужно {rule}" if rule else ""))
        else:
            missing = "; ".join(dict.fromkeys(reasons[school, flags[school] == IS_OPEN])) or "прошлые годы"
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
