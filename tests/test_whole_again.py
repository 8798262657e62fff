"""The main job on the data that ship, done again: every report repeats by its bytes."""

import hashlib
import shutil
from pathlib import Path

from shnor_lib.runs import run_reports
from shnor_lib.runs.catalogue import offered_reports
from tests.shipped import REGION


def digests(workspace: Path) -> dict[str, str]:
    return {
        path.relative_to(workspace).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((workspace / "reports").rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def test_B7_same_inputs_give_the_same_bytes_under_papermills_own_engine_too(all_reports, warm_server, tmp_path):
    """Everything of an office is made again from its raw tables, every shipped notebook by a kernel of its own."""
    again = Path(shutil.copytree(all_reports, tmp_path / "again"))
    before = digests(again)
    shutil.rmtree(again / "reports" / REGION)
    how = {"years": [2021], "engine": "kernel", "jobs": 2, "server": warm_server}
    demo = run_reports(again, municipalities=["demo"], force=True, **how)
    region = run_reports(again, municipalities=[REGION], reports=["05_region"], **how)
    made = [(run, name) for one in (demo, region) for run in one.offices for name in run.reports]
    assert (demo.exit_code, region.exit_code) == (0, 0)
    assert {name for run, name in made if run.reports[name].status == "made"} == set(offered_reports(again))
    assert digests(again) == before
