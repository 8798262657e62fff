"""One folder of delivered files: which files it holds, read one by one, none of them trusted."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.csv_files import read_csv
from shnor_lib.inputs.sources.problems import Found, Problem, join_problems
from shnor_lib.inputs.sources.provenance import FILE_NAME, FileSource, FolderSources, read_sources
from shnor_lib.inputs.sources.rows import typed_rows
from shnor_lib.inputs.sources.sheets import table_of
from shnor_lib.inputs.sources.workbooks import read_workbook
from shnor_lib.workspace import relative_name

WORKBOOKS = (".xlsx", ".xlsm")

PROTOCOLS = ("import_protocol.csv", "collect_protocol.csv")
"""Files beside the tables that tell how imports and collected forms came into them."""


@dataclass
class Folder:
    """What was read of a folder: rows by table, letters of the columns by sheet, sources by file."""

    year: int
    rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    sources: list[dict] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    @property
    def problems(self) -> pd.DataFrame:
        """Everything found; what states no year belongs to the year of the folder."""
        problems = join_problems(self.found)
        return problems.assign(year=problems["year"].fillna(self.year))


def read_folder(workspace: Path, path: Path, year: int) -> Folder:
    """Read every file of a folder.

    Parameters
    ----------
    path : the folder of one office and year.
    """
    folder = Folder(year)
    sources_name = relative_name(workspace, path / FILE_NAME)
    sources, found = read_sources(path, sources_name)
    folder.found += found
    present = set()
    for file in _data_files(workspace, path, folder):
        present.add(file.name)
        _read_file(relative_name(workspace, file), file, folder, sources)
    folder.found += [
        Problem(
            "error",
            "read_file",
            f"Файл «{name}» указан в {FILE_NAME}, но не прочитан: его нет или это не таблица",
            file=sources_name,
            allowed="каждый указанный файл лежит рядом",
            remedy="Верните файл или уберите его из списка.",
        )
        for name in sorted(set(sources.files) - present)
    ]
    return folder


def _data_files(workspace: Path, path: Path, folder: Folder) -> Iterator[Path]:
    """Data files of a folder by name; what is not one is reported."""
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        folder.found.append(_not_opened(relative_name(workspace, path), error))
        return
    if len(entries) > limits.MAX_FILES:
        folder.found.append(
            Problem(
                "error",
                "read_folder",
                f"В папке {len(entries)} файлов",
                file=relative_name(workspace, path),
                allowed=f"не более {limits.MAX_FILES}",
                remedy="Оставьте в папке только файлы таблиц.",
            )
        )
        return
    for entry in entries:
        if entry.name in (FILE_NAME, *PROTOCOLS) or entry.name.startswith((".", "~$")):
            continue
        name = relative_name(workspace, entry)
        suffix = entry.suffix.lower()
        if not Path(os.path.realpath(entry)).is_relative_to(workspace.resolve()):
            folder.found.append(
                Problem(
                    "error",
                    "read_file",
                    "Ссылка ведёт за пределы рабочей папки, файл не читается",
                    file=name,
                    allowed="файлы внутри рабочей папки",
                    remedy="Положите сам файл вместо ссылки.",
                )
            )
        elif entry.is_file() and (suffix in WORKBOOKS or (suffix == ".csv" and table_of(entry.stem))):
            yield entry
        else:
            folder.found.append(
                Problem(
                    "warning",
                    "read_file",
                    "Файл не прочитан: это не таблица",
                    file=name,
                    allowed="<таблица>.csv с именем таблицы из словаря или книга .xlsx",
                    remedy="Назовите файл именем таблицы, старую книгу .xls сохраните как .xlsx, лишнее уберите.",
                )
            )


def _read_file(name: str, path: Path, folder: Folder, sources: FolderSources) -> None:
    data = _bytes(name, path, folder)
    if data is None:
        return
    if path.suffix.lower() in WORKBOOKS:
        sheets, found = read_workbook(data, name)
    else:
        entry = table_of(path.stem)
        sheet, found = read_csv(data, name, entry)
        sheets = [(entry, sheet)] if sheet else []
    folder.found += found
    count = 0
    for entry, sheet in sheets:
        rows, letters, found = typed_rows(sheet, entry, folder.year)
        folder.rows.setdefault(entry.name, []).append(rows)
        folder.headers[(name, sheet.name)] = letters
        folder.found += found
        count += len(rows)
    tables = tuple(dict.fromkeys(entry.name for entry, _ in sheets))
    source = sources.files.get(path.name, FileSource())
    sha256 = hashlib.sha256(data).hexdigest()
    if source.sha256 not in (None, sha256):
        folder.found.append(
            Problem(
                "error",
                "read_file",
                "Файл изменён: его sha256 не тот, что записан в SOURCES.yml",
                file=name,
                value=sha256,
                allowed=source.sha256,
                remedy="Верните прежний файл или, проверив изменения, впишите новый sha256.",
            )
        )
    folder.sources.append(
        {
            **source.model_dump(),
            "file": name,
            "tables": tables,
            "sha256": sha256,
            "document": source.document or sources.document,
            "kind": source.kind or sources.kind,
            "rows": count,
            "bytes": len(data),
            "year": folder.year,
        }
    )


def _bytes(name: str, path: Path, folder: Folder) -> bytes | None:
    """Content of a file, ``None`` when it is too large or cannot be opened."""
    most = limits.MAX_WORKBOOK_BYTES if path.suffix.lower() in WORKBOOKS else limits.MAX_CSV_BYTES
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        folder.found.append(_not_opened(name, error))
        return None
    if len(data) <= most:
        return data
    folder.found.append(
        Problem(
            "error",
            "read_file",
            "Файл слишком велик",
            file=name,
            allowed=f"не более {most >> 20} МБ",
            remedy="Разделите файл на части: <таблица>.1.csv, <таблица>.2.csv.",
        )
    )
    return None


def _not_opened(name: str, error: OSError) -> Problem:
    return Problem(
        "error",
        "read_file",
        f"Не открывается: {error.strerror or error}",
        file=name,
        allowed="файл или папка, которые можно прочитать",
        remedy="Закройте файл в Excel и проверьте права на него.",
    )
