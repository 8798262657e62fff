"""Views of report 90: the plan's measures, the management cycle, recommendations, partners, exchange of experience, risks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from shnor_lib.analyses.board import coming_measures
from shnor_lib.analyses.objectivity import MARKERS
from shnor_lib.analyses.overview import measure_counts
from shnor_lib.analyses.support import plan as support
from shnor_lib.analyses.support.measures import (
    DONE,
    UNKNOWN,
    half_yearly_progress,
    overdue_measures,
    quarterly_load,
)
from shnor_lib.analyses.support.partners import STABLE
from shnor_lib.analyses.support.plan import SupportPlan, support_facts
from shnor_lib.analyses.support.recommendations import (
    POSTS_LACKING,
    RESULTS_DOUBTFUL,
    SIDES,
    recommendation_catalogue,
)
from shnor_lib.criteria.decisions import list_of
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.indicators.formulas import column_label
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.bars import bar_of_states
from shnor_lib.pages.charts import plot_timeline
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.numbers import HIDDEN, NOT_APPLICABLE, format_score, lower_first, upper_first
from shnor_lib.pages.page import Report, format_of
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together

FEWEST_ROWS, MOST_ROWS = 3, 22
"""Measures in one drawing of the calendar: fewer are read from the table, more would not fit on a sheet."""

FORMS = {POSTS_LACKING: "number", RESULTS_DOUBTFUL: "percent"}
"""How the values of causes are shown that are no indicators."""


REPORT = Report("90_support_plan", support_facts)
support_plan = support.plan_support
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_execution(plan: SupportPlan) -> Together:
    """How far the measures are, section by section."""
    facts, page = support_facts(plan), page_of(plan)
    if not facts["measures_total"]:
        return Together(page.text("execution"))
    sections = page.table(
        "plan_sections", support.sections(plan), on=plan.on, assumption=upper_first(plan.office.profile.plan.assumption)
    )
    if not facts["measures_reported"]:
        return Together([*page.text("execution_planned", **facts), *show_coming(plan).items, sections])
    late = page.table("plan_overdue", overdue_measures(plan.measures), on=plan.on)
    return Together([*page.text("execution_known", **facts), late, *show_coming(plan).items, sections])


def show_states(plan: SupportPlan) -> Together:
    """All measures as one bar that falls into their states; nothing where the data hold no programme."""
    counts = measure_counts(plan.office)
    title = say(page_of(plan).words["bar"]["title"], support_facts(plan))
    return Together([bar_of_states("status", counts, title)] if sum(counts.values()) else [])


def show_by_school(plan: SupportPlan) -> Together:
    """The measures of each school, the most urgent school first; nothing where no measure names a school."""
    page, found = page_of(plan), support.by_school(plan)
    if found.empty:
        return Together([])
    facts = support.by_school_facts(found)
    table = page.table("plan_by_school", found, on=plan.on, **facts)
    return Together([*page.text("by_school", **facts), table])


def show_coming(plan: SupportPlan) -> Together:
    """Which measures come due in the quarter after the monitoring date; nothing where none does."""
    page, coming = page_of(plan), coming_measures(plan.office)
    return Together([page.table("plan_coming", coming)] if len(coming) else [])


def show_quarters(plan: SupportPlan) -> Together:
    """The plan by quarters under a heading that names the busiest."""
    if plan.measures.empty:
        return Together([])
    page, load = page_of(plan), quarterly_load(plan.measures, total=True)
    quarters = {name: quarter_label(name) for name in load.columns if name[0].isdigit()}
    if not quarters:
        return Together(page.text("quarters"))
    busiest, most = support.busiest(load, list(quarters))
    heading = page.text(
        "quarters_known",
        busiest=", ".join(quarters[name] for name in busiest),
        quarters=len(busiest),
        most=most,
        measures=len(plan.measures),
    )
    short = {name: label.replace("квартал", "кв.").removesuffix(" года") for name, label in quarters.items()}
    return Together([*heading, page.table("plan_quarters", load, more={"quarters": short})])


def quarter_label(name: str) -> str:
    """«2020-2» as a reader says it.

    >>> quarter_label("2020-2")
    'II квартал 2020 года'
    """
    year, number = name.split("-")
    return f"{('I', 'II', 'III', 'IV')[int(number) - 1]} квартал {year} года"


def show_calendar(plan: SupportPlan) -> Together:
    """The calendar of the measures with a date, of the plan's year and those still open from before."""
    current = support.on_calendar(plan)
    if len(current) < FEWEST_ROWS:
        return Together([])
    parts = [current.iloc[first : first + MOST_ROWS] for first in range(0, len(current), MOST_ROWS)]
    return Together([plot_calendar(plan, part, number, len(parts)) for number, part in enumerate(parts, 1)])


def plot_calendar(plan: SupportPlan, measures: pd.DataFrame, number: int, count: int) -> Figure:
    """Measures along the calendar, in order of their last day."""
    facts = support.measure_facts(measures) | {"on": plan.on, "number": number, "parts": count}
    return page_of(plan).figure(
        "plan_calendar",
        plot_timeline,
        measures.assign(row=measures["measure_id"] + ". " + measures["title"]),
        named=f"plan_calendar_{number}",
        facts=facts | {"measures": len(measures)},
        today=pd.Timestamp(plan.on),
    )


def table_half_years(plan: SupportPlan) -> Table:
    """What was due by each day of the half-yearly monitoring, and how much of it was done."""
    settings = plan.office.profile.plan
    frame = half_yearly_progress(plan.measures, settings.half_years(plan.office.year), plan.on)
    return page_of(plan).table("plan_half_years", frame, on=plan.on, reference=settings.reference or None)


def table_measures(plan: SupportPlan) -> Table:
    """The whole plan: what, when, who, with what result, and the state."""
    measures = plan.measures
    completed = measures["completed_on"].astype(object).where(measures["state"].isin([DONE, UNKNOWN]), NOT_APPLICABLE)
    return page_of(plan).table("plan_measures", measures.assign(completed_on=completed), on=plan.on)


def table_open_dues(plan: SupportPlan) -> Table:
    """Measures whose due text is absent or leaves something open."""
    return page_of(plan).table("plan_dues", support.open_dues(plan.measures), measures=len(plan.measures))


def show_cycle(plan: SupportPlan) -> Together:
    """Stages of the management cycle: which have measures at which level, which have none."""
    page, cycle = page_of(plan), support.cycle(plan)
    if cycle is None:
        return Together(page.text("cycle_absent"))
    bare, one_sided = (
        ", ".join(label_of("cycle_stage", stage) for stage in stages) or None
        for stages in (cycle.bare, cycle.one_sided)
    )
    table = page.table(
        "plan_cycle",
        cycle.frame,
        one_sided=one_sided,
        unnamed=cycle.unnamed or None,
        measures=len(plan.measures),
    )
    return Together([*page.text("cycle", bare=bare), table])


def show_recommendations(plan: SupportPlan) -> Together:
    """Addressed recommendations: to which schools, from which document, on what evidence."""
    facts, page = support_facts(plan), page_of(plan)
    if not facts["registered_schools"]:
        return Together(page.text("recommendations_absent"))
    count, unknown = facts["recommended_schools"], facts["unknown_schools"]
    shown = page.text("recommendations", **facts)
    public = plan.office.audience == "public"
    shown.append(page.table("recommended_schools", support.recommended_schools(plan), public=public))
    if count or unknown:
        shown.append(page.table("recommendations", support.recommendations_given(plan)))
    if count:
        evidence = table_evidence(plan, public)
        shown.append(Attachment(evidence, say(page.spec.tables["recommendation_evidence"].in_file, {})))
    return Together(shown)


def table_evidence(plan: SupportPlan, public: bool) -> Table:
    """What gave cause in each school: value beside threshold, and which recommendations follow."""
    found = support.recommendation_evidence(plan)
    doubtful = found["rule"].eq(RESULTS_DOUBTFUL)
    hidden = found["value"].isna() & public
    frame = found.assign(
        titles=[
            "; ".join(recommendation_catalogue().recommendations[name].title for name in names)
            for names in found["follows"]
        ],
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
    told = {"references": references or None, "doubtful": bool(doubtful.any()), "public": public}
    return page_of(plan).table("recommendation_evidence", frame, **told)


def cause_label(office: Office, rule: str, basis: str) -> str:
    """What a cause is called: the indicator with its part, the specialist, the marker, or the criterion's title."""
    if rule == POSTS_LACKING:
        return column_label(basis)
    if rule == RESULTS_DOUBTFUL:
        return MARKERS[basis]
    return office.catalogue.label(basis) if rule in SIDES else office.method.criteria[basis].title


def show_partners(plan: SupportPlan) -> Together:
    """Partner schools: proposed by calculation, beside those declared."""
    found, page = plan.partners, page_of(plan)
    if found.refused:
        shown: list[object] = page.text(
            "partners_refused", refused=found.refused, internal=plan.office.audience != "public"
        )
    else:
        shown = [*page.text("partners", **support_facts(plan)), table_pairs(plan)]
    if len(found.candidates):
        shown.append(table_candidates(plan))
    return Together([*shown, table_declared(plan)])


def show_effect(plan: SupportPlan) -> Together:
    """Whether the help of earlier years worked, as far as later results can tell."""
    page, effect = page_of(plan), plan.effect
    if effect is None:
        return Together(page.text("effect_hidden"))
    if effect.rows.empty:
        return Together(page.text("effect_unknown", **effect.facts))
    return Together([*page.text("effect", **effect.facts), page.table("effect", effect.rows, **effect.facts)])


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
    return page_of(plan).table("partner_declared", plan.partnerships.assign(why=remarks), **facts)


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
        return f"{row.reason}; ближе всех по условиям – {nearest} ({format_score(row.nearest_distance)})"
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


def table_candidates(plan: SupportPlan) -> Table:
    """Which schools have stable high results, and why the others do not count."""
    candidates, search = plan.partners.candidates, plan.office.profile.partners
    return page_of(plan).table(
        "partner_candidates",
        candidates.assign(why=candidates["reason"].replace("", STABLE)),
        count=int(candidates["candidate"].sum()),
        upper=100 * search.upper_share,
        largest_variation=search.largest_variation,
    )


def show_events(plan: SupportPlan) -> Together:
    """Exchange of experience: as many events as demanded, who took part, which pairs never met."""
    found, page = plan.events_found, page_of(plan)
    if plan.events.empty:
        return Together(page.text("events", demanded=found["demanded"] or None))
    heading = page.text(f"events_{found['verdict']}", done=found["done"])
    rows = pd.DataFrame(
        [(name, found[name]) for name in ("done", "cancelled", "planned", "demanded", "shortage")],
        columns=["figure", "events"],
    )
    check = page.table(
        "exchange_check",
        rows if found["demanded"] is not None else rows.head(3),
        year=plan.office.year,
        reference=plan.office.profile.plan.reference or page.source,
    )
    together = page.table("exchange_pairs", plan.pairs_together, apart=support_facts(plan)["pairs_apart"])
    return Together(
        [
            *heading,
            check,
            page.table(
                "exchange_schools", plan.joined, judged=list_of(plan.office.identification, support.LOW_RESULTS).judged
            ),
            together,
            page.table("exchange_events", plan.events),
        ]
    )


def show_risks(plan: SupportPlan) -> Together:
    """The risk register of the programme."""
    page, facts = page_of(plan), support_facts(plan)
    if plan.risks.empty:
        return Together(page.text("risks_absent"))
    return Together([*page.text("risks", **facts), page.table("plan_risks", plan.risks)])
