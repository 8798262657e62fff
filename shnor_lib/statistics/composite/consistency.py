"""Does the index hang together: correlations and reliability."""

import math
from typing import Literal

import numpy as np
import pandas as pd
import scipy

Correlation = Literal["pearson", "spearman", "kendall"]


def correlate(
    columns: pd.DataFrame, others: pd.DataFrame | None = None, method: Correlation = "pearson"
) -> pd.DataFrame:
    """Correlations between columns (or of columns with other columns of the same units), over units that have both.

    Examples
    --------
    >>> scores = pd.DataFrame({"results": [1.0, 2.0, 3.0], "staff": [2.0, 4.0, 7.0]})
    >>> round(float(correlate(scores).loc["results", "staff"]), 4)
    0.9934
    """
    if others is None:
        return columns.corr(method=method)
    return pd.DataFrame(
        {other: columns.corrwith(others[other], method=method) for other in others.columns}, index=columns.columns
    )


def correlation_p_values(columns: pd.DataFrame, method: Correlation = "pearson") -> pd.DataFrame:
    """For each pair of columns, how likely so strong a correlation is by chance (two-sided); 0 on the diagonal.

    Pearson by Student's t; Kendall exactly without ties; Spearman without ties and from ten units by the Edgeworth series
    of Best and Roberts (1975, algorithm AS 89), as R does, otherwise by Student's t (also so far in the tail that the
    series turns negative). Missing below three common units.

    Examples
    --------
    >>> scores = pd.DataFrame({"results": [1.0, 2.0, 3.0, 4.0], "staff": [2.0, 4.0, 7.0, 8.0]})
    >>> round(float(correlation_p_values(scores).loc["results", "staff"]), 4)
    0.0155
    """
    p_values = pd.DataFrame(0.0, index=columns.columns, columns=columns.columns)
    for position, first in enumerate(columns.columns):
        for second in columns.columns[position + 1 :]:
            both = columns[[first, second]].dropna().to_numpy(float)
            p_value = _p_value(both[:, 0], both[:, 1], method) if len(both) > 2 else np.nan
            p_values.loc[first, second] = p_values.loc[second, first] = p_value
    return p_values


def cronbach_alpha(children: pd.DataFrame) -> float:
    """Reliability of a group of children: k² · mean covariance of different children / sum of all covariances.

    Each covariance is over the units that have both children; missing with fewer than two children. Near 1: they measure
    one thing; below 0: they pull against each other.

    Source: Cronbach (1951); OECD/JRC Handbook (2008), step 4.

    Examples
    --------
    >>> children = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 4.0, 5.0, 9.0]})
    >>> round(cronbach_alpha(children), 4)
    0.8302
    """
    number = children.shape[1]
    if number < 2:
        return float("nan")
    covariance = children.cov().to_numpy()
    different = covariance[~np.eye(number, dtype=bool)]
    return float(number**2 * different.mean() / covariance.sum())


def _p_value(first: np.ndarray, second: np.ndarray, method: Correlation) -> float:
    if method == "pearson":
        return float(scipy.stats.pearsonr(first, second).pvalue)
    if method == "kendall":
        return float(scipy.stats.kendalltau(first, second).pvalue)
    number = len(first)
    tied = len(np.unique(first)) < number or len(np.unique(second)) < number
    if tied or number < 10:
        return float(scipy.stats.spearmanr(first, second).pvalue)
    distance = round(float(np.sum((scipy.stats.rankdata(first) - scipy.stats.rankdata(second)) ** 2)))
    middle = (number**3 - number) / 6
    lower = distance <= middle
    tail = _spearman_tail(distance + 2 if lower else distance, number)
    p_value = min(1.0, 2 * (1 - tail if lower else tail))
    return p_value if p_value > 0 else float(scipy.stats.spearmanr(first, second).pvalue)


def _spearman_tail(distance: float, number: int) -> float:
    """P(S >= distance) for the sum of squared rank differences S under independence (AS 89, number > 9)."""
    share = 1 / number
    deviate = (6 * (distance - 1) * share / (number**2 - 1) - 1) * math.sqrt(1 / share - 1)
    square = deviate**2
    series = (0.2274 + share * (0.2531 + 0.1745 * share)) + square * (
        -0.0758
        + share * (0.1033 + 0.3932 * share)
        - square
        * share
        * (0.0879 + 0.0151 * share - square * (0.0072 - 0.0831 * share + square * share * (0.0131 - 4.6e-4 * square)))
    )
    tail = deviate * share * series / math.exp(square / 2) + scipy.stats.norm.sf(deviate)
    return min(max(tail, 0.0), 1.0)
