"""A sentence of a report: the rule that triggers it, and how its numbers are counted again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shnor_lib.pages.numbers import SCHOOLS, agree, plural

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Evidence:
    """How a number of a sentence is counted again from a table of the same page.

    Parameters
    ----------
    fact
        The fact it proves.
    table
        Name of the `Table` on the page.
    measure
        `rows`: how many rows satisfy `where`; `share`: that number over all rows; `sum`: total of `column` over those
        rows; `value`: the one cell of `column` in the one such row.
    column
        Column id, for `sum` and `value`.
    where
        Column id -> text as printed (for words, without the shape).
    """

    fact: str
    table: str
    measure: str = "rows"
    column: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Phrase:
    """A sentence and the rule that triggers it.

    Parameters
    ----------
    id
        Latin, unique.
    reports
        In which reports it may stand.
    needs
        Facts without which nothing can be said: the sentence is skipped when one is missing.
    condition, text
        Functions of the facts.
    evidence
        Where its numbers can be counted again.
    """

    id: str
    reports: tuple[str, ...]
    needs: tuple[str, ...]
    condition: Callable[[Facts], bool]
    text: Callable[[Facts], str]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Headline:
    """A sentence that was triggered, with the numbers it holds and the proof of each."""

    id: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


def schools(number: float, one: str, more: str) -> str:
    """A verb with its schools: "имеет 1 школа", "имеют 3 школы"."""
    return f"{plural(number, one, more, more)} {agree(number, SCHOOLS)}"


def has(fact: str) -> Callable[[Facts], bool]:
    return lambda facts: facts[fact] > 0


def has_no(*names: str) -> Callable[[Facts], bool]:
    return lambda facts: all(facts[fact] == 0 for fact in names)
