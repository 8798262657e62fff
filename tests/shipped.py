"""Offices that ship, put together once for all processes of a test run, and all their reports."""

import os
import pickle
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from filelock import FileLock

from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.office import Office
from shnor_lib.runs import run_reports
from shnor_lib.runs.warm import WarmServer

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
REGION = "demo-region"

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


def by_calculation(office: Office) -> Office:
    """The office as the calculation alone would have it, without lists received from above and decisions of experts."""
    own = office.identification
    return replace(office, identification=own.assign(identified=own["calculated"], decision="calculated"))


def make_all_reports(server: WarmServer) -> Path:
    """The folder of all offices with every report made, by the first process that asks for it; the others wait."""
    made, failure = _folder / "whole", _folder / "whole.failed"
    with FileLock(_folder / "whole.lock"):
        assert not failure.exists(), failure.read_text(encoding="utf-8")
        if not made.exists():
            failure.write_text("the run of all reports has failed before", encoding="utf-8")
            begun = _folder / "whole.begun"
            for name in ("params", "notebooks"):
                shutil.copytree(ROOT / name, begun / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
            shutil.copytree(ROOT / "data" / "raw", begun / "data" / "raw")
            assert run_reports(begun, jobs=2, server=server).exit_code == 0
            os.replace(begun, made)
            failure.unlink()
    return made


def pages_of(workspace: Path, municipality: str, year: int) -> dict[str, Path]:
    """The pages of an office and year, by report."""
    folder = workspace / "reports" / municipality / str(year)
    return {path.stem: path for path in sorted(folder.glob("[0-9][0-9]_*.html"))}
