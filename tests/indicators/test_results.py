"""Results: marks, the 100-point scale, two levels of maths, and the programmes built on them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from shnor_lib.indicators import catalogue
from shnor_lib.indicators.attestation import maximum_programme_flag, minimum_programme_flag
from shnor_lib.indicators.formulas import example
from shnor_lib.indicators.results import (
    below_minimum_rate,
    mean_percent,
    pass_rate,
)


def of(exam: str, subject: str, grade: int, **columns: object) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return example(exam=[exam] * size, subject=[subject] * size, grade=[grade] * size, **columns)


def by_part(rows: pd.DataFrame) -> dict[str, float]:
    return dict(zip(rows["part"], rows["value"], strict=True))


def test_marks_of_one_class() -> None:
    # 2 + 8 + 6 + 4 = 20 participants
    oge = of("OGE", "maths", 9, mark_2=[2], mark_3=[8], mark_4=[6], mark_5=[4])
    assert pass_rate(oge)["value"].tolist() == [18 / 20]
    assert catalogue()["quality_rate"].on(oge)["value"].tolist() == [10 / 20]
    assert catalogue()["learning_index"].on(oge)["value"].tolist() == [(400 + 384 + 288 + 32) / 20]
    assert below_minimum_rate(oge)["value"].tolist() == [2 / 20]
    assert below_minimum_rate(oge)["denominator"].tolist() == [20]


def test_given_participants_count_before_the_sum_of_marks() -> None:
    oge = of("OGE", "maths", 9, participants=[25], mark_2=[2], mark_3=[8], mark_4=[6], mark_5=[4])
    assert catalogue()["quality_rate"].on(oge)["value"].tolist() == [10 / 25]


def test_ege_counts_those_below_the_certificate_minimum() -> None:
    ege = of("EGE", "physics", 11, participants=[20], below_minimum=[3], mark_2=[9])
    assert by_part(below_minimum_rate(ege)) == {"EGE/physics/11": 3 / 20}
    assert by_part(pass_rate(ege)) == {"EGE/physics/11": 17 / 20}
    assert catalogue()["quality_rate"].on(ege).empty, "the 100-point scale has no marks"
    assert catalogue()["learning_index"].on(ege).empty


def test_marked_exams_have_no_rows_of_the_hundred_point_scale() -> None:
    assert catalogue()["score_80_plus_rate"].on(of("VPR", "maths", 5, participants=[20], score_80_plus=[3])).empty
    assert catalogue()["score_80_plus_rate"].on(of("EGE", "maths_base", 11, participants=[20], score_80_plus=[3])).empty


def test_base_maths_goes_by_marks() -> None:
    base = of("EGE", "maths_base", 11, participants=[10], mark_2=[1], mark_4=[4], mark_5=[3])
    assert by_part(catalogue()["quality_rate"].on(base)) == {"EGE/maths_base/11": 7 / 10}
    assert by_part(below_minimum_rate(base))["EGE/maths_base/11"] == 1 / 10


def test_base_maths_is_a_mark_and_no_per_cent_of_the_maximum() -> None:
    scores = {"participants": [10], "mean_score": [3.8], "max_score": [5]}
    assert mean_percent(of("EGE", "maths_base", 11, **scores)).empty
    assert by_part(mean_percent(of("EGE", "maths", 11, participants=[10], mean_score=[48]))) == {"EGE/maths/11": 48}


def test_two_levels_of_maths_stand_together() -> None:
    ege = example(
        school_id=["1", "1", "2", "3", "3", "4", "4"],
        exam=["EGE"] * 7,
        subject=["maths", "maths_base", "maths", "maths", "maths_base", "maths", "maths_base"],
        grade=[11] * 7,
        participants=[10, 30, 8, 6, 4, None, 5],
        below_minimum=[2, None, 4, 1, None, None, None],
        mark_2=[None, 6, None, None, None, None, 1],
    )
    together = below_minimum_rate(ege)
    together = together[together["part"] == "EGE/maths_any/11"].set_index("school_id")
    assert together.loc["1", "value"] == (2 + 6) / (10 + 30)
    assert together.loc["2", "value"] == 4 / 8, "one level stands for both"
    assert math.isnan(together.loc["3", "value"]), "a level without its count leaves the whole unknown"
    assert together.loc[["3", "4"], "denominator"].isna().tolist() == [False, True]
    assert together.loc["4", "cause"] == "not_delivered", "an unknown number of participants is not nobody"


def test_a_given_common_row_of_maths_is_not_made_twice() -> None:
    ege = example(
        school_id=["1", "1"],
        exam=["EGE"] * 2,
        subject=["maths", "maths_any"],
        grade=[11] * 2,
        participants=[10, 40],
        below_minimum=[2, 8],
    )
    rows = below_minimum_rate(ege)
    assert rows.loc[rows["part"] == "EGE/maths_any/11", "value"].tolist() == [8 / 40]


def test_below_minimum_column_stands_in_for_an_absent_mark() -> None:
    assert by_part(below_minimum_rate(of("VPR", "maths", 5, participants=[20], below_minimum=[5]))) == {
        "VPR/maths/5": 0.25
    }


@pytest.mark.parametrize(("largest", "expected"), [(40, 30.0), (0, math.nan), (None, math.nan)])
def test_percent_of_the_maximum(largest: float | None, expected: float) -> None:
    value = mean_percent(of("VPR", "maths", 5, participants=[20], mean_score=[12], max_score=[largest]))["value"].item()
    assert value == pytest.approx(expected, nan_ok=True)


def test_minimum_programme_needs_both_subjects() -> None:
    oge = example(
        school_id=["1", "1", "2", "2", "3"],
        exam=["OGE"] * 5,
        subject=["russian", "maths"] * 2 + ["maths"],
        grade=[9] * 5,
        participants=[20] * 5,
        mark_2=[0, 0, 0, 2, 0],
    )
    rows = minimum_programme_flag(oge).set_index("school_id")
    assert rows.loc[["1", "2"], "value"].tolist() == [1, 0]
    assert math.isnan(rows.loc["3", "value"])
    assert rows.loc["3", "note"] == "нет результата по обязательному предмету"


def test_minimum_programme_of_ege_takes_either_level_of_maths() -> None:
    ege = example(
        school_id=["1"] * 3,
        exam=["EGE"] * 3,
        subject=["russian", "maths", "maths_base"],
        grade=[11] * 3,
        participants=[20, 5, 15],
        below_minimum=[0, 0, None],
        mark_2=[None, None, 1],
    )
    assert by_part(minimum_programme_flag(ege)) == {"EGE": 0}


def test_maximum_programme_compares_with_the_region_of_the_same_year() -> None:
    oge = example(
        level=["school"] * 4 + ["region"] * 4,
        school_id=["1", "1", "1", "1"] + [""] * 4,
        year=[2019, 2019, 2021, 2021] * 2,
        exam=["OGE"] * 8,
        subject=["russian", "maths"] * 4,
        grade=[9] * 8,
        mean_score=[28, 16, 28, 14, 27, 16, 27, 15],
    )
    assert maximum_programme_flag(oge)["value"].tolist() == [1, 0]


def test_maximum_programme_without_a_region_is_unknown() -> None:
    oge = of("OGE", "russian", 9, mean_score=[28.0])
    assert maximum_programme_flag(oge)["value"].isna().all()
