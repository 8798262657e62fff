"""Indicators: rows of ``indicators.yml``, formulas in one chapter of a statistical yearbook per file, one store out of them all."""

# isort: off
from shnor_lib.indicators import (  # noqa: F401  chapters declare themselves on import
    schools,
    results,
    attestation,
    learning,
    objectivity,
    progression,
    olympiads,
    satisfaction,
    staff,
    resources,
    deficits,
    survey,
)

# isort: on
from shnor_lib.indicators.catalogue import (
    LONG,
    Catalogue,
    catalogue,
    document_indicators,
    indicator_label,
    matches,
    read_catalogue,
    split_name,
)
from shnor_lib.indicators.compute import (
    compute_indicators,
    compute_indicators_of_offices,
    compute_store,
    compute_with_published,
)
from shnor_lib.indicators.published import check_published_against_computed, check_published_names
from shnor_lib.indicators.store import Store
from shnor_lib.indicators.window import applicable_procedures, pool_years, with_benchmark

__all__ = [
    "LONG",
    "Catalogue",
    "Store",
    "applicable_procedures",
    "catalogue",
    "check_published_against_computed",
    "check_published_names",
    "compute_indicators",
    "compute_indicators_of_offices",
    "compute_store",
    "compute_with_published",
    "document_indicators",
    "indicator_label",
    "matches",
    "pool_years",
    "read_catalogue",
    "split_name",
    "with_benchmark",
]
