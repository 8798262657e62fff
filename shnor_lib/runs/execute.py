"""The order of work: an office and year is prepared before its reports, finished after them, and the index comes last."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from shnor_lib.office.processed import PUBLIC_OFFICE, changes_since, read_prepared
from shnor_lib.runs.catalogue import REGION_REPORT, Report
from shnor_lib.runs.files import WriteFailed
from shnor_lib.runs.finish import finish_office, keep_outputs
from shnor_lib.runs.pools import LocalPool
from shnor_lib.runs.prepare import prepare_office, prepare_region
from shnor_lib.runs.progress import Silent
from shnor_lib.runs.record import OfficeRun, ReportRun
from shnor_lib.runs.report import make_report
from shnor_lib.runs.statuses import CANCELLED, CURRENT, LOST, MADE, PARAMS_INVALID, SCHEDULER_LOST, UP_TO_DATE
from shnor_lib.runs.warm import Outcome


@dataclass(frozen=True)
class Orders:
    """What a run was told: which reports, by which engine, within which time, and whether also those that are up to date."""

    offered: Mapping[str, Report]
    wanted: frozenset[str]
    engine: str
    time_limit: float
    force: bool


class Execution:
    """Brings the offices and years of a run through preparation, reports and finish, whatever happens to each of them."""

    def __init__(self, pool: LocalPool, orders: Orders, progress: Silent):
        self._pool = pool
        self._orders = orders
        self._progress = progress
        self._soon: deque[tuple] = deque()  # reports and finishes: what is begun is ended before more is begun
        self._later: deque[tuple] = deque()
        self._running = 0

    def run(self, runs: list[OfficeRun]) -> None:
        """Do everything; an interruption leaves what is done, marks the rest as cancelled and goes on to the caller."""
        try:
            for run in runs:
                self._begin(run)
            while self._fill() or self._running:
                then, ended = self._pool.next_ended()
                self._running -= 1
                self._progress.traced(ended.traceback or "")
                then(ended)
        except KeyboardInterrupt:
            self._pool.close()
            for run in runs:
                if run.reports and not run.finished:  # those that were not begun stay as they are
                    self._cancel(run)
            raise

    def _fill(self) -> int:
        while self._running < self._pool.slots and (self._soon or self._later):
            task, function, kwargs = (self._soon or self._later).popleft()
            self._pool.submit(task, function, kwargs, self._orders.time_limit)
            self._running += 1
        return self._running

    def _begin(self, run: OfficeRun) -> None:
        if run.status != PARAMS_INVALID and run.is_region:
            try:
                run.status, run.prepared = MADE, prepare_region(run)
            except WriteFailed as error:
                run.status, run.reason = error.status, error.reason
        elif run.status != PARAMS_INVALID:
            prepared = read_prepared(run.workspace, run.municipality, run.year)
            changes = changes_since(run.workspace, prepared, run.processed)
            if prepared and run.is_public and PUBLIC_OFFICE not in prepared["outputs"]:
                changes.append("открытой редакции ещё не было")
            if changes or self._orders.force or prepared is None:
                run.reason = "; ".join(changes) or "велено сделать заново (--force)"
                which = {"workspace": run.workspace, "municipality": run.municipality, "year": run.year}
                which["public"] = run.is_public
                self._later.append((partial(self._prepared, run), prepare_office, which))
                return
            run.status, run.prepared = UP_TO_DATE, prepared
        self._go_on(run)

    def _offered_to(self, run: OfficeRun) -> dict[str, Report]:
        """The reports there are for an office, or the one there is for a region."""
        return {name: one for name, one in self._orders.offered.items() if (name == REGION_REPORT) == run.is_region}

    def _prepared(self, run: OfficeRun, ended: Outcome) -> None:
        run.seconds = ended.seconds
        result = _result_of(ended)
        run.status, run.reason = result["status"], result["reason"] or run.reason
        run.prepared = result.get("prepared", {})
        run.problems = result.get("problems", [])
        self._progress.prepared(run)
        self._go_on(run)

    def _go_on(self, run: OfficeRun) -> None:
        """Plan the reports and queue those to be made; where nothing is prepared, each takes the status of the office."""
        to_make, offered = [], self._offered_to(run)
        beside = run.beside(offered, self._orders.wanted) if run.status in CURRENT else {}
        for name, report in offered.items():
            if run.status not in CURRENT:
                run.reports[name] = ReportRun(name, report.title, report.question, run.status)
                continue
            wanted = name in self._orders.wanted
            planned = run.reports[name] = run.planned(report, beside=beside, wanted=wanted, force=self._orders.force)
            if not planned.status:
                to_make.append(report)
            elif wanted:
                self._progress.reported(run, planned)
        self._progress.expect(len(to_make))
        for report in to_make:
            made_from = run.made_from(report, beside)
            work = {
                "run": run,
                "report": report,
                "engine": self._orders.engine,
                "made_from": made_from,
                "beside": beside,
            }
            queue = self._later if run.reads_neighbours(report) else self._soon  # when the neighbours are prepared
            queue.append((partial(self._reported, run, report.report), make_report, work))
        if not to_make:
            self._finish(run)

    def _reported(self, run: OfficeRun, name: str, ended: Outcome) -> None:
        planned = run.reports[name]
        result = _result_of(ended)
        run.reports[name] = replace(
            planned,
            status=result["status"],
            reason=result["reason"] or planned.reason,
            seconds=ended.seconds,
            cell=ended.cell.index + 1 if ended.cell else None,
            page_sha256=result.get("sha256"),
        )
        self._progress.reported(run, run.reports[name])
        if all(one.status for one in run.reports.values()):
            self._finish(run)

    def _finish(self, run: OfficeRun) -> None:
        run.finished = now()
        try:
            kept = run.status in CURRENT and keep_outputs(run)
        except WriteFailed as error:
            self._not_written(run, error.status, error.reason)
        else:
            if not kept:
                self._soon.append((partial(self._finished, run), finish_office, {"run": run}))

    def _finished(self, run: OfficeRun, ended: Outcome) -> None:
        # no cluster any more: what happened to the reports must still be written down
        written = finish_office(run) if ended.status in (LOST, SCHEDULER_LOST) else _result_of(ended)
        if written["status"] != MADE:
            self._not_written(run, **written)

    def _not_written(self, run: OfficeRun, status: str, reason: str) -> None:
        run.unwritten = {"status": status, "reason": reason}
        self._progress.said(f"{run.municipality} {run.year} таблицы и указатель: {reason}")

    def _cancel(self, run: OfficeRun) -> None:
        run.finished = now()
        for name, report in run.reports.items():
            run.reports[name] = report if report.status else replace(report, status=CANCELLED, reason="")
        finish_office(run)


def _result_of(ended: Outcome) -> dict:
    """What a task returned: its ``status`` and ``reason`` with what belongs to them; of one that did not return these two."""
    return ended.value or {"status": ended.status, "reason": ended.cause}


def now() -> str:
    """The moment, to the second, with the offset from universal time."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
