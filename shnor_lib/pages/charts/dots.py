"""Dot charts: one row a school, a shape for the verdict or the comparison, a line for the interval."""

from typing import Unpack

import matplotlib as mpl
import numpy as np
import pandas as pd

from shnor_lib.pages.charts.drawing import (
    INTERVAL,
    ROW_HEIGHT,
    FigureWords,
    finished,
    label_rows,
    legend_below,
    scatter_words,
    tally,
    write_above,
    write_missing,
)
from shnor_lib.pages.figures import INK, PAGE_WIDTH, STYLE, DecimalComma, Figure, new_drawing
from shnor_lib.pages.numbers import SCHOOLS, agree, format_number, format_percent

ROW_LINE = {"color": "#E6E9EC", "linewidth": 0.6, "zorder": 0}
AXIS_HEIGHT = 1.0  # inches for the axis, its label and the legend


def plot_distance_to_threshold(
    distances: pd.DataFrame,
    *,
    as_percent: bool = False,
    width: float = PAGE_WIDTH,
    **words: Unpack[FigureWords],
) -> Figure:
    """How far each school is from the threshold of a criterion.

    Parameters
    ----------
    distances : One row per school: `school`, `margin` (positive on the side of needing help) and the `verdict` code. A
        missing margin is written in words.
    as_percent : The margin is a difference of proportions: the axis is in percentage points.
    width : of the drawing, inches.
    """
    scale = 100 if as_percent else 1
    values = numeric(distances["margin"]) * scale
    positions = np.arange(len(values))
    missing = np.isnan(values)
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(width, ROW_HEIGHT * len(values) + AXIS_HEIGHT)
        axes.axvline(0, color=INK, linewidth=1.1)
        axes.hlines(positions, min(values[~missing], default=-1), max(values[~missing], default=1), **ROW_LINE)
        drawn = scatter_words(axes, values, positions, distances["verdict"], "verdict")
        write_missing(axes, 0, positions[missing])
        label_rows(axes, distances["school"].tolist())
        write_above(axes, 0, "← признака нет  ", align="right")
        write_above(axes, 0, "  признак есть →")
        axes.xaxis.set_major_formatter(DecimalComma(signed=True))
        axes.set_xlabel("Расстояние до порога, п. п." if as_percent else "Расстояние до порога")
        legend_below(drawing, drawn)
    described = (
        f"Точечный график: {agree(len(values), SCHOOLS)}, расстояние до порога; "
        f"по сторону «признак есть» – {(values > 0).sum()}, без данных – {missing.sum()}."
    )
    return finished(drawing, described, words)


def plot_dot_intervals(
    values: pd.DataFrame,
    *,
    benchmark: float | None = None,
    benchmark_label: str = "",
    value: str = "value",
    low: str = "low",
    high: str = "high",
    comparison: str = "comparison",
    as_percent: bool = False,
    label: str = "",
    **words: Unpack[FigureWords],
) -> Figure:
    """A value with its interval for each school against a benchmark: worse, no different, better.

    Parameters
    ----------
    values : One row per school; `comparison` holds worse, same, better or not_compared.
    as_percent : The values are proportions.
    """
    points = numeric(values[value])
    positions = np.arange(len(points))
    missing = np.isnan(points)
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=ROW_HEIGHT * len(points) + AXIS_HEIGHT)
        axes.grid(axis="x")
        axes.hlines(positions, numeric(values[low]), numeric(values[high]), **INTERVAL)
        drawn = scatter_words(axes, points, positions, values[comparison], "comparison")
        label_rows(axes, values["school"].tolist())
        if benchmark is not None:
            shown = format_percent(benchmark) if as_percent else format_number(benchmark)
            axes.axvline(benchmark, color=INK, linewidth=1.1)
            write_above(axes, benchmark, f" {benchmark_label} {shown}", color=INK)
        middle = points[~missing].mean() if not missing.all() else 0.5
        write_missing(axes, middle if benchmark is None else benchmark, positions[missing])
        axes.xaxis.set_major_formatter(DecimalComma(as_percent=as_percent))
        axes.set_xlabel(label)
        legend_below(drawing, drawn)
    described = (
        f"Значения с интервалами: {agree(len(points), SCHOOLS)}. "
        f"По сравнению с ориентиром: {tally(values[comparison], 'comparison')}."
    )
    return finished(drawing, described, words)


def numeric(column: pd.Series) -> np.ndarray:
    """Numbers of a column; codes such as [мало] are missing."""
    return pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
