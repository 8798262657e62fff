"""Tables of indicators together with what their values rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from shnor_lib.statistics.uncertainty.errors import UncertaintyError


@dataclass(frozen=True)
class Evidence:
    """A table of indicators with what its values rest on, as far as known.

    ``numerators`` and ``denominators`` (counts) give rates their sampling error, ``standard_errors`` give it to means; a
    column, or a cell, in neither is taken as exact. ``leads``: for rates what the other rates of a unit lead to expect
    (:func:`shnor_lib.statistics.uncertainty.resampling.led_by_others`). Units in rows, indicators in columns.
    """

    values: pd.DataFrame
    numerators: pd.DataFrame = field(default_factory=pd.DataFrame)
    denominators: pd.DataFrame = field(default_factory=pd.DataFrame)
    standard_errors: pd.DataFrame = field(default_factory=pd.DataFrame)
    leads: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self):
        if set(self.numerators) != set(self.denominators):
            raise UncertaintyError("числители и знаменатели даны для разных показателей")
        for column in self.numerators:
            rate = self.numerators[column] / self.denominators[column].where(self.denominators[column] > 0)
            gap = (rate - self.values[column]).abs()
            if (gap > 1e-6).any():
                unit = gap.index[gap > 1e-6][0]
                raise UncertaintyError(
                    f"{column}: у «{unit}» значение {self.values.at[unit, column]:g} не равно числитель / знаменатель "
                    f"{rate[unit]:g}; доли должны быть от 0 до 1 и считаться по тем же количествам"
                )


Tables = pd.DataFrame | Evidence | Mapping[str, pd.DataFrame | Evidence]
"""One table, or several by name (windows): the first is nominal."""


def windows_of(tables: Tables) -> dict[str, Evidence]:
    """Tables by name, each as evidence; a single table is called ``nominal``."""
    named = tables if isinstance(tables, Mapping) else {"nominal": tables}
    if not named:
        raise UncertaintyError("не передано ни одной таблицы показателей")
    return {name: table if isinstance(table, Evidence) else Evidence(table) for name, table in named.items()}
