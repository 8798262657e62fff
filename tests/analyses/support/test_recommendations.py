"""Addressed recommendations: every rule word by hand, the catalogue against the shipped documents (L10, L11, L13, Z6, H2)."""

from types import SimpleNamespace

import pandas as pd
import pytest
from pydantic import ValidationError

from shnor_lib.analyses.context import Context
from shnor_lib.analyses.objectivity import biased_schools, observed_schools
from shnor_lib.analyses.support.recommendations import recommend, school_groups
from shnor_lib.indicators import catalogue
from shnor_lib.params.profiles import BiasMarkers
from shnor_lib.params.reading import read_method, risk_catalogue
from shnor_lib.params.recommendations import RecommendationCatalogue, recommendation_catalogue
from tests.analyses.support.conftest import SHIPPED, WORKSPACE, shipped_table

METHOD = read_method(WORKSPACE, "lesosibirsk-2020")
METHODS = [read_method(WORKSPACE, path.stem) for path in sorted((WORKSPACE / "params" / "methods").glob("*.yml"))]
ENTRIES = recommendation_catalogue()

IDENTIFICATION = pd.DataFrame(
    [
        ("low", "low_results", "yes"),
        ("low", "adverse_conditions", "no"),
        ("hard", "low_results", "no"),
        ("hard", "adverse_conditions", "yes"),
        ("good", "low_results", "no"),
        ("good", "adverse_conditions", "no"),
        ("unknown", "low_results", "insufficient_data"),
        ("unknown", "adverse_conditions", "no"),
    ],
    columns=["school_id", "category", "identified"],
).assign(cause=lambda rows: rows["identified"].map({"insufficient_data": "not_delivered"}).fillna(""))


def indicators(*rows: tuple, year: int = 2021) -> pd.DataFrame:
    """Rows of (school, indicator, value, denominator)."""
    frame = pd.DataFrame(rows, columns=["school_id", "indicator", "value", "denominator"])
    return frame.assign(level="school", year=year, numerator=frame["value"] * frame["denominator"], note="")


def verdicts(*rows: tuple) -> pd.DataFrame:
    """Rows of (school, criterion, verdict)."""
    frame = pd.DataFrame(rows, columns=["school_id", "criterion", "verdict"])
    return frame.assign(value=1.0, threshold=2.0, participants=30.0, reference="раздел 2.1")


def entries(*rules: dict, schools: str = "supported") -> RecommendationCatalogue:
    return RecommendationCatalogue.model_validate(
        {
            "documents": {"doc": {"office": "kushva", "year": 2020, "title": "Документ"}},
            "recommendations": {
                "help": {
                    "level": "school",
                    "schools": schools,
                    "title": "Помочь",
                    "text": "Помочь школе",
                    "when": list(rules),
                    "sources": [{"document": "doc", "measure": "1"}],
                }
            },
        }
    )


NO_INDICATORS, NO_VERDICTS = indicators(), verdicts()
SCHOOLS = pd.DataFrame({"school_id": IDENTIFICATION["school_id"].unique(), "pupils": 600, "special_needs_pupils": 10})
SCHOOLS = SCHOOLS.assign(level="school", year=2021, group="", kind="secondary", grade_from=1, grade_to=11)


def office(rows=NO_INDICATORS, judged=NO_VERDICTS, method=METHOD, factors=None, **posts) -> SimpleNamespace:
    """An office with these indicators and verdicts, its own risk factors, and posts of specialists by school."""
    staff = pd.DataFrame(posts).T.rename_axis("school_id").reset_index()
    return SimpleNamespace(
        method=method,
        verdicts=judged,
        identification=IDENTIFICATION,
        indicators=rows,
        year=2021,
        schools=SCHOOLS,
        tables={"staff": staff.assign(level="school", year=2021)},
        profile=SimpleNamespace(
            risk_factors=factors or {}, staff_norms={}, bias=BiasMarkers(), documents={}, recommendations={}
        ),
    )


def advised(one: RecommendationCatalogue, rows=NO_INDICATORS, judged=NO_VERDICTS) -> pd.DataFrame:
    """Recommendations of a catalogue for an office with these indicators and verdicts."""
    return recommend(office(rows, judged), one)


def given_to(one: RecommendationCatalogue, rows=NO_INDICATORS, judged=NO_VERDICTS) -> list[str]:
    return advised(one, rows, judged)["school_id"].tolist()


def threshold(rule: str, value: float, **fields) -> dict:
    return {"rule": rule, "indicator": "vacancies_rate", "threshold": value, "assumption": "наше"} | fields


@pytest.mark.parametrize(
    "rule, at, found",
    [
        ("at_least", 0.10, True),
        ("above", 0.10, False),
        ("above", 0.09, True),
        ("at_most", 0.10, True),
        ("below", 0.10, False),
        ("below", 0.11, True),
        ("at_least", 0.11, False),
    ],
)
def test_an_indicator_at_its_threshold(rule, at, found):
    rows = indicators(("low", "vacancies_rate", 0.10, 20))
    assert given_to(entries(threshold(rule, at)), rows) == (["low"] if found else [])


def test_a_missing_value_or_another_year_gives_no_cause():
    assert given_to(entries(threshold("at_most", 1)), indicators(("low", "vacancies_rate", None, 20))) == []
    assert given_to(entries(threshold("at_most", 1)), indicators(("low", "vacancies_rate", 0.5, 20), year=2020)) == []


def test_too_few_participants_give_no_cause_and_unknown_numbers_do():
    rows = indicators(("low", "vacancies_rate", 0.5, 4), ("hard", "vacancies_rate", 0.5, None))
    assert given_to(entries(threshold("at_least", 0.1, minimum_participants=5)), rows) == ["hard"]


def test_whom_a_recommendation_is_given_to():
    rows = indicators(*[(school, "vacancies_rate", 0.5, 20) for school in ("low", "hard", "good", "unknown")])
    rule = threshold("at_least", 0.1)
    assert given_to(entries(rule), rows) == ["hard", "low"]
    assert given_to(entries(rule, schools="all"), rows) == ["good", "hard", "low", "unknown"]
    assert given_to(entries(rule, schools="unknown"), rows) == ["unknown"]


def test_criterion_ground_and_category():
    judged = verdicts(
        ("low", "lowest_results", "met"),
        ("hard", "lowest_staff_potential", "met"),
        ("hard", "lowest_results", "not_met"),
    )
    assert given_to(entries({"rule": "criterion_met", "indicators": ["mean_percent"]}), judged=judged) == ["low"]
    assert given_to(entries({"rule": "criterion_met", "indicators": ["satisfaction_share"]}), judged=judged) == []
    assert given_to(entries({"rule": "ground_met", "ground": "staff"}), judged=judged) == ["hard"]
    assert given_to(entries({"rule": "ground_met", "ground": "social"}), judged=judged) == []
    assert given_to(entries({"rule": "category", "category": "adverse_conditions", "is": "yes"})) == ["hard"]


def test_N12_a_rule_names_any_category_the_main_one_or_one_of_the_methods_own():
    def given(category: str) -> list[str]:
        return given_to(entries({"rule": "category", "category": category, "is": "yes"}))

    assert given("any") == ["hard", "low"]
    assert given("main") == given("partners") == given("low_results") == ["low"]
    assert given("adverse_conditions") == ["hard"]


def test_N12_a_rule_names_a_criterion_of_the_method():
    judged = verdicts(("low", "quality_gap", "met"), ("hard", "lowest_results", "met"))
    assert given_to(entries({"rule": "criterion_met", "criteria": ["quality_gap"]}), judged=judged) == ["low"]
    with pytest.raises(ValidationError, match="indicators"):
        entries({"rule": "criterion_met"})


def test_a_criterion_that_was_not_assessed_gives_no_cause():
    judged = verdicts(("low", "lowest_results", "not_assessed"))
    assert given_to(entries({"rule": "criterion_met", "indicators": ["mean_percent"]}), judged=judged) == []


def test_evidence_stands_beside_each_cause():
    judged = verdicts(("low", "lowest_results", "met"))
    one = entries({"rule": "criterion_met", "indicators": ["mean_percent"]}, threshold("at_least", 0.1))
    rows = advised(one, indicators(("low", "vacancies_rate", 0.5, 20)), judged)
    assert rows[["basis", "value", "threshold", "denominator", "reference"]].values.tolist() == [
        ["lowest_results", 1.0, 2.0, 30.0, "раздел 2.1"],
        ["vacancies_rate", 0.5, 0.1, 20.0, "наше"],
    ]


def test_schools_by_what_is_known_of_them():
    assert school_groups(IDENTIFICATION) == {
        "all": {"low", "hard", "good", "unknown"},
        "supported": {"low", "hard"},
        "unknown": {"unknown"},
    }


def shipped(*rows: tuple) -> dict[str, set[str]]:
    """Recommendations of the shipped catalogue by school."""
    found = advised(ENTRIES, indicators(*rows))
    return found.groupby("school_id")["recommendation"].agg(set).to_dict()


def test_a_criterion_of_any_method_over_the_same_indicator_leads_to_the_same_recommendations():
    renamed = METHOD.model_copy(update={"criteria": {f"our_{name}": one for name, one in METHOD.criteria.items()}})
    names = list(METHOD.criteria)
    ours, theirs = (
        recommend(office(judged=verdicts(*[("low", f"{own}{name}", "met") for name in names]), method=method))
        for own, method in (("our_", renamed), ("", METHOD))
    )
    assert set(theirs["basis"]) > set(names) - {"lowest_results"}
    assert ours["recommendation"].tolist() == theirs["recommendation"].tolist()
    assert ours["basis"].str.removeprefix("our_").tolist() == theirs["basis"].tolist()


def test_a_risk_is_that_of_report_40_at_the_borders_of_the_office():
    one = entries({"rule": "risk", "factor": "vacancies", "level": "high"})
    rows = indicators(("low", "vacancies_rate", 0.09, 20), ("hard", "vacancies_rate", 0.10, 20))
    found = advised(one, rows)
    kept = ["school_id", "rule", "basis", "value", "threshold", "denominator"]
    assert found[kept].values.tolist() == [["hard", "at_least", "vacancies_rate", 0.10, 0.10, 20.0]]
    shipped = risk_catalogue().risk_factors["vacancies"]
    stricter = {"vacancies": shipped.model_copy(update={"high": 0.09, "reference": "решение управления"})}
    found = recommend(office(rows, factors=stricter), one)
    assert found["school_id"].tolist() == ["hard", "low"]
    assert found["reference"].str.startswith("решение управления").all()
    medium = entries({"rule": "risk", "factor": "vacancies", "level": "medium"})
    assert advised(medium, rows)["threshold"].unique().tolist() == [0.05]


def test_L10_staffing_is_advised_where_report_40_advises_it():
    # 600 pupils need 2 psychologists and 1 social pedagogue, 10 pupils with special needs half a post of either specialist
    whole = {"psychologists": 2.0, "social_pedagogues": 1.0, "speech_therapists": 0.5, "defectologists": 0.5}
    one = office(low=whole, hard=whole | {"psychologists": 1.5, "defectologists": 0.0}, good={"psychologists": 0.0})
    found = recommend(one)
    advice = found[found["recommendation"].eq("staffing_advice")]
    assert advice[["school_id", "basis", "value", "threshold", "denominator"]].values.tolist() == [
        ["hard", "psychologists", 1.5, 2.0, 600],
        ["hard", "defectologists", 0.0, 0.5, 10],
    ]
    shown = Context(one).advised
    assert advice["basis"].tolist() == shown["specialist"].tolist()
    assert advice["reference"].str.len().gt(0).all()


def test_L10_specialists_that_are_not_reported_are_not_absent():
    found = recommend(office(hard={"psychologists": float("nan")}))
    assert "staffing_advice" not in set(found["recommendation"])


def test_observers_are_advised_where_report_30_advises_them():
    """Lowered marks alone are no cause; a register that runs against the scores in both works of 80 pupils is."""
    works = [f"VPR/{subject}/{grade}" for subject in ("russian", "maths") for grade in (4, 5)]
    rows = indicators(
        *(("hard", f"marks_lowered_rate[{work}]", 0.9, 80) for work in works),
        *(("hard", f"journal_spearman[{work}]", 0.6, 80) for work in works),
        *(("good", f"journal_spearman[{work}]", -0.5, 80) for work in works),
    )
    one = office(rows.assign(group=""))
    found = recommend(one)
    advice = found[found["recommendation"].eq("observe_assessment")]
    assert advice["school_id"].tolist() == observed_schools(biased_schools(one)) == ["good"]
    assert advice["basis"].tolist() == ["against_journal"]
    assert advice["value"].lt(0.01).all()


def test_L11_deficits_by_subject_lead_to_training_in_them():
    found = advised(
        ENTRIES,
        indicators(
            ("low", "teacher_deficit_rate[maths]", 0.5, 4),
            ("low", "teacher_deficit_rate[russian]", 0.49, 4),
            ("low", "teacher_deficit_rate[physics]", 1.0, 1),
        ),
    )
    training = found[found["recommendation"].eq("close_deficits")]
    assert training["basis"].tolist() == ["teacher_deficit_rate[maths]"]


def test_L13_older_staff_and_vacancies_lead_to_measures_of_the_municipality():
    found = shipped(("low", "teachers_age_55_plus_rate", 0.44, 9), ("low", "vacancies_rate", 0.05, 20))
    assert {"young_teachers", "fill_vacancies"} <= found["low"]


def test_a_school_in_no_category_gets_no_addressed_advice_and_an_unknown_one_is_asked_for_data():
    found = shipped(("good", "vacancies_rate", 0.5, 20), ("unknown", "vacancies_rate", 0.5, 20))
    assert "good" not in found
    assert found["unknown"] == {"collect_data"}


def test_H2_the_catalogue_speaks_to_both_levels():
    levels = pd.Series({name: one.level for name, one in ENTRIES.recommendations.items()})
    assert levels.eq("municipality").sum() >= 10
    assert levels.eq("school").sum() >= 5


SOURCES = [
    (name, source) for name, entry in ENTRIES.recommendations.items() for source in entry.sources if not source.place
]


@pytest.mark.parametrize("name, source", SOURCES, ids=lambda one: one if isinstance(one, str) else one.document)
def test_Z6_every_recommendation_is_drawn_from_a_shipped_measure_or_risk(name, source):
    document = ENTRIES.documents[source.document]
    assert SHIPPED[document.office] == document.year
    table, column = ("measures", "measure_id") if source.measure else ("risks", "risk_id")
    known = shipped_table(document.office, table)[column].tolist()
    assert (source.measure or source.risk) in known


def test_every_criterion_of_low_results_in_a_shipped_method_leads_to_some_recommendation():
    named = {name for entry in ENTRIES.recommendations.values() for rule in entry.when for name in criteria_of(rule)}
    measured = {one.indicator for method in METHODS for one in method.criteria.values() if one.ground == "results"}
    assert measured <= named


def criteria_of(rule) -> tuple[str, ...]:
    """Indicators of the criteria that a rule looks at."""
    return getattr(rule, "indicators", ())


def test_parts_are_given_just_to_indicators_that_have_them():
    for entry in ENTRIES.recommendations.values():
        for rule in entry.when:
            if hasattr(rule, "indicator"):
                assert bool(rule.parts) == bool(catalogue()[rule.indicator].per), rule.indicator


@pytest.mark.parametrize(
    "change, word",
    [
        ({"assumption": None}, "reference"),
        ({"reference": "раздел 1"}, "reference"),
        ({"rule": "equals"}, "at_least"),
        ({"weight": 1}, "weight"),
    ],
)
def test_a_mistaken_rule_is_refused(change, word):
    with pytest.raises(ValidationError, match=word):
        entries(threshold("at_least", 0.1) | change)


def test_a_source_names_one_place_of_a_known_document():
    whole = ENTRIES.model_dump(by_alias=True)
    whole["recommendations"]["fast_internet"]["sources"] = [{"document": "moscow", "measure": "1"}]
    with pytest.raises(ValidationError, match="moscow"):
        RecommendationCatalogue.model_validate(whole)
    whole["recommendations"]["fast_internet"]["sources"] = [{"document": "kushva", "measure": "1", "risk": "2"}]
    with pytest.raises(ValidationError, match="ровно одно"):
        RecommendationCatalogue.model_validate(whole)
