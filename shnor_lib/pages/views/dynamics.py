"""Views of report 70: who entered and left the lists, trends with their uncertainty, waves, and the half-yearly rating."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses import dynamics, ratings
from shnor_lib.analyses.change import falls_first
from shnor_lib.analyses.findings import dynamics_facts, trend_names
from shnor_lib.analyses.lists import quota_facts
from shnor_lib.inputs.breaks import series_breaks
from shnor_lib.inputs.dictionary import choices
from shnor_lib.office.office import Office
from shnor_lib.pages.marks import Mark, Scale, sparkline
from shnor_lib.pages.numbers import format_number, is_missing
from shnor_lib.pages.page import Report
from shnor_lib.pages.saying import say
from shnor_lib.pages.tables import Column
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES

SPARKLINE = 72
"""Width of the drawing of a school's years, in pixels."""

REPORT = Report("70_dynamics", dynamics_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_moves(office: Office, moves: pd.DataFrame) -> Together:
    """The lists of two years side by side, what changed first: rows of :func:`dynamics.list_moves`."""
    page, before = page_of(office), office.year - 1
    if office.previous.empty:
        return Together(page.text("moves_absent", year=before))
    shown = dynamics.changed_first(moves)
    shown = shown.assign(decided=dynamics.decisions_behind(office, shown))
    table = page.table("list_moves", shown, before=before, now=office.year)
    by_rule = lists_by_rule(office) or None
    return Together([*page.text("moves", moved=lists_moved(office, moves), by_rule=by_rule), table])


def lists_by_rule(office: Office) -> str:
    """The lists whose length their rule gives, each with it."""
    rules = {category: quota_facts(office, category) for category in office.method.decisions}
    words = page_of(office).words["moved"]["by_rule"]
    return ", ".join(
        say(words, facts | {"category": office.method.words(category).called})
        for category, facts in rules.items()
        if facts.get("list_quota_alone")
    )


def lists_moved(office: Office, moves: pd.DataFrame) -> str:
    """How each list changed, one after another in the order of the method; empty where no answer can be compared."""
    words, told, compared = page_of(office).words["moved"], [], False
    for category in office.method.decisions:
        counts = dynamics.move_counts(moves[moves["category"].eq(category)])
        facts = counts | {"category": CATEGORIES[category]}
        some = sum(counts.values()) > counts["open"]
        told.append(
            say(words["list" if some else "unknown"], facts) + say(words["open"], facts) * (some and counts["open"] > 0)
        )
        compared |= some
    return "; ".join(told) if compared else ""


def show_trends(office: Office) -> Together:
    """Change of every school's results over the years against the region or the others, with its interval; falls first."""
    page, series = page_of(office), dynamics.deviations(office)
    found, regional = dynamics.trends(office)
    facts = dynamics.trend_facts(office, found) | trend_names(office, found)
    if found.empty:
        return Together(page.text("trends_absent", years=facts["trend_years"]))
    breaks = " ".join(f"{text}." for text in series_breaks(series["year"]))
    reading = office.profile.results
    table = page.table(
        "trends",
        falls_first(found.assign(tested=True, drawn=years_drawn(series, list(found["school_id"])))),
        breaks=breaks or None,
        regional=regional,
        not_regional=not regional,
        confidence=reading.confidence,
        **facts,
    )
    moved = facts["worsening_count"] or facts["improving_count"]
    return Together([*page.text("trends" if moved else "trends_none", **facts), table])


def years_drawn(series: pd.DataFrame, schools: list[str]) -> list[Mark | None]:
    """The years of each school beside the municipality, all on one scale; nothing where no year is known."""
    wide = series.pivot(index="school_id", columns="year", values="value").reindex(schools).astype(float)
    scale = Scale.over([*wide.to_numpy().ravel()], SPARKLINE, include=[0.0])
    drawn: list[Mark | None] = []
    for _, own in wide.iterrows():
        known = {year: format_number(value, signed=True) for year, value in own.items() if not is_missing(value)}
        says = ", ".join(f"{year}: {value}" for year, value in known.items())
        drawn.append(sparkline(list(own), scale, says, label=[*known.values()][-1]) if known else None)
    return drawn


def show_waves(office: Office) -> Together:
    """The monitoring waves of the year: entry, interim, final."""
    page, found = page_of(office), dynamics.office_waves(office)
    if found.empty:
        return Together(page.text("waves_absent"))
    waves = {wave: Column(choices("wave")[wave].capitalize(), "percent") for wave in dynamics.WAVES}
    heading = page.text("waves", schools=len(found["school_id"].unique()))
    return Together([*heading, page.attachment("waves", found, more={"waves": waves})])


def show_rating(office: Office) -> Together:
    """The ratings of both half-years with intervals of places, in the order of school codes."""
    page = page_of(office)
    if office.audience == "public":
        return Together(page.text("rating_hidden"))
    found, words = ratings.half_years(office), page.words
    if found.schools.empty:
        return Together(page.text("rating_absent"))
    first, second = (words["month"][str(month)] for month in office.profile.rating.months)
    facts = {
        **ratings.rating_counts(found),
        "year": str(office.year),
        "before": str(office.year - 1),
        "first_month": first,
        "second_month": second,
        "first_title": first.capitalize(),
        "second_title": second.capitalize(),
        "waves": " и ".join(words["wave"][wave] for wave in found.waves) or None,
        "carried": int(found.carried),
    }
    told = {"assumption": office.profile.rating.assumption, "false_alarm": office.profile.results.false_alarm}
    return Together([*page.text("rating", **facts), page.table("rating", found.schools, **facts, **told)])
