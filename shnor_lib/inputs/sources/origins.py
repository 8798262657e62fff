"""Where the cell of a row stands: in the file of its row, or in another one that completed it."""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "source_other"
"""The column of a row that names its cells from other files than its own; empty in nearly every row."""

Place = tuple[str, str, int]
"""File, sheet, row."""


def written_origins(cells: Mapping[str, Place]) -> str:
    """The places of some columns as one text.

    Examples
    --------
    >>> origins_in(written_origins({"pupils": ("a.xlsx", "Школы", 7)}))
    {'pupils': ('a.xlsx', 'Школы', 7)}
    """
    return "\n".join("\t".join(map(str, (name, *place))) for name, place in cells.items())


def origins_in(text: str | None) -> dict[str, Place]:
    """The places that a text of :func:`written_origins` holds."""
    cells = (line.split("\t") for line in (text or "").split("\n") if line)
    return {name: (file, sheet, int(row)) for name, file, sheet, row in cells}
