"""Dynamics: who entered, left or stayed on the lists, which changes exceed chance, trends with their uncertainty, ratings.

Few years are few: a trend over three years is shown with its interval and its p-value and never called proven by itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.indicators import pool_years
from shnor_lib.indicators.window import school_rows
from shnor_lib.office.office import Office

RESULTS = ["mean_percent[VPR/*/*]", "mean_percent[OGE/*/9]", "mean_percent[EGE/*/11]"]
"""What schools are compared with the municipality by, year by year."""

WAVES = ("entry", "interim", "final")
MOVES = ("stayed", "entered", "left", "absent", "open")


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


def changed_answers(office: Office) -> pd.DataFrame:
    """Answers that are not those of the year before, of schools in both years, in the order of the method's decisions."""
    key = ["school_id", "category"]
    now, before = (frame[[*key, "identified"]] for frame in (office.identification, office.previous))
    both = now.rename(columns={"identified": "now"}).merge(before.rename(columns={"identified": "before"}), on=key)
    return both[both["before"].ne(both["now"])].reset_index(drop=True)


def move_counts(moves: pd.DataFrame) -> dict[str, int]:
    """How many pairs of school and category stayed, entered, left …; ``moves`` of :func:`list_moves`."""
    return {name: int(moves["move"].eq(name).sum()) for name in MOVES}


def changes_beyond_chance(
    indicators: pd.DataFrame, names: list[str], year: int, level: float = 0.05, of_level: str = "school"
) -> pd.DataFrame:
    """Falls and rises of rates and mean scores since the latest year before that exceed chance.

    A two-sided test for each school and procedure: of two proportions (pooled z), and of two means (z with each year's own
    standard deviation) for ``mean_score``. The false discovery rate over all of them is held at ``level`` by Benjamini and
    Hochberg's procedure, so that many schools do not make many accidental findings.

    Parameters
    ----------
    indicators : the long table; rates and means with numerator and denominator are compared, means with a ``score_sd`` beside.
    names : full names of indicators.
    of_level : whose changes: of schools, or of the municipality, region or country.

    Returns
    -------
    school_id, indicator, year_before, before, now, change, participants_before, participants, p, beyond (True when the
    change exceeds chance).

    Source: Benjamini and Hochberg (1995), JRSS B 57.
    """
    key = ["school_id", "indicator"]
    own = indicators[indicators["level"].eq(of_level) & indicators["year"].le(year)]
    rows = own[own["indicator"].isin(names) & own["numerator"].notna() & own["denominator"].gt(0)]
    spreads = own.loc[own["indicator"].str.startswith("score_sd["), [*key, "year", "value"]]
    spreads = spreads.assign(indicator=spreads["indicator"].str.replace("score_sd[", "mean_score[", regex=False))
    rows = rows.merge(spreads.rename(columns={"value": "sd"}), on=[*key, "year"], how="left")
    rows = rows[rows["sd"].notna() | ~rows["indicator"].str.startswith("mean_score[")]
    now = rows[rows["year"].eq(year)]
    earlier = rows[rows["year"].lt(year)].sort_values("year", kind="stable").drop_duplicates(key, keep="last")
    both = now.merge(earlier, on=key, suffixes=("", "_before"))
    n1, n0 = both["denominator"], both["denominator_before"]
    pooled = (both["numerator"] + both["numerator_before"]) / (n1 + n0)
    of_means = both["sd"] ** 2 / n1 + both["sd_before"] ** 2 / n0
    error = np.sqrt(of_means.where(both["sd"].notna(), pooled * (1 - pooled) * (1 / n1 + 1 / n0)))
    change = both["value"] - both["value_before"]
    z = change.abs() / error.where(error > 0)
    p = pd.Series(2 * stats.norm.sf(z), index=both.index).fillna(1.0)
    return both[[*key, "year_before"]].assign(
        before=both["value_before"],
        now=both["value"],
        change=change,
        participants_before=n0,
        participants=n1,
        p=p,
        beyond=stats.false_discovery_control(p) <= level,
    )


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


def deviations(office: Office) -> pd.DataFrame:
    """:func:`yearly_deviation` of an office by :data:`RESULTS` in every year it has."""
    return yearly_deviation(office.indicators, RESULTS, list(office.indicators["year"].unique()))


def trends(series: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Trend of each school over the years with its uncertainty.

    Theil–Sen slope per year with its interval, Mann–Kendall's test (Kendall's tau of value and year), and the largest step
    back. A school is ``steady`` when no year was worse than the one before.

    Parameters
    ----------
    series : school_id, year, value.

    Returns
    -------
    school_id, years, first, last, slope, low, high, tau, p, steady, worst_step; slope and test are missing below three years.

    Source: Sen (1968), JASA 63; Mann (1945), Econometrica 13.

    Examples
    --------
    >>> series = pd.DataFrame({"school_id": "1", "year": [2019, 2020, 2021], "value": [1.0, 2.0, 4.0]})
    >>> trends(series)[["slope", "steady", "worst_step"]].values.tolist()
    [[1.5, True, 1.0]]
    """
    rows = []
    for school, own in series.dropna(subset=["value"]).sort_values("year").groupby("school_id", sort=True):
        values, years = own["value"].to_numpy(float), own["year"].to_numpy(float)
        row = {"school_id": school, "years": len(own), "first": values[0], "last": values[-1]}
        steps = np.diff(values)
        row |= {"steady": bool(len(steps) and (steps >= 0).all()), "worst_step": min(steps, default=np.nan)}
        if len(own) >= 3:
            slope, _, low, high = stats.theilslopes(values, years, alpha=level)
            tau, p = stats.kendalltau(years, values)
            row |= {"slope": slope, "low": low, "high": high, "tau": tau, "p": p}
        rows.append(row)
    columns = ["school_id", "years", "first", "last", "slope", "low", "high", "tau", "p", "steady", "worst_step"]
    return pd.DataFrame(rows, columns=columns)


def largest_and_most_stable(found: pd.DataFrame, schools: int = 3) -> pd.DataFrame:
    """Schools with the largest improvement that is stable too (row I4).

    Stable: at least three years and no year worse than the one before; ordered by the slope.

    The rows of :func:`trends` of up to ``schools`` schools, the largest slope first.
    """
    stable = found[found["slope"].gt(0) & found["steady"].astype(bool) & found["years"].ge(3)]
    ordered = stable.sort_values(["slope", "school_id"], ascending=[False, True], kind="stable")
    return ordered.head(schools).reset_index(drop=True)


def year_rating(office: Office) -> pd.DataFrame:
    """:func:`rating` of an office over every procedure of the year."""
    names = office.indicators.loc[office.indicators["year"].eq(office.year), "indicator"].unique()
    wanted = sorted(name for name in names if name.startswith("mean_percent["))
    return rating(office.indicators, wanted, office.year)


def rating(
    indicators: pd.DataFrame, names: list[str], year: int, replications: int = 2000, seed: int = 20211
) -> pd.DataFrame:
    """The half-yearly rating (row Z5): a place with its interval, never a bare league table.

    The score is the deviation of the school from the municipality over its procedures. Its sampling error comes from the spread
    of the school's own procedures: score ± sd / √procedures; places of simulated scores give the interval.

    school_id, score, procedures, place, place_low, place_high (5–95 %) and group: ``top``, ``middle`` or ``bottom`` when the
    whole interval of places lies in that third, else ``not_told_apart``.
    """
    columns = ["school_id", "score", "procedures", "place", "place_low", "place_high", "group"]
    parts = school_rows(pool_years(indicators, names, year, 1, "deviation", "municipality", apart=True))
    parts = parts[parts["value"].notna()]
    if parts["school_id"].nunique() < 2:
        return pd.DataFrame(columns=columns)
    found = parts.groupby("school_id")["value"].agg(["mean", "std", "size"]).reset_index()
    typical = found["std"].median()
    error = (found["std"].fillna(typical) / np.sqrt(found["size"])).fillna(0.0).to_numpy()
    score = found["mean"].to_numpy()
    draws = np.random.default_rng(seed).normal(score, error, size=(replications, len(score)))
    places = stats.rankdata(-draws, axis=1, method="min")
    low, high = np.percentile(places, [5, 95], axis=0)
    total = len(score)
    group = np.select(
        [high <= total / 3, low > 2 * total / 3, (low > total / 3) & (high <= 2 * total / 3)],
        ["top", "bottom", "middle"],
        default="not_told_apart",
    )
    return pd.DataFrame(
        {
            "school_id": found["school_id"],
            "score": score,
            "procedures": found["size"],
            "place": stats.rankdata(-score, method="min"),
            "place_low": np.floor(low),
            "place_high": np.ceil(high),
            "group": group,
        }
    )


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
