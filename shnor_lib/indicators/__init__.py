"""Indicators: one chapter of a statistical yearbook per file, one long table out of them all."""

# isort: off
from shnor_lib.indicators import (  # noqa: F401  chapters declare themselves on import, in the order of the yearbook
    schools,
    results,
    attestation,
    learning,
    objectivity,
    progression,
    olympiads,
    satisfaction,
    social,
    staff,
    resources,
    conditions,
    deficits,
    survey,
)

# isort: on
from shnor_lib.indicators.catalogue import LONG, catalogue, document_indicators, indicator_label, matches, split_name
from shnor_lib.indicators.compute import (
    compute_indicators,
    compute_indicators_of_offices,
    compute_with_published,
    pool_schools,
)
from shnor_lib.indicators.published import check_published_against_computed, check_published_names
from shnor_lib.indicators.window import applicable_procedures, pool_years, with_benchmark

__all__ = [
    "LONG",
    "applicable_procedures",
    "catalogue",
    "check_published_against_computed",
    "check_published_names",
    "compute_indicators",
    "compute_indicators_of_offices",
    "compute_with_published",
    "document_indicators",
    "indicator_label",
    "matches",
    "pool_schools",
    "pool_years",
    "split_name",
    "with_benchmark",
]
