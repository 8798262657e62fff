"""Context survey of ВПР (2021: a row a school under the questions; 2022: the same behind the columns of the protocol)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shnor_lib.inputs.importers.cells import (
    Row,
    after_bar,
    cell,
    code_of,
    columns_like,
    is_territory,
    number,
    plain,
    whole,
)
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, RawSheet, Unit
from shnor_lib.inputs.importers.layouts import declared

LABEL = "Контекстный опрос ВПР"
PATTERNS = declared().patterns
WHO = PATTERNS["context_survey_school"]
QUESTIONS = PATTERNS["context_survey_questions"]
ENOUGH = 8
"""A header is the survey's when it asks so many of the questions."""
_GRADE = re.compile(r"^(?P<grade>1[0-2]|[1-9]) класс (?P<what>классов|обучающихся)")
_TRAVEL = {"2": "day_trip", "3": "two_days", "4": "no_regular"}
_LIMITS = {
    "under_1000": 1e3,
    "1000_5000": 5e3,
    "5000_10000": 10e3,
    "10000_50000": 50e3,
    "50000_100000": 100e3,
    "100000_500000": 500e3,
    "500000_1000000": 1e6,
    "over_1000000": float("inf"),
}
LARGE_CITY = 100_000
FAST = {"urban": 100, "rural": 50}
"""Megabits a second from which the internet counts as fast, in town and country."""


def recognises(export: Export) -> bool:
    """Whether a header has the school's login and enough of the questions."""
    return any(_header(sheet) is not None for sheet in export.sheets)


def _header(sheet: RawSheet) -> int | None:
    for position, row in enumerate(sheet.rows[:10]):
        if "code" in columns_like(row, WHO) and len(columns_like(row, QUESTIONS)) >= ENOUGH:
            return position
    return None


def read(export: Export) -> Extract:
    """Read the answers of every school; an answer that contradicts another is left out and told."""
    extract = Extract(LABEL)
    for sheet in export.sheets:
        header = _header(sheet)
        if header is None:
            continue
        heads = sheet.rows[header]
        who, asked = columns_like(heads, WHO), columns_like(heads, QUESTIONS)
        grades = {
            (found["what"], int(found["grade"])): place
            for place, text in enumerate(heads)
            if (found := _GRADE.match(plain(text)))
        }
        rows = [row for row in sheet.rows[header + 1 :] if any(row)]
        extract.remark("прочитано", "строк школ", len(rows), sheet.name)
        if export.territory:
            own = [row for row in rows if is_territory(cell(row, who.get("territory")), export.territory)]
            extract.remark("отброшено", "другой муниципалитет", len(rows) - len(own), sheet.name)
            rows = own
        answers, dropped = _one_row_each(rows, who["code"])
        for reason, count in dropped.items():
            extract.remark("отброшено", reason, count, sheet.name)
        told: dict[str, list[str]] = {}
        for row in answers:
            unit = Unit(
                "school",
                code_of(cell(row, who["code"])),
                after_bar(cell(row, who.get("name"))),
                code_of(cell(row, who.get("territory"))),
            )
            _take(row, unit, asked, grades, extract, told)
        extract.remark("взято", "школ", len(answers), sheet.name)
        for text, schools in sorted(told.items()):
            extract.remark("замечание", f"{text}: {', '.join(schools)}", len(schools), sheet.name)
        taken = set(who.values()) | set(asked.values()) | set(grades.values())
        extract.remark("отброшено", "вопросов, которым нет места в таблицах", len(heads) - len(taken), sheet.name)
        extract.remark(
            "замечание", "скорость интернета – середина названной полосы, у открытой – её граница", None, sheet.name
        )
        extract.remark(
            "замечание", "население пункта – полоса таблицы, куда попадает середина полосы опроса", None, sheet.name
        )
    return extract


def _one_row_each(rows: Sequence[Row], place: int) -> tuple[list[Row], dict[str, int]]:
    """Rows with a login; a school that answered twice and differently is left out."""
    by_code: dict[str, list[tuple[str, ...]]] = {}
    nameless = repeated = contradicting = 0
    for row in rows:
        code = code_of(cell(row, place)).lower()
        if not code:
            nameless += 1
            continue
        known = by_code.setdefault(code, [])
        if tuple(row) in known:
            repeated += 1
        else:
            known.append(tuple(row))
    single = [answers[0] for answers in by_code.values() if len(answers) == 1]
    contradicting = sum(len(answers) for answers in by_code.values() if len(answers) > 1)
    return single, {
        "нет логина": nameless,
        "повтор той же строки": repeated,
        "школа ответила несколько раз по-разному": contradicting,
    }


def _take(
    row: Row,
    unit: Unit,
    asked: Mapping[str, int],
    grades: Mapping[tuple[str, int], int],
    extract: Extract,
    told: dict[str, list[str]],
) -> None:
    def answer(question: str) -> str:
        return cell(row, asked.get(question))

    def count(question: str) -> int | None:
        value = whole(answer(question))
        return value if value is not None and value >= 0 else None

    def tell(text: str) -> None:
        told.setdefault(text, []).append(unit.code)

    def part(question: str, total: int | None, text: str) -> int | None:
        value = count(question)
        if value is not None and total is not None and value > total:
            tell(f"{text}: не взято")
            return None
        return value

    pupils = count("pupils")
    by_grade = {grade: whole(cell(row, place)) or 0 for (what, grade), place in grades.items() if what == "обучающихся"}
    if pupils is not None and by_grade and sum(by_grade.values()) != pupils:
        tell("сумма по классам не равна общему числу обучающихся, взято общее")
    classes = sum(whole(cell(row, place)) or 0 for (what, _), place in grades.items() if what == "классов")
    locality = _locality(answer("place"))
    size = settlement_band(answer("size"))
    highest_grade = _highest_grade(answer("primary"), answer("basic"), answer("secondary"))
    extract.add(
        "schools",
        unit,
        name=unit.name or None,
        kind={4: "НОШ", 9: "ООШ", 11: "СОШ"}.get(highest_grade),
        special_type=_special_type({name: answer(name) for name in ("correctional", "evening", "closed", "prison")}),
        locality=locality,
        settlement_population=size,
        transport=_transport(answer("travel"), answer("size"), tell),
        highest_grade=highest_grade,
        pupils=pupils,
        classes=classes or None,
    )
    teachers = count("teachers")
    if teachers == 0:
        tell("учителей 0: не взято")
        teachers = None
    highest = part("highest", teachers, "учителей высшей категории больше, чем учителей") if teachers else None
    if teachers:
        extract.add("staff", unit, teachers=teachers, half_time_plus=teachers, category_highest=highest)
    classrooms, computers = count("classrooms"), count("computers")
    speed = speed_band(answer("speed"))
    resources = {
        "classrooms": classrooms,
        "classrooms_equipped": part("projectors", classrooms, "кабинетов с проектором больше, чем кабинетов"),
        "computers": computers,
        "computers_outdated": part("outdated", computers, "устаревших компьютеров больше, чем компьютеров"),
        "internet_mbps": _middle(speed) if speed else None,
    }
    if any(value is not None for value in resources.values()):
        extract.add("resources", unit, **resources)
    fast = _fast_internet(speed, locality)
    if fast is not None:
        extract.add("survey", unit, question="fast_internet", answer=fast)


def _yes(text: str) -> bool:
    return plain(text) == "да"


def _locality(text: str) -> str | None:
    words = plain(text)
    if "сельск" in words:
        return "rural"
    return "urban" if "город" in words or "столиц" in words else None


def _highest_grade(primary: str, basic: str, secondary: str) -> int | None:
    return 11 if _yes(secondary) else 9 if _yes(basic) else 4 if _yes(primary) else None


def _special_type(answers: Mapping[str, str]) -> str | None:
    for code, questions in {
        "closed": ("closed", "prison"),
        "correctional": ("correctional",),
        "evening": ("evening",),
    }.items():
        if any(_yes(answers[question]) for question in questions):
            return code
    return None


def _transport(travel: str, size: str, tell) -> str | None:
    """Reach of a large city; the question is not asked in cities of more than 100 thousand."""
    option = travel[:1]
    if option == "1":
        tell("ездить в крупный город можно ежедневно: такого ответа в таблице «Школы» нет, столбец пуст")
        return None
    if option in _TRAVEL:
        return _TRAVEL[option]
    band = _band(size)
    return "in_city" if band and band[0] >= LARGE_CITY else None


def _band(text: str) -> tuple[float, float] | None:
    """Limits of a band of population in persons.

    Examples
    --------
    >>> _band("2. 1–5 тыс. человек"), _band("1. Менее 1 тыс. человек"), _band("8. Более 680 тыс. человек")
    ((1000.0, 5000.0), (0.0, 1000.0), (680000.0, inf))
    """
    words = re.sub(r"^\d\.\s*", "", plain(text))
    unit = 1e6 if "млн" in words else 1e3 if "тыс" in words else 1.0
    limits = [float(found.replace(",", ".")) * unit for found in re.findall(r"\d+(?:[.,]\d+)?", words)]
    if not limits:
        return None
    if "менее" in words or words.startswith("до "):
        return 0.0, limits[0]
    if "более" in words or words.startswith("свыше"):
        return limits[0], float("inf")
    return (limits[0], limits[1]) if len(limits) > 1 else None


def settlement_band(text: str) -> str | None:
    """The dictionary's band in which the middle of a band of the survey lies (its lower limit when it is open).

    Examples
    --------
    >>> settlement_band("6. 100–450 тыс. человек"), settlement_band("8. Более 680 тыс. человек")
    ('100000_500000', '500000_1000000')
    """
    band = _band(text)
    if band is None:
        return None
    return next(code for code, limit in _LIMITS.items() if _middle(band) < limit)


def _middle(band: tuple[float, float]) -> float:
    """Middle of a band; the lower limit of an open one."""
    return band[0] if band[1] == float("inf") else sum(band) / 2


def speed_band(text: str) -> tuple[float, float] | None:
    """Limits of a band of speed, Mbit/s; no internet is (0, 0).

    Examples
    --------
    >>> speed_band("51–100 Мбит/с"), speed_band("до 25 Мбит/с"), speed_band("Интернет в ОО отсутствует")
    ((51.0, 100.0), (0.0, 25.0), (0.0, 0.0))
    """
    words = plain(text)
    if "отсутств" in words:
        return 0.0, 0.0
    limits = [value for found in re.findall(r"\d+", words) if (value := number(found)) is not None]
    if not limits:
        return None
    if "до" in words.split():
        return 0.0, limits[0]
    if "более" in words or "свыше" in words:
        return limits[0], float("inf")
    return (limits[0], limits[1]) if len(limits) > 1 else None


def _fast_internet(speed: tuple[float, float] | None, locality: str | None) -> bool | None:
    """Whether the internet is fast for the place; unknown when the band holds both answers."""
    if speed is None or locality is None:
        return None
    if speed[0] >= FAST[locality]:
        return True
    return False if speed[1] < FAST[locality] else None


LAYOUT = Layout(LABEL, recognises, read)
