"""Variance components of results: what belongs to a school, to its subjects, to a cohort of pupils and to chance.

A mean result of school s in a procedure and year (a *cell* c) is taken as

    y[s, c] = beta[c] + school[s] + subject[s, subject of c] + cohort[s, cohort of c] + e[s, c],   var e = pupil² / people[s, c]

with a free mean for every cell, so that hard and easy procedures can stand side by side whoever took them. Components are
estimated by restricted maximum likelihood (Patterson, Thompson 1971), held to declared values as firmly as a few schools would
hold them: a small office borrows, a large one decides by itself. What is said of a school is its posterior given all results
(Henderson's mixed model equations), with the uncertainty of the cell means in it.

Cells of different schools meet only in the cell means, and within a school every effect is a column of one design matrix;
so the work grows with schools × effects², not with the square of the results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize
from scipy.special import stdtr, stdtrit

REACH = np.log(5)
"""How far an estimate may go from the declared value, as a logarithm: five times as large, a fifth as large."""


@dataclass(frozen=True)
class Components:
    """Standard deviations of the components, in the unit of the results.

    Attributes
    ----------
    school : between schools, the same in all subjects.
    subject : of a subject within a school, the same in all its grades and years.
    cohort : of a cohort of pupils within a school, the same in all its subjects.
    pupil : between pupils of one school in one procedure.
    """

    school: float
    subject: float
    cohort: float
    pupil: float


@dataclass(frozen=True)
class Cells:
    """Mean results of schools, a column a procedure in a year.

    Attributes
    ----------
    values : schools × cells, a mean result, in any one unit; missing where the school did not take part.
    people : schools × cells, pupils behind each mean; a mean with nobody behind it counts as missing.
    subject, cohort : for each cell, the label of its subject and of its cohort of pupils.
    """

    values: np.ndarray
    people: np.ndarray
    subject: np.ndarray
    cohort: np.ndarray

    @cached_property
    def present(self) -> np.ndarray:
        """Schools × cells: which results are there."""
        return ~np.isnan(self.values) & (np.nan_to_num(self.people) > 0)

    @cached_property
    def shared(self) -> np.ndarray:
        """Which cells two schools or more took: the others say nothing of any difference between schools."""
        return self.present.sum(axis=0) > 1

    @cached_property
    def compared(self) -> np.ndarray:
        """Schools × cells: which results another school has too."""
        return self.present & self.shared

    @cached_property
    def effects(self) -> np.ndarray:
        """Cells × effects of one school: the school itself, its subjects, its cohorts."""
        told = (np.zeros(len(self.subject)), self.subject, self.cohort)
        return np.hstack([labels[:, None] == np.unique(labels)[None, :] for labels in map(np.asarray, told)]).astype(
            float
        )

    @cached_property
    def kinds(self) -> np.ndarray:
        """The component of each effect: 0 the school, 1 a subject, 2 a cohort."""
        return np.repeat([0, 1, 2], [1, len(np.unique(self.subject)), len(np.unique(self.cohort))])


@dataclass(frozen=True)
class Model:
    """Results as the components explain them.

    Attributes
    ----------
    cells : what it was made of.
    components : the standard deviations that hold.
    freedom : degrees of freedom behind them; known components have as good as infinitely many.
    """

    cells: Cells
    components: Components
    freedom: float = 1e6

    @cached_property
    def _weight(self) -> np.ndarray:
        """Schools × cells: one over the variance that chance alone gives a mean."""
        return np.where(self.cells.compared, np.nan_to_num(self.cells.people), 0.0) / self.components.pupil**2

    @cached_property
    def _values(self) -> np.ndarray:
        """Schools × cells: the results that are compared, zero elsewhere."""
        return np.where(self.cells.compared, np.nan_to_num(self.cells.values), 0.0)

    @cached_property
    def _variance(self) -> np.ndarray:
        """Of each effect, before anything is known of the school."""
        return np.square(astuple(self.components))[self.cells.kinds]

    @cached_property
    def _information(self) -> np.ndarray:
        """Schools × effects × effects: what the results tell of the effects of each school."""
        effects = self.cells.effects
        pairs = (effects[:, :, None] * effects[:, None, :]).reshape(len(effects), -1)
        return (self._weight @ pairs).reshape(len(self._weight), effects.shape[1], effects.shape[1])

    @cached_property
    def _posterior(self) -> np.ndarray:
        """Schools × effects × effects: covariance of the effects when the cell means are known."""
        return np.linalg.inv(self._information + np.diag(1 / self._variance))

    @cached_property
    def _gain(self) -> np.ndarray:
        """Schools × effects × cells: how much an effect moves with a result."""
        return (self._posterior @ self.cells.effects.T) * self._weight[:, None, :]

    @cached_property
    def _used(self) -> np.ndarray:
        """Places of the cells that tell something."""
        return np.flatnonzero(self.cells.shared)

    @cached_property
    def _factor(self) -> tuple[np.ndarray, bool]:
        """Cholesky factor of the information on the cell means."""
        weight, effects = self._weight, self.cells.effects
        explained = np.tensordot(weight[:, :, None] * effects[None, :, :], self._gain, axes=([0, 2], [0, 1]))
        return cho_factor((np.diag(weight.sum(axis=0)) - explained)[np.ix_(self._used, self._used)], lower=True)

    @cached_property
    def _apart(self) -> np.ndarray:
        """Schools × cells: weighted results with what the effects explain taken out, cell means still in them."""
        return self._weighed(self._values)

    def _weighed(self, values: np.ndarray) -> np.ndarray:
        """The inverse of the covariance of each school's results times values."""
        moved = np.einsum("sec,sc->se", self._gain, values)
        return self._weight * (values - moved @ self.cells.effects.T)

    @cached_property
    def means(self) -> np.ndarray:
        """The mean of each cell for a school without effects; missing for a cell that fewer than two schools took."""
        found = np.full(self.cells.values.shape[1], np.nan)
        found[self._used] = cho_solve(self._factor, self._apart.sum(axis=0)[self._used])
        return found

    @cached_property
    def _left(self) -> np.ndarray:
        """Schools × cells: weighted differences from the cell means, as :meth:`_weighed`."""
        return self._apart - self._weighed(np.where(self._weight > 0, np.nan_to_num(self.means), 0.0))

    @cached_property
    def plain(self) -> np.ndarray:
        """Mean difference of each school from the cell means, weighed by its pupils, with everything in it; missing for none."""
        values = self.cells.values - self.means
        whole = self._weight.sum(axis=1)
        moved = (self._weight * np.where(self._weight > 0, values, 0.0)).sum(axis=1)
        return np.divide(moved, whole, out=np.full(len(whole), np.nan), where=whole > 0)

    def gains(self, marked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the marked results of each school have beyond what its other results and the other schools lead to expect.

        Generalised least squares with one more column for the school. The return of a low school to its own level is expected,
        so a school that was chosen by its other results gains nothing by that.

        Parameters
        ----------
        marked : schools × cells.

        Returns
        -------
        The gain of each school and its standard error; missing where nothing is marked or left to expect it from.
        """
        column = np.where(self._weight > 0, marked, 0.0)
        weighed = self._weighed(column)
        half = solve_triangular(self._factor[0], weighed[:, self._used].T, lower=True)
        information = (column * weighed).sum(axis=1) - np.square(half).sum(axis=0)
        told = information > 1e-9 * self._weight.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            gain, error = (column * self._left).sum(axis=1) / information, information**-0.5
        return np.where(told, gain, np.nan), np.where(told, error, np.nan)

    @cached_property
    def likelihood(self) -> float:
        """Restricted log-likelihood, but for a constant."""
        weight = self._weight[self._weight > 0]
        determinant = -np.log(weight).sum() - np.linalg.slogdet(self._posterior)[1].sum()
        determinant += len(self._weight) * np.log(self._variance).sum()
        determinant += 2 * np.log(np.diag(self._factor[0])).sum()
        return float(-0.5 * (determinant + (self._values * self._left).sum()))

    @cached_property
    def slope(self) -> np.ndarray:
        """Change of :attr:`likelihood` with the logarithm of each component."""
        variance, effects = self._variance, self.cells.effects
        weighed = self._gain / variance[None, :, None]  # effects of a school, weighed as its results are
        told = (self._information - self._information @ self._posterior @ self._information)[
            :, *np.diag_indices(len(variance))
        ]
        half = solve_triangular(self._factor[0], weighed[:, :, self._used].reshape(-1, len(self._used)).T, lower=True)
        means = np.square(half).sum(axis=0).reshape(weighed.shape[:2])
        fitted = np.square(self._left @ effects)
        by_effect = variance * (fitted - told + means).sum(axis=0)
        freedom = self.cells.compared.sum() - len(self._used)
        own = np.bincount(self.cells.kinds, weights=by_effect, minlength=3)
        return np.append(
            own, (self._values * self._left).sum() - freedom - own.sum()
        )  # all components grow alike: known at once

    def of_schools(self, subjects: bool = False) -> Posterior:
        """What is known of every school.

        Parameters
        ----------
        subjects : whether a school stands for itself with the subjects it took, weighed by its pupils in them; cohorts come
            and go and are chance in either case. Else the school alone, what all its subjects have in common.
        """
        taken = np.zeros((len(self._weight), len(self._variance)))
        taken[:, 0] = 1.0
        if subjects:
            whole = self._weight.sum(axis=1, keepdims=True)
            share = (
                np.divide(self._weight, whole, out=np.zeros_like(self._weight), where=whole > 0) @ self.cells.effects
            )
            taken = np.where(self.cells.kinds == 1, share, taken)
        effect = np.einsum("se,e,se->s", taken, self._variance, self._left @ self.cells.effects)
        alone = np.einsum("se,sef,sf->s", taken, self._posterior, taken)
        moved = np.einsum("se,sec->sc", taken, self._gain)[:, self._used]
        together = solve_triangular(self._factor[0], moved.T, lower=True) if len(self._used) else moved.T
        return Posterior(effect, np.sqrt(alone), together, self.freedom)


@dataclass(frozen=True)
class Posterior:
    """What is known of the schools: not independent, for all are held against the same cell means.

    The components are estimates, so the tails are those of Student's distribution: a variance that ``freedom`` schools tell.

    Attributes
    ----------
    effect : expected difference of each school from a school without effects, in the unit of the results.
    alone : standard deviation of each, were the cell means known.
    together : causes × schools: how the schools move with what is not known of the cell means.
    freedom : degrees of freedom of the components: twice the schools, with those that the declared values count for, less one;
        about half of an error comes of components that only the schools tell (held to drawn truth by ``benchmarks/bench_model.py``).
    """

    effect: np.ndarray
    alone: np.ndarray
    together: np.ndarray
    freedom: float

    @cached_property
    def error(self) -> np.ndarray:
        """Standard deviation of each effect."""
        return np.sqrt(np.square(self.alone) + np.square(self.together).sum(axis=0))

    def interval(self, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Bounds that hold each effect with this probability."""
        wide = stdtrit(self.freedom, (1 + level) / 2) * self.error
        return self.effect - wide, self.effect + wide

    def below(self, threshold: float | np.ndarray) -> np.ndarray:
        """Probability that each effect lies below a threshold."""
        return stdtr(self.freedom, (threshold - self.effect) / self.error)

    def draws(self, number: int, seed: int) -> np.ndarray:
        """Plausible effects, draws × schools."""
        random = np.random.default_rng(seed)
        own = random.standard_normal((number, len(self.effect))) * self.alone
        moved = own + random.standard_normal((number, len(self.together))) @ self.together
        return self.effect + moved * np.sqrt(self.freedom / random.chisquare(self.freedom, (number, 1)))

    def lowest(self, number: int, draws: int = 4000, seed: int = 0) -> np.ndarray:
        """Probability that each school is among this many lowest ones; the error of 4,000 draws is below a hundredth."""
        placed = np.argsort(self.draws(draws, seed), axis=1)[:, :number]
        return np.bincount(placed.ravel(), minlength=len(self.effect)) / draws


def fit(cells: Cells, declared: Components, weight: float = 6.0, others: Sequence[Cells] = ()) -> Model:
    """Estimate the components, held to declared values as firmly as ``weight`` schools would hold them.

    Parameters
    ----------
    cells : results; at least one cell must have been taken by two schools.
    others : results of other municipalities that have the same components; each has its own cell means, so nothing is said of how
        municipalities differ.
    declared : components known from elsewhere; all above zero. They hold alone where the results tell nothing.
    weight : of the declared values, in schools: the logarithm of a standard deviation estimated from n schools has variance
        1 / 2n. Zero is plain restricted maximum likelihood.

    Raises
    ------
    ValueError : no cell was taken by two schools.

    Examples
    --------
    >>> values = np.array([[50.0, 40.0], [60.0, 55.0], [70.0, np.nan]])
    >>> cells = Cells(values, np.full((3, 2), 25.0), np.array(["maths", "russian"]), np.array([5, 5]))
    >>> model = fit(cells, Components(6.2, 3.5, 3.0, 17.4))
    >>> model.of_schools().effect.round(1).tolist()
    [-7.0, 1.4, 5.7]
    """
    if not cells.shared.any():
        raise ValueError("ни одну процедуру не писали две школы: сравнивать нечего")
    start = np.log(astuple(declared))
    together = [cells, *(one for one in others if one.shared.any())]
    beyond_means = sum(int(one.compared.any(axis=1).sum()) - 1 for one in together)

    def cost(logarithms: np.ndarray) -> tuple[float, np.ndarray]:
        models = [Model(one, Components(*np.exp(logarithms))) for one in together]
        away = logarithms - start
        return (
            weight * (away @ away) - sum(model.likelihood for model in models),
            2 * weight * away - sum(model.slope for model in models),
        )

    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=[(one - REACH, one + REACH) for one in start])
    return Model(cells, Components(*map(float, np.exp(found.x))), 2 * (weight + beyond_means))
