"""Due dates as programmes print them: «2 квартал 2020 года», «До 1 июля 2020 года», «Ежеквартально», «В течение года».

A text is read by the rules below or not at all; what is not understood keeps a remark that says why and is shown as printed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

DATED, RECURRING, ONGOING, UNCLEAR, NONE = "dated", "recurring", "ongoing", "unclear", "none"
KINDS = (DATED, RECURRING, ONGOING, UNCLEAR, NONE)

_STEMS = ("январ", "феврал", "март", "апрел", "ма[йяе]", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
_MONTH = "(?:" + "|".join(f"{stem}[а-я]*" for stem in _STEMS) + ")"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NUMBER = "[1-4]|iv|i{1,3}"

ALL_MONTHS = tuple(range(1, 13))
QUARTER_ENDS = (3, 6, 9, 12)
HALF_YEAR_ENDS = (6, 12)
_OFTEN = {
    "ежемесячно": ALL_MONTHS,
    "ежеквартально": QUARTER_ENDS,
    "каждый квартал": QUARTER_ENDS,
    "1 раз в квартал": QUARTER_ENDS,
    "в конце каждого квартала": QUARTER_ENDS,
    "в конце каждого полугодия": HALF_YEAR_ENDS,
    "1 раз в полугодие": (),
    "еженедельно": (),
    "ежегодно": (),
    "раз в год": (),
}
_ALWAYS = (
    "постоянно",
    "весь период",
    "в течение всего периода",
    "в течение срока реализации программы",
    "по мере необходимости",
)
_WITHIN_THE_YEAR = ("в течение года", "в течение учебного года")


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
    try:
        return _general(plain, period) or _dated(plain) or _months_only(plain) or _unclear(plain)
    except ValueError:
        return Due(UNCLEAR, remark="такой даты не бывает")


def _normalised(text: str) -> str:
    """Small letters, single spaces, plain hyphens without spaces; «2020 года» as «2020»."""
    plain = re.sub(r"[‐-―−]", "-", text).casefold().replace("ё", "е")
    plain = re.sub(r"\s+", " ", plain).strip(" .;")
    plain = re.sub(r" ?- ?", "-", plain)
    plain = re.sub(r"(\d{4}(?:[/-]\d{2,4})?) ?(?:учебн\w+|уч\.?) ?(?:год\w*|г\.?)", r"\1 учебный", plain)
    return re.sub(r"(\d{4}) ?(?:год\w*|гг?\b\.?)", r"\1", plain).strip(" .;,")


def _general(plain: str, period: tuple[date, date]) -> Due | None:
    """Texts without dates of their own."""
    if plain in _ALWAYS:
        return Due(ONGOING)
    if plain in _WITHIN_THE_YEAR:
        return Due(ONGOING, *period)
    if plain in _OFTEN:
        return Due(RECURRING, months=_OFTEN[plain])
    if found := re.fullmatch(r"по плану [^,]+, (.+)", plain):
        return _general(found[1], period) or _dated(found[1]) or _months_only(found[1])
    if found := re.fullmatch(r"\d+ раза? в год(?: \((.+)\))?", plain):
        return Due(RECURRING, months=_listed_months(found[1]) if found[1] else ())
    if found := re.fullmatch(rf"ежегодно(?:,| в)? ({_MONTH}(?:(?:, ?| и ){_MONTH})*)", plain):
        return Due(RECURRING, months=_listed_months(found[1]))
    if re.fullmatch(r"ежегодно,? по (?:плану|графику) [^\d]+", plain):
        return Due(RECURRING)
    if found := re.fullmatch(r"ежегодно,? (?:по (?:плану|графику) [^\d]*)?до (\d{4})", plain):
        return Due(RECURRING, remark=f"входит ли {found[1]} год, в программе не сказано")
    return None


def _months_only(plain: str) -> Due | None:
    """Months without a year say in which quarter, but not when."""
    if re.fullmatch(rf"{_MONTH}(?:(?:, ?|-| и ){_MONTH})*", plain):
        return Due(UNCLEAR, months=_listed_months(plain), remark="год не назван")
    return None


def _unclear(plain: str) -> Due:
    if re.match(r"по (?:отдельному )?(?:плану|графику)", plain):
        return Due(UNCLEAR, remark="срок стоит в другом плане")
    if re.match(r"в период |по итогам |после ", plain):
        return Due(UNCLEAR, remark="срок зависит от другого события, даты которого программа не называет")
    return Due(UNCLEAR, remark="текст срока не разобран")


def _dated(plain: str) -> Due | None:
    """Texts that fix days: a span, or a deadline."""
    for pattern, read in _deadlines():
        if found := pattern.fullmatch(plain):
            return Due(DATED, None, read(found))
    for pattern, spanned in _spans():
        if found := pattern.fullmatch(plain.removeprefix("в течение ")):
            start, end = spanned(found)
            return (
                Due(DATED, start, end) if start <= end else Due(UNCLEAR, remark="срок кончается раньше, чем начинается")
            )
    return None


Found = re.Match[str]


@cache
def _deadlines() -> tuple[tuple[re.Pattern[str], Callable[[Found], date]], ...]:
    until = "(?:до|к|не позднее) "
    return (
        (re.compile(rf"{until}(\d{{1,2}}) ({_MONTH}) (\d{{4}})"), lambda f: date(int(f[3]), _month(f[2]), int(f[1]))),
        (
            re.compile(rf"{until}(\d{{1,2}})\.(\d{{1,2}})[. ](\d{{4}})"),
            lambda f: date(int(f[3]), int(f[2]), int(f[1])),
        ),
        (re.compile(r"до конца (\d{4})"), lambda f: date(int(f[1]), 12, 31)),
        (re.compile(rf"до конца ({_MONTH}) (\d{{4}})"), lambda f: _last_day(int(f[2]), _month(f[1]))),
    )


@cache
def _spans() -> tuple[tuple[re.Pattern[str], Callable[[Found], tuple[date, date]]], ...]:
    def days(pattern: str, read: Callable[[Found], tuple[date, date]]):
        return re.compile(pattern), read

    def of_months(first: int, first_year: str, last: int, last_year: str) -> tuple[date, date]:
        return date(int(first_year), first, 1), _last_day(int(last_year), last)

    def of_quarters(found: Found) -> tuple[date, date]:
        first, last = _quarter(found[1]), _quarter(found[2] or found[1])
        return of_months(3 * first - 2, found[3], 3 * last, found[3])

    def of_half_year(found: Found) -> tuple[date, date]:
        half = _quarter(found[1])
        if half > 2:
            raise ValueError(half)
        return of_months(6 * half - 5, found[2], 6 * half, found[2])

    def of_school_year(found: Found) -> tuple[date, date]:
        first = int(found[1])
        if int(found[2]) % 100 != (first + 1) % 100:
            raise ValueError(found[2])
        return date(first, 9, 1), date(first + 1, 8, 31)

    def one_day(year: str, month: int, day: str) -> tuple[date, date]:
        return (date(int(year), month, int(day)),) * 2

    return (
        days(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?", lambda f: one_day(f[1], int(f[2]), f[3])),
        days(r"(\d{1,2})\.(\d{1,2})[. ](\d{4})", lambda f: one_day(f[3], int(f[2]), f[1])),
        days(rf"(\d{{1,2}}) ({_MONTH}) (\d{{4}})", lambda f: one_day(f[3], _month(f[2]), f[1])),
        days(rf"({_MONTH}),? (\d{{4}})", lambda f: of_months(_month(f[1]), f[2], _month(f[1]), f[2])),
        days(rf"({_MONTH})-({_MONTH}),? (\d{{4}})", lambda f: of_months(_month(f[1]), f[3], _month(f[2]), f[3])),
        days(
            rf"({_MONTH}) (\d{{4}})-({_MONTH}) (\d{{4}})", lambda f: of_months(_month(f[1]), f[2], _month(f[3]), f[4])
        ),
        days(rf"({_NUMBER})(?:-({_NUMBER}))? (?:квартал\w*|кв\.?),? (\d{{4}})", of_quarters),
        days(r"([12]|i{1,2}) полугоди\w+,? (\d{4})", of_half_year),
        days(r"(\d{4})(?:-(\d{4}))?", lambda f: (date(int(f[1]), 1, 1), date(int(f[2] or f[1]), 12, 31))),
        days(r"(\d{4})[/-](\d{2,4}) учебный", of_school_year),
    )


def _month(word: str) -> int:
    return next(number for number, stem in enumerate(_STEMS, 1) if re.match(stem, word))


def _listed_months(text: str) -> tuple[int, ...]:
    return tuple(_month(word) for word in re.findall(_MONTH, text))


def _quarter(text: str) -> int:
    return _ROMAN.get(text) or int(text)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


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
        inside = replace(due, start=due.start or period[0], end=due.end or period[1])
        return [quarter for quarter in _quarters_between(inside.start, inside.end) if quarter in everything]
    if due.kind == DATED:
        last = due.end if due.start else due.end - timedelta(days=1)
        return [quarter for quarter in _quarters_between(due.start or last, last) if quarter in everything]
    named = {(month + 2) // 3 for month in due.months}
    return [quarter for quarter in everything if quarter[1] in named]


def _quarters_between(start: date, end: date):
    year, quarter = start.year, (start.month + 2) // 3
    while (year, quarter) <= (end.year, (end.month + 2) // 3):
        yield year, quarter
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)
