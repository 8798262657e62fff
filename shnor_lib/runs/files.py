"""A file is written whole or not at all: into a new file of the same folder first, then put in place in one step."""

from __future__ import annotations

import errno
import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

from shnor_lib.params.causes import of_system
from shnor_lib.runs.statuses import DISK_FULL, LOCKED, UNWRITABLE

UNFINISHED = ".shnor-"
"""How the names of files that are not finished yet begin."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class WriteFailed(Exception):
    """A file could not be written; what stood there before still does. ``status`` is one of the named statuses of a run."""

    def __init__(self, status: str, reason: str, path: Path | None = None):
        self.status, self.reason, self.path = status, reason, path
        super().__init__(status, reason, path)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole; readers see the earlier file or the new one, never a part.

    Several files that belong together: :func:`shnor_lib.runs.transaction.write_together`.

    Raises
    ------
    WriteFailed
        ``disk_full``; ``locked`` when another program (Excel) holds the file open; ``unwritable`` for everything else.
    """
    unfinished = path.with_name(f"{UNFINISHED}{secrets.token_hex(6)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(unfinished, content)
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise failed_write(error, path) from None


def write_new(path: Path, content: bytes, mode: str = "xb") -> None:
    """Write a file that nobody reads yet, down to the disk."""
    with open(path, mode) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def failed_write(error: OSError, path: Path) -> WriteFailed:
    """What an error of the system means for a file, in words."""
    shown = "/".join(path.parts[-4:])
    if error.errno in _FULL:
        return WriteFailed(DISK_FULL, f"нет места на диске для файла {shown}", path)
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        return WriteFailed(LOCKED, f"файл {shown} открыт в другой программе", path)
    return WriteFailed(UNWRITABLE, f"файл {shown} не записывается: {of_system(error)}", path)


def write_json(path: Path, document: object) -> None:
    """Put a JSON document in place whole, persons masked in its texts."""
    write_whole(path, json_bytes(document))


def json_bytes(document: object) -> bytes:
    """A document as it stands in a JSON file, persons masked in its texts."""
    from shnor_lib.params.persons import mask_document

    return (json.dumps(mask_document(document), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_json(path: Path) -> dict | None:
    """A JSON object written by a run; ``None`` when it is absent or no such thing, which only means that work is done again."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def remove_unfinished(*folders: Path) -> None:
    """Delete what a killed run left half-written in these folders."""
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(UNFINISHED):
                    with suppress(OSError):
                        os.unlink(entry.path)
