"""Strict reading of the YAML files that people edit: parameters, methods, scenarios, provenance.

YAML 1.2, no tags, anchors or aliases, no repeated keys, bounded size and depth. Every error names file and line, what was
found and what is allowed, and all of them are reported at once. libyaml splits a file into events where it is installed; what a
plain word means is decided here, by the core schema: ``no`` and ``12:30`` are text, ``0101`` is 101.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo

from shnor_lib.params.causes import of_model, of_system, of_yaml
from shnor_lib.workspace import PACKAGE, WorkspaceError, safe_path

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_DIGITS = 100
"""Longer numbers are refused: Python would not print them."""

Model = TypeVar("Model", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Strict(BaseModel):
    """A frozen record that refuses unknown keys: what every file of declarations is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, defer_build=True)


class ParamsError(ValueError):
    """Parameters that cannot be used; one line per problem: ``file:line: what is wrong; what is allowed``."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Misplaced(ValueError):
    """A check of a whole that is about one part of it; ``place`` is the way to the part."""

    def __init__(self, place: tuple, problem: str):
        self.place = place
        super().__init__(problem)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Hint with the nearest allowed word, or the list of allowed words when none is near.

    Examples
    --------
    >>> nearest("metod", ["method", "years"])
    '; возможно, имелось в виду «method»'
    """
    allowed = sorted(set(map(str, allowed)))
    close = get_close_matches(str(word), allowed, n=3, cutoff=0.6)
    if close:
        return "; возможно, имелось в виду " + " или ".join(f"«{name}»" for name in close)
    return "; допустимо: " + ", ".join(allowed) if allowed else ""


LEADS_OUT = "ссылка ведёт в другую папку; положите сюда сам файл"


def declared_file(workspace: Path, name: str) -> Path:
    """A file of declarations of a workspace by its name there.

    Raises :class:`ParamsError` when it is a link out of the workspace, or below one.
    """
    try:
        return safe_path(workspace, name)
    except WorkspaceError:
        raise ParamsError([f"{name}:1: {LEADS_OUT}"]) from None


def read_yaml(path: Path, model: type[Model], name: str | None = None, **known: frozenset[str]) -> Model:
    """Read one YAML file into a checked, frozen model.

    Parameters
    ----------
    path : file to read; ``name`` is how messages call it (the path itself by default). Persons are masked in its texts, but for
        files of the package.
    known : names that checks of the model look at: ``taken`` ones (:func:`untaken`) and others that it says.

    Raises
    ------
    ParamsError
        With every problem of the file: syntax, tags, aliases, repeated or unknown keys, values out of the allowed ones.
    """
    name = name or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ParamsError([f"{name}:1: файл не читается ({of_system(error)})"]) from None
    if len(data) > MAX_BYTES:
        raise ParamsError([f"{name}:1: файл больше {MAX_BYTES} байт"])
    return parse_yaml(data, model, name, masked=not path.is_relative_to(PACKAGE), **known)


@lru_cache(maxsize=1024)  # the models are frozen, and one file is read for every scenario that changes it
def parse_yaml(data: bytes, model: type[Model], name: str, *, masked: bool = False, **known: frozenset[str]) -> Model:
    """As :func:`read_yaml`, from bytes in memory; the same bytes are read once. ``masked``: persons are masked in its texts."""
    tree, lines = parse_tree(data, name)
    if masked:
        from shnor_lib.params.persons import mask_tree

        tree = mask_tree(tree, lines)
    try:
        return model.model_validate(tree, context={word: set(names) for word, names in known.items()})
    except ValidationError as error:
        raise ParamsError(_explain(one, tree, lines, model, name) for one in error.errors()) from None


def untaken(name: str, information: ValidationInfo) -> str:
    """A check of a key: a name that is taken is refused, a new one is taken from here on."""
    taken = information.context["taken"]
    if name in taken:
        raise ValueError(f"имя «{name}» уже занято; дайте другое имя")
    taken.add(name)
    return name


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


def line_of(path: Path, location: tuple) -> int:
    """The line of a key or item of a YAML file that was read; of the nearest one above it when the file leaves it out.

    Examples
    --------
    ``line_of(path, ("overrides", 0, "value"))``
    """
    return _place(*parse_tree(path.read_bytes(), str(path)), location)[0]


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


def _place(tree: object, lines: Lines, location: tuple) -> tuple[int, str]:
    """The line of a location and its steps in words, without the branches of a union, which only the model has."""
    line, steps = 1, []
    for step in location:
        places = lines.get(id(tree), {})
        if step in places:
            line, tree = places[step], tree[step]
        elif isinstance(tree, dict) and step != location[-1]:
            continue
        steps.append(str(step))
    return line, ".".join(steps)


def _location(error: Mapping[str, Any]) -> tuple:
    """The way to what an error of a model is about."""
    cause = error.get("ctx", {}).get("error")
    return (*(step for step in error["loc"] if step != "[key]"), *getattr(cause, "place", ()))


def _explain(error: Mapping[str, Any], tree: object, lines: Lines, model: type[BaseModel], name: str) -> str:
    line, where = _place(tree, lines, _location(error))
    return f"{name}:{line}: {in_words(error, model, where)}"


def in_words(error: Mapping[str, Any], model: type[BaseModel], where: str = "") -> str:
    """What a model refuses: the way to it (``where``, or as the model has it), what is wrong, what is allowed."""
    location = _location(error)
    where = where or ".".join(map(str, location))
    last = str(location[-1]) if location else ""
    match error["type"]:
        case "extra_forbidden":
            return f"неизвестный ключ «{where}»{nearest(last, {*_known_keys(model, location[:-1])} - {last})}"
        case "missing":
            return f"нет обязательного ключа «{where}»"
    return f"«{where}»: {of_model(error)}"


def _known_keys(model: type[BaseModel], location: tuple) -> list[str]:
    """Keys that the model allows at a place: walk the fields along the location, through unions and containers."""
    candidates: list[type[BaseModel]] = [model]
    for step in location:
        stepped: list[type[BaseModel]] = []
        for candidate in candidates:
            field = candidate.model_fields.get(str(step)) or candidate.model_fields.get("root")
            if field is not None:
                stepped += _models_in(field.annotation)
            else:
                tagged = [
                    one
                    for one in candidates
                    if any(step in get_args(field.annotation) for field in one.model_fields.values())
                ]
                stepped += tagged or [candidate]
        candidates = list(dict.fromkeys(stepped)) or candidates
    return [field.alias or key for candidate in candidates for key, field in candidate.model_fields.items()]


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation, *annotation.__subclasses__()]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
