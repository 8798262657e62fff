"""The board's page: who is listed and why, by name, and nothing said where nothing is known."""

import re
from dataclasses import replace

from shnor_lib.analyses import board
from shnor_lib.analyses.overview import Board
from shnor_lib.pages.views import overview
from tests.shipped import shipped

DEMO = ("demo", 2021)


def test_listed_schools_of_the_demo_office_with_what_experts_changed():
    office = shipped(*DEMO)
    listed = board.listed_schools(office).set_index("school_id")
    answers = office.identification[office.identification["category"].eq("low_results")].set_index("school_id")
    assert sorted(listed.index) == sorted(answers.index[answers["identified"].eq("yes")])
    assert listed["expert"].to_dict()["demo-08"] and not listed["grounds"]["demo-08"]
    assert list(listed.index)[-1] == "demo-08"  # what experts added comes after what was calculated
    (_, withdrawn) = board.experts_word(office).sort_values("identified").to_dict("records")[::-1]
    assert {withdrawn["school_id"], withdrawn["identified"]} == {"demo-06", "no"}


def test_the_rest_of_a_long_list_is_a_number():
    office = shipped(*DEMO)
    everybody = board.named(office, office.schools["school_id"])
    assert everybody.count(",") == board.MOST_NAMED - 1 and everybody.endswith(f"и ещё {14 - board.MOST_NAMED}")
    assert board.named(office, []) == ""


def test_the_public_edition_draws_no_hidden_results():
    office = replace(shipped(*DEMO), audience="public")
    found = board.results_against_municipality(office, office.schools["school_id"])
    assert found.empty and list(found.columns) == ["school_id"]


def test_every_listed_school_is_named_on_the_first_page_with_why_and_help():
    office = shipped(*DEMO)
    (table,) = overview.show_listed(Board(office)).items
    assert table.frame["why"].str.len().gt(10).all() and table.frame["help"].str.len().gt(5).all()
    title = overview.show_answer(Board(office), "Главное")
    assert all(office.school_names[school] in title.answer for school in table.frame["school_id"])
    assert not re.search(r" [.,;]", title.answer + title.question)


def test_a_point_of_the_resolution_never_stands_over_nobody():
    for municipality, year in [("kushva", 2020), ("iskitim", 2021), ("lesosibirsk", 2020)]:
        text = "\n".join(item.text for item in overview.show_decisions(Board(shipped(municipality, year))).items)
        assert text and ": ." not in text and "()" not in text and "Утвердить перечень" not in text
