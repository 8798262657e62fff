"""A list whose rule always marks a share of schools has a length that says nothing of better or worse."""

from types import SimpleNamespace

import pandas as pd
import pytest

from shnor_lib.analyses.lists import quota_facts
from shnor_lib.params.methods import Decision, FixedThreshold, Method, ShareOfSchools


def office(at_least: int, verdicts: list[str]) -> SimpleNamespace:
    criteria = {
        "lowest": ShareOfSchools.model_construct(category="low_results", rule="lowest_share", threshold=0.25),
        "fixed": FixedThreshold.model_construct(category="low_results", rule="below", threshold=0.3),
    }
    decisions = {"low_results": Decision(at_least=at_least, reference="…")}
    told = pd.DataFrame({"school_id": list("abcd"), "criterion": "lowest", "verdict": verdicts})
    return SimpleNamespace(method=Method.model_construct(criteria=criteria, decisions=decisions), verdicts=told)


@pytest.mark.parametrize(("at_least", "alone"), [(1, 1), (2, 0)])
def test_a_quota_makes_the_list_where_one_criterion_is_enough(at_least, alone):
    assert quota_facts(office(at_least, ["met", "not_met", "not_met", "not_assessed"]), "low_results") == {
        "list_quota_marked": 1,
        "list_quota_of": 3,
        "list_quota_alone": alone,
    }


def test_a_quota_that_was_not_assessed_says_nothing():
    assert quota_facts(office(1, ["not_assessed"] * 4), "low_results") == {}
