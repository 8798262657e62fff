"""Commands about data: check them, bring exports and forms in, make the workbooks that are filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shnor_lib.cli.asking import (
    chosen_workspace,
    format_option,
    healed,
    municipality_option,
    of_the_group,
    offices_of,
    or_region_option,
    together,
    year_option,
)
from shnor_lib.cli.group import main
from shnor_lib.cli.saying import fail, print_frame, tell
from shnor_lib.runs.statuses import Exit
from shnor_lib.workspace import WorkspaceError, check_year, find_workspace

if TYPE_CHECKING:
    from shnor_lib.inputs.importers.canonical import Resolution
    from shnor_lib.inputs.importers.delivery import Incoming
    from shnor_lib.inputs.sources.protocols import Line

LONGEST_LINE = 200
"""Lines of a protocol are shown so far; the file holds them whole."""


@main.command(
    help="Проверить данные. Все ошибки и замечания сразу, с файлом, листом, ячейкой, и чего не хватает методике."
)
@or_region_option
@year_option
@format_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="ФАЙЛ",
    help="Записать всё найденное в файл: .xlsx, .csv или .html; на экране останется итог.",
)
def check(municipality: str, year: int, form: str, out: Path | None) -> None:
    """Every problem of the data of an office, or of each of a region, at once: file, sheet, cell, value, what is allowed."""
    import pandas as pd

    from shnor_lib.cli.problems import KINDS, show_lacking, show_problems, write_problems
    from shnor_lib.indicators import read_catalogue
    from shnor_lib.inputs.own import enter
    from shnor_lib.office.gather import inspect
    from shnor_lib.office.scope import HISTORY

    if out and out.suffix.lower() not in KINDS:
        fail(Exit.USAGE, f"«{out.name}»: такой файл не пишется.", f"назовите файл с окончанием {', '.join(KINDS)}.")
    workspace, offices, region = offices_of(municipality, year)
    known, problems = read_catalogue(workspace), {}
    for name in offices:
        enter(workspace, name)
        inspected = inspect(workspace, name, range(year - HISTORY + 1, year + 1), known)
        problems[name] = inspected.problems
    told = together(problems) if region else problems[municipality]
    if out:
        write_problems(told, out, f"Что нашли проверки: {municipality}, {year}")
    if form != "table":
        print_frame(told, form)
    else:
        for name, found in problems.items():
            show_problems(found, heading=name if region else "", brief=out is not None)
    errors = pd.Series({name: int(found["severity"].eq("error").sum()) for name, found in problems.items()})
    if errors.any():
        told = "; ".join(f"{name} {year}: ошибок – {count}" for name, count in errors[errors.gt(0)].items())
        fail(Exit.DATA_INVALID, told, "исправьте названное в файлах и повторите проверку.")
    if form == "table" and not region:
        show_lacking(workspace, inspected)


def with_resolution(command: Callable) -> Callable:
    """Give a command ``--replace`` and ``--keep``; without them a difference stops it."""
    keep = click.option("--keep", "resolution", flag_value="keep", help="Где значения расходятся, оставить имеющееся.")
    take = click.option("--replace", "resolution", flag_value="replace", help="Где значения расходятся, взять новое.")
    return take(keep(command))


@main.command(
    name="import", help="Внести выгрузки. ФИС ОКО, РИС ГИА и форма результатов ЕГЭ – в таблицы муниципалитета и года."
)
@click.argument(
    "files", nargs=-1, required=True, metavar="ФАЙЛ...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@municipality_option
@year_option
@with_resolution
@click.option("--territory", metavar="КОД", help="Код своего муниципалитета в выгрузке региона.")
@click.option("--subject", metavar="ПРЕДМЕТ", help="Предмет протокола, если файл его не называет.")
@click.option(
    "--grade", type=click.IntRange(1, 11), metavar="КЛАСС", help="Класс протокола, если файл его не называет."
)
@click.option("--school", metavar="КОД", help="Школа, если файл её не называет.")
@click.option(
    "--scales",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="ФАЙЛ",
    help="Свои минимумы ЕГЭ и шкалы ВПР (как importers/scales.yml).",
)
def import_command(files, municipality, year, resolution, territory, subject, grade, school, scales) -> None:
    """Exports of ФИС ОКО and РИС ГИА and the form of ЕГЭ into the tables of an office and year."""
    from shnor_lib.inputs.dictionary import choices
    from shnor_lib.inputs.importers import import_files
    from shnor_lib.inputs.importers.procedures import Procedure
    from shnor_lib.runs.lock import only_run

    workspace = chosen_workspace(municipality)
    if subject is not None and subject not in choices("subject"):
        fail(Exit.USAGE, f"предмет «{subject[:40]}» неизвестен.", f"допустимо: {', '.join(choices('subject'))}.")
    with only_run(workspace):  # what is read must still stand when it is written
        imported = import_files(
            workspace,
            municipality,
            year,
            files,
            resolution=resolution or "refuse",
            territory=territory,
            given=Procedure(subject=subject, grade=grade),
            school=school,
            scales=scales,
        )
        put_in_place(workspace, imported)
    if imported.left_out:
        fail(Exit.SOME_FAILED, "взято не всё.", "исправьте в файлах то, что названо «не взято», и повторите команду.")


def together_told(lines: Sequence[Line]) -> list[Line]:
    """Lines for the screen: what the forms of many schools have in common stands once."""
    from shnor_lib.inputs.collect import EMPTY, LABEL, OF_SCHOOLS
    from shnor_lib.inputs.sources.protocols import BETWEEN

    alike: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        alone = line.layout != LABEL or line.record not in (*OF_SCHOOLS, EMPTY)
        file, text = line.file if alone else "", "" if not alone and line.record in OF_SCHOOLS else line.text
        alike.setdefault((line.record, file, line.sheet, line.cell, line.table, text), []).append(line)
    told = []
    for same in alike.values():
        files = list(dict.fromkeys(line.file for line in same))
        texts = BETWEEN.join(dict.fromkeys(line.text for line in same))
        shown = files[0] + (f" и ещё {len(files) - 1}" if len(files) > 1 else "")
        count = same[0].count if len(same) == 1 else ""
        told.append(replace(same[0], file=shown, text=texts, count=count))
    return told


def put_in_place(workspace: Path, incoming: Incoming) -> None:
    """Say what came in, write it all at once, or say where it disagrees with what is there and write nothing."""
    from shnor_lib.inputs.dictionary import choices, table
    from shnor_lib.inputs.sources.protocols import BETWEEN, REFUSED, TAKEN
    from shnor_lib.runs.files import WriteFailed
    from shnor_lib.runs.statuses import REMEDIES
    from shnor_lib.runs.transaction import write_together
    from shnor_lib.workspace import relative_name

    levels = choices("level")
    for line in together_told(incoming.lines):
        where = f"{line.file}: " if line.file else ""
        of = f"«{table(line.table).label}»" if line.table else ""
        owners = (
            [levels.get(owner, owner) for owner in line.text.split(BETWEEN)] if line.record == TAKEN else [line.text]
        )
        said = " ".join(filter(None, [line.sheet, line.cell, of, BETWEEN.join(owners)]))
        cut = f"{said[:LONGEST_LINE]}…" if len(said) > LONGEST_LINE else said
        tell(f"{where}{line.record}: {cut}{f' – {line.count}' if line.count else ''}", err=line.record == REFUSED)
    if incoming.differences:
        for one in incoming.differences:
            tell(
                f"«{table(one.table).label}»: {one.row}, {one.column}: {one.old} ({one.place}), {one.source}: {one.new}",
                err=True,
            )
        by_hand = sum("replace" not in one.settled_by for one in incoming.differences)
        fail(
            Exit.DATA_INVALID,
            f"расхождений – {len(incoming.differences)}{f', из них в книгах и спорах файлов – {by_hand}' if by_hand else ''}; "
            "ничего не записано.",
            "--keep – оставить имеющееся, --replace – взять новое"
            + (
                ". Книгу программа не правит: чтобы взять новое, очистите в ней названные ячейки и повторите; "
                "споры новых файлов решите в самих файлах."
                if by_hand
                else "; или исправьте файлы."
            ),
        )
    try:
        write_together(workspace, incoming.contents)
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, f"{error.reason}; ничего не записано.", REMEDIES[error.status])
    for name, merge in incoming.merges.items():
        tell(
            f"«{table(name).label}»: добавлено строк – {merge.added}, дополнено – {merge.filled}, без изменений – {merge.equal}"
        )
    for path in incoming.contents:
        tell(relative_name(workspace, path))


@main.command(help="Собрать формы школ. То, что вернули школы, – в таблицы муниципалитета и года.")
@click.argument("folder", metavar="ПАПКА", type=click.Path(exists=True, file_okay=False, path_type=Path))
@municipality_option
@year_option
@with_resolution
def collect(folder: Path, municipality: str, year: int, resolution: Resolution | None) -> None:
    """Forms that schools returned into the tables of an office and year."""
    from shnor_lib.inputs.collect import collect_forms
    from shnor_lib.runs.lock import only_run

    workspace = chosen_workspace(municipality)
    with only_run(workspace):  # what is read must still stand when it is written
        collected = collect_forms(workspace, municipality, year, folder, resolution=resolution or "refuse")
        put_in_place(workspace, collected)
    if collected.left_out:
        fail(Exit.SOME_FAILED, "взяты не все формы.", "названное в протоколе верните школам и повторите команду.")


@main.command(help="Создать книгу для данных. Со списками и подсказками; или форму для школ.")
@click.argument("out", metavar="КНИГА.xlsx", type=click.Path(path_type=Path))
@year_option
@click.option("-m", "--municipality", metavar="ИМЯ", help="Вписать школы этого муниципалитета.")
@click.option("--school-form", is_flag=True, help="Форма одной школы; с -m и папкой – по форме каждой школе.")
@click.option("--school", metavar="КОД", help="Школа, для которой форма.")
@click.option("--period", metavar="ПЕРИОД", help="Короткая форма отчёта о мерах: квартал, полугодие или месяц с годом.")
def template(
    out: Path, year: int, municipality: str | None, school_form: bool, school: str | None, period: str | None
) -> None:
    """The input workbook, with lists, ranges and hints, or the form that schools fill in."""
    from shnor_lib.runs.files import WriteFailed
    from shnor_lib.runs.statuses import REMEDIES
    from shnor_lib.runs.transaction import write_together

    root = root_of(out)
    contents = template_files(out, check_year(year), municipality, school_form, school, period)
    if standing := [path for path in contents if path.exists()]:
        fail(Exit.USAGE, f"{standing[0].name} уже есть.", "назовите другой файл или уберите прежний.")
    try:
        write_together(root, contents)
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, f"{error.reason}.", REMEDIES[error.status])
    for path in contents:
        tell(path)


def root_of(out: Path) -> Path:
    """The folder in which a killed command is looked for: the workspace, of what is written elsewhere the folder it is written to."""
    with suppress(WorkspaceError):
        workspace = find_workspace(of_the_group("workspace"))
        if out.resolve().is_relative_to(workspace):
            return healed(workspace)
    return healed(out.parent if out.suffix else out)


def template_files(
    out: Path, year: int, municipality: str | None, school_form: bool, school: str | None, period: str | None = None
) -> dict[Path, bytes]:
    """The workbooks that ``shnor template`` writes, by path."""
    from shnor_lib.inputs.due import period_days, reporting_period
    from shnor_lib.inputs.own import enter
    from shnor_lib.inputs.sources.values import ALLOWED
    from shnor_lib.inputs.template import Known, forms_of_schools, template_workbook
    from shnor_lib.inputs.template import school_form as form_of
    from shnor_lib.runs.new_year import known_to

    if (school and not (school_form and municipality)) or (out.suffix.lower() != ".xlsx" and not school_form):
        fail(
            Exit.USAGE,
            "не сказано, что и куда записать.",
            "OUT.xlsx; форма: --school-form; одной школы: ещё -m и --school.",
        )
    known, named = Known(), None
    if period and not (school_form and municipality):
        fail(Exit.USAGE, "--period нужен только форме школ.", "добавьте --school-form и -m.")
    if period and not (named := reporting_period(period)):
        fail(Exit.USAGE, f"период «{period[:40]}» не понят.", f"допустимо: {ALLOWED['reporting_period']}.")
    if municipality:
        workspace = chosen_workspace(municipality)
        known = known_to(workspace, municipality, year)
        known = known.of_period(*period_days(named)) if named else known
    else:
        with suppress(WorkspaceError):  # an empty template needs no workspace
            enter(find_workspace(of_the_group("workspace")), None)
    if not school_form:
        return {out: template_workbook(year, known)}
    if school and school not in known.names:
        fail(Exit.USAGE, f"школы «{school[:40]}» нет в реестре.", f"допустимо: {', '.join(known.names)[:300]}.")
    if out.suffix.lower() == ".xlsx":
        return {out: form_of(year, known.of_school(school) if school else None, reports=bool(period))}
    return {out / name: content for name, content in forms_of_schools(year, known, reports=bool(period)).items()}
