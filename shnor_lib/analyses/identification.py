"""Which schools are on which list and why: the frames of the list, of its criteria and indices, and of the experts' decisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from shnor_lib.analyses.objectivity import biased_schools
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.criteria.rules import rule_of
from shnor_lib.office.office import Office


def measured(criterion) -> str:
    """The indicator whose value a criterion compares; empty for a number of low procedures."""
    return "" if rule_of(criterion).by_procedure else criterion.indicator


def list_totals(facts: dict) -> pd.DataFrame:
    """How many schools are in each category and how many could not be judged: ``figure``, ``schools``, ``share``."""
    total = facts["schools_total"]
    rows = [("total", total, None)]
    for name in ("low_results", "adverse"):
        if f"{name}_count" in facts:
            open_cases = facts[f"{name}_insufficient_count"]
            rows.append((name, facts[f"{name}_count"], facts[f"{name}_share"]))
            rows.append((f"{name}_insufficient", open_cases, open_cases / total if total else None))
    return pd.DataFrame(rows, columns=["figure", "schools", "share"])


def answers_by_school(office: Office) -> pd.DataFrame:
    """One row per registered school, indexed by its id: the answer of every category."""
    wide = office.identification.pivot(index="school_id", columns="category", values="identified")
    frame = pd.DataFrame(index=pd.Index(list(office.school_names), dtype=object, name="school_id"))
    return frame.assign(**{category: wide.get(category) for category in office.method.decisions})


def school_list(office: Office) -> pd.DataFrame:
    """The list: categories, whether the answer is near a threshold, markers of biased results, and who decided."""
    near = office.identification.groupby("school_id")["near"].any()
    expert = office.identification["decision"].eq("expert").groupby(office.identification["school_id"]).any()
    marked = biased_schools(office)
    frame = answers_by_school(office)
    return frame.assign(
        near_threshold=near.reindex(frame.index),
        bias=marked.set_index("school_id")["verdict"],
        decision=expert.reindex(frame.index).map({True: "expert", False: "calculated"}),
    ).reset_index()


def expert_decisions(office: Office) -> pd.DataFrame:
    """Rows of the identification that an expert decided."""
    return office.identification[office.identification["decision"].eq("expert")]


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


def index_values(office: Office, name: str, components: pd.DataFrame) -> pd.DataFrame:
    """Natural values of the components of an index and its score, one row per registered school."""
    scores = office.indicators[office.indicators["indicator"].eq(name) & office.indicators["year"].eq(office.year)]
    wide = components.pivot(index="school_id", columns="component", values="value")
    frame = wide.assign(score=scores.set_index("school_id")["value"])
    if "hidden" in components:
        frame["hidden"] = components.groupby("school_id")["hidden"].any()
    return frame.reindex(list(office.school_names)).rename_axis("school_id").reset_index()
