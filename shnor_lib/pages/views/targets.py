"""Views of report 80: what the programme promised and how far the office is."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.findings import target_facts
from shnor_lib.office.office import Office
from shnor_lib.pages.numbers import NO_DATA, NOT_APPLICABLE, format_number, format_percent
from shnor_lib.pages.page import Report
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES

REPORT = Report("80_targets", target_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_targets(office: Office) -> Together:
    """All targets under a heading that counts the fulfilled ones; that nothing is known is not told as none."""
    return Together([*page_of(office).text("targets", **target_facts(office)), table_targets(office)])


def table_targets(office: Office) -> Table:
    """Every target: value now, goal, where it should be by now, state, and what stands in the way."""
    frame, schools = office.targets, {"all": "все школы", **CATEGORIES}
    targets = [office.profile.targets[name] for name in frame["target"]]
    units = [unit_of_target(office, target) for target in targets]
    frame = frame.assign(
        title=[target.title for target in targets],
        schools=[
            "все школы" if target.formula == "share_identified" else schools[target.schools] for target in targets
        ],
        shown=[
            shown(value, unit, target.formula)
            for value, unit, target in zip(frame["value"], units, targets, strict=True)
        ],
        goal_text=[
            goal_text(target, goal, unit) for target, goal, unit in zip(targets, frame["goal"], units, strict=True)
        ],
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


def unit_of_target(office, target) -> str:
    """Unit of a target's value: shares are rates, other formulas keep the indicator's unit."""
    return "rate" if target.formula.startswith("share") else office.catalogue.unit(target.indicator)


def shown(value: float, unit: str, formula: str) -> str:
    """A value of a target with its unit."""
    if pd.isna(value):
        return NO_DATA
    if unit in ("rate", "flag"):
        return f"{format_number(100 * value, 1)} п. п." if formula == "gap" else format_percent(value)
    return format_number(value, 1)


def goal_text(target, goal: float, unit: str) -> str:
    """The goal in words with its number."""
    words, number = report_spec(REPORT.name).words, shown(goal, unit, target.formula)
    return say(words["goal"][target.goal], {"number": number, "level": words["level"].get(target.benchmark)})


def table_history(office: Office) -> Table:
    """The value of every target in every year that has data."""
    frame = office.target_history
    targets = [office.profile.targets[name] for name in frame["target"]]
    values = [
        shown(value, unit_of_target(office, target), target.formula)
        for value, target in zip(frame["value"], targets, strict=True)
    ]
    shown_rows = frame[["year", "denominator"]].assign(title=[target.title for target in targets], shown=values)
    return page_of(office).table("target_history", shown_rows)
