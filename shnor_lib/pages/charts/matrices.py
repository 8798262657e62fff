"""Matrices: schools down, criteria, risks or components across, a word or a value in every cell."""

from typing import Unpack

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from shnor_lib.indicators.causes import HIDDEN
from shnor_lib.pages.charts.drawing import ROW_HEIGHT, FigureWords, finished, tally, wrapped
from shnor_lib.pages.figures import GREY, INK, LIGHT, NAVY, STYLE, WHITE, Figure, new_drawing
from shnor_lib.pages.words import WORDS, word

TONE_FILL = {"strong": NAVY, "medium": "#8CCFC9", "plain": WHITE, "faint": LIGHT}
TONE_INK = {"strong": WHITE, "medium": INK, "plain": INK, "faint": GREY}
GRID = {"cbar": False, "linewidths": 0.8, "linecolor": "#AEB6BD"}
MOST_WORD_COLUMNS = 7
LETTERS_ACROSS = 80
UPRIGHT_WIDTH = 24


def plot_word_matrix(
    frame: pd.DataFrame,
    *,
    column: str = "criterion",
    code: str = "verdict",
    vocabulary: str = "verdict",
    text: str = "",
    what: str = "Критерии по школам",
    **words: Unpack[FigureWords],
) -> Figure:
    """Where each school stands on each criterion or risk: a word and a shape in every cell.

    With more than seven columns the words give way to the shapes, explained under the chart.

    Parameters
    ----------
    frame : One row per `school` and `column`, both short labels; `code` holds a code of `vocabulary`. A pair that is absent was not
        assessed.
    text : A column of ready text to stand above the words.
    what : How the description of the chart begins.
    """
    codes = spread(frame, "school", column, code, words["name"])
    values = spread(frame, "school", column, text, words["name"]) if text else None
    known = [code for code in WORDS[vocabulary] if code != HIDDEN or codes.eq(HIDDEN).any(axis=None)]
    codes = codes.where(codes.notna(), known[-1])
    brief = len(codes.columns) > MOST_WORD_COLUMNS
    with mpl.rc_context(STYLE):
        drawing, axes = matrix_drawing(codes, ROW_HEIGHT if values is None else 1.5 * ROW_HEIGHT)
        fill_cells(
            axes,
            codes.map(lambda code: known.index(code) if code in known else word(vocabulary, code)).astype(float),
            cmap=ListedColormap([TONE_FILL[word(vocabulary, code).tone] for code in known]),
            vmin=-0.5,
            vmax=len(known) - 0.5,
        )
        for (y, x), cell in np.ndenumerate(codes.to_numpy()):
            entry = word(vocabulary, cell)
            text = (entry.mark or "–") if brief else str(entry)
            if values is not None and isinstance(values.iat[y, x], str):
                text = values.iat[y, x] if entry.text.startswith("[") else f"{values.iat[y, x]}\n{text}"
            write(axes, x, y, text, TONE_INK[entry.tone], 10 if brief else 8)
        label_matrix(axes, codes)
        if brief:
            legend = "    ".join(
                f"{entry.mark or '–'} {entry.text}" for entry in (WORDS[vocabulary][code] for code in known)
            )
            axes.set_xlabel(legend, fontsize=8.5, labelpad=6)
    size = f"строк {len(codes)}, столбцов {len(codes.columns)}"
    return finished(drawing, f"{what}: {size}. Клеток: {tally(codes.to_numpy().flat, vocabulary)}.", words)


def spread(frame: pd.DataFrame, row: str, column: str, value: str, name: str) -> pd.DataFrame:
    """A frame of one row per pair as a matrix, rows and columns in their order of appearance."""
    twice = frame[frame.duplicated([row, column])]
    if len(twice):
        pair = twice.iloc[0]
        raise ValueError(
            f"Рисунок {name}: пара «{pair[row]}» – «{pair[column]}» встречается дважды. Дайте школам и показателям "
            "разные подписи."
        )
    wide = frame.pivot(index=row, columns=column, values=value)
    return wide.reindex(index=frame[row].drop_duplicates(), columns=frame[column].drop_duplicates())


def matrix_drawing(matrix: pd.DataFrame, row_height: float) -> tuple[mpl.figure.Figure, Axes]:
    """A drawing high enough for the rows and the labels of the columns."""
    labels = column_labels(matrix)
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    head = 0.068 * longest if upright(matrix) else 0.17 * lines
    return new_drawing(height=row_height * len(matrix) + head + 0.75)


def upright(matrix: pd.DataFrame) -> bool:
    """Whether the labels of the columns are too wide to be written across."""
    width = LETTERS_ACROSS // max(len(matrix.columns), 1)
    return any(len(part) > width for label in matrix.columns for part in str(label).split())


def column_labels(matrix: pd.DataFrame) -> list[str]:
    if upright(matrix):
        return [wrapped(label, UPRIGHT_WIDTH) for label in matrix.columns]
    return [wrapped(label, LETTERS_ACROSS // max(len(matrix.columns), 1), 4) for label in matrix.columns]


def fill_cells(axes: Axes, values: pd.DataFrame, **colours: object) -> None:
    """The coloured cells of a matrix. Seaborn takes a second to load, which figures without cells need not wait for."""
    import seaborn as sns

    sns.heatmap(values, ax=axes, **colours, **GRID)


def label_matrix(axes: Axes, matrix: pd.DataFrame) -> None:
    axes.xaxis.tick_top()
    rotation = 90 if upright(matrix) else 0
    axes.set_xticks(np.arange(len(matrix.columns)) + 0.5, column_labels(matrix), rotation=rotation)
    axes.set_yticks(np.arange(len(matrix)) + 0.5, [wrapped(label, 34) for label in matrix.index], rotation=0)
    axes.tick_params(length=0)
    axes.set(xlabel="", ylabel="")


def write(axes: Axes, x: int, y: int, text: str, color: str, size: float = 8) -> None:
    axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=size, color=color, linespacing=1.1)
