"""Small-number suppression for the public edition: what could point at single pupils is hidden, and cannot be computed back.

Primary suppression hides a value of fewer than ``limit`` participants, and a share whose part or whose rest is one of the
small counts 1 … limit−1 (one failing pupil of thirty, or all but one). Secondary suppression hides one more school wherever a
single hidden one could be found as the published total less the others. Hidden rows are marked ``hidden``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import catalogue, split_name
from shnor_lib.tables import table

PUPIL_TABLES = (
    "exam_results",
    "mark_comparison",
    "learning_marks",
    "progression",
    "olympiads",
    "social_context",
    "conditions",
    "satisfaction",
    "professional_deficits",
)
"""Tables whose counts are of persons and are hidden when small."""

PUBLIC_TABLES = ("schools", "resources", "staff")
"""Tables of which indicators may always be shown: they count schools, rooms, books and staff positions, not pupils."""

MEANS_OF_MARKS = ("learning_index", "mean_mark", "learning_marks_index")
"""Indicators from which, with the other shares of a procedure, the number of each mark could be computed back."""

NUMBERS = ["value", "numerator", "denominator"]
GROUP = ["municipality", "year", "indicator"]


def suppress_indicators(indicators: pd.DataFrame, limit: int) -> pd.DataFrame:
    """The long table without small numbers.

    Parameters
    ----------
    indicators : the long indicator table of all levels.
    limit : fewest participants a published value may stand for.

    Returns
    -------
    DataFrame
        The same rows with ``hidden``; value, numerator and denominator of hidden rows are missing and the note says so.

    Examples
    --------
    >>> rows = pd.DataFrame({"municipality": "m", "level": "school", "school_id": ["1", "2", "3"], "year": 2021,
    ...     "indicator": "pass_rate[OGE/maths/9]", "value": [0.5, 1.0, 1.0], "numerator": [2.0, 30.0, 40.0],
    ...     "denominator": [4.0, 30.0, 40.0], "note": ""})
    >>> suppress_indicators(rows, 5)["hidden"].tolist()  # the second, lest the first be the total less the third
    [True, True, False]
    """
    known = catalogue()
    entries = {name: known.get(split_name(name)[0]) for name in indicators["indicator"].unique()}
    guarded = indicators["indicator"].isin(
        [
            name
            for name, one in entries.items()
            if one is not None and one.table not in PUBLIC_TABLES and one.unit != "flag"
        ]
    )
    units = indicators["indicator"].map({name: one.unit for name, one in entries.items() if one is not None})
    few = units.ne("count") & indicators["denominator"].lt(limit) & indicators["denominator"].gt(0)
    rest = indicators["denominator"] - indicators["numerator"]
    small = units.eq("rate") & (_small(indicators["numerator"], limit) | _small(rest, limit))
    small |= units.eq("count") & _small(indicators["value"], limit)
    hidden = guarded & indicators["value"].notna() & (few | small)
    hidden |= _second_school(indicators, hidden, guarded)
    hidden |= _from_marks(indicators, hidden)
    hidden |= _groups_of_schools(indicators, hidden, guarded)
    return _hide(indicators, hidden)


def _from_marks(indicators: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Means of marks of a school and procedure one of whose shares is hidden: together they would give the marks back."""
    names = indicators["indicator"].unique()
    functions = indicators["indicator"].map({name: split_name(name)[0] for name in names})
    parts = indicators["indicator"].map({name: split_name(name)[1] or "" for name in names})
    place = [indicators["level"], indicators["school_id"], indicators["year"], parts]
    touched = hidden.groupby(place).transform("any")
    return touched & functions.isin(MEANS_OF_MARKS) & indicators["value"].notna()


def _groups_of_schools(indicators: pd.DataFrame, hidden: pd.Series, guarded: pd.Series) -> pd.Series:
    """Sums over urban or rural schools of an indicator of which any school is hidden."""
    key = [indicators[column] for column in GROUP if column in indicators]
    schools = hidden & indicators["level"].eq("school")
    return (
        schools.groupby(key).transform("any") & indicators["level"].eq("group") & guarded & indicators["value"].notna()
    )


def _small(counts: pd.Series, limit: int) -> pd.Series:
    rounded = counts.round(6)
    return rounded.gt(0) & rounded.lt(limit)


def _second_school(indicators: pd.DataFrame, hidden: pd.Series, guarded: pd.Series) -> pd.Series:
    """One more school where a single hidden one could be computed from the total of the municipality.

    The school is chosen by its number of participants, so indicators that share a denominator hide the same school.
    """
    schools = indicators["level"].eq("school") & guarded & indicators["value"].notna()
    key = [column for column in GROUP if column in indicators]
    count = hidden.where(schools, False).groupby([indicators[column] for column in key]).transform("sum")
    lonely = schools & ~hidden & count.eq(1)
    if not lonely.any():
        return pd.Series(False, index=indicators.index)
    order = indicators[lonely].sort_values(["denominator", "school_id"], kind="stable", na_position="last")
    chosen = order.drop_duplicates(key).index
    return indicators.index.to_series().isin(chosen)


def _hide(rows: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    shown = rows.copy()
    for column in NUMBERS:
        if column in shown:
            shown[column] = shown[column].where(~hidden)
    if "note" in shown:
        shown["note"] = np.where(hidden, "скрыто: мало участников", shown["note"])
    return shown.assign(hidden=hidden.to_numpy())


def suppress_table(name: str, rows: pd.DataFrame, limit: int) -> pd.DataFrame:
    """An input table for the public edition: small counts of persons are emptied and their rows marked ``hidden``.

    Examples
    --------
    >>> marks = pd.DataFrame({"level": ["school", "school"], "participants": [30.0, 4.0], "mark_2": [2.0, 0.0], "mark_5": [10.0, 4.0]})
    >>> suppress_table("exam_results", marks, 5)[["participants", "mark_2", "mark_5", "hidden"]].values.tolist()
    [[30.0, nan, 10.0, True], [nan, nan, nan, True]]
    """
    if name not in PUPIL_TABLES or rows.empty:
        return rows
    counts = [column.name for column in table(name).columns.values() if column.type == "count" and column.name in rows]
    counts = [column for column in counts if column not in ("grade", "highest_grade", "schools")]
    numbers = [
        column.name
        for column in table(name).columns.values()
        if column.type in ("count", "number", "share") and column.name in rows
    ]
    whole = rows[counts].astype(float).max(axis=1)
    few = whole.lt(limit) & whole.gt(0)
    shown = rows.copy()
    hidden = few.copy()
    for column in counts:
        small = _small(rows[column].astype(float), limit)
        shown[column] = shown[column].mask(small | few)
        hidden |= small
    for column in set(numbers) - set(counts) - {"grade"}:
        shown[column] = shown[column].mask(few)
    return shown.assign(hidden=hidden.to_numpy())


def suppress_judged(
    rows: pd.DataFrame, limit: int, numbers: list[str], hidden_schools: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Rows with ``participants`` – verdicts, low procedures, targets – without the numbers of few participants.

    Parameters
    ----------
    numbers : columns that are emptied in hidden rows.
    hidden_schools : further rows to hide, by school_id and the columns both frames have.
    """
    few = rows["participants"].lt(limit) & rows["participants"].gt(0)
    hidden = few.fillna(False).astype(bool)
    if hidden_schools is not None and len(hidden_schools):
        key = [column for column in hidden_schools.columns if column in rows]
        hidden |= (
            rows[key]
            .merge(hidden_schools.drop_duplicates().assign(_hidden=True), on=key, how="left")["_hidden"]
            .eq(True)
            .to_numpy()
        )
    shown = rows.copy()
    for column in numbers:
        shown[column] = shown[column].where(~hidden)
    return shown.assign(hidden=hidden.to_numpy())
