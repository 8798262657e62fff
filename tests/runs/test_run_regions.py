"""A region stands beside its offices: made after all of them, honest about those that are missing."""

import json
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from shnor_lib.pages.views import region as view
from shnor_lib.runs import RunRefused, run_reports
from shnor_lib.whatif.region import compare_offices, indicators_side_by_side, open_region, region_facts
from tests.reports.checks import problems
from tests.runs.workspaces import make_workspace, pages, show_schools, write_notebook

PROFILE = """\
kind: region
title: Проверочная область
municipalities: [beta, alpha, gamma]
years: [2021]
fictional: true
"""


def write_region(workspace: Path, text: str = PROFILE, name: str = "oblast") -> None:
    (workspace / "params" / "regions").mkdir(exist_ok=True)
    (workspace / "params" / "regions" / f"{name}.yml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory, warm_server):
    """Two offices with data, a third without, and their region."""
    workspace = make_workspace(
        tmp_path_factory.mktemp("made") / "w", {"alpha": [2021], "beta": [2021], "gamma": [2021], "delta": [2021]}
    )
    shutil.rmtree(workspace / "data" / "raw" / "gamma")
    results = workspace / "data" / "raw" / "beta" / "2021" / "exam_results.csv"
    results.write_text(results.read_text().replace("s02,OGE,maths,9,40,2,18", "s02,OGE,maths,9,40,8,12"))
    write_region(workspace)
    write_notebook(workspace, "01_first", show_schools("schools_first"))
    outcome = run_reports(
        workspace, municipalities=["oblast"], reports=["01_first", "05_region"], server=warm_server, jobs=2
    )
    return workspace, outcome


@pytest.fixture
def workspace(made, tmp_path):
    return Path(shutil.copytree(made[0], tmp_path / "w"))


def test_a_region_brings_its_offices_along_and_nobody_else(made):
    workspace, outcome = made
    assert [(run.municipality, run.is_region) for run in outcome.offices] == [
        *[(name, False) for name in ("alpha", "beta", "gamma")],
        ("oblast", True),
    ]
    assert {path.name for path in (workspace / "reports").iterdir() if path.is_dir()} == {
        "alpha",
        "beta",
        "gamma",
        "oblast",
    }


def test_the_report_and_the_index_of_a_region_are_sound(made):
    folder = made[0] / "reports" / "oblast" / "2021"
    assert problems((folder / "05_region.html").read_text(encoding="utf-8")) == []
    assert problems((folder / "index.html").read_text(encoding="utf-8"), kind="index") == []
    assert json.loads((folder / "run.json").read_bytes())["reports"][0]["status"] == "made"


def test_the_index_of_a_region_links_its_offices_and_names_the_broken_one(made):
    soup = BeautifulSoup((made[0] / "reports" / "oblast" / "2021" / "index.html").read_bytes(), "html.parser")
    links = {link.text: link["href"] for link in soup.select("#members a")}
    assert links == {f"Округ {name}": f"../../{name}/2021/index.html" for name in ("beta", "alpha", "gamma")}
    states = [row.td.text.strip() for row in soup.select("#members tbody tr")]
    assert states[2] == "▼ ошибка: отчёты не созданы"


def test_offices_stand_side_by_side_in_the_order_of_the_profile(made):
    region = open_region("oblast", 2021, workspace=made[0])
    compared = compare_offices(region)
    assert compared["municipality"].tolist() == ["beta", "alpha"]
    assert compared["schools"].tolist() == [3, 3]
    assert region.absent.to_dict("records") == [{"municipality": "gamma", "reason": "нет данных за год"}]
    facts = region_facts(region)
    assert (facts["region_offices_total"], facts["region_offices_absent"]) == (3, 1)


def test_schools_without_an_answer_are_counted_and_named_and_only_categories_of_the_methods_stand(workspace):
    registry = workspace / "data" / "raw" / "alpha" / "2021" / "schools.csv"
    registry.write_text(registry.read_text() + "s04,Школа № 4,СОШ № 4,СОШ,urban,300,12\n")  # no results of it
    region = open_region("oblast", 2021, workspace=workspace)
    compared = compare_offices(region).set_index("municipality")
    assert not [name for name in compared if name.startswith("adverse")]  # the method knows no such category
    for name in ("low_results_judged", "low_results_unknown"):
        assert compared[name].ge(0).all()
    assert (compared["low_results_judged"] + compared["low_results_unknown"]).tolist() == [3, 4]
    facts = region_facts(region)
    assert facts["list_assessed_count"] + facts["list_insufficient_count"] == 7
    assert facts["list_insufficient_count"] and "СОШ № 4" in facts["region_unknown_told"]
    title = view.show_answer(region, "Регион", "?").answer
    assert "вывода нет" in title or "определить пока нельзя" in title
    table = view.show_offices(region).items[0]
    assert table.frame["schools"].tolist() == [3, 4, 7]
    assert not any("ШНСУ" in column.label for column in table.shown_columns.values())


def test_the_region_is_pooled_from_counts(made):
    region = open_region("oblast", 2021, workspace=made[0])
    rows = indicators_side_by_side(region, ["below_minimum_rate[OGE/maths/9]"])
    # alpha: (4 + 2 + 5) / 100, beta: (4 + 8 + 5) / 100, together 28 of 200
    assert rows[["municipality", "value", "region_value"]].to_numpy().tolist() == [
        ["beta", 0.17, 0.14],
        ["alpha", 0.11, 0.14],
    ]


def test_an_unchanged_region_is_left_alone_and_a_changed_office_redoes_it(workspace, warm_server):
    def run():
        outcome = run_reports(
            workspace, municipalities=["oblast"], reports=["01_first", "05_region"], server=warm_server, jobs=2
        )
        return {run.municipality: run.reports["05_region"] for run in outcome.offices if run.is_region}["oblast"]

    before = pages(workspace)
    assert run().status == "up_to_date" and pages(workspace) == before
    results = workspace / "data" / "raw" / "alpha" / "2021" / "exam_results.csv"
    results.write_text(results.read_text().replace("s01,OGE,maths,9,50,4,20", "s01,OGE,maths,9,50,9,15"))
    again = run()
    assert (again.status, again.reason) == ("made", "изменились данные")
    name = "reports/oblast/2021/05_region.html"
    assert pages(workspace)[name] != before[name]


def test_a_wrong_region_profile_stops_the_region_only(workspace, warm_server):
    write_region(workspace, PROFILE + "wrong_key: 1\n")
    outcome = run_reports(workspace, reports=["01_first"], server=warm_server, jobs=2)
    assert outcome.exit_code == 1
    assert "params/regions/oblast.yml:6: неизвестный ключ «wrong_key»" in outcome.wrong_profiles[0]


def test_one_name_for_an_office_and_a_region_is_refused(workspace):
    write_region(workspace, name="alpha")
    with pytest.raises(RunRefused, match="и муниципалитет, и регион"):
        run_reports(workspace)
