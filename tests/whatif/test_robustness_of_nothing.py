"""What moves a list that nobody knows is not known: report 60 makes no finding of it."""

from types import SimpleNamespace

import pandas as pd

from shnor_lib.pages.views import robustness as view
from shnor_lib.whatif.robustness.findings import answers_of_scenarios, scenario_rows, top_choice
from tests.shipped import shipped


def test_no_choice_moves_a_list_of_which_no_school_is_told():
    matters = pd.DataFrame({"category": "low_results", "group": ["thresholds"], "total": [1.03]})
    words, office = (
        {"unknown": None, "often": "thresholds"},
        SimpleNamespace(method=SimpleNamespace(main="low_results")),
    )
    for word, named in words.items():
        certainty = pd.DataFrame({"category": ["low_results"], "word": [word]})
        top = top_choice(SimpleNamespace(matters=matters, certainty=certainty, office=office))
        assert (None if top is None else top["group"]) == named


def test_a_scenario_that_judged_nobody_neither_moves_a_list_nor_leaves_it():
    counts = {"enters": 0, "leaves": 0, "other": [0, 5]}
    lists = pd.DataFrame({"scenario": ["told", "empty"], "category": "low_results", "listed": [3, None], **counts})
    rows = scenario_rows(SimpleNamespace(lists=lists)).set_index("scenario")["moves"]
    assert not rows["told"] and pd.isna(rows["empty"])


def test_an_answer_that_a_scenario_leaves_open_is_not_an_answer_that_it_changes():
    judged = {
        name: SimpleNamespace(
            identification=pd.DataFrame({"school_id": ["a", "b", "c"], "category": "low_results", "calculated": own})
        )
        for name, own in (("base", ["yes", "yes", "insufficient_data"]), ("other", ["no", *["insufficient_data"] * 2]))
    }
    assert answers_of_scenarios(SimpleNamespace(judged=judged), "low_results")[1:] == (1, 1)


def test_rules_without_a_conclusion_are_named_under_the_table_and_no_threshold_is_said_to_change_nothing():
    study = view.open_study(shipped("lesosibirsk", 2020))
    heading, table, *_ = view.show_scenarios(study).items
    assert "единственный сценарий" in heading.text
    assert "Для вывода данных недостаточно по правилам: ФИОКО, порог 25" in table.note
    assert "не определить: выводов нет" in view.show_ladder(study).items[0].text


def test_an_office_in_which_no_school_has_a_result_is_studied_and_nothing_is_found():
    study = view.open_study(shipped("iskitim", 2021))
    assert study.certainty.empty and study.flips.empty
