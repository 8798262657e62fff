"""What the charts share: labels, shapes for words, legends, and the step from a drawing to a figure."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from shnor_lib.pages.figures import GREY, NAVY, PLUM, TEAL, WHITE, Figure
from shnor_lib.pages.numbers import NO_DATA, is_missing
from shnor_lib.pages.tables import Table
from shnor_lib.pages.words import WORDS, Word, word

ROW_HEIGHT = 0.3  # inches
LABEL_WIDTH = 46  # letters beside a row
SHAPES = {"■": "s", "□": "s", "▲": "^", "▼": "v", "●": "o", "○": "o", "◊": "D", "": "o"}
HOLLOW = ("□", "○", "◊")
TONE_LINE = {"strong": PLUM, "medium": TEAL, "plain": NAVY, "faint": GREY}
INTERVAL = {"color": GREY, "linewidth": 1.3}
NOTE = {"color": GREY, "fontsize": 8}


class FigureWords(TypedDict):
    """The words of a figure, as in `Figure`."""

    name: str
    caption: str
    numbers: Table | str
    alt: NotRequired[str]
    source: NotRequired[str]
    reading: NotRequired[str]


def finished(drawing: Drawing, described: str, words: FigureWords) -> Figure:
    """The figure of a drawing; `described` stands in where no description was given."""
    alt = words.get("alt") or textwrap.shorten(described, 300, placeholder=" …")
    return Figure(drawing, **{**words, "alt": alt})


def wrapped(text: object, width: int, lines: int = 2) -> str:
    """A label of at most `lines` lines; the table beside the chart holds the name in full."""
    return "\n".join(textwrap.wrap(str(text), width, max_lines=lines, placeholder=" …", break_long_words=False))


def label_rows(axes: Axes, labels: Sequence[object]) -> None:
    """One row a label, the first on top, with room above it for what is written over the rows."""
    axes.set_yticks(np.arange(len(labels)), [wrapped(label, LABEL_WIDTH) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.9)
    axes.spines["left"].set_visible(False)


def write_above(axes: Axes, x: float, text: str, align: str = "left", color: str = GREY) -> None:
    axes.text(x, -0.85, text, ha=align, va="bottom", fontsize=8, color=color)


def write_missing(axes: Axes, x: float, positions: Iterable[float]) -> None:
    """Say in its row that a value is missing, instead of leaving the row empty."""
    for position in positions:
        axes.text(x, position, f"  {NO_DATA}", va="center", **NOTE)


def scatter_words(axes: Axes, x: np.ndarray, y: np.ndarray, codes: Iterable[object], vocabulary: str) -> list[Word]:
    """Draw the shape of each code at its place; gives the words that were drawn, for the legend."""
    fallback = list(WORDS[vocabulary])[-1]
    known = np.array([fallback if is_missing(code) else code for code in codes], dtype=object)
    drawn = []
    for code in [*WORDS[vocabulary], *set(known) - set(WORDS[vocabulary])]:
        entry = word(vocabulary, code)
        chosen = (known == code) & ~np.isnan(x)
        if chosen.any():
            axes.scatter(x[chosen], y[chosen], s=46, zorder=3, **shape_of(entry))
            drawn.append(entry)
    return drawn


def shape_of(entry: Word) -> dict:
    color = TONE_LINE[entry.tone]
    face = WHITE if entry.mark in HOLLOW else color
    return {"marker": SHAPES[entry.mark], "facecolor": face, "edgecolor": color, "linewidths": 1.5}


def legend_below(drawing: Drawing, drawn: Iterable[Word]) -> None:
    handles = [legend_handle(entry) for entry in drawn]
    if handles:
        drawing.legend(
            handles=handles, loc="outside lower left", ncols=len(handles), handletextpad=0.4, columnspacing=1.6
        )


def legend_handle(entry: Word) -> Line2D:
    shape = shape_of(entry)
    style = {"marker": shape["marker"], "markeredgecolor": shape["edgecolor"], "markerfacecolor": shape["facecolor"]}
    return Line2D([], [], linestyle="", markersize=7, markeredgewidth=1.5, label=entry.text, **style)


def tally(codes: Iterable[object], vocabulary: str) -> str:
    """How often each word occurs: "выполнен – 3, не выполнен – 11"."""
    codes = list(codes)
    counts = {code: codes.count(code) for code in WORDS[vocabulary]}
    return ", ".join(f"{word(vocabulary, code).text} – {count}" for code, count in counts.items() if count)
