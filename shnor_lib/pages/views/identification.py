"""Views of report 50: which schools are in which category and why; the overview shows some of them too."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses import identification
from shnor_lib.analyses.findings import identification_facts
from shnor_lib.analyses.identification import CriterionFound
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_distance_to_threshold, plot_index_profile, plot_word_matrix
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Heading
from shnor_lib.pages.page import Page, Report, format_of
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together

LENGTHS = tuple(
    f"{name}_{one}" for name in ("low_results", "adverse") for one in ("count", "assessed_count", "insufficient_count")
)
"""Facts of the two lists; those of a category that the method does not judge are not known."""

REPORT = Report("50_identification", identification_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_lists(office: Office) -> Together:
    """The two lists under a heading that says how long they are."""
    facts, page = dict.fromkeys(LENGTHS) | identification_facts(office), page_of(office)
    if all(facts[length] is None for length in LENGTHS):
        return Together([*page.text("lists_empty", **facts), table_totals(office)])
    return Together([*page.text("lists", **facts), table_totals(office), table_identification(office)])


def table_totals(office: Office) -> Table:
    """How many schools are in each category."""
    facts = identification_facts(office)
    total = facts["schools_total"]
    return page_of(office).table(
        "totals", identification.list_totals(facts), partial=facts["registry_partial"] and total
    )


def table_identification(office: Office) -> Table:
    """The list: one row per school, both categories, whether it is near a threshold, markers of biased results, who decided."""
    return page_of(office).table("identification", identification.school_list(office), title=office.method.title)


def table_reasons(office: Office) -> Table:
    """Why each school is or is not in a category."""
    return page_of(office).table("reasons", identification.reasons(office))


def short_title(title: str, length: int = 60) -> str:
    """A criterion's title short enough for a chart."""
    return title if len(title) <= length else title[: length - 1].rsplit(" ", 1)[0] + "…"


def plot_criteria(office: Office) -> Figure:
    """Where each school stands on each criterion."""
    titles = {name: one.short for name, one in office.method.criteria.items()}
    frame = office.verdicts.assign(title=office.verdicts["criterion"].map(titles))
    met, assessed = (
        sum(getattr(found, one) for found in identification.criteria_found(office)) for one in ("met", "assessed")
    )
    facts = {"met": met, "assessed": assessed, "rows": len(frame)}
    return page_of(office).figure("criteria_matrix", plot_word_matrix, frame, facts=facts)


def show_criteria(office: Office) -> Together:
    """Every criterion with its values: heading, table, and the distance to the threshold where it was assessed."""
    shown: list[object] = []
    page = page_of(office)
    for found in identification.criteria_found(office):
        title, rows = found.criterion.title, len(found.verdicts)
        shown += page.text("criterion", title=title, met=found.met, assessed=found.assessed, rows=rows)
        if not found.assessed:
            shown += page.text("criterion_not_assessed", reasons=found.reasons)
            continue
        shown.append(table_verdicts(page, found))
        if found.has_margins:
            shown.append(
                page.figure(
                    "distance",
                    plot_distance_to_threshold,
                    found.verdicts,
                    named=f"distance_{found.name}",
                    facts={
                        "near": found.near,
                        "assessed": found.assessed,
                        "title": short_title(title, 90),
                        "criterion": found.name,
                    },
                    as_percent=office.catalogue.unit(found.criterion.indicator) == "rate",
                )
            )
    return Together(shown)


def table_verdicts(page: Page, found: CriterionFound) -> Table:
    """Value, threshold, benchmark, margin and participants behind the verdicts of one criterion."""
    criterion, form = found.criterion, format_of(page.office, identification.measured(found.criterion))
    level = label_of("level", criterion.benchmark) if found.verdicts["benchmark"].notna().any() else ""
    numbers = {
        "value": Column("Значение", form, against="threshold" if identification.measured(criterion) else ""),
        "threshold": Column("Порог", form),
        **({"benchmark": Column(f"Сравнение: {level}", form)} if level else {}),
        "margin": Column(
            "До порога",
            "points" if form == "percent" else form,
            note="больше нуля – на стороне, где нужна помощь",
        ),
    }
    assumptions = "; ".join(text.removeprefix("документ не задаёт; ") for text in criterion.assumptions.values())
    return page.table(
        "criterion",
        found.verdicts,
        named=f"criterion_{found.name}",
        more={"numbers": numbers},
        title=criterion.title,
        assumptions=assumptions or None,
        reference=criterion.reference,
    )


def show_indices(office: Office) -> Together:
    """The profile of the schools over the components of each index."""
    page = page_of(office)
    if not office.method.indices:
        return Together(page.text("indices", title=office.method.title))
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
        shown += [
            Heading(index.title, 3),
            page.table("index", values, named=f"index_{name}", more={"components": columns}, title=index.title),
            plot_index(page, name, index, own),
        ]
    return Together(shown)


def component_label(component) -> str:
    """The document's own words for a component of an index."""
    return component.reference[0].upper() + component.reference[1:]


def plot_index(page: Page, name: str, index, own: pd.DataFrame) -> Figure:
    """The normalised profile of an index, low values shaded."""
    labels = {component: one.short for component, one in index.components.items()}
    frame = own.assign(component=own["component"].map(labels), value=own["normalised"].astype(float) / 100)
    facts = {"title": index.title, "index": name}
    return page.figure("profile", plot_index_profile, frame, named=f"profile_{name}", facts=facts)


def table_low_procedures(office: Office) -> Table:
    """The low procedures of each school that the federal rule counts."""
    return page_of(office).table(
        "low_procedures",
        identification.low_procedures(office),
        title=office.method.title,
        assessed=identification.procedures_assessed(office),
    )


def table_expert_decisions(office: Office) -> Table:
    """Decisions of experts beside the calculated answers."""
    return page_of(office).table("expert_decisions", identification.expert_decisions(office))
