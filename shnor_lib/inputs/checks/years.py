"""Checks against the year before: what changed too much, what vanished, and what did not change at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

import numpy as np

from shnor_lib.inputs.checks.registry import check, matched, rows_found
from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, problem
from shnor_lib.inputs.sources.rows import Rows

CHANGE = 0.25
"""A larger change of the pupils or teachers of a school in one year is questioned."""
CHANGE_FROM = 10
"""Smaller numbers may change by any share."""
COPIED_SCHOOLS, COPIED_FIGURES = 3, 6
"""A table of at least so many schools and figures above zero, all as the year before, is taken for a copy."""


@check
def check_years_change(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Schools whose pupils or teachers changed by more than 25 % in a year; a zero is told by another check."""
    for name, column in (("schools", "pupils"), ("staff", "teachers"), ("staff", "pedagogues")):
        rows = inputs.rows[name]
        now, before = _two_years(rows, year)
        earlier = matched(rows, rows, ["school_id"], rows[column], among=before)
        changed = (np.abs(rows[column] - earlier) > CHANGE * earlier) & (earlier >= CHANGE_FROM) & (rows[column] > 0)
        told = {"table": name, "column": column, "earlier": earlier, "change": f"{CHANGE:.0%}"}
        yield from rows_found(inputs, "years_change.more", now & changed, **told)


@check
def check_years_vanished(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Schools of the year before that are no longer in the register."""
    schools = inputs.rows["schools"]
    now, before = _two_years(schools, year)
    present = set(schools["school_id"][now])
    for place in np.flatnonzero(before) if now.any() else ():
        school = schools["school_id"][place]
        if school in present:
            continue
        name = schools["short_name"][place] or schools["name"][place] or school
        place = {"table": "schools", **_sheet_of(schools, now), "school_id": school, "year": year}
        yield problem("years_vanished.gone", value=school, name=name, before=year - 1, **place)


@check
def check_years_new(inputs: Inputs, year: int) -> list[Problem]:
    """Schools that the register of the year before did not have."""
    schools = inputs.rows["schools"]
    now, before = _two_years(schools, year)
    earlier = set(schools["school_id"][before])
    new = now & np.array([school not in earlier for school in schools["school_id"]]) & before.any()
    return rows_found(inputs, "years_new.new", new, before=year - 1)


@check
def check_years_copied(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Tables of counts in which every figure of every school is the same as the year before."""
    for name, rows in inputs.rows.items():
        entry = table(name)
        if not entry.levels or name == "published_indicators" or not len(rows):
            continue
        now, before = _two_years(rows, year)
        figures = [
            column.name
            for column in entry.columns.values()
            if column.type in ("count", "number", "share") and column.name not in entry.key
        ]
        if not figures or not before.any() or len(set(rows["school_id"][now]) - {None}) < COPIED_SCHOOLS:
            continue
        key = [column for column in entry.key if column != "year"]
        here, there = (_by_key(rows, key, figures, of_year) for of_year in (now, before))
        counted = [place for place, column in enumerate(figures) if column != "highest_grade"]
        above_zero = sum((row[place] or 0) > 0 for row in here.values() for place in counted)
        if above_zero >= COPIED_FIGURES and here == there:
            place = {"table": name, **_sheet_of(rows, now), "year": year}
            yield problem("years_copied.same", label=entry.label, **place)


def _by_key(rows: Rows, key: list[str], figures: list[str], which: np.ndarray) -> dict[tuple, tuple]:
    """Figures of some rows by their key; of rows with one key the first."""
    pairs = list(compress(zip(rows.keys_of(*key), rows.keys_of(*figures), strict=True), which))
    return dict(reversed(pairs))


def _sheet_of(rows: Rows, which: np.ndarray) -> dict[str, str]:
    """File and sheet of the first of some rows."""
    first = int(np.argmax(which))
    return {"file": rows["source_file"][first], "sheet": rows["source_sheet"][first]}


def _two_years(rows: Rows, year: int) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are of schools in the year, and which in the year before."""
    schools = rows["level"] == "school"
    return schools & (rows["year"] == year), schools & (rows["year"] == year - 1)
