"""Runs tasks in fresh, warm children: each child already holds the libraries, runs one task and ends.

A task that dies, hangs or patches a library harms itself only. On Linux children are forked from a preloaded server
without threads; elsewhere they are started ahead of time. Children outlive neither their task nor their caller.

>>> with WarmServer(warm_up=()) as server:
...     power, failure = server.run(pow, {"base": 2, "exp": 10}), server.run(int, {"base": 10})
>>> power.status, power.value, failure.status
('done', 1024, 'failed')
>>> failure.cause
'ошибка: TypeError: int() missing string argument'
"""

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Literal, Self

from shnor_lib.runs.child import EXIT_CODE, INLINE_BACKEND, ONE_THREAD, Cell, Channel, Done, Failed, Note, Task

WARM_UP = ("shnor_lib.runs.preload:warm_up",)
START = "fork" if sys.platform == "linux" else "spawn"  # macOS can fork, but its own libraries break in the child


class WarmServerError(RuntimeError):
    """No child could be had: the server did not start or is gone."""


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    ``status`` is ``done`` (``value`` holds the result), ``failed`` (it raised), ``timeout`` (it was stopped at a time
    limit) or ``died`` (its child was gone before it ended: a signal, ``os._exit``, out of memory); the last three also are
    names of :mod:`shnor_lib.runs.statuses`, where those stand that the pools of a run add, with the cause as ``error``.
    ``cell`` is the notebook cell it was in.

    >>> Outcome("timeout", 60.1, limit=60, cell=Cell(4, "while True: pass")).cause
    'остановлен по пределу времени 60 с в ячейке 5'
    >>> Outcome("died", 3.2, exit_code=-9).cause
    'процесс убит (SIGKILL); так бывает, когда кончается память'
    """

    status: str
    seconds: float
    value: Any = None
    error: str | None = None
    traceback: str | None = None
    limit: float | None = None
    exit_code: int | None = None
    cell: Cell | None = None

    @property
    def cause(self) -> str:
        """What happened, in one line for the user; empty for a task that is done."""
        where = f" в ячейке {self.cell.index + 1}" if self.cell else ""
        match self.status, self.exit_code:
            case "failed", _:
                return f"ошибка{where}: {self.error}"
            case "timeout", _:
                return f"остановлен по пределу времени {self.limit:g} с{where}"
            case "died", _ if self.error:
                return self.error
            case "died", None:
                return f"процесс пропал{where}: сервер процессов был убит"
            case "died", int(code) if code == -signal.SIGKILL:
                return f"процесс убит (SIGKILL){where}; так бывает, когда кончается память"
            case "died", int(code) if code < 0:
                return f"процесс упал{where} (сигнал {-code}: {signal.strsignal(-code)})"
            case "died", code:
                return f"процесс завершил сам себя{where} (код выхода {code})"
        return self.error or ""


class WarmServer:
    """Keeps libraries loaded and gives every task a fresh child that has them.

    Parameters
    ----------
    jobs : int
        How many submitted tasks run at a time.
    start : "fork", "spawn" or None
        How children come to be; None takes what the platform does best.
    warm_up : sequence of str
        Modules imported and functions, as ``module:function``, called before the first task. They must not leave threads
        behind.
    """

    def __init__(
        self, jobs: int = 1, *, start: Literal["fork", "spawn"] | None = None, warm_up: Sequence[str] = WARM_UP
    ):
        kind = ForkedChildren if (start or START) == "fork" else SpawnedChildren
        self._children: ForkedChildren | SpawnedChildren = kind(jobs, warm_up)
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="shnor-warm")
        self._waiting = 0
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._children.open()
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def close(self) -> None:
        """Stop every child, drop tasks that wait."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._children.close()

    def submit(self, function: Callable, kwargs: dict | None = None, **limits) -> Future:
        """Queue a task; the future holds its :class:`Outcome`. Arguments as for :meth:`run`."""
        self._expect(+1)
        return self._threads.submit(self._run_expected, function, kwargs, **limits)

    def run(
        self,
        function: Callable,
        kwargs: dict | None = None,
        *,
        timeout: float | None = None,
        on_note: Callable[[Any], None] | None = None,
    ) -> Outcome:
        """Run one importable function in a fresh child and wait for it.

        Parameters
        ----------
        function, kwargs
            The task; both, and its result, must pickle.
        timeout : float, seconds
            The limit of the whole task. Cells may have their own, see :class:`~shnor_lib.runs.child.Cell`.
        on_note : callable
            Receives what the task announces as :class:`~shnor_lib.runs.child.Note`.
        """
        self._expect(+1)
        return self._run_expected(function, kwargs, timeout=timeout, on_note=on_note)

    def _expect(self, change: int) -> None:
        with self._lock:
            self._waiting += change
            self._children.prepare(0 if self._closed else self._waiting)

    def _run_expected(self, function, kwargs, *, timeout=None, on_note=None) -> Outcome:
        task = Task(pickle.dumps((function, kwargs or {})), dict(os.environ), os.getcwd(), list(sys.path))
        try:
            if self._closed:
                raise WarmServerError("сервер процессов уже закрыт")
            child = self._children.take()
        finally:
            self._expect(-1)
        started = time.monotonic()
        ending, cell = None, None
        limit = _TimeLimit(child, timeout)
        try:
            for message in _conversation(child.channel, task):
                match message:
                    case Note(content) if on_note:
                        on_note(content)
                    case Done() | Failed():
                        ending = message
                        break
                    case Cell() | None:
                        cell = message
                        limit.enter(cell)
        finally:
            limit.close()
            if ending is None:
                child.kill()  # gone already, unless the notebook closed its descriptors or the caller raised
            exit_code = child.end()
        seconds = time.monotonic() - started
        match ending:
            case Done(value):
                return Outcome("done", seconds, value=value)
            case Failed(error, traceback, blamed):
                return Outcome("failed", seconds, error=error, traceback=traceback, cell=blamed or cell)
        if limit.expired is not None:
            return Outcome("timeout", seconds, limit=limit.expired, exit_code=exit_code, cell=cell)
        return Outcome("died", seconds, exit_code=exit_code, cell=cell)


def _conversation(channel: Channel, task: Task) -> Iterator[Any]:
    """Send a task and yield what its child says until it has nothing more to say."""
    with suppress(BrokenPipeError):
        channel.send(task)
    while True:
        try:
            message = channel.receive()
        except EOFError:
            return
        yield message


class _TimeLimit:
    """Kills a child that outlives its task's limit or its current cell's."""

    def __init__(self, child, seconds: float | None):
        self.expired: float | None = None
        self._child = child
        self._seconds = seconds
        self._started = time.monotonic()
        self._timer: threading.Timer | None = None
        self._arm(seconds, seconds)

    def enter(self, cell: Cell | None) -> None:
        """Start the clock of a cell; ``None`` leaves only the task's own limit."""
        left = None if self._seconds is None else self._seconds - (time.monotonic() - self._started)
        cell_limit = cell.limit if cell else None
        if cell_limit is not None and (left is None or cell_limit < left):
            self._arm(cell_limit, cell_limit)
        else:
            self._arm(left, self._seconds)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _arm(self, delay: float | None, limit: float | None) -> None:
        self.close()
        if delay is not None:
            self._timer = threading.Timer(max(delay, 0), self._expire, [limit])
            self._timer.daemon = True
            self._timer.start()

    def _expire(self, limit: float) -> None:
        self.expired = limit
        self._child.kill()


class ForkedChildren:
    """Children forked by a preloaded server process with no threads; taking one costs a few milliseconds."""

    def __init__(self, jobs: int, warm_up: Sequence[str]):
        self._warm_up = warm_up
        self._lock = threading.Lock()
        self._closed = False

    def open(self) -> None:
        self._control, theirs = socket.socketpair()
        self._ready = False
        with theirs:
            descriptor = theirs.fileno()
            self._server = _launch(
                "shnor_lib.runs.forkserver", [str(descriptor), *self._warm_up], pass_fds=[descriptor]
            )

    def prepare(self, waiting: int) -> None:
        """Nothing: a child is forked when it is taken."""

    def take(self) -> "_ForkedChild":
        with self._lock:
            try:
                return self._request()
            except ConnectionError:
                if self._closed:
                    raise WarmServerError("сервер процессов уже закрыт") from None
                self._stop()
                self.open()  # someone killed the server: start another, once
                return self._request()

    def _request(self) -> "_ForkedChild":
        if not self._ready:
            self._ready = bool(self._control.recv(1))
        if not self._ready:
            raise WarmServerError(f"сервер процессов не начал работу, код {self._server.wait()}")
        ours, theirs = socket.socketpair()
        exit_code, their_exit_code = (
            os.fdopen(end, mode, 0) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True)
        )
        with theirs, their_exit_code:
            socket.send_fds(self._control, [b"+"], [theirs.fileno(), their_exit_code.fileno()])
        pid = exit_code.read(EXIT_CODE.size)
        if not pid:
            raise ConnectionResetError
        return _ForkedChild(EXIT_CODE.unpack(pid)[0], ours, exit_code)

    def close(self) -> None:
        self._closed = True
        self._stop()

    def _stop(self) -> None:
        with suppress(OSError):  # the server may be gone already
            self._control.shutdown(socket.SHUT_RDWR)  # reaches it even where a fork of this process keeps a copy
        self._control.close()  # the server kills its children and ends
        if not self._ready:
            self._server.kill()
        self._server.wait()


class _ForkedChild:
    def __init__(self, pid: int, connection: socket.socket, exit_code: IO[bytes]):
        self.channel = Channel(connection.makefile("rb"), connection.makefile("wb"))
        connection.close()
        self._pid = pid
        self._exit_code = exit_code

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)

    def end(self) -> int | None:
        """Wait for the child and return its exit code; None when the server that would know is gone."""
        with self._exit_code:
            code = self._exit_code.read(EXIT_CODE.size)
        self.channel.close()
        return EXIT_CODE.unpack(code)[0] if code else None


class SpawnedChildren:
    """Children started ahead of their tasks, for platforms without fork: each pays for its own imports, once, early."""

    def __init__(self, jobs: int, warm_up: Sequence[str]):
        self._jobs = jobs
        self._warm_up = warm_up
        self._lock = threading.Lock()
        self._standing_by: list[_SpawnedChild] = []
        self._taken: list[_SpawnedChild] = []

    def open(self) -> None:
        self.prepare(1)

    def prepare(self, waiting: int) -> None:
        """Start as many children as waiting tasks will soon take."""
        with self._lock:
            while len(self._standing_by) < min(self._jobs, waiting):
                self._standing_by.append(_SpawnedChild(self._warm_up))

    def take(self) -> "_SpawnedChild":
        with self._lock:
            child = self._standing_by.pop(0) if self._standing_by else _SpawnedChild(self._warm_up)
            self._taken = [other for other in self._taken if other.is_alive()] + [child]
        child.wait_until_ready()
        return child

    def close(self) -> None:
        """Kill all; a taken child's streams are closed by the thread that reads them, not under its hands."""
        with self._lock:
            standing_by, self._standing_by = self._standing_by, []
            taken, self._taken = self._taken, []
        for child in standing_by + taken:
            child.kill()
        for child in standing_by:
            child.end()


class _SpawnedChild:
    def __init__(self, warm_up: Sequence[str]):
        self._popen = _launch("shnor_lib.runs.spawned", warm_up, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._popen.stdout and self._popen.stdin
        self.channel = Channel(self._popen.stdout, self._popen.stdin)

    def wait_until_ready(self) -> None:
        try:
            self.channel.receive()
        except EOFError:
            code = self.end()
            raise WarmServerError(f"процесс не начал работу, код {code}") from None

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def kill(self) -> None:
        if os.name == "posix":
            with suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        else:
            self._popen.kill()

    def end(self) -> int:
        """Wait for the child and return its exit code; what its notebook started ends with it."""
        code = self._popen.wait()
        self.kill()
        self.channel.close()
        return code


def _launch(module: str, arguments: Sequence[str], **options) -> subprocess.Popen:
    # A session of its own: Ctrl-C reaches the caller, and the caller ends what it started.
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | options
    environment = os.environ | ONE_THREAD | {"MPLBACKEND": INLINE_BACKEND, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        env=environment,
        start_new_session=os.name == "posix",
        **streams,
    )


_shared: WarmServer | None = None
_shared_lock = threading.Lock()


def shared_server() -> WarmServer:
    """The server of this process, started when first asked for and stopped with the process."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = WarmServer().__enter__()
            atexit.register(_shared.close)
        return _shared
