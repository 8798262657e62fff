"""Whatever a file of at most 1 MB holds, reading and checking it costs at most 10 s of a processor and 500 MB."""

import io
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import pytest

from tests.inputs.importers.exports import office
from tests.inputs.sources.delivery import SCHOOLS, book, put
from tests.inputs.sources.other_workbooks import Sheet, record12, xls, xlsb, xlsb_parts, zipped

SECONDS, MEGABYTES = 10, 500
ROOT = Path(__file__).parents[3]

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

COMMAND = """
import os, re, sys
from pathlib import Path
from click.testing import CliRunner
from shnor_lib.cli import main
done = CliRunner().invoke(main, sys.argv[1:])
assert isinstance(done.exception, SystemExit | None) and done.output, done.exception
status = Path("/proc/self/status").read_text()
print(sum(os.times()[:4]), int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
"""
"""A whole command: what it costs begins with the start of the program."""

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
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
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
    seconds, megabytes = cost(READ, tmp_path)
    assert seconds <= SECONDS and megabytes <= MEGABYTES


def cost(code: str, *arguments: object) -> tuple[float, float]:
    """Seconds of a processor and megabytes at most that a program of its own takes."""
    child = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def filled_up(parts: dict[str, bytes], size: int) -> bytes:
    """An archive with so many bytes of noise beside its parts, which take little: a limit on the ratio lets it pass."""
    return zipped({**parts, "noise.bin": Random(1).randbytes(size)})


def blank_parts(count: int) -> dict[str, bytes]:
    """The parts of a workbook and beside them sheets of nothing but spaces, of 4 MB each."""
    with zipfile.ZipFile(io.BytesIO(book(Кадры=[["Код школы", "Учителя"], ["01", 5]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    blank = b"<worksheet><sheetData>" + b" " * 3_900_000 + b"</sheetData></worksheet>"
    return parts | {f"xl/worksheets/blank{at}.xml": blank for at in range(count)}


def blank_records(count: int) -> dict[str, bytes]:
    """The parts of an .xlsb with so many cells without a value."""
    records = record12(0x81) + record12(0x94, bytes(16)) + record12(0x91) + record12(0, bytes(17))
    records += record12(1, bytes(8)) * count + record12(0x92)
    return xlsb_parts([Sheet("staff", [["school_id"]])]) | {"xl/worksheets/sheet1.bin": records}


def unlike_texts() -> dict[str, bytes]:
    told = "".join(inline(f"{place}1", head) for place, head in (("A", "Код школы"), ("C", "Место в источнике")))
    rows = (f"{inline(f'A{at}', '01')}{inline(f'C{at}', 'слово ' * 300 + str(at))}" for at in range(2, 22_000))
    with zipfile.ZipFile(io.BytesIO(xlsx(sheet(told, *rows)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


EXPORTS = {
    "110 parts of spaces": ("import", "xlsx", lambda: zipped(blank_parts(110))),
    "as many spaces as may be": ("collect", "xlsx", lambda: filled_up(blank_parts(22), 850_000)),
    "a cell in the last column": (
        "import",
        "xlsx",
        lambda: xlsx(sheet(TOP, *[""] * 303, '<c r="XFD305"><v>1</v></c>')),
    ),
    "a line of 500,000 cells": ("import", "csv", lambda: b"a;" * 499_999),
    "1,000 columns of words": ("import", "csv", lambda: ("аб;" * 990 + "\n").encode() * 190),
    "long texts, each another": ("collect", "xlsx", lambda: filled_up(unlike_texts(), 450_000)),
    "one long text in 2,000 cells": (
        "collect",
        "xlsb",
        lambda: xlsb("staff", [["school_id"], *[["я" * 28_000]] * 2_000]),
    ),
    "one long code in 6,300 rows": (
        "collect",
        "xlsb",
        lambda: xlsb("staff", [["school_id", "teachers"], *[["Яб " * 3_300, 1]] * 6_300]),
    ),
    "5,000,000 records of nothing": ("collect", "xlsb", lambda: filled_up(blank_records(4_900_000), 450_000)),
    "200,000 empty cells": (
        "import",
        "ods",
        lambda: ods(ods_row("Код школы") + f"<table:table-row>{'<table:table-cell/>' * 200_000}</table:table-row>"),
    ),
}
"""By name: the command, the format and the file."""


@pytest.mark.parametrize("name", EXPORTS)
def test_a_command_fed_with_a_hostile_file_costs_no_more_than_it_may(name, tmp_path):
    command, kind, content = EXPORTS[name]
    workspace = office(tmp_path / "w")
    shutil.copytree(ROOT / "params", workspace / "params", dirs_exist_ok=True)
    file = tmp_path / "forms" / f"Русский язык 4.{kind}"
    file.parent.mkdir()
    file.write_bytes(content())
    assert file.stat().st_size <= 1_000_000
    given = file if command == "import" else file.parent
    seconds, megabytes = cost(COMMAND, "--workspace", workspace, command, given, "-m", "demo", "-y", 2021)
    assert seconds <= SECONDS and megabytes <= MEGABYTES
