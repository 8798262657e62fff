"""The public interface: each name is what it says, importing it is light, and its guide runs as it is printed."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import shnor_lib
from tests.shipped import ROOT

GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", GUIDE, flags=re.DOTALL)


def run_guide(workspace: Path, library: Path) -> tuple[list[str], list[str]]:
    """What the examples of the guide print in a folder that holds the params and data of demo, and what the guide says they print.

    A file of the guide is written to the place that its first line names, before the examples after it run.
    """
    shutil.copytree(ROOT / "params", workspace / "params")
    shutil.copytree(ROOT / "data" / "raw" / "demo", workspace / "data" / "raw" / "demo")
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
