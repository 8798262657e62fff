"""Views of report 00: one A4 page for the board."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses.findings import year_facts
from shnor_lib.analyses.overview import key_figures as figures_beside
from shnor_lib.analyses.overview import overview_facts, published_figures
from shnor_lib.office.office import Office
from shnor_lib.pages.numbers import NOT_APPLICABLE, format_count, format_number, format_percent
from shnor_lib.pages.page import Report
from shnor_lib.pages.saying import condition, say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.context_risks import carried_text
from shnor_lib.pages.views.identification import show_lists

TOLD_BY_CONDITIONS = ("settlement_size_band", "transport_difficulty", "survey_yes")
"""What report 40 tells in words: bands of territory and answers of schools, whose numbers say nothing by themselves."""

LOCALITY = ("urban_school_flag", "rural_school_flag")
"""Shares of town and country: of the municipality a figure, of a group of one kind nothing new."""

__all__ = ["show_chapters", "show_decisions", "show_headlines", "show_lists", "show_published", "table_key_figures"]


REPORT = Report("00_overview", overview_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def key_figures() -> Mapping[str, str]:
    """What the board sees of every office: indicators in order, each with few words; on paper they stand on the first page."""
    return report_spec(REPORT.name).words["key_figures"]


def table_key_figures(office: Office) -> Table:
    """The key figures this year and a year before, by town and country, beside the region and the country."""
    page = page_of(office)
    labels = {
        name: say(text, {"year": office.year, "before": office.year - 1})
        for name, text in page.words["compared"].items()
    }
    frame = figures_beside(office, key_figures(), [name for name in labels if name != "before"])
    frame = frame.assign(figure=frame["indicator"].map(key_figures()), kind=frame["unit"].map(number_kind))
    known = {name: label for name, label in labels.items() if name == "municipality" or frame[name].notna().any()}
    return page.table(
        "key_figures", frame, more={"compared": known}, year=office.year, carried=carried_text(office, key_figures())
    )


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
    facts, page, rows = year_facts(office), page_of(office), []
    for fact, figure in page.words["chapters"].items():
        of, when = (page.words[name].get(fact) for name in ("of", "when"))
        if fact in facts and (when is None or condition(when).holds(facts)):
            number, total = (
                (facts[fact], NOT_APPLICABLE) if of is None else (facts[fact] if facts[of] else None, facts[of])
            )
            rows.append((figure, number, total, page.words["report"][fact]))
    table = page.table("chapters", pd.DataFrame(rows, columns=["figure", "number", "of", "report"]))
    return Together([*page.text("chapters", **facts), table])


def number_kind(unit: str) -> str:
    """How a unit is printed in a column of unlike indicators."""
    return {"rate": "percent", "flag": "percent", "count": "count"}.get(unit, "number")


def shown_value(value: float, unit: str) -> str:
    """A value with its unit as reports print it."""
    kind = number_kind(unit)
    return {"percent": format_percent, "count": format_count, "number": format_number}[kind](value)
