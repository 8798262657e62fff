"""The list and its totals: who was judged, who was not, and what nobody was judged on."""

import numpy as np

from shnor_lib.analyses.findings import identification_facts
from shnor_lib.analyses.identification import list_totals, reasons, school_list
from tests.shipped import shipped


def test_judged_not_judged_and_not_named_add_up_to_all():
    for office in (shipped("iskitim", 2021), shipped("krasnokholm", 2021), shipped("lesozavodsk", 2021)):
        schools = list_totals(identification_facts(office)).set_index("figure")["schools"]
        parts = schools.reindex(["low_results_assessed", "low_results_insufficient", "unnamed"], fill_value=0)
        assert parts.sum() == schools["total"] > 0


def test_a_list_that_nobody_was_judged_on_has_no_length():
    totals = list_totals(identification_facts(shipped("iskitim", 2021))).set_index("figure")
    assert totals["schools"].drop("low_results").tolist() == [3, 0, 3]
    assert np.isnan(totals.loc["low_results", ["schools", "share"]].astype(float)).all()
    assert totals.loc["low_results", "cause"] == "not_delivered"


def test_a_school_without_an_answer_is_neither_near_nor_decided_upon():
    frame = school_list(shipped("iskitim", 2021))
    assert frame[["near_threshold", "decision"]].isna().all(axis=None)
    judged = school_list(shipped("demo", 2021))
    assert judged[["near_threshold", "decision"]].notna().all(axis=None)


def test_criteria_met_are_counted_among_those_assessed():
    assert reasons(shipped("iskitim", 2021))["criteria_met"].isna().all()
    found = reasons(shipped("demo", 2021))
    assert found.loc[found["criteria_assessed"].gt(0), "criteria_met"].notna().all()
