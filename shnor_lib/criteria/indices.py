"""The composite indices of a method, computed from the long indicator table and returned as more rows of it.

An index row looks like any indicator's: ``indicator`` is the name of the index, ``value`` its score, so that criteria judge an
index exactly as they judge an indicator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import UNIT, pool_for_criterion
from shnor_lib.indicators import LONG, Store
from shnor_lib.indicators.causes import NOT_DELIVERED, NOT_DISTINGUISHED
from shnor_lib.params.methods import Index, Method
from shnor_lib.statistics.composite import CompositeError, IndexRecipe, aggregate_arithmetic, compose
from shnor_lib.statistics.composite.index import ALL_CONSTANT
from shnor_lib.statistics.composite.normalise import RELATIVE_METHODS, is_constant, normalise_matrix
from shnor_lib.statistics.composite.weights import declared_weights

COMPONENT_COLUMNS = [
    "municipality",
    "school_id",
    "year",
    "index",
    "component",
    "indicator",
    "value",
    "normalised",
    "weight",
    "direction",
]


@dataclass(frozen=True)
class Indices:
    """Index scores as indicator rows, and the components behind them.

    Attributes
    ----------
    rows : the columns ``LONG``, one row per school, year and index.
    components : one row per school, year, index and component: natural value, normalised value, effective weight.
    """

    rows: pd.DataFrame
    components: pd.DataFrame


def compute_indices(method: Method, schools: pd.DataFrame, store: Store, years: list[int]) -> Indices:
    """Compute every index of a method for the schools in the given years.

    Parameters
    ----------
    schools : municipality, school_id; the population of each municipality (or of the region, as the index says).
    """
    rows = [pd.DataFrame(columns=["municipality", *LONG])]
    components = [pd.DataFrame(columns=COMPONENT_COLUMNS)]
    for name, index in method.indices.items():
        for year in years:
            wide = component_values(index, schools, store, year)
            scored, detail = _score(name, index, wide, store)
            rows.append(scored.assign(year=year)[["municipality", *LONG]])
            components.append(detail.assign(year=year)[COMPONENT_COLUMNS])
    return Indices(
        pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True),
        pd.concat([part for part in components if len(part)] or components[:1], ignore_index=True),
    )


def component_values(index: Index, schools: pd.DataFrame, store: Store, year: int) -> pd.DataFrame:
    """Natural values of the components of an index: a row per school, a column per component."""
    at = store.places(*(schools[column].tolist() for column in UNIT))
    values = {
        name: pool_for_criterion(one, store, year).plain.at("value", at) for name, one in index.components.items()
    }
    return pd.DataFrame(values, index=pd.MultiIndex.from_frame(schools[UNIT]))


def _score(name: str, index: Index, wide: pd.DataFrame, store: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score and components of every school of ``wide``; schools are compared within the population that the index names."""
    recipe = index.recipe(name)
    values = wide.to_numpy()
    scores, normalised, weights = (
        np.full(len(wide), np.nan),
        np.full(values.shape, np.nan),
        np.full(values.shape, np.nan),
    )
    remarks = np.full(len(wide), "", dtype=object)
    everyone = {"region": np.arange(len(wide))}
    own = wide.groupby(level="municipality", sort=False).indices if index.population == "municipality" else everyone
    plain = is_plain(recipe)
    for places in own.values():
        scored = _plain_scores(recipe, values[places]) if plain else None
        if scored is None:
            scored = _composed_scores(recipe, pd.DataFrame(values[places], columns=wide.columns))
        scores[places], normalised[places], weights[places], remarks[places] = scored
    units = wide.index.to_frame(index=False)
    names, size = list(index.components), len(wide)
    known = ~np.isnan(values)
    told = [f"есть составляющих: {count} из {len(names)}" for count in range(len(names) + 1)]
    cause, needs = _causes(index, known, np.isnan(scores), store)
    rows = units.assign(
        value=scores,
        level="school",
        group="",
        indicator=name,
        numerator=np.nan,
        denominator=np.nan,
        note=np.array(told, dtype=object)[known.sum(axis=1)] + remarks,
        cause=cause,
        needs=needs,
    )
    of_components = {
        key: [getattr(one, key) for one in index.components.values()] for key in ("indicator", "direction")
    }
    detail = pd.DataFrame(
        {column: np.repeat(units[column].to_numpy(dtype=object), len(names)) for column in UNIT}
        | {"index": name, "component": np.tile(np.array(names, dtype=object), size)}
        | {"indicator": np.tile(np.array(of_components["indicator"], dtype=object), size)}
        | {"value": values.ravel(), "normalised": normalised.ravel(), "weight": weights.ravel()}
        | {"direction": np.tile(of_components["direction"], size)}
    )
    return rows, detail


def _causes(index: Index, known: np.ndarray, unknown: np.ndarray, store: Store) -> tuple[np.ndarray, np.ndarray]:
    """Why each school has no score: components that were not delivered, or all alike in its population."""
    cause, needs = (np.full(len(known), "", dtype=object) for _ in range(2))
    entries = [store.catalogue.get(one.indicator) for one in index.components.values()]
    columns = [
        entry.needs if entry else one.indicator for entry, one in zip(entries, index.components.values(), strict=True)
    ]
    for row in np.flatnonzero(unknown):
        absent = dict.fromkeys(column for column, there in zip(columns, known[row], strict=True) if not there)
        enough = known[row].any() and known[row].mean() >= index.minimum_available
        cause[row] = NOT_DISTINGUISHED if enough else NOT_DELIVERED
        needs[row] = "" if enough else "; ".join(absent)
    return cause, needs


Scores = tuple[np.ndarray, np.ndarray, np.ndarray, str]
"""Score of each school, normalised components, effective weight of each component, and what to remark in the note."""


def is_plain(recipe: IndexRecipe) -> bool:
    """Whether an index is a weighted arithmetic mean of its normalised components, with no stage before it."""
    index = recipe.aggregates[0]
    return (
        len(recipe.aggregates) == 1
        and recipe.aggregation_of(index).method == "arithmetic"
        and index.weighting != "pca"
        and not (recipe.screening or recipe.imputation or recipe.treatment)
        and all(recipe.normalisation_of(node).method != "distance_to_reference" for node in recipe.indicators)
    )


def _plain_scores(recipe: IndexRecipe, values: np.ndarray) -> Scores | None:
    """What :func:`_composed_scores` gives for a plain recipe, without its records: thousands of municipalities take a second.

    ``None`` when there is something that :func:`compose` has to explain.
    """
    if np.isinf(values).any():
        return None
    declared = declared_weights(recipe)
    index = recipe.aggregates[0]
    normalised = np.full(values.shape, np.nan)
    kept = []
    for place, node in enumerate(recipe.indicators):
        method, column = recipe.normalisation_of(node), values[:, place]
        if method.method in RELATIVE_METHODS and is_constant(column):
            continue
        kept.append(place)
        normalised[:, place] = normalise_matrix(column, method, node.direction)
    if not kept:
        return normalised[:, 0], normalised, normalised[0], f"; {CompositeError(ALL_CONSTANT, index.id)}"
    given = np.array([declared[node.id] for node in recipe.indicators])
    total = sum(given[kept].tolist())
    known = ~np.isnan(values[:, kept])
    if not total or not np.isfinite(normalised[:, kept][known]).all():
        return None
    scores = aggregate_arithmetic(normalised[:, kept], given[kept], recipe.minimum_available_of(index))
    weights = np.zeros(len(given))
    weights[kept] = given[kept] / total
    return scores, normalised, weights, ""


def _composed_scores(recipe: IndexRecipe, population: pd.DataFrame) -> Scores:
    """The index of one population by :func:`compose`; without scores, and with the reason, when it cannot be composed."""
    try:
        result = compose(population, recipe)
    except CompositeError as error:
        missing = population.isna().all().any()
        nothing = np.full(population.shape, np.nan)
        return nothing[:, 0], nothing, nothing[0], "" if missing else f"; {error}"
    weights = result.steps.effective_weights[list(population)]
    return result.scores.iloc[:, 0].to_numpy(), result.normalised.to_numpy(), weights.to_numpy(), ""
