"""Results whose truth is known: schools, subjects, cohorts and pupils drawn by the components of a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shnor_lib.statistics.components import Cells, Components


@dataclass(frozen=True)
class Drawn:
    """Results with the truth behind them.

    Attributes
    ----------
    cells : what an office would deliver.
    school : true difference of each school, in points.
    """

    cells: Cells
    school: np.ndarray


def draw_results(
    random: np.random.Generator,
    schools: int,
    components: Components,
    people: tuple[int, int] = (16, 60),
    subjects: int = 3,
    grades: tuple[int, ...] = (5, 7, 9),
    years: int = 2,
    absent: float = 0.1,
) -> Drawn:
    """Results of an office: every grade writes every subject every year, ``absent`` of the results are not there.

    Parameters
    ----------
    people : fewest and most pupils of a grade; a school is of one size, its grades differ by a fifth.
    """
    subject, grade, year = (one.ravel() for one in np.meshgrid(range(subjects), grades, range(years), indexing="ij"))
    born, cohort = np.unique(year - grade, return_inverse=True)
    shape = (schools, len(subject))
    own = random.normal(0, components.school, schools)
    by_subject = random.normal(0, components.subject, (schools, subjects))
    by_cohort = random.normal(0, components.cohort, (schools, len(born)))
    count = random.integers(people[0], people[1] + 1, (schools, 1)) * random.uniform(0.8, 1.2, shape)
    count = np.maximum(count.round(), 1)
    chance = random.standard_normal(shape) * components.pupil / np.sqrt(count)
    values = random.normal(55, 8, len(subject)) + own[:, None] + by_subject[:, subject] + by_cohort[:, cohort] + chance
    values[random.random(shape) < absent] = np.nan
    return Drawn(Cells(values, count, subject, born[cohort]), own)
