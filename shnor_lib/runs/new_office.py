"""``shnor new``: a new office, its parameters explained in place and its folder of data ready to fill."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from shnor_lib.office.fingerprint import LIBRARY
from shnor_lib.runs.files import WriteFailed, write_whole
from shnor_lib.runs.plan import RunRefused
from shnor_lib.workspace import check_id, raw_folder, relative_name, safe_path

REPOSITORY_METHODS = LIBRARY.parent / "params" / "methods"
FIRST_METHOD = "lesosibirsk-2020"
SEPTEMBER = 9


def create_office(
    workspace: Path, municipality: str, *, title: str | None = None, year: int | None = None
) -> list[str]:
    """Write the profile of a new office, with every field explained, and a ``SOURCES.yml`` for its first year.

    A workspace without methods gets the ones that ship, so that it has everything its reports depend on.

    Parameters
    ----------
    title : as reports print it; the id until somebody writes a better one.
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
    methods = missing_methods(workspace)
    known = sorted(path.stem for path in [*methods, *(workspace / "params" / "methods").glob("*.yml")])
    values = {
        "municipality": municipality,
        "title": json.dumps(title or municipality, ensure_ascii=False),
        "year": year,
        "target_year": year + 3,
        "method": FIRST_METHOD if FIRST_METHOD in known else known[0],
        "methods": ", ".join(known),
    }
    contents = methods | {profile: filled("new_profile.yml", values), sources: filled("new_sources.yml", values)}
    for path, content in contents.items():
        try:
            write_whole(path, content)
        except WriteFailed as error:
            raise RunRefused(
                f"Файл не записан: {error.reason}.", "Проверьте место на диске и права на папку."
            ) from None
    return [relative_name(workspace, path) for path in contents]


def school_year_end(today: date) -> int:
    """The calendar year in which the school year of a day ends.

    Examples
    --------
    >>> school_year_end(date(2021, 8, 31)), school_year_end(date(2021, 9, 1))
    (2021, 2022)
    """
    return today.year + (today.month >= SEPTEMBER)


def missing_methods(workspace: Path) -> dict[Path, bytes]:
    """The methods that ship, to be copied where a workspace has none."""
    folder = workspace / "params" / "methods"
    if any(folder.glob("*.yml")):
        return {}
    return {folder / path.name: path.read_bytes() for path in sorted(REPOSITORY_METHODS.glob("*.yml"))}


def filled(template: str, values: dict[str, object]) -> bytes:
    """A template of this folder with its ``{names}`` replaced."""
    text = (Path(__file__).parent / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text.encode("utf-8")
