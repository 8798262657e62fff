"""Before the calculation: divide by denominators, describe the columns, leave out units with too little data."""

from collections.abc import Mapping

import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import Screening
from shnor_lib.statistics.composite.treat import skewness_and_kurtosis

ROUNDING = 1e-12
"""Shares such as 9/10 are compared with a threshold up to this error."""


def denominate(indicators: pd.DataFrame, denominators: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Counts turned into rates: each named column divided by its denominator; missing where that is zero or missing.

    Examples
    --------
    >>> counts = pd.DataFrame({"trained_3y": [5.0, 2.0, 0.0]}, index=["A", "B", "C"])
    >>> denominate(counts, {"trained_3y": pd.Series([10.0, 8.0, 0.0], index=["A", "B", "C"])})["trained_3y"].tolist()
    [0.5, 0.25, nan]
    """
    rates = indicators.copy()
    for column, denominator in denominators.items():
        aligned = denominator.reindex(indicators.index).astype(float)
        rates[column] = indicators[column] / aligned.where(aligned != 0)
    return rates


def screen_units(indicators: pd.DataFrame, screening: Screening) -> pd.DataFrame:
    """For each unit, how much is known and whether it takes part.

    A unit stays when its share of known values reaches ``minimum_available`` and (if asked) its share of non-zero among
    known values reaches ``minimum_nonzero``; ``keep`` and ``drop`` override. Returned columns: missing, zeros,
    missing_or_zero (counts), available_share, nonzero_share (0..1), low_data, low_nonzero, included.

    Examples
    --------
    >>> indicators = pd.DataFrame({"a": [1.0, None], "b": [2.0, None], "c": [0.0, 1.0]}, index=["A", "B"])
    >>> screen_units(indicators, Screening(minimum_available=0.5))[["available_share", "included"]]
       available_share  included
    A         1.000000      True
    B         0.333333     False
    """
    unknown = [unit for unit in (*screening.keep, *screening.drop) if unit not in indicators.index]
    if unknown:
        raise CompositeError(f"единицы «{unknown[0]}» из правила отбора нет среди строк; исправьте keep или drop")
    missing = indicators.isna().sum(axis=1)
    zeros = (indicators == 0).sum(axis=1)
    known = indicators.shape[1] - missing
    summary = pd.DataFrame(
        {
            "missing": missing,
            "zeros": zeros,
            "missing_or_zero": missing + zeros,
            "available_share": known / indicators.shape[1],
            "nonzero_share": 1 - zeros / known.where(known > 0),
        }
    )
    summary["low_data"] = summary["available_share"] < screening.minimum_available - ROUNDING
    summary["low_nonzero"] = (
        False if screening.minimum_nonzero is None else summary["nonzero_share"] < screening.minimum_nonzero - ROUNDING
    )
    summary["included"] = ~(summary["low_data"] | summary["low_nonzero"])
    summary.loc[list(screening.keep), "included"] = True
    summary.loc[list(screening.drop), "included"] = False
    return summary


def describe_indicators(indicators: pd.DataFrame) -> pd.DataFrame:
    """One row an indicator: range, centre, spread, skewness and how much of it is known, non-zero and distinct.

    Columns: minimum, maximum, mean, median, sd (n - 1), skewness, kurtosis, available, nonzero, unique, most_frequent
    (counts), available_share of all units, nonzero_share, unique_share and most_frequent_share of the known.

    Examples
    --------
    >>> describe_indicators(pd.DataFrame({"vacancies": [0.0, 0.0, 3.0, None]}))[["available", "nonzero_share"]]
               available  nonzero_share
    vacancies          3       0.333333
    """
    skew, kurtosis = skewness_and_kurtosis(indicators.to_numpy(float))
    available = indicators.notna().sum()
    nonzero = (indicators.notna() & (indicators != 0)).sum()
    most_frequent = indicators.apply(lambda column: column.value_counts().max() if column.notna().any() else 0)
    known = available.where(available > 0)
    return pd.DataFrame(
        {
            "minimum": indicators.min(),
            "maximum": indicators.max(),
            "mean": indicators.mean(),
            "median": indicators.median(),
            "sd": indicators.std(),
            "skewness": skew,
            "kurtosis": kurtosis,
            "available": available,
            "nonzero": nonzero,
            "unique": indicators.nunique(),
            "most_frequent": most_frequent.astype(int),
            "available_share": available / len(indicators),
            "nonzero_share": nonzero / known,
            "unique_share": indicators.nunique() / known,
            "most_frequent_share": most_frequent / known,
        }
    )
