"""Views of report 60: how far the lists depend on choices and on chance, and results against expectation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pandas as pd

from shnor_lib.analyses.received import decided_told
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.criteria.rules import threshold_form
from shnor_lib.indicators.causes import AS_RANGE
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_dot_intervals, plot_panels, plot_word_matrix
from shnor_lib.pages.marks import Scale, interval
from shnor_lib.pages.markup import typeset
from shnor_lib.pages.numbers import NOT_APPLICABLE
from shnor_lib.pages.page import Report
from shnor_lib.pages.screen import because
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import expectation
from shnor_lib.pages.views.identification import parameter_form, parameter_words
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.pages.words import WORDS as VOCABULARIES
from shnor_lib.whatif import ladder
from shnor_lib.whatif.region import region_of
from shnor_lib.whatif.robustness import Study, findings, study_robustness
from shnor_lib.whatif.robustness.family import unmoved
from shnor_lib.whatif.scenarios import variants_of_region

CERTAINTY = VOCABULARIES["certainty"]
CHOICES = report_spec("60_robustness").words["choice"]


def open_study(office: Office) -> Study | None:
    """Everything the report shows, computed once; nothing in the public edition."""
    return None if office.audience == "public" else study_robustness(office, region_of(office))


def internal_only(show: Callable[[Study], object]) -> Callable[[Study | None], object]:
    """A view that shows nothing in the public edition."""

    @wraps(show)
    def shown(study: Study | None) -> object:
        return Together([]) if study is None else show(study)

    return shown


def named_facts(study: Study) -> dict[str, object]:
    """The facts with the words of the page for choices."""
    facts = findings.robustness_facts(study)
    return facts | {name: CHOICES[facts[name]] for name in ("choice_top", "choice_rule") if name in facts}


REPORT = Report("60_robustness", named_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


@internal_only
def show_certainty(study: Study) -> Together:
    """How often each school is on each list when choices and chance vary."""
    family, facts, page = study.office.method.robustness, findings.robustness_facts(study), page_of(study)
    facts["schools"] = sum(facts[f"certain_{word}"] for word in findings.WORDS)
    table = page.table(
        "certainty",
        drawn_shares(findings.certainties(study)),
        draws=findings.draw_count(study),
        always=family.always,
        often=family.often,
        never=family.never,
        choices="; ".join(CHOICES[name] for name in varied(study)),
        assumption=family.assumption,
        decided="; ".join(
            f"{CATEGORIES[one]}: {told}"
            for one in study.office.method.decisions
            if (told := decided_told(study.office, one))
        )
        or None,
    )
    counts = page.attachment("certainty_counts", study.counts)
    facts |= {"unmoved": "; ".join(unmoved(study.office.method)) or None, "ranged": ranged(study.office.verdicts)}
    return Together([*page.text("certainty", **facts), table, counts, *tables_cut(study)])


def ranged(verdicts: pd.DataFrame) -> int:
    """How many verdicts rest on a printed range: every draw leaves them open, as of a range no chance is known."""
    return int((verdicts["cause"].eq(AS_RANGE) & verdicts["verdict"].ne(NOT_ASSESSED)).sum())


def drawn_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with their share of draws as a mark between 0 and 1 and its error as the interval."""
    scale = Scale(0, 1, 90)
    return frame.assign(
        drawn=[
            interval(
                row.probability,
                (row.low, row.high),
                scale,
                f"в перечне: {CERTAINTY[row.word].text}",
                references={"region": 0.5},
            )
            for row in frame.itertuples()
        ]
    )


def tables_cut(study: Study) -> list[object]:
    """The lists that a stated cost of a missed school would make beside those of the method; what to state where none is."""
    page, lists = page_of(study), findings.cut_lists(study)
    if not lists:
        return page.text("cut_absent")
    shown: list[object] = []
    for category, own in lists.items():
        decision = study.office.method.decisions[category]
        facts = findings.cut_facts(own) | {
            "word": CATEGORIES[category],
            "cost": decision.missed_cost,
            "cut": decision.cut,
        }
        facts |= {"assumption": decision.assumptions.get("missed_cost")}
        shown += [*page.text("cut", **facts), page.table("cut", own, named=f"cut_{category}", **facts)]
    return shown


def varied(study: Study) -> list[str]:
    """The choices that vary for the office, in the order of the report."""
    return [name for name in CHOICES if name in set(study.matters["group"])]


@internal_only
def show_standing(study: Study) -> Together:
    """What of the results is the schools' own, and how sure their order is."""
    standing, page = study.standing, page_of(study)
    if standing.schools.empty:
        return Together(page.text("standing_absent"))
    family = study.office.method.robustness
    declared = family.components
    told = standing.told
    facts = standing.facts | {
        "window": max(family.window),
        "assumption": declared.assumption,
        "weight": declared.schools,
        "told_offices": told.offices,
        "told_schools": told.schools,
        "lacking": told.lacking,
    }
    return Together(
        [
            *page.text("standing", **facts),
            page.table("standing", standing.schools, **facts),
            page.attachment("result_components", standing.components, **facts),
            page.attachment("standing_results", standing.results),
        ]
    )


@internal_only
def show_what_matters(study: Study) -> Together:
    """Which choice each list depends on most."""
    facts, page = named_facts(study), page_of(study)
    if "choice_top" not in facts:
        known = study.office.method.main in findings.known_lists(study)
        return Together(page.text("what_matters_nothing" if known else "what_matters_unknown"))
    frame, idle = findings.choices_that_matter(study)
    told = " ".join(
        f"Перечня {CATEGORIES[category]} не меняют: {'; '.join(CHOICES[name] for name in names)}."
        for category, names in idle.items()
    )
    table = page.table("what_matters", frame, idle_choices=told)
    choices = {name: f"Из вторых: {CHOICES[name]}" for name in study.movements.groups}
    moved = page.attachment("list_movements", findings.list_movements(study), more={"choices": choices})
    return Together([*page.text("what_matters", **facts), table, moved])


def told_of(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of scenarios with their words; the method itself is the one without a variant."""
    variants = {variant.name: variant for variant in study.office.variants}
    base = {"short": "По методике", "title": study.office.method.title, "why": "с этим сравниваются остальные"}
    words = {
        word: [typeset(getattr(variants[name], word) if name in variants else text) for name in frame["scenario"]]
        for word, text in base.items()
    }
    return frame.assign(**words)


@internal_only
def show_scenarios(study: Study) -> Together:
    """What every scenario changes: who enters, who leaves, which criterion did it."""
    page, rows = page_of(study), findings.scenario_rows(study)
    if rows.empty:
        return Together(page.text("scenarios_absent", refusals=refusals(study)))
    lists = told_of(study, rows)
    all_rows = told_of(study, pd.concat([rows, pd.DataFrame([findings.base_row(study)])], ignore_index=True))
    categories = findings.categories_compared(study)
    for category in categories:
        has = [category in set(study.judged[name].identification["category"]) for name in all_rows["scenario"]]
        all_rows[category] = all_rows[category].astype("Int64").astype(object).where(has, NOT_APPLICABLE)
    told = all_rows["moves"].notna()
    told.iloc[-1] = True  # the method itself
    untold = "; ".join(all_rows.loc[~told, "short"])
    table = page.table(
        "scenarios",
        all_rows,
        more={"lists": categories},
        shown=None if told.all() else told,
        refusals=refusals(study) or None,
        untold=untold or None,
    )
    purposes = page.attachment("scenario_purposes", lists[lists["why"].ne("")])
    heading = page.text("scenarios", **findings.robustness_facts(study))
    return Together([*heading, table, table_changes(study), *plot_lists(study), purposes])


def refusals(study: Study) -> str:
    """Which variants were not applied to the office and why, in sentences."""
    if not study.refused:
        return ""
    short = {variant.name: f"«{variant.short}»" for variant in study.office.variants}
    of_region = [name for name in variants_of_region(study.office) if name in study.refused]
    parts = []
    if of_region:
        why = (
            study.refused[of_region[0]] if study.office.profile.region_profile else "муниципалитет не отнесён к области"
        )
        parts.append(f"Среди школ области не сравнивалось ({why}): {', '.join(short[name] for name in of_region)}.")
    others = [short[name] for name in study.refused if name not in of_region]
    if others:
        parts.append(f"К методике муниципалитета не относятся: {', '.join(others)}.")
    return " ".join(parts)


def table_changes(study: Study) -> Table:
    """Every school whose calculated answer a scenario changes, and the criteria that did it."""
    office = study.office
    variants = {variant.name: variant for variant in office.variants}
    frame = study.changes.assign(
        short=[typeset(variants[name].short) for name in study.changes["scenario"]],
        because=[
            because(row.criteria, variants[row.scenario].method.criteria | office.method.criteria)
            for row in study.changes.itertuples()
        ],
    )
    return page_of(study).table("scenario_changes", frame, **findings.robustness_facts(study))


def plot_lists(study: Study) -> list[object]:
    """The answers of every scenario side by side: one matrix a category; of equal columns it would say nothing."""
    figures: list[object] = []
    page = page_of(study)
    for category, word in findings.categories_compared(study).items():
        frame, moved, opened = findings.answers_of_scenarios(study, category)
        facts = {"word": word, "moved": moved, "opened": opened, "school": len(set(frame["school_id"]))}
        if moved or opened:
            frame, named = told_of(study, frame), f"scenario_matrix_{category}"
            figures.append(page.figure("scenario_matrix", plot_word_matrix, frame, named=named, facts=facts))
    return figures


@internal_only
def show_ladder(study: Study) -> Together:
    """Who is on the list at every value of each threshold: a picture, the steps nearest to the method's own, a file of all."""
    office, page = study.office, page_of(study)
    rungs = ladder.ladder(office, ladder.measured_on(office))
    if rungs.empty:
        return Together(page.text("ladder_absent"))
    found = ladder.steps_of(rungs, study.flips)
    criteria = office.method.criteria
    idle = "; ".join(criteria[name].short for name in found.idle)
    concluded = int(office.identification["identified"].isin([YES, NO]).sum())
    shown = page.text("ladder", moving=found.moving, criteria=found.moving + len(found.idle), concluded=concluded)
    if found.moving:
        spans = formed(office, found.spans)
        panels = spans.assign(
            panel=[f"{CATEGORIES[criteria[name].category]}: {criteria[name].short}" for name in spans["criterion"]],
            under="",
            participants=None,
            band_low=None,
            band_high=None,
        )
        shown = [
            *shown,
            page.figure("ladder", plot_panels, panels, facts={"moving": found.moving}),
            page.table("ladder_steps", formed(office, found.steps), idle=idle or None),
        ]
    return Together([*shown, page.attachment("threshold_ladder", formed(office, rungs))])


def formed(office: Office, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of criteria with the kind of number of their thresholds; a list of nobody is missing."""
    kinds = [threshold_form(office.method.criteria[name], office.catalogue) for name in frame["criterion"]]
    return frame.mask(frame.eq("")).assign(form=kinds)


@internal_only
def show_flips(study: Study) -> Together:
    """How far each school is from another answer, in the terms of the rules."""
    office, page, frame = study.office, page_of(study), findings.smallest_rows(study)
    frame = frame.assign(
        form=[parameter_form(office, path) for path in frame["path"]],
        parameter=[parameter_words(office, path) for path in frame["path"]],
    )
    movable, fragile = frame["path"].notna(), frame["fragile"]
    facts = {"fragile": int(fragile.sum()), "conclusions": len(frame), "limit": findings.FRAGILE}
    facts["concluded"] = int(frame["calculated"].ne(INSUFFICIENT).sum())
    tables = [
        page.table("fragile_changes", frame[fragile], limit=findings.FRAGILE),
        page.attachment("smallest_changes", frame[movable & ~fragile], fixed=int((~movable).sum())),
    ]
    return Together([*page.text("flips", **facts), *tables, *tables_flips(study), *attach_evidence(study)])


def tables_flips(study: Study) -> list[Attachment]:
    """The threshold at which each verdict turns over, a table a category: schools down, criteria across, the method's own below."""
    office = study.office
    wide, own = findings.flip_thresholds(study, office.school_names)
    frame = pd.concat([wide, pd.DataFrame([own | {"school_id": "Порог методики"}])], ignore_index=True)
    tables = []
    for category in office.method.decisions:
        thresholds = {
            name: Column(one.short, threshold_form(one, office.catalogue), missing=NOT_APPLICABLE)
            for name, one in office.method.criteria.items()
            if one.category == category
        }
        tables.append(
            page_of(study).attachment(
                "flip_thresholds",
                frame,
                named=f"flip_thresholds_{category}",
                more={"thresholds": thresholds},
                category_word=CATEGORIES[category],
            )
        )
    return tables


def attach_evidence(study: Study) -> list[Attachment]:
    """What the criteria were judged on, from which the thresholds above are found."""
    office, page = study.office, page_of(study)
    criteria = [office.method.criteria[name] for name in office.verdicts["criterion"]]
    frame = office.verdicts.assign(
        rule=[one.rule for one in criteria], minimum_participants=[one.minimum_participants for one in criteria]
    )
    attached = [page.attachment("criterion_values", frame)]
    if len(office.low_procedures):
        attached.append(page.attachment("low_procedure_values", office.low_procedures))
    return attached


@internal_only
def show_pooled(study: Study) -> Together:
    """Criteria on rates where few pupils decide, and what they would say if small schools leaned on all the others."""
    office, page, frame = study.office, page_of(study), study.pooled
    if frame.empty:
        return Together(page.text("pooled_absent"))
    shorts = [office.method.criteria[name].short for name in frame["criterion"]]
    frame = frame.assign(
        what=[
            f"{short}: {one.procedure}, {one.year}" if one.procedure else short
            for short, one in zip(shorts, frame.itertuples(), strict=True)
        ],
        changed=frame["verdict"].ne(frame["verdict_pooled"]),
        unsure=frame["low"].le(frame["threshold"]) & frame["high"].ge(frame["threshold"]),
    )
    shown = frame[frame["unsure"] | frame["changed"]].sort_values(["school_id", "what"], kind="stable")
    moved = "; ".join(
        f"{office.school_names[one.school_id]} ({CATEGORIES[one.category]})"
        for one in study.pooled_changes.itertuples()
    )
    heading = page.text("pooled", unsure=frame["unsure"].sum(), changed=frame["changed"].sum(), rows=len(frame))
    table = page.attachment("pooled_rates", shown, moved=moved or None)
    return Together([*heading, table, page.attachment("pooled_evidence", frame)])


@internal_only
def show_methods(study: Study) -> Together:
    """The office's method against other methods and other reference groups."""
    office, page = study.office, page_of(study)
    if study.methods.empty:
        return Together(page.text("methods_absent"))
    variants = {variant.name: variant for variant in office.variants}
    frame = study.methods.assign(
        rule=[typeset(variants[name].title) for name in study.methods["variant"]],
        told=study.methods["both"] + study.methods["neither"],
    )
    agreed = frame[frame["category"].eq(office.method.main) & frame["agreed"].notna()]
    facts: dict[str, object] = {"told": None, "compared": None}
    if len(agreed):
        worst = agreed.loc[agreed["agreed"].idxmin()]
        facts = {"told": worst["told"], "compared": worst[["both", "first_only", "second_only", "neither"]].sum()}
    table = page.table("methods_agreement", frame, title=office.method.title, refusals=refusals(study))
    return Together([*page.text("methods", **facts), table])


@internal_only
def show_places(study: Study) -> Together:
    """How sure the place of each school in each index is."""
    method, page = study.office.method, page_of(study)
    if study.places.empty:
        return Together(page.text("places_absent", indices=len(method.indices), title=method.title))
    family, lowest = method.robustness, study.places["p_lowest"]
    sure = (lowest.ge(family.always) | lowest.lt(family.never)).sum()
    table = page.attachment("index_places", study.places, always=family.always, never=family.never)
    heading = page.text("places", sure=sure, rows=len(lowest))
    return Together([*heading, table, *table_influence(study), *attach_places(study)])


def table_influence(study: Study) -> list[Attachment]:
    """How much each component of the indices decides beside its weight; nothing where no index differs between schools."""
    frame = findings.influence_rows(study)
    if frame.empty:
        return []
    indices = study.office.method.indices
    shorts = [
        indices[index].components[part].short for index, part in zip(frame["index"], frame["component"], strict=True)
    ]
    few = int(frame["schools"].min()) < findings.FEW_SCHOOLS
    return [
        page_of(study).attachment(
            "index_influence", frame.assign(part=shorts), few=few, schools=int(frame["schools"].min())
        )
    ]


def attach_places(study: Study) -> list[Attachment]:
    """How many draws gave each place, and the components behind the scores."""
    office, page = study.office, page_of(study)
    components = office.components[office.components["year"].eq(office.year)]
    short = {
        (name, key): one.short for name, index in office.method.indices.items() for key, one in index.components.items()
    }
    named = components.assign(part=pd.MultiIndex.from_frame(components[["index", "component"]]).map(short))
    return [page.attachment("place_counts", study.place_counts), page.attachment("place_components", named)]


@internal_only
def show_expectation(study: Study) -> Together:
    """Results against what the social context leads to expect (row B10)."""
    office, expected, page = study.office, study.expected, expectation.page_of(study.office)
    if expected.refusal:
        return Together(page.text("absent", refusal=expected.refusal, alone=True, together=False))
    settings = office.profile.expectation
    facts = expectation.named_facts(page, expected, settings)
    frame = expected.schools.assign(reason=expected.schools["reason"].replace("", None))
    facts |= {"caption": page.words["caption"]["own"], "told": facts["how"], "numbers": "expected_results"}
    schools = frame[["municipality", "school_id"]]
    return Together(
        [
            *page.text("found", **facts),
            page.table("schools", frame, named="expected_results", **facts),
            page.figure("difference", plot_dot_intervals, frame, named="expected_difference", facts=facts),
            *expectation.tables_model(page, expected, settings.level, office.catalogue, "expected"),
            expectation.attach_context(page, expected, schools, office.catalogue, "expected"),
        ]
    )
