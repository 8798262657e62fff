import ast
import inspect
import re
from pathlib import Path

import pandas as pd
import pytest

import shnor_lib.inputs.checks
from shnor_lib.inputs.checks import COLUMNS, NOT_USED, check_inputs, problems_found, registered_checks, usable_tables
from shnor_lib.inputs.checks.registry import CODE
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.faults import checks_in_words
from shnor_lib.inputs.sources import Inputs
from tests.inputs.sources.delivery import SCHOOLS, book, deliver, put

DIRTY_STAFF = "school_id;teachers;category_highest;men\n01;20;25;3\n02;0;4;1\n03;8;2;1\n"


def test_every_check_has_a_russian_title_and_a_docstring():
    for name, title in registered_checks().items():
        assert title[0].isupper() and not title.endswith("."), name
    assert all(function.__doc__ for function in CODE.values())


def test_every_check_function_is_registered_under_its_name():
    modules = [
        getattr(shnor_lib.inputs.checks, name)
        for name in ("dictionary", "documents", "plans", "reports", "results", "schools", "years")
    ]
    written = {
        node.name.removeprefix("check_")
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_")
    }
    assert written == set(CODE) <= set(registered_checks())


def test_every_fault_is_found_by_a_comparison_or_by_code():
    """Words that nothing says any more do not stay behind, and no code says words that are not there."""
    code = "".join(path.read_text("utf-8") for path in Path(shnor_lib.inputs.__path__[0]).rglob("*.py"))
    named = set(re.findall(r'f?"((?:[a-z]+_)+[a-z]+\.(?:[a-z_]+|\{[a-z.]+\}))"', code))
    for name, one in checks_in_words().items():
        for fault, words in one.faults.items():
            assert words.relation or {f"{name}.{fault}", f"{name}.{{column}}", f"{name}.{{fault}}"} & named, (
                name,
                fault,
            )


@pytest.mark.parametrize("name", checks_in_words())
def test_no_data_is_no_problem_of_any_check_but_absence(name):
    nothing = Inputs(
        {one: table(one).empty().assign(source_file="", source_sheet="", source_row=1) for one in table_names()}
    )
    found = problems_found(name, nothing, 2021)
    assert bool(found) == (name == "table_absent")


def test_problems_are_told_the_gravest_first_and_once(tmp_path):
    inputs = deliver(
        tmp_path, {}, staff=DIRTY_STAFF, exam_results="school_id;exam;subject;grade\n01;XXX;математика;5\n"
    )
    problems = check_inputs(inputs, 2021)
    ranks = problems["severity"].map({"error": 0, "warning": 1, "note": 2})
    assert ranks.is_monotonic_increasing and not problems.duplicated().any()
    assert list(problems.columns) == COLUMNS and set(problems["check"]) <= set(registered_checks())


def test_checking_leaves_the_tables_as_they_are(tmp_path):
    inputs = deliver(tmp_path, {}, staff=DIRTY_STAFF)
    before = {name: rows.copy(deep=True) for name, rows in inputs.tables.items()}
    usable_tables(inputs, check_inputs(inputs, 2021))
    for name, rows in inputs.tables.items():
        pd.testing.assert_frame_equal(rows, before[name])


def test_impossible_values_count_as_missing_and_the_problem_says_so(tmp_path):
    inputs = deliver(tmp_path, {}, staff=DIRTY_STAFF)
    problems = check_inputs(inputs, 2021)
    staff = usable_tables(inputs, problems)["staff"].set_index("school_id")
    assert staff["category_highest"].fillna(-1).tolist() == [-1, 4, 2]  # 25 of 20 teachers
    assert staff["teachers"].fillna(-1).tolist() == [20, -1, 8]  # none, but 4 of them of the highest category
    assert staff["men"].tolist() == [3, 1, 1]
    told = problems[problems["check"].isin(["table_parts", "table_whole"])]
    assert told["cell"].tolist() == ["B3", "C2"] or told["cell"].tolist() == ["C2", "B3"]
    assert told["remedy"].str.endswith(NOT_USED).all() and set(told["severity"]) == {"warning"}


def test_impossible_values_of_a_workbook_are_found_by_sheet_and_row(tmp_path):
    rows = [["подсказка"], ["Код школы", "Высшая категория", "Учителя"], ["01", 25, 20], ["02", 5, 20]]
    inputs = deliver(tmp_path, {"x.xlsx": book(Кадры=rows)})
    staff = usable_tables(inputs, check_inputs(inputs, 2021))["staff"]
    assert staff["category_highest"].fillna(-1).tolist() == [-1, 5]


def test_other_warnings_do_not_take_values_away(tmp_path):
    inputs = deliver(tmp_path, {}, social_context="school_id;pupils\n01;300\n")
    problems = check_inputs(inputs, 2021)
    assert "pupils_contradict" in set(problems["check"])
    assert usable_tables(inputs, problems)["social_context"]["pupils"].tolist() == [300]


def test_of_earlier_years_errors_and_impossible_values_are_told(tmp_path):
    header = "measure_id;title;due;responsible\n"
    put(tmp_path, {"schools.csv": SCHOOLS, "staff.csv": DIRTY_STAFF, "measures.csv": header + "1;А;;\n"}, 2020)
    inputs = deliver(tmp_path, {}, years=(2020, 2021), measures=header + "1;Б;;\n")
    problems = check_inputs(inputs, 2021)
    assert problems.loc[problems["check"] == "measures_due", "year"].tolist() == [2021]
    assert problems.loc[problems["check"] == "table_parts", "year"].tolist() == [2020]
