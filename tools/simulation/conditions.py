"""Conditions of made-up schools: families, teachers, resources, satisfaction and the answers to the survey.

Shares of families and teachers belong to a school and stay with it (``drawing.Shares``), so years differ only as far
as pupils and teachers come and go.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.simulation.drawing import Shares, stream
from tools.simulation.frames import Block
from tools.simulation.schools import standing, teaching

# share of families or pupils, its move per standard deviation of social context (logits), its own spread
_FAMILIES = {
    "low_income": (0.22, -0.55, 0.3),
    "large": (0.17, -0.25, 0.25),
    "single_parent": (0.23, -0.25, 0.25),
    "parents_unemployed": (0.04, -0.60, 0.4),
    "one_working_parent": (0.25, -0.25, 0.25),
    "parents_without_higher_education": (0.56, -0.80, 0.3),
}
_PUPILS = {
    "deviant_pupils": (0.012, -0.55, 0.4),
    "unmotivated_pupils": (0.09, -0.45, 0.4),
    "weak_russian_pupils": (0.015, -0.30, 0.8),
}


def social_context_block(cast: pd.DataFrame, seed: int, schools: Block) -> Block:
    """Rows of ``social_context``, in step with ``schools``; families are about 0.82 of the pupils."""
    shares = Shares(seed, "social_context", len(cast))
    context = cast["context"].to_numpy(float)
    pupils = np.asarray(schools["pupils"])
    families = np.ceil(pupils * 0.82).astype(int)
    counts = {
        name: shares.count(name, families, base, slope * context, spread)
        for name, (base, slope, spread) in _FAMILIES.items()
    }
    both = np.floor(0.4 * np.minimum(counts["low_income"], counts["large"]))
    either = np.minimum(counts["low_income"] + counts["large"] - both, families)
    counts |= {
        name: shares.count(name, pupils, base, slope * context, spread)
        for name, (base, slope, spread) in _PUPILS.items()
    }
    whole = {
        "school_id": cast["school_id"].to_numpy(),
        "pupils": pupils,
        "families": families,
        "low_income_or_large": either,
    }
    return whole | counts | {"disabled": schools["special_needs_pupils"]}


# share of pedagogues, its move per standard deviation of teacher quality (logits)
_TEACHERS = {
    "half_time_plus": (0.95, 0.1),
    "men": (0.11, 0.0),
    "pedagogical_education": (0.93, 0.4),
    "category_raised_3y": (0.30, 0.40),
    "load_1_5_plus": (0.22, -0.40),
    "contest_participants_3y": (0.07, 0.55),
    "off_profile": (0.05, -0.60),
    "retrained": (0.08, 0.0),
}
_CATEGORIES = {"category_highest": 0.26, "category_first": 0.31, "without": 0.43}
_EXPERIENCE = {
    "experience_under_5": 0.14,
    "experience_5_10": 0.12,
    "experience_10_20": 0.19,
    "experience_20_30": 0.26,
    "experience_30_40": 0.21,
    "experience_40_plus": 0.08,
}
_TRAINING = {"this_year": 0.40, "in_3_years": 0.52, "longer_ago": 0.08}
_UNDER_35 = (0.80, 0.60, 0.06, 0, 0, 0)  # of each experience band
_FROM_55 = (0.01, 0.02, 0.06, 0.15, 0.75, 1.0)
_REGION_PEDAGOGUES = {"region": 18_000, "country": 1_080_000}


def pedagogues(cast: pd.DataFrame, grades: np.ndarray) -> np.ndarray:
    """Pedagogues of each school: one for 15 pupils in town, for 9 in a village, and a few that any school needs."""
    rural = (cast["locality"] == "rural").to_numpy()
    return np.round(grades.sum(axis=1) / np.where(rural, 11, 15) + np.where(rural, 4, 5)).astype(int)


def staff_blocks(cast: pd.DataFrame, seed: int, grades: np.ndarray, *, rollups: bool) -> list[Block]:
    """Rows of ``staff``; parts are counted from all pedagogues. Optional rows of a made-up region and country."""
    everyone = pedagogues(cast, grades)
    quality = teaching(cast)
    blocks = [
        {"school_id": cast["school_id"].to_numpy()}
        | _staff(Shares(seed, "staff", len(cast)), everyone, quality, grades.sum(axis=1))
    ]
    for level, size in _REGION_PEDAGOGUES.items() if rollups else ():
        counts = _staff(
            Shares(seed, f"staff of {level}", 1), np.array([size]), np.zeros(1), np.array([size * 14]), spread=0.0
        )
        blocks.append({"level": level} | counts)
    return blocks


def _staff(
    shares: Shares, everyone: np.ndarray, quality: np.ndarray, pupils: np.ndarray, spread: float = 0.35
) -> dict[str, np.ndarray]:
    columns = {
        name: shares.count(name, everyone, base, slope * quality, spread) for name, (base, slope) in _TEACHERS.items()
    }
    categories = shares.split("categories", everyone, list(_CATEGORIES.values()), 0.5 * quality)
    bands = shares.split("experience", everyone, list(_EXPERIENCE.values()))
    training = shares.split("training", everyone, list(_TRAINING.values()), 0.3 * quality)
    teachers = np.round(everyone * 0.86).astype(int)
    young = sum(np.floor(bands[:, band] * share + 0.5) for band, share in enumerate(_UNDER_35))
    old = sum(np.floor(bands[:, band] * share + 0.5) for band, share in enumerate(_FROM_55))
    managers = np.maximum(np.round(everyone * 0.06), 1)
    positions = np.round(everyone * 2.3) / 2
    return {
        "pedagogues": everyone,
        "teachers": teachers,
        **columns,
        "category_highest": categories[:, 0],
        "category_first": categories[:, 1],
        **{name: bands[:, band] for band, name in enumerate(_EXPERIENCE)},
        "age_under_35": young,
        "age_55_plus": np.minimum(old, everyone - young),
        "trained_year": training[:, 0],
        "trained_3y": training[:, :2].sum(axis=1),
        "managers": managers,
        "managers_trained_year": shares.count("managers", managers.astype(int), 0.4),
        "positions": positions,
        "vacancies": np.floor(
            2 * positions * np.clip(0.03 * np.exp(-0.7 * quality), 0, 0.3) + shares.offset("vacancies")
        )
        / 2,
        "psychologists": _half_rates(pupils, 550),
        "social_pedagogues": _half_rates(pupils, 650),
        "speech_therapists": _half_rates(pupils, 800),
        "defectologists": np.where(pupils > 600, 0.5, 0.0),
        "additional_education": _half_rates(pupils, 300),
    }


def with_load(staff: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The staff with bands of load in hours and of age, and the mean load."""
    everyone = staff["pedagogues"].to_numpy(int)
    bands = np.zeros((len(staff), 4), dtype=int)
    for level in staff["level"].unique():
        rows = (staff["level"] == level).to_numpy(bool)
        shares = Shares(seed, f"load of {level}", int(rows.sum()))
        bands[rows] = shares.split("hours", everyone[rows], [0.07, 0.08, 0.22, 0.63])
    young, old = staff["age_under_35"].to_numpy(int), staff["age_55_plus"].to_numpy(int)
    pension = np.floor(old * 0.6).astype(int)
    by_band = {
        "load_36_plus": bands[:, 0],
        "load_to_36": bands[:, 1],
        "load_to_30": bands[:, 2],
        "age_25_30": np.floor(young * 0.45).astype(int),
        "age_36_60": np.maximum(everyone - young - pension, 0),
        "age_pension": pension,
    }
    mean_load = np.round(bands @ np.array([38.0, 33.0, 25.0, 18.5]) / np.maximum(everyone, 1), 1)
    columns = by_band | {"mean_load": mean_load}
    return staff.assign(**{name: pd.array(counts, "Float64") for name, counts in columns.items()})


def _half_rates(pupils: np.ndarray, pupils_per_rate: int) -> np.ndarray:
    return np.floor(2 * pupils / pupils_per_rate) / 2


def resources_block(cast: pd.DataFrame, seed: int, year: int, grades: np.ndarray) -> Block:
    """Rows of ``resources``; better-off schools have newer books and computers, villages slower internet."""
    shares = Shares(seed, "resources", len(cast))
    pupils = grades.sum(axis=1)
    means = 0.5 * cast["context"].to_numpy(float)
    textbooks = np.round(pupils * (16 + 2 * shares.deviation("textbooks").clip(-2, 2))).astype(int)
    classrooms = np.round(6 + pupils / 24).astype(int)
    computers = np.round(5 + pupils * 0.13).astype(int)
    rural = (cast["locality"] == "rural").to_numpy()
    rank = np.clip(np.floor(2 + year - 2020 + means + shares.deviation("internet")), 0, 4).astype(int)
    speeds = np.where(rural[:, None], [[2, 10, 30, 50, 100]], [[10, 50, 100, 100, 200]])
    return {
        "school_id": cast["school_id"].to_numpy(),
        "textbooks": textbooks,
        "textbooks_under_3y": shares.count("textbooks_under_3y", textbooks, 0.33, 0.6 * means, 0.35),
        "classrooms": classrooms,
        "classrooms_equipped": shares.count("classrooms_equipped", classrooms, 0.72, 0.9 * means, 0.5),
        "computers": computers,
        "computers_outdated": shares.count("computers_outdated", computers, 0.35, -0.7 * means, 0.4),
        "internet_mbps": np.take_along_axis(speeds, rank[:, None], axis=1)[:, 0],
    }


_ASSESSED_EVERY = 3


def satisfaction_block(cast: pd.DataFrame, seed: int, year: int) -> Block:
    """Rows of ``satisfaction``: each year a third of the schools is assessed, the others keep their last value.

    The share satisfied is 0.3 · recommend + 0.2 · conditions + 0.5 · overall; primary schools publish the parts only.
    """
    turn = np.arange(len(cast)) % _ASSESSED_EVERY
    assessed = year - (year - turn) % _ASSESSED_EVERY
    columns: dict[str, np.ndarray] = {}
    for past in sorted(set(assessed)):
        here = assessed == past
        position = standing(cast, int(past))
        random = stream(seed, "satisfaction", past)
        respondents = np.clip(np.round(cast["pupils"].to_numpy(float) * 0.5), 12, 600).astype(int)
        general = 0.8 * position + 0.3 * random.standard_normal(len(cast))
        values = {"respondents": respondents}
        for part, base in (("recommend_share", 0.80), ("conditions_share", 0.74), ("overall_share", 0.80)):
            chance = 1 / (1 + np.exp(-(np.log(base / (1 - base)) + general)))
            values[part] = (random.binomial(respondents, chance) / respondents).round(3)
        for name, drawn in values.items():
            columns[name] = np.where(here, drawn, columns.get(name, 0))
    satisfied = (
        0.3 * columns["recommend_share"] + 0.2 * columns["conditions_share"] + 0.5 * columns["overall_share"]
    ).round(3)
    satisfied = np.where((cast["kind"] == "НОШ").to_numpy(), np.nan, satisfied)
    return {
        "school_id": cast["school_id"].to_numpy(),
        "assessed_year": assessed.astype(object),
        "satisfied_share": satisfied,
    } | columns


def conditions_block(cast: pd.DataFrame, seed: int, year: int, schools: Block) -> Block:
    """Rows of ``conditions``, in step with the pupils and special needs of ``schools``; flags once won are kept."""
    shares = Shares(seed, "conditions", len(cast))
    pupils, special = np.asarray(schools["pupils"]), np.asarray(schools["special_needs_pupils"])
    position = standing(cast, year)
    difficulty = shares.count("difficulty", pupils, 0.14, -0.4 * position)
    distance = shares.count("distance", pupils, {2019: 0.02, 2020: 0.85, 2021: 0.20}[year])
    urban = (cast["locality"] == "urban").to_numpy()

    def won(name: str, base: float, slope: float = 0.3) -> np.ndarray:
        threshold = base + 0.12 * (year - 2020) + 0.15 * slope * position + 0.1 * urban
        return shares.offset(name) < threshold

    return {
        "school_id": cast["school_id"].to_numpy(),
        "roadmap": won("roadmap", 0.75, 0.0),
        "conditions_provided": won("conditions_provided", 0.70, 1.0),
        "special_needs_pupils": special,
        "special_needs_adapted": shares.count("adapted", special, 0.80),
        "special_needs_supported": shares.count("supported", special, 0.85, 0.4 * position),
        "special_needs_distance": shares.count("special_distance", special, 0.10),
        "difficulty_pupils": difficulty,
        "difficulty_supported": shares.count("difficulty_supported", difficulty, 0.70, 0.5 * position),
        "pupils": pupils,
        "distance_pupils": distance,
        "communities": won("communities", 0.80),
        "technology_base": won("technology_base", 0.30),
        "profile_base": won("profile_base", 0.25),
        "international_assessment": won("international_assessment", 0.30),
        "employers_involved": won("employers_involved", 0.20),
        "network_programmes": won("network_programmes", 0.35),
    }


def survey_blocks(
    cast: pd.DataFrame, seed: int, year: int, staff: pd.DataFrame, resources: pd.DataFrame
) -> list[Block]:
    """Rows of ``survey``: every school answers every question, in agreement with the tables that know the fact."""
    teachers = staff[staff["level"] == "school"].reset_index(drop=True).astype({"pedagogues": float})
    means = resources[resources["level"] == "school"].reset_index(drop=True)
    rural = (cast["locality"] == "rural").to_numpy()
    offsets = Shares(seed, "survey", len(cast))
    position = standing(cast, year)
    internet = means["internet_mbps"].to_numpy(float)
    old_computers = (means["computers_outdated"] / means["computers"]).to_numpy(float)
    qualified = ((teachers["category_first"] + teachers["category_highest"]) / teachers["pedagogues"]).to_numpy(float)
    equipped = (means["classrooms_equipped"] / means["classrooms"]).to_numpy(float)
    new_books = (means["textbooks_under_3y"] / means["textbooks"]).to_numpy(float)

    def likely(question: str, share: float, slope: float = 0.0) -> np.ndarray:
        return offsets.offset(question) < np.clip(share + slope * position, 0.02, 0.98)

    answers = {
        "teacher_shortage": (teachers["vacancies"] >= 1.5).to_numpy(bool),
        "qualified_shortage": qualified < 0.45,
        "digital_confidence": likely("digital_confidence", 0.75, 0.1),
        "older_teachers": (teachers["age_55_plus"] / teachers["pedagogues"] > 0.33).to_numpy(bool),
        "special_needs_shortage": (teachers["defectologists"] + teachers["speech_therapists"] < 0.5).to_numpy(bool),
        "useful_training": likely("useful_training", 0.85),
        "methodical_gaps": likely("methodical_gaps", 0.30, -0.2),
        "mentoring": likely("mentoring", 0.70, 0.1),
        "fast_internet": internet >= np.where(rural, 50, 100),
        "fast_internet_needed": internet < np.where(rural, 50, 100),
        "video_blocked": internet < 10,
        "few_good_computers": old_computers > 0.5,
        "pupils_use_computers": likely("pupils_use_computers", 0.60, 0.1),
        "library_sufficient": likely("library_sufficient", 0.85, 0.05),
        "literature_outdated": new_books < 0.25,
        "digital_technologies": likely("digital_technologies", 0.70, 0.1),
        "needs_repair": likely("needs_repair", 0.30, -0.12),
        "good_premises": ~likely("needs_repair", 0.30, -0.12),
        "materials_shortage": equipped < 0.5,
    }
    place = "контекстный опрос школ"
    return [
        {"school_id": cast["school_id"].to_numpy(), "question": question, "answer": answer, "place": place}
        for question, answer in answers.items()
    ]
