"""Breaks of series: years in which a procedure was not what it was in the years around. The list is ``breaks.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import RootModel, model_validator

from shnor_lib.inputs.dictionary import choices
from shnor_lib.params.methods import Title, Year
from shnor_lib.params.yaml_files import Strict, nearest, read_yaml

ATTESTATION = "GIA"
"""The final attestation as a whole: not a procedure with results of its own, but what certificates are given by."""


class Break(Strict):
    """What was different in a year, with the exam and, where not all are meant, its subjects; those that were ``not_held``.

    ``kept``: compulsory subjects that were what they always are, so that only the exam as a whole is not. ``lasting``: so it stays
    from that year on, so that the years since are alike and those before are others.
    """

    exam: str
    year: Year
    text: Title
    subjects: tuple[str, ...] = ()
    not_held: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    lasting: bool = False

    @property
    def told(self) -> str:
        """The year and what was different."""
        return f"{f'с {self.year} года' if self.lasting else self.year}: {self.text}"

    def holds(self, year: int) -> bool:
        """Whether it was so in a year."""
        return year == self.year or (self.lasting and year > self.year)

    def parts(self, before: int, now: int) -> bool:
        """Whether it lies in the series of years from one to another."""
        return before < self.year <= now or (not self.lasting and before == self.year)

    @model_validator(mode="after")
    def _known(self) -> Break:
        words = [(self.exam, {**choices("exam"), ATTESTATION: ""})]
        words += [(one, {**choices("subject"), "*": ""}) for one in (*self.subjects, *self.not_held, *self.kept)]
        for word, known in words:
            if word not in known:
                raise ValueError(f"код «{word}» неизвестен{nearest(word, known)}")
        return self


class Breaks(RootModel):
    """All of them, by year."""

    root: list[Break]


_added: list[Break] = []
"""Breaks that the workspace declares: a process works in one workspace at a time."""


def add_breaks(added: Iterable[Break]) -> None:
    """Let these breaks stand beside those of ``breaks.yml``; what was added before is forgotten."""
    _added[:] = added


def breaks() -> list[Break]:
    """The breaks of ``breaks.yml``, then those of the workspace."""
    return [*_shipped(), *_added]


@cache
def _shipped() -> list[Break]:
    return read_yaml(Path(__file__).with_name("breaks.yml"), Breaks, "inputs/breaks.yml").root


def broken_between(procedure: str, before: int, now: int) -> str:
    """The breaks of the series of a procedure, or of an exam as a whole, from one year to another, as text.

    Examples
    --------
    >>> broken_between("OGE/maths/9", 2019, 2020), broken_between("VPR/maths/5", 2018, 2019)
    ('2020: ОГЭ не проводился', '')
    """
    exam, subject = (*procedure.split("/"), "")[:2]
    return "; ".join(
        one.told
        for one in breaks()
        if one.exam == exam and one.parts(before, now) and (not one.subjects or subject in one.subjects)
    )


def not_alike(procedure: str, before: int, now: int) -> str:
    """What makes a procedure in one of two years not what it is in the other, as text; what holds of both says nothing.

    The years between do not matter. ``procedure``: one procedure, or an exam whose compulsory subjects are meant.

    Examples
    --------
    >>> not_alike("VPR/maths/5", 2019, 2021), not_alike("OGE/maths/9", 2019, 2021), not_alike("OGE", 2019, 2021)
    ('', '', '')
    >>> not_alike("VPR/maths/5", 2021, 2022)
    '2022: большинство ВПР перенесено на осень'
    """
    found = [unlike_others(procedure, year, max(before, now)) for year in (before, now)] if before != now else []
    return "; ".join(filter(None, found))


def unlike_others(procedure: str, year: int, now: int) -> str:
    """What a procedure was in a year that it is in no other, or what became of it since for good, as text.

    ``now``: the last of the years that are compared; ``procedure`` as of :func:`not_alike`.

    Examples
    --------
    >>> unlike_others("VPR/maths/5", 2020, 2021), unlike_others("OGE/maths/9", 2021, 2021)
    ('2020: ВПР за 4–8 классы писали осенью по программе предыдущего класса', '')
    """
    exam, subject = (*procedure.split("/"), "")[:2]
    return "; ".join(
        one.told
        for one in breaks()
        if one.exam == exam
        and (year < one.year <= now if one.lasting else one.year == year)
        and (subject in one.subjects if one.subjects else not one.kept or subject not in ("", *one.kept))
    )


def was_held(procedure: str, year: int) -> bool:
    """Whether a procedure took place in a year: not, where ``breaks.yml`` says so.

    Examples
    --------
    >>> was_held("OGE/*/9", 2020), was_held("EGE/maths_base/11", 2021), was_held("EGE/*/11", 2021)
    (False, False, True)
    """
    exam, subject = (*procedure.split("/"), "")[:2]
    own = [one.not_held for one in breaks() if one.exam == exam and one.holds(year)]
    return not any(subject in subjects or "*" in subjects for subjects in own)


def series_breaks(years: Iterable[int]) -> list[str]:
    """What makes the years of a comparison of several procedures unlike one another: one text a year.

    Examples
    --------
    >>> series_breaks([2018, 2019]), series_breaks([2021, 2022])[1]
    ([], '2022: большинство ВПР перенесено на осень')
    """
    compared, told = sorted(set(years)), {}
    for one in sorted(breaks(), key=lambda one: one.year):
        inside = one.parts(compared[0], compared[-1]) if one.lasting and compared else one.year in compared
        if inside and one.exam != ATTESTATION:
            told.setdefault((one.year, one.lasting), []).append(one)
    return [", ".join([first.told, *(one.text for one in others)]) for first, *others in told.values()]
