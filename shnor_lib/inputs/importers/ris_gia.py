"""Protocols of РИС ГИА (ЕГЭ, ОГЭ, ГВЭ): several blocks a sheet, each under its title «01 - Русский язык 2025.05.30».

Names and documents are looked at only to tell retakes of one person; they are turned into a number at once and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from shnor_lib.inputs.importers.cells import Row, cell, columns_like, number, plain, twins, whole
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, RawSheet, Unit
from shnor_lib.inputs.importers.layouts import declared
from shnor_lib.inputs.importers.participants import MARKS, results_of
from shnor_lib.inputs.importers.procedures import Procedure, procedure_in, subject_of
from shnor_lib.inputs.importers.ris_appeals import named
from shnor_lib.inputs.importers.taking import Taking, address
from shnor_lib.inputs.sources.values import says_thousands
from shnor_lib.params.persons import names_person

LABEL = "Протокол РИС ГИА"
TITLE = re.compile(r"^\s*(?P<code>\d{2})\s*[-–—]\s*(?P<subject>.+?)\s+(?P<date>\d{4}\.\d{2}\.\d{2})\b")
HEADER = declared().patterns["ris_gia_columns"]
_DOCUMENT = re.compile(r"^(серия|номер)$")
ORAL = "устн"
BASE_MATHS, GVE_CODES = "22", ("51", "52")
GVE_SUBJECTS = {"51": "russian", "52": "maths"}
HEADER_WITHIN = 6
"""The header of a block stands among so many rows under its title."""
THRESHOLDS = (60, 70, 80, 90)
GROUP = ["exam", "subject", "grade", "year", "code"]
"""What the results of a school are put together by."""


@dataclass(frozen=True)
class Block:
    """One block: which exam on which day, the row of its header, where its columns stand, its rows.

    ``persons``: columns of the name and the document of a person, ``names``: of the name alone. ``twins``: cells of columns that mean the same, so that nobody knows which counts.
    """

    sheet: RawSheet
    header: int
    twins: str
    code: str
    title: str
    date: str
    columns: dict[str, int]
    persons: tuple[int, ...]
    names: tuple[int, ...]
    rows: Sequence[Row]
    above: str


def recognises(export: Export) -> bool:
    """Whether a sheet has a block title with a header under it."""
    return any(True for sheet in export.sheets for _ in _blocks(sheet))


def read(export: Export) -> Extract:
    """Read the results of every school: of each person and subject the latest valid one."""
    extract = Extract(LABEL)
    results: list[dict[str, object]] = []
    dates = set()
    for sheet in export.sheets:
        for block in _blocks(sheet):
            shown = f"{block.code} – {block.title[:40]}, {block.date}"
            procedure = _procedure(block, extract)
            if block.twins:
                text = f"блок «{shown}»: два столбца об одном: {block.twins}. Оставьте нужный и повторите"
                extract.remark("не взято", text, None, sheet.name, address(block.header, 0))
                continue
            if procedure is None or ORAL in plain(block.title):
                why_not = "предмет не распознан" if procedure is None else "устная часть входит в общий балл"
                extract.remark("отброшено", f"строк блока «{shown}»: {why_not}", len(block.rows), sheet.name)
                continue
            dates.add(block.date)
            results += _results(block, procedure, extract, shown)
    _settle(results, export, extract)
    if results:
        _take(_latest(pd.DataFrame(results), extract), export, extract)
    extract.title = f"{LABEL}, {min(dates)}–{max(dates)}" if len(dates) > 1 else f"{LABEL}, {''.join(dates)}"
    return extract


def _blocks(sheet: RawSheet) -> Iterator[Block]:
    titles = []
    for position, row in enumerate(sheet.rows):
        first = next((text for text in row if text), "")
        if found := TITLE.match(first):
            titles.append((position, found))
    for number_of_block, (position, found) in enumerate(titles):
        end = titles[number_of_block + 1][0] if number_of_block + 1 < len(titles) else len(sheet.rows)
        for header in range(position + 1, min(position + 1 + HEADER_WITHIN, end)):
            columns = columns_like(sheet.rows[header], HEADER)
            if "school" in columns and {"final", "mark"} & set(columns):
                heads = list(enumerate(sheet.rows[header]))
                names = tuple(place for place, text in heads if names_person(text))
                persons = (*names, *(place for place, text in heads if _DOCUMENT.match(plain(text))))
                top = sheet.rows[: titles[0][0]] + sheet.rows[position : position + 1]
                above = " ".join(text for row in top for text in row if text)
                rows = sheet.rows[header + 1 : end]
                same = " и ".join(
                    f"«{cell(sheet.rows[header], place)}» ({address(header, place)})"
                    for places in twins(sheet.rows[header], HEADER).values()
                    for place in places
                )
                exam = found["code"], found["subject"], found["date"]
                yield Block(sheet, header, same, *exam, columns, persons, names, rows, above)
                break


def _procedure(block: Block, extract: Extract) -> Procedure | None:
    """What a block is about; the exam is told by the title, the code or the columns."""
    base = block.code == BASE_MATHS
    subject = "maths_base" if base else GVE_SUBJECTS.get(block.code) or subject_of(block.title)
    if subject is None:
        return None
    said = procedure_in(block.above.replace("ГИА-9", "ОГЭ").replace("ГИА-11", "ЕГЭ")).exam
    if block.code in GVE_CODES:
        exam = "GVE"
    elif said in ("EGE", "OGE", "GVE"):
        exam = said
    else:
        exam = "EGE" if base or "final" in block.columns else "OGE"
        extract.remark("замечание", f"экзамен блока {block.code} определён по столбцам", 1, block.sheet.name)
    if subject == "maths_base":
        exam = "EGE"
    eleventh = exam == "GVE" and re.search(r"гвэ-11|\b11-?\w* класс|по программам среднего", plain(block.above))
    grade = 11 if exam == "EGE" or eleventh else 9
    return Procedure(exam, subject, grade, int(block.date[:4]))


def _results(block: Block, procedure: Procedure, extract: Extract, shown: str) -> list[dict[str, object]]:
    """Valid results of a block; a person is only a number that means nothing outside this process."""
    taken: list[dict[str, object]] = []
    invalid = without_school = read = 0
    taking = Taking(extract, block.sheet)
    scored = procedure.exam == "EGE" and procedure.subject != "maths_base"
    for position, row in enumerate(block.rows, block.header + 1):
        code = cell(row, block.columns["school"])
        if not any(row) or plain(cell(row, 0)).startswith(("итого", "всего")):
            continue
        read += 1
        if whole(code) is None and not re.fullmatch(r"\w{2,20}", code):
            without_school += 1
            continue
        taking.unit = Unit("school", code, territory=cell(row, block.columns.get("territory")))
        result = "final" if scored or "mark" not in block.columns else "mark"
        limits = {result: max(MARKS) if result == "mark" else 100, "primary": 100}
        told = {name: cell(row, block.columns.get(name)) for name in limits}
        broken = next((name for name, most in limits.items() if _is_broken(told[name], most)), None)
        if broken:
            taking.refuse(position, block.columns[broken], f"{shown}, {code}", "не балл и не отметка")
            continue
        final = number(cell(row, block.columns.get("final")))
        mark = whole(cell(row, block.columns.get("mark")))
        if not scored and mark is None and final in MARKS:
            mark = int(final)
        valid = final is not None and 0 <= final <= 100 if scored else mark in MARKS
        if not valid:
            invalid += 1
            continue
        person = [plain(cell(row, place)) for place in block.persons]
        own_grade = re.match(r"(9|11)", cell(row, block.columns.get("grade")))
        taken.append(
            {
                **asdict(procedure),
                **({"grade": int(own_grade[1])} if procedure.exam == "GVE" and own_grade else {}),
                "code": code,
                "territory": cell(row, block.columns.get("territory")),
                "person": hash((code, *person))
                if any(person)
                else hash((block.sheet.name, block.code, block.date, position)),
                "date": block.date,
                "named": named(code, row, block.names),
                "score": final if scored else number(cell(row, block.columns.get("primary"))),
                "mark": None if scored else mark,
            }
        )
    sheet = block.sheet.name
    if not block.persons:
        extract.remark("замечание", f"{shown}: нет столбцов, по которым узнаются пересдачи", 1, sheet)
    extract.remark("прочитано", f"строк участников: {shown}", read, sheet)
    extract.remark("отброшено", f"нет действительного результата: {shown}", invalid, sheet)
    extract.remark("отброшено", f"нет кода ОО: {shown}", without_school, sheet)
    return taken


def _settle(results: Sequence[dict[str, object]], export: Export, extract: Extract) -> None:
    """Put the results of appeals in place of those they changed, and tell how many, and which found nobody."""
    changed = 0
    for appeal in export.appeals:
        of_exam = [one for one in results if one["subject"] == appeal.subject and one["date"] == appeal.date]
        meant = [one for one in of_exam if one["named"] == appeal.person]
        if of_exam:
            extract.appeals.append(appeal)
        if len(meant) == 1:
            scored = meant[0]["mark"] is None
            score, mark = appeal.values.get("final" if scored else "primary"), appeal.values.get("mark")
            meant[0]["score"] = meant[0]["score"] if score is None else score
            meant[0]["mark"] = None if scored else int(mark or meant[0]["mark"])
            changed += 1
        elif of_exam:
            why = "несколько участников с этим именем" if meant else "участника нет среди результатов"
            extract.remark("не взято", f"апелляция: {why} (ячейка файла апелляций)", None, appeal.sheet, appeal.cell)
    extract.remark("замечание", "результатов изменено по апелляциям", changed)


def _is_broken(text: str, most: float = 100) -> bool:
    """Whether a cell should hold a number and holds something else; words and dashes say that there is no result.

    Examples
    --------
    >>> [_is_broken(text) for text in ("[ошибка]", "57%", "57*", "05.03.2021", "1,000", "101", "60", "отсутствовал", "–", "")]
    [True, True, True, True, True, True, False, False, False, False]
    """
    value = number(text)
    if value is None or "%" in text or says_thousands(text):
        return text.startswith("[") or any(map(str.isdigit, text))
    return not 0 <= value <= most


def _latest(results: pd.DataFrame, extract: Extract) -> pd.DataFrame:
    """Of several valid results of a person in a subject the latest."""
    latest = results.sort_values("date", kind="stable").drop_duplicates([*GROUP, "person"], keep="last")
    extract.remark("отброшено", "более ранних результатов при пересдаче", len(results) - len(latest))
    extract.remark("взято", "результатов участников", len(latest))
    return latest.sort_index()


def _take(results: pd.DataFrame, export: Export, extract: Extract) -> None:
    unknown_minima = set()
    for (exam, subject, grade, year, code), own in results.groupby(GROUP, sort=True):
        values = results_of(own)
        if own["mark"].isna().any():
            scores = own["score"].astype(float)
            values["max_score"] = 100
            values |= {f"score_{least}_plus": int(scores.ge(least).sum()) for least in THRESHOLDS}
            values["score_100"] = int(scores.eq(100).sum())
            minimum = export.scales.ege_minimum(subject, year)
            if minimum is not None:
                values["below_minimum"] = int(scores.lt(minimum).sum())
            else:
                unknown_minima.add(f"{subject} {year}")
        unit = Unit("school", str(code), territory=str(own["territory"].iloc[0]))
        extract.add("exam_results", unit, exam=exam, subject=subject, grade=int(grade), year=int(year), **values)
    for missing in sorted(unknown_minima):
        extract.remark("замечание", f"минимум ЕГЭ не задан: {missing}; «ниже минимума» не посчитано (--scales)", 1)


LAYOUT = Layout(LABEL, recognises, read)
