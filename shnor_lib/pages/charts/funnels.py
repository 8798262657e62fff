"""Funnel plots: results over their number, between the limits of chance and usual differences."""

from typing import Unpack

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from shnor_lib.pages.charts.drawing import (
    FigureWords,
    finished,
    legend_below,
    scatter_words,
    tally,
    wrapped,
)
from shnor_lib.pages.figures import GREY, INK, STYLE, DecimalComma, Figure, new_drawing
from shnor_lib.pages.words import Word

NEAR, FAR = {"color": GREY, "linewidth": 1, "linestyle": "--"}, {"color": GREY, "linewidth": 1, "linestyle": ":"}

LEAST_APART = 0.07
"""The least distance of two names, of the height of a panel; in points about the height of a line, nine."""


def apart(heights: np.ndarray, least: float) -> np.ndarray:
    """By how much each of some rising heights is raised so that the next is at least so far above.

    >>> apart(np.array([0.0, 1.0, 1.5, 9.0]), 2.0).tolist()
    [0.0, 1.0, 2.5, 0.0]
    """
    raised, floor = np.zeros(len(heights)), -np.inf
    for place, height in enumerate(heights):
        raised[place] = max(height, floor) - height
        floor = height + raised[place] + least
    return raised


def plot_funnels(
    schools: pd.DataFrame,
    *,
    lines: pd.DataFrame,
    panels: dict[str, str],
    label: str = "",
    across: int = 3,
    **words: Unpack[FigureWords],
) -> Figure:
    """A funnel a panel: each school at the number of its results, those beyond the dashed limits named.

    Parameters
    ----------
    schools : One row per `measure` and `school`: `results`, `difference` and the code `comparison`.
    lines : The limits over `results`: `low_near` and `high_near` (dashed), `low_far` and `high_far` (dotted).
    panels : The heading of each measure, in order.
    across : How many panels stand beside each other.
    """
    drawn: dict[str, Word] = {}
    with mpl.rc_context(STYLE):
        across = min(across, len(panels))
        down = -(-len(panels) // across)
        drawing, grid = new_drawing(
            height=0.6 + (2.7 if down == 1 else 1.55) * down, ncols=across, nrows=down, squeeze=False
        )
        for empty in grid.flat[len(panels) :]:
            empty.set_axis_off()
        for axes, (measure, heading) in zip(grid.flat, panels.items(), strict=False):
            own, ends = (frame[frame["measure"].eq(measure)] for frame in (schools, lines))
            for side in ("low", "high"):
                axes.plot(ends["results"], ends[f"{side}_near"], **NEAR)
                axes.plot(ends["results"], ends[f"{side}_far"], **FAR)
            axes.axhline(0, color=INK, linewidth=0.8)
            x, y = (own[name].to_numpy(float) for name in ("results", "difference"))
            drawn |= {entry.text: entry for entry in scatter_words(axes, x, y, own["comparison"], "comparison")}
            middle = (x.min() + x.max()) / 2
            outside = own[own["comparison"].ne("same")].sort_values("difference")
            raised = apart(outside["difference"].to_numpy(float), np.diff(axes.get_ylim())[0] * LEAST_APART)
            for one, up in zip(outside.itertuples(), raised, strict=True):
                left = one.results > middle
                axes.annotate(
                    wrapped(one.school, 16),
                    (one.results, one.difference),
                    xytext=(-6 if left else 6, up / LEAST_APART / np.diff(axes.get_ylim())[0] * 9),
                    textcoords="offset points",
                    ha="right" if left else "left",
                    va="center",
                    fontsize=6.5 if down > 1 else 7.5,
                ).set_in_layout(False)
            axes.set_title(heading, **({"fontsize": 8} if down > 1 else {}))
            axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
            axes.yaxis.set_major_formatter(DecimalComma(signed=True))
            axes.margins(x=0.12)
        drawing.supxlabel(label, fontsize=9, x=0.99, ha="right")
        legend_below(drawing, drawn.values())
    described = "; ".join(
        f"{heading}: {tally(schools.loc[schools['measure'].eq(measure), 'comparison'], 'comparison')}"
        for measure, heading in panels.items()
    )
    return finished(drawing, f"Воронки с пределами 95 и 99,8 %. {described}.", words)
