"""Marks draw what they say, on one scale, and stand in tables without going to files."""

import re

import pandas as pd
import pytest

from shnor_lib.pages.marks import Scale, bullet, interval, partition, sparkline, strip
from shnor_lib.pages.tables import Column, Table


def numbers_of(html: str, attribute: str) -> list[float]:
    return [float(found) for found in re.findall(rf'{attribute}="([\d.-]+)"', html)]


def test_a_scale_keeps_everything_inside_and_the_same_for_all_rows():
    scale = Scale.over([1.0, None, 5.0], 100, include=[0.0])
    assert (scale.at(0), scale.at(5), scale.at(99), scale.at(-99)) == (4.0, 96.0, 96.0, 4.0)
    assert Scale.over([None], 50).at(0) == 4.0


def test_a_year_without_a_value_leaves_a_gap():
    drawn = sparkline([1.0, None, 2.0, 3.0], Scale(0, 3, 60), "2018: 1, 2019: нет данных, 2020: 2, 2021: 3").html()
    assert drawn.count('class="line"') == 1 and drawn.count("<circle") == 3
    assert sparkline([None, None], Scale(0, 3, 60), "нет данных").shapes.count("<circle") == 0


def test_a_mark_is_named_and_what_it_says_is_text():
    drawn = interval(0.5, (0.4, 0.6), Scale(0, 1, 100), 'школа <script> "А"', references={"threshold": 0.3}).html()
    assert 'aria-label="школа &lt;script&gt; &quot;А&quot;"' in drawn and 'role="img"' in drawn


def test_bad_and_good_differ_by_shape_too():
    drawn = {
        tone: interval(0.5, (None, None), Scale(0, 1, 100), "", tone=tone).shapes for tone in ("value", "bad", "good")
    }
    assert len({re.sub('class="[a-z ]+"', "", shapes) for shapes in drawn.values()}) == 3


def test_points_that_say_something_lie_before_those_that_do_not():
    shapes = strip([(0.9, "good"), (0.5, "value"), (0.1, "bad")], Scale(0, 1, 100), "3 школы").shapes
    assert shapes.index("<circle") < shapes.index("<path") and shapes.count("<path") == 2


def test_a_goal_is_drawn_without_a_value():
    assert "threshold" in bullet(None, 0.5, None, Scale(0, 1, 100), "цель 50 %").shapes


def test_a_bar_falls_into_all_of_its_parts():
    drawn = partition(
        [("выполнено", 15, "first"), ("идут", 0, "second"), ("просрочены", 1, "alarm")], "15 и 1", width=200
    )
    assert re.findall(r">(\d+)</text>", drawn.shapes) == ["15", "1"]
    assert sum(numbers_of(drawn.shapes, "width")) == pytest.approx(200, abs=0.2)


def test_a_column_of_marks_stays_on_the_page_and_one_for_files_off_it():
    frame = pd.DataFrame({"school": ["А"], "drawn": [partition([("да", 2, "first")], "2 да")], "value": [2]})
    columns = {
        "school": Column("Школа"),
        "drawn": Column("Рисунок", "mark"),
        "value": Column("Значение", "count", in_file=True),
    }
    table = Table(frame, "t", "Одна школа", columns)
    assert "Значение" not in table.html() and 'aria-label="2 да"' in table.html()
    assert [field["label"] for field in table.payload()["fields"]] == ["Школа", "Значение"]
