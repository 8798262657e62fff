"""Raw files as delivered become the tables of the dictionary, every cell traceable to its file, sheet and row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from shnor_lib.sources import limits
from shnor_lib.sources.csv_files import read_csv
from shnor_lib.sources.problems import empty_problems, join_problems, problem, problems_of_rows
from shnor_lib.sources.provenance import FILE_NAME, FolderSources, read_sources
from shnor_lib.sources.registry import Registry, registry_of
from shnor_lib.sources.rows import empty_rows, typed_rows
from shnor_lib.sources.sheets import Sheet, sheet_name, table_of
from shnor_lib.sources.workbooks import read_workbook
from shnor_lib.tables import Table, table, table_names
from shnor_lib.workspace import raw_folder, relative_name

__all__ = ["Inputs", "read_inputs", "sheet_name"]

SOURCE_COLUMNS = {
    "file": "string", "tables": object, "sha256": "string", "document": "string", "date": "string", "place": "string",
    "kind": "string", "complete": "boolean", "stated_years": object, "remarks": object, "rows": "Int64", "bytes": "Int64",
    "year": "Int64",
}  # fmt: skip
"""``tables``, ``stated_years`` and ``remarks`` hold tuples; ``year`` is the year of the folder."""

_SCHOOL_COLUMNS = {"school_id": "error", "partner_id": "warning"}
"""Columns with the code of a school, and how grave an unknown one is: partners may come from another office."""


@dataclass(frozen=True)
class Inputs:
    """What was read for one office.

    Attributes
    ----------
    tables : every table of the dictionary (empty when absent), with ``year`` and ``source_file, source_sheet, source_row``.
    problems : what was found while reading.
    sources : one row per file: its tables, sha256, document, kind, remarks, size.
    headers : under which letter each column stands, by file and sheet.
    """

    tables: dict[str, pd.DataFrame]
    problems: pd.DataFrame = field(default_factory=empty_problems)
    sources: pd.DataFrame = field(default_factory=lambda: _sources_frame([]))
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


@dataclass
class _Folder:
    """What one folder gave while it is being read."""

    year: int
    rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    problems: list[pd.DataFrame] = field(default_factory=list)
    sources: list[dict] = field(default_factory=list)


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
    years = sorted(set(years))
    folders = []
    for year in years:
        path = raw_folder(workspace, municipality, year)
        if path.is_dir():
            folders.append(_read_folder(Path(workspace), path, year))
        else:
            name = relative_name(workspace, path)
            absent = problem(
                "error" if year == years[-1] else "note", "read_folder", f"Нет папки с данными за {year} год", file=name, year=year,
                allowed="файлы таблиц и SOURCES.yml", remedy=f"Создайте папку {name} и положите в неё заполненный шаблон.",
            )  # fmt: skip
            folders.append(_Folder(year, problems=[absent]))
    _resolve_schools(folders)
    tables, overlaps = {}, []
    for name in table_names():
        tables[name], found = _join_folders(name, folders)
        overlaps.append(found)
    headers = {place: letters for folder in folders for place, letters in folder.headers.items()}
    problems = join_problems([*(found for folder in folders for found in folder.problems), *overlaps])
    return Inputs(tables, problems, _sources_frame([one for folder in folders for one in folder.sources]), headers)


def _read_folder(workspace: Path, path: Path, year: int) -> _Folder:
    folder = _Folder(year)
    sources, problems = read_sources(path, relative_name(workspace, path / FILE_NAME))
    folder.problems.append(problems.assign(year=year))
    present = set()
    for file in _files(workspace, path, folder):
        present.add(file.name)
        _read_file(workspace, file, folder, sources)
    for name in sorted(set(sources.files) - present):
        folder.problems.append(
            problem(
                "error", "read_file", f"Файл «{name}» указан в {FILE_NAME}, но его нет", file=relative_name(workspace, path / FILE_NAME),
                year=year, allowed="каждый указанный файл лежит рядом", remedy="Верните файл или уберите его из списка.",
            )
        )  # fmt: skip
    return folder


def _files(workspace: Path, path: Path, folder: _Folder) -> Iterator[Path]:
    """Data files of a folder, by name; what is not one is reported."""
    entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    if len(entries) > limits.MAX_FILES:
        folder.problems.append(
            problem("error", "read_folder", f"В папке {len(entries)} файлов", file=relative_name(workspace, path), year=folder.year,
                    allowed=f"не более {limits.MAX_FILES}", remedy="Оставьте в папке только файлы таблиц.")
        )  # fmt: skip
        return
    for entry in entries:
        if entry.name == FILE_NAME or entry.name.startswith((".", "~$")):
            continue
        name = relative_name(workspace, entry)
        suffix = entry.suffix.lower()
        if not entry.resolve().is_relative_to(workspace.resolve()):
            folder.problems.append(
                problem("error", "read_file", "Ссылка ведёт за пределы рабочей папки, файл не читается", file=name, year=folder.year,
                        allowed="файлы внутри рабочей папки", remedy="Положите сам файл вместо ссылки.")
            )  # fmt: skip
        elif entry.is_file() and (suffix in (".xlsx", ".xlsm") or (suffix == ".csv" and table_of(entry.stem))):
            yield entry
        else:
            folder.problems.append(
                problem("warning", "read_file", "Файл не прочитан: это не таблица", file=name, year=folder.year,
                        allowed="<таблица>.csv с именем таблицы из словаря или книга .xlsx",
                        remedy="Назовите файл именем таблицы, старую книгу .xls сохраните как .xlsx, лишнее уберите.")
            )  # fmt: skip


def _read_file(workspace: Path, path: Path, folder: _Folder, sources: FolderSources) -> None:
    name = relative_name(workspace, path)
    most = limits.MAX_CSV_BYTES if path.suffix.lower() == ".csv" else limits.MAX_WORKBOOK_BYTES
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= most else b""
    except OSError as error:
        folder.problems.append(
            problem("error", "read_file", f"Файл не открывается: {error.strerror or error}", file=name, year=folder.year,
                    allowed="файл, который можно прочитать", remedy="Закройте файл в Excel и проверьте права на него.")
        )  # fmt: skip
        return
    if size > most:
        folder.problems.append(
            problem("error", "read_file", f"Файл слишком велик: {size >> 20} МБ", file=name, year=folder.year,
                    allowed=f"не более {most >> 20} МБ", remedy="Разделите файл на части: <таблица>.1.csv, <таблица>.2.csv.")
        )  # fmt: skip
        return
    sheets: list[tuple[Table, Sheet]] = []
    if path.suffix.lower() == ".csv":
        entry = table_of(path.stem)
        sheet, problems = read_csv(data, name, entry)
        sheets += [(entry, sheet)] if sheet else []
    else:
        sheets, problems = read_workbook(data, name)
    folder.problems.append(problems.assign(year=problems["year"].fillna(folder.year)))
    count = 0
    for entry, sheet in sheets:
        rows, letters, problems = typed_rows(sheet, entry, folder.year)
        folder.rows.setdefault(entry.name, []).append(rows)
        folder.headers[(name, sheet.name)] = letters
        folder.problems.append(problems.assign(year=problems["year"].fillna(folder.year)))
        count += len(rows)
    source = sources.files.get(path.name)
    sha256 = hashlib.sha256(data).hexdigest()
    if source and source.sha256 and source.sha256 != sha256:
        folder.problems.append(
            problem("error", "read_file", "Файл изменён: его sha256 не тот, что записан в SOURCES.yml", file=name, year=folder.year,
                    allowed=source.sha256, remedy="Верните прежний файл или впишите новый sha256 – после проверки изменений.",
                    value=sha256)
        )  # fmt: skip
    folder.sources.append(
        {
            "file": name,
            "tables": tuple(dict.fromkeys(entry.name for entry, _ in sheets)),
            "sha256": sha256,
            "document": (source.document if source else None) or sources.document,
            "date": source.date if source else None,
            "place": source.place if source else None,
            "kind": (source.kind if source else None) or sources.kind,
            "complete": source.complete if source else None,
            "stated_years": source.stated_years if source else (),
            "remarks": source.remarks if source else (),
            "rows": count,
            "bytes": size,
            "year": folder.year,
        }
    )


def _sources_frame(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(SOURCE_COLUMNS)).astype(SOURCE_COLUMNS)


def _resolve_schools(folders: list[_Folder]) -> None:
    """Replace every code of a school by its ``school_id``; a folder without a register uses the latest other one."""
    registries = {
        folder.year: registry_of(pd.concat(folder.rows["schools"], ignore_index=True)) for folder in folders if "schools" in folder.rows
    }
    registries = {year: registry for year, registry in registries.items() if registry.names}
    for folder in folders:
        registry = registries.get(folder.year) or next((registries[year] for year in sorted(registries, reverse=True)), None)
        for name, frames in folder.rows.items():
            entry = table(name)
            for position, rows in enumerate(frames):
                if name == "schools":
                    folder.problems.append(_ambiguous_codes(rows, registry, folder))
                else:
                    frames[position] = _resolved(rows, entry, registry, folder)


def _resolved(rows: pd.DataFrame, entry: Table, registry: Registry | None, folder: _Folder) -> pd.DataFrame:
    for column, severity in _SCHOOL_COLUMNS.items():
        if column not in entry.columns or rows[column].isna().all():
            continue
        ids, unknown = registry.resolve(rows[column]) if registry else (rows[column], rows[column].notna())
        if registry:
            hints = {code: registry.hint(code) for code in rows.loc[unknown, column].unique()[:200]}
            allowed = rows[column].map(hints).astype("string").fillna("код из таблицы «Школы»")
        else:
            unknown = unknown & ~unknown.duplicated()  # without a register one problem says it all
            allowed = "таблица «Школы» с кодами всех школ"
        rows = rows.assign(**{column: ids.astype("string")})
        folder.problems.append(
            problems_of_rows(
                rows.loc[unknown], folder.headers, severity=severity, check="schools_unknown", table=entry.name, column=column,
                text="Такой школы нет в реестре" if registry else "Нет реестра школ, код школы не с чем сверить",
                allowed=allowed if registry is None else allowed.loc[unknown],
                remedy="Исправьте код или добавьте его школе в «Другие коды» таблицы «Школы».",
            )
        )  # fmt: skip
    return rows


def _ambiguous_codes(rows: pd.DataFrame, registry: Registry | None, folder: _Folder) -> pd.DataFrame:
    """Schools of the register that share a code with another school."""
    if registry is None or not registry.ambiguous:
        return empty_problems()
    shared = {school for schools in registry.ambiguous.values() for school in schools}
    found = rows.loc[rows["school_id"].isin(list(shared))]
    codes = {school: ", ".join(code for code, schools in registry.ambiguous.items() if school in schools) for school in shared}
    return problems_of_rows(
        found, folder.headers, severity="error", check="schools_ambiguous", table="schools", column="aliases",
        value=found["school_id"].map(codes), text="Один код указан у нескольких школ", allowed="каждый код – у одной школы",
        remedy="Оставьте код у той школы, которой он принадлежит.",
    )  # fmt: skip


def _join_folders(name: str, folders: list[_Folder]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of a table from all folders; of a row stated by two folders the later statement counts."""
    entry = table(name)
    frames = [rows.assign(folder=folder.year) for folder in folders for rows in folder.rows.get(name, [])]
    if not frames:
        return empty_rows(entry), empty_problems()
    rows = pd.concat(frames, ignore_index=True)
    problems = empty_problems()
    if entry.years and rows["folder"].nunique() > 1:
        key = [column for column in entry.key if column in rows]
        latest = rows.groupby(key, dropna=False, sort=False)["folder"].transform("max")
        superseded = rows["folder"] < latest
        figures = [column for column in entry.columns if column not in key]
        same = rows.duplicated([*key, *figures], keep="last")
        headers = {place: letters for folder in folders for place, letters in folder.headers.items()}
        problems = problems_of_rows(
            rows.loc[superseded & ~same], headers, severity="warning", check="years_restated", table=name,
            text="Более поздний документ приводит другие значения; использованы они", allowed="одинаковые значения в папках разных лет",
            remedy="Проверьте, какое значение верно, и исправьте другое.",
        )  # fmt: skip
        rows = rows.loc[~superseded]
    return rows.drop(columns="folder").reset_index(drop=True)[list(empty_rows(entry).columns)], problems
