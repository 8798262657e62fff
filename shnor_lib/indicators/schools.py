"""The school itself: size, place, shifts and kind. Flags are 1 or 0 for a school and a share for a group of schools."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import LEVELS, Amount, Found, Rows, keyed, matched, mean, picked, ratio
from shnor_lib.inputs.dictionary import HIGHEST_GRADE, choices

GROUPS = {"urban": "городские", "rural": "сельские"}
"""Names of the groups of schools by locality, in the tables and in what is computed."""


def highest_grade(schools: pd.DataFrame) -> pd.Series:
    """The highest grade each school of a register has: as given, else by its kind (НОШ 4, ООШ 9, СОШ, гимназия and лицей 11).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> highest_grade(example(kind=["ООШ", "СОШ", "other"], highest_grade=[None, 9, None])).tolist()
    [9.0, 9.0, nan]
    """
    _, rows = keyed({"schools": schools})
    return pd.Series(grades_of(rows["schools"]).values, index=schools.index, name="highest_grade")


def grades_of(schools: Rows) -> Amount:
    """The highest grade of each row of the register."""
    kind = schools.words("kind")
    by_kind = np.array([*(HIGHEST_GRADE.get(label, np.nan) for label in kind.labels), np.nan])[kind.codes]
    return schools.amount("highest_grade").or_else(schools.named(by_kind, "kind", "kind"))


def schools_of(schools: Rows) -> Amount:
    """Number of schools of each row: one for a school, above it as given."""
    return schools.amount("schools").where(~schools.of_schools, 1.0)


def locality_flag(schools: Rows, code: str) -> Found:
    """Whether the school stands in a town (``urban``) or in a village (``rural``).

    Parameters
    ----------
    schools : ``locality`` (urban, rural).

    Notes
    -----
    1 or 0; a group of schools gets the share, from the published numbers of schools where the register gives them (all and
    those of the group «городские» or «сельские»). Missing when the locality is not given.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> schools = example(locality=["urban", "rural", None])
    >>> urban_school_flag(schools)["value"].tolist(), rural_school_flag(schools)["value"].tolist()
    ([1.0, 0.0, nan], [0.0, 1.0, nan])
    """
    locality, whole = schools.words("locality"), schools_of(schools)
    count = np.where(locality.codes < 0, np.nan, locality.of(code)) * whole.values
    groups = np.flatnonzero(schools.words("group").of(GROUPS[code]))
    place = matched(schools.office * 10_000 + schools.year, schools.office[groups] * 10_000 + schools.year[groups])
    of_group = picked(whole.values[groups], place)
    count = np.where(np.isnan(count) & (schools.level == LEVELS.index("municipality")), of_group, count)
    return ratio(schools, schools.named(count, "locality", "locality"), whole)


urban_school_flag = indicator(partial(locality_flag, code="urban"), "urban_school_flag")
rural_school_flag = indicator(partial(locality_flag, code="rural"), "rural_school_flag")


def choice_order(schools: Rows, column: str, first: int) -> Found:
    """Which of the bands of population the settlement falls into, or how hard a trip to the nearest big city is.

    Parameters
    ----------
    schools : ``settlement_population`` or ``transport`` (band).

    Notes
    -----
    The place of the band in the list of the dictionary, counted from ``first``: 1 for under 1,000 people … 8 for over a million;
    0 in a big city, 1 a day trip, 2 two days, 3 no regular transport. Missing when not given. An order, not a quantity: schools
    are not put together.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> settlement_size_band(example(settlement_population=["under_1000", "over_1000000", None]))["value"].tolist()
    [1.0, 8.0, nan]
    >>> transport_difficulty(example(transport=["in_city", "no_regular", None]))["value"].tolist()
    [0.0, 3.0, nan]
    """
    chosen, places = schools.words(column), {code: place for place, code in enumerate(choices(column), start=first)}
    order = np.array([*(places.get(label, np.nan) for label in chosen.labels), np.nan])[chosen.codes]
    return mean(schools, schools.named(order, column, column), schools.named(np.ones(len(schools)), "schools"))


settlement_size_band = indicator(partial(choice_order, column="settlement_population", first=1), "settlement_size_band")
transport_difficulty = indicator(partial(choice_order, column="transport", first=0), "transport_difficulty")
