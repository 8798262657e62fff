"""A population judged by a method: of one office, of a region, of a country."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property

import pandas as pd

from shnor_lib.criteria.clarification import apply_expert_decisions, apply_received_lists, standing_lists
from shnor_lib.criteria.decisions import identify
from shnor_lib.criteria.indices import compute_indices
from shnor_lib.criteria.judge import evaluate_criteria, evaluate_procedures
from shnor_lib.criteria.measure import Evidence
from shnor_lib.indicators import Store, compute_store
from shnor_lib.indicators.window import full_names
from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources.rows import empty_rows
from shnor_lib.office.gather import Population
from shnor_lib.office.registry import complete_lists, judged_schools, official_lists
from shnor_lib.params.methods import Method


@dataclass(frozen=True)
class Judged:
    """Schools judged by a method in one year: the frames of :class:`Office` of the same names, of all municipalities.

    ``store`` holds the indicators without the indices of the method, which are ``index_rows``.
    """

    store: Store
    index_rows: pd.DataFrame
    components: pd.DataFrame
    low_procedures: pd.DataFrame
    verdicts: pd.DataFrame
    identification: pd.DataFrame

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The long table of all levels, indices included."""
        rows = self.store.long(municipality=True)
        return pd.concat([rows, self.index_rows], ignore_index=True) if len(self.index_rows) else rows

    def of_office(self, municipality: str) -> Judged:
        """The part of one municipality."""
        frames = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "store"}
        own = {
            name: frame[frame["municipality"].eq(municipality)].reset_index(drop=True) for name, frame in frames.items()
        }
        return Judged(store=self.store.of_office(municipality), **own)


def judge(method: Method, population: Population, year: int, in_force: bool = True) -> Judged:
    """Compute the indices, judge the criteria and decide on every school of a population for one year.

    Rows of years after ``year`` are not looked at. ``in_force``: as for :func:`decided`.
    """
    tables, store = population.tables, population.store.until(year)
    evidence = evidence_on(tables, population.sources, store, [method], year)
    years = [year - back for back in range(method.years)]
    indices = compute_indices(method, evidence.schools, store, years)
    evidence = replace(evidence, store=store.with_rows(indices.rows))
    verdicts = [evaluate_criteria(method, evidence, each) for each in years]
    return Judged(
        store=store,
        index_rows=indices.rows,
        components=indices.components,
        low_procedures=evaluate_procedures(method, evidence, year),
        verdicts=verdicts[0],
        identification=decided(method, verdicts, tables, year, in_force),
    )


def evidence_on(
    tables: dict[str, pd.DataFrame], sources: pd.DataFrame, store: Store, methods: Iterable[Method], year: int
) -> Evidence:
    """What the criteria of methods are judged on: the schools of a year, their indicators and the official lists."""
    return Evidence(
        schools=judged_schools(tables, sources, year),
        store=store,
        low_procedures=official_lists(tables["low_procedures"]),
        complete_lists=complete_lists(sources),
        components={name: method.components_of(name) for method in methods for name in method.indices},
    )


def decided(
    method: Method, verdicts: list[pd.DataFrame], tables: dict[str, pd.DataFrame], year: int, in_force: bool
) -> pd.DataFrame:
    """The identification by the verdicts of the year and those before it, with received lists and the decisions of experts in it.

    Lists and experts decide beside the method in force (:func:`shnor_lib.office.rules.in_force`); what another method or a scenario
    calculates stands without them. What experts decided stands above a list.
    """
    found, experts = identify(method, verdicts), tables["expert_decisions"]
    if in_force:
        deciding = [name for name, one in method.decisions.items() if one.received == "decides"]
        found = apply_received_lists(found, standing_lists(tables["received_lists"], year), deciding)
    return apply_expert_decisions(found, experts[experts["year"].eq(year) & in_force])


def judge_offices(
    method: Method, tables: dict[str, pd.DataFrame], year: int, sources: pd.DataFrame | None = None
) -> Judged:
    """Identification of many offices at once from their tables: a region or a country without opening every office.

    Only the indicators that the method looks at are computed; verdicts and identification of each office are those it has
    alone. Memory grows with the schools: a country is judged in portions of whole municipalities, unless the method ranks
    schools within the region.

    Parameters
    ----------
    tables : input tables by name, checked, each with ``municipality``; those that nobody has may be absent.
    sources : ``municipality, tables, complete`` of the files, where official lists are declared complete.
    """
    present = {name: tables[name] for name in tables if len(tables[name])}
    judged_on = ("schools", "low_procedures", "received_lists", "expert_decisions")
    empty = {name: empty_rows(table(name)).assign(municipality=pd.Series(dtype="string")) for name in judged_on}
    population = Population(
        tables=empty | present,
        sources=pd.DataFrame(columns=["municipality", "tables", "complete"]) if sources is None else sources,
        store=compute_store(present, only=needed_indicators(method)),
    )
    return judge(method, population, year)


def needed_indicators(method: Method) -> list[str]:
    """Patterns of the indicators that the criteria and indices of a method look at."""
    measured = [*method.criteria.values(), *(c for index in method.indices.values() for c in index.components.values())]
    patterns = [name for one in measured for asked in one.asks for name in full_names(*asked)]
    return [name for name in dict.fromkeys(patterns) if name not in method.indices]
