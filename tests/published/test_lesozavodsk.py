"""Лесозаводский ГО, programme of 30.09.2021 № 244: sections II–V and VIII."""

import pandas as pd
import pytest

from shnor_lib.inputs.checks import check_inputs

URBAN, RURAL = "ШНОР, городские", "ШНОР, сельские"
RISK_MATRIX = {
    "teachers_age_55_plus_rate": (25, 42, 44),
    "teachers_first_or_highest_category_rate": (29, 55, 89),
    "classrooms_equipped_rate": (100, 86, 13),
    "computers_outdated_rate": (67, 0, 94),
}
SCHOOLS = ("lzv-01", "lzv-03", "lzv-kurskoe")


@pytest.mark.parametrize(
    ("group", "schools"),
    [
        pytest.param("с 10–11 классами", 12, id="section II: with grades 10-11, 12"),
        pytest.param("ООШ", 2, id="section II: basic schools, 2"),
        pytest.param("ШНОР", 3, id="section III: low results, 3"),
        pytest.param(URBAN, 2, id="section III: low results, urban, 2"),
        pytest.param(RURAL, 1, id="section III: low results, rural, 1"),
    ],
)
def test_sections_2_3_schools_of_a_kind(lesozavodsk, group, schools):
    assert lesozavodsk.indicator("schools_count", year=2021)["value"] == 14
    assert lesozavodsk.indicator("schools_count", year=2021, group=group)["value"] == schools


def test_section_3_low_result_schools_are_21_per_cent(lesozavodsk, per_cent):
    listed = lesozavodsk.table("low_procedures")["school_id"].nunique()
    assert listed == 3
    assert per_cent(listed / lesozavodsk.indicator("schools_count", year=2021)["value"]) == 21


@pytest.mark.parametrize(
    ("indicator", "schools", "printed"),
    [
        pytest.param("urban_school_flag", 8, 57, id="section II: urban 8, 57 %"),
        pytest.param("rural_school_flag", 6, 43, id="section II: rural 6, 43 %"),
        pytest.param("survey_yes[fast_internet_needed]", 6, 43, id="section II: need fast internet 6, 43 %"),
    ],
)
def test_section_2_shares_of_schools(lesozavodsk, per_cent, indicator, schools, printed):
    row = lesozavodsk.indicator(indicator, year=2021)
    assert (row["numerator"], row["denominator"]) == (schools, 14)
    assert per_cent(row["value"]) == printed


def test_section_2_shifts(lesozavodsk):
    assert lesozavodsk.indicator("second_shift_school_flag", year=2021)["value"] == 0.35
    assert lesozavodsk.indicator("second_shift_rate", year=2021)["value"] == 0.20


@pytest.mark.parametrize(
    ("school", "printed"),
    [
        pytest.param("lzv-01", {("VPR", "russian", 5, 2019), ("OGE", "maths", 9, 2021)}, id="section III: school 1"),
        *(
            pytest.param(
                school,
                {
                    ("VPR", "maths", 6, 2019),
                    ("VPR", "russian", 5, 2019),
                    ("VPR", "russian", 6, 2019),
                    ("OGE", "maths", 9, 2021),
                },
                id=f"section III: {name}",
            )
            for school, name in (("lzv-03", "school 3"), ("lzv-kurskoe", "Kurskoe"))
        ),
    ],
)
def test_section_3_low_procedures(lesozavodsk, school, printed):
    listed = lesozavodsk.table("low_procedures").query("school_id == @school")
    assert set(listed[["exam", "subject", "grade", "year"]].itertuples(index=False, name=None)) == printed


@pytest.mark.parametrize(
    ("indicator", "group", "part", "whole", "printed"),
    [
        pytest.param("teachers_first_category_rate", URBAN, 11, 59, 19, id="section III: urban, first category, 19 %"),
        pytest.param(
            "teachers_highest_category_rate", URBAN, 14, 59, 24, id="section III: urban, highest category, 24 %"
        ),
        pytest.param(
            "teachers_first_or_highest_category_rate", URBAN, 25, 59, 42, id="section III: urban, both categories, 42 %"
        ),
        pytest.param("teachers_age_55_plus_rate", URBAN, 20, 59, 34, id="section III: urban, over 55, 34 %"),
        pytest.param("teachers_half_time_plus_rate", URBAN, 59, 59, 100, id="section III: urban, half time and more"),
        pytest.param("classrooms_equipped_rate", URBAN, 44, 47, 94, id="section III: urban, classrooms, 94 %"),
        pytest.param("computers_outdated_rate", URBAN, 52, 174, 30, id="section III: urban, old computers, 30 %"),
        pytest.param("teachers_first_category_rate", RURAL, 7, 9, 78, id="section III: rural, first category, 78 %"),
        pytest.param(
            "teachers_highest_category_rate", RURAL, 1, 9, 11, id="section III: rural, highest category, 11 %"
        ),
        pytest.param(
            "teachers_first_or_highest_category_rate", RURAL, 8, 9, 89, id="section III: rural, both categories, 89 %"
        ),
        pytest.param("teachers_age_55_plus_rate", RURAL, 4, 9, 44, id="section III: rural, over 55, 44 %"),
        pytest.param("teachers_half_time_plus_rate", RURAL, 9, 9, 100, id="section III: rural, half time and more"),
        pytest.param("classrooms_equipped_rate", RURAL, 1, 8, 13, id="section III: rural, classrooms, 13 %"),
        pytest.param("computers_outdated_rate", RURAL, 15, 16, 94, id="section III: rural, old computers, 94 %"),
    ],
)
def test_section_3_staff_and_resources(lesozavodsk, per_cent, indicator, group, part, whole, printed):
    row = lesozavodsk.indicator(indicator, year=2021, group=group)
    assert (row["numerator"], row["denominator"]) == (part, whole)
    assert per_cent(row["value"]) == printed


@pytest.mark.parametrize(
    ("indicator", "school", "printed"),
    [
        pytest.param(indicator, school, value, id=f"section III: risk matrix, {school}, {indicator}, {value} %")
        for indicator, values in RISK_MATRIX.items()
        for school, value in zip(SCHOOLS, values, strict=True)
    ],
)
def test_section_3_risk_matrix(lesozavodsk, per_cent, indicator, school, printed):
    assert per_cent(lesozavodsk.indicator(indicator, year=2021, school_id=school)["value"]) == printed


@pytest.mark.parametrize("indicator", RISK_MATRIX, ids=lambda name: f"section III: risk matrix, {name}")
def test_section_3_risk_matrix_agrees_with_the_village_counts(lesozavodsk, per_cent, indicator):
    school = lesozavodsk.indicator(indicator, year=2021, school_id="lzv-kurskoe")["value"]
    assert per_cent(school) == per_cent(lesozavodsk.indicator(indicator, year=2021, group=RURAL)["value"])


@pytest.mark.parametrize(
    ("question", "urban", "rural"),
    [
        pytest.param(question, urban, rural, id=f"section III: survey, {question}")
        for question, urban, rural in [
            ("teacher_shortage", 2, 1), ("qualified_shortage", 1, 0), ("digital_confidence", 2, 1),
            ("older_teachers", 1, 1), ("special_needs_shortage", 1, 1), ("useful_training", 2, 1),
            ("methodical_gaps", 0, 0), ("mentoring", 2, 0), ("fast_internet", 2, 1), ("video_blocked", 1, 1),
            ("few_good_computers", 1, 1), ("pupils_use_computers", 0, 0), ("library_sufficient", 2, 1),
            ("literature_outdated", 0, 0), ("digital_technologies", 2, 1), ("needs_repair", 2, 1),
            ("good_premises", 2, 1), ("materials_shortage", 0, 1),
        ]
    ],
)  # fmt: skip
def test_section_3_survey(lesozavodsk, question, urban, rural):
    for group, yes, asked in ((URBAN, urban, 2), (RURAL, rural, 1)):
        row = lesozavodsk.indicator(f"survey_yes[{question}]", year=2021, group=group)
        assert (row["numerator"], row["denominator"]) == (yes, asked)


@pytest.mark.parametrize(
    ("school", "population"),
    [
        pytest.param("lzv-01", "10000_50000", id="section III: school 1"),
        pytest.param("lzv-03", "10000_50000", id="section III: school 3"),
        pytest.param("lzv-kurskoe", "under_1000", id="section III: Kurskoe"),
    ],
)
def test_section_3_settlement_and_transport(lesozavodsk, school, population):
    row = lesozavodsk.row("schools", school_id=school)
    assert (row["settlement_population"], row["transport"]) == (population, "day_trip")


@pytest.mark.parametrize(
    ("indicator", "printed"),
    [
        pytest.param("unemployed_parents_families_rate", 0.64, id="section III: Kurskoe, unemployed parents 64 %"),
        pytest.param("one_working_parent_families_rate", 0.30, id="section III: Kurskoe, one working parent 30 %"),
        pytest.param("low_income_or_large_families_rate", 0.73, id="section III: Kurskoe, low income or large 73 %"),
    ],
)
def test_section_3_social_context(lesozavodsk, indicator, printed):
    assert lesozavodsk.indicator(indicator, year=2021, school_id="lzv-kurskoe")["value"] == printed


def test_section_3_document_contradicts_itself_on_the_internet(lesozavodsk):
    problems = check_inputs(lesozavodsk.inputs, 2021)
    told = problems.loc[problems["check"] == "survey_contradicts"].squeeze()
    assert told["school_id"] == "lzv-kurskoe"
    assert "«да» (раздел III, таблица рисковых зон)" in told["problem"]
    assert "«нет» (раздел III, текст" in told["problem"]
    answer = lesozavodsk.indicator("survey_yes[fast_internet]", year=2021, school_id="lzv-kurskoe")
    assert pd.isna(answer["value"])


def test_title_and_section_3_name_other_years(lesozavodsk):
    problems = check_inputs(lesozavodsk.inputs, 2021)
    told = problems.loc[problems["check"] == "source_stated_years"].squeeze()
    assert (told["allowed"], told["value"]) == ("2019, 2020", "2019, 2021")


def test_section_3_list_is_declared_complete(lesozavodsk):
    sources = lesozavodsk.inputs.sources
    assert sources.loc[sources["file"].str.endswith("low_procedures.csv"), "complete"].tolist() == [True]


@pytest.mark.parametrize(
    ("section", "numbers"),
    [
        pytest.param("IV", "1.1 1.2 1.3 1.4 1.5 2.1 3.1 3.2 3.3 3.4 4.1 4.2", id="section IV"),
        pytest.param(
            "V", "1.1 1.2 1.3 1.4 1.5 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 3.1 3.2 3.3 3.4 4.1 4.2", id="section V"
        ),
    ],
)
def test_sections_4_5_measures(lesozavodsk, section, numbers):
    measures = lesozavodsk.table("measures")
    own = measures[measures["measure_id"].str.startswith(f"{section}-")]
    assert own["measure_id"].str.removeprefix(f"{section}-").tolist() == numbers.split()
    assert own[["title", "due", "expected_result"]].notna().all(axis=None)
    assert own["responsible"].notna().eq(section == "V").all()  # section IV prints none


def test_section_5_rating_twice_a_year(lesozavodsk):
    assert lesozavodsk.row("measures", measure_id="V-1.5")["due"] == "2 раза в год (январь, июнь)"


def test_section_8_risks(lesozavodsk):
    assert len(lesozavodsk.table("risks")) == 5
