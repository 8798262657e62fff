"""One folder of delivered files: which files it holds, read one by one, none of them trusted."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shnor_lib.inputs.dictionary import added_choices
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.csv_files import read_csv
from shnor_lib.inputs.sources.delivered import UNREAD_WORKBOOKS, WORKBOOKS, Kept, read_delivered
from shnor_lib.inputs.sources.problems import FileRefused, Problem, problem
from shnor_lib.inputs.sources.protocols import COLLECT_PROTOCOL, IMPORT_PROTOCOL, REFUSED, read_protocol
from shnor_lib.inputs.sources.provenance import FILE_NAME, FileSource, FolderSources, read_sources
from shnor_lib.inputs.sources.rows import Columns, Typed, typed_rows
from shnor_lib.inputs.sources.sheets import table_of
from shnor_lib.inputs.sources.workbooks import read_workbook
from shnor_lib.params.causes import of_system
from shnor_lib.params.persons import mask_person
from shnor_lib.workspace import relative_name

READ = Kept(limits.MAX_KEPT_CELLS)
"""Every file is read and typed once for its content."""


@dataclass
class Folder:
    """What was read of a folder: rows by table, letters of the columns by sheet, sources by file."""

    year: int
    rows: dict[str, list[Columns]] = field(default_factory=dict)
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    sources: list[dict] = field(default_factory=list)
    found: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """Everything found; what states no year belongs to the year of the folder."""
        return [one if one.year is not None else one._replace(year=self.year) for one in self.found]


def read_folder(workspace: Path, path: Path, year: int) -> Folder:
    """Read every file of a folder.

    ``path``: the folder of one office and year.
    """
    folder = Folder(year)
    sources_name = relative_name(workspace, path / FILE_NAME)
    sources, found = read_sources(path, sources_name)
    folder.found += [*found, *sources.problems(sources_name)]
    present = set()
    for file in _data_files(workspace, path, folder):
        present.add(file.name)
        _read_file(mask_person(relative_name(workspace, file)), file, folder, sources)
    folder.found += _left_out_of_imports(path)
    missing = sorted(set(sources.files) - set(map(mask_person, present)))
    folder.found += [problem("read_file.listed", file=sources_name, name=name) for name in missing]
    return folder


def _left_out_of_imports(path: Path) -> list[Problem]:
    """What the protocol says was not taken of the imported files, each with the sheet and cell of its file."""
    protocol = path / IMPORT_PROTOCOL
    if not protocol.is_file() or protocol.is_symlink():
        return []
    try:
        lines = read_protocol(read_delivered(protocol))
    except (OSError, FileRefused):
        return []
    return [
        problem(
            "read_import.left_out", file=line.file, sheet=line.sheet, cell=line.cell, name=line.file, text=line.text
        )
        for line in lines
        if line.record == REFUSED
    ]


def _data_files(workspace: Path, path: Path, folder: Folder) -> Iterator[Path]:
    """Data files of a folder by name; what is not one is reported."""
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        folder.found.append(_closed(relative_name(workspace, path), error))
        return
    if len(entries) > limits.MAX_FILES:
        words = {"files": len(entries), "most": limits.MAX_FILES}
        folder.found.append(problem("read_folder.too_many", file=relative_name(workspace, path), **words))
        return
    for entry in entries:
        if entry.name in (FILE_NAME, IMPORT_PROTOCOL, COLLECT_PROTOCOL) or entry.name.startswith((".", "~$")):
            continue
        name = mask_person(relative_name(workspace, entry))
        suffix = entry.suffix.lower()
        if not Path(os.path.realpath(entry)).is_relative_to(workspace.resolve()):
            folder.found.append(problem("read_file.outside", file=name))
        elif entry.is_file() and (suffix in WORKBOOKS or (suffix == ".csv" and table_of(entry.stem))):
            yield entry
        else:
            fault = "other_workbook" if suffix in UNREAD_WORKBOOKS else "no_table"
            folder.found.append(problem(f"read_file.{fault}", file=name))


def _read_file(name: str, path: Path, folder: Folder, sources: FolderSources) -> None:
    try:
        data = read_delivered(path)
    except OSError as error:
        folder.found.append(_closed(name, error))
        return
    except FileRefused as refusal:
        folder.found.append(refusal.problem._replace(file=name))
        return
    sha256 = hashlib.sha256(data).hexdigest()
    sheets, found = READ.get(
        (sha256, name, folder.year, added_choices()), lambda: _typed(data, name, path, folder.year)
    )
    folder.found += found
    for typed in sheets:
        folder.rows.setdefault(typed.entry.name, []).append(dict(typed.columns))
        folder.headers[(name, typed.sheet)] = typed.letters
        folder.found += typed.problems
    source = sources.files.get(mask_person(path.name), FileSource())
    if source.sha256 not in (None, sha256):
        folder.found.append(problem("read_file.changed", file=name, value=sha256, sha256=source.sha256))
    folder.sources.append(
        {
            **dict(source),
            "file": name,
            "tables": tuple(dict.fromkeys(typed.entry.name for typed in sheets)),
            "sha256": sha256,
            "document": source.document or sources.document,
            "kind": source.kind or sources.kind,
            "rows": sum(map(len, sheets)),
            "bytes": len(data),
            "year": folder.year,
        }
    )


def _typed(data: bytes, name: str, path: Path, year: int) -> tuple[tuple[list[Typed], list[Problem]], int]:
    """The typed sheets of a file and the problems of the file itself, and how many cells it has."""
    if path.suffix.lower() in WORKBOOKS:
        sheets, found = read_workbook(data, name, year)
    else:
        entry = table_of(path.stem)
        sheet, found = read_csv(data, name, entry)
        sheets = [(entry, sheet)] if sheet else []
    typed = [typed_rows(sheet, entry, year) for entry, sheet in sheets]
    return (typed, found), sum(len(one) * len(one.columns) for one in typed)


def _closed(name: str, error: OSError) -> Problem:
    return problem("read_file.closed", file=name, error=of_system(error))
