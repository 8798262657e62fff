"""A region: its offices side by side in one year, each by its own method, none left out for missing data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.analyses.board import how_sure
from shnor_lib.analyses.expectation import Expected, expectation_counts, expected_of_offices
from shnor_lib.analyses.identification import decided_by, reasons
from shnor_lib.analyses.naming import NEED, named, word_facts
from shnor_lib.analyses.note import official_list
from shnor_lib.criteria.decisions import INSUFFICIENT, YES, list_of
from shnor_lib.indicators import Store, catalogue, split_name
from shnor_lib.indicators.causes import NOT_APPLICABLE, NOT_DELIVERED
from shnor_lib.inputs.own import enter, entered
from shnor_lib.office.assemble import open_office
from shnor_lib.office.gather import DataInvalid, Population
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import RegionProfile
from shnor_lib.params.reading import read_method, read_region_profile, read_scenario
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.whatif.scenarios import joined, names_of_rules, variants_of_region
from shnor_lib.workspace import find_workspace


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
    offices, absent, own = {}, [], entered()
    asked = {"method": method, "scenario": scenario, "audience": audience, "workspace": root}
    for municipality in profile.municipalities:
        try:
            offices[municipality] = open_office(municipality, year, **asked)
        except DataInvalid as error:
            missing = error.problems["check"].eq("read_folder").any()
            absent.append((municipality, "нет данных за год" if missing else f"ошибки в данных: {len(error.problems)}"))
        except ParamsError:
            absent.append((municipality, "параметры недопустимы"))
    enter(root, own)
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
    judged_on = ("low_procedures", "received_lists", "expert_decisions")
    return Population(
        tables={name: joined(one.tables[name] for one in region.offices.values()) for name in judged_on}
        | {"schools": joined(one.schools for one in region.offices.values())},
        sources=joined(one.sources for one in region.offices.values()),
        store=Store.of_long(joined(rows)),
    )


def categories_of(region: Region) -> list[str]:
    """The categories that a method of the offices decides, in the order of the methods."""
    return list(dict.fromkeys(one for office in region.offices.values() for one in office.method.decisions))


def main_of(region: Region) -> str:
    """The category that most matters in the region: the main one of its first office."""
    return next((office.method.main for office in region.offices.values()), "")


def listed_schools(region: Region) -> pd.DataFrame:
    """Every school of the region that needs help by some list, office after office: municipality, office, school_id, school, categories, reason, sure.

    ``categories``: codes joined with semicolons; ``reason``: what experts or a received list said, else the signs of all its categories by their short
    names, else the verdict; ``sure``: :func:`shnor_lib.analyses.board.how_sure`.
    """
    frames, titles = [], office_titles(region)
    for municipality, office in region.offices.items():
        own = reasons(office)
        own = own[own["identified"].eq(YES) & own["category"].isin(office.method.of_purpose(*NEED))]
        own = own.sort_values("school_id", kind="stable")
        found = own.groupby("school_id", sort=False).agg(
            categories=("category", ";".join),
            reason=("why", lambda told: "; ".join(dict.fromkeys(told))),
            near=("near", "any"),
        )
        official = found.index.isin(official_list(office)["school_id"])
        decided = decided_by(office).reindex(found.index)
        sure = [how_sure(*row) for row in zip(decided, found["near"], official, strict=True)]
        school = found.index.map(office.school_names)
        placed = found.assign(municipality=municipality, office=titles[municipality], school=school, sure=sure)
        frames.append(placed.reset_index())
    columns = ["municipality", "office", "school_id", "school", "categories", "reason", "sure"]
    return pd.concat([pd.DataFrame(columns=columns), *frames], ignore_index=True)[columns]


def compare_offices(region: Region) -> pd.DataFrame:
    """How many schools of each office are in each category, and about how many nothing can be said.

    Returns
    -------
    A row an office in the order of the profile: municipality, title, schools, and for each of :func:`categories_of`:
    ``<category>``, the listed schools; ``<category>_judged`` and ``_unknown``, which add up to all schools; ``_share`` of the
    listed among all; ``_cause``, why there is no list: nobody was judged, or the method of the office knows no such category.
    """
    rows, titles = [], office_titles(region)
    for municipality, office in region.offices.items():
        schools = office.schools_total
        row = {"municipality": municipality, "title": titles[municipality], "schools": schools}
        for category in categories_of(region):
            found, decided = list_of(office.identification, category), category in office.method.decisions
            row |= {
                category: len(found.schools) if found.judged else np.nan,
                f"{category}_judged": found.judged if decided else np.nan,
                f"{category}_unknown": schools - found.judged if decided else np.nan,
                f"{category}_share": len(found.schools) / schools if found.judged else np.nan,
                f"{category}_cause": "" if found.judged else NOT_DELIVERED if decided else NOT_APPLICABLE,
            }
        rows.append(row)
    frame = pd.DataFrame(rows, columns=None if rows else ["municipality", "title", "schools"])
    return frame.astype({name: float for name in frame if frame[name].dtype.kind in "iuf"})


def with_total(compared: pd.DataFrame, title: str) -> pd.DataFrame:
    """:func:`compare_offices` with a last row for all offices together; what no office knows stays unknown."""
    numbers = compared.select_dtypes("number")
    total = numbers.sum(min_count=1)
    for name in numbers:
        if name.endswith("_share"):
            total[name] = total[name.removesuffix("_share")] / total["schools"]
    row = total.to_dict() | {"title": title}
    row |= {name: compared[name].min() for name in compared if name.endswith("_cause")}
    return pd.concat([compared, pd.DataFrame([row])], ignore_index=True)


def region_facts(region: Region) -> dict[str, object]:
    """Counts over all offices of the region, and the schools to help and those nothing is known of, by name.

    ``region_lists``: the facts ``list_…`` of every category; those of the main one also stand by themselves.
    """
    compared = compare_offices(region)
    facts: dict[str, object] = {
        "region_offices_total": len(region.profile.municipalities),
        "region_offices_absent": len(region.absent),
        "region_absent_names": ", ".join(region.absent["municipality"]),
    }
    main = main_of(region)
    lists = {category: facts_of_list(region, compared, category) for category in categories_of(region)}
    facts |= {
        **lists.get(main, {}),
        "region_lists": tuple(lists.values()),
        "region_listed_told": told_by_office(region, main, YES),
        "region_unknown_told": told_by_office(region, main, INSUFFICIENT),
    }
    told = expected_by_office(region)
    if len(told):
        facts["region_expected_schools"] = int(told["compared"].sum())
        facts["region_expected_above"] = int(told["better"].sum())
        facts["region_expected_below"] = int(told["worse"].sum())
        counts = expectation_counts(region.expected)
        facts["region_expected_by_chance"] = counts["by_chance"]
        facts |= {"region_above_beyond": counts["better_beyond"], "region_below_beyond": counts["worse_beyond"]}
    return facts


def facts_of_list(region: Region, compared: pd.DataFrame, category: str) -> dict[str, object]:
    """What is told of a list over all offices whose methods have it; ``compared`` of :func:`compare_offices`."""
    methods = [office.method for office in region.offices.values() if category in office.method.decisions]
    own = compared[compared[f"{category}_judged"].notna()]
    return word_facts(category, methods[0].words(category)) | {
        "list_count": int(own[category].sum()),
        "list_assessed_count": int(own[f"{category}_judged"].sum()),
        "list_insufficient_count": int(own[f"{category}_unknown"].sum()),
        "list_offices": int(own[category].gt(0).sum()),
    }


def told_by_office(region: Region, category: str, answer: str) -> str:
    """The schools with an answer on a category by office: «Округ – Заречная, Полевая; Район – Условная № 3»."""
    told = []
    for municipality, office in region.offices.items():
        rows = office.identification
        own = rows.loc[rows["category"].eq(category) & rows["identified"].eq(answer), "school_id"]
        if len(own):
            told.append(f"{office_titles(region)[municipality]} – {named(office, own)}")
    return "; ".join(told)


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
