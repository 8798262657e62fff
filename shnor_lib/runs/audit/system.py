"""The published numbers as one system of linear relations between whole numbers that are not negative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from shnor_lib.inputs.dictionary import table
from shnor_lib.runs.audit.facts import MUNICIPALITY, Cell, Expression, Fact, Printed, added, less
from shnor_lib.runs.audit.reading import is_scored, quantities

LARGEST = 100_000
"""More persons than any count of an office has."""

EXACT = Fraction(1, 10**8)
"""A rate known closer than this is a fraction of two counts, and there is one such fraction."""


@dataclass(frozen=True)
class Kept:
    """A number that must not be told.

    Attributes
    ----------
    of : the count or sum of counts.
    hidden : whether a table prints «скрыто» for it; else it stands nowhere, and only a small count that is told is a leak.
    place : where it is hidden, or ``""``.
    itself : whether the hidden cell is this number, not a rate that it is a part or the whole of.
    """

    of: Expression
    hidden: bool
    place: str
    itself: bool = False


@dataclass
class System:
    """Rows ``low <= coefficients · counts <= high``; ``why`` is the kind of each row; ``taken``: counts of nobody less than one."""

    cells: dict[object, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float, str]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def place(self, cell: object) -> int:
        """The number of a count, a new one if it is not there yet."""
        return self.cells.setdefault(cell, len(self.cells))

    def add(self, expression: Expression, low: float, high: float, why: str) -> None:
        """One more row."""
        if expression:
            self.rows.append(({self.place(cell): float(n) for cell, n in expression.items()}, low, high, why))

    def matrix(self, rows: Iterable[int] | None = None) -> tuple[csr_array, np.ndarray, np.ndarray]:
        """Coefficients, low and high ends."""
        chosen = self.rows if rows is None else [self.rows[row] for row in rows]
        pointers = np.cumsum([0, *(len(one[0]) for one in chosen)])
        places = np.array([place for one in chosen for place in one[0]], dtype=np.int64)
        numbers = np.array([n for one in chosen for n in one[0].values()], dtype=float)
        matrix = csr_array((numbers, places, pointers), shape=(len(chosen), len(self.cells)))
        return matrix, np.array([one[1] for one in chosen]), np.array([one[2] for one in chosen])


class Parts:
    """The parts that published tables name, by table, unit, year and wave: what «all grades» is a sum over.

    What a school has the municipality has too.
    """

    def __init__(self, facts: Iterable[Fact]):
        self.known: dict[tuple, set[str]] = defaultdict(set)
        for fact in facts:
            for cell in (*fact.top, *(fact.whole or {})):
                if "*" not in cell.part:
                    for unit in (cell.unit, MUNICIPALITY):
                        self.known[cell.table, unit, cell.year, cell.wave].add(cell.part)
        for (name, *_), known in self.known.items():
            compounds = quantities().compounds.get(name, {})
            known |= {one for one, parts in compounds.items() if not known.isdisjoint(parts)}

    def matching(self, cell: Cell) -> list[Cell]:
        """The counts a count over several parts is the sum of."""
        if "*" not in cell.part:
            return [cell]
        parts = self.known[cell.table, cell.unit, cell.year, cell.wave]
        return [cell._replace(part=part) for part in sorted(parts) if fnmatchcase(part, cell.part)]

    def spread(self, expression: Expression | None) -> dict[Any, int] | None:
        """The expression over single parts."""
        if expression is None:
            return None
        return added({one: times} for cell, times in expression.items() for one in self.matching(cell))


def system_of(facts: list[Fact], limit: int = 0) -> tuple[System, list[Kept]]:
    """The system of all facts and of what anybody knows besides, and the numbers that must not be told.

    ``limit``: a count from it on that a table prints may be hidden in another one; a smaller one must not.
    """
    parts = Parts(facts)
    system = System()
    kept: list[Kept] = []
    seen: set[tuple] = set()
    printed: dict[tuple, float] = {}
    for fact in facts:
        top, whole = parts.spread(fact.top), parts.spread(fact.whole)
        if not top or whole == {}:
            continue
        if whole is None and len(top) == 1 and _is_taken(*top):
            system.taken.add(system.place(*top))
        if fact.printed is None:
            kept.extend(_hidden(top, whole, fact.place))
            for one in (top, whole or {}):
                for cell in one:
                    system.place(cell)
            continue
        key = (tuple(top.items()), tuple((whole or {}).items()), fact.printed)
        if key not in seen:
            seen.add(key)
            _say(system, top, whole, fact.printed, fact.place)
            if whole is None and not fact.follows:
                printed[tuple(sorted(top.items()))] = float(fact.printed.low)
    for rows in (_of_rows(system), _of_schools(system), _of_compounds(system)):
        for expression, low, high, why in rows:
            system.add(expression, low, high, why)
    kept.extend(
        Kept({cell: 1}, False, "")
        for cell in list(system.cells)
        if isinstance(cell, Cell) and cell.unit != MUNICIPALITY and cell.table in quantities().summed
    )
    return system, _once(kept, printed, limit or LARGEST, system)


def _is_taken(cell: Any) -> bool:
    """Whether a count is of the participants of a school in a procedure: a row of a table says that somebody took it."""
    return (
        isinstance(cell, Cell)
        and (cell.table, cell.column) == ("exam_results", "participants")
        and cell.unit != MUNICIPALITY
        and "*" not in cell.part
    )


def _once(kept: list[Kept], printed: dict[tuple, float], limit: int, system: System) -> list[Kept]:
    """Each number once; one that is printed somewhere only where its own cell is hidden elsewhere and it is below the limit.

    A number of participants whose every part is printed, none of them below the limit, tells of nobody either.
    """
    found: dict[tuple, Kept] = {}
    for one in kept:
        key = tuple(sorted(one.of.items()))
        if not key or (key in printed and not (one.itself and printed[key] < limit)):
            continue
        parts = [part for cell in one.of for part in _parts_of(cell, system)]
        if parts and all(printed.get(((part, 1),), 0) >= limit for part in parts):
            continue
        found.setdefault(key, one)
    return list(found.values())


def _parts_of(cell: Any, system: System) -> list[Cell]:
    """The numbers of participants that a number of participants is the sum of."""
    if not isinstance(cell, Cell) or cell.column != "participants":
        return []
    others = quantities().compounds.get(cell.table, {}).get(cell.part, ())
    return [part for part in (cell._replace(part=one) for one in others) if part in system.cells]


def _hidden(top: Expression, whole: Expression | None, place: str) -> Iterator[Kept]:
    """What a hidden cell keeps: the number, or the part of a rate, its rest and its whole; weighted sums of marks are none."""
    counted = all(times == 1 for times in top.values())
    if counted:
        yield Kept(top, True, place, itself=whole is None)
    if whole is not None:
        yield Kept(whole, True, place)
        if counted:
            yield Kept(less(whole, top), True, place)


def _say(system: System, top: Expression, whole: Expression | None, printed: Printed, place: str) -> None:
    """The rows of a printed number."""
    if whole is None:
        system.add(top, float(printed.low), float(printed.high), "число")
        return
    if printed.half <= EXACT:
        exact = printed.value.limit_denominator(20_000)
        if abs(exact - printed.value) <= printed.half * 2:
            share = ("кратное", *sorted(whole.items()), place)
            system.add(less(whole, {share: exact.denominator}), 0, 0, "доля без округления")
            system.add(less(top, {share: exact.numerator}), 0, 0, "доля без округления")
            return
    for end, low, high in ((printed.low, 0.0, np.inf), (printed.high, -np.inf, 0.0)):
        scale = end.denominator
        scaled = {cell: times * scale for cell, times in top.items()}
        system.add(
            less(scaled, {cell: times * end.numerator for cell, times in whole.items()}),
            low,
            high,
            "доля с округлением",
        )


def _of_rows(system: System) -> Iterator[tuple[Expression, float, float, str]]:
    """Counts of one row of a table: parts of a whole, falling chains."""
    rows = {cell._replace(column="") for cell in list(system.cells) if isinstance(cell, Cell)}
    for row in sorted(rows):
        of = quantities().relations
        own = [
            of[name]
            for name in (row.table, f"{row.table}/{'scored' if is_scored(row.part) else 'marked'}")
            if name in of
        ]
        scored = row.table == "exam_results" and is_scored(row.part)

        def known(*columns: str, row: Cell = row) -> list[Cell]:
            return [row._replace(column=one) for one in columns]

        if not scored:
            for total in table(row.table).totals:
                every = known(*total.parts)
                if any(one in system.cells for one in every):
                    yield less(added({one: 1} for one in every), {known(total.whole[0])[0]: 1}), 0, 0, "части и целое"
        for part in table(row.table).parts:
            for whole in known(*part.whole):
                for one in known(*part.parts):
                    if one in system.cells and whole in system.cells:
                        yield {whole: 1, one: -1}, 0, np.inf, "часть не больше целого"
        for relations in own:
            for chain in relations.chain:
                for more, fewer in pairwise(one for one in known(*chain) if one in system.cells):
                    yield {more: 1, fewer: -1}, 0, np.inf, "цепь"
            for within in relations.within:
                some = [one for one in known(*within.parts) if one in system.cells]
                if some:
                    rest = less({known(within.whole)[0]: 1}, added({one: 1} for one in some))
                    yield rest, 0, np.inf, "части не больше целого"
            for cover in relations.covered:
                some, whole = known(*cover.parts), known(cover.whole)[0]
                if whole in system.cells and all(one in system.cells for one in some):
                    yield less(added({one: 1} for one in some), {whole: 1}), 0, np.inf, "части покрывают целое"


def _of_schools(system: System) -> Iterator[tuple[Expression, float, float, str]]:
    """Sums over the schools of a municipality."""
    schools = defaultdict(set)
    for cell in list(system.cells):
        if isinstance(cell, Cell) and cell.unit != MUNICIPALITY and cell.table in quantities().summed:
            schools[cell._replace(unit=MUNICIPALITY, column="")].add(cell.unit)
    for cell in list(system.cells):
        if isinstance(cell, Cell) and cell.unit == MUNICIPALITY:
            units = schools.get(cell._replace(column=""))
            if units:
                yield less({cell: 1}, {cell._replace(unit=unit): 1 for unit in sorted(units)}), 0, 0, "сумма школ"


def _of_compounds(system: System) -> Iterator[tuple[Expression, float, float, str]]:
    """Counts that are sums over other parts."""
    for name, compounds in quantities().compounds.items():
        for part, others in compounds.items():
            for cell in list(system.cells):
                if isinstance(cell, Cell) and cell.table == name and cell.part == part:
                    every = [
                        cell._replace(
                            part=one,
                            column="mark_2" if cell.column == "below_minimum" and not is_scored(one) else cell.column,
                        )
                        for one in others
                    ]
                    every = [
                        one
                        for one in every
                        if one in system.cells or one._replace(column="participants") in system.cells
                    ]
                    if every:
                        yield less({cell: 1}, dict.fromkeys(every, 1)), 0, 0, "составной показатель"
