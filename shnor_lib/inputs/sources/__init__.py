"""Raw files as delivered become the tables of the dictionary, every cell traceable to its file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources.folders import Folder, read_folder
from shnor_lib.inputs.sources.problems import (
    Found,
    Problem,
    empty_problems,
    join_problems,
    order_problems,
    problems_of_rows,
)
from shnor_lib.inputs.sources.registry import registry_of, resolve_schools, shared_codes
from shnor_lib.inputs.sources.rows import empty_rows
from shnor_lib.inputs.sources.sheets import sheet_name
from shnor_lib.workspace import raw_folder, relative_name

__all__ = ["Inputs", "read_inputs", "sheet_name"]

SOURCE_COLUMNS = {
    "file": "string",
    "tables": object,
    "sha256": "string",
    "document": "string",
    "date": "string",
    "place": "string",
    "kind": "string",
    "complete": "boolean",
    "stated_years": object,
    "remarks": object,
    "rows": "Int64",
    "bytes": "Int64",
    "year": "Int64",
}
"""``tables``, ``stated_years`` and ``remarks`` hold tuples; ``year`` is the year of the folder."""


@dataclass(frozen=True)
class Inputs:
    """What was read for one office.

    Attributes
    ----------
    tables : every table of the dictionary (empty when absent), with ``year``, ``source_file``, ``source_sheet`` and
        ``source_row``.
    problems : what was found while reading.
    sources : one row per file: its tables, sha256, document, kind, remarks, size.
    headers : under which letter each column stands, by file and sheet.
    """

    tables: dict[str, pd.DataFrame]
    problems: pd.DataFrame = field(default_factory=empty_problems)
    sources: pd.DataFrame = field(default_factory=lambda: _sources_frame([]))
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


def read_inputs(workspace: Path, municipality: str, years: Iterable[int]) -> Inputs:
    """Read everything delivered by an office for some years.

    Parameters
    ----------
    workspace : folder with ``params`` and ``data``.
    years : folder years; the latest is the one reported on, the others are its past and may be absent.

    Raises
    ------
    WorkspaceError
        When the municipality is no id or a year is none.
    """
    workspace = Path(workspace).resolve()
    years = sorted(set(years))
    folders, found = [], []
    for year in years:
        path = raw_folder(workspace, municipality, year)
        if path.is_dir():
            folders.append(read_folder(workspace, path, year))
        else:
            name = relative_name(workspace, path)
            found.append(
                Problem(
                    "error" if year == years[-1] else "note",
                    "read_folder",
                    f"Нет папки с данными за {year} год",
                    file=name,
                    year=year,
                    allowed="файлы таблиц и SOURCES.yml",
                    remedy=f"Создайте папку {name} и положите в неё заполненный шаблон.",
                )
            )
    _resolve_schools(folders)
    headers = {place: letters for folder in folders for place, letters in folder.headers.items()}
    tables = {}
    for name in table_names():
        tables[name], restated = _join_folders(name, folders, headers)
        found += restated
    problems = order_problems(join_problems([*found, *(folder.problems for folder in folders)]))
    return Inputs(tables, problems, _sources_frame([one for folder in folders for one in folder.sources]), headers)


def _sources_frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS)).astype(SOURCE_COLUMNS)


def _resolve_schools(folders: list[Folder]) -> None:
    """Replace every code of a school by its ``school_id``; a folder without a register uses the latest other one."""
    registries = {}
    for folder in folders:
        schools = (
            pd.concat(folder.rows["schools"], ignore_index=True)
            if "schools" in folder.rows
            else empty_rows(table("schools"))
        )
        registry = registry_of(schools)
        if registry.names:
            registries[folder.year] = registry
        folder.found += shared_codes(schools, registry, folder.headers)
    latest = registries[max(registries)] if registries else None
    for folder in folders:
        for name, frames in folder.rows.items():
            if name == "schools":
                continue
            for position, rows in enumerate(frames):
                frames[position], found = resolve_schools(
                    rows, table(name), registries.get(folder.year, latest), folder.headers
                )
                folder.found += found


def _join_folders(name: str, folders: list[Folder], headers: dict) -> tuple[pd.DataFrame, list[Found]]:
    """Rows of a table from all folders; of a row stated by two folders the later statement counts."""
    entry = table(name)
    frames = [rows.assign(folder=folder.year) for folder in folders for rows in folder.rows.get(name, [])]
    if not frames:
        return empty_rows(entry), []
    rows = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    found: list[Found] = []
    if entry.years and rows["folder"].nunique() > 1:
        key = list(entry.key)
        superseded = rows["folder"] < rows.groupby(key, dropna=False, sort=False)["folder"].transform("max")
        repeated = rows.duplicated([column for column in rows if column in entry.columns], keep="last")
        found.append(
            problems_of_rows(
                rows.loc[superseded & ~repeated],
                headers,
                severity="warning",
                check="years_restated",
                table=name,
                text="Более поздний документ приводит другие значения; использованы они",
                allowed="одинаковые значения в папках разных лет",
                remedy="Проверьте, какое значение верно, и исправьте другое.",
            )
        )
        rows = rows.loc[~superseded]
    return rows.drop(columns="folder").reset_index(drop=True), found
