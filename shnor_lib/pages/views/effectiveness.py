"""Views of report 85: did help work, what ran and for whom, what became of the lists, the table for the region."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.support.effect import ANY
from shnor_lib.analyses.support.effectiveness import COMMON, Effectiveness, gap_facts, gaps_between_schools
from shnor_lib.analyses.support.mechanism import cycle, measures_of_elements, mechanism_facts
from shnor_lib.criteria.targets import START
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.pages.numbers import NOT_APPLICABLE
from shnor_lib.pages.page import Report
from shnor_lib.pages.saying import say
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.targets import shown
from shnor_lib.pages.words import CATEGORIES

REPORT = Report("85_effectiveness", lambda found: found.facts)
effectiveness = Effectiveness
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_effect(found: Effectiveness, rows: pd.DataFrame) -> Together:
    """Whether the help of earlier years worked, with its interval, or what is lacking to tell; ``rows`` of :attr:`differences`."""
    page, facts = page_of(found), found.facts | {"year": found.office.year}
    if found.effect is None:
        return Together(page.text("effect_hidden"))
    if rows.empty or found.effect.lacking:
        return Together(page.text("effect_early", **facts))
    table = page.table(
        "effect", rows.assign(what=[cut_label(found, row) for row in rows.itertuples()]), cuts=facts["effect_cuts"]
    )
    return Together([*page.text("effect", **facts), table])


def cut_label(found: Effectiveness, row) -> str:
    """What a row of the effect asks about: any support, a way, the schools of a list, a year after the beginning."""
    words, cut = page_of(found).words["cut"], row.cut
    name = row.name if cut in (ANY, "way") else cut
    facts = {"before": found.office.year - 1, "number": row.name, "category": CATEGORIES.get(row.name)}
    return say(words[name], facts)


def show_lists(found: Effectiveness, lists: pd.DataFrame) -> Together:
    """What became of the lists of the year before, beside what luck would do."""
    page, before = page_of(found), found.office.year - 1
    if lists.empty:
        return Together(page.text("lists_alone", before=before))
    return Together([*page.text("lists_after", **found.facts), page.table("lists_after", lists, before=before)])


def show_gaps(found: Effectiveness) -> Together:
    """The targets that are a gap between the strongest and the weakest schools; nothing where none has a value."""
    office, page = found.office, page_of(found)
    frame = gaps_between_schools(office)
    if not frame["value"].notna().any():
        return Together([])
    targets = [office.profile.targets[name] for name in frame["target"]]
    frame = frame.assign(
        **{
            name: [shown(office, target, value) for target, value in zip(targets, frame[column], strict=True)]
            for name, column in (("first_shown", "first_value"), ("now_shown", "now"))
        }
    )
    frame["now_shown"] = frame["now_shown"].mask(frame["state"].eq(START), NOT_APPLICABLE)
    return Together([*page.text("gaps", **gap_facts(frame)), page.table("gaps", frame)])


def show_reached(found: Effectiveness, reached: pd.DataFrame) -> Together:
    """Which schools had what help, and which listed schools had none of their own."""
    page, office = page_of(found), found.office
    texts = page.text("reached", **found.facts)
    if reached.empty:
        return Together(texts)
    guides = reached["curators"].map(
        lambda kinds: ", ".join(label_of("curator_kind", one) for one in kinds.split(";")), na_action="ignore"
    )
    lists = {"curators": guides} | {name: reached[name].map(joined, na_action="ignore") for name in ("before", "now")}
    told = {"before_year": office.year - 1, "year": office.year, "on": found.plan.on}
    return Together(
        [*texts, page.table("reached", reached.assign(**lists), common=int(reached["got"].eq(COMMON).sum()), **told)]
    )


def joined(codes: str) -> str:
    """Categories of a school in words."""
    return ", ".join(CATEGORIES[one] for one in codes.split(";"))


def show_directions(found: Effectiveness, directions: pd.DataFrame) -> Together:
    """Which measures ran, by direction: the latest year on the page, the years before and what nobody reported in the file."""
    page, facts = page_of(found), found.facts
    if directions.empty:
        return Together([])
    if not facts["measures_reported"]:
        return Together([*page.text("directions", **facts), page.attachment("directions", directions, **facts)])
    shown_rows = directions["year"].eq(directions["year"].max())
    part = None if shown_rows.all() else shown_rows
    return Together([*page.text("directions", **facts), page.table("directions", directions, shown=part, **facts)])


def show_mechanism(found: Effectiveness) -> Together:
    """The eight elements of the mechanism, as an office reports them to its region; then the stages of the cycle without measures."""
    return Together([*page_of(found).text("mechanism"), table_mechanism(found), *show_cycle(found).items])


def table_mechanism(found: Effectiveness) -> Table:
    """What the office has of each element on each level, how many measures, what is lacking and in which report it stands."""
    page, year, known = page_of(found), found.office.year, cycle(found.plan)
    stages = {
        "stages_named": int(known is not None),
        "stages_unnamed": known.unnamed if known else 0,
        "levels_unnamed": int(known.frame["level_unknown"].sum()) if known else 0,
    }
    facts, frame = mechanism_facts(found) | stages | {"year": year}, measures_of_elements(found.plan)
    counts = {f"{level}_measures": frame[level] for level in ("municipality", "school")}
    told = {
        column: [_told(page, f"{element}_{column}", facts) for element in frame["element"]]
        for column in ("municipality", "school", "lacking")
    }
    return page.table("mechanism", frame.assign(**counts, **told), year=year, **stages)


def _told(page, name: str, facts: dict[str, object]) -> str | None:
    found = page.text(name, **facts)
    return found[0].text if found else None


def show_cycle(found: Effectiveness) -> Together:
    """Stages of the management cycle: which have no measures, which none of a school; nothing where the programme names none."""
    page, stages = page_of(found), cycle(found.plan)
    if stages is None:
        return Together([])
    bare, one_sided = (
        ", ".join(label_of("cycle_stage", stage) for stage in names) or None
        for names in (stages.bare, stages.one_sided)
    )
    return Together([*page.text("cycle", bare=bare, one_sided=one_sided), page.attachment("plan_cycle", stages.frame)])
