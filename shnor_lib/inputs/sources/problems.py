"""The shape in which everything that is wrong with the data is told: one row per problem.

Columns: ``severity`` (``error`` – the data cannot be used, ``warning`` – used but shown, ``note``), ``check`` (what was
being checked), where (``table``, ``file``, ``sheet``, ``cell``, ``school_id``, ``year``), the ``value`` found, and in
Russian what is wrong (``problem``), what is ``allowed`` and how to mend it (``remedy``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.inputs.sources.persons import mask_persons

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
COLUMNS = [
    "severity",
    "check",
    "table",
    "file",
    "sheet",
    "cell",
    "school_id",
    "year",
    "value",
    "problem",
    "allowed",
    "remedy",
]
LONGEST_VALUE = 80

Headers = Mapping[tuple[str, str], Mapping[str, str]]
"""Under which letter a column stands in a file and sheet: ``{("…/staff.csv", ""): {"teachers": "C"}}``."""


@dataclass(frozen=True)
class Problem:
    """One problem that belongs to a file, a sheet or a table as a whole; the fields are the columns of the table."""

    severity: Severity
    check: str
    problem: str
    table: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    school_id: str = ""
    year: int | None = None
    value: str = ""
    allowed: str = ""
    remedy: str = ""


Found = pd.DataFrame | Problem
"""What a reader or a check finds: a table of problems, or one that has no row to stand in."""


def empty_problems() -> pd.DataFrame:
    """No problems: an empty table of the common shape."""
    return _EMPTY.copy(deep=False)


def problems_of_rows(
    rows: pd.DataFrame,
    headers: Headers,
    *,
    severity: Severity,
    check: str,
    table: str,
    text: str,
    words: Mapping[str, pd.Series] | None = None,
    column: pd.Series | str | None = None,
    value: pd.Series | str | None = None,
    allowed: pd.Series | str = "",
    remedy: pd.Series | str = "",
) -> pd.DataFrame:
    """One problem per row of a table, with the cell it stands in.

    Parameters
    ----------
    rows : the offending rows of a table that the readers gave (``source_file``, ``source_sheet``, ``source_row``,
        ``year``); the series among the other parameters are taken by their index.
    headers : where the columns of each sheet stand.
    text : what is wrong, in Russian; ``words`` fill its braces row by row.
    column : the column of the dictionary the problem is about; ``None`` when it is about the whole row.
    value : what was found; by default the value of ``column``. Persons are masked, long texts are cut.
    """
    if rows.empty:
        return empty_problems()
    if value is None:
        value = rows[column] if isinstance(column, str) and column in rows else ""

    def here(told: pd.Series | str | None) -> pd.Series | str | None:
        return told.loc[rows.index] if isinstance(told, pd.Series) else told

    column, value = here(column), here(value)
    filling = {name: shown_values(here(series)) for name, series in (words or {}).items()}
    sentences = [text.format(**dict(zip(filling, row, strict=True))) for row in zip(*filling.values(), strict=True)]
    return _shaped(
        pd.DataFrame(
            {
                "severity": severity,
                "check": check,
                "table": table,
                "file": rows["source_file"],
                "sheet": rows["source_sheet"],
                "cell": cell_addresses(rows, headers, column),
                "school_id": rows.get("school_id", ""),
                "year": rows["year"],
                "value": shown_values(value) if isinstance(value, pd.Series) else value,
                "problem": sentences or text,
                "allowed": here(allowed),
                "remedy": here(remedy),
            },
            index=rows.index,
        )
    )


def join_problems(found: Iterable[Found]) -> pd.DataFrame:
    """Put tables of problems and single problems together."""
    single: list[Problem] = []
    frames: list[pd.DataFrame] = []
    for one in found:
        if isinstance(one, Problem):
            single.append(one)
        elif len(one):
            frames.append(one)
    if single:
        frames.append(_shaped(pd.DataFrame(single, columns=COLUMNS)))
    return pd.concat(frames, ignore_index=True) if frames else empty_problems()


def order_problems(problems: pd.DataFrame) -> pd.DataFrame:
    """The gravest first, then by table and place; what is told twice is told once."""
    problems = problems.drop_duplicates()
    order = pd.DataFrame(
        {
            "severity": problems["severity"].map({name: rank for rank, name in enumerate(SEVERITIES)}),
            **{name: problems[name] for name in ("year", "table", "file", "sheet")},
            "row": pd.to_numeric(problems["cell"].str.extract(r"([0-9]+)$", expand=False), errors="coerce"),
            **{name: problems[name] for name in ("cell", "check", "problem")},
        }
    )
    return problems.loc[order.sort_values(list(order.columns), na_position="first", kind="stable").index].reset_index(
        drop=True
    )


def cell_addresses(rows: pd.DataFrame, headers: Headers, column: pd.Series | str | None) -> pd.Series:
    """Address of a cell as a spreadsheet shows it: ``C7``; column A stands for a whole row or an absent column.

    Examples
    --------
    >>> rows = pd.DataFrame({"source_file": ["staff.csv"], "source_sheet": [""], "source_row": [7]})
    >>> cell_addresses(rows, {("staff.csv", ""): {"teachers": "C"}}, "teachers").tolist()
    ['C7']
    """
    if isinstance(column, pd.Series):
        wanted = pd.DataFrame({"file": rows["source_file"], "sheet": rows["source_sheet"], "column": column})
        groups = wanted.groupby(["file", "sheet", "column"], sort=False, dropna=False).groups
        letters = pd.Series("A", index=rows.index, dtype=object)
        for (file, sheet, name), index in groups.items():
            letters.loc[index] = headers.get((file, sheet), {}).get(name, "A")
    else:
        groups = rows.groupby(["source_file", "source_sheet"], sort=False, dropna=False).groups
        letters = pd.Series("A", index=rows.index, dtype=object)
        for place, index in groups.items():
            letters.loc[index] = headers.get(place, {}).get(column, "A")
    return letters + rows["source_row"].astype("Int64").astype(str)


def column_letter(position: int) -> str:
    """Letters of a spreadsheet column counted from zero.

    Examples
    --------
    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown_values(values: pd.Series) -> pd.Series:
    """Values as a problem may show them: whole numbers without a point, long texts cut, persons masked."""
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        numbers = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        texts = [("" if np.isnan(number) else f"{number:.10g}") for number in numbers]
        return pd.Series(texts, index=values.index, dtype=object)
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype(object).map({True: "да", False: "нет"}).fillna("")
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.dt.strftime("%Y-%m-%d").fillna("")
    texts = values.astype("string").fillna("")
    long = texts.str.len() > LONGEST_VALUE
    return mask_persons(texts.where(~long, texts.str.slice(0, LONGEST_VALUE) + "…")).astype(object)


def _shaped(frame: pd.DataFrame) -> pd.DataFrame:
    """The common shape: every column, texts as strings ("" when unknown), whole years."""
    texts = {name: frame[name].astype("string").fillna("") for name in COLUMNS if name != "year"}
    shaped = pd.DataFrame(texts | {"year": pd.to_numeric(frame["year"]).astype("Int64")}, columns=COLUMNS)
    return shaped.reset_index(drop=True)


_EMPTY = _shaped(pd.DataFrame(columns=COLUMNS))
