"""Answers of the schools to the context survey."""

from __future__ import annotations

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.causes import NOT_DELIVERED
from shnor_lib.indicators.formulas import Found, Rows, State, found


@indicator
def survey_yes(survey: Rows) -> Found:
    """Whether the school answered yes; for a group of schools the share of yes.

    Parameters
    ----------
    survey : ``question, answer`` (yes or no) or, for groups, ``schools_yes, schools_asked`` (schools); ``place`` of the source.

    Notes
    -----
    1 or 0; yes / asked for a group. Two places of the source that contradict each other give a missing value and a note naming both.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> survey = example(school_id=["1", "2", "2"], question=["fast_internet"] * 3, answer=[True, True, False],
    ...                  place=["таблица", "таблица", "текст"])
    >>> survey_yes(survey)["value"].tolist()
    [1.0, nan]
    """
    answer, yes, asked = (survey.amount(one) for one in ("answer", "schools_yes", "schools_asked"))
    yes = np.where(answer.missing, yes.values, answer.values)
    asked = np.where(answer.missing, asked.values, 1.0)
    asked = np.where(asked <= 0, np.nan, asked)
    share = yes / asked
    first, group = survey.groups(survey.words("question"))
    place = survey.words("place")
    words = np.array([*place.labels, ""], dtype=object)[place.codes]
    order = np.argsort(words.astype(str), kind="stable")

    def first_filled(values: np.ndarray) -> np.ndarray:
        """The first filled value of each question, in the order of the places."""
        filled = order[~np.isnan(values[order])]
        answered, at = np.unique(group[filled], return_index=True)
        result = np.full(len(first), np.nan)
        result[answered] = values[filled[at]]
        return result

    said = first_filled(share)
    differ = np.bincount(group, weights=~np.isnan(share) & (share != said[group]), minlength=len(first)) > 0
    cases = [(np.isnan(said), State("ответа нет", NOT_DELIVERED, NEEDS))]
    for one in np.flatnonzero(differ):
        rows = [row for row in order if group[row] == one and not np.isnan(share[row])]
        told = "; ".join(_told(words[row], share[row], yes[row]) for row in rows)
        cases.append((np.arange(len(first)) == one, State("источник противоречит себе: " + told, NOT_DELIVERED, NEEDS)))
    numbers = (np.where(differ, np.nan, one) for one in (said, first_filled(yes), first_filled(asked)))
    return found(first, *numbers, *cases).per(first.words("question"))


def _told(place: str, share: float, yes: float) -> str:
    """What one place of the source answers."""
    if share in (0, 1):
        return f"{place or 'место не указано'} – {'да' if share == 1 else 'нет'}"
    return f"{place} – {yes}"


NEEDS = "survey.answer | schools_yes"
