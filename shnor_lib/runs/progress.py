"""What a run says while it works: a bar on a terminal, a plain line for each report elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import TextIO

from shnor_lib.runs.record import OfficeRun, ReportRun
from shnor_lib.runs.statuses import FAILURES, MADE, STATUS_WORDS, UP_TO_DATE, WAITING

SOON = 10
"""Seconds: a shorter rest is not told."""

_SUMMARY = {MADE: "сделано", UP_TO_DATE: "не изменились", WAITING: "ждут таблиц", "failed": "не сделано"}


class Silent:
    """Says nothing; also the shape of the others."""

    def expect(self, reports: int) -> None:
        """So many more reports are to be made."""

    def prepared(self, run: OfficeRun) -> None:
        """The shared work on an office and year ended."""

    def reported(self, run: OfficeRun, report: ReportRun) -> None:
        """A report ended."""

    def traced(self, traceback: str) -> None:
        """The traceback of what failed."""

    def said(self, line: str) -> None:
        """Anything else."""

    def close(self) -> None:
        """The run ended."""


class Lines(Silent):
    """A line for each report that was made or failed, and how many there were of each kind at the end."""

    def __init__(self, stream: TextIO, debug: bool = False):
        self._stream = stream
        self._debug = debug
        self._counts: Counter[str] = Counter()
        self._expected, self._ended, self._begun = 0, 0, monotonic()

    def expect(self, reports: int) -> None:
        self._expected += reports

    def _place(self, report: ReportRun) -> str:
        """Which of how many a report is, and how long the rest will take at this pace."""
        if not report.seconds or not self._expected:
            return ""
        self._ended += 1
        left = (monotonic() - self._begun) / self._ended * (self._expected - self._ended)
        soon = f", осталось около {left:.0f} с" if left >= SOON else ""
        return f"[{self._ended} из {self._expected}{soon}] "

    def prepared(self, run: OfficeRun) -> None:
        self.said(f"{run.municipality} {run.year} данные: {_ending(run.status, run.reason, run.seconds)}")

    def reported(self, run: OfficeRun, report: ReportRun) -> None:
        self._counts["failed" if report.status in FAILURES else report.status] += 1
        if report.status == UP_TO_DATE or (report.status == WAITING and run.status == UP_TO_DATE):
            return  # told when it was new
        reason = tables_in_words(report.missing_tables) or report.reason
        place = self._place(report)
        self.said(
            f"{place}{run.municipality} {run.year} {report.report}: {_ending(report.status, reason, report.seconds)}"
        )

    def traced(self, traceback: str) -> None:
        if self._debug and traceback:
            self.said(traceback)

    def said(self, line: str) -> None:
        print(_without_persons(line), file=self._stream, flush=True)

    def close(self) -> None:
        told = [f"{words}: {self._counts[status]}" for status, words in _SUMMARY.items() if self._counts[status]]
        self.said("Отчёты – " + ", ".join(told) if told else "Отчётов нет")


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
        self._bar.set_description_str(f"{run.municipality} {run.year}")
        if run.status in FAILURES:
            super().prepared(run)

    def reported(self, run: OfficeRun, report: ReportRun) -> None:
        if report.status in FAILURES:
            super().reported(run, report)
        else:
            self._counts[report.status] += 1
        if report.seconds:
            self._bar.set_description_str(f"{run.municipality} {run.year} {report.report}")
            self._bar.update()

    def said(self, line: str) -> None:
        self._bar.write(_without_persons(line), file=self._stream)

    def close(self) -> None:
        self._bar.close()
        super().close()


def progress_on(stream: TextIO, debug: bool = False) -> Lines:
    """A bar when a person looks at the stream, lines otherwise; with ``debug`` the tracebacks of what failed."""
    return Bar(stream, debug) if stream.isatty() else Lines(stream, debug)


def tables_in_words(names: Sequence[str]) -> str:
    """Tables as the dictionary calls them; it is not loaded where there is none to call."""
    if not names:
        return ""
    from shnor_lib.inputs.dictionary import table

    return ", ".join(f"«{table(name).label}»" for name in names)


def _ending(status: str, reason: str, seconds: float) -> str:
    shown = STATUS_WORDS[status] + (f", {seconds:.1f} с".replace(".", ",") if seconds else "")
    return f"{shown} ({reason})" if reason else shown


def _without_persons(line: str) -> str:
    from shnor_lib.params.persons import mask_shown  # a run that has nothing to say does not load them

    return mask_shown(line)
