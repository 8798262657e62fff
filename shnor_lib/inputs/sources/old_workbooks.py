"""Old workbooks (.xls) are read in a process of their own, whose memory and time are limited.

What such a file says of its sizes cannot be weighed before it is read: one damaged number, and its reader asks for more memory than
there is, which ends the process. This file is that process too, so it knows nothing of the library.
"""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import NamedTuple

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY, MEMORY_OF_A_BYTE, MOST_MEMORY = 192 << 20, 64, 2 << 30
"""Bytes that reading may take: of each file, of each byte of it, in all."""
SECONDS, BYTES_A_SECOND = 8, 1 << 20
LONGEST = 120
"""Seconds by the clock, for systems that do not limit those of the processor."""


class OldSheet(NamedTuple):
    """A sheet: its name, whether its user sees it, its rows of values; ``None`` where it is no sheet of cells."""

    name: str
    visible: bool
    rows: list[list[object]] | None


def read_old_workbook(data: bytes, most_cells: int) -> list[OldSheet] | None:
    """The sheets of an old workbook; ``None`` where it cannot be read within its limits.

    Parameters
    ----------
    most_cells : rows × columns of all sheets.
    """
    command = [sys.executable, "-P", __file__, str(most_cells)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return None
    return [OldSheet(*sheet) for sheet in pickle.loads(done.stdout)] if done.returncode == 0 else None


def _sheets(data: bytes, most_cells: int) -> list[tuple[str, bool, list[list[object]] | None]]:
    workbook, sheets = CalamineWorkbook.from_filelike(io.BytesIO(data)), []
    for one in workbook.sheets_metadata:
        rows = None
        if one.typ == SheetTypeEnum.WorkSheet:
            sheet = workbook.get_sheet_by_name(one.name)
            most_cells -= sheet.total_height * sheet.total_width
            if most_cells < 0:
                raise MemoryError
            rows = sheet.to_python(skip_empty_area=False)
        sheets.append((one.name, one.visible == SheetVisibleEnum.Visible, rows))
    return sheets


def _limit(size: int) -> None:
    """Limit this process; where the system knows no limits, the clock alone does."""
    with suppress(ImportError):
        import resource

        seconds = SECONDS + size // BYTES_A_SECOND
        memory = min(MEMORY + MEMORY_OF_A_BYTE * size, MOST_MEMORY)
        for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    given = sys.stdin.buffer.read()
    _limit(len(given))
    sys.stdout.buffer.write(pickle.dumps(_sheets(given, int(sys.argv[1])), protocol=5))
