"""Many replications of an index at the price of a few: each stage computed once for all draws that share it.

Draws are grouped by what they chose. The table before weights is computed once for each group; the replications of the
group are then one matrix product a node, numerator and denominator (for missing values) apart. Only sampling error makes a
table of its own for each draw, and even then a whole batch of draws goes through each stage together.

The numbers are those of :func:`shnor_lib.statistics.composite.composite_index` with the drawn recipe; the tests compare them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import Aggregation, IndexRecipe, Treatment, breaks_mean
from shnor_lib.statistics.composite.aggregate import ROUNDING, copeland, mean_of
from shnor_lib.statistics.composite.impute import impute_values
from shnor_lib.statistics.composite.index import prepare
from shnor_lib.statistics.composite.normalise import is_incomparable, normalise_values, reference_row
from shnor_lib.statistics.composite.screen import denominate
from shnor_lib.statistics.composite.treat import skewness_and_kurtosis, treat_column, winsorise
from shnor_lib.statistics.uncertainty.choices import Choices
from shnor_lib.statistics.uncertainty.evidence import Evidence
from shnor_lib.statistics.uncertainty.ranking import row_batches
from shnor_lib.statistics.uncertainty.resampling import Sampler, rate_sampler


@dataclass(frozen=True)
class _Leaves:
    """Normalised indicators of a batch of draws.

    ``values`` of an indicator has a row a draw, or one row when all draws share it. ``present`` is False for an indicator
    left out of a draw as constant. ``reasons`` names why a draw failed ("" if it did not).
    """

    values: dict[str, np.ndarray]
    present: dict[str, np.ndarray]
    reasons: np.ndarray


class Replications:
    """The replications of one design: its inputs and the stages already computed."""

    def __init__(
        self,
        windows: list[Evidence],
        recipe: IndexRecipe,
        choices: Choices,
        weights: dict[str, float],
        draws: pd.DataFrame,
        seed: int,
        groups: pd.Series | None,
    ):
        self.windows, self.recipe, self.choices, self.draws = windows, recipe, choices, draws
        self.weights, self.seed, self.groups = weights, seed, groups
        self.units = windows[0].values.index
        for window in windows[1:]:
            self.units = self.units.union(window.values.index, sort=False)
        self.labels = None if groups is None else groups.reindex(self.units).to_numpy(dtype=object)
        self.multipliers = {
            column.removeprefix("weight:"): draws[column].to_numpy() for column in draws if column.startswith("weight:")
        }
        self.options = {
            "treatment": choices.treatment or (recipe.treatment,),
            "imputation": choices.imputation or (recipe.imputation,),
            "normalisation": choices.normalisation or (recipe.normalisation,),
            "aggregation": choices.aggregation or (recipe.aggregation,),
        }
        self.samplers: dict[int, Sampler] = {}
        self.staged: dict[tuple[int, ...], tuple[dict[str, np.ndarray], dict[str, str]]] = {}

    def scores(self, nodes: tuple[str, ...]) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Scores of the nodes (draws × units) and, for each draw, why it failed ("" if it did not)."""
        scores = {node: np.full((len(self.draws), len(self.units)), np.nan) for node in nodes}
        reasons = np.full(len(self.draws), "", dtype=object)
        for chosen, rows in self._rows_by(["window", "treatment", "imputation", "normalisation"]).items():
            recipe = self._recipe(*chosen[1:])
            shared = None if self.choices.sampling else self._shared_leaves(recipe, chosen)
            for (aggregation,), members in self._rows_by(["aggregation"], rows).items():
                drawn = recipe.model_copy(update={"aggregation": self.options["aggregation"][aggregation]})
                for batch in row_batches(len(members), len(self.units)):
                    part = members[batch]
                    leaves = shared or self._sampled_leaves(recipe, chosen[0], part)
                    found, reasons[part] = self._aggregate(drawn, leaves, part)
                    for node in nodes:
                        scores[node][part] = found[node]
        for node in nodes:
            scores[node][reasons != ""] = np.nan
        return scores, reasons

    def _rows_by(self, choices: list[str], rows: np.ndarray | None = None) -> dict[tuple[int, ...], np.ndarray]:
        """Row numbers of the draws that chose the same, by what they chose."""
        rows = np.arange(len(self.draws)) if rows is None else rows
        chosen = self.draws[choices].to_numpy()[rows]
        return {tuple(map(int, key)): rows[(chosen == key).all(axis=1)] for key in np.unique(chosen, axis=0)}

    def _recipe(self, treatment: int, imputation: int, normalisation: int) -> IndexRecipe:
        return self.recipe.model_copy(
            update={
                "treatment": self.options["treatment"][treatment],
                "imputation": self.options["imputation"][imputation],
                "normalisation": self.options["normalisation"][normalisation],
            }
        )

    def _included(self, recipe: IndexRecipe, window: int) -> np.ndarray:
        """Units that pass screening; decided on the table as it is, not anew for every sampled one."""
        values = self.windows[window].values
        kept = prepare(values, recipe, self.groups).prepared.index if recipe.screening else values.index
        return self.units.isin(kept)

    def _shared_leaves(self, recipe: IndexRecipe, chosen: tuple[int, ...]) -> _Leaves:
        """One row of normalised values an indicator, the same for all draws of a stage."""
        before_normalisation = chosen[:3]
        if before_normalisation not in self.staged:
            values = {name: column[:, None] for name, column in self._raw(chosen[0]).items()}
            self.staged[before_normalisation] = self._stage(recipe, chosen[0], values)
        return self._normalise(recipe, *self.staged[before_normalisation])

    def _sampled_leaves(self, recipe: IndexRecipe, window: int, part: np.ndarray) -> _Leaves:
        """Normalised values with a row a draw: every draw resamples the figures that carry their counts or errors."""
        evidence, raw = self.windows[window], self._raw(window)
        values = {name: np.repeat(column[:, None], len(part), axis=1) for name, column in raw.items()}
        names = list(values)
        counted = [name for name in names if name in evidence.numerators]
        k, n, lead = (
            table.reindex(index=self.units, columns=counted).to_numpy(float).T
            for table in (evidence.numerators, evidence.denominators, evidence.leads)
        )
        known = (n > 0) & ~np.isnan(k) & ~np.isnan(np.array([raw[name] for name in counted]).reshape(k.shape))
        if window not in self.samplers:
            kind, told = np.nonzero(known)[0], np.nan_to_num(lead[known])
            self.samplers[window] = rate_sampler(k[known], n[known], self.choices.sampling, kind, told)
        sampler = self.samplers[window]
        measured = [name for name in names if name in evidence.standard_errors]
        error = evidence.standard_errors.reindex(index=self.units, columns=measured).fillna(0.0).to_numpy(float).T
        points, place = np.unique(self.draws["sampling"].to_numpy()[part], return_inverse=True)
        rates, noise = np.full((len(points), *known.shape), np.nan), np.empty((len(points), *error.shape))
        for point, drawn, shift in zip(points, rates, noise, strict=True):
            generator = np.random.default_rng([self.seed, int(point * 2**32)])
            drawn[known] = sampler(generator, 1)[0]
            shift[:] = error * generator.standard_normal(error.shape)
        for row, name in enumerate(counted):
            values[name][known[row]] = rates[place, row][:, known[row]].T
        for row, name in enumerate(measured):
            values[name] += noise[place, row].T
        return self._normalise(recipe, *self._stage(recipe, window, values))

    def _raw(self, window: int) -> dict[str, np.ndarray]:
        table = self.windows[window].values
        denominators = {node.id: table[node.denominator] for node in self.recipe.indicators if node.denominator}
        rates = denominate(table[list(self.recipe.indicator_ids)].astype(float), denominators).reindex(self.units)
        return {name: rates[name].to_numpy() for name in rates}

    def _stage(
        self, recipe: IndexRecipe, window: int, columns: Mapping[str, np.ndarray]
    ) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        """Each indicator (units × draws) through the stages before normalisation, and why a stage failed."""
        included = self._included(recipe, window)[:, None]
        staged, reasons = {}, {}
        for indicator in recipe.indicators:
            column = columns[indicator.id]
            try:
                for stage in recipe.stages:
                    match stage:
                        case "screen" if recipe.screening:
                            column = np.where(included, column, np.nan)
                        case "treat" if recipe.treatment and indicator.treat:
                            column = _treated(column, recipe.treatment)
                        case "impute" if recipe.imputation:
                            labels = self.labels if recipe.imputation.by_group else None
                            column = impute_values(column, recipe.imputation.method, labels)
            except CompositeError as error:
                column = np.full_like(column, np.nan)
                reasons[indicator.id] = str(error.at(indicator.id))
            staged[indicator.id] = np.where(included, column, np.nan)
        return staged, reasons

    def _normalise(self, recipe: IndexRecipe, staged: dict[str, np.ndarray], failed: dict[str, str]) -> _Leaves:
        """Staged indicators normalised and turned to draws × units."""
        draws = next(iter(staged.values())).shape[1]
        reasons = np.full(draws, next(iter(failed.values()), ""), dtype=object)
        values, present = {}, {}
        for indicator in recipe.indicators:
            column, method = staged[indicator.id], recipe.normalisation_of(indicator)
            normalised = normalise_values(column, method, indicator.direction, reference_row(self.units, method))
            constant = is_incomparable(column, method)
            undefined = (~np.isnan(column) & ~np.isfinite(normalised)).any(axis=0) & ~constant
            values[indicator.id] = np.ascontiguousarray(np.where(constant | undefined, np.nan, normalised).T)
            present[indicator.id] = np.ones(draws, dtype=bool)
            if recipe.constant_indicator == "drop":
                present[indicator.id] = ~constant
            else:
                reasons[constant & (reasons == "")] = f"{indicator.id}: показатель постоянный"
            reasons[undefined & (reasons == "")] = f"{indicator.id}: нормирование не определено"
        return _Leaves(values, present, reasons)

    def _aggregate(
        self, recipe: IndexRecipe, leaves: _Leaves, part: np.ndarray
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Scores of every node (draws × units) for a batch of draws, and why draws failed."""
        draws = len(part)
        nodes = dict(leaves.values)
        reasons = np.array(np.broadcast_to(leaves.reasons, draws), dtype=object)
        for aggregate in reversed(recipe.top_down):
            children = recipe.children(aggregate.id)
            present = np.column_stack(
                [np.broadcast_to(leaves.present.get(child, True), draws).astype(float) for child in children]
            )
            weights = present * np.column_stack([self._weights(child, part) for child in children])
            reasons[(weights.sum(axis=1) <= 0) & (reasons == "")] = f"{aggregate.id}: сумма весов равна нулю"
            aggregation = recipe.aggregation_of(aggregate)
            combine = _copeland if aggregation.method == "copeland" else _mean
            nodes[aggregate.id], refused = combine(
                [nodes[child] for child in children],
                weights,
                present,
                aggregation,
                recipe.minimum_available_of(aggregate),
            )
            reasons[refused & (reasons == "")] = (
                f"{aggregate.id}: {aggregation.method} не определено: есть нулевые или отрицательные значения"
            )
        return nodes, reasons

    def _weights(self, node: str, part: np.ndarray) -> np.ndarray:
        multiplier = self.multipliers.get(node)
        return self.weights[node] * (np.ones(len(part)) if multiplier is None else multiplier[part])


def _mean(
    children: list[np.ndarray],
    weights: np.ndarray,
    present: np.ndarray,
    aggregation: Aggregation,
    minimum_available: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Children (draws × units, or one shared row) combined with a row of weights a draw; which draws are refused.

    ``present`` is 1 for the children a draw has and 0 for those it left out, for the missing rule.
    """
    draws = len(weights)
    mean = mean_of(aggregation)
    refused = np.zeros(draws, dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        if all(len(child) == 1 for child in children):
            stacked = np.concatenate(children)
            refused[:] = np.any(breaks_mean(aggregation, stacked))
            known = ~np.isnan(stacked)
            sums = weights @ np.where(known, mean.transform(stacked), 0.0)
            total = weights.sum(axis=1)[:, None] if known.all() else weights @ known
            available = known.sum(axis=0)[None, :]
        else:
            sums, total, available = 0.0, 0.0, 0
            for child, weight in zip(children, weights.T[:, :, None], strict=True):
                refused |= np.any(np.atleast_2d(breaks_mean(aggregation, child)), axis=1)
                known = ~np.isnan(child)
                if known.all():
                    sums, total, available = sums + weight * mean.transform(child), total + weight, available + 1
                else:
                    sums = sums + weight * np.where(known, mean.transform(child), 0.0)
                    total, available = total + weight * known, available + known
        scores = mean.inverse(sums / total)
    number = present.sum(axis=1)
    needed = (minimum_available - ROUNDING) * (number[:1] if (number == number[0]).all() else number)[:, None]
    enough = (available >= needed) & (np.asarray(available) > 0)
    if not enough.all():
        scores[~np.broadcast_to(enough, scores.shape)] = np.nan
    scores[refused] = np.nan
    return scores, refused


def _copeland(
    children: list[np.ndarray],
    weights: np.ndarray,
    present: np.ndarray,
    aggregation: Aggregation,
    minimum_available: float,
) -> tuple[np.ndarray, np.ndarray]:
    """As :func:`_mean` for Copeland scores, one draw after another: every pair of units is compared anew."""
    draws = len(weights)
    children = [np.broadcast_to(child, (draws, child.shape[1])) for child in children]
    scores = np.full((draws, children[0].shape[1]), np.nan)
    for draw in np.flatnonzero(weights.sum(axis=1) > 0):
        used = np.flatnonzero(present[draw])
        table = np.column_stack([children[child][draw] for child in used])
        scores[draw] = copeland(table, weights[draw, used], minimum_available)
    return scores, np.zeros(draws, dtype=bool)


def _treated(columns: np.ndarray, treatment: Treatment) -> np.ndarray:
    """Outliers treated column by column; columns that pass are not touched."""
    skew, kurtosis = skewness_and_kurtosis(columns)
    passed = (np.abs(skew) < treatment.skewness_limit) | (kurtosis < treatment.kurtosis_limit)
    told = ~np.isnan(skew) & ~np.isnan(kurtosis)
    limits = (treatment.winsorise_limit, treatment.skewness_limit, treatment.kurtosis_limit)
    treated = columns.copy()
    for column in np.flatnonzero((~passed | treatment.force) & told):
        values = columns[:, column]
        if treatment.log is None:  # what treat_column would do, without the record of its checks
            treated[:, column] = winsorise(values, *limits, force=treatment.force).values
        else:
            treated[:, column] = treat_column(values, treatment).values
    return treated
