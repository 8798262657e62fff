"""The exporter: what gets on the page, what is refused, and that it repeats."""

import copy
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode, v4

from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.export.html import Beside, ReportError, export_html, export_pages, script
from shnor_lib.pages.figures import Figure, new_drawing
from shnor_lib.pages.furniture import Heading, Headlines, Prose, Title
from shnor_lib.pages.markup import school_page
from shnor_lib.pages.phrases import Evidence, Headline
from shnor_lib.pages.sheets import SchoolPage
from shnor_lib.pages.tables import Column, Table
from tests.reports.sample import HOSTILE, notebook, sample_notebook, title

NBSP = "\u00a0"


def small_table(name: str = "schools", caption: str = "Одна школа") -> Table:
    return Table(pd.DataFrame({"school": [HOSTILE]}), name, caption, {"school": "Школа"})


def soup_of(*cells, **settings) -> BeautifulSoup:
    return BeautifulSoup(export_html(notebook(title(), *cells), **settings), "html.parser")


def foreign(data: dict) -> NotebookNode:
    return v4.new_code_cell("x", outputs=[v4.new_output("display_data", data=data)])


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return BeautifulSoup(export_html(sample_notebook()), "html.parser")


def test_two_exports_give_the_same_bytes_and_leave_the_notebook_alone():
    executed = sample_notebook()
    before = copy.deepcopy(executed)
    page = export_html(executed)
    assert export_html(executed) == page
    assert executed == before
    assert export_html(sample_notebook()) == page


def test_the_window_title_names_report_office_and_year(page):
    assert page.title.text == "Какие школы нуждаются в помощи — Демонстрационный округ, 2021"


def test_the_page_begins_at_the_title_and_shows_no_code(page):
    text = page.body.text
    assert "для того, кто открыл ноутбук" not in text
    assert "show()" not in text
    assert "municipality =" not in text
    assert "50%|" not in text  # the progress bar of a stream


def test_a_fictional_office_is_marked_and_a_real_one_is_not():
    words = "Демонстрационные данные: вымышленный муниципалитет"
    assert words in export_html(notebook(title()))
    assert words not in export_html(notebook(title(fictional=False)))


def test_tables_and_figures_are_numbered_in_order_and_referred_to(page):
    captions = [caption.text.partition(".")[0] for caption in page("caption")]
    assert captions == [f"Таблица{NBSP}{number}" for number in range(1, len(captions) + 1)]
    references = page.find("section", class_="headlines").li("a")
    assert [(link["href"], link.text) for link in references] == [
        ("#table-totals", f"таблица{NBSP}1"),
        ("#table-identification", f"таблица{NBSP}2"),
    ]


def test_a_reference_may_precede_its_table():
    finding = Headline("one", "Одна школа.", {"n": 1}, (Evidence("n", "second"),))
    page = soup_of(Headlines([finding]), small_table("first"), small_table("second"))
    assert page.find("section").find("a").text == f"таблица{NBSP}2"


def test_contents_list_every_chapter_and_section(page):
    links = {link["href"]: link.text for link in page.nav("a")}
    assert links["#nizkie-rezultaty-u-trekh-shkol-iz-chetyrnadtsati"] == "Низкие результаты у трёх школ из четырнадцати"
    assert links["#profil-shkol"] == "Профиль школ"  # a heading of a Markdown cell
    assert links["#metod-i-dannye"] == "Метод и данные"


def test_the_same_heading_twice_gets_two_anchors():
    page = soup_of(Heading("Итог"), Prose("а"), Heading("Итог"))
    assert [heading["id"] for heading in page("h2")] == ["itog", "itog-2"]
    assert [link["href"] for link in page.nav("a")] == ["#itog", "#itog-2"]


def test_text_from_data_is_text_everywhere():
    drawing, _ = new_drawing(height=1)
    figure = Figure(drawing, "f", f"Подпись {HOSTILE}", f"Описание рисунка {HOSTILE}", "schools", source=HOSTILE)
    page = soup_of(
        title_of_hostile := Heading(f"Школа {HOSTILE}"),
        Prose(HOSTILE),
        small_table(caption=f"Про {HOSTILE}"),
        figure,
        v4.new_markdown_cell(f"## Раздел {HOSTILE}\n\n{HOSTILE}\n\n<img src=x onerror=alert(1)>"),
        Headlines([Headline("x", f"Школа {HOSTILE}.")]),
    )
    assert [each.text for each in page("script")] == [script()]
    assert len(page("img")) == 1
    assert page.text.count("alert(1)") >= 9
    assert page.find(id=title_of_hostile.anchor).text == f"Школа {HOSTILE}"


def test_data_cannot_forge_the_marks_of_the_exporter():
    page = soup_of(Prose("<!--shnor:see:table:nowhere-->"), small_table())
    assert "<!--shnor:see:table:nowhere-->" in page.text


def test_links_beside_the_report_can_be_left_out():
    assert soup_of(small_table()).find("p", class_="download").a["href"] == "tables/schools.csv"
    bare = soup_of(small_table(), beside=Beside(home="", tables_folder=""))
    assert bare("a", href=lambda href: not href.startswith("#")) == []


def test_what_a_sheet_says_at_its_foot_cannot_leave_its_style():
    odd = title(municipality='Округ </style>"; } a { color: red')
    page = BeautifulSoup(export_html(notebook(odd)), "html.parser")
    (_, foot) = page("style")
    assert foot.text.count('"') == 2 and "</style" not in foot.text and "вымышленные данные" in foot.text


def test_names_of_schools_lead_to_their_pages_where_these_stand():
    frame = pd.DataFrame({"school": ["Первая", "Чужая"], "school_id": ["Ш/1", "x"]})
    column = Column("Школа", link="school_id")
    table = Table(frame, "schools", "Две школы", {"school": column}, sheets={"Ш/1": school_page("Ш/1")})
    own = SchoolPage("Ш/1", title(report="Первая"), [small_table("own"), table])
    beside = Beside(reports={"50_identification": "Выявление", "95_school_passports": "Паспорта"})
    pages = export_pages(notebook(title(), table, own), name="95_school_passports", beside=beside)
    assert sorted(pages) == ["95_school_passports", "schools/_428__2f_1"]
    first, sheet = (BeautifulSoup(pages[name], "html.parser") for name in sorted(pages))
    assert [link["href"] for link in first.table("a")] == ["schools/_428__2f_1.html"]
    assert sheet.h1.text == "Первая" and sheet.table("a") == [] and sheet("table")[1]("a") == []
    assert sheet.find("p", class_="download").a["href"] == "../tables/own.csv"
    assert sheet.header.a["href"] == "../index.html"
    assert [link["href"] for link in first.footer("a")] == ["50_identification.html"]
    assert soup_of(table).table("a") == []


def test_names_in_sentences_lead_to_pages_that_stand():
    named = title(schools={"Первая": "s1", "Вторая": "s2"})
    cells = [
        Heading("В перечне Первая"),
        Prose("В перечне Первая, Вторая."),
        Headlines([Headline("x", "Первая – да.")]),
    ]
    own = SchoolPage("s1", title(report="Первая"), [Prose("Первая, Вторая.")])
    executed = notebook(named, *cells, own)
    beside = Beside(reports={"95_school_passports": "Школы"})
    pages = export_pages(executed, name="95_school_passports", beside=beside)
    first, sheet = (BeautifulSoup(pages[name], "html.parser").main for name in sorted(pages))
    to_schools = re.compile("schools/")
    assert [link["href"] for link in first("a", href=to_schools)] == [
        "schools/s1.html",
        "schools/s2.html",
        "schools/s1.html",
    ]
    assert first.h2.a is None
    assert [link["href"] for link in sheet("a", href=to_schools)] == ["../schools/s2.html"]  # not to itself
    assert 'href="schools/' not in export_html(executed)


def test_a_page_tells_its_own_abbreviations_before_they_are_used():
    page = soup_of(Prose("В перечне ШНСУ одна школа."), Prose("РКР."))
    (told,) = page(class_="abbreviations")
    assert told.text == "ШНСУ – школа в неблагоприятных социальных условиях; РКР – региональная контрольная работа."
    assert told.find_parent(class_="title")
    own = title(abbreviations={"группа риска": "школа, за которой следят"})
    told = BeautifulSoup(export_html(notebook(own, Prose("ШНОР; группа риска."))), "html.parser")
    assert told.find(class_="abbreviations").text == "группа риска – школа, за которой следят."
    assert not soup_of(Prose("Перечень ШНОРов."))(class_="abbreviations")


def test_the_contents_are_closed_beside_the_page():
    page = soup_of(Heading("Первое"), Heading("Второе"))
    assert not page.nav.details.has_attr("open")


def test_printed_text_goes_to_the_log(caplog):
    cell = v4.new_code_cell("x", outputs=[v4.new_output("stream", name="stdout", text="считаю 1 из 3")])
    with caplog.at_level("INFO", logger="shnor_lib.pages.export.html"):
        page = soup_of(cell)
    assert "считаю" not in page.text
    assert "считаю 1 из 3" in caplog.text


def test_nothing_to_show_leaves_no_trace():
    assert soup_of(foreign({"text/html": " ", "text/plain": ""})).main.find_all(recursive=False)[-1]["class"] == [
        "title"
    ]


def test_values_without_a_presentation_are_not_shown():
    assert "Axes" not in soup_of(foreign({"text/plain": "<Axes: >"})).text


@pytest.mark.parametrize(
    "cells, words",
    [
        (
            [
                title(),
                v4.new_code_cell(
                    "x", outputs=[v4.new_output("error", ename="KeyError", evalue="'x'", traceback=["t"])]
                ),
            ],
            "Ячейка 2 завершилась ошибкой KeyError",
        ),
        ([title(), foreign({"text/html": "<table></table>", "text/plain": "x"})], "через Table"),
        ([title(), foreign({"image/png": "AAAA", "text/plain": "<Figure>"})], "image/png"),
        ([title(), foreign({"application/javascript": "alert(1)"})], "application/javascript"),
        ([Prose("Без заголовка")], "ровно один Title"),
        ([title(), title()], "ровно один Title"),
        ([title(), v4.new_markdown_cell("# Второй первый")], "второй заголовок первого уровня"),
        ([title(), Heading("Раздел", 3)], "уровни нельзя пропускать"),
        ([title(), small_table(), small_table()], "уже занято"),
        ([title(), Headlines([Headline("x", "Одна.", {}, (Evidence("n", "absent"),))])], "ссылается на 'absent'"),
        ([title(), v4.new_markdown_cell("![рисунок](https://example.org/a.png)")], "не будет видна без сети"),
    ],
)
def test_what_would_spoil_the_page_is_refused_with_a_reason(cells, words):
    with pytest.raises(ReportError, match=words):
        export_html(notebook(*cells))


def test_unknown_audience_is_refused():
    with pytest.raises(ValueError, match="internal, public"):
        Title("Отчёт", "Округ", 2021, audience="all")


def test_a_page_of_a_region_leads_to_schools_of_its_offices():
    frame = pd.DataFrame({"municipality": ["a", "b"], "school": ["Первая", "Вторая"], "school_id": ["1", "1"]})
    sheets = {("a", "1"): "a/2021/1", ("b", "1"): "b/2021/1"}
    table = Table(frame, "schools", "Две школы", {"school": Column("Школа", link="school_id")}, sheets=sheets)
    page = soup_of(table, beside=Beside(offices=frozenset({"a/2021"})))
    assert [(link.text, link["href"]) for link in page.table("a")] == [("Первая", "../../a/2021/schools/1.html")]


def test_a_finding_may_rest_on_a_table_that_is_a_file():
    finding = Headline("one", "Одна школа.", {"n": 1}, (Evidence("n", "behind"),))
    page = soup_of(Headlines([finding]), Attachment(small_table("behind"), "Числа – в файле."))
    assert [link["href"] for link in page.find("section")("a")] == ["tables/behind.csv"]
