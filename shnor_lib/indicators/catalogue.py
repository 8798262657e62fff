"""The catalogue of indicators: how an indicator is declared, what shape it has and how it is documented.

An indicator is one decorated function in a chapter of this package. Its name is its id everywhere: in methods, tables,
reports. The function takes its input table (and those it names beside it) and gives the rows ``level, group, school_id,
year`` with ``value, numerator, denominator, note``, and ``part`` when the indicator is taken per procedure, stage, …

One law holds for every row: ``value = numerator / denominator``; the denominator counts what stands behind the value.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

from shnor_lib.inputs.dictionary import label_of, procedure_label, table, table_names

ROW = ["level", "group", "school_id", "year"]
LONG = [*ROW, "indicator", "value", "numerator", "denominator", "note"]

Unit = Literal["rate", "flag", "score", "percent", "index", "count", "number"]
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
    table : the input table whose rows the indicator describes; ``beside`` : further tables the formula needs.
    formula : the formula in Russian, for the annex of a report.
    unit : rate is a proportion 0..1; flag is 0 or 1 for a school and a proportion for a group of schools; percent a number
        0..100; score points; index 0..100 of the formula; count; number.
    better : which direction is good for the pupil.
    pooling : how schools and years are put together: ``ratio`` sums numerators and denominators, ``mean`` weighs by the
        denominator, ``sum`` adds, ``none`` cannot be pooled.
    per : what the bracket holds in ``name[part]``.
    reference : the document, section or paper the indicator comes from.
    across_levels : whether a row depends on rows of another level of its office, so that offices are computed one by one.
    """

    name: str
    table: str
    beside: tuple[str, ...]
    label: str
    formula: str
    unit: Unit
    better: Literal["high", "low", "none"]
    pooling: Literal["ratio", "mean", "sum", "none"]
    per: Per | None
    reference: str
    function: Callable[..., pd.DataFrame]
    across_levels: bool = False

    @property
    def chapter(self) -> str:
        """Russian title of the chapter the indicator stands in."""
        return sys.modules[self.function.__module__].TITLE


_CATALOGUE: dict[str, Indicator] = {}


def indicator(
    *,
    table: str,
    label: str,
    formula: str,
    unit: Unit,
    better: str,
    reference: str,
    pooling: str = "ratio",
    per: Per | None = None,
    beside: tuple[str, ...] = (),
    across_levels: bool = False,
) -> Callable:
    """Declare the decorated function as the indicator of its own name."""

    def declare(function: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        name = function.__name__
        if name in _CATALOGUE:
            raise ValueError(f"indicator {name} is declared twice")
        _CATALOGUE[name] = Indicator(
            name, table, beside, label, formula, unit, better, pooling, per, reference, function, across_levels
        )
        return function

    return declare


def catalogue() -> dict[str, Indicator]:
    """All indicators by name, in the order of the chapters."""
    import shnor_lib.indicators  # noqa: F401  the chapters declare themselves on import

    return dict(_CATALOGUE)


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
    return re.compile(translate(pattern.replace("[", "\0").replace("]", "[]]").replace("\0", "[[]")))


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
    """Russian name of an indicator by its full name.

    Examples
    --------
    >>> indicator_label("below_minimum_rate[OGE/maths/9]")
    'Доля участников ниже минимума (ОГЭ, математика, 9 класс)'
    """
    function, part = split_name(name)
    entry = catalogue()[function]
    return entry.label if part is None else f"{entry.label} ({part_label(entry.per, part)})"


@cache
def column_label(column: str) -> str:
    """Russian label of a column of the data dictionary; the word itself when no table has such a column."""
    for name in table_names():
        if column in table(name).columns:
            return table(name).columns[column].label
    return column


def example(**columns: Sequence[object]) -> pd.DataFrame:
    """Rows of an input table for the examples: schools "1", "2", … of 2021 unless the columns say otherwise.

    Examples
    --------
    >>> example(men=[3, 1]).to_dict("list")
    {'level': ['school', 'school'], 'group': ['', ''], 'school_id': ['1', '2'], 'year': [2021, 2021], 'men': [3, 1]}
    """
    size = len(next(iter(columns.values())))
    rows = {"level": "school", "group": "", "school_id": [str(row + 1) for row in range(size)], "year": 2021}
    return pd.DataFrame(rows | columns)


def number(rows: pd.DataFrame, column: str | pd.Series) -> pd.Series:
    """A column as plain numbers, all missing when the table has no such column; the name is kept for the notes.

    Examples
    --------
    >>> number(example(men=[3, None]), "men").tolist(), number(example(men=[3]), "teachers").tolist()
    ([3.0, nan], [nan])
    """
    if isinstance(column, str):
        column = rows[column] if column in rows else pd.Series(np.nan, index=rows.index, name=column)
    return pd.Series(column.to_numpy(dtype=float, na_value=np.nan), index=rows.index, name=column.name)


def first_filled(rows: pd.DataFrame, *columns: str) -> pd.Series:
    """The first filled of several columns, row by row; named after the first.

    Examples
    --------
    >>> first_filled(example(pedagogues=[20, None], teachers=[15, 9]), "pedagogues", "teachers").tolist()
    [20.0, 9.0]
    """
    result = number(rows, columns[0])
    for column in columns[1:]:
        result = result.fillna(number(rows, column))
    return result


def notes(*cases: tuple[pd.Series | np.ndarray, str]) -> pd.Categorical:
    """A note for every row: the text of the first case that holds, "" when none does."""
    texts = list(dict.fromkeys(["", *(text for _, text in cases)]))
    codes = np.zeros(len(cases[0][0]), dtype=np.int8)
    for holds, text in reversed(cases):
        codes[np.asarray(holds, dtype=bool)] = texts.index(text)
    return pd.Categorical.from_codes(codes, texts)


def long_rows(
    rows: pd.DataFrame, value: pd.Series, numerator: pd.Series, denominator: pd.Series, note: pd.Categorical
) -> pd.DataFrame:
    """The rows an indicator gives: what each row is about, with its value and what stands behind it.

    Examples
    --------
    >>> three = pd.Series([3.0])
    >>> long_rows(example(men=[3]), three, three, three, notes((three > 5, "много"))).columns.tolist()
    ['level', 'group', 'school_id', 'year', 'value', 'numerator', 'denominator', 'note']
    """
    columns = {column: rows[column].array for column in ROW}
    columns |= {"value": value.array, "numerator": numerator.array, "denominator": denominator.array, "note": note}
    return pd.DataFrame(columns, index=rows.index, copy=False)  # arrays: no alignment, a hundred indicators are quick


def ratio(rows: pd.DataFrame, numerator: pd.Series | str, denominator: pd.Series | str) -> pd.DataFrame:
    """Proportion of a part in its whole, row by row.

    A missing part or whole, or a whole of zero, gives a missing value and says why.

    Examples
    --------
    >>> ratio(example(men=[3, 1, None], teachers=[20, 0, 10]), "men", "teachers")["value"].tolist()
    [0.15, nan, nan]
    """
    top, whole = number(rows, numerator), number(rows, denominator)
    part_name, whole_name = column_label(str(top.name)), column_label(str(whole.name))
    note = notes(
        (top.isna() & whole.isna(), f"не указано: {part_name}, {whole_name}"),
        (whole.isna(), f"не указано: {whole_name}"),
        (whole <= 0, f"{whole_name}: ноль"),
        (top.isna(), f"не указано: {part_name}"),
    )
    return long_rows(rows, top / whole.where(whole > 0), top, whole, note)


def mean(rows: pd.DataFrame, value: pd.Series | str, participants: pd.Series | str) -> pd.DataFrame:
    """A mean with the number of participants behind it; the numerator is their sum.

    No value when nobody took part; an unknown number of participants leaves the value and says so.

    Examples
    --------
    >>> mean(example(mean_score=[20.5, 18, None], participants=[10, None, 5]), "mean_score", "participants")["value"].tolist()
    [20.5, 18.0, nan]
    """
    values, count = number(rows, value), number(rows, participants)
    values = values.where(~(count <= 0))
    note = notes(
        (count <= 0, f"{column_label(str(count.name))}: ноль"),
        (values.isna(), f"не указано: {column_label(str(values.name))}"),
        (count.isna(), f"не указано: {column_label(str(count.name))}"),
    )
    return long_rows(rows, values, values * count, count, note)


def flag(rows: pd.DataFrame, holds: pd.Series | str) -> pd.DataFrame:
    """Yes (1) or no (0) of one school, with denominator 1, so that a group of schools gets the share of its yes.

    Examples
    --------
    >>> flag(example(small_school=[True, False, None]), "small_school")["value"].tolist()
    [1.0, 0.0, nan]
    """
    return total(rows, holds)


def total(rows: pd.DataFrame, count: pd.Series | str) -> pd.DataFrame:
    """A plain number of persons or things; its numerator is the number itself, each counted once.

    Examples
    --------
    >>> total(example(pupils=[300, None]), "pupils")["value"].tolist()
    [300.0, nan]
    """
    count = number(rows, count)
    note = notes((count.isna(), f"не указано: {column_label(str(count.name))}"))
    return long_rows(rows, count, count, count.where(count.isna(), 1.0), note)


def beside(rows: pd.DataFrame, other: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Columns of another table for the same level, group, school and year; the rows and their order stay.

    Examples
    --------
    >>> beside(example(participants=[2, 3]), example(pupils=[300, 500]), "pupils")["pupils"].tolist()
    [300, 500]
    """
    wanted = other.reindex(columns=[*ROW, *columns]).drop_duplicates(ROW)
    kept = rows.drop(columns=[column for column in columns if column in rows])
    return kept.merge(wanted, on=ROW, how="left").set_axis(rows.index)


def document_indicators() -> str:
    """Markdown documentation of every indicator (Russian), the text of ``docs/indicators.md``."""
    lines = ["# Показатели", ""]
    lines += ["Страница создана из пакета `shnor_lib/indicators`; правьте функции, а не её.", ""]
    lines += [
        "Доля – от 0 до 1; значение всегда равно числителю, делённому на знаменатель. Уточнение в скобках (процедура,"
    ]
    lines += [
        "уровень и предмет, этап) входит в имя: `quality_rate[OGE/maths/9]`. Столбец «лучше» – какое направление хорошо"
    ]
    lines += [
        "для обучающегося; «сведение» – как из школ и лет получается значение группы, муниципалитета и трёх лет.",
        "",
    ]
    chapter = None
    for entry in catalogue().values():
        if entry.chapter != chapter:
            chapter = entry.chapter
            lines += ["" if lines[-1] else None, f"## {chapter}", ""]
            lines += ["| имя | показатель | формула | единица | лучше | сведение | таблицы | источник |"]
            lines += ["|---|---|---|---|---|---|---|---|"]
        name = entry.name + (f"[{_PARTS[entry.per]}]" if entry.per else "")
        tables = ", ".join(f"`{source}`" for source in (entry.table, *entry.beside))
        cells = [f"`{name}`", entry.label, entry.formula, UNITS[entry.unit], BETTER[entry.better]]
        lines.append("| " + " | ".join([*cells, POOLING[entry.pooling], tables, entry.reference]) + " |")
    return "\n".join(line for line in lines if line is not None) + "\n"


_PARTS: dict[str, str] = {
    "procedure": "процедура",
    "exam": "экзамен",
    "stage": "уровень/предмет",
    "olympiad_stage": "этап",
    "subject": "предмет",
    "question": "вопрос",
    "experience": "стаж",
}
