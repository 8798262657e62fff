import io
import struct
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.packages import safe_package
from shnor_lib.inputs.sources.workbooks import read_workbook
from tests.inputs.sources.delivery import book

HEADER = ["Код школы", "Учителя"]
SHEET = "xl/worksheets/sheet1.xml"


def first(data: bytes):
    """Cells and rows of the first sheet, and the problems."""
    sheets, found = read_workbook(data, "book.xlsx")
    if not sheets:
        return [], [], found
    sheet = sheets[0][1]
    return [[text or "∅" for text in row] for row in zip(*sheet.cells, strict=True)], list(sheet.rows), found


def rebuilt(data: bytes, change: dict[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with parts replaced (``None`` drops one) or added."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(content, "w", compression) as new:
        for name in old.namelist():
            part = change.get(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name in set(change) - set(old.namelist()):
            new.writestr(name, change[name])
    return content.getvalue()


def part(data: bytes, name: str = SHEET) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("name", ["Кадры", "staff", "КАДРЫ ", "кадры"])
def test_sheets_are_known_by_id_or_label(name):
    sheets, found = read_workbook(book(**{name: [HEADER, ["01", 5]]}), "book.xlsx")
    assert [entry.name for entry, _ in sheets] == ["staff"] and not found


def test_cells_become_texts_and_ids_keep_their_zeros():
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet("Кадры")
    sheet.write_row(0, 0, HEADER)
    sheet.write_string(1, 0, "007012")
    sheet.write_number(1, 1, 7012)
    sheet.write_number(2, 0, 0.57, workbook.add_format({"num_format": "0%"}))
    sheet.write_datetime(2, 1, datetime(2021, 9, 1), workbook.add_format({"num_format": "dd.mm.yyyy"}))
    sheet.write_boolean(3, 0, True)
    sheet.write_formula(3, 1, "=2+3", None, 5)
    workbook.close()
    cells, rows, found = first(content.getvalue())
    assert cells == [["007012", "7012"], ["57%", "2021-09-01"], ["да", "5"]] and rows == [2, 3, 4] and not found


def test_the_header_may_stand_below_hints_away_from_the_corner():
    cells, rows, _ = first(book(Кадры=[[], [None, "Подсказка"], [None, *HEADER], [], [None, "01", 5]]))
    assert cells[-1] == ["∅", "01", "5"] and rows[-1] == 5


def test_unknown_sheets_are_told_and_sheets_of_hints_are_not():
    _, found = read_workbook(book(Кадры=[HEADER], Списки=[["x"]], Инструкция=[["x"]], Лист1=[["x"]]), "book.xlsx")
    assert [(one.severity, one.sheet) for one in found] == [("warning", "Лист1")]


def test_a_sheet_of_a_table_without_a_header_is_told():
    assert [one.check for one in first(book(Кадры=[["что-то"], [1]]))[2]] == ["read_header"]


def test_an_empty_sheet_is_no_data():
    assert read_workbook(book(Кадры=[]), "book.xlsx") == ([], [])


def test_formulas_without_a_value_and_errors_are_failed_cells():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Кадры"
    sheet.append(HEADER)
    sheet.append(["01", "=1+1"])
    sheet.append(["02", "#N/A"])
    sheet["B3"].data_type = "e"
    content = io.BytesIO()
    workbook.save(content)
    ((_, read),), _ = read_workbook(content.getvalue(), "book.xlsx")
    assert read.failed == {"B2": "формула без вычисленного значения", "B3": "ошибка вычисления"}
    assert not any(read.cells[1])


def test_formulas_with_a_value_even_an_empty_text_are_no_failed_cells():
    data = book(Кадры=[HEADER])
    row = b'<row r="2"><c r="A2" t="str"><f>"0"&amp;"1"</f><v>01</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    computed = rebuilt(data, {SHEET: part(data).replace(b"</sheetData>", row + b"</sheetData>")})
    ((_, read),), _ = read_workbook(computed, "book.xlsx")
    assert read.failed == {} and read.cells == [["01"], [None]]


def test_far_cells_that_are_only_painted_do_not_matter():
    data = book(Кадры=[HEADER, ["01", 5]])
    painted = part(data).replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert first(rebuilt(data, {SHEET: painted}))[0] == [["01", "5"]]


FAR = {
    "plain": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "quoted": b'<row r="1048576"><c s=">" r="XFD1048576"><v>1</v></c></row>',
    "entity": b'<row r="1048576"><c r="XF&#68;1048576"><v>1</v></c></row>',
    "prefixed": b'<x:row xmlns:x="x" r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "without addresses": b'<row r="1048576"><c r="XFC1048576" s="0"/><c><v>1</v></c></row>',
    "address of another row": b'<row r="3"><c r="XFD1048576"><v>1</v></c></row>',
    "nonsense": b'<row r="3"><c r="A99999999999"><v>1</v></c></row>',
}


@pytest.mark.parametrize("cell", FAR.values(), ids=FAR)
def test_huge_extents_are_refused_before_they_are_laid_out(cell):
    data = book(Кадры=[HEADER, ["01", 5]])
    cells, _, found = first(rebuilt(data, {SHEET: part(data).replace(b"</sheetData>", cell + b"</sheetData>")}))
    assert cells == [] and [(one.severity, one.check) for one in found] == [("error", "read_file")]


def test_a_bomb_is_refused_by_its_ratio():
    data = rebuilt(book(Кадры=[HEADER]), {"xl/media/bomb.bin": bytes(limits.RATIO_MATTERS_FROM + 1)})
    assert "сжата" in first(data)[2][0].problem


def test_a_bomb_is_refused_by_its_size(monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNZIPPED_BYTES", 1000)
    assert "слишком велика" in first(book(Кадры=[HEADER, ["01", 5]]))[2][0].problem


def test_a_size_stated_falsely_is_found_out():
    data = bytearray(rebuilt(book(Кадры=[HEADER]), {"xl/bomb.xml": bytes(100_000)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    entry = -1
    for _ in range(names.index("xl/bomb.xml") + 1):
        entry = data.index(b"PK\x01\x02", entry + 1)
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    found = first(bytes(data))[2]
    assert [one.check for one in found] == ["read_file"]


@pytest.mark.parametrize("hidden", [b"", b"<![CDATA[</si>]]>"])
def test_texts_that_would_multiply_in_memory_are_refused(monkeypatch, hidden):
    monkeypatch.setattr(limits, "MAX_TEXT", 10_000)
    data = book(Кадры=[HEADER, *[["x" * 200, "x" * 200]] * 50])
    strings = part(data, "xl/sharedStrings.xml").replace(b"xxx", hidden + b"xxx", 1)
    assert "тексты" in first(rebuilt(data, {"xl/sharedStrings.xml": strings}))[2][0].problem


@pytest.mark.parametrize(
    "change",
    [
        {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'},
        {SHEET: "<worksheet/>".encode("utf-16")},
        {SHEET: b"<worksheet><sheetData><row>"},
        {"xl/workbook.xml": None},
        {"xl/workbook.xml": b"not xml"},
    ],
)
def test_parts_not_written_by_excel_are_refused(change):
    cells, _, found = first(rebuilt(book(Кадры=[HEADER, ["01", 5]]), change))
    assert cells == [] and found and found[0].severity == "error"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"PK\x05\x06" + bytes(18), b"plain text", b"\xd0\xcf\x11\xe0" + bytes(600)],
    ids=["empty", "two bytes", "empty archive", "text", "old format"],
)
def test_what_is_no_workbook_is_told(data):
    assert [one.check for one in first(data)[2]] == ["read_file"]


def test_external_links_and_macros_do_not_reach_the_reader():
    strange = {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    data = rebuilt(book(Кадры=[HEADER, ["01", 5]]), strange)
    with zipfile.ZipFile(io.BytesIO(safe_package(data)[0])) as safe:
        assert SHEET in safe.namelist() and not set(strange) & set(safe.namelist())
    assert first(data)[0] == [["01", "5"]]


def test_parts_that_repeat_are_refused():
    data = rebuilt(book(Кадры=[HEADER]), {SHEET.upper(): b"<worksheet/>"})
    assert "повторяются" in first(data)[2][0].problem


def test_sheets_that_are_too_large_together_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 8)
    small = [HEADER, ["01", 5]]  # 4 cells
    assert first(book(Кадры=small, Ресурсы=small))[2] == []
    assert "слишком далеко" in first(book(Кадры=small, Ресурсы=small, Школы=small))[2][0].problem


def test_dates_of_the_sheet_are_iso():
    assert first(book(Кадры=[HEADER, ["01", "2021-09-01"]]))[0] == [["01", date(2021, 9, 1).isoformat()]]
