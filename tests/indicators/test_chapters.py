"""Laws every indicator keeps, whatever its chapter."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shnor_lib.indicators import catalogue
from shnor_lib.indicators.formulas import ROW
from tests.indicators.full_tables import full_tables

KEY_COLUMNS = {*ROW, "exam", "subject", "grade", "stage", "question", "place", "deficit"}
TABLES = full_tables()
DIVIDED = [name for name, entry in catalogue().items() if entry.unit in ("rate", "index", "percent")]


def rows_on(name: str, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of one indicator as they are computed; the same keys give the same order."""
    entry = catalogue()[name]
    return entry.on(*(tables[table] for table in entry.tables))


def computed(name: str, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of one indicator in an order of their own."""
    rows = rows_on(name, tables)
    key = [*ROW, *(["part"] if "part" in rows else [])]
    rows[key] = rows[key].astype({column: str for column in key if column != "year"})
    return rows.astype({"note": str}).sort_values(key, ignore_index=True)


@cache
def of_complete_tables(name: str) -> pd.DataFrame:
    """Rows of one indicator where nothing is missing; nobody may change them."""
    return computed(name, TABLES)


def own_tables(name: str) -> dict[str, pd.DataFrame]:
    """The complete tables that an indicator is given."""
    entry = catalogue()[name]
    return {table: TABLES[table] for table in (entry.table, *entry.beside)}


@pytest.mark.parametrize("name", catalogue())
def test_complete_tables_give_values(name: str) -> None:
    rows = of_complete_tables(name)
    assert len(rows) and rows["value"].notna().any()
    assert (rows["note"] != "")[rows["value"].isna()].all(), "a missing value says why"


@pytest.mark.parametrize("name", catalogue())
def test_input_stays_as_it_was(name: str) -> None:
    before = {table: rows.copy(deep=True) for table, rows in own_tables(name).items()}
    computed(name, TABLES)
    for table, rows in own_tables(name).items():
        pd.testing.assert_frame_equal(rows, before[table])


@pytest.mark.parametrize("name", catalogue())
def test_order_of_rows_does_not_matter(name: str) -> None:
    shuffled = {table: rows.sample(frac=1, random_state=7) for table, rows in own_tables(name).items()}
    pd.testing.assert_frame_equal(of_complete_tables(name), computed(name, shuffled))


@pytest.mark.parametrize("name", catalogue())
def test_value_is_numerator_over_denominator(name: str) -> None:
    rows = of_complete_tables(name).dropna(subset=["value", "numerator", "denominator"])
    np.testing.assert_allclose(rows["value"], rows["numerator"] / rows["denominator"], rtol=1e-12)


@pytest.mark.parametrize("name", catalogue())
def test_absent_columns_give_missing_values_with_a_note(name: str) -> None:
    entry = catalogue()[name]
    bare = {
        table: rows[[column for column in rows if column in KEY_COLUMNS]] for table, rows in own_tables(name).items()
    }
    full, rows = of_complete_tables(name), computed(name, bare)
    if name == "schools_count":  # a row of the register is a school whatever else it holds
        assert (rows["value"] == 1).all()
        return
    assert len(rows) == len(full), f"{name} drops rows of {entry.table}"
    assert rows["value"].isna().all()
    assert (rows["note"] != "").all()


@pytest.mark.parametrize("name", [name for name in DIVIDED if name != "satisfaction_share"])
def test_nobody_counted_gives_no_value(name: str) -> None:
    zeros = {
        table: rows.assign(
            **{
                column: rows[column] * 0
                for column in rows
                if str(rows[column].dtype) == "Float64" and column not in KEY_COLUMNS
            }
        )
        for table, rows in own_tables(name).items()
    }
    rows = computed(name, zeros)
    assert rows["value"].isna().all()
    assert rows["note"].str.contains("ноль|не указано").all()


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(seed=st.integers(0, 10_000))
def test_rates_and_flags_lie_between_nothing_and_all(seed: int) -> None:
    tables = full_tables(seed)
    for name, entry in catalogue().items():
        if entry.unit in ("rate", "flag"):
            values = rows_on(name, tables)["value"].dropna()
            assert values.between(0, 1).all(), name


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([2, 3, 10]))
def test_rates_do_not_depend_on_the_size_of_the_school(seed: int, scale: int) -> None:
    """Twice as many of everybody give the same shares; flags, scores and shares are not persons and stay."""
    tables = full_tables(seed)
    fixed = KEY_COLUMNS | {"max_score", "mean_score", "score_sd", "spearman", "assessed_year"}
    fixed |= {"satisfied_share", "recommend_share", "conditions_share", "overall_share"}
    larger = {
        table: rows.assign(
            **{
                column: rows[column] * scale
                for column in rows
                if str(rows[column].dtype) == "Float64" and column not in fixed
            }
        )
        for table, rows in tables.items()
    }
    for name in DIVIDED:
        np.testing.assert_allclose(
            rows_on(name, tables)["value"], rows_on(name, larger)["value"], rtol=1e-9, err_msg=name
        )
