"""Offices read, checked and measured together: the population that a method judges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from shnor_lib.indicators import (
    Catalogue,
    Store,
    check_published_against_computed,
    check_published_names,
    compute_with_published,
    read_catalogue,
)
from shnor_lib.inputs.checks import check_inputs, usable_tables
from shnor_lib.inputs.corrections import apply_corrections
from shnor_lib.inputs.sources import Inputs, read_inputs
from shnor_lib.inputs.sources.problems import join_problems
from shnor_lib.office.scope import reach
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import read_profile


class DataInvalid(ValueError):
    """Input that cannot be used; ``problems`` holds every error with file, sheet, cell and remedy."""

    def __init__(self, municipality: str, year: int, problems: pd.DataFrame):
        self.municipality, self.year, self.problems = municipality, year, problems
        super().__init__(f"{municipality} {year}: ошибок в данных – {len(problems)}")


@dataclass(frozen=True)
class Population:
    """What is known of all schools that an office is judged among: its own, or those of its whole region."""

    tables: dict[str, pd.DataFrame]
    sources: pd.DataFrame
    store: Store
    problems: pd.DataFrame = field(default_factory=pd.DataFrame)
    corrections: pd.DataFrame = field(default_factory=pd.DataFrame)


def gather(workspace: Path, municipalities: Iterable[str], years: list[int]) -> Population:
    """Read and check one or more offices together and compute their indicators; every row says its ``municipality``.

    Raises
    ------
    DataInvalid
        When the input of an office has errors; all of them are listed.
    """
    known = read_catalogue(workspace)
    tables: dict[str, list[pd.DataFrame]] = {}
    inspected, problems, sources, corrections = [], [], [], []
    for municipality in municipalities:
        inputs, made = read_corrected(workspace, municipality, years)
        found, usable = check_tables(inputs, years[-1], known)
        errors = found[found["severity"].eq("error")]
        if len(errors):
            raise DataInvalid(municipality, years[-1], errors)
        inspected.append((municipality, found, inputs.tables["published_indicators"]))
        sources.append(inputs.sources.assign(municipality=municipality))
        corrections.append(made.assign(municipality=municipality))
        for name, frame in usable.items():
            tables.setdefault(name, []).append(frame)
    names = [municipality for municipality, _, _ in inspected]
    together = {name: _together(parts, names) for name, parts in tables.items()}
    store, counted = compute_with_published(together, known)
    for municipality, found, published in inspected:
        published = published.assign(municipality=municipality)
        differing = check_published_against_computed(published, counted)
        problems.append(join_problems([found, differing]).assign(municipality=municipality))
    return Population(
        together,
        pd.concat(sources, ignore_index=True),
        store,
        pd.concat(problems, ignore_index=True),
        pd.concat(corrections, ignore_index=True),
    )


def _together(parts: list[pd.DataFrame], municipalities: list[str]) -> pd.DataFrame:
    """A table of several offices, of each row the office it is of."""
    rows = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    offices = pd.array(municipalities, dtype="str").take(np.repeat(np.arange(len(parts)), list(map(len, parts))))
    return rows.assign(municipality=offices)


def read_corrected(workspace: Path, municipality: str, years: Iterable[int]) -> tuple[Inputs, pd.DataFrame]:
    """What was delivered with the office's declared corrections made, and the corrections made."""
    years = list(years)
    inputs = read_inputs(workspace, municipality, years)
    declared = [one for one in read_profile(workspace, municipality).corrections if one.year in years]
    tables, made, problems = apply_corrections(inputs.tables, declared, f"params/{municipality}.yml")
    return replace(inputs, tables=tables, problems=join_problems([inputs.problems, problems])), made


LATER_CHECKS = {
    "corrections": "Объявленные исправления подходят к источнику",
    "published_names": "Опубликованные показатели есть в каталоге",
    "published_against_computed": "Опубликованные значения согласны с числами",
}
"""Checks made once indicators are known; the others are registered in :mod:`shnor_lib.inputs.checks`."""


def check_tables(inputs: Inputs, year: int, known: Catalogue | None) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Every problem of an office's tables by themselves, and the tables without impossible values."""
    found = check_inputs(inputs, year)
    found = join_problems([found, check_published_names(inputs.tables["published_indicators"], known)])
    return found, usable_tables(inputs, found)


def inspect_inputs(inputs: Inputs, year: int, known: Catalogue | None = None) -> pd.DataFrame:
    """Every problem of an office's data: of the tables, and of published values that their counts do not confirm."""
    found, usable = check_tables(inputs, year, known)
    published = inputs.tables["published_indicators"]
    if published.empty or found["severity"].eq("error").any():
        return found
    _, counted = compute_with_published(usable, known)
    return join_problems([found, check_published_against_computed(published, counted)])


def population_for(
    workspace: Path, municipality: str, profile: Profile, year: int, methods: Iterable[Method]
) -> Population:
    """The schools and years that the methods need to judge an office in a year."""
    return gather(workspace, *reach(workspace, municipality, profile, year, methods))
