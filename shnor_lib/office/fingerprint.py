"""What a result depends on, by content: the same bytes give the same fingerprint, whenever and wherever they were written.

A run that has nothing to do must know it in a fraction of a second, so only the standard library is imported here; for Russian
names of files the filter of persons too, which writing the log needs anyway.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Container, Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

LIBRARY = Path(__file__).parents[1]
LIBRARY_SUFFIXES = (".py", ".yml", ".j2", ".css", ".js")
PACKAGES = (
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "pydantic",
    "scipy",
    "seaborn",
)
"""Packages whose version can show in a report."""


def digest(content: bytes | object) -> str:
    """sha256 of bytes, or of anything JSON can hold.

    Examples
    --------
    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    if not isinstance(content, bytes):
        content = json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8")
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str | None:
    """sha256 of a file; ``None`` when there is none or it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def snapshot(workspace: Path, files: Iterable[str], folders: Iterable[str]) -> dict[str, str | None]:
    """sha256 of the named files and of every file in the named folders, by name relative to the workspace, persons masked in it.

    A named file that is absent is there with ``None``, so that its appearance is a change too; an absent folder has no files.
    """
    names = list(files)
    for folder in folders:
        try:
            with os.scandir(workspace / folder) as entries:
                names += [f"{folder}/{entry.name}" for entry in entries if _is_delivered(entry)]
        except OSError:
            continue
    found: dict[str, str | None] = {}
    for name in sorted(set(names)):
        found[_named(name, found)] = file_digest(workspace / name)
    return found


def _named(name: str, others: Container[str]) -> str:
    """How a file is called, so that no two are called alike."""
    if not name.isascii():
        from shnor_lib.params.persons import mask_shown

        name = mask_shown(name)
    while name in others:
        name += "′"
    return name


def _is_delivered(entry: os.DirEntry) -> bool:
    return not entry.name.startswith((".", "~$")) and entry.is_file()


@lru_cache(maxsize=1)
def library_digest() -> str:
    """sha256 over the source of this library as it was when first asked for."""
    paths = sorted(path for path in LIBRARY.rglob("*") if path.suffix in LIBRARY_SUFFIXES)
    return digest({path.relative_to(LIBRARY).as_posix(): file_digest(path) for path in paths})


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of this library, of Python and of the packages that can show in a report."""
    return {"shnor": version("shnor"), "python": platform.python_version()} | {name: version(name) for name in PACKAGES}
