"""Indicators declared as rows: ``indicators.yml`` of the package, and ``params/indicators.yml`` of a workspace.

A row is columns over columns, a mean, or a column against a border: closed keys, and a rule that says nothing else. What needs
a formula is a function of its chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.params.yaml_files import Strict, nearest, parse_yaml, read_yaml
from shnor_lib.workspace import OWN_INDICATORS

Unit = Literal["rate", "flag", "score", "percent", "index", "count", "number"]
Better = Literal["high", "low", "none"]

PARTS: dict[str, str] = {
    "exam_results": "procedure",
    "mark_comparison": "procedure",
    "learning_marks": "stage",
    "olympiads": "olympiad_stage",
}
"""What stands in the brackets of the rows of tables that have several rows of a school and year."""

SUFFIXES: dict[str, tuple[str, ...]] = {"rate": ("_rate", "_share"), "flag": ("_flag", "_yes"), "index": ("_index",)}
"""How the names of indicators of a unit end; no other name ends so."""

GRAMMAR = (
    "столбец, «часть / целое» или «столбец >= порог»; «a + b», «a - b», «100 a» – суммы и кратные, "
    "«a | b» – первый заполненный, «таблица.столбец» – из другой таблицы"
)
_NUMBER = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?(?: \| [a-z][a-z0-9_]*)*"
_TERM = rf"(?:\d+ )?{_NUMBER}"
_SUM = rf"{_TERM}(?: [+-] {_TERM})*"
_RULE = re.compile(rf"(?P<part>{_SUM})(?: / (?P<whole>{_SUM})| (?P<sign>>=?) (?P<border>\d+))?")
_TERMS = re.compile(rf"(?P<sign>[+-] )?(?:(?P<times>\d+) )?(?P<number>{_NUMBER})")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Text = Annotated[str, Field(min_length=1, max_length=300)]


class Term(NamedTuple):
    """A term of a sum: so many times the first filled of some columns of a table."""

    times: float
    table: str
    columns: tuple[str, ...]


class Row(Strict):
    """An indicator that is one column over another; the table is that of its chapter unless the row names one.

    Attributes
    ----------
    rule : ``part / whole``, ``column``, or ``column >= border`` (``>``), a flag; part, whole and column may be sums of terms
        (``100 a + b - c``); ``a | b`` is the first filled, ``table.column`` stands in another table.
    weight : what a mean is weighed by; of a ``pooling: mean`` without a weight each school counts once.
    called : how notes call the part, and ``weight_called`` the weight, when they are missing; else by the first column.
    rows : ``scored`` takes the procedures on the 100-point scale alone, ``marked`` the others.
    shown_in : reports that show the row.
    """

    name: Name
    table: str
    label: Text
    rule: str
    formula: Text
    unit: Unit = "rate"
    better: Better = "high"
    pooling: Literal["ratio", "mean", "sum", "none"] = "ratio"
    weight: str | None = None
    called: Text | None = None
    weight_called: Text | None = None
    rows: Literal["scored", "marked"] | None = None
    reference: Text
    shown_in: tuple[str, ...] = ()

    @field_validator("table")
    @classmethod
    def _is_a_table_of_indicators(cls, name: str) -> str:
        allowed = [one for one in table_names() if one in PARTS or _is_plain(one)]
        if name not in allowed:
            raise ValueError(f"таблицы «{name}» нет среди тех, из которых берут показатели{nearest(name, allowed)}")
        return name

    @field_validator("rule", "weight")
    @classmethod
    def _names_columns(cls, rule: str | None, info: object) -> str | None:
        if rule is None:
            return None
        if not _RULE.fullmatch(rule):
            raise ValueError(f"правило «{rule}» не понятно; допустимо: {GRAMMAR}")
        for place, column in _columns(rule, info.data.get("table", "")):
            if place not in table_names() or (place != info.data.get("table") and not _is_plain(place)):
                plain = [name for name in table_names() if _is_plain(name)]
                raise ValueError(f"нет таблицы «{place}» с одной строкой на школу и год{nearest(place, plain)}")
            numbers = [one.name for one in table(place).columns.values() if one.type in _NUMBERS]
            if column not in numbers:
                raise ValueError(f"в таблице «{place}» нет числового столбца «{column}»{nearest(column, numbers)}")
        return rule

    @model_validator(mode="after")
    def _unit_fits(self) -> Row:
        if self.unit in ("rate", "percent") and self.whole is None:
            raise ValueError(f"единице {self.unit} нужно целое: rule: «часть / целое»")
        if self.rows and self.table != "exam_results":
            raise ValueError(f"rows: {self.rows} – только для таблицы exam_results")
        if self.is_mean and self.whole is not None:
            raise ValueError("среднее – это столбец, без целого: rule: «столбец», weight – чем он взвешен")
        own = SUFFIXES.get(self.unit)
        if own and not self.name.endswith(own):
            raise ValueError(
                f"имя доли, признака, индекса говорит единицу: {self.unit} кончается на {' или '.join(own)}"
            )
        others = [end for ends in SUFFIXES.values() for end in ends if self.name.endswith(end)]
        if not own and others:
            raise ValueError(f"имя кончается на {others[0]}, а единица – {self.unit}")
        return self

    @property
    def is_mean(self) -> bool:
        """Whether the column is a mean of many, not a number of them."""
        return self.pooling == "mean" or self.weight is not None

    @property
    def part(self) -> list[Term]:
        return _terms(_RULE.fullmatch(self.rule)["part"], self.table)

    @property
    def whole(self) -> list[Term] | None:
        whole = _RULE.fullmatch(self.rule)["whole"]
        return _terms(whole, self.table) if whole else None

    @property
    def weighed_by(self) -> list[Term] | None:
        return _terms(self.weight, self.table) if self.weight else None

    @property
    def border(self) -> tuple[str, float] | None:
        """From which number on the flag is yes, and whether the number itself is."""
        named = _RULE.fullmatch(self.rule)
        return (named["sign"], float(named["border"])) if named["border"] else None

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Table and name of every column of the rule."""
        return _columns(self.rule, self.table) + (_columns(self.weight, self.table) if self.weight else [])


_NUMBERS = ("count", "number", "share", "flag")


def _is_plain(name: str) -> bool:
    """Whether a table has one row of a school and year."""
    return table(name).levels and set(table(name).key) <= {"level", "group", "school_id", "wave", "year"}


def _terms(text: str, own: str) -> list[Term]:
    """The terms of a sum."""
    terms = []
    for one in _TERMS.finditer(text):
        place, _, names = one["number"].rpartition(".")
        times = float(one["times"] or 1) * (-1 if one["sign"] == "- " else 1)
        terms.append(Term(times, place or own, tuple(names.split(" | "))))
    return terms


def _columns(rule: str, own: str) -> list[tuple[str, str]]:
    named = _RULE.fullmatch(rule)
    terms = [term for text in (named["part"], named["whole"]) if text for term in _terms(text, own)]
    return [(term.table, column) for term in terms for column in term.columns]


class Chapter(Strict):
    """A chapter of the yearbook and the indicators that are rows of it."""

    title: Text
    table: str
    indicators: dict[Name, Row] = Field(default_factory=dict)

    @field_validator("table")
    @classmethod
    def _is_a_table(cls, name: str) -> str:
        if name not in table_names():
            raise ValueError(f"нет таблицы «{name}»{nearest(name, table_names())}")
        return name

    @model_validator(mode="before")
    @classmethod
    def _rows_know_their_table(cls, chapter: object) -> object:
        """A row is checked by itself, so that its own line is named."""
        if not isinstance(chapter, Mapping) or not isinstance(chapter.get("indicators"), Mapping):
            return chapter
        if chapter.get("table") not in (None, *table_names()):
            return {**chapter, "indicators": {}}  # the table alone is wrong
        of_table = {"table": chapter["table"]} if "table" in chapter else {}
        rows = {
            name: {**of_table, **row, "name": name} if isinstance(row, Mapping) else row
            for name, row in chapter["indicators"].items()
        }
        return {**chapter, "indicators": rows}


class Shipped(RootModel[dict[Name, Chapter]]):
    """``indicators.yml`` of the package: chapters in the order of the yearbook."""

    model_config = ConfigDict(frozen=True)


@cache
def shipped_chapters() -> dict[str, Chapter]:
    """The chapters of the package."""
    data = files("shnor_lib.indicators").joinpath("indicators.yml").read_bytes()
    return parse_yaml(data, Shipped, "shnor_lib/indicators/indicators.yml").root


def read_own_chapters(workspace: Path, taken: Iterable[str]) -> dict[str, Chapter]:
    """The chapters of a workspace's own ``params/indicators.yml``; none when it has no such file.

    Parameters
    ----------
    taken : names of the catalogue that the own ones are added to.

    Raises
    ------
    ParamsError
        With file, line, what was found and what is allowed: an unknown key, table, column or unit, an expression, a name that
        the catalogue has, a second definition.
    """
    if not (workspace / OWN_INDICATORS).exists():
        return {}
    return read_yaml(workspace / OWN_INDICATORS, _own_model(frozenset(taken)), OWN_INDICATORS).root


@cache
def _own_model(taken: frozenset[str]) -> type[BaseModel]:
    """A model of own chapters that knows which names the catalogue has, so that an error names the line of the row."""

    class OwnRow(Row):
        @model_validator(mode="before")
        @classmethod
        def _is_new(cls, row: object) -> object:
            if isinstance(row, Mapping) and _TAKEN in row:
                raise ValueError(row[_TAKEN])
            return row

    class OwnChapter(Chapter):
        indicators: dict[Name, OwnRow]

    class Own(RootModel[dict[Name, OwnChapter]]):
        model_config = ConfigDict(frozen=True)

        @model_validator(mode="before")
        @classmethod
        def _names_are_new(cls, chapters: object) -> object:
            """Mark the rows whose name is there already; each is refused where it stands."""
            if not isinstance(chapters, Mapping):
                return chapters
            seen: dict[str, str] = dict.fromkeys(taken, "каталоге библиотеки")
            marked = {}
            for title, chapter in chapters.items():
                rows = chapter.get("indicators") if isinstance(chapter, Mapping) else None
                if isinstance(rows, Mapping):
                    told = {
                        name: f"имя «{name}» уже есть в {seen[name]}; дайте своему показателю другое имя"
                        for name in rows
                        if name in seen
                    }
                    rows = {name: {_TAKEN: told[name]} if name in told else row for name, row in rows.items()}
                    seen |= {name: f"главе «{title}» этого файла" for name in rows if name not in told}
                    chapter = {**chapter, "indicators": rows}
                marked[title] = chapter
            return marked

    return Own


_TAKEN = object()
"""Key by which a row whose name is there already is marked; no YAML can hold it."""
