"""Views of report 00: one A4 page for the board."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses.findings import year_facts
from shnor_lib.analyses.overview import key_figures, overview_facts, published_figures
from shnor_lib.office.office import Office
from shnor_lib.pages.furniture import Decisions, Heading, Headlines
from shnor_lib.pages.numbers import format_count, format_number, format_percent
from shnor_lib.pages.page import Page
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.identification import show_lists

REPORT = "00_overview"
KEY_FIGURES = {
    "schools_count": "Школы",
    "pupils_count": "Обучающиеся",
    "below_minimum_rate[OGE/russian/9]": "ОГЭ, русский язык: ниже минимума",
    "below_minimum_rate[OGE/maths/9]": "ОГЭ, математика: ниже минимума",
    "below_minimum_rate[EGE/russian/11]": "ЕГЭ, русский язык: ниже минимума",
    "below_minimum_rate[EGE/maths_any/11]": "ЕГЭ, математика: ниже минимума",
    "below_minimum_rate[VPR/russian/5]": "ВПР-5, русский язык: ниже минимума",
    "below_minimum_rate[VPR/maths/5]": "ВПР-5, математика: ниже минимума",
    "teachers_first_or_highest_category_rate": "Педагоги первой и высшей категории",
    "teachers_trained_3y_rate": "Педагоги, обученные за 3 года",
    "vacancies_rate": "Незанятые ставки",
    "satisfaction_share": "Довольны качеством образования",
}
"""What the board sees of every office, in few words: on paper the table stands on the first page."""

REPORTED = {
    "Целевые показатели: достигнуты": ("targets_total", "targets_no_data"),
    "Целевые показатели: отстают": ("targets_total", "targets_no_data"),
    "Меры программы: выполнены": ("measures_reported", None),
    "Меры программы: просрочены": ("measures_reported", None),
    "Результаты школ: ухудшились больше, чем случайно": ("changes_tested", None),
    "Результаты школ: улучшились больше, чем случайно": ("changes_tested", None),
    "Результаты школ: из изменившихся – менялась сама процедура": ("changes_tested", None),
}
"""What must be known before a row says anything: the number of cases, and how many of them are without data."""

COMPARED = {
    "municipality": "{year}",
    "before": "{before}",
    "городские": "Городские школы",
    "сельские": "Сельские школы",
    "region": "Регион",
    "country": "Страна",
}
"""Columns of the key figures: the municipality in the year and the year before, its groups, the levels above."""

TOLD_BY_CONDITIONS = ("settlement_size_band", "transport_difficulty", "survey_yes")
"""What report 40 tells in words: bands of territory and answers of schools, whose numbers say nothing by themselves."""

LOCALITY = ("urban_school_flag", "rural_school_flag")
"""Shares of town and country: of the municipality a figure, of a group of one kind nothing new."""

CHAPTERS = {
    "Перечень ШНОР: второй год подряд": ("moves_stayed", None, "Динамика"),
    "Перечень ШНОР: новые": ("moves_entered", None, "Динамика"),
    "Перечень ШНОР: вышли": ("moves_left", None, "Динамика"),
    "Целевые показатели: достигнуты": ("targets_fulfilled", "targets_total", "Целевые показатели"),
    "Целевые показатели: отстают": ("targets_off_track", "targets_total", "Целевые показатели"),
    "Целевые показатели: нет данных": ("targets_no_data", "targets_total", "Целевые показатели"),
    "Меры программы: выполнены": ("measures_done", "measures_total", "План поддержки"),
    "Меры программы: просрочены": ("measures_overdue", "measures_total", "План поддержки"),
    "Меры программы: нет сведений": ("measures_unknown", "measures_total", "План поддержки"),
    "Результаты школ: ухудшились больше, чем случайно": ("changes_falls", "changes_tested", "Результаты"),
    "Результаты школ: улучшились больше, чем случайно": ("changes_rises", "changes_tested", "Результаты"),
    "Результаты школ: из изменившихся – менялась сама процедура": ("changes_broken", None, "Результаты"),
}
"""What the board's page takes from the other reports: the fact, of how many, the report."""

__all__ = ["show_chapters", "show_decisions", "show_headlines", "show_lists", "show_published", "table_key_figures"]


def page_of(office: Office) -> Page:
    """The page of this report for an office."""
    return Page(office, REPORT)


def show_headlines(office: Office) -> Headlines:
    """The findings of the year."""
    return page_of(office).headlines(overview_facts(office))


def show_decisions(office: Office) -> Decisions:
    """What the board is asked to decide."""
    return page_of(office).decisions(overview_facts(office))


def table_key_figures(office: Office) -> Table:
    """The key figures this year and a year before, by town and country, beside the region and the country."""
    found = key_figures(office, KEY_FIGURES, [name for name in COMPARED if name != "before"])
    frame = found.assign(figure=found["indicator"].map(KEY_FIGURES), kind=found["unit"].map(number_kind))
    years = {"year": office.year, "before": office.year - 1}
    columns = {
        name: Column(text.format(**years), by_row="kind")
        for name, text in COMPARED.items()
        if name == "municipality" or frame[name].notna().any()
    }
    return page_of(office).table("key_figures", frame, more={"compared": columns}, year=office.year)


def show_published(office: Office) -> Together:
    """The latest figures of the municipality and its groups by its own document, with the numbers behind."""
    page, found = page_of(office), published_figures(office, TOLD_BY_CONDITIONS, LOCALITY)
    if found.empty or office.profile.fictional:
        return Together([])
    shown = [shown_value(value, unit) for value, unit in zip(found["value"], found["unit"], strict=True)]
    table = page.table("municipality_figures", found.assign(shown=shown))
    return Together([*page.text("published", rows=len(found)), table])


def show_chapters(office: Office) -> Together:
    """What the other reports found, in numbers."""
    facts = year_facts(office)
    rows = [
        (
            figure,
            facts[fact] if of is None or facts[of] else None,
            "[не применимо]" if of is None else facts[of],
            report,
        )
        for figure, (fact, of, report) in CHAPTERS.items()
        if fact in facts and is_reported(figure, facts)
    ]
    table = page_of(office).table("chapters", pd.DataFrame(rows, columns=["figure", "number", "of", "report"]))
    return Together([Heading(chapters_heading(facts)), table])


def is_reported(figure: str, facts: Mapping[str, int]) -> bool:
    """Whether anything is known that the row would count."""
    known, unknown = REPORTED.get(figure, (None, None))
    return known is None or facts[known] > (facts[unknown] if unknown else 0)


def chapters_heading(facts: Mapping[str, int]) -> str:
    """Targets and measures in one line; what is not known is not told as nothing done."""
    targets, measures = facts["targets_total"], facts["measures_total"]
    told = (
        f"Целей достигнуто: {format_count(facts['targets_fulfilled'])} из {format_count(targets)}"
        if facts["targets_no_data"] < targets
        else f"Целевых показателей: {format_count(targets)}, данных о них нет"
    )
    done = (
        f"мер выполнено: {format_count(facts['measures_done'])} из {format_count(measures)}"
        if facts["measures_reported"]
        else f"мер: {format_count(measures)}, сведений о выполнении нет"
    )
    return f"{told}; {done}"


def number_kind(unit: str) -> str:
    """How a unit is printed in a column of unlike indicators."""
    return {"rate": "percent", "flag": "percent", "count": "count"}.get(unit, "number")


def shown_value(value: float, unit: str) -> str:
    """A value with its unit as reports print it."""
    kind = number_kind(unit)
    return {"percent": format_percent, "count": format_count, "number": format_number}[kind](value)
