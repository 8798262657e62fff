"""Lists and comparisons as commands print them for people: Russian headings and words instead of columns and codes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.pages.words import CATEGORIES, WORDS
from shnor_lib.params.methods import Criterion
from shnor_lib.whatif.scenarios import ABSENT, BASE, DECISION_RULE

VERDICTS = {code: one.text for code, one in WORDS["verdict"].items()} | {ABSENT: "нет в методике"}
ANSWERS = {code: one.text for code, one in WORDS["identified"].items()}
DECISIONS = {code: one.text for code, one in WORDS["decision"].items()}
CHANGES = {"enters": "входит", "leaves": "выходит", "other": "иначе"}
EXPERT = {"include": "включить", "exclude": "не включать", "": ""}
OWN = "своя методика"


def identification_in_words(identification: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The lists of an office, one row a school and category.

    Parameters
    ----------
    names : names of schools by id.
    """
    found = identification
    columns = {
        "Код": found["school_id"],
        "Школа": found["school_id"].map(names),
        "Категория": found["category"].map(dict(CATEGORIES)),
        "В перечне": found["identified"].map(ANSWERS),
        "Признаков": found["criteria_met"].astype(str) + " из " + found["criteria_assessed"].astype(str),
        "Решение": found["decision"].map(DECISIONS),
        "У порога": found["near"].map({True: "да", False: ""}),
        "Основание": found["reason"].fillna(""),
    }
    return pd.DataFrame(columns)


def summary_in_words(summary: pd.DataFrame) -> pd.DataFrame:
    """How long each list is by each scenario and how many schools move."""
    told = summary.astype(object).where(summary.notna(), "–")
    return told.assign(
        scenario=summary["scenario"].replace(BASE, OWN), category=summary["category"].map(dict(CATEGORIES))
    ).rename(columns={"scenario": "Сценарий", "category": "Категория", "listed": "Школ в перечне"} | CHANGES)


def changes_in_words(changes: pd.DataFrame, criteria: Mapping[str, Mapping[str, Criterion]]) -> pd.DataFrame:
    """Who enters and who leaves, and which criteria did it.

    Parameters
    ----------
    criteria : of each scenario, by name, those of the method it is compared with among them.
    """
    columns = {
        "Сценарий": changes["scenario"],
        "Школа": changes["school_id"],
        "Категория": changes["category"].map(dict(CATEGORIES)),
        "Было": changes["before"].map(ANSWERS),
        "Стало": changes["after"].map(ANSWERS),
        "Что меняется": changes["change"].map(CHANGES),
        "Эксперты": changes["expert"].map(EXPERT),
        "Почему": [because(one.criteria, criteria[one.scenario]) for one in changes.itertuples()],
    }
    return pd.DataFrame(columns)


def because(changed: str, criteria: Mapping[str, Criterion]) -> str:
    """Changed verdicts in words, those that changed alike together."""
    if changed == DECISION_RULE:
        return "правило решения: сколько критериев достаточно"
    alike: dict[str, list[str]] = {}
    for change in changed.split("; "):
        name, moved = change.split(": ")
        alike.setdefault(moved, []).append(criteria[name].short)
    parts = []
    for moved, names in alike.items():
        before, after = moved.split(" → ")
        parts.append(f"{VERDICTS[before]} → {VERDICTS[after]}: {', '.join(names)}")
    return "; ".join(parts)
