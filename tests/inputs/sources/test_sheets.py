import pytest

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources.sheets import column_of, find_header, repeats_header, sheet_name, table_of

STAFF = table("staff")


@pytest.mark.parametrize("name", table_names())
def test_every_table_is_found_by_its_id_its_label_and_its_sheet(name):
    assert len(sheet_name(name)) <= 31
    assert {table_of(text).name for text in (name, table(name).label, sheet_name(name), f"{name}.2020")} == {name}


@pytest.mark.parametrize("name", table_names())
def test_no_two_columns_of_a_table_share_a_header(name):
    columns = table(name).columns.values()
    assert all(column_of(text, table(name)) == column for column in columns for text in (column.name, column.label))


def test_the_header_is_the_first_row_that_names_the_most_columns():
    top = [["Кадры школ"], ["Учителя", "заполните"], ["Код школы", "Учителя"], ["school_id", "teachers"], ["01", "5"]]
    assert find_header(top, STAFF) == 2
    assert find_header([["01", "5"]], STAFF) is None


def test_ids_under_labels_repeat_the_header_and_data_do_not():
    header = ["Код школы", "Учителя"]
    assert repeats_header(["school_id", "teachers"], header, STAFF)
    assert not repeats_header(["school_id", "men"], header, STAFF)
    assert not repeats_header(["", ""], header, STAFF) and not repeats_header(["01", "5"], header, STAFF)
