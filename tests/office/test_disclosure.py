"""The public edition: nothing of few pupils is shown, and nothing hidden can be computed back from what is shown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.analyses.risks import deficit_map
from shnor_lib.office.disclosure.edition import public_targets
from shnor_lib.office.disclosure.suppress import (
    suppress_corrections,
    suppress_indicators,
    suppress_judged,
    suppress_problems,
    suppress_table,
    with_totals,
)
from tests.shipped import shipped

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


@settings(max_examples=60, deadline=None)
@given(COHORTS)
def test_B6_no_shown_value_stands_for_few_or_tells_a_small_count(counts):
    """Neither by itself, nor as a total less the others, nor together with all that is shown."""
    suppressed = suppress_indicators(marks(counts), LIMIT)
    no_value_tells_a_small_count(suppressed)
    no_single_school_is_hidden(suppressed)
    no_small_count_follows(suppressed, counts)


def no_value_tells_a_small_count(suppressed):
    shown = suppressed[suppressed["level"].eq("school") & suppressed["value"].notna()]
    assert (shown["denominator"] >= LIMIT).all()
    rates = shown[~shown["indicator"].str.startswith("mean_mark")]
    for count in (rates["numerator"], rates["denominator"] - rates["numerator"]):
        assert ((count == 0) | (count >= LIMIT)).all()


def no_single_school_is_hidden(suppressed):
    """It would be the total less the others."""
    for _, rows in suppressed.groupby("indicator"):
        total = rows[rows["level"].eq("municipality")]["value"].notna().iloc[0]
        hidden = rows[rows["level"].eq("school")]["hidden"].sum()
        assert not (total and hidden == 1)


def no_small_count_follows(suppressed, counts):
    """Every shown part and whole is an equation; a count that the equations fix must not be small."""
    shown = suppressed[suppressed["value"].notna() & ~suppressed["indicator"].str.startswith("mean_mark")]
    parts = {"below_minimum_rate": [0], "pass_rate": [1, 2], "quality_rate": [2]}  # of the cells 2, 3, 4 and 5
    cells = {f"s{school}": range(3 * school, 3 * school + 3) for school in range(len(counts))}
    equations = []
    for row in shown.itertuples():
        schools = [cells[row.school_id]] if row.level == "school" else cells.values()
        for wanted in (parts[row.indicator.split("[")[0]], [0, 1, 2]):
            equations.append(np.zeros(3 * len(counts)))
            equations[-1][[cell[place] for cell in schools for place in wanted]] = 1
    if not equations:
        return
    _, sizes, directions = np.linalg.svd(np.array(equations))
    free = directions[(sizes > 1e-9).sum() :]
    for school, (n2, n3, n4, n5) in enumerate(counts):
        for place, count in enumerate((n2, n3, n4 + n5)):
            fixed = np.abs(free[:, 3 * school + place]).max(initial=0) < 1e-9
            assert not fixed or count == 0 or count >= LIMIT


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


def rows_of(values: dict[str, dict[str, tuple[float, float]]]) -> pd.DataFrame:
    """Long rows of one year: by indicator and school ("" for the municipality) the part and the whole."""
    rows = [
        ("school" if school else "municipality", school, name, part / whole, part, whole)
        for name, places in values.items()
        for school, (part, whole) in places.items()
    ]
    frame = pd.DataFrame(rows, columns=["level", "school_id", "indicator", "value", "numerator", "denominator"])
    return frame.assign(municipality="m", group="", year=2021, note="")


def hidden_of(rows: pd.DataFrame, **options) -> set[tuple[str, str]]:
    shown = suppress_indicators(rows, LIMIT, **options)
    return set(shown.loc[shown["hidden"], ["school_id", "indicator"]].itertuples(index=False, name=None))


def test_B6_of_three_shares_of_a_whole_never_one_alone_is_hidden():
    shares = {"marks_lowered_rate": (2, 40), "marks_confirmed_rate": (28, 40), "marks_raised_rate": (10, 40)}
    rows = rows_of(
        {f"{name}[VPR/maths/5]": {"1": share, "2": (10, 30), "": (50, 90)} for name, share in shares.items()}
    )
    hidden = {name.split("[")[0] for school, name in hidden_of(rows) if school == "1"}
    assert hidden == {"marks_lowered_rate", "marks_raised_rate"}  # the smallest other part goes with it


def test_B6_a_nested_share_that_differs_by_few_is_hidden():
    shares = {"pass_rate": 30, "score_60_plus_rate": 28, "score_70_plus_rate": 20, "score_80_plus_rate": 6}
    rows = rows_of({f"{name}[EGE/physics/11]": {"1": (count, 40)} for name, count in shares.items()})
    assert hidden_of(rows) == {("1", "score_60_plus_rate[EGE/physics/11]")}


def test_B6_a_number_hidden_under_one_name_is_hidden_under_the_other():
    """Twelve reach 90 and ten 100 points: the share of the two between is hidden, and so is the count of the ten."""
    counts = {"score_90_plus_rate": (12, 40), "score_100_rate": (10, 40), "score_100_count": (10, 1)}
    rows = rows_of({f"{name}[EGE/russian/11]": {"1": count} for name, count in counts.items()})
    assert {name.split("[")[0] for _, name in hidden_of(rows)} == {"score_100_rate", "score_100_count"}


def test_B6_the_total_of_a_single_school_is_hidden_with_it():
    rows = rows_of({"pass_rate[OGE/physics/9]": {"1": (8, 10), "": (8, 10)}})
    assert {school for school, _ in hidden_of(rows)} == {"1", ""}


def test_B6_an_index_goes_with_its_hidden_component():
    rows = rows_of(
        {
            "deviant_pupils_rate": {"1": (2, 300), "2": (20, 300), "3": (30, 300)},
            "social_wellbeing_index": {"1": (60, 1), "2": (50, 1), "3": (40, 1)},
        }
    )
    hidden = hidden_of(rows, components={"social_wellbeing_index": ["deviant_pupils_rate"]})
    assert {school for school, name in hidden if name == "social_wellbeing_index"} == {"1"}


def test_B6_shares_of_pupils_with_special_needs_are_guarded():
    assert hidden_of(rows_of({"special_needs_rate": {"1": (3, 300), "2": (30, 300), "3": (40, 300)}}))
    families = pd.DataFrame({"level": "school", "school_id": ["1"], "pupils": [300.0], "special_needs_pupils": [3.0]})
    shown = suppress_table("schools", families, LIMIT)
    assert shown["pupils"].tolist() == [300] and shown["special_needs_pupils"].isna().all()


def olympiads() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "municipality": "m",
            "level": "school",
            "group": "",
            "school_id": ["1", "2", "3"],
            "year": 2021,
            "stage": "regional",
            "participants": [20.0, 30.0, 40.0],
            "winners": [2.0, 6.0, 9.0],
        }
    )


def test_B6_tables_hide_a_second_school_and_keep_the_total_of_all():
    """Winners 2, 6, 9: the first is small, the second is the smallest other; the total 17 is true and tells neither."""
    shown = suppress_table("olympiads", with_totals("olympiads", olympiads()), LIMIT)
    assert shown["winners"].fillna(-1).tolist() == [-1, -1, 9, 17]
    assert shown["participants"].fillna(-1).tolist() == [-1, -1, 40, 90]  # who took part bounds who won


def test_B6_subjects_of_an_olympiad_are_left_out_because_all_but_one_would_tell_the_hidden_one():
    by_subject = pd.concat([olympiads().assign(subject=subject, winners=3.0) for subject in (None, "maths", "physics")])
    shown = suppress_table("olympiads", with_totals("olympiads", by_subject), LIMIT)
    assert shown["subject"].isna().all() and len(shown) == 4  # three schools and the municipality


@pytest.mark.parametrize(("people", "hidden"), [(3.0, True), (30.0, False), (None, False)])
def test_B6_a_printed_range_of_few_pupils_is_hidden_like_a_value(people, hidden):
    told = {"note": "опубликовано: 39–40 %", "cause": "as_range", "needs": "0.39 .. 0.4"}
    rows = pd.DataFrame(
        [{"municipality": "m", "level": "school", "group": "", "school_id": "1", "year": 2021, "value": None} | told]
    ).assign(indicator="quality_rate[OGE/maths/9]", numerator=float("nan"), denominator=people)
    found = suppress_indicators(rows.astype({"value": float, "denominator": float}), LIMIT).iloc[0]
    assert (found["cause"], found["needs"]) == (("hidden", "") if hidden else ("as_range", "0.39 .. 0.4"))
    assert ("39" in found["note"]) is not hidden


def test_a_stated_total_is_not_added_up_again():
    stated = pd.concat([olympiads(), olympiads().head(1).assign(level="municipality", school_id=None, winners=18.0)])
    assert len(with_totals("olympiads", stated)) == 4


def test_B6_problems_and_corrections_quote_no_count():
    problems = pd.DataFrame(
        {
            "table": ["exam_results", "exam_results", "resources"],
            "problem": [
                "больше, чем участников (3)",
                "Русский язык, 4 класс: результатов 2021 года нет",
                "компьютеров (3)",
            ],
            "value": ["4", "", "4"],
        }
    )
    shown = suppress_problems(problems)
    assert shown["problem"].tolist() == ["больше, чем участников (скрыто)", *problems["problem"][1:]]
    assert shown["value"].tolist() == ["скрыто", "", "4"]
    corrections = pd.DataFrame({"table": ["exam_results", "staff"], "expected": [3, 3], "value": [4, 4]})
    assert suppress_corrections(corrections)["value"].tolist() == ["скрыто", 4]


def test_B6_a_pooled_share_of_few_failing_keeps_the_verdict_and_loses_the_numbers():
    verdicts = pd.DataFrame(
        {"school_id": ["1", "2"], "verdict": ["met", "met"], "value": [0.99, 0.9], "participants": [200.0, 200.0]}
    )
    shown = suppress_judged(verdicts, LIMIT, ["value"], rates=pd.Series([True, True]))
    assert shown["value"].fillna(-1).tolist() == [-1, 0.9]  # 2 of 200 fail; 20 of 200 fail


def test_B6_the_map_of_deficits_tells_the_municipality_when_schools_are_hidden():
    """Three schools assess 4, 6 and 8 teachers, 1, 2 and 3 have the deficit: every school is small, the map says 6 of 18."""
    deficits = pd.DataFrame(
        {
            "municipality": "m",
            "level": "school",
            "group": "",
            "school_id": ["1", "2", "3"],
            "year": 2021,
            "staff": "teachers",
            "subject": "maths",
            "deficit": "задания на доказательство",
            "teachers_assessed": [4.0, 6.0, 8.0],
            "teachers_with_deficit": [1.0, 2.0, 3.0],
        }
    )
    name = "professional_deficits"
    found = deficit_map(suppress_table(name, with_totals(name, deficits), LIMIT), 2021)
    assert found[["schools", "assessed", "with_deficit"]].values.tolist() == [[3, 18, 6]]


def test_targets_over_some_schools_are_not_shown_beside_those_over_all():
    office = shipped("demo", 2021)
    before, public = (one.set_index("target") for one in (office.targets, public_targets(office, office.targets, 5)))
    some, all_schools = "z_vpr_below_minimum", "z_oge_below_minimum"
    assert before.at[some, "compared_denominator"] < before.at[some, "denominator"] == public.at[some, "denominator"]
    of_pair = ["first_value", "first_numerator", "compared_value", "compared_denominator", "expected"]
    assert public.loc[some, of_pair].isna().all() and public.loc[all_schools, of_pair].notna().all()
    hidden = public[public["hidden"]]
    assert len(hidden) and hidden[of_pair].isna().all(axis=None) and public.at[some, "hidden"]
    whole = hidden[hidden["value"].isna()]
    assert len(whole) and whole[["numerator", "denominator"]].isna().all(axis=None)


def test_B6_a_compound_goes_with_its_hidden_part_and_a_mean_mark_with_a_mark_of_few():
    """Base maths: 2 of 40 failed. The sum of both maths would tell them; so would the mean mark, and the mean score that is one."""
    rows = rows_of(
        {
            "pass_rate[EGE/maths/11]": {"1": (30, 30)},
            "pass_rate[EGE/maths_base/11]": {"1": (38, 40)},
            "pass_rate[EGE/maths_any/11]": {"1": (68, 70)},
            "mean_mark[EGE/maths_base/11]": {"1": (152, 40)},
            "mean_score[EGE/maths_base/11]": {"1": (152, 40)},
            "mean_score[EGE/maths/11]": {"1": (1500, 30)},
        }
    )
    names = {name for _, name in hidden_of(rows)}
    assert names == {
        *("pass_rate[EGE/maths_base/11]", "pass_rate[EGE/maths_any/11]"),
        *("mean_mark[EGE/maths_base/11]", "mean_score[EGE/maths_base/11]"),
    }


def test_B6_nothing_is_hidden_of_no_rows():
    rows = rows_of({"pass_rate[OGE/maths/9]": {"1": (30, 30)}})
    assert suppress_indicators(rows.iloc[:0], LIMIT)["hidden"].empty
