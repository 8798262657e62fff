import pytest

from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources.csv_files import read_csv

STAFF = table("staff")


def read(data: str | bytes):
    sheet, found = read_csv(data if isinstance(data, bytes) else data.encode(), "staff.csv", STAFF)
    cells = [] if sheet is None else [[text or "∅" for text in row] for row in zip(*sheet.cells, strict=True)]
    return cells, [] if sheet is None else sheet.rows, found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_delimiter_mark_and_line_ends_are_recognised(delimiter, mark, line):
    text = mark + line.join(delimiter.join(row) for row in (["Код школы", "Учителя"], ["007012", "12"], ["02", ""]))
    assert read(text) == ([["007012", "12"], ["02", "∅"]], [2, 3], [])


def test_the_header_may_stand_below_hints_and_stand_twice():
    cells, rows, found = read("Заполните к 1 июня;;\nКод школы;Учителя;Мужчины\nschool_id;teachers;men\n01;12;3\n")
    assert (cells, rows, found) == ([["01", "12", "3"]], [4], [])


def test_a_header_may_break_lines_and_values_may_hold_the_delimiter():
    cells, rows, _ = read('Код школы;"Первая\nкатегория";Учителя\n"01";"1;2";7\n')
    assert (cells, rows) == ([["01", "1;2", "7"]], [2])


def test_blank_rows_keep_the_numbers_of_the_others():
    cells, rows, found = read("Код школы;Учителя\n\n01;5\n;\n02;6\n")
    assert rows == [3, 4, 5] and cells[0] == ["01", "5"] and cells[2] == ["02", "6"] and not found


def test_rows_longer_only_by_empty_cells_are_taken():
    cells, rows, found = read("Код школы;Учителя\n01;5;;\n02;6\n03;7; \n")
    assert (cells, rows, found) == ([["01", "5"], ["02", "6"], ["03", "7"]], [2, 3, 4], [])


def test_rows_of_another_width_are_told_with_their_row():
    cells, rows, found = read("Код школы;Учителя;Мужчины\n01;5\n02;6;1\n03;7;1;9\n")
    assert (cells, rows) == ([["02", "6", "1"]], [3])
    assert [(one.severity, one.cell, one.problem) for one in found] == [
        ("error", "A2", "В строке 2 ячеек, в заголовке 3"),
        ("error", "A4", "В строке 4 ячеек, в заголовке 3"),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Код школы;Учителя\n01;5\n".encode("cp1251"), "Windows-1251"),
        ("Код школы;Учителя\n01;5\n".encode("utf-16"), "не UTF-8"),
        ('Код школы;Учителя\n01;"5\n02;6\n', "кавыч"),
        (b"\x00\xff\xfe\x01", "не UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(data, words):
    cells, _, (problem,) = read(data)
    assert cells == [] and problem.severity == "error" and words in problem.problem and "UTF-8" in problem.remedy


def test_a_file_without_a_header_is_told():
    cells, _, (problem,) = read("1;2\n3;4\n")
    assert cells == [] and problem.check == "read_header" and "«Кадры»" in problem.problem


@pytest.mark.parametrize("data", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_no_data(data):
    assert read(data) == ([], [], [])


def test_a_header_alone_is_no_data():
    assert read("Код школы;Учителя") == ([], [], [])
    assert read("Код школы;Учителя\n") == ([], [], [])


def test_control_characters_are_dropped():
    assert read("Код школы;Учителя\n0\x001;\x075\n")[0] == [["0 1", "5"]]
