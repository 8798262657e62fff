"""Addressed recommendations by rule: what a school's verdicts and conditions give cause for, with the evidence beside it.

The catalogue (:mod:`shnor_lib.params.recommendations`) is data. A rule speaks of needs (an indicator that a criterion of any method
found low, a zone of risk, posts below the norm, results to be checked), never of the names of one method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from shnor_lib.analyses.context import Context
from shnor_lib.analyses.naming import NEED, answers_on_need
from shnor_lib.analyses.objectivity import biased_schools, observed_schools
from shnor_lib.analyses.risks import HIGH, ZONE
from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.criteria.measure import MET
from shnor_lib.indicators.causes import NOT_DELIVERED, TOO_FEW
from shnor_lib.indicators.window import full_names, names_matching
from shnor_lib.office.office import Office
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import RiskFactor, StaffNorm
from shnor_lib.params.recommendations import (
    AgainstThreshold,
    AtRisk,
    CriterionMet,
    InCategory,
    PostsLacking,
    RecommendationCatalogue,
    ResultsDoubtful,
    Rule,
    put_over,
    recommendation_catalogue,
)

POSTS_LACKING, RESULTS_DOUBTFUL = "posts_lacking", "results_doubtful"

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


def office_recommendations(office: Office) -> RecommendationCatalogue:
    """The recommendations that hold for an office: the shipped ones with its own over them."""
    return put_over(recommendation_catalogue(), office.profile)


def categories_meant(word: str, method: Method) -> list[str]:
    """The categories that a rule names: one of them, or by a word of :data:`shnor_lib.params.recommendations.MEANT`."""
    meant = {"any": method.of_purpose(*NEED), "main": [method.main], "partners": list(method.with_partners)}
    return meant.get(word, [word])


def recommend(office: Office, entries: RecommendationCatalogue | None = None) -> pd.DataFrame:
    """Recommendations for every school of an office with everything that gave cause; ``entries`` are those of the office unless given.

    One row per school, recommendation and cause, ordered by school and catalogue: ``basis`` is a criterion, a category, a
    specialist or a full name of an indicator (``rule`` says which; a risk is told by the side of its border), ``reference``
    where the threshold comes from.
    """
    entries, needs = entries or office_recommendations(office), Needs(office)
    groups = school_groups(answers_on_need(office))
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
            named = answers["category"].isin(categories_meant(rule.category, office.method))
            own = answers[named & answers["identified"].eq(rule.answer)]
            if rule.answer == INSUFFICIENT:  # what is not comparable or not distinguished is not cured by collecting
                own = own[own["cause"].isin([NOT_DELIVERED, TOO_FEW])]
            return own[["school_id", "category"]].rename(columns={"category": "basis"}).assign(rule=rule.rule)
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
        if (
            one.indicator in rule.indicators or name in rule.criteria
            if isinstance(rule, CriterionMet)
            else one.ground == rule.ground
        )
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
