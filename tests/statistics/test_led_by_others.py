"""Conditions of one school go together: what its other rates say of a rate that few pupils tell."""

import numpy as np
import pytest

from shnor_lib.statistics.uncertainty.resampling import between_schools, led_by_others, rate_sampler

SCHOOLS = 14


def counts(together: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where schools stand, and counts of six kinds (kinds × schools) that go with it so far; the last kind is told by few."""
    random = np.random.default_rng(seed)
    stand = random.standard_normal(SCHOOLS)
    logits = -1 + 0.7 * (together * stand + np.sqrt(1 - together**2) * random.standard_normal((6, SCHOOLS)))
    n = np.full((6, SCHOOLS), 300.0)
    n[-1] = 12
    return stand, random.binomial(n.astype(int), 1 / (1 + np.exp(-logits))).astype(float), n


def test_the_others_say_where_a_school_stands_and_nobody_speaks_of_himself():
    stand, k, n = counts(0.9)
    lead = led_by_others(k, n)
    assert np.abs(np.corrcoef(stand, lead[-1])[0, 1]) > 0.9
    assert lead.mean(axis=1) == pytest.approx(0, abs=1e-9) and lead.std(axis=1) == pytest.approx(1)
    k[-1] = n[-1] - k[-1]
    assert led_by_others(k, n)[-1] == pytest.approx(lead[-1])


def test_a_rate_of_few_pupils_leans_where_the_others_lead_and_one_of_many_does_not():
    _, k, n = counts(0.9)
    lead = led_by_others(k, n)
    apart = {}
    for kind in (0, -1):
        drawn = [
            rate_sampler(k[kind], n[kind], "pooled", None, one)(np.random.default_rng(1), 4000).mean(axis=0)
            for one in (lead[kind], None)
        ]
        apart[kind] = np.abs(drawn[0] - drawn[1]).max()
        moved = np.corrcoef(drawn[0] - drawn[1], lead[kind])[0, 1]
    assert apart[-1] > 3 * apart[0] and np.abs(moved) > 0.5


def test_what_does_not_go_together_is_not_leant_on():
    _, k, n = counts(0.0, seed=3)
    far = []
    for kind in range(5):
        found = between_schools(k[kind], n[kind], led_by_others(k, n)[kind])
        node = np.searchsorted(found.chance, np.random.default_rng(1).random(2000) * found.chance[-1])
        low, high = np.quantile(found.slope[node], [0.025, 0.975])
        far.append(not low < 0 < high)
    assert sum(far) <= 1


def test_nothing_is_led_where_others_are_silent():
    k, n = np.array([[1.0, 2, 3], [np.nan, 1, np.nan]]), np.array([[10.0, 10, 10], [0, 5, 0]])
    assert not led_by_others(k, n).any()
    assert not led_by_others(np.full((3, 5), 2.0), np.full((3, 5), 20.0)).any()  # alike by chance: no direction
    assert np.isfinite(
        led_by_others(np.array([[1.0, 2, 3], [12, 1, 4], [2, 2, 9]]), np.full((3, 3), 10.0))
    ).all()  # 12 of 10
