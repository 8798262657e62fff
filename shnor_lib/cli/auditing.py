"""``shnor audit``: whether hidden numbers of the public edition can be computed back from what it publishes."""

from __future__ import annotations

import sys

import click

from shnor_lib.cli.asking import chosen_workspace, offices_option
from shnor_lib.cli.group import main
from shnor_lib.cli.reports import AUDIT_SECONDS, tell_audit
from shnor_lib.cli.saying import tell
from shnor_lib.runs.statuses import Exit


@main.command(
    help="Проверить, нельзя ли вычислить скрытое. Читает только открытое издание всех лет и решает, что из него можно узнать."
)
@offices_option("Муниципалитет", "все, у кого есть открытое издание")
@click.option(
    "--time-limit",
    "seconds",
    type=click.FloatRange(min=1),
    metavar="СЕКУНДЫ",
    help="Предел времени на один муниципалитет, секунд. Без указания – 300.",
)
def audit(municipalities: tuple[str, ...], seconds: float | None) -> None:
    """Exit 0: nothing can be told; 1: something can, or a table is unknown; 2: not decided in time."""
    from shnor_lib.runs.audit import audit_published
    from shnor_lib.workspace import PAGES, PUBLIC

    seconds = AUDIT_SECONDS if seconds is None else seconds
    workspace = chosen_workspace()
    known = sorted(
        path.stem for path in (workspace / "params").glob("*.yml") if (workspace / PAGES[PUBLIC] / path.stem).is_dir()
    )
    codes = [Exit.DONE]
    for name in municipalities or known:
        chosen_workspace(name)
        audited = audit_published(workspace, name, seconds)
        tell_audit(name, audited, seconds)
        if not audited.is_safe:
            told = audited.reading.unknown or audited.found.told
            codes.append(Exit.SOME_FAILED if told else Exit.USAGE)
    if not (municipalities or known):
        tell("Открытого издания нет: сделайте его: shnor run --audience public.")
    sys.exit(Exit.SOME_FAILED if Exit.SOME_FAILED in codes else max(codes))
