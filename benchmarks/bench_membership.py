"""P(listed by the whole method) held against drawn truth.

Offices of 9, 14 and 40 schools are drawn with the truth behind every share and result; the criteria of ``lesosibirsk-2020`` that have
figures judge them; in the last rows shares of one school do not go together at all. For each list and each criterion: how far the
probability under chance alone is off in the worst of the bins with 200 schools or more, beside the standard error that so few
schools leave, and its Brier score beside that of the plain list. Reach: two points, ten per cent better.

What is drawn was chosen on seed 101; :data:`SEED` is for this table alone.

Usage: ``python benchmarks/bench_membership.py [--schools 4500] [--seed 11] [--quick]``. Prints tables and writes
``benchmarks/results/membership.json``.
"""

import argparse
from pathlib import Path

import numpy as np
from measured import REPOSITORY, RESULTS, provenance, write_results

from shnor_lib.criteria.decisions import YES
from shnor_lib.criteria.measure import MET
from shnor_lib.params.reading import read_method
from shnor_lib.statistics.components import Components
from tools.simulation.membership import known_offices

METHOD, SEED = "lesosibirsk-2020", 11
REGION = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)
OFFICES = ((9, 1.0), (14, 1.0), (40, 1.0), (14, 0.0))
"""Schools of an office, and how far the shares of one school go together."""
ENOUGH = 200
REACH = {"points": 0.02, "brier": 0.9}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schools", type=int, default=4500, help="of the offices of one size together")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help="a few offices, for CI")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    number = 80 if arguments.quick else arguments.schools
    rows = [row for size, together in OFFICES for row in held_against(size, number, together, arguments.seed)]
    results = {
        **provenance("numpy", "scipy", "pandas"),
        "method": METHOD,
        "seed": arguments.seed,
        "rows": rows,
        "reach": REACH,
    }
    print_table(rows)
    write_results("membership", results, arguments.results)


def held_against(size: int, number: int, together: float, seed: int, **family: object) -> list[dict]:
    """Rows of the table, one a list or a criterion: offices of this size, about so many schools; ``family`` as of the method."""
    method = read_method(REPOSITORY, METHOD)
    method = method.model_copy(update={"robustness": method.robustness.model_copy(update=family)})
    found: dict[str, list[np.ndarray]] = {}
    for one in known_offices(method, seed, max(1, number // size), size, REGION, together):
        drawn, office = one.bench.draw_chance(), one.bench.office
        of = [
            (drawn.answers, one.listed, office.identification, "category", "calculated", YES),
            (drawn.verdicts, one.met, office.verdicts, "criterion", "verdict", MET),
        ]
        for draws, truth, told, key, answer, word in of:
            for name in truth:
                own = told[told[key].eq(name)].set_index("school_id")[answer]
                plain = own.reindex(draws[name].columns).eq(word).to_numpy(float)
                found.setdefault(name, []).append(np.array([draws[name].mean(), truth[name], plain]))
    return [
        {"schools": size, "together": together, "of": name, **scores(*np.concatenate(own, axis=1))}
        for name, own in found.items()
    ]


def scores(said: np.ndarray, truth: np.ndarray, plain: np.ndarray) -> dict:
    """How far probabilities are off in bins of a tenth, among schools of which draws and truth say something."""
    known = ~np.isnan(said) & ~np.isnan(truth)
    said, truth, plain = said[known], truth[known], plain[known]
    place = np.minimum((said * 10).astype(int), 9)
    bins = [
        {
            "from": one / 10,
            "schools": int(own.sum()),
            "off": float(said[own].mean() - truth[own].mean()),
            "error": float(np.sqrt((said[own] * (1 - said[own])).sum()) / own.sum()),
        }
        for one in range(10)
        if (own := place == one).any()
    ]
    off = [(abs(one["off"]), one["error"]) for one in bins if one["schools"] >= ENOUGH]
    worst, error = max(off, default=(None, None))
    return {
        "counted": len(said),
        "bins": bins,
        "bins_held": len(off),
        "worst_bin": worst,
        "worst_error": error,
        "off": float(said.mean() - truth.mean()) if len(said) else None,
        "brier": float(np.mean((said - truth) ** 2)),
        "brier_plain": float(np.mean((plain - truth) ** 2)),
    }


def print_table(rows: list[dict]) -> None:
    print(
        "| schools of an office | shares go together | of | counted | off in all | worst bin of 200, points | Brier | plain |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        worst = "" if row["worst_bin"] is None else f"{100 * row['worst_bin']:.1f} ± {100 * row['worst_error']:.1f}"
        off = "" if row["off"] is None else f"{100 * row['off']:+.1f}"
        told = (row["schools"], row["together"], row["of"], row["counted"], off, worst)
        print(f"| {' | '.join(map(str, told))} | {row['brier']:.3f} | {row['brier_plain']:.3f} |")
        print(
            "    "
            + "; ".join(
                f"{one['from']:.1f}: {100 * one['off']:+.1f} ± {100 * one['error']:.1f} ({one['schools']})"
                for one in row["bins"]
            )
        )


if __name__ == "__main__":
    main()
