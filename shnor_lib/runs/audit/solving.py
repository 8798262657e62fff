"""How far each kept number can be told: bounds by propagation, then by whole-number programmes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array
from scipy.sparse.csgraph import connected_components

from shnor_lib.runs.audit.system import LARGEST, Kept, System

ROUNDS = 60
TURNS = 60
IDLE = 4
PACK = 600
SUM = "сумма школ"
TINY = 1e-6
NEAR_ENOUGH = 0.3
"""To see counts that lie far apart a programme need not be solved to its end."""


class Contradiction(Exception):
    """No counts fit the rows."""


def propagate(matrix: csr_array, low: np.ndarray, high: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
    """Tighten the bounds of whole numbers by one row at a time until nothing moves; in place.

    Raises
    ------
    Contradiction
        When a bound passes the other.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    places, numbers = matrix.indices, matrix.data
    positive = numbers > 0
    for _ in range(ROUNDS):
        least = np.where(positive, numbers * lower[places], numbers * upper[places])
        most = np.where(positive, numbers * upper[places], numbers * lower[places])
        sum_least = np.bincount(rows, weights=least, minlength=matrix.shape[0])
        sum_most = np.bincount(rows, weights=most, minlength=matrix.shape[0])
        with np.errstate(invalid="ignore"):
            room_up = (high[rows] - (sum_least[rows] - least)) / numbers
            room_down = (low[rows] - (sum_most[rows] - most)) / numbers
        new_upper = np.where(positive, room_up, room_down)
        new_lower = np.where(positive, room_down, room_up)
        up, down = upper.copy(), lower.copy()
        np.minimum.at(up, places, np.floor(np.where(np.isfinite(new_upper), new_upper, np.inf) + TINY))
        np.maximum.at(down, places, np.ceil(np.where(np.isfinite(new_lower), new_lower, -np.inf) - TINY))
        if (down > up).any():
            raise Contradiction
        if (up == upper).all() and (down == lower).all():
            return
        upper[:], lower[:] = up, down


@dataclass
class Told:
    """A kept number that can be told: its least and largest values."""

    kept: Kept
    low: int
    high: int


@dataclass
class Found:
    """What an attack found.

    ``asked``: how many kept numbers were looked at; ``open``: those that time did not suffice for; ``without_sums``: groups of
    numbers whose sums over schools do not add up, so that they were left out; ``contradictory``: those that no counts fit even then.
    """

    told: list[Told] = field(default_factory=list)
    asked: int = 0
    open: int = 0
    without_sums: int = 0
    contradictory: int = 0


@dataclass
class Piece:
    """Rows and free counts that hang together, the kept numbers among them, and the values seen so far."""

    matrix: csr_array
    low: np.ndarray
    high: np.ndarray
    sums: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    targets: dict[int, int]

    def __post_init__(self) -> None:
        self.least = np.full(len(self.lower), np.inf)
        self.most = np.full(len(self.lower), -np.inf)

    def see(self, values: np.ndarray) -> None:
        """One more set of counts, if it fits when rounded: solvers work to a tolerance."""
        sums, tolerance = self.matrix @ values, TINY * (1 + abs(self.matrix) @ np.abs(values)) * 1e-3
        if (sums < self.low - tolerance).any() or (sums > self.high + tolerance).any():
            return
        np.minimum(self.least, values, out=self.least)
        np.maximum(self.most, values, out=self.most)


def attack(system: System, kept: list[Kept], limit: int, seconds: float) -> Found:
    """How far every kept number can be told.

    Parameters
    ----------
    limit : a count below it is small.
    seconds : after so long, what is not decided is counted as open.
    """
    ends = time.monotonic() + seconds
    targets = [_target(system, one, number) for number, one in enumerate(kept)]
    found = Found(asked=len(kept))
    pieces = _pieces_of(system, kept, dict(enumerate(targets)), limit, found)
    for pack in _packs(pieces):
        _widen(pack, kept, ends)
    for piece in pieces:
        _settle(piece, kept, limit, ends, found)
    return found


def _target(system: System, one: Kept, number: int) -> int:
    """The place of a kept number: its own, or that of a new one that a row makes equal to it."""
    if len(one.of) == 1 and next(iter(one.of.values())) == 1:
        return system.place(next(iter(one.of)))
    system.add({**one.of, ("искомое", number): -1}, 0, 0, "искомое")
    return system.place(("искомое", number))


def _pieces_of(system: System, kept: list[Kept], targets: dict[int, int], limit: int, found: Found) -> list[Piece]:
    """What propagation leaves open; what it tells goes to ``found``."""
    matrix, low, high = system.matrix()
    sums = np.array([one[3] == SUM for one in system.rows])
    lower, upper = np.zeros(len(system.cells)), np.full(len(system.cells), float(LARGEST))
    lower[sorted(system.taken)] = 1
    kept_rows = np.ones(len(system.rows), dtype=bool)
    for places, rows in _together(matrix, np.ones(len(system.cells), dtype=bool)):
        try:
            _narrow(matrix, low, high, lower, upper, places, rows)
        except Contradiction:
            found.without_sums += 1
            kept_rows[rows[sums[rows]]] = False
            try:
                _narrow(matrix, low, high, lower, upper, places, rows[~sums[rows]])
            except Contradiction:
                found.contradictory += 1
                kept_rows[rows] = False
    free = lower < upper
    asked: dict[int, list[int]] = {}
    for number, place in targets.items():
        if is_told(kept[number], lower[place], upper[place], limit):
            found.told.append(Told(kept[number], int(lower[place]), int(upper[place])))
        elif free[place] and may_be_told(kept[number], lower[place], limit):
            asked.setdefault(place, []).append(number)
    matrix, low, high, sums = matrix[kept_rows], low[kept_rows], high[kept_rows], sums[kept_rows]
    shift = matrix @ np.where(free, 0, lower)
    pieces = []
    for places, rows in _together(matrix, free):
        own = {number: at for at, place in enumerate(places) for number in asked.get(place, [])}
        if own:
            part = matrix[rows][:, places]
            ends = low[rows] - shift[rows], high[rows] - shift[rows]
            pieces.append(Piece(part, *ends, sums[rows], lower[places], upper[places], own))
    return pieces


def _narrow(matrix, low, high, lower, upper, places, rows) -> None:
    """Propagate over some rows and counts; nothing is changed where they contradict."""
    down, up = lower[places], upper[places]
    propagate(matrix[rows][:, places], low[rows], high[rows], down, up)
    lower[places], upper[places] = down, up


def _together(matrix: csr_array, free: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Free counts that hang together by rows, and these rows; the smallest first."""
    places = np.flatnonzero(free)
    inner = matrix[:, places]
    rows = np.flatnonzero(np.diff(inner.indptr) > 0)
    inner = inner[rows]
    first = inner.indices[inner.indptr[:-1]]
    links = csr_array(
        (np.ones(inner.nnz), (np.repeat(first, np.diff(inner.indptr)), inner.indices)), shape=[len(places)] * 2
    )
    count, label = connected_components(links, directed=False)
    row_label = label[first]
    by_place, by_row = np.argsort(label, kind="stable"), np.argsort(row_label, kind="stable")
    ends = np.arange(1, count)
    groups = zip(
        np.split(places[by_place], np.searchsorted(label[by_place], ends)),
        np.split(rows[by_row], np.searchsorted(row_label[by_row], ends)),
        strict=True,
    )
    return sorted(groups, key=lambda group: len(group[0]))


def _packs(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that are solved at once: each programme costs more to set up than to solve."""
    packs: list[list[Piece]] = []
    size = PACK
    for piece in pieces:
        if size + len(piece.lower) > PACK:
            packs.append([])
            size = 0
        packs[-1].append(piece)
        size += len(piece.lower)
    return packs


def _solve(pieces: list[Piece], weights: list[np.ndarray], ends: float, gap: float = 0.0) -> bool:
    """Counts that fit and make the weighted sum least; whether that was proved. What was found is seen by the pieces.

    ``gap``: how far from the least, in parts of it, the sum may be.

    Raises
    ------
    Contradiction
        When no counts fit.
    """
    left = ends - time.monotonic()
    if left <= 0:
        return False
    matrix = (
        pieces[0].matrix if len(pieces) == 1 else csr_array(block_diag([one.matrix for one in pieces], format="csr"))
    )
    joined = {
        name: np.concatenate([getattr(one, name) for one in pieces]) for name in ("low", "high", "lower", "upper")
    }
    answer = milp(
        np.concatenate(weights),
        integrality=np.ones(len(joined["lower"])),
        bounds=Bounds(joined["lower"], joined["upper"]),
        constraints=LinearConstraint(matrix, joined["low"], joined["high"]),
        options={"time_limit": left, "mip_rel_gap": gap},
    )
    if answer.status == 2:
        raise Contradiction
    if answer.x is not None:
        sizes = np.cumsum([len(one.lower) for one in pieces])[:-1]
        for one, values in zip(pieces, np.split(np.round(answer.x), sizes), strict=True):
            one.see(values)
    return answer.status == 0


def _widen(pack: list[Piece], kept: list[Kept], ends: float) -> None:
    """See counts that lie far apart: most numbers are shown to be free by a few of them."""
    generator = np.random.default_rng(0)
    idle, before = 0, -1
    for turn in range(TURNS):
        unsafe = [(one, places) for one in pack if (places := [one.targets[n] for n in _unsafe(one, kept)])]
        left = sum(len(places) for _, places in unsafe)
        idle = idle + 1 if left == before else 0
        before = left
        if not left or idle > IDLE or time.monotonic() > ends:
            return
        weights = []
        for piece, places in unsafe:
            weight = np.zeros(len(piece.lower))
            some = places if turn < 2 else generator.choice(places, 1 + len(places) // 4, replace=False)
            weight[some] = 1.0 - 2 * turn if turn < 2 else generator.choice([-1.0, 1.0], len(some))
            weights.append(weight)
        try:
            _solve([piece for piece, _ in unsafe], weights, ends, NEAR_ENOUGH)
        except Contradiction:
            return


def _unsafe(piece: Piece, kept: list[Kept]) -> list[int]:
    """Kept numbers that the counts seen do not show to be free."""
    return [n for n, at in piece.targets.items() if not is_free(kept[n], piece.least[at], piece.most[at])]


def _settle(piece: Piece, kept: list[Kept], limit: int, ends: float, found: Found) -> None:
    """The least and the largest value of each number that is not free yet."""
    try:
        for number in _unsafe(piece, kept):
            at = piece.targets[number]
            proved = True
            for sign in (1.0, -1.0):
                if not is_free(kept[number], piece.least[at], piece.most[at]):
                    weight = np.zeros(len(piece.lower))
                    weight[at] = sign
                    proved &= _solve([piece], [weight], ends)
            if is_free(kept[number], piece.least[at], piece.most[at]):
                continue
            if not proved:
                found.open += 1
            elif is_told(kept[number], piece.least[at], piece.most[at], limit):
                found.told.append(Told(kept[number], int(piece.least[at]), int(piece.most[at])))
    except Contradiction:
        if piece.sums.any():
            found.without_sums += 1
            rest = ~piece.sums
            _settle(
                Piece(
                    piece.matrix[rest],
                    piece.low[rest],
                    piece.high[rest],
                    piece.sums[rest],
                    piece.lower,
                    piece.upper,
                    piece.targets,
                ),
                kept,
                limit,
                ends,
                found,
            )
        else:
            found.contradictory += 1


def is_told(kept: Kept, low: float, high: float, limit: int) -> bool:
    """Whether bounds tell a number: a small count is known, or a hidden one is known within two persons below ten."""
    if kept.hidden:
        return (low == high and low < limit) or (high - low <= 4 and high < 14)
    return low == high and 0 < low < limit


def may_be_told(kept: Kept, low: float, limit: int) -> bool:
    """Whether better bounds could still tell it."""
    return low < 14 if kept.hidden else low < limit


def is_free(kept: Kept, least: float, most: float) -> bool:
    """Whether the values found already show that it cannot be told."""
    return (most - least > 4 or most >= 14) if kept.hidden else (most > least)
