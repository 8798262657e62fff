"""How much a delivered file may hold. Larger ones are refused before they are opened."""

from __future__ import annotations

MAX_CSV_BYTES = 512 << 20
MAX_WORKBOOK_BYTES = 64 << 20
MAX_UNZIPPED_BYTES = 512 << 20
MAX_RATIO = 100
"""Unzipped to zipped size of a workbook; real ones reach 30."""
RATIO_MATTERS_FROM = 4 << 20
"""Smaller workbooks may have any ratio."""
MAX_PARTS = 2000
MAX_CELLS = 5_000_000
"""Rows × columns of all sheets of a workbook, each up to its last filled cell."""
MAX_TEXT = 1 << 26
"""Letters of all cells of a workbook, a text that many cells share counted as often as it stands: each takes four bytes."""
MAX_CELL_TEXT = 10_000
"""Letters of one cell: persons are looked for in each of them."""
MAX_COPIES = 200_000
"""Filled cells of an .ods that are written as repetitions of another."""
MAX_CONTINUED = 20_000
"""Records of an old workbook that continue one: what reads them takes longer with each."""
MAX_COLUMNS = 1_000
"""Columns of an export: every layout looks for its headers in them."""
MAX_HEADERS = 300
"""For so many unknown headers of a sheet the nearest known one is looked for."""
MAX_TOLD = 5_000
"""So many rows of a table are told one by one of what is wrong with all of them alike; of the others, how many there are."""
MAX_FILES = 500
MAX_KEPT_CELLS = 3_000_000
"""Cells of files read before that are kept for those who ask again: an office has some 60,000 in three years."""
