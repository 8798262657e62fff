"""One run at a time on a workspace. The lock is the system's, so that it ends with the run however the run ends."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from shnor_lib.runs.plan import RunRefused

LOCK_FILE = "data/processed/.run.lock"


@contextmanager
def only_run(workspace: Path) -> Iterator[None]:
    """Hold the workspace for one run.

    Raises
    ------
    RunRefused
        When another run holds it, or the folder cannot be written to.
    """
    path = workspace / LOCK_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise RunRefused(
            f"В рабочую папку нельзя писать: {path} ({error.strerror}).", "Проверьте права на папку data/processed."
        ) from None
    with file:
        if not _lock(file):
            raise RunRefused(
                f"В этой рабочей папке уже идёт другой запуск{_holder(file)}.",
                "Дождитесь его окончания или остановите его, затем повторите.",
            )
        file.truncate(0)
        file.write(
            json.dumps({"pid": os.getpid(), "host": platform.node(), "since": f"{datetime.now():%d.%m.%Y %H:%M}"})
        )
        file.flush()
        yield


def _holder(file) -> str:
    try:
        file.seek(0)
        holder = json.loads(file.read())
        return f" (процесс {holder['pid']} на {holder['host']}, с {holder['since']})"
    except (OSError, ValueError, KeyError):  # Windows does not let a locked part be read
        return ""


if os.name == "nt":
    import msvcrt

    FAR_BYTE = 1 << 30
    """The byte that is locked: beyond the text, so that the text can be read."""

    def _lock(file) -> bool:
        file.seek(FAR_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True
else:
    import fcntl

    def _lock(file) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
