"""Everything known of one office and year: what every notebook opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import TypeVar

import pandas as pd

from shnor_lib.indicators import Catalogue, Store, catalogue
from shnor_lib.indicators.declared import Chapter
from shnor_lib.office.registry import count_schools, judged_schools, school_registry
from shnor_lib.office.rules import in_force
from shnor_lib.office.variants import Variant
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile

About, Found = TypeVar("About"), TypeVar("Found")


def once(find: Callable[[About], Found]) -> Callable[[About], Found]:
    """What a function finds of an office or an analysis, found once for it: several facts of a page rest on the same."""

    @wraps(find)
    def found(about: About) -> Found:
        kept = about.__dict__.setdefault("_found", {})
        if find not in kept:
            kept[find] = find(about)
        return kept[find]

    return found


class SchoolNames(dict[str, str]):
    """Short names of schools by id; a school that the register does not have goes by its id.

    >>> SchoolNames({"1": "СОШ № 1"})["2"]
    '2'
    """

    def __missing__(self, school: str) -> str:
        return school


@dataclass(frozen=True)
class Office:
    """Everything known of one office and year.

    Attributes
    ----------
    deviations : what the profile and the scenario change in the method: ``source, path, title, method_value, office_value, why``.
    tables : the input tables by name, years of the window together.
    problems, sources : what the checks found; where every file came from.
    corrections : cells of the delivered data that the office corrected, with the reason and the role.
    indicators : the long table of all levels, indices included; ``components`` what stands behind the indices.
    low_procedures : the procedures and years that the federal rule looked at (empty for methods without it).
    verdicts, identification : of the year of the run; ``previous`` is the identification of the year before (empty when
        there are no data for it).
    targets, target_history : the state of the programme's target indicators, and their values year by year.
    waves : indicators of the monitoring waves of the year, with ``wave``.
    variants : the other rules that the workspace offers for the same data.
    own_indicators : the chapters of indicators that the workspace declares.
    whole : of a public edition, the same office with all its numbers (:mod:`shnor_lib.office.disclosure.told`).
    """

    municipality: str
    year: int
    audience: str
    profile: Profile
    method_name: str
    scenario_name: str | None
    method: Method
    deviations: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    problems: pd.DataFrame
    sources: pd.DataFrame
    corrections: pd.DataFrame
    indicators: pd.DataFrame
    components: pd.DataFrame
    low_procedures: pd.DataFrame
    verdicts: pd.DataFrame
    identification: pd.DataFrame
    previous: pd.DataFrame
    targets: pd.DataFrame
    target_history: pd.DataFrame
    waves: pd.DataFrame
    variants: tuple[Variant, ...]
    own_indicators: dict[str, Chapter]
    whole: Office | None = None

    @cached_property
    def catalogue(self) -> Catalogue:
        """The indicators of the package and the workspace's own."""
        return catalogue().with_rows(self.own_indicators) if self.own_indicators else catalogue()

    @cached_property
    def shown(self) -> Office:
        """Of a public edition, what it shows, told without a look at the whole."""
        return replace(self, whole=None)

    @cached_property
    def store(self) -> Store:
        """The indicators by key: the long table as arrays."""
        return Store.of_long(self.indicators, self.catalogue)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The registry of the year: one row per school that is judged (:func:`judged_schools`)."""
        return judged_schools(self.tables, self.sources, self.year)

    @cached_property
    def school_names(self) -> SchoolNames:
        """Short names by id of all schools of the registry, partners that are not judged too."""
        named = school_registry(self.tables["schools"], self.year)
        names = named["short_name"].fillna(named["name"]).fillna(named["school_id"])
        return SchoolNames(zip(named["school_id"], names, strict=True))

    @property
    def in_force(self) -> bool:
        """Whether the office decides by this method (:func:`shnor_lib.office.rules.in_force`)."""
        return in_force(self.profile, self.method_name, self.scenario_name)

    @property
    def schools_total(self) -> int:
        """Number of schools: as the office publishes it, else as many as its registry names."""
        return count_schools(self.tables, self.sources, self.year)
