"""Methods: indices, criteria and decisions as data, checked once when read and frozen afterwards.

A criterion says which indicator, pooled how over which window, is held against which threshold by one of a closed list of
rule words; every choice the document leaves open is a field with a default, named under ``assumptions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    SerializeAsAny,
    Tag,
    ValidationError,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shnor_lib.params.causes import of_model
from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import (
    Aggregate,
    Aggregation,
    Imputation,
    IndexRecipe,
    MinMax,
    Normalisation,
    PlainMean,
    Power,
    Rank,
    Treatment,
    ZScore,
)
from shnor_lib.params.titles import TitleError, check_title, filled, has_numbers, numbers_of
from shnor_lib.params.yaml_files import Misplaced, Strict, nearest

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Title = Annotated[str, Field(min_length=1, max_length=600)]
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
Share = Annotated[float, Field(ge=0, le=1)]
MonthDay = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]
Level = Literal["municipality", "region", "country"]
Specialist = Literal[
    "psychologists", "social_pedagogues", "speech_therapists", "defectologists", "additional_education"
]


LEAST_OTHERS = 2
"""Our assumption: a school is compared over procedures that at least so many other schools took."""


class Pooled(Strict):
    """An indicator and how its procedures and years are put together.

    Attributes
    ----------
    indicator : name of an indicator or of one of the method's indices; without the brackets when ``parts`` are given.
    parts : procedures or stages to pool, ``*`` allowed (``EGE/maths_any/11``: both levels of ЕГЭ maths together).
    window : number of calendar years ending with the year of the run; gaps are tolerated and shown.
    also : other indicators that stand beside it, on the same scale, for the maximum or minimum of them all.
    pooling : ``ratio`` (sum of numerators over sum of denominators), ``mean`` (by participants), ``latest`` (the last year
        that has a value), ``deviation`` (how far the school is from the others of its municipality, whatever procedures it took),
        ``maximum`` and ``minimum`` (the highest, the lowest of all parts and years: known only where all parts are).
    minimum_others : least number of other schools behind a procedure that a school is compared over.
    round_to : decimal places that the value is rounded to, half away from zero, before it is compared or combined; -1 rounds to tens.
    """

    indicator: Name
    also: tuple[Name, ...] = ()
    parts: tuple[str, ...] = ()
    window: Annotated[int, Field(ge=1, le=10)] = 1
    pooling: Literal["ratio", "mean", "latest", "deviation", "maximum", "minimum"] = "latest"
    minimum_others: Annotated[int, Field(ge=1)] = LEAST_OTHERS
    round_to: Annotated[int, Field(ge=-4, le=8)] | None = None

    @property
    def asks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The indicators that the value and what it is held against are made of, with their parts."""
        return tuple((name, self.parts) for name in (self.indicator, *self.also))

    @property
    def extreme(self) -> bool:
        """Whether the value is one of its parts: the highest or the lowest."""
        return self.pooling in ("maximum", "minimum")

    @model_validator(mode="after")
    def _beside_what(self) -> Pooled:
        if self.also and not self.extreme:
            raise Misplaced(
                ("also",), "also берут наибольшее или наименьшее из показателей: нужно pooling: maximum или minimum"
            )
        return self


class Measure(Pooled):
    """How a criterion's value is made from an indicator.

    Attributes
    ----------
    minimum_participants : below it the value is not assessed; unknown numbers of participants do not count as few.
    minimum_coverage : least share of the applicable procedures × years that must have a value.
    """

    minimum_participants: Annotated[int, Field(ge=0)] = 0
    minimum_coverage: Share = 0.0

    @model_validator(mode="before")
    @classmethod
    def _whole_extremes(cls, given: Any) -> Any:
        """An unknown part might be the highest or the lowest: all are needed unless the method says otherwise."""
        if isinstance(given, dict) and given.get("pooling") in ("maximum", "minimum"):
            return {"minimum_coverage": 1.0} | given
        return given


class CriterionBase(Measure):
    """What every criterion has besides its rule.

    Attributes
    ----------
    title, short : in headings and in charts; written with slots for the numbers of the rule (:mod:`shnor_lib.params.titles`).
    """

    category: Name
    ground: Name
    by_word: ClassVar[dict[str, type[CriterionBase]]] = {}
    """The criterion of every rule word: a class is here as soon as it is written, wherever that is."""

    title_template: Title = Field(alias="title")
    short_template: Annotated[str, Field(min_length=1, max_length=40, alias="short")]
    reference: Title
    assumptions: dict[str, Title] = Field(default_factory=dict)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        CriterionBase.by_word |= dict.fromkeys(get_args(cls.model_fields["rule"].annotation), cls)

    @property
    def title(self) -> str:
        """The heading, with the numbers of the rule as it is in force."""
        return filled(self.title_template, numbers_of(self))

    @property
    def sign(self) -> str:
        """The title as something that a school has or has not."""
        return self.title

    @property
    def short(self) -> str:
        """The title in charts."""
        return filled(self.short_template, numbers_of(self))

    @model_validator(mode="after")
    def _titles_follow(self) -> CriterionBase:
        for field, template in (("title", self.title_template), ("short", self.short_template)):
            if has_numbers(template):
                check_title(field, template, numbers_of(self))
        if len(self.short) > 30:
            raise TitleError("short", f"короткое название длиннее 30 знаков: «{self.short}»")
        return self

    @model_validator(mode="after")
    def _assumptions_name_fields(self) -> CriterionBase:
        for name in self.assumptions:
            if name not in vars(self):
                raise ValueError(f"допущение о неизвестном параметре «{name}»{nearest(name, vars(self))}")
        return self


class FixedThreshold(CriterionBase):
    """The value against a fixed number: at most, below, at least, above."""

    rule: Literal["at_most", "below", "at_least", "above"]
    threshold: float


class ShareOfSchools(CriterionBase):
    """The share of schools with the lowest (highest) values of a population.

    Attributes
    ----------
    threshold : share of schools, 0.25 for a quarter.
    population : schools of the municipality or of its region; ``within`` ranks inside each kind or locality.
    rounding : of share × number of schools; ``ties`` says whether schools equal to the last one enter with it.
    tie_tolerance : how many schools more (or fewer) than its number the share may hold for the sake of equal ones, as a share
        of the ranked schools; always at least one school. Equal schools beyond that are not told apart.
    minimum_schools : fewer ranked schools are not ranked at all.
    """

    rule: Literal["lowest_share", "highest_share"]
    threshold: Annotated[float, Field(gt=0, lt=1)]
    population: Literal["municipality", "region"] = "municipality"
    within: Literal["kind", "locality"] | None = None
    rounding: Literal["nearest", "up", "down"] = "nearest"
    ties: Literal["include", "exclude"] = "include"
    tie_tolerance: Share = 0.1
    minimum_schools: Annotated[int, Field(ge=2)] = 4
    minimum_ranked: Share = 0.5

    @property
    def sign(self) -> str:
        """A school is among «25 % школ…»; a title in other words stays as it is."""
        return f"Среди {self.title}" if self.title[0].isdigit() else self.title


class AgainstBenchmark(CriterionBase):
    """The value against the mean of the municipality, region or country.

    Attributes
    ----------
    threshold : the difference, in the unit of the indicator (0.10 = ten percentage points) or relative to the benchmark.
    strict : "more than" (True) or "at least" (False).
    """

    rule: Literal["below_benchmark_by", "above_benchmark_by"]
    threshold: float
    benchmark: Level
    kind: Literal["points", "relative"] = "points"
    strict: bool = True

    @model_validator(mode="after")
    def _like_with_like(self) -> AgainstBenchmark:
        if self.extreme:
            raise Misplaced(
                ("pooling",), "наибольшее или наименьшее из частей со средним не сравнивается: части у всех разные"
            )
        return self


class LowInProcedures(CriterionBase):
    """Many pupils below the minimum in several procedures, or in one procedure again and again.

    Attributes
    ----------
    parts_from : the procedures from a year on, where they are others than ``parts``: each year has those named last.
    threshold : share of participants below the minimum that makes a procedure low.
    strict : "more than" (True) or "at least" (False).
    distinct : number of different low procedures that is enough; None: any number is not.
    repeated : number of years in which one procedure is low that is enough; None: again and again is not asked.
    across_breaks : whether years of one procedure are years of the same one although a break of its series lies between
        (``breaks.yml``: other conditions, another time of the year). Where not, such years say nothing of ``repeated``.
    minimum_procedures : fewer assessed procedures (each year of one counts) say nothing of a school, however few its office has
        delivered; ``distinct`` where not given, else ``repeated``.
    use_official_list : whether rows of ``low_procedures`` count as low procedures.
    """

    rule: Literal["low_in_procedures"]
    threshold: Share
    strict: bool = False
    parts_from: dict[Year, tuple[str, ...]] = Field(default_factory=dict)
    distinct: Annotated[int, Field(ge=1)] | None = 2
    repeated: Annotated[int, Field(ge=1)] | None = 2
    across_breaks: bool = True
    minimum_procedures: Annotated[int, Field(ge=1)] | None = None
    use_official_list: bool = True
    exclude_special_types: bool = True

    @model_validator(mode="after")
    def _asks_something(self) -> LowInProcedures:
        if self.distinct is None and self.repeated is None:
            raise Misplaced(("repeated",), "нужно distinct или repeated: сколько процедур или сколько лет достаточно")
        if self.distinct is None and self.repeated > self.window:
            raise Misplaced(("repeated",), f"repeated: {self.repeated} лет не помещаются в окно window: {self.window}")
        return self

    def parts_of(self, year: int) -> tuple[str, ...]:
        """The procedures looked at in a year."""
        named = [first for first in self.parts_from if first <= year]
        return self.parts_from[max(named)] if named else self.parts

    @property
    def asks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ((self.indicator, self.every_part),)

    @property
    def every_part(self) -> tuple[str, ...]:
        """The procedures of all years."""
        return tuple(dict.fromkeys(part for parts in (self.parts, *self.parts_from.values()) for part in parts))


class OneOf(CriterionBase):
    """The value is one of the listed numbers (a grade or a category written as a number)."""

    rule: Literal["one_of"]
    allowed: tuple[float, ...]


class OwnThreshold(CriterionBase):
    """The value against a threshold of the school's own: by its kind, or from a column. Without a threshold nothing is judged.

    Attributes
    ----------
    by, thresholds : a column of the registry and the threshold of each of its words; or
    threshold_from : an indicator that holds the threshold of each school; its last value of the window counts.
    """

    rule: Literal["at_most_own", "below_own", "at_least_own", "above_own"]
    by: Literal["kind", "locality", "highest_grade"] | None = None
    thresholds: dict[Annotated[str, BeforeValidator(str)], float] = Field(default_factory=dict)
    threshold_from: Name | None = None

    @model_validator(mode="after")
    def _one_source(self) -> OwnThreshold:
        if bool(self.thresholds) == bool(self.threshold_from) or bool(self.by) != bool(self.thresholds):
            raise Misplaced(
                ("rule",),
                "порог школы задают by и thresholds вместе (порог для каждого вида) либо threshold_from (показатель)",
            )
        return self

    @property
    def asks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (*super().asks, *(((self.threshold_from, ()),) if self.threshold_from else ()))


class Scale(Strict):
    """Ordered grades of one score: from which score each begins; the lowest has no beginning (``null``).

    Examples
    --------
    >>> Scale(grades={"A": 70, "B": 40, "C": None}, reference="р").ascending
    (('C', None), ('B', 40.0), ('A', 70.0))
    """

    grades: Annotated[dict[Annotated[str, BeforeValidator(str)], float | None], Field(min_length=2)]
    reference: Title
    assumptions: dict[str, Title] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ordered(self) -> Scale:
        begins = list(self.grades.values())
        if begins.count(None) != 1:
            raise Misplaced(("grades",), "у одной, самой низкой, оценки нет нижней границы: напишите ей null")
        if len(set(begins)) < len(begins):
            raise Misplaced(("grades",), "две оценки начинаются с одного балла")
        return self

    @property
    def ascending(self) -> tuple[tuple[str, float | None], ...]:
        """The grades from the lowest, each with where it begins."""
        return tuple(sorted(self.grades.items(), key=lambda one: (one[1] is not None, one[1] or 0)))


class Graded(CriterionBase):
    """The score has one of the named grades of a scale of the method.

    ``cuts`` is the scale, put there when the method is read.
    """

    rule: Literal["graded"]
    scale: Name
    grades: Annotated[tuple[Annotated[str, BeforeValidator(str)], ...], Field(min_length=1)]
    cuts: Annotated[Scale | None, Field(exclude=True)] = None


def _by_its_word(given: Any, _check: Callable[[Any], CriterionBase]) -> CriterionBase:
    """A criterion checked as its rule word says."""
    if isinstance(given, CriterionBase):
        return given
    word, words = given.get("rule") if isinstance(given, dict) else None, CriterionBase.by_word
    if word not in words:
        told = {"tag": repr(word), "expected_tags": ", ".join(map(repr, words))}
        raise PydanticCustomError("union_tag_invalid", "слова {tag} нет среди правил: {expected_tags}", told)
    return words[word].model_validate(given)


Criterion = Annotated[SerializeAsAny[CriterionBase], WrapValidator(_by_its_word)]


class IndexComponent(Pooled):
    """One indicator of an index; ``direction`` -1 turns it so that more is always better for the school's index.

    ``parent`` names one of the index's ``aggregates``; without it the component hangs on the index itself. ``weight_from``: an
    indicator that holds the weight of each school, ``weight`` times it; a component of weight 0 is not asked of the school, one of
    unknown weight leaves the index unknown.
    """

    parent: Name | None = None
    direction: Literal[1, -1]
    weight: Annotated[float, Field(ge=0)] = 1.0
    weight_from: Name | None = None
    goalposts: tuple[float, float] | None = None
    short: Annotated[str, Field(min_length=1, max_length=30)]
    reference: Title
    assumption: Title | None = None

    @property
    def asks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (*super().asks, *(((self.weight_from, ()),) if self.weight_from else ()))


class Index(Strict):
    """A composite index of indicators; higher is better. Its stages are those of :mod:`shnor_lib.statistics.composite`.

    Attributes
    ----------
    minimum_available : least share of the components that must be present, else the index is missing.
    population : over which schools the normalisation runs.
    """

    title: Title
    components: dict[Name, IndexComponent] = Field(min_length=1)
    aggregates: tuple[Aggregate, ...] = ()
    normalisation: Normalisation = MinMax()
    aggregation: Aggregation = PlainMean()
    treatment: Treatment | None = None
    imputation: Imputation | None = None
    minimum_available: Share = 0.6
    population: Literal["municipality", "region"] = "municipality"
    reference: Title
    assumptions: dict[str, Title] = Field(default_factory=dict)

    @property
    def weighed_by_school(self) -> bool:
        """Whether schools have weights of their own."""
        return any(one.weight_from for one in self.components.values())

    @model_validator(mode="after")
    def _plain_where_weighed(self) -> Index:
        plain = self.aggregation.method == "arithmetic" and not (self.aggregates or self.treatment or self.imputation)
        if self.weighed_by_school and not plain:
            raise Misplaced(
                ("components",),
                "weight_from бывает у взвешенного среднего без ступеней: уберите aggregates, treatment, imputation и другое "
                "aggregation или сделайте из ступени отдельный индекс",
            )
        return self

    def recipe(self, name: str) -> IndexRecipe:
        """The recipe that composes the index; its columns are the names of the components."""
        return IndexRecipe(
            indicators=[
                one.model_dump(include={"direction", "weight", "goalposts"})
                | {"id": component, "parent": one.parent or name}
                for component, one in self.components.items()
            ],
            aggregates=[
                Aggregate(id=name),
                *(one.model_copy(update={"parent": one.parent or name}) for one in self.aggregates),
            ],
            minimum_available=self.minimum_available,
            normalisation=self.normalisation,
            aggregation=self.aggregation,
            treatment=self.treatment,
            imputation=self.imputation,
            constant_indicator="drop",
        )


class CategoryWords(NamedTuple):
    """How a category is called: in cells, over its list, and in full where it is named first."""

    abbreviation: str
    title: str
    full_title: str

    @property
    def called(self) -> str:
        """The abbreviation inside a sentence; words that are no abbreviation stand in quotes.

        >>> CategoryWords("ШНОР", "", "").called, CategoryWords("группа риска", "", "").called
        ('ШНОР', '«группа риска»')
        """
        return self.abbreviation if self.abbreviation.isupper() else f"«{self.abbreviation}»"


KNOWN_CATEGORIES = {
    "low_results": CategoryWords(
        "ШНОР", "Школы с низкими образовательными результатами", "школа с низкими образовательными результатами"
    ),
    "adverse_conditions": CategoryWords(
        "ШНСУ",
        "Школы в неблагоприятных социальных условиях",
        "школа в неблагоприятных социальных условиях",
    ),
}
"""The categories that a method need not name."""


KNOWN_GROUNDS = {
    "results": "результаты",
    "social": "социальный состав",
    "staff": "кадры",
    "resources": "ресурсы",
}
"""What criteria rest on, which a method need not name."""


class Group(Strict):
    """Several conditions as one: each is the name of a criterion or a group again. Unknown stays unknown where it could decide.

    Attributes
    ----------
    all, any, none : holds when all of them, any of them, none of them hold.
    of, at_least : holds when so many of these hold.
    category : holds when the school belongs to another category of the method, by the calculation.
    years, years_identified : holds when it does in so many of so many years, the year of the run first.
    """

    all: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    any: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    none: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    of: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = None
    at_least: Annotated[int, Field(ge=1)] | None = None
    category: Name | None = None
    years: Annotated[int, Field(ge=1, le=10)] = 1
    years_identified: Annotated[int, Field(ge=1, le=10)] = 1

    @model_validator(mode="after")
    def _says_one_thing(self) -> Group:
        said = [word for word in ("all", "any", "none", "of", "category") if getattr(self, word) is not None]
        if len(said) != 1:
            raise ValueError(
                f"нужно одно из слов all, any, none, of, category, а названо: {', '.join(said) or 'ничего'}"
            )
        if (self.of is None) != (self.at_least is None):
            raise ValueError("of и at_least нужны вместе: сколько условий достаточно и из каких")
        if self.of is not None and self.at_least > len(self.of):
            raise ValueError(f"at_least: {self.at_least} больше числа условий ({len(self.of)})")
        if self.years_identified > self.years:
            raise ValueError(f"years_identified: {self.years_identified} больше years ({self.years})")
        return self

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the group is made of."""
        return self.all or self.any or self.none or self.of or ()

    @property
    def once(self) -> Group:
        """The group in one year."""
        return self.model_copy(update={"years": 1, "years_identified": 1})


Condition = Annotated[
    Annotated[Name, Tag("criterion")] | Annotated[Group, Tag("group")],
    Discriminator(lambda given: "criterion" if isinstance(given, str) else "group"),
]
"""The name of a criterion, or a group of conditions."""


class Decision(Strict):
    """A category: how it is called, and how verdicts become a decision on it.

    Attributes
    ----------
    abbreviation, title, full_title : in cells, over the list, in full; a category that the library does not know states the first two.
    purpose : what the list is for: schools that need ``help``, schools to ``watch`` before they do, schools that may ``share`` what
        they do well and be partners of others. Never told as schools that need help: the last.
    partners : whether its schools get a partner; where no category of a method says so, those of its main category do.
    at_least : enough criteria of the category that are met, all of ``required`` among them; or
    when : a group of conditions instead of them, on criteria of any category.
    years, years_identified : in how many of how many years it must be so.
    received : a list received from above (table ``received_lists``) stands ``beside`` the answer, or ``decides`` it; experts decide
        after it.
    missed_cost : how many times worse it is to miss a school than to list one in vain. It makes no list: report 60 says who would be
        on it, listed where the probability is above :attr:`cut`. Nobody's but the board's to state, so nothing by default.
    """

    abbreviation: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    title: Title | None = None
    full_title: Title | None = None
    purpose: Literal["help", "watch", "share"] = "help"
    partners: bool | None = None
    at_least: Annotated[int, Field(ge=1)] = 1
    required: tuple[Name, ...] = ()
    when: Group | None = None
    years: Annotated[int, Field(ge=1, le=10)] = 1
    years_identified: Annotated[int, Field(ge=1, le=10)] = 1
    received: Literal["beside", "decides"] = "beside"
    missed_cost: Annotated[float, Field(ge=0.01, le=100)] | None = None
    reference: Title
    assumptions: dict[str, Title] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_rule(self) -> Decision:
        if self.purpose == "share" and self.partners:
            raise Misplaced(
                ("partners",), "школам, которые сами могут помочь другим (purpose: share), партнёр не ищется"
            )
        if self.when is not None and (self.at_least, self.required, self.years) != (1, (), 1):
            raise Misplaced(("when",), "when стоит вместо at_least, required и years: оставьте одно из двух")
        if self.years_identified > self.years:
            raise Misplaced(
                ("years_identified",), f"years_identified: {self.years_identified} больше years ({self.years})"
            )
        return self

    @property
    def cut(self) -> float | None:
        """The probability above which listing a school costs less than leaving it out: c / (1 + c), where c is the cost of a school
        listed in vain as a share of that of a missed one, 1 / ``missed_cost``.

        Source: Elkan (2001), The foundations of cost-sensitive learning, IJCAI 17.
        """
        return None if self.missed_cost is None else 1 / (1 + self.missed_cost)


class ResultComponents(Strict):
    """What makes mean results of schools differ, as standard deviations in per cent of the maximum.

    Attributes
    ----------
    school, subject, cohort, pupil : between schools; of a subject within a school; of a cohort of pupils; between pupils.
    schools : as firmly as so many schools would hold them; an office with many more decides by its own results.
    population : whose results tell them besides: those of the municipality, or of its region where the profile names one.
    assumption : Russian; where the values are from.
    """

    school: Annotated[float, Field(gt=0)] = 6.2
    subject: Annotated[float, Field(gt=0)] = 3.5
    cohort: Annotated[float, Field(gt=0)] = 3.0
    pupil: Annotated[float, Field(gt=0)] = 17.4
    schools: Annotated[float, Field(ge=0)] = 6.0
    population: Literal["municipality", "region"] = "region"
    assumption: Title = "по открытым данным ВПР 2020 года одной области"


class Robustness(Strict):
    """What else could reasonably have been chosen, to see how far the lists depend on it.

    Besides thresholds and chance, only what a method names among its ``assumptions`` is varied: what its document fixes stays.

    Attributes
    ----------
    replications, seed : of the draws; the number is rounded up to a power of two.
    threshold : every threshold moves by up to this share of itself, each on its own.
    rounding, ties, window, minimum_participants, kind : alternatives, equally likely with the method's own choice among them.
    at_least : how far the number of criteria that is enough moves; it stays between one and all of them.
    normalisation, aggregation, treatment : alternatives of the indices: how components are brought to one scale, combined, and
        whether outliers are drawn in; ``weights``: every weight of an index moves by up to this share of itself.
    chance : how the true rates behind those of small schools are drawn: leaning on the other schools and on the other rates of the
        same school (``pooled``; the procedures of one criterion lean on nothing), on their own counts alone (``jeffreys``), or as
        new counts (``binomial``); empty when chance is left out.
    components : what makes mean results differ; chance of mean results is what they leave open of a school.
    always, often, never : shares of draws from which a school is almost always or often on a list, and below which almost never.
    """

    replications: Annotated[int, Field(ge=64, le=65536)] = 1024
    seed: int = 20211
    threshold: Share = 0.10
    rounding: tuple[Literal["nearest", "up", "down"], ...] = ("nearest", "up", "down")
    ties: tuple[Literal["include", "exclude"], ...] = ("include", "exclude")
    window: tuple[Annotated[int, Field(ge=1, le=10)], ...] = (2, 3)
    minimum_participants: tuple[Annotated[int, Field(ge=0)], ...] = (5, 10, 15)
    kind: tuple[Literal["points", "relative"], ...] = ("points", "relative")
    at_least: tuple[int, ...] = (-1, 0, 1)
    normalisation: tuple[Normalisation, ...] = (MinMax(), ZScore(mean=50, sd=10), Rank(method="percentile_rank"))
    aggregation: tuple[Aggregation, ...] = (PlainMean(), Power(exponent=0.5))
    treatment: tuple[Treatment | None, ...] = (None, Treatment(winsorise_limit=1, log=None))
    weights: Share = 0.25
    chance: Literal["pooled", "jeffreys", "binomial"] | None = "pooled"
    components: ResultComponents = ResultComponents()
    always: Share = 0.95
    often: Share = 0.5
    never: Share = 0.05
    assumption: Title = (
        "пороги двигаются на ±10 % своей величины, веса составляющих на ±25 %; остальное меняется только там, где документ "
        "выбора не задаёт; случайность средних результатов – всё, чего по ним нельзя сказать о самой школе"
    )

    @model_validator(mode="after")
    def _words_in_order(self) -> Robustness:
        if not self.never < self.often < self.always:
            raise ValueError("границы слов должны возрастать: never, often, always")
        return self


class Method(Strict):
    """A way to identify schools: indices, criteria and the decision on each category.

    Attributes
    ----------
    short : heads a column of reports.
    example : a draft or an example: judged by when it is asked by name, not put beside the others in report 60.
    grounds : what its criteria rest on besides :data:`KNOWN_GROUNDS`, or in other words than these.
    """

    title: Title
    short: Title | None = None
    example: bool = False
    document: Title
    description_template: Title = Field(alias="description")
    indices: dict[Name, Index] = Field(default_factory=dict)
    scales: dict[Name, Scale] = Field(default_factory=dict)
    grounds: dict[Name, Annotated[str, Field(min_length=1, max_length=60)]] = Field(default_factory=dict)
    criteria: dict[Name, Criterion] = Field(min_length=1)
    decisions: dict[Name, Decision]
    robustness: Robustness = Robustness()

    @property
    def description(self) -> str:
        """The rule in a sentence; its slots name a criterion and a parameter of it: ``{low_procedures.threshold:%}``."""
        return filled(self.description_template, self._numbers())

    def _numbers(self) -> dict[str, float]:
        return {
            f"{name}.{parameter}": value
            for name, criterion in self.criteria.items()
            for parameter, value in numbers_of(criterion).items()
        }

    def components_of(self, index: str) -> tuple[str, ...]:
        """The indicators that an index is made of, those of the indices inside it in their place."""
        named = [name for one in self.indices[index].components.values() for name, _ in one.asks]
        inside = self.indices.keys() - {index}  # its own name is that of an indicator
        return tuple(part for name in named for part in (self.components_of(name) if name in inside else (name,)))

    @property
    def ordered_indices(self) -> list[str]:
        """The indices, those that others are made of first."""
        found: dict[str, None] = {}

        def add(name: str, before: tuple[str, ...]) -> None:
            if name in before:
                ring = " → ".join([*before[before.index(name) :], name])
                raise Misplaced(("indices", name), f"индексы замкнуты в кольцо: {ring}")
            for one in self.indices[name].components.values():
                for inner, _ in one.asks:
                    if inner in self.indices and inner != name:
                        add(inner, (*before, name))
            found.setdefault(name)

        for name in self.indices:
            add(name, ())
        return list(found)

    def made_of(self, names: Iterable[str]) -> set[str]:
        """The indices that are some of these names or made of any of them."""
        found = set(names)
        for name in self.ordered_indices:
            if any(inner in found for one in self.indices[name].components.values() for inner, _ in one.asks):
                found.add(name)
        return found & set(self.indices)

    @model_validator(mode="after")
    def _indices_are_no_ring(self) -> Method:
        _ = self.ordered_indices
        return self

    @model_validator(mode="after")
    def _indices_can_be_composed(self) -> Method:
        for name, index in self.indices.items():
            try:
                index.recipe(name).refuse_impossible()
            except ValidationError as error:
                raise Misplaced(("indices", name), of_model(error.errors()[0])) from None
            except CompositeError as error:
                raise Misplaced(("indices", name), str(error)) from None
        return self

    @model_validator(mode="after")
    def _scales_are_known(self) -> Method:
        for name, one in self.criteria.items():
            if not isinstance(one, Graded):
                continue
            if one.cuts is not None and one.cuts != self.scales.get(one.scale):
                raise Misplaced(
                    ("criteria", name, "cuts"), f"неизвестный ключ «cuts»{nearest('cuts', ['grades', 'scale'])}"
                )
            if one.scale not in self.scales:
                raise Misplaced(
                    ("criteria", name, "scale"), f"нет шкалы «{one.scale}»{nearest(one.scale, self.scales)}"
                )
            scale = self.scales[one.scale]
            for place, grade in enumerate(one.grades):
                if grade not in scale.grades:
                    raise Misplaced(
                        ("criteria", name, "grades", place),
                        f"на шкале нет оценки «{grade}»{nearest(grade, scale.grades)}",
                    )
            if set(one.grades) == set(scale.grades):
                raise Misplaced(("criteria", name, "grades"), "названы все оценки шкалы: признак был бы у каждой школы")
            self.criteria[name] = one.model_copy(update={"cuts": scale})
        return self

    @model_validator(mode="after")
    def _description_follows(self) -> Method:
        if has_numbers(self.description_template):
            check_title("description", self.description_template, self._numbers(), own_words=True)
        return self

    @property
    def categories(self) -> list[str]:
        """The categories in the order of their criteria; those that look at the criteria of others follow."""
        return list(dict.fromkeys([*(one.category for one in self.criteria.values()), *self.decisions]))

    @property
    def main(self) -> str:
        """The category whose list the board votes on: the first that needs help, else the first."""
        return next(
            (name for name, one in self.decisions.items() if one.purpose == "help"), next(iter(self.decisions), "")
        )

    @property
    def with_partners(self) -> tuple[str, ...]:
        """The categories whose schools get a partner."""
        named = {name: one.partners for name, one in self.decisions.items() if one.partners is not None}
        return tuple(name for name in self.decisions if named.get(name, not any(named.values()) and name == self.main))

    def of_purpose(self, *purposes: str) -> list[str]:
        """The categories that are for one of these purposes, in the order of the method."""
        return [name for name, one in self.decisions.items() if one.purpose in purposes]

    @property
    def ground_words(self) -> dict[str, str]:
        """What each ground is called."""
        return KNOWN_GROUNDS | self.grounds

    def words(self, category: str) -> CategoryWords:
        """How a category is called: as the method has it, else as the library knows it."""
        own, known = self.decisions[category], KNOWN_CATEGORIES.get(category)
        abbreviation, title, full_title = known or (own.abbreviation, own.title, own.full_title or own.title)
        return CategoryWords(own.abbreviation or abbreviation, own.title or title, own.full_title or full_title)

    def criteria_of(self, category: str) -> list[str]:
        """Names of the criteria that decide on a category, in the order of the method; none on one that it does not have."""
        if category not in self.decisions:
            return []
        when = self.decisions[category].when
        if when is None:
            return [name for name, one in self.criteria.items() if one.category == category]
        named = {
            name
            for _, one in _inside(when)
            for name in ([one] if isinstance(one, str) else self.criteria_of(one.category) if one.category else [])
        }
        return [name for name in self.criteria if name in named]

    def years_of(self, category: str) -> int:
        """How many years the decision on a category looks at, the year of the run among them."""
        decision = self.decisions[category]
        return decision.years if decision.when is None else self._years(decision.when)

    @property
    def years(self) -> int:
        """How many years the decisions look at, the year of the run among them."""
        return max(map(self.years_of, self.decisions))

    def _years(self, condition: Condition) -> int:
        if isinstance(condition, str):
            return 1
        inner = [self.years_of(condition.category)] if condition.category else map(self._years, condition.conditions)
        return condition.years - 1 + max(inner)

    @model_validator(mode="after")
    def _consistent(self) -> Method:
        for name, criterion in self.criteria.items():
            if criterion.ground not in self.ground_words:
                raise Misplaced(
                    ("criteria", name, "ground"),
                    f"нет основания «{criterion.ground}»{nearest(criterion.ground, self.ground_words)}; своё объявите в grounds",
                )
            if criterion.category not in self.decisions:
                raise Misplaced(
                    ("criteria", name, "category"),
                    f"у критерия «{name}» категория «{criterion.category}» без решения в decisions"
                    f"{nearest(criterion.category, self.decisions)}",
                )
        for category, decision in self.decisions.items():
            self._check_words(category, decision)
            if decision.when is None:
                self._check_counts(category, decision)
            else:
                self._check_conditions(category, decision.when)
            if decision.missed_cost is not None and self.robustness.chance is None:
                raise ValueError(
                    f"decisions.{category}.missed_cost: цена пропуска сравнивается с вероятностью, а robustness.chance отключает "
                    "случайность; уберите одно из двух"
                )
        for category in self.decisions:
            self._refuse_cycle(category, ())
        decided = {name for category in self.decisions for name in self.criteria_of(category)}
        for name, criterion in self.criteria.items():
            if name not in decided:
                place = ("decisions", criterion.category, "when")
                raise Misplaced(place, f"критерий «{name}» ничего не решает: его нет ни в одном when")
        return self

    def _check_words(self, category: str, decision: Decision) -> None:
        lacking = [word for word in ("abbreviation", "title") if getattr(decision, word) is None]
        if lacking and category not in KNOWN_CATEGORIES:
            raise Misplaced(
                ("decisions", category),
                f"у категории «{category}» нет названия: добавьте {' и '.join(lacking)}{nearest(category, KNOWN_CATEGORIES)}",
            )

    def _check_counts(self, category: str, decision: Decision) -> None:
        own = self.criteria_of(category)
        if not own:
            raise Misplaced(("decisions", category), f"у категории «{category}» нет ни критериев, ни when")
        for place, name in enumerate(decision.required):
            if name not in own:
                raise Misplaced(
                    ("decisions", category, "required", place),
                    f"decisions.{category}.required: нет критерия «{name}»{nearest(name, own)}",
                )
        if decision.at_least > len(own):
            raise Misplaced(
                ("decisions", category, "at_least"),
                f"decisions.{category}.at_least: {decision.at_least} больше числа критериев ({len(own)})",
            )

    def _check_conditions(self, category: str, when: Group) -> None:
        for place, one in _inside(when):
            name, known, what = (
                (one, self.criteria, "критерия")
                if isinstance(one, str)
                else (one.category, self.decisions, "категории")
            )
            if name is not None and name not in known:
                place = place if isinstance(one, str) else (*place, "category")
                raise Misplaced(("decisions", category, "when", *place), f"нет {what} «{name}»{nearest(name, known)}")

    def _refuse_cycle(self, category: str, before: tuple[str, ...]) -> None:
        if category in before:
            ring = " → ".join([*before[before.index(category) :], category])
            raise Misplaced(("decisions", category, "when"), f"категории замкнуты в кольцо: {ring}")
        when = self.decisions[category].when
        for _, one in _inside(when) if when else ():
            if not isinstance(one, str) and one.category:
                self._refuse_cycle(one.category, (*before, category))


def _inside(condition: Condition, place: tuple = ()) -> Iterator[tuple[tuple, Condition]]:
    """A condition and all that it is made of, each with its place in the file."""
    yield place, condition
    if not isinstance(condition, str):
        for word in ("all", "any", "none", "of"):
            for number, one in enumerate(getattr(condition, word) or ()):
                yield from _inside(one, (*place, word, number))
