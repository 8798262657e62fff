"""The panel of the notebook explore_thresholds: sliders of a method, and the list, margins and figure that follow them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from shnor_lib.criteria.rules import rule_of
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_distance_to_threshold
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.numbers import NOT_APPLICABLE
from shnor_lib.pages.page import Page
from shnor_lib.pages.tables import Column, Table
from shnor_lib.params.methods import Method
from shnor_lib.whatif.exploration import Adjustable, Explored, Explorer, adjustables, moved_answers
from shnor_lib.workspace import find_workspace

REPORT = "explore_thresholds"
GROUPS = {"threshold": "Пороги", "enough": "Решение"}
WIDE = {"description_width": "220px"}
LAYOUT = widgets.Layout(width="480px")
LEFT = widgets.Layout(min_width="510px", flex="0 0 auto")


class Panel:
    """Sliders on the left, what follows from them on the right.

    Attributes
    ----------
    sliders : by path of the change; ``criterion`` chooses the figure; ``name``, ``title`` and ``save`` keep a scenario.
    explored : what the values chosen now give.
    box : the widget to show.
    """

    def __init__(self, office: Office, workspace: Path, write: Callable[..., Path]):
        self.office, self.workspace, self.write = office, workspace, write
        self.explorer = Explorer(office)
        self.sliders = {one.path: slider_of(one) for one in adjustables(office.method)}
        named = [(one.short, name) for name, one in office.method.criteria.items() if hasattr(one, "threshold")]
        self.criterion = widgets.Dropdown(options=named, description="Показать критерий", style=WIDE, layout=LAYOUT)
        self.name = widgets.Text(placeholder="latin-name", description="Имя файла", style=WIDE, layout=LAYOUT)
        self.title = widgets.Text(placeholder="Что меняет сценарий", description="Название", style=WIDE, layout=LAYOUT)
        self.replace = widgets.Checkbox(description="Заменить, если уже есть", style=WIDE, layout=LAYOUT)
        self.save = widgets.Button(description="Сохранить как сценарий", layout=widgets.Layout(width="260px"))
        self.reset = widgets.Button(description="Как в методике", layout=widgets.Layout(width="200px"))
        self.message, self.lists, self.figure = widgets.HTML(layout=LAYOUT), widgets.HTML(), widgets.HTML()
        for slider in (*self.sliders.values(), self.criterion):
            slider.observe(lambda change: self.refresh(), names="value")
        self.save.on_click(lambda button: self.keep())
        self.reset.on_click(lambda button: self.restore())
        self.refresh()

    @property
    def box(self) -> widgets.Widget:
        by_heading: dict[str, list[widgets.Widget]] = {}
        for one in adjustables(self.office.method):
            by_heading.setdefault(heading_of(one, self.office.method), []).append(self.sliders[one.path])
        parts = [part for words, own in by_heading.items() for part in (bold(words), *own)]
        keep = [bold("Сценарий"), self.name, self.title, self.replace, self.save, self.message]
        left = widgets.VBox([*parts, self.reset, *keep], layout=LEFT)
        return widgets.HBox([left, widgets.VBox([self.criterion, self.figure, self.lists])])

    def values(self) -> dict[str, float]:
        """The values chosen now, by path."""
        return {path: slider.value for path, slider in self.sliders.items()}

    def refresh(self) -> None:
        """Judge the office with the values chosen and show what follows."""
        try:
            self.explored = self.explorer.explore(self.values())
        except ValueError as error:
            self.lists.value = said(error)
            return
        self.lists.value = table_explored(self.office, self.explored).html()
        if self.criterion.value:
            self.figure.value = plot_explored(self.office, self.explored, self.criterion.value).html()

    def keep(self) -> None:
        """Save the values chosen as a scenario and say where, or why not."""
        try:
            path = self.write(
                self.workspace,
                self.office,
                self.name.value,
                self.title.value or self.name.value,
                self.explored.changes,
                replace_existing=self.replace.value,
            )
        except ValueError as error:
            self.message.value = said(error)
            return
        command = f"shnor compare -m {self.office.municipality} -y {self.office.year} --scenario {self.name.value}"
        self.message.value = f"<p>Сохранено: params/scenarios/{path.name}. Сравнить: <code>{escape(command)}</code></p>"

    def restore(self) -> None:
        """Every slider back to where the method has it."""
        for one in adjustables(self.office.method):
            self.sliders[one.path].value = one.value


def explore(office: Office, save_scenario: Callable[..., Path]) -> widgets.Widget:
    """The panel for an office, ready to show; what is chosen in it is kept by ``save_scenario``."""
    return Panel(office, find_workspace(), save_scenario).box


def bold(words: str) -> widgets.HTML:
    """A heading among the sliders."""
    return widgets.HTML(f"<b>{escape(words)}</b>")


def heading_of(one: Adjustable, method: Method) -> str:
    """Under which heading a slider stands: weights under the index they belong to."""
    if one.group == "weight":
        return f"Веса: {method.indices[one.path.split('.')[1]].title}"
    return GROUPS[one.group]


def slider_of(one: Adjustable) -> widgets.Widget:
    """A slider for a number of the method; it answers when the hand lets go."""
    kind = widgets.IntSlider if one.whole else widgets.FloatSlider
    digits = {} if one.whole else {"readout_format": ".4f" if abs(one.value) < 0.1 else ".2f"}
    return kind(
        value=one.value,
        min=one.low,
        max=one.high,
        step=one.step,
        description=one.label,
        continuous_update=False,
        style=WIDE,
        layout=LAYOUT,
        **digits,
    )


def said(error: Exception) -> str:
    """An error in the panel; its words may hold what somebody typed."""
    return f'<p role="alert"><b>Не получилось.</b> {escape(str(error))}</p>'


def table_explored(office: Office, explored: Explored) -> Table:
    """The lists by the method and by the values chosen, with the number of criteria that are met."""
    frame = moved_answers(office, explored)
    return Page(office, REPORT).table("explored_lists", frame, moved=frame["moved"].sum())


def plot_explored(office: Office, explored: Explored, criterion: str) -> Figure:
    """How far each school is from the chosen threshold of a criterion, with the numbers."""
    own = explored.answers.verdicts[explored.answers.verdicts["criterion"].eq(criterion)]
    one = explored.method.criteria[criterion]
    own, page = own.assign(margin=pd.to_numeric(own["margin"])), Page(office, REPORT)
    is_share = office.catalogue.unit(one.indicator) == "rate" and not rule_of(one).by_procedure
    form = "percent" if is_share else "number"
    numbers = {
        "value": Column("Значение", form),
        "threshold": Column("Порог", form, missing=NOT_APPLICABLE),
        "margin": Column("Расстояние до порога", "points" if is_share else form, missing=NOT_APPLICABLE),
    }
    margins = page.table("explored_margins", own, more={"numbers": numbers}, criterion=one.short)
    facts = {"criterion": one.short, "met": own["verdict"].eq("met").sum(), "rows": len(own)}
    return page.figure(
        "explored_distance", plot_distance_to_threshold, own, facts=facts, numbers=margins, as_percent=is_share
    )
