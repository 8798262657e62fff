"""shnor template, import and collect as they are typed: exit codes, cause and remedy, nothing half-written."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.runs.lock import only_run
from shnor_lib.runs.statuses import Exit
from tests.inputs.importers.exports import export, office
from tests.inputs.importers.test_participants import protocol_2020
from tests.runs.workspaces import REPOSITORY, unfinished


@pytest.fixture
def workspace(tmp_path):
    workspace = office(tmp_path / "w")
    shutil.copytree(REPOSITORY / "params", workspace / "params", dirs_exist_ok=True)
    return workspace


@pytest.fixture
def shnor(workspace):
    def shnor(*arguments):
        return CliRunner().invoke(main, ["--workspace", str(workspace), *map(str, arguments)])

    return shnor


def folder(workspace):
    return workspace / "data" / "raw" / "demo" / "2021"


def test_import_writes_and_says_what(workspace, tmp_path, shnor):
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    result = shnor("import", path, "-m", "demo", "-y", 2021)
    assert result.exit_code == Exit.DONE, result.output
    assert "«Результаты процедур»: добавлено строк – 1" in result.stdout
    assert (folder(workspace) / "import_protocol.csv").exists()


def test_a_difference_ends_with_data_invalid_and_writes_nothing(workspace, tmp_path, shnor):
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    shnor("import", path, "-m", "demo", "-y", 2021)
    table = folder(workspace) / "exam_results.csv"
    table.write_text(table.read_text().replace(";1;1;0;0;0;6;", ";1;0;1;0;0;6;"))
    before = {file.name: file.read_bytes() for file in folder(workspace).iterdir()}
    result = shnor("import", path, "-m", "demo", "-y", 2021)
    assert result.exit_code == Exit.DATA_INVALID
    assert "Отметка 2: 0 (exam_results.csv, F2), Математика 5.xlsx: 1" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Что сделать:")
    assert {file.name: file.read_bytes() for file in folder(workspace).iterdir()} == before
    assert shnor("import", path, "-m", "demo", "-y", 2021, "--replace").exit_code == Exit.DONE


def test_a_full_disk_changes_nothing(workspace, tmp_path, shnor, monkeypatch):
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    before = {file.name: file.read_bytes() for file in folder(workspace).iterdir()}
    written = []

    def full_after_two(descriptor):
        written.append(descriptor)
        if len(written) > 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("shnor_lib.runs.files.os.fsync", full_after_two)
    result = shnor("import", path, "-m", "demo", "-y", 2021)
    assert result.exit_code == Exit.SOME_FAILED and "нет места на диске" in result.stderr
    assert {file.name: file.read_bytes() for file in folder(workspace).iterdir()} == before


def test_a_file_held_by_excel_puts_the_others_back(workspace, tmp_path, shnor, monkeypatch):
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    before = {file.name: file.read_bytes() for file in folder(workspace).iterdir()}
    replace = os.replace

    def held(source, target):
        if str(target).endswith("SOURCES.yml"):
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr("shnor_lib.runs.files.os.replace", held)
    result = shnor("import", path, "-m", "demo", "-y", 2021)
    assert result.exit_code == Exit.SOME_FAILED and "открыт в другой программе" in result.stderr
    assert {file.name: file.read_bytes() for file in folder(workspace).iterdir()} == before


def test_template_form_and_collect(workspace, tmp_path, shnor):
    out = tmp_path / "шаблон.xlsx"
    assert shnor("template", "-y", 2022, "-m", "demo", out).exit_code == Exit.DONE
    assert shnor("template", "-y", 2022, out).exit_code == Exit.USAGE
    forms = tmp_path / "forms"
    result = shnor("template", "-y", 2022, "-m", "demo", "--school-form", forms)
    assert result.exit_code == Exit.DONE and len(list(forms.iterdir())) == 3
    result = shnor("collect", forms, "-m", "demo", "-y", 2022)
    assert result.exit_code == Exit.SOME_FAILED
    assert "01 СОШ № 1.xlsx: не взята: форма не заполнена" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["template", "-y", "2021", "книга.csv"],
        ["template", "-y", "2021", "--school", "01", "книга.xlsx"],
        ["template", "-y", "2021", "-m", "demo", "--school-form", "--school", "77", "книга.xlsx"],
        ["template", "-y", "2021", "-m", "nowhere", "книга.xlsx"],
        ["import", "нет.xlsx", "-m", "demo", "-y", "2021"],
    ],
)
def test_wrong_usage_teaches(shnor, arguments):
    result = shnor(*arguments)
    assert result.exit_code == Exit.USAGE
    assert "Что сделать:" in result.stderr


KILLED = """\
import os, signal, sys
from pathlib import Path
from shnor_lib.cli import main
replace, placed = os.replace, []

def killed(source, target):
    placed.extend([target] * Path(source).name.startswith(".shnor-"))
    if len(placed) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(source, target)

os.replace = killed
main(sys.argv[1:])
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX; Windows ends processes by another call")
def test_the_next_command_completes_an_import_killed_half_way(workspace, tmp_path, shnor):
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    before = {file.name: file.read_bytes() for file in folder(workspace).iterdir()}
    arguments = ["import", str(path), "-m", "demo", "-y", "2021"]
    untouched = shutil.copytree(workspace, tmp_path / "untouched")
    main(["--workspace", str(untouched), *arguments], standalone_mode=False)
    killed = subprocess.run([sys.executable, "-c", KILLED, "--workspace", str(workspace), *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert {file.name: file.read_bytes() for file in folder(workspace).iterdir()}.items() >= before.items()
    result = shnor("check", "-m", "demo", "-y", 2021)
    assert result.exit_code == Exit.DONE and "Прерванная запись закончена: файлов – 4." in result.stderr
    assert {file.name: file.read_bytes() for file in folder(workspace).iterdir()} == {
        file.name: file.read_bytes() for file in folder(untouched).iterdir()
    }
    assert not unfinished(workspace)


def test_an_import_waits_for_no_run(workspace, tmp_path, shnor):
    path = export(tmp_path, "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    with only_run(workspace):
        result = shnor("import", path, "-m", "demo", "-y", 2021)
    assert result.exit_code == Exit.USAGE and "уже идёт другой запуск" in result.stderr
    assert not (folder(workspace) / "import_protocol.csv").exists()


def test_a_locked_template_and_a_locked_form_are_told(workspace, tmp_path, shnor, monkeypatch):
    def held(*_):
        raise PermissionError(13, "Permission denied")

    forms = tmp_path / "forms"
    shnor("template", "-y", 2021, "-m", "demo", "--school-form", forms)
    monkeypatch.setattr("shnor_lib.runs.files.os.replace", held)
    assert "Ошибка:" in shnor("template", "-y", 2021, tmp_path / "книга.xlsx").stderr
    assert not (tmp_path / "книга.xlsx").exists() and not list(tmp_path.glob(".shnor-*"))
    monkeypatch.setattr("pathlib.Path.open", held)
    result = shnor("collect", forms, "-m", "demo", "-y", 2021)
    assert result.exit_code in (Exit.SOME_FAILED, Exit.DATA_INVALID, Exit.USAGE) and "Что сделать:" in result.stderr
