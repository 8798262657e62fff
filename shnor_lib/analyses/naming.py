"""Schools in a sentence by their names, lists by their words, and the answers by category."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from shnor_lib.criteria.decisions import list_of
from shnor_lib.office.office import Office
from shnor_lib.params.methods import CategoryWords

MOST_NAMED = 8
"""So many schools are named in a sentence; of more it says how many they are."""


def named(office: Office, schools: Iterable[str], most: int = MOST_NAMED) -> str:
    """Names of schools in the order of the registry, at most so many; empty words for none.

    The rest is said as a number: «Заречная, Полевая и ещё 3»; one school more than so many is named too. Schools that
    the registry does not judge come last.
    """
    wanted, judged = set(schools), office.schools["school_id"].tolist()
    known = [school for school in judged if school in wanted]
    return in_order(office, [*known, *sorted(wanted.difference(judged))], most)


def in_order(office: Office, schools: Iterable[str], most: int = MOST_NAMED) -> str:
    """The same in the order given."""
    names = [office.school_names[school] for school in schools]
    rest = len(names) - most
    return ", ".join(names) if rest <= 1 else f"{', '.join(names[:most])} и ещё {rest}"


def answers_of(identification: pd.DataFrame, category: str) -> pd.DataFrame:
    """The rows of a category in a year, indexed by school."""
    return identification[identification["category"].eq(category)].set_index("school_id")


NEED = ("help", "watch")
"""The purposes of lists whose schools need help or may soon need it; ``share`` is that of schools that may help others."""


def answers_on_need(office: Office) -> pd.DataFrame:
    """The rows of the identification on categories of :data:`NEED`."""
    return office.identification[office.identification["category"].isin(office.method.of_purpose(*NEED))]


def schools_sharing(office: Office) -> list[str]:
    """Schools on a list of those that may help others."""
    return [
        school
        for category in office.method.of_purpose("share")
        for school in list_of(office.identification, category).schools
    ]


def word_facts(category: str, words: CategoryWords) -> dict[str, object]:
    """How a list is called: its code, the word of cells, the word inside a sentence, its title."""
    return {
        "list_category": category,
        "list_abbreviation": words.abbreviation,
        "list_word": words.called,
        "list_title": words.title,
    }
