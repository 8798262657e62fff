"""The log of a workspace: every command, when, how it ended and what it said was wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import click

from shnor_lib.workspace import WorkspaceError, find_workspace

LOG = "shnor.log"
"""Its name in the workspace; it has no name of a person and no value of a cell."""

MOST_BYTES = 1_000_000
"""A larger log begins anew; the one before stays beside it."""

SILENT = ("-h", "--help", "--version")
told: list[str] = []
"""Causes of errors that the command has said."""


def note_command(args: Sequence[Any], code: object, seconds: float) -> None:
    """Write a line about a command that has ended; where there is no workspace or it cannot be written to, nothing."""
    words = [str(word) for word in args]
    causes, told[:] = list(told), []
    if not words or any(word in SILENT for word in words) or "_SHNOR_COMPLETE" in os.environ:
        return
    with suppress(WorkspaceError, OSError, click.ClickException):
        path = find_workspace(_named(words)) / LOG
        if path.is_symlink():
            return
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".log.1"))
        line = f"{datetime.now().astimezone().isoformat(timespec='seconds')} код {code}, {seconds:.1f} с: shnor {' '.join(words)}"
        with path.open("a", encoding="utf-8") as log:
            log.write("".join(f"{safe(one)}\n" for one in (line, *(f"    {cause}" for cause in causes))))


def _named(words: Sequence[str]) -> str | None:
    """The workspace that a command names."""
    for place, word in enumerate(words):
        if word == "--workspace" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--workspace="):
            return word.partition("=")[2]
    return None


def safe(text: str) -> str:
    """A line without control signs and persons, cut to what a screen shows.

    >>> safe("shnor import «Иванов Иван Иванович».xlsx" + chr(10) + "x")
    'shnor import «[имя удалено]».xlsx x'
    """
    from shnor_lib.params.persons import mask_person

    return mask_person(re.sub(r"[\x00-\x1f\x7f]", " ", text)[:400])
