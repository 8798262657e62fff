"""Bars of shares."""

import textwrap
from collections.abc import Mapping
from typing import Unpack

import matplotlib as mpl
import numpy as np
import pandas as pd

from shnor_lib.pages.charts.drawing import FigureWords, finished, label_rows, write_missing
from shnor_lib.pages.figures import INK, ORANGE, PLUM, STYLE, TEAL, WHITE, DecimalComma, Figure, new_drawing
from shnor_lib.pages.numbers import format_percent

PARTS = ((PLUM, WHITE, ""), ("#D5DDE5", INK, ""), (TEAL, INK, "////"), (ORANGE, INK, "...."))  # fill, ink, hatch
NARROWEST_LABELLED = 0.06


def plot_stacked_shares(
    shares: pd.DataFrame, *, parts: Mapping[str, str], row: str = "label", **words: Unpack[FigureWords]
) -> Figure:
    """Parts of a whole as bars to 100 %: lowered, confirmed, raised marks; the value stands in every part it fits.

    Parameters
    ----------
    shares : One row per bar; the columns named in `parts` are proportions that sum to 1. With one of them unknown there is no bar.
    parts : Column id -> label, in order; up to four.
    """
    if len(parts) > len(PARTS):
        raise ValueError(f"Рисунок {words['name']}: частей {len(parts)}, а различимо не больше {len(PARTS)}.")
    positions, left = np.arange(len(shares)), np.zeros(len(shares))
    unknown = shares[list(parts)].isna().any(axis=1).to_numpy()
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=0.36 * len(shares) + 0.9)
        for (column, label), (fill, ink, hatch) in zip(parts.items(), PARTS, strict=False):
            widths = np.where(unknown, 0, shares[column].astype(float))
            axes.barh(positions, widths, left=left, color=fill, edgecolor=WHITE, hatch=hatch, height=0.72, label=label)
            plate = {"facecolor": fill, "edgecolor": "none", "pad": 1} if hatch else None
            for place in np.flatnonzero(widths >= NARROWEST_LABELLED):
                middle = left[place] + widths[place] / 2
                text = format_percent(widths[place])
                axes.text(middle, place, text, ha="center", va="center", color=ink, fontsize=8, bbox=plate)
            left = left + widths
        write_missing(axes, 0, positions[unknown])
        label_rows(axes, shares[row].tolist())
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(DecimalComma(as_percent=True))
        drawing.legend(loc="outside upper left", ncols=len(parts), handlelength=1.4, columnspacing=1.4)
    described = (
        f"Столбики до 100 %: строк {len(shares)}, части: "
        f"{textwrap.shorten(', '.join(parts.values()), 200, placeholder='…')}."
    )
    return finished(drawing, described, words)
