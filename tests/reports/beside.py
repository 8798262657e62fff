"""The public tables beside the internal ones: a number is the same as printed or hidden, never another one, never said to be lacking."""

import csv
from pathlib import Path

from shnor_lib.pages.numbers import round_half_up

HIDDEN, CODES = "[скрыто]", ("[нет данных]", "[мало]", "[неприменимо]")


def number(text: str) -> float | None:
    """The number in a cell of a file; ``None`` for words and codes."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def decimals(column: list[str]) -> int:
    """The most decimals that a column of a file shows."""
    return max((len(cell.partition(",")[2]) for cell in column if number(cell) is not None), default=0)


def as_printed(cell: str, digits: int) -> float:
    """A number of the internal tables rounded as the public ones print it."""
    return float(round_half_up(float(cell.replace(",", ".")), digits))


def other_numbers(internal: Path, public: Path, ours: frozenset[str] = frozenset()) -> tuple[list[str], int, int]:
    """Cells of the public tables that say something else than the internal ones, and how many numbers are shown and hidden.

    ``ours``: tables that one edition tells otherwise on purpose. Columns that only the internal edition has are left out.
    """
    faults, shown, hidden = [], 0, 0
    for path in sorted(public.glob("*.csv")):
        if path.stem in ours or not (internal / path.name).exists():
            continue
        (head, *rows), (inner_head, *inner) = (_rows(one) for one in (path, internal / path.name))
        if len(rows) != len(inner):
            faults.append(f"{path.name}: {len(rows)} rows, internal {len(inner)}")
            continue
        at = range(len(head)) if head == inner_head else [inner_head.index(column) for column in head]
        digits = [decimals([row[place] for row in rows]) for place in range(len(head))]
        for place, (row, other) in enumerate(zip(rows, inner, strict=True), start=2):
            for column, cell, where, most in zip(head, row, at, digits, strict=True):
                before = other[where]
                if number(before) is None:
                    if number(cell) is not None:
                        faults.append(f"{path.name}:{place} {column}: {cell}, internal {before}")
                elif cell == HIDDEN:
                    hidden += 1
                elif cell != before and number(cell) not in {as_printed(before, count) for count in range(most + 1)}:
                    faults.append(f"{path.name}:{place} {column}: {cell}, internal {before}")
                else:
                    shown += 1
    return faults, shown, hidden


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))
