"""Lines over the years."""

import textwrap
from collections.abc import Mapping
from typing import Unpack

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from shnor_lib.pages.charts.drawing import FigureWords, finished, wrapped
from shnor_lib.pages.charts.matrices import spread
from shnor_lib.pages.figures import PALETTE, STYLE, DecimalComma, Figure, new_drawing
from shnor_lib.pages.numbers import SCHOOLS, agree, format_number, format_percent

LINES, MARKERS = ("-", "--", "-.", ":"), ("o", "s", "^", "D")
OTHERS = {"color": "#B4BAC0", "linewidth": 1, "marker": "o", "markersize": 3}


def plot_slope(
    values: pd.DataFrame,
    *,
    row: str = "school",
    highlight: tuple[str, ...] = (),
    as_percent: bool = False,
    label: str = "",
    **words: Unpack[FigureWords],
) -> Figure:
    """How each school moved over the years; the highlighted ones are named and told apart by line and marker.

    Parameters
    ----------
    values : One row per `row` and `year`; a missing year breaks the line.
    highlight : Up to four labels of `row`; the others stay grey.
    """
    if len(highlight) > len(PALETTE):
        raise ValueError(
            f"Рисунок {words['name']}: выделить можно не больше {len(PALETTE)} линий, передано {len(highlight)}."
        )
    wide = spread(values, "year", row, "value", words["name"]).sort_index().astype(float)
    steps = np.arange(len(wide))
    ends: dict[str, tuple[float, str]] = {}
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=4.2)
        for school in wide.columns.difference(highlight, sort=False):
            axes.plot(steps, wide[school], **OTHERS)
        for school, color, line, marker in zip(highlight, PALETTE, LINES, MARKERS, strict=False):
            axes.plot(steps, wide[school], color=color, linewidth=2, linestyle=line, marker=marker, markersize=6)
            if wide[school].notna().any():
                ends[school] = (float(wide[school].dropna().iloc[-1]), color)
        axes.margins(y=0.08)
        name_ends(axes, ends, steps[-1], as_percent)
        axes.set_xticks(steps, [str(each) for each in wide.index])
        axes.set_xlim(-0.15, steps[-1] + 0.15)
        axes.yaxis.set_major_formatter(DecimalComma(as_percent=as_percent))
        axes.grid(axis="y")
        axes.set_ylabel(label)
    named = f", выделены: {textwrap.shorten(', '.join(highlight), 150, placeholder='…')}" if highlight else ""
    described = f"Линии по годам {wide.index[0]}–{wide.index[-1]}: {agree(len(wide.columns), SCHOOLS)}{named}."
    return finished(drawing, described, words)


def name_ends(axes: Axes, ends: Mapping[str, tuple[float, str]], x: float, as_percent: bool) -> None:
    """Names at the right ends of lines, pushed apart so that they do not overlap."""
    low, high = axes.get_ylim()
    lowest_free = -np.inf
    for school, (value, color) in sorted(ends.items(), key=lambda end: end[1][0]):
        text = f"{wrapped(school, 26)}\n{format_percent(value) if as_percent else format_number(value)}"
        height = max(value, lowest_free)
        lowest_free = height + (high - low) * 0.045 * (text.count("\n") + 1)
        axes.annotate(
            text,
            (x, height),
            xytext=(12, 0),
            textcoords="offset points",
            va="center",
            color=color,
            fontsize=8.5,
            annotation_clip=False,
        )
