"""Partial pooling as an option, with its effect shown: what the criteria on rates would say if small schools leaned on all others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import decide
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET
from shnor_lib.indicators import catalogue
from shnor_lib.office.office import Office
from shnor_lib.params.methods import AgainstBenchmark, FixedThreshold, LowInProcedures
from shnor_lib.statistics.uncertainty import UncertaintyError, pool_rates, wilson_interval
from shnor_lib.whatif.robustness.flips import verdict_of_value

KEY = ["school_id", "category"]
POOLED_COLUMNS = [
    *KEY,
    *("criterion", "procedure", "year", "participants", "value", "low", "high", "pooled", "own_weight"),
    *("threshold", "verdict", "verdict_pooled"),
]


def pooled_verdicts(office: Office) -> pd.DataFrame:
    """Every assessed rate of an office beside its pooled value, and what the criterion says of each.

    A rate of few pupils is drawn to that of all schools, more the fewer they are (:func:`shnor_lib.statistics.uncertainty.pool_rates`). Criteria
    that rank schools, counts and mean results are left as they are, and so is a rate that too few schools have.

    Returns
    -------
    DataFrame
        ``POOLED_COLUMNS``: value and pooled are 0..1, low and high the Wilson interval of the value (95 %), own_weight the share of
        the school's own pupils in the pooled value, threshold what the value is held against. procedure and year are told for the
        rule of low procedures, whose ``verdict`` is that of the procedure.
    """
    parts = [pd.DataFrame(columns=POOLED_COLUMNS)]
    for name, criterion in office.method.criteria.items():
        if isinstance(criterion, LowInProcedures):
            own = office.low_procedures[office.low_procedures["source"].eq("computed")]
            own = own.assign(threshold=criterion.threshold, verdict=own["low"], category=criterion.category)
            groups = [rows for _, rows in own.groupby(["procedure", "year"], sort=False)]
        elif isinstance(criterion, FixedThreshold | AgainstBenchmark) and _is_rate(criterion.indicator):
            own = office.verdicts[office.verdicts["criterion"].eq(name)]
            groups = [own.assign(procedure="", year=office.year)]
        else:
            continue
        for rows in groups:
            pooled = _pooled(rows[rows["verdict"].ne(NOT_ASSESSED)])
            if pooled is None:
                continue
            if isinstance(criterion, LowInProcedures):
                verdict = np.where(pooled["pooled"].round(10).ge(criterion.threshold), MET, NOT_MET)
            else:
                verdict = verdict_of_value(criterion, pooled.assign(value=pooled["pooled"]))
            parts.append(pooled.assign(criterion=name, verdict_pooled=verdict)[POOLED_COLUMNS])
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def pooled_answers(office: Office, pooled: pd.DataFrame) -> pd.DataFrame:
    """Calculated answers of the office by the pooled verdicts.

    Returns
    -------
    DataFrame
        school_id, category, before, after; only answers that change. Categories that must hold in several years are left out.
    """
    verdicts = office.verdicts.set_index([*KEY, "criterion"])["verdict"].copy()
    for name, criterion in office.method.criteria.items():
        own = pooled[pooled["criterion"].eq(name)]
        if isinstance(criterion, LowInProcedures):
            own = _by_procedures(criterion, office.low_procedures, own)
        for row in own.itertuples():
            place = (row.school_id, criterion.category, name)
            if verdicts.get(place, NOT_ASSESSED) != NOT_ASSESSED:
                verdicts[place] = row.verdict_pooled
    changed = office.verdicts.assign(verdict=verdicts.to_numpy())
    decided = decide(changed, office.method)[[*KEY, "identified"]].rename(columns={"identified": "after"})
    before = office.identification[[*KEY, "calculated"]].rename(columns={"calculated": "before"})
    both = before.merge(decided, on=KEY)
    several_years = [name for name, decision in office.method.decisions.items() if decision.years > 1]
    return both[both["before"].ne(both["after"]) & ~both["category"].isin(several_years)].reset_index(drop=True)


def _is_rate(indicator: str) -> bool:
    known = catalogue().get(indicator)
    return known is not None and known.unit == "rate"


def _pooled(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Rates with their intervals and pooled values; none when too few schools have one."""
    value, people = rows["value"].astype(float), rows["participants"].astype(float)
    rows = rows[value.between(0, 1) & people.gt(0)].reset_index(drop=True)
    people = rows["participants"].astype(float)
    times = (rows["value"].astype(float) * people).clip(upper=people)
    try:
        rates = pool_rates(times, people).rates
    except UncertaintyError:
        return None
    return rows.assign(**wilson_interval(times, people), pooled=rates["pooled"], own_weight=rates["own_weight"])


def _by_procedures(criterion: LowInProcedures, details: pd.DataFrame, pooled: pd.DataFrame) -> pd.DataFrame:
    """The verdict of the rule of low procedures by pooled rates: school_id, verdict_pooled. Official lists stay as they are."""
    key = ["school_id", "procedure", "year"]
    low = details.set_index(key)["low"].astype(object)
    told = pooled.set_index(key)["verdict_pooled"]
    low.loc[told.index] = told
    years = low.eq(MET).groupby(level=["school_id", "procedure"]).sum()
    distinct, repeated = years.gt(0).groupby("school_id").sum(), years.groupby("school_id").max()
    met = distinct.ge(criterion.distinct) | repeated.ge(criterion.repeated)
    return met.map({True: MET, False: NOT_MET}).rename("verdict_pooled").reset_index()
