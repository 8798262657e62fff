"""The command line.

Exit codes: 0 done; 1 some reports failed, the others are there; 2 usage; 3 data invalid; 4 parameters invalid. Errors go to
stderr, a line of cause and a line of remedy; ``--debug`` shows the traceback.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from shnor_lib.runs.child import YOUNG_OBJECTS
from shnor_lib.runs.statuses import Exit
from shnor_lib.workspace import WorkspaceError, check_year, find_workspace

if TYPE_CHECKING:
    import pandas as pd

    from shnor_lib.inputs.importers.canonical import Resolution
    from shnor_lib.inputs.importers.delivery import Incoming
    from shnor_lib.office.office import Office
    from shnor_lib.runs import Outcome

FORMATS = click.Choice(["table", "csv", "json"])
LONGEST_LINE = 200
"""Lines of a protocol are shown so far; the file holds them whole."""


def fail(code: Exit, cause: str, remedy: str) -> NoReturn:
    """Say the cause and the remedy on stderr and leave with a code."""
    print_error(cause, remedy)
    sys.exit(code)


def print_error(cause: str, remedy: str) -> None:
    """A line of cause and a line of remedy on stderr."""
    click.echo(f"Ошибка: {cause}", err=True)
    click.echo(f"Что сделать: {remedy}", err=True)


def explain(error: Exception) -> None:
    """Leave with the cause, the remedy and the code of an error."""
    from shnor_lib.runs.files import WriteFailed
    from shnor_lib.runs.plan import RunRefused
    from shnor_lib.runs.statuses import REMEDIES

    if isinstance(error, RunRefused):
        fail(Exit.USAGE, error.cause, error.remedy)
    if isinstance(error, WorkspaceError):
        fail(Exit.USAGE, str(error), "проверьте имя или папку и повторите команду.")
    if isinstance(error, WriteFailed):
        fail(Exit.SOME_FAILED, error.reason, REMEDIES[error.status])

    from shnor_lib.params.reading import UnknownName
    from shnor_lib.params.yaml_files import ParamsError

    if isinstance(error, UnknownName):
        fail(Exit.USAGE, str(error), "проверьте имя; имена – это файлы в params, params/methods и params/scenarios.")
    if isinstance(error, ParamsError):
        fail(Exit.PARAMS_INVALID, wrong_parameters(str(error)), "исправьте названные строки и повторите команду.")

    # These read what the package declares, which may be what was wrong above.
    from shnor_lib.inputs.importers import ImportRefused
    from shnor_lib.office.gather import DataInvalid

    if isinstance(error, ImportRefused):
        fail(Exit.DATA_INVALID, error.cause, error.remedy)
    if isinstance(error, DataInvalid):
        print_problems(error.problems.fillna("").astype(str).to_dict("records"))
        fail(
            Exit.DATA_INVALID,
            str(error),
            f"исправьте перечисленное и повторите: shnor check -m {error.municipality} -y {error.year}",
        )
    fail(
        Exit.SOME_FAILED,
        f"{type(error).__name__}: {error}",
        "повторите команду с --debug и пришлите вывод разработчикам.",
    )


def wrong_parameters(problems: str) -> str:
    """The cause for parameters that cannot be used; more than one problem are listed above it."""
    lines = problems.splitlines()
    if len(lines) == 1:
        return f"параметры недопустимы: {lines[0]}"
    for line in lines:
        click.echo(line, err=True)
    return f"параметры недопустимы, ошибок – {len(lines)}."


def print_problems(problems: list[dict[str, str]]) -> None:
    """One line per problem on stderr: file, sheet, cell, what was found, what is allowed, how to mend it."""
    from shnor_lib.runs.finish import problem_line

    for problem in problems:
        click.echo(problem_line(problem), err=True)


def print_frame(frame: pd.DataFrame, form: str) -> None:
    """Print a frame as an aligned table, as CSV or as JSON records; cells cannot become spreadsheet formulas."""
    import pandas as pd

    if form == "json":
        click.echo(
            json.dumps(json.loads(frame.to_json(orient="records", force_ascii=False)), ensure_ascii=False, indent=2)
        )
    elif form == "csv":
        from shnor_lib.pages.export.tables import harmless

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(
            [harmless(cell) if isinstance(cell, str) else ("" if pd.isna(cell) else cell) for cell in row]
            for row in frame.to_numpy(object)
        )
    else:
        click.echo(frame.to_string(index=False, na_rep="–", max_colwidth=80) if len(frame) else "Строк нет.")


class Commands(click.Group):
    """A group that ends every error with a cause, a remedy and an exit code, in Russian; a traceback only when asked for."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            if context.params["debug"]:
                raise
            explain(error)

    def main(self, *args: Any, **called: Any) -> Any:
        try:
            return super().main(*args, **called | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(Exit.USAGE)
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "shnor"
            fail(Exit.USAGE, refusal_of(error), f"см. справку: {command} --help")
        except click.Abort:
            fail(Exit.SOME_FAILED, "команда прервана.", "повторите её, когда будете готовы.")


def refusal_of(error: click.UsageError) -> str:
    """What is wrong with a command, in Russian."""
    from shnor_lib.params.yaml_files import nearest

    match error:
        case click.NoSuchOption():
            return f"нет параметра {error.option_name}{nearest(error.option_name, error.possibilities or ())}."
        case click.exceptions.NoSuchCommand():
            return f"нет команды «{error.command_name}»{nearest(error.command_name, main.commands)}."
        case click.BadOptionUsage():
            return f"параметр {error.option_name} требует значения."
        case click.MissingParameter() if error.param:
            return f"не указан {error.param.get_error_hint(error.ctx)}."
        case click.BadParameter() if error.param:
            return (
                f"недопустимое значение {error.param.get_error_hint(error.ctx)}; нужно {wanted_by(error.param.type)}."
            )
    if error.ctx and isinstance(error.ctx.command, click.Group):
        return f"не указана команда; есть: {', '.join(main.commands)}."
    return f"команда не понята: {error.format_message()}"


def wanted_by(kind: click.ParamType) -> str:
    """The values a parameter takes, in words."""
    if isinstance(kind, click.Choice):
        return "одно из: " + ", ".join(kind.choices)
    if isinstance(kind, click.IntRange):
        return "целое число " + " ".join(
            f"{word} {limit}" for word, limit in (("от", kind.min), ("до", kind.max)) if limit is not None
        )
    return "целое число" if kind is click.INT else f"значение вида {kind.name}"


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Выявить школы, которым нужна помощь, по объявленным критериям и сделать отчёты о них.",
)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    help="Рабочая папка с params, data и reports (без указания – ближайшая вверх от текущей).",
)
@click.option("--debug", is_flag=True, help="Показывать внутренние подробности ошибок.")
@click.version_option(package_name="shnor")
def main(**_: Any) -> None:
    """Find the schools that need help by declared criteria, and report on them."""
    gc.set_threshold(YOUNG_OBJECTS)  # looking for garbage among the many objects that stay is a tenth
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


def of_the_group(option: str) -> Any:
    """The value of an option that stands before the command: ``workspace`` or ``debug``."""
    return click.get_current_context().find_root().params[option]


def chosen_workspace(municipality: str | None = None) -> Path:
    """The workspace named by ``--workspace``, by the environment or found above; made sure to know an office, if one is named.

    What the workspace declares beside the shipped lists holds from then on.
    """
    workspace = find_workspace(of_the_group("workspace"))
    if municipality is not None:
        from shnor_lib.inputs.own import enter
        from shnor_lib.params.reading import read_profile

        read_profile(workspace, municipality)
        enter(workspace, municipality)
    return workspace


def office_of(municipality: str, year: int) -> Path:
    """The workspace, after making sure that it has the office and that the office has the year; a region is refused."""
    from shnor_lib.inputs.own import enter
    from shnor_lib.runs.plan import RunRefused

    workspace, offices, region = offices_of(municipality, year)
    if region:
        raise RunRefused(f"«{municipality}» – регион, а нужен муниципалитет.", f"Назовите один: {', '.join(offices)}.")
    enter(workspace, municipality)
    return workspace


def offices_of(name: str, year: int) -> tuple[Path, tuple[str, ...], bool]:
    """The workspace, the offices that a name means, and whether it is that of a region; one of them must have the year."""
    from shnor_lib.params.yaml_files import ParamsError
    from shnor_lib.runs.plan import OFFICES, REGIONS, read_profiles, select_profiles, select_years

    workspace = chosen_workspace()
    _, regions = select_profiles(workspace, [name])
    known = read_profiles(workspace, REGIONS if regions else OFFICES, [name])
    if known[name].problem:
        raise ParamsError(known[name].problem.splitlines())
    members = known[name].municipalities
    select_years(workspace, read_profiles(workspace, OFFICES, members) if regions else known, known, [year])
    return workspace, members if regions else (name,), bool(regions)


municipality_option = click.option(
    "-m", "--municipality", required=True, metavar="MUNICIPALITY", help="Имя муниципалитета, как в params."
)
or_region_option = click.option(
    "-m", "--municipality", required=True, metavar="MUNICIPALITY", help="Имя муниципалитета или региона, как в params."
)
year_option = click.option(
    "-y", "--year", required=True, type=int, help="Календарный год, в котором заканчивается учебный."
)
method_option = click.option("--method", metavar="NAME", help="Другая методика вместо своей.")
format_option = click.option(
    "--format", "form", type=FORMATS, default="table", show_default=True, help="Вид ответа: таблица, CSV или JSON."
)


@main.command(help="Проверить данные: все ошибки и замечания сразу, с файлом, листом, ячейкой и тем, что допустимо.")
@or_region_option
@year_option
@format_option
def check(municipality: str, year: int, form: str) -> None:
    """Every problem of the data of an office, or of each of a region, at once: file, sheet, cell, value, what is allowed."""
    import pandas as pd

    from shnor_lib.indicators import read_catalogue
    from shnor_lib.inputs.own import enter
    from shnor_lib.office.gather import inspect_inputs, read_corrected
    from shnor_lib.office.scope import HISTORY

    workspace, offices, region = offices_of(municipality, year)
    known, problems = read_catalogue(workspace), {}
    for name in offices:
        enter(workspace, name)
        delivered, _ = read_corrected(workspace, name, range(year - HISTORY + 1, year + 1))
        problems[name] = inspect_inputs(delivered, year, known)
    print_frame(together(problems) if region else problems[municipality], form)
    errors = pd.Series({name: int(found["severity"].eq("error").sum()) for name, found in problems.items()})
    if errors.any():
        told = "; ".join(f"{name} {year}: ошибок – {count}" for name, count in errors[errors.gt(0)].items())
        fail(Exit.DATA_INVALID, told, "исправьте строки с severity = error.")


def together(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the offices of a region under one another, each with its ``municipality``."""
    import pandas as pd

    return pd.concat([frame.assign(municipality=name) for name, frame in frames.items()], ignore_index=True)[
        ["municipality", *dict.fromkeys(column for frame in frames.values() for column in frame)]
    ]


@main.command(help="Перечень школ без отчёта: те же выводы, что в отчёте 50; по региону – всех его муниципалитетов.")
@or_region_option
@year_option
@method_option
@click.option("--scenario", metavar="NAME", help="Именованные изменения методики из params/scenarios.")
@format_option
def identify(municipality: str, year: int, method: str | None, scenario: str | None, form: str) -> None:
    """The lists without a notebook: the same numbers as report 50."""
    from shnor_lib.office.assemble import open_office

    workspace, _, region = offices_of(municipality, year)
    if region:
        identify_region(workspace, municipality, year, method, scenario, form)
        return
    office = open_office(municipality, year, method=method, scenario=scenario, workspace=workspace)
    tell_decisions_left_out(office)
    if form == "json":
        click.echo(json.dumps(identification_document(office), ensure_ascii=False, indent=2))
    else:
        print_frame(identification_of(office), form)


def identify_region(
    workspace: Path, region: str, year: int, method: str | None, scenario: str | None, form: str
) -> None:
    """The lists of the offices of a region; those without usable data are named, with the code of a failure."""
    from shnor_lib.whatif.region import open_region

    opened = open_region(region, year, method=method, scenario=scenario, workspace=workspace)
    for office in opened.offices.values():
        tell_decisions_left_out(office)
    if form == "json":
        documents = [identification_document(office) for office in opened.offices.values()]
        click.echo(json.dumps({"region": region, "year": year, "offices": documents}, ensure_ascii=False, indent=2))
    elif opened.offices:
        print_frame(together({name: identification_of(office) for name, office in opened.offices.items()}), form)
    if len(opened.absent):
        fail(
            Exit.SOME_FAILED if opened.offices else Exit.DATA_INVALID,
            "вывода нет: " + "; ".join(f"{row.municipality} – {row.reason}" for row in opened.absent.itertuples()),
            f"посмотрите, что не так: shnor check -m {opened.absent['municipality'].iloc[0]} -y {year}",
        )


def tell_decisions_left_out(office: Office) -> None:
    """That decisions of experts do not hold by another method, where there are any."""
    made = office.tables["expert_decisions"]["year"].eq(office.year).sum()
    if made and not office.in_force:
        click.echo(
            f"{office.profile.title}: решения экспертов (всего {made}) приняты по методике «{office.profile.method}»; "
            "к другой методике или сценарию они не применяются, показан расчёт.",
            err=True,
        )


def identification_of(office: Office) -> pd.DataFrame:
    """The columns of the identification that commands print."""
    from shnor_lib.criteria.decisions import IDENTIFICATION_COLUMNS

    return office.identification[IDENTIFICATION_COLUMNS]


def identification_document(office: Office) -> dict:
    """The identification with the verdicts under each school, ready for JSON."""
    from shnor_lib.criteria.decisions import IDENTIFICATION_COLUMNS
    from shnor_lib.criteria.judge import VERDICT_COLUMNS

    def records(frame: pd.DataFrame, columns: list[str], school: str) -> list[dict]:
        own = frame[frame["school_id"].eq(school)][[column for column in columns if column != "school_id"]]
        return json.loads(own.to_json(orient="records", force_ascii=False, double_precision=12))

    return {
        "municipality": office.municipality,
        "year": office.year,
        "method": office.method_name,
        "scenario": office.scenario_name,
        "schools": [
            {
                "school_id": school,
                "name": office.school_names[school],
                "identification": records(office.identification, IDENTIFICATION_COLUMNS, school),
                "verdicts": records(office.verdicts, VERDICT_COLUMNS, school),
            }
            for school in office.schools["school_id"]
        ],
    }


@main.command(help="Кто входит в перечни и кто выходит из них, если изменить правила, и из-за каких критериев.")
@municipality_option
@year_option
@method_option
@click.option(
    "--scenario", "scenarios", multiple=True, required=True, metavar="NAME", help="Сценарий; можно назвать несколько."
)
@format_option
def compare(municipality: str, year: int, method: str | None, scenarios: tuple[str, ...], form: str) -> None:
    """Who enters and who leaves the lists when the rules change, and which criteria did it."""
    from shnor_lib.whatif.scenarios import compare_with_base, judge_scenarios, summarise_comparison

    judged = judge_scenarios(office_of(municipality, year), municipality, year, list(scenarios), method)
    changes = compare_with_base(judged)
    if form == "table":
        print_frame(summarise_comparison(judged, changes), form)
        click.echo()
    print_frame(changes, form)


@main.command(help="Сделать отчёты муниципалитетов и лет; что не изменилось, заново не делается.")
@click.option(
    "-m",
    "--municipality",
    "municipalities",
    multiple=True,
    metavar="MUNICIPALITY",
    help="Муниципалитет или регион; можно назвать несколько (без указания – все).",
)
@click.option(
    "-y",
    "--year",
    "years",
    multiple=True,
    type=int,
    help="Год; можно назвать несколько (без указания – годы профиля).",
)
@click.option(
    "-r",
    "--report",
    "reports",
    multiple=True,
    metavar="REPORT",
    help="Отчёт, например 50_identification или 50; можно назвать несколько (без указания – все).",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Сколько отчётов делать одновременно (без указания – по числу процессоров).",
)
@click.option("--cluster", metavar="ADDRESS", help="Адрес планировщика Dask: работу сделают его рабочие узлы.")
@click.option(
    "--audience",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help="Издание: служебное или открытое, где малые числа скрыты.",
)
@click.option(
    "--engine",
    type=click.Choice(["warm", "kernel"]),
    default="warm",
    show_default=True,
    help="Как исполнять блокноты: warm – в готовых процессах, kernel – ядром Jupyter.",
)
@click.option(
    "--time-limit", type=click.IntRange(1), default=600, show_default=True, help="Предел времени на один отчёт, секунд."
)
@click.option("--force", is_flag=True, help="Сделать заново и то, что не изменилось.")
def run(**asked: Any) -> None:
    """Make the HTML reports of offices and years; what has not changed is left alone."""
    from shnor_lib.runs import run_reports
    from shnor_lib.runs.progress import progress_on
    from shnor_lib.runs.statuses import CANCELLED, REMEDIES

    try:
        progress = progress_on(sys.stdout, of_the_group("debug"))
        outcome = run_reports(chosen_workspace(), progress=progress, **asked)
    except KeyboardInterrupt:
        fail(Exit.SOME_FAILED, "запуск прерван.", REMEDIES[CANCELLED])
    explain_failures(outcome)
    say_where(outcome)
    sys.exit(outcome.exit_code)


def say_where(outcome: Outcome) -> None:
    """The page to open first: of the only office or region of the run, else the index over all of them."""
    from shnor_lib.runs.pack import board_page
    from shnor_lib.workspace import relative_name

    made = [run for run in outcome.offices if run.folder.exists()]
    if not made:
        return
    workspace, first = made[0].workspace, made[0]
    page = board_page(workspace, first.municipality, first.year, first.audience)
    shown = page if len(made) == 1 else workspace / "reports" / "index.html"
    click.echo(f"Открыть: {relative_name(workspace, shown)}")


audience_option = click.option(
    "--audience", type=click.Choice(["internal", "public"]), default="internal", show_default=True, help="Издание."
)


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
            f"Сделайте их: shnor run -m {municipality} -y {year}.",
        )
    click.echo(page)
    webbrowser.open(page.as_uri())


@main.command(
    "pack", help="Сложить отчёты муниципалитета за год в один zip, с PDF, если есть Chromium, Chrome или Edge."
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
        fail(Exit.SOME_FAILED, f"{error}.", f"Сделайте их: shnor run -m {municipality} -y {year}.")
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, error.reason, REMEDIES[error.status])
    click.echo(f"{relative_name(workspace, target)} (PDF: {printed})" if printed else relative_name(workspace, target))
    if why:
        click.echo(f"PDF нет: {why}.", err=True)


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
        elif run.status in statuses.FAILURES:
            print_problems(run.problems)
            errors[f"{place}: {statuses.STATUS_WORDS[run.status]}. {run.reason}"] = statuses.REMEDIES[run.status]
        else:
            for report in run.reports.values():
                if report.status in statuses.FAILURES:
                    reason = report.reason or statuses.STATUS_WORDS[report.status]
                    errors[f"{place} {report.report}: {reason}"] = statuses.REMEDIES[report.status]
        if run.unwritten:
            errors[f"{place}: {run.unwritten['reason']}"] = statuses.REMEDIES[run.unwritten["status"]]
    if outcome.unwritten:
        errors[outcome.unwritten] = statuses.REMEDIES[statuses.UNWRITABLE]
    for cause, remedy in errors.items():
        print_error(cause, remedy)


@main.command(help="Завести муниципалитет: профиль с пояснениями и папка для данных.")
@click.argument("municipality")
@click.option("--title", help="Название муниципалитета, как его печатать.")
@click.option("-y", "--year", type=int, help="Первый год отчётов (без указания – нынешний учебный год).")
def new(municipality: str, title: str | None, year: int | None) -> None:
    """A new office: its profile and folders, ready to fill."""
    from shnor_lib.runs.new_office import begin_workspace, create_office

    for path in create_office(begin_workspace(of_the_group("workspace")), municipality, title=title, year=year):
        click.echo(path)


def with_resolution(command: Callable) -> Callable:
    """Give a command ``--replace`` and ``--keep``; without them a difference stops it."""
    keep = click.option("--keep", "resolution", flag_value="keep", help="Где значения расходятся, оставить имеющееся.")
    take = click.option("--replace", "resolution", flag_value="replace", help="Где значения расходятся, взять новое.")
    return take(keep(command))


@main.command(
    name="import", help="Внести выгрузки ФИС ОКО и РИС ГИА и форму результатов ЕГЭ в таблицы муниципалитета и года."
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option
@year_option
@with_resolution
@click.option("--territory", metavar="CODE", help="Код своего муниципалитета в выгрузке региона.")
@click.option("--subject", metavar="SUBJECT", help="Предмет протокола, если файл его не называет.")
@click.option("--grade", type=click.IntRange(1, 11), help="Класс протокола, если файл его не называет.")
@click.option("--school", metavar="CODE", help="Школа, если файл её не называет.")
@click.option(
    "--scales",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Свои минимумы ЕГЭ и шкалы ВПР (как importers/scales.yml).",
)
def import_command(files, municipality, year, resolution, territory, subject, grade, school, scales) -> None:
    """Exports of ФИС ОКО and РИС ГИА and the form of ЕГЭ into the tables of an office and year."""
    from shnor_lib.inputs.dictionary import choices
    from shnor_lib.inputs.importers import import_files
    from shnor_lib.inputs.importers.procedures import Procedure

    workspace = chosen_workspace(municipality)
    if subject is not None and subject not in choices("subject"):
        fail(Exit.USAGE, f"предмет «{subject[:40]}» неизвестен.", f"допустимо: {', '.join(choices('subject'))}.")
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


def put_in_place(workspace: Path, incoming: Incoming) -> None:
    """Say what came in, write it all at once, or say where it disagrees with what is there and write nothing."""
    from shnor_lib.inputs.sources.protocols import REFUSED
    from shnor_lib.runs.files import WriteFailed, remove_unfinished, write_together
    from shnor_lib.runs.lock import only_run
    from shnor_lib.runs.statuses import REMEDIES
    from shnor_lib.workspace import relative_name

    for line in incoming.lines:
        where = f"{line.file}: " if line.file else ""
        said = " ".join(filter(None, [line.sheet, line.cell, line.table, line.text]))
        cut = f"{said[:LONGEST_LINE]}…" if len(said) > LONGEST_LINE else said
        click.echo(f"{where}{line.record}: {cut}{f' – {line.count}' if line.count else ''}", err=line.record == REFUSED)
    if incoming.differences:
        for one in incoming.differences:
            click.echo(
                f"{one.table}: {one.row}, {one.column}: {one.old} ({one.place}), {one.source}: {one.new}", err=True
            )
        fail(
            Exit.DATA_INVALID,
            f"расхождений – {len(incoming.differences)}; ничего не записано.",
            "исправьте файлы; или --keep (оставить имеющееся), --replace (взять новое; книги и споры файлов – только вручную).",
        )
    try:
        with only_run(workspace):
            remove_unfinished(*{path.parent for path in incoming.contents})
            write_together(incoming.contents)
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, f"{error.reason}; ничего не записано.", REMEDIES[error.status])
    for name, merge in incoming.merges.items():
        click.echo(
            f"{name}: добавлено строк – {merge.added}, дополнено – {merge.filled}, без изменений – {merge.equal}"
        )
    for path in incoming.contents:
        click.echo(relative_name(workspace, path))


@main.command(help="Собрать формы, которые вернули школы, в таблицы муниципалитета и года.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@municipality_option
@year_option
@with_resolution
def collect(folder: Path, municipality: str, year: int, resolution: Resolution | None) -> None:
    """Forms that schools returned into the tables of an office and year."""
    from shnor_lib.inputs.collect import collect_forms

    workspace = chosen_workspace(municipality)
    collected = collect_forms(workspace, municipality, year, folder, resolution=resolution or "refuse")
    put_in_place(workspace, collected)
    if collected.left_out:
        fail(Exit.SOME_FAILED, "взяты не все формы.", "названное в протоколе верните школам и повторите команду.")


@main.command(help="Создать книгу для данных со списками и подсказками или форму для школ.")
@click.argument("out", type=click.Path(path_type=Path))
@year_option
@click.option("-m", "--municipality", metavar="MUNICIPALITY", help="Вписать школы этого муниципалитета.")
@click.option("--school-form", is_flag=True, help="Форма одной школы; с -m и папкой – по форме каждой школе.")
@click.option("--school", metavar="CODE", help="Школа, для которой форма.")
def template(out: Path, year: int, municipality: str | None, school_form: bool, school: str | None) -> None:
    """The input workbook, with lists, ranges and hints, or the form that schools fill in."""
    from shnor_lib.runs.files import WriteFailed, write_together
    from shnor_lib.runs.statuses import REMEDIES

    contents = template_files(out, check_year(year), municipality, school_form, school)
    if standing := [path for path in contents if path.exists()]:
        fail(Exit.USAGE, f"{standing[0].name} уже есть.", "назовите другой файл или уберите прежний.")
    try:
        write_together(contents)
    except WriteFailed as error:
        fail(Exit.SOME_FAILED, f"{error.reason}.", REMEDIES[error.status])
    for path in contents:
        click.echo(path)


def template_files(
    out: Path, year: int, municipality: str | None, school_form: bool, school: str | None
) -> dict[Path, bytes]:
    """The workbooks that ``shnor template`` writes, by path."""
    from shnor_lib.inputs.importers.delivery import open_delivery
    from shnor_lib.inputs.own import enter
    from shnor_lib.inputs.template import Known, forms_of_schools, known_of, template_workbook
    from shnor_lib.inputs.template import school_form as form_of

    if (school and not (school_form and municipality)) or (out.suffix.lower() != ".xlsx" and not school_form):
        fail(
            Exit.USAGE,
            "не сказано, что и куда записать.",
            "OUT.xlsx; форма: --school-form; одной школы: ещё -m и --school.",
        )
    known = Known()
    if municipality:
        workspace = chosen_workspace(municipality)
        known = known_of(open_delivery(workspace, municipality, year).inputs.tables)
    else:
        with suppress(WorkspaceError):  # an empty template needs no workspace
            enter(find_workspace(of_the_group("workspace")), None)
    if not school_form:
        return {out: template_workbook(year, known)}
    if school and school not in known.names:
        fail(Exit.USAGE, f"школы «{school[:40]}» нет в реестре.", f"допустимо: {', '.join(known.names)[:300]}.")
    if out.suffix.lower() == ".xlsx":
        return {out: form_of(year, known.of_school(school) if school else None)}
    return {out / name: content for name, content in forms_of_schools(year, known).items()}


if __name__ == "__main__":
    main()
