"""Scenarios: named changes on top of a method."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from shnor_lib.params.methods import Method, Slug, Title
from shnor_lib.params.yaml_files import ParamsError, Strict, in_words, nearest


class Change(Strict):
    """A new value at a dotted path of the method, such as ``criteria.lowest_results.threshold``."""

    path: Annotated[str, Field(pattern=r"^[a-z][\w.-]*$", max_length=200)]
    value: Any
    why: Title | None = None


class Scenario(Strict):
    """Named changes on top of a method: the office's own, or the one it names; with another method it may change nothing more."""

    title: Title
    short: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    why: Title | None = None
    method: Slug | None = None
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _changes_something(self) -> Scenario:
        if not self.changes and self.method is None:
            raise ValueError("сценарий ничего не меняет: нужны changes или другой method")
        return self


def apply_changes(method: Method, changes: tuple[Change, ...], source: str) -> Method:
    """A method with the named changes applied; the original stays as it is.

    Parameters
    ----------
    source : how messages call the file that holds the changes.

    Raises
    ------
    ParamsError
        When a path does not exist (with the nearest names) or the changed method is not valid.

    Examples
    --------
    >>> Change(path="criteria.lowest_results.threshold", value=0.35).value
    0.35
    """
    if not changes:
        return method
    document: Any = method.model_dump()
    problems = []
    for change in changes:
        try:
            document = _replaced(document, change.path.split("."), change.value)
        except LookupError as error:
            problems.append(f"{source}: путь «{change.path}» не существует: {error.args[0]}")
    if problems:
        raise ParamsError(problems)
    try:
        return Method.model_validate(document)
    except ValidationError as error:
        raise ParamsError(
            f"{source}: изменённый метод недопустим: {in_words(one, Method)}" for one in error.errors()
        ) from None


def value_at(method: Method, path: str) -> Any:
    """What a method has at a dotted path."""
    node: Any = method.model_dump()
    for step in path.split("."):
        node = node[_key(node, step)] if isinstance(node, dict) else node[int(step)]
    return node


def _key(node: dict, step: str) -> Any:
    """The key of a mapping that a step of a path means; keys may be numbers, such as years."""
    return next((key for key in node if str(key) == step), step)


def _replaced(node: Any, steps: list[str], value: Any) -> Any:
    """A copy of a tree with the value at a path replaced."""
    step, rest = steps[0], steps[1:]
    keys = (
        [*map(str, node)]
        if isinstance(node, dict)
        else [str(i) for i in range(len(node))]
        if isinstance(node, tuple)
        else []
    )
    if step not in keys:
        raise LookupError(f"нет «{step}»{nearest(step, keys)}")
    if isinstance(node, dict):
        key = _key(node, step)
        return node | {key: _replaced(node[key], rest, value) if rest else value}
    place = int(step)
    return (*node[:place], _replaced(node[place], rest, value) if rest else value, *node[place + 1 :])
