"""The board's page (report 00): the facts of all reports together, the key figures, and the figures of the office's own document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from shnor_lib.analyses.board import board_facts, listed_schools, named
from shnor_lib.analyses.findings import data_facts, identification_facts, year_facts
from shnor_lib.analyses.objectivity import biased_schools, marker_facts, observed_schools
from shnor_lib.analyses.support.measures import CANCELLED, DONE, IN_PROGRESS, OVERDUE, PLANNED, UNKNOWN, office_measures
from shnor_lib.criteria.targets import STATES
from shnor_lib.indicators.catalogue import split_name
from shnor_lib.indicators.store import FROM_SCHOOLS
from shnor_lib.office.office import Office
from shnor_lib.office.registry import lists_some_schools


@dataclass(frozen=True)
class Board:
    """What the board's page says of an office, each found once."""

    office: Office

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The listed schools (:func:`shnor_lib.analyses.board.listed_schools`)."""
        return listed_schools(self.office)

    @cached_property
    def facts(self) -> dict[str, object]:
        """Facts of the lists, of the other reports and of the data together."""
        office = self.office
        biased = biased_schools(office)
        found = {"observed_names": named(office, observed_schools(biased)), "pupils_total": pupils_total(office)}
        lists = identification_facts(office) | board_facts(office, self.listed)
        return {**lists, **year_facts(office), **marker_facts(biased), **found, **data_facts(office)}


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
    """Values of the known indicators above the schools, with their ``unit``."""
    rows = office.indicators
    rows = rows[rows["level"].ne("school") & rows["value"].notna()]
    rows = rows.loc[[split_name(name)[0] in office.catalogue for name in rows["indicator"]]]
    return rows.assign(unit=[office.catalogue[split_name(name)[0]].unit for name in rows["indicator"]])


def key_figures(office: Office, names: Iterable[str], places: Iterable[str]) -> pd.DataFrame:
    """The named figures of the year by place (a level or a group), the municipality ``before`` and the ``unit``.

    Figures without a value anywhere are left out; so is the number of schools where the registry names only some of them.
    """
    names, places = list(names), list(places)
    rows = figure_rows(office)
    rows = rows[rows["indicator"].isin(names)]
    now, before = rows[rows["year"].eq(office.year)], rows[rows["year"].eq(office.year - 1)]
    now = now.assign(place=now["level"].where(now["level"].ne("group"), now["group"]))
    wide = now.drop_duplicates(["indicator", "place"]).set_index(["indicator", "place"])["value"].unstack()
    own = before[before["level"].eq("municipality")].set_index("indicator")["value"]
    units = rows.drop_duplicates("indicator").set_index("indicator")["unit"]
    frame = wide.reindex(columns=places).assign(before=own, unit=units)
    frame = frame.reindex([name for name in names if name in frame.index])
    frame = frame[frame[places].notna().any(axis=1)]
    if lists_some_schools(office.sources, office.year):
        frame = frame.drop(index="schools_count", errors="ignore")
    return frame.rename_axis("indicator").reset_index()


def published_figures(office: Office, left_out: Iterable[str], left_out_of_groups: Iterable[str]) -> pd.DataFrame:
    """The latest figures of the municipality and its groups by its own document; counts only behind shares."""
    rows = figure_rows(office)
    rows = rows[rows["level"].isin(["municipality", "group"]) & rows["year"].le(office.year)]
    rows = rows[~rows["note"].str.startswith(FROM_SCHOOLS)]
    measures = rows["indicator"].map(lambda name: split_name(name)[0])
    of_group = measures.isin(list(left_out_of_groups)) & rows["level"].eq("group")
    rows = rows[~measures.isin(list(left_out)) & ~of_group]
    latest = rows.groupby(["indicator", "level", "group"], dropna=False)["year"].transform("max")
    rows = rows[rows["year"].eq(latest)].reset_index(drop=True)
    counted = pd.Series(
        [office.catalogue[split_name(name)[0]].pooling == "ratio" for name in rows["indicator"]], dtype=bool
    )
    return rows.assign(
        who=rows["group"].where(rows["level"].eq("group")),
        numerator=rows["numerator"].where(counted),
        denominator=rows["denominator"].where(counted),
    )
