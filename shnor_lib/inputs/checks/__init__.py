"""What was read is made sure of: every problem at once, each with its place, what is allowed and how to mend it."""

from __future__ import annotations

import re

import pandas as pd

from shnor_lib.inputs.checks import dictionary, documents, plans, reports, results, schools, years
from shnor_lib.inputs.checks.declared import compared
from shnor_lib.inputs.checks.registry import CODE
from shnor_lib.inputs.faults import checks_in_words
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.origins import OTHER, origins_in
from shnor_lib.inputs.sources.problems import COLUMNS, REST, Problem, order_problems, problems_frame, problems_in
from shnor_lib.inputs.sources.rows import Rows

NOT_USED = "Значение не использовано: в расчёте его нет."
"""What the remedy of a check that discards adds."""

__all__ = ["COLUMNS", "Problem", "check_inputs", "registered_checks", "usable_tables"]

_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def check_inputs(inputs: Inputs, year: int) -> pd.DataFrame:
    """Every problem of an office's data.

    Errors count whatever year they stand in, because earlier years are computed with; so do values left out as
    impossible. Other warnings and notes are told for the year itself.

    One row per problem, the gravest first: ``severity, check, table, file, sheet, cell, school_id, year, value,
    problem, allowed, remedy``.
    """
    found = problems_in(inputs.problems)
    found += (one for name in checks_in_words() for one in problems_found(name, inputs, year))
    folders = dict(zip(inputs.sources["file"], inputs.sources["year"], strict=True))
    discarding = _discarding()
    return problems_frame(
        one
        for one in order_problems(found)
        if one.severity == "error" or one.check in discarding or folders.get(one.file, one.year) in (year, None)
    )


def problems_found(name: str, inputs: Inputs, year: int) -> list[Problem]:
    """The problems that one check finds, when all tables it needs are there."""
    words = checks_in_words()[name]
    if not all(len(inputs.rows[table]) for table in words.tables):
        return []
    found = [*compared(inputs, name), *(CODE[name](inputs, year) if name in CODE else ())]
    return [one._replace(remedy=f"{one.remedy} {NOT_USED}") for one in found] if words.discards else found


def registered_checks() -> dict[str, str]:
    """Ids and titles of everything that is made sure of, in reading and after it."""
    return {name: one.title for name, one in checks_in_words().items()}


def usable_tables(inputs: Inputs, problems: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables without the values that cannot be: impossible data count as missing.

    ``problems``: what :func:`check_inputs` gave; the cells named by checks that discard become missing, and those below where too
    many are impossible.
    """
    discarded: dict[str, dict[str, set[tuple]]] = {}
    ends: dict[tuple[str, tuple[str, str]], int] = {}
    for one in problems_in(problems[problems["check"].isin(_discarding()) & (problems["cell"] != "")]):
        place = one.file, one.sheet
        letter, row = _CELL.fullmatch(one.cell).groups()
        [column] = (column for column, its in inputs.headers[place].items() if its == letter)
        discarded.setdefault(one.table, {}).setdefault(column, set()).add((*place, int(row)))
        if one.check == REST.partition(".")[0]:
            ends[column, place] = min(int(row), ends.get((column, place), int(row)))
    tables = dict(inputs.tables)
    for name, columns in discarded.items():
        rows = Rows(tables[name])
        places = rows.keys_of("source_file", "source_sheet", "source_row")
        others = [origins_in(text) for text in rows[OTHER]] if OTHER in rows else [{}] * len(rows)
        kept = {}
        for column, cells in columns.items():
            origins = [other.get(column, place) for other, place in zip(others, places, strict=True)]
            never = float("inf")
            left_out = [one in cells or one[2] >= ends.get((column, one[:2]), never) for one in origins]
            kept[column] = tables[name][column].mask(left_out)
        tables[name] = tables[name].assign(**kept)
    return tables


def _discarding() -> list[str]:
    return [name for name, one in checks_in_words().items() if one.discards]
