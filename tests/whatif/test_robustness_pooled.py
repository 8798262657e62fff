"""Partial pooling beside the method: small schools lean on all others, large ones do not, and nothing is decided by it."""

import dataclasses

import pandas as pd
import pytest

from shnor_lib.criteria.measure import low_procedure_details
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.statistics.uncertainty import pool_rates
from shnor_lib.whatif.robustness import pooled_answers, pooled_verdicts
from shnor_lib.whatif.robustness.pooled import _by_procedures
from shnor_lib.whatif.scenarios import evidence_of, rejudge
from tests.shipped import shipped


def by_federal_rule():
    office = shipped("demo", 2021)
    method = next(variant.method for variant in office.variants if variant.name == "fioko-2021")
    found = rejudge(office, method)
    (criterion,) = method.criteria.values()
    return dataclasses.replace(
        office,
        method=method,
        verdicts=found.verdicts,
        identification=found.identification,
        low_procedures=low_procedure_details(criterion, evidence_of(office, [method]), office.year),
    )


def test_a_small_school_leans_on_the_others_and_its_verdict_may_change():
    """35 % of 32 answers are satisfied, at most 40 % is low; with 19 % of the weight from elsewhere it is 42 %."""
    pooled = pooled_verdicts(shipped("demo", 2021)).set_index(["criterion", "school_id"])
    row = pooled.loc[("low_satisfaction", "demo-12")]
    assert (row["value"], row["verdict"], row["verdict_pooled"]) == (pytest.approx(0.35), "met", "not_met")
    own = pooled.loc["low_satisfaction"].astype({"value": float, "participants": float})
    rates = pool_rates(own["value"] * own["participants"], own["participants"]).rates
    assert row["pooled"] == pytest.approx(rates.loc["demo-12", "pooled"])
    order = own.sort_values("participants")["own_weight"]
    assert order.is_monotonic_increasing and own["own_weight"].between(0, 1).all()


def test_only_assessed_rates_are_pooled():
    office = shipped("demo", 2021)
    pooled = pooled_verdicts(office)
    assert set(pooled["criterion"]) == {
        "low_continuation", "low_olympiad_participation", "low_satisfaction", "quality_gap", "standard_gap"
    }  # fmt: skip
    keys = office.verdicts[office.verdicts["verdict"].eq("not_assessed")][["school_id", "criterion"]]
    assert pooled.merge(keys, on=["school_id", "criterion"]).empty
    assert pooled_verdicts(shipped("lesozavodsk", 2021)).empty, "an official list has no counts"


def test_answers_follow_from_pooled_verdicts():
    office = shipped("demo", 2021)
    rules = apply_changes(office.method, (Change(path="decisions.low_results.at_least", value=4),), "test")
    found = rejudge(office, rules)
    stricter = dataclasses.replace(office, method=rules, verdicts=found.verdicts, identification=found.identification)
    pooled = pooled_verdicts(stricter)
    assert pooled_answers(office, pooled).empty
    changed = pooled_answers(stricter, pooled)
    assert changed[["school_id", "before", "after"]].values.tolist() == [["demo-12", "yes", "no"]], (
        "4 of 7 met; two are lost, one is open: 3 at most"
    )


def test_the_rule_of_low_procedures_is_pooled_by_procedure_and_year():
    office = by_federal_rule()
    pooled = pooled_verdicts(office)
    assert set(pooled["criterion"]) == {"low_procedures"} and pooled["procedure"].ne("").all()
    (criterion,) = office.method.criteria.values()
    same = _by_procedures(criterion, office.low_procedures, pooled.assign(verdict_pooled=pooled["verdict"]))
    own = office.verdicts[office.verdicts["verdict"].ne("not_assessed")].set_index("school_id")["verdict"]
    assert same.set_index("school_id")["verdict_pooled"].reindex(own.index).tolist() == own.tolist()


def test_two_low_procedures_or_one_twice_make_the_rule_met():
    (criterion,) = by_federal_rule().method.criteria.values()
    assert (criterion.distinct, criterion.repeated) == (2, 2)
    rows = pd.DataFrame(
        {
            "school_id": ["a", "a", "b", "b", "c", "c"],
            "procedure": ["x", "y", "x", "x", "x", "y"],
            "year": [2021, 2021, 2020, 2021, 2021, 2021],
            "low": ["not_met"] * 6,
            "verdict_pooled": ["met", "met", "met", "met", "met", "not_met"],
        }
    )
    found = _by_procedures(criterion, rows, rows).set_index("school_id")["verdict_pooled"].to_dict()
    assert found == {"a": "met", "b": "met", "c": "not_met"}
