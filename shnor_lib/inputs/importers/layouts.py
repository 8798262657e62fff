"""What imports recognise exports by: headers, words and rows of ``layouts.yml``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from shnor_lib.params.yaml_files import Strict, parse_yaml


def _compiles(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"не регулярное выражение: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_compiles)]


ProtocolColumn = Literal[
    "school", "territory", "name", "person", "variant", "score", "mark", "journal", "subject", "grade", "year"
]


class ProtocolRow(Strict):
    """A layout with one row a participant, as ``layouts.yml`` declares it."""

    label: str
    columns: dict[ProtocolColumn, Pattern]
    optional: dict[ProtocolColumn, Pattern] = Field(default={})
    titled: bool = False
    maximum: tuple[Literal["stated", "tasks"], ...] = ()
    remarks_other_sheets: bool = False


class UnreadExport(Strict):
    """An export that is known by its title and not read: why, and what to do instead."""

    label: str
    title: Pattern
    why: str
    remedy: str


class Declared(Strict):
    """Everything that ``layouts.yml`` declares."""

    protocols: tuple[ProtocolRow, ...]
    unread: tuple[UnreadExport, ...]
    patterns: dict[str, dict[str, Pattern]]


@cache
def declared() -> Declared:
    """The layouts and patterns that ship with the package."""
    data = files("shnor_lib.inputs.importers").joinpath("layouts.yml").read_bytes()
    return parse_yaml(data, Declared, "shnor_lib/inputs/importers/layouts.yml")
