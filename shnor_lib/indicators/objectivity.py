"""Marks of ВПР against the marks of the class register: how far a school's results can be trusted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, ratio, stacked

COMPARED = ["lowered", "confirmed", "raised"]


def compared(mark_comparison: Rows) -> Amount:
    """Participants with both marks: lowered, confirmed and raised together."""
    first, *others = (mark_comparison.amount(column) for column in COMPARED)
    return sum(others, first).called("участники с обеими отметками")


def _share(mark_comparison: Rows, column: str) -> Found:
    """The share in each procedure and in the whole exam (``marks_lowered_rate[VPR]``).

    The whole exam adds its procedures; a row for all subjects stands for the exam only when no single subject is given.
    """
    part, both = mark_comparison.amount(column), compared(mark_comparison)
    single = ratio(mark_comparison, part, both).per(mark_comparison.procedures())
    exam, of_all = mark_comparison.words("exam"), mark_comparison.words("subject").of("all")
    exams, group = mark_comparison.groups(exam)
    only_all = np.bincount(group, weights=~of_all) == 0
    counted = (~of_all | only_all[group]) & ~both.missing
    sums = []
    for amount, known in ((part, counted & ~part.missing), (both, counted)):
        total = np.bincount(group, weights=np.where(known, amount.values, 0))
        sums.append(replace(amount, values=np.where(np.bincount(group, weights=known) > 0, total, np.nan)))
    return stacked(single, ratio(exams, *sums).per(exams.words("exam")))


@indicator(
    table="mark_comparison",
    label="Доля понизивших отметку относительно журнала",
    formula="понизили / (понизили + подтвердили + повысили)",
    unit="rate",
    better="low",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1; ФИОКО, сравнение отметок с журналом",
)
def marks_lowered_rate(mark_comparison: Rows) -> Found:
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
    >>> from shnor_lib.indicators.formulas import example
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
def marks_confirmed_rate(mark_comparison: Rows) -> Found:
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
    >>> from shnor_lib.indicators.formulas import example
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
def marks_raised_rate(mark_comparison: Rows) -> Found:
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
    >>> from shnor_lib.indicators.formulas import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, lowered=[7, 0, 1], confirmed=[12, 0, None], raised=[1, 0, 0])
    >>> shares = marks_raised_rate(vpr)
    >>> shares.loc[shares["part"] == "VPR/maths/5", "value"].tolist()
    [0.05, nan, nan]
    """
    return _share(mark_comparison, "raised")
