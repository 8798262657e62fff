"""Answers of the schools to the context survey."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import ROW, indicator, number

TITLE = "Опрос школ"


@indicator(
    table="survey",
    label="Ответ «да» на вопрос анкеты",
    formula="школа: да – 1, нет – 0; группа: ответили «да» / опрошено школ",
    unit="flag",
    better="none",
    per="question",
    reference="Лесозаводск 2021, раздел III",
)
def survey_yes(survey: pd.DataFrame) -> pd.DataFrame:
    """Whether the school answered yes; for a group of schools the share of yes.

    Parameters
    ----------
    survey : ``question, answer`` (yes or no) or, for groups, ``schools_yes, schools_asked`` (schools); ``place`` of the source.

    Notes
    -----
    1 or 0; yes / asked for a group. Two places of the source that contradict each other give a missing value and a note naming both.

    References
    ----------
    Лесозаводск 2021, section III (its table and its text disagree on the village's fast internet).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> survey = example(school_id=["1", "2", "2"], question=["fast_internet"] * 3, answer=[True, True, False],
    ...                  place=["таблица", "таблица", "текст"])
    >>> survey_yes(survey)["value"].tolist()
    [1.0, nan]
    """
    answer = number(survey, "answer")
    asked = number(survey, "schools_asked").where(answer.isna(), 1.0)
    answers = survey[[*ROW, "question"]].assign(
        yes=answer.fillna(number(survey, "schools_yes")), asked=asked.mask(asked <= 0), place=_places(survey)
    )
    answers = answers.assign(share=answers["yes"] / answers["asked"]).sort_values("place", kind="stable")
    questions = answers.groupby([*ROW, "question"], observed=True)
    first = questions[["yes", "asked", "share"]].first().reset_index()
    differ = (questions["share"].nunique() > 1).to_numpy()
    note = np.where(first["share"].isna(), "ответа нет", "").astype(object)
    if differ.any():
        note[differ] = _contradictions(answers, first.loc[differ, [*ROW, "question"]])
    value = first["share"].mask(differ)
    return first[ROW].assign(
        value=value,
        numerator=first["yes"].mask(differ),
        denominator=first["asked"].mask(differ),
        note=note,
        part=first["question"],
    )


def _places(survey: pd.DataFrame) -> pd.Series:
    """Where in the source each answer stands, "" when not said."""
    return survey["place"].astype(object).fillna("") if "place" in survey else pd.Series("", index=survey.index)


def _contradictions(answers: pd.DataFrame, keys: pd.DataFrame) -> list[str]:
    """A note for each question answered differently in different places."""
    told = keys.merge(answers.dropna(subset="share"), on=[*ROW, "question"], how="left")
    words = told["place"].replace("", "место не указано") + " – " + np.where(told["share"] == 1, "да", "нет")
    words = words.mask(~told["share"].isin([0, 1]), told["place"] + " – " + told["yes"].astype(str))
    joined = words.groupby([told[column] for column in [*ROW, "question"]], sort=False, observed=True).agg("; ".join)
    return ("источник противоречит себе: " + joined).tolist()
