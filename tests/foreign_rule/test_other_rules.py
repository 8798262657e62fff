"""Rules of the kinds that other countries have, each stated in a method file without a trick; the schools are invented, sums by hand."""

from pathlib import Path

import pandas as pd
import pytest

from shnor_lib.office.judging import Judged, judge
from shnor_lib.params.reading import read_method
from tests.foreign_rule.test_foreign_rule import population_of

HERE = Path(__file__).parent
YEAR = 2024


def judged(method: str, columns: list[str], schools: dict[str, list], before: dict[str, list] | None = None) -> Judged:
    """Schools judged by a method; ``before``: their figures of the year before."""
    frames = [
        pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        .rename_axis("agency_code")
        .reset_index()
        .assign(year=year)
        for year, rows in ((YEAR, schools), (YEAR - 1, before or {}))
        if rows
    ]
    return judge(read_method(HERE, method), population_of(pd.concat(frames, ignore_index=True)), YEAR)


def answers(found: Judged) -> dict[str, str]:
    rows = found.identification
    return dict(zip(rows["school_id"], rows["identified"], strict=True))


def reasons(found: Judged, criterion: str) -> dict[str, str]:
    rows = found.verdicts[found.verdicts["criterion"].eq(criterion)]
    return dict(zip(rows["school_id"], rows["reason"], strict=True))


def test_the_better_of_two_domains_and_thresholds_of_each_kind_of_school():
    found = judged(
        "like-texas",
        ["highest_grade", "achievement", "progress", "closing_gaps"],
        {
            "t1": [11, 75, 60, 80],  # 0.7·75 + 0.3·80 = 76.5 → 77, C; only progress below 70
            "t2": [11, 60, 72, 62],  # 0.7·72 + 0.3·62 = 69 → D
            "t3": [11, 69, 90, 69],  # 0.7·90 + 0.3·69 = 83.7, B, but achievement and gaps are below
            "t4": [9, 69, 90, 69],  # the same without grades 10 and 11: only gaps are below
            "t5": [4, 59, 75, 72],  # 74.1, C; achievement alone below the 60 of primary schools
            "t6": [11, None, 90, 90],  # achievement could be higher than 90; two of three below it cannot be
            "t7": [11, 50, 50, None],  # at best 0.7·50 + 0.3·100 = 65, and two domains are below already
            "t8": [11, 70, None, 90],  # progress could raise the score; it alone cannot be two
            "t9": [11, 69.4, 69.5, 70],  # 69.5 rounds to 70: 70, C; both below
        },
    )
    assert answers(found) == {
        "t1": "no",
        "t2": "yes",
        "t3": "yes",
        "t4": "no",
        "t5": "no",
        "t6": "insufficient_data",
        "t7": "yes",
        "t8": "insufficient_data",
        "t9": "yes",
    }
    told = reasons(found, "low_overall")
    assert told["t1"].startswith("оценка C (от 70, ниже 80)") and "до сравнения округлено: 77" in told["t1"]
    assert reasons(found, "low_achievement")["t5"].startswith("меньше порога для школ «4» (старший класс): 60")
    title = read_method(HERE, "like-texas").criteria["low_achievement"].title
    assert title == "Достижения ниже границы своего вида школ (4 класса – 60, 9 классов – 55, 11 классов – 70)"


def test_points_of_what_a_school_has_and_a_grade_two_years_running():
    columns = ["reading_points", "maths_points", "acceleration_points", "has_acceleration", "tested"]
    found = judged(
        "like-florida",
        columns,
        {
            "f1": [30, 33, None, 0, 99],  # 31.5 → 32, D; the year before C
            "f2": [30, 32, None, 0, 99],  # 31, F
            "f3": [30, 33, None, 0, 99],  # D, and D before
            "f4": [30, 30, 90, 1, 99],  # 50, C
            "f5": [30, 30, None, 1, 99],  # acceleration is not known
            "f6": [30, 30, 10, None, 99],  # whether it has acceleration is not known
            "f7": [20, 20, None, 0, 94],  # F, but too few were tested
            "f8": [20, 20, None, 0, None],  # F, and nobody knows how many were tested
            "f9": [30, 33, None, 0, 99],  # D, the year before is not known
        },
        {
            "f1": [45, 45, None, 0, 99],
            "f2": [90, 90, None, 0, 99],
            "f3": [40, 40, None, 0, 99],
            "f4": [20, 20, 20, 1, 99],
            "f5": [90, 90, None, 0, 99],
            "f6": [90, 90, None, 0, 99],
            "f7": [20, 20, None, 0, 99],
            "f8": [20, 20, None, 0, 99],
        },
    )
    assert answers(found) == {
        "f1": "no",
        "f2": "yes",
        "f3": "yes",
        "f4": "no",
        "f5": "insufficient_data",
        "f6": "insufficient_data",
        "f7": "no",
        "f8": "insufficient_data",
        "f9": "insufficient_data",
    }


def test_parts_of_a_school_weigh_by_their_pupils():
    columns = ["lower_performance", "lower_growth", "upper_performance", "graduates", "lower_pupils", "upper_pupils"]
    found = judged(
        "like-indiana",
        columns,
        {
            "i1": [60, 130, 50, 55, 300, 100],  # lower (60 + 100)/2 = 80, upper 20 + 33 = 53: (240 + 53)/4 = 73.25, C
            "i2": [60, 130, 50, 55, 100, 300],  # the same parts, other numbers: (80 + 159)/4 = 59.75 → 59.8, F
            "i3": [60, 130, None, None, 200, 0],  # no upper grades: 80, B
            "i4": [60, 130, None, None, 200, 5],  # upper grades without results
            "i5": [60, 130, 50, 55, 300, None],  # nobody knows how many pupils are there
            "i6": [60, 79.9, None, None, 200, 0],  # 69.95 rounds to 70.0: C
            "i7": [60, 79.8, None, None, 200, 0],  # 69.9: D
        },
    )
    assert answers(found) == {
        "i1": "no",
        "i2": "yes",
        "i3": "no",
        "i4": "insufficient_data",
        "i5": "insufficient_data",
        "i6": "no",
        "i7": "yes",
    }
    scores = found.index_rows[found.index_rows["indicator"].eq("whole")].set_index("school_id")["value"]
    assert scores["i1"] == pytest.approx(73.25) and scores["i2"] == pytest.approx(59.75)


def test_every_school_is_in_one_of_five_categories():
    schools = {"a": [80], "b": [79.5], "c": [79.4], "d": [50], "e": [49.4], "f": [35], "g": [0], "h": [None]}
    found = judged("five-grades", ["score"], schools).identification
    own = found[found["identified"].eq("yes")].set_index("school_id")["category"].to_dict()
    assert own == {
        "a": "grade_excellent",
        "b": "grade_excellent",
        "c": "grade_good",
        "d": "grade_enough",
        "e": "grade_weak",
        "f": "grade_weak",
        "g": "grade_critical",
    }
    unknown = found[found["school_id"].eq("h")]
    assert len(unknown) == 5 and unknown["identified"].eq("insufficient_data").all()
    words = [read_method(HERE, "five-grades").words(name).title for name in found["category"].unique()]
    assert words[:2] == ["Отличные школы", "Хорошие школы"]
