"""The composite indices of a method, computed from the long indicator table and returned as more rows of it.

An index row looks like any indicator's: ``indicator`` is the name of the index, ``value`` its score, so that criteria judge an
index exactly as they judge an indicator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import UNIT, pool_for_criterion
from shnor_lib.indicators import LONG, Store
from shnor_lib.indicators.causes import NOT_DELIVERED, NOT_DISTINGUISHED
from shnor_lib.params.errors import ALL_CONSTANT, CompositeError
from shnor_lib.params.methods import Index, Method
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.composite.aggregate import aggregate_values
from shnor_lib.statistics.composite.normalise import is_incomparable, normalise_values
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


class Scores(NamedTuple):
    """Score of each school, normalised components, effective weight of each component, and what to remark in the note."""

    scores: np.ndarray
    normalised: np.ndarray
    weights: np.ndarray
    remark: str | np.ndarray


def compute_indices(method: Method, schools: pd.DataFrame, store: Store, years: list[int]) -> Indices:
    """Compute every index of a method for the schools in the given years.

    ``schools``: municipality, school_id; the population of each municipality (or of the region, as the index says).
    """
    municipality, school_id = (schools[column].to_numpy(dtype=object) for column in UNIT)
    places = store.places(municipality, school_id)
    offices = np.unique(municipality.astype(str), return_inverse=True)[1]
    populations = {
        "municipality": np.split(np.argsort(offices, kind="stable"), np.cumsum(np.bincount(offices))[:-1]),
        "region": [np.arange(len(schools))],
    }
    rows: list[dict[str, np.ndarray]] = []
    components: list[dict[str, np.ndarray]] = []
    for name, index in method.indices.items() if len(schools) else ():
        recipe, size = index.recipe(name), len(index.components)
        named = {"component": list(index.components)}
        named |= {key: [getattr(one, key) for one in index.components.values()] for key in ("indicator", "direction")}
        for year in years:
            values = component_values(index, places, store, year)
            scored = _score(recipe, values, populations[index.population])
            told = _told(index, ~np.isnan(values), scored, store)
            own = {"municipality": municipality, "school_id": school_id, "year": year}
            empty = {"level": "school", "group": "", "numerator": np.nan, "denominator": np.nan}
            rows.append(_filled(own | empty | {"indicator": name, "value": scored.scores} | told, len(schools)))
            apart = {column: np.repeat(own[column], size) for column in UNIT} | {"index": name, "year": year}
            apart |= {column: np.tile(np.array(each, dtype=object), len(schools)) for column, each in named.items()}
            apart |= {
                "value": values.ravel(),
                "normalised": scored.normalised.ravel(),
                "weight": scored.weights.ravel(),
            }
            components.append(_filled(apart, len(schools) * size))
    found = Indices(_joined(rows, ["municipality", *LONG]), _joined(components, COMPONENT_COLUMNS))
    return Indices(found.rows, found.components.astype({"direction": "int64"} if components else {}))


def _filled(columns: dict[str, object], size: int) -> dict[str, np.ndarray]:
    """Columns of one length; a single word or number stands in every row."""
    return {
        name: each
        if isinstance(each, np.ndarray)
        else np.full(size, each, dtype=object if isinstance(each, str) else None)
        for name, each in columns.items()
    }


def _joined(parts: list[dict[str, np.ndarray]], columns: list[str]) -> pd.DataFrame:
    """Columns of several parts as one frame."""
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.DataFrame({column: np.concatenate([part[column] for part in parts]) for column in columns})


def component_values(index: Index, places: np.ndarray, store: Store, year: int) -> np.ndarray:
    """Natural values of the components of an index, schools × components; ``places`` are those of the schools in the store."""
    pooled = (pool_for_criterion(one, store, year).plain for one in index.components.values())
    return np.stack([each.at("value", places) for each in pooled], axis=1)


def _score(recipe: IndexRecipe, values: np.ndarray, populations: list[np.ndarray]) -> Scores:
    """Scores of every school; schools are compared within their population."""
    scores, normalised, weights = (
        np.full(len(values), np.nan),
        np.full(values.shape, np.nan),
        np.full(values.shape, np.nan),
    )
    remarks = np.full(len(values), "", dtype=object)
    plain, names = is_plain(recipe), [node.id for node in recipe.indicators]
    for places in populations:
        scored = _plain_scores(recipe, values[places]) if plain else None
        if scored is None:
            scored = _composed_scores(recipe, pd.DataFrame(values[places], columns=names))
        scores[places], normalised[places], weights[places], remarks[places] = scored
    return Scores(scores, normalised, weights, remarks)


def _told(index: Index, known: np.ndarray, scored: Scores, store: Store) -> dict[str, np.ndarray]:
    """Note, cause and needs of every score."""
    size = len(index.components)
    told = np.array([f"есть составляющих: {count} из {size}" for count in range(size + 1)], dtype=object)
    cause, needs = _causes(index, known, np.isnan(scored.scores), store)
    return {"note": told[known.sum(axis=1)] + scored.remark, "cause": cause, "needs": needs}


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
        if is_incomparable(column, method):
            continue
        kept.append(place)
        normalised[:, place] = normalise_values(column, method, node.direction)
    if not kept:
        return Scores(normalised[:, 0], normalised, normalised[0], f"; {CompositeError(ALL_CONSTANT, index.id)}")
    given = np.array([declared[node.id] for node in recipe.indicators])
    total = sum(given[kept].tolist())
    known = ~np.isnan(values[:, kept])
    if not total or not np.isfinite(normalised[:, kept][known]).all():
        return None
    scores = aggregate_values(
        normalised[:, kept], recipe.aggregation_of(index), given[kept], recipe.minimum_available_of(index)
    )
    weights = np.zeros(len(given))
    weights[kept] = given[kept] / total
    return Scores(scores, normalised, weights, "")


def _composed_scores(recipe: IndexRecipe, population: pd.DataFrame) -> Scores:
    """The index of one population by :func:`compose`; without scores, and with the reason, when it cannot be composed."""
    from shnor_lib.statistics.composite.index import compose  # and all its stages, which a plain index does not need

    try:
        result = compose(population, recipe)
    except CompositeError as error:
        missing = population.isna().all().any()
        nothing = np.full(population.shape, np.nan)
        return Scores(nothing[:, 0], nothing, nothing[0], "" if missing else f"; {error}")
    weights = result.steps.effective_weights[list(population)]
    return Scores(result.scores.iloc[:, 0].to_numpy(), result.normalised.to_numpy(), weights.to_numpy(), "")
