"""What report 40 says of the conditions schools work in: the matrix, its counts, town against country, staff and specialists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import pandas as pd

from shnor_lib.analyses.naming import answers_on_need
from shnor_lib.analyses.risks import (
    HIDDEN_NOTE,
    UNKNOWN,
    by_locality,
    contradictions,
    described_schools,
    level_comparison,
    locality_contrast,
    monitored,
    risk_counts,
    risk_factors,
    risk_matrix,
    school_values,
    schools_by_choice,
    staff_norms,
    staffing_advice,
)
from shnor_lib.criteria.decisions import YES
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.params.methods import Specialist
from shnor_lib.params.profiles import RiskFactor, StaffNorm


@dataclass(frozen=True)
class Context:
    """The conditions of an office's schools, each part computed when it is first asked for."""

    office: Office

    @cached_property
    def factors(self) -> dict[str, RiskFactor]:
        """The declared factors of the office."""
        return risk_factors(self.office.profile.risk_factors)

    @cached_property
    def norms(self) -> dict[str, StaffNorm]:
        """The norms of specialists."""
        return staff_norms(self.office.profile.staff_norms)

    @cached_property
    @for_the_public
    def matrix(self) -> pd.DataFrame:
        """The matrix of the schools on the lists and of all others that have data."""
        whole = risk_matrix(self.office.indicators, self.office.schools, self.factors, self.office.year)
        described = described_schools(whole, answers_on_need(self.office))
        own = whole[whole["school_id"].isin(described)].reset_index(drop=True)
        return own.assign(hidden=own["note"].eq(HIDDEN_NOTE))

    @cached_property
    def main(self) -> pd.DataFrame:
        """The rows of the matrix that the document's own matrix has."""
        return self.matrix[self.matrix["factor"].map(lambda name: self.factors[name].in_matrix).astype(bool)]

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The registry of the described schools."""
        return self.office.schools[self.office.schools["school_id"].isin(self.matrix["school_id"])]

    @cached_property
    def contrast(self) -> pd.DataFrame:
        """Each factor in town and country; where a school lies is what makes it one or the other."""
        territory = [name for name, one in self.factors.items() if one.group == "territory"]
        return locality_contrast(self.matrix, self.office.schools, territory)

    @cached_property
    def by_factor(self) -> pd.DataFrame:
        """How often each level of each factor occurs, the most frequent zones of risk first."""
        return risk_counts(self.matrix, "factor").sort_values("zone", ascending=False, kind="stable")

    @cached_property
    @for_the_public
    def advice(self) -> pd.DataFrame:
        """Staffing advice for every school of the registry."""
        return staffing_advice(self.office.tables["staff"], self.office.schools, self.norms, self.office.year)

    @cached_property
    def advisable(self) -> pd.DataFrame:
        """Posts held against the norm, for schools of the lists (the programme advises those)."""
        answers = answers_on_need(self.office)
        listed = answers.loc[answers["identified"].eq(YES), "school_id"]
        return self.advice[self.advice["school_id"].isin(listed) & self.advice["advice"].ne("unknown")]

    @cached_property
    def advised(self) -> pd.DataFrame:
        """Advice to add posts, for schools of the lists."""
        return self.advisable[self.advisable["advice"].eq("add")]


def context_facts(context: Context) -> dict[str, object]:
    """What the matrix and the staff tables amount to."""
    office, matrix = context.office, context.matrix
    by_school = risk_counts(matrix, "school_id")
    facts: dict[str, object] = {"context_schools": len(by_school), "context_told": 0}
    vacancies = level_comparison(office.indicators, ["vacant_positions"], office.year)["value"]
    if len(vacancies):
        facts["context_vacancies"] = vacancies.iloc[0]
    if by_school.empty:
        return facts
    found = context.by_factor.iloc[0]
    facts |= {
        "context_told": int(by_school["assessed"].gt(0).sum()),
        "context_high_schools": int(by_school["high"].gt(0).sum()),
        "context_contradictions": len(contradictions(matrix)),
        "context_unknown": int(by_school["unknown"].sum()),
        "context_pairs": len(matrix),
        "advised_of": int(context.advisable["school_id"].nunique()),
        "advised_schools": int(context.advised["school_id"].nunique()),
        "context_top": context.factors[found["factor"]].zone,
        "context_top_zone": int(found["zone"]),
        "context_top_assessed": int(found["assessed"]),
    }
    more, beyond = context.contrast["more"], context.contrast["beyond"].eq(True)
    if not more.isin(["open", "circular"]).all():
        facts |= {f"context_{place}_more": int((more.eq(place) & beyond).sum()) for place in ("rural", "urban")}
    return facts


@dataclass(frozen=True)
class Conclusion:
    """Zones of risk common to most schools and found in some, by :attr:`Context.by_factor`."""

    common: pd.DataFrame
    some: pd.DataFrame


def conclusion(context: Context) -> Conclusion:
    """What the matrix amounts to."""
    counts = context.by_factor
    common = counts["zone"].gt(context.matrix["school_id"].nunique() / 2)
    return Conclusion(counts[common], counts[~common & counts["zone"].gt(0)])


def zones_of_place(context: Context, place: str) -> pd.DataFrame:
    """Factors that are zones of risk more often in one kind of place, the widest difference first.

    factor, ``beyond`` (more than chance would do), and ``zone, assessed`` here and ``other_zone, other_assessed`` in the other kind of place.
    """
    other = "urban" if place == "rural" else "rural"
    own = context.contrast[context.contrast["more"].eq(place)]
    own = own.rename(
        columns={
            f"{one}_{what}": f"{prefix}{what}"
            for one, prefix in ((place, ""), (other, "other_"))
            for what in ("zone", "assessed")
        }
    )
    gap = own["zone"] / own["assessed"] - own["other_zone"] / own["other_assessed"]
    return own.assign(gap=gap).sort_values("gap", ascending=False, kind="stable")


def school_zones(context: Context) -> pd.DataFrame:
    """How many conditions of each school are at each level; ``high_factors`` lists those of high risk.

    ``has_high`` is missing where no condition of the school was assessed.
    """
    counts = risk_counts(context.matrix, "school_id")
    zones = context.matrix[context.matrix["level"].eq("high")].groupby("school_id")["factor"].agg(list)
    high = counts["high"].gt(0).astype(object).where(counts["assessed"].gt(0), None)
    factors = [found if isinstance(found, list) else [] for found in counts["school_id"].map(zones)]
    return counts.assign(has_high=high, high_factors=factors)


def zone_counts(context: Context) -> pd.DataFrame:
    """In how many schools each assessed condition is a zone of risk, in town and country; missing where none was assessed."""
    frame = risk_counts(context.matrix, "factor").merge(context.contrast, on="factor")
    for place in ("urban", "rural"):
        frame[f"{place}_zone"] = frame[f"{place}_zone"].where(frame[f"{place}_assessed"].gt(0))
    return frame[frame["assessed"].gt(0)]


def known_factors(context: Context) -> int:
    """How many conditions were assessed in any school."""
    return context.matrix.loc[context.matrix["level"].ne(UNKNOWN), "factor"].nunique()


def wide_values(rows: pd.DataFrame, names: Iterable[str], by: str = "indicator") -> pd.DataFrame:
    """Values of schools side by side in the order of ``names``, without columns and schools that have none."""
    wide = rows.pivot(index="school_id", columns=by, values="value").reindex(columns=list(names))
    return wide.dropna(axis="columns", how="all").dropna(axis="index", how="all").reset_index()


def known_values(context: Context, names: Iterable[str]) -> pd.DataFrame:
    """:func:`shnor_lib.analyses.risks.school_values` of the year of the office."""
    return school_values(context.office.indicators, names, context.office.year)


def town_values(context: Context, names: Iterable[str]) -> pd.DataFrame:
    """:func:`shnor_lib.analyses.risks.level_comparison` of the year of the office."""
    return level_comparison(context.office.indicators, names, context.office.year)


@for_the_public
def staff_levels(context: Context, names: Iterable[str]) -> pd.DataFrame:
    """Staff of the municipality beside region and country; ``rate`` tells shares, ``posts`` the number of vacant posts,
    ``in_words`` what a sentence over the table tells."""
    levels = town_values(context, names)
    return levels.assign(
        rate=levels["indicator"].map(context.office.catalogue.unit).eq("rate"),
        posts=levels["indicator"].eq("vacant_positions"),
        in_words=levels["indicator"].isin(["vacant_positions", "pupils_per_teacher"]),
    )


def answers_by_locality(context: Context, column: str, order: Iterable[str]) -> pd.DataFrame:
    """Schools by an answer of the registry in town and country; answers that no school gave are left out."""
    frame = schools_by_choice(context.schools, column, order)
    return frame[frame[["urban", "rural"]].sum(axis=1).gt(0)]


def indicators_by_locality(context: Context, names: Iterable[str]) -> tuple[pd.DataFrame, list[str]]:
    """Counts and shares in town and country where either has any, and whose numbers these are."""
    found = by_locality(context.office.indicators, context.office.tables["schools"], names, context.office.year)
    found = found[found[["urban", "rural"]].notna().any(axis=1)]
    groups = pd.unique(found[["urban_group", "rural_group"]].to_numpy().ravel())
    return found, [str(group) for group in groups if pd.notna(group)]


def monitoring(context: Context, names: Iterable[str], years: int = 3) -> tuple[pd.DataFrame, Mapping[str, int]]:
    """The monitored rates over the last years and how many turned better and worse."""
    year = context.office.year
    found = monitored(context.office.indicators, names, range(year - years + 1, year + 1))
    return found, {turn: int(found["turn"].eq(turn).sum()) for turn in ("better", "worse")}


def territory_told(context: Context) -> bool:
    """Whether any described school says how large its settlement is or how far a city is."""
    return bool(context.schools[["settlement_population", "transport"]].notna().any(axis=None))


def places(context: Context) -> dict[str, int]:
    """How many schools are ``described`` of those ``registered``; of them ``urban``, ``rural`` and of no known place (``unplaced``)."""
    counted = {place: int(context.schools["locality"].eq(place).fillna(False).sum()) for place in ("urban", "rural")}
    described = len(context.schools)
    counts = {"unplaced": described - sum(counted.values()), "described": described}
    return counted | counts | {"registered": len(context.office.schools)}


@for_the_public
def lacking_posts(context: Context) -> pd.DataFrame:
    """Schools of the lists that lack posts by the norm: lacking posts by specialist (missing where not known) and their ``total``."""
    own = context.advice[context.advice["school_id"].isin(context.advised["school_id"])]
    wide = own.pivot(index="school_id", columns="specialist", values="lacking").reindex(columns=list(context.norms))
    return wide.assign(total=wide.sum(axis=1)).reset_index().rename_axis(columns=None)


@for_the_public
def posts_by_specialist(context: Context) -> pd.DataFrame:
    """Posts of every specialist in the schools of the lists: there, needed by the norm and lacking, over the schools that tell both.

    Returns
    -------
    specialist, ``normed``, schools (held against the norm; without a norm those that tell their posts), posts, needed, lacking
    (missing without a norm), lacking_schools, unknown_schools. Specialists of whom no listed school tells anything are left out.
    """
    office = context.office
    listed = office.identification.loc[office.identification["identified"].eq("yes"), "school_id"].unique()
    staff = office.tables["staff"]
    staff = staff[staff["level"].eq("school") & staff["year"].eq(office.year) & staff["school_id"].isin(listed)]
    rows = []
    for specialist in get_args(Specialist):
        told = staff.drop_duplicates("school_id")[specialist].astype(float).dropna()
        own = context.advice[context.advice["specialist"].eq(specialist) & context.advice["school_id"].isin(listed)]
        if told.empty:
            continue
        normed = specialist in context.norms
        held = own[own["advice"].ne("unknown")]
        sums = held[["posts", "needed", "lacking"]].sum(min_count=1) if normed else {"posts": told.sum()}
        counts = (
            {"schools": len(held), "lacking_schools": int(held["lacking"].gt(0).sum())}
            if normed
            else {"schools": len(told)}
        )
        rows.append(
            {
                "specialist": specialist,
                "normed": normed,
                **counts,
                **sums,
                "unknown_schools": len(listed) - counts["schools"],
            }
        )
    columns = ["specialist", "normed", "schools", "posts", "needed", "lacking", "lacking_schools", "unknown_schools"]
    return pd.DataFrame(rows, columns=columns)


def advice_facts(context: Context) -> dict[str, float | None]:
    """Listed schools that can be held against the norm, ``schools`` of them that lack posts, and how many ``posts``."""
    listed, schools = (one["school_id"].nunique() for one in (context.advisable, context.advised))
    posts = context.advised["lacking"].sum(skipna=False)
    return {"listed": listed, "schools": schools, "posts": None if pd.isna(posts) else float(posts)}


def absent(context: Context) -> tuple[list[str], dict[str, list[str]]]:
    """What the data do not tell: chapters of the report by name, and the conditions that no school was assessed in, by group."""
    office, unknown = context.office, context.matrix.empty
    units = office.indicators[office.indicators["value"].notna() & office.indicators["year"].eq(office.year)]
    gaps = {
        "schools": unknown,
        "places": not territory_told(context),
        "staff": not units.loc[units["level"].eq("municipality"), "indicator"].str.startswith("teachers_").any(),
        "specialists": bool(context.advice["posts"].isna().all()),
        "deficits": not office.tables["professional_deficits"]["year"].eq(office.year).any(),
        "satisfaction": not units["indicator"].eq("satisfaction_share").any(),
    }
    seen = set(context.matrix.loc[context.matrix["level"].ne(UNKNOWN), "factor"])
    silent: dict[str, list[str]] = {}
    for name, factor in context.factors.items():
        if not unknown and name not in seen:
            silent.setdefault(factor.group, []).append(name)
    return [name for name, gap in gaps.items() if gap], silent
