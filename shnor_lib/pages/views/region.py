"""Views of report 05: the offices of a region side by side."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.board import how_sure
from shnor_lib.indicators import catalogue
from shnor_lib.pages.charts import plot_stacked_shares
from shnor_lib.pages.numbers import NOT_APPLICABLE, format_count
from shnor_lib.pages.page import Page, Report
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import expectation
from shnor_lib.pages.views.overview import key_figures, shown_value
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.whatif import region as regions
from shnor_lib.whatif.region import Region

REPORT = Report("05_region", regions.region_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_offices(region: Region) -> Together:
    """How many schools of each office are in each category, as a table and as parts of the whole."""
    page, facts, compared = page_of(region), regions.region_facts(region), regions.compare_offices(region)
    counted = [
        f"{word} – {format_count(facts[f'region_{category}_count'])} из {format_count(facts[f'region_{category}_of'])}"
        for category, word in page.words["category"].items()
        if facts[f"region_{category}_assessed"]
    ]
    shown = [*page.text("offices", counted=", ".join(counted) or None), table_totals(page, facts)]
    shown.append(page.table("region_offices", compared))
    drawn = compared[compared["low_results"].notna()]
    if len(drawn):
        unknown = drawn["low_results_insufficient"] / drawn["schools"]
        shares = drawn.assign(unknown_share=unknown, others_share=1 - drawn["low_results_share"] - unknown)
        shown.append(page.figure("region_shares", plot_stacked_shares, shares))
    return Together(shown)


def table_listed(region: Region) -> Table:
    """The listed schools of all offices by name, each with why it is listed."""
    found = regions.listed_schools(region)
    words = [" и ".join(CATEGORIES[one] for one in codes.split(";")) for codes in found["categories"]]
    sure = [how_sure(row.expert, row.near) for row in found.itertuples()]
    return page_of(region).table(
        "region_listed", found.assign(lists=words, sure=sure, reason=found["reason"].str.removeprefix("выполнено: "))
    )


def table_totals(page: Page, facts: dict) -> Table:
    """How many schools of the region are in each category, and in how many offices that could be said."""
    asked = {"schools": "count", "of": "of", "assessed": "assessed", "offices": "offices"}
    rows = [
        {"figure": word} | {column: facts[f"region_{category}_{what}"] for column, what in asked.items()}
        for category, word in page.words["category"].items()
    ]
    return page.table("region_totals", pd.DataFrame(rows))


def table_indicators(region: Region) -> Table:
    """Key indicators of the municipalities beside those of the region."""
    rows, known = regions.indicators_side_by_side(region, key_figures()), catalogue()
    units = [known.unit(name) for name in rows["indicator"]]
    counted = [known.of(name).pooling == "ratio" for name in rows["indicator"]]
    frame = rows.assign(
        figure=[known.label(name) for name in rows["indicator"]],
        office=rows["municipality"].map(regions.office_titles(region)),
        shown=[shown_value(value, unit) for value, unit in zip(rows["value"], units, strict=True)],
        denominator=rows["denominator"].where(counted),
        region=[
            NOT_APPLICABLE if pd.isna(value) else shown_value(value, unit)
            for value, unit in zip(rows["region_value"], units, strict=True)
        ],
    )
    return page_of(region).table("region_indicators", frame, year=region.year)


def show_expectation(region: Region) -> Together:
    """The schools of all offices held against one expectation, where a municipality alone has too few for a model (row B10)."""
    expected = region.expected
    if expected is None:
        return Together([])
    page = expectation.page_of(region)
    if expected.refusal:
        return Together(page.text("absent", refusal=expected.refusal, alone=False, together=True))
    first = next(iter(region.offices.values()))
    settings, counts = first.profile.expectation, regions.expected_by_office(region)
    facts, captions = expectation.named_facts(page, expected, settings), page.words["caption"]
    schools = regions.expected_schools(region).drop(columns="reason")
    offices = counts.assign(title=counts["municipality"].map(regions.office_titles(region)))
    outside = schools[schools["comparison"].isin(["better", "worse"])]
    everyone = schools[schools["comparison"].ne("not_compared")]
    names = schools[["municipality", "school_id", "office", "school"]]
    return Together(
        [
            *page.text("found", **facts),
            page.table("offices", offices, named="region_expected_offices", **facts),
            page.table("schools", outside, named="region_expected_outside", caption=captions["outside"], **facts),
            *expectation.tables_model(page, expected, settings.level, first.catalogue, "region_expected"),
            page.attachment(
                "schools", everyone, named="region_expected_results", caption=captions["everyone"], **facts
            ),
            expectation.attach_context(page, expected, names, first.catalogue, "region_expected"),
        ]
    )
