"""Views of report 90: the plan's measures, recommendations, partners, exchange of experience, risks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from shnor_lib.analyses.objectivity import MARKERS
from shnor_lib.analyses.overview import measure_counts
from shnor_lib.analyses.support import plan as support
from shnor_lib.analyses.support.measures import (
    DONE,
    UNKNOWN,
    by_date,
    half_yearly_progress,
    quarterly_load,
    unreported,
)
from shnor_lib.analyses.support.ordered import plan_facts
from shnor_lib.analyses.support.partners import STABLE
from shnor_lib.analyses.support.plan import SupportPlan, support_facts
from shnor_lib.analyses.support.recommendations import (
    POSTS_LACKING,
    RESULTS_DOUBTFUL,
    SIDES,
    office_recommendations,
)
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.indicators.causes import HIDDEN_WORD
from shnor_lib.indicators.formulas import column_label
from shnor_lib.inputs.due import DATED
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.bars import bar_of_states
from shnor_lib.pages.charts import plot_timeline
from shnor_lib.pages.furniture import Prose
from shnor_lib.pages.numbers import HIDDEN, NOT_APPLICABLE, format_score, lower_first, upper_first
from shnor_lib.pages.page import Report, format_of
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together

FEWEST_ROWS, MOST_ROWS = 3, 22
"""Measures in the drawing of the calendar: fewer are read from the table, more would not fit on a sheet."""

FORMS = {POSTS_LACKING: "number", RESULTS_DOUBTFUL: "percent"}
"""How the values of causes are shown that are no indicators."""


REPORT = Report("90_support_plan", plan_facts)
support_plan = SupportPlan
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_states(plan: SupportPlan) -> Together:
    """All measures as one bar that falls into their states; nothing where the data hold no programme."""
    counts = measure_counts(plan.office)
    title = say(page_of(plan).words["bar"]["title"], support_facts(plan))
    return Together([bar_of_states("status", counts, title)] if sum(counts.values()) else [])


def show_by_school(plan: SupportPlan, found: pd.DataFrame) -> Together:
    """The measures of each school, the most urgent school first, as a file where the list of what each school needs tells them."""
    page = page_of(plan)
    if found.empty:
        return Together([])
    facts = support.by_school_facts(found)
    if len(plan.recommendations):
        return Together([page.attachment("plan_by_school", found, on=plan.on, **facts)])
    return Together([*page.text("by_school", **facts), page.table("plan_by_school", found, on=plan.on, **facts)])


def show_by_date(plan: SupportPlan, found: pd.DataFrame) -> Together:
    """What is late, what nobody reported and what comes next, by date; nothing where no open measure has a day."""
    page = page_of(plan)
    if found.empty:
        return Together([])
    facts = support.by_date_facts(found)
    names, promised = found["school_id"].map(plan.names).astype(object), found["kind"].eq("promise")
    everyone = names.where(found["school_id"].notna(), "все школы программы").where(~promised, "–")
    whose = everyone if found["school_id"].notna().any() else None
    table = page.table("plan_by_date", found.assign(whose=whose), on=plan.on, shown=support.next_dates(found))
    return Together([*page.text("by_date", **facts), table])


def show_calendar(plan: SupportPlan) -> Together:
    """The open measures with a day on the calendar, in order of their last day; nothing where nobody reported or few are open."""
    found = by_date(plan.measures, plan.on)
    own = found[found["due_kind"].eq(DATED)]
    if len(own) < FEWEST_ROWS or not support_facts(plan)["measures_reported"]:
        return Together([])
    drawn = own.head(MOST_ROWS)
    figure = page_of(plan).figure(
        "plan_calendar",
        plot_timeline,
        drawn.assign(row=drawn["measure_id"] + ". " + drawn["title"]),
        facts=support.by_date_facts(drawn) | {"on": plan.on, "drawn": len(drawn), "measures": len(own)},
        today=pd.Timestamp(plan.on),
    )
    return Together([figure])


def show_unreported(plan: SupportPlan) -> Together:
    """Whom to ask of the measures that nobody reported; nothing where all were."""
    page, found = page_of(plan), unreported(plan.measures)
    if found.empty:
        return Together([])
    facts = {"asked": len(found), "unnamed": int(found.loc[found["responsible"].isna(), "measures"].sum())}
    return Together([*page.text("unreported", **support_facts(plan) | facts), page.table("plan_unreported", found)])


def show_execution(plan: SupportPlan) -> Together:
    """How far the measures are, section by section; where nobody reported, that the document is a plan."""
    facts, page = support_facts(plan), page_of(plan)
    if not facts["measures_total"]:
        return Together([])
    if not facts["measures_reported"]:
        return Together(page.text("execution_planned", **facts))
    assumption = upper_first(plan.office.profile.plan.assumption)
    sections = page.table("plan_sections", support.sections(plan), on=plan.on, assumption=assumption, **facts)
    return Together([*page.text("execution_known", **facts), sections])


def show_quarters(plan: SupportPlan) -> Together:
    """How much work each quarter has: a table where only the plan is known, else a sentence and a file."""
    if plan.measures.empty:
        return Together([])
    page, load = page_of(plan), quarterly_load(plan.measures, total=True)
    quarters = {name: quarter_label(name) for name in load.columns if name[0].isdigit()}
    if not quarters:
        return Together(page.text("quarters"))
    busiest, most = support.busiest(load, list(quarters))
    facts = {"busiest": ", ".join(quarters[name] for name in busiest), "quarters": len(busiest), "most": most}
    short = {name: label.replace("квартал", "кв.").removesuffix(" года") for name, label in quarters.items()}
    reported = support_facts(plan)["measures_reported"]
    show = page.attachment if reported else page.table
    told = page.text("quarters_known", **facts, measures=len(plan.measures))
    return Together([*told, show("plan_quarters", load, more={"quarters": short})])


def quarter_label(name: str) -> str:
    """«2020-2» as a reader says it.

    >>> quarter_label("2020-2")
    'II квартал 2020 года'
    """
    year, number = name.split("-")
    return f"{('I', 'II', 'III', 'IV')[int(number) - 1]} квартал {year} года"


def show_half_years(plan: SupportPlan) -> Together:
    """What was due by each day of the half-yearly monitoring, and how much of it was done."""
    settings, page = plan.office.profile.plan, page_of(plan)
    days, first = settings.half_years(plan.office.year), settings.period(plan.office.year)[0]
    frame = half_yearly_progress(plan.measures, days, plan.on, plan.reports, first)
    if not frame["due"].any():
        return Together([])
    told = " ".join(
        page.text("half_year", **row, past=int(row["day"].date() <= plan.on))[0].text for row in records(frame)
    )
    file = page.attachment("plan_half_years", frame, on=plan.on, reference=settings.reference or None)
    return Together([Prose(told), file])


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a frame as facts."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def show_measures(plan: SupportPlan) -> Together:
    """The whole plan as a file: what, when, who, with what result, and the state; and what its due texts leave open."""
    page, open_dues = page_of(plan), support.open_dues(plan.measures)
    files = [page.attached(table_measures(plan))] if len(plan.measures) else []
    if open_dues.empty:
        return Together(files)
    why = page.table("plan_unclear_dues", support.unclear_dues(plan))
    told = page.text("dues", open=len(open_dues), measures=len(plan.measures))
    return Together([*told, why, page.attachment("plan_dues", open_dues), *files])


def table_measures(plan: SupportPlan) -> Table:
    """The whole plan: what, when, who, with what result, and the state."""
    measures = plan.measures
    completed = measures["completed_on"].astype(object).where(measures["state"].isin([DONE, UNKNOWN]), NOT_APPLICABLE)
    return page_of(plan).table("plan_measures", measures.assign(completed_on=completed), on=plan.on)


def show_recommendations(plan: SupportPlan) -> Together:
    """Addressed recommendations as files: to which schools, from which document, on what evidence; a sentence where none follows."""
    facts, page = support_facts(plan), page_of(plan)
    if not facts["registered_schools"]:
        return Together([])
    count = facts["recommended_schools"]
    shown: list[object] = [] if count else list(page.text("recommendations", **facts))
    if count or facts["unknown_schools"]:
        given = support.recommendations_given(plan)
        unmarked = int(given["in_programme"].isna().all())
        shown.append(page.attachment("recommendations", given, unmarked=unmarked))
    shown.append(page.attachment("recommended_schools", support.recommended_schools(plan)))
    if count:
        shown.append(page.attached(table_evidence(plan)))
    return Together(shown)


def table_evidence(plan: SupportPlan) -> Table:
    """What gave cause in each school: value beside threshold, and which recommendations follow."""
    found = support.recommendation_evidence(plan)
    doubtful = found["rule"].eq(RESULTS_DOUBTFUL)
    hidden = found["hidden"].eq(True) if "hidden" in found else pd.Series(False, index=found.index)
    entries = office_recommendations(plan.office).recommendations
    frame = found.assign(
        titles=["; ".join(entries[name].title for name in names) for names in found["follows"]],
        cause=[
            cause_label(plan.office, rule, basis) for rule, basis in zip(found["rule"], found["basis"], strict=True)
        ],
        form=[
            FORMS.get(rule) or format_of(plan.office, one)
            for rule, one in zip(found["rule"], found["measured"], strict=True)
        ],
        value=found["value"].astype(object).mask(hidden, HIDDEN),
        threshold=found["threshold"].astype(object).mask(doubtful, NOT_APPLICABLE),
        people=found["denominator"].astype(object).mask(hidden, HIDDEN).mask(doubtful, NOT_APPLICABLE),
    )
    references = " ".join(
        f"{cause_label(plan.office, rule, name)}: {text}." for rule, name, text in support.threshold_references(found)
    )
    told = {"references": references or None, "doubtful": bool(doubtful.any())}
    return page_of(plan).table("recommendation_evidence", frame, **told)


def cause_label(office: Office, rule: str, basis: str) -> str:
    """What a cause is called: the indicator with its part, the specialist, the marker, or the criterion's title."""
    if rule == POSTS_LACKING:
        return column_label(basis)
    if rule == RESULTS_DOUBTFUL:
        return MARKERS[basis]
    return office.catalogue.label(basis) if rule in SIDES else office.method.criteria[basis].title


def show_partners(plan: SupportPlan) -> Together:
    """Partner schools: proposed by calculation, beside those declared; nothing where nobody is either."""
    found, page, facts = plan.partners, page_of(plan), support_facts(plan)
    shown: list[object] = []
    if not found.refused:
        shown = [*page.text("partners", **facts), table_pairs(plan)]
    elif len(plan.partnerships) or len(found.candidates):
        shown = page.text("partners_refused", refused=found.refused, **facts)
    if len(plan.partnerships):
        shown.append(table_declared(plan))
    if len(found.candidates):
        shown.append(attach_candidates(plan))
    return Together(shown)


def table_declared(plan: SupportPlan) -> Table:
    """The declared partnerships, each with what is known of the partner."""
    facts, marked = support_facts(plan), plan.biased.set_index("school_id")
    remarks = [
        "; ".join(
            [
                row.remark,
                *(marker_words(marked.loc[row.partner_id]) if row.fit and row.partner_id in marked.index else []),
            ]
        )
        for row in plan.partnerships.itertuples()
    ]
    told = plan.partnerships.assign(why=remarks if facts["declared_judged"] else None)
    return page_of(plan).table("partner_declared", told, **facts)


def table_pairs(plan: SupportPlan) -> Table:
    """The assigned pairs with distance and reasons, or why a school has none."""
    pairs, search = support.pairs(plan), plan.office.profile.partners
    frame = pairs.assign(
        why=[pair_reason(plan, row) for row in pairs.itertuples()],
        **{
            name: pairs[name].astype(object).where(pairs["found"], NOT_APPLICABLE)
            for name in ("distance", "kilometres")
        },
    )
    return page_of(plan).table(
        "partner_pairs",
        frame,
        farthest=search.farthest,
        schools_per_partner=search.schools_per_partner,
        refusing="; ".join(MARKERS[marker] for marker in MARKERS if marker in search.refusing_markers) or None,
        tolerant=not search.refusing_markers,
        assumption=search.assumption,
        reference=search.reference,
    )


def pair_reason(plan: SupportPlan, row) -> str:
    """Why the pair fits, in what it differs and what is not known; or why there is no pair."""
    if not row.found:
        if row.nearest_id is None:
            return row.reason
        nearest = plan.names[row.nearest_id]
        distance = HIDDEN_WORD if pd.isna(row.nearest_distance) else format_score(row.nearest_distance)
        return f"{row.reason}; ближе всех по условиям – {nearest} ({distance})"
    told = {"близки": row.closest, "различаются": row.different, "неизвестно": row.missing}
    parts = ["пара уже объявлена"] if row.stands else []
    parts += [f"{word}: {condition_words(plan.office, names)}" for word, names in told.items() if names]
    parts += marker_words(plan.biased.set_index("school_id").loc[row.partner_id])
    return "; ".join(parts)


def marker_words(remark: pd.Series) -> list[str]:
    """What the markers of biased results say of a partner; nothing when all were assessed and none was found."""
    if remark["verdict"] == NOT_ASSESSED:
        return ["признаки необъективности у партнёра оценены не все"]
    return [f"у партнёра признак: {MARKERS[marker]}" for marker in remark["markers"]]


def condition_words(office: Office, names: Sequence[str]) -> str:
    """Names of conditions in a sentence."""
    words = report_spec(REPORT.name).words["condition"]
    labels = [words.get(name) or office.catalogue.label(name) for name in names]
    return ", ".join(map(lower_first, labels))


def attach_candidates(plan: SupportPlan) -> Attachment:
    """Which schools have stable high results, and why the others do not count."""
    candidates, search = plan.partners.candidates, plan.office.profile.partners
    chosen = candidates.loc[candidates["candidate"], "school_id"]
    return page_of(plan).attachment(
        "partner_candidates",
        candidates.assign(why=candidates["reason"].replace("", STABLE)),
        count=len(chosen),
        schools=", ".join(plan.names[school] for school in chosen) or None,
        upper=100 * search.upper_share,
        largest_variation=search.largest_variation,
    )


def show_events(plan: SupportPlan) -> Together:
    """Exchange of experience: as many events as demanded, who took part, which pairs never met; nothing without any event."""
    found, page = plan.events_found, page_of(plan)
    if plan.events.empty:
        return Together([])
    rows = [(name, found[name]) for name in ("done", "cancelled", "planned", "demanded", "shortage")]
    check = pd.DataFrame(rows if found["demanded"] is not None else rows[:3], columns=["figure", "events"])
    exchange = support.exchange(plan)
    told = {"apart": support_facts(plan)["pairs_apart"], "demanded": found["demanded"]}
    judged = plan.partners_judged
    schools = page.table("exchange", exchange.assign(together=together_words(exchange)), **told)
    reference = plan.office.profile.plan.reference or page.source
    return Together(
        [
            *page.text(f"events_{found['verdict']}", **found),
            schools if len(exchange) else page.text("events_nobody", judged=judged)[0],
            page.attachment("exchange_check", check, year=plan.office.year, reference=reference),
            page.attachment("exchange_events", plan.events),
        ]
    )


def together_words(exchange: pd.DataFrame) -> pd.Series:
    """Events with a partner; of a school without one there are none to count."""
    return exchange["together"].astype(object).where(exchange["partner_id"].notna(), NOT_APPLICABLE)


def show_risks(plan: SupportPlan) -> Together:
    """The risk register of the programme: the high ones and those nobody rated or mitigates; files hold all."""
    page, facts = page_of(plan), support_facts(plan)
    if plan.risks.empty:
        return Together([])
    pressing = plan.risks["rating"].isin(["high", "unknown"]) | plan.risks["mitigation"].isna()
    rated = plan.risks.assign(rating=plan.risks["rating"].replace("unknown", None))
    table = page.table("plan_risks", rated, shown=pressing if pressing.any() else None, **facts)
    return Together([*page.text("risks", **facts), table])


def show_absent(plan: SupportPlan) -> Together:
    """What the data cannot tell of the programme, and which table would; nothing where they tell all."""
    page, words = page_of(plan), page_of(plan).words
    told = {"refused": plan.partners.refused, "demanded": plan.events_found["demanded"]}
    names = support.absent(plan)
    if not names:
        return Together([])
    rows = [(words["absent"][name], page.text(f"absent_{name}", **told)[0].text) for name in names]
    frame = pd.DataFrame(rows, columns=["what", "needed"])
    return Together([*page.text("absent"), page.table("plan_absent", frame)])
