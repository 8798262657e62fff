"""What a run is asked for: which offices, years and reports, all names checked before anything is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from shnor_lib.fingerprint import file_digest
from shnor_lib.runs.catalogue import Report
from shnor_lib.workspace import check_id


class RunRefused(ValueError):
    """A run that cannot begin: the cause and the remedy, a line each."""

    def __init__(self, cause: str, remedy: str):
        self.cause, self.remedy = cause, remedy
        super().__init__(f"{cause} {remedy}")


@dataclass(frozen=True)
class KnownOffice:
    """An office of the workspace: its title and the years it makes reports for; ``problem`` when its profile is wrong."""

    municipality: str
    title: str
    years: tuple[int, ...]
    fictional: bool = False
    problem: str = ""


def known_offices(
    workspace: Path, names: Iterable[str], before_reading: Callable[[], None] = lambda: None
) -> dict[str, KnownOffice]:
    """The named offices; profiles that have not changed since they were last read are not read again.

    Parameters
    ----------
    before_reading : called when a profile must be read, which takes the second that loading the libraries takes.
    """
    remembered = {name: _remembered(workspace, name) for name in names}
    if not all(remembered.values()):
        before_reading()
    return {name: office or _read(workspace, name) for name, office in remembered.items()}


def _remembered(workspace: Path, municipality: str) -> KnownOffice | None:
    profile = f"params/{municipality}.yml"
    current = file_digest(workspace / profile)
    for path in sorted((workspace / "data" / "processed" / municipality).glob("*/prepared.json")):
        try:
            prepared = json.loads(path.read_bytes())
            if prepared["contents"][profile] == current:
                return KnownOffice(municipality, prepared["title"], tuple(prepared["years"]), prepared["fictional"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _read(workspace: Path, municipality: str) -> KnownOffice:
    from shnor_lib.params import read_profile
    from shnor_lib.yaml_files import ParamsError

    try:
        profile = read_profile(workspace, municipality)
    except ParamsError as error:
        return KnownOffice(municipality, municipality, (), problem=str(error))
    return KnownOffice(municipality, profile.title, profile.years, profile.fictional)


def years_with_data(workspace: Path, municipality: str) -> list[int]:
    """Years that have a folder in ``data/raw``."""
    folders = (workspace / "data" / "raw" / municipality).glob("[0-9][0-9][0-9][0-9]")
    return sorted(int(folder.name) for folder in folders if folder.is_dir())


def office_ids(workspace: Path) -> list[str]:
    """Ids of the offices of a workspace."""
    return sorted(path.stem for path in (workspace / "params").glob("*.yml"))


def select_offices(workspace: Path, wanted: Sequence[str]) -> list[str]:
    """The wanted offices, all when none is named.

    Raises
    ------
    RunRefused
        When an office is not known.
    """
    known = office_ids(workspace)
    for name in wanted:
        check_id(name, "Муниципалитет")
        if name not in known:
            raise RunRefused(f"Муниципалитет «{name}» не найден в params.", _nearest(name, known, "муниципалитет"))
    if not known:
        raise RunRefused("В params нет ни одного муниципалитета.", "Заведите его: shnor new НАЗВАНИЕ.")
    return list(dict.fromkeys(wanted)) or known


def select_years(workspace: Path, offices: dict[str, KnownOffice], wanted: Sequence[int]) -> list[tuple[str, int]]:
    """The wanted years of each office; by default those of its profile.

    A year that a folder of data exists for may be asked for before the profile names it. An office whose profile is wrong
    stands for the years of its data.

    Raises
    ------
    RunRefused
        When no chosen office knows a wanted year, or a chosen office knows none of them.
    """
    known = {name: sorted({*office.years, *years_with_data(workspace, name)}) for name, office in offices.items()}
    every = sorted({year for years in known.values() for year in years})
    for year in wanted:
        if year not in every:
            raise RunRefused(f"Год {year} неизвестен.", _nearest(str(year), map(str, every), "год"))
    pairs = []
    for name, office in offices.items():
        years = [year for year in known[name] if year in wanted] if wanted else office.years or known[name]
        pairs += [(name, year) for year in years]
    return pairs


def select_reports(offered: dict[str, Report], wanted: Sequence[str]) -> list[str]:
    """Ids of the wanted reports, all when none is named; ``50`` stands for ``50_identification``.

    Raises
    ------
    RunRefused
        When a report is not known.
    """
    chosen = []
    for name in wanted:
        matching = [report for report in offered if report == name or report.split("_")[0] == name]
        if not matching:
            raise RunRefused(f"Отчёт «{name}» неизвестен.", _nearest(name, offered, "отчёт"))
        chosen += matching
    return sorted(set(chosen)) or list(offered)


def _nearest(word: str, known: Iterable[str], what: str) -> str:
    known = list(known)
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return f"Возможно, имелось в виду: {', '.join(close)}."
    return f"Есть {what}: {', '.join(known)}." if known else "Других нет."
