"""Several years and procedures of a school in one value, benchmarks beside it, and what a school can have at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import catalogue, matches, split_name
from shnor_lib.indicators.schools import highest_grade
from shnor_lib.inputs.dictionary import choices

UNIT = ["level", "group", "school_id"]
"""What a pooled row is about; rows of several offices are told apart by ``municipality`` as well, when they have it."""
POOLED = [
    *UNIT,
    "year",
    "value",
    "numerator",
    "denominator",
    "years",
    "procedures_present",
    "procedures_expected",
    "note",
]

TOTALS = {"all", "maths_any"}
"""Words in the brackets that stand for other indicators put together."""

Way = Literal["ratio", "mean", "latest", "deviation"]


def pool_years(
    indicators: pd.DataFrame,
    patterns: str | Iterable[str],
    year: int,
    window: int = 3,
    way: Way = "ratio",
    reference: str = "region",
    applicable: pd.DataFrame | None = None,
    apart: bool = False,
) -> pd.DataFrame:
    """One value from several years and procedures, with a statement of what stands behind it.

    Parameters
    ----------
    indicators : LONG rows of every level.
    patterns : full names of indicators, ``*`` stands for anything (``"mean_percent[VPR/*]"``). Totals over other indicators
        are taken only when named (:func:`names_matching`).
    year, window : the years ``year − window + 1 … year``; years and procedures without a result are tolerated.
    way :
        ``ratio`` – sum of numerators / sum of denominators over the years and procedures that have both;
        ``mean`` – mean of the values weighted by the denominators; when any of them is unknown, all weigh the same and the
        note says so; ``latest`` – the latest year of the window with a value, its procedures as in ``mean``;
        ``deviation`` – mean, weighted by participants, of value − value of the reference level in the same year and
        procedure, so that a school without ЕГЭ can stand beside one that has it. Where the reference has no value the
        procedure is left out.
    reference : level the deviation is taken from.
    applicable : frame of :func:`applicable_procedures`; what it calls not applicable to a school is not expected of it.
    apart : pool only the years; every indicator that fits keeps a row of its own, with ``indicator``.

    Returns
    -------
    One row for each level, group and school that has rows of these indicators in the window: ``value, numerator,
    denominator`` (value = numerator / denominator; denominator counts participants over the years), ``years`` (those with a
    value, as text), ``procedures_present`` and ``procedures_expected`` (names with a value; names anyone of the municipality
    has in the window) and ``note``. No value in the window gives a missing value and a note.

    References
    ----------
    Лесосибирск 2020, section 2.1 («за последние 3 года»); no ОГЭ in 2020, no base maths in 2021.

    Examples
    --------
    >>> rows = pd.DataFrame({"level": "school", "group": "", "school_id": "1", "year": [2019, 2021, 2021],
    ...     "indicator": ["pass_rate[OGE/maths/9]", "pass_rate[OGE/maths/9]", "pass_rate[OGE/russian/9]"],
    ...     "value": [0.8, 0.5, 1.0], "numerator": [8, 10, 20], "denominator": [10, 20, 20], "note": ""})
    >>> pool_years(rows, "pass_rate[OGE/*]", 2021)[["value", "years", "procedures_present", "note"]].values.tolist()
    [[0.76, '2019, 2021', 2, 'годы: 2019, 2021 (2 из 3); процедуры: 2 из 2']]
    """
    if way not in ("ratio", "mean", "latest", "deviation"):
        raise ValueError(f"way of pooling {way!r} is unknown; allowed: ratio, mean, latest, deviation")
    unit = [column for column in ("municipality", *UNIT) if column in indicators] + ["indicator"] * apart
    chosen, units, names = _chosen(
        indicators, unit, [patterns] if isinstance(patterns, str) else list(patterns), year, window
    )
    columns = [*unit, *POOLED[len(UNIT) :]]
    if units.empty:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    if way == "deviation":
        chosen = _deviations(chosen, units, reference)
    used = _used(chosen, way)
    size = len(units)

    def added(amounts: pd.Series) -> np.ndarray:
        return np.bincount(used["unit"], weights=amounts, minlength=size).astype(float)

    top, whole, equal = added(used["top"]), added(used["weight"]), added(used["equal"]) > 0
    value = np.divide(top, whole, out=np.full(size, np.nan), where=whole > 0)
    people = np.where(equal | (np.bincount(used["unit"], minlength=size) == 0), np.nan, whole)
    present = _different(used["unit"], used["indicator"], size)
    expected = np.maximum(_expected(chosen, units, names, applicable), present)
    years, year_count = _year_texts(used, size, year, window)
    absent = "нет данных за период"
    if way == "deviation":
        absent += f" у школы или у уровня «{choices('level')[reference]}»"
    pooled = units.assign(
        year=year,
        value=value,
        numerator=value * people,
        denominator=people,
        years=years,
        procedures_present=present,
        procedures_expected=expected,
    )
    pooled["note"] = _window_notes(pooled, year_count, equal, window, way, absent)
    return pooled[columns]


def full_names(indicator: str, parts: tuple[str, ...]) -> list[str]:
    """Full names (patterns) of an indicator with its parts.

    Examples
    --------
    >>> full_names("mean_percent", ("VPR/*/*",))
    ['mean_percent[VPR/*/*]']
    """
    return [f"{indicator}[{part}]" for part in parts] or [indicator]


def names_matching(names: pd.Series, patterns: list[str]) -> pd.Series:
    """Which of the full names of indicators fit the patterns.

    Totals over other names (all subjects, maths of ЕГЭ at either level, a whole exam) fit only where the pattern names them,
    so that nobody counts twice.

    Examples
    --------
    >>> names = pd.Series(["below_minimum_rate[EGE/maths/11]", "below_minimum_rate[EGE/maths_any/11]", "marks_raised_rate[VPR]"])
    >>> names_matching(names, ["*"]).tolist()
    [True, False, False]
    >>> names_matching(names, ["*[EGE/maths_any/*]", "marks_raised_rate[VPR]"]).tolist()
    [False, True, True]
    """
    codes, distinct = pd.factorize(names)
    fitting = [any(_fits(name, pattern) for pattern in patterns) for name in distinct]
    return pd.Series(np.array([*fitting, False])[codes], index=names.index, name=names.name)


@lru_cache(maxsize=100_000)
def _fits(name: str, pattern: str) -> bool:
    return matches(name, [pattern]) and _says_totals_of(name, pattern)


def _says_totals_of(name: str, pattern: str) -> bool:
    """Whether a pattern names the totals an indicator stands for; true of an indicator that is no total."""
    function, part = split_name(name)
    if part is None or name == pattern:
        return True
    entry = catalogue().get(function)
    whole_exam = entry is not None and entry.per == "procedure" and "/" not in part
    return not whole_exam and TOTALS.intersection(part.split("/")) <= set(re.split(r"[/\[\]]", pattern))


def school_rows(pooled: pd.DataFrame) -> pd.DataFrame:
    """The rows of schools alone."""
    return pooled[pooled["level"].eq("school")]


def with_benchmark(
    rows: pd.DataFrame, indicators: pd.DataFrame, level: str, exclude_self: bool = False
) -> pd.DataFrame:
    """Rows of schools with the value of the same indicator and year at a level above.

    Parameters
    ----------
    rows : LONG or pooled rows of schools; ``year`` and, where both have them, ``municipality`` and ``indicator``
        join the two.
    indicators : LONG or pooled rows that hold the level.
    level : ``municipality``, ``region`` or ``country``.
    exclude_self : take the school's own numerator and denominator out of the level (for the municipality that contains it).

    Returns
    -------
    The rows with ``benchmark_<level>`` and ``benchmark_<level>_participants``, missing where the level has no value.

    Notes
    -----
    With ``exclude_self``: (N − n) / (D − d); missing when one of the four is missing or nobody else is left.

    References
    ----------
    Лесосибирск 2020, section 2.1 (divergence from the municipality and the region).

    Examples
    --------
    >>> rows = pd.DataFrame({"level": ["school", "school", "municipality"], "group": "", "school_id": ["1", "2", ""],
    ...     "year": 2021, "indicator": "teachers_men_rate", "value": [0.1, 0.3, 0.2], "numerator": [2, 6, 8],
    ...     "denominator": [20, 20, 40]})
    >>> with_benchmark(rows[:2], rows, "municipality")["benchmark_municipality"].tolist()
    [0.2, 0.2]
    >>> with_benchmark(rows[:2], rows, "municipality", exclude_self=True)["benchmark_municipality"].tolist()
    [0.3, 0.1]
    """
    above = [name for name in choices("level") if name not in ("school", "group")]
    if level not in above:
        raise ValueError(f"level of benchmark {level!r} is unknown; allowed: {', '.join(above)}")
    key = [column for column in ("municipality", "year", "indicator") if column in rows and column in indicators]
    of_level = indicators.loc[indicators["level"] == level, [*key, "value", "numerator", "denominator"]]
    found = rows[key].merge(of_level.drop_duplicates(key), on=key, how="left").set_axis(rows.index)
    value, people = found["value"].astype(float), found["denominator"].astype(float)
    if exclude_self:
        people = people - rows["denominator"].astype(float)
        value = (found["numerator"] - rows["numerator"]) / people.where(people > 0)
    return rows.assign(**{f"benchmark_{level}": value, f"benchmark_{level}_participants": people.where(value.notna())})


def applicable_procedures(schools: pd.DataFrame, procedures: Iterable[str]) -> pd.DataFrame:
    """Which procedures a school can have at all, by the grades it has.

    Parameters
    ----------
    schools : the register; ``highest_grade`` or ``kind``. The latest year of a school counts.
    procedures : full names of procedures (``EGE/russian/11``).

    Returns
    -------
    ``school_id, procedure, applicable`` (missing when the grades are not known) and ``note``.

    Notes
    -----
    Applicable when the grade of the procedure is not above the highest grade of the school: НОШ 4, ООШ 9, СОШ, гимназия and
    лицей 11 unless the register gives it. What does not apply is no result to wait for, and never a good one.

    References
    ----------
    Field practice: a school without grades 10–11 is not good for lack of ЕГЭ.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> applicable_procedures(example(kind=["ООШ", "СОШ"]), ["EGE/russian/11"])[["school_id", "applicable", "note"]].values.tolist()
    [['1', False, 'не применимо: в школе нет 11 классов'], ['2', True, '']]
    """
    register = schools[schools["level"].astype(object).fillna("school") == "school"].sort_values("year", kind="stable")
    register = register.drop_duplicates("school_id", keep="last").sort_values("school_id")
    own = pd.DataFrame({"school_id": register["school_id"].astype(str), "highest": highest_grade(register)})
    wanted = pd.DataFrame({"procedure": list(dict.fromkeys(procedures))})
    wanted["grade"] = [float(name.rsplit("/", 1)[-1]) for name in wanted["procedure"]]
    pairs = own.merge(wanted, how="cross")
    known = pairs["highest"].notna()
    applicable = (pairs["grade"] <= pairs["highest"]).astype("boolean").mask(~known)
    missing = "не применимо: в школе нет " + pairs["grade"].astype(int).astype(str) + " классов"
    note = missing.where(known & (pairs["grade"] > pairs["highest"]), "").mask(
        ~known, "неизвестно, какие классы есть в школе"
    )
    return pairs[["school_id", "procedure"]].assign(applicable=applicable, note=note)


def _chosen(
    indicators: pd.DataFrame, unit: list[str], patterns: list[str], year: int, window: int
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Rows of the wanted indicators in the window, in an order that does not depend on that of the input.

    Returns
    -------
    The rows by numbers (``unit, year, indicator, value, numerator, denominator``), the units in their order, and the names of
    the indicators: ``unit`` and ``indicator`` are places among these.
    """
    inside = indicators["year"].between(year - window + 1, year)
    rows = indicators[inside & names_matching(indicators["indicator"], patterns)]
    coded = {column: pd.factorize(rows[column], sort=True) for column in [*unit, "indicator"]}
    codes = {column: places for column, (places, _) in coded.items()}
    order = np.lexsort([codes["indicator"], rows["year"], *(codes[column] for column in reversed(unit))])
    of_units = np.column_stack([codes[column][order] for column in unit])
    first = np.ones(len(order), dtype=bool)
    first[1:] = (of_units[1:] != of_units[:-1]).any(axis=1)
    numbers = {column: rows[column].to_numpy(dtype=float)[order] for column in ("value", "numerator", "denominator")}
    places = {
        "unit": first.cumsum() - 1,
        "year": rows["year"].to_numpy()[order],
        "indicator": codes["indicator"][order],
    }
    units = rows[unit].iloc[order[first]].reset_index(drop=True)
    return pd.DataFrame(places | numbers), units, np.asarray(coded["indicator"][1], dtype=object)


def _populations_of(units: pd.DataFrame) -> np.ndarray:
    """A number for those each unit is looked at among: its municipality, and its indicator where these are kept apart."""
    number = np.zeros(len(units), dtype=int)
    for column in ("municipality", "indicator"):
        if column in units:
            codes = pd.factorize(units[column])[0]
            number = number * (codes.max() + 1) + codes
    return number


def _deviations(chosen: pd.DataFrame, units: pd.DataFrame, reference: str) -> pd.DataFrame:
    """The rows with value − reference value of the same year and procedure; missing where the reference is."""
    rows = chosen.assign(population=_populations_of(units)[chosen["unit"]])
    key = ["population", "year", "indicator"]
    of_level = rows.loc[units["level"].eq(reference).to_numpy()[rows["unit"]], [*key, "value"]]
    of_level = of_level.drop_duplicates(key).rename(columns={"value": "reference_value"})
    rows = rows.merge(of_level, on=key, how="left")
    value = rows["value"] - rows["reference_value"]
    return rows.assign(value=value, numerator=value * rows["denominator"])


def _used(chosen: pd.DataFrame, way: Way) -> pd.DataFrame:
    """The rows that enter the value, with their part of the numerator (``top``), their weight and whether weights are equal."""
    if way == "ratio":
        used = chosen[chosen["value"].notna() & chosen["numerator"].notna() & (chosen["denominator"] > 0)]
        return used.assign(top=used["numerator"], weight=used["denominator"], equal=False)
    used = chosen[chosen["value"].notna()]
    if way == "latest":
        used = used[used["year"] == used.groupby("unit")["year"].transform("max")]
    unknown = np.bincount(used["unit"], weights=~(used["denominator"] > 0))
    equal = unknown[used["unit"]] > 0
    weight = used["denominator"].where(~equal, 1.0)
    return used.assign(top=used["value"] * weight, weight=weight, equal=equal)


def _different(units: pd.Series, things: pd.Series, size: int) -> np.ndarray:
    """How many different things (numbered from zero) each unit has."""
    width = int(things.max()) + 1 if len(things) else 1
    return np.bincount(np.unique(units * width + things) // width, minlength=size)


def _expected(
    chosen: pd.DataFrame, units: pd.DataFrame, names: np.ndarray, applicable: pd.DataFrame | None
) -> np.ndarray:
    """How many indicators each unit should have: those anyone in its municipality has a value of, less what does not apply to
    the school."""
    populations = _populations_of(units)
    valued = chosen[chosen["value"].notna()]
    had = np.unique(populations[valued["unit"]] * len(names) + valued["indicator"])
    expected = np.bincount(had // len(names), minlength=populations.max() + 1)[populations]
    if applicable is None or not len(had):
        return expected
    parts = pd.DataFrame(
        {"population": had // len(names), "procedure": [split_name(name)[1] for name in names[had % len(names)]]}
    )
    refused = applicable.loc[applicable["applicable"].eq(False).fillna(False), ["school_id", "procedure"]]
    unit = ["population", "school_id"]
    counts = refused.merge(parts, on="procedure").groupby(unit).size().rename("refused").reset_index()
    own = units[["school_id"]].assign(population=populations).astype({"school_id": object})
    found = own.merge(counts.astype({"school_id": object}), on=unit, how="left")["refused"]
    return expected - found.fillna(0).to_numpy(dtype=int)


def _year_texts(used: pd.DataFrame, size: int, last: int, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Years with a value of each unit: as text and their number."""
    back = last - used["year"]
    had = np.zeros((size, window), dtype=bool)
    had[used["unit"], window - 1 - back] = True
    masks = had @ (1 << np.arange(window))
    span = range(last - window + 1, last + 1)
    texts = {
        mask: ", ".join(str(year) for bit, year in enumerate(span) if mask >> bit & 1) for mask in np.unique(masks)
    }
    return np.array([texts[mask] for mask in masks], dtype=object), had.sum(axis=1)


def _window_notes(
    pooled: pd.DataFrame, year_count: np.ndarray, equal: np.ndarray, window: int, way: Way, absent: str
) -> list[str]:
    """What stands behind each pooled value, in words; ``absent`` where there is none."""
    notes = []
    columns = [pooled[name].tolist() for name in ("value", "years", "procedures_present", "procedures_expected")]
    for value, years, present, expected, count, unweighed in zip(*columns, year_count, equal, strict=True):
        told = f"последний год с данными: {years}" if way == "latest" else f"годы: {years} ({count} из {window})"
        told += f"; процедуры: {present} из {expected}" if expected > 1 else ""
        told += "; без учёта численности" if unweighed else ""
        notes.append(absent if np.isnan(value) else told)
    return notes
