"""Views of report 10: what the data are, what the checks found, what the documents contradict themselves in."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses import findings
from shnor_lib.inputs.checks import registered_checks
from shnor_lib.inputs.dictionary import table
from shnor_lib.office.gather import LATER_CHECKS
from shnor_lib.office.office import Office
from shnor_lib.pages.numbers import is_missing, to_decimal
from shnor_lib.pages.page import Report
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together

REPORT = Report("10_data_quality", findings.data_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_tables(office: Office, frame: pd.DataFrame) -> Together:
    """Which tables are there, under a heading that counts them."""
    page, facts = page_of(office), findings.data_facts(office)
    table = page.table("data_tables", frame.assign(present=frame["rows"].gt(0)), **facts)
    return Together([*page.text("tables", **facts), table])


def table_problems(office: Office, problems: pd.DataFrame) -> Table:
    """Every problem the checks found, with its place and remedy; of those alike in a file the page prints the first and how many."""
    frame = problems.assign(place=places(problems))
    return page_of(office).table("data_problems", frame, shown=frame["first"])


def table_corrections(office: Office) -> Table:
    """Cells that the office corrected: from what, to what, why and by whom."""
    rows = list(office.corrections.itertuples())
    frame = office.corrections.assign(
        place=[f"{table(row.table).label}, {row.year} год, {row.key}" for row in rows],
        label=[table(row.table).columns[row.column].label for row in rows],
        before=[as_entered(row.expected) for row in rows],
        after=[as_entered(row.value) for row in rows],
    )
    return page_of(office).table("data_corrections", frame)


def as_entered(value: object) -> str:
    """A cell as one writes it by hand.

    >>> as_entered(18.0), as_entered(17.5), as_entered("да"), as_entered(None)
    ('18', '17,5', 'да', 'пусто')
    """
    if is_missing(value):
        return "пусто"
    return f"{to_decimal(value):f}".replace(".", ",") if isinstance(value, float) else str(value)


def table_received(office: Office, lists: pd.DataFrame) -> Table:
    """Which lists came from above and when: rows of :func:`shnor_lib.analyses.received.delivered`."""
    return page_of(office).table("data_received", lists.assign(day=lists["received_on"].dt.strftime("%d.%m.%Y")))


def table_remarks(office: Office) -> Together:
    """Remarks of those who entered the data and notes of the checks; what of the document is in no table, and why."""
    page, notes = page_of(office), office.problems[office.problems["severity"].eq("note")]
    left_out = notes["check"].eq(findings.LEFT_OUT)
    told = [page.table("data_notes", notes[~left_out].assign(place=places(notes[~left_out])))]
    return Together([*told, page.table("data_left_out", notes[left_out])] if left_out.any() else told)


def table_checks(office: Office) -> Table:
    """All checks that were made and how many problems each found; the page prints those that found any."""
    found = findings.problems_by_check(office)
    rows = [(title, found.get(name, 0)) for name, title in (registered_checks() | LATER_CHECKS).items()]
    frame = pd.DataFrame(rows, columns=["check", "found"])
    return page_of(office).table("data_checks", frame, shown=frame["found"].gt(0))


def places(problems: pd.DataFrame) -> pd.Series:
    """File, sheet and cell of each problem as one text."""
    parts = [problems[column].fillna("").astype(str) for column in ("file", "sheet", "cell")]
    joined = [" · ".join(part for part in row if part) for row in zip(*parts, strict=True)]
    return pd.Series([text or "вся поставка данных" for text in joined], index=problems.index)
