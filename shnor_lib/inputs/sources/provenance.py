"""Where every figure comes from: ``SOURCES.yml`` beside the delivered files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from shnor_lib.inputs.sources.problems import Problem, problem
from shnor_lib.params.yaml_files import LEADS_OUT, ParamsError, Strict, read_yaml

FILE_NAME = "SOURCES.yml"

Kind = Literal["published", "demonstration"]


class FileSource(Strict):
    """Source of one file; what is not said here is as said for the whole folder."""

    document: str | None = None
    date: str | None = None
    place: str | None = None
    kind: Kind | None = None
    complete: bool | None = None
    stated_years: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")

    @field_validator("date", mode="before")
    @classmethod
    def _iso(cls, day: object) -> object:
        return day.isoformat() if isinstance(day, date) else day


class LeftOut(Strict):
    """What the document says and no table of the folder holds: where it stands, and why it was not entered."""

    what: str
    place: str
    why: str


class FolderSources(Strict):
    """Sources of a folder: of all its files, and of each; what of the document was left out."""

    kind: Kind | None = None
    document: str | None = None
    files: dict[str, FileSource] = Field(default={})
    left_out: tuple[LeftOut, ...] = ()

    def problems(self, name: str) -> list[Problem]:
        """What was left out as notes; ``name``: how messages call the file."""
        return [
            problem("source_left_out.left_out", file=name, cell=one.place, what=one.what, why=one.why)
            for one in self.left_out
        ]


def read_sources(folder: Path, name: str) -> tuple[FolderSources, list[Problem]]:
    """Read the provenance of a folder.

    Parameters
    ----------
    name : how messages call the file.

    Returns
    -------
    The sources (empty ones when the file is absent or wrong) and the problems: a missing file is a warning, a wrong
    one an error with its line.
    """
    path = folder / FILE_NAME
    if not (path.exists() or path.is_symlink()):
        return FolderSources(), [problem("read_sources.absent", file=name)]
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ParamsError([f"{name}:1: {LEADS_OUT}"])
        return read_yaml(path, FolderSources, name), []
    except ParamsError as error:
        return FolderSources(), [_problem(line, name) for line in error.problems]


def _problem(line: str, name: str) -> Problem:
    place, _, text = line.removeprefix(f"{name}:").partition(":")
    of_folder, of_file = (", ".join(model.model_fields) for model in (FolderSources, FileSource))
    words = {"line": place, "wrong": text.strip(), "of_folder": of_folder, "of_file": of_file}
    return problem("read_sources.wrong", file=name, cell=f"A{place}", **words)
