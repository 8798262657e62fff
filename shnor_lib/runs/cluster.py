"""The same tasks on the workers of a ``dask.distributed`` scheduler; the workers must see the workspace under the same path.

Each worker runs its tasks in fresh children of a warm server of its own, so a report that kills its process takes no worker
with it. A task whose worker is lost is given to another one.
"""

from __future__ import annotations

import gc
import logging
import queue
import secrets
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from shnor_lib.office.fingerprint import library_digest
from shnor_lib.runs.files import remove_unfinished, write_whole
from shnor_lib.runs.plan import RunRefused
from shnor_lib.runs.pools import outcome_of
from shnor_lib.runs.statuses import LOST, OTHER_VERSION, SCHEDULER_LOST
from shnor_lib.runs.warm import Outcome, shared_server

CONNECT_SECONDS = 5
TASKS_PER_THREAD = 2
"""As many again as are running wait on the workers, so that none stands idle while the run is being decided on."""
_TOKEN = "data/processed/.shnor-cluster"
_NO_SCHEDULER = "связь с планировщиком Dask потеряна посреди работы"


class ClusterPool:
    """Gives tasks to the workers of a scheduler.

    Raises
    ------
    RunRefused
        When the scheduler does not answer or dies before there is work for it, has no workers, or a worker has another library or does
        not see the workspace.
    """

    def __init__(self, address: str, workspace: Path):
        try:
            import dask
            from distributed import Client
        except ImportError:
            raise RunRefused(
                "Для --cluster нужен пакет distributed.", 'Установите его: pip install "shnor[cluster]".'
            ) from None

        dask.config.set({"distributed.comm.timeouts.connect": CONNECT_SECONDS})
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong comes back as a status
        gc.collect()  # a client that failed before, collected by the thread that starts now, would wait for this one's lock
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, ImportError, TypeError, RuntimeError) as error:
            # TypeError: TLS without its files; RuntimeError: TLS demanded by the settings, not by the address
            raise RunRefused(
                f"Планировщик Dask «{address}» не отвечает ({type(error).__name__}).",
                "Проверьте адрес (вид tcp://узел:8786), что планировщик запущен (dask scheduler) и, если вид tls://, его сертификаты.",
            ) from None
        self._address = address
        self._done: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()
        self._running: dict[Any, Any] = {}
        try:
            self.slots = self._accept_workers(workspace) * TASKS_PER_THREAD
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def start(self) -> None:
        """Nothing: the workers are there already."""

    def close(self) -> None:
        """Take back what waits and leave the cluster as it was, where it is still there."""
        if self._client.status == "running":
            with suppress(OSError):
                self._client.cancel(list(self._running.values()), force=True)
        self._client.close(timeout=CONNECT_SECONDS)

    def submit(self, task: Any, function: Callable, kwargs: dict, timeout: float) -> None:
        """Run a function in a warm child of some worker; ``task`` comes back with how it ended."""
        from distributed.client import ClosedClientError

        future: Any
        try:
            future = self._client.submit(
                run_on_worker,
                function,
                kwargs,
                timeout,
                library_digest(),
                key=f"{function.__name__}-{secrets.token_hex(6)}",
                retries=2,
            )
        except ClosedClientError as error:  # it closes itself when the scheduler is gone
            lost: Future = Future()
            lost.set_exception(CancelledError(str(error)))
            future = lost
        self._running[task] = future
        future.add_done_callback(lambda done: self._done.put((task, done)))

    def next_ended(self) -> tuple[Any, Outcome]:
        """Wait for the next task to end; when the scheduler is gone for good, every task is lost."""
        while True:
            with suppress(queue.Empty):
                task, future = self._done.get(timeout=0.5)
                if self._running.pop(task, None) is not None:
                    return task, outcome_of(future, lambda error: trouble_of(error, self._client.status))
            if self._client.status == "closed" and self._running:  # it has tried to reconnect and given up
                task, _ = self._running.popitem()
                return task, Outcome(SCHEDULER_LOST, 0, error=_NO_SCHEDULER)

    @contextmanager
    def _present(self, meanwhile: str) -> Iterator[None]:
        """Refuse the run when the scheduler is lost meanwhile: a client without one raises whatever it trips over."""
        try:
            yield
        except (CancelledError, Exception) as error:
            if self._client.status == "running" and not isinstance(error, OSError):
                raise
            raise RunRefused(
                f"Планировщик Dask «{self._address}» пропал, пока {meanwhile}.",
                "Запустите его снова (dask scheduler) и повторите команду.",
            ) from None

    def _accept_workers(self, workspace: Path) -> int:
        """Number of threads of the workers, after making sure that each of them can do the work."""
        with self._present("ждали рабочие узлы"), suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        with self._present("считали рабочие узлы"):
            threads = sum(self._client.nthreads().values())
        if not threads:
            raise RunRefused("У планировщика Dask нет рабочих узлов.", "Запустите хотя бы один: dask worker АДРЕС.")
        token = secrets.token_hex(8).encode()
        write_whole(workspace / _TOKEN, token)
        try:
            with self._present("рабочие узлы искали рабочую папку"):
                seen = self._client.run(look_around, workspace / _TOKEN, on_error="return")
        finally:
            remove_unfinished(workspace / "data" / "processed")
        for worker, answer in seen.items():
            library, content = answer if isinstance(answer, tuple) else (None, None)
            if library != library_digest():
                raise RunRefused(
                    f"На рабочем узле {worker} другая версия shnor_lib или её нет.",
                    "Установите на рабочие узлы ту же версию, что и здесь, и перезапустите их.",
                )
            if content != token:
                raise RunRefused(
                    f"Рабочий узел {worker} не видит рабочую папку {workspace}.",
                    "Положите её на общий диск, доступный всем узлам под тем же путём.",
                )
        return threads


def look_around(token: Path) -> tuple[str, bytes | None]:
    """What a worker is asked before it is given work: its library, and what it reads of a file just written."""
    shared_server()  # begins to load
    try:
        return library_digest(), token.read_bytes()
    except OSError:
        return library_digest(), None


class OtherVersion(RuntimeError):
    """A worker that joined later has another library."""


def trouble_of(error: BaseException, client: str = "running") -> Outcome:
    """The outcome of a task that no worker ended; ``client`` is the status of the one that gave it."""
    from distributed.comm import CommClosedError

    if isinstance(error, OtherVersion):
        return Outcome(OTHER_VERSION, 0, error=str(error))
    if isinstance(error, CancelledError | CommClosedError) or client != "running":
        return Outcome(SCHEDULER_LOST, 0, error=_NO_SCHEDULER)
    return Outcome(LOST, 0, error=f"рабочие узлы, которым давали эту работу, пропали ({type(error).__name__})")


def run_on_worker(function: Callable, kwargs: dict, timeout: float, library: str) -> Outcome:
    """Run a task in a fresh warm child of this worker."""
    if library_digest() != library:
        raise OtherVersion("на рабочем узле другая версия shnor_lib")
    return shared_server().run(function, kwargs, timeout=timeout)
