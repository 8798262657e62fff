"""The ladder of a threshold: who has the sign and who is listed at every value of it, and which school a step moves first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.analyses.identification import criteria_rows
from shnor_lib.criteria.decisions import answer_of_year, flags_of
from shnor_lib.criteria.flips import flip_thresholds, smallest_changes
from shnor_lib.criteria.judge import measure_criteria
from shnor_lib.criteria.measure import MET, UNIT
from shnor_lib.criteria.rules import IS_MET, Measured, judge, rule_of
from shnor_lib.office.office import Office
from shnor_lib.whatif.scenarios import KEY, evidence_of

RUNG_COLUMNS = ["category", "criterion", "low", "high", "own", "met", "listed", "enters", "leaves"]
FIRST_COLUMNS = ["criterion", "leaves", "leaves_at", "enters", "enters_at"]
STEPS_ASIDE = 3
"""Steps of a threshold that a table shows on either side of the method's own; the file has all."""
MOST_SPANS = 20
"""Schools of one picture of a threshold: those that turn nearest to it."""


def measured_on(office: Office) -> dict[str, Measured]:
    """What the criteria of an office are judged on."""
    return measure_criteria(office.method, evidence_of(office, [office.method]), office.year)


def first_to_move(office: Office, measured: Mapping[str, Measured]) -> pd.DataFrame:
    """By criterion, the schools whose sign a moving threshold turns first: ``FIRST_COLUMNS``.

    ``leaves``: those with the sign that lose it first, ``enters``: those without it that get it first (codes with semicolons);
    ``…_at``: the threshold at which they turn. Missing where no threshold turns anyone.
    """
    flips = flip_thresholds(office.method, measured, office.verdicts).dropna(subset=["flips_at"])
    rows = []
    for name in office.method.criteria:
        own, row = flips[flips["criterion"].eq(name)], {"criterion": name}
        for word, side in (("leaves", own["verdict"].eq(MET)), ("enters", own["verdict"].ne(MET))):
            nearest = own[side]
            if len(nearest):
                first = nearest[nearest["change"].abs().eq(nearest["change"].abs().min())]
                row |= {word: ";".join(first["school_id"]), f"{word}_at": first["flips_at"].iloc[0]}
        rows.append(row)
    return pd.DataFrame(rows, columns=FIRST_COLUMNS)


def criteria_with_first_moves(office: Office) -> pd.DataFrame:
    """The criteria with what they found (:func:`criteria_rows`) and whom a moving threshold turns first.

    A public edition has the first alone: thresholds at which schools turn would give its hidden numbers away.
    """
    found = criteria_rows(office)
    if office.audience == "public" or office.verdicts.empty:
        return found.assign(**dict.fromkeys(FIRST_COLUMNS[1:]))
    return found.merge(first_to_move(office, measured_on(office)), on="criterion", how="left")


def smallest_moves(office: Office, answers: pd.DataFrame) -> pd.DataFrame:
    """Rows of answers with ``path`` and ``flips_at`` of the smallest change of one parameter that turns each.

    Missing where no parameter does, where experts decided, and in a public edition.
    """
    if office.audience == "public" or office.verdicts.empty:
        return answers.assign(path=None, flips_at=None)
    found = smallest_changes(office.method, measured_on(office), office.verdicts, office.identification)
    found = found[found["decision"].ne("expert")].drop_duplicates(KEY)
    return answers.merge(found[[*KEY, "path", "flips_at"]], on=KEY, how="left")


def ladder(office: Office, measured: Mapping[str, Measured]) -> pd.DataFrame:
    """Every step of every threshold, by the judge: ``RUNG_COLUMNS``.

    Between two values at which a school turns (``low`` to ``high``, missing at the open ends) nobody moves, so one threshold
    within stands for all. ``met``: schools with the sign, ``listed``: of the category by the calculation; ``enters`` and
    ``leaves``: beside the list of the method's own threshold (codes with semicolons). ``own``: the step of the method's threshold.
    Categories that must hold in several years have no list here, and what no threshold turns no steps.
    """
    method = office.method
    schools = next(iter(measured.values())).schools[UNIT].reset_index(drop=True) if measured else None
    flags = flags_of(office.verdicts, schools, method) if measured else None
    turns = flip_thresholds(method, measured, office.verdicts) if measured else None
    parts = [pd.DataFrame(columns=RUNG_COLUMNS)]
    for place, (name, criterion) in enumerate(method.criteria.items()):
        edges = np.unique(turns.loc[turns["criterion"].eq(name), "flips_at"].dropna().astype(float))
        if not len(edges):
            continue
        ends = np.array([np.nan, *edges, np.nan])
        inside = np.array([*_between(edges, rule_of(criterion).threshold_is == "share"), criterion.threshold])
        found = judge(criterion, measured[name], threshold=inside[:, None]).flags
        by_rung = np.repeat(flags[None], len(inside), axis=0)
        by_rung[:, :, place] = found
        told = {"met": found == IS_MET}
        if method.years_of(criterion.category) == 1:
            listed = answer_of_year(method, criterion.category, by_rung) == IS_MET
            told |= {"listed": listed, "enters": listed & ~listed[-1], "leaves": ~listed & listed[-1]}
        frame = pd.DataFrame({"category": criterion.category, "criterion": name, "low": ends[:-1], "high": ends[1:]})
        frame["own"] = _same(told, criterion.threshold, ends)
        frame[list(told)] = pd.DataFrame(
            {word: [";".join(schools["school_id"][row]) for row in one[:-1]] for word, one in told.items()}
        )
        parts.append(frame.reindex(columns=RUNG_COLUMNS))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _between(edges: np.ndarray, is_share: bool) -> np.ndarray:
    """A threshold on every step: half way between two edges, and beyond the outer ones."""
    beyond = max(edges[-1] - edges[0], abs(edges[-1]), 1.0)
    first, last = (edges[0] / 2, (edges[-1] + 1) / 2) if is_share else (edges[0] - beyond, edges[-1] + beyond)
    return np.array([first, *(edges[:-1] + edges[1:]) / 2, last])


def _same(told: Mapping[str, np.ndarray], threshold: float, ends: np.ndarray) -> np.ndarray:
    """Which steps have the signs of the method's own threshold and touch it."""
    met = told["met"]
    touches = ~(threshold < ends[:-1] - 1e-12) & ~(threshold > ends[1:] + 1e-12)
    return touches & (met[:-1] == met[-1]).all(axis=1)


@dataclass(frozen=True)
class Steps:
    """How thresholds move the lists, for a picture and for a table; and the criteria whose threshold moves no list."""

    spans: pd.DataFrame
    steps: pd.DataFrame
    idle: list[str]
    moving: int


def steps_of(rungs: pd.DataFrame, turns: pd.DataFrame) -> Steps:
    """What of the ladder is read: the steps at which a list changes, :data:`STEPS_ASIDE` on either side of the method's own.

    ``steps``: criterion, category, ``low``, ``high``, ``own``, ``size`` of the list, ``enters``, ``leaves``; steps with the same list
    are one. ``spans``: as :func:`list_spans`.
    """
    parts = []
    for _, own in rungs.dropna(subset=["listed"]).groupby("criterion", sort=False):
        stretch = own["listed"].ne(own["listed"].shift()).cumsum()
        alike = own.groupby(stretch.to_numpy())
        steps = alike.head(1).assign(high=alike["high"].tail(1).array, own=alike["own"].any().array)
        if len(steps) > 1 and steps["own"].any():
            here = int(np.flatnonzero(steps["own"])[0])
            steps = steps.iloc[max(here - STEPS_ASIDE, 0) : here + STEPS_ASIDE + 1]
            parts.append(steps.assign(size=[len(codes.split(";")) if codes else 0 for codes in steps["listed"]]))
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*RUNG_COLUMNS, "size"])
    moving = list(dict.fromkeys(found["criterion"]))
    idle = [name for name in dict.fromkeys(rungs["criterion"]) if name not in moving]
    return Steps(list_spans(rungs, turns), found, idle, len(moving))


def list_spans(rungs: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """For a picture of the ladder, the schools that a threshold moves over the edge of the list: criterion, school_id, category,
    ``low`` and ``high`` (thresholds at which the school is listed; an open end at the outermost turn of the criterion), ``value`` at which
    it turns, ``threshold`` of the method, ``verdict`` (``met`` when listed now)."""
    rows = []
    for name, own in rungs.dropna(subset=["listed"]).groupby("criterion", sort=False):
        lists = [set(codes.split(";")) - {""} for codes in own["listed"]]
        now = set().union(*(codes for codes, here in zip(lists, own["own"], strict=True) if here))
        moved = turns[
            turns["criterion"].eq(name) & turns["school_id"].isin(set().union(*lists) - set.intersection(*lists))
        ]
        ends = own[["low", "high"]].astype(float)
        nearest = moved.iloc[moved["change"].abs().argsort(kind="stable").array[:MOST_SPANS]]
        for row in nearest.sort_values("flips_at", kind="stable").itertuples():
            held = ends[[row.school_id in codes for codes in lists]]
            low, high = (
                held["low"].fillna(ends.min(axis=None)).iloc[0],
                held["high"].fillna(ends.max(axis=None)).iloc[-1],
            )
            listed = "met" if row.school_id in now else "not_met"
            rows.append((name, row.category, row.school_id, low, high, row.flips_at, row.threshold, listed))
    columns = ["criterion", "category", "school_id", "low", "high", "value", "threshold", "verdict"]
    return pd.DataFrame(rows, columns=columns)
