"""The schools of a made-up office: who they are, what drives their results, how many pupils each grade has.

The latent model, in standard deviations between schools::

    teaching = 0.5 · context + 0.87 · own teaching
    standing = 0.60 · context + 0.35 · teaching + 0.60 · own effect + trend · (year − 2020)

``context`` is the social context (higher = better off), ``effect`` what a school adds beyond context and teachers,
``trend`` a steady change per year. The standing decides results, marks, olympiads, satisfaction and continuation of
learning, so the context explains about half of the differences between schools, as an analysis adjusted for context
expects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.simulation.drawing import Shares, shifted_share, stream

HIGHEST_GRADE = {"НОШ": 4, "ООШ": 9, "СОШ": 11, "гимназия": 11, "лицей": 11}
URBAN_KINDS = {"СОШ": 0.80, "гимназия": 0.08, "лицей": 0.07, "ООШ": 0.03, "НОШ": 0.02}
RURAL_KINDS = {"СОШ": 0.66, "ООШ": 0.29, "НОШ": 0.05}
CAST_COLUMNS = [
    "school_id", "name", "short_name", "kind", "locality", "settlement_population", "transport", "distance_km",
    "pupils", "context", "own_teaching", "effect", "trend", "bias", "aliases",
]  # fmt: skip
"""Columns of a cast. The numbers from ``context`` to ``trend`` are in standard deviations between schools; ``bias``
says how far ВПР are marked towards the journal: 0 honestly, 1 markedly.
"""


def draw_schools(seed: int, schools: int, prefix: str = "sim") -> pd.DataFrame:
    """A random cast: kinds, places, sizes and latent qualities of made-up schools.

    Parameters
    ----------
    schools : number of schools, at least 1.
    prefix : start of each ``school_id``.

    Returns
    -------
    One row per school, columns ``CAST_COLUMNS``.
    """
    random = stream(seed, "schools")
    urban = random.random(schools) < 0.45
    draws = random.random(schools)
    kinds = np.where(urban, _pick(URBAN_KINDS, draws), _pick(RURAL_KINDS, draws))
    # field facts: a fifth to a quarter of schools has fewer than 10 participants in any one procedure
    median, spread = np.where(urban, 520.0, 120.0), np.where(urban, 0.5, 0.7)
    pupils = np.clip(np.exp(np.log(median) + spread * random.standard_normal(schools)), 14, 2200)
    pupils = np.where(kinds == "НОШ", pupils * 0.4, np.where(kinds == "ООШ", pupils * 0.7, pupils)).round()
    selective = np.isin(kinds, ["гимназия", "лицей"])
    context = 0.85 * random.standard_normal(schools) + 0.8 * selective + np.where(urban, -0.05, -0.45)
    numbers = np.arange(1, schools + 1)
    return pd.DataFrame(
        {
            "school_id": [f"{prefix}-{number:03d}" for number in numbers],
            "name": [f"Условная школа № {number}" for number in numbers],
            "short_name": [f"Условная № {number}" for number in numbers],
            "kind": kinds,
            "locality": np.where(urban, "urban", "rural"),
            "settlement_population": np.where(
                urban,
                _pick({"10000_50000": 0.5, "50000_100000": 0.3, "100000_500000": 0.2}, random.random(schools)),
                _pick({"under_1000": 0.5, "1000_5000": 0.4, "5000_10000": 0.1}, random.random(schools)),
            ),
            "transport": np.where(
                urban, "day_trip", _pick({"day_trip": 0.7, "two_days": 0.2, "no_regular": 0.1}, random.random(schools))
            ),
            "distance_km": np.where(urban, random.uniform(0.5, 6, schools), random.uniform(6, 90, schools)).round(1),
            "pupils": pupils.astype(int),
            "context": context,
            "own_teaching": random.standard_normal(schools),
            "effect": random.standard_normal(schools),
            "trend": 0.12 * random.standard_normal(schools),
            "bias": np.where(random.random(schools) < 0.07, random.uniform(0.5, 1.2, schools), 0.0),
            "aliases": [f"edu{number:06d};{9_000_000 + number};{number:010d}" for number in numbers],
        },
        columns=CAST_COLUMNS,
    )


def _pick(weights: dict[str, float], draws: np.ndarray) -> np.ndarray:
    bounds = np.cumsum(list(weights.values()))
    return np.array(list(weights), dtype=object)[
        np.minimum(np.searchsorted(bounds, draws, side="right"), len(bounds) - 1)
    ]


def teaching(cast: pd.DataFrame) -> np.ndarray:
    """Teacher quality of each school, in standard deviations between schools."""
    return 0.5 * cast["context"].to_numpy(float) + 0.87 * cast["own_teaching"].to_numpy(float)


def standing(cast: pd.DataFrame, year: int) -> np.ndarray:
    """What a school's results rest on in a year, in standard deviations between schools.

    Formula: see the module. Not a result of any pupil: noise of cohorts, subjects and years comes on top.
    """
    persistent = 0.60 * cast["context"].to_numpy(float) + 0.35 * teaching(cast) + 0.60 * cast["effect"].to_numpy(float)
    return persistent + cast["trend"].to_numpy(float) * (year - 2020)


def highest_grade(cast: pd.DataFrame) -> np.ndarray:
    """Highest grade of each school: 4, 9 or 11."""
    return cast["kind"].map(HIGHEST_GRADE).to_numpy(int)


@dataclass(frozen=True)
class Enrolment:
    """Pupils by grade: ``grades[year]`` is schools × 11; ``continued[year]`` counts leavers of grade 9 who go on."""

    grades: dict[int, np.ndarray]
    continued: dict[int, np.ndarray]


def enrol(cast: pd.DataFrame, seed: int, years: list[int]) -> Enrolment:
    """Grow the cohorts of every school year by year.

    A cohort moves up a grade each year; 3 % leave and about as many arrive. After grade 9 a part goes on (about 72 %,
    more where results are better), most of them in the same school if it has grades 10–11.

    Parameters
    ----------
    years : consecutive years, ascending.
    """
    top = highest_grade(cast)
    selective = cast["kind"].isin(["гимназия", "лицей"]).to_numpy()
    cohort = cast["pupils"].to_numpy(float) / np.select([top == 4, top == 9, selective], [4, 9, 10.4], 10)
    existing = np.arange(1, 12)[None, :] <= top[:, None]
    grades: dict[int, np.ndarray] = {}
    continued: dict[int, np.ndarray] = {}
    for year in years:
        random = stream(seed, "enrolment", year)
        if year - 1 in grades:
            before = grades[year - 1]
            moved = random.binomial(before, 0.97) + random.poisson(before * 0.03)
            stayed = random.binomial(continued[year - 1], 0.85) + random.poisson(
                np.where(selective, cohort * 0.25, 0.0)
            )
            now = np.column_stack([random.poisson(cohort), moved[:, :8], stayed, moved[:, 9]])
        else:
            now = random.poisson(np.repeat(cohort[:, None], 11, axis=1))
            now[:, 9] = random.binomial(now[:, 9], np.where(selective, 0.75, 0.55))
            now[:, 10] = random.binomial(now[:, 9], 0.95)
        grades[year] = np.where(existing, now, 0)
        share = shifted_share(0.72, 0.45 * standing(cast, year) + 0.2 * random.standard_normal(len(cast)))
        continued[year] = random.binomial(grades[year][:, 8], share)
    return Enrolment(grades, continued)


def registry(cast: pd.DataFrame, seed: int, grades: np.ndarray) -> dict[str, object]:
    """Columns of the table ``schools`` in one year."""
    shares = Shares(seed, "schools", len(cast))
    pupils = grades.sum(axis=1)
    rural = (cast["locality"] == "rural").to_numpy()
    context = cast["context"].to_numpy(float)
    same = [
        "school_id",
        "name",
        "short_name",
        "kind",
        "locality",
        "settlement_population",
        "transport",
        "distance_km",
        "aliases",
    ]
    return {name: cast[name].to_numpy() for name in same} | {
        "highest_grade": highest_grade(cast),
        "pupils": pupils,
        "classes": np.ceil(grades / 27).sum(axis=1),
        "second_shift_pupils": np.where(pupils > 450, shares.count("second_shift", pupils, 0.15, -0.2 * context), 0),
        "special_needs_pupils": shares.count("special_needs", pupils, 0.055, -0.2 * context),
        "transported_pupils": np.where(rural, shares.count("transported", pupils, 0.25), 0),
        "small_school": pupils < 100,
    }
