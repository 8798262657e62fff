"""Words of a page as templates: what stands in braces is a fact, a mark after the colon says how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shnor_lib.pages.numbers import NBSP, agree, format_count, format_number, format_percent, plural

_SLOT = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def say(template: str, facts: Mapping[str, object]) -> str:
    """A template filled with facts; ``~`` is a space that does not break.

    ``{n}`` as it is, ``{n:n}`` a whole number in groups, ``{n:.1}`` with one decimal, ``{n:%}`` a share as per cent, ``{n:date}``
    a day, ``{n:мера/меры/мер}`` a number with its word, ``{n:одна|две|пять}`` the form of a word alone.

    >>> say("Просрочено {late:мера/меры/мер} из~{all:n}", {"late": 2, "all": 1005})
    'Просрочено 2\\xa0меры из\\xa01\\xa0005'

    Raises
    ------
    KeyError
        When a fact of the template was not given.
    """

    def slot(found: re.Match) -> str:
        value, form = facts[found[1]], found[2]
        if not form:
            return str(value)
        if form == "n":
            return format_count(value)
        if form == "%":
            return format_percent(value, 0)
        if form == "date":
            return f"{value:%d.%m.%Y}"
        if form.startswith("."):
            return format_number(value, int(form[1:]))
        return agree(value, form.split("/")) if "/" in form else plural(value, *form.split("|"))

    return _SLOT.sub(slot, template.replace("~", NBSP))


def say_all(parts: list, facts: Mapping[str, object]) -> str:
    """Sentences one after another; one whose ``when`` is false is left out, so is one that needs a fact which is None."""
    told = []
    for part in parts:
        if not isinstance(part, str):
            if not facts[part.when]:
                continue
            part = part.say
        if all(facts[name] is not None for name, _ in _SLOT.findall(part)):
            told.append(say(part, facts))
    return " ".join(text for text in told if text)
