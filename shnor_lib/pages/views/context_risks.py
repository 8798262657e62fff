"""Views of report 40: the conditions schools work in, the matrix of risk zones, staff, specialists, deficits, monitoring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from shnor_lib.analyses import context as conditions
from shnor_lib.analyses.carried import carried_counts
from shnor_lib.analyses.context import Context
from shnor_lib.analyses.risks import UNKNOWN, contradictions, deficit_map
from shnor_lib.indicators.formulas import column_label
from shnor_lib.inputs.dictionary import choices, label_of
from shnor_lib.office.office import Office
from shnor_lib.pages import numbers
from shnor_lib.pages.charts import plot_word_matrix
from shnor_lib.pages.numbers import HIDDEN, NBSP, NO_DATA, NOT_APPLICABLE, is_missing, lower_first, upper_first
from shnor_lib.pages.page import Page, Report, format_of
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import WORDS
from shnor_lib.params.profiles import RiskFactor

MOST_LISTED = 5


REPORT = Report("40_context_risks", lambda office: conditions.context_facts(Context(office)))
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_conclusion(office: Office) -> Together:
    """The written conclusion: risk zones, town against country, contradictions, what nobody told."""
    context, page = Context(office), page_of(office)
    factors = context.factors
    if context.matrix.empty:
        return Together(page.text("conclusion_absent"))
    found = conditions.conclusion(context)
    told = page.text(
        "conclusion",
        common=factors[found.common["factor"].iloc[0]].zone if len(found.common) else None,
        others=len(found.common) - 1,
        common_zones=listed_zones(found.common, factors),
        some_zones=listed_zones(found.some, factors),
        contradictions=" ".join(
            f"Сведения о школе {office.school_names[row.school_id]} расходятся – «{factors[row.factor].title}»: {row.note}."
            for row in contradictions(context.matrix).itertuples()
        ),
        silent="; ".join(lower_first(factors[name].short) for name in found.silent) or None,
        **{
            f"{place}{end}": more_frequent_zones(context, place, beyond)
            for place in ("rural", "urban")
            for end, beyond in (("", True), ("_by_chance", False))
        },
    )
    return Together(told)


def listed_zones(counts: pd.DataFrame, factors: dict[str, RiskFactor]) -> str | None:
    """The risk zones and in how many schools each was found; None without any."""
    named = [
        f"{factors[row.factor].zone} ({numbers.format_count(row.zone)} из{NBSP}{numbers.format_count(row.assessed)})"
        for row in counts.head(MOST_LISTED).itertuples()
    ]
    rest = f" и ещё {len(counts) - MOST_LISTED}" if len(counts) > MOST_LISTED else ""
    return ", ".join(named) + rest or None


def more_frequent_zones(context: Context, place: str, beyond: bool) -> str | None:
    """The risk zones that schools of one kind of place have more often than the others, with both counts; None without any.

    ``beyond``: those that differ more than chance would do, or those that do not.
    """
    zones = conditions.zones_of_place(context, place)
    named = [
        f"{context.factors[row.factor].zone} ({row.zone} из{NBSP}{row.assessed} против {row.other_zone} из{NBSP}{row.other_assessed})"
        for row in zones[zones["beyond"].eq(beyond)].head(MOST_LISTED).itertuples()
    ]
    return ", ".join(named) or None


def travel() -> Mapping[str, str]:
    """How far a city is, in words, by the answer of a school: from the least difficult way to the most."""
    return report_spec(REPORT.name).words["travel"]


def shown_value(value: float, factor: RiskFactor, office: Office) -> str:
    """The value of a factor in words or per cent."""
    if is_missing(value):
        return NO_DATA
    if factor.indicator == "settlement_size_band":
        return list(choices("settlement_population").values())[int(value) - 1]
    if factor.indicator == "transport_difficulty":
        return list(travel().values())[int(value)]
    unit = office.catalogue.unit(factor.indicator)
    if unit == "flag":
        return "да" if value else "нет"
    return numbers.format_percent(value, 0) if unit == "rate" else numbers.format_number(value, 0)


def cell_of(row, factor: RiskFactor, office: Office) -> str:
    """The value of a row of the matrix, or the code that stands for it."""
    return HIDDEN if row.hidden else shown_value(row.value, factor, office)


def with_level(row, factor: RiskFactor, office: Office) -> str:
    """The value with its level of risk: "42 % – ■ высокий"."""
    return cell_of(row, factor, office) + ("" if row.level == UNKNOWN else f" – {WORDS['risk'][row.level]}")


def masked(rows: pd.DataFrame) -> pd.Series:
    """Values with the code of the public edition where they are hidden."""
    return rows["value"].astype(object).where(~rows["hidden"], HIDDEN)


def show_matrix(office: Office) -> Together:
    """The matrix of risk zones: levels as a figure, values as a table, and how many zones every school has."""
    context, page = Context(office), page_of(office)
    if context.matrix.empty:
        return Together([])
    factors, zones = context.factors, conditions.school_zones(context)
    main = context.main.assign(
        risk=context.main["factor"].map(lambda name: factors[name].short),
        text=[cell_of(row, factors[row.factor], office) for row in context.main.itertuples()],
    )
    assessed = int(main["level"].ne(UNKNOWN).sum())
    facts = {"high": int(main["level"].eq("high").sum()), "assessed": assessed, "rows": len(main)}
    figure = page.figure("risk_levels", plot_word_matrix, main, facts=facts)
    named = [
        "; ".join(factors[name].zone for name in names) if isinstance(names, list) else "нет"
        for names in zones["high_factors"]
    ]
    schools = page.table("risk_schools", zones.assign(named=named))
    return Together([*page.text("matrix", schools=len(zones)), figure, table_matrix(context), schools])


def table_matrix(context: Context) -> Table:
    """The values of the matrix, as the document prints them."""
    names = context.main["factor"].drop_duplicates()
    frame = context.main.assign(value=masked(context.main)).pivot(index="school_id", columns="factor", values="value")
    columns: dict[str, Column | str] = {}
    for name in names:
        factor = context.factors[name]
        shape = {"flag": Column(factor.short, "flag"), "rate": Column(factor.short, "percent", digits=0)}
        columns[name] = shape.get(context.office.catalogue.unit(factor.indicator), factor.short)
        if isinstance(columns[name], str):
            frame[name] = [shown_value(value, factor, context.office) for value in frame[name]]
    unclear = " ".join(
        f"{context.office.school_names[row.school_id]}, «{context.factors[row.factor].title}»: {row.note}."
        for row in contradictions(context.main).itertuples()
    )
    page = page_of(context.office)
    return page.table("risk_matrix", frame.reset_index(), more={"factors": columns}, unclear=unclear)


def show_groups(office: Office) -> Together:
    """The conditions that are not in the matrix, by group: value and level for every school."""
    context, page = Context(office), page_of(office)
    if context.matrix.empty:
        return Together([])
    factors, zones = context.factors, conditions.zone_counts(context)
    titles = zones["factor"].map({name: factor.title for name, factor in factors.items()})
    shown: list[object] = page.text("groups", known=conditions.known_factors(context), factors=len(factors))
    shown.append(page.table("risk_zones", zones.assign(title=titles)))
    for group, title in page.words["groups"].items():
        found = conditions.group_of(context, group)
        absent = "; ".join(lower_first(factors[name].short) for name in found.absent)
        if found.own:
            finding = f"чаще всего зона риска – {factors[found.top].zone}" if found.top else "зон риска не найдено"
            cells = found.rows.assign(
                value=[with_level(row, factors[row.factor], office) for row in found.rows.itertuples()]
            )
            labels = {name: factors[name].short for name in found.own}
            frame = conditions.wide_values(cells, labels, by="factor")
            shown += page.text("group", title=title, finding=finding)
            shown.append(
                page.attachment(
                    "risks", frame, named=f"risks_{group}", more={"factors": labels}, title=title, absent=absent or None
                )
            )
        elif absent:
            shown += page.text("group_absent", title=title, absent=absent, tables=page.words["tables_of_groups"][group])
    return Together(shown)


def show_factors(office: Office) -> Together:
    """The borders under a heading that counts them."""
    page, factors = page_of(office), Context(office).factors
    return Together([*page.text("factors", factors=len(factors)), table_factors(office)])


def table_factors(office: Office) -> Table:
    """The declared borders of risk with their sources."""
    rows = [
        {
            "title": factor.title,
            "medium": border_text(factor.medium, factor, office),
            "high": border_text(factor.high, factor, office),
            "reference": factor.reference,
            "assumption": factor.assumption or NOT_APPLICABLE,
        }
        for factor in Context(office).factors.values()
    ]
    return page_of(office).attachment("risk_factors", pd.DataFrame(rows))


def border_text(border: float | None, factor: RiskFactor, office: Office) -> str:
    """A border in words: "от 40 %", "ответ «да»"."""
    if border is None:
        return NOT_APPLICABLE
    if office.catalogue.unit(factor.indicator) == "flag":
        return f"ответ «{shown_value(border, factor, office)}»"
    if factor.indicator in ("settlement_size_band", "transport_difficulty"):
        return shown_value(border, factor, office)
    return f"{'от' if factor.rule == 'at_least' else 'до'}{NBSP}{shown_value(border, factor, office)}"


def show_territory(office: Office) -> Together:
    """Settlement size and transport of the described schools in town and country (row Z2)."""
    context, page = Context(office), page_of(office)
    schools = context.schools
    if not schools[["settlement_population", "transport"]].notna().any(axis=None):
        return Together(page.text("territory_absent"))
    tables = [
        page.table(
            "by",
            conditions.answers_by_locality(context, column, choices(column)),
            named=f"by_{column}",
            title=title,
            answers=page.words["territory_answers"][column],
        )
        for column, title in page.words["territory_titles"].items()
    ]
    places = {place: len(schools[schools["locality"].eq(place).fillna(False)]) for place in ("urban", "rural")}
    places["unplaced"] = len(schools) - sum(places.values())
    return Together([*page.text("territory", **places), *tables])


def show_by_locality(office: Office) -> Together:
    """Staff, answers to the survey and equipment in town and country (row Z2)."""
    page, context = page_of(office), Context(office)
    questions = [f"survey_yes[{question}]" for question in choices("survey_question")]
    wanted = page.spec.indicators | {"survey_by_locality": questions}
    tables = [
        table
        for name in ("staff_by_locality", "survey_by_locality", "equipment_by_locality")
        if (table := table_by_locality(page, context, name, wanted[name]))
    ]
    return Together([*page.text("by_locality"), *tables] if tables else page.text("by_locality_absent"))


def table_by_locality(page: Page, context: Context, name: str, names: Sequence[str]) -> Table | None:
    """Counts and shares in town and country; nothing when neither has a value."""
    found, groups = conditions.indicators_by_locality(context, names)
    if found.empty:
        return None
    labels = [
        label_of("survey_question", one[len("survey_yes[") : -1])
        if name == "survey_by_locality"
        else context.office.catalogue.label(one)
        for one in found["indicator"]
    ]
    frame = found.assign(measure=[upper_first(label) for label in labels])
    return page.table("by_locality", frame, named=name, groups="; ".join(groups), **page.words[name])


def show_social(office: Office) -> Together:
    """The social context of every school that has it."""
    context, page = Context(office), page_of(office)
    wanted = page.spec.indicators["social"]
    rows = conditions.known_values(context, wanted)
    frame = conditions.wide_values(rows.assign(value=masked(rows)), wanted)
    if frame.empty:
        return Together(page.text("social_absent"))
    columns = {
        name: office.catalogue.label(name).removeprefix("Доля ").capitalize() for name in wanted if name in frame
    }
    schools, above = len(frame), conditions.town_values(context, wanted).set_index("indicator")["value"]
    if len(above):
        total = pd.DataFrame([{"school_id": "Муниципалитет", **above.to_dict()}])
        frame = pd.concat([frame, total], ignore_index=True)
    table = page.table("social_context", frame, summary_rows=len(frame) - schools, more={"indicators": columns})
    return Together([*page.text("social", schools=schools), table])


def show_staff(office: Office) -> Together:
    """Staff of the municipality beside region and country, and of every school (row L9)."""
    context, page = Context(office), page_of(office)
    asked = page.spec.indicators
    levels = conditions.staff_levels(context, asked["staff_levels"])
    bands = conditions.town_values(context, asked["experience"])
    shown: list[object] = [table_experience(page, bands)] if len(bands) else []
    shown += [table_staff_levels(page, levels)] if len(levels) else []
    shown += table_of_schools(page, context, "staff_schools", page.words["staff_schools"])
    if not shown:
        return Together(page.text("staff_absent"))
    young = bands.set_index("indicator")["value"].get(asked["experience"][0])
    posts = levels.set_index("indicator")["value"].get("vacant_positions")
    return Together([*page.text("staff", young=young, posts=posts), *shown])


def table_experience(page: Page, bands: pd.DataFrame) -> Table:
    """Teachers by length of service."""
    names = bands["indicator"].str.extract(r"\[(.*)\]")[0]
    total = f": всего {numbers.format_count(bands['number'].sum())}" if bands["number"].notna().all() else ""
    labels = [column_label(f"experience_{name}") for name in names]
    return page.table("staff_experience", bands.assign(band=labels), total=total)


def table_staff_levels(page: Page, levels: pd.DataFrame) -> Table:
    """Age, category, load, training and vacancies of the municipality beside region and country."""
    whole = levels["posts"] & levels["value"].mod(1).eq(0)
    frame = levels.assign(
        measure=[short_label(page.office, name) for name in levels["indicator"]],
        form=levels["indicator"]
        .map(lambda name: format_of(page.office, name))
        .mask(levels["posts"], "number")
        .mask(whole, "count"),
    )
    regional = levels["region"].notna().any()
    columns = [("number", "rate"), ("of", "rate")]
    columns += [("to_region", "rate"), ("region", "known")] if regional else []
    columns += [("country", "known")] if levels["country"].notna().any() else []
    for column, applies in columns:
        applicable = levels["rate"] if applies == "rate" else ~levels["posts"]
        frame[column] = frame[column].astype(object).where(applicable, NOT_APPLICABLE)
    return page.table("staff_levels", frame, regional=regional)


def short_label(office: Office, name: str) -> str:
    """The name of a staff indicator without the words common to all: "С первой категорией"."""
    return upper_first(office.catalogue.label(name).removeprefix("Доля педагогов").lstrip(", –"))


def table_of_schools(page: Page, context: Context, name: str, wanted: Mapping[str, str]) -> list[Table]:
    """Rates of schools side by side; nothing when no school has any."""
    rows = conditions.known_values(context, wanted)
    rows = rows.assign(value=masked(rows))
    if rows["value"].isna().all():
        return []
    wide = conditions.wide_values(rows, wanted)
    return [page.table(name, wide, more={"rates": wanted}, carried=carried_text(context.office, wanted))]


def carried_text(office: Office, labels: Mapping[str, str]) -> str | None:
    """Which values are of earlier years, and of how many schools, in words; None where there are none."""
    words, told = report_spec(REPORT.name).words["carried"], []
    for name, counts in carried_counts(office.indicators, labels, office.year).items():
        years = ", ".join(
            say(words["year"], {"assessed": year, "schools": schools}) for year, schools in counts.items()
        )
        told.append(say(words["name"], {"label": labels[name], "years": years}))
    return "; ".join(told) or None


def show_specialists(office: Office) -> Together:
    """Specialists for a hundred pupils, and advice on posts for the schools of the lists (row L10)."""
    context, page = Context(office), page_of(office)
    if context.advice["posts"].isna().all():
        return Together(page.text("specialists_absent"))
    per_100 = context.advice.pivot(index="school_id", columns="specialist", values="per_100").reset_index()
    labels = {name: column_label(name) for name in context.norms}
    advised, listed = context.advised, len(context.advisable["school_id"].unique())
    table = page.table(
        "staffing_advice",
        advised.assign(post=advised["specialist"].map(column_label)),
        lacking=advised["lacking"].sum(),
        listed=listed,
        norms=" ".join(norm_text(name, norm) for name, norm in context.norms.items()),
    )
    heading = page.text("specialists", schools=len(advised["school_id"].unique()), listed=listed)
    return Together([*heading, page.table("specialists", per_100, more={"specialists": labels}), table])


def norm_text(name: str, norm) -> str:
    """A norm in words with where it comes from."""
    children = "обучающихся" if norm.per == "pupils" else "детей с ОВЗ"
    origin = "; ".join(text for text in (norm.reference, norm.assumption) if text)
    return f"{column_label(name)}: ставка на {norm.children} {children} ({origin})."


def show_deficits(office: Office) -> Together:
    """The map of professional deficits (row L11)."""
    context, page = Context(office), page_of(office)
    found = deficit_map(office.tables["professional_deficits"], office.year)
    if found.empty:
        return Together(page.text("deficits_absent"))
    largest = found.loc[found["share"].idxmax()]
    heading = page.text(
        "deficits",
        subject=label_of("subject", largest["subject"]),
        deficit=largest["deficit"],
        share=largest["share"],
    )
    labels = {
        f"teacher_deficit_rate[{subject}]": label_of("subject", subject).capitalize()
        for subject in found["subject"].unique()
    }
    by_school = table_of_schools(page, context, "deficits_schools", labels)
    return Together([*heading, page.table("deficit_map", found), *by_school])


def show_monitoring(office: Office) -> Together:
    """Satisfaction, qualification and equipment over the years and by school (row K3)."""
    context, page = Context(office), page_of(office)
    wanted = page.words["monitored"]
    found, turned = conditions.monitoring(context, wanted)
    shown = table_of_schools(page, context, "monitoring_schools", wanted)
    if len(found):
        years = {name: f"{name[1:]} год" for name in found if name[1:].isdigit()}
        shown.insert(0, page.table("monitoring", found, more={"years": years}))
    if not shown:
        return Together(page.text("monitoring_absent"))
    heading = page.text("monitoring", changed=found["change"].notna().any(), **turned)
    return Together([*heading, *shown])
