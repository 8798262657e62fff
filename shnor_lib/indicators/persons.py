"""Persons behind results: a pupil who wrote six works is one participant with six results."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from shnor_lib.indicators.catalogue import Catalogue, split_name

LEAVERS = "progression"
"""The table whose persons are others every year: graduates."""


def cohorts(known: Catalogue, names: Iterable[str], years: Iterable[int]) -> np.ndarray:
    """Which persons stand behind each year × name: cells of one number hold the same persons, those of two numbers others.

    Pupils of a procedure are a cohort, year − grade: in grade 5 of one year and in grade 6 of the next they are the same.
    Graduates are others every year. Pupils of a stage of education, all pupils, families and teachers are taken for the same
    from year to year. Our assumption: nobody changes the school, so a count is never above the number of persons.

    Examples
    --------
    >>> from shnor_lib.indicators import catalogue
    >>> names = ["pass_rate[VPR/maths/5]", "pass_rate[VPR/russian/5]", "pass_rate[VPR/maths/6]", "teachers_men_rate"]
    >>> cohorts(catalogue(), names, [2020, 2021]).tolist()
    [[1, 1, 0, 3], [2, 2, 1, 3]]
    """
    names = list(names)
    found = [[_cohort(known, name, year) for name in names] for year in years]
    numbers = {cohort: number for number, cohort in enumerate(sorted({cohort for row in found for cohort in row}))}
    return np.array([[numbers[cohort] for cohort in row] for row in found], dtype=np.int64).reshape(
        len(found), len(names)
    )


def _cohort(known: Catalogue, name: str, year: int) -> tuple[str, int]:
    """The persons of a name in a year: the year their first grade would begin from, or a group that stays."""
    entry, part = known.of(name), split_name(name)[1] or ""
    grade = part.rpartition("/")[2]
    if grade.isdigit():
        return "", year - int(grade)
    if entry is not None and LEAVERS in entry.tables:
        return LEAVERS, year
    return ("stage " + part.partition("/")[0] if entry is not None and entry.per == "stage" else "school"), 0


def persons(people: np.ndarray, cohort: np.ndarray) -> np.ndarray:
    """How many different persons stand behind cells of people: the largest cell of each cohort, summed.

    Parameters
    ----------
    people : units × years × names; missing counts as nobody.
    cohort : years × names, of :func:`cohorts`.

    Source: in one year, the largest procedure of each grade: who wrote it wrote the others of the grade too, or was not there.

    Examples
    --------
    >>> persons(np.array([[[20.0, 18.0, 30.0]]]), np.array([[0, 0, 1]])).tolist()
    [50.0]
    """
    of_cell = cohort.ravel()
    flat = np.nan_to_num(people).reshape(len(people), of_cell.size)
    found = np.zeros(len(people))
    for one in np.unique(of_cell):
        found += flat[:, of_cell == one].max(axis=1)
    return found
