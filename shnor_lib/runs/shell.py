"""A notebook's kernel without the wire: ipykernel's shell at one end, nbclient at the other, memory between them.

Both ends are the code of a real run, so outputs, errors, widgets and refusals are those of a real kernel. Only ZeroMQ,
the second process and its start are left out. A process that runs a notebook this way keeps what the notebook did to
it; give it a fresh child (see :mod:`shnor_lib.runs.warm`).
"""

import codecs
import io
import logging
import os
import sys
import tempfile
import threading
from collections import deque
from contextlib import contextmanager
from functools import partial

from ipykernel.eventloops import enable_gui
from ipykernel.ipkernel import IPythonKernel
from IPython.core.pylabtools import activate_matplotlib
from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

from shnor_lib.runs.child import INLINE_BACKEND, INTERPRETER_PATH, Cell, announce


def notebook_path():
    """Return the import path of a kernel: the interpreter's, with the working directory after the standard library."""
    path = list(INTERPRETER_PATH)
    third_party = [place for place, entry in enumerate(path) if entry.endswith(("site-packages", "dist-packages"))]
    path.insert(third_party[0] if third_party else len(path), "")
    return path


class MemorySession(Session):
    """The message factory of a kernel whose messages stay in the process: two queues instead of sockets."""

    def __init__(self, **traits):
        super().__init__(**traits)
        self.published = deque()
        self.replies = deque()

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, track=False, **described):
        """Queue a message as the other side would receive it: content through JSON, buffers as they are."""
        if isinstance(msg_or_type, str):
            message = self.msg(msg_or_type, content=content, parent=parent, **described)
        else:
            message = msg_or_type
        received = dict(message, content=self.unpack(self.pack(message["content"])), buffers=buffers or [])
        (self.replies if message["msg_type"].endswith("_reply") else self.published).append(received)
        return message


class CellStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell: what Python prints, and what others write to the descriptor.

    Text is published when something flushes, as ipykernel does, but never by a clock: the same notebook gives the same
    outputs.
    """

    encoding = "UTF-8"

    def __init__(self, name, session):
        self.name = name
        self._session = session
        self._parent = {}
        self._texts = []
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._descriptor = {"stdout": 1, "stderr": 2}[name]
        self._original = os.dup(self._descriptor)
        # C code and subprocesses write to a file, not a pipe: a pipe fills up and needs a thread that reads it.
        self._outside = None
        if sys.platform != "win32":
            self._outside = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115  open as long as the process
        self._outside_read = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def set_parent(self, parent):
        """Attribute what follows to the request of this cell."""
        self._parent = parent

    @contextmanager
    def catching(self):
        """Stand in for the interpreter's stream and the process's descriptor while a cell runs."""
        stream_before = getattr(sys, self.name)
        stream_before.flush()
        setattr(sys, self.name, self)
        if self._outside:
            os.dup2(self._outside.fileno(), self._descriptor)
        try:
            yield
        finally:
            setattr(sys, self.name, stream_before)
            if self._outside:
                os.dup2(self._original, self._descriptor)

    def writable(self):
        return True

    def fileno(self):
        return self._original

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._pid:  # a process forked by the notebook: its memory is not ours, the file is
            os.write(self._descriptor, text.encode(errors="replace"))
            return len(text)
        with self._lock:
            self._read_outside()
            self._texts.append(text)
        return len(text)

    def flush(self):
        if os.getpid() != self._pid:
            return
        with self._lock:
            self._read_outside()
            text = "".join(self._texts)
            self._texts.clear()
        if text:
            self._session.send(None, "stream", {"name": self.name, "text": text}, parent=self._parent)

    def _read_outside(self):
        if not self._outside:
            return
        size = os.fstat(self._outside.fileno()).st_size
        if size > self._outside_read:
            written = os.pread(self._outside.fileno(), size - self._outside_read, self._outside_read)
            self._outside_read = size
            self._texts.append(self._decoder.decode(written))


class NotebookKernel(IPythonKernel):
    """ipykernel's kernel, asked directly instead of through sockets."""

    _execute_sleep = 0.0  # ipykernel waits for its sockets here

    def __init__(self):
        super().__init__(
            session=MemorySession(),
            iopub_socket="memory",
            log=logging.getLogger(__name__),
            config=Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}}),
        )
        self.streams = [CellStream(name, self.session) for name in ("stdout", "stderr")]
        self.shell_channel_thread = _NoSubshells()
        self.shell.enable_gui = partial(enable_gui, kernel=self)  # the shell's own looks for the kernel's application
        if not os.environ.get("MPLBACKEND"):
            os.environ["MPLBACKEND"] = INLINE_BACKEND
        sys.path[:] = notebook_path()
        self._arm_inline_figures()
        self.shell.extension_manager.load_extension("storemagic")
        self.shell.user_ns_hidden.update(self.shell.user_ns)

    def _abort_queues(self, subshell_id=None):
        """Nothing to abort: requests never wait in line here."""

    def _arm_inline_figures(self):
        # matplotlib arms its inline backend when that is first imported under a shell. If a warm-up has drawn with
        # pyplot, that moment passed before this shell existed, and figures would vanish without a word.
        if "matplotlib_inline.backend_inline" in sys.modules:
            activate_matplotlib(INLINE_BACKEND)
            sys.modules["matplotlib_inline.backend_inline"].configure_inline_support(self.shell, INLINE_BACKEND)

    async def run_request(self, request):
        """Execute one cell and queue what a kernel would publish and reply."""
        self.set_parent([], request)
        for stream in self.streams:
            stream.set_parent(request)
        self._publish_status("busy", "shell")
        stdout, stderr = self.streams
        with stdout.catching(), stderr.catching():
            await self.execute_request(None, [], request)
        self._publish_status("idle", "shell")


class _NoSubshells:
    """ipykernel asks this thread's parent who may take Ctrl-C; nobody does here."""

    parent_thread = None


class KernelChannels:
    """The kernel client nbclient talks to."""

    allow_stdin = False

    def __init__(self):
        self.kernel = NotebookKernel.instance()
        self.session = self.kernel.session
        self.iopub_channel = _Queue(self.session.published)
        self.shell_channel = _Queue(self.session.replies, self.kernel)

    def is_alive(self):
        """Whether the notebook has not left through ``exit``."""
        return not self.kernel.shell.exit_now

    async def execute(self, code, store_history=True, stop_on_error=True):
        """Execute a cell to its end; return the id under which its messages are queued."""
        if not self.is_alive():
            raise DeadKernelError("Kernel died")
        request = self.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": self.allow_stdin,
                "stop_on_error": stop_on_error,
            },
        )
        await self.kernel.run_request(request)
        return request["header"]["msg_id"]

    def kernel_info(self):
        """Queue the language of the kernel; return the id of the request."""
        request = self.session.msg("kernel_info_request", {})
        content = {"status": "ok", "language_info": self.kernel.language_info}
        self.session.send(None, "kernel_info_reply", content, parent=request)
        return request["header"]["msg_id"]


class _Queue:
    """One channel of a kernel client over a queue in memory."""

    def __init__(self, messages, kernel=None):
        self._messages = messages
        self._kernel = kernel

    def get_msg(self, timeout=None):
        return self._messages.popleft()

    def send(self, message):
        """Deliver what a mimicked front end (an Output widget) tells the kernel."""
        self._kernel.shell_handlers[message["msg_type"]](None, [], dict(message, buffers=[]))


class NotebookClient(PapermillNotebookClient):
    """papermill's client over a kernel in this process; tells the caller which cell it is in."""

    def __init__(self, nb_man, **options):
        super().__init__(nb_man, on_cell_execute=self._announce_cell, **options)

    @contextmanager
    def setup_kernel(self, **kwargs):
        """Give the notebook a new shell. Nothing to shut down: the process ends with its task."""
        self.kc = KernelChannels()
        yield
        announce(None)

    def _announce_cell(self, cell, cell_index):
        announce(Cell(cell_index, cell.source, self._get_timeout(cell)))
