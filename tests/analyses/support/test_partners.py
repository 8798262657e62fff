"""Partner schools, by hand: who is stable and high, who is alike, who gets whom (L12, I5)."""

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.support.partners import (
    assign_partners,
    find_partners,
    judge_declared,
    partner_candidates,
    standardised_context,
    yearly_results,
)
from shnor_lib.params.profiles import PartnerSearch


def results(**schools: list[float]) -> pd.DataFrame:
    """Differences from the municipality in 2019, 2020, 2021; NaN where a year is missing."""
    rows = [(school, 2019 + place, value) for school, values in schools.items() for place, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["school_id", "year", "value"]).dropna().reset_index(drop=True)


def search(**fields) -> PartnerSearch:
    return PartnerSearch.model_validate({"context": ("low_income_families_rate", "pupils_count")} | fields)


def reasons(found: pd.DataFrame) -> dict[str, str]:
    return found.set_index("school_id")["reason"].to_dict()


NONE_KNOWN = pd.Series(dtype=float)


def test_I5_stable_high_results_over_several_years():
    found = partner_candidates(
        results(
            steady=[5.0, 6.0, 7.0],
            once_low=[9.0, -0.1, 9.0],
            jumping=[1.0, 20.0, 1.0],
            one_year=[8.0, np.nan, np.nan],
            middling=[0.0, 0.1, 0.2],
            weak=[-9.0, -9.0, -9.0],
        ),
        PartnerSearch(),
        {},
    )
    assert reasons(found) == {
        "steady": "",
        "once_low": "в одном из лет ниже муниципалитета",
        "jumping": "результаты меняются от года к году",
        "one_year": "результаты есть меньше чем в 2 годах",
        "middling": "в среднем за годы не в верхней части школ",
        "weak": "в одном из лет ниже муниципалитета",
    }
    steady = found.set_index("school_id").loc["steady"]
    assert steady[["mean", "lowest", "variation"]].tolist() == [6.0, 5.0, 1.0]


def test_I5_limits_are_inside():
    # means 2, 1, 0, −1: the upper half begins at the median 0.5; deviations of 1 are as large as allowed
    found = partner_candidates(
        results(a=[1.0, 2.0, 3.0], b=[0.0, 1.0, 2.0], c=[0.0, 0.0, 0.0], d=[-1.0, -1.0, -1.0]),
        PartnerSearch(largest_variation=1.0),
        {},
    )
    assert found["boundary"].unique().tolist() == [0.5]
    assert found["candidate"].tolist() == [True, True, False, False]


def test_I5_an_unsuitable_school_is_no_partner():
    found = partner_candidates(
        results(a=[5.0, 5.0], b=[4.0, 4.0]), PartnerSearch(upper_share=1.0), {"a": "закрывается"}
    )
    assert reasons(found) == {"a": "закрывается", "b": ""}


CONTEXT = pd.DataFrame(
    {"low_income_families_rate": [0.0, 0.5, 3.0, 0.2, 0.6], "pupils_count": [0.0, 0.5, 3.0, 0.2, 0.6]},
    index=["x", "y", "far", "p", "q"],
)


def assigned(supported, candidates, way=NONE_KNOWN, context=CONTEXT, declared=(), **fields) -> pd.DataFrame:
    return assign_partners(context, way, supported, candidates, search(**fields), declared).set_index("school_id")


def test_L12_partners_are_assigned_so_that_the_sum_is_least():
    # x–p 0.2, x–q 0.6, y–p 0.3, y–q 0.1: greedy and optimal agree on x–p, y–q
    found = assigned(["x", "y"], ["p", "q"])
    assert found["partner_id"].to_dict() == {"x": "p", "y": "q"}
    assert found["distance"].round(10).tolist() == [0.2, 0.1]


def test_L12_the_nearest_pair_is_given_up_for_the_least_sum():
    # a–p 0.1, a–q 0.3, b–p 0.2, b–q 0.6: the nearest pair first would give 0.1 + 0.6 = 0.7, the least sum is 0.3 + 0.2 = 0.5
    context = pd.DataFrame({"one": [0.1, -0.2, 0.0, 0.4]}, index=["a", "b", "p", "q"])
    found = assign_partners(context, NONE_KNOWN, ["a", "b"], ["p", "q"], search(context=("one",)))
    assert found["partner_id"].tolist() == ["q", "p"]
    assert found["distance"].sum() == pytest.approx(0.5)


def test_L12_as_many_schools_as_possible_get_a_partner():
    # both are nearest to p; x may also have q, far may have nobody but p within 3: far–p and x–q leave nobody alone
    context = CONTEXT.assign(low_income_families_rate=[0.0, 0, 1.2, 0.3, -0.5], pupils_count=[0.0, 0, 1.2, 0.3, -0.5])
    found = assigned(["x", "far"], ["p", "q"], context=context, farthest=1.0)
    assert found["partner_id"].to_dict() == {"x": "q", "far": "p"}


def test_L12_one_partner_may_support_several_schools():
    alone = assigned(["x", "y"], ["p"])
    assert alone["partner_id"].isna().sum() == 1
    assert alone.loc["y", "reason"] == "подходящие школы уже поддерживают других"
    both = assigned(["x", "y"], ["p"], schools_per_partner=2)
    assert both["partner_id"].tolist() == ["p", "p"]


def test_L12_a_declared_partner_of_another_school_helps_others_only_where_it_has_room():
    # p is nearest to x, and helps y already, whether y needs help by the list or not
    assert assigned(["x"], ["p", "q"], declared=[("y", "p")])["partner_id"].tolist() == ["q"]
    alone = assigned(["x"], ["p"], declared=[("y", "p")]).loc["x"]
    assert pd.isna(alone["partner_id"]) and alone["reason"] == "подходящие школы уже поддерживают других"
    roomy = assigned(["x"], ["p", "q"], declared=[("y", "p")], schools_per_partner=2)
    assert roomy["partner_id"].tolist() == ["p"]


def test_L12_a_declared_pair_stays_where_the_conditions_are_comparable():
    # x–q 0.6 is declared, x–p 0.2 would be nearer; far–q 2.4 is declared and too far
    assert assigned(["x", "y"], ["p", "q"], declared=[("x", "q")])["partner_id"].tolist() == ["q", "p"]
    found = assigned(["far", "x"], ["p", "q"], declared=[("far", "q")])["partner_id"]
    assert pd.isna(found["far"]) and found["x"] == "p"


def test_a_declared_partner_is_judged_as_a_proposed_one():
    candidates = partner_candidates(
        results(a=[5.0, 6.0, 7.0], b=[-1.0, 6.0, 7.0], c=[9.0, np.nan, np.nan], d=[8.0, 8.0, 8.0], e=[9.0, 9.0, 9.0]),
        PartnerSearch(upper_share=1.0),
        {},
    )
    declared = pd.DataFrame({"school_id": None, "partner_id": list("abcdef")})
    unsuitable = {"d": "сама в перечне ШНОР", "e": "результаты нужно перепроверить: признак"}
    found = judge_declared(declared, candidates, PartnerSearch(), unsuitable, "")
    assert found[["fit", "remark"]].values.tolist() == [
        [True, "стабильно высокие результаты"],
        [False, "в одном из лет ниже муниципалитета"],
        [None, "результаты есть меньше чем в 2 годах"],
        [False, "сама в перечне ШНОР"],
        [False, "результаты нужно перепроверить: признак"],
        [None, "результатов школы нет"],
    ]
    nothing = judge_declared(declared, candidates.iloc[:0], PartnerSearch(), unsuitable, "лет мало")
    assert nothing["remark"].tolist().count("лет мало") == 4 and nothing["fit"].eq(False).sum() == 2


def test_I5_a_school_in_other_conditions_gets_no_partner_but_the_nearest_is_named():
    found = assigned(["far"], ["p", "q"]).loc["far"]
    assert pd.isna(found["partner_id"])
    assert found["reason"] == "все школы со стабильно высокими результатами работают в заметно иных условиях"
    assert (found["nearest_id"], round(found["nearest_distance"], 10)) == ("q", 2.4)


def test_I5_what_is_not_known_of_a_pair_is_named():
    context = CONTEXT.assign(low_income_families_rate=[np.nan, 0.5, 3.0, 0.2, 0.6])
    found = assigned(["x"], ["p"], context=context).loc["x"]
    assert found["missing"] == ("low_income_families_rate",)
    assert found["distance"] == pytest.approx(0.2)
    nothing = assigned(["x"], ["p"], context=context, minimum_context=1.0).loc["x"]
    assert nothing["reason"] == "условия школы известны не настолько, чтобы их сравнивать"


def test_L12_kilometres_decide_between_equals_and_only_when_all_are_known():
    context = pd.DataFrame({"one": [0.0, 0.1, 0.1]}, index=["x", "p", "q"])
    way = pd.Series({"x": 10.0, "p": 60.0, "q": 5.0})
    one = search(context=("one",))
    near = assign_partners(context, way, ["x"], ["p", "q"], one).iloc[0]
    assert (near["partner_id"], near["kilometres"]) == ("q", 15.0)
    unknown = assign_partners(context, way.drop("q"), ["x"], ["p", "q"], one).iloc[0]
    assert unknown["partner_id"] == "p"


def test_conditions_are_standardised_over_all_schools():
    conditions = pd.DataFrame({"a": [1.0, 3.0, np.nan], "same": [1.0, 1.0, 1.0]}, index=list("xyz"))
    found = standardised_context(conditions)
    assert found.columns.tolist() == ["a"]
    assert found["a"].tolist()[:2] == [-1.0, 1.0]
    assert np.isnan(found["a"].iloc[2])


def long_rows(values: dict[str, dict[str, float]], year: int, people: float = 20) -> pd.DataFrame:
    """Long indicator rows of schools; the mean over schools as the municipality's row."""
    rows = []
    for indicator, by_school in values.items():
        rows += [("school", school, indicator, value) for school, value in by_school.items()]
        rows.append(("municipality", "", indicator, sum(by_school.values()) / len(by_school)))
    frame = pd.DataFrame(rows, columns=["level", "school_id", "indicator", "value"])
    return frame.assign(
        municipality="m", group="", year=year, numerator=frame["value"] * people, denominator=people, note=""
    )


def office(years=(2019, 2020, 2021)) -> pd.DataFrame:
    scores = {"weak": 40.0, "like": 60.0, "unlike": 62.0, "other": 46.0}
    context = {
        "low_income_families_rate": {"weak": 0.5, "like": 0.45, "unlike": 0.05, "other": 0.3},
        "pupils_count": {"weak": 100.0, "like": 120.0, "unlike": 900.0, "other": 400.0},
    }
    parts = [long_rows({"mean_percent[VPR/maths/5]": scores}, year) for year in years]
    return pd.concat([*parts, long_rows(context, 2021)], ignore_index=True)


def test_I5_the_partner_works_in_comparable_conditions_not_the_strongest():
    found = find_partners(office(), ["weak"], 2021, search())
    assert found.refused == ""
    assert found.candidates.loc[found.candidates["candidate"], "school_id"].tolist() == ["like", "unlike"]
    assert found.pairs["partner_id"].tolist() == ["like"]
    assert found.pairs["closest"].tolist() == [("pupils_count", "low_income_families_rate")]


def test_I5_results_are_differences_from_the_municipality():
    found = yearly_results(office(), 2021, search())
    assert found[found["school_id"].eq("like")]["value"].tolist() == [8.0, 8.0, 8.0]  # 60 − 52


@pytest.mark.parametrize(
    "indicators, supported, word",
    [
        (office(years=(2021,)), ["weak"], "нужно не менее 4"),
        (office(), [], "партнёр, по расчёту нет"),
        (office()[lambda rows: rows["indicator"].str.startswith("mean_percent")], ["weak"], "нет сведений об условиях"),
        (office(), ["weak", "like", "unlike"], "стабильно высокими результатами по этим правилам нет"),
    ],
)
def test_I5_the_search_is_refused_with_a_reason(indicators, supported, word):
    found = find_partners(indicators, supported, 2021, search())
    assert word in found.refused
    assert found.pairs.empty


def test_order_of_rows_and_input_do_not_matter():
    indicators = office()
    shuffled = indicators.sample(frac=1, random_state=1)
    kept = indicators.copy()
    one = find_partners(indicators, ["weak"], 2021, search()).pairs
    other = find_partners(shuffled, ["weak"], 2021, search()).pairs
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(indicators, kept)
