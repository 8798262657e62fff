"""Staff of the school: categories, age, experience, load, training, vacancies and specialists."""

from __future__ import annotations

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, Words, ratio, stacked
from shnor_lib.inputs.dictionary import table


def people(staff: Rows) -> Amount:
    """The whole of which the staff counts are parts: pedagogues where filled, else teachers."""
    return staff.amount("pedagogues").or_else(staff.amount("teachers"))


@indicator
def teachers_experience_rate(staff: Rows) -> Found:
    """Shares of pedagogues by years of experience.

    Parameters
    ----------
    staff : ``experience_under_5 … experience_40_plus``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    Each band / people; the part in brackets is the band: ``teachers_experience_rate[under_5]``. Missing when a count is missing or
    the whole is zero.

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
