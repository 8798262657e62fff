"""Why a value is unknown: one closed list that travels from the row of an indicator to verdict, list, table and sentence.

Frames carry it in two columns: ``cause`` (a code of the list, empty where the value is known) and ``needs`` (what would make
the value known: ``table.column`` names joined by ``; `` for ``not_delivered``, ``n < limit`` for ``too_few``, a level, a procedure
or a grade for the others). Nothing reads a cause from an empty cell: whoever makes a value unknown says why.
"""

from collections.abc import Iterable
from typing import Literal, get_args

from shnor_lib.inputs.dictionary import table, table_names

Cause = Literal[
    "",
    "not_delivered",
    "too_few",
    "not_held",
    "not_applicable",
    "hidden",
    "not_comparable",
    "not_distinguished",
    "as_range",
]

KNOWN = ""
NOT_DELIVERED = "not_delivered"
"""A table, or columns of it, were not delivered: ``needs`` names them."""
TOO_FEW = "too_few"
"""Fewer participants, schools or procedures than the limit: ``needs`` says how many there are and how many are needed."""
NOT_HELD = "not_held"
"""The procedure did not take place that year."""
NOT_APPLICABLE = "not_applicable"
"""The school has no such grade, or the rule does not look at schools of its type."""
HIDDEN = "hidden"
"""A small number that the public edition does not show."""
HIDDEN_WORD = "скрыто"
"""What stands in a text for a hidden number."""
NOT_COMPARABLE = "not_comparable"
"""The series is broken, or too few others stand behind the reference."""
NOT_DISTINGUISHED = "not_distinguished"
"""Equal values overrun the share that the rule singles out."""
AS_RANGE = "as_range"
"""A document prints a range or an approximation instead of the value: ``needs`` is the range (:mod:`shnor_lib.indicators.ranges`)."""

CAUSES: tuple[Cause, ...] = get_args(Cause)
"""In the order of the codes by which the dense store keeps them."""


def tables_needed(needs: Iterable[str]) -> list[str]:
    """The tables that would make values known, as the dictionary calls them, each once; one of several is told as such.

    >>> tables_needed(["staff.teachers; schools.pupils", "exam_results.mark_2 | below_minimum | low_procedures"])
    ['«Кадры»', '«Школы»', '«Результаты процедур» или «Перечень низких результатов»']
    """
    groups = tables_of(needs)
    choices = {name for group in groups if len(group) > 1 for name in group}
    told = [group for group in groups if len(group) > 1 or group[0] not in choices]
    return [" или ".join(f"«{table(name).label}»" for name in group) for group in told]


def tables_of(needs: Iterable[str | None]) -> list[tuple[str, ...]]:
    """The tables that needs name, each once; several that any one of would do stand together.

    >>> tables_of(["staff.teachers; schools.pupils", "exam_results.mark_2 | below_minimum | low_procedures", None])
    [('staff',), ('schools',), ('exam_results', 'low_procedures')]
    """
    known = table_names()
    found = (
        tuple(dict.fromkeys(name for one in need.split(" | ") if (name := one.split(".")[0]) in known))
        for text in needs
        for need in (text or "").split("; ")
    )
    return list(dict.fromkeys(filter(None, found)))


def columns_needed(needs: Iterable[str]) -> list[str]:
    """The columns that would make values known where their tables were delivered, by table; one of several is told as such.

    >>> columns_needed(["staff.teachers; staff.pedagogues"])
    ['столбцы «Учителя» и «Педагоги» таблицы «Кадры»']
    >>> columns_needed(["staff.teachers | pedagogues"])
    ['столбец «Учителя» или «Педагоги» таблицы «Кадры»']
    """
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for need in dict.fromkeys(one for text in needs for one in text.split("; ")):
        place, _, first = need.split(" | ")[0].partition(".")
        if place in table_names():
            others = (one.rpartition(".")[2] for one in need.split(" | ")[1:])
            columns = tuple(name for name in (first, *others) if name in table(place).columns)
            if columns:
                found.setdefault(place, {})[columns] = None
    told = []
    for place, groups in found.items():
        words = [" или ".join(f"«{table(place).columns[name].label}»" for name in group) for group in groups]
        listed = " и ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
        told.append(f"{'столбцы' if len(words) > 1 else 'столбец'} {listed} таблицы «{table(place).label}»")
    return told
