"""What a run is asked for: which offices, years and reports, all names checked before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from shnor_lib.office.fingerprint import file_digest
from shnor_lib.runs.catalogue import Report
from shnor_lib.runs.files import read_json
from shnor_lib.workspace import check_id, parameter_names


class RunRefused(ValueError):
    """A run that cannot begin: the cause and the remedy, a line each."""

    def __init__(self, cause: str, remedy: str):
        self.cause, self.remedy = cause, remedy
        super().__init__(f"{cause} {remedy}")


OFFICES, REGIONS = "params", "params/regions"
"""Folders of the profiles."""


@dataclass(frozen=True)
class Known:
    """An office or a region of the workspace: its title and the years it makes reports for.

    Attributes
    ----------
    municipalities : the offices of a region.
    problem : what is wrong with its profile.
    method : of an office, as the profile names it.
    """

    name: str
    title: str
    years: tuple[int, ...]
    fictional: bool = False
    municipalities: tuple[str, ...] = ()
    problem: str = ""
    method: str = ""


def read_profiles(
    workspace: Path, folder: str, names: Iterable[str], before_reading: Callable[[], None] = lambda: None
) -> dict[str, Known]:
    """The named offices or regions; profiles that have not changed since they were last read are not read again.

    Parameters
    ----------
    folder : :data:`OFFICES` or :data:`REGIONS`.
    before_reading : called when a profile must be read, which takes the second that loading the libraries takes.
    """
    remembered = {name: _remembered(workspace, folder, name) for name in names}
    if not all(remembered.values()):
        before_reading()
    return {name: known or _read(workspace, folder, name) for name, known in remembered.items()}


def _remembered(workspace: Path, folder: str, name: str) -> Known | None:
    profile = f"{folder}/{name}.yml"
    current = file_digest(workspace / profile)
    for path in sorted((workspace / "data" / "processed" / name).glob("*/prepared.json")):
        prepared = read_json(path) or {}
        if current and prepared.get("contents", {}).get(profile) == current:
            years, members = tuple(prepared["years"]), tuple(prepared.get("municipalities", ()))
            method = prepared.get("method", {}).get("name", "")
            return Known(name, prepared["title"], years, prepared["fictional"], members, method=method)
    return None


def _read(workspace: Path, folder: str, name: str) -> Known:
    from shnor_lib.params.reading import read_profile, read_region_profile
    from shnor_lib.params.yaml_files import ParamsError

    try:
        profile = (read_profile if folder == OFFICES else read_region_profile)(workspace, name)
    except ParamsError as error:
        return Known(name, name, (), problem=str(error))
    members, method = getattr(profile, "municipalities", ()), getattr(profile, "method", "")
    return Known(name, profile.title, profile.years, profile.fictional, members, method=method)


def years_with_data(workspace: Path, municipality: str) -> list[int]:
    """Years that have a folder in ``data/raw``."""
    folders = (workspace / "data" / "raw" / municipality).glob("[0-9][0-9][0-9][0-9]")
    return sorted(int(folder.name) for folder in folders if folder.is_dir())


def select_profiles(workspace: Path, wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """The wanted offices and regions, all when none is named; a region brings its offices along only when it is read.

    Raises :class:`RunRefused` when a name is not known, or means both an office and a region.
    """
    offices, regions = parameter_names(workspace), parameter_names(workspace, "regions")
    for name in set(offices) & set(regions):
        raise RunRefused(
            f"«{name}» – и муниципалитет, и регион: их отчёты легли бы в одну папку.",
            f"Переименуйте params/regions/{name}.yml.",
        )
    for name in wanted:
        check_id(name, "Муниципалитет")
        if name not in offices + regions:
            raise RunRefused(
                f"Муниципалитет «{name}» не найден в params.", _nearest(name, offices + regions, "муниципалитеты")
            )
    if not offices:
        raise RunRefused("В params нет ни одного муниципалитета.", "Заведите его: shnor new НАЗВАНИЕ.")
    if not wanted:
        return offices, regions
    return [name for name in offices if name in wanted], [name for name in regions if name in wanted]


def select_years(
    workspace: Path, offices: dict[str, Known], regions: dict[str, Known], wanted: Sequence[int]
) -> list[tuple[str, int]]:
    """The wanted years of each office; by default those of its profile, and of its region for the offices of one.

    A year that a folder of data exists for may be asked for before the profile names it. An office whose profile is wrong
    stands for the years of its data.

    Raises :class:`RunRefused` when no chosen office or region knows a wanted year.
    """
    known = {name: sorted({*office.years, *years_with_data(workspace, name)}) for name, office in offices.items()}
    every = {year for years in known.values() for year in years} | {y for one in regions.values() for y in one.years}
    for year in wanted:
        if year not in every:
            raise RunRefused(f"Год {year} неизвестен.", _nearest(str(year), map(str, sorted(every)), "годы"))
    pairs = []
    for name, office in offices.items():
        years = [year for year in known[name] if year in wanted] if wanted else office.years or known[name]
        pairs += [(name, year) for year in years]
    return pairs


def select_reports(offered: dict[str, Report], wanted: Sequence[str]) -> list[str]:
    """Ids of the wanted reports, all when none is named; ``50`` stands for ``50_identification``.

    Raises :class:`RunRefused` when a report is not known.
    """
    chosen = []
    for name in wanted:
        matching = [report for report in offered if report == name or report.split("_")[0] == name]
        if not matching:
            raise RunRefused(f"Отчёт «{name}» неизвестен.", _nearest(name, offered, "отчёты"))
        chosen += matching
    return sorted(set(chosen)) or list(offered)


def _nearest(word: str, known: Iterable[str], what: str) -> str:
    known = list(known)
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return f"Возможно, имелось в виду: {', '.join(close)}."
    return f"Есть {what}: {', '.join(known)}." if known else "Других нет."
