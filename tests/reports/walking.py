"""What the reports of an office say, made in this process and without drawing: every sentence, and every table."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import nbformat

import shnor_lib.office.assemble
import shnor_lib.whatif.region
from shnor_lib.indicators import compute_with_published
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.gather import Population, gather
from shnor_lib.office.office import Office
from shnor_lib.office.scope import Scope, scope_of
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose, Provenance
from shnor_lib.pages.page import Page
from shnor_lib.pages.sheets import SchoolPage, Sheet, SideBySide
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.runs.catalogue import NEEDS
from shnor_lib.whatif.region import Region

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Drawn:
    """A figure without its drawing."""

    caption: str


@cache
def cells(report: str) -> tuple[tuple[ast.Module, ast.Expr | None], ...]:
    """The code cells of a report after its parameters: statements, and the last expression of each."""
    found = []
    for cell in nbformat.read(ROOT / f"notebooks/{report}.ipynb", as_version=4).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ()):
            tree = ast.parse(cell.source)
            found.append((tree, tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None))
    return tuple(found)


def shown(report: str, about: Office | Region, *, drawing: bool = False) -> list[object]:
    """What the cells of a report show of an office or a region, in order; figures are not drawn unless asked for."""
    figure = Page.figure

    def without_drawing(page, name, plot, frame, **given):
        return figure(page, name, lambda frame, *, caption, **rest: Drawn(caption), frame, **given)

    asked = ("municipality", "region", "year", "audience")
    names: dict[str, object] = {name: getattr(about, name) for name in asked if hasattr(about, name)}
    opened = (
        (shnor_lib.whatif.region, "open_region") if "region" in names else (shnor_lib.office.assemble, "open_office")
    )
    found = []
    with (
        patch.object(*opened, lambda *_, **__: about),
        patch.object(Page, "figure", figure if drawing else without_drawing),
    ):
        for statements, last in cells(report):
            exec(compile(statements, report, "exec"), names)  # noqa: S102
            if last is not None:
                found.append(eval(compile(ast.Expression(last.value), report, "eval"), names))
    return [piece for one in found for piece in pieces(one)]


def pieces(shown: object) -> Iterator[object]:
    """The single tables, figures, headings and paragraphs of what a cell shows."""
    if isinstance(shown, Together | Sheet | SchoolPage | SideBySide):
        for item in shown.items:
            yield from pieces(item)
    elif isinstance(shown, tuple | list):
        for item in shown:
            yield from pieces(item)
    elif isinstance(shown, Provenance):
        yield Prose(shown.text)
    elif isinstance(shown, Attachment):
        yield from (Prose(shown.sentence), shown.table)
    elif shown is not None:
        yield shown


def sentences(piece: object) -> list[str]:
    """What a piece says in words of ours."""
    if isinstance(piece, Headlines):
        return [one.text for one in piece.findings]
    if isinstance(piece, Decisions):
        return piece._repr_mimebundle_()["text/plain"].split("\n")
    if isinstance(piece, Heading | Prose):
        return [piece.text]
    if isinstance(piece, Table):
        return [piece.caption, *([piece.empty] if piece.frame.empty else [])]
    return [piece.caption] if isinstance(piece, Drawn) else []


@cache
def _few_schools(number: int | None) -> tuple[Population, Scope]:
    """The first schools of the fullest office (None: all of them) and everything above them, in the year of the run and the year before."""
    scope = scope_of(ROOT, "demo", 2021)
    whole = gather(ROOT, scope.municipalities, [2020, 2021])
    few = whole.tables["schools"]["school_id"].dropna().unique()[:number]
    tables = {
        name: frame[frame["school_id"].isna() | frame["school_id"].isin(few)] if "school_id" in frame else frame
        for name, frame in whole.tables.items()
    }
    return replace(whole, tables=tables), scope


def office_with(table: str) -> Office:
    """An office of which only the register and one table were delivered."""
    return office_of(lambda name: name in ("schools", table))


def office_of(delivered: Callable[[str], bool], *, schools: int | None = 3) -> Office:
    """An office of few schools, or of all (None), of which only some tables have rows."""
    whole, scope = _few_schools(schools)
    kept = {name: frame if delivered(name) else frame.iloc[:0] for name, frame in whole.tables.items()}
    store, _ = compute_with_published(kept, whole.store.catalogue)
    population = replace(whole, tables=kept, store=store, problems=whole.problems.iloc[:0])
    given, unlinked = (
        ("gather", lambda *_: population),
        ("misfits_of_measures", lambda *_: iter(())),
    )  # of few schools only
    with patch.object(shnor_lib.office.assemble, *given), patch.object(shnor_lib.office.assemble, *unlinked):
        return assemble_office(ROOT, "demo", 2021, scope=scope)


def reports_of(office: Office) -> list[str]:
    """The reports that are made of an office with such tables."""
    rows = {
        name: {"rows": len(frame), "schools": int(frame["school_id"].notna().sum()) if "school_id" in frame else 0}
        for name, frame in office.tables.items()
    }
    rows["schools"]["schools"] = len(office.schools)
    return [report for report, needs in NEEDS.items() if all(need.is_met(rows) for need in needs)]
