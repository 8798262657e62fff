"""Results of ЕГЭ, ОГЭ, ГВЭ, ВПР and regional tests, procedure by procedure.

Two scales meet here. ВПР, ОГЭ, ГВЭ, regional tests and the base level of maths on ЕГЭ give marks 2..5; the other ЕГЭ
subjects give a test score 0..100 and a number of participants below the certificate minimum. An indicator that a scale
does not know has no rows for its procedures.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, Words, matched, mean, ratio, stacked


def base_maths(exam_results: Rows) -> np.ndarray:
    """Which rows are maths of ЕГЭ at the base level, whose result is a mark."""
    return exam_results.words("exam").of("EGE") & exam_results.words("subject").of("maths_base")


def scored(exam_results: Rows) -> np.ndarray:
    """Which rows are on the 100-point scale: ЕГЭ except the base level of maths."""
    return exam_results.words("exam").of("EGE") & ~base_maths(exam_results)


def marks(rows: Rows, *wanted: int) -> Amount:
    """Number of the wanted marks in each row; missing when one of them is missing."""
    names = "» и «".join(map(str, wanted))
    return weighed_marks(rows, dict.fromkeys(wanted, 1)).called(f"отметки «{names}»")


def weighed_marks(rows: Rows, weights: dict[int, int]) -> Amount:
    """Marks of each row, each counted by its weight."""
    first, *others = (weight * rows.amount(f"mark_{mark}") for mark, weight in weights.items())
    return sum(others, first).called("отметки")


def participants_of(exam_results: Rows) -> Amount:
    """Participants of each row: as given, else the sum of the four marks."""
    return exam_results.amount("participants").or_else(marks(exam_results, 2, 3, 4, 5))


def _failed(exam_results: Rows) -> Amount:
    """Participants below the minimum: mark 2, on the 100-point scale those below the certificate minimum."""
    below = exam_results.amount("below_minimum")
    by_mark = exam_results.amount("mark_2").or_else(below)
    return below.where(scored(exam_results), by_mark)


def below_minimum(exam_results: Rows) -> Found:
    """Participants below the minimum of all: of every procedure, and of maths of ЕГЭ at either level."""
    failed, people = _failed(exam_results), participants_of(exam_results)
    single = ratio(exam_results, failed, people).per(exam_results.procedures())
    subject = exam_results.words("subject")
    of_ege = exam_results.words("exam").of("EGE") & subject.of("maths", "maths_base", "maths_any")
    if not of_ege.any():
        return single
    grade = exam_results.amount("grade").values
    labels = [f"EGE/maths_any/{one:.0f}" for one in np.unique(grade[of_ege])]
    grades = Words(np.searchsorted(np.unique(grade[of_ege]), grade), labels)
    levels, together = (np.flatnonzero(of_ege & (subject.of("maths_any") == any_level)) for any_level in (False, True))
    rows, own = exam_results.take(levels), Words(grades.codes[levels], labels)
    both, group = rows.groups(own)
    first = np.unique(group, return_index=True)[1]
    given = exam_results.take(together)
    key, known = ((of.unit * 10_000 + of.year) * 1_000 for of in (both, given))
    fresh = matched(key + own.codes[first], known + grades.codes[together]) < 0
    summed = [np.bincount(group, weights=one.values[levels]) for one in (failed, people)]  # a gap of one level is a gap
    top, whole = (replace(one, values=every[fresh]) for one, every in zip((failed, people), summed, strict=True))
    return stacked(single, ratio(both.take(fresh), top, whole).per(Words(own.codes[first][fresh], labels)))


@indicator
def pass_rate(exam_results: Rows) -> Found:
    """Share of participants with mark 3 or better; on ЕГЭ, of those who reached the minimum.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_2 … mark_5``, on ЕГЭ ``below_minimum``; ``participants`` (persons).

    Notes
    -----
    (n3 + n4 + n5) / N; on the 100-point scale (N − below minimum) / N. Missing when a count is missing or N is zero.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, mark_2=[2, 0, None], mark_3=[8, 0, 5],
    ...               mark_4=[6, 0, 5], mark_5=[4, 0, 5])
    >>> pass_rate(oge)["value"].tolist()
    [0.9, nan, nan]
    """
    reached = participants_of(exam_results) - exam_results.amount("below_minimum")
    passed = reached.where(scored(exam_results), marks(exam_results, 3, 4, 5))
    passed = passed.called("число получивших «3» и выше (ЕГЭ – достигших минимума)")
    return ratio(exam_results, passed, participants_of(exam_results)).per(exam_results.procedures())


@indicator
def below_minimum_rate(exam_results: Rows) -> Found:
    """Share of participants who did not reach the minimum.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_2``, on ЕГЭ ``below_minimum``; ``participants`` (persons).

    Notes
    -----
    Mark 2 / N on ВПР, ОГЭ, ГВЭ and base maths (``below_minimum`` when the mark is not given); below the certificate minimum
    / N on ЕГЭ. The two levels of ЕГЭ maths are also put together as ``EGE/maths_any/11``: (base mark 2 + profile below the
    minimum) / all; one level alone stands for both when the school gives no other. Missing when a count is missing or N is zero.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, participants=[20, 0, 10], mark_2=[3, 0, None])
    >>> below_minimum_rate(oge)["value"].tolist()
    [0.15, nan, nan]
    """
    return below_minimum(exam_results)


@indicator
def mean_percent(exam_results: Rows) -> Found:
    """Mean score as per cent of the maximum, so that procedures and years can stand side by side.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mean_score, max_score`` (points), ``participants`` (persons).

    Notes
    -----
    100 · mean score / maximum; ЕГЭ is on 0..100 already. Missing when a part is missing, the maximum is not above zero, or
    nobody took part. Base maths of ЕГЭ is a mark 2..5, not a score: it has no rows.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> results = example(exam=["VPR", "VPR", "EGE"], subject=["maths", "maths", "physics"], grade=[5, 5, 11],
    ...                   mean_score=[10, 10, 48], max_score=[20, None, None], participants=[20, 20, 10])
    >>> mean_percent(results)["value"].tolist()
    [50.0, nan, 48.0]
    """
    exam_results = exam_results.take(np.flatnonzero(~base_maths(exam_results)))
    largest = exam_results.amount("max_score").where(~scored(exam_results), 100.0)
    score = exam_results.amount("mean_score")
    with np.errstate(invalid="ignore"):
        percent = 100 * score.values / np.where(largest.values > 0, largest.values, np.nan)
    named = exam_results.named(percent, "средний или максимальный балл", "mean_score", "max_score")
    return mean(exam_results, named, participants_of(exam_results)).per(exam_results.procedures())
