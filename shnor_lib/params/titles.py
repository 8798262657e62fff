"""Titles that follow the parameters: a number of the rule is a slot, filled from the rule whenever the title is asked for.

A slot names a parameter and how it is said: ``{threshold}`` → 20, ``{threshold:%}`` → 25 %, ``{threshold:part}`` → четверть,
``{distinct:of}`` → двух, ``{window:год|года|лет}`` → 3 года, ``{repeated:word год|года|лет}`` → два года.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel

from shnor_lib.params.yaml_files import Misplaced, nearest

_SLOT = re.compile(r"\{([\w.-]+)(?::([^{}]*))?\}")
_NUMBERED = re.compile(r"[0-9{}]")
_LITERAL = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)(?:\s*(%|год\w*|лет\b|класс\w*))?")
_PARTS = {0.1: "десятая часть", 0.2: "пятая часть", 0.25: "четверть", 1 / 3: "треть", 0.5: "половина"}
_WORDS = {1: "один", 2: "два", 3: "три", 4: "четыре", 5: "пять"}
_OF = {1: "одной", 2: "двух", 3: "трёх", 4: "четырёх", 5: "пяти"}
_YEARS = ("window", "repeated", "years")


class TitleError(Misplaced):
    """A title whose numbers do not follow its parameters; ``field`` is where it stands."""

    def __init__(self, field: str, problem: str):
        super().__init__((field,), problem)


def filled(template: str, parameters: Mapping[str, float]) -> str:
    """A title with the numbers of its parameters.

    Examples
    --------
    >>> filled("Менее {threshold:%} за {window:год|года|лет}", {"threshold": 0.6, "window": 3})
    'Менее 60 % за 3 года'
    >>> filled("Низшая {threshold:part}", {"threshold": 0.25}), filled("Низшая {threshold:part}", {"threshold": 0.35})
    ('Низшая четверть', 'Низшая доля 35 %')
    """
    return _SLOT.sub(lambda slot: _said(parameters[slot[1]], slot[2] or ""), template) if "{" in template else template


def _said(value: float, how: str) -> str:
    match how:
        case "%":
            return f"{_number(Decimal(repr(value)) * 100)} %"
        case "part":
            return next(
                (word for part, word in _PARTS.items() if abs(part - value) < 5e-4), f"доля {_said(value, '%')}"
            )
        case "of":
            return _OF.get(value, _number(value))
    word, _, forms = how.rpartition(" ")
    number = _WORDS.get(value, _number(value)) if word else _number(value)
    return f"{number} {plural(value, *forms.split('|'))}" if forms else number


def _number(value: float | Decimal) -> str:
    text = format(Decimal(str(value)), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def said_as(template: str, name: str) -> str | None:
    """How a title says a parameter; nothing when it does not say it.

    Examples
    --------
    >>> said_as("Менее {threshold:%} за {window:год|года|лет}", "threshold"), said_as("Ниже {threshold}", "window")
    ('%', None)
    """
    return next((how for slot, how in _SLOT.findall(template) if slot == name), None)


def plural(number: float, one: str, few: str, many: str) -> str:
    """The form of a word that goes with a number.

    Examples
    --------
    >>> [plural(n, "школа", "школы", "школ") for n in (0, 1, 2, 5, 11, 21, 22, 111)]
    ['школ', 'школа', 'школы', 'школ', 'школ', 'школа', 'школы', 'школ']
    >>> plural(1.5, "балл", "балла", "баллов")
    'балла'
    """
    if number != int(number):
        return few
    last_two = abs(int(number)) % 100
    if 11 <= last_two <= 14:
        return many
    last = last_two % 10
    if last == 1:
        return one
    return few if 2 <= last <= 4 else many


def numbers_of(model: BaseModel) -> dict[str, float]:
    """The parameters of a model that a slot may name: its fields that hold a number, and numbers by name (``thresholds.СОШ``)."""
    held = {name: getattr(model, name) for name in type(model).model_fields}
    for name, value in list(held.items()):
        if isinstance(value, dict):
            held |= {f"{name}.{key}": one for key, one in value.items()}
    return {
        name: value for name, value in held.items() if isinstance(value, (int, float)) and not isinstance(value, bool)
    }


def has_numbers(template: str) -> bool:
    """Whether a title has slots or numbers of its own, so that there is something to check."""
    return bool(_NUMBERED.search(template))


def check_title(field: str, template: str, parameters: Mapping[str, float], *, own_words: bool = False) -> None:
    """Refuse a title with an unknown slot, or with a number of its own where a parameter should stand.

    Parameters
    ----------
    own_words : the title is printed in a document: numbers that are no parameter may stand in it.

    Raises
    ------
    TitleError
        With the slot to write instead.
    """
    for name, how in _SLOT.findall(template):
        if name not in parameters:
            raise TitleError(field, f"нет параметра «{name}» с числом{nearest(name, parameters)}")
        if how not in ("", "%", "part", "of") and not re.fullmatch(r"(word )?[^|]+\|[^|]+\|[^|]+", how):
            raise TitleError(
                field, f"«{{{name}:{how}}}»: после двоеточия допустимо: %, part, of или три формы слова (год|года|лет)"
            )
    bare = _SLOT.sub("", template)
    if "{" in bare or "}" in bare:
        raise TitleError(field, "фигурные скобки отмечают параметр: {threshold}, {threshold:%}, {window:год|года|лет}")
    for literal in _LITERAL.finditer(bare):
        _check_literal(field, literal, parameters, own_words)


def _check_literal(field: str, literal: re.Match, parameters: Mapping[str, float], own_words: bool) -> None:
    value, unit = float(literal[1].replace(",", ".")), literal[2] or ""
    shown = " ".join(literal[0].split())
    if unit.startswith("класс"):
        return
    if unit == "%":
        how, equal = ":%", [name for name, one in parameters.items() if abs(one * 100 - value) < 1e-9]
        suspect = not own_words
    elif unit and value < 1000:
        how, equal = ":год|года|лет", [name for name in _YEARS if parameters.get(name) == value]
        suspect = not own_words
    else:
        candidates = {
            name: one
            for name, one in parameters.items()
            if name not in _YEARS and not name.startswith(("minimum", "round_to"))
        }
        how, equal = "", [name for name, one in candidates.items() if one == value and one > 1]
        suspect = False
    if equal:
        raise TitleError(field, f"число «{shown}» повторяет {equal[0]}; напишите вместо него {{{equal[0]}{how}}}")
    if suspect:
        slots = ", ".join(f"{{{name}{how}}}" for name in parameters if how == ":%" or name in _YEARS)
        raise TitleError(
            field, f"число «{shown}» не равно ни одному параметру; напишите вместо него один из них: {slots}"
        )
