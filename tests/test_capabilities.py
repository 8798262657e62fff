"""What the five programmes ask for, row by row, on the data that ship; rows with their own chapter are tested beside it."""

import re

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.dynamics import (
    largest_and_most_stable,
    list_moves,
    steps,
    trend_facts,
    trends,
    wave_changes,
)
from shnor_lib.analyses.overview import Board
from shnor_lib.analyses.passports import school_overview
from shnor_lib.analyses.ratings import rating
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.criteria.judge import VERDICT_COLUMNS
from shnor_lib.inputs.breaks import broken_between, series_breaks
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import (
    annex,
    dynamics,
    identification,
    overview,
    robustness,
    school_passports,
    support_plan,
    targets,
)
from shnor_lib.params.methods import ResultComponents
from shnor_lib.statistics.components import Cells
from tests.shipped import shipped

LOW, ADVERSE = "low_results", "adverse_conditions"


def listed(office, category: str, column: str = "calculated") -> set[str]:
    rows = office.identification[office.identification["category"].eq(category)]
    return set(rows.loc[rows[column].eq("yes"), "school_id"])


def test_L1_seven_criteria_of_low_results_are_judged_for_every_school():
    office = shipped("demo", 2021)
    low = office.verdicts[office.verdicts["category"].eq(LOW)]
    assert low.groupby("school_id").size().eq(7).all() and low["school_id"].nunique() == 14
    assert {"met", "not_met"} <= set(low["verdict"])
    quarter = low[low["criterion"].eq("lowest_results")]
    assert quarter["verdict"].eq("met").sum() == 4  # a quarter of 14 schools, 3.5, rounded


def test_L2_three_indices_name_a_quarter_of_the_schools_each():
    office = shipped("demo", 2021)
    adverse = office.verdicts[office.verdicts["category"].eq(ADVERSE)]
    met = adverse[adverse["verdict"].eq("met")].groupby("criterion").size()
    assert (
        met.to_dict() == {"lowest_social_wellbeing": 4, "lowest_staff_potential": 4, "lowest_resource_potential": 4}
        or met.between(3, 5).all()
    )
    scores = office.indicators[
        office.indicators["indicator"].eq("social_wellbeing_index") & office.indicators["year"].eq(2021)
    ]
    lowest = scores.nsmallest(4, "value")["school_id"]
    assert set(lowest) == set(adverse.query("criterion == 'lowest_social_wellbeing' and verdict == 'met'")["school_id"])


def test_L3_experts_change_the_list_and_the_calculation_stays_beside():
    office = shipped("demo", 2021)
    changed = office.identification[office.identification["identified"].ne(office.identification["calculated"])]
    assert len(changed) == 2 and changed["decision"].eq("expert").all() and changed["reason"].str.len().gt(10).all()


def test_L3_every_page_that_shows_a_decision_tells_its_date_and_reason():
    office = shipped("demo", 2021)
    made = office.tables["expert_decisions"]
    made = made[made["year"].eq(2021)].set_index("school_id")
    assert set(made.index) == {"demo-06", "demo-08"}
    found, known, moves = (
        Board(office),
        school_passports.known_of(office),
        list_moves(office.previous, office.identification),
    )
    pages = {
        "00": [overview.show_listed(found, found.listed), overview.show_decisions(found)],
        "50": [identification.show_reasons(office)],
        "60": [robustness.show_certainty(robustness.study_robustness(office))],
        "70": [dynamics.show_moves(office, moves)],
        "80": [targets.show_headlines(office)],
        "90": [support_plan.show_headlines(SupportPlan(office))],
        "95": [school_passports.show_schools(known, school_overview(office))],
    }
    changed = annex.table_changes(office).frame.set_index(["school_id", "category"])["decided"]
    assert changed["demo-06", "ШНОР"].startswith("решение экспертов от 14.09.2021 (комиссия")
    for school, decision in made.iterrows():
        alone = Together(school_passports.experts(known, school))
        for page, shown in (pages | {"school": [alone]}).items():
            text = " ".join(one._repr_mimebundle_()["text/html"] for one in shown)
            text = " ".join(re.sub("<[^>]*>|\u00ad", "", text).split())
            day = f"решение экспертов от {decision['decided_on']:%d.%m.%Y} ({decision['decided_by']}"
            assert day in text and decision["reason"] in text, (page, school)
            assert office.school_names[school] in text or page == "school", (page, school)


def test_L4_waves_of_monitoring_within_the_year():
    office = shipped("demo", 2021)
    names = [name for name in office.waves["indicator"].unique() if name.startswith("learning_quality_rate[")]
    found = wave_changes(office.waves, names)
    assert {"entry", "interim", "final"} <= set(found.columns) and found["change"].notna().any()
    row = found.dropna(subset=["entry", "final"]).iloc[0]
    assert row["change"] == pytest.approx(row["final"] - row["entry"])


def test_L4_lists_of_two_years_tell_who_entered_and_left():
    before = pd.DataFrame(
        {"school_id": list("abcd"), "category": LOW, "identified": ["yes", "yes", "no", "insufficient_data"]}
    )
    now = pd.DataFrame({"school_id": list("abcd"), "category": LOW, "identified": ["yes", "no", "yes", "yes"]})
    assert list_moves(before, now)["move"].tolist() == ["stayed", "left", "entered", "open"]


def test_Z1_three_schools_of_fourteen_by_the_table_of_low_procedures():
    office = shipped("lesozavodsk", 2021)
    assert listed(office, LOW) == {"lzv-01", "lzv-03", "lzv-kurskoe"}
    assert len(listed(office, LOW)) / office.schools_total == pytest.approx(3 / 14)
    low = office.low_procedures[office.low_procedures["low"].eq("met")]
    assert set(low.loc[low["school_id"].eq("lzv-01"), "procedure"]) == {"VPR/russian/5", "OGE/maths/9"}
    assert low.groupby("school_id").size().to_dict() == {"lzv-01": 2, "lzv-03": 4, "lzv-kurskoe": 4}


def test_Z5_rating_gives_places_with_intervals_and_does_not_tell_equals_apart():
    values = np.array([(90.0, 88.0, 92.0), (50.0, 70.0, 60.0), (60.0, 50.0, 70.0), (10.0, 12.0, 8.0)])
    cells = Cells(values, np.full(values.shape, 20.0), np.array(["russian", "maths", "history"]), np.array([5, 5, 5]))
    found = rating(cells, list("abcd"), ResultComponents()).set_index("school_id")
    assert found["place"].to_dict() == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert (found["place_low"] <= found["place"]).all() and (found["place"] <= found["place_high"]).all()
    assert found.at["a", "group"] == "top" and found.at["d", "group"] == "bottom"
    assert found.at["b", "place_high"] == 3 and found.at["c", "place_low"] == 2


def test_Z5_places_hold_with_the_probability_they_say_when_cohorts_differ():
    rng, held, offices, schools = np.random.default_rng(1), 0, 60, 12
    subject, cohort = np.repeat(["russian", "maths"], 4), np.tile([5, 6, 7, 8], 2)
    for _ in range(offices):
        own = rng.normal(0, 6.2, schools)[:, None] + rng.normal(0, 3.5, (schools, 2))
        chance = rng.normal(0, 3.0, (schools, 4))[:, cohort - 5] + rng.normal(0, 17.4 / np.sqrt(30), (schools, 8))
        values = own[:, (subject == "maths").astype(int)] + chance
        cells = Cells(values, np.full(values.shape, 30.0), subject, cohort)
        found = rating(cells, [f"{number:02d}" for number in range(schools)], ResultComponents(), replications=500)
        true = schools - own.mean(axis=1).argsort().argsort()
        held += ((found["place_low"] <= true) & (true <= found["place_high"])).sum()
    assert 0.87 <= held / (offices * schools) <= 0.97  # whole places make an interval of 90 % a little wider


def test_I4_largest_and_most_stable_improvement():
    found = pd.DataFrame(
        {"school_id": list("abcd"), "change": [1.0, 9.0, -5.0, 3.0], "direction": ["rise", "none", "fall", "rise"]}
    )
    assert largest_and_most_stable(found)["school_id"].tolist() == ["d", "a"]  # b may be luck, c falls


def test_I4_years_without_a_step_back_are_told_beside_luck():
    series = pd.DataFrame(
        [
            (school, year, value)
            for school, values in {"a": (1, 2, 3), "b": (0, 9, 8), "c": (5, 4, 3)}.items()
            for year, value in zip((2019, 2020, 2021), values, strict=True)
        ],
        columns=["school_id", "year", "value"],
    )
    found = steps(series).set_index("school_id")
    assert found["steady"].to_dict() == {"a": True, "b": False, "c": False}
    assert found["by_chance"].tolist() == pytest.approx([1 / 6] * 3)


def test_I4_four_of_fourteen_without_a_step_back_are_no_finding_on_demo():
    facts = trend_facts(shipped("demo", 2021), trends(shipped("demo", 2021))[0])
    assert (facts["trends_total"], facts["steady_count"], facts["steady_beyond"]) == (14, 4, 0)
    assert facts["steady_by_chance"] == pytest.approx(14 / 6)


def test_I4_the_rising_school_of_demo_rises_most():
    found, regional = trends(shipped("demo", 2021))
    found = found.set_index("school_id")
    assert regional and found["change"].idxmax() == "demo-06"
    assert found.at["demo-06", "low"] > 0 and (found["low"] <= found["change"]).all()


def test_I6_every_report_names_document_and_source():
    for name, year in (("iskitim", 2021), ("demo", 2021)):
        office = shipped(name, year)
        assert office.sources["sha256"].str.fullmatch("[0-9a-f]{64}").all() and office.sources["document"].notna().all()


def test_H3_three_schools_are_enough_to_work_and_too_few_to_rank():
    office = shipped("krasnokholm", 2021)
    assert office.schools_total == 3 and len(office.schools) == 1
    assert set(office.identification["calculated"]) == {"insufficient_data"}


def test_B1_every_verdict_explains_itself():
    office = shipped("demo", 2021)
    assessed = office.verdicts[office.verdicts["verdict"].ne("not_assessed")]
    assert list(office.verdicts.columns) == ["municipality", *VERDICT_COLUMNS]
    assert assessed[["value", "threshold", "margin"]].notna().all().all()
    assert (
        office.verdicts["reason"].str.len().gt(5).all()
        and office.verdicts["reference"].str.contains("раздел 2.1").all()
    )


def test_B2_no_school_of_lesosibirsk_is_no_because_data_are_missing():
    office = shipped("lesosibirsk", 2020)
    assert set(office.identification["identified"]) == {"insufficient_data"}
    missing = office.verdicts[office.verdicts["verdict"].eq("not_assessed")]
    assert missing["reason"].str.contains("таблица «").all() and len(missing) == 87  # 90 pairs, three published


def test_B2_margin_and_verdict_agree_on_every_school():
    for name, year in (("demo", 2019), ("demo", 2020), ("demo", 2021)):
        verdicts = shipped(name, year).verdicts
        met, not_met = (verdicts.loc[verdicts["verdict"].eq(word), "margin"] for word in ("met", "not_met"))
        assert (met >= 0).all() and (not_met <= 0).all()


def test_breaks_of_the_series_are_named():
    assert [text[:4] for text in series_breaks([2019, 2020, 2021])] == ["2020", "2021"]


def test_one_list_of_breaks_answers_for_a_procedure_and_for_all_of_them():
    of_one = broken_between("OGE/maths/9", 2019, 2021)
    assert of_one == "2020: ОГЭ не проводился; 2021: ОГЭ только по русскому языку и математике"
    assert all(part.split(": ")[1] in " ".join(series_breaks([2020, 2021])) for part in of_one.split("; "))
    assert "базовой" in broken_between("EGE/maths_base/11", 2020, 2021)
    assert "базовой" not in broken_between("EGE/physics/11", 2020, 2021)
