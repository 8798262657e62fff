"""Report 80: what is furthest behind stands first, and a year without a value has a cause."""

from types import SimpleNamespace

import pandas as pd

from shnor_lib.analyses.promises import promise_facts, targets_by_concern, values_by_year

SOURCES = {"asked": "школы, центр", "wanted": "центр"}
COHORTS = {"asked": 2021, "counted": 2021}


def office(rows: list[tuple], history: list[tuple] = ()):
    """An office whose targets are (name, state, value, goal, start, unit)."""
    declared = {
        name: SimpleNamespace(title=name.upper(), formula="pooled", indicator=unit, source=SOURCES.get(name))
        for name, *_, unit in rows
    }
    frame = pd.DataFrame([row[:5] for row in rows], columns=["target", "state", "value", "goal", "first_value"])
    return SimpleNamespace(
        profile=SimpleNamespace(targets=declared),
        catalogue=SimpleNamespace(unit=lambda name: name),
        targets=frame.assign(
            cohort=frame["target"].map(COHORTS), of_schools=4.0 * frame["state"].ne("no_data")
        ).replace({"of_schools": {0.0: None}}),
        target_history=pd.DataFrame(history, columns=["target", "year", "value"]),
    )


def test_the_target_that_lacks_most_stands_first_and_what_is_reached_last():
    found = targets_by_concern(
        office(
            [
                ("reached", "fulfilled", 1.0, 0.5, 0.2, "rate"),
                ("near", "off_track", 0.85, 0.9, 0.8, "rate"),
                ("far", "off_track", 20.0, 90.0, 20.0, "percent"),
                ("unknown", "no_data", None, 0.9, None, "rate"),
                ("no_number", "off_track", 0.1, None, 0.3, "rate"),
            ]
        )
    )
    assert found["target"].tolist() == ["far", "near", "no_number", "reached", "unknown"]
    assert found["short"].round(2).tolist()[:2] == [0.7, 0.05] and found["short"].iloc[3] == 0


def test_nothing_is_called_furthest_where_nothing_is_behind_by_a_number():
    assert promise_facts(office([("a", "same", 0.1, 0.2, 0.1, "rate")]))["targets_furthest"] == ""


def test_what_targets_without_data_wait_for_is_the_list_and_those_who_give_the_data():
    rows = [(name, "no_data", None, 0.9, None, "rate") for name in ("asked", "wanted")]
    found = promise_facts(office([*rows, ("counted", "same", 0.1, 0.2, 0.1, "rate")]))
    assert found["targets_givers"] == "центр (2), школы (1)"
    assert (found["targets_of_lists"], found["targets_without_list"]) == (2, 1)


def test_years_without_any_value_are_no_columns():
    history = [
        ("a", 2017, None),
        ("a", 2018, 0.1),
        ("a", 2019, 0.2),
        ("a", 2020, None),
        ("b", 2020, 0.3),
        ("b", 2021, 0.3),
    ]
    found = values_by_year(
        office([("a", "same", 0.2, 0.5, 0.1, "rate"), ("b", "same", 0.3, 0.5, 0.3, "rate")], history)
    )
    assert sorted(set(found["year"])) == [2019, 2020, 2021] and found["value"].isna().sum() == 1
