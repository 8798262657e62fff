"""Panels beside each other, one a criterion: a line a school, as inline SVG that follows the style sheet and prints in three columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from os.path import commonprefix
from typing import Unpack

import pandas as pd

from shnor_lib.pages.charts.drawing import FigureWords
from shnor_lib.pages.marks import Mark, Scale
from shnor_lib.pages.markup import FIGURE_MIME, checked_name, number_mark, prose, see_mark
from shnor_lib.pages.numbers import HIDDEN, NBSP, format_number, format_percent, format_points, is_missing
from shnor_lib.pages.words import word

WIDTH, NAME, VALUE, PEOPLE, LINE, HEAD = 220, 84, 40, 28, 13, 26
"""Pixels of a panel: three stand beside each other on an upright A4 sheet."""
ROOM = NAME - 3
"""What a name may take of it."""
_NARROW, _WIDE = set(" .,:;-–()«»\"'|/ijltfrгтI1"), set("ШЩЖЮМФЫЪДWMmшщжюмфыЁ№—…@%")


@dataclass(frozen=True, repr=False)
class Panels:
    """Small multiples ready for the page.

    Attributes
    ----------
    panels : title, drawing and a line under it of each.
    numbers : the name of a table of the same page, or of a file it mentions.
    """

    name: str
    caption: str
    alt: str
    panels: tuple[tuple[str, Mark, str], ...]
    numbers: str
    source: str = ""
    reading: str = ""

    def __post_init__(self) -> None:
        checked_name(self.name)

    def __repr__(self) -> str:
        return f"Panels({self.name!r}, {len(self.panels)})"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        told = {"name": self.name, "caption": self.caption, "alt": self.alt, "source": self.source}
        return {"text/html": self.html(), "text/plain": repr(self), FIGURE_MIME: [told]}

    def html(self) -> str:
        reading = f'<p class="reading">Как читать: {prose(self.reading)}</p>' if self.reading else ""
        source = f"<p>Источник: {prose(self.source)}</p>" if self.source else ""
        drawn = "".join(
            f'<div class="panel"><p><strong>{prose(title)}</strong></p>{mark.html()}<p>{prose(under)}</p></div>'
            for title, mark, under in self.panels
        )
        return (
            f'<figure id="figure-{self.name}"><figcaption id="figure-{self.name}-caption">'
            f"{number_mark('figure', self.name)}{prose(self.caption)}</figcaption>{reading}"
            f'<div class="panels">{drawn}</div>'
            f'<div class="notes"><p>Числа: {see_mark("table", self.numbers)}.</p>{source}</div></figure>'
        )


def plot_panels(lines: pd.DataFrame, **words: Unpack[FigureWords]) -> Panels:
    """A panel for each ``panel`` of the frame, its lines in the order of the rows.

    Parameters
    ----------
    lines : ``panel``, ``under`` (what stands below it), ``school``, ``value``, ``low``, ``high``, ``threshold``, ``band_low``, ``band_high``,
        ``participants``, ``verdict`` and ``form`` (``percent``, ``number`` or ``count``). Missing ends leave the interval out, a missing value
        the point; where ``hidden`` is true it is said to be hidden.
    """
    panels = tuple(
        (str(title), _panel(str(title), own), own["under"].iloc[0]) for title, own in lines.groupby("panel", sort=False)
    )
    described = f"Малые графики: {len(panels)}, строка – школа: значение, интервал и порог. {words['caption']}"
    given = {key: words[key] for key in ("name", "caption", "numbers", "source", "reading") if words.get(key)}
    return Panels(alt=words.get("alt") or described[:300], panels=panels, **given)


def _panel(title: str, own: pd.DataFrame) -> Mark:
    spread = [value for column in ("value", "low", "high", "threshold") for value in own[column]]
    within = Scale.over(spread, WIDTH - NAME - VALUE - PEOPLE)
    threshold = own["threshold"].dropna()
    shapes = _head(own, within, threshold)
    for place, (line, name) in enumerate(zip(own.itertuples(), short_names(own["school"]), strict=True)):
        shapes += _line(line, name, within, HEAD + place * LINE)
    told = [f"{line.school} {_told(line)}, {word('verdict', line.verdict).text}" for line in own.itertuples()]
    return Mark(f"{title}: {'; '.join(told)}", WIDTH, HEAD + LINE * len(own) + 2, shapes)


def _head(own: pd.DataFrame, within: Scale, threshold: pd.Series) -> str:
    form = own["form"].iloc[0]
    said = ""
    if len(threshold):
        low, high = _shown(threshold.min(), form), _shown(threshold.max(), form)
        said = f"порог {low}" if low == high else f"порог {low}–{high}"
        said += f"{NBSP}п. п." if form == "points" else ""
    middle = NAME + within.width / 2
    return (
        f'<text x="{middle}" y="10" font-size="9.5" text-anchor="middle">{escape(said)}</text>'
        f'<text x="{WIDTH - PEOPLE}" y="22" font-size="9" text-anchor="end">знач.</text>'
        + (
            f'<text x="{WIDTH}" y="22" font-size="9" text-anchor="end">n</text>'
            if own["participants"].notna().any()
            else ""
        )
    )


def _line(line, name: str, within: Scale, top: float) -> str:
    middle, start = top + LINE / 2, NAME
    parts = [f'<line class="axis" x1="{start}" x2="{start + within.width}" y1="{middle}" y2="{middle}"/>']
    if not is_missing(line.band_low):
        left, right = within.at(line.band_low), within.at(line.band_high)
        parts.append(
            f'<rect class="band" x="{start + left}" y="{top}" width="{max(right - left, 1):.1f}" height="{LINE}"/>'
        )
    if not is_missing(line.threshold):
        x = start + within.at(line.threshold)
        parts.append(f'<line class="threshold" x1="{x}" x2="{x}" y1="{top}" y2="{top + LINE}"/>')
    if not is_missing(line.low):
        left, right = start + within.at(line.low), start + within.at(line.high)
        parts.append(f'<line class="interval" x1="{left}" x2="{right}" y1="{middle}" y2="{middle}"/>')
    if not is_missing(line.value):
        x = start + within.at(line.value)
        met = f'<rect class="bad" x="{x - 3.5}" y="{middle - 3.5}" width="7" height="7"/>'
        open_ = f'<circle class="start" cx="{x}" cy="{middle}" r="3"/>'
        parts.append({"met": met, "not_met": open_}.get(line.verdict, ""))
    people = "" if is_missing(line.participants) else format_number(line.participants, 0)
    value = _told(line)
    if line.verdict == "not_assessed" or not value:
        value = f"{word('verdict', line.verdict).mark} {value}".strip()
    text = middle + 3.5
    parts.append(f'<text x="0" y="{text}" font-size="9.5">{escape(name)}</text>')
    parts.append(f'<text x="{WIDTH - PEOPLE}" y="{text}" font-size="9.5" text-anchor="end">{escape(value)}</text>')
    parts.append(f'<text x="{WIDTH}" y="{text}" font-size="9.5" text-anchor="end">{people}</text>')
    return "".join(parts)


def _told(line) -> str:
    """The value of a line, or that it is hidden."""
    return HIDDEN if getattr(line, "hidden", False) and is_missing(line.value) else _shown(line.value, line.form)


def _shown(value: object, form: str) -> str:
    if is_missing(value):
        return ""
    if form == "points":
        return format_points(value).split(NBSP)[0]
    return format_percent(value) if form == "percent" else format_number(value, 0 if form == "count" else 1)


def short_names(names: Sequence[str]) -> list[str]:
    """Names that fit a panel: beginning and end, where numbers stand; of those that would look alike the part that differs.

    >>> short_names(["Школа", "Средняя общеобразовательная школа № 12"])
    ['Школа', 'Средняя о…№ 12']
    >>> short_names(["Средняя школа имени Глинки № 1", "Средняя школа имени Ленина № 1"])
    ['…Глинки № 1', '…Ленина № 1']
    """
    whole = [" ".join(str(name).split()) for name in names]
    short = [_fitted(name) for name in whole]
    for twice in dict.fromkeys(one for one in short if short.count(one) > 1):
        places = [place for place, one in enumerate(short) if one == twice]
        alike = len(commonprefix([whole[place] for place in places]))
        word = whole[places[0]].rfind(" ", 0, alike) + 1
        told = [_fitted(f"…{whole[place][word:]}") for place in places]
        if len(set(told)) < len(told):
            told = [_fitted(f"{number}) {whole[place]}") for number, place in enumerate(places, start=1)]
        for place, one in zip(places, told, strict=True):
            short[place] = one
    return short


def _fitted(name: str) -> str:
    """A name with its middle left out until it fits; where there is room, its last word and the number with it stay whole."""
    if _width(name) <= ROOM:
        return name
    tail = re.search(r"(?:№ )?\S+$", name)[0]
    cuts = [f"{name[:begin].rstrip()}…{end}" for end in (tail, name[-5:]) for begin in range(12, 3, -1)]
    return next((cut for cut in cuts if _width(cut) <= ROOM), f"{name[:6]}…")


def _width(text: str) -> float:
    """About how wide a name is set, in pixels; generous, since readers' fonts differ."""
    return sum(3.2 if sign in _NARROW else 8.4 if sign in _WIDE else 6.6 if sign.isupper() else 5.5 for sign in text)
