"""Measures of a support programme: in what state each is on a monitoring date, what is overdue, when the work is done.

A state is told only from what was reported. A measure without a reported status is ``unknown``, never done and never overdue;
only one that begins after the monitoring date is ``planned`` by the plan itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from shnor_lib.analyses.support.reports import office_reports, with_reports
from shnor_lib.inputs.dictionary import choices
from shnor_lib.inputs.due import DATED, RECURRING, last_month_end, next_month_end, quarters_within, read_due
from shnor_lib.inputs.own import SECTIONS
from shnor_lib.office.office import Office

STATES = ("done", "in_progress", "planned", "overdue", "cancelled", "unknown")
DONE, IN_PROGRESS, PLANNED, OVERDUE, CANCELLED, UNKNOWN = STATES
URGENCY = (OVERDUE, UNKNOWN, IN_PROGRESS, PLANNED, DONE, CANCELLED)
"""States in the order in which they ask for attention."""
TOTAL = "total"
"""Stands for all sections together."""
LATE, PASSED, SOON, LATER = MOMENTS = ("late", "passed", "soon", "later")
"""Where the next day of a measure lies: past and not done, past and nobody reported, within the next months, after them."""


def not_cancelled(rows: pd.DataFrame) -> pd.Series:
    """Which rows of a plan stand: all but those whose ``status`` says cancelled; one without a status stands."""
    return ~rows["status"].eq(CANCELLED).fillna(False).astype(bool)


def in_force(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of a table of the programme as it stands in a year: those of the latest year, not after it, that has any."""
    past = rows[rows["year"].le(year)]
    return past[past["year"].eq(past["year"].max())].reset_index(drop=True)


def programme_measures(measures: pd.DataFrame, year: int, period: tuple[date, date]) -> pd.DataFrame:
    """The measures of the programme in force in a year, with their due dates read.

    Parameters
    ----------
    measures : the ``measures`` table of one office, several years together.
    period : the plan's year.

    Returns
    -------
    The rows of the latest year that has any, with ``due_kind, start, end, months, due_remark, quarters`` (of
    :mod:`shnor_lib.inputs.due`; ``quarters`` are those of the period).
    """
    own = in_force(measures, year)
    read = [read_due(None if pd.isna(text) else text, period) for text in own["due"]]
    return own.assign(
        due_kind=pd.Series([due.kind for due in read], dtype="string"),
        start=pd.to_datetime(pd.Series([due.start for due in read], dtype=object)),
        end=pd.to_datetime(pd.Series([due.end for due in read], dtype=object)),
        months=pd.Series([due.months for due in read], dtype=object),
        due_remark=pd.Series([due.remark for due in read], dtype="string"),
        quarters=pd.Series([quarters_within(due, period) for due in read], dtype=object),
    )


def measure_states(measures: pd.DataFrame, on: date) -> pd.DataFrame:
    """The measures with their ``state`` on a day and ``days_late``.

    Reported as done: ``done``; completed only after the day: ``overdue`` when its last day is past, else ``in_progress``.
    Reported as planned or in progress: ``overdue`` when its last day is past, else as reported. No report: ``planned`` when it
    begins after the day, else ``unknown``. Recurring and ongoing measures have no last day: they are overdue when a report on a period
    that has ended is late.

    Parameters
    ----------
    measures : frame of :func:`programme_measures`, with ``late_since`` where periods are reported
        (:func:`shnor_lib.analyses.support.reports.with_reports`).

    Returns
    -------
    ``days_late``: days from the last day to completion (negative when early), for an overdue measure to ``on``; ``since``: the day after
    which it is overdue.
    """
    day = pd.Timestamp(on)
    dated = measures["due_kind"].eq(DATED)
    status = measures["status"].astype(object).where(measures["status"].notna(), UNKNOWN)
    done = status.eq(DONE) & ~measures["completed_on"].gt(day)
    waiting = status.isin([PLANNED, IN_PROGRESS]) | (status.eq(DONE) & ~done)
    again = (
        measures["late_since"].where(~dated) if "late_since" in measures else pd.Series(pd.NaT, index=measures.index)
    )
    last = measures["end"].where(dated, again)
    late = waiting & last.lt(day)
    not_begun = measures["start"].gt(day)
    state = np.select(
        [done, late, status.eq(DONE), status.eq(UNKNOWN) & not_begun],
        [DONE, OVERDUE, IN_PROGRESS, PLANNED],
        status,
    )
    until = measures["completed_on"].where(done).where(~late, day)
    return measures.assign(
        state=pd.Series(state, index=measures.index, dtype="string"),
        since=last.where(late),
        days_late=(until - last).dt.days.astype("Int64"),
    )


def office_measures(office: Office) -> pd.DataFrame:
    """The measures of an office's programme with their states on the monitoring date of the year of the run."""
    measures = with_reports(programme_of(office), office_reports(office, programme_of(office)))
    return measure_states(measures, office.profile.plan.monitoring(office.year))


def programme_of(office: Office) -> pd.DataFrame:
    """The measures of an office's programme as its own table has them, under its headings in the order that its workspace declares."""
    measures = programme_measures(office.tables["measures"], office.year, office.profile.plan.period(office.year))
    order = measures["section"].map({name: place for place, name in enumerate(SECTIONS)}).fillna(len(SECTIONS))
    return measures.iloc[np.argsort(order.to_numpy(float), kind="stable")].reset_index(drop=True)


def office_commitments(office: Office) -> pd.DataFrame:
    """What an office promised outside its table of measures, in the shape of measures, with states on the monitoring date.

    ``measure_id``: «обяз. 2», so that it is not taken for the number of a measure.
    """
    plan, year = office.profile.plan, office.year
    promised = programme_measures(office.tables["commitments"], year, plan.period(year))
    return measure_states(promised.assign(measure_id="обяз. " + promised["commitment_id"]), plan.monitoring(year))


def overdue_measures(states: pd.DataFrame) -> pd.DataFrame:
    """The overdue measures, the longest overdue first."""
    return states[states["state"].eq(OVERDUE)].sort_values(["days_late", "measure_id"], ascending=[False, True])


def by_urgency(states: pd.DataFrame) -> pd.DataFrame:
    """Measures by state (:data:`URGENCY`), the longest overdue first, then by their last day."""
    late = states["days_late"].where(states["state"].eq(OVERDUE)).astype(float)
    order = ["urgency", "late", "end", "measure_id"]
    found = states.assign(urgency=states["state"].map(URGENCY.index).astype(int), late=late)
    found = found.sort_values(order, ascending=[True, False, True, True], kind="stable")
    return found.drop(columns="urgency").reset_index(drop=True)


def by_date(states: pd.DataFrame, on: date, months: int = 3) -> pd.DataFrame:
    """The measures that wait for a day, by that day: what is late, what nobody reported, what comes next.

    A recurring measure waits for the last day of the next month in which it is due, or has waited since a period whose report is
    late. Measures done, cancelled or without a day are
    left out.

    Returns
    -------
    The rows with ``day``, ``days`` (from ``on``; negative when past) and ``moment`` of :data:`MOMENTS`; ``soon`` is within so
    many months.
    """
    today = pd.Timestamp(on)
    repeated = states["months"].where(states["due_kind"].eq(RECURRING))
    again = [next_month_end(own, on) if isinstance(own, tuple) else None for own in repeated]
    found = states.assign(
        day=states["end"].where(
            states["due_kind"].eq(DATED), pd.to_datetime(pd.Series(again, index=states.index, dtype=object))
        )
    )
    found = found.assign(day=found["day"].mask(found["state"].eq(OVERDUE), found["since"]))
    found = found[found["day"].notna() & ~found["state"].isin([DONE, CANCELLED])]
    past, soon = found["day"].lt(today), found["day"].le(today + pd.DateOffset(months=months))
    late = found["state"].eq(OVERDUE)
    moment = np.select([late, past, soon], [LATE, PASSED, SOON], default=LATER)
    found = found.assign(days=(found["day"] - today).dt.days.astype("Int64"), moment=moment)
    return found.sort_values("day", kind="stable").reset_index(drop=True)


def unreported(states: pd.DataFrame) -> pd.DataFrame:
    """Whom to ask of the measures that nobody reported: responsible (missing where the programme names none), measures, numbers.

    ``numbers``: ids of the measures with commas; those who answer for most first.
    """
    own = states[states["state"].eq(UNKNOWN)]
    found = own.groupby("responsible", dropna=False, sort=False)["measure_id"].agg(["size", ", ".join]).reset_index()
    found.columns = pd.Index(["responsible", "measures", "numbers"])
    return found.sort_values("measures", ascending=False, kind="stable").reset_index(drop=True)


def execution(states: pd.DataFrame, by: str) -> pd.DataFrame:
    """How many measures are in each state, by section, level or stage of the cycle.

    ``by`` (missing where the programme does not say), ``measures``, a count for each state, and ``done_share``: done
    among the measures that were not cancelled, missing when nothing was reported at all.
    """
    rows = []
    for group, own in states.groupby(by, sort=False, dropna=False):
        counts = {state: int(own["state"].eq(state).sum()) for state in STATES}
        required = len(own) - counts[CANCELLED]
        reported = own["status"].notna().any() and required
        share = counts[DONE] / required if reported else np.nan
        rows.append({by: group, "measures": len(own)} | counts | {"done_share": share})
    return pd.DataFrame(rows, columns=[by, "measures", *STATES, "done_share"])


def quarterly_load(measures: pd.DataFrame, total: bool = False) -> pd.DataFrame:
    """How many measures of each section are to be done in each quarter of the plan's year.

    Parameters
    ----------
    total : whether a last row adds the sections up (:data:`TOTAL`).

    Returns
    -------
    Section by quarter («2020-2» is the second of 2020), with ``measures`` and ``without_quarter``: those whose due text
    names no quarter of the period. A measure counts in every quarter it lasts.
    """
    quarters = sorted({quarter for own in measures["quarters"] for quarter in own})
    rows = []
    for section, own in measures.groupby("section", sort=False, dropna=False):
        counts = {
            f"{year}-{number}": sum((year, number) in one for one in own["quarters"]) for year, number in quarters
        }
        without = sum(not one for one in own["quarters"])
        rows.append({"section": section, "measures": len(own)} | counts | {"without_quarter": without})
    names = [f"{year}-{number}" for year, number in quarters]
    load = pd.DataFrame(rows, columns=["section", "measures", *names, "without_quarter"])
    together = load.drop(columns="section").sum().to_frame().T.assign(section=TOTAL)
    return pd.concat([load, together], ignore_index=True) if total else load


def half_yearly_progress(
    measures: pd.DataFrame, days: Iterable[date], reported_on: date, reports: pd.DataFrame, first: date
) -> pd.DataFrame:
    """What was due by each day of the half-yearly monitoring and how much of it was done by then.

    A dated measure is due on its last day. A recurring one whose months are known falls due at the end of each: by a day the latest
    of them counts, and the reports on that period say whether it is done.

    Parameters
    ----------
    reported_on : day of which the statuses tell; later days of monitoring have plans only.
    reports : frame of :func:`shnor_lib.analyses.support.reports.reports_due`.
    first : first day of the plan's year; what recurs falls due from then on.

    Returns
    -------
    ``day``, ``due`` (cancelled measures left out), ``done`` of them by the day, ``not_done``, ``unknown`` (no status, done on an
    unknown day, or no report on the period); counts are missing after ``reported_on``, the first two also where nothing is known of
    any that was due.
    """
    required = measures[not_cancelled(measures)]
    dated, again = (required[required["due_kind"].eq(kind)] for kind in (DATED, RECURRING))
    rows = []
    for day in days:
        due = dated[dated["end"].le(pd.Timestamp(day))]
        ends = {one.measure_id: end for one in again.itertuples() if (end := last_month_end(one.months, first, day))}
        row: dict[str, object] = {"day": pd.Timestamp(day), "due": len(due) + len(ends)}
        if day <= reported_on:
            done = due["completed_on"].le(pd.Timestamp(day))
            unknown = due["status"].isna() | (due["status"].eq(DONE) & due["completed_on"].isna())
            periods = [_period_done(reports, measure, end, day) for measure, end in ends.items()]
            row["unknown"] = int(unknown.sum()) + periods.count(None)
            if row["unknown"] < row["due"]:
                row["done"] = int(done.sum()) + periods.count(True)
                row["not_done"] = row["due"] - row["done"] - row["unknown"]
        rows.append(row)
    return pd.DataFrame(rows, columns=["day", "due", "done", "not_done", "unknown"])


def _period_done(reports: pd.DataFrame, measure: str, end: date, day: date) -> bool | None:
    """Whether all who report on the period of a measure that ends on a day say that it was done by another; None without a report."""
    own = reports[reports["measure_id"].eq(measure) & reports["last"].eq(pd.Timestamp(end))]
    if not own["given"].any():
        return None
    return bool((own["status"].eq(DONE) & ~own["completed_on"].gt(pd.Timestamp(day))).all())


def cycle_coverage(measures: pd.DataFrame) -> pd.DataFrame:
    """Measures at each stage of the management cycle, by level.

    One row per stage in the order of the cycle: ``cycle_stage, municipality, school, level_unknown, measures``.
    """
    level = measures["level"].astype(object).where(measures["level"].notna(), "level_unknown")
    counts = pd.crosstab(measures["cycle_stage"], level).reindex(
        index=list(choices("cycle_stage")), columns=["municipality", "school", "level_unknown"], fill_value=0
    )
    return counts.assign(measures=counts.sum(axis=1)).rename_axis("cycle_stage").reset_index().rename_axis(columns=None)


def stages_are_named(measures: pd.DataFrame) -> bool:
    """Whether the programme says of any measure which stage of the cycle it belongs to."""
    return bool(measures["cycle_stage"].notna().any())


def measure_facts(states: pd.DataFrame) -> dict[str, int]:
    """How many measures are in each state, for headlines; ``states`` of :func:`measure_states`."""
    counted = {name: int(states["state"].eq(name).sum()) for name in (DONE, OVERDUE, UNKNOWN, CANCELLED)}
    return {
        "measures_total": len(states),
        **{f"measures_{name}": count for name, count in counted.items()},
        "measures_reported": int(states["status"].notna().sum()),
    }
