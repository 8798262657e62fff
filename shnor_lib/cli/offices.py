"""Commands about offices: a new one, and a new year of one."""

from __future__ import annotations

import click

from shnor_lib.cli.asking import chosen_workspace, healed, of_the_group
from shnor_lib.cli.group import main
from shnor_lib.cli.saying import fail, tell
from shnor_lib.runs.statuses import Exit


@main.command(help="Завести муниципалитет. Профиль с пояснениями и папка для данных.")
@click.argument("municipality", metavar="ИМЯ")
@click.option("--title", metavar="НАЗВАНИЕ", help="Название муниципалитета, как его печатать.")
@click.option("-y", "--year", type=int, metavar="ГОД", help="Первый год отчётов (без указания – нынешний учебный год).")
@click.option("--from", "like", metavar="ИМЯ", help="Взять методику, цели и прочее у другого муниципалитета.")
def new(municipality: str, title: str | None, year: int | None, like: str | None) -> None:
    """A new office: its profile and folders, ready to fill."""
    from shnor_lib.runs.new_office import begin_workspace, create_office

    workspace = healed(begin_workspace(of_the_group("workspace")))
    *_, profile, sources = made = create_office(workspace, municipality, title=title, year=year, like=like)
    for path in made:
        tell(path)
    begun = sources.split("/")[-2]
    tell(
        f"Дальше: {'проверьте' if like else 'впишите'} в {profile} регион, документ и методику, затем shnor template -m {municipality} -y {begun} книга.xlsx"
    )


@main.command(help="Начать следующий год. Папка, год в профиле, книга с тем, что меняется редко.")
@click.argument("municipality", metavar="ИМЯ")
@click.argument("year", type=int, metavar="ГОД")
def year(municipality: str, year: int) -> None:
    """Another year of an office: its folder, its profile, the workbook with what rarely changes filled in."""
    from shnor_lib.params.titles import plural
    from shnor_lib.runs.files import WriteFailed
    from shnor_lib.runs.new_year import begin_year
    from shnor_lib.runs.statuses import REMEDIES
    from shnor_lib.workspace import relative_name

    workspace = chosen_workspace(municipality)
    try:
        begun = begin_year(workspace, municipality, year)
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, f"{error.reason}; ничего не записано.", REMEDIES[error.status])
    for path in begun.contents:
        tell(relative_name(workspace, path))
    if begun.schools:
        schools = f"{begun.schools} {plural(begun.schools, 'школа', 'школы', 'школ')}"
        tell(f"В книгу вписано то, что меняется редко: {schools}, их меры и показатели – без значений.")
    for text in begun.unlike:
        tell(f"Несравнимо с другими годами: {text}.")
    tell(f"Дальше: заполните книгу, затем shnor check -m {municipality} -y {year}")
