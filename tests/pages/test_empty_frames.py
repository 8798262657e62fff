"""Reports of offices with next to nothing: a register without rows beside it, no rows at all.

Every report is made in this process and its figures are drawn. None may fail, show an empty figure, or say a sentence with a hole.
"""

import re
from collections.abc import Iterator

import pytest
from matplotlib.text import Text

from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.office import Office
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.numbers import NO_DATA
from shnor_lib.pages.tables import Table
from shnor_lib.runs.catalogue import NEEDS
from tests.reports.checks import DEBRIS
from tests.reports.walking import office_of, sentences, shown
from tests.runs.workspaces import make_workspace

HOLE = re.compile(r"  |[(«] | [,.;:!?)»]|\(\)|«»|[,;:–] ?[.;:,]|[:–]$|^[,.;:–)]|\b(?:из|среди) 0\b")
"""Where a sentence lost its words: two blanks, a sign with nothing before or behind it, «из 0»."""


def faults(report: str, office: Office) -> list[str]:
    """What is wrong with everything that a report shows of an office."""
    return [f"{report}: {fault}" for piece in shown(report, office, drawing=True) for fault in faults_of(piece)]


def faults_of(piece: object) -> Iterator[str]:
    told = sentences(piece)
    if isinstance(piece, Figure):
        told = [piece.caption, piece.reading]
        drawn = [text.get_text() for text in piece.drawing.findobj(Text)]
        yield from (f"рисунок {piece.name}: {text}" for text in drawn if DEBRIS.search(text))
        if not piece.drawing.axes or any(is_bare(axes) for axes in piece.drawing.axes):
            yield f"рисунок {piece.name} пуст"
    elif isinstance(piece, Table):
        told = [*told, piece.note]
        page = re.sub(r"<[^>]*>", "\n", piece.html())
        yield from (f"таблица {piece.name}: {found.group()}" for found in DEBRIS.finditer(page))
    for line in "\n".join(told).replace("\u00a0", " ").split("\n"):
        if HOLE.search(line) or DEBRIS.search(line) or NO_DATA in line:
            yield line


def is_bare(axes) -> bool:
    return not (axes.lines or axes.collections or axes.images or axes.patches or axes.texts)


OFFICES = {
    "the register alone": lambda: office_of(lambda name: name == "schools"),
    "nothing": lambda: office_of(lambda name: False),
}


@pytest.mark.parametrize("name", OFFICES)
def test_reports_of_next_to_nothing_are_whole(name):
    office = OFFICES[name]()
    assert [fault for report in NEEDS for fault in faults(report, office)] == []


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_year_like_the_year_before_has_changes_of_nothing(tmp_path, audience):
    """The public edition of three schools with the same marks in both years failed where it looked for hidden changes."""
    office = assemble_office(make_workspace(tmp_path, {"alpha": [2020, 2021]}), "alpha", 2021, audience=audience)
    assert [fault for report in ("20_results", "70_dynamics") for fault in faults(report, office)] == []


@pytest.mark.parametrize(
    "text", ["По расчёту в перечне  школа", "Есть () школ", "Выполнено у 0 из 0 школ", "Школы: .", "Хуже –", "Доля nan"]
)
def test_a_hole_is_found(text):
    assert HOLE.search(text) or DEBRIS.search(text)
