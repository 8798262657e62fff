"""An office and a year read, checked, computed and judged; or opened as the last run kept it.

Nothing here writes a file; :mod:`shnor_lib.runs` keeps the result in ``data/processed``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from shnor_lib.criteria.targets import evaluate_targets, history_of_targets
from shnor_lib.indicators.compute import compute_waves
from shnor_lib.office.edition import public_edition
from shnor_lib.office.gather import gather
from shnor_lib.office.judging import judge
from shnor_lib.office.kept import read_office
from shnor_lib.office.office import Office
from shnor_lib.office.registry import count_schools
from shnor_lib.office.scope import Scope, scope_of
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
        When the profile, method or scenario cannot be used.
    DataInvalid
        When the input has errors; all of them are listed.
    """
    scope = scope or scope_of(workspace, municipality, year, method=method, scenario=scenario)
    population = gather(workspace, scope.municipalities, scope.years)
    judged = judge(scope.method, population, year).of_office(municipality)

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        if len(scope.municipalities) > 1:
            frame = frame[frame["municipality"].eq(municipality)]
        return frame.reset_index(drop=True)

    has_before = population.tables["schools"]["year"].lt(year).any()
    previous = (
        own(judge(scope.method, population, year - 1).identification) if has_before else judged.identification.iloc[:0]
    )
    tables = {name: own(frame) for name, frame in population.tables.items()}
    total = count_schools(tables, own(population.sources), year)
    target_history = history_of_targets(scope.profile.targets, judged.store, judged.identification, total, year)
    return Office(
        municipality=municipality,
        year=year,
        audience=audience,
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
        previous=previous,
        targets=evaluate_targets(scope.profile.targets, target_history, judged.store, year),
        target_history=target_history,
        waves=compute_waves(tables, year, WAVE_INDICATORS, population.store.catalogue),
        variants=read_variants(workspace, municipality, scope.profile, scope.method_name, scope.scenario_name),
        own_indicators=scope.own_indicators,
    )


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

    ``audience``: ``internal`` or ``public``; the public edition masks small numbers.
    """
    root = find_workspace(workspace)
    kept = None if method or scenario else read_office(root, municipality, year)
    office = kept or assemble_office(root, municipality, year, method=method, scenario=scenario)
    return public_edition(office) if audience == "public" else office
