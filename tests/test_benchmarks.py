"""Every benchmark runs on tiny sizes, and its JSON has what is promised of it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PROVENANCE = {"date", "python", "system", "cores", "packages"}


def results_of(name: str, folder: Path, *arguments: object) -> dict:
    """What a benchmark writes when it is run with these arguments; its table must have been printed."""
    command = [sys.executable, BENCHMARKS / f"bench_{name}.py", "--results", folder, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    assert len(done.stdout.splitlines()) >= 3
    results = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    assert results.keys() >= PROVENANCE
    return results


def test_country_in_simulation(tmp_path):
    results = results_of("national", tmp_path, "--offices", 3, "--schools", 25, "--reports", "00_overview")
    assert (results["offices"], results["schools"]) == (3, 25)
    assert set(results["methods"]) == {"fioko-2021", "lesosibirsk-2020"}
    for row in results["methods"].values():
        assert row["schools"] == 25, "every school has an answer"
        assert row["seconds"] > 0 and row["peak_mib"] > 50 and row["indicator_rows"] > 25
    categories = {name.split(":")[0] for name in results["methods"]["lesosibirsk-2020"]["identified"]}
    assert categories == {"low_results", "adverse_conditions"}
    assert sum(results["methods"]["fioko-2021"]["identified"].values()) == 25
    whole = results["all_reports"]
    assert whole["reports"] == 2_300 * 11
    assert whole["hours_on_this_machine"] == pytest.approx(whole["reports"] * whole["seconds_per_report"] / 3600)


def test_membership_of_a_few_schools_is_surer_than_the_plain_list(tmp_path):
    results = results_of("membership", tmp_path, "--schools", 81)
    for row in results["rows"]:
        if row["schools"] == 9 and row["of"] in ("low_results", "adverse_conditions"):
            assert row["brier"] < row["brier_plain"]
        assert sum(one["schools"] for one in row["bins"]) == row["counted"]
    assert {row["of"] for row in results["rows"]} >= {"low_results", "adverse_conditions", "lowest_staff_potential"}


def test_growth(tmp_path):
    results = results_of("growth", tmp_path, "--offices", 2)
    (row,) = results["sizes"]
    assert row["offices"] == 2 and row["preparation_per_office"] == row["preparation"] / 2
    assert row["preparation_peak_mib"] > 50 and row["processed_bytes"] > row["raw_bytes"] > 0
    assert row["run"] > 0 and row["run_peak_mib"] > 50 and row["report_bytes"] > 0


def test_region_of_two_offices(tmp_path):
    results = results_of("region", tmp_path, "--quick")
    assert (results["offices"], results["schools"]) == (2, 8)
    assert results["pages"] == 8 + 2 + 1, "a page for every school, the list of every office, the region"
    assert 0 < results["region_page_bytes"] < results["report_bytes"] and results["peak_mib"] > 50


def test_second_run_is_unchanged(tmp_path):
    results = results_of("second_run", tmp_path, "--quick")
    assert results["reports"] == 1
    assert results["ratio"] == pytest.approx(results["second"] / results["first"])
    assert results["second"] < results["first"] / 2


def test_cluster_takes_turns_with_jobs_on_the_same_work(monkeypatch):
    """With made-up seconds: the cluster has run once before it counts; medians of the rounds are compared."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_cluster

    seconds = iter([99.0, 10.0, 11.0, 20.0, 22.0])
    orders = []

    def run(workspace, *words):
        orders.append(words)
        return SimpleNamespace(wall=next(seconds))

    monkeypatch.setattr(bench_cluster, "shnor", run)
    monkeypatch.setattr(bench_cluster, "cluster", lambda folder: nullcontext("tcp://host:8786"))
    monkeypatch.setattr(bench_cluster, "copy_workspace", lambda folder, offices: folder)
    results = bench_cluster.measure(["00_overview"], rounds=2)
    assert ["--cluster" in words for words in orders] == [True, False, True, False, True]
    assert len({words[: words.index("--force") + 1] for words in orders}) == 1, "the same work"
    assert (results["jobs_wall"], results["cluster_wall"], results["ratio"]) == (15.0, 16.5, pytest.approx(1.1))


def test_portions_are_whole_municipalities(monkeypatch):
    """Together the portions hold every municipality once, however large one of them is."""
    import pandas as pd

    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_national

    sizes = {"a": 3, "b": 9, "c": 1, "d": 1, "e": 2}
    schools = pd.DataFrame({"municipality": [name for name, size in sizes.items() for _ in range(size)], "year": 2021})
    monkeypatch.setattr(bench_national, "PORTION", 4)
    ranges = bench_national.portions(schools)
    covered = [[name for name in sizes if first <= name <= last] for first, last in ranges]
    assert covered == [["a", "b"], ["c", "d", "e"]], "schools before each: 0, 3, 12, 13, 14"


def test_unknown_name_is_refused():
    done = subprocess.run([sys.executable, BENCHMARKS, "speed"], check=False, capture_output=True, text=True)
    assert (
        done.returncode == 2
        and "there are: prepare, reports, growth, national, region, second_run, cluster, uncertainty, model"
        in done.stderr
    )


def test_every_way_makes_the_same_reports_and_stock_is_the_measure(monkeypatch, tmp_path):
    """With made-up seconds and pages: the ways take turns in workspaces of their own, medians are held against stock."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_reports

    seconds = {"stock": 12.0, "api": 6.0, "shnor-1": 3.0, "shnor-2": 2.0, "plain": 1.5}
    prepared = []

    def run(*command, environment):
        workspace, way = Path(environment["SHNOR_WORKSPACE"]), command[command.index("--way") + 1]
        (workspace / "00_overview.html").write_text("")
        return SimpleNamespace(wall=seconds[way], processor=seconds[way] / 2, output="")

    monkeypatch.setattr(bench_reports, "run_process", run)
    monkeypatch.setattr(bench_reports, "prepare", prepared.append)
    monkeypatch.setattr(bench_reports, "copy_workspace", lambda folder, offices: folder)
    ways = bench_reports.measure(["00_overview"], rounds=2)["ways"]
    assert {way: row["times_faster_than_stock"] for way, row in ways.items()} == {
        way: 12.0 / wall for way, wall in seconds.items()
    }
    assert ways["shnor-2"]["processor_to_limit"] == pytest.approx(2.0 / 1.5)
    assert len(prepared) == 6, "stock, functions and the limit are given the office prepared"


def test_both_states_of_the_library_do_the_same_work(monkeypatch):
    """With made-up seconds: every work is done in both states in turns, gathering once."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import bench_prepare

    done = []

    def seconds(work, root, many):
        done.append((work, root.name))
        return 9.0 if root.name == "earlier" else 0.5

    monkeypatch.setattr(bench_prepare, "processor_seconds", seconds)
    monkeypatch.setattr(bench_prepare, "run_stage", lambda *arguments: None)
    results = bench_prepare.measure({"baseline": Path("earlier"), "now": Path("now")}, rounds=2, offices=2)
    once = ["prepare", "check", "compare", "run"]
    assert [work for work, state in done if state == "now"] == [*once, "gather", *once]
    assert {row["times_less"] for row in results["works"].values()} == {18.0}
