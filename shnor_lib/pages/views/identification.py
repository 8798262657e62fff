"""Views of report 50: which schools are in which category and why; the overview shows some of them too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from shnor_lib.analyses import identification
from shnor_lib.analyses.findings import identification_facts
from shnor_lib.criteria.decisions import list_of, rules_in_words
from shnor_lib.criteria.rules import rule_of, threshold_form
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_panels
from shnor_lib.pages.charts.panels import Panels
from shnor_lib.pages.numbers import upper_first
from shnor_lib.pages.page import Page, Report, format_of
from shnor_lib.pages.saying import say
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.whatif import ladder

REPORT = Report("50_identification", identification_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_lists(office: Office, schools: pd.DataFrame) -> Together:
    """The lists under a heading that says how long they are: every school with its categories and signs; totals are a file."""
    facts, page = identification_facts(office), page_of(office)
    totals = Attachment(table_totals(office), page.words["files"]["totals"])
    told = told_lengths(page, facts["lists"])
    if not told:
        return Together([*page.text("lists_empty", **facts), totals])
    return Together([*page.text("lists", **facts, told_lists=told), table_identification(office, schools), totals])


def told_lengths(page: Page, lists: Iterable[Mapping[str, object]]) -> str:
    """How long each list is, one after another; empty where no school was judged or could not be."""
    words, told = page.words["lists"], []
    for one in lists:
        if "list_assessed_count" in one:
            some = one["list_assessed_count"] > 0
            open_too = some and one["list_insufficient_count"] > 0
            told.append(say(words["known" if some else "unknown"], one) + say(words["open"], one) * open_too)
    return upper_first(", ".join(told))


def table_totals(office: Office) -> Table:
    """How many schools are in each category."""
    facts = identification_facts(office)
    partial = facts["registry_partial"] and facts["schools_total"]
    return page_of(office).table("totals", identification.list_totals(facts), partial=partial)


def table_identification(office: Office, schools: pd.DataFrame) -> Table:
    """The list: one row per school, its categories, its signs, whether it is near a threshold, who decided.

    ``schools``: rows of :func:`shnor_lib.analyses.identification.school_list`.
    """
    compared = identification.criteria_compared(office)
    signs = {name: Column(office.method.criteria[name].short, "verdict", brief=True) for name in compared}
    untold = [one.short for name, one in office.method.criteria.items() if name not in compared]
    page = page_of(office)
    lists = {name: replace(column, brief=bool(signs)) for name, column in page.categories.items()}
    return page.table(
        "identification",
        schools,
        more={"lists": lists, "signs": signs},
        listed=sum(len(list_of(office.identification, name).schools) for name in lists),
        title=office.method.title,
        untold=("; ".join(untold) or None) if len(office.method.criteria) > 1 else None,
    )


def show_criteria(office: Office) -> Together:
    """Every criterion in a line with the schools that another threshold moves first; then where each school stands; all verdicts are a file."""
    page = page_of(office)
    if office.verdicts.empty:
        return Together([table_criteria(page)])
    rules = page.text("criteria", rules=rules_in_words(office.method))
    return Together([*rules, table_criteria(page), *plot_criteria(page), attach_verdicts(page)])


def table_criteria(page: Page) -> Table:
    """What the criteria found, and whom another threshold moves; the public edition keeps that to itself."""
    office = page.office
    quotas = "; ".join(f"{one.criterion.short}: {one.met} из {one.assessed}" for one in identification.quotas(office))
    found = identification.criteria_rows(office)
    moves = list(ladder.moves_of_threshold(office).itertuples())
    for column, gains in (("loses", False), ("gains", True)):
        found[column] = [
            told_moves(page, [move for move in moves if (move.criterion, move.gains) == (row.criterion, gains)])
            if row.assessed and moves
            else None
            for row in found.itertuples()
        ]
    return page.table("criteria_found", found, quotas=quotas or None, moves=len(moves))


def told_moves(page: Page, moves: list) -> str:
    """Steps of a threshold in words, those that print alike together."""
    alike: dict[str, list[str]] = {}
    for move in moves:
        beyond, schools = told_move(page, move)
        alike.setdefault(beyond, []).append(schools)
    return (
        "; ".join(f"{beyond} – {', '.join(schools)}" for beyond, schools in alike.items())
        or page.words["beyond"]["nobody"]
    )


def told_move(page: Page, move) -> tuple[str, str]:
    """A step of a threshold in words: beyond which value, which schools, and which of them the list takes in or lets out."""
    office, names = page.office, page.office.school_names
    criterion = office.method.criteria[move.criterion]
    form = threshold_form(criterion, office.catalogue)
    value = page.in_words(move.beyond, form, criterion.threshold).removeprefix("+")
    listed, side = set(move.listed.split(";")), page.words["listed"]["enters" if move.gains else "leaves"]
    schools = ", ".join(f"{names[one]}{side if one in listed else ''}" for one in move.schools.split(";"))
    return f"{page.words['beyond']['above' if move.above else 'below']} {value}", schools


def attach_verdicts(page: Page) -> Attachment:
    """Every verdict of every school with the numbers behind it."""
    return page.attachment("verdicts", identification.verdict_rows(page.office))


def plot_criteria(page: Page) -> list[Panels]:
    """Where each school stands on each criterion: small multiples, a figure a category."""
    office, shown = page.office, []
    lines = identification.criterion_lines(office)
    for category in office.method.decisions:
        own = lines[lines["category"].eq(category)]
        if len(own):
            facts = {"word": upper_first(CATEGORIES[category])} | identification.lines_facts(office, category)
            shown.append(page.figure("criteria", plot_panels, own, named=f"criteria_{category}", facts=facts))
    return shown


def show_reasons(office: Office) -> Together:
    """Why schools are listed, what experts changed, who is near; answers that lack data together; the rest is a file."""
    page, found = page_of(office), identification.reasons_to_read(office)
    shown: list[object] = []
    if len(found):
        moves = told_answers(office, found)
        told = identification.easiest_to_move(moves)
        shown.append(
            page.table(
                "reasons_to_read", moves, shown=told.tolist(), most=identification.MOST_ANSWERS, cut=not told.all()
            )
        )
    if len(unanswered := identification.open_answers(office)):
        shown.append(page.table("open_answers", unanswered))
    if shown:
        shown = [*page.text("reasons"), *shown, page.attachment("reasons", identification.reasons(office))]
    return Together(shown)


def told_answers(office: Office, found: pd.DataFrame) -> pd.DataFrame:
    """Rows of answers with the smallest change of one parameter that turns each; the public edition keeps it to itself."""
    moves, page = ladder.smallest_moves(office, found), page_of(office)
    words = page.words["moved"]
    forms = [parameter_form(office, path) for path in moves["path"]]
    told: list[str | None] = []
    for path, at, form, decision in zip(moves["path"], moves["flips_at"], forms, moves["decision"], strict=True):
        if not isinstance(path, str):
            told.append(words.get(decision) if office.audience != "public" else None)
            continue
        criterion, field = path.split(".")[1:]
        short = office.method.criteria[criterion].short if criterion in office.method.criteria else ""
        facts = {"value": page.in_words(at, form).removeprefix("+"), "count": at, "short": short}
        told.append(say(words[field], facts))
    parameters = [parameter_words(office, path) for path in moves["path"]]
    return moves.assign(form=forms, parameter=parameters, moved=told)


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
    """The components of the indices as files; of an index that could not be computed, what it needs."""
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
    return Together(shown)


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
