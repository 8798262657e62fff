"""Addressed recommendations by rule: what a school's verdicts and conditions give cause for, with the evidence beside it.

The catalogue ``recommendations.yml`` is data: every recommendation is drawn from measures of the shipped programmes and names
them; every rule is one of a closed list of words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, model_validator

from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.criteria.measure import MET
from shnor_lib.indicators import catalogue
from shnor_lib.indicators.window import full_names, names_matching
from shnor_lib.office.office import Office
from shnor_lib.params.methods import Category, Name, Slug, Title, Year
from shnor_lib.params.yaml_files import Strict, nearest, read_yaml

COLUMNS = [
    "school_id",
    "recommendation",
    "level",
    "rule",
    "basis",
    "value",
    "threshold",
    "numerator",
    "denominator",
    "reference",
]


class Document(Strict):
    """A shipped programme that recommendations are drawn from; its measures and risks are in ``data/raw``."""

    office: Slug
    year: Year
    title: Title


class Source(Strict):
    """Where a recommendation comes from: a measure, a risk of the register, or a place of the text."""

    document: Slug
    measure: Title | None = None
    risk: Title | None = None
    place: Title | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Source:
        if sum(one is not None for one in (self.measure, self.risk, self.place)) != 1:
            raise ValueError("нужно ровно одно из полей measure, risk, place")
        return self


class CriterionMet(Strict):
    """Any of the named criteria of the method is met."""

    rule: Literal["criterion_met"]
    criteria: tuple[Name, ...] = Field(min_length=1)


class GroundMet(Strict):
    """Any criterion of a ground is met, whatever the method."""

    rule: Literal["ground_met"]
    ground: Literal["results", "social", "staff", "resources"]


class InCategory(Strict):
    """The school is in a category, or too little is known to say."""

    rule: Literal["category"]
    category: Category
    answer: Literal["yes", "insufficient_data"] = Field(alias="is")


class AgainstThreshold(Strict):
    """An indicator of the year of the run, or one of its parts, is on the side of a threshold that gives cause."""

    rule: Literal["at_least", "above", "at_most", "below"]
    indicator: Name
    parts: tuple[str, ...] = ()
    threshold: float
    minimum_participants: Annotated[int, Field(ge=0)] = 0
    reference: Title | None = None
    assumption: Title | None = None

    @model_validator(mode="after")
    def _known_and_explained(self) -> AgainstThreshold:
        if self.indicator not in catalogue():
            raise ValueError(f"нет показателя «{self.indicator}»{nearest(self.indicator, catalogue())}")
        if (self.reference is None) == (self.assumption is None):
            raise ValueError(
                "порог объясняется ровно одним из полей reference (документ) и assumption (наше допущение)"
            )
        return self


Rule = Annotated[CriterionMet | GroundMet | InCategory | AgainstThreshold, Field(discriminator="rule")]


class Recommendation(Strict):
    """One entry of the catalogue.

    Attributes
    ----------
    level : who acts: the municipality or the school.
    schools : whom it may be given to: schools ``supported`` (in a category), ``all``, or those ``unknown`` (no category, but one
        of the answers is missing).
    when : rules, any of which gives cause.
    """

    level: Literal["municipality", "school"]
    schools: Literal["supported", "all", "unknown"] = "supported"
    title: Annotated[str, Field(min_length=1, max_length=60)]
    text: Title
    when: tuple[Rule, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)


class RecommendationCatalogue(Strict):
    """All recommendations and the documents they are drawn from."""

    documents: dict[Slug, Document]
    recommendations: dict[Name, Recommendation] = Field(min_length=1)

    @model_validator(mode="after")
    def _documents_are_there(self) -> RecommendationCatalogue:
        for name, one in self.recommendations.items():
            for source in one.sources:
                if source.document not in self.documents:
                    raise ValueError(
                        f"у рекомендации «{name}» неизвестный документ «{source.document}»"
                        f"{nearest(source.document, self.documents)}"
                    )
        return self


@cache
def recommendation_catalogue() -> RecommendationCatalogue:
    """The shipped catalogue."""
    file = Path(__file__).with_name("recommendations.yml")
    return read_yaml(file, RecommendationCatalogue, "shnor_lib/analyses/support/recommendations.yml")


def recommend(office: Office, entries: RecommendationCatalogue | None = None) -> pd.DataFrame:
    """Recommendations for every school of an office with everything that gave cause; ``entries`` are the shipped ones unless given.

    One row per school, recommendation and cause, ordered by school and catalogue: ``basis`` is a criterion, a category or
    a full name of an indicator (``rule`` says which), ``reference`` where the threshold comes from.
    """
    entries, rows = entries or recommendation_catalogue(), office.indicators
    now = rows[rows["level"].eq("school") & rows["year"].eq(office.year) & rows["value"].notna()]
    now = now.assign(base=now["indicator"].str.replace(r"\[.*", "", regex=True))
    groups = school_groups(office.identification)
    found = []
    for name, entry in entries.recommendations.items():
        causes = pd.concat([_causes(rule, office, now) for rule in entry.when])
        own = causes[causes["school_id"].isin(groups[entry.schools])].drop_duplicates(["school_id", "basis"])
        found.append(own.assign(recommendation=name, level=entry.level))
    together = pd.concat(found, ignore_index=True)
    place = together["recommendation"].map({name: place for place, name in enumerate(entries.recommendations)})
    ordered = together.assign(place=place).sort_values(["school_id", "place"], kind="stable")
    return ordered.reset_index(drop=True).reindex(columns=COLUMNS)


def school_groups(identification: pd.DataFrame) -> dict[str, set[str]]:
    """Schools by what is known of them: ``all``, ``supported`` (in a category), ``unknown`` (in none, an answer missing)."""
    supported = set(identification.loc[identification["identified"].eq(YES), "school_id"])
    open_cases = set(identification.loc[identification["identified"].eq(INSUFFICIENT), "school_id"])
    return {"all": set(identification["school_id"]), "supported": supported, "unknown": open_cases - supported}


def _causes(rule: Rule, office: Office, now: pd.DataFrame) -> pd.DataFrame:
    answers, verdicts = office.identification, office.verdicts
    if isinstance(rule, InCategory):
        own = answers[answers["category"].eq(rule.category) & answers["identified"].eq(rule.answer)]
        return own[["school_id"]].assign(rule=rule.rule, basis=rule.category)
    if isinstance(rule, AgainstThreshold):
        return _against_threshold(rule, now)
    named = (
        rule.criteria
        if isinstance(rule, CriterionMet)
        else [name for name, criterion in office.method.criteria.items() if criterion.ground == rule.ground]
    )
    met = verdicts[verdicts["criterion"].isin(named) & verdicts["verdict"].eq(MET)]
    kept = met.rename(columns={"criterion": "basis", "participants": "denominator"})
    return kept[["school_id", "basis", "value", "threshold", "denominator", "reference"]].assign(rule=rule.rule)


SIDES: dict[str, Callable[[pd.Series, float], pd.Series]] = {
    "at_least": pd.Series.ge,
    "above": pd.Series.gt,
    "at_most": pd.Series.le,
    "below": pd.Series.lt,
}


def _against_threshold(rule: AgainstThreshold, now: pd.DataFrame) -> pd.DataFrame:
    rows = now[now["base"].eq(rule.indicator)]
    rows = rows[names_matching(rows["indicator"], full_names(rule.indicator, rule.parts))]
    enough = ~rows["denominator"].lt(rule.minimum_participants)
    own = rows[SIDES[rule.rule](rows["value"].astype(float), rule.threshold) & enough]
    return own.rename(columns={"indicator": "basis"})[
        ["school_id", "basis", "value", "numerator", "denominator"]
    ].assign(rule=rule.rule, threshold=rule.threshold, reference=rule.reference or rule.assumption)
