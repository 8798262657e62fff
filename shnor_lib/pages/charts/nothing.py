"""What stands where a chart has no row to draw."""

from typing import Unpack

import matplotlib as mpl

from shnor_lib.pages.charts.drawing import NOTE, FigureWords, finished
from shnor_lib.pages.figures import STYLE, Figure, new_drawing

SAID = "Показывать нечего: строк с данными нет."


def plot_nothing(**words: Unpack[FigureWords]) -> Figure:
    """A line that says that there is nothing to show, in place of axes without a point."""
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=0.6)
        axes.set_axis_off()
        axes.text(0, 0.5, SAID, va="center", transform=axes.transAxes, **NOTE)
    return finished(drawing, SAID, words)
