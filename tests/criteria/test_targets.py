"""Target indicators with hand-made numbers: every formula, every goal, every state (rows Z3, Z4, H1, I1, I2, L14, K2)."""

import pandas as pd
import pytest

from shnor_lib.criteria.targets import Lists, evaluate_targets, history_of_targets
from shnor_lib.indicators import Store
from shnor_lib.indicators.formulas import State
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
        "needs": ["", "", "", "exam_results.mark_2"],
    }
)


def target(**fields) -> Target:
    """A target; of the list of low results unless it says of whom, as the rules of an office have it where its profile says nothing."""
    return Target.model_validate({"title": "т", "reference": "р", "schools": "low_results"} | fields)


def state(one: Target, indicators: Store, year: int = 2021, lists: dict | None = None) -> pd.Series:
    known = {each: Lists.of(frame, indicators, 4) for each, frame in (lists or {year: LISTS}).items()}
    history = history_of_targets({"t": one}, indicators, known, year)
    return evaluate_targets({"t": one}, history, indicators, known, year).iloc[0]


def named(*schools: str, of: str = "abcd") -> pd.DataFrame:
    """The list of a year: these schools of all."""
    answers = ["yes" if school in schools else "no" for school in of]
    return pd.DataFrame({"school_id": list(of), "category": "low_results", "identified": answers, "needs": ""})


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
    assert found["value"] == pytest.approx(0.06) and found["denominator"] == 100 and found["state"] == "held"


def test_Z3_share_of_low_result_schools_is_counted_over_all_schools():
    found = state(
        target(formula="share_identified", goal="at_most", value=0.14, year=2023),
        rows(("a", "distance_km", 2021, 1, 1)),
    )
    assert found["value"] == 0.5 and (found["numerator"], found["denominator"]) == (2, 4)


@pytest.mark.parametrize(("answers", "words"), [(LISTS, "доля – от 50,0 до 75,0 %"), (named("a", "b"), "")])
def test_a_share_of_listed_schools_says_what_it_may_be_where_schools_have_no_answer(answers, words):
    one = target(formula="share_identified", goal="at_most", value=0.14, year=2023)
    reason = state(one, rows(("a", "distance_km", 2021, 1, 1)), lists={2021: answers})["reason"]
    assert words in reason and ("доля" in reason) == bool(words)


def test_H1_only_schools_of_the_category_count():
    one = target(indicator="teachers_trained_3y_rate", goal="at_least", value=1.0, year=2023)
    found = state(
        one, rows(("a", "teachers_trained_3y_rate", 2021, 1.0, 10), ("c", "teachers_trained_3y_rate", 2021, 0.1, 90))
    )
    assert found["value"] == 1.0 and found["denominator"] == 10 and (found["schools"], found["of_schools"]) == (1, 2)


@pytest.mark.parametrize(
    ("values", "year", "expected"),
    [
        ({2021: 0.20}, 2021, "start"),  # the first year is where counting starts
        ({2019: 0.20, 2021: 0.15}, 2021, "on_track"),  # half of the way in half of the time
        ({2019: 0.20, 2021: 0.16}, 2021, "off_track"),
        ({2019: 0.20, 2021: 0.19}, 2021, "off_track"),  # no change, and not where it should be
        ({2019: 0.20, 2021: 0.10}, 2021, "fulfilled"),  # exactly at the goal
        ({2019: 0.09, 2021: 0.10}, 2021, "held"),  # the goal was there before
        ({2019: 0.20, 2023: 0.11}, 2023, "off_track"),  # the year of the goal has come
        ({2019: 0.20}, 2021, "no_data"),  # no value this year is no fulfilled promise
    ],
)
def test_state_on_the_straight_way_to_the_goal(values, year, expected):
    one = target(indicator="vacancies_rate", schools="all", goal="at_most", value=0.10, year=2023)
    assert (
        state(one, rows(*[("a", "vacancies_rate", when, value, 2000) for when, value in values.items()]), year)["state"]
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


def test_a_step_on_the_way_that_chance_would_bring_is_no_change():
    one = target(indicator="vacancies_rate", schools="all", goal="at_most", value=0.10, year=2023)
    found = state(one, rows(("a", "vacancies_rate", 2019, 0.2, 20), ("a", "vacancies_rate", 2021, 0.15, 20)))
    assert found["state"] == "same" and found["expected"] == pytest.approx(0.15)


def test_Z4_share_of_schools_better_than_the_latest_year_that_is_comparable():
    one = target(indicator="mean_percent", parts=["VPR/*/*"], schools="all", formula="share_improved", goal="improves")
    name = "mean_percent[VPR/maths/5]"
    of_years = {"a": (50, 40, 55), "b": (50, 90, 45), "c": (None, None, 90)}
    history = rows(
        *[
            (school, name, year, value, 20)
            for school, values in of_years.items()
            for year, value in zip((2019, 2020, 2021), values, strict=True)
            if value is not None
        ]
    )
    told = history_of_targets({"t": one}, history, {}, 2021)
    assert told["cause"].tolist() == [
        "not_comparable",
        "not_comparable",
        "",
    ]  # 2019 is the first year, 2020 was written in autumn
    improved = told[told["value"].notna()]
    assert improved[["year", "value", "denominator", "since"]].values.tolist() == [[2021, 0.5, 2, 2019]]


@pytest.mark.parametrize(
    ("before", "now", "expected", "words"),
    [
        ((0.05, 104), (0.06, 107), "same", "разница с 2018 годом не больше случайной; число"),
        ((0.05, 104), (0.05, 104), "same", "не больше случайной"),
        ((0.30, 400), (0.15, 400), "on_track", "лучше, чем в 2018 году; число"),
        ((0.15, 400), (0.30, 400), "off_track", "хуже, чем в 2018 году; число"),
        ((0.30, None), (0.29, None), "open", "лучше, чем в 2018 году, но больше ли это случайного, не определить"),
    ],
)
def test_a_direction_is_kept_only_beyond_chance(before, now, expected, words):
    one = target(indicator="below_minimum_rate", parts=["VPR/*/*"], schools="all", goal="improves")
    name = "below_minimum_rate[VPR/maths/5]"
    found = state(one, rows(("a", name, 2018, *before), ("a", name, 2021, *now)))
    assert found["state"] == expected and words in found["reason"]


@pytest.mark.parametrize("answers", [["insufficient_data", "insufficient_data"], []])
def test_a_list_of_which_nothing_is_known_is_no_achievement(answers):
    lists = pd.DataFrame({"school_id": list("ab")[: len(answers)], "category": "low_results", "identified": answers})
    one = target(formula="share_identified", goal="at_most", value=0.14, year=2023)
    found = state(one, rows(("a", "roadmap_flag", 2021, 1.0, 1)), lists={2021: lists.assign(needs="")})
    assert found["state"] == "no_data" and "перечень не определён" in found["reason"]


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
        and found["state"] == "open"  # no number of cases stands behind a gap: nothing says what chance brings
        and found["reason"].startswith("лучше, чем в 2020 году, но больше ли это случайного, не определить")
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


def test_no_data_names_the_table_that_would_help_or_its_column_where_the_table_is_there():
    one = target(indicator="roadmap_flag", goal="at_least", value=1.0, year=2022)
    found = state(one, rows(("a", "distance_km", 2021, 1.0, 1), ("c", "roadmap_flag", 2021, 1.0, 1)))
    assert found["state"] == "no_data" and "таблица «Условия и поддержка»" in found["reason"]
    store = rows(("a", "roadmap_flag", 2021, None, 1), ("c", "roadmap_flag", 2021, 1.0, 1))
    store.state[:] = store.coded([State("не указано", "not_delivered", "conditions.roadmap")])[0]
    found = state(one, store)
    assert "столбец «Дорожная карта реализуется» таблицы «Условия и поддержка»" in found["reason"]
    assert (found["cause"], found["needs"]) == ("not_delivered", "conditions.roadmap")


# --- cohorts, breaks, lists ------------------------------------------------------------------------------------------

TRAINED = "teachers_trained_3y_rate"
THREE_YEARS = [
    (school, TRAINED, year, value, 100)
    for school, values in {"a": (0.2, 0.5, 0.6), "b": (0.4, 0.5, 0.6), "c": (0.9, 0.9, 0.9)}.items()
    for year, value in zip((2019, 2020, 2021), values, strict=True)
]


@pytest.mark.parametrize(
    ("fields", "cohort", "values"),
    [
        ({}, 2019, [0.3, 0.5, 0.6]),  # a and b of the first list, whatever later ones say
        ({"baseline": 2020}, 2020, [0.65, 0.7, 0.75]),  # b and c
        ({"cohort": "current"}, 2021, [0.9, 0.9, 0.9]),  # c alone
    ],
)
def test_the_schools_of_a_target_are_those_of_its_baseline_and_do_not_change_with_later_lists(fields, cohort, values):
    store = rows(*THREE_YEARS)
    lists = {2019: named(*"ab"), 2020: named(*"bc"), 2021: named("c")}
    one = target(indicator=TRAINED, goal="improves", **fields)
    known = {year: Lists.of(frame, store, 4) for year, frame in lists.items()}
    history = history_of_targets({"t": one}, store, known, 2021)
    assert history["value"].round(6).tolist() == values
    assert state(one, store, lists=lists)["cohort"] == cohort


def test_a_baseline_whose_list_is_not_known_is_told_so():
    found = state(target(indicator=TRAINED, goal="improves", baseline=2019), rows(*THREE_YEARS), lists={2021: LISTS})
    assert found["state"] == "no_data" and "перечень 2019 года не определён" in found["reason"]


def test_a_list_of_nobody_is_no_table_to_ask_for():
    found = state(target(indicator=TRAINED, goal="improves"), rows(*THREE_YEARS), lists={2021: named()})
    assert found["cause"] == "not_applicable" and "нет ни одной школы" in found["reason"]


@pytest.mark.parametrize(
    ("before", "expected", "cause"),
    [(2019, "off_track", ""), (2020, "open", "not_comparable"), (2018, "off_track", "")],
)
def test_a_change_across_a_break_of_the_series_is_not_measured(before, expected, cause):
    one = target(indicator="below_minimum_rate", parts=["VPR/*/*"], schools="all", goal="improves")
    name = "below_minimum_rate[VPR/maths/5]"
    found = state(one, rows(("a", name, before, 0.1, 400), ("a", name, 2021, 0.3, 400)))
    assert (found["state"], found["cause"]) == (expected, cause)
    assert not cause or "2020: ВПР" in found["reason"]


def test_change_is_told_of_the_schools_and_procedures_that_both_years_have():
    one = target(indicator="below_minimum_rate", parts=["VPR/*/*"], schools="all", goal="improves")
    maths, russian = "below_minimum_rate[VPR/maths/5]", "below_minimum_rate[VPR/russian/5]"
    same = [("a", maths, 2018, 0.1, 400), ("a", maths, 2021, 0.1, 400)]
    found = state(one, rows(*same, ("a", russian, 2021, 0.9, 400), ("b", maths, 2021, 0.9, 400)))
    assert found["state"] == "same" and found["compared_value"] == 0.1 and found["value"] > 0.6
    assert "по 1 из 2 школ" in found["reason"]


def test_an_answer_carried_on_from_the_baseline_is_no_new_one():
    one = target(indicator="satisfaction_share", schools="all", goal="improves")
    store = rows(("a", "satisfaction_share", 2020, 0.5, 400), ("a", "satisfaction_share", 2021, 0.5, 400))
    at = store.years == 2021
    store.state[:, at] = store.coded([State("оценка 2020 года")])[0]
    found = state(one, store)
    assert found["state"] == "open" and "нет школ с новыми данными обоих лет" in found["reason"]
    reached = state(target(indicator="satisfaction_share", schools="all", goal="at_least", value=0.4, year=2023), store)
    assert reached["reason"].endswith("значений по оценкам прежних лет (2020) – 1 из 1")


def test_Z3_share_of_lists_has_a_history_and_unanswered_schools_leave_it_open():
    one = target(formula="share_identified", goal="at_most", value=0.25, year=2023)
    store = rows(("a", "distance_km", 2021, 1, 1))
    lists = {2019: named("a", "b", "c"), 2020: named("a", "b"), 2021: named("a")}
    known = {year: Lists.of(frame, store, 4) for year, frame in lists.items()}
    assert history_of_targets({"t": one}, store, known, 2021)["numerator"].tolist() == [3, 2, 1]
    assert state(one, store, lists=lists)["state"] == "fulfilled"
    lists[2021].loc[3, ["identified", "needs"]] = ["insufficient_data", "exam_results.mark_2"]
    found = state(one, store, lists=lists)
    assert (found["state"], found["cause"], found["needs"]) == ("open", "not_delivered", "exam_results.mark_2")


def test_a_goal_that_any_value_meets_or_that_was_met_before_is_no_achievement():
    any_value = target(indicator="roadmap_flag", schools="all", goal="at_least", value=0.0, year=2022)
    found = state(any_value, rows(("a", "roadmap_flag", 2021, 0.0, 1)))
    assert found["state"] == "held" and "любое значение" in found["reason"]
    none_left = target(indicator="vacancies_rate", schools="all", goal="at_most", value=0.0, year=2022)
    assert state(none_left, rows(("a", "vacancies_rate", 2021, 0.0, 20)))["state"] == "held"
    assert state(none_left, rows(("a", "vacancies_rate", 2021, None, 0)))["state"] == "no_data"


def test_schools_without_an_answer_are_not_counted_as_yes():
    one = target(indicator="roadmap_flag", schools="all", goal="at_least", value=1.0, year=2022)
    lists = {2021: LISTS}
    three = [(school, "roadmap_flag", 2021, 1.0, 1) for school in "abc"]
    assert state(one, rows(*three), lists=lists)["state"] == "open"
    assert state(one, rows(*three, ("d", "roadmap_flag", 2021, 1.0, 1)), lists=lists)["state"] == "held"


def test_the_region_is_compared_over_the_procedures_of_the_schools_with_their_weights():
    one = target(
        indicator="below_minimum_rate", parts=["OGE/*/9"], schools="all", goal="not_worse_than", benchmark="region"
    )
    maths, russian = "below_minimum_rate[OGE/maths/9]", "below_minimum_rate[OGE/russian/9]"
    own = [("a", maths, 2021, 0.3, 90), ("a", russian, 2021, 0.0, 10)]
    above = [("region", maths, 2021, 0.3, 100), ("region", russian, 2021, 0.0, 900)]
    found = state(one, rows(*own, *above))
    assert found["state"] == "fulfilled" and found["goal"] == pytest.approx(0.27)


@pytest.mark.parametrize(
    "fields",
    [
        {"indicator": "roadmap_flag", "goal": "at_least"},
        {"indicator": "roadmap_flag", "goal": "not_worse_than"},
        {"indicator": "roadmap_flag", "goal": "improves", "formula": "share_of_schools"},
        {"goal": "improves"},
        {"indicator": "roadmap_flag", "goal": "at_least", "value": 1.0, "year": 2022, "baseline": 2022},
    ],
)
def test_half_a_target_is_refused(fields):
    with pytest.raises(ValueError):
        target(**fields)
