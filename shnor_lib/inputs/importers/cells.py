"""Cells of foreign layouts: texts compared without case and spacing, numbers as offices write them, headers by pattern."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from shnor_lib.inputs.sources.values import says_thousands

Row = Sequence[str]

HEADER_AMONG = 40
"""The header of an export stands among so many first rows."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")


def plain(text: str) -> str:
    """The text as it is compared: lower case, single spaces, «ё» as «е», one kind of quotes dropped.

    Examples
    --------
    >>> plain(' МБОУ  "СОШ № 5"\\xa0')
    'мбоу сош № 5'
    """
    return re.sub(r"\s+", " ", re.sub(r"[\"'«»“”„]", "", text)).strip().casefold().replace("ё", "е")


def number(text: str) -> float | None:
    """The number a cell holds, ``None`` when it holds none.

    Examples
    --------
    >>> number("12,5 %"), number("1 200"), number("X"), number("")
    (12.5, 1200.0, None, None)
    """
    digits = re.sub(r"[\s%]", "", text)
    if not _NUMBER.fullmatch(digits):
        return None
    value = float(digits.replace(",", "."))
    return value if math.isfinite(value) else None


def decimals(text: str) -> int:
    """Digits after the decimal point as printed.

    Examples
    --------
    >>> decimals("33,33"), decimals("50")
    (2, 0)
    """
    return len(re.sub(r"[\s%]", "", text).replace(",", ".").partition(".")[2])


def whole(text: str) -> int | None:
    """The whole number a cell holds, ``None`` when it holds none.

    Examples
    --------
    >>> whole("4"), whole("4.0"), whole("4,5"), whole("1,000"), whole("нет отметки")
    (4, 4, None, None, None)
    """
    value = None if says_thousands(text) else number(text)
    return int(value) if value is not None and value.is_integer() else None


def cell(row: Row, position: int | None) -> str:
    """Text of a cell; "" beyond the end of the row or for a column that is not there."""
    return row[position].strip() if position is not None and position < len(row) else ""


def columns_like(row: Row, patterns: Mapping[str, str]) -> dict[str, int]:
    """Where the first column that matches each pattern stands in a header row.

    Examples
    --------
    >>> columns_like(["Код ОО", "Итоговый балл"], {"school": "код о[оу]", "mark": "отметка"})
    {'school': 0}
    """
    texts = [plain(text) for text in row]
    found = {}
    for name, pattern in patterns.items():
        position = next((at for at, text in enumerate(texts) if text and re.search(pattern, text)), None)
        if position is not None:
            found[name] = position
    return found


def twins(row: Row, patterns: Mapping[str, str]) -> dict[str, list[int]]:
    """Where several columns of a header match one pattern.

    Examples
    --------
    >>> twins(["Код ОО", "Отметка", "Отметка"], {"school": "код о[оу]", "mark": "^отметка$"})
    {'mark': [1, 2]}
    """
    texts = [plain(text) for text in row]
    found = {
        name: [at for at, text in enumerate(texts) if text and re.search(pattern, text)]
        for name, pattern in patterns.items()
    }
    return {name: places for name, places in found.items() if len(places) > 1}


def meant_by(text: str, patterns: Mapping[str, str]) -> str | None:
    """What the first pattern found in a text stands for.

    Examples
    --------
    >>> meant_by("Населённый пункт сельского типа", {"сельск": "rural", "город": "urban"})
    'rural'
    """
    words = plain(text)
    return next((meaning for pattern, meaning in patterns.items() if re.search(pattern, words)), None)


def find_header(
    rows: Sequence[Row], patterns: Mapping[str, str], required: Sequence[str]
) -> tuple[int, dict[str, int]] | None:
    """The first row in which the required columns stand, and where all of them are."""
    for position, row in enumerate(rows[:HEADER_AMONG]):
        columns = columns_like(row, patterns)
        if all(name in columns for name in required):
            return position, columns
    return None


def code_of(text: str) -> str:
    """The code that stands before the bar of a composite cell.

    Examples
    --------
    >>> code_of("edu990218 | МБОУ СОШ 0218"), code_of(" sch990070 ")
    ('edu990218', 'sch990070')
    """
    return text.partition("|")[0].strip()


def after_bar(text: str) -> str:
    """The name that stands behind the bar of a composite cell; all of it when there is no bar.

    Examples
    --------
    >>> after_bar("edu990218 | МБОУ СОШ 0218")
    'МБОУ СОШ 0218'
    """
    return text.rpartition("|")[2].strip()


def is_territory(text: str, wanted: str) -> bool:
    """Whether a cell names the municipality asked for, by code or by name.

    Examples
    --------
    >>> [is_territory(text, "reg20_m012") for text in ("reg20_m012 | Район", "reg20_m013")]
    [True, False]
    >>> is_territory("МО-26 (муниципальный округ)", "МО-26")
    True
    """
    sought = plain(wanted)
    return sought in (plain(code_of(text)), plain(after_bar(text))) or plain(text).startswith(f"{sought} (")
