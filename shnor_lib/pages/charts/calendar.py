"""Measures along the calendar."""

from typing import Unpack

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num

from shnor_lib.pages.charts.drawing import (
    INTERVAL,
    NOTE,
    FigureWords,
    finished,
    label_rows,
    legend_below,
    scatter_words,
    tally,
    write_above,
)
from shnor_lib.pages.figures import INK, STYLE, Figure, new_drawing


def plot_timeline(
    measures: pd.DataFrame,
    *,
    row: str = "title",
    start: str = "",
    due: str = "due",
    status: str = "status",
    today: pd.Timestamp | None = None,
    **words: Unpack[FigureWords],
) -> Figure:
    """Measures along the calendar: a shape at the due date tells the status, a line shows the run-up to it.

    Parameters
    ----------
    measures : One row per measure; `due` (and `start` when given) are dates, `status` a code of the list of words
        `status`.
    today : Date of monitoring, drawn as a line. Never the clock: the same data must give the same page.
    """
    positions = np.arange(len(measures))
    dates = date2num(pd.to_datetime(measures[due]))
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=0.38 * len(measures) + 0.9)
        axes.grid(axis="x")
        if start:
            axes.hlines(positions, date2num(pd.to_datetime(measures[start])), dates, **INTERVAL)
        drawn = scatter_words(axes, dates, positions, measures[status], "status")
        label_rows(axes, measures[row].tolist())
        if today is not None:
            axes.axvline(date2num(today), color=INK, linewidth=1)
            write_above(axes, date2num(today), f" на {today:%d.%m.%Y}", color=INK)
        for position in positions[np.isnan(dates)]:
            axes.text(0.01, position, "без срока", transform=axes.get_yaxis_transform(), va="center", **NOTE)
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))
        axes.xaxis.set_major_formatter(DateFormatter("%m.%Y"))
        legend_below(drawing, drawn)
    described = f"Календарь мер: всего {len(measures)}. По статусу: {tally(measures[status], 'status')}."
    return finished(drawing, described, words)
