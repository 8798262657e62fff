"""Which schools an office has in a year, and what its documents say of their lists."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.criteria.measure import UNIT


def count_schools(tables: Mapping[str, pd.DataFrame], sources: pd.DataFrame, year: int) -> int:
    """Number of schools of one office: the published figure of the year, else of those that are judged."""
    schools = tables["schools"]
    published = schools[schools["level"].eq("municipality") & schools["year"].eq(year)]["schools"].dropna()
    return int(published.iloc[0]) if len(published) else len(judged_schools(tables, sources, year))


def school_registry(schools: pd.DataFrame, year: int) -> pd.DataFrame:
    """Schools known in a year: the rows of the year, or of the latest year before it that has any.

    ``schools``: the ``schools`` table of several years, with ``municipality``.
    """
    own = schools[schools["level"].eq("school") & schools["year"].le(year)]
    latest = own.groupby("municipality")["year"].transform("max")
    registry = own[own["year"].eq(latest)].drop_duplicates(UNIT, keep="first")
    return registry.sort_values(UNIT, kind="stable").reset_index(drop=True)


def judged_schools(tables: Mapping[str, pd.DataFrame], sources: pd.DataFrame, year: int) -> pd.DataFrame:
    """The registry of the schools that an answer is asked of: without those that the data name for another reason only.

    Where SOURCES.yml declares that a registry names only some schools, a school is in it because a document speaks of it. One
    that is spoken of as a partner of others, and of which nothing else is delivered, is no candidate for help.

    Parameters
    ----------
    tables : the input tables by name; those that nobody has may be absent.
    """
    registry = school_registry(tables["schools"], year)
    partial = sources[_names_some_schools(sources, year)]
    partnerships = tables.get("partnerships")
    if partial.empty or partnerships is None or partnerships.empty:
        return registry
    rest = [
        frame[UNIT].dropna().drop_duplicates()
        for name, frame in tables.items()
        if name != "schools" and "school_id" in frame
    ]
    told = pd.MultiIndex.from_frame(pd.concat(rest))
    partners = pd.MultiIndex.from_frame(partnerships.loc[partnerships["year"].le(year), ["municipality", "partner_id"]])
    own = pd.MultiIndex.from_frame(registry[UNIT])
    named = own.isin(partners) & ~own.isin(told) & registry["municipality"].isin(partial["municipality"])
    return registry[~named].reset_index(drop=True)


def official_lists(low_procedures: pd.DataFrame) -> pd.DataFrame:
    """Rows of the official lists with the name of their procedure."""
    grades = low_procedures["grade"].astype("Int64").astype("string")
    return low_procedures.assign(procedure=low_procedures["exam"] + "/" + low_procedures["subject"] + "/" + grades)


def lists_some_schools(sources: pd.DataFrame, year: int) -> bool:
    """Whether SOURCES.yml declares that the registry of the year names only some of the schools (``complete: false``)."""
    return bool(_names_some_schools(sources, year).any())


def _names_some_schools(sources: pd.DataFrame, year: int) -> pd.Series:
    if "year" not in sources:
        return pd.Series(False, index=sources.index)
    registry = sources["tables"].map(lambda tables: "schools" in tables).astype(bool)
    return registry & sources["year"].eq(year) & sources["complete"].eq(False).fillna(False)


def complete_lists(sources: pd.DataFrame) -> frozenset[str]:
    """Municipalities whose official list of low procedures is declared complete in SOURCES.yml."""
    holds_list = sources["tables"].map(lambda tables: "low_procedures" in tables).astype(bool)
    whole = sources[holds_list & sources["complete"].eq(True).fillna(False)]
    return frozenset(whole["municipality"])
