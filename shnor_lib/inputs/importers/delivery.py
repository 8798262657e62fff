"""The folder of an office and year as it stands, and what it becomes when new rows come into it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from shnor_lib.inputs.dictionary import Table, table
from shnor_lib.inputs.importers.canonical import (
    Difference,
    Merge,
    Resolution,
    Standing,
    Values,
    csv_of,
    merge_rows,
    values_of,
)
from shnor_lib.inputs.importers.extract import ImportRefused
from shnor_lib.inputs.importers.source_entries import Entry, updated_sources
from shnor_lib.inputs.sources import Inputs, read_inputs
from shnor_lib.inputs.sources.origins import OTHER, origins_in
from shnor_lib.inputs.sources.protocols import REPLACED, Line, protocol_bytes
from shnor_lib.inputs.sources.provenance import FILE_NAME
from shnor_lib.inputs.sources.registry import Registry, registry_of
from shnor_lib.inputs.sources.rows import Rows
from shnor_lib.workspace import raw_folder, relative_name

PLACE = ["source_file", "source_sheet", "source_row"]
YEARS_BACK = 3
"""The register before the year is looked for among so many years."""


@dataclass(frozen=True)
class Delivery:
    """The folder of an office and year.

    Attributes
    ----------
    name : how messages call it.
    inputs : its tables as the readers give them, with those of the years before.
    schools : the register; its ``school_id`` in order are ``school_ids``.
    """

    folder: Path
    name: str
    year: int
    inputs: Inputs
    schools: Registry
    register: pd.DataFrame

    @property
    def school_ids(self) -> list[str]:
        return list(self.register.loc[self.register["level"].eq("school"), "school_id"].dropna().unique())

    def bytes_of(self, name: str) -> bytes | None:
        """Content of a file of the folder, ``None`` when it is not there."""
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def standing(self, name: str) -> list[Standing]:
        """Rows of a table that stand in the folder, and those of other years where they have been delivered before.

        Raises :class:`ImportRefused` when its CSV has errors, so that rewriting it would lose what could not be read.
        """
        own = f"{self.name}/{name}.csv"
        problems = self.inputs.problems
        broken = problems[problems["file"].eq(own) & problems["severity"].eq("error")]
        if len(broken):
            first = broken.iloc[0]
            raise ImportRefused(
                f"{own} ({first['cell'] or 'файл'}): {first['problem']}.",
                "исправьте файл и повторите; shnor check покажет всё.",
            )
        if (self.folder / f"{name}.csv").is_symlink():
            raise ImportRefused(f"{own} – ссылка.", "положите сам файл вместо ссылки.")
        frame = self.inputs.tables[name]
        here = frame["source_file"].str.startswith(f"{self.name}/").eq(True)
        frame = frame[here | frame["year"].ne(self.year)] if table(name).years else frame[here]
        rows = zip(values_of(table(name), frame, self.year), frame[[*PLACE, OTHER]].to_numpy(object), strict=True)
        return [one for values, (*place, other) in rows for one in self._by_file(table(name), values, place, other)]

    def _by_file(self, entry: Table, values: Values, place: Sequence, other: object) -> Iterator[Standing]:
        """The cells of a row, those of each file that tells of it apart."""
        elsewhere = origins_in(other if isinstance(other, str) else None)
        parts: dict[tuple, Values] = {}
        for column, value in values.items():
            parts.setdefault(elsewhere.get(column, tuple(place)), {})[column] = value
        key = {column: values[column] for column in entry.key if column in values}
        for (file, sheet, row), cells in parts.items():
            shown = f"{Path(file).name}{f', лист {sheet}' if sheet else ''}"
            letters = self.inputs.headers.get((file, sheet), {})
            yield Standing(key | cells, shown, row, letters, file == f"{self.name}/{entry.name}.csv")


def open_delivery(workspace: Path, municipality: str, year: int) -> Delivery:
    """Read the folder of an office and year, and the register of its schools."""
    workspace = Path(workspace).resolve()
    folder = raw_folder(workspace, municipality, year)
    present = [past for past in range(year - YEARS_BACK, year) if raw_folder(workspace, municipality, past).is_dir()]
    inputs = read_inputs(workspace, municipality, [*present, year])
    rows = inputs.tables["schools"]
    rows = rows[rows["level"].eq("school")]
    register = _register(rows, year)
    return Delivery(folder, relative_name(workspace, folder), year, inputs, registry_of(Rows(register)), register)


def _register(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Schools of the year, and those of the latest year before it that the year does not have yet."""
    own = rows[rows["year"].eq(year)]
    past = rows[rows["year"].lt(year)]
    past = past[past["year"].eq(past["year"].max())] if len(past) else past
    return pd.concat([own, past[~past["school_id"].isin(own["school_id"])]], ignore_index=True)


def merge_tables(
    delivery: Delivery,
    new: Mapping[str, Sequence[tuple[str, Values]]],
    resolution: Resolution,
    taken_before: frozenset[tuple[str, str]] = frozenset(),
) -> dict[str, Merge]:
    """Put new rows into the tables of a folder."""
    return {
        name: merge_rows(table(name), delivery.standing(name), rows, delivery.year, resolution, taken_before)
        for name, rows in sorted(new.items())
    }


@dataclass(frozen=True)
class Incoming:
    """What rows that come into a folder would write.

    Attributes
    ----------
    contents : the files, by path; only those that change. Empty when differences are not settled.
    lines : the protocol.
    merges : what became of each table.
    differences : cells in which the office's files and the new ones disagree and that nothing settles.
    left_out : some file that was given did not come in.
    """

    contents: dict[Path, bytes]
    lines: list[Line]
    merges: dict[str, Merge]
    differences: list[Difference]
    left_out: bool = False


def incoming(
    delivery: Delivery,
    merges: dict[str, Merge],
    lines: list[Line],
    resolution: Resolution,
    *,
    protocol: str,
    earlier: Sequence[Line],
    lasting: Container[str] = (REPLACED,),
    document: str,
    entries: Mapping[str, Entry],
    left_out: bool = False,
) -> Incoming:
    """The tables that change, their provenance and the protocol; no file while cells disagree.

    Parameters
    ----------
    protocol, earlier, lasting : the name of its file, the protocol that is continued, and what of it is kept of files that come again.
    document, entries : what ``SOURCES.yml`` says of a new folder, and of the file of each table; nothing of one that is not there,
        because workbooks hold all of its rows.
    """
    differences = [one for merge in merges.values() for one in merge.differences if resolution not in one.settled_by]
    if differences:
        return Incoming({}, lines, merges, differences, left_out)
    contents = {f"{name}.csv": csv_of(merge.entry, merge.rows) for name, merge in merges.items() if merge.changed}
    if merges:
        there = {
            name: entry for name, entry in entries.items() if name in contents or delivery.bytes_of(name) is not None
        }
        contents[FILE_NAME] = updated_sources(delivery.bytes_of(FILE_NAME), there, document=document)
    contents[protocol] = protocol_bytes(lines, earlier, lasting)
    changed = {name: content for name, content in contents.items() if delivery.bytes_of(name) != content}
    return Incoming({delivery.folder / name: content for name, content in changed.items()}, lines, merges, [], left_out)
