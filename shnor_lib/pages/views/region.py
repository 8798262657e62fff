"""Views of report 05: the offices of a region side by side."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators import catalogue, split_name
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_stacked_shares
from shnor_lib.pages.furniture import Decisions, Heading, Headlines
from shnor_lib.pages.numbers import format_count
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import expectation
from shnor_lib.pages.views.overview import KEY_FIGURES, shown_value
from shnor_lib.whatif.region import (
    Region,
    compare_offices,
    expected_by_office,
    expected_schools,
    indicators_side_by_side,
    office_titles,
    region_facts,
)

REPORT = "05_region"
CATEGORIES = {"low_results": "ШНОР", "adverse": "ШНСУ"}
PARTS = {"low_results_share": "ШНОР", "others_share": "не отнесены", "unknown_share": "данных недостаточно"}


def page_of(region: Region) -> Page:
    """The page of this report for an office."""
    return Page(region, REPORT)


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
    table = page_of(region).table("region_offices", compared)
    drawn = compared[compared["low_results"].notna()]
    if drawn.empty:
        return Together([Heading(heading), table_totals(region, facts), table])
    unknown = drawn["low_results_insufficient"] / drawn["schools"]
    shares = drawn.assign(unknown_share=unknown, others_share=1 - drawn["low_results_share"] - unknown)
    figure = page_of(region).figure("region_shares", plot_stacked_shares, shares, parts=PARTS)
    return Together([Heading(heading), table_totals(region, facts), table, figure])


def table_totals(region: Region, facts: dict) -> Table:
    """How many schools of the region are in each category, and in how many offices that could be said."""
    rows = [
        (word, *(facts[f"region_{category}_{what}"] for what in ("count", "of", "assessed", "offices")))
        for category, word in CATEGORIES.items()
    ]
    return page_of(region).table(
        "region_totals", pd.DataFrame(rows, columns=["figure", "schools", "of", "assessed", "offices"])
    )


def table_indicators(region: Region) -> Table:
    """Key indicators of the municipalities beside those of the region."""
    rows = indicators_side_by_side(region, KEY_FIGURES)
    known = catalogue()
    units = [known[split_name(name)[0]].unit for name in rows["indicator"]]
    counted = [known[split_name(name)[0]].pooling == "ratio" for name in rows["indicator"]]
    titles = office_titles(region)
    frame = pd.DataFrame(
        {
            "figure": [known.label(name) for name in rows["indicator"]],
            "office": rows["municipality"].map(titles),
            "shown": [shown_value(value, unit) for value, unit in zip(rows["value"], units, strict=True)],
            "denominator": rows["denominator"].where(counted).to_numpy(),
            "region": [
                "[не применимо]" if pd.isna(value) else shown_value(value, unit)
                for value, unit in zip(rows["region_value"], units, strict=True)
            ],
        }
    )
    return page_of(region).table("region_indicators", frame, year=region.year)


def show_expectation(region: Region) -> Together:
    """The schools of all offices held against one expectation, where a municipality alone has too few for a model (row B10)."""
    expected = region.expected
    if expected is None:
        return Together([])
    if expected.refusal:
        text = f"Ожидаемый результат по социальному контексту не рассчитан: {expected.refusal}."
        return Together(page_of(region).text("expectation", text=text))
    first = next(iter(region.offices.values()))
    settings = first.profile.expectation
    titles, schools = office_titles(region), expected_schools(region)
    counts = expected_by_office(region)
    offices = page_of(region).table(
        "region_expected_offices",
        counts.assign(title=counts["municipality"].map(titles)),
        expectation=expectation.note_of(expected, settings),
    )
    outside = schools[schools["comparison"].isin(["better", "worse"])]
    shown = {"office": Column("Муниципалитет"), "school": Column("Школа"), **expectation.columns_of(expected, settings)}
    told = page_of(region).table("region_expected_outside", outside, more={"more": shown})
    everyone = page_of(region).table(
        "region_expected_results", schools[schools["comparison"].ne("not_compared")], more={"more": shown}
    )
    names = schools[["municipality", "school_id", "office", "school"]]
    headers = {"office": "Муниципалитет", "school": "Школа"}
    return Together(
        [
            Heading(expectation.heading_of(expected)),
            offices,
            told,
            expectation.table_fit(expected, "region_expected_fit"),
            expectation.table_model(expected, settings, first.catalogue, "region_expected_model"),
            Attachment(everyone, "Результат и ожидание каждой школы региона – в отдельном файле."),
            expectation.attach_context(expected, names, headers, first.catalogue, "region_expected_context"),
        ]
    )
