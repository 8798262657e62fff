"""Краснохолмский МО, programme for 2021 and the planning period."""

import pandas as pd
import pytest


def test_section_2_schools_and_passport_participant(krasnokholm):
    assert krasnokholm.indicator("schools_count", year=2021)["value"] == 3
    assert krasnokholm.indicator("schools_count", year=2021, group="ШНОР")["value"] == 1
    named = krasnokholm.table("schools").query("level == 'school'")
    assert named["short_name"].tolist() == ["Краснохолмская сош № 1"]


def test_passport_names_the_school_of_the_list_and_no_day(krasnokholm):
    (row,) = krasnokholm.table("received_lists").itertuples()
    assert (row.school_id, row.category, row.source) == ("krk-01", "low_results", "municipality")
    assert row.place.startswith("паспорт программы") and row.received_on is pd.NaT


@pytest.mark.parametrize(
    ("section", "numbers"),
    [
        pytest.param("3", "1.1 1.2 1.3 1.4 2.1 2.2 2.3 3.1 3.2", id="section 3"),
        pytest.param("4", "1.1 1.2 2.1 3.1 3.2 3.4 3.5 4.1 4.2 4.3 4.4 5.1 5.2 5.3 5.4 5.5 6.1 6.2", id="section 4"),
    ],
)
def test_sections_3_4_measures(krasnokholm, section, numbers):
    own = _measures(krasnokholm, section)
    assert own["measure_id"].str.removeprefix(f"{section}-").tolist() == numbers.split()
    assert own[["title", "due"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("level", "numbers"),
    [
        pytest.param(
            "municipality",
            "1.2 1.3 3.1 3.2 3.3 3.4 3.5 3.6 4.1 4.2 4.3 4.4 4.5 5.1 5.2 5.3 5.4 5.6 6.1",
            id="section 5: municipal level",
        ),
        pytest.param("school", "1.2 3.1 3.3 3.4 3.5 3.6 4.1 4.3 4.5 5.1 5.2 5.4 5.6 6.1", id="section 5: school level"),
    ],
)
def test_section_5_two_levels(krasnokholm, level, numbers):
    own = _measures(krasnokholm, "5").query("level == @level")
    assert own["measure_id"].str.split("-").str[1].tolist() == numbers.split()


@pytest.mark.parametrize(
    ("section", "stages"),
    [
        pytest.param("4", "goals indicators monitoring analysis measures effectiveness", id="section 4"),
        pytest.param("5", "goals monitoring analysis measures effectiveness", id="section 5: stage 2 is empty"),
    ],
)
def test_sections_4_5_management_cycle(krasnokholm, section, stages):
    own = _measures(krasnokholm, section)
    assert own["cycle_stage"].drop_duplicates().tolist() == stages.split()
    number = own["measure_id"].str.split("-").str[1].str[0].astype(int)
    order = ["goals", "indicators", "monitoring", "analysis", "measures", "effectiveness"]
    assert own["cycle_stage"].tolist() == [order[stage - 1] for stage in number]


def test_section_7_risks(krasnokholm):
    risks = krasnokholm.table("risks")
    assert len(risks) == 4
    assert risks[["title", "mitigation"]].notna().all(axis=None)


def _measures(krasnokholm, section):
    measures = krasnokholm.table("measures")
    return measures[measures["measure_id"].str.startswith(f"{section}-")]
