"""Workbooks of other programs are read as .xlsx are, or are an error: an office is never judged without them in silence."""

import io
import os
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import date

import pytest

from shnor_lib.inputs.collect import collect_forms
from shnor_lib.inputs.importers import ImportRefused
from shnor_lib.inputs.sources import limits, read_inputs, workbooks
from shnor_lib.inputs.sources.compound import compound_file, streams_of
from shnor_lib.inputs.sources.problems import FileRefused
from shnor_lib.inputs.sources.workbooks import open_workbook
from shnor_lib.inputs.template import FIRST, Known, school_form
from tests.inputs.importers.exports import cells, export, office, put_in, refused_cells, take
from tests.inputs.importers.test_mark_statistics import ROWS, sheet
from tests.inputs.sources.delivery import book, deliver, told
from tests.inputs.sources.other_workbooks import (
    ANOTHER_BOOK,
    PerCent,
    Sheet,
    compound,
    ods,
    ods_book,
    record12,
    xls,
    xls_book,
    xlsb,
    xlsb_book,
    xlsb_parts,
    zipped,
)
from tests.inputs.test_template import columns_of, opened

TABLE = [["school_id", "teachers"], ["01", 12], ["СОШ № 2", 7]]
SIMPLE = {"xls": xls, "xlsb": xlsb, "ods": ods}
BOOKS = {"xls": xls_book, "xlsb": xlsb_book, "ods": ods_book}


@pytest.mark.parametrize("suffix", SIMPLE)
def test_a_table_in_the_folder_is_read(tmp_path, suffix):
    workspace = office(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2021" / f"staff.{suffix}").write_bytes(SIMPLE[suffix]("staff", TABLE))
    staff = read_inputs(workspace, "demo", [2021]).tables["staff"]
    assert list(zip(staff["school_id"], staff["teachers"], strict=True)) == [("01", 12), ("02", 7)]


def test_a_workbook_that_is_not_read_is_an_error(tmp_path):
    workspace = office(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2021" / "staff.numbers").write_bytes(b"PK")
    problems = read_inputs(workspace, "demo", [2021]).problems
    [told] = problems[problems["file"].str.endswith(".numbers")].itertuples()
    assert told.severity == "error" and ".xlsx" in told.remedy


@pytest.mark.parametrize("suffix", BOOKS)
def test_every_kind_of_value_is_the_same_as_in_xlsx(suffix):
    rows = [
        ["Код", "Число", "Доля"],
        ["007012", 7012, PerCent(0.05)],
        [date(2021, 9, 1), 0.57, True],
        ["x\ny", -1.5, PerCent(1)],
    ]
    assert open_workbook(BOOKS[suffix]([Sheet("Кадры", rows)])).contents["Кадры"] == [
        ["Код", "Число", "Доля"],
        ["007012", 7012, "5%"],
        [date(2021, 9, 1), 0.57, True],
        ["x\ny", -1.5, "100%"],
    ]


@pytest.mark.parametrize("suffix", BOOKS)
def test_a_cell_without_a_value_is_told(tmp_path, suffix):
    data = BOOKS[suffix]([Sheet("staff", [TABLE[0], ["01", "=1/0"], ["02", 3]])])
    inputs = deliver(tmp_path, {f"staff.{suffix}": data})
    assert ("error", "B2") in {one[:2] for one in told(inputs)}
    assert inputs.tables["staff"]["teachers"].dropna().tolist() == [3]


def test_a_formula_without_a_value_is_told_in_ods_too(tmp_path):
    inputs = deliver(tmp_path, {"staff.ods": ods("staff", [TABLE[0], ["01", "=SUM(1;2)"]])})
    assert ("error", "B2") in {one[:2] for one in told(inputs)}


@pytest.mark.parametrize("suffix", BOOKS)
def test_what_a_user_does_not_see_is_told(tmp_path, suffix):
    rows = [["Код школы", "Мужчины", "Учителя", "Педагоги"], ["01", 9, 12, 1], ["02", 4, 9, ANOTHER_BOOK]]
    staff = Sheet("Кадры", rows, hidden=True, hidden_rows={2, 5}, hidden_columns={1, 3})
    inputs = deliver(tmp_path, {f"книга.{suffix}": BOOKS[suffix]([Sheet("Школы", [["Код школы"]]), staff])})
    assert told(inputs, "read_sheet") == [
        ("warning", "D3", "Значения взяты из другой книги такими, какими она их сохранила в последний раз: D3"),
        ("note", "A1", "Скрытое прочитано вместе с остальным: лист целиком"),
        ("note", "B1", "Скрытое прочитано вместе с остальным: столбцы B, D"),
        ("note", "A3", "Скрытое прочитано вместе с остальным: строки 3"),
    ]


@pytest.mark.parametrize("suffix", SIMPLE)
def test_persons_do_not_stay(tmp_path, suffix):
    rows = [["school_id", "teachers", "ФИО директора"], ["01", 12, "Зябликов Иван Петрович"]]
    inputs = deliver(tmp_path, {f"staff.{suffix}": SIMPLE[suffix]("staff", rows)})
    assert inputs.tables["staff"]["teachers"].tolist() == [12]
    assert [one.cell for one in inputs.problems.itertuples() if one.check == "persons_column"] == ["C1"]
    assert "Зябликов" not in inputs.problems.to_csv() + inputs.tables["staff"].to_csv()


@pytest.mark.parametrize("suffix", SIMPLE)
def test_an_export_of_another_program_is_imported(tmp_path, suffix):
    workspace = office(tmp_path, 2026)
    path = export(tmp_path, f"отметки.{suffix}", Sheet1=[[]])
    path.write_bytes(SIMPLE[suffix]("Sheet1", [row or [""] for row in sheet(*ROWS[:4])]))
    imported = take(workspace, path, year=2026)
    assert ("01", "3", "7") in cells(workspace, "exam_results", "school_id", "mark_2", "mark_5", year=2026)
    assert not refused_cells(imported)


def test_a_cell_of_an_xlsb_that_is_not_taken_is_named(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = [list(row) for row in sheet(*ROWS[:5])]
    at = next(at for at, row in enumerate(rows) if row and "edu200001" in str(row[0]))
    rows[at][2] = "=1/0"
    path = export(tmp_path, "отметки.xlsb", Sheet1=[[]])
    path.write_bytes(xlsb("Свод", [row or [""] for row in rows]))
    [(title, _, text)] = refused_cells(take(workspace, path, year=2026))
    assert title == "Свод" and f"C{at + 1}" in text


@pytest.mark.parametrize("suffix", BOOKS)
def test_a_form_saved_by_another_program_is_collected(tmp_path, suffix):
    workspace, forms = office(tmp_path / "w", 2021), tmp_path / "forms"
    forms.mkdir()
    workbook = opened(school_form(2021, Known()))
    for title, values in {"Школы": {"Код школы": "01"}, "Кадры": {"Учителя": 20}}.items():
        for label, value in values.items():
            workbook[title].cell(FIRST + 1, columns_of(workbook[title])[label]).value = value
    pages = [Sheet(one.title, [list(row) for row in one.iter_rows(values_only=True)]) for one in workbook]
    for page in pages:
        page.rows = [[None if str(one).startswith("=") else one for one in row] for row in page.rows]
    (forms / f"01.{suffix}").write_bytes(BOOKS[suffix](pages))
    put_in(collect_forms(workspace, "demo", 2021, forms))
    assert cells(workspace, "staff", "school_id", "teachers") == [("01", "20")]


def test_an_ods_that_repeats_a_cell_too_often_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 100)
    with pytest.raises(FileRefused):
        open_workbook(ods("staff", [["1"] * 11] * 10))


@pytest.mark.parametrize("suffix", SIMPLE)
def test_cells_far_away_are_refused_before_they_are_laid_out(monkeypatch, suffix):
    data = SIMPLE[suffix]("staff", [*[[]] * 99, [*[None] * 99, 1]])
    open_workbook(data)
    monkeypatch.setattr(limits, "MAX_CELLS", 9_999)
    with pytest.raises(FileRefused, match="слишком далеко"):
        open_workbook(data)


@pytest.mark.parametrize("suffix", SIMPLE)
def test_texts_that_would_multiply_in_memory_are_refused(monkeypatch, suffix):
    data = SIMPLE[suffix]("staff", [["я" * 200, "я" * 200]] * 50)
    open_workbook(data)
    monkeypatch.setattr(limits, "MAX_TEXT", 19_999)
    with pytest.raises(FileRefused, match="тексты"):
        open_workbook(data)


def as_text(_sheet: str, rows) -> bytes:
    return "\n".join(map(";".join, rows)).encode()


@pytest.mark.parametrize("length", [100, 101])
@pytest.mark.parametrize("suffix", ["xlsx", "csv", *SIMPLE])
def test_a_text_too_long_for_a_cell_is_refused(tmp_path, monkeypatch, suffix, length):
    monkeypatch.setattr(limits, "MAX_CELL_TEXT", 100)
    write = SIMPLE | {"xlsx": lambda name, rows: book(**{name: rows}), "csv": as_text}
    data = write[suffix]("staff", [["Код школы", "Учителя", "Место в источнике"], ["01", "5", "я" * length]])
    problems = deliver(tmp_path, {f"staff.{suffix}": data}).problems
    found = problems[problems["severity"].eq("error")]
    assert found["check"].tolist() == (["read_file"] if length > 100 else [])
    assert suffix == "csv" or all("C2 листа «staff»" in one for one in found["problem"])
    path = export(tmp_path, f"в.{suffix}", Лист=[[]])
    path.write_bytes(data)
    with pytest.raises(ImportRefused, match="C2|букв" if length > 100 else "не распознан"):
        take(tmp_path, path)


def old_stream(data: bytes) -> bytes:
    return streams_of(data)["Workbook"]


def test_a_size_stated_falsely_in_an_old_book_does_not_end_the_program():
    """The reader reserves what a sheet says it takes and ends the whole process when there is not so much."""
    stream, true = old_stream(xls("staff", TABLE)), struct.pack("<HHIIHHH", 0x200, 14, 0, 3, 0, 2, 0)
    assert stream.count(true) == 1
    false = compound(stream.replace(true, struct.pack("<HHIIHHH", 0x200, 14, 0, 2**32 - 1, 0, 2**16 - 1, 0)))
    code = "import sys; from shnor_lib.inputs.sources.workbooks import open_workbook as o; print(o(sys.stdin.buffer.read()).contents)"
    read = subprocess.run([sys.executable, "-c", code], input=false, capture_output=True, check=False)
    assert read.returncode == 0 and b"12.0" in read.stdout, read.stderr[-300:]


def test_texts_stated_falsely_in_an_old_book_are_refused():
    stream = old_stream(xls("staff", TABLE))
    at = stream.index(struct.pack("<HHII", 0xFC, 72, 4, 4))
    with pytest.raises(FileRefused):
        open_workbook(compound(stream[: at + 8] + struct.pack("<I", 2**31 - 1) + stream[at + 12 :]))


@pytest.mark.parametrize("size", [100, 20_000, 9_000_000])
def test_a_stream_comes_out_of_a_compound_file_as_it_went_in(size):
    stream = bytes(range(256)) * (size // 256)
    for data in (compound(stream), compound_file("Workbook", stream)):
        assert old_stream(data).rstrip(b"\0") == stream.rstrip(b"\0")


def test_old_texts_that_go_on_in_the_next_record_are_read():
    stream = old_stream(xls("staff", [["школа", 5]]))
    whole = struct.pack("<HB", 5, 1) + "школа".encode("utf-16-le")
    at = stream.index(whole) + 7  # behind two letters
    head = stream.index(struct.pack("<HH", 0xFC, 8 + len(whole)))
    [sheet_at] = [stream.index(struct.pack("<HH", 0x809, 16), 30)]
    broken = stream[: head + 2] + struct.pack("<H", 8 + 7) + stream[head + 4 : at]
    rest = "ола".encode("utf-16-le")
    broken += struct.pack("<HHB", 0x3C, 1 + len(rest), 1) + rest + stream[at + len(rest) :]
    bound = struct.pack("<I", sheet_at)
    assert broken.count(bound) == 1
    data = compound(broken.replace(bound, struct.pack("<I", sheet_at + 5)))
    assert open_workbook(data).contents == {"staff": [["школа", 5.0]]}


def test_sheets_that_share_their_records_are_refused():
    stream = old_stream(xls_book([Sheet("staff", TABLE * 50), Sheet("resources", TABLE * 50)]))
    first, second = (
        at for at in range(len(stream)) if stream.startswith(struct.pack("<HHHH", 0x809, 16, 0x600, 0x10), at)
    )
    assert set(open_workbook(compound(stream)).contents) == {"staff", "resources"}
    shared = stream.replace(struct.pack("<I", second), struct.pack("<I", first))
    with pytest.raises(FileRefused):
        open_workbook(compound(shared[:second]))
    parts = xlsb_parts([Sheet("staff", TABLE), Sheet("resources", TABLE)])
    relations = "xl/_rels/workbook.bin.rels"
    parts[relations] = parts[relations].replace(b"sheet2.bin", b"sheet1.bin")
    with pytest.raises(FileRefused, match="повторяются"):
        open_workbook(zipped(parts))
    with zipfile.ZipFile(io.BytesIO(book(staff=TABLE, resources=TABLE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"sheet2.xml", b"sheet1.xml")
    with pytest.raises(FileRefused, match="повторяются"):
        open_workbook(zipped(parts))


def test_only_what_was_looked_at_is_read():
    """Beside the sheets that were weighed an archive may hold another workbook, which a reader would take first."""
    with zipfile.ZipFile(io.BytesIO(book(staff=TABLE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(io.BytesIO(ods("resources", TABLE))) as archive:
        parts |= {name: archive.read(name) for name in archive.namelist()}
    assert set(open_workbook(zipped(parts)).contents) == {"resources"}


@pytest.mark.parametrize(
    "change",
    [
        {"xl/workbook.bin": b""},
        {"xl/workbook.bin": record12(0x9C, bytes(4))},
        {"xl/worksheets/sheet1.bin": record12(0, b"\xff" * 17)},
        {"xl/worksheets/sheet1.bin": b"\x80"},
        {"xl/worksheets/sheet1.bin": record12(7, struct.pack("<III", 0, 0, 10**6))},
        {"xl/worksheets/sheet1.bin": b"\x05\xff\xff\xff\x7f"},
        {"xl/sharedStrings.bin": record12(0x13, b"\0")},
        {"xl/_rels/workbook.bin.rels": b"<!DOCTYPE a><a/>"},
        {"xl/_rels/workbook.bin.rels": b""},
        {"xl/media/bomb.bin": bytes(limits.RATIO_MATTERS_FROM * 2)},
    ],
)
def test_binary_parts_not_written_by_excel_are_refused(change):
    with pytest.raises(FileRefused):
        open_workbook(zipped(xlsb_parts([Sheet("staff", TABLE)]) | change))


def test_macros_and_links_of_an_xlsb_do_not_reach_the_reader(tmp_path):
    strange = {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.bin": b"link"}
    data = zipped(xlsb_parts([Sheet("staff", TABLE)]) | strange)
    assert open_workbook(data).contents["staff"][1] == ["01", 12]


def test_a_password_is_named():
    with pytest.raises(FileRefused, match="паролем"):
        open_workbook(compound(bytes(5000), "EncryptedPackage"))
    stream = old_stream(xls("staff", TABLE))
    locked = stream[:20] + struct.pack("<HHHHH", 0x2F, 6, 1, 1, 1) + stream[20:]
    with pytest.raises(FileRefused, match="паролем"):
        open_workbook(compound(locked))


def test_a_reader_that_gives_up_says_nothing_of_its_own(capfd):
    with workbooks._no_panic_told(), suppress(OSError):
        os.write(2, b"thread '<unnamed>' panicked at src/xlsb.rs")
    os.write(2, b"ours")
    assert capfd.readouterr().err == "ours"
