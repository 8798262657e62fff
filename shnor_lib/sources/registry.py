"""The register of schools: every code a school goes by leads to its one ``school_id``."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

NEAREST_AMONG = 3000
"""In larger registers no nearest code is looked for."""


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
    >>> schools = pd.DataFrame({"level": "school", "school_id": ["01", "02"], "name": None, "short_name": ["СОШ № 1", "СОШ № 2"],
    ...                         "aliases": ["edu200001; 2454001234", None]}, dtype="string")
    >>> registry_of(schools).resolve(pd.Series(["EDU200001", "02", "03"], dtype="string"))[0].tolist()
    ['01', '02', '03']
    """
    rows = schools.loc[(schools["level"] == "school") & schools["school_id"].notna()]
    ids = rows[["school_id"]].assign(code=rows["school_id"])
    aliases = rows[["school_id"]].assign(code=rows["aliases"].str.split(r"[;,\n]", regex=True)).explode("code")
    codes = pd.concat([ids, aliases]).dropna().reset_index(drop=True)
    codes["code"] = codes["code"].str.strip().str.lower()
    codes = codes.loc[codes["code"] != ""].drop_duplicates()
    repeated = codes.loc[codes["code"].duplicated(keep=False)]
    ambiguous = {code: tuple(sorted(schools)) for code, schools in repeated.groupby("code")["school_id"]}
    single = codes.loc[~codes["code"].isin(list(ambiguous))]
    names = rows["short_name"].fillna(rows["name"]).fillna("")
    return Registry(dict(zip(single["code"], single["school_id"], strict=True)), ambiguous, dict(zip(rows["school_id"], names, strict=True)))
