"""The register of schools: every code a school goes by leads to its one ``school_id``."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from shnor_lib.inputs.dictionary import Table
from shnor_lib.inputs.sources.problems import Found, Headers, problems_of_rows

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
    """

    schools: dict[str, str]
    ambiguous: dict[str, tuple[str, ...]]
    names: dict[str, str]

    def resolve(self, codes: pd.Series) -> tuple[pd.Series, pd.Series]:
        """``school_id`` behind each code, and a mask of the codes that lead to none or to several.

        A code that is not resolved stays as it is.
        """
        plain = codes.str.lower()
        resolved = plain.map(self.schools).astype("string")
        return resolved.fillna(codes), codes.notna() & resolved.isna()

    def hint(self, code: str) -> str:
        """What may have been meant by an unknown code."""
        if several := self.ambiguous.get(code.lower()):
            return f"код принадлежит нескольким школам: {', '.join(several)}"
        if len(self.schools) > NEAREST_AMONG:
            return "в реестре нет такого кода"
        by_name = {name.lower(): school for school, name in self.names.items()}
        near = get_close_matches(code.lower(), [*self.schools, *by_name], n=3, cutoff=0.6)
        found = dict.fromkeys(self.schools.get(text) or by_name[text] for text in near)
        if not found:
            return f"в реестре: {', '.join(list(self.names)[:10])}{', …' if len(self.names) > 10 else ''}"
        named = (f"{school} ({self.names[school]})" if self.names.get(school) else school for school in found)
        return "ближайшие: " + ", ".join(named)


def registry_of(schools: pd.DataFrame) -> Registry:
    """Build the register from the school rows of the table «Школы».

    Required columns: ``level, school_id, name, short_name, aliases`` (codes separated by semicolons).

    Examples
    --------
    >>> schools = pd.DataFrame({"level": "school", "school_id": ["01", "02"], "name": None, "short_name": "СОШ",
    ...                         "aliases": ["edu200001; 2454001234", None]}, dtype="string")
    >>> registry_of(schools).resolve(pd.Series(["EDU200001", "02", "03"], dtype="string"))[0].tolist()
    ['01', '02', '03']
    """
    rows = schools.loc[(schools["level"] == "school") & schools["school_id"].notna()]
    ids = rows[["school_id"]].assign(code=rows["school_id"])
    others = rows.loc[rows["aliases"].notna()]
    aliases = others[["school_id"]].assign(code=others["aliases"].str.split(r"[;,\n]", regex=True)).explode("code")
    codes = pd.concat([ids, aliases.astype("string")], ignore_index=True)
    codes["code"] = codes["code"].str.strip().str.lower()
    codes = codes.loc[codes["code"] != ""].drop_duplicates()
    repeated = codes.loc[codes["code"].duplicated(keep=False)]
    ambiguous = {code: tuple(sorted(schools)) for code, schools in repeated.groupby("code")["school_id"]}
    single = codes.loc[~codes["code"].isin(list(ambiguous))]
    names = rows["short_name"].fillna(rows["name"]).fillna("")
    return Registry(
        dict(zip(single["code"], single["school_id"], strict=True)),
        ambiguous,
        dict(zip(rows["school_id"], names, strict=True)),
    )


def resolve_schools(
    rows: pd.DataFrame, entry: Table, registry: Registry | None, headers: Headers
) -> tuple[pd.DataFrame, list[Found]]:
    """Replace the codes of schools in a table by their ``school_id``; the unknown ones are reported.

    Parameters
    ----------
    registry : ``None`` when the office has delivered no register.
    """
    found: list[Found] = []
    for column, severity in _SCHOOL_COLUMNS.items():
        if column not in entry.columns or rows[column].isna().all():
            continue
        if registry is None:
            first = rows.loc[rows[column].notna()].iloc[[0]]  # without a register one problem says it all
            text, unknown, allowed = (
                "Нет реестра школ, код школы не с чем сверить",
                first,
                "таблица «Школы» с кодами всех школ",
            )
        else:
            resolved, unresolved = registry.resolve(rows[column])
            unknown = rows.loc[unresolved]
            hints = {code: registry.hint(code) for code in unknown[column].unique()[:HINTS]}
            text, allowed = (
                "Такой школы нет в реестре",
                unknown[column].map(hints).astype("string").fillna("код из таблицы «Школы»"),
            )
            rows = rows.assign(**{column: resolved})
        found.append(
            problems_of_rows(
                unknown,
                headers,
                severity=severity,
                check="schools_unknown",
                table=entry.name,
                column=column,
                text=text,
                allowed=allowed,
                remedy="Исправьте код или добавьте его школе в «Другие коды» таблицы «Школы».",
            )
        )
    return rows, found


def shared_codes(schools: pd.DataFrame, registry: Registry, headers: Headers) -> list[Found]:
    """Schools of the register that share a code with another school."""
    codes: dict[str, list[str]] = {}
    for code, sharing in registry.ambiguous.items():
        for school in sharing:
            codes.setdefault(school, []).append(code)
    rows = schools.loc[schools["school_id"].isin(list(codes))]
    shared = rows["school_id"].map({school: ", ".join(one) for school, one in codes.items()})
    return [
        problems_of_rows(
            rows,
            headers,
            severity="error",
            check="schools_ambiguous",
            table="schools",
            column="aliases",
            value=shared,
            text="Один код указан у нескольких школ",
            allowed="каждый код – у одной школы",
            remedy="Оставьте код у той школы, которой он принадлежит.",
        )
    ]
