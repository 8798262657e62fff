"""The register of schools: every code a school goes by leads to its one ``school_id``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources.names import Names, code_key, is_total, latin_letters, numbers_of
from shnor_lib.inputs.sources.problems import Headers, Problem, problems_of_rows
from shnor_lib.inputs.sources.rows import Columns, Rows

LONGEST_NAME = 500
"""A longer text is no code and no name of a school."""

NEAREST_AMONG = 3000
"""In larger registers no nearest code is looked for."""

HINTS = 200
"""For so many distinct unknown codes the nearest known ones are looked for."""

_SCHOOL_COLUMNS = {"school_id": "error", "partner_id": "warning"}
"""Columns with the code of a school, and how grave an unknown one is: partners may come from another office."""


@dataclass(frozen=True)
class Registry:
    """Codes of the schools of an office.

    Attributes
    ----------
    schools : known codes (in lower case) and the ``school_id`` behind them.
    ambiguous : codes that lead to more than one school, and which.
    names : names of the schools by ``school_id``, for hints.
    spellings : what the schools are called, in any spelling.
    """

    schools: dict[str, str]
    ambiguous: dict[str, tuple[str, ...]]
    names: dict[str, str]
    spellings: Names

    @cached_property
    def _keys(self) -> dict[str, set[str]]:
        """Schools by their codes in one spelling."""
        keys: dict[str, set[str]] = {}
        for code, school in self.schools.items():
            keys.setdefault(code_key(code), set()).add(school)
        for code, schools in self.ambiguous.items():
            keys.setdefault(code_key(code), set()).update(schools)
        return keys

    def find(self, text: str) -> str | None:
        """The one school that a code or a name means, in whatever spelling; ``None`` when it means none or several."""
        if len(text) > LONGEST_NAME:
            return None
        code = text.strip().lower()
        if code in self.schools or code in self.ambiguous:
            return self.schools.get(code)
        known = self._keys.get(code_key(code), ())
        return next(iter(known)) if len(known) == 1 else self.spellings.find(text)

    def resolve(self, codes: Sequence[str | None]) -> tuple[list[str | None], list[int]]:
        """``school_id`` behind each code, and where a code leads to none or to several.

        A code that is not resolved stays as it is.
        """
        known = {code: self.find(code) for code in set(codes) - {None}}
        unknown = [position for position, code in enumerate(codes) if code is not None and known[code] is None]
        return [code and (known[code] or code) for code in codes], unknown

    def knows(self, code: str) -> bool:
        """Whether some school goes by a code."""
        return code.lower() in self.ambiguous or self.find(code) is not None

    def hint(self, code: str) -> str:
        """What may have been meant by an unknown code."""
        if several := self.ambiguous.get(code.lower()):
            return f"код принадлежит нескольким школам: {', '.join(several)}"
        if is_total(code):
            return "код школы; строку итога уберите или поставьте ей уровень без кода"
        if letters := latin_letters(code):
            return f"название русскими буквами: в нём латинские {letters}"
        if len(self.schools) > NEAREST_AMONG:
            return "в реестре нет такого кода"
        by_name = {name.lower(): school for school, name in self.names.items()}
        near = get_close_matches(code.lower(), [*self.schools, *by_name], n=3, cutoff=0.6)
        found = dict.fromkeys(self.schools.get(text) or by_name[text] for text in near)
        if not found and (number := numbers_of(code)):
            found = dict.fromkeys([school for school, name in self.names.items() if numbers_of(name) == number][:3])
        if not found:
            return f"в реестре: {', '.join(list(self.names)[:10])}{', …' if len(self.names) > 10 else ''}"
        named = (f"{school} ({self.names[school]})" if self.names.get(school) else school for school in found)
        return "ближайшие: " + ", ".join(named)


def registry_of(schools: Rows | Mapping[str, Sequence]) -> Registry:
    """Build the register from the school rows of the table «Школы».

    Required columns: ``level, school_id, name, short_name, aliases`` (codes separated by semicolons).

    Examples
    --------
    >>> schools = {"level": ["school"] * 2, "school_id": ["01", "02"], "name": [None] * 2, "short_name": ["СОШ"] * 2,
    ...            "aliases": ["edu200001; 2454001234", None]}
    >>> registry_of(schools).resolve(["EDU200001", "02", "03"])
    (['01', '02', '03'], [2])
    """
    needed = ("level", "school_id", "short_name", "name", "aliases")
    rows = [
        (school, short or name or "", aliases or "")
        for level, school, short, name, aliases in zip(*(schools[one] for one in needed), strict=True)
        if level == "school" and school is not None
    ]
    behind: dict[str, dict[str, None]] = {}
    for school, _, _ in rows:
        behind.setdefault(school.strip().lower(), {})[school] = None
    for school, _, aliases in rows:
        for code in re.split(r"[;,\n]", aliases):
            if code := code.strip().lower():
                behind.setdefault(code, {})[school] = None
    ambiguous = {code: tuple(sorted(found)) for code, found in sorted(behind.items()) if len(found) > 1}
    return Registry(
        {code: next(iter(found)) for code, found in behind.items() if len(found) == 1},
        ambiguous,
        {school: name for school, name, _ in rows},
        Names(
            (school, name)
            for level, school, *names in zip(*(schools[one] for one in needed[:4]), strict=True)
            for name in names
            if level == "school" and school is not None and name
        ),
    )


def resolve_schools(rows: Columns, entry: Table, registry: Registry | None, headers: Headers) -> list[Problem]:
    """Replace the codes of schools in a table by their ``school_id``; the unknown ones are reported.

    Parameters
    ----------
    rows : columns of the table; those with codes are replaced by new ones.
    registry : ``None`` when the office has delivered no register.
    """
    found: list[Problem] = []
    for column, severity in _SCHOOL_COLUMNS.items():
        codes = rows.get(column, [])
        if column not in entry.columns or not any(codes):
            continue
        if registry is None:
            unknown = [next(position for position, code in enumerate(codes) if code)]  # one problem says it all
            fault, hint = "schools_unknown.no_register", ""
        else:
            rows[column], unknown = registry.resolve(codes)
            distinct = list(dict.fromkeys(codes[position] for position in unknown))
            hints = {code: registry.hint(code) for code in distinct[:HINTS]}
            fault = "schools_unknown.no_school"
            hint = {position: hints.get(codes[position], "код из таблицы «Школы»") for position in unknown}
        told = {"table": entry.name, "column": column, "severity": severity}
        found += problems_of_rows(fault, rows, unknown, headers, hint=hint, **told)
    return found


def shared_codes(schools: Columns, registry: Registry, headers: Headers) -> list[Problem]:
    """Schools of the register that share a code with another school."""
    codes: dict[str, list[str]] = {}
    for code, sharing in registry.ambiguous.items():
        for school in sharing:
            codes.setdefault(school, []).append(code)
    shared = [", ".join(codes.get(school, ())) for school in schools["school_id"]]
    sharing = [position for position, told in enumerate(shared) if told]
    told = {"table": "schools", "column": "aliases", "value": shared}
    return problems_of_rows("schools_ambiguous.shared", schools, sharing, headers, **told)
