"""What is known of the schools' results: from the store to the rows of the page."""

from dataclasses import astuple, replace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.standing import STANDING, components_of, model_of, result_cells, school_effects, told_of_office
from shnor_lib.indicators.store import Store
from shnor_lib.params.methods import ResultComponents
from tests.shipped import shipped


@pytest.fixture(scope="module")
def office():
    return shipped("demo", 2021)


def row(school: str, year: int, procedure: str, value: float, people: float, municipality: str = "m") -> dict:
    number = {"value": value, "numerator": value * people, "denominator": people, "note": ""}
    unit = {"municipality": municipality, "level": "school", "group": "", "school_id": school, "year": year}
    return unit | {"indicator": f"mean_percent[{procedure}]"} | number


def test_a_cohort_goes_on_from_year_to_year_and_a_subject_from_grade_to_grade():
    rows = [
        row("a", 2020, "VPR/maths/5", 50, 20),
        row("a", 2021, "VPR/maths/6", 55, 21),
        row("a", 2021, "VPR/russian/6", 40, 22),
        row("b", 2021, "VPR/maths/6", 60, 30),
    ]
    store = Store.of_long(pd.DataFrame(rows))
    schools = pd.DataFrame({"municipality": "m", "school_id": ["b", "none", "a"]})
    cells = result_cells(store, store.places_of(schools), ("VPR/*/*",), 2020, 2021)
    there = cells.present.any(axis=0)
    told = sorted(zip(cells.subject[there], cells.cohort[there], cells.values[2][there], strict=True))
    assert told == [("maths", 2015, 50.0), ("maths", 2015, 55.0), ("russian", 2015, 40.0)]
    assert not cells.present[1].any() and np.nansum(cells.values[0]) == 60.0
    assert result_cells(store, store.places_of(schools), ("OGE/*/9",), 2020, 2021).values.shape == (3, 0)


def test_every_school_has_a_row_and_the_words_are_those_of_the_intervals(office):
    standing = school_effects(office)
    rows = standing.schools.set_index("school_id")
    assert sorted(rows.index) == sorted(office.schools["school_id"])
    assert rows["p_lowest"].sum() == pytest.approx(round(0.25 * rows["word"].ne("unknown").sum()))
    assert (rows.loc[rows["word"].eq("below"), "high"] < 0).all() and (
        rows.loc[rows["word"].eq("above"), "low"] > 0
    ).all()
    facts = standing.facts
    assert facts["below"] + facts["above"] + facts["same"] + facts["unknown"] == facts["schools"] == len(rows)
    assert facts["by_luck"] == pytest.approx(0.025 * facts["compared"])


def test_an_effect_lies_between_nothing_and_the_plain_difference_of_few_results(office):
    """What few pupils show is believed less than what many show."""
    rows = school_effects(office).schools
    few = rows.loc[rows["results"].idxmin()]
    assert 0 < few["effect"] / few["plain"] < 1 and few["error"] == rows["error"].max()


def test_results_of_one_school_alone_are_no_standing(office):
    own = office.indicators["school_id"].isin(["", office.schools["school_id"].iloc[0]])
    alone = replace(office, indicators=office.indicators[own])
    assert school_effects(alone).schools.empty and list(school_effects(alone).schools) == STANDING


def test_components_are_those_of_the_region_where_its_rows_are_there(office):
    """Two municipalities tell more than one; without the other, or when the method asks for none, the office tells alone."""
    other, alone = shipped("demo-rayon", 2021), told_of_office(office)
    both, turned = told_of_office(office, [other]), told_of_office(other, [office])
    assert (alone.offices, both.offices, turned.offices) == (1, 2, 2) and both.schools == turned.schools > alone.schools
    assert both.freedom == turned.freedom > alone.freedom and both.components != alone.components
    assert astuple(both.components) == pytest.approx(astuple(turned.components), rel=1e-3)
    assert told_of_office(other).lacking and not turned.lacking and not alone.lacking
    own = office.method.robustness
    settings = own.model_copy(update={"components": own.components.model_copy(update={"population": "municipality"})})
    apart = replace(office, method=office.method.model_copy(update={"robustness": settings}))
    assert told_of_office(apart, [other]) == alone


def test_without_results_the_declared_components_hold(office):
    others = ~office.indicators["indicator"].str.startswith("mean_percent")
    nothing = replace(office, indicators=office.indicators[others])
    told = told_of_office(nothing)
    assert told.components == components_of(office.method.robustness.components) and told.offices == told.schools == 0


def test_declared_components_hold_where_they_are_firm(office):
    cells = result_cells(office.store, office.store.places_of(office.schools), ("*",), 2019, 2021)
    firm = ResultComponents(school=3.0, subject=3.0, cohort=3.0, pupil=20.0, schools=1e6)
    held, own = model_of(cells, firm).components, model_of(cells, ResultComponents(schools=0)).components
    assert held.school == pytest.approx(3.0, rel=1e-2) and own.school > 5
    assert components_of(firm).pupil == 20.0
