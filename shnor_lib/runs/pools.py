"""Where the tasks of a run are done: in fresh warm children of this machine, as many at a time as there are jobs."""

from __future__ import annotations

import os
import queue
from asyncio import CancelledError
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Self

from shnor_lib.runs.statuses import DIED, FAILED, MADE, TIMEOUT
from shnor_lib.runs.warm import Outcome, WarmServer

_STATUS = {"failed": FAILED, "timeout": TIMEOUT, "died": DIED}


@dataclass(frozen=True)
class Ended:
    """How a task ended.

    Attributes
    ----------
    status : ``made`` when it returned ``value``; otherwise how it failed, one of the named statuses of a run, and ``reason``.
    cell : number of the notebook cell it was in, counted from 1.
    """

    status: str
    reason: str = ""
    seconds: float = 0.0
    value: Any = None
    traceback: str = ""
    cell: int | None = None


def available_processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalPool:
    """Runs tasks in children of one warm server, which is started only when there is something to do.

    Parameters
    ----------
    server : one that is running already and goes on running; with its own number of jobs.
    """

    def __init__(self, jobs: int, server: WarmServer | None = None):
        self.slots = jobs + 1  # one waits, so that no child stands idle while the run is being decided on
        self._jobs = jobs
        self._server = server
        self._is_own = server is None
        self._done: queue.SimpleQueue[tuple[Any, Future]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def start(self) -> WarmServer:
        """Begin loading the libraries; nobody waits for it."""
        if self._server is None:
            self._server = WarmServer(self._jobs).__enter__()
        return self._server

    def close(self) -> None:
        """Stop what runs, drop what waits."""
        if self._server is not None and self._is_own:
            self._server.close()
            self._server = None

    def submit(self, task: Any, function: Callable, kwargs: dict, timeout: float) -> None:
        """Run a function in a child; ``task`` comes back with how it ended."""
        future = self.start().submit(function, kwargs, timeout=timeout)
        future.add_done_callback(lambda done: self._done.put((task, done)))

    def next_ended(self) -> tuple[Any, Ended]:
        """Wait for the next task to end."""
        task, future = self._done.get()
        return task, ended(future, lambda error: (DIED, f"процесс не начат: {error}"))


def ended(future: Any, trouble: Callable[[BaseException], tuple[str, str]]) -> Ended:
    """How a task ended, from the future of its outcome.

    Parameters
    ----------
    trouble : the named status and the reason for an error of the machinery itself, not of the task.
    """
    try:
        outcome: Outcome = future.result()
    except (CancelledError, Exception) as error:  # noqa: BLE001  the result may be fetched only now, its scheduler gone meanwhile
        return Ended(*trouble(error))
    return Ended(
        MADE if outcome.status == "done" else _STATUS[outcome.status],
        outcome.cause,
        outcome.seconds,
        outcome.value,
        outcome.traceback or "",
        outcome.cell.index + 1 if outcome.cell and outcome.status != "done" else None,
    )
