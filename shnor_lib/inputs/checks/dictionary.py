"""Checks that follow from the data dictionary: what must be there, within which limits, once, and adding up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from shnor_lib.inputs.checks.registry import check, rows_found
from shnor_lib.inputs.dictionary import Column, Table, table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, cell_addresses, join_problems
from shnor_lib.inputs.sources.values import allowed_for

_TOLERANCE = 1e-9


@check("Представлены все таблицы")
def check_table_absent(inputs: Inputs, year: int) -> pd.DataFrame:
    """Tables without a single row delivered for the year: what is computed from them stays without an assessment."""
    delivered = inputs.sources.loc[inputs.sources["year"] == year, "file"]
    return join_problems(
        Problem(
            "note",
            "",
            f"Нет таблицы «{table(name).label}»",
            table=name,
            year=year,
            allowed=table(name).meaning,
            remedy=f"Заполните лист «{table(name).label}» или файл {name}.csv; без неё её показатели не считаются.",
        )
        for name, rows in inputs.tables.items()
        if not rows["source_file"].isin(delivered).any()
    )


@check("Обязательные ячейки заполнены")
def check_table_required(inputs: Inputs, year: int) -> pd.DataFrame:
    """Cells the dictionary requires; those already reported as unreadable are not told twice."""
    unreadable = inputs.problems.loc[inputs.problems["check"] == "read_cell", ["file", "sheet", "cell"]]
    unreadable = pd.MultiIndex.from_frame(unreadable)
    found = []
    for name, rows in _filled(inputs):
        for column in (one for one in table(name).columns.values() if one.required):
            missing = rows.loc[rows[column.name].isna()]
            if missing.empty:
                continue
            with_column = [place for place, letters in inputs.headers.items() if column.name in letters]
            places = missing[["source_file", "source_sheet"]].set_axis(["file", "sheet"], axis=1)
            cells = places.assign(cell=cell_addresses(missing, inputs.headers, column.name))
            told = pd.MultiIndex.from_frame(cells).isin(unreadable)
            empty = pd.MultiIndex.from_frame(places).isin(with_column) & ~told
            found.append(
                rows_found(
                    inputs,
                    name,
                    pd.Series(empty, index=missing.index),
                    f"«{column.label}»: ячейка пуста",
                    severity="error",
                    column=column.name,
                    allowed=allowed_for(column),
                    remedy="Заполните ячейку.",
                )
            )
    return join_problems(found)


@check("Значения в допустимых пределах")
def check_table_ranges(inputs: Inputs, year: int) -> pd.DataFrame:
    """Numbers outside the limits of their column."""
    found = []
    for name, rows in _filled(inputs):
        columns = [column for column in table(name).columns.values() if column.type in ("count", "number", "share")]
        lowest, highest = np.array([_limits(column) for column in columns]).reshape(-1, 2).T
        values = rows[[column.name for column in columns]].to_numpy(dtype=float, na_value=np.nan)
        outside = (values < lowest) | (values > highest)
        found += [
            rows_found(
                inputs,
                name,
                pd.Series(outside[:, position], index=rows.index),
                f"«{columns[position].label}»: значение вне допустимых пределов",
                severity="error",
                column=columns[position].name,
                allowed=allowed_for(columns[position]),
                remedy="Исправьте значение.",
            )
            for position in np.flatnonzero(outside.any(axis=0))
        ]
    return join_problems(found)


def _limits(column: Column) -> tuple[float, float]:
    """Lowest and highest value of a column; a share is 0..1, a count not below zero."""
    lowest, highest = {"share": (0.0, 1.0), "count": (0.0, np.inf)}.get(column.type, (-np.inf, np.inf))
    return lowest if column.minimum is None else column.minimum, highest if column.maximum is None else column.maximum


@check("Строки не повторяются")
def check_table_duplicates(inputs: Inputs, year: int) -> pd.DataFrame:
    """Rows with the same key in one year."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        key = list(dict.fromkeys([*entry.key, "year"]))
        required = [column for column in entry.key if entry.columns[column].required]
        rows = rows.loc[rows[required].notna().all(axis=1)]
        repeated = rows.loc[rows.duplicated(key, keep=False)]
        if repeated.empty:
            continue
        origin = repeated[["source_file", "source_sheet", "source_row"]]
        first = origin.groupby([repeated[column] for column in key], dropna=False, sort=False).transform("first")
        labels = ", ".join(f"«{entry.columns[column].label}»" for column in entry.key)
        found.append(
            rows_found(
                inputs,
                name,
                repeated.duplicated(key),
                "Строка повторяет строку {row} ({place})",
                words={
                    "row": first["source_row"],
                    "place": first["source_sheet"].where(first["source_sheet"] != "", first["source_file"]),
                },
                severity="error",
                column=entry.key[-1],
                value="",
                allowed=f"одна строка на сочетание: {labels}, год",
                remedy="Оставьте одну из строк.",
            )
        )
    return join_problems(found)


@check("Части в сумме дают целое")
def check_table_totals(inputs: Inputs, year: int) -> pd.DataFrame:
    """Parts that do not add up to their whole; when some parts are missing, the others must not exceed it."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        for total in entry.totals:
            whole, column = _whole(rows, total.whole)
            parts = rows[list(total.parts)]
            added = parts.sum(axis=1, min_count=1)
            differs = parts.notna().all(axis=1) & ((added - whole).abs() > _TOLERANCE)
            found.append(
                rows_found(
                    inputs,
                    name,
                    differs | (added > whole + _TOLERANCE),
                    "Сумма частей {added}, а целое («{label}») {whole}",
                    words={"added": added, "label": _label_of(entry, column), "whole": whole},
                    severity=total.severity,
                    column=column,
                    value=whole,
                    allowed=f"{_labels(entry, total.parts, ' + ')} = {_labels(entry, total.whole, ' или ')}",
                    remedy="Исправьте целое или части; если данных нет, оставьте части пустыми.",
                )
            )
    return join_problems(found)


@check("Целое не равно нулю, когда есть части", discards=True)
def check_table_whole(inputs: Inputs, year: int) -> pd.DataFrame:
    """A whole of zero beside parts that are not."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        for rule in entry.parts:
            whole, column = _whole(rows, rule.whole)
            found.append(
                rows_found(
                    inputs,
                    name,
                    (whole == 0) & (rows[list(rule.parts)] > 0).any(axis=1),
                    "«{label}» – ноль, а части больше нуля",
                    words={"label": _label_of(entry, column)},
                    column=column,
                    value="0",
                    allowed="целое не меньше каждой части",
                    remedy="Впишите целое.",
                )
            )
    return join_problems(found)


@check("Часть не больше целого", discards=True)
def check_table_parts(inputs: Inputs, year: int) -> pd.DataFrame:
    """Parts larger than their whole."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        for rule in entry.parts:
            whole, column = _whole(rows, rule.whole)
            larger = rows[list(rule.parts)].gt(whole + _TOLERANCE, axis=0).fillna(False)
            found += [
                rows_found(
                    inputs,
                    name,
                    larger[part] & (whole > 0) & (column != part),
                    f"«{entry.columns[part].label}» {{part}} больше целого («{{label}}») {{whole}}",
                    words={"part": rows[part], "label": _label_of(entry, column), "whole": whole},
                    column=part,
                    allowed=f"не больше: {_labels(entry, rule.whole, ' или ')}",
                    remedy="Исправьте часть или целое.",
                )
                for part in larger.columns[larger.any()]
            ]
    return join_problems(found)


def _filled(inputs: Inputs) -> Iterator[tuple[str, pd.DataFrame]]:
    return ((name, rows) for name, rows in inputs.tables.items() if len(rows))


def _whole(rows: pd.DataFrame, alternatives: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    """The first filled of the columns that may hold the whole, and its name."""
    whole, name = rows[alternatives[0]], pd.Series(alternatives[0], index=rows.index, dtype=object)
    for other in alternatives[1:]:
        name = name.mask(whole.isna(), other)
        whole = whole.fillna(rows[other])
    return whole, name


def _labels(entry: Table, names: tuple[str, ...], between: str) -> str:
    return between.join(f"«{entry.columns[name].label}»" for name in names)


def _label_of(entry: Table, names: pd.Series) -> pd.Series:
    return names.map({name: column.label for name, column in entry.columns.items()})
