"""A small office delivered as files, for the tests of reading and checking."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from shnor_lib.inputs.sources import Inputs, read_inputs

YEAR = 2021
SOURCES = "kind: demonstration\ndocument: Пример\n"
SCHOOLS = """\
Код школы;Краткое название;Вид школы;Обучающиеся;Другие коды
01;СОШ № 1;СОШ;400;edu200001
02;ООШ № 2;ООШ;120;edu200002
03;НОШ № 3;НОШ;60;
"""


def workspace(folder: Path) -> Path:
    """An empty workspace."""
    for name in ("params", "data", "reports"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def put(folder: Path, files: Mapping[str, str | bytes], year: int = YEAR, office: str = "demo") -> Path:
    """Write the files of an office and year (SOURCES.yml unless given) and return their folder."""
    target = workspace(folder) / "data" / "raw" / office / str(year)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in ({"SOURCES.yml": SOURCES} | dict(files)).items():
        (target / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return target


def deliver(folder: Path, files: Mapping[str, str | bytes], years: Sequence[int] = (YEAR,), **texts: str) -> Inputs:
    """Read an office that delivered the files, its schools with them; ``staff="…"`` is short for ``staff.csv``."""
    put(
        folder,
        {"schools.csv": SCHOOLS} | dict(files) | {f"{name}.csv": text for name, text in texts.items()},
        years[-1],
    )
    return read_inputs(folder, "demo", years)


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    """An XLSX workbook with the given sheets."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": datetime(2021, 9, 1)})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value)
    workbook.close()
    return content.getvalue()


def told(inputs: Inputs, check: str | None = None) -> list[tuple[str, str, str]]:
    """Severity, cell and text of what reading found, but for the tables that are simply absent."""
    found = inputs.problems if check is None else inputs.problems[inputs.problems["check"] == check]
    return list(found[["severity", "cell", "problem"]].itertuples(index=False, name=None))
