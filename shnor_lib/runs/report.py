"""One report, made inside a warm child: papermill executes the notebook, the exporter writes the page, both in one process."""

from __future__ import annotations

import logging
import os
from dataclasses import asdict
from pathlib import Path

from shnor_lib.office.fingerprint import digest
from shnor_lib.runs.catalogue import Report
from shnor_lib.runs.files import WriteFailed, write_json, write_whole
from shnor_lib.runs.record import OfficeRun
from shnor_lib.runs.statuses import FAILED, MADE
from shnor_lib.workspace import VARIABLE

ENGINES = {"warm": "shnor-warm", "kernel": None}
"""Names of papermill's engines by how the command line calls them; ``None`` is papermill's own."""


def make_report(run: OfficeRun, report: Report, engine: str, made_from: dict) -> dict:
    """Execute a notebook for an office and year and put its page in place.

    Parameters
    ----------
    made_from : what the page is made from, as it was planned; written down last, after the tables of the page.

    Returns
    -------
    ``status``, ``reason`` and ``sha256`` of the page. An error of the notebook is raised as papermill raises it.
    """
    import nbformat
    import papermill

    from shnor_lib.pages.export.html import ReportError, export_html
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
        html = export_html(executed).encode("utf-8")
        tables = [asdict(table) for table in collect_tables(executed)]
    except ReportError as error:
        return {"status": FAILED, "reason": str(error)}
    try:
        write_whole(run.page(report.report), html)
        write_json(tables_of(run.record(report.report)), tables)
        write_json(run.record(report.report), made_from | {"page_sha256": digest(html)})
    except WriteFailed as error:
        return {"status": error.status, "reason": error.reason}
    return {"status": MADE, "reason": "", "sha256": digest(html)}


def tables_of(record: Path) -> Path:
    """Where the tables of a page are kept, beside its record."""
    return record.with_suffix(".tables.json")
