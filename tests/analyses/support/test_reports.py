"""Reports on measures by period, by hand: what is reported, late, missing, ahead, or came after the day of the count (K1, Z6)."""

from datetime import date

import pandas as pd
import pytest

from shnor_lib.analyses.support.measures import by_date, measure_states, programme_measures
from shnor_lib.analyses.support.reports import after_the_count, by_reporter, reports_due, with_reports
from shnor_lib.inputs.dictionary import DTYPES, table

YEAR = date(2021, 1, 1), date(2021, 12, 31)
ON = date(2021, 8, 31)
QUARTERS = [f"{number} квартал 2021 года" for number in (1, 2, 3, 4)]


def reports(*rows: tuple) -> pd.DataFrame:
    """Rows of ``measure_reports``: measure, school, period, status, day of the report, day of completion."""
    names = ["measure_id", "school_id", "period", "status", "reported_on", "completed_on"]
    columns = {name: DTYPES[column.type] for name, column in table("measure_reports").columns.items()}
    frame = pd.DataFrame([(*row, None)[:6] for row in rows], columns=names).reindex(columns=list(columns))
    return frame.astype(columns).assign(year=2021)


def measures(*rows: dict) -> pd.DataFrame:
    columns = table("measures").columns
    numbered = [{"measure_id": str(number), "title": "мера"} | row for number, row in enumerate(rows, 1)]
    frame = pd.DataFrame(numbered).reindex(columns=list(columns))
    frame = frame.astype({name: DTYPES[column.type] for name, column in columns.items()}).assign(year=2021)
    return programme_measures(frame, 2021, YEAR)


def standing(measure: dict, *told: tuple, schools: tuple[str, ...] = ()) -> list[tuple]:
    found = reports_due(measures(measure), reports(*told), schools, YEAR, ON)
    rows = found.astype({"school_id": object}).fillna({"school_id": ""})
    return list(zip(rows["school_id"], rows["period"].str[:9], rows["standing"], strict=True))


def test_K1_a_quarter_that_ended_without_a_report_is_late_once_anybody_has_reported():
    """Schools 01 and 02 owe a report each quarter; 01 gave that of the first, nobody anything of the second."""
    found = standing(
        {"due": "ежеквартально", "level": "school"},
        ("1", "01", QUARTERS[0], "done", "2021-04-05"),
        schools=("01", "02"),
    )
    by_school = ["late", "ahead", "ahead"]
    assert [one[2] for one in found] == ["reported", *by_school, "late", *by_school]
    assert [one[0] for one in found] == ["01"] * 4 + ["02"] * 4


@pytest.mark.parametrize("due", ["ежеквартально", "постоянно", "1 раз в полугодие", "ежемесячно"])
def test_K1_of_what_nobody_ever_reported_nothing_is_known(due):
    found = standing({"due": due, "level": "municipality"})
    assert {one[2] for one in found} == {"missing", "ahead"}
    own = measures({"due": due, "level": "municipality"})
    told = with_reports(own, reports_due(own, reports(), (), YEAR, ON))
    assert measure_states(told, ON)["state"].tolist() == ["unknown"]


@pytest.mark.parametrize(
    ("due", "late"), [("постоянно", 1), ("ежеквартально", 1), ("ежемесячно", 7), ("1 раз в полугодие", 1)]
)
def test_K1_recurring_measures_are_late_by_their_own_periods(due, late):
    """By 31 August, with a report on the first quarter, or on a period of another length, in April."""
    period = {"ежемесячно": "март 2021 года", "1 раз в полугодие": "1 квартал 2021 года"}.get(due, QUARTERS[0])
    found = standing({"due": due, "level": "municipality"}, ("1", None, period, "in_progress", "2021-04-05"))
    assert sum(one[2] == "late" for one in found) == late - (due == "ежемесячно")


def test_K1_a_dated_measure_is_reported_until_it_is_done_and_never_late_by_reports():
    """Due in the second quarter; the report on the third, given in October, says that it is done: none is owed on the fourth."""
    measure = {"due": "2 квартал 2021", "level": "municipality", "status": "in_progress"}
    told = ("1", None, QUARTERS[2], "done", "2021-10-05", "2021-09-10")
    assert standing(measure, told) == [("", "2 квартал", "missing"), ("", "3 квартал", "after")]


def test_a_report_that_came_after_the_count_leaves_its_period_late_on_that_day():
    told = [
        ("1", "01", QUARTERS[0], "done", "2021-04-05"),
        ("1", "01", QUARTERS[1], "done", "2021-09-02", "2021-06-20"),
    ]
    found = standing({"due": "ежеквартально", "school_id": "01", "level": "school"}, *told)
    assert [one[2] for one in found] == ["reported", "late", "ahead", "ahead"]


def judged(rows: list[dict], *told: tuple, schools: tuple[str, ...] = ()) -> pd.DataFrame:
    own = measures(*rows)
    return measure_states(with_reports(own, reports_due(own, reports(*told), schools, YEAR, ON)), ON)


def test_K1_a_late_report_makes_a_recurring_measure_late_since_the_end_of_its_period():
    found = judged(
        [{"due": "ежеквартально", "level": "municipality", "status": "in_progress"}],
        ("1", None, QUARTERS[0], "done", "2021-04-05"),
    )
    assert found[["state", "days_late"]].values.tolist() == [["overdue", 62]]  # 30 June to 31 August
    late = by_date(found, ON)
    assert late[["day", "moment", "days"]].values.tolist() == [[pd.Timestamp(2021, 6, 30), "late", -62]]


def test_K1_where_the_office_says_nothing_the_state_follows_from_all_who_report():
    """Both schools did it; one of two did; both only plan it; both dropped it; one quarterly measure goes on though each quarter is done."""
    due = {"due": "до 1 сентября 2021", "level": "school"}
    rows = [due, due, due, due, {"due": "ежеквартально", "school_id": "01", "level": "school"}]
    told = [
        *(
            ("1", school, QUARTERS[2], "done", "2021-08-20", f"2021-08-{day}")
            for school, day in (("01", 10), ("02", 15))
        ),
        ("2", "01", QUARTERS[2], "done", "2021-08-20", "2021-08-10"),
        ("2", "02", QUARTERS[2], "planned", "2021-08-20"),
        *(("3", school, QUARTERS[2], "planned", "2021-08-20") for school in ("01", "02")),
        *(("4", school, QUARTERS[2], "cancelled", "2021-08-20") for school in ("01", "02")),
        *(("5", "01", quarter, "done", "2021-07-05") for quarter in QUARTERS[:2]),
    ]
    found = judged(rows, *told, schools=("01", "02"))
    assert found["state"].tolist() == ["done", "in_progress", "planned", "cancelled", "in_progress"]
    assert found["completed_on"].iloc[0] == pd.Timestamp(2021, 8, 15) and found["completed_on"].iloc[1:].isna().all()
    assert found["status_of"].eq("reports").all()


def test_what_the_office_states_stays_beside_the_reports():
    found = judged(
        [{"due": "до 1 июня 2021", "level": "municipality", "status": "planned"}],
        ("1", None, QUARTERS[1], "in_progress", "2021-07-01"),
    )
    assert found[["status", "state", "status_of"]].values.tolist() == [["planned", "overdue", "office"]]


def test_K1_who_reported_how_much_by_the_day_of_the_count():
    """Two quarters have ended: 01 owes two and gave one, 02 two and none, the municipality two and both; the third quarter is not owed yet."""
    own = measures({"due": "ежеквартально", "level": "school"}, {"due": "постоянно", "level": "municipality"})
    told = reports(
        ("1", "01", QUARTERS[0], "done", "2021-04-05"),
        ("2", None, QUARTERS[0], "in_progress", "2021-04-05"),
        ("2", None, QUARTERS[1], "in_progress", "2021-07-09"),
    )
    found = by_reporter(reports_due(own, told, ["01", "02"], YEAR, ON))
    rows = found.assign(school_id=found["school_id"].fillna(""))[["school_id", "due", "reported", "late", "missing"]]
    assert rows.values.tolist() == [["02", 2, 0, 2, 0], ["01", 2, 1, 1, 0], ["", 2, 2, 0, 0]]
    assert found["latest"].tolist()[1:] == [pd.Timestamp(2021, 4, 5), pd.Timestamp(2021, 7, 9)]


def test_what_was_done_after_the_count_is_told_once():
    """Measure 1 by the office's own date, measure 2 by a report, measure 3 before the count."""
    rows = [
        {"due": "2021 год", "level": "municipality", "status": "done", "completed_on": "2021-09-04"},
        {"due": "до 1 июля 2021", "level": "municipality", "status": "in_progress"},
        {"due": "2021 год", "level": "municipality", "status": "done", "completed_on": "2021-08-31"},
    ]
    told = [
        ("1", None, QUARTERS[2], "done", "2021-09-10", "2021-09-04"),
        ("2", None, QUARTERS[2], "done", "2021-09-10", "2021-09-01"),
        ("3", None, QUARTERS[2], "done", "2021-09-10", "2021-08-31"),
    ]
    own = measures(*rows)
    found = after_the_count(own, reports_due(own, reports(*told), (), YEAR, ON), ON)
    assert found[["measure_id", "completed_on"]].values.tolist() == [
        ["2", pd.Timestamp(2021, 9, 1)],
        ["1", pd.Timestamp(2021, 9, 4)],
    ]
