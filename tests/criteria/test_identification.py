"""The decision rule with hand-made verdicts, and expert decisions after it."""

import pandas as pd
import pytest

from shnor_lib.criteria.clarification import apply_expert_decisions
from shnor_lib.criteria.decisions import identify
from shnor_lib.params.methods import Method

NAMES = ["one", "two", "three"]


def method(**decision) -> Method:
    criterion = {
        "category": "low_results",
        "ground": "results",
        "title": "т",
        "short": "т",
        "indicator": "distance_km",
        "rule": "below",
        "threshold": 1,
        "reference": "р",
    }
    return Method.model_validate(
        {
            "title": "т",
            "document": "д",
            "description": "о",
            "criteria": {name: criterion | {"title": name} for name in NAMES},
            "decisions": {"low_results": {"reference": "р"} | decision},
        }
    )


def verdicts(**schools: str) -> pd.DataFrame:
    words = {"+": "met", "-": "not_met", "?": "not_assessed"}
    rows = [
        {
            "municipality": "m",
            "school_id": school,
            "category": "low_results",
            "criterion": name,
            "verdict": words[mark],
            "reason": f"нет {name}" if mark == "?" else "",
            "cause": "not_delivered" if mark == "?" else "",
            "needs": name if mark == "?" else "",
            "near": False,
        }
        for school, marks in schools.items()
        for name, mark in zip(NAMES, marks, strict=True)
    ]
    return pd.DataFrame(rows)


def answers(decided: pd.DataFrame) -> dict:
    return dict(zip(decided["school_id"], decided["identified"], strict=True))


def test_two_of_three_with_missing_verdicts():
    marks = {"a": "++-", "b": "+--", "c": "+-?", "d": "---", "e": "--?", "f": "???", "g": "++?"}
    assert answers(identify(method(at_least=2), [verdicts(**marks)])) == {
        "a": "yes",
        "b": "no",
        "c": "insufficient_data",  # the third could make it two
        "d": "no",
        "e": "no",  # even if met, one is not two
        "f": "insufficient_data",
        "g": "yes",  # the third cannot undo two
    }


def test_any_of_three():
    assert answers(identify(method(), [verdicts(a="+--", b="---", c="--?")])) == {
        "a": "yes",
        "b": "no",
        "c": "insufficient_data",
    }


def test_required_criterion_decides_alone():
    rule = method(required=["one"])
    assert answers(identify(rule, [verdicts(a="-++", b="+--", c="?++", d="?--")])) == {
        "a": "no",
        "b": "yes",
        "c": "insufficient_data",
        "d": "insufficient_data",
    }


def test_counts_and_reason_name_what_decided():
    decided = identify(method(at_least=2), [verdicts(a="+-?")]).iloc[0]
    assert (decided["criteria_met"], decided["criteria_assessed"], decided["criteria_total"]) == (1, 2, 3)
    assert decided["reason"] == "есть признаки: one. не определено: нет three"


def test_missing_data_never_make_a_school_good():
    """Turning any verdict into "not assessed" never turns another answer into "no"."""
    for marks in ("+++", "++-", "+--", "---", "+-?", "--?"):
        for place in range(3):
            less = marks[:place] + "?" + marks[place + 1 :]
            before = answers(identify(method(at_least=2), [verdicts(a=marks)]))["a"]
            after = answers(identify(method(at_least=2), [verdicts(a=less)]))["a"]
            assert not (after == "no" and before != "no")


def test_twice_in_three_years():
    rule = method(years=3, years_identified=2)
    now, before, earlier = (
        verdicts(**marks)
        for marks in (
            {"a": "+--", "b": "+--", "c": "---", "d": "+--"},
            {"a": "+--", "b": "---", "c": "+--", "d": "???"},
            {"a": "---", "b": "---", "c": "+--", "d": "---"},
        )
    )
    assert answers(identify(rule, [now, before, earlier])) == {
        "a": "yes",
        "b": "no",
        "c": "yes",
        "d": "insufficient_data",
    }


def test_a_number_of_years_has_its_form():
    (row,) = identify(method(years=5, years_identified=2), [verdicts(a="+--")]).itertuples()
    assert row.reason.startswith("признак за 5 лет: 1 из нужных 2;")


def test_years_without_data_leave_the_answer_open():
    rule = method(years=3, years_identified=2)
    now = verdicts(a="+--", b="---")
    assert answers(identify(rule, [now])) == {"a": "insufficient_data", "b": "insufficient_data"}


def test_expert_decision_is_applied_after_the_calculation_and_beside_it():
    calculated = identify(method(), [verdicts(a="+--", b="---")])
    experts = pd.DataFrame(
        {
            "municipality": "m",
            "school_id": ["b"],
            "category": "low_results",
            "decision": "include",
            "reason": "Низкие результаты ВПР",
            "decided_by": "экспертная группа",
            "decided_on": pd.Timestamp(2021, 9, 14),
        }
    )
    final = apply_expert_decisions(calculated, experts).set_index("school_id")
    assert final["identified"].to_dict() == {"a": "yes", "b": "yes"}
    assert final["calculated"].to_dict() == {"a": "yes", "b": "no"}
    assert final["decision"].to_dict() == {"a": "calculated", "b": "expert"}
    assert final.at["b", "reason"] == "решение экспертов от 14.09.2021 (экспертная группа): Низкие результаты ВПР"


def test_order_of_rows_does_not_matter():
    rows = verdicts(a="+-?", b="++-", c="---")
    assert answers(identify(method(at_least=2), [rows])) == answers(
        identify(method(at_least=2), [rows.sample(frac=1, random_state=1)])
    )


def test_two_expert_decisions_on_one_school_are_refused():
    calculated = identify(method(), [verdicts(a="+--")])
    experts = pd.DataFrame(
        {
            "municipality": "m",
            "school_id": ["a", "a"],
            "category": "low_results",
            "decision": ["include", "exclude"],
            "reason": "р",
            "decided_by": "к",
            "decided_on": pd.NaT,
        }
    )
    with pytest.raises(ValueError, match="больше одного решения"):
        apply_expert_decisions(calculated, experts)
