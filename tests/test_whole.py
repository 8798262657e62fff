"""The main job on the data that ship: every report is made, passes the checks of a report, and repeats by its bytes."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from shnor_lib.runs import run_reports
from shnor_lib.runs.catalogue import offered_reports
from shnor_lib.runs.warm import WarmServer
from tests.browser.test_pages_in_browser import browser_problems, needs_browser
from tests.reports.checks import file_problems, problems, small_number_problems
from tests.shipped import ROOT, SHIPPED

LARGEST_PASSPORTS = 5_000_000
REGION = "demo-region"
REPORTS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb") if path.stem != "05_region")


@pytest.fixture(scope="module")
def server():
    with WarmServer(jobs=2) as server:
        yield server


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, server) -> Path:
    """A copy of the repository's params and data with all reports made."""
    folder = tmp_path_factory.mktemp("whole")
    for name in ("params", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    assert run_reports(folder, jobs=2, server=server).exit_code == 0
    return folder


def pages(workspace: Path, municipality: str, year: int) -> dict[str, Path]:
    folder = workspace / "reports" / municipality / str(year)
    return {path.stem: path for path in sorted(folder.glob("[0-9][0-9]_*.html"))}


def digests(workspace: Path) -> dict[str, str]:
    return {
        path.relative_to(workspace).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((workspace / "reports").rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_all_reports_are_made_for_demo(workspace, year):
    assert sorted(pages(workspace, "demo", year)) == REPORTS


@pytest.mark.parametrize(("municipality", "year"), SHIPPED)
def test_what_every_office_leaves(workspace, municipality, year):
    folder = workspace / "reports" / municipality / str(year)
    made = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert {"00_overview", "10_data_quality"} <= set(pages(workspace, municipality, year))
    assert (folder / "index.html").exists() and (folder / "tables" / "tables.xlsx").exists() and made["reports"]
    assert (workspace / "reports" / "index.html").exists()


@pytest.mark.parametrize(("municipality", "year"), SHIPPED)
def test_every_report_passes_the_checks(workspace, municipality, year):
    for name, path in pages(workspace, municipality, year).items():
        html = path.read_text(encoding="utf-8")
        largest = {"largest": LARGEST_PASSPORTS} if name == "95_school_passports" else {}
        assert not problems(html, **largest), f"{municipality} {year} {name}"
        assert not file_problems(html, path.parent / "tables"), f"{municipality} {year} {name}"


@pytest.mark.parametrize(("municipality", "year"), [("demo", 2021)])
def test_every_report_of_the_fictional_office_says_so(workspace, municipality, year):
    for path in pages(workspace, municipality, year).values():
        assert "Демонстрационные данные: вымышленный муниципалитет" in path.read_text(encoding="utf-8")


@needs_browser
def test_reports_are_sound_in_a_browser_and_on_paper(workspace):
    shown = [*pages(workspace, "demo", 2021).values(), *pages(workspace, REGION, 2021).values()]
    found = browser_problems(*shown)
    assert {Path(page).stem: problems for page, problems in found.items() if problems} == {}


def test_report_of_a_region_passes_the_checks(workspace):
    page = pages(workspace, REGION, 2021)["05_region"]
    assert not problems(page.read_text(encoding="utf-8"))


def test_B7_same_inputs_give_the_same_bytes_under_papermills_own_engine_too(workspace, server, tmp_path):
    """Everything of an office is made again from its raw tables, every shipped notebook by a kernel of its own."""
    again = Path(shutil.copytree(workspace, tmp_path / "again"))
    before = digests(again)
    shutil.rmtree(again / "reports" / REGION)
    how = {"years": [2021], "engine": "kernel", "jobs": 2, "server": server}
    demo = run_reports(again, municipalities=["demo"], force=True, **how)
    region = run_reports(again, municipalities=[REGION], reports=["05_region"], **how)
    made = [(run, name) for one in (demo, region) for run in one.offices for name in run.reports]
    assert (demo.exit_code, region.exit_code) == (0, 0)
    assert {name for run, name in made if run.reports[name].status == "made"} == set(offered_reports(again))
    assert digests(again) == before


def test_B6_public_edition_shows_nothing_of_few_pupils(workspace, server):
    assert (
        run_reports(
            workspace, municipalities=["demo"], years=[2021], jobs=2, server=server, audience="public"
        ).exit_code
        == 0
    )
    folder = workspace / "reports" / "demo" / "2021" / "public"
    for path in sorted(folder.glob("[0-9][0-9]_*.html")):
        html = path.read_text(encoding="utf-8")
        largest = {"largest": LARGEST_PASSPORTS} if path.stem == "95_school_passports" else {}
        assert not problems(html, **largest), path.stem
        assert not small_number_problems(html, 5), path.stem
    assert "[скрыто]" in (folder / "50_identification.html").read_text(encoding="utf-8")


def test_overview_of_lesozavodsk_prints_its_published_figures(workspace):
    text = pages(workspace, "lesozavodsk", 2021)["00_overview"].read_text(encoding="utf-8").replace("\u00a0", " ")
    for figure in (
        "3 школы из 14 (21 %)",
        "57,1 %",
        "42,9 %",
        "18,6 %",
        "23,7 %",
        "33,9 %",
        "77,8 %",
        "11,1 %",
        "44,4 %",
        "93,6 %",
        "12,5 %",
        "29,9 %",
        "93,8 %",
    ):
        assert figure in text, figure


def test_data_quality_of_lesozavodsk_tells_both_contradictions(workspace):
    text = pages(workspace, "lesozavodsk", 2021)["10_data_quality"].read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "Документ заявляет годы 2019, 2020; в таблице – 2019, 2021" in text
    assert "проведён скоростной интернет" in text and "Сведения противоречат друг другу в 2 случаях" in text
