"""Offices read, checked and measured together: the population that a method judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
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


@dataclass(frozen=True)
class Inspected:
    """The data of an office as they were read and checked.

    Attributes
    ----------
    years : what was read of ``data/raw``; the year reported on is the last one.
    inputs, corrections : what was delivered with the declared corrections made, and these.
    found : every problem of the tables by themselves.
    usable : the tables without impossible values.
    """

    municipality: str
    years: list[int]
    inputs: Inputs
    corrections: pd.DataFrame
    found: pd.DataFrame
    usable: dict[str, pd.DataFrame]
    known: Catalogue | None

    @property
    def errors(self) -> pd.DataFrame:
        """The problems for which the data cannot be used."""
        return self.found[self.found["severity"].eq("error")]

    @cached_property
    def population(self) -> Population:
        """The office alone."""
        return populated([self])

    @property
    def problems(self) -> pd.DataFrame:
        """Every problem: of the tables, and of published values that their counts do not confirm."""
        if self.inputs.tables["published_indicators"].empty or len(self.errors):
            return self.found
        return self.population.problems.drop(columns="municipality")


def inspect(workspace: Path, municipality: str, years: Iterable[int], known: Catalogue | None = None) -> Inspected:
    """Read and check the data of an office. ``known``: the indicators that published values may be of."""
    years = list(years)
    inputs, made = read_corrected(workspace, municipality, years)
    found = check_inputs(inputs, years[-1])
    found = join_problems([found, check_published_names(inputs.tables["published_indicators"], known)])
    return Inspected(municipality, years, inputs, made, found, usable_tables(inputs, found), known)


def gather(workspace: Path, municipalities: Iterable[str], years: list[int]) -> Population:
    """Read and check one or more offices together and compute their indicators; every row says its ``municipality``.

    Raises
    ------
    DataInvalid
        When the input of an office has errors; all of them are listed.
    """
    known, inspected = read_catalogue(workspace), []
    for municipality in municipalities:
        inspected.append(inspect(workspace, municipality, years, known))
        if len(errors := inspected[-1].errors):
            raise DataInvalid(municipality, years[-1], errors)
    return populated(inspected)


def populated(inspected: Sequence[Inspected]) -> Population:
    """The indicators of offices without errors, computed together."""
    names, known = [one.municipality for one in inspected], inspected[0].known
    tables = {name: _together([one.usable[name] for one in inspected], names) for name in inspected[0].usable}
    store, counted = compute_with_published(tables, known)
    problems = []
    for one in inspected:
        published = one.inputs.tables["published_indicators"].assign(municipality=one.municipality)
        differing = check_published_against_computed(published, counted)
        problems.append(join_problems([one.found, differing]).assign(municipality=one.municipality))
    sources, corrections = (
        pd.concat(
            [frame.assign(municipality=name) for name, frame in zip(names, frames, strict=True)], ignore_index=True
        )
        for frames in ([one.inputs.sources for one in inspected], [one.corrections for one in inspected])
    )
    return Population(tables, sources, store, pd.concat(problems, ignore_index=True), corrections)


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


def population_for(
    workspace: Path, municipality: str, profile: Profile, year: int, methods: Iterable[Method]
) -> Population:
    """The schools and years that the methods need to judge an office in a year."""
    return gather(workspace, *reach(workspace, municipality, profile, year, methods))
