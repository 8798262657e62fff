"""The command line: its group and its help, in Russian; every error ends with a cause, a remedy and an exit code."""

from __future__ import annotations

import gc
import os
import re
import sys
from ast import literal_eval
from pathlib import Path
from time import monotonic
from typing import Any

import click

from shnor_lib.cli.journal import note_command
from shnor_lib.cli.saying import explain, fail, tell
from shnor_lib.runs.child import YOUNG_OBJECTS
from shnor_lib.runs.statuses import Exit

OPTIONS = "[ПАРАМЕТРЫ]"


class InRussian(click.Command):
    """A command whose help has no word of another language."""

    def __init__(self, *args: Any, **given: Any):
        super().__init__(*args, **{"options_metavar": OPTIONS} | given)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), "Как вызвать: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = []
        for option in self.get_params(ctx):
            if isinstance(option, click.Option) and not option.hidden and (record := option.get_help_record(ctx)):
                default = f" Без указания – {option.default}." if option.show_default else ""
                records.append((record[0], f"{option.help}{default}"))
        with formatter.section("Параметры"):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "Показать эту справку."
        return option


class Commands(InRussian, click.Group):
    """A group that ends every error with a cause, a remedy and an exit code, in Russian; a traceback only when asked for."""

    command_class = InRussian

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str(70)) for name in self.list_commands(ctx)]
        with formatter.section("Команды"):
            formatter.write_dl(rows)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: they stand after the options already."""

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
        began, code = monotonic(), None
        words = next(iter(args), called.get("args"))
        try:
            return self._main(*args, **called)
        except SystemExit as left:
            code = left.code
            raise
        finally:
            note_command(sys.argv[1:] if words is None else words, code or Exit.DONE, monotonic() - began)

    def _main(self, *args: Any, **called: Any) -> Any:
        try:
            return super().main(*args, **called | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            tell(error.format_message(), err=True)
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
            return f"не указан {called(error)}."
        case click.BadParameter() if error.param:
            given = re.search(r"""(['"])(?:\\.|[^\\])*?\1""", error.message)  # as Python writes a text
            shown = f" «{literal_eval(given[0])}»" if given else ""
            return f"недопустимое значение {called(error)}{shown}; {wanted_by(error.param.type)}."
    if error.ctx and isinstance(error.ctx.command, click.Group):
        return f"не указана команда; есть: {', '.join(main.commands)}."
    extra = re.search(r"\((.*)\)$", error.format_message())
    return f"в команде есть лишнее: {extra[1]}." if extra else "команда не понята."


def called(error: click.BadParameter) -> str:
    """How messages call a parameter: as it is typed."""
    assert error.param
    if isinstance(error.param, click.Option):
        return error.param.get_error_hint(error.ctx)
    return (error.param.metavar or error.param.human_readable_name).removesuffix("...")


def wanted_by(kind: click.ParamType) -> str:
    """What a parameter takes, in words."""
    if isinstance(kind, click.Choice):
        return "нужно одно из: " + ", ".join(kind.choices)
    if isinstance(kind, click.IntRange):
        return "нужно целое число " + " ".join(
            f"{word} {limit}" for word, limit in (("от", kind.min), ("до", kind.max)) if limit is not None
        )
    if isinstance(kind, click.Path):
        return "нужна папка, которая есть" if kind.dir_okay and not kind.file_okay else "нужен файл, который есть"
    return "нужно целое число" if kind is click.INT else "нужно значение другого вида"


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="КОМАНДА ...",
    help="Выявить школы, которым нужна помощь, по объявленным критериям и сделать отчёты о них.",
)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="ПАПКА",
    help="Рабочая папка с params, data и reports (без указания – ближайшая вверх от текущей).",
)
@click.option("--debug", is_flag=True, help="Показывать внутренние подробности ошибок.")
@click.version_option(package_name="shnor", help="Показать номер версии.", message="shnor %(version)s")
def main(**_: Any) -> None:
    """Find the schools that need help by declared criteria, and report on them."""
    gc.set_threshold(YOUNG_OBJECTS)  # looking for garbage among the many objects that stay is a tenth
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
