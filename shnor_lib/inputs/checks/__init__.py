"""What was read is made sure of: every problem at once, each with its place, what is allowed and how to mend it."""

from __future__ import annotations

import pandas as pd

from shnor_lib.inputs.checks import declared, dictionary, documents, plans, results, schools, years
from shnor_lib.inputs.checks.registry import checks
from shnor_lib.inputs.dictionary import DTYPES, table
from shnor_lib.inputs.faults import checks_in_words
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import COLUMNS, Problem, order_problems, problems_frame, problems_in

__all__ = ["COLUMNS", "Problem", "check_inputs", "registered_checks", "usable_tables"]


def check_inputs(inputs: Inputs, year: int) -> pd.DataFrame:
    """Every problem of an office's data.

    Errors count whatever year they stand in, because earlier years are computed with; so do values left out as
    impossible. Other warnings and notes are told for the year itself.

    Returns
    -------
    One row per problem, the gravest first: ``severity, check, table, file, sheet, cell, school_id, year, value,
    problem, allowed, remedy``.
    """
    found = problems_in(inputs.problems)
    found += (problem for one in checks().values() for problem in one(inputs, year))
    folders = dict(zip(inputs.sources["file"], inputs.sources["year"], strict=True))
    discarding = _discarding()
    return problems_frame(
        one
        for one in order_problems(found)
        if one.severity == "error" or one.check in discarding or folders.get(one.file, one.year) in (year, None)
    )


def registered_checks() -> dict[str, str]:
    """Ids and titles of everything that is made sure of, in reading and after it."""
    return {name: one.title for name, one in checks_in_words().items()}


def usable_tables(inputs: Inputs, problems: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables without the values that cannot be: impossible data count as missing.

    Parameters
    ----------
    problems : what :func:`check_inputs` gave; the cells named by checks that discard become missing.
    """
    impossible = problems.loc[problems["check"].isin(_discarding()) & (problems["cell"] != "")]
    tables = dict(inputs.tables)
    for name, cells in impossible.groupby("table"):
        rows = tables[name].copy()
        places = pd.MultiIndex.from_frame(rows[["source_file", "source_sheet", "source_row"]])
        columns = _columns_of(cells, inputs.headers)
        for column, wrong in cells.groupby(columns):
            number = pd.to_numeric(wrong["cell"].str.extract(r"([0-9]+)$", expand=False)).astype("Int64")
            discarded = places.isin(list(zip(wrong["file"], wrong["sheet"], number, strict=True)))
            rows[column] = rows[column].mask(discarded).astype(DTYPES[table(name).columns[column].type])
        tables[name] = rows
    return tables


def _discarding() -> list[str]:
    return [name for name, one in checks_in_words().items() if one.discards]


def _columns_of(problems: pd.DataFrame, headers: dict[tuple[str, str], dict[str, str]]) -> pd.Series:
    """Which column of its table each problem stands in."""
    by_letter = {
        (file, sheet, letter): column
        for (file, sheet), letters in headers.items()
        for column, letter in letters.items()
    }
    letters = problems["cell"].str.extract(r"^([A-Z]+)", expand=False)
    places = zip(problems["file"], problems["sheet"], letters, strict=True)
    return pd.Series([by_letter.get(place) for place in places], index=problems.index)
