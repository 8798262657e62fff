"""What decides after the calculation: lists received from above, then experts; by hand."""

import pandas as pd
import pytest

from shnor_lib.criteria.clarification import (
    apply_expert_decisions,
    apply_received_lists,
    decision_in_words,
    list_in_words,
    standing_lists,
)


def calculated(**answers: str) -> pd.DataFrame:
    rows = [
        {"municipality": "m", "school_id": school, "category": "low_results", "identified": one, "calculated": one}
        for school, one in answers.items()
    ]
    told = {"decision": "calculated", "reason": "расчёт", "cause": "not_delivered", "needs": "staff", "near": True}
    return pd.DataFrame(rows).assign(**told)


def lists(*rows: tuple) -> pd.DataFrame:
    columns = ["school_id", "source", "document", "received_on", "ground"]
    frame = pd.DataFrame(rows, columns=columns).assign(municipality="m", category="low_results", year=2021)
    return frame.assign(received_on=pd.to_datetime(frame["received_on"]))


def test_N1_a_list_that_decides_names_the_schools_and_no_other():
    came = lists(("a", "region", "Перечень", "2021-02-12", "ВПР"), ("b", "region", "Перечень", "2021-02-12", None))
    final = apply_received_lists(calculated(a="no", b="insufficient_data", c="yes"), came, ["low_results"])
    final = final.set_index("school_id")
    assert final["identified"].to_dict() == {"a": "yes", "b": "yes", "c": "no"}
    assert final["calculated"].to_dict() == {"a": "no", "b": "insufficient_data", "c": "yes"}
    assert final["decision"].eq("received").all() and final["cause"].eq("").all() and not final["near"].any()
    told = "региональный список «Перечень», получен 12.02.2021"
    assert final["reason"].to_dict() == {
        "a": f"школу называет {told}: ВПР",
        "b": f"школу называет {told}",
        "c": f"школу не называет {told}",
    }


@pytest.mark.parametrize(("deciding", "came"), [([], [("a", "region", None, None, None)]), (["low_results"], [])])
def test_N1_without_a_list_or_its_word_the_calculation_stands(deciding, came):
    before = calculated(a="insufficient_data")
    pd.testing.assert_frame_equal(apply_received_lists(before, lists(*came), deciding), before)


def test_N1_a_list_of_another_office_decides_nothing_here():
    came = lists(("a", "region", None, None, None)).assign(municipality="other")
    assert apply_received_lists(calculated(a="no"), came, ["low_results"])["decision"].tolist() == ["calculated"]


def test_N1_experts_decide_after_the_list():
    came = lists(("a", "region", None, "2021-02-12", None))
    found = apply_received_lists(calculated(a="no"), came, ["low_results"])
    made = {"municipality": "m", "school_id": ["a"], "category": "low_results", "decision": "exclude"}
    experts = pd.DataFrame(made).assign(reason="растёт", decided_by="комиссия", decided_on=pd.Timestamp(2021, 9, 14))
    (row,) = apply_expert_decisions(found, experts).itertuples()
    assert (row.identified, row.calculated, row.decision) == ("no", "no", "expert")
    assert row.reason == "решение экспертов от 14.09.2021 (комиссия): растёт"


def test_N1_of_each_source_the_list_received_last_stands():
    came = lists(
        ("a", "region", "1", "2021-02-12", None),
        ("b", "region", "2", "2021-05-30", None),
        ("c", "region", "3", None, None),
        ("d", "federal", "4", None, None),
    )
    assert standing_lists(came, 2021)["school_id"].tolist() == ["b", "d"]
    assert standing_lists(came, 2020).empty


def test_what_is_not_named_is_not_said_of_a_decision():
    assert decision_in_words(None) == "решение экспертов"
    assert (
        decision_in_words("растёт", None, pd.NaT, "признаков 1 из 7") == "решение экспертов (признаков 1 из 7): растёт"
    )
    assert list_in_words("municipality", "Программа", pd.NaT).endswith("«Программа», дата получения не названа")
