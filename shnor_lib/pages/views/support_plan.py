"""Views of report 90: the plan's measures, the management cycle, recommendations, partners, exchange of experience, risks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from shnor_lib.analyses.objectivity import MARKERS
from shnor_lib.analyses.support import plan as support
from shnor_lib.analyses.support.due import DATED, NONE
from shnor_lib.analyses.support.measures import (
    CANCELLED,
    DONE,
    OVERDUE,
    STATES,
    UNKNOWN,
    cycle_coverage,
    execution,
    half_yearly_progress,
    overdue_measures,
    quarterly_load,
    stages_are_named,
)
from shnor_lib.analyses.support.plan import SupportPlan, open_dues, support_facts
from shnor_lib.analyses.support.recommendations import (
    SIDES,
    Recommendation,
    RecommendationCatalogue,
    recommendation_catalogue,
)
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.criteria.rules import unit_of
from shnor_lib.indicators import indicator_label, split_name
from shnor_lib.inputs.dictionary import choices, label_of
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_timeline
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.numbers import (
    EVENTS,
    HIDDEN,
    MEASURES,
    NO_DATA,
    NOT_APPLICABLE,
    SCHOOLS_IN,
    SCHOOLS_OF,
    agree,
    format_count,
    format_due,
    format_score,
)
from shnor_lib.pages.page import Page, source_of
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.identification import FORMATS
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.params.profiles import PartnerSearch

REPORT = "90_support_plan"
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
STATE_LABELS = {
    "done": "Выполнено",
    "in_progress": "Выполняется",
    "planned": "Запланировано",
    "overdue": "Просрочено",
    "cancelled": "Отменено",
    "unknown": "Нет сведений",
}
SIDE_WORDS = {
    "at_least": "не меньше порога",
    "above": "больше порога",
    "at_most": "не больше порога",
    "below": "меньше порога",
}
LEVELS = {"municipality": "муниципалитету", "school": "школе"}
CONTEXT_WORDS = {
    "rural_school_flag": "город или село",
    "settlement_size_band": "размер населённого пункта",
    "pupils_count": "число обучающихся",
}
FEWEST_ROWS, MOST_ROWS = 3, 22
"""Measures in one drawing of the calendar: fewer are read from the table, more would not fit on a sheet."""
NEEDED_FOR_PARTNERS = " Поиску нужны результаты школ за несколько лет (exam_results) и сведения об условиях их работы (schools, social_context)."
PUBLIC_NOTE = "Открытая редакция: рассчитано без скрытых малых чисел и может отличаться от служебной."


def page_of(plan: SupportPlan) -> Page:
    """The page of this report for an office."""
    return Page(plan.office, REPORT)


def support_plan(office: Office) -> SupportPlan:
    """The support plan that the other views show, put together once for the page."""
    return support.plan_support(office)


def show_headlines(plan: SupportPlan) -> Headlines:
    """The findings about the support of schools."""
    return Headlines(headlines(support_facts(plan), REPORT))


def show_decisions(plan: SupportPlan) -> Decisions:
    """What has to be decided about the support of schools."""
    return Decisions(
        decisions(support_facts(plan), REPORT)
        or ["Решений по плану поддержки не требуется; продолжить работу по плану."]
    )


# --- measures --------------------------------------------------------------------------------------------------------


def show_execution(plan: SupportPlan) -> Together:
    """How far the measures are, section by section."""
    facts = support_facts(plan)
    if not facts["measures_total"]:
        return Together(page_of(plan).text("execution"))
    if not facts["measures_reported"]:
        heading = (
            f"О выполнении мер сведений нет: в документе – только план, {agree(facts['measures_total'], MEASURES)}"
        )
    else:
        heading = f"Выполнено мер: {facts['measures_done']} из {facts['measures_total']}, просрочено – {facts['measures_overdue']}"
    return Together([Heading(heading), table_sections(plan), *_when(facts["measures_reported"], table_late(plan))])


def table_sections(plan: SupportPlan) -> Table:
    """Measures of each section by state, with a total."""
    frame = execution(plan.measures, "section")
    total = execution(plan.measures.assign(section="Всего"), "section")
    frame = pd.concat([frame, total], ignore_index=True)
    frame["section"] = frame["section"].astype(object).where(frame["section"].notna(), "раздел не указан")
    reported = plan.measures["status"].notna().any()
    seen = [state for state in STATES if frame[state].any() or (reported and state in (DONE, OVERDUE))]
    return page_of(plan).table(
        "plan_sections",
        frame,
        more={
            "more": {state: Column(STATE_LABELS[state], "count") for state in seen},
            "slot2": {"done_share": Column("Доля выполненных", "percent", digits=0, note="среди неотменённых мер")}
            if reported
            else {},
        },
        on=plan.on,
        assumption=plan.office.profile.plan.assumption[0].upper(),
        assumption2=plan.office.profile.plan.assumption[1:],
    )


def table_late(plan: SupportPlan) -> Table:
    """The overdue measures, the longest overdue first."""
    frame = overdue_measures(plan.measures)
    return page_of(plan).table(
        "plan_overdue", described(plan, frame), more={"more": _school_column(frame)}, on=plan.on, frame_=len(frame)
    )


def show_quarters(plan: SupportPlan) -> Together:
    """The plan by quarters under a heading that names the busiest."""
    if plan.measures.empty:
        return Together([])
    frame = quarterly_load(plan.measures)
    quarters = [name for name in frame.columns if name not in ("section", "measures", "without_quarter")]
    if not quarters:
        return Together(page_of(plan).text("quarters"))
    load = frame[quarters].sum()
    busiest = [quarter_label(name) for name in quarters if load[name] == load.max()]
    each = "по " if len(busiest) > 1 else ""
    heading = f"Больше всего работы – {', '.join(busiest)}: {each}{agree(load.max(), MEASURES)} из {len(plan.measures)}"
    return Together([Heading(heading, 3), table_quarters(plan, frame, quarters)])


def table_quarters(plan: SupportPlan, frame: pd.DataFrame, quarters: Sequence[str]) -> Table:
    """Measures of each section in each quarter."""
    total = frame.drop(columns="section").sum().to_frame().T.assign(section="Всего")
    frame = pd.concat([frame, total], ignore_index=True)
    frame["section"] = frame["section"].astype(object).where(frame["section"].notna(), "раздел не указан")
    return page_of(plan).table(
        "plan_quarters",
        frame,
        more={
            "more": {
                name: Column(quarter_label(name).replace("квартал", "кв.").removesuffix(" года"), "count")
                for name in quarters
            }
        },
    )


def quarter_label(name: str) -> str:
    """«2020-2» as a reader says it.

    >>> quarter_label("2020-2")
    'II квартал 2020 года'
    """
    year, number = name.split("-")
    return f"{ROMAN[int(number)]} квартал {year} года"


def show_calendar(plan: SupportPlan) -> Together:
    """The calendar of the measures with a date, of the plan's year and those still open from before."""
    dated = plan.measures[plan.measures["due_kind"].eq(DATED)]
    current = dated[
        dated["end"].ge(pd.Timestamp(plan.period[0])) | ~dated["state"].isin([DONE, CANCELLED])
    ].sort_values(["end", "measure_id"], kind="stable")
    if len(current) < FEWEST_ROWS:
        return Together([])
    parts = [current.iloc[first : first + MOST_ROWS] for first in range(0, len(current), MOST_ROWS)]
    return Together([plot_calendar(plan, part, number, len(parts)) for number, part in enumerate(parts, 1)])


def plot_calendar(plan: SupportPlan, measures: pd.DataFrame, number: int, count: int) -> Figure:
    """Measures along the calendar, in order of their last day."""
    overdue = int(measures["state"].eq(OVERDUE).sum())
    part = f", часть {number} из {count}" if count > 1 else ""
    found = f"просрочено {overdue} из" if measures["status"].notna().any() else "сведений о выполнении нет, всего"
    return page_of(plan).figure(
        "plan_calendar",
        plot_timeline,
        measures.assign(row=measures["measure_id"] + ". " + measures["title"]),
        named=f"plan_calendar_{number}",
        facts={"on": plan.on, "part": part, "found": found, "measures": len(measures)},
        today=pd.Timestamp(plan.on),
    )


def table_half_years(plan: SupportPlan) -> Table:
    """What was due by each day of the half-yearly monitoring, and how much of it was done."""
    days = plan.office.profile.plan.half_years(plan.office.year)
    frame = half_yearly_progress(plan.measures, days, plan.on)
    reference = plan.office.profile.plan.reference
    return page_of(plan).table(
        "plan_half_years", frame, on=plan.on, note=f" Основание: {reference}." if reference else ""
    )


def table_measures(plan: SupportPlan) -> Table:
    """The whole plan: what, when, who, with what result, and the state."""
    frame = described(plan, plan.measures)
    return page_of(plan).table("plan_measures", frame, more={"more": _school_column(frame)}, on=plan.on)


def table_open_dues(plan: SupportPlan) -> Table:
    """Measures whose due text is absent or leaves something open."""
    frame = open_dues(plan.measures)
    frame = frame.assign(why=frame["due_remark"].mask(frame["due_kind"].eq(NONE), "срок в программе не назван"))
    return page_of(plan).table("plan_dues", frame)


def described(plan: SupportPlan, measures: pd.DataFrame) -> pd.DataFrame:
    """Measures with words for level and school; a date of completion only where a measure can have one."""
    labels = choices("measure_level")
    names = plan.names
    schools = measures["school_id"].map(lambda school: names.get(school, school), na_action="ignore")
    completed = measures["completed_on"].astype(object)
    return measures.assign(
        level_word=measures["level"].map(labels).astype(object).where(measures["level"].notna(), "не указано"),
        school=schools.astype(object).where(measures["school_id"].notna(), "все школы программы"),
        due=[format_due(text) for text in measures["due"]],
        completed_on=completed.where(measures["state"].isin([DONE, UNKNOWN]), NOT_APPLICABLE),
    )


def _school_column(measures: pd.DataFrame) -> dict[str, str]:
    return {"school": "Школа"} if measures["school_id"].notna().any() else {}


def _when(condition: object, *shown: object) -> list[object]:
    return list(shown) if condition else []


# --- the management cycle --------------------------------------------------------------------------------------------


def show_cycle(plan: SupportPlan) -> Together:
    """Stages of the management cycle: which have measures at which level, which have none."""
    if not stages_are_named(plan.measures):
        return Together(page_of(plan).text("cycle"))
    frame = cycle_coverage(plan.measures)
    bare = frame.loc[frame["measures"].eq(0), "cycle_stage"]
    empty = ", ".join(label_of("cycle_stage", stage) for stage in bare)
    heading = f"Без мер остались этапы цикла: {empty}" if empty else "Меры есть на каждом этапе управленческого цикла"
    one_sided = [
        label_of("cycle_stage", stage)
        for stage in frame.loc[frame["measures"].gt(0) & frame["school"].eq(0), "cycle_stage"]
    ]
    unnamed = int(plan.measures["cycle_stage"].isna().sum())
    notes = [f"Этапы без мер школьного уровня: {', '.join(one_sided)}."] if one_sided else []
    notes += [f"Этап не назван у мер: {unnamed} из {len(plan.measures)}."] if unnamed else []
    frame = frame.assign(stage=[label_of("cycle_stage", stage) for stage in frame["cycle_stage"]])
    return Together([Heading(heading), table_cycle(plan, frame, " ".join(notes))])


def table_cycle(plan: SupportPlan, frame: pd.DataFrame, note: str) -> Table:
    """Measures at each stage of the cycle by level."""
    return page_of(plan).table("plan_cycle", frame, note=note)


# --- recommendations -------------------------------------------------------------------------------------------------


def show_recommendations(plan: SupportPlan) -> Together:
    """Addressed recommendations: to which schools, from which document, on what evidence."""
    facts, registered = support_facts(plan), len(plan.names)
    if not registered:
        return Together(page_of(plan).text("recommendations"))
    count, unknown = facts["recommended_schools"], facts["unknown_schools"]
    heading = (
        f"Повод для адресных рекомендаций есть у {agree(count, SCHOOLS_OF)} из {format_count(registered)}"
        if count
        else f"Рекомендации начнутся со сбора сведений: их не хватает о {agree(unknown, SCHOOLS_IN)}"
        if unknown
        else "Повода для адресных рекомендаций правила не нашли"
    )
    return Together(
        [
            Heading(heading),
            table_recommended_schools(plan),
            *_when(count + unknown, table_recommendations(plan)),
            *_when(count, table_evidence(plan)),
        ]
    )


def table_recommended_schools(plan: SupportPlan) -> Table:
    """Every school with the number of its recommendations; that there are none is said too."""
    distinct = plan.recommendations.drop_duplicates(["school_id", "recommendation"])
    names = plan.names
    counts = pd.crosstab(distinct["school_id"], distinct["level"]).reindex(
        index=list(names), columns=list(LEVELS), fill_value=0
    )
    answers = plan.office.identification.pivot(index="school_id", columns="category", values="identified")
    unknown = pd.Series([name in plan.unknown_schools for name in names], index=list(names))
    frame = answers.reindex(list(names)).assign(
        school=list(names.values()),
        given=counts.sum(axis=1).gt(0) & ~unknown,
        unknown=unknown,
        to_municipality=counts["municipality"],
        to_school=counts["school"],
    )
    return page_of(plan).table(
        "recommended_schools",
        frame,
        more={
            "more": {category: Column(CATEGORIES[category], "identified") for category in plan.office.method.decisions}
        },
        note=f" {PUBLIC_NOTE}" if plan.office.audience == "public" else "",
    )


def table_recommendations(plan: SupportPlan) -> Table:
    """The recommendations given, each with its schools and the measures of documents it is drawn from."""
    entries = recommendation_catalogue()
    rows = []
    for name, own in plan.recommendations.groupby("recommendation", sort=False):
        entry = entries.recommendations[name]
        schools = [plan.names[school] for school in sorted(own["school_id"].unique())]
        rows.append(
            {
                "text": entry.text,
                "level": LEVELS[entry.level],
                "schools": "; ".join(schools),
                "count": len(schools),
                "drawn_from": source_words(entries, entry),
                "place": list(entries.recommendations).index(name),
            }
        )
    frame = pd.DataFrame(rows).sort_values(["level", "place"], kind="stable")
    return page_of(plan).table("recommendations", frame)


def source_words(entries: RecommendationCatalogue, entry: Recommendation) -> str:
    """The documents and their items that a recommendation is drawn from."""
    items: dict[str, list[str]] = {}
    for source in entry.sources:
        item = source.place or (f"мера {source.measure}" if source.measure else f"риск {source.risk}")
        items.setdefault(entries.documents[source.document].title, []).append(item)
    return "; ".join(f"{document}: {', '.join(places)}" for document, places in items.items())


def table_evidence(plan: SupportPlan) -> Table:
    """What gave cause in each school: value beside threshold, and which recommendations follow."""
    office, entries = plan.office, recommendation_catalogue()
    rows = plan.recommendations[plan.recommendations["rule"].ne("category")]
    titles = rows["recommendation"].map({name: one.title for name, one in entries.recommendations.items()})
    follows = titles.groupby([rows["school_id"], rows["basis"]]).agg("; ".join)
    found = rows.drop_duplicates(["school_id", "basis"])
    frame = found.assign(
        school=found["school_id"].map(plan.names),
        titles=[follows[key] for key in zip(found["school_id"], found["basis"], strict=True)],
        cause=[cause_label(office, rule, basis) for rule, basis in zip(found["rule"], found["basis"], strict=True)],
        side=[SIDE_WORDS.get(rule, "критерий выполнен") for rule in found["rule"]],
        form=[cause_format(office, rule, basis) for rule, basis in zip(found["rule"], found["basis"], strict=True)],
    )
    hidden = found["value"].isna() & (office.audience == "public")
    frame["value"] = frame["value"].astype(object).mask(hidden, HIDDEN)
    frame["people"] = found["denominator"].astype(object).mask(hidden, HIDDEN)
    return page_of(plan).table(
        "recommendation_evidence",
        frame,
        fact=" ".join(
            [
                "Рекомендации, которые даются каждой школе категории, повода в числах не имеют и здесь не повторены.",
                "Для признаков 1 – да, 0 – нет.",
                *threshold_notes(found),
                *_when(office.audience == "public", PUBLIC_NOTE),
            ]
        ),
    )


def threshold_notes(found: pd.DataFrame) -> list[str]:
    """Where the thresholds of indicators come from, each named once."""
    rows = found[found["rule"].isin(list(SIDES))]
    named = rows.assign(name=[split_name(basis)[0] for basis in rows["basis"]]).drop_duplicates(["name", "reference"])
    return [f"{indicator_label(row.name)}: {row.reference}." for row in named.itertuples(index=False)]


def cause_label(office: Office, rule: str, basis: str) -> str:
    """What a cause is called: the indicator with its part, or the criterion's title."""
    return indicator_label(basis) if rule in SIDES else office.method.criteria[basis].title


def cause_format(office: Office, rule: str, basis: str) -> str:
    """How a value of a cause is printed."""
    if rule in SIDES:
        return FORMATS[unit_of(basis)]
    criterion = office.method.criteria[basis]
    return "count" if criterion.rule == "low_in_procedures" else FORMATS[unit_of(criterion.indicator)]


# --- partners --------------------------------------------------------------------------------------------------------


def show_partners(plan: SupportPlan) -> Together:
    """Partner schools: proposed by calculation, beside those declared."""
    found, facts = plan.partners, support_facts(plan)
    if found.refused:
        shown: list[object] = [
            Heading("Партнёры расчётом не подобраны"),
            Prose(f"Причина: {found.refused}.{'' if plan.office.audience == 'public' else NEEDED_FOR_PARTNERS}"),
        ]
    else:
        pairs, sought = facts["partner_pairs"], facts["schools_for_partners"]
        shown = [
            Heading(f"Партнёр в сопоставимых условиях есть для {agree(pairs, SCHOOLS_OF)} из {sought}"),
            table_pairs(plan),
        ]
    if len(found.candidates):
        shown.append(table_candidates(plan))
    return Together([*shown, table_declared(plan)])


def table_pairs(plan: SupportPlan) -> Table:
    """The assigned pairs with distance and reasons, or why a school has none."""
    names, pairs = plan.names, plan.partners.pairs
    declared = plan.partnerships.groupby("school_id")["partner_id"].agg(list)
    frame = pairs.assign(
        school=pairs["school_id"].map(names),
        found=pairs["partner_id"].notna(),
        partner=pairs["partner_id"].map(names).astype(object).where(pairs["partner_id"].notna(), "не найден"),
        why=[pair_reason(plan, row) for row in pairs.itertuples()],
        declared=[
            "; ".join(names.get(partner, partner) for partner in declared.get(school, [])) or "не объявлен"
            for school in pairs["school_id"]
        ],
    )
    for name in ("distance", "kilometres"):
        frame[name] = pairs[name].astype(object).mask(pairs["partner_id"].isna(), NOT_APPLICABLE)
    search = plan.office.profile.partners
    return page_of(plan).table(
        "partner_pairs",
        frame,
        farthest=search.farthest,
        schools_per_partner=search.schools_per_partner,
        refusing_markers=refusing_markers(search),
        assumption=search.assumption,
        reference=search.reference,
    )


def pair_reason(plan: SupportPlan, row) -> str:
    """Why the pair fits, in what it differs and what is not known; or why there is no pair."""
    if pd.isna(row.partner_id):
        if row.nearest_id is None:
            return row.reason
        nearest = plan.names[row.nearest_id]
        return f"{row.reason}; ближе всех по условиям – {nearest} ({format_score(row.nearest_distance)})"
    parts = [f"близки: {condition_words(row.closest)}"] if row.closest else []
    parts += [f"различаются: {condition_words(row.different)}"] if row.different else []
    parts += [f"неизвестно: {condition_words(row.missing)}"] if row.missing else []
    parts += marker_words(plan.biased.set_index("school_id").loc[row.partner_id])
    return "; ".join(parts)


def marker_words(remark: pd.Series) -> list[str]:
    """What the markers of biased results say of a partner; nothing when all were assessed and none was found."""
    if remark["verdict"] == NOT_ASSESSED:
        return ["признаки необъективности у партнёра оценены не все"]
    return [f"у партнёра признак: {MARKERS[marker]}" for marker in remark["markers"]]


def refusing_markers(search: PartnerSearch) -> str:
    """Which markers of biased results keep a school from being a partner, as sentences."""
    refusing = "; ".join(title for marker, title in MARKERS.items() if marker in search.refusing_markers)
    if not refusing:
        return "Признаки необъективности партнёрству не мешают и названы рядом с парой. "
    return (
        f"Школа, результаты которой по признакам ФИОКО нужно перепроверить ({refusing}), до проверки в партнёры не предлагается; "
        "остальные признаки партнёрству не мешают и названы рядом с парой. "
    )


def condition_words(names: Sequence[str]) -> str:
    """Names of conditions in a sentence."""
    labels = [CONTEXT_WORDS.get(name) or indicator_label(name) for name in names]
    return ", ".join(label[0].lower() + label[1:] for label in labels)


def table_candidates(plan: SupportPlan) -> Table:
    """Which schools have stable high results, and why the others do not count."""
    candidates, search = plan.partners.candidates, plan.office.profile.partners
    frame = candidates.assign(
        school=candidates["school_id"].map(plan.names),
        why=candidates["reason"].where(candidates["reason"].ne(""), "стабильно высокие результаты"),
    )
    count = int(candidates["candidate"].sum())
    return page_of(plan).table(
        "partner_candidates",
        frame,
        count=count,
        fact=100 * search.upper_share,
        largest_variation=search.largest_variation,
    )


def table_declared(plan: SupportPlan) -> Table:
    """Partnerships that the document or the office declares."""
    names, rows = plan.names, plan.partnerships
    school = rows["school_id"].map(lambda one: names.get(one, one), na_action="ignore").astype(object)
    status = rows["status"].astype(object)
    frame = rows.assign(
        school=school.where(rows["school_id"].notna(), "все школы программы"),
        partner=rows["partner_id"].map(lambda one: names.get(one, one)),
        subject_word=[NO_DATA if pd.isna(one) else label_of("subject", one) for one in rows["subject"]],
        status=status.where(rows["status"].notna(), "unknown"),
    )
    return page_of(plan).table("partner_declared", frame)


# --- exchange of experience ------------------------------------------------------------------------------------------


def show_events(plan: SupportPlan) -> Together:
    """Exchange of experience: as many events as demanded, who took part, which pairs never met."""
    found = plan.events_found
    if plan.events.empty:
        wanted = f" Программа требует не менее {found['demanded']} в год." if found["demanded"] else ""
        return Together(page_of(plan).text("events", wanted=wanted))
    if found["verdict"] == NOT_ASSESSED:
        heading = f"Обмен опытом: {agree(found['done'], EVENTS)} за год; нормы программа не задаёт"
    else:
        word = "не меньше" if found["verdict"] == "met" else "меньше"
        heading = f"Обмен опытом: {agree(found['done'], EVENTS)} за год – {word}, чем требует программа"
    return Together(
        [Heading(heading), table_events_check(plan), table_joined(plan), table_together(plan), table_events(plan)]
    )


def table_events_check(plan: SupportPlan) -> Table:
    """The number of events against the number that the programme demands."""
    found = plan.events_found
    rows = [("Проведено", found["done"]), ("Отменено", found["cancelled"]), ("Намечено и проведено", found["planned"])]
    if found["demanded"] is not None:
        rows += [("Требует программа, не менее", found["demanded"]), ("Не хватает", found["shortage"])]
    return page_of(plan).table(
        "exchange_check",
        pd.DataFrame(rows, columns=["figure", "events"]),
        year=plan.office.year,
        note=plan.office.profile.plan.reference or source_of(plan.office),
    )


def table_joined(plan: SupportPlan) -> Table:
    """How many events each supported school joined."""
    joined = plan.joined
    frame = joined.assign(
        school=joined["school_id"].map(plan.names),
        shortage=joined["shortage"].astype(object).where(joined["shortage"].notna(), NOT_APPLICABLE),
    )
    return page_of(plan).table("exchange_schools", frame)


def table_together(plan: SupportPlan) -> Table:
    """Declared pairs with the number of events that both schools joined."""
    names, pairs = plan.names, plan.pairs_together
    apart = int(pairs["together"].eq(0).sum())
    return page_of(plan).table(
        "exchange_pairs",
        pairs.assign(
            school=pairs["school_id"].map(lambda one: names.get(one, one)),
            partner=pairs["partner_id"].map(lambda one: names.get(one, one)),
        ),
        apart=apart,
        pairs=len(pairs),
    )


def table_events(plan: SupportPlan) -> Table:
    """The events of the year."""
    names, events = plan.names, plan.events
    status = events["status"].astype(object)
    frame = events.assign(
        kind_word=[NO_DATA if pd.isna(one) else label_of("event_kind", one) for one in events["kind"]],
        due=[format_due(text) for text in events["due"]],
        status=status.where(events["status"].notna(), "unknown"),
        who=[
            NO_DATA
            if pd.isna(one)
            else ", ".join(names.get(school.strip(), school.strip()) for school in one.split(";") if school.strip())
            for one in events["schools"]
        ],
    )
    return page_of(plan).table("exchange_events", frame)


# --- risks -----------------------------------------------------------------------------------------------------------


def show_risks(plan: SupportPlan) -> Together:
    """The risk register of the programme."""
    risks = plan.risks
    if risks.empty:
        return Together(page_of(plan).text("risks"))
    high, unrated = int(risks["rating"].eq("high").sum()), int(risks["rating"].eq("unknown").sum())
    known = f"высоких – {high}" if unrated < len(risks) else "вероятность и последствия не оценены"
    return Together([Heading(f"Рисков программы {len(risks)}, {known}"), table_risks(plan)])


def table_risks(plan: SupportPlan) -> Table:
    """Every risk, how it is reduced, and its rating where probability and impact are given."""
    levels = {code: word.capitalize() for code, word in choices("risk_level").items()}
    frame = plan.risks.assign(
        chance=[NO_DATA if pd.isna(one) else levels[one] for one in plan.risks["probability"]],
        harm=[NO_DATA if pd.isna(one) else levels[one] for one in plan.risks["impact"]],
    )
    return page_of(plan).table("plan_risks", frame)
