"""Every shipped notebook, run on the shipped data: sound pages, the same under both engines, and the same every time."""

import shutil
from pathlib import Path

import pytest

from shnor_lib.runs import run_reports
from shnor_lib.runs.catalogue import offered_reports
from tests.reports.checks import problems
from tests.runs.workspaces import REPOSITORY, pages

REGION = """\
kind: region
title: Проверочная область
municipalities: [demo, lesozavodsk]
years: [2021]
fictional: true
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """The demonstration office, one with few data and a region of both, run by the warm engine."""
    workspace = tmp_path_factory.mktemp("shipped") / "office"
    shutil.copytree(REPOSITORY / "params", workspace / "params")
    for office in ("demo", "lesozavodsk"):
        shutil.copytree(REPOSITORY / "data" / "raw" / office, workspace / "data" / "raw" / office)
    (workspace / "params" / "regions").mkdir(exist_ok=True)
    (workspace / "params" / "regions" / "proverka.yml").write_text(REGION, encoding="utf-8")
    outcome = run_reports(workspace, municipalities=["proverka"], years=[2021], jobs=2)
    return workspace, outcome


def of_demo(outcome) -> dict:
    return next(run for run in outcome.offices if run.municipality == "demo").reports


def test_the_demonstration_office_has_every_report(warm):
    workspace, outcome = warm
    assert {name: (one.status, one.reason) for name, one in of_demo(outcome).items() if one.status != "made"} == {}
    assert outcome.exit_code == 0
    made = {Path(name).stem for name in pages(workspace)} - {"index"}
    assert made == set(offered_reports(workspace))


def test_every_page_passes_the_checks(warm):
    found = {name: problems(page.decode("utf-8")) for name, page in pages(warm[0]).items() if "index" not in name}
    assert {name: told for name, told in found.items() if told} == {}


def test_the_kernel_engine_gives_the_same_bytes(warm, tmp_path):
    workspace = Path(shutil.copytree(warm[0], tmp_path / "office"))
    shutil.rmtree(workspace / "reports")
    for office, reports in (("demo", []), ("proverka", ["05_region"])):
        kernel = {"engine": "kernel", "jobs": 2}
        assert run_reports(workspace, municipalities=[office], years=[2021], reports=reports, **kernel).exit_code == 0
    by_warm, by_kernel = pages(warm[0]), pages(workspace)
    compared = [name for name in by_kernel if "index" not in name]
    assert {Path(name).stem for name in compared} == set(offered_reports(workspace))
    assert [name for name in compared if by_warm[name] != by_kernel[name]] == []
