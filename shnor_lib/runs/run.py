"""``shnor run``: the reports of offices and years, made again only where something has changed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from shnor_lib.runs import trial
from shnor_lib.runs.catalogue import offered_reports
from shnor_lib.runs.execute import Execution, Orders, now
from shnor_lib.runs.files import read_json, remove_unfinished
from shnor_lib.runs.finish import index_is_current, write_reports_index
from shnor_lib.runs.lock import only_run
from shnor_lib.runs.plan import (
    OFFICES,
    REGIONS,
    Known,
    read_profiles,
    select_profiles,
    select_reports,
    select_years,
)
from shnor_lib.runs.pools import LocalPool, available_processors
from shnor_lib.runs.progress import Silent
from shnor_lib.runs.record import RUN_FILE, OfficeRun
from shnor_lib.runs.statuses import CURRENT, DATA_INVALID, MADE, PARAMS_INVALID, Exit
from shnor_lib.runs.warm import WarmServer
from shnor_lib.workspace import PAGES, PUBLIC, parameter_names, report_folder

if TYPE_CHECKING:
    from shnor_lib.runs.audit import Audited


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    offices : every office and year, region and year it was asked for.
    wrong_profiles : what is wrong with profiles that could not be read.
    unwritten : ``status`` and ``reason`` when the index over all offices could not be written.
    audited : by office, what an audit of the public edition that was asked for found; unless all are safe, nothing was published.
    """

    offices: list[OfficeRun]
    wrong_profiles: list[str]
    unwritten: Mapping = field(default_factory=dict)
    audited: Mapping[str, Audited] = field(default_factory=dict)

    @property
    def is_withheld(self) -> bool:
        """Whether nothing was published because of an audit."""
        return not all(one.is_safe for one in self.audited.values())

    @property
    def exit_code(self) -> Exit:
        """0 when nothing failed; 1 when something is there and something failed; 3 or 4 when invalid data or parameters left nothing.

        With one office and year this says why it failed; with many, that not all of them succeeded.
        """
        if self.is_withheld:
            return Exit.SOME_FAILED
        failed = [run for run in self.offices if run.failed or run.unwritten]
        if not (failed or self.wrong_profiles or self.unwritten):
            return Exit.DONE
        if any(report.status in CURRENT for run in self.offices for report in run.reports.values()):
            return Exit.SOME_FAILED
        statuses = {run.status for run in failed}
        if statuses <= {PARAMS_INVALID}:
            return Exit.PARAMS_INVALID
        return Exit.DATA_INVALID if statuses <= {DATA_INVALID, PARAMS_INVALID} else Exit.SOME_FAILED


def run_reports(
    workspace: str | Path,
    *,
    municipalities: Sequence[str] = (),
    years: Sequence[int] = (),
    reports: Sequence[str] = (),
    jobs: int | None = None,
    cluster: str | None = None,
    audience: str = "internal",
    engine: str = "warm",
    time_limit: float = 600,
    force: bool = False,
    audit_seconds: float | None = None,
    progress: Silent | None = None,
    server: WarmServer | None = None,
) -> Outcome:
    """Make the reports of offices and years; those whose data, parameters, notebook and library have not changed are left alone.

    Parameters
    ----------
    municipalities, years, reports : what to make; empty for everything there is.
    jobs : how many reports are made at the same time; by default one for each processor.
    cluster : address of a ``dask.distributed`` scheduler whose workers do the work instead.
    audience : ``internal``, or ``public`` for the edition with small numbers masked, in a tree of its own.
    engine : ``warm``, or ``kernel`` for papermill's own.
    time_limit : seconds that one report may take.
    force : make also what is up to date.
    audit_seconds : attack the public edition of every office for so long, and publish only what is safe (:mod:`shnor_lib.runs.audit`).
    server : a warm server to use and leave running; for several runs in one process.

    Raises
    ------
    RunRefused
        When a name is unknown, or another run holds the workspace; nothing was done.
    """
    workspace = Path(workspace).resolve()
    progress = progress or Silent()
    offered = offered_reports(workspace)
    orders = Orders(offered, frozenset(select_reports(offered, reports)), engine, time_limit, force)
    office_names, region_names = select_profiles(workspace, municipalities)
    jobs = jobs or available_processors()
    settings = {"engine": engine, "jobs": jobs, "cluster": cluster, "time_limit": time_limit}
    with only_run(workspace), open_pool(workspace, cluster, jobs, server) as pool:
        regions = read_profiles(workspace, REGIONS, region_names, before_reading=pool.start)
        members = {name for region in regions.values() for name in region.municipalities}
        office_names = sorted({*office_names, *members & set(parameter_names(workspace))})
        offices = read_profiles(workspace, OFFICES, office_names, before_reading=pool.start)
        shared = {"workspace": workspace, "audience": audience, "settings": settings}
        office_runs = [
            _begun(offices[name], year, shared) for name, year in select_years(workspace, offices, regions, years)
        ]
        region_runs = [
            _begun(region, year, shared | {"is_region": True})
            for region in regions.values()
            for year in region.years
            if year in years or not years
        ]
        runs = office_runs + region_runs
        trial.put_back(workspace)
        remove_unfinished(*(workspace / tree for tree in PAGES.values()), workspace / "data" / "processed")
        for run in runs:
            remove_unfinished(run.folder, run.folder / "tables", run.processed, run.record("").parent)
            _remove_public_within(run)
        execution, audited = Execution(pool, orders, progress), {}
        if audit_seconds:
            trial.begin(workspace)
        try:
            execution.run(office_runs)
            execution.run(region_runs)
            if audit_seconds:
                audited = _audits(workspace, office_runs, audit_seconds)
                trial.end(workspace, [one.is_safe for one in audited.values()])
        finally:  # an interrupted run shows in the index what it has done
            trial.put_back(workspace)
            unwritten = _update_index(workspace)
            progress.close()
    problems = [known.problem for known in (*offices.values(), *regions.values()) if known.problem]
    return Outcome(runs, problems, unwritten, audited)


def _audits(workspace: Path, runs: Sequence[OfficeRun], seconds: float) -> dict[str, Audited]:
    """What an audit finds of each office of a run that has public pages."""
    from shnor_lib.runs.audit import audit_published  # its solver takes a second to load

    names = dict.fromkeys(run.municipality for run in runs if run.folder.is_dir())
    return {name: audit_published(workspace, name, seconds) for name in names}


def _remove_public_within(run: OfficeRun) -> None:
    """Delete the public edition that an earlier version left inside the internal one."""
    earlier = report_folder(run.workspace, run.municipality, run.year) / PUBLIC
    if (read_json(earlier / RUN_FILE) or {}).get("audience") == PUBLIC:
        shutil.rmtree(earlier, ignore_errors=True)


def _begun(known: Known, year: int, shared: dict) -> OfficeRun:
    return OfficeRun(
        municipality=known.name,
        year=year,
        title=known.title,
        fictional=known.fictional,
        years=known.years,
        members=known.municipalities,
        status=PARAMS_INVALID if known.problem else "",
        reason=known.problem,
        started=now(),
        **shared,
    )


def _update_index(workspace: Path) -> dict:
    """Write the index over all offices when it is not what it would be; returns why it could not be written."""
    written = {} if index_is_current(workspace) else write_reports_index(workspace)
    return {} if written.get("status", MADE) == MADE else written


def open_pool(workspace: Path, cluster: str | None, jobs: int, server: WarmServer | None):
    """Where the tasks are done: on the workers of a scheduler when one is named, else in children of this process."""
    if cluster is None:
        return LocalPool(jobs, server)
    from shnor_lib.runs.cluster import ClusterPool

    return ClusterPool(cluster, workspace)
