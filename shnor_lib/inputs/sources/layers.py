"""Several files of a folder that tell of one row: what is empty in one is completed by the other; only different values conflict.

No file wins over another, whatever their order. Corrections of the profile come after all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources.origins import OTHER, written_origins
from shnor_lib.inputs.sources.problems import Headers, Problem, problems_of_rows, shown_value
from shnor_lib.inputs.sources.rows import Columns


def completed(entry: Table, rows: Columns, headers: Headers) -> tuple[Columns, list[Problem]]:
    """The rows of a table of one folder, those that several files tell of put into one where they do not disagree.

    Returns
    -------
    The rows, each filled cell that came from another file named in ``source_other``; and a problem for each cell that two files
    tell differently, on the later one. Rows that one sheet repeats stay: the check of repeated rows tells of them.
    """
    columns = list(dict.fromkeys([*entry.key, "year"]))
    keys = list(zip(*(rows[name] for name in columns), strict=True))
    if len(set(keys)) == len(keys):
        return rows, []
    places = list(zip(rows["source_file"], rows["source_sheet"], rows["source_row"], strict=True))
    first: dict[tuple, int] = {}
    gone: set[int] = set()
    other: dict[int, dict[str, tuple[str, str, int]]] = {}
    differing: dict[str, list[tuple[int, int]]] = {}
    filled = {name: list(values) for name, values in rows.items()}
    for position, key in enumerate(keys):
        main = first.setdefault(key, position)
        if main == position or places[main][:2] == places[position][:2] or _lacks_key(entry, columns, key):
            continue
        told = [name for name in entry.columns if name not in columns and rows[name][position] is not None]
        wrong = [name for name in told if filled[name][main] not in (None, rows[name][position])]
        for name in wrong:
            differing.setdefault(name, []).append((main, position))
        if wrong:
            continue
        for name in told:
            if filled[name][main] is None:
                filled[name][main] = rows[name][position]
                other.setdefault(main, {})[name] = places[position]
        gone.add(position)
    for position, cells in other.items():
        filled[OTHER][position] = written_origins(cells)
    found = [one for name, pairs in differing.items() for one in _conflicts(entry, name, rows, pairs, places, headers)]
    kept = [position for position in range(len(keys)) if position not in gone]
    return {name: [values[position] for position in kept] for name, values in filled.items()}, found


def _lacks_key(entry: Table, columns: Sequence[str], key: Sequence[object]) -> bool:
    """Whether a row lacks a part of its key that no row may lack."""
    return any(
        value is None and name in entry.columns and entry.columns[name].required
        for name, value in zip(columns, key, strict=True)
    )


def _conflicts(
    entry: Table,
    name: str,
    rows: Mapping[str, Sequence],
    pairs: Sequence[tuple[int, int]],
    places: Sequence[tuple],
    headers: Headers,
) -> list[Problem]:
    letters = {main: headers.get(places[main][:2], {}).get(name, "A") for main, _ in pairs}
    where = {
        position: f"{places[main][0]}{f', лист «{places[main][1]}»' if places[main][1] else ''}, {letters[main]}{places[main][2]}"
        for main, position in pairs
    }
    other = {position: shown_value(rows[name][main]) for main, position in pairs}
    positions = [position for _, position in pairs]
    return problems_of_rows(
        "table_layers.differs", rows, positions, headers, table=entry.name, column=name, other=other, where=where
    )
