"""The catalogue of indicators: what is known of each besides its formula, and how they are documented.

An indicator that is one column over another is a row of ``indicators.yml``; one that needs a formula is one decorated function
in a chapter of this package. Its name is its id everywhere: in methods, tables, reports. A workspace adds rows of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import Literal

import pandas as pd

from shnor_lib.indicators.declared import PARTS, Better, Chapter, Row, Unit, read_own_chapters, shipped_chapters
from shnor_lib.indicators.formulas import ROW, Found, column_label, keyed
from shnor_lib.inputs.dictionary import label_of, procedure_label, table

NUMBERS = ["value", "numerator", "denominator"]
LONG = [*ROW, "indicator", *NUMBERS, "note", "cause", "needs"]

Pooling = Literal["ratio", "mean", "sum", "none"]
Per = Literal["procedure", "exam", "stage", "olympiad_stage", "subject", "question", "experience"]

UNITS: dict[str, str] = {
    "rate": "доля",
    "flag": "да/нет; доля школ",
    "score": "балл",
    "percent": "0–100",
    "index": "индекс 0–100",
    "count": "число",
    "number": "величина",
}
BETTER = {"high": "больше", "low": "меньше", "none": "–"}
POOLING = {"ratio": "сумма к сумме", "mean": "среднее по участникам", "sum": "сумма", "none": "не сводится"}


@dataclass(frozen=True)
class Indicator:
    """What is known of an indicator besides its formula.

    Attributes
    ----------
    chapter : Russian title of the chapter it stands in.
    table : the input table whose rows the indicator describes; ``beside`` : further tables the formula needs.
    formula : the formula in Russian, for the annex of a report.
    unit : rate is a proportion 0..1; flag is 0 or 1 for a school and a proportion for a group of schools; percent a number
        0..100; score points; index 0..100 of the formula; count; number.
    better : which direction is good for the pupil.
    pooling : how schools and years are put together: ``ratio`` sums numerators and denominators, ``mean`` weighs by the
        denominator, ``sum`` adds, ``none`` cannot be pooled.
    per : what the bracket holds in ``name[part]``.
    reference : the document, section or paper the indicator comes from.
    rule : the row it is declared by, or ``function``, its formula over :class:`Rows`.
    shown_in : reports that show it; ``own`` : whether a workspace declared it.
    """

    name: str
    chapter: str
    table: str
    beside: tuple[str, ...]
    label: str
    formula: str
    unit: Unit
    better: Better
    pooling: Pooling
    per: Per | None
    reference: str
    rule: Row | None = None
    function: Callable[..., Found] | None = None
    shown_in: tuple[str, ...] = ()
    own: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table the indicator needs."""
        return (self.table, *self.beside)

    @cached_property
    def needs(self) -> str:
        """Every column the indicator looks at, as ``table.column`` joined by ``; ``."""
        if self.rule:
            return "; ".join(f"{place}.{column}" for place, column in dict.fromkeys(self.rule.columns))
        one_row = {name: table(name).empty().reindex([0]).assign(year=2021) for name in self.tables}
        _, rows = keyed(one_row)
        self.function(*(rows[name] for name in self.tables))
        keys = {name: {*table(name).key, "level", "group"} for name in self.tables}
        return "; ".join(f"{name}.{one}" for name in self.tables for one in rows[name].asked if one not in keys[name])

    def on(self, *frames: pd.DataFrame) -> pd.DataFrame:
        """The rows the indicator gives for its tables: level, group, school_id, year, the numbers, note and part.

        Examples
        --------
        >>> from shnor_lib.indicators.formulas import example
        >>> catalogue()["teachers_men_rate"].on(example(men=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
        [0.15, nan, nan]
        """
        from shnor_lib.indicators.compute import rows_of

        units, rows = keyed(dict(zip(self.tables, frames, strict=True)))
        return rows_of(self, units, rows)


_FORMULAS: dict[str, tuple[str, dict]] = {}
"""What chapters declared: the chapter and the fields of each formula, by name."""


def indicator(
    *,
    table: str,
    label: str,
    formula: str,
    unit: Unit,
    better: Better,
    reference: str,
    pooling: Pooling = "ratio",
    per: Per | None = None,
    beside: tuple[str, ...] = (),
) -> Callable:
    """Declare the decorated formula as the indicator of its own name; called with frames, it gives a frame."""
    fields = dict(locals())

    def declare(function: Callable[..., Found]) -> Callable[..., pd.DataFrame]:
        name = function.__name__
        if name in _FORMULAS or any(name in chapter.indicators for chapter in shipped_chapters().values()):
            raise ValueError(f"indicator {name} is declared twice")
        _FORMULAS[name] = (function.__module__.rpartition(".")[2], fields | {"function": function})

        @wraps(function)
        def on_frames(*frames: pd.DataFrame) -> pd.DataFrame:
            return catalogue()[name].on(*frames)

        return on_frames

    return declare


class Catalogue(Mapping[str, Indicator]):
    """Indicators by name, in the order of the chapters: those of the package, and a workspace's own.

    Examples
    --------
    >>> catalogue().label("below_minimum_rate[OGE/maths/9]")
    'Доля участников ниже минимума (ОГЭ, математика, 9 класс)'
    """

    def __init__(self, entries: Iterable[Indicator], own: Mapping[str, Chapter] | None = None):
        self._entries = {entry.name: entry for entry in entries}
        self.own = dict(own or {})

    __hash__, __eq__ = object.__hash__, object.__eq__

    def __reduce__(self) -> tuple:
        return _restored, (self.own,)

    def __getitem__(self, name: str) -> Indicator:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, name: str) -> Indicator | None:
        """The indicator of a full name (``name[part]``); ``None`` for an index of a method."""
        return self._entries.get(split_name(name)[0])

    def label(self, name: str) -> str:
        """Russian name of an indicator by its full name."""
        function, part = split_name(name)
        entry = self[function]
        return entry.label if part is None else f"{entry.label} ({part_label(entry.per, part)})"

    def unit(self, name: str) -> str:
        """Unit of an indicator by its full name; an index of a method counts as ``index``."""
        entry = self.of(name)
        return entry.unit if entry else "index"

    def shown_in(self, report: str) -> list[Indicator]:
        """Indicators whose row asks to be shown in a report."""
        return [entry for entry in self.values() if report in entry.shown_in]

    def with_rows(self, chapters: Mapping[str, Chapter]) -> Catalogue:
        """The catalogue with rows of a workspace after its own."""
        if not chapters:
            return self
        own = [one for chapter in chapters.values() for one in _declared(chapter, own=True)]
        return Catalogue([*self.values(), *own], chapters)


@cache
def catalogue() -> Catalogue:
    """The indicators of the package."""
    import shnor_lib.indicators  # noqa: F401  the chapters declare themselves on import

    entries = []
    for name, chapter in shipped_chapters().items():
        entries += _declared(chapter)
        entries += [
            Indicator(one, chapter.title, **fields)
            for one, (stands_in, fields) in _FORMULAS.items()
            if stands_in == name
        ]
    return Catalogue(entries)


def _restored(own: Mapping[str, Chapter]) -> Catalogue:
    """A catalogue by its own chapters; the formulas of the package are its code."""
    return catalogue().with_rows(own)


def read_catalogue(workspace: Path) -> Catalogue:
    """The indicators of the package and of the workspace's own ``params/indicators.yml``.

    Raises
    ------
    ParamsError
        When a row cannot be used; file, line and what is allowed are named.
    """
    return _restored(read_own_chapters(workspace, catalogue()))


def _declared(chapter: Chapter, own: bool = False) -> list[Indicator]:
    """The rows of a chapter as indicators."""
    kept = ("table", "label", "formula", "unit", "better", "pooling", "reference", "shown_in")
    return [
        Indicator(
            name,
            chapter.title,
            beside=tuple(dict.fromkeys(place for place, _ in row.columns if place != row.table)),
            per=PARTS.get(row.table),
            rule=row,
            own=own,
            **{key: getattr(row, key) for key in kept},
        )
        for name, row in chapter.indicators.items()
    ]


@cache
def split_name(name: str) -> tuple[str, str | None]:
    """Split an indicator's full name into the function's name and the part in brackets.

    Examples
    --------
    >>> split_name("pass_rate[OGE/maths/9]")
    ('pass_rate', 'OGE/maths/9')
    >>> split_name("teachers_trained_3y_rate")
    ('teachers_trained_3y_rate', None)
    """
    found = re.fullmatch(r"([a-z0-9_]+)(?:\[([^\]]+)\])?", name)
    if not found:
        raise ValueError(f"{name!r} is not the name of an indicator; expected name or name[part]")
    return found[1], found[2]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether the full name of an indicator fits one of the patterns (``*`` stands for anything).

    Examples
    --------
    >>> matches("mean_percent[VPR/russian/5]", ["mean_percent[VPR/*]"])
    True
    """
    return any(_expression(pattern).match(name) for pattern in patterns)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern of full names as a regular expression; brackets are letters like any other."""
    return re.compile(translate(re.sub(r"[\[\]]", r"[\g<0>]", pattern)))


def part_label(per: Per | None, part: str) -> str:
    """Russian words for what stands in an indicator's brackets.

    Examples
    --------
    >>> part_label("stage", "basic/maths"), part_label("olympiad_stage", "regional")
    ('основное общее, математика', 'региональный')
    """
    if per in ("procedure", "exam"):
        return procedure_label(part)
    if per == "stage":
        stage, _, subject = part.partition("/")
        return ", ".join(filter(None, [label_of("stage", stage), label_of("subject", subject) if subject else ""]))
    if per == "experience":
        return column_label(f"experience_{part}").lower()
    choice = {"question": "survey_question"}.get(per, per)
    return label_of(choice, part) if choice else part


def indicator_label(name: str) -> str:
    """Russian name of an indicator of the package by its full name; the name itself of one that a workspace declared."""
    return catalogue().label(name) if catalogue().of(name) else name


def document_indicators() -> str:
    """Markdown documentation of every indicator (Russian), the text of ``docs/indicators.md``."""
    lines = [
        "# Показатели",
        "",
        "Страница создана из пакета `shnor_lib/indicators`: строки – `indicators.yml`, формулы – функции глав; правьте их, а не её.",
        "",
        "Доля – от 0 до 1; значение всегда равно числителю, делённому на знаменатель. Уточнение в скобках (процедура,",
        "уровень и предмет, этап) входит в имя: `quality_rate[OGE/maths/9]`. Столбец «лучше» – какое направление хорошо",
        "для обучающегося; «сведение» – как из школ и лет получается значение группы, муниципалитета и трёх лет.",
    ]
    chapter = None
    for entry in catalogue().values():
        if entry.chapter != chapter:
            chapter = entry.chapter
            lines += ["", f"## {chapter}", ""]
            lines += ["| имя | показатель | формула | единица | лучше | сведение | таблицы | источник |"]
            lines += ["|---|---|---|---|---|---|---|---|"]
        name = entry.name + (f"[{_PARTS[entry.per]}]" if entry.per else "")
        tables = ", ".join(f"`{source}`" for source in entry.tables)
        cells = [f"`{name}`", entry.label, entry.formula, UNITS[entry.unit], BETTER[entry.better]]
        lines.append("| " + " | ".join([*cells, POOLING[entry.pooling], tables, entry.reference]) + " |")
    return "\n".join(lines) + "\n"


_PARTS: dict[str, str] = {
    "procedure": "процедура",
    "exam": "экзамен",
    "stage": "уровень/предмет",
    "olympiad_stage": "этап",
    "subject": "предмет",
    "question": "вопрос",
    "experience": "стаж",
}
