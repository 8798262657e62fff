"""Context risks: under which conditions schools work, where a condition is a risk zone, and what staff the schools lack.

A condition is not a school's fault. Borders of risk are declared in ``risk_factors.yml``; a missing or contradictory answer
is ``unknown`` and never a low risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from shnor_lib.indicators import catalogue
from shnor_lib.indicators.causes import AS_RANGE
from shnor_lib.indicators.deficits import deficits_of
from shnor_lib.indicators.schools import GROUPS
from shnor_lib.params.profiles import RiskFactor, StaffNorm
from shnor_lib.params.reading import risk_catalogue
from shnor_lib.statistics.change import holm
from shnor_lib.statistics.counts import BEYOND
from shnor_lib.statistics.uncertainty.intervals import wilson_interval

HIGH, MEDIUM, LOW, UNKNOWN = "high", "medium", "low", "unknown"
LEVELS = (HIGH, MEDIUM, LOW, UNKNOWN)
ZONE = (HIGH, MEDIUM)
"""The levels that make a risk zone."""

LOCALITIES = tuple(GROUPS)
HIDDEN_NOTE = "скрыто в открытой редакции"
SMALLEST_CHANGE = 0.01
"""Our assumption: a rate of the whole municipality that moved by less than one percentage point is told as unchanged."""


def risk_factors(own: Mapping[str, RiskFactor]) -> dict[str, RiskFactor]:
    """The shipped factors with an office's own in their place or after them."""
    return risk_catalogue().risk_factors | dict(own)


def staff_norms(own: Mapping[str, StaffNorm]) -> dict[str, StaffNorm]:
    """The shipped norms with an office's own in their place or after them."""
    return risk_catalogue().staff_norms | dict(own)


# --- the matrix ------------------------------------------------------------------------------------------------------


def risk_matrix(
    indicators: pd.DataFrame,
    schools: pd.DataFrame,
    factors: Mapping[str, RiskFactor],
    year: int,
    school_ids: Iterable[str] | None = None,
) -> pd.DataFrame:
    """The level of every risk factor in every school.

    Parameters
    ----------
    indicators : the long table; only rows of schools of the year are looked at (rates 0..1, survey answers 1 or 0).
    schools : the registry: ``school_id``.
    school_ids : the schools wanted; all of the registry without it.

    Returns
    -------
    school_id, factor, value, threshold (where the risk begins), level (``high``, ``medium``, ``low``, ``unknown``) and note
    (why the level is unknown; :data:`HIDDEN_NOTE` for numbers hidden in the public edition). Ordered by school and factor. No value, or a survey that contradicts itself: ``unknown``.

    Examples
    --------
    >>> factor = RiskFactor(title="т", short="т", zone="т", group="staff", indicator="teachers_age_55_plus_rate",
    ...     rule="at_least", medium=0.3, high=0.4, reference="р")
    >>> rows = pd.DataFrame({"level": "school", "school_id": ["1", "2"], "year": 2021, "value": [0.42, 0.25],
    ...     "indicator": "teachers_age_55_plus_rate", "note": ""})
    >>> registry = pd.DataFrame({"school_id": ["1", "2", "3"]})
    >>> risk_matrix(rows, registry, {"older": factor}, 2021)["level"].tolist()
    ['high', 'low', 'unknown']
    """
    wanted = schools["school_id"] if school_ids is None else pd.Series(list(school_ids), dtype=object)
    declared = pd.DataFrame(
        [(name, one.name, one.border, one.rule == "at_least", one.medium, one.high) for name, one in factors.items()],
        columns=["factor", "indicator", "threshold", "rising", "medium", "high"],
    ).astype({"medium": float, "high": float, "threshold": float})
    known = school_values(indicators, declared["indicator"], year)
    pairs = wanted.rename("school_id").drop_duplicates().sort_values().to_frame().merge(declared, how="cross")
    known = known[["school_id", "indicator", "value", "note", "hidden"]]
    rows = pairs.merge(known, on=["school_id", "indicator"], how="left")
    side = np.where(rows["rising"], 1, -1)
    level = np.select(
        [
            rows["value"].isna(),
            side * rows["value"] >= side * rows["high"],
            side * rows["value"] >= side * rows["medium"],
        ],
        [UNKNOWN, HIGH, MEDIUM],
        default=LOW,
    )
    absent = f"нет данных за {year} год"
    note = rows["note"].replace("", np.nan).fillna(absent).where(rows["value"].isna(), "")
    note = note.mask(rows["hidden"].eq(True), HIDDEN_NOTE)
    return rows.assign(level=level, note=note)[["school_id", "factor", "value", "threshold", "level", "note"]]


def school_values(indicators: pd.DataFrame, names: Iterable[str], year: int) -> pd.DataFrame:
    """Rows of schools of a year for the named indicators, each school and indicator once; ``hidden`` in the public edition."""
    rows = indicators[indicators["level"].eq("school") & indicators["year"].eq(year)]
    own = rows[rows["indicator"].isin(list(names))].drop_duplicates(["school_id", "indicator"])
    hidden = own["hidden"].eq(True) if "hidden" in own else False
    return own.astype({"value": float}).assign(hidden=hidden)


def described_schools(matrix: pd.DataFrame, identification: pd.DataFrame) -> list[str]:
    """Schools that the matrix is shown for: those of a list and every other with at least one known condition."""
    listed = identification.loc[identification["identified"].eq("yes"), "school_id"]
    known = matrix.loc[matrix["level"].ne(UNKNOWN), "school_id"]
    return sorted({*listed, *known})


def risk_counts(matrix: pd.DataFrame, by: str) -> pd.DataFrame:
    """How often each level occurs by school or by factor.

    ``by``, high, medium, low, unknown, zone (high and medium), assessed (all but unknown), share (zone / assessed, missing
    when nothing was assessed); in the order of the matrix.
    """
    if matrix.empty:
        return pd.DataFrame(columns=[by, *LEVELS, "zone", "assessed", "share"])
    counted = pd.crosstab(matrix[by], matrix["level"]).reindex(columns=list(LEVELS), fill_value=0)
    counted = counted.reindex(matrix[by].drop_duplicates())
    zone, assessed = counted[list(ZONE)].sum(axis=1), counted[[*ZONE, LOW]].sum(axis=1)
    return counted.assign(zone=zone, assessed=assessed, share=zone / assessed.where(assessed > 0)).reset_index()


def contradictions(matrix: pd.DataFrame) -> pd.DataFrame:
    """Pairs of school and factor whose source says both yes and no."""
    return matrix[matrix["note"].str.contains("противоречит", regex=False)].reset_index(drop=True)


def locality_contrast(matrix: pd.DataFrame, schools: pd.DataFrame, circular: Iterable[str] = ()) -> pd.DataFrame:
    """How often a factor is a risk zone in urban and in rural schools, where more often, and whether that is more than chance.

    Parameters
    ----------
    circular : factors that tell town from country themselves; they are not compared.

    Returns
    -------
    factor, urban_zone, urban_assessed, rural_zone, rural_assessed, ``more``: ``urban``, ``rural``, ``equal``, ``open`` (in one of the
    two nothing was assessed) or ``circular``; and ``beyond``: whether schools drawn by lot into town and country hardly ever differ
    as much (None where they are not compared).

    Notes
    -----
    Fisher's exact test of each factor, Holm's correction over those compared: where town and country do not differ, any factor is
    named in no more than :data:`BEYOND` of the cases.
    """
    places = dict(zip(schools["school_id"], schools["locality"], strict=True))
    placed = matrix.assign(place=matrix["school_id"].map(places))
    found = pd.DataFrame({"factor": matrix["factor"].drop_duplicates().tolist()})
    shares = {}
    for place in LOCALITIES:
        own = risk_counts(placed[placed["place"].eq(place)], "factor").set_index("factor")
        for column in ("zone", "assessed"):
            found[f"{place}_{column}"] = found["factor"].map(own[column]).fillna(0).astype(int)
        shares[place] = found["factor"].map(own["share"]).astype(float)
    urban, rural = shares["urban"], shares["rural"]
    own = found["factor"].isin(list(circular))
    unknown = urban.isna() | rural.isna()
    numbers = [f"{place}_{column}" for place in LOCALITIES for column in ("zone", "assessed")]
    chances = np.array(
        [
            np.nan if left else _chance_of_split(*row)
            for left, *row in zip(own | unknown, *(found[name] for name in numbers), strict=True)
        ]
    )
    more = np.select(
        [own, unknown, urban > rural, rural > urban], ["circular", "open", "urban", "rural"], default="equal"
    )
    beyond = pd.Series(holm(chances) <= BEYOND, dtype=object)
    return found.assign(more=more, beyond=beyond.where(~np.isnan(chances), None))


def _chance_of_split(zone: int, assessed: int, other_zone: int, other_assessed: int) -> float:
    """The chance that schools drawn by lot into two groups differ as much or more."""
    return float(stats.fisher_exact([[zone, assessed - zone], [other_zone, other_assessed - other_zone]]).pvalue)


# --- tables by locality ----------------------------------------------------------------------------------------------


def schools_by_choice(schools: pd.DataFrame, column: str, order: Iterable[str]) -> pd.DataFrame:
    """Schools by settlement size or transport in town and country: how many, and their share of the locality.

    ``choice`` (in the given order, "" for schools that did not say), urban, urban_share, rural, rural_share; shares are of
    all schools of the locality. How many of a locality that no school names is unknown while a school names none.

    Examples
    --------
    >>> schools = pd.DataFrame({"locality": ["urban", "urban", "rural"], "transport": ["day_trip", "day_trip", None]})
    >>> schools_by_choice(schools, "transport", ["day_trip"]).values.tolist()
    [['day_trip', 2, 1.0, 0, 0.0], ['', 0, 0.0, 1, 1.0]]
    """
    answers = schools[column].astype(object).where(schools[column].notna(), "")
    found = pd.DataFrame({"choice": [*order, *([""] if answers.eq("").any() else [])]})
    for place in LOCALITIES:
        own = answers[schools["locality"].eq(place).fillna(False)]
        found[place] = found["choice"].map(own.value_counts()).fillna(0).astype(int)
        if own.empty and schools["locality"].isna().any():
            found[place] = pd.array([pd.NA] * len(found), dtype="Int64")
        found[f"{place}_share"] = found[place] / len(own) if len(own) else np.nan
    return found


def by_locality(indicators: pd.DataFrame, schools: pd.DataFrame, names: Iterable[str], year: int) -> pd.DataFrame:
    """Counts and shares of indicators in town and country.

    Each locality has the group of its schools; where it has no value, a published group that the registry places in the
    locality stands in (``ШНОР, городские``).

    Parameters
    ----------
    schools : the whole ``schools`` table; its rows of groups say the locality of a group.

    Returns
    -------
    indicator, and for urban and rural: ``_number`` (numerator), ``_of`` (denominator), the share, and ``_group`` (whose
    numbers these are).
    """
    groups = schools[schools["level"].eq("group") & schools["locality"].notna()]
    rows = indicators[indicators["level"].eq("group") & indicators["year"].eq(year) & indicators["value"].notna()]
    found = pd.DataFrame({"indicator": list(names)})
    rows = rows[rows["indicator"].isin(found["indicator"])]
    for place, title in GROUPS.items():
        others = groups.loc[groups["locality"].eq(place) & groups["group"].ne(title), "group"].drop_duplicates()
        order = {group: rank for rank, group in enumerate([title, *sorted(others)])}
        own = rows[rows["group"].isin(order)]
        own = own.assign(rank=own["group"].map(order)).sort_values("rank", kind="stable").drop_duplicates("indicator")
        own = own.set_index("indicator")
        for column, source in (("_number", "numerator"), ("_of", "denominator"), ("", "value"), ("_group", "group")):
            found[f"{place}{column}"] = found["indicator"].map(own[source])
    return found


# --- staff, specialists, deficits, monitoring ------------------------------------------------------------------------


def level_comparison(indicators: pd.DataFrame, names: Iterable[str], year: int) -> pd.DataFrame:
    """Indicators of the municipality beside the region and the country.

    indicator, number, of, value, region, country, to_region, to_country (differences in the unit of the indicator), and ``cause`` and ``needs``
    of a range that the municipality publishes instead. Only indicators that the municipality has a value or a range of,
    and those of which its document names the country's alone.
    """
    told = indicators["value"].notna() | indicators["cause"].eq(AS_RANGE)
    rows = indicators[indicators["year"].eq(year) & indicators["group"].eq("") & told]
    rows = rows[rows["indicator"].isin(list(names))].drop_duplicates(["level", "indicator"])
    at = {
        level: rows[rows["level"].eq(level)].set_index("indicator") for level in ("municipality", "region", "country")
    }
    named = at["municipality"].index.union(at["country"].index if len(at["municipality"]) else [])
    own = at["municipality"].reindex([name for name in names if name in named])
    found = own.reset_index()[["indicator", "numerator", "denominator", "value", "cause", "needs"]]
    found = found.rename(columns={"numerator": "number", "denominator": "of"})
    for level in ("region", "country"):
        found[level] = found["indicator"].map(at[level]["value"]).astype(float)
        found[f"to_{level}"] = found["value"].astype(float) - found[level]
    return found


def staffing_advice(
    staff: pd.DataFrame, schools: pd.DataFrame, norms: Mapping[str, StaffNorm], year: int
) -> pd.DataFrame:
    """Posts of specialists that a school has, those that the norm asks for, and the difference.

    Needed posts are children / norm, rounded down to the step of the norm: a part too small to be a post is not advised.

    Parameters
    ----------
    staff : the ``staff`` table: posts of specialists of schools (full posts).
    schools : the registry: ``pupils`` and ``special_needs_pupils``.

    Returns
    -------
    school_id, specialist, posts, children, per_100 (posts for a hundred pupils), needed, lacking (0 when there are enough)
    and ``advice``: ``add``, ``enough`` or ``unknown`` (posts or children are not known).

    Examples
    --------
    >>> staff = pd.DataFrame({"level": ["school"], "school_id": ["1"], "year": [2021], "psychologists": [1.0]})
    >>> schools = pd.DataFrame({"school_id": ["1"], "pupils": [780], "special_needs_pupils": [33]})
    >>> norm = StaffNorm(per="pupils", children=300, reference="р")
    >>> staffing_advice(staff, schools, {"psychologists": norm}, 2021)[["needed", "lacking", "advice"]].values.tolist()
    [[2.5, 1.5, 'add']]
    """
    of_schools = staff[staff["level"].eq("school") & staff["year"].eq(year)]
    own = of_schools.drop_duplicates("school_id").set_index("school_id")
    base, parts = schools[["school_id"]].reset_index(drop=True), []
    for specialist, norm in norms.items():
        posts = _numbers(own, specialist).reindex(schools["school_id"]).to_numpy()
        children, pupils = _numbers(schools, norm.per).to_numpy(), _numbers(schools, "pupils").to_numpy()
        needed = np.floor(children / norm.children / norm.step + 1e-9) * norm.step
        lacking = np.maximum(needed - posts, 0)
        advice = np.select([np.isnan(lacking), lacking > 0], ["unknown", "add"], default="enough")
        found = base.assign(specialist=specialist, posts=posts, children=children)
        found["per_100"] = 100 * posts / np.where(pupils > 0, pupils, np.nan)
        parts.append(found.assign(needed=needed, lacking=lacking, advice=advice))
    return pd.concat(parts, ignore_index=True).sort_values("school_id", kind="stable").reset_index(drop=True)


def _numbers(rows: pd.DataFrame, column: str) -> pd.Series:
    """A column as plain numbers, missing where the table does not have it."""
    if column not in rows:
        return pd.Series(np.nan, index=rows.index)
    return pd.Series(rows[column].to_numpy(dtype=float, na_value=np.nan), index=rows.index)


def deficit_map(deficits: pd.DataFrame, year: int) -> pd.DataFrame:
    """The map of professional deficits of teachers: subject by deficit over the schools of the municipality.

    Counts of schools are summed where both are known; without rows of schools, or where some are hidden in the public edition,
    the rows of the municipality stand.

    Parameters
    ----------
    deficits : the ``professional_deficits`` table: ``teachers_assessed``, ``teachers_with_deficit`` (teachers).

    Returns
    -------
    subject, deficit, schools, assessed, with_deficit, share, low, high (95 % interval by Wilson), largest share first within
    the order of the subjects in the table.
    """
    now = deficits_of(deficits[deficits["year"].eq(year)])
    of_schools = now["level"].eq("school")
    summed = of_schools.any() and not ("hidden" in now and now.loc[of_schools, "hidden"].any())
    own = now[of_schools if summed else now["level"].eq("municipality")]
    own = own.dropna(subset=["teachers_assessed", "teachers_with_deficit"])
    columns = ["subject", "deficit", "schools", "assessed", "with_deficit", "share", "low", "high"]
    if own.empty:
        return pd.DataFrame(columns=columns)
    found = own.groupby(["subject", "deficit"], sort=False, observed=True).agg(
        schools=("school_id", "nunique"),
        assessed=("teachers_assessed", "sum"),
        with_deficit=("teachers_with_deficit", "sum"),
    )
    if not summed and of_schools.any():
        found["schools"] = now[of_schools].groupby(["subject", "deficit"], observed=True)["school_id"].nunique()
    found = found.reset_index().astype({"assessed": float, "with_deficit": float})
    ends = wilson_interval(found["with_deficit"], found["assessed"])
    found = found.assign(
        share=found["with_deficit"] / found["assessed"].where(found["assessed"] > 0), low=ends["low"], high=ends["high"]
    )
    place = found["subject"].map({subject: rank for rank, subject in enumerate(found["subject"].unique())})
    ordered = found.assign(place=place).sort_values(["place", "share"], ascending=[True, False], kind="stable")
    return ordered[columns].reset_index(drop=True)


def monitored(indicators: pd.DataFrame, names: Iterable[str], years: Iterable[int]) -> pd.DataFrame:
    """Monitoring of the municipality over the years (row K3): rates of satisfaction, qualification and equipment.

    indicator, one column ``y<year>`` per year, ``change`` (last year with a value less the first) and ``turn``: ``better``,
    ``worse``, ``same`` (less than :data:`SMALLEST_CHANGE`) or ``not_compared``, by the direction that is good for pupils.
    """
    years, names = sorted(years), list(names)
    rows = indicators[indicators["level"].eq("municipality") & indicators["group"].eq("") & indicators["value"].notna()]
    rows = rows[rows["indicator"].isin(names) & rows["year"].isin(years)].drop_duplicates(["indicator", "year"])
    wide = rows.pivot(index="indicator", columns="year", values="value").astype(float)
    wide = wide.reindex(index=[name for name in names if name in wide.index], columns=years)
    change = wide.ffill(axis=1).iloc[:, -1] - wide.bfill(axis=1).iloc[:, 0]
    change = change.where(wide.notna().sum(axis=1) > 1)
    good = np.array([{"high": 1, "low": -1}.get(catalogue()[name].better, 0) for name in wide.index])
    step = good * change.round(12)
    turn = np.select(
        [step.isna() | (good == 0), step >= SMALLEST_CHANGE, step <= -SMALLEST_CHANGE],
        ["not_compared", "better", "worse"],
        default="same",
    )
    wide.columns = [f"y{year}" for year in years]
    return wide.assign(change=change, turn=turn).reset_index()
