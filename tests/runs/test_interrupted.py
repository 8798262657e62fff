"""What stops a command from outside ends with one Russian error and leaves the old or the new, nothing between."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.indicators import read_catalogue
from shnor_lib.inputs.own import enter
from shnor_lib.inputs.sources.provenance import read_sources
from shnor_lib.office.processed import changes_since, read_prepared
from shnor_lib.params.reading import read_method, read_own_risks, read_profile
from shnor_lib.params.usual import read_usual
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.runs.statuses import Exit
from shnor_lib.workspace import SHIPPED
from tests.inputs.importers.exports import export
from tests.inputs.importers.test_participants import protocol_2020
from tests.runs.workspaces import make_workspace, unfinished

LEFT = {".run.lock", ".shnor.lock", "shnor.log", "shnor.log.1"}
"""What a command that was refused may leave: locks and the log."""


@pytest.fixture
def workspace(tmp_path):
    workspace = make_workspace(tmp_path / "w", {"alpha": [2021]})
    register = workspace / "data" / "raw" / "alpha" / "2021" / "schools.csv"
    header, first, *others = register.read_text(encoding="utf-8").splitlines()
    register.write_text("\n".join([f"{header},aliases", f"{first},sch200001", *(f"{one}," for one in others)]) + "\n")
    return workspace


def shnor(workspace, *arguments):
    return CliRunner().invoke(main, ["--workspace", str(workspace), *map(str, arguments)])


def standing(workspace):
    return {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file() and path.name not in LEFT}


def commands(folder):
    marks = export(folder, "Математика 9.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    return {
        "import": ["import", marks, "-m", "alpha", "-y", 2021],
        "new": ["new", "beta", "-y", 2022],
        "year": ["year", "alpha", 2022],
        "template": ["template", "-m", "alpha", "-y", 2021, "--school-form"],
        "run": ["run", "-m", "alpha", "-r", "10"],
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("most", [0, 60, 900])
@pytest.mark.parametrize("name", ["import", "new", "year", "template", "run"])
def test_a_disk_with_few_bytes_left_is_one_error_and_changes_nothing(workspace, tmp_path, name, most):
    import resource

    arguments = commands(tmp_path)[name] + [workspace / "forms"] * (name == "template")
    before = standing(workspace)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        result = shnor(workspace, *arguments)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert result.exit_code in (Exit.SOME_FAILED, Exit.USAGE), result.output
    assert result.stderr.count("Ошибка:") == 1 and "нет места на диске" in result.stderr, result.stderr
    assert standing(workspace) == before and not unfinished(workspace)
    assert shnor(workspace, *arguments).exit_code in (Exit.DONE, Exit.DATA_INVALID) or name == "run"


@pytest.mark.parametrize(
    ("name", "held"), [("import", "exam_results.csv"), ("year", "alpha.yml"), ("new", "SOURCES.yml"), ("pack", ".zip")]
)
def test_a_file_held_by_another_program_is_one_error_and_changes_nothing(workspace, tmp_path, monkeypatch, name, held):
    pages = workspace / "reports" / "alpha" / "2021"
    pages.mkdir(parents=True)
    (pages / "00_overview.html").write_text("<html></html>", encoding="utf-8")
    (pages.parent / "alpha-2021.zip").write_bytes(b"earlier")
    before, replace = standing(workspace), os.replace

    def hold(source, target):
        if str(target).endswith(held):
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr("shnor_lib.runs.pack.find_browser", lambda: None)
    monkeypatch.setattr(os, "replace", hold)
    arguments = (commands(tmp_path) | {"pack": ["pack", "-m", "alpha", "-y", 2021]})[name]
    result = shnor(workspace, *arguments)
    assert result.exit_code in (Exit.SOME_FAILED, Exit.USAGE) and result.stderr.count("Ошибка:") == 1, result.output
    assert held in result.stderr and standing(workspace) == before and not unfinished(workspace)
    monkeypatch.setattr(os, "replace", replace)
    assert shnor(workspace, *arguments).exit_code == Exit.DONE


@contextmanager
def read_only(folder):
    """Nothing below a folder may be written; a superuser takes the rights of a guest meanwhile."""
    everything, superuser = [folder, *folder.rglob("*")], os.geteuid() == 0
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if superuser:
        os.seteuid(65534)
    try:
        if not os.access(SHIPPED / "params", os.R_OK, effective_ids=True):
            pytest.skip("a guest may not read the library here")
        yield
    finally:
        if superuser:
            os.seteuid(0)
        for path in everything:
            path.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_read_only_workspace_is_read_and_not_written(workspace, tmp_path):
    with tempfile.TemporaryDirectory() as folder:  # one that a guest may enter
        place = shutil.copytree(workspace, Path(folder) / "w")
        asked = commands(Path(folder))
        for name in ("import", "year", "run"):  # what they load is loaded with every right
            shnor(shutil.copytree(workspace, tmp_path / name), *asked[name])
        assert shnor(workspace, "check", "-m", "alpha", "-y", 2021).exit_code == Exit.DONE
        before = standing(place)
        with read_only(Path(folder)):
            assert shnor(place, "status").exit_code == Exit.DONE
            checked = shnor(place, "check", "-m", "alpha", "-y", 2021)
            assert checked.exit_code == Exit.DONE, checked.output
            results = [shnor(place, *asked[name]) for name in ("import", "year", "new", "run")]
        for result in results:
            assert result.exit_code in (Exit.SOME_FAILED, Exit.USAGE), result.output
            assert result.stderr.count("Ошибка:") == 1, result.stderr
            assert "нельзя писать" in result.stderr or "не записывается" in result.stderr, result.stderr
        assert standing(place) == before


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights on Windows")
def test_two_imports_at_once_by_two_paths_lose_no_row(workspace, tmp_path):
    other = tmp_path / "link"
    other.symlink_to(workspace)
    files = [
        export(tmp_path, f"{subject} {grade}.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
        for subject, grade in (("Математика", 5), ("Русский язык", 6))
    ]
    program = [sys.executable, "-m", "shnor_lib", "--workspace"]

    def started(place, file):
        arguments = [str(place), "import", str(file), "-m", "alpha", "-y", "2021"]
        return subprocess.Popen([*program, *arguments], stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL)

    waiting = dict(zip((workspace, other), files, strict=True))
    for _ in range(3):
        both = [(place, file, started(place, file)) for place, file in waiting.items()]
        waiting = {}
        for place, file, process in both:
            _, told = process.communicate(timeout=60)
            assert process.returncode == Exit.DONE or "уже идёт другой запуск" in told, told
            waiting |= {place: file} if process.returncode else {}
    assert not waiting
    table = (workspace / "data" / "raw" / "alpha" / "2021" / "import_protocol.csv").read_text(encoding="utf-8-sig")
    assert "Математика 5.xlsx" in table and "Русский язык 6.xlsx" in table
    assert shnor(workspace, "check", "-m", "alpha", "-y", 2021).exit_code == Exit.DONE


@pytest.mark.parametrize("moment", [0, 4_294_967_000])
def test_time_stamps_of_another_century_change_nothing(workspace, moment):
    assert prepare_office(workspace, "alpha", 2021)["status"] == "made"
    for path in [workspace, *workspace.rglob("*")]:
        os.utime(path, (moment, moment))
    folder = workspace / "data" / "processed" / "alpha" / "2021"
    assert changes_since(workspace, read_prepared(workspace, "alpha", 2021), folder) == []
    assert shnor(workspace, "check", "-m", "alpha", "-y", 2021).exit_code == Exit.DONE


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights on Windows")
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("params/alpha.yml", lambda workspace: read_profile(workspace, "alpha")),
        ("params/methods/fioko-2021.yml", lambda workspace: read_method(workspace, "fioko-2021")),
        ("params/risk_factors.yml", read_own_risks),
        ("params/survey.yml", lambda workspace: enter(workspace, "alpha")),
        ("params/indicators.yml", read_catalogue),
        (".shnor.yml", read_usual),
    ],
)
def test_declarations_that_are_a_link_out_of_the_workspace_are_not_read(workspace, tmp_path, name, read):
    outside = tmp_path / "outside.yml"
    outside.write_text("secret: value\n", encoding="utf-8")
    (workspace / name).unlink(missing_ok=True)
    (workspace / name).symlink_to(outside)
    with pytest.raises(ParamsError, match=f"{name}:1: ссылка ведёт в другую папку"):
        read(workspace)


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights on Windows")
def test_an_office_that_is_a_link_out_stops_only_itself(workspace, tmp_path):
    (workspace / "params" / "beta.yml").symlink_to(shutil.copy(workspace / "params" / "alpha.yml", tmp_path))
    result = shnor(workspace, "check", "-m", "beta", "-y", 2021)
    assert result.exit_code == Exit.PARAMS_INVALID and "ссылка ведёт" in result.stderr
    assert shnor(workspace, "check", "-m", "alpha", "-y", 2021).exit_code == Exit.DONE
    assert "alpha 2021" in shnor(workspace, "status").stdout


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights on Windows")
def test_sources_that_are_a_link_out_are_an_error(workspace, tmp_path):
    folder = workspace / "data" / "raw" / "alpha" / "2021"
    shutil.move(folder / "SOURCES.yml", tmp_path / "SOURCES.yml")
    (folder / "SOURCES.yml").symlink_to(tmp_path / "SOURCES.yml")
    _, problems = read_sources(folder, "data/raw/alpha/2021/SOURCES.yml")
    assert [one.severity for one in problems] == ["error"] and "ссылка ведёт" in str(problems[0])
