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
from shnor_lib.criteria.rules import rounded
from shnor_lib.indicators import LONG, Store
from shnor_lib.indicators.causes import NOT_COMPARABLE, NOT_DELIVERED, NOT_DISTINGUISHED
from shnor_lib.params.errors import ALL_CONSTANT, CompositeError
from shnor_lib.params.methods import Index, IndexComponent, Method
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
    """Compute every index of a method for the schools in the given years; an index may be made of others.

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
    inside = {part for index in method.indices.values() for one in index.components.values() for part, _ in one.asks}
    for name in method.ordered_indices if len(schools) else ():
        index = method.indices[name]
        recipe, size = index.recipe(name), len(index.components)
        named = {"component": list(index.components)}
        named |= {key: [getattr(one, key) for one in index.components.values()] for key in ("indicator", "direction")}
        scores_of_index = []
        for year in years:
            values, weights = (
                component_values(index, places, store, year),
                component_weights(index, places, store, year),
            )
            scored = _score(recipe, values, weights, populations[index.population], school_id)
            told = _told(index, values, weights, scored, store)
            own = {"municipality": municipality, "school_id": school_id, "year": year}
            empty = {"level": "school", "group": "", "numerator": np.nan, "denominator": np.nan}
            scores_of_index.append(
                _filled(own | empty | {"indicator": name, "value": scored.scores} | told, len(schools))
            )
            apart = {column: np.repeat(own[column], size) for column in UNIT} | {"index": name, "year": year}
            apart |= {column: np.tile(np.array(each, dtype=object), len(schools)) for column, each in named.items()}
            apart |= {
                "value": values.ravel(),
                "normalised": scored.normalised.ravel(),
                "weight": scored.weights.ravel(),
            }
            components.append(_filled(apart, len(schools) * size))
        rows += scores_of_index
        if name in inside:
            store = store.with_rows(_joined(scores_of_index, ["municipality", *LONG]))
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
    """Natural values of the components of an index, schools × components; ``places`` are those of the schools in the store.

    The highest or lowest of several parts is known where all of them are.
    """
    columns = []
    for one in index.components.values():
        pooled = pool_for_criterion(one, store, year).plain
        value, present, expected = (pooled.at(name, places) for name in ("value", "present", "expected"))
        whole = (present >= np.maximum(expected, 1 + len(one.also))) | (not one.extreme)
        columns.append(rounded(np.where(whole, value, np.nan), one.round_to))
    return np.stack(columns, axis=1)


def component_weights(index: Index, places: np.ndarray, store: Store, year: int) -> np.ndarray:
    """Weights of the components of an index, schools × components (one row where they are those of the method).

    Missing where the column of a weight has no value for a school, or one below zero.
    """
    declared = np.array([one.weight for one in index.components.values()])
    if not index.weighed_by_school:
        return declared[None, :]
    weights = np.tile(declared, (len(places), 1))
    for place, one in enumerate(index.components.values()):
        if one.weight_from:
            column = IndexComponent.model_construct(indicator=one.weight_from, window=one.window)
            own = pool_for_criterion(column, store, year).plain.at("value", places)
            weights[:, place] *= np.where(own >= 0, own, np.nan)
    return weights


def _score(
    recipe: IndexRecipe, values: np.ndarray, given: np.ndarray, populations: list[np.ndarray], school_id: np.ndarray
) -> Scores:
    """Scores of every school; schools are compared within their population. ``given``: :func:`component_weights`."""
    scores, normalised, weights = (
        np.full(len(values), np.nan),
        np.full(values.shape, np.nan),
        np.full(values.shape, np.nan),
    )
    remarks = np.full(len(values), "", dtype=object)
    plain, names = is_plain(recipe), [node.id for node in recipe.indicators]
    for places in populations:
        if len(given) > 1:
            scored = _scores_weighed_by_school(recipe, values[places], given[places])
        else:
            scored = _plain_scores(recipe, values[places]) if plain else None
        if scored is None:
            ids = pd.Index(school_id[places])
            units = (
                ids if ids.is_unique else pd.RangeIndex(len(ids))
            )  # in a region two offices may have a school of one id
            scored = _composed_scores(recipe, pd.DataFrame(values[places], index=units, columns=names))
        scores[places], normalised[places], weights[places], remarks[places] = scored
    return Scores(scores, normalised, weights, remarks)


def _told(index: Index, values: np.ndarray, weights: np.ndarray, scored: Scores, store: Store) -> dict[str, np.ndarray]:
    """Note, cause and needs of every score."""
    known, size = ~np.isnan(values), len(index.components)
    told = np.array([f"есть составляющих: {count} из {size}" for count in range(size + 1)], dtype=object)
    asked = (known & ~np.isnan(weights)) | (weights == 0 if index.weighed_by_school else False)
    cause, needs = _causes(index, asked, scored, store)
    remarks = np.array([f"; {remark}" if remark else "" for remark in scored.remark], dtype=object)
    return {"note": told[known.sum(axis=1)] + remarks, "cause": cause, "needs": needs}


def _causes(index: Index, known: np.ndarray, scored: Scores, store: Store) -> tuple[np.ndarray, np.ndarray]:
    """Why each school has no score: components that were not delivered, all alike in its population, or not to be combined.

    ``known``: which components, with their weights, each school has.
    """
    cause, needs = (np.full(len(known), "", dtype=object) for _ in range(2))
    columns = []
    for one in index.components.values():
        entries = [(name, store.catalogue.get(name)) for name, _ in one.asks]
        columns.append("; ".join(entry.needs if entry else name for name, entry in entries))
    for row in np.flatnonzero(np.isnan(scored.scores)):
        absent = dict.fromkeys(column for column, there in zip(columns, known[row], strict=True) if not there)
        enough = known[row].any() and known[row].mean() >= (1 if index.weighed_by_school else index.minimum_available)
        told_apart = not np.isnan(scored.normalised[row]).all()  # what the others differ by is what this one lacks
        if absent and (told_apart or not enough):
            cause[row], needs[row] = NOT_DELIVERED, "; ".join(absent)
        else:
            cause[row] = NOT_DISTINGUISHED if scored.remark[row] in ("", ALL_CONSTANT) else NOT_COMPARABLE
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

    ``None`` when there is something that :func:`composite_index` has to explain.
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
    known = ~np.isnan(values[:, kept])
    if not known.any():
        return Scores(normalised[:, 0], normalised, normalised[0], "" if len(kept) == values.shape[1] else ALL_CONSTANT)
    given = np.array([declared[node.id] for node in recipe.indicators])
    total = sum(given[kept].tolist())
    if not total or not np.isfinite(normalised[:, kept][known]).all():
        return None
    scores = aggregate_values(
        normalised[:, kept], recipe.aggregation_of(index), given[kept], recipe.minimum_available_of(index)
    )
    weights = np.zeros(len(given))
    weights[kept] = given[kept] / total
    return Scores(scores, normalised, weights, "")


def _scores_weighed_by_school(recipe: IndexRecipe, values: np.ndarray, given: np.ndarray) -> Scores:
    """The weighted mean with the weights of each school: what weighs nothing is not asked of it.

    A school with a component of unknown weight has no score: how much the component counts is not known.
    """
    normalised = np.full(values.shape, np.nan)
    for place, node in enumerate(recipe.indicators):
        method, column = recipe.normalisation_of(node), values[:, place]
        if not is_incomparable(column, method):
            normalised[:, place] = normalise_values(column, method, node.direction)
    alike = np.isnan(normalised).all(axis=0) & ~np.isnan(values).all(axis=0)  # says nothing of anyone: left out
    weights = np.where(alike, 0.0, given)
    known, asked = ~np.isnan(normalised) & (weights > 0), weights > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        enough = known.sum(axis=1) / asked.sum(axis=1) >= recipe.minimum_available - 1e-12
        shares = np.where(known, weights, 0.0) / np.where(known, weights, 0.0).sum(axis=1, keepdims=True)
    scores = (shares * np.where(known, normalised, 0.0)).sum(axis=1)
    scores[~enough | ~known.any(axis=1) | np.isnan(weights).any(axis=1)] = np.nan
    return Scores(scores, normalised, shares, "")


def _composed_scores(recipe: IndexRecipe, population: pd.DataFrame) -> Scores:
    """The index of one population by :func:`composite_index`; without scores, and with the reason, when it cannot be composed."""
    from shnor_lib.statistics.composite.index import (
        composite_index,  # and all its stages, which a plain index does not need
    )

    try:
        result = composite_index(population, recipe)
    except CompositeError as error:
        nothing = np.full(population.shape, np.nan)
        return Scores(nothing[:, 0], nothing, nothing[0], error.reason)
    weights = result.steps.effective_weights[list(population)]
    alike = result.steps.dropped and result.normalised.isna().all(axis=None)
    remark = ALL_CONSTANT if alike else ""
    return Scores(result.scores.iloc[:, 0].to_numpy(), result.normalised.to_numpy(), weights.to_numpy(), remark)
