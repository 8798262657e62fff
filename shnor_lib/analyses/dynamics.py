"""Dynamics: who entered, left or stayed on the lists, which changes exceed chance, trends with their uncertainty.

Few years are few: a change over three years is told with its interval, of pupils' and grades' chance, and named only beyond it.
"""

from __future__ import annotations

from math import factorial

import numpy as np
import pandas as pd

from shnor_lib.analyses.change import FALL, RISE, school_slopes, years_of_results
from shnor_lib.criteria.clarification import CALCULATED
from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.criteria.measure import PRECISION
from shnor_lib.indicators import pool_years
from shnor_lib.indicators.window import school_rows
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office, once
from shnor_lib.statistics.counts import beats_chance, expected_by_chance

RESULTS = ["mean_percent[VPR/*/*]", "mean_percent[OGE/*/9]", "mean_percent[EGE/*/11]"]
"""What schools are compared with the municipality by, year by year."""

WAVES = ("entry", "interim", "final")
MOVES = ("entered", "left", "open", "stayed", "absent")
"""What becomes of a school on a list, in the order in which it is read: what changed first."""


def list_moves(previous: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Which schools entered, left or stayed on each list since the year before.

    Parameters
    ----------
    previous, current : identification of two years: school_id, category, identified.

    Returns
    -------
    school_id, category, before, now, move: ``stayed``, ``entered``, ``left``, ``absent`` or ``open`` (one of the two years
    has too few data to tell).
    """
    key = ["school_id", "category"]
    both = current[[*key, "identified"]].merge(
        previous[[*key, "identified"]], on=key, how="outer", suffixes=("_now", "_before")
    )
    now, before = both["identified_now"].fillna(INSUFFICIENT), both["identified_before"].fillna(INSUFFICIENT)
    open_case = now.eq(INSUFFICIENT) | before.eq(INSUFFICIENT)
    move = np.select(
        [open_case, now.eq(YES) & before.eq(YES), now.eq(YES), before.eq(YES)],
        ["open", "stayed", "entered", "left"],
        default="absent",
    )
    return both[key].assign(before=before, now=now, move=move).sort_values(key, kind="stable").reset_index(drop=True)


def decisions_behind(office: Office, moves: pd.DataFrame) -> list[str | None]:
    """For rows of :func:`list_moves`, what experts or received lists decided in the two years; nothing where both were calculated."""
    key, told = ["school_id", "category"], []
    for when, found in (("", office.identification), ("годом раньше – ", office.previous)):
        made = found[found["decision"].ne(CALCULATED)].set_index(key)["reason"]
        told.append((when + made).to_dict())
    rows = zip(*(moves[name] for name in key), strict=True)
    return ["; ".join(one[row] for one in told if row in one) or None for row in rows]


def changed_answers(office: Office) -> pd.DataFrame:
    """Answers that are not those of the year before, of schools in both years, in the order of the method's decisions."""
    key = ["school_id", "category"]
    now, before = (frame[[*key, "identified"]] for frame in (office.identification, office.previous))
    both = now.rename(columns={"identified": "now"}).merge(before.rename(columns={"identified": "before"}), on=key)
    return both[both["before"].ne(both["now"])].reset_index(drop=True)


def move_counts(moves: pd.DataFrame) -> dict[str, int]:
    """How many schools of one list stayed, entered, left …; ``moves``: rows of :func:`list_moves` of one category."""
    return {name: int(moves["move"].eq(name).sum()) for name in MOVES}


def changed_first(moves: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`list_moves` of schools that a list names or might name, in the order of :data:`MOVES`."""
    named = moves[moves["move"].ne("absent")]
    return named.assign(order=named["move"].map(MOVES.index)).sort_values(["order", "school_id"], kind="stable")


def yearly_deviation(indicators: pd.DataFrame, names: list[str], years: list[int]) -> pd.DataFrame:
    """How far each school is from the municipality in each year, over the procedures it has, weighted by participants.

    school_id, year, value (points of per cent of the maximum, or of the unit of the indicators), denominator (results).
    """
    per_year = [
        school_rows(pool_years(indicators, names, year, 1, "deviation", "municipality")).assign(year=year)
        for year in sorted(set(years))
    ]
    found = pd.concat(per_year, ignore_index=True)
    return found.loc[found["value"].notna(), ["school_id", "year", "value", "denominator"]].reset_index(drop=True)


@for_the_public
@once
def deviations(office: Office) -> pd.DataFrame:
    """:func:`yearly_deviation` of an office by :data:`RESULTS` in the years that its results are looked for in."""
    years = range(office.year - office.profile.results.years + 1, office.year + 1)
    return yearly_deviation(office.indicators, RESULTS, list(years))


@for_the_public
def trends(office: Office) -> tuple[pd.DataFrame, bool]:
    """Change a year of each school's results with its uncertainty, and whether the region is what they are held against.

    One row a school of :func:`shnor_lib.analyses.change.school_slopes` (change, low, high, p, direction) with the years of
    :func:`steps`: years, first, last, steady, worst_step.
    """
    found = school_slopes(office)
    own = found.tested.drop(columns=["years", "subjects"])
    return own.merge(steps(deviations(office)), on="school_id", how="left"), found.regional


def steps(series: pd.DataFrame) -> pd.DataFrame:
    """The years of each school one after another.

    Parameters
    ----------
    series : school_id, year, value.

    Returns
    -------
    school_id, years (how many), first, last, steady (no year was worse than the one before), worst_step, and by_chance: how
    likely years that differ by chance alone come in such an order, 1 / years!; equal ones (a year handed in twice) count once.

    Examples
    --------
    >>> series = pd.DataFrame({"school_id": "1", "year": [2019, 2020, 2021], "value": [1.0, 2.0, 4.0]})
    >>> steps(series)[["steady", "worst_step"]].values.tolist(), float(steps(series)["by_chance"].round(2)[0])
    ([[True, 1.0]], 0.17)
    """
    rows = []
    for school, own in series.dropna(subset=["value"]).sort_values("year").groupby("school_id", sort=True):
        values = np.round(own["value"].to_numpy(float), PRECISION)
        step = np.diff(values)
        steady = bool(len(step) and (step >= 0).all())
        ends = values[0], values[-1]
        rows.append((school, len(own), *ends, steady, min(step, default=np.nan), 1 / factorial(len(np.unique(values)))))
    return pd.DataFrame(rows, columns=["school_id", "years", "first", "last", "steady", "worst_step", "by_chance"])


def largest_and_most_stable(found: pd.DataFrame, schools: int = 3) -> pd.DataFrame:
    """Schools with the largest improvement that is stable too (row I4).

    Stable: beyond chance; ordered by the change.

    The rows of :func:`trends` of up to ``schools`` schools, the largest change first.
    """
    stable = found[found["direction"].eq(RISE)]
    ordered = stable.sort_values(["change", "school_id"], ascending=[False, True], kind="stable")
    return ordered.head(schools).reset_index(drop=True)


def trend_facts(office: Office, found: pd.DataFrame) -> dict[str, object]:
    """How many schools fall and rise over the years beyond chance, and how many rose without a step back beside luck's number.

    ``found``: the rows of :func:`trends`.
    """
    known = found[found["steady"].notna()]
    steady = int(known["steady"].eq(True).sum())
    return {
        "trends_total": len(found),
        "trends_untested": len(office.schools) - len(found),
        "trend_years": len(years_of_results(office)),
        "worsening_count": int(found["direction"].eq(FALL).sum()),
        "improving_count": int(found["direction"].eq(RISE).sum()),
        "steady_count": steady,
        "steady_by_chance": expected_by_chance(known["by_chance"]),
        "steady_beyond": int(beats_chance(steady, known["by_chance"])),
        "trends_false_alarm": office.profile.results.false_alarm,
    }


@for_the_public
def office_waves(office: Office) -> pd.DataFrame:
    """:func:`wave_changes` of an office: shares below the minimum and quality of learning."""
    names = office.waves["indicator"].unique()
    wanted = [name for name in names if name.startswith(("below_minimum_rate[", "learning_quality_rate["))]
    return wave_changes(office.waves, wanted)


def wave_changes(waves: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Values of the monitoring waves of a year side by side (row L4): entry, interim, final.

    Parameters
    ----------
    waves : the long table with ``wave``, of one year.

    Returns
    -------
    school_id, indicator, one column per wave in order, and ``change`` (the last wave with a value less the first).
    """
    own = waves[waves["level"].eq("school") & waves["indicator"].isin(names)]
    wide = own.pivot(index=["school_id", "indicator"], columns="wave", values="value")
    wide = wide.reindex(columns=list(WAVES)).astype(float)
    return wide.assign(change=wide.ffill(axis=1).iloc[:, -1] - wide.bfill(axis=1).iloc[:, 0]).reset_index()
