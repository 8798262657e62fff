"""The charts of the reports: a tidy frame in, a `Figure` out.

Every chart is readable in grey: a word or a shape carries the meaning, colour repeats it. Rows keep the order of the
frame, so the notebook decides it (by school code unless asked). Nothing is estimated here: intervals, verdicts and
comparisons are columns of the frame.

Every function takes, besides its own arguments,

name, caption, source, reading
    As in `Figure`.
numbers
    A `Table` to print under the drawing, or the name of a table of the same page.
alt
    Description in words; by default one is made from the data.
"""

import textwrap
from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.lines import Line2D

from shnor_lib.presentation import numbers as fmt
from shnor_lib.presentation.figures import (
    GREY,
    INK,
    LIGHT,
    NAVY,
    ORANGE,
    PALETTE,
    PLUM,
    STYLE,
    TEAL,
    WHITE,
    DecimalComma,
    Figure,
    new_drawing,
)
from shnor_lib.presentation.numbers import NO_DATA, is_missing
from shnor_lib.presentation.tables import Table
from shnor_lib.presentation.words import WORDS, word

ROW_HEIGHT = 0.3
TONE_FILL = {"strong": NAVY, "medium": "#8CCFC9", "plain": WHITE, "faint": LIGHT}
TONE_INK = {"strong": WHITE, "medium": INK, "plain": INK, "faint": GREY}
SHAPES = {"■": "s", "□": "s", "▲": "^", "▼": "v", "○": "o", "◊": "D", "": "o"}
HOLLOW = ("□", "○", "◊")
TONE_LINE = {"strong": PLUM, "medium": TEAL, "plain": NAVY, "faint": GREY}
NAVY_SHADES = LinearSegmentedColormap.from_list("navy", ["#FFFFFF", "#C9D6E3", "#6F93B5", NAVY])
WIDEST_WORD_COLUMNS = 7


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """A label of at most `lines` lines; the tables beside the chart hold the name in full."""
    return "\n".join(textwrap.wrap(str(text), width, max_lines=lines, placeholder=" …", break_long_words=False))


def plot_criteria_matrix(
    verdicts: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    row: str = "school",
    column: str = "criterion",
    code: str = "verdict",
    vocabulary: str = "verdict",
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """Where each school stands on each criterion: a word and a shape in every cell.

    Parameters
    ----------
    verdicts
        One row per school and criterion: `row` and `column` hold short labels, `code` a code of `vocabulary`.
    """
    return _word_matrix(
        verdicts, row, column, code, vocabulary, "", name, caption, numbers, alt, source, reading, "Критерии по школам"
    )


def plot_heatmap_risks(
    risks: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    row: str = "school",
    column: str = "risk",
    code: str = "level",
    text: str = "",
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """The matrix of risk zones: the level in words, with its value when `text` names a column of ready text.

    Parameters
    ----------
    risks
        One row per school and risk, `code` one of high, medium, low, unknown.
    """
    return _word_matrix(
        risks, row, column, code, "risk", text, name, caption, numbers, alt, source, reading, "Матрица рисков"
    )


def _word_matrix(frame, row, column, code, vocabulary, text, name, caption, numbers, alt, source, reading, what):
    rows, columns = frame[row].drop_duplicates(), frame[column].drop_duplicates()
    codes = frame.pivot(index=row, columns=column, values=code).reindex(index=rows, columns=columns)
    known = list(WORDS[vocabulary])
    fallback = known[-1]
    codes = codes.where(codes.notna(), fallback)
    brief = len(columns) > WIDEST_WORD_COLUMNS
    texts = (
        codes.map(lambda value: word(vocabulary, value).mark or "–")
        if brief
        else codes.map(lambda value: str(word(vocabulary, value)))
    )
    if text:
        values = frame.pivot(index=row, columns=column, values=text).reindex(index=rows, columns=columns)
        texts = values.where(values.notna(), "") + "\n" + texts
    heights = ROW_HEIGHT * (1.5 if text else 1)
    label_width = 10 if brief else max(10, 80 // max(len(columns), 1))
    labels = [wrapped(label, label_width, 4) for label in columns]
    head = 0.17 * max(label.count("\n") + 1 for label in labels) + 0.35
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=heights * len(rows) + head + 0.35)
        sns.heatmap(
            codes.map(known.index).astype(float),
            ax=axes,
            cmap=ListedColormap([TONE_FILL[word(vocabulary, value).tone] for value in known]),
            vmin=-0.5,
            vmax=len(known) - 0.5,
            cbar=False,
            linewidths=0.8,
            linecolor="#AEB6BD",
        )
        for y, row_label in enumerate(rows):
            for x, column_label in enumerate(columns):
                found = word(vocabulary, codes.loc[row_label, column_label])
                axes.text(
                    x + 0.5,
                    y + 0.5,
                    texts.iloc[y, x],
                    ha="center",
                    va="center",
                    fontsize=10 if brief else 8,
                    color=TONE_INK[found.tone],
                    linespacing=1.1,
                )
        axes.xaxis.tick_top()
        axes.set_xticks(np.arange(len(columns)) + 0.5, labels, rotation=0)
        axes.set_yticks(np.arange(len(rows)) + 0.5, [wrapped(label, 34) for label in rows], rotation=0)
        axes.tick_params(length=0)
        axes.set(xlabel="", ylabel="")
        if brief:
            legend = "    ".join(f"{entry.mark or '–'} {entry.text}" for entry in WORDS[vocabulary].values())
            axes.set_xlabel(legend, fontsize=8.5, labelpad=6)
    counts = codes.stack().value_counts()
    tally = ", ".join(f"{word(vocabulary, value).text} – {counts[value]}" for value in known if value in counts)
    made = f"{what}: строк {len(rows)}, столбцов {len(columns)}. Клеток: {tally}."
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def plot_distance_to_threshold(
    distances: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    row: str = "school",
    margin: str = "margin",
    low: str = "",
    high: str = "",
    verdict: str = "verdict",
    near: float = 0.0,
    as_percent: bool = False,
    label: str = "Расстояние до порога",
    sides: tuple[str, str] = ("критерий не выполнен", "критерий выполнен"),
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """How far each school is from the threshold of a criterion, and how sure that is.

    Parameters
    ----------
    distances
        One row per school: `margin` (positive on the side of needing help, `sides[1]`), optionally `low` and `high` of its
        interval, and the `verdict` code. A missing margin is written as words.
    near
        Half-width of the zone in which the verdict may turn over.
    as_percent
        The margin is a difference of proportions: the axis is in percentage points.
    """
    scale = 100 if as_percent else 1
    rows = distances[row].tolist()
    values = pd.to_numeric(distances[margin], errors="coerce").to_numpy(float) * scale
    positions = np.arange(len(rows))
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=ROW_HEIGHT * len(rows) + 1.0)
        if near:
            axes.axvspan(-near * scale, near * scale, color="#E3E6E9", zorder=0, linewidth=0)
        axes.axvline(0, color=INK, linewidth=1.1)
        axes.hlines(positions, *_finite_range(values), color="#E6E9EC", linewidth=0.6, zorder=0)
        if low and high:
            axes.hlines(positions, distances[low] * scale, distances[high] * scale, color=GREY, linewidth=1.3)
        present = _scatter_words(axes, values, positions, distances[verdict], "verdict")
        for position in positions[np.isnan(values)]:
            axes.text(0, position, f"  {NO_DATA}", va="center", color=GREY, fontsize=8)
        _school_axis(axes, rows)
        axes.xaxis.set_major_formatter(DecimalComma(signed=True))
        axes.set_xlabel(f"{label}{', п. п.' if as_percent else ''}")
        axes.text(0, -0.85, f"← {sides[0]}  ", ha="right", va="bottom", fontsize=8, color=GREY)
        axes.text(0, -0.85, f"  {sides[1]} →", ha="left", va="bottom", fontsize=8, color=GREY)
        _legend_below(drawing, present, "verdict", extra=_near_patch(near))
    made = (
        f"Точечный график: {fmt.agree(len(rows), fmt.SCHOOLS)}, расстояние до порога; "
        f"по сторону «{sides[1]}» – {int((values > 0).sum())}, без данных – {int(np.isnan(values).sum())}."
    )
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def plot_dot_intervals(
    values: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    benchmark: float | None = None,
    benchmark_label: str = "",
    row: str = "school",
    value: str = "value",
    low: str = "low",
    high: str = "high",
    comparison: str = "comparison",
    as_percent: bool = False,
    label: str = "",
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """A value with its interval for each school against a benchmark: worse, no different, better.

    Parameters
    ----------
    values
        One row per school; `comparison` holds worse, same, better or not_compared.
    """
    rows = values[row].tolist()
    points = pd.to_numeric(values[value], errors="coerce").to_numpy(float)
    positions = np.arange(len(rows))
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=ROW_HEIGHT * len(rows) + 1.0)
        if benchmark is not None:
            axes.axvline(benchmark, color=INK, linewidth=1.1)
            shown = fmt.format_percent(benchmark) if as_percent else fmt.format_number(benchmark)
            axes.text(benchmark, -0.85, f" {benchmark_label} {shown}", fontsize=8, color=INK, va="bottom")
        axes.hlines(positions, values[low], values[high], color=GREY, linewidth=1.3)
        present = _scatter_words(axes, points, positions, values[comparison], "comparison")
        for position in positions[np.isnan(points)]:
            where = benchmark if benchmark is not None else np.nanmean(points)
            axes.text(where, position, f"  {NO_DATA}", va="center", color=GREY, fontsize=8)
        _school_axis(axes, rows)
        axes.grid(axis="x")
        axes.xaxis.set_major_formatter(DecimalComma(as_percent=as_percent))
        axes.set_xlabel(label)
        _legend_below(drawing, present, "comparison")
    counts = values[comparison].value_counts()
    tally = ", ".join(f"{entry.text} – {counts[code]}" for code, entry in WORDS["comparison"].items() if code in counts)
    made = f"Значения с интервалами: {fmt.agree(len(rows), fmt.SCHOOLS)}. По сравнению с ориентиром: {tally}."
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def plot_index_profile(
    profile: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    row: str = "school",
    column: str = "component",
    value: str = "value",
    digits: int = 2,
    darker_is_lower: bool = True,
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """The profile of each school over the components of an index, value in each cell.

    Parameters
    ----------
    profile
        One row per school and component, values on one common scale (0..1 after normalisation).
    darker_is_lower
        Shade low values, which is where help is needed.
    """
    rows, columns = profile[row].drop_duplicates(), profile[column].drop_duplicates()
    values = profile.pivot(index=row, columns=column, values=value).reindex(index=rows, columns=columns).astype(float)
    labels = [wrapped(label, max(10, 80 // max(len(columns), 1)), 4) for label in columns]
    head = 0.17 * max(label.count("\n") + 1 for label in labels) + 0.35
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=ROW_HEIGHT * len(rows) + head + 0.45)
        axes.set_facecolor(LIGHT)
        sns.heatmap(
            values,
            ax=axes,
            cmap=NAVY_SHADES.reversed() if darker_is_lower else NAVY_SHADES,
            vmin=min(0.0, float(np.nanmin(values.to_numpy(), initial=0.0))),
            vmax=max(1.0, float(np.nanmax(values.to_numpy(), initial=1.0))),
            annot=values.map(lambda number: fmt.format_number(number, digits)),
            fmt="",
            annot_kws={"fontsize": 8},
            cbar=False,
            linewidths=0.8,
            linecolor="#AEB6BD",
        )
        for cell_text in axes.texts:
            x, y = (int(position) for position in cell_text.get_position())
            cell_text.set_color(readable_ink(axes.collections[0].to_rgba(values.iloc[y, x])))
        for y, x in np.argwhere(values.isna().to_numpy()):
            axes.text(x + 0.5, y + 0.5, NO_DATA, ha="center", va="center", fontsize=7.5, color=GREY)
        axes.xaxis.tick_top()
        axes.set_xticks(np.arange(len(columns)) + 0.5, labels, rotation=0)
        axes.set_yticks(np.arange(len(rows)) + 0.5, [wrapped(label, 34) for label in rows], rotation=0)
        axes.tick_params(length=0)
        axes.set(ylabel="")
        axes.set_xlabel(f"Темнее – {'ниже' if darker_is_lower else 'выше'} значение", fontsize=8.5, labelpad=6)
    lowest = values.stack().idxmin() if values.notna().to_numpy().any() else ("–", "–")
    made = (
        f"Профиль: {fmt.agree(len(rows), fmt.SCHOOLS)}, {fmt.agree(len(columns), fmt.INDICATORS)}. "
        f"Наименьшее значение: {textwrap.shorten(str(lowest[0]), 60)}, {textwrap.shorten(str(lowest[1]), 60)}."
    )
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def plot_slope(
    values: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    row: str = "school",
    year: str = "year",
    value: str = "value",
    highlight: tuple[str, ...] = (),
    as_percent: bool = False,
    label: str = "",
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """How each school moved over the years; the highlighted ones are named and told apart by line and marker.

    Parameters
    ----------
    values
        One row per school and year; a missing year breaks the line.
    highlight
        Up to four labels of `row`; the others stay grey.
    """
    if len(highlight) > len(PALETTE):
        raise ValueError(f"Рисунок {name}: выделить можно не больше {len(PALETTE)} линий, передано {len(highlight)}.")
    wide = values.pivot(index=year, columns=row, values=value).sort_index().astype(float)
    lines, markers = ("-", "--", "-.", ":"), ("o", "s", "^", "D")
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=4.2)
        steps = np.arange(len(wide))
        for school in [column for column in wide.columns if column not in highlight]:
            axes.plot(steps, wide[school], color="#B4BAC0", linewidth=1, marker="o", markersize=3)
        ends = {}
        for school, color, line, marker in zip(highlight, PALETTE, lines, markers, strict=False):
            axes.plot(steps, wide[school], color=color, linewidth=2, linestyle=line, marker=marker, markersize=6)
            known = wide[school].dropna()
            if len(known):
                ends[school] = (float(known.iloc[-1]), color)
        axes.margins(y=0.08)
        _end_labels(axes, ends, steps[-1], as_percent)
        axes.set_xticks(steps, [str(each) for each in wide.index])
        axes.set_xlim(-0.15, steps[-1] + 0.15)
        axes.yaxis.set_major_formatter(DecimalComma(as_percent=as_percent))
        axes.grid(axis="y")
        axes.set_ylabel(label)
    made = (
        f"Линии по годам {wide.index[0]}–{wide.index[-1]}: {fmt.agree(len(wide.columns), fmt.SCHOOLS)}"
        f"{', выделены: ' + textwrap.shorten(', '.join(highlight), 150) if highlight else ''}."
    )
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def plot_stacked_shares(
    shares: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    parts: Mapping[str, str],
    row: str = "label",
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """Parts of a whole as bars to 100 %: lowered, confirmed, raised marks; the value stands in every part it fits.

    Parameters
    ----------
    shares
        One row per bar; the columns named in `parts` are proportions that sum to 1.
    parts
        Column id -> label, in order; up to four.
    """
    rows = shares[row].tolist()
    positions = np.arange(len(rows))
    fills = (PLUM, "#D5DDE5", TEAL, ORANGE)
    inks = (WHITE, INK, INK, INK)
    hatches = ("", "", "////", "....")
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=0.36 * len(rows) + 0.9)
        left = np.zeros(len(rows))
        for (column, part), fill, ink, hatch in zip(parts.items(), fills, inks, hatches, strict=False):
            widths = shares[column].fillna(0).to_numpy(float)
            axes.barh(positions, widths, left=left, color=fill, edgecolor=WHITE, hatch=hatch, height=0.72, label=part)
            for position, width, start in zip(positions, widths, left, strict=True):
                if width >= 0.06:
                    axes.text(
                        start + width / 2,
                        position,
                        fmt.format_percent(width),
                        ha="center",
                        va="center",
                        color=ink,
                        fontsize=8,
                        bbox={"facecolor": fill, "edgecolor": "none", "pad": 1} if hatch else None,
                    )
            left = left + widths
        for position in positions[shares[list(parts)].isna().all(axis=1).to_numpy()]:
            axes.text(0.01, position, NO_DATA, va="center", color=GREY, fontsize=8)
        _school_axis(axes, rows)
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(DecimalComma(as_percent=True))
        drawing.legend(loc="outside upper left", ncols=len(parts), handlelength=1.4, columnspacing=1.4)
    made = f"Столбики до 100 %: строк {len(rows)}, части: {textwrap.shorten(', '.join(parts.values()), 200)}."
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def plot_timeline(
    measures: pd.DataFrame,
    *,
    name: str,
    caption: str,
    numbers: Table | str,
    row: str = "title",
    start: str = "",
    due: str = "due",
    status: str = "status",
    today: pd.Timestamp | None = None,
    alt: str = "",
    source: str = "",
    reading: str = "",
) -> Figure:
    """Measures along the calendar: a shape at the due date tells the status, a line shows the run-up to it.

    Parameters
    ----------
    measures
        One row per measure; `due` (and `start` when given) are dates, `status` a code of the list `status`.
    today
        Date of monitoring, drawn as a line. Never the clock: the same data must give the same page.
    """
    rows = [wrapped(title, 46) for title in measures[row]]
    positions = np.arange(len(rows))
    due_dates = mpl.dates.date2num(pd.to_datetime(measures[due]))
    with mpl.rc_context(STYLE):
        drawing, axes = new_drawing(height=0.38 * len(rows) + 0.9)
        if start:
            axes.hlines(
                positions, mpl.dates.date2num(pd.to_datetime(measures[start])), due_dates, color=GREY, linewidth=1.6
            )
        present = _scatter_words(axes, due_dates, positions, measures[status], "status")
        if today is not None:
            axes.axvline(mpl.dates.date2num(today), color=INK, linewidth=1)
            axes.text(mpl.dates.date2num(today), -0.75, f" на {today:%d.%m.%Y}", fontsize=8, va="bottom")
        for position in positions[np.isnan(due_dates)]:
            axes.text(
                0.01, position, "без срока", transform=axes.get_yaxis_transform(), va="center", color=GREY, fontsize=8
            )
        _school_axis(axes, rows)
        axes.grid(axis="x")
        locator = mpl.dates.AutoDateLocator(minticks=3, maxticks=8)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(mpl.dates.DateFormatter("%m.%Y"))
        _legend_below(drawing, present, "status")
    counts = measures[status].value_counts()
    tally = ", ".join(f"{entry.text} – {counts[code]}" for code, entry in WORDS["status"].items() if code in counts)
    made = f"Календарь мер: всего {len(rows)}. По статусу: {tally}."
    return Figure(drawing, name, caption, alt or made, numbers, source, reading)


def readable_ink(fill: tuple[float, ...]) -> str:
    """Black or white, whichever reads better on a fill (relative luminance as in WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in fill[:3]]
    return INK if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 else WHITE


def _scatter_words(axes, x, y, codes, vocabulary: str) -> list[str]:
    """Draw one shape per code; give back the codes drawn, in the order of the list of words."""
    codes = np.array([list(WORDS[vocabulary])[-1] if is_missing(code) else code for code in codes])
    drawn = {code: (codes == code) & ~np.isnan(x) for code in WORDS[vocabulary]}
    present = [code for code, chosen in drawn.items() if chosen.any()]
    for code in present:
        chosen = drawn[code]
        axes.scatter(x[chosen], y[chosen], s=46, zorder=3, **_shape(word(vocabulary, code)))
    return present


def _shape(entry) -> dict:
    color = TONE_LINE[entry.tone]
    face = WHITE if entry.mark in HOLLOW else color
    return {"marker": SHAPES[entry.mark], "facecolor": face, "edgecolor": color, "linewidths": 1.5}


def _legend_below(drawing, present: list[str], vocabulary: str, extra: list | None = None) -> None:
    handles = []
    for code in present:
        entry = word(vocabulary, code)
        shape = _shape(entry)
        handles.append(
            Line2D(
                [],
                [],
                linestyle="",
                marker=shape["marker"],
                markersize=7,
                markeredgewidth=1.5,
                markeredgecolor=TONE_LINE[entry.tone],
                markerfacecolor=shape["facecolor"],
                label=entry.text,
            )
        )
    handles += extra or []
    drawing.legend(handles=handles, loc="outside lower left", ncols=len(handles), handletextpad=0.4, columnspacing=1.6)


def _near_patch(near: float) -> list:
    if not near:
        return []
    return [mpl.patches.Patch(facecolor="#E3E6E9", label="вывод может измениться")]


def _school_axis(axes, labels: list[str]) -> None:
    axes.set_yticks(np.arange(len(labels)), [wrapped(label, 46) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.9)
    axes.spines["left"].set_visible(False)


def _finite_range(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(min(finite.min(), 0)), float(max(finite.max(), 0))) if len(finite) else (-1.0, 1.0)


def _end_labels(axes, ends: Mapping[str, tuple[float, str]], x: float, as_percent: bool) -> None:
    """Names at the right ends of lines, pushed apart so that they never overlap."""
    low, high = axes.get_ylim()
    gap = (high - low) * 0.085
    taken = -np.inf
    for school, (value, color) in sorted(ends.items(), key=lambda end: end[1][0]):
        height = max(value, taken + gap)
        taken = height
        shown = fmt.format_percent(value) if as_percent else fmt.format_number(value)
        axes.annotate(
            f"{wrapped(school, 26)}\n{shown}",
            (x, height),
            xytext=(12, 0),
            textcoords="offset points",
            va="center",
            color=color,
            fontsize=8.5,
            annotation_clip=False,
        )
