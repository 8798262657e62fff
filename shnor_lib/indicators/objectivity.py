"""Marks of ВПР against the marks of the class register: how far a school's results can be trusted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, ratio, stacked

COMPARED = ["lowered", "confirmed", "raised"]


def compared(mark_comparison: Rows) -> Amount:
    """Participants with both marks: lowered, confirmed and raised together."""
    first, *others = (mark_comparison.amount(column) for column in COMPARED)
    return sum(others, first).called("участники с обеими отметками")


def marks_rate(mark_comparison: Rows, column: str) -> Found:
    """Share of participants whose mark for the work is below, equal to or above the mark of the register.

    Parameters
    ----------
    mark_comparison : ``exam, subject, grade, lowered, confirmed, raised`` (persons).
    column : ``lowered``, ``confirmed`` or ``raised``.

    Notes
    -----
    lowered / (lowered + confirmed + raised), and so on, for each procedure and, over its procedures, for the whole exam
    (``[VPR]``); a row for all subjects stands for the exam only when no single subject is given. Missing when a count is
    missing or nobody has both marks.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, lowered=[7, 0, 1], confirmed=[12, 0, None], raised=[1, 0, 0])
    >>> for rate in (marks_lowered_rate(vpr), marks_confirmed_rate(vpr), marks_raised_rate(vpr)):
    ...     rate.loc[rate["part"] == "VPR/maths/5", "value"].tolist()
    [0.35, nan, nan]
    [0.6, nan, nan]
    [0.05, nan, nan]
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


marks_lowered_rate = indicator(partial(marks_rate, column="lowered"), "marks_lowered_rate")
marks_confirmed_rate = indicator(partial(marks_rate, column="confirmed"), "marks_confirmed_rate")
marks_raised_rate = indicator(partial(marks_rate, column="raised"), "marks_raised_rate")
