"""YAML as plain values with the lines they stand on: what declarations and the words of persons are read from.

YAML 1.2, no tags, anchors or aliases, no repeated keys, bounded size and depth. libyaml splits a file into events where it is
installed; what a plain word means is decided here, by the core schema: ``no`` and ``12:30`` are text, ``0101`` is 101.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from shnor_lib.params.causes import of_yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 100
"""Longer numbers are refused: Python would not print them."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ParamsError(ValueError):
    """Parameters that cannot be used; one line per problem: ``file:line: what is wrong; what is allowed``."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


_HIDDEN_BREAK = re.compile("[\x85\u2028\u2029]")
"""Line breaks of YAML 1.1 that are none in 1.2: nobody sees them, and libyaml would make spaces of them."""

Lines = dict[int, dict]
"""Where keys and items stand: by the ``id`` of a mapping or list, the line of each of its keys or places."""


def parse_tree(data: bytes, name: str) -> tuple[Any, Lines]:
    """The plain values of a YAML document and the lines they stand on.

    Raises :class:`ParamsError` at the first thing that is no YAML, or YAML that is not allowed.
    """
    lines: Lines = {}
    try:
        text = data.decode("utf-8-sig")
        if hidden := _HIDDEN_BREAK.search(text):
            line = text.count("\n", 0, hidden.start()) + 1
            raise ParamsError(
                [f"{name}:{line}: невидимый перенос строки (U+{ord(hidden[0]):04X}); замените его обычным"]
            )
        parser = _Loader(text)
        parser.get_event()  # the stream begins
        if isinstance(parser.get_event(), yaml.StreamEndEvent):
            return None, lines
        tree = _value(parser, parser.get_event(), text, lines, 0)
        parser.get_event()  # the document ends
        after = parser.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            raise _Refused(after, "второй документ в файле; допускается один")
    except UnicodeDecodeError as error:
        raise ParamsError([f"{name}:1: файл не в кодировке UTF-8 (байт {error.start})"]) from None
    except _Refused as error:
        raise ParamsError([f"{name}:{error.line}: {error}"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, text.count("\n")) + 1 if mark else 1
        raise ParamsError([f"{name}:{line}: ошибка разметки YAML: {of_yaml(error.problem or error.context)}"]) from None
    except yaml.YAMLError as error:
        raise ParamsError([f"{name}:1: ошибка разметки YAML: {of_yaml(str(error))}"]) from None
    return tree, lines


class _Refused(ValueError):
    """YAML that is not allowed at an event."""

    def __init__(self, event: yaml.Event, problem: str):
        self.line = event.start_mark.line + 1
        super().__init__(problem)


def _value(parser: yaml.Loader, event: yaml.Event, text: str, lines: Lines, depth: int) -> Any:
    """The value that begins with an event, read to its end."""
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _Refused(event, "якоря и ссылки YAML (& и *) не допускаются")
    if event.tag is not None:
        raise _Refused(event, "теги YAML (!…) не допускаются")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event) if event.implicit[0] else event.value
    if depth == MAX_DEPTH:
        raise _Refused(event, f"вложенность больше {MAX_DEPTH}")
    if isinstance(event, yaml.SequenceStartEvent):
        return _items(parser, text, lines, depth + 1)
    return _mapping(parser, text, lines, depth + 1)


def _items(parser: yaml.Loader, text: str, lines: Lines, depth: int) -> list:
    found: list = []
    places = lines[id(found)] = {}
    while not isinstance(event := parser.get_event(), yaml.SequenceEndEvent):
        places[len(found)] = event.start_mark.line + 1
        found.append(_value(parser, event, text, lines, depth))
    return found


def _mapping(parser: yaml.Loader, text: str, lines: Lines, depth: int) -> dict:
    found: dict = {}
    places = lines[id(found)] = {}
    while not isinstance(event := parser.get_event(), yaml.MappingEndEvent):
        if text.endswith("?", 0, event.start_mark.index):  # in brackets libyaml takes it for the sign of a key
            raise _Refused(event, "слово начинается с «?»: возьмите его в кавычки")
        key = _value(parser, event, text, lines, depth)
        if isinstance(key, (dict, list)):
            raise _Refused(event, "ключом может быть только слово или число")
        if key in found:
            raise _Refused(event, f"ключ повторяется: «{key}»")
        places[key] = event.start_mark.line + 1
        found[key] = _value(parser, parser.get_event(), text, lines, depth)
    return found


_WORDS = {"": None, "~": None} | {
    form: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for form in (word, word.title(), word.upper())
}
_INT = re.compile(r"([-+]?)(?:0b(?P<b>[01_]+)|0o(?P<o>[0-7_]+)|0x(?P<x>[0-9a-fA-F_]+)|(?P<d>[0-9_]+))")
_BASES = {"b": 2, "o": 8, "x": 16, "d": 10}
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+][0-9]+)?|\.(?:inf|Inf|INF))"
    r"|\.(?:nan|NaN|NAN)"
)


def _scalar(event: yaml.ScalarEvent) -> Any:
    """What a plain scalar means by the core schema of YAML 1.2."""
    text = event.value
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    try:
        if len(text) > MAX_DIGITS and (_INT.fullmatch(text) or _FLOAT.fullmatch(text)):
            raise ValueError
        if whole := _INT.fullmatch(text):
            return int(whole[1] + whole[whole.lastgroup].replace("_", ""), _BASES[whole.lastgroup])
        if _FLOAT.fullmatch(text):
            bare = text.replace("_", "").lower()
            return float(bare.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        raise _Refused(event, f"число «{text[:20]}» не читается") from None
    return text
