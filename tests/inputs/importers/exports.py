"""Small exports in the layouts of the real ones, and an office to import them into."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from shnor_lib.inputs.dictionary import Table, table
from shnor_lib.inputs.importers import import_files
from shnor_lib.inputs.importers.delivery import Incoming
from shnor_lib.inputs.sources.protocols import REFUSED
from tests.inputs.sources.delivery import put

SCHOOLS = '''\
school_id;name;short_name;aliases
01;"МБОУ ""СОШ № 1""";СОШ № 1;"edu200001; 101001"
02;МБОУ «СОШ № 2»;СОШ № 2;edu200002, 101002
03;МБОУ СОШ № 3;;edu200003
'''
TITLE = "ВПР 2026 Русский язык 4 класс"

Rows = Sequence[Sequence[object]]


def office(folder: Path, year: int = 2021, **files: str) -> Path:
    """A workspace with the office «demo» and its three schools; other files as ``staff="…"``."""
    put(folder, {"schools.csv": SCHOOLS} | {f"{name}.csv": text for name, text in files.items()}, year)
    (folder / "params" / "demo.yml").touch()
    return folder


def export(folder: Path, name: str, **sheets: Rows) -> Path:
    """An exported workbook, outside the workspace's data."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(2021, 9, 1)})
        for title, rows in sheets.items():
            sheet = workbook.add_worksheet(title)
            for at, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value not in (None, ""):
                        sheet.write(at, place, value)
    path = folder / "exports" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.getvalue())
    return path


def put_in(imported: Incoming) -> None:
    """Write what an import would write."""
    for path, content in imported.contents.items():
        path.write_bytes(content)


def take(workspace: Path, *paths: Path, year: int = 2021, **options) -> Incoming:
    """Import files and write what comes of it."""
    imported = import_files(workspace, "demo", year, paths, **options)
    put_in(imported)
    return imported


def written(workspace: Path, name: str, year: int = 2021) -> pd.DataFrame:
    """A table as the import wrote it, every column of the dictionary, texts."""
    entry: Table = table(name)
    path = workspace / "data" / "raw" / "demo" / str(year) / f"{name}.csv"
    return pd.read_csv(path, sep=";", dtype="string").reindex(columns=list(entry.columns))


def cells(workspace: Path, name: str, *columns: str, year: int = 2021) -> list[tuple]:
    """Rows of some columns of a written table; "" where empty."""
    frame = written(workspace, name, year)[list(columns)].astype("string").fillna("")
    return list(frame.itertuples(index=False, name=None))


def refused_cells(imported: Incoming) -> list[tuple[str, str, str]]:
    """Sheet, cell and text of everything that was not taken."""
    return [(line.sheet, line.cell, line.text) for line in imported.lines if line.record == REFUSED]


def told(imported: Incoming, record: str) -> list[tuple[str, str]]:
    """What the protocol tells under one heading: text and count."""
    return [(line.text, line.count) for line in imported.lines if line.record == record and not line.table]
