"""What criteria are judged on: the value of each for every school, with what stands in the way of judging it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from shnor_lib.indicators import catalogue, pool_years, split_name
from shnor_lib.indicators.window import full_names, names_matching, school_rows
from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.params.methods import (
    Criterion,
    LowInProcedures,
)

MET, NOT_MET, NOT_ASSESSED = "met", "not_met", "not_assessed"
UNIT = ["municipality", "school_id"]
LOW_PROCEDURE_COLUMNS = [*UNIT, "procedure", "year", "value", "participants", "low", "source"]
PRECISION = 10
"""Decimal places at which two values are called equal when schools are ranked or compared."""


@dataclass(frozen=True)
class Evidence:
    """What criteria are judged on.

    Attributes
    ----------
    schools : one row per school: municipality, school_id, kind, locality, special_type, highest_grade.
    indicators : the long indicator table of all levels and years, indices of the method included.
    low_procedures : rows of the official lists; ``complete_lists`` names the municipalities whose list is complete.
    components : the indicators that each index of the method is made of.
    pooled : values already pooled from these indicators, by what they were pooled from: many rules ask for the same.
    """

    schools: pd.DataFrame
    indicators: pd.DataFrame
    low_procedures: pd.DataFrame
    complete_lists: frozenset[str] = frozenset()
    components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pooled: dict[tuple, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)


def measure(criterion: Criterion, evidence: Evidence, year: int, benchmark: str | None = None) -> pd.DataFrame:
    """The value of a criterion for every school, with what stands in the way of judging it.

    Parameters
    ----------
    benchmark : level whose value is taken over the same procedures and years, with the school's own weights; or None.

    Returns
    -------
    DataFrame
        One row per school of ``evidence.schools``: municipality, school_id, value, participants, benchmark, obstacle
        (Russian; empty when the value can be judged) and coverage (Russian; which years and procedures stand behind it).
    """
    pooled = pool_for_criterion(criterion, evidence, year, benchmark)
    columns = [*UNIT, "value", "denominator", "procedures_present", "procedures_expected", "note", "benchmark"]
    measured = evidence.schools.merge(
        pooled[columns].rename(columns={"denominator": "participants"}), on=UNIT, how="left", validate="one_to_one"
    )
    measured[["value", "participants", "benchmark"]] = measured[["value", "participants", "benchmark"]].astype(float)
    few = measured["participants"].lt(criterion.minimum_participants)
    covered = (measured["procedures_present"] / measured["procedures_expected"]).astype(float)
    sparse = covered.lt(criterion.minimum_coverage)
    missing = missing_data_reason(evidence.components.get(criterion.indicator, (criterion.indicator,)))
    measured["obstacle"] = np.select(
        [measured["value"].isna(), few, sparse, measured["benchmark"].isna() & (benchmark is not None)],
        [
            missing,
            f"мало участников: меньше {criterion.minimum_participants}",
            "данные есть не по всем процедурам",
            f"нет значения для сравнения: {label_of('level', benchmark)}" if benchmark else "",
        ],
        default="",
    )
    measured["coverage"] = measured["note"].fillna("")
    return measured


def pool_for_criterion(criterion: Criterion, evidence: Evidence, year: int, benchmark: str | None) -> pd.DataFrame:
    """The value of a criterion from its procedures and years, with the benchmark beside it; each is pooled once."""
    key = (criterion.indicator, criterion.parts, criterion.window, criterion.pooling, year, benchmark)
    if key not in evidence.pooled:
        evidence.pooled[key] = _pool(criterion, evidence, year, benchmark)
    return evidence.pooled[key]


def _pool(criterion: Criterion, evidence: Evidence, year: int, benchmark: str | None) -> pd.DataFrame:
    patterns = full_names(criterion.indicator, criterion.parts)
    how = {"year": year, "window": criterion.window, "way": criterion.pooling}
    rows = evidence.indicators[names_matching(evidence.indicators["indicator"], patterns)]
    pooled = school_rows(pool_years(rows, patterns, reference="municipality", **how)).assign(benchmark=math.nan)
    if benchmark:
        own, above = with_level_values(rows, benchmark)
        compared = school_rows(pool_years(own, patterns, **how))
        compared = compared.assign(benchmark=school_rows(pool_years(above, patterns, **how))["value"].to_numpy())
        alone = pooled.merge(compared[UNIT], on=UNIT, how="left", indicator=True)["_merge"].eq("left_only")
        pooled = pd.concat([compared, pooled[alone.to_numpy()]]) if len(compared) else pooled
    return pooled


def with_level_values(rows: pd.DataFrame, level: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of schools that the level above has too, and the same rows holding the level's values with the schools' weights."""
    key = ["municipality", "year", "indicator"]
    above = rows[rows["level"].eq(level)].drop_duplicates(key)[[*key, "value"]].rename(columns={"value": "above"})
    both = school_rows(rows).merge(above, on=key)
    both = both[both["value"].notna() & both["above"].notna()]
    levels = both.assign(value=both["above"], numerator=both["above"] * both["denominator"])
    return both.drop(columns="above"), levels.drop(columns="above")


def missing_data_reason(indicators: Iterable[str]) -> str:
    """Which tables would give an indicator or the components of an index, in Russian; an indicator of one's own is named itself.

    Examples
    --------
    >>> missing_data_reason(["teachers_off_profile_rate"])
    'нет данных: таблица «Кадры» (staff)'
    """
    known, missing = catalogue(), {}
    for indicator in indicators:
        if indicator in known:
            for name in (known[indicator].table, *known[indicator].beside):
                missing[name] = f"таблица «{table(name).label}» ({name})"
        else:
            missing[indicator] = f"показатель «{indicator}»"
    return "нет данных: " + ", ".join(missing.values())


def missing_data_reason_of_list() -> str:
    """How messages call the official list of low procedures."""
    return f"таблица «{table('low_procedures').label}» (low_procedures)"


def low_procedure_details(criterion: LowInProcedures, evidence: Evidence, year: int) -> pd.DataFrame:
    """Every procedure and year that the criterion looks at, for every school.

    Returns
    -------
    DataFrame
        municipality, school_id, procedure, year, value (share below the minimum), participants, low (a verdict), source
        (``computed`` or ``official_list``).
    """
    chosen = names_matching(evidence.indicators["indicator"], full_names(criterion.indicator, criterion.parts))
    inside = evidence.indicators["year"].between(year - criterion.window + 1, year) & evidence.indicators["level"].eq(
        "school"
    )
    rows = evidence.indicators[chosen & inside].merge(evidence.schools[UNIT], on=UNIT)
    parts = {name: split_name(name)[1] for name in rows["indicator"].unique()}
    rows = rows.assign(procedure=rows["indicator"].map(parts), participants=rows["denominator"])
    assessed = rows["value"].notna() & ~rows["participants"].lt(criterion.minimum_participants).fillna(False)
    low = rows["value"].round(PRECISION).ge(criterion.threshold)
    rows = rows.assign(low=np.select([~assessed, low], [NOT_ASSESSED, MET], default=NOT_MET), source="computed")
    columns = LOW_PROCEDURE_COLUMNS
    if not criterion.use_official_list or evidence.low_procedures.empty:
        return rows[columns].sort_values(columns[:4], kind="stable").reset_index(drop=True)
    listed = evidence.low_procedures
    listed = listed[listed["year"].between(year - criterion.window + 1, year)].assign(
        low=MET, source="official_list", participants=math.nan
    )
    listed = listed.rename(columns={"below_minimum_share": "value"}).merge(evidence.schools[UNIT], on=UNIT)
    together = pd.concat(
        [frame[columns].astype({"value": float, "participants": float}) for frame in (listed, rows) if len(frame)]
    )
    return (
        together.drop_duplicates([*UNIT, "procedure", "year"], keep="first")
        .sort_values(columns[:4], kind="stable")
        .reset_index(drop=True)
    )
