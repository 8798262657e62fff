"""In what order a school is helped: every recommendation with its points, and what of it the programme already does.

The order is one function, :func:`order_of`. Its five parts are counted from what is known, each told beside the row; how many points a part
gives is our assumption, and a reader who weighs otherwise finds the parts in the file.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from shnor_lib.analyses.risks import MEDIUM
from shnor_lib.analyses.support.accompaniment import ENDED, NOT_APPROVED
from shnor_lib.analyses.support.measures import CANCELLED, DONE, OVERDUE, URGENCY, not_cancelled
from shnor_lib.analyses.support.plan import SupportPlan, carried_out_by, support_facts
from shnor_lib.analyses.support.recommendations import SIDES
from shnor_lib.criteria.decisions import YES, list_of
from shnor_lib.criteria.measure import MET
from shnor_lib.criteria.near import sampling_interval
from shnor_lib.indicators import split_name
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.gather import Population
from shnor_lib.office.judging import judge
from shnor_lib.office.office import Office, once
from shnor_lib.office.scope import HISTORY, needs_region

PARTS = ("ground", "certainty", "age", "named", "waiting")
"""The parts of the order: a sign or a condition; how sure; since when; who named the cause; whether it is being done."""

MISSING, UNMARKED = "missing", "unmarked"
"""States of a recommendation that no measure carries out: the programme has none, or nobody has said which."""

RECORDED = ("programme", "curator", "partner")
"""States of a recommendation that goes on without a measure: by the school's own programme, by its curator, by its partner."""

LAPSED = ("programme_ended", "programme_not_approved", "contract_ended", "partner_unfit")
"""States of a recommendation that something was done for and does not hold: what the school has is over, or was not approved, or does not suit."""

OPEN = (OVERDUE, MISSING, UNMARKED, *LAPSED)
"""States in which somebody has to begin."""

SIGNS = ("criterion_met", "ground_met", "category")
NOTHING = frozenset[tuple[str, str]]()


ORDER = (*PARTS, "points", "pressing", "place", "years", "causes")
"""How pressing what a school needs is: no number of persons."""


def order_of(parts: pd.DataFrame) -> pd.DataFrame:
    """The recommendations of each school in the order in which they ask for attention.

    Points of a row are the sum of its parts, each 0 to 2:

    - ``ground``: 2 a sign of the method or its list, 1 a condition of high risk or beyond a declared border or norm, 0 of medium risk;
    - ``certainty``: 2 the value lies clearly beyond its border, 1 how sure is not known, 0 the error of measurement could turn it;
    - ``age``: 2 for the third year running or longer, 1 for the second, 0 for the first or where earlier years are not known;
    - ``named``: 2 an expert named such a cause, 1 a survey, the school or the document did, 0 nobody;
    - ``waiting``: 2 its measure is late, 1 the programme has no measure, nobody says which or what was done no longer holds, 0 it goes on or is planned.

    What is done stands last. Of equal ones the first in the catalogue is first.

    Parameters
    ----------
    parts : ``school_id, state, catalogue`` (place in it) and :data:`PARTS`.

    Returns
    -------
    The rows with ``points`` and ``place`` (from 1 in each school), in order of school and place.

    Examples
    --------
    >>> rows = pd.DataFrame({"school_id": "1", "recommendation": ["a", "b", "c"], "state": ["done", "missing", "overdue"],
    ...     "catalogue": [0, 1, 2], "ground": [2, 1, 1], "certainty": [2, 2, 2], "age": [2, 0, 0], "named": 0, "waiting": [0, 1, 2]})
    >>> order_of(rows)[["recommendation", "points", "place"]].values.tolist()
    [['c', 5, 1], ['b', 4, 2], ['a', 6, 3]]
    """
    found = parts.assign(points=parts[list(PARTS)].sum(axis=1).astype(int), last=parts["state"].eq(DONE))
    found = found.sort_values(["school_id", "last", "points", "catalogue"], ascending=[True, True, False, True])
    return found.assign(place=found.groupby("school_id").cumcount() + 1).drop(columns="last").reset_index(drop=True)


def school_plans(plan: SupportPlan) -> pd.DataFrame:
    """Every school's recommendations in order (:func:`ordered_plans`); the public edition tells no cause that somebody named for a school."""
    found = ordered_plans(plan)
    if plan.office.audience != "public" or found.empty:
        return found
    general = found["expert"].map(lambda one: not isinstance(one, dict) or pd.isna(one["school_id"]))
    return found.assign(expert=found["expert"].astype(object).where(general & found["expert"].notna(), None))


@for_the_public(words=ORDER)
@once
def ordered_plans(plan: SupportPlan) -> pd.DataFrame:
    """Every school's recommendations in order: the school with most points that are not done first.

    One row a school and recommendation: ``place, points``, :data:`PARTS`, title, text, level, ``basis`` and ``rule`` of the strongest
    cause with its value and threshold, how many there are (``causes``), ``years``, ``expert`` (row of the table of causes), ``state`` (a state of measures, :data:`RECORDED`,
    :data:`LAPSED`, :data:`MISSING` or :data:`UNMARKED`), ``measures`` (numbers; ``elsewhere`` those of other schools), responsible, due and ``days_late`` of the most urgent of them, money.
    """
    causes = weighed(plan)
    strongest = causes.sort_values(["ground", "certainty", "years"], ascending=False, kind="stable")
    strongest = strongest.drop_duplicates(["school_id", "recommendation"])
    by = causes.groupby(["school_id", "recommendation"])
    together = by[["ground", "certainty", "years"]].max().assign(causes=by.size()).reset_index()
    rows = strongest[["school_id", "recommendation", "level", "rule", "basis", "value", "threshold"]].merge(together)
    done = pd.DataFrame(
        [progress(plan, school, name) for school, name in zip(rows["school_id"], rows["recommendation"], strict=True)],
        columns=["state", "measures", "elsewhere", "responsible", "due", "days_late", "planned", "spent"],
    )
    experts = [
        named_cause(plan, school, name) for school, name in zip(rows["school_id"], rows["recommendation"], strict=True)
    ]
    entries = plan.entries.recommendations
    rows = pd.concat([rows, done], axis=1).assign(
        title=[entries[name].title for name in rows["recommendation"]],
        text=[entries[name].text for name in rows["recommendation"]],
        catalogue=rows["recommendation"].map(list(entries).index),
        age=(rows["years"] - 1).clip(0, 2).astype(int),
        expert=experts,
        named=[0 if one is None else 2 if one["source"] == "expert" else 1 for one in experts],
        waiting=done["state"].map(dict.fromkeys(OPEN, 1) | {OVERDUE: 2}).fillna(0).astype(int),
    )
    ordered = order_of(rows)
    pressing = ordered["points"].where(ordered["state"].ne(DONE), 0).groupby(ordered["school_id"]).transform("sum")
    ordered = ordered.assign(pressing=pressing)
    return ordered.sort_values(["pressing", "school_id", "place"], ascending=[False, True, True]).reset_index(drop=True)


def weighed(plan: SupportPlan) -> pd.DataFrame:
    """The causes of the recommendations with ``ground``, ``certainty`` (see :func:`order_of`) and ``years`` running."""
    causes, office = plan.recommendations, plan.office
    medium = _medium(plan)
    keys = list(zip(causes["school_id"], causes["basis"], strict=True))
    sign = causes["rule"].isin(SIGNS)
    ground = [2 if own else 0 if key in medium else 1 for own, key in zip(sign, keys, strict=True)]
    return causes.assign(ground=ground, certainty=_certainty(office, causes), years=_years(office, causes))


def _medium(plan: SupportPlan) -> set[tuple[str, str]]:
    """Schools and indicators whose risk is medium."""
    rows = plan.context.matrix
    rows = rows[rows["level"].eq(MEDIUM)]
    return {
        (school, plan.context.factors[name].name)
        for school, name in zip(rows["school_id"], rows["factor"], strict=True)
    }


def _certainty(office: Office, causes: pd.DataFrame) -> list[int]:
    near = {
        **dict(
            zip(
                zip(office.verdicts["school_id"], office.verdicts["criterion"], strict=True),
                office.verdicts["near"],
                strict=True,
            )
        ),
        **dict(
            zip(
                zip(office.identification["school_id"], office.identification["category"], strict=True),
                office.identification["near"],
                strict=True,
            )
        ),
    }
    low, high = sampling_interval(causes["value"].to_numpy(float), causes["denominator"].to_numpy(float))
    inside = (low <= causes["threshold"].to_numpy(float)) & (causes["threshold"].to_numpy(float) <= high)
    found = []
    for row, close, unknown in zip(causes.itertuples(), inside, np.isnan(low), strict=True):
        if row.rule in SIGNS:
            told = near.get((row.school_id, row.basis))
            found.append(1 if told is None or pd.isna(told) else 0 if told else 2)
        elif row.rule not in SIDES or office.catalogue[split_name(row.basis)[0]].unit != "rate":
            found.append(1 if pd.isna(row.value) else 2)
        else:
            found.append(1 if unknown else 0 if close else 2)
    return found


def _years(office: Office, causes: pd.DataFrame) -> list[int]:
    """How many years running each cause holds, the year of the run the first, as far as earlier years are known."""
    earlier = [found_before(office, back) for back in range(1, HISTORY)]
    values = office.indicators[office.indicators["level"].eq("school") & office.indicators["value"].notna()]
    known = values[values["year"].ge(office.year - HISTORY + 1)].set_index(["school_id", "indicator", "year"])["value"]
    known = known[~known.index.duplicated()]
    found = []
    for row in causes.itertuples():
        years = 1
        for back, held in enumerate(earlier, start=1):
            if row.rule in SIDES:
                value = known.get((row.school_id, row.basis, office.year - back), np.nan)
                holds = pd.notna(value) and bool(SIDES[row.rule](pd.Series([float(value)]), row.threshold).iloc[0])
            else:
                holds = (row.school_id, row.basis) in held
            if not holds:
                break
            years += 1
        found.append(years)
    return found


def found_before(office: Office, back: int) -> frozenset[tuple[str, str]]:
    """Schools with the criteria they met and the lists they were on so many years before, by today's method.

    Nothing in the public edition, whose hidden numbers would judge otherwise, and for methods that rank within the region.
    """
    if office.audience == "public" or needs_region(office.method):
        return NOTHING
    return _judged_before(office)[back - 1]


@once
def _judged_before(office: Office) -> list[frozenset[tuple[str, str]]]:
    population = Population(office.tables, office.sources, office.store)
    found = []
    for year in range(office.year - 1, office.year - HISTORY, -1):
        if not office.tables["schools"]["year"].eq(year).any():
            found.append(NOTHING)
            continue
        judged = judge(office.method, population, year, office.in_force)
        met = judged.verdicts[judged.verdicts["verdict"].eq(MET)]
        listed = judged.identification[judged.identification["identified"].eq(YES)]
        pairs = (
            zip(met["school_id"], met["criterion"], strict=True),
            zip(listed["school_id"], listed["category"], strict=True),
        )
        found.append(frozenset(pair for one in pairs for pair in one))
    return found


def progress(plan: SupportPlan, school: str, recommendation: str) -> dict[str, object]:
    """What of a recommendation the programme does for a school: ``state``, ``measures``, responsible, due, ``days_late``, money.

    Measures count that name the school, or no school where it is one of the programme's; the most urgent of them tells the state. Where the office says that no
    measure carries the recommendation out, or only a cancelled one or one of other schools does, the programme lacks it (:data:`MISSING`). What the
    school has without a measure is :func:`recorded`; what no longer holds (:data:`LAPSED`) is told over a measure that is done.
    """
    entry = plan.entries.recommendations[recommendation]
    numbers = carried_out_by(plan, entry)
    record = recorded(plan, school, entry.shown_by) if entry.shown_by else None
    if numbers is None:
        return {"state": record or UNMARKED}
    rows = plan.measures
    for_all = rows["school_id"].isna() & (school in plan.in_programme)
    rows = rows[
        rows["measure_id"].isin(numbers) & (for_all | rows["school_id"].eq(school)) & rows["state"].ne(CANCELLED)
    ]
    if rows.empty:
        if record:
            return {"state": record}
        others = plan.measures[plan.measures["measure_id"].isin(numbers) & plan.measures["state"].ne(CANCELLED)]
        return {"state": MISSING, "elsewhere": ", ".join(others["measure_id"]) or None}
    open_first = rows.assign(urgency=rows["state"].map(URGENCY.index)).sort_values("urgency", kind="stable")
    first, money = open_first.iloc[0], measure_money(plan, rows["measure_id"])
    if record in LAPSED and first["state"] == DONE:
        return {"state": record, "measures": ", ".join(rows["measure_id"])} | money
    return {
        "state": first["state"],
        "measures": ", ".join(rows["measure_id"]),
        "responsible": first["responsible"],
        "due": first["due"],
        "days_late": first["days_late"] if first["state"] == OVERDUE else None,
    } | money


def recorded(plan: SupportPlan, school: str, record: str) -> str | None:
    """What a school has of its programme, its curator or its partner on the day of the count: of :data:`RECORDED`, of :data:`LAPSED`, or nothing.

    A partnership stands until its contract ends, and suits unless the partner is known not to.
    """
    if record == "partner":
        pairs = plan.partnerships
        pairs = pairs[pairs["school_id"].eq(school).fillna(False) & not_cancelled(pairs)]
        suits = pairs[~pairs["fit"].eq(False)]
        if suits.empty:
            return "partner_unfit" if len(pairs) else None
        return "contract_ended" if suits["valid_until"].lt(pd.Timestamp(plan.on)).all() else record
    rows = plan.accompanied[plan.accompanied["school_id"].eq(school)]
    if record == "curator":
        return record if rows["curators"].gt(0).fillna(False).any() else None
    standing = rows["programme"].dropna()
    if standing.empty:
        return None
    return {ENDED: "programme_ended", NOT_APPROVED: "programme_not_approved"}.get(standing.iloc[0], record)


def measure_money(plan: SupportPlan, measures: pd.Series) -> dict[str, float | None]:
    """The money of some measures, all years together, thousand roubles; missing where no cell is filled."""
    rows = plan.costs[plan.costs["measure_id"].isin(measures)]
    sums = {name: rows[name].sum(min_count=1) for name in ("planned", "spent")}
    return {name: None if pd.isna(value) else float(value) for name, value in sums.items()}


def named_cause(plan: SupportPlan, school: str, recommendation: str) -> dict[str, object] | None:
    """The cause that a recommendation answers, as somebody named it of the school: of experts before others, the latest first."""
    areas = plan.entries.recommendations[recommendation].areas
    rows = plan.causes[
        plan.causes["area"].isin(areas) & (plan.causes["school_id"].eq(school) | plan.causes["school_id"].isna())
    ]
    if rows.empty:
        return None
    ordered = rows.assign(by_expert=rows["source"].eq("expert")).sort_values(
        ["by_expert", "stated_on"], ascending=[False, False], kind="stable", na_position="last"
    )
    return ordered.iloc[0].to_dict()


def money_by_source(plan: SupportPlan) -> pd.DataFrame:
    """The money of the programme by source, all years together, with a total: ``source, measures, planned, spent``."""
    rows = plan.costs
    parts = [*rows.groupby("source", sort=False, dropna=False), ("total", rows)]
    found = [
        {"source": source, "measures": own["measure_id"].nunique()}
        | {name: own[name].sum(min_count=1) for name in ("planned", "spent")}
        for source, own in parts
    ]
    return pd.DataFrame(found, columns=["source", "measures", "planned", "spent"])


def money_by_measure(plan: SupportPlan) -> pd.DataFrame:
    """The money of each measure by year and source, with its title."""
    return plan.costs.merge(plan.measures[["measure_id", "title"]], on="measure_id")


def order_facts(ordered: pd.DataFrame) -> dict[str, int]:
    """How many schools and recommendations the order has, and how many of these are late, missing, done; ``ordered`` of :func:`school_plans`."""
    states = ordered["state"]
    counted = {"late": [OVERDUE], "lacking": [MISSING], "lapsed": LAPSED, "done": [DONE], "unmarked": [UNMARKED]}
    counts = {name: int(states.isin(own).sum()) for name, own in counted.items()}
    return {"schools": ordered["school_id"].nunique(), "advice": len(ordered)} | counts


def first_needed(ordered: pd.DataFrame, states: Iterable[str] = OPEN) -> pd.DataFrame:
    """The first recommendation of each school that is in one of the states; ``ordered`` of :func:`school_plans`."""
    return ordered[ordered["state"].isin(list(states))].drop_duplicates("school_id").reset_index(drop=True)


def plan_facts(plan: SupportPlan) -> dict[str, object]:
    """The facts of report 90 with those of the order: how much is advised and has no measure, and what is first for each school of the main list and has no measure."""
    ordered = school_plans(plan)
    counts = order_facts(ordered)
    first = first_needed(ordered, [MISSING])
    first = first[first["school_id"].isin(list_of(plan.office.identification, plan.office.method.main).schools)]
    told = [
        f"{plan.names[school]} – {title[0].lower()}{title[1:]}"
        for school, title in zip(first["school_id"], first["title"], strict=True)
    ]
    own = {"advice_total": counts["advice"], "advice_lacking": counts["lacking"]}
    return support_facts(plan) | own | {"first_schools": len(first), "first_told": "; ".join(told) or None}
