"""Codes and names of schools in exports lead to the ``school_id`` of the office; what leads nowhere is listed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from shnor_lib.inputs.importers.cells import is_territory, plain
from shnor_lib.inputs.importers.extract import Extract, ExtractedRow, ImportRefused, Remark, Unit
from shnor_lib.inputs.sources.persons import mask_person
from shnor_lib.inputs.sources.registry import registry_of
from shnor_lib.inputs.sources.rows import Rows

_LOGIN = re.compile(r"^(sch|edu)(?=\d)")
_LONGEST = 60


@dataclass(frozen=True)
class Schools:
    """The register of an office as imports use it.

    Attributes
    ----------
    codes : every known code (lower case) and the school behind it; codes of several schools are not among them.
    names : every name that belongs to one school, as :func:`plain` writes it.
    """

    codes: dict[str, str]
    names: dict[str, str]

    def find(self, unit: Unit) -> str | None:
        """The school behind a unit: by its code, by the login of the other years (sch… became edu…), by its name."""
        code = unit.code.lower()
        variants = [code, *(_LOGIN.sub(prefix, code) for prefix in ("edu", "sch"))] if code else []
        found = next((self.codes[one] for one in variants if one in self.codes), None)
        return found or self.names.get(plain(unit.name))


def schools_of(schools: pd.DataFrame) -> Schools:
    """The register from the rows of the table «Школы».

    Required columns: ``level, school_id, name, short_name, aliases``.
    """
    rows = schools[schools["level"].eq("school") & schools["school_id"].notna()]
    pairs = {
        (plain(name), school)
        for column in ("name", "short_name")
        for name, school in zip(rows[column], rows["school_id"], strict=True)
        if pd.notna(name) and plain(name)
    }
    often = Counter(name for name, _ in pairs)
    names = {name: school for name, school in pairs if often[name] == 1}
    return Schools(registry_of(Rows(schools)).schools, names)


def rows_of_office(
    extract: Extract, schools: Schools, territory: str | None, *, register: bool
) -> tuple[list[tuple[ExtractedRow, str | None]], list[Remark]]:
    """Rows that belong to the office with the school behind each, and the remarks of the file that concern it.

    Parameters
    ----------
    territory : code or name of the office's municipality in the export; rows of others are left out.
    register : the office has no register yet, and the export brings one: unknown schools are taken under their own code.

    Raises
    ------
    ImportRefused
        When a register would be made of schools of several municipalities.
    """
    rows = extract.rows
    others: list[Remark] = []
    if territory:
        rows = [row for row in rows if _is_of(territory, row.unit)]
        if len(rows) < len(extract.rows):
            others.append(Remark("отброшено", "строк других муниципалитетов", len(extract.rows) - len(rows)))
    of_schools = [row for row in rows if row.unit.level == "school"]
    territories = sorted({row.unit.territory for row in of_schools})
    if register and len(territories) > 1:
        shown = ", ".join(territories[:5]) + (", …" if len(territories) > 5 else "")
        raise ImportRefused(
            f"в выгрузке школы {len(territories)} муниципалитетов ({shown}), а реестра школ у офиса нет.",
            "назовите свой муниципалитет: --territory КОД, или заполните таблицу «Школы».",
        )
    known = [(row, schools.find(row.unit) or (row.unit.code.lower() if register else "")) for row in of_schools]
    found = [(row, school) for row, school in known if school]
    taken = {row.unit.territory for row, _ in found}
    strange = [row.unit for row, school in known if not school]
    unknown = Counter(_shown(unit) for unit in strange if not taken or unit.territory in taken)
    others += [Remark("школа не найдена", name, count) for name, count in sorted(unknown.items())]
    elsewhere: dict[str, set[str]] = {}
    for unit in strange:
        if taken and unit.territory not in taken:
            elsewhere.setdefault(unit.territory, set()).add(unit.code or unit.name)
    for name, theirs in sorted(elsewhere.items()):
        others.append(Remark("отброшено", f"школ другого муниципалитета: {mask_person(name)[:_LONGEST]}", len(theirs)))
    above, foreign = [], []
    for row in rows:
        if row.unit.level != "school":
            (foreign if row.unit.level == "municipality" and taken != {row.unit.territory} else above).append(row)
    if foreign:
        names = sorted({row.unit.name for row in foreign})[:10]
        shown = ", ".join(mask_person(name)[:_LONGEST] for name in names)
        others.append(Remark("отброшено", f"строк других муниципалитетов: {shown}", len(foreign)))

    def concerns(unit: Unit | None) -> bool:
        """Whether a remark on a unit is about the office: itself, its schools, a school that may be one, what is above."""
        if unit is None or unit.level in ("region", "country"):
            return True
        if territory and not _is_of(territory, unit):
            return False
        return not taken or unit.territory in taken or bool(unit.level == "school" and schools.find(unit))

    return [*((row, None) for row in above), *found], [
        *filter(lambda one: concerns(one.unit), extract.remarks),
        *others,
    ]


def _is_of(territory: str, unit: Unit) -> bool:
    """Whether a unit belongs to a municipality, is it, or stands above it."""
    named = is_territory(unit.territory, territory) or (
        unit.level == "municipality" and is_territory(unit.name, territory)
    )
    return named or unit.level in ("region", "country")


def _shown(unit: Unit) -> str:
    shown = " ".join(text for text in (unit.code, mask_person(unit.name)[:_LONGEST]) if text)
    return f"{shown} ({unit.territory[:_LONGEST]})" if unit.territory else shown
