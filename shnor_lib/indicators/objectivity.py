"""How far a school's results can be trusted: marks of ВПР against the class register, changes of one cohort in the region."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import LEVELS, Amount, Found, Rows, mean, ratio, stacked

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


def of_region(exam_results: Rows, column: str) -> Found:
    """A quartile of K over the schools of the region: the result of the same children a year ago over that of this year.

    Parameters
    ----------
    exam_results : rows of the region with ``ratio_q1`` or ``ratio_q3`` and ``ratio_schools`` (how many schools have K).
    column : one of the two.

    Notes
    -----
    Rows of the region for ВПР alone, missing where it does not tell; the denominator is the number of schools. The importer makes
    the numbers (:func:`shnor_lib.inputs.importers.regional.ratios_together`), or the region gives them.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> vpr = example(level=["region", "region", "school"], school_id=["", "", "1"], exam=["VPR"] * 3, subject=["maths"] * 3,
    ...     grade=[5, 6, 5], ratio_schools=[412, None, None], ratio_q1=[0.91, None, 0.5], ratio_q3=[1.07, None, None])
    >>> cohort_ratio_q1(vpr)["value"].tolist(), cohort_ratio_q3(vpr)["value"].tolist(), cohort_ratio_q1(vpr)["denominator"].tolist()
    ([0.91, nan], [1.07, nan], [412.0, nan])
    """
    rows = exam_results.take((exam_results.level == LEVELS.index("region")) & exam_results.words("exam").of("VPR"))
    return mean(rows, column, rows.amount("ratio_schools")).per(rows.procedures())


cohort_ratio_q1 = indicator(partial(of_region, column="ratio_q1"), "cohort_ratio_q1")
cohort_ratio_q3 = indicator(partial(of_region, column="ratio_q3"), "cohort_ratio_q3")
