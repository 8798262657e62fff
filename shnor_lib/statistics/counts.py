"""Does a count exceed chance? The one rule by which a number found among many becomes a finding."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

BEYOND = 0.05
"""Our assumption: a count that luck alone reaches in no more than this share of years is a finding."""


def expected_by_chance(chances: Iterable[float]) -> float:
    """How many of independent cases luck alone would count, each with its own chance."""
    return float(np.sum(np.fromiter(chances, float)))


def chance_of_count(count: int, chances: Iterable[float]) -> float:
    """The chance that luck alone counts so many cases or more.

    Parameters
    ----------
    count : how many were counted.
    chances : the chance of each case to be counted by luck, 0..1.

    Notes
    -----
    Exact tail of the sum of independent trials with unequal chances (Poisson binomial), by convolution.

    Source: Le Cam (1960), Pacific Journal of Mathematics 10.

    Examples
    --------
    Three of fourteen rise three years running, each by luck with chance 1/6.

    >>> round(chance_of_count(3, [1 / 6] * 14), 2), round(chance_of_count(6, [1 / 6] * 14), 3)
    (0.42, 0.019)
    """
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1 - chance, chance])
    return float(distribution[max(count, 0) :].sum())


def beats_chance(count: int, chances: Iterable[float], level: float = BEYOND) -> bool:
    """Whether a count is more than luck would bring in a share ``level`` of years.

    Examples
    --------
    >>> beats_chance(3, [1 / 6] * 14), beats_chance(6, [1 / 6] * 14), beats_chance(0, [])
    (False, True, False)
    """
    return count > 0 and chance_of_count(count, chances) <= level


def sides_beside_chance(compared: int, level: float, **counts: int) -> dict[str, float]:
    """Counts of what lies outside intervals of a level on one side or the other, beside what luck alone would bring.

    Returns
    -------
    ``by_chance``: how many of the compared would lie outside on each side by luck; ``<name>_beyond`` for each of ``counts``: 1
    when it is more than luck would bring, else 0.

    Examples
    --------
    >>> sides_beside_chance(14, 0.90, better=1, worse=4)
    {'by_chance': 0.7, 'better_beyond': 0, 'worse_beyond': 1}
    """
    chances = [(1 - level) / 2] * compared
    found: dict[str, float] = {"by_chance": round(expected_by_chance(chances), 9)}
    return found | {f"{name}_beyond": int(beats_chance(count, chances)) for name, count in counts.items()}
