"""An index under all choices at once, and how sure each unit's place is."""

from dataclasses import dataclass

import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import Aggregate, IndexRecipe
from shnor_lib.statistics.composite.index import IndexResult, composite_index, prepare
from shnor_lib.statistics.composite.weights import declared_weights
from shnor_lib.statistics.uncertainty.choices import Choices, factors_of, quasi_random_design, realise
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.evidence import Evidence, Tables, windows_of
from shnor_lib.statistics.uncertainty.ranking import (
    Rounding,
    Ties,
    lowest_ranked,
    rank_draws,
    summarise_flags,
    summarise_ranks,
)
from shnor_lib.statistics.uncertainty.replications import Replications


@dataclass(frozen=True)
class Simulation:
    """The replications of an index.

    ``draws`` says what each replication chose, ``scores`` holds for each node a table of draws × units, ``failures`` has a
    row for each draw without a result and says why. ``nominal`` is the index by the recipe itself.
    """

    draws: pd.DataFrame
    scores: dict[str, pd.DataFrame]
    failures: pd.DataFrame
    nominal: IndexResult
    choices: Choices
    seed: int

    def summary(
        self,
        node: str | None = None,
        share: float = 0.25,
        rounding: Rounding = "nearest",
        ties: Ties = "include",
    ) -> pd.DataFrame:
        """For each unit, how sure its place and its membership in the lowest share are.

        Columns: score and rank (nominal), rank_5, rank_50, rank_95, p_lowest (probability of being among the lowest
        ``share``) and p_lowest_error, p_identified (the same with the share as drawn) and p_identified_error,
        failed_share (draws without a score). Probabilities are over the draws that gave a score.
        """
        node = node or self.nominal.scores.columns[0]
        ranks = rank_draws(self.scores[node], self.nominal.recipe.tie_digits)
        lowest = summarise_flags(lowest_ranked(ranks, share, rounding, ties))
        identified = summarise_flags(lowest_ranked(ranks, self.draws["share"].to_numpy(), rounding, ties))
        return pd.DataFrame(
            {
                "score": self.nominal.scores[node].reindex(ranks.columns),
                "rank": self.nominal.ranks[node].reindex(ranks.columns),
                **summarise_ranks(ranks)[["rank_5", "rank_50", "rank_95"]],
                "p_lowest": lowest["probability"],
                "p_lowest_error": lowest["error"],
                "p_identified": identified["probability"],
                "p_identified_error": identified["error"],
                "failed_share": lowest["failed_share"],
            }
        )


def simulate(
    tables: Tables,
    recipe: IndexRecipe,
    choices: Choices,
    replications: int = 1000,
    seed: int = 1,
    groups: pd.Series | None = None,
    nodes: tuple[str, ...] | None = None,
    share: float = 0.25,
) -> Simulation:
    """An index computed under many combinations of choices drawn by a quasi-random design.

    Parameters
    ----------
    tables : indicators (units in rows) in natural units, or :class:`Evidence` with counts; or several of them by name,
        such as one year and the mean of three: then the window is a choice too, and the first one is nominal.
    recipe : the nominal recipe. Weights by PCA are those of the nominal index, then vary as others do.
    choices : what else could have been chosen.
    replications : rounded up to a power of two.
    groups : a group for each unit, if gaps are filled by group.
    nodes : aggregates whose scores are kept; the index alone by default.
    share : the nominal "lowest share", used where the choices do not vary it.

    Examples
    --------
    >>> recipe = IndexRecipe(
    ...     indicators=[{"id": "a", "parent": "index"}, {"id": "b", "parent": "index"}],
    ...     aggregates=[{"id": "index"}],
    ...     minimum_available=1.0,
    ... )
    >>> table = pd.DataFrame({"a": [1.0, 2.0, 4.0, 9.0], "b": [2.0, 1.0, 7.0, 8.0]}, index=list("ABCD"))
    >>> simulation = simulate(table, recipe, Choices(weight_noise=0.5), replications=64)
    >>> simulation.summary()[["rank", "rank_5", "rank_95", "p_lowest"]].round(2)
       rank  rank_5  rank_95  p_lowest
    A     3     3.0      4.0      0.38
    B     4     3.0      4.0      0.62
    C     2     2.0      2.0      0.00
    D     1     1.0      1.0      0.00
    """
    windows = windows_of(tables)
    factors = factors_of(recipe, choices, len(windows))
    return evaluate(
        windows, recipe, choices, quasi_random_design(factors, replications, seed), seed, groups, nodes, share
    )


def evaluate(
    tables: Tables,
    recipe: IndexRecipe,
    choices: Choices,
    design: pd.DataFrame,
    seed: int = 1,
    groups: pd.Series | None = None,
    nodes: tuple[str, ...] | None = None,
    share: float = 0.25,
) -> Simulation:
    """As :func:`simulate`, for a design of one's own: a row a replication, a column a factor of :func:`factors_of`."""
    windows = windows_of(tables)
    draws = realise(design, factors_of(recipe, choices, len(windows)), choices, share)
    nominal = composite_index(next(iter(windows.values())).values, recipe, groups)
    nodes = nodes or tuple(node.id for node in recipe.aggregates if node.parent is None)
    for node in nodes:
        if not isinstance(recipe.node(node), Aggregate):
            raise UncertaintyError(f"«{node}» — показатель, а не агрегат; выберите один из узлов индекса")
    _require_possible(windows, recipe, choices, groups)
    run = Replications(list(windows.values()), recipe, choices, _weights(nominal), draws, seed, groups)
    scores, reasons = run.scores(nodes)
    failed = reasons != ""
    return Simulation(
        draws.assign(window=pd.Categorical.from_codes(draws["window"], list(windows))),
        {node: pd.DataFrame(scores[node], index=draws.index, columns=run.units) for node in nodes},
        pd.DataFrame({"draw": draws.index[failed], "reason": reasons[failed]}),
        nominal,
        choices,
        seed,
    )


def _weights(nominal: IndexResult) -> dict[str, float]:
    """Weights to vary: as declared, by PCA as found in the nominal index; a constant indicator has its declared weight."""
    declared = declared_weights(nominal.recipe)
    return {**nominal.steps.weights, **{node: declared[node] for node in nominal.steps.dropped}}


def _require_possible(
    windows: dict[str, Evidence], recipe: IndexRecipe, choices: Choices, groups: pd.Series | None
) -> None:
    """Refuse what would fail in every draw: a table of the wrong shape, a stage the recipe does not have."""
    for name, window in windows.items():
        try:
            prepare(window.values, recipe, groups)
        except CompositeError as error:
            raise UncertaintyError(f"таблица «{name}»: {error}") from None
    for stage, options in (("treat", choices.treatment), ("impute", choices.imputation)):
        if any(options) and stage not in recipe.stages:
            raise UncertaintyError(f"варианты этапа {stage} заданы, но его нет в stages рецепта: добавьте его туда")
    if any(option and option.by_group for option in choices.imputation) and groups is None:
        raise UncertaintyError("вариант заполняет пропуски по группам, а группы единиц не переданы")
    if choices.sampling:
        measured = {column for window in windows.values() for column in (*window.numerators, *window.standard_errors)}
        resampled = [node for node in recipe.indicators if node.id in measured]
        if not resampled:
            raise UncertaintyError(
                "ошибка выборки запрошена, но ни у одного показателя рецепта нет количеств или стандартных ошибок: "
                "передайте Evidence"
            )
        for node in resampled:
            if node.denominator:
                raise UncertaintyError(f"{node.id}: либо denominator в рецепте, либо количества в Evidence, но не оба")
