"""The list and its totals: who was judged, who was not, and what nobody was judged on."""

import numpy as np

from shnor_lib.analyses.findings import identification_facts
from shnor_lib.analyses.identification import list_totals, reasons, school_list
from tests.shipped import shipped


def test_judged_not_judged_and_not_named_add_up_to_all():
    for office in (shipped("krasnokholm", 2021), shipped("lesozavodsk", 2021), shipped("demo", 2021)):
        schools = list_totals(identification_facts(office)).set_index("figure")["schools"]
        parts = schools.reindex(["low_results_assessed", "low_results_insufficient", "unnamed"], fill_value=0)
        assert parts.sum() == schools["total"] > 0


def test_a_list_that_nobody_was_judged_on_has_no_length():
    totals = list_totals(identification_facts(shipped("krasnokholm", 2021))).set_index("figure")
    unjudged = totals.loc["low_results"]
    assert totals.loc[["total", "low_results_assessed", "low_results_insufficient"], "schools"].tolist() == [3, 0, 1]
    assert np.isnan(unjudged[["schools", "share"]].astype(float)).all() and unjudged["cause"] == "not_delivered"


def test_partners_of_others_are_not_schools_without_an_answer():
    office = shipped("iskitim", 2021)
    totals = list_totals(identification_facts(office))
    assert totals["figure"].tolist() == ["total"] and totals["schools"].isna().all()
    assert school_list(office).empty


def test_a_school_without_an_answer_is_neither_near_nor_decided_upon():
    frame = school_list(shipped("krasnokholm", 2021))
    assert frame[["near_threshold", "decision"]].isna().all(axis=None)
    judged = school_list(shipped("demo", 2021))
    assert judged[["near_threshold", "decision"]].notna().all(axis=None)


def test_criteria_met_are_counted_among_those_assessed():
    assert reasons(shipped("krasnokholm", 2021))["criteria_met"].isna().all()
    found = reasons(shipped("demo", 2021))
    assert found.loc[found["criteria_assessed"].gt(0), "criteria_met"].notna().all()
