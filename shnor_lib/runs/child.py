"""The inside of a warm child: receive one task, run it, tell the caller what happens, end."""

import gc
import os
import pickle
import struct
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from typing import IO, Any

EXIT_CODE = struct.Struct("q")
YOUNG_OBJECTS = 50_000
"""So many new objects bring the collector: a child lives for seconds, and frames and figures make objects by the thousand."""
INTERPRETER_PATH = tuple(sys.path)
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


@dataclass(frozen=True)
class Task:
    """What to run and where it stands: the caller's environment, directory and import path."""

    call: bytes  # (function, kwargs), unpickled by the child only after the import path is the caller's
    environment: dict[str, str]
    directory: str
    import_path: list[str]


@dataclass(frozen=True)
class Cell:
    """The notebook cell a child has entered, with its own time limit in seconds, if any."""

    index: int
    source: str
    limit: float | None = None


@dataclass(frozen=True)
class Note:
    """Anything else a task tells its caller while it runs."""

    content: Any


@dataclass(frozen=True)
class Done:
    """The task returned."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """The task raised. ``cell`` is there when papermill blames one."""

    error: str
    traceback: str
    cell: Cell | None = None


class Channel:
    """Pickled messages over a pair of byte streams."""

    def __init__(self, reading: IO[bytes], writing: IO[bytes]):
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()

    def send(self, message: Any) -> None:
        """Write one message whole, or nothing if it does not pickle."""
        self.send_packed(pickle.dumps(message))

    def send_packed(self, packed: bytes) -> None:
        with self._lock:
            self._writing.write(packed)
            self._writing.flush()

    def receive(self) -> Any:
        """Return the next message; ``EOFError`` when the other end is gone, even in the middle of one."""
        try:
            return pickle.load(self._reading)
        except (pickle.UnpicklingError, ConnectionResetError) as error:
            raise EOFError from error

    def close(self) -> None:
        self._reading.close()
        self._writing.close()


_caller: Channel | None = None
_fresh = False


def announce(message: Any) -> None:
    """Tell the caller of this child something; nothing happens in a process that is not a warm child."""
    if _caller:
        _caller.send(message)


def claim_fresh_child() -> bool:
    """Say whether this process is a warm child that no notebook has run in yet; true once."""
    global _fresh
    claimed, _fresh = _fresh, False
    return claimed


def serve_task(channel: Channel, task: Task) -> None:
    """Run one task as the caller would have, and send how it ended."""
    global _caller, _fresh
    _caller, _fresh = channel, True
    os.environ.clear()
    os.environ.update(task.environment | ONE_THREAD)
    os.environ.pop("MPLBACKEND", None)  # a report shows its figures whatever the terminal is set to
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(task.directory)
    sys.path[:] = task.import_path
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    if "numpy" in sys.modules:  # forked children would share one stream of random numbers
        sys.modules["numpy"].random.seed()
    try:
        function, kwargs = pickle.loads(task.call)
        ending = pickle.dumps(Done(function(**kwargs)))
    except BaseException as error:  # noqa: BLE001  even SystemExit is an ending the caller must hear of
        ending = pickle.dumps(_failure(error))
    channel.send_packed(ending)


def _failure(error: BaseException) -> Failed:
    # papermill's errors carry the notebook's own exception, and the cell, beside their own text
    name = getattr(error, "ename", type(error).__name__)
    reason = getattr(error, "evalue", str(error))
    place = getattr(error, "cell_index", None)
    cell = None if place is None else Cell(place, getattr(error, "source", ""))
    return Failed(f"{name}: {reason}" if reason else name, "".join(traceback.format_exception(error)), cell)
