"""The board's page (report 00): the facts of all reports together, the key figures, and the figures of the office's own document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from shnor_lib.analyses.board import board_facts, listed_schools
from shnor_lib.analyses.findings import data_facts, identification_facts, year_facts
from shnor_lib.analyses.naming import named
from shnor_lib.analyses.objectivity import marker_facts, observed_schools
from shnor_lib.analyses.promises import promise_facts
from shnor_lib.analyses.results import compare
from shnor_lib.analyses.subject_changes import document_falls, published_changes
from shnor_lib.analyses.support.effectiveness import Effectiveness, effect_facts
from shnor_lib.analyses.support.measures import CANCELLED, DONE, IN_PROGRESS, OVERDUE, PLANNED, UNKNOWN, office_measures
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.criteria.measure import MET
from shnor_lib.criteria.targets import STATES
from shnor_lib.indicators.catalogue import split_name
from shnor_lib.indicators.causes import AS_RANGE, NOT_COMPARABLE, NOT_DELIVERED
from shnor_lib.indicators.ranges import ranges_in_words
from shnor_lib.indicators.store import FROM_SCHOOLS
from shnor_lib.inputs.breaks import not_alike
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office


@dataclass(frozen=True)
class Board:
    """What the board's page says of an office, each found once."""

    office: Office

    @cached_property
    def plan(self) -> SupportPlan:
        """What is planned and done for the schools."""
        return SupportPlan(self.office)

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The listed schools (:func:`shnor_lib.analyses.board.listed_schools`)."""
        return listed_schools(self.office, self.plan)

    @cached_property
    def facts(self) -> dict[str, object]:
        """Facts of the lists, of the other reports and of the data together."""
        office = self.office
        biased = self.plan.biased
        found = {
            "biased_names": named(office, biased.loc[biased["verdict"].eq(MET), "school_id"]),
            "observed_names": named(office, observed_schools(biased)),
            "pupils_total": pupils_total(office),
        }
        lists = identification_facts(office) | board_facts(office, self.listed, self.plan)
        told = year_facts(office) | promise_facts(office) | document_falls(office, published_changes(office))
        effect = effect_facts(Effectiveness(office).effect)
        return {**lists, **told, **effect, **marker_facts(biased), **found, **data_facts(office)}


def overview_facts(office: Office) -> dict[str, object]:
    """The facts of the board's page."""
    return Board(office).facts


def pupils_total(office: Office) -> float | None:
    """Pupils of the municipality in the year; None when the data do not say."""
    rows = office.indicators
    own = rows[rows["level"].eq("municipality") & rows["year"].eq(office.year) & rows["indicator"].eq("pupils_count")]
    known = own["value"].dropna()
    return float(known.iloc[0]) if len(known) else None


def measure_counts(office: Office) -> dict[str, int]:
    """Measures of the programme by state, in the order a bar shows them."""
    states = office_measures(office)["state"]
    order = (DONE, IN_PROGRESS, PLANNED, OVERDUE, CANCELLED, UNKNOWN)
    return {state: int(states.eq(state).sum()) for state in order}


def target_counts(office: Office) -> dict[str, int]:
    """Targets of the programme by state, in the order a bar shows them."""
    states = office.targets["state"]
    return {state: int(states.eq(state).sum()) for state in STATES}


def figure_rows(office: Office) -> pd.DataFrame:
    """Values and printed ranges of the known indicators above the schools, with their ``unit`` and the words of the range."""
    rows = office.indicators
    rows = rows[rows["level"].ne("school") & (rows["value"].notna() | rows["cause"].eq(AS_RANGE))]
    rows = rows.loc[[split_name(name)[0] in office.catalogue for name in rows["indicator"]]]
    units = [office.catalogue[split_name(name)[0]].unit for name in rows["indicator"]]
    return rows.assign(unit=units, printed=ranges_in_words(rows, units))


@for_the_public
def key_figures(office: Office, names: Iterable[str], places: Iterable[str]) -> pd.DataFrame:
    """The named figures of the year by place (a level or a group), beside a comparable year before and the region.

    Returns
    -------
    indicator; a column a place; ``before``: the municipality in ``before_year``, the latest year of those looked at in which the
    procedure was what it is now, with ``before_cause`` where there is none and ``breaks``: what the years passed over were;
    ``comparison``: the municipality against the region as in report 20 (missing where the region is not known); ``unit``.
    Figures without a value anywhere are left out.
    """
    names, places = list(names), list(places)
    rows = figure_rows(office)
    rows = rows[rows["indicator"].isin(names) & rows["value"].notna()]
    now = rows[rows["year"].eq(office.year)]
    now = now.assign(place=now["level"].where(now["level"].ne("group"), now["group"]))
    wide = now.drop_duplicates(["indicator", "place"]).set_index(["indicator", "place"])["value"].unstack()
    town = rows[rows["level"].eq("municipality")].drop_duplicates(["indicator", "year"])
    units = rows.drop_duplicates("indicator").set_index("indicator")["unit"]
    frame = wide.reindex(columns=places).assign(unit=units)
    frame = frame.reindex([name for name in names if name in frame.index])
    frame = frame[frame[places].notna().any(axis=1)]
    values = town.set_index(["indicator", "year"])["value"].to_dict()
    before = [year_before(office, name, values) for name in frame.index]
    frame[["before_year", "before", "before_cause", "breaks"]] = pd.DataFrame(
        before, index=frame.index, columns=range(4)
    )
    return (
        frame.assign(comparison=against_region(office, town).reindex(frame.index))
        .rename_axis("indicator")
        .reset_index()
    )


def against_region(office: Office, town: pd.DataFrame) -> pd.Series:
    """The municipality against the region by indicator, as report 20 compares them; only shares whose numbers are known.

    ``town``: rows of the municipality.
    """
    own = town[town["year"].eq(office.year) & town["numerator"].notna() & town["unit"].eq("rate")]
    if own.empty:
        return pd.Series(dtype=object)
    parts = own["indicator"].map(split_name)
    own = own.assign(measure=[measure for measure, _ in parts], part=[part or "" for _, part in parts])
    found = compare(own, office.indicators, office.profile.results, ["region"]).set_index("indicator")
    return found["comparison_region"].where(found["benchmark_region"].notna())


def year_before(
    office: Office, indicator: str, values: Mapping[tuple[str, int], float]
) -> tuple[float | None, float | None, str, str]:
    """The latest earlier year that an indicator can be compared with, its value, the cause without one, what was passed over.

    ``values`` of the municipality by indicator and year.
    """
    procedure, breaks = split_name(indicator)[1], []
    for year in range(office.year - 1, office.year - office.profile.results.years, -1):
        unlike = not_alike(procedure, year, office.year) if procedure else ""
        if unlike:
            breaks.append(unlike)
        elif (indicator, year) in values:
            return year, values[indicator, year], "", "; ".join(breaks)
    return None, None, NOT_COMPARABLE if breaks else NOT_DELIVERED, "; ".join(breaks)


def published_figures(office: Office, left_out: Iterable[str], left_out_of_groups: Iterable[str]) -> pd.DataFrame:
    """The latest figures of the municipality, then of its groups, by its own document, new ones first; counts only behind shares."""
    rows = figure_rows(office)
    rows = rows[rows["level"].isin(["municipality", "group"]) & rows["year"].le(office.year)]
    rows = rows[~rows["note"].str.startswith(FROM_SCHOOLS)]
    measures = rows["indicator"].map(lambda name: split_name(name)[0])
    of_group = measures.isin(list(left_out_of_groups)) & rows["level"].eq("group")
    rows = rows[~measures.isin(list(left_out)) & ~of_group]
    latest = rows.groupby(["indicator", "level", "group"], dropna=False)["year"].transform("max")
    rows = rows[rows["year"].eq(latest)]
    order = rows["level"].eq("group").astype(int) * 10_000 - rows["year"].astype(int)
    rows = rows.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)
    counted = pd.Series(
        [office.catalogue[split_name(name)[0]].pooling == "ratio" for name in rows["indicator"]], dtype=bool
    )
    return rows.assign(
        who=rows["group"].where(rows["level"].eq("group")),
        numerator=rows["numerator"].where(counted),
        denominator=rows["denominator"].where(counted),
    )
