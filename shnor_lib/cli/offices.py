"""Commands about offices: a new one."""

from __future__ import annotations

import click

from shnor_lib.cli.asking import of_the_group
from shnor_lib.cli.group import main


@main.command(help="Завести муниципалитет: профиль с пояснениями и папка для данных.")
@click.argument("municipality")
@click.option("--title", help="Название муниципалитета, как его печатать.")
@click.option("-y", "--year", type=int, help="Первый год отчётов (без указания – нынешний учебный год).")
def new(municipality: str, title: str | None, year: int | None) -> None:
    """A new office: its profile and folders, ready to fill."""
    from shnor_lib.runs.new_office import begin_workspace, create_office

    for path in create_office(begin_workspace(of_the_group("workspace")), municipality, title=title, year=year):
        click.echo(path)
