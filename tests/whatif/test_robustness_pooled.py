"""Partial pooling beside the method: small schools lean on all others, large ones do not, and nothing is decided by it."""

import dataclasses

import pytest

from shnor_lib.criteria.judge import evaluate_procedures, measure_criteria
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.statistics.uncertainty.pooling import pool_rates
from shnor_lib.whatif.robustness import pooled_answers, pooled_verdicts
from shnor_lib.whatif.scenarios import evidence_of, rejudge
from tests.shipped import shipped


def measured_of(office):
    return measure_criteria(office.method, evidence_of(office, [office.method]), office.year)


def pooled_of(office):
    return pooled_verdicts(office, measured_of(office))


def by_federal_rule():
    office = shipped("demo", 2021)
    method = next(variant.method for variant in office.variants if variant.name == "fioko-2021")
    found = rejudge(office, method)
    return dataclasses.replace(
        office,
        method=method,
        verdicts=found.verdicts,
        identification=found.identification,
        low_procedures=evaluate_procedures(method, evidence_of(office, [method]), office.year),
    )


def test_a_small_school_leans_on_the_others_and_its_verdict_may_change():
    """35 % of 32 answers are satisfied, at most 40 % is low; with 19 % of the weight from elsewhere it is 42 %."""
    pooled = pooled_of(shipped("demo", 2021)).set_index(["criterion", "school_id"])
    row = pooled.loc[("low_satisfaction", "demo-12")]
    assert (row["value"], row["verdict"], row["verdict_pooled"]) == (pytest.approx(0.35), "met", "not_met")
    own = pooled.loc["low_satisfaction"].astype({"value": float, "participants": float})
    rates = pool_rates(own["value"] * own["participants"], own["participants"]).rates
    assert row["pooled"] == pytest.approx(rates.loc["demo-12", "pooled"])
    order = own.sort_values("participants")["own_weight"]
    assert order.is_monotonic_increasing and own["own_weight"].between(0, 1).all()


def test_only_assessed_rates_are_pooled():
    office = shipped("demo", 2021)
    pooled = pooled_of(office)
    assert set(pooled["criterion"]) == {
        "low_continuation", "low_olympiad_participation", "low_satisfaction", "quality_gap", "standard_gap"
    }  # fmt: skip
    keys = office.verdicts[office.verdicts["verdict"].eq("not_assessed")][["school_id", "criterion"]]
    assert pooled.merge(keys, on=["school_id", "criterion"]).empty
    assert pooled_of(shipped("lesozavodsk", 2021)).empty, "an official list has no counts"


def test_answers_follow_from_pooled_verdicts():
    office = shipped("demo", 2021)
    rules = apply_changes(office.method, (Change(path="decisions.low_results.at_least", value=4),), "test")
    found = rejudge(office, rules)
    stricter = dataclasses.replace(office, method=rules, verdicts=found.verdicts, identification=found.identification)
    pooled = pooled_of(stricter)
    assert pooled_answers(office, measured_of(office), pooled).empty
    changed = pooled_answers(stricter, measured_of(stricter), pooled)
    assert changed[["school_id", "before", "after"]].values.tolist() == [
        ["demo-11", "yes", "insufficient_data"],  # 4 of 7 met; one is lost, one is open: 3 or 4
        ["demo-12", "yes", "no"],  # 4 of 7 met; two are lost, one is open: 3 at most
    ]


def test_the_rule_of_low_procedures_is_pooled_by_procedure_and_year():
    office = by_federal_rule()
    pooled = pooled_of(office)
    assert set(pooled["criterion"]) == {"low_procedures"} and pooled["procedure"].ne("").all()
    same = pooled.assign(pooled=pooled["value"])
    assert pooled_answers(office, measured_of(office), same).empty, "rates that lean on nobody change nothing"
    lifted = pooled.assign(pooled=0.9)
    gone = pooled_answers(office, measured_of(office), lifted)
    before = office.identification.set_index("school_id")["calculated"]
    assert set(gone["after"]) == {"yes"} and set(gone["school_id"]) <= set(before[before.ne("yes")].index)
