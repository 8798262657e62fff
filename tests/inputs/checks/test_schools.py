import pytest

from shnor_lib.inputs.checks import check_inputs
from tests.inputs.sources.delivery import deliver


def cells(inputs, check: str) -> list[str]:
    problems = check_inputs(inputs, 2021)
    return problems.loc[problems["check"] == check, "cell"].tolist()


def test_a_school_has_pupils(tmp_path):
    inputs = deliver(tmp_path, {"schools.csv": "school_id;pupils\n01;0\n02;12\n03;\n"})
    assert cells(inputs, "schools_pupils") == ["B2"]


def test_a_school_has_teachers(tmp_path):
    inputs = deliver(tmp_path, {}, staff="school_id;teachers;pedagogues;men\n01;0;0;0\n02;0;;3\n03;0;8;3\n")
    assert cells(inputs, "staff_none") == ["B2", "C2", "B4"]
    assert cells(inputs, "table_whole") == ["B3"]  # 02: three men among no teachers


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [("10;5;5", []), ("10;6;5", ["C2", "D2"]), ("10;11;5", []), (";6;5", []), ("10;;5", [])],
)
def test_two_categories_together_fit(tmp_path, numbers, expected):
    """A category alone above the teachers is told by the check of parts, not here."""
    inputs = deliver(tmp_path, {}, staff=f"school_id;teachers;category_first;category_highest\n01;{numbers}\n")
    assert cells(inputs, "staff_sums") == expected


def test_a_year_of_training_is_part_of_three(tmp_path):
    inputs = deliver(tmp_path, {}, staff="school_id;teachers;trained_year;trained_3y\n01;20;9;8\n02;20;8;8\n")
    assert cells(inputs, "staff_trained") == ["C2"]


@pytest.mark.parametrize(("assessed", "expected"), [(2021, []), (2018, []), (2017, ["C2"]), (2022, ["C2"])])
def test_satisfaction_is_not_older_than_three_years(tmp_path, assessed, expected):
    inputs = deliver(tmp_path, {}, satisfaction=f"school_id;satisfied_share;assessed_year\n01;0,9;{assessed}\n")
    assert cells(inputs, "satisfaction_stale") == expected


def test_satisfaction_names_the_year_of_its_assessment(tmp_path):
    inputs = deliver(tmp_path, {}, satisfaction="school_id;satisfied_share;assessed_year\n01;0,9;2020\n02;0,74;\n")
    assert cells(inputs, "satisfaction_undated") == ["C3"]


@pytest.mark.parametrize(
    ("pupils", "expected"),
    [
        (400, []),
        (420, []),
        (421, []),
        (422, ["B2"]),
        (379, ["B2"]),
        (380, []),
    ],  # 5 % of the larger: 422 − 400 = 22 > 21.1
)
def test_pupils_of_two_tables_agree_within_five_per_cent(tmp_path, pupils, expected):
    inputs = deliver(tmp_path, {}, social_context=f"school_id;pupils\n01;{pupils}\n")
    assert cells(inputs, "pupils_contradict") == expected


def test_a_few_pupils_of_a_small_school_may_differ(tmp_path):
    inputs = deliver(tmp_path, {}, social_context="school_id;pupils\n03;65\n02;126\n")
    assert cells(inputs, "pupils_contradict") == []


def municipality(tmp_path, total: int, third: str):
    rows = f"01;;10\n02;;7\n03;;{third}\n;муниципалитет;{total}\n"
    return cells(deliver(tmp_path, {}, staff="school_id;level;teachers\n" + rows), "municipality_total")


@pytest.mark.parametrize(
    ("total", "third", "expected"),
    [
        (20, "3", []),
        (21, "3", ["C5"]),  # every school is counted and together they are 20
        (21, "", []),  # the third school may have the other 4
        (16, "", ["C5"]),  # two schools alone have 17
    ],
)
def test_the_municipality_is_the_sum_of_its_schools(tmp_path, total, third, expected):
    assert municipality(tmp_path, total, third) == expected


def test_a_register_that_names_few_schools_is_not_complete(tmp_path):
    schools = "school_id;level;schools\n01;;\n02;;\n;муниципалитет;14\n"
    inputs = deliver(
        tmp_path, {"schools.csv": schools}, staff="school_id;level;teachers\n01;;10\n02;;7\n;муниципалитет;460\n"
    )
    assert cells(inputs, "municipality_total") == [] and cells(inputs, "schools_number_contradict") == []


def test_a_register_does_not_name_more_schools_than_there_are(tmp_path):
    schools = "school_id;level;schools\n01;;\n02;;\n;муниципалитет;1\n"
    assert cells(deliver(tmp_path, {"schools.csv": schools}), "schools_number_contradict") == ["C4"]


def test_procedures_are_added_up_one_by_one(tmp_path):
    header = "school_id;level;exam;subject;grade;participants\n"
    rows = "01;;ВПР;математика;5;10\n01;;ВПР;русский язык;5;30\n;муниципалитет;ВПР;математика;5;20\n"
    assert cells(deliver(tmp_path, {}, exam_results=header + rows), "municipality_total") == []
