"""Numbers and words as a Russian report prints them.

The only place where a value is rounded. Computation upstream keeps every digit; a printed number is rounded half up
from the decimal a reader would write for it, so 12.5 prints as 13 and never as 12, and so does 12.499999999999998.
"""

import math
import numbers
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from pandas.api.types import is_scalar

from shnor_lib.indicators import causes
from shnor_lib.params.titles import plural

NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"

NO_DATA = "[нет данных]"
FEW = "[мало]"
NOT_HELD = "[не проводился]"
NOT_APPLICABLE = "[не применимо]"
HIDDEN = "[скрыто]"
NOT_COMPARABLE = "[не сравнимо]"
NOT_DISTINGUISHED = "[не различить]"
AS_RANGE = "[диапазон]"

CODE_OF_CAUSE: dict[str, str] = {
    causes.NOT_DELIVERED: NO_DATA,
    causes.TOO_FEW: FEW,
    causes.NOT_HELD: NOT_HELD,
    causes.NOT_APPLICABLE: NOT_APPLICABLE,
    causes.HIDDEN: HIDDEN,
    causes.NOT_COMPARABLE: NOT_COMPARABLE,
    causes.NOT_DISTINGUISHED: NOT_DISTINGUISHED,
    causes.AS_RANGE: AS_RANGE,
}
"""What stands in an empty cell, by the cause that travels with the value."""

CODE_EXPLANATIONS = {
    NO_DATA: "сведения не представлены; это не ноль и не хороший результат",
    FEW: "участников меньше, чем нужно для надёжного вывода",
    NOT_HELD: "процедура в этом году не проводилась",
    HIDDEN: "значение не публикуется, чтобы нельзя было узнать результат отдельного ребёнка",
    NOT_APPLICABLE: "к этой строке показатель не относится",
    NOT_COMPARABLE: "ряд прерван, школ для сравнения слишком мало, или правило не соединяет такие значения",
    NOT_DISTINGUISHED: "равных значений больше, чем школ, которые правило может выделить",
    AS_RANGE: "источник приводит диапазон или приблизительное число, а не одно значение",
}
"""What a table says under itself of the codes that stand in it."""

WordForms = tuple[str, str, str]

_SHARES = {"digits": 1}

SCHOOLS: WordForms = ("школа", "школы", "школ")
INDICATORS: WordForms = ("показатель", "показателя", "показателей")
POINTS: WordForms = ("балл", "балла", "баллов")
TABLES: WordForms = ("таблица", "таблицы", "таблиц")


def print_for(audience: str) -> None:
    """From now on shares and their differences are printed for this edition: all but ``internal`` have them in whole per cents.

    A decimal more would tell how many pupils stand behind a share of few.
    """
    _SHARES["digits"] = 1 if audience == "internal" else 0


def as_drawn(value: float) -> float:
    """A number as a small drawing may know it: in the public edition no finer than it is printed."""
    return value if _SHARES["digits"] else round(value, 2)


def is_missing(value: object) -> bool:
    """Whether a cell holds no value: None, NaN, NaT or pandas' NA.

    >>> is_missing(float("nan")), is_missing(0), is_missing("")
    (True, False, False)
    """
    return not isinstance(value, str) and is_scalar(value) and bool(pd.isna(value))


def to_decimal(value: float) -> Decimal:
    """The decimal a reader would write for `value`, to twelve digits: the last ones of a binary number are noise.

    >>> to_decimal(0.285), to_decimal(0.12 + 0.05), to_decimal(47.249999999999986)
    (Decimal('0.285'), Decimal('0.17'), Decimal('47.25'))

    Raises
    ------
    ValueError
        For an infinite value: it is the trace of a division by zero upstream and must not be printed.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, numbers.Integral):
        return Decimal(int(value))
    number = float(value)
    if math.isinf(number):
        raise ValueError(
            "В отчёт попало бесконечное значение: где-то выше деление на ноль. "
            "Показатель с нулевым знаменателем должен быть пустым, поправьте его функцию."
        )
    return Decimal(f"{number:.12g}")


def round_half_up(value: float, digits: int = 0) -> Decimal:
    """Round to `digits` decimals, halves away from zero.

    >>> round_half_up(12.5), round_half_up(-2.5), round_half_up(0.285, 2)
    (Decimal('13'), Decimal('-3'), Decimal('0.29'))
    """
    return to_decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def format_number(value: float | None, digits: int = 1, *, signed: bool = False) -> str:
    """A decimal number with a comma, groups of three digits and a true minus; `[нет данных]` when missing.

    >>> format_number(-1234.25), format_number(0.5, 0), format_number(None)
    ('−1\\xa0234,3', '1', '[нет данных]')
    >>> format_number(2, 1, signed=True), format_number(-0.04, 1, signed=True)
    ('+2,0', '0,0')
    """
    if is_missing(value):
        return NO_DATA
    rounded = round_half_up(value, digits)
    text = f"{abs(rounded):,}".replace(",", NBSP).replace(".", ",")
    if rounded == 0:
        return text
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed else text


def format_due(text: object) -> object:
    """A due date as reports print it: an ISO date as day.month.year, every other text of a programme as it is.

    >>> format_due("2019-06-28"), format_due("2 квартал 2020 года")
    ('28.06.2019', '2 квартал 2020 года')
    """
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3.\2.\1", text) if isinstance(text, str) else text


def format_count(value: float | None) -> str:
    """A whole number of pupils, schools or computers.

    >>> format_count(6743), format_count(0)
    ('6\\xa0743', '0')
    """
    return format_number(value, 0)


def format_percent(rate: float | None, digits: int | None = None) -> str:
    """A proportion 0..1 as per cent, with so many decimals or those of the edition (:func:`print_for`).

    >>> format_percent(0.123), format_percent(17 / 40, 0)
    ('12,3\\xa0%', '43\\xa0%')
    """
    if is_missing(rate):
        return NO_DATA
    return f"{format_number(percent(rate), _of_share(digits))}{NBSP}%"


def _of_share(digits: int | None) -> int:
    return _SHARES["digits"] if digits is None else digits


def format_points(difference: float | None, digits: int | None = None) -> str:
    """A difference of two proportions, in percentage points with its sign; decimals as in :func:`format_percent`.

    >>> format_points(-0.032)
    '−3,2\\xa0п.\\xa0п.'
    """
    if is_missing(difference):
        return NO_DATA
    return f"{format_number(percent(difference), _of_share(digits), signed=True)}{NBSP}п.{NBSP}п."


def format_score(value: float | None, digits: int = 2) -> str:
    """An index, a mean mark or a score.

    >>> format_score(3.456)
    '3,46'
    """
    return format_number(value, digits)


def format_interval(
    low: float | None, high: float | None, digits: int | None = None, *, as_percent: bool = False
) -> str:
    """A range; with a negative end it is spelled out, because a dash beside a minus cannot be read.

    >>> format_interval(0.123, 0.156, as_percent=True), format_interval(-2.1, 3.4)
    ('12,3–15,6\\xa0%', 'от\\xa0−2,1 до\\xa03,4')
    """
    if is_missing(low) or is_missing(high):
        return NO_DATA
    if as_percent:
        low, high, digits = percent(low), percent(high), _of_share(digits)
    first, last = (format_number(end, 1 if digits is None else digits) for end in (low, high))
    unit = f"{NBSP}%" if as_percent else ""
    if MINUS in first or MINUS in last:
        return f"от{NBSP}{first} до{NBSP}{last}{unit}"
    return f"{first}{EN_DASH}{last}{unit}"


def format_span(low: float, high: float, digits: int = 1) -> str:
    """From one number to another, or the one number that both print as.

    >>> format_span(56, 57.14), format_span(57.14, 57.14)
    ('от 56,0 до 57,1', '57,1')
    """
    first, last = format_number(low, digits), format_number(high, digits)
    return last if first == last else f"от {first} до {last}"


def percent(rate: float) -> Decimal:
    """A proportion as a number of per cent, exactly: 0.145 is 14.5, not 14.499999999999998.

    >>> percent(0.145)
    Decimal('14.500')
    """
    return to_decimal(rate) * 100


def enough_digits(values: Iterable[float], thresholds: Iterable[float], digits: int = 1, most: int = 4) -> int:
    """Decimals at which every printed value stays on its own side of its printed threshold.

    A share of 0.2497 against 0.25 would print as 25.0 % "below 25.0 %"; one more decimal shows why.

    >>> enough_digits([24.97, 30.0], [25.0, 25.0])
    2
    """
    pairs = [
        (to_decimal(value), to_decimal(threshold))
        for value, threshold in zip(values, thresholds, strict=True)
        if not is_missing(value) and not is_missing(threshold)
    ]
    while digits < most:
        if all(
            value == threshold or round_half_up(value, digits) != round_half_up(threshold, digits)
            for value, threshold in pairs
        ):
            break
        digits += 1
    return digits


def agree(number: float, forms: WordForms) -> str:
    """A number with its word, kept on one line.

    >>> agree(21, SCHOOLS)
    '21\\xa0школа'
    """
    digits = 0 if number == int(number) else 1
    return f"{format_number(number, digits)}{NBSP}{plural(number, *forms)}"


def lower_first(text: str) -> str:
    """Words from the middle of a sentence: the first letter small, but for an abbreviation.

    >>> lower_first("Ниже минимума"), lower_first("СОУ")
    ('ниже минимума', 'СОУ')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Words at the beginning of a sentence or a cell: the first letter capital."""
    return text[:1].upper() + text[1:]
