"""Views of report 50: which schools are in which category and why; the overview shows some of them too."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses import identification
from shnor_lib.analyses.findings import identification_facts, other_lists
from shnor_lib.criteria.rules import rule_of, threshold_form
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_panels
from shnor_lib.pages.numbers import upper_first
from shnor_lib.pages.page import Page, Report, format_of
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.whatif import ladder

LENGTHS = tuple(
    f"{name}_{one}" for name in ("low_results", "adverse") for one in ("count", "assessed_count", "insufficient_count")
)
"""Facts of the two lists; those of a category that the method does not judge are not known."""

REPORT = Report("50_identification", identification_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_lists(office: Office) -> Together:
    """The two lists under a heading that says how long they are: every school with its categories and signs."""
    facts, page = dict.fromkeys(LENGTHS) | identification_facts(office), page_of(office)
    if all(facts[length] is None for length in LENGTHS):
        return Together([*page.text("lists_empty", **facts), table_totals(office)])
    return Together([table_totals(office), *page.text("lists", **facts), table_identification(office)])


def table_totals(office: Office) -> Table:
    """How many schools are in each category."""
    facts = identification_facts(office)
    total = facts["schools_total"]
    return page_of(office).table(
        "totals", identification.list_totals(facts, other_lists(office)), partial=facts["registry_partial"] and total
    )


def table_identification(office: Office) -> Table:
    """The list: one row per school, its categories, its signs, whether it is near a threshold, who decided."""
    compared = identification.criteria_compared(office)
    signs = {name: Column(office.method.criteria[name].short, "verdict") for name in compared}
    untold = [one.short for name, one in office.method.criteria.items() if name not in compared]
    return page_of(office).table(
        "identification",
        identification.school_list(office),
        more={"signs": signs},
        title=office.method.title,
        untold=("; ".join(untold) or None) if len(office.method.criteria) > 1 else None,
    )


def show_criteria(office: Office) -> Together:
    """Every criterion in a line, with the school that a moved threshold would move first; all verdicts are a file."""
    page = page_of(office)
    if office.verdicts.empty:
        return Together([table_criteria(page)])
    return Together([*page.text("criteria"), table_criteria(page), attach_verdicts(page)])


def table_criteria(page: Page) -> Table:
    """What the criteria found, and whom a step of the threshold moves; the public edition keeps the steps to itself."""
    office = page.office
    found = ladder.criteria_with_first_moves(office)
    quotas = "; ".join(f"{one.criterion.short}: {one.met} из {one.assessed}" for one in identification.quotas(office))
    forms = [threshold_form(office.method.criteria[name], office.catalogue) for name in found["criterion"]]
    return page.table("criteria_found", found.assign(form=forms), quotas=quotas or None)


def attach_verdicts(page: Page) -> Attachment:
    """Every verdict of every school with the numbers behind it."""
    return page.attachment("verdicts", identification.verdict_rows(page.office))


def show_panels(office: Office) -> Together:
    """Where each school stands on each criterion: small multiples, a figure a category."""
    page = page_of(office)
    shown = [
        page.figure(
            "criteria",
            plot_panels,
            found.lines,
            named=f"criteria_{found.category}",
            facts={"word": upper_first(CATEGORIES[found.category]), "criteria": found.criteria},
        )
        for found in identification.lines_by_category(office)
    ]
    return Together([*page.text("panels"), *shown] if shown else [])


def show_reasons(office: Office) -> Together:
    """Why schools are listed, what experts changed, who is near; answers that lack data together; the rest is a file."""
    page, found = page_of(office), identification.reasons_to_read(office)
    shown: list[object] = []
    if len(found):
        shown.append(page.table("reasons_to_read", told_moves(office, found)))
    if len(unanswered := identification.open_answers(office)):
        shown.append(page.table("open_answers", unanswered))
    if shown:
        shown = [*page.text("reasons"), *shown, page.attachment("reasons", identification.reasons(office))]
    return Together(shown)


def told_moves(office: Office, found: pd.DataFrame) -> pd.DataFrame:
    """Rows of answers with the smallest change of one parameter that turns each; the public edition keeps it to itself."""
    moves = ladder.smallest_moves(office, found)
    return moves.assign(
        form=[parameter_form(office, path) for path in moves["path"]],
        parameter=[parameter_words(office, path) for path in moves["path"]],
    )


def parameter_words(office: Office, path: object) -> str | None:
    """What a path of the method stands for; nothing for an answer that no parameter moves."""
    if not isinstance(path, str):
        return None
    chapter, name, field = path.split(".")
    if chapter == "decisions":
        return "сколько критериев достаточно"
    words = {"threshold": "порог", "minimum_participants": "наименьшее число участников"}
    return f"{office.method.criteria[name].short}: {words[field]}"


def parameter_form(office: Office, path: object) -> str:
    """The kind of number of a parameter."""
    if not isinstance(path, str) or not path.endswith(".threshold"):
        return "count"
    return threshold_form(office.method.criteria[path.split(".")[1]], office.catalogue)


def show_indices(office: Office) -> Together:
    """What weighs on the schools that an index marks; all components are files."""
    page = page_of(office)
    shown: list[object] = []
    for name, index in office.method.indices.items():
        own = identification.index_components(office, name)
        if own.empty:
            tables = ", ".join(identification.tables_of_index(office, name))
            shown += page.text("index_absent", title=index.title, tables=tables)
            continue
        columns = {
            component: Column(
                component_label(one),
                "number" if office.catalogue.unit(one.indicator) == "count" else format_of(office, one.indicator),
            )
            for component, one in index.components.items()
        }
        values = identification.index_values(office, name, own)
        shown.append(
            page.attachment("index", values, named=f"index_{name}", more={"components": columns}, title=index.title)
        )
    return Together([*page.text("indices"), *shown] if shown else [])


def component_label(component) -> str:
    """The document's own words for a component of an index."""
    return component.reference[0].upper() + component.reference[1:]


def show_low_procedures(office: Office) -> Together:
    """The low procedures of each school that the federal rule counts; nothing where the method does not look at them."""
    if not any(rule_of(one).by_procedure for one in office.method.criteria.values()):
        return Together([])
    page, assessed = page_of(office), identification.procedures_assessed(office)
    low = page.table("low_procedures", identification.low_procedures(office), assessed=assessed)
    return Together([*page.text("low_procedures"), low])
