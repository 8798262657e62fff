"""The rating of January beside that of June (row Z5), on results of one's own."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses import ratings
from shnor_lib.analyses.standing import ResultCells
from shnor_lib.params.methods import ResultComponents
from shnor_lib.params.profiles import RatingDates, ResultsReading
from tests.shipped import shipped

SCHOOLS = ["a", "b", "c"]


def cells(values: list[list[float]], subjects: list[str], people: float = 200.0, year: int = 2021) -> ResultCells:
    numbers = np.array(values, dtype=float)
    names = np.array(subjects, dtype=object)
    return ResultCells(
        numbers, np.full(numbers.shape, people), names, names.astype(str), names, np.full(len(names), year)
    )


def test_Z5_results_of_last_year_stand_only_where_a_school_has_nothing_newer_of_the_subject():
    newer = cells([[50.0], [60.0], [np.nan]], ["maths"])
    older = cells([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], ["maths", "russian"], year=2020)
    kept = ratings.without_newer(older, newer)
    assert kept.values[:, 1].tolist() == [2.0, 4.0, 6.0]
    assert np.isnan(kept.values[:2, 0]).all() and kept.values[2, 0] == 5.0


def test_Z5_tests_come_before_the_register_and_the_latest_wave_before_the_earlier():
    def row(school: str, indicator: str, wave: str, value: float) -> dict[str, object]:
        return {
            "level": "school", "school_id": school, "indicator": indicator, "wave": wave, "value": value, "denominator": 100.0,
        }  # fmt: skip

    waves = [row(school, "quality_rate[RKR/maths/5]", wave, value) for school, wave, value in (
        ("a", "entry", 0.9), ("a", "interim", 0.5), ("b", "entry", 0.5), ("c", "final", 0.7))]  # fmt: skip
    waves += [row(school, "learning_quality_rate[basic/maths]", "interim", 0.5) for school in SCHOOLS]
    waves += [row(school, "learning_quality_rate[basic/all]", "interim", 0.4) for school in SCHOOLS]
    office = SimpleNamespace(
        waves=pd.DataFrame(waves),
        schools=pd.DataFrame({"school_id": SCHOOLS}),
        profile=SimpleNamespace(rating=RatingDates()),
        method=SimpleNamespace(robustness=SimpleNamespace(components=ResultComponents())),
        year=2021,
    )
    found, told = ratings.wave_cells(office)
    assert told == ("entry", "interim")
    assert found.procedure.tolist() == ["RKR/maths/5", "basic/maths"]
    assert found.values[0, 0] == pytest.approx(found.values[1, 0])  # 0.5 of both: the interim wave of «a» counts
    assert np.isnan(found.values[2, 0])  # the final wave is not known in January
    assert np.isnan(found.values[:2, 1]).all() and not np.isnan(found.values[2, 1])


@pytest.mark.parametrize(("second", "moved"), [(75.0, "rise"), (50.0, "none")])
def test_Z5_a_school_has_moved_only_beyond_chance(monkeypatch, second, moved):
    schools = [f"{number:02d}" for number in range(12)]

    def rating_of(score: float) -> pd.DataFrame:
        scores = np.zeros(len(schools))
        scores[3] = score - 50
        frame = pd.DataFrame({"school_id": schools, "score": scores, "error": 3.0, "group": "not_told_apart"})
        return frame.assign(**dict.fromkeys(("procedures", "place", "place_low", "place_high"), 1.0))

    monkeypatch.setattr(ratings, "wave_cells", lambda office: (cells([[1.0]] * 12, ["maths"]), ("interim",)))
    monkeypatch.setattr(ratings, "_year_before", lambda office: cells([[1.0]] * 12, ["russian"]))
    monkeypatch.setattr(ratings, "rating", lambda *args, **kwargs: rating_of(50.0))
    monkeypatch.setattr(ratings, "year_rating", lambda office: rating_of(second))
    office = SimpleNamespace(
        schools=pd.DataFrame({"school_id": schools}),
        method=SimpleNamespace(robustness=SimpleNamespace(components=ResultComponents(), seed=1)),
        profile=SimpleNamespace(results=ResultsReading()),
    )
    found = ratings.half_years(office)
    assert found.carried and found.schools["moved"].tolist() == ["none"] * 3 + [moved] + ["none"] * 8


def test_Z5_the_first_rating_of_a_year_without_anything_before_is_not_known():
    found = ratings.half_years(shipped("demo", 2019))
    assert found.waves == () and not found.carried
    assert found.schools["moved"].eq("not_compared").all() and found.schools["second_place"].notna().all()
