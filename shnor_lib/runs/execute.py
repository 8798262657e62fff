"""The order of work: an office and year is prepared before its reports, finished after them, and the index comes last."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shnor_lib.processed import changes_since, read_prepared
from shnor_lib.runs.catalogue import Report
from shnor_lib.runs.finish import finish_office, keep_outputs
from shnor_lib.runs.pools import LocalPool
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.runs.progress import Silent
from shnor_lib.runs.record import OfficeRun, ReportRun
from shnor_lib.runs.report import make_report
from shnor_lib.runs.statuses import CANCELLED, CURRENT, DIED, FAILED, MADE, PARAMS_INVALID, TIMEOUT, UP_TO_DATE
from shnor_lib.runs.warm import Outcome

_OUTCOME_STATUS = {"failed": FAILED, "timeout": TIMEOUT, "died": DIED}


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
        self._reports_left: dict[int, int] = {}
        self.finished_anew = 0

    def run(self, runs: list[OfficeRun]) -> None:
        """Do everything; an interruption leaves what is done, marks the rest as cancelled and goes on to the caller."""
        try:
            for run in runs:
                self._begin(run)
            while self._fill() or self._running:
                task, outcome = self._pool.next_ended()
                self._running -= 1
                task(outcome)
        except KeyboardInterrupt:
            self._pool.close()
            for run in runs:
                if not run.finished:
                    self._cancel(run)
            raise

    def _fill(self) -> int:
        while self._running < self._pool.slots and (self._soon or self._later):
            task, function, kwargs = (self._soon or self._later).popleft()
            self._pool.submit(task, function, kwargs, self._orders.time_limit)
            self._running += 1
        return self._running

    def _queue(self, waiting: deque, task: Callable[[Outcome], None], function: Callable, **kwargs) -> None:
        waiting.append((task, function, kwargs))

    def _begin(self, run: OfficeRun) -> None:
        if run.status == PARAMS_INVALID:
            self._stop_before_reports(run)
            return
        prepared = read_prepared(run.workspace, run.municipality, run.year)
        changes = changes_since(run.workspace, prepared, run.processed)
        if changes or self._orders.force:
            run.reason = "; ".join(changes) or "велено сделать заново (--force)"
            self._queue(
                self._later,
                lambda outcome: self._prepared(run, outcome),
                prepare_office,
                workspace=run.workspace,
                municipality=run.municipality,
                year=run.year,
            )
        else:
            run.status, run.prepared = UP_TO_DATE, prepared
            self._begin_reports(run)

    def _prepared(self, run: OfficeRun, outcome: Outcome) -> None:
        run.seconds = outcome.seconds
        if outcome.status == "done":
            result = outcome.value
            run.status, run.reason = result["status"], result["reason"] or run.reason
            run.prepared = result.get("prepared", {})
            run.problems = result.get("problems", [])
        else:
            run.status, run.reason = _OUTCOME_STATUS[outcome.status], outcome.cause or outcome.error
            self._progress.traced(outcome.traceback)
        self._progress.prepared(run)
        if run.status == MADE:
            self._begin_reports(run)
        else:
            self._stop_before_reports(run)

    def _stop_before_reports(self, run: OfficeRun) -> None:
        for name, report in self._orders.offered.items():
            run.reports[name] = ReportRun(name, report.title, report.question, run.status)
        self._finish(run)

    def _begin_reports(self, run: OfficeRun) -> None:
        to_make = []
        for name, report in self._orders.offered.items():
            wanted = name in self._orders.wanted
            planned = run.reports[name] = run.planned(report, wanted=wanted, force=self._orders.force)
            if not planned.status:
                to_make.append(report)
            elif wanted:
                self._progress.reported(run, planned)
        self._reports_left[id(run)] = len(to_make)
        self._progress.expect(len(to_make))
        for report in to_make:
            self._queue(
                self._soon,
                lambda outcome, name=report.report: self._reported(run, name, outcome),
                make_report,
                workspace=run.workspace,
                notebook=report.path,
                sha256=report.sha256,
                parameters={"municipality": run.municipality, "year": run.year, "audience": run.audience},
                engine=self._orders.engine,
                page=run.page(report.report),
                record=run.record(report.report),
                made_from=run.made_from(report),
            )
        if not to_make:
            self._finish(run)

    def _reported(self, run: OfficeRun, name: str, outcome: Outcome) -> None:
        planned = run.reports[name]
        if outcome.status == "done":
            result = outcome.value
            ended = replace(
                planned,
                status=result["status"],
                reason=result["reason"] or planned.reason,
                page_sha256=result.get("sha256"),
            )
        else:
            cell = outcome.cell.index + 1 if outcome.cell else None
            reason = outcome.cause if outcome.cause else outcome.error
            ended = replace(planned, status=_OUTCOME_STATUS[outcome.status], reason=reason, cell=cell)
            self._progress.traced(outcome.traceback)
        run.reports[name] = replace(ended, seconds=outcome.seconds)
        self._progress.reported(run, run.reports[name])
        self._reports_left[id(run)] -= 1
        if not self._reports_left[id(run)]:
            self._finish(run)

    def _finish(self, run: OfficeRun) -> None:
        run.finished = now()
        if run.status in CURRENT and keep_outputs(run):
            return
        self.finished_anew += 1
        self._queue(self._soon, lambda outcome: self._finished(run, outcome), finish_office, run=run)

    def _finished(self, run: OfficeRun, outcome: Outcome) -> None:
        if outcome.status == "done":
            run.unwritten = outcome.value if outcome.value["status"] != MADE else {}
        else:
            run.unwritten = {"status": _OUTCOME_STATUS[outcome.status], "reason": outcome.cause or outcome.error}
            self._progress.traced(outcome.traceback)
        if run.unwritten:
            self._progress.said(f"{run.municipality} {run.year} таблицы и указатель: {run.unwritten['reason']}")

    def _cancel(self, run: OfficeRun) -> None:
        run.finished = now()
        run.status = run.status or CANCELLED
        for name in self._orders.wanted:
            report = self._orders.offered[name]
            known = run.reports.get(name) or ReportRun(name, report.title, report.question, "")
            run.reports[name] = known if known.status else replace(known, status=CANCELLED)
        finish_office(run)


def now() -> str:
    """The moment, to the second, with the offset from universal time."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
