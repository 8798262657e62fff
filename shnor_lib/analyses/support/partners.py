"""Partner schools: stable high results in comparable social conditions, assigned so that all pairs together are nearest.

What "stable", "high" and "comparable" mean is a parameter of the office (:class:`shnor_lib.params.profiles.PartnerSearch`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from shnor_lib.analyses.dynamics import yearly_deviation
from shnor_lib.indicators.window import full_names
from shnor_lib.params.profiles import PartnerSearch

CANDIDATE_COLUMNS = ["school_id", "years", "mean", "lowest", "variation", "boundary", "candidate", "reason"]
PAIR_COLUMNS = [
    "school_id",
    "partner_id",
    "distance",
    "kilometres",
    "shared",
    "closest",
    "different",
    "missing",
    "nearest_id",
    "nearest_distance",
    "reason",
]
FORBIDDEN = 1e6
"""Cost of a pair that must not be made; far above any sum of distances, so that as many schools as possible get a partner."""
STAYS = -1.0
"""Cost of a declared pair in comparable conditions: less than any distance, so that it is not broken for a nearer partner."""
STABLE = "стабильно высокие результаты"
LISTED = "ей самой нужна помощь"
NOT_SHARING = "не в перечне школ, которые методика называет стабильно высокими"


@dataclass(frozen=True)
class Partners:
    """What the search found.

    Attributes
    ----------
    candidates : every school with its results over the years and whether they are stable and high.
    pairs : one row per school to support, its partner or the reason why there is none.
    context : standardised conditions, school by indicator.
    refused : why nothing was searched; empty when it was.
    """

    candidates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=CANDIDATE_COLUMNS))
    pairs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PAIR_COLUMNS))
    context: pd.DataFrame = field(default_factory=pd.DataFrame)
    refused: str = ""


def find_partners(
    indicators: pd.DataFrame,
    supported: Sequence[str],
    year: int,
    search: PartnerSearch,
    unsuitable: Mapping[str, str] | None = None,
    declared: Collection[tuple[str, str]] = (),
    sharing: Collection[str] | None = None,
) -> Partners:
    """Find a partner for each supported school.

    Parameters
    ----------
    indicators : the long table of one office, all levels and years.
    supported : schools to support, in the order to report them; none of them can be a partner.
    unsuitable : other schools that must not be partners, with the reason in Russian.
    declared : pairs that exist already, school and partner: a declared partner helps others only as far as
        ``search.schools_per_partner`` leaves room, and stays with its own school where the conditions are comparable.
    sharing : the schools that the method itself lists as those that may help others; None where it has no such list, and the rule of
        the search tells them.

    Returns
    -------
    ``distance`` is the root of the mean squared difference of the standardised conditions that both schools have;
    ``kilometres`` the way through the centre. A pair farther than ``search.farthest`` is not made: ``nearest_id`` says
    which school with stable high results is nearest all the same.

    References
    ----------
    Искитимский район, measure 16; Лесосибирск, tasks of the programme: partnership with schools of high results.
    """
    results = yearly_results(indicators, year, search)
    known = results.groupby("school_id")["year"].nunique().ge(search.minimum_years).sum() if len(results) else 0
    if sharing is None and known < search.minimum_schools:
        return Partners(
            refused=f"школ с результатами хотя бы в {search.minimum_years} годах из последних {search.years} – {known}, "
            f"а для поиска нужно не менее {search.minimum_schools}"
        )
    candidates = partner_candidates(
        results, search, {**(unsuitable or {}), **dict.fromkeys(supported, LISTED)}, sharing
    )
    if not len(supported):
        return Partners(candidates, refused="школ, которым нужен партнёр, по расчёту нет")
    context = standardised_context(school_conditions(indicators, search.context, year, search.years))
    if context.empty:
        return Partners(candidates, refused="нет сведений об условиях работы школ: сравнить их не по чему")
    chosen = candidates.loc[candidates["candidate"], "school_id"].tolist()
    if not chosen:
        return Partners(
            candidates, context=context, refused="школ со стабильно высокими результатами по этим правилам нет"
        )
    way = school_conditions(indicators, ["distance_km"], year, search.years)["distance_km"]
    return Partners(candidates, assign_partners(context, way, supported, chosen, search, declared), context)


def judge_declared(
    pairs: pd.DataFrame, candidates: pd.DataFrame, search: PartnerSearch, unsuitable: Mapping[str, str], refused: str
) -> pd.DataFrame:
    """What is known of the declared partners, by the rules of the search.

    Parameters
    ----------
    pairs : ``partner_id`` of each declared partnership.
    candidates : of :func:`partner_candidates`; empty where nothing was searched, ``refused`` says why.
    unsuitable : schools that must not be partners, with the reason in Russian: known without any results.

    Returns
    -------
    The rows with ``fit`` (True, False, or None where the results do not tell) and ``remark``, the cause in Russian.

    Examples
    --------
    >>> pairs = pd.DataFrame({"partner_id": ["1", "2", "3"]})
    >>> known = pd.DataFrame({"school_id": ["1", "2"], "years": [3, 1], "candidate": [True, False], "reason": ["", "мало лет"]})
    >>> judge_declared(pairs, known, PartnerSearch(), {}, "")[["fit", "remark"]].values.tolist()
    [[True, 'стабильно высокие результаты'], [None, 'мало лет'], [None, 'результатов школы нет']]
    """
    known = candidates.set_index("school_id")
    told: list[tuple[bool | None, str]] = []
    for partner in pairs["partner_id"]:
        if partner in unsuitable:
            told.append((False, unsuitable[partner]))
        elif partner not in known.index:
            told.append((None, refused if known.empty else "результатов школы нет"))
        elif known.at[partner, "candidate"]:
            told.append((True, STABLE))
        elif known.at[partner, "years"] < search.minimum_years:
            told.append((None, known.at[partner, "reason"]))
        else:
            told.append((False, known.at[partner, "reason"]))
    fit, remark = zip(*told, strict=True) if told else ((), ())
    return pairs.assign(
        fit=pd.Series(fit, index=pairs.index, dtype=object), remark=pd.Series(remark, index=pairs.index, dtype=object)
    )


def yearly_results(indicators: pd.DataFrame, year: int, search: PartnerSearch) -> pd.DataFrame:
    """:func:`shnor_lib.analyses.dynamics.yearly_deviation` of the years and results that the search looks at."""
    own = indicators[indicators["indicator"].str.startswith(search.indicator)]
    years = list(range(year - search.years + 1, year + 1))
    return yearly_deviation(own, full_names(search.indicator, search.parts), years)


def partner_candidates(
    results: pd.DataFrame,
    search: PartnerSearch,
    unsuitable: Mapping[str, str],
    sharing: Collection[str] | None = None,
) -> pd.DataFrame:
    """Which schools have stable high results.

    A school has them when it has results of ``minimum_years``, is not below the municipality in any of them, its mean over
    the years is among the ``upper_share`` of the schools, and their standard deviation (n−1) is at most ``largest_variation``.

    ``results``: ``school_id, year, value``; 0 is the mean of the municipality. ``sharing``: the list of the method that stands in
    place of this rule.

    Examples
    --------
    >>> results = pd.DataFrame({"school_id": ["1", "1", "2", "2"], "year": [2020, 2021] * 2, "value": [4.0, 6.0, -4.0, -6.0]})
    >>> partner_candidates(results, PartnerSearch(), {})[["school_id", "mean", "candidate"]].values.tolist()
    [['1', 5.0, True], ['2', -5.0, False]]
    """
    by_school = results.groupby("school_id")["value"]
    found = pd.DataFrame(
        {"years": by_school.count(), "mean": by_school.mean(), "lowest": by_school.min(), "variation": by_school.std()}
    )
    if sharing is not None:
        found = found.reindex(found.index.union(sorted(sharing)).rename("school_id")).fillna({"years": 0})
    enough = found["years"].ge(search.minimum_years)
    found["boundary"] = found.loc[enough, "mean"].quantile(1 - search.upper_share)
    refused = (found.index.map(unsuitable.get).to_series(index=found.index).notna(), None)
    doubts = (
        refused,
        (~enough, f"результаты есть меньше чем в {search.minimum_years} годах"),
        (found["lowest"].lt(0), "в одном из лет ниже муниципалитета"),
        (found["mean"].lt(found["boundary"]), "в среднем за годы не в верхней части школ"),
        (found["variation"].gt(search.largest_variation), "результаты меняются от года к году"),
    )
    if sharing is not None:
        doubts = (refused, (~found.index.isin(sharing) & pd.Series(True, index=found.index), NOT_SHARING))
    reasons = [
        next((reason or unsuitable[school] for holds, reason in doubts if holds[school]), "") for school in found.index
    ]
    return found.assign(candidate=[not reason for reason in reasons], reason=reasons).reset_index()[CANDIDATE_COLUMNS]


def school_conditions(indicators: pd.DataFrame, names: Sequence[str], year: int, years: int) -> pd.DataFrame:
    """The latest known value of each indicator of conditions, school by indicator."""
    rows = indicators[
        indicators["level"].eq("school")
        & indicators["indicator"].isin(names)
        & indicators["value"].notna()
        & indicators["year"].between(year - years + 1, year)
    ]
    latest = rows.sort_values("year", kind="stable").drop_duplicates(["school_id", "indicator"], keep="last")
    wide = latest.pivot(index="school_id", columns="indicator", values="value")
    return wide.astype(float).reindex(columns=list(names))


def standardised_context(conditions: pd.DataFrame) -> pd.DataFrame:
    """Conditions with mean 0 and standard deviation 1 (of all schools); those without any difference are left out.

    Examples
    --------
    >>> conditions = pd.DataFrame({"low_income": [0.1, 0.3], "rural": [1.0, 1.0]}, index=["1", "2"])
    >>> standardised_context(conditions).round(6).to_dict("list")
    {'low_income': [-1.0, 1.0]}
    """
    spread = conditions.std(ddof=0)
    telling = spread[spread > 1e-12].index
    return (conditions[telling] - conditions[telling].mean()) / spread[telling] if len(telling) else pd.DataFrame()


def assign_partners(
    context: pd.DataFrame,
    way: pd.Series,
    supported: Sequence[str],
    candidates: Sequence[str],
    search: PartnerSearch,
    declared: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Pairs with the least sum of distances, each partner at most ``schools_per_partner`` times.

    First as many schools as possible get a partner in comparable conditions, then the sum of distances is least. Kilometres
    weigh only when they are known of every school involved; ``way``: of each school to the centre of the municipality, km.
    A ``declared`` pair takes a place of its partner, which nobody else gets, and stays where the conditions are comparable.
    """
    here, there = context.reindex(supported).to_numpy(), context.reindex(candidates).to_numpy()
    gaps = np.abs(here[:, None, :] - there[None, :, :])
    shared = (~np.isnan(gaps)).sum(axis=2)
    squares = np.nansum(gaps**2, axis=2)
    distance = np.sqrt(np.divide(squares, shared, out=np.full(squares.shape, np.nan), where=shared > 0))
    distance[shared < max(1, search.minimum_context * len(search.context))] = np.nan
    ways = way.reindex(supported).to_numpy()[:, None] + way.reindex(candidates).to_numpy()[None, :]
    weighed = 0.0 if np.isnan(ways).any() else ways / search.kilometres_per_unit
    allowed = distance <= search.farthest
    cost = np.where(allowed, distance + weighed, FORBIDDEN)
    places = partner_places(candidates, search.schools_per_partner, declared)
    costs = np.empty((len(supported), len(places)))
    for number, (column, school) in enumerate(places):
        own = np.array([school == one for one in supported], dtype=bool)
        costs[:, number] = cost[:, column] if school is None else np.where(own & allowed[:, column], STAYS, FORBIDDEN)
    rows, columns = linear_sum_assignment(costs)
    taken = {
        row: places[number][0] for row, number in zip(rows, columns, strict=True) if costs[row, number] < FORBIDDEN
    }
    pairs = []
    for row, school in enumerate(supported):
        partner = taken.get(row)
        known = distance[row].copy()
        nearest = int(np.nanargmin(known)) if not np.isnan(known).all() else None
        pair: dict[str, object] = {
            "school_id": school,
            "nearest_id": candidates[nearest] if nearest is not None else None,
            "nearest_distance": known[nearest] if nearest is not None else np.nan,
            "reason": _why_alone(allowed[row].any(), nearest is not None) if partner is None else "",
        }
        if partner is not None:
            pair |= {
                "partner_id": candidates[partner],
                "distance": distance[row, partner],
                "kilometres": ways[row, partner],
                "shared": int(shared[row, partner]),
            } | _likeness(pd.Series(gaps[row, partner], index=context.columns), search)
        pairs.append(pair)
    return pd.DataFrame(pairs, columns=PAIR_COLUMNS)


def partner_places(
    candidates: Sequence[str], schools_per_partner: int, declared: Collection[tuple[str, str]]
) -> list[tuple[int, str | None]]:
    """The places of the candidates (by number): those of declared pairs with their school, and what is left for anybody.

    Examples
    --------
    >>> partner_places(["a", "b"], 2, [("x", "a")])
    [(0, 'x'), (0, None), (1, None), (1, None)]
    """
    places: list[tuple[int, str | None]] = []
    for number, candidate in enumerate(candidates):
        own = [school for school, partner in declared if partner == candidate]
        places += [(number, school) for school in own]
        places += [(number, None)] * max(0, schools_per_partner - len(own))
    return places


def _why_alone(some_allowed: bool, some_known: bool) -> str:
    if not some_known:
        return "условия школы известны не настолько, чтобы их сравнивать"
    if not some_allowed:
        return "все школы со стабильно высокими результатами работают в заметно иных условиях"
    return "подходящие школы уже поддерживают других"


def _likeness(gaps: pd.Series, search: PartnerSearch) -> dict[str, tuple[str, ...]]:
    """In what a pair is alike (at most three conditions), in what it differs by more than ``farthest``, what is not known."""
    known = gaps.dropna().sort_values(kind="stable")
    alike = known[known <= search.farthest].index[:3]
    return {
        "closest": tuple(alike),
        "different": tuple(known[known > search.farthest].index[::-1]),
        "missing": tuple(name for name in search.context if name not in known.index),
    }
