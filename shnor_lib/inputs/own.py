"""What a workspace declares beside the shipped lists: questions of the survey, exams and subjects, breaks of series, categories.

Categories are those of its methods. Each of the others is a file of ``params`` that need not be there, read as strictly as every
other. What they declare holds in the process from :func:`enter` on, everywhere a code is read, checked, offered by the template or
printed: a process works in one workspace at a time.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, RootModel

from shnor_lib.inputs.breaks import Break, add_breaks
from shnor_lib.inputs.dictionary import add_choices, shipped_choices
from shnor_lib.params.methods import KNOWN_CATEGORIES, CategoryWords, Name, Slug
from shnor_lib.params.reading import method_names, read_method, read_profile
from shnor_lib.params.yaml_files import ParamsError, Strict, read_yaml, untaken
from shnor_lib.workspace import OWN_BREAKS, OWN_PROCEDURES, OWN_SURVEY

Words = Annotated[str, Field(min_length=1, max_length=110), AfterValidator(untaken)]
"""What a code is called: not as another one is."""

Free = Annotated[Name, AfterValidator(untaken)]
ExamCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,15}$"), AfterValidator(untaken)]
Grade = Annotated[int, Field(strict=True, ge=1, le=11)]


class Survey(RootModel[dict[Free, Words]]):
    """``params/survey.yml``: a question's code and its words, as a statement that a school answers with yes or no."""


class Exam(Strict):
    """An exam: what it is called and, where it is held in some grades only, in which."""

    label: Words
    grades: tuple[Grade, ...] = ()


class Procedures(Strict):
    """``params/procedures.yml``: exams and subjects that the dictionary does not have."""

    exams: dict[ExamCode, Exam] = Field(default_factory=dict)
    subjects: dict[Free, Words] = Field(default_factory=dict)


class OwnBreak(Break):
    """A break that one year brought to an exam, for all offices or, with ``municipalities``, for these alone."""

    municipalities: tuple[Slug, ...] = ()


class OwnBreaks(RootModel[tuple[OwnBreak, ...]]):
    """``params/breaks.yml``: a list like the shipped one."""


_ENTERED: list[str | None] = [None]


def entered() -> str | None:
    """The municipality whose declarations hold."""
    return _ENTERED[0]


OWN_GRADES: dict[str, tuple[int, ...]] = {}
"""The grades of the workspace's own exams that are held in some grades only."""


CATEGORY_WORDS: dict[str, CategoryWords] = dict(KNOWN_CATEGORIES)
"""How categories are called: as the method of the office has them, else as another method of the workspace, else as the library."""


def category_words(workspace: Path, municipality: str | None) -> dict[str, CategoryWords]:
    """The words of every category; a method that cannot be read says so where it is used."""
    found: dict[str, CategoryWords] = {}
    names = method_names(workspace)
    with suppress(ParamsError):
        names = [read_profile(workspace, municipality).method, *names] if municipality else names
    for name in names:
        with suppress(ParamsError):
            method = read_method(workspace, name)
            found |= {category: method.words(category) for category in method.categories if category not in found}
    return KNOWN_CATEGORIES | found


def enter(workspace: Path, municipality: str | None) -> None:
    """Let what a workspace declares hold in this process; breaks of other municipalities than this one do not.

    Raises
    ------
    ParamsError
        With file, line and what is allowed, for a code or a name that is taken, a break of an exam or subject that nobody knows.
    """
    _ENTERED[:] = [municipality]
    survey = _read(workspace, OWN_SURVEY, Survey, "survey_question")
    procedures = _read(workspace, OWN_PROCEDURES, Procedures, "exam", "subject")
    added = {"survey_question": survey.root if survey else {}}
    exams = procedures.exams if procedures else {}
    added |= {"exam": {code: one.label for code, one in exams.items()}}
    added |= {"subject": procedures.subjects if procedures else {}}
    CATEGORY_WORDS.clear()
    CATEGORY_WORDS.update(category_words(workspace, municipality))
    known = shipped_choices("category")
    added |= {"category": {name: one.abbreviation for name, one in CATEGORY_WORDS.items() if name not in known}}
    add_choices(added)
    OWN_GRADES.clear()
    OWN_GRADES.update({code: one.grades for code, one in exams.items() if one.grades})
    breaks = _read(workspace, OWN_BREAKS, OwnBreaks)
    add_breaks(
        one for one in (breaks.root if breaks else ()) if not one.municipalities or municipality in one.municipalities
    )


def _read(workspace: Path, file: str, model: type, *lists: str):
    """The declarations of a file, ``None`` without it; codes and words of the dictionary's ``lists`` are taken."""
    path = workspace / file
    if not path.exists():
        return None
    taken = frozenset(one for name in lists for pair in shipped_choices(name).items() for one in pair)
    return read_yaml(path, model, file, taken=taken)
