"""Places and the lowest share over many draws, checked against a plain count."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.statistics.uncertainty import ranking
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.ranking import (
    lowest_quota,
    lowest_ranked,
    rank_draws,
    summarise_flags,
    summarise_ranks,
)


def counted_plainly(scores: list[float], share: float, rounding: str, ties: str) -> list[float]:
    known = sorted(score for score in scores if not math.isnan(score))
    exact = round(share * len(known), 9)
    quota = {"nearest": math.floor(exact + 0.5), "up": math.ceil(exact), "down": math.floor(exact)}[rounding]
    if quota == 0:
        chosen = set()
    else:
        chosen = {score for score in known if score <= known[quota - 1]}
        if ties == "exclude" and sum(score in chosen for score in known) > quota:
            chosen.discard(known[quota - 1])
    return [math.nan if math.isnan(score) else float(score in chosen) for score in scores]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 6).map(float), st.just(math.nan)), min_size=1, max_size=14),
    st.floats(0, 1),
    st.sampled_from(["nearest", "up", "down"]),
    st.sampled_from(["include", "exclude"]),
)
def test_lowest_share_is_the_plain_count(scores, share, rounding, ties):
    flags = lowest_ranked(rank_draws(pd.DataFrame([scores])), share, rounding, ties)
    np.testing.assert_array_equal(flags.to_numpy()[0], counted_plainly(scores, share, rounding, ties))


def test_quarter_of_small_municipalities_by_each_rounding():
    units = np.array([9, 14, 7, 3, 1])
    assert lowest_quota(units, 0.25, "nearest").tolist() == [2, 4, 2, 1, 0]
    assert lowest_quota(units, 0.25, "up").tolist() == [3, 4, 2, 1, 1]
    assert lowest_quota(units, 0.25, "down").tolist() == [2, 3, 1, 0, 0]


def test_each_draw_may_have_its_own_share():
    scores = pd.DataFrame([[1.0, 2.0, 3.0, 4.0]] * 2)
    assert lowest_ranked(rank_draws(scores), np.array([0.25, 0.5])).sum(axis=1).tolist() == [1.0, 2.0]


def test_noise_does_not_split_ties():
    scores = pd.DataFrame([[0.3, 0.1 + 0.2, 0.9, 1.0]])
    assert lowest_ranked(rank_draws(scores), 0.25).to_numpy().tolist() == [[1.0, 1.0, 0.0, 0.0]]


def test_batches_do_not_change_the_result(monkeypatch):
    scores = pd.DataFrame(np.random.default_rng(1).normal(size=(50, 7)))
    whole = lowest_ranked(rank_draws(scores), 0.3), rank_draws(scores)
    monkeypatch.setattr(ranking, "BATCH_CELLS", 20)
    pd.testing.assert_frame_equal(lowest_ranked(rank_draws(scores), 0.3), whole[0])
    pd.testing.assert_frame_equal(rank_draws(scores), whole[1])


def test_rank_percentiles_by_hand():
    ranks = pd.DataFrame({"A": np.arange(1.0, 12.0), "B": [5.0] * 10 + [np.nan]})
    summary = summarise_ranks(ranks)
    assert summary.loc["A", ["rank_5", "rank_50", "rank_95"]].tolist() == [1.5, 6.0, 10.5]
    assert summary.loc["B", ["rank_5", "rank_50", "rank_95"]].tolist() == [5.0, 5.0, 5.0]
    assert summary["failed_share"].tolist() == pytest.approx([0, 1 / 11])


def test_failed_draws_are_counted_not_taken_as_not_flagged():
    flags = pd.DataFrame({"A": [1, 1, np.nan, np.nan], "B": [np.nan] * 4})
    summary = summarise_flags(flags)
    assert summary.loc["A", ["probability", "draws", "failed_share"]].tolist() == [1.0, 2.0, 0.5]
    assert np.isnan(summary.loc["B", "probability"])
    assert np.isnan(summary.loc["B", "error"])
    assert summary.loc["B", "failed_share"] == 1.0


def test_monte_carlo_error_shrinks_as_the_root_of_draws_and_is_never_zero():
    errors = [summarise_flags(pd.DataFrame({"A": [0, 1] * half}))["error"].item() for half in (50, 5000)]
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.03)
    assert 0 < summarise_flags(pd.DataFrame({"A": [0] * 1000}))["error"].item() < 0.002


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"share": 25}, "от 0 до 1"),
        ({"share": 0.25, "rounding": "half"}, "nearest, up, down"),
        ({"share": 0.25, "ties": "min"}, "include, exclude"),
    ],
)
def test_unknown_rules_are_refused(arguments, message):
    with pytest.raises(UncertaintyError, match=message):
        lowest_ranked(pd.DataFrame([[1.0, 2.0]]), **arguments)
