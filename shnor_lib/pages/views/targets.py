"""Views of report 80: what the programme promised and how far the office is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses.findings import target_facts
from shnor_lib.criteria.targets import OFF_TRACK, ON_TRACK, SAME
from shnor_lib.office.office import Office
from shnor_lib.pages.numbers import HIDDEN, NO_DATA, NOT_APPLICABLE, format_count, format_number, format_percent
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
    page = page_of(office)
    numbers = page.attachment("target_values", titled(office, office.targets), year=office.year)
    return Together([*page.text("targets", **target_facts(office)), table_targets(office), numbers])


def table_targets(office: Office) -> Table:
    """Every target: value of the baseline and now, goal, where it should be by now, state, and what stands in the way."""
    frame = titled(office, office.targets)
    targets = [office.profile.targets[name] for name in frame["target"]]
    rows = list(zip(targets, frame.to_dict("records"), strict=True))
    frame = frame.assign(
        whom=[whom(target, row) for target, row in rows],
        compared=compared_values(office, frame),
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


def titled(office: Office, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of targets with their titles."""
    return frame.assign(title=[office.profile.targets[name].title for name in frame["target"]])


def whom(target: Target, row: Mapping[str, object]) -> str:
    """For whom a target is measured: which list, and how many of its schools have data."""
    words = report_spec(REPORT.name).words["whom"]
    told = say(words["all"], {})
    if target.schools != "all" and target.formula != "share_identified":
        told = say(words["list"], {"category": CATEGORIES[target.schools], "cohort": f"{row['cohort']:.0f}"})
    if pd.isna(row["of_schools"]):
        return told
    numbers = {name: format_count(row[name]) for name in ("schools", "of_schools")}
    return told + say(words["counted"], numbers)


def compared_values(office: Office, frame: pd.DataFrame) -> list[str]:
    """What change is told from: the value of the baseline and, where it is compared, of the year over the same schools."""
    public = office.audience == "public"
    texts = {
        name: shown_values(office, frame.assign(value=frame[name], hidden=frame[name].isna() & public))
        for name in ("first_value", "compared_value")
    }
    later = frame["first_year"].lt(office.year)
    paired = frame["compared_value"].notna() | (public & frame["state"].isin([ON_TRACK, SAME, OFF_TRACK]))
    rows = zip(frame["first_year"], later, paired, *texts.values(), strict=True)
    return [
        NOT_APPLICABLE if not earlier else f"{year:.0f}: {before}" + (f"; {office.year}: {now}" if both else "")
        for year, earlier, both, before, now in rows
    ]


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
    frame = titled(office, office.target_history)
    since = frame["since"].map(lambda year: "" if pd.isna(year) else f"по сравнению с {year:.0f} годом")
    remark = [
        told if not against else "; ".join(filter(None, [against, told]))
        for told, against in zip(frame["remark"], since, strict=True)
    ]
    return page_of(office).table("target_history", frame.assign(shown=shown_values(office, frame), remark=remark))
