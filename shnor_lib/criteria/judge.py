"""Criteria of a method judged for every school: what is measured goes to the rules as arrays, and comes back as one frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import (
    MET,
    NOT_ASSESSED,
    NOT_MET,
    UNIT,
    Evidence,
    Measurement,
    causes_of_missing,
    measure,
    missing_data_reason_of_list,
    shares_of_procedures,
)
from shnor_lib.criteria.near import near_threshold
from shnor_lib.criteria.rules import (
    IS_MET,
    IS_NOT_MET,
    IS_OPEN,
    Judged,
    Limits,
    Measured,
    assessed_cells,
    cells_of,
    judge,
    low_cells,
    number_in_words,
    parameters,
    rounded,
    rule_of,
)
from shnor_lib.indicators.causes import AS_RANGE, KNOWN, NOT_APPLICABLE, NOT_DELIVERED, TOO_FEW
from shnor_lib.indicators.persons import cohorts, persons
from shnor_lib.indicators.ranges import Range
from shnor_lib.indicators.window import full_names
from shnor_lib.inputs.dictionary import choices, table
from shnor_lib.params.methods import Criterion, FixedThreshold, Method, OwnThreshold

VERDICT_COLUMNS = [
    "school_id",
    "category",
    "criterion",
    "verdict",
    "value",
    "threshold",
    "benchmark",
    "margin",
    "participants",
    "reason",
    "reference",
    "cause",
    "needs",
    "near",
]
SPECIAL = "не применимо: правило не рассматривает коррекционные, вечерние и закрытые школы"
LOW_PROCEDURE_COLUMNS = [*UNIT, "procedure", "year", "value", "participants", "low", "source"]
WORDS = {IS_MET: MET, IS_NOT_MET: NOT_MET, IS_OPEN: NOT_ASSESSED}


def evaluate_criteria(method: Method, evidence: Evidence, year: int) -> pd.DataFrame:
    """Verdict of every criterion of a method for every school.

    Parameters
    ----------
    year : year of the run; windows end with it.

    Returns
    -------
    ``municipality`` and the columns of ``VERDICT_COLUMNS``, in the order of schools and criteria. ``near``: the error of
    measurement could turn the verdict over; ``cause`` and ``needs`` say why it is not assessed, or that the value is a range
    (``as_range``), of which both ends give the same verdict.
    """
    schools = evidence.schools
    if schools.empty:
        return pd.DataFrame(columns=["municipality", *VERDICT_COLUMNS])
    measured = measure_criteria(method, evidence, year)
    parts = [columns_of(name, criterion, measured[name]) for name, criterion in method.criteria.items()]
    together = {column: np.stack([part[column] for part in parts], axis=1).ravel() for column in parts[0]}
    units = {column: np.repeat(schools[column].to_numpy(object), len(parts)) for column in UNIT}
    return pd.DataFrame(units | together)[["municipality", *VERDICT_COLUMNS]]


def measure_criteria(method: Method, evidence: Evidence, year: int) -> dict[str, Measured]:
    """What every criterion of a method is judged on, by name."""
    return {name: measured_of(criterion, evidence, year) for name, criterion in method.criteria.items()}


def evaluate_procedures(method: Method, evidence: Evidence, year: int) -> pd.DataFrame:
    """Every procedure and year that the criteria by procedures look at, for every school: ``LOW_PROCEDURE_COLUMNS``.

    What several criteria look at stands once, low where it is so for any of them.
    """
    parts = [pd.DataFrame(columns=LOW_PROCEDURE_COLUMNS)]
    for criterion in method.criteria.values():
        if rule_of(criterion).by_procedure and len(evidence.schools):
            shares = shares_of_procedures(criterion, evidence, year)
            cells = cells_of(shares, evidence.schools, evidence.complete_lists, year)
            _, told, _ = assessed_cells(cells, parameters(criterion))
            met = low_cells(cells, parameters(criterion))
            low = np.select([~told[0][cells.place], met[0][cells.place]], [NOT_ASSESSED, MET], default=NOT_MET)
            parts.append(shares.assign(low=low)[LOW_PROCEDURE_COLUMNS])
    if len(parts) <= 2:
        return parts[-1]
    found, key = pd.concat(parts[1:]), [*UNIT, "procedure", "year"]
    order = found["low"].map({MET: 0, NOT_MET: 1, NOT_ASSESSED: 2})
    found = found.assign(order=order).sort_values([*key, "order"], kind="stable")
    return found.drop_duplicates(key, ignore_index=True)[LOW_PROCEDURE_COLUMNS]


def columns_of(name: str, criterion: Criterion, measured: Measured) -> dict[str, np.ndarray]:
    """The verdicts of one criterion, a value a school in the order of the registry."""
    judged = judge(criterion, measured)
    told, number = measured.told, len(measured.schools)

    def each(value: object, kind: type = float) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, dtype=kind), (1, number))[0]

    flags = judged.flags[0]
    reason, cause, needs = _reasons(criterion, told, judged, measured.unit)
    for row in np.flatnonzero((told.cause == AS_RANGE) & (told.needs != "")):
        flags[row], reason[row] = _of_range(criterion, measured, int(row))
    return {
        "category": each(criterion.category, object),
        "criterion": each(name, object),
        "verdict": np.array([WORDS[flag] for flag in flags.tolist()], dtype=object),
        "value": each(judged.facts.get("value", measured.values)),
        "threshold": each(judged.threshold),
        "benchmark": each(measured.benchmark),
        "margin": each(judged.margin),
        "participants": told.participants,
        "reason": reason,
        "reference": each(criterion.reference, object),
        "cause": cause,
        "needs": needs,
        "near": near_threshold(criterion, measured, judged),
    }


def _reasons(
    criterion: Criterion, told: Measurement, judged: Judged, unit: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Why each verdict is as it is, in Russian; cause and needs of those that are not assessed."""
    rule, size = rule_of(criterion), len(told.value)
    met, not_met = (_each_text(words, size) for words in rule.words(criterion, judged))
    reason = np.where(judged.flags[0] == IS_MET, met, not_met)
    reason = reason + np.where(told.coverage == "", "", "; " + told.coverage)
    if criterion.round_to is not None:
        reason = reason + _rounding(criterion.round_to, told.value, unit)
    cause, needs = np.full(size, KNOWN, dtype=object), np.full(size, "", dtype=object)
    least = criterion.minimum_participants
    few = np.broadcast_to(judged.few, (1, size))[0] & ~np.isnan(told.value)
    how_few = np.array([f"{people:.0f} < {least}" for people in told.participants], dtype=object)
    obstacles = [
        (few, f"мало участников: меньше {least}", TOO_FEW, how_few),
        (told.obstacle != "", told.obstacle, told.cause, told.needs),
        *rule.obstacles(criterion, judged),
    ]
    for where, *texts in reversed(obstacles):
        where = where & (judged.flags[0] == IS_OPEN)
        for column, text in zip((reason, cause, needs), texts, strict=True):
            column[where] = _each_text(text, size)[where]
    return reason, cause, needs


def _rounding(places: int, values: np.ndarray, unit: str) -> np.ndarray:
    """What was compared, in words; nothing where there is one value for each procedure."""
    told = zip(values, rounded(values, places), strict=True)
    texts = [
        "" if np.isnan(known) else f"; до сравнения округлено: {number_in_words(one, unit)}" for known, one in told
    ]
    return np.array(texts, dtype=object)


def _of_range(criterion: Criterion, measured: Measured, row: int) -> tuple[int, str]:
    """The verdict on a school of which a document prints a range, where it is the same at both ends; with the reason.

    Rules that hold a school against the others do not judge a range.
    """
    printed = Range.read(measured.told.needs[row])
    said = printed.words(per_cent=measured.unit == "rate")
    if not rule_of(criterion).alone or not np.isnan(measured.values[0, row]):
        return IS_OPEN, f"в источнике {said}: среди других школ места не определить"
    ends = replace(measured, values=measured.values.copy(), assessed=measured.assessed.copy())
    ends.assessed[0, row] = True
    found = []
    for end in printed.ends:
        ends.values[0, row] = end
        judged = judge(criterion, replace(ends, values=ends.values.copy()))
        found.append((judged.flags[0][row], judged))
    (flag, judged), (other, _) = found
    if flag != other or flag == IS_OPEN:
        return IS_OPEN, f"в источнике {said}: порог внутри этих границ"
    met, not_met = (
        _each_text(words, len(measured.schools))[row] for words in rule_of(criterion).words(criterion, judged)
    )
    return flag, f"{met if flag == IS_MET else not_met}; в источнике {said}"


_TELLING = (
    (r"; до сравнения округлено: [^;]*", ""),
    (r"(порога (?:школы|для школ)[^:;]*): [^;]*", r"\1"),
    (r"оценка \S[^;]*", "оценка скрыта"),
    (r"(в источнике) [^;:]*", r"\1 диапазон"),
)
"""What of a reason tells a value, and what stands in its place."""


def without_values(reasons: pd.Series) -> pd.Series:
    """Reasons without the numbers and grades in them that tell a school's value, for where it is hidden.

    Examples
    --------
    >>> told = ["оценка F (ниже 40); до сравнения округлено: 39; годы: 2021", "меньше порога школы («План»): 50 %"]
    >>> without_values(pd.Series(told)).tolist()
    ['оценка скрыта; годы: 2021', 'меньше порога школы («План»)']
    """
    for pattern, instead in _TELLING:
        reasons = reasons.str.replace(pattern, instead, regex=True)
    return reasons


def _each_text(text: object, size: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(text, dtype=object), size)


def measured_of(criterion: Criterion, evidence: Evidence, year: int) -> Measured:
    """What a criterion is judged on, as one draw; how many participants are enough is left to the judge."""
    free = criterion.model_copy(update={"minimum_participants": 0})
    known = evidence.store.catalogue.of(criterion.indicator)
    unit = known.unit if known else "index"
    if rule_of(criterion).by_procedure:
        return _measured_by_procedure(free, evidence, year, unit)
    told = measure(free, evidence, year, getattr(criterion, "benchmark", None))
    values, people, held_against = (each[None, :] for each in (told.value, told.participants, told.benchmark))
    limits = own_limits(criterion, evidence, year) if isinstance(criterion, OwnThreshold) else None
    assessed = (told.obstacle == "")[None, :]
    return Measured(values, held_against, people, assessed, unit, evidence.schools, told, limits=limits)


def own_limits(criterion: OwnThreshold, evidence: Evidence, year: int) -> Limits:
    """The threshold of each school, by its kind or from a column."""
    schools, size = evidence.schools, len(evidence.schools)
    if criterion.threshold_from:
        column = FixedThreshold.model_construct(indicator=criterion.threshold_from, window=criterion.window)
        told = measure(column, evidence, year)
        reason = np.array([f"порог школы неизвестен: {one}" for one in told.obstacle], dtype=object)
        entry = evidence.store.catalogue.get(criterion.threshold_from)
        source = np.full(size, f"школы («{entry.label if entry else criterion.threshold_from}»)", dtype=object)
        return Limits(told.value, source, reason, told.cause, told.needs)
    label, words = _column_of_registry(criterion.by)
    kinds = [
        None if pd.isna(one) else f"{one:g}" if isinstance(one, float) else str(one) for one in schools[criterion.by]
    ]
    values = np.array([criterion.thresholds.get(one, np.nan) for one in kinds])
    shown = [f"«{words.get(one, one)}»" if one else "" for one in kinds]
    source = np.array([f"для школ {one} ({label})" for one in shown], dtype=object)
    unknown = np.array([one is None for one in kinds], dtype=bool)
    reason = np.array([f"порог для школ {one} не назван" for one in shown], dtype=object)
    reason[unknown] = f"порог школы неизвестен: не указано «{label}»"
    cause = np.where(unknown, NOT_DELIVERED, NOT_APPLICABLE).astype(object)
    needs = np.where(
        unknown, f"schools.{criterion.by}", np.array([f"{criterion.by} {one}" for one in kinds], dtype=object)
    )
    return Limits(values, source, reason, cause, needs)


def _column_of_registry(name: str) -> tuple[str, dict[str, str]]:
    """The label of a column of the registry and the words of its values."""
    column = table("schools").columns[name]
    return column.label.lower(), choices(column.allowed) if column.allowed else {}


def _measured_by_procedure(criterion: Criterion, evidence: Evidence, year: int, unit: str) -> Measured:
    schools, store = evidence.schools, evidence.store
    shares = shares_of_procedures(criterion, evidence, year)
    entry = store.catalogue.get(criterion.indicator)
    needs_of_shares = f"{entry.needs if entry else criterion.indicator} | low_procedures"
    cells = replace(cells_of(shares, schools, evidence.complete_lists, year), needs=needs_of_shares)
    counted = (~np.isnan(cells.people)).any(axis=(1, 2))
    cohort = cohorts(store.catalogue, full_names(criterion.indicator, tuple(cells.procedures)), cells.years)
    people = np.where(counted, persons(cells.people.transpose(0, 2, 1), cohort), np.nan)
    missing = np.isnan(cells.shares[0]).all(axis=(1, 2)) & ~(cells.whole_list & criterion.use_official_list)
    excluded = schools["special_type"].notna().to_numpy() & criterion.exclude_special_types
    cause, needs, obstacle = (np.full(len(schools), "", dtype=object) for _ in range(3))
    if missing.any():
        cause[missing], needs[missing], obstacle[missing] = causes_of_missing(criterion, evidence, missing, year)
        absent = cause == NOT_DELIVERED
        needs[absent] += " | low_procedures"
        obstacle[absent] += f" или {missing_data_reason_of_list()}"
    cause[excluded], needs[excluded] = NOT_APPLICABLE, "special_type"
    obstacle[excluded] = SPECIAL
    unknown, nothing = np.full(len(schools), np.nan), np.full(len(schools), "", dtype=object)
    told = Measurement(unknown, people, unknown, obstacle, cause, needs, nothing, unknown)
    values, assessed = unknown[None, :], ~(excluded | missing)[None, :]
    return Measured(values, values, values, assessed, unit, schools, told, cells)
