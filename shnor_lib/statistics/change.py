"""Change of units over time against the others: one figure a unit with its error, and which of many figures chance explains.

A mean result y of unit u in series j (a procedure) at time t is taken as

    y = common[j, t] + own[u, j] + change[u] · t + cohort[u, cohort, t] + e,    var e = pupil² / people

``common`` and ``own`` are free, so what moved for everybody and where a unit always stands say nothing of its change; a cohort
(the pupils of one grade in one year) moves all series of its grade together and is chance, as is e. With known components the
weighted least squares below are exact; units meet only in ``common``, so the work grows with units × results of one unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit


@dataclass(frozen=True)
class Changes:
    """Change of each unit against the others.

    Attributes
    ----------
    units : the units in order.
    change : change a unit of time more than the others changed; missing where nothing can be compared.
    error : its standard error, of both sampling and cohorts, of the unit and of those it is held against.
    apart : for each row of the input, the result less what is common to all.
    freedom : degrees of freedom of the components behind the errors; known ones have as good as infinitely many.

    Source of the tails: Satterthwaite (1946), Biometrics Bulletin 2: a difference over its estimated error is near to Student's
    distribution with the degrees of freedom of the variance. Here one number stands for all units, that of
    :class:`shnor_lib.statistics.components.Model`; held to drawn truth by ``benchmarks/bench_model.py``.
    """

    units: np.ndarray
    change: np.ndarray
    error: np.ndarray
    apart: np.ndarray
    freedom: float = 1e6

    @property
    def p(self) -> np.ndarray:
        """Two-sided p-values of no change."""
        return 2 * stdtr(self.freedom, -np.abs(self.change) / self.error)

    def interval(self, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """The ends that hold each change with this probability."""
        reach = stdtrit(self.freedom, 0.5 + level / 2) * self.error
        return self.change - reach, self.change + reach


def changes_against_others(
    rows: pd.DataFrame,
    cohort_sd: float,
    pupil_sd: float,
    common_known: bool = False,
    level: float = 0.05,
    freedom: float = 1e6,
) -> Changes:
    """Weighted change of every unit against the others (or against what is known to be common).

    Parameters
    ----------
    rows : a row a mean result: ``unit``, ``series``, ``cell`` (the series at one date), ``cohort`` (label, within a unit),
        ``time`` (what the change is counted by: the year, or 0 before and 1 now), ``value``, ``people``.
    cohort_sd, pupil_sd : standard deviations of a cohort and of a pupil, in the unit of ``value``.
    common_known : the values are differences from a level that is known without error: nothing common is left in them.
    level : a unit whose change is beyond chance at this level is no measure for the others, as long as half of them is left.
    freedom : degrees of freedom of the two standard deviations, where they are estimates.

    Returns
    -------
    Changes of the units in sorted order. The others are weighed by what their results tell; a unit that shares no series with
    others, or has no series at two times, has a missing change.

    Notes
    -----
    With A = V⁻¹ less what the own means take, the change is x'A(y − common)/x'Ax, and common comes from the sum over units of
    A − Axx'A/x'Ax. Units that its null space moves alike can be compared with each other; the most such units are.

    Source: Searle, Casella, McCulloch (1992), Variance Components, ch. 7 (weighted least squares with known components).

    Examples
    --------
    Three units of one series and 100 people, one of which fell by 8 more than the two others.

    >>> rows = pd.DataFrame({"unit": list("aabbcc"), "series": "s", "cell": ["s0", "s1"] * 3, "cohort": ["0", "1"] * 3,
    ...     "time": [0, 1] * 3, "value": [50.0, 40.0, 60.0, 58.0, 55.0, 53.0], "people": 100.0})
    >>> found = changes_against_others(rows, cohort_sd=3.0, pupil_sd=17.0)
    >>> found.change.round(2).tolist(), found.error.round(2).tolist()
    ([-8.0, 4.0, 4.0], [5.97, 5.97, 5.97])
    """
    units, unit = np.unique(rows["unit"].to_numpy(), return_inverse=True)
    cell = pd.factorize(rows["cell"])[0]
    time, value, people = (rows[name].to_numpy(float) for name in ("time", "value", "people"))
    cohort, series = pd.factorize(rows["cohort"])[0], pd.factorize(rows["series"])[0]
    cells = int(cell.max()) + 1 if len(cell) else 0
    told, raw = np.zeros(len(units)), np.zeros(len(units))
    weights, whole, right = np.zeros((len(units), cells)), np.zeros((cells, cells)), np.zeros(cells)
    for at, own in enumerate(_places(unit, len(units))):
        left = _without_means(people[own] / pupil_sd**2, cohort[own], series[own], cohort_sd)
        moved = left @ time[own]
        told[at] = time[own] @ moved
        if told[at] <= 1e-9 * (time[own] ** 2 @ people[own]) / pupil_sd**2 or not told[at] > 0:
            told[at] = 0.0
            continue
        raw[at] = moved @ value[own] / told[at]
        weights[at, cell[own]] = moved / told[at]
        rest = left - np.outer(moved, moved) / told[at]
        whole[np.ix_(cell[own], cell[own])] += rest
        right[cell[own]] += rest @ value[own]
    counted = told > 0
    variance = np.divide(1.0, told, out=np.full(len(units), np.nan), where=counted)
    if common_known:
        return Changes(units, np.where(counted, raw, np.nan), np.sqrt(variance), value, freedom)
    values, vectors = np.linalg.eigh(whole)
    known = values > 1e-9 * max(values.max(initial=0.0), 1e-300)
    inverse = (vectors[:, known] / values[known]) @ vectors[:, known].T
    common = inverse @ right
    free = raw - weights @ common
    comparable = _largest_group(weights @ vectors[:, ~known], counted)
    steady = comparable.copy()
    while True:
        others = _mean_of_others(np.where(steady, told, 0.0))
        contrast = np.eye(len(units)) - others
        held = contrast @ weights
        unknown = ~comparable | (others.sum(axis=1) == 0)
        change = np.where(unknown, np.nan, contrast @ free)
        error = np.sqrt(np.square(contrast) @ np.nan_to_num(variance) + np.einsum("ij,jk,ik->i", held, inverse, held))
        apart = value - common[cell] - time * (others @ free)[unit]
        found = Changes(units, change, np.where(unknown, np.nan, error), apart, freedom)
        moved = np.where(steady, holm(found.p), np.nan)
        if 2 * (steady.sum() - 1) < comparable.sum() or not np.nanmin(moved, initial=1.0) <= level:
            return found
        steady[np.nanargmin(np.where(steady, found.p, np.nan))] = False


def _places(unit: np.ndarray, number: int) -> list[np.ndarray]:
    """The rows of each unit."""
    order = np.argsort(unit, kind="stable")
    return np.split(order, np.searchsorted(unit[order], np.arange(1, number)))[:number]


def _without_means(precision: np.ndarray, cohort: np.ndarray, series: np.ndarray, cohort_sd: float) -> np.ndarray:
    """The inverse covariance of the results of one unit, less what the free means of its series take."""
    covariance = np.diag(1 / precision) + cohort_sd**2 * (cohort[:, None] == cohort[None, :])
    inverse = np.linalg.inv(covariance)
    means = (series[:, None] == np.unique(series)[None, :]).astype(float)
    taken = inverse @ means
    return inverse - taken @ np.linalg.solve(means.T @ taken, taken.T)


def _largest_group(moves: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Which of the counted units move alike with what common leaves open: the most that do."""
    if not counted.any():
        return counted
    alike = np.array([np.abs(moves - own).max(axis=1, initial=0.0) < 1e-6 for own in moves]) & counted
    return alike[np.argmax(np.where(counted, alike.sum(axis=1), -1))]


def _mean_of_others(weight: np.ndarray) -> np.ndarray:
    """Units × units: the weights by which the others of each unit are averaged; a row of zeros where there are none."""
    shares = np.tile(weight, (len(weight), 1))
    np.fill_diagonal(shares, 0.0)
    whole = shares.sum(axis=1, keepdims=True)
    return np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0)


def holm(p: np.ndarray) -> np.ndarray:
    """p-values for many questions asked together: one below α means that any false answer is given with chance α at most.

    Missing p-values are no questions and stay missing.

    Source: Holm (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, np.nan, 0.03])).round(2).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    adjusted = np.full(len(p), np.nan)
    asked = np.flatnonzero(~np.isnan(p))
    order = asked[np.argsort(p[asked], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
