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
    """Rows that belong to the office with the school behind each, and what was left out and why.

    Parameters
    ----------
    territory : code or name of the office's municipality in the export; rows of others are left out.
    register : the office has no register yet, and the export brings one: unknown schools are taken under their own code.

    Raises
    ------
    ImportRefused
        When a register would be made of schools of several municipalities.
    """
    remarks: list[Remark] = []
    rows = extract.rows
    if territory:
        own = [
            row
            for row in rows
            if row.unit.level in ("region", "country")
            or is_territory(row.unit.territory, territory)
            or (row.unit.level == "municipality" and is_territory(row.unit.name, territory))
        ]
        if len(own) < len(rows):
            remarks.append(Remark("отброшено", "строк других муниципалитетов", len(rows) - len(own)))
        rows = own
    if register:
        territories = sorted({row.unit.territory for row in rows if row.unit.level == "school"})
        if len(territories) > 1:
            shown = ", ".join(territories[:5]) + (", …" if len(territories) > 5 else "")
            raise ImportRefused(
                f"в выгрузке школы {len(territories)} муниципалитетов ({shown}), а реестра школ у офиса нет.",
                "назовите свой муниципалитет: --territory КОД, или заполните таблицу «Школы».",
            )
    found, unknown, taken = [], Counter(), set()
    for row in rows:
        if row.unit.level != "school":
            continue
        school = schools.find(row.unit) or (row.unit.code.lower() if register and row.unit.code else None)
        if school is None:
            unknown[_shown(row.unit)] += 1
        else:
            found.append((row, school))
            taken.add(row.unit.territory)
    remarks += [Remark("школа не найдена", name, count) for name, count in sorted(unknown.items())]
    above, foreign = [], Counter()
    for row in rows:
        if row.unit.level == "municipality" and taken != {row.unit.territory}:
            foreign[row.unit.name] += 1
        elif row.unit.level != "school":
            above.append((row, None))
    if foreign:
        names = ", ".join(mask_person(name)[:_LONGEST] for name in sorted(foreign)[:10])
        remarks.append(Remark("отброшено", f"строк других муниципалитетов: {names}", foreign.total()))
    return [*above, *found], remarks


def _shown(unit: Unit) -> str:
    shown = " ".join(text for text in (unit.code, mask_person(unit.name)[:_LONGEST]) if text)
    return f"{shown} ({unit.territory[:_LONGEST]})" if unit.territory else shown
