"""Views of report 00: the sheet by which the board votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from shnor_lib.analyses import board
from shnor_lib.analyses.findings import open_signs, year_facts
from shnor_lib.analyses.identification import school_list
from shnor_lib.analyses.naming import MOST_NAMED
from shnor_lib.analyses.overview import Board, measure_counts, overview_facts, published_figures, target_counts
from shnor_lib.analyses.overview import key_figures as figures_beside
from shnor_lib.analyses.support.measures import STATES
from shnor_lib.criteria.clarification import RECEIVED, decision_in_words
from shnor_lib.inputs.dictionary import choices, procedure_label, table
from shnor_lib.office.office import Office
from shnor_lib.pages import marks
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.bars import bar_of_states
from shnor_lib.pages.cells import Column
from shnor_lib.pages.furniture import Decisions, Headlines, Title
from shnor_lib.pages.marks import Mark, Scale
from shnor_lib.pages.numbers import (
    NO_DATA,
    NOT_APPLICABLE,
    format_count,
    format_number,
    format_percent,
    is_missing,
    lower_first,
    upper_first,
)
from shnor_lib.pages.page import Page, Report
from shnor_lib.pages.phrases import decisions, declared_facts, headlines
from shnor_lib.pages.saying import condition, say
from shnor_lib.pages.sheets import SideBySide
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import annex
from shnor_lib.pages.views.context_risks import carried_text
from shnor_lib.pages.views.identification import table_identification, table_totals
from shnor_lib.pages.words import word

TOLD_BY_CONDITIONS = ("settlement_size_band", "transport_difficulty", "survey_yes")
"""What report 40 tells in words: bands of territory and answers of schools, whose numbers say nothing by themselves."""

LOCALITY = ("urban_school_flag", "rural_school_flag")
"""Shares of town and country: of the municipality a figure, of a group of one kind nothing new."""

SPARKLINE = 48
"""Width of the results of a few years in the table of the listed schools, in pixels."""

"""How a value of any unit is written in a sentence."""

REPORT = Report("00_overview", overview_facts)
page_of = REPORT.page_of


def show_answer(found: Board, report: str) -> Title:
    """The title block, whose heading is the answer: which schools need help, by name; under it who decided so."""
    facts, page = dict.fromkeys(declared_facts()) | found.facts, page_of(found)
    answer, standing = (said(page, name, facts) for name in ("answer", "standing"))
    return annex.show_title(found.office, report, standing, answer)


def said(page: Page, name: str, facts: Mapping[str, object]) -> str:
    """The words of a text of the specification as plain text."""
    return "".join(part.text for part in page.text(name, **facts))


def show_headlines(found: Board) -> Headlines:
    """The findings that the table of the listed schools does not tell."""
    facts = found.facts | {"open_signs_told": signs_told(found.office) or None}
    return Headlines(headlines(facts, REPORT.name), heading=page_of(found).words["headings"]["more"], cited=False)


def signs_told(office: Office) -> str:
    """Schools without an answer that already meet criteria, each with its name and these criteria in numbers; empty without one."""
    page, met = page_of(office), {}
    for row in open_signs(office).itertuples():
        met.setdefault(row.school_id, []).append(ground(page, row))
    told = {school: ", ".join(own) for school, own in met.items()}
    rest = len(told) - MOST_NAMED
    named = [f"{office.school_names[school]}: {lower_first(own)}" for school, own in told.items()][:MOST_NAMED]
    return "; ".join([*named, *([f"и ещё {rest}"] if rest > 0 else [])])


def show_decisions(found: Board) -> Decisions:
    """The draft resolution: every point names its schools."""
    return Decisions(decisions(found.facts, REPORT.name), heading=page_of(found).words["headings"]["resolution"])


def show_listed(found: Board, listed: pd.DataFrame) -> Together:
    """A row for each listed school: why, its results beside the municipality, how sure, what is done for it; nothing without any."""
    return Together([table_listed(found.office, listed)] if len(listed) else [])


def table_listed(office: Office, listed: pd.DataFrame) -> Table:
    """The listed schools, ``listed`` of :func:`shnor_lib.analyses.board.listed_schools`."""
    page, rows = page_of(office), list(listed.itertuples())
    years = [column for column in listed if isinstance(column, int)]
    state = [said(page, "state", state_of(office, row)) for row in rows]
    sure = [board.how_sure(row.decision, row.near, row.official) for row in rows]
    frame = listed.assign(
        state=state,
        sure=sure,
        answer=[f"{one}. {upper_first(str(word('sure', code)))}" for one, code in zip(state, sure, strict=True)],
        why=[why(page, row) for row in rows],
        help=[said(page, "help", help_of(row)) for row in rows],
        results=drawn(listed, years) if years else None,
        against=listed[years[-1]] if years else None,
    )
    graded = sum(one in ("steady", "near") for one in sure)
    span = {"first": office.year - office.profile.results.years + 1, "last": office.year}
    return page.table(
        "listed", frame, **span, graded=graded, drawn=len(years), hardest=int(listed["below"].notna().sum())
    )


def state_of(office: Office, row) -> dict[str, object]:
    """What the words on the lists of a school are made from."""
    words = " и ".join(office.method.words(one).called for one in row.categories)
    return {"categories": words, "again": int(row.before is True), "new": int(row.before is False)}


def why(page: Page, row) -> str:
    """Why a school is listed, in one line: what experts or a received list said, the criteria it meets with their numbers, its hardest
    procedure."""
    told = []
    if row.expert:
        numbers = said(page, "by_calculation", {"met": row.criteria_met, "assessed": row.criteria_assessed})
        told.append(decision_in_words(row.told, row.decided_by, row.decided_on, numbers))
    elif row.decision == RECEIVED:
        told.append(row.reason)
    told += [ground(page, each) for each in row.grounds]
    told.append(said(page, "more_grounds", {"more": row.more_grounds}))
    if not is_missing(row.below):
        numbers = {"below": int(row.below), "took": int(row.took), "procedure": procedure_label(row.hardest)}
        told.append(said(page, "hardest", numbers))
    return upper_first("; ".join(filter(None, told)))


def ground(page: Page, row) -> str:
    """One criterion in a few words: "Мало продолживших учёбу – 40,9 % (порог 60 %)", "Низшая четверть – 2-е место снизу из 14"."""
    short = page.office.method.criteria[row.criterion].short
    rank = row.reason.split(";")[0]
    if not row.measured:
        return upper_first(row.reason)
    if "место" in rank or is_missing(row.value):
        return f"{short} – {rank}"
    kind = number_kind(page.office.catalogue.unit(row.measured))
    value = page.in_words(row.value, kind, row.threshold)
    threshold = page.in_words(row.threshold, kind, row.value, declared=True)
    return said(page, "ground", {"short": short, "value": value, "threshold": threshold})


def drawn(frame: pd.DataFrame, years: list[int]) -> list[Mark]:
    """The years of each school beside the municipality, all on one scale."""
    values = frame[years].astype(float)
    scale = Scale.over([*values.to_numpy().ravel()], SPARKLINE, include=[0.0])
    marks_drawn = []
    for row in values.itertuples(index=False):
        known = {year: value for year, value in zip(years, row, strict=True) if not is_missing(value)}
        text = (
            ", ".join(f"{year}: {format_number(value, signed=True)}" for year, value in known.items()) or "нет данных"
        )
        label = format_number(row[-1], signed=True) if not is_missing(row[-1]) else ""
        marks_drawn.append(marks.sparkline(list(row), scale, f"К муниципалитету, пункты. {text}", label=label))
    return marks_drawn


def help_of(row) -> dict[str, object]:
    """What the words on the help for a school are made from."""
    counts = {name: getattr(row, name) for name in ("measures", "unnamed", *STATES)}
    since = ", ".join(f"{day:%d.%m.%Y}" for day in row.overdue_since)
    partners = {"declared": ", ".join(row.declared), "unfit": int(row.unfit), "proposed": row.proposed}
    return counts | partners | {"overdue_since": since, "alone": int(row.alone)}


def show_beside(found: Board) -> SideBySide:
    """What the table does not tell with the programme in two bars, and the municipality beside its past and the region."""
    left = Together([show_headlines(found), *show_programme(found.office).items])
    figures = table_key_figures(found.office)
    return SideBySide((left, Together([figures] if len(figures.frame) else [])))


def show_programme(office: Office) -> Together:
    """All measures and all targets by state, each as one bar."""
    page, on = page_of(office), office.profile.plan.monitoring(office.year)
    titles = page.words["bars"]
    shown = [
        bar_of_states(vocabulary, counts, say(titles[name], {"total": sum(counts.values()), "day": on}))
        for name, vocabulary, counts in (
            ("measures", "status", measure_counts(office)),
            ("targets", "target_state", target_counts(office)),
        )
        if sum(counts.values())
    ]
    return Together(shown)


def show_coming(found: Board) -> Together:
    """Which measures come due in the quarter after the monitoring date; that none does is said, where there is a programme."""
    office, page, coming = found.office, page_of(found), board.coming_measures(found.plan)
    if not found.facts.get("measures_total"):
        return Together([])
    level = coming["level"].map(choices("level")).fillna("не названа")
    whose = coming["school_id"].map(office.school_names).astype(object).fillna(level)
    named = coming.assign(school=whose.mask(coming["kind"].eq("promise"), "обязательство программы"))
    facts = {name: found.facts[name] for name in ("coming_until", "measures_going_on", "measures_undated")}
    return Together([page.table("coming", named, **facts)] if len(named) else page.text("nothing_coming", **facts))


def show_collected(office: Office) -> Together:
    """What is to be collected and from whom, where a list or a target cannot be judged; nothing where everything can."""
    page = page_of(office)
    needs = board.to_collect(office, page.words["from_whom"], page.words["headings"]["else_from"])
    if needs.empty:
        return Together([])
    asked = [
        ", ".join(" или ".join(f"«{table(name).label}»" for name in one) for one in own) or None
        for own in needs["tables"]
    ]
    purpose = [
        "; ".join(
            [
                *(f"перечень {office.method.words(one).called}" for one in lists),
                *(["цели: " + "; ".join(aims)] if aims else []),
            ]
        )
        for lists, aims in zip(needs["lists"], needs["targets"], strict=True)
    ]
    return Together([page.table("collected", needs.assign(what=asked, purpose=purpose))])


def show_files(office: Office) -> Together:
    """The numbers behind the findings, as files: the two lists, and what the other reports found."""
    page = page_of(office)
    tables = [
        table_totals(office),
        *([table_identification(office, school_list(office))] if len(office.identification) else []),
    ]
    tables.append(table_chapters(office))
    return Together([Attachment(table, page.words["files"][table.name]) for table in tables])


def table_chapters(office: Office) -> Table:
    """What the other reports found, in numbers."""
    facts, page, rows = year_facts(office), page_of(office), []
    for fact, figure in page.words["chapters"].items():
        of, when = (page.words[name].get(fact) for name in ("of", "when"))
        figure = say(figure, page.called)
        if fact in facts and (when is None or condition(when).holds(facts)):
            number, total = (
                (facts[fact], NOT_APPLICABLE) if of is None else (facts[fact] if facts[of] else None, facts[of])
            )
            rows.append((figure, number, total, page.words["report"][fact]))
    return page.table("chapters", pd.DataFrame(rows, columns=["figure", "number", "of", "report"]))


def key_figures() -> Mapping[str, str]:
    """What the board sees of every office: indicators in order, each with few words."""
    return report_spec(REPORT.name).words["key_figures"]


def table_key_figures(office: Office) -> Table:
    """The key figures beside a comparable year and the region, with a word; by town and country, and the country, in the file."""
    page = page_of(office)
    labels = {name: say(text, {"year": office.year}) for name, text in page.words["compared"].items()}
    frame = figures_beside(office, key_figures(), labels)
    frame = frame.assign(figure=frame["indicator"].map(key_figures()), kind=frame["unit"].map(number_kind))
    known = {
        name: Column(label, by_row="kind", in_file=name in page.words["groups"])
        for name, label in labels.items()
        if name == "municipality" or frame[name].notna().any()
    }
    before = [
        None if is_missing(row.before) else f"{shown_value(row.before, row.unit)} ({row.before_year:.0f})"
        for row in frame.itertuples()
    ]
    frame = frame.assign(earlier=before if frame["before"].notna().any() else None)
    told = {"carried": carried_text(office, key_figures()), "breaks": years_passed_over(frame["breaks"]) or None}
    told["confidence"] = office.profile.results.confidence
    told["compared"] = int(frame["comparison"].isin(["worse", "same", "better"]).sum())
    return page.table("key_figures", frame, more={"compared": known}, year=office.year, **told)


def years_passed_over(breaks: Iterable[str]) -> str:
    """Texts «2020: ОГЭ не проводился; 2021: …» of several figures as one, each year once."""
    told: dict[str, dict[str, None]] = {}
    for one in sorted({each for text in breaks for each in text.split("; ") if each}):
        year, _, what = one.partition(": ")
        told.setdefault(year, {})[what] = None
    return "; ".join(f"{year} – {', '.join(what)}" for year, what in told.items())


MOST_FIGURES = 12
"""So many figures of the municipality's document stand on the board's page; all are in the file."""


def show_published(office: Office) -> Together:
    """The latest figures of the municipality and its groups by its own document, with the numbers behind."""
    page, found = page_of(office), published_figures(office, TOLD_BY_CONDITIONS, LOCALITY)
    if found.empty or office.profile.fictional:
        return Together([])
    rows = zip(found["printed"], found["value"], found["unit"], strict=True)
    shown = [printed or shown_value(value, unit) for printed, value, unit in rows]
    numbers = ["numerator", "denominator"]
    printed = found[numbers].isna().all(axis=1) & found["unit"].eq("rate")
    behind = {one: found[one].astype(object).mask(printed, NO_DATA) for one in numbers}
    table = page.table("municipality_figures", found.assign(shown=shown, **behind), shown=found.index < MOST_FIGURES)
    return Together([*page.text("published", rows=len(found)), table])


def number_kind(unit: str) -> str:
    """How a unit is printed in a column of unlike indicators."""
    return {"rate": "percent", "flag": "percent", "count": "count"}.get(unit, "number")


def shown_value(value: float, unit: str) -> str:
    """A value with its unit as reports print it."""
    kind = number_kind(unit)
    return {"percent": format_percent, "count": format_count, "number": format_number}[kind](value)
