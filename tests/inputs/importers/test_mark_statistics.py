"""ФИС ОКО «Статистика по отметкам»: a hierarchy told by position and code, marks in per cent."""

from tests.inputs.importers.exports import TITLE, cells, export, office, take, told

HEAD = ["Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5"]


def sheet(*rows):
    return [
        ["Статистика по отметкам"],
        [],
        [TITLE],
        ["Предмет:", "Русский язык"],
        ["Максимальный первичный балл:", 38],
        ["Дата:", "20.04.2026"],
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
    assert told(imported, "школа не найдена") == [("edu999999 Чужая школа (reg20_m012)", "1")]
    assert ("edu200003: нет числа участников", "1") in told(imported, "отброшено")
    assert ("строк групп", "7") in told(imported, "прочитано")


def test_impossible_shares_are_told(tmp_path):
    workspace = office(tmp_path, 2026)
    rows = [
        *ROWS[:3],
        ["СОШ № 1 (edu200001)", 1, 20, 33.33, 33.33, 33.34, 0],
        ["СОШ № 2 (edu200002)", 1, 20, 10, 10, 10, 10],
    ]
    imported = take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=sheet(*rows)), year=2026)
    assert ("edu200001: доли не отвечают целому числу участников (20)", "1") in told(imported, "замечание")
    assert ("edu200002: доли отметок не складываются в 100 %", "1") in told(imported, "отброшено")


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
