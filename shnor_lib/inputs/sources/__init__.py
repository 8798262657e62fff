"""Raw files as delivered become the tables of the dictionary, every cell traceable to its file, sheet and row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from shnor_lib.inputs.dictionary import Table, table, table_names
from shnor_lib.inputs.sources.folders import Folder, read_folder
from shnor_lib.inputs.sources.layers import completed
from shnor_lib.inputs.sources.problems import (
    LONGEST_VALUE,
    Headers,
    Problem,
    order_problems,
    problem,
    problems_frame,
    problems_of_rows,
)
from shnor_lib.inputs.sources.provenance import FILE_NAME
from shnor_lib.inputs.sources.registry import registry_of, resolve_schools, shared_codes
from shnor_lib.inputs.sources.rows import Columns, Rows, dtypes_of, empty_rows, frame_of
from shnor_lib.inputs.sources.sheets import sheet_name
from shnor_lib.params.persons import persons_declared
from shnor_lib.params.yaml_files import MAX_BYTES
from shnor_lib.workspace import declared_files, raw_folder, relative_name

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
    problems: pd.DataFrame = field(default_factory=lambda: problems_frame([]))
    sources: pd.DataFrame = field(default_factory=lambda: _sources_frame([]))
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> dict[str, Rows]:
        """The tables as arrays, for those who check them."""
        return {name: Rows(frame) for name, frame in self.tables.items()}


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
            severity = "error" if year == years[-1] else "note"
            found.append(problem("read_folder.absent", severity=severity, file=name, year=year))
    found += _persons_declared(workspace, municipality, years)
    _resolve_schools(folders)
    _complete(folders)
    headers = {place: letters for folder in folders for place, letters in folder.headers.items()}
    tables = {}
    for name in table_names():
        tables[name], restated = _join_folders(name, folders, headers)
        found += restated
    problems = order_problems([*found, *(one for folder in folders for one in folder.problems)])
    return Inputs(
        tables, problems_frame(problems), _sources_frame([one for folder in folders for one in folder.sources]), headers
    )


def _persons_declared(workspace: Path, municipality: str, years: list[int]) -> list[Problem]:
    """Persons named in the profile, the methods and what else of the workspace's YAML reaches a page of the office."""
    files = declared_files(workspace, municipality)
    files += [raw_folder(workspace, municipality, year) / FILE_NAME for year in years]
    return [
        problem(
            "persons_text.declared", file=relative_name(workspace, file), cell=f"A{line}", named=named[:LONGEST_VALUE]
        )
        for file in files
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_BYTES
        for line, named in persons_declared(file.read_bytes())
    ]


def _sources_frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS)).astype(SOURCE_COLUMNS)


def _resolve_schools(folders: list[Folder]) -> None:
    """Replace every code of a school by its ``school_id``; a folder without a register uses the latest other one."""
    registries = {}
    for folder in folders:
        schools = joined(table("schools"), folder.rows.get("schools", []))
        registry = registry_of(schools)
        if registry.names:
            registries[folder.year] = registry
        folder.found += shared_codes(schools, registry, folder.headers)
    latest = registries[max(registries)] if registries else None
    for folder in folders:
        for name, parts in folder.rows.items():
            for rows in parts if name != "schools" else ():
                known = registries.get(folder.year, latest)
                folder.found += resolve_schools(rows, table(name), known, folder.headers)


def _complete(folders: list[Folder]) -> None:
    """Put the rows of each folder together that several of its files tell of."""
    for folder in folders:
        for name, parts in folder.rows.items():
            if len(parts) > 1:
                rows, found = completed(table(name), joined(table(name), parts), folder.headers)
                folder.rows[name], folder.found = [rows], [*folder.found, *found]


def joined(entry: Table, parts: list[Columns]) -> Columns:
    """All columns of a table, its parts one under the other."""
    sizes = [len(part["source_row"]) for part in parts]
    return {
        name: [value for part, size in zip(parts, sizes, strict=True) for value in part.get(name) or (None,) * size]
        for name in dtypes_of(entry)
    }


def _join_folders(name: str, folders: list[Folder], headers: Headers) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows of a table from all folders; of a row stated by two folders the later statement counts."""
    entry = table(name)
    parts = [(folder.year, part) for folder in folders for part in folder.rows.get(name, [])]
    if not parts:
        return empty_rows(entry), []
    rows = joined(entry, [part for _, part in parts])
    if not entry.years or len({year for year, _ in parts}) == 1:
        return frame_of(entry, rows), []
    stated = [year for year, part in parts for _ in part["source_row"]]
    keys = list(zip(*(rows[column] for column in entry.key), strict=True))
    latest = dict(zip(keys, stated, strict=True))  # the folders come year by year: the last statement is the latest
    superseded = [year < latest[key] for year, key in zip(stated, keys, strict=True)]
    if not any(superseded):
        return frame_of(entry, rows), []
    whole = list(zip(*(rows[column] for column in entry.columns), strict=True))
    last = {row: position for position, row in enumerate(whole)}
    restated = [place for place, old in enumerate(superseded) if old and last[whole[place]] == place]
    found = problems_of_rows("years_restated.restated", rows, restated, headers, table=name)
    kept = {
        column: [one for one, old in zip(values, superseded, strict=True) if not old] for column, values in rows.items()
    }
    return frame_of(entry, kept), found
