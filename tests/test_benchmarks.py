"""Every benchmark runs on tiny sizes, and its JSON has what is promised of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PROVENANCE = {"date", "python", "system", "cores", "packages"}

pytestmark = pytest.mark.xdist_group("benchmarks")


def results_of(name: str, folder: Path, *arguments: object) -> dict:
    """What a benchmark writes when it is run with these arguments; its table must have been printed."""
    command = [sys.executable, BENCHMARKS / f"bench_{name}.py", "--results", folder, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    assert len(done.stdout.splitlines()) >= 4
    results = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    assert results.keys() >= PROVENANCE
    return results


def test_country_in_simulation(tmp_path):
    results = results_of("national", tmp_path, "--offices", 3, "--schools", 25)
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


def test_growth(tmp_path):
    results = results_of("growth", tmp_path, "--offices", 1, 2)
    assert [row["offices"] for row in results["sizes"]] == [1, 2]
    for row in results["sizes"]:
        assert row["preparation"] > 0 and row["preparation_peak_mib"] > 50 and row["processed_bytes"] > 0
        assert row["run"] > 0 and row["run_peak_mib"] > 50 and row["report_bytes"] > 0
    one, two = results["sizes"]
    assert two["raw_bytes"] > 1.5 * one["raw_bytes"]


def test_second_run_is_unchanged(tmp_path):
    results = results_of("second_run", tmp_path, "--quick")
    assert results["reports"] == 1
    assert results["ratio"] == pytest.approx(results["second"] / results["first"])
    assert results["second"] < results["first"] / 2


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
    assert done.returncode == 2 and "there are: reports, growth, national" in done.stderr
