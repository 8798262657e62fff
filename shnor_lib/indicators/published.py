"""Ready values that documents publish: merged into the indicators and compared with what the counts give."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import Catalogue, catalogue, matches, split_name
from shnor_lib.indicators.causes import AS_RANGE, NOT_DELIVERED
from shnor_lib.indicators.formulas import KEYS, LEVELS, ROW, State, floats, plain_texts
from shnor_lib.indicators.ranges import Range
from shnor_lib.indicators.store import Store
from shnor_lib.inputs.sources.problems import Problem, Severity, problems_frame

NOTE = "опубликовано готовым значением"
_KEY = [*ROW, "indicator"]


def published_rows(published_indicators: pd.DataFrame, known: Catalogue | None = None) -> pd.DataFrame:
    """Published ready values as LONG rows, one for each office, level, school, year and indicator.

    Parameters
    ----------
    published_indicators : ``indicator, value``; ``participants`` (persons), ``place``, and ``value_low, value_high, wording`` of
        a range when the document gives them.

    Notes
    -----
    numerator = value · participants. Places of the document that give different values of the same indicator (beyond the
    rounding of the coarser), or a value outside the range of another, leave it missing, and the note names them; otherwise the
    first place with a value counts, without one the first with a range, which leaves the value missing (``as_range``).

    Source: Лесосибирск 2020, section 1 prints shares without their counts (ВПР 34.21 / 59.22 / 6.5 %).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> printed = example(indicator=["marks_lowered_rate[VPR]"] * 3, value=[0.3421, 0.5, None], participants=[1000, None, None])
    >>> published_rows(printed)[["value", "numerator", "note"]].values.tolist()[0]
    [0.3421, 342.1, 'опубликовано готовым значением']
    """
    size = len(published_indicators)
    words = {
        column: plain_texts(published_indicators, column)
        for column in ("municipality", "level", "group", "school_id", "indicator", "place")
    }
    words["level"] = [level or LEVELS[0] for level in words["level"]]
    years = published_indicators["year"].astype(int).tolist() if size else []
    values, ranges = printed_values(published_indicators)
    participants = _numbers(published_indicators, "participants")
    allowed = rounding(pd.Series(values), pd.Series(words["indicator"], dtype=object), known).to_numpy()
    keys = zip(
        *(words[column] for column in ("municipality", "level", "group", "school_id")),
        years,
        words["indicator"],
        strict=True,
    )
    places: dict[tuple, list[int]] = {}
    for row, key in enumerate(keys):
        places.setdefault(key, []).append(row)
    found = []
    for key, rows in sorted(places.items()):
        rows.sort(key=lambda row: words["place"][row])
        valued = [row for row in rows if not np.isnan(values[row])]
        ranged = [row for row in rows if ranges[row]]
        value, people, state = np.nan, np.nan, State("значение не указано", NOT_DELIVERED, "published_indicators.value")
        if _contradict(values[valued], [ranges[row] for row in ranged], max(allowed[rows])):
            told = [
                f"{words['place'][row] or 'место не указано'} – {_said(values[row], ranges[row], key[-1], known)}"
                for row in rows
                if row in valued or ranges[row]
            ]
            state = State("источник противоречит себе: " + "; ".join(told), NOT_DELIVERED, "published_indicators.value")
        elif valued:
            value, people, state = values[valued[0]], participants[valued[0]], State(NOTE)
        elif ranged:
            told = ranges[ranged[0]]
            people = participants[ranged[0]]
            state = State("опубликовано: " + _said(value, told, key[-1], known), AS_RANGE, told.text)
        found.append((*key, value, value * people, people, *state))
    columns = ["municipality", *_KEY, "value", "numerator", "denominator", *State._fields]
    return pd.DataFrame(found, columns=columns)


def printed_values(published_indicators: pd.DataFrame) -> tuple[np.ndarray, list[Range | None]]:
    """What a document prints row by row: plain values, missing where it prints a range, and the ranges."""
    low, high, value = (_numbers(published_indicators, name) for name in ("value_low", "value_high", "value"))
    wording = plain_texts(published_indicators, "wording")
    ranges = [Range.printed(*row) for row in zip(value.tolist(), low.tolist(), high.tolist(), wording, strict=True)]
    return np.where([one is not None for one in ranges], np.nan, value), ranges


def _numbers(rows: pd.DataFrame, column: str) -> np.ndarray:
    return floats(rows[column]) if column in rows else np.full(len(rows), np.nan)


def _contradict(values: np.ndarray, ranges: list[Range], give: float) -> bool:
    """Whether no one value agrees with all that is told of it, within the rounding of the coarsest; missing ones tell nothing."""
    ends = [one.ends for one in ranges] + [(value, value) for value in values[~np.isnan(values)].tolist()]
    return bool(ends) and max(low for low, _ in ends) > min(high for _, high in ends) + give + 1e-9


def _said(value: float, printed: Range | None, indicator: str, known: Catalogue | None) -> str:
    """A value as it is, or a range as the document prints it."""
    if printed is None:
        return _comma(f"{value:g}")
    entry = (known or catalogue()).get(split_name(indicator)[0])
    return printed.words(per_cent=entry is not None and entry.unit == "rate")


def rounding(values: pd.Series, indicators: pd.Series, known: Catalogue | None = None) -> pd.Series:
    """How far a printed value may lie from the exact one: half a unit of its last digit.

    A rate is taken to be printed in per cent, so 0.5 means 50 % and allows half a per cent.

    Examples
    --------
    >>> rounding(pd.Series([0.5, 0.3421, 48]), pd.Series(["pass_rate[OGE/maths/9]", "teachers_men_rate", "mean_score[EGE/*]"])).tolist()
    [0.005, 5e-05, 0.5]
    """
    known = known or catalogue()
    units = [known[name].unit if name in known else "number" for name in (split_name(full)[0] for full in indicators)]
    least = [2 if unit in ("rate", "flag") else 0 for unit in units]
    digits = [
        at_least if pd.isna(value) else max(at_least, len(f"{value:.6f}".rstrip("0").partition(".")[2]))
        for value, at_least in zip(values, least, strict=True)
    ]
    return pd.Series([float(f"5e-{count + 1}") for count in digits], index=values.index)


def merge_published(store: Store, published_indicators: pd.DataFrame, only: Iterable[str] | None = None) -> None:
    """Put published values into a store where nothing was computed.

    A value computed from counts wins; when the printed one differs beyond its rounding, the note of the row says so.
    """
    if published_indicators.empty:
        return
    rows = published_rows(published_indicators, store.catalogue)
    wanted = None if only is None else list(only)
    allowed = rounding(rows["value"], rows["indicator"], store.catalogue).tolist()
    for row, least, at in zip(rows.itertuples(), allowed, _cells(rows, store), strict=True):
        if wanted is not None and not matches(row.indicator, wanted):
            continue
        own = store.value[at]
        if not np.isnan(own):
            printed = Range.read(row.needs) if row.cause == AS_RANGE else None
            if _contradict(np.array([own, row.value]), [printed] if printed else [], least):
                told = f"опубликовано иное значение: {_said(row.value, printed, row.indicator, store.catalogue)}"
                note = store.states[store.state[at]].note
                store.state[at] = store.coded([State(f"{note}; {told}" if note else told)])[0]
        elif not np.isnan(row.value) or row.cause == AS_RANGE or store.state[at] < 0:
            store.value[at], store.numerator[at], store.denominator[at] = row.value, row.numerator, row.denominator
            store.state[at] = store.coded([State(row.note, row.cause, row.needs)])[0]


def check_published_against_computed(published_indicators: pd.DataFrame, counted: Store) -> pd.DataFrame:
    """Published values that the counts of the same tables do not confirm.

    Parameters
    ----------
    published_indicators : the input table with its origin columns.
    counted : what the counts give without the published values (:func:`compute_with_published`).

    Returns
    -------
    One row of the problems table (warning) for each published value farther from the computed than its rounding; values put
    together from a part of the schools are not compared.
    """
    if published_indicators.empty:
        return problems_frame([])
    values, ranges = printed_values(published_indicators)
    names = plain_texts(published_indicators, "indicator")
    allowed = rounding(pd.Series(values), pd.Series(names, dtype=object), counted.catalogue).to_numpy()
    computed = np.full(len(values), np.nan)
    for row, at in enumerate(_cells(published_indicators, counted)):
        if at and counted.state[at] >= 0 and " из " not in counted.states[counted.state[at]].note:
            computed[row] = counted.value[at]
    told = zip(values, computed, ranges, allowed, strict=True)
    differing = np.flatnonzero(
        [_contradict(np.array([value, own]), [one] if one else [], give) for value, own, one, give in told]
    )
    said = [_said(values[row], ranges[row], names[row], counted.catalogue) for row in differing]
    found = zip(_rows(published_indicators, differing), said, computed[differing], allowed[differing], strict=True)
    return problems_frame(
        _problem(
            row,
            "warning",
            "published_against_computed",
            _comma(f"Опубликованное значение {row.indicator} – {value}, по числам получается {own:.4g}"),
            value=value,
            allowed=_comma(f"от {own - least:.4g} до {own + least:.4g}"),
            remedy="Сверьте значение с документом и числа таблиц; в расчётах действует значение по числам",
        )
        for row, value, own, least in found
    )


def _comma(text: str) -> str:
    return text.replace(".", ",")


def _cells(rows: pd.DataFrame, store: Store) -> list[tuple[int, int, int] | None]:
    """Where rows of the published table stand in a store; ``None`` for one that it has no place for."""
    columns = [plain_texts(rows, column) for column in KEYS]
    columns[0] = [level or LEVELS[0] for level in columns[0]]
    units = {key: place for place, key in enumerate(zip(*(getattr(store.units, key) for key in KEYS), strict=True))}
    years, names = ({word: place for place, word in enumerate(axis)} for axis in (store.years.tolist(), store.names))
    asked = zip(zip(*columns, strict=True), rows["year"], plain_texts(rows, "indicator"), strict=True)
    found = ((units.get(unit), years.get(int(year)), names.get(name)) for unit, year, name in asked)
    return [None if None in at else at for at in found]


def check_published_names(published_indicators: pd.DataFrame, known: Catalogue | None = None) -> pd.DataFrame:
    """Published values whose indicator the catalogue does not know.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> check_published_names(example(indicator=["teacher_men_rate", "teachers_men_rate"], value=[0.1, 0.1]))["problem"].tolist()
    ['Показателя teacher_men_rate нет в каталоге']
    """
    if published_indicators.empty:
        return problems_frame([])
    known = known or catalogue()
    wrong = [not _is_known(name, known) for name in published_indicators["indicator"].astype(str)]
    return problems_frame(
        _problem(
            row,
            "error",
            "published_names",
            f"Показателя {row.indicator} нет в каталоге",
            value=row.indicator,
            allowed=", ".join(_near(row.indicator, known)),
            remedy="Исправьте код показателя; полный список – docs/indicators.md",
        )
        for row in _rows(published_indicators, np.flatnonzero(wrong))
    )


def _is_known(name: str, known: Catalogue) -> bool:
    """Whether the catalogue has an indicator of a full name, with brackets where it needs them."""
    try:
        entry = known.of(name)
    except ValueError:
        return False
    return entry is not None and (entry.per is None) == ("[" not in name)


def _near(name: str, known: Catalogue) -> list[str]:
    """Catalogue names closest to a mistyped one, with the brackets they need."""
    found = get_close_matches(name.partition("[")[0], known, n=3)
    return [f"{near}[…]" if known[near].per else near for near in found]


def _rows(published_indicators: pd.DataFrame, positions: np.ndarray) -> Iterable[NamedTuple]:
    """Some rows of the published table."""
    return published_indicators.iloc[positions].itertuples() if len(positions) else ()


def _problem(row: NamedTuple, severity: Severity, check: str, text: str, **told: str) -> Problem:
    """A row of the published table as a problem."""
    file, sheet = (getattr(row, column, "") for column in ("source_file", "source_sheet"))
    cell = f"строка {row.source_row}" if hasattr(row, "source_row") else ""
    where = {"table": "published_indicators", "file": file, "sheet": sheet, "cell": cell}
    return Problem(severity, check, problem=text, **where, school_id=row.school_id, year=row.year, **told)
