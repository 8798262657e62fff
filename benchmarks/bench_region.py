"""A region whole: every report of its offices, a page for every school, the region's own page.

Generated offices, 71 of 640 schools in all, of the sizes of one real region, three years of all tables; ``shnor run`` of the region
with two jobs, preparation, checks, files and indices included. Where Chromium and the modules of ``tests/browser`` are there, the
filter of the list of schools on the region's page is asked for a name, and how long the page takes to answer is measured.

Usage: ``python benchmarks/bench_region.py [--offices 71] [--schools 640] [--quick]``. Prints a table and writes
``benchmarks/results/region.json``.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench_prepare import YEAR, write_offices
from bench_second_run import JOBS, page_times, run_order
from measured import REPOSITORY, RESULTS, bytes_in, provenance, run_stage, shnor, write_results

REGION = "made-up"
YEARS = (YEAR - 2, YEAR - 1, YEAR)
REACH = {"minutes": 10, "page_bytes": 1_500_000, "filter_milliseconds": 100}
PROFILE = """\
kind: region
title: Условная область
municipalities: [{names}]
years: [{year}]
fictional: true
"""
BROWSER = REPOSITORY / "tests" / "browser"
FILTER = """\
import {{ chromium }} from "playwright-core";
const browser = await chromium.launch({{ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] }});
const page = await browser.newPage();
await page.goto({url});
console.log(JSON.stringify(await page.evaluate(() => {{
  const rows = (field) => field.closest(".table").querySelectorAll("tbody tr").length;
  const field = [...document.querySelectorAll("main .tools input[type=search]")].sort((a, b) => rows(b) - rows(a))[0];
  if (!field) return null;
  const answers = ["2", "ус", "12", ""].map((asked) => {{
    const begun = performance.now();
    field.value = asked;
    field.dispatchEvent(new Event("input"));
    document.body.offsetHeight;
    return performance.now() - begun;
  }});
  return {{ rows: rows(field), milliseconds: Math.max(...answers) }};
}})));
await browser.close();
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offices", type=int, default=71)
    parser.add_argument("--schools", type=int, default=640)
    parser.add_argument(
        "--quick", action="store_true", help="2 offices of 8 schools and the pages of schools alone, for CI"
    )
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)  # generate there, in this process
    arguments = parser.parse_args()
    offices, schools = (2, 8) if arguments.quick else (arguments.offices, arguments.schools)
    if arguments.folder:
        generate(arguments.folder, offices, schools)
        return
    results = measure(offices, schools, ["05_region", "95_school_passports"] if arguments.quick else [])
    print_table(results)
    write_results("region", results, arguments.results)


def generate(folder: Path, offices: int, schools: int) -> None:
    """A workspace of a region whose offices have sizes as real ones."""
    from tools.simulation import municipality_sizes

    names = write_offices(folder, [int(size) for size in municipality_sizes(1, offices, schools)], YEARS, REGION)
    (folder / "params" / "regions").mkdir()
    profile = PROFILE.format(names=", ".join(names), year=YEAR)
    (folder / "params" / "regions" / f"{REGION}.yml").write_text(profile, encoding="utf-8")


def measure(offices: int, schools: int, reports: list[str]) -> dict:
    """Generate, make everything, look at the region's page."""
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        run_stage(__file__, "--folder", workspace, "--offices", offices, "--schools", schools)
        run = shnor(workspace, *run_order([REGION], [YEAR], reports))
        region = workspace / "reports" / REGION / str(YEAR) / "05_region.html"
        pages = list(page_times(workspace))
        sheets = sum(Path(page).parent.name == "schools" for page in pages)
        if not region.exists() or sheets != schools:
            raise SystemExit(f"pages of schools: {sheets} of {schools}; region: {region.exists()}\n{run.output}")
        return {
            **provenance("pandas", "papermill", "matplotlib"),
            "offices": offices,
            "schools": schools,
            "years_of_data": len(YEARS),
            "jobs": JOBS,
            "pages": len(pages),
            "wall": run.wall,
            "processor": run.processor,
            "peak_mib": run.peak_mib,
            "report_bytes": bytes_in(workspace / "reports"),
            "region_page_bytes": region.stat().st_size,
            "filter": asked_filter(region),
            "reach": REACH,
        }


def asked_filter(page: Path) -> dict | None:
    """Rows of the longest table with a filter and the slowest answer of it; None without a browser."""
    if not shutil.which("node") or not (BROWSER / "node_modules").exists():
        return None
    script = FILTER.format(url=json.dumps(page.resolve().as_uri()))
    asked = subprocess.run(
        ["node", "--input-type=module", "-e", script], cwd=BROWSER, capture_output=True, text=True, check=False
    )
    return json.loads(asked.stdout) if asked.returncode == 0 else None


def print_table(results: dict) -> None:
    reach, answered = results["reach"], results["filter"]
    print(
        f"регион: муниципалитетов {results['offices']}, школ {results['schools']}, страниц {results['pages']}, "
        f"заданий {results['jobs']}"
    )
    print(f"{'минут (цель < ' + str(reach['minutes']) + ')':<46}{results['wall'] / 60:>9.1f}")
    print(f"{'минут процессора':<46}{results['processor'] / 60:>9.1f}")
    print(f"{'память самого большого процесса, МиБ':<46}{results['peak_mib']:>9.0f}")
    print(f"{'страница региона, МБ (цель < 1,5)':<46}{results['region_page_bytes'] / 1e6:>9.2f}")
    if answered:
        print(f"{'ответ фильтра, мс, строк – ' + str(answered['rows']):<46}{answered['milliseconds']:>9.0f}")


if __name__ == "__main__":
    main()
