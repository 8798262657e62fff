"""Two lists in a row are not two findings where windows of years overlap."""

from types import SimpleNamespace

import pytest

from shnor_lib.analyses.findings import shared_years
from shnor_lib.params.methods import Method


@pytest.mark.parametrize(("windows", "shared"), [((1, 3), 2), ((1,), 0), ((), 0)])
def test_years_of_both_lists_are_those_of_the_longest_window_but_one(windows, shared):
    criteria = {str(at): SimpleNamespace(category="low_results", window=window) for at, window in enumerate(windows)}
    criteria["other"] = SimpleNamespace(category="adverse_context", window=5)
    decisions = {"low_results": SimpleNamespace(when=None, purpose="help")}
    decisions |= {one.category: SimpleNamespace(when=None, purpose="help") for one in criteria.values()}
    assert shared_years(Method.model_construct(criteria=criteria, decisions=decisions)) == shared
