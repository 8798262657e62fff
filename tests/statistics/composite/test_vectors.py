"""Laws of the vector functions that single reference cases do not show."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import (
    DistanceToReference,
    FractionOfMaximum,
    Goalposts,
    MinMax,
    PlainMean,
    Rank,
    Treatment,
    ZScore,
)
from shnor_lib.statistics.composite import aggregate, normalise, treat
from shnor_lib.statistics.composite.impute import impute_frame, impute_values
from shnor_lib.statistics.composite.ranking import rank_values

numbers = st.lists(st.floats(-1e3, 1e3).map(lambda value: round(value, 4)), min_size=4, max_size=12)
positive = st.lists(st.floats(0.1, 100), min_size=1, max_size=8)


@given(numbers)
def test_normalised_columns_of_a_matrix_are_the_vectors(values):
    matrix = np.column_stack([values, values[::-1]])
    for function in (
        *(
            partial(normalise.normalise_values, method=method())
            for method in (MinMax, ZScore, Rank, partial(Rank, method="percentile_rank"), FractionOfMaximum)
        ),
        lambda column: treat.skewness_and_kurtosis(column)[0],
        lambda column: treat.skewness_and_kurtosis(column)[1],
        partial(impute_values, statistic="median"),
    ):
        together = np.atleast_2d(function(matrix))
        apart = np.column_stack([np.atleast_1d(function(np.array(column))) for column in matrix.T])
        np.testing.assert_allclose(together, apart.reshape(together.shape), rtol=1e-9, atol=1e-9)


@given(st.lists(st.one_of(st.integers(0, 5).map(float), st.just(np.nan)), min_size=1, max_size=12))
@pytest.mark.parametrize("ties", ["min", "max", "average"])
def test_ranks_agree_with_scipy(ties, values):
    ours = rank_values(np.array(values), ties=ties)
    known = ~np.isnan(values)
    np.testing.assert_array_equal(ours[known], stats.rankdata(np.array(values)[known], method=ties))
    assert np.isnan(ours[~known]).all()


@given(positive, st.data())
def test_means_keep_their_order_and_stay_between_the_extremes(values, data):
    weights = np.array(data.draw(st.lists(st.floats(0.1, 5), min_size=len(values), max_size=len(values))))
    values = np.array(values)
    harmonic = aggregate.aggregate_values(values, PlainMean(method="harmonic"), weights)
    geometric = aggregate.aggregate_values(values, PlainMean(method="geometric"), weights)
    arithmetic = aggregate.aggregate_values(values, PlainMean(), weights)
    slack = 1e-9 * values.max()
    assert values.min() - slack <= harmonic <= geometric + slack <= arithmetic + 2 * slack <= values.max() + 3 * slack


@given(positive, st.floats(0.1, 10))
def test_only_the_ratio_of_weights_matters(values, factor):
    weights = np.arange(1.0, len(values) + 1)
    first = aggregate.aggregate_values(np.array(values), PlainMean(method="geometric"), weights)
    assert aggregate.aggregate_values(
        np.array(values), PlainMean(method="geometric"), weights * factor
    ) == pytest.approx(first)


def test_a_unit_whose_known_children_weigh_nothing_has_no_score():
    assert np.isnan(aggregate.aggregate_values(np.array([5.0, np.nan]), PlainMean(), np.array([0.0, 1.0])))


@settings(max_examples=40)
@given(st.permutations(range(6)))
def test_copeland_does_not_depend_on_row_order_even_with_gaps(order):
    values = np.array(
        [[5, 2, 7], [3, np.nan, 1], [8, 9, 1], [5, 4, np.nan], [1, 4, 3], [np.nan, np.nan, 2]], dtype=float
    )
    order = np.array(order)
    scores = aggregate.copeland(values, np.array([3.0, 2.0, 1.0]))
    np.testing.assert_array_equal(aggregate.copeland(values[order], np.array([3.0, 2.0, 1.0])), scores[order])
    assert scores.sum() == 0


def test_copeland_leaves_out_units_with_too_little_known():
    values = np.array([[2.0, 2.0], [1.0, np.nan], [0.0, 0.0]])
    assert aggregate.copeland(values, minimum_available=1.0).tolist() == pytest.approx([1, np.nan, -1], nan_ok=True)


def test_winsorising_without_limit_stops_before_the_column_is_flat():
    values = np.array([0.0] * 30 + [1.0, 1000.0])
    winsorised = treat.winsorise(values, limit=None)
    assert len(np.unique(winsorised.values)) == 2


def test_a_column_still_skewed_after_the_logarithm_says_so():
    values = np.array([0.0] * 60 + [1e6])
    record = treat.treat_column(values, Treatment(winsorise_limit=1)).details
    assert record["outcome"] == "still_skewed"
    assert record["passed_log"] is False


def test_logarithm_of_the_winsorised_column_marks_both_treatments():
    values = np.concatenate([np.exp(np.arange(20) / 1.5), [1e9]])
    treated = treat.treat_column(values, Treatment(winsorise_limit=1, combine=True))
    assert treated.marks[-1] == "winsorised_high+log_ct"
    assert treated.values[-1] == treated.values[-2]


def test_forced_winsorising_works_on_a_column_that_passes():
    """COINr 1.1.14 ignores the wish when the column passes (its issue 53)."""
    treated = treat.treat_column(np.arange(10.0), Treatment(winsorise_limit=2, force=True))
    assert treated.details["winsorised_points"] == 2
    assert treated.details["passed_before"] is True


def test_groups_without_values_stay_missing():
    indicators = pd.DataFrame({"quality": [1.0, np.nan, np.nan]}, index=list("ABC"))
    groups = pd.Series({"A": "urban", "B": "rural", "C": None})
    filled = impute_frame(indicators, "mean", groups)
    assert filled.frame["quality"].isna().tolist() == [False, True, True]
    assert filled.record.empty


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: normalise.normalise_values(np.array([1.0]), Goalposts(low=5, high=5)),
            "целевые точки: нижняя 5 должна быть меньше",
        ),
        (lambda: normalise.normalise_frame(pd.DataFrame({"a": [3.0, 3.0]}), MinMax()), "^a: показатель постоянный"),
        (
            lambda: normalise.normalise_frame(pd.DataFrame({"a": [3.0, 4.0]}), DistanceToReference(reference="Z")),
            "^a: опорной единицы «Z» нет",
        ),
        (
            lambda: aggregate.aggregate_values(np.array([1.0, 2.0]), PlainMean(), np.array([1.0, -1.0])),
            "вес отрицателен",
        ),
        (
            lambda: aggregate.aggregate_values(np.array([1.0, 2.0]), PlainMean(), np.array([0.0, 0.0])),
            "сумма весов равна нулю",
        ),
        (lambda: rank_values(np.array([1.0]), ties="dense"), "допустимы min, average, max"),
    ],
)
def test_impossible_requests_are_refused(call, message):
    with pytest.raises(CompositeError, match=message):
        call()
