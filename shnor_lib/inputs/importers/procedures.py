"""Which procedure an export is about: exam, subject, grade and year as titles and file names print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shnor_lib.inputs.importers.cells import meant_by, plain
from shnor_lib.inputs.importers.layouts import declared

PATTERNS = declared().patterns


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


def subject_of(text: str) -> str | None:
    """Subject that a title names.

    Examples
    --------
    >>> subject_of("Математика базовая"), subject_of("по математике"), subject_of("Итого")
    ('maths_base', 'maths', None)
    """
    return meant_by(text, PATTERNS["subjects"])


def procedure_in(text: str) -> Procedure:
    """What a title or a file name says of the procedure.

    Examples
    --------
    >>> procedure_in("ВПР 2026 Русский язык 4 класс")
    Procedure(exam='VPR', subject='russian', grade=4, year=2026)
    >>> procedure_in("2020 Русский язык 5.xlsx")
    Procedure(exam=None, subject='russian', grade=5, year=2020)
    """
    words = re.sub(r"[_.,;:()]+", " ", plain(text))
    year = re.search(r"(?<!\d)(20[0-9]{2})(?!\d)", words)
    grade = re.search(r"(?<!\d)(1[01]|[1-9])\s*(?:-?\w{1,2}\s+)?класс", words)
    subject = subject_of(words)
    if not grade and subject:
        grade = re.search(r"(?<![\d-])(1[01]|[1-9])(?![\d-])", words)
    exam = meant_by(words, PATTERNS["exams"])
    return Procedure(exam, subject, int(grade[1]) if grade else None, int(year[1]) if year else None)
