"""Chapters whose formulas are more than a part over its whole."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from shnor_lib.indicators import catalogue, compute_store
from shnor_lib.indicators.deficits import teacher_deficit_rate
from shnor_lib.indicators.formulas import example
from shnor_lib.indicators.learning import learning_marks_index
from shnor_lib.indicators.objectivity import marks_lowered_rate
from shnor_lib.indicators.olympiads import olympiad_regional_national_rate
from shnor_lib.indicators.progression import attestation_passed_rate, grade9_passed_rate, grade11_passed_rate
from shnor_lib.indicators.resources import fast_internet_flag, textbooks_under_3y_rate
from shnor_lib.indicators.satisfaction import satisfaction_share
from shnor_lib.indicators.schools import rural_school_flag, urban_school_flag
from shnor_lib.indicators.staff import teachers_experience_rate
from shnor_lib.indicators.survey import survey_yes


def test_not_attested_stay_in_the_number() -> None:
    journal = example(
        stage=["basic"], subject=["all"], mark_2=[1], mark_3=[5], mark_4=[9], mark_5=[4], not_attested=[1]
    )
    assert catalogue()["learning_pass_rate"].on(journal)["value"].tolist() == [18 / 20]
    assert learning_marks_index(journal)["value"].tolist() == [(400 + 576 + 180 + 16 + 7) / 20]


def test_not_attested_are_the_pupils_without_a_mark() -> None:
    journal = example(stage=["basic"], subject=["all"], mark_2=[1], mark_3=[5], mark_4=[9], mark_5=[4], pupils=[20])
    assert learning_marks_index(journal)["value"].tolist() == [(400 + 576 + 180 + 16 + 7) / 20]


def test_standard_is_the_pass_rate_by_default() -> None:
    journal = example(stage=["basic"], subject=["all"], mark_3=[5], mark_4=[9], mark_5=[4], pupils=[20])
    assert (
        catalogue()["learning_standard_rate"].on(journal)["value"].tolist()
        == catalogue()["learning_pass_rate"].on(journal)["value"].tolist()
        == [0.9]
    )


def test_a_whole_exam_adds_its_procedures() -> None:
    vpr = example(
        school_id=["1", "1"],
        exam=["VPR"] * 2,
        subject=["russian", "maths"],
        grade=[5, 5],
        lowered=[6, 4],
        confirmed=[12, 10],
        raised=[2, 6],
    )
    shares = marks_lowered_rate(vpr).set_index("part")
    assert shares.loc["VPR/russian/5", "value"] == 6 / 20
    assert shares.loc["VPR", ["numerator", "denominator", "value"]].tolist() == [10, 40, 0.25]


def test_a_row_of_all_subjects_stands_for_the_exam_only_alone() -> None:
    vpr = example(
        school_id=["1", "1", "2"],
        exam=["VPR"] * 3,
        subject=["all", "maths", "all"],
        grade=[5] * 3,
        lowered=[9, 4, 9],
        confirmed=[1, 10, 1],
        raised=[0, 6, 0],
    )
    shares = marks_lowered_rate(vpr)
    whole = shares[shares["part"] == "VPR"].set_index("school_id")["value"]
    assert whole.to_dict() == {"1": 4 / 20, "2": 9 / 10}


def test_continuing_exactly_sixty_per_cent() -> None:
    assert catalogue()["continued_to_grade10_rate"].on(example(continued_to_grade10=[12], grade9_graduates=[20]))[
        "value"
    ].tolist() == [0.6]


def test_attestation_of_a_school_without_grade_eleven() -> None:
    graduates = example(
        grade9_graduates=[30, 20],
        grade9_without_certificate=[2, 1],
        grade11_graduates=[10, None],
        without_certificate=[1, None],
    )
    rows = attestation_passed_rate(graduates)
    assert rows["value"].tolist() == [37 / 40, 19 / 20]
    assert rows["note"].tolist() == ["", "учтён только 9 класс"]


def test_nobody_passes_an_attestation_that_was_not_held() -> None:
    given = {"grade9_graduates": [30], "grade9_without_certificate": [0], "grade11_graduates": [10]}
    rows = attestation_passed_rate(example(year=[2020], without_certificate=[0], **given))
    assert rows["value"].isna().all() and rows["cause"].tolist() == ["not_held"]


def test_grades_9_and_11_pass_the_attestation_apart() -> None:
    graduates = example(
        year=[2019, 2020, 2019],
        school_id=["1", "1", "2"],
        grade9_graduates=[50, 50, 0],
        grade9_without_certificate=[2, 0, 0],
        grade11_graduates=[25, 25, None],
        without_certificate=[1, 0, 0],
    )
    nine, eleven = grade9_passed_rate(graduates), grade11_passed_rate(graduates)
    assert nine["value"].iloc[0] == 48 / 50 and eleven["value"].iloc[0] == 24 / 25
    assert nine["value"].isna().tolist() == eleven["value"].isna().tolist() == [False, True, True]
    assert nine["cause"].tolist()[1] == "not_held"


def test_a_half_of_the_staff_has_worked_over_20_years() -> None:
    staff = example(
        pedagogues=[40, 40], experience_20_30=[8, 8], experience_30_40=[10, 10], experience_40_plus=[2, None]
    )
    assert catalogue()["teachers_experience_20_plus_rate"].on(staff)["value"].tolist()[0] == 20 / 40
    assert math.isnan(catalogue()["teachers_experience_20_plus_rate"].on(staff)["value"].tolist()[1])


def test_grade_with_half_of_its_numbers_does_not_count() -> None:
    graduates = example(
        grade9_graduates=[30], grade9_without_certificate=[None], grade11_graduates=[10], without_certificate=[1]
    )
    rows = attestation_passed_rate(graduates)
    assert rows["value"].tolist() == [0.9]
    assert rows["note"].tolist() == ["учтён только 11 класс"]


def test_olympiads_regional_and_national_together() -> None:
    olympiads = example(
        school_id=["1", "1", "2", "3"],
        stage=["regional", "national", "regional", "national"],
        participants=[4, 1, 2, 1],
    )
    rows = olympiad_regional_national_rate(olympiads, example(pupils=[500, 400, 300])).set_index("school_id")
    assert rows["value"].iloc[:2].tolist() == [5 / 500, 2 / 400]
    assert rows.loc["2", "note"] == "всероссийский этап не указан"
    assert math.isnan(rows.loc["3", "value"]), "without the regional stage nothing is known"


def test_olympiad_winners_are_counted_over_entries() -> None:
    olympiads = example(stage=["municipal"], participants=[412], entries=[605], winners=[59])
    assert catalogue()["olympiad_winners_rate"].on(olympiads)["value"].tolist() == [59 / 605]


def test_satisfaction_is_carried_three_years_and_no_longer() -> None:
    answers = example(year=[2018], school_id=["1"], satisfied_share=[0.38], respondents=[100], assessed_year=[2018])
    register = example(year=[2018, 2020, 2021, 2022], school_id=["1"] * 4, name=["А"] * 4)
    rows = satisfaction_share(answers, register).set_index("year")
    assert rows.loc[[2018, 2020, 2021], "value"].tolist() == [0.38] * 3
    assert rows["note"].to_dict() == {
        2018: "",
        2020: "оценка 2018 года",
        2021: "оценка 2018 года",
        2022: "оценка 2018 года старше трёх лет",
    }
    assert rows.loc[2021, "denominator"] == 100
    assert math.isnan(rows.loc[2022, "denominator"])


def test_satisfaction_takes_the_latest_assessment_and_never_a_later_one() -> None:
    answers = example(
        year=[2019, 2021],
        school_id=["1", "1"],
        satisfied_share=[0.5, 0.8],
        respondents=[90, 100],
        assessed_year=[2019, 2021],
    )
    rows = satisfaction_share(answers, example(year=[2020], school_id=["1"], name=["А"])).set_index("year")
    assert rows["value"].to_dict() == {2019: 0.5, 2020: 0.5, 2021: 0.8}


def test_satisfaction_without_the_year_of_its_assessment_is_unknown() -> None:
    answers = example(year=[2019, 2021], school_id=["1", "1"], satisfied_share=[0.9, 0.74], assessed_year=[2019, None])
    rows = satisfaction_share(answers, example(year=[2021], school_id=["1"], name=["А"])).set_index("year")
    assert rows["value"].to_dict() == {2019: 0.9, 2021: 0.9}, "an undated answer makes no fall"
    only = satisfaction_share(example(satisfied_share=[0.74]), example(name=["А"])).iloc[0]
    assert math.isnan(only["value"])
    assert (only["note"], only["needs"]) == ("год оценки не указан", "satisfaction.assessed_year")


def test_satisfaction_composed_of_its_parts() -> None:
    answers = example(recommend_share=[0.8], conditions_share=[0.5], overall_share=[0.6], assessed_year=[2021])
    value = satisfaction_share(answers, example(name=["А"]))["value"].item()
    assert value == pytest.approx(0.3 * 0.8 + 0.2 * 0.5 + 0.5 * 0.6)


def test_satisfaction_without_respondents_keeps_its_value() -> None:
    rows = satisfaction_share(example(satisfied_share=[0.4], assessed_year=[2021]), example(name=["А"]))
    assert rows["value"].tolist() == [0.4]
    assert rows["denominator"].isna().all()


def test_staff_parts_are_of_pedagogues_where_given() -> None:
    staff = example(age_55_plus=[5, 5], pedagogues=[20, None], teachers=[10, 10])
    assert catalogue()["teachers_age_55_plus_rate"].on(staff)["value"].tolist() == [0.25, 0.5]


def test_experience_of_lesosibirsk() -> None:
    staff = example(
        pedagogues=[698],
        experience_under_5=[116],
        experience_5_10=[97],
        experience_10_20=[109],
        experience_20_30=[174],
        experience_30_40=[168],
        experience_40_plus=[34],
    )
    bands = teachers_experience_rate(staff)
    assert bands["numerator"].tolist() == [116, 97, 109, 174, 168, 34]
    assert bands["value"].sum() == pytest.approx(1)


def test_specialists_per_hundred_pupils_keep_the_law() -> None:
    row = catalogue()["psychologists_per_100_pupils"].on(example(psychologists=[1.5]), example(pupils=[600])).iloc[0]
    assert (row["value"], row["numerator"], row["denominator"]) == (0.25, 150, 600)


def test_new_textbooks_never_exceed_the_stock() -> None:
    row = textbooks_under_3y_rate(example(textbooks=[100], textbooks_under_3y=[140])).iloc[0]
    assert (row["value"], row["numerator"]) == (1, 100)


@pytest.mark.parametrize(
    ("speed", "locality", "expected"), [(100, "urban", 1), (99, "urban", 0), (50, "rural", 1), (49, "rural", 0)]
)
def test_fast_internet_goes_by_locality(speed: float, locality: str, expected: int) -> None:
    rows = fast_internet_flag(example(internet_mbps=[speed]), example(locality=[locality]))
    assert rows["value"].tolist() == [expected]


def test_locality_share_from_published_numbers_of_schools() -> None:
    # Лесозаводск, section II: 14 schools, 8 urban, 6 rural; only two of them are named
    register = example(
        level=["municipality", "group", "group", "school", "school"],
        group=["", "городские", "сельские", "", ""],
        school_id=["", "", "", "1", "2"],
        schools=[14, 8, 6, None, None],
        locality=[None, "urban", "rural", "urban", "rural"],
    )
    urban, rural = urban_school_flag(register), rural_school_flag(register)
    assert urban["value"].tolist() == [8 / 14, 1, 0, 1, 0]
    assert rural.loc[0, ["numerator", "denominator"]].tolist() == [6, 14]


def test_kind_tells_the_highest_grade_where_it_is_not_given() -> None:
    register = example(kind=["ООШ", "СОШ", "СОШ", "other"], highest_grade=[None, None, 9, None])
    assert catalogue()["secondary_school_flag"].on(register)["value"].tolist()[:3] == [0, 1, 0]
    assert catalogue()["secondary_school_flag"].on(register)["value"].isna().tolist() == [False, False, False, True]


def test_deficits_of_a_subject_are_put_together() -> None:
    deficits = example(
        school_id=["1"] * 3,
        subject=["maths", "maths", "russian"],
        deficit=["а", "б", "а"],
        teachers_assessed=[10, 10, 5],
        teachers_with_deficit=[2, 4, None],
    )
    rows = teacher_deficit_rate(deficits).set_index("part")
    assert rows.loc["maths", "value"] == 6 / 20
    assert math.isnan(rows.loc["russian", "value"])


def test_deficits_of_managers_are_no_deficits_of_teachers() -> None:
    deficits = example(
        subject=["maths", "maths", "all"],
        staff=[None, "managers", "managers"],
        deficit=["чтение", "чтение", "анализ результатов"],
        teachers_assessed=[10, 2, 2],
        teachers_with_deficit=[2, 2, 2],
    )
    assert teacher_deficit_rate(deficits)[["part", "value"]].values.tolist() == [["maths", 0.2]]


def test_contradicting_answers_are_no_answer() -> None:
    # Лесозаводск, section III: the table says yes, the text says no
    survey = example(
        school_id=["1", "1", "2", "2"],
        question=["fast_internet"] * 4,
        answer=[True, False, True, True],
        place=["таблица", "текст", "таблица", "текст"],
    )
    rows = survey_yes(survey).set_index("school_id")
    assert math.isnan(rows.loc["1", "value"])
    assert rows.loc["1", "note"] == "источник противоречит себе: таблица – да; текст – нет"
    assert (rows.loc["2", "value"], rows.loc["2", "note"]) == (1, "")


def test_answers_of_a_group_of_schools() -> None:
    survey = example(
        level=["group"] * 2,
        group=["городские", "сельские"],
        school_id=["", ""],
        question=["older_teachers"] * 2,
        answer=[None, None],
        schools_yes=[1, 1],
        schools_asked=[2, 0],
    )
    rows = survey_yes(survey)
    assert rows["value"].tolist()[0] == 0.5
    assert math.isnan(rows["value"].tolist()[1])


def test_L8_rows_by_subject_are_parts_and_are_not_counted_again():
    subjects = pd.array([None, "maths", "russian"], dtype="string")
    olympiads = example(school_id=["1"] * 3, stage=["municipal"] * 3, subject=subjects, participants=[40, 25, 20])
    store = compute_store({"olympiads": olympiads, "schools": example(pupils=[400])})
    rows = store.long().query("level == 'school' and indicator == 'olympiad_participants_rate[municipal]'")
    assert rows["value"].tolist() == [0.1]


def test_L9_load_and_age_bands_of_pedagogues():
    staff = example(
        pedagogues=[100, 50], load_36_plus=[10, None], age_36_60=[64, 20], age_pension=[10, 5], mean_load=[25, 22]
    )
    rows = compute_store({"staff": staff}).long().set_index(["level", "school_id", "indicator"])["value"]
    assert rows["school", "1", "teachers_load_36_plus_rate"] == 0.1
    assert rows["school", "1", "teachers_age_36_60_rate"] == 0.64
    assert rows["municipality", "", "teachers_age_pension_rate"] == 0.1
    assert rows["municipality", "", "teachers_mean_load"] == (25 * 100 + 22 * 50) / 150
