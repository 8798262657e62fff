"""The risk registers of the programmes (H4, Z6)."""

import pandas as pd
import pytest

from shnor_lib.analyses.support.risk_register import risk_register
from tests.analyses.support.conftest import shipped_table


@pytest.mark.parametrize(
    "probability, impact, rating",
    [
        ("low", "low", "low"),
        ("low", "medium", "low"),
        ("low", "high", "medium"),
        ("medium", "medium", "medium"),
        ("medium", "high", "high"),
        ("high", "high", "high"),
        ("high", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_H4_rating_is_given_only_with_both_probability_and_impact(probability, impact, rating):
    risks = pd.DataFrame({"risk_id": ["1"], "year": 2021, "probability": [probability], "impact": [impact]})
    assert risk_register(risks, 2021)["rating"].tolist() == [rating]


def test_H4_krasnokholm_names_four_risks_with_mitigation_and_no_rating():
    risks = risk_register(shipped_table("krasnokholm", "risks"), 2021)
    assert len(risks) == 4
    assert risks["mitigation"].notna().all()
    assert risks["rating"].eq("unknown").all()


def test_Z6_lesozavodsk_leaves_one_risk_without_mitigation():
    risks = risk_register(shipped_table("lesozavodsk", "risks"), 2021)
    assert len(risks) == 5
    assert risks.loc[risks["mitigation"].isna(), "risk_id"].tolist() == ["1"]
