"""Which procedures a year had, their scales and their ordinary levels.

Rules of the years: 2019 complete; 2020 no ОГЭ, ЕГЭ for university entrants only, ВПР in autumn on the programme of
the grade just finished (``grade`` is the programme's grade, the pupils are those of that grade in 2019/20); 2021 ОГЭ
in russian and maths only, no base maths, ГВЭ for 11th-graders who do not apply to universities.

Scales of ВПР are those of 2021 in all three years (real scales change a little yearly), of ОГЭ the recommendations of
2019 and 2021. Levels are set by hand, so that the shares of mark «2» are near those of a real region: in spring 2021
from 3 % (maths 4) to 22 % (russian 8), in autumn 2020 about one and a half times as many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

SIMULATED_YEARS = (2019, 2020, 2021)
RANDOM_SUBJECTS = ("history", "biology", "geography", "social_studies")
"""In grades 6 (2021) and 8 each school writes two subjects drawn by lot besides russian and maths."""


@dataclass(frozen=True)
class Procedure:
    """One procedure of a year.

    ``scale`` holds the least primary score of marks 3, 4 and 5, ``top`` the greatest score; ЕГЭ has no marks but a
    certificate ``minimum``. ``level`` is the mean per cent of ``top`` in a school of middle standing, ``spread`` the
    standard deviation of pupils inside a school, both in per cent of ``top``. ``takers`` is the share of the cohort
    that sits the procedure.
    """

    exam: str
    subject: str
    grade: int
    level: float
    spread: float
    top: int
    scale: tuple[int, int, int] | None = None
    minimum: int | None = None
    takers: float = 1.0
    wave: str = ""

    @property
    def name(self) -> str:
        """``VPR/russian/5``, with the wave when there is one."""
        return f"{self.exam}/{self.subject}/{self.grade}" + (f"/{self.wave}" if self.wave else "")


# (subject, grade): level in spring, level in autumn 2020, spread inside a school, least scores of 3/4/5, greatest score
_VPR = {
    ("russian", 4): (67.5, 52, 19, (14, 24, 33), 38),
    ("maths", 4): (61.5, 52, 18, (6, 10, 15), 20),
    ("world_around", 4): (63, 55, 16, (8, 18, 27), 32),
    ("russian", 5): (59.5, 52, 19, (18, 29, 39), 45),
    ("maths", 5): (52, 44.5, 18, (7, 11, 15), 20),
    ("history", 5): (49.5, 43, 19, (4, 8, 12), 15),
    ("biology", 5): (59, 53, 14, (12, 18, 24), 29),
    ("russian", 6): (65, 58, 18, (25, 35, 45), 51),
    ("maths", 6): (51, 44, 18, (6, 10, 14), 16),
    ("history", 6): (48, 41, 17, (6, 11, 16), 20),
    ("biology", 6): (60, 53.5, 14, (12, 18, 24), 28),
    ("geography", 6): (56.5, 53, 17, (10, 22, 31), 37),
    ("social_studies", 6): (60.5, 52.5, 17, (9, 15, 20), 23),
    ("russian", 7): (60.5, 55, 17, (22, 32, 42), 47),
    ("maths", 7): (53.5, 46.5, 18, (7, 12, 16), 19),
    ("history", 7): (46, 38, 16, (7, 13, 19), 25),
    ("biology", 7): (55.5, 49, 15, (10, 17, 23), 28),
    ("geography", 7): (48.5, 41, 16, (11, 26, 33), 37),
    ("social_studies", 7): (59, 54.5, 17, (10, 16, 21), 23),
    ("physics", 7): (38.5, 32.5, 13, (5, 8, 11), 18),
    ("english", 7): (54, 48, 18, (13, 21, 27), 30),
    ("russian", 8): (63, 56.5, 17, (26, 32, 45), 51),
    ("maths", 8): (47, 41, 15, (8, 15, 21), 25),
    ("history", 8): (50.5, 43.5, 17, (7, 12, 18), 24),
    ("biology", 8): (59, 52.5, 15, (13, 21, 29), 35),
    ("geography", 8): (51.5, 45.5, 16, (13, 27, 35), 40),
    ("social_studies", 8): (57.5, 51.5, 17, (11, 17, 22), 25),
}
_VPR_TAKERS = 0.91  # 6–12 % of a class are absent

# subject: level, spread, scale, greatest score, share of those sitting ОГЭ who choose it
_OGE_COMPULSORY = {
    2019: {"russian": (70, 16, (15, 25, 34), 39), "maths": (50, 17, (8, 15, 22), 32)},
    2021: {"russian": (71, 16, (15, 23, 29), 33), "maths": (47, 16, (8, 15, 22), 31)},
}
_OGE_CHOSEN = {
    "physics": (55, 16, (10, 20, 31), 40, 0.16),
    "chemistry": (62, 19, (9, 18, 27), 34, 0.13),
    "biology": (53, 14, (13, 26, 37), 46, 0.32),
    "geography": (60, 17, (12, 20, 27), 32, 0.44),
    "social_studies": (60, 15, (15, 25, 34), 39, 0.58),
    "history": (55, 19, (13, 24, 35), 44, 0.04),
    "literature": (68, 17, (12, 20, 27), 33, 0.03),
    "informatics": (60, 20, (5, 12, 18), 22, 0.22),
    "english": (75, 15, (29, 46, 59), 70, 0.08),
}

# subject: mean test score, spread, certificate minimum, share of those sitting ЕГЭ who choose it
_EGE = {
    "russian": (69, 13, 24, 1.0),
    "maths": (55, 17, 27, 0.58),
    "physics": (54, 13, 36, 0.24),
    "chemistry": (54, 17, 36, 0.13),
    "biology": (50, 15, 36, 0.19),
    "history": (54, 16, 32, 0.16),
    "social_studies": (55, 15, 42, 0.47),
    "informatics": (60, 18, 40, 0.13),
    "english": (70, 17, 22, 0.11),
    "literature": (62, 16, 32, 0.07),
    "geography": (56, 14, 37, 0.03),
}
_EGE_BASE = (68, 18, (7, 12, 17), 20)

# regional works: level of the final wave, spread, scale, greatest score
_RKR = {
    ("russian", 5): (60, 18, (8, 12, 17), 20),
    ("maths", 5): (57, 18, (8, 12, 17), 20),
    ("russian", 7): (58, 17, (10, 16, 21), 25),
    ("maths", 7): (55, 18, (8, 13, 17), 20),
    ("russian", 9): (60, 17, (12, 19, 26), 31),
    ("maths", 9): (50, 17, (8, 15, 22), 31),
}
WAVE_STEPS = {"entry": -4.5, "interim": -2.0, "final": 0.0}
"""How far below the end of the year each wave stands, in per cent of the greatest score."""


@cache
def procedures_of(year: int) -> tuple[Procedure, ...]:
    """Every procedure of a year.

    Raises
    ------
    ValueError
        For a year whose rules the generator does not know.

    Examples
    --------
    >>> [procedure.name for procedure in procedures_of(2020) if procedure.exam == "OGE"]
    []
    >>> [procedure.name for procedure in procedures_of(2021) if procedure.exam == "OGE"]
    ['OGE/russian/9', 'OGE/maths/9']
    """
    if year not in SIMULATED_YEARS:
        known = ", ".join(map(str, SIMULATED_YEARS))
        raise ValueError(
            f"правила экзаменов {year} года генератору неизвестны; допустимые годы: {known} (simulation/procedures.py)"
        )
    return (*_vpr(year), *_rkr(year), *_oge(year), *_ege(year), *_gve(year))


def _vpr(year: int) -> list[Procedure]:
    optional = [(subject, 7) for subject in ("russian", "maths")]  # 2019: grade 7 on trial, grade 8 not yet
    in_2019 = [key for key in _VPR if key[1] <= 6] + optional
    found = []
    for subject, grade in in_2019 if year == 2019 else _VPR:
        spring, autumn, spread, scale, top = _VPR[subject, grade]
        level = autumn if year == 2020 else spring
        found.append(Procedure("VPR", subject, grade, level, spread, top, scale, takers=_VPR_TAKERS))
    return found


def _rkr(year: int) -> list[Procedure]:
    if year == 2019:
        return []
    return [
        Procedure("RKR", subject, grade, level + step, spread, top, scale, takers=0.93, wave=wave)
        for (subject, grade), (level, spread, scale, top) in _RKR.items()
        for wave, step in WAVE_STEPS.items()
    ]


def _oge(year: int) -> list[Procedure]:
    compulsory = [
        Procedure("OGE", subject, 9, level, spread, top, scale)
        for subject, (level, spread, scale, top) in _OGE_COMPULSORY.get(year, {}).items()
    ]
    chosen = [
        Procedure("OGE", subject, 9, level, spread, top, scale, takers=share)
        for subject, (level, spread, scale, top, share) in _OGE_CHOSEN.items()
    ]
    return compulsory + (chosen if year == 2019 else [])


def _ege(year: int) -> list[Procedure]:
    found = [
        Procedure("EGE", subject, 11, level, spread, 100, minimum=minimum, takers=share)
        for subject, (level, spread, minimum, share) in _EGE.items()
    ]
    if year == 2019:
        level, spread, scale, top = _EGE_BASE
        found.append(Procedure("EGE", "maths_base", 11, level, spread, top, scale, takers=0.42))
    return found


def _gve(year: int) -> list[Procedure]:
    grades = {2019: (9,), 2021: (9, 11)}.get(year, ())
    scale = (5, 11, 15)
    return [
        Procedure("GVE", subject, grade, level, 17, 18, scale)
        for grade in grades
        for subject, level in (("russian", 62), ("maths", 55))
    ]
