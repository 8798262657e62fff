"""Seconds for 1,000 replications of an index under uncertainty, and the error of Sobol indices.

Two made-up designs, 51 units × 49 indicators in four levels and 6,000 units × 20 indicators, 3 % of values missing:

- ``weights``: every weight varies by 25 %, nothing else;
- ``all``: weights, three normalisations, two means, three outlier treatments and the threshold together;
- ``sampling``: as ``weights``, and every rate is drawn anew from its counts (20 to 300 pupils).

Seconds are for the whole call with places and P(lowest quarter), the best of the rounds (``sampling`` has one). ``loop`` is one replication the plain
way, by ``composite_index``; ``difference`` the largest relative difference of a score from it, over a few draws.

Usage: ``python benchmarks/bench_uncertainty.py [--rounds 3]``. Prints tables and writes ``benchmarks/results/uncertainty.json``.
"""

import argparse
import json
import os
import platform
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.composite.index import composite_index
from shnor_lib.statistics.uncertainty.choices import Choices
from shnor_lib.statistics.uncertainty.evidence import Evidence
from shnor_lib.statistics.uncertainty.sensitivity import sobol_draws
from shnor_lib.statistics.uncertainty.simulation import Simulation, simulate

RESULTS = Path(__file__).parent / "results" / "uncertainty.json"
REPLICATIONS = 1000
REACH = {"51 × 49": 1.0, "6000 × 20": 5.0}
REACH_ERROR = 0.01

NORMALISATIONS = (
    {"method": "minmax", "low": 1, "high": 100},
    {"method": "zscore", "mean": 10, "sd": 2},
    {"method": "percentile_rank"},
)
WAYS = {
    "weights": Choices(weight_noise=0.25),
    "all": Choices(
        weight_noise=0.25,
        normalisation=NORMALISATIONS,
        aggregation=({"method": "arithmetic"}, {"method": "power", "exponent": 0.5}),
        treatment=({"winsorise_limit": 1}, {"winsorise_limit": 3}, {"winsorise_limit": 5}),
        share=(0.2, 0.3),
    ),
    "sampling": Choices(weight_noise=0.25, sampling="binomial"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how many times everything is measured")
    results = measure(parser.parse_args().rounds)
    print_tables(results)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measure(rounds: int = 3) -> dict:
    """Everything measured, with where and when."""
    designs = {"51 × 49": made_up(51, 49, (8, 2)), "6000 × 20": made_up(6000, 20, (5,))}
    speed = [measure_design(name, way, *designs[name], rounds=rounds) for name in designs for way in WAYS]
    return {**provenance(), "replications": REPLICATIONS, "speed": speed, "sobol": measure_sobol()}


def measure_design(name: str, way: str, evidence: Evidence, recipe: IndexRecipe, rounds: int) -> dict:
    """Seconds of one way on one design, the plain way beside it and how far their scores are apart."""
    seconds = []
    for _ in range(1 if way == "sampling" else rounds):
        started = time.perf_counter()
        simulation = simulate(evidence, recipe, WAYS[way], REPLICATIONS, seed=1)
        simulation.summary()
        seconds.append(time.perf_counter() - started)
    loop, difference = (None, None) if way == "sampling" else compare_with_loop(evidence, recipe, simulation)
    return {
        "design": name,
        "way": way,
        "seconds": min(seconds),
        "seconds_all_rounds": seconds,
        "draws": len(simulation.draws),
        "failed_draws": len(simulation.failures),
        "loop_seconds_per_replication": loop,
        "largest_relative_difference": difference,
        "reach_seconds": REACH[name] if way != "sampling" else None,
    }


def compare_with_loop(
    evidence: Evidence, recipe: IndexRecipe, simulation: Simulation, draws: int = 5
) -> tuple[float, float]:
    """Seconds of one replication by ``composite_index``, and the largest relative difference of its scores from the fast ones."""
    seconds, differences = [], []
    choices = simulation.choices
    for number, draw in simulation.draws.head(draws).iterrows():
        started = time.perf_counter()
        options = ("normalisation", "aggregation", "treatment", "imputation")
        update = {name: getattr(choices, name)[int(draw[name])] for name in options if getattr(choices, name)}
        weights = {name.removeprefix("weight:"): draw[name] for name in draw.index if name.startswith("weight:")}
        for kind in ("indicators", "aggregates"):
            update[kind] = tuple(
                node.model_copy(update={"weight": node.weight * weights.get(node.id, 1)})
                for node in getattr(recipe, kind)
            )
        scores = composite_index(evidence.values, recipe.model_copy(update=update)).scores["index"]
        seconds.append(time.perf_counter() - started)
        differences.append(((simulation.scores["index"].loc[number] - scores).abs() / scores.abs()).max())
    return float(np.median(seconds)), float(max(differences))


def measure_sobol(seeds: int = 5) -> dict:
    """Worst error of first-order and total indices of a weighted sum of 12 inputs, over several seeds, N = 1,024."""
    weights = np.arange(1.0, 13.0)
    exact = weights**2 / np.sum(weights**2)
    names = [f"x{number}" for number in range(1, 13)]
    errors = []
    started = time.perf_counter()
    for seed in range(1, seeds + 1):
        found = sobol_draws(
            lambda design: pd.DataFrame({"y": 100 + design.to_numpy() @ weights}), names, base=1024, seed=seed
        ).indices()
        errors.append((np.abs(found["first"] - exact).max(), np.abs(found["total"] - exact).max()))
    first, total = np.max(errors, axis=0)
    return {
        "inputs": 12,
        "base": 1024,
        "seeds": seeds,
        "worst_first_order_error": float(first),
        "worst_total_error": float(total),
        "seconds": (time.perf_counter() - started) / seeds,
        "reach_error": REACH_ERROR,
    }


def made_up(units: int, indicators: int, levels: tuple[int, ...], seed: int = 1) -> tuple[Evidence, IndexRecipe]:
    """Rates of made-up units with their counts, and a tree whose levels below the index have so many nodes."""
    generator = np.random.default_rng(seed)
    names = [f"indicator_{number}" for number in range(indicators)]
    index = [f"unit_{number}" for number in range(units)]
    pupils = generator.integers(20, 300, size=(units, indicators)).astype(float)
    pupils[generator.random(pupils.shape) < 0.03] = np.nan
    usual = 1 / (1 + np.exp(1.5 - generator.normal(size=(units, indicators))))
    failing = np.where(np.isnan(pupils), np.nan, generator.binomial(np.nan_to_num(pupils).astype(int), usual))
    counts, totals = pd.DataFrame(failing, index, names), pd.DataFrame(pupils, index, names)
    nodes = [[f"level{level}_{number}" for number in range(count)] for level, count in enumerate(levels)] + [["index"]]
    parents = [names, *nodes]
    tree = [
        {"id": node, "parent": parents[level + 1][position % len(parents[level + 1])]}
        for level in range(len(parents) - 1)
        for position, node in enumerate(parents[level])
    ]
    recipe = IndexRecipe(
        indicators=tree[:indicators],
        aggregates=[*tree[indicators:], {"id": "index"}],
        minimum_available=0.5,
        treatment={},
    )
    return Evidence(counts / totals, counts, totals), recipe


def provenance() -> dict:
    """Where and when this was measured, and with what."""
    return {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "packages": {name: version(name) for name in ("numpy", "scipy", "pandas", "SALib")},
    }


def print_tables(results: dict) -> None:
    print(f"{REPLICATIONS} повторений с местами и P(низшая четверть)")
    print(f"{'таблица':<12}{'выборы':<10}{'секунд':>8}{'цель':>7}{'один расчёт, с':>16}{'расхождение':>13}")
    for row in results["speed"]:
        reach = f"< {row['reach_seconds']:g}" if row["reach_seconds"] else "—"
        loop = f"{row['loop_seconds_per_replication']:.3f}" if row["loop_seconds_per_replication"] else "—"
        apart = "—" if row["largest_relative_difference"] is None else f"{row['largest_relative_difference']:.0e}"
        print(f"{row['design']:<12}{row['way']:<10}{row['seconds']:>8.2f}{reach:>7}{loop:>16}{apart:>13}")
    sobol = results["sobol"]
    print(
        f"индексы Соболя, {sobol['inputs']} входов, N = {sobol['base']}: наибольшая ошибка первого порядка "
        f"{sobol['worst_first_order_error']:.4f} (цель < {sobol['reach_error']:g}), полного {sobol['worst_total_error']:.4f}"
    )


if __name__ == "__main__":
    main()
