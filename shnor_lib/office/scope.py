"""By what an office and year is judged, and among which offices and years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd

from shnor_lib.indicators import catalogue
from shnor_lib.indicators.declared import Chapter, read_own_chapters
from shnor_lib.inputs.own import enter
from shnor_lib.office.advice import Known, misfits_of_advice
from shnor_lib.office.rules import (
    deviations,
    effective_method,
    in_force,
    misfits_of_profile,
    misfits_of_risks,
    refuse_misfits,
)
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import read_own_recommendations, read_own_risks, read_profile, read_region_profile
from shnor_lib.params.recommendations import OwnRecommendations
from shnor_lib.workspace import OWN_FILES, OWN_RECOMMENDATIONS, OWN_RISKS

HISTORY = 3
"""Years of data that are read: the year of the run and the two before it (more when a window of the method is longer)."""


def needs_region(method: Method) -> bool:
    """Whether a method ranks schools within the whole region."""
    ranked = [*method.criteria.values(), *method.indices.values()]
    return any(getattr(one, "population", None) == "region" for one in ranked)


def reach(
    workspace: Path, municipality: str, profile: Profile, year: int, methods: Iterable[Method]
) -> tuple[list[str], list[int]]:
    """The offices and the years that the methods look at to judge an office in a year."""
    methods = list(methods)
    windows = [one.window for rules in methods for one in rules.criteria.values()]
    windows += [c.window for rules in methods for index in rules.indices.values() for c in index.components.values()]
    depth = max([HISTORY, *windows]) + max(rules.years for rules in methods) - 1
    members = [municipality]
    if profile.region_profile and any(needs_region(rules) for rules in methods):
        members = list(read_region_profile(workspace, profile.region_profile).municipalities)
    return members, list(range(year - depth + 1, year + 1))


@dataclass(frozen=True)
class Scope:
    """By what an office and year is judged, and among which offices and years.

    Attributes
    ----------
    deviations : what the profile and the scenario change in the method, with the reasons.
    own_indicators : what the workspace declares in ``params/indicators.yml``.
    municipalities, years : what is read of ``data/raw``; the year of the run is the last one.
    years_of_targets : what is read, where it is there, for targets: back to their baselines and what their lists look at.
    params : the parameter files behind it, relative to the workspace.
    """

    profile: Profile
    method_name: str
    method: Method
    scenario_name: str | None
    deviations: pd.DataFrame
    own_indicators: dict[str, Chapter]
    municipalities: list[str]
    years: list[int]
    years_of_targets: list[int]
    params: list[str]

    @property
    def in_force(self) -> bool:
        """Whether the office decides by this method (:func:`shnor_lib.office.rules.in_force`)."""
        return in_force(self.profile, self.method_name, self.scenario_name)

    @property
    def watched(self) -> dict[str, list[str]]:
        """Everything the result depends on, as :func:`shnor_lib.office.fingerprint.snapshot` takes it."""
        years = sorted({*self.years, *self.years_of_targets})
        folders = [f"data/raw/{municipality}/{year}" for municipality in self.municipalities for year in years]
        return {"files": self.params, "folders": [*folders, "params/methods", "params/scenarios"]}


def scope_of(
    workspace: Path, municipality: str, year: int, *, method: str | None = None, scenario: str | None = None
) -> Scope:
    """Read the parameters of an office and say what a year of it depends on.

    Raises
    ------
    ParamsError
        When the profile, method or scenario cannot be used, or a number in them is not in the unit of its indicator.
    """
    enter(workspace, municipality)
    profile, risks = read_profile(workspace, municipality), read_own_risks(workspace)
    advice = read_own_recommendations(workspace)
    source = f"params/{municipality}.yml"
    own_indicators = read_own_chapters(workspace, catalogue())
    known = catalogue().with_rows(own_indicators)
    named = Known.of(workspace, profile, known)
    refuse_misfits(
        workspace,
        chain(
            misfits_of_profile(profile, source, known),
            misfits_of_risks(risks, OWN_RISKS, known),
            misfits_of_advice(advice, OWN_RECOMMENDATIONS, named, OwnRecommendations()),
            misfits_of_advice(profile, source, named, advice),
        ),
    )
    profile = profile.over(risks, advice)
    rules = effective_method(workspace, profile, source, method, scenario)
    profile = profile.about(rules.method.main)
    municipalities, years = reach(workspace, municipality, profile, year, [rules.method])
    params = [source, f"params/methods/{rules.name}.yml", *OWN_FILES]
    params += [f"params/scenarios/{scenario}.yml"] if scenario else []
    params += [f"params/regions/{profile.region_profile}.yml"] if profile.region_profile else []
    return Scope(
        profile,
        rules.name,
        rules.method,
        scenario,
        deviations(rules),
        own_indicators,
        municipalities,
        years,
        years_of_targets(profile, years),
        params,
    )


def first_year_of_targets(profile: Profile, year: int) -> int:
    """The first year that targets are measured in: their declared baselines, the years of the profile, the years before the run.

    It does not move on with the year of the run, so what is counted from a baseline stays so.
    """
    baselines = [one.baseline for one in profile.targets.values() if one.baseline]
    return min([year - HISTORY + 1, profile.years[0], *baselines])


def years_of_targets(profile: Profile, years: list[int]) -> list[int]:
    """Years that the lists and values of targets look at, with the windows of the lists; none without targets."""
    if not profile.targets:
        return []
    first = first_year_of_targets(profile, years[-1])
    return list(range(first - len(years) + 1, years[-1] + 1))
