"""An office and a year read, checked, computed and judged; or opened as the last run kept it.

Nothing here writes a file; :mod:`shnor_lib.runs` keeps the result in ``data/processed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from shnor_lib.criteria.targets import Lists, evaluate_targets, history_of_targets
from shnor_lib.indicators.compute import compute_waves
from shnor_lib.inputs.own import enter
from shnor_lib.office.advice import misfits_of_measures
from shnor_lib.office.disclosure.edition import public_edition, whole_of
from shnor_lib.office.gather import Population, gather
from shnor_lib.office.judging import judge
from shnor_lib.office.kept import read_office, read_public
from shnor_lib.office.office import Office
from shnor_lib.office.registry import count_schools
from shnor_lib.office.rules import refuse_misfits
from shnor_lib.office.scope import Scope, first_year_of_targets, scope_of
from shnor_lib.office.variants import read_variants
from shnor_lib.workspace import find_workspace

WAVE_INDICATORS = ["below_minimum_rate[*]", "quality_rate[*]", "learning_quality_rate[*]", "learning_pass_rate[*]"]
"""What is monitored within a year."""


def assemble_office(
    workspace: Path,
    municipality: str,
    year: int,
    *,
    method: str | None = None,
    scenario: str | None = None,
    audience: str = "internal",
    scope: Scope | None = None,
) -> Office:
    """Read, check, compute and judge one office and year.

    Parameters
    ----------
    scope : what :func:`scope_of` gave for the same method and scenario, when it is already there.

    Raises
    ------
    ParamsError
        When the profile, method or scenario cannot be used, or a recommendation names a measure that the programme does not have.
    DataInvalid
        When the input has errors; all of them are listed.
    """
    scope = scope or scope_of(workspace, municipality, year, method=method, scenario=scenario)
    enter(workspace, municipality)  # a scope of a neighbour may have been read since
    population = gather(workspace, scope.municipalities, scope.years)
    office = judged_office(workspace, municipality, scope, population)
    previous = office.previous
    if population.tables["schools"]["year"].lt(year).any():
        previous = judge(scope.method, population, year - 1, scope.in_force).of_office(municipality).identification
    known = {year: office.identification, year - 1: previous}
    targets, target_history = targets_of(workspace, scope, municipality, population, known)
    return replace(
        office,
        audience=audience,
        previous=previous,
        targets=targets,
        target_history=target_history,
        waves=compute_waves(office.tables, year, WAVE_INDICATORS, population.store.catalogue),
        variants=read_variants(workspace, municipality, scope.profile, scope.method_name, scope.scenario_name),
    )


def judged_office(workspace: Path, municipality: str, scope: Scope, population: Population) -> Office:
    """An office judged in its year by its own rules; nothing is in ``previous``, targets, ``waves`` and ``variants``.

    Raises :class:`ParamsError` when a recommendation names a measure that the programme does not have.
    """
    judged = judge(scope.method, population, scope.years[-1], scope.in_force).of_office(municipality)

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        if len(scope.municipalities) > 1:
            frame = frame[frame["municipality"].eq(municipality)]
        return frame.reset_index(drop=True)

    tables = {name: own(frame) for name, frame in population.tables.items()}
    measures = tables["measures"]["measure_id"] if tables["schools"]["level"].eq("school").any() else ()
    refuse_misfits(workspace, misfits_of_measures(workspace, municipality, scope.years[-1], measures))
    nothing = pd.DataFrame()
    return Office(
        municipality=municipality,
        year=scope.years[-1],
        audience="internal",
        profile=scope.profile,
        method_name=scope.method_name,
        scenario_name=scope.scenario_name,
        method=scope.method,
        deviations=scope.deviations,
        tables=tables,
        problems=own(population.problems),
        sources=own(population.sources),
        corrections=own(population.corrections),
        indicators=judged.indicators,
        components=judged.components,
        low_procedures=judged.low_procedures,
        verdicts=judged.verdicts,
        identification=judged.identification,
        previous=judged.identification.iloc[:0],
        targets=nothing,
        target_history=nothing,
        waves=nothing,
        variants=(),
        own_indicators=scope.own_indicators,
    )


def targets_of(
    workspace: Path, scope: Scope, municipality: str, population: Population, known: Mapping[int, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The state of the targets of an office, and their values year by year, with the lists of every year back to the baselines.

    ``known``: identifications of the office that are judged already, by year; they stand where no older data are read.
    """
    declared, year = scope.profile.targets, scope.years[-1]
    older = [each for each in scope.years_of_targets if each < scope.years[0]]
    older = [each for each in older if (workspace / "data" / "raw" / municipality / str(each)).is_dir()]
    if older:
        population, known = gather(workspace, scope.municipalities, [*older, *scope.years]), {}
    store = population.store.of_office(municipality)

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["municipality"].eq(municipality)]

    tables, sources = {name: own(frame) for name, frame in population.tables.items()}, own(population.sources)
    years = tables["schools"]["year"]
    first = first_year_of_targets(scope.profile, year)
    lists = {}
    for each in sorted(set(years[years.between(first, year)].tolist())) if declared else []:
        identified = known.get(each)
        if identified is None:
            identified = judge(scope.method, population, each).of_office(municipality).identification
        lists[each] = Lists.of(identified, store, count_schools(tables, sources, each))
    history = history_of_targets(declared, store, lists, year)
    return evaluate_targets(declared, history, store, lists, year), history


def open_office(
    municipality: str,
    year: int,
    *,
    audience: str = "internal",
    method: str | None = None,
    scenario: str | None = None,
    workspace: str | Path | None = None,
) -> Office:
    """The office and year that a notebook shows: from ``data/processed`` when it is up to date, else computed now.

    Parameters
    ----------
    audience : ``internal`` or ``public``; the public edition masks small numbers.
    method, scenario : another method or scenario of ``params`` than the profile names.
    workspace : the folder with ``params`` and ``data``; the nearest one above unless given.

    Examples
    --------
    >>> office = open_office("demo", 2021)
    >>> office.identification.loc[office.identification["identified"].eq("yes"), "category"].value_counts().to_dict()
    {'adverse_conditions': 6, 'low_results': 4}
    """
    root = find_workspace(workspace)
    kept = None if method or scenario else read_office(root, municipality, year)
    office = kept or assemble_office(root, municipality, year, method=method, scenario=scenario)
    if audience != "public":
        return office
    public = read_public(root, municipality, year) if kept else None
    return replace(public, whole=whole_of(office)) if public else public_edition(office)
