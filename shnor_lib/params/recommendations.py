"""Addressed recommendations: what an entry of the catalogue may say, the shipped entries, and an office's own over them.

Every rule is one of a closed list of words and speaks of needs; every entry names the documents it is drawn from, or says that it is
a suggestion. Whether the names in it are known is checked where they are known (:mod:`shnor_lib.office.advice`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shnor_lib.params.methods import Name, Slug, Title, Year
from shnor_lib.params.yaml_files import Misplaced, Strict, nearest, read_yaml

Area = Literal["staff", "teaching", "pupils", "families", "resources", "management", "other"]
MEANT = ("any", "main", "partners")
"""What a ``category`` rule may name in place of one category: any that needs help, the main one, those whose schools get a partner."""


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
    """Any criterion of the method that looks at one of these indicators is met, whatever the method calls it, or one of these criteria."""

    rule: Literal["criterion_met"]
    indicators: tuple[Name, ...] = ()
    criteria: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _named(self) -> CriterionMet:
        if not self.indicators and not self.criteria:
            raise ValueError("нужен показатель (indicators) или критерий (criteria)")
        return self


class GroundMet(Strict):
    """Any criterion of a ground is met, whatever the method; the ground is one that the library knows or a method has of its own."""

    rule: Literal["ground_met"]
    ground: Name


class InCategory(Strict):
    """The school is in a category, or too little is known to say: one category by its name, or those that :data:`MEANT` says."""

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
    def _explained(self) -> AgainstThreshold:
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


class PostsLacking(Strict):
    """Report 40 advises to add posts of a specialist (:func:`shnor_lib.analyses.risks.staffing_advice`)."""

    rule: Literal["posts_lacking"]


class ResultsDoubtful(Strict):
    """Report 30 advises to check the results of the school (:func:`shnor_lib.analyses.objectivity.observed_schools`)."""

    rule: Literal["results_doubtful"]


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
    areas : causes of which areas it answers (table ``causes``).
    when : rules, any of which gives cause.
    sources, suggestion : where it comes from, or that it is no document's: a suggestion of ours or, in ``own`` entries, of the office.
    shown_by : which record of a school shows that it is being carried out without any measure: its programme, its curator or its partnership.
    measures : measures of the office's own programme that carry it out: an empty list when none does, nothing when nobody has said.
    own : what of it the office has written: ``new`` the whole entry, ``words`` the title or the text.
    """

    level: Literal["municipality", "school"]
    schools: Literal["supported", "all", "unknown"] = "supported"
    title: Annotated[str, Field(min_length=1, max_length=60)]
    text: Title
    areas: tuple[Area, ...] = ()
    when: tuple[Rule, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = ()
    suggestion: bool = False
    shown_by: Literal["programme", "curator", "partner"] | None = None
    measures: tuple[str, ...] | None = None
    own: Literal["new", "words"] | None = None

    @model_validator(mode="after")
    def _from_somewhere(self) -> Recommendation:
        if bool(self.sources) == self.suggestion:
            raise ValueError("нужно одно из двух: sources (документы) или suggestion: true (предложение)")
        return self


class OwnRecommendation(Strict):
    """An entry of an office: new, or what it changes in the shipped one of the same name; ``off`` switches that one off."""

    off: bool | None = None
    level: Literal["municipality", "school"] | None = None
    schools: Literal["supported", "all", "unknown"] | None = None
    title: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    text: Title | None = None
    areas: tuple[Area, ...] | None = None
    when: Annotated[tuple[Rule, ...], Field(min_length=1)] | None = None
    sources: Annotated[tuple[Source, ...], Field(min_length=1)] | None = None
    suggestion: bool | None = None
    shown_by: Literal["programme", "curator", "partner"] | None = None
    measures: tuple[str, ...] | None = None

    @property
    def said(self) -> dict[str, object]:
        """The fields that the entry states."""
        return {
            name: value
            for name in type(self).model_fields
            if name != "off" and (value := getattr(self, name)) is not None
        }

    def over(self, other: OwnRecommendation) -> OwnRecommendation:
        """The other entry with what this one states in its place."""
        return other.model_copy(update=self.said | ({} if self.off is None else {"off": self.off}))


class OwnRecommendations(Strict):
    """Recommendations of a workspace or an office, over the shipped ones or beside them, and the documents of its own that they name."""

    documents: dict[Slug, Document] = Field(default_factory=dict)
    recommendations: dict[Name, OwnRecommendation] = Field(default_factory=dict)


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
    return read_yaml(
        Path(__file__).with_name("recommendations.yml"), RecommendationCatalogue, "shnor_lib/params/recommendations.yml"
    )


def put_over(shipped: RecommendationCatalogue, own: OwnRecommendations) -> RecommendationCatalogue:
    """The catalogue with an office's entries over the shipped ones, those switched off left out.

    Raises
    ------
    Misplaced
        For an entry that is new and lacks what one needs, and for one that switches off what is not there.
    """
    found, documents = dict(shipped.recommendations), shipped.documents | own.documents
    for name, one in own.recommendations.items():
        before = found.pop(name, None) if one.off else found.get(name)
        if one.off:
            if before is None:
                raise Misplaced(
                    ("recommendations", name), f"нет рекомендации «{name}»{nearest(name, shipped.recommendations)}"
                )
            continue
        found[name] = _entry(name, before, one)
        for source in found[name].sources:
            if source.document not in documents:
                place, near = ("recommendations", name, "sources"), nearest(source.document, documents)
                raise Misplaced(place, f"неизвестный документ «{source.document}»{near}")
    return RecommendationCatalogue(documents=documents, recommendations=found)


def _entry(name: str, before: Recommendation | None, one: OwnRecommendation) -> Recommendation:
    said = one.said
    if before is None:
        lacking = [key for key in ("level", "title", "text", "when") if key not in said]
        lacking += [] if one.sources or one.suggestion else ["sources или suggestion"]
        if lacking:
            raise Misplaced(("recommendations", name), f"новой рекомендации «{name}» не хватает: {', '.join(lacking)}")
        kept: dict[str, object] = {"own": "new"}
    else:
        kept = {key: getattr(before, key) for key in Recommendation.model_fields}
        if "sources" in said or "suggestion" in said:
            kept |= {"sources": (), "suggestion": False}
        if {"title", "text"} & set(said):
            kept["own"] = "words"
    try:
        return Recommendation(**kept | said)
    except ValueError as error:
        raise Misplaced(("recommendations", name), f"рекомендация «{name}»: {error}") from None
