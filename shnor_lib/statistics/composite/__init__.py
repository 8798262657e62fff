"""Composite indices: a tree of indicators normalised, weighted and combined by a checked recipe.

Three layers, one family a module: *vector* functions over numpy arrays (``normalise_values``, ``aggregate_values``),
*frame* functions over tables (``normalise_frame``, ``treat_outliers``), and the *index* (``compose``) that applies a whole
:class:`IndexRecipe`. Errors are :class:`CompositeError` and name the node.
"""

from shnor_lib.params.errors import CompositeError, CompositeWarning
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.composite.aggregate import aggregate_frame, aggregate_values, copeland, outrank
from shnor_lib.statistics.composite.consistency import correlate, correlation_p_values, cronbach_alpha
from shnor_lib.statistics.composite.impute import impute_by_row, impute_frame, impute_over_time, impute_values
from shnor_lib.statistics.composite.index import IndexResult, Steps, compose
from shnor_lib.statistics.composite.normalise import normalise_frame, normalise_values
from shnor_lib.statistics.composite.ranking import rank_scores, rank_values
from shnor_lib.statistics.composite.screen import denominate, describe_indicators, screen_units
from shnor_lib.statistics.composite.treat import (
    box_cox,
    log_ct,
    log_ct_signed,
    log_gii,
    log_shift,
    skewness_and_kurtosis,
    treat_outliers,
    winsorise,
)
from shnor_lib.statistics.composite.trend import growth_rate, interpolate_over_time, percentage_change
from shnor_lib.statistics.composite.weights import effective_weights, pca_loadings, weights_pca
