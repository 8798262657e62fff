"""Seconds per report on the notebooks that ship: stock command lines, stock functions, this project, and the limit.

The reports of the shipped ``demo`` 2021 are made in several ways, in turns in one run in one environment, each a process with
all it starts:

- ``stock``: ``papermill`` and ``jupyter nbconvert --to html --no-input``, a pair of commands for every report;
- ``api``: papermill's and nbconvert's functions, one process for all reports;
- ``shnor-1``, ``shnor-2``: ``shnor run --force`` with one and two jobs, reading, checks, index and tables as files included;
- ``plain``: the limit: the same cells as plain Python in one process, what they show put one after another into a file.

The other ways are given the office prepared, so that what is compared is the making of reports; ``shnor run`` prepares it in
its own time. Stock is what it is where JupyterLab is installed too (``make bench`` sees to it): without it the commands start
nearly twice as fast.

Usage: ``python benchmarks/bench_reports.py [--rounds 2] [--quick]``. Prints a table and writes
``benchmarks/results/reports.json``.
"""

import argparse
import ast
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_second_run import copy_workspace
from measured import RESULTS, provenance, run_process, write_results

WAYS = {
    "stock": "papermill + jupyter nbconvert, по команде на отчёт",
    "api": "papermill + nbconvert, функции в одном процессе",
    "shnor-1": "shnor run, 1 задание, с подготовкой данных",
    "shnor-2": "shnor run, 2 задания, с подготовкой данных",
    "plain": "предел: те же ячейки простым Python, 1 процесс",
}
OFFICE, YEAR = "demo", 2021
QUICK = ("00_overview",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2, help="how many times every way takes its turn")
    parser.add_argument("--quick", action="store_true", help="one round, one report, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)  # one turn, in this process
    parser.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reports", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        MAKERS[arguments.way](arguments.workspace, arguments.reports)
        return
    results = measure(QUICK if arguments.quick else office_reports(), 1 if arguments.quick else arguments.rounds)
    print_table(results)
    write_results("reports", results, arguments.results)


def office_reports() -> list[str]:
    """The reports of an office, in order."""
    from shnor_lib.runs.catalogue import REGION_REPORT, offered_reports

    with tempfile.TemporaryDirectory() as name:
        return [report for report in offered_reports(Path(name)) if report != REGION_REPORT]


def measure(reports: list[str] | tuple[str, ...], rounds: int) -> dict:
    """Let every way take its turn in every round: wall and processor seconds per report, medians of the rounds."""
    turns: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            with tempfile.TemporaryDirectory() as name:
                workspace = copy_workspace(Path(name), [OFFICE])
                if not way.startswith("shnor"):
                    prepare(workspace)
                command = [sys.executable, __file__, "--way", way, "--workspace", str(workspace), "--reports", *reports]
                process = run_process(*command, environment=os.environ | {"SHNOR_WORKSPACE": str(workspace)})
                pages = [path for path in workspace.rglob("*.html") if path.stem in reports]
            if len(pages) != len(reports):
                raise SystemExit(f"{way}: {len(pages)} pages of {len(reports)}\n{process.output}")
            turns[way].append({"wall": process.wall / len(reports), "processor": process.processor / len(reports)})
            print(f"{way}: {process.wall / len(reports):.2f} s", file=sys.stderr, flush=True)
    ways = {
        way: {kind: statistics.median(turn[kind] for turn in own) for kind in ("wall", "processor")}
        for way, own in turns.items()
    }
    for row in ways.values():
        row["times_faster_than_stock"] = ways["stock"]["wall"] / row["wall"]
        row["processor_to_limit"] = row["processor"] / ways["plain"]["processor"]
    packages = provenance("papermill", "nbconvert", "ipykernel", "pandas", "matplotlib", "seaborn")
    return {**packages, "reports": list(reports), "ways": ways, "turns": turns}


def prepare(workspace: Path) -> None:
    """Keep the office prepared, as a run does."""
    code = "import sys; from pathlib import Path; from shnor_lib.runs.prepare import prepare_office as prepare; "
    run_process(sys.executable, "-c", f"{code} prepare(Path(sys.argv[1]), {OFFICE!r}, {YEAR})", str(workspace))


def by_command_lines(workspace: Path, reports: list[str]) -> None:
    notebooks = workspace / "notebooks"
    named = ["-p", "municipality", OFFICE, "-p", "year", str(YEAR)]
    for report in reports:
        executed = str(workspace / f"{report}.ipynb")
        for command in (
            ["papermill", f"{report}.ipynb", executed, *named],
            ["jupyter", "nbconvert", "--to", "html", "--no-input", executed],
        ):
            command[0] = str(Path(sys.executable).with_name(command[0]))
            subprocess.run(command, cwd=notebooks, check=True, capture_output=True)


def by_functions(workspace: Path, reports: list[str]) -> None:
    import papermill
    from nbconvert.exporters.html import HTMLExporter

    exporter = HTMLExporter(exclude_input=True)
    for report in reports:
        notebook = workspace / "notebooks" / f"{report}.ipynb"
        named = {"municipality": OFFICE, "year": YEAR}
        executed = papermill.execute_notebook(notebook, None, named, cwd=notebook.parent, progress_bar=False)
        (workspace / f"{report}.html").write_text(exporter.from_notebook_node(executed)[0], encoding="utf-8")


def by_shnor(jobs: int, workspace: Path, reports: list[str]) -> None:
    from shnor_lib.cli import main as shnor

    wanted = [word for report in reports for word in ("-r", report)]
    order = ["run", "-m", OFFICE, "-y", str(YEAR), "--force", "-j", str(jobs), *wanted]
    shnor(["--workspace", str(workspace), *order])


def by_plain_python(workspace: Path, reports: list[str]) -> None:
    for report in reports:
        notebook = json.loads((workspace / "notebooks" / f"{report}.ipynb").read_text(encoding="utf-8"))
        names: dict = {}
        cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        parts = [shown for cell in cells if (shown := run_cell(cell, names))]
        (workspace / f"{report}.html").write_text("\n".join(parts), encoding="utf-8")


def run_cell(source: str, names: dict) -> str | None:
    """Execute a cell's statements; return the HTML of its last expression, if it ends with one that has any."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102  a cell is code
    shown = last and eval(compile(last, "cell", "eval"), names)
    if hasattr(shown, "_repr_mimebundle_"):
        return shown._repr_mimebundle_().get("text/html")
    return shown._repr_html_() if hasattr(shown, "_repr_html_") else None


MAKERS = {
    "stock": by_command_lines,
    "api": by_functions,
    "shnor-1": lambda workspace, reports: by_shnor(1, workspace, reports),
    "shnor-2": lambda workspace, reports: by_shnor(2, workspace, reports),
    "plain": by_plain_python,
}


def print_table(results: dict) -> None:
    print(f"отчёты {OFFICE} {YEAR} из поставляемых блокнотов: {len(results['reports'])}")
    print(f"{'секунд на отчёт':<52}{'время':>8}{'процессор':>11}{'быстрее':>10}{'к пределу':>11}")
    for way, row in results["ways"].items():
        ratios = f"{row['times_faster_than_stock']:>8.1f} ×{row['processor_to_limit']:>9.2f} ×"
        print(f"{WAYS[way]:<52}{row['wall']:>8.2f}{row['processor']:>11.2f}{ratios}")


if __name__ == "__main__":
    main()
