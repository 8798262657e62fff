"""The list and its totals: who was judged, who was not, and what nobody was judged on."""

from dataclasses import replace

import numpy as np

from shnor_lib.analyses.findings import identification_facts
from shnor_lib.analyses.identification import (
    MOST_LINES,
    criteria_compared,
    criterion_lines,
    list_totals,
    open_answers,
    reasons,
    reasons_to_read,
    school_list,
    verdict_rows,
)
from tests.shipped import by_calculation, shipped


def test_judged_not_judged_and_not_named_add_up_to_all():
    for office in (by_calculation(shipped("krasnokholm", 2021)), shipped("lesozavodsk", 2021), shipped("demo", 2021)):
        schools = list_totals(identification_facts(office)).set_index("figure")["schools"]
        parts = schools.reindex(["ШНОР: вывод сделан", "ШНОР: данных недостаточно", "unnamed"], fill_value=0)
        assert parts.sum() == schools["total"] > 0


def test_a_list_that_nobody_was_judged_on_has_no_length():
    totals = list_totals(identification_facts(by_calculation(shipped("krasnokholm", 2021)))).set_index("figure")
    unjudged = totals.loc["ШНОР"]
    assert totals.loc[["total", "ШНОР: вывод сделан", "ШНОР: данных недостаточно"], "schools"].tolist() == [3, 0, 1]
    assert np.isnan(unjudged[["schools", "share"]].astype(float)).all() and unjudged["cause"] == "not_delivered"


def test_partners_of_others_are_not_schools_without_an_answer():
    office = shipped("iskitim", 2021)
    totals = list_totals(identification_facts(office))
    assert totals["figure"].iloc[0] == "total" and totals["schools"].isna().all()
    assert school_list(office).empty


def test_a_school_without_an_answer_is_neither_near_nor_decided_upon():
    frame = school_list(by_calculation(shipped("krasnokholm", 2021)))
    assert frame[["near_threshold", "decision"]].isna().all(axis=None)
    judged = school_list(shipped("demo", 2021))
    assert judged[["near_threshold", "decision"]].notna().all(axis=None)


def test_criteria_met_are_counted_among_those_assessed():
    assert reasons(by_calculation(shipped("krasnokholm", 2021)))["criteria_met"].isna().all()
    found = reasons(shipped("demo", 2021))
    assert found.loc[found["criteria_assessed"].gt(0), "criteria_met"].notna().all()


def test_listed_schools_stand_first_with_their_signs():
    office = shipped("demo", 2021)
    frame = school_list(office)
    listed = frame["low_results"].eq("yes")
    assert listed[: listed.sum()].all() and set(office.method.criteria) <= set(frame)
    assert criteria_compared(shipped("lesozavodsk", 2021)) == []  # one criterion: no matrix


def test_reasons_to_read_leave_out_only_schools_that_nobody_asks_about():
    office = shipped("demo", 2021)
    read, every = reasons_to_read(office), reasons(office)
    left = every.merge(read[["school_id", "category"]], how="left", indicator=True).query("_merge == 'left_only'")
    assert len(left) and left["identified"].eq("no").all() and not left["near"].any()
    assert open_answers(office).empty and open_answers(by_calculation(shipped("krasnokholm", 2021)))["count"].sum() == 1


def test_a_verdict_follows_from_its_numerator_and_denominator():
    rows = verdict_rows(shipped("demo", 2021))
    known = rows[rows["criterion"].eq("low_continuation") & rows["value"].notna()]
    assert known["numerator"].round(6).mod(1).eq(0).all()
    np.testing.assert_allclose(known["value"].astype(float), known["numerator"] / known["denominator"])
    assert rows.loc[rows["value"].isna(), "denominator"].isna().all()


def test_lines_keep_the_schools_nearest_to_the_threshold(monkeypatch):
    office = shipped("demo", 2021)
    whole = criterion_lines(office)
    assert whole["criterion"].value_counts().max() <= MOST_LINES and whole["under"].eq("").all()
    assert whole.dropna(subset=["low"]).eval("low <= value <= high").all()
    monkeypatch.setattr("shnor_lib.analyses.identification.MOST_LINES", 4)
    near = criterion_lines(office)
    quarter = near[near["criterion"].eq("lowest_results")]
    assert quarter["verdict"].tolist() == ["met", "met", "not_met", "not_met"]
    assert quarter["under"].eq("Ещё 10 – дальше от порога.").all()


def test_a_list_taken_from_a_document_is_not_confirmed_by_it():
    facts = identification_facts(shipped("lesozavodsk", 2021))
    assert facts["list_from_document"] == 1 and "list_stated" not in facts
    assert identification_facts(shipped("demo", 2021))["list_from_document"] == 0


def test_schools_without_an_answer_for_being_equal_are_counted_apart():
    office = shipped("demo", 2021)
    assert "list_all_equal" not in identification_facts(office)
    equal = office.identification.assign(identified="insufficient_data", cause="not_distinguished")
    facts = identification_facts(replace(office, identification=equal))
    assert [one["list_all_equal"] for one in facts["lists"]] == [14, 14]
    equal.loc[equal.index[:2], "cause"] = "not_delivered"  # both categories of one school
    assert "list_all_equal" not in identification_facts(replace(office, identification=equal))
