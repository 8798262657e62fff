"""Sobol indices against functions whose indices are known."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.uncertainty.choices import Choices
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.sensitivity import index_sensitivity, sobol_draws, unit_ranks

INPUTS = [f"x{number}" for number in range(12)]


@pytest.mark.parametrize("weights", [np.arange(1.0, 13.0), np.ones(12)], ids=["rising", "equal"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weighted_sum_of_12_inputs_within_a_hundredth(weights, seed):
    """Far from zero on purpose: an estimator that is not centred (COINr's) errs by 0.26 here."""
    found = sobol_draws(
        lambda design: pd.DataFrame({"y": 100 + design.to_numpy() @ weights}), INPUTS, seed=seed
    ).indices()
    exact = weights**2 / np.sum(weights**2)
    assert np.abs(found["first"] - exact).max() < 0.01
    assert np.abs(found["total"] - exact).max() < 0.01


def test_interaction_is_in_the_total_index_only():
    found = sobol_draws(lambda d: pd.DataFrame({"y": (d["a"] - 0.5) * (d["b"] - 0.5)}), ["a", "b"], base=1024).indices()
    assert found["first"].tolist() == pytest.approx([0, 0], abs=0.03)
    assert found["total"].tolist() == pytest.approx([1, 1], abs=0.03)


def test_groups_are_judged_together():
    def result(design):
        return pd.DataFrame({"y": design["a"] + design["b"] + 2 * design["c"]})

    found = sobol_draws(result, ["a", "b", "c"], groups=["ab", "ab", "c"], base=512).indices().set_index("group")
    assert found["first"].round(2).to_dict() == pytest.approx({"ab": 1 / 3, "c": 2 / 3}, abs=0.02)


def test_intervals_hold_the_exact_value():
    weights = np.arange(1.0, 13.0)
    found = sobol_draws(lambda design: pd.DataFrame({"y": design.to_numpy() @ weights}), INPUTS, base=256).indices()
    exact = weights**2 / np.sum(weights**2)
    assert ((found["first_low"] <= exact) & (exact <= found["first_high"])).all()


def test_failed_draws_leave_with_their_whole_point_and_are_counted():
    def result(design):
        return pd.DataFrame({"y": (design["a"] + design["b"]).where(design["a"] < 0.9)})

    found = sobol_draws(result, ["a", "b"], base=512).indices()
    assert found["failed_share"].tolist() == pytest.approx([0.19, 0.19], abs=0.01)  # 1 - 0.9² : both A and B matrices
    assert found["first"].notna().all()


def test_a_result_that_never_varies_has_no_indices():
    found = sobol_draws(lambda design: pd.DataFrame({"y": 7.0, "z": design["a"]}), ["a", "b"], base=16).indices()
    assert found.set_index(["result", "group"])["first"].isna().to_dict() == {
        ("y", "a"): True,
        ("y", "b"): True,
        ("z", "a"): False,
        ("z", "b"): False,
    }


def test_the_layout_has_the_size_coinr_states():
    cases = json.loads((Path(__file__).parent / "composite/data/stats_rank_sa.json").read_text(encoding="utf-8"))
    case = next(case for case in cases if case["id"] == "SA_sample_layout")
    seen = []

    def result(design):
        seen.append(design.shape)
        return design.sum(axis=1).to_frame("y")

    sobol_draws(result, ["a", "b", "c"], base=case["args"]["N"][0]).indices()
    assert seen == [(case["output"]["rows"][0], case["output"]["cols"][0])]


def test_the_same_seed_gives_the_same_indices():
    def result(design):
        return pd.DataFrame({"y": design["a"] ** 2 + design["b"]})

    pd.testing.assert_frame_equal(*(sobol_draws(result, ["a", "b"], base=64, seed=0).indices() for _ in range(2)))


@pytest.mark.parametrize(
    ("factors", "base", "message"), [(["a"], 1000, "степенью двойки"), ([], 64, "нечего раскладывать")]
)
def test_impossible_designs_are_refused(factors, base, message):
    with pytest.raises(UncertaintyError, match=message):
        sobol_draws(lambda design: design, factors, base=base).indices()


def test_the_choice_that_moves_the_index_is_found():
    generator = np.random.default_rng(1)
    table = pd.DataFrame(generator.lognormal(size=(30, 4)), columns=list("abcd"))
    recipe = IndexRecipe(
        indicators=[{"id": name, "parent": "index"} for name in "abcd"],
        aggregates=[{"id": "index"}],
        minimum_available=1.0,
    )
    choices = Choices(weight_noise=0.02, normalisation=[{"method": "minmax"}, {"method": "rank"}])
    found = index_sensitivity(table, recipe, choices, base=128).set_index("group")
    assert found.loc["normalisation", "first"] > 0.8
    assert found.loc["weights", "total"] < 0.2
    by_weight = index_sensitivity(table, recipe, choices, base=64, by_factor=True)
    assert by_weight["group"].tolist() == ["normalisation", "weight:a", "weight:b", "weight:c", "weight:d"]
    schools = index_sensitivity(table, recipe, choices, result=unit_ranks, base=64)
    assert schools["result"].nunique() == 30
