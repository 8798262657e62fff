"""Which schools are on which list and why: the frames of the list, of its criteria and indices, and of the experts' decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from shnor_lib.analyses.naming import NEED
from shnor_lib.analyses.objectivity import biased_schools
from shnor_lib.criteria.clarification import CALCULATED, EXPERT, RECEIVED
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, pool_for_criterion
from shnor_lib.criteria.near import NEAR_SPREAD, sampling_interval
from shnor_lib.criteria.rules import rule_of
from shnor_lib.indicators.causes import NOT_APPLICABLE, NOT_DELIVERED, tables_needed
from shnor_lib.indicators.ranges import with_ranges
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office

MOST_LINES = 16
"""Schools in one small multiple: more would not stand on a sheet beside those of the other criteria."""

MOST_ANSWERS = 12
"""Answers of one category whose reasons a page prints."""


def measured(criterion) -> str:
    """The indicator whose value a criterion compares; empty for a number of low procedures."""
    return "" if rule_of(criterion).by_procedure else criterion.indicator


def list_totals(facts: Mapping[str, object]) -> pd.DataFrame:
    """How many schools are in each category, how many were judged and how many could not be: ``figure, schools, share, cause``.

    Judged, not judged and not named add up to all schools. A category that no school was judged on has no number, nor has the
    total where no school is named. ``facts``: with the ``lists`` of :func:`shnor_lib.analyses.lists.lists_facts`.
    """
    total = facts["schools_total"]
    rows = [("total", total or None, None, NOT_APPLICABLE)]
    for told in facts["lists"]:
        word, judged = told["list_abbreviation"], told.get("list_assessed_count")
        rows.append(
            (word, *((told["list_count"], told["list_share_of_all"]) if judged else (None, None)), NOT_DELIVERED)
        )
        for part, name in (("assessed", "вывод сделан"), ("insufficient", "данных недостаточно")):
            if judged is not None:
                count = told[f"list_{part}_count"]
                rows.append((f"{word}: {name}", count, count / total if total else None, NOT_APPLICABLE))
    if facts["schools_unnamed"] > 0:
        rows.append(("unnamed", facts["schools_unnamed"], facts["schools_unnamed"] / total, NOT_APPLICABLE))
    return pd.DataFrame(rows, columns=["figure", "schools", "share", "cause"])


def answers_by_school(office: Office) -> pd.DataFrame:
    """One row per registered school, indexed by its id: the answer of every category."""
    wide = office.identification.pivot(index="school_id", columns="category", values="identified")
    frame = pd.DataFrame(index=pd.Index(office.schools["school_id"], dtype=object, name="school_id"))
    return frame.assign(**{category: wide.get(category) for category in office.method.decisions})


@for_the_public
def school_list(office: Office) -> pd.DataFrame:
    """The list: categories, signs by criterion, whether the answer is near a threshold, markers of biased results, and who decided.

    Schools that need help stand first, by category, then those near a threshold, then those without an answer; else in the order of the registry. A
    school without an answer in any category is neither far from a threshold nor decided upon: both are missing. Criteria stand in
    columns of their names, where the method has several and the criterion was assessed of any school.
    """
    near = office.identification.groupby("school_id")["near"].any()
    decision = decided_by(office)
    marked = biased_schools(office)
    frame = answers_by_school(office)
    judged = frame.isin([YES, NO]).any(axis=1)
    near = near.reindex(frame.index).astype(object)
    lists = [frame[category].eq(YES) for category in office.method.of_purpose(*NEED)]
    order = np.select(
        [*lists, near.eq(True), frame.eq(INSUFFICIENT).any(axis=1)], range(len(lists) + 2), len(lists) + 2
    )
    signs = office.verdicts.pivot(index="school_id", columns="criterion", values="verdict")
    return (
        frame.assign(
            **{name: signs[name] for name in criteria_compared(office)},
            near_threshold=near.where(judged | near.eq(True), None),
            bias=marked.set_index("school_id")["verdict"],
            decision=decision.reindex(frame.index).where(judged, None),
            decided=decisions_told(office).map("; ".join).reindex(frame.index),
        )
        .iloc[np.argsort(order, kind="stable")]
        .reset_index()
    )


def decided_by(office: Office) -> pd.Series:
    """Who decided on each school: ``expert`` on any of its categories, else a ``received`` list, else ``calculated``."""
    ranks = {CALCULATED: 0, RECEIVED: 1, EXPERT: 2}
    own = office.identification
    return own["decision"].map(ranks).groupby(own["school_id"]).max().map(list(ranks).__getitem__)


def decisions_told(office: Office) -> pd.Series:
    """By school, what experts or received lists decided on its categories, each in words; schools of which nobody did are left out."""
    made = office.identification[office.identification["decision"].ne(CALCULATED)]
    return made.groupby("school_id")["reason"].agg(list)


def criteria_compared(office: Office) -> list[str]:
    """The criteria that a matrix of schools and criteria shows: those assessed of any school; none where the method has but one."""
    if len(office.method.criteria) < 2:
        return []
    return [found.name for found in criteria_found(office) if found.assessed]


@for_the_public
def reasons(office: Office) -> pd.DataFrame:
    """Why each school is or is not in a category, and what lies near its threshold; listed schools first.

    A count of signs over none that was assessed is missing. ``why``: what experts or a received list decided; else the signs by their short names, or
    the verdict itself where the category rests on one criterion; missing where none is met. ``near_signs``: signs that the error of measurement could turn.
    """
    frame, key = office.identification, ["school_id", "category"]
    short = office.verdicts["criterion"].map({name: one.short for name, one in office.method.criteria.items()})
    told = office.verdicts.assign(short=short)
    signs, near = (
        told[where].groupby(key)["short"].agg("; ".join) for where in (told["verdict"].eq(MET), told["near"].eq(True))
    )
    alone = told.groupby(key)["reason"].agg(lambda own: own.iloc[0] if len(own) == 1 else None)
    at = pd.MultiIndex.from_frame(frame[key])
    bare = (
        frame["decision"].eq(CALCULATED)
        & frame["criteria_met"].eq(0)
        & frame["criteria_assessed"].gt(0)
        & alone.reindex(at).isna().array
    )
    calculated = alone.reindex(at).fillna(signs.reindex(at)).fillna(pd.Series(frame["reason"].array, index=at))
    return (
        frame.assign(
            criteria_met=frame["criteria_met"].where(frame["criteria_assessed"].gt(0)),
            why=frame["reason"].where(frame["decision"].ne(CALCULATED), calculated.array).mask(bare),
            near_signs=near.reindex(at).array,
        )
        .iloc[np.argsort(np.select([frame["identified"].eq(YES), frame["near"].eq(True)], [0, 1], 2), kind="stable")]
        .sort_values("category", key=lambda names: names.map(list(office.method.decisions).index), kind="stable")
        .reset_index(drop=True)
    )


def easiest_to_move(answers: pd.DataFrame) -> pd.Series:
    """Which rows of answers a page prints: what experts or a received list decided, and of every category the :data:`MOST_ANSWERS` that the smallest
    change (``relative``) turns; those that none turns come last."""
    place = answers["relative"].groupby(answers["category"]).rank(method="first", na_option="bottom")
    return place.le(MOST_ANSWERS) | answers["decision"].ne(CALCULATED)


def reasons_to_read(office: Office) -> pd.DataFrame:
    """The reasons that a board reads: of schools that are listed, near a threshold or decided after the calculation."""
    found = reasons(office)
    return found[found["identified"].eq(YES) | found["near"].eq(True) | found["decision"].ne(CALCULATED)]


def open_answers(office: Office) -> pd.DataFrame:
    """Answers that lack data, alike ones together: category, reason, ``schools`` (codes with semicolons) and how many."""
    frame = office.identification[office.identification["identified"].eq(INSUFFICIENT)]
    alike = frame.groupby(["category", "reason"], sort=False)["school_id"]
    return alike.agg([("schools", ";".join), ("count", "size")]).reset_index()


def criterion_lines(office: Office) -> pd.DataFrame:
    """Every school on every criterion that was assessed of any, those with the sign first: what small multiples are drawn from.

    Verdicts with ``low`` and ``high``, the sampling interval of a share, and ``band_low`` and ``band_high``, within which another
    value is near the threshold; ``panel``, ``under`` and ``form`` of the criterion. Of a long list the :data:`MOST_LINES` schools
    nearest to the threshold.
    """
    parts = []
    for found in criteria_found(office):
        if not found.assessed:
            continue
        indicator = measured(found.criterion)
        is_rate = bool(indicator) and office.catalogue.unit(indicator) == "rate"
        value, people = (found.verdicts[name].astype(float).to_numpy() for name in ("value", "participants"))
        low, high = sampling_interval(value, people) if is_rate else (np.full(len(value), np.nan),) * 2
        known = found.verdicts["verdict"].ne(NOT_ASSESSED).to_numpy()
        spread = np.ptp(value[~np.isnan(value)]) if indicator and (~np.isnan(value)).any() else np.nan
        in_value = np.isnan(low) & known & (getattr(found.criterion, "kind", "") != "relative")
        reach = np.where(in_value, NEAR_SPREAD * spread, np.nan)
        threshold = found.verdicts["threshold"].astype(float).to_numpy()
        own = found.verdicts.assign(
            panel=f"{found.criterion.short}: {found.met} из {found.assessed}",
            form="percent" if is_rate else "number" if indicator else "count",
            low=low,
            high=high,
            band_low=threshold - reach,
            band_high=threshold + reach,
        )
        by_margin = np.argsort(-own["margin"].astype(float).fillna(-np.inf).to_numpy(), kind="stable")
        first = max(0, min(found.met - MOST_LINES // 2, len(own) - MOST_LINES))
        shown = own.iloc[by_margin].iloc[first : first + MOST_LINES]
        left = len(own) - len(shown)
        parts.append(shown.assign(under=f"Ещё {left} – дальше от порога." if left else ""))
    return pd.concat(parts, ignore_index=True) if parts else office.verdicts.iloc[:0]


def quotas(office: Office) -> list[CriterionFound]:
    """Criteria whose rule gives the sign to a declared share of the schools, whatever their results."""
    return [found for found in criteria_found(office) if found.by_quota]


@for_the_public
def verdict_rows(office: Office) -> pd.DataFrame:
    """Every verdict with the numbers behind it: ``numerator`` and ``denominator`` of a share or mean over its years and procedures.

    A value of which a document prints a range is that range. The denominator counts results, of which a pupil may have several; both are missing where the value is, or was not counted.
    """
    denominators = []
    for name, criterion in office.method.criteria.items():
        own = office.verdicts[office.verdicts["criterion"].eq(name)]
        behind = pd.Series(np.nan, index=own.index)
        if measured(criterion):
            pooled = pool_for_criterion(criterion, office.store, office.year, getattr(criterion, "benchmark", None))
            at = office.store.places_of(own)
            has = at >= 0
            behind[has] = pooled.of("results", at[has])
        denominators.append(behind.where(own["value"].notna()))
    denominator = pd.concat(denominators).reindex(office.verdicts.index) if denominators else None
    frame = office.verdicts.assign(denominator=denominator)
    counted = frame["value"].astype(float) * frame["denominator"].astype(float)
    return frame.assign(numerator=counted, value=with_ranges(frame["value"], frame["cause"], frame["needs"]))


def answers_compared(office: Office) -> int:
    """Schools and categories with an answer in the year of the run or the year before: those of which a change can be told."""
    if office.previous.empty:
        return 0
    judged = [frame[frame["identified"].isin([YES, NO])] for frame in (office.identification, office.previous)]
    return len(pd.concat(judged)[["school_id", "category"]].drop_duplicates())


def procedures_assessed(office: Office) -> int | None:
    """How many procedures of schools were looked at for being low; None for a method that does not look at them one by one."""
    if not any(rule_of(one).by_procedure for one in office.method.criteria.values()):
        return None
    return int(office.low_procedures["low"].ne(NOT_ASSESSED).sum())


def low_procedures(office: Office, source: str = "") -> pd.DataFrame:
    """The low procedures that the federal rule counts; ``source`` keeps those computed or those of an official list."""
    low = office.low_procedures[office.low_procedures["low"].eq("met")]
    return low[low["source"].eq(source)] if source else low


@dataclass(frozen=True)
class CriterionFound:
    """The verdicts of one criterion, and how many schools meet it, were assessed and are near its threshold."""

    name: str
    criterion: object
    verdicts: pd.DataFrame
    met: int
    assessed: int
    near: int

    @property
    def reasons(self) -> str:
        """Why schools were not assessed, each reason once."""
        return "; ".join(self.verdicts["reason"].drop_duplicates())

    @property
    def by_quota(self) -> bool:
        """Whether the rule gives the sign to a declared share of the schools, whatever their results."""
        return (
            self.assessed > 0
            and not rule_of(self.criterion).by_procedure
            and rule_of(self.criterion).threshold_is == "share"
        )


def criteria_found(office: Office) -> Iterator[CriterionFound]:
    """Every criterion of the method with its verdicts."""
    for name, criterion in office.method.criteria.items():
        own = office.verdicts[office.verdicts["criterion"].eq(name)]
        met, assessed = own["verdict"].eq("met"), own["verdict"].ne(NOT_ASSESSED)
        yield CriterionFound(name, criterion, own, int(met.sum()), int(assessed.sum()), int(own["near"].sum()))


@for_the_public
def criteria_rows(office: Office) -> pd.DataFrame:
    """One row a criterion: whether it was assessed, its sign at how many schools of how many, how many are near, else why not."""
    rows = [
        {
            "criterion": found.name,
            "category": found.criterion.category,
            "ground": office.method.ground_words[found.criterion.ground],
            "title_of": found.criterion.title,
            "assessed": found.assessed > 0,
            "met": found.met if found.assessed else None,
            "schools": found.assessed,
            "near": found.near if found.assessed else None,
            "why_not": None if found.assessed else found.reasons,
        }
        for found in criteria_found(office)
    ]
    return pd.DataFrame(rows)


def lines_facts(office: Office, category: str) -> dict[str, object]:
    """Of the assessed criteria of a category: how many ``criteria``, and the one with most schools near its threshold, the first of
    several: its ``short`` words, ``near`` of ``assessed``."""
    assessed = [found for found in criteria_found(office) if found.assessed and found.criterion.category == category]
    first = max(assessed, key=lambda one: one.near)
    return {"criteria": len(assessed), "short": first.criterion.short, "near": first.near, "assessed": first.assessed}


def index_components(office: Office, name: str) -> pd.DataFrame:
    """The rows of the components of an index in the year; empty when none could be computed."""
    own = office.components[office.components["year"].eq(office.year) & office.components["index"].eq(name)]
    return own if own["normalised"].notna().any() else own.iloc[:0]


def tables_of_index(office: Office, name: str) -> list[str]:
    """The tables that the components of an index are computed from, as the dictionary calls them."""
    needs = [office.catalogue[one.indicator].needs for one in office.method.indices[name].components.values()]
    return tables_needed(needs)


def index_values(office: Office, name: str, components: pd.DataFrame) -> pd.DataFrame:
    """Natural values of the components of an index and its score, one row per registered school."""
    scores = office.indicators[office.indicators["indicator"].eq(name) & office.indicators["year"].eq(office.year)]
    wide = components.pivot(index="school_id", columns="component", values="value")
    frame = wide.assign(score=scores.set_index("school_id")["value"])
    if "hidden" in components:
        frame["hidden"] = components.groupby("school_id")["hidden"].any()
    return frame.reindex(office.schools["school_id"]).rename_axis("school_id").reset_index()
