"""ФИС ОКО «Сравнение отметок с отметками по журналу»: blocks of four rows."""

from tests.inputs.importers.exports import TITLE, cells, export, office, refused_cells, take

HEAD = ["Группы участников", "Кол-во участников", "%"]


def block(group, lowered, confirmed, raised, total):
    return [
        [group],
        ["  Понизили (Отметка < Отметка по журналу) %", *lowered],
        ["  Подтвердили (Отметка = Отметке по журналу) %", *confirmed],
        ["  Повысили (Отметка > Отметка по журналу) %", *raised],
        ["  Всего", *total],
    ]


def test_blocks_of_every_group(tmp_path):
    workspace = office(tmp_path)
    rows = [
        ["Сравнение отметок с отметками по журналу"],
        [],
        ["ВПР 2021 Математика 5 класс"],
        HEAD,
        *block("Вся выборка", (100, 10), (800, 80), (100, 10), (1000, 100)),
        *block("Регион", (10, 10), (80, 80), (10, 10), (100, 100)),
        *block("Район (reg20_m012)", (3, 30), (6, 60), (1, 10), (10, 100)),
        *block("СОШ № 1 (edu200001)", ("", 33.33), ("", 66.67), ("", 0), (6, 100)),
        *block("СОШ № 2 (edu200002)", (1, 25), (2, 50), (0, 0), (4, 100)),
    ]
    imported = take(workspace, export(tmp_path, "журнал.xlsx", Sheet1=rows))
    found = cells(workspace, "mark_comparison", "level", "school_id", "lowered", "confirmed", "raised")
    assert found[2:] == [("municipality", "", "3", "6", "1"), ("", "01", "2", "4", "0")]
    assert refused_cells(imported) == [("Sheet1", "A25", "edu200002: строки не складываются в «Всего»")]
    assert TITLE not in imported.lines[0].layout and "Математика 5 класс" in imported.lines[0].layout
