"""Figures: what may be shown, how it is drawn, and that it is drawn the same way again."""

import base64

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib import pyplot as plt

from shnor_lib.pages import charts
from shnor_lib.pages.figures import DecimalComma, Figure, new_drawing
from shnor_lib.pages.tables import Column, Table
from tests.reports import sample

ALT = "Точки показывают долю по каждой школе."


def drawn(points: int = 3) -> Figure:
    drawing, axes = new_drawing(height=2)
    axes.plot(np.arange(points))
    return Figure(drawing, "points", "Доля растёт", ALT, "numbers_table")


def source_of(figure: Figure) -> str:
    return BeautifulSoup(figure.html(), "html.parser").img["src"]


def test_a_figure_has_caption_description_and_source_of_numbers():
    soup = BeautifulSoup(drawn().html(), "html.parser")
    assert soup.figcaption.text == "Доля растёт"
    assert soup.img["alt"] == ALT
    assert soup.img["width"] == str(round(7.1 * 96))
    assert soup.find(role="region")["aria-labelledby"] == soup.figcaption["id"]


def test_line_work_is_svg_without_date_or_address_and_dense_drawings_are_png():
    svg = source_of(drawn())
    assert svg.startswith("data:image/svg+xml;base64,")
    text = base64.b64decode(svg.partition(",")[2]).decode("utf-8")
    assert "<dc:date>" not in text
    assert "matplotlib.org" not in text
    assert "<text" not in text  # glyphs are paths: the same on a machine without the font
    assert source_of(drawn(2001)).startswith("data:image/png;base64,")


def test_a_drawing_repeats_byte_for_byte():
    assert drawn().html() == drawn().html()
    assert drawn(2001).html() == drawn(2001).html()


def test_a_pyplot_figure_is_closed_so_that_it_is_not_shown_twice():
    drawing, axes = plt.subplots()
    axes.plot([1, 2])
    assert plt.get_fignums()
    Figure(drawing, "twice", "Один раз", ALT, "numbers_table")
    assert plt.get_fignums() == []


def test_numbers_of_a_figure_travel_with_it():
    numbers = Table(
        pd.DataFrame({"school": ["А"], "rate": [0.5]}),
        "behind",
        "Числа",
        {"school": "Школа", "rate": Column("Доля", "percent")},
    )
    drawing, _ = new_drawing(height=1)
    figure = Figure(drawing, "with_numbers", "Доля", ALT, numbers)
    soup = BeautifulSoup(figure.html(), "html.parser")
    assert soup.details.has_attr("open")  # a closed one would print empty
    assert soup.details.table["id"] == "table-behind"
    assert figure._repr_mimebundle_()["application/vnd.shnor.table+json"][0]["name"] == "behind"


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"alt": "Коротко"}, "сейчас 7"),
        ({"alt": "А" * 301}, "сейчас 301"),
        ({"alt": "No description has been provided"}, "по-русски"),
        ({"caption": ""}, "нет подписи"),
        ({"numbers": ""}, "не указаны числа"),
        ({"name": "Рисунок 1"}, "строчные латинские"),
    ],
)
def test_a_figure_that_cannot_be_read_is_refused(changes, words):
    drawing, _ = new_drawing(height=1)
    settings = {"name": "points", "caption": "Доля", "alt": ALT, "numbers": "numbers_table", **changes}
    with pytest.raises(ValueError, match=words):
        Figure(drawing, **settings)


@pytest.mark.parametrize(
    "ticks, settings, expected",
    [
        ([0.0, 0.5, 1.0], {"as_percent": True}, ["0\u00a0%", "50\u00a0%", "100\u00a0%"]),
        ([0.5, 0.525, 0.55], {"as_percent": True}, ["50,0\u00a0%", "52,5\u00a0%", "55,0\u00a0%"]),
        ([-10.0, 0.0, 10.0], {"signed": True}, ["−10", "0", "+10"]),
    ],
)
def test_ticks_have_a_comma_and_as_many_digits_as_they_need(ticks, settings, expected):
    assert DecimalComma(**settings).format_ticks(ticks) == expected


def common(name: str) -> dict:
    return {"name": name, "caption": "Вывод", "numbers": "numbers_table"}


CHARTS = {
    "matrix": lambda: charts.plot_word_matrix(sample.verdicts(), **common("matrix")),
    "distance": lambda: charts.plot_distance_to_threshold(sample.distances(), as_percent=True, **common("distance")),
    "intervals": lambda: charts.plot_dot_intervals(
        sample.intervals(), benchmark=0.6, as_percent=True, **common("intervals")
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_charts_describe_themselves_and_repeat(name):
    figure = CHARTS[name]()
    assert 20 <= len(figure.alt) <= 300
    assert figure.html() == CHARTS[name]().html()
    assert plt.get_fignums() == []


def test_the_matrix_writes_a_word_and_a_shape_in_every_cell():
    verdicts = pd.DataFrame(
        {"school": ["А", "А", "Б"], "criterion": ["К1", "К2", "К1"], "verdict": ["met", "not_met", "met"]}
    )
    figure = charts.plot_word_matrix(verdicts, **common("matrix"))
    words = [text.get_text().replace("\u00a0", " ") for text in figure.drawing.axes[0].texts]
    # the pair that is not in the frame was not assessed: never good by default
    assert words == ["■ есть", "□ нет", "■ есть", "◊ не определено"]
    assert figure.alt == "Критерии по школам: строк 2, столбцов 2. Клеток: есть – 2, нет – 1, не определено – 1."


def test_a_code_in_a_matrix_is_not_written_twice():
    risks = pd.DataFrame(
        {"school": ["А", "Б"], "risk": "Кадры", "level": ["unknown", "high"], "text": ["[скрыто]", "40 %"]}
    )
    drawn_matrix = charts.plot_word_matrix(
        risks, column="risk", code="level", vocabulary="risk", text="text", **common("risks")
    )
    words = [text.get_text().replace("\u00a0", " ") for text in drawn_matrix.drawing.axes[0].texts]
    assert words == ["[скрыто]", "40 %\n■ высокий"]


def test_a_matrix_of_many_criteria_keeps_the_shapes_and_explains_them():
    verdicts = pd.DataFrame(
        {"school": "А", "criterion": [f"К{i}" for i in range(12)], "verdict": ["met", "not_met", "not_assessed"] * 4}
    )
    axes = charts.plot_word_matrix(verdicts, **common("matrix")).drawing.axes[0]
    assert {text.get_text() for text in axes.texts} == {"■", "□", "◊"}
    assert "□ нет" in axes.get_xlabel()


def test_missing_values_are_written_not_dropped():
    distances = sample.distances()
    axes = charts.plot_distance_to_threshold(distances, **common("distance")).drawing.axes[0]
    assert sum("[нет данных]" in text.get_text() for text in axes.texts) == distances["margin"].isna().sum() == 2


def test_four_lines_may_be_singled_out_and_no_more():
    years = pd.DataFrame({"school": list("АБВГД") * 2, "year": [2020] * 5 + [2021] * 5, "value": range(10)})
    with pytest.raises(ValueError, match="не больше 4"):
        charts.plot_slope(years, highlight=tuple("АБВГД"), **common("slope"))


def test_a_bar_of_parts_of_which_one_is_unknown_is_not_drawn(monkeypatch):
    from shnor_lib.pages.charts import bars

    written = []
    monkeypatch.setattr(bars, "write_missing", lambda axes, x, positions: written.extend(positions))
    shares = pd.DataFrame({"label": ["А", "Б", "В"], "low": [0.3, 0.4, None], "high": [0.7, None, None]})
    words = {"name": "parts", "caption": "Части", "source": "", "numbers": "parts"}
    bars.plot_stacked_shares(shares, parts={"low": "ниже", "high": "выше"}, **words)
    assert written == [1, 2]


def test_a_hidden_cell_of_a_matrix_is_described_as_hidden_not_as_missing():
    cells = pd.DataFrame({"school": ["СОШ № 1", "СОШ № 2"], "criterion": "Кадры", "verdict": ["high", "hidden"]})
    told = charts.plot_word_matrix(cells, vocabulary="risk", **common("matrix")).alt
    assert "высокий – 1, [скрыто] – 1" in told and "нет данных" not in told
    assert "скрыто" not in charts.plot_word_matrix(cells.head(1), vocabulary="risk", **common("matrix")).alt
