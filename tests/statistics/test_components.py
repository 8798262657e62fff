"""Variance components: against the textbook's formulas written out, against drawn truth, and by what must not matter."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from scipy.stats import binom

from shnor_lib.statistics.components import Cells, Components, Model, fit
from tools.simulation.variance import draw_results

REGION = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)


def drawn(schools: int = 9, seed: int = 1, **settings):
    return draw_results(np.random.default_rng(seed), schools, REGION, **settings)


def office(schools: int = 9, seed: int = 1) -> Cells:
    return drawn(schools, seed).cells


def changed(cells: Cells, **parts: np.ndarray) -> Cells:
    return replace(cells, **parts)


class Textbook:
    """The model with its covariance written out, result by result (Searle, Casella, McCulloch 1992)."""

    def __init__(self, cells: Cells, components: Components):
        seen = np.argwhere(cells.present & cells.shared)
        school, cell = seen.T
        variances = np.square(astuple(components))
        same = school[:, None] == school[None, :]
        alike = [
            np.ones_like(same),
            *(labels[cell][:, None] == labels[cell][None, :] for labels in (cells.subject, cells.cohort)),
        ]
        covariance = sum(variance * (same & one) for variance, one in zip(variances, alike, strict=False))
        covariance = covariance + np.diag(variances[3] / cells.people[school, cell])
        design = (cell[:, None] == np.flatnonzero(cells.shared)[None, :]).astype(float)
        inverse = np.linalg.inv(covariance)
        information = design.T @ inverse @ design
        residual = inverse - inverse @ design @ np.linalg.inv(information) @ design.T @ inverse
        values = cells.values[school, cell]
        self.likelihood = -0.5 * (
            np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1] + values @ residual @ values
        )
        of_school = variances[0] * (np.arange(len(cells.values))[:, None] == school[None, :])
        self.effect = of_school @ residual @ values
        self.variance = variances[0] - np.einsum("si,ij,sj->s", of_school, residual, of_school)


def test_likelihood_effects_and_errors_are_those_of_the_textbook():
    cells, components = office(7), Components(5.0, 3.0, 2.0, 15.0)
    expected, model = Textbook(cells, components), Model(cells, components)
    known = model.of_schools()
    assert model.likelihood == pytest.approx(expected.likelihood)
    assert known.effect == pytest.approx(expected.effect) and known.error**2 == pytest.approx(expected.variance)


def test_slope_is_that_of_the_likelihood():
    cells, step = office(8), 1e-5
    at = np.log([5.0, 3.0, 2.0, 15.0])
    for place, slope in enumerate(Model(cells, Components(*np.exp(at))).slope):
        ahead, behind = (
            Model(cells, Components(*np.exp(at + way * step * np.eye(4)[place]))).likelihood for way in (1, -1)
        )
        assert slope == pytest.approx((ahead - behind) / (2 * step), rel=1e-4, abs=1e-4)


def test_a_region_decides_by_itself_and_an_office_of_three_borrows():
    truth = Components(4.0, 5.0, 2.0, 20.0)
    many = draw_results(np.random.default_rng(3), 300, truth, people=(30, 90)).cells
    assert astuple(fit(many, REGION).components) == pytest.approx(astuple(truth), rel=0.12)
    few = draw_results(np.random.default_rng(3), 3, truth, people=(30, 90)).cells
    held = astuple(fit(few, REGION, weight=1e6).components)
    assert held == pytest.approx(astuple(REGION), rel=1e-3)


def test_municipalities_tell_components_together_and_their_levels_do_not_matter():
    one, other = office(5, 1), drawn(6, 2, people=(20, 90)).cells
    known = fit(one, REGION, others=[other])
    higher = changed(other, values=other.values + 15)
    assert astuple(fit(one, REGION, others=[higher]).components) == pytest.approx(astuple(known.components), rel=1e-3)
    assert astuple(fit(other, REGION, others=[one]).components) == pytest.approx(astuple(known.components), rel=1e-3)
    assert known.freedom == fit(one, REGION).freedom + 2 * 5


def test_order_and_labels_do_not_matter():
    cells = office()
    known = fit(cells, REGION).of_schools()
    random = np.random.default_rng(5)
    schools, columns = random.permutation(len(cells.values)), random.permutation(len(cells.subject))
    mixed = Cells(
        cells.values[schools][:, columns],
        cells.people[schools][:, columns],
        np.array(["x", "y", "z"])[cells.subject[columns]],
        2010 + 7 * cells.cohort[columns],
    )
    again = fit(mixed, REGION).of_schools()
    assert again.effect == pytest.approx(known.effect[schools], abs=1e-4)
    assert again.error == pytest.approx(known.error[schools], abs=1e-4)


def test_the_unit_of_results_and_the_level_of_a_procedure_do_not_matter():
    cells = office()
    known = fit(cells, REGION).of_schools(subjects=True)
    easier = changed(cells, values=2 * (cells.values + np.arange(len(cells.subject))))
    again = fit(easier, Components(*(2 * one for one in astuple(REGION)))).of_schools(subjects=True)
    assert again.effect == pytest.approx(2 * known.effect, abs=1e-3)
    assert again.error == pytest.approx(2 * known.error, abs=1e-3)


def test_procedures_that_nobody_else_took_say_nothing():
    cells = office()
    alone = np.full((len(cells.values), 2), np.nan)
    alone[0] = 1.0
    wider = Cells(
        np.hstack([cells.values, alone]),
        np.hstack([cells.people, np.full_like(alone, 500)]),
        np.append(cells.subject, [90, 91]),
        np.append(cells.cohort, [70, 71]),
    )
    known, again = (fit(one, REGION).of_schools() for one in (cells, wider))
    assert again.effect == pytest.approx(known.effect, abs=1e-6) and again.error == pytest.approx(known.error, abs=1e-6)


@pytest.mark.parametrize("school", range(4))
def test_worse_results_never_raise_a_school(school):
    cells = office()
    model = Model(cells, REGION)
    worse = cells.values.copy()
    worse[school, np.flatnonzero(cells.present[school])[school]] -= 20
    again = Model(changed(cells, values=worse), REGION)
    assert again.of_schools().effect[school] < model.of_schools().effect[school]
    assert again.of_schools().below(-5)[school] > model.of_schools().below(-5)[school]


def test_equal_schools_are_not_told_apart():
    values = np.full((8, 4), 50.0)
    known = fit(Cells(values, np.full((8, 4), 20.0), np.arange(4), np.zeros(4)), REGION).of_schools()
    assert known.effect == pytest.approx(np.zeros(8), abs=1e-9)
    assert known.lowest(2, draws=4000) == pytest.approx(np.full(8, 0.25), abs=0.04)


def test_one_school_and_procedures_apart_are_refused():
    with pytest.raises(ValueError, match="две школы"):
        fit(Cells(np.array([[50.0, 60.0]]), np.full((1, 2), 20.0), np.arange(2), np.zeros(2)), REGION)
    with pytest.raises(ValueError, match="две школы"):
        fit(Cells(np.diag([50.0, 60.0]) + np.diag([np.nan], 1)[:2, :2], np.eye(2), np.arange(2), np.zeros(2)), REGION)


def test_a_school_that_took_nothing_is_as_uncertain_as_schools_differ():
    cells = office()
    values = cells.values.copy()
    values[2] = np.nan
    model = Model(changed(cells, values=values), REGION)
    known = model.of_schools()
    assert known.effect[2] == 0 and known.error[2] == pytest.approx(REGION.school)


def test_more_pupils_leave_less_to_chance():
    cells = office()
    larger = changed(cells, people=cells.people * 9)
    assert (Model(larger, REGION).of_schools().error < Model(cells, REGION).of_schools().error).all()


@pytest.mark.parametrize(("schools", "people", "offices"), [(3, (5, 15), 60), (9, (16, 60), 25), (40, (61, 150), 6)])
def test_intervals_hold_as_often_as_they_say(schools, people, offices):
    """Within what so many schools can tell; the long form is benchmarks/bench_model.py."""
    random, held = np.random.default_rng(11), []
    for _ in range(offices):
        one = draw_results(random, schools, REGION, people)
        low, high = fit(one.cells, REGION).of_schools().interval(0.95)
        held.append((low <= one.school) & (one.school <= high))
    number, hits = offices * schools, int(np.sum(held))
    assert binom.ppf(0.001, number, 0.93) <= hits <= binom.ppf(0.999, number, 0.97)


def test_probability_of_the_lowest_quarter_is_right_and_beats_the_plain_order():
    random = np.random.default_rng(12)
    said, true, plain = [], [], []
    for _ in range(25):
        one = draw_results(random, 12, REGION, (5, 40))
        level = np.nanmean(one.cells.values, axis=0)
        raw = np.nanmean(one.cells.values - level, axis=1)
        said.append(fit(one.cells, REGION).of_schools().lowest(3, draws=1000))
        true.append(np.argsort(np.argsort(one.school)) < 3)
        plain.append(np.argsort(np.argsort(raw)) < 3)
    said, true, plain = (np.concatenate(one).astype(float) for one in (said, true, plain))
    for low, high in ((0.0, 0.2), (0.2, 0.6), (0.6, 1.01)):
        inside = (said >= low) & (said < high)
        number, expected = inside.sum(), said[inside].mean()
        assert binom.ppf(0.001, number, expected) <= true[inside].sum() <= binom.ppf(0.999, number, expected)
    assert np.mean((said - true) ** 2) < 0.9 * np.mean((plain - true) ** 2)
