"""Partner schools from the other offices of the region, for schools that have none at home."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.analyses.support.partners import assign_partners, school_conditions, standardised_context
from shnor_lib.analyses.support.plan import SupportPlan, pairs_stand
from shnor_lib.whatif.region import Region, open_region

COLUMNS = ["school_id", "partner", "municipality", "distance", "closest", "different", "reason"]
NO_REGION = "муниципалитет не отнесён к региону, поэтому школы других муниципалитетов не сравнивались"
ALONE = "других муниципалитетов региона с пригодными данными нет"
NOBODY = "в других муниципалитетах региона нет школ со стабильно высокими результатами, которые могли бы помочь"


def schools_alone(plan: SupportPlan) -> list[str]:
    """Schools for which the search at home found nobody and no partnership stands that suits."""
    if plan.partners.refused:
        return []
    pairs = plan.partners.pairs
    suits = plan.partnerships.loc[plan.partnerships["fit"].eq(True), "school_id"]
    return [
        one
        for one in pairs.loc[pairs["partner_id"].isna() & ~pairs_stand(pairs, plan.partnerships), "school_id"]
        if one not in set(suits)
    ]


def partners_of_region(plan: SupportPlan) -> pd.DataFrame:
    """A partner from the region for each school alone at home, or why there is none: :data:`COLUMNS`."""
    alone = schools_alone(plan)
    name = plan.office.profile.region_profile
    if not alone or name is None:
        return _nobody(alone, NO_REGION)
    return partners_among(plan, alone, open_region(name, plan.office.year))


def partners_among(plan: SupportPlan, alone: list[str], region: Region) -> pd.DataFrame:
    """The same among the offices of a region.

    A school may help others when its own office would propose it: stable high results within its municipality, not listed, its results not to
    be checked, and not somebody's partner already. Conditions are standardised over the schools of all these offices; whose roads to each
    other are not known weighs nothing. Which pair is allowed is the search of the office that asks.
    """
    office, search = plan.office, plan.office.profile.partners
    others = {name: SupportPlan(one) for name, one in region.offices.items() if name != office.municipality}
    if not others:
        return _nobody(alone, ALONE)

    def conditions(of: SupportPlan, name: str) -> pd.DataFrame:
        found = school_conditions(of.office.indicators, search.context, office.year, search.years)
        return found.set_axis([f"{name}/{school}" for school in found.index])

    whole = pd.concat([conditions(plan, office.municipality), *(conditions(of, name) for name, of in others.items())])
    free: dict[str, tuple[str, str]] = {}
    for name, of in others.items():
        candidates, busy = of.searched.candidates, set(of.declared["partner_id"].dropna())
        for school in candidates.loc[candidates["candidate"].astype(bool), "school_id"]:
            if school not in busy:
                free[f"{name}/{school}"] = (of.names[school], of.office.profile.short_title or of.office.profile.title)
    if not free:
        return _nobody(alone, NOBODY)
    own = [f"{office.municipality}/{school}" for school in alone]
    way = pd.Series(np.nan, index=[*own, *free])
    pairs = assign_partners(standardised_context(whole), way, own, list(free), search)
    found = pairs["partner_id"].map(free, na_action="ignore")
    return pairs.assign(
        school_id=alone,
        partner=[one[0] if isinstance(one, tuple) else None for one in found],
        municipality=[one[1] if isinstance(one, tuple) else None for one in found],
    )[COLUMNS]


def _nobody(alone: list[str], reason: str) -> pd.DataFrame:
    return pd.DataFrame({"school_id": alone}).assign(reason=reason).reindex(columns=COLUMNS)


def reasons_alone(plan: SupportPlan, found: pd.DataFrame) -> list[str]:
    """Why schools are alone: the names of those that share a reason with it."""
    names = found["school_id"].map(plan.names).groupby(found["reason"], sort=False).agg(", ".join)
    return [f"{schools} – {reason}" for reason, schools in names.items()]
