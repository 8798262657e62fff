"""How far results can be trusted: marks of ВПР against the register, and the markers of biased results of ФИОКО.

A marker says that a result is unusual, not that anybody is to blame. A school with markers may have low results that nobody
sees, so its answer on the list of schools with low results is to be read with care.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.analyses.results import LEVELS, compare, latest_year, rows_of, with_own_mix
from shnor_lib.criteria.decisions import list_of
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET
from shnor_lib.indicators import applicable_procedures
from shnor_lib.inputs.dictionary import procedure_label
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import BiasMarkers, ResultsReading
from shnor_lib.statistics.counts import sides_beside_chance

JOURNAL = ("marks_lowered_rate", "marks_confirmed_rate", "marks_raised_rate")
"""The three rows of the comparison, in the order of the ФИС ОКО report."""

WHOLE_EXAM = "VPR"
"""The part of the long table that stands for all works of the year together."""

MARKERS = {
    "inflated_mean": "средний балл выше регионального",
    "against_journal": "баллы расходятся с отметками журнала",
    "sharp_change": "резкое изменение результата одних и тех же детей",
}

COLUMNS = ["school_id", "marker", "procedure", "year", "value", "bound", "participants", "verdict", "reason"]

_MEASURES = ("mean_score", "score_sd", "mean_percent", "journal_spearman")
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


def inflated_means(indicators: pd.DataFrame, schools: Iterable[str], year: int, rules: BiasMarkers) -> pd.DataFrame:
    """Marker 1: the mean of the school is above the region's by more than chance would do.

    The lower bound x̄ − 1.96·s/√n of the school lies above the upper bound x̄ + 1.96·s/√n of the region, s with n − 1.

    Parameters
    ----------
    indicators : ``mean_score`` and ``score_sd`` of schools and region with participants.

    Returns
    -------
    One row per school and procedure: value (lower bound of the school), bound (upper bound of the region), verdict; equal
    bounds do not meet the marker. Not assessed, with the reason, when something is missing.

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
    return _judged(found, "inflated_mean", year, low, high, low > high, reason)


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
    return _judged(found, "against_journal", year, found["value"], bound, found["value"] < 0, reason)


def sharp_changes(indicators: pd.DataFrame, schools: Iterable[str], year: int, rules: BiasMarkers) -> pd.DataFrame:
    """Marker 3: the result of the same children changed sharply from one year to the next.

    K = S of grade N in the year before / S of grade N + 1 in the year, S the mean per cent of the maximum. A fall when
    K > P75 + 3·IQR, a rise when K < P25 − 3·IQR over the schools of the sample (quartiles by linear interpolation).

    As :func:`inflated_means`; value is K, bound the limit on its side of the median, participants the smaller number of the
    two years. K at the limit does not meet the marker; with fewer than ``minimum_schools`` schools with K the quartiles say
    nothing and the marker is not assessed.

    Source: ФИОКО, признаки необъективности ВПР.
    """
    parts = []
    for before, now in rules.cohorts:
        first = values_of(indicators, "mean_percent", "school", year - 1, [before]).drop(columns="procedure")
        last = values_of(indicators, "mean_percent", "school", year, [now]).drop(columns="procedure")
        found = _pairs(schools, [now]).merge(first, on="school_id", how="left")
        found = found.merge(last, on="school_id", how="left", suffixes=("_before", ""))
        found["participants"] = found[["participants", "participants_before"]].min(axis=1, skipna=False)
        doubts = [
            (found["hidden"].eq(True) | found["hidden_before"].eq(True), _HIDDEN),
            (found["value"].isna() | found["value_before"].isna(), f"нет результата за {year - 1} или {year} год"),
            (found["participants"].isna(), _NO_PARTICIPANTS),
            (found["participants"].lt(rules.minimum_participants), _few(rules)),
            (found["value"].le(0), f"результат за {year} год равен нулю, отношение не посчитать"),
        ]
        ratio = (found["value_before"] / found["value"]).where(_first_doubt(*doubts) == "")
        number = int(ratio.notna().sum())
        few_schools = pd.Series(number < rules.minimum_schools, index=found.index)
        short = f"школ с результатами обоих лет {number}, для границ нужно не меньше {rules.minimum_schools}"
        low, middle, high = ratio.quantile([0.25, 0.5, 0.75])
        reach = rules.quartile_ranges * (high - low)
        bound = pd.Series(np.where(ratio >= middle, high + reach, low - reach), index=found.index)
        sharp = (ratio > high + reach) | (ratio < low - reach)
        reason = _first_doubt(*doubts, (few_schools, short))
        parts.append(_judged(found, "sharp_change", year, ratio, bound, sharp, reason))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def markers(
    indicators: pd.DataFrame, schools: pd.DataFrame, year: int, rules: BiasMarkers | None = None
) -> pd.DataFrame:
    """All markers of all schools, procedure by procedure.

    Parameters
    ----------
    indicators : the long table.
    schools : the register: ``school_id`` and what tells its grades; procedures of grades a school does not have are left out.

    Returns
    -------
    school_id, marker, procedure, year, value, bound, participants, verdict (``met``, ``not_met``, ``not_assessed``), reason.
    """
    rules = rules or BiasMarkers()
    looked_at = rows_of(indicators[indicators["year"].isin([year - 1, year])], _MEASURES)
    ids = schools["school_id"].tolist()
    found = pd.concat(
        [marker(looked_at, ids, year, rules) for marker in (inflated_means, against_journal, sharp_changes)],
        ignore_index=True,
    )
    possible = applicable_procedures(schools, found["procedure"].unique())
    refused = possible[possible["applicable"].eq(False).fillna(False).astype(bool)]
    own = pd.MultiIndex.from_frame(found[["school_id", "procedure"]])
    return found[~own.isin(pd.MultiIndex.from_frame(refused[["school_id", "procedure"]]))].reset_index(drop=True)


def marker_verdicts(found: pd.DataFrame) -> pd.DataFrame:
    """The verdict on each marker of each school over its procedures.

    Met when met in any procedure; not met when at least one procedure was assessed; else not assessed, with the reasons.

    Parameters
    ----------
    found : of :func:`markers`.

    Returns
    -------
    school_id, marker, verdict, assessed, procedures (both numbers), reason (the procedures that meet it, or what is missing).
    """
    rows = []
    for (school, marker), own in found.groupby(["school_id", "marker"]):
        met, assessed = own["verdict"].eq(MET), own["verdict"].ne(NOT_ASSESSED)
        verdict = MET if met.any() else NOT_MET if assessed.any() else NOT_ASSESSED
        told = [procedure_label(name) for name in own.loc[met, "procedure"]]
        reason = "; ".join(told if met.any() else [] if assessed.any() else own["reason"].drop_duplicates())
        rows.append((school, marker, verdict, int(assessed.sum()), len(own), reason))
    rows.sort(key=lambda row: (row[0], list(MARKERS).index(row[1])))
    return pd.DataFrame(rows, columns=["school_id", "marker", "verdict", "assessed", "procedures", "reason"])


def biased_schools(office: Office) -> pd.DataFrame:
    """Which schools have markers of biased results: the remark beside the answer on the list.

    Met when a marker is met. Not met only when every marker that applies to the school was assessed; else not assessed: missing
    data say nothing good.

    school_id, verdict (``met``, ``not_met``, ``not_assessed``), markers (codes of those met, a tuple) and reason (Russian).
    """
    found = markers(office.indicators, office.schools, office.year, office.profile.bias)
    return remarks(marker_verdicts(found), office.schools["school_id"])


def remarks(verdicts: pd.DataFrame, schools: Iterable[str]) -> pd.DataFrame:
    """One remark per school out of the verdicts on its markers; columns as in :func:`biased_schools`.

    Examples
    --------
    >>> verdicts = pd.DataFrame({"school_id": ["1", "1", "2"], "marker": ["inflated_mean", "sharp_change", "sharp_change"],
    ...     "verdict": ["not_met", "not_assessed", "met"], "reason": ["", "нет результата за 2020 год", "ВПР, математика, 5 класс"]})
    >>> found = remarks(verdicts, ["1", "2", "3"])
    >>> found["verdict"].tolist(), found["markers"].tolist()
    (['not_assessed', 'met', 'not_assessed'], [(), ('sharp_change',), ()])
    """
    by_school = dict(list(verdicts.groupby("school_id")))
    rows = []
    for school in schools:
        own = by_school.get(school, verdicts.iloc[:0])
        met, unknown = own[own["verdict"].eq(MET)], own[own["verdict"].eq(NOT_ASSESSED)]
        told = "; ".join(f"{MARKERS[row.marker]} ({row.reason})" for row in (met if len(met) else unknown).itertuples())
        if len(met):
            rows.append((school, MET, tuple(marker for marker in MARKERS if marker in set(met["marker"])), told))
        elif own.empty:
            rows.append((school, NOT_ASSESSED, (), "нет процедур, к которым применимы признаки"))
        elif len(unknown) == len(own):
            reasons = "; ".join(dict.fromkeys(unknown["reason"]))
            rows.append((school, NOT_ASSESSED, (), f"ни один признак не оценён – {reasons}"))
        elif len(unknown):
            rows.append((school, NOT_ASSESSED, (), f"не оценено признаков: {len(unknown)} из {len(own)} – {told}"))
        else:
            rows.append((school, NOT_MET, (), f"оценены все признаки ({len(own)}), ни одного не найдено"))
    return pd.DataFrame(rows, columns=["school_id", "verdict", "markers", "reason"])


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
    unlisted : schools with markers that are not on the list of schools with low results.
    """

    office: Office
    journal: pd.DataFrame
    journal_year: int | None
    level: str
    markers: pd.DataFrame
    verdicts: pd.DataFrame
    remarks: pd.DataFrame
    unlisted: list[str]


def analyse_objectivity(office: Office) -> Objectivity:
    """The comparison with the register, the markers and what they mean for the list."""
    reading = office.profile.results
    indicators = office.indicators[office.indicators["year"].le(office.year)]
    rows = rows_of(indicators, JOURNAL)
    year = latest_year(rows, office.year, reading.years)
    journal = with_positions(compare_journal(rows[rows["year"].eq(year)], reading))
    found = markers(indicators, office.schools, office.year, office.profile.bias)
    verdicts = marker_verdicts(found)
    remarked = remarks(verdicts, office.schools["school_id"])
    listed = list_of(office.identification, "low_results").schools
    marked = remarked.loc[remarked["verdict"].eq(MET), "school_id"]
    return Objectivity(
        office=office,
        journal=journal,
        journal_year=year,
        level="region" if journal["benchmark_region"].notna().any() else "municipality",
        markers=found,
        verdicts=verdicts,
        remarks=remarked,
        unlisted=[school for school in marked if school not in listed],
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
    hidden = lowered["hidden"] if "hidden" in lowered else pd.Series(False, index=lowered.index)
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


def objectivity_facts(found: Objectivity) -> dict[str, object]:
    """Counts for the headlines of the report."""
    verdict = found.remarks["verdict"]
    lowest, highest = territory_index(found.remarks)
    facts: dict[str, object] = {
        "bias_total": len(verdict),
        "bias_decided": int(verdict.ne(NOT_ASSESSED).sum()),
        "bias_schools": int(verdict.eq(MET).sum()),
        "bias_clear": int(verdict.eq(NOT_MET).sum()),
        "bias_open": int(verdict.eq(NOT_ASSESSED).sum()),
        "bias_unlisted": len(found.unlisted),
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
    comparison = "таблица «Отметки ВПР и журнал» (mark_comparison)"
    exams = "таблица «Результаты процедур» (exam_results)"
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
        "sharp_change": f"{exams} за {year - 1} и {year} годы: средний балл и максимум одних и тех же классов",
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
) -> pd.DataFrame:
    """Rows of a marker: not assessed where there is a reason, else met or not."""
    verdict = np.select([reason != "", met], [NOT_ASSESSED, MET], default=NOT_MET)
    judged = found.assign(marker=marker, year=year, value=value, bound=bound, verdict=verdict, reason=reason)
    unknown = judged["verdict"].eq(NOT_ASSESSED)
    return judged.assign(value=judged["value"].mask(unknown), bound=judged["bound"].mask(unknown))[COLUMNS]
