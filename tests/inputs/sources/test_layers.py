"""Files of one folder complement each other by cell; only different values conflict, each named with both places."""

import pytest

from shnor_lib.inputs.checks import check_inputs, usable_tables
from shnor_lib.inputs.sources import read_inputs
from tests.inputs.sources.delivery import book, put

SCHOOLS = "school_id;name;short_name\n01;Школа № 1;СОШ № 1\n02;Школа № 2;СОШ № 2\n"


def deliver(folder, csv: str, **sheets):
    files = {"schools.csv": SCHOOLS, "staff.csv": csv}
    put(folder, files, 2021)
    (folder / "data" / "raw" / "demo" / "2021" / "книга.xlsx").write_bytes(book(**sheets))
    return read_inputs(folder, "demo", [2021])


def test_an_empty_cell_is_completed_whatever_file_comes_first(tmp_path):
    """СОШ № 1: vacancies in the CSV, teachers in the workbook; СОШ № 2 in the workbook alone."""
    header = ["Код школы", "Учителя", "Вакансии"]
    inputs = deliver(tmp_path, "school_id;vacancies\n01;2\n", Кадры=[header, ["01", 12, None], ["СОШ № 2", 9, 1]])
    staff = inputs.tables["staff"]
    assert staff[["school_id", "teachers", "vacancies"]].values.tolist() == [["01", 12, 2], ["02", 9, 1]]
    assert inputs.problems["severity"].eq("error").sum() == 0
    assert check_inputs(inputs, 2021)["check"].eq("table_duplicates").sum() == 0


def test_a_completed_cell_is_named_where_it_stands(tmp_path):
    """Seventy of the highest category among twelve: the cell of the workbook, not of the CSV, and it alone is left out."""
    header = ["Код школы", "Высшая категория"]
    inputs = deliver(tmp_path, "school_id;teachers\n01;12\n02;9\n", Кадры=[header, [None, None], ["01", 70], ["02", 3]])
    found = check_inputs(inputs, 2021)
    wrong = found[found["check"].eq("table_parts")]
    assert wrong[["file", "sheet", "cell"]].values.tolist() == [["data/raw/demo/2021/книга.xlsx", "Кадры", "B3"]]
    usable = usable_tables(inputs, found)["staff"]
    assert usable["category_highest"].tolist()[1] == 3 and usable["category_highest"].isna().tolist() == [True, False]


def test_different_values_are_told_with_both_cells(tmp_path):
    header = ["Код школы", "Учителя"]
    inputs = deliver(tmp_path, "school_id;teachers\n01;12\n02;9\n", Кадры=[header, ["01", 13], ["02", 9]])
    (told,) = inputs.problems[inputs.problems["check"].eq("table_layers")].to_dict("records")
    assert (told["cell"], told["value"], told["school_id"]) == ("B2", "13", "01") and told["severity"] == "error"
    assert "другое – 12 (data/raw/demo/2021/staff.csv, B2)" in told["problem"]
    assert inputs.tables["staff"]["school_id"].tolist() == ["01", "02", "01"]  # nothing is chosen


def test_a_row_that_one_sheet_repeats_stays_a_repetition(tmp_path):
    header = ["Код школы", "Учителя", "Вакансии"]
    inputs = deliver(tmp_path, "school_id;teachers\n02;9\n", Кадры=[header, ["01", 12, None], ["01", None, 2]])
    assert check_inputs(inputs, 2021)["check"].eq("table_duplicates").sum() == 1


@pytest.mark.parametrize("order", [["survey", "template"], ["template", "survey"]])
def test_survey_and_template_go_together_in_either_order(tmp_path, order):
    """Route of a new office: an export of the survey and a template whose cells are empty never stop one another."""
    survey = "school_id;locality;teachers\n01;город;\n02;село;\n"
    names = {"survey": "schools.csv", "template": "а-книга.xlsx" if order[0] == "template" else "я-книга.xlsx"}
    put(tmp_path, {names["survey"]: survey.replace(";teachers", "").replace(";\n", "\n")}, 2021)
    header = ["Код школы *", "Краткое название", "Город или село", "Обучающиеся"]
    content = book(Школы=[header, ["01", "СОШ № 1", None, 300], ["02", "СОШ № 2", None, None]])
    (tmp_path / "data" / "raw" / "demo" / "2021" / names["template"]).write_bytes(content)
    inputs = read_inputs(tmp_path, "demo", [2021])
    schools = inputs.tables["schools"].set_index("school_id")
    assert schools["locality"].to_dict() == {"01": "urban", "02": "rural"} and schools["pupils"]["01"] == 300
    assert not inputs.problems["severity"].eq("error").any()
