"""What a workspace usually means: the office and the year of commands that name none."""

from __future__ import annotations

from pathlib import Path

from shnor_lib.params.methods import Slug, Year
from shnor_lib.params.yaml_files import Strict, declared_file, read_yaml
from shnor_lib.workspace import USUAL


class Usual(Strict):
    """``.shnor.yml``: the office and the year that are meant where a command names none."""

    municipality: Slug | None = None
    year: Year | None = None


def read_usual(workspace: Path) -> Usual:
    """The usual office and year of a workspace that has the file.

    Raises
    ------
    ParamsError
        With file, line and what is allowed.
    """
    return read_yaml(declared_file(workspace, USUAL), Usual, USUAL)
