"""The fast replications are the slow ones: every draw is compared with `composite_index` of the recipe it drew."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.statistics.composite.index import composite_index
from shnor_lib.statistics.uncertainty import ranking
from shnor_lib.statistics.uncertainty.choices import Choices, Factor, factors_of, quasi_random_design, realise
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.evidence import Evidence
from shnor_lib.statistics.uncertainty.simulation import evaluate, simulate

UNITS = [f"school {number:02d}" for number in range(24)]
MINMAX, ZSCORE, RANKS = (
    {"method": "minmax", "low": 1, "high": 100},
    {"method": "zscore", "mean": 10},
    {"method": "rank"},
)


def table(seed: int = 1, missing: float = 0.1) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    values = np.exp(generator.normal(size=(len(UNITS), 6)) * 1.2)
    values[generator.random(values.shape) < missing] = np.nan
    return pd.DataFrame(values, index=UNITS, columns=list("abcdef"))


def recipe(**changes) -> IndexRecipe:
    fields = {
        "indicators": [
            {"id": "a", "parent": "x", "weight": 2},
            {"id": "b", "parent": "x", "direction": -1},
            {"id": "c", "parent": "y"},
            {"id": "d", "parent": "y", "weight": 3},
            {"id": "e", "parent": "y", "treat": False},
            {"id": "f", "parent": "index", "weight": 0.5},
        ],
        "aggregates": [{"id": "x", "parent": "index"}, {"id": "y", "parent": "index", "weight": 2}, {"id": "index"}],
        "minimum_available": 0.5,
        "normalisation": MINMAX,
    }
    return IndexRecipe(**{**fields, **changes})


def drawn(nominal: IndexRecipe, choices: Choices, draw: pd.Series) -> IndexRecipe:
    """The recipe of one draw, put together the slow way."""
    changed = nominal.model_copy(
        update={
            name: getattr(choices, name)[int(draw[name])]
            for name in ("normalisation", "aggregation", "treatment", "imputation")
            if getattr(choices, name)
        }
    )
    weights = {
        name.removeprefix("weight:"): nominal.node(name.removeprefix("weight:")).weight * draw[name]
        for name in draw.index
        if name.startswith("weight:")
    }
    reweighed = {
        kind: tuple(
            node.model_copy(update={"weight": weights.get(node.id, node.weight)}) for node in getattr(changed, kind)
        )
        for kind in ("indicators", "aggregates")
    }
    return changed.model_copy(update=reweighed)


GROUPS = pd.Series(["urban", "rural"] * 12, index=UNITS)
EVERYTHING = Choices(
    weight_noise=0.5,
    normalisation=[MINMAX, ZSCORE, RANKS],
    aggregation=[{"method": "arithmetic"}],
    treatment=[None, {"winsorise_limit": 1}, {"winsorise_limit": 5}, {"winsorise_limit": 1, "log": None}],
    imputation=[None, {"method": "mean"}, {"method": "median", "by_group": True}],
)
MEANS = Choices(
    weight_noise=0.5,
    aggregation=[
        {"method": "geometric"},
        {"method": "harmonic"},
        {"method": "power", "exponent": 0.5},
        {"method": "copeland"},
    ],
)


@pytest.mark.parametrize("choices", [EVERYTHING, MEANS], ids=["stages", "means"])
@pytest.mark.parametrize("rule", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("screening", [None, {"minimum_available": 0.8}], ids=["all units", "screened"])
def test_every_draw_is_compose_of_its_recipe(choices, rule, screening):
    nominal = recipe(minimum_available=rule, screening=screening, constant_indicator="drop")
    simulation = simulate(table(), nominal, choices, replications=32, seed=7, groups=GROUPS, nodes=("index", "y"))
    assert simulation.failures.empty
    for number, draw in simulation.draws.iterrows():
        slow = composite_index(table(), drawn(nominal, choices, draw), GROUPS).scores.reindex(UNITS)
        for node in ("index", "y"):
            np.testing.assert_allclose(simulation.scores[node].loc[number], slow[node], rtol=1e-10, atol=1e-12)


def test_windows_are_a_choice_and_a_unit_absent_from_one_has_no_score_there():
    year, mean = table(1), table(2).iloc[:-1]
    simulation = simulate({"2021": year, "2019–2021": mean}, recipe(), Choices(), replications=16)
    assert simulation.draws["window"].value_counts().to_dict() == {"2021": 8, "2019–2021": 8}
    for number, draw in simulation.draws.iterrows():
        slow = composite_index(year if draw["window"] == "2021" else mean, recipe()).scores["index"].reindex(UNITS)
        np.testing.assert_allclose(simulation.scores["index"].loc[number], slow, rtol=1e-12)
    assert simulation.summary().loc[UNITS[-1], "failed_share"] == 0.5


def test_without_choices_nothing_is_uncertain():
    summary = simulate(table(missing=0), recipe(), Choices(), replications=8).summary()
    assert set(summary["p_lowest"]) == {0.0, 1.0}
    assert summary["p_lowest"].sum() == 6  # a quarter of 24
    assert (summary["rank_5"] == summary["rank"]).all()
    assert (summary["rank_95"] == summary["rank"]).all()


def test_probabilities_add_up_to_the_quota():
    summary = simulate(table(missing=0), recipe(), Choices(weight_noise=0.5), replications=256).summary(share=0.25)
    assert summary["p_lowest"].sum() == pytest.approx(6)
    assert summary["p_lowest"].between(0.01, 0.99).any()


def test_a_drawn_threshold_widens_identification():
    simulation = simulate(table(missing=0), recipe(), Choices(share=(0.0, 0.5)), replications=256)
    summary = simulation.summary(share=0.25)
    # nothing else varies: the lowest school is identified whenever the quota is at least one, share >= 0.5 / 24
    lowest, highest = summary["rank"].idxmax(), summary["rank"].idxmin()
    assert summary.loc[lowest, "p_identified"] == pytest.approx(1 - 0.5 / 24 / 0.5, abs=0.01)
    assert summary.loc[highest, "p_identified"] == 0
    assert summary["p_identified"].sum() == pytest.approx(24 * 0.25, abs=0.2)


def test_failed_draws_are_kept_counted_and_explained():
    choices = Choices(normalisation=[MINMAX, {"method": "minmax"}], aggregation=[{"method": "geometric"}])
    simulation = simulate(table(), recipe(), choices, replications=64)
    failed = simulation.draws.index[simulation.draws["normalisation"] == 1]
    assert simulation.failures["draw"].tolist() == list(failed)  # 0..100 holds zeros, 1..100 does not
    assert simulation.failures["reason"].str.match("[xy]: geometric не определено").all()
    assert simulation.scores["index"].loc[failed].isna().all().all()
    assert (simulation.summary()["failed_share"] >= 0.5).all()


def test_a_constant_indicator_fails_the_draws_of_its_window_and_is_named():
    flat = table(missing=0).assign(d=1.0)
    simulation = simulate({"good": table(missing=0), "flat": flat}, recipe(), Choices(), replications=16)
    assert set(simulation.failures["reason"]) == {"d: показатель постоянный"}
    assert len(simulation.failures) == 8


def test_a_constant_indicator_may_be_dropped_in_its_draws_only():
    flat = table(missing=0).assign(d=1.0)
    kind = recipe(constant_indicator="drop")
    simulation = simulate({"flat": flat, "good": table(missing=0)}, kind, Choices(), replications=16)
    for number, draw in simulation.draws.iterrows():
        slow = composite_index(flat if draw["window"] == "flat" else table(missing=0), kind).scores["index"]
        np.testing.assert_allclose(simulation.scores["index"].loc[number], slow, rtol=1e-12)


def test_pca_weights_are_the_nominal_ones():
    nodes = [{"id": "x", "parent": "index"}, {"id": "y", "parent": "index", "weighting": "pca"}, {"id": "index"}]
    generator = np.random.default_rng(3)
    common = generator.normal(size=24)
    values = table(missing=0).assign(**{name: common + generator.normal(size=24) for name in "cde"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulation = simulate(values, recipe(aggregates=nodes), Choices(), replications=4)
    slow = composite_index(values, recipe(aggregates=nodes)).scores["index"]
    np.testing.assert_allclose(simulation.scores["index"].iloc[0], slow, rtol=1e-12)


# --- sampling error --------------------------------------------------------------------------------------------------


def evidence(participants: int = 20) -> Evidence:
    denominators = pd.DataFrame({"a": [participants] * 23 + [2000], "b": [participants] * 24}, index=UNITS)
    generator = np.random.default_rng(2)
    numerators = pd.DataFrame(generator.binomial(denominators, 0.4), index=UNITS, columns=["a", "b"])
    values = table(missing=0).assign(a=numerators["a"] / denominators["a"], b=numerators["b"] / denominators["b"])
    errors = pd.DataFrame({"c": [0.05] * 23 + [0.0]}, index=UNITS)
    return Evidence(values, numerators, denominators, errors)


def test_small_schools_are_less_sure_than_large_ones():
    fixed = recipe(
        indicators=[{"id": "a", "parent": "index"}],
        aggregates=[{"id": "index"}],
        normalisation={"method": "goalposts", "low": 0, "high": 1, "factor": 1},
    )
    scores = simulate(evidence(), fixed, Choices(sampling="jeffreys"), replications=2048).scores["index"]
    for school, participants in ((UNITS[0], 20), (UNITS[-1], 2000)):
        failing = evidence().numerators.loc[school, "a"]
        k, n = failing + 0.5, participants + 1  # Beta(k + ½, n - k + ½)
        assert scores[school].mean() == pytest.approx(k / n, abs=0.01)
        assert scores[school].std() == pytest.approx(np.sqrt(k / n * (1 - k / n) / (n + 1)), rel=0.06)


def test_sampled_draws_go_through_every_stage():
    staged = recipe(treatment={"winsorise_limit": 2}, imputation={"method": "mean"}, normalisation=RANKS)
    simulation = simulate(evidence(), staged, Choices(sampling="binomial"), replications=16)
    assert simulation.failures.empty
    scores = simulation.scores["index"]
    assert scores.notna().all().all()
    assert scores.nunique().gt(1).all()


def test_sampling_does_not_depend_on_batches(monkeypatch):
    choices = Choices(sampling="jeffreys", weight_noise=0.2)
    whole = simulate(evidence(), recipe(), choices, replications=32).scores["index"]
    monkeypatch.setattr(ranking, "BATCH_CELLS", 50)
    pd.testing.assert_frame_equal(simulate(evidence(), recipe(), choices, replications=32).scores["index"], whole)


def test_exact_figures_do_not_move_under_sampling():
    mixed = recipe(indicators=[{"id": "a", "parent": "x"}, {"id": "d", "parent": "y"}])
    scores = simulate(evidence(), mixed, Choices(sampling="jeffreys"), replications=8, nodes=("x", "y")).scores
    assert scores["y"].nunique().eq(1).all()
    assert scores["x"].nunique().gt(1).any()


def test_counts_must_be_behind_the_values():
    with pytest.raises(UncertaintyError, match=r"a: у «school 00» значение 40 не равно"):
        counts = pd.DataFrame({"a": [4.0]}, index=UNITS[:1])
        Evidence(pd.DataFrame({"a": [40.0]}, index=UNITS[:1]), counts, counts * 2.5)


# --- designs ---------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_result_and_another_one_does_not():
    first, same, other = (
        simulate(table(), recipe(), Choices(weight_noise=0.3), 16, seed=seed).scores["index"] for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, same)
    assert not first.equals(other)


def test_weights_are_noisy_as_stated():
    choices = Choices(weight_noise=0.25, weight_nodes=("a", "b"))
    draws = simulate(table(), recipe(), choices, 512).draws
    noise = draws[["weight:a", "weight:b"]]
    assert noise.min().min() >= 0.75
    assert noise.max().max() <= 1.25
    assert noise.mean().tolist() == pytest.approx([1, 1], abs=0.002)
    assert "weight:c" not in draws


def test_factors_are_only_what_varies():
    names = [factor.name for factor in factors_of(recipe(), Choices(normalisation=[MINMAX], share=(0.2, 0.3)), 2)]
    assert names == ["window", "share"]


def test_alternatives_are_cut_over_the_unit_interval_not_over_the_sample():
    """COINr 1.1.14 cuts over the range of the sample (its case sample_2_para_disc_quirk); all four draws are below 1/2."""
    cases = json.loads((Path(__file__).parent / "composite/data/stats_rank_sa.json").read_text(encoding="utf-8"))
    case = next(case for case in cases if case["id"] == "sample_2_para_disc_quirk")
    design = pd.DataFrame({"window": case["args"]["x"]})
    draws = realise(design, (Factor("window", "window", 2),), Choices(), 0.25)
    assert draws["window"].tolist() == [0, 0, 0, 0]
    assert case["output"] == ["a", "a", "a", "b"]


def test_the_design_is_balanced():
    design = quasi_random_design((Factor("window", "window", 2), Factor("share", "share")), 1000, seed=3)
    assert len(design) == 1024
    quarters = np.floor(design * 4).value_counts()
    assert (quarters == 64).all()


def test_a_design_of_ones_own_is_replayed():
    design = pd.DataFrame({"normalisation": [0.1, 0.9], "weight:a": [0.5, 1.0]})
    choices = Choices(weight_noise=0.5, weight_nodes=("a",), normalisation=[MINMAX, ZSCORE])
    simulation = evaluate(table(), recipe(), choices, design)
    assert simulation.draws["weight:a"].tolist() == [1.0, 1.5]
    slow = composite_index(table(), drawn(recipe(), choices, simulation.draws.loc[1])).scores["index"]
    np.testing.assert_allclose(simulation.scores["index"].loc[1], slow, rtol=1e-12)


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"choices": Choices(sampling="jeffreys")}, "передайте Evidence"),
        ({"choices": Choices(share=(0.4, 0.2))}, r"диапазон доли 0\.4\.\.0\.2"),
        ({"choices": Choices(imputation=[{"method": "mean", "by_group": True}, None])}, "группы единиц не переданы"),
        ({"choices": Choices(), "replications": 0}, "не меньше 1"),
        ({"choices": Choices(), "nodes": ("a",)}, "«a» — показатель, а не агрегат"),
        ({"choices": Choices(), "tables": {}}, "ни одной таблицы"),
        (
            {"choices": Choices(), "tables": {"year": table(), "mean": table().drop(columns="c")}},
            "таблица «mean»: .*«c»",
        ),
        ({"choices": Choices(treatment=[{}]), "recipe": recipe(stages=["screen"])}, "варианты этапа treat"),
    ],
)
def test_impossible_requests_are_refused(arguments, message):
    arguments = {"tables": table(), "recipe": recipe(), "replications": 4, **arguments}
    with pytest.raises(UncertaintyError, match=message):
        simulate(**arguments)


def test_unknown_weight_nodes_are_refused():
    with pytest.raises(CompositeError, match="узла «aa» нет"):
        simulate(table(), recipe(), Choices(weight_noise=0.1, weight_nodes=("aa",)), 4)
