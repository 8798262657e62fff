"""Which choice matters: how much of the variance of a result each choice explains (Sobol indices)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.uncertainty.choices import Choices, factors_of
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.evidence import Tables, windows_of
from shnor_lib.statistics.uncertainty.ranking import rank_draws
from shnor_lib.statistics.uncertainty.simulation import Simulation, evaluate

RESAMPLES = 200


@dataclass(frozen=True)
class SobolDraws:
    """One or more results at the points of Saltelli's design, from which :meth:`indices` and their intervals follow.

    Attributes
    ----------
    results : a row a draw, a column a result. Each base point takes ``groups + 2`` rows: the first set of values, then for each
        group the first set with that group taken from the second, then the second set.
    groups : names of the groups, in that order.
    """

    problem: dict
    groups: tuple[str, ...]
    results: pd.DataFrame
    seed: int

    def blocks(self, result: str) -> np.ndarray:
        """A result by base point: rows of ``groups + 2`` values."""
        return self.results[result].to_numpy(float).reshape(-1, len(self.groups) + 2)

    def indices(self, level: float = 0.95) -> pd.DataFrame:
        """First-order and total Sobol indices of every result, with bootstrap intervals.

        The first-order index is the share of the variance that goes away on average when the choice is fixed; the total index
        the share that stays when all others are fixed. Their difference is interaction. Base points with a failed draw are left
        out whole and ``failed_share`` says how many.

        Returns
        -------
        A row a result and group: result, group, first, first_low, first_high, total, total_low, total_high, failed_share.
        Indices of a result that never varies are missing.
        """
        return pd.concat([self._analysed(result, level) for result in self.results], ignore_index=True)

    def _analysed(self, result: str, level: float) -> pd.DataFrame:
        from SALib.analyze import sobol as sobol_analysis

        blocks = self.blocks(result)
        sound = blocks[~np.isnan(blocks).any(axis=1)]
        varies = len(sound) >= 2 and np.ptp(sound) > np.finfo(float).eps * max(1.0, np.abs(sound).max())
        found = varies and sobol_analysis.analyze(
            self.problem,
            sound.ravel(),
            calc_second_order=False,
            num_resamples=RESAMPLES,
            conf_level=level,
            seed=self.seed + 1,
        )
        table = pd.DataFrame({"result": result, "group": self.groups})
        for name, key in (("first", "S1"), ("total", "ST")):
            index, reach = (found[key], found[f"{key}_conf"]) if varies else (np.nan, np.nan)
            table[name], table[f"{name}_low"], table[f"{name}_high"] = index, index - reach, index + reach
        return table.assign(failed_share=1 - len(sound) / len(blocks))


def sobol_draws(
    result: Callable[[pd.DataFrame], pd.DataFrame],
    factors: Sequence[str],
    groups: Sequence[str] | None = None,
    base: int = 1024,
    seed: int = 1,
) -> SobolDraws:
    """One or more results at the points of Saltelli's design (2010) with scrambled Sobol points.

    Parameters
    ----------
    result : takes a design (a row a draw, a column a factor, values in [0, 1)) and returns a row a draw, a column a
        result; missing for a failed draw.
    factors : names of the factors.
    groups : the group of each factor, when several belong to one choice; each factor by itself by default.
    base : a power of two; ``base`` × (groups + 2) draws are made.

    Examples
    --------
    >>> def weighted_sum(design):
    ...     return pd.DataFrame({"y": 3 * design["a"] + design["b"]})
    >>> draws = sobol_draws(weighted_sum, ["a", "b"], base=256)
    >>> draws.blocks("y").shape, draws.groups
    ((256, 4), ('a', 'b'))
    >>> draws.indices()[["group", "first", "total"]].round(1).to_numpy().tolist()
    [['a', 0.9, 0.9], ['b', 0.1, 0.1]]
    """
    from SALib.sample import (
        sobol as sobol_sampling,  # with scipy.stats behind it, a second: only who asks for indices waits
    )
    from SALib.util import extract_group_names

    if base < 2 or base & (base - 1):
        raise UncertaintyError(f"base = {base} должно быть степенью двойки, например 1024")
    if not factors:
        raise UncertaintyError("ни один выбор не варьируется: нечего раскладывать")
    problem = {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}
    if groups is not None:
        problem["groups"] = list(groups)
    design = sobol_sampling.sample(problem, base, calc_second_order=False, seed=np.random.default_rng(seed))
    results = result(pd.DataFrame(design, columns=list(factors)))
    if len(results) != len(design):
        raise UncertaintyError(f"результат дал {len(results)} строк вместо {len(design)}: нужна строка на каждый набор")
    return SobolDraws(problem, tuple(map(str, extract_group_names(problem)[0])), results.reset_index(drop=True), seed)


def index_sensitivity(
    tables: Tables,
    recipe: IndexRecipe,
    choices: Choices,
    result: Callable[[Simulation], pd.DataFrame] | None = None,
    base: int = 1024,
    seed: int = 1,
    groups: pd.Series | None = None,
    share: float = 0.25,
    by_factor: bool = False,
) -> pd.DataFrame:
    """Sobol indices of the choices behind an index: by default, of how far places move from the nominal ones.

    Parameters
    ----------
    tables, recipe, choices, groups, share : as for :func:`shnor_lib.statistics.uncertainty.simulate`.
    result : from a simulation to a table, a row a draw; :func:`mean_rank_shift` by default, :func:`unit_ranks` for
        schools.
    by_factor : every weight by itself; by default all weights are one group.

    Examples
    --------
    >>> recipe = IndexRecipe(
    ...     indicators=[{"id": "a", "parent": "index"}, {"id": "b", "parent": "index"}],
    ...     aggregates=[{"id": "index"}],
    ...     minimum_available=1.0,
    ... )
    >>> table = pd.DataFrame({"a": [1.0, 2.0, 4.0, 9.0, 6.0], "b": [2.0, 1.0, 9.0, 8.0, 7.0]}, index=list("ABCDE"))
    >>> choices = Choices(weight_noise=0.5, normalisation=[{"method": "minmax"}, {"method": "rank"}])
    >>> index_sensitivity(table, recipe, choices, base=64)["group"].tolist()
    ['normalisation', 'weights']
    """
    factors = factors_of(recipe, choices, len(windows_of(tables)))

    def evaluated(design: pd.DataFrame) -> pd.DataFrame:
        simulation = evaluate(tables, recipe, choices, design, seed, groups, share=share)
        return (result or mean_rank_shift)(simulation)

    names = [factor.name for factor in factors]
    own = None if by_factor else [factor.group for factor in factors]
    return sobol_draws(evaluated, names, own, base, seed).indices()


def mean_rank_shift(simulation: Simulation) -> pd.DataFrame:
    """In each draw, how far places are from the nominal ones on average: mean |rank - nominal rank|."""
    node = simulation.nominal.scores.columns[0]
    ranks = rank_draws(simulation.scores[node], simulation.nominal.recipe.tie_digits)
    nominal = simulation.nominal.ranks[node].reindex(ranks.columns).astype(float)
    return pd.DataFrame({"mean_rank_shift": (ranks - nominal).abs().mean(axis=1)})


def unit_ranks(simulation: Simulation) -> pd.DataFrame:
    """In each draw, the place of every unit: to see which choice moves a given school."""
    return rank_draws(simulation.scores[simulation.nominal.scores.columns[0]], simulation.nominal.recipe.tie_digits)
