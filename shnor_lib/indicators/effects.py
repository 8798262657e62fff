"""The place of a school among others that did not take the same procedures: school and procedure effects fitted together."""

from __future__ import annotations

import numpy as np


def school_effects(value: np.ndarray, weight: np.ndarray, others: int) -> tuple[np.ndarray, np.ndarray]:
    """How far each school is from the others, whatever procedures it took.

    Parameters
    ----------
    value : schools × procedures (a procedure in two years is two), missing where a school has no result.
    weight : of each result: participants, positive.
    others : least number of *other* schools behind a procedure; one with fewer is left out.

    Returns
    -------
    The effect of each school, in the unit of the values, and which results it rests on. A school without such results, or one
    that no chain of common procedures joins to the largest group of schools, has none; nor has anybody when no group is the largest.

    Notes
    -----
    Minimises Σ w (y − school − procedure)², with Σ w · school = 0 (Laplacian of the schools, procedures eliminated). A procedure
    that nobody else took says nothing of its school, so taking it cannot change a place. A lower result of a school never lifts
    it above another: it draws from the school's effect what it gives to those who took the same procedure.

    Source: Searle (1971), Linear Models, ch. 7 (two-way crossed classification without interaction, unbalanced data).

    Examples
    --------
    Two hard procedures and two easy ones; the third school took the hard ones only, the fourth one of its own as well.

    >>> value = np.array([[50, 60, 80, 90], [40, 50, 70, 80], [45, 55, np.nan, np.nan], [40, 50, 70, np.nan]], dtype=float)
    >>> value = np.column_stack([value, [np.nan, np.nan, np.nan, 5.0]])
    >>> effect, used = school_effects(value, np.ones_like(value), others=1)
    >>> ((effect - effect[1]).round(6) + 0.0).tolist(), used[3].tolist()
    ([10.0, 0.0, 5.0, 0.0], [True, True, True, False, False])
    """
    known = ~np.isnan(value)
    used = known & (known.sum(axis=0) > others)
    group = _of_largest_group(used)
    used &= group[:, None]
    effect = np.full(len(value), np.nan)
    taken = used.any(axis=0)
    if not taken.any():
        return effect, used
    schools = np.flatnonzero(group)
    there = used[np.ix_(group, taken)]
    w = np.where(there, weight[np.ix_(group, taken)], 0.0)
    y = np.where(there, value[np.ix_(group, taken)], 0.0)
    of_school, of_procedure = w.sum(axis=1), w.sum(axis=0)
    laplacian = np.diag(of_school) - (w / of_procedure) @ w.T
    right = (w * (y - (w * y).sum(axis=0) / of_procedure)).sum(axis=1)
    anchor = of_school.sum() / len(schools) ** 2
    found = np.linalg.solve(laplacian + anchor, right)
    effect[schools] = found - (of_school * found).sum() / of_school.sum()
    return effect, used


def _of_largest_group(used: np.ndarray) -> np.ndarray:
    """Which schools are of the group that common procedures join and that has the most schools; nobody when two have as many."""
    some = used.any(axis=1)
    joined = (used.astype(int) @ used.T.astype(int)) > 0
    labels, before = np.arange(len(used)), None
    while before is None or (labels != before).any():  # the smallest number goes from school to school of a group
        before = labels
        labels = np.minimum(labels, np.where(joined, labels, len(used)).min(axis=1, initial=len(used)))
    sizes = np.bincount(labels[some], minlength=len(used))
    largest = sizes == sizes.max(initial=1)
    return largest[labels] & some if largest.sum() == 1 else np.zeros(len(used), dtype=bool)
