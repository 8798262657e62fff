"""``shnor year``: an office goes on to another year: its folder, its profile, the workbook with what rarely changes filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from shnor_lib.indicators import read_catalogue
from shnor_lib.inputs.breaks import series_breaks
from shnor_lib.inputs.importers.delivery import open_delivery
from shnor_lib.inputs.template import Known, known_of, template_workbook
from shnor_lib.office.rules import columns_asked, effective_method
from shnor_lib.params.reading import read_profile
from shnor_lib.runs.lock import only_run
from shnor_lib.runs.new_office import filled
from shnor_lib.runs.plan import RunRefused, years_with_data
from shnor_lib.runs.transaction import write_together
from shnor_lib.workspace import check_year, raw_folder, safe_path

_FLOW = re.compile(r"^(years:\s*\[)([^\]\n]*)(\])", re.MULTILINE)
_BLOCK = re.compile(r"^years:[^\n\[]*((?:\n *- *\d{4}[^\n]*)+)", re.MULTILINE)


@dataclass(frozen=True)
class NewYear:
    """What a new year of an office is made of.

    Attributes
    ----------
    contents : the files, by path; what was there already is not among them.
    schools : how many schools the workbook has filled in.
    unlike : what makes the results of the year unlike those of the years that reports hold it against.
    """

    contents: dict[Path, bytes]
    schools: int
    unlike: list[str]


def begin_year(workspace: Path, municipality: str, year: int) -> NewYear:
    """Make the folder of a year and let the profile make reports for it; written whole or not at all.

    Raises
    ------
    RunRefused
        When the profile has the year and its folder is there, ``years`` of the profile cannot be added to, or a run holds the workspace.
    """
    check_year(year)
    with only_run(workspace):
        begun = _year_of(workspace, municipality, year)
        write_together(workspace, begun.contents)
    return begun


def _year_of(workspace: Path, municipality: str, year: int) -> NewYear:
    profile = read_profile(workspace, municipality)
    folder = raw_folder(workspace, municipality, year)
    present = years_with_data(workspace, municipality)
    if year in profile.years and year in present:
        raise RunRefused(
            f"«{municipality}»: {year} год уже начат.", f"Что дальше: shnor status -m {municipality} -y {year}."
        )
    path = safe_path(workspace, "params", f"{municipality}.yml")
    contents: dict[Path, bytes] = {}
    if year not in profile.years:
        contents[path] = with_year(path.read_text(encoding="utf-8"), year, path.name).encode("utf-8")
    schools = 0
    if year not in present:
        known = known_to(workspace, municipality, year)
        schools = len(known.schools)
        contents[folder / "SOURCES.yml"] = filled("new_sources.yml", {"year": year})
        contents[folder / f"{municipality}-{year}.xlsx"] = template_workbook(year, known)
    before = [one for one in present if one < year][-2:]
    return NewYear(contents, schools, series_breaks([*before, year]))


def known_to(workspace: Path, municipality: str, year: int) -> Known:
    """What a workbook of an office for a year begins with: its schools, rows to repeat, reports to give, what its method asks for."""
    profile = read_profile(workspace, municipality)
    rules = effective_method(workspace, profile, f"params/{municipality}.yml", None, None)
    known = known_of(open_delivery(workspace, municipality, year).inputs.tables, profile.plan.period(year))
    return replace(known, asked=columns_asked(rules.method, read_catalogue(workspace)))


def with_year(text: str, year: int, name: str) -> str:
    """The text of a profile with one more year, all else as it was.

    Examples
    --------
    >>> with_year("years: [2020, 2021]  # годы\\n", 2022, "x.yml")
    'years: [2020, 2021, 2022]  # годы\\n'
    >>> with_year("years:\\n  - 2021\\nmethod: x\\n", 2020, "x.yml")
    'years:\\n  - 2020\\n  - 2021\\nmethod: x\\n'
    """
    if found := _FLOW.search(text):
        years = sorted({*map(int, re.findall(r"\d{4}", found[2])), year})
        return text[: found.start(2)] + ", ".join(map(str, years)) + text[found.end(2) :]
    if found := _BLOCK.search(text):
        lines = found[1].strip("\n").split("\n")
        lines.append(f"{lines[0][: lines[0].index('-')]}- {year}")
        lines.sort(key=lambda line: line.lstrip(" -"))
        return text[: found.start(1)] + "\n" + "\n".join(lines) + text[found.end(1) :]
    raise RunRefused(f"params/{name}: строка years не найдена.", f"Впишите {year} в years сами и повторите команду.")
