"""Intervals and partial pooling against published and hand-computed figures."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.intervals import mean_interval, wilson_interval
from shnor_lib.statistics.uncertainty.pooling import pool_rates
from shnor_lib.statistics.uncertainty.resampling import resample_rates


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_newcombe_1998_table_1(numerator, denominator, low, high):
    interval = wilson_interval(pd.Series([numerator]), pd.Series([denominator])).round(4)
    assert interval.loc[0].tolist() == [low, high]


def test_wilson_is_missing_without_pupils():
    interval = wilson_interval(pd.Series([0, np.nan], index=["A", "B"]), pd.Series([0, 10], index=["A", "B"]))
    assert interval.isna().all().all()


def test_impossible_counts_are_refused_with_the_school():
    with pytest.raises(UncertaintyError, match=r"строка «B»: числитель 7 не в пределах 0\.\.5"):
        wilson_interval(pd.Series({"A": 1, "B": 7}), pd.Series({"A": 5, "B": 5}))


def test_level_must_be_a_share():
    with pytest.raises(UncertaintyError, match=r"уровень доверия 95 .* например 0\.95"):
        wilson_interval(pd.Series([1]), pd.Series([5]), level=95)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_is_symmetric(counts):
    k, n = counts
    failing = wilson_interval(pd.Series([k]), pd.Series([n])).loc[0]
    passing = wilson_interval(pd.Series([n - k]), pd.Series([n])).loc[0]
    assert 0 <= failing["low"] <= k / n <= failing["high"] <= 1
    assert failing["low"] == pytest.approx(1 - passing["high"], abs=1e-12)


def test_mean_interval_by_hand():
    # t(0.975; 3) = 3.1824, s / √n = 4 / 2
    interval = mean_interval(pd.Series([50.0]), pd.Series([4.0]), pd.Series([4])).loc[0]
    assert interval.tolist() == pytest.approx([50 - 6.3649, 50 + 6.3649], abs=1e-4)


def test_mean_of_one_value_has_no_interval():
    assert mean_interval(pd.Series([50.0]), pd.Series([0.0]), pd.Series([1])).isna().all().all()


# --- partial pooling -------------------------------------------------------------------------------------------------

FAILING = pd.Series({"A": 2, "B": 0, "C": 20, "D": 31, "E": 12, "F": 2, "G": 0})
PARTICIPANTS = pd.Series({"A": 5, "B": 4, "C": 100, "D": 100, "E": 100, "F": 40, "G": 0})


def test_pooled_rate_is_the_stated_formula():
    pooled = pool_rates(FAILING, PARTICIPANTS)
    expected = (2 + pooled.mean * pooled.strength) / (5 + pooled.strength)
    assert pooled.rates.loc["A", "pooled"] == pytest.approx(expected)
    assert pooled.rates.loc["A", "own_weight"] == pytest.approx(5 / (5 + pooled.strength))


def test_small_schools_are_pulled_more_and_nobody_past_the_typical_rate():
    pooled = pool_rates(FAILING, PARTICIPANTS)
    rates = pooled.rates.drop("G")
    distance = (rates["raw"] - pooled.mean).abs()
    assert (rates["shift"].abs() <= distance + 1e-12).all()
    pull = rates["shift"].abs() / distance
    assert pull["B"] > pull["A"] > pull["F"] > pull["C"]
    assert (rates["low"] < rates["pooled"]).all()
    assert (rates["pooled"] < rates["high"]).all()


def test_the_effect_on_places_is_shown():
    rates = pool_rates(FAILING, PARTICIPANTS).rates
    assert rates.loc["A", "raw_rank"] == 1
    assert rates.loc["A", "pooled_rank"] == 2  # 2 of 5 is less evidence than 31 of 100


def test_a_school_without_pupils_is_not_given_the_typical_rate():
    assert pool_rates(FAILING, PARTICIPANTS).rates.loc["G"].isna().all()


def test_too_few_schools_are_refused():
    with pytest.raises(UncertaintyError, match="школ с данными 4"):
        pool_rates(FAILING.head(4), PARTICIPANTS.head(4))


def test_the_fit_recovers_a_known_distribution():
    generator = np.random.default_rng(5)
    participants = pd.Series(generator.integers(5, 200, size=4000))
    failing = pd.Series(generator.binomial(participants, generator.beta(6, 24, size=4000)))
    pooled = pool_rates(failing, participants)
    assert pooled.mean == pytest.approx(0.2, abs=0.005)
    assert pooled.strength == pytest.approx(30, rel=0.1)


def test_schools_that_do_not_differ_are_pooled_completely():
    failing, participants = pd.Series([20] * 8), pd.Series([100] * 8)
    pooled = pool_rates(failing, participants)
    assert pooled.strength > 1e4
    assert pooled.rates["pooled"].tolist() == pytest.approx([0.2] * 8, rel=1e-3)


# --- sampling error --------------------------------------------------------------------------------------------------


def test_resampled_rates_spread_as_the_binomial():
    rates = resample_rates(pd.Series({"A": 20}), pd.Series({"A": 100}), 20000, seed=3, method="binomial")
    assert rates["A"].mean() == pytest.approx(0.2, abs=0.002)
    assert rates["A"].std() == pytest.approx(np.sqrt(0.2 * 0.8 / 100), rel=0.03)


def test_nobody_of_few_is_not_certain_except_in_the_plain_binomial():
    none, few = pd.Series({"A": 0}), pd.Series({"A": 6})
    assert resample_rates(none, few, 500, seed=1, method="binomial")["A"].eq(0).all()
    assert resample_rates(none, few, 500, seed=1)["A"].mean() == pytest.approx(0.5 / 7, abs=0.01)  # Beta(0.5, 6.5)


def test_resampling_is_repeatable_and_keeps_the_missing():
    counts = pd.Series({"A": 2, "B": 0}), pd.Series({"A": 9, "B": 0})
    first, second = (resample_rates(*counts, 10, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert first["B"].isna().all()


def drawn_counts(seed: int, schools: int = 2000, strength: float = 8.0):
    """True rates of schools that differ by Beta(0.3 · strength, 0.7 · strength), with 5 to 30 pupils each."""
    random = np.random.default_rng(seed)
    truth, people = random.beta(0.3 * strength, 0.7 * strength, schools), random.integers(5, 31, schools)
    return truth, pd.Series(random.binomial(people, truth)), pd.Series(people)


def test_pooled_draws_are_as_far_apart_as_the_true_rates():
    """Beside one another a school's own counts alone spread it further: chance is added to what has chance in it already."""
    truth, failing, people = drawn_counts(1)
    spread = {way: resample_rates(failing, people, 50, 2, way).std(axis=1).mean() for way in ("pooled", "jeffreys")}
    assert spread["pooled"] == pytest.approx(truth.std(), rel=0.05)
    assert spread["jeffreys"] > 1.15 * truth.std()


def test_pooled_chances_of_the_lowest_places_hold():
    """Of nine schools an office: of those told to be among the lowest two with a probability, as many are."""
    truth, failing, people = drawn_counts(3, 3600, strength=20.0)

    def lowest(rates):
        return rates.reshape(*rates.shape[:-1], -1, 9).argsort(axis=-1).argsort(axis=-1) < 2

    off = {}
    for way in ("pooled", "jeffreys"):
        drawn = resample_rates(failing, people, 200, 4, way, np.arange(3600) // 9).to_numpy()
        said, is_low = lowest(drawn).mean(axis=0).ravel(), lowest(truth).ravel()
        bins = [(said >= low) & (said < low + 0.2) for low in (0.0, 0.2, 0.4, 0.6, 0.8)]
        off[way] = max(abs(said[one].mean() - is_low[one].mean()) for one in bins if one.sum() >= 200)
    assert off["pooled"] < 0.05 < off["jeffreys"]


def test_two_schools_tell_nothing_of_each_other():
    few = pd.Series([0, 9]), pd.Series([6, 9])
    pooled, alone = (resample_rates(*few, 2000, 5, way).mean() for way in ("pooled", "jeffreys"))
    assert pooled.tolist() == pytest.approx(alone.tolist(), abs=0.02)
    assert resample_rates(pd.Series(dtype=float), pd.Series(dtype=float), 3, 1, "pooled").shape == (3, 0)
