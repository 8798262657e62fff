"""What commands are asked: options that several have, and the workspace, office and region that they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shnor_lib.cli.saying import tell
from shnor_lib.workspace import USUAL, WorkspaceError, find_workspace, parameter_names, report_notebooks

if TYPE_CHECKING:
    import pandas as pd


def of_the_group(option: str) -> Any:
    """The value of an option that stands before the command: ``workspace`` or ``debug``."""
    return click.get_current_context().find_root().params[option]


def chosen_workspace(municipality: str | None = None) -> Path:
    """The workspace named by ``--workspace``, by the environment or found above; made sure to know an office, if one is named.

    What a killed command left half-written is completed or undone; what the workspace declares beside the shipped lists holds from then on.
    """
    workspace = healed(find_workspace(of_the_group("workspace")))
    if municipality is not None:
        from shnor_lib.inputs.own import enter
        from shnor_lib.params.reading import read_profile

        read_profile(workspace, municipality)
        enter(workspace, municipality)
    return workspace


def healed(folder: Path) -> Path:
    """A workspace, or another folder to write to, after what a killed command left there was completed or undone, and that was told."""
    from shnor_lib.runs.transaction import heal

    if told := heal(folder):
        tell(told, err=True)
    return folder


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


def together(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the offices of a region under one another, each with its ``municipality``."""
    import pandas as pd

    return pd.concat([frame.assign(municipality=name) for name, frame in frames.items()], ignore_index=True)[
        ["municipality", *dict.fromkeys(column for frame in frames.values() for column in frame)]
    ]


def asked_or_usual(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """The value of an option, else the one that ``.shnor.yml`` of the workspace says is usual; without either it is missing."""
    if value is None and not context.resilient_parsing:
        value = usual(context.find_root().params.get("workspace"), option.name or "")
        if value is None:
            raise click.MissingParameter(ctx=context, param=option)
    return value


def usual(given: Path | None, name: str) -> Any:
    """What a workspace declares to be the usual office or year, ``None`` where it declares none."""
    with suppress(WorkspaceError):
        workspace = find_workspace(given)
        if (workspace / USUAL).exists():
            from shnor_lib.params.usual import read_usual

            return getattr(read_usual(workspace), name)
    return None


def named_or_usual(
    municipalities: tuple[str, ...], years: tuple[int, ...], everything: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The offices and years of a command that takes several: the named ones, else those that ``.shnor.yml`` says are usual.

    None means all of them. ``everything``: they are asked for whatever is usual; of a named office all years are.
    """
    if municipalities or everything:
        return municipalities, years
    office, year = (usual(of_the_group("workspace"), name) for name in ("municipality", "year"))
    return (office,) if office else (), years or ((year,) if year else ())


all_option = click.option(
    "--all", "everything", is_flag=True, help="Все муниципалитеты и годы, что бы ни было в .shnor.yml."
)


def completing(offered: Callable[[Path], Iterable[object]]) -> Callable[..., list[str]]:
    """What a shell offers for an option: names that begin as what is typed does."""

    def offer(context: click.Context, _: click.Parameter, typed: str) -> list[str]:
        with suppress(WorkspaceError):
            workspace = find_workspace(context.find_root().params.get("workspace"))
            return [str(name) for name in offered(workspace) if str(name).startswith(typed)]
        return []

    return offer


def offices_and_regions(workspace: Path) -> list[str]:
    return parameter_names(workspace) + parameter_names(workspace, "regions")


def years_there(workspace: Path) -> list[str]:
    folders = (workspace / "data" / "raw").glob("*/[0-9][0-9][0-9][0-9]")
    return sorted({folder.name for folder in folders})


def named_in(folder: str) -> Callable[..., list[str]]:
    """Completion by the names of the files of a folder of ``params``."""
    return completing(lambda workspace: parameter_names(workspace, folder))


complete_office, complete_year = completing(offices_and_regions), completing(years_there)
complete_report = completing(report_notebooks)


def office_option(means: str) -> Callable:
    """The option that names an office, or what else it means."""
    return click.option(
        "-m",
        "--municipality",
        metavar="ИМЯ",
        callback=asked_or_usual,
        shell_complete=complete_office,
        help=f"Имя {means}, как в params; обычное можно назвать в .shnor.yml.",
    )


def offices_option(means: str, unnamed: str) -> Callable:
    """The option that names several offices, or what else it means. ``unnamed``: what is meant without it."""
    return click.option(
        "-m",
        "--municipality",
        "municipalities",
        multiple=True,
        metavar="ИМЯ",
        shell_complete=complete_office,
        help=f"{means}; можно назвать несколько (без указания – {unnamed}).",
    )


usual_offices_option = offices_option("Муниципалитет или регион", "из .shnor.yml, без него – все")
usual_years_option = click.option(
    "-y",
    "--year",
    "years",
    multiple=True,
    type=int,
    metavar="ГОД",
    shell_complete=complete_year,
    help="Год; можно назвать несколько (без указания – из .shnor.yml, без него – годы профиля).",
)
municipality_option = office_option("муниципалитета")
or_region_option = office_option("муниципалитета или региона")
year_option = click.option(
    "-y",
    "--year",
    type=int,
    metavar="ГОД",
    callback=asked_or_usual,
    shell_complete=complete_year,
    help="Календарный год, в котором заканчивается учебный; обычный можно назвать в .shnor.yml.",
)
method_option = click.option(
    "--method", metavar="ИМЯ", shell_complete=named_in("methods"), help="Другая методика вместо своей."
)
FORMATS = click.Choice(["table", "csv", "json"])
format_option = click.option(
    "--format", "form", type=FORMATS, default="table", show_default=True, help="Вид ответа: таблица, CSV или JSON."
)
audience_option = click.option(
    "--audience",
    type=click.Choice(["internal", "public"]),
    default="internal",
    show_default=True,
    help="Издание: служебное или открытое, где малые числа скрыты.",
)
