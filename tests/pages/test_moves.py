"""Report 70: each list by itself, what changed first, and nothing compared where no answer is."""

from types import SimpleNamespace

import pandas as pd
import pytest

from shnor_lib.analyses.dynamics import changed_first, list_moves
from shnor_lib.pages.views.dynamics import lists_moved, show_headlines
from tests.shipped import shipped

OFFICE = SimpleNamespace(method=SimpleNamespace(decisions={"low_results": None, "adverse_conditions": None}))


def answers(low: str, adverse: str) -> pd.DataFrame:
    """Answers on schools a, b, c: y, n or ? for each, of two lists."""
    words = {"y": "yes", "n": "no", "?": "insufficient_data"}
    rows = [
        (school, category, words[one])
        for category, told in (("low_results", low), ("adverse_conditions", adverse))
        for school, one in zip("abc", told, strict=True)
    ]
    return pd.DataFrame(rows, columns=["school_id", "category", "identified"])


@pytest.mark.parametrize(
    ("before", "now", "heading"),
    [
        (("yyn", "ynn"), ("ynn", "yyn"), "ШНОР: новых 0, вышла 1, остаётся 1; ШНСУ: новых 1, вышло 0, остаётся 1"),
        (("yy?", "???"), ("yyn", "ynn"), "ШНОР: новых 0, вышло 0, остаются 2, не сравнить 1; ШНСУ: не сравнить"),
        (("???", "???"), ("yyn", "ynn"), ""),
    ],
)
def test_a_school_on_two_lists_is_not_two_schools(before, now, heading):
    said = lists_moved(OFFICE, list_moves(answers(*before), answers(*now)))
    assert said.replace("\N{NO-BREAK SPACE}", " ") == heading


def test_what_changed_stands_first():
    moves = changed_first(list_moves(answers("yyn", "nnn"), answers("yny", "?nn")))
    assert moves[["school_id", "move"]].values.tolist() == [
        ["c", "entered"],
        ["b", "left"],
        ["a", "open"],
        ["a", "stayed"],
    ]


def test_the_sentence_of_those_who_stay_says_that_the_years_share_results():
    told = next(one.text for one in show_headlines(shipped("demo", 2021)).findings if one.id == "list_moved").replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "остаются 4 школы" in told and "отчасти по тем же результатам" in told and "Полевая" in told
