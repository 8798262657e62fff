"""Offices with next to nothing, and frames cut to no rows, in both editions: every piece of every report must stand and speak.

Every report is made in this process and its figures are drawn. None may fail, show an empty figure, say a sentence with a hole, or
say «нет» of what nobody knows.
"""

from __future__ import annotations

import re
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from shnor_lib.inputs.dictionary import table_names
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.office import Office
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Bar, Title
from shnor_lib.pages.numbers import NO_DATA
from shnor_lib.pages.page import Page
from shnor_lib.pages.tables import Table
from shnor_lib.params.reading import read_region_profile
from shnor_lib.runs.catalogue import NEEDS, REGION_REPORT
from shnor_lib.whatif.region import Region
from tests.pages.test_unknown_is_not_no import faults_of_numbers, faults_of_words, unknown_subjects
from tests.reports.checks import DEBRIS, wrong_plurals
from tests.reports.walking import ROOT, office_of, sentences, shown
from tests.runs.workspaces import make_workspace

HOLE = re.compile(r"  |[(«] | [,.;:!?)»]|\(\)|«»|[{}]|[,;:–] ?[.;:,]|[:–]$|^[,.;:–)]")
"""Where a sentence lost its words: two blanks, a sign with nothing before or behind it, a slot not filled."""
OF_NOTHING = re.compile(r"\b(?:из|среди|все|обе|оба) 0\b", re.IGNORECASE)
REPORTS = (*NEEDS, REGION_REPORT)
EDITIONS = ("internal", "public")
EVERYBODY = 1_000_000
"""A limit below which the public edition hides all numbers of persons."""
CUT = "every frame cut to no rows"
FEW_PUPILS = """\
school_id,exam,subject,grade,participants,mark_2,mark_3,mark_4,mark_5
s01,OGE,maths,9,2,1,1,0,0
s02,OGE,maths,9,1,0,0,1,0
s03,OGE,maths,9,3,2,0,0,1
"""


# --- the offices --------------------------------------------------------------------------------------------------------------


@cache
def demo() -> Office:
    return assemble_office(ROOT, "demo", 2021)


def hidden_whole() -> Office:
    """The fullest office, whose public edition may tell of nobody."""
    office = demo()
    disclosure = office.profile.disclosure.model_copy(update={"minimum_participants": EVERYBODY})
    return replace(office, profile=office.profile.model_copy(update={"disclosure": disclosure}))


def few_pupils() -> Office:
    """Three schools in which one to three pupils sat an exam."""
    with tempfile.TemporaryDirectory() as folder, patch("tests.runs.workspaces.EXAM_RESULTS", FEW_PUPILS):
        return assemble_office(make_workspace(Path(folder), {"alpha": [2020, 2021]}), "alpha", 2021)


def without(table: str, schools: int | None = None) -> Office:
    """The fullest office, or so many of its schools, where one table came without rows."""
    return office_of(lambda name: name != table, schools=schools)


OFFICES: dict[str, Callable[[], Office]] = {
    "nothing": lambda: office_of(lambda name: False),
    "the register alone": lambda: office_of(lambda name: name == "schools"),
    "one school": lambda: office_of(lambda name: True, schools=1),
    "one school and its register alone": lambda: office_of(lambda name: name == "schools", schools=1),
    "few pupils": few_pupils,
    "figures of one document": lambda: assemble_office(ROOT, "iskitim", 2021),
    "all hidden": hidden_whole,
    **{f"without {table}": partial(without, table) for table in table_names()},
    CUT: demo,
}


def edition(office: Office, audience: str) -> Office:
    return public_edition(office) if audience == "public" else office


def region_of_one(office: Office) -> Region:
    """A region that knows of one office."""
    profile = read_region_profile(ROOT, "demo-region")
    absent = pd.DataFrame(columns=["municipality", "reason"])
    return Region("demo-region", office.year, office.audience, profile, {office.municipality: office}, absent)


# --- what must hold -----------------------------------------------------------------------------------------------------------


def faults_of_office(name: str, audience: str, reports: tuple[str, ...] = REPORTS) -> list[str]:
    """What is wrong with reports of one of ``OFFICES`` in an edition."""
    office = edition(OFFICES[name](), audience)
    return [f"{name}, {audience}, {fault}" for report in reports for fault in faults(report, office, cut=name == CUT)]


def faults(report: str, office: Office, *, cut: bool = False) -> list[str]:
    """What is wrong with everything that a report shows of an office; ``cut``: of frames without their rows, whose counts stay."""
    unknown = None if cut else unknown_subjects(office)
    about = region_of_one(office) if report == REGION_REPORT else office
    with frames_cut() if cut else nullcontext(), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found = [fault for piece in shown(report, about, drawing=True) for fault in faults_of(piece, unknown)]
        except Exception as error:  # noqa: BLE001  whatever it is, it is told with its place and the other reports follow
            at = traceback.extract_tb(error.__traceback__)[-1]
            found = [f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"]
    found += [f"{one.category.__name__}: {one.message} ({Path(one.filename).name}:{one.lineno})" for one in warned]
    return [f"{report}: {fault}" for fault in dict.fromkeys(found)]


@contextmanager
def frames_cut() -> Iterator[None]:
    """Tables and figures get frames without their rows; what is said of them stays."""
    table, figure = Page.table, Page.figure

    def cut_table(page: Page, name: str, frame: pd.DataFrame, **given: object) -> Table:
        given |= {"shown": []} if given.get("shown") is not None else {}
        return table(page, name, frame.iloc[:0], **given)

    def cut_figure(page: Page, name: str, plot: Callable[..., Figure], frame: pd.DataFrame, **given: object) -> Figure:
        return figure(page, name, plot, frame.iloc[:0], **given)

    with patch.object(Page, "table", cut_table), patch.object(Page, "figure", cut_figure):
        yield


def faults_of(piece: object, unknown: list[str] | None = None) -> Iterator[str]:
    """What is wrong with one table, figure or paragraph; ``unknown``: of what nothing may be said, where counts are looked at."""
    told = sentences(piece)
    if isinstance(piece, Figure):
        told = [piece.caption, piece.alt.replace(NO_DATA, "нет данных"), *([piece.reading] if piece.reading else [])]
        piece.drawing.draw_without_rendering()
        drawn = [text.get_text() for text in piece.drawing.findobj(Text)]
        yield from (f"рисунок {piece.name}: {text}" for text in drawn if DEBRIS.search(text))
        if not piece.drawing.axes or any(is_bare(axes) for axes in piece.drawing.axes):
            yield f"рисунок {piece.name} пуст"
        if isinstance(piece.numbers, Table):
            yield from faults_of(piece.numbers, unknown)
    elif isinstance(piece, Table):
        notes = [column.note for column in piece.shown_columns.values()]
        told = [*told, *(words for words in (piece.note, piece.source, *notes) if words)]
        page = re.sub(r"<[^>]*>", "\n", piece.html())
        yield from (f"таблица {piece.name}: {found.group()}" for found in DEBRIS.finditer(page))
        yield from faults_of_numbers(piece) if unknown is not None else ()
    elif isinstance(piece, Title):
        told = [one for one in (piece.report, piece.municipality, piece.question, piece.answer) if one]
    elif isinstance(piece, Bar):
        told = [piece.title, piece.legend]
    yield from (f"{piece!r}: пустой текст" for text in told if not text.strip())
    for line in "\n".join(told).replace("\u00a0", " ").split("\n"):
        if HOLE.search(line) or DEBRIS.search(line) or NO_DATA in line:
            yield line
        if unknown is not None:
            yield from faults_of_words(line, unknown)
            yield from (f"{found.group()}: {line}" for found in OF_NOTHING.finditer(line))
        yield from (f"{fault}: {line}" for fault in wrong_plurals(line))


def is_bare(axes: Axes) -> bool:
    return not (axes.lines or axes.collections or axes.images or axes.patches or axes.texts)


def attack() -> str:
    """Make every report of every office of ``OFFICES`` in both editions; the figures in one line.

    Raises
    ------
    AssertionError
        A report failed, or showed or said something that it may not.
    """
    found = [fault for name in OFFICES for audience in EDITIONS for fault in faults_of_office(name, audience)]
    assert not found, "\n".join(found)
    return f"{len(OFFICES)} offices in {len(EDITIONS)} editions, {len(REPORTS)} reports each: 0 faults"
