"""Protocols of participants: three raw layouts of ВПР and «Индивидуальные результаты», each with its dirt."""

import pytest

from shnor_lib.inputs.importers import ImportRefused
from shnor_lib.inputs.importers.procedures import Procedure
from tests.inputs.importers.exports import SCHOOLS, TITLE, cells, export, office, refused_cells, take, told
from tests.inputs.sources.delivery import put

RESULTS = (
    "school_id",
    "year",
    "participants",
    "mark_2",
    "mark_3",
    "mark_4",
    "mark_5",
    "mean_score",
    "score_sd",
    "max_score",
)
COMPARED = ("school_id", "lowered", "confirmed", "raised", "spearman")


def protocol_2020(*works):
    """Rows of (login, journal, class, variant, sum)."""
    head = ["groups", "user", "id", "code", "otc", "gender", "klass", "var-1", "var-2", "sum", "a-1-grade"]
    return [
        head,
        *(
            ["reg99_m002", user, 1, 60001, otc, "", klass, var, "", total, "X"]
            for user, otc, klass, var, total in works
        ),
    ]


def test_2020_absent_pupils_leave_n_and_old_logins_are_known(tmp_path):
    """Maths 5: marks from 7, 11, 15 of 20. Scores 6, 7, 15 are marks 2, 3, 5; journal 3, 4, 5 and one 8."""
    workspace = office(tmp_path)
    works = [
        ("sch200001", 3, "нет", "1", 6),
        ("sch200001", 4, "НЕТ", "2", 7),
        ("sch200001 ", 5, "5 «А»", "1", 15),
        ("sch200001", 8, "а", "1", 21),
        ("sch200001", "нет отметки", "5а", "2", 20),
        ("sch200001", "", "", "отсутствовал", ""),
        ("sch200001", 4, "а", "1", "X"),
        ("", 4, "а", "1", 10),
        ("sch555555", 4, "а", "1", 10),
    ]
    imported = take(workspace, export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(*works)))
    assert cells(workspace, "exam_results", *RESULTS) == [("01", "", "4", "1", "1", "0", "2", "12", "6.6833", "20")]
    assert cells(workspace, "mark_comparison", *COMPARED) == [("01", "2", "1", "0", "1")]
    assert told(imported, "отброшено") == [
        ("отсутствовали", "1"),
        ("нет балла", "1"),
        ("нет кода школы", "1"),
        ("балл выше максимального", "1"),
    ]
    assert ("строк участников", "9") in told(imported, "прочитано")
    assert told(imported, "школа не найдена")[0][0].startswith("sch555555")
    assert ("работ без отметки по журналу 2–5", "1") in told(imported, "замечание")


def test_2021_with_year_from_the_name(tmp_path):
    workspace = office(tmp_path)
    head = [
        "логин школы",
        "регион",
        "номер обучающегося",
        "код обучающегося",
        "отметка за предыдущую четверть/триместр",
    ]
    head += ["пол", "класс", "вариант", "всего баллов", "балл за 1"]
    works = [["sch200002", "reg99_m002", "1", "50001", "3", "", "нет", "1", "7", "не пройд."]]
    works += [["sch200002", "reg99_m002", "2", "50002", "", "", "", "отсутствовал", "", ""]]
    take(workspace, export(tmp_path, "Работа по математике, 5 класс. ВПР 2020.xlsx", Sheet=[head, *works]))
    assert cells(workspace, "exam_results", *RESULTS) == [("02", "2020", "1", "0", "1", "0", "0", "7", "", "20")]


def protocol_2022(*works):
    head = ["Пользователь", "Код региона", "Регион", "Муниципалитет", "Школа", "Дата загрузки", "Код", "Вариант"]
    head += [
        "1 (2б)",
        "2 (3б)",
        "Наименование класса",
        "Отметка за предыдущий триместр/ четверть/полугодие",
        "Итого баллов",
    ]
    place = [99, "reg990000 | Регион", "reg99_m053 | Муниципалитет", "edu200001 | МБОУ СОШ", "09.03.2022", 1001]
    return [
        head,
        *([login, *place, variant, "X", 1, "11т", journal, total] for login, variant, journal, total in works),
    ]


def test_2022_maximum_is_the_sum_of_the_tasks(tmp_path):
    """Two tasks of 2 and 3 points; no scale for physics of 2022, so no marks; an absent pupil has 0 in the total."""
    workspace = office(tmp_path, 2022)
    works = [
        ("edu200001", 1, 4, 5),
        ("edu200001", "2", "3", 3),
        ("edu200001", "отсутствовал", "", 0),
        ("edu200001", 1, 5, 6),
    ]
    path = export(
        tmp_path, "2022 Физика 11.xlsx", Классы=[["Пользователь"], ["edu200001"]], Протокол=protocol_2022(*works)
    )
    imported = take(workspace, path, year=2022)
    assert cells(workspace, "exam_results", *RESULTS, year=2022) == [
        ("01", "", "2", "", "", "", "", "4", "1.4142", "5")
    ]
    assert cells(workspace, "mark_comparison", *COMPARED, year=2022) == [("01", "", "", "", "1")]
    assert ("балл выше максимального", "1") in told(imported, "отброшено")
    assert any("шкала перевода не задана" in text for text, _ in told(imported, "замечание"))


def test_a_scale_of_ones_own_gives_marks(tmp_path):
    workspace = office(tmp_path, 2022)
    scales = tmp_path / "scales.yml"
    scales.write_text(
        "vpr_scales:\n  - years: [2022]\n    source: приказ\n    scales:\n"
        "      - {subject: physics, grade: 11, mark_3: 2, mark_4: 4, mark_5: 5, maximum: 5}\n",
        encoding="utf-8",
    )
    path = export(tmp_path, "Физика 11.xlsx", Протокол=protocol_2022(("edu200001", 1, 4, 5), ("edu200001", 1, 4, 3)))
    take(workspace, path, year=2022, scales=scales)
    assert cells(workspace, "exam_results", "mark_2", "mark_3", "mark_4", "mark_5", year=2022) == [("0", "1", "0", "1")]
    assert cells(workspace, "mark_comparison", "lowered", "confirmed", "raised", year=2022) == [("1", "0", "1")]


def test_individual_results_keep_the_marks_of_the_report(tmp_path):
    workspace = office(tmp_path, 2026)
    head = [
        "ОО",
        "Муниципалитет",
        "Название ОО",
        "Код участника",
        "Класс",
        "Вариант",
        "1 (2б)",
        "Первичный балл",
        "Отметка",
        "Отметка по журналу",
    ]
    works = [
        ["edu200001", "Район", 'МБОУ "СОШ № 1" ', 1, "4 А", 1, 2, 30, 4, 5],
        ["edu200001", "Район", 'МБОУ "СОШ № 1"', 2, "4а", 2, "Х", 38, 5, 5],
        ["edu200001", "Район", 'МБОУ "СОШ № 1"', 3, "4а", 2, "Х", 39, 5, 5],
    ]
    rows = [["Индивидуальные результаты"], [], [TITLE], [], ["Максимальный первичный балл: 38"], [], [], head, *works]
    take(workspace, export(tmp_path, "индивидуальные.xlsx", Sheet1=rows), year=2026)
    assert cells(workspace, "exam_results", *RESULTS, year=2026) == [
        ("01", "", "2", "0", "0", "1", "1", "34", "5.6569", "38")
    ]
    assert cells(workspace, "mark_comparison", *COMPARED, year=2026) == [("01", "1", "1", "0", "")]


HEAD = ["ОО", "Муниципалитет", "Название ОО", "Код участника", "Класс", "Вариант", "1 (2б)"]
HEAD += ["Первичный балл", "Отметка", "Отметка по журналу"]


def individual(*works, without=()):
    """A report of individual results from (code, score, mark, journal) of school 1, some columns left out."""
    rows = [HEAD, *(["edu200001", "Район", "СОШ № 1", code, "4а", 1, 2, *rest] for code, *rest in works)]
    kept = [place for place, name in enumerate(HEAD) if name not in without]
    above = [["Индивидуальные результаты"], [TITLE], ["Максимальный первичный балл: 38"]]
    return [*above, *([row[place] for place in kept] for row in rows)]


def test_a_work_without_a_mark_leaves_n_and_is_told_with_its_cell(tmp_path):
    """Scores 30, 20 with marks 4, 3; the third of 38 has none: two participants, mean 25."""
    workspace = office(tmp_path, 2026)
    rows = individual((1, 30, 4, 5), (2, 38, "нет отметки", 5), (3, 20, 3, 3))
    imported = take(workspace, export(tmp_path, "в.xlsx", Лист=rows), year=2026)
    assert cells(workspace, "exam_results", "participants", "mark_3", "mark_4", "mean_score", year=2026) == [
        ("2", "1", "1", "25")
    ]
    assert [(one.text, one.cell) for one in imported.lines if one.record == "отброшено"] == [
        ("нет отметки за работу", "I6")
    ]


def test_marks_that_nobody_has_leave_the_means(tmp_path):
    workspace = office(tmp_path, 2026)
    take(workspace, export(tmp_path, "в.xlsx", Лист=individual((1, 30, "", 5), (2, 20, "", 3))), year=2026)
    assert cells(workspace, "exam_results", "participants", "mark_3", "mean_score", year=2026) == [("2", "", "25")]


def test_one_participant_twice_counts_once(tmp_path):
    """The same row again is told; the same code with another result may be another child."""
    workspace = office(tmp_path, 2026)
    rows = individual((1, 30, 4, 5), (2, 20, 3, 3), (1, 30, 4, 5), (2, 21, 3, 3), (3, 22, 3, 3))
    imported = take(workspace, export(tmp_path, "в.xlsx", Лист=rows), year=2026)
    assert cells(workspace, "exam_results", "participants", "mark_4", year=2026) == [("4", "1")]
    assert ("тот же участник второй раз", "1") in told(imported, "отброшено")


def test_a_code_that_all_share_tells_nobody_apart(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = individual(*((7, 30, 4, 5) for _ in range(3)))
    take(workspace, export(tmp_path, "в.xlsx", Лист=rows), year=2026)
    assert cells(workspace, "exam_results", "participants", year=2026) == [("3",)]


def test_individual_results_without_municipality_code_and_journal(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = individual((1, 30, 4, 5), (2, 20, 3, 3), without=("Муниципалитет", "Код участника", "Отметка по журналу"))
    imported = take(workspace, export(tmp_path, "в.xlsx", Лист=rows), year=2026)
    assert cells(workspace, "exam_results", "school_id", "participants", year=2026) == [("01", "2")]
    assert "mark_comparison" not in imported.merges


def test_a_score_that_is_no_number_is_refused_with_its_cell(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = individual((1, "тридцать", 4, 5), (2, "50%", 3, 3), (3, 20, 3, 3), (4, "X", "", 3))
    imported = take(workspace, export(tmp_path, "в.xlsx", Лист=rows), year=2026)
    assert [cell for _, cell, _ in refused_cells(imported)] == ["H5", "H6"]
    assert ("нет балла", "1") in told(imported, "отброшено")
    assert cells(workspace, "exam_results", "participants", year=2026) == [("1",)]


def test_two_columns_that_mean_the_same_are_asked_about(tmp_path):
    rows = [[*row, "Отметка" if row == HEAD else 4] for row in individual((1, 30, 3, 5))]
    with pytest.raises(ImportRefused, match=r"«Отметка» \(I4\) и «Отметка» \(K4\)"):
        take(office(tmp_path, 2026), export(tmp_path, "в.xlsx", Лист=rows), year=2026)


def school_form(*rows):
    """The form of a school as it returns: its class, and rows that nobody filled in with a total of 0."""
    head = ["Код участника", "Вариант", "1 (5б)", "2 (10б)", "Порядковый номер класса"]
    head += ["Отметка за предыдущий триместр/ четверть/полугодие", "Итого баллов"]
    return [head, *rows, *([["", "", "", "", "", "", 0]] * 20)]


@pytest.mark.parametrize(
    ("name", "options"), [("Физика 8.xlsx", {"school": "02"}), ("edu200002 физика 8 класс.xlsx", {})]
)
def test_the_form_of_one_school(tmp_path, name, options):
    workspace = office(tmp_path, 2026)
    rows = school_form(
        [1, 1, 2, 5, 1, 4, 7], [2, 2, 4, 5, 1, 5, 9], [3, "отсутствовал", "", "", 1, 4, 0], [4, "", "", "", 1, 4, 0]
    )
    imported = take(workspace, export(tmp_path, name, Протокол=rows), year=2026, **options)
    assert cells(workspace, "exam_results", "school_id", "participants", "mean_score", "max_score", year=2026) == [
        ("02", "2", "8", "15")
    ]
    assert told(imported, "отброшено") == [("отсутствовали", "1"), ("нет ни варианта, ни баллов", "1")]


def test_results_of_a_later_year_are_not_put_where_nothing_reads_them(tmp_path):
    path = export(tmp_path, "Физика 8 класс 2026.xlsx", Протокол=school_form([1, 1, 2, 5, 1, 4, 7]))
    with pytest.raises(ImportRefused, match="результаты 2026 года в папку 2021 года не вносятся") as refused:
        take(office(tmp_path, 2021), path, school="02")
    assert refused.value.remedy == "внесите его с -y 2026."


def test_the_school_of_a_form_is_asked_for(tmp_path):
    path = export(tmp_path, "Физика 8.xlsx", Протокол=school_form([1, 1, 2, 5, 1, 4, 7]))
    with pytest.raises(ImportRefused, match="школа не названа") as refused:
        take(office(tmp_path, 2026), path, year=2026)
    assert "--school" in refused.value.remedy


def test_open_data_say_subject_grade_and_year_in_every_row(tmp_path):
    workspace = office(tmp_path)
    head = ["Класс", "Код предмета (1- РУ, 2- МА)", "ОО (логин школы)", "Код ученика", "Балл", "Отметка"]
    head += ["Year - Учебный год"]
    works = [
        [6, 1, "sch200001", 1, 30, 4, 2021],
        [6, 2, "sch200001", 2, 9, 3, 2020],
        [6, 1, "sch200001", 3, 20, 3, "2020/21"],
    ]
    works += [[6, 9, "sch200001", 4, 20, 3, 2021]]
    imported = take(workspace, export(tmp_path, "в.xlsx", Лист=[head, *works]))
    found = cells(workspace, "exam_results", "year", "subject", "grade", "participants", "mark_3", "mean_score")
    assert found == [("2020", "maths", "6", "1", "1", "9"), ("", "russian", "6", "2", "1", "25")]
    assert ("предмет или класс не распознаны", "1") in told(imported, "отброшено")
    assert any("работа 2020 года" in text for text, _ in told(imported, "замечание"))


@pytest.mark.parametrize(
    "name", ["математика школа 7 5 класс.xlsx", "математика 5 вариант 2.xlsx", "русский и математика 5.xlsx"]
)
def test_a_name_that_allows_two_is_asked_about(tmp_path, name):
    workspace = office(tmp_path)
    path = export(tmp_path, name, Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    with pytest.raises(ImportRefused) as refused:
        take(workspace, path)
    assert "--grade" in refused.value.remedy
    take(workspace, path, given=Procedure(subject="maths", grade=5))
    assert cells(workspace, "exam_results", "subject", "grade") == [("maths", "5")]


def test_subject_and_grade_must_be_known(tmp_path):
    workspace = office(tmp_path)
    path = export(tmp_path, "выгрузка.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    with pytest.raises(ImportRefused, match="предмет и класс не указаны") as refused:
        take(workspace, path)
    assert "--subject" in refused.value.remedy
    take(workspace, path, given=Procedure(subject="maths", grade=5))
    assert cells(workspace, "exam_results", "subject", "grade") == [("maths", "5")]


def region_wide():
    """Maths 5, marks from 7, 11, 15 of 20: two schools of the office and one of another municipality."""
    scores = {"sch200001": (6, 7, 15), "sch200002": (11,), "sch777777": (9, 20)}
    rows = protocol_2020(*((school, 3, "", "1", score) for school, own in scores.items() for score in own))
    for row in rows[-2:]:
        row[0] = "reg99_m001"
    return rows


def test_one_municipality_of_a_region_and_the_row_of_the_region(tmp_path):
    """Scores 6, 7, 9, 11, 15, 20: mean 68 / 6, squares about it 912 − 68² / 6, marks 2, 3, 3, 4, 5, 5, journal 3."""
    workspace = office(tmp_path)
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=region_wide())
    imported = take(workspace, path, territory="reg99_m002")
    assert ("строк других муниципалитетов", "2") in told(imported, "отброшено")
    assert told(imported, "школа не найдена") == []
    assert cells(workspace, "exam_results", "level", *RESULTS)[2:] == [
        ("region", "", "", "6", "1", "2", "1", "2", "11.3333", "5.317", "20")
    ]
    assert cells(workspace, "mark_comparison", "level", *COMPARED)[2:] == [("region", "", "1", "2", "3", "")]
    assert any("школ 3, муниципалитетов 2" in text for text, _ in told(imported, "замечание"))
    assert not take(workspace, path, territory="reg99_m002").contents  # the second import changes no byte


def two_years_of_a_region(tmp_path):
    """Maths of eight schools, ten pupils each, three of them the office's; of a ninth one pupil, who counts for nothing."""

    def year(means):
        rows = [(f"sch{place:06}", 3, "", "1", score) for place, score in enumerate(means, 200001) for _ in range(10)]
        rows = protocol_2020(*rows, ("sch200009", 3, "", "1", 1))
        return [*rows[:31], *(["reg99_m001", *row[1:]] for row in rows[31:])]

    return (
        export(tmp_path, "ВПР 2020 Математика 4.xlsx", Sheet1=year([10] * 8)),
        export(tmp_path, "Математика 5.xlsx", Sheet1=year((10, 10, 11, 11, 12, 12, 13, 13))),
    )


def test_two_years_of_a_region_tell_how_the_results_of_its_cohorts_change(tmp_path):
    """K of eight schools, both maxima 20: 1, 1, 10/11 twice, 10/12 twice, 10/13 twice. P25 = 10/13 + (10/12 − 10/13)·3/4."""
    workspace, (before, now) = office(tmp_path), two_years_of_a_region(tmp_path)
    imported = take(workspace, before, now, territory="reg99_m002")
    columns = ("level", "year", "grade", "max_score", "ratio_schools", "ratio_q1", "ratio_q3")
    assert [row for row in cells(workspace, "exam_results", *columns) if row[0]] == [
        ("region", "2020", "4", "20", "", "", ""),
        ("region", "", "5", "20", "8", "0.8173", "0.9318"),
    ]
    assert any("результатов одних детей – по школам: 8" in text for text, _ in told(imported, "замечание"))


def test_one_year_of_a_region_tells_nothing_of_cohorts(tmp_path):
    workspace, (_, now) = office(tmp_path), two_years_of_a_region(tmp_path)
    take(workspace, now, territory="reg99_m002")
    assert cells(workspace, "exam_results", "level", "ratio_schools")[-1] == ("region", "")


def test_what_the_year_before_has_delivered_is_not_written_again(tmp_path):
    workspace, (before, now) = office(tmp_path), two_years_of_a_region(tmp_path)
    put(workspace, {"schools.csv": SCHOOLS}, 2020)
    take(workspace, before, year=2020, territory="reg99_m002")
    take(workspace, before, now, territory="reg99_m002")
    rows = cells(workspace, "exam_results", "level", "year", "ratio_schools")
    assert rows == [("", "", "")] * 3 + [("region", "", "8")]


def test_a_protocol_of_one_municipality_says_nothing_of_the_region(tmp_path):
    workspace = office(tmp_path)
    take(workspace, export(tmp_path, "Математика 5.xlsx", Sheet1=region_wide()[:-2]))
    assert cells(workspace, "exam_results", "level") == [("",), ("",)]


def test_the_region_is_one_row_out_of_several_files_and_counts_a_school_once(tmp_path):
    workspace, rows = office(tmp_path), region_wide()
    first = export(tmp_path, "Математика 5 а.xlsx", Sheet1=rows[:-2])
    second = export(tmp_path, "Математика 5 б.xlsx", Sheet1=[rows[0], *rows[1:4], *rows[-2:]])
    take(workspace, first, second)
    assert ("region", "6", "5.317") in cells(workspace, "exam_results", "level", "participants", "score_sd")


def test_an_unknown_layout_says_what_was_found_and_what_was_not(tmp_path):
    rows = individual((1, 30, 4, 5), without=("Отметка",))
    with pytest.raises(ImportRefused) as refused:
        take(office(tmp_path, 2026), export(tmp_path, "в.xlsx", Лист=rows), year=2026)
    said = refused.value.cause
    assert "«Индивидуальные результаты»" in said and "«Первичный балл»" in said and "нет: отметка" in said
