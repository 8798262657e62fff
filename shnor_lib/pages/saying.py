"""Words of a page as templates: what stands in braces is a fact, a mark after the colon says how it is written."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

from shnor_lib.pages import numbers
from shnor_lib.pages.numbers import NBSP, is_missing
from shnor_lib.params.yaml_files import nearest

Facts = Mapping[str, object]

FORMATS: dict[str, Callable[[object], str]] = {
    "%": lambda share: numbers.format_percent(share, 0),
    "%.1": numbers.format_percent,
    ".1": numbers.format_number,
    ".2": lambda number: numbers.format_number(number, 2),
    "п.п.": lambda gap: numbers.format_points(gap).removeprefix("+"),
    "год": str,
    "дата": lambda day: f"{day:%d.%m.%Y}",
}
SIGNS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARISON = re.compile(r"(\w+)(?: (?:(known|unknown)|([<>!]?=|[<>]) (\w+)))?")
_SLOT = re.compile(r"\{(\w+)(?:–(\w+)|:([^{}]+)|\?([^{}]+))?\}")


def known(facts: Facts, fact: str) -> bool:
    """Whether a fact is there: neither missing nor empty words."""
    return not is_missing(facts.get(fact)) and facts[fact] != ""


def _plainly(value: object) -> str:
    return value if isinstance(value, str) else numbers.format_count(value)


@dataclass(frozen=True)
class Condition:
    """Alternatives, one of which must hold: each is comparisons of a fact with a number or another fact, joined by ``and``.

    A comparison with a fact that is missing does not hold; ``fact known`` and ``fact unknown`` ask for no more than whether it is
    there, a fact alone that it is neither missing, zero, false nor empty.

    >>> Condition(("schools > 2 and share known",)).holds({"schools": 3, "share": None})
    False
    """

    alternatives: tuple[str, ...]

    def __post_init__(self) -> None:
        comparisons = [[_comparison(one) for one in text.split(" and ")] for text in self.alternatives]
        object.__setattr__(self, "_rules", [[holds for holds, _ in joined] for joined in comparisons])
        named = (fact for joined in comparisons for _, facts in joined for fact in facts)
        object.__setattr__(self, "named", tuple(dict.fromkeys(named)))

    def holds(self, facts: Facts) -> bool:
        return not self._rules or any(all(holds(facts) for holds in joined) for joined in self._rules)


def _comparison(text: str) -> tuple[Callable[[Facts], bool], list[str]]:
    found = _COMPARISON.fullmatch(text)
    if not found:
        raise ValueError(
            f"условие «{text}» не читается; бывает: «факт», «факт > 0», «факт < другой_факт», «факт known», через and"
        )
    fact, asked, sign, other = found.groups()
    if asked:
        return lambda facts: known(facts, fact) == (asked == "known"), [fact]
    if not sign:
        return lambda facts: known(facts, fact) and bool(facts[fact]), [fact]
    compare = SIGNS[sign]
    if other.isdigit():
        return lambda facts: known(facts, fact) and compare(facts[fact], int(other)), [fact]
    return lambda facts: known(facts, fact) and known(facts, other) and compare(facts[fact], facts[other]), [
        fact,
        other,
    ]


@dataclass(frozen=True)
class Template:
    """Text with slots.

    ``{fact}`` is a count, or words as they are; ``{fact:%}`` and the other :data:`FORMATS`; ``{fact:мера/меры/мер}`` a number
    with its word; ``{fact:одна|две|пять}`` the form of a word alone (two forms: of one and of more); ``{low–high}`` from one
    number to another; ``{fact? text}`` text said when the fact is above zero. ``~`` is a space that keeps its line.

    >>> Template("{schools:Найдена|Найдены|Найдено} {schools:школа/школы/школ}.").said({"schools": 5})
    'Найдено 5\\xa0школ.'
    """

    text: str

    def __post_init__(self) -> None:
        pieces, named, at = [], [], 0
        for found in _SLOT.finditer(self.text):
            slot, facts = _slot(*found.groups())
            pieces += [_literal(self.text[at : found.start()]), slot]
            named += facts
            at = found.end()
        object.__setattr__(self, "_pieces", [*pieces, _literal(self.text[at:])])
        object.__setattr__(self, "named", tuple(dict.fromkeys(named)))

    def said(self, facts: Facts) -> str:
        return "".join(piece if isinstance(piece, str) else piece(facts) for piece in self._pieces)


def _literal(text: str) -> str:
    if "{" in text or "}" in text:
        raise ValueError(f"скобка без пары или место не читается в «{text.strip()}»")
    return text.replace("~", NBSP)


def _slot(fact: str, other: str, form: str, extra: str) -> tuple[Callable[[Facts], str], list[str]]:
    if other:
        return lambda facts: numbers.format_span(facts[fact], facts[other]), [fact, other]
    if extra:
        return lambda facts: _literal(extra) if known(facts, fact) and facts[fact] > 0 else "", []
    if not form or form in FORMATS:
        return lambda facts: FORMATS.get(form, _plainly)(facts[fact]), [fact]
    if form.count("/") == 2:
        words = tuple(form.split("/"))
        return lambda facts: numbers.agree(facts[fact], words), [fact]
    if 1 <= form.count("|") <= 2:
        one, few, *many = form.split("|")
        return lambda facts: numbers.plural(facts[fact], one, few, *(many or [few])), [fact]
    raise ValueError(f"нет вида «{form}»{nearest(form, FORMATS)}; или формы слова: одна/две/пять, одна|две|пять")


template = lru_cache(maxsize=None)(Template)
condition = lru_cache(maxsize=None)(lambda text: Condition((text,)))


def _readable(text: str) -> str:
    return template(text).text


Words = Annotated[str, AfterValidator(_readable)]
"""A template in a YAML file: refused with its line when it cannot be read."""


def say(text: str, facts: Facts) -> str:
    """A template filled with facts.

    >>> say("Просрочено {late:мера/меры/мер} из~{all}", {"late": 2, "all": 1005})
    'Просрочено 2\\xa0меры из\\xa01\\xa0005'

    Raises
    ------
    KeyError
        When a fact of the template was not given.
    """
    return template(text).said(facts)


def say_all(parts: str | list, facts: Mapping[str, object]) -> str:
    """Sentences one after another; one whose ``when`` is false is left out, so is one that needs a fact which is missing.

    A part that begins with a sign that closes (a comma, a full stop, a bracket …) or with a line follows without a space.
    """
    told = []
    for part in [parts] if isinstance(parts, str) else parts:
        if not isinstance(part, str):
            rule = condition(part.when)
            if not rule.holds({name: facts[name] for name in rule.named}):
                continue
            part = part.say
        if not any(is_missing(facts[name]) for name in template(part).named):
            told.append(say(part, facts))
    return "".join(text if text[0] in ",;:.)\n" else f" {text}" for text in told if text).removeprefix(" ")
