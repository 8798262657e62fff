"""РИС ГИА: several blocks a sheet, retakes, invalid results; names and documents never get further than the reading."""

import csv

import pytest

from shnor_lib.inputs.importers import ImportRefused
from tests.inputs.importers.exports import cells, export, office, refused_cells, take, told

EGE = [
    "№",
    "Код МСУ",
    "Код ОО",
    "Класс",
    "ППЭ",
    "Аудитория",
    "Фамилия",
    "Имя",
    "Отчество",
    "Серия",
    "Номер",
    "Первичный балл",
    "Итоговый балл",
]
OGE = ["№", "Код МСУ", "Код ОО", "Класс", "Фамилия", "Имя", "Отчество", "Серия", "Номер", "Первичный балл", "Оценка"]
PERSONS = ("Зябликова", "Аристарх", "Пантелеймонович", "7701", "654321")


def ege(school, person, primary, final):
    return [1, 12, school, "11А", 100, "0001", person, "Аристарх", "Пантелеймонович", "7701", "654321", primary, final]


def oge(school, person, primary, mark, grade="9"):
    return [1, 12, school, grade, person, "Аристарх", "Пантелеймонович", "", person, primary, mark]


def test_B9_ege_thresholds_and_the_latest_valid_result(tmp_path):
    """Зябликова: 20 on the first day, 60 on the second; Щеглов: 80, then away. Minimum 24: nobody is below after the retake."""
    workspace = office(tmp_path, 2025)
    rows = [
        ["Результаты ЕГЭ"],
        ["01 - Русский язык 2025.05.30"],
        EGE,
        ege(101001, "Зябликова", 10, 20),
        ege(101001, "Щеглов", 40, 80),
        ege(101001, "Дроздов", 50, 100),
        ege(101002, "Синицын", 9, 23),
        ege(101002, "Снегирёв", "", "отсутствовал"),
        ege("", "Чижов", 9, 23),
        [],
        ["01 - Русский язык 2025.06.20"],
        EGE,
        ege(101001, "зябликова ", 30, 60),
        ege(101001, "Щеглов", "", "Х"),
        ["Итого", "", "", "", 2],
        ["22 - Математика базовая 2025.05.27"],
        [*EGE[:-2], "Первичный балл", "Оценка"],
        ege(101001, "Зябликова", 3, 2),
        ege(101001, "Щеглов", 18, 5),
    ]
    imported = take(workspace, export(tmp_path, "егэ.xlsx", Лист1=rows), year=2025)
    columns = [
        "school_id",
        "exam",
        "subject",
        "grade",
        "participants",
        "below_minimum",
        "score_60_plus",
        "score_80_plus",
        "score_100",
        "mean_score",
    ]
    found = cells(workspace, "exam_results", *columns, year=2025)
    assert found == [
        ("01", "EGE", "maths_base", "11", "2", "", "", "", "", "10.5"),
        ("01", "EGE", "russian", "11", "3", "0", "3", "2", "1", "80"),
        ("02", "EGE", "russian", "11", "1", "1", "0", "0", "0", "23"),
    ]
    assert cells(workspace, "exam_results", "mark_2", "mark_5", year=2025)[0] == ("1", "1")
    assert ("более ранних результатов при пересдаче", "1") in told(imported, "отброшено")
    dropped = dict(told(imported, "отброшено"))
    assert dropped["нет действительного результата: 01 – Русский язык, 2025.05.30"] == "1"
    assert dropped["нет кода ОО: 01 – Русский язык, 2025.05.30"] == "1"


def test_oge_and_gve_marks(tmp_path):
    workspace = office(tmp_path, 2025)
    rows = [
        ["02 - Математика 2025.06.03"],
        ["Протокол ОГЭ"],
        OGE,
        oge(101001, "Зябликова", 7, 2),
        oge(101001, "Щеглов", 20, 4),
        ["51 - Русский язык 2025.05.29"],
        OGE,
        oge(101001, "Дроздов", 9, 3),
        oge(101001, "Чижов", 9, 4, grade="11Б"),
        ["02 - Математика 2025.06.24"],
        OGE,
        oge(101001, "Зябликова", 10, 3),
    ]
    take(workspace, export(tmp_path, "огэ.xlsx", Лист1=rows), year=2025)
    columns = ["exam", "subject", "grade", "participants", "mark_2", "mark_3", "mark_4", "mean_score"]
    assert cells(workspace, "exam_results", *columns, year=2025) == [
        ("GVE", "russian", "9", "1", "0", "1", "0", "9"),
        ("GVE", "russian", "11", "1", "0", "0", "1", "9"),
        ("OGE", "maths", "9", "2", "0", "1", "1", "15"),
    ]


def test_a_minimum_that_is_not_known_is_told(tmp_path):
    workspace = office(tmp_path, 2018)
    rows = [["Результаты ЕГЭ"], ["03 - Физика 2018.06.20"], EGE, ege(101001, "Зябликова", 10, 30)]
    imported = take(workspace, export(tmp_path, "егэ.xlsx", Лист1=rows), year=2018)
    assert cells(workspace, "exam_results", "participants", "below_minimum", year=2018) == [("1", "")]
    assert any("минимум ЕГЭ не задан: physics 2018" in text for text, _ in told(imported, "замечание"))


@pytest.mark.parametrize("name", ["егэ.xlsx", "ЕГЭ Зябликова Аристарх Пантелеймонович.xlsx"])
def test_no_person_gets_past_the_reading(tmp_path, name):
    """Names and documents planted in a protocol and in a file's name stand in no file and no message."""
    workspace = office(tmp_path, 2025)
    rows = [["Результаты ЕГЭ"], ["01 - Русский язык 2025.05.30"], EGE, ege(101001, "Зябликова", 10, 20)]
    rows += [ege(999999, "Зябликова", 10, 20), ege("Зябликова А. П.", "Зябликова", 1, 2)]
    imported = take(workspace, export(tmp_path, name, Лист1=rows), year=2025)
    said = repr(imported.lines) + "".join(content.decode() for content in imported.contents.values())
    assert not [person for person in PERSONS if person in said]
    assert "999999" in said


ENGLISH = [*OGE[:-2], "Устная часть", "Первичный балл письменной части", "Первичный балл устной части", *OGE[-2:]]


def english(person, written, oral, mark, head=ENGLISH):
    return [*oge(101001, person, 0, 0)[:-2], "2", written, oral, written + oral, mark][: len(head)]


def test_the_whole_score_counts_not_that_of_a_part(tmp_path):
    """Written 30 and 31, oral 10 each: the mean is 40.5. The 11th of June is no grade."""
    workspace = office(tmp_path, 2025)
    rows = [["09 - Английский язык 2025.06.11"], ENGLISH, english("Зябликова", 30, 10, 4), english("Щеглов", 31, 10, 4)]
    take(workspace, export(tmp_path, "огэ.xlsx", Лист1=rows), year=2025)
    columns = ["exam", "subject", "grade", "participants", "mark_4", "mean_score"]
    assert cells(workspace, "exam_results", *columns, year=2025) == [("OGE", "english", "9", "2", "2", "40.5")]


def test_parts_without_the_whole_score_leave_no_mean(tmp_path):
    workspace = office(tmp_path, 2025)
    rows = [["09 - Английский язык 2025.06.11"], ENGLISH, english("Зябликова", 30, 10, 4)]
    rows = [rows[0], *([*row[:-2], row[-1]] for row in rows[1:])]
    take(workspace, export(tmp_path, "огэ.xlsx", Лист1=rows), year=2025)
    assert cells(workspace, "exam_results", "participants", "mean_score", year=2025) == [("1", "")]


def test_two_columns_that_mean_the_same_refuse_their_block(tmp_path):
    workspace = office(tmp_path, 2025)
    rows = [["02 - Математика 2025.06.03"], [*OGE, "Оценка"], [*oge(101001, "Зябликова", 7, 3), 4]]
    rows += [["01 - Русский язык 2025.06.09"], OGE, oge(101001, "Зябликова", 7, 3)]
    imported = take(workspace, export(tmp_path, "огэ.xlsx", Лист1=rows), year=2025)
    assert cells(workspace, "exam_results", "subject", year=2025) == [("russian",)]
    [(_, cell, text)] = refused_cells(imported)
    assert cell == "A2" and "«Оценка» (K2) и «Оценка» (L2)" in text


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16"])
def test_a_protocol_as_text_under_a_title_without_delimiters(tmp_path, delimiter, encoding):
    workspace = office(tmp_path, 2025)
    rows = [oge(101001, "Зябликова", "7,5", 3), oge(101001, "Щеглов", "8,5", 4)]
    rows = [["01 - Русский язык, 2025 год 2025.06.09"], ["01 - Русский язык 2025.06.09"], OGE, *rows]
    path = tmp_path / "огэ.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    take(workspace, path, year=2025)
    assert cells(workspace, "exam_results", "participants", "mark_3", "mean_score", year=2025) == [("2", "1", "8")]


def test_a_mark_that_is_a_date_is_refused_with_its_cell(tmp_path):
    workspace = office(tmp_path, 2025)
    rows = [oge(101001, "Зябликова", 7, "2025-05-04"), oge(101001, "Щеглов", 8, 4), oge(101001, "Чижов", "", "неявка")]
    imported = take(
        workspace, export(tmp_path, "огэ.xlsx", Лист1=[["01 - Русский язык 2025.06.09"], OGE, *rows]), year=2025
    )
    assert [(cell, "2025-05-04" in text) for _, cell, text in refused_cells(imported)] == [("K3", True)]
    assert cells(workspace, "exam_results", "participants", year=2025) == [("1",)]


APPEALS = ["№", "Код ОО", "Фамилия", "Имя", "Отчество", "Экзамен", "Состояние апелляции", "Прежние", "", "Текущие", ""]
OF_RESULTS = [""] * 7 + ["Первичный балл", "Оценка"] * 2


def appeal(school, person, state, primary, mark, exam="Математика(2025.06.03)"):
    return [1, school, person, "Аристарх", "Пантелеймонович", exam, state, 1, 2, primary, mark]


def test_granted_appeals_change_the_results_of_the_protocol_that_comes_with_them(tmp_path):
    """Зябликова 2 → 4 (primary 7 → 15), Щеглов stays at 3: means (15 + 10) / 2; the appeal of one nobody knows is told."""
    protocol = [["02 - Математика 2025.06.03"], OGE, oge(101001, "Зябликова", 7, 2), oge(101001, "Щеглов", 10, 3)]
    rows = [
        ["Протокол проверки результатов"],
        APPEALS,
        OF_RESULTS,
        appeal(101001, "зябликова", "Апелляция удовлетворена", 15, 4),
        appeal(101001, "Щеглов", "Апелляция не удовлетворена", 20, 5),
        appeal(101002, "Дроздов", "Апелляция удовлетворена", 20, 5),
        appeal(101001, "Щеглов", "Апелляция удовлетворена", 20, 5, exam="Физика(2025.06.10)"),
    ]
    workspace = office(tmp_path, 2025)
    paths = export(tmp_path, "огэ.xlsx", Лист1=protocol), export(tmp_path, "апелляции.xlsx", Лист1=rows)
    imported = take(workspace, *paths, year=2025)
    found = cells(workspace, "exam_results", "participants", "mark_2", "mark_3", "mark_4", "mean_score", year=2025)
    assert found == [("2", "0", "1", "1", "12.5")]
    assert ("результатов изменено по апелляциям", "1") in told(imported, "замечание")
    assert [cell for _, cell, _ in refused_cells(imported)] == ["G7", "G6"]
    assert not any("Дроздов" in line.text for line in imported.lines)


@pytest.mark.parametrize("width", [5, 11])
def test_appeals_without_their_protocol_or_their_columns_are_refused(tmp_path, width):
    rows = [["Протокол апелляций"], APPEALS[-width:], OF_RESULTS[-width:]]
    rows += [appeal(101001, "Зябликова", "Апелляция удовлетворена", 22, 5)[-width:]]
    with pytest.raises(ImportRefused, match="апелляци") as refused:
        take(office(tmp_path, 2025), export(tmp_path, "апелляции.xlsx", Лист1=rows), year=2025)
    assert "протокол" in refused.value.remedy and "Зябликова" not in refused.value.cause
