"""Rows of participants become results of schools; nothing of a participant leaves this module but counts."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace

import pandas as pd

from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.inputs.importers.cells import Row, after_bar, cell, code_of, number, plain, whole
from shnor_lib.inputs.importers.extract import Export, Extract, ImportRefused, RawSheet, Unit
from shnor_lib.inputs.importers.layouts import declared
from shnor_lib.inputs.importers.procedures import Procedure, grades_in, procedure_in, subject_of
from shnor_lib.inputs.importers.taking import Taking, address
from shnor_lib.inputs.sources.values import convert

MARKS = (2, 3, 4, 5)
ABSENT = ("отсутствовал", "отсутствовала", "отсутствует", "не участвовал", "не участвовала", "н/я", "неявка")
NO_SCORE = ("", "x", "х", "нет", "нет балла")
"""A participant whose score says so has none; any other word there is refused."""
SHOWN_CELLS = 5
MOST_SCORE = 1000
"""No work gives more points."""
DIGITS = 4
"""Means and deviations are kept with so many digits after the point."""


@dataclass(frozen=True)
class Columns:
    """Where the columns of a protocol stand; ``mark`` is the mark for the work itself, where the export gives it."""

    score: int
    school: int | None = None
    variant: int | None = None
    journal: int | None = None
    mark: int | None = None
    name: int | None = None
    territory: int | None = None
    person: int | None = None
    subject: int | None = None
    grade: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Protocol:
    """One sheet of participants.

    Attributes
    ----------
    header : the row of its header.
    procedure : what it is about, as far as its rows do not say it themselves.
    maximum : the greatest score the protocol itself allows, ``None`` when it does not say.
    school : the school of all rows, where no column names it.
    """

    sheet: RawSheet
    header: int
    columns: Columns
    procedure: Procedure
    maximum: float | None
    school: str | None = None

    @property
    def heads(self) -> Row:
        return self.sheet.rows[self.header]


def tell_year(procedure: Procedure, extract: Extract) -> None:
    """Say that a work is of an earlier year than the one asked for."""
    text = f"работа {procedure.year} года: строки отнесены к нему (столбец «Год»)"
    if all(text != one.text for one in extract.remarks):
        extract.remark("замечание", text)


class Dropped:
    """Rows that are left out: by reason how many and in which cells."""

    def __init__(self) -> None:
        self._cells: dict[str, list[str]] = {}

    def add(self, reason: str, cell: str) -> None:
        self._cells.setdefault(reason, []).append(cell)

    def tell(self, extract: Extract, sheet: RawSheet) -> None:
        for reason, cells in self._cells.items():
            shown = ", ".join(cells[:SHOWN_CELLS]) + (", …" if len(cells) > SHOWN_CELLS else "")
            extract.remark("отброшено", reason, len(cells), sheet.name, shown)

    def __len__(self) -> int:
        return sum(map(len, self._cells.values()))


def procedure_of(export: Export, title: str, extract: Extract) -> Procedure:
    """The procedure of an export: as stated by the one who imports, by its title, by the name of the file.

    Raises :class:`ImportRefused` when subject or grade stand nowhere.
    """
    said = export.given.or_else(procedure_in(title))
    found = said.or_else(procedure_in(export.file))
    if found.subject is None or found.grade is None:
        grades = grades_in(plain(export.file), anywhere=found.subject is not None)
        several = f" класс понимается по-разному ({', '.join(map(str, sorted(grades)))})" if len(grades) > 1 else ""
        raise ImportRefused(
            f"{export.file}:{several or ' предмет и класс не указаны ни в файле, ни в его имени'}.",
            "назовите их: --subject russian --grade 5 (предметы – в списке «Предмет» шаблона).",
        )
    if (said.subject, said.grade) != (found.subject, found.grade):
        shown = f"{label_of('subject', found.subject)}, {found.grade} класс"
        extract.remark("замечание", f"предмет и класс взяты из имени файла: {shown}")
    if found.year and found.year < export.year:
        tell_year(found, extract)
    return found.or_else(Procedure(exam="VPR", year=export.year))


def add_results(export: Export, extract: Extract, protocol: Protocol) -> None:
    """Results of the schools of a protocol and the comparison of their marks with the journal.

    Absent pupils leave N; so do works without a score, with one above the maximum, or without a mark where others of the
    school have one. Marks come from the protocol or from the scale of the year; without a scale only means are taken.
    """
    sheet = protocol.sheet
    dropped = Dropped()
    works = _works(protocol, extract, dropped)
    read = len(works) + len(dropped)
    taken = 0
    for (subject, grade, year), own in works.groupby(["subject", "grade", "year"], sort=True):
        procedure = replace(protocol.procedure, subject=subject, grade=int(grade), year=int(year))
        if protocol.columns.year is not None and procedure.year < export.year:
            tell_year(procedure, extract)
        taken += _add_of_procedure(export, extract, protocol, procedure, own, dropped)
    dropped.tell(extract, sheet)
    extract.remark("прочитано", "строк участников", read, sheet.name)
    extract.remark("взято", "работ с результатом", taken, sheet.name)


def _add_of_procedure(
    export: Export, extract: Extract, protocol: Protocol, procedure: Procedure, works: pd.DataFrame, dropped: Dropped
) -> int:
    """Add the results of one procedure; how many works stand behind them."""
    maximum, marked = protocol.maximum, protocol.columns.mark is not None
    of_year = procedure.subject, procedure.grade, procedure.year
    scale, source = (export.scales.vpr_scale(*of_year) if procedure.exam == "VPR" else None) or (None, "")
    limits = [limit for limit in (maximum, scale and scale.maximum) if limit is not None]
    if scale and maximum is not None and scale.maximum != maximum:
        differ = f"её максимум {scale.maximum}, в файле {maximum:g}"
        extract.remark("замечание", f"шкала {procedure.year} года не подходит: {differ}")
        scale, limits = None, [maximum]
    highest = min(limits, default=None)
    if highest is not None:
        works = _without(works, works["score"].gt(highest), "балл выше максимального", "score", protocol, dropped)
    if marked:
        some = works.groupby("code")["mark"].transform("count").gt(0)
        works = _without(works, works["mark"].isna() & some, "нет отметки за работу", "mark", protocol, dropped)
    elif scale:
        works = works.assign(mark=works["score"].map(scale.mark).astype(float))
    if protocol.columns.journal is not None:
        without = int(works["journal"].isna().sum())
        extract.remark("замечание", "работ без отметки по журналу 2–5", without, protocol.sheet.name)
    if not marked:
        no_scale = "шкала перевода не задана: отметки не посчитаны, взяты средние баллы (--scales)"
        extract.remark("замечание", f"отметки посчитаны по шкале: {source}" if scale else no_scale)
    for code, own in works.groupby("code", sort=True):
        unit = Unit("school", code, own["name"].iloc[0], own["territory"].iloc[0])
        extract.add("exam_results", unit, **asdict(procedure), **results_of(own), max_score=highest)
        if comparison := comparison_of(own):
            extract.add("mark_comparison", unit, **asdict(procedure), **comparison)
    return len(works)


def _without(
    works: pd.DataFrame, which: pd.Series, reason: str, column: str, protocol: Protocol, dropped: Dropped
) -> pd.DataFrame:
    """Works but some, which are told with the cell of a column."""
    for row in works.loc[which, "row"]:
        dropped.add(reason, address(row, getattr(protocol.columns, column)))
    return works[~which]


COLUMNS_OF_WORK = {
    "row": int,
    "code": str,
    "name": str,
    "territory": str,
    "person": str,
    "whole": str,
    "subject": str,
    "grade": int,
    "year": int,
    "score": float,
    "mark": float,
    "journal": float,
}


def _works(protocol: Protocol, extract: Extract, dropped: Dropped) -> pd.DataFrame:
    """Works with a score, ``COLUMNS_OF_WORK``; what is left out goes into ``dropped``, what is refused into ``extract``."""
    sheet, columns, procedure = protocol.sheet, protocol.columns, protocol.procedure
    taking = Taking(extract, sheet)
    subjects = subjects_of_codes(cell(protocol.heads, columns.subject))
    taken = []
    for at, row in enumerate(sheet.rows[protocol.header + 1 :], protocol.header + 1):
        variant, score_text = plain(cell(row, columns.variant)), cell(row, columns.score)
        person = cell(row, columns.person)
        is_form = protocol.school is not None and not person and not variant
        if not any(row) or is_form:  # a form counts totals of rows that nobody filled in
            continue
        code = code_of(cell(row, columns.school)) or protocol.school
        place = address(at, columns.score)
        if not code:
            dropped.add("нет кода школы", address(at, columns.school or 0))
            continue
        if variant in ABSENT or plain(score_text) in ABSENT:
            dropped.add("отсутствовали", place)
            continue
        if plain(score_text) in NO_SCORE:
            dropped.add("нет балла", place)
            continue
        if columns.variant is not None and not variant and number(score_text) == 0:
            dropped.add("нет ни варианта, ни баллов", place)
            continue
        name, territory = after_bar(cell(row, columns.name)), cell(row, columns.territory)
        taking.unit = Unit("school", code, name, territory)
        score = taking.number(at, columns.score, f"{code}, балл", most=MOST_SCORE)
        if score is None:
            continue
        own = {"subject": procedure.subject, "grade": procedure.grade, "year": procedure.year}
        if columns.subject is not None:
            own["subject"] = subjects.get(cell(row, columns.subject))
            own["grade"] = whole(cell(row, columns.grade))
            own["year"] = _year(cell(row, columns.year)) or procedure.year
        if own["subject"] is None or own["grade"] not in range(1, 12):
            dropped.add("предмет или класс не распознаны", place)
            continue
        mark, journal = whole(cell(row, columns.mark)), whole(cell(row, columns.journal))
        taken.append(
            {
                "row": at,
                "code": code,
                "name": name,
                "territory": territory,
                "person": person,
                "whole": "\x1f".join(row) if person else str(at),
                **own,
                "score": score,
                "mark": mark if mark in MARKS else None,
                "journal": journal if journal in MARKS else None,
            }
        )
    works = pd.DataFrame(taken, columns=list(COLUMNS_OF_WORK)).astype(COLUMNS_OF_WORK)
    codes = works.groupby("code")["person"]
    telling = codes.transform("nunique").mul(2).gt(codes.transform("size"))  # some exports give all one code
    twice = works.duplicated(["code", "whole"]) & telling
    return _without(works, twice, "тот же участник второй раз", "score", protocol, dropped).drop(columns="whole")


def subjects_of_codes(header: str) -> dict[str, str]:
    """Subjects by the codes that a header explains.

    Examples
    --------
    >>> subjects_of_codes("Код предмета (1- РУ, 2- МА)")
    {'1': 'russian', '2': 'maths'}
    """
    short = declared().patterns["school_subject_subjects"]
    named = re.findall(r"(\d+)\s*[-–—=:]\s*([а-я]+)", plain(header))
    return {code: subject for code, word in named if (subject := short.get(word) or subject_of(word))}


def _year(text: str) -> int | None:
    """The year a school year ends in."""
    [value], _ = convert(table("exam_results").columns["year"], [text or None])
    return value


def results_of(works: pd.DataFrame) -> dict[str, object]:
    """Participants, mean and sample deviation, marks of the works of a school; what not every work has is left out.

    Examples
    --------
    >>> results_of(pd.DataFrame({"score": [7.0, 11.0], "mark": [3.0, 4.0]}))
    {'participants': 2, 'mean_score': 9.0, 'score_sd': 2.8284, 'mark_2': 0, 'mark_3': 1, 'mark_4': 1, 'mark_5': 0}
    """
    found: dict[str, object] = {"participants": len(works)}
    if works["score"].notna().all():
        found["mean_score"] = round(float(works["score"].mean()), DIGITS)
        if len(works) > 1:
            found["score_sd"] = round(float(works["score"].std()), DIGITS)
    if works["mark"].notna().all():
        found |= {f"mark_{mark}": int(works["mark"].eq(mark).sum()) for mark in MARKS}
    return found


def comparison_of(works: pd.DataFrame) -> dict[str, object]:
    """Marks below, equal to and above the journal, and Spearman's coefficient of journal mark and score (average ranks).

    Empty when no work has a journal mark; the counts need both marks.

    Examples
    --------
    >>> comparison_of(pd.DataFrame({"score": [7.0, 11.0, 3.0], "mark": [3.0, 4.0, 2.0], "journal": [4.0, 4.0, 3.0]}))
    {'spearman': 0.866, 'lowered': 2, 'confirmed': 1, 'raised': 0}
    """
    known = works[works["journal"].notna()]
    if known.empty:
        return {}
    found: dict[str, object] = {}
    ranks = known[["score", "journal"]].rank()
    if ranks["score"].nunique() > 1 and ranks["journal"].nunique() > 1:
        found["spearman"] = round(float(ranks["score"].corr(ranks["journal"])), DIGITS)
    both = known[known["mark"].notna()]
    if len(both):
        found["lowered"] = int((both["mark"] < both["journal"]).sum())
        found["confirmed"] = int((both["mark"] == both["journal"]).sum())
        found["raised"] = int((both["mark"] > both["journal"]).sum())
    return found
