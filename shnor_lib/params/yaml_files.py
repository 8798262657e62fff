"""Strict reading of the YAML files that people edit: parameters, methods, scenarios, provenance.

YAML 1.2, no tags, anchors or aliases, no repeated keys, bounded size and depth. Every error names file and line, what was
found and what is allowed, and all of them are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, MappingStartEvent, NodeEvent, SequenceStartEvent

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Model = TypeVar("Model", bound=BaseModel)


class ParamsError(ValueError):
    """Parameters that cannot be used; one line per problem: ``file:line: what is wrong; what is allowed``."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Hint with the nearest allowed word, or the list of allowed words when none is near.

    Examples
    --------
    >>> nearest("metod", ["method", "years"])
    '; возможно, имелось в виду «method»'
    """
    allowed = sorted(map(str, allowed))
    close = get_close_matches(str(word), allowed, n=3, cutoff=0.6)
    if close:
        return "; возможно, имелось в виду " + " или ".join(f"«{name}»" for name in close)
    return "; допустимо: " + ", ".join(allowed) if allowed else ""


def read_yaml(path: Path, model: type[Model], name: str | None = None) -> Model:
    """Read one YAML file into a checked, frozen model.

    Parameters
    ----------
    path : file to read; ``name`` is how messages call it (the path itself by default).

    Raises
    ------
    ParamsError
        With every problem of the file: syntax, tags, aliases, repeated or unknown keys, values out of the allowed ones.
    """
    name = name or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ParamsError([f"{name}:1: файл не читается ({error.strerror})"]) from None
    if len(data) > MAX_BYTES:
        raise ParamsError([f"{name}:1: файл больше {MAX_BYTES} байт"])
    return parse_yaml(data, model, name)


@lru_cache(maxsize=64)  # the models are frozen, and one file is read for every scenario that changes it
def parse_yaml(data: bytes, model: type[Model], name: str) -> Model:
    """As :func:`read_yaml`, from bytes in memory."""
    try:
        text = data.decode("utf-8-sig")
        _refuse_indirection(text, name)
        tree = YAML(typ="rt", pure=True).load(text)
    except UnicodeDecodeError as error:
        raise ParamsError([f"{name}:1: файл не в кодировке UTF-8 (байт {error.start})"]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = (error.problem or error.context or "ошибка разметки YAML").splitlines()[0]
        if "duplicate key" in problem:
            problem = "ключ повторяется: " + problem.removeprefix("found duplicate key ").split(" with value")[0]
        raise ParamsError([f"{name}:{line}: {problem}"]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, ParamsError):
            raise
        raise ParamsError(
            [f"{name}:1: ошибка разметки YAML: {str(error).splitlines()[0] if str(error) else error!r}"]
        ) from None
    try:
        return model.model_validate(_plain(tree))
    except ValidationError as error:
        raise ParamsError(_explain(one, tree, model, name) for one in error.errors()) from None


def _refuse_indirection(text: str, name: str) -> None:
    depth = 0
    for event in YAML(typ="rt", pure=True).parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise ParamsError([f"{name}:{line}: якоря и ссылки YAML (& и *) не допускаются"])
        if isinstance(event, NodeEvent) and getattr(event, "ctag", None) is not None:
            raise ParamsError([f"{name}:{line}: теги YAML (!…) не допускаются"])
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            depth += 1
        elif type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1
        if depth > MAX_DEPTH:
            raise ParamsError([f"{name}:{line}: вложенность больше {MAX_DEPTH}"])


def _plain(node: object) -> object:
    """Plain Python values of a round-trip tree."""
    if isinstance(node, dict):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _line(tree: object, location: tuple) -> int:
    line = 1
    for step in location:
        marks = getattr(tree, "lc", None)
        if marks is None:
            break
        try:
            line = marks.key(step)[0] + 1 if isinstance(tree, dict) else marks.item(step)[0] + 1
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            continue  # a step of the model, not of the file (a branch of a union)
    return line


def _file_steps(tree: object, location: tuple) -> list:
    """Steps of a location that exist in the file; the branches of a union, which only the model has, are left out."""
    steps = []
    for step in location:
        if isinstance(tree, dict) and step not in tree and step != location[-1]:
            continue
        steps.append(step)
        tree = (
            tree[step]
            if isinstance(tree, (dict, list)) and step in (tree if isinstance(tree, dict) else range(len(tree)))
            else None
        )
    return steps


def _explain(error: dict, tree: object, model: type[BaseModel], name: str) -> str:
    location = error["loc"]
    line = _line(tree, location)
    where = ".".join(str(step) for step in _file_steps(tree, location))
    last = str(location[-1]) if location else ""
    match error["type"]:
        case "extra_forbidden":
            return f"{name}:{line}: неизвестный ключ «{where}»{nearest(last, _known_keys(model, location[:-1]))}"
        case "missing":
            return f"{name}:{line}: нет обязательного ключа «{where}»"
        case "literal_error" | "enum" | "union_tag_invalid":
            expected = error["ctx"].get("expected") or error["ctx"].get("expected_tags")
            found = error["ctx"].get("tag") or _shown(error)
            return f"{name}:{line}: «{where}»: недопустимое значение {found}; допустимо: {expected}"
        case "value_error":
            return f"{name}:{line}: «{where}»: {error['ctx']['error']}"
        case _:
            return f"{name}:{line}: «{where}»: недопустимое значение {_shown(error)} ({error['msg']})"


def _shown(error: dict) -> str:
    text = repr(error.get("input"))
    return text if len(text) <= 60 else text[:57] + "…"


def _known_keys(model: type[BaseModel], location: tuple) -> list[str]:
    """Keys that the model allows at a place: walk the fields along the location, through unions and containers."""
    candidates: list[type[BaseModel]] = [model]
    for step in location:
        stepped: list[type[BaseModel]] = []
        for candidate in candidates:
            field = candidate.model_fields.get(str(step))
            if field is not None:
                stepped += _models_in(field.annotation)
            else:
                tags = [one for one in candidates if _tag(one) == step]
                stepped += tags or [candidate]
        candidates = list(dict.fromkeys(stepped)) or candidates
    return [key for candidate in candidates for key in candidate.model_fields]


def _tag(model: type[BaseModel]) -> object:
    field = model.model_fields.get("rule")
    arguments = getattr(field.annotation, "__args__", ()) if field else ()
    return arguments[0] if len(arguments) == 1 else None


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
