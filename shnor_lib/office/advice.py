"""Whether the recommendations of a workspace and an office name what is known: indicators, criteria, risks, categories, measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shnor_lib.indicators import Catalogue
from shnor_lib.inputs.own import CATEGORY_WORDS
from shnor_lib.office.rules import Misfit
from shnor_lib.params.methods import KNOWN_GROUNDS
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import (
    method_names,
    read_method,
    read_own_recommendations,
    read_own_risks,
    read_profile,
    risk_catalogue,
)
from shnor_lib.params.recommendations import (
    MEANT,
    AgainstThreshold,
    AtRisk,
    CriterionMet,
    GroundMet,
    InCategory,
    OwnRecommendations,
    Rule,
    put_over,
    recommendation_catalogue,
)
from shnor_lib.params.yaml_files import Misplaced, ParamsError, nearest
from shnor_lib.workspace import OWN_RECOMMENDATIONS


@dataclass(frozen=True)
class Known:
    """The names that a rule may say."""

    indicators: frozenset[str]
    criteria: frozenset[str]
    factors: frozenset[str]
    grounds: frozenset[str]

    @classmethod
    def of(cls, workspace: Path, profile: Profile, indicators: Catalogue) -> Known:
        """The names of the library, of the workspace with its methods, and of the office."""
        criteria: set[str] = set()
        indices: set[str] = set()
        grounds = set(KNOWN_GROUNDS)
        for name in method_names(workspace):
            try:
                method = read_method(workspace, name)
            except ParamsError:  # it says so where it is used
                continue
            criteria |= set(method.criteria)
            indices |= set(method.indices)
            grounds |= set(method.grounds)
        factors = {**risk_catalogue().risk_factors, **read_own_risks(workspace).risk_factors, **profile.risk_factors}
        return cls(frozenset(indicators) | indices, frozenset(criteria), frozenset(factors), frozenset(grounds))


def misfits_of_advice(own: OwnRecommendations, file: str, known: Known, below: OwnRecommendations) -> Iterator[Misfit]:
    """Names in rules that nobody knows, entries that are not whole, sources of unknown documents.

    ``below``: what the entries stand over beside the shipped ones, the workspace's under an office's.
    """
    for name, entry in own.recommendations.items():
        for number, rule in enumerate(entry.when or ()):
            for key, problem in _unknown_names(rule, known):
                place = ("recommendations", name, "when", number)
                yield Misfit(file, (*place, key), ".".join(map(str, (*place, key))), problem)
        alone = OwnRecommendations(
            documents=below.documents | own.documents,
            recommendations=below.recommendations
            | {name: entry.over(below.recommendations[name]) if name in below.recommendations else entry},
        )
        try:
            put_over(recommendation_catalogue(), alone)
        except Misplaced as error:
            yield Misfit(file, error.place, ".".join(error.place), str(error))


def _unknown_names(rule: Rule, known: Known) -> Iterator[tuple[str, str]]:
    match rule:
        case CriterionMet():
            yield from (
                ("indicators", f"нет показателя «{one}»{nearest(one, known.indicators)}")
                for one in rule.indicators
                if one not in known.indicators
            )
            yield from (
                ("criteria", f"нет критерия «{one}»{nearest(one, known.criteria)}")
                for one in rule.criteria
                if one not in known.criteria
            )
        case AgainstThreshold() if rule.indicator not in known.indicators:
            yield "indicator", f"нет показателя «{rule.indicator}»{nearest(rule.indicator, known.indicators)}"
        case GroundMet() if rule.ground not in known.grounds:
            yield "ground", f"нет основания «{rule.ground}»{nearest(rule.ground, known.grounds)}"
        case AtRisk() if rule.factor not in known.factors:
            yield "factor", f"нет фактора риска «{rule.factor}»{nearest(rule.factor, known.factors)}"
        case InCategory() if rule.category not in (allowed := {*MEANT, *CATEGORY_WORDS}):
            yield "category", f"категории «{rule.category}» нет ни в одной методике{nearest(rule.category, allowed)}"


def misfits_of_measures(workspace: Path, municipality: str, year: int, measures: Iterable[str]) -> Iterator[Misfit]:
    """Measures that recommendations are said to be carried out by, and that the programme of the office does not have.

    Nothing where no measures are delivered or no schools, whose measures are left out then, and for years before the last one of the profile: the programme grew since.
    """
    known, profile = set(measures), read_profile(workspace, municipality)
    if not known or year < profile.years[-1]:
        return
    files: dict[str, OwnRecommendations] = {
        OWN_RECOMMENDATIONS: read_own_recommendations(workspace),
        f"params/{municipality}.yml": profile,
    }
    for file, own in files.items():
        for name, entry in own.recommendations.items():
            for number, measure in enumerate(entry.measures or ()):
                if measure not in known:
                    place = ("recommendations", name, "measures", number)
                    problem = f"меры «{measure}» нет в таблице «Меры поддержки»{nearest(measure, known)}"
                    yield Misfit(file, place, ".".join(map(str, place)), problem)
