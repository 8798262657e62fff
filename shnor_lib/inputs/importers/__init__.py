"""Real exports become canonical tables: the layout is recognised from the content, nothing is chosen or dropped silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from shnor_lib.inputs.importers import context_survey, ege_form, ris_appeals, ris_gia, school_subject
from shnor_lib.inputs.importers.canonical import Merge, Resolution, Values, shortened
from shnor_lib.inputs.importers.clashes import without_clashes
from shnor_lib.inputs.importers.delivery import Delivery, Incoming, incoming, merge_tables, open_delivery
from shnor_lib.inputs.importers.extract import Export, Extract, ExtractedRow, ImportRefused, Layout, Remark
from shnor_lib.inputs.importers.group_reports import GROUP_REPORTS
from shnor_lib.inputs.importers.nearest import nearly, unread
from shnor_lib.inputs.importers.opening import open_export, shown_name
from shnor_lib.inputs.importers.procedures import Procedure
from shnor_lib.inputs.importers.protocols import PROTOCOLS
from shnor_lib.inputs.importers.regional import region_rows
from shnor_lib.inputs.importers.resolving import rows_of_office
from shnor_lib.inputs.importers.scales import read_scales
from shnor_lib.inputs.importers.source_entries import Entry
from shnor_lib.inputs.sources.protocols import (
    BETWEEN,
    IMPORT_PROTOCOL,
    REFUSED,
    REPLACED,
    TAKEN,
    Line,
    read_protocol,
    taken_before,
)
from shnor_lib.params.persons import mask_person

__all__ = ["LAYOUTS", "ImportRefused", "import_files"]

LAYOUTS: tuple[Layout, ...] = (
    *GROUP_REPORTS,
    *PROTOCOLS,
    school_subject.LAYOUT,
    context_survey.LAYOUT,
    ris_gia.LAYOUT,
    ris_appeals.LAYOUT,
    ege_form.LAYOUT,
)
"""Every layout, in the order in which they are tried."""

UNSEEN = {
    "hidden": "скрытое прочитано вместе с остальным: {}",
    "linked": "взято из другой книги, как она сохранила: {}",
}
"""What is told of parts of a workbook that its user does not see."""

OF_A_NEW_SCHOOL = ("name", "kind")
"""Columns of the register that an export states only for schools the office does not know yet."""


@dataclass(frozen=True)
class _File:
    name: str
    sha256: str
    extract: Extract
    rows: list[tuple[ExtractedRow, str | None]]
    remarks: list[Remark]


def import_files(
    workspace: Path,
    municipality: str,
    year: int,
    paths: Sequence[Path],
    *,
    resolution: Resolution = "refuse",
    territory: str | None = None,
    given: Procedure | None = None,
    scales: Path | None = None,
    school: str | None = None,
) -> Incoming:
    """Turn exported files into the tables of an office and year.

    Parameters
    ----------
    resolution : what to do where a cell already holds another value.
    territory : code or name of the office's municipality, for exports of a whole region.
    given : subject and grade of protocols that do not state them.
    school : code of the school of files that name none.
    scales : a file of minima and scales that come before those that ship.

    Raises
    ------
    ImportRefused
        When a file is not read or recognised, or nothing in it belongs to the office.
    """
    delivery = open_delivery(workspace, municipality, year)
    rules = read_scales(scales)
    register = not delivery.school_ids
    opened = []
    for path in sorted(set(paths), key=lambda one: (one.name, str(one))):
        readings, sha256 = open_export(path)
        exports = [
            Export(shown_name(path), sheets, rules, year, territory, given or Procedure(), school)
            for sheets in readings
        ]
        opened.append((*recognised(exports), sha256))
    _refuse_repeated_names([export.file for export, _, _ in opened])
    files = []
    for export, extract, layout, sha256 in read_exports(opened):
        brings_register = register and layout is context_survey.LAYOUT
        rows, remarks = rows_of_office(extract, delivery.schools, territory, register=brings_register)
        remarks += [
            Remark("замечание", UNSEEN[one.fault].format(one.text), None, sheet.name, one.cell)
            for sheet in export.sheets
            for one in sheet.unseen
        ]
        files.append(_File(export.file, sha256, extract, rows, remarks))
    for place, row, remark in region_rows([file.extract.rows for file in files]):
        files[place].rows.append((row, None))
        files[place].remarks.append(remark)
    _refuse_strangers(files, register)
    for file, (rows, remarks) in zip(
        files, without_clashes([(file.name, file.rows) for file in files], year), strict=True
    ):
        file.rows[:], file.remarks[len(file.remarks) :] = rows, remarks
    _leave_out_later_years(files, year)
    _leave_out_schools_of_the_past(files, delivery)
    _keep_codes_of_known(files, delivery)
    new = _new_rows(files, year, known=set(delivery.school_ids))
    earlier = read_protocol(delivery.bytes_of(IMPORT_PROTOCOL))
    again = taken_before(earlier, {file.name: file.sha256 for file in files})
    merges = merge_tables(delivery, new, resolution, again)
    lines = [line for file in files for line in _lines_of(file, merges, resolution, year)]
    return incoming(
        delivery,
        merges,
        lines,
        resolution,
        protocol=IMPORT_PROTOCOL,
        earlier=earlier,
        document="Выгрузки ФИС ОКО и РИС ГИА, формы муниципалитета",
        entries=_entries(files, merges),
        left_out=any(line.record == REFUSED for line in lines),
    )


def recognised(exports: Sequence[Export]) -> tuple[Export, Layout]:
    """Of the ways in which a file can be read the one whose content has a known layout, and the layout.

    Raises :class:`ImportRefused` when none has.
    """
    for export in exports:
        for layout in LAYOUTS:
            if layout.recognises(export):
                return export, layout
    if known := next(filter(None, map(unread, exports)), None):
        raise ImportRefused(f"{exports[0].file}: {known.label} – {known.why}.", known.remedy)
    near = next(filter(None, map(nearly, exports)), "")
    raise ImportRefused(
        f"{exports[0].file}: вид выгрузки не распознан{f' ({near})' if near else ''}.",
        "читаются: " + "; ".join(layout.label for layout in LAYOUTS) + ". Прочее перенесите в шаблон: shnor template.",
    )


def read_exports(
    opened: Sequence[tuple[Export, Layout, str]],
) -> Iterator[tuple[Export, Extract, Layout, str]]:
    """What each file gives; appeals change the results of the protocols that come with them.

    Raises :class:`ImportRefused` when appeals come without a protocol.
    """
    appeals = {export.file: layout.read(export) for export, layout, _ in opened if layout is ris_appeals.LAYOUT}
    if appeals and not any(layout is ris_gia.LAYOUT for _, layout, _ in opened):
        raise ImportRefused(
            f"{next(iter(appeals))}: апелляции меняют результаты протокола, а протокола с ними нет.",
            "внесите их вместе с протоколом экзамена одной командой (--replace, если прежний уже внесён).",
        )
    granted = [one for extract in appeals.values() for one in extract.appeals]
    extracts = {
        export.file: layout.read(replace(export, appeals=granted))
        for export, layout, _ in opened
        if layout is not ris_appeals.LAYOUT
    }
    met = [one for extract in extracts.values() for one in extract.appeals]
    for extract in appeals.values():
        for one in extract.appeals:
            if one not in met:
                extract.remark("не взято", "апелляция: такого экзамена в протоколах нет", None, one.sheet, one.cell)
    for export, layout, sha256 in opened:
        yield export, (extracts | appeals)[export.file], layout, sha256


def _refuse_repeated_names(names: Sequence[str]) -> None:
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ImportRefused(f"несколько файлов называются {', '.join(repeated)}.", "дайте им разные имена.")


def _leave_out_later_years(files: Sequence[_File], year: int) -> None:
    """Rows of years after that of the folder, where nothing would read them; a file of nothing else is refused."""
    for file in files:
        later = [int(row.values["year"]) for row, _ in file.rows if int(row.values.get("year", year)) > year]
        if later and len(later) == len(file.rows):
            raise ImportRefused(
                f"{file.name}: результаты {later[0]} года в папку {year} года не вносятся.",
                f"внесите его с -y {later[0]}.",
            )
        file.rows[:] = [(row, school) for row, school in file.rows if int(row.values.get("year", year)) <= year]
        for each in sorted(set(later)):
            text = f"результаты {each} года в папку {year} года не вносятся, внесите файл и с -y {each}"
            file.remarks.append(Remark("отброшено", text, later.count(each)))


def _leave_out_schools_of_the_past(files: Sequence[_File], delivery: Delivery) -> None:
    """Rows of schools that only the register of an earlier year has, where the year has its own: checks would refuse them."""
    register = delivery.register
    own = set(register.loc[register["year"].eq(delivery.year), "school_id"])
    own |= {school for file in files for row, school in file.rows if row.table == "schools"} if own else set()
    for file in files:
        past = sorted({school for _, school in file.rows if school and own and school not in own})
        if past:
            file.rows[:] = [(row, school) for row, school in file.rows if school not in past]
            then = int(register.loc[register["school_id"].isin(past), "year"].max())
            text = (
                f"школы есть в реестре прошлых лет, но не {delivery.year} года: {', '.join(past)}. Впишите их в «Школы» "
                f"или, если файл о том годе, внесите его с -y {then}"
            )
            file.remarks.append(Remark("не взято", text, len(past)))


def _keep_codes_of_known(files: Sequence[_File], delivery: Delivery) -> None:
    """Codes that a file states for schools of the register: none that it has, and where it has others only a remark."""
    register = delivery.register.drop_duplicates("school_id").set_index("school_id")["aliases"]
    for file in files:
        lacking = []
        for row, school in file.rows:
            if row.table == "schools" and school in register.index and "aliases" in row.values:
                codes = str(row.values["aliases"]).split("; ")
                fresh = [code for code in codes if delivery.schools.find(code) != school]
                if not fresh or pd.notna(register[school]):
                    del row.values["aliases"]
                    lacking += [f"{school}: {', '.join(fresh)}"] if fresh else []
        if lacking:
            text = f"коды, которых нет в «Других кодах» школ, впишите их сами – {'; '.join(lacking)}"
            file.remarks.append(Remark("замечание", text, len(lacking)))


def _refuse_strangers(files: Sequence[_File], register: bool) -> None:
    for file in files:
        if file.extract.title != ris_appeals.LABEL and not any(school for _, school in file.rows):
            unknown = [remark.text for remark in file.remarks if remark.kind == "школа не найдена"]
            shown = ", ".join(unknown[:5]) + (", …" if len(unknown) > 5 else "")
            cause = "у офиса нет таблицы «Школы»" if register else "ни одна школа файла не найдена в реестре"
            raise ImportRefused(
                f"{file.name}: {cause}{f' ({shown})' if shown else ''}.",
                "впишите школы в таблицу «Школы», их коды в выгрузке – в столбец «Другие коды» (aliases).",
            )


def _new_rows(files: Sequence[_File], year: int, known: set[str]) -> dict[str, list[tuple[str, Values]]]:
    """Rows by table, with the file each comes from."""
    new: dict[str, list[tuple[str, Values]]] = {}
    for file in files:
        for row, school in file.rows:
            values = {"level": row.unit.level, "school_id": school, **row.values}
            if row.table == "schools" and school in known:
                values = {column: value for column, value in values.items() if column not in OF_A_NEW_SCHOOL}
            if "name" in values:
                values["name"] = mask_person(str(values["name"])).lstrip("=+-@ \t\r\n")
            new.setdefault(row.table, []).append((file.name, shortened(values, year)))
    return new


def _lines_of(file: _File, merges: dict[str, Merge], resolution: Resolution, year: int) -> list[Line]:
    """Lines of the protocol about one file."""

    def line(record: str, text: str, count: int | None = None, sheet: str = "", name: str = "", cell: str = "") -> Line:
        shown = "" if count is None else str(count)
        layout = mask_person(file.extract.title)
        return Line(file.name, file.sha256, layout, sheet, name, record, shown, mask_person(text), cell)

    lines = [line(one.kind, one.text, one.count, one.sheet, cell=one.cell) for one in file.remarks]
    for name in sorted({row.table for row, _ in file.rows}):
        own = [(row, school) for row, school in file.rows if row.table == name]
        owners = sorted({school or row.unit.level for row, school in own})
        lines.append(line(TAKEN, BETWEEN.join(owners), len(own), name=name))
    for merge in merges.values():
        for one in merge.differences:
            if one.source == file.name and resolution in one.settled_by:
                record, verb = (REPLACED, "стало") if resolution == "replace" else ("оставлено", "в выгрузке")
                text = f"{one.row}, {one.column}: было {one.old} ({one.place}), {verb} {one.new}"
                lines.append(line(record, text, 1, name=one.table))
    return lines


def _entries(files: Sequence[_File], merges: dict[str, Merge]) -> dict[str, Entry]:
    """What ``SOURCES.yml`` says of each table: every export that brought rows to it."""
    entries = {}
    for name in merges:
        own = [file for file in files if any(row.table == name for row, _ in file.rows)]
        document = BETWEEN.join(dict.fromkeys(file.extract.title for file in own))
        remarks = [f"Внесено из выгрузки {file.name} (sha256 {file.sha256[:12]}): {file.extract.title}" for file in own]
        entries[f"{name}.csv"] = Entry(mask_person(document), [mask_person(remark) for remark in remarks])
    return entries
