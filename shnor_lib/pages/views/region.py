"""Views of report 05: the offices of a region side by side."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators import catalogue
from shnor_lib.pages.cells import Column
from shnor_lib.pages.charts import plot_stacked_shares
from shnor_lib.pages.furniture import Title
from shnor_lib.pages.numbers import NOT_APPLICABLE
from shnor_lib.pages.page import Report
from shnor_lib.pages.phrases import declared_facts
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import annex, expectation
from shnor_lib.pages.views.overview import key_figures, said, shown_value
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.whatif import region as regions
from shnor_lib.whatif.region import Region

REPORT = Report("05_region", regions.region_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_answer(region: Region, report: str, question: str) -> Title:
    """The title block, whose heading is the answer: how many schools need help, and of how many nothing is known."""
    facts = dict.fromkeys(declared_facts()) | regions.region_facts(region)
    return annex.show_title(region, report, question, said(page_of(region), "answer", facts))


def show_offices(region: Region) -> Together:
    """How many schools of each office are in each category of the methods, as a table and as parts of the whole."""
    page, compared = page_of(region), regions.compare_offices(region)
    categories, main = regions.categories_of(region), regions.main_of(region)
    lists: dict[str, Column] = {}
    for category in categories:
        word, cause = CATEGORIES[category], f"{category}_cause"
        lists[category] = Column(word, "count", cause=cause)
        lists[f"{category}_unknown"] = Column(f"{word}: вывода нет", "count", missing=NOT_APPLICABLE)
        lists[f"{category}_share"] = Column(f"{word}: доля от всех школ", "percent", cause=cause, in_file=True)
    rows = regions.with_total(compared, "Вместе")
    shown = [page.table("region_offices", rows, more={"lists": lists}, summary_rows=1)]
    drawn = compared[compared[main].notna()] if main else compared.iloc[:0]
    if len(drawn) > 1:
        unknown, share = drawn[f"{main}_unknown"] / drawn["schools"], drawn[f"{main}_share"]
        parts = drawn.assign(listed_share=share, unknown_share=unknown, others_share=1 - share - unknown)
        told = {"category": CATEGORIES[main], "low": share.min(), "high": share.max()}
        shown.append(page.figure("region_shares", plot_stacked_shares, parts, facts=told))
    return Together(shown)


def table_listed(region: Region) -> Table:
    """The listed schools of all offices by name, each with why it is listed."""
    found = regions.listed_schools(region)
    words = [" и ".join(CATEGORIES[one] for one in codes.split(";")) for codes in found["categories"]]
    return page_of(region).table("region_listed", found.assign(lists=words))


def table_indicators(region: Region) -> Table:
    """Key indicators of the municipalities beside those of the region."""
    names = page_of(region).words["size"] | key_figures()
    rows, known = regions.indicators_side_by_side(region, list(names)), catalogue()
    units = [known.unit(name) for name in rows["indicator"]]
    counted = [known.of(name).pooling == "ratio" for name in rows["indicator"]]
    frame = rows.assign(
        figure=rows["indicator"].map(names),
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
