"""Where each verdict and each answer turns over: the distance of a school from another decision, in the terms of the rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET, low_procedure_details
from shnor_lib.office.office import Office
from shnor_lib.params.methods import AgainstBenchmark, Criterion, FixedThreshold, LowInProcedures, ShareOfSchools
from shnor_lib.whatif.scenarios import evidence_of

FLIP_COLUMNS = ["school_id", "category", "criterion", "verdict", "value", "threshold", "flips_at", "change", "relative"]
CHANGE_COLUMNS = ["school_id", "category", "answer", "path", "now", "flips_at", "relative", "becomes"]


def flip_thresholds(office: Office) -> pd.DataFrame:
    """For every school and criterion, the threshold at which its verdict turns over.

    ``threshold`` and ``flips_at`` are in the unit in which the method states the threshold: a share of schools, a difference
    from the benchmark, a number. For a share of schools it is the share at which the quota reaches the school's place.

    Returns
    -------
    DataFrame
        ``FLIP_COLUMNS``; ``relative`` is the change as a share of the threshold. Missing where no threshold turns the verdict:
        it was not assessed, the rule has no threshold, the procedures come from an official list, or the cut is the region's.
    """
    parts = []
    for name, criterion in office.method.criteria.items():
        own = office.verdicts[office.verdicts["criterion"].eq(name)]
        flips = pd.Series(_flips_of(criterion, own, office), index=own.index, dtype=float)
        threshold = float(getattr(criterion, "threshold", np.nan))
        change = flips.where(own["verdict"].ne(NOT_ASSESSED)) - threshold
        relative = change / abs(threshold) if threshold else change * np.nan
        parts.append(own.assign(threshold=threshold, flips_at=change + threshold, change=change, relative=relative))
    found = pd.concat(parts, ignore_index=True)[FLIP_COLUMNS]
    return found.sort_values(["school_id"], kind="stable").reset_index(drop=True)


def _flips_of(criterion: Criterion, verdicts: pd.DataFrame, office: Office) -> np.ndarray | pd.Series:
    if isinstance(criterion, FixedThreshold):
        return verdicts["value"]
    if isinstance(criterion, AgainstBenchmark):
        return verdicts["margin"] + criterion.threshold
    if isinstance(criterion, ShareOfSchools) and criterion.population == "municipality":
        return share_flips(criterion, verdicts, office)
    if isinstance(criterion, LowInProcedures):
        return verdicts["school_id"].map(low_procedure_flips(criterion, office)).astype(float)
    return verdicts["value"] * np.nan


def share_flips(criterion: ShareOfSchools, verdicts: pd.DataFrame, office: Office) -> pd.Series:
    """The share of schools at which the quota reaches the place of each school; missing where no share between 0 and 1 does.

    With n ranked schools and place p: (p − ½)/n when the quota is rounded to the nearest, (p − 1)/n when up, p/n when down.
    """
    sign = 1 if criterion.rule == "lowest_share" else -1
    key = (sign * verdicts["value"]).where(verdicts["verdict"].ne(NOT_ASSESSED)).round(10)
    kinds = office.schools.set_index("school_id")[criterion.within] if criterion.within else None
    groups = verdicts["school_id"].map(kinds).fillna("") if criterion.within else pd.Series("", index=verdicts.index)
    place = key.groupby(groups).rank(method="min" if criterion.ties == "include" else "max")
    offset = {"nearest": 0.5, "up": 1.0, "down": 0.0}[criterion.rounding]
    share = (place - offset) / key.groupby(groups).transform("count")
    return share.where(share.gt(0) & share.lt(1))


def low_procedure_flips(criterion: LowInProcedures, office: Office) -> dict[str, float]:
    """By school, the largest share below the minimum at which the rule is still met.

    The rule is met up to the ``distinct``-th largest procedure, or the ``repeated``-th largest year of one procedure. What an
    official list calls low is low at any threshold, so a school with enough of it has no such share.
    """
    details = low_procedure_details(criterion, evidence_of(office, [office.method]), office.year)
    details = details[details["low"].ne(NOT_ASSESSED)]
    rates = details["value"].where(details["source"].eq("computed"), np.inf)
    flips = {}
    for school, own in rates.groupby(details["school_id"]):
        procedures = details.loc[own.index, "procedure"]
        largest = own.groupby(procedures).max().sort_values(ascending=False)
        again = own.groupby(procedures).apply(lambda years: _nth_largest(years, criterion.repeated)).max()
        flips[school] = max(_nth_largest(largest, criterion.distinct), again)
    return {school: flip for school, flip in flips.items() if np.isfinite(flip)}


def _nth_largest(values: pd.Series, place: int) -> float:
    return values.nlargest(place).iloc[-1] if len(values) >= place else -np.inf


def smallest_changes(office: Office) -> pd.DataFrame:
    """For every school and category, the changes of one parameter that turn the calculated answer over, the smallest first.

    The parameters are the thresholds, the least numbers of participants and the number of criteria that is enough; sizes of
    change are compared as shares of the parameter. Categories that must hold in several years are left out: a change of one
    year's rules moves all years at once.

    Returns
    -------
    DataFrame
        ``CHANGE_COLUMNS``: ``path`` is that of a scenario's change, ``flips_at`` the value at which the answer turns over (a
        threshold: just beyond it), ``becomes`` the answer then. A school without a row cannot be moved by any one parameter.
    """
    candidates = [*_threshold_candidates(office), *_participant_candidates(office)]
    flipped = pd.concat(candidates, ignore_index=True) if candidates else pd.DataFrame()
    rows = []
    for one in office.identification.itertuples():
        decision = office.method.decisions[one.category]
        if decision.years > 1:
            continue
        own = office.verdicts[
            office.verdicts["school_id"].eq(one.school_id) & office.verdicts["category"].eq(one.category)
        ]
        verdicts = dict(zip(own["criterion"], own["verdict"], strict=True))
        mine = flipped[flipped["school_id"].eq(one.school_id) & flipped["criterion"].isin(list(verdicts))]
        for change in mine.itertuples():
            becomes = answer(verdicts | {change.criterion: change.becomes}, decision.at_least, decision.required)
            rows.append((one, change.path, change.now, change.flips_at, becomes))
        for enough in range(1, len(verdicts) + 1):
            becomes = answer(verdicts, enough, decision.required)
            rows.append((one, f"decisions.{one.category}.at_least", decision.at_least, enough, becomes))
    found = pd.DataFrame(
        [
            (one.school_id, one.category, one.calculated, path, now, flips_at, abs(flips_at - now) / abs(now), becomes)
            for one, path, now, flips_at, becomes in rows
            if becomes != one.calculated and now
        ],
        columns=CHANGE_COLUMNS,
    )
    key = ["school_id", "category"]
    found = found.sort_values([*key, "relative", "path"], kind="stable").drop_duplicates([*key, "path"])
    return found.reset_index(drop=True)


def answer(verdicts: dict[str, str], enough: int, required: tuple[str, ...] = ()) -> str:
    """The answer of a category from its verdicts, as :func:`shnor_lib.criteria.decisions.decide` gives it.

    Examples
    --------
    >>> answer({"a": "met", "b": "not_assessed"}, 1), answer({"a": "met", "b": "not_assessed"}, 2)
    ('yes', 'insufficient_data')
    """
    met = sum(verdict == MET for verdict in verdicts.values())
    unknown = sum(verdict == NOT_ASSESSED for verdict in verdicts.values())
    lost = any(verdicts[name] == NOT_MET for name in required)
    if met >= enough and all(verdicts[name] == MET for name in required):
        return YES
    return NO if lost or met + unknown < enough else INSUFFICIENT


def _threshold_candidates(office: Office) -> list[pd.DataFrame]:
    flips = flip_thresholds(office)
    flips = flips[flips["flips_at"].notna()]
    return [
        flips.assign(
            path="criteria." + flips["criterion"] + ".threshold",
            now=flips["threshold"],
            becomes=flips["verdict"].map({MET: NOT_MET, NOT_MET: MET}),
        )
    ]


def _participant_candidates(office: Office) -> list[pd.DataFrame]:
    """The least number of participants at which an assessed verdict is lost, or one of too few participants is gained."""
    parts = []
    for name, criterion in office.method.criteria.items():
        if not isinstance(criterion, FixedThreshold | AgainstBenchmark) or not criterion.minimum_participants:
            continue
        own = office.verdicts[office.verdicts["criterion"].eq(name) & office.verdicts["participants"].notna()]
        few = own["participants"].lt(criterion.minimum_participants)
        own = own[few | own["verdict"].ne(NOT_ASSESSED)]
        few = few.loc[own.index]
        parts.append(
            own.assign(
                path=f"criteria.{name}.minimum_participants",
                now=float(criterion.minimum_participants),
                flips_at=own["participants"] + (~few).astype(int),
                becomes=np.where(few, verdict_of_value(criterion, own), NOT_ASSESSED),
            )
        )
    return parts


def verdict_of_value(criterion: FixedThreshold | AgainstBenchmark, verdicts: pd.DataFrame) -> np.ndarray:
    """The verdict that a value would get if it were assessed; ``threshold`` of the verdicts is the value it is held against."""
    low = criterion.rule in ("at_most", "below", "below_benchmark_by")
    margin = ((verdicts["threshold"] - verdicts["value"]) * (1 if low else -1)).round(10)
    strict = criterion.strict if isinstance(criterion, AgainstBenchmark) else criterion.rule in ("below", "above")
    met = margin.gt(0) if strict else margin.ge(0)
    return np.select([margin.isna(), met], [NOT_ASSESSED, MET], default=NOT_MET)
