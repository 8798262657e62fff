"""Indicators declared as rows: ``indicators.yml`` of the package, and ``params/indicators.yml`` of a workspace.

A row is columns over columns, a mean, or a column against a border: closed keys, and a rule that says nothing else. What needs
a formula is described in the same file and computed by the function of its name in its chapter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import pandas as pd
from pydantic import AfterValidator, ConfigDict, Field, RootModel, ValidationInfo, field_validator, model_validator

from shnor_lib.indicators.formulas import Found, keyed
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.params.yaml_files import Strict, declared_file, nearest, parse_yaml, read_yaml, untaken
from shnor_lib.workspace import OWN_INDICATORS, report_notebooks

Unit = Literal["rate", "flag", "score", "percent", "index", "count", "number"]
Better = Literal["high", "low", "none"]
Pooling = Literal["ratio", "mean", "sum", "none"]
Per = Literal["procedure", "exam", "stage", "olympiad_stage", "subject", "question", "experience"]

PARTS: dict[str, Per] = {
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


FORMULAS: dict[str, Callable[..., Found]] = {}
"""The formulas of the chapters by the names of their indicators."""


def _is_report(name: str, information: ValidationInfo) -> str:
    reports = (information.context or {}).get("reports", {name})
    if name not in reports:
        raise ValueError(f"отчёта «{name}» нет{nearest(name, sorted(reports))}")
    return name


class Indicator(Strict):
    """What is known of an indicator besides what computes it; the head of ``indicators.yml`` explains every key."""

    name: Name
    table: str
    label: Text
    formula: Text
    unit: Unit = "rate"
    better: Better = "high"
    pooling: Pooling = "ratio"
    reference: Text
    grade: Annotated[int, Field(strict=True, ge=1, le=11)] | None = None
    shown_in: tuple[Annotated[str, AfterValidator(_is_report)], ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table the indicator needs."""
        return (self.table, *self.beside)

    def on(self, *frames: pd.DataFrame) -> pd.DataFrame:
        """The rows the indicator gives for its tables: level, group, school_id, year, the numbers, note and part.

        Examples
        --------
        >>> from shnor_lib.indicators import catalogue
        >>> from shnor_lib.indicators.formulas import example
        >>> catalogue()["teachers_men_rate"].on(example(men=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
        [0.15, nan, nan]
        """
        from shnor_lib.indicators.compute import rows_of

        units, rows = keyed(dict(zip(self.tables, frames, strict=True)))
        return rows_of(self, units, rows)


class Formula(Indicator):
    """An indicator computed by a function over :class:`Rows` of its table and of those ``beside`` it."""

    beside: tuple[str, ...] = ()
    per: Per | None = None

    @property
    def function(self) -> Callable[..., Found]:
        """The function of its name in its chapter."""
        return FORMULAS[self.name]

    @cached_property
    def needs(self) -> str:
        """Every column the formula looks at, as ``table.column`` joined by ``; ``."""
        _, rows = keyed({name: table(name).empty().reindex([0]).assign(year=2021) for name in self.tables})
        self.function(*(rows[name] for name in self.tables))
        keys = {name: {*table(name).key, "level", "group"} for name in self.tables}
        return "; ".join(f"{name}.{one}" for name in self.tables for one in rows[name].asked if one not in keys[name])


class Row(Indicator):
    """An indicator that is one column over another: columns of its table and of those that the rule names."""

    rule: str
    weight: str | None = None
    called: Text | None = None
    weight_called: Text | None = None
    rows: Literal["scored", "marked"] | None = None

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
    def columns(self) -> dict[tuple[str, str], None]:
        """Table and name of every column of the rule."""
        return dict.fromkeys(one for text in (self.rule, self.weight) if text for one in _columns(text, self.table))

    @property
    def beside(self) -> tuple[str, ...]:
        """Further tables that the rule names."""
        return tuple(dict.fromkeys(place for place, _ in self.columns if place != self.table))

    @property
    def per(self) -> Per | None:
        """What the bracket of its name holds."""
        return PARTS.get(self.table)

    @cached_property
    def needs(self) -> str:
        """Every column of the rule, as ``table.column`` joined by ``; ``."""
        return "; ".join(f"{place}.{column}" for place, column in self.columns)


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
        if not isinstance(chapter, Mapping):
            return chapter
        given = {key: rows for key in ("indicators", "formulas") if isinstance(rows := chapter.get(key), Mapping)}
        if chapter.get("table") not in (None, *table_names()):
            return {**chapter, **{key: {} for key in given}}  # the table alone is wrong
        of_table = {"table": chapter["table"]} if "table" in chapter else {}
        for key, rows in given.items():
            given[key] = {
                name: {**of_table, **row, "name": name} if isinstance(row, Mapping) else row
                for name, row in rows.items()
            }
        return {**chapter, **given}


class ShippedChapter(Chapter):
    """A chapter of the package: some of its indicators are formulas."""

    formulas: dict[Name, Formula] = Field(default_factory=dict)


class OwnChapter(Chapter):
    """A chapter of a workspace: rows alone, none under a name that is taken."""

    indicators: dict[Annotated[Name, AfterValidator(untaken)], Row] = Field(default_factory=dict)


class Own(RootModel[dict[Name, OwnChapter]]):
    """``params/indicators.yml`` of a workspace."""

    model_config = ConfigDict(frozen=True)


class Shipped(RootModel[dict[Name, ShippedChapter]]):
    """``indicators.yml`` of the package: chapters in the order of the yearbook."""

    model_config = ConfigDict(frozen=True)


@cache
def shipped_chapters() -> dict[str, ShippedChapter]:
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
    path = declared_file(workspace, OWN_INDICATORS)
    if not path.exists():
        return {}
    return read_yaml(
        path, Own, OWN_INDICATORS, taken=frozenset(taken), reports=frozenset(report_notebooks(workspace))
    ).root
