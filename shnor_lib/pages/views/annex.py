"""The method and data annex that closes every report."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd

from shnor_lib.analyses.dynamics import changed_answers
from shnor_lib.analyses.identification import criteria_found
from shnor_lib.indicators import causes
from shnor_lib.inputs.dictionary import choices
from shnor_lib.office.office import Office
from shnor_lib.pages.furniture import Provenance, Title
from shnor_lib.pages.numbers import HIDDEN
from shnor_lib.pages.page import Page
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.words import CATEGORIES, FORMATS
from shnor_lib.whatif.region import Region

VERSIONS = ("shnor", "pandas", "numpy", "scipy")
KINDS = {"published": "опубликовано", "demonstration": "демонстрация"}


def page_of(office: Office) -> Page:
    """The page of the annex for an office."""
    return Page(office, "annex")


def show_title(office: Office | Region, report: str, question: str) -> Title:
    """The title block: report, office, year, and the mark of made-up data."""
    return Title(
        report,
        office.profile.title,
        office.year,
        question,
        fictional=office.profile.fictional,
        audience=office.audience,
    )


def show_annex(office: Office, report: str = "") -> Provenance:
    """Method, criteria with references and assumptions, sources with sha256, versions; first what was asked into the report.

    Parameters
    ----------
    report : the report that the annex closes; indicators say by ``shown_in`` which reports show their rows.
    """
    scenario = f" Сценарий: {office.scenario_name}." if office.scenario_name else ""
    method = (
        f"Методика «{office.method.title}» ({office.method_name}). {office.method.description}. Документ: {office.method.document}.{scenario}\n\n"
        "Вывод трёхзначный: критерий выполнен, не выполнен или не оценён. Отсутствие данных никогда не считается хорошим результатом. "
        "Доли считаются по неокруглённым числам, округление – только при печати."
    )
    if office.audience == "public":
        method += (
            "\n\nОткрытая редакция: перечни и вердикты получены по полным данным, а сравнения, разрывы и тренды посчитаны по "
            "показанным числам и могут отличаться от отчёта для служебного пользования."
        )
    asked = office.store.shown_in(report, office.year) if office.catalogue.shown_in(report) else ()
    shown = [table_shown(office, asked)] if len(asked) else []
    deviations = [table_deviations(office)] if len(office.deviations) else []
    return Provenance(
        method=method,
        tables=(
            *shown,
            table_criteria(office),
            *deviations,
            table_assumptions(office),
            table_changes(office),
            table_sources(office),
        ),
        versions={name: version(name) for name in VERSIONS},
    )


def show_annex_of_region(region: Region) -> Provenance:
    """How the offices of a region were put side by side, which of them are there, versions."""
    methods = {office.method.title for office in region.offices.values()}
    same = "по одной методике" if len(methods) == 1 else "каждый по своей методике"
    method = (
        f"Муниципалитеты оценены {same}; расчёт, источники и sha256 файлов – в отчётах каждого из них. Показатель региона – "
        "сумма числителей, делённая на сумму знаменателей, по муниципалитетам, которые его представили.\n\n"
        "Порядок муниципалитетов – как в профиле региона, а не по результатам: это не рейтинг. Отсутствие данных никогда не "
        "считается хорошим результатом."
    )
    rows = [(office.profile.title, True, office.method.title, "") for office in region.offices.values()]
    rows += [(row.municipality, False, "", row.reason) for row in region.absent.itertuples()]
    members = page_of(region).table(
        "region_members", pd.DataFrame(rows, columns=["office", "present", "method", "reason"])
    )
    return Provenance(method=method, tables=(members,), versions={name: version(name) for name in VERSIONS})


def table_shown(office: Office, rows: pd.DataFrame) -> Table:
    """Indicators whose row asks to be shown in the report: of the office, of its groups and of every school."""
    whose = rows["school_id"].map(office.school_names).where(rows["level"].eq("school"), rows["group"])
    units = [office.catalogue.of(name).unit for name in rows["indicator"]]
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "who": whose.where(whose.ne(""), rows["level"].map(choices("level"))),
            "shown": rows["value"].astype(object).mask(rows["cause"].eq(causes.HIDDEN), HIDDEN),
            "form": [FORMATS[unit] for unit in units],
            "note": rows["note"],
        }
    )
    return page_of(office).table("shown_rows", frame)


def table_criteria(office: Office) -> Table:
    """The criteria of the method, where each comes from, and whether it could be assessed."""
    rows = [
        {
            "category": found.criterion.category,
            "criterion": found.criterion.title,
            "assessed": found.assessed > 0,
            "schools": found.assessed,
            "met": found.met,
            "reference": found.criterion.reference,
        }
        for found in criteria_found(office)
    ]
    return page_of(office).table("criteria", pd.DataFrame(rows))


def table_deviations(office: Office) -> Table:
    """What the profile and the scenario change in the method, and why."""
    values = {
        name: [
            str(value).replace(".", ",") if isinstance(value, float) else str(value)
            for value in office.deviations[name]
        ]
        for name in ("method_value", "office_value")
    }
    found = office.deviations.assign(**values).rename(columns={"source": "file"})
    return page_of(office).table("deviations", found)


def table_assumptions(office: Office) -> Table:
    """Everything the document leaves open and how it was answered."""
    rows = []
    for criterion in office.method.criteria.values():
        rows += [(criterion.title, text) for text in criterion.assumptions.values()]
    for index in office.method.indices.values():
        rows += [(index.title, text) for text in index.assumptions.values()]
        rows += [
            (f"{index.title}: {one.reference}", one.assumption) for one in index.components.values() if one.assumption
        ]
    for category, decision in office.method.decisions.items():
        rows += [(f"Решение о категории {CATEGORIES[category]}", text) for text in decision.assumptions.values()]
    frame = pd.DataFrame(rows, columns=["where", "assumption"]).drop_duplicates()
    return page_of(office).table("assumptions", frame)


def table_changes(office: Office) -> Table:
    """What changed in the lists since the year before."""
    before, page = office.year - 1, page_of(office)
    if office.previous.empty:
        return page.table(
            "changes",
            changed_answers(office),
            before=before,
            now=office.year,
            found="сравнить не с чем",
            none=f"Данных за {before} год нет.",
        )
    moved = changed_answers(office)
    return page.table("changes", moved, before=before, now=office.year, found=len(moved), none="Изменений нет.")


def table_sources(office: Office) -> Table:
    """Where every file came from, with its sha256; a document that all of them come from is named once, as the source."""
    frame = office.sources.assign(
        kind=office.sources["kind"].map(KINDS), year=office.sources["year"].astype("Int64").astype("string")
    )
    columns = {
        "file": "Файл",
        "year": "Год",
        "rows": Column("Строк", "count"),
        "kind": "Вид данных",
        "document": "Документ",
        "place": "Место в документе",
        "sha256": Column("SHA-256", "hash"),
    }
    documents = frame["document"].drop_duplicates()
    common = documents.iloc[0] if len(documents) == 1 and documents.notna().all() else ""
    if common:
        del columns["document"]
    return page_of(office).table("sources", frame, more={"more": columns}, common=common)
