"""Figures of a report: a drawing with its finding, its description in words and the numbers behind it."""

import base64
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

import matplotlib as mpl
import matplotlib.figure
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from shnor_lib.pages import numbers
from shnor_lib.pages.markup import FIGURE_MIME, TABLE_MIME, checked_name, number_mark, prose, see_mark
from shnor_lib.pages.tables import Table
from shnor_lib.params.persons import mask_shown

NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
PALETTE = (NAVY, TEAL, PLUM, ORANGE)
INK, GREY, LIGHT, WHITE = "#0B0C0C", "#595959", "#EEF0F2", "#FFFFFF"

PAGE_WIDTH = 7.1  # inches: the text width of an A4 page
MOST_VECTOR_POINTS = 2000

STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Liberation Sans", "Arial", "DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": "#8A9299",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": mpl.cycler(color=PALETTE),
    "axes.grid": False,
    "grid.color": "#DDE1E4",
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.dpi": 96,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 150,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "shnor",
}


def new_drawing(width: float = PAGE_WIDTH, height: float = 4.0, **grid) -> tuple[matplotlib.figure.Figure, object]:
    """An empty drawing and its axes, outside pyplot, so that nothing is shown twice or kept open.

    Keyword arguments go to `matplotlib.figure.Figure.subplots`.
    """
    drawing = matplotlib.figure.Figure(figsize=(width, height), layout="constrained")
    return drawing, drawing.subplots(**grid)


class DecimalComma(Formatter):
    """Tick labels as the tables print them, with as many decimals as the ticks of the axis need.

    Parameters
    ----------
    as_percent : The axis holds proportions.
    signed : Write a plus before positive values.
    """

    def __init__(self, *, as_percent: bool = False, signed: bool = False) -> None:
        self.as_percent = as_percent
        self.signed = signed

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        amounts = [self._amount(value) for value in values]
        digits = next((d for d in range(3) if all(abs(round(a, d) - a) < 1e-9 for a in amounts)), 3)
        return [self._label(amount, digits) for amount in amounts]

    def __call__(self, value: float, position: int | None = None) -> str:
        return self._label(self._amount(value), 3)

    def _label(self, amount: float, digits: int) -> str:
        unit = f"{numbers.NBSP}%" if self.as_percent else ""
        return numbers.format_number(amount, digits, signed=self.signed) + unit

    def _amount(self, value: float) -> float:
        return float(round(value * 100 if self.as_percent else value, 9))


@dataclass(frozen=True, repr=False)
class Figure:
    """A drawing ready for the page. Its last expression in a notebook cell shows it.

    Parameters
    ----------
    drawing : A matplotlib figure, made by `new_drawing` or by seaborn. Closed in pyplot as soon as it gets here.
    name : Lower-case Latin name, unique on the page.
    caption : The finding, as a sentence.
    alt : 20 to 300 signs in Russian for those who cannot see the drawing: what it shows and what follows from it.
    numbers : The numbers behind it: a `Table` to print under the drawing, or the name of a table of the same page.
    source : Document and date.
    reading : For a complex chart: two sentences on how to read it.
    """

    drawing: matplotlib.figure.Figure
    name: str
    caption: str
    alt: str
    numbers: Table | str
    source: str = ""
    reading: str = ""

    def __post_init__(self) -> None:
        checked_name(self.name)
        if not self.caption.strip():
            raise ValueError(f"Рисунок {self.name}: нет подписи (caption). Напишите вывод одним предложением.")
        if not 20 <= len(self.alt) <= 300 or not re.search("[а-яё]", self.alt.lower()):
            raise ValueError(
                f"Рисунок {self.name}: описание для незрячих (alt) должно быть по-русски, от 20 до 300 знаков, "
                f"сейчас {len(self.alt)}. Скажите, что показано и что из этого следует."
            )
        if not isinstance(self.numbers, Table | str) or not self.numbers:
            raise ValueError(
                f"Рисунок {self.name}: не указаны числа, по которым он построен: передайте таблицу (Table) "
                "или имя таблицы этой же страницы."
            )
        close_in_pyplot(self.drawing)

    def __repr__(self) -> str:
        return f"Figure({self.name!r})"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {
            "text/html": self.html(),
            "text/plain": repr(self),
            FIGURE_MIME: [{"name": self.name, "caption": self.caption, "alt": self.alt, "source": self.source}],
        }
        if isinstance(self.numbers, Table):
            bundle[TABLE_MIME] = [self.numbers.payload()]
        return bundle

    def html(self) -> str:
        """The figure as HTML with the drawing inside it."""
        width, height = (round(float(inches) * 96) for inches in self.drawing.get_size_inches())
        caption_id = f"figure-{self.name}-caption"
        reading = f'<p class="reading">Как читать: {prose(self.reading)}</p>' if self.reading else ""
        source = f"<p>Источник: {prose(self.source)}</p>" if self.source else ""
        if isinstance(self.numbers, Table):
            seen = ""
            behind = f"<details open><summary>Числа к рисунку</summary>{self.numbers.html()}</details>"
        else:
            seen = f"<p>Числа: {see_mark('table', checked_name(self.numbers))}.</p>"
            behind = ""
        return (
            f'<figure id="figure-{self.name}"><figcaption id="{caption_id}">{number_mark("figure", self.name)}'
            f"{prose(self.caption)}</figcaption>{reading}"
            f'<div class="scroll" role="region" aria-labelledby="{caption_id}" tabindex="0">'
            f'<img alt="{prose(self.alt)}" width="{width}" height="{height}" src="{image_url(self.drawing)}"></div>'
            f'<div class="notes">{seen}{source}</div></figure>{behind}'
        )


def close_in_pyplot(drawing: matplotlib.figure.Figure) -> None:
    """Forget a drawing that pyplot holds, so that the notebook does not print it a second time."""
    if getattr(drawing, "number", None) is not None:
        plt.close(drawing)


def image_url(drawing: matplotlib.figure.Figure) -> str:
    """The drawing as a data address: SVG, or PNG when it holds more points than a reader's machine likes."""
    for text in drawing.findobj(Text):
        if (masked := mask_shown(text.get_text())) != text.get_text():
            text.set_text(masked)
    with mpl.rc_context(STYLE), io.BytesIO() as file:
        if point_count(drawing) > MOST_VECTOR_POINTS:
            FigureCanvasAgg(drawing).print_png(file, metadata={"Software": None})
            media_type = "image/png"
        else:
            FigureCanvasSVG(drawing).print_svg(file, metadata={"Date": None, "Creator": None})
            media_type = "image/svg+xml"
        return f"data:{media_type};base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def point_count(drawing: matplotlib.figure.Figure) -> int:
    """How many points, cells and bars a drawing holds."""
    count = 0
    for axes in drawing.axes:
        count += sum(len(line.get_xdata(orig=False)) for line in axes.lines)
        count += sum(max(len(collection.get_offsets()), len(collection.get_paths())) for collection in axes.collections)
        count += sum(image.get_array().size for image in axes.images) + len(axes.patches)
    return count
