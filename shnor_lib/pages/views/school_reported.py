"""What a school's page says of its reports on measures, its programme, those who accompany it, and its contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from shnor_lib.analyses.passports import Known, of_school
from shnor_lib.analyses.support.reports import AHEAD, LATE, MISSING, REPORTED, lacking
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.pages.numbers import is_missing, lower_first
from shnor_lib.pages.page import Page
from shnor_lib.pages.tables import Table


def help_by_papers(known: Known, page: Page, school_id: str) -> list[object]:
    """The programme of the school, who accompanies it and by which contracts; nothing where no table speaks of it."""
    facts = (
        programme_told(known, school_id) | people_told(known, page, school_id) | contracts_told(known, page, school_id)
    )
    return list(page.text("papers", **facts, on=known.plan.on)) if any(facts.values()) else []


def reports_of_school(known: Known, page: Page, school_id: str) -> list[object]:
    """How many reports of ended periods the school gave and which are lacking; nothing where it owes and gave none."""
    own = of_school(ended_periods(known), school_id)
    if not (own["given"].any() or own["standing"].eq(LATE).any()):
        return []
    return list(
        page.text("reports", **report_counts(known, own), late=lacking(own, LATE), missing=lacking(own, MISSING))
    )


def table_reports(known: Known, page: Page, rows: pd.DataFrame) -> Table:
    """Reports on measures of all schools by period, for the file."""
    return page.table("school_reports", rows, **report_counts(known, rows))


def report_counts(known: Known, rows: pd.DataFrame) -> dict[str, Any]:
    """How many reports were given, are late and are missing, of how many, on the day of the count."""
    counts = {f"reports_{name}": int(rows["standing"].eq(name).sum()) for name in (REPORTED, LATE, MISSING)}
    return counts | {"reports_due": sum(counts.values()), "on": known.plan.on}


def ended_periods(known: Known) -> pd.DataFrame:
    """The reports that schools owe or gave, without those of periods that have not ended."""
    reports = known.plan.reports
    return reports[reports["school_id"].notna() & reports["standing"].ne(AHEAD)]


PROGRAMME = ("title", "document", "aims", "results", "programme", "approved", "starts", "ends", "over")
"""What is told of a school's programme."""


def programme_told(known: Known, school_id: str) -> dict[str, Any]:
    """The school's programme as facts of a sentence; None for what is not told."""
    rows = of_school(known.plan.programmes, school_id)
    if rows.empty:
        return dict.fromkeys(PROGRAMME)
    row = {name: None if is_missing(value) else value for name, value in rows.iloc[0].items()}
    told = {name: row[name] for name in ("title", "document", "aims", "results")}
    told |= {name: lower_first(told[name].rstrip(".")) for name in ("aims", "results") if told[name]}
    return told | {
        "programme": told["title"] or "без названия",
        "approved": row["approved_on"] if row["standing"] != "not_approved" else None,
        "starts": row["starts_on"],
        "ends": row["ends_on"],
        "over": int(row["standing"] == "ended"),
    }


def people_told(known: Known, page: Page, school_id: str) -> dict[str, str | None]:
    """Curators, mentors and consultants by their positions."""
    told = []
    for row in of_school(known.plan.companions, school_id).to_dict("records"):
        facts = _known(row) | {"kind": label_of("curator_kind", row["kind"]), "over": _over(row)}
        told.append(page.text("paper_person", **facts)[0].text)
    return {"people": "; ".join(told) or None}


def contracts_told(known: Known, page: Page, school_id: str) -> dict[str, str | None]:
    """Contracts with partners, the last day of each."""
    told = []
    for row in of_school(known.plan.contracts, school_id).to_dict("records"):
        facts = _known(row)
        partner = known.office.school_names.get(facts["partner_id"], facts["partner_id"]) or facts["organisation"]
        facts |= {"with_whom": partner, "over": _over(row), "soon": int(row["standing"] == "ends_soon")}
        told.append(page.text("paper_contract", **facts)[0].text)
    return {"contracts": "; ".join(told) or None}


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if is_missing(value) else value for name, value in row.items()}


def _over(row: Mapping[str, Any]) -> int:
    return int(row["standing"] == "ended")
