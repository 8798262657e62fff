"""Many offices at once: of each the same rows as when it is computed alone."""

from __future__ import annotations

import pandas as pd
import pytest

from shnor_lib.indicators import LONG, compute_store
from tests.indicators.full_tables import full_tables
from tools.simulation import simulate_office, stack_years


@pytest.fixture(scope="module")
def offices() -> dict[str, dict[str, pd.DataFrame]]:
    """Offices with the same school ids, other numbers, other years, absent tables and columns, and a short register."""
    offices = {"north": full_tables(1), "south": full_tables(40), "made-up": stack_years(simulate_office(3, schools=4))}
    offices["one-year"] = {name: rows[rows["year"] == 2021] for name, rows in full_tables(80).items()}
    offices["few-tables"] = {name: full_tables(120)[name] for name in ("schools", "exam_results", "satisfaction")}
    register = offices["made-up"]["schools"]
    offices["short-register"] = {
        **offices["made-up"],
        "schools": register[register["school_id"].ne(register["school_id"].dropna().iloc[-1])],
    }
    return offices


def together(offices: dict[str, dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    names = {name for tables in offices.values() for name in tables}
    return {
        name: pd.concat(
            [tables[name].assign(municipality=office) for office, tables in offices.items() if name in tables],
            ignore_index=True,
        )
        for name in sorted(names)
    }


@pytest.mark.parametrize("wave", ["", "interim"])
def test_each_office_has_the_rows_it_has_alone(offices, wave):
    """Every indicator of the catalogue: one that looks beyond its row must say so (``across_levels``) or fail here."""
    computed = compute_store(together(offices), wave=wave).long(municipality=True)
    assert list(computed) == ["municipality", *LONG]
    assert set(computed["municipality"]) == set(offices)
    for office, tables in offices.items():
        own = computed[computed["municipality"] == office].drop(columns="municipality").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, compute_store(tables, wave=wave).long(), check_exact=True)


def test_only_what_is_asked_for(offices):
    only = ["below_minimum_rate[OGE/*]", "satisfaction_share"]
    computed = compute_store(together(offices), only=only).long(municipality=True)
    assert set(computed["indicator"].str.split("[").str[0]) == {"below_minimum_rate", "satisfaction_share"}
    alone = compute_store(offices["one-year"], only=only).long()
    own = computed[computed["municipality"] == "one-year"].drop(columns="municipality").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, alone, check_exact=True)


def test_order_of_the_offices_does_not_matter(offices):
    backwards = dict(reversed(offices.items()))
    only = ["mean_percent[*]", "schools_count"]
    pd.testing.assert_frame_equal(
        compute_store(together(offices), only=only).long(municipality=True),
        compute_store(together(backwards), only=only).long(municipality=True),
    )
