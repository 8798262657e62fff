"""The order of what a school is helped with: each part by hand, what the programme does, who named the cause (N3, N7, N11)."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from shnor_lib.analyses.support.ordered import (
    LAPSED,
    MISSING,
    PARTS,
    RECORDED,
    UNMARKED,
    first_needed,
    measure_money,
    money_by_source,
    named_cause,
    order_of,
    plan_facts,
    progress,
    school_plans,
    weighed,
)
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.analyses.support.training import training_order
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.views import school_plans as view
from tests.analyses.support.conftest import planned


def parts(**rows: tuple) -> pd.DataFrame:
    """Recommendations by name: state, then the five parts."""
    frame = pd.DataFrame([(name, *row) for name, row in rows.items()], columns=["recommendation", "state", *PARTS])
    return frame.assign(school_id="1", catalogue=range(len(frame)))


def order(**rows: tuple) -> list[str]:
    return order_of(parts(**rows))["recommendation"].tolist()


def test_N11_each_part_raises_a_recommendation():
    base = ("missing", 1, 1, 0, 0, 1)
    for number in range(1, 6):
        raised = tuple(one + 1 if place == number else one for place, one in enumerate(base) if place)
        assert order(first=base, second=("missing", *raised)) == ["second", "first"]


def test_N11_equal_ones_stand_as_in_the_catalogue_and_what_is_done_stands_last():
    assert order(a=("done", 2, 2, 2, 2, 0), b=("missing", 0, 0, 0, 0, 1), c=("missing", 0, 0, 0, 0, 1)) == [
        "b",
        "c",
        "a",
    ]


def test_N11_every_school_counts_from_one_and_the_order_of_rows_does_not_matter():
    rows = pd.concat([parts(a=("missing", 1, 1, 0, 0, 1)), parts(b=("missing", 2, 2, 2, 0, 1)).assign(school_id="2")])
    found = order_of(rows)
    assert found["place"].tolist() == [1, 1]
    pd.testing.assert_frame_equal(found, order_of(rows.iloc[::-1]))


def plan(**fields) -> SimpleNamespace:
    """A plan with measures 1 (school a, late), 2 (all schools, done), 3 (school b), 4 (school a, cancelled), 5 (school a, going on)."""
    rows = [
        ("1", "a", "overdue", 12),
        ("2", None, "done", -1),
        ("3", "b", "in_progress", None),
        ("4", "a", "cancelled", None),
        ("5", "a", "in_progress", None),
    ]
    measures = pd.DataFrame(rows, columns=["measure_id", "school_id", "state", "days_late"])
    measures = measures.assign(responsible="методист", due="2021-05-01")
    columns = ["measure_id", "year", "source", "planned", "spent"]
    costs = pd.DataFrame([("1", 2020, "region", 100.0, 40.0), ("1", 2021, None, 50.0, None)], columns=columns)
    return SimpleNamespace(measures=measures, costs=costs, in_programme={"a", "b"}, **fields)


def done_for(school: str, measures: tuple[str, ...] | None, **fields) -> dict:
    entries = {"help": SimpleNamespace(measures=measures, sources=(), shown_by=fields.pop("shown_by", None))}
    known = SimpleNamespace(recommendations=entries, documents={})
    return progress(plan(entries=known, office=SimpleNamespace(municipality="kushva"), **fields), school, "help")


@pytest.mark.parametrize(
    "school, measures, state, numbers",
    [
        ("a", ("1",), "overdue", "1"),
        ("a", ("2", "5"), "in_progress", "2, 5"),
        ("b", ("2",), "done", "2"),
        ("outside", ("2",), MISSING, None),
        ("b", ("1",), MISSING, None),
        ("a", ("4",), MISSING, None),
        ("a", (), MISSING, None),
        ("a", None, UNMARKED, None),
    ],
)
def test_N11_what_the_programme_does_for_a_school(school, measures, state, numbers):
    found = done_for(school, measures)
    assert (found["state"], found.get("measures")) == (state, numbers)


def test_N11_a_measure_of_other_schools_is_named_and_a_late_one_tells_its_days():
    assert done_for("b", ("1",))["elsewhere"] == "1"
    late = done_for("a", ("1", "5"))
    assert (late["days_late"], late["responsible"]) == (12, "методист")


def test_N11_a_programme_in_force_and_a_curator_carry_out_what_no_measure_does():
    rows = [("a", "in_force", 0), ("b", "ended", 1), ("c", None, None)]
    had = pd.DataFrame(rows, columns=["school_id", "programme", "curators"]).astype({"curators": "Int64"})

    def state(school: str, record: str) -> str:
        return done_for(school, (), accompanied=had, shown_by=record)["state"]

    assert [state(school, "programme") for school in "abcd"] == ["programme", "programme_ended", MISSING, MISSING]
    assert [state(school, "curator") for school in "abcd"] == [MISSING, "curator", MISSING, MISSING]
    unapproved = had.assign(programme="not_approved")
    assert done_for("a", (), accompanied=unapproved, shown_by="programme")["state"] == "programme_not_approved"
    late = done_for("a", ("1",), accompanied=had, shown_by="programme")
    assert late["state"] == "overdue"  # a measure that is late is told first


def test_N11_a_partnership_carries_its_recommendation_out_while_its_contract_lasts_and_the_partner_suits():
    rows = [("a", None, "2021-12-31"), ("b", True, "2021-06-30"), ("c", False, None), ("d", True, None)]
    pairs = pd.DataFrame(rows, columns=["school_id", "fit", "valid_until"]).astype({"school_id": "string"})
    pairs = pairs.assign(valid_until=pd.to_datetime(pairs["valid_until"]), status=[None, None, None, "cancelled"])
    own = {"partnerships": pairs, "on": date(2021, 8, 31), "shown_by": "partner"}
    found = [done_for(school, (), **own)["state"] for school in "abcde"]
    assert found == ["partner", "contract_ended", "partner_unfit", MISSING, MISSING]
    assert done_for("b", ("2",), **own)["state"] == "contract_ended"  # the measure is done, the contract is over
    assert done_for("a", ("1",), **own)["state"] == "overdue"


def test_N11_what_is_first_for_a_school_is_what_somebody_has_to_begin():
    rows = [("1", "a", "curator"), ("1", "b", "missing"), ("1", "c", "overdue"), ("2", "a", "done")]
    found = pd.DataFrame(rows, columns=["school_id", "title", "state"])
    assert first_needed(found)["title"].tolist() == ["b"]
    assert first_needed(found, ["overdue"])["title"].tolist() == ["c"]


def test_N7_money_of_measures_over_the_years_and_by_source():
    assert measure_money(plan(), pd.Series(["1"])) == {"planned": 150.0, "spent": 40.0}
    assert measure_money(plan(), pd.Series(["2"])) == {"planned": None, "spent": None}
    found = money_by_source(plan())
    assert found["source"].fillna("").tolist() == ["region", "", "total"]
    assert found["planned"].tolist() == [100, 50, 150]
    assert found["spent"].fillna(-1).tolist() == [40, -1, 40]


def causes(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["school_id", "cause", "area", "source", "stated_on"])
    return frame.assign(stated_on=pd.to_datetime(frame["stated_on"]))


def test_N3_a_recommendation_answers_a_cause_of_its_area_experts_first_then_the_latest():
    told = causes(
        ("a", "замены", "staff", "school", "2021-05-01"),
        ("a", "объяснение", "teaching", "expert", "2020-05-01"),
        ("a", "опрос на уроке", "teaching", "expert", "2021-03-01"),
        ("b", "чужая", "staff", "expert", "2021-05-01"),
        (None, "общая для всех", "families", "expert", None),
    )

    def cause(*areas: str) -> str | None:
        known = SimpleNamespace(recommendations={"help": SimpleNamespace(areas=areas)})
        found = named_cause(SimpleNamespace(causes=told, entries=known), "a", "help")
        return found and found["cause"]

    assert cause("staff", "teaching") == "опрос на уроке"
    assert cause("staff") == "замены"
    assert cause("families") == "общая для всех"
    assert cause("resources") is None and cause() is None


@pytest.fixture(scope="module")
def ordered() -> pd.DataFrame:
    return school_plans(planned("demo", 2021))


def test_N11_demo_tells_all_states_and_the_school_with_most_to_do_first(ordered):
    states = {"overdue", "in_progress", "planned", "done", MISSING, UNMARKED, "programme", "curator", *LAPSED}
    assert states == set(ordered["state"])
    pressing = ordered[ordered["state"].ne("done")].groupby("school_id", sort=False)["points"].sum()
    assert pressing.is_monotonic_decreasing and pressing.index[0] == ordered["school_id"].iloc[0]
    assert ordered["points"].equals(ordered[list(PARTS)].sum(axis=1))
    one = ordered[ordered["school_id"].eq("demo-11") & ordered["recommendation"].eq("staffing_advice")].iloc[0]
    assert (one["state"], one["measures"], one["days_late"]) == ("overdue", "2.5", 62)


def test_N11_certainty_and_age_follow_the_verdicts_of_the_year_and_of_those_before():
    plan_of_demo = planned("demo", 2021)
    found = weighed(plan_of_demo).set_index(["school_id", "recommendation", "basis"])
    near = plan_of_demo.office.identification.set_index(["school_id", "category"])["near"]
    assert near["demo-12", "low_results"] and not near["demo-08", "low_results"]
    assert found.loc[("demo-12", "consult_school", "low_results"), "certainty"] == 0
    assert found.loc[("demo-08", "consult_school", "low_results"), "certainty"] == 2
    before = plan_of_demo.office.previous.set_index(["school_id", "category"])["identified"]
    assert before["demo-08", "low_results"] == "yes"
    assert found.loc[("demo-08", "consult_school", "low_results"), "years"] == 2


def test_N3_the_page_tells_a_named_cause_once_with_role_and_date(ordered):
    told = pd.Series(view.reasons(planned("demo", 2021), ordered), index=ordered.index)
    own = told[ordered["school_id"].eq("demo-11")]
    assert "эксперт (рабочая группа программы, 09.04.2021): результаты диагностических работ" in own.iloc[0]
    assert own.str.contains("результаты диагностических работ").sum() == 1
    assert "названа причина, см. № 1" in own.iloc[1]


def test_N11_where_nobody_has_said_what_carries_a_recommendation_out_the_programme_is_not_said_to_lack_it():
    found = school_plans(planned("lesozavodsk", 2021))
    assert found["state"].eq(UNMARKED).any() and not found["state"].eq(MISSING).any()
    drawn = found[~found["state"].isin([UNMARKED, *RECORDED, *LAPSED])]
    assert drawn["measures"].notna().all() and len(drawn)


def test_N3_the_public_edition_tells_no_cause_of_one_school_and_trains_nobody_by_number():
    public = SupportPlan(public_edition(planned("demo", 2021).office))
    assert len(planned("demo", 2021).causes) and public.causes.empty
    ordered = school_plans(public)
    told = " ".join(view.reasons(public, ordered))
    assert "совмещённые классы" not in told and "директор школы" not in told
    whole = school_plans(planned("demo", 2021))
    assert ordered[["school_id", "recommendation", "points"]].equals(whole[["school_id", "recommendation", "points"]])
    assert training_order(public.office).empty and training_order(public.office, "demo-05").empty


def test_N11_the_decision_names_what_each_listed_school_lacks_first():
    facts = plan_facts(planned("demo", 2021))
    assert facts["first_schools"] == 4 and facts["first_told"].startswith("Полевая – уточнить внутришкольную оценку")
    assert facts["advice_lacking"] < facts["advice_total"] == len(school_plans(planned("demo", 2021)))
