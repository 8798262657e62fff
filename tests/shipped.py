"""Offices that ship, put together once for all processes of a test run."""

import os
import pickle
from functools import cache
from pathlib import Path

from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.office import Office

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


_folder: Path


def keep_in(folder: Path) -> None:
    """Name the folder that the processes of a test run share."""
    global _folder
    _folder = folder


@cache
def shipped(municipality: str, year: int) -> Office:
    """One office and year of the repository, assembled from its raw files by the first process that asks for it."""
    kept = _folder / f"{municipality}-{year}"
    if not kept.exists():
        written = kept.with_suffix(f".{os.getpid()}")
        written.write_bytes(pickle.dumps(assemble_office(ROOT, municipality, year)))
        os.replace(written, kept)
    return pickle.loads(kept.read_bytes())
