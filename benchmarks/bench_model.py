"""The model of results held against drawn truth, and its processor seconds.

Offices of 3 to 40 schools with 5 to 150 pupils in a grade are drawn with the components of a real region (school 6.2, school ×
subject 3.5, cohort 3.0, pupil 17.4 points of 100) and, in the last rows, with others than those declared. For each: how often an
interval of 95 % holds the truth, how far P(lowest quarter) is off in the worst of the bins with 200 schools or more, and the Brier
score of the lowest quarter beside that of the plain order of means. Reach: 93–97 %, two points, ten per cent better. In offices in
which nobody changed from one year to the next, with components that their own results tell: in how many years any school is told
to have changed (reach: 5 %).

Usage: ``python benchmarks/bench_model.py [--offices 400] [--quick]``. Prints tables and writes ``benchmarks/results/model.json``.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from measured import RESULTS, provenance, write_results

from shnor_lib.statistics.change import changes_against_others, holm
from shnor_lib.statistics.components import Components, fit
from tools.simulation.variance import draw_results

REGION = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)
OTHER = Components(school=4.5, subject=5.0, cohort=4.5, pupil=17.0)
SIZES = ((5, 15), (16, 60), (61, 150))
SCHOOLS = (3, 9, 14, 40)
REACH = {
    "cover": (0.93, 0.97),
    "points": 0.02,
    "brier": 0.9,
    "alarms": 0.05,
    "seconds": {"640 × 3 × 36": 5.0, "14 × 3 × 36": 0.1},
}
ENOUGH = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offices", type=int, default=400, help="offices of three schools; fewer of larger ones")
    parser.add_argument("--quick", action="store_true", help="a few offices, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    offices = 12 if arguments.quick else arguments.offices
    rows = [held_against(REGION, schools, size, offices) for schools in SCHOOLS for size in SIZES]
    rows += [held_against(OTHER, schools, SIZES[1], offices) for schools in SCHOOLS]
    alarms = [
        false_alarms(truth, schools, size, offices // 2)
        for truth in (REGION, OTHER)
        for schools in SCHOOLS
        for size in SIZES[:2]
    ]
    results = {**provenance("numpy", "scipy"), "rows": rows, "alarms": alarms, "seconds": seconds(), "reach": REACH}
    print_tables(results)
    write_results("model", results, arguments.results)


def held_against(truth: Components, schools: int, people: tuple[int, int], offices: int) -> dict:
    """One row of the table: offices of this size, told by the model with the components of the region declared."""
    random, held, said, lowest, plain = np.random.default_rng(schools), [], [], [], []
    number = max(1, round(schools / 4))
    for _ in range(max(3, 3 * offices // schools)):
        drawn = draw_results(random, schools, truth, people)
        known = fit(drawn.cells, REGION).of_schools()
        low, high = known.interval(0.95)
        held.append((low <= drawn.school) & (drawn.school <= high))
        said.append(known.lowest(number, draws=2000))
        lowest.append(np.argsort(np.argsort(drawn.school)) < number)
        level = np.array(
            [np.nanmean(column) if not np.isnan(column).all() else np.nan for column in drawn.cells.values.T]
        )
        means = [np.nanmean(row) if not np.isnan(row).all() else 0.0 for row in drawn.cells.values - level]
        plain.append(np.argsort(np.argsort(means)) < number)
    held, said, lowest, plain = (np.concatenate(one).astype(float) for one in (held, said, lowest, plain))
    bins = np.minimum((said * 10).astype(int), 9)
    off = [said[bins == one].mean() - lowest[bins == one].mean() for one in range(10) if (bins == one).sum() >= ENOUGH]
    return {
        "truth": "declared" if truth == REGION else "other",
        "schools": schools,
        "people": f"{people[0]}–{people[1]}",
        "counted": len(said),
        "cover": held.mean(),
        "worst_bin": max(map(abs, off), default=None),
        "brier": float(np.mean((said - lowest) ** 2)),
        "brier_plain": float(np.mean((plain - lowest) ** 2)),
    }


def false_alarms(truth: Components, schools: int, people: tuple[int, int], years: int) -> dict:
    """Years in which a school is told to have changed when none has, and how often the interval of a change holds none."""
    random, alarms, held = np.random.default_rng(schools), 0, []
    series, time = np.repeat(np.arange(9), 2), np.tile([0.0, 1.0], 9)
    for _ in range(max(years, 3)):
        cells = draw_results(random, schools, truth, people).cells
        model = fit(cells, REGION)
        used = model.components
        unit, column = np.nonzero(~np.isnan(cells.values))
        rows = {"unit": unit, "series": series[column], "cell": column, "cohort": cells.cohort[column]}
        rows |= {"time": time[column], "value": cells.values[unit, column], "people": cells.people[unit, column]}
        found = changes_against_others(pd.DataFrame(rows), used.cohort, used.pupil, freedom=model.freedom)
        alarms += bool((holm(found.p) <= REACH["alarms"]).any())
        low, high = found.interval()
        held.append(((low <= 0) & (high >= 0))[~np.isnan(found.change)])
    return {
        "truth": "declared" if truth == REGION else "other",
        "schools": schools,
        "people": f"{people[0]}–{people[1]}",
        "years": max(years, 3),
        "alarms": alarms / max(years, 3),
        "cover": float(np.concatenate(held).mean()),
    }


def seconds() -> dict[str, float]:
    """Processor seconds of one fit with its posterior and the probabilities of the lowest quarter, the best of three."""
    found = {}
    for schools in (640, 14):
        settings = {"subjects": 6, "grades": (4, 5, 6, 7, 8, 9), "years": 3}
        drawn = draw_results(np.random.default_rng(1), schools, REGION, **settings)
        spent = []
        for _ in range(3):
            begun = time.process_time()
            fit(drawn.cells, REGION).of_schools().lowest(schools // 4)
            spent.append(time.process_time() - begun)
        found[f"{schools} × 3 × 36"] = min(spent)
    return found


def print_tables(results: dict) -> None:
    print("| components | schools | pupils of a grade | counted | 95 % hold | worst bin | Brier | plain order |")
    print("|---|---|---|---|---|---|---|---|")
    for row in results["rows"]:
        worst = "" if row["worst_bin"] is None else f"{100 * row['worst_bin']:.1f}"
        told = (row["truth"], row["schools"], row["people"], row["counted"], f"{100 * row['cover']:.1f}", worst)
        print(f"| {' | '.join(map(str, told))} | {row['brier']:.3f} | {row['brier_plain']:.3f} |")
    print("\n| components | schools | pupils of a grade | years | with a false alarm | 95 % hold |")
    print("|---|---|---|---|---|---|")
    for row in results["alarms"]:
        told = (row["truth"], row["schools"], row["people"], row["years"])
        print(f"| {' | '.join(map(str, told))} | {100 * row['alarms']:.1f} % | {100 * row['cover']:.1f} |")
    print("\n| schools × years × procedures | processor s | reach |\n|---|---|---|")
    for size, spent in results["seconds"].items():
        print(f"| {size} | {spent:.2f} | {REACH['seconds'][size]} |")


if __name__ == "__main__":
    main()
