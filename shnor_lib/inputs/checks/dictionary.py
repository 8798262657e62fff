"""Checks that follow from the data dictionary: what must be there, within which limits, once, and adding up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import check, known, rows_found
from shnor_lib.inputs.dictionary import Column, Table, table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.inputs.sources.rows import Rows
from shnor_lib.inputs.sources.values import allowed_for

_TOLERANCE = 1e-9


@check("Представлены все таблицы")
def check_table_absent(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Tables without a single row delivered for the year: what is computed from them stays without an assessment."""
    delivered = set(inputs.sources.loc[inputs.sources["year"] == year, "file"])
    for name, rows in inputs.rows.items():
        if delivered.isdisjoint(rows["source_file"]):
            label = table(name).label
            yield Problem(
                "note",
                "",
                f"Нет таблицы «{label}»",
                table=name,
                year=year,
                allowed=table(name).meaning,
                remedy=f"Заполните лист «{label}» или файл {name}.csv; без неё её показатели не считаются.",
            )


@check("Обязательные ячейки заполнены")
def check_table_required(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Cells the dictionary requires; those already reported as unreadable are not told twice."""
    unreadable = inputs.problems.loc[inputs.problems["check"] == "read_cell", ["file", "sheet", "cell"]]
    told = set(unreadable.itertuples(index=False, name=None))
    for entry, rows in _filled(inputs):
        for column in (one for one in entry.columns.values() if one.required):
            with_column = [place for place, letters in inputs.headers.items() if column.name in letters]
            for problem in rows_found(
                inputs,
                entry.name,
                ~known(rows[column.name]),
                f"«{column.label}»: ячейка пуста",
                severity="error",
                column=column.name,
                allowed=allowed_for(column),
                remedy="Заполните ячейку.",
            ):
                if (problem.file, problem.sheet) in with_column and (
                    problem.file,
                    problem.sheet,
                    problem.cell,
                ) not in told:
                    yield problem


@check("Значения в допустимых пределах")
def check_table_ranges(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Numbers outside the limits of their column."""
    for entry, rows in _filled(inputs):
        columns = [column for column in entry.columns.values() if column.type in ("count", "number", "share")]
        limits = np.array([_limits(column) for column in columns]).reshape(-1, 2)
        values = np.array([rows[column.name] for column in columns]).reshape(len(columns), len(rows))
        outside = (values < limits[:, :1]) | (values > limits[:, 1:])
        for position in np.flatnonzero(outside.any(axis=1)):
            yield from rows_found(
                inputs,
                entry.name,
                outside[position],
                f"«{columns[position].label}»: значение вне допустимых пределов",
                severity="error",
                column=columns[position].name,
                allowed=allowed_for(columns[position]),
                remedy="Исправьте значение.",
            )


def _limits(column: Column) -> tuple[float, float]:
    """Lowest and highest value of a column; a share is 0..1, a count not below zero."""
    lowest, highest = {"share": (0.0, 1.0), "count": (0.0, np.inf)}.get(column.type, (-np.inf, np.inf))
    return lowest if column.minimum is None else column.minimum, highest if column.maximum is None else column.maximum


@check("Строки не повторяются")
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
        yield from rows_found(
            inputs,
            entry.name,
            np.isin(np.arange(len(rows)), list(repeats)),
            "Строка повторяет строку {row} ({place})",
            words={
                "row": {position: rows["source_row"][one] for position, one in repeats.items()},
                "place": {
                    position: rows["source_sheet"][one] or rows["source_file"][one] for position, one in repeats.items()
                },
            },
            severity="error",
            column=entry.key[-1],
            value="",
            allowed=f"одна строка на сочетание: {labels}, год",
            remedy="Оставьте одну из строк.",
        )


@check("Части в сумме дают целое")
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
                entry.name,
                differs | (added > whole + _TOLERANCE),
                "Сумма частей {added}, а целое («{label}») {whole}",
                words={"added": added, "label": _labels_of(entry, column), "whole": whole},
                severity=total.severity,
                column=column,
                value=whole,
                allowed=f"{_labels(entry, total.parts, ' + ')} = {_labels(entry, total.whole, ' или ')}",
                remedy="Исправьте целое или части; если данных нет, оставьте части пустыми.",
            )


@check("Целое не равно нулю, когда есть части", discards=True)
def check_table_whole(inputs: Inputs, year: int) -> Iterator[Problem]:
    """A whole of zero beside parts that are not."""
    for entry, rows in _filled(inputs):
        for rule in entry.parts:
            whole, column = _whole(rows, rule.whole)
            yield from rows_found(
                inputs,
                entry.name,
                (whole == 0) & (np.array([rows[part] for part in rule.parts]) > 0).any(axis=0),
                "«{label}» – ноль, а части больше нуля",
                words={"label": _labels_of(entry, column)},
                column=column,
                value="0",
                allowed="целое не меньше каждой части",
                remedy="Впишите целое.",
            )


@check("Часть не больше целого", discards=True)
def check_table_parts(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Parts larger than their whole."""
    for entry, rows in _filled(inputs):
        for rule in entry.parts:
            whole, column = _whole(rows, rule.whole)
            for part in rule.parts:
                yield from rows_found(
                    inputs,
                    entry.name,
                    (rows[part] > whole + _TOLERANCE) & (whole > 0) & (column != part),
                    f"«{entry.columns[part].label}» {{part}} больше целого («{{label}}») {{whole}}",
                    words={"part": rows[part], "label": _labels_of(entry, column), "whole": whole},
                    column=part,
                    allowed=f"не больше: {_labels(entry, rule.whole, ' или ')}",
                    remedy="Исправьте часть или целое.",
                )


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
