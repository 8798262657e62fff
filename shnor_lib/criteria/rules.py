"""The rule words: what each asks of a school, over arrays of draws × schools.

A rule word is one :class:`Rule` in :data:`RULES`: the criterion it belongs to, a pure function that judges, the threshold at which
a verdict turns over, its Russian words, and which of its parameters may be moved. Verdicts, near-threshold marks, flips, draws and
sliders ask :func:`judge`; a verdict is one draw. A verdict is ``met`` (the sign of a school that needs help is there), ``not_met``
or ``not_assessed``; a value that is missing or of too few pupils is never "not met".
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import PRECISION, UNIT, Measurement
from shnor_lib.indicators import Catalogue
from shnor_lib.indicators.causes import NOT_COMPARABLE, NOT_DELIVERED, NOT_DISTINGUISHED, TOO_FEW
from shnor_lib.inputs.breaks import unlike_others
from shnor_lib.inputs.dictionary import procedure_label
from shnor_lib.params.methods import (
    AgainstBenchmark,
    Criterion,
    CriterionBase,
    FixedThreshold,
    Graded,
    LowInProcedures,
    OneOf,
    OwnThreshold,
    ShareOfSchools,
)
from shnor_lib.params.titles import filled, plural
from shnor_lib.statistics.composite.ranking import rank_values
from shnor_lib.statistics.uncertainty.ranking import lowest_quota

IS_MET, IS_NOT_MET, IS_OPEN = 1, 0, -1
"""Flags of verdicts and answers in arrays."""


@dataclass(frozen=True)
class Cells:
    """Shares of pupils below the minimum by procedure and year, the last two axes of its arrays after (draws ×) schools.

    Attributes
    ----------
    shares : draws × schools × procedures × years; infinite where an official list calls the procedure low.
    people, expected : schools × procedures × years; participants, and whether the school has such a cell or should have it.
    ages : how many years before the year of the run each year lies.
    whole_list : whether the official list of the school's municipality is complete.
    breaks : procedures × years; what the procedure was in that year that it is not in the year of the run, empty where nothing.
    needs : what would make the shares known, as ``needs`` of :mod:`shnor_lib.indicators.causes`.
    """

    procedures: list[str]
    years: list[int]
    shares: np.ndarray
    people: np.ndarray
    expected: np.ndarray
    ages: np.ndarray
    whole_list: np.ndarray
    place: tuple[np.ndarray, np.ndarray, np.ndarray]
    breaks: np.ndarray
    needs: str = ""

    def with_shares(self, shares: np.ndarray) -> Cells:
        """The same cells with other shares, draws × rows of the frame they were made from; official lists stay."""
        drawn = np.broadcast_to(self.shares[:1], (len(shares), *self.shares.shape[1:])).copy()
        school, procedure, year = self.place
        drawn[:, school, procedure, year] = np.where(np.isinf(self.shares[0, school, procedure, year]), np.inf, shares)
        return replace(self, shares=drawn)

    def at(self, rows: pd.DataFrame, schools: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the rows of a frame of one office lie: numbers of school, procedure and year."""
        keys = (schools["school_id"], self.procedures, self.years)
        columns = (rows["school_id"], rows["procedure"], rows["year"].astype(int))
        return tuple(pd.Index(known).get_indexer(own) for known, own in zip(keys, columns, strict=True))


@dataclass(frozen=True)
class Measured:
    """What a criterion is judged on.

    Attributes
    ----------
    values, benchmark, people : draws (or one row for all) × schools.
    assessed : whether nothing but the number of participants stands in the way of judging a value.
    unit : of the indicator, ``index`` for an index.
    schools : the registry: which schools are ranked together.
    told : what was measured, without draws.
    cells : shares by procedure and year, for the rule of low procedures.
    cut : the value between the last school inside a share and the first one outside, where more schools than these were ranked;
        ``tied`` the value of the schools that could not be told apart there.
    limits : thresholds of the schools' own, for the rule that asks for them.
    """

    values: np.ndarray
    benchmark: np.ndarray
    people: np.ndarray
    assessed: np.ndarray
    unit: str
    schools: pd.DataFrame
    told: Measurement
    cells: Cells | None = None
    cut: float | None = None
    tied: float = np.nan
    limits: Limits | None = None


@dataclass(frozen=True)
class Limits:
    """The own threshold of each school, and why it has none: a value each.

    Attributes
    ----------
    values : thresholds in the unit of the value; missing where a school has none, for the ``reason`` (Russian), ``cause``, ``needs``.
    source : Russian; what the threshold is.
    """

    values: np.ndarray
    source: np.ndarray
    reason: np.ndarray
    cause: np.ndarray
    needs: np.ndarray


@dataclass(frozen=True)
class Judged:
    """What a rule says: draws × schools each.

    Attributes
    ----------
    margin : distance to the threshold in the unit of the value, positive on the side of needing help.
    threshold : in the unit of the value.
    open : not assessed, for the rule's own reason or because of the value; ``few`` by the number of participants alone.
    facts : what the rule's words are made of.
    """

    met: np.ndarray
    margin: np.ndarray
    threshold: np.ndarray | float
    open: np.ndarray | bool = False
    few: np.ndarray | bool = False
    facts: dict[str, typing.Any] = field(default_factory=dict)

    @property
    def flags(self) -> np.ndarray:
        """1 met, 0 not met, −1 not assessed."""
        return np.where(self.open, IS_OPEN, self.met).astype(np.int8)


Obstacle = tuple[np.ndarray, object, str, object]
"""Where a rule cannot judge, why in Russian, the cause and what is needed."""


@dataclass(frozen=True)
class Rule:
    """One rule and everything the library knows of it.

    Attributes
    ----------
    criterion : what a method writes of it; its ``rule`` lists the words.
    judge : ``(measured, parameters) → Judged``; each parameter is a number or word, or an array broadcastable to draws × schools.
    words : ``(criterion, judged) → (met, not met)`` in Russian, a text or an array of texts each.
    turns_at : ``(measured, parameters)`` → the threshold at which each verdict turns over; None where there is no threshold.
    obstacles : ``(criterion, judged)`` → further reasons why schools are not assessed, the first that holds counts.
    threshold_is : what the threshold is: a ``value`` of the indicator, a ``difference`` from a benchmark, or a ``share`` of 0..1.
    adjustable : parameters that draws, sliders and smallest changes may move.
    alone : whether the verdict of a school depends on its own value only, not on those of other schools.
    by_procedure : whether it looks at the shares of procedures and years one by one (:class:`Cells`).
    """

    criterion: type[CriterionBase]
    judge: Callable[[Measured, SimpleNamespace], Judged]
    words: Callable[[Criterion, Judged], tuple[object, object]]
    turns_at: Callable[[Measured, SimpleNamespace], np.ndarray] | None = None
    obstacles: Callable[[Criterion, Judged], list[Obstacle]] = lambda criterion, judged: []
    threshold_is: typing.Literal["value", "difference", "share"] = "value"
    adjustable: tuple[str, ...] = ("threshold", "window", "minimum_participants")
    alone: bool = True
    by_procedure: bool = False


def rule_of(criterion: Criterion) -> Rule:
    """The entry of a criterion's rule word."""
    return RULES[type(criterion)]


def parameters(criterion: Criterion, **chosen: object) -> SimpleNamespace:
    """The parameters of a criterion, some of them chosen otherwise."""
    return SimpleNamespace(**(dict(criterion) | chosen))


def judge(criterion: Criterion, measured: Measured, **chosen: object) -> Judged:
    """Judge one criterion in draws × schools.

    ``chosen``: parameters that differ from the criterion's own, each broadcastable to draws × schools.
    """
    asked = parameters(criterion, **chosen)
    few = measured.people < asked.minimum_participants
    measured = replace(compared(measured, asked.round_to), assessed=measured.assessed & ~few)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = rule_of(criterion).judge(measured, asked)
    opened = ~measured.assessed | found.open
    return replace(found, open=opened, margin=np.where(opened, np.nan, found.margin), few=few)


def turns_at(criterion: Criterion, measured: Measured) -> np.ndarray:
    """By school, the threshold at which the verdict turns over; missing where no threshold turns it."""
    rule, asked = rule_of(criterion), parameters(criterion)
    if rule.turns_at is None:
        return np.full(len(measured.schools), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        compared_with = compared(measured, criterion.round_to)
        found = np.broadcast_to(rule.turns_at(compared_with, asked), (1, len(measured.schools)))[0]
    return np.where(np.isfinite(found) & ~judge(criterion, measured).open[0], found, np.nan)


def rounded(values: np.ndarray, places: int | None) -> np.ndarray:
    """Values rounded to decimal places, half away from zero; as they are without places.

    Examples
    --------
    >>> rounded(np.array([54.5, 54.4999, -0.5, np.nan]), 0).tolist(), rounded(np.array([0.545, 45.0]), 2).tolist()
    ([55.0, 54.0, -1.0, nan], [0.55, 45.0])
    """
    if places is None:
        return values
    scale = 10.0**places
    whole = np.floor(np.round(np.abs(values) * scale, PRECISION) + 0.5)
    return np.where(np.isfinite(values), np.sign(values) * whole / scale, values)


def compared(measured: Measured, places: int | None) -> Measured:
    """What is compared: values, benchmarks and shares of procedures rounded as the criterion says."""
    if places is None:
        return measured
    cells = measured.cells and replace(measured.cells, shares=rounded(measured.cells.shares, places))
    values, benchmark = (rounded(each, places) for each in (measured.values, measured.benchmark))
    return replace(measured, values=values, benchmark=benchmark, cells=cells)


def threshold_form(criterion: Criterion, known: Catalogue) -> str:
    """The kind of number in which a method states the threshold of a criterion: ``percent``, ``points`` or ``number``."""
    kind = rule_of(criterion).threshold_is
    if kind == "share" or getattr(criterion, "kind", "") == "relative":
        return "percent"
    if known.unit(criterion.indicator) == "rate":
        return "points" if kind == "difference" else "percent"
    return "number"


# --- a number --------------------------------------------------------------------------------------------------------


def judge_fixed_threshold(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``at_most``, ``below``, ``at_least``, ``above``: the value against a fixed number."""
    sign = 1 if asked.rule in ("at_least", "above") else -1
    margin = sign * np.round(measured.values - asked.threshold, PRECISION) + 0.0
    return Judged(margin >= 0 if asked.rule in ("at_most", "at_least") else margin > 0, margin, asked.threshold)


def words_of_fixed_threshold(criterion: FixedThreshold, judged: Judged) -> tuple[str, str]:
    return {
        "at_most": ("не больше порога", "больше порога"),
        "below": ("меньше порога", "не меньше порога"),
        "at_least": ("не меньше порога", "меньше порога"),
        "above": ("больше порога", "не больше порога"),
    }[criterion.rule]


def judge_own_threshold(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``at_most_own``, ``below_own``, ``at_least_own``, ``above_own``: the value against the threshold of the school's own.

    A school without a threshold, because none is stated for its kind or its column is empty, is not assessed.
    """
    limits = measured.limits.values[None, :]
    fixed = SimpleNamespace(rule=asked.rule.removesuffix("_own"), threshold=limits)
    found = judge_fixed_threshold(measured, fixed)
    facts = {"limits": measured.limits, "unit": measured.unit}
    return replace(found, open=np.isnan(limits), facts=facts)


def words_of_own_threshold(criterion: OwnThreshold, judged: Judged) -> tuple[np.ndarray, np.ndarray]:
    words = words_of_fixed_threshold(SimpleNamespace(rule=criterion.rule.removesuffix("_own")), judged)
    limits, unit = judged.facts["limits"], judged.facts["unit"]
    told = zip(limits.values, limits.source, strict=True)
    ends = np.array([f" {source}: {number_in_words(value, unit)}" for value, source in told], dtype=object)
    return words[0] + ends, words[1] + ends


def obstacles_of_own_threshold(criterion: OwnThreshold, judged: Judged) -> list[Obstacle]:
    limits: Limits = judged.facts["limits"]
    return [(np.isnan(limits.values), limits.reason, limits.cause, limits.needs)]


def number_in_words(value: float, unit: str) -> str:
    """A number in a reason: a rate in per cent."""
    shown = round(float(value), 6 if unit == "rate" else 4)
    return filled("{number:%}" if unit == "rate" else "{number}", {"number": shown}) if np.isfinite(value) else ""


def judge_graded(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``graded``: the score has one of the named grades; a grade begins with its score.

    The threshold is the nearest border between a named grade and another one.
    """
    scale = asked.cuts.ascending
    begins = np.array([begin for _, begin in scale[1:]])
    named = np.array([grade in asked.grades for grade, _ in scale])
    values = np.round(measured.values, PRECISION)
    place = np.searchsorted(np.round(begins, PRECISION), values, side="right")
    borders = begins[named[1:] != named[:-1]]
    distance = np.abs(values[..., None] - borders)
    nearest = borders[np.argmin(np.where(np.isnan(distance), np.inf, distance), axis=-1)]
    met = named[place] & ~np.isnan(values)
    margin = np.round(np.where(met, 1, -1) * np.abs(values - nearest), PRECISION) + 0.0
    return Judged(met, margin, nearest, facts={"place": place, "unit": measured.unit})


def words_of_graded(criterion: Graded, judged: Judged) -> tuple[list[str], list[str]]:
    scale, unit = criterion.cuts.ascending, judged.facts["unit"]
    told = []
    for place, (grade, begin) in enumerate(scale):
        after = scale[place + 1][1] if place + 1 < len(scale) else None
        ends = [f"от {number_in_words(begin, unit)}"] if begin is not None else []
        ends += [f"ниже {number_in_words(after, unit)}"] if after is not None else []
        told.append(f"оценка {grade} ({', '.join(ends)})")
    text = [told[place] for place in judged.facts["place"][0].tolist()]
    return text, text


def judge_one_of(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``one_of``: the value is one of the listed numbers; the margin is 0 inside the list and missing outside."""
    met = np.isin(np.round(measured.values, PRECISION), np.round(asked.allowed, PRECISION))
    return Judged(met, np.where(met, 0.0, np.nan), np.nan)


# --- a benchmark -----------------------------------------------------------------------------------------------------


def behind_benchmark(measured: Measured, asked: SimpleNamespace) -> np.ndarray:
    """How far a school is on the side of needing help from its benchmark, in points or relative to it."""
    difference = side_of_benchmark(asked) * (measured.values - measured.benchmark)
    held_against = np.where(measured.benchmark != 0, measured.benchmark, np.nan)
    return np.where(np.equal(asked.kind, "relative"), difference / held_against, difference)


def side_of_benchmark(asked: SimpleNamespace | AgainstBenchmark) -> int:
    return -1 if asked.rule == "below_benchmark_by" else 1


def judge_against_benchmark(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``below_benchmark_by``, ``above_benchmark_by``: the difference from the municipality, region or country.

    The benchmark is taken over the same procedures and years as the school's value and with the school's own weights, so a
    school without one of the procedures is compared like with like.
    """
    moved = side_of_benchmark(asked) * asked.threshold
    relative = np.equal(asked.kind, "relative")
    margin = np.round(behind_benchmark(measured, asked) - asked.threshold, PRECISION) + 0.0
    return Judged(
        margin > 0 if asked.strict else margin >= 0,
        margin,
        np.where(relative, measured.benchmark * (1 + moved), measured.benchmark + moved),
        open=np.isnan(measured.benchmark),
    )


def words_of_benchmark(criterion: AgainstBenchmark, judged: Judged) -> tuple[str, str]:
    place = {"municipality": "муниципалитета", "region": "региона", "country": "страны"}[criterion.benchmark]
    side = "ниже" if side_of_benchmark(criterion) < 0 else "выше"
    return (
        f"{side} среднего {place} больше допустимого",
        f"расхождение со средним {place} в допустимых пределах",
    )


# --- a share of schools ----------------------------------------------------------------------------------------------


def judge_share_of_schools(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``lowest_share``, ``highest_share``: schools with the lowest (highest) values of their population.

    The number of schools is share × ranked schools, rounded as declared. ``threshold`` is the value half way between the
    last school inside and the first one outside. Equal schools at the cut that are more than the tolerance allows are not
    assessed: nothing says which of them are the lowest.
    """
    sign = sign_of_share(asked)
    key = _keys_of_share(measured, asked)
    if measured.cut is not None:
        tied = key == np.round(sign * measured.tied, PRECISION)
        return Judged(key <= sign * measured.cut, sign * measured.cut - key, measured.cut, open=tied)
    groups = ranked_together(measured.schools, asked.population, asked.within)
    first, last, ranked = places(key, groups)
    quota = lowest_quota(ranked, asked.threshold, asked.rounding)
    touched, inside = _places_at_the_cut(first, last, ranked, asked)
    met = inside <= quota
    size = np.bincount(groups)[groups][None, :]
    inner = _of_group(np.fmax, np.where(met, key, np.nan), groups)
    outer = _of_group(np.fmin, np.where(met, np.nan, key), groups)
    cut = np.where(np.isnan(inner), outer, np.where(np.isnan(outer), inner, (inner + outer) / 2))
    alone, sparse, tied = (
        ranked < asked.minimum_schools,
        ranked < size * asked.minimum_ranked,
        (touched <= quota) & ~met,
    )
    return Judged(
        met,
        cut - key,
        sign * cut,
        open=alone | sparse | tied,
        facts={
            "place": first,
            "equal": last - first + 1,
            "ranked": ranked,
            "quota": quota,
            "size": np.broadcast_to(size, ranked.shape),
            "tied": tied,
        },
    )


def _keys_of_share(measured: Measured, asked: SimpleNamespace) -> np.ndarray:
    """What schools are ranked by, the school that needs help first; missing where a value is not assessed."""
    return np.where(measured.assessed, np.round(sign_of_share(asked) * measured.values, PRECISION), np.nan)


def _places_at_the_cut(
    first: np.ndarray, last: np.ndarray, ranked: np.ndarray, asked: SimpleNamespace
) -> tuple[np.ndarray, np.ndarray]:
    """How many places a share must have so that each school is no longer outside, and so that it is inside.

    Equal schools (from the place ``first`` to ``last``) enter or stay out together. Between the two numbers they are neither:
    letting them all in, or leaving them all out, would miss the declared number by more than the tolerance.
    """
    spare = np.maximum(np.floor(np.round(ranked * asked.tie_tolerance, PRECISION)), 1)
    together = np.equal(asked.ties, "include")
    return (
        np.where(together, first, np.minimum(last, first + spare)),
        np.where(together, np.maximum(first, last - spare), last),
    )


def sign_of_share(asked: SimpleNamespace | ShareOfSchools) -> int:
    return 1 if asked.rule == "lowest_share" else -1


def ranked_together(schools: pd.DataFrame, population: str, within: str | None) -> np.ndarray:
    """Number of the group in which each school is ranked."""
    by = [*([] if population == "region" else ["municipality"]), *([within] if within else [])]
    groups = np.zeros(len(schools), dtype=int)
    for column in by:
        codes, labels = pd.factorize(schools[column], use_na_sentinel=False)
        groups = groups * len(labels) + codes
    return np.unique(groups, return_inverse=True)[1] if groups.any() else groups


def places(key: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Place from the lowest in the group, the smallest and the largest of equal ones, and how many are ranked there.

    Examples
    --------
    >>> first, last, ranked = places(np.array([[3.0, 1.0, 1.0, np.nan, 5.0]]), np.array([0, 0, 0, 0, 1]))
    >>> first.tolist(), last.tolist(), ranked.tolist()
    ([[3.0, 1.0, 1.0, nan, 1.0]], [[3.0, 2.0, 2.0, nan, 1.0]], [[3, 3, 3, 3, 1]])
    """
    whole = groups * (key.shape[-1] + 1) + rank_values(key, axis=-1) if groups.any() else key
    first, last = (rank_values(whole, ties, axis=-1) for ties in ("min", "max"))
    before = _of_group(np.fmin, first, groups) - 1
    return first - before, last - before, _of_group(np.add, (~np.isnan(key)).astype(int), groups)


def _of_group(combine: np.ufunc, values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Values of a group combined, told to each of its members; draws × schools."""
    if not groups.size:
        return values
    if not groups.any():
        return np.broadcast_to(combine.reduce(values, axis=-1, keepdims=True), values.shape)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    return combine.reduceat(values[:, order], starts, axis=-1)[:, groups]


def spread_within(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Largest less smallest value of the group of each school."""
    return (_of_group(np.fmax, values[None, :], groups) - _of_group(np.fmin, values[None, :], groups))[0]


def share_turns_at(measured: Measured, asked: SimpleNamespace) -> np.ndarray:
    """The share at which the quota reaches the place of each school; missing where no share between 0 and 1 does.

    With n ranked schools and place p: (p − ½)/n when the quota is rounded to the nearest, (p − 1)/n when up, p/n when down. Of
    equal schools, the place from which they are inside, for those that are inside now that from which they are not outside.
    """
    if asked.population == "region":
        return np.full(measured.values.shape, np.nan)
    known = measured.assessed & ~(measured.people < asked.minimum_participants)
    key = _keys_of_share(replace(measured, assessed=known), asked)
    first, last, ranked = places(key, ranked_together(measured.schools, asked.population, asked.within))
    touched, inside = _places_at_the_cut(first, last, ranked, asked)
    place = np.where(inside <= lowest_quota(ranked, asked.threshold, asked.rounding), touched, inside)
    offset = {"nearest": 0.5, "up": 1.0, "down": 0.0}[asked.rounding]
    share = (place - offset) / ranked
    return np.where((share > 0) & (share < 1), share, np.nan)


def words_of_share(criterion: ShareOfSchools, judged: Judged) -> tuple[list[str], list[str]]:
    end = "снизу" if sign_of_share(criterion) > 0 else "сверху"
    place = np.nan_to_num(judged.facts["place"][0]).astype(int)
    text = [
        f"{one}-е место {end} из {ranked}; в долю входит школ: {quota}"
        for one, ranked, quota in zip(place, judged.facts["ranked"][0], judged.facts["quota"][0], strict=True)
    ]
    return text, text


def obstacles_of_share(criterion: ShareOfSchools, judged: Judged) -> list[Obstacle]:
    place, equal, ranked, quota, size, tied = (
        judged.facts[name][0] for name in ("place", "equal", "ranked", "quota", "size", "tied")
    )
    alone, sparse = ranked < criterion.minimum_schools, ranked < size * criterion.minimum_ranked
    least = np.full(len(size), criterion.minimum_schools)
    enough = np.ceil(np.round(size * criterion.minimum_ranked, PRECISION)).astype(int)
    end = "самые низкие" if sign_of_share(criterion) > 0 else "самые высокие"
    few = "сравнить не с кем: оценено школ – {}, нужно не меньше {}"
    thin = "данные есть у {} из {} школ – мало, чтобы выделить долю"
    same = f"одинаковое значение у {{:.0f}} из {{}} {{}}, а мест для них – {{:.0f}}: {end} среди равных не различить"
    schools = np.array([plural(number, "школы", "школ", "школ") for number in ranked.tolist()], dtype=object)
    left = quota - place + 1
    return [
        (alone, _texts(few, alone, ranked, least), NOT_COMPARABLE, _texts("{} < {}", alone, ranked, least)),
        (sparse, _texts(thin, sparse, ranked, size), NOT_COMPARABLE, _texts("{} < {}", sparse, ranked, enough)),
        (
            tied,
            _texts(same, tied, equal, ranked, schools, left),
            NOT_DISTINGUISHED,
            _texts("{:.0f} > {:.0f}", tied, equal, left),
        ),
    ]


def _texts(pattern: str, where: np.ndarray, *numbers: np.ndarray) -> np.ndarray:
    """A text with numbers for each school, written only where it will be read."""
    texts = np.full(len(where), "", dtype=object)
    texts[where] = [pattern.format(*one) for one in zip(*(array[where] for array in numbers), strict=True)]
    return texts


# --- low procedures --------------------------------------------------------------------------------------------------


def cells_of(details: pd.DataFrame, schools: pd.DataFrame, complete_lists: Iterable[str], year: int) -> Cells:
    """The cells of the procedures and years of a frame: municipality, school_id, procedure, year, value, participants, source."""
    owners = pd.MultiIndex.from_frame(schools[UNIT])
    school = owners.get_indexer(pd.MultiIndex.from_frame(details[UNIT]))
    procedure, procedures = pd.factorize(details["procedure"], sort=True)
    when, years = pd.factorize(details["year"].astype(int), sort=True)
    shape = (len(schools), len(procedures), len(years))
    shares, people = np.full((1, *shape), np.nan), np.full(shape, np.nan)
    expected = np.zeros(shape, dtype=bool)
    listed = details["source"].eq("official_list").to_numpy()
    shares[0, school, procedure, when] = np.where(listed, np.inf, details["value"].to_numpy(float))
    people[school, procedure, when] = details["participants"].to_numpy(float)
    expected[school, procedure, when] = True
    return Cells(
        procedures=list(procedures),
        years=[int(one) for one in years],
        shares=shares,
        people=people,
        expected=expected,
        ages=year - np.asarray(years, dtype=int),
        whole_list=schools["municipality"].isin(list(complete_lists)).to_numpy(),
        place=(school, procedure, when),
        breaks=np.array(
            [[unlike_others(one, each, year) for each in years] for one in procedures], dtype=object
        ).reshape(shape[1:]),
    )


def assessed_cells(cells: Cells, asked: SimpleNamespace) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which cells of the window are expected, which of them are assessed, and of which nothing is known.

    A procedure in which nobody took part is not expected; one of few participants is neither assessed nor unknown.
    """
    expected = cells.expected & (cells.ages < _for_cells(asked.window)) & (cells.people != 0)
    few = cells.people < _for_cells(asked.minimum_participants)
    unknown = np.isnan(cells.shares)
    return expected, expected & ~unknown & ~few, expected & unknown & ~few


def low_cells(cells: Cells, asked: SimpleNamespace) -> np.ndarray:
    """Which cells are low: the threshold (``strict``: more) of the participants is below the minimum, or an official list says so."""
    _, told, _ = assessed_cells(cells, asked)
    shares, threshold = np.round(cells.shares, PRECISION), _for_cells(asked.threshold)
    return told & (shares > threshold if asked.strict else shares >= threshold)


def _for_cells(parameter: object) -> np.ndarray:
    return np.asarray(parameter)[..., None, None]


def judge_low_in_procedures(measured: Measured, asked: SimpleNamespace) -> Judged:
    """``low_in_procedures``: enough different low procedures, or one procedure low in enough years.

    The value is the number of different low procedures, the threshold the number that is enough (years of one procedure where
    only they are asked); ``margin`` is the better of the two distances. What is expected of a school and was not delivered might
    be low: where that could make the rule hold, the school is not assessed. So it is where less than ``minimum_coverage`` of
    what is expected has enough participants, or where fewer than ``minimum_procedures`` have: what nobody of the municipality
    delivered is not expected of anyone. Nor is it where only years of one procedure are asked and none was assessed in so many.
    Years that a break parts from the others are, unless the rule goes ``across_breaks``, not years of the same procedure: whether
    it would have been low then is unknown. A complete official list leaves nothing open.
    """
    cells = measured.cells
    inside, told, unknown = assessed_cells(cells, asked)
    low, parted = low_cells(cells, asked), parted_years(cells, asked)
    distinct, repeats = _low_procedures_and_years(low, parted)
    at_worst = across = _ahead(*_low_procedures_and_years(low | unknown, parted), asked) >= 0
    if parted.any():
        most = (low | unknown | (told & parted)).sum(axis=-1).max(axis=-1, initial=0)
        across = _ahead((low | unknown).any(axis=-1).sum(axis=-1), most, asked) >= 0
    assessed, absent = told.sum(axis=(-1, -2)), unknown.sum(axis=(-1, -2))
    expected = np.broadcast_to(inside.sum(axis=(-1, -2)), assessed.shape)
    whole = cells.whole_list & asked.use_official_list
    margin = _ahead(distinct, repeats, asked)
    met = margin >= 0
    sparse = (assessed < least_procedures(asked)) | (assessed < expected * asked.minimum_coverage)
    if asked.distinct is None:
        alike, any_year = (one.sum(axis=-1).max(axis=-1, initial=0) for one in (told & ~parted, told))
        sparse = sparse | (alike < asked.repeated)
        across = across | ((alike < asked.repeated) & (any_year >= asked.repeated))
    return Judged(
        met,
        margin.astype(float),
        float(asked.distinct or asked.repeated),
        open=~met & ~whole & (at_worst | across | sparse),
        facts={
            "value": np.where(assessed > 0, repeats if asked.distinct is None else distinct, np.nan),
            "low": low,
            "assessed": assessed,
            "expected": expected,
            "absent": np.broadcast_to(absent, assessed.shape),
            "at_worst": at_worst,
            "across": across,
            "parted": (told | unknown) & parted,
            "whole": np.broadcast_to(whole, assessed.shape),
            "cells": cells,
        },
    )


def least_procedures(asked: SimpleNamespace | LowInProcedures) -> int:
    """How many procedures (each year of one counts) must be assessed before a school is called not low."""
    return asked.minimum_procedures or asked.distinct or asked.repeated


def parted_years(cells: Cells, asked: SimpleNamespace) -> np.ndarray:
    """Which years of a procedure are not years of the same one: procedures × years."""
    return (cells.breaks != "") & (not asked.across_breaks)


def _low_procedures_and_years(low: np.ndarray, parted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many procedures are low in any year, and in how many years the procedure is low that is so most often.

    A year parted from the others is one by itself.
    """
    alone = (low & parted).any(axis=-1)
    return low.any(axis=-1).sum(axis=-1), np.maximum((low & ~parted).sum(axis=-1), alone).max(axis=-1, initial=0)


def _ahead(distinct: np.ndarray, repeats: np.ndarray, asked: SimpleNamespace) -> np.ndarray:
    """How far low procedures and years of one are beyond the numbers that are enough, the better of the two that are asked."""
    pairs = ((distinct, asked.distinct), (repeats, asked.repeated))
    return np.max([found - enough for found, enough in pairs if enough is not None], axis=0)


def low_in_procedures_turns_at(measured: Measured, asked: SimpleNamespace) -> np.ndarray:
    """The largest share below the minimum at which the rule is still met.

    The rule is met up to the ``distinct``-th largest procedure, or the ``repeated``-th largest year of one procedure. What an
    official list calls low is low at any threshold, so a school with enough of it has no such share.
    """
    _, told, _ = assessed_cells(measured.cells, asked)
    shares = np.where(told, measured.cells.shares, -np.inf)
    turns = []
    if asked.distinct is not None:
        turns.append(_nth_largest(shares.max(axis=-1, initial=-np.inf), asked.distinct))
    if asked.repeated is not None:
        alike = np.where(parted_years(measured.cells, asked) & (asked.repeated > 1), -np.inf, shares)
        turns.append(_nth_largest(alike, asked.repeated).max(axis=-1, initial=-np.inf))
    return np.max(turns, axis=0)


def _nth_largest(values: np.ndarray, place: int) -> np.ndarray:
    if values.shape[-1] < place:
        return np.full(values.shape[:-1], -np.inf)
    return np.sort(values, axis=-1)[..., -place]


def words_of_low_in_procedures(criterion: LowInProcedures, judged: Judged) -> tuple[list[str], list[str]]:
    cells: Cells = judged.facts["cells"]
    labels = [[f"{procedure_label(name)} ({year})" for year in cells.years] for name in cells.procedures]
    named: list[list[str]] = [[] for _ in cells.people]
    for school, procedure, year in np.argwhere(judged.facts["low"][0]):
        named[school].append(labels[procedure][year])
    met, few = [], []
    lacking = "низких процедур мало"
    if criterion.distinct is None:
        running = "подряд" if criterion.repeated == criterion.window else f"из {criterion.window}"
        times = f"{criterion.repeated} {plural(criterion.repeated, 'год', 'года', 'лет')}"
        lacking = f"ни одна процедура не была низкой {times} {running}"
    facts = (judged.facts[name][0] for name in ("whole", "assessed", "expected"))
    for words, listed, assessed, expected in zip(map("; ".join, named), *facts, strict=True):
        covered = f"; оценено процедур: {assessed} из {expected}"
        if listed:
            covered = (
                "; по официальному перечню" if assessed else " в официальном перечне; о её процедурах он не говорит"
            )
        met.append(f"низкие: {words}{covered}")
        none = "низких процедур нет" if assessed else "школы нет"
        few.append((f"{lacking}: {words}" if words else none) + covered)
    return met, few


def obstacles_of_low_in_procedures(criterion: LowInProcedures, judged: Judged) -> list[Obstacle]:
    assessed, expected, absent = (judged.facts[name][0] for name in ("assessed", "expected", "absent"))
    covering = np.ceil(np.round(expected * criterion.minimum_coverage, PRECISION))
    needed = np.maximum(covering, least_procedures(criterion)).astype(int)
    hanging, opened = judged.open[0] & judged.facts["at_worst"][0], judged.open[0]
    missing = "оценено процедур: {} из {} ожидаемых; не представлено: {}, и они могли бы изменить вывод"
    few = "оценено процедур: {} из {} ожидаемых – мало для вывода: нужно не меньше {}"
    if criterion.distinct is None:
        times = f"{criterion.repeated} {plural(criterion.repeated, 'году', 'годах', 'годах')}"
        few += f", и хотя бы одна из них – в {times}"
    broken = judged.open[0] & judged.facts["across"][0]
    unlike = "годы одной и той же процедуры сравнить нельзя – {}"
    texts = np.full(len(broken), "", dtype=object)
    for school in np.flatnonzero(broken):
        told = judged.facts["cells"].breaks[judged.facts["parted"][0][school]]
        texts[school] = "; ".join(sorted(set(told.tolist())))
    return [
        (hanging, _texts(missing, hanging, assessed, expected, absent), NOT_DELIVERED, judged.facts["cells"].needs),
        (broken, _texts(unlike, broken, texts), NOT_COMPARABLE, texts),
        (opened, _texts(few, opened, assessed, expected, needed), TOO_FEW, _texts("{} < {}", opened, assessed, needed)),
    ]


# --- the table of rule words -----------------------------------------------------------------------------------------

RULES: dict[type[CriterionBase], Rule] = {
    entry.criterion: entry
    for entry in (
        Rule(
            FixedThreshold,
            judge_fixed_threshold,
            words_of_fixed_threshold,
            turns_at=lambda measured, asked: measured.values,
        ),
        Rule(
            OwnThreshold,
            judge_own_threshold,
            words_of_own_threshold,
            obstacles=obstacles_of_own_threshold,
            adjustable=("window", "minimum_participants"),
        ),
        Rule(
            Graded,
            judge_graded,
            words_of_graded,
            adjustable=("window", "minimum_participants"),
        ),
        Rule(
            OneOf,
            judge_one_of,
            lambda criterion, judged: ("значение из перечня", "значение не из перечня"),
            adjustable=("window", "minimum_participants"),
        ),
        Rule(
            AgainstBenchmark,
            judge_against_benchmark,
            words_of_benchmark,
            turns_at=behind_benchmark,
            threshold_is="difference",
            adjustable=("threshold", "window", "minimum_participants", "kind"),
        ),
        Rule(
            ShareOfSchools,
            judge_share_of_schools,
            words_of_share,
            turns_at=share_turns_at,
            obstacles=obstacles_of_share,
            threshold_is="share",
            adjustable=("threshold", "window", "minimum_participants", "rounding", "ties"),
            alone=False,
        ),
        Rule(
            LowInProcedures,
            judge_low_in_procedures,
            words_of_low_in_procedures,
            turns_at=low_in_procedures_turns_at,
            obstacles=obstacles_of_low_in_procedures,
            threshold_is="share",
            alone=False,
            by_procedure=True,
        ),
    )
}
