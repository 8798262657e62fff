"""What commands say: errors as a cause and a remedy, problems of the data, tables."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from shnor_lib.cli.journal import told
from shnor_lib.runs.statuses import Exit
from shnor_lib.workspace import WorkspaceError

if TYPE_CHECKING:
    import pandas as pd


def tell(text: object = "", *, err: bool = False) -> None:
    """Say something on stdout or stderr, persons masked in each line: the one way to the screen."""
    from shnor_lib.params.persons import mask_shown

    click.echo("\n".join(map(mask_shown, str(text).split("\n"))), err=err)


def fail(code: Exit, cause: str, remedy: str) -> NoReturn:
    """Say the cause and the remedy on stderr and leave with a code."""
    print_error(cause, remedy)
    sys.exit(code)


def print_error(cause: str, remedy: str) -> None:
    """A line of cause and a line of remedy on stderr."""
    from shnor_lib.params.persons import mask_person

    cause, remedy = mask_person(cause), mask_person(remedy)
    told.append(cause)
    tell(f"Ошибка: {cause}", err=True)
    tell(f"Что сделать: {remedy}", err=True)


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
    from shnor_lib.params.causes import of_python

    if isinstance(error, ImportRefused):
        fail(Exit.DATA_INVALID, error.cause, error.remedy)
    if isinstance(error, DataInvalid):
        print_problems(error.problems.astype("string").fillna("").to_dict("records"))
        fail(
            Exit.DATA_INVALID,
            str(error),
            f"исправьте перечисленное и повторите: shnor check -m {error.municipality} -y {error.year}",
        )
    fail(
        Exit.SOME_FAILED,
        of_python(error),
        "повторите команду с --debug и пришлите вывод разработчикам.",
    )


def wrong_parameters(problems: str) -> str:
    """The cause for parameters that cannot be used; more than one problem are listed above it."""
    lines = problems.splitlines()
    if len(lines) == 1:
        return f"параметры недопустимы: {lines[0]}"
    for line in lines:
        tell(line, err=True)
    return f"параметры недопустимы, ошибок – {len(lines)}."


def print_problems(problems: list[dict[str, str]]) -> None:
    """One line per problem on stderr: file, sheet, cell, what was found, what is allowed, how to mend it."""
    from shnor_lib.runs.finish import problem_line

    for problem in problems:
        tell(problem_line(problem), err=True)


def print_frame(frame: pd.DataFrame, form: str) -> None:
    """Print a frame as an aligned table, as CSV or as JSON records; cells cannot become spreadsheet formulas."""
    import pandas as pd

    if form == "json":
        tell(json.dumps(json.loads(frame.to_json(orient="records", force_ascii=False)), ensure_ascii=False, indent=2))
    elif form == "csv":
        from shnor_lib.pages.export.tables import harmless

        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(
            [harmless(cell) if isinstance(cell, str) else ("" if pd.isna(cell) else cell) for cell in row]
            for row in frame.to_numpy(object)
        )
        tell(text.getvalue().removesuffix("\n"))
    else:
        tell(frame.to_string(index=False, na_rep="–", max_colwidth=80) if len(frame) else "Строк нет.")
