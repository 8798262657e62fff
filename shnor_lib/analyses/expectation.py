"""Results against expectation: what a school's result would be if it did as schools in its social context do (row B10).

A linear regression of results on the context; every school is held against the prediction of a model that did not see it. It
describes how results go together with families' circumstances, it does not explain them, and it judges nobody's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from shnor_lib.indicators import indicator_label, pool_years
from shnor_lib.indicators.window import full_names, names_matching, school_rows
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import Expectation
from shnor_lib.statistics.counts import sides_beside_chance
from shnor_lib.statistics.regression import held_out

UNIT = ["municipality", "school_id"]
BETTER, SAME, WORSE, NOT_COMPARED = "better", "same", "worse", "not_compared"


@dataclass(frozen=True)
class Expected:
    """Schools held against expectation, and the model behind it.

    Attributes
    ----------
    schools : municipality, school_id, ``value, participants`` (the result), ``expected`` (by the model without the school), ``low``
        and ``high`` (for one school), ``difference`` with ``difference_low`` and ``difference_high``, ``comparison``: ``better`` or
        ``worse`` when the result lies outside the interval, and ``reason`` where nothing is expected.
    coefficients : predictor, coefficient (change of the result with one standard deviation of the predictor), low, high.
    n, fit, fit_unseen : schools in the model; R²; R² of the predictions for schools that the model did not see.
    residual_sd : spread of the results of a school of usual size around the model.
    by_chance : how many of these schools would lie outside their interval by chance alone; ``level`` is that of the intervals.
    inputs : what the model was made from: municipality, school_id, value, participants, a column a predictor and ``variance`` (of the
        result, beside that of a school of usual size).
    reference : what the results are differences from, ``municipality`` or ``region``.
    refusal : why nothing is expected of anybody; empty when the model was made.
    """

    schools: pd.DataFrame
    coefficients: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["predictor", "coefficient", "low", "high"])
    )
    n: int = 0
    fit: float = np.nan
    fit_unseen: float = np.nan
    residual_sd: float = np.nan
    by_chance: float = np.nan
    level: float = np.nan
    refusal: str = ""
    inputs: pd.DataFrame = field(default_factory=pd.DataFrame)
    reference: str = "municipality"


def expected_of_offices(offices: Sequence[Office], settings: Expectation | None = None) -> Expected:
    """Hold the schools of one office, or of several pooled, against expectation.

    One office is held against its municipality. Several are pooled, as where a municipality has too few schools for a model
    of its own: then results are differences from the region, see :func:`region_of_offices`. ``settings`` are those of the first
    office unless given.
    """
    settings = settings or offices[0].profile.expectation
    schools = pd.concat([one.schools.assign(municipality=one.municipality) for one in offices], ignore_index=True)
    indicators = pd.concat([one.indicators for one in offices], ignore_index=True)
    if len(offices) == 1:
        return expected_results(schools, indicators, offices[0].year, settings)
    names = names_matching(indicators["indicator"], full_names(settings.indicator, settings.parts))
    indicators = pd.concat(
        [indicators[indicators["level"].ne("region")], region_of_offices(indicators[names])], ignore_index=True
    )
    return expected_results(schools, indicators, offices[0].year, settings, "region")


def region_of_offices(indicators: pd.DataFrame) -> pd.DataFrame:
    """One value of the region for every indicator and year, the same for all of its offices.

    The published one, if any office has it; else the mean of the schools at hand, weighted by participants.

    ``indicators``: rows of the long table of several offices, with ``municipality``.

    Examples
    --------
    >>> rows = pd.DataFrame({"municipality": ["a", "b"], "level": "school", "year": 2021, "indicator": "mean_percent[OGE/maths/9]",
    ...     "value": [50.0, 60.0], "denominator": [10.0, 30.0]})
    >>> region_of_offices(rows)[["municipality", "level", "value"]].values.tolist()
    [['a', 'region', 57.5], ['b', 'region', 57.5]]
    """
    key = ["year", "indicator"]
    rows = indicators[indicators["value"].notna()].astype({"value": float, "denominator": float})
    schools = rows[rows["level"].eq("school") & rows["denominator"].gt(0)]
    sums = schools.assign(top=schools["value"] * schools["denominator"]).groupby(key)[["top", "denominator"]].sum()
    published = rows[rows["level"].eq("region")].drop_duplicates(key).set_index(key)["value"]
    values = published.combine_first(sums["top"] / sums["denominator"]).rename("value").reset_index()
    offices = indicators[["municipality"]].drop_duplicates()
    blank = {"group": "", "school_id": "", "numerator": np.nan, "denominator": np.nan, "note": ""}
    return offices.merge(values, how="cross").assign(level="region", **blank)


def expected_results(
    schools: pd.DataFrame, indicators: pd.DataFrame, year: int, settings: Expectation, reference: str = "municipality"
) -> Expected:
    """Hold every school's result against what its social context leads to expect.

    Parameters
    ----------
    schools : municipality, school_id; of one municipality, or of several where one alone has too few schools.
    indicators : the long table of all of them, with ``municipality``.
    reference : the level that results are taken from: ``region`` where several municipalities are pooled.

    Notes
    -----
    The regression is :func:`shnor_lib.statistics.regression.held_out`: the result of a small school weighs less and its interval is
    wider, by as much as the results themselves show.
    """
    names = full_names(settings.indicator, settings.parts)
    result = school_rows(pool_years(indicators, names, year, settings.window, "deviation", reference))
    result = result[[*UNIT, "value", "participants"]]
    table = schools[UNIT].merge(result, on=UNIT, how="left")
    for name in settings.context:
        latest = school_rows(pool_years(indicators, name, year, settings.window, "latest"))
        table = table.merge(latest[[*UNIT, "value"]].rename(columns={"value": name}), on=UNIT, how="left")
    return replace(hold_against_context(table, list(settings.context), settings), reference=reference)


def hold_against_context(table: pd.DataFrame, context: list[str], settings: Expectation) -> Expected:
    """As :func:`expected_results`, from a table of schools: ``municipality, school_id, value, participants`` and the predictors."""
    table = table.astype({"value": float, **dict.fromkeys(context, float)}).reset_index(drop=True)
    whole = table["value"].notna() & table[context].notna().all(axis=1)
    refusal = _refusal(table, context, whole, settings)
    used = [] if refusal else [name for name in context if np.ptp(table.loc[whole, name]) > 0]
    absent = np.select(
        [table["value"].isna(), table[context].isna().any(axis=1)],
        ["нет результатов за период", "нет показателей социального контекста"],
        default=refusal,
    )
    blank = dict.fromkeys(["expected", "low", "high", "difference", "difference_low", "difference_high"], np.nan)
    schools = table[[*UNIT, "value", "participants"]].assign(**blank, comparison=NOT_COMPARED, reason=absent)
    if refusal:
        return Expected(schools, refusal=refusal, inputs=table)
    y, people = (table.loc[whole, name].to_numpy(float) for name in ("value", "participants"))
    model = held_out(table.loc[whole, used].to_numpy(), y, people, settings.level, settings.ridge)
    half, difference = model.half, y - model.unseen
    for name, middle in (("", model.unseen), ("difference_", difference)):
        schools.loc[whole, name.removesuffix("_") or "expected"] = middle
        schools.loc[whole, f"{name}low"], schools.loc[whole, f"{name}high"] = middle - half, middle + half
    schools.loc[whole, "comparison"] = np.select([difference > half, difference < -half], [BETTER, WORSE], default=SAME)
    slopes, n = model.coefficients, int(whole.sum())
    ends = {"low": slopes - model.reach, "high": slopes + model.reach}
    table.loc[whole, "variance"] = model.variance
    return Expected(
        schools,
        coefficients=pd.DataFrame({"predictor": used, "coefficient": slopes} | ends),
        n=n,
        fit=model.fit,
        fit_unseen=model.fit_unseen,
        residual_sd=model.residual_sd,
        by_chance=n * (1 - settings.level),
        level=settings.level,
        inputs=table,
    )


def _refusal(table: pd.DataFrame, context: list[str], whole: pd.Series, settings: Expectation) -> str:
    """Why the model cannot be made, in Russian; empty when it can."""
    missing = [name for name in context if table[name].isna().all()]
    if missing:
        return "нет показателей социального контекста: " + ", ".join(indicator_label(name) for name in missing)
    if table["value"].isna().all():
        return "нет результатов, которые можно сравнить с уровнем выше"
    n, needed = int(whole.sum()), max(settings.minimum_schools, settings.schools_per_predictor * len(context))
    if n < needed:
        return f"школ с результатами и контекстом {n}, а для {len(context)} показателей контекста нужно не меньше {needed:g}"
    if np.ptp(table.loc[whole, "value"]) == 0:
        return "результаты всех школ одинаковы: сравнивать не с чем"
    varied = table.loc[whole, [name for name in context if np.ptp(table.loc[whole, name]) > 0]]
    if varied.empty or np.linalg.matrix_rank(varied - varied.mean()) < len(varied.columns):
        return "показатели контекста не различают школ или повторяют друг друга"
    return ""


def expectation_counts(expected: Expected) -> dict[str, float]:
    """How many schools are compared, better and worse than expected, outside the interval, and what luck would bring on a side."""
    comparison = expected.schools["comparison"]
    better, same, worse = (int(comparison.eq(one).sum()) for one in (BETTER, SAME, WORSE))
    compared = better + same + worse
    beside = sides_beside_chance(compared, expected.level, better=better, worse=worse)
    return {"compared": compared, "better": better, "worse": worse, "outside": better + worse, **beside}


def named_inputs(expected: Expected, schools: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """What the model was made from beside the columns that name a school, and the indicators of the context."""
    predictors = [one for one in expected.inputs if one not in (*UNIT, "value", "participants", "variance")]
    return expected.inputs.merge(schools, on=UNIT, how="left"), predictors
