"""What is kept of every office that ships can be written, whatever its tables leave empty."""

import json

import pytest

from shnor_lib.runs.prepare import rows_by_table
from tests.shipped import SHIPPED, shipped


@pytest.mark.parametrize(("municipality", "year"), SHIPPED, ids=[f"{name}-{year}" for name, year in SHIPPED])
def test_counts_of_rows_are_plain_numbers_that_add_up(municipality, year):
    counts = rows_by_table(shipped(municipality, year))
    assert json.loads(json.dumps(counts)) == counts
    assert counts["schools"]["rows"] > 0
    assert all(0 <= one["schools"] <= one["rows"] for one in counts.values())
