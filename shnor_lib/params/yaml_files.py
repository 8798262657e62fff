"""Strict reading of the YAML files that people edit: parameters, methods, scenarios, provenance.

What YAML means is decided in :mod:`shnor_lib.params.yaml_tree`. Every error names file and line, what was found and what is allowed,
and all of them are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo

from shnor_lib.params.causes import of_model, of_system
from shnor_lib.params.yaml_tree import MAX_BYTES, Lines, ParamsError, parse_tree
from shnor_lib.workspace import PACKAGE, WorkspaceError, safe_path

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """A frozen record that refuses unknown keys: what every file of declarations is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True, defer_build=True)


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


def line_of(path: Path, location: tuple) -> int:
    """The line of a key or item of a YAML file that was read; of the nearest one above it when the file leaves it out.

    Examples
    --------
    ``line_of(path, ("overrides", 0, "value"))``
    """
    return _place(*parse_tree(path.read_bytes(), str(path)), location)[0]


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
