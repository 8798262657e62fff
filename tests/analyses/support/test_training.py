"""The order for training: sums by hand, who is left out, the total (N6)."""

import pandas as pd

from shnor_lib.analyses.support.training import order_for_training, training_facts, training_order
from tests.analyses.support.conftest import planned

NOTHING = pd.DataFrame(columns=["school_id", "subject", "direction"])


def deficits(*rows: tuple) -> pd.DataFrame:
    columns = ["school_id", "staff", "subject", "deficit", "teachers_assessed", "teachers_with_deficit"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"teachers_assessed": "Float64", "teachers_with_deficit": "Float64"})


def test_N6_people_and_schools_of_each_deficit_with_a_total():
    found = order_for_training(
        deficits(
            ("1", None, "maths", "задачи", 4, 1),
            ("2", "teachers", "maths", "задачи", 6, 2),
            ("1", None, "russian", "чтение", 5, 4),
            ("2", None, "russian", "чтение", 3, 0),
            ("3", None, "russian", "чтение", 3, None),
            ("1", "managers", "all", "анализ", 2, 2),
        ),
        NOTHING,
    )
    assert found[["staff", "deficit", "people", "schools", "school_ids"]].astype(object).fillna("").values.tolist() == [
        ["teachers", "чтение", 4, 1, "1"],
        ["teachers", "задачи", 3, 2, "1;2"],
        ["managers", "анализ", 2, 1, "1"],
        ["total", "", 9, "", ""],
    ]
    assert found["share"].round(3).tolist()[:3] == [0.8, 0.3, 1.0]
    assert found["falls"].isna().all() and pd.isna(found["subject"].iloc[2])
    assert training_facts(found) == {"places": 9, "teachers": 7, "managers": 2, "schools": 2}


def test_N6_falls_are_counted_only_for_subjects_that_the_published_lists_tell_of():
    rows = deficits(
        ("1", None, "maths", "задачи", 4, 2),
        ("1", None, "physics", "опыт", 4, 1),
        ("1", None, "russian", "чтение", 4, 1),
    )
    changes = pd.DataFrame(
        [("1", "maths", "fall"), ("2", "maths", "fall"), ("1", "russian", "rise")], columns=NOTHING.columns
    )
    found = order_for_training(rows, changes).set_index("subject")["falls"]
    assert found["maths"] == 1 and found["russian"] == 0 and pd.isna(found["physics"])


def test_N6_nothing_is_ordered_where_nobody_was_assessed():
    assert order_for_training(deficits(("1", None, "maths", "задачи", None, None)), NOTHING).empty
    assert training_facts(order_for_training(deficits(), NOTHING))["places"] == 0


def test_N6_demo_orders_training_of_teachers_and_managers():
    found = training_order(planned("demo", 2021).office)
    assert found["staff"].unique().tolist() == ["teachers", "managers", "total"]
    assert found["people"].iloc[:-1].sum() == found["people"].iloc[-1]
