"""The words of a row's rule: sums, multiples, differences, borders and weighed means, on three rows each."""

from __future__ import annotations

import math

import pytest

from shnor_lib.indicators import catalogue
from shnor_lib.indicators.formulas import example

OGE = {"exam": ["OGE"] * 3, "subject": ["maths"] * 3, "grade": [9] * 3}
EGE = {"exam": ["EGE"] * 3, "subject": ["physics"] * 3, "grade": [11] * 3}
JOURNAL = {"stage": ["basic"] * 3, "subject": ["maths"] * 3}
MARKS = {"mark_2": [1, 0, 0], "mark_3": [1, 0, 0], "mark_4": [1, 0, 5], "mark_5": [1, 0, None]}
NONE = math.nan


@pytest.mark.parametrize(
    ("name", "columns", "values", "notes"),
    [
        (
            "quality_rate",
            OGE | {"participants": [20, 0, 10], "mark_4": [6, 0, 2], "mark_5": [4, 0, None]},
            [0.5, NONE, NONE],
            ["", "участники: ноль", "не указано: отметки «4» и «5»"],
        ),
        ("learning_index", OGE | MARKS, [54.0, NONE, NONE], ["", "участники: ноль", None]),
        ("mean_mark", OGE | MARKS, [3.5, NONE, NONE], ["", "участники: ноль", None]),
        (
            "mean_score",
            EGE | {"mean_score": [48.5, 50, None], "participants": [10, 0, 5]},
            [48.5, NONE, NONE],
            None,
        ),
        ("score_sd", EGE | {"score_sd": [4.5, 3, None], "participants": [20, 0, 9]}, [4.5, NONE, NONE], None),
        (
            "learning_quality_rate",
            JOURNAL | {"mark_4": [6, 0, 5], "mark_5": [4, 0, None], "pupils": [20, 0, 20]},
            [0.5, NONE, NONE],
            None,
        ),
        (
            "teachers_first_or_highest_category_rate",
            {"category_first": [2, 1, None], "category_highest": [1, 0, 2], "pedagogues": [20, 0, 10]},
            [0.15, NONE, NONE],
            None,
        ),
        (
            "staffing_completeness_rate",
            {"vacancies": [1.5, 1, None], "positions": [30, 0, 20]},
            [0.95, NONE, NONE],
            None,
        ),
        ("schools_count", {"name": ["А", "Б", "В"]}, [1, 1, 1], None),
        ("secondary_school_flag", {"kind": ["СОШ", "ООШ", None]}, [1, 0, NONE], None),
        ("distance_km", {"distance_km": [0, 42.5, None]}, [0, 42.5, NONE], None),
        ("second_shift_school_flag", {"second_shift_pupils": [40, 0, None]}, [1, 0, NONE], None),
        ("internet_mbps", {"internet_mbps": [100, 0.5, None]}, [100, 0.5, NONE], None),
        ("internet_1_mbps_flag", {"internet_mbps": [1, 0.5, None]}, [1, 0, NONE], None),
        (
            "journal_spearman",
            {"exam": ["VPR"] * 3, "subject": ["maths"] * 3, "grade": [5] * 3, "spearman": [0.6, -0.1, None]},
            [0.6, -0.1, NONE],
            None,
        ),
    ],
)
def test_a_declared_row_gives_what_its_formula_says(name, columns, values, notes):
    rows = catalogue()[name].on(example(**columns))
    assert rows["value"].tolist() == pytest.approx(values, nan_ok=True)
    assert rows.loc[rows["value"].isna(), "cause"].ne("").all(), "whoever makes a value unknown says why"
    assert rows["numerator"].tolist()[0] == pytest.approx(values[0] * rows["denominator"].tolist()[0], nan_ok=True)
    for told, wanted in zip(rows["note"], notes or [], strict=False):
        assert wanted is None or told.casefold() == wanted.casefold()
