"""Verdicts and targets on values that a document prints as a range (row N9): at both ends the same, or not assessed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shnor_lib.criteria.judge import evaluate_criteria
from shnor_lib.criteria.measure import Evidence
from shnor_lib.indicators import compute_store
from shnor_lib.indicators.formulas import example
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.views import robustness
from tests.criteria.test_rule_words import method_of
from tests.criteria.test_targets import state, target

RULE = {"indicator": "teachers_trained_3y_rate", "minimum_participants": 0, "pooling": "latest", "window": 1}


def verdict(rule: dict, **printed: object) -> pd.Series:
    """The verdict on school «1» of which a document prints something; school «2» has counts, 10 of 40."""
    columns = {name: [value] for name, value in printed.items()}
    rows = example(school_id=["1"], indicator=[RULE["indicator"]], **({"value": [None]} | columns))
    staff = example(school_id=["2"], trained_3y=[10], pedagogues=[40])
    municipality = {"municipality": "m"}
    tables = {"staff": staff.assign(**municipality), "published_indicators": rows.assign(**municipality)}
    schools = pd.DataFrame({"municipality": "m", "school_id": ["1", "2"], "kind": "СОШ", "locality": "urban"})
    schools = schools.assign(special_type=pd.NA, highest_grade=11)
    low_procedures = pd.DataFrame(columns=["municipality", "school_id", "procedure", "year"])
    evidence = Evidence(schools, compute_store(tables, only=[RULE["indicator"]]), low_procedures)
    return evaluate_criteria(method_of(RULE | rule), evidence, 2021).set_index("school_id").loc["1"]


@pytest.mark.parametrize(
    ("printed", "threshold", "expected"),
    [
        ({"value_low": 0.39, "value_high": 0.40}, 0.5, "met"),
        ({"value_low": 0.39, "value_high": 0.40}, 0.3, "not_met"),
        ({"value_low": 0.39, "value_high": 0.40}, 0.395, "not_assessed"),
        ({"value_low": 0.39, "value_high": 0.40}, 0.40, "not_assessed"),  # «below»: 0.40 itself is not below
        ({"value_low": 0.6, "wording": "above"}, 0.6, "not_met"),
        ({"value_low": 0.6, "wording": "above"}, 0.7, "not_assessed"),
        ({"value_high": 0.5, "wording": "below"}, 0.5, "met"),
        ({"value_high": 0.5, "wording": "at_most"}, 0.5, "not_assessed"),
        ({"value": 0.3, "wording": "about"}, 0.9, "not_assessed"),  # the ends of «около» are never guessed
    ],
)
def test_N9_a_range_is_judged_where_it_lies_on_one_side_of_the_threshold(printed, threshold, expected):
    found = verdict({"rule": "below", "threshold": threshold}, **printed)
    assert (found["verdict"], found["cause"]) == (expected, "as_range") and np.isnan(found["value"])


def test_N9_the_reason_tells_the_range_as_printed():
    told = verdict({"rule": "below", "threshold": 0.5}, value_low=0.39, value_high=0.4)["reason"]
    assert told == "меньше порога; в источнике 39–40\u00a0%"
    told = verdict({"rule": "below", "threshold": 0.395}, value_low=0.39, value_high=0.4)["reason"]
    assert told == "в источнике 39–40\u00a0%: порог внутри этих границ"


def test_N9_a_rank_among_other_schools_is_not_told_from_a_range():
    rule = {"rule": "lowest_share", "threshold": 0.5, "minimum_schools": 2, "minimum_ranked": 0}
    found = verdict(rule, value_low=0.01, value_high=0.02)
    assert found["verdict"] == "not_assessed" and "места не определить" in found["reason"]


@pytest.mark.parametrize(
    ("printed", "fields", "expected"),
    [
        (
            {"value_low": 0.39, "value_high": 0.40},
            {"goal": "at_least", "value": 0.39},
            "held",
        ),  # the first year with data
        ({"value_low": 0.39, "value_high": 0.40}, {"goal": "at_least", "value": 0.39, "baseline": 2020}, "fulfilled"),
        ({"value_low": 0.39, "value_high": 0.40}, {"goal": "at_least", "value": 0.395}, "no_data"),
        ({"value_low": 0.39, "value_high": 0.40}, {"goal": "at_least", "value": 0.5}, "open"),
        ({"value_low": 0.39, "value_high": 0.40}, {"goal": "at_least", "value": 0.5, "year": 2021}, "off_track"),
        ({"value_low": 0.39, "value_high": 0.40}, {"goal": "at_most", "value": 0.4, "baseline": 2020}, "fulfilled"),
        ({"value_low": 0.6, "wording": "above"}, {"goal": "at_least", "value": 0.6, "baseline": 2020}, "fulfilled"),
        ({"value_low": 0.6, "wording": "above"}, {"goal": "at_least", "value": 0.7}, "no_data"),
        ({"value_low": 0.6, "wording": "above"}, {"goal": "at_most", "value": 0.6, "year": 2021}, "off_track"),
        ({"value": 0.3, "wording": "about"}, {"goal": "at_least", "value": 0.1}, "no_data"),
        ({"value_low": 0.39, "value_high": 0.40}, {"goal": "improves"}, "no_data"),
    ],
)
def test_N9_a_range_reaches_a_goal_where_all_of_it_does(printed, fields, expected):
    name = RULE["indicator"]
    rows = example(
        school_id=["1"], indicator=[name], **{"value": [None]} | {key: [one] for key, one in printed.items()}
    )
    store = compute_store({"published_indicators": rows.assign(municipality="m")}, only=[name])
    year = {} if fields["goal"] == "improves" else {"year": 2023}
    found = state(target(indicator=name, schools="all", **year | fields), store)
    assert found["state"] == expected and found["cause"] == "as_range" and np.isnan(found["value"])
    assert found["reason"].startswith("одного значения нет: опубликовано:") == (expected == "no_data")


def test_N9_ranges_of_schools_are_put_together_before_the_goal_is_asked():
    """From (0.3 + 0.5) / 2 = 0.4 to (0.4 + 0.7) / 2 = 0.55; one of two schools has at least 0.45."""
    name = RULE["indicator"]
    rows = example(
        school_id=["1", "2"], indicator=[name] * 2, value=[None] * 2, value_low=[0.3, 0.5], value_high=[0.4, 0.7]
    )
    store = compute_store({"published_indicators": rows.assign(municipality="m")}, only=[name])

    def told(**fields):
        return state(target(indicator=name, schools="all", goal="at_least", year=2021, **fields), store)["state"]

    assert [told(value=value) for value in (0.4, 0.41, 0.55, 0.56)] == ["held", "no_data", "no_data", "off_track"]
    share = {"formula": "share_of_schools", "condition": ("at_least", 0.45)}
    assert [told(value=value, **share) for value in (0.5, 0.51)] == ["held", "off_track"]


def test_N9_report_60_counts_the_verdicts_that_its_draws_leave_open():
    verdicts = pd.DataFrame(
        {"cause": ["as_range", "as_range", "", "too_few"], "verdict": ["met", "not_assessed", "met", "not_assessed"]}
    )
    assert robustness.ranged(verdicts) == 1
    told = report_spec("60_robustness").texts["certainty"]
    assert "Выводов по диапазону" in str(told)


def test_N9_a_target_says_that_a_school_has_a_range_and_no_value():
    name = RULE["indicator"]
    rows = example(school_id=["1"], indicator=[name], value=[None], value_low=[0.39], value_high=[0.40])
    store = compute_store({"published_indicators": rows.assign(municipality="m")}, only=[name])
    found = state(target(indicator=name, schools="all", goal="at_least", value=0.395, year=2023), store)
    assert found[["state", "cause"]].tolist() == ["no_data", "as_range"]
    assert found["reason"] == "одного значения нет: опубликовано: 39–40\u00a0%"
