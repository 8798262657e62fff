"""Analysis of an index on tables small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest

from shnor_lib.params.errors import CompositeError, CompositeWarning
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.composite.consistency import (
    correlate,
    correlation_p_values,
    cronbach_alpha,
)
from shnor_lib.statistics.composite.index import composite_index
from shnor_lib.statistics.composite.weights import pca_loadings, weights_pca


def test_alpha_by_hand():
    # variances 1 and 4, covariance 1: alpha = 2² · 1 / (1 + 4 + 2 · 1)
    children = pd.DataFrame({"a": [-1.0, 0, 1, 0], "b": [-1.0, 2.0, 1.0, -2.0]})
    covariance = children.cov().to_numpy()
    expected = 4 * covariance[0, 1] / covariance.sum()
    assert cronbach_alpha(children) == pytest.approx(expected)
    assert cronbach_alpha(children.assign(b=children["a"])) == pytest.approx(1.0)
    assert np.isnan(cronbach_alpha(children[["a"]]))


def test_alpha_is_negative_when_children_pull_apart():
    assert cronbach_alpha(pd.DataFrame({"a": [1.0, 2, 3], "b": [3.0, 2, 1.5]})) < 0


def test_correlation_with_other_columns_uses_common_units():
    indicators = pd.DataFrame({"a": [1.0, 2.0, 3.0, np.nan]}, index=list("ABCD"))
    scores = pd.DataFrame({"index": [2.0, 4.0, 6.0, 0.0]}, index=list("ABCD"))
    assert correlate(indicators, scores).loc["a", "index"] == pytest.approx(1.0)


@pytest.mark.parametrize("second", [[3, 1, 5, 2, 9, 4, 6, 10, 7, 8], [8, 7, 10, 6, 4, 9, 2, 5, 1, 3]])
def test_spearman_p_value_is_near_the_permutation_one(second):
    first = np.arange(10.0)
    found = correlation_p_values(pd.DataFrame({"a": first, "b": second}), "spearman").loc["a", "b"]
    generator = np.random.default_rng(1)
    strength = abs(np.corrcoef(first, second)[0, 1]) - 1e-12
    chance = [abs(np.corrcoef(first, generator.permutation(second))[0, 1]) >= strength for _ in range(20000)]
    assert found == pytest.approx(np.mean(chance), abs=0.003)


def test_a_nearly_perfect_order_has_a_small_p_value_not_zero():
    nearly = pd.DataFrame({"a": np.arange(10.0), "b": [2.0, 1, 4, 3, 6, 5, 8, 7, 10, 9]})
    assert 0 < correlation_p_values(nearly, "spearman").loc["a", "b"] < 1e-3


def test_too_few_common_units_have_no_p_value():
    columns = pd.DataFrame({"a": [1.0, 2.0, np.nan, 4.0], "b": [np.nan, 2.0, 3.0, 5.0]})
    assert np.isnan(correlation_p_values(columns).loc["a", "b"])


def test_an_only_child_without_weight_is_refused():
    recipe = IndexRecipe(
        indicators=[{"id": "a", "parent": "index", "weight": 0}], aggregates=[{"id": "index"}], minimum_available=0.0
    )
    with pytest.raises(CompositeError, match="^index: сумма весов равна нулю"):
        composite_index(pd.DataFrame({"a": [1.0, 2.0]}), recipe)


# --- weights by principal components ---------------------------------------------------------------------------------

CHILDREN = pd.DataFrame({"a": [1.0, 2, 3, 4, 5], "b": [1.0, 3, 2, 5, 4], "c": [2.0, 1, 3, 4, 6]})


def test_pca_weights_sum_to_one_and_always_warn():
    with pytest.warns(CompositeWarning, match="а не их важность"):
        weights = weights_pca(CHILDREN)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights > 0).all()


def test_pca_sign_does_not_flip_with_the_order_of_rows_or_columns():
    loadings, explained = pca_loadings(CHILDREN)
    turned, _ = pca_loadings(CHILDREN.iloc[::-1, ::-1])
    pd.testing.assert_series_equal(turned.reindex(loadings.index), loadings)
    assert loadings.sum() > 0
    assert explained.sum() == pytest.approx(1.0)


def test_a_child_going_against_the_others_is_refused_by_name():
    with pytest.raises(CompositeError, match="^c: первая компонента даёт отрицательную нагрузку"):
        weights_pca(CHILDREN.assign(c=-CHILDREN["c"]))


@pytest.mark.parametrize(
    ("children", "message"),
    [
        (CHILDREN.head(2), "хотя бы 3 полные строки, а их 2"),
        (CHILDREN.assign(b=1.0), "^b: показатель постоянный"),
    ],
)
def test_pca_refuses_what_it_cannot_decompose(children, message):
    with pytest.raises(CompositeError, match=message):
        pca_loadings(children)
