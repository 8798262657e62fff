"""Лесосибирск, programme of 12.08.2020: what section 1 prints and the plan of section 4."""

import pandas as pd
import pytest


def test_section_1_schools_and_pupils(lesosibirsk):
    city = lesosibirsk.row("schools", level="municipality")
    assert (city["schools"], city["pupils"]) == (9, 6743)
    named = lesosibirsk.table("schools").query("level == 'school'")
    assert sorted(named["short_name"]) == [
        "Гимназия", "Лицей", "ООШ № 5", "СОШ № 1", "СОШ № 2", "СОШ № 4", "СОШ № 6", "СОШ № 8", "СОШ № 9",
    ]  # fmt: skip
    assert (named["highest_grade"] == 11).sum() == 8
    assert lesosibirsk.row("schools", short_name="ООШ № 5")["highest_grade"] == 9


@pytest.mark.parametrize(
    ("indicator", "part", "whole", "printed", "decimals"),
    [
        pytest.param("teachers_men_rate", 68, 698, "9.7", 1, id="section 1: men 68 of 698, 9.7 %"),
        pytest.param(
            "teachers_trained_year_rate", 301, 698, "43", 0, id="section 1: trained in the year 301 of 698, 43 %"
        ),
    ],
)
def test_section_1_staff_rates(lesosibirsk, per_cent, indicator, part, whole, printed, decimals):
    row = lesosibirsk.indicator(indicator, year=2020)
    assert (row["numerator"], row["denominator"]) == (part, whole)
    assert str(per_cent(row["value"], decimals)) == printed


@pytest.mark.parametrize(
    ("column", "printed"),
    [
        pytest.param(column, printed, id=f"section 1: {column}")
        for column, printed in [
            ("pedagogues", 698), ("teachers", 530), ("pedagogical_education", 694), ("retrained", 53),
            ("category_first", 179), ("category_highest", 221), ("managers_trained_year", 30), ("vacancies", 47),
        ]
    ],
)  # fmt: skip
def test_section_1_staff_counts(lesosibirsk, column, printed):
    assert lesosibirsk.row("staff", level="municipality")[column] == printed


def test_section_1_experience_bands_are_everybody(lesosibirsk):
    printed = {"under_5": 116, "5_10": 97, "10_20": 109, "20_30": 174, "30_40": 168, "40_plus": 34}
    bands = {band: lesosibirsk.indicator(f"teachers_experience_rate[{band}]", year=2020) for band in printed}
    assert {band: row["numerator"] for band, row in bands.items()} == printed
    assert sum(row["value"] for row in bands.values()) == pytest.approx(1)


def test_section_1_categories(lesosibirsk):
    either = lesosibirsk.indicator("teachers_first_or_highest_category_rate", year=2020)
    assert (either["numerator"], either["denominator"]) == (179 + 221, 698)


@pytest.mark.parametrize(
    ("subject", "printed"),
    [
        pytest.param("russian", {2017: 0.63, 2018: 0.50, 2019: 0.57}, id="section 1: OGE russian"),
        pytest.param("maths", {2017: 0.51, 2018: 0.71, 2019: 0.70}, id="section 1: OGE maths"),
        pytest.param("physics", {2017: 0.38, 2018: 0.59, 2019: 0.48}, id="section 1: OGE physics"),
        pytest.param("geography", {2017: 0.68, 2019: 0.41}, id="section 1: OGE geography"),
        pytest.param("social_studies", {2018: 0.51, 2019: 0.46}, id="section 1: OGE social studies"),
    ],
)
def test_section_1_oge_quality_by_year(lesosibirsk, subject, printed):
    assert lesosibirsk.values(f"quality_rate[OGE/{subject}/9]", by="year", level="municipality") == printed


@pytest.mark.parametrize(
    ("subject", "printed"),
    [
        pytest.param("russian", {"les-08": 0.46, "les-06": 0.50}, id="section 1: OGE 2019 russian"),
        pytest.param("physics", {"les-06": 0.0, "les-08": 0.33}, id="section 1: OGE 2019 physics"),
        pytest.param(
            "geography", {"les-gymnasium": 0.19, "les-06": 0.31, "les-09": 0.45}, id="section 1: OGE 2019 geography"
        ),
        pytest.param(
            "social_studies",
            {"les-04": 0.24, "les-06": 0.28, "les-08": 0.31, "les-02": 0.41},
            id="section 1: OGE 2019 social studies",
        ),
    ],
)
def test_section_1_oge_quality_of_named_schools(lesosibirsk, subject, printed):
    assert lesosibirsk.values(f"quality_rate[OGE/{subject}/9]", by="school_id", level="school", year=2019) == printed


def test_section_1_marks_against_journal(lesosibirsk):
    shares = [
        lesosibirsk.indicator(f"marks_{way}_rate[VPR]", year=2020)["value"]
        for way in ("lowered", "confirmed", "raised")
    ]
    assert shares == [0.3421, 0.5922, 0.065]
    assert sum(shares) == pytest.approx(0.9993)  # the document's own rounding, remarked in SOURCES.yml


@pytest.mark.parametrize(
    ("part", "school", "printed"),
    [
        pytest.param("primary/all", None, 0.836, id="section 1: primary 83.6 %"),
        pytest.param("primary/all", "les-06", 0.74, id="section 1: primary, school 6, 74 %"),
        pytest.param("primary/all", "les-lyceum", 0.91, id="section 1: primary, lyceum, 91 %"),
        pytest.param("primary/maths", "les-06", 0.45, id="section 1: primary maths, school 6, 45 %"),
        pytest.param("primary/russian", "les-06", 0.45, id="section 1: primary russian, school 6, 45 %"),
        pytest.param("basic_secondary/all", None, 0.72, id="section 1: basic and secondary 72 %"),
        pytest.param("basic_secondary/all", "les-08", 0.57, id="section 1: basic and secondary, school 8, 57 %"),
        pytest.param("basic_secondary/all", "les-lyceum", 0.80, id="section 1: basic and secondary, lyceum, 80 %"),
    ],
)
def test_section_1_learning_quality(lesosibirsk, part, school, printed):
    where = {"school_id": school} if school else {}
    assert lesosibirsk.indicator(f"learning_quality_rate[{part}]", year=2020, **where)["value"] == printed


def test_section_1_primary_quality_of_school_6_rose_by_8_points(lesosibirsk):
    before, after = (
        lesosibirsk.indicator("learning_quality_rate[primary/all]", year=year, school_id="les-06")["value"]
        for year in (2018, 2019)
    )
    assert (before, after) == (0.69, 0.77)
    assert after - before == pytest.approx(0.08)


def test_section_1_ege_2019(lesosibirsk):
    assert lesosibirsk.indicator("mean_score[EGE/all/11]", year=2019)["value"] == 48
    assert lesosibirsk.indicator("score_60_plus_rate[EGE/all/11]", year=2019)["value"] == 0.30
    assert lesosibirsk.indicator("score_70_plus_rate[EGE/russian/11]", year=2019)["value"] == 0.67
    assert lesosibirsk.indicator("below_minimum_rate[EGE/russian/11]", year=2019)["value"] == 0
    russian = lesosibirsk.row("exam_results", exam="EGE", subject="russian", year=2019)
    assert (russian["score_80_plus"], russian["score_90_plus"], russian["score_100"]) == (64, 10, 1)
    assert lesosibirsk.row("exam_results", exam="EGE", subject="maths_base", year=2019)["below_minimum"] == 11


def test_section_1_graduates_2019(lesosibirsk):
    graduates = lesosibirsk.row("progression", year=2019)
    assert (graduates["without_certificate"], graduates["honours"]) == (13, 29)
    assert graduates["honours"] == 39 - 10  # of 39 candidates 10 lacked points
    assert pd.isna(lesosibirsk.indicator("honours_rate", year=2019)["value"])  # the number of graduates is not printed


def test_section_1_olympiads(lesosibirsk):
    municipal = lesosibirsk.row("olympiads", stage="municipal")
    printed = {"year": 2020, "participants": 412, "entries": 605, "winners": 59, "prize_winners": 105}
    assert municipal[list(printed)].to_dict() == printed
    assert lesosibirsk.indicator("olympiad_entries_per_participant[municipal]", year=2020)["value"] == 605 / 412
    regional = lesosibirsk.table("olympiads").query("stage == 'regional' and subject.isna()").set_index("year")
    assert regional["prize_winners"].to_dict() == {2017: 6, 2018: 6, 2019: 4, 2020: 6}
    assert regional.loc[2017, "participants"] == 59
    assert regional["winners"].dropna().to_dict() == {2019: 1, 2020: 1}


def test_section_4_plan_schedule(lesosibirsk):
    measures = lesosibirsk.table("measures")
    assert measures["measure_id"].tolist() == [str(number) for number in [*range(1, 17), 20]]
    assert measures[["title", "due", "responsible", "expected_result"]].notna().all(axis=None)
    eleventh = lesosibirsk.row("measures", measure_id="11")
    assert eleventh["due"] == "сентябрь - декабрь 2021 года"
