"""Codes and names of schools in exports lead to the ``school_id`` of the office; what leads nowhere is listed."""

from __future__ import annotations

import re
from collections import Counter

from shnor_lib.inputs.importers.cells import is_territory
from shnor_lib.inputs.importers.extract import Extract, ExtractedRow, ImportRefused, Remark, Unit
from shnor_lib.inputs.sources.names import is_total, latin_letters
from shnor_lib.inputs.sources.registry import Registry
from shnor_lib.params.persons import mask_person

_LOGIN = re.compile(r"^(sch|edu)(?=\d)")
_LONGEST = 60


def school_by_code(registry: Registry, unit: Unit) -> str | None:
    """The school a unit of an export is by its code, or by the login of the other years (sch… became edu…)."""
    code = unit.code.lower()
    variants = [code, *(_LOGIN.sub(prefix, code) for prefix in ("edu", "sch"))] if code else []
    return next((found for one in variants if (found := registry.find(one))), None)


def school_by_name(registry: Registry, unit: Unit) -> str | None:
    """The school a unit is by its name; not where the unit has a login and the school goes by another one."""
    school = registry.find(unit.name) if unit.name else None
    has_login = any(found == school and _LOGIN.match(code) for code, found in registry.schools.items())
    return None if has_login and _LOGIN.match(unit.code.lower()) else school


def rows_of_office(
    extract: Extract, schools: Registry, territory: str | None, *, register: bool
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
    if register and territories == [""]:
        raise ImportRefused(
            "муниципалитет школ в выгрузке не назван, а реестра школ у офиса нет.",
            "заполните таблицу «Школы» своими школами (shnor template) и повторите команду.",
        )
    if register and len(territories) > 1:
        shown = ", ".join(territories[:5]) + (", …" if len(territories) > 5 else "")
        raise ImportRefused(
            f"в выгрузке школы {len(territories)} муниципалитетов ({shown}), а реестра школ у офиса нет.",
            "назовите свой муниципалитет: --territory КОД, или заполните таблицу «Школы».",
        )
    named, refused = _schools_by_name(schools, of_schools, bool(territory))
    others += refused
    known = [(row, named.get(row.unit) or (row.unit.code.lower() if register else "")) for row in of_schools]
    found = [(row, school) for row, school in known if school]
    taken = {row.unit.territory for row, _ in found}
    strange = [row.unit for row, school in known if not school and not is_total(row.unit.name)]
    unknown = Counter(unit for unit in strange if not taken or unit.territory in taken)
    for unit, count in sorted(unknown.items(), key=lambda one: _shown(one[0])):
        near = f"; {schools.hint(unit.name)}" if unit.name and schools.names else ""
        others.append(Remark("школа не найдена", _shown(unit) + mask_person(near), count))
    spelt = {row.unit.name: letters for row, school in found if (letters := latin_letters(row.unit.name))}
    for name, letters in sorted(spelt.items()):
        others.append(
            Remark(
                "замечание",
                f"в названии «{mask_person(name[: 4 * _LONGEST])[:_LONGEST]}» латинские буквы: {letters}",
                1,
            )
        )
    elsewhere: dict[str, set[str]] = {}
    for unit in strange:
        if taken and unit.territory not in taken:
            elsewhere.setdefault(unit.territory, set()).add(unit.code or unit.name)
    for name, theirs in sorted(elsewhere.items()):
        others.append(
            Remark(
                "отброшено", f"школ другого муниципалитета: {mask_person(name[: 4 * _LONGEST])[:_LONGEST]}", len(theirs)
            )
        )
    above, foreign = [], []
    for row in rows:
        if row.unit.level != "school":
            (foreign if row.unit.level == "municipality" and taken != {row.unit.territory} else above).append(row)
    if foreign:
        names = sorted({row.unit.name for row in foreign})[:10]
        shown = ", ".join(mask_person(name[: 4 * _LONGEST])[:_LONGEST] for name in names)
        others.append(Remark("отброшено", f"строк других муниципалитетов: {shown}", len(foreign)))

    def concerns(unit: Unit | None) -> bool:
        """Whether a remark on a unit is about the office: itself, its schools, a school that may be one, what is above."""
        if unit is None or unit.level in ("region", "country"):
            return True
        if territory and not _is_of(territory, unit):
            return False
        return not taken or unit.territory in taken or unit in named

    return [*((row, None) for row in above), *found], [
        *filter(lambda one: concerns(one.unit), extract.remarks),
        *others,
    ]


def _schools_by_name(schools: Registry, rows: list[ExtractedRow], stated: bool) -> tuple[dict[Unit, str], list[Remark]]:
    """The school behind each unit that is one of the office's, and what is told where names alone do not decide.

    ``stated``: the municipality is known; otherwise a name that several of them have means nobody.
    """
    units = dict.fromkeys(row.unit for row in rows)
    found = {unit: school for unit in units if (school := school_by_code(schools, unit))}
    named = {unit: school for unit in units if unit not in found and (school := school_by_name(schools, unit))}
    places: dict[str, set[str]] = {}
    for unit, school in named.items():
        places.setdefault(school, set()).add(unit.territory)
    remarks = []
    for school, territories in sorted(places.items()):
        if len(territories) > 1:
            shown = ", ".join(mask_person(one)[:_LONGEST] for one in sorted(territories))
            text = f"школа «{schools.names.get(school) or school}» есть в нескольких муниципалитетах ({shown})"
            remarks.append(Remark("не взято", f"{text}: назовите свой, --territory"))
    named = {unit: school for unit, school in named.items() if len(places[school]) == 1}
    own = sorted({unit.territory for unit in named})
    if len(own) > 1 and not stated:
        shown = ", ".join(mask_person(one)[:_LONGEST] for one in own[:5])
        text = f"школы узнаны по названию в нескольких муниципалитетах ({shown}); если это чужие, назовите свой: --territory"
        remarks.append(Remark("замечание", text, len(own)))
    return found | named, remarks


def _is_of(territory: str, unit: Unit) -> bool:
    """Whether a unit belongs to a municipality, is it, or stands above it."""
    named = is_territory(unit.territory, territory) or (
        unit.level == "municipality" and is_territory(unit.name, territory)
    )
    return named or unit.level in ("region", "country")


def _shown(unit: Unit) -> str:
    shown = " ".join(text for text in (unit.code, mask_person(unit.name[: 4 * _LONGEST])[:_LONGEST]) if text)
    return f"{shown} ({unit.territory[:_LONGEST]})" if unit.territory else shown
