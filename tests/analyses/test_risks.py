"""Context risks: the matrix of Лесозаводский ГО as printed, staff, specialists, deficits and monitoring by hand-made numbers."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from pydantic import ValidationError

from shnor_lib.analyses.context import Context, absent, context_facts, lacking_posts, posts_by_specialist, school_zones
from shnor_lib.analyses.risks import (
    by_locality,
    contradictions,
    deficit_map,
    described_schools,
    level_comparison,
    locality_contrast,
    monitored,
    risk_counts,
    risk_factors,
    risk_matrix,
    schools_by_choice,
    staff_norms,
    staffing_advice,
)
from shnor_lib.pages.phrases import decisions
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.views import context_risks as view
from shnor_lib.params.profiles import RiskFactor, StaffNorm
from tests.shipped import shipped

KURSKOE = "lzv-kurskoe"
SPEC = report_spec("40_context_risks")


def factor(**fields) -> RiskFactor:
    shown = {"title": "т", "short": "т", "zone": "т", "group": "staff", "reference": "р"}
    return RiskFactor.model_validate(shown | {"indicator": "teachers_age_55_plus_rate", "rule": "at_least"} | fields)


def indicator_rows(*values) -> pd.DataFrame:
    """Rows of (school, indicator, value, note)."""
    frame = pd.DataFrame(values, columns=["school_id", "indicator", "value", "note"])
    return frame.assign(level="school", group="", year=2021)


def registry(*schools) -> pd.DataFrame:
    return pd.DataFrame(schools, columns=["school_id", "locality"])


# --- the matrix ------------------------------------------------------------------------------------------------------


def test_levels_begin_on_their_borders_and_a_missing_value_is_unknown():
    names = ["1", "2", "3", "4", "5"]
    values = [0.40, 0.399, 0.30, 0.299, None]
    rows = indicator_rows(
        *[(name, "teachers_age_55_plus_rate", value, "") for name, value in zip(names, values, strict=True)]
    )
    found = risk_matrix(rows, registry(*[(name, "urban") for name in names]), {"f": factor(medium=0.3, high=0.4)}, 2021)
    assert found["level"].tolist() == ["high", "medium", "medium", "low", "unknown"]
    assert found["threshold"].tolist() == [0.3] * 5
    assert found["note"].tolist() == ["", "", "", "", "нет данных за 2021 год"]


def test_a_factor_may_fall_towards_risk_and_may_have_no_middle():
    rows = indicator_rows(("1", "survey_yes[mentoring]", 0.0, ""), ("2", "survey_yes[mentoring]", 1.0, ""))
    falling = factor(indicator="survey_yes", part="mentoring", rule="at_most", high=0)
    found = risk_matrix(rows, registry(("1", "urban"), ("2", "urban")), {"f": falling}, 2021)
    assert found["level"].tolist() == ["high", "low"]


def test_values_of_other_years_and_levels_do_not_count():
    rows = indicator_rows(("1", "teachers_age_55_plus_rate", 0.9, ""))
    other_year = risk_matrix(rows.assign(year=2020), registry(("1", "urban")), {"f": factor(high=0.4)}, 2021)
    above = risk_matrix(rows.assign(level="group"), registry(("1", "urban")), {"f": factor(high=0.4)}, 2021)
    assert [*other_year["level"], *above["level"]] == ["unknown", "unknown"]


def test_a_contradictory_answer_is_unknown_with_its_reason():
    note = "источник противоречит себе: таблица – да; текст – нет"
    rows = indicator_rows(("1", "survey_yes[fast_internet]", None, note))
    internet = factor(indicator="survey_yes", part="fast_internet", rule="at_most", high=0)
    found = risk_matrix(rows, registry(("1", "rural")), {"f": internet}, 2021)
    assert found.loc[0, ["level", "note"]].tolist() == ["unknown", note]
    assert len(contradictions(found)) == 1


@pytest.mark.parametrize(
    "fields", [{}, {"medium": 0.4, "high": 0.3}, {"rule": "at_most", "medium": 0.3, "high": 0.4}], ids=str
)
def test_borders_without_sense_are_refused(fields):
    with pytest.raises(ValidationError):
        factor(**fields)


def test_an_office_may_replace_a_factor_and_add_its_own():
    own = factor(high=0.5)
    found = risk_factors({"older_teachers": own, "added": own})
    assert found["older_teachers"] is own and list(found)[-1] == "added"
    assert len(found) == len(risk_factors({})) + 1


def test_counts_leave_out_the_unknown():
    matrix = pd.DataFrame({"school_id": list("abcd"), "factor": "f", "level": ["high", "medium", "low", "unknown"]})
    found = risk_counts(matrix, "factor").iloc[0]
    assert (found["zone"], found["assessed"], found["unknown"]) == (2, 3, 1)
    assert found["share"] == pytest.approx(2 / 3)


def test_town_and_country_are_compared_by_share_and_only_where_both_are_known():
    levels = {"a": ["high", "low"], "b": ["low", "low"], "c": ["medium", "unknown"]}
    rows = [(school, name, one) for school, own in levels.items() for name, one in zip("fg", own, strict=True)]
    matrix = pd.DataFrame(rows, columns=["school_id", "factor", "level"])
    found = locality_contrast(matrix, registry(("a", "urban"), ("b", "urban"), ("c", "rural")))
    assert found.values.tolist() == [["f", 1, 2, 1, 1, "rural", False], ["g", 0, 2, 0, 0, "open", None]]


def test_only_what_chance_does_not_bring_is_more_often_in_a_place_and_territory_is_not_compared():
    places = [("urban", at) for at in range(8)] + [("rural", at) for at in range(6)]
    zones = {"all_rural": [place == "rural" for place, _ in places], "half": [at < 4 for _, at in places]}
    zones["size"] = zones["all_rural"]
    told = [
        (f"{place}{at}", name, "high" if zone else "low")
        for name, own in zones.items()
        for (place, at), zone in zip(places, own, strict=True)
    ]
    matrix = pd.DataFrame(told, columns=["school_id", "factor", "level"])
    rows = [(f"{place}{at}", place) for place, at in places]
    found = locality_contrast(matrix, registry(*rows), circular=["size"])
    assert found["more"].tolist() == ["rural", "rural", "circular"] and found["beyond"].tolist() == [True, False, None]


def test_the_matrix_is_shown_for_listed_schools_and_those_with_data():
    matrix = pd.DataFrame({"school_id": ["a", "b", "c"], "level": ["unknown", "low", "unknown"]})
    identification = pd.DataFrame({"school_id": ["a", "c"], "identified": ["yes", "no"]})
    assert described_schools(matrix, identification) == ["a", "b"]


# --- Лесозаводский ГО as printed -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lesozavodsk():
    return shipped("lesozavodsk", 2021)


@pytest.fixture(scope="module")
def printed(lesozavodsk) -> pd.DataFrame:
    return Context(lesozavodsk).matrix.set_index(["school_id", "factor"])


def test_Z2_lesozavodsk_risk_matrix_is_the_printed_one(printed):
    """Table of risk zones: teacher shortage, 55+, first and highest category, equipped classrooms, old computers."""
    names = ["teacher_shortage", "older_teachers", "qualified_teachers", "equipped_classrooms", "outdated_computers"]
    values = printed["value"].unstack()[names]
    assert values.loc["lzv-01"].tolist() == [1, 0.25, 0.29, 1.00, 0.67]
    assert values.loc["lzv-03"].tolist() == [1, 0.42, 0.55, 0.86, 0.00]
    assert values.loc[KURSKOE].tolist() == [1, 0.44, 0.89, 0.13, 0.94]
    assert values.index.tolist() == ["lzv-01", "lzv-03", KURSKOE]


def test_Z2_lesozavodsk_risk_zones_are_those_the_document_names(printed):
    """29, 55 and 67 % are marked as risk zones, 42, 44, 13 and 94 % named in its conclusions; 25, 89, 86, 0 % are none."""
    level = printed["level"]
    zones = {"lzv-01": {"qualified_teachers", "outdated_computers"}, "lzv-03": {"older_teachers", "qualified_teachers"}}
    zones[KURSKOE] = {"older_teachers", "equipped_classrooms", "outdated_computers"}
    for school, expected in zones.items():
        own = level[school].loc[["older_teachers", "qualified_teachers", "equipped_classrooms", "outdated_computers"]]
        assert set(own.index[own.isin(["high", "medium"])]) == expected
        assert level[school, "teacher_shortage"] == "high"


def test_Z2_lesozavodsk_fast_internet_of_the_village_is_unknown_because_the_document_contradicts_itself(printed):
    assert printed.loc[[("lzv-01", "fast_internet"), ("lzv-03", "fast_internet")], "level"].tolist() == ["low", "low"]
    assert printed.loc[(KURSKOE, "fast_internet"), "level"] == "unknown"
    assert "противоречит" in printed.loc[(KURSKOE, "fast_internet"), "note"]


def test_Z2_lesozavodsk_social_context(printed):
    names = ["unemployed_parents", "one_working_parent", "low_income_or_large"]
    assert [printed.loc[(KURSKOE, name), "value"] for name in names] == [0.64, 0.30, 0.73]


def test_Z2_lesozavodsk_town_and_country_tables(lesozavodsk):
    names = ["teachers_half_time_plus_rate", "teachers_first_category_rate", "teachers_highest_category_rate"]
    names += ["teachers_age_55_plus_rate", "classrooms_equipped_rate", "computers_outdated_rate"]
    found = by_locality(lesozavodsk.indicators, lesozavodsk.tables["schools"], names, 2021).set_index("indicator")
    urban = found[["urban_number", "urban_of"]].values.tolist()
    rural = found[["rural_number", "rural_of"]].values.tolist()
    assert urban == [[59, 59], [11, 59], [14, 59], [20, 59], [44, 47], [52, 174]]
    assert rural == [[9, 9], [7, 9], [1, 9], [4, 9], [1, 8], [15, 16]]
    assert (100 * found["urban"]).round().tolist() == [100, 19, 24, 34, 94, 30]
    assert (100 * found["rural"].iloc[:4]).round().tolist() == [100, 78, 11, 44]
    assert found["urban_group"].unique().tolist() == ["ШНОР, городские"]


def test_Z2_lesozavodsk_settlement_and_transport_tables(lesozavodsk):
    schools = lesozavodsk.schools[lesozavodsk.schools["school_id"].isin(["lzv-01", "lzv-03", KURSKOE])]
    size = schools_by_choice(schools, "settlement_population", ["under_1000", "10000_50000"])
    assert size.values.tolist() == [["under_1000", 0, 0.0, 1, 1.0], ["10000_50000", 2, 1.0, 0, 0.0]]
    assert schools_by_choice(schools, "transport", ["day_trip"]).values.tolist() == [["day_trip", 2, 1.0, 1, 1.0]]


def test_Z2_nobody_in_a_place_is_no_number_while_a_school_names_no_place():
    schools = pd.DataFrame({"locality": ["urban", None], "transport": ["day_trip", "day_trip"]})
    found = schools_by_choice(schools, "transport", ["day_trip"])
    assert found["urban"].tolist() == [1] and found["rural"].isna().all()


def test_Z2_the_written_conclusion_says_what_the_document_says(lesozavodsk):
    text = view.show_conclusion(Context(lesozavodsk))._repr_mimebundle_()["text/plain"].replace("\u00a0", " ")
    assert "недостаток учителей по отдельным предметам (3 из 3)" in text
    assert "недостаток учителей первой и высшей категории (2 из 3)" in text
    assert "высокая доля учителей от 55 лет (2 из 3)" in text
    assert (
        " против " not in text
    )  # one school of two and one of one: no more than chance, so nothing is said of town and country
    assert "СОШ с. Курское расходятся – «Проведён скоростной интернет»" in text
    assert "не оценивают труд школы" in text


def test_Z2_without_data_the_conclusion_says_so_and_names_the_tables():
    context = Context(shipped("kushva", 2020))
    assert "матрица рисков не построена" in view.show_conclusion(context)._repr_mimebundle_()["text/plain"]
    assert "«Социальный паспорт»" in view.show_absent(context)._repr_mimebundle_()["text/html"]


def test_what_is_not_told_is_one_table_that_says_whom_to_ask(lesozavodsk):
    names, silent = absent(Context(lesozavodsk))
    assert names == ["specialists", "deficits", "satisfaction"]  # section II prints ages and experience of the staff
    assert silent["territory"] == ["distance"] and "mentoring" in silent["staff"] and "schools" not in names
    html = view.show_absent(Context(lesozavodsk))._repr_mimebundle_()["text/html"]
    assert html.count("<h2") == 1 and "методическая служба, школы" in html
    silent_views = (view.show_specialists, view.show_deficits, view.show_monitoring)
    assert all(show(Context(lesozavodsk)).items == [] for show in silent_views)
    assert view.show_absent(Context(shipped("demo", 2021))).items == []


def test_a_listed_school_of_which_nothing_is_known_is_not_said_to_have_no_risk(lesozavodsk):
    kept = lesozavodsk.indicators[lesozavodsk.indicators["school_id"].ne(KURSKOE)]
    shown = view.show_matrix(known := Context(replace(lesozavodsk, indicators=kept)), school_zones(known))
    table = next(one for one in shown.items if getattr(one, "name", "") == "risk_schools")
    own = table.frame[table.frame["school_id"].eq(KURSKOE)].iloc[0]
    assert own["unknown"] == own[["high", "medium", "low", "unknown"]].sum() and pd.isna(own["named"])


def test_lacking_posts_by_school_keep_what_is_not_known_apart_from_what_is_enough():
    advice = pd.DataFrame(
        [
            ("1", "psychologists", "add", 1.5),
            ("1", "speech", "unknown", float("nan")),
            ("2", "psychologists", "enough", 0.0),
        ],
        columns=["school_id", "specialist", "advice", "lacking"],
    )
    made = SimpleNamespace(
        advice=advice, advised=advice[advice["advice"].eq("add")], norms={"psychologists": None, "speech": None}
    )
    found = lacking_posts(made)
    assert found["school_id"].tolist() == ["1"] and found["total"].tolist() == [1.5] and found["speech"].isna().all()


# --- staff, specialists, deficits, monitoring ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lesosibirsk():
    return shipped("lesosibirsk", 2020)


def test_L9_lesosibirsk_experience_bands(lesosibirsk):
    found = level_comparison(lesosibirsk.indicators, SPEC.indicators["experience"], 2020)
    assert found["number"].tolist() == [116, 97, 109, 174, 168, 34]
    assert found["of"].unique().tolist() == [698] and found["number"].sum() == 698


def test_L9_lesosibirsk_men_training_category_vacancies_beside_the_country(lesosibirsk):
    found = level_comparison(lesosibirsk.indicators, SPEC.indicators["staff_levels"], 2020).set_index("indicator")
    assert found.loc["teachers_men_rate", ["number", "country"]].tolist() == [68, 0.14]
    assert round(100 * found.loc["teachers_men_rate", "value"], 1) == 9.7
    assert round(100 * found.loc["teachers_men_rate", "to_country"], 1) == -4.3  # 9.7 - 14
    assert found.loc["teachers_trained_year_rate", "number"] == 301
    assert round(100 * found.loc["teachers_trained_year_rate", "value"]) == 43
    assert found.loc["vacant_positions", "value"] == 47
    categories = found.loc[["teachers_first_category_rate", "teachers_highest_category_rate"], "number"]
    assert categories.tolist() == [179, 221]


def test_L9_the_report_shows_staff_beside_region_and_country(lesosibirsk):
    html = view.show_staff(Context(lesosibirsk))._repr_mimebundle_()["text/html"].replace("\u00a0", " ")
    assert "стаж до 5 лет у 17 % педагогов, не занято 47 ставок" in html
    assert "14,0 %" in html and "9,7 %" in html


def staff_of(**posts) -> pd.DataFrame:
    size = len(next(iter(posts.values())))
    schools = [str(number + 1) for number in range(size)]
    return pd.DataFrame({"level": "school", "school_id": schools, "year": 2021} | posts)


def test_L10_posts_needed_by_the_norm_and_those_lacking():
    """449 pupils at 300 a post: 1.497, in halves 1.0; there are 0.5. 28 children at 12 a post: 2.33, in halves 2.0."""
    staff = staff_of(psychologists=[0.5, 2.0, None], speech_therapists=[0.0, 2.0, 1.0])
    schools = pd.DataFrame(
        {"school_id": ["1", "2", "3"], "pupils": [449, 600, 300], "special_needs_pupils": [28, 24, None]}
    )
    norms = {
        "psychologists": StaffNorm(per="pupils", children=300, reference="р"),
        "speech_therapists": StaffNorm(per="special_needs_pupils", children=12, reference="р"),
    }
    found = staffing_advice(staff, schools, norms, 2021).set_index(["school_id", "specialist"])
    assert found.loc[("1", "psychologists"), ["needed", "lacking", "advice"]].tolist() == [1.0, 0.5, "add"]
    assert found.loc[("1", "psychologists"), "per_100"] == pytest.approx(50 / 449)
    assert found.loc[("1", "speech_therapists"), ["needed", "lacking"]].tolist() == [2.0, 2.0]
    assert found.loc[("2", "psychologists"), ["needed", "lacking", "advice"]].tolist() == [2.0, 0.0, "enough"]
    assert found.loc["3", "advice"].tolist() == ["unknown", "unknown"]


def test_L10_norms_are_parameters_and_say_where_they_come_from():
    own = StaffNorm(per="pupils", children=100, assumption="решение округа")
    assert staff_norms({"psychologists": own})["psychologists"] is own
    assert all(norm.reference or norm.assumption for norm in staff_norms({}).values())
    with pytest.raises(ValidationError):
        StaffNorm(per="pupils", children=100)


def test_L11_map_of_deficits_sums_the_schools_and_keeps_the_subjects_together():
    rows = [
        ("a", "maths", "доказательство", 4, 1),
        ("b", "maths", "доказательство", 6, 2),
        ("a", "maths", "текстовые задачи", 4, 3),
        ("a", "physics", "опыт", 5, 5),
        ("b", "physics", "опыт", 3, None),
    ]
    columns = ["school_id", "subject", "deficit", "teachers_assessed", "teachers_with_deficit"]
    deficits = pd.DataFrame(rows, columns=columns).assign(level="school", year=2021, staff=None)
    managers = deficits.iloc[:1].assign(staff="managers", subject="all")
    deficits = pd.concat([deficits, managers], ignore_index=True)
    found = deficit_map(deficits, 2021)
    assert found[["subject", "deficit", "schools", "assessed", "with_deficit", "share"]].values.tolist() == [
        ["maths", "текстовые задачи", 1, 4, 3, 0.75],
        ["maths", "доказательство", 2, 10, 3, 0.3],
        ["physics", "опыт", 1, 5, 5, 1.0],
    ]
    assert found["low"].iloc[1] == pytest.approx(0.108, abs=0.001) and found["high"].iloc[1] == pytest.approx(
        0.603, abs=0.001
    )
    assert deficit_map(deficits, 2020).empty


def test_K3_monitoring_tells_what_became_better_by_the_good_direction():
    rows = [
        ("satisfaction_share", 2019, 0.80),
        ("satisfaction_share", 2021, 0.85),
        ("computers_outdated_rate", 2020, 0.30),
        ("computers_outdated_rate", 2021, 0.36),
        ("classrooms_equipped_rate", 2020, 0.700),
        ("classrooms_equipped_rate", 2021, 0.705),
        ("teachers_trained_3y_rate", 2021, 0.9),
    ]
    frame = pd.DataFrame(rows, columns=["indicator", "year", "value"]).assign(level="municipality", group="")
    found = monitored(frame, list(dict.fromkeys(frame["indicator"])), [2019, 2020, 2021]).set_index("indicator")
    assert found["turn"].tolist() == ["better", "worse", "same", "not_compared"]
    assert found.loc["satisfaction_share", "change"] == pytest.approx(0.05)
    assert pd.isna(found.loc["satisfaction_share", "y2020"])


def test_K3_monitoring_covers_satisfaction_qualification_and_equipment():
    chapters = {"satisfaction_share", "teachers_trained_3y_rate", "classrooms_equipped_rate", "computers_outdated_rate"}
    assert chapters <= set(SPEC.words["monitored"])


def test_an_office_that_told_nothing_of_its_schools_is_asked_for_it():
    facts = context_facts(Context(shipped("lesosibirsk", 2020)))
    assert [one.id for one in decisions(facts, "40_context_risks")] == ["collect_context"]


def test_L10_posts_of_all_specialists_there_needed_and_lacking_in_the_schools_of_the_lists():
    """600 pupils at 300 a post: 2 needed. A post too many in one school does not make up for the other; «c» is on no list."""
    schools = pd.DataFrame(
        {"school_id": ["a", "b", "c", "d"], "pupils": [600, 600, 600, 600], "special_needs_pupils": 0}
    )
    staff = pd.DataFrame(
        {
            "school_id": ["a", "b", "c", "d"],
            "psychologists": [3.0, 0.5, 0.0, None],
            "additional_education": [1.5, None, 9.0, 2.0],
        }
    ).assign(level="school", year=2021, social_pedagogues=None, speech_therapists=None, defectologists=None)
    norms = {"psychologists": StaffNorm(per="pupils", children=300, reference="р")}
    office = SimpleNamespace(
        identification=pd.DataFrame({"school_id": ["a", "b", "c", "d"], "identified": ["yes", "yes", "no", "yes"]}),
        tables={"staff": staff},
        year=2021,
    )
    made = SimpleNamespace(office=office, norms=norms, advice=staffing_advice(staff, schools, norms, 2021))
    found = posts_by_specialist(made).set_index("specialist").astype(object)
    assert found.index.tolist() == ["psychologists", "additional_education"]
    assert found.loc["psychologists"].tolist() == [True, 2, 3.5, 4.0, 1.5, 1, 1]
    own = found.loc["additional_education"]
    assert own[["normed", "schools", "posts", "unknown_schools"]].tolist() == [False, 2, 3.5, 1]
    assert own[["needed", "lacking", "lacking_schools"]].isna().all()
