"""Corrections declared by an office: a cell of the delivered data replaced, with the old value, the reason and the role.

A correction fails loudly once the source is mended: it applies only while the cell still holds the value it expects.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from shnor_lib.inputs.dictionary import DTYPES, table, table_names
from shnor_lib.inputs.sources.problems import Problem, problems_frame
from shnor_lib.params.profiles import Correction
from shnor_lib.params.yaml_files import nearest

CORRECTION_COLUMNS = list(Correction.model_fields)


def apply_corrections(
    tables: dict[str, pd.DataFrame], corrections: Sequence[Correction], source: str
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """Tables with the corrections made, the corrections made, and the problems of those that could not be.

    Parameters
    ----------
    tables : input tables by name; they are not changed.
    source : the file that declares the corrections, for messages.

    Returns
    -------
    tables, made (``CORRECTION_COLUMNS``), problems (the problems table; every one is an error)
    """
    corrected, made, problems = dict(tables), [], []
    for number, correction in enumerate(corrections, start=1):
        obstacle = _obstacle(corrected, correction)
        if obstacle:
            problems.append(
                Problem(
                    severity="error",
                    check="corrections",
                    table=correction.table,
                    file=source,
                    year=correction.year,
                    problem=f"Исправление {number} не применяется: {obstacle}",
                    remedy="Если источник исправлен, удалите исправление из corrections; если нет – уточните его",
                )
            )
            continue
        rows = corrected[correction.table]
        corrected[correction.table] = rows.assign(**{correction.column: _replaced(rows, correction)})
        key = "; ".join(f"{name} = {value}" for name, value in correction.key.items())
        made.append(correction.model_dump() | {"key": key})
    return corrected, pd.DataFrame(made, columns=CORRECTION_COLUMNS), problems_frame(problems)


def _replaced(rows: pd.DataFrame, correction: Correction) -> pd.Series:
    """The column with the new value in it, in the type of the dictionary."""
    dtype = DTYPES[table(correction.table).columns[correction.column].type]
    value = pd.NA if correction.value is None else correction.value
    return rows[correction.column].astype(object).mask(_matching(rows, correction), value).astype(dtype)


def _matching(rows: pd.DataFrame, correction: Correction) -> pd.Series:
    found = rows["year"].eq(correction.year)
    for name, value in correction.key.items():
        found &= rows[name].astype("string").fillna("").eq(str(value))
    return found.fillna(False).astype(bool)


def _obstacle(tables: dict[str, pd.DataFrame], correction: Correction) -> str:
    """Why a correction cannot be made; empty when it can."""
    if correction.table not in table_names():
        return f"нет таблицы «{correction.table}»{nearest(correction.table, table_names())}"
    columns = table(correction.table).columns
    for name in (*correction.key, correction.column):
        if name not in columns:
            return f"в таблице «{correction.table}» нет столбца «{name}»{nearest(name, columns)}"
    rows = tables[correction.table]
    found = rows[_matching(rows, correction)]
    if len(found) != 1:
        return f"строк с таким ключом {len(found)}, нужна одна"
    current = found[correction.column].iloc[0]
    known = None if pd.isna(current) else current
    if not _same(known, correction.expected):
        return f"в источнике теперь «{'' if known is None else known}», а ожидалось «{correction.expected}»"
    try:
        _replaced(rows, correction)
    except (TypeError, ValueError):
        return f"значение «{correction.value}» не подходит столбцу «{columns[correction.column].label}»"
    return ""


def _same(current: object, expected: object) -> bool:
    if current is None or expected is None:
        return current is expected
    try:
        return round(float(current), 9) == round(float(expected), 9)
    except (TypeError, ValueError):
        return str(current) == str(expected)
