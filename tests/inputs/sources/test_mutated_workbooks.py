"""Ordinary workbooks mutated as people mutate them: every value read is the true one, or its cell is told.

``MUTATED_WORKBOOKS=1000`` searches longer; a tenth as many are handed on in each of the other formats.
"""

import os
from datetime import date
from pathlib import Path
from random import Random

import pytest

from shnor_lib.inputs.checks import check_inputs, usable_tables
from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.sources.names import code_key
from shnor_lib.inputs.sources.problems import column_letter
from shnor_lib.inputs.sources.values import missing
from tests.inputs.sources.delivery import YEAR, put
from tests.inputs.sources.mutated import Book, file_of, files_of, mutate, ordinary

BOOKS = int(os.environ.get("MUTATED_WORKBOOKS", "100"))


def same(value: object, truth: object, column) -> bool:
    if column.name == "school_id":
        return code_key(str(value)) == code_key(str(truth))
    if column.type == "choice":
        truth = next(code for code, label in column.choices.items() if label == truth)
    if isinstance(truth, date):
        return str(value)[:10] == truth.isoformat()
    return abs(value - truth) < 1e-9 if isinstance(truth, float) else value == truth


def compared(folder: Path, book: Book, kind: str, random: Random) -> tuple[list[str], int, int]:
    """What was read as another value, or not read, with nothing told, and rows that are none; how many values are right, of how many."""
    put(folder, files_of(book, kind, random))
    inputs = read_inputs(folder, "demo", [YEAR])
    problems = check_inputs(inputs, YEAR)
    tables = usable_tables(inputs, problems)
    told = {((Path(one.file).name, one.sheet), one.cell) for one in problems.itertuples()}
    rows_told = {(place, cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for place, cell in told}
    faults, right, of = [], 0, 0
    for page in book.pages:
        cells = [
            (at, place, cell)
            for at, row in enumerate(page.rows)
            for place, cell in enumerate(row)
            if cell and cell.truth
        ]
        if not cells:
            continue
        name = cells[0][2].truth[0]
        frame = tables[name]
        at_home = (file_of(page, kind), "" if kind == "csv" else page.name)
        read = frame[frame["source_file"].str.endswith(f"/{at_home[0]}") & frame["source_sheet"].eq(at_home[1])]
        read = read.set_index("source_row")
        true_rows = {at + 1 for at, _, _ in cells}
        for row in set(read.index) - true_rows:
            if (at_home, str(row)) not in rows_told:
                faults.append(f"{page.name} {row}: строка, которой нет: {read.loc[row].dropna().to_dict()}")
        for at, place, cell in cells:
            _, _, column, truth = cell.truth
            of += 1
            value = read.loc[at + 1][column] if at + 1 in read.index else None
            if not missing(value) and same(value, truth, table(name).columns[column]):
                right += 1
                continue
            letter = column_letter(place)
            here = (at_home, f"{letter}{at + 1}") in told
            column_told = (at_home, f"{letter}{page.header + 1}") in told or (at_home, "") in told
            row_told = missing(value) and (at_home, str(at + 1)) in rows_told
            if not (here or (missing(value) and column_told) or (row_told and at + 1 not in read.index)):
                faults.append(f"{page.name} {letter}{at + 1} {column}: {cell.value!r} = {truth!r} -> {value!r}")
    return faults, right, of


def nothing_is_wrong(folder: Path, seeds: range, kind: str) -> None:
    right = of = 0
    for seed in seeds:
        book = mutate(ordinary(Random(seed)), Random(seed + 1))
        faults, read, values = compared(folder / str(seed), book, kind, Random(seed))
        assert not faults, f"{seed}: {book.done}: {faults[:5]}"
        right, of = right + read, of + values
    assert right > 0.75 * of  # refusing everything would be no reading


@pytest.mark.parametrize("tens", range(-(-BOOKS // 10)))
def test_nothing_is_read_wrong_or_lost_in_silence(tens, tmp_path):
    nothing_is_wrong(tmp_path, range(tens * 10, tens * 10 + 10), "xlsx")


@pytest.mark.parametrize("kind", ["ods", "csv", "xls", "xlsb"])
def test_nothing_is_read_wrong_or_lost_in_silence_in_other_formats(kind, tmp_path):
    nothing_is_wrong(tmp_path, range(10_000, 10_000 + BOOKS // 10), kind)
