"""Every file is written whole or not at all, and what stops it has a name."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from shnor_lib.runs import files
from shnor_lib.runs.catalogue import NotebookError, check_parameters, offered_reports
from shnor_lib.runs.files import WriteFailed, read_json, remove_unfinished, write_json, write_whole
from shnor_lib.runs.finish import finish_office, problem_line, write_reports_index
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.runs.record import OfficeRun
from tests.runs.workspaces import make_workspace, show_schools, unfinished, write_notebook


def refuse(number: int, kind: type = OSError):
    def refusing(*_):
        raise kind(number, os.strerror(number))

    return refusing


@pytest.mark.parametrize(
    ("call", "number", "kind", "status"),
    [
        ("fsync", errno.ENOSPC, OSError, "disk_full"),
        ("fsync", errno.EDQUOT, OSError, "disk_full"),
        ("replace", errno.EACCES, PermissionError, "locked"),
        ("replace", errno.EROFS, OSError, "unwritable"),
    ],
)
def test_what_cannot_be_written_leaves_the_earlier_file(tmp_path, monkeypatch, call, number, kind, status):
    path = tmp_path / "report.html"
    path.write_bytes(b"earlier")
    monkeypatch.setattr(files.os, call, refuse(number, kind))
    with pytest.raises(WriteFailed) as failed:
        write_whole(path, b"new")
    assert failed.value.status == status and "report.html" in failed.value.reason
    assert path.read_bytes() == b"earlier" and os.listdir(tmp_path) == ["report.html"]


def test_a_new_file_brings_its_folders(tmp_path):
    write_json(tmp_path / "a" / "b.json", {"школа": 1})
    assert (tmp_path / "a" / "b.json").read_text(encoding="utf-8") == '{\n "школа": 1\n}\n'
    assert read_json(tmp_path / "a" / "b.json") == {"школа": 1}


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", None])
def test_a_damaged_record_counts_as_none(tmp_path, content):
    path = tmp_path / "record.json"
    if content is not None:
        path.write_bytes(content)
    assert read_json(path) is None


def test_only_unfinished_files_are_removed(tmp_path):
    for name in (".shnor-1.part", ".run.lock", "report.html"):
        (tmp_path / name).write_bytes(b"")
    remove_unfinished(tmp_path, tmp_path / "absent")
    assert sorted(os.listdir(tmp_path)) == [".run.lock", "report.html"]


def test_a_full_disk_stops_a_preparation_and_keeps_the_one_before(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    folder = workspace / "data" / "processed" / "alpha" / "2021"
    assert prepare_office(workspace, "alpha", 2021)["status"] == "made"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    schools = workspace / "data" / "raw" / "alpha" / "2021" / "schools.csv"
    schools.write_text(schools.read_text(encoding="utf-8").replace(",500,", ",501,"), encoding="utf-8")
    monkeypatch.setattr(files.os, "fsync", refuse(errno.ENOSPC))
    prepared = prepare_office(workspace, "alpha", 2021)
    assert prepared["status"] == "disk_full" and "нет места" in prepared["reason"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.fixture(scope="module")
def made(tmp_path_factory, warm_server):
    from shnor_lib.runs import run_reports

    workspace = make_workspace(tmp_path_factory.mktemp("made"), {"alpha": [2021]})
    write_notebook(workspace, "01_first", show_schools("schools_first"))
    return run_reports(workspace, reports=["01_first"], jobs=1, server=warm_server).offices[0]


@pytest.fixture
def finished(made, tmp_path):
    """An office and year with one page, finished; what follows is done in this process, so that a test can hold files."""
    return replace(made, workspace=Path(shutil.copytree(made.workspace, tmp_path / "copy")))


def test_a_table_that_excel_holds_open_is_named_and_the_others_are_written(finished, monkeypatch):
    held = finished.folder / "tables" / "tables.xlsx"
    other = finished.folder / "tables" / "schools_first.csv"
    for path in (held, other):
        path.write_bytes(b"earlier")
    put_in_place = os.replace

    def hold(source, target):
        if Path(target) == held:
            raise PermissionError(errno.EACCES, "Permission denied")
        put_in_place(source, target)

    monkeypatch.setattr(files.os, "replace", hold)
    written = finish_office(finished)
    assert written["status"] == "locked" and "tables.xlsx" in written["reason"]
    assert held.read_bytes() == b"earlier" and other.read_bytes() != b"earlier"
    assert read_json(finished.folder / "run.json")["written"]["status"] == "locked"
    assert not unfinished(finished.workspace)


def test_a_full_disk_while_finishing_keeps_index_and_record(finished, monkeypatch):
    index, record = finished.folder / "index.html", finished.folder / "run.json"
    for page in (index, finished.workspace / "reports" / "index.html"):
        page.write_bytes(b"earlier")
    before = record.read_bytes()
    monkeypatch.setattr(files.os, "fsync", refuse(errno.ENOSPC))
    assert finish_office(finished)["status"] == "disk_full"
    assert index.read_bytes() == b"earlier" and record.read_bytes() == before
    assert write_reports_index(finished.workspace)["status"] == "disk_full"


def test_nothing_outside_the_tables_is_deleted_whatever_run_json_says(finished):
    outside = finished.workspace / "keep.csv"
    outside.write_bytes(b"x")
    record = finished.folder / "run.json"
    document = read_json(record)
    document["outputs"]["../../../keep.csv"] = "0" * 64
    write_json(record, document)
    finish_office(finished)
    assert outside.exists()


def test_a_problem_is_one_line_with_its_place_value_and_remedy():
    problem = {
        "file": "data/raw/a/2021/staff.xlsx",
        "sheet": "Кадры",
        "cell": "C4",
        "problem": "Значение не прочитано",
        "value": "много",
        "allowed": "целое число",
        "remedy": "Исправьте ячейку.",
    }
    assert problem_line(problem) == (
        "data/raw/a/2021/staff.xlsx · Кадры · C4: Значение не прочитано (много). Допустимо: целое число. Исправьте ячейку."
    )


# --- the catalogue ---------------------------------------------------------------------------------------------------


def cell(source: str, *tags: str) -> dict:
    return {"cell_type": "code", "source": source.splitlines(keepends=True), "metadata": {"tags": list(tags)}}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([cell("year = 1")], "ячеек с меткой parameters – 0"),
        ([cell("year = 1", "parameters"), cell("year = 2", "parameters")], "ячеек с меткой parameters – 2"),
        ([cell("year: int = 1\nmunicipality = 'x'", "parameters")], "не задаёт audience"),
        ([cell("year = (", "parameters")], "не читается"),
    ],
)
def test_parameters_that_would_be_lost_are_named(cells, said):
    with pytest.raises(NotebookError, match=said):
        check_parameters(cells, "x.ipynb", ("municipality", "year", "audience"))


def test_notebooks_of_the_workspace_stand_in_for_those_of_the_repository(tmp_path):
    workspace = make_workspace(tmp_path, {})
    write_notebook(workspace, "50_identification", "1")
    write_notebook(workspace, "55_own", "1")
    (workspace / "notebooks" / "notes.ipynb").write_text("{}")
    (workspace / "notebooks" / "56_broken.ipynb").write_text("{")
    offered = offered_reports(workspace)
    assert offered["50_identification"].path.parent == workspace / "notebooks"
    assert offered["00_overview"].path.parent != workspace / "notebooks"
    assert (offered["55_own"].title, offered["55_own"].question) == ("Отчёт 55_own", "Отвечает ли 55_own?")
    assert "не блокнот Jupyter" in offered["56_broken"].problem
    assert "notes" not in offered


def test_every_shipped_notebook_is_a_report_with_a_title_and_declared_needs(tmp_path):
    from shnor_lib.runs.catalogue import NEEDS, REGION_REPORT

    offered = offered_reports(tmp_path)
    assert [report.problem for report in offered.values() if report.problem] == []
    assert all(report.title != name and report.question.endswith("?") for name, report in offered.items())
    assert set(offered) - {REGION_REPORT} <= set(NEEDS)


def test_public_pages_lie_apart():
    run = OfficeRun(Path("/w"), "alpha", 2021, audience="public")
    assert run.page("50_identification") == Path("/w/public/alpha/2021/50_identification.html")
    assert run.record("x") == Path("/w/data/processed/alpha/2021/made/public/x.json")
