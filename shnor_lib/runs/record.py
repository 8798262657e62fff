"""What a run knows of an office and year: each report, why it was or was not made, and the ``run.json`` it leaves."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from shnor_lib.office.fingerprint import digest, file_digest, library_digest, snapshot, versions
from shnor_lib.office.processed import PARAMS_PREFIX
from shnor_lib.runs.catalogue import READS_REGION, Report
from shnor_lib.runs.files import read_json
from shnor_lib.runs.statuses import CURRENT, FAILED, FAILURES, NOT_ASKED, OUTDATED, UP_TO_DATE, WAITING
from shnor_lib.workspace import PUBLIC, SCHOOLS_REPORT, processed_folder, report_folder

RUN_FILE = "run.json"

_CHANGES = {
    "data": "изменились данные",
    "params": "изменились параметры",
    "notebook": "изменился блокнот",
    "beside": "изменился состав отчётов",
    "library": "изменилась библиотека shnor_lib",
    "versions": "другие версии пакетов",
}


@dataclass(frozen=True)
class ReportRun:
    """One report of an office and year.

    Attributes
    ----------
    status : one of :data:`shnor_lib.runs.statuses.STATUS_WORDS`.
    reason : why it was made, or what went wrong; empty when there is nothing to say.
    cell : number of the notebook cell that failed, counted from 1.
    missing_tables : what a waiting report waits for.
    """

    report: str
    title: str
    question: str
    status: str
    reason: str = ""
    seconds: float = 0.0
    cell: int | None = None
    missing_tables: tuple[str, ...] = ()
    page_sha256: str | None = None


@dataclass
class OfficeRun:
    """One office and year in a run, or one region and year, which is put together from its offices.

    Attributes
    ----------
    status, reason, problems : of the work that all its reports share; ``made`` or ``up_to_date`` when it succeeded.
    prepared : what ``prepared.json`` holds.
    years : those its profile makes reports for.
    members : the offices of a region.
    settings : how the run was started.
    unwritten : ``status`` and ``reason`` when tables, index or ``run.json`` could not be written.
    """

    workspace: Path
    municipality: str
    year: int
    audience: str = "internal"
    title: str = ""
    fictional: bool = False
    status: str = ""
    reason: str = ""
    seconds: float = 0.0
    problems: list[dict] = field(default_factory=list)
    prepared: Mapping = field(default_factory=dict)
    reports: dict[str, ReportRun] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    is_region: bool = False
    members: tuple[str, ...] = ()
    settings: Mapping = field(default_factory=dict)
    started: str = ""
    finished: str = ""
    unwritten: Mapping = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Folder of the pages."""
        return report_folder(self.workspace, self.municipality, self.year, self.audience)

    @property
    def is_public(self) -> bool:
        return self.audience == PUBLIC

    @property
    def processed(self) -> Path:
        return processed_folder(self.workspace, self.municipality, self.year)

    def page(self, report: str) -> Path:
        return self.folder / f"{report}.html"

    def record(self, report: str) -> Path:
        """Where it is written down what the page of a report was made from."""
        return self.processed / "made" / self.audience / f"{report}.json"

    @property
    def parameters(self) -> dict[str, object]:
        """What papermill puts into the notebooks."""
        name = "region" if self.is_region else "municipality"
        return {name: self.municipality, "year": self.year, "audience": self.audience}

    @property
    def failed(self) -> bool:
        return self.status in FAILURES or any(one.status in FAILURES for one in self.reports.values())

    def reads_neighbours(self, report: Report) -> bool:
        """Whether a report is also made from the other offices of the region."""
        return report.report in READS_REGION and any(self.prepared.get("neighbours", {}).values())

    def beside(self, offered: Mapping[str, Report], wanted: Container[str]) -> dict[str, str]:
        """Titles of the reports that stand beside each other when the run has ended, by id: those it makes and earlier pages."""
        return {
            name: report.title
            for name, report in sorted(offered.items())
            if not report.missing_tables(self.prepared["rows"]) and (name in wanted or self.page(name).exists())
        }

    @property
    def offices_beside(self) -> frozenset[str]:
        """The offices of a region whose schools have pages in this edition, ``office/year``."""
        folders = {
            f"{name}/{self.year}": report_folder(self.workspace, name, self.year, self.audience)
            for name in self.members
        }
        return frozenset(name for name, folder in folders.items() if (folder / f"{SCHOOLS_REPORT}.html").exists())

    def made_from(self, report: Report, beside: Mapping[str, str]) -> dict[str, str]:
        """Everything the page of a report depends on, as digests."""
        contents = self.prepared["contents"]
        params = {name: sha256 for name, sha256 in contents.items() if name.startswith(PARAMS_PREFIX)}
        data = {name: sha256 for name, sha256 in contents.items() if name not in params}
        if self.reads_neighbours(report):
            data |= snapshot(self.workspace, **self.prepared["neighbours"])
        return {
            "data": digest(data),
            "params": digest(params),
            "notebook": report.sha256,
            "beside": digest([beside, sorted(self.offices_beside)]),
            "library": library_digest(),
            "versions": digest(versions()),
        }

    def why_again(self, report: Report, beside: Mapping[str, str]) -> str:
        """Why a report has to be made, in words; empty when its page is what it would be."""
        made = read_json(self.record(report.report))
        if not self.page(report.report).exists():
            return "страницы ещё нет"
        if made is None:
            return "неизвестно, из чего сделана страница"
        now = self.made_from(report, beside)
        changes = [words for part, words in _CHANGES.items() if made.get(part) != now[part]]
        if not changes and self.pages_digest(report.report) != digest(made["pages"]):
            return "страница изменена после запуска"
        return ", ".join(changes)

    def pages_of(self, report: str) -> list[str]:
        """Names of the pages that a report has left: its own, and those of the schools."""
        named = (read_json(self.record(report)) or {}).get("pages", {})
        return [name for name in named if ".." not in Path(name).parts and not Path(name).is_absolute()]

    def pages_digest(self, report: str) -> str:
        """Digest of the pages of a report as they stand."""
        return digest({name: file_digest(self.page(name)) for name in self.pages_of(report)})

    def planned(self, report: Report, *, beside: Mapping[str, str], wanted: bool, force: bool) -> ReportRun:
        """How a report stands before anything is made; ``status`` is empty when it has to be."""
        stands = ReportRun(report.report, report.title, report.question, status="")
        missing = report.missing_tables(self.prepared["rows"])
        if missing:
            return replace(stands, status=WAITING, missing_tables=missing)
        again = self.why_again(report, beside)
        if not again and not (force and wanted):
            return replace(stands, status=UP_TO_DATE, page_sha256=self.pages_digest(report.report))
        if wanted and report.problem:
            return replace(stands, status=FAILED, reason=report.problem)
        if wanted:
            return replace(stands, reason=again or "велено сделать заново (--force)")
        return replace(stands, status=OUTDATED if self.page(report.report).exists() else NOT_ASKED, reason=again)

    def document(self) -> dict:
        """What ``run.json`` holds; in the public edition nothing that tells of data that are not published.

        There, digests of raw files and of parameters would let a guess be tried, and reasons and problems quote cells.
        """
        reports = [self.reports[name] for name in sorted(self.reports)]
        if self.is_public:
            reports = [replace(one, reason="") for one in reports]
        document = {
            "municipality": self.municipality,
            "year": self.year,
            "title": self.title,
            "fictional": self.fictional,
            "audience": self.audience,
            "started": self.started,
            "finished": self.finished,
            "method": self.prepared.get("method"),
            "versions": versions() | {"library_sha256": library_digest()},
            "preparation": {
                "status": self.status,
                "reason": "" if self.is_public else self.reason,
                "seconds": round(self.seconds, 3),
            },
            "problems": [] if self.is_public else self.problems,
            "reports": [asdict(one) | {"seconds": round(one.seconds, 3)} for one in reports],
        }
        if self.is_public:
            return document | {"minimum_participants": self.prepared.get("minimum_participants")}
        watched = self.prepared.get("contents", {})
        contents = [{"file": name, "sha256": sha256} for name, sha256 in watched.items() if sha256]
        return document | {
            "settings": dict(self.settings),
            "params": [one for one in contents if one["file"].startswith(PARAMS_PREFIX)],
            "inputs": [one for one in contents if not one["file"].startswith(PARAMS_PREFIX)],
        }


def shown_status(status: str, page_exists: bool) -> str:
    """How an index shows a report: the words of :mod:`shnor_lib.pages.export.index`."""
    if status in CURRENT:
        return "made"
    if status in (WAITING, OUTDATED, NOT_ASKED):
        return status
    return "stale" if page_exists else "failed"
