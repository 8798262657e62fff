"""Municipal form of ЕГЭ results: a sheet a year, a header of three rows, subjects side by side, totals above the schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shnor_lib.inputs.importers.cells import cell, columns_like, find_header, number, plain, whole
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, RawSheet, Unit
from shnor_lib.inputs.importers.layouts import declared
from shnor_lib.inputs.importers.participants import DIGITS
from shnor_lib.inputs.importers.procedures import procedure_in, subject_of

LABEL = "Форма муниципалитета «Информация о результатах ЕГЭ»"
PATTERNS = declared().patterns
UNITS, MEASURES = PATTERNS["ege_form_units"], PATTERNS["ege_form_measures"]
WORDS = PATTERNS["ege_form_words"]
COUNTS = ("participants", "below_minimum", "score_80_99", "score_100")
MEAN_TOLERANCE = 0.011
"""Printed means have two digits; a mean differs from its schools' when it is further away."""


@dataclass(frozen=True)
class Form:
    """Where everything stands on a sheet of the form: the unit columns, and by subject title its measure columns."""

    sheet: RawSheet
    year: int
    units: dict[str, int]
    subjects: dict[str, dict[str, int]]
    first_row: int


@dataclass
class Line:
    """One filled row: whom it is about and its measures by subject title."""

    unit: Unit
    measures: dict[str, dict[str, float]] = field(default_factory=dict)


def recognises(export: Export) -> bool:
    """Whether a sheet has municipality, school, and under every subject «приняло участие» and «средний балл»."""
    return any(_form(sheet, export) is not None for sheet in export.sheets)


def read(export: Export) -> Extract:
    """Read the results of every sheet that has them; compare the totals of the form with the sums of its rows."""
    extract = Extract(LABEL)
    years = []
    for sheet in export.sheets:
        form = _form(sheet, export)
        if form is None:
            reason = "строк листа без результатов (заявления или пустой лист)"
            extract.remark("отброшено", reason, len([row for row in sheet.rows if any(row)]), sheet.name)
            continue
        years.append(form.year)
        lines = _lines(form, extract)
        for title in form.subjects:
            if subject_of(title) is None:
                extract.remark("отброшено", f"предмет «{title[:40]}» не распознан", 1, sheet.name)
        extract.remark("прочитано", "строк с результатами", len(lines), sheet.name)
        _compare_totals(form, lines, extract)
        _take(form, _merged_schools(lines, extract, sheet), extract)
    extract.title = f"{LABEL}, {', '.join(map(str, sorted(years)))}"
    return extract


def _form(sheet: RawSheet, export: Export) -> Form | None:
    named = find_header(sheet.rows, UNITS, list(UNITS))
    counted = find_header(sheet.rows, MEASURES, list(MEASURES))
    if named is None or counted is None or not named[0] < counted[0]:
        return None
    (first, units), (measured, _) = named, counted
    subjects: dict[str, dict[str, int]] = {}
    title = ""
    for place in range(len(sheet.rows[measured])):
        title = cell(sheet.rows[measured - 1], place).split(",")[0].split("\n")[0].strip() or title
        measure = next(iter(columns_like([cell(sheet.rows[measured], place)], MEASURES)), None)
        if title and measure:
            subjects.setdefault(title, {})[measure] = place
    stated = [
        text
        for row in sheet.rows[:first]
        for text in row
        if text and "результат" in plain(text) and procedure_in(text).year
    ]
    year = procedure_in(stated[0]).year if stated else whole(sheet.name)
    return Form(sheet, year or export.year, units, subjects, measured + 1)


def _lines(form: Form, extract: Extract) -> list[Line]:
    """Filled rows in order; the municipality is carried down to its schools, the row of column numbers is left out."""
    lines = []
    territory = ""
    for row in form.sheet.rows[form.first_row :]:
        named, school = cell(row, form.units["territory"]), cell(row, form.units["school"])
        if number(named) is not None:
            continue
        if plain(named).startswith(("всего", "итого")):
            unit = Unit("region", name=named)
        elif named and not _is_school(school):
            territory = named
            unit = Unit("municipality", name=named, territory=named)
        elif _is_school(school):
            territory = named or territory
            unit = Unit("school", name=school, territory=territory)
        else:
            continue
        line = Line(unit)
        for title, places in form.subjects.items():
            texts = {name: cell(row, place) for name, place in places.items()}
            values = {name: _measure(name, text) for name, text in texts.items()}
            unreadable = [text for name, text in texts.items() if text and values[name] is None]
            extract.remark("отброшено", f"нечитаемых чисел: {unit.name}, {title}", len(unreadable), form.sheet.name)
            if values.get("participants"):
                line.measures[title] = {name: value for name, value in values.items() if value is not None}
        lines.append(line)
    return lines


def _measure(name: str, text: str) -> float | None:
    """A measure as the form prints it: an empty count is nought, a count that is no whole number is nothing."""
    if name not in COUNTS:
        return number(text)
    count = 0.0 if not text else number(text)
    return count if count is not None and count >= 0 and count.is_integer() else None


def _is_school(text: str) -> bool:
    return bool(text) and number(text) is None


def _merged_schools(lines: Sequence[Line], extract: Extract, sheet: RawSheet) -> list[Line]:
    """A school that stands in several rows (one per profile) becomes one."""
    by_unit: dict[Unit, list[Line]] = {}
    for line in lines:
        by_unit.setdefault(line.unit, []).append(line)
    extract.remark("замечание", "строк профилей сложено в строку школы", len(lines) - len(by_unit), sheet.name)
    return [Line(unit, _summed(own)) for unit, own in by_unit.items()]


def _summed(lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Measures of several rows together, by subject title."""
    titles = dict.fromkeys(title for line in lines for title in line.measures)
    return {title: _sum_of([line.measures[title] for line in lines if title in line.measures]) for title in titles}


def _sum_of(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    """Counts added, the mean weighted by participants; no mean when a part has none."""
    if len(parts) == 1:
        return parts[0]
    total = {name: sum(part.get(name, 0.0) for part in parts) for name in COUNTS if any(name in part for part in parts)}
    if total["participants"] and all("mean_score" in part for part in parts):
        total["mean_score"] = sum(part["participants"] * part["mean_score"] for part in parts) / total["participants"]
    return total


def _compare_totals(form: Form, lines: Sequence[Line], extract: Extract) -> None:
    """Say where a printed total is not the sum of the rows below it."""
    schools = [line for line in lines if line.unit.level == "school"]
    municipalities = [line for line in lines if line.unit.level == "municipality"]
    compared = 0
    for total in lines:
        if total.unit.level == "school":
            continue
        below = municipalities or schools
        if total.unit.level == "municipality":
            below = [line for line in schools if line.unit.territory == total.unit.territory]
        summed = _summed(below)
        for title in form.subjects:
            own, counted = total.measures.get(title, {}), summed.get(title, {})
            for name in MEASURES:
                is_count = name in COUNTS
                if not is_count and not (name in own and name in counted):
                    continue
                compared += 1
                told, found = own.get(name, 0.0), counted.get(name, 0.0)
                if abs(told - found) > (0 if is_count else MEAN_TOLERANCE):
                    what = "итог не равен сумме строк" if is_count else "среднее не равно среднему строк по участникам"
                    numbers = f"напечатано {told:g}, по строкам {found:.6g}"
                    text = f"{what}: {total.unit.name}, {title}, {WORDS[name]}: {numbers}"
                    extract.remark("замечание", text, 1, form.sheet.name)
    extract.remark("замечание", "итогов сверено с суммами строк", compared, form.sheet.name)


def _take(form: Form, lines: Sequence[Line], extract: Extract) -> None:
    taken = 0
    for line in lines:
        for title, values in line.measures.items():
            subject = subject_of(title)
            if subject is None:
                continue
            taken += 1
            counts = {name: int(values[name]) for name in COUNTS if name in values}
            on_marks = subject == "maths_base"  # the form prints its mean mark, and its shares of points mean nothing
            if on_marks:
                counts = {name: count for name, count in counts.items() if not name.startswith("score_")}
            high, full = counts.pop("score_80_99", None), counts.get("score_100")
            extract.add(
                "exam_results",
                line.unit,
                exam="EGE",
                subject=subject,
                grade=11,
                year=form.year,
                **counts,
                score_80_plus=None if high is None or full is None else high + full,
                mean_score=round(values["mean_score"], DIGITS) if "mean_score" in values else None,
                max_score=5 if on_marks else 100,
            )
    extract.remark("взято", "результатов (строка × предмет)", taken, form.sheet.name)
    extract.remark("замечание", "пустые числа рядом с числом участников приняты за 0", None, form.sheet.name)


LAYOUT = Layout(LABEL, recognises, read)
