"""Per cent become counts: rounded so that they add up to the number of participants, and the rounding is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shnor_lib.inputs.importers.cells import decimals, number


@dataclass(frozen=True)
class Counts:
    """Counts of participants.

    Attributes
    ----------
    values : one count per share; they add up to the number of participants.
    adjusted : simple rounding did not add up, and the largest remainders decided.
    fitting : every share is that of a whole number of participants, as far as its digits tell.
    """

    values: tuple[int, ...]
    adjusted: bool
    fitting: bool


def counts_from_percents(percents: Sequence[str], participants: int) -> Counts | None:
    """Counts behind shares printed in per cent.

    Parameters
    ----------
    percents : the cells; an empty one is 0. Cells that Excel shows as per cent hold shares of 1: told by their sum.
    participants : persons (N).

    Returns
    -------
    round(N·p/100); where these do not add up to N, the whole parts and one more for the largest remainders. ``None`` when a
    cell is no number or the shares do not add up to 100 per cent within the rounding of their digits (at least 0.1).

    Examples
    --------
    >>> counts_from_percents(["0.1667", "0.3333", "0,3333", "0.1667"], 30).values
    (5, 10, 10, 5)
    >>> counts_from_percents(["33.33", "33,33", "33.33", "0"], 3).values
    (1, 1, 1, 0)
    >>> counts_from_percents(["25", "25", "25", "25"], 2)
    Counts(values=(1, 1, 0, 0), adjusted=True, fitting=False)
    >>> counts_from_percents(["40", "40", "40", "0"], 5) is None
    True
    """
    shares = [number(text) if text else 0.0 for text in percents]
    if participants < 0 or any(share is None or not 0 <= share <= 100 for share in shares):
        return None
    digits = max((decimals(text) for text in percents if text), default=0)
    if abs(sum(shares) - 1) <= (0.5 * 10**-digits * len(shares) if digits > 1 else 0) + 1e-9:
        shares, digits = [100 * share for share in shares], max(digits - 2, 0)
    slack = 0.5 * 10**-digits
    if participants and abs(sum(shares) - 100) > max(0.1, slack * len(shares)):
        return None
    exact = [participants * share / 100 for share in shares]
    rounded = [int(value + 0.5) for value in exact]
    adjusted = sum(rounded) != participants
    if adjusted:
        scaled = [participants * share / sum(shares) for share in shares]
        rounded = [int(value + 1e-9) for value in scaled]
        remainders = sorted(range(len(scaled)), key=lambda place: (rounded[place] - scaled[place], place))
        for place in remainders[: participants - sum(rounded)]:
            rounded[place] += 1
    error = participants * slack / 100 + 1e-6
    fitting = all(abs(count - value) <= error for count, value in zip(rounded, exact, strict=True))
    return Counts(tuple(rounded), adjusted, fitting)
