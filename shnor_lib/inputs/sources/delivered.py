"""Bytes of a delivered file: all of them or none, and what was read of them kept for those who ask again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from shnor_lib.inputs.sources import limits
from shnor_lib.inputs.sources.problems import FileRefused

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
UNREAD_WORKBOOKS = (".xltx", ".numbers", ".et")
READINGS = 3
"""A file that somebody is writing is read so many times before it is refused."""

Read = TypeVar("Read")


def read_delivered(path: Path) -> bytes:
    """Content of a file, as it was at one moment.

    Raises
    ------
    FileRefused
        When it is larger than the limits allow, or changes each time it is read.
    OSError
        When it cannot be opened.
    """
    most = limits.MAX_WORKBOOK_BYTES if path.suffix.lower() in WORKBOOKS else limits.MAX_CSV_BYTES
    for _ in range(READINGS):
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(most + 1)
        if len(data) > most:
            raise FileRefused("read_file.too_large", most=most >> 20)
        if len(data) == before.st_size and _version(before) == _version(path.stat()):
            return data
    raise FileRefused("read_file.changing")


def _version(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


class Kept:
    """What was made of files, by content; of more than ``most`` cells the longest kept ones are let go."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._kept: dict[tuple, tuple[object, int]] = {}

    def get(self, key: tuple, make: Callable[[], tuple[Read, int]]) -> Read:
        """What was made for a key; ``make`` gives it and the number of its cells when it is not there."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            with self._lock:
                self._kept[key] = found
                while sum(cells for _, cells in self._kept.values()) > self._most:
                    del self._kept[next(iter(self._kept))]
        return found[0]

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()
