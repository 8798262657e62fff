"""Profiles of offices and regions: programme, targets, plan, norms, corrections."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_validator, model_validator

from shnor_lib.params.methods import MonthDay, Name, Share, Slug, Specialist, Title, Year
from shnor_lib.params.recommendations import OwnRecommendations
from shnor_lib.params.scenarios import Change
from shnor_lib.params.titles import check_title, filled, numbers_of
from shnor_lib.params.yaml_files import Misplaced, Strict, nearest

MAIN = "main"
"""Schools of a target: those of the main category of the method, whatever it is called."""


class Target(Strict):
    """A target indicator of a programme: a formula over indicators, a goal, a year, a source.

    Attributes
    ----------
    schools : over which schools it is taken: ``all``, or those of a category of the method; its main one where none is named.
    cohort : whose list is meant: that of the ``baseline`` year, whatever later lists say, or the ``current`` one of the report.
        Either way the same schools stand behind every year.
    baseline : the year that change is counted from; without it the first year with data since the first one of the profile.
    formula : ``pooled`` (one value over the schools together), ``share_of_schools`` (schools whose value meets
        ``condition``), ``share_identified`` (schools of the category among all), ``share_improved`` (schools better than in the
        latest earlier year that is comparable), ``gap`` (most minus least successful school).
    goal : ``at_most`` or ``at_least`` a number by ``year``; ``not_worse_than`` the region or country; ``improves`` on the
        baseline (the document names a direction and no number).
    title : for tables and sentences; a number that is the goal, its year or the border of the condition is a slot (``{value:%}``).
    printed : the words of the document itself, a quotation: its numbers follow nothing.
    """

    title_template: Title = Field(alias="title")
    printed: Title | None = None
    indicator: Name | None = None
    parts: tuple[str, ...] = ()
    schools: Name = MAIN
    cohort: Literal["baseline", "current"] = "baseline"
    baseline: Year | None = None
    formula: Literal["pooled", "share_of_schools", "share_identified", "share_improved", "gap"] = "pooled"
    condition: tuple[Literal["at_least", "at_most"], float] | None = None
    goal: Literal["at_most", "at_least", "not_worse_than", "improves"]
    value: float | None = None
    benchmark: Literal["region", "country"] | None = None
    year: Year | None = None
    source: Title | None = None
    reference: Title
    assumption: Title | None = None

    @property
    def title(self) -> str:
        """The title with the numbers of the goal as it is in force."""
        return filled(self.title_template, self._numbers())

    def _numbers(self) -> dict[str, float]:
        return numbers_of(self) | ({"condition": self.condition[1]} if self.condition else {})

    @model_validator(mode="after")
    def _title_follows(self) -> Target:
        check_title("title", self.title_template, self._numbers(), own_words=True)
        return self

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
        if self.baseline and self.year and self.baseline >= self.year:
            raise ValueError("baseline – год, от которого считают, он раньше года цели")
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
    false_alarm : in no more than this share of years is any school (any procedure of the municipality) said to have changed when
        none did but by the usual differences of grades.
    minimum_others : fewest other schools with the same procedure behind a value of the municipality that a school, or its change
        where the region is not known, is held against.
    """

    minimum_participants: Annotated[int, Field(ge=1, le=100)] = 10
    years: Annotated[int, Field(ge=1, le=10)] = 3
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    false_alarm: Annotated[float, Field(gt=0, lt=1)] = 0.05
    minimum_others: Annotated[int, Field(ge=2, le=100)] = 3
    assumption: Title = (
        "наименьшее число участников, других школ и уровни доверия документом не заданы; приняты наши значения"
    )


class RatingDates(Strict):
    """When the rating of schools is made twice a year, and what is known at the first time.

    Attributes
    ----------
    months : of the first and of the second rating, 1 to 12.
    waves : of monitoring that the first one knows.
    """

    months: tuple[Annotated[int, Field(ge=1, le=12)], Annotated[int, Field(ge=1, le=12)]] = (1, 6)
    waves: tuple[Literal["entry", "interim"], ...] = ("entry", "interim")
    assumption: Title = "документ называет только месяцы; к первому рейтингу берутся волны мониторинга этого года, а где их нет – результаты прошлого года"


class BiasMarkers(Strict):
    """Limits of the markers of biased results (ФИОКО) and the procedures they look at.

    Attributes
    ----------
    spread : half-width of the interval of a mean, in standard errors.
    quartile_ranges : how many interquartile ranges beyond the quartiles a cohort's change is sharp.
    minimum_participants : a result of fewer participants is not assessed.
    minimum_schools : with fewer schools in the sample its quartiles say nothing.
    ahead : how often marker 1 is met is told of an honest school so many points of 100 above the region.
    journal_correlation, journal_deviation : Spearman's coefficient of register and score in a middling honest school, and how
        much honest schools differ in it, as a standard deviation of its artanh.
    false_alarm : in no more than this share of years is any school said to have more markers than honest results bring.
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
    ahead: Annotated[float, Field(ge=0, le=50)] = 5.0
    journal_correlation: Annotated[float, Field(gt=0, lt=1)] = 0.7
    journal_deviation: Annotated[float, Field(ge=0)] = 0.15
    false_alarm: Annotated[float, Field(gt=0, lt=1)] = 0.05
    assumption: Title = (
        "наименьшее число участников, наименьшее число школ в выборке, предметы признаков «баллы расходятся» и «резкое изменение» "
        "приняты нами, как и выборка для «резкого изменения» – школы муниципалитета, где квартили школ региона неизвестны; чем "
        "различаются настоящие результаты – по открытым данным ВПР 2020 года одной области"
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


class RiskProfile(Strict):
    """Factors that schools are asked about by questionnaires, and how many of them a school works on.

    Attributes
    ----------
    factors : codes of the list ``profile_factor``.
    medium, high : from which share of answers that tell of a risk the level is medium and high, where no level is delivered.
    least_chosen : on how many of the factors a school works at least.
    """

    title: Title
    short: Annotated[str, Field(min_length=1, max_length=32)]
    factors: tuple[Name, ...] = Field(min_length=1)
    medium: Annotated[float, Field(gt=0, lt=1)]
    high: Annotated[float, Field(gt=0, le=1)]
    least_chosen: Annotated[int, Field(ge=1)]
    reference: Title
    assumption: Title | None = None

    @model_validator(mode="after")
    def _whole(self) -> RiskProfile:
        if self.medium >= self.high:
            raise ValueError("высокий риск (high) начинается за средним (medium)")
        if self.least_chosen > len(self.factors):
            raise ValueError(f"выбрать {self.least_chosen} факторов нельзя: их {len(self.factors)}")
        return self


class RiskProfiles(Strict):
    """Risk profiles by name."""

    profiles: dict[Slug, RiskProfile]


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
    """Limits of the public edition: a value of fewer participants is masked; below three a small number tells the person."""

    minimum_participants: Annotated[int, Field(strict=True, ge=3, le=100)] = 5
    assumption: Title = "Предел публикации документом не задан; принято наше значение"


class OwnRisks(Strict):
    """Risk factors and staffing norms of a workspace or an office.

    They replace the shipped ones of the same name (``params/risk_factors.yml`` of the library) or add to them.
    """

    risk_factors: dict[Name, RiskFactor] = Field(default_factory=dict)
    staff_norms: dict[Specialist, StaffNorm] = Field(default_factory=dict)

    @field_validator("staff_norms", mode="before")
    @classmethod
    def _posts_are_counted(cls, norms: Any) -> Any:
        known = get_args(Specialist)
        for name in norms if isinstance(norms, dict) else ():
            if name not in known:
                raise Misplaced(
                    (name,),
                    f"ставок «{name}» нет в таблице «Кадры»{nearest(name, known)}; норма новой должности начинается со столбца этой таблицы",
                )
        return norms


class RiskCatalogue(Strict):
    """The shipped factors and norms."""

    risk_factors: dict[Name, RiskFactor]
    staff_norms: dict[Specialist, StaffNorm]


class Profile(OwnRisks, OwnRecommendations):
    """A municipality: who it is, which method it uses, for which years reports are made."""

    kind: Literal["municipality"] = "municipality"
    title: Title
    short_title: Title | None = None
    region: Title
    region_profile: Slug | None = None
    document: Title
    method: Slug
    years: tuple[Year, ...] = Field(min_length=1)
    fictional: bool = False
    risk_profile: Slug | None = None
    overrides: tuple[Change, ...] = ()
    targets: dict[Name, Target] = Field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    plan: Plan = Plan()
    partners: PartnerSearch = PartnerSearch()
    expectation: Expectation = Expectation()
    results: ResultsReading = ResultsReading()
    rating: RatingDates = RatingDates()
    bias: BiasMarkers = BiasMarkers()
    disclosure: Disclosure = Disclosure()

    @field_validator("years")
    @classmethod
    def _sorted(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if list(years) != sorted(set(years)):
            raise ValueError("годы должны идти по возрастанию без повторов")
        return years

    def about(self, main: str) -> Profile:
        """The profile whose targets name the main category of the method where they name none."""
        named = {
            name: one.model_copy(update={"schools": main}) if one.schools == MAIN else one
            for name, one in self.targets.items()
        }
        return self.model_copy(update={"targets": named})

    def over(self, risks: OwnRisks, advice: OwnRecommendations) -> Profile:
        """The profile with what the workspace declares, where the office has none of its own of the same name.

        Of a recommendation both may state parts; the office's stand over those of the workspace.
        """
        own = {
            name: one.over(advice.recommendations[name]) if name in advice.recommendations else one
            for name, one in self.recommendations.items()
        }
        return self.model_copy(
            update={
                "risk_factors": risks.risk_factors | self.risk_factors,
                "staff_norms": risks.staff_norms | self.staff_norms,
                "documents": advice.documents | self.documents,
                "recommendations": advice.recommendations | own,
            }
        )


class RegionProfile(Strict):
    """A region: the offices it consists of."""

    kind: Literal["region"]
    title: Title
    municipalities: tuple[Slug, ...] = Field(min_length=1)
    years: tuple[Year, ...] = Field(min_length=1)
    fictional: bool = False
