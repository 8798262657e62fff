"""The fork server's process: load once, stay single-threaded, fork a child for every request.

Started by :class:`shnor_lib.runs.warm.ForkedChildren`. A request is one byte with two descriptors: the child's channel
and the pipe that gets the child's process id and, in the end, its exit code.
"""

import gc
import importlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

from shnor_lib.runs.child import EXIT_CODE, Channel, serve_task


def call_warm_ups(functions: Sequence[str]) -> None:
    """Import modules, call functions given as ``module:function``; then set aside what they loaded from the collector."""
    for function in functions:
        module, _, name = function.partition(":")
        loaded = importlib.import_module(module)
        if name:
            getattr(loaded, name)()
    gc.collect()
    gc.freeze()  # children share these pages until someone writes to them, and a collection would


def serve_forks(control: socket.socket) -> None:
    """Fork a child per request until the caller closes the control socket."""
    exit_codes: dict[int, int] = {}  # pid of a running child: the pipe its exit code goes to

    def collect_children(*_signal_and_frame):
        for pid in list(exit_codes):
            try:
                done, status = os.waitpid(pid, os.WNOHANG)
            except (
                ChildProcessError
            ):  # another child ended while this loop ran, and the handler of its signal took this one too
                continue
            if done:
                _kill_group(pid)  # what the notebook started ends with it
                pipe = exit_codes.pop(pid)
                _write(pipe, os.waitstatus_to_exitcode(status))
                os.close(pipe)

    signal.signal(signal.SIGCHLD, collect_children)
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not request:
            break
        connection, pipe = descriptors
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # the child may end before it is written down
        pid = os.fork()
        if pid == 0:
            for inherited in [control.fileno(), pipe, *exit_codes.values()]:
                os.close(inherited)
            _be_child(connection)
        os.setpgid(pid, pid)
        exit_codes[pid] = pipe
        os.close(connection)
        _write(pipe, pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in exit_codes:
        _kill_group(pid)


def _be_child(connection: int) -> None:
    """Run one task and end without the parent's exit handlers."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        with socket.socket(fileno=connection) as wire:
            channel = Channel(wire.makefile("rb"), wire.makefile("wb"))
            serve_task(channel, channel.receive())
        code = 0
    finally:
        os._exit(code)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _write(pipe: int, number: int) -> None:
    with suppress(BrokenPipeError):  # the caller no longer asks
        os.write(pipe, EXIT_CODE.pack(number))


if __name__ == "__main__":
    control_socket = socket.socket(fileno=int(sys.argv[1]))
    call_warm_ups(sys.argv[2:])
    control_socket.sendall(b"!")
    serve_forks(control_socket)
