"""The work of the library against an earlier commit: preparation, ``check``, ``compare``, all reports, many offices gathered.

Both states of the library do the same work on the same files with the same Python and packages, in turns in one run, each time
in a new process: preparation of ``demo`` 2021 and gathering are measured inside it, without imports; ``check``, ``compare`` and
``run`` with one job are whole commands, imports included; each state runs the notebooks and methods that came with it. Nothing is kept between turns. The earlier state is the commit that issue 10 names, taken
from this repository's history; ``--baseline DIR`` names a checkout instead.

Usage: ``python benchmarks/bench_prepare.py [--rounds 3] [--offices 71] [--baseline DIR] [--quick]``. Prints a table and writes
``benchmarks/results/prepare.json``.
"""

import argparse
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench_second_run import copy_workspace
from measured import REPOSITORY, RESULTS, provenance, run_process, run_stage, write_results

BASELINE = "580d39a"
SCHOOLS, YEAR = 9, 2021
COMMANDS = {
    "check": ["check", "-m", "demo", "-y", str(YEAR)],
    "compare": ["compare", "-m", "demo", "-y", str(YEAR), "--scenario", "threshold-35"],
    "run": ["run", "-m", "demo", "-y", str(YEAR), "--force", "--jobs", "1"],
}
WORKS = {"prepare": 15, "check": 5, "compare": 5, "run": 10, "gather": 15}
"""The works in their order, with how many times less than at the baseline each is to take."""
PROFILE = """\
title: Условный округ {number}
region: Условная область
document: Вымышленный документ для измерения скорости
method: lesosibirsk-2020
years: [{year}]
fictional: true
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--offices", type=int, default=71, help="generated offices that are gathered")
    parser.add_argument("--baseline", type=Path, help=f"a checkout to compare with, instead of commit {BASELINE}")
    parser.add_argument("--quick", action="store_true", help="one round, two offices, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--stage", choices=["generate", "prepare", "gather"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    rounds, offices = (1, 2) if arguments.quick else (arguments.rounds, arguments.offices)
    if arguments.stage == "generate":
        write_offices(arguments.folder, [SCHOOLS] * offices)
    elif arguments.stage:
        print(json.dumps(STAGES[arguments.stage](arguments.folder)))
    else:
        with baseline_checkout(arguments.baseline) as baseline:
            results = measure({"baseline": baseline, "now": REPOSITORY}, rounds, offices)
        print_table(results)
        write_results("prepare", results, arguments.results)


@contextmanager
def baseline_checkout(given: Path | None) -> Iterator[Path]:
    """A folder with the library as it was at the baseline."""
    if given:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory() as name:
        archive = subprocess.run(
            ["git", "archive", BASELINE, "shnor_lib", "notebooks", "params"],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
        )
        if archive.returncode:
            raise SystemExit(f"commit {BASELINE} is not in this clone; name a checkout of it: --baseline DIR")
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        babel = Path(name, "babel-0.dist-info")  # it writes down the version of a package that is no longer installed
        babel.mkdir()
        (babel / "METADATA").write_text("Metadata-Version: 2.1\nName: babel\nVersion: 0\n", encoding="utf-8")
        yield Path(name)


def measure(states: dict[str, Path], rounds: int, offices: int) -> dict:
    """Processor seconds of every work in every state: medians of the rounds; gathering takes one turn."""
    turns: dict[str, dict[str, list[float]]] = {work: {state: [] for state in states} for work in WORKS}
    with tempfile.TemporaryDirectory() as many:
        run_stage(__file__, "--stage", "generate", "--folder", many, "--offices", offices)
        for number in range(rounds):
            for work in WORKS if number == 0 else [work for work in WORKS if work != "gather"]:
                for state, root in states.items():
                    turns[work][state].append(processor_seconds(work, root, Path(many)))
    medians = {work: {state: statistics.median(own) for state, own in by.items()} for work, by in turns.items()}
    for work, row in medians.items():
        row["times_less"] = row["baseline"] / row["now"]
        row["reach"] = WORKS[work]
    return {
        **provenance("numpy", "pandas", "pyarrow"),
        "baseline": BASELINE,
        "offices": offices,
        "works": medians,
        "turns": turns,
    }


def processor_seconds(work: str, root: Path, many: Path) -> float:
    """One turn of a work with the library of a checkout, in a workspace where nothing is kept.

    A command starts in the workspace: Python looks for the library in the current folder first.
    """
    with tempfile.TemporaryDirectory() as name:
        workspace = many if work == "gather" else copy_workspace(Path(name), ["demo"], root)
        environment = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        if work in COMMANDS:
            command = ["-c", "from shnor_lib.cli import main; main()", "--workspace", str(workspace), *COMMANDS[work]]
            return run_process(sys.executable, *command, folder=workspace, environment=environment).processor
        command = [sys.executable, __file__, "--stage", work, "--folder", str(workspace)]
        return json.loads(run_process(*command, environment=environment).output.splitlines()[-1])


def prepare(workspace: Path) -> float:
    """Processor seconds of one preparation as a run makes it: in a process that has imported everything, of which it froze
    what it holds (:mod:`shnor_lib.runs.forkserver`), with nothing kept of what was prepared before."""
    from shnor_lib.runs.prepare import prepare_office

    for _ in range(2):  # the first imports
        shutil.rmtree(workspace / "data" / "processed", ignore_errors=True)
        gc.collect()
        gc.freeze()
        started = time.process_time()
        prepared = prepare_office(workspace, "demo", YEAR)
        seconds = time.process_time() - started
        if prepared["status"] != "made":
            raise SystemExit(f"not prepared: {prepared['reason']}")
    return seconds


def gather_all(workspace: Path) -> float:
    """Processor seconds of gathering every office of a workspace, imports not counted."""
    try:
        from shnor_lib.office.gather import gather
    except ImportError:  # the baseline has it one floor higher
        from shnor_lib.office import gather

    names = sorted(path.stem for path in (workspace / "params").glob("*.yml"))
    started = time.process_time()
    population = gather(workspace, names, [YEAR])
    seconds = time.process_time() - started
    if not len(population.store.units if hasattr(population, "store") else population.indicators):
        raise SystemExit("nothing was gathered")
    return seconds


STAGES = {"prepare": prepare, "gather": gather_all}


def write_offices(folder: Path, sizes: Sequence[int], years: Sequence[int] = (YEAR,), region: str = "") -> list[str]:
    """A workspace of made-up offices of so many schools with all tables of some years; returns their names."""
    from tools.simulation import simulate_office
    from tools.simulation.writing import cells_of, write_tables, write_year_sources

    copy_workspace(folder, [])
    names = [f"made-up-{number:02d}" for number in range(1, len(sizes) + 1)]
    for number, (name, schools) in enumerate(zip(names, sizes, strict=True), start=1):
        profile = PROFILE.format(number=number, year=YEAR) + (f"region_profile: {region}\n" if region else "")
        (folder / "params" / f"{name}.yml").write_text(profile, encoding="utf-8")
        for year, tables in simulate_office(number, schools, years).items():
            own = folder / "data" / "raw" / name / str(year)
            own.mkdir(parents=True)
            files = write_tables(own, {table: cells_of(table, rows, year) for table, rows in tables.items()})
            write_year_sources(own, files, "Вымышленные данные", date=f"{year}-09-01", place="весь год")
    return names


def print_table(results: dict) -> None:
    words = {
        "prepare": "подготовка demo 2021, ничего не сохранено",
        "check": "shnor check demo 2021",
        "compare": "shnor compare demo 2021",
        "run": "shnor run demo 2021, все отчёты, 1 задание",
        "gather": f"собрать муниципалитетов – {results['offices']}, по {SCHOOLS} школ",
    }
    print(f"{'секунд процессора, медианы':<46}{results['baseline']:>9}{'теперь':>9}{'меньше в':>10}{'цель':>7}")
    for work, row in results["works"].items():
        print(
            f"{words[work]:<46}{row['baseline']:>9.2f}{row['now']:>9.2f}{row['times_less']:>8.1f} ×{row['reach']:>5} ×"
        )


if __name__ == "__main__":
    main()
