"""Partners from the region where a school has none at home (L12, N11)."""

from dataclasses import replace

import pandas as pd

from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.params.reading import read_region_profile
from shnor_lib.whatif.partners import ALONE, NO_REGION, partners_among, partners_of_region, schools_alone
from shnor_lib.whatif.region import Region
from tests.shipped import ROOT, shipped


def rayon():
    return shipped("demo-rayon", 2021)


def demo():
    return shipped("demo", 2021)


def region(*offices) -> Region:
    profile = read_region_profile(ROOT, "demo-region")
    return Region("demo-region", 2021, "internal", profile, {one.municipality: one for one in offices}, pd.DataFrame())


def wider(office, farthest: float):
    """The office with schools of more different conditions still comparable, at home as before."""
    plan = SupportPlan(office)
    alone = schools_alone(plan)
    search = office.profile.partners.model_copy(update={"farthest": farthest})
    return SupportPlan(replace(office, profile=office.profile.model_copy(update={"partners": search}))), alone


def test_N11_a_school_alone_gets_the_nearest_free_school_that_its_own_office_would_propose():
    plan, alone = wider(rayon(), 5.0)
    found = partners_among(plan, alone, region(rayon(), demo())).iloc[0]
    home = SupportPlan(demo())
    busy = set(home.declared["partner_id"])
    candidates = home.searched.candidates
    free = {home.names[one] for one in candidates.loc[candidates["candidate"], "school_id"] if one not in busy}
    assert found["partner"] in free and found["municipality"] == "Демонстрационный округ"
    assert 1.0 < found["distance"] <= 5.0 and "Фабричная" not in free


def test_N11_in_other_conditions_nobody_is_proposed_and_the_reason_is_told():
    plan, alone = wider(rayon(), 1.0)
    found = partners_among(plan, alone, region(rayon(), demo()))
    assert found["partner"].isna().all() and found["reason"].str.contains("в заметно иных условиях").all()
    assert partners_among(plan, alone, region(rayon()))["reason"].tolist() == [ALONE] * len(alone)


def test_N11_without_a_region_it_is_said_that_nobody_was_compared():
    plan = SupportPlan(demo())
    assert plan.office.profile.region_profile is None
    found = partners_of_region(plan)
    assert found["school_id"].tolist() == schools_alone(plan) and set(found["reason"]) == {NO_REGION}
