"""What a published number says: a linear expression of counts lies between two numbers, or is hidden.

A count is a :class:`Cell`: so many persons of a unit (a school, or the municipality), year, wave and part (a procedure, a stage of
the olympiad) stand in a column of an input table. Everything a public table prints is an expression of such counts, or one over
another; nobody needs to see the counts themselves to know how the numbers hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

MUNICIPALITY = "@municipality"


class Cell(NamedTuple):
    """A count of persons: where it stands in the data of an office, whoever may have seen them."""

    table: str
    unit: str
    year: int
    wave: str
    part: str
    column: str


Expression = Mapping[Any, int]
"""Counts, each so many times: a :class:`Cell`, or a number that the attack makes up."""


@dataclass(frozen=True)
class Printed:
    """A number as printed: what it is, and how far from it the true one may be.

    ``value``: as a proportion where it is printed in per cent; ``half``: half a unit of its last printed digit, 0 for a whole
    number of persons.
    """

    value: Fraction
    half: Fraction

    @property
    def low(self) -> Fraction:
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        return self.value + self.half


@dataclass(frozen=True)
class Fact:
    """One cell of one published table.

    Attributes
    ----------
    top, whole : the number is ``top / whole``, or ``top`` where there is no whole.
    printed : the number; ``None`` for «скрыто».
    place : file, row and column, in words of a message.
    follows : whether no cell prints the number: it follows from an interval.
    """

    top: Expression
    whole: Expression | None
    printed: Printed | None
    place: str
    follows: bool = False


def added(expressions: Iterable[Expression]) -> dict[Any, int]:
    """The sum of expressions."""
    total: dict[Any, int] = {}
    for one in expressions:
        for cell, times in one.items():
            total[cell] = total.get(cell, 0) + times
    return {cell: times for cell, times in total.items() if times}


def less(first: Expression, second: Expression) -> dict[Any, int]:
    """The difference of two expressions."""
    return added([first, {cell: -times for cell, times in second.items()}])
