"""Change against the others: by hand, by drawn truth, and what must not matter."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from shnor_lib.statistics.change import changes_against_others, holm
from shnor_lib.statistics.counts import beats_chance, chance_of_count

COHORT, PUPIL = 3.0, 17.4
SUBJECTS, GRADES = ("russian", "maths", "history"), (4, 5, 6, 7, 8)


def drawn(
    rng: np.random.Generator, schools: int, years: int = 2, moved: float = 0.0
) -> tuple[pd.DataFrame, np.ndarray]:
    """Results with the components of ВПР 2020; the first school changes by ``moved`` a year. And the pupils of a grade."""
    size = rng.integers(10, 90, schools)
    rows = []
    hard = rng.normal(55, 8, (len(GRADES), len(SUBJECTS), years))
    for school in range(schools):
        own, subject = rng.normal(0, 6.2), rng.normal(0, 3.5, len(SUBJECTS))
        cohort = rng.normal(0, COHORT, (len(GRADES), years))
        for grade, by_subject, year in np.argwhere(rng.random((len(GRADES), len(SUBJECTS), years)) > 0.1):
            people = max(1, round(size[school] * rng.uniform(0.8, 1.2)))
            value = hard[grade, by_subject, year] + own + subject[by_subject] + cohort[grade, year]
            value += rng.normal(0, PUPIL / np.sqrt(people)) + moved * year * (school == 0)
            name = f"{SUBJECTS[by_subject]}/{GRADES[grade]}"
            rows.append((school, name, f"{name} {year}", f"{grade} {year}", year, value, people))
    return pd.DataFrame(rows, columns=["unit", "series", "cell", "cohort", "time", "value", "people"]), size


def test_when_nothing_changed_any_false_alarm_is_rare_and_intervals_hold():
    rng, years, schools = np.random.default_rng(20211), 200, 12
    alarms = covered = 0
    for _ in range(years):
        found = changes_against_others(drawn(rng, schools)[0], COHORT, PUPIL)
        low, high = found.interval()
        alarms += (holm(found.p) <= 0.05).any()
        covered += ((low <= 0) & (high >= 0)).sum()
    assert alarms / years <= 0.05 + 1.65 * np.sqrt(0.05 * 0.95 / years)
    assert 0.93 <= covered / (years * schools) <= 0.97


def test_intervals_of_a_change_over_three_years_hold_it():
    rng, offices, schools = np.random.default_rng(7), 80, 12
    covered = 0
    for _ in range(offices):
        low, high = changes_against_others(drawn(rng, schools, years=3)[0], COHORT, PUPIL).interval()
        covered += ((low <= 0) & (high >= 0)).sum()
    assert 0.93 <= covered / (offices * schools) <= 0.97


def test_a_fall_of_ten_points_in_a_large_school_is_mostly_found():
    rng, found, large = np.random.default_rng(3), 0, 0
    for _ in range(80):
        rows, size = drawn(rng, 14, moved=-10.0)
        if size[0] >= 40:
            change = changes_against_others(rows, COHORT, PUPIL)
            large += 1
            found += holm(change.p)[0] <= 0.05 and change.change[0] < 0
    assert found / large > 0.85


def test_a_procedure_that_changed_for_everybody_changes_nobody():
    rows, _ = drawn(np.random.default_rng(1), 6)
    harder = rows.assign(value=rows["value"] - 15.0 * rows["series"].eq("maths/5") * rows["time"])
    own, other = (changes_against_others(one, COHORT, PUPIL) for one in (rows, harder))
    assert other.change == pytest.approx(own.change) and other.error == pytest.approx(own.error)


def test_order_of_rows_does_not_matter():
    rows, _ = drawn(np.random.default_rng(2), 6)
    own, other = (changes_against_others(one, COHORT, PUPIL) for one in (rows, rows.sample(frac=1, random_state=1)))
    assert other.change == pytest.approx(own.change)


def test_a_school_alone_in_its_procedures_is_compared_with_nobody():
    rows, _ = drawn(np.random.default_rng(4), 5)
    alone = rows[rows["unit"].eq(0)].assign(
        unit=9, series=lambda own: own["series"] + "x", cell=lambda own: own["cell"] + "x"
    )
    found = changes_against_others(pd.concat([rows, alone]), COHORT, PUPIL)
    assert np.isnan(found.change).tolist() == [False] * 5 + [True]
    assert found.change[:5] == pytest.approx(changes_against_others(rows, COHORT, PUPIL).change)


def test_against_a_known_level_a_school_stands_by_itself():
    rows = pd.DataFrame({"unit": "a", "series": "s", "cell": ["s0", "s1"], "cohort": ["0", "1"], "time": [0, 1]})
    found = changes_against_others(rows.assign(value=[2.0, -5.0], people=25.0), 3.0, 10.0, common_known=True)
    assert found.change.tolist() == pytest.approx([-7.0])
    assert found.error.tolist() == pytest.approx([np.sqrt(2 * (9 + 4))])


def test_nobody_and_one_year_have_no_change():
    rows, _ = drawn(np.random.default_rng(5), 3)
    assert changes_against_others(rows.iloc[:0], COHORT, PUPIL).change.size == 0
    assert np.isnan(changes_against_others(rows[rows["time"].eq(0)], COHORT, PUPIL).change).all()


def test_a_count_is_a_finding_only_above_what_luck_brings():
    assert chance_of_count(1, [0.5, 0.5]) == pytest.approx(0.75)
    assert chance_of_count(0, [0.3]) == 1.0
    assert not beats_chance(1, [0.05] * 14) and beats_chance(3, [0.05] * 14)


def test_components_that_are_estimates_make_tails_heavier_and_leave_the_change():
    rows, _ = drawn(np.random.default_rng(6), 5)
    known, told = (changes_against_others(rows, COHORT, PUPIL, freedom=freedom) for freedom in (1e6, 10.0))
    assert told.change == pytest.approx(known.change) and told.error == pytest.approx(known.error)
    assert told.p == pytest.approx(2 * stats.t.sf(np.abs(told.change) / told.error, 10)) and (told.p > known.p).all()
    low, high = told.interval()
    assert (high - low) / (2 * told.error) == pytest.approx(stats.t.ppf(0.975, 10))
    alone = changes_against_others(rows[rows["unit"].eq(0)], COHORT, PUPIL, common_known=True, freedom=10.0)
    assert alone.freedom == 10.0
