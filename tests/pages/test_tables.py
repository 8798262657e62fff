"""Tables: what the reader hears and sees, and what goes to files."""

import json

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from shnor_lib.pages.markup import TABLE_MIME
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.words import WORDS, word

_ = "\u00a0"


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "school": ["<b>А</b> & Б", "СОШ № 2", "СОШ № 3"],
            "rate": pd.array([0.125, None, 0.05], dtype="Float64"),
            "limit": [0.1, 0.1, 0.1],
            "verdict": ["met", "not_assessed", "not_met"],
            "pupils": [1200, 0, 35],
            "low": [0.1, np.nan, 0.01],
            "high": [0.15, np.nan, 0.09],
            "checked": [True, False, True],
            "on": pd.to_datetime(["2021-09-30", None, "2021-01-02"]),
        }
    )


def table(**changes) -> Table:
    columns = {
        "school": "Школа",
        "rate": Column("Ниже минимума", "percent", note="ОГЭ"),
        "verdict": Column("Критерий", "verdict"),
        "pupils": Column("Обучающиеся", "count", unit="чел."),
        "low": Column("95 % интервал", "percent", to="high", digits=0),
        "checked": Column("Проверено", "flag"),
        "on": Column("Дата", "date"),
    }
    settings = {"name": "schools", "caption": "У одной школы выполнен критерий", "columns": columns, **changes}
    return Table(frame(), **settings)


def cells(shown: Table) -> list[list[str]]:
    soup = BeautifulSoup(shown.html(), "html.parser")
    return [[cell.text for cell in row(["th", "td"])] for row in soup("tr")]


def test_every_cell_reads_as_the_board_reads_it():
    assert cells(table()) == [
        ["Школа", "Ниже минимума", "Критерий", "Обучающиеся, чел.", f"95{_}% интервал", "Проверено", "Дата"],
        ["<b>А</b> & Б", f"12,5{_}%", f"■{_}есть", f"1{_}200", f"10–15{_}%", "да", "30.09.2021"],
        [f"СОШ №{_}2", "[нет данных]", f"◊{_}не{_}определено", "0", "[нет данных]", "нет", "[нет данных]"],
        [f"СОШ №{_}3", f"5,0{_}%", f"□{_}нет", "35", f"1–9{_}%", "да", "02.01.2021"],
    ]


def test_headers_have_scope_and_text_from_data_is_escaped():
    soup = BeautifulSoup(table().html(), "html.parser")
    assert {header["scope"] for header in soup.thead("th")} == {"col"}
    assert [row.find("th")["scope"] for row in soup.tbody("tr")] == ["row"] * 3
    assert soup("b") == []
    assert soup.find(role="region")["aria-labelledby"] == soup.caption["id"]


def test_codes_are_explained_only_when_used():
    assert "это не ноль" in table().html()
    full = Table(frame().iloc[:1], "schools", "Полная", {"school": "Школа", "rate": Column("Доля", "percent")})
    assert "[нет данных]" not in full.html()
    assert "это не ноль" not in full.html()


def test_suppressed_cells_keep_their_code_among_numbers():
    masked = pd.DataFrame({"school": ["А", "Б", "В"], "rate": [0.5, "[мало]", "[скрыто]"]})
    shown = Table(masked, "masked", "Доли", {"school": "Школа", "rate": Column("Доля", "percent")})
    assert [row[1] for row in cells(shown)[1:]] == [f"50,0{_}%", "[мало]", "[скрыто]"]
    assert shown.payload()["fields"][1]["values"] == [50, "[мало]", "[скрыто]"]
    assert "слишком" not in shown.html()
    assert "отдельного ребёнка" in shown.html()


def test_an_empty_cell_may_mean_not_applicable():
    one = pd.DataFrame({"school": ["НОШ"], "rate": [np.nan]})
    shown = Table(one, "one", "Доля", {"school": "Школа", "rate": Column("ЕГЭ", "percent", missing="[не применимо]")})
    assert cells(shown)[1] == ["НОШ", "[не применимо]"]


def test_digits_grow_until_no_verdict_is_turned_over():
    close = pd.DataFrame({"school": ["А"], "rate": [0.2497], "limit": [0.25]})
    columns = {
        "school": "Школа",
        "rate": Column("Доля", "percent", digits=0, against="limit"),
        "limit": Column("Порог", "percent", digits=0),
    }
    assert cells(Table(close, "close", "Рядом", columns))[1] == ["А", f"24,97{_}%", f"25,00{_}%"]


def test_files_get_unrounded_numbers_in_the_unit_of_the_heading():
    third = pd.DataFrame({"school": ["А", "Б"], "rate": [1 / 3, 0.12 + 0.05], "gap": [-0.021, 0.0]})
    columns = {"school": "Школа", "rate": Column("Доля", "percent"), "gap": Column("Разница", "points")}
    rate, gap = Table(third, "third", "Доли", columns).payload()["fields"][1:]
    assert (rate["unit"], rate["values"]) == ("%", [33.3333333333, 17])
    assert (gap["unit"], gap["values"]) == ("п. п.", [-2.1, 0])


def test_unlike_indicators_stand_in_one_column_each_in_its_own_unit():
    unlike = pd.DataFrame(
        {
            "figure": ["Школ", "Доля", "Балл", "Сдвиг", "Нет"],
            "value": [14, 0.125, 3.456, -0.02, None],
            "kind": ["count", "percent", "score", "points", "count"],
        }
    )
    columns = {"figure": "Показатель", "value": Column("Значение", by_row="kind")}
    both = Table(unlike, "unlike", "Разное", columns)
    assert [row[1] for row in cells(both)] == ["Значение", "14", f"12,5{_}%", "3,46", f"−2,0{_}п.{_}п.", "[нет данных]"]
    value, unit = both.payload()["fields"][1:]
    assert value["values"] == [14, 12.5, 3.456, -2, "[нет данных]"]
    assert (unit["label"], unit["values"]) == ("Значение, единица", ["", "%", "", "п. п.", ""])
    with pytest.raises(ValueError, match="вид числа в строке 'rate'"):
        Table(unlike.assign(kind="rate"), "unlike", "Разное", columns).html()


def test_long_paths_may_be_broken_on_paper_and_short_words_may_not():
    paths = pd.DataFrame(
        {"file": ["data/raw/kushva/2020/exam_results.csv"], "name": ["Средняя школа"], "sum": ["ab" * 32]}
    )
    html = Table(paths, "paths", "Файлы", {"file": "Файл", "name": "Школа", "sum": Column("Сумма", "hash")}).html()
    assert "raw/<wbr>kushva/<wbr>" in html
    assert "Средняя школа" in html
    assert html.count("<wbr>") == 6 + 3
    assert (
        BeautifulSoup(html, "html.parser").th.find_next("th", scope="row").text
        == "data/raw/kushva/2020/exam_results.csv"
    )


def test_the_payload_is_json_and_ranges_take_two_columns():
    bundle = table()._repr_mimebundle_()
    (payload,) = json.loads(json.dumps(bundle[TABLE_MIME]))
    assert [field["label"] for field in payload["fields"]] == [
        "Школа",
        "Ниже минимума",
        "Критерий",
        "Обучающиеся",
        "95 % интервал, от",
        "95 % интервал, до",
        "Проверено",
        "Дата",
    ]
    assert payload["fields"][7]["values"] == ["2021-09-30", "[нет данных]", "2021-01-02"]
    assert bundle["text/plain"] == "Table('schools', 3 × 7)"


def test_the_frame_is_not_changed_and_the_html_repeats():
    before = frame()
    shown = table()
    assert shown.html() == shown.html()
    pd.testing.assert_frame_equal(shown.frame, before)


def test_a_table_without_rows_says_so():
    empty = Table(frame().iloc[:0], "none", "Ни одной", {"school": "Школа", "rate": "Доля"}, empty="Таких школ нет.")
    unsaid = Table(frame(), "none", "Ни одной", {"school": "Школа"}, shown=[False] * 3)
    said = [BeautifulSoup(one.html(), "html.parser") for one in (empty, unsaid)]
    assert [soup.p.text for soup in said] == ["Таких школ нет.", "Ни одной. Таких строк нет."]
    assert not any(soup.table for soup in said) and len(unsaid.payload()["fields"][0]["values"]) == 3


def test_summary_rows_stand_apart():
    soup = BeautifulSoup(table(summary_rows=1).html(), "html.parser")
    assert [len(body("tr")) for body in soup("tbody")] == [2, 1]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"name": "Школы"}, "строчные латинские"),
        ({"caption": " "}, "нет заголовка"),
        ({"columns": {"none": "Нет"}}, "нет столбцов none"),
        ({"columns": {"rate": "Доля"}}, "показан как текст"),
        ({"columns": {"school": Column("Школа", "count")}}, "числовой"),
        ({"row_header": "limit"}, "заголовок строки"),
        ({"columns": {"school": Column("Школа", "verdict")}}, "нет кода"),
    ],
)
def test_what_cannot_be_shown_is_explained(changes, words):
    with pytest.raises((ValueError, TypeError, KeyError), match=words):
        table(**changes).html()


@pytest.mark.parametrize("settings, words", [(("", "text"), "нет названия"), (("А", "float"), "нет вида")])
def test_a_column_that_cannot_be_shown_is_explained(settings, words):
    with pytest.raises(ValueError, match=words):
        Column(*settings)


def test_words_of_one_list_differ_in_word_and_in_shape():
    for vocabulary, words in WORDS.items():
        texts = [each.text for each in words.values()]
        assert len(set(texts)) == len(texts), vocabulary
        marks = [each.mark for each in words.values() if each.mark]
        assert len(set(marks)) == len(marks), vocabulary


def test_an_unknown_word_names_the_known_ones():
    with pytest.raises(KeyError, match="met, not_met, not_assessed"):
        word("verdict", "good")
    with pytest.raises(KeyError, match="verdict, identified"):
        word("mood", "good")


def test_an_empty_cell_shows_the_code_of_its_cause():
    causes = pd.Series(["", "too_few", "hidden", None], dtype=object)
    shown = Table(
        pd.DataFrame({"school": list("АБВГ"), "rate": [0.5, None, None, None], "cause": causes}),
        "rates",
        "Доли",
        {"school": "Школа", "rate": Column("Доля", "percent", cause="cause")},
    )
    assert [row[1] for row in cells(shown)[1:]] == [f"50,0{_}%", "[мало]", "[скрыто]", "[нет данных]"]
    assert "[мало] – участников меньше, чем нужно" in BeautifulSoup(shown.html(), "html.parser").text.replace(_, " ")


@pytest.mark.parametrize("dtype", [bool, "boolean", object])
def test_an_empty_number_of_a_hidden_row_is_hidden(dtype):
    hidden = pd.Series([False, True], dtype=dtype)
    frame = pd.DataFrame({"school": list("АБ"), "rate": [None, np.nan], "hidden": hidden}).astype({"rate": float})
    shown = Table(frame, "rates", "Доли", {"school": "Школа", "rate": Column("Доля", "percent")})
    assert [row[1] for row in cells(shown)[1:]] == ["[нет данных]", "[скрыто]"]


def test_codes_are_explained_that_stand_in_printed_rows():
    explained = "сведения не представлены"
    assert explained in table().html() and explained in table(shown=[False, True, False]).html()
    assert explained not in table(shown=[True, False, True]).html()


def test_a_brief_column_shows_shapes_that_the_notes_explain():
    frame = pd.DataFrame({"school": ["А", "Б"], "one": ["met", "not_assessed"], "bias": ["met", None]})
    columns = {
        "school": "Школа",
        "one": Column("Низкая удовлетворённость", "verdict", brief=True),
        "bias": Column("Необъективность", "marker", brief=True),
    }
    table = Table(frame, "signs", "Признаки", columns)
    page = BeautifulSoup(table.html(), "html.parser")
    cells = [cell for row in page.tbody("tr") for cell in row("td")]
    assert [cell.text for cell in cells] == ["■", "■", "◊", "[нет данных]"]
    assert [cell.span["aria-label"] for cell in cells[:3]] == ["есть", "есть", "не определено"]
    assert "удов\u00adлет\u00adво\u00adрён\u00adность" in page.thead.text
    notes = page.find(class_="notes").text.replace("\u00a0", " ")
    assert "Низкая удовлетворённость: ■ – есть, ◊ – не определено. Необъективность: ■ – есть." in notes
    assert table.payload()["fields"][1]["values"] == ["есть", "не определено"]


def test_a_table_of_fifteen_rows_stays_on_one_sheet():
    rows = [pd.DataFrame({"school": [f"СОШ № {number}" for number in range(count)]}) for count in (15, 16)]
    shown = [Table(frame, "t", "Школы", {"school": "Школа"}).html() for frame in rows]
    assert ["long" in BeautifulSoup(html, "html.parser").div["class"] for html in shown] == [False, True]


def test_the_public_edition_prints_whole_per_cents_and_its_files_hold_what_is_printed():
    frame = pd.DataFrame(
        {"rate": [0.2497, 0.2512], "than": [0.25, 0.25], "mean": [3.4567, 4.0], "chance": [0.0123, 0.5]}
    )
    columns = {
        "rate": Column("Доля", "percent", against="than", public=True),
        "than": Column("Порог", "percent", digits=1, public=True),
        "mean": Column("Средняя отметка", "score", digits=4, public=True),
        "chance": Column("Вероятность", "percent", digits=1, public=True),
    }
    table = Table(frame, "shares", "Доли школ названы", columns)
    cells = [cell.get_text() for cell in BeautifulSoup(table.html(), "html.parser").select("tbody td, tbody th")]
    assert [cell.replace("\xa0", " ") for cell in cells[:4]] == ["25 %", "25,0 %", "3,46", "1,2 %"]
    values = {field["id"]: field["values"] for field in table.payload()["fields"]}
    assert values == {"rate": [25, 25], "than": [25, 25], "mean": [3.46, 4], "chance": [1.2, 50]}
