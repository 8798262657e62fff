"""Index pages: sound, complete, and honest about what is not there."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from shnor_lib.pages.export.index import OfficeYear, ReportEntry, office_index, reports_index
from tests.reports.checks import problems
from tests.reports.sample import HOSTILE

OFFICE = OfficeYear(
    "demo",
    "Демонстрационный округ",
    2021,
    [
        ReportEntry("00_overview", "Обзор", "made", "Что решить?"),
        ReportEntry("20_results", "Результаты", "waiting", missing_tables=["Результаты экзаменов", "Олимпиады"]),
        ReportEntry("50_identification", f"Школы {HOSTILE}", "failed", reason=f"Ячейка 4: {HOSTILE}"),
        ReportEntry("70_dynamics", "Динамика", "stale", reason="нет места на диске"),
    ],
    [("identification", f"Список {HOSTILE}", "70_dynamics"), ("totals", "Сколько", "00_overview")],
    fictional=True,
)
BROKEN = OfficeYear("kushva", "Кушвинский ГО", 2020, reason=f"schools.csv, строка 3: {HOSTILE}\nИсправьте код школы")
OTHER_YEAR = OfficeYear(
    "demo", "Демонстрационный округ", 2020, [ReportEntry("00_overview", "Обзор", "made")], fictional=True
)


def rows(html: str) -> list[list[str]]:
    soup = BeautifulSoup(html, "html.parser")
    return [[cell.text.strip() for cell in row(["th", "td"])] for row in soup.tbody("tr")]


@pytest.mark.parametrize(
    "html",
    [office_index(OFFICE), office_index(BROKEN), reports_index([OFFICE, BROKEN]), reports_index([])],
    ids=["office", "broken", "offices", "nothing"],
)
def test_index_pages_are_sound(html):
    assert problems(html, kind="index") == []


def test_every_report_is_listed_with_its_state_in_words():
    assert rows(office_index(OFFICE)) == [
        ["Обзор", "■ готов", "Что решить?"],
        ["Результаты", "◊ ждёт таблиц", "Ждёт таблиц: Результаты экзаменов, Олимпиады."],
        [f"Школы {HOSTILE}", "▼ ошибка", f"Ячейка 4: {HOSTILE}"],
        ["Динамика", "▲ прежний: новый не получился", "нет места на диске"],
    ]


def test_files_of_numbers_stand_under_the_report_that_shows_them():
    soup = BeautifulSoup(office_index(OFFICE), "html.parser")
    found = {head.text: [link["href"] for link in head.find_next("ul")("a")] for head in soup("h3")}
    assert found == {"Динамика": ["tables/identification.csv"], "Обзор": ["tables/totals.csv"]}


def test_only_existing_pages_are_linked():
    links = [link["href"] for link in BeautifulSoup(office_index(OFFICE), "html.parser").table("a")]
    assert links == ["00_overview.html", "70_dynamics.html"]


def test_a_broken_office_says_why_and_lists_no_report():
    soup = BeautifulSoup(office_index(BROKEN), "html.parser")
    assert soup.pre.text == f"schools.csv, строка 3: {HOSTILE}\nИсправьте код школы"
    assert soup("table") == []


def test_all_offices_real_first_latest_year_first():
    assert rows(reports_index([OTHER_YEAR, OFFICE, BROKEN])) == [
        ["Кушвинский ГО", "2020", "▼ ошибка: отчёты не созданы"],
        ["Демонстрационный округ (вымышленные данные)", "2021", "▼ готов 1 из 4, ждёт таблиц: 1, ошибка: 2"],
        ["Демонстрационный округ (вымышленные данные)", "2020", "■ готов 1 из 1"],
    ]
    links = [link["href"] for link in BeautifulSoup(reports_index([OFFICE, BROKEN]), "html.parser").table("a")]
    assert links == ["kushva/2020/index.html", "demo/2021/index.html"]


def test_abbreviations_are_told_before_they_are_used():
    school = {"page": "s1", "school": "Первая", "state": "в перечне ШНОР", "listed": 0}
    told = BeautifulSoup(office_index(replace(OFFICE, schools=[school])), "html.parser").find(class_="abbreviations")
    assert told.text == "ШНОР – школа с низкими образовательными результатами."
    assert 'abbreviations"' not in office_index(OFFICE)


def test_the_same_state_gives_the_same_bytes():
    assert office_index(OFFICE) == office_index(OFFICE)


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="made, waiting, failed, stale"):
        ReportEntry("x", "X", "done")
