"""Complete tables of a few invented schools, made from the data dictionary so that a new column is covered at once."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from shnor_lib.indicators import catalogue
from shnor_lib.inputs.dictionary import DTYPES, choices, table

SCHOOLS = ["101", "102", "103", "104"]
YEARS = [2019, 2021]
KEYS: dict[str, list[dict[str, object]]] = {
    "exam_results": [
        {"exam": exam, "subject": subject, "grade": grade}
        for exam, subject, grade in [
            ("VPR", "russian", 5),
            ("OGE", "russian", 9),
            ("OGE", "maths", 9),
            ("EGE", "russian", 11),
            ("EGE", "maths", 11),
            ("EGE", "maths_base", 11),
            ("GVE", "maths", 9),
        ]
    ],
    "mark_comparison": [{"exam": "VPR", "subject": subject, "grade": 5} for subject in ("russian", "maths")],
    "learning_marks": [{"stage": "basic", "subject": subject} for subject in ("maths", "all")],
    "olympiads": [{"stage": stage, "subject": None} for stage in choices("olympiad_stage")],
    "survey": [{"question": "fast_internet", "place": "анкета"}, {"question": "mentoring", "place": "анкета"}],
    "professional_deficits": [
        {"subject": "maths", "deficit": deficit} for deficit in ("анализ текста", "доказательство")
    ],
}


def _random_column(rng: np.random.Generator, kind: str, size: int, allowed: str | None) -> np.ndarray:
    if kind == "choice":
        return rng.choice(list(choices(allowed)), size)
    if kind == "flag":
        return rng.random(size) < 0.5
    if kind == "share":
        return rng.random(size).round(3)
    if kind == "year":
        return np.full(size, 2018)
    if kind == "number":
        return (rng.random(size) * 10).round(2)
    return rng.integers(0, 60, size) if kind == "count" else np.array(["текст"] * size, dtype=object)


def full_table(name: str, seed: int) -> pd.DataFrame:
    """A complete, consistent table: totals add up, no part exceeds its whole."""
    rng = np.random.default_rng(seed)
    keys = [
        {"level": "school", "group": "", "school_id": school, "year": year, **key}
        for school, year, key in itertools.product(SCHOOLS, YEARS, KEYS.get(name, [{}]))
    ]
    if name == "exam_results":
        keys += [{**key, "level": "region", "school_id": ""} for key in keys if key["school_id"] == SCHOOLS[0]]
    rows = pd.DataFrame(keys)
    entry = table(name)
    for column in entry.columns.values():
        if column.name not in rows and column.name != "wave":
            rows[column.name] = _random_column(rng, column.type, len(rows), column.allowed)
    for rule in entry.totals:
        rows[rule.whole[0]] = rows[list(rule.parts)].sum(axis=1)
    for rule in entry.parts * 2:  # a part may itself be a whole
        whole = next(column for column in rule.whole if column in rows)
        for part in rule.parts:
            rows[part] = np.minimum(rows[part], rows[whole])
    if name == "staff":
        rows["category_first"] = np.minimum(rows["category_first"], rows["pedagogues"] - rows["category_highest"])
        rows["vacancies"] = np.minimum(rows["vacancies"], rows["positions"])
    if name == "olympiads":
        rows["entries"] = rows["entries"] + rows["participants"]
        for diploma in ("winners", "prize_winners"):
            rows[diploma] = np.minimum(rows[diploma], rows["entries"])
    if name == "exam_results":
        rows["max_score"] = 20.0
    if name == "schools":
        rows["highest_grade"], rows["pupils"] = 11, rows["pupils"] + 500
    if name == "survey":
        rows[["schools_yes", "schools_asked"]] = pd.NA
    dtypes = {column.name: DTYPES[column.type] for column in entry.columns.values() if column.name in rows}
    return rows.astype(dtypes | {"year": "Int64"})


def full_tables(seed: int = 1) -> dict[str, pd.DataFrame]:
    """Every table an indicator needs."""
    names = {name for entry in catalogue().values() for name in (entry.table, *entry.beside)}
    return {name: full_table(name, seed + number) for number, name in enumerate(sorted(names))}
