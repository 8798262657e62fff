import pandas as pd
import pytest

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources.problems import problems_frame
from shnor_lib.inputs.sources.rows import dtypes_of, empty_rows, frame_of, typed_rows
from shnor_lib.inputs.sources.sheets import Sheet


def read(name: str, header: list[str], *rows: list[str | None], year: int = 2021):
    """Typed rows of a sheet whose header stands in row 1, its letters and its problems."""
    sheet = Sheet(f"{name}.csv", "", [header], list(zip(*rows, strict=True)), range(2, len(rows) + 2))
    typed = typed_rows(sheet, table(name), year)
    none = [None] * len(typed)
    frame = frame_of(table(name), dict.fromkeys(dtypes_of(table(name)), none) | typed.columns)
    assert dict(frame.dtypes) == dict(empty_rows(table(name)).dtypes)
    return frame, typed.letters, problems_frame(typed.problems)


def told(problems: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(problems[["severity", "check", "cell"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", table_names())
def test_every_table_has_its_columns_its_year_and_the_origin_of_its_rows(name):
    rows = empty_rows(table(name))
    assert {*table(name).columns, "year", "source_file", "source_sheet", "source_row", "source_other"} == set(
        rows.columns
    ) and rows.empty


def test_rows_know_where_they_come_from_and_absent_columns_are_missing():
    rows, letters, problems = read("staff", ["Код школы", "teachers"], ["01", "12"], [None, None], ["02", None])
    assert rows[["level", "group", "school_id", "source_file", "source_row", "year"]].values.tolist() == [
        ["school", "", "01", "staff.csv", 2, 2021]
    ]
    assert rows["men"].isna().all() and letters == {"school_id": "A", "teachers": "B"}
    assert problems["problem"].tolist() == ["Строк без единого значения: 1"]


@pytest.mark.parametrize("header", ["Учителя", " учителя ", "УЧИТЕЛЯ *", "Учителя\n", "teachers"])
def test_headers_are_matched_by_id_or_label(header):
    assert read("staff", ["school_id", header], ["01", "12"])[0]["teachers"].tolist() == [12]


def test_an_unknown_column_is_an_error_with_the_nearest_name():
    _, _, problems = read("staff", ["Код школы", "Учитиля"], ["01", "12"])
    assert told(problems) == [("error", "read_header", "B1"), ("note", "read_row", "")]
    assert "Учителя" in problems.loc[0, "problem"]


def test_a_column_of_ones_own_is_told_and_left_out():
    rows, _, problems = read("staff", ["Код школы", "Примечание", "Учителя"], ["01", "уточнить в мае", "12"])
    assert rows["teachers"].tolist() == [12] and told(problems) == [("warning", "read_header", "B1")]


@pytest.mark.parametrize("name", ["ИТОГО", " Всего по району:", "Примечание. Данные на 01.09"])
def test_totals_and_notes_under_a_table_are_no_schools(name):
    rows, _, problems = read("staff", ["Код школы", "Учителя"], ["01", "12"], [name, "12"])
    assert rows["school_id"].tolist() == ["01"] and told(problems) == [("note", "read_row", "A3")]
    rows, _, _ = read(
        "schools", ["Код школы", "Краткое название", "Обучающиеся"], ["01", "СОШ № 1", "9"], [None, name, "9"]
    )
    assert rows["school_id"].tolist() == ["01"]


def test_a_repeated_column_is_an_error_also_under_its_other_name():
    rows, _, problems = read("staff", ["Код школы", "Учителя", "teachers"], ["01", "12", "13"])
    assert told(problems) == [("error", "read_header", "C1")] and rows["teachers"].tolist() == [12]


def test_a_missing_required_column_is_an_error():
    _, _, problems = read("measures", ["measure_id"], ["1"])
    assert told(problems) == [("error", "read_header", "A1")] and "«Мероприятие»" in problems.loc[0, "problem"]


def test_data_under_no_header_are_told_and_an_empty_column_is_not():
    _, _, problems = read("staff", ["Код школы", "Учителя", "", ""], ["01", "12", "∑", None])
    assert told(problems) == [("warning", "read_header", "C1")]


def test_columns_of_persons_are_dropped_and_only_their_header_is_told():
    rows, _, problems = read(
        "staff", ["Код школы", "ФИО директора", "Учителя"], ["01", "Секретова Тайна Ивановна", "12"]
    )
    assert told(problems) == [("warning", "persons_column", "B1")]
    assert "Секретова" not in rows.to_csv() + problems.to_csv()


def test_persons_in_texts_are_masked_and_the_role_stays():
    rows, _, problems = read(
        "measures", ["measure_id", "title", "responsible"], ["1", "Семинар", "директор Секретова Т.И."]
    )
    assert rows["responsible"].tolist() == ["директор [имя удалено]"]
    assert told(problems) == [("warning", "persons_text", "C2")] and "Секретова" not in problems.to_csv()


def test_a_person_where_a_number_belongs_is_not_printed():
    _, _, problems = read("staff", ["Код школы", "Учителя", "Мужчины"], ["01", "Секретова Т.И.", "1"])
    assert told(problems) == [("error", "read_cell", "B2")] and "Секретова" not in problems.to_csv()


def test_a_school_may_be_named_after_a_person():
    rows, _, problems = read("schools", ["school_id", "name"], ["01", "Школа Гагарина Ю.А."])
    assert rows["name"].tolist() == ["Школа Гагарина Ю.А."] and problems.empty


def test_what_cannot_be_read_is_told_with_cell_value_and_what_is_allowed():
    rows, _, problems = read(
        "exam_results", ["school_id", "exam", "grade", "subject", "mark_5"], ["01", "ЕГЭЭ", "11", "математика", "1"]
    )
    assert told(problems) == [("error", "read_cell", "B2")]
    (problem,) = problems.to_dict("records")
    assert problem["value"] == "ЕГЭЭ" and "ЕГЭ (EGE)" in problem["allowed"] and "«ЕГЭ»" in problem["remedy"]
    assert rows["exam"].isna().all() and problem["school_id"] == "01" and problem["year"] == 2021


def test_a_dash_is_asked_about_and_a_date_in_a_number_explained():
    _, _, problems = read("staff", ["school_id", "teachers", "men"], ["01", "–", "2021-05-01"])
    assert "напишите 0" in problems.loc[0, "remedy"] and "за дату" in problems.loc[1, "remedy"]


def test_the_row_may_state_its_own_year():
    header = ["school_id", "exam", "subject", "grade", "participants", "year"]
    rows, _, problems = read(
        "exam_results",
        header,
        ["01", "ВПР", "математика", "5", "10", "2019"],
        ["01", "ВПР", "математика", "5", "9", None],
    )
    assert rows["year"].tolist() == [2019, 2021] and problems.empty and rows["wave"].tolist() == ["", ""]


def test_tables_of_one_year_take_no_year_column():
    assert told(read("staff", ["school_id", "Год", "teachers"], ["01", "2020", "1"])[2]) == [
        ("error", "read_header", "B1")
    ]


def test_levels_follow_from_the_school_and_the_group():
    header = ["level", "group", "school_id", "teachers"]
    rows, _, problems = read(
        "staff", header, [None, None, "01", "1"], [None, "сельские", None, "2"], ["муниципалитет", None, None, "3"]
    )
    assert rows[["level", "group"]].values.tolist() == [["school", ""], ["group", "сельские"], ["municipality", ""]]
    assert problems.empty


@pytest.mark.parametrize(
    "row",
    [
        [None, None, None, "1"],
        ["школа", None, None, "1"],
        ["группа школ", None, None, "1"],
        ["регион", None, "01", "1"],
    ],
)
def test_a_row_without_a_clear_level_is_an_error_and_left_out(row):
    rows, _, problems = read("staff", ["level", "group", "school_id", "teachers"], row)
    assert rows.empty and told(problems) == [("error", "read_level", "C2")]


def test_prefilled_rows_without_values_are_no_data():
    rows, _, problems = read("staff", ["school_id", "teachers"], ["01", None], ["02", None])
    assert rows.empty and problems["problem"].tolist() == ["Строк без единого значения: 2"]


def test_rows_of_a_list_need_no_values():
    assert (
        len(read("low_procedures", ["school_id", "exam", "subject", "grade"], ["01", "ОГЭ", "математика", "9"])[0]) == 1
    )
    assert len(read("schools", ["school_id"], ["01"])[0]) == 1
