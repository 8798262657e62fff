"""The folders of a workspace: where params, data and reports lie, and that no path leaves it.

A workspace is a folder with ``params/`` and ``data/``. Every path built from a name that somebody typed goes through
:func:`safe_path`.
"""

from __future__ import annotations

import os
import re
from numbers import Integral
from pathlib import Path

VARIABLE = "SHNOR_WORKSPACE"
"""Environment variable that names the workspace when ``--workspace`` does not."""

PACKAGE = Path(__file__).parent
SHIPPED = next(folder for folder in (PACKAGE / "shipped", PACKAGE.parent) if (folder / "notebooks").is_dir())
"""Where the notebooks, methods and scenarios that ship lie: in an installed package, else in the repository around it."""

FIRST_YEAR, LAST_YEAR = 1990, 2100

USUAL = ".shnor.yml"
"""Where a workspace says which office and year commands mean when none is named."""

PUBLIC = "public"
"""The edition with small numbers masked."""

PAGES = {"internal": "reports", PUBLIC: "public"}
"""The top folder of the pages of each edition: the public one is a tree of its own, so that serving it serves nothing else."""

SCHOOLS_REPORT = "95_school_passports"
"""The report that makes the pages of the schools."""

OWN_INDICATORS, OWN_SURVEY, OWN_PROCEDURES, OWN_BREAKS, OWN_RISKS, OWN_RECOMMENDATIONS, OWN_PROFILES, OWN_SECTIONS = (
    OWN_FILES
) = tuple(
    f"params/{name}.yml"
    for name in (
        "indicators",
        "survey",
        "procedures",
        "breaks",
        "risk_factors",
        "recommendations",
        "risk_profiles",
        "sections",
    )
)
"""Where a workspace declares what stands beside the shipped catalogues; every other file of ``params`` is an office."""

_REPORT_FILE = re.compile(r"\d\d_[a-z0-9_]+\.ipynb")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
RESERVED_ON_WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


class WorkspaceError(ValueError):
    """A folder that is no workspace, a name that is no id, or a path that leads out of the workspace."""


def find_workspace(given: str | Path | None = None) -> Path:
    """The workspace: the folder given (by ``--workspace``), else the one the environment names, else the nearest one above.

    Raises
    ------
    WorkspaceError
        When the folder named has no ``params/`` and ``data/``, or neither the current folder nor one above it has them.
    """
    named = given or os.environ.get(VARIABLE)
    if named:
        folder = Path(named).expanduser()
        if not _is_workspace(folder):
            raise WorkspaceError(
                f"«{named}» – не рабочая папка: в ней нет папок params и data. "
                "Укажите папку, где они есть, или начните новую: shnor --workspace ПАПКА new КОД."
            )
        return folder.resolve()
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if _is_workspace(folder):
            return folder
    raise WorkspaceError(
        f"Ни в «{here}», ни выше нет рабочей папки (папки с params и data). "
        f"Перейдите в неё, укажите --workspace или переменную {VARIABLE}, или начните новую в пустой папке: shnor new КОД."
    )


def _is_workspace(folder: Path) -> bool:
    return (folder / "params").is_dir() and (folder / "data").is_dir()


def check_id(name: str, what: str = "Имя") -> str:
    """Return the name if it is a latin slug, so that it may stand in a path.

    Examples
    --------
    >>> check_id("lesosibirsk-2020")
    'lesosibirsk-2020'
    >>> check_id("../secret", "Муниципалитет")
    Traceback (most recent call last):
    shnor_lib.workspace.WorkspaceError: Муниципалитет «../secret»: допустимы строчные латинские буквы, цифры, ...
    """
    if f"params/{name}.yml" in OWN_FILES:
        raise WorkspaceError(f"{what} «{name}»: имя занято списком рабочей папки params/{name}.yml.")
    if not isinstance(name, str) or len(name) > 64 or not _SLUG.fullmatch(name) or name in RESERVED_ON_WINDOWS:
        shown = str(name)[:64]
        raise WorkspaceError(
            f"{what} «{shown}»: допустимы строчные латинские буквы, цифры, «-» и «_» между ними, не длиннее 64 знаков."
        )
    return name


def check_year(year: int) -> int:
    """Return the year if a school year may end in it."""
    if isinstance(year, bool) or not isinstance(year, Integral) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise WorkspaceError(f"Год «{str(year)[:20]}»: допустимо целое число от {FIRST_YEAR} до {LAST_YEAR}.")
    return int(year)


def safe_path(workspace: Path, *parts: str | int) -> Path:
    """Path inside the workspace; one that leads out of it, also through a link, is refused.

    Examples
    --------
    >>> safe_path(Path("/office"), "data", "..", "..", "etc")
    Traceback (most recent call last):
    shnor_lib.workspace.WorkspaceError: Путь «data/../../etc» ведёт за пределы рабочей папки.
    """
    root = workspace.resolve()
    shown = "/".join(map(str, parts))
    try:
        path = root.joinpath(*map(str, parts))
        inside = path.resolve().is_relative_to(root)
    except (ValueError, OSError, RuntimeError):
        inside = False
    if not inside:
        raise WorkspaceError(f"Путь «{shown}» ведёт за пределы рабочей папки.")
    return path


def relative_name(workspace: Path, path: Path) -> str:
    """Name of a file as reports and problems print it: relative to the workspace, with forward slashes."""
    root, place = Path(os.path.abspath(workspace)), Path(os.path.abspath(path))
    return place.relative_to(root if place.is_relative_to(root) else root.resolve()).as_posix()


def declared_files(workspace: Path, municipality: str) -> list[Path]:
    """The files of ``params`` that tell of an office: its profile, the methods, scenarios, regions, own catalogues."""
    own = [workspace / "params" / f"{municipality}.yml", *(workspace / name for name in OWN_FILES)]
    shared = ("methods", "scenarios", "regions")
    return own + [
        workspace / "params" / folder / f"{name}.yml"
        for folder in shared
        for name in parameter_names(workspace, folder)
    ]


def parameter_names(workspace: Path, folder: str = "") -> list[str]:
    """Names of the offices of a workspace, or of what a folder of ``params`` holds, in alphabetical order."""
    try:
        files = os.listdir(workspace / "params" / folder)
    except OSError:
        return []
    names = {file.removesuffix(".yml") for file in files if file.endswith(".yml")}
    return sorted(names if folder else names - {Path(file).stem for file in OWN_FILES})


def report_notebooks(workspace: Path) -> dict[str, Path]:
    """The notebook of every report by id, in order: those that ship, and those of the workspace, which stand in for the shipped
    ones of the same name."""
    paths: dict[str, Path] = {}
    for folder in (SHIPPED / "notebooks", workspace / "notebooks"):
        paths |= {path.stem: path for path in folder.glob("*.ipynb") if _REPORT_FILE.fullmatch(path.name)}
    return dict(sorted(paths.items()))


def raw_folder(workspace: Path, municipality: str, year: int) -> Path:
    """Folder of the delivered files of one office and year."""
    return safe_path(workspace, "data", "raw", check_id(municipality, "Муниципалитет"), check_year(year))


def processed_folder(workspace: Path, municipality: str, year: int) -> Path:
    """Folder of the computed tables of one office and year."""
    return safe_path(workspace, "data", "processed", check_id(municipality, "Муниципалитет"), check_year(year))


def report_folder(workspace: Path, municipality: str, year: int, audience: str = "internal") -> Path:
    """Folder of the reports of one office and year in the tree of the edition."""
    return safe_path(workspace, PAGES[audience], check_id(municipality, "Муниципалитет"), check_year(year))
