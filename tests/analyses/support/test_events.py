"""Exchange of experience: at least four events a year, who joined, pairs that never met (L12)."""

import pandas as pd
import pytest

from shnor_lib.analyses.support.events import event_participants, events_check, pair_events, participation


def events(*rows: tuple[str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["status", "schools"]).astype("string")
    return frame.assign(event_id=[str(number) for number in range(len(frame))])


YEAR = events(("done", "a; b"), ("done", "a;c"), ("cancelled", "a; b"), ("planned", "a"), ("done", None))


@pytest.mark.parametrize("done, verdict, shortage", [(3, "not_met", 1), (4, "met", 0), (5, "met", 0)])
def test_L12_four_events_a_year(done, verdict, shortage):
    found = events_check(events(*[("done", "a")] * done), 4)
    assert (found["verdict"], found["shortage"], found["done"]) == (verdict, shortage, done)


def test_L12_cancelled_and_planned_events_are_not_held():
    found = events_check(YEAR, 4)
    assert (found["done"], found["planned"], found["cancelled"], found["shortage"]) == (3, 4, 1, 1)


def test_L12_without_a_demand_or_without_reports_nothing_is_judged():
    assert events_check(YEAR, None)["verdict"] == "not_assessed"
    nothing = events_check(YEAR.iloc[:0], 4)
    assert nothing["verdict"] == "not_assessed"
    assert nothing["shortage"] is None


def test_L12_each_school_with_its_shortage():
    joined = participation(YEAR, ["a", "b", "d"], 4).set_index("school_id")
    assert joined["done"].to_dict() == {"a": 2, "b": 1, "d": 0}
    assert joined["planned"].to_dict() == {"a": 3, "b": 1, "d": 0}
    assert joined["shortage"].to_dict() == {"a": 2, "b": 3, "d": 4}
    assert participation(YEAR, ["a"], None)["shortage"].isna().all()


def test_L12_pairs_that_never_met():
    pairs = pd.DataFrame({"school_id": ["b", "b", None], "partner_id": ["a", "c", "a"]}, dtype="string")
    assert pair_events(YEAR, pairs)["together"].tolist() == [1, 0]


def test_participants_are_counted_once_an_event():
    assert len(event_participants(events(("done", "a; a;\nb")))) == 2
