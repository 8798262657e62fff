"""Seconds per report: stock command lines, stock APIs, this project's warm engine, and the limit.

One generated notebook (20 schools × 30 indicators, an index, three tables, four seaborn figures) is made into pages
for many parameter sets in several ways, in turns in one run on one machine, each a process with all it starts:

- ``stock``: ``papermill`` and ``jupyter nbconvert --to html --no-input``, a pair of commands for every report;
- ``api``: papermill's and nbconvert's functions, one process for all reports;
- ``warm-1``, ``warm-2``: this project's engine and exporter with one and two jobs;
- ``plain-1``, ``plain-2``: the limit: the same cells as plain Python in one warm process (in two), and a Jinja page.

The commands share nothing between reports, so that two reports are as good as twenty; the functions make ten. As in the
project's own figures, no interval is bootstrapped while drawing. Stock is what it is where JupyterLab is installed too
(``make bench`` sees to it): without it the commands start nearly twice as fast.

Usage: ``python benchmarks/bench_reports.py [--reports 20] [--rounds 2]``. Prints a table and writes
``benchmarks/results/reports.json``.
"""

import argparse
import ast
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from nbformat import v4
from nbformat import write as write_notebook

WAYS = {
    "stock": "papermill + jupyter nbconvert, по команде на отчёт",
    "api": "papermill + nbconvert, функции в одном процессе",
    "warm-1": "этот проект, 1 задание",
    "warm-2": "этот проект, 2 задания",
    "plain-1": "предел: те же ячейки простым Python, 1 процесс",
    "plain-2": "предел, 2 процесса",
}
MOST_REPORTS = {"stock": 2, "api": 10}
RESULTS = Path(__file__).parent / "results" / "reports.json"

PARAMETERS = "seed: int = 1"
CELLS = [
    """import numpy as np
import pandas as pd
import scipy.stats
import seaborn as sns

from shnor_lib.pages.figures import Figure, new_drawing
from shnor_lib.pages.furniture import Title
from shnor_lib.pages.tables import Column, Table

random = np.random.default_rng(seed)
names = [f"ind_{n:02d}" for n in range(1, 31)]
level = random.normal(0.5, 0.1, size=(20, 1))
indicators = pd.DataFrame(np.clip(level + random.normal(0, 0.12, size=(20, 30)), 0, 1), columns=names)
indicators.insert(0, "school", [f"Школа № {n}" for n in range(1, 21)])
indicators.insert(1, "locality", np.where(np.arange(20) < 12, "город", "село"))
Title("Отчёт для измерения скорости", "Вымышленный округ", 2021, fictional=True)""",
    """scaled = (indicators[names] - indicators[names].min()) / (indicators[names].max() - indicators[names].min())
weights = np.linspace(1, 2, 30)
indicators["index"] = scaled @ (weights / weights.sum())
indicators["rank"] = indicators["index"].rank(ascending=False).astype(int)
long = indicators.melt(["school", "locality"], names[:8], "indicator", "value")""",
    """Table(indicators.sort_values("rank"), "index", "Школы по убыванию индекса",
      {"school": "Школа", "locality": "Местность", "index": Column("Индекс", "score"),
       "rank": Column("Место", "count")})""",
    """Table(indicators, "indicators", "Показатели школ",
      {"school": "Школа", **{name: Column(f"Показатель {name[-2:]}", "percent") for name in names}})""",
    """tested = [(name, *scipy.stats.spearmanr(indicators[name], indicators["index"])) for name in names]
Table(pd.DataFrame(tested, columns=["indicator", "correlation", "p_value"]), "correlations",
      "Связь показателей с индексом", {"indicator": "Показатель", "correlation": Column("Корреляция", "score"),
                                       "p_value": Column("p", "score", digits=3)})""",
    """drawing, axes = new_drawing(height=5)
sns.heatmap(indicators.set_index("school")[names], cmap="cividis", ax=axes)
Figure(drawing, "heat", "Показатели всех школ", "Тепловая карта: школы и показатели.", "indicators")""",
    """drawing, axes = new_drawing(height=4)
sns.barplot(long, x="value", y="indicator", hue="locality", errorbar="se", ax=axes)
Figure(drawing, "means", "Средние по городу и селу", "Столбцы средних и их ошибки.", "indicators")""",
    """drawing, axes = new_drawing(height=3.5)
sns.regplot(indicators, x="ind_01", y="index", ci=None, ax=axes)
Figure(drawing, "relation", "Индекс и первый показатель", "Точки школ и прямая.", "index")""",
    """drawing, axes = new_drawing(height=4)
sns.boxplot(long, x="indicator", y="value", hue="locality", ax=axes)
sns.stripplot(long, x="indicator", y="value", hue="locality", dodge=True, legend=False, ax=axes)
Figure(drawing, "spread", "Разброс восьми показателей", "Ящики с усами и точки школ.", "indicators")""",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=20, help="reports a way makes in one turn")
    parser.add_argument("--rounds", type=int, default=2, help="how many times every way takes its turn")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)  # one turn, in this process
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        make, _, jobs = arguments.way.partition("-")
        MAKERS[make](arguments.folder, arguments.seeds, int(jobs or 1))
        return
    turns = measure(arguments.reports, arguments.rounds)
    summary = summarise(turns)
    print_table(summary)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps(provenance() | {"ways": summary, "turns": turns}, ensure_ascii=False, indent=1) + "\n"
    )


def measure(reports: int, rounds: int) -> list[dict]:
    """Let every way take its turn in every round; return wall and processor seconds per report of each turn."""
    turns = []
    for number in range(rounds):
        for way in WAYS:
            count = min(reports, MOST_REPORTS.get(way, reports))
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                write_report_notebook(folder / "report.ipynb")
                wall, processor = time_process(turn_command(way, folder, range(1, count + 1)))
                pages = list(folder.glob("*.html"))
                figures = [page.read_text().count("data:image/") for page in pages]
            if len(pages) != count or min(figures) < 4:
                raise SystemExit(f"{way}: {len(pages)} pages of {count}, figures on them: {figures}")
            turns.append(
                {"round": number, "way": way, "reports": count, "wall": wall / count, "processor": processor / count}
            )
            print(f"{number + 1}/{rounds} {way}: {wall / count:.2f} s", file=sys.stderr, flush=True)
    return turns


def turn_command(way: str, folder: Path, seeds: Iterable[int]) -> list[str]:
    return [sys.executable, __file__, "--way", way, "--folder", str(folder), "--seeds", *map(str, seeds)]


def time_process(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of a command with everything it started and waited for."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(command)}\n{complaint}")
    return wall, usage.ru_utime + usage.ru_stime


def summarise(turns: list[dict]) -> dict[str, dict]:
    """Medians over the rounds and their ratios to the stock way."""
    summary = {}
    for way in WAYS:
        own = [turn for turn in turns if turn["way"] == way]
        summary[way] = {
            "wall": statistics.median(turn["wall"] for turn in own),
            "processor": statistics.median(turn["processor"] for turn in own),
        }
    for row in summary.values():
        row["times_faster_than_stock"] = summary["stock"]["wall"] / row["wall"]
        row["processor_to_limit"] = row["processor"] / summary["plain-1"]["processor"]
    return summary


def print_table(summary: dict[str, dict]) -> None:
    print(f"{'секунд на отчёт':<52}{'время':>8}{'процессор':>11}{'быстрее':>10}{'к пределу':>11}")
    for way, row in summary.items():
        ratios = f"{row['times_faster_than_stock']:>8.1f} ×{row['processor_to_limit']:>9.2f} ×"
        print(f"{WAYS[way]:<52}{row['wall']:>8.2f}{row['processor']:>11.2f}{ratios}")


def provenance() -> dict:
    """Where and when this was measured, and with what."""
    from importlib.metadata import version

    packages = ("papermill", "nbconvert", "ipykernel", "pandas", "matplotlib", "seaborn")
    return {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "packages": {name: version(name) for name in packages},
    }


def write_report_notebook(path: Path) -> None:
    cells = [v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), *map(v4.new_code_cell, CELLS)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write_notebook(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def by_command_lines(folder: Path, seeds: list[int], jobs: int) -> None:
    for seed in seeds:
        executed = str(folder / f"{seed}.ipynb")
        for command in (
            ["papermill", str(folder / "report.ipynb"), executed, "-p", "seed", str(seed)],
            ["jupyter", "nbconvert", "--to", "html", "--no-input", executed],
        ):
            subprocess.run(
                [str(Path(sys.executable).with_name(command[0])), *command[1:]], check=True, capture_output=True
            )


def by_api(folder: Path, seeds: list[int], jobs: int) -> None:
    import papermill
    from nbconvert.exporters.html import HTMLExporter

    exporter = HTMLExporter(exclude_input=True)
    for seed in seeds:
        executed = papermill.execute_notebook(folder / "report.ipynb", None, {"seed": seed}, progress_bar=False)
        (folder / f"{seed}.html").write_text(exporter.from_notebook_node(executed)[0])


def by_warm_engine(folder: Path, seeds: list[int], jobs: int) -> None:
    from bench_reports import make_page  # by its module's name, so that children can import it

    from shnor_lib.runs.warm import WarmServer

    with WarmServer(jobs) as server:
        outcomes = [server.submit(make_page, {"folder": folder, "seed": seed}) for seed in seeds]
        for outcome in outcomes:
            if outcome.result().status != "done":
                raise SystemExit(outcome.result().cause)


def make_page(folder: Path, seed: int) -> None:
    """Execute and export one report in a warm child."""
    import papermill

    from shnor_lib.pages.export.html import export_html

    executed = papermill.execute_notebook(
        folder / "report.ipynb", None, {"seed": seed}, engine_name="shnor-warm", progress_bar=False
    )
    (folder / f"{seed}.html").write_text(export_html(executed))


def by_plain_python(folder: Path, seeds: list[int], jobs: int) -> None:
    if jobs > 1:
        workers = [subprocess.Popen(turn_command("plain-1", folder, seeds[part::jobs])) for part in range(jobs)]
        if sum(worker.wait() for worker in workers):
            raise SystemExit("a plain worker failed")
        return
    import jinja2

    page = jinja2.Template(
        "<!DOCTYPE html><html lang='ru'><body>{% for part in parts %}{{ part }}{% endfor %}</body></html>"
    )
    for seed in seeds:
        names = {"seed": seed}
        parts = [shown for cell in CELLS if (shown := run_cell(cell, names))]
        (folder / f"{seed}.html").write_text(page.render(parts=parts))


def run_cell(source: str, names: dict) -> str | None:
    """Execute a cell's statements; return the HTML of its last expression, if it ends with one."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102  a cell is code
    return last and eval(compile(last, "cell", "eval"), names)._repr_mimebundle_()["text/html"]


MAKERS = {"stock": by_command_lines, "api": by_api, "warm": by_warm_engine, "plain": by_plain_python}

if __name__ == "__main__":
    main()
