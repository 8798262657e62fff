"""Due dates as programmes print them: «2 квартал 2020 года», «До 1 июля 2020 года», «Ежеквартально», «В течение года».

A text is read by the patterns of ``due.yml`` or not at all; what is not understood keeps a remark that says why and is shown as printed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from shnor_lib.params.yaml_files import Strict, read_yaml

DATED, RECURRING, ONGOING, UNCLEAR, NONE = "dated", "recurring", "ongoing", "unclear", "none"
KINDS = (DATED, RECURRING, ONGOING, UNCLEAR, NONE)

_STEMS = ("январ", "феврал", "март", "апрел", "ма[йяе]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
_MONTH = "(?:" + "|".join(f"{stem}[а-я]*" for stem in _STEMS) + ")"
_NAMES = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
_LENGTHS = {1: "", 3: "квартал", 6: "полугодие"}
"""Months of a period that is reported for, and its word; a month goes by its name."""
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_PLACES = {
    "day": r"\d{1,2}",
    "month": _MONTH,
    "month_number": r"\d{1,2}",
    "quarter": "[1-4]|iv|i{1,3}",
    "half": "[12]|i{1,2}",
    "year": r"\d{4}",
    "school_year": r"\d{2,4}",
}
"""What may stand at a place of a pattern."""


@dataclass(frozen=True)
class Due:
    """When a measure is due.

    Attributes
    ----------
    kind : ``dated`` (ends on a known day), ``recurring`` (again and again), ``ongoing`` (no end of its own), ``unclear`` (a text
        that gives no dates), ``none`` (no text).
    start, end : first and last day; a deadline («до 1 июля») has no start.
    months : months of the year in which a recurring measure is due, where the text names or fixes them.
    remark : what the text leaves open, in Russian; empty when it is understood in full.
    """

    kind: str
    start: date | None = None
    end: date | None = None
    months: tuple[int, ...] = ()
    remark: str = ""


class Pattern(Strict):
    """Texts that are read alike.

    Attributes
    ----------
    texts : regular expressions of the whole text, with places for the parts of a date; ``listed`` is a list of months.
    of_plan : the span is the plan's year; ``deadline``: only the last day is told.
    """

    texts: tuple[str, ...]
    kind: Literal["dated", "recurring", "ongoing", "unclear"] = "unclear"
    months: tuple[int, ...] = ()
    remark: str = ""
    of_plan: bool = False
    deadline: bool = False


class Patterns(Strict):
    """The patterns in order: what is ``read``, also after «по плану …,», and why the rest is ``unclear``."""

    read: tuple[Pattern, ...]
    unclear: tuple[Pattern, ...]


@cache
def _patterns() -> list[tuple[re.Pattern[str], Pattern]]:
    """The patterns of ``due.yml``, compiled."""
    declared = read_yaml(Path(__file__).with_name("due.yml"), Patterns, "shnor_lib/inputs/due.yml")
    during = {DATED: "(?:в течение )?"}
    texts = [
        (rf"(?:по плану [^,]+, )*{during.get(one.kind, '')}(?:{text})", one)
        for one in declared.read
        for text in one.texts
    ]
    texts += [(text, one) for one in declared.unclear for text in one.texts]
    return [(re.compile(re.sub(r"\{([a-z_]+)\}", _place, text)), one) for text, one in texts]


def _place(slot: re.Match[str]) -> str:
    name = slot[1]
    return _MONTH if name == "name" else f"(?P<{name}>{_PLACES[name.removeprefix('last_')]})"


def read_due(text: str | None, period: tuple[date, date]) -> Due:
    """Read a due date.

    Parameters
    ----------
    text : as printed; missing for a measure without one.
    period : first and last day of the plan's year; «в течение года» means it.

    Examples
    --------
    >>> year = date(2020, 1, 1), date(2020, 12, 31)
    >>> due = read_due("2-3 квартал 2020 года", year)
    >>> due.kind, due.start.isoformat(), due.end.isoformat()
    ('dated', '2020-04-01', '2020-09-30')
    >>> read_due("2 раза в год (январь, июнь)", year).months
    (1, 6)
    >>> read_due("В период проведения ВПР", year).kind
    'unclear'
    """
    if not isinstance(text, str) or not text.strip():
        return Due(NONE)
    plain = _normalised(text)
    found, pattern = next((found, one) for wanted, one in _patterns() if (found := wanted.fullmatch(plain)))
    named = {name: value for name, value in found.groupdict().items() if value}
    try:
        start, end = _span(named) if pattern.kind == DATED else period if pattern.of_plan else (None, None)
    except ValueError:
        return Due(UNCLEAR, remark="такой даты не бывает")
    if pattern.deadline:
        return Due(DATED, None, end)
    if start and start > end:
        return Due(UNCLEAR, remark="срок кончается раньше, чем начинается")
    listed = tuple(_month(word) for word in re.findall(_MONTH, named.get("listed", "")))
    return Due(pattern.kind, start, end, pattern.months or listed, pattern.remark.format(**named))


def _normalised(text: str) -> str:
    """Small letters, single spaces, plain hyphens without spaces; «2020 года» as «2020»."""
    plain = re.sub(r"[‐-―−]", "-", text).casefold().replace("ё", "е")
    plain = re.sub(r"\s+", " ", plain).strip(" .;")
    plain = re.sub(r" ?- ?", "-", plain)
    plain = re.sub(r"(\d{4}(?:[/-]\d{2,4})?) ?(?:учебн\w+|уч\.?) ?(?:год\w*|г\.?)", r"\1 учебный", plain)
    return re.sub(r"(\d{4}) ?(?:год\w*|гг?\b\.?)", r"\1", plain).strip(" .;,")


def _span(named: dict[str, str]) -> tuple[date, date]:
    """First and last day of the parts of a date that a text names; parts that the end does not repeat are those of the start."""
    first = {name: value for name, value in named.items() if not name.startswith("last_")}
    last = first | {name.removeprefix("last_"): value for name, value in named.items() if name.startswith("last_")}
    return _days(first)[0], _days(last)[1]


def _days(named: dict[str, str]) -> tuple[date, date]:
    """First and last day of a day, month, quarter, half year, year or school year."""
    year, first, last = int(named["year"]), 1, 12
    if "school_year" in named:
        if int(named["school_year"]) % 100 != (year + 1) % 100:
            raise ValueError(named["school_year"])
        return date(year, 9, 1), date(year + 1, 8, 31)
    if "month_number" in named or "month" in named:
        first = last = int(named["month_number"]) if "month_number" in named else _month(named["month"])
    for part, months in (("quarter", 3), ("half", 6)):
        if part in named:
            last = months * (_ROMAN.get(named[part]) or int(named[part]))
            first = last - months + 1
    if "day" in named:
        return (date(year, first, int(named["day"])),) * 2
    return date(year, first, 1), _month_end(year, last)


def _month(word: str) -> int:
    return next(number for number, stem in enumerate(_STEMS, 1) if re.match(stem, word))


def next_month_end(months: Iterable[int], on: date) -> date | None:
    """The last day, after ``on``, of the next of these months; None without any.

    Examples
    --------
    >>> next_month_end((6, 12), date(2021, 6, 30)).isoformat()
    '2021-12-31'
    """
    ends = (_month_end(year, month) for year in (on.year, on.year + 1) for month in months)
    return min((end for end in ends if end > on), default=None)


def last_month_end(months: Iterable[int], first: date, on: date) -> date | None:
    """The last day of the latest of these months that has ended between two days; None without any.

    Examples
    --------
    >>> last_month_end((3, 6, 9, 12), date(2021, 1, 1), date(2021, 6, 30)).isoformat()
    '2021-06-30'
    """
    ends = (_month_end(year, month) for year in range(first.year, on.year + 1) for month in months)
    return max((end for end in ends if first <= end <= on), default=None)


def quarters_within(due: Due, period: tuple[date, date]) -> list[tuple[int, int]]:
    """Quarters (year, number) of a period in which a measure is to be done; empty where the text does not say.

    A deadline counts in the quarter of the day before it: «до 1 июля» is work of the second quarter. A measure without an end
    of its own counts in every quarter.

    Examples
    --------
    >>> year = date(2020, 1, 1), date(2020, 12, 31)
    >>> quarters_within(read_due("До 1 июля 2020 года", year), year)
    [(2020, 2)]
    >>> quarters_within(read_due("В конце каждого полугодия", year), year)
    [(2020, 2), (2020, 4)]
    """
    everything = list(_quarters_between(*period))
    if due.kind == ONGOING:
        return [one for one in _quarters_between(due.start or period[0], due.end or period[1]) if one in everything]
    if due.kind == DATED:
        last = due.end if due.start else due.end - timedelta(days=1)
        return [quarter for quarter in _quarters_between(due.start or last, last) if quarter in everything]
    named = {(month + 2) // 3 for month in due.months}
    return [quarter for quarter in everything if quarter[1] in named]


def period_name(start: date, end: date) -> str | None:
    """The month, quarter or half year that a span just is, as programmes print it; None for another span.

    Examples
    --------
    >>> period_name(date(2021, 4, 1), date(2021, 6, 30)), period_name(date(2021, 5, 1), date(2021, 5, 31))
    ('2 квартал 2021 года', 'май 2021 года')
    """
    months = end.month - start.month + 1
    whole = start.day == 1 and end == _month_end(start.year, end.month)
    if not whole or months not in _LENGTHS or end.month % months:
        return None
    word = _LENGTHS[months]
    return f"{f'{end.month // months} {word}' if word else _NAMES[end.month - 1]} {start.year} года"


def reporting_period(text: str) -> str | None:
    """A month, quarter or half year with its year, in one spelling; None for any other text.

    Examples
    --------
    >>> reporting_period("II кв. 2021"), reporting_period("1 полугодие 2021 г."), reporting_period("2021 год")
    ('2 квартал 2021 года', '1 полугодие 2021 года', None)
    """
    due = read_due(text, (date.min, date.max))
    return period_name(due.start, due.end) if due.kind == DATED and due.start else None


def period_days(name: str) -> tuple[date, date]:
    """First and last day of a period that :func:`reporting_period` named."""
    due = read_due(name, (date.min, date.max))
    return due.start, due.end


def reporting_periods(due: Due, period: tuple[date, date], unfinished: bool = False) -> list[str]:
    """The periods of the plan's year for which a measure is reported, in order.

    A monthly measure is reported every month, one of the ends of half years every half year, one due in other months in these
    months; every other one in each quarter of :func:`quarters_within`. None where the text names no time of the year.

    Examples
    --------
    >>> year = date(2021, 1, 1), date(2021, 12, 31)
    >>> reporting_periods(read_due("1 раз в полугодие", year), year)
    ['1 полугодие 2021 года', '2 полугодие 2021 года']
    >>> reporting_periods(read_due("До 1 июля 2021 года", year), year)
    ['2 квартал 2021 года']
    """
    if due.kind == RECURRING:
        months = {(6, 12): 6, (3, 6, 9, 12): 3}.get(due.months, 1)
        ends = [_month_end(year, month) for year in range(period[0].year, period[1].year + 1) for month in due.months]
        spans = [(date(end.year, end.month - months + 1, 1), end) for end in ends if period[0] <= end <= period[1]]
    else:
        if due.kind == DATED and unfinished and due.end < period[1]:
            due = replace(due, start=due.start or due.end, end=period[1])
        spans = [
            (date(year, 3 * quarter - 2, 1), _month_end(year, 3 * quarter))
            for year, quarter in quarters_within(due, period)
        ]
    return [period_name(*span) for span in spans]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _quarters_between(start: date, end: date) -> Iterator[tuple[int, int]]:
    year, quarter = start.year, (start.month + 2) // 3
    while (year, quarter) <= (end.year, (end.month + 2) // 3):
        yield year, quarter
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)
