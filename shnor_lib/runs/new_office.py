"""``shnor new``: a new office, its parameters explained in place and its folder of data ready to fill."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

from shnor_lib.params.reading import read_profile
from shnor_lib.runs.files import WriteFailed
from shnor_lib.runs.plan import RunRefused
from shnor_lib.runs.transaction import write_together
from shnor_lib.workspace import (
    SHIPPED,
    VARIABLE,
    WorkspaceError,
    check_id,
    find_workspace,
    raw_folder,
    relative_name,
    safe_path,
)

FIRST_METHOD = "lesosibirsk-2020"
SEPTEMBER = 9
FOLDERS = ("params", "data")
"""What makes a folder a workspace."""


def begin_workspace(given: str | Path | None = None) -> Path:
    """The workspace of a new office: the one there is, or a new one in the folder named, by default the current one.

    A new workspace is begun only in a folder that is empty, or not there yet, or has only the empty folders of one just begun.
    """
    try:
        return find_workspace(given)
    except WorkspaceError:
        folder = Path(given or os.environ.get(VARIABLE) or Path.cwd()).expanduser()
        if folder.exists() and (not folder.is_dir() or any(path.name not in FOLDERS for path in folder.rglob("*"))):
            raise
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def create_office(
    workspace: Path, municipality: str, *, title: str | None = None, year: int | None = None, like: str | None = None
) -> list[str]:
    """Write the profile of a new office, with every field explained, and a ``SOURCES.yml`` for its first year.

    A workspace without methods gets the ones that ship and their scenarios, so that it has everything its reports depend on.

    Parameters
    ----------
    title : as reports print it; the id until somebody writes a better one.
    like : another office, whose declarations the new one begins with (:func:`profile_like`).
    year : of the first reports; by default the one in which the present school year ends.

    Returns
    -------
    Names of the files, relative to the workspace.

    Raises
    ------
    RunRefused
        When the office is there already, or a file cannot be written.
    """
    check_id(municipality, "Муниципалитет")
    year = year or school_year_end(date.today())
    sources = raw_folder(workspace, municipality, year) / "SOURCES.yml"
    profile = safe_path(workspace, "params", f"{municipality}.yml")
    for existing in (profile, workspace / "params" / "regions" / profile.name, sources):
        if existing.exists():
            raise RunRefused(
                f"«{municipality}» уже есть: {relative_name(workspace, existing)}.",
                "Возьмите другое имя или правьте имеющийся файл.",
            )
    rules = missing_rules(workspace)
    methods = workspace / "params" / "methods"
    known = sorted({path.stem for path in [*rules, *methods.glob("*.yml")] if path.parent == methods})
    values = {
        "municipality": municipality,
        "title": json.dumps(title or municipality, ensure_ascii=False),
        "year": year,
        "target_year": year + 3,
        "method": FIRST_METHOD if FIRST_METHOD in known else known[0],
        "methods": ", ".join(known),
    }
    declared = profile_like(workspace, like, title or municipality, year) if like else filled("new_profile.yml", values)
    contents = rules | {profile: declared, sources: filled("new_sources.yml", values)}
    try:
        write_together(workspace, contents)
    except WriteFailed as error:
        raise RunRefused(f"Файл не записан: {error.reason}.", "Проверьте место на диске и права на папку.") from None
    return [relative_name(workspace, path) for path in contents]


OF_ITS_OWN = ("short_title", "fictional", "corrections", "aliases")
"""What a profile says of its office alone."""


def profile_like(workspace: Path, other: str, title: str, year: int) -> bytes:
    """The profile of another office, for a new one: all it declares but its title, its years and what holds of it alone.

    Raises
    ------
    ParamsError
        When the other profile cannot be read.
    """
    read_profile(workspace, other)
    text = safe_path(workspace, "params", f"{other}.yml").read_text(encoding="utf-8")
    kept = []
    for block in re.split(r"(?m)^(?=[a-z_]+:)", text):
        key = block.partition(":")[0]
        if key == "title":
            kept.append(f"title: {json.dumps(title, ensure_ascii=False)}\n")
        elif key == "years":
            kept.append(f"years: [{year}]\n")
        elif key not in OF_ITS_OWN:
            kept.append(block)
    return "".join(kept).encode("utf-8")


def school_year_end(today: date) -> int:
    """The calendar year in which the school year of a day ends.

    Examples
    --------
    >>> school_year_end(date(2021, 8, 31)), school_year_end(date(2021, 9, 1))
    (2021, 2022)
    """
    return today.year + (today.month >= SEPTEMBER)


def missing_rules(workspace: Path) -> dict[Path, bytes]:
    """The methods and scenarios that ship, to be copied where a workspace has no methods."""
    if any((workspace / "params" / "methods").glob("*.yml")):
        return {}
    shipped = [path for kind in ("methods", "scenarios") for path in sorted((SHIPPED / "params" / kind).glob("*.yml"))]
    return {workspace / path.relative_to(SHIPPED): path.read_bytes() for path in shipped}


def filled(template: str, values: dict[str, object]) -> bytes:
    """A template of this folder with its ``{names}`` replaced."""
    text = (Path(__file__).parent / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text.encode("utf-8")
