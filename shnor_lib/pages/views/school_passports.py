"""Views of report 95: one page for each school – context, results, verdicts, plan, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from shnor_lib.analyses import passports
from shnor_lib.analyses.carried import carried_values
from shnor_lib.analyses.identification import measured
from shnor_lib.analyses.passports import Known
from shnor_lib.analyses.support.recommendations import recommendation_catalogue
from shnor_lib.criteria.decisions import YES
from shnor_lib.indicators import split_name
from shnor_lib.indicators.catalogue import part_label
from shnor_lib.indicators.satisfaction import ASSESSED
from shnor_lib.inputs.breaks import series_breaks
from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.office.office import Office
from shnor_lib.pages import numbers
from shnor_lib.pages.furniture import Prose
from shnor_lib.pages.numbers import FEW, HIDDEN, NOT_APPLICABLE, is_missing
from shnor_lib.pages.page import Report, format_of
from shnor_lib.pages.sheets import SchoolPage
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import annex
from shnor_lib.pages.views.context_risks import shown_value, travel
from shnor_lib.pages.words import CATEGORIES, WORDS

MOST_CONDITIONS = 11
MOST_STEPS = 11


REPORT = Report("95_school_passports", passports.passport_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_schools(office: Office) -> Together:
    """The list of the passports."""
    page = page_of(office)
    return Together(
        [
            *page.text("schools", **passports.passport_facts(office)),
            page.table("passport_schools", passports.school_overview(office)),
        ]
    )


def show_passports(office: Office) -> Together:
    """A sheet for every school in the order of school codes."""
    known = passports.known_of(office)
    return Together([passport(known, school) for school in office.schools.sort_values("school_id").to_dict("records")])


def passport(known: Known, school: dict) -> SchoolPage:
    """The page of one school."""
    office, school_id = known.office, school["school_id"]
    name = f"passport_{''.join(letter if letter.isalnum() else '_' for letter in school_id.lower())}"
    facts = passports.school_facts(known, school_id)
    conditions = table_conditions(known, school_id, name, facts)
    steps = table_steps(known, school_id, name, facts)
    results = table_results(known, school_id, name, facts)
    state = categories_text(office, school_id)
    listed = YES not in set(office.identification.loc[office.identification["school_id"].eq(school_id), "identified"])
    return SchoolPage(
        school_id,
        annex.show_title(office, office.school_names[school_id], state),
        [
            Prose(about_school(school)),
            *([(conditions, steps)] if len(conditions.frame) else [Prose(conditions.empty), steps]),
            results if len(results.frame) else Prose(results.empty),
            table_verdicts(office, school_id, name, facts),
            Prose(missing_text(known, school_id, facts)),
        ],
        {"school": office.school_names[school_id], "state": state, "listed": int(listed)},
    )


def categories_text(office: Office, school_id: str) -> str:
    """Both answers in words: "ШНОР – да, ШНСУ – нет"."""
    own = office.identification[office.identification["school_id"].eq(school_id)]
    parts = [
        f"{CATEGORIES[row.category]} – {WORDS['identified'][row.identified].text}"
        + (" (решение экспертов)" if row.decision == "expert" else "")
        for row in own.sort_values("category", ascending=False).itertuples()
    ]
    return ", ".join(parts) or "категории не определялись"


def about_school(school: dict) -> str:
    """Who the school is, in one line; what the registry does not say is not mentioned."""

    told: dict[str, Callable[[Any], str]] = {
        "name": str,
        "kind": lambda code: label_of("school_kind", code),
        "locality": lambda code: label_of("locality", code),
        "settlement_population": lambda code: f"населённый пункт: {label_of('settlement_population', code)}",
        "transport": lambda code: f"поездка в крупный город: {travel()[code]}",
        "pupils": lambda number: numbers.agree(number, ("обучающийся", "обучающихся", "обучающихся")),
        "classes": lambda number: f"классов: {numbers.format_count(number)}",
    }
    return "; ".join(say(school[name]) for name, say in told.items() if not is_missing(school.get(name))) + "."


def table_conditions(known: Known, school_id: str, name: str, facts: dict) -> Table:
    """The conditions the school works in: of the matrix, of the social context, and every other risk zone."""
    chosen = passports.main_conditions(known, school_id, MOST_CONDITIONS)
    frame = chosen.assign(
        title=[known.factors[factor].short for factor in chosen["factor"]],
        here=[shown_value(row.value, known.factors[row.factor], known.office) for row in chosen.itertuples()],
        there=[of_municipality(known, factor) for factor in chosen["factor"]],
    )
    return page_of(known.office).table("conditions", frame, named=f"{name}_conditions", **facts)


def of_municipality(known: Known, factor: str) -> str:
    """The value of the municipality, or the share of schools that answered yes."""
    declared = known.factors[factor]
    value = known.above.get(declared.name)
    if declared.indicator in ("settlement_size_band", "transport_difficulty"):
        return NOT_APPLICABLE
    if known.office.catalogue.unit(declared.indicator) == "flag" and not is_missing(value):
        return f"«да» {numbers.format_percent(value, 0)}"
    return shown_value(value, declared, known.office)


def table_steps(known: Known, school_id: str, name: str, facts: dict) -> Table:
    """The school's own measures and the recommendations given to it by rule."""
    entries, states = recommendation_catalogue().recommendations, WORDS["status"]
    advised = report_spec(REPORT.name).words["advised"]
    measures, advice = (rows[rows["school_id"].eq(school_id).fillna(False)] for rows in (known.measures, known.advice))
    rows = [
        (
            row.title if is_missing(row.due) else f"{row.title} ({numbers.format_due(row.due)})",
            "мера" if row.state == "unknown" else f"мера, {states[row.state].text}",
        )
        for row in measures.itertuples()
    ]
    rows += [(entries[row.recommendation].title, f"рекомендация {advised[row.level]}") for row in advice.itertuples()]
    frame = pd.DataFrame(rows, columns=["what", "kind"])
    rest = max(len(frame) - MOST_STEPS, 0) or None
    return page_of(known.office).table("plan", frame.head(MOST_STEPS), named=f"{name}_plan", rest=rest, **facts)


def table_results(known: Known, school_id: str, name: str, facts: dict) -> Table:
    """Key results over three years with interval, municipality, region and a plain word."""
    year = known.office.year
    rows = known.results[known.results["school_id"].eq(school_id)]
    frame = rows.assign(
        title=[result_title(known.office, indicator) for indicator in rows["indicator"]],
        form=[format_of(known.office, one) for one in rows["indicator"]],
    )
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype(object).mask(frame["few"], FEW).mask(frame["hidden"], HIDDEN)
    frame["interval"] = [interval_text(row.low, row.high, row.form) for row in frame.itertuples()]
    years = {"before_2": year - 2, "before_1": year - 1, "now": year}
    breaks = "; ".join(series_breaks(years.values())) or None if len(frame) else None
    several = int(frame["indicator"].str.contains("*", regex=False).sum())
    return page_of(known.office).table(
        "results", frame, named=f"{name}_results", breaks=breaks, several=several, **years, **facts
    )


def result_title(office: Office, indicator: str) -> str:
    """A short name of a result: "ОГЭ, математика, 9 класс: ниже минимума"."""
    measure, part = split_name(indicator)
    entry = office.catalogue[measure]
    if entry.per == "procedure":
        exam, subject, grade = part.split("/")
        place = f"{label_of('exam', exam)}, {label_of('subject', subject)}" + (
            "" if grade == "*" else f", {grade} класс"
        )
    else:
        place = part_label(entry.per, part) if part else office.catalogue.label(indicator)
    return f"{place}: {report_spec(REPORT.name).words['measure'].get(measure, entry.label.lower())}"


def interval_text(low: object, high: object, form: str) -> str:
    """An interval as text, or the code that stands for it."""
    if isinstance(low, str):
        return low
    return numbers.format_interval(low, high, 0 if form == "percent" else 1, as_percent=form == "percent")


def table_verdicts(office: Office, school_id: str, name: str, facts: dict) -> Table:
    """All criteria of both categories with value, threshold and margin."""
    own = office.verdicts[office.verdicts["school_id"].eq(school_id)]
    criteria = [office.method.criteria[criterion] for criterion in own["criterion"]]
    forms = [format_of(office, measured(one)) for one in criteria]
    carried = carried_values(office.indicators, office.year)
    own_years = carried[carried["school_id"].eq(school_id)].set_index("indicator")["assessed"]
    of_year = own_years.map(("; " + ASSESSED).format).to_dict()
    frame = own.assign(
        title=[one.short for one in criteria],
        form=forms,
        margin_form=["points" if form == "percent" else form for form in forms],
        why=[
            reason.split(";")[0] + of_year.get(one.indicator, "") if measured(one) else reason
            for reason, one in zip(own["reason"], criteria, strict=True)
        ],
    )
    if "hidden" in frame:
        for column in ("value", "margin"):
            frame[column] = frame[column].astype(object).mask(frame["hidden"].eq(True), HIDDEN)
    return page_of(office).table("verdicts", frame, named=f"{name}_verdicts", **facts)


def missing_text(known: Known, school_id: str, facts: dict) -> str:
    """Which tables are missing and what could not be told without them."""
    absent = ", ".join(f"«{table(name).label}»" for name in known.missing[school_id])
    told = f"Нет строк школы в таблицах: {absent}." if absent else "Строки школы есть во всех таблицах."
    unknown = facts["conditions_unknown"]
    return told + (f" Не оценено условий: {unknown} из {len(known.factors)}." if unknown else "")
