"""Which schools an office has in a year, and what its documents say of their lists."""

from __future__ import annotations

import pandas as pd

from shnor_lib.criteria.measure import UNIT


def count_schools(schools: pd.DataFrame, year: int) -> int:
    """Number of schools of one office: the published figure of the year, else the length of the registry."""
    published = schools[schools["level"].eq("municipality") & schools["year"].eq(year)]["schools"].dropna()
    return int(published.iloc[0]) if len(published) else len(school_registry(schools, year))


def school_registry(schools: pd.DataFrame, year: int) -> pd.DataFrame:
    """Schools known in a year: the rows of the year, or of the latest year before it that has any.

    ``schools``: the ``schools`` table of several years, with ``municipality``.
    """
    own = schools[schools["level"].eq("school") & schools["year"].le(year)]
    latest = own.groupby("municipality")["year"].transform("max")
    registry = own[own["year"].eq(latest)].drop_duplicates(UNIT, keep="first")
    return registry.sort_values(UNIT, kind="stable").reset_index(drop=True)


def official_lists(low_procedures: pd.DataFrame) -> pd.DataFrame:
    """Rows of the official lists with the name of their procedure."""
    grades = low_procedures["grade"].astype("Int64").astype("string")
    return low_procedures.assign(procedure=low_procedures["exam"] + "/" + low_procedures["subject"] + "/" + grades)


def lists_some_schools(sources: pd.DataFrame, year: int) -> bool:
    """Whether SOURCES.yml declares that the registry of the year names only some of the schools (``complete: false``)."""
    registry = sources["tables"].map(lambda tables: "schools" in tables).astype(bool) & sources["year"].eq(year)
    return bool(sources.loc[registry, "complete"].eq(False).fillna(False).any())


def complete_lists(sources: pd.DataFrame) -> frozenset[str]:
    """Municipalities whose official list of low procedures is declared complete in SOURCES.yml."""
    holds_list = sources["tables"].map(lambda tables: "low_procedures" in tables).astype(bool)
    whole = sources[holds_list & sources["complete"].eq(True).fillna(False)]
    return frozenset(whole["municipality"])
