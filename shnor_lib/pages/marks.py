"""Small drawings that stand in a table or a line of text: inline SVG with an accessible name, coloured by the style sheet.

What a mark draws is said in its name, so that nobody needs to see it; the numbers stand in columns of the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from shnor_lib.pages.numbers import as_drawn, is_missing

ROW = 16
"""Height of a mark that is one line of a table, in pixels at 96 dots an inch."""


@dataclass(frozen=True)
class Mark:
    """A drawing and what it says.

    Attributes
    ----------
    says : its accessible name, also its text outside HTML.
    width, height : pixels at 96 dots an inch.
    shapes : SVG inside the drawing.
    """

    says: str
    width: int
    height: int
    shapes: str

    def html(self) -> str:
        return (
            f'<svg class="mark" role="img" aria-label="{escape(self.says)}" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}">{self.shapes}</svg>'
        )


@dataclass(frozen=True)
class Scale:
    """Where values of a range lie on a line of so many pixels, with room for a point at both ends.

    >>> Scale(-20, 0, 104).at(-10)
    52.0
    """

    low: float
    high: float
    width: int
    room: int = 4

    def at(self, value: float) -> float:
        span = self.high - self.low or 1
        inside = min(max((as_drawn(value) - self.low) / span, 0), 1)
        return round(self.room + inside * (self.width - 2 * self.room), 1)

    @classmethod
    def over(cls, values: Sequence[float | None], width: int, *, include: Sequence[float] = ()) -> Scale:
        """The scale of all values that a column shows, so that its marks can be compared."""
        known = [value for value in (*values, *include) if not is_missing(value)] or [0.0]
        return cls(min(known), max(known), width)


def sparkline(
    values: Sequence[float | None], scale: Scale, says: str, *, reference: float | None = 0.0, label: str = ""
) -> Mark:
    """A few years as a line with a point at the last known one; a broken line marks the reference, a gap an unknown year.

    Parameters
    ----------
    values : one a year, in order; missing ones leave a gap.
    scale : of the values, shared by the rows; its width is that of the mark, 40 pixels more with a label.
    label : printed beside the last point.
    """
    width, height = scale.width, 24
    upright = Scale(scale.low, scale.high, height)
    step = (width - 2 * scale.room) / max(len(values) - 1, 1)
    points = [
        None if is_missing(value) else (round(scale.room + place * step, 1), round(height - upright.at(value), 1))
        for place, value in enumerate(values)
    ]
    shapes = ""
    if reference is not None and scale.low <= reference <= scale.high:
        level = round(height - upright.at(reference), 1)
        shapes += f'<line class="reference" x1="0" x2="{width}" y1="{level}" y2="{level}"/>'
    for before, after in pairwise(points):
        if before and after:
            shapes += f'<line class="line" x1="{before[0]}" y1="{before[1]}" x2="{after[0]}" y2="{after[1]}"/>'
    known = [point for point in points if point]
    shapes += "".join(f'<circle class="value" cx="{x}" cy="{y}" r="1.6"/>' for x, y in known[:-1])
    if known:
        x, y = known[-1]
        shapes += f'<circle class="value" cx="{x}" cy="{y}" r="3"/>'
        if label:
            shapes += f'<text x="{x + 6}" y="{min(max(y + 4, 10), height - 1)}" font-size="11">{escape(label)}</text>'
    return Mark(says, width + (46 if label else 0), height, shapes)


def interval(
    value: float | None,
    ends: tuple[float | None, float | None],
    scale: Scale,
    says: str,
    *,
    references: Mapping[str, float | None] = {},
    band: tuple[float, float] | None = None,
    tone: str = "value",
) -> Mark:
    """A value with its interval on a line; references are upright strokes, the band is a wash behind them.

    Parameters
    ----------
    references : position by kind: ``municipality``, ``region`` or ``threshold``, each drawn in its own way.
    tone : ``value``; ``bad`` and ``good`` where the interval lies wholly on one side.
    """
    middle = ROW / 2
    shapes = f'<line class="axis" x1="{scale.room}" x2="{scale.width - scale.room}" y1="{middle}" y2="{middle}"/>'
    if band is not None:
        left, right = scale.at(band[0]), scale.at(band[1])
        shapes = f'<rect class="band" x="{left}" y="1" width="{round(right - left, 1)}" height="{ROW - 2}"/>' + shapes
    for kind, place in references.items():
        if not is_missing(place):
            x = scale.at(place)
            shapes += f'<line class="{escape(kind)}" x1="{x}" x2="{x}" y1="1" y2="{ROW - 1}"/>'
    low, high = ends
    if not is_missing(low) and not is_missing(high):
        shapes += (
            f'<line class="interval {tone}" x1="{scale.at(low)}" x2="{scale.at(high)}" y1="{middle}" y2="{middle}"/>'
        )
    if not is_missing(value):
        shapes += _point(scale.at(value), middle, tone)
    return Mark(says, scale.width, ROW, shapes)


def _point(x: float, y: float, tone: str) -> str:
    """A point whose shape says its tone too."""
    if tone == "bad":
        return f'<path class="bad" d="M{x - 4.5:.1f} {y - 3.5}h9l-4.5 7.5z"/>'
    if tone == "good":
        return f'<path class="good" d="M{x - 4.5:.1f} {y + 3.5}h9l-4.5 -7.5z"/>'
    return f'<circle class="value" cx="{x}" cy="{y}" r="3.5"/>'


def strip(
    points: Sequence[tuple[float, str]], scale: Scale, says: str, *, references: Mapping[str, float | None] = {}
) -> Mark:
    """Many values on one line, each a point by its tone (see :func:`interval`); those that say nothing lie behind as small rings."""
    middle = ROW / 2
    shapes = f'<line class="axis" x1="{scale.room}" x2="{scale.width - scale.room}" y1="{middle}" y2="{middle}"/>'
    for kind, place in references.items():
        if not is_missing(place):
            x = scale.at(place)
            shapes += f'<line class="{escape(kind)}" x1="{x}" x2="{x}" y1="1" y2="{ROW - 1}"/>'
    for value, tone in sorted(points, key=lambda point: point[1] != "value"):
        x = scale.at(value)
        shapes += (
            f'<circle class="start" cx="{x}" cy="{middle}" r="2.6"/>' if tone == "value" else _point(x, middle, tone)
        )
    return Mark(says, scale.width, ROW, shapes)


def bullet(value: float | None, goal: float | None, start: float | None, scale: Scale, says: str) -> Mark:
    """A target: a bar up to the value, an upright stroke at the goal, a small ring where it began."""
    middle = ROW / 2
    shapes = f'<rect class="band" x="{scale.room}" y="3" width="{scale.width - 2 * scale.room}" height="{ROW - 6}"/>'
    if not is_missing(value):
        shapes += f'<rect class="value" x="{scale.room}" y="5.5" width="{max(scale.at(value) - scale.room, 1.5):.1f}" height="5"/>'
    if not is_missing(start):
        shapes += f'<circle class="start" cx="{scale.at(start)}" cy="{middle}" r="3"/>'
    if not is_missing(goal):
        x = scale.at(goal)
        shapes += f'<line class="threshold" x1="{x}" x2="{x}" y1="1" y2="{ROW - 1}"/>'
    return Mark(says, scale.width, ROW, shapes)


TONES = ("first", "second", "third", "fourth", "fifth")
"""Fills of the parts of a bar, from the darkest; the last one is only outlined. Each part carries its number."""


def partition(parts: Sequence[tuple[str, int, str]], says: str, *, width: int = 300) -> Mark:
    """One bar that falls into parts with their counts; parts of none are left out.

    Parameters
    ----------
    parts : word, count and tone (one of :data:`TONES` or ``alarm``) of each, in order.
    """
    shown = [(word, count, tone) for word, count, tone in parts if count]
    total = sum(count for _, count, _ in shown) or 1
    least = 16  # room for its number
    spare = width - least * len(shown)
    shapes, x = "", 0.0
    for _, count, tone in shown:
        wide = least + spare * count / total
        shapes += f'<rect class="part {tone}" x="{x:.1f}" y="0.5" width="{wide:.1f}" height="{ROW + 1}"/>'
        shapes += (
            f'<text class="on-{tone}" x="{x + wide / 2:.1f}" y="13" font-size="11" text-anchor="middle">{count}</text>'
        )
        x += wide
    return Mark(says, width, ROW + 2, shapes)
