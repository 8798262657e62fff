"""Views of report 80: what the programme promised and how far the office is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses.findings import target_facts
from shnor_lib.analyses.overview import target_counts
from shnor_lib.analyses.promises import promise_facts, targets_by_concern, unit_of, values_by_year
from shnor_lib.criteria.targets import NO_DATA as UNKNOWN
from shnor_lib.criteria.targets import OFF_TRACK, ON_TRACK, SAME
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.bars import bar_of_states
from shnor_lib.pages.marks import Mark, Scale, bullet
from shnor_lib.pages.numbers import (
    CODE_OF_CAUSE,
    HIDDEN,
    NO_DATA,
    NOT_APPLICABLE,
    format_count,
    format_number,
    format_percent,
    format_points,
)
from shnor_lib.pages.page import Report
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.params.profiles import Target

BULLET = 110
"""Width of the drawing of a target, in pixels."""

REPORT = Report("80_targets", lambda office: {**target_facts(office), **promise_facts(office)})
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_states(office: Office) -> Together:
    """All targets as one bar that falls into their states; nothing where all are in one, as the sentences say."""
    counts = target_counts(office)
    title = say(page_of(office).words["bar"]["title"], target_facts(office))
    return Together(
        [bar_of_states("target_state", counts, title)] if len([one for one in counts.values() if one]) > 1 else []
    )


def show_targets(office: Office, targets: pd.DataFrame) -> Together:
    """All targets under a heading that counts the fulfilled ones; that nothing is known is not told as none."""
    facts = target_facts(office)
    heading = page_of(office).text("targets", **facts)
    if not facts["targets_total"]:
        return Together(heading)
    quoted = [table_words(office)] if any(one.printed for one in office.profile.targets.values()) else []
    return Together([*heading, table_targets(office, targets), *quoted, file_values(office), file_history(office)])


def table_targets(office: Office, frame: pd.DataFrame) -> Table:
    """Targets, rows of :func:`targets_by_concern`: values by year, a drawing of value, goal and start, state and reason."""
    page = page_of(office)
    targets = [office.profile.targets[name] for name in frame["target"]]
    rows = list(zip(targets, frame.to_dict("records"), strict=True))
    frame = frame.assign(
        whom=(told := [whom(target, row) for target, row in rows]),
        named=[f"{target.title}: {whose}" for target, whose in zip(targets, told, strict=True)],
        compared=compared_values(office, frame),
        shown=shown_values(office, frame),
        goal_text=[goal_text(office, target, goal) for target, goal in zip(targets, frame["goal"], strict=True)],
        reason=[told_reason(target, row) for target, row in rows],
        data_source=[target.source or NOT_APPLICABLE for target in targets],
        assumption=[target.assumption or NOT_APPLICABLE for target in targets],
        reference=[target.reference for target in targets],
    )
    years = shown_by_year(office).reindex(frame["target"])
    frame = frame.assign(drawn=drawn(office, frame), **{year: years[year].to_numpy() for year in years})
    more = {"years": {year: year for year in years}}
    return page.table("targets", frame, more=more, year=office.year, **target_facts(office), **promise_facts(office))


def table_words(office: Office) -> Table:
    """Targets in the words of the document, in its order, with what is assumed where the words leave it open."""
    declared = office.profile.targets
    words = ("title", "printed", "reference", "assumption")
    frame = pd.DataFrame(
        {"target": list(declared)} | {word: [getattr(one, word) for one in declared.values()] for word in words}
    )
    return page_of(office).table("target_words", frame)


def file_values(office: Office) -> Attachment:
    """Numerators and denominators behind the states, for the file."""
    return page_of(office).attachment("target_values", targets_by_concern(office), year=office.year)


def shown_by_year(office: Office) -> pd.DataFrame:
    """The value of each target (row) in each year (column) as it is printed; without a value the code of its cause."""
    history = values_by_year(office)
    told = history.assign(year=history["year"].astype(str), shown=shown_values(office, history))
    return told.pivot(index="target", columns="year", values="shown").fillna(NO_DATA)


def drawn(office: Office, frame: pd.DataFrame) -> list[Mark | None]:
    """Value, goal and start of each target on the scale of its unit; nothing where there is no value."""
    words = page_of(office).words["drawn"]
    marks: list[Mark | None] = []
    for row in frame.to_dict("records"):
        if pd.isna(row["value"]):
            marks.append(None)
            continue
        target = office.profile.targets[row["target"]]
        facts = {
            "year": office.year,
            "value": row["shown"],
            "goal": row["goal_text"],
            "start": None if pd.isna(row["first_value"]) else shown(office, target, row["first_value"]),
        }
        says = say(words["says"], facts) + (say(words["start"], facts) if facts["start"] else "")
        scale = Scale(0, row["whole"] or 1, BULLET)
        marks.append(bullet(row["value"], row["goal"], row["first_value"], scale, says))
    return marks


def told_reason(target: Target, row: Mapping[str, object]) -> str:
    """Why a target is in its state; of one without data also who gives them by the programme."""
    words = report_spec(REPORT.name).words["reason"]
    wanted = row["state"] == UNKNOWN and target.source
    return str(row["reason"]) + (say(words["source"], {"source": target.source}) if wanted else "")


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
    """The values of rows of targets with their units; an empty one is told by its cause, a hidden one as hidden."""
    targets = [office.profile.targets[name] for name in frame["target"]]
    hidden = frame["hidden"] if "hidden" in frame else [False] * len(frame)
    causes = frame["cause"] if "cause" in frame else [""] * len(frame)
    return [
        HIDDEN
        if gone and pd.isna(value)
        else CODE_OF_CAUSE.get(cause, NO_DATA)
        if pd.isna(value)
        else shown(office, target, value)
        for target, value, gone, cause in zip(targets, frame["value"], hidden, causes, strict=True)
    ]


def shown(office: Office, target: Target, value: float) -> str:
    """A value of a target with its unit: shares are rates, other formulas keep the indicator's unit."""
    unit = unit_of(office, target)
    if pd.isna(value):
        return NO_DATA
    if unit in ("rate", "flag"):
        return format_points(value).removeprefix("+") if target.formula == "gap" else format_percent(value)
    return format_number(value, 1)


def goal_text(office: Office, target: Target, goal: float) -> str:
    """The goal in words with its number and the year it is due."""
    words, number = report_spec(REPORT.name).words, shown(office, target, goal)
    goal_word = "level" if target.goal == "not_worse_than" and pd.isna(goal) else target.goal
    told = say(words["goal"][goal_word], {"number": number, "level": words["level"].get(target.benchmark)})
    return say(words["due"]["by"], {"goal": told, "due": str(target.year)}) if target.year else told


def file_history(office: Office) -> Attachment:
    """The value of every target in every year, for the file."""
    history = office.target_history
    titles = [office.profile.targets[name].title for name in history["target"]]
    since = history["since"].map(lambda year: "" if pd.isna(year) else f"по сравнению с {year:.0f} годом")
    remark = ["; ".join(filter(None, pair)) for pair in zip(since, history["remark"], strict=True)]
    frame = history.assign(title=titles, shown=shown_values(office, history), remark=remark)
    return page_of(office).attachment("target_history", frame)
