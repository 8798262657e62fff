"""Composite indices: a tree of indicators normalised, weighted and combined by a checked recipe.

Three layers, one family a module: *vector* functions over numpy arrays (``normalise_minmax``, ``aggregate_geometric``),
*frame* functions over tables (``normalise_frame``, ``treat_outliers``), and the *index* (``compose``) that applies a whole
:class:`IndexRecipe`. Errors are :class:`CompositeError` and name the node.
"""

from shnor_lib.params.errors import CompositeError, CompositeWarning
from shnor_lib.params.recipe import IndexRecipe, recipe_from_table
from shnor_lib.statistics.composite.aggregate import (
    aggregate_arithmetic,
    aggregate_frame,
    aggregate_geometric,
    aggregate_harmonic,
    aggregate_power,
    copeland,
    outrank,
)
from shnor_lib.statistics.composite.impute import (
    impute_by_row,
    impute_frame,
    impute_mean,
    impute_median,
    impute_over_time,
)
from shnor_lib.statistics.composite.index import IndexResult, Steps, aggregate_tree, compose
from shnor_lib.statistics.composite.normalise import (
    normalise_borda,
    normalise_distance_to_maximum,
    normalise_distance_to_reference,
    normalise_distance_to_target,
    normalise_fraction_of_maximum,
    normalise_frame,
    normalise_goalposts,
    normalise_minmax,
    normalise_percentile_rank,
    normalise_rank,
    normalise_scaled,
    normalise_zscore,
)
from shnor_lib.statistics.composite.ranking import rank_scores, rank_values
from shnor_lib.statistics.composite.screen import denominate, describe_indicators, screen_units
from shnor_lib.statistics.composite.treat import (
    box_cox,
    excess_kurtosis,
    log_ct,
    log_ct_signed,
    log_gii,
    log_shift,
    skewness,
    treat_outliers,
    winsorise,
)
from shnor_lib.statistics.composite.weights import effective_weights, pca_loadings, weights_equal, weights_pca

__all__ = [
    "CompositeError",
    "CompositeWarning",
    "IndexRecipe",
    "IndexResult",
    "Steps",
    "aggregate_arithmetic",
    "aggregate_frame",
    "aggregate_geometric",
    "aggregate_harmonic",
    "aggregate_power",
    "aggregate_tree",
    "box_cox",
    "compose",
    "copeland",
    "denominate",
    "describe_indicators",
    "effective_weights",
    "excess_kurtosis",
    "impute_by_row",
    "impute_frame",
    "impute_mean",
    "impute_median",
    "impute_over_time",
    "log_ct",
    "log_ct_signed",
    "log_gii",
    "log_shift",
    "normalise_borda",
    "normalise_distance_to_maximum",
    "normalise_distance_to_reference",
    "normalise_distance_to_target",
    "normalise_fraction_of_maximum",
    "normalise_frame",
    "normalise_goalposts",
    "normalise_minmax",
    "normalise_percentile_rank",
    "normalise_rank",
    "normalise_scaled",
    "normalise_zscore",
    "outrank",
    "pca_loadings",
    "rank_scores",
    "rank_values",
    "recipe_from_table",
    "screen_units",
    "skewness",
    "treat_outliers",
    "weights_equal",
    "weights_pca",
    "winsorise",
]
