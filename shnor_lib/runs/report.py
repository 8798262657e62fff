"""One report, made inside a warm child: papermill executes the notebook, the exporter writes the page, both in one process."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from shnor_lib.office.fingerprint import digest
from shnor_lib.runs.catalogue import Report
from shnor_lib.runs.files import WriteFailed, json_bytes
from shnor_lib.runs.record import OfficeRun
from shnor_lib.runs.statuses import FAILED, MADE
from shnor_lib.runs.transaction import write_together
from shnor_lib.workspace import VARIABLE

ENGINES = {"warm": "shnor-warm", "kernel": None}
"""Names of papermill's engines by how the command line calls them; ``None`` is papermill's own."""


def make_report(run: OfficeRun, report: Report, engine: str, made_from: dict, beside: Mapping[str, str]) -> dict:
    """Execute a notebook for an office and year and put its page in place, and the pages of the schools that it shows.

    Parameters
    ----------
    made_from : what the page is made from, as it was planned; written down together with the pages and their tables.
    beside : titles of the reports that its pages may lead to.

    Returns
    -------
    ``status``, ``reason`` and ``sha256`` of the pages. An error of the notebook is raised as papermill raises it.
    """
    import nbformat
    import papermill

    from shnor_lib.pages.export.html import Beside, ReportError, export_pages, school_entries
    from shnor_lib.pages.export.tables import collect_tables

    os.environ[VARIABLE] = str(run.workspace)
    logging.getLogger("papermill").setLevel(logging.ERROR)  # a failure comes back as an error, the rest is no news
    content = report.path.read_bytes()
    if digest(content) != report.sha256:
        return {"status": FAILED, "reason": f"блокнот {report.path.name} изменён во время запуска: повторите запуск"}
    executed = papermill.execute_notebook(
        nbformat.reads(content.decode("utf-8"), as_version=4),
        None,
        run.parameters,
        engine_name=ENGINES[engine],
        progress_bar=False,
        cwd=report.path.parent,
    )
    try:
        pages = export_pages(executed, name=report.report, beside=Beside(reports=beside, offices=run.offices_beside))
        contents = {name: html.encode("utf-8") for name, html in pages.items()}
        tables = [asdict(table) for table in collect_tables(executed)]
    except ReportError as error:
        return {"status": FAILED, "reason": str(error)}
    written = {name: digest(content) for name, content in contents.items()}
    record = made_from | {"pages": written, "schools": school_entries(executed)}
    files: dict[Path, bytes | None] = {run.page(name): None for name in run.pages_of(report.report)}
    files |= {run.page(name): content for name, content in contents.items()}
    files[tables_of(run.record(report.report))] = json_bytes(tables)
    files[run.record(report.report)] = json_bytes(record)
    try:
        write_together(run.workspace, files)
    except WriteFailed as error:
        return {"status": error.status, "reason": error.reason}
    return {"status": MADE, "reason": "", "sha256": digest(written)}


def tables_of(record: Path) -> Path:
    """Where the tables of a page are kept, beside its record."""
    return record.with_suffix(".tables.json")
