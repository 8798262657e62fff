"""In which grades an exam is held, by year. The list is ``procedures.yml``; a workspace declares its own exams beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from shnor_lib.params.methods import Name, Year
from shnor_lib.params.yaml_files import Strict, read_yaml

Grade = Annotated[int, Field(strict=True, ge=1, le=11)]


class Held(Strict):
    """The grades of an exam; none named: it may be held in any.

    Attributes
    ----------
    grades_from : the grades since a year, where they changed.
    without_from : since a year, subjects that some of the grades do not write.
    """

    grades: tuple[Grade, ...] = ()
    grades_from: dict[Year, tuple[Grade, ...]] = Field(default_factory=dict)
    without_from: dict[Year, dict[Name, tuple[Grade, ...]]] = Field(default_factory=dict)

    def in_year(self, year: int) -> tuple[int, ...]:
        """The grades of a year.

        Examples
        --------
        >>> held = Held(grades=(9,), grades_from={2026: (9, 10)})
        >>> held.in_year(2025), held.in_year(2027)
        ((9,), (9, 10))
        """
        return _latest(self.grades_from, year, self.grades)

    def without(self, year: int) -> dict[str, tuple[int, ...]]:
        """The subjects that some grades do not write in a year, with these grades."""
        return _latest(self.without_from, year, {})


def _latest(since: Mapping, year: int, before):
    begun = [first for first in since if first <= year]
    return since[max(begun)] if begun else before


_added: dict[str, Held] = {}
"""Exams that the workspace declares: a process works in one workspace at a time."""


def add_exams(added: Mapping[str, Held]) -> None:
    """Let these exams stand beside those of ``procedures.yml``; what was added before is forgotten."""
    _added.clear()
    _added.update(added)


def held() -> dict[str, Held]:
    """By exam, its grades: of ``procedures.yml``, then of the workspace."""
    return _shipped() | _added


@cache
def _shipped() -> dict[str, Held]:
    return read_yaml(
        Path(__file__).with_name("procedures.yml"), RootModel[dict[str, Held]], "inputs/procedures.yml"
    ).root
