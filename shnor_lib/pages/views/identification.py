"""Views of report 50: which schools are in which category and why; the overview shows some of them too."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.findings import identification_facts
from shnor_lib.analyses.objectivity import biased_schools
from shnor_lib.criteria.rules import unit_of
from shnor_lib.inputs.dictionary import label_of, procedure_label
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_criteria_matrix, plot_distance_to_threshold, plot_index_profile
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.numbers import SCHOOLS_OF, agree, format_count
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES

REPORT = "50_identification"
FORMATS = {
    "rate": "percent",
    "flag": "count",
    "percent": "score",
    "score": "score",
    "index": "score",
    "count": "count",
    "number": "number",
}
LOW_SOURCES = {"computed": "рассчитано", "official_list": "официальный перечень"}


def page_of(office: Office) -> Page:
    """The page of this report for an office."""
    return Page(office, REPORT)


def show_headlines(office: Office, report: str = REPORT) -> Headlines:
    """The findings about the two lists."""
    return Headlines(headlines(identification_facts(office), report))


def show_decisions(office: Office, report: str = REPORT) -> Decisions:
    """What the board is asked to decide."""
    return Decisions(decisions(identification_facts(office), report))


def show_lists(office: Office) -> Together:
    """The two lists under a heading that says how long they are."""
    facts = identification_facts(office)
    lengths = []
    for name, word in (("low_results", "ШНОР"), ("adverse", "ШНСУ")):
        if f"{name}_count" in facts:
            open_cases = facts[f"{name}_insufficient_count"]
            unsure = f" (не оценено {format_count(open_cases)})" if open_cases else ""
            lengths.append(f"{word} – {format_count(facts[f'{name}_count'])}{unsure}")
    named = ", названных в данных" if facts["registry_partial"] else ""
    if not lengths:
        return Together([Heading("Школы в данных не названы"), table_totals(office)])
    heading = f"{', '.join(lengths)} из {agree(facts['schools_total'], SCHOOLS_OF)}{named}"
    return Together([Heading(heading), table_totals(office), table_identification(office)])


def table_totals(office: Office) -> Table:
    """How many schools are in each category."""
    facts = identification_facts(office)
    total = facts["schools_total"]
    rows = [("Школы, всего", total, None)]
    for name, word in (("low_results", "ШНОР"), ("adverse", "ШНСУ")):
        if f"{name}_count" in facts:
            rows.append((word, facts[f"{name}_count"], facts[f"{name}_share"]))
            open_cases = facts[f"{name}_insufficient_count"]
            rows.append((f"{word}: данных недостаточно", open_cases, open_cases / total if total else None))
    frame = pd.DataFrame(rows, columns=["figure", "schools", "share"])
    frame["share"] = frame["share"].astype(object).where(frame["share"].notna(), "[не применимо]")
    return page_of(office).table(
        "totals",
        frame,
        note="Всего – школы, названные в данных; сколько их в муниципалитете, не сказано."
        if facts["registry_partial"]
        else "",
    )


def table_identification(office: Office) -> Table:
    """The list: one row per school, both categories, whether it is near a threshold, markers of biased results, who decided."""
    wide = office.identification.pivot(index="school_id", columns="category", values="identified")
    near = office.identification.groupby("school_id")["near"].any()
    expert = office.identification["decision"].eq("expert").groupby(office.identification["school_id"]).any()
    frame = pd.DataFrame({"school": pd.Series(office.school_names)})
    for category in office.method.decisions:
        frame[category] = wide.get(category)
    frame["near_threshold"] = near.reindex(frame.index)
    marked = biased_schools(office.indicators, office.schools, office.year, office.profile.bias)
    frame["bias"] = marked.set_index("school_id")["verdict"]
    frame["decision"] = expert.reindex(frame.index).map({True: "expert", False: "calculated"})
    columns: dict[str, Column | str] = {"school": "Школа"}
    columns |= {category: Column(CATEGORIES[category], "identified") for category in office.method.decisions}
    columns |= {
        "near_threshold": Column(
            "Рядом с порогом", "flag", note="вывод о категории изменится, если сменятся вердикты, близкие к порогу"
        ),
        "bias": Column(
            "Признаки необъективности",
            "marker",
            note="по ФИОКО: при признаках низкие результаты могут быть не видны, и вывод «нет» читается осторожно; признак – не вина, "
            "подробно в отчёте «Объективность результатов». Не оценено – оценены не все признаки, и среди оценённых их нет",
        ),
        "decision": Column("Как принято", "decision"),
    }
    return page_of(office).table(
        "identification", frame.reset_index(drop=True), more={"more": columns}, title=office.method.title
    )


def table_reasons(office: Office) -> Table:
    """Why each school is or is not in a category."""
    frame = office.identification.assign(
        school=office.identification["school_id"].map(office.school_names),
        category_word=office.identification["category"].map(CATEGORIES),
    )
    return page_of(office).table("reasons", frame)


def short_title(title: str, length: int = 60) -> str:
    """A criterion's title short enough for a chart."""
    return title if len(title) <= length else title[: length - 1].rsplit(" ", 1)[0] + "…"


def plot_criteria(office: Office) -> Figure:
    """Where each school stands on each criterion."""
    titles = {name: one.short for name, one in office.method.criteria.items()}
    frame = office.verdicts.assign(
        school=office.verdicts["school_id"].map(office.school_names), title=office.verdicts["criterion"].map(titles)
    )
    met = int(frame["verdict"].eq("met").sum())
    return page_of(office).figure(
        "criteria_matrix", plot_criteria_matrix, frame, facts={"met": met, "rows": len(frame)}
    )


def show_criteria(office: Office) -> Together:
    """Every criterion with its values: heading, table, and the distance to the threshold where it was assessed."""
    verdicts = office.verdicts
    shown: list[object] = []
    for name, criterion in office.method.criteria.items():
        own = verdicts[verdicts["criterion"].eq(name)]
        own = own.assign(school=own["school_id"].map(office.school_names))
        met, assessed = int(own["verdict"].eq("met").sum()), int(own["verdict"].ne("not_assessed").sum())
        shown.append(Heading(f"{criterion.title}: выполнен у {met} из {agree(len(own), SCHOOLS_OF)}", 3))
        if not assessed:
            reasons = "; ".join(own["reason"].drop_duplicates())
            shown.append(Prose(f"Критерий не оценён ни по одной школе – {reasons}. Это не значит, что трудностей нет."))
            continue
        shown.append(table_verdicts(office, name, own))
        if own["margin"].notna().sum() > 1 and criterion.rule != "low_in_procedures":
            shown.append(plot_margin(office, name, own))
    return Together(shown)


def table_verdicts(office: Office, name: str, own: pd.DataFrame) -> Table:
    """Value, threshold, benchmark, margin and participants behind the verdicts of one criterion."""
    criterion = office.method.criteria[name]
    form = "count" if criterion.rule == "low_in_procedures" else FORMATS[unit_of(criterion.indicator)]
    difference = "points" if form == "percent" else form
    columns: dict[str, Column | str] = {
        "school": "Школа",
        "verdict": Column("Критерий", "verdict"),
        "value": Column("Значение", form, against="threshold" if criterion.rule != "low_in_procedures" else ""),
        "threshold": Column("Порог", form),
    }
    if own["benchmark"].notna().any():
        columns["benchmark"] = Column("Сравнение: " + label_of("level", criterion.benchmark), form)
    columns |= {
        "margin": Column("До порога", difference, note="больше нуля – на стороне, где нужна помощь"),
        "participants": Column("Участники", "count"),
        "reason": "Пояснение",
    }
    return page_of(office).table(
        "criterion",
        own,
        named=f"criterion_{name}",
        more={"more": columns},
        title=criterion.title,
        assumptions_note=assumptions_note(criterion),
        reference=criterion.reference,
    )


def assumptions_note(criterion) -> str:
    """The open questions of the document that a criterion answers by our assumption."""
    told = [text.removeprefix("документ не задаёт; ") for text in criterion.assumptions.values()]
    return f"Документ задаёт не всё; наши допущения: {'; '.join(told)}." if told else ""


def plot_margin(office: Office, name: str, own: pd.DataFrame) -> Figure:
    """How far each school is from the threshold of one criterion."""
    criterion = office.method.criteria[name]
    near = int(own["near"].sum())
    return page_of(office).figure(
        "distance",
        plot_distance_to_threshold,
        own,
        named=f"distance_{name}",
        facts={"near": near, "short_title": short_title(criterion.title, 90), "name_": name, "rows": len(own)},
        as_percent=unit_of(criterion.indicator) == "rate",
    )


def show_indices(office: Office) -> Together:
    """The profile of the schools over the components of each index."""
    if not office.method.indices:
        return Together(page_of(office).text("indices", title=office.method.title))
    shown: list[object] = []
    components = office.components[office.components["year"].eq(office.year)]
    for name, index in office.method.indices.items():
        own = components[components["index"].eq(name)]
        if own["normalised"].notna().sum() == 0:
            shown.append(Heading(f"{index.title} не рассчитан: нет данных", 3))
            shown.append(
                Prose("Индекс рассчитывается из таблиц социального паспорта, кадров или ресурсов; в этом году их нет.")
            )
            continue
        shown.append(Heading(index.title, 3))
        shown.append(table_index(office, name, own))
        shown.append(plot_index(office, name, own))
    return Together(shown)


def table_index(office: Office, name: str, own: pd.DataFrame) -> Table:
    """Natural values of the components of an index and its score."""
    index = office.method.indices[name]
    wide = own.pivot(index="school_id", columns="component", values="value")
    scores = office.indicators[
        office.indicators["indicator"].eq(name) & office.indicators["year"].eq(office.year)
    ].set_index("school_id")["value"]
    frame = wide.assign(score=scores)
    if "hidden" in own:
        frame["hidden"] = own.groupby("school_id")["hidden"].any()
    frame = frame.reindex(list(office.school_names))
    frame.insert(0, "school", list(office.school_names.values()))
    columns: dict[str, Column | str] = {"school": "Школа", "score": Column("Индекс, 0–100", "score", digits=1)}
    columns |= {
        component: Column(
            component_label(one), FORMATS[unit_of(one.indicator)] if unit_of(one.indicator) != "count" else "number"
        )
        for component, one in index.components.items()
    }
    return page_of(office).table(
        "index", frame.reset_index(drop=True), named=f"index_{name}", more={"more": columns}, title=index.title
    )


def component_label(component) -> str:
    """The document's own words for a component of an index."""
    return component.reference[0].upper() + component.reference[1:]


def plot_index(office: Office, name: str, own: pd.DataFrame) -> Figure:
    """The normalised profile of an index, low values shaded."""
    index = office.method.indices[name]
    labels = {component: one.short for component, one in index.components.items()}
    frame = own.assign(
        school=own["school_id"].map(office.school_names),
        component=own["component"].map(labels),
        value=own["normalised"].astype(float) / 100,
    )
    return page_of(office).figure(
        "profile", plot_index_profile, frame, named=f"profile_{name}", facts={"title": index.title, "name_": name}
    )


def table_low_procedures(office: Office) -> Table:
    """The low procedures of each school that the federal rule counts."""
    frame = office.low_procedures.assign(
        school=office.low_procedures["school_id"].map(office.school_names),
        year=office.low_procedures["year"].astype(str),
    )
    low = frame[frame["low"].eq("met")]
    low = low.assign(procedure_label=low["procedure"].map(procedure_label), source_word=low["source"].map(LOW_SOURCES))
    return page_of(office).table("low_procedures", low)


def table_expert_decisions(office: Office) -> Table:
    """Decisions of experts beside the calculated answers."""
    frame = office.identification[office.identification["decision"].eq("expert")]
    frame = frame.assign(
        school=frame["school_id"].map(office.school_names), category_word=frame["category"].map(CATEGORIES)
    )
    return page_of(office).table("expert_decisions", frame)
