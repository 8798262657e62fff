"""The second, unchanged ``shnor run`` against the first: nothing has changed, nothing is made again.

A copy of the shipped ``demo`` is run twice from the command line, each time a new process that imports what it needs; then once
more by the library in a process where everything is imported already. Reach: the second run takes at most 2 % of the first.

Usage: ``python benchmarks/bench_second_run.py [--rounds 3] [--quick]``. Prints a table and writes
``benchmarks/results/second_run.json``.
"""

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path

from measured import REPOSITORY, RESULTS, provenance, run_stage, shnor, write_results

REACH = 0.02
JOBS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often the unchanged run is repeated")
    parser.add_argument("--quick", action="store_true", help="one year, one report, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--imported", type=Path, help=argparse.SUPPRESS)  # the workspace; one part, in this process
    arguments = parser.parse_args()
    if arguments.imported:
        print(json.dumps(run_imported(arguments.imported)))
        return
    years, reports = ([2021], ["00_overview"]) if arguments.quick else ([2019, 2020, 2021], [])
    results = measure(years, reports, 1 if arguments.quick else arguments.rounds)
    print_table(results)
    write_results("second_run", results, arguments.results)


def measure(years: list[int], reports: list[str], rounds: int) -> dict:
    """The first run of ``demo`` and unchanged ones after it."""
    with tempfile.TemporaryDirectory() as name:
        workspace = copy_workspace(Path(name), ["demo"])
        order = run_order(["demo"], years, reports)
        first = shnor(workspace, *order)
        pages = page_times(workspace)
        again = [shnor(workspace, *order).wall for _ in range(rounds)]
        imported = [] if reports else json.loads(run_stage(__file__, "--imported", workspace).output)
        if not pages or page_times(workspace) != pages:
            raise SystemExit(f"the first run made no pages, or the unchanged one made them again:\n{first.output}")
    second = statistics.median(again)
    return {
        **provenance("papermill", "pandas"),
        "reports": len(pages),
        "jobs": JOBS,
        "first": first.wall,
        "second": second,
        "second_all_rounds": again,
        "second_imported": statistics.median(imported) if imported else None,
        "ratio": second / first.wall,
        "reach": REACH,
    }


def measure_first_run(municipalities: list[str], years: list[int], reports: list[str]) -> dict:
    """Wall seconds of a first run from the command line, and the reports it made."""
    with tempfile.TemporaryDirectory() as name:
        workspace = copy_workspace(Path(name), municipalities)
        process = shnor(workspace, *run_order(municipalities, years, reports))
        return {"wall": process.wall, "reports": len(page_times(workspace)), "jobs": JOBS}


def copy_workspace(folder: Path, municipalities: list[str], state: Path = REPOSITORY) -> Path:
    """The parameters and notebooks that ship with a state of the project, with the data of some offices."""
    for shared in ("params/methods", "params/scenarios", "notebooks"):
        shutil.copytree(state / shared, folder / shared, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    for municipality in municipalities:
        shutil.copy(state / "params" / f"{municipality}.yml", folder / "params")
        shutil.copytree(REPOSITORY / "data" / "raw" / municipality, folder / "data" / "raw" / municipality)
    return folder


def run_order(municipalities: list[str], years: list[int], reports: list[str] | tuple[str, ...]) -> list[str]:
    """Arguments of the command line that make these reports."""
    named = {"-m": municipalities, "-y": years, "-r": reports}
    return [
        "run",
        "-j",
        str(JOBS),
        *(str(word) for flag, values in named.items() for value in values for word in (flag, value)),
    ]


def page_times(workspace: Path) -> dict[str, int]:
    """When every report page was written, by its path; the lists of reports are not reports."""
    pages = (workspace / "reports").rglob("*.html")
    return {str(page): page.stat().st_mtime_ns for page in pages if page.name != "index.html"}


def run_imported(workspace: Path, times: int = 3) -> list[float]:
    """Seconds of unchanged runs in a process where the library is imported; the first is not counted."""
    import time

    from shnor_lib.runs.run import run_reports

    seconds = []
    for _ in range(times + 1):
        started = time.perf_counter()
        run_reports(workspace, municipalities=["demo"], jobs=JOBS)
        seconds.append(time.perf_counter() - started)
    return seconds[1:]


def print_table(results: dict) -> None:
    print(f"прогон demo: отчётов {results['reports']}, заданий {results['jobs']}")
    print(f"{'первый прогон':<46}{results['first']:>9.2f} с")
    print(f"{'второй, без изменений, новый процесс':<46}{results['second']:>9.2f} с")
    print(f"{'отношение второго к первому (цель ≤ 2 %)':<46}{results['ratio']:>9.1%}")
    if results["second_imported"] is not None:
        print(f"{'второй, библиотека уже загружена':<46}{results['second_imported']:>9.3f} с")


if __name__ == "__main__":
    main()
