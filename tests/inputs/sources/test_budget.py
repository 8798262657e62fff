"""Whatever a file of at most 1 MB holds, reading and checking it costs at most 10 s of a processor and 500 MB."""

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.inputs.sources.delivery import SCHOOLS, book, put
from tests.inputs.sources.other_workbooks import xls

SECONDS, MEGABYTES = 10, 500

READ = """
import os, re, sys
from pathlib import Path
from shnor_lib.inputs.checks import check_inputs
from shnor_lib.inputs.sources import read_inputs
began = sum(os.times()[:4])
found = check_inputs(read_inputs(Path(sys.argv[1]), "demo", [2021]), 2021)
assert len(found), "nothing is said of the file"
status = Path("/proc/self/status").read_text()  # ru_maxrss of a child begins with that of its parent
print(sum(os.times()[:4]) - began, int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
"""

HEADER = [("A1", "Код школы"), ("B1", "Учителя")]


def inline(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def letters(number: int) -> str:
    return (letters(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)


def sheet(*rows: str) -> str:
    told = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1))
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{name}"><sheetData>{told}</sheetData></worksheet>'


def xlsx(xml: str, shared: str = "") -> bytes:
    """A workbook whose first sheet, «Кадры», is ``xml``; all its shared texts are one."""
    content = io.BytesIO()
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with (
        zipfile.ZipFile(io.BytesIO(book(Кадры=[["Код школы", "Учителя"], ["01", 12]]))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {part: old.read(part) for part in old.namelist()}
        [first] = [part for part in parts if part.endswith("sheet1.xml")]
        parts[first] = xml.encode()
        if shared:
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{name}"><si><t>{shared}</t></si></sst>'.encode()
        for part, data in parts.items():
            new.writestr(part, data)
    return content.getvalue()


def ods(rows: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="Кадры">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def ods_row(*texts: str, times: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in texts
    )
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


SIZE = struct.pack("<HHIIHHH", 0x200, 14, 0, 2, 0, 2, 0)
WIDE = struct.pack("<HHIIHHH", 0x200, 14, 0, 1 << 31, 0, 65_535, 0)
CELL, FAR = struct.pack("<HHHHH", 0x203, 14, 1, 1, 0), struct.pack("<HHHHH", 0x203, 14, 65_535, 65_535, 0)


def old(part: bytes, changed: bytes) -> bytes:
    """An old workbook one part of which says something else."""
    whole = xls("staff", [["a", "b"], ["c", 5]])
    assert part in whole
    return whole.replace(part, changed)


TOP = "".join(inline(*one) for one in HEADER)
HOSTILE = {
    "one long text in 35,000 cells": {
        "book.xlsx": lambda: xlsx(
            sheet(TOP, *(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(2, 35_002))), "я" * 28_000
        )
    },
    "a text of addresses": {"staff.csv": lambda: "Код школы,Учителя,Место в источнике\n01,5," + "a." * 400_000},
    "letters of addresses": {
        "staff.csv": lambda: "Код школы,Учителя,Место в источнике\n" + ("01,5," + "а@" * 4_000 + "\n") * 60
    },
    "16,384 unknown headers": {
        "book.xlsx": lambda: xlsx(
            sheet(
                inline("A1", "Код школы")
                + "".join(inline(f"{letters(at)}1", f"Учителя {at}") for at in range(1, 16_384)),
                inline("A2", "01"),
            )
        )
    },
    "unknown codes": {
        "staff.csv": lambda: "Код школы,Учителя\n" + "\n".join(f"шкила{row},два{row}" for row in range(25_000))
    },
    "180,000 equal rows": {"staff.csv": lambda: "Код школы,Учителя\n" + "01,5\n" * 180_000},
    "300,000 rows without a cell": {"staff.csv": lambda: "Код школы,Учителя\n" + "01\n" * 300_000},
    "a repeated row": {"book.ods": lambda: ods(ods_row("Код школы", "Учителя") + ods_row("01", "5", times=1_000_000))},
    "a repeated text": {
        "book.ods": lambda: ods(ods_row("Код школы", "Учителя") + ods_row("я" * 20_000, "5", times=100_000))
    },
    "a cell of spaces": {
        "book.ods": lambda: ods(ods_row("Код школы", "Учителя") + ods_row('<text:s text:c="900000000"/>'))
    },
    "an old book of nothing": {"book.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900_000)},
    "an old book wider than the world": {"book.xls": lambda: old(SIZE, WIDE)},
    "an old book with a cell far away": {"book.xls": lambda: old(CELL, FAR)},
    "one long text in 50,000 cells of an old book": {"book.xls": lambda: xls("staff", [["я" * 30_000] * 10] * 5_000)},
    "aliases": {"SOURCES.yml": lambda: "a: &a [x,x]\n" + "\n".join(f"b{at}: &b{at} [*a,*a]" for at in range(100))},
    "a deep document": {"SOURCES.yml": lambda: "document: " + "{a: " * 200_000},
    "a number without end": {"SOURCES.yml": lambda: "document: 0x" + "f" * 900_000},
    "persons in a document": {"SOURCES.yml": lambda: "document: " + "а@" * 300_000},
    "many remarks": {"SOURCES.yml": lambda: "files:\n  staff.csv:\n    remarks:\n" + "      - Иванов И. И.\n" * 15_000},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_no_more_than_a_large_one(name, tmp_path):
    files = {file: content() for file, content in HOSTILE[name].items()}
    sizes = [len(one if isinstance(one, bytes) else one.encode()) for one in files.values()]
    assert max(sizes) <= 1_000_000
    put(tmp_path, {"schools.csv": SCHOOLS} | files)
    child = [sys.executable, "-c", READ, str(tmp_path)]
    done = subprocess.run(child, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=120, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert seconds <= SECONDS and megabytes <= MEGABYTES
