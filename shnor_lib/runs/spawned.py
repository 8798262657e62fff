"""A child started ahead of its task, for platforms without fork: load, say so, run one task, end."""

import os
import sys
import threading

from shnor_lib.runs.child import Channel, serve_task
from shnor_lib.runs.forkserver import call_warm_ups


def main(warm_ups: list[str]) -> None:
    """Serve one task over what were standard input and output; the task itself gets neither."""
    channel = Channel(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    call_warm_ups(warm_ups)
    try:
        channel.send("ready")
        task = channel.receive()
    except (EOFError, BrokenPipeError):  # no task came
        os._exit(0)
    threading.Thread(target=_end_with_caller, args=[channel], daemon=True).start()
    serve_task(channel, task)
    os._exit(0)


def _end_with_caller(channel: Channel) -> None:
    """Stop in the middle of the task when nobody waits for it any more."""
    try:
        channel.receive()
    except EOFError:
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
