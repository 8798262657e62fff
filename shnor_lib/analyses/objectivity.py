"""How far results can be trusted: marks of ВПР against the register, and the markers of biased results of ФИОКО.

A marker says that a result is unusual, not that anybody is to blame. A school with markers may have low results that nobody
sees, so its answer on the list of schools with low results is to be read with care. But markers come to schools whose results
are what they seem as well, to half of them every year: so the chance of that stands beside every marker, and only schools whose
markers such a school hardly ever has are to be checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from shnor_lib.analyses.results import LEVELS, compare, latest_year, rows_of, with_own_mix
from shnor_lib.analyses.standing import components_of
from shnor_lib.criteria.decisions import NO, YES
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET
from shnor_lib.indicators import applicable_procedures
from shnor_lib.inputs.dictionary import procedure_label
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office, once
from shnor_lib.params.methods import ResultComponents
from shnor_lib.params.profiles import BiasMarkers, ResultsReading
from shnor_lib.statistics.alarms import (
    chance_above_others,
    chance_beyond_fences,
    chance_beyond_limits,
    chance_of_as_rare,
    chance_of_negative_rank_correlation,
)
from shnor_lib.statistics.change import holm
from shnor_lib.statistics.counts import BEYOND, chance_of_count, expected_by_chance, sides_beside_chance

JOURNAL = ("marks_lowered_rate", "marks_confirmed_rate", "marks_raised_rate")
"""The three rows of the comparison, in the order of the ФИС ОКО report."""

WHOLE_EXAM = "VPR"
"""The part of the long table that stands for all works of the year together."""

MARKERS = {
    "inflated_mean": "средний балл выше регионального",
    "against_journal": "баллы расходятся с отметками журнала",
    "sharp_change": "резкое изменение результата одних и тех же детей",
}

COLUMNS = ["school_id", "marker", "procedure", "year", "value", "bound", "participants", "verdict", "reason", "chance"]
COMPONENTS = ResultComponents()

VERDICTS = ["school_id", "marker", "verdict", "assessed", "procedures", "reason", "chance"]

_QUARTILES = ("cohort_ratio_q1", "cohort_ratio_q3")
_MEASURES = ("mean_score", "score_sd", "mean_percent", "journal_spearman", *_QUARTILES)
_HIDDEN = "число скрыто в открытой редакции"
_NO_PARTICIPANTS = "число участников не указано"


def values_of(indicators: pd.DataFrame, measure: str, level: str, year: int, procedures: Iterable[str]) -> pd.DataFrame:
    """Values of a measure in some procedures of a year: school_id, procedure, value, participants, hidden."""
    rows = rows_of(indicators[indicators["year"].eq(year) & indicators["level"].eq(level)], [measure])
    hidden = rows["hidden"].eq(True) if "hidden" in rows else pd.Series(False, index=rows.index)
    rows = rows.assign(hidden=hidden & rows["value"].isna())
    rows = rows[rows["part"].isin(list(procedures)) & (rows["value"].notna() | rows["hidden"])]
    rows = rows.rename(columns={"part": "procedure", "denominator": "participants"})
    return rows[["school_id", "procedure", "value", "participants", "hidden"]].astype(
        {"value": float, "participants": float}
    )


def inflated_means(
    indicators: pd.DataFrame,
    schools: Iterable[str],
    year: int,
    rules: BiasMarkers,
    declared: ResultComponents = COMPONENTS,
) -> pd.DataFrame:
    """Marker 1: the mean of the school is above the region's by more than chance would do.

    The lower bound x̄ − 1.96·s/√n of the school lies above the upper bound x̄ + 1.96·s/√n of the region, s with n − 1.

    Parameters
    ----------
    indicators : ``mean_score`` and ``score_sd`` of schools and region with participants.
    declared : what makes honest results differ.

    Returns
    -------
    One row per school and procedure: value (lower bound of the school), bound (upper bound of the region), verdict; equal
    bounds do not meet the marker. Not assessed, with the reason, when something is missing. ``chance``: that an honest school of
    as many participants meets it in this procedure; ``others``: participants of the region.

    Notes
    -----
    A school whose pupils really are strong meets this marker too: alone it proves nothing.

    Source: ФИОКО, признаки необъективности ВПР.
    """
    found = _pairs(schools, rules.inflated)
    for level, suffix in (("school", ""), ("region", "_region")):
        key = ["school_id", "procedure"] if level == "school" else ["procedure"]
        means = values_of(indicators, "mean_score", level, year, rules.inflated)[
            [*key, "value", "participants", "hidden"]
        ]
        spreads = values_of(indicators, "score_sd", level, year, rules.inflated)[[*key, "value"]]
        of_level = means.merge(spreads, on=key, how="left", suffixes=("", "_sd")).set_index(key).add_suffix(suffix)
        found = found.join(of_level, on=key)
    low = found["value"] - rules.spread * found["value_sd"] / np.sqrt(found["participants"])
    high = found["value_region"] + rules.spread * found["value_sd_region"] / np.sqrt(found["participants_region"])
    reason = _first_doubt(
        (found["hidden"].eq(True), _HIDDEN),
        (found["value"].isna(), "нет результатов школы"),
        (found["participants"].isna(), _NO_PARTICIPANTS),
        (found["participants"].lt(rules.minimum_participants), _few(rules)),
        (found["value_sd"].isna(), "нет стандартного отклонения школы"),
        (high.isna(), "нет среднего, стандартного отклонения или числа участников региона"),
    )
    people, others = found["participants"].to_numpy(float), found["participants_region"].to_numpy(float)
    alone = chance_above_others(people[:, None], others[:, None], [""], [""], components_of(declared), rules.spread)
    judged = _judged(found, "inflated_mean", year, low, high, low > high, reason, alone)
    return judged.assign(others=found["participants_region"].where(judged["verdict"].ne(NOT_ASSESSED)))


def against_journal(indicators: pd.DataFrame, schools: Iterable[str], year: int, rules: BiasMarkers) -> pd.DataFrame:
    """Marker 2: inside the school those with better marks in the register score lower (Spearman's coefficient below zero).

    As :func:`inflated_means`; value is the coefficient, bound is 0. Zero does not meet the marker.

    Source: ФИОКО, признаки необъективности ВПР.
    """
    own = values_of(indicators, "journal_spearman", "school", year, rules.journal)
    found = _pairs(schools, rules.journal).merge(own, on=["school_id", "procedure"], how="left")
    reason = _first_doubt(
        (found["hidden"].eq(True), _HIDDEN),
        (found["value"].isna(), "нет корреляции балла с отметкой по журналу"),
        (found["participants"].isna(), _NO_PARTICIPANTS),
        (found["participants"].lt(rules.minimum_participants), _few(rules)),
    )
    bound = pd.Series(0.0, index=found.index)
    people = found["participants"].where(found["participants"].gt(3)).to_numpy(float)
    alone = chance_of_negative_rank_correlation(people, rules.journal_correlation, rules.journal_deviation)
    return _judged(found, "against_journal", year, found["value"], bound, found["value"] < 0, reason, alone)


def sharp_changes(
    indicators: pd.DataFrame,
    schools: Iterable[str],
    year: int,
    rules: BiasMarkers,
    declared: ResultComponents = COMPONENTS,
) -> pd.DataFrame:
    """Marker 3: the result of the same children changed sharply from one year to the next.

    K = S of grade N in the year before / S of grade N + 1 in the year, S the mean per cent of the maximum. A fall when
    K > P75 + 3·IQR, a rise when K < P25 − 3·IQR. The quartiles are those of the schools of the region where its row tells them
    (``cohort_ratio_q1``, ``cohort_ratio_q3``), else of the municipality's own (by linear interpolation).

    As :func:`inflated_means`; value is K, bound the nearer limit, participants the smaller number of the two years;
    ``quartiles``: whose they are, ``region`` or ``municipality``, and ``schools``: of how many. K at the limit does not meet the
    marker; quartiles of fewer than ``minimum_schools`` schools say nothing, and without others the marker is not assessed.

    Source: ФИОКО, признаки необъективности ВПР.
    """
    parts = []
    for before, now in rules.cohorts:
        first = values_of(indicators, "mean_percent", "school", year - 1, [before]).drop(columns="procedure")
        last = values_of(indicators, "mean_percent", "school", year, [now]).drop(columns="procedure")
        found = _pairs(schools, [now]).merge(first, on="school_id", how="left")
        found = found.merge(last, on="school_id", how="left", suffixes=("_before", ""))
        found["participants_now"] = found["participants"]
        found["participants"] = found[["participants", "participants_before"]].min(axis=1, skipna=False)
        doubts = [
            (found["hidden"].eq(True) | found["hidden_before"].eq(True), _HIDDEN),
            (found["value"].isna() | found["value_before"].isna(), f"нет результата за {year - 1} или {year} год"),
            (found["participants"].isna(), _NO_PARTICIPANTS),
            (found["participants"].lt(rules.minimum_participants), _few(rules)),
            (found["value"].le(0), f"результат за {year} год равен нулю, отношение не посчитать"),
        ]
        ratio = (found["value_before"] / found["value"]).where(_first_doubt(*doubts) == "")
        region, number = _quartiles_of_region(indicators, now, year, rules.minimum_schools), int(ratio.notna().sum())
        low, high = region[1:] if region else ratio.quantile([0.25, 0.75])
        few_schools = pd.Series(not region and number < rules.minimum_schools, index=found.index)
        short = (
            f"квартили школ региона неизвестны, а своих школ с результатами обоих лет {number}, "
            f"нужно не меньше {rules.minimum_schools}"
        )
        reach = rules.quartile_ranges * (high - low)
        bound = pd.Series(np.where(ratio >= (low + high) / 2, high + reach, low - reach), index=found.index)
        sharp = (ratio > high + reach) | (ratio < low - reach)
        reason = _first_doubt(*doubts, (few_schools, short))
        alone = np.full(len(found), np.nan)
        if number and not few_schools.all():
            sample = found[ratio.notna()]
            people = (sample[name].to_numpy(float) for name in ("participants_before", "participants_now"))
            level, ranges = sample["value"].mean(), rules.quartile_ranges
            alone[ratio.notna()] = (
                chance_beyond_limits(*people, level, declared.pupil, (low, high), ranges)
                if region
                else chance_beyond_fences(*people, (sample["value_before"].mean(), level), declared.pupil, ranges)
            )
        judged = _judged(found, "sharp_change", year, ratio, bound, sharp, reason, alone)
        whose = {"quartiles": "region" if region else "municipality", "schools": region[0] if region else number}
        assessed = judged["verdict"].ne(NOT_ASSESSED)
        parts.append(
            judged.assign(**{name: pd.Series(each, judged.index).where(assessed) for name, each in whose.items()})
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def _quartiles_of_region(
    indicators: pd.DataFrame, procedure: str, year: int, least: int
) -> tuple[int, float, float] | None:
    """How many schools of the region have K in a procedure and its quartiles; nothing unless all of it is known, of enough schools."""
    rows = pd.concat(values_of(indicators, name, "region", year, [procedure]) for name in _QUARTILES)
    if len(rows) != len(_QUARTILES) or rows[["value", "participants"]].isna().any(axis=None):
        return None
    (low, high), schools = rows["value"], rows["participants"].min()
    return (int(schools), low, high) if schools >= least and low <= high else None


def markers(
    indicators: pd.DataFrame,
    schools: pd.DataFrame,
    year: int,
    rules: BiasMarkers | None = None,
    declared: ResultComponents = COMPONENTS,
) -> pd.DataFrame:
    """All markers of all schools, procedure by procedure.

    Parameters
    ----------
    indicators : the long table.
    schools : the register: ``school_id`` and what tells its grades; procedures of grades a school does not have are left out.

    Returns
    -------
    school_id, marker, procedure, year, value, bound, participants, verdict (``met``, ``not_met``, ``not_assessed``), reason,
    chance (that an honest school meets the marker in this procedure), others (participants of the region; marker 1), quartiles
    and schools (whose and of how many schools; marker 3).
    """
    rules = rules or BiasMarkers()
    looked_at = rows_of(indicators[indicators["year"].isin([year - 1, year])], _MEASURES)
    ids = schools["school_id"].tolist()
    found = pd.concat(
        [
            inflated_means(looked_at, ids, year, rules, declared),
            against_journal(looked_at, ids, year, rules),
            sharp_changes(looked_at, ids, year, rules, declared),
        ],
        ignore_index=True,
    )
    possible = applicable_procedures(schools, found["procedure"].unique())
    refused = possible[possible["applicable"].eq(False).fillna(False).astype(bool)]
    own = pd.MultiIndex.from_frame(found[["school_id", "procedure"]])
    return found[~own.isin(pd.MultiIndex.from_frame(refused[["school_id", "procedure"]]))].reset_index(drop=True)


def marker_verdicts(
    found: pd.DataFrame, rules: BiasMarkers | None = None, declared: ResultComponents = COMPONENTS
) -> pd.DataFrame:
    """The verdict on each marker of each school over its procedures.

    Met when met in any procedure; not met when at least one procedure was assessed; else not assessed, with the reasons.

    Parameters
    ----------
    found : of :func:`markers`.

    Returns
    -------
    school_id, marker, verdict, assessed, procedures (both numbers), reason (the procedures that meet it, or what is missing),
    chance (that an honest school meets the marker in any of the procedures assessed).
    """
    chances = honest_chances(found, rules or BiasMarkers(), declared)
    pairs: dict[tuple[str, str], list] = {}
    for one in found.itertuples():
        pairs.setdefault((one.school_id, one.marker), []).append(one)
    rows = []
    for (school, marker), own in pairs.items():
        met = [one for one in own if one.verdict == MET]
        assessed = sum(one.verdict != NOT_ASSESSED for one in own)
        verdict = MET if met else NOT_MET if assessed else NOT_ASSESSED
        told = [procedure_label(one.procedure) for one in met]
        reason = "; ".join(told or ([] if assessed else dict.fromkeys(one.reason for one in own)))
        rows.append((school, marker, verdict, assessed, len(own), reason, chances.get((marker, school), np.nan)))
    rows.sort(key=lambda row: (row[0], list(MARKERS).index(row[1])))
    return pd.DataFrame(rows, columns=VERDICTS)


def honest_chances(
    found: pd.DataFrame, rules: BiasMarkers, declared: ResultComponents, ahead: float | None = None
) -> pd.Series:
    """The chance that an honest school meets a marker in any of the procedures assessed, by marker and school.

    Parameters
    ----------
    found : of :func:`markers`.
    ahead : the honest school of marker 1 is truly so many points of 100 above the region; any school when None.

    Notes
    -----
    Means of one school move together (:func:`shnor_lib.statistics.alarms.chance_above_others`); procedures of the other two
    markers are taken as independent, which makes their chance rather too high.
    """
    assessed = found[found["verdict"].ne(NOT_ASSESSED)]
    alone = (1 - assessed["chance"]).groupby([assessed["marker"], assessed["school_id"]]).prod()
    chances = 1 - alone
    means = assessed[assessed["marker"].eq("inflated_mean")]
    if means.empty:
        return chances
    people, others = (
        means.pivot(index="school_id", columns="procedure", values=name) for name in ("participants", "others")
    )
    subjects, grades = zip(*(name.split("/")[1:] for name in people.columns), strict=True)
    together = chance_above_others(
        people.to_numpy(float), others.to_numpy(float), subjects, grades, components_of(declared), rules.spread, ahead
    )
    joint = pd.Series(together, index=pd.MultiIndex.from_product([["inflated_mean"], people.index]))
    return pd.concat([chances.drop("inflated_mean"), joint])


def biased_schools(office: Office) -> pd.DataFrame:
    """Which schools have markers of biased results: the remark beside the answer on the list. Columns as of :func:`remarks`."""
    return analyse_markers(office)[2]


@for_the_public(words=("schools",))
@once
def analyse_markers(office: Office) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Markers of an office and year: of :func:`markers`, of :func:`marker_verdicts` and of :func:`remarks`."""
    rules, declared = office.profile.bias, office.method.robustness.components
    found = markers(office.indicators, office.schools, office.year, rules, declared)
    verdicts = marker_verdicts(found, rules, declared)
    return found, verdicts, remarks(verdicts, office.schools["school_id"], rules.false_alarm)


def remarks(verdicts: pd.DataFrame, schools: Iterable[str], false_alarm: float = BEYOND) -> pd.DataFrame:
    """One remark per school out of the verdicts on its markers.

    Met when a marker is met. Not met only when every marker that applies to the school was assessed; else not assessed: missing
    data say nothing good.

    Parameters
    ----------
    verdicts : of :func:`marker_verdicts`.
    false_alarm : in no more than this share of years is any honest school told to be beyond chance.

    Returns
    -------
    school_id, verdict (``met``, ``not_met``, ``not_assessed``), markers (codes of those met, a tuple), reason (Russian), chance
    (that an honest school shows these markers or as rare ones; missing when no marker was assessed), beyond (whether the markers
    are more than honest results explain, all schools of the office considered; missing with the chance).

    Examples
    --------
    >>> verdicts = pd.DataFrame({"school_id": ["1", "1", "2"], "marker": ["inflated_mean", "sharp_change", "sharp_change"],
    ...     "verdict": ["not_met", "not_assessed", "met"], "chance": [0.5, np.nan, 0.01],
    ...     "reason": ["", "нет результата за 2020 год", "ВПР, математика, 5 класс"]})
    >>> found = remarks(verdicts, ["1", "2", "3"])
    >>> found["verdict"].tolist(), found["markers"].tolist(), found["beyond"].tolist()
    (['not_assessed', 'met', 'not_assessed'], [(), ('sharp_change',), ()], [False, True, None])
    """
    by_school: dict[str, list] = {}
    for one in verdicts.itertuples():
        by_school.setdefault(one.school_id, []).append(one)
    rows = []
    for school in schools:
        own = by_school.get(school, [])
        met, unknown = ([one for one in own if one.verdict == verdict] for verdict in (MET, NOT_ASSESSED))
        known = [one for one in own if one.verdict != NOT_ASSESSED]
        told = "; ".join(f"{MARKERS[one.marker]} ({one.reason})" for one in met or unknown)
        chance = np.nan
        if known:
            chance = chance_of_as_rare([one.verdict == MET for one in known], [one.chance for one in known])
        verdict = MET if met else NOT_ASSESSED if unknown or not own else NOT_MET
        if not own:
            told = "нет процедур, к которым применимы признаки"
        elif not met and not known:
            told = f"ни один признак не оценён – {'; '.join(dict.fromkeys(one.reason for one in unknown))}"
        elif not met and unknown:
            told = f"не оценено признаков: {len(unknown)} из {len(own)} – {told}"
        elif not met:
            told = f"оценены все признаки ({len(own)}), ни одного не найдено"
        rows.append((school, verdict, tuple(one.marker for one in met), told, chance))
    found = pd.DataFrame(rows, columns=["school_id", "verdict", "markers", "reason", "chance"])
    beyond = pd.Series(holm(found["chance"].to_numpy(float)) <= false_alarm, dtype=object)
    return found.assign(beyond=beyond.where(found["chance"].notna(), None))


def observed_schools(remarked: pd.DataFrame) -> list[str]:
    """Schools to send observers to: their markers are more than honest results explain; ``remarked`` of :func:`remarks`."""
    return remarked.loc[remarked["beyond"].eq(True), "school_id"].tolist()


def territory_index(remarked: pd.DataFrame) -> tuple[float, float]:
    """The index of objectivity of the territory: 100 − per cent of schools with at least one marker.

    The index if every school that was not assessed had a marker, and if none of them had. The two are equal when every school
    was assessed, and missing when none was.

    Examples
    --------
    >>> territory_index(pd.DataFrame({"verdict": ["met", "not_met", "not_met", "not_met", "not_assessed"]}))
    (60.0, 80.0)
    """
    verdict = remarked["verdict"]
    if not len(verdict) or verdict.eq(NOT_ASSESSED).all():
        return np.nan, np.nan
    return 100 * float(verdict.eq(NOT_MET).mean()), 100 * float(verdict.ne(MET).mean())


def unsuitable_partners(remarked: pd.DataFrame, refusing: Iterable[str]) -> dict[str, str]:
    """Schools that others should not learn from before their results are checked, with the reason in Russian.

    Parameters
    ----------
    remarked : of :func:`biased_schools`.
    refusing : the markers that stand in the way (``PartnerSearch.refusing_markers``).

    Examples
    --------
    >>> remarked = pd.DataFrame({"school_id": ["1", "2"], "markers": [("inflated_mean",), ("inflated_mean", "sharp_change")]})
    >>> unsuitable_partners(remarked, ("sharp_change",))
    {'2': 'результаты нужно перепроверить: резкое изменение результата одних и тех же детей'}
    """
    refusing = set(refusing)
    return {
        row.school_id: "результаты нужно перепроверить: "
        + ", ".join(MARKERS[marker] for marker in row.markers if marker in refusing)
        for row in remarked.itertuples()
        if refusing & set(row.markers)
    }


@dataclass(frozen=True)
class Objectivity:
    """Everything the report on objectivity says of an office and year.

    Attributes
    ----------
    journal : rows of :data:`JOURNAL` of the latest year with data, of every level, beside the levels above; ``part`` is
        :data:`WHOLE_EXAM` or a procedure, ``position_<level>`` says on which side of a level the interval lies: ``above``,
        ``same``, ``below`` or ``not_compared``. ``journal_year`` is None when there are no rows.
    level : the level the schools are compared with: the region, or the municipality when the region has no values.
    markers, verdicts, remarks : of :func:`markers`, :func:`marker_verdicts` and :func:`remarks`.
    listed, unlisted : schools with markers that are, by a conclusion, on the list of schools with low results or not on it.
    ahead_chance : of :func:`ahead_chance`.
    """

    office: Office
    journal: pd.DataFrame
    journal_year: int | None
    level: str
    markers: pd.DataFrame
    verdicts: pd.DataFrame
    remarks: pd.DataFrame
    listed: list[str]
    unlisted: list[str]
    ahead_chance: float

    @property
    def observed(self) -> list[str]:
        """Schools whose results are to be observed and checked: their markers are more than honest results explain."""
        return observed_schools(self.remarks)

    @cached_property
    def honest(self) -> pd.DataFrame:
        """The markers beside those that honest results bring: of :func:`beside_honest`, by sign."""
        return honest_signs(self.office).set_index("sign")


def analyse_objectivity(office: Office) -> Objectivity:
    """The comparison with the register, the markers and what they mean for the list."""
    reading = office.profile.results
    indicators = office.indicators[office.indicators["year"].le(office.year)]
    rows = rows_of(indicators, JOURNAL)
    year = latest_year(rows, office.year, reading.years)
    journal = with_positions(compare_journal(rows[rows["year"].eq(year)], reading))
    found, verdicts, remarked = analyse_markers(office)
    answers = office.identification[office.identification["category"].eq(office.method.main)]
    answers = dict(zip(answers["school_id"], answers["identified"], strict=True))
    marked = remarked.loc[remarked["verdict"].eq(MET), "school_id"]
    return Objectivity(
        office=office,
        journal=journal,
        journal_year=year,
        level="region" if journal["benchmark_region"].notna().any() else "municipality",
        markers=found,
        verdicts=verdicts,
        remarks=remarked,
        listed=[school for school in marked if answers.get(school) == YES],
        unlisted=[school for school in marked if answers.get(school) == NO],
        ahead_chance=ahead_chance(office),
    )


@for_the_public
def ahead_chance(office: Office) -> float:
    """The chance of marker 1 for an honest school ``ahead`` of the region, the mean of the schools assessed."""
    rules, declared = office.profile.bias, office.method.robustness.components
    chances = honest_chances(analyse_markers(office)[0], rules, declared, rules.ahead)
    return float(chances["inflated_mean"].mean()) if "inflated_mean" in chances.index.get_level_values(0) else np.nan


@for_the_public(words=("assessed", "counted"))
def honest_signs(office: Office) -> pd.DataFrame:
    """The markers of an office beside those that honest results bring (:func:`beside_honest`)."""
    return beside_honest(analyse_markers(office)[1])


def beside_honest(verdicts: pd.DataFrame) -> pd.DataFrame:
    """How many schools have each marker, and how many would if all results were what they seem.

    Parameters
    ----------
    verdicts : of :func:`marker_verdicts`.

    Returns
    -------
    sign (a marker, ``several`` for two and more, ``any`` for one and more), assessed and counted (schools), expected (schools, a
    fraction), likely (the chance that honest results bring as many or more, 0..1). Nothing is counted or expected among none.
    """
    known = verdicts[verdicts["verdict"].ne(NOT_ASSESSED)]
    signs = [(marker, known[known["marker"].eq(marker)].set_index("school_id")) for marker in MARKERS]
    rows = [(sign, own["verdict"].eq(MET), own["chance"]) for sign, own in signs]
    for sign, least in (("several", 2), ("any", 1)):
        by_school = known.groupby("school_id").filter(lambda own, least=least: len(own) >= least).groupby("school_id")
        number = by_school["verdict"].agg(lambda verdicts: verdicts.eq(MET).sum())
        chances = by_school["chance"].agg(lambda own, least=least: chance_of_count(least, own))
        rows.append((sign, number.ge(least), chances))
    return pd.DataFrame(
        [
            (sign, len(met), int(met.sum()), expected_by_chance(chances), chance_of_count(int(met.sum()), chances))
            if len(met)
            else (sign, 0, np.nan, np.nan, np.nan)
            for sign, met, chances in rows
        ],
        columns=["sign", "assessed", "counted", "expected", "likely"],
    )


def compare_journal(rows: pd.DataFrame, reading: ResultsReading) -> pd.DataFrame:
    """The comparison with the register of one year against the levels above; all works together over the works of the row.

    A row of which only the whole is delivered is held against the whole.
    """
    whole = rows["part"].eq(WHOLE_EXAM)
    unit = ["level", "group", "school_id"]
    in_parts = pd.MultiIndex.from_frame(rows[unit]).isin(pd.MultiIndex.from_frame(rows.loc[~whole, unit]))
    found = [compare(rows[~(whole & in_parts)], rows, reading)]
    for measure, own in rows[whole & in_parts].groupby("measure", sort=False):
        parts = rows[~whole & rows["measure"].eq(measure)]
        found.append(compare(with_own_mix(own, parts, parts, reading), rows, reading))
    return pd.concat(found).loc[rows.index]


def with_positions(compared: pd.DataFrame) -> pd.DataFrame:
    """On which side of each level a share lies, without calling either side good: few lowered marks may mean honest marks in the
    register, or works marked towards it.

    Parameters
    ----------
    compared : of :func:`shnor_lib.analyses.results.compare`.

    Returns
    -------
    The rows with ``position_<level>``: ``above`` or ``below`` when the level lies outside the interval, ``same`` when inside it,
    ``not_compared`` without an interval, without a value of the level, or with few participants.
    """
    positions = {}
    for level in LEVELS:
        of_level = compared[f"benchmark_{level}"]
        unknown = compared["low"].isna() | of_level.isna() | compared["few"]
        sides = [unknown, compared["low"] > of_level, compared["high"] < of_level]
        positions[f"position_{level}"] = np.select(sides, ["not_compared", "above", "below"], default="same")
    return compared.assign(**positions)


def whole_exam(found: Objectivity, level: str, measure: str) -> pd.DataFrame:
    """Rows of one measure of the comparison over all works of ВПР, of schools or of a level above."""
    journal = found.journal
    return journal[journal["part"].eq(WHOLE_EXAM) & journal["level"].eq(level) & journal["measure"].eq(measure)]


PARTS = dict(zip(("lowered", "confirmed", "raised"), JOURNAL, strict=True))
"""What became of a mark of the journal, by the indicator that counts it."""


def journal_rows(found: Objectivity, chosen: pd.Series, index: str) -> pd.DataFrame:
    """The three shares side by side with participants, the interval and the position of the share of lowered marks."""
    rows = found.journal[chosen]
    wide = rows.pivot(index=index, columns="measure", values="value").reindex(columns=list(PARTS.values()))
    wide = wide.set_axis(list(PARTS), axis=1).astype(float)
    lowered = rows[rows["measure"].eq(PARTS["lowered"])].set_index(index)
    few = lowered["few"].reindex(wide.index).fillna(False).astype(bool)
    hidden = rows["hidden"].eq(True).groupby(rows[index]).any() if "hidden" in rows else pd.Series(dtype=object)
    return wide.assign(
        participants=lowered["denominator"].astype(float),
        low=lowered["low"].astype(float),
        high=lowered["high"].astype(float),
        above=lowered[f"benchmark_{found.level}"].astype(float),
        position=lowered[f"position_{found.level}"].astype(object).where(~few),
        few=few,
        hidden=hidden.reindex(wide.index).eq(True),
    )


def markers_by_school(found: Objectivity) -> pd.DataFrame:
    """One row per school: the answer, where or why not, and the verdict of each marker."""
    wide = found.verdicts.pivot(index="school_id", columns="marker", values="verdict").reindex(columns=list(MARKERS))
    return found.remarks.join(wide, on="school_id")


def officially_named(found: Objectivity) -> pd.DataFrame:
    """Schools that an official list of the year names for signs of biased results, each with the answer of our own markers."""
    office = found.office
    rows = office.tables["biased_schools"]
    rows = rows.loc[rows["year"].eq(office.year), ["school_id", "source", "document", "ground"]]
    answers = found.remarks.set_index("school_id")["verdict"]
    own = rows["school_id"].map(answers).astype(object).fillna(NOT_ASSESSED)
    names = rows["school_id"].map(office.school_names)
    return rows.assign(school=names, verdict=own).sort_values(["source", "school_id"]).reset_index(drop=True)


def marker_facts(remarked: pd.DataFrame) -> dict[str, int]:
    """How many schools have how many markers, and to how many observers go; ``remarked`` of :func:`remarks`."""
    verdict, number = remarked["verdict"], remarked["markers"].map(len)
    return {
        "bias_total": len(verdict),
        "bias_decided": int(verdict.ne(NOT_ASSESSED).sum()),
        "bias_schools": int(verdict.eq(MET).sum()),
        "bias_clear": int(verdict.eq(NOT_MET).sum()),
        "bias_open": int(verdict.eq(NOT_ASSESSED).sum()),
        **{f"bias_{word}": int(number.eq(times).sum()) for times, word in enumerate(("one", "two", "three"), start=1)},
        "bias_held_to_chance": int(remarked["chance"].notna().sum()),
        "bias_observed": len(observed_schools(remarked)),
    }


def objectivity_facts(found: Objectivity) -> dict[str, object]:
    """Counts for the headlines of the report."""
    honest = found.honest.loc[list(MARKERS)].to_dict("index")
    lowest, highest = territory_index(found.remarks)
    facts: dict[str, object] = {
        **marker_facts(found.remarks),
        **{f"bias_{sign}": one["counted"] for sign, one in honest.items()},
        **{f"bias_{sign}_assessed": one["assessed"] for sign, one in honest.items()},
        **{f"bias_{sign}_expected": one["expected"] for sign, one in honest.items()},
        "bias_observed_unlisted": len((set(found.observed) & set(found.unlisted)) - marked_high(found.remarks)),
        "bias_ahead": found.office.profile.bias.ahead,
        "bias_ahead_chance": found.ahead_chance,
        "bias_index_low": lowest,
        "bias_index_high": highest,
        "journal_level": found.level,
        "journal_year": found.journal_year,
    }
    for name, measure in PARTS.items():
        town = whole_exam(found, "municipality", measure)
        facts[f"journal_{name}"] = town["value"].iloc[0] if len(town) else None
    position = whole_exam(found, "school", "marks_lowered_rate")[f"position_{found.level}"]
    journal = {word: int(position.eq(word).sum()) for word in ("above", "below")}
    compared = int(position.ne("not_compared").sum())
    beside = sides_beside_chance(compared, found.office.profile.results.confidence, **journal)
    return facts | {
        "bias_collectable": len(collectable(found)),
        "journal_compared": compared,
        **{f"journal_{name}": number for name, number in (journal | beside).items()},
    }


def collectable(found: Objectivity) -> set[str]:
    """Schools with a marker that was not assessed for want of data, not for want of pupils."""
    unknown = found.verdicts[found.verdicts["verdict"].eq(NOT_ASSESSED)]
    lacks = [not _too_small(reason, found.office.profile.bias) for reason in unknown["reason"]]
    return set(unknown.loc[lacks, "school_id"])


def absences(found: Objectivity) -> pd.DataFrame:
    """What the report could not say and which table would allow it.

    area (``journal`` or a marker), lacking (Russian), remedy (Russian).
    """
    comparison = "таблица «Отметки ВПР и журнал»"
    exams = "таблица «Результаты процедур»"
    office, journal, year = found.office, found.journal, found.office.year
    rows: list[tuple[str, str, str]] = []
    if found.journal_year is None:
        rows.append(("journal", "сравнения отметок ВПР с журналом нет", comparison))
    else:
        if found.journal_year != year:
            lacking = f"сравнения за {year} год нет, показан {found.journal_year} год"
            rows.append(("journal", lacking, f"{comparison} за {year} год"))
        of_schools = journal[journal["level"].eq("school")]
        absent = set(office.schools["school_id"]) - set(of_schools.loc[of_schools["value"].notna(), "school_id"])
        if absent:
            lacking = f"нет сравнения по школам: {len(absent)} из {len(office.schools)}"
            rows.append(("journal", lacking, f"{comparison}: строки этих школ"))
        for level, word in (("region", "региона"), ("country", "страны")):
            if not journal["level"].eq(level).any():
                rows.append(("journal", f"нет значений {word}", f"{comparison}: строки {word}"))
    remedies = {
        "inflated_mean": f"{exams} за {year} год: средний балл, стандартное отклонение и число участников школ и региона",
        "against_journal": f"{comparison} за {year} год: корреляция с журналом и число участников",
        "sharp_change": f"{exams} за {year - 1} и {year} годы: средний балл и максимум одних и тех же классов; для границ – строка региона со столбцами «K»",
    }
    for marker, title in MARKERS.items():
        own = found.verdicts[found.verdicts["marker"].eq(marker)]
        unknown = own[own["verdict"].eq(NOT_ASSESSED)]
        if len(unknown):
            reasons = list(dict.fromkeys(part for text in unknown["reason"] for part in text.split("; ")))
            too_small = _too_small("; ".join(reasons), office.profile.bias)
            remedy = "ничего: при таком числе участников признак не оценивается" if too_small else remedies[marker]
            lacking = f"{title}: не оценено школ {len(unknown)} из {len(own)} – {'; '.join(reasons)}"
            rows.append((marker, lacking, remedy))
    return pd.DataFrame(rows, columns=["area", "lacking", "remedy"])


def _few(rules: BiasMarkers) -> str:
    return f"участников меньше {rules.minimum_participants}"


def _too_small(reasons: str, rules: BiasMarkers) -> bool:
    """Whether the only reasons are small numbers, which no table can mend."""
    return set(reasons.split("; ")) <= {_few(rules), _HIDDEN}


def _pairs(schools: Iterable[str], procedures: Iterable[str]) -> pd.DataFrame:
    """Every school with every procedure."""
    return pd.MultiIndex.from_product([list(schools), list(procedures)], names=["school_id", "procedure"]).to_frame(
        index=False
    )


def _first_doubt(*doubts: tuple[pd.Series, str]) -> np.ndarray:
    """Of each row the first reason that holds why nothing can be said; "" when none does."""
    return np.select([holds for holds, _ in doubts], [reason for _, reason in doubts], default="")


def _judged(
    found: pd.DataFrame,
    marker: str,
    year: int,
    value: pd.Series,
    bound: pd.Series,
    met: pd.Series,
    reason: np.ndarray,
    chance: np.ndarray,
) -> pd.DataFrame:
    """Rows of a marker: not assessed where there is a reason, else met or not."""
    verdict = np.select([reason != "", met], [NOT_ASSESSED, MET], default=NOT_MET)
    told = {"value": value, "bound": bound, "chance": chance}
    judged = found.assign(marker=marker, year=year, verdict=verdict, reason=reason, **told)
    unknown = judged["verdict"].eq(NOT_ASSESSED)
    return judged.assign(**{name: judged[name].mask(unknown) for name in told})[COLUMNS]


def marked_high(remarked: pd.DataFrame) -> set[str]:
    """Schools whose only marker is a mean above the region's: that they are not on the list follows from this very mean.

    ``remarked`` of :func:`remarks`.
    """
    return set(remarked.loc[remarked["markers"].map(("inflated_mean",).__eq__), "school_id"])


def list_counts(found: Objectivity) -> dict[str, int]:
    """How schools with markers stand to the list of schools with low results.

    ``marked`` schools are ``listed``, ``unlisted`` or ``undecided``; of them ``high`` are those of :func:`marked_high`, ``others``
    are not.
    """
    marked, high = int(found.remarks["verdict"].eq(MET).sum()), len(marked_high(found.remarks))
    listed, unlisted = len(found.listed), len(found.unlisted)
    counts = {"marked": marked, "listed": listed, "unlisted": unlisted, "undecided": marked - listed - unlisted}
    return counts | {"high": high, "others": marked - high}
