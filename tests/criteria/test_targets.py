"""Target indicators with hand-made numbers: every formula, every goal, every state (rows Z3, Z4, H1, I1, I2, L14, K2)."""

import pandas as pd
import pytest

from shnor_lib.criteria.targets import evaluate_targets, history_of_targets
from shnor_lib.indicators import Store
from shnor_lib.params.profiles import Target


def rows(*values) -> Store:
    """Indicators of rows of (school or level, indicator, year, value, denominator)."""
    frame = pd.DataFrame(values, columns=["who", "indicator", "year", "value", "denominator"])
    above = frame["who"].isin(["region", "country"])
    long = frame.assign(
        municipality="m",
        level=frame["who"].where(above, "school"),
        group="",
        school_id=frame["who"].where(~above, ""),
        numerator=frame["value"] * frame["denominator"],
        note="",
    )
    return Store.of_long(long)


LISTS = pd.DataFrame(
    {
        "school_id": ["a", "b", "c", "d"],
        "category": "low_results",
        "identified": ["yes", "yes", "no", "insufficient_data"],
    }
)


def target(**fields) -> Target:
    return Target.model_validate({"title": "т", "reference": "р"} | fields)


def state(one: Target, indicators: Store, year: int = 2021) -> pd.Series:
    history = history_of_targets({"t": one}, indicators, LISTS, 4, year)
    return evaluate_targets({"t": one}, history, indicators, year).iloc[0]


def test_Z3_pooled_over_all_schools_weighs_by_participants():
    one = target(
        indicator="below_minimum_rate", parts=["VPR/*/*"], schools="all", goal="at_most", value=0.10, year=2023
    )
    found = state(
        one,
        rows(
            ("a", "below_minimum_rate[VPR/maths/5]", 2021, 0.2, 30),
            ("c", "below_minimum_rate[VPR/maths/5]", 2021, 0.0, 70),
        ),
    )
    assert found["value"] == pytest.approx(0.06) and found["denominator"] == 100 and found["state"] == "fulfilled"


def test_Z3_share_of_low_result_schools_is_counted_over_all_schools():
    found = state(
        target(formula="share_identified", goal="at_most", value=0.14, year=2023),
        rows(("a", "distance_km", 2021, 1, 1)),
    )
    assert found["value"] == 0.5 and (found["numerator"], found["denominator"]) == (2, 4)


def test_H1_only_schools_of_the_category_count():
    one = target(indicator="teachers_trained_3y_rate", goal="at_least", value=1.0, year=2023)
    found = state(
        one, rows(("a", "teachers_trained_3y_rate", 2021, 1.0, 10), ("c", "teachers_trained_3y_rate", 2021, 0.1, 90))
    )
    assert found["value"] == 1.0 and found["state"] == "fulfilled"


@pytest.mark.parametrize(
    ("values", "year", "expected"),
    [
        ({2021: 0.20}, 2021, "start"),  # the first year is where counting starts
        ({2019: 0.20, 2021: 0.15}, 2021, "on_track"),  # half of the way in half of the time
        ({2019: 0.20, 2021: 0.16}, 2021, "off_track"),
        ({2019: 0.20, 2021: 0.10}, 2021, "fulfilled"),  # exactly at the goal
        ({2019: 0.20, 2023: 0.11}, 2023, "off_track"),  # the year of the goal has come
        ({2019: 0.20}, 2021, "no_data"),  # no value this year is no fulfilled promise
    ],
)
def test_state_on_the_straight_way_to_the_goal(values, year, expected):
    one = target(indicator="vacancies_rate", schools="all", goal="at_most", value=0.10, year=2023)
    assert (
        state(one, rows(*[("a", "vacancies_rate", when, value, 20) for when, value in values.items()]), year)["state"]
        == expected
    )


def test_I1_share_of_schools_that_meet_a_condition():
    one = target(
        indicator="internet_mbps",
        schools="all",
        formula="share_of_schools",
        condition=["at_least", 100],
        goal="at_least",
        value=0.5,
        year=2022,
    )
    found = state(
        one,
        rows(
            ("a", "internet_mbps", 2021, 100, 1),
            ("b", "internet_mbps", 2021, 50, 1),
            ("c", "internet_mbps", 2021, 10, 1),
        ),
    )
    assert found["value"] == pytest.approx(1 / 3) and found["numerator"] == 1


def test_I2_minimum_programme_needs_every_exam_of_the_school():
    one = target(
        indicator="minimum_programme_flag",
        parts=["*"],
        schools="all",
        formula="share_of_schools",
        condition=["at_least", 1.0],
        goal="at_least",
        value=1.0,
        year=2022,
    )
    name = "minimum_programme_flag[{}]"
    found = state(
        one,
        rows(
            ("a", name.format("OGE"), 2021, 1.0, 1),
            ("a", name.format("EGE"), 2021, 0.0, 1),
            ("b", name.format("OGE"), 2021, 1.0, 1),
        ),
    )
    assert found["value"] == 0.5


def test_Z4_share_of_schools_better_than_the_year_before():
    one = target(indicator="mean_percent", parts=["VPR/*/*"], schools="all", formula="share_improved", goal="improves")
    name = "mean_percent[VPR/maths/5]"
    history = rows(
        ("a", name, 2020, 50, 20),
        ("a", name, 2021, 55, 20),
        ("b", name, 2020, 50, 20),
        ("b", name, 2021, 45, 20),
        ("c", name, 2021, 90, 20),
    )
    improved = history_of_targets({"t": one}, history, LISTS, 4, 2021)
    assert improved[["year", "value", "denominator"]].values.tolist() == [[2021, 0.5, 2]]


@pytest.mark.parametrize(
    ("before", "now", "expected", "words"),
    [
        ((0.05, 104), (0.06, 107), "same", "без заметных изменений с 2020 года (5 из 104 и 6 из 107)"),
        ((0.05, 104), (0.05, 104), "same", "без заметных изменений"),
        ((0.30, 400), (0.15, 400), "on_track", "лучше, чем в 2020 году; число"),
        ((0.15, 400), (0.30, 400), "off_track", "хуже, чем в 2020 году; число"),
        ((0.30, None), (0.29, None), "on_track", "насколько это случайно, не определить"),
    ],
)
def test_a_direction_is_kept_only_beyond_chance(before, now, expected, words):
    one = target(indicator="below_minimum_rate", parts=["VPR/*/*"], schools="all", goal="improves")
    name = "below_minimum_rate[VPR/maths/5]"
    found = state(one, rows(("a", name, 2020, *before), ("a", name, 2021, *now)))
    assert found["state"] == expected and words in found["reason"]


@pytest.mark.parametrize("answers", [["insufficient_data", "insufficient_data"], []])
def test_a_list_of_which_nothing_is_known_is_no_achievement(answers):
    lists = pd.DataFrame({"school_id": list("ab")[: len(answers)], "category": "low_results", "identified": answers})
    one = target(formula="share_identified", goal="at_most", value=0.14, year=2023)
    history = history_of_targets({"t": one}, rows(("a", "roadmap_flag", 2021, 1.0, 1)), lists, 4, 2021)
    found = evaluate_targets({"t": one}, history, rows(("a", "roadmap_flag", 2021, 1.0, 1)), 2021).iloc[0]
    assert found["state"] == "no_data" and "нет вывода о категории" in found["reason"]


def test_K2_gap_between_the_most_and_the_least_successful_school_shrinks():
    one = target(indicator="learning_quality_rate", parts=["*/all"], schools="all", formula="gap", goal="improves")
    name = "learning_quality_rate[basic/all]"
    history = rows(
        ("a", name, 2020, 0.2, 50), ("b", name, 2020, 0.8, 50), ("a", name, 2021, 0.3, 50), ("b", name, 2021, 0.8, 50)
    )
    found = state(one, history)
    assert (
        found["value"] == pytest.approx(0.5)
        and found["first_value"] == pytest.approx(0.6)
        and found["state"] == "on_track"
    )


def test_K2_a_year_with_one_school_is_no_gap_to_compare_with():
    one = target(indicator="learning_quality_rate", parts=["*/all"], schools="all", formula="gap", goal="improves")
    name = "learning_quality_rate[basic/all]"
    history = rows(("a", name, 2020, 0.2, 50), ("a", name, 2021, 0.3, 50), ("b", name, 2021, 0.8, 50))
    found = state(one, history)
    assert found["value"] == pytest.approx(0.5) and found["first_year"] == 2021
    assert found["state"] == "start" and "первый год наблюдений" in found["reason"]


@pytest.mark.parametrize(("value", "expected"), [(0.08, "fulfilled"), (0.10, "fulfilled"), (0.11, "off_track")])
def test_L14_failing_pupils_not_above_the_region(value, expected):
    one = target(
        indicator="below_minimum_rate", parts=["OGE/maths/9"], schools="all", goal="not_worse_than", benchmark="region"
    )
    name = "below_minimum_rate[OGE/maths/9]"
    assert state(one, rows(("a", name, 2021, value, 100), ("region", name, 2021, 0.10, 9000)))["state"] == expected


def test_no_data_names_the_table_that_would_help():
    found = state(
        target(indicator="roadmap_flag", goal="at_least", value=1.0, year=2022),
        rows(("c", "roadmap_flag", 2021, 1.0, 1)),
    )
    assert found["state"] == "no_data" and "«Условия и поддержка» (conditions)" in found["reason"]


@pytest.mark.parametrize(
    "fields",
    [
        {"indicator": "roadmap_flag", "goal": "at_least"},
        {"indicator": "roadmap_flag", "goal": "not_worse_than"},
        {"indicator": "roadmap_flag", "goal": "improves", "formula": "share_of_schools"},
        {"goal": "improves"},
    ],
)
def test_half_a_target_is_refused(fields):
    with pytest.raises(ValueError):
        target(**fields)
