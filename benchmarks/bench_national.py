"""The whole country in simulation: 2,300 offices and 40,000 schools with three years of results, identified by two methods.

Generation is a process of its own that writes Parquet, one file a table, rows in the order of municipalities. Each method is a
new process: it reads whole municipalities in portions of about 4,000 schools, computes what the method looks at, judges, and
keeps identification and verdicts; time includes reading, memory is the most the process ever held. No reports are made: what
all of them would take is worked out from the first run of ``demo``, measured by :mod:`bench_second_run`.

Usage: ``python benchmarks/bench_national.py [--offices 2300] [--schools 40000] [--quick]``. Prints a table and writes
``benchmarks/results/national.json``.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench_second_run import measure_first_run
from measured import REPOSITORY, RESULTS, bytes_in, provenance, run_stage, write_results

METHODS = ("fioko-2021", "lesosibirsk-2020")
YEAR = 2021
SEED = 1
PORTION = 4_000
"""Schools that are judged at a time: memory follows this number, not the country."""
REACH_SECONDS, REACH_MIB = 60, 2048
COUNTRY_OFFICES, COUNTRY_REPORTS = 2_300, 11


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offices", type=int, default=COUNTRY_OFFICES)
    parser.add_argument("--schools", type=int, default=40_000)
    parser.add_argument("--quick", action="store_true", help="23 offices, 400 schools and one report, for CI")
    parser.add_argument("--reports", nargs="+", default=[], help="of the first run; all when none is named")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--stage", choices=["generate", *METHODS], help=argparse.SUPPRESS)  # one part, in this process
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    offices, schools = (23, 400) if arguments.quick else (arguments.offices, arguments.schools)
    if arguments.stage == "generate":
        generate(arguments.folder, offices, schools)
    elif arguments.stage:
        print(json.dumps(identify(arguments.folder, arguments.stage)))
    else:
        results = measure(offices, schools, ["00_overview"] if arguments.quick else arguments.reports)
        print_table(results)
        write_results("national", results, arguments.results)


def measure(offices: int, schools: int, reports: list[str]) -> dict:
    """Generate, identify by each method in a process of its own, and say what all reports would take."""
    with tempfile.TemporaryDirectory() as name:
        generated = run_stage(
            __file__, "--stage", "generate", "--folder", name, "--offices", offices, "--schools", schools
        )
        size = bytes_in(Path(name))
        methods = {}
        for method in METHODS:
            process = run_stage(__file__, "--stage", method, "--folder", name)
            methods[method] = json.loads(process.output) | {"wall": process.wall, "processor": process.processor}
    return {
        **provenance("numpy", "pandas", "pyarrow"),
        "offices": offices,
        "schools": schools,
        "generation": {"wall": generated.wall, "peak_mib": generated.peak_mib, "bytes": size},
        "reach": {"seconds": REACH_SECONDS, "peak_mib": REACH_MIB},
        "methods": methods,
        "all_reports": extrapolate(measure_first_run(["demo"], [YEAR], reports)),
    }


def generate(folder: Path, offices: int, schools: int) -> None:
    """Write the tables of all offices, each sorted by municipality so that a portion is read without the rest."""
    from tools.simulation import simulate_region

    tables = simulate_region(SEED, offices, schools)
    for name in list(tables):
        table = tables.pop(name).sort_values("municipality", kind="stable", ignore_index=True)
        table.to_parquet(folder / f"{name}.parquet", row_group_size=20_000, index=False)


def identify(folder: Path, name: str) -> dict:
    """Identify the schools of all offices by a method, portion by portion."""
    import pandas as pd

    from shnor_lib.office.judging import judge_offices
    from shnor_lib.params.reading import read_method

    started = time.perf_counter()
    method = read_method(REPOSITORY, name)
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    kept = []
    for first, last in portions(pd.read_parquet(files["schools"], columns=["municipality", "year"])):
        whole = [("municipality", ">=", first), ("municipality", "<=", last)]
        tables = {table: pd.read_parquet(path, filters=whole) for table, path in files.items()}
        judged = judge_offices(method, tables, YEAR)
        kept.append((judged.identification, len(judged.indicators), len(judged.verdicts)))
    identification = pd.concat([part for part, _, _ in kept], ignore_index=True)
    counts = identification.groupby(["category", "identified"]).size()
    return {
        "seconds": time.perf_counter() - started,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
        "portions": len(kept),
        "schools": int(identification[["municipality", "school_id"]].drop_duplicates().shape[0]),
        "indicator_rows": sum(rows for _, rows, _ in kept),
        "verdicts": sum(verdicts for _, _, verdicts in kept),
        "identified": {f"{category}: {answer}": int(count) for (category, answer), count in counts.items()},
    }


def portions(schools) -> list[tuple[str, str]]:
    """First and last municipality of each portion: whole municipalities, about ``PORTION`` schools in the year of the run."""
    sizes = schools[schools["year"].eq(YEAR)].groupby("municipality").size().sort_index()
    numbers = (sizes.cumsum() - sizes) // PORTION
    return [(part.index[0], part.index[-1]) for _, part in sizes.groupby(numbers)]


def extrapolate(first: dict) -> dict:
    """Hours for all reports of the country at the measured seconds per report, preparation included; not measured."""
    reports = COUNTRY_OFFICES * COUNTRY_REPORTS
    seconds = reports * first["wall"] / first["reports"]
    return {
        "reports": reports,
        "measured_on": f"demo {YEAR}: {first['reports']} отчётов, заданий – {first['jobs']}",
        "seconds_per_report": first["wall"] / first["reports"],
        "hours_on_this_machine": seconds / 3600,
        "hours_on_32_cores": seconds * first["jobs"] / 32 / 3600,
    }


def print_table(results: dict) -> None:
    generation, reach = results["generation"], results["reach"]
    print(
        f"страна в модели: муниципалитетов {results['offices']}, школ {results['schools']}, три года; "
        f"создание {generation['wall']:.0f} с, {generation['bytes'] / 2**20:.0f} МиБ Parquet"
    )
    print(
        f"{'методика':<20}{'секунд':>8}{'цель':>7}{'процессор, с':>14}{'память, МиБ':>13}{'цель':>7}{'школ':>8}{'показателей':>13}"
    )
    for name, row in results["methods"].items():
        print(
            f"{name:<20}{row['seconds']:>8.1f}{reach['seconds']:>7}{row['processor']:>14.1f}{row['peak_mib']:>13.0f}{reach['peak_mib']:>7}"
            f"{row['schools']:>8}{row['indicator_rows']:>13}"
        )
    whole = results["all_reports"]
    print(
        f"все отчёты страны ({whole['reports']}) – оценка, не замер: {whole['seconds_per_report']:.2f} с на отчёт "
        f"({whole['measured_on']}), {whole['hours_on_this_machine']:.1f} ч на этой машине, "
        f"{whole['hours_on_32_cores']:.1f} ч на 32 ядрах"
    )


if __name__ == "__main__":
    main()
