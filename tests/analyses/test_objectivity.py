"""Objectivity (L6), by hand: each marker at its border and without data, the remark beside the list, the index, the journal."""

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.identification import school_list
from shnor_lib.analyses.objectivity import (
    MARKERS,
    absences,
    against_journal,
    analyse_objectivity,
    beside_honest,
    biased_schools,
    honest_chances,
    inflated_means,
    marker_verdicts,
    markers,
    markers_by_school,
    objectivity_facts,
    officially_named,
    remarks,
    sharp_changes,
    territory_index,
    unsuitable_partners,
    with_positions,
)
from shnor_lib.indicators.formulas import example
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.tables import Table
from shnor_lib.pages.views import objectivity as view
from shnor_lib.pages.views.identification import table_identification
from shnor_lib.params.methods import ResultComponents, Robustness
from shnor_lib.params.profiles import BiasMarkers
from tests.shipped import shipped

MATHS = "VPR/maths/5"
ONE = BiasMarkers(inflated=(MATHS,), journal=(MATHS,), cohorts=(("VPR/maths/4", MATHS),))
QUARTILES = ("cohort_ratio_q1", "cohort_ratio_q3")
MEAN, SPREAD, PERCENT, SPEARMAN = "mean_score", "score_sd", "mean_percent", "journal_spearman"


def row(measure: str, school: str | None, value: float, participants: float, procedure: str = MATHS, year: int = 2021):
    """One row of the long table: of a school, or of the region when no school is named."""
    return {
        "level": "school" if school else "region",
        "group": "",
        "school_id": school,
        "year": year,
        "indicator": f"{measure}[{procedure}]",
        "value": value,
        "numerator": np.nan,
        "denominator": participants,
    }


def scores(school: str | None, mean: float, sd: float, participants: float) -> list[dict]:
    return [row(MEAN, school, mean, participants), row(SPREAD, school, sd, participants)]


def long(*rows) -> pd.DataFrame:
    return pd.DataFrame([each for one in rows for each in (one if isinstance(one, list) else [one])])


def verdict_of(found: pd.DataFrame, school: str = "a") -> tuple[str, str]:
    own = found[found["school_id"].eq(school)]
    assert len(own) == 1
    return own["verdict"].item(), own["reason"].item()


# --- marker 1: mean against the region ---------------------------------------------------------------------------------

REGION = scores(None, 10.0, 5.0, 100)  # 10 + 1.96·5/10 = 10.98


def test_L6_a_mean_whose_interval_lies_above_the_region_meets_marker_1():
    found = inflated_means(long(REGION, scores("a", 14.0, 4.0, 16)), ["a"], 2021, ONE)
    # 14 − 1.96·4/4 = 12.04 > 10.98
    assert found[["value", "bound", "participants"]].iloc[0].tolist() == pytest.approx([12.04, 10.98, 16])
    assert verdict_of(found) == ("met", "")


def test_L6_equal_bounds_do_not_meet_marker_1():
    rules = ONE.model_copy(update={"spread": 2.0})
    # school 12 − 2·4/4 = 10 and 12.5 − 2 = 10.5; region 9 + 2·5/10 = 10
    found = inflated_means(
        long(scores(None, 9.0, 5.0, 100), scores("a", 12.0, 4.0, 16), scores("b", 12.5, 4.0, 16)),
        ["a", "b"],
        2021,
        rules,
    )
    assert found["value"].tolist() == [10.0, 10.5] and found["bound"].tolist() == [10.0, 10.0]
    assert found["verdict"].tolist() == ["not_met", "met"]


def test_L6_a_low_mean_does_not_meet_marker_1():
    assert verdict_of(inflated_means(long(REGION, scores("a", 5.0, 1.0, 50)), ["a"], 2021, ONE)) == ("not_met", "")


@pytest.mark.parametrize(
    "rows, reason",
    [
        (REGION, "нет результатов школы"),
        ([*REGION, *scores("a", 14.0, 4.0, 9)], "участников меньше 10"),
        ([*REGION, *scores("a", 14.0, 4.0, np.nan)], "число участников не указано"),
        ([*REGION, row(MEAN, "a", 14.0, 16)], "нет стандартного отклонения школы"),
        (scores("a", 14.0, 4.0, 16), "нет среднего, стандартного отклонения или числа участников региона"),
        (
            [row(MEAN, None, 10.0, 100), *scores("a", 14.0, 4.0, 16)],
            "нет среднего, стандартного отклонения или числа участников региона",
        ),
    ],
)
def test_L6_marker_1_is_not_assessed_without_its_numbers(rows, reason):
    found = inflated_means(long(rows), ["a"], 2021, ONE)
    assert verdict_of(found) == ("not_assessed", reason)
    assert found[["value", "bound"]].isna().all(axis=None)


def test_L6_ten_participants_are_enough():
    assert verdict_of(inflated_means(long(REGION, scores("a", 14.0, 4.0, 10)), ["a"], 2021, ONE)) == ("met", "")


# --- marker 2: against the journal ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("coefficient, verdict", [(-0.01, "met"), (0.0, "not_met"), (0.7, "not_met")])
def test_L6_only_a_negative_correlation_meets_marker_2(coefficient, verdict):
    found = against_journal(long(row(SPEARMAN, "a", coefficient, 20)), ["a"], 2021, ONE)
    assert verdict_of(found) == (verdict, "")
    assert found["value"].tolist() == [coefficient] and found["bound"].tolist() == [0.0]


def test_L6_marker_2_is_not_assessed_without_correlation_or_with_few_participants():
    found = against_journal(
        long(row(SPEARMAN, "few", -0.9, 9), row(SPEARMAN, "unknown", -0.9, np.nan)),
        ["few", "unknown", "none"],
        2021,
        ONE,
    )
    assert found["verdict"].eq("not_assessed").all()
    assert found["reason"].tolist() == [
        "участников меньше 10",
        "число участников не указано",
        "нет корреляции балла с отметкой по журналу",
    ]


# --- marker 3: the same children a year later -----------------------------------------------------------------------------


def cohort(**schools: tuple[float, float]) -> list[dict]:
    """Mean per cent of the maximum in grade 4 of 2020 and in grade 5 of 2021."""
    return [
        each
        for school, (before, now) in schools.items()
        for each in (
            row(PERCENT, school, before, 20, "VPR/maths/4", 2020),
            row(PERCENT, school, now, 20),
        )
    ]


# K of seven schools: 0.8 0.9 0.9 1.0 1.1 1.1 1.2 (of 50 per cent now)
SEVEN = {name: (50 * ratio, 50.0) for name, ratio in zip("bcdefgh", (0.8, 0.9, 0.9, 1.0, 1.1, 1.1, 1.2), strict=True)}


def test_L6_a_sharp_fall_and_a_sharp_rise_of_one_cohort_meet_marker_3():
    fall = sharp_changes(long(cohort(**SEVEN, a=(90.0, 45.0))), [*SEVEN, "a"], 2021, ONE)  # K = 2
    # sorted 0.8 0.9 0.9 1.0 1.1 1.1 1.2 2.0: P25 = 0.9, P75 = 1.1 + 0.25·0.1 = 1.125, 1.125 + 3·0.225 = 1.8
    one = fall[fall["school_id"].eq("a")].iloc[0]
    assert one[["value", "bound", "verdict"]].tolist() == [2.0, pytest.approx(1.8), "met"]
    assert fall["verdict"].eq("met").sum() == 1
    rise = sharp_changes(long(cohort(**SEVEN, a=(10.0, 80.0))), [*SEVEN, "a"], 2021, ONE)  # K = 0.125
    # sorted 0.125 0.8 0.9 0.9 1.0 1.1 1.1 1.2: P25 = 0.8 + 0.75·0.1 = 0.875, P75 = 1.1, 0.875 − 3·0.225 = 0.2
    one = rise[rise["school_id"].eq("a")].iloc[0]
    assert one[["value", "bound", "verdict"]].tolist() == [0.125, pytest.approx(0.2), "met"]


def test_L6_a_ratio_at_the_border_does_not_meet_marker_3():
    same = dict.fromkeys("bcdefghi", (50.0, 50.0))  # quartiles and borders are all 1
    found = sharp_changes(long(cohort(**same)), list(same), 2021, ONE)
    assert found["value"].eq(1.0).all() and found["bound"].eq(1.0).all() and found["verdict"].eq("not_met").all()
    found = sharp_changes(long(cohort(**same, a=(51.0, 50.0))), [*same, "a"], 2021, ONE)
    assert verdict_of(found) == ("met", "")


def test_L6_seven_schools_are_too_few_for_quartiles():
    found = sharp_changes(long(cohort(**SEVEN)), list(SEVEN), 2021, ONE)
    assert found["verdict"].eq("not_assessed").all()
    assert found["reason"].unique().tolist() == [
        "квартили школ региона неизвестны, а своих школ с результатами обоих лет 7, нужно не меньше 8"
    ]


def of_region(schools: float, low: float, high: float) -> list[dict]:
    return [row(name, None, value, schools) for name, value in zip(QUARTILES, (low, high), strict=True)]


def test_L6_quartiles_of_the_region_come_before_those_of_the_municipality():
    """Region 0.95 and 1.05: limits 0.65 and 1.35. Among its own seven and itself K = 1.4 lies within 1.8."""
    rows = [cohort(**SEVEN, a=(70.0, 50.0)), of_region(412, 0.95, 1.05)]
    found = sharp_changes(long(*rows), [*SEVEN, "a"], 2021, ONE).set_index("school_id")
    assert found.loc["a", ["value", "bound", "verdict"]].tolist() == [1.4, pytest.approx(1.35), "met"]
    assert found["quartiles"].eq("region").all() and found["schools"].eq(412).all()
    assert found["chance"].between(1e-4, 0.02).all()  # 20 pupils of a deviation of 17.4: K moves by a tenth
    own = sharp_changes(long(rows[0]), [*SEVEN, "a"], 2021, ONE).set_index("school_id")
    assert (
        own.loc["a", "verdict"] == "not_met"
        and own["quartiles"].eq("municipality").all()
        and own["schools"].eq(8).all()
    )


def test_L6_one_school_is_assessed_by_the_quartiles_of_its_region():
    rows = cohort(a=(90.0, 50.0))
    assert verdict_of(sharp_changes(long(rows), ["a"], 2021, ONE))[0] == "not_assessed"
    assert verdict_of(sharp_changes(long(rows, of_region(412, 0.95, 1.05)), ["a"], 2021, ONE)) == ("met", "")


@pytest.mark.parametrize("told", [(7, 0.95, 1.05), (np.nan, 0.95, 1.05), (412, np.nan, 1.05), (412, 0.95, np.nan)])
def test_L6_quartiles_half_known_or_of_few_schools_are_not_those_of_the_region(told):
    found = sharp_changes(long(cohort(**SEVEN, a=(50.0, 50.0)), of_region(*told)), [*SEVEN, "a"], 2021, ONE)
    assert found["quartiles"].eq("municipality").all()


@pytest.mark.parametrize(
    "rows, reason",
    [
        ([row(PERCENT, "a", 60.0, 20)], "нет результата за 2020 или 2021 год"),
        ([row(PERCENT, "a", 60.0, 20, "VPR/maths/4", 2020)], "нет результата за 2020 или 2021 год"),
        ([row(PERCENT, "a", 60.0, 20), row(PERCENT, "a", 60.0, 9, "VPR/maths/4", 2020)], "участников меньше 10"),
        (
            [row(PERCENT, "a", 60.0, 20), row(PERCENT, "a", 60.0, np.nan, "VPR/maths/4", 2020)],
            "число участников не указано",
        ),
        (cohort(a=(60.0, 0.0)), "результат за 2021 год равен нулю, отношение не посчитать"),
    ],
)
def test_L6_marker_3_is_not_assessed_without_both_years(rows, reason):
    eight = SEVEN | {"i": (50.0, 50.0)}
    found = sharp_changes(long(cohort(**eight), rows), [*eight, "a"], 2021, ONE)
    assert verdict_of(found) == ("not_assessed", reason)
    assert found["verdict"].eq("not_met").sum() == 8  # the others are judged without it


# --- schools, remarks, index ----------------------------------------------------------------------------------------------


def register(**kinds: str) -> pd.DataFrame:
    return example(school_id=list(kinds), kind=list(kinds.values()))


def test_L6_a_primary_school_is_not_asked_for_grade_5():
    rules = BiasMarkers(inflated=("VPR/maths/4", MATHS), journal=(), cohorts=())
    found = markers(long(REGION), register(a="НОШ", b="СОШ"), 2021, rules)
    assert found.groupby("school_id")["procedure"].agg(list).to_dict() == {
        "a": ["VPR/maths/4"],
        "b": ["VPR/maths/4", MATHS],
    }


def test_L6_markers_change_neither_their_input_nor_with_the_order_of_rows():
    table = long(REGION, scores("a", 14.0, 4.0, 16), row(SPEARMAN, "a", -0.2, 16), cohort(**SEVEN, a=(90.0, 45.0)))
    kept, schools = table.copy(), register(**dict.fromkeys(["a", *SEVEN], "СОШ"))
    found = markers(table, schools, 2021, ONE)
    pd.testing.assert_frame_equal(table, kept)
    pd.testing.assert_frame_equal(markers(table.sample(frac=1, random_state=1), schools, 2021, ONE), found)


def verdicts(**schools: tuple[str, ...]) -> pd.DataFrame:
    """Verdicts on the three markers of each school, in their order."""
    rows = [
        (school, marker, verdict, "причина", 0.5 if marker == "inflated_mean" else 0.01)
        for school, own in schools.items()
        for marker, verdict in zip(MARKERS, own, strict=False)
    ]
    return pd.DataFrame(rows, columns=["school_id", "marker", "verdict", "reason", "chance"])


def test_L6_missing_is_never_good():
    no, yes, unknown = "not_met", "met", "not_assessed"
    found = remarks(
        verdicts(clear=(no, no, no), marked=(unknown, yes, no), half=(no, no, unknown), dark=(unknown,) * 3),
        ["clear", "marked", "half", "dark", "absent"],
    ).set_index("school_id")
    assert found["verdict"].to_dict() == {
        "clear": no,
        "marked": yes,
        "half": unknown,
        "dark": unknown,
        "absent": unknown,
    }
    assert found.loc["marked", "markers"] == ("against_journal",)
    assert found.loc["half", "reason"] == (
        "не оценено признаков: 1 из 3 – резкое изменение результата одних и тех же детей (причина)"
    )
    assert found.loc["absent", "reason"] == "нет процедур, к которым применимы признаки"


def test_L6_a_marker_that_nobody_could_be_held_to_leaves_every_school_open():
    table = long(REGION, scores("a", 9.0, 4.0, 16), row(SPEARMAN, "a", 0.5, 16))
    profile, method = SimpleNamespace(bias=ONE), SimpleNamespace(robustness=Robustness())
    office = SimpleNamespace(indicators=table, schools=register(a="СОШ"), year=2021, profile=profile, method=method)
    found = biased_schools(office)
    assert found["verdict"].tolist() == ["not_assessed"]


def test_L6_one_procedure_is_enough_to_meet_a_marker_and_to_assess_it():
    rows = [
        ("a", "against_journal", "VPR/maths/4", "met", "", 0.1),
        ("a", "against_journal", MATHS, "not_met", "", 0.2),
        ("b", "against_journal", "VPR/maths/4", "not_assessed", "участников меньше 10", np.nan),
        ("b", "against_journal", MATHS, "not_met", "", 0.2),
        ("c", "against_journal", "VPR/maths/4", "not_assessed", "участников меньше 10", np.nan),
        ("c", "against_journal", MATHS, "not_assessed", "нет результатов школы", np.nan),
    ]
    columns = ["school_id", "marker", "procedure", "verdict", "reason", "chance"]
    found = marker_verdicts(pd.DataFrame(rows, columns=columns))
    assert found["chance"].tolist() == pytest.approx([1 - 0.9 * 0.8, 0.2, np.nan], nan_ok=True)
    assert found["verdict"].tolist() == ["met", "not_met", "not_assessed"]
    assert found[["assessed", "procedures"]].values.tolist() == [[2, 2], [1, 2], [0, 2]]
    assert found["reason"].tolist()[1:] == ["", "участников меньше 10; нет результатов школы"]
    assert "4" in found["reason"][0] and "5" not in found["reason"][0]


def test_L6_territory_index_holds_what_is_not_known():
    def index(*verdicts):
        return territory_index(pd.DataFrame({"verdict": list(verdicts)}, dtype=object))

    assert index("met", "not_met", "not_met", "not_met") == (75.0, 75.0)
    assert index("met", "not_met", "not_met", "not_assessed") == (50.0, 75.0)
    assert index("met", "met") == (0.0, 0.0)
    assert all(math.isnan(end) for end in index("not_assessed", "not_assessed"))
    assert all(math.isnan(end) for end in index())


def test_L6_only_refusing_markers_keep_a_school_from_being_a_partner():
    remarked = pd.DataFrame(
        {"school_id": list("abc"), "markers": [("inflated_mean",), ("inflated_mean", "against_journal"), ()]}
    )
    assert list(unsuitable_partners(remarked, ("against_journal", "sharp_change"))) == ["b"]
    assert list(unsuitable_partners(remarked, ("inflated_mean",))) == ["a", "b"]
    assert unsuitable_partners(remarked, ()) == {}


# --- what honest results bring ---------------------------------------------------------------------------------------------

SIX = BiasMarkers()


def of_size(people: float, lift: float = 0.0, school: str = "a", rules: BiasMarkers = SIX) -> list[dict]:
    """Scores of a school and of a large region in the procedures of marker 1."""
    rows = []
    for procedure in rules.inflated:
        for owner, mean, sd, count in ((school, 50.0 + lift, 17.4, people), (None, 50.0, 19.0, 1e6)):
            rows += [row(MEAN, owner, mean, count, procedure), row(SPREAD, owner, sd, count, procedure)]
    return rows


def test_L6_an_honest_school_5_points_above_the_region_is_marked_nine_times_of_ten_at_25_pupils():
    found = inflated_means(long(of_size(25)), ["a"], 2021, SIX)
    chances = [honest_chances(found, SIX, ResultComponents(), ahead=lift)["inflated_mean", "a"] for lift in (0, 5, 10)]
    assert chances[1] == pytest.approx(0.87, abs=0.02) and chances == sorted(chances)
    # one procedure of an honest school, by hand: the mean varies by √(6,2² + 3,5² + 3,0² + 17,4²/25) = 8,47, the limit is
    # 1,96·17,4/5 + 1,96·19,04/1000 = 6,86, and 6,86 / 8,47 = 0,81 is passed with chance 0,209
    assert found["chance"].tolist() == pytest.approx([0.209] * 6, abs=0.004)


def test_L6_pupils_of_no_spread_but_their_own_meet_marker_1_as_often_as_chance_says():
    alone = ResultComponents(school=1e-6, subject=1e-6, cohort=1e-6)
    found = inflated_means(long(of_size(25)), ["a"], 2021, SIX, alone)
    assert found["chance"].tolist() == pytest.approx([0.025] * 6, abs=0.001)
    assert honest_chances(found, SIX, alone)["inflated_mean", "a"] == pytest.approx(
        1 - (1 - found["chance"][0]) ** 6, abs=1e-6
    )


def test_L6_markers_of_honest_results_are_no_finding_and_a_rare_pair_is_one():
    no, yes, unknown = "not_met", "met", "not_assessed"
    honest = {f"h{at}": (yes if at < 6 else no, no, no) for at in range(12)}
    found = remarks(verdicts(**honest, pair=(yes, yes, no), dark=(unknown,) * 3), [*honest, "pair", "dark"])
    found = found.set_index("school_id")
    assert found["beyond"].tolist() == [False] * 12 + [False, None]  # a chance of 0,01 is not rare among 13 schools
    few = remarks(verdicts(h=honest["h0"], pair=(yes, yes, no)), ["h", "pair"])
    assert few["beyond"].tolist() == [False, True]
    assert few["chance"].round(4).tolist() == [round(1 - 0.5 * 0.99**2, 4), round(2 * 0.5 * 0.01 * 0.99 + 0.01**2, 4)]


def test_L6_counts_stand_beside_what_honest_results_bring():
    found = analyse_objectivity(shipped("demo", 2021))
    beside = beside_honest(found.verdicts).set_index("sign")
    verdicts_of = found.verdicts[found.verdicts["verdict"].ne("not_assessed")].groupby("marker")["chance"]
    assert beside.loc[list(MARKERS), "expected"].tolist() == pytest.approx(verdicts_of.sum()[list(MARKERS)].tolist())
    assert beside["assessed"].tolist() == [14, 14, 11, 14, 14] and beside["counted"].tolist() == [5, 1, 0, 1, 5]
    none = beside_honest(analyse_objectivity(shipped("lesosibirsk", 2020)).verdicts)
    assert none["assessed"].eq(0).all() and none[["counted", "expected", "likely"]].isna().all(axis=None)


def test_L6_no_school_is_to_be_checked_for_markers_that_honest_results_bring():
    found = view.read_objectivity(shipped("demo", 2019))
    assert found.observed == [] and (found.remarks["verdict"] == "met").sum() == 6
    html = said(view.show_headlines(found)) + said(view.show_decisions(found))
    assert "объясняются настоящими результатами и случаем" in html and "Проверить результаты" not in html


def test_L6_an_official_list_stands_beside_the_own_markers_and_is_not_recomputed():
    """A school with a marker, one without, one whose markers nobody could assess; a list of another year is not shown."""
    found = analyse_objectivity(shipped("demo", 2021))
    answers = found.remarks.set_index("school_id")["verdict"]
    met, clear = answers.index[answers.eq("met")][0], answers.index[answers.eq("not_met")][0]
    rows = pd.DataFrame(
        {"school_id": [met, clear, "nobody", clear], "year": [2021, 2021, 2021, 2020], "source": "federal"}
    )
    rows = rows.assign(document="Перечень", ground=None)
    listed = dataclasses.replace(found, office=with_list(found.office, rows))
    shown = officially_named(listed).set_index("school_id")["verdict"].to_dict()
    assert shown == {met: "met", clear: "not_met", "nobody": "not_assessed"}
    told = said(view.show_markers(listed, markers_by_school(listed)))
    assert "Школы официальных перечней необъективности" in told and told.count("федеральный") == 3
    without = dataclasses.replace(found, office=with_list(found.office, rows.iloc[3:]))
    assert "официальных перечней" not in said(view.show_markers(without, markers_by_school(without)))


def with_list(office, rows):
    return dataclasses.replace(office, tables=office.tables | {"biased_schools": rows})


# --- the journal ----------------------------------------------------------------------------------------------------------


def test_L6_position_is_not_compared_without_an_interval_and_the_end_of_the_interval_is_no_difference():
    compared = pd.DataFrame(
        {"low": [0.2, 0.3, 0.4, np.nan, 0.4], "high": [0.25, 0.5, 0.6, np.nan, 0.6], "few": [False] * 4 + [True]}
    ).assign(benchmark_municipality=np.nan, benchmark_region=0.3, benchmark_country=0.4)
    found = with_positions(compared)
    assert found["position_region"].tolist() == ["below", "same", "above", "not_compared", "not_compared"]
    assert found["position_country"].tolist() == ["below", "same", "same", "not_compared", "not_compared"]
    assert found["position_municipality"].eq("not_compared").all()


def test_L6_lesosibirsk_2020_prints_34_59_and_7_per_cent():
    facts = objectivity_facts(analyse_objectivity(shipped("lesosibirsk", 2020)))
    # section 1: понизили 34,21 %, подтвердили 59,22 %, повысили 6,5 %
    assert [facts[f"journal_{name}"] for name in ("lowered", "confirmed", "raised")] == [0.3421, 0.5922, 0.065]
    assert facts["bias_schools"] == facts["bias_clear"] == 0 and facts["bias_open"] == 9
    assert math.isnan(facts["bias_index_high"])


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_L6_demo_shares_add_up_and_every_school_has_a_remark(year):
    found = analyse_objectivity(shipped("demo", year))
    facts = objectivity_facts(found)
    assert sum(facts[f"journal_{name}"] for name in ("lowered", "confirmed", "raised")) == pytest.approx(1)
    assert facts["bias_schools"] + facts["bias_clear"] + facts["bias_open"] == len(found.remarks) == 14
    assert set(found.unlisted) <= set(found.remarks.loc[found.remarks["verdict"].eq("met"), "school_id"])


def test_L6_demo_2021_finds_the_school_that_was_drawn_as_marked_too_high():
    # «Озёрная» (demo-10) is drawn with bias 1: its scores do not follow the journal
    found = analyse_objectivity(shipped("demo", 2021)).verdicts
    met = found[found["verdict"].eq("met") & found["marker"].eq("against_journal")]
    assert met["school_id"].tolist() == ["demo-10"]


def test_L6_marked_schools_that_are_not_on_the_list_are_named():
    office = shipped("demo", 2021)
    found = analyse_objectivity(office)
    rows = office.identification
    first, second, *rest = found.unlisted
    own = rows["category"].eq("low_results")
    answers = rows["identified"].mask(own & rows["school_id"].eq(first), "yes")
    answers = answers.mask(own & rows["school_id"].eq(second), "insufficient_data")
    moved = analyse_objectivity(dataclasses.replace(office, identification=rows.assign(identified=answers)))
    assert moved.listed == [*found.listed, first] and moved.unlisted == rest  # no conclusion is not «не в перечне»


def test_L6_hidden_numbers_are_called_hidden_and_not_missing():
    table = long(REGION, scores("a", np.nan, np.nan, np.nan), row(SPEARMAN, "a", np.nan, np.nan))
    table["hidden"] = table["school_id"].eq("a")
    for marker in (inflated_means, against_journal):
        assert verdict_of(marker(table, ["a"], 2021, ONE)) == ("not_assessed", "число скрыто в открытой редакции")


def test_L6_the_public_edition_marks_no_other_schools():
    office = shipped("demo", 2021)
    inside, outside = (
        set(found.remarks.loc[found.remarks["verdict"].eq("met"), "school_id"])
        for found in (analyse_objectivity(office), analyse_objectivity(public_edition(office)))
    )
    assert outside <= inside and len(inside) == 5


def test_L6_what_is_lacking_names_the_table_that_allows_it():
    lacking = absences(analyse_objectivity(shipped("lesosibirsk", 2020)))
    assert lacking["area"].unique().tolist() == ["journal", *MARKERS]
    assert lacking["remedy"].str.contains("«Отметки ВПР и журнал»|«Результаты процедур»").all()
    few = absences(analyse_objectivity(shipped("demo", 2021)))
    assert few["remedy"].tolist() == ["ничего: при таком числе участников признак не оценивается"]


# --- report 30 --------------------------------------------------------------------------------------------------------------


def said(shown) -> str:
    return shown._repr_mimebundle_()["text/html"].replace("\u00a0", " ")


def test_L6_report_30_compares_schools_with_the_journal_and_blames_nobody():
    found = view.read_objectivity(shipped("demo", 2021))
    html = said(view.show_headlines(found))
    assert "ВПР 2021 года: отметку журнала подтвердили в 62,7 % работ, понизили в 29,8 %, повысили в 7,5 %." in html
    assert "Признаки необъективности есть у 5 школ из 14: один – у 4, два – у 1." in html
    assert "Признак – повод проверить результаты, а не вывод о чьей-то вине." in html
    assert "Проверить результаты 1 школы, где признаков больше" in said(view.show_decisions(found))
    lowered = view.show_journal(found).items[-1].frame.set_index("school")["lowered"]
    rows = shipped("demo", 2021).tables["mark_comparison"]
    own = rows[rows["year"].eq(2021) & rows["school_id"].eq("demo-10").fillna(False)][
        ["lowered", "confirmed", "raised"]
    ].sum()
    assert lowered["Озёрная"] == pytest.approx(own["lowered"] / own.sum())


def test_L6_report_30_says_that_the_list_may_miss_marked_schools():
    found = view.read_objectivity(shipped("demo", 2021))
    shown = view.show_meaning(found).items[-1].frame.set_index("school")
    assert list(shown.index) == ["Гимназия Садовая", "Лицей Звёздный", "Центральная", "Озёрная", "Родниковая"]
    assert "бывают и при настоящих результатах" in shown.loc["Лицей Звёздный", "reading"]
    assert "низкие могут быть не видны" in shown.loc["Озёрная", "reading"]


@pytest.mark.parametrize(
    "identified, beyond, start",
    [
        ("yes", True, "Школа в перечне."),
        ("insufficient_data", True, "Данных для вывода о категории ШНОР недостаточно"),
        ("no", True, "Результаты нужно проверить"),
        ("no", False, "Такие признаки бывают и при настоящих результатах"),
    ],
)
def test_L6_how_an_answer_is_read_beside_its_markers(identified, beyond, start):
    assert view.reading(identified, beyond, False, "ШНОР").startswith(start)


def test_L6_report_30_never_takes_missing_data_for_good_ones():
    found = view.read_objectivity(shipped("lesosibirsk", 2020))
    assert "подтвердили в 59,2 % работ, понизили в 34,2 %, повысили в 6,5 %" in said(view.show_headlines(found))
    assert "Признаки необъективности не оценены: нет данных" in said(view.show_markers(found, markers_by_school(found)))
    assert "не оценены ни у одной из 9 школ" in said(view.show_headlines(found))
    assert "сказать нельзя" in said(view.show_meaning(found))
    assert "Индекс" not in said(view.show_headlines(found)) + said(view.show_markers(found, markers_by_school(found)))


@pytest.mark.parametrize("edition", [lambda office: office, public_edition])
def test_L6_report_30_says_whose_quartiles_sharp_changes_are_held_against(edition):
    office = shipped("demo", 2021)
    rows = pd.DataFrame(
        [one | {"school_id": "", "municipality": "demo", "note": ""} for one in of_region(412, 0.9, 1.1)]
    )
    regional = dataclasses.replace(office, indicators=pd.concat([office.indicators, rows], ignore_index=True))
    own, both = (
        said(view.show_markers(known := view.read_objectivity(edition(one)), markers_by_school(known)))
        for one in (office, regional)
    )
    unknown = "Квартили школ региона неизвестны, и резкое изменение сверено с квартилями школ муниципалитета"
    assert unknown in own and unknown in both
    assert "сверено с квартилями школ региона" not in own
    assert "сверено с квартилями школ региона: ВПР, математика, 5 класс – 412 школ." in both.replace("\xa0", " ")
    assert "школ муниципалитета: ВПР, русский язык, 5 класс – 11 школ." in both.replace("\xa0", " ")


def test_L6_a_marker_that_nobody_has_is_a_sentence_and_a_file():
    shown = view.show_details(view.read_objectivity(shipped("demo", 2021))).items
    assert isinstance(shown[-1], Attachment) and shown[-1].table.name == "bias_sharp_change"
    assert "признака нет ни в одной из 22 оценённых пар" in shown[-1].sentence
    assert not any(isinstance(one, Table) and not any(one.shown or [True]) for one in shown)


def test_L6_no_school_assessed_is_no_table_of_unknowns():
    shown = view.show_markers(
        known := view.read_objectivity(shipped("lesosibirsk", 2020)), markers_by_school(known)
    ).items
    assert [type(one).__name__ for one in shown] == ["Heading", "Attachment"]


def test_L6_the_list_of_report_50_carries_the_markers():
    shown = table_identification(demo := shipped("demo", 2021), school_list(demo)).frame.set_index("school")["bias"]
    assert shown[["Северная", "Озёрная", "Дальняя"]].tolist() == ["not_met", "met", "not_assessed"]
    assert (
        table_identification(town := shipped("lesosibirsk", 2020), school_list(town))
        .frame["bias"]
        .eq("not_assessed")
        .all()
    )


def test_L6_report_30_says_that_works_of_2020_were_written_in_autumn():
    special = "Особый год – 2020: ВПР за 4–8 классы писали осенью"
    assert special in said(view.show_journal(view.read_objectivity(shipped("demo", 2020))))
    assert special not in said(view.show_journal(view.read_objectivity(shipped("demo", 2021))))
