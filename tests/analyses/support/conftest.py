"""Shipped programmes as the support chapter reads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from shnor_lib.analyses.support.measures import measure_states, programme_measures
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.params.reading import read_profile
from tests.shipped import shipped

WORKSPACE = Path(__file__).parents[3]
SHIPPED = {"lesosibirsk": 2020, "lesozavodsk": 2021, "kushva": 2020, "krasnokholm": 2021, "iskitim": 2021}


@cache
def shipped_table(municipality: str, name: str) -> pd.DataFrame:
    """One input table of a real office."""
    return read_inputs(WORKSPACE, municipality, [SHIPPED[municipality]]).tables[name]


@cache
def shipped_measures(municipality: str) -> pd.DataFrame:
    """The measures of a real office with due dates and states on its monitoring date."""
    plan, year = read_profile(WORKSPACE, municipality).plan, SHIPPED[municipality]
    measures = programme_measures(shipped_table(municipality, "measures"), year, plan.period(year))
    return measure_states(measures, plan.monitoring(year))


@cache
def planned(municipality: str, year: int) -> SupportPlan:
    return SupportPlan(shipped(municipality, year))


@pytest.fixture(scope="session")
def demo() -> SupportPlan:
    """The support plan of the fictional office in its last year."""
    return planned("demo", 2021)
