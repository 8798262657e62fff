"""Indicators: rows of ``indicators.yml``, formulas in one chapter of a statistical yearbook per file, one store out of them all."""

from shnor_lib.indicators import (  # chapters declare themselves on import
    attestation,
    deficits,
    learning,
    objectivity,
    olympiads,
    progression,
    resources,
    results,
    satisfaction,
    schools,
    staff,
    survey,
)
from shnor_lib.indicators.catalogue import (
    LONG,
    Catalogue,
    catalogue,
    indicator_label,
    matches,
    read_catalogue,
    split_name,
)
from shnor_lib.indicators.compute import compute_store, compute_with_published
from shnor_lib.indicators.published import check_published_against_computed, check_published_names
from shnor_lib.indicators.store import Store
from shnor_lib.indicators.window import applicable_procedures, others_behind, pool_years, with_benchmark
