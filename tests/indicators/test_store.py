"""The dense store: by key what the long table says row by row, and back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shnor_lib.indicators import Store, compute_store
from shnor_lib.indicators.formulas import example
from shnor_lib.indicators.window import pool_window
from tests.indicators.full_tables import full_tables


@pytest.fixture(scope="module")
def store() -> Store:
    return compute_store(full_tables())


def test_the_long_table_is_a_view_that_leads_back(store):
    rows = store.long()
    pd.testing.assert_frame_equal(Store.of_long(rows).long(), rows, check_exact=True)


def test_order_of_long_rows_does_not_matter(store):
    rows = store.long()
    pd.testing.assert_frame_equal(Store.of_long(rows.sample(frac=1, random_state=4)).long(), rows, check_exact=True)


def test_what_is_unknown_has_a_cause_and_what_is_known_has_none(store):
    complete = full_tables(5)
    holes = {name: rows.mask(rows.isna() | (np.arange(len(rows)) % 3 == 0)[:, None]) for name, rows in complete.items()}
    keys = ["level", "group", "school_id", "year", "exam", "subject", "grade", "stage", "question", "deficit", "wave"]
    holes = {
        name: rows.assign(**{key: complete[name][key] for key in keys if key in rows}) for name, rows in holes.items()
    }
    for rows in (store.long(), compute_store(holes).long()):
        assert (rows["value"].isna() == (rows["cause"] != "")).all()
        assert (rows.loc[rows["cause"] != "", "needs"] != "").all()


def test_causes_of_a_ratio():
    """3 of 20; nobody to divide by; the part, the whole and both not delivered."""
    staff = example(men=[3, 1, None, 2, None], pedagogues=[20, 0, 10, None, None])
    rows = compute_store({"staff": staff}, only=["teachers_men_rate"]).long()
    rows = rows[rows["level"] == "school"]
    whole = "staff.pedagogues | teachers"
    assert rows["cause"].tolist() == ["", "too_few", "not_delivered", "not_delivered", "not_delivered"]
    assert rows["needs"].tolist() == ["", "0 < 1", "staff.men", whole, f"staff.men; {whole}"]


def test_a_level_of_which_schools_are_missing_is_too_few():
    register = example(level=["municipality", "school"], school_id=["", "1"], schools=[14, None])
    store = compute_store({"schools": register, "staff": example(men=[3], pedagogues=[20])})
    row = store.long().query("indicator == 'teachers_men_rate' and level == 'municipality'").iloc[0]
    assert (row["cause"], row["needs"]) == ("too_few", "1 < 14")


def test_values_stand_at_their_keys(store):
    rows = store.long()
    row = rows[
        rows["indicator"].eq("pass_rate[OGE/maths/9]") & rows["school_id"].eq("103") & rows["year"].eq(2021)
    ].iloc[0]
    at = store.places([""], ["103"])[0], store.years.tolist().index(2021), store.names.tolist().index(row["indicator"])
    assert (store.value[at], store.numerator[at], store.denominator[at]) == (
        row["value"],
        row["numerator"],
        row["denominator"],
    )
    assert store.places([""], ["nobody"]).tolist() == [-1]


def test_indices_are_more_names_of_the_same_units(store):
    rows = pd.DataFrame(
        {
            "municipality": "",
            "level": "school",
            "group": "",
            "school_id": ["101", "new"],
            "year": 2021,
            "indicator": "index",
            "value": [70.0, np.nan],
            "numerator": np.nan,
            "denominator": np.nan,
            "note": "",
            "cause": ["", "not_delivered"],
            "needs": ["", "staff.men"],
        }
    )
    wider = store.with_rows(rows)
    found = wider.long()
    assert found.loc[found["indicator"].eq("index"), "value"].tolist()[:1] == [70.0]
    assert found.loc[found["school_id"].eq("new"), ["cause", "needs"]].values.tolist() == [
        ["not_delivered", "staff.men"]
    ]
    pd.testing.assert_frame_equal(
        found[found["indicator"].ne("index")].reset_index(drop=True), store.long(), check_exact=True
    )
    pd.testing.assert_frame_equal(
        wider.without(["index"]).of_units(wider.units.school_id != "new").long(), store.long()
    )


def test_a_window_is_put_together_once(store):
    names = store.chosen(["mean_percent[*]"])
    assert pool_window(store, names, 2021, 3, "mean") is pool_window(store, names, 2021, 3, "mean")


def test_a_part_of_the_store_does_not_share_its_memory(store):
    names = store.chosen(["mean_percent[*]"])
    whole = pool_window(store, names, 2021, 3, "mean")
    part = store.of_units(store.at_school)
    assert len(pool_window(part, names, 2021, 3, "mean").value) == store.at_school.sum() < len(whole.value)
