"""What imports recognise exports by: headers, words and rows of ``layouts.yml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from shnor_lib.params.yaml_files import Strict, parse_yaml


class ProtocolRow(Strict):
    """A layout with one row a participant, as ``layouts.yml`` declares it."""

    label: str
    columns: dict[str, str]
    titled: bool = False
    maximum: tuple[Literal["stated", "tasks"], ...] = ()
    remarks_other_sheets: bool = False


class Declared(Strict):
    """Everything that ``layouts.yml`` declares."""

    protocols: tuple[ProtocolRow, ...]
    patterns: dict[str, dict[str, str]]


@cache
def declared() -> Declared:
    """The layouts and patterns that ship with the package."""
    data = files("shnor_lib.inputs.importers").joinpath("layouts.yml").read_bytes()
    return parse_yaml(data, Declared, "layouts.yml")
