"""The programmes «минимум» and «максимум» of Искитимский район: final attestation in the compulsory subjects.

The footnotes that define the programmes are lost; the definitions here are the default reading and are marked as such.
"""

from __future__ import annotations

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.causes import NOT_DELIVERED
from shnor_lib.indicators.formulas import LEVELS, Found, Rows, State, Words, found, matched, picked, stacked
from shnor_lib.indicators.results import below_minimum

COMPULSORY = {
    "OGE": ("OGE/russian/9", "OGE/maths/9"),
    "EGE": ("EGE/russian/11", "EGE/maths_any/11"),
}
"""Procedures no graduate may fail in the programme «минимум»; maths of ЕГЭ at either level."""

COMPARED = {"OGE": ("russian", "maths"), "EGE": ("russian", "maths")}
"""Subjects whose mean scores the programme «максимум» compares with the region."""


def _both_subjects(schools: Rows, holds: list[np.ndarray], exam: str, missing: str, needs: str) -> Found:
    """1 when both subjects hold, 0 when one does not, missing when one is not known."""
    value = np.minimum(*holds)
    unknown = np.isnan(value)
    result = found(
        schools, value, value, np.where(unknown, np.nan, 1.0), (unknown, State(missing, NOT_DELIVERED, needs))
    )
    return result.per(Words(np.zeros(len(schools), dtype=np.int64), [exam]))


@indicator
def minimum_programme_flag(exam_results: Rows) -> Found:
    """Whether no graduate fell below the minimum in the two compulsory subjects.

    Parameters
    ----------
    exam_results : ОГЭ and ЕГЭ in Russian and maths as for :func:`~shnor_lib.indicators.results.below_minimum_rate`.

    Notes
    -----
    1 when the number below the minimum is 0 in both subjects of the exam in brackets (ЕГЭ maths at either level), else 0; missing
    when one of the two results is not known. Schools only; schools without the exam have no row.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> oge = example(exam=["OGE"] * 4, subject=["russian", "maths"] * 2, grade=[9] * 4, school_id=["1", "1", "2", "2"],
    ...               participants=[20, 20, 9, 9], mark_2=[0, 0, 0, 1])
    >>> minimum_programme_flag(oge)["value"].tolist()
    [1.0, 0.0]
    """
    of_schools = exam_results.take(exam_results.of_schools & exam_results.words("exam").of(*COMPULSORY))
    rates = below_minimum(of_schools)
    failed = np.where(np.isnan(rates.value), np.nan, rates.numerator)
    parts = []
    for exam, procedures in COMPULSORY.items():
        results = rates.rows.take(rates.part.of(*procedures))
        schools = results.groups()[0]
        holds = []
        for procedure in procedures:
            own = np.flatnonzero(rates.part.of(procedure))
            count = picked(failed[own], schools.beside(rates.rows.take(own)))
            holds.append(np.where(np.isnan(count), np.nan, count == 0))
        needs = "exam_results.participants; exam_results.mark_2 | below_minimum"
        parts.append(_both_subjects(schools, holds, exam, "нет результата по обязательному предмету", needs))
    return stacked(*parts)


@indicator
def maximum_programme_flag(exam_results: Rows) -> Found:
    """Whether the mean of the school is not below the region in both compulsory subjects.

    Parameters
    ----------
    exam_results : ОГЭ and ЕГЭ in Russian and maths with ``mean_score`` (points) of schools and of the region.

    Notes
    -----
    1 when the mean score is at least that of the region in both subjects of the exam in brackets (ЕГЭ maths: profile), else 0;
    missing when a mean of the school or of the region is. Schools only; schools without the exam have no row.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> oge = example(level=["school", "school", "region", "region"], school_id=["1", "1", "", ""], exam=["OGE"] * 4,
    ...               subject=["russian", "maths"] * 2, grade=[9] * 4, mean_score=[26, 15, 25, 15])
    >>> maximum_programme_flag(oge)["value"].tolist()
    [1.0]
    """
    subject, mean_score = exam_results.words("subject"), exam_results.amount("mean_score").values
    region = exam_results.level == LEVELS.index("region")
    parts = []
    for exam, subjects in COMPARED.items():
        compared = exam_results.words("exam").of(exam) & subject.of(*subjects)
        schools = exam_results.take(compared & exam_results.of_schools).groups()[0]
        holds = []
        for one in subjects:
            in_subject = compared & subject.of(one)
            own, above = (np.flatnonzero(in_subject & rows) for rows in (exam_results.of_schools, region))
            score = picked(mean_score[own], schools.beside(exam_results.take(own)))
            of_region = exam_results.take(above)
            place = matched(schools.office * 10_000 + schools.year, of_region.office * 10_000 + of_region.year)
            benchmark = picked(mean_score[above], place)
            holds.append(np.where(np.isnan(score) | np.isnan(benchmark), np.nan, score >= benchmark))
        parts.append(
            _both_subjects(schools, holds, exam, "нет среднего балла школы или региона", "exam_results.mean_score")
        )
    return stacked(*parts)
