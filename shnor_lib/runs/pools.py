"""Where the tasks of a run are done: in fresh warm children of this machine, as many at a time as there are jobs."""

from __future__ import annotations

import os
import queue
from asyncio import CancelledError
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self

from shnor_lib.runs.statuses import DIED
from shnor_lib.runs.warm import Outcome, WarmServer


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

    def next_ended(self) -> tuple[Any, Outcome]:
        """Wait for the next task to end."""
        task, future = self._done.get()
        return task, outcome_of(future, lambda error: Outcome(DIED, 0, error=f"процесс не начат: {error}"))


def outcome_of(future: Any, trouble: Callable[[BaseException], Outcome]) -> Outcome:
    """The outcome a future holds, or the one that ``trouble`` tells of an error of the machinery itself, not of the task."""
    try:
        return future.result()
    except (CancelledError, Exception) as error:  # noqa: BLE001  the result may be fetched only now, its scheduler gone meanwhile
        return trouble(error)
