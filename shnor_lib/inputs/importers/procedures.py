"""Which procedure an export is about: exam, subject, grade and year as titles and file names print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shnor_lib.inputs.dictionary import added_choices
from shnor_lib.inputs.importers.cells import meant_by, plain
from shnor_lib.inputs.importers.layouts import declared

PATTERNS = declared().patterns
COPY = r"\(\d{1,2}\)(?=(?:\.\w{3,4})?$)"
"""What a browser puts behind the name of a file that is there already."""


@dataclass(frozen=True)
class Procedure:
    """A procedure as far as it is known; ``None`` where a title does not say."""

    exam: str | None = None
    subject: str | None = None
    grade: int | None = None
    year: int | None = None

    def or_else(self, other: Procedure) -> Procedure:
        """The same procedure, what it does not state taken from another."""
        return Procedure(
            self.exam or other.exam,
            self.subject or other.subject,
            self.grade or other.grade,
            self.year or other.year,
        )


LANGUAGES = {"english", "german", "french", "spanish", "chinese"}
LEVELS = ("_any", "_base", "_advanced")
"""How codes of the levels of a subject end."""


def subject_of(text: str) -> str | None:
    """Subject that a title names; ``None`` when it names none or several.

    Examples
    --------
    >>> subject_of("Математика базовая"), subject_of("по математике"), subject_of("Итого")
    ('maths_base', 'maths', None)
    >>> subject_of("Иностранный язык (английский)"), subject_of("Русский язык и математика")
    ('english', None)
    >>> subject_of("Физика (углублённый уровень)"), subject_of("Математика, базовый уровень"), subject_of("Литературное чтение")
    ('physics_advanced', 'maths_base', 'literary_reading')
    """
    words = plain(text)
    named = {
        subject for pattern, subject in (PATTERNS["subjects"] | _own("subject")).items() if re.search(pattern, words)
    }
    named -= {one.rpartition("_")[0] for one in named if one.endswith(LEVELS)}
    if "maths_any" in named:
        named -= {"maths_base"}
    if "foreign_languages" in named and (languages := named & LANGUAGES):
        named -= languages if len(languages) > 1 else {"foreign_languages"}
    return named.pop() if len(named) == 1 else None


def _own(name: str) -> dict[str, str]:
    """Codes that the workspace adds to a list, by the pattern of their words."""
    return {rf"\b{re.escape(plain(words))}\b": code for added, code, words in added_choices() if added == name}


def procedure_in(text: str) -> Procedure:
    """What a title or a file name says of the procedure.

    Examples
    --------
    >>> procedure_in("ВПР 2026 Русский язык 4 класс")
    Procedure(exam='VPR', subject='russian', grade=4, year=2026)
    >>> procedure_in("2020 Русский язык 5.xlsx")
    Procedure(exam=None, subject='russian', grade=5, year=2020)
    """
    words = re.sub(r"[_.,;:()]+", " ", re.sub(COPY, " ", plain(text)))
    year = re.search(r"(?<!\d)(20[0-9]{2})(?!\d)", words)
    subject = subject_of(words)
    grades = grades_in(words, anywhere=subject is not None)
    exam = meant_by(words, PATTERNS["exams"] | _own("exam"))
    return Procedure(exam, subject, grades.pop() if len(grades) == 1 else None, int(year[1]) if year else None)


def grades_in(words: str, *, anywhere: bool) -> set[int]:
    """Grades that a text may mean: the numbers right before «класс», or else (``anywhere``) all that stand alone.

    Examples
    --------
    >>> grades_in("математика школа 7 5 класс", anywhere=True), grades_in("5а класс", anywhere=False)
    ({5, 7}, {5})
    >>> grades_in("русский язык 5", anywhere=True), grades_in("сош № 3 физика 7", anywhere=True)
    ({5}, {7})
    """
    before = re.search(r"((?:(?<!\d)(?:1[01]|[1-9])(?:\s*-?[а-я]{1,2})?[\s-]+)+)класс", words)
    among = before[1] if before else words if anywhere else ""
    return {int(one) for one in re.findall(r"(?<![\d-])(?<!№ )(?<!№)(1[01]|[1-9])(?![\d-])", among)}
