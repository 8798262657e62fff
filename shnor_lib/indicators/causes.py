"""Why a value is unknown: one closed list that travels from the row of an indicator to verdict, list, table and sentence.

Frames carry it in two columns: ``cause`` (a code of the list, empty where the value is known) and ``needs`` (what would make
the value known: ``table.column`` names joined by ``; `` for ``not_delivered``, ``n < limit`` for ``too_few``, a level, a procedure
or a grade for the others). Nothing reads a cause from an empty cell: whoever makes a value unknown says why.
"""

from typing import Literal

Cause = Literal[
    "",
    "not_delivered",
    "too_few",
    "not_held",
    "not_applicable",
    "hidden",
    "not_comparable",
    "not_distinguished",
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
NOT_COMPARABLE = "not_comparable"
"""The series is broken, or too few others stand behind the reference."""
NOT_DISTINGUISHED = "not_distinguished"
"""Equal values overrun the share that the rule singles out."""

CAUSES: tuple[Cause, ...] = (
    KNOWN,
    NOT_DELIVERED,
    TOO_FEW,
    NOT_HELD,
    NOT_APPLICABLE,
    HIDDEN,
    NOT_COMPARABLE,
    NOT_DISTINGUISHED,
)
"""In the order of the codes by which the dense store keeps them."""
