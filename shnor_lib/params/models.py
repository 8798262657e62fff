"""Parameters of an office, a method and a scenario: checked once when read, frozen afterwards.

Criteria are data. A criterion says which indicator, pooled how over which window, is held against which threshold by one of
a closed list of rule words; every choice the document leaves open is a field with a default, named under ``assumptions``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from shnor_lib.params.recipe import (
    Aggregate,
    Aggregation,
    Arithmetic,
    Imputation,
    IndexRecipe,
    MinMax,
    Normalisation,
    PercentileRank,
    Power,
    Treatment,
    ZScore,
)
from shnor_lib.params.yaml_files import ParamsError, nearest, read_yaml

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Title = Annotated[str, Field(min_length=1, max_length=600)]
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
Share = Annotated[float, Field(ge=0, le=1)]
MonthDay = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$")]
Category = Literal["low_results", "adverse_conditions"]
Level = Literal["municipality", "region", "country"]
Specialist = Literal[
    "psychologists", "social_pedagogues", "speech_therapists", "defectologists", "additional_education"
]


class Strict(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# --- methods ---------------------------------------------------------------------------------------------------------


class Measure(Strict):
    """How a criterion's value is made from an indicator.

    Attributes
    ----------
    indicator : name of an indicator or of one of the method's indices; without the brackets when ``parts`` are given.
    parts : procedures or stages to pool, ``*`` allowed (``EGE/maths_any/11``: both levels of ЕГЭ maths together).
    window : number of calendar years ending with the year of the run; gaps are tolerated and shown.
    pooling : ``ratio`` (sum of numerators over sum of denominators), ``mean`` (by participants), ``latest`` (the last year
        that has a value), ``deviation`` (mean difference from the reference mean of the same procedure and year).
    minimum_participants : below it the value is not assessed; unknown numbers of participants do not count as few.
    minimum_coverage : least share of the applicable procedures × years that must have a value.
    """

    indicator: Name
    parts: tuple[str, ...] = ()
    window: Annotated[int, Field(ge=1, le=10)] = 1
    pooling: Literal["ratio", "mean", "latest", "deviation"] = "latest"
    minimum_participants: Annotated[int, Field(ge=0)] = 0
    minimum_coverage: Share = 0.0


class CriterionBase(Measure):
    """What every criterion has besides its rule; ``short`` is its title in charts."""

    category: Category
    ground: Literal["results", "social", "staff", "resources"]
    title: Title
    short: Annotated[str, Field(min_length=1, max_length=30)]
    reference: Title
    assumptions: dict[str, Title] = {}

    @model_validator(mode="after")
    def _assumptions_name_fields(self) -> CriterionBase:
        for name in self.assumptions:
            if name not in type(self).model_fields:
                raise ValueError(f"допущение о неизвестном параметре «{name}»{nearest(name, type(self).model_fields)}")
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
    minimum_schools : fewer ranked schools are not ranked at all.
    """

    rule: Literal["lowest_share", "highest_share"]
    threshold: Annotated[float, Field(gt=0, lt=1)]
    population: Literal["municipality", "region"] = "municipality"
    within: Literal["kind", "locality"] | None = None
    rounding: Literal["nearest", "up", "down"] = "nearest"
    ties: Literal["include", "exclude"] = "include"
    minimum_schools: Annotated[int, Field(ge=2)] = 4
    minimum_ranked: Share = 0.5


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


class LowInProcedures(CriterionBase):
    """Many pupils below the minimum in several procedures, or in one procedure again and again.

    Attributes
    ----------
    threshold : share of participants below the minimum that makes a procedure low.
    distinct : number of different low procedures that is enough.
    repeated : number of years in which one procedure is low that is enough.
    use_official_list : whether rows of ``low_procedures`` count as low procedures.
    """

    rule: Literal["low_in_procedures"]
    threshold: Share
    distinct: Annotated[int, Field(ge=1)] = 2
    repeated: Annotated[int, Field(ge=1)] = 2
    use_official_list: bool = True
    exclude_special_types: bool = True


class OneOf(CriterionBase):
    """The value is one of the listed numbers (a grade or a category written as a number)."""

    rule: Literal["one_of"]
    allowed: tuple[float, ...]


Criterion = Annotated[
    FixedThreshold | ShareOfSchools | AgainstBenchmark | LowInProcedures | OneOf, Field(discriminator="rule")
]


class IndexComponent(Strict):
    """One indicator of an index; ``direction`` -1 turns it so that more is always better for the school's index.

    ``parent`` names one of the index's ``aggregates``; without it the component hangs on the index itself.
    """

    indicator: Name
    parts: tuple[str, ...] = ()
    parent: Name | None = None
    direction: Literal[1, -1]
    weight: Annotated[float, Field(ge=0)] = 1.0
    goalposts: tuple[float, float] | None = None
    window: Annotated[int, Field(ge=1, le=10)] = 1
    pooling: Literal["ratio", "mean", "latest", "deviation"] = "latest"
    short: Annotated[str, Field(min_length=1, max_length=30)]
    reference: Title
    assumption: Title | None = None


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
    aggregation: Aggregation = Arithmetic()
    treatment: Treatment | None = None
    imputation: Imputation | None = None
    minimum_available: Share = 0.6
    population: Literal["municipality", "region"] = "municipality"
    reference: Title
    assumptions: dict[str, Title] = {}

    def recipe(self, name: str) -> IndexRecipe:
        """The recipe that composes the index; its columns are the names of the components."""
        return IndexRecipe(
            indicators=[
                {
                    "id": component,
                    "parent": one.parent or name,
                    "direction": one.direction,
                    "weight": one.weight,
                    "goalposts": one.goalposts,
                }
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


class Decision(Strict):
    """How verdicts become a decision on a category: ``at_least`` met criteria, all of ``required`` among them."""

    at_least: Annotated[int, Field(ge=1)] = 1
    required: tuple[Name, ...] = ()
    years: Annotated[int, Field(ge=1, le=10)] = 1
    years_identified: Annotated[int, Field(ge=1, le=10)] = 1
    reference: Title
    assumptions: dict[str, Title] = {}


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
    chance : how rates of small schools are resampled; empty when chance is left out.
    score_sd : standard deviation of one pupil's result, per cent of the maximum; ``results_per_pupil``: so many results of
        different procedures count as one pupil's.
    always, often, never : probabilities from which a school is called always or often on a list, and below which never.
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
    normalisation: tuple[Normalisation, ...] = (MinMax(), ZScore(mean=50, sd=10), PercentileRank())
    aggregation: tuple[Aggregation, ...] = (Arithmetic(), Power(exponent=0.5))
    treatment: tuple[Treatment | None, ...] = (None, Treatment(winsorise_limit=1, log=None))
    weights: Share = 0.25
    chance: Literal["jeffreys", "binomial"] | None = "jeffreys"
    score_sd: Annotated[float, Field(gt=0)] = 17.0
    results_per_pupil: Annotated[float, Field(ge=1)] = 3.0
    always: Share = 0.95
    often: Share = 0.5
    never: Share = 0.05
    assumption: Title = (
        "пороги двигаются на ±10 % своей величины, веса составляющих на ±25 %; остальное меняется только там, где документ "
        "выбора не задаёт; 17 % от максимума – обычный разброс результатов учеников внутри школы по открытым данным ВПР одной области"
    )

    @model_validator(mode="after")
    def _words_in_order(self) -> Robustness:
        if not self.never < self.often < self.always:
            raise ValueError("границы слов должны возрастать: never, often, always")
        return self


class Method(Strict):
    """A way to identify schools: indices, criteria and the decision on each category; ``short`` heads a column of reports."""

    title: Title
    short: Title | None = None
    document: Title
    description: Title
    indices: dict[Name, Index] = {}
    criteria: dict[Name, Criterion] = Field(min_length=1)
    decisions: dict[Category, Decision]
    robustness: Robustness = Robustness()

    @model_validator(mode="after")
    def _consistent(self) -> Method:
        for name, criterion in self.criteria.items():
            if criterion.category not in self.decisions:
                raise ValueError(f"у критерия «{name}» категория «{criterion.category}» без решения в decisions")
        for category, decision in self.decisions.items():
            own = [name for name, criterion in self.criteria.items() if criterion.category == category]
            for name in decision.required:
                if name not in own:
                    raise ValueError(f"decisions.{category}.required: нет критерия «{name}»{nearest(name, own)}")
            if decision.at_least > len(own):
                raise ValueError(
                    f"decisions.{category}.at_least: {decision.at_least} больше числа критериев ({len(own)})"
                )
        return self


# --- scenarios -------------------------------------------------------------------------------------------------------


class Change(Strict):
    """A new value at a dotted path of the method, such as ``criteria.lowest_results.threshold``."""

    path: Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9_.]*$", max_length=200)]
    value: Any
    why: Title | None = None


class Scenario(Strict):
    """Named changes on top of a method: the office's own, or the one it names; with another method it may change nothing more."""

    title: Title
    short: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    why: Title | None = None
    method: Slug | None = None
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> Scenario:
        if not self.changes and self.method is None:
            raise ValueError("сценарий ничего не меняет: нужны changes или другой method")
        return self


# --- offices ---------------------------------------------------------------------------------------------------------


class Target(Strict):
    """A target indicator of a programme: a formula over indicators, a goal, a year, a source.

    Attributes
    ----------
    schools : over which schools it is taken: all, those identified as ``low_results`` or ``adverse_conditions``.
    formula : ``pooled`` (one value over the schools together), ``share_of_schools`` (schools whose value meets
        ``condition``), ``share_identified`` (schools of the category among all), ``share_improved`` (schools better than the
        year before), ``gap`` (most minus least successful school).
    goal : ``at_most`` or ``at_least`` a number by ``year``; ``not_worse_than`` the region or country; ``improves`` on the
        first year with data (the document names a direction and no number).
    """

    title: Title
    indicator: Name | None = None
    parts: tuple[str, ...] = ()
    schools: Literal["all", "low_results", "adverse_conditions"] = "low_results"
    formula: Literal["pooled", "share_of_schools", "share_identified", "share_improved", "gap"] = "pooled"
    condition: tuple[Literal["at_least", "at_most"], float] | None = None
    goal: Literal["at_most", "at_least", "not_worse_than", "improves"]
    value: float | None = None
    benchmark: Literal["region", "country"] | None = None
    year: Year | None = None
    source: Title | None = None
    reference: Title
    assumption: Title | None = None

    @model_validator(mode="after")
    def _whole(self) -> Target:
        if self.goal in ("at_most", "at_least") and (self.value is None or self.year is None):
            raise ValueError("для цели at_most и at_least нужны value и year")
        if self.goal == "not_worse_than" and self.benchmark is None:
            raise ValueError("для цели not_worse_than нужен benchmark: region или country")
        if (self.formula == "share_of_schools") != (self.condition is not None):
            raise ValueError("condition задаётся для формулы share_of_schools и только для неё")
        if (self.formula == "share_identified") != (self.indicator is None):
            raise ValueError("indicator задаётся для всех формул, кроме share_identified")
        return self


class Plan(Strict):
    """The calendar of a support programme.

    Attributes
    ----------
    covers : the year that «в течение года» means: the calendar year of the run, or the school year that begins in it.
    monitoring_date : month and day of the year of the run on which the states of measures are told; never the clock.
    half_year_dates : the days of the half-yearly monitoring.
    exchange_events : how many events of exchange of experience a year the programme demands; empty when it names no number.
    """

    covers: Literal["calendar_year", "school_year"] = "calendar_year"
    monitoring_date: MonthDay = "06-30"
    half_year_dates: tuple[MonthDay, ...] = ("06-30", "12-31")
    exchange_events: Annotated[int, Field(ge=1)] | None = None
    reference: Title | None = None
    assumption: Title = "дата мониторинга в документе не задана; принято 30 июня года отчёта"

    @field_validator("half_year_dates", "monitoring_date")
    @classmethod
    def _real_days(cls, days: Any) -> Any:
        for day in (days,) if isinstance(days, str) else days:
            date.fromisoformat(f"2021-{day}")
        return days

    def period(self, year: int) -> tuple[date, date]:
        """First and last day of the plan's year."""
        if self.covers == "calendar_year":
            return date(year, 1, 1), date(year, 12, 31)
        return date(year, 9, 1), date(year + 1, 8, 31)

    def monitoring(self, year: int) -> date:
        """The day on which the states of measures are told."""
        return date.fromisoformat(f"{year}-{self.monitoring_date}")

    def half_years(self, year: int) -> list[date]:
        """The days of the half-yearly monitoring that fall into the plan's year, in order."""
        first, last = self.period(year)
        days = [date.fromisoformat(f"{when}-{day}") for when in (year, year + 1) for day in self.half_year_dates]
        return [day for day in sorted(days) if first <= day <= last]


class PartnerSearch(Strict):
    """How partner schools are looked for: stable high results in comparable social conditions.

    Attributes
    ----------
    indicator, parts : the result; every year a school's mean difference from the municipality is taken.
    years, minimum_years : how many years are looked at, and how many of them must have a result.
    upper_share : share of the schools that counts as the upper part in a year.
    largest_variation : largest standard deviation of the differences over the years, in the unit of the indicator.
    context : indicators of conditions; each is standardised over the schools of the office.
    minimum_context : least share of these indicators that both schools of a pair must have.
    farthest : largest distance that still counts as comparable (1 = one standard deviation on average).
    kilometres_per_unit : kilometres between two schools by way of the centre that weigh as much as a distance of 1.
    schools_per_partner : how many schools one partner may support.
    minimum_schools : with results of fewer schools there is no upper part to speak of.
    refusing_markers : markers of biased results (see :class:`BiasMarkers`) with which a school is no partner until its results
        are checked. A mean above the region's alone is not among them: schools with really high results have it too.
    """

    indicator: Name = "mean_percent"
    parts: tuple[str, ...] = ("VPR/*/*", "OGE/*/*", "EGE/*/*")
    years: Annotated[int, Field(ge=2, le=10)] = 3
    minimum_years: Annotated[int, Field(ge=2, le=10)] = 2
    upper_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    largest_variation: Annotated[float, Field(gt=0)] = 5.0
    context: tuple[Name, ...] = (
        "rural_school_flag",
        "settlement_size_band",
        "pupils_count",
        "low_income_families_rate",
        "single_parent_families_rate",
        "parents_without_higher_education_rate",
        "deviant_pupils_rate",
        "weak_russian_pupils_rate",
        "special_needs_rate",
    )
    minimum_context: Share = 0.5
    farthest: Annotated[float, Field(gt=0)] = 1.0
    kilometres_per_unit: Annotated[float, Field(gt=0)] = 100.0
    schools_per_partner: Annotated[int, Field(ge=1)] = 1
    minimum_schools: Annotated[int, Field(ge=2)] = 4
    refusing_markers: tuple[Literal["inflated_mean", "against_journal", "sharp_change"], ...] = (
        "against_journal",
        "sharp_change",
    )
    reference: Title = "Искитимский район: «стабильно высокие результаты в сопоставимых социальных условиях», мера 16"
    assumption: Title = (
        "документы не задают числа лет, границы высоких результатов и меры сходства условий; "
        "все числа поиска партнёров приняты нами"
    )


class ResultsReading(Strict):
    """How results of schools are read in the analytical notes.

    Attributes
    ----------
    minimum_participants : a value of fewer participants is shown as few and not compared; unknown numbers do not count as few.
    years : the latest year with data is looked for in so many years, ending with the year of the run.
    confidence : level of the intervals.
    false_discovery : largest expected share of accidental findings among the listed falls and rises.
    """

    minimum_participants: Annotated[int, Field(ge=1, le=100)] = 10
    years: Annotated[int, Field(ge=1, le=10)] = 3
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    false_discovery: Annotated[float, Field(gt=0, lt=1)] = 0.05
    assumption: Title = "наименьшее число участников и уровни доверия документом не заданы; приняты наши значения"


class BiasMarkers(Strict):
    """Limits of the markers of biased results (ФИОКО) and the procedures they look at.

    Attributes
    ----------
    spread : half-width of the interval of a mean, in standard errors.
    quartile_ranges : how many interquartile ranges beyond the quartiles a cohort's change is sharp.
    minimum_participants : a result of fewer participants is not assessed.
    minimum_schools : with fewer schools in the sample its quartiles say nothing.
    """

    inflated: tuple[str, ...] = (
        "VPR/russian/4",
        "VPR/maths/4",
        "VPR/russian/5",
        "VPR/maths/5",
        "OGE/russian/9",
        "OGE/maths/9",
    )
    journal: tuple[str, ...] = ("VPR/russian/4", "VPR/maths/4", "VPR/russian/5", "VPR/maths/5")
    cohorts: tuple[tuple[str, str], ...] = (("VPR/russian/4", "VPR/russian/5"), ("VPR/maths/4", "VPR/maths/5"))
    spread: Annotated[float, Field(gt=0)] = 1.96
    quartile_ranges: Annotated[float, Field(gt=0)] = 3.0
    minimum_participants: Annotated[int, Field(ge=2, le=100)] = 10
    minimum_schools: Annotated[int, Field(ge=4)] = 8
    assumption: Title = (
        "наименьшее число участников, наименьшее число школ в выборке и предметы признаков 2 и 3 приняты нами; "
        "выборка признака 3 – школы муниципалитета"
    )


class RiskFactor(Strict):
    """A condition of a school's work and the declared borders beyond which it is a risk.

    Attributes
    ----------
    title, short : in sentences and in headings of columns; ``zone`` names the condition when it is a risk.
    group : the section it stands in; ``in_matrix`` puts it into the matrix of the whole office as well.
    indicator, part : the indicator, or with ``part`` a survey question, held against the borders.
    rule : on which side of the borders the risk lies; a value on the border belongs to it.
    medium, high : where the medium and the high risk begin; without one of them that level is never given.
    reference, assumption : the document the factor comes from, and what the document leaves open.
    """

    title: Annotated[str, Field(min_length=1, max_length=110)]
    short: Annotated[str, Field(min_length=1, max_length=32)]
    zone: Annotated[str, Field(min_length=1, max_length=110)]
    group: Literal["territory", "staff", "infrastructure", "social"]
    indicator: Name
    part: Name | None = None
    rule: Literal["at_least", "at_most"]
    medium: float | None = None
    high: float | None = None
    in_matrix: bool = False
    reference: Title
    assumption: Title | None = None

    @property
    def name(self) -> str:
        """Full name of the indicator."""
        return f"{self.indicator}[{self.part}]" if self.part else self.indicator

    @property
    def border(self) -> float:
        """Where the risk begins."""
        return self.high if self.medium is None else self.medium

    @model_validator(mode="after")
    def _borders_in_order(self) -> RiskFactor:
        borders = [border for border in (self.medium, self.high) if border is not None]
        if not borders:
            raise ValueError("нужна хотя бы одна из границ medium и high")
        if borders != sorted(borders, reverse=self.rule == "at_most"):
            raise ValueError(
                "высокий риск (high) начинается за средним (medium): для at_least выше него, для at_most ниже"
            )
        return self


class StaffNorm(Strict):
    """For how many children one full post of a specialist is advised.

    Attributes
    ----------
    per : whom the number counts: all pupils or pupils with special needs; ``children`` how many of them one post serves.
    step : the post is advised in such parts of a full one.
    """

    per: Literal["pupils", "special_needs_pupils"]
    children: Annotated[int, Field(ge=1)]
    step: Annotated[float, Field(gt=0, le=1)] = 0.5
    reference: Title | None = None
    assumption: Title | None = None

    @model_validator(mode="after")
    def _explained(self) -> StaffNorm:
        if self.reference is None and self.assumption is None:
            raise ValueError("норма объясняется документом (reference) или названа нашим допущением (assumption)")
        return self


class Correction(Strict):
    """One cell corrected by the office: which, from what (as the source has it), to what, why and by whom (a role)."""

    table: Name
    year: Year
    key: dict[Name, str | int]
    column: Name
    expected: str | int | float | bool | None
    value: str | int | float | bool | None
    reason: Title
    corrected_by: Title


class Expectation(Strict):
    """What result is expected of a school in its social context (row B10).

    Attributes
    ----------
    indicator, parts, window : the result: mean difference from the municipality (or region) over the procedures and years.
    context : indicators of the social context that the expectation rests on.
    minimum_schools, schools_per_predictor : with fewer schools that have both, nothing is expected of anybody.
    level : of the interval in which the result of one school is expected.
    ridge : how strongly coefficients are drawn to zero, in schools' worth; 0 is ordinary least squares.
    """

    indicator: Name = "mean_percent"
    parts: tuple[str, ...] = ("VPR/*/*", "OGE/*/*", "EGE/*/*")
    window: Annotated[int, Field(ge=1, le=10)] = 3
    context: tuple[Name, ...] = Field(
        default=(
            "low_income_families_rate",
            "parents_without_higher_education_rate",
            "single_parent_families_rate",
        ),
        min_length=1,
    )
    minimum_schools: Annotated[int, Field(ge=5)] = 12
    schools_per_predictor: Annotated[float, Field(ge=2)] = 4.0
    level: Annotated[float, Field(gt=0, lt=1)] = 0.90
    ridge: Annotated[float, Field(ge=0)] = 0.0
    assumption: Title = (
        "документы не задают, какой результат ожидать при данном контексте; показатели контекста выбраны по индексу "
        "социального благополучия школы (Ястребов, Пинская, Косарецкий 2014), весов нет – их подбирает регрессия"
    )


class Disclosure(Strict):
    """Limits of the public edition: a value of fewer participants is masked."""

    minimum_participants: Annotated[int, Field(ge=1, le=100)] = 5
    assumption: Title = "Предел публикации документом не задан; принято наше значение"


class Profile(Strict):
    """A municipality: who it is, which method it uses, for which years reports are made.

    ``risk_factors`` and ``staff_norms`` replace the shipped ones of the same name (:mod:`shnor_lib.analyses.risks`) or add to them.
    """

    kind: Literal["municipality"] = "municipality"
    title: Title
    short_title: Title | None = None
    region: Title
    region_profile: Slug | None = None
    document: Title
    method: Slug
    years: tuple[Year, ...] = Field(min_length=1)
    fictional: bool = False
    overrides: tuple[Change, ...] = ()
    targets: dict[Name, Target] = {}
    corrections: tuple[Correction, ...] = ()
    plan: Plan = Plan()
    partners: PartnerSearch = PartnerSearch()
    expectation: Expectation = Expectation()
    risk_factors: dict[Name, RiskFactor] = {}
    staff_norms: dict[Specialist, StaffNorm] = {}
    results: ResultsReading = ResultsReading()
    bias: BiasMarkers = BiasMarkers()
    disclosure: Disclosure = Disclosure()

    @field_validator("years")
    @classmethod
    def _sorted(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if list(years) != sorted(set(years)):
            raise ValueError("годы должны идти по возрастанию без повторов")
        return years


class RegionProfile(Strict):
    """A region: the offices it consists of."""

    kind: Literal["region"]
    title: Title
    municipalities: tuple[Slug, ...] = Field(min_length=1)
    years: tuple[Year, ...] = Field(min_length=1)
    fictional: bool = False


# --- reading ---------------------------------------------------------------------------------------------------------


def _read(workspace: Path, folder: str, name: str, model: type, what: str) -> Any:
    base = workspace / "params" / folder
    available = sorted(path.stem for path in base.glob("*.yml"))
    if name not in available:
        raise UnknownName(f"{what} «{name}» не найден(а) в {Path('params') / folder}{nearest(name, available)}")
    return read_yaml(base / f"{name}.yml", model, (Path("params") / folder / f"{name}.yml").as_posix())


class UnknownName(ParamsError):
    """An office, method or scenario that the workspace does not have."""

    def __init__(self, problem: str):
        super().__init__([problem])


def read_profile(workspace: Path, municipality: str) -> Profile:
    """Read ``params/<municipality>.yml``.

    Raises
    ------
    UnknownName, ParamsError
    """
    return _read(workspace, "", municipality, Profile, "муниципалитет")


def read_region_profile(workspace: Path, region: str) -> RegionProfile:
    """Read the region profile ``params/regions/<region>.yml``."""
    return _read(workspace, "regions", region, RegionProfile, "регион")


def read_method(workspace: Path, name: str) -> Method:
    """Read ``params/methods/<name>.yml``."""
    return _read(workspace, "methods", name, Method, "метод")


def read_scenario(workspace: Path, name: str) -> Scenario:
    """Read ``params/scenarios/<name>.yml``."""
    return _read(workspace, "scenarios", name, Scenario, "сценарий")


def method_names(workspace: Path) -> list[str]:
    """Names of the methods of a workspace, in alphabetical order."""
    return sorted(path.stem for path in (workspace / "params" / "methods").glob("*.yml"))


def scenario_names(workspace: Path) -> list[str]:
    """Names of the scenarios of a workspace, in alphabetical order."""
    return sorted(path.stem for path in (workspace / "params" / "scenarios").glob("*.yml"))


def office_names(workspace: Path) -> list[str]:
    """Names of the offices of a workspace, in alphabetical order."""
    return sorted(path.stem for path in (workspace / "params").glob("*.yml"))


def region_names(workspace: Path) -> list[str]:
    """Names of the regions of a workspace, in alphabetical order."""
    return sorted(path.stem for path in (workspace / "params" / "regions").glob("*.yml"))


def apply_changes(method: Method, changes: tuple[Change, ...], source: str) -> Method:
    """A method with the named changes applied; the original stays as it is.

    Parameters
    ----------
    source : how messages call the file that holds the changes.

    Raises
    ------
    ParamsError
        When a path does not exist (with the nearest names) or the changed method is not valid.

    Examples
    --------
    >>> from shnor_lib.params.models import Change
    >>> Change(path="criteria.lowest_results.threshold", value=0.35).value
    0.35
    """
    document: Any = method.model_dump()
    problems = []
    for change in changes:
        try:
            document = _replaced(document, change.path.split("."), change.value)
        except LookupError as error:
            problems.append(f"{source}: путь «{change.path}» не существует: {error.args[0]}")
    if problems:
        raise ParamsError(problems)
    try:
        return Method.model_validate(document)
    except ValidationError as error:
        raise ParamsError(
            f"{source}: изменённый метод недопустим: {'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors()
        ) from None


def _replaced(node: Any, steps: list[str], value: Any) -> Any:
    """A copy of a tree with the value at a path replaced."""
    step, rest = steps[0], steps[1:]
    keys = (
        list(node) if isinstance(node, dict) else [str(i) for i in range(len(node))] if isinstance(node, tuple) else []
    )
    if step not in keys:
        raise LookupError(f"нет «{step}»{nearest(step, keys)}")
    if isinstance(node, dict):
        return node | {step: _replaced(node[step], rest, value) if rest else value}
    place = int(step)
    return (*node[:place], _replaced(node[place], rest, value) if rest else value, *node[place + 1 :])
