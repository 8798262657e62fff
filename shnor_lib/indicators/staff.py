"""Staff of the school: categories, age, experience, load, training, vacancies and specialists."""

from __future__ import annotations

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, Words, ratio, stacked
from shnor_lib.inputs.dictionary import table


def people(staff: Rows) -> Amount:
    """The whole of which the staff counts are parts: pedagogues where filled, else teachers."""
    return staff.amount("pedagogues").or_else(staff.amount("teachers"))


@indicator(
    table="staff",
    label="Доля педагогов с первой или высшей категорией",
    formula="(первая + высшая категория) / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел III (матрица риска)",
)
def teachers_first_or_highest_category_rate(staff: Rows) -> Found:
    """Share of pedagogues with the first or the highest category.

    Parameters
    ----------
    staff : ``category_first, category_highest``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    (first + highest) / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III, risk matrix (29, 55, 89 %).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> staff = example(category_first=[2, 1, None], category_highest=[1, 0, 2], pedagogues=[20, 0, 10])
    >>> teachers_first_or_highest_category_rate(staff)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, staff.amount("category_first") + staff.amount("category_highest"), people(staff))


@indicator(
    table="staff",
    label="Доля педагогов по стажу",
    formula="стаж в пределах полосы / педагоги (если не указаны – учителя)",
    unit="rate",
    better="none",
    per="experience",
    reference="Лесосибирск 2020, раздел 1",
)
def teachers_experience_rate(staff: Rows) -> Found:
    """Shares of pedagogues by years of experience.

    Parameters
    ----------
    staff : ``experience_under_5 … experience_40_plus``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    Each band / people; the part in brackets is the band: ``teachers_experience_rate[under_5]``. Missing when a count is missing or
    the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (116, 97, 109, 174, 168, 34 of 698).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> bands = teachers_experience_rate(example(experience_under_5=[3, 1, None], pedagogues=[20, 0, 10]))
    >>> bands.loc[bands["part"] == "under_5", "value"].tolist()
    [0.15, nan, nan]
    """
    bands = [column for column in table("staff").columns if column.startswith("experience_")]
    nobody_else = np.zeros(len(staff), dtype=np.int64)
    return stacked(
        *(
            ratio(staff, band, people(staff)).per(Words(nobody_else, [band.removeprefix("experience_")]))
            for band in bands
        )
    )


@indicator(
    table="staff",
    label="Укомплектованность педагогическими кадрами",
    formula="(ставки − вакансии) / ставки",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел VII",
)
def staffing_completeness_rate(staff: Rows) -> Found:
    """Share of posts that are held.

    Parameters
    ----------
    staff : ``vacancies, positions`` (rates).

    Notes
    -----
    (positions − vacancies) / positions. Missing when one is missing or there are no posts.

    References
    ----------
    Лесозаводск 2021, section VII («процент укомплектованности»).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> staffing_completeness_rate(example(vacancies=[1.5, 1, None], positions=[30, 0, 20]))["value"].tolist()
    [0.95, nan, nan]
    """
    held = staff.amount("positions") - staff.amount("vacancies")
    return ratio(staff, held.called("vacancies"), "positions")
