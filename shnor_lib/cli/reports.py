"""Commands about reports: make them, open them, put them into one file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from shnor_lib.cli.asking import (
    all_option,
    audience_option,
    chosen_workspace,
    complete_report,
    municipality_option,
    named_or_usual,
    of_the_group,
    usual_offices_option,
    usual_years_option,
    year_option,
)
from shnor_lib.cli.group import main
from shnor_lib.cli.saying import fail, print_error, print_problems, tell, wrong_parameters
from shnor_lib.runs.statuses import Exit

if TYPE_CHECKING:
    from shnor_lib.runs import Outcome
    from shnor_lib.runs.audit import Audited

AUDIT_SECONDS = 300
"""How long the audit of one office may take when nothing else is asked."""


@main.command(help="Сделать отчёты. По муниципалитетам и годам; что не изменилось, заново не делается.")
@usual_offices_option
@usual_years_option
@click.option(
    "-r",
    "--report",
    "reports",
    multiple=True,
    metavar="ОТЧЁТ",
    shell_complete=complete_report,
    help="Отчёт, например 50_identification или 50; можно назвать несколько (без указания – все).",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="ЧИСЛО",
    help="Сколько отчётов делать одновременно (без указания – по числу процессоров).",
)
@click.option("--cluster", metavar="АДРЕС", help="Адрес планировщика Dask: работу сделают его рабочие узлы.")
@audience_option
@click.option(
    "--engine",
    type=click.Choice(["warm", "kernel"]),
    default="warm",
    show_default=True,
    help="Как исполнять блокноты: warm – в готовых процессах, kernel – ядром Jupyter.",
)
@click.option(
    "--time-limit",
    type=click.IntRange(1),
    metavar="СЕКУНДЫ",
    default=600,
    show_default=True,
    help="Предел времени на один отчёт, секунд.",
)
@click.option("--force", is_flag=True, help="Сделать заново и то, что не изменилось.")
@click.option(
    "--audit",
    is_flag=True,
    help="Открытое издание: выложить, только если скрытое нельзя вычислить; иначе вернуть прежнее. Дольше на минуты.",
)
@all_option
def run(municipalities: tuple[str, ...], years: tuple[int, ...], everything: bool, audit: bool, **asked: Any) -> None:
    """Make the HTML reports of offices and years; what has not changed is left alone."""
    from shnor_lib.runs import run_reports
    from shnor_lib.runs.progress import progress_on
    from shnor_lib.runs.statuses import CANCELLED, REMEDIES

    if audit and asked["audience"] == "internal":
        fail(Exit.USAGE, "проверять на раскрытие можно только открытое издание.", "Добавьте --audience public.")
    try:
        progress = progress_on(sys.stdout, of_the_group("debug"))
        workspace = chosen_workspace()
        municipalities, years = named_or_usual(municipalities, years, everything)
        asked["audit_seconds"] = AUDIT_SECONDS if audit else None
        outcome = run_reports(workspace, progress=progress, municipalities=municipalities, years=years, **asked)
    except KeyboardInterrupt:
        fail(Exit.SOME_FAILED, "запуск прерван.", REMEDIES[CANCELLED])
    explain_failures(outcome)
    tell_years_left_out(outcome)
    for name, audited in outcome.audited.items():
        tell_audit(name, audited, AUDIT_SECONDS)
    if outcome.is_withheld:
        print_error(
            "открытое издание не выложено: скрытое можно вычислить или проверка не закончена.",
            "Прежнее открытое издание осталось на месте. Поднимите порог minimum_participants в профиле или сообщите нам строки выше.",
        )
    else:
        say_where(outcome)
    sys.exit(outcome.exit_code)


def tell_audit(name: str, audited: Audited, seconds: float) -> None:
    """The answer of an audit, its lines after the first set in."""
    for line in audited.lines(seconds):
        tell(f"{name}: {line}" if line[0] != " " else line)


def tell_years_left_out(outcome: Outcome) -> None:
    """Later years that have data and that the profile of an office does not name."""
    from shnor_lib.runs.plan import years_with_data

    for name, run in {run.municipality: run for run in outcome.offices if not run.is_region}.items():
        known = {*run.years, *(one.year for one in outcome.offices if one.municipality == name)}
        for year in years_with_data(run.workspace, name):
            if run.years and year > max(run.years) and year not in known:
                tell(
                    f"{name}: за {year} год есть данные, но в профиле его нет. Начните его: shnor year {name} {year}",
                    err=True,
                )


def say_where(outcome: Outcome) -> None:
    """The page to open first: of the only office or region of the run, else the index over all of them."""
    from shnor_lib.runs.pack import board_page
    from shnor_lib.workspace import PAGES, relative_name

    made = [run for run in outcome.offices if run.folder.exists()]
    if not made:
        return
    workspace, first = made[0].workspace, made[0]
    page = board_page(workspace, first.municipality, first.year, first.audience)
    shown = page if len(made) == 1 else workspace / PAGES[first.audience] / "index.html"
    tell(f"Открыть: {relative_name(workspace, shown)}")


def _to_make(municipality: str, year: int, audience: str) -> str:
    edition = "" if audience == "internal" else f" --audience {audience}"
    return f"сделайте их: shnor run -m {municipality} -y {year}{edition}."


@main.command("open", help="Открыть в браузере страницу для совета.")
@municipality_option
@year_option
@audience_option
def open_page(municipality: str, year: int, audience: str) -> None:
    """Open the board's page of an office, or the page of a region."""
    import webbrowser

    from shnor_lib.runs.pack import board_page

    page = board_page(chosen_workspace(), municipality, year, audience)
    if not page.exists():
        fail(
            Exit.SOME_FAILED,
            f"отчётов {municipality} за {year} год нет.",
            _to_make(municipality, year, audience),
        )
    tell(page)
    webbrowser.open(page.as_uri())


@main.command(
    "pack", help="Сложить отчёты в один zip. Муниципалитета за год, с PDF, если есть Chromium, Chrome или Edge."
)
@municipality_option
@year_option
@audience_option
def pack_reports(municipality: str, year: int, audience: str) -> None:
    """Put the pages of an office and year into one zip."""
    from shnor_lib.runs.files import WriteFailed
    from shnor_lib.runs.pack import NothingToPack, pack
    from shnor_lib.runs.statuses import REMEDIES
    from shnor_lib.workspace import relative_name

    workspace = chosen_workspace()
    try:
        target, printed, why = pack(workspace, municipality, year, audience)
    except NothingToPack as error:
        fail(Exit.SOME_FAILED, f"{error}.", _to_make(municipality, year, audience))
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, error.reason, REMEDIES[error.status])
    tell(f"{relative_name(workspace, target)} (PDF: {printed})" if printed else relative_name(workspace, target))
    if why:
        tell(f"PDF нет: {why}.", err=True)


def explain_failures(outcome: Outcome) -> None:
    """Say on stderr what was asked for and is not there: each cause once, with its remedy."""
    from shnor_lib.runs import statuses

    invalid = statuses.REMEDIES[statuses.PARAMS_INVALID]
    errors = {wrong_parameters(problem): invalid for problem in outcome.wrong_profiles}
    for run in outcome.offices:
        place = f"{run.municipality} {run.year}"
        if run.status == statuses.PARAMS_INVALID:
            if run.reason not in outcome.wrong_profiles:
                errors[wrong_parameters(run.reason)] = invalid
        elif run.status == statuses.SCHEDULER_LOST:
            errors[run.reason] = statuses.REMEDIES[run.status]
        elif run.status in statuses.FAILURES:
            print_problems(run.problems)
            errors[f"{place}: {statuses.STATUS_WORDS[run.status]}. {run.reason}"] = statuses.REMEDIES[run.status]
        else:
            for report in run.reports.values():
                if report.status in statuses.FAILURES:
                    reason = report.reason or statuses.STATUS_WORDS[report.status]
                    of_one = "" if report.status == statuses.SCHEDULER_LOST else f"{place} {report.report}: "
                    errors[of_one + reason] = statuses.REMEDIES[report.status]
        if run.unwritten:
            errors[f"{place}: {run.unwritten['reason']}"] = statuses.REMEDIES[run.unwritten["status"]]
    if outcome.unwritten:
        errors[outcome.unwritten["reason"]] = statuses.REMEDIES[outcome.unwritten["status"]]
    full = [cause for cause, remedy in errors.items() if remedy == statuses.REMEDIES[statuses.DISK_FULL]]
    for cause, remedy in errors.items():
        if cause not in full[1:]:  # whatever else had no room is no news
            print_error(cause, remedy)
