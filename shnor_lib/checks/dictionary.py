"""Checks that follow from the data dictionary: what must be there, within which limits, once, and adding up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from shnor_lib.checks.registry import check, rows_found
from shnor_lib.sources import Inputs
from shnor_lib.sources.problems import Problem, cell_addresses, join_problems, shown_values
from shnor_lib.sources.values import allowed_for
from shnor_lib.tables import Column, Table, table

_TOLERANCE = 1e-9


@check("Представлены все таблицы")
def check_table_absent(inputs: Inputs, year: int) -> pd.DataFrame:
    """Tables without a single row delivered for the year: what is computed from them stays without an assessment."""
    delivered = inputs.sources.loc[inputs.sources["year"] == year, "file"]
    return join_problems(
        Problem(
            "note", "", f"Нет таблицы «{table(name).label}»", table=name, year=year, allowed=table(name).meaning,
            remedy=f"Заполните лист «{table(name).label}» или файл {name}.csv; без неё её показатели не оцениваются.",
        )
        for name, rows in inputs.tables.items() if not rows["source_file"].isin(delivered).any()
    )  # fmt: skip


@check("Обязательные ячейки заполнены")
def check_table_required(inputs: Inputs, year: int) -> pd.DataFrame:
    """Cells the dictionary requires; those already reported as unreadable are not told twice."""
    unreadable = inputs.problems.loc[inputs.problems["check"] == "read_cell", ["file", "sheet", "cell"]]
    unreadable = pd.MultiIndex.from_frame(unreadable)
    found = []
    for name, rows in _filled(inputs):
        for column in table(name).columns.values():
            missing = rows.loc[rows[column.name].isna()] if column.required else rows.iloc[:0]
            if missing.empty:
                continue
            with_column = [place for place, letters in inputs.headers.items() if column.name in letters]
            places = missing[["source_file", "source_sheet"]].set_axis(["file", "sheet"], axis=1)
            cells = pd.MultiIndex.from_frame(places.assign(cell=cell_addresses(missing, inputs.headers, column.name)))
            empty = missing.loc[pd.MultiIndex.from_frame(places).isin(with_column) & ~cells.isin(unreadable)]
            found.append(
                rows_found(
                    inputs, name, empty, f"«{column.label}»: ячейка пуста", severity="error", column=column.name,
                    allowed=allowed_for(column), remedy="Заполните ячейку.",
                )
            )  # fmt: skip
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
        for position in np.flatnonzero(outside.any(axis=0)):
            column = columns[position]
            found.append(
                rows_found(
                    inputs, name, rows.loc[outside[:, position]], f"«{column.label}»: значение вне допустимых пределов", severity="error",
                    column=column.name, allowed=allowed_for(column), remedy="Исправьте значение.",
                )
            )  # fmt: skip
    return join_problems(found)


def _filled(inputs: Inputs) -> Iterator[tuple[str, pd.DataFrame]]:
    return ((name, rows) for name, rows in inputs.tables.items() if len(rows))


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
        first = repeated.groupby(key, dropna=False, sort=False)[["source_file", "source_sheet", "source_row"]].transform("first")
        later = repeated.duplicated(key)
        places = first.loc[later]
        text = [
            f"Строка повторяет строку {row}" + (f" файла {file}" if file != own else "") + (f", лист «{sheet}»" if sheet != own_sheet else "")
            for row, file, sheet, own, own_sheet in zip(
                places["source_row"], places["source_file"], places["source_sheet"],
                repeated.loc[later, "source_file"], repeated.loc[later, "source_sheet"], strict=True,
            )
        ]  # fmt: skip
        labels = ", ".join(f"«{entry.columns[column].label}»" for column in entry.key if column in entry.columns)
        found.append(
            rows_found(
                inputs, name, repeated.loc[later], pd.Series(text, index=places.index), severity="error", column=entry.key[-1],
                value="", allowed=f"одна строка на сочетание: {labels}, год", remedy="Оставьте одну из строк.",
            )
        )  # fmt: skip
    return join_problems(found)


@check("Части в сумме дают целое")
def check_table_totals(inputs: Inputs, year: int) -> pd.DataFrame:
    """Parts that do not add up to their whole; when some parts are missing, the others must not exceed it."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        for total in entry.totals:
            whole, filled = _whole(rows, total.whole)
            parts = rows[list(total.parts)]
            added = parts.sum(axis=1, skipna=True)
            complete = parts.notna().all(axis=1)
            off = (complete & ((added - whole).abs() > _TOLERANCE)) | (parts.notna().any(axis=1) & (added > whole + _TOLERANCE))
            wrong = rows.loc[off.fillna(False).astype(bool)]
            label = _labels(entry, total.parts, " + ")
            text = "Сумма частей " + shown_values(added.loc[wrong.index]) + ", а целое («" + _label_of(entry, filled.loc[wrong.index]) + "») " + \
                shown_values(whole.loc[wrong.index])  # fmt: skip
            found.append(
                rows_found(
                    inputs, name, wrong, text, severity=total.severity, column=filled.loc[wrong.index], value=shown_values(whole.loc[wrong.index]),
                    allowed=f"{label} = {_labels(entry, total.whole, ' или ')}", remedy="Исправьте целое или части; нет данных – оставьте части пустыми.",
                )
            )  # fmt: skip
    return join_problems(found)


@check("Целое не равно нулю, когда есть части", discards=True)
def check_table_whole(inputs: Inputs, year: int) -> pd.DataFrame:
    """A whole of zero beside parts that are not."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        for rule in entry.parts:
            whole, filled = _whole(rows, rule.whole)
            wrong = rows.loc[((whole == 0) & (rows[list(rule.parts)] > 0).any(axis=1)).fillna(False).astype(bool)]
            found.append(
                rows_found(
                    inputs, name, wrong, "«" + _label_of(entry, filled.loc[wrong.index]) + "» – ноль, а части больше нуля",
                    column=filled.loc[wrong.index], value="0", allowed="целое не меньше каждой части", remedy="Впишите целое.",
                )
            )  # fmt: skip
    return join_problems(found)


@check("Часть не больше целого", discards=True)
def check_table_parts(inputs: Inputs, year: int) -> pd.DataFrame:
    """Parts larger than their whole."""
    found = []
    for name, rows in _filled(inputs):
        entry = table(name)
        for rule in entry.parts:
            whole, filled = _whole(rows, rule.whole)
            larger = rows[list(rule.parts)].gt(whole + _TOLERANCE, axis=0).fillna(False)
            larger = larger.loc[:, larger.any()].mul((whole > 0).fillna(False), axis=0).astype(bool)
            for part in larger:
                wrong = rows.loc[larger[part] & (filled != part)]
                text = f"«{entry.columns[part].label}» " + shown_values(wrong[part]) + " больше целого («" + \
                    _label_of(entry, filled.loc[wrong.index]) + "») " + shown_values(whole.loc[wrong.index])  # fmt: skip
                found.append(
                    rows_found(
                        inputs, name, wrong, text, column=part, allowed=f"не больше: {_labels(entry, rule.whole, ' или ')}",
                        remedy="Исправьте часть или целое.",
                    )
                )  # fmt: skip
    return join_problems(found)


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
    return names.map({name: column.label for name, column in entry.columns.items()}).astype(object)
