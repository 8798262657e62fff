"""A public run on trial: what was published before is kept beside it and comes back unless the attack finds nothing to tell."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from shnor_lib.runs.files import UNFINISHED, failed_write
from shnor_lib.workspace import PAGES, PUBLIC

KEPT = "public.before"
"""In ``data/processed``: the public tree as it was before a run on trial."""


def begin(workspace: Path) -> None:
    """Keep the public tree; whole or not at all.

    Raises
    ------
    WriteFailed
        When it cannot be kept; nothing was changed.
    """
    tree, kept = workspace / PAGES[PUBLIC], _kept(workspace)
    copy = kept.with_name(f"{UNFINISHED}{KEPT}")
    try:
        shutil.rmtree(copy, ignore_errors=True)
        if tree.is_dir():
            shutil.copytree(tree, copy, copy_function=_linked)
        else:
            copy.mkdir(parents=True)
        copy.rename(kept)
    except OSError as error:
        shutil.rmtree(copy, ignore_errors=True)
        raise failed_write(error, kept) from error


def put_back(workspace: Path) -> bool:
    """Let the public tree be what was kept; whether something was, as after a trial that was killed."""
    tree, kept = workspace / PAGES[PUBLIC], _kept(workspace)
    if not kept.is_dir():
        return False
    shutil.rmtree(tree, ignore_errors=True)
    if any(kept.iterdir()):
        kept.rename(tree)
    else:
        kept.rmdir()
    return True


def end(workspace: Path, safe: Iterable[bool]) -> None:
    """Publish when everything is safe, else put back what was."""
    if all(safe):
        shutil.rmtree(_kept(workspace), ignore_errors=True)
    else:
        put_back(workspace)


def _kept(workspace: Path) -> Path:
    return workspace / "data" / "processed" / KEPT


def _linked(source: str, target: str) -> None:
    """A second name of a file, which no run writes into; a copy where the disk has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
