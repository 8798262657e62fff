"""The public interface: each name is what it says, importing it is light, and its guide runs as it is printed."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import shnor_lib
from tests.shipped import ROOT

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", GUIDE, flags=re.DOTALL)


def copy_demo(workspace: Path) -> None:
    shutil.copytree(ROOT / "params", workspace / "params")
    shutil.copytree(ROOT / "data" / "raw" / "demo", workspace / "data" / "raw" / "demo")


def run_guide(workspace: Path, library: Path) -> tuple[list[str], list[str]]:
    """What the examples of the guide print in a folder that holds the params and data of demo, and what the guide says they print.

    A file of the guide is written to the place that its first line names, before the examples after it run.
    """
    copy_demo(workspace)
    steps = ["from pathlib import Path"]
    for language, text in BLOCKS:
        if language == "python":
            steps.append(text)
        elif language == "yaml":
            place = text.split("\n")[0].removeprefix("# ")
            steps.append(f"Path({place!r}).write_text({text!r}, encoding='utf-8')")
    environment = os.environ | {"PYTHONPATH": str(library), "PYTHONUTF8": "1"}
    environment.pop("SHNOR_WORKSPACE", None)
    command = [sys.executable, "-c", "\n".join(steps)]
    done = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    told = "".join(text for language, text in BLOCKS if language == "text")
    return done.stdout.decode().splitlines(), told.splitlines()


def test_the_guide_runs_and_prints_what_it_says(tmp_path):
    printed, told = run_guide(tmp_path, ROOT)
    assert printed == told and len(told) > 20


def test_the_tour_runs_beside_an_office_and_leaves_it_alone(tmp_path, monkeypatch):
    copy_demo(tmp_path)
    monkeypatch.setenv("SHNOR_WORKSPACE", str(tmp_path))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    tour = nbformat.read(ROOT / "notebooks" / "your_own_analysis.ipynb", as_version=4)
    NotebookClient(tour, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in tour.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "stream"], "nothing warns"
    shown = [kind for output in outputs for kind in output.data]
    assert shown.count("image/png") == 2 and shown.count("text/html") == 6
    moved = next(output.data["text/plain"] for output in outputs if "demo-08" in output.data["text/plain"])
    assert "lowest_results: not_met → met" in moved
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("name", shnor_lib.__all__)
def test_a_name_is_that_of_what_it_gives_and_explains_itself(name):
    given = getattr(shnor_lib, name)
    assert given.__name__ == name and inspect.getdoc(given)
    assert f"`{name}`" in GUIDE and name in dir(shnor_lib)


def test_rooms_are_still_found_and_other_names_refused():
    from shnor_lib import office

    assert office.__name__ == "shnor_lib.office"
    with pytest.raises(AttributeError, match="open_offise.*open_office"):
        _ = shnor_lib.open_offise


def test_importing_is_light():
    code = "import sys, shnor_lib; dir(shnor_lib); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "shnor_lib" in loaded and not {"numpy", "pandas", "pydantic"} & set(loaded)
