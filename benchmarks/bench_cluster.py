"""What a Dask cluster costs: the same ``shnor run --force`` with two jobs and with two workers of a scheduler, in turns.

The scheduler and its workers are processes of this machine and stand ready, as a cluster does: before the first turn they have
run once. Reach: a run on the cluster takes at most 10 % longer than with ``--jobs``.

Usage: ``python benchmarks/bench_cluster.py [--rounds 2] [--quick]``. Prints a table and writes
``benchmarks/results/cluster.json``.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench_second_run import JOBS, copy_workspace, page_times, run_order
from measured import RESULTS, provenance, shnor, write_results

REACH = 1.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2, help="how many times each way takes its turn")
    parser.add_argument("--quick", action="store_true", help="one report, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    results = measure(["00_overview"] if arguments.quick else [], 1 if arguments.quick else arguments.rounds)
    print_table(results)
    write_results("cluster", results, arguments.results)


def measure(reports: list[str], rounds: int) -> dict:
    """Runs of ``demo`` 2021 by jobs and by workers, in turns."""
    with tempfile.TemporaryDirectory() as name:
        workspace = copy_workspace(Path(name) / "office", ["demo"])
        order = [*run_order(["demo"], [2021], reports), "--force"]
        with cluster(Path(name)) as address:
            ways = {"jobs": order, "cluster": [*order, "--cluster", address]}
            shnor(workspace, *ways["cluster"])
            turns = {way: [] for way in ways}
            for _ in range(rounds):
                for way, words in ways.items():
                    turns[way].append(shnor(workspace, *words).wall)
        made = len(page_times(workspace))
    wall = {way: statistics.median(seconds) for way, seconds in turns.items()}
    return {
        **provenance("papermill", "distributed"),
        "reports": made,
        "jobs": JOBS,
        "workers": JOBS,
        "jobs_wall": wall["jobs"],
        "cluster_wall": wall["cluster"],
        "all_rounds": turns,
        "ratio": wall["cluster"] / wall["jobs"],
        "reach": REACH,
    }


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Address of a scheduler with workers of one thread each; all end with the block."""
    file = folder / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    commands = [["dask_scheduler", *common, "--host", "127.0.0.1", "--port", "0"]]
    commands += [["dask_worker", *common, "--nthreads", "1", "--no-nanny"]] * JOBS
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = []
    try:
        for module, *options in commands:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *options]
            processes.append(subprocess.Popen(command, cwd=folder, **quiet))
            deadline = time.monotonic() + 60
            while not file.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        wait_for_workers(address)
        yield address
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def wait_for_workers(address: str) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(JOBS, timeout=60)


def print_table(results: dict) -> None:
    print(f"прогон demo 2021 заново: отчётов {results['reports']}")
    print(f"{'заданий на этой машине – ' + str(results['jobs']):<46}{results['jobs_wall']:>9.2f} с")
    print(f"{'рабочих узлов Dask – ' + str(results['workers']):<46}{results['cluster_wall']:>9.2f} с")
    print(f"{'отношение (цель ≤ ' + format(results['reach'], '.2f') + ')':<46}{results['ratio']:>9.2f}")


if __name__ == "__main__":
    main()
