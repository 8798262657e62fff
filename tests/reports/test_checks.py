"""The checks themselves: silent on a sound page, loud on each kind of broken one."""

import pytest

from shnor_lib.pages.export.html import export_html
from shnor_lib.pages.export.tables import collect_tables
from shnor_lib.pages.furniture import Headlines
from shnor_lib.pages.phrases import headlines
from tests.reports import checks
from tests.reports.sample import (
    facts,
    identification_table,
    notebook,
    sample_notebook,
    title,
    totals_table,
    write_tables,
)

NBSP = "\u00a0"


@pytest.fixture(scope="module")
def executed():
    return sample_notebook()


@pytest.fixture(scope="module")
def page(executed):
    return export_html(executed)


def test_a_report_of_awkward_data_is_sound(page):
    assert checks.problems(page) == []


BROKEN = {
    "fetched script": ("</head>", '<script src="https://cdn.example/x.js"></script></head>', "<script"),
    "fetched style": ("</head>", '<link rel="stylesheet" href="x.css"></head>', "<link> загружает"),
    "fetched image": ('src="data:', 'src="https://example.org/a.png?', "загружает https"),
    "font in the style": ("</style>", "a{background:url(x.png)}</style>", "стиль загружает"),
    "event handler": ("<main ", '<main onclick="x()" ', "onclick"),
    "inline style": ("<main ", '<main style="color:red" ', "политика страницы не даст"),
    "no policy": ("Content-Security-Policy", "X-Policy", "нет политики"),
    "another style sheet": ("</style>", " </style>", "сумма не совпадает"),
    "another language": ('lang="ru"', 'lang="en"', 'нет lang="ru"'),
    "no encoding": ('charset="utf-8"', 'charset="cp1251"', "charset"),
    "two titles": ("</title>", "</title><title>x</title>", "<title>"),
    "two first headings": ("<footer>", "<h1>Второй</h1><footer>", "h1 – 2"),
    "skipped level": ("<footer>", '<h2 id="a1">А</h2><h4>Б</h4><footer>', "после h2 сразу h4"),
    "repeated id": ("<footer>", '<p id="main">А</p><footer>', "id 'main' повторяется"),
    "Cyrillic id": ("<footer>", '<p id="глава">А</p><footer>', "не латинский"),
    "dead link": ('href="#glavnoe"', 'href="#nowhere"', "#nowhere никуда не ведёт"),
    "chapter not listed": ("<footer>", '<h2 id="new">Новый</h2><footer>', "'new' нет в содержании"),
    "no alternative text": ('alt="', 'alt="" title="', "знаков 0"),
    "English alternative text": ('alt="', 'alt="No description has been provided" title="', "негодно"),
    "no caption of a table": ("<caption", "<p", "нет caption"),
    "no scope": (' scope="row"', "", "нет scope"),
    "empty heading": ('<th scope="col">Школа</th>', '<th scope="col"></th>', "пустой заголовок"),
    "wrong number": (f"Таблица{NBSP}1.", f"Таблица{NBSP}7.", "ждали «Таблица 1.»"),
    "nan": ("<footer>", "<p>nan</p><footer>", "'nan'"),
    "None": ("<footer>", "<p>Значение None</p><footer>", "'None'"),
    "boolean": ("<footer>", "<p>True</p><footer>", "'True'"),
    "traceback": ("<footer>", "<p>Traceback (most recent)</p><footer>", "Traceback"),
    "warning": ("<footer>", "<p>FutureWarning: x</p><footer>", "FutureWarning"),
    "prompt": ("<footer>", "<p>In [1]:</p><footer>", "In [1"),
    "decimal point": (f"12,00{NBSP}%", f"12.00{NBSP}%", "десятичная точка"),
    "no thousands": (f"1{NBSP}843", "1843", "разряды не отделены"),
    "hyphen for minus": ("\u2212", "-", "дефис вместо минуса"),
    "per cent without space": ("<footer>", "<p>25 %</p><footer>", "перед % нет"),
    "wrong plural": ("<footer>", "<p>21 школ</p><footer>", "21 школ"),
    "wrong plural of eleven": ("<footer>", "<p>Всего 11 школа</p><footer>", "11 школа"),
    "wrong plural of five": ("<footer>", f"<p>из{NBSP}5 ошибки</p><footer>", "5 ошибки"),
    "unescaped data": ("&lt;script&gt;alert(1)&lt;/script&gt;", "<b>alert(1)</b>", "чужой тег <b>"),
    "unexplained code": ("[мало]\u00a0–", "мало –", "[мало] не объяснено"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_page_is_named(page, name):
    sound, broken, expected = BROKEN[name]
    assert sound in page
    found = checks.problems(
        page.replace(sound, broken, 1) if name != "hyphen for minus" else page.replace(sound, broken)
    )
    assert any(expected in problem for problem in found), found


def test_a_heavy_page_is_named(page):
    assert "можно 1000" in checks.problems(page, largest=1000)[-1]


@pytest.mark.parametrize(
    "number, noun",
    [(0, "школ"), (1, "школа"), (2, "школы"), (5, "школ"), (11, "школ"), (21, "школа"), (22, "школы"), (111, "школ")],
)
def test_right_plurals_pass(page, number, noun):
    assert checks.problems(page.replace("<footer>", f"<p>{number} {noun}</p><footer>")) == []


@pytest.mark.parametrize("phrase", ["в 2 школах", "из 1 школы", "о 21 школе", "из 3 школ", "по 5 школам"])
def test_cases_other_than_nominative_pass(page, phrase):
    assert checks.problems(page.replace("<footer>", f"<p>{phrase}</p><footer>")) == []


def test_headlines_are_counted_again_from_the_tables(executed):
    assert checks.headline_problems(executed) == []


@pytest.mark.parametrize("fact, wrong", [("list_count", 4), ("list_share_of_all", 0.2), ("schools_total", 15)])
def test_a_wrong_headline_is_named(fact, wrong):
    told = {**facts(), fact: wrong}
    found = headlines(told | {"lists": tuple(one | {fact: wrong} for one in told["lists"])}, "50_identification")
    problems = checks.headline_problems(notebook(title(), Headlines(found), totals_table(), identification_table()))
    assert any(f"сказано {fact}" in problem for problem in problems)


def test_page_csv_and_workbook_agree(executed, page, tmp_path):
    write_tables(collect_tables(executed), tmp_path, title="Проба")
    assert checks.file_problems(page, tmp_path) == []


@pytest.mark.parametrize(
    "sound, broken, expected", [("31,2;", "31,3;", "на странице"), ("СОШ № 2;", "СОШ № 9;", "на странице")]
)
def test_a_csv_that_differs_from_the_page_is_named(executed, page, tmp_path, sound, broken, expected):
    write_tables(collect_tables(executed), tmp_path, title="Проба")
    file = tmp_path / "identification.csv"
    text = file.read_text(encoding="utf-8-sig")
    assert sound in text
    file.write_text(text.replace(sound, broken, 1), encoding="utf-8-sig", newline="")
    found = checks.file_problems(page, tmp_path)
    assert any(expected in problem for problem in found)
    assert any("CSV и лист" in problem for problem in found)


def test_printed_status_follows_from_printed_numbers(page):
    # the school at 24.97 % against 25 % is printed with two decimals, so the reader sees it is below
    columns = {"value": "Ниже минимума", "threshold": "Порог", "status": "Низкие результаты", "met": "да"}
    found = checks.status_problems(page, "identification", **columns, met_when=lambda value, limit: value >= limit)
    assert len(found) == 1
    assert "24,97" in found[0]  # this one is declared low on other grounds in the sample


def test_small_numbers_in_a_public_page_are_named(page):
    assert checks.small_number_problems(page, 5) == []
    assert "участников 5" in checks.small_number_problems(page, 6)[0]


def test_a_row_that_a_page_prints_is_found_in_the_file_by_its_dates():
    assert checks.holds(["2020-12-31", "4"], ["31.12.2020", "4"])
    assert not checks.holds(["2021-12-31", "4"], ["31.12.2020", "4"])
