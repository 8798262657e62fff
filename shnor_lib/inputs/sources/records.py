"""What workbooks kept as records, .xls and .xlsb, tell of their sheets; every record is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from struct import unpack_from

from shnor_lib.inputs.sources.packages import Package, refused_if_too_large
from shnor_lib.inputs.sources.problems import column_letter
from shnor_lib.inputs.sources.sheets import Unseen
from shnor_lib.inputs.sources.unseen import unseen_of, within

RICH = "текст с оформлением внутри ячейки в записи, которую чтение пропускает"
"""Why a text of the kinds RSTRING and BrtCellRString holds no value."""
PER_CENT = (9, 10)
"""Numbers of the formats «0%» and «0.00%», which workbooks do not describe."""

OF_OTHER_SHEETS = (0x39, 0x3A, 0x3B, 0x3C, 0x3D)
_OPERANDS = {1: 4, 2: 4, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x21: 2, 0x22: 3, 0x23: 4, 0x29: 2, 0x39: 6}
_OPERANDS |= dict.fromkeys(range(3, 0x17), 0) | dict.fromkeys((0x26, 0x27, 0x28), 6)


def operands(array: int, cell: int, area: int) -> dict[int, int]:
    """How many bytes follow each token of a formula, where an array, a cell and an area take so many."""
    within = dict.fromkeys((0x24, 0x2A, 0x2C), cell) | dict.fromkeys((0x25, 0x2B, 0x2D), area)
    return _OPERANDS | within | {0x20: array, 0x3A: cell + 2, 0x3C: cell + 2, 0x3B: area + 2, 0x3D: area + 2}


def takes_from_outside(
    tokens: bytes, sizes: Mapping[int, int], text_size: Callable[[bytes, int], int], outer: Collection[int]
) -> bool:
    """Whether a formula takes something of another workbook.

    Parameters
    ----------
    sizes : what :func:`operands` gives.
    text_size : how many bytes a text takes that begins at a place.
    outer : numbers of the references that lead out of the workbook.
    """
    at = 0
    while at < len(tokens):
        kind = tokens[at] if tokens[at] < 0x20 else tokens[at] & 0x1F | 0x20
        at += 1
        if kind == 0x17:
            at += text_size(tokens, at)
        elif kind == 0x19:
            at += 3 + (2 * (unpack_from("<H", tokens, at + 1)[0] + 1) if tokens[at] & 4 else 0)
        elif kind not in sizes:
            return False
        elif kind in OF_OTHER_SHEETS and unpack_from("<H", tokens, at)[0] in outer:
            return True
        else:
            at += sizes[kind]
    return False


@dataclass
class RecordedSheet:
    """What the records of one sheet tell; rows and columns are counted from zero."""

    height: int = 0
    width: int = 0
    letters: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    per_cent: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    _rows: set[int] = field(default_factory=set)
    _columns: set[int] = field(default_factory=set)

    def fill(self, row: int, column: int, *, letters: int = 0, per_cent: bool = False, why: str = "") -> None:
        """A cell with a value or, with a reason ``why``, without one."""
        self.letters += letters
        self.height = max(self.height, row + 1)
        self.width = max(self.width, column + 1)
        self._rows.add(row)
        self._columns.add(column)
        if per_cent:
            self.per_cent.append((row, column))
        if why:
            self.failed[address(row, column)] = why

    def unseen(self) -> list[Unseen]:
        """What its user does not see of it."""
        return unseen_of(self._rows & self.hidden_rows, within(self._columns, self.hidden_columns), self.linked)


def address(row: int, column: int) -> str:
    """Address of a cell, its row and column counted from zero.

    Examples
    --------
    >>> address(6, 1)
    'B7'
    """
    return f"{column_letter(column)}{row + 1}"


def recorded_package(data: bytes, sheets: Mapping[str, RecordedSheet]) -> Package:
    """The package of a workbook whose records tell this of its sheets.

    Raises
    ------
    FileRefused
        When the sheets are too large.
    """
    area = sum(one.height * one.width for one in sheets.values())
    refused_if_too_large(area, sum(one.letters for one in sheets.values()))
    return Package(
        data,
        {name: one.failed for name, one in sheets.items() if one.failed},
        {name: one.per_cent for name, one in sheets.items() if one.per_cent},
        {name: unseen for name, one in sheets.items() if (unseen := one.unseen())},
    )
