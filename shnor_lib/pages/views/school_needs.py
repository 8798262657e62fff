"""What the page of a school says first of its help: what to do, in order, with owner, date and cost, and its order for training."""

from __future__ import annotations

from typing import Any

import pandas as pd

from shnor_lib.analyses.passports import Known, of_school
from shnor_lib.analyses.support.measures import DONE, TOTAL
from shnor_lib.analyses.support.ordered import LAPSED, MISSING, UNMARKED
from shnor_lib.analyses.support.training import training_facts, training_order
from shnor_lib.indicators.deficits import MANAGERS
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.pages.numbers import lower_first
from shnor_lib.pages.page import Page
from shnor_lib.pages.tables import Table
from shnor_lib.pages.views.school_plans import FIRST, next_half_year, worded


def needs_of_school(known: Known, page: Page, school_id: str) -> list[object]:
    """The recommendations of the school as report 90 orders them: the first in a table, the rest by name; nothing where nothing is advised."""
    own = of_school(known.ordered, school_id)
    if own.empty:
        return []
    told = worded(known.plan, own)
    rest = told[told["place"].gt(FIRST)]
    named = {
        name: "; ".join(lower_first(one) for one in rows["title"]) or None for name, rows in parts_of(rest).items()
    }
    facts = named | {"advice": len(own), "done": int(own["state"].eq(DONE).sum())}
    order = training_order(known.office, school_id)
    table = table_needs(known, page, own, school_id)
    return [
        *page.text("needs", **facts),
        table,
        *page.text("needs_besides", **facts, **training_facts(order), asked=courses(order)),
    ]


def parts_of(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What is still to be done and what is done already."""
    done = rows["state"].eq(DONE)
    return {"next": rows[~done], "ready": rows[done]}


def courses(order: pd.DataFrame) -> str | None:
    """What to train people of a school in: subject, deficit and how many."""
    rows = order[order["staff"].ne(TOTAL)]
    told = [
        f"{row.deficit} ({'руководители' if row.staff == MANAGERS else label_of('subject', row.subject)}, {row.people})"
        for row in rows.itertuples()
    ]
    return "; ".join(told) or None


def table_needs(known: Known, page: Page, rows: pd.DataFrame, school_id: str | None = None) -> Table:
    """What to do, of one school (the page prints the first) or, for the file, of all."""
    facts: dict[str, Any] = {"on": known.plan.on, "half_year": next_half_year(known.plan), "one": int(bool(school_id))}
    facts["suggested"] = int(rows["state"].isin([MISSING, UNMARKED, *LAPSED]).sum())
    if not school_id:
        return page.table("school_needs", worded(known.plan, rows), **facts)
    first = rows["place"].le(FIRST)
    return page.table("school_needs", worded(known.plan, rows), **facts, rows_of=school_id, shown=first)
