"""Funnel plots: results over their number, between the limits of chance and usual differences."""

from typing import Unpack

import matplotlib as mpl
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


def plot_funnels(
    schools: pd.DataFrame,
    *,
    lines: pd.DataFrame,
    panels: dict[str, str],
    label: str = "",
    **words: Unpack[FigureWords],
) -> Figure:
    """A funnel a panel: each school at the number of its results, those beyond the dashed limits named.

    Parameters
    ----------
    schools : One row per `measure` and `school`: `results`, `difference` and the code `comparison`.
    lines : The limits over `results`: `low_near` and `high_near` (dashed), `low_far` and `high_far` (dotted).
    panels : The heading of each measure, in order.
    """
    drawn: dict[str, Word] = {}
    with mpl.rc_context(STYLE):
        drawing, row = new_drawing(height=3.3, ncols=len(panels), squeeze=False)
        for axes, (measure, heading) in zip(row[0], panels.items(), strict=True):
            own, ends = (frame[frame["measure"].eq(measure)] for frame in (schools, lines))
            for side in ("low", "high"):
                axes.plot(ends["results"], ends[f"{side}_near"], **NEAR)
                axes.plot(ends["results"], ends[f"{side}_far"], **FAR)
            axes.axhline(0, color=INK, linewidth=0.8)
            x, y = (own[name].to_numpy(float) for name in ("results", "difference"))
            drawn |= {entry.text: entry for entry in scatter_words(axes, x, y, own["comparison"], "comparison")}
            for one in own[own["comparison"].ne("same")].itertuples():
                axes.annotate(wrapped(one.school, 16), (one.results, one.difference), xytext=(6, 0),
                              textcoords="offset points", va="center", fontsize=7.5)  # fmt: skip
            axes.set_title(heading)
            axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
            axes.yaxis.set_major_formatter(DecimalComma(signed=True))
            axes.margins(x=0.12)
        drawing.supxlabel(label, fontsize=9)
        legend_below(drawing, drawn.values())
    described = "; ".join(
        f"{heading}: {tally(schools.loc[schools['measure'].eq(measure), 'comparison'], 'comparison')}"
        for measure, heading in panels.items()
    )
    return finished(drawing, f"Воронки с пределами 95 и 99,8 %. {described}.", words)
