"""What stands beside the pages of an office and year: the tables as files, the index, and ``run.json``, all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from shnor_lib.office.fingerprint import digest, file_digest, library_digest
from shnor_lib.runs.files import WriteFailed, json_bytes, read_json, write_json
from shnor_lib.runs.record import RUN_FILE, OfficeRun, ReportRun, shown_status
from shnor_lib.runs.report import tables_of
from shnor_lib.runs.statuses import CURRENT, DISK_FULL, FAILED, FAILURES, MADE, STATUS_WORDS, WAITING
from shnor_lib.runs.transaction import write_together
from shnor_lib.workspace import PAGES, PUBLIC, report_folder

INDEX = "index.html"
TABLES_FOLDER = "tables"
INDEX_RECORD = "data/processed/index.json"


def finish_office(run: OfficeRun) -> dict:
    """Write tables, index and ``run.json`` of an office and year together; a file that another program holds keeps its earlier content.

    ``status`` and ``reason``: of the first trouble there was, ``made`` when there was none.
    """
    from shnor_lib.pages.export.html import ReportError
    from shnor_lib.pages.export.index import office_index
    from shnor_lib.pages.export.tables import table_files

    files: dict[Path, bytes | None] = {}
    for report in run.reports.values():
        if report.status == WAITING:
            files |= dict.fromkeys(_left_by(run, report.report))
    earlier = (read_json(run.folder / RUN_FILE) or {}).get("outputs", {})
    tables, contents, outputs, troubles = [], {}, {}, []
    try:
        tables = shown_tables(run)
        if tables and run.status in CURRENT:
            contents = table_files(tables, title=f"{run.title}, {run.year}")
    except ReportError as error:
        troubles.append(WriteFailed(FAILED, str(error)))
    if troubles or run.status not in CURRENT:
        outputs = {name: sha256 for name, sha256 in earlier.items() if name != INDEX}
    contents = {f"{TABLES_FOLDER}/{name}": content for name, content in contents.items()}
    contents[INDEX] = office_index(office_entry(run, tables)).encode("utf-8")
    outputs |= {name: digest(content) for name, content in contents.items()}
    gone = {PurePosixPath(name).name for name in set(earlier) - set(outputs)}
    files |= dict.fromkeys(run.folder / TABLES_FOLDER / name for name in gone)
    files |= {run.folder / name: content for name, content in contents.items()}
    _write_what_can_be(run, files, outputs, troubles)
    if run.is_public:
        try:
            lead_to_public(run)
        except WriteFailed as error:
            troubles.append(error)
    return trouble_of(troubles)


def lead_to_public(run: OfficeRun) -> None:
    """Write the internal index of an office anew where it does not lead to its public edition yet."""
    internal = replace(run, audience="internal")
    document = read_json(internal.folder / RUN_FILE)
    if not document:
        return
    internal.status = document["preparation"]["status"]
    internal.reports = {one["report"]: ReportRun(**one) for one in document["reports"]}
    shown = shown_digest(internal)
    if document["shown"] == shown:
        return
    from shnor_lib.pages.export.index import office_index

    page = office_index(office_entry(internal, shown_tables(internal), document)).encode("utf-8")
    outputs = document["outputs"] | {INDEX: digest(page)}
    record = json_bytes(document | {"shown": shown, "outputs": outputs})
    write_together(run.workspace, {internal.folder / INDEX: page, internal.folder / RUN_FILE: record})


def _write_what_can_be(
    run: OfficeRun, files: dict[Path, bytes | None], outputs: Mapping[str, str], troubles: list[WriteFailed]
) -> None:
    """Put the files in place together with the ``run.json`` that says which of them could not be; troubles are added."""
    while True:
        document = {run.folder / RUN_FILE: json_bytes(run_document(run, outputs, troubles))}
        try:
            write_together(run.workspace, files | document)
            return
        except WriteFailed as error:
            troubles.append(error)
            if error.path not in files:
                return
            files = {} if error.status == DISK_FULL else {path: files[path] for path in files if path != error.path}


def trouble_of(troubles: Sequence[WriteFailed]) -> dict:
    """The first trouble as ``status`` and ``reason``; ``made`` when there is none."""
    return {"status": troubles[0].status, "reason": troubles[0].reason} if troubles else {"status": MADE, "reason": ""}


def _left_by(run: OfficeRun, report: str) -> list[Path]:
    """What a report whose tables are gone has left: its pages would show what the data no longer say."""
    record = run.record(report)
    return [*(run.page(name) for name in {report, *run.pages_of(report)}), record, tables_of(record)]


def shown_tables(run: OfficeRun) -> list:
    """The tables of every page that stands; where pages of an earlier run show another state of a table, the newer one counts.

    Raises :class:`ReportError` when two pages of this state give one name to two tables.
    """
    import json

    from shnor_lib.pages.export.tables import ReportTable, unique_tables

    current: list[ReportTable] = []
    earlier: list[ReportTable] = []
    for name, report in sorted(run.reports.items()):
        with suppress(OSError, ValueError, TypeError, KeyError):
            kept = json.loads(tables_of(run.record(name)).read_bytes())
            if report.status != WAITING and run.page(name).exists():
                chosen = current if report.status in CURRENT else earlier
                chosen += [ReportTable.from_json(payload | {"report": name}) for payload in kept]
    known = {table.name: table for table in unique_tables(current)}
    for table in earlier:
        known.setdefault(table.name, table)
    return list(known.values())


def shown_schools(run: OfficeRun) -> list[dict]:
    """What the index says of the schools that have a page, listed ones first."""
    shown = [name for name, one in sorted(run.reports.items()) if one.status != WAITING and run.page(name).exists()]
    made = [read_json(run.record(name)) or {} for name in shown]
    return sorted((school for each in made for school in each.get("schools", ())), key=lambda school: school["listed"])


def office_entry(run: OfficeRun, tables: Sequence = (), document: Mapping | None = None):
    """The office and year as its own index shows it: with its tables, the offices of a region and the way to its public edition.

    ``document``: what its ``run.json`` says or is to say.
    """
    folders = [report_folder(run.workspace, name, run.year, run.audience) for name in run.members]
    return replace(
        entry_of(run.folder, document or run.document()),
        has_public=has_public(run),
        tables=[(table.name, table.caption, table.report) for table in tables],
        schools=shown_schools(run),
        members=[entry_of(folder, document) for folder, document in _run_documents(folders)],
    )


def has_public(run: OfficeRun) -> bool:
    """Whether the internal index of an office has a public edition to lead to; the public one leads nowhere else."""
    return not run.is_public and (replace(run, audience=PUBLIC).folder / INDEX).exists()


def entry_of(folder: Path, document: Mapping):
    """The office and year of a ``run.json`` as the index over all of them shows it."""
    from shnor_lib.inputs.dictionary import table
    from shnor_lib.pages.export.index import OfficeYear, ReportEntry

    preparation = document["preparation"]
    invalid = preparation["status"] not in CURRENT
    pages = {one["report"] for one in document["reports"] if (folder / f"{one['report']}.html").exists()}
    entries = [
        ReportEntry(
            report=one["report"],
            title=one["title"],
            question=one["question"],
            status=shown_status(one["status"], one["report"] in pages),
            missing_tables=[table(name).label for name in one["missing_tables"]],
            reason=_said(one) if one["status"] in FAILURES else "",
        )
        for one in document["reports"]
        if not invalid or one["report"] in pages
    ]
    return OfficeYear(
        municipality=document["municipality"],
        title=document["title"],
        year=document["year"],
        reports=entries,
        fictional=document["fictional"],
        audience=document["audience"],
        limit=document.get("minimum_participants"),
        reason="\n".join([_said(preparation), *map(problem_line, document["problems"])]) if invalid else "",
    )


def _said(ending: Mapping) -> str:
    return ": ".join(filter(None, [STATUS_WORDS[ending["status"]], ending["reason"]]))


def problem_line(problem: Mapping[str, str]) -> str:
    """A problem of the data in one line: file, sheet, cell, what was found, what is allowed, how to mend it."""
    place = " · ".join(part for part in (problem["file"], problem["sheet"], problem["cell"]) if part)
    value = f" ({problem['value']})" if problem["value"] else ""
    allowed = f" Допустимо: {problem['allowed']}." if problem["allowed"] else ""
    return f"{place}: {problem['problem']}{value}.{allowed} {problem['remedy']}".replace("..", ".")


def run_document(run: OfficeRun, outputs: Mapping[str, str], troubles: Sequence[WriteFailed] = ()) -> dict:
    """What ``run.json`` holds: the document of the run and the files beside it with their sha256."""
    beside = {"written": trouble_of(troubles), "outputs": dict(outputs), "shown": shown_digest(run)}
    return run.document() | beside


def shown_digest(run: OfficeRun) -> str:
    """Digest of everything that index and tables are made from, so that they are not made again for nothing."""
    reports = [
        [one.report, one.title, one.question, shown_status(one.status, True), one.missing_tables, one.page_sha256]
        + ([one.reason] if one.status in FAILURES and not run.is_public else [])
        for _, one in sorted(run.reports.items())
    ]
    folders = [report_folder(run.workspace, name, run.year, run.audience) for name in run.members]
    members = [(read_json(folder / RUN_FILE) or {}).get("shown") for folder in folders]
    state = [run.title, run.fictional, library_digest(), reports, run.status in CURRENT, members, has_public(run)]
    return digest(state)


def keep_outputs(run: OfficeRun) -> bool:
    """Write a new ``run.json`` over outputs that need no change; False, and nothing is written, when they do."""
    earlier = read_json(run.folder / RUN_FILE) or {}
    outputs = earlier.get("outputs", {})
    changed = (
        run.failed
        or earlier.get("written", {}).get("status") != MADE
        or earlier.get("shown") != shown_digest(run)
        or INDEX not in outputs
        or any(file_digest(run.folder / name) != sha256 for name, sha256 in outputs.items())
    )
    if not changed:
        write_json(run.folder / RUN_FILE, run_document(run, outputs))
    return not changed


def write_reports_index(workspace: Path) -> dict:
    """Put ``index.html`` of each tree in place: every office and year that a run has left a ``run.json`` for."""
    from shnor_lib.pages.export.index import reports_index

    documents = _documents_of_runs(workspace)
    record: dict[str, dict] = {}
    files: dict[Path, bytes | None] = {}
    for audience, found in documents.items():
        entries = [entry_of(folder, document) for folder, document in found]
        page = reports_index(entries, audience, has_public=PUBLIC in documents).encode("utf-8")
        files[workspace / PAGES[audience] / INDEX] = page
        record[audience] = {"shown": _index_digest(documents, audience), "sha256": digest(page)}
    try:
        write_together(workspace, files | {workspace / INDEX_RECORD: json_bytes(record)})
    except WriteFailed as error:
        return trouble_of([error])
    return trouble_of([])


def index_is_current(workspace: Path) -> bool:
    """Whether ``index.html`` of each tree shows what the runs have left."""
    record, documents = read_json(workspace / INDEX_RECORD) or {}, _documents_of_runs(workspace)
    shown = {
        audience: {
            "shown": _index_digest(documents, audience),
            "sha256": file_digest(workspace / PAGES[audience] / INDEX),
        }
        for audience in documents
    }
    return record == shown


def _documents_of_runs(workspace: Path) -> dict[str, list[tuple[Path, dict]]]:
    """The documents of the runs of each edition; the public one only where there is or was any."""
    found = {
        audience: _run_documents(sorted(path.parent for path in (workspace / tree).glob(f"*/*/{RUN_FILE}")))
        for audience, tree in PAGES.items()
    }
    if not found[PUBLIC] and not (workspace / PAGES[PUBLIC] / INDEX).exists():
        del found[PUBLIC]
    return found


def _run_documents(folders: Iterable[Path]) -> list[tuple[Path, dict]]:
    read = [(folder, read_json(folder / RUN_FILE)) for folder in folders]
    return [(folder, document) for folder, document in read if document]


def _index_digest(documents: Mapping[str, list[tuple[Path, dict]]], audience: str) -> str:
    shown = [[f"{folder.parent.name}/{folder.name}", document["shown"]] for folder, document in documents[audience]]
    return digest([shown, sorted(documents)])
