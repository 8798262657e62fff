"""Views of report 95: one page for each school – context, results, verdicts, plan, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from shnor_lib.analyses.dynamics import series_breaks
from shnor_lib.analyses.passports import key_results, missing_tables
from shnor_lib.analyses.risks import UNKNOWN, ZONE, level_comparison, risk_matrix
from shnor_lib.analyses.support.measures import measure_states, programme_measures
from shnor_lib.analyses.support.recommendations import recommend, recommendation_catalogue
from shnor_lib.criteria.decisions import INSUFFICIENT
from shnor_lib.criteria.rules import unit_of
from shnor_lib.indicators import indicator_label, split_name
from shnor_lib.indicators.catalogue import catalogue, part_label
from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.office.office import Office
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.numbers import (
    FEW,
    HIDDEN,
    NOT_APPLICABLE,
    SCHOOLS_OF,
    agree,
    format_count,
    format_due,
    format_interval,
    is_missing,
)
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.sheets import Sheet
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.context_risks import TRAVEL, factors_of, shown_value
from shnor_lib.pages.views.identification import FORMATS
from shnor_lib.pages.words import CATEGORIES, WORDS
from shnor_lib.params.profiles import RiskFactor

REPORT = "95_school_passports"
MOST_CONDITIONS = 11
MOST_STEPS = 11
PUPILS = ("обучающийся", "обучающихся", "обучающихся")
SHORT_MEASURES = {
    "below_minimum_rate": "ниже минимума",
    "quality_rate": "качество",
    "pass_rate": "успеваемость",
    "mean_score": "средний балл",
    "learning_quality_rate": "качество по журналу",
}
ADVISED = {"municipality": "муниципалитету", "school": "школе"}


def page_of(office: Office) -> Page:
    """The page of this report for an office."""
    return Page(office, REPORT)


@dataclass(frozen=True)
class Known:
    """What is computed once for the passports of an office.

    Attributes
    ----------
    matrix, above : levels of the risk factors of every school; their values in the municipality.
    results : key results of every school (:func:`shnor_lib.analyses.passports.key_results`).
    measures : measures of the programme with their states; ``advice`` addressed recommendations, one row a school and entry.
    missing : tables without a row of the school.
    """

    office: Office
    factors: dict[str, RiskFactor]
    matrix: pd.DataFrame
    above: dict[str, float]
    results: pd.DataFrame
    measures: pd.DataFrame
    advice: pd.DataFrame
    missing: dict[str, list[str]]


def known_of(office: Office) -> Known:
    """Everything the passports of an office show."""
    factors, year, plan = factors_of(office), office.year, office.profile.plan
    names = [factor.name for factor in factors.values()]
    above = level_comparison(office.indicators, names, year).set_index("indicator")["value"].to_dict()
    measures = measure_states(
        programme_measures(office.tables["measures"], year, plan.period(year)), plan.monitoring(year)
    )
    causes = recommend(
        recommendation_catalogue(), office.method, office.verdicts, office.identification, office.indicators, year
    )
    return Known(
        office=office,
        factors=factors,
        matrix=risk_matrix(office.indicators, office.schools, factors, year),
        above=above,
        results=key_results(office.indicators, year, office.profile.results),
        measures=measures,
        advice=causes.drop_duplicates(["school_id", "recommendation"]),
        missing=missing_tables(office.tables, office.schools, year),
    )


def overview(office: Office) -> pd.DataFrame:
    """One row per school: categories, own measures, missing tables."""
    identified = office.identification.pivot(index="school_id", columns="category", values="identified")
    frame = pd.DataFrame({"school": pd.Series(office.school_names, dtype=object)})
    for category in office.method.decisions:
        frame[category] = identified.get(category)
    measures = programme_measures(office.tables["measures"], office.year, office.profile.plan.period(office.year))
    missing = missing_tables(office.tables, office.schools, office.year)
    counts = measures["school_id"].value_counts()
    return frame.assign(
        supported=frame[list(office.method.decisions)].eq("yes").any(axis=1),
        unjudged=frame[list(office.method.decisions)].eq(INSUFFICIENT).any(axis=1),
        own_measures=frame.index.map(counts).fillna(0).astype(int),
        missing=[len(missing[school]) for school in frame.index],
        complete=[not missing[school] for school in frame.index],
    ).sort_index()


def passport_facts(office: Office) -> dict[str, int]:
    """How many passports there are and what they lack."""
    frame = overview(office)
    return {
        "passports_total": len(frame),
        "passports_supported": int(frame["supported"].sum()),
        "passports_unjudged": int((frame["unjudged"] & ~frame["supported"]).sum()),
        "passports_incomplete": int((~frame["complete"]).sum()),
        "passports_without_measures": int((frame["supported"] & frame["own_measures"].eq(0)).sum()),
    }


def show_headlines(office: Office) -> Headlines:
    """The findings about the passports."""
    return Headlines(headlines(passport_facts(office), REPORT))


def show_decisions(office: Office) -> Decisions:
    """What has to be decided with the passports."""
    return Decisions(decisions(passport_facts(office), REPORT))


def show_schools(office: Office) -> Together:
    """The list of the passports."""
    frame = overview(office)
    columns: dict[str, Column | str] = {"school": "Школа"}
    columns |= {category: Column(CATEGORIES[category], "identified") for category in office.method.decisions}
    columns |= {
        "supported": Column("В категории", "flag"),
        "own_measures": Column("Своих мер в плане", "count"),
        "missing": Column("Не хватает таблиц", "count"),
        "complete": Column("Все таблицы есть", "flag"),
    }
    shown = page_of(office).table("passport_schools", frame, more={"more": columns})
    facts = passport_facts(office)
    open_cases = f" (не оценено {format_count(facts['passports_unjudged'])})" if facts["passports_unjudged"] else ""
    heading = (
        f"В категориях ШНОР и ШНСУ – {facts['passports_supported']}{open_cases} из {agree(len(frame), SCHOOLS_OF)}"
    )
    return Together([Heading(heading), shown])


def show_passports(office: Office) -> Together:
    """A sheet for every school in the order of school codes."""
    known = known_of(office)
    return Together([passport(known, school) for school in office.schools.sort_values("school_id").to_dict("records")])


def passport(known: Known, school: dict) -> Sheet:
    """The page of one school."""
    office, school_id = known.office, school["school_id"]
    name = f"passport_{''.join(letter if letter.isalnum() else '_' for letter in school_id.lower())}"
    title = office.school_names[school_id]
    conditions = table_conditions(known, school_id, name)
    steps = table_steps(known, school_id, name)
    results = table_results(known, school_id, name)
    return Sheet(
        [
            Heading(f"{title}: {categories_text(office, school_id)}"),
            Prose(about_school(school)),
            *([(conditions, steps)] if len(conditions.frame) else [Prose(conditions.empty), steps]),
            results if len(results.frame) else Prose(results.empty),
            table_verdicts(office, school_id, name),
            Prose(missing_text(known, school_id)),
        ]
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

    def given(column: str) -> bool:
        return not is_missing(school.get(column))

    parts = []
    if given("name"):
        parts.append(school["name"])
    if given("kind"):
        parts.append(label_of("school_kind", school["kind"]))
    if given("locality"):
        parts.append(label_of("locality", school["locality"]))
    if given("settlement_population"):
        parts.append(f"населённый пункт: {label_of('settlement_population', school['settlement_population'])}")
    if given("transport"):
        place = list(TRAVEL)[["in_city", "day_trip", "two_days", "no_regular"].index(school["transport"])]
        parts.append(f"поездка в крупный город: {TRAVEL[place]}")
    if given("pupils"):
        parts.append(agree(school["pupils"], PUPILS))
    if given("classes"):
        parts.append(f"классов: {format_count(school['classes'])}")
    return "; ".join(parts) + "."


def table_conditions(known: Known, school_id: str, name: str) -> Table:
    """The conditions the school works in: of the matrix, of the social context, and every other risk zone."""
    own = known.matrix[known.matrix["school_id"].eq(school_id) & known.matrix["level"].ne(UNKNOWN)]
    main = own["factor"].map(lambda factor: known.factors[factor].in_matrix).astype(bool)
    zone = own["level"].isin(ZONE)
    social = own["factor"].map(lambda factor: known.factors[factor].group == "social").astype(bool)
    rank = 3 - 2 * zone.astype(int) - main.astype(int) + 0.5 * (~social).astype(int)
    chosen = own.assign(rank=rank).sort_values("rank", kind="stable").head(MOST_CONDITIONS).sort_index()
    frame = chosen.assign(
        title=[known.factors[factor].short for factor in chosen["factor"]],
        here=[shown_value(row.value, known.factors[row.factor]) for row in chosen.itertuples()],
        there=[of_municipality(known, factor) for factor in chosen["factor"]],
    )
    zones = int(zone.sum())
    return page_of(known.office).table("conditions", frame, named=f"{name}_conditions", zones=zones, own=len(own))


def of_municipality(known: Known, factor: str) -> str:
    """The value of the municipality, or the share of schools that answered yes."""
    declared = known.factors[factor]
    value = known.above.get(declared.name)
    if declared.indicator in ("settlement_size_band", "transport_difficulty"):
        return NOT_APPLICABLE
    if unit_of(declared.indicator) == "flag" and not is_missing(value):
        return f"«да» {shown_value(value, declared.model_copy(update={'indicator': 'vacancies_rate'}))}"
    return shown_value(value, declared)


def table_steps(known: Known, school_id: str, name: str) -> Table:
    """The school's own measures and the recommendations given to it by rule."""
    entries = recommendation_catalogue().recommendations
    measures = known.measures[known.measures["school_id"].eq(school_id).fillna(False)]
    advice = known.advice[known.advice["school_id"].eq(school_id)]
    states = WORDS["status"]
    rows = [
        {
            "what": row.title,
            "kind": "мера" if row.state == "unknown" else f"мера, {states[row.state].text}",
            "due": format_due(row.due) if not is_missing(row.due) else "",
        }
        for row in measures.itertuples()
    ]
    rows += [
        {"what": entries[row.recommendation].title, "kind": f"рекомендация {ADVISED[row.level]}", "due": ""}
        for row in advice.itertuples()
    ]
    frame = pd.DataFrame(rows, columns=["what", "kind", "due"])
    frame["what"] = [f"{row.what} ({row.due})" if row.due else row.what for row in frame.itertuples()]
    rest = len(frame) - MOST_STEPS
    more = f" Ещё {rest} – в отчёте о плане поддержки." if rest > 0 else ""
    common = int(known.measures["school_id"].isna().sum())
    return page_of(known.office).table(
        "plan",
        frame.head(MOST_STEPS),
        named=f"{name}_plan",
        measures=len(measures),
        advice=len(advice),
        common=common,
        more_=more,
    )


def table_results(known: Known, school_id: str, name: str) -> Table:
    """Key results over three years with interval, municipality, region and a plain word."""
    year = known.office.year
    rows = known.results[known.results["school_id"].eq(school_id)]
    frame = rows.assign(
        title=[result_title(indicator) for indicator in rows["indicator"]],
        form=[FORMATS[unit_of(indicator)] for indicator in rows["indicator"]],
    )
    for column in ("value", "low", "high"):
        masked = frame[column].astype(object).where(~frame["few"], FEW)
        frame[column] = masked.where(~frame["hidden"], HIDDEN)
    frame["interval"] = [interval_text(row.low, row.high, row.form) for row in frame.itertuples()]
    compared = rows["comparison_municipality"]
    worse, better = int(compared.eq("worse").sum()), int(compared.eq("better").sum())
    return page_of(known.office).table(
        "results",
        frame,
        named=f"{name}_results",
        worse=worse,
        better=better,
        year=year - 2,
        year2=year - 1,
        year3=year,
        note="; ".join(series_breaks([year - 2, year - 1, year])) if len(frame) else "",
    )


def result_title(indicator: str) -> str:
    """A short name of a result: "ОГЭ, математика, 9 класс: ниже минимума"."""
    measure, part = split_name(indicator)
    entry = catalogue()[measure]
    if entry.per == "procedure":
        exam, subject, grade = part.split("/")
        place = f"{label_of('exam', exam)}, {label_of('subject', subject)}" + (
            "" if grade == "*" else f", {grade} класс"
        )
    else:
        place = part_label(entry.per, part) if part else indicator_label(indicator)
    return f"{place}: {SHORT_MEASURES.get(measure, entry.label.lower())}"


def interval_text(low: object, high: object, form: str) -> str:
    """An interval as text, or the code that stands for it."""
    if isinstance(low, str):
        return low
    return format_interval(low, high, 0 if form == "percent" else 1, as_percent=form == "percent")


def table_verdicts(office: Office, school_id: str, name: str) -> Table:
    """All criteria of both categories with value, threshold and margin."""
    own = office.verdicts[office.verdicts["school_id"].eq(school_id)]
    criteria = [office.method.criteria[criterion] for criterion in own["criterion"]]
    forms = ["count" if one.rule == "low_in_procedures" else FORMATS[unit_of(one.indicator)] for one in criteria]
    frame = own.assign(
        category_word=own["category"].map(CATEGORIES),
        title=[one.short for one in criteria],
        form=forms,
        margin_form=["points" if form == "percent" else form for form in forms],
        why=[
            reason if one.rule == "low_in_procedures" else reason.split(";")[0]
            for reason, one in zip(own["reason"], criteria, strict=True)
        ],
    )
    hidden = frame["hidden"].eq(True) if "hidden" in frame else pd.Series(False, index=frame.index)
    for column in ("value", "margin"):
        frame[column] = frame[column].astype(object).where(~hidden, HIDDEN)
    met = int(own["verdict"].eq("met").sum())
    return page_of(office).table("verdicts", frame, named=f"{name}_verdicts", met=met, own=len(own))


def missing_text(known: Known, school_id: str) -> str:
    """Which tables are missing and what could not be told without them."""
    absent = known.missing[school_id]
    unknown = int((known.matrix["school_id"].eq(school_id) & known.matrix["level"].eq(UNKNOWN)).sum())
    told = (
        f"Нет строк школы в таблицах: {', '.join(f'«{table(name).label}»' for name in absent)}."
        if absent
        else "Строки школы есть во всех таблицах."
    )
    return told + (f" Не оценено условий: {unknown} из {len(known.factors)}." if unknown else "")
