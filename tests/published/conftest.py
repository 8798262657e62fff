"""The figures of the five documents, read through the readers every office uses and recomputed by its indicators."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from shnor_lib.indicators import compute_store
from shnor_lib.inputs.sources import Inputs, read_inputs

WORKSPACE = Path(__file__).resolve().parents[2]


class Published:
    """What one office published: its input tables, and the indicators computed from them."""

    def __init__(self, municipality: str, year: int) -> None:
        self.inputs: Inputs = read_inputs(WORKSPACE, municipality, [year])
        self.indicators = compute_store(self.inputs.tables).long()

    def table(self, name: str) -> pd.DataFrame:
        """One input table."""
        return self.inputs.tables[name]

    def row(self, name: str, **where: object) -> pd.Series:
        """The only row of a table with these values."""
        rows = _rows(self.table(name), where)
        assert len(rows) == 1, f"{name} {where}: {len(rows)} rows"
        return rows.iloc[0]

    def indicator(self, indicator: str, **where: object) -> pd.Series:
        """The only row of an indicator; of the municipality unless a group or a school is named."""
        level = "school" if "school_id" in where else "group" if "group" in where else "municipality"
        rows = _rows(self.indicators, {"indicator": indicator, "level": level} | where)
        assert len(rows) == 1, f"{indicator} {where}: {len(rows)} rows"
        return rows.iloc[0]

    def values(self, indicator: str, by: str, **where: object) -> dict[object, float]:
        """All values of an indicator there are, by year or by school."""
        rows = _rows(self.indicators, {"indicator": indicator} | where)
        return rows.dropna(subset="value").set_index(by)["value"].to_dict()


def _rows(frame: pd.DataFrame, where: dict[str, object]) -> pd.DataFrame:
    for column, value in where.items():
        frame = frame[frame[column].eq(value).fillna(False).astype(bool)]
    return frame


@cache
def _published(municipality: str, year: int) -> Published:
    return Published(municipality, year)


@pytest.fixture
def lesosibirsk() -> Published:
    return _published("lesosibirsk", 2020)


@pytest.fixture
def lesozavodsk() -> Published:
    return _published("lesozavodsk", 2021)


@pytest.fixture
def kushva() -> Published:
    return _published("kushva", 2020)


@pytest.fixture
def krasnokholm() -> Published:
    return _published("krasnokholm", 2021)


@pytest.fixture
def iskitim() -> Published:
    return _published("iskitim", 2021)


@pytest.fixture
def per_cent() -> Callable[..., Decimal]:
    """How documents print a rate: per cent, half rounded up, with so many decimals."""

    def printed(rate: float, decimals: int = 0) -> Decimal:
        return (Decimal(str(rate)) * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)

    return printed
