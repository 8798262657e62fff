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


def two_sheets(folder, *schools, territory="reg99_m001 | Район"):
    """The survey of 2022: general questions and those of teaching on two sheets, joined by login, in any order."""
    general = ["1. ПОЛНОЕ наименование ОО (по уставу)", "6.\tИНН", "7.\tКод ОГЭ", "8.\tКод ЕГЭ"]
    general += [
        "14. Где расположена образовательная организация?",
        "15. Каков размер населенного пункта, в котором расположена ОО?",
    ]
    teaching = [
        "20. Укажите количество обучающихся в ОО в 2021/2022 учебном году",
        "25. Сколько всего в ОО учителей/преподавателей?",
    ]
    teaching += ["27. Сколько всего в ОО учителей/преподавателей первой и высшей категории?"]
    who = ["Пользователь", "Муниципалитет", "Школа"]
    first, second = [[*who, *general]], [[*who, *teaching]]
    for login, inn, code, pupils, teachers in schools:
        of_school = [login, territory, f"{login} | СОШ"]
        first.append(
            [*of_school, f"МБОУ {login}", inn, code, code, "4) Населенный пункт сельского типа", "2) 1–5 тыс. человек"]
        )
        second.insert(1, [*of_school, pupils, teachers, 3])
    return export(folder, "опрос.xlsx", **{"Общая информация об ОО": first, "Деятельность": second})


def test_2022_two_sheets_become_one_row_a_school_with_its_codes(tmp_path):
    workspace = empty_workspace(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2022").mkdir(parents=True)
    path = two_sheets(tmp_path, ("edu200001", "2454001234", "101001", 163, 17), ("edu200002", "", "101002", "много", 9))
    imported = take(workspace, path, year=2022)
    assert cells(workspace, "schools", "school_id", "name", "aliases", "locality", "pupils", year=2022) == [
        ("edu200001", "МБОУ edu200001", "2454001234; 101001", "rural", "163"),
        ("edu200002", "МБОУ edu200002", "101002", "rural", ""),
    ]
    staff = cells(workspace, "staff", "school_id", "teachers", "half_time_plus", "category_highest", year=2022)
    assert staff == [("edu200001", "17", "", ""), ("edu200002", "9", "", "")]
    assert ("число обучающихся – не число: не взято: edu200002", "1") in told(imported, "замечание")


def test_codes_of_known_schools_fill_an_empty_cell_and_are_told_beside_a_filled_one(tmp_path):
    workspace = office(tmp_path, 2022)
    path = two_sheets(tmp_path, ("edu200001", "2454001234", "101001", 163, 17), ("edu200003", "", "101003", 80, 9))
    imported = take(workspace, path, year=2022)
    assert not imported.differences
    text = next(text for text, _ in told(imported, "замечание") if "впишите" in text)
    assert "01: 2454001234" in text and "03: 101003" in text and "101001" not in text


def test_no_register_is_made_of_schools_whose_municipality_nobody_knows(tmp_path):
    workspace = empty_workspace(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2022").mkdir(parents=True)
    with pytest.raises(ImportRefused, match="муниципалитет школ в выгрузке не назван"):
        take(workspace, two_sheets(tmp_path, ("edu200001", "", "1", 163, 17), territory=""), year=2022)
