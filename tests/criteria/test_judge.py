"""The judge over draws × schools: its laws, who is near a threshold, and a new rule word written as one entry."""

import dataclasses
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.criteria.clarification import apply_expert_decisions
from shnor_lib.criteria.decisions import answers, identify
from shnor_lib.criteria.flips import flip_thresholds, smallest_changes
from shnor_lib.criteria.judge import evaluate_criteria, measure_criteria
from shnor_lib.criteria.near import near_threshold
from shnor_lib.criteria.rules import RULES, Judged, Measured, Rule, cells_of, judge, spread_within, turns_at
from shnor_lib.indicators.formulas import State
from shnor_lib.params.methods import CriterionBase, Method
from shnor_lib.params.reading import read_method
from shnor_lib.whatif.exploration import Explorer, adjustables
from shnor_lib.whatif.robustness import Bench
from shnor_lib.whatif.scenarios import evidence_of, rejudge
from tests.criteria.test_rule_words import SENTENCES, method_of, rules_of
from tests.criteria.test_rule_words import evidence_of as evidence_of_sentence
from tests.shipped import ROOT, shipped

YEAR = 2021
ONE_VALUE = [
    {"rule": "at_most", "threshold": 0.4},
    {"rule": "above", "threshold": 0.4},
    {"rule": "below_benchmark_by", "threshold": 0.1, "benchmark": "region"},
    {"rule": "lowest_share", "threshold": 0.3, "minimum_schools": 2, "minimum_ranked": 0},
]


def criterion_of(rule: dict):
    return method_of({"indicator": "pass_rate", "minimum_participants": 10} | rule).criteria["judged"]


def measured_of(values, people=None) -> Measured:
    values = np.asarray(values, dtype=float).reshape(1, -1)
    people = np.full(values.shape, 30.0) if people is None else np.asarray(people, dtype=float).reshape(1, -1)
    schools = pd.DataFrame({"municipality": "m", "school_id": [f"s{place}" for place in range(values.shape[1])]})
    told = pd.DataFrame({"value": values[0], "participants": people[0]})
    return Measured(values, np.full(values.shape, 0.5), people, ~np.isnan(values), "rate", schools, told)


VALUES = st.lists(st.one_of(st.just(float("nan")), st.integers(0, 20).map(lambda k: k / 20)), min_size=4, max_size=9)


# --- laws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ONE_VALUE, ids=lambda rule: rule["rule"])
@given(values=VALUES, lower=st.integers(1, 19), step=st.integers(0, 19))
@settings(max_examples=30, deadline=None)
def test_verdicts_are_monotone_in_the_threshold_and_thresholds_are_draws(rule, values, lower, step):
    low, high = lower / 20, min(lower + step, 19) / 20
    together = judge(criterion_of(rule), measured_of(values), threshold=np.array([[low], [high]])).flags
    for row, threshold in zip(together, (low, high), strict=True):
        alone = judge(criterion_of(rule | {"threshold": threshold}), measured_of(values)).flags[0]
        assert row.tolist() == alone.tolist(), "a verdict is one draw"
    first, second = together if rule["rule"] in ("at_most", "lowest_share") else together[::-1]
    nearer = np.array([0, 2, 1])  # from not met by way of not told apart to met, by flag
    assert (nearer[first] <= nearer[second]).all()


@pytest.mark.parametrize("rule", ONE_VALUE, ids=lambda rule: rule["rule"])
@given(values=VALUES, data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_schools_does_not_matter_and_nothing_missing_is_not_met(rule, values, data):
    order = data.draw(st.permutations(range(len(values))))
    people = data.draw(st.lists(st.sampled_from([5.0, 10.0, 30.0, np.nan]), min_size=len(values), max_size=len(values)))
    flags = judge(criterion_of(rule), measured_of(values, people)).flags[0]
    moved = judge(criterion_of(rule), measured_of(np.array(values)[order], np.array(people)[order])).flags[0]
    assert moved.tolist() == flags[list(order)].tolist()
    few = np.array(people) < 10
    assert (flags[np.isnan(values) | few] == -1).all()


@given(
    values=VALUES,
    threshold=st.integers(1, 19).map(lambda k: k / 20),
    rounding=st.sampled_from(["nearest", "up", "down"]),
    ties=st.sampled_from(["include", "exclude"]),
)
@settings(max_examples=100, deadline=None)
def test_equal_schools_share_a_verdict_and_a_share_is_overrun_within_the_tolerance_only(
    values, threshold, rounding, ties
):
    rule = {"rule": "lowest_share", "threshold": threshold, "rounding": rounding, "ties": ties}
    criterion, measured = criterion_of(rule | {"minimum_schools": 2, "minimum_ranked": 0}), measured_of(values)
    judged = judge(criterion, measured)
    flags, known = judged.flags[0], ~np.isnan(values)
    for value in set(np.array(values)[known].tolist()):
        assert len(set(flags[np.array(values) == value].tolist())) == 1
    if known.sum() >= 2:
        quota, spare = judged.facts["quota"][0, 0], max(1, int(known.sum() * criterion.tie_tolerance))
        assert (flags == 1).sum() <= quota + (spare if ties == "include" else 0)
        assert ((flags != 0) & known).sum() >= quota - (spare if ties == "exclude" else 0), (
            "nobody is good for lack of a place"
        )
    turns = turns_at(criterion, measured)
    for school in np.flatnonzero(~np.isnan(turns)):
        just = [judge(criterion, measured, threshold=turns[school] + step).flags[0, school] for step in (-1e-6, 1e-6)]
        assert just[0] != 1 if flags[school] == 0 else just[0] == 0, "below the threshold at which it turns"
        assert just[1] == 1 if flags[school] == 0 else just[1] != 0, "above it"


SHARES = st.lists(st.sampled_from([0.0, 0.2, 0.3, 0.5, np.nan]), min_size=6, max_size=6)


@given(shares=SHARES, filled=SHARES, raised=st.integers(0, 5), broken=st.sampled_from([None, 0, 1, 2]))
@settings(max_examples=100, deadline=None)
def test_a_verdict_on_procedures_stands_whatever_was_not_delivered(shares, filled, raised, broken):
    """Two procedures by three years: any delivery of what is missing leaves what was said, worse results leave «met».

    So they do where one of the years is not comparable with the others.
    """
    criterion, measured = low_in_procedures(dict.fromkeys("abcdef", np.nan))
    verdict = {}
    completed = [two if np.isnan(one) else one for one, two in zip(shares, filled, strict=True)]
    worse = [one if place != raised else 1.0 for place, one in enumerate(shares)]
    for name, cells in (("told", shares), ("completed", completed), ("worse", worse)):
        array = np.array(cells).reshape(1, 1, 2, 3)
        own = dataclasses.replace(
            measured.cells,
            shares=array,
            people=np.full((1, 2, 3), 40.0),
            expected=np.ones((1, 2, 3), dtype=bool),
            ages=np.zeros(3, dtype=int),
            breaks=np.where(np.arange(3) == broken, "прервано", "")[None, :].repeat(2, axis=0),
        )
        judged = judge(criterion, dataclasses.replace(measured, cells=own), across_breaks=broken is None)
        verdict[name] = judged.flags[0, 0]
    if not np.isnan(shares).all():  # a school of which nothing is known is not assessed before the rule is asked
        assert verdict["told"] == -1 or verdict["completed"] in (verdict["told"], -1)
    assert verdict["told"] != 1 or verdict["worse"] == 1


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_not_assessed_has_a_cause_and_nothing_else_has(sentence):
    verdicts = evaluate_criteria(rules_of(sentence), evidence_of_sentence(sentence), YEAR)
    assert verdicts["cause"].ne("").tolist() == verdicts["verdict"].eq("not_assessed").tolist()
    assert (verdicts["needs"].ne("") | verdicts["cause"].eq("")).all(), verdicts[["cause", "needs", "reason"]]


@pytest.mark.parametrize(
    "parts, window, cause",
    [
        (["EGE/maths_base/11"], 1, "not_held"),
        (["EGE/maths_base/11"], 2, "not_delivered"),
        (["EGE/maths_base/11", "EGE/maths/11"], 1, "not_delivered"),
        (["EGE/maths_any/11"], 1, "not_delivered"),
    ],
)
@pytest.mark.parametrize("rule", [{"rule": "below", "threshold": 0.6}, {"rule": "low_in_procedures", "threshold": 0.3}])
def test_what_was_not_held_in_any_of_the_years_is_not_called_undelivered(rule, parts, window, cause):
    criterion = {"indicator": "below_minimum_rate", "parts": parts, "window": window} | rule
    known = {"criterion": criterion, "schools": ["a"], "part": "EGE/physics/11", "values": {"b": [0.1, 30]}}
    found = evaluate_criteria(method_of(criterion), evidence_of_sentence(known), YEAR)
    assert found["cause"].tolist() == [cause, cause]
    assert found["reason"].str.contains("не проводилась").eq(cause == "not_held").all()


# --- near ------------------------------------------------------------------------------------------------------------


def low_in_procedures(shares: dict[str, float], people: float = 40) -> tuple:
    criterion = method_of(
        {"indicator": "below_minimum_rate", "rule": "low_in_procedures", "threshold": 0.3, "parts": ["VPR/*"]}
    ).criteria["judged"]
    details = pd.DataFrame(
        {"municipality": "m", "school_id": "s0", "procedure": list(shares), "year": YEAR, "value": shares.values()}
    ).assign(participants=people, source="computed")
    measured = measured_of([np.nan])
    cells = cells_of(details, measured.schools, [], YEAR)
    return criterion, dataclasses.replace(measured, assessed=np.array([[True]]), cells=cells)


@pytest.mark.parametrize(
    ("shares", "verdict", "near"),
    [
        ({"VPR/a/5": 0.6, "VPR/b/5": 0.25}, False, True),  # 25 % of 40 may be 30 %: a second low procedure
        ({"VPR/a/5": 0.6, "VPR/b/5": 0.02}, False, False),
        ({"VPR/a/5": 0.6, "VPR/b/5": 0.7}, True, False),
        ({"VPR/a/5": 0.6, "VPR/b/5": 0.35}, True, True),
        (
            {"VPR/a/5": 0.25, "VPR/b/5": np.nan, "VPR/c/5": 0.02},
            False,
            True,
        ),  # were it low, the missing one could decide
        ({"VPR/a/5": 0.02, "VPR/b/5": np.nan, "VPR/c/5": 0.02}, False, False),
    ],
)
def test_low_procedures_are_near_by_the_intervals_of_their_shares(shares, verdict, near):
    criterion, measured = low_in_procedures(shares)
    judged = judge(criterion, measured)
    assert judged.met[0, 0] == verdict and near_threshold(criterion, measured, judged).tolist() == [near]


def decided(marks: dict[str, str], near: str, **decision) -> pd.DataFrame:
    """Identification from marks + (met), - (not met), ? (not assessed) of criteria a, b, c; ``near`` names those near."""
    names = list(next(iter(marks.values())) and "abc")
    one = {"rule": "below", "threshold": 1, "indicator": "distance_km"}
    method = method_of(one).model_copy(deep=True)
    plain = method.model_dump(by_alias=True)
    plain["criteria"] = dict.fromkeys(names, plain["criteria"]["judged"])
    plain["decisions"] = {"low_results": {"reference": "r"} | decision}
    words = {"+": "met", "-": "not_met", "?": "not_assessed"}
    rows = [
        ("m", school, "low_results", name, words[mark], "", "not_delivered" if mark == "?" else "", "", name in near)
        for school, own in marks.items()
        for name, mark in zip(names, own, strict=True)
    ]
    columns = ["municipality", "school_id", "category", "criterion", "verdict", "reason", "cause", "needs", "near"]
    return identify(Method.model_validate(plain), [pd.DataFrame(rows, columns=columns)])


def test_near_is_asked_of_the_decision():
    assert decided({"s": "+--"}, near="b", at_least=2)["near"].tolist() == [True]
    lost = decided({"s": "-+-"}, near="c", at_least=2, required=["a"])
    assert lost["near"].tolist() == [False], "nothing near can change the «no» that a required criterion gives"
    assert decided({"s": "+?-"}, near="a", at_least=2)["near"].tolist() == [True], "the open answer would be a «no»"
    assert decided({"s": "+-?"}, near="", at_least=2)[["cause", "near"]].values.tolist() == [["not_delivered", False]]
    years = decided({"s": "+--"}, near="a", years=3, years_identified=3)
    assert years["near"].tolist() == [True] and years["cause"].tolist() == ["too_few"]


def test_a_school_that_experts_decided_on_is_marked_and_not_near():
    found = decided({"s": "+--", "t": "+--"}, near="b", at_least=2)
    experts = pd.DataFrame(
        {"municipality": "m", "school_id": ["s"], "category": "low_results", "decision": "include"}
    ).assign(reason="р", decided_by="к", decided_on=pd.NaT)
    final = apply_expert_decisions(found, experts)
    assert final[["decision", "near"]].values.tolist() == [["expert", False], ["calculated", True]]


# --- a new rule word -------------------------------------------------------------------------------------------------


@pytest.fixture
def above_twice():
    """A made-up rule word: the value is above twice the threshold."""

    class AboveTwice(CriterionBase):
        rule: Literal["above_twice"]
        threshold: float

    RULES[AboveTwice] = Rule(
        AboveTwice,
        judge=lambda measured, asked: Judged(
            measured.values > 2 * asked.threshold, measured.values - 2 * asked.threshold, 2 * asked.threshold
        ),
        words=lambda criterion, judged: ("больше двух порогов", "не больше двух порогов"),
        turns_at=lambda measured, asked: measured.values / 2,
    )
    yield AboveTwice
    del RULES[AboveTwice], CriterionBase.by_word["above_twice"]


def test_a_new_rule_word_is_one_entry(above_twice):
    """Read from a method, judged, explained, drawn, flipped and moved by hand, by its entry alone."""
    office = shipped("demo", 2021)
    document = office.method.model_dump(by_alias=True)
    document["criteria"]["low_continuation"] |= {"rule": "above_twice", "threshold": 0.3, "title": "т", "short": "т"}
    document["decisions"]["low_results"]["at_least"] = 1  # so that one criterion moves a school
    method = Method.model_validate(document)
    criterion = method.criteria["low_continuation"]
    assert isinstance(criterion, above_twice)

    answered = rejudge(office, method)
    verdicts = answered.verdicts[answered.verdicts["criterion"].eq("low_continuation")].set_index("school_id")
    told = verdicts[verdicts["verdict"].ne("not_assessed")]
    assert told["verdict"].eq("met").tolist() == told["value"].gt(0.6).tolist() and len(told) > 8
    assert told.loc[told["verdict"].eq("met"), "reason"].str.startswith("больше двух порогов; последний год").all()

    judged = dataclasses.replace(
        office, method=method, verdicts=answered.verdicts, identification=answered.identification
    )
    bench = Bench(judged)
    assert "threshold:low_continuation" in {factor.name for factor in bench.factors}
    drawn = bench.judge(pd.DataFrame({"threshold:low_continuation": [0.5, 0.0]})).verdicts["low_continuation"]
    assert drawn.iloc[0].eq(1).tolist() == verdicts["verdict"].eq("met").reindex(drawn.columns).tolist()
    assert drawn.iloc[1].sum() >= drawn.iloc[0].sum(), "a lower threshold lets no school out"

    measured = measure_criteria(method, evidence_of(judged, [method]), YEAR)
    flips = flip_thresholds(method, measured, judged.verdicts)
    own = flips[flips["criterion"].eq("low_continuation")].set_index("school_id")
    assert own.loc[told.index, "flips_at"].tolist() == pytest.approx((told["value"] / 2).tolist())
    paths = smallest_changes(method, measured, judged.verdicts, judged.identification)["path"]
    assert paths.str.startswith("criteria.low_continuation.").any()

    path = "criteria.low_continuation.threshold"
    assert path in {one.path for one in adjustables(method)}
    explored = Explorer(judged).explore({path: 0.4}).answers.verdicts
    now = explored[explored["criterion"].eq("low_continuation")].set_index("school_id")
    assert now["verdict"].eq("met").tolist() == (now["value"].gt(0.8) & now["verdict"].ne("not_assessed")).tolist()


def test_answers_of_draws_are_those_of_each_draw():
    method = shipped("demo", 2021).method
    flags = np.random.default_rng(1).integers(-1, 2, (20, 6, len(method.criteria))).astype(np.int8)
    for name, found in answers(method, [flags]).items():
        each = [answers(method, [one])[name].tolist() for one in flags]
        assert found.tolist() == each


def test_an_office_without_schools_has_no_spread():
    assert spread_within(np.array([]), np.array([], dtype=int)).tolist() == []


def test_participants_of_low_procedures_are_pupils():
    """A pupil who wrote six works is one participant: never more than the school has."""
    office = shipped("demo", YEAR)
    rules = read_method(ROOT, "fioko-2021")
    (name,) = rules.criteria
    told = measure_criteria(rules, evidence_of(office, [rules]), YEAR)[name].told.participants
    rows = office.indicators
    counted = rows[rows["indicator"].eq("pupils_count") & rows["year"].eq(YEAR) & rows["level"].eq("school")]
    pupils = counted.set_index("school_id")["value"].reindex(office.schools["school_id"]).to_numpy(float)
    assert np.nanmax(told / pupils) <= 1 and np.nanmin(told) > 10


def test_what_was_not_delivered_is_named_a_column_where_the_table_has_the_school_else_the_table():
    criterion = {"indicator": "teachers_off_profile_rate", "rule": "at_least", "threshold": 0.3}
    evidence = evidence_of_sentence({"criterion": criterion, "values": {"a": [None, 20]}, "schools": ["a", "b"]})
    there = evidence.store.state[evidence.places[0]] >= 0
    needs = "staff.off_profile; staff.teachers"
    evidence.store.state[evidence.places[0]] = evidence.store.coded([State("не указано", "not_delivered", needs)])[0]
    found = evaluate_criteria(method_of(criterion), evidence, YEAR).set_index("school_id")
    assert there.all() and found["cause"].eq("not_delivered").all()
    assert found.at["b", "reason"] == "нет данных: таблица «Кадры»"
    columns = "столбцы «Не по профилю» и «Учителя» таблицы «Кадры»"
    assert found.at["a", "reason"] == f"нет данных: {columns}" and found.at["a", "needs"] == needs
