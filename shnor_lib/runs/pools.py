"""Where the tasks of a run are done: in fresh warm children of this machine, as many at a time as there are jobs."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self

from shnor_lib.runs.warm import Outcome, WarmServer


def available_processors() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalPool:
    """Runs tasks in children of one warm server, which is started only when there is something to do."""

    def __init__(self, jobs: int):
        self.slots = jobs + 1  # one waits, so that no child stands idle while the run is being decided on
        self._jobs = jobs
        self._server: WarmServer | None = None
        self._ended: queue.SimpleQueue[tuple[Any, Future]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def start(self) -> None:
        """Begin loading the libraries; nobody waits for it."""
        if self._server is None:
            self._server = WarmServer(self._jobs).__enter__()

    def close(self) -> None:
        """Stop what runs, drop what waits."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def submit(self, task: Any, function: Callable, kwargs: dict, timeout: float) -> None:
        """Run a function in a child; ``task`` comes back with how it ended."""
        self.start()
        future = self._server.submit(function, kwargs, timeout=timeout)
        future.add_done_callback(lambda done: self._ended.put((task, done)))

    def next_ended(self) -> tuple[Any, Outcome]:
        """Wait for the next task to end."""
        task, future = self._ended.get()
        return task, outcome_of(future)


def outcome_of(future: Future) -> Outcome:
    """How a task ended; the trouble of the machinery itself counts as the death of the task."""
    error = future.exception()
    if error is None:
        return future.result()
    return Outcome("died", 0.0, error=f"{type(error).__name__}: {error}")
