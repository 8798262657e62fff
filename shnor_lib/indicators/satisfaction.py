"""Satisfaction with the school by the independent quality assessment (НОК)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import ROW, indicator, mean, number

TITLE = "Удовлетворённость"

CARRIED_YEARS = 3
"""A school is assessed at least once in three years, so its last value stands for that long."""


def satisfied(satisfaction: pd.DataFrame) -> pd.Series:
    """Share of the satisfied: as given, else K5 = 0.3·recommend + 0.2·conditions + 0.5·overall.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> answers = example(satisfied_share=[0.7, None], recommend_share=[None, 0.8], conditions_share=[None, 0.5],
    ...                   overall_share=[None, 0.6])
    >>> satisfied(answers).round(6).tolist()
    [0.7, 0.64]
    """
    composed = (
        0.3 * number(satisfaction, "recommend_share")
        + 0.2 * number(satisfaction, "conditions_share")
        + 0.5 * number(satisfaction, "overall_share")
    )
    return number(satisfaction, "satisfied_share").fillna(composed)


@indicator(
    table="satisfaction",
    beside=("schools",),
    label="Доля удовлетворённых качеством образования",
    formula="доля удовлетворённых; если не указана – 0,3·рекомендуют + 0,2·условия + 0,5·в целом; действует 3 года",
    unit="rate",
    better="high",
    pooling="mean",
    reference="Лесосибирск 2020, раздел 2.1; НОК (веса – допущение)",
)
def satisfaction_share(satisfaction: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Share of those satisfied with the quality of education.

    Parameters
    ----------
    satisfaction : ``satisfied_share`` or ``recommend_share, conditions_share, overall_share`` (0..1); ``respondents`` (persons);
        ``assessed_year`` (empty: the year of the row).
    schools : the register, whose years are the years the value is wanted for.

    Notes
    -----
    As given, else K5 = 0.3·recommend + 0.2·conditions + 0.5·overall. The last assessment of a school stands for its own and the
    next three years, the note names its year; an older one is missing, as is a share that was not given.

    References
    ----------
    Лесосибирск 2020, section 2.1 (40 % and lower); НОК weights 0.3, 0.2, 0.5 are our reading of the federal rule.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> answers = example(satisfied_share=[0.38, 0.7, None], respondents=[100, 80, 50], assessed_year=[2019, 2017, 2021])
    >>> satisfaction_share(answers, example(name=["А", "Б", "В"]))["value"].tolist()
    [0.38, nan, nan]
    """
    shares = satisfaction[ROW].assign(
        share=satisfied(satisfaction),
        respondents=number(satisfaction, "respondents"),
        assessed=number(satisfaction, "assessed_year").fillna(satisfaction["year"]),
    )
    unit = ["level", "group", "school_id"]
    years = sorted({*satisfaction["year"], *schools["year"]})
    wanted = shares[unit].drop_duplicates().merge(pd.DataFrame({"year": years}), how="cross")
    known = wanted.merge(shares.drop(columns="year"), on=unit, how="left")
    known = known[known["assessed"] <= known["year"]]
    known = known.sort_values(["assessed", "share"], kind="stable").drop_duplicates(ROW, keep="last")
    latest = wanted.merge(known, on=ROW, how="left").sort_values(ROW, ignore_index=True)
    age = latest["year"] - latest["assessed"]
    current = latest["share"].where(age <= CARRIED_YEARS).rename("доля удовлетворённых")
    rates = mean(latest, current, latest["respondents"].where(current.notna()))
    assessed = latest["assessed"].fillna(0).astype(int).astype(str)
    note = np.select(
        [latest["assessed"].isna(), age > CARRIED_YEARS, current.notna() & (age > 0)],
        ["оценки ещё не было", "оценка " + assessed + " года старше трёх лет", "оценка " + assessed + " года"],
        default=rates["note"].astype(str),
    )
    return rates.assign(note=note)
