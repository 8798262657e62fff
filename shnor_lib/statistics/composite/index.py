"""The whole index: from a table of indicators and a recipe to scores, places and the record of every step."""

import warnings
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from shnor_lib.params.errors import ALL_CONSTANT, CompositeError, CompositeWarning
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.params.yaml_files import nearest
from shnor_lib.statistics.composite.aggregate import aggregate_frame
from shnor_lib.statistics.composite.impute import impute_frame
from shnor_lib.statistics.composite.normalise import is_incomparable, normalise_frame
from shnor_lib.statistics.composite.ranking import rank_scores
from shnor_lib.statistics.composite.screen import denominate, screen_units
from shnor_lib.statistics.composite.treat import treat_outliers
from shnor_lib.statistics.composite.weights import declared_weights, effective_weights, weights_pca


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A table after the stages before normalisation, with their records; a stage that was not asked for is empty.

    ``screened`` has a row a unit, ``imputed`` and ``treated_points`` a row a changed value, ``treated`` a row an indicator.
    """

    prepared: pd.DataFrame
    screened: pd.DataFrame = field(default_factory=pd.DataFrame)
    imputed: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["unit", "indicator", "value", "method", "group"])
    )
    treated: pd.DataFrame = field(default_factory=pd.DataFrame)
    treated_points: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["unit", "indicator", "before", "after", "mark"])
    )


@dataclass(frozen=True, kw_only=True)
class Steps(Prepared):
    """What was done on the way, for the data annex of a report.

    ``raw`` is the table as given, ``available`` the share of known children of every node, ``weights`` and
    ``effective_weights`` the weights used, ``dropped`` the constant indicators left out, ``warnings`` what a reader must know.
    """

    raw: pd.DataFrame
    available: pd.DataFrame
    weights: pd.Series
    effective_weights: pd.Series
    dropped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndexResult:
    """An index and everything behind it.

    ``scores`` and ``ranks`` have a row a unit and a column an aggregate, the index first (rank 1 is the highest score,
    equal scores share the smallest place); ``normalised`` a column an indicator.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame
    normalised: pd.DataFrame
    steps: Steps
    recipe: IndexRecipe


def composite_index(indicators: pd.DataFrame, recipe: IndexRecipe, groups: pd.Series | None = None) -> IndexResult:
    """An index computed by a recipe: stages, normalisation, then every aggregate from the bottom up.

    Parameters
    ----------
    indicators : units in rows (unique ids), indicators and denominators of the recipe in columns, in natural units,
        missing as NaN.
    recipe : the checked recipe.
    groups : a group for each unit, needed when the recipe fills gaps by group.

    Examples
    --------
    >>> recipe = IndexRecipe(
    ...     indicators=[
    ...         {"id": "quality_rate", "parent": "results"},
    ...         {"id": "below_minimum_rate", "parent": "results", "direction": -1},
    ...     ],
    ...     aggregates=[{"id": "results"}],
    ...     minimum_available=1.0,
    ... )
    >>> indicators = pd.DataFrame(
    ...     {"quality_rate": [0.2, 0.4, 0.6], "below_minimum_rate": [0.3, 0.0, None]}, index=["A", "B", "C"]
    ... )
    >>> result = composite_index(indicators, recipe)
    >>> result.scores["results"].tolist(), result.ranks["results"].tolist()
    ([0.0, 75.0, nan], [2, 1, <NA>])
    """
    prepared = prepare(indicators, recipe, groups)
    dropped = constant_indicators(prepared.prepared, recipe) if recipe.constant_indicator == "drop" else ()
    normalised = normalise_frame(
        prepared.prepared.drop(columns=list(dropped)),
        {node.id: recipe.normalisation_of(node) for node in recipe.indicators},
        {node.id: node.direction for node in recipe.indicators},
    ).reindex(columns=list(recipe.indicator_ids))
    scores, weights, available, notes = aggregate_tree(normalised, recipe, dropped)
    steps = Steps(
        **vars(prepared),
        raw=indicators[list(recipe.indicator_ids)],
        available=available,
        weights=pd.Series(weights, dtype=float),
        effective_weights=effective_weights(recipe, weights),
        dropped=dropped,
        warnings=notes,
    )
    return IndexResult(scores, rank_scores(scores, recipe.tie_digits), normalised, steps, recipe)


def prepare(indicators: pd.DataFrame, recipe: IndexRecipe, groups: pd.Series | None = None) -> Prepared:
    """The table before normalisation: divided by denominators, then the recipe's stages in its order."""
    _require_sound(indicators, recipe)
    denominators = {node.id: indicators[node.denominator] for node in recipe.indicators if node.denominator}
    prepared = Prepared(prepared=denominate(indicators[list(recipe.indicator_ids)].astype(float), denominators))
    _refuse_out_of_range(prepared.prepared, recipe)
    for stage in recipe.stages:
        match stage:
            case "screen" if recipe.screening:
                summary = screen_units(prepared.prepared, recipe.screening)
                prepared = replace(prepared, prepared=prepared.prepared[summary["included"]], screened=summary)
            case "impute" if recipe.imputation:
                if recipe.imputation.by_group and groups is None:
                    raise CompositeError("рецепт заполняет пропуски по группам, а группы единиц не переданы")
                filled = impute_frame(
                    prepared.prepared, recipe.imputation.method, groups if recipe.imputation.by_group else None
                )
                prepared = replace(prepared, prepared=filled.frame, imputed=filled.record)
            case "treat" if recipe.treatment:
                treated = treat_outliers(
                    prepared.prepared, recipe.treatment, [node.id for node in recipe.indicators if node.treat]
                )
                prepared = replace(
                    prepared, prepared=treated.frame, treated=treated.details, treated_points=treated.points
                )
    return prepared


def constant_indicators(prepared: pd.DataFrame, recipe: IndexRecipe) -> tuple[str, ...]:
    """Indicators whose known values are all equal and whose method compares units with each other."""
    return tuple(
        node.id
        for node in recipe.indicators
        if is_incomparable(prepared[node.id].to_numpy(float), recipe.normalisation_of(node))
    )


def aggregate_tree(
    normalised: pd.DataFrame, recipe: IndexRecipe, dropped: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[str, float], pd.DataFrame, tuple[str, ...]]:
    """Scores of every aggregate, the index first; weights used, share of known children, and what a reader must know."""
    nodes = normalised.copy()
    weights = declared_weights(recipe) | dict.fromkeys(dropped, 0.0)
    available, notes = {}, []
    for aggregate in reversed(recipe.top_down):
        present = [child for child in recipe.children(aggregate.id) if child not in dropped]
        if not present:
            raise CompositeError(ALL_CONSTANT, aggregate.id)
        children = nodes[present]
        available[aggregate.id] = children.notna().mean(axis=1)
        try:
            if aggregate.weighting == "pca":
                found, caution = _pca(children)
                weights |= found
                notes.append(f"{aggregate.id}: {caution}")
            nodes[aggregate.id] = aggregate_frame(
                children,
                recipe.aggregation_of(aggregate),
                {child: weights[child] for child in present},
                recipe.minimum_available_of(aggregate),
            )
        except CompositeError as error:
            raise error.at(aggregate.id) from None
    order = [aggregate.id for aggregate in recipe.top_down]
    return nodes[order], weights, pd.DataFrame(available)[order], tuple(notes)


def _pca(children: pd.DataFrame) -> tuple[dict[str, float], str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CompositeWarning)
        found = weights_pca(children)
    return found.to_dict(), str(caught[-1].message)


def _require_sound(indicators: pd.DataFrame, recipe: IndexRecipe) -> None:
    if indicators.empty:
        raise CompositeError("таблица показателей пуста")
    if not indicators.index.is_unique:
        repeated = indicators.index[indicators.index.duplicated()][0]
        raise CompositeError(f"единица «{repeated}» повторяется; нужна одна строка на единицу")
    denominators = [node.denominator for node in recipe.indicators if node.denominator]
    for column in (*recipe.indicator_ids, *denominators):
        if column not in indicators.columns:
            raise CompositeError(f"столбца «{column}» нет в таблице{nearest(column, map(str, indicators.columns))}")
        if not pd.api.types.is_numeric_dtype(indicators[column]):
            raise CompositeError("столбец не числовой; переведите значения в числа", column)
        values = indicators[column].to_numpy(float)
        if np.isinf(values).any():
            raise CompositeError(
                f"бесконечное значение у «{indicators.index[np.isinf(values)][0]}»; проверьте деление на ноль", column
            )


def _refuse_out_of_range(frame: pd.DataFrame, recipe: IndexRecipe) -> None:
    for node in recipe.indicators:
        if node.range is None:
            continue
        outside = frame[node.id].notna() & ~frame[node.id].between(*node.range)
        if outside.any():
            unit = frame.index[outside][0]
            raise CompositeError(
                f"значение {frame.at[unit, node.id]:g} у «{unit}» вне диапазона {node.range[0]:g}..{node.range[1]:g}; "
                "исправьте данные или range",
                node.id,
            )
