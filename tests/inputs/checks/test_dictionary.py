import pytest

from shnor_lib.indicators.resources import textbooks_under_3y_rate
from shnor_lib.inputs.checks import check_inputs, usable_tables
from shnor_lib.inputs.dictionary import table_names
from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.values import missing
from tests.inputs.sources.delivery import deliver

RESULTS = "school_id;exam;subject;grade;participants;mark_2;mark_3;mark_4;mark_5\n"


def found(inputs, check: str) -> list[tuple[str, str, str]]:
    problems = check_inputs(inputs, 2021)
    chosen = problems[problems["check"] == check]
    return list(chosen[["severity", "cell", "value"]].itertuples(index=False, name=None))


def test_absent_tables_are_notes(tmp_path):
    absent = check_inputs(deliver(tmp_path, {}, staff="school_id;teachers\n01;5\n"), 2021)
    absent = absent[absent["check"] == "table_absent"]
    assert set(absent["table"]) == set(table_names()) - {"schools", "staff"} and set(absent["severity"]) == {"note"}


def test_required_cells(tmp_path):
    inputs = deliver(
        tmp_path, {}, exam_results=RESULTS + "01;;математика;5;3;0;1;1;1\n01;ВПР;русский язык;5;3;0;1;1;1\n"
    )
    assert found(inputs, "table_required") == [("error", "B2", "")]


def test_a_required_cell_that_cannot_be_read_is_told_once(tmp_path):
    inputs = deliver(tmp_path, {}, exam_results=RESULTS + "01;XXX;математика;5;3;0;1;1;1\n")
    assert found(inputs, "table_required") == [] and found(inputs, "read_cell") == [("error", "B2", "XXX")]


def test_an_absent_required_column_is_told_once(tmp_path):
    inputs = deliver(tmp_path, {}, exam_results="school_id;exam;grade;mark_2\n01;ВПР;5;1\n01;ВПР;6;1\n")
    assert found(inputs, "table_required") == [] and found(inputs, "read_header") == [("error", "A1", "")]


@pytest.mark.parametrize(
    ("column", "value", "fits"),
    [
        ("participants", "0", True),
        ("participants", "-1", False),
        ("grade", "11", True),
        ("grade", "12", False),
        ("grade", "0", False),
        ("mean_score", "100", True),
        ("mean_score", "100,5", False),
        ("max_score", "0", False),
    ],
)
def test_limits(tmp_path, column, value, fits):
    row = {"school_id": "01", "exam": "ВПР", "subject": "математика", "grade": "5", "participants": "3"} | {
        column: value
    }
    inputs = deliver(tmp_path, {}, exam_results=";".join(row) + "\n" + ";".join(row.values()) + "\n")
    assert bool(found(inputs, "table_ranges")) is not fits


def test_a_share_is_at_most_one(tmp_path):
    inputs = deliver(tmp_path, {}, satisfaction="school_id;satisfied_share\n01;100 %\n02;1,01\n03;57\n")
    assert found(inputs, "table_ranges") == [("error", "B3", "1.01"), ("error", "B4", "57")]


def test_rows_are_not_repeated(tmp_path):
    inputs = deliver(
        tmp_path, {}, exam_results=RESULTS + "01;ВПР;математика;5;3;0;1;1;1\n" * 2 + "01;ВПР;математика;6;3;0;1;1;1\n"
    )
    assert found(inputs, "table_duplicates") == [("error", "D3", "")]
    problems = check_inputs(inputs, 2021)
    assert "строку 2" in problems.loc[problems["check"] == "table_duplicates", "problem"].item()


def test_aliases_of_one_school_repeat_its_row(tmp_path):
    inputs = deliver(tmp_path, {}, staff="school_id;teachers\n01;5\nedu200001;6\n")
    assert found(inputs, "table_duplicates") == [("error", "A3", "")]


def test_waves_years_and_levels_do_not_repeat_each_other(tmp_path):
    rows = "01;;;;5\n01;входной;;;6\n01;;2020;;7\n;;;муниципалитет;9\n;;;регион;9\n"
    text = "school_id;wave;year;level;participants;exam;subject;grade\n" + rows.replace("\n", ";ВПР;математика;5\n")
    assert found(deliver(tmp_path, {}, exam_results=text), "table_duplicates") == []


@pytest.mark.parametrize(
    ("marks", "wrong"),
    [
        ("20;1;9;6;4", False),  # 1 + 9 + 6 + 4 = 20
        ("20;1;9;6;5", True),
        ("20;1;9;6;3", True),
        (";1;9;6;4", False),  # nothing to compare with
        ("20;1;9;;", False),  # 10 of 20: the rest may be in the empty cells
        ("20;15;9;;", True),  # 24 of 20
        ("20;;;;", False),
        ("0;0;0;0;0", False),
    ],
)
def test_marks_add_up_to_the_participants(tmp_path, marks, wrong):
    inputs = deliver(tmp_path, {}, exam_results=RESULTS + f"01;ВПР;математика;5;{marks}\n")
    assert [severity for severity, *_ in found(inputs, "table_totals")] == ["error"] * wrong


def test_the_whole_may_stand_in_either_of_two_columns(tmp_path):
    bands = ("under_5", "5_10", "10_20", "20_30", "30_40", "40_plus")
    header = "school_id;pedagogues;teachers;" + ";".join(f"experience_{band}" for band in bands) + "\n"
    inputs = deliver(tmp_path, {}, staff=header + "01;12;10;2;2;2;2;2;2\n02;;10;2;2;2;2;2;2\n")
    assert found(inputs, "table_totals") == [("warning", "C3", "10")]


def test_a_part_is_not_larger_than_its_whole(tmp_path):
    inputs = deliver(tmp_path, {}, staff="school_id;teachers;category_highest;men\n01;10;11;10\n02;10;;3\n")
    assert found(inputs, "table_parts") == [("warning", "C2", "11")]


def test_a_whole_of_zero_beside_parts_is_told_of_the_whole(tmp_path):
    inputs = deliver(tmp_path, {}, staff="school_id;teachers;category_highest;men\n01;0;11;2\n02;0;0;0\n")
    assert found(inputs, "table_whole") == [("warning", "B2", "0")]
    assert found(inputs, "table_parts") == []


def test_more_new_textbooks_than_the_stock_are_kept_with_a_remark(tmp_path):
    rows = "school_id;textbooks;textbooks_under_3y;computers;computers_outdated\n01;100;120;10;11\n"
    inputs = deliver(tmp_path, {}, resources=rows)
    assert found(inputs, "table_parts_capped") == [("warning", "C2", "120")]
    assert found(inputs, "table_parts") == [("warning", "E2", "11")]
    used = usable_tables(inputs, check_inputs(inputs, 2021))["resources"]
    assert used["textbooks_under_3y"].tolist() == [120] and used["computers_outdated"].isna().all()
    assert textbooks_under_3y_rate(used)["value"].tolist() == [1.0]


def test_of_impossible_values_the_first_are_named_and_the_column_ends_there(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_TOLD", 3)
    rows = "".join(f"{code:02};5;{9 if code in (2, 3, 5, 7, 9) else 1}\n" for code in range(1, 11))
    inputs = deliver(tmp_path, {}, staff=f"Код школы;Учителя;Высшая категория\n{rows}")
    problems = check_inputs(inputs, 2021)
    found = problems[problems["problem"].str.contains("ещё") & problems["check"].eq("table_rest")]
    assert found[["severity", "cell"]].values.tolist() == [["error", "C8"]]
    assert found["problem"].item().startswith("Таких же ячеек ещё 2: названы первые 3. Столбец C с этой строки")
    used = usable_tables(inputs, problems)["staff"]["category_highest"]
    assert [None if missing(one) else one for one in used] == [1, None, None, 1, None, 1, None, None, None, None]
