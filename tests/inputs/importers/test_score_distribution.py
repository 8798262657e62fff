"""ФИС ОКО «Распределение первичных баллов» fills the row that «Статистика по отметкам» made."""

from tests.inputs.importers.exports import TITLE, cells, export, office, take
from tests.inputs.importers.test_mark_statistics import ROWS
from tests.inputs.importers.test_mark_statistics import sheet as statistics

HEAD = ["Группы участников", "Кол-во ОО", "Кол-во участников", 0, 1, 2, 3, 4]


def sheet(*rows):
    return [["Распределение первичных баллов"], [], [TITLE], [], [], [], [], HEAD, *rows]


def test_mean_deviation_and_maximum(tmp_path):
    """Scores 2, 2, 3, 4: mean 2.75, s² = (0.5625·2 + 0.0625 + 1.5625) / 3 = 0.9167."""
    workspace = office(tmp_path, 2026)
    rows = [
        ["Вся выборка", 9, 10, 10, 20, 40, 20, 10],
        ["Регион", 1, 4, 0, 0, 50, 25, 25],
        ["СОШ № 1 (edu200001)", 1, 4, 0, 0, 50, 25, 25],
    ]
    take(workspace, export(tmp_path, "баллы.xlsx", Лист1=sheet(*rows)), year=2026)
    found = cells(workspace, "exam_results", "level", "participants", "mean_score", "score_sd", "max_score", year=2026)
    assert found[2] == ("", "4", "2.75", "0.9574", "4")
    assert found[0][:3] == ("country", "10", "2")


def test_two_reports_make_one_row(tmp_path):
    workspace = office(tmp_path, 2026)
    take(workspace, export(tmp_path, "отметки.xlsx", Sheet1=statistics(*ROWS[:4])), year=2026)
    scores = [["СОШ № 1 (edu200001)", 1, 40, 0, 50, 25, 25, 0]]
    with_maximum = sheet(*scores)
    with_maximum[7] = HEAD[:3] + list(range(39))
    with_maximum[8] = scores[0][:3] + [0, 50, 50] + [0] * 36
    imported = take(workspace, export(tmp_path, "баллы.xlsx", Sheet1=with_maximum), year=2026)
    row = cells(workspace, "exam_results", "school_id", "mark_2", "mean_score", "score_sd", "max_score", year=2026)[-1]
    assert row == ("01", "3", "1.5", "0.5064", "38")
    assert (imported.merges["exam_results"].added, imported.merges["exam_results"].filled) == (0, 1)
