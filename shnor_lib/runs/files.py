"""Files that are written whole or not at all: into a new file of the same folder first, then put in place in one step."""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from shnor_lib.params.causes import of_system
from shnor_lib.runs.statuses import DISK_FULL, LOCKED, UNWRITABLE

UNFINISHED = ".shnor-"
"""How the names of files that are not finished yet begin."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class WriteFailed(Exception):
    """A file could not be written; what stood there before still does. ``status`` is one of the named statuses of a run."""

    def __init__(self, status: str, reason: str):
        self.status, self.reason = status, reason
        super().__init__(status, reason)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole; readers see the earlier file or the new one, never a part.

    Raises
    ------
    WriteFailed
        ``disk_full``; ``locked`` when another program (Excel) holds the file open; ``unwritable`` for everything else.
    """
    write_together({path: content})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Put several files in place, all or none of them.

    All are written beside their places first, so that a full disk changes nothing; when one cannot be put in place, those
    before it are put back.

    Raises
    ------
    WriteFailed
        As :func:`write_whole` does; then every file is as it was.
    """
    unfinished = {path: path.with_name(f"{UNFINISHED}{secrets.token_hex(6)}.part") for path in contents}
    placed: dict[Path, bytes | None] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(unfinished[path], "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path in contents:
            earlier = path.read_bytes() if len(contents) > 1 and path.exists() else None  # one alone is never put back
            os.replace(unfinished[path], path)
            placed[path] = earlier
    except OSError as error:
        for done, earlier in placed.items():
            with suppress(OSError):
                done.unlink() if earlier is None else done.write_bytes(earlier)
        for part in unfinished.values():
            with suppress(OSError):
                part.unlink()
        raise _named(error, path) from None


def _named(error: OSError, path: Path) -> WriteFailed:
    shown = "/".join(path.parts[-4:])
    if error.errno in _FULL:
        return WriteFailed(DISK_FULL, f"нет места на диске для файла {shown}")
    if isinstance(error, PermissionError) and path.exists() and os.access(path.parent, os.W_OK):
        return WriteFailed(LOCKED, f"файл {shown} открыт в другой программе")
    return WriteFailed(UNWRITABLE, f"файл {shown} не записывается: {of_system(error)}")


def write_json(path: Path, document: object) -> None:
    """Put a JSON document in place whole, persons masked in its texts."""
    from shnor_lib.params.persons import mask_document

    write_whole(path, (json.dumps(mask_document(document), ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


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
