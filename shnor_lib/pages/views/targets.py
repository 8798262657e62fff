"""Views of report 80: what the programme promised and how far the office is."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.findings import target_facts
from shnor_lib.office.office import Office
from shnor_lib.pages.numbers import HIDDEN, NO_DATA, NOT_APPLICABLE, format_number, format_percent
from shnor_lib.pages.page import Report
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.params.profiles import Target

REPORT = Report("80_targets", target_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_targets(office: Office) -> Together:
    """All targets under a heading that counts the fulfilled ones; that nothing is known is not told as none."""
    return Together([*page_of(office).text("targets", **target_facts(office)), table_targets(office)])


def table_targets(office: Office) -> Table:
    """Every target: value now, goal, where it should be by now, state, and what stands in the way."""
    frame, schools = office.targets, {"all": "все школы", **CATEGORIES}
    targets = [office.profile.targets[name] for name in frame["target"]]
    frame = frame.assign(
        title=[target.title for target in targets],
        schools=[schools["all" if target.formula == "share_identified" else target.schools] for target in targets],
        shown=shown_values(office, frame),
        goal_text=[goal_text(office, target, goal) for target, goal in zip(targets, frame["goal"], strict=True)],
        due=[str(target.year) if target.year else NOT_APPLICABLE for target in targets],
        data_source=[target.source or NOT_APPLICABLE for target in targets],
        reference=[target.reference for target in targets],
    )
    return page_of(office).table(
        "targets",
        frame,
        year=office.year,
        fact=" ".join(f"{target.title}: {target.assumption}." for target in targets if target.assumption),
    )


def shown_values(office: Office, frame: pd.DataFrame) -> list[str]:
    """The values of rows of targets with their units; those that the public edition hides are told as hidden, not as lacking."""
    targets = [office.profile.targets[name] for name in frame["target"]]
    hidden = frame["hidden"] if "hidden" in frame else [False] * len(frame)
    rows = zip(targets, frame["value"], hidden, strict=True)
    return [HIDDEN if gone else shown(office, target, value) for target, value, gone in rows]


def shown(office: Office, target: Target, value: float) -> str:
    """A value of a target with its unit: shares are rates, other formulas keep the indicator's unit."""
    unit = "rate" if target.formula.startswith("share") else office.catalogue.unit(target.indicator)
    if pd.isna(value):
        return NO_DATA
    if unit in ("rate", "flag"):
        return f"{format_number(100 * value, 1)} п. п." if target.formula == "gap" else format_percent(value)
    return format_number(value, 1)


def goal_text(office: Office, target: Target, goal: float) -> str:
    """The goal in words with its number."""
    words, number = report_spec(REPORT.name).words, shown(office, target, goal)
    return say(words["goal"][target.goal], {"number": number, "level": words["level"].get(target.benchmark)})


def table_history(office: Office) -> Table:
    """The value of every target in every year that has data."""
    frame = office.target_history
    titles = [office.profile.targets[name].title for name in frame["target"]]
    return page_of(office).table("target_history", frame.assign(title=titles, shown=shown_values(office, frame)))
