"""Write tables as an office would deliver them: CSV files or a workbook, and where they come from."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from ruamel.yaml import YAML

from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources import sheet_name


def cells_of(name: str, frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Cells of a table as Python values, one column per dictionary column, ``None`` where empty.

    Whole numbers become ``int``, other numbers ``float``, dates ``date``; ``year`` is empty where it is the folder's
    year.
    """
    return pd.DataFrame(
        {
            column: pd.Series(
                [
                    None if pd.isna(value) or (column == "year" and value == year) else _plain(value)
                    for value in frame[column]
                ],
                index=frame.index,
                dtype=object,
            )
            for column in table(name).columns
        }
    )


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], decimal: str = ".") -> list[Path]:
    """Write each table that has rows as ``<table>.csv``: column ids and codes, semicolons, as Excel saves them."""
    written = []
    for name, cells in tables.items():
        if cells.empty:
            continue
        shown = _shown(name, cells)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\n")
        writer.writerow(shown.columns)
        writer.writerows([_text(value, decimal) for value in row] for row in shown.itertuples(index=False))
        path = folder / f"{name}.csv"
        path.write_bytes(text.getvalue().encode("utf-8"))
        written.append(path)
    return written


def write_workbook_tables(path: Path, tables: Mapping[str, pd.DataFrame], year: int) -> Path:
    """Write the tables that have rows as one workbook: Russian sheet names, headers and choices.

    The date of creation is fixed (1 September of the year), so the same tables give the same bytes.
    """
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": datetime(year, 9, 1)})
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for name, cells in tables.items():
            if cells.empty:
                continue
            entry = table(name)
            shown = _shown(name, cells)
            sheet = workbook.add_worksheet(sheet_name(name))
            sheet.freeze_panes(1, 0)
            for position, column in enumerate(shown.columns):
                labels = entry.columns[column].choices
                sheet.set_column(position, position, 40 if entry.columns[column].type == "text" else 14)
                sheet.write_string(0, position, entry.columns[column].label, bold)
                for row, value in enumerate(shown[column], 1):
                    if value is None:
                        continue
                    if isinstance(value, bool):
                        sheet.write_string(row, position, "да" if value else "нет")
                    elif isinstance(value, (int, float)):
                        sheet.write_number(row, position, value)
                    elif isinstance(value, str):
                        sheet.write_string(row, position, labels.get(value, value))
                    else:
                        sheet.write_datetime(row, position, value, day)
    return path


def write_year_sources(folder: Path, files: Sequence[Path], document: str, date: str, place: str) -> Path:
    """Write ``SOURCES.yml`` beside made-up files: every one of them is a demonstration."""
    of_each = {"date": date, "place": place, "kind": "demonstration"}
    tree = {
        "kind": "demonstration",
        "document": document,
        "files": {path.name: dict(of_each) for path in sorted(files)},
    }
    yaml = YAML(pure=True)
    yaml.width = 1000
    yaml.allow_unicode = True
    path = folder / "SOURCES.yml"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        yaml.dump(tree, stream)
    return path


def _shown(name: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Columns an office would fill in: the level only above the school, no empty columns."""
    if "level" in cells and table(name).levels:
        cells = cells.assign(level=cells["level"].where(cells["level"] != "school", None))
    filled = [column for column in cells if any(value not in (None, "") for value in cells[column])]
    return cells[filled].astype(object).where(cells[filled].notna(), None)


def _text(value: object, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace(".", decimal) if isinstance(value, float) else str(value)
