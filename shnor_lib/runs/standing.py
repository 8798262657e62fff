"""How offices and years stand: what is delivered, what a run would do and why, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.office.processed import changes_since, read_prepared
from shnor_lib.runs.catalogue import REGION_REPORT, Report, offered_reports
from shnor_lib.runs.files import read_json
from shnor_lib.runs.plan import OFFICES, Known, read_profiles, select_profiles, years_with_data
from shnor_lib.runs.record import RUN_FILE, OfficeRun, ReportRun
from shnor_lib.runs.statuses import DATA_INVALID, FAILURES
from shnor_lib.workspace import PUBLIC, raw_folder, relative_name


@dataclass(frozen=True)
class Standing:
    """An office and year as they stand.

    Attributes
    ----------
    problem : what is wrong with the profile.
    declared : whether the profile makes reports for the year.
    files : how many files were delivered.
    tables : the tables that the last preparation found rows of; ``None`` when it was not prepared from what is there now.
    invalid : what the last run said of the data, when they could not be used and have not changed.
    changes : why a run would prepare it anew.
    reports : each report as a run would find it: up to date, waiting for tables, or with the reason to make it (no status).
    failed : reports that the last run could not make, with the reason.
    public : the reports of the public edition as ``reports``; empty where no page of it was made.
    """

    known: Known
    year: int
    problem: str = ""
    declared: bool = True
    files: int = 0
    tables: tuple[str, ...] | None = None
    invalid: str = ""
    changes: tuple[str, ...] = ()
    reports: dict[str, ReportRun] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    public: dict[str, ReportRun] = field(default_factory=dict)

    @property
    def of(self) -> str:
        """The options that name the office and year."""
        return f"-m {self.known.name} -y {self.year}"

    @property
    def absent(self) -> list[str]:
        """Tables without rows, as the dictionary calls them."""
        return [table(name).label for name in table_names() if name not in (self.tables or ())]

    @property
    def again(self) -> dict[str, str]:
        """Reports that a run would make, with the reason."""
        return {name: one.reason for name, one in self.reports.items() if not one.status}

    @property
    def is_past(self) -> bool:
        """Whether the year is only the past of those that reports are made for."""
        return not self.declared and any(self.year < year for year in self.known.years)

    @property
    def next_step(self) -> str:
        """What to do next, a command where there is one; nothing for a year of the past."""
        folder = f"data/raw/{self.known.name}/{self.year}"
        if self.problem:
            return f"исправьте params/{self.known.name}.yml."
        if self.is_past:
            return ""
        if not self.files:
            return f"shnor template {self.of} книга.xlsx – заполните её и положите в {folder}"
        if self.invalid:
            return f"shnor check {self.of} – исправьте названное в файлах"
        if not self.declared:
            return f"shnor year {self.known.name} {self.year} – год есть в данных, но не в профиле"
        if self.tables == ():
            return f"таблицы пусты: заполните книгу в {folder}, затем shnor check {self.of}"
        if self.changes:
            return f"shnor check {self.of}, затем shnor run {self.of}"
        if self.again:
            return f"shnor run {self.of}"
        return f"shnor open {self.of}"


def standings(workspace: Path, municipalities: Sequence[str] = (), years: Sequence[int] = ()) -> list[Standing]:
    """How the offices and years of a workspace stand, all when none is named.

    Raises
    ------
    RunRefused
        When a name is unknown.
    """
    names, regions = select_profiles(workspace, municipalities)
    members = {
        name for one in read_profiles(workspace, "params/regions", regions).values() for name in one.municipalities
    }
    offices = read_profiles(workspace, OFFICES, sorted({*names, *members}) if municipalities else names)
    return [
        _standing(workspace, known, year)
        for known in offices.values()
        for year in sorted({*known.years, *years_with_data(workspace, known.name)})
        if not years or year in years
    ]


def _standing(workspace: Path, known: Known, year: int) -> Standing:
    folder = raw_folder(workspace, known.name, year)
    files = len([path for path in folder.glob("*") if path.is_file() and path.name != "SOURCES.yml"])
    declared = year in known.years
    if known.problem:
        return Standing(known, year, known.problem, declared, files)
    run = OfficeRun(workspace, known.name, year, title=known.title, years=known.years)
    prepared = read_prepared(workspace, known.name, year)
    changes = tuple(changes_since(workspace, prepared, run.processed))
    last = read_json(run.folder / RUN_FILE) or {}
    preparation = last.get("preparation", {})
    failed = {
        one["report"]: one["reason"] or preparation.get("reason", "")
        for one in last.get("reports", ())
        if one["status"] in FAILURES
    }
    invalid = ""
    if preparation.get("status") == DATA_INVALID and _unchanged(workspace, last, folder):
        invalid = preparation["reason"]
    if changes or prepared is None:
        return Standing(known, year, "", declared, files, None, invalid, changes, failed={} if invalid else failed)
    run.prepared = prepared
    offered = {name: one for name, one in offered_reports(workspace).items() if name != REGION_REPORT}
    public = replace(run, audience=PUBLIC)
    tables = tuple(name for name, rows in prepared["rows"].items() if rows["rows"])
    reports = _planned(run, offered)
    found = Standing(known, year, "", declared, files, tables, "", (), reports, failed)
    return replace(found, public=_planned(public, offered)) if (public.folder / RUN_FILE).exists() else found


def _planned(run: OfficeRun, offered: Mapping[str, Report]) -> dict[str, ReportRun]:
    beside = run.beside(offered, offered)
    return {name: run.planned(report, beside=beside, wanted=True, force=False) for name, report in offered.items()}


def _unchanged(workspace: Path, last: dict, folder: Path) -> bool:
    """Whether the files of a folder are those that the last run found."""
    from shnor_lib.office.fingerprint import file_digest

    seen = {one["file"]: one["sha256"] for one in last.get("inputs", ())}
    present = {relative_name(workspace, path): file_digest(path) for path in folder.glob("*") if path.is_file()}
    own = f"{relative_name(workspace, folder)}/"
    return present == {name: sha256 for name, sha256 in seen.items() if name.startswith(own)}
