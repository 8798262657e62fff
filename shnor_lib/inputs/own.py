"""What a workspace declares beside the shipped lists: questions of the survey, exams and subjects, breaks of series, categories,
risk profiles.

Categories are those of its methods. Each of the others is a file of ``params`` that need not be there, read as strictly as every
other. What they declare holds in the process from :func:`enter` on, everywhere a code is read, checked, offered by the template or
printed: a process works in one workspace at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, RootModel

from shnor_lib.inputs.breaks import Break, add_breaks
from shnor_lib.inputs.dictionary import add_choices, choices, shipped_choices
from shnor_lib.inputs.procedures import Held, add_exams
from shnor_lib.params.methods import KNOWN_CATEGORIES, CategoryWords, Name, Slug, Title
from shnor_lib.params.profiles import RiskProfile, RiskProfiles
from shnor_lib.params.reading import method_names, read_method, read_profile, risk_profiles
from shnor_lib.params.yaml_files import ParamsError, Strict, declared_file, line_of, nearest, read_yaml, untaken
from shnor_lib.workspace import OWN_BREAKS, OWN_PROCEDURES, OWN_PROFILES, OWN_SECTIONS, OWN_SURVEY, parameter_names

Words = Annotated[str, Field(min_length=1, max_length=110), AfterValidator(untaken)]
"""What a code is called: not as another one is."""

Free = Annotated[Name, AfterValidator(untaken)]
ExamCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,15}$"), AfterValidator(untaken)]


class Survey(RootModel[dict[Free, Words]]):
    """``params/survey.yml``: a question's code and its words, as a statement that a school answers with yes or no."""


class Exam(Held):
    """An exam: what it is called and, where it is held in some grades only, in which."""

    label: Words


class Procedures(Strict):
    """``params/procedures.yml``: exams and subjects that the dictionary does not have."""

    exams: dict[ExamCode, Exam] = Field(default_factory=dict)
    subjects: dict[Free, Words] = Field(default_factory=dict)


class OwnBreak(Break):
    """A break that one year brought to an exam: for all offices, or for those of ``municipalities`` and ``regions`` (as profiles call them)."""

    municipalities: tuple[Slug, ...] = ()
    regions: tuple[Title, ...] = ()

    def of(self, municipality: str | None, region: str | None) -> bool:
        """Whether it holds of an office."""
        return (
            not (self.municipalities or self.regions) or municipality in self.municipalities or region in self.regions
        )


class OwnBreaks(RootModel[tuple[OwnBreak, ...]]):
    """``params/breaks.yml``: a list like the shipped one."""


class OwnProfiles(RiskProfiles):
    """``params/risk_profiles.yml``: profiles in place of the shipped ones of the same name or beside them, and factors of their own."""

    factors: dict[Free, Words] = Field(default_factory=dict)


RISK_PROFILES: dict[str, RiskProfile] = dict(risk_profiles())
"""The risk profiles that an office may name: the shipped ones, then those of the workspace."""


class OwnSections(RootModel[Annotated[tuple[Words, ...], Field(min_length=1)]]):
    """``params/sections.yml``: the headings of the programme, in order."""


SECTIONS: list[str] = []
"""The headings that the workspace declares for its programmes, in order; none where any heading will do."""


_ENTERED: list[str | None] = [None]


def entered() -> str | None:
    """The municipality whose declarations hold."""
    return _ENTERED[0]


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
    profiles = _read(workspace, OWN_PROFILES, OwnProfiles, "profile_factor")
    added |= {"profile_factor": profiles.factors if profiles else {}}
    add_choices(added)
    add_exams(exams)
    RISK_PROFILES.clear()
    RISK_PROFILES.update(risk_profiles() | (_of_known_factors(workspace, profiles.profiles) if profiles else {}))
    sections = _read(workspace, OWN_SECTIONS, OwnSections)
    SECTIONS[:] = sections.root if sections else ()
    breaks = _read(workspace, OWN_BREAKS, OwnBreaks)
    add_breaks(_of_office(workspace, municipality, breaks.root if breaks else ()))


def _of_known_factors(workspace: Path, profiles: dict[str, RiskProfile]) -> dict[str, RiskProfile]:
    """The profiles; a factor that nobody knows is refused."""
    known = choices("profile_factor")
    for name, one in profiles.items():
        for place, factor in enumerate(one.factors):
            if factor not in known:
                line = line_of(workspace / OWN_PROFILES, ("profiles", name, "factors", place))
                raise ParamsError([f"{OWN_PROFILES}:{line}: фактор «{factor}» неизвестен{nearest(factor, known)}"])
    return profiles


def _of_office(workspace: Path, municipality: str | None, breaks: Iterable[OwnBreak]) -> list[OwnBreak]:
    """Those of the breaks that hold of an office; a territory that no office of the workspace has is refused."""
    somewhere = [one for one in breaks if one.municipalities or one.regions]
    region_of: dict[str, str] = {}
    for name in parameter_names(workspace, "") if somewhere else ():
        with suppress(ParamsError):
            region_of[name] = read_profile(workspace, name).region
    known = {"municipalities": set(region_of), "regions": set(region_of.values())}
    for number, one in enumerate(breaks):
        for field, names in known.items():
            for place, name in enumerate(getattr(one, field)):
                if name not in names:
                    line = line_of(workspace / OWN_BREAKS, (number, field, place))
                    raise ParamsError(
                        [f"{OWN_BREAKS}:{line}: «{name}» нет среди муниципалитетов и их регионов{nearest(name, names)}"]
                    )
    region = region_of.get(municipality or "")
    return [one for one in breaks if one.of(municipality, region)]


def _read(workspace: Path, file: str, model: type, *lists: str):
    """The declarations of a file, ``None`` without it; codes and words of the dictionary's ``lists`` are taken."""
    path = declared_file(workspace, file)
    if not path.exists():
        return None
    taken = frozenset(one for name in lists for pair in shipped_choices(name).items() for one in pair)
    return read_yaml(path, model, file, taken=taken)
