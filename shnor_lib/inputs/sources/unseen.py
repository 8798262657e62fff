"""What a workbook holds that its user does not see: hidden rows and columns, values kept of other workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate

from shnor_lib.inputs.sources.packages import column_number, sheet_names
from shnor_lib.inputs.sources.problems import column_letter
from shnor_lib.inputs.sources.sheets import Unseen

SHOWN = 5
"""So many rows, columns or cells are named."""

_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_ROW = re.compile(rb"<row\s([^>]*[^/])>")
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_ROW_NUMBER = re.compile(rb'(?:^|\s)r="(\d{1,7})"')
_FROM_TO = [re.compile(rb'(?:^|\s)%s="(\d{1,5})"' % name) for name in (b"min", b"max")]
_FORMULA = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3}\d{1,7})"[^>]*><f([^>]*?)(?:/>|>([^<]*)</f>)')
_OTHER_BOOK = re.compile(rb"\[\d+\]")
_SHARED = re.compile(rb'\ssi="(\d+)"')


def unseen_parts(package: bytes) -> dict[str, list[Unseen]]:
    """Hidden rows and columns with data and cells linked to other workbooks, by sheet.

    ``package``: an archive that :func:`~shnor_lib.inputs.sources.packages.safe_package` made.
    """
    found: dict[str, list[Unseen]] = {}
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = set(archive.namelist())
        for path, name in sheet_names(archive).items():
            if path in parts:
                xml = archive.read(path)
                own = unseen_of(*_hidden(xml), _linked(xml))
                if own:
                    found[name] = own
    return found


def unseen_of(rows: Collection[int], columns: Collection[int], linked: Sequence[str]) -> list[Unseen]:
    """What a user does not see of a sheet.

    Parameters
    ----------
    rows, columns : hidden ones that hold something, counted from zero.
    linked : addresses of the cells that take a value of another workbook.

    Examples
    --------
    >>> [one.text for one in unseen_of([6], [2, 3], [])]
    ['строки 7', 'столбцы C, D']
    """
    lines, letters = [str(one + 1) for one in sorted(rows)], [column_letter(one) for one in columns]
    told = [Unseen("hidden", f"A{lines[0]}", f"строки {_listed(lines)}")] if lines else []
    told += [Unseen("hidden", f"{letters[0]}1", f"столбцы {_listed(letters)}")] if letters else []
    return [*told, Unseen("linked", linked[0], _listed(linked))] if linked else told


def _hidden(xml: bytes) -> tuple[list[int], list[int]]:
    """Rows and columns that are hidden and hold something, from zero."""
    if not _HIDDEN.search(xml):
        return [], []
    rows = [int(_ROW_NUMBER.search(tag)[1]) - 1 for tag in _ROW.findall(xml) if _HIDDEN.search(tag) and b'r="' in tag]
    filled = {
        column_number(re.match(rb"[A-Z]+", one)[0].decode()) - 1
        for one in re.findall(rb'<c\s[^>]*?r="([A-Z]{1,3}\d+)"[^>]*[^/]>', xml)
    }
    tags = [tag for tag in _COLUMN.findall(xml) if _HIDDEN.search(tag)]
    first, last = ([int(pattern.search(tag)[1]) - 1 for tag in tags] for pattern in _FROM_TO)
    return rows, within(filled, zip(first, last, strict=True))


def within(columns: Collection[int], spans: Iterable[tuple[int, int]]) -> list[int]:
    """Those of some columns that lie within one of the spans, its ends with it.

    Examples
    --------
    >>> within({1, 4, 7}, [(0, 2), (7, 16383)])
    [1, 7]
    """
    changes = [0] * (max(columns, default=0) + 2)
    for first, last in spans:
        if first <= min(last, len(changes) - 2):
            changes[first] += 1
            changes[min(last, len(changes) - 2) + 1] -= 1
    hidden = list(accumulate(changes))
    return [one for one in sorted(columns) if hidden[one]]


def _linked(xml: bytes) -> list[str]:
    """Addresses of the cells that take a value of another workbook."""
    if not _OTHER_BOOK.search(xml):
        return []
    formulas = _FORMULA.findall(xml)
    shared = {_SHARED.search(tag)[1] for _, tag, text in formulas if _OTHER_BOOK.search(text) and b"si=" in tag}
    return [
        address.decode()
        for address, tag, text in formulas
        if _OTHER_BOOK.search(text) or (not text and (of := _SHARED.search(tag)) and of[1] in shared)
    ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" и ещё {len(names) - SHOWN}" if len(names) > SHOWN else "")
