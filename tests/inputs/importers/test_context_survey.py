"""Context survey of ВПР 2021 and 2022: self-reports with their contradictions."""

import csv

import pytest

from shnor_lib.inputs.importers import ImportRefused, import_files
from tests.inputs.importers.exports import cells, export, office, take, told
from tests.inputs.sources.delivery import workspace as empty_workspace

QUESTIONS = {
    "Начальное общее образование": "Да",
    "Основное общее образование": "да",
    "Среднее общее образование": "Нет",
    "Где расположена Ваша образовательная организация?": "4. Населенный пункт сельского типа (село, хутор, деревня и пр.)",
    "Каков размер населенного пункта, в котором расположена ОО? ": "2. 1–5 тыс. человек",
    "Какое из утверждений о возможности добраться общественным транспортом": "3. Чтобы съездить, требуется не менее двух дней",
    "ОО является специальной (коррекционной)?": "Нет",
    "ОО является вечерней (сменной)?": "нет",
    "ОО является специальным учебно-воспитательным учреждением закрытого типа?": "Нет",
    "Укажите количество обучающихся в ОО в 2020/2021 учебном году (в сумме по всем классам)": 30,
    "1 класс Классов/групп": 1,
    "1 класс Обучающихся": 20,
    "10 класс Классов/групп": 2,
    "10 класс Обучающихся": 10,
    "Сколько всего в школе учителей (работающих не менее чем на 0,5 ставки)?": 12,
    "Сколько в школе  учителей высшей категории (работающих не менее чем на 0,5 ставки)?": 3,
    "Сколько в школе учебных классов (кабинетов), в которых проходят занятия?": 10,
    "В скольких учебных классах, кабинетах есть проектор и/или интерактивная доска?": 8,
    "Сколько компьютеров обучающиеся могут использовать в процессе обучения": 20,
    "Сколько из этих компьютеров являются маломощными, устаревшими?": 25,
    '"Скорость Интернета, заявленная Интернет-провайдером"': "51–100 Мбит/с",
    "Как обычно реализуется профориентационная работа в школе?": "1. Как правило",
}


def row(**changes):
    answers = dict(QUESTIONS)
    for start, value in changes.items():
        question = next(text for text in QUESTIONS if start in text)
        answers[question] = value
    return list(answers.values())


def survey_2021(folder, *schools):
    path = folder / "опрос.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["логин", "муниципалитет", *QUESTIONS])
        writer.writerows([login, place, *answers] for login, place, answers in schools)
    return path


def test_answers_become_four_tables(tmp_path):
    workspace = office(tmp_path)
    imported = take(workspace, survey_2021(tmp_path, ("sch200001", "reg99_m001", row())))
    columns = ["locality", "settlement_population", "transport", "highest_grade", "pupils", "classes"]
    assert cells(workspace, "schools", *columns)[0] == ("rural", "1000_5000", "two_days", "9", "30", "3")
    assert cells(workspace, "schools", "kind", "name")[0] == ("", 'МБОУ "СОШ № 1"')
    assert cells(workspace, "staff", "school_id", "teachers", "half_time_plus", "category_highest") == [
        ("01", "12", "12", "3")
    ]
    columns = ["classrooms", "classrooms_equipped", "computers", "computers_outdated", "internet_mbps"]
    assert cells(workspace, "resources", *columns) == [("10", "8", "20", "", "75.5")]
    assert cells(workspace, "survey", "school_id", "question", "answer") == [("01", "fast_internet", "yes")]
    assert ("устаревших компьютеров больше, чем компьютеров: не взято: sch200001", "1") in told(imported, "замечание")
    assert ("вопросов, которым нет места в таблицах", "1") in told(imported, "отброшено")


def test_contradictions_are_left_out_and_told(tmp_path):
    workspace = office(tmp_path)
    schools = [
        ("sch200001", "m1", row(учителей=0)),
        ("sch200002", "m1", row(категории=13, количество=31)),
        ("sch200003", "m1", row()),
        ("sch200003", "m1", row(учителей=5)),
    ]
    imported = take(workspace, survey_2021(tmp_path, *schools))
    assert cells(workspace, "staff", "school_id", "teachers", "category_highest") == [("02", "12", "")]
    assert ("школа ответила несколько раз по-разному", "2") in told(imported, "отброшено")
    notes = [text for text, _ in told(imported, "замечание")]
    assert "учителей 0: не взято: sch200001" in notes
    assert "сумма по классам не равна общему числу обучающихся, взято общее: sch200002" in notes


def test_2022_begins_as_the_protocols_do(tmp_path):
    workspace = office(tmp_path, 2022)
    head = ["Пользователь", "Код региона", "Регион", "Муниципалитет", "Школа", "Дата загрузки", *QUESTIONS]
    own = ["edu200002", 99, "reg99 | Регион", "reg99_m001 | Район", "edu200002 | СОШ № 2", "09.03.2022", *row()]
    take(workspace, export(tmp_path, "опрос.xlsx", Опрос=[head, own]), year=2022)
    assert cells(workspace, "staff", "school_id", "teachers", year=2022) == [("02", "12")]


def test_an_office_without_a_register_gets_one(tmp_path):
    workspace = empty_workspace(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2021").mkdir(parents=True)
    path = survey_2021(tmp_path, ("sch200001", "reg99_m001", row()), ("sch300001", "reg99_m002", row()))
    with pytest.raises(ImportRefused, match="2 муниципалитетов") as refused:
        import_files(workspace, "demo", 2021, [path])
    assert "--territory" in refused.value.remedy
    take(workspace, path, territory="reg99_m001")
    assert cells(workspace, "schools", "school_id", "kind", "pupils") == [("sch200001", "ООШ", "30")]
