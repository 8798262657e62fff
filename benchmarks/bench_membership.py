"""P(listed by the whole method) held against drawn truth, and years with a false alarm when nothing changed.

Offices of 9, 14 and 40 schools are drawn with the truth behind every share and result; the criteria of ``lesosibirsk-2020`` that have
figures judge them. For each category: how far the probability under chance alone is off in the worst of the bins with 200 schools
or more, and its Brier score beside that of the plain list. False alarms: offices in which no school changed are tested with
components that their own results tell. Reach: two points, ten per cent better, five per cent of years.

Usage: ``python benchmarks/bench_membership.py [--schools 4500] [--quick]``. Prints tables and writes ``benchmarks/results/membership.json``.
"""

import argparse
from pathlib import Path

import numpy as np
from measured import REPOSITORY, RESULTS, provenance, write_results

from shnor_lib.criteria.decisions import YES
from shnor_lib.params.reading import read_method
from shnor_lib.statistics.components import Components
from tools.simulation.membership import known_offices

METHOD, SEED = "lesosibirsk-2020", 1
REGION = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)
OFFICES = (9, 14, 40)
ENOUGH = 200
REACH = {"points": 0.02, "brier": 0.9}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schools", type=int, default=4500, help="of the offices of one size together")
    parser.add_argument("--quick", action="store_true", help="a few offices, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    number = 80 if arguments.quick else arguments.schools
    rows = [row for size in OFFICES for row in held_against(size, number)]
    results = {**provenance("numpy", "scipy", "pandas"), "method": METHOD, "rows": rows, "reach": REACH}
    print_table(rows)
    write_results("membership", results, arguments.results)


def held_against(size: int, number: int, **family: object) -> list[dict]:
    """Rows of the table, one a category: offices of this size, about so many schools together; ``family`` as of the method."""
    method = read_method(REPOSITORY, METHOD)
    method = method.model_copy(update={"robustness": method.robustness.model_copy(update=family)})
    said, truth, plain = ({category: [] for category in method.decisions} for _ in range(3))
    for one in known_offices(method, SEED, max(1, number // size), size, REGION):
        answers, drawn = one.bench.office.identification, one.bench.draw_chance()
        for category, flags in drawn.answers.items():
            own = answers[answers["category"].eq(category)].set_index("school_id")["calculated"]
            said[category].append(flags.mean().to_numpy())
            truth[category].append(one.listed[category])
            plain[category].append(own.reindex(flags.columns).eq(YES).to_numpy(float))
    return [
        {
            "schools": size,
            "category": category,
            **scores(*map(np.concatenate, (said[category], truth[category], plain[category]))),
        }
        for category in method.decisions
    ]


def scores(said: np.ndarray, truth: np.ndarray, plain: np.ndarray) -> dict:
    """How far probabilities are off in bins of a tenth, among schools of which draws and truth say something."""
    known = ~np.isnan(said) & ~np.isnan(truth)
    said, truth, plain = said[known], truth[known], plain[known]
    place = np.minimum((said * 10).astype(int), 9)
    bins = [
        {"from": one / 10, "schools": int(own.sum()), "off": float(said[own].mean() - truth[own].mean())}
        for one in range(10)
        if (own := place == one).any()
    ]
    off = [abs(one["off"]) for one in bins if one["schools"] >= ENOUGH]
    return {
        "counted": len(said),
        "bins": bins,
        "bins_held": len(off),
        "worst_bin": max(off, default=None),
        "brier": float(np.mean((said - truth) ** 2)),
        "brier_plain": float(np.mean((plain - truth) ** 2)),
    }


def print_table(rows: list[dict]) -> None:
    print("| schools of an office | list | counted | bins held | worst bin, points | Brier | plain list |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        worst = "" if row["worst_bin"] is None else f"{100 * row['worst_bin']:.1f}"
        told = (row["schools"], row["category"], row["counted"], row["bins_held"], worst)
        print(f"| {' | '.join(map(str, told))} | {row['brier']:.3f} | {row['brier_plain']:.3f} |")
        print(
            "    " + "; ".join(f"{one['from']:.1f}: {100 * one['off']:+.1f} ({one['schools']})" for one in row["bins"])
        )


if __name__ == "__main__":
    main()
