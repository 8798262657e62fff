"""Checks of what schools report on measures: the measure, the days, the state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from shnor_lib.inputs.checks.registry import check, known, rows_found
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.inputs.due import DATED, period_days, read_due
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.inputs.sources.rows import Rows
from shnor_lib.params.yaml_files import nearest

NEVER = np.datetime64("NaT")


@check
def check_reports_measure(inputs: Inputs, year: int) -> list[Problem]:
    """Reports on measures that the programme does not have."""
    reports, measures = inputs.rows["measure_reports"], _measures_by_number(inputs)
    unknown = [one is not None and one not in measures for one in reports["measure_id"]]
    hints = [nearest(one, measures) if wrong else "" for one, wrong in zip(reports["measure_id"], unknown, strict=True)]
    near = [hint if "возможно" in hint else "" for hint in hints]
    return rows_found(inputs, "reports_measure.unknown", unknown, near=near)


@check
def check_reports_early(inputs: Inputs, year: int) -> list[Problem]:
    """Reports of before their period, of before the measure, and completion before it; a measure may be planned ahead."""
    reports = inputs.rows["measure_reports"]
    begins = [_begins(one) for one in _measures_of(inputs, reports)]
    periods = [np.datetime64(period_days(name)[0]) if name else NEVER for name in reports["period"]]
    begun = np.isin(reports["status"], ["in_progress", "done"])
    measure, period = np.array(begins, "datetime64[D]"), np.array(periods, "datetime64[D]")
    status = [label_of("measure_status", code) for code in reports["status"]]
    told = {"begins": [_shown(day) for day in measure], "status": status}
    found = rows_found(inputs, "reports_early.measure", begun & (reports["reported_on"] < measure), **told)
    found += rows_found(inputs, "reports_early.completed", reports["completed_on"] < measure, **told)
    told = {"begins": [_shown(day) for day in period], "period": reports["period"]}
    return found + rows_found(inputs, "reports_early.period", reports["reported_on"] < period, **told)


@check
def check_reports_completed(inputs: Inputs, year: int) -> list[Problem]:
    """Reports with a date of completion of measures that are stated as something else than done."""
    reports = inputs.rows["measure_reports"]
    undone = known(reports["completed_on"]) & known(reports["status"]) & (reports["status"] != "done")
    status = [label_of("measure_status", code) for code in reports["status"]]
    return rows_found(inputs, "reports_completed.status", undone, status=status)


@check
def check_reports_contradict(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Reports that tell another end of a measure than the office: it is done and later it is not, or the other way round."""
    reports, measures = inputs.rows["measure_reports"], inputs.rows["measures"]
    stated = {
        (number, int(at)): (status, None if np.isnat(done) else done, due)
        for number, at, status, done, due in zip(
            *(measures[name] for name in ("measure_id", "year", "status", "completed_on", "due")), strict=True
        )
    }
    office = [stated.get((number, int(at)), (None, None, None)) for number, at in reports.keys_of("measure_id", "year")]
    dated = np.array([read_due(due, (date.min, date.max)).kind == DATED for _, _, due in office], dtype=bool)
    said, own = reports["status"], np.array([status for status, _, _ in office], dtype=object)
    later = np.array(
        [
            done is not None and reported > done
            for (_, done, _), reported in zip(office, reports["reported_on"], strict=True)
        ],
        dtype=bool,
    )
    undone = (own == "done") & later & np.isin(said, ["planned", "in_progress"])
    revived = (own == "cancelled") & (said == "done")
    status = [label_of("measure_status", one) for one in said]
    told = {"office": [label_of("measure_status", one) for one in own], "status": status}
    yield from rows_found(inputs, "reports_contradict.differ", dated & (undone | revived), **told)
    behind = dated & np.isin(own, ["planned", "in_progress"]) & (said == "done")
    yield from rows_found(inputs, "reports_contradict.behind", behind, **told)


def _measures_by_number(inputs: Inputs) -> dict[str, dict[int, str | None]]:
    """The due texts of every measure, by its number and the year of the programme."""
    found: dict[str, dict[int, str | None]] = {}
    for number, year, due in inputs.rows["measures"].keys_of("measure_id", "year", "due"):
        found.setdefault(number, {})[int(year)] = due
    return found


def _measures_of(inputs: Inputs, reports: Rows) -> list[str | None]:
    """The due text of the measure that each report is about: of the latest programme that is not after it."""
    measures = _measures_by_number(inputs)
    dues = []
    for number, year in reports.keys_of("measure_id", "year"):
        own = {at: due for at, due in measures.get(number, {}).items() if at <= year}
        dues.append(own[max(own)] if own else None)
    return dues


def _begins(due: str | None) -> np.datetime64:
    """The day on which a measure begins; never where its due text names none, or one day only, by which it is to be done."""
    read = read_due(due, (date.min, date.max))
    return np.datetime64(read.start) if read.kind == DATED and read.start and read.start < read.end else NEVER


def _shown(day: np.datetime64) -> str:
    return "" if np.isnat(day) else f"{day.item():%d.%m.%Y}"
