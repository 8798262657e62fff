"""ФИС ОКО «Статистика по отметкам»: a hierarchy told by position and code, marks in per cent."""

import pytest

from tests.inputs.importers.exports import TITLE, cells, export, office, refused_cells, take, told

HEAD = ["Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5"]


def sheet(*rows, year=2026):
    return [
        ["Статистика по отметкам"],
        [],
        [TITLE.replace("2026", str(year))],
        ["Предмет:", "Русский язык"],
        ["Максимальный первичный балл:", 38],
        ["Дата:", f"20.04.{year}"],
        [],
        HEAD,
        *rows,
    ]


ROWS = [
    ["Вся выборка", 35000, 1500000, 4.5, 30.5, 45, 20],
    ["Регион ", 600, 20000, 5, 30, 45, 20],
    ["Район (reg20_m012)", 3, 60, 5, 35, 40, 20],
    ['МБОУ "СОШ № 1"  (edu200001)', 1, 40, "7.5", "35", "40", "17,5"],
    ["СОШ № 2 (sch200002)", 1, 3, 33.33, 33.33, 33.33, 0],
    ["Чужая школа (edu999999)", 1, 10, 0, 50, 50, 0],
    ["Без участников (edu200003)", 1, "", "", "", "", ""],
]


def test_B9_marks_become_counts_of_every_level(tmp_path):
    workspace = office(tmp_path, 2026)
    take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*ROWS)), year=2026)
    found = cells(
        workspace,
        "exam_results",
        "level",
        "school_id",
        "participants",
        "mark_2",
        "mark_3",
        "mark_4",
        "mark_5",
        year=2026,
    )
    assert found == [
        ("country", "", "1500000", "67500", "457500", "675000", "300000"),
        ("region", "", "20000", "1000", "6000", "9000", "4000"),
        ("municipality", "", "60", "3", "21", "24", "12"),
        ("", "01", "40", "3", "14", "16", "7"),
        ("", "02", "3", "1", "1", "1", "0"),
    ]
    stated = cells(workspace, "exam_results", "year", "exam", "subject", "grade", "max_score", year=2026)
    assert set(stated) == {("", "VPR", "russian", "4", "38")}


def test_what_did_not_come_in_is_told(tmp_path):
    workspace = office(tmp_path, 2026)
    imported = take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*ROWS)), year=2026)
    assert told(imported, "школа не найдена") == [("edu999999 Чужая школа (reg20_m012); в реестре: 01, 02, 03", "1")]
    assert ("edu200003: нет числа участников", "") in told(imported, "отброшено")
    assert ("строк групп", "7") in told(imported, "прочитано")


def test_impossible_shares_are_told(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = [
        *ROWS[:3],
        ["СОШ № 1 (edu200001)", 1, 20, 33.33, 33.33, 33.34, 0],
        ["СОШ № 2 (edu200002)", 1, 20, 10, 10, 10, 10],
    ]
    imported = take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows)), year=2026)
    assert ("edu200001: доли не отвечают целому числу участников (20)", "") in told(imported, "замечание")
    assert refused_cells(imported) == [("Sheet1", "A13", "edu200002: доли не складываются в 100 %")]


def test_what_is_refused_of_other_municipalities_is_not_told(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = [
        *ROWS[:4],
        ["Другой район (reg20_m013)", 1, 10, "X", 50, 50, 0],
        ["Далёкая (edu777777)", 1, "X", 0, 50, 50, 0],
    ]
    rows += [["Ещё одна (edu777778)", 1, 10, 0, 50, 50, 0]]
    imported = take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows)), year=2026)
    assert not refused_cells(imported) and not told(imported, "школа не найдена")
    assert ("школ другого муниципалитета: reg20_m013", "1") in told(imported, "отброшено")


def test_shares_that_excel_shows_as_per_cent(tmp_path):
    """30 participants: 0.1667, 0.3333, 0.3333, 0.1667 are 5, 10, 10, 5; a share shown as «50%» is half."""
    workspace = office(tmp_path, 2026)
    rows = [
        *ROWS[:3],
        ["СОШ № 1 (edu200001)", 1, 30, 0.1667, 0.3333, 0.3333, 0.1667],
        ["СОШ № 2 (edu200002)", 1, 4, 0, 1, 0, 0],
    ]
    rows += [["СОШ № 3 (edu200003)", 1, 8, "50 %", "25%", "12,5%", "12,5%"]]
    take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows)), year=2026)
    marks = cells(workspace, "exam_results", "school_id", "mark_2", "mark_3", "mark_4", "mark_5", year=2026)
    assert marks[-3:] == [("01", "5", "10", "10", "5"), ("02", "0", "4", "0", "0"), ("03", "4", "2", "1", "1")]


@pytest.mark.parametrize(("wrong", "cell"), [({2: "сорок"}, "C12"), ({2: 40.5}, "C12"), ({4: "X"}, "E12")])
def test_a_cell_that_is_no_number_is_named(tmp_path, wrong, cell):
    workspace = office(tmp_path, 2026)
    rows = [list(row) for row in ROWS[:4]]
    for place, value in wrong.items():
        rows[3][place] = value
    imported = take(
        workspace,
        export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows, ["СОШ № 2 (edu200002)", 1, 4, 0, 100, 0, 0])),
        year=2026,
    )
    [(_, _, text)] = refused_cells(imported)
    assert f"в ячейке {cell} – не" in text
    assert [row[0] for row in cells(workspace, "exam_results", "school_id", year=2026)][-1] == "02"


def test_the_subject_in_the_row_below_the_title_and_a_note_under_the_table(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = sheet(*ROWS[:4], ["Примечание: данные на 1 июня"])
    rows[2:5] = [["ВПР 2026. 6 класс"], ["Предмет:", "Биология"], ["Максимальный первичный балл:", 28]]
    take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=rows), year=2026)
    assert set(cells(workspace, "exam_results", "subject", "grade", "max_score", year=2026)) == {("biology", "6", "28")}


def test_another_municipality_is_left_out(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = [*ROWS[:4], ["Другой район (reg20_m013)", 1, 10, 0, 50, 50, 0], ["Далёкая (edu777777)", 1, 10, 0, 50, 50, 0]]
    path = export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows))
    take(workspace, path, year=2026)
    assert [row[0] for row in cells(workspace, "exam_results", "level", year=2026)] == [
        "country",
        "region",
        "municipality",
        "",
    ]
    imported = take(workspace, path, year=2026, territory="reg20_m012")
    assert told(imported, "школа не найдена") == []
    assert ("строк других муниципалитетов", "2") in told(imported, "отброшено")


def test_a_login_that_is_not_the_schools_own_does_not_give_way_to_its_name(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = [*ROWS[:4], ["МБОУ СОШ № 2 (edu555555)", 1, 10, 0, 50, 50, 0]]
    imported = take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows)), year=2026)
    assert cells(workspace, "exam_results", "school_id", year=2026)[3:] == [("01",)]
    [(text, _)] = told(imported, "школа не найдена")
    assert text.startswith("edu555555 МБОУ СОШ № 2 (reg20_m012); ближайшие: ") and "02 (СОШ № 2)" in text
