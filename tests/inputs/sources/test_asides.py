"""What stands beside the rows of a table: told, and never data."""

import io
from datetime import datetime

import pytest
import xlsxwriter

from shnor_lib.inputs.checks import check_inputs
from tests.inputs.sources.delivery import book, deliver, told

HEAD = ["Код школы", "Учителя", "Педагоги", "Мужчины", "Вакансии"]


def staff(tmp_path, *rows):
    return deliver(tmp_path, {"книга.xlsx": book(Кадры=rows)})


def test_a_header_with_colons_is_the_header_though_a_cleaner_one_stands_below(tmp_path):
    rows = [[f"{head}:" for head in HEAD], ["01", 9, 12, 1, 0], HEAD, ["02", 8, 9, 0, 1]]
    inputs = staff(tmp_path, *rows)
    read = inputs.tables["staff"]
    assert read[["school_id", "teachers"]].values.tolist() == [["01", 9.0], ["02", 8.0]]
    assert told(inputs, "read_row") == [
        ("note", "A3", "Строка «Код школы» не прочитана: это заголовок ещё раз или номера столбцов")
    ]


def test_the_fuller_of_two_headers_one_under_the_other_counts(tmp_path):
    rows = [["Школа (код)", "Учителя", "Педагоги", "из них мужчин", "ставки"], HEAD, ["01", 9, 12, 1, 0]]
    assert staff(tmp_path, *rows).tables["staff"]["men"].tolist() == [1.0]


def test_numbers_of_columns_are_no_school(tmp_path):
    inputs = staff(tmp_path, HEAD, [1, 2, 3, 4, 5], ["01", 2, 3, 4, 5])
    assert inputs.tables["staff"]["school_id"].tolist() == ["01"]
    assert [cell for _, cell, _ in told(inputs, "read_row")] == ["A2"]


def test_numbers_above_the_header_are_told(tmp_path):
    inputs = staff(tmp_path, ["01", 9, 12, 1, 0], HEAD, ["02", 8, 9, 0, 1])
    assert told(inputs, "read_header") == [("warning", "A1", "Строка над заголовком похожа на данные и не прочитана")]


def test_a_total_beside_a_number_of_its_own_is_no_school(tmp_path):
    inputs = staff(tmp_path, ["№", *HEAD], [1, "01", 9, 12, 1, 0], ["ИТОГО", "3", 9, 12, 1, 0])
    assert inputs.tables["staff"]["school_id"].tolist() == ["01"]
    assert [cell for _, cell, _ in told(inputs, "read_row")] == ["A3"]


def test_words_alone_are_no_school_of_the_register(tmp_path):
    rows = [["Код школы", "Краткое название"], ["Городские школы"], ["01", "СОШ № 1"], ["Исполнитель: отдел"], ["04"]]
    inputs = deliver(tmp_path, {"schools.csv": "", "книга.xlsx": book(Школы=rows)})
    assert inputs.tables["schools"]["school_id"].tolist() == ["01", "04"]
    assert [(severity, cell) for severity, cell, _ in told(inputs, "read_row")] == [
        ("warning", "A2"),
        ("warning", "A4"),
    ]


@pytest.mark.parametrize("text", ["1,000", "2.000", "9e14", "1,234,567"])
def test_a_count_that_may_be_another_number_is_refused_with_its_cell(tmp_path, text):
    inputs = deliver(tmp_path, {}, staff=f"Код школы;Учителя\n01;{text}\n")
    found = check_inputs(inputs, 2021)
    assert found[found["severity"].eq("error")][["cell", "value"]].values.tolist() in (
        [["B2", text]],
        [["B2", "9e+14"]],
    )


def test_a_share_below_one_per_cent_is_asked_about(tmp_path):
    inputs = deliver(tmp_path, {}, satisfaction="Код школы;Готовы рекомендовать\n01;0,86 %\n02;86 %\n03;0,86\n")
    assert [(severity, cell) for severity, cell, _ in told(inputs, "read_cell")] == [("warning", "B2")]


def test_what_a_user_does_not_see_is_told(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(2021, 9, 1)})
        workbook.add_worksheet("Школы").write_row(0, 0, ["Код школы"])
        sheet = workbook.add_worksheet("Кадры")
        for at, row in enumerate([HEAD, ["01", 9, 12, 1, 0], ["02", 8, 9, 0, 1]]):
            sheet.write_row(at, 0, row)
        sheet.write_formula("D3", "=[1]Кадры!D3", None, 4)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(7, 16383, None, None, {"hidden": True})
        sheet.hide()
    inputs = deliver(tmp_path, {"книга.xlsx": content.getvalue()})
    assert told(inputs, "read_sheet") == [
        ("warning", "D3", "Значения взяты из другой книги такими, какими она их сохранила в последний раз: D3"),
        ("note", "A1", "Скрытое прочитано вместе с остальным: лист целиком"),
        ("note", "B1", "Скрытое прочитано вместе с остальным: столбцы B"),
        ("note", "A3", "Скрытое прочитано вместе с остальным: строки 3"),
    ]
    assert inputs.tables["staff"]["men"].tolist() == [1.0, 4.0]
