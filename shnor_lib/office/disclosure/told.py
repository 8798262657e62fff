"""What an analysis finds, told to the public: words by all data, numbers only where the hidden ones have no part in them.

An analysis runs twice: on all data and on what is shown. What comes out the same rests on shown numbers alone and is shown; a number
that differs is hidden. So no number of the public edition is another than the internal one, and none tells what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass, replace
from functools import partial, wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype, is_scalar

from shnor_lib.indicators.causes import HIDDEN, HIDDEN_WORD
from shnor_lib.office.office import Office

Found = TypeVar("Found")

KEYS = frozenset(
    [
        "municipality",
        "level",
        "group",
        "school_id",
        "wave",
        "indicator",
        "measure",
        "part",
        "procedure",
        "hardest",
        "exam",
        "subject",
        "stage",
        "category",
        "criterion",
        "factor",
        "target",
        "index",
        "specialist",
        "deficit",
        "recommendation",
        "basis",
        "name",
        "section",
    ]
)
"""Columns that say in words what a row is about; numbers under such a name are values of a place."""
NUMBERED = frozenset(["year", "grade", "position"])
"""Columns of numbers that say what a row is about."""


def for_the_public(find: Callable[..., Found] | None = None, *, words: Collection[str] = ()) -> Callable[..., Any]:
    """A function or property of an office, or of an analysis of one, as :func:`beside` tells it to the public.

    ``words``: columns of numbers that tell of no person, such as points of an order. What is found for the other editions stays.
    """
    if find is None:
        return partial(for_the_public, words=words)

    @wraps(find)
    def found(about: Any, *more: Any, **named: Any) -> Found:
        office = about if isinstance(about, Office) else getattr(about, "office", None)
        if getattr(office, "whole", None) is None:
            return find(about, *more, **named)
        whole, shown = (find(_of(about, one), *more, **named) for one in (office.whole, office.shown))
        return beside(whole, shown, office, words)

    return found


def _of(about: Any, office: Office) -> Any:
    """The office itself, or the same analysis of it, made once."""
    if isinstance(about, Office):
        return office
    made = office.__dict__.setdefault("_analyses", {})
    if type(about) not in made:
        made[type(about)] = type(about)(office)
    return made[type(about)]


def beside(whole: Any, shown: Any, office: Office | None = None, words: Collection[str] = ()) -> Any:
    """What all data tell, without the numbers that the shown data do not tell as well.

    Parameters
    ----------
    whole, shown : what was found on all data and on the shown ones: frames, or dataclasses, dicts and tuples of such.
    office : what stands where the office does.
    words : columns that follow ``whole`` though they are numbers.

    Returns
    -------
    Frames have the rows and words of ``whole``; a number stands where ``shown`` has the same one in the row of the same
    :data:`KEYS`, else it is missing and the row ``hidden``; ``absent`` names the columns of a hidden row that all data leave empty
    too. Other numbers that differ are missing.

    Examples
    --------
    >>> whole = pd.DataFrame({"school_id": ["1", "2"], "value": [3.5, 4.0], "direction": ["fall", "none"]})
    >>> shown = pd.DataFrame({"school_id": ["2"], "value": [4.0], "direction": ["none"]})
    >>> beside(whole, shown).drop(columns="absent").values.tolist()
    [['1', nan, 'fall', True], ['2', 4.0, 'none', False]]
    >>> places = pd.DataFrame({"indicator": ["a"], "municipality": [0.25], "region": [0.5]})
    >>> beside(places, places.assign(municipality=np.nan))[["indicator", "municipality", "region"]].values.tolist()  # no key
    [['a', nan, 0.5]]
    >>> texts = pd.DataFrame({"school_id": ["1"], "help": ["мера 4.1 с 01.09.2020: помогли 7 из 12"]})
    >>> beside(texts, texts.assign(help=np.nan))["help"].tolist()  # codes and days are no numbers of persons
    ['мера 4.1 с 01.09.2020: помогли скрыто из скрыто']
    """
    match whole:
        case pd.DataFrame():
            return _frame(whole, shown, words)
        case Office():
            return office
        case dict():
            return {name: beside(one, shown.get(name), office, words) for name, one in whole.items()}
        case pd.Series():
            return whole if _is_words(whole) else whole.where(np.isclose(whole, shown.reindex(whole.index)))
        case tuple() if isinstance(shown, tuple) and len(shown) == len(whole):
            return tuple(beside(one, other, office, words) for one, other in zip(whole, shown, strict=True))
        case float() | np.floating():
            return whole if isinstance(shown, float | np.floating) and np.isclose(whole, shown) else float("nan")
    if is_dataclass(whole) and isinstance(shown, type(whole)):
        names = [field.name for field in fields(whole)]
        return replace(
            whole, **{name: beside(getattr(whole, name), getattr(shown, name), office, words) for name in names}
        )
    return whole


def hidden_in(frame: pd.DataFrame, column: str) -> pd.Series:
    """Which rows hide the number of a column: hidden ones, but for those where there never was one (``absent``), and those
    that hide this number alone (``<column>_hidden``).

    Examples
    --------
    >>> rows = pd.DataFrame({"value": [None, None], "hidden": True, "absent": [frozenset(), frozenset(["value"])]})
    >>> hidden_in(rows, "value").tolist()
    [True, False]
    """
    if "hidden" not in frame:
        return pd.Series(False, index=frame.index)
    hidden = frame["hidden"].eq(True)
    if f"{column}_hidden" in frame:
        hidden |= frame[f"{column}_hidden"].eq(True)
    if "absent" not in frame:
        return hidden
    return hidden & np.array(
        [not isinstance(one, frozenset) or column not in one for one in frame["absent"]], dtype=bool
    )


def _frame(whole: pd.DataFrame, shown: pd.DataFrame, words: Collection[str]) -> pd.DataFrame:
    key = [column for column in whole if column in shown and _is_key(column, whole[column])]
    rest = [column for column in whole if column not in {*key, *words, "hidden"}]
    if whole.empty or not rest:
        return whole if "hidden" in whole else whole.assign(hidden=False)
    places = _numbered(whole, key).merge(
        _numbered(shown, key)[[*key, "_place"]].assign(_row=range(len(shown))), on=[*key, "_place"], how="left"
    )["_row"]
    other = shown.reindex(columns=rest).reset_index(drop=True).reindex(places).set_axis(whole.index)
    gone = pd.Series(whole["hidden"].eq(True) if "hidden" in whole else False, index=whole.index)
    result = {}
    for column in rest:
        own, same = _as_numbers(whole[column]), other[column]
        if pd.api.types.is_numeric_dtype(own) and not pd.api.types.is_bool_dtype(own):
            pair = [one.astype("Float64").astype(float) for one in (own, same)]
            differs = own.notna() & ~np.isclose(*pair, rtol=1e-9, atol=1e-12)
            result[column] = own.mask(differs)
            cause = f"cause_{column}" if f"cause_{column}" in whole else "cause"
            if cause in whole and (column == "value" or "value" not in whole or cause != "cause"):
                result[cause] = result.get(cause, whole[cause]).astype(object).mask(differs, HIDDEN)
        elif pd.api.types.is_object_dtype(own) or pd.api.types.is_string_dtype(own):
            differs = pd.Series(False, index=own.index)
            result.setdefault(column, _texts(own, same))
        else:
            continue
        gone |= differs
    told = pd.concat(
        [result.get(column, whole[column]).rename(column) for column in whole if column != "hidden"], axis=1
    )
    told["hidden"] = gone
    told["absent"] = _absent(whole[rest].isna(), gone)
    return told


def _absent(empty: pd.DataFrame, gone: pd.Series) -> pd.Series:
    """Of rows with hidden numbers, the columns that are empty in all data too: nothing is hidden there."""
    columns = np.array(empty.columns, dtype=object)
    rows = zip(empty.to_numpy(), gone.to_numpy(), strict=True)
    found = [frozenset(columns[own]) if hidden else frozenset() for own, hidden in rows]
    return pd.Series(found, index=gone.index, dtype=object)


def _as_numbers(values: pd.Series) -> pd.Series:
    """A column of plain objects that are numbers all the same, as numbers."""
    is_plain = values.dtype == object and infer_dtype(values, skipna=True) in _NUMBERS
    return values.astype(float) if is_plain else values


_NUMBERS = ("floating", "integer", "mixed-integer-float")


def _is_key(column: str, values: pd.Series) -> bool:
    return column in NUMBERED or (column in KEYS and _is_words(values))


def _is_words(values: pd.Series) -> bool:
    return pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values)


def _texts(own: pd.Series, same: pd.Series) -> pd.Series:
    """Texts by all data; one with numbers in it as the shown data tell it, or without its numbers."""
    pairs = [
        (one, None if is_scalar(other) and pd.isna(other) else other) for one, other in zip(own, same, strict=True)
    ]
    telling = [_tells(text) and not _alike(text, other) for text, other in pairs]
    if not any(telling):
        return own
    instead = [
        _NUMBER.sub(HIDDEN_WORD, text) if isinstance(text, str) and not isinstance(other, str) else other
        for text, other in pairs
    ]
    return own.mask(telling, pd.Series(instead, index=own.index, dtype=object))


def _tells(found: object) -> bool:
    """Whether a text, or anything in a collection, holds a number."""
    match found:
        case str():
            return bool(_NUMBER.search(found))
        case dict():
            return any(_tells(one) for one in found.values())
        case tuple() | list() | set() | frozenset():
            return any(_tells(one) for one in found)
        case bool():
            return False
    return isinstance(found, int | float | np.number) and not pd.isna(found)


def _alike(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


_NUMBER = re.compile(r"(?<![\w.,-])(?!(?:19|20)\d\d\b)[-−]?\d+(?:,\d+)?(?![\w-]|[.,]\d)(?:\s%)?")
"""A number in a text; not a year, a day, nor part of a name or of a code such as 4.1."""


def _numbered(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows with their place among those of the same key, and the key as plain objects."""
    plain = frame.astype(dict.fromkeys(key, object))
    place = (
        plain.groupby(key, dropna=False, sort=False).cumcount()
        if key
        else pd.Series(range(len(plain)), index=plain.index)
    )
    return plain.assign(_place=place.to_numpy())
