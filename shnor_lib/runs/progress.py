"""What a run says while it works: a bar on a terminal, a plain line for each report elsewhere."""

from __future__ import annotations

from typing import TextIO

from shnor_lib.runs.record import OfficeRun, ReportRun
from shnor_lib.runs.statuses import FAILURES, STATUS_WORDS, UP_TO_DATE


class Silent:
    """Says nothing; also the shape of the others."""

    def expect(self, reports: int) -> None:
        """So many more reports are to be made."""

    def prepared(self, run: OfficeRun) -> None:
        """The shared work on an office and year ended."""

    def reported(self, run: OfficeRun, report: ReportRun) -> None:
        """A report ended."""

    def traced(self, traceback: str | None) -> None:
        """The traceback of what failed."""

    def said(self, line: str) -> None:
        """Anything else."""

    def close(self) -> None:
        """The run ended."""


class Lines(Silent):
    """A line for each report that was made or failed; those that are up to date are counted at the end."""

    def __init__(self, stream: TextIO, debug: bool = False):
        self._stream = stream
        self._debug = debug
        self._unchanged = 0

    def prepared(self, run: OfficeRun) -> None:
        if run.status != UP_TO_DATE:
            self.said(f"{run.municipality} {run.year} данные: {_ending(run.status, run.reason, run.seconds)}")

    def reported(self, run: OfficeRun, report: ReportRun) -> None:
        if report.status == UP_TO_DATE:
            self._unchanged += 1
            return
        reason = f"{', '.join(report.missing_tables)}" if report.missing_tables else report.reason
        self.said(f"{run.municipality} {run.year} {report.report}: {_ending(report.status, reason, report.seconds)}")

    def traced(self, traceback: str | None) -> None:
        if self._debug and traceback:
            self.said(traceback)

    def said(self, line: str) -> None:
        print(line, file=self._stream, flush=True)

    def close(self) -> None:
        if self._unchanged:
            self.said(f"Не изменились: {self._unchanged}")


class Bar(Lines):
    """A bar on a terminal; lines only for what did not succeed."""

    def __init__(self, stream: TextIO, debug: bool = False):
        super().__init__(stream, debug)
        from tqdm import tqdm

        self._bar = tqdm(total=0, unit="отч.", dynamic_ncols=True, leave=False, file=self._stream)

    def expect(self, reports: int) -> None:
        self._bar.total += reports
        self._bar.refresh()

    def prepared(self, run: OfficeRun) -> None:
        if run.status in FAILURES:
            super().prepared(run)

    def reported(self, run: OfficeRun, report: ReportRun) -> None:
        if report.status in FAILURES or report.status == UP_TO_DATE:
            super().reported(run, report)
        if report.seconds:
            self._bar.set_description_str(f"{run.municipality} {run.year} {report.report}")
            self._bar.update()

    def said(self, line: str) -> None:
        self._bar.write(line, file=self._stream)

    def close(self) -> None:
        self._bar.close()
        super().close()


def progress_on(stream: TextIO, debug: bool = False) -> Lines:
    """A bar when a person looks at the stream, lines otherwise; with ``debug`` the tracebacks of what failed."""
    return Bar(stream, debug) if stream.isatty() else Lines(stream, debug)


def _ending(status: str, reason: str, seconds: float) -> str:
    shown = STATUS_WORDS[status] + (f", {seconds:.1f} с".replace(".", ",") if seconds else "")
    return f"{shown} ({reason})" if reason else shown
