"""A wheel holds all that the commands need: installed, it begins a workspace in an empty folder and makes reports there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.runs.workspaces import EXAM_RESULTS, SCHOOLS
from tests.test_api import run_guide

ROOT = Path(__file__).parents[1]
PYTHON_313 = ROOT / ".venv-3.13" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
VERSIONS = re.compile(rb"<dt>(Python|numpy|scipy)</dt><dd>[\d.]+</dd>")
REPORTS = ("00_overview", "50_identification")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder that the wheel of this repository is installed into, without its dependencies and without the network."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site-packages")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        if name.startswith(("shnor_lib/", "notebooks/", "params/")) or "/" not in name:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).exists():
                shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    built = subprocess.run([*pip, "--target", target, source], capture_output=True, text=True, check=False)
    if built.returncode:
        pytest.skip(f"the wheel cannot be built here: {built.stderr.strip().splitlines()[-1]}")
    return target


def shnor(python: Path | str, installed: Path, folder: Path, *arguments: str) -> str:
    """What the installed command prints in a folder; it must end well."""
    environment = os.environ | {"PYTHONPATH": str(installed)}
    environment.pop("SHNOR_WORKSPACE", None)
    command = [python, "-m", "shnor_lib", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_first_reports(python: Path | str, installed: Path, folder: Path) -> dict[str, bytes]:
    """The main job in an empty folder: a new office, its tables, the check, its reports."""
    assert "params/methods/fioko-2021.yml" in shnor(python, installed, folder, "new", "okrug", "-y", "2021").split()
    raw = folder / "data" / "raw" / "okrug" / "2021"
    (raw / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (raw / "exam_results.csv").write_text(EXAM_RESULTS, encoding="utf-8")
    assert "error" not in shnor(python, installed, folder, "check", "-m", "okrug", "-y", "2021", "--format", "csv")
    wanted = [word for report in REPORTS for word in ("-r", report)]
    shnor(python, installed, folder, "run", "-m", "okrug", "-y", "2021", *wanted)
    return {report: (folder / "reports" / "okrug" / "2021" / f"{report}.html").read_bytes() for report in REPORTS}


@pytest.fixture(scope="module")
def first_reports(installed, tmp_path_factory):
    return make_first_reports(sys.executable, installed, tmp_path_factory.mktemp("empty"))


def test_an_installed_wheel_needs_no_repository(installed, first_reports):
    assert "ООШ" in first_reports["50_identification"].decode()
    held = {
        path.relative_to(installed / "shnor_lib" / "shipped").as_posix() for path in installed.rglob("shipped/**/*.*")
    }
    shipped = [path for kind in ("notebooks", "params/methods", "params/scenarios") for path in (ROOT / kind).iterdir()]
    assert held == {path.relative_to(ROOT).as_posix() for path in shipped if path.suffix in (".ipynb", ".yml")}


def test_the_main_job_under_python_313(installed, first_reports, tmp_path):
    """The same pages as under this Python, but for the versions they name."""
    if not PYTHON_313.exists():
        pytest.skip("not tried under Python 3.13: «make env-3.13» makes its environment where python3.13 is found")
    made = make_first_reports(PYTHON_313, installed, tmp_path)
    assert {name: VERSIONS.sub(b"", page) for name, page in made.items()} == {
        name: VERSIONS.sub(b"", page) for name, page in first_reports.items()
    }


def test_the_promised_pythons_are_the_tested_ones():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.14"
    assert project["license"] == "MIT" and (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_a_notebook_of_ones_own_needs_no_source(installed, tmp_path):
    printed, told = run_guide(tmp_path, installed)
    assert printed == told
