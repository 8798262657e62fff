"""What the programme promised (report 80): its targets by how far they are from their goals, and their values year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.criteria.targets import FULFILLED, HELD, NO_DATA, OFF_TRACK, ON_TRACK, OPEN, SAME, START
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import Target

BY_CONCERN = (OFF_TRACK, SAME, OPEN, START, ON_TRACK, HELD, FULFILLED, NO_DATA)
"""States in the order in which a board reads them: what is behind first."""
YEARS_SHOWN = 3
WHOLE = {"rate": 1.0, "flag": 1.0, "percent": 100.0, "score": 100.0}
"""The most that a value of a unit can be; of other units a goal is its own measure."""


def unit_of(office: Office, target: Target) -> str:
    """The unit of a target's value: shares are rates, other formulas keep the unit of the indicator."""
    return "rate" if target.formula.startswith("share") else office.catalogue.unit(target.indicator)


@for_the_public
def targets_by_concern(office: Office) -> pd.DataFrame:
    """The targets of an office, those furthest behind first.

    Returns
    -------
    The rows of ``office.targets`` with ``title``, ``unit``, ``whole``: the length of the scale its values lie on; and ``short``:
    what the value lacks to the goal as a share of that scale; missing where there is no number to reach or no value.
    """
    declared = [office.profile.targets[name] for name in office.targets["target"]]
    frame = office.targets.assign(
        title=[target.title for target in declared], unit=[unit_of(office, target) for target in declared]
    )
    longest = frame[["value", "goal", "first_value"]].astype(float).abs().max(axis=1)
    frame = frame.assign(whole=frame["unit"].map(WHOLE).fillna(longest))
    reached = frame["state"].isin([FULFILLED, HELD])
    short = (frame["goal"].astype(float) - frame["value"].astype(float)).abs() / frame["whole"].replace(0, np.nan)
    frame = frame.assign(short=short.mask(reached, 0.0), concern=frame["state"].map(BY_CONCERN.index))
    return frame.sort_values(["concern", "short"], ascending=[True, False], kind="stable").drop(columns="concern")


def values_by_year(office: Office) -> pd.DataFrame:
    """``office.target_history`` of the last years that any target has a value in, at most :data:`YEARS_SHOWN`."""
    history = office.target_history
    years = sorted(history.loc[history["value"].notna(), "year"].unique())[-YEARS_SHOWN:]
    return history[history["year"].isin(years)]


def promise_facts(office: Office) -> dict[str, object]:
    """The target that is furthest behind, by its title, with its value and goal where both are shares; what the targets without data
    wait for; empty where nothing is."""
    found = targets_by_concern(office)
    behind = found[found["state"].eq(OFF_TRACK) & found["short"].notna()]
    unknown = found[found["state"].eq(NO_DATA)]
    sources = [source for name in unknown["target"] if (source := office.profile.targets[name].source)]
    counted = pd.Series([giver for source in sources for giver in source.split(", ")], dtype=object).value_counts()
    shares = behind[behind["unit"].eq("rate")].head(1)
    shares = shares[shares["target"].isin(behind["target"].head(1))]
    return {
        "targets_furthest": behind["title"].iloc[0] if len(behind) else "",
        "targets_furthest_value": float(shares["value"].iloc[0]) if len(shares) else None,
        "targets_furthest_goal": float(shares["goal"].iloc[0]) if len(shares) else None,
        "targets_of_lists": int(found["cohort"].notna().sum()),
        "targets_without_list": int((unknown["cohort"].notna() & unknown["of_schools"].isna()).sum()),
        "targets_givers": ", ".join(f"{giver} ({count})" for giver, count in counted.items()),
    }
