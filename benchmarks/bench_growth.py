"""Growth with the number of offices: time, memory and bytes written for 1, 10, 100 and 1,000 generated offices.

Every office has seven schools and the tables by which ШНОР are found (schools, exam results) of one year, as CSV files. Each
size is two measured commands, both with two jobs: *preparation* (read, check, compute, judge, keep as Parquet), and
``shnor run`` of the overview report over the prepared offices. 1,000 offices are prepared only. Twenty offices are generated,
larger numbers repeat their files under other names: preparation shares nothing between offices, so that a repeated one costs
as much.

Usage: ``python benchmarks/bench_growth.py [--offices 1 10 100 1000] [--quick]``. Prints a table and writes
``benchmarks/results/growth.json``.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from bench_second_run import JOBS, copy_workspace, run_order
from measured import RESULTS, bytes_in, provenance, run_stage, shnor, write_results

SIZES = (1, 10, 100, 1000)
MOST_REPORTED = 100
"""Reports are made for so many offices at most."""
GENERATED, SCHOOLS, YEAR = 20, 7, 2021
TABLES = ("schools", "exam_results")
REPORT = "00_overview"
PROFILE = """\
title: Условный округ {number}
region: Условная область
document: Вымышленный документ для измерения скорости
method: fioko-2021
years: [{year}]
fictional: true
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offices", type=int, nargs="+", default=SIZES)
    parser.add_argument("--quick", action="store_true", help="1 and 4 offices, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)  # the workspace; one part, in this process
    parser.add_argument("--generate", type=Path, help=argparse.SUPPRESS)  # the folder; one part, in this process
    arguments = parser.parse_args()
    if arguments.generate:
        write_offices(arguments.generate, arguments.offices[0])
        return
    if arguments.prepare:
        prepare(arguments.prepare)
        return
    results = measure((1, 4) if arguments.quick else arguments.offices)
    print_table(results)
    write_results("growth", results, arguments.results)


def measure(sizes: tuple[int, ...]) -> dict:
    """Every size in a workspace of its own."""
    with tempfile.TemporaryDirectory() as name:
        generated = Path(name)
        run_stage(__file__, "--generate", generated, "--offices", min(GENERATED, max(sizes)))
        rows = [measure_size(generated, offices) for offices in sizes]
    return {
        **provenance("pandas", "pyarrow", "papermill"),
        "schools_in_office": SCHOOLS,
        "year": YEAR,
        "report": REPORT,
        "tables": TABLES,
        "jobs": JOBS,
        "sizes": rows,
        "preparation_growth": rows[-1]["preparation_per_office"] / rows[-2:][0]["preparation_per_office"],
    }


def write_offices(folder: Path, offices: int) -> None:
    """Write the raw tables of made-up offices into ``folder/<number>``."""
    from tools.simulation import simulate_office
    from tools.simulation.writing import cells_of, write_tables, write_year_sources

    for number in range(offices):
        own = folder / str(number)
        own.mkdir()
        tables = simulate_office(number + 1, SCHOOLS, [YEAR])[YEAR]
        files = write_tables(own, {table: cells_of(table, tables[table], YEAR) for table in TABLES})
        write_year_sources(own, files, "Вымышленные данные", date=f"{YEAR}-09-01", place="весь год")


def measure_size(generated: Path, offices: int) -> dict:
    """Prepare so many offices, then make their overviews."""
    with tempfile.TemporaryDirectory() as name:
        workspace = copy_workspace(Path(name), [])
        sources = sorted(path for path in generated.iterdir())
        for number in range(offices):
            municipality = f"made-up-{number + 1:04d}"
            profile = PROFILE.format(number=number + 1, year=YEAR)
            (workspace / "params" / f"{municipality}.yml").write_text(profile, encoding="utf-8")
            shutil.copytree(sources[number % len(sources)], workspace / "data" / "raw" / municipality / str(YEAR))
        raw = bytes_in(workspace / "data" / "raw")
        prepared = run_stage(__file__, "--prepare", workspace)
        row = {
            "offices": offices,
            "raw_bytes": raw,
            "preparation": prepared.wall,
            "preparation_per_office": prepared.wall / offices,
            "preparation_processor": prepared.processor,
            "preparation_peak_mib": prepared.peak_mib,
            "processed_bytes": bytes_in(workspace / "data" / "processed"),
            "run": None,
        }
        if offices <= MOST_REPORTED:
            run = shnor(workspace, *run_order([], [], [REPORT]))
            pages = list((workspace / "reports").glob(f"*/*/{REPORT}.html"))
            if len(pages) != offices:
                raise SystemExit(f"{len(pages)} pages of {offices}\n{run.output}")
            row |= {
                "run": run.wall,
                "run_per_office": run.wall / offices,
                "run_processor": run.processor,
                "run_peak_mib": run.peak_mib,
                "report_bytes": bytes_in(workspace / "reports"),
            }
    return row


def prepare(workspace: Path) -> None:
    """Prepare every office of a workspace, each in a warm child, as a run does."""
    from shnor_lib.runs.prepare import prepare_office
    from shnor_lib.runs.warm import WarmServer

    offices = sorted(profile.stem for profile in (workspace / "params").glob("*.yml"))
    with WarmServer(JOBS) as server:
        which = ({"workspace": workspace, "municipality": office, "year": YEAR} for office in offices)
        for office, task in zip(offices, [server.submit(prepare_office, one) for one in which], strict=True):
            outcome = task.result()
            if outcome.status != "done" or outcome.value["status"] != "made":
                raise SystemExit(f"{office}: {outcome.cause or outcome.value}")


def print_table(results: dict) -> None:
    print(
        f"рост с числом муниципалитетов ({results['schools_in_office']} школ, один год, таблицы: {', '.join(results['tables'])}; "
        f"память – наибольший процесс; отчёт {results['report']}, заданий {results['jobs']})"
    )
    print(
        f"{'муниципалитетов':>15}{'подготовка, с':>15}{'на один, с':>12}{'МиБ':>6}{'записано, МБ':>14}"
        f"{'отчёты, с':>11}{'на один, с':>12}{'МиБ':>6}{'записано, МБ':>14}"
    )
    for row in results["sizes"]:
        print(
            f"{row['offices']:>15}{row['preparation']:>15.1f}{row['preparation_per_office']:>12.2f}"
            f"{row['preparation_peak_mib']:>6.0f}{row['processed_bytes'] / 1e6:>14.1f}",
            end="",
        )
        if row["run"] is None:
            print(f"{'только подготовка':>31}")
        else:
            print(
                f"{row['run']:>11.1f}{row['run_per_office']:>12.2f}{row['run_peak_mib']:>6.0f}"
                f"{row['report_bytes'] / 1e6:>14.1f}"
            )


if __name__ == "__main__":
    main()
