"""Ready values that documents publish: merged into the indicators and compared with what the counts give."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import LONG, ROW, catalogue, matches, split_name

NOTE = "опубликовано готовым значением"
PROBLEM = [
    "severity",
    "check",
    "table",
    "file",
    "sheet",
    "cell",
    "school_id",
    "year",
    "value",
    "problem",
    "allowed",
    "remedy",
]
_KEY = [*ROW, "indicator"]


def published_rows(published_indicators: pd.DataFrame) -> pd.DataFrame:
    """Published ready values as LONG rows, one for each level, school, year and indicator.

    Parameters
    ----------
    published_indicators : ``indicator, value``; ``participants`` (persons) and ``place`` when the document gives them.

    Notes
    -----
    numerator = value · participants. Places of the document that give different values of the same indicator (beyond the
    rounding of the coarser) leave it missing, and the note names them; otherwise the first place with a value counts.

    References
    ----------
    Лесосибирск 2020, section 1 prints shares without their counts (ВПР 34.21 / 59.22 / 6.5 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> printed = example(indicator=["marks_lowered_rate[VPR]"] * 3, value=[0.3421, 0.5, None], participants=[1000, None, None])
    >>> published_rows(printed)[["value", "numerator", "note"]].values.tolist()[0]
    [0.3421, 342.1, 'опубликовано готовым значением']
    """
    if published_indicators.empty:
        return pd.DataFrame(columns=LONG)
    rows = published_indicators[[*_KEY, "value"]].assign(
        participants=published_indicators.get("participants", np.nan),
        place=published_indicators.get("place", pd.Series("", index=published_indicators.index)),
    )
    rows = rows.astype({"indicator": str, "value": float, "participants": float})
    rows["place"] = rows["place"].astype(object).fillna("").astype(str)
    rows["rounding"] = rounding(rows["value"], rows["indicator"])
    rows = rows.sort_values([*_KEY, "place"], kind="stable")
    rows["filled"] = rows["value"].isna()
    first = rows.sort_values([*_KEY, "filled", "place"], kind="stable").drop_duplicates(_KEY).reset_index(drop=True)
    keyed = rows.groupby(_KEY, observed=True)
    spread = keyed.agg(low=("value", "min"), high=("value", "max"), rounding=("rounding", "max")).reset_index()
    spread = first[_KEY].merge(spread, on=_KEY, how="left")
    differ = (spread["high"] - spread["low"] > spread["rounding"] + 1e-9).to_numpy()
    note = np.where(first["value"].isna(), "значение не указано", NOTE).astype(object)
    for place in np.flatnonzero(differ):
        same = rows.merge(first.loc[[place], _KEY], on=_KEY).dropna(subset="value")
        told = "; ".join(
            f"{row.place or 'место не указано'} – {row.value:g}".replace(".", ",") for row in same.itertuples()
        )
        note[place] = f"источник противоречит себе: {told}"
    value = first["value"].mask(differ)
    return first[_KEY].assign(
        value=value,
        numerator=value * first["participants"],
        denominator=first["participants"].where(value.notna()),
        note=note,
    )[LONG]


def rounding(values: pd.Series, indicators: pd.Series) -> pd.Series:
    """How far a printed value may lie from the exact one: half a unit of its last digit.

    A rate is taken to be printed in per cent, so 0.5 means 50 % and allows half a per cent.

    Examples
    --------
    >>> rounding(pd.Series([0.5, 0.3421, 48]), pd.Series(["pass_rate[OGE/maths/9]", "teachers_men_rate", "mean_score[EGE/*]"])).tolist()
    [0.005, 5e-05, 0.5]
    """
    known = catalogue()
    units = [known[name].unit if name in known else "number" for name in (split_name(full)[0] for full in indicators)]
    least = [2 if unit in ("rate", "flag") else 0 for unit in units]
    digits = [
        at_least if pd.isna(value) else max(at_least, len(f"{value:.6f}".rstrip("0").partition(".")[2]))
        for value, at_least in zip(values, least, strict=True)
    ]
    return pd.Series([float(f"5e-{count + 1}") for count in digits], index=values.index)


def merge_published(
    computed: pd.DataFrame, published_indicators: pd.DataFrame, only: list[str] | None = None
) -> pd.DataFrame:
    """Computed rows with the published values where nothing was computed.

    A value computed from counts wins; when the printed one differs beyond its rounding, the note of the row says so.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> counted = example(indicator=["teachers_men_rate"], value=[0.1], numerator=[2], denominator=[20], note=[""])
    >>> printed = example(indicator=["teachers_men_rate"] * 2, value=[0.14, 0.2])
    >>> merge_published(counted, printed)[["school_id", "value", "note"]].values.tolist()
    [['1', 0.1, 'опубликовано иное значение: 0,14'], ['2', 0.2, 'опубликовано готовым значением']]
    """
    published = published_rows(published_indicators)
    if only is not None:
        published = published[[matches(name, only) for name in published["indicator"]]]
    if published.empty:
        return computed
    key = computed[_KEY].astype(object)
    pairs = key.assign(row=np.arange(len(computed))).merge(
        published.astype({column: object for column in _KEY}).assign(printed=np.arange(len(published))), on=_KEY
    )
    own = computed["value"].to_numpy(dtype=float)[pairs["row"]]
    counted = pairs[~np.isnan(own)]
    replaced = pairs.loc[np.isnan(own) & pairs["value"].notna(), "row"]
    differing = counted[_differs(counted.assign(computed=own[~np.isnan(own)]))]
    note = computed["note"].astype(object).to_numpy(copy=True)
    for row, value in zip(differing["row"], differing["value"], strict=True):
        told = f"опубликовано иное значение: {value:g}".replace(".", ",")
        note[row] = f"{note[row]}; {told}" if note[row] else told
    unfilled = pairs.loc[np.isnan(own) & pairs["value"].isna(), "printed"]
    kept = computed.assign(note=note).drop(index=computed.index[replaced])
    fresh = published.drop(index=published.index[[*counted["printed"], *unfilled]])
    return pd.concat([kept.astype({column: object for column in _KEY}), fresh], ignore_index=True)


def check_published_against_computed(published_indicators: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Published values that the counts of the same tables do not confirm.

    Parameters
    ----------
    published_indicators : the input table with its origin columns.
    computed : LONG rows computed without the published ones (``compute_indicators`` of the other tables).

    Returns
    -------
    One row of the problems table (warning) for each published value farther from the computed than its rounding; values put
    together from a part of the schools are not compared.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> counted = example(indicator=["teachers_men_rate"] * 3, value=[0.1, 0.097, None], note=[""] * 3)
    >>> printed = example(indicator=["teachers_men_rate"] * 3, value=[0.14, 0.1, 0.2])
    >>> check_published_against_computed(printed, counted)[["school_id", "value"]].values.tolist()
    [['1', '0,14']]
    """
    if published_indicators.empty or computed.empty:
        return pd.DataFrame(columns=PROBLEM)
    printed = published_indicators.assign(
        level=published_indicators["level"].astype(object).fillna("school"),
        group=published_indicators["group"].astype(object).fillna(""),
        school_id=published_indicators["school_id"].astype(object).fillna(""),
        value=published_indicators["value"].astype("Float64").astype(float),
        indicator=published_indicators["indicator"].astype(object),
    )
    whole = computed[~computed["note"].astype(str).str.contains(" из ", regex=False)]
    counted = whole[[*_KEY, "value"]].rename(columns={"value": "computed"})
    pairs = printed.merge(counted.astype({column: object for column in _KEY if column != "year"}), on=_KEY)
    pairs = pairs[pairs["computed"].notna() & pairs["value"].notna()]
    pairs = pairs[_differs(pairs)].reset_index(drop=True)
    return _problems(
        pairs,
        severity="warning",
        check="published_against_computed",
        value=[f"{value:g}".replace(".", ",") for value in pairs["value"]],
        problem=[
            f"Опубликованное значение {row.indicator} – {row.value:g}, по числам получается {row.computed:.4g}".replace(
                ".", ","
            )
            for row in pairs.itertuples()
        ],
        allowed=[
            f"от {row.computed - row.tolerance:.4g} до {row.computed + row.tolerance:.4g}".replace(".", ",")
            for row in pairs.assign(tolerance=rounding(pairs["value"], pairs["indicator"])).itertuples()
        ],
        remedy="Сверьте значение с документом и числа таблиц; в расчётах действует значение по числам",
    )


def check_published_names(published_indicators: pd.DataFrame) -> pd.DataFrame:
    """Published values whose indicator the catalogue does not know.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> check_published_names(example(indicator=["teacher_men_rate", "teachers_men_rate"], value=[0.1, 0.1]))["problem"].tolist()
    ['Показателя teacher_men_rate нет в каталоге']
    """
    known = catalogue()
    wrong = [
        not _well_formed(name)
        or split_name(name)[0] not in known
        or (known[split_name(name)[0]].per is None) != ("[" not in name)
        for name in published_indicators["indicator"].astype(str)
    ]
    rows = published_indicators[np.array(wrong, dtype=bool)].reset_index(drop=True)
    names = rows["indicator"].astype(str)
    return _problems(
        rows,
        severity="error",
        check="published_names",
        value=names.tolist(),
        problem=[f"Показателя {name} нет в каталоге" for name in names],
        allowed=[", ".join(_near(name)) for name in names],
        remedy="Исправьте код показателя; полный список – docs/indicators.md",
    )


def _well_formed(name: str) -> bool:
    try:
        split_name(name)
    except ValueError:
        return False
    return True


def _near(name: str) -> list[str]:
    """Catalogue names closest to a mistyped one, with the brackets they need."""
    known = catalogue()
    found = get_close_matches(name.partition("[")[0], known, n=3)
    return [f"{near}[…]" if known[near].per else near for near in found]


def _differs(pairs: pd.DataFrame) -> np.ndarray:
    """Which published values lie farther from the computed than their rounding allows."""
    allowed = rounding(pairs["value"], pairs["indicator"])
    return ((pairs["value"] - pairs["computed"]).abs() > allowed + 1e-9).to_numpy()


def _problems(rows: pd.DataFrame, **told: object) -> pd.DataFrame:
    """Rows of the published table as rows of the problems table."""
    origin = {"file": rows.get("source_file", ""), "sheet": rows.get("source_sheet", "")}
    cell = [f"строка {row}" for row in rows["source_row"]] if "source_row" in rows else ""
    problems = rows[["school_id", "year"]].assign(table="published_indicators", cell=cell, **origin, **told)
    return problems[PROBLEM]
