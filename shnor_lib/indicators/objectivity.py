"""Marks of ВПР against the marks of the class register: how far a school's results can be trusted."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import ROW, indicator, mean, number, ratio
from shnor_lib.indicators.results import procedures

TITLE = "Объективность"

COMPARED = ["lowered", "confirmed", "raised"]


def compared(mark_comparison: pd.DataFrame) -> pd.Series:
    """Participants with both marks: lowered, confirmed and raised together.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> compared(example(lowered=[7, 1], confirmed=[12, None], raised=[1, 0])).tolist()
    [20.0, nan]
    """
    return sum(number(mark_comparison, column) for column in COMPARED).rename("участники с обеими отметками")


def _share(mark_comparison: pd.DataFrame, column: str) -> pd.DataFrame:
    """The share in each procedure and in the whole exam (``marks_lowered_rate[VPR]``).

    The whole exam adds its procedures; a row for all subjects stands for the exam only when no single subject is given.
    """
    single = ratio(mark_comparison, column, compared(mark_comparison)).assign(part=procedures(mark_comparison))
    counts = mark_comparison[[*ROW, "exam"]].assign(
        of_all=mark_comparison["subject"] == "all", part_count=single["numerator"], both=single["denominator"]
    )
    counts = counts[~counts["of_all"] | counts.groupby([*ROW, "exam"], observed=True)["of_all"].transform("all")]
    counts["part_count"] = counts["part_count"].where(counts["both"].notna())
    exams = counts.groupby([*ROW, "exam"], observed=True, as_index=False)[["part_count", "both"]].sum(min_count=1)
    whole = ratio(exams, exams["part_count"].rename(column), exams["both"].rename("участники с обеими отметками"))
    return pd.concat([single, whole.assign(part=exams["exam"])], ignore_index=True)


@indicator(
    table="mark_comparison",
    label="Доля понизивших отметку относительно журнала",
    formula="понизили / (понизили + подтвердили + повысили)",
    unit="rate",
    better="low",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1; ФИОКО, сравнение отметок с журналом",
)
def marks_lowered_rate(mark_comparison: pd.DataFrame) -> pd.DataFrame:
    """Share of participants whose mark for the work is below the mark of the register.

    Parameters
    ----------
    mark_comparison : ``exam, subject, grade, lowered, confirmed, raised`` (persons).

    Notes
    -----
    lowered / (lowered + confirmed + raised), for each procedure and, over its procedures, for the whole exam
    (``[VPR]``). Missing when a count is missing or nobody has both marks.

    References
    ----------
    Лесосибирск 2020, section 1 (34.21 % in the town); ФИОКО, comparison of marks.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, lowered=[7, 0, 1], confirmed=[12, 0, None], raised=[1, 0, 0])
    >>> shares = marks_lowered_rate(vpr)
    >>> shares.loc[shares["part"] == "VPR/maths/5", "value"].tolist()
    [0.35, nan, nan]
    """
    return _share(mark_comparison, "lowered")


@indicator(
    table="mark_comparison",
    label="Доля подтвердивших отметку относительно журнала",
    formula="подтвердили / (понизили + подтвердили + повысили)",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1; ФИОКО, сравнение отметок с журналом",
)
def marks_confirmed_rate(mark_comparison: pd.DataFrame) -> pd.DataFrame:
    """Share of participants whose mark for the work is equal to the mark of the register.

    Parameters
    ----------
    mark_comparison : ``exam, subject, grade, lowered, confirmed, raised`` (persons).

    Notes
    -----
    confirmed / (lowered + confirmed + raised), for each procedure and, over its procedures, for the whole exam
    (``[VPR]``). Missing when a count is missing or nobody has both marks.

    References
    ----------
    Лесосибирск 2020, section 1 (59.22 % in the town); ФИОКО, comparison of marks.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, lowered=[7, 0, 1], confirmed=[12, 0, None], raised=[1, 0, 0])
    >>> shares = marks_confirmed_rate(vpr)
    >>> shares.loc[shares["part"] == "VPR/maths/5", "value"].tolist()
    [0.6, nan, nan]
    """
    return _share(mark_comparison, "confirmed")


@indicator(
    table="mark_comparison",
    label="Доля повысивших отметку относительно журнала",
    formula="повысили / (понизили + подтвердили + повысили)",
    unit="rate",
    better="none",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1; ФИОКО, сравнение отметок с журналом",
)
def marks_raised_rate(mark_comparison: pd.DataFrame) -> pd.DataFrame:
    """Share of participants whose mark for the work is above the mark of the register.

    Parameters
    ----------
    mark_comparison : ``exam, subject, grade, lowered, confirmed, raised`` (persons).

    Notes
    -----
    raised / (lowered + confirmed + raised), for each procedure and, over its procedures, for the whole exam
    (``[VPR]``). Missing when a count is missing or nobody has both marks.

    References
    ----------
    Лесосибирск 2020, section 1 (6.5 % in the town); ФИОКО, comparison of marks.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, lowered=[7, 0, 1], confirmed=[12, 0, None], raised=[1, 0, 0])
    >>> shares = marks_raised_rate(vpr)
    >>> shares.loc[shares["part"] == "VPR/maths/5", "value"].tolist()
    [0.05, nan, nan]
    """
    return _share(mark_comparison, "raised")


@indicator(
    table="mark_comparison",
    label="Корреляция балла с отметкой по журналу",
    formula="коэффициент Спирмена внутри школы",
    unit="number",
    better="high",
    pooling="none",
    per="procedure",
    reference="ФИОКО, признаки необъективности ВПР",
)
def journal_spearman(mark_comparison: pd.DataFrame) -> pd.DataFrame:
    """How well the scores of the work follow the marks of the register inside the school.

    Parameters
    ----------
    mark_comparison : ``exam, subject, grade, spearman`` (−1..1), ``lowered, confirmed, raised`` (persons).

    Notes
    -----
    Spearman's rank correlation as delivered; below zero is a marker of bias. Missing when not given or nobody has both marks;
    schools are not put together.

    References
    ----------
    ФИОКО, markers of biased ВПР results, marker 2.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, spearman=[0.6, -0.1, None])
    >>> journal_spearman(vpr)["value"].tolist()
    [0.6, -0.1, nan]
    """
    return mean(mark_comparison, "spearman", compared(mark_comparison)).assign(part=procedures(mark_comparison))
