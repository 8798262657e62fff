import pytest

from shnor_lib.inputs.checks import check_inputs
from tests.inputs.sources.delivery import deliver

KEY = "school_id;exam;subject;grade;"


def cells(inputs, check: str) -> list[str]:
    problems = check_inputs(inputs, 2021)
    chosen = problems[problems["check"] == check]
    assert set(chosen["severity"]) <= {"warning"}
    return chosen["cell"].tolist()


def test_the_mean_score_is_not_above_the_maximum(tmp_path):
    rows = "01;ВПР;математика;5;21;20\n01;ВПР;математика;6;16;16\n01;ВПР;математика;7;12;\n"
    assert cells(deliver(tmp_path, {}, exam_results=KEY + "mean_score;max_score\n" + rows), "exam_mean_score") == ["E2"]


def test_ege_is_on_the_scale_of_a_hundred_but_for_base_maths(tmp_path):
    rows = "01;ЕГЭ;математика;11;31\n01;ЕГЭ;математика (базовая);11;21\n01;ЕГЭ;физика;11;100\n01;ОГЭ;физика;9;45\n"
    assert cells(deliver(tmp_path, {}, exam_results=KEY + "max_score\n" + rows), "exam_ege_scale") == ["E2"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("9;7;5;2;1", []),
        ("9;9;9;9;9", []),
        ("5;7;5;2;1", ["F2"]),  # 7 from 70 points, 5 from 60
        ("9;7;5;2;8", ["I2"]),  # 8 with 100 points, 2 from 90
        ("9;;10;;", ["G2"]),  # an empty threshold between does not matter
        (";;;;3", []),
    ],
)
def test_a_higher_threshold_is_passed_by_no_more(tmp_path, counts, expected):
    header = KEY + "score_60_plus;score_70_plus;score_80_plus;score_90_plus;score_100\n"
    inputs = deliver(tmp_path, {}, exam_results=header + f"01;ЕГЭ;физика;11;{counts}\n")
    assert cells(inputs, "exam_thresholds") == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("10;72;5;5;2", []),  # at least (5 × 80 + 2 × 20) / 10 = 44, at most (2 × 100 + 3 × 99 + 5 × 59) / 10 = 79.2
        ("10;79.3;5;5;2", ["F2"]),
        ("10;43.8;5;5;2", ["F2"]),
        ("10;44;5;5;2", []),
        ("10;60;;;10", ["F2"]),  # all have 100 points
        ("10;12;;;", []),
        (";12;5;5;2", []),
        ("0;12;0;0;0", []),
    ],
)
def test_a_mean_is_possible_with_the_numbers_of_high_scores(tmp_path, counts, expected):
    header = KEY + "participants;mean_score;score_60_plus;score_80_plus;score_100\n"
    inputs = deliver(tmp_path, {}, exam_results=header + f"01;ЕГЭ;физика;11;{counts}\n")
    assert cells(inputs, "exam_mean_possible") == expected


def test_below_the_minimum_and_from_60_points_exclude_each_other(tmp_path):
    header = KEY + "participants;below_minimum;score_60_plus\n"
    inputs = deliver(tmp_path, {}, exam_results=header + "01;ЕГЭ;физика;11;20;12;9\n01;ЕГЭ;химия;11;20;11;9\n")
    assert cells(inputs, "exam_thresholds") == ["G2"]


def test_below_the_minimum_is_mark_2_in_vpr_and_oge_only(tmp_path):
    rows = (
        "01;ВПР;математика;5;3;2\n01;ОГЭ;математика;9;2;2\n01;ЕГЭ;математика (базовая);11;3;2\n01;ВПР;математика;6;;2\n"
    )
    assert cells(deliver(tmp_path, {}, exam_results=KEY + "below_minimum;mark_2\n" + rows), "exam_below_minimum") == [
        "E2"
    ]


def test_oge_is_taken_in_grade_9_and_ege_in_grade_11(tmp_path):
    rows = (
        "01;ОГЭ;математика;11;1\n01;ЕГЭ;физика;9;1\n01;ОГЭ;физика;9;1\n01;ГВЭ;математика;9;1\n01;ВПР;математика;11;1\n"
    )
    inputs = deliver(
        tmp_path,
        {},
        exam_results=KEY + "participants\n" + rows,
        low_procedures="school_id;exam;subject;grade\n01;ОГЭ;физика;8\n",
    )
    assert cells(inputs, "exam_grade") == ["D2", "D3", "D2"]


def test_N15_in_2026_the_ninth_grade_writes_no_vpr_and_the_sixth_no_social_studies(tmp_path):
    rows = "01;{0};ВПР;математика;9;10\n01;{0};ВПР;обществознание;6;10\n01;{0};ВПР;обществознание;8;10\n01;{0};ВПР;биология;10;10\n"
    header = "school_id;year;exam;subject;grade;participants\n"
    found = [
        cells(deliver(tmp_path / str(year), {}, exam_results=header + rows.format(year)), "exam_grade")
        for year in (2025, 2026)
    ]
    assert found == [[], ["E2", "E3"]]


def test_no_results_of_grades_a_school_does_not_have(tmp_path):
    inputs = deliver(
        tmp_path,
        {},
        exam_results=KEY
        + "participants\n02;ЕГЭ;физика;11;1\n02;ОГЭ;физика;9;1\n03;ВПР;математика;5;1\n01;ЕГЭ;физика;11;1\n",
        learning_marks="school_id;stage;subject;mark_5\n02;среднее общее;математика;1\n03;начальное общее;математика;1\n",
        progression="school_id;grade11_graduates\n02;3\n03;0\n01;20\n",
    )
    assert cells(inputs, "results_grade") == ["D2", "D4", "B2", "B2"]


def test_the_highest_grade_stated_wins_over_the_kind(tmp_path):
    inputs = deliver(
        tmp_path,
        {"schools.csv": "school_id;kind;highest_grade\n01;СОШ;9\n02;ООШ;11\n"},
        exam_results=KEY + "participants\n01;ЕГЭ;физика;11;1\n02;ЕГЭ;физика;11;1\n",
    )
    assert cells(inputs, "results_grade") == ["D2"]


def test_participants_are_no_more_than_graduates_of_the_year(tmp_path):
    inputs = deliver(
        tmp_path,
        {},
        progression="school_id;year;grade9_graduates;grade11_graduates\n01;;30;12\n01;2020;50;\n",
        exam_results=KEY
        + "participants;year\n01;ОГЭ;математика;9;31;\n01;ОГЭ;математика;9;31;2020\n01;ЕГЭ;физика;11;13;\n"
        "01;ВПР;математика;11;20;\n01;ОГЭ;физика;9;30;\n",
    )
    assert cells(inputs, "exam_graduates_contradict") == ["E2", "E4"]


def test_participants_are_no_more_than_pupils(tmp_path):
    inputs = deliver(tmp_path, {}, exam_results=KEY + "participants\n03;ВПР;математика;4;61\n02;ВПР;математика;4;61\n")
    assert cells(inputs, "exam_pupils_contradict") == ["E2"]


def test_marks_compared_are_no_more_than_participants(tmp_path):
    inputs = deliver(
        tmp_path,
        {},
        exam_results=KEY + "participants\n01;ВПР;математика;4;20\n01;ВПР;математика;5;20\n",
        mark_comparison=KEY + "lowered;confirmed;raised\n01;ВПР;математика;4;7;13;1\n01;ВПР;математика;5;7;12;1\n",
    )
    assert cells(inputs, "comparison_participants_contradict") == ["F2"]


@pytest.mark.parametrize(
    ("numbers", "winners", "entries"),
    [
        ("412;605;59;105", [], []),
        ("10;;11;", ["E2"], []),
        ("10;;4;7", ["F2"], []),  # 4 + 7 of 10
        ("10;12;4;7", [], []),
        ("10;8;1;1", [], ["D2"]),
        (";;4;7", [], []),
    ],
)
def test_winners_and_entries_of_olympiads(tmp_path, numbers, winners, entries):
    header = "school_id;stage;participants;entries;winners;prize_winners\n"
    inputs = deliver(tmp_path, {}, olympiads=header + f"01;муниципальный;{numbers}\n")
    assert (cells(inputs, "olympiads_winners"), cells(inputs, "olympiads_entries")) == (winners, entries)


MEANS = KEY + "participants;mark_2;mean_score;max_score\n"


def test_an_exam_without_means_among_others_with_them_is_told_once(tmp_path):
    rows = (
        "01;ОГЭ;математика;9;20;1;;\n01;ОГЭ;русский язык;9;20;1;;\n02;ОГЭ;математика;9;;1;;\n"
        "01;ВПР;математика;5;21;1;11;20\n01;ВПР;математика;6;21;1;11;\n01;ЕГЭ;физика;11;5;;60;\n"
        "01;ЕГЭ;математика (базовая);11;5;0;;\n01;ГВЭ;математика;9;0;0;;\n"
    )
    problems = check_inputs(deliver(tmp_path, {}, exam_results=MEANS + rows), 2021)
    found = problems[problems["check"] == "exam_without_mean"]
    assert found["cell"].tolist() == ["G2", "H6"]
    assert found["problem"].str.contains("ОГЭ, 2021 год: нет среднего балла. Строк без него: 3, школ: 2").any()


def test_an_office_without_any_mean_score_is_not_told_of_each_exam(tmp_path):
    rows = "01;ОГЭ;математика;9;20;1;;\n01;ВПР;математика;5;21;1;;\n"
    assert cells(deliver(tmp_path, {}, exam_results=MEANS + rows), "exam_without_mean") == []


def test_base_maths_on_a_hundred_points_is_refused(tmp_path):
    header = KEY + "mean_score;max_score;score_80_plus\n"
    rows = "01;ЕГЭ;математика (базовая);11;13,5;21;\n02;ЕГЭ;математика (базовая);11;3,8;100;0\n03;ЕГЭ;математика;11;48;100;2\n"
    problems = check_inputs(deliver(tmp_path, {}, exam_results=header + rows), 2021)
    found = problems[problems["check"] == "exam_base_maths"]
    assert found[["severity", "cell"]].values.tolist() == [["error", "F3"], ["error", "G3"]]
    assert found["remedy"].str.contains("не больше 21").all() and found["file"].str.endswith("exam_results.csv").all()


def test_a_school_that_lacks_most_of_what_the_others_have_is_named_with_it(tmp_path):
    schools = "school_id;name;kind\n01;А;СОШ\n02;Б;СОШ\n03;В;СОШ\n04;Г;НОШ\n05;Д;СОШ\n"
    parts = ["ВПР;математика;5", "ВПР;русский язык;5", "ОГЭ;математика;9", "ЕГЭ;физика;11"]
    whole = "".join(f"{school};{part};20\n" for school in ("01", "02", "03") for part in parts)
    few = "05;ВПР;математика;5;20\n02;ОГЭ;химия;9;4\n"  # chemistry is taken by one school: nobody waits for it
    inputs = deliver(tmp_path, {}, schools=schools, exam_results=KEY + "participants\n" + whole + few)
    assert cells(inputs, "exam_absent") == ["A6"], "school 05; the primary school 04 has nothing to deliver"
    problems = check_inputs(inputs, 2021)
    (text,) = problems.loc[problems["check"].eq("exam_absent"), "problem"]
    assert (
        text.startswith("Представлено 1 из 4 процедур") and "ОГЭ, математика, 9 класс" in text and "химия" not in text
    )
    both = few + "05;ВПР;русский язык;5;20\n"
    assert (
        cells(
            deliver(tmp_path / "b", {}, schools=schools, exam_results=KEY + "participants\n" + whole + both),
            "exam_absent",
        )
        == []
    )
