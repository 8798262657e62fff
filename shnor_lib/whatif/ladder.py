"""The ladder of a threshold: who has the sign and who is listed at every value of it, and which school a step moves first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.criteria.clarification import CALCULATED
from shnor_lib.criteria.decisions import INSUFFICIENT, answer_of_year, flags_of
from shnor_lib.criteria.flips import flip_thresholds, smallest_changes
from shnor_lib.criteria.judge import measure_criteria
from shnor_lib.criteria.measure import UNIT
from shnor_lib.criteria.rules import IS_MET, Measured, judge, rule_of, threshold_form
from shnor_lib.office.office import Office
from shnor_lib.whatif.scenarios import KEY, evidence_of

RUNG_COLUMNS = ["category", "criterion", "low", "high", "own", "met", "listed", "enters", "leaves"]
MOVE_COLUMNS = ["criterion", "gains", "beyond", "above", "schools", "listed"]
STEPS_ASIDE = 3
"""Steps of a threshold that a table shows on either side of the method's own; the file has all."""
MOST_SPANS = 20
"""Schools of one picture of a threshold: those that turn nearest to it."""


def measured_on(office: Office) -> dict[str, Measured]:
    """What the criteria of an office are judged on."""
    return measure_criteria(office.method, evidence_of(office, [office.method]), office.year)


def moves_of_threshold(office: Office) -> pd.DataFrame:
    """The schools whose sign a moving threshold of each criterion turns first: ``MOVE_COLUMNS``, :data:`STEPS_ASIDE` a side.

    ``gains``: whether the schools (``schools``, codes with semicolons) get the sign or lose it; ``beyond``: the threshold at which
    they turn, ``above`` it or below; ``listed``: those of them that the category takes in or lets out by the calculation. A public
    edition has none: thresholds at which schools turn would give its hidden numbers away.
    """
    if office.audience == "public" or office.verdicts.empty:
        return pd.DataFrame(columns=MOVE_COLUMNS)
    rows = []
    for name, own in ladder(office, measured_on(office)).groupby("criterion", sort=False):
        here = np.flatnonzero(own["own"].astype(bool))
        if not len(here):
            continue
        is_rate = threshold_form(office.method.criteria[name], office.catalogue) == "percent"
        met, listed = (own[word].fillna("").str.split(";").map(set).tolist() for word in ("met", "listed"))
        sides = (
            [(step - 1, step, own["low"].iloc[step], False) for step in range(here[0], 0, -1)],
            [(step + 1, step, own["high"].iloc[step], True) for step in range(here[-1], len(own) - 1)],
        )
        for side in sides:
            for there, before, beyond, above in side[:STEPS_ASIDE]:
                if beyond <= 0 and not above and is_rate:
                    continue  # no share is below nought
                gains = bool(met[there] - met[before] - {""})
                moved = (met[there] ^ met[before]) - {""}
                turned = (listed[there] ^ listed[before]) & moved
                rows.append((name, gains, beyond, above, *(";".join(sorted(one)) for one in (moved, turned))))
    return pd.DataFrame(rows, columns=MOVE_COLUMNS)


def smallest_moves(office: Office, answers: pd.DataFrame) -> pd.DataFrame:
    """Rows of answers with ``path``, ``flips_at`` and ``relative`` of the smallest change of one parameter that puts each on
    its list or takes it off.

    Missing where no parameter does, where experts or a received list decided, and in a public edition.
    """
    if office.audience == "public" or office.verdicts.empty:
        return answers.assign(path=None, flips_at=None, relative=np.nan)
    found = smallest_changes(office.method, measured_on(office), office.verdicts, office.identification)
    found = found[found["decision"].eq(CALCULATED) & found["becomes"].ne(INSUFFICIENT)].drop_duplicates(KEY)
    return answers.merge(found[[*KEY, "path", "flips_at", "relative"]], on=KEY, how="left")


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
