import pytest

from shnor_lib.inputs.checks import check_inputs
from tests.inputs.sources.delivery import SCHOOLS, deliver, put

STAFF = "school_id;teachers;men\n01;30;3\n02;12;1\n03;8;0\n"


def found(inputs, check: str) -> list[tuple[str, str]]:
    problems = check_inputs(inputs, 2021)
    chosen = problems[problems["check"] == check]
    return list(chosen[["severity", "cell"]].itertuples(index=False, name=None))


def two_years(tmp_path, before: dict[str, str], **now: str):
    put(tmp_path, {"schools.csv": SCHOOLS} | before, 2020)
    return deliver(tmp_path, {}, years=(2020, 2021), **now)


@pytest.mark.parametrize(
    ("teachers", "expected"),
    [(30, []), (37, []), (38, [("warning", "B2")]), (23, []), (22, [("warning", "B2")]), (0, [])],  # 30 ± 7.5
)
def test_teachers_change_by_no_more_than_a_quarter(tmp_path, teachers, expected):
    inputs = two_years(tmp_path, {"staff.csv": STAFF}, staff=f"school_id;teachers\n01;{teachers}\n03;16\n")
    assert found(inputs, "years_change") == expected  # 03: from 8, too few to wonder


def test_schools_vanished_and_new(tmp_path):
    inputs = two_years(tmp_path, {}, schools="school_id;pupils\n01;400\n02;120\n04;50\n")
    assert found(inputs, "years_vanished") == [("warning", "")]
    assert found(inputs, "years_new") == [("note", "A4")]
    problems = check_inputs(inputs, 2021).set_index("check")
    assert "НОШ № 3" in problems.loc["years_vanished", "problem"]


def test_the_first_year_has_nothing_new(tmp_path):
    assert found(deliver(tmp_path, {}), "years_new") == []


def test_a_copied_table_is_suspicious(tmp_path):
    inputs = two_years(
        tmp_path, {"staff.csv": STAFF.replace("03;8;0", "03;8;1")}, staff=STAFF.replace("03;8;0", "03;8;1")
    )
    assert found(inputs, "years_copied") == [("warning", "")]


def test_a_table_with_one_new_figure_or_little_to_compare_is_not(tmp_path):
    changed = two_years(tmp_path / "a", {"staff.csv": STAFF}, staff=STAFF.replace("01;30;3", "01;31;3"))
    few = two_years(tmp_path / "b", {"staff.csv": STAFF}, staff=STAFF)  # 5 figures above zero
    assert found(changed, "years_copied") == [] and found(few, "years_copied") == []
