"""Checks of schools and of what they tell of themselves, also where two tables tell different things."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import (
    SCHOOL_YEAR,
    check,
    differ,
    first_filled,
    known,
    mapped,
    matched,
    rows_found,
)
from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.inputs.sources.rows import Rows

SAME_WITHIN = 0.05
"""Figures of one thing in two tables may differ by this share: they are counted on different days."""
SAME_WITHIN_PUPILS = 5
"""… or by so many pupils."""
STALE_AFTER = 3
"""A school's satisfaction is assessed at least once in so many years."""

_SAME_THINGS = (
    ("social_context", "pupils", "pupils"),
    ("conditions", "pupils", "pupils"),
    ("conditions", "special_needs_pupils", "special_needs_pupils"),
    ("social_context", "disabled", "special_needs_pupils"),
)
"""Columns that tell the same as a column of the table «Школы»."""

_NOT_ADDED = ("grade", "highest_grade", "schools", "schools_yes", "schools_asked")
"""Whole numbers that are no amounts, or that only rows above the school have."""


@check
def check_staff_none(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Schools that report no teacher; where somebody is counted among none, the check of wholes tells it."""
    staff = inputs.rows["staff"]
    somebody = (np.array([staff[part] for part in table("staff").parts[0].parts]) > 0).any(axis=0)
    untold = {"teachers": ~(somebody & ~known(staff["pedagogues"])), "pedagogues": ~somebody}
    for column, where in untold.items():
        yield from rows_found(
            inputs, f"staff_none.{column}", (staff["level"] == "school") & (staff[column] == 0) & where
        )


@check
def check_staff_sums(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Groups of teachers that exclude each other and yet together are more than all teachers."""
    staff = inputs.rows["staff"]
    everyone = first_filled([staff["pedagogues"], staff["teachers"]])
    for pair in (("category_first", "category_highest"), ("age_under_35", "age_55_plus")):
        one, other = (staff[name] for name in pair)
        each_fits = (np.fmax(one, other) <= everyone) & (everyone > 0)
        labels = " и ".join(f"«{table('staff').columns[name].label}»" for name in pair)
        for column in pair:
            told = {"column": column, "labels": labels, "everyone": everyone}
            yield from rows_found(inputs, "staff_sums.more", each_fits & (one + other > everyone), **told)


@check
def check_satisfaction_stale(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Assessments older than three years, or from the future."""
    satisfaction = inputs.rows["satisfaction"]
    age = satisfaction["year"] - satisfaction["assessed_year"]
    for fault, where in {"stale": age > STALE_AFTER, "future": age < 0}.items():
        yield from rows_found(inputs, f"satisfaction_stale.{fault}", where, years=STALE_AFTER)


@check
def check_pupils_contradict(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Pupils counted differently in the register, the social passport and the conditions."""
    schools = inputs.rows["schools"]
    for name, column, stated in _SAME_THINGS:
        rows = inputs.rows[name]
        other = matched(rows, schools, SCHOOL_YEAR, schools[stated])
        difference = np.abs(rows[column] - other)
        yield from rows_found(
            inputs,
            "pupils_contradict.differ",
            (difference > SAME_WITHIN * np.fmax(rows[column], other)) & (difference > SAME_WITHIN_PUPILS),
            table=name,
            column=column,
            stated=table("schools").columns[stated].label,
            other=other,
            share=f"{SAME_WITHIN:.0%}",
            pupils=SAME_WITHIN_PUPILS,
        )


@check
def check_municipality_total(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Counts of the municipality that its schools exceed, or that its schools, all of them counted, do not reach."""
    everyone = _number_of_schools(inputs.rows["schools"])
    for name, rows in inputs.rows.items():
        entry = table(name)
        counts = [
            column.name for column in entry.columns.values() if column.type == "count" and column.name not in _NOT_ADDED
        ]
        stated = rows["level"] == "municipality" if entry.levels and len(rows) else np.zeros(0, dtype=bool)
        if not stated.any():
            continue
        key = [column for column in dict.fromkeys([*entry.key, "year"]) if column not in SCHOOL_YEAR[:3]]
        groups = {one: number for number, one in enumerate(dict.fromkeys(rows.keys_of(*key)))}
        group = np.array([groups[one] for one in rows.keys_of(*key)])
        number = mapped(rows["year"], everyone)
        for column in counts:
            counted = (rows["level"] == "school") & known(rows[column])
            filled = np.bincount(group[counted], minlength=len(groups))[group]
            added = np.bincount(group[counted], rows[column][counted], len(groups))[group]
            differs = (added > rows[column]) | ((filled >= number) & differ(added, rows[column]))
            told = {"table": name, "column": column, "added": added, "stated": rows[column]}
            yield from rows_found(inputs, "municipality_total.differs", stated & (filled > 0) & differs, **told)


@check
def check_schools_number_contradict(inputs: Inputs, year: int) -> list[Problem]:
    """A register with more schools than the municipality says it has."""
    schools = inputs.rows["schools"]
    number = mapped(schools["year"], _registered(schools))
    more = (schools["level"] == "municipality") & (number > schools["schools"])
    return rows_found(inputs, "schools_number_contradict.more", more, number=number)


def _registered(schools: Rows) -> dict[float, int]:
    """Schools in the register of each year."""
    ids: dict[float, set[str]] = {}
    for level, school, year in schools.keys_of("level", "school_id", "year"):
        if level == "school":
            ids.setdefault(year, set()).add(school)
    return {year: len(found) for year, found in ids.items()}


def _number_of_schools(schools: Rows) -> dict[float, float]:
    """Schools of each year: as many as the register or the municipality's own row says, whichever is more."""
    number: dict[float, float] = dict(_registered(schools))
    for level, stated, year in schools.keys_of("level", "schools", "year"):
        if level == "municipality" and stated is not None:
            number[year] = max(number.get(year, 0), stated)
    return number
