"""Sampling error: what the figures could have been with other pupils of the same school."""

from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.intervals import checked_counts

RateError = Literal["jeffreys", "binomial"]


def resample_rates(
    numerator: pd.Series,
    denominator: pd.Series,
    replications: int,
    seed: int,
    method: RateError = "jeffreys",
) -> pd.DataFrame:
    """Plausible rates of each school, one row a replication.

    ``jeffreys`` draws the true rate from Beta(k + ½, n - k + ½); ``binomial`` draws a new count of n pupils at the rate
    k/n, so a school with 0 of n never moves. Missing where n is zero or missing.

    Examples
    --------
    >>> failing, participants = pd.Series({"A": 1, "B": 50}), pd.Series({"A": 5, "B": 250})
    >>> resample_rates(failing, participants, replications=4000, seed=1).std().round(2).to_dict()
    {'A': 0.16, 'B': 0.03}
    """
    k, n = checked_counts(numerator, denominator)
    known = n.notna().to_numpy()
    rates = pd.DataFrame(np.nan, index=range(replications), columns=k.index)
    generator = np.random.default_rng(seed)
    k, n = k.to_numpy()[known], n.to_numpy()[known]
    rates.loc[:, known] = draw_rates(generator, k, n, method, size=(replications, len(k)))
    return rates


def draw_rates(
    generator: np.random.Generator, k: np.ndarray, n: np.ndarray, method: RateError, size: tuple[int, ...] | None = None
) -> np.ndarray:
    """Rates drawn once, or ``size`` times, for counts k of n without gaps."""
    if method == "jeffreys":
        return generator.beta(k + 0.5, n - k + 0.5, size=size)
    if method == "binomial":
        return generator.binomial(np.round(n).astype(int), k / n, size=size) / n
    raise UncertaintyError(f"способ «{method}» неизвестен; допустимы jeffreys, binomial")
