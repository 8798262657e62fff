"""Values are taken from cells: a filled cell that holds no value of its kind is refused, with its address."""

from __future__ import annotations

from shnor_lib.inputs.importers.cells import cell, number
from shnor_lib.inputs.importers.extract import Extract, RawSheet, Unit
from shnor_lib.inputs.sources.problems import column_letter
from shnor_lib.inputs.sources.values import NO_DATA, says_thousands
from shnor_lib.params.persons import mask_person

DASHES = ("-", "–", "—", "−")
LONGEST = 60


def address(row: int, column: int) -> str:
    """Address of a cell, from positions counted from zero.

    Examples
    --------
    >>> address(0, 0), address(11, 27)
    ('A1', 'AB12')
    """
    return f"{column_letter(column)}{row + 1}"


def place_of(sheet: RawSheet, row: int, column: int) -> str:
    """A cell as messages call it: sheet and address."""
    return f"лист «{sheet.name}», {address(row, column)}" if sheet.name else address(row, column)


class Taking:
    """Values of one sheet. What is refused stands in the protocol as «не взято» and is no value, not nought.

    ``unit``: whom the row is about that is being read.
    """

    def __init__(self, extract: Extract, sheet: RawSheet) -> None:
        self._extract, self._sheet = extract, sheet
        self.unit: Unit | None = None

    def count(self, row: int, column: int | None, of: str, most: float = 1e9) -> int | None:
        """A whole number from 0 to ``most``; ``None`` where the cell is empty or refused.

        Parameters
        ----------
        row, column : positions counted from zero; no column, no value.
        of : what the cell is about, in words.
        """
        if says_thousands(cell(self._sheet.rows[row], column)):
            self.refuse(row, column, of, "тысячи отделяют пробелом: знак здесь может быть и десятичным")
            return None
        value = self.number(row, column, of, most=most)
        if value is not None and not value.is_integer():
            self.refuse(row, column, of, "число людей не бывает дробным")
            return None
        return None if value is None else int(value)

    def number(
        self, row: int, column: int | None, of: str, *, least: float = 0, most: float, per_cent: bool = False
    ) -> float | None:
        """A number between limits; ``per_cent``: the sign % may stand behind it. ``None`` where the cell is empty or refused."""
        text = cell(self._sheet.rows[row], column)
        if not text or text.lower() in NO_DATA:
            return None
        value = number(text)
        if "%" in text and not per_cent:
            self.refuse(row, column, of, "процент там, где нужно число")
        elif value is None and text in DASHES:
            self.refuse(row, column, of, "прочерк: поставьте 0 или оставьте ячейку пустой, если данных нет")
        elif value is None:
            self.refuse(row, column, of, "не число")
        elif not least <= value <= most:
            self.refuse(row, column, of, f"не от {least:g} до {most:g}")
        else:
            return value
        return None

    def refuse(self, row: int, column: int, of: str, why: str) -> None:
        """Say that a cell is not taken, and why."""
        text = mask_person(cell(self._sheet.rows[row], column)[: 4 * LONGEST])[:LONGEST]
        why = text.strip("[]") if text.startswith("[") else f"«{text}» – {why}" if text else why
        self._extract.remark("не взято", f"{of}: {why}", None, self._sheet.name, address(row, column), self.unit)
