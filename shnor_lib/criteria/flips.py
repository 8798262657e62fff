"""Where each verdict and each answer turns over: the distance of a school from another decision, in the terms of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import WORDS, answer_of_year, flags_of, places_of
from shnor_lib.criteria.measure import UNIT
from shnor_lib.criteria.rules import IS_OPEN, Measured, judge, rule_of, turns_at
from shnor_lib.params.methods import Criterion, Method

FLIP_COLUMNS = ["school_id", "category", "criterion", "verdict", "value", "threshold", "flips_at", "change", "relative"]
CHANGE_COLUMNS = ["school_id", "category", "answer", "path", "now", "flips_at", "relative", "becomes", "decision"]


def flip_thresholds(method: Method, measured: Mapping[str, Measured], verdicts: pd.DataFrame) -> pd.DataFrame:
    """For every school and criterion, the threshold at which its verdict turns over.

    ``threshold`` and ``flips_at`` are in the unit in which the method states the threshold: a share of schools, a difference
    from the benchmark, a number. For a share of schools it is the share at which the quota reaches the school's place.

    Parameters
    ----------
    measured : what :func:`~shnor_lib.criteria.judge.measure_criteria` gave for one office; ``verdicts`` are the office's own.

    Returns
    -------
    ``FLIP_COLUMNS``; ``relative`` is the change as a share of the threshold. Missing where no threshold turns the verdict:
    it was not assessed, the rule has no threshold, the procedures come from an official list, or the cut is the region's.
    """
    parts = []
    for name, criterion in method.criteria.items():
        own = verdicts[verdicts["criterion"].eq(name)]
        known = pd.Series(turns_at(criterion, measured[name]), index=measured[name].schools["school_id"])
        threshold = float(getattr(criterion, "threshold", np.nan))
        change = own["school_id"].map(known).astype(float) - threshold
        relative = change / abs(threshold) if threshold else change * np.nan
        parts.append(own.assign(threshold=threshold, flips_at=change + threshold, change=change, relative=relative))
    found = pd.concat(parts, ignore_index=True)[FLIP_COLUMNS]
    return found.sort_values(["school_id"], kind="stable").reset_index(drop=True)


def smallest_changes(
    method: Method, measured: Mapping[str, Measured], verdicts: pd.DataFrame, identification: pd.DataFrame
) -> pd.DataFrame:
    """For every school and category, the changes of one parameter that turn the calculated answer over, the smallest first.

    The parameters are the thresholds, the least numbers of participants and the number of criteria that is enough; sizes of
    change are compared as shares of the parameter. Categories that must hold in several years are left out: a change of one
    year's rules moves all years at once.

    ``CHANGE_COLUMNS``: ``path`` is that of a scenario's change, ``flips_at`` the value at which the answer turns over (a
    threshold: just beyond it), ``becomes`` the answer then; ``decision`` says who decided where the
    calculation alone would change. A school without a row cannot be moved by any one parameter.
    """
    schools = measured[next(iter(measured))].schools[UNIT].reset_index(drop=True)
    flags = flags_of(verdicts, schools, method)
    parts = []
    for category in method.categories:
        if method.years_of(category) > 1:
            continue
        own = answer_of_year(method, category, flags)
        for path, now, flips_at, becomes in _moves(method, category, measured, flags):
            turned = np.isfinite(flips_at) & (becomes != own) & bool(now)
            parts.append(
                pd.DataFrame(
                    {
                        "school_id": schools["school_id"][turned],
                        "category": category,
                        "answer": [WORDS[one] for one in own[turned].tolist()],
                        "path": path,
                        "now": float(now),
                        "flips_at": flips_at[turned],
                        "relative": np.abs(flips_at[turned] - now) / abs(now or 1),
                        "becomes": [WORDS[one] for one in becomes[turned].tolist()],
                    }
                )
            )
    key = ["school_id", "category"]
    found = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=CHANGE_COLUMNS[:-1])])
    found = found.merge(identification[[*key, "decision"]], on=key, how="left")[CHANGE_COLUMNS]
    found = found.sort_values([*key, "relative", "path"], kind="stable").drop_duplicates([*key, "path"])
    return found.reset_index(drop=True)


def _moves(
    method: Method, category: str, measured: Mapping[str, Measured], flags: np.ndarray
) -> Iterator[tuple[str, float, np.ndarray, np.ndarray]]:
    """Every parameter of a category that may move: its path, its value, where each school turns, and the answer then."""
    names = list(method.criteria)
    for place in places_of(method, category):
        criterion = method.criteria[names[place]]
        for field, flips_at, becomes in _moves_of_criterion(criterion, measured[names[place]], flags[:, place]):
            moved = flags.copy()
            moved[:, place] = becomes
            path = f"criteria.{names[place]}.{field}"
            yield path, getattr(criterion, field), flips_at, answer_of_year(method, category, moved)
    if method.decisions[category].when is not None:
        return
    path, now = f"decisions.{category}.at_least", method.decisions[category].at_least
    for enough in range(1, len(places_of(method, category)) + 1):
        yield path, now, np.full(len(flags), float(enough)), answer_of_year(method, category, flags, enough)


def _moves_of_criterion(
    criterion: Criterion, measured: Measured, flags: np.ndarray
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The parameters of a criterion that may move, where each verdict turns, and what it is then."""
    rule = rule_of(criterion)
    if "threshold" in rule.adjustable:
        yield "threshold", turns_at(criterion, measured), np.where(flags == IS_OPEN, IS_OPEN, 1 - flags)
    if "minimum_participants" in rule.adjustable and rule.alone and criterion.minimum_participants:
        people = measured.people[0]
        few = people < criterion.minimum_participants
        flips_at = np.where(few | (flags != IS_OPEN), people + ~few, np.nan)  # the least number that lets it in or out
        yield "minimum_participants", flips_at, judge(criterion, measured, minimum_participants=flips_at).flags[0]
