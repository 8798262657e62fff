"""What schools and the municipality reported on the measures of the programme, period by period, and what was not reported.

A period that has ended without a report makes a recurring or ongoing measure late only where somebody has reported on that measure:
about one of which nobody ever reported nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from shnor_lib.criteria.decisions import list_of
from shnor_lib.inputs.due import DATED, ONGOING, RECURRING, Due, period_days, read_due, reporting_periods
from shnor_lib.office.office import Office

STANDINGS = ("reported", "late", "missing", "ahead", "after")
REPORTED, LATE, MISSING, AHEAD, AFTER = STANDINGS
"""How a period stands on the day of the count: reported by then, late, ended without a report, not ended, reported only after it."""

COLUMNS = ["status", "reported_on", "completed_on", "evidence", "note"]
KEY = ["measure_id", "school_id", "period"]


def reports_due(
    measures: pd.DataFrame, reports: pd.DataFrame, schools: Sequence[str], plan_year: tuple[date, date], on: date
) -> pd.DataFrame:
    """Every report that is due or was given: measure × reporter × period, with its standing on a day.

    A measure of the municipality is reported by itself, one of a school by the school, one of schools that names none by each of
    ``schools``; of one that names no level only what was given is known. A dated measure is reported on in each quarter it lasts,
    an overdue one until it is done; what is cancelled is not.

    Parameters
    ----------
    measures : frame of :func:`shnor_lib.analyses.support.measures.programme_measures`.
    reports : rows of ``measure_reports`` of the plan's year.

    Returns
    -------
    measure_id, school_id (missing: the municipality), period, ``title`` of the measure, ``first`` and ``last`` day of the period, the columns of the report,
    ``standing`` (:data:`STANDINGS`), ``days_late`` of a late one, ``given``: whether a report is there at all.
    """
    given = {tuple(row[:3]): row[3:] for row in _plain(reports[[*KEY, *COLUMNS]])}
    day = pd.Timestamp(on)
    known = {key[0] for key, (_, reported, *_) in given.items() if reported <= day}
    rows = []
    for measure in measures.astype(object).where(measures.notna(), None).itertuples():
        due = read_due(measure.due, plan_year)
        expected = _expected(measure, due, schools, plan_year, given)
        own = [key for key in given if key[0] == measure.measure_id]
        for key in sorted({*expected, *own}, key=lambda one: (str(one[1] or ""), period_days(one[2]))):
            first, last = map(pd.Timestamp, period_days(key[2]))
            report = given.get(key, (None,) * len(COLUMNS))
            again = due.kind in (RECURRING, ONGOING) and measure.measure_id in known
            standing = _standing(report[1], last, day, late=again)
            late = (day - last).days if standing == LATE else None
            rows.append((*key, measure.title, first, last, *report, standing, late, key in given))
    columns = [*KEY, "title", "first", "last", *COLUMNS, "standing", "days_late", "given"]
    found = pd.DataFrame(rows, columns=columns)
    dates = dict.fromkeys(("first", "last", "reported_on", "completed_on"), "datetime64[ns]")
    return found.astype(dates | {"school_id": "string", "days_late": "Int64", "given": bool})


def _plain(rows: pd.DataFrame) -> list[tuple]:
    """Rows with None for what is missing."""
    return list(rows.astype(object).where(rows.notna(), None).itertuples(index=False, name=None))


def _expected(
    measure, due: Due, schools: Sequence[str], plan_year: tuple[date, date], given: Mapping[tuple, tuple]
) -> list[tuple]:
    """The reports that a measure asks for: a dated one until somebody says that it is done."""
    if measure.status == "cancelled" or (measure.level is None and measure.school_id is None):
        return []
    reporters = [None if measure.level == "municipality" else measure.school_id]
    if reporters == [None] and measure.level == "school":
        reporters = list(schools)
    done = measure.status == "done"
    if due.kind == DATED and done and measure.completed_on is not None:
        due = replace(due, end=max(measure.completed_on.date(), due.start or measure.completed_on.date()))
    periods = reporting_periods(due, plan_year, unfinished=not done)
    expected = []
    for reporter in reporters:
        until = date.max
        if due.kind == DATED:
            said = (key for key in given if key[:2] == (measure.measure_id, reporter) and given[key][0] == "done")
            until = min((period_days(key[2])[1] for key in said), default=date.max)
        expected += [(measure.measure_id, reporter, one) for one in periods if period_days(one)[1] <= until]
    return expected


def _standing(reported: pd.Timestamp | None, last: pd.Timestamp, day: pd.Timestamp, late: bool) -> str:
    if reported is not None and reported <= day:
        return REPORTED
    if last < day and late:
        return LATE
    if reported is not None:
        return AFTER
    return MISSING if last < day else AHEAD


def office_reports(office: Office, measures: pd.DataFrame) -> pd.DataFrame:
    """:func:`reports_due` of an office on its monitoring date; measures of all schools ask those that are on a list."""
    plan, year = office.profile.plan, office.year
    rows = office.tables["measure_reports"]
    own = rows[rows["year"].eq(year)]
    return reports_due(measures, own, listed_schools(office), plan.period(year), plan.monitoring(year))


def listed_schools(office: Office) -> list[str]:
    """The schools of any list of the office: those that measures of all schools of the programme concern."""
    return sorted({one for name in office.method.decisions for one in list_of(office.identification, name).schools})


def with_reports(measures: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """The measures with what reports tell by the day of the count.

    Where the office states no status it follows from the latest report of each reporter: ``done`` or ``cancelled`` when all say
    so and nobody owes one, ``planned`` when all do, else ``in_progress``; a recurring or ongoing measure goes on. What the office
    states stays.

    Returns
    -------
    The measures with ``status``, ``completed_on`` (the last), ``late_since`` (first day of lateness by reports, missing when none is
    late) and ``status_of``: ``office``, ``reports``, or missing where nobody said.
    """
    told = reports[reports["standing"].eq(REPORTED)].sort_values("last", kind="stable")
    latest = told.assign(who=told["school_id"].fillna("")).drop_duplicates(["measure_id", "who"], keep="last")
    owed = set(reports.loc[reports["standing"].isin([LATE, MISSING]), "measure_id"])
    states, completed = {}, {}
    for measure, own in latest.groupby("measure_id"):
        said = set(own["status"])
        states[measure] = said.pop() if len(said) == 1 and measure not in owed else "in_progress"
        completed[measure] = own["completed_on"].max()
    again = measures["due_kind"].isin([RECURRING, ONGOING])
    found = _by_measure(measures, states).astype("string")
    found = found.mask(again & found.isin(["done", "planned"]), "in_progress")
    silent = measures["status"].isna() & found.notna()
    late = reports[reports["standing"].eq(LATE)].groupby("measure_id")["last"].min().to_dict()
    ends = _by_measure(measures, completed).astype("datetime64[ns]").where(found.eq("done").fillna(False))
    return measures.assign(
        status=measures["status"].mask(silent, found),
        completed_on=measures["completed_on"].mask(silent, ends),
        late_since=_by_measure(measures, late).astype("datetime64[ns]"),
        status_of=found.mask(found.notna(), "reports").mask(measures["status"].notna(), "office"),
    )


def _by_measure(measures: pd.DataFrame, told: Mapping[str, object]) -> pd.Series:
    """What is told of each measure, None where nothing is."""
    return pd.Series([told.get(one) for one in measures["measure_id"]], index=measures.index, dtype=object)


def by_reporter(reports: pd.DataFrame) -> pd.DataFrame:
    """Who reported how much by the day of the count: reports of periods that have ended, those with most missing first.

    school_id (missing: the municipality), ``due`` reports, ``reported`` of them, ``late``, ``missing``, and the ``latest`` day of a report.
    """
    ended = reports[reports["standing"].isin([REPORTED, LATE, MISSING])]
    rows = []
    for school, own in ended.groupby("school_id", dropna=False, sort=True):
        counts = {name: int(own["standing"].eq(name).sum()) for name in (REPORTED, LATE, MISSING)}
        latest = own.loc[own["standing"].eq(REPORTED), "reported_on"].max()
        rows.append({"school_id": school, "due": sum(counts.values()), **counts, "latest": latest})
    found = pd.DataFrame(rows, columns=["school_id", "due", REPORTED, LATE, MISSING, "latest"])
    found = found.assign(open=found["due"] - found[REPORTED])
    return found.sort_values(["open", "school_id"], ascending=[False, True], kind="stable").reset_index(drop=True)


def by_period(reports: pd.DataFrame) -> pd.DataFrame:
    """Reports of each period that has ended: ``due``, ``reported`` by the day of the count, ``late``, ``missing``; in order of time."""
    ended = reports[reports["standing"].isin([REPORTED, LATE, MISSING])]
    rows = []
    for (_, _, period), own in ended.groupby(["last", "first", "period"], sort=True):
        counts = {name: int(own["standing"].eq(name).sum()) for name in (REPORTED, LATE, MISSING)}
        rows.append({"period": period, "due": len(own), **counts})
    return pd.DataFrame(rows, columns=["period", "due", REPORTED, LATE, MISSING])


def reports_open(reports: pd.DataFrame) -> pd.DataFrame:
    """Reports that are owed on the day of the count, the late ones first, the longest late of them."""
    found = reports[reports["standing"].isin([LATE, MISSING])]
    return found.sort_values(["standing", "last", "school_id", "measure_id"], kind="stable").reset_index(drop=True)


def reports_facts(reports: pd.DataFrame, after: pd.DataFrame) -> dict[str, int]:
    """How many reports of periods that have ended are due, given by the day, late, missing; who owes one; what was done ``after`` it."""
    found = by_reporter(reports)
    counts = {f"reports_{name}": int(found[name].sum()) for name in ("due", REPORTED, LATE, MISSING)}
    return counts | {
        "reporters": len(found),
        "reporters_open": int(found["open"].gt(0).sum()),
        "done_after": len(after),
    }


def after_the_count(measures: pd.DataFrame, reports: pd.DataFrame, on: date) -> pd.DataFrame:
    """What was done after the day of the count: measure_id, title, school_id, completed_on, reported_on, evidence; by day.

    Of measures whose completion the office dates later, and of reports that came later and say that the measure is done.
    """
    day = pd.Timestamp(on)
    columns = ["measure_id", "title", "school_id", "completed_on", "reported_on", "evidence"]
    told = reports[reports["reported_on"].gt(day) & reports["status"].eq("done")]
    told = told[told["completed_on"].isna() | told["completed_on"].gt(day)]
    own = measures[measures["completed_on"].gt(day) & ~measures["measure_id"].isin(told["measure_id"])]
    found = pd.concat([told.reindex(columns=columns), own.reindex(columns=columns)], ignore_index=True)
    return found.sort_values(["completed_on", "measure_id"], kind="stable").reset_index(drop=True)


def lacking(rows: pd.DataFrame, standing: str) -> str | None:
    """Measures and periods of the reports that stand so."""
    own = rows[rows["standing"].eq(standing)]
    told = own.groupby("title", sort=False)["period"].agg(", ".join)
    return "; ".join(f"«{title}» за {periods}" for title, periods in told.items()) or None
