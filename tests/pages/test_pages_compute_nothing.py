"""Law 3: a fact is computed in `analyses` or `whatif`; a page arranges, words and draws what it was given."""

import ast
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "shnor_lib" / "pages"
VIEWS = sorted([*PAGES.glob("*.py"), *(PAGES / "views").glob("*.py")])
AGGREGATES = {
    "agg",
    "corr",
    "crosstab",
    "groupby",
    "mean",
    "median",
    "merge",
    "nunique",
    "pivot_table",
    "quantile",
    "rank",
}
AGGREGATES |= {"std", "transform", "value_counts", "cut", "qcut"}
"""Calls that make one figure of many, or a row of two tables."""


def computed(source: str) -> list[str]:
    """Aggregating calls of a page's source, and functions by which it would make facts of its own."""
    tree = ast.parse(source)
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    made = [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in AGGREGATES]
    facts = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.endswith("_facts")]
    return made + [
        name for name in facts if name != "named_facts"
    ]  # named_facts puts words for codes, it counts nothing


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.relative_to(PAGES).as_posix())
def test_pages_compute_nothing(path):
    assert computed(path.read_text(encoding="utf-8")) == []


def test_a_fact_made_in_a_page_is_found():
    assert computed("frame.groupby('school_id')['x'].mean()") == ["mean", "groupby"]
    assert computed("def list_facts(office):\n    return {}") == ["list_facts"]
    assert computed("def named_facts(found):\n    return found.melt(id_vars='x')") == []
