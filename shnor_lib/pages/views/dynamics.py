"""Views of report 70: who entered and left the lists, trends with their uncertainty, waves, and the half-yearly rating."""

from __future__ import annotations

from shnor_lib.analyses import dynamics
from shnor_lib.analyses.change import falls_first
from shnor_lib.analyses.findings import dynamics_facts, quota_facts
from shnor_lib.inputs.breaks import series_breaks
from shnor_lib.inputs.dictionary import choices
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_slope
from shnor_lib.pages.page import Report
from shnor_lib.pages.tables import Column
from shnor_lib.pages.together import Together

MAX_TRENDS = 4
QUOTA: dict[str, int | None] = dict.fromkeys(f"adverse_quota_{one}" for one in ("marked", "of", "alone"))
"""Facts of a list whose length its rule gives; not known where it gives none."""


REPORT = Report("70_dynamics", dynamics_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_moves(office: Office) -> Together:
    """The lists of two years side by side."""
    page, before = page_of(office), office.year - 1
    if office.previous.empty:
        return Together(page.text("moves_absent", year=before))
    moves = dynamics.list_moves(office.previous, office.identification)
    table = page.table("list_moves", moves[moves["move"].ne("absent")], before=before, now=office.year)
    return Together(
        [
            *page.text(
                "moves",
                **dynamics.move_counts(moves),
                **QUOTA | quota_facts(office),
                compared=len(moves[moves["move"].ne("open")]),
                rows=len(moves),
            ),
            table,
        ]
    )


def show_trends(office: Office) -> Together:
    """Change of every school's results over the years against the region or the others, with its interval; falls first."""
    page, series = page_of(office), dynamics.deviations(office)
    found, regional = dynamics.trends(office, series)
    facts = dynamics.facts_of_trends(office, found)
    if found.empty:
        return Together(page.text("trends_absent"))
    names = tuple(
        office.school_names.get(school, school) for school in found.loc[found["direction"].ne("none"), "school_id"]
    )
    breaks = " ".join(f"{text}." for text in series_breaks(series["year"]))
    figure = page.figure(
        "trend_lines",
        plot_slope,
        series,
        facts={"highlighted": len(names[:MAX_TRENDS]), "named": ", ".join(names[:MAX_TRENDS])},
        highlight=names[:MAX_TRENDS],
    )
    reading = office.profile.results
    table = page.table(
        "trends",
        falls_first(found.assign(tested=True)),
        breaks=breaks or None,
        regional=regional,
        not_regional=not regional,
        confidence=reading.confidence,
        **facts,
    )
    return Together([*page.text("trends" if names else "trends_none", **facts), figure, table])


def show_waves(office: Office) -> Together:
    """The monitoring waves of the year: entry, interim, final."""
    page, found = page_of(office), dynamics.office_waves(office)
    if found.empty:
        return Together(page.text("waves_absent"))
    waves = {wave: Column(choices("wave")[wave].capitalize(), "percent") for wave in dynamics.WAVES}
    heading = page.text("waves", schools=len(found["school_id"].unique()))
    return Together([*heading, page.table("waves", found, more={"waves": waves})])


def show_rating(office: Office) -> Together:
    """The rating with intervals of places, in the order of school codes."""
    page = page_of(office)
    if office.audience == "public":
        return Together(page.text("rating_hidden"))
    found = dynamics.year_rating(office)
    if found.empty:
        return Together(page.text("rating_absent"))
    facts = {"apart": len(found[found["group"].ne("not_told_apart")]), "schools": len(found)}
    return Together([*page.text("rating", **facts), page.table("rating", found, **facts)])
