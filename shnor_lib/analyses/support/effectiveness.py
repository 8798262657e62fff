"""Effectiveness of the programme (report 85): what ran, which schools had it, what became of the lists and of the gap, did help work.

Whether help worked is told by :mod:`shnor_lib.analyses.support.effect` alone; a list and a target also move without any help, so
what stands here of them is set beside what luck would bring or is left as a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from shnor_lib.analyses.board import named
from shnor_lib.analyses.dynamics import list_moves, move_counts
from shnor_lib.analyses.findings import target_facts
from shnor_lib.analyses.promises import targets_by_concern
from shnor_lib.analyses.support.accompaniment import ENDED
from shnor_lib.analyses.support.effect import (
    ANY,
    EFFECT,
    LACKING,
    LEAST,
    NUMBERS,
    WORDS,
    Effect,
    effect_of_support,
    helped_lists,
    supported_schools,
)
from shnor_lib.analyses.support.events import participation
from shnor_lib.analyses.support.measures import (
    CANCELLED,
    DONE,
    IN_PROGRESS,
    TOTAL,
    execution,
    measure_facts,
    not_cancelled,
    office_measures,
)
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.criteria.targets import FULFILLED, HELD, OFF_TRACK, ON_TRACK, SAME, START
from shnor_lib.office.office import Office
from shnor_lib.statistics.counts import beats_chance, expected_by_chance

RAN = (DONE, IN_PROGRESS)
"""States of a measure that ran."""
REACHED = ["school_id", "before", "now", "since", "measures", "ran", "partners", "curators", "events", "got"]
GOT = OWN, COMMON, NOTHING = ("own", "common", "nothing")
"""Help of its own (a measure that names it and ran, a partner, a curator, an event of exchange), only measures for all schools, nothing."""
LISTS = ["category", "before", "left", "entered", "stayed", "open", "calculated_left", "moved", "by_luck", "beyond"]


@dataclass(frozen=True)
class Effectiveness:
    """What the programme did and what came of it, each part computed when it is first asked for."""

    office: Office

    @cached_property
    def plan(self) -> SupportPlan:
        """What is planned, done and advised."""
        return SupportPlan(self.office)

    @cached_property
    def effect(self) -> Effect | None:
        """Whether help worked; None in the public edition, whose hidden numbers would tell otherwise."""
        return None if self.office.audience == "public" else effect_of_support(self.office)

    @property
    def differences(self) -> pd.DataFrame:
        """The rows of the effect; none in the public edition."""
        return self.effect.rows if self.effect else pd.DataFrame(columns=EFFECT)

    @cached_property
    def directions(self) -> pd.DataFrame:
        """The measures by direction (:func:`directions_of`)."""
        return directions_of(self.office)

    @cached_property
    def reached(self) -> pd.DataFrame:
        """Which schools had help (:func:`schools_reached`)."""
        return schools_reached(self.plan)

    @cached_property
    def lists(self) -> pd.DataFrame:
        """What became of the lists (:func:`lists_after`)."""
        return lists_after(self.office)

    @cached_property
    def facts(self) -> dict[str, object]:
        """What the sentences of the report are made from."""
        return effectiveness_facts(self)


def directions_of(office: Office) -> pd.DataFrame:
    """The measures of every year up to that of the run, by direction; the latest year first, each with its total.

    Returns
    -------
    ``year``, ``on`` (the day of the count), and what :func:`execution` tells with ``ran``: done or under way; counts of states are
    missing where nobody reported anything in a year. ``schools``: ids of the schools that measures that ran name, with semicolons.
    """
    rows = []
    for year in sorted(set(office.tables["measures"]["year"]), reverse=True):
        if year > office.year:
            continue
        states = office_measures(replace(office, year=year))
        reported = states["status"].notna().any()
        for frame in (states, states.assign(section=TOTAL)):
            found = execution(frame, "section")
            own = frame[frame["state"].isin(RAN) & frame["school_id"].notna()]
            schools = own.groupby("section", dropna=False)["school_id"].agg(lambda ids: ";".join(sorted(set(ids))))
            found = found.assign(
                year=year,
                on=pd.Timestamp(office.profile.plan.monitoring(year)),
                ran=found[list(RAN)].sum(axis=1).astype(float) if reported else float("nan"),
                schools=found["section"].map(schools),
            )
            rows.append(found if reported else found.assign(done=float("nan"), overdue=float("nan")))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["year", "section", "measures", "ran"])


def schools_reached(plan: SupportPlan) -> pd.DataFrame:
    """The schools that support or a list of help of this year or the year before names, and what each had this year.

    Returns
    -------
    ``REACHED``: ``before``, ``now``: categories of the two years, with semicolons; ``since``: first year of support; its own
    measures and those of them that ran, ``partners`` (ids) and ``curators`` (kinds), with semicolons, events of exchange it joined; ``got`` of :data:`GOT`,
    missing where the data name no school that was helped. A kind of help that the data name for nobody is missing, not none.
    """
    office, measures = plan.office, plan.measures
    own = measures[measures["school_id"].notna() & measures["state"].ne(CANCELLED)]
    pairs = plan.partnerships[not_cancelled(plan.partnerships)]
    partners = pairs.dropna(subset=["school_id"]).groupby("school_id")["partner_id"].agg(";".join)
    guides = (
        plan.companions[plan.companions["standing"].ne(ENDED)]
        .groupby("school_id")["kind"]
        .agg(lambda kinds: ";".join(dict.fromkeys(kinds)))
    )
    supported = supported_schools(office)
    supported = supported[supported["way"].eq(ANY)].set_index("school_id")["since"]
    before, now = (listed_in(office, one) for one in (office.previous, office.identification))
    named_ones = {*before.index, *now.index, *own["school_id"], *partners.index, *guides.index, *supported.index}
    rows = pd.DataFrame({"school_id": [one for one in office.schools["school_id"] if one in named_ones]})
    school = rows["school_id"]
    frame = rows.assign(
        before=school.map(before),
        now=school.map(now),
        since=school.map(supported),
        measures=school.map(own["school_id"].value_counts()).fillna(0 if len(own) else float("nan")),
        ran=school.map(own.loc[own["state"].isin(RAN), "school_id"].value_counts()).fillna(
            0 if own["status"].notna().any() else float("nan")
        ),
        partners=school.map(partners),
        curators=school.map(guides),
        events=participation(plan.events, school.tolist(), None)["done"].to_numpy(float)
        if len(plan.events)
        else float("nan"),
    )
    common = bool((measures["school_id"].isna() & measures["state"].isin(RAN)).any())
    helped = frame["ran"].gt(0) | frame[["partners", "curators"]].notna().any(axis=1) | frame["events"].gt(0)
    silent = not (own["status"].notna().any() or len(partners) or len(guides) or len(plan.events))
    got = helped.map({True: OWN, False: COMMON if common else NOTHING}).astype(object)
    return frame.assign(got=None if silent else got)[REACHED]


def listed_in(office: Office, identification: pd.DataFrame) -> pd.Series:
    """The categories that need help of each listed school, with semicolons."""
    return helped_lists(office, identification).groupby("school_id")["category"].agg(";".join)


def lists_after(office: Office) -> pd.DataFrame:
    """How each list of help moved since the year before, beside what luck would do; empty without a list of the year before.

    Were nothing but luck at work, a school would leave a list as easily as another comes onto it. So of the schools that the
    calculation moved, before experts said anything, luck takes half off the list.

    Returns
    -------
    ``LISTS``: schools on the list of the year before, those that left, entered, stayed, and without an answer in one of the years;
    ``calculated_left`` of all ``moved`` by the calculation; ``by_luck`` off the list; ``beyond``: 1 when more left than luck takes
    in all but one year of twenty (one-sided sign test), else 0.
    """
    if office.previous.empty:
        return pd.DataFrame(columns=LISTS)
    moves = list_moves(office.previous, office.identification)
    calculated = list_moves(
        *(one.assign(identified=one["calculated"]) for one in (office.previous, office.identification))
    )
    rows = []
    for category in office.method.of_purpose("help"):
        told, numbers = (move_counts(one[one["category"].eq(category)]) for one in (moves, calculated))
        left, moved = numbers["left"], numbers["left"] + numbers["entered"]
        rows.append(
            {
                "category": category,
                "before": told["stayed"] + told["left"],
                **{name: told[name] for name in ("left", "entered", "stayed", "open")},
                "calculated_left": left,
                "moved": moved,
                "by_luck": expected_by_chance([0.5] * moved),
                "beyond": int(beats_chance(left, [0.5] * moved)),
            }
        )
    return pd.DataFrame(rows, columns=LISTS)


def gaps_between_schools(office: Office) -> pd.DataFrame:
    """The targets that are a gap between the strongest and the weakest schools: rows of :func:`targets_by_concern` with ``now``.

    ``now``: the value of the same schools and procedures as in the first year where years are compared, else the value.
    """
    found = targets_by_concern(office)
    own = found["target"].map(lambda name: office.profile.targets[name].formula == "gap").astype(bool)
    return found[own].assign(now=found["compared_value"].fillna(found["value"])).reset_index(drop=True)


def gap_facts(gaps: pd.DataFrame) -> dict[str, int]:
    """How many gaps have a value, and how many of them became smaller, did not change beyond luck, grew, or cannot be told."""
    states = gaps["state"]
    return {
        "gaps": int(gaps["value"].notna().sum()),
        "gaps_smaller": int(states.isin([FULFILLED, ON_TRACK]).sum()),
        "gaps_same": int(states.eq(SAME).sum()),
        "gaps_behind": int(states.eq(OFF_TRACK).sum()),
        "gaps_start": int(states.isin([START, HELD]).sum()),
    }


def effectiveness_facts(found: Effectiveness) -> dict[str, object]:
    """Counts and names of the report, with what luck would bring beside them."""
    office, measures = found.office, found.plan.measures
    return {
        **measure_facts(measures),
        **target_facts(office),
        "measures_ran": int(measures["state"].isin(RAN).sum()),
        "counted_on": f"{found.plan.on:%d.%m.%Y}",
        "judge_from": office.year + 1,
        **effect_facts(found.effect),
        **reach_facts(found),
        **main_list_facts(found),
    }


def effect_facts(effect: Effect | None) -> dict[str, object]:
    """The effect of all ways of support together, or what is lacking to tell it; all but ``effect_hidden`` empty where it is hidden."""
    told = {} if effect is None else effect.facts
    names = ["supported", *NUMBERS, *WORDS, *(f"no_{one}" for one in LACKING)]
    facts = {f"effect_{name}": told.get(name) for name in names}
    facts = {name: int(value) if isinstance(value, bool) else value for name, value in facts.items()}
    cuts = 0 if effect is None else int(effect.rows["cut"].ne(ANY).sum())
    return facts | {"effect_hidden": int(effect is None), "effect_cuts": cuts, "effect_least": LEAST}


def reach_facts(found: Effectiveness) -> dict[str, object]:
    """How many of the schools that were to be helped had what: those of the list of the year before, without one of this year's."""
    reached, office = found.reached, found.office
    before = bool(reached["before"].notna().any())
    listed = reached[reached["before" if before else "now"].notna()]
    facts: dict[str, object] = {"reach_listed": len(listed), "reach_year": office.year - before}
    for got in GOT:
        chosen = listed.loc[listed["got"].eq(got), "school_id"]
        known = listed["got"].notna().any()
        facts |= {f"reach_{got}": len(chosen) if known else None, f"reach_{got}_names": named(office, chosen)}
    return facts


def main_list_facts(found: Effectiveness) -> dict[str, object]:
    """What became of the main list; empty where no school of it has an answer in both years."""
    main = found.office.method.main
    rows = found.lists[found.lists["category"].eq(main) & found.lists["before"].gt(0)]
    names = ("before", "left", "calculated_left", "moved", "by_luck", "beyond")
    facts = {f"list_{name}": rows[name].iloc[0] if len(rows) else None for name in names}
    facts["list_of_year"] = facts.pop("list_before")
    return facts | {"list_word": found.office.method.words(main).called if main else None}
