"""Checks that follow from the data dictionary: what must be there, within which limits, once, and adding up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import check, known, rows_found
from shnor_lib.inputs.dictionary import Column, Table, table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, problem, shown_value
from shnor_lib.inputs.sources.rows import Rows
from shnor_lib.inputs.sources.values import allowed_for

_TOLERANCE = 1e-9
MOST_COUNTED = 1e9
"""No table counts more of anything, not even of the country."""


@check
def check_table_absent(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Tables without a single row delivered for the year: what is computed from them stays without an assessment."""
    delivered = set(inputs.sources.loc[inputs.sources["year"] == year, "file"])
    for name, rows in inputs.rows.items():
        if delivered.isdisjoint(rows["source_file"]):
            words = {"label": table(name).label, "meaning": table(name).meaning}
            yield problem("table_absent.absent", table=name, year=year, **words)


@check
def check_table_required(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Cells the dictionary requires; those already reported as unreadable are not told twice."""
    unreadable = inputs.problems.loc[inputs.problems["check"] == "read_cell", ["file", "sheet", "cell"]]
    told = set(unreadable.itertuples(index=False, name=None))
    for entry, rows in _filled(inputs):
        for column in (each for each in entry.columns.values() if each.required):
            with_column = [place for place, letters in inputs.headers.items() if column.name in letters]
            words = {"table": entry.name, "column": column.name, "wanted": allowed_for(column)}
            for one in rows_found(inputs, "table_required.empty", ~known(rows[column.name]), **words):
                if (one.file, one.sheet) in with_column and (one.file, one.sheet, one.cell) not in told:
                    yield one


@check
def check_table_ranges(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Numbers outside the limits of their column."""
    for entry, rows in _filled(inputs):
        columns = [column for column in entry.columns.values() if column.type in ("count", "number", "share")]
        limits = np.array([_limits(column) for column in columns]).reshape(-1, 2)
        values = np.array([rows[column.name] for column in columns]).reshape(len(columns), len(rows))
        outside = (values < limits[:, :1]) | (values > limits[:, 1:])
        for column, where in zip(columns, outside, strict=True):
            words = {"table": entry.name, "column": column.name, "wanted": allowed_for(column)}
            yield from rows_found(inputs, "table_ranges.outside", where, **words)


def _limits(column: Column) -> tuple[float, float]:
    """Lowest and highest value of a column; a share is 0..1, a count not below zero and no more than a country could have."""
    lowest, highest = {"share": (0.0, 1.0), "count": (0.0, MOST_COUNTED)}.get(column.type, (-np.inf, np.inf))
    return lowest if column.minimum is None else column.minimum, highest if column.maximum is None else column.maximum


@check
def check_table_duplicates(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Rows with the same key in one year."""
    for entry, rows in _filled(inputs):
        keys = rows.keys_of(*dict.fromkeys([*entry.key, "year"]))
        required = [position for position, column in enumerate(entry.key) if entry.columns[column].required]
        first: dict[tuple, int] = {}
        repeats = {
            position: first[key]
            for position, key in enumerate(keys)
            if first.setdefault(key, position) != position and all(key[place] is not None for place in required)
        }
        labels = ", ".join(f"«{entry.columns[column].label}»" for column in entry.key)
        sheets = {position: rows["source_sheet"][one] or rows["source_file"][one] for position, one in repeats.items()}
        yield from rows_found(
            inputs,
            "table_duplicates.repeated",
            np.isin(np.arange(len(rows)), list(repeats)),
            table=entry.name,
            column=entry.key[-1],
            value="",
            row={position: rows["source_row"][one] for position, one in repeats.items()},
            place={position: shown_value(sheet) for position, sheet in sheets.items()},
            labels=labels,
        )


@check
def check_table_totals(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Parts that do not add up to their whole; when some parts are missing, the others must not exceed it."""
    for entry, rows in _filled(inputs):
        for total in entry.totals:
            whole, column = _whole(rows, total.whole)
            parts = np.array([rows[part] for part in total.parts])
            filled = known(parts)
            added = np.where(filled.any(axis=0), np.nansum(parts, axis=0), np.nan)
            differs = filled.all(axis=0) & (np.abs(added - whole) > _TOLERANCE)
            yield from rows_found(
                inputs,
                "table_totals.differs",
                differs | (added > whole + _TOLERANCE),
                table=entry.name,
                column=column,
                severity=total.severity,
                value=whole,
                added=added,
                whole=whole,
                name=_labels_of(entry, column),
                parts=_labels(entry, total.parts, " + "),
                wholes=_labels(entry, total.whole, " или "),
            )


@check
def check_table_whole(inputs: Inputs, year: int) -> Iterator[Problem]:
    """A whole of zero beside parts that are not."""
    for entry, rows in _filled(inputs):
        for rule in entry.parts:
            whole, column = _whole(rows, rule.whole)
            zero = (whole == 0) & (np.array([rows[part] for part in rule.parts]) > 0).any(axis=0)
            told = {"table": entry.name, "column": column, "value": "0", "name": _labels_of(entry, column)}
            yield from rows_found(inputs, "table_whole.zero", zero, **told)


@check
def check_table_parts(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Parts larger than their whole, of rules that forbid it."""
    return _larger_parts(inputs, "table_parts.more", capped=False)


@check
def check_table_parts_capped(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Parts larger than their whole, of rules by which they count as the whole."""
    return _larger_parts(inputs, "table_parts_capped.more", capped=True)


def _larger_parts(inputs: Inputs, fault: str, capped: bool) -> Iterator[Problem]:
    for entry, rows in _filled(inputs):
        for rule in (one for one in entry.parts if one.capped == capped):
            whole, column = _whole(rows, rule.whole)
            told = {"table": entry.name, "name": _labels_of(entry, column), "whole": whole}
            told |= {"wholes": _labels(entry, rule.whole, " или ")}
            for part in rule.parts:
                more = (rows[part] > whole + _TOLERANCE) & (whole > 0) & (column != part)
                yield from rows_found(inputs, fault, more, column=part, part=rows[part], **told)


def _filled(inputs: Inputs) -> Iterator[tuple[Table, Rows]]:
    return ((table(name), rows) for name, rows in inputs.rows.items() if len(rows))


def _whole(rows: Rows, alternatives: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The first filled of the columns that may hold the whole, and its name."""
    whole, name = rows[alternatives[0]], np.full(len(rows), alternatives[0], dtype=object)
    for other in alternatives[1:]:
        missing = ~known(whole)
        whole, name = np.where(missing, rows[other], whole), np.where(missing, other, name)
    return whole, name


def _labels(entry: Table, names: tuple[str, ...], between: str) -> str:
    return between.join(f"«{entry.columns[name].label}»" for name in names)


def _labels_of(entry: Table, names: np.ndarray) -> list[str]:
    return [entry.columns[name].label for name in names]
