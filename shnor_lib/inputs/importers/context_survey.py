"""Context survey of ВПР (2021: a row a school under the questions; 2022: the same behind the columns of the protocol)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from shnor_lib.inputs.dictionary import choices
from shnor_lib.inputs.importers.cells import (
    Row,
    after_bar,
    cell,
    code_of,
    columns_like,
    is_territory,
    meant_by,
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
"""The survey asks at least so many of the questions."""
NAMED = {"code": "Пользователь", "territory": "Муниципалитет", "name": "Школа"}
"""Headers of the columns that say whom a row is about."""
GRADES = {"secondary": (11, "СОШ"), "basic": (9, "ООШ"), "primary": (4, "НОШ")}
"""The highest grade and the kind of a school by the level of education it has."""
ABOUT = {
    "pupils": "число обучающихся",
    "teachers": "число учителей",
    "highest": "учителя высшей категории",
    "classrooms": "число кабинетов",
    "projectors": "кабинеты с проектором",
    "computers": "число компьютеров",
    "outdated": "устаревшие компьютеры",
}
SPECIAL = {"closed": "closed", "prison": "closed", "correctional": "correctional", "evening": "evening"}
"""Special types by the question that is answered with yes; the first counts."""
_GRADE = re.compile(r"^(?P<grade>1[0-2]|[1-9]) класс (?P<what>классов|обучающихся)")
LARGE_CITY = 100_000
HALF = "0,5 ставки"
FAST = {"urban": 100, "rural": 50}
"""Megabits a second from which the internet counts as fast, in town and country."""

Band = tuple[float, float]
"""Limits of a band that an answer names; an open one ends with infinity."""


def recognises(export: Export) -> bool:
    """Whether the headers with the school's login ask enough of the questions together."""
    sheet = _joined(export.sheets)
    return sheet is not None and len(columns_like(sheet.rows[0], QUESTIONS)) >= ENOUGH


def _header(sheet: RawSheet) -> tuple[int, dict[str, int]] | None:
    """Position of the header and columns of the school."""
    for position, row in enumerate(sheet.rows[:10]):
        who = columns_like(row, WHO)
        if "code" in who and columns_like(row, QUESTIONS):
            return position, who
    return None


def _joined(sheets: Sequence[RawSheet]) -> RawSheet | None:
    """The sheets of a survey as one, its rows joined by login, the header first; ``None`` when none has logins and questions.

    Whom a row is about stands in the first columns, whichever sheet says it.
    """
    found = [(sheet, *header) for sheet in sheets if (header := _header(sheet))]
    if len(found) <= 1:
        return next((RawSheet(sheet.name, sheet.rows[position:]) for sheet, position, _ in found), None)
    heads: list[str] = [NAMED[name] for name in WHO]
    parts: dict[str, dict[int, list[Row]]] = {}
    for place, (sheet, position, who) in enumerate(found):
        heads += sheet.rows[position]
        for row in sheet.rows[position + 1 :]:
            if any(row):
                code = code_of(cell(row, who["code"])).lower()
                parts.setdefault(code, {}).setdefault(place, []).append(row)
    rows = []
    for own in parts.values():
        known = {name: [cell(row, found[place][2].get(name)) for place in own for row in own[place]] for name in WHO}
        whom = [next(filter(None, known[name]), "") for name in WHO]
        for repeated in range(max(map(len, own.values()))):
            answers = list(whom)
            for place, (sheet, position, _) in enumerate(found):
                width, given = len(sheet.rows[position]), own.get(place, [])
                row = given[min(repeated, len(given) - 1)] if given else []
                answers += [cell(row, column) for column in range(width)]
            rows.append(answers)
    return RawSheet(", ".join(sheet.name for sheet, *_ in found), [heads, *rows])


def read(export: Export) -> Extract:
    """Read the answers of every school; an answer that contradicts another is left out and told."""
    extract = Extract(LABEL)
    for sheet in filter(None, [_joined(export.sheets)]):
        header, who, asked = 0, columns_like(sheet.rows[0], WHO), columns_like(sheet.rows[0], QUESTIONS)
        heads = sheet.rows[header]
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
            _take(
                row, unit, asked, grades, extract, told, at_least_half=HALF in plain(cell(heads, asked.get("teachers")))
            )
        extract.remark("взято", "школ", len(answers), sheet.name)
        for text, schools in sorted(told.items()):
            extract.remark("замечание", f"{text}: {', '.join(schools)}", len(schools), sheet.name)
        taken = set(who.values()) | set(asked.values()) | set(grades.values())
        extract.remark("отброшено", "вопросов, которым нет места в таблицах", len(heads) - len(taken), sheet.name)
        for rule in (
            "скорость интернета – середина названной полосы, у открытой – её граница",
            "население пункта – полоса таблицы, куда попадает середина полосы опроса",
        ):
            extract.remark("замечание", rule, None, sheet.name)
    return extract


def _one_row_each(rows: Sequence[Row], place: int) -> tuple[list[Row], dict[str, int]]:
    """Rows with a login; a school that answered twice and differently is left out."""
    by_code: dict[str, Counter[Row]] = {}
    for row in rows:
        by_code.setdefault(code_of(cell(row, place)).lower(), Counter())[tuple(row)] += 1
    nameless = by_code.pop("", Counter())
    return [next(iter(answers)) for answers in by_code.values() if len(answers) == 1], {
        "нет логина": nameless.total(),
        "повтор той же строки": sum(answers.total() - len(answers) for answers in by_code.values()),
        "школа ответила несколько раз по-разному": sum(len(one) for one in by_code.values() if len(one) > 1),
    }


def _take(
    row: Row,
    unit: Unit,
    asked: Mapping[str, int],
    grades: Mapping[tuple[str, int], int],
    extract: Extract,
    told: dict[str, list[str]],
    *,
    at_least_half: bool,
) -> None:
    """Take the answers of a school; ``at_least_half``: the question counts teachers of half a rate and more."""

    def answer(question: str) -> str:
        return cell(row, asked.get(question))

    def first_yes(meanings: Mapping, otherwise: object = None):
        return next((meant for question, meant in meanings.items() if plain(answer(question)) == "да"), otherwise)

    def count(question: str) -> int | None:
        value = whole(answer(question))
        if value is not None and value >= 0:
            return value
        if answer(question):
            tell(f"{ABOUT[question]} – не число: не взято")
        return None

    def tell(text: str) -> None:
        told.setdefault(text, []).append(unit.code)

    def part(question: str, total: int | None, text: str) -> int | None:
        value = count(question)
        if value is not None and total is not None and value > total:
            tell(f"{text}: не взято")
            return None
        return value

    def by_grade(counted: str) -> list[int]:
        texts = [cell(row, place) for (what, _), place in grades.items() if what == counted]
        if any(text and whole(text) is None for text in texts):
            tell(f"{counted} по параллелям – не числа: не взято")
            return []
        return [whole(text) or 0 for text in texts]

    pupils = count("pupils")
    if pupils is not None and by_grade("обучающихся") and sum(by_grade("обучающихся")) != pupils:
        tell("сумма по классам не равна общему числу обучающихся, взято общее")
    locality = meant_by(answer("place"), PATTERNS["context_survey_localities"])
    population = band(answer("size"))
    transport = meant_by(answer("travel"), PATTERNS["context_survey_travel"])
    if transport == "every_day":
        tell("ездить в крупный город можно ежедневно: такого ответа в таблице «Школы» нет, столбец пуст")
        transport = None
    elif transport is None and population and population[0] >= LARGE_CITY:  # where the question is not asked
        transport = "in_city"
    highest_grade, kind = first_yes(GRADES, (None, None))
    extract.add(
        "schools",
        unit,
        name=answer("full_name") or unit.name or None,
        aliases="; ".join(dict.fromkeys(filter(None, map(answer, ("inn", "code_oge", "code_ege"))))) or None,
        kind=kind,
        special_type=first_yes(SPECIAL),
        locality=locality,
        settlement_population=settlement_band(population) if population else None,
        transport=transport,
        highest_grade=highest_grade,
        pupils=pupils,
        classes=sum(by_grade("классов")) or None,
    )
    teachers = count("teachers")
    if teachers == 0:
        tell("учителей 0: не взято")
    elif teachers:
        highest = part("highest", teachers, "учителей высшей категории больше, чем учителей")
        extract.add(
            "staff",
            unit,
            teachers=teachers,
            half_time_plus=teachers if at_least_half else None,
            category_highest=highest,
        )
    classrooms, computers = count("classrooms"), count("computers")
    speed = band(answer("speed"))
    resources = {
        "classrooms": classrooms,
        "classrooms_equipped": part("projectors", classrooms, "кабинетов с проектором больше, чем кабинетов"),
        "computers": computers,
        "computers_outdated": part("outdated", computers, "устаревших компьютеров больше, чем компьютеров"),
        "internet_mbps": _middle(speed) if speed else None,
    }
    if any(value is not None for value in resources.values()):
        extract.add("resources", unit, **resources)
    if speed and locality and not speed[0] < FAST[locality] <= speed[1]:  # unknown when the band holds both answers
        extract.add("survey", unit, question="fast_internet", answer=speed[0] >= FAST[locality])


def band(text: str) -> Band | None:
    """Limits of the band of persons or Mbit/s that an answer names; where there is none of the thing, (0, 0).

    Examples
    --------
    >>> band("2. 1–5 тыс. человек"), band("1. Менее 1 тыс. человек"), band("8. Более 680 тыс. человек")
    ((1000.0, 5000.0), (0.0, 1000.0), (680000.0, inf))
    >>> band("51–100 Мбит/с"), band("до 25 Мбит/с"), band("Интернет в ОО отсутствует")
    ((51.0, 100.0), (0.0, 25.0), (0.0, 0.0))
    """
    words = re.sub(r"^\d\.\s*", "", plain(text))
    if "отсутств" in words:
        return 0.0, 0.0
    unit = 1e6 if "млн" in words else 1e3 if "тыс" in words else 1.0
    limits = [float(found.replace(",", ".")) * unit for found in re.findall(r"\d+(?:[.,]\d+)?", words)]
    if not limits:
        return None
    if "менее" in words or (len(limits) == 1 and "до" in words.split()):
        return 0.0, limits[0]
    if "более" in words or "свыше" in words:
        return limits[0], float("inf")
    return (limits[0], limits[1]) if len(limits) > 1 else None


def settlement_band(population: Band) -> str:
    """The dictionary's band in which the middle of a band of the survey lies (its lower limit when it is open).

    Examples
    --------
    >>> settlement_band((100_000, 450_000)), settlement_band((680_000, float("inf")))
    ('100000_500000', '500000_1000000')
    """
    codes = list(choices("settlement_population"))
    return next((code for code in codes[:-1] if _middle(population) < int(code.rpartition("_")[2])), codes[-1])


def _middle(limits: Band) -> float:
    """Middle of a band; the lower limit of an open one."""
    return limits[0] if limits[1] == float("inf") else sum(limits) / 2


LAYOUT = Layout(LABEL, recognises, read)
