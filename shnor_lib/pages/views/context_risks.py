"""Views of report 40: the conditions schools work in, the matrix of risk zones, staff, specialists, deficits, monitoring."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses import context as conditions
from shnor_lib.analyses.carried import carried_counts
from shnor_lib.analyses.context import Context
from shnor_lib.analyses.risk_profile import chosen_by_school, profile_of, risk_profile
from shnor_lib.analyses.risks import UNKNOWN, contradictions, deficit_map
from shnor_lib.indicators import causes, split_name
from shnor_lib.indicators.formulas import column_label
from shnor_lib.indicators.ranges import with_ranges
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
from shnor_lib.params.profiles import RiskFactor, StaffNorm

MOST_LISTED = 5


REPORT = Report("40_context_risks", conditions.context_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_conclusion(context: Context) -> Together:
    """The written conclusion: risk zones, town against country, contradictions."""
    page, factors = page_of(context), context.factors
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
            f"Сведения о школе {context.office.school_names[row.school_id]} расходятся – «{factors[row.factor].title}»: {row.note}."
            for row in contradictions(context.matrix).itertuples()
        ),
        **{place: more_frequent_zones(context, place) for place in ("rural", "urban")},
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


def more_frequent_zones(context: Context, place: str) -> str | None:
    """The risk zones that schools of one kind of place have more often than chance would do, with both counts; None without any."""
    zones = conditions.zones_of_place(context, place)
    named = [
        f"{context.factors[row.factor].zone} ({row.zone} из{NBSP}{row.assessed} против {row.other_zone} из{NBSP}{row.other_assessed})"
        for row in zones[zones["beyond"].eq(True)].head(MOST_LISTED).itertuples()
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


def show_matrix(context: Context, zones: pd.DataFrame) -> Together:
    """The matrix of risk zones as a figure, its values as a file, and how many zones every school has."""
    page = page_of(context)
    if context.matrix.empty:
        return Together([])
    factors = context.factors
    main = context.main.assign(
        risk=context.main["factor"].map(lambda name: factors[name].short),
        text=[cell_of(row, factors[row.factor], context.office) for row in context.main.itertuples()],
    )
    assessed = int(main["level"].ne(UNKNOWN).sum())
    facts = {"high": int(main["level"].eq("high").sum()), "assessed": assessed, "rows": len(main)}
    main = main.assign(level=main["level"].mask(main["hidden"], causes.HIDDEN))
    figure = page.figure("risk_levels", plot_word_matrix, main, facts=facts)
    named = [
        "; ".join(factors[name].zone for name in row.high_factors) or (None if is_missing(row.has_high) else "нет")
        for row in zones.itertuples()
    ]
    schools = page.table("risk_schools", zones.assign(named=named))
    return Together([*page.text("matrix", schools=len(zones)), figure, page.attached(table_matrix(context)), schools])


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


def show_profile(context: Context) -> Together:
    """The risk profile that the office has named (row N13): level of each factor, chosen ones marked; nothing without any."""
    page, office = page_of(context), context.office
    levels, profile = risk_profile(office), profile_of(office)
    if levels.empty or profile is None:
        return Together([])
    found = chosen_by_school(levels, profile.least_chosen)
    facts = {
        "short": profile.short,
        "least": profile.least_chosen,
        "schools": len(found),
        "factors": len(profile.factors),
    }
    facts |= {"fewer": int((~found["enough"]).sum()), "pairs": len(levels), "high": int(found["high"].sum())}
    facts |= {
        "medium_from": profile.medium,
        "high_from": profile.high,
        "assumption": profile.assumption,
        "reference": profile.reference,
    }
    cells = levels.assign(
        risk=[upper_first(label_of("profile_factor", one)) for one in levels["factor"]],
        text=levels["chosen"].map({True: page.words["profile"]["chosen"], False: None}),
    )
    named = {
        f"{column}_named": ["; ".join(label_of("profile_factor", one) for one in row) or None for row in found[column]]
        for column in ("high_factors", "chosen_factors")
    }
    figure = page.figure("profile_levels", plot_word_matrix, cells, facts=facts)
    table = page.table("profile_schools", found.assign(**named), **facts)
    numbers_of_all = page.attachment("profile_values", cells.assign(level_word=cells["level"]), **facts)
    return Together([*page.text("profile", **facts), figure, table, numbers_of_all])


def show_zones(context: Context) -> Together:
    """In how many schools each condition is a zone of risk, in town and country."""
    page = page_of(context)
    if context.matrix.empty:
        return Together([])
    zones = conditions.zone_counts(context)
    titles = zones["factor"].map({name: factor.title for name, factor in context.factors.items()})
    told = page.text("zones", known=conditions.known_factors(context), factors=len(context.factors))
    return Together([*told, page.table("risk_zones", zones.assign(title=titles))])


def table_values(context: Context) -> Table:
    """Value and level of every condition of every school."""
    factors = context.factors
    cells = context.matrix.assign(
        value=[with_level(row, factors[row.factor], context.office) for row in context.matrix.itertuples()]
    )
    known = context.matrix.loc[context.matrix["level"].ne(UNKNOWN), "factor"].unique()
    labels = {name: one.short for name, one in factors.items() if name in known}
    return page_of(context).table("risks", conditions.wide_values(cells, labels, by="factor"), more={"factors": labels})


def table_factors(context: Context) -> Table:
    """The declared borders of risk with their sources."""
    office = context.office
    rows = [
        {
            "title": factor.title,
            "medium": border_text(factor.medium, factor, office),
            "high": border_text(factor.high, factor, office),
            "reference": factor.reference,
            "assumption": factor.assumption or NOT_APPLICABLE,
        }
        for factor in context.factors.values()
    ]
    return page_of(office).table("risk_factors", pd.DataFrame(rows))


def border_text(border: float | None, factor: RiskFactor, office: Office) -> str:
    """A border in words: "от 40 %", "ответ «да»"."""
    if border is None:
        return NOT_APPLICABLE
    if office.catalogue.unit(factor.indicator) == "flag":
        return f"ответ «{shown_value(border, factor, office)}»"
    if factor.indicator in ("settlement_size_band", "transport_difficulty"):
        return shown_value(border, factor, office)
    return f"{'от' if factor.rule == 'at_least' else 'до'}{NBSP}{shown_value(border, factor, office)}"


def show_places(context: Context) -> Together:
    """Town and country (row Z2): where the schools stand, their staff and equipment; their answers to the survey as a file."""
    page, shown = page_of(context), []
    if conditions.territory_told(context):
        parts = [
            conditions.answers_by_locality(context, column, choices(column)).assign(title=title)
            for column, title in page.words["territory_titles"].items()
        ]
        shown.append(page.table("by_place", pd.concat(parts, ignore_index=True)))
    names = [*page.spec.indicators["staff_by_locality"], *page.spec.indicators["equipment_by_locality"]]
    found, groups = conditions.indicators_by_locality(context, names)
    if len(found):
        labels = [upper_first(context.office.catalogue.label(one)) for one in found["indicator"]]
        shown.append(page.table("by_locality", found.assign(measure=labels), groups="; ".join(groups)))
    answers, groups = conditions.indicators_by_locality(
        context, [f"survey_yes[{one}]" for one in choices("survey_question")]
    )
    if len(answers):
        labels = [label_of("survey_question", part_of(one)) for one in answers["indicator"]]
        shown.append(page.attachment("survey_by_locality", answers.assign(measure=labels), groups="; ".join(groups)))
    return Together([*page.text("places", **conditions.places(context)), *shown] if shown else [])


def part_of(indicator: str) -> str:
    """What stands in the brackets of an indicator."""
    return split_name(indicator)[1]


def show_social(context: Context) -> Together:
    """The social context of every school that has it; nothing without any."""
    page, office = page_of(context), context.office
    wanted = page.words["social"]
    rows = conditions.known_values(context, wanted)
    frame = conditions.wide_values(rows.assign(value=masked(rows)), wanted)
    if frame.empty:
        return Together([])
    columns = {name: label for name, label in wanted.items() if name in frame}
    schools, above = len(frame), conditions.town_values(context, wanted).set_index("indicator")["value"]
    if len(above):
        total = pd.DataFrame([{"school_id": "Муниципалитет", **above.to_dict()}])
        frame = pd.concat([frame, total], ignore_index=True)
    table = page.table("social_context", frame, summary_rows=len(frame) - schools, more={"indicators": columns})
    return Together([*page.text("social", schools=schools, registered=len(office.schools)), table])


def show_staff(context: Context) -> Together:
    """Staff of the municipality beside region and country (row L9); nothing where nothing is known of it as a whole."""
    page = page_of(context)
    asked = page.spec.indicators
    levels = conditions.staff_levels(context, [*asked["experience"], *asked["staff_levels"]])
    if levels.empty:
        return Together([])
    values = levels.set_index("indicator")["value"]
    young, posts, pupils = (
        values.get(name) for name in (asked["experience"][0], "vacant_positions", "pupils_per_teacher")
    )
    return Together([*page.text("staff", young=young, posts=posts, pupils=pupils), table_staff_levels(page, levels)])


def table_staff_levels(page: Page, levels: pd.DataFrame) -> Table:
    """Experience, age, category, load, training and vacancies of the municipality beside region and country."""
    rates, posts = levels["rate"], levels["posts"]
    whole = posts & levels["value"].mod(1).eq(0)
    forms = levels["indicator"].map(lambda name: format_of(page.office, name))
    frame = levels.assign(
        measure=[short_label(page.office, name) for name in levels["indicator"]],
        form=forms.mask(posts, "number").mask(whole, "count"),
        **{name: levels[name].astype(object).where(rates, NOT_APPLICABLE) for name in ("number", "of", "to_region")},
        **{name: levels[name].astype(object).where(~posts, NOT_APPLICABLE) for name in ("region", "country")},
        value=with_ranges(levels["value"], levels["cause"], levels["needs"]),
    )
    for level, columns in {"region": ("region", "to_region"), "country": ("country",)}.items():
        if levels[level].isna().all():
            frame[list(columns)] = None
    return page.table("staff_levels", frame, shown=~levels["in_words"], regional=levels["region"].notna().any())


def short_label(office: Office, name: str) -> str:
    """The name of a staff indicator without the words common to all: "С первой категорией"."""
    measure, part = split_name(name)
    if measure == "teachers_experience_rate":
        return column_label(f"experience_{part}")
    return upper_first(office.catalogue.label(name).removeprefix("Доля педагогов").lstrip(", –"))


def tables_of_schools(context: Context) -> list[Table]:
    """Rates of schools side by side, one table a kind: staff, deficits, satisfaction and equipment; those that no school has are left out."""
    page, office = page_of(context), context.office
    deficits = deficit_map(office.tables["professional_deficits"], office.year)["subject"].unique()
    kinds = {
        "staff_schools": page.words["staff_schools"],
        "deficits_schools": {f"teacher_deficit_rate[{one}]": label_of("subject", one).capitalize() for one in deficits},
        "monitoring_schools": page.words["monitored"],
    }
    found = []
    for name, wanted in kinds.items():
        rows = conditions.known_values(context, wanted)
        rows = rows.assign(value=masked(rows))
        if rows["value"].notna().any():
            wide = conditions.wide_values(rows, wanted)
            found.append(page.table(name, wide, more={"rates": wanted}, carried=carried_text(office, wanted)))
    return found


def carried_text(office: Office, labels: Mapping[str, str]) -> str | None:
    """Which values are of earlier years, and of how many schools, in words; None where there are none."""
    words, told = report_spec(REPORT.name).words["carried"], []
    for name, counts in carried_counts(office.indicators, labels, office.year).items():
        years = ", ".join(
            say(words["year"], {"assessed": year, "schools": schools}) for year, schools in counts.items()
        )
        told.append(say(words["name"], {"label": labels[name], "years": years}))
    return "; ".join(told) or None


def show_specialists(context: Context) -> Together:
    """Posts of specialists that the schools of the lists lack by the norm (row L10); nothing where no posts are known."""
    page = page_of(context)
    by_specialist = conditions.posts_by_specialist(context)
    if context.advice["posts"].isna().all():
        return Together([])
    lacking, facts = conditions.lacking_posts(context), conditions.advice_facts(context)
    labels = {name: column_label(name) for name in context.norms}
    norms = "; ".join(lower_first(norm_text(name, norm)) for name, norm in context.norms.items())
    shown = page.text("specialists", **facts)
    if len(by_specialist):
        without = [
            lower_first(column_label(name)) for name in by_specialist.loc[~by_specialist["normed"], "specialist"]
        ]
        frame = by_specialist.assign(
            post=by_specialist["specialist"].map(column_label),
            **{
                name: by_specialist[name].astype(object).where(by_specialist["normed"], NOT_APPLICABLE)
                for name in ("needed", "lacking", "lacking_schools")
            },
        )
        shown.append(page.table("posts_by_specialist", frame, without=", ".join(without) or None))
    if len(lacking):
        shown.append(page.table("lacking_posts", lacking, more={"specialists": labels}, norms=norms))
    return Together([*shown, *([page.attached(table_advice(context))] if facts["listed"] else [])])


def table_advice(context: Context) -> Table:
    """Posts that each listed school has and needs by the norm, one row a specialist."""
    origins = {
        name: "; ".join(text for text in (norm.reference, norm.assumption) if text)
        for name, norm in context.norms.items()
    }
    norms = " ".join(f"{norm_text(name, norm)} ({origins[name]})." for name, norm in context.norms.items())
    advised = context.advised
    posts = advised.assign(post=advised["specialist"].map(column_label))
    return page_of(context).table("staffing_advice", posts, norms=norms)


def norm_text(name: str, norm: StaffNorm) -> str:
    """A norm in words."""
    return (
        f"{column_label(name)} – ставка на {norm.children} {'обучающихся' if norm.per == 'pupils' else 'детей с ОВЗ'}"
    )


def show_deficits(context: Context) -> Together:
    """The map of professional deficits (row L11); nothing without one."""
    page, office = page_of(context), context.office
    found = deficit_map(office.tables["professional_deficits"], office.year)
    if found.empty:
        return Together([])
    least, most = found["share"].min(), found["share"].max()
    share = (
        numbers.format_percent(most, 0) if least == most else numbers.format_interval(least, most, 0, as_percent=True)
    )
    return Together([*page.text("deficits", share=share, deficits=len(found)), page.table("deficit_map", found)])


def show_monitoring(context: Context) -> Together:
    """Satisfaction, qualification and equipment over the years (row K3); nothing where no rate has two years."""
    page = page_of(context)
    wanted = page.words["monitored"]
    found, turned = conditions.monitoring(context, wanted)
    if found["change"].isna().all():
        return Together([])
    years = {name: f"{name[1:]} год" for name in found if name[1:].isdigit()}
    carried = carried_text(context.office, wanted)
    return Together(
        [*page.text("monitoring", **turned), page.table("monitoring", found, more={"years": years}, carried=carried)]
    )


def show_absent(context: Context) -> Together:
    """What the data do not tell, in which table it would stand and who has it; nothing where they tell all."""
    page = page_of(context)
    names, silent = conditions.absent(context)
    words = {name: page.words[name] for name in ("absent", "needed", "asked")}
    rows = [tuple(words[column][name] for column in words) for name in names]
    rows += [
        (
            say(
                words["absent"]["group"],
                {
                    "title": page.words["groups"][group],
                    "silent": ", ".join(lower_first(context.factors[one].short) for one in zones),
                },
            ),
        )
        + (page.words["tables_of_groups"][group], words["asked"]["group"])
        for group, zones in silent.items()
    ]
    if not rows:
        return Together([])
    frame = pd.DataFrame(rows, columns=["what", "needed", "asked"])
    return Together([*page.text("absent"), page.table("context_absent", frame)])


def show_files(context: Context) -> Together:
    """The values of all schools and the borders of risk, as files."""
    page = page_of(context)
    tables = [*([table_values(context)] if len(context.matrix) else []), *tables_of_schools(context)]
    if context.advice["posts"].notna().any():
        per_100 = context.advice.pivot(index="school_id", columns="specialist", values="per_100").reset_index()
        labels = {name: column_label(name) for name in context.norms}
        tables.append(page.table("specialists", per_100, more={"specialists": labels}))
    return Together([*page.text("files"), *(page.attached(one) for one in [*tables, table_factors(context)])])
