"""Views of report 05: the offices of a region side by side."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators import catalogue, indicator_label, split_name
from shnor_lib.presentation.charts import plot_stacked_shares
from shnor_lib.presentation.furniture import Decisions, Heading, Headlines
from shnor_lib.presentation.numbers import format_count
from shnor_lib.presentation.phrases import decisions, headlines
from shnor_lib.presentation.tables import Column, Table
from shnor_lib.presentation.together import Together
from shnor_lib.presentation.views.overview import KEY_FIGURES, shown_value
from shnor_lib.region import Region, compare_offices, indicators_side_by_side, region_facts

REPORT = "05_region"
CATEGORIES = {"low_results": "ШНОР", "adverse": "ШНСУ"}
PARTS = {"low_results_share": "ШНОР", "others_share": "не отнесены", "unknown_share": "данных недостаточно"}


def show_headlines(region: Region) -> Headlines:
    """The findings over all offices."""
    return Headlines(headlines(region_facts(region), REPORT))


def show_decisions(region: Region) -> Decisions:
    """What the region is asked to decide."""
    return Decisions(decisions(region_facts(region), REPORT))


def show_offices(region: Region) -> Together:
    """How many schools of each office are in each category, as a table and as parts of the whole."""
    compared = compare_offices(region)
    facts = region_facts(region)
    counted = [
        f"{word} – {format_count(facts[f'region_{category}_count'])} из {format_count(facts[f'region_{category}_of'])}"
        for category, word in CATEGORIES.items()
        if facts[f"region_{category}_assessed"]
    ]
    heading = ", ".join(counted) or "Ни по одной школе региона вывод сделать нельзя"
    table = Table(
        compared,
        name="region_offices",
        caption="Школы муниципалитетов в двух категориях",
        columns={
            "title": "Муниципалитет",
            "schools": Column("Школ", "count"),
            "low_results": Column("ШНОР", "count"),
            "low_results_share": Column("Доля ШНОР", "percent", digits=0),
            "low_results_insufficient": Column("ШНОР: данных недостаточно", "count"),
            "adverse": Column("ШНСУ", "count"),
            "adverse_share": Column("Доля ШНСУ", "percent", digits=0),
            "adverse_insufficient": Column("ШНСУ: данных недостаточно", "count"),
        },
        note="Муниципалитеты стоят в порядке профиля региона; доли – от всех школ муниципалитета.",
    )
    drawn = compared[compared["low_results"].notna()]
    if drawn.empty:
        return Together([Heading(heading), table_totals(facts), table])
    unknown = drawn["low_results_insufficient"] / drawn["schools"]
    shares = drawn.assign(unknown_share=unknown, others_share=1 - drawn["low_results_share"] - unknown)
    figure = plot_stacked_shares(
        shares,
        parts=PARTS,
        row="title",
        name="region_shares",
        caption="Доля школ с низкими результатами в каждом муниципалитете и доля школ, о которых судить нельзя",
        numbers="region_offices",
    )
    return Together([Heading(heading), table_totals(facts), table, figure])


def table_totals(facts: dict) -> Table:
    """How many schools of the region are in each category, and in how many offices that could be said."""
    rows = [
        (word, *(facts[f"region_{category}_{what}"] for what in ("count", "of", "assessed", "offices")))
        for category, word in CATEGORIES.items()
    ]
    return Table(
        pd.DataFrame(rows, columns=["figure", "schools", "of", "assessed", "offices"]),
        name="region_totals",
        caption="Сколько школ региона в каждой категории",
        columns={
            "figure": "Категория",
            "schools": Column("Школ", "count"),
            "of": Column("Из школ там, где вывод сделан", "count"),
            "assessed": Column("Муниципалитетов, где вывод сделан", "count"),
            "offices": Column("Муниципалитетов, где такие школы есть", "count"),
        },
    )


def table_indicators(region: Region) -> Table:
    """Key indicators of the municipalities beside those of the region."""
    rows = indicators_side_by_side(region, KEY_FIGURES)
    known = catalogue()
    units = [known[split_name(name)[0]].unit for name in rows["indicator"]]
    titles = {name: office.profile.short_title or office.profile.title for name, office in region.offices.items()}
    frame = pd.DataFrame(
        {
            "figure": [indicator_label(name) for name in rows["indicator"]],
            "office": rows["municipality"].map(titles),
            "shown": [shown_value(value, unit) for value, unit in zip(rows["value"], units, strict=True)],
            "denominator": rows["denominator"].to_numpy(),
            "region": [
                "[не применимо]" if pd.isna(value) else shown_value(value, unit)
                for value, unit in zip(rows["region_value"], units, strict=True)
            ],
        }
    )
    return Table(
        frame,
        name="region_indicators",
        caption=f"Показатели муниципалитетов за {region.year} год и показатель региона",
        columns={
            "figure": "Показатель",
            "office": "Муниципалитет",
            "shown": "Значение",
            "denominator": Column("Из числа", "count", missing="[не применимо]"),
            "region": "Регион",
        },
        row_header=("figure", "office"),
        empty="Ни один муниципалитет региона этих показателей не представил.",
    )
