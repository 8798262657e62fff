"""The ladder of a threshold: the list at every step is the one the judge makes with that threshold."""

import pytest

from shnor_lib.analyses.identification import reasons_to_read
from shnor_lib.criteria.flips import flip_thresholds
from shnor_lib.criteria.rules import IS_MET, judge
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.views.identification import told_answers
from shnor_lib.whatif.exploration import Explorer
from shnor_lib.whatif.ladder import STEPS_ASIDE, ladder, measured_on, moves_of_threshold, smallest_moves, steps_of
from tests.shipped import shipped


@pytest.fixture(scope="module")
def measured():
    return measured_on(shipped("demo", 2021))


def test_one_step_holds_the_methods_own_threshold_and_its_list(measured):
    office = shipped("demo", 2021)
    rungs = ladder(office, measured)
    own = rungs[rungs["own"]].set_index("criterion")
    assert sorted(own.index) == sorted(office.method.criteria)
    assert own[["enters", "leaves"]].eq("").all(axis=None)
    met = office.verdicts[office.verdicts["verdict"].eq("met")].groupby("criterion")["school_id"].agg(";".join)
    assert own["met"].to_dict() == met.reindex(own.index, fill_value="").to_dict()


def test_the_list_of_a_step_is_that_of_the_slider(measured):
    office = shipped("demo", 2021)
    rungs = ladder(office, measured).dropna(subset=["low", "high"])
    steps = rungs[rungs["leaves"].ne("") | rungs["enters"].ne("")]
    explorer = Explorer(office)
    for step in steps.groupby("criterion").nth(0).itertuples():
        explored = explorer.explore({f"criteria.{step.criterion}.threshold": (step.low + step.high) / 2}).answers
        answers = explored.identification
        listed = answers[answers["category"].eq(step.category) & answers["calculated"].eq("yes")]
        assert ";".join(listed["school_id"]) == step.listed, step


def test_a_move_turns_its_schools_just_beyond_its_threshold(measured):
    office = shipped("demo", 2021)
    moves = moves_of_threshold(office)
    assert moves.groupby(["criterion", "gains"]).size().max() == STEPS_ASIDE
    for move in moves.itertuples():
        criterion, own = office.method.criteria[move.criterion], measured[move.criterion]
        beyond = judge(criterion, own, threshold=move.beyond + (1e-6 if move.above else -1e-6)).flags[0] == IS_MET
        met = set(own.schools["school_id"][beyond])
        assert set(move.schools.split(";")) <= met if move.gains else not set(move.schools.split(";")) & met, move


def test_a_move_says_whom_the_list_takes_in():
    office = shipped("demo", 2021)
    moves = moves_of_threshold(office).set_index(["criterion", "gains", "above"])
    first = moves.loc[("lowest_staff_potential", True, True)].iloc[0]
    calculated = office.identification.set_index(["category", "school_id"])["calculated"]
    assert first["listed"] and calculated[("adverse_conditions", first["listed"])] == "no"


def test_a_public_edition_is_told_no_thresholds_that_turn_a_school():
    public = public_edition(shipped("demo", 2021))
    assert moves_of_threshold(public).empty
    assert smallest_moves(public, public.identification)[["path", "flips_at"]].isna().all(axis=None)
    assert (
        told_answers(public, reasons_to_read(public))["moved"].isna().all()
    )  # no column that says «nothing would change it»


def test_the_smallest_move_puts_on_the_list_or_takes_off_it():
    office = shipped("demo", 2021)
    moves = smallest_moves(office, office.identification).set_index(["category", "school_id"])
    # one sign would be enough only if the sign that could not be determined were there: no answer then, and no move of the list
    none = office.identification.query(
        "criteria_met == 0 and criteria_assessed < criteria_total and category == 'low_results'"
    )
    paths = moves.loc[[("low_results", school) for school in none["school_id"]], "path"]
    assert len(paths) and not paths.eq("decisions.low_results.at_least").any()


def test_steps_that_are_read_stand_around_the_methods_own_and_change_the_list(measured):
    office = shipped("demo", 2021)
    rungs = ladder(office, measured)
    found = steps_of(rungs, flip_thresholds(office.method, measured, office.verdicts))
    assert found.moving + len(found.idle) == len(office.method.criteria)
    assert found.steps.groupby("criterion")["own"].sum().eq(1).all()
    assert found.steps.loc[found.steps["own"].astype(bool), ["enters", "leaves"]].eq("").all(axis=None)
    for _, own in found.steps.groupby("criterion"):
        assert own["listed"].ne(own["listed"].shift()).all() and own["high"].iloc[0] == own["low"].iloc[1]
    now = office.identification.query("calculated == 'yes'").set_index(["category", "school_id"]).index
    assert found.spans.query("verdict == 'met'").set_index(["category", "school_id"]).index.isin(now).all()
