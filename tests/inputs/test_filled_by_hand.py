"""An office from nothing to the public edition: the template filled in as its hints say, an export imported, reports made.

What must not get through is planted on the way: persons in the workbook, the export and a CSV file, markup and formulas.
"""

import csv
import io
import re
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.inputs.template import FIRST, HEADER
from shnor_lib.office.assemble import open_office
from shnor_lib.office.kept import FRAMES
from shnor_lib.runs.statuses import Exit
from tests.inputs.importers.exports import export
from tests.inputs.importers.test_ris_gia import EGE, ege
from tests.reports.checks import problems, small_number_problems
from tests.reports.public_tree import texts

OFFICE, YEAR = "kedrov", 2021
TREES = ("reports", "public")
REPORTS = ("10_data_quality", "20_results", "50_identification", "95_school_passports")
PERSONS = (
    "Зябликов",
    "ЗЯБЛИКОВ",
    "Аристарх",
    "Пантелеймон",
    "7701",
    "654321",
    "913 555-44-33",
    "2-14-55",
    "14.05.2006",
    "112-233-445 95",
    "zyablik@",
)
SCRIPT, FORMULA = "<script>alert(1)</script>", "=cmd|' /C calc'!A0"
SCHOOLS = {  # code: name, kind, locality, pupils, classes
    "01": ("Школа «Кедр»", "СОШ", "город", 620, 25),
    "02": ("Лицей имени Ю.А. Гагарина", "лицей", "город", 540, 21),
    "03": (f"Школа {SCRIPT}", "СОШ", "город", 480, 20),
    "04": ("Школа {{7*7}} ${HOME}", "СОШ", "село", 210, 11),
    "05": ("Школа № 5", "ООШ", "село", 90, 9),
    "06": ("Школа № 6", "ООШ", "село", 70, 9),
    "07": ("Школа № 7", "СОШ", "село", 160, 11),
    "08": ("Школа № 8", "ООШ", "село", 60, 9),
}
MARKS = {  # marks 2, 3, 4, 5 of ОГЭ; ВПР has twice as many of each
    "01": (2, 20, 25, 15),
    "02": (0, 8, 22, 20),
    "03": (12, 25, 10, 3),
    "04": (6, 9, 6, 0),
    "05": (1, 5, 3, 0),
    "06": (5, 2, 1, 0),
    "07": (0, 8, 7, 1),
    "08": (2, 1, 0, 0),
}


def schools() -> list[dict[str, object]]:
    rows = []
    for number, (code, (name, kind, locality, pupils, classes)) in enumerate(SCHOOLS.items()):
        rows.append({"Код школы": code, "Полное название": name, "Краткое название": name, "Вид школы": kind})
        rows[-1] |= {"Город или село": locality, "Обучающиеся": pupils, "Классы": classes, "Дети с ОВЗ и инвалиды": 3}
        rows[-1] |= {"Расстояние до центра, км": 4 * number, "Малокомплектная": "да" if pupils < 80 else "нет"}
        rows[-1] |= {"Другие коды": f"10100{code[1]}"}
    return rows


def results() -> list[dict[str, object]]:
    procedures = [("ОГЭ", "математика", 9, 1), ("ОГЭ", "русский язык", 9, 1), ("ВПР", "математика", 5, 2)]
    return [
        {"Код школы": code, "Процедура": exam, "Предмет": subject, "Класс": grade, "Участники": times * sum(marks)}
        | {f"Отметка {mark}": times * count for mark, count in zip((2, 3, 4, 5), marks, strict=True)}
        for exam, subject, grade, times in procedures
        for code, marks in MARKS.items()
    ]


def families() -> list[dict[str, object]]:
    return [
        {"Код школы": code, "Обучающиеся": pupils, "Семьи": pupils - 10, "Малообеспеченные семьи": pupils // 5}
        | {"Неполные семьи": pupils // 4, "Родители без высшего образования": pupils // 2, "Девиантное поведение": 2}
        for code, (_, _, _, pupils, _) in SCHOOLS.items()
    ]


def staff(first: object) -> list[dict[str, object]]:
    teachers = {code: pupils // 14 for code, (_, _, _, pupils, _) in SCHOOLS.items()}
    rows = [
        {"Код школы": code, "Педагоги": count + 2, "Учителя": count, "Первая категория": count // 3}
        | {"Высшая категория": count // 4, "От 55 лет": count // 3, "Не по профилю": count // 10}
        for code, count in teachers.items()
    ]
    rows[0]["Учителя"] = first
    return rows


MEASURES = [
    {"Номер меры": "1.1", "Мероприятие": "Семинар для учителей математики", "Уровень меры": "муниципалитет"}
    | {"Срок": "IV квартал 2021", "Ответственный (роль)": "методист Зябликова Анна Аристарховна, (38453) 2-14-55"},
    {"Номер меры": "1.2", "Мероприятие": "Беседа с родителями А.П. Зябликова, 14.05.2006 г.р.", "Уровень меры": "школа"}
    | {"Код школы": "06", "Срок": "постоянно", "Подтверждение": "СНИЛС 112-233-445 95, zyablik@example.org"},
]
DECISIONS = f"""\
Код школы;Категория;Решение;Основание;Кем принято (роль);Дата решения;ФИО эксперта
05;ШНОР;включить;{FORMULA};комиссия, ЗЯБЛИКОВ АРИСТАРХ ПАНТЕЛЕЙМОНОВИЧ;01.09.2021;Зябликов А.П.
06;ШНСУ;включить;по письму Зябликова А.П., тел. +7 913 555-44-33, паспорт 7701 654321;комиссия;01.09.2021;Зябликов
"""


def fill(workbook: openpyxl.Workbook, title: str, rows: list[dict[str, object]]) -> None:
    """Write rows under the headers of a sheet; what a list is offered for must stand in the list."""
    sheet = workbook[title]
    places = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEADER + 1] if cell.value}
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list" and rule.formula1.startswith("'Списки'"):
            area = rule.formula1.rpartition("!")[2].replace("$", "")
            words = {cell.value for row in workbook["Списки"][area] for cell in row}
            offered |= {column: words for area in rule.sqref.ranges for column in range(area.min_col, area.max_col + 1)}
    for number, row in enumerate(rows, FIRST + 1):
        for label, value in row.items():
            if label != "Код школы" and places[label] in offered:
                assert value in offered[places[label]], (title, label, value)
            sheet.cell(number, places[label]).value = value


def filled(template: Path, teachers: object) -> bytes:
    """The template as a clerk returns it, with columns of persons of the clerk's own."""
    workbook = openpyxl.load_workbook(template)
    fill(workbook, "Школы", schools())
    fill(workbook, "Результаты процедур", results())
    fill(workbook, "Социальный паспорт", families())
    fill(workbook, "Кадры", staff(teachers))
    fill(workbook, "Меры поддержки", MEASURES)
    sheet = workbook["Школы"]
    for place, (label, value) in enumerate(
        [("ФИО директора", "Зябликова А.П."), ("Телефон", "+7 913 555-44-33"), ("Дата рождения", "14.05.2006")],
        sheet.max_column + 1,
    ):
        sheet.cell(HEADER + 1, place).value, sheet.cell(FIRST + 1, place).value = label, value
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory, warm_runs) -> SimpleNamespace:
    """Every step a clerk takes, and what each said."""
    root = tmp_path_factory.mktemp("office")
    workspace = root / "данные"
    for name in ("params", "data"):
        (workspace / name).mkdir(parents=True)

    def shnor(*arguments):
        return CliRunner().invoke(main, ["--workspace", str(workspace), *map(str, arguments)])

    here = ("-m", OFFICE, "-y", YEAR)
    said = {"new": shnor("new", OFFICE, "--title", f"Округ {SCRIPT}", "-y", YEAR)}
    said["template"] = shnor("template", *here, root / "книга.xlsx")
    book = workspace / "data" / "raw" / OFFICE / str(YEAR) / "книга.xlsx"
    book.write_bytes(filled(root / "книга.xlsx", "Зябликова Анна Аристарховна"))
    said["wrong"] = shnor("check", *here, "--format", "csv")
    book.write_bytes(filled(root / "книга.xlsx", 44))
    (book.parent / "expert_decisions.csv").write_text(DECISIONS, encoding="utf-8")
    rows = [["Результаты ЕГЭ"], ["01 - Русский язык 2021.05.30"], EGE]
    rows += [ege(101001, f"Зябликов{letter}", 40, 30 + 5 * number) for number, letter in enumerate("абвгдежзиклм")]
    rows += [ege(999999, "Зябликова", 10, 20), ege("Зябликова А. П.", "Зябликова", 1, 2)]
    path = (
        export(root, "ЕГЭ Зябликов Аристарх Пантелеймонович.xlsx", Лист=rows)
        if (root / "exports").mkdir() is None
        else None
    )
    said["import"] = shnor("import", path, *here)
    said["check"] = shnor("check", *here)
    reports = [word for report in REPORTS for word in ("-r", report)]
    for audience in ("internal", "public"):
        said[audience] = shnor("run", *here, *reports, "-j", 2, "--audience", audience)
    folders = {tree: workspace / tree / OFFICE / str(YEAR) for tree in TREES}
    return SimpleNamespace(workspace=workspace, said=said, folders=folders)


def test_every_step_succeeds_without_any_other_help(office):
    for step in ("new", "template", "import", "check", "internal", "public"):
        assert office.said[step].exit_code == Exit.DONE, (step, office.said[step].output)
    for report in REPORTS:
        assert all((folder / f"{report}.html").exists() for folder in office.folders.values())


def test_a_wrong_cell_is_told_with_its_place_and_without_the_person(office):
    wrong = office.said["wrong"]
    assert wrong.exit_code == Exit.DATA_INVALID
    rows = [row for row in csv.DictReader(io.StringIO(wrong.stdout)) if row["severity"] == "error"]
    assert [(row["sheet"], row["cell"], row["value"]) for row in rows] == [("Кадры", "E3", "[имя удалено]")]
    assert rows[0]["allowed"] and rows[0]["remedy"]


def test_no_person_gets_through(office):
    """Neither what the office stores and shows nor what the commands said names anybody."""
    written = [path for name in ("data/processed", *TREES) for path in (office.workspace / name).rglob("*")]
    written += [
        path
        for path in (office.workspace / "data" / "raw").rglob("*")
        if path.name not in ("книга.xlsx", "expert_decisions.csv")
    ]
    told = {str(path.relative_to(office.workspace)): texts(path) for path in written if path.is_file()}
    told |= {f"shnor {step}": result.output for step, result in office.said.items()}
    kept = open_office(OFFICE, YEAR, workspace=office.workspace)
    frames = {name: getattr(kept, name) for name in FRAMES} | kept.tables
    told |= {f"office {name}": frame.to_csv() for name, frame in frames.items()}
    assert len(kept.tables["schools"]) == len(SCHOOLS) and len(told) > 100
    planted = [re.compile(rf"(?<![\w.]){re.escape(person)}") for person in PERSONS]  # not inside a longer number
    found = [(place, one.pattern) for place, text in told.items() for one in planted if one.search(f"{place} {text}")]
    assert not found
    assert "Гагарина" in kept.tables["schools"]["name"].str.cat()


def test_markup_and_formulas_are_only_text(office):
    for path in (one for tree in TREES for one in (office.workspace / tree).rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        assert "<script>alert" not in html and "49 ${" not in html, path.name
        assert not [one for one in BeautifulSoup(html, "html.parser")("script") if "alert" in one.text]
    tables = [path for folder in office.folders.values() for path in folder.glob("tables/*.csv")]
    cells = [
        cell for path in tables for row in csv.reader(path.open(encoding="utf-8-sig"), delimiter=";") for cell in row
    ]
    assert FORMULA in " ".join(cells) and SCRIPT in " ".join(cells)
    assert not [cell for cell in cells if cell.startswith("=")]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t"))]
    for folder in office.folders.values():
        text = texts(folder / "tables" / "tables.xlsx")
        assert "<f>" not in text and "<f " not in text


@pytest.mark.parametrize("tree", TREES)
def test_the_pages_are_sound(office, tree):
    for report in REPORTS:
        html = (office.folders[tree] / f"{report}.html").read_text(encoding="utf-8")
        assert not problems(html), report


def test_B6_the_public_edition_hides_few_pupils_and_says_so(office):
    for report in REPORTS:
        html = (office.folders["public"] / f"{report}.html").read_text(encoding="utf-8")
        assert not small_number_problems(html, 5), report
        assert "числа менее 5\u00a0человек скрыты" in html, report
    passports = (office.folders["public"] / "tables" / "details_gia9.csv").read_text(encoding="utf-8-sig")
    rows = {(row["Школа"], row["Процедура"]): row for row in csv.DictReader(io.StringIO(passports), delimiter=";")}
    below = {school: row["Ниже минимума, %"] for (school, procedure), row in rows.items() if procedure == "Математика"}
    assert below["Школа № 8"] == "[скрыто]"  # three pupils
    assert below["Школа «Кедр»"] == "[скрыто]"  # two of 62
    assert below[f"Школа {SCRIPT}"] == "24"  # 12 of 50
