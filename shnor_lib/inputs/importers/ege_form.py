"""Municipal form of ЕГЭ results: a sheet a year, a header of three rows, subjects side by side, totals above the schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shnor_lib.inputs.importers.cells import cell, columns_like, find_header, number, plain
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, RawSheet, Unit
from shnor_lib.inputs.importers.layouts import declared
from shnor_lib.inputs.importers.participants import DIGITS
from shnor_lib.inputs.importers.procedures import procedure_in, subject_of
from shnor_lib.inputs.importers.taking import Taking, address, place_of
from shnor_lib.inputs.sources.names import is_total

LABEL = "Форма муниципалитета «Информация о результатах ЕГЭ»"
PATTERNS = declared().patterns
UNITS, MEASURES = PATTERNS["ege_form_units"], PATTERNS["ege_form_measures"]
WORDS = PATTERNS["ege_form_words"]
COUNTS = ("participants", "below_minimum", "score_80_99", "score_100")
OUTCOMES = {*COUNTS[1:]}
BEST_MARK = 5
MEAN_TOLERANCE = 0.011
"""Printed means have two digits; a mean differs from its schools' when it is further away."""


@dataclass(frozen=True)
class Block:
    """The columns of a subject: its title as printed and where its measures stand."""

    title: str
    measures: dict[str, int]

    @property
    def first(self) -> int:
        return self.measures["participants"]


@dataclass(frozen=True)
class Form:
    """Where everything stands on a sheet of the form: the unit columns and the blocks of the subjects."""

    sheet: RawSheet
    year: int
    units: dict[str, int]
    blocks: list[Block]
    first_row: int


@dataclass
class Line:
    """One filled row: whom it is about, and its measures by position of the block; ``blank`` are the counts left empty."""

    unit: Unit
    row: int
    measures: dict[int, dict[str, float]] = field(default_factory=dict)
    blank: set[tuple[int, str]] = field(default_factory=set)

    @property
    def is_school(self) -> bool:
        return self.unit.level == "school"


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
        for block in form.blocks:
            if subject_of(block.title) is None:
                cell_of_title = address(form.first_row - 1, block.first)
                extract.remark("отброшено", f"предмет «{block.title[:40]}» не распознан", 1, sheet.name, cell_of_title)
        extract.remark("прочитано", "строк с результатами", len(lines), sheet.name)
        _fill_blanks(form, lines, extract)
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
    stated = [
        text
        for row in sheet.rows[:first]
        for text in row
        if text and "результат" in plain(text) and procedure_in(text).year
    ]
    year = procedure_in(stated[0]).year if stated else procedure_in(sheet.name).year
    return Form(sheet, year or export.year, units, _blocks(sheet, measured), measured + 1)


def _blocks(sheet: RawSheet, measured: int) -> list[Block]:
    """Blocks of subjects: one begins where a title stands above the measures, or where a measure comes again."""
    blocks: list[Block] = []
    title = ""
    for place in range(len(sheet.rows[measured])):
        printed = cell(sheet.rows[measured - 1], place).split(",")[0].split("\n")[0].strip()
        measure = next(iter(columns_like([cell(sheet.rows[measured], place)], MEASURES)), None)
        title = printed or title
        if not (title and measure):
            continue
        if printed or not blocks or measure in blocks[-1].measures:
            blocks.append(Block(title, {}))
        blocks[-1].measures[measure] = place
    return [block for block in blocks if "participants" in block.measures]


def _lines(form: Form, extract: Extract) -> list[Line]:
    """Filled rows in order; the municipality is carried down to its schools, the row of column numbers is left out."""
    lines = []
    territory = ""
    taking = Taking(extract, form.sheet)
    for at, row in enumerate(form.sheet.rows[form.first_row :], form.first_row):
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
        line, taking.unit = Line(unit, at), unit
        for place, block in enumerate(form.blocks):
            _read_block(line, place, block, taking, row)
        lines.append(line)
    return lines


def _read_block(line: Line, place: int, block: Block, taking: Taking, row: Sequence[str]) -> None:
    """Measures of a subject in a row; without participants there are none."""
    about = f"{line.unit.name[:40]}, {block.title[:40]}"
    participants = taking.count(line.row, block.first, f"{about}, {WORDS['participants']}")
    others = {name: column for name, column in block.measures.items() if name != "participants"}
    if not participants:
        told = any(number(cell(row, column)) for column in others.values())
        if told and (participants == 0 or not cell(row, block.first)):
            why = "пусто, а результаты рядом есть" if participants is None else "ноль, а результаты рядом есть"
            taking.refuse(line.row, block.first, f"{about}, {WORDS['participants']}", why)
        return
    own: dict[str, float | None] = {"participants": participants}
    most_mean = BEST_MARK if subject_of(block.title) == "maths_base" else 100
    for name, column in others.items():
        what = f"{about}, {WORDS[name]}"
        if name in COUNTS:
            own[name] = taking.count(line.row, column, what)
        else:
            own[name] = taking.number(line.row, column, what, most=most_mean)
    line.measures[place] = {name: value for name, value in own.items() if value is not None}
    line.blank |= {(place, name) for name, column in others.items() if name in COUNTS and not cell(row, column)}


def _fill_blanks(form: Form, lines: Sequence[Line], extract: Extract) -> None:
    """Put 0 for counts left empty where the form itself shows that nought is meant; the others stay unknown and are told.

    It is shown by a form that prints counts and never a 0, and by a printed total that its filled rows make up alone. An
    empty total is 0 when all rows below it are.
    """
    schools = [line for line in lines if line.is_school]
    printed = [
        value for line in schools for own in line.measures.values() for name, value in own.items() if name in OUTCOMES
    ]
    never_prints_nought = bool(printed) and 0 not in printed
    for line in schools:
        if never_prints_nought:
            _set_nought(line, line.blank)
    for total in lines:
        if not total.is_school:
            below = _below(total, lines)
            for place, own in total.measures.items():
                for name in OUTCOMES & own.keys():
                    known = sum(part.measures[place].get(name, 0) for part in below if place in part.measures)
                    if known == own[name] and below:
                        for part in below:
                            _set_nought(part, part.blank & {(place, name)})
    for total in reversed(lines):
        for place, name in set() if total.is_school else set(total.blank):
            own = [part.measures[place].get(name) for part in _below(total, lines) if place in part.measures]
            if own and not any(own) and None not in own:
                _set_nought(total, {(place, name)})
    nought = sum(len(line.measures) for line in lines) and never_prints_nought
    if nought:
        extract.remark(
            "замечание",
            "пустые числа рядом с числом участников приняты за 0: нулей форма не печатает",
            None,
            form.sheet.name,
        )
    for line in lines:
        for place, name in sorted(line.blank):
            if line.is_school:
                about = f"{line.unit.name[:40]}, {form.blocks[place].title[:40]}, {WORDS[name]}"
                at = address(line.row, form.blocks[place].measures[name])
                extract.remark("замечание", f"{about}: пусто, 0 не принят", None, form.sheet.name, at, line.unit)


def _set_nought(line: Line, blanks: set[tuple[int, str]]) -> None:
    for place, name in blanks:
        line.measures[place][name] = 0
    line.blank -= blanks


def _below(total: Line, lines: Sequence[Line]) -> list[Line]:
    """The rows that a total adds up: of a municipality its schools, of the region its municipalities, or else all schools."""
    schools = [line for line in lines if line.is_school]
    if total.unit.level == "municipality":
        return [line for line in schools if line.unit.territory == total.unit.territory]
    return [line for line in lines if line.unit.level == "municipality"] or schools


def _is_school(text: str) -> bool:
    return bool(text) and number(text) is None and not is_total(text)


def _merged_schools(lines: Sequence[Line], extract: Extract, sheet: RawSheet) -> list[Line]:
    """A school that stands in several rows (one per profile) becomes one."""
    by_unit: dict[Unit, list[Line]] = {}
    for line in lines:
        by_unit.setdefault(line.unit, []).append(line)
    extract.remark("замечание", "строк профилей сложено в строку школы", len(lines) - len(by_unit), sheet.name)
    return [Line(unit, own[0].row, _summed(own)) for unit, own in by_unit.items()]


def _summed(lines: Sequence[Line]) -> dict[int, dict[str, float]]:
    """Measures of several rows together, by position of the block."""
    places = dict.fromkeys(place for line in lines for place in line.measures)
    return {place: _sum_of([line.measures[place] for line in lines if place in line.measures]) for place in places}


def _sum_of(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    """Counts added, the mean weighted by participants; what a part does not have, the sum does not have."""
    if len(parts) == 1:
        return parts[0]
    total = {name: sum(part[name] for part in parts) for name in COUNTS if all(name in part for part in parts)}
    if all("mean_score" in part for part in parts):
        total["mean_score"] = sum(part["participants"] * part["mean_score"] for part in parts) / total["participants"]
    return total


def _compare_totals(form: Form, lines: Sequence[Line], extract: Extract) -> None:
    """Say where a printed total is not the sum of the rows below it."""
    compared = 0
    for total in lines:
        summed = {} if total.is_school else _summed(_below(total, lines))
        for place, counted in summed.items():
            own = total.measures.get(place, {})
            for name in [name for name in MEASURES if name in own and name in counted]:
                compared += 1
                is_count = name in COUNTS
                if abs(own[name] - counted[name]) > (0 if is_count else MEAN_TOLERANCE):
                    what = "итог не равен сумме строк" if is_count else "среднее не равно среднему строк по участникам"
                    numbers = f"напечатано {own[name]:g}, по строкам {counted[name]:.6g}"
                    text = f"{what}: {total.unit.name}, {form.blocks[place].title}, {WORDS[name]}: {numbers}"
                    at = address(total.row, form.blocks[place].measures[name])
                    extract.remark("замечание", text, None, form.sheet.name, at, total.unit)
    extract.remark("замечание", "итогов сверено с суммами строк", compared, form.sheet.name)


def _take(form: Form, lines: Sequence[Line], extract: Extract) -> None:
    taken = 0
    for line in lines:
        for place, values in line.measures.items():
            block = form.blocks[place]
            subject = subject_of(block.title)
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
                at=place_of(form.sheet, line.row, block.first),
                exam="EGE",
                subject=subject,
                grade=11,
                year=form.year,
                **counts,
                score_80_plus=None if high is None or full is None else high + full,
                mean_score=round(values["mean_score"], DIGITS) if "mean_score" in values else None,
                max_score=BEST_MARK if on_marks else 100,
            )
    extract.remark("взято", "результатов (строка × предмет)", taken, form.sheet.name)


LAYOUT = Layout(LABEL, recognises, read)
