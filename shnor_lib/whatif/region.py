"""A region: its offices side by side in one year, each by its own method, none left out for missing data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.analyses.expectation import Expected, expectation_counts, expected_of_offices
from shnor_lib.analyses.findings import identification_facts
from shnor_lib.criteria.decisions import YES
from shnor_lib.indicators import Store, catalogue, split_name
from shnor_lib.office.assemble import open_office
from shnor_lib.office.gather import DataInvalid, Population
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import RegionProfile
from shnor_lib.params.reading import read_method, read_region_profile, read_scenario
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.whatif.scenarios import joined, names_of_rules, variants_of_region
from shnor_lib.workspace import find_workspace

OFFICE_COLUMNS = [
    *("municipality", "title", "method", "schools"),
    *("low_results", "low_results_share", "low_results_insufficient"),
    *("adverse", "adverse_share", "adverse_insufficient"),
]

CATEGORIES = ("low_results", "adverse")


@dataclass(frozen=True)
class Region:
    """Everything known of a region in one year.

    Attributes
    ----------
    offices : the offices that have usable data for the year, in the order of the profile.
    absent : the others, ``municipality`` and ``reason``.
    """

    region: str
    year: int
    audience: str
    profile: RegionProfile
    offices: dict[str, Office]
    absent: pd.DataFrame

    @cached_property
    def expected(self) -> Expected | None:
        """All schools of the region held against what their social context leads to expect; nothing in the public edition,
        whose hidden numbers would give another model."""
        if self.audience == "public" or not self.offices:
            return None
        return expected_of_offices(list(self.offices.values()))


def open_region(
    region: str,
    year: int,
    *,
    method: str | None = None,
    scenario: str | None = None,
    audience: str = "internal",
    workspace: str | Path | None = None,
) -> Region:
    """The offices of a region in a year, as :func:`shnor_lib.office.assemble.open_office` gives them; one whose data or parameters
    cannot be used is named with the reason and stops nobody.

    Raises
    ------
    ParamsError
        When the region profile, or the named method or scenario, cannot be used.
    """
    root = find_workspace(workspace)
    profile = read_region_profile(root, region)
    for read, name in ((read_method, method), (read_scenario, scenario)):
        if name is not None:
            read(root, name)
    offices, absent = {}, []
    asked = {"method": method, "scenario": scenario, "audience": audience, "workspace": root}
    for municipality in profile.municipalities:
        try:
            offices[municipality] = open_office(municipality, year, **asked)
        except DataInvalid as error:
            missing = error.problems["check"].eq("read_folder").any()
            absent.append((municipality, "нет данных за год" if missing else f"ошибки в данных: {len(error.problems)}"))
        except ParamsError:
            absent.append((municipality, "параметры недопустимы"))
    return Region(region, year, audience, profile, offices, pd.DataFrame(absent, columns=["municipality", "reason"]))


class RegionIncomplete(ValueError):
    """A region in which schools cannot be ranked, because some of its offices have no usable data."""


def region_of(office: Office, *, workspace: str | Path | None = None) -> Region | None:
    """The region that an office is compared within; none when its profile names none, or neither a variant of its method nor its
    components of results ask.

    Raises :class:`ParamsError` when the region profile cannot be used.
    """
    name = office.profile.region_profile
    asked = office.method.robustness.components.population == "region" or variants_of_region(office)
    return open_region(name, office.year, workspace=workspace) if name and asked else None


def population_of_variants(region: Region, office: Office) -> Population:
    """The schools of a region, with what the variants of an office that rank them look at.

    Raises
    ------
    RegionIncomplete
        When an office of the region has no usable data, or the region does not name this office: ranks among the others
        would be ranks in another region.
    """
    if len(region.absent):
        lacking = ", ".join(f"{one.municipality} ({one.reason})" for one in region.absent.itertuples())
        raise RegionIncomplete(f"нет пригодных данных муниципалитетов области: {lacking}")
    if office.municipality not in region.offices:
        raise RegionIncomplete(f"в params/regions/{region.region}.yml нет муниципалитета {office.municipality}")
    asking = set(variants_of_region(office))
    rules = [one.method for one in office.variants if one.name in asking]
    stores = [one.store.without(one.method.indices) for one in region.offices.values()]
    rows = [store.of_names(names_of_rules(store, rules)).long(municipality=True) for store in stores]
    judged_on = ("low_procedures", "expert_decisions")
    return Population(
        tables={name: joined(one.tables[name] for one in region.offices.values()) for name in judged_on}
        | {"schools": joined(one.schools for one in region.offices.values())},
        sources=joined(one.sources for one in region.offices.values()),
        store=Store.of_long(joined(rows)),
    )


def listed_schools(region: Region) -> pd.DataFrame:
    """Every listed school of the region, office after office: municipality, office, school_id, school, categories, reason, near, expert.

    ``categories``: codes joined with semicolons; ``reason``: of the first of them.
    """
    frames, titles = [], office_titles(region)
    for municipality, office in region.offices.items():
        own = office.identification[office.identification["identified"].eq(YES)]
        own = own.assign(expert=own["decision"].eq("expert")).groupby("school_id", sort=False)
        found = own.agg({"category": ";".join, "reason": "first", "near": "any", "expert": "any"}).reset_index()
        school = found["school_id"].map(office.school_names)
        frames.append(found.assign(municipality=municipality, office=titles[municipality], school=school))
    columns = ["municipality", "office", "school_id", "school", "category", "reason", "near", "expert"]
    together = pd.concat([pd.DataFrame(columns=columns), *frames], ignore_index=True)[columns]
    return together.rename(columns={"category": "categories"})


def compare_offices(region: Region) -> pd.DataFrame:
    """How many schools of each office are in each category, and about how many nothing can be said.

    One row per office in the order of the profile; counts and shares of a category are missing where no school could be assessed.
    """
    rows = []
    for municipality, office in region.offices.items():
        facts = identification_facts(office)
        schools = facts["schools_total"]
        row = {
            "municipality": municipality,
            "title": office.profile.short_title or office.profile.title,
            "method": office.method.title,
            "schools": schools,
        }
        for category in CATEGORIES:
            count, unknown = facts.get(f"{category}_count"), facts.get(f"{category}_insufficient_count")
            assessed = schools > 0 and facts.get(f"{category}_assessed_count", 0) > 0
            row[category] = count if assessed else np.nan
            row[f"{category}_share"] = count / schools if assessed else np.nan
            row[f"{category}_insufficient"] = np.nan if unknown is None else unknown
        rows.append(row)
    numbers = [column for column in OFFICE_COLUMNS if column not in ("municipality", "title", "method")]
    return pd.DataFrame(rows, columns=OFFICE_COLUMNS).astype(dict.fromkeys(numbers, float))


def region_facts(region: Region) -> dict[str, float]:
    """Counts over all offices of the region."""
    compared = compare_offices(region)
    facts = {"region_offices_total": len(region.profile.municipalities), "region_offices_absent": len(region.absent)}
    for category in CATEGORIES:
        assessed = compared[compared[category].notna()]
        facts[f"region_{category}_count"] = int(assessed[category].sum())
        facts[f"region_{category}_of"] = int(assessed["schools"].sum())
        facts[f"region_{category}_assessed"] = len(assessed)
        facts[f"region_{category}_offices"] = int(assessed[category].gt(0).sum())
    told = expected_by_office(region)
    if len(told):
        facts["region_expected_schools"] = int(told["compared"].sum())
        facts["region_expected_above"] = int(told["better"].sum())
        facts["region_expected_below"] = int(told["worse"].sum())
        counts = expectation_counts(region.expected)
        facts["region_expected_by_chance"] = counts["by_chance"]
        facts |= {"region_above_beyond": counts["better_beyond"], "region_below_beyond": counts["worse_beyond"]}
    return facts


def office_titles(region: Region) -> dict[str, str]:
    """Short titles of the offices by id."""
    return {name: office.profile.short_title or office.profile.title for name, office in region.offices.items()}


def expected_schools(region: Region) -> pd.DataFrame:
    """The schools held against expectation with the names of their ``office`` and ``school``."""
    offices = region.offices.values()
    names = [(one.municipality, *school) for one in offices for school in one.school_names.items()]
    schools = pd.DataFrame(names, columns=["municipality", "school_id", "school"])
    found = region.expected.schools.merge(schools, on=["municipality", "school_id"])
    return found.assign(office=found["municipality"].map(office_titles(region)))


def expected_by_office(region: Region) -> pd.DataFrame:
    """How the schools of each office stand against what their social context leads to expect.

    One row per office: municipality, schools, compared, better, same, worse; no rows without a model.
    """
    columns = ["municipality", "schools", "compared", "better", "same", "worse"]
    expected = region.expected
    if expected is None or expected.refusal:
        return pd.DataFrame(columns=columns)
    counts = pd.crosstab(expected.schools["municipality"], expected.schools["comparison"])
    counts = counts.reindex(
        index=list(region.offices), columns=["better", "same", "worse", "not_compared"], fill_value=0
    )
    counts = counts.assign(schools=counts.sum(axis=1), compared=counts[["better", "same", "worse"]].sum(axis=1))
    return counts.rename_axis(index="municipality", columns=None).reset_index()[columns]


def indicators_side_by_side(region: Region, names: list[str]) -> pd.DataFrame:
    """Indicators of the municipalities in the year, with the region pooled as the sum of numerators over the sum of denominators.

    Parameters
    ----------
    names : full names of indicators, such as ``below_minimum_rate[OGE/maths/9]``.

    Returns
    -------
    ``indicator, municipality, value, numerator, denominator, region_value``; only indicators that at least one office has.
    """
    columns = ["indicator", "municipality", "value", "numerator", "denominator", "region_value"]
    parts = [office.indicators.assign(municipality=name) for name, office in region.offices.items()]
    if not parts:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["level"].eq("municipality") & rows["year"].eq(region.year) & rows["indicator"].isin(names)]
    rows = rows[rows["value"].notna()].drop_duplicates(["indicator", "municipality"], keep="first")
    counted = rows[rows["numerator"].notna() & rows["denominator"].gt(0)]
    sums = counted.groupby("indicator")[["numerator", "denominator"]].sum()
    pooled = {
        name: sums.at[name, "numerator"] / sums.at[name, "denominator"]
        for name in sums.index
        if catalogue()[split_name(name)[0]].pooling == "ratio"
    }
    order = {name: place for place, name in enumerate(names)}
    offices = {name: place for place, name in enumerate(region.offices)}
    placed = rows.assign(
        region_value=rows["indicator"].map(pooled).astype(float),
        place=rows["indicator"].map(order),
        office=rows["municipality"].map(offices),
    ).sort_values(["place", "office"])
    return placed[columns].reset_index(drop=True)
