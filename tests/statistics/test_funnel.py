"""Funnel limits: how many lie outside by luck, and what one odd school does to them."""

import numpy as np
import pytest

from shnor_lib.statistics.funnel import funnel

ERROR = 0.4 / np.sqrt(np.random.default_rng(0).integers(10, 150, 14))


@pytest.mark.parametrize("between", [0.0, 0.05, 0.15])
def test_limits_leave_out_no_more_than_they_say(between):
    """Whether schools differ beyond chance or not: of 100 usual schools about five, of 1000 about two."""
    random, outside, far = np.random.default_rng(1), [], []
    for _ in range(300):
        results = random.normal(0, np.hypot(ERROR, between))
        found = funnel(results, ERROR, 0.0)
        for held, level in ((outside, 0.95), (far, 0.998)):
            low, high = found.limits(ERROR, level)
            held.append((results < low) | (results > high))
    assert 0.02 < np.mean(outside) < 0.06 and np.mean(far) < 0.008


def test_schools_that_differ_by_chance_alone_have_plain_limits():
    found = funnel(np.array([-1.0, 0.5, 0.2, -0.3, 0.9]) * 0.1, np.full(5, 0.1), 0.0)
    low, high = found.limits(np.full(1, 0.1), 0.95)
    assert found.between == 0 and [low[0], high[0]] == pytest.approx([-0.196, 0.196], abs=1e-3)


def test_one_odd_school_does_not_hide_itself():
    results = np.random.default_rng(2).normal(0, np.hypot(ERROR, 0.05))
    results[3] = 1.0
    further = results.copy()
    further[3] = 50.0
    found, again = funnel(results, ERROR, 0.0), funnel(further, ERROR, 0.0)
    assert results[3] > found.limits(ERROR, 0.998)[1][3]
    assert again.limits(ERROR, 0.95)[1][0] < 50, "however far it lies, a share of it only is counted"


def test_the_target_the_unit_and_the_order_do_not_matter():
    results = np.random.default_rng(3).normal(0, np.hypot(ERROR, 0.1))
    found, moved = funnel(results, ERROR, 0.0), funnel(100 * results[::-1] + 7, 100 * ERROR[::-1], 7.0)
    assert moved.between == pytest.approx(100 * found.between) and moved.target == 7.0


def test_one_school_has_the_limits_of_chance():
    assert funnel(np.array([0.3]), np.array([0.1]), 0.0).between == 0
