"""One run at a time on a workspace. The lock is the system's, so that it ends with the run however the run ends."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from shnor_lib.runs.files import WriteFailed, failed_write, read_json, write_json
from shnor_lib.runs.plan import RunRefused
from shnor_lib.runs.statuses import REMEDIES
from shnor_lib.runs.transaction import heal

LOCK_FILE = "data/processed/.run.lock"
HOLDER_FILE = "data/processed/.run.json"
"""Beside the lock, who holds it: a locked file cannot be read everywhere."""


@contextmanager
def only_run(workspace: Path) -> Iterator[None]:
    """Hold the workspace for one run.

    What a killed command left half-written is completed or undone first (:func:`~shnor_lib.runs.transaction.heal`).

    Raises :class:`RunRefused` when another run holds it, or the folder cannot be written to.
    """
    path, holder = workspace / LOCK_FILE, workspace / HOLDER_FILE
    lock = FileLock(path, blocking=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        write_json(holder, {"pid": os.getpid(), "host": platform.node(), "since": f"{datetime.now():%d.%m.%Y %H:%M}"})
    except Timeout:
        raise RunRefused(
            f"В этой рабочей папке уже идёт другой запуск{_said(read_json(holder))}.",
            "Дождитесь его окончания или остановите его, затем повторите.",
        ) from None
    except (OSError, WriteFailed) as error:
        lock.release()
        failed = error if isinstance(error, WriteFailed) else failed_write(error, path)
        raise RunRefused(f"В рабочую папку нельзя писать: {failed.reason}.", REMEDIES[failed.status]) from None
    try:
        heal(workspace)
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _said(holder: dict | None) -> str:
    return f" (процесс {holder['pid']} на {holder['host']}, с {holder['since']})" if holder else ""
