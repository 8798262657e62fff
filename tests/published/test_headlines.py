"""What pages say in their headlines and decisions can be counted again from the tables of the same page."""

import ast
from pathlib import Path

import nbformat
import pytest

import shnor_lib.office.assemble
from tests.reports.checks import headline_problems
from tests.reports.sample import notebook
from tests.shipped import shipped

ROOT = Path(__file__).parents[2]
REPORTS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
PAGES = [
    *((report, "demo", 2021) for report in REPORTS if report not in ("05_region", "60_robustness")),
    *(
        ("00_overview", municipality, year)
        for municipality, year in [("iskitim", 2021), ("krasnokholm", 2021), ("kushva", 2020), ("lesozavodsk", 2021)]
    ),
]
"""Every report of the fullest office that takes seconds, and the board's page of those that lack the most."""


def shown(report: str, municipality: str, year: int) -> list[object]:
    """What the cells of a report show, in order."""
    names: dict[str, object] = {}
    found = []
    for cell in nbformat.read(ROOT / f"notebooks/{report}.ipynb", as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, report, "exec"), names)  # noqa: S102
        if "parameters" in cell.metadata.get("tags", ()):
            names |= {"municipality": municipality, "year": year, "audience": "internal"}
        if last is not None:
            found.append(eval(compile(ast.Expression(last.value), report, "eval"), names))
    return [one for one in found if hasattr(one, "_repr_mimebundle_")]


@pytest.mark.parametrize(("report", "municipality", "year"), PAGES)
def test_every_number_of_the_headlines_is_counted_again(monkeypatch, report, municipality, year):
    monkeypatch.setattr(shnor_lib.office.assemble, "open_office", lambda *_, **__: shipped(municipality, year))
    assert headline_problems(notebook(*shown(report, municipality, year))) == []
