"""Ranges and approximations as documents print them: words in the cell of a number become its ends and its wording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shnor_lib.inputs.dictionary import Table

_NUMBER = r"\d[\d \u00a0\u202f]*(?:[.,]\d+)?"
_PER_CENT = r"[ \u00a0\u202f]?(%?)"
_RANGE = re.compile(rf"(?:от )?({_NUMBER}){_PER_CENT}(?: ?[-‐-―−] ?| до )({_NUMBER}){_PER_CENT}", re.ASCII)
_BOUND = re.compile(rf"(\D+?)[ \u00a0]?({_NUMBER}){_PER_CENT}", re.ASCII)
_WORDS = {
    "about": ("около", "порядка", "примерно", "приблизительно", "≈", "~"),
    "above": ("более", "больше", "свыше", "выше", ">"),
    "at_least": ("не менее", "не меньше", "не ниже", "от", "≥"),
    "below": ("менее", "меньше", "ниже", "<"),
    "at_most": ("не более", "не больше", "не выше", "не свыше", "до", "≤"),
}
_BESIDE = {"выше региона": "above_region", "ниже региона": "below_region"}
_WORDING = {word: wording for wording, words in _WORDS.items() for word in words}


class Printed(NamedTuple):
    """What a text says of a number: the number itself, its ends, as texts, and the code of the wording."""

    value: str | None
    low: str | None
    high: str | None
    wording: str | None


def printed(text: str) -> Printed:
    """What a document prints in place of one number; a text that is none of these stays a value.

    A sign of per cent at one end of a range is meant for both. The ends of «около» are never guessed.

    Examples
    --------
    >>> printed("39–40 %"), printed("от 20 до 30").wording
    (Printed(value=None, low='39%', high='40%', wording='range'), 'range')
    >>> printed("Более 600"), printed("около 10 %").value, printed("0,42").wording
    (Printed(value=None, low='600', high=None, wording='above'), '10%', None)
    """
    plain = text.strip().lower()
    if plain in _BESIDE:
        return Printed(None, None, None, _BESIDE[plain])
    if found := _RANGE.fullmatch(plain):
        unit = found[2] or found[4]
        return Printed(None, found[1].strip() + unit, found[3].strip() + unit, "range")
    found = _BOUND.fullmatch(plain)
    wording = _WORDING.get(" ".join(found[1].split())) if found else None
    if wording is None:
        return Printed(text, None, None, None)
    number = found[2].strip() + found[3]
    if wording == "about":
        return Printed(number, None, None, wording)
    return Printed(None, *((number, None) if wording in ("above", "at_least") else (None, number)), wording)


def ranges_apart(entry: Table, texts: Mapping[str, Sequence[str | None]]) -> dict[str, list[str | None]]:
    """The columns of a sheet that change when words in a number are taken apart into its ends.

    Rows whose ends are filled in by hand keep them.
    """
    changed: dict[str, list[str | None]] = {}
    for column in entry.columns.values():
        if column.bounds is None or not texts.get(column.name):
            continue
        names = (column.name, *column.bounds)
        cells = zip(*(texts.get(name, [None] * len(texts[column.name])) for name in names), strict=True)
        rows = [
            printed(value) if value and low is high is wording is None else (value, low, high, wording)
            for value, low, high, wording in cells
        ]
        changed |= {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    return changed
