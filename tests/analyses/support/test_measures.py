"""States of measures on a monitoring date, by hand; and the programmes as they ship (L13, L4, K1, Z6, I3, H2)."""

from datetime import date

import pandas as pd
import pytest

from shnor_lib.analyses.support.measures import (
    by_date,
    by_urgency,
    cycle_coverage,
    execution,
    half_yearly_progress,
    in_force,
    measure_states,
    overdue_measures,
    programme_measures,
    quarterly_load,
    stages_are_named,
    unreported,
)
from shnor_lib.analyses.support.reports import reports_due
from shnor_lib.inputs.dictionary import DTYPES, table
from tests.analyses.support.conftest import shipped_measures
from tests.analyses.support.test_reports import reports

YEAR = date(2021, 1, 1), date(2021, 12, 31)
ON = date(2021, 6, 30)


def plan(*rows: dict, year: int = 2021) -> pd.DataFrame:
    """A table of measures; what a row does not name is missing."""
    columns = table("measures").columns
    numbered = [{"measure_id": str(number), "title": "мера"} | row for number, row in enumerate(rows, 1)]
    frame = pd.DataFrame(numbered).reindex(columns=list(columns))
    return frame.astype({name: DTYPES[column.type] for name, column in columns.items()}).assign(year=year)


def states(*rows: dict, on: date = ON) -> list[str]:
    return measure_states(programme_measures(plan(*rows), 2021, YEAR), on)["state"].tolist()


@pytest.mark.parametrize(
    "measure, state",
    [
        ({"due": "1 квартал 2021", "status": "done", "completed_on": "2021-03-20"}, "done"),
        ({"due": "1 квартал 2021", "status": "done"}, "done"),
        ({"due": "1 квартал 2021", "status": "done", "completed_on": "2021-07-01"}, "overdue"),
        ({"due": "2021 год", "status": "done", "completed_on": "2021-07-01"}, "in_progress"),
        ({"due": "1 квартал 2021", "status": "in_progress"}, "overdue"),
        ({"due": "1 квартал 2021", "status": "planned"}, "overdue"),
        ({"due": "до 30 июня 2021", "status": "planned"}, "planned"),
        ({"due": "до 29 июня 2021", "status": "planned"}, "overdue"),
        ({"due": "1 квартал 2021", "status": "cancelled"}, "cancelled"),
        ({"due": "ежеквартально", "status": "in_progress"}, "in_progress"),
        ({"due": "постоянно", "status": "planned"}, "planned"),
        ({"due": "1 квартал 2021"}, "unknown"),
        ({"due": "август 2021"}, "planned"),
        ({"due": "до 1 сентября 2021 года"}, "unknown"),
        ({"due": "постоянно"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_L13_state_of_a_measure_on_the_monitoring_date(measure, state):
    assert states(measure) == [state]


def test_L13_a_day_later_the_measure_is_overdue():
    measure = {"due": "2 квартал 2021", "status": "in_progress"}
    assert states(measure, on=date(2021, 6, 30)) == ["in_progress"]
    assert states(measure, on=date(2021, 7, 1)) == ["overdue"]


def test_L13_days_late_of_the_overdue_and_of_the_done():
    found = measure_states(
        programme_measures(
            plan(
                {"due": "до 20 июня 2021", "status": "planned"},
                {"due": "до 20 июня 2021", "status": "done", "completed_on": "2021-06-10"},
                {"due": "ежегодно", "status": "in_progress"},
                {"due": "до 1 июня 2021", "status": "in_progress"},
            ),
            2021,
            YEAR,
        ),
        ON,
    )
    assert found["days_late"].tolist() == [10, -10, pd.NA, 29]
    assert overdue_measures(found)["measure_id"].tolist() == ["4", "1"]


def judged(*rows: dict) -> pd.DataFrame:
    return measure_states(programme_measures(plan(*rows), 2021, YEAR), ON)


def test_what_nobody_reported_asks_for_attention_before_what_goes_on():
    found = judged(
        {"due": "2020", "status": "done", "completed_on": "2020-12-01"},
        {"due": "до 20 июня 2021", "status": "planned"},
        {"due": "ежегодно"},
        {"due": "до 1 мая 2021", "status": "in_progress"},
        {"due": "декабрь 2021", "status": "in_progress"},
    )
    assert by_urgency(found)["measure_id"].tolist() == ["4", "2", "3", "5", "1"]


def test_measures_by_date_tell_the_late_from_those_nobody_reported_and_the_soon_from_the_later():
    found = by_date(
        judged(
            {"due": "декабрь 2021", "status": "planned"},
            {"due": "до 1 мая 2021", "status": "planned"},
            {"due": "до 1 июня 2021"},
            {"due": "ежеквартально", "status": "in_progress"},
            {"due": "в конце каждого полугодия"},
            {"due": "ежегодно", "status": "in_progress"},
            {"due": "сентябрь 2021", "status": "cancelled"},
            {"due": "до 1 июня 2021", "status": "done", "completed_on": "2021-05-30"},
        ),
        ON,
    )
    told = list(zip(found["measure_id"], found["moment"], found["days"], strict=True))
    assert told == [
        ("2", "late", -60),
        ("3", "passed", -29),
        ("4", "soon", 92),
        ("1", "later", 184),
        ("5", "later", 184),
    ]


def test_whom_to_ask_of_measures_that_nobody_reported():
    found = unreported(
        judged(
            {"due": "2020", "responsible": "методист"},
            {"due": "2020"},
            {"due": "2020", "responsible": "методист"},
            {"due": "2020", "responsible": "директор", "status": "in_progress"},
        )
    )
    assert found["numbers"].tolist() == ["1, 3", "2"] and found["measures"].tolist() == [2, 1]
    assert found["responsible"].iloc[0] == "методист" and pd.isna(found["responsible"].iloc[1])


def test_the_measures_of_the_latest_year_are_in_force():
    both = pd.concat([plan({}, {}, year=2019), plan({}, year=2020), plan({}, {}, {}, year=2022)])
    assert len(in_force(both, 2021)) == 1
    assert len(in_force(both, 2019)) == 2
    assert in_force(both, 2018).empty


def test_L13_execution_by_section_leaves_cancelled_measures_out_of_the_share():
    found = measure_states(
        programme_measures(
            plan(
                {"section": "Кадры", "status": "done", "due": "2020"},
                {"section": "Кадры", "status": "cancelled", "due": "2020"},
                {"section": "Кадры", "status": "planned", "due": "2020"},
                {"section": "Уроки", "due": "2020"},
            ),
            2021,
            YEAR,
        ),
        ON,
    )
    rows = execution(found, "section").set_index("section")
    assert rows.loc["Кадры", ["measures", "done", "cancelled", "overdue", "done_share"]].tolist() == [3, 1, 1, 1, 0.5]
    assert rows.loc["Уроки", "unknown"] == 1
    assert pd.isna(rows.loc["Уроки", "done_share"])


def test_L4_half_yearly_monitoring_counts_what_was_due_and_done_by_each_day():
    measures = programme_measures(
        plan(
            {"due": "1 квартал 2021", "status": "done", "completed_on": "2021-03-31"},
            {"due": "1 квартал 2021", "status": "done", "completed_on": "2021-07-05"},
            {"due": "1 квартал 2021", "status": "done"},
            {"due": "2 квартал 2021", "status": "cancelled"},
            {"due": "2 квартал 2021"},
            {"due": "4 квартал 2021", "status": "planned"},
            {"due": "постоянно", "status": "in_progress"},
        ),
        2021,
        YEAR,
    )
    nothing = reports_due(measures, reports(), [], YEAR, date(2021, 8, 31))
    days = [date(2021, 6, 30), date(2021, 12, 31)]
    found = half_yearly_progress(measures, days, date(2021, 8, 31), nothing, YEAR[0])
    assert found[["due", "done", "not_done", "unknown"]].iloc[0].tolist() == [4, 1, 1, 2]
    assert found["due"].iloc[1] == 5
    assert found[["done", "not_done", "unknown"]].iloc[1].isna().all()


def test_Z6_what_recurs_falls_due_at_the_end_of_its_period_and_reports_say_whether_it_was_done():
    """By 30 June: a half-yearly measure that one of two schools has not done, a quarterly one that is, one of which nothing came."""
    measures = programme_measures(
        plan(
            {"due": "1 раз в полугодие", "level": "school"},
            {"due": "ежеквартально", "level": "municipality"},
            {"due": "в конце каждого полугодия", "level": "municipality"},
            {"due": "постоянно", "level": "municipality"},
        ),
        2021,
        YEAR,
    )
    told = reports(
        ("1", "01", "1 полугодие 2021 года", "done", "2021-07-02"),
        ("1", "02", "1 полугодие 2021 года", "in_progress", "2021-07-02"),
        ("2", None, "2 квартал 2021 года", "done", "2021-07-02"),
    )
    due = reports_due(measures, told, ["01", "02"], YEAR, date(2021, 8, 31))
    days = [date(2021, 6, 30), date(2021, 12, 31)]
    found = half_yearly_progress(measures, days, date(2021, 8, 31), due, YEAR[0])
    assert found[["due", "done", "not_done", "unknown"]].iloc[0].tolist() == [3, 1, 1, 1]
    assert found["due"].tolist() == [3, 3]


def test_K1_thirty_measures_in_five_directions():
    measures = shipped_measures("kushva")
    assert measures.groupby("section", sort=False).size().tolist() == [10, 6, 9, 3, 2]
    assert measures["responsible"].notna().all()
    assert set(measures["state"]) == {"unknown", "planned"}  # the document holds the plan, not its execution


def test_K1_measures_of_each_direction_by_quarter():
    load = quarterly_load(shipped_measures("kushva"))
    assert load.columns.tolist() == [
        "section",
        "measures",
        "2020-1",
        "2020-2",
        "2020-3",
        "2020-4",
        "without_quarter",
    ]
    # direction 5: monitoring of equipment in the second quarter, orders in the third
    assert load.iloc[4, 1:].tolist() == [2, 0, 1, 1, 0, 0]
    # direction 1: measures 4, 5, 6 in every quarter; 1, 2, 3, 7 in II; 9, 10 in III and 10 … 9 also in IV; 8 in IV
    assert load.iloc[0, 1:].tolist() == [10, 3, 7, 5, 5, 0]
    assert load["without_quarter"].sum() == 1  # «2 раза в год» names no quarter


def test_Z6_measures_due_half_yearly_fall_on_the_ends_of_half_years():
    measures = shipped_measures("lesozavodsk").set_index("measure_id")
    half_yearly = measures[measures["months"].map(lambda months: months == (6, 12))]
    assert half_yearly.index.tolist() == ["IV-1.1", "IV-1.2", "IV-1.3", "V-1.4"]
    assert half_yearly["quarters"].map(len).tolist() == [2, 2, 2, 2]
    assert measures.loc["V-1.5", "months"] == (1, 6)


def test_I3_roadmap_has_responsible_due_and_result_for_each_of_its_19_rows():
    measures = shipped_measures("iskitim")
    roadmap = measures[measures["section"].eq("«Дорожная карта»")]
    assert len(roadmap) == 19
    assert roadmap["responsible"].notna().all()
    assert roadmap["expected_result"].notna().all()
    assert roadmap["due_kind"].value_counts().to_dict() == {"dated": 12, "none": 7}
    assert not roadmap["responsible"].str.contains(r"[А-Я]\. ?[А-Я]\.").any()  # roles, not names


def test_H2_management_cycle_by_stage_and_level():
    coverage = cycle_coverage(shipped_measures("krasnokholm")).set_index("cycle_stage")
    assert coverage.index.tolist() == ["goals", "indicators", "monitoring", "analysis", "measures", "effectiveness"]
    assert coverage["municipality"].tolist() == [4, 1, 10, 9, 10, 3]
    assert coverage["school"].tolist() == [1, 0, 5, 3, 4, 1]
    assert coverage["measures"].sum() == 51  # nine measures of section 3 name no stage


def test_H2_a_stage_without_measures_stays_in_the_cycle():
    coverage = cycle_coverage(plan({"cycle_stage": "goals", "level": "school"}))
    assert coverage["measures"].tolist() == [1, 0, 0, 0, 0, 0]
    assert coverage["school"].tolist() == [1, 0, 0, 0, 0, 0]


def test_H2_programmes_that_name_no_stage_are_told_apart():
    assert stages_are_named(shipped_measures("krasnokholm"))
    assert not stages_are_named(shipped_measures("kushva"))
