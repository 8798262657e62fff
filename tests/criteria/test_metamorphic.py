"""What must hold of every rule word, from indicators to verdicts: worse data never improve a verdict, names and order say nothing."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shnor_lib.criteria.judge import evaluate_criteria
from shnor_lib.params.methods import CriterionBase
from tests.criteria.test_rule_words import YEAR, evidence_of, method_of

PARTS = ["VPR/russian/5", "VPR/maths/5", "OGE/maths/9"]
WORSE = {
    "at_most": -1,
    "below": -1,
    "below_benchmark_by": -1,
    "lowest_share": -1,
    "at_least": 1,
    "above": 1,
    "above_benchmark_by": 1,
    "highest_share": 1,
    "low_in_procedures": 1,
    "one_of": 0,
    "at_most_own": -1,
    "below_own": -1,
    "at_least_own": 1,
    "above_own": 1,
    "graded": -1,
}
"""Where the results of a school that needs help lie; a list of numbers has no such side."""
MORE = {
    "below_benchmark_by": {"benchmark": "region", "threshold": 0.1},
    "above_benchmark_by": {"benchmark": "region", "threshold": 0.1},
    "one_of": {"allowed": [0.5, 0.25]},
    "lowest_share": {"threshold": 0.3, "pooling": "deviation"},
    "highest_share": {"threshold": 0.3},
    "graded": {"scale": "letters", "grades": ["D", "F"]},
} | {
    word: {"by": "kind", "thresholds": {"СОШ": 0.4}}
    for word in ("at_most_own", "below_own", "at_least_own", "above_own")
}
OFFICES = st.integers(4, 8).flatmap(
    lambda size: st.lists(
        st.lists(
            st.one_of(st.none(), st.tuples(st.integers(0, 8).map(lambda k: k / 8), st.sampled_from([5, 20, 60]))),
            min_size=len(PARTS),
            max_size=len(PARTS),
        ),
        min_size=size,
        max_size=size,
    )
)
WORDS = sorted(WORSE)
WITHOUT_THRESHOLD = {word for word in WORDS if "threshold" not in CriterionBase.by_word[word].model_fields}
WAYS = {
    "rounded": {"round_to": 1},
    "highest part": {"pooling": "maximum"},
    "lowest part": {"pooling": "minimum"},
}


def verdicts_of(word: str, office: dict[str, list], more: dict[str, dict] | None = None, **chosen) -> dict[str, str]:
    """Verdicts of schools by their shares and participants in each procedure; ``more`` results by school and procedure."""
    given_of = {"rule": word, "threshold": 0.4} | MORE.get(word, {}) | chosen
    criterion = given_of | {"indicator": "below_minimum_rate", "parts": PARTS, "minimum_participants": 10}
    if word != "low_in_procedures":
        criterion = {"pooling": "mean"} | criterion
    if word in WITHOUT_THRESHOLD:
        del criterion["threshold"]
    rows = [
        [school, part, YEAR, *cell]
        for school, cells in office.items()
        for part, cell in zip(PARTS, cells, strict=True)
        if cell is not None
    ]
    for school, own in (more or {}).items():
        rows += [[school, part, YEAR, *cell] for part, cell in own.items()]
        criterion["parts"] = [*PARTS, *own]
    sentence = {"criterion": criterion, "procedures": rows, "schools": list(office)}
    sentence |= {"part": PARTS[0], "above": {"region": 0.5}}
    scales = {"letters": {"grades": {"A": 0.8, "B": 0.6, "C": 0.4, "D": 0.2, "F": None}, "reference": "r"}}
    found = evaluate_criteria(method_of(criterion, scales=scales), evidence_of(sentence), YEAR)
    return dict(zip(found["school_id"], found["verdict"], strict=True))


def named(schools: list) -> dict[str, list]:
    return {f"s{place}": cells for place, cells in enumerate(schools)}


def test_every_rule_word_has_a_side():
    assert set(WORSE) == set(CriterionBase.by_word)


@pytest.mark.parametrize("word", [word for word in WORDS if WORSE[word]])
@given(schools=OFFICES, data=st.data())
@settings(max_examples=25, deadline=None)
def test_worse_results_never_take_a_school_off_the_list(word, schools, data):
    school, part = data.draw(st.integers(0, len(schools) - 1)), data.draw(st.integers(0, len(PARTS) - 1))
    assume(schools[school][part] is not None)
    before, cell = verdicts_of(word, named(schools)), schools[school][part]
    step = data.draw(st.integers(1, 8)) / 8
    worse = [list(cells) for cells in schools]
    worse[school][part] = (float(np.clip(cell[0] + WORSE[word] * step, 0, 1)), cell[1])
    after = verdicts_of(word, named(worse))
    assert before[f"s{school}"] != "met" or after[f"s{school}"] == "met"


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("word", ["below", "at_least", "below_own", "graded", "lowest_share", "low_in_procedures"])
@given(schools=OFFICES, data=st.data())
@settings(max_examples=8, deadline=None)
def test_worse_results_never_take_a_school_off_however_they_are_put_together(word, how, schools, data):
    school, part = data.draw(st.integers(0, len(schools) - 1)), data.draw(st.integers(0, len(PARTS) - 1))
    few = [
        [cell and (cell[0], 20) for cell in cells] for cells in schools
    ]  # a part of few pupils may become the lowest
    assume(few[school][part] is not None)
    worse = [list(cells) for cells in few]
    step = data.draw(st.integers(1, 8)) / 8
    worse[school][part] = (float(np.clip(few[school][part][0] + WORSE[word] * step, 0, 1)), 20)
    before, after = (verdicts_of(word, named(one), **WAYS[how]) for one in (few, worse))
    assert before[f"s{school}"] != "met" or after[f"s{school}"] == "met"
    worse[school][part] = None  # what is withheld is never good
    others = any(cells[part] for place, cells in enumerate(worse) if place != school)
    if how != "rounded" and word not in ("lowest_share", "low_in_procedures") and others:
        assert verdicts_of(word, named(worse), **WAYS[how])[f"s{school}"] == "not_assessed"


@given(schools=OFFICES, school=st.integers(0, 3), worst=st.lists(st.integers(0, 8), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_results_that_nobody_else_has_move_no_school_on_or_off_the_list(schools, school, worst):
    before = verdicts_of("lowest_share", named(schools))
    alone = {f"OGE/own{place}/9": (share / 8, 60) for place, share in enumerate(worst)}
    assert verdicts_of("lowest_share", named(schools), more={f"s{school}": alone}) == before


@pytest.mark.parametrize("word", WORDS)
@given(schools=OFFICES, data=st.data())
@settings(max_examples=8, deadline=None)
def test_names_and_order_of_schools_say_nothing_and_equal_schools_are_judged_alike(word, schools, data):
    before = verdicts_of(word, named(schools))
    order = data.draw(st.permutations(range(len(schools))))
    moved = verdicts_of(word, {f"x{place}": schools[number] for place, number in enumerate(order)})
    assert [moved[f"x{place}"] for place in range(len(order))] == [before[f"s{number}"] for number in order]
    twice = verdicts_of(word, named([*schools, schools[0]]))
    assert twice["s0"] == twice[f"s{len(schools)}"]


@pytest.mark.parametrize("word", [word for word in WORDS if word not in WITHOUT_THRESHOLD])
@given(schools=OFFICES, first=st.integers(1, 19), second=st.integers(1, 19))
@settings(max_examples=8, deadline=None)
def test_a_looser_threshold_takes_nobody_off(word, schools, first, second):
    loose = max if word in ("at_most", "below", "lowest_share", "highest_share") else min
    wide, narrow = sorted((first / 20, second / 20), reverse=loose is max)
    before, after = (verdicts_of(word, named(schools), threshold=each) for each in (narrow, wide))
    assert all(after[school] == "met" for school, verdict in before.items() if verdict == "met")


@pytest.mark.parametrize("word", ["below_benchmark_by", "above_benchmark_by"])
@given(schools=OFFICES)
@settings(max_examples=8, deadline=None)
def test_a_school_equal_to_the_mean_is_never_met_and_changes_no_verdict(word, schools):
    before = verdicts_of(word, named(schools))
    joined = verdicts_of(word, named(schools) | {"mean": [(0.5, 20)] * len(PARTS)})
    assert joined.pop("mean") != "met" and joined == before


@given(schools=OFFICES)
@settings(max_examples=15, deadline=None)
def test_results_in_another_unit_make_the_same_list(schools):
    half = [[cell and (cell[0] / 2, cell[1]) for cell in cells] for cells in schools]
    assert verdicts_of("lowest_share", named(half)) == verdicts_of("lowest_share", named(schools))
