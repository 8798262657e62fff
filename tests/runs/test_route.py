"""The route of README.ru.md: an empty folder, what an analyst types, the zip for the board of an office of twelve schools."""

import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from click.testing import CliRunner, Result

from shnor_lib.cli import main
from shnor_lib.inputs.template import FIRST, HEADER
from shnor_lib.office.assemble import open_office
from shnor_lib.runs.statuses import Exit
from tests.inputs.importers.exports import export

OFFICE = "zarechny"
REPORTS = ("00", "50", "90", "95")
CODES = [f"{number:02}" for number in range(1, 13)]
LOW = {"03", "08"}
"""Schools where 8 of 20 participants (40 %) are below the minimum in both subjects; elsewhere 1 of 20 (5 %, or 0 the year before)."""


def type_in(path: Path, sheet: str, rows: list[dict[str, object]]) -> None:
    """What a person types into a workbook under the headings of a sheet, from its first row on."""
    book = openpyxl.load_workbook(path)
    headings = book[sheet][HEADER + 1]
    columns = {str(cell.value).removesuffix(" *"): cell.column for cell in headings if cell.value}
    for number, row in enumerate(rows, FIRST + 1):
        for label, value in row.items():
            book[sheet].cell(number, columns[label], value)
    book.save(path)


def schools() -> list[dict[str, object]]:
    return [
        {
            "Код школы": code,
            "Полное название": f"МБОУ «Основная школа № {int(code)}»",
            "Краткое название": f"ООШ № {int(code)}",
            "Вид школы": "ООШ",
            "Город или село": "город" if code < "07" else "село",
            "Старший класс": 9,
            "Обучающиеся": 300,
        }
        for code in CODES
    ]


def results() -> list[dict[str, object]]:
    return [
        {"Код школы": code, "Год": year, "Процедура": "ОГЭ", "Предмет": subject, "Класс": 9, "Участники": 20}
        | {"Отметка 2": twos, "Отметка 3": 10, "Отметка 4": 10 - twos, "Отметка 5": 0}
        for code in CODES
        for year in (2025, 2026)
        for subject in ("русский язык", "математика")
        for twos in [8 if code in LOW else int(year == 2026)]
    ]


MEASURES = [
    {"Номер меры": "1.1", "Мероприятие": "Консультации методистов", "Уровень меры": "муниципалитет", "Срок": "30.05.2026"}
    | {"Ответственный (роль)": "методист", "Состояние": "выполняется"},
    {"Номер меры": "1.2", "Мероприятие": "Обучение учителей математики", "Уровень меры": "школа", "Код школы": "03"}
    | {"Срок": "01.12.2026", "Ответственный (роль)": "заместитель директора", "Состояние": "запланировано"},
]  # fmt: skip


@pytest.fixture(scope="module")
def route(tmp_path_factory, warm_runs) -> SimpleNamespace:
    """Every step of the guide, typed in the office's folder, and what each said."""
    root = tmp_path_factory.mktemp("computer")
    folder = root / "Отдел образования"
    folder.mkdir()
    said: dict[str, Result] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("SHNOR_WORKSPACE", raising=False)

        def shnor(step: str, line: str) -> None:
            said[step] = CliRunner().invoke(main, line.split())

        shnor("new", f"new {OFFICE} --title Зареченский -y 2026")
        (folder / ".shnor.yml").write_text(f"municipality: {OFFICE}\nyear: 2026\n", encoding="utf-8")
        profile = folder / "params" / f"{OFFICE}.yml"
        text = profile.read_text(encoding="utf-8")
        profile.write_text(re.sub(r"(?m)^method: .*$", "method: fioko-2025", text), encoding="utf-8")
        shnor("empty", "status")

        raw = folder / "data" / "raw" / OFFICE / "2026"
        book = raw / "книга.xlsx"
        shnor("template", f"template -m {OFFICE} {book.relative_to(folder)}")
        shnor("blank", "status")
        type_in(book, "Школы", schools())
        type_in(book, "Результаты процедур", results())
        type_in(book, "Меры поддержки", MEASURES)
        type_in(book, "Результаты процедур", [{"Участники": "двадцать"}])
        shnor("wrong", "check")
        type_in(book, "Результаты процедур", [{"Участники": 20}])
        shnor("check", "check")

        shnor("forms", f"template -m {OFFICE} --school-form формы")
        for form in (folder / "формы").iterdir():
            type_in(form, "Социальный паспорт", [{"Обучающиеся": 300, "Семьи": 240, "Неполные семьи": 60}])
            type_in(form, "Кадры", [{"Педагоги": 24, "Учителя": 20, "Высшая категория": 4}])
        third = next(path for path in (folder / "формы").iterdir() if path.name.startswith("03"))
        type_in(third, "Кадры", [{"Учителя": "двадцать"}])
        shnor("one form refused", "collect формы")
        type_in(third, "Кадры", [{"Учителя": 20}])
        shnor("collect", "collect формы")

        rows = [
            ["Статистика по отметкам"],
            ["Предмет:", "Русский язык"],
            ["Класс:", "5"],
            [],
            ["Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5"],
            *([f"МБОУ «Основная школа № {int(code)}»", "", 20, 5, 50, 40, 5] for code in CODES),
        ]
        exported = export(root, "ВПР 2026 Русский язык 5.xlsx", Лист1=rows)
        said["import"] = CliRunner().invoke(main, ["import", str(exported)])
        shnor("whole", "check")
        shnor("status", "status")
        shnor("run", f"run -m {OFFICE} " + " ".join(f"-r {report}" for report in REPORTS))
        shnor("pack", "pack")
        shnor("made", "status")
        shnor("next", f"year {OFFICE} 2027")
    return SimpleNamespace(folder=folder, raw=raw, said=said)


def test_every_step_ends_as_the_guide_says(route):
    refused = {"wrong": Exit.DATA_INVALID, "one form refused": Exit.SOME_FAILED}
    for step, result in route.said.items():
        assert result.exit_code == refused.get(step, Exit.DONE), (step, result.output)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("new", f"Дальше: впишите в params/{OFFICE}.yml регион, документ и методику"),
        ("empty", f"Дальше: shnor template -m {OFFICE} -y 2026"),
        ("blank", f"Дальше: shnor check -m {OFFICE} -y 2026, затем shnor run"),
        ("wrong", "лист «Результаты процедур», I3"),
        ("check", "Методика «Правило ФИОКО 2025»: всё, что ей нужно от школ, представлено."),
        ("one form refused", "03 ООШ № 3.xlsx: не взята: Кадры C3"),
        ("collect", "«Кадры»: добавлено строк – 1, дополнено – 0, без изменений – 11"),
        ("import", "«Результаты процедур»: добавлено строк – 12"),
        ("whole", "Итог: ошибок – 0, замечаний – 0"),
        ("status", f"Дальше: shnor check -m {OFFICE} -y 2026, затем shnor run"),
        ("run", f"Открыть: reports/{OFFICE}/2026/00_overview.html"),
        ("pack", f"reports/{OFFICE}/{OFFICE}-2026.zip"),
        ("next", "12 школ"),
    ],
)
def test_a_step_says_what_came_and_what_is_next(route, step, told):
    assert told in route.said[step].output


def test_a_form_that_was_refused_is_not_called_missing(route):
    assert "нет формы" not in route.said["one form refused"].output


def test_the_screen_tells_alike_forms_once(route):
    lines = route.said["collect"].stdout.splitlines()
    assert len(lines) < len(CODES)
    assert f"01 ООШ № 1.xlsx и ещё 11: взято: «Кадры» {'; '.join(CODES)}" in lines


def test_each_layer_reaches_the_office(route):
    """The workbook, the forms and the export complement each other: 12 schools, 48 + 12 results, 12 rows of staff."""
    tables = open_office(OFFICE, 2026, workspace=route.folder).tables
    assert {name: len(tables[name]) for name in ("schools", "exam_results", "staff", "measures")} == {
        "schools": 12, "exam_results": 60, "staff": 12, "measures": 2
    }  # fmt: skip


def test_the_zip_holds_the_pages_for_the_board(route):
    with zipfile.ZipFile(route.folder / "reports" / OFFICE / f"{OFFICE}-2026.zip") as packed:
        names = set(packed.namelist())
        listed = packed.read("50_identification.html").decode()
        first = packed.read("00_overview.html").decode()
    pages = {"index.html", "00_overview.html", "50_identification.html", "90_support_plan.html"}
    assert {*pages, "95_school_passports.html", *(f"schools/{code}.html" for code in CODES)} <= names
    assert all(f"schools/{code}.html" in first for code in LOW)
    found = CliRunner().invoke(
        main,
        ["--workspace", str(route.folder), *f"identify -m {OFFICE} -y 2026 --format csv".split()],
    )
    answers = [line.split(",")[:3] for line in found.stdout.splitlines()[1:]]
    assert {school for school, category, answer in answers if category == "low_results" and answer == "yes"} == LOW
    assert "ООШ № 3" in listed


def test_every_command_is_in_the_log_of_the_folder(route):
    log = (route.folder / "shnor.log").read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if f"shnor new {OFFICE}" in line and "код 0" in line]
    assert re.search(r"код 3, .*: shnor check\n    .*ошибок – 1", log)
