"""Missing values replaced by a statistic of other units. Off unless a recipe asks for it; every value is recorded."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import MinMax
from shnor_lib.statistics.composite.normalise import normalise_values

Statistic = Literal["mean", "median"]


def impute_values(values: np.ndarray, statistic: Statistic, groups: np.ndarray | None = None) -> np.ndarray:
    """Missing values become the mean or median of the known ones, of the same group if groups are given.

    A matrix goes by columns. A group without known values stays missing, and so does a unit without a group.

    Examples
    --------
    >>> impute_values(np.array([1.0, 2.0, np.nan, 9.0]), "median").tolist()
    [1.0, 2.0, 2.0, 9.0]
    >>> impute_values(np.array([1.0, np.nan, 9.0, np.nan]), "mean", np.array(["urban", "urban", "rural", "rural"])).tolist()
    [1.0, 1.0, 9.0, 9.0]
    """
    values = np.asarray(values, dtype=float)
    columns = pd.DataFrame(values)
    if groups is None:
        filling = columns.agg(statistic)
    else:
        filling = columns.groupby(np.asarray(groups, dtype=object)).transform(statistic)
    return columns.fillna(filling).to_numpy().reshape(values.shape)


def impute_by_row(
    indicators: pd.DataFrame, directions: dict[str, int] | None = None, statistic: Statistic = "mean"
) -> pd.DataFrame:
    """Missing values guessed from the unit's other indicators: their mean on a common 0..1 scale, put back in own units.

    Each column is turned so that higher is better, brought to 0..1 by its minimum and maximum, the unit's mean (or
    median) of what it has fills its gaps, and the scale is undone. A unit without any value stays missing.

    Examples
    --------
    >>> indicators = pd.DataFrame({"quality": [0.0, 5.0, 10.0], "failing": [30.0, None, 10.0]})
    >>> impute_by_row(indicators, {"failing": -1})["failing"].tolist()
    [30.0, 20.0, 10.0]
    """
    signs = pd.Series(directions or {}, dtype=float).reindex(indicators.columns).fillna(1.0)
    good = indicators.astype(float) * signs
    spread = good.max() - good.min()
    constant = spread.index[spread == 0]
    if len(constant):
        raise CompositeError("показатель постоянный: заполнить по строке нельзя", constant[0])
    common = pd.DataFrame(
        normalise_values(good.to_numpy(), MinMax(low=0, high=1)), index=good.index, columns=good.columns
    )
    guess = common.agg(statistic, axis=1)
    filled = common.apply(lambda column: column.fillna(guess))
    return indicators.astype(float).fillna((filled * spread + good.min()) * signs)


def impute_over_time(
    panel: pd.DataFrame, unit: str, time: str, method: Literal["constant", "linear"] = "constant"
) -> pd.DataFrame:
    """Gaps of a unit's series filled from its own other years.

    ``constant`` carries the last known value forward, ``linear`` draws a straight line between known years; both carry
    the first known value back and the last one forward. A series without values stays missing.

    Parameters
    ----------
    panel : one row a unit and time; every column except ``unit`` and ``time`` is filled.

    Examples
    --------
    >>> panel = pd.DataFrame({"school_id": ["A"] * 3, "year": [2019, 2020, 2021], "quality_rate": [0.4, None, 0.6]})
    >>> impute_over_time(panel, "school_id", "year", method="linear")["quality_rate"].tolist()
    [0.4, 0.5, 0.6]
    """
    filled = panel.copy()
    ordered = panel.sort_values([unit, time], kind="stable")
    for column in panel.columns.difference([unit, time], sort=False):
        for _, series in ordered.groupby(unit, sort=False):
            known = series[column].notna()
            if not known.any():
                continue
            if method == "linear":
                values = np.interp(series[time], series[time][known], series[column][known])
            else:
                values = series[column].ffill().bfill().to_numpy()
            filled.loc[series.index, column] = values
    return filled


@dataclass(frozen=True)
class ImputedFrame:
    """A filled table and its record, one row a filled value: unit, indicator, value, method, group."""

    frame: pd.DataFrame
    record: pd.DataFrame


def impute_frame(indicators: pd.DataFrame, method: Statistic, groups: pd.Series | None = None) -> ImputedFrame:
    """A table with gaps filled column by column, and the list of every filled value.

    Parameters
    ----------
    indicators : units in rows, one indicator a column.
    groups : a group for each unit (type of school, locality), if gaps are filled within groups.

    Examples
    --------
    >>> indicators = pd.DataFrame({"quality_rate": [0.4, None, 0.6]}, index=["A", "B", "C"])
    >>> impute_frame(indicators, "mean").record
      unit     indicator  value method group
    0    B  quality_rate    0.5   mean  None
    """
    labels = None if groups is None else groups.reindex(indicators.index).to_numpy(dtype=object)
    filled = pd.DataFrame(
        impute_values(indicators.to_numpy(float), method, labels), index=indicators.index, columns=indicators.columns
    )
    rows, columns = np.nonzero((indicators.isna() & filled.notna()).to_numpy())
    record = pd.DataFrame(
        {
            "unit": indicators.index[rows],
            "indicator": indicators.columns[columns],
            "value": filled.to_numpy(float)[rows, columns],
            "method": method,
            "group": None if labels is None else labels[rows],
        }
    )
    return ImputedFrame(filled, record)
