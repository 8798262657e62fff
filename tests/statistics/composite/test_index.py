"""The whole index on tables small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.composite.index import composite_index

SCHOOLS = ["A", "B", "C", "D"]


def recipe(**changes) -> IndexRecipe:
    """Two dimensions under one index: results (quality, failing, weights 3 and 1) and staff (trained)."""
    fields = {
        "indicators": [
            {"id": "quality", "parent": "results", "weight": 3},
            {"id": "failing", "parent": "results", "direction": -1},
            {"id": "trained", "parent": "staff"},
        ],
        "aggregates": [
            {"id": "results", "parent": "index", "weight": 2},
            {"id": "staff", "parent": "index"},
            {"id": "index"},
        ],
        "minimum_available": 1.0,
    }
    return IndexRecipe(**{**fields, **changes})


def indicators(**changes) -> pd.DataFrame:
    columns = {
        "quality": [0.0, 0.5, 1.0, 0.25],
        "failing": [0.4, 0.0, 0.2, 0.4],
        "trained": [10.0, 20.0, 30.0, 40.0],
    }
    return pd.DataFrame({**columns, **changes}, index=SCHOOLS, dtype=float)


def test_scores_and_ranks_by_hand():
    result = composite_index(indicators(), recipe())
    # quality → 0, 50, 100, 25; failing (less is better) → 0, 100, 50, 0; trained → 0, 33.3, 66.7, 100
    assert result.normalised["failing"].tolist() == [0.0, 100.0, 50.0, 0.0]
    # results = (3 quality + failing) / 4
    assert result.scores["results"].tolist() == [0.0, 62.5, 87.5, 18.75]
    # index = (2 results + staff) / 3
    assert result.scores["index"].tolist() == pytest.approx([0.0, 52.7777778, 80.5555556, 45.8333333])
    assert result.ranks["index"].tolist() == [4, 2, 1, 3]
    assert list(result.scores.columns) == ["index", "results", "staff"]


def test_effective_weights_are_products_down_the_tree():
    weights = composite_index(indicators(), recipe()).steps.effective_weights
    assert weights["quality"] == pytest.approx(2 / 3 * 3 / 4)
    assert weights[["quality", "failing", "trained"]].sum() == pytest.approx(1.0)


def test_input_is_not_changed():
    given_table = indicators(quality=[0.0, np.nan, 1.0, 0.25])
    before = given_table.copy()
    composite_index(given_table, recipe(imputation={"method": "mean"}, treatment={}))
    pd.testing.assert_frame_equal(given_table, before)


def test_missing_child_makes_the_node_missing_when_all_are_required():
    result = composite_index(indicators(failing=[0.4, np.nan, 0.2, 0.4]), recipe())
    assert np.isnan(result.scores.loc["B", "results"])
    assert np.isnan(result.scores.loc["B", "index"])
    assert result.ranks.loc["B", "index"] is pd.NA
    assert result.ranks["index"].max() == 3
    assert result.steps.available.loc["B", "results"] == 0.5


def test_missing_child_is_left_out_when_half_is_enough():
    result = composite_index(indicators(failing=[0.4, np.nan, 0.2, 0.4]), recipe(minimum_available=0.5))
    assert result.scores.loc["B", "results"] == 50.0  # quality alone, its weight renormalised
    assert result.scores.loc["B", "index"] == pytest.approx((2 * 50 + 100 / 3) / 3)


def test_a_node_may_have_its_own_missing_rule():
    rules = [
        {"id": "results", "parent": "index", "weight": 2, "minimum_available": 0.5},
        {"id": "staff", "parent": "index"},
        {"id": "index"},
    ]
    result = composite_index(indicators(failing=[0.4, np.nan, 0.2, 0.4]), recipe(aggregates=rules))
    assert result.scores.loc["B", "results"] == 50.0


def test_nothing_is_imputed_unless_asked():
    assert composite_index(indicators(trained=[10, np.nan, 30, 40]), recipe()).steps.imputed.empty


def test_every_imputed_value_is_recorded():
    groups = pd.Series(["urban", "urban", "rural", "rural"], index=SCHOOLS)
    table = indicators(trained=[10, np.nan, 30, np.nan])
    result = composite_index(table, recipe(imputation={"method": "median", "by_group": True}), groups)
    assert result.steps.imputed.to_dict("records") == [
        {"unit": "B", "indicator": "trained", "value": 10.0, "method": "median", "group": "urban"},
        {"unit": "D", "indicator": "trained", "value": 30.0, "method": "median", "group": "rural"},
    ]


def test_imputation_by_group_needs_groups():
    with pytest.raises(CompositeError, match="группы единиц не переданы"):
        composite_index(indicators(), recipe(imputation={"method": "mean", "by_group": True}))


def test_screened_units_are_listed_and_leave():
    table = indicators(quality=[0, np.nan, 1, 0.25], failing=[0.4, np.nan, 0.2, 0.0])
    result = composite_index(table, recipe(screening={"minimum_available": 0.5}))
    assert list(result.scores.index) == ["A", "C", "D"]
    assert result.steps.screened["included"].to_dict() == {"A": True, "B": False, "C": True, "D": True}


def test_denominators_turn_counts_into_rates_and_zero_gives_missing():
    table = indicators(trained=[5, 0, 3, 4]).assign(teachers=[10.0, 0.0, 12.0, 8.0])
    counted = [
        *recipe().model_dump()["indicators"][:2],
        {"id": "trained", "parent": "staff", "denominator": "teachers"},
    ]
    result = composite_index(table, recipe(indicators=counted))
    assert result.steps.prepared["trained"].tolist() == pytest.approx([0.5, np.nan, 0.25, 0.5], nan_ok=True)


def test_treated_points_are_recorded():
    schools = [f"school {number}" for number in range(10)]
    table = pd.DataFrame({"pupils": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 400]}, index=schools)
    pupils = IndexRecipe(
        indicators=[{"id": "pupils", "parent": "index"}],
        aggregates=[{"id": "index"}],
        minimum_available=1,
        treatment={},
    )
    steps = composite_index(table, pupils).steps
    assert steps.treated_points.to_dict("records") == [
        {"unit": "school 9", "indicator": "pupils", "before": 400.0, "after": 9.0, "mark": "winsorised_high"}
    ]
    assert steps.treated.loc[0, "outcome"] == "winsorised"


def test_goalposts_come_from_the_description_of_the_indicator():
    described = [
        {"id": "quality", "parent": "results", "goalposts": [0.25, 0.75]},
        {"id": "failing", "parent": "results", "direction": -1, "goalposts": [0.0, 0.4]},
        {"id": "trained", "parent": "staff", "goalposts": [0, 40]},
    ]
    result = composite_index(indicators(), recipe(indicators=described, normalisation={"method": "goalposts"}))
    assert result.normalised["quality"].tolist() == [0.0, 50.0, 100.0, 0.0]
    assert result.normalised["failing"].tolist() == [0.0, 100.0, 50.0, 0.0]


def test_ties_within_noise_share_the_place():
    table = indicators(quality=[0.3, 0.1 + 0.2, 1.0, 0.0], failing=[0.2, 0.2, 0.0, 0.4], trained=[20, 20, 30, 10])
    assert composite_index(table, recipe()).ranks["index"].tolist() == [2, 2, 1, 4]


def test_weights_may_be_equal_or_from_pca():
    equal = [
        {"id": "results", "parent": "index", "weighting": "equal"},
        {"id": "staff", "parent": "index"},
        {"id": "index"},
    ]
    assert composite_index(indicators(), recipe(aggregates=equal)).scores.loc["B", "results"] == 75.0
    pca = [
        {"id": "results", "parent": "index", "weighting": "pca"},
        {"id": "staff", "parent": "index"},
        {"id": "index"},
    ]
    result = composite_index(indicators(), recipe(aggregates=pca))
    # two children: the first component always weighs them equally
    assert result.steps.weights[["quality", "failing"]].tolist() == pytest.approx([0.5, 0.5])
    assert "results" in result.steps.warnings[0]
    assert "важность" in result.steps.warnings[0]


def test_recipe_is_saved_with_the_result_as_plain_data():
    made = recipe()
    again = IndexRecipe.model_validate_json(composite_index(indicators(), made).recipe.model_dump_json())
    assert again == made


# --- refusals that name the node -------------------------------------------------------------------------------------


def test_geometric_mean_of_zero_names_the_node():
    with pytest.raises(
        CompositeError, match="^staff: среднее геометрическое не определено: значение 0 у «A» в «trained»"
    ):
        composite_index(indicators(), recipe(aggregation={"method": "geometric"}))


def test_power_mean_of_negative_scores_names_the_node():
    with pytest.raises(
        CompositeError, match=r"^staff: степенное среднее \(p = 2\) не определено: значение -1\.16\d* у «A»"
    ):
        composite_index(
            indicators(), recipe(normalisation={"method": "zscore"}, aggregation={"method": "power", "exponent": 2})
        )


def test_zero_weights_name_the_node():
    zero = [{"id": node, "parent": "results", "weight": 0} for node in ("quality", "failing")]
    with pytest.raises(CompositeError, match="^results: сумма весов равна нулю"):
        composite_index(indicators(), recipe(indicators=[*zero, {"id": "trained", "parent": "staff"}]))


def test_constant_indicator_is_named():
    with pytest.raises(CompositeError, match="^trained: показатель постоянный"):
        composite_index(indicators(trained=[7, 7, 7, 7]), recipe())


def test_constant_indicator_may_be_dropped_and_is_recorded():
    result = composite_index(indicators(failing=[0.1] * 4), recipe(constant_indicator="drop"))
    assert result.steps.dropped == ("failing",)
    assert result.steps.effective_weights["failing"] == 0
    assert result.scores["results"].tolist() == [0.0, 50.0, 100.0, 25.0]


def test_dropping_the_last_indicator_of_a_node_is_refused():
    with pytest.raises(CompositeError, match="^staff: значения всех показателей у всех школ одинаковы"):
        composite_index(indicators(trained=[7, 7, 7, 7]), recipe(constant_indicator="drop"))


def test_unknown_column_offers_the_nearest():
    with pytest.raises(CompositeError, match="«quality» нет в таблице; возможно, имелось в виду «qualty»"):
        composite_index(indicators().rename(columns={"quality": "qualty"}), recipe())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (indicators().iloc[[0, 0, 1]], "«A» повторяется"),
        (indicators().iloc[:0], "пуста"),
        (indicators().astype({"quality": str}), "quality: столбец не числовой"),
        (indicators(quality=[0, np.inf, 1, 0]), "quality: бесконечное значение у «B»"),
    ],
)
def test_unsound_tables_are_refused(table, message):
    with pytest.raises(CompositeError, match=message):
        composite_index(table, recipe())


def test_value_outside_the_declared_range_is_refused():
    rated = [{"id": "quality", "parent": "results", "range": [0, 1]}, *recipe().model_dump()["indicators"][1:]]
    with pytest.raises(CompositeError, match=r"quality: значение 50 у «B» вне диапазона 0\.\.1"):
        composite_index(indicators(quality=[0.0, 50.0, 1.0, 0.25]), recipe(indicators=rated))


# --- laws ------------------------------------------------------------------------------------------------------------

columns = st.lists(st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 3)), min_size=4, max_size=4)


@settings(max_examples=30, deadline=None)
@given(columns, columns, columns, st.permutations(SCHOOLS))
def test_row_order_does_not_matter(quality, failing, trained, order):
    table = pd.DataFrame({"quality": quality, "failing": failing, "trained": trained}, index=SCHOOLS)
    if (table.nunique() == 1).any():
        return
    pd.testing.assert_frame_equal(
        composite_index(table.loc[order], recipe()).scores.loc[SCHOOLS], composite_index(table, recipe()).scores
    )


@settings(max_examples=30, deadline=None)
@given(columns, st.floats(0.5, 20), st.floats(-50, 50))
def test_minmax_index_does_not_depend_on_units_of_measurement(quality, factor, shift):
    if max(quality) - min(quality) < 1:
        return
    first = composite_index(indicators(quality=quality), recipe())
    second = composite_index(indicators(quality=[factor * value + shift for value in quality]), recipe())
    np.testing.assert_allclose(first.scores, second.scores, atol=1e-7)


@settings(max_examples=30, deadline=None)
@given(columns, st.integers(0, 3))
def test_a_better_value_never_lowers_the_score(quality, row):
    fixed = [{"id": "quality", "parent": "results", "goalposts": [0, 100]}, *recipe().model_dump()["indicators"][1:]]
    fixed[0]["normalisation"] = {"method": "goalposts"}
    better = list(quality)
    better[row] += 1
    before = composite_index(indicators(quality=quality), recipe(indicators=fixed)).scores["index"]
    after = composite_index(indicators(quality=better), recipe(indicators=fixed)).scores["index"]
    assert after.iloc[row] >= before.iloc[row]
