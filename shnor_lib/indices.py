"""The composite indices of a method, computed from the long indicator table and returned as more rows of it.

An index row looks like any indicator's: ``indicator`` is the name of the index, ``value`` its score, so that criteria judge an
index exactly as they judge an indicator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.composite import CompositeError, compose
from shnor_lib.indicators import LONG, pool_years
from shnor_lib.indicators.window import full_names, school_rows
from shnor_lib.params import Index, Method

UNIT = ["municipality", "school_id"]
COMPONENT_COLUMNS = [
    "municipality",
    "school_id",
    "year",
    "index",
    "component",
    "indicator",
    "value",
    "normalised",
    "weight",
    "direction",
]


@dataclass(frozen=True)
class Indices:
    """Index scores as indicator rows, and the components behind them.

    Attributes
    ----------
    rows : the columns ``LONG``, one row per school, year and index.
    components : one row per school, year, index and component: natural value, normalised value, effective weight.
    """

    rows: pd.DataFrame
    components: pd.DataFrame


def compute_indices(method: Method, schools: pd.DataFrame, indicators: pd.DataFrame, years: list[int]) -> Indices:
    """Compute every index of a method for the schools in the given years.

    Parameters
    ----------
    schools : municipality, school_id; the population of each municipality (or of the region, as the index says).
    """
    rows = [pd.DataFrame(columns=["municipality", *LONG])]
    components = [pd.DataFrame(columns=COMPONENT_COLUMNS)]
    for name, index in method.indices.items():
        for year in years:
            wide = component_values(index, schools, indicators, year)
            populations = (
                [wide]
                if index.population == "region"
                else [part for _, part in wide.groupby(level="municipality", sort=False)]
            )
            for population in populations:
                scored, detail = _compose(name, index, population)
                rows.append(
                    scored.assign(year=year, indicator=name, level="school", group="", numerator=np.nan)[
                        ["municipality", *LONG]
                    ]
                )
                components.append(detail.assign(year=year, index=name)[COMPONENT_COLUMNS])
    return Indices(
        pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True),
        pd.concat([part for part in components if len(part)] or components[:1], ignore_index=True),
    )


def component_values(index: Index, schools: pd.DataFrame, indicators: pd.DataFrame, year: int) -> pd.DataFrame:
    """Natural values of the components of an index: a row per school, a column per component."""
    wide = schools[UNIT].copy()
    for name, component in index.components.items():
        patterns = full_names(component.indicator, component.parts)
        values = school_rows(
            pool_years(indicators, patterns, year, component.window, component.pooling, "municipality")
        )
        wide = wide.merge(values[[*UNIT, "value"]].rename(columns={"value": name}), on=UNIT, how="left")
    return wide.set_index(UNIT).astype(float)


def _compose(name: str, index: Index, population: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    recipe = index.recipe(name)
    plain = population.set_axis(pd.RangeIndex(len(population)))
    missing = [component for component in index.components if plain[component].isna().all()]
    available = plain.notna().sum(axis=1)
    note = "есть составляющих: " + available.astype(str) + f" из {len(index.components)}"
    try:
        result = compose(plain, recipe)
        scores, normalised, weights = result.scores[name], result.normalised, result.steps.effective_weights
    except CompositeError as error:
        scores = pd.Series(np.nan, index=plain.index)
        normalised, weights = plain * np.nan, pd.Series(np.nan, index=list(index.components))
        if not missing:
            note += f"; {error}"
    units = population.index.to_frame(index=False)
    rows = units.assign(value=scores, denominator=np.nan, note=note)
    long = plain.melt(ignore_index=False, var_name="component", value_name="value")
    detail = units.join(long).assign(
        normalised=normalised.melt(ignore_index=False)["value"].to_numpy(),
    )
    detail["weight"] = detail["component"].map(weights)
    detail["direction"] = detail["component"].map({key: one.direction for key, one in index.components.items()})
    detail["indicator"] = detail["component"].map({key: one.indicator for key, one in index.components.items()})
    return rows, detail
