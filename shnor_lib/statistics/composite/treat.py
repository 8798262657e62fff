"""Outliers: how skewed an indicator is, and what was done about it, point by point.

A column with a long tail lets one unit stretch the scale for all others. The rule (Becker and others 2022, after the
Global Innovation Index): a column passes when |skewness| < 2 or excess kurtosis < 3.5; otherwise up to five extreme
points are moved to the next value (winsorised), and if that is not enough the column is put on a logarithmic scale.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import Treatment
from shnor_lib.statistics.composite.normalise import extremes

HIGH, LOW = "winsorised_high", "winsorised_low"


def skewness_and_kurtosis(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Skewness and excess kurtosis with the small-sample correction ("type 2"). A matrix is taken by columns.

    G1 = g sqrt(n (n - 1)) / (n - 2), g = sqrt(n) S3 / S2^1.5, S_k = sum (x - mean)^k; missing below three values.
    G2 = ((n + 1)(r - 3) + 6)(n - 1) / ((n - 2)(n - 3)), r = n S4 / S2^2; missing below four. Both are missing without spread.

    Examples
    --------
    >>> [round(float(moment), 4) for moment in skewness_and_kurtosis(np.array([1.0, 2.0, 3.0, 10.0]))]
    [1.7636, 3.228]
    """
    values = np.asarray(values, dtype=float)
    n = np.sum(~np.isnan(values), axis=0)
    smallest, largest = extremes(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviation = np.nan_to_num(values - np.nansum(values, axis=0) / n) * (largest > smallest)
        square = deviation * deviation
        s2, s3, s4 = square.sum(axis=0), (square * deviation).sum(axis=0), (square * square).sum(axis=0)
        skew = np.sqrt(n) * s3 / s2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        kurtosis = ((n + 1) * (n * s4 / s2**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return np.where(n > 2, skew, np.nan)[()], np.where(n > 3, kurtosis, np.nan)[()]


def passes_outlier_check(
    skew: float, kurtosis: float, skewness_limit: float = 2.0, kurtosis_limit: float = 3.5
) -> bool | None:
    """Whether a column needs no treatment: |skewness| < limit or excess kurtosis < limit; None if it cannot be told.

    Examples
    --------
    >>> passes_outlier_check(*skewness_and_kurtosis(np.array([1.0, 2.0, 3.0, 4.0, 5.0])))
    True
    >>> passes_outlier_check(*skewness_and_kurtosis(np.array([3.0, 3.0, 3.0, 3.0]))) is None
    True
    """
    if abs(skew) < skewness_limit or kurtosis < kurtosis_limit:
        return True
    return None if np.isnan(skew) or np.isnan(kurtosis) else False


@dataclass(frozen=True)
class Winsorised:
    """A winsorised column: the new values and, for each, where it was moved from ("" if it was not)."""

    values: np.ndarray
    marks: np.ndarray

    @property
    def points(self) -> int:
        """How many values were moved."""
        return int(np.sum(self.marks != ""))


def winsorise(
    values: np.ndarray,
    limit: int | None = 5,
    skewness_limit: float = 2.0,
    kurtosis_limit: float = 3.5,
    force: bool = False,
) -> Winsorised:
    """Extreme points moved one step inwards until the column passes or ``limit`` points are moved.

    While skewness is not negative all points equal to the maximum take the next lower value, otherwise all points equal
    to the minimum take the next higher. Tied points move together, so a tie can overshoot the limit. ``force`` goes on
    to the limit even when the column passes. The last two distinct values are never merged.

    Examples
    --------
    >>> winsorised = winsorise(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 400]))
    >>> winsorised.values.tolist(), winsorised.points
    ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 9.0], 1)
    """
    values = np.array(values, dtype=float)
    marks = np.full(values.shape, "", dtype=object)
    skew, kurtosis = skewness_and_kurtosis(values)
    passed = passes_outlier_check(skew, kurtosis, skewness_limit, kurtosis_limit)
    if passed is None:
        raise CompositeError(
            "асимметрию и эксцесс не вычислить (меньше четырёх значений или все равны); винсоризация невозможна"
        )
    while (force or not passed) and (limit is None or np.sum(marks != "") < limit):
        distinct = np.unique(values[~np.isnan(values)])
        if len(distinct) < 3:
            break
        if skew >= 0:
            moved, target, mark = values == distinct[-1], distinct[-2], HIGH
        else:
            moved, target, mark = values == distinct[0], distinct[1], LOW
        values[moved], marks[moved] = target, mark
        skew, kurtosis = skewness_and_kurtosis(values)
        passed = passes_outlier_check(skew, kurtosis, skewness_limit, kurtosis_limit)
    return Winsorised(values, marks)


def log_ct(values: np.ndarray) -> np.ndarray:
    """Logarithm for a long upper tail: ln(x - min + 0.01 (max - min)); minus infinity when all values are equal.

    Examples
    --------
    >>> log_ct(np.array([0.0, 99.0, 100.0])).round(3).tolist()
    [0.0, 4.605, 4.615]
    """
    smallest, largest = extremes(values)
    with np.errstate(divide="ignore"):
        return np.log(values - smallest + 0.01 * (largest - smallest))


def log_ct_signed(values: np.ndarray) -> np.ndarray:
    """As :func:`log_ct` for a long upper tail; -ln(max + 0.01 (max - min) - x) for a long lower one.

    Examples
    --------
    >>> log_ct_signed(np.array([0.0, 99.0, 100.0])).round(3).tolist()
    [-4.615, -0.693, -0.0]
    """
    if _long_above(values):
        return log_ct(values)
    smallest, largest = extremes(values)
    return -np.log(largest + 0.01 * (largest - smallest) - values)


def log_shift(values: np.ndarray) -> np.ndarray:
    """Plain shifted logarithm: ln(x - min + 1).

    Examples
    --------
    >>> log_shift(np.array([5.0, 6.0])).round(4).tolist()
    [0.0, 0.6931]
    """
    smallest, _ = extremes(values)
    return np.log(values - smallest + 1)


def log_gii(values: np.ndarray) -> np.ndarray:
    """Logarithm of the Global Innovation Index, keeping 0..ln(max): ln((max - 1)(x - min)/(max - min) + 1).

    With negative skewness the scale is turned over: -ln((max - 1)(max - x)/(max - min) + 1). Needs a maximum above 1.
    (COINr 1.1.14 returns its input unchanged here, by mistake.)

    Examples
    --------
    >>> log_gii(np.array([1.0, 2.0, 100.0])).round(4).tolist()
    [0.0, 0.6931, 4.6052]
    """
    above = _long_above(values)
    smallest, largest = extremes(values)
    if largest <= 1:
        raise CompositeError(f"log_gii требует максимума больше 1, а он равен {largest:g}; выберите log_ct")
    if above:
        return np.log((largest - 1) * (values - smallest) / (largest - smallest) + 1)
    return -np.log((largest - 1) * (largest - values) / (largest - smallest) + 1)


def box_cox(values: np.ndarray, exponent: float) -> np.ndarray:
    """Box-Cox transform of x - min + 1: its logarithm when the exponent is 0, else (x^exponent - 1) / exponent.

    Examples
    --------
    >>> box_cox(np.array([0.0, 3.0]), exponent=0.5).tolist()
    [0.0, 2.0]
    """
    shifted = values - extremes(values)[0] + 1
    return np.log(shifted) if exponent == 0 else (shifted**exponent - 1) / exponent


DEFAULT_TREATMENT = Treatment()

LOGARITHMS = {"log_ct": log_ct, "log_ct_signed": log_ct_signed, "log_shift": log_shift, "log_gii": log_gii}


@dataclass(frozen=True)
class TreatedColumn:
    """One indicator after treatment: values, a mark for each and the record of the checks."""

    values: np.ndarray
    marks: np.ndarray
    details: dict


def treat_column(values: np.ndarray, treatment: Treatment = DEFAULT_TREATMENT) -> TreatedColumn:
    """One indicator treated: left alone if it passes, else winsorised, else put on a logarithmic scale.

    A column for which the check cannot be made (constant, fewer than four values) is returned unchanged, and its record
    says so. The record holds skewness and kurtosis before, after winsorising and after the logarithm.

    Examples
    --------
    >>> treated = treat_column(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 400]))
    >>> treated.details["outcome"], treated.details["winsorised_points"]
    ('winsorised', 1)
    """
    values = np.asarray(values, dtype=float)
    limits = (treatment.skewness_limit, treatment.kurtosis_limit)
    unmarked = np.full(values.shape, "", dtype=object)
    passed, details = _checked("before", values, limits)
    if passed is None:
        return TreatedColumn(values, unmarked, {"outcome": "not_assessed", **details})
    if passed and not treatment.force:
        return TreatedColumn(values, unmarked, {"outcome": "passed", **details})

    winsorised = winsorise(values, treatment.winsorise_limit, *limits, force=treatment.force)
    passed, record = _checked("winsorised", winsorised.values, limits)
    details |= {"winsorised_points": winsorised.points, **record}
    if passed or treatment.log is None:
        outcome = "winsorised" if passed else "still_skewed"
        return TreatedColumn(winsorised.values, winsorised.marks, {"outcome": outcome, **details})

    logged = LOGARITHMS[treatment.log](winsorised.values if treatment.combine else values)
    marks = np.where(np.isnan(values), "", treatment.log).astype(object)
    if treatment.combine:
        marks = np.where(winsorised.marks != "", winsorised.marks + "+" + treatment.log, marks)
    passed, record = _checked("log", logged, limits)
    return TreatedColumn(logged, marks, {"outcome": "log" if passed else "still_skewed", **details, **record})


@dataclass(frozen=True)
class TreatedFrame:
    """A treated table with its record: one row of ``details`` an indicator, one row of ``points`` a moved value."""

    frame: pd.DataFrame
    details: pd.DataFrame
    points: pd.DataFrame


def treat_outliers(
    indicators: pd.DataFrame, treatment: Treatment = DEFAULT_TREATMENT, columns: list[str] | None = None
) -> TreatedFrame:
    """A table with outliers treated column by column, and the full record of what was changed.

    Parameters
    ----------
    indicators : units in rows, one indicator a column, in natural units.
    columns : which columns to treat; all by default.

    Examples
    --------
    >>> teachers = pd.DataFrame({"teachers": [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 400]}, index=list("ABCDEFGHIJ"))
    >>> treat_outliers(teachers).points
      unit indicator  before  after             mark
    0    J  teachers   400.0    9.0  winsorised_high
    """
    columns = list(indicators.columns if columns is None else columns)
    before = indicators[columns].to_numpy(float)
    after, marks = before.copy(), np.full(before.shape, "", dtype=object)
    details = []
    for position, column in enumerate(columns):
        try:
            treated = treat_column(before[:, position], treatment)
        except CompositeError as error:
            raise error.at(column) from None
        after[:, position], marks[:, position] = treated.values, treated.marks
        details.append({"indicator": column, **treated.details})
    frame = indicators.copy()
    frame[columns] = after
    position, row = np.nonzero(marks.T != "")
    points = pd.DataFrame(
        {
            "unit": indicators.index[row],
            "indicator": pd.Index(columns, dtype=object)[position],
            "before": before[row, position],
            "after": after[row, position],
            "mark": marks[row, position],
        }
    )
    return TreatedFrame(frame, pd.DataFrame(details), points)


def _long_above(values: np.ndarray) -> bool:
    """Whether the long tail is the upper one."""
    skew, _ = skewness_and_kurtosis(values)
    if np.isnan(skew):
        raise CompositeError("асимметрию не вычислить (меньше трёх значений или все равны); знак логарифма неизвестен")
    return skew > 0


def _checked(when: str, values: np.ndarray, limits: tuple[float, float]) -> tuple[bool | None, dict]:
    """Whether a column passes, and the record of the check."""
    skew, kurtosis = skewness_and_kurtosis(values)
    passed = passes_outlier_check(skew, kurtosis, *limits)
    return passed, {f"passed_{when}": passed, f"skewness_{when}": float(skew), f"kurtosis_{when}": float(kurtosis)}
