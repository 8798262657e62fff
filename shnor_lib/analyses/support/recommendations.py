"""Addressed recommendations by rule: what a school's verdicts and conditions give cause for, with the evidence beside it.

The catalogue ``recommendations.yml`` is data: every recommendation is drawn from measures of the shipped programmes and names
them; every rule is one of a closed list of words. A rule speaks of needs (an indicator that a criterion of any method found low,
a zone of risk, posts below the norm, results to be checked), never of the names of one method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field, model_validator

from shnor_lib.analyses.context import Context
from shnor_lib.analyses.objectivity import biased_schools, observed_schools
from shnor_lib.analyses.risks import HIGH, ZONE, risk_catalogue
from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.criteria.measure import MET
from shnor_lib.indicators import catalogue
from shnor_lib.indicators.window import full_names, names_matching
from shnor_lib.office.office import Office
from shnor_lib.params.methods import Name, Slug, Title, Year
from shnor_lib.params.profiles import RiskFactor, StaffNorm
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
    """Any criterion of the method that looks at one of these indicators is met, whatever the method calls it."""

    rule: Literal["criterion_met"]
    indicators: tuple[Name, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> CriterionMet:
        for name in self.indicators:
            _refuse_unknown(name)
        return self


class GroundMet(Strict):
    """Any criterion of a ground is met, whatever the method."""

    rule: Literal["ground_met"]
    ground: Literal["results", "social", "staff", "resources"]


class InCategory(Strict):
    """The school is in a category, or too little is known to say."""

    rule: Literal["category"]
    category: Name
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
        _refuse_unknown(self.indicator)
        if (self.reference is None) == (self.assumption is None):
            raise ValueError(
                "порог объясняется ровно одним из полей reference (документ) и assumption (наше допущение)"
            )
        return self


class AtRisk(Strict):
    """A condition of report 40 is at this level of risk or a higher one; its borders are those of the office."""

    rule: Literal["risk"]
    factor: Name
    level: Literal["medium", "high"]

    @model_validator(mode="after")
    def _known(self) -> AtRisk:
        factors = risk_catalogue().risk_factors
        if self.factor not in factors:
            raise ValueError(f"нет фактора риска «{self.factor}»{nearest(self.factor, factors)}")
        return self


class PostsLacking(Strict):
    """Report 40 advises to add posts of a specialist (:func:`shnor_lib.analyses.risks.staffing_advice`)."""

    rule: Literal["posts_lacking"]


class ResultsDoubtful(Strict):
    """Report 30 advises to check the results of the school (:func:`shnor_lib.analyses.objectivity.observed_schools`)."""

    rule: Literal["results_doubtful"]


POSTS_LACKING, RESULTS_DOUBTFUL = "posts_lacking", "results_doubtful"


def _refuse_unknown(indicator: str) -> None:
    if indicator not in catalogue():
        raise ValueError(f"нет показателя «{indicator}»{nearest(indicator, catalogue())}")


Rule = Annotated[
    CriterionMet | GroundMet | InCategory | AgainstThreshold | AtRisk | PostsLacking | ResultsDoubtful,
    Field(discriminator="rule"),
]


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

    One row per school, recommendation and cause, ordered by school and catalogue: ``basis`` is a criterion, a category, a
    specialist or a full name of an indicator (``rule`` says which; a risk is told by the side of its border), ``reference``
    where the threshold comes from.
    """
    entries, needs = entries or recommendation_catalogue(), Needs(office)
    groups = school_groups(office.identification)
    found = []
    for name, entry in entries.recommendations.items():
        causes = pd.concat([_causes(rule, needs) for rule in entry.when])
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


@dataclass(frozen=True)
class Needs:
    """What is known of the needs of an office's schools, each part computed when a rule first asks for it."""

    office: Office

    @cached_property
    def values(self) -> pd.DataFrame:
        """Indicators of the schools in the year of the run, with their ``base``: the name without the part."""
        rows = self.office.indicators
        now = rows[rows["level"].eq("school") & rows["year"].eq(self.office.year) & rows["value"].notna()]
        return now.assign(base=now["indicator"].str.replace(r"\[.*", "", regex=True))

    @cached_property
    def context(self) -> Context:
        """The conditions of the schools, as report 40 tells them."""
        return Context(self.office)

    @cached_property
    def biased(self) -> pd.DataFrame:
        """The markers of biased results, as report 30 tells them."""
        return biased_schools(self.office)


def _causes(rule: Rule, needs: Needs) -> pd.DataFrame:
    office = needs.office
    match rule:
        case InCategory():
            answers = office.identification
            own = answers[answers["category"].eq(rule.category) & answers["identified"].eq(rule.answer)]
            return own[["school_id"]].assign(rule=rule.rule, basis=rule.category)
        case AgainstThreshold():
            return _against_threshold(rule, needs.values)
        case AtRisk():
            return _at_risk(rule, needs)
        case PostsLacking():
            return _posts_lacking(rule, needs.context)
        case ResultsDoubtful():
            doubtful = needs.biased[needs.biased["school_id"].isin(observed_schools(needs.biased))]
            causes = doubtful[["school_id", "markers", "chance"]].explode("markers")
            return causes.rename(columns={"markers": "basis", "chance": "value"}).assign(rule=rule.rule)
    criteria = office.method.criteria
    named = [
        name
        for name, one in criteria.items()
        if (one.indicator in rule.indicators if isinstance(rule, CriterionMet) else one.ground == rule.ground)
    ]
    met = office.verdicts[office.verdicts["criterion"].isin(named) & office.verdicts["verdict"].eq(MET)]
    kept = met.rename(columns={"criterion": "basis", "participants": "denominator"})
    return kept[["school_id", "basis", "value", "threshold", "denominator", "reference"]].assign(rule=rule.rule)


def _at_risk(rule: AtRisk, needs: Needs) -> pd.DataFrame:
    factor = needs.context.factors[rule.factor]
    matrix = needs.context.matrix
    levels = ZONE[: ZONE.index(rule.level) + 1]
    own = matrix[matrix["factor"].eq(rule.factor) & matrix["level"].isin(levels)]
    border = factor.high if levels == (HIGH,) or factor.medium is None else factor.medium
    counts = needs.values.loc[needs.values["indicator"].eq(factor.name), ["school_id", "numerator", "denominator"]]
    return (
        own[["school_id", "value"]]
        .merge(counts, on="school_id", how="left")
        .assign(rule=factor.rule, basis=factor.name, threshold=border, reference=_explained(factor))
    )


def _posts_lacking(rule: PostsLacking, context: Context) -> pd.DataFrame:
    advised = context.advised.rename(
        columns={"specialist": "basis", "posts": "value", "needed": "threshold", "children": "denominator"}
    )
    references = advised["basis"].map({name: _explained(norm) for name, norm in context.norms.items()})
    return advised[["school_id", "basis", "value", "threshold", "denominator"]].assign(
        rule=rule.rule, reference=references
    )


def _explained(declared: RiskFactor | StaffNorm) -> str:
    """Where a border or a norm comes from, in one text."""
    return "; ".join(text for text in (declared.reference, declared.assumption) if text)


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
