"""Ready values that documents publish: merged into the indicators and compared with what the counts give."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import Catalogue, catalogue, matches, split_name
from shnor_lib.indicators.causes import NOT_DELIVERED
from shnor_lib.indicators.formulas import KEYS, LEVELS, ROW, State, floats, plain_texts
from shnor_lib.indicators.store import Store
from shnor_lib.inputs.sources.problems import Problem, Severity, problems_frame

NOTE = "опубликовано готовым значением"
_KEY = [*ROW, "indicator"]


def published_rows(published_indicators: pd.DataFrame, known: Catalogue | None = None) -> pd.DataFrame:
    """Published ready values as LONG rows, one for each office, level, school, year and indicator.

    Parameters
    ----------
    published_indicators : ``indicator, value``; ``participants`` (persons) and ``place`` when the document gives them.

    Notes
    -----
    numerator = value · participants. Places of the document that give different values of the same indicator (beyond the
    rounding of the coarser) leave it missing, and the note names them; otherwise the first place with a value counts.

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
    values, participants = (
        floats(published_indicators[column]) if column in published_indicators else np.full(size, np.nan)
        for column in ("value", "participants")
    )
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
        value, people, state = np.nan, np.nan, State("значение не указано", NOT_DELIVERED, "published_indicators.value")
        if valued and max(values[valued]) - min(values[valued]) > max(allowed[rows]) + 1e-9:
            told = [_comma(f"{words['place'][row] or 'место не указано'} – {values[row]:g}") for row in valued]
            state = State("источник противоречит себе: " + "; ".join(told), NOT_DELIVERED, "published_indicators.value")
        elif valued:
            value, people, state = values[valued[0]], participants[valued[0]], State(NOTE)
        found.append((*key, value, value * people, people, *state))
    columns = ["municipality", *_KEY, "value", "numerator", "denominator", *State._fields]
    return pd.DataFrame(found, columns=columns)


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
            if abs(row.value - own) > least + 1e-9:
                note, told = store.states[store.state[at]].note, _comma(f"опубликовано иное значение: {row.value:g}")
                store.state[at] = store.coded([State(f"{note}; {told}" if note else told)])[0]
        elif not np.isnan(row.value) or store.state[at] < 0:
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
    values = floats(published_indicators["value"])
    allowed = rounding(pd.Series(values), published_indicators["indicator"].astype(str), counted.catalogue).to_numpy()
    computed = np.full(len(values), np.nan)
    for row, at in enumerate(_cells(published_indicators, counted)):
        if at and counted.state[at] >= 0 and " из " not in counted.states[counted.state[at]].note:
            computed[row] = counted.value[at]
    differing = np.flatnonzero(np.abs(values - computed) > allowed + 1e-9)
    found = zip(
        _rows(published_indicators, differing), *(each[differing] for each in (values, computed, allowed)), strict=True
    )
    return problems_frame(
        _problem(
            row,
            "warning",
            "published_against_computed",
            _comma(f"Опубликованное значение {row.indicator} – {value:g}, по числам получается {own:.4g}"),
            value=_comma(f"{value:g}"),
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
