"""A school marked for high results is off the list by these very results: its place is no finding."""

from types import SimpleNamespace

import pandas as pd

from shnor_lib.analyses.objectivity import list_counts, marked_high
from shnor_lib.pages.views import objectivity as view


def test_schools_marked_only_for_a_high_mean_are_counted_apart():
    markers = [("inflated_mean",), ("inflated_mean", "sharp_change"), ("sharp_change",), ("against_journal",), ()]
    remarks = pd.DataFrame({"school_id": list("abcde"), "markers": markers, "verdict": ["met"] * 4 + ["not_met"]})
    found = SimpleNamespace(remarks=remarks, listed=["c"], unlisted=["a", "b"])
    counts = list_counts(
        found
    )  # all marked schools are listed, unlisted or undecided; those of the high mean among them
    assert counts == {"marked": 4, "listed": 1, "unlisted": 2, "undecided": 1, "high": 1, "others": 3}
    assert marked_high(remarks) == {"a"}


def test_a_high_mean_beyond_chance_does_not_put_off_the_conclusion_that_follows_from_it():
    assert view.reading("no", True, only_high=True, word="ШНОР").startswith("Высокие результаты нужно проверить")
    assert view.reading("yes", True, only_high=True, word="ШНОР").startswith("Школа в перечне.")
