"""A method with every word of the criteria language, wherever rules are drawn, moved, compared and masked."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from shnor_lib.criteria.indices import compute_indices
from shnor_lib.criteria.judge import measure_criteria
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.judging import judge_offices
from shnor_lib.params.methods import CriterionBase
from shnor_lib.params.reading import read_method
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.whatif.exploration import Explorer, adjustables
from shnor_lib.whatif.ladder import ladder
from shnor_lib.whatif.robustness import Bench, certainty
from shnor_lib.whatif.robustness.family import unmoved
from shnor_lib.whatif.scenarios import evidence_of, rejudge
from tests.shipped import ROOT, shipped
from tests.whatif.test_robustness import ONE, assert_draw_is, changes_of

RULES = read_method(ROOT / "tests" / "foreign_rule", "every-word")


@pytest.fixture(scope="module")
def office():
    """``demo`` judged by the method of every word."""
    own = shipped("demo", 2021)
    found = rejudge(own, RULES)
    store = own.store.without(own.method.indices)
    scores = compute_indices(RULES, evidence_of(own, [RULES]).schools, store, [2021, 2020]).rows
    rows = pd.concat(
        [own.indicators[~own.indicators["indicator"].isin(list(own.method.indices))], scores], ignore_index=True
    )
    named = {"method": RULES, "method_name": "every-word", "indicators": rows}
    return dataclasses.replace(own, **named, verdicts=found.verdicts, identification=found.identification)


def test_the_method_has_every_new_word():
    words = {type(one) for one in RULES.criteria.values()}
    assert len(words) >= 5 and {type(one) for one in RULES.criteria.values()} <= set(CriterionBase.by_word.values())


def test_the_office_judged_anew_is_as_judged_from_its_tables(office):
    tables = {name: rows.assign(municipality="demo") for name, rows in office.tables.items()}
    alone = judge_offices(RULES, tables, 2021, office.sources)
    key = ["school_id", "category"]
    for frame, own in (("identification", key), ("verdicts", [*key, "criterion"])):
        found = getattr(office, frame).set_index(own).sort_index()
        expected = getattr(alone, frame).set_index(own).sort_index()
        column = "calculated" if frame == "identification" else "verdict"
        pd.testing.assert_series_equal(found[column], expected[column])
    assert office.identification["calculated"].nunique() == 3


def test_with_nothing_varied_a_draw_is_the_method_itself(office):
    assert_draw_is(Bench(office).judge(ONE), 0, office)


def test_draws_of_all_choices_give_answers(office):
    bench = Bench(office)
    found = certainty(bench, bench.draw(64))
    assert set(found["category"]) == set(RULES.decisions) and found["probability"].dropna().between(0, 1).all()


def test_what_moves_the_answer_moves_it(office):
    changes = changes_of(office)
    assert set(changes["path"].str.split(".").str[0]) == {"criteria"} and len(changes)
    one = changes.iloc[0]
    answers = set()
    for step in (1e-6, -1e-6):
        moved = rejudge(office, apply_changes(RULES, (Change(path=one["path"], value=one["flips_at"] + step),), "s"))
        answers.add(
            moved.identification.set_index(["school_id", "category"])["calculated"][one["school_id"], one["category"]]
        )
    assert {one["answer"], one["becomes"]} == answers


def test_sliders_and_ladders_leave_out_what_has_no_threshold(office):
    paths = {one.path for one in adjustables(RULES)}
    assert not any("at_least" in path or "graded" in path or "own_" in path for path in paths)
    assert "criteria.worst_part.threshold" in paths and "indices.staff.components.profile.weight" in paths
    assert len(Explorer(office).explore({"indices.staff.components.profile.weight": 4}).changes) == 1
    measured = measure_criteria(RULES, evidence_of(office, [RULES]), 2021)
    rungs = ladder(office, measured)
    assert set(rungs["criterion"]) <= {"worst_part", "rounded", "best_of_two", "same_procedure"}


def test_what_no_draw_moves_is_named():
    still = {one.short for name, one in RULES.criteria.items() if name.startswith(("own_", "graded", "one_of"))}
    assert still and still <= set(unmoved(RULES)) and RULES.criteria["rounded"].short not in unmoved(RULES)
    assert unmoved(read_method(ROOT, "lesosibirsk-2020")) == []


def test_a_changed_inner_index_changes_the_outer_one(office):
    changes = (Change(path="indices.conditions.components.income.weight", value=9),)
    rules = apply_changes(RULES, changes, "s")
    assert rules.made_of(["conditions"]) == {"conditions", "outer"}
    before, after = (
        rejudge(office, each).verdicts.set_index(["school_id", "criterion"])["value"] for each in (RULES, rules)
    )
    moved = {name for (_, name), value in after.items() if not np.isclose(value, before[_, name], equal_nan=True)}
    assert moved == {"graded_index", "best_of_two"}


def test_the_highest_of_parts_is_hidden_with_any_of_them(office):
    """The highest part is one number: were another part hidden beside it, the verdict would say on which side that one lies."""
    public = public_edition(office)
    rows = public.indicators[public.indicators["hidden"] & public.indicators["level"].eq("school")]
    gone = rows[rows["indicator"].str.startswith("below_minimum_rate[OGE/") & rows["year"].ge(2020)]
    verdicts = public.verdicts[public.verdicts["criterion"].eq("worst_part")].set_index("school_id")
    assert len(gone) and verdicts.loc[gone["school_id"].unique(), "hidden"].all()
    hidden = public.verdicts[public.verdicts["hidden"]]
    assert hidden[["value", "threshold", "margin"]].isna().all(axis=None)


def test_a_reason_tells_no_hidden_value(office):
    public = public_edition(office)
    for name, told in (("graded", "оценка [a-d] |округлено"), ("own_kind", ": [0-9]"), ("rounded", "округлено")):
        rows = public.verdicts[public.verdicts["criterion"].eq(name) & public.verdicts["verdict"].ne("not_assessed")]
        says = rows["reason"].str.contains(told, regex=True)
        assert not says[rows["hidden"]].any() and (says | rows["hidden"]).all(), name
