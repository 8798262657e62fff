"""Small multiples as inline SVG: what is unknown or hidden is said in its row, and a shape says what colour says."""

import pandas as pd
from bs4 import BeautifulSoup

from shnor_lib.pages.charts import plot_panels
from shnor_lib.pages.charts.panels import short_names

NONE = float("nan")


def drawn(**changes):
    lines = pd.DataFrame(
        {
            "panel": "Олимпиады: 1 из 2",
            "under": "",
            "school": ["<b>А</b>", "Б", "В", "Средняя школа № 12 имени героя № 7"],
            "value": [0.1, 0.6, NONE, NONE],
            "low": [0.05, NONE, NONE, NONE],
            "high": [0.2, NONE, NONE, NONE],
            "threshold": 0.5,
            "band_low": NONE,
            "band_high": NONE,
            "participants": [40, 20, NONE, NONE],
            "verdict": ["met", "not_met", "not_assessed", "met"],
            "form": "percent",
            "hidden": [False, False, False, True],
        }
    ).assign(**changes)
    return BeautifulSoup(plot_panels(lines, name="signs", caption="Где школы", numbers="t").html(), "html.parser")


def test_every_school_has_its_row_with_value_people_and_shape():
    svg = drawn().svg
    texts = [text.text.replace("\u00a0", " ") for text in svg("text")]
    assert texts[:3] == ["порог 50,0 %", "знач.", "n"]
    assert texts[3:9] == ["<b>А</b>", "10,0 %", "40", "Б", "60,0 %", "20"]
    assert len(svg("rect", class_="bad")) == 1 and len(svg("circle", class_="start")) == 1
    assert len(svg("line", class_="interval")) == 1 and len(svg("line", class_="threshold")) == 4


def test_unknown_and_hidden_values_are_said():
    texts = [text.text.replace("\u00a0", " ") for text in drawn().svg("text")]
    assert texts[9:] == ["В", "◊", "", "Средняя ш…№ 7", "[скрыто]", ""]


def test_a_panel_has_a_name_and_a_difference_its_unit():
    svg = drawn(form="points", hidden=False, participants=NONE).svg
    assert "<b>А</b> +10,0, есть" in svg["aria-label"]
    texts = [text.text.replace("\u00a0", " ") for text in svg("text")]
    assert texts[:2] == ["порог +50,0 п. п.", "знач."] and "n" not in texts


def test_names_that_begin_and_end_alike_are_told_apart():
    long = "Средняя общеобразовательная школа имени "
    told = short_names([f"{long}Глинки № 1", f"{long}Ленина № 1", "Школа", "Школа", "Ш" * 200])
    assert told[:4] == ["…Глинки № 1", "…Ленина № 1", "1) Школа", "2) Школа"] and len(told[4]) < 12
