"""Offices that ship, computed once per test process."""

from functools import cache
from pathlib import Path

from shnor_lib.office import Office, assemble_office

ROOT = Path(__file__).parents[1]
SHIPPED = [
    ("demo", 2019),
    ("demo", 2020),
    ("demo", 2021),
    ("demo-rayon", 2021),
    ("iskitim", 2021),
    ("krasnokholm", 2021),
    ("kushva", 2020),
    ("lesosibirsk", 2020),
    ("lesozavodsk", 2021),
]


@cache
def shipped(municipality: str, year: int) -> Office:
    """One office and year of the repository, assembled from its raw files."""
    return assemble_office(ROOT, municipality, year)
