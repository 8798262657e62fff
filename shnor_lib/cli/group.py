"""The command line: its group, in Russian; every error ends with a cause, a remedy and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

import click

from shnor_lib.cli.saying import explain, fail
from shnor_lib.runs.child import YOUNG_OBJECTS
from shnor_lib.runs.statuses import Exit


class Commands(click.Group):
    """A group that ends every error with a cause, a remedy and an exit code, in Russian; a traceback only when asked for."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
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
        except BrokenPipeError:  # who reads the answer has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(Exit.DONE)
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
