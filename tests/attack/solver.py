"""An attacker with a solver against public editions: the offices that ship, their region, an office of nine tiny schools."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from shnor_lib.runs import run_reports
from shnor_lib.runs.audit import Audited, audit
from shnor_lib.workspace import PAGES, PUBLIC
from tools.simulation import simulate_office
from tools.simulation.schools import draw_schools
from tools.simulation.writing import cells_of, write_tables, write_year_sources

ROOT = Path(__file__).parents[2]
LIMIT, SECONDS = 5, 1_800
TINY, YEARS = "tiny", (2020, 2021)
PROFILE = """\
title: Округ малых школ
region: Условная область
document: Вымышленный документ
method: lesosibirsk-2020
years: [2020, 2021]
fictional: true
"""


def tiny_office(workspace: Path) -> None:
    """An office of nine schools of some dozens of pupils each, and what its reports are made with."""
    for shared in ("params/methods", "notebooks"):
        shutil.copytree(ROOT / shared, workspace / shared, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    (workspace / "params" / f"{TINY}.yml").write_text(PROFILE, encoding="utf-8")
    cast = draw_schools(11, 9, prefix=TINY)
    cast = cast.assign(pupils=[34, 41, 48, 55, 63, 72, 84, 97, 120], kind="СОШ", locality="rural")
    made = simulate_office(11, cast, list(YEARS))
    for year in YEARS:
        folder = workspace / "data" / "raw" / TINY / str(year)
        folder.mkdir(parents=True)
        written = write_tables(folder, {name: cells_of(name, rows, year) for name, rows in made[year].items()})
        write_year_sources(folder, written, "Вымышленные данные", date=f"{year}-09-01", place="весь год")


def audited(workspace: Path, office: str, seconds: float = SECONDS) -> Audited:
    """The audit of what an office, or a region, has published in a workspace."""
    return audit(workspace / PAGES[PUBLIC] / office, LIMIT, seconds)


def attack() -> str:
    """Publish everything, attack it; the figures of every office.

    Raises
    ------
    AssertionError
        A hidden number can be told, or the time did not suffice.
    """
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        shipped, tiny = Path(folder) / "shipped", Path(folder) / "tiny"
        for name in ("params", "data/raw", "notebooks"):
            shutil.copytree(ROOT / name, shipped / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        tiny_office(tiny)
        for workspace, offices, region in ((shipped, ("demo", "demo-rayon"), ("demo-region",)), (tiny, (TINY,), ())):
            made = run_reports(workspace, municipalities=offices + region, audience=PUBLIC)
            failed = [
                report.reason for run in made.offices for report in run.reports.values() if report.cell is not None
            ]
            assert made.exit_code == 0, failed
            for office in offices:
                found = audited(workspace, office)
                assert found.is_safe, "\n".join(found.lines(SECONDS, most=1_000))
                figures.append(f"{office}: 0 of {found.found.asked} told")
    return "; ".join(figures)
