"""Results of procedures and learning by hand-made numbers (rows L5, L7, L8, L14, K2)."""

import pandas as pd
import pytest

from shnor_lib.analyses.change import comparable_results, last_changes
from shnor_lib.analyses.results import (
    absences,
    analyse_results,
    below_town,
    compare,
    gaps,
    latest_year,
    olympiad_totals,
    result_facts,
    rows_of,
    section_rows,
    tally,
    widest_gap,
    yearly,
)
from shnor_lib.analyses.standing import components_of
from shnor_lib.params.methods import ResultComponents
from shnor_lib.params.profiles import ResultsReading
from tests.shipped import shipped

LEVELS = ("municipality", "region", "country")
QUALITY = "quality_rate[OGE/maths/9]"
BELOW = "below_minimum_rate[OGE/maths/9]"
SCORE = "mean_score[EGE/russian/11]"
READING = ResultsReading(minimum_participants=10)


def long_rows(*values) -> pd.DataFrame:
    """Rows of (school or level, indicator, year, numerator, denominator)."""
    frame = pd.DataFrame(values, columns=["who", "indicator", "year", "numerator", "denominator"])
    above = frame["who"].isin(LEVELS)
    return frame.assign(
        municipality="m",
        level=frame["who"].where(above, "school"),
        group="",
        school_id=frame["who"].where(~above, ""),
        value=frame["numerator"] / frame["denominator"],
        note="",
    )


def with_spread(rows: pd.DataFrame, sd: float) -> pd.DataFrame:
    """Mean scores with their standard deviations beside."""
    spreads = rows.assign(indicator=rows["indicator"].str.replace("mean_score", "score_sd"), value=sd, numerator=None)
    return pd.concat([rows, spreads], ignore_index=True)


def read(rows: pd.DataFrame, measure: str = "quality_rate") -> pd.DataFrame:
    return rows_of(rows, [measure])


# --- against the levels above (L5) ---------------------------------------------------------------------------------------


def test_L5_a_value_is_worse_when_the_level_lies_above_its_whole_interval():
    rows = long_rows(
        ("a", QUALITY, 2021, 20, 100),
        ("b", QUALITY, 2021, 33, 100),
        ("c", QUALITY, 2021, 60, 100),
        ("municipality", QUALITY, 2021, 160, 400),
        ("region", QUALITY, 2021, 9000, 30000),
    )
    found = compare(read(rows)[lambda own: own["level"].eq("school")], rows, READING).set_index("school_id")
    # Wilson 95 %: 20 of 100 is 13.3-28.9 %, 33 of 100 is 24.6-42.7 %, 60 of 100 is 50.2-69.1 %
    assert found["low"].round(3).tolist() == [0.133, 0.246, 0.502]
    assert found["high"].round(3).tolist() == [0.289, 0.427, 0.691]
    assert found["comparison_municipality"].tolist() == ["worse", "same", "better"]  # 40 %
    assert found["comparison_region"].tolist() == ["worse", "same", "better"]  # 30 %
    assert found["comparison_country"].eq("not_compared").all()


@pytest.mark.parametrize(("participants", "told"), [(400, "not_compared"), (401, "worse")])
def test_L5_a_municipality_of_too_few_other_schools_is_nobody_to_compare_with(participants, told):
    """Three schools of 400 participants; in the municipality there are as many, or one of another school."""
    schools = [("a", QUALITY, 2021, 20, 100), ("b", QUALITY, 2021, 60, 100), ("c", QUALITY, 2021, 90, 200)]
    rows = long_rows(*schools, ("municipality", QUALITY, 2021, 170, participants))
    found = compare(read(rows).iloc[:1], rows, READING).iloc[0]
    assert found["benchmark_municipality"] == pytest.approx(170 / participants)
    assert found["comparison_municipality"] == told


def test_L5_unknown_participants_are_no_other_schools():
    """Of a municipality, or of one of two schools, nobody knows how many took part: no third school is known of."""
    schools = [("a", QUALITY, 2021, 20, 100), ("b", QUALITY, 2021, 60, 100)]
    for unknown in ("municipality", "b"):
        rows = long_rows(*schools, ("municipality", QUALITY, 2021, 120, 300))
        rows.loc[rows["level"].eq(unknown) | rows["school_id"].eq(unknown), "denominator"] = None
        assert compare(read(rows).iloc[:1], rows, READING)["comparison_municipality"].tolist() == ["not_compared"]


def test_L5_a_value_that_the_municipality_delivered_stands_for_all_its_schools():
    """Four schools, one result: participants of the municipality are unknown; put together from schools it is that school."""
    rows = long_rows(
        *((school, QUALITY, 2021, None, 100) for school in "abcd"), ("municipality", QUALITY, 2021, 180, 300)
    )
    rows.loc[0, ["numerator", "value"]] = 20, 0.2
    rows.loc[4, "denominator"] = None
    for note, told in (("", "worse"), ("по данным 1 школы из 4", "not_compared")):
        found = compare(read(rows).iloc[:1], rows.assign(note=note), READING)
        assert found["comparison_municipality"].tolist() == [told], note


def test_L5_more_below_the_minimum_is_worse():
    rows = long_rows(("a", BELOW, 2021, 30, 100), ("region", BELOW, 2021, 1000, 10000))
    found = compare(read(rows, "below_minimum_rate").iloc[:1], rows, READING).iloc[0]
    assert found["comparison_region"] == "worse"


def test_L5_few_participants_are_told_and_not_compared():
    rows = long_rows(("a", QUALITY, 2021, 0, 9), ("b", QUALITY, 2021, 0, 10), ("region", QUALITY, 2021, 5000, 10000))
    found = compare(read(rows).iloc[:2], rows, READING).set_index("school_id")
    assert found["few"].tolist() == [True, False]
    assert found["comparison_region"].tolist() == ["not_compared", "worse"]
    assert tally(found.reset_index(), "region")[["compared", "worse", "few"]].values.tolist() == [[0, 0, 1], [1, 1, 0]]


def test_L5_the_interval_of_a_mean_score_needs_its_standard_deviation():
    rows = long_rows(("a", SCORE, 2021, 6400, 100), ("region", SCORE, 2021, 700000, 10000))
    alone = compare(read(rows, "mean_score").iloc[:1], rows, READING).iloc[0]
    assert pd.isna(alone["low"]) and alone["comparison_region"] == "not_compared"
    known = compare(read(rows, "mean_score").iloc[:1], with_spread(rows, 15.0), READING).iloc[0]
    assert known["low"] == pytest.approx(64 - 1.9842 * 1.5, abs=1e-3)  # t of 99 degrees of freedom
    assert known["comparison_region"] == "worse"


def test_L5_without_participants_a_value_is_only_below_or_above_the_municipality():
    rows = long_rows(
        ("a", QUALITY, 2021, 0.3, 1), ("b", QUALITY, 2021, 0.6, 1), ("municipality", QUALITY, 2021, 0.5, 1)
    )
    rows[["numerator", "denominator"]] = None
    found = compare(read(rows).iloc[:2], rows, READING)
    assert found["comparison_municipality"].eq("not_compared").all()
    assert below_town(found).tolist() == [True, False]


# --- over the years (L5) ---------------------------------------------------------------------------------------------------


def test_L5_the_latest_year_with_data_is_looked_for_in_the_years_of_the_office():
    rows = read(long_rows(("a", QUALITY, 2018, 1, 2), ("a", QUALITY, 2019, 1, 2)))
    assert latest_year(rows, 2021, 3) == 2019 and latest_year(rows, 2022, 3) is None


def test_L5_years_stand_side_by_side_and_the_break_of_the_series_is_named():
    rows = read(long_rows(("a", QUALITY, 2018, 20, 50), ("a", QUALITY, 2019, 25, 50), ("a", QUALITY, 2021, 15, 50)))
    found = yearly(rows).iloc[0]
    assert found[[2018, 2019, 2021]].tolist() == [0.4, 0.5, 0.3]
    assert found["change"] == pytest.approx(-0.2) and found["year_before"] == 2019
    assert found["breaks"] == "2020: ОГЭ не проводился; 2021: ОГЭ только по русскому языку и математике"


def test_L5_one_year_has_no_change():
    found = yearly(read(long_rows(("a", QUALITY, 2021, 15, 50)))).iloc[0]
    assert pd.isna(found["change"]) and found["breaks"] == ""


def changes_of(rows: pd.DataFrame, year: int = 2021, **reading):
    """Change of the schools with the components that the methods declare."""
    declared, own = ResultComponents(), READING.model_copy(update=reading)
    return last_changes(
        comparable_results(rows, year, own.years, declared.pupil), components_of(declared), 1e6, year, own
    )


def quality_rows(moved: dict[str, int], people: int = 100, shift: int = 0) -> pd.DataFrame:
    """Marks 4 and 5 of six procedures in two years: half of the pupils, then so many more of 100 (and ``shift`` for everybody)."""
    names = [f"quality_rate[VPR/{subject}/{grade}]" for subject in ("maths", "russian") for grade in (5, 6, 7)]
    return long_rows(
        *((school, name, 2020, people / 2, people) for school in moved for name in names),
        *(
            (school, name, 2021, people * (50 + more + shift) / 100, people)
            for school, more in moved.items()
            for name in names
        ),
    )


MOVED = {"fell": -30, "rose": 30, "same": 0, "other": 1, "another": -1}


def test_L5_falls_and_rises_are_those_beyond_chance():
    found = changes_of(quality_rows(MOVED)).schools.set_index("school_id")
    assert found["direction"].to_dict() == {
        "fell": "fall",
        "rose": "rise",
        "same": "none",
        "other": "none",
        "another": "none",
    }
    # 30 of 100 at the height of the normal curve, 0.4, are 0.75 of the spread of pupils: 13 points; the others are held apart
    assert found.at["fell", "change"] == pytest.approx(-0.30 / 0.399 * 17.4, abs=0.5)
    assert len(found.at["fell", "subjects"]) == 3 and found.at["same", "subjects"] == ()
    assert found.at["fell", "pupils"] == 300  # three grades of 100, each counted once


def test_L5_a_procedure_that_changed_for_everybody_is_no_fall():
    assert changes_of(quality_rows(dict.fromkeys("abcde", 0), shift=-30)).schools["direction"].eq("none").all()


def test_L5_against_the_region_all_schools_may_fall():
    rows = quality_rows({"a": -30, "b": -30})
    region = quality_rows({"region": 0}, people=10_000)
    found = changes_of(pd.concat([rows, region]))
    assert found.regional and found.schools["direction"].eq("fall").all()


def test_L5_few_pupils_or_few_other_schools_are_not_compared():
    assert changes_of(quality_rows({"a": -30, "b": 0, "c": 0})).schools.empty  # two others, three are needed
    small = pd.concat([quality_rows(dict.fromkeys("abcd", 0)), quality_rows({"e": -50}, people=2)])
    assert changes_of(small).schools.set_index("school_id")["direction"].to_dict() == dict.fromkeys("abcd", "none") | {
        "e": "not_compared"
    }


def test_L5_the_same_grade_in_all_subjects_is_one_cohort():
    """One grade that moved in every subject is less of a proof than as many grades in one subject."""
    flat = quality_rows(dict.fromkeys("abcde", 0))
    one_grade = flat[flat["indicator"].str.endswith("/5]")]
    wide, narrow = (changes_of(rows).schools.set_index("school_id").loc["a"] for rows in (flat, one_grade))
    assert narrow["high"] - narrow["low"] > wide["high"] - wide["low"]


def test_L5_sections_tell_the_exams_apart():
    rows = long_rows(
        ("a", QUALITY, 2021, 1, 2), ("a", SCORE, 2021, 120, 2), ("a", "quality_rate[VPR/maths/5]", 2021, 1, 2)
    )
    parts = {name: section_rows(rows, name, 2021)["part"].tolist() for name in ("gia9", "gia11", "vpr")}
    assert parts == {"gia9": ["OGE/maths/9"], "gia11": ["EGE/russian/11"], "vpr": ["VPR/maths/5"]}


# --- gaps (K2, L14) ----------------------------------------------------------------------------------------------------------


def test_K2_the_gap_is_between_the_strongest_and_the_weakest_school_of_a_year():
    rows = read(
        long_rows(
            ("a", QUALITY, 2021, 10, 50),
            ("b", QUALITY, 2021, 40, 50),
            ("c", QUALITY, 2021, 25, 50),
            ("few", QUALITY, 2021, 0, 5),
            ("a", QUALITY, 2019, 20, 50),
            ("municipality", QUALITY, 2021, 75, 150),
        )
    )
    found = gaps(rows, READING)
    assert len(found) == 1  # in 2019 there is one school and no gap
    row = found.iloc[0]
    assert (row["lowest_school"], row["highest_school"], row["schools"]) == ("a", "b", 3)
    assert row["gap"] == pytest.approx(0.6)


def test_L14_the_gap_is_followed_over_the_years():
    values = {2020: (10, 40), 2021: (20, 40)}
    rows = [
        (school, QUALITY, year, good, 50)
        for year, pair in values.items()
        for school, good in zip("ab", pair, strict=True)
    ]
    found = gaps(read(long_rows(*rows)), READING).set_index("year")["gap"]
    assert found.to_dict() == pytest.approx({2020: 0.6, 2021: 0.4})


# --- learning and olympiads (L7, L8) ----------------------------------------------------------------------------------------


def test_L7_learning_by_stage_and_subject_of_demo_and_its_widest_gap():
    found = analyse_results(shipped("demo", 2021))
    parts = set(found.learning["part"])
    assert {"primary/all", "basic/all", "secondary/all", "basic/maths"} <= parts
    assert {"learning_quality_rate", "learning_standard_rate"} <= set(found.learning["measure"])
    wide = widest_gap(found)
    own = found.learning[
        found.learning["indicator"].eq(wide["indicator"])
        & found.learning["level"].eq("school")
        & found.learning["year"].eq(2021)
        & found.learning["denominator"].ge(10)
    ]
    assert wide["gap"] == pytest.approx(own["value"].max() - own["value"].min())


def test_L8_the_municipality_own_row_stands_else_the_schools_are_added_up():
    counts = {"entries": None, "winners": 1, "prize_winners": 2}
    rows = [
        {"level": "municipality", "school_id": "", "stage": "municipal", "participants": 50, **counts},
        {"level": "school", "school_id": "a", "stage": "municipal", "participants": 10, **counts},
        {"level": "school", "school_id": "a", "stage": "regional", "participants": 3, **counts},
        {"level": "school", "school_id": "b", "stage": "regional", "participants": None, **counts},
    ]
    found = olympiad_totals(pd.DataFrame(rows).assign(year=2021)).set_index("stage")
    assert found["participants"].to_dict() == {"municipal": 50, "regional": 3}
    assert found["schools"].to_dict() == {"municipal": 0, "regional": 2}
    assert found["winners"].to_dict() == {"municipal": 1, "regional": 2}
    assert found["entries"].isna().all()


def test_L5_facts_of_demo_agree_with_the_rows_they_count():
    found = analyse_results(shipped("demo", 2021))
    facts = result_facts(found)
    schools = pd.concat([section.schools for section in found.sections.values()])
    code = schools["comparison_region"]
    assert facts["results_worse"] == (code == "worse").sum() > 0
    assert facts["results_better"] == (code == "better").sum() > 0
    assert facts["changes_tested"] == len(found.changes.tested) == 14
    assert facts["changes_falls"] == found.changes.schools["direction"].eq("fall").sum()


def test_L5_what_an_office_lacks_is_named_with_the_table_that_would_help():
    found = absences(analyse_results(shipped("lesozavodsk", 2021)))
    assert found["remedy"].str.contains("таблица «").all()
    assert {"learning", "olympiads"} <= set(found["area"])
