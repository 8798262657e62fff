"""What a workbook holds that its user does not see: hidden rows and columns, values kept of other workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable

from shnor_lib.inputs.sources.packages import column_number, sheet_names
from shnor_lib.inputs.sources.sheets import Unseen

SHOWN = 5
"""So many rows, columns or cells are named."""

_HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
_ROW = re.compile(rb"<row\s([^>]*[^/])>")
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_ROW_NUMBER = re.compile(rb'(?:^|\s)r="(\d{1,7})"')
_FROM_TO = {name: re.compile(rb'(?:^|\s)%s="(\d{1,5})"' % name) for name in (b"min", b"max")}
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
                own = [*_hidden(xml), *_linked(xml)]
                if own:
                    found[name] = own
    return found


def _hidden(xml: bytes) -> list[Unseen]:
    if not _HIDDEN.search(xml):
        return []
    rows = [_ROW_NUMBER.search(tag)[1].decode() for tag in _ROW.findall(xml) if _HIDDEN.search(tag) and b'r="' in tag]
    filled = {
        re.match(rb"[A-Z]+", one)[0].decode() for one in re.findall(rb'<c\s[^>]*?r="([A-Z]{1,3}\d+)"[^>]*[^/]>', xml)
    }
    columns = []
    for tag in (tag for tag in _COLUMN.findall(xml) if _HIDDEN.search(tag)):
        first, last = (int(pattern.search(tag)[1]) for pattern in _FROM_TO.values())
        columns += [letter for letter in filled if first <= column_number(letter) <= last]
    columns = sorted(columns, key=column_number)
    told = [Unseen("hidden", f"A{rows[0]}", f"строки {_listed(rows)}")] if rows else []
    return [*told, Unseen("hidden", f"{columns[0]}1", f"столбцы {_listed(columns)}")] if columns else told


def _linked(xml: bytes) -> list[Unseen]:
    if not _OTHER_BOOK.search(xml):
        return []
    formulas = _FORMULA.findall(xml)
    shared = {_SHARED.search(tag)[1] for _, tag, text in formulas if _OTHER_BOOK.search(text) and b"si=" in tag}
    cells = [
        address.decode()
        for address, tag, text in formulas
        if _OTHER_BOOK.search(text) or (not text and (of := _SHARED.search(tag)) and of[1] in shared)
    ]
    return [Unseen("linked", cells[0], _listed(cells))] if cells else []


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:SHOWN]) + (f" и ещё {len(names) - SHOWN}" if len(names) > SHOWN else "")
