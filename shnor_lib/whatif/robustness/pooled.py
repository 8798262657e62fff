"""Partial pooling as an option, with its effect shown: what the criteria on rates would say if small schools leaned on all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import WORDS, answer_of_year, flags_of
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET, UNIT
from shnor_lib.criteria.rules import Measured, judge, low_cells, parameters, rule_of
from shnor_lib.office.office import Office
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.intervals import wilson_interval
from shnor_lib.statistics.uncertainty.pooling import pool_rates
from shnor_lib.whatif.scenarios import KEY, joined

POOLED_COLUMNS = [
    *KEY,
    *("criterion", "procedure", "year", "participants", "value", "low", "high", "pooled", "own_weight"),
    *("threshold", "verdict", "verdict_pooled"),
]


def pooled_verdicts(office: Office, measured: Mapping[str, Measured]) -> pd.DataFrame:
    """Every assessed rate of an office beside its pooled value, and what the criterion says of each.

    A rate of few pupils is drawn to that of all schools, more the fewer they are
    (:func:`shnor_lib.statistics.uncertainty.pool_rates`). Criteria that rank schools, counts and mean results are left as they
    are, and so is a rate that too few schools have.

    Parameters
    ----------
    measured : what :func:`~shnor_lib.criteria.judge.measure_criteria` gave for the office.

    Returns
    -------
    ``POOLED_COLUMNS``: value and pooled are 0..1, low and high the Wilson interval of the value (95 %), own_weight the share of
    the school's own pupils in the pooled value, threshold what the value is held against. procedure and year are told for the
    rule of low procedures, whose ``verdict`` is that of the procedure.
    """
    parts = [pd.DataFrame(columns=POOLED_COLUMNS)]
    for name, criterion in office.method.criteria.items():
        rule = rule_of(criterion)
        if rule.by_procedure:
            own, cells = office.low_procedures, measured[name].cells
            looked_at = own["procedure"].isin(cells.procedures) & own["year"].isin(cells.years)
            own = own[looked_at & own["source"].eq("computed")]
            own = own.assign(threshold=criterion.threshold, verdict=own["low"], category=criterion.category)
        elif rule.alone and rule.turns_at and measured[name].unit == "rate":
            own = office.verdicts[office.verdicts["criterion"].eq(name)].assign(procedure="", year=office.year)
        else:
            continue
        assessed = own[own["verdict"].ne(NOT_ASSESSED)]
        pooled = [_pooled(rows) for _, rows in assessed.groupby(["procedure", "year"], sort=False)]
        if not (pooled := [rows for rows in pooled if rows is not None]):
            continue
        rows = pd.concat(pooled, ignore_index=True)
        leaning = _leaning(measured[name], rows)
        if rule.by_procedure:
            met = low_cells(leaning.cells, parameters(criterion))[0][leaning.cells.at(rows, leaning.schools)]
        else:
            met = judge(criterion, leaning).met[0][_places(leaning, rows)]
        parts.append(rows.assign(criterion=name, verdict_pooled=np.where(met, MET, NOT_MET))[POOLED_COLUMNS])
    return joined(parts)


def _leaning(measured: Measured, rows: pd.DataFrame) -> Measured:
    """What a criterion is judged on with the pooled rates in place of a school's own."""
    pooled = rows["pooled"].to_numpy(float)
    if measured.cells is not None:
        shares = measured.cells.shares.copy()
        shares[0][measured.cells.at(rows, measured.schools)] = pooled
        return replace(measured, cells=replace(measured.cells, shares=shares))
    values = measured.values.copy()
    values[0, _places(measured, rows)] = pooled
    return replace(measured, values=values)


def _places(measured: Measured, rows: pd.DataFrame) -> np.ndarray:
    return pd.Index(measured.schools["school_id"]).get_indexer(rows["school_id"])


def pooled_answers(office: Office, measured: Mapping[str, Measured], pooled: pd.DataFrame) -> pd.DataFrame:
    """Calculated answers of the office by the pooled rates.

    school_id, category, before, after; only answers that change. Categories that must hold in several years are left out.
    """
    schools = measured[next(iter(measured))].schools[UNIT].reset_index(drop=True)
    flags = flags_of(office.verdicts, schools, office.method)
    leaning = flags.copy()
    for place, (name, criterion) in enumerate(office.method.criteria.items()):
        rows = pooled[pooled["criterion"].eq(name)]
        if len(rows):
            leaning[:, place] = judge(criterion, _leaning(measured[name], rows)).flags[0]
    changed = []
    for category in office.method.categories:
        if office.method.years_of(category) == 1:
            before, after = (answer_of_year(office.method, category, each) for each in (flags, leaning))
            both = schools[["school_id"]].assign(
                category=category, before=pd.Series(before).map(WORDS), after=pd.Series(after).map(WORDS)
            )
            changed.append(both[before != after])
    columns = [*KEY, "before", "after"]
    found = pd.concat(changed or [pd.DataFrame(columns=columns)])
    return found.sort_values("school_id", kind="stable").reset_index(drop=True)


def _pooled(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Rates with their intervals and pooled values; none when too few schools have one."""
    numbers = rows[["value", "participants"]].astype(float)
    known = numbers["value"].between(0, 1) & numbers["participants"].gt(0)
    rows, numbers = rows[known].reset_index(drop=True), numbers[known].reset_index(drop=True)
    people = numbers["participants"]
    times = (numbers["value"] * people).clip(upper=people)
    try:
        rates = pool_rates(times, people).rates
    except UncertaintyError:
        return None
    return rows.assign(**wilson_interval(times, people), pooled=rates["pooled"], own_weight=rates["own_weight"])
