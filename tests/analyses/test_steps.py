"""Years one after another: what luck brings."""

import pandas as pd
import pytest

from shnor_lib.analyses.dynamics import steps


@pytest.mark.parametrize(
    ("values", "steady", "by_chance"),
    [
        ([1.0, 2.0, 4.0], True, 1 / 6),
        ([1.0, 4.0, 4.0], True, 1 / 2),
        ([1.0, 4.0, 4.0 - 1e-13], True, 1 / 2),
        ([3.0, 3.0, 3.0], True, 1.0),
        ([4.0, 1.0, 2.0], False, 1 / 6),
    ],
)
def test_a_year_handed_in_twice_makes_no_school_steady(values, steady, by_chance):
    found = steps(pd.DataFrame({"school_id": "1", "year": [2019, 2020, 2021], "value": values}))
    assert bool(found["steady"].item()) == steady
    assert found["by_chance"].item() == pytest.approx(by_chance)
