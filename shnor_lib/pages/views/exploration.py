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
from shnor_lib.pages.words import CATEGORIES, word
from shnor_lib.params.causes import of_python
from shnor_lib.params.methods import Method
from shnor_lib.whatif.exploration import Adjustable, Explored, Explorer, adjustables, answers_by_school
from shnor_lib.workspace import find_workspace

REPORT = "explore_thresholds"
GROUPS = {"threshold": "Пороги", "enough": "Решение"}
LABEL = {"description_width": "195px"}
WIDE = widgets.Layout(width="auto", min_width="0")
LEFT = widgets.Layout(width="430px", flex="0 0 auto", padding="0 8px 0 0")
RIGHT = widgets.Layout(flex="1 1 0", min_width="0")
SCROLLED = widgets.Layout(max_height="560px", overflow="auto")
FLUSH = "shnor-flush"
"""Class of what has no margin of its own."""
DRAWING_WIDTH = 4.4
"""Inches, 422 of its pixels: what a screen of 1,366 pixels leaves beside the sliders, the list of files open."""


class Panel:
    """Sliders on the left, what follows from them beside: the lists, or the distances of all schools to one threshold.

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
        self.criterion = widgets.Dropdown(options=named_criteria(office.method), description="Критерий", layout=WIDE)
        self.name = widgets.Text(placeholder="latin-name", description="Имя файла", layout=WIDE)
        self.title = widgets.Text(placeholder="Что меняет сценарий", description="Название", layout=WIDE)
        self.replace = widgets.Checkbox(description="Заменить, если уже есть", indent=False, layout=WIDE)
        self.save = widgets.Button(description="Сохранить как сценарий", layout=WIDE)
        self.reset = widgets.Button(description="Вернуть как в методике", layout=WIDE)
        self.message, self.lists, self.figure = widgets.HTML(layout=WIDE), widgets.HTML(), widgets.HTML()
        self.figure.add_class(FLUSH)
        for slider in (*self.sliders.values(), self.criterion):
            slider.observe(lambda change: self.refresh(), names="value")
        self.save.on_click(lambda button: self.keep())
        self.reset.on_click(lambda button: self.restore())
        self.refresh()

    @property
    def box(self) -> widgets.Widget:
        by_heading: dict[str, list[widgets.Widget]] = {}
        folded: dict[str, list[widgets.Widget]] = {}
        for one in adjustables(self.office.method):
            into = folded if one.group == "weight" else by_heading
            into.setdefault(heading_of(one, self.office.method), []).append(self.sliders[one.path])
        folded["Сохранить как сценарий"] = [self.name, self.title, self.replace, self.save, self.message]
        below = widgets.Accordion([widgets.VBox(own) for own in folded.values()], titles=list(folded), layout=WIDE)
        above = [part for words, own in by_heading.items() for part in (bold(words), *own)]
        left = widgets.VBox([*above, self.reset, below], layout=LEFT)
        tabs = [
            widgets.VBox([self.lists], layout=SCROLLED),
            widgets.VBox([self.criterion, self.figure], layout=SCROLLED),
        ]
        return widgets.HBox([left, widgets.Tab(tabs, titles=["Перечни", "Все школы у порога"], layout=RIGHT)])

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
        self.call_by_values()
        self.lists.value = table_explored(self.office, self.explored).html()
        if self.criterion.value:
            figure = plot_explored(self.office, self.explored, self.criterion.value)
            self.figure.value = f"<style>.{FLUSH} figure {{ margin: 0 }}</style>{figure.html()}"

    def call_by_values(self) -> None:
        """Criteria are called by the values chosen: a lowest quarter of 35 % is none."""
        named = named_criteria(self.explored.method)
        for short, name in named:
            if slider := self.sliders.get(f"criteria.{name}.threshold"):
                slider.description = short
        if list(self.criterion.options) != named:
            chosen, self.criterion.options = self.criterion.value, named
            self.criterion.value = chosen

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


def named_criteria(method: Method) -> list[tuple[str, str]]:
    """The criteria with a threshold: what they are called and their names."""
    return [(one.short, name) for name, one in method.criteria.items() if hasattr(one, "threshold")]


def bold(words: str) -> widgets.HTML:
    """A heading among the sliders."""
    return widgets.HTML(f"<b>{escape(words)}</b>")


def heading_of(one: Adjustable, method: Method) -> str:
    """Under which heading a slider stands: weights under the index they belong to."""
    if one.group == "weight":
        return f"Веса: {method.indices[one.path.split('.')[1]].title}"
    return GROUPS[one.group]


def slider_of(one: Adjustable) -> widgets.SelectionSlider:
    """A slider for a number of the method, with its unit; it answers when the hand lets go."""
    return widgets.SelectionSlider(
        options=one.choices,
        value=one.value,
        description=one.label,
        continuous_update=False,
        style=LABEL,
        layout=WIDE,
    )


def said(error: Exception) -> str:
    """An error in the panel; its words may hold what somebody typed."""
    return f'<p role="alert"><b>Не получилось.</b> {escape(of_python(error))}</p>'


def table_explored(office: Office, explored: Explored) -> Table:
    """The answers of every school by the values chosen, and what of them the method does not say."""
    frame = answers_by_school(office, explored)
    told = [
        "; ".join(
            f"{CATEGORIES[category]}: {word('identified', before).text} → {word('identified', after).text}"
            for category, before, after in moved
        )
        for moved in frame["moved"]
    ]
    counts = {"moved": frame["moved"].map(len).sum(), "answers": len(explored.answers.identification)}
    return Page(office, REPORT).table("explored_lists", frame.assign(changed=told), **counts)


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
        "explored_distance",
        plot_distance_to_threshold,
        own,
        facts=facts,
        numbers=margins,
        as_percent=is_share,
        width=DRAWING_WIDTH,
    )
