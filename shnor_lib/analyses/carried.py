"""The year of a value that was carried on from an earlier assessment: it stands beside the value wherever that is not its year."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from shnor_lib.indicators.satisfaction import assessed_in


def carried_values(indicators: pd.DataFrame, year: int) -> pd.DataFrame:
    """Known values of schools in a year that are of an earlier one: school_id, indicator, ``assessed`` (the year they are of).

    Examples
    --------
    >>> rows = pd.DataFrame({"level": "school", "school_id": ["1", "2"], "indicator": "satisfaction_share", "year": 2021,
    ...                      "value": 0.8, "note": ["оценка 2019 года", ""]})
    >>> carried_values(rows, 2021).values.tolist()
    [['1', 'satisfaction_share', 2019]]
    """
    rows = indicators[indicators["level"].eq("school") & indicators["year"].eq(year) & indicators["value"].notna()]
    rows = rows.assign(assessed=rows["note"].map(assessed_in).astype("Int64")).dropna(subset=["assessed"])
    return rows[["school_id", "indicator", "assessed"]].astype({"assessed": int}).reset_index(drop=True)


def carried_counts(indicators: pd.DataFrame, names: Iterable[str], year: int) -> dict[str, dict[int, int]]:
    """By indicator and year of assessment, how many schools have such a value of an earlier year."""
    carried = carried_values(indicators, year)
    own = {name: carried.loc[carried["indicator"].eq(name), "assessed"] for name in names}
    return {name: years.value_counts().sort_index().to_dict() for name, years in own.items() if len(years)}
