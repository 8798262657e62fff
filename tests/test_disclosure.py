"""The public edition: nothing of few pupils is shown, and nothing hidden can be computed back from what is shown."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.disclosure import suppress_indicators, suppress_judged, suppress_table

LIMIT = 5


def marks(counts: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    """The long rows of one procedure: schools with their marks 2..5, and the municipality as their sum."""
    rows = []
    for place, (n2, n3, n4, n5) in enumerate([*counts, tuple(np.sum(counts, axis=0))]):
        total = n2 + n3 + n4 + n5
        level, school = ("school", f"s{place}") if place < len(counts) else ("municipality", "")
        rates = {"below_minimum_rate": n2, "pass_rate": n3 + n4 + n5, "quality_rate": n4 + n5}
        for name, numerator in rates.items():
            rows.append(
                (level, school, f"{name}[OGE/maths/9]", numerator / total if total else np.nan, numerator, total)
            )
        mean = (2 * n2 + 3 * n3 + 4 * n4 + 5 * n5) / total if total else np.nan
        rows.append((level, school, "mean_mark[OGE/maths/9]", mean, mean * total, total))
    frame = pd.DataFrame(rows, columns=["level", "school_id", "indicator", "value", "numerator", "denominator"])
    return frame.assign(municipality="m", group="", year=2021, note="").astype(
        {"numerator": float, "denominator": float}
    )


COHORTS = st.lists(st.tuples(*[st.integers(0, 12)] * 4).filter(lambda counts: sum(counts) > 0), min_size=3, max_size=8)


@settings(max_examples=40, deadline=None)
@given(COHORTS)
def test_B6_no_shown_value_stands_for_few_or_tells_a_small_count(counts):
    shown = suppress_indicators(marks(counts), LIMIT)
    shown = shown[shown["level"].eq("school") & shown["value"].notna()]
    assert (shown["denominator"] >= LIMIT).all()
    rates = shown[~shown["indicator"].str.startswith("mean_mark")]
    for count in (rates["numerator"], rates["denominator"] - rates["numerator"]):
        assert ((count == 0) | (count >= LIMIT)).all()


@settings(max_examples=40, deadline=None)
@given(COHORTS)
def test_B6_a_single_hidden_school_is_never_the_total_less_the_others(counts):
    shown = suppress_indicators(marks(counts), LIMIT)
    for _, rows in shown.groupby("indicator"):
        total = rows[rows["level"].eq("municipality")]["value"].notna().iloc[0]
        hidden = rows[rows["level"].eq("school")]["hidden"].sum()
        assert not (total and hidden == 1)


def test_B6_small_rest_is_hidden_like_a_small_part():
    shown = suppress_indicators(marks([(2, 20, 10, 8), (6, 20, 10, 8), (7, 20, 10, 8)]), LIMIT).set_index(
        ["school_id", "indicator"]
    )
    assert np.isnan(shown.loc[("s0", "below_minimum_rate[OGE/maths/9]"), "value"])
    assert np.isnan(shown.loc[("s0", "pass_rate[OGE/maths/9]"), "value"])  # 1 − pass rate would tell the two
    assert np.isnan(
        shown.loc[("s0", "mean_mark[OGE/maths/9]"), "value"]
    )  # with the quality it would give the marks back
    assert shown.loc[("s0", "quality_rate[OGE/maths/9]"), "value"] == 18 / 40
    assert np.isnan(
        shown.loc[("s1", "below_minimum_rate[OGE/maths/9]"), "value"]
    )  # the second school, lest s0 be a difference


def test_B6_nothing_is_hidden_where_nothing_is_small():
    assert not suppress_indicators(marks([(6, 20, 10, 8), (7, 20, 10, 8)]), LIMIT)["hidden"].any()


def test_B6_numbers_of_things_are_not_pupils():
    rooms = pd.DataFrame(
        {
            "municipality": "m",
            "level": "school",
            "group": "",
            "school_id": ["1"],
            "year": 2021,
            "indicator": "classrooms_equipped_rate",
            "value": [1.0],
            "numerator": [1.0],
            "denominator": [1.0],
            "note": "",
        }
    )
    assert not suppress_indicators(rooms, LIMIT)["hidden"].any()


def test_B6_input_tables_lose_small_counts_and_say_so():
    families = pd.DataFrame(
        {"level": "school", "pupils": [300.0, 4.0], "deviant_pupils": [3.0, 0.0], "disabled": [0.0, 4.0]}
    )
    shown = suppress_table("social_context", families, LIMIT)
    assert shown["pupils"].tolist()[0] == 300 and np.isnan(shown["pupils"].tolist()[1])
    assert np.isnan(shown["deviant_pupils"].iloc[0]) and shown["disabled"].iloc[0] == 0
    assert shown["hidden"].tolist() == [True, True]
    assert families["deviant_pupils"].tolist() == [3.0, 0.0]  # the input is not changed


def test_B6_verdicts_of_few_participants_keep_the_verdict_and_lose_the_numbers():
    verdicts = pd.DataFrame(
        {"school_id": ["1", "2"], "verdict": ["met", "met"], "value": [0.2, 0.3], "participants": [4.0, 40.0]}
    )
    shown = suppress_judged(verdicts, LIMIT, ["value", "participants"])
    assert shown["verdict"].tolist() == ["met", "met"]
    assert np.isnan(shown["value"].iloc[0]) and shown["value"].iloc[1] == 0.3
