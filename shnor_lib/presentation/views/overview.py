"""Views of report 00: one A4 page for the board."""

from __future__ import annotations

import pandas as pd

from shnor_lib.findings import data_facts, identification_facts
from shnor_lib.indicators import catalogue, indicator_label, split_name
from shnor_lib.indicators.window import names_matching
from shnor_lib.office import Office
from shnor_lib.presentation.furniture import Decisions, Headlines
from shnor_lib.presentation.numbers import format_count, format_number, format_percent
from shnor_lib.presentation.phrases import decisions, headlines
from shnor_lib.presentation.tables import Column, Table
from shnor_lib.presentation.views.identification import show_lists, source_of

REPORT = "00_overview"
KEY_FIGURES = [
    "schools_count",
    "pupils_count",
    "below_minimum_rate[OGE/russian/9]",
    "below_minimum_rate[OGE/maths/9]",
    "below_minimum_rate[EGE/russian/11]",
    "below_minimum_rate[EGE/maths_any/11]",
    "below_minimum_rate[VPR/russian/5]",
    "below_minimum_rate[VPR/maths/5]",
    "teachers_first_or_highest_category_rate",
    "teachers_trained_3y_rate",
    "vacancies_rate",
    "satisfaction_share",
]
"""What the board sees of every office; figures that the office's own document prints are shown as well."""

__all__ = ["show_decisions", "show_headlines", "show_lists", "table_figures"]


def overview_facts(office: Office) -> dict:
    """Facts of the lists and of the data together."""
    return {**identification_facts(office), **data_facts(office)}


def show_headlines(office: Office) -> Headlines:
    """The findings of the year."""
    return Headlines(headlines(overview_facts(office), REPORT, most=5))


def show_decisions(office: Office) -> Decisions:
    """What the board is asked to decide."""
    return Decisions(decisions(overview_facts(office), REPORT))


def table_figures(office: Office) -> Table:
    """Published and computed figures of the municipality and its groups of schools, with the numbers behind each."""
    rows = office.indicators
    rows = rows[rows["level"].isin(["municipality", "group"]) & rows["year"].eq(office.year) & rows["value"].notna()]
    printed = ~rows["note"].str.startswith("по данным") & (not office.profile.fictional)
    rows = rows[printed | names_matching(rows["indicator"], KEY_FIGURES)]
    known = catalogue()
    rows = rows[[split_name(name)[0] in known for name in rows["indicator"]]]
    frame = pd.DataFrame(
        {
            "who": [
                "муниципалитет" if level == "municipality" else group
                for level, group in zip(rows["level"], rows["group"], strict=True)
            ],
            "figure": [indicator_label(name) for name in rows["indicator"]],
            "shown": [
                shown_value(value, known[split_name(name)[0]].unit)
                for name, value in zip(rows["indicator"], rows["value"], strict=True)
            ],
            "numerator": rows["numerator"].to_numpy(),
            "denominator": rows["denominator"].to_numpy(),
        }
    )
    counted = [known[split_name(name)[0]].pooling == "ratio" for name in rows["indicator"]]
    frame["numerator"] = frame["numerator"].where(counted)
    return Table(
        frame,
        name="municipality_figures",
        caption=f"Показатели муниципалитета за {office.year} год",
        columns={
            "figure": "Показатель",
            "who": "О ком",
            "shown": "Значение",
            "numerator": Column("Число", "count", missing="[не применимо]"),
            "denominator": Column("Из числа", "count", missing="[не применимо]"),
        },
        row_header=("figure", "who"),
        source=source_of(office),
    )


def shown_value(value: float, unit: str) -> str:
    """A value with its unit as reports print it."""
    if unit in ("rate", "flag"):
        return format_percent(value)
    return format_count(value) if unit == "count" else format_number(value, 1)
