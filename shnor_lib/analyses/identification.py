"""Which schools are on which list and why: the frames of the list, of its criteria and indices, and of the experts' decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from shnor_lib.analyses.objectivity import biased_schools
from shnor_lib.criteria.decisions import NO, YES
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.criteria.rules import rule_of
from shnor_lib.indicators.causes import NOT_APPLICABLE, NOT_DELIVERED, tables_needed
from shnor_lib.office.office import Office


def measured(criterion) -> str:
    """The indicator whose value a criterion compares; empty for a number of low procedures."""
    return "" if rule_of(criterion).by_procedure else criterion.indicator


def list_totals(facts: Mapping[str, object]) -> pd.DataFrame:
    """How many schools are in each category, how many were judged and how many could not be: ``figure, schools, share, cause``.

    Judged, not judged and not named add up to all schools. A category that no school was judged on has no number, nor has the
    total where no school is named.
    """
    total = facts["schools_total"]
    rows = [("total", total or None, None, NOT_APPLICABLE)]
    for name in ("low_results", "adverse"):
        if f"{name}_count" in facts:
            judged = facts[f"{name}_assessed_count"]
            own = (facts[f"{name}_count"], facts[f"{name}_share"]) if judged else (None, None)
            rows.append((name, *own, NOT_DELIVERED))
            for part in ("assessed", "insufficient"):
                count = facts[f"{name}_{part}_count"]
                rows.append((f"{name}_{part}", count, count / total if total else None, NOT_APPLICABLE))
    if facts["schools_unnamed"] > 0:
        rows.append(("unnamed", facts["schools_unnamed"], facts["schools_unnamed"] / total, NOT_APPLICABLE))
    return pd.DataFrame(rows, columns=["figure", "schools", "share", "cause"])


def answers_by_school(office: Office) -> pd.DataFrame:
    """One row per registered school, indexed by its id: the answer of every category."""
    wide = office.identification.pivot(index="school_id", columns="category", values="identified")
    frame = pd.DataFrame(index=pd.Index(office.schools["school_id"], dtype=object, name="school_id"))
    return frame.assign(**{category: wide.get(category) for category in office.method.decisions})


def school_list(office: Office) -> pd.DataFrame:
    """The list: categories, whether the answer is near a threshold, markers of biased results, and who decided.

    A school without an answer in any category is neither far from a threshold nor decided upon: both are missing.
    """
    near = office.identification.groupby("school_id")["near"].any()
    expert = office.identification["decision"].eq("expert").groupby(office.identification["school_id"]).any()
    marked = biased_schools(office)
    frame = answers_by_school(office)
    judged = frame.isin([YES, NO]).any(axis=1)
    near = near.reindex(frame.index).astype(object)
    decision = expert.reindex(frame.index).map({True: "expert", False: "calculated"})
    return frame.assign(
        near_threshold=near.where(judged | near.eq(True), None),
        bias=marked.set_index("school_id")["verdict"],
        decision=decision.where(judged, None),
    ).reset_index()


def reasons(office: Office) -> pd.DataFrame:
    """Why each school is or is not in a category; a count of criteria met over none that was assessed is missing."""
    frame = office.identification
    return frame.assign(criteria_met=frame["criteria_met"].where(frame["criteria_assessed"].gt(0)))


def answers_compared(office: Office) -> int:
    """Schools and categories with an answer in the year of the run or the year before: those of which a change can be told."""
    if office.previous.empty:
        return 0
    judged = [frame[frame["identified"].isin([YES, NO])] for frame in (office.identification, office.previous)]
    return len(pd.concat(judged)[["school_id", "category"]].drop_duplicates())


def expert_decisions(office: Office) -> pd.DataFrame:
    """Rows of the identification that an expert decided."""
    return office.identification[office.identification["decision"].eq("expert")]


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
    def has_margins(self) -> bool:
        """Whether distances to the threshold of at least two schools can be shown."""
        return bool(self.verdicts["margin"].notna().sum() > 1) and bool(measured(self.criterion))


def criteria_found(office: Office) -> Iterator[CriterionFound]:
    """Every criterion of the method with its verdicts."""
    for name, criterion in office.method.criteria.items():
        own = office.verdicts[office.verdicts["criterion"].eq(name)]
        met, assessed = own["verdict"].eq("met"), own["verdict"].ne(NOT_ASSESSED)
        yield CriterionFound(name, criterion, own, int(met.sum()), int(assessed.sum()), int(own["near"].sum()))


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
