"""Every task has a fresh warm child; what happens to one reaches neither the caller nor the next."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from shnor_lib.runs import child, warm
from shnor_lib.runs.child import Cell, Note
from shnor_lib.runs.warm import WarmServer, WarmServerError


def add(a, b):
    return a + b


def process_id():
    return os.getpid()


def fail(text):
    raise ValueError(text)


def blame_a_cell():
    error = RuntimeError("papermill's own text")
    error.ename, error.evalue, error.cell_index, error.source = "KeyError", "'качество'", 4, "marks['качество']"
    raise error


def exit_with(code):
    os._exit(code)


def kill_oneself(number):
    os.kill(os.getpid(), number)


def leave_by_exception():
    sys.exit(3)


def sleep(seconds):
    time.sleep(seconds)


def spell(seconds):
    begun = time.monotonic()
    time.sleep(seconds)
    return begun, time.monotonic()


def hang_in_cell(limit):
    child.announce(Cell(2, "while True: pass", limit))
    while True:
        pass


def pass_cells_slowly(cells, seconds, limit):
    for index in range(cells):
        child.announce(Cell(index, "", limit))
        time.sleep(seconds)
    child.announce(None)
    time.sleep(seconds)
    return "до конца"


def note(count):
    for number in range(count):
        child.announce(Note(number))


def start_orphan():
    return subprocess.Popen(["sleep", "1000"]).pid


def close_descriptors():
    os.closerange(3, 100)
    time.sleep(1000)


def patch_and_look():
    import pandas

    seen = os.environ.get("PATCHED"), hasattr(pandas, "patched"), os.getcwd(), "/patched" in sys.path
    os.environ["PATCHED"] = "да"
    pandas.patched = True
    os.chdir("/")
    sys.path.append("/patched")
    return seen


def surroundings():
    return os.environ.get("SHNOR_SEEN"), os.getcwd(), os.environ["OMP_NUM_THREADS"], sys.stdin.read()


def random_number():
    import numpy

    return numpy.random.random()


def threads_of_parent():
    parent = psutil.Process(os.getppid())
    return parent.num_threads(), parent.cmdline()


def parent_id():
    return os.getppid()


def tell_and_sleep():
    child.announce(Note(os.getpid()))
    time.sleep(1000)


def loaded(modules):
    return [name for name in modules if name in sys.modules]


def unpicklable():
    return lambda: None


@pytest.fixture(scope="module", params=["fork", "spawn"])
def server(request):
    with WarmServer(jobs=2, start=request.param, warm_up=()) as server:
        yield server


def test_returns_the_value(server):
    outcome = server.run(add, {"a": 2, "b": 3})
    assert (outcome.status, outcome.value, outcome.error, outcome.cell, outcome.cause) == ("done", 5, None, None, "")
    assert 0 < outcome.seconds < 10


def test_every_task_has_its_own_process(server):
    pids = {server.run(process_id).value for _ in range(3)}
    assert len(pids) == 3 and os.getpid() not in pids


def test_submitted_tasks_run_side_by_side(server):
    server.run(add, {"a": 1, "b": 1})
    futures = [server.submit(spell, {"seconds": 1.5}) for _ in range(2)]
    (first, end_of_first), (second, end_of_second) = (future.result().value for future in futures)
    assert second < end_of_first and first < end_of_second, "a machine has one clock for all its processes"


def test_error_is_told_with_its_text(server):
    outcome = server.run(fail, {"text": "нет таблицы"})
    assert (outcome.status, outcome.error, outcome.cell) == ("failed", "ValueError: нет таблицы", None)
    assert "raise ValueError(text)" in outcome.traceback
    assert outcome.cause == "ошибка: ValueError: нет таблицы"


def test_error_of_a_notebook_names_its_cell(server):
    outcome = server.run(blame_a_cell)
    assert outcome.error == "KeyError: 'качество'"
    assert (outcome.cell.index, outcome.cell.source) == (4, "marks['качество']")
    assert outcome.cause == "ошибка в ячейке 5: KeyError: 'качество'"


def test_what_cannot_travel_back_is_a_failure(server):
    assert server.run(unpicklable).status == "failed"


def test_leaving_through_sys_exit_is_a_failure(server):
    assert server.run(leave_by_exception).error == "SystemExit: 3"


@pytest.mark.parametrize("code", [0, 7])
def test_a_child_that_exits_has_died(server, code):
    outcome = server.run(exit_with, {"code": code})
    assert (outcome.status, outcome.exit_code) == ("died", code)
    assert str(code) in outcome.cause


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_killed_child_has_died_of_the_signal(server, number):
    outcome = server.run(kill_oneself, {"number": number})
    assert (outcome.status, outcome.exit_code) == ("died", -number)
    assert server.run(add, {"a": 1, "b": 1}).value == 2


def test_a_killed_child_is_suspected_of_memory():
    assert "память" in warm.Outcome("died", 1, exit_code=-9).cause


def test_a_task_is_stopped_at_its_limit(server):
    outcome = server.run(sleep, {"seconds": 1000}, timeout=0.5)
    assert (outcome.status, outcome.limit) == ("timeout", 0.5)
    assert 0.5 <= outcome.seconds < 5
    assert outcome.cause == "остановлен по пределу времени 0.5 с"


@pytest.mark.parametrize("timeout", [None, 100])
def test_a_cell_is_stopped_at_its_own_limit(server, timeout):
    outcome = server.run(hang_in_cell, {"limit": 0.5}, timeout=timeout)
    assert (outcome.status, outcome.limit, outcome.cell.index) == ("timeout", 0.5, 2)
    assert outcome.cause == "остановлен по пределу времени 0.5 с в ячейке 3"


def test_the_task_limit_holds_inside_a_cell(server):
    outcome = server.run(hang_in_cell, {"limit": 100}, timeout=2)
    assert (outcome.status, outcome.limit, outcome.cell.index) == ("timeout", 2, 2)


def test_a_cell_limit_is_counted_anew_for_every_cell(server):
    assert server.run(pass_cells_slowly, {"cells": 4, "seconds": 0.4, "limit": 0.9}).value == "до конца"


def test_notes_arrive_in_order(server):
    notes = []
    server.run(note, {"count": 5}, on_note=notes.append)
    assert notes == [0, 1, 2, 3, 4]


def test_an_error_of_the_listener_is_the_callers(server):
    def listener(content):
        raise BrokenPipeError("слушатель ушёл")

    with pytest.raises(BrokenPipeError, match="слушатель"):
        server.run(note, {"count": 5}, on_note=listener)


def test_what_a_task_started_ends_with_it(server):
    orphan = server.run(start_orphan).value
    deadline = time.monotonic() + 5
    while psutil.pid_exists(orphan) and psutil.Process(orphan).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the orphan lives on"
        time.sleep(0.05)


def test_a_task_that_closes_its_line_is_ended(server):
    assert server.run(close_descriptors, timeout=60).status == "died"


def test_nothing_reaches_the_next_task(server):
    clean = (None, False, os.getcwd(), False)
    assert [server.run(patch_and_look).value for _ in range(2)] == [clean, clean]


def test_a_task_stands_where_its_caller_stands(server, monkeypatch, tmp_path):
    monkeypatch.setenv("SHNOR_SEEN", "сейчас")
    monkeypatch.chdir(tmp_path)
    assert server.run(surroundings).value == ("сейчас", str(tmp_path), "1", "")


def test_random_numbers_are_not_shared(server):
    assert len({server.run(random_number).value for _ in range(3)}) == 3


def test_the_fork_server_is_warm_and_has_one_thread():
    with WarmServer(start="fork") as server:
        assert server.run(loaded, {"modules": ["pandas", "seaborn", "scipy.stats", "shnor_lib.runs.shell"]}).value == [
            "pandas",
            "seaborn",
            "scipy.stats",
            "shnor_lib.runs.shell",
        ]
        threads, command = server.run(threads_of_parent).value
    assert "shnor_lib.runs.forkserver" in command
    assert threads == 1


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_warm_up_that_fails_is_an_error(start, capfd):
    with (
        WarmServer(start=start, warm_up=["math:no_such_function"]) as server,
        pytest.raises(WarmServerError, match="не начал работу"),
    ):
        server.run(add, {"a": 1, "b": 1})
    assert "no_such_function" in capfd.readouterr().err


def test_a_killed_server_is_started_again():
    with WarmServer(start="fork", warm_up=()) as server:
        forkserver = server.run(parent_id).value
        os.kill(forkserver, signal.SIGKILL)
        assert server.run(add, {"a": 1, "b": 1}).value == 2


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_closing_ends_the_running_and_drops_the_waiting(start):
    with WarmServer(jobs=1, start=start, warm_up=()) as server:
        running, waiting = (server.submit(sleep, {"seconds": 1000}) for _ in range(2))
        time.sleep(1)
        server.close()
        assert running.result(timeout=10).status == "died"
        assert waiting.cancelled()
        with pytest.raises(WarmServerError, match="уже закрыт"):
            server.run(add, {"a": 1, "b": 1})


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_nothing_outlives_a_killed_caller(start, tmp_path):
    caller = tmp_path / "caller.py"
    caller.write_text(
        textwrap.dedent(
            f"""
            import sys, threading, time
            sys.path.insert(0, {os.path.dirname(__file__)!r})
            import test_warm
            from shnor_lib.runs.warm import WarmServer
            with WarmServer(start={start!r}, warm_up=()) as server:
                print(server.run(test_warm.process_id).value, flush=True)
                server.run(test_warm.tell_and_sleep, on_note=lambda pid: print(pid, flush=True))
            """
        )
    )
    process = subprocess.Popen([sys.executable, caller], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    task = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.wait()
    process.stdout.close()
    task.wait(timeout=10)


def add_in_a_daemon(start, answers):
    with WarmServer(jobs=2, start=start, warm_up=()) as server:
        futures = [server.submit(add, {"a": 1, "b": number}) for number in range(4)]
        answers.send([future.result().value for future in futures])


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_works_in_a_daemon_process(start):
    """A Dask worker is one: the standard library refuses it children."""
    answers, theirs = multiprocessing.get_context("spawn").Pipe()
    daemon = multiprocessing.get_context("spawn").Process(target=add_in_a_daemon, args=[start, theirs], daemon=True)
    daemon.start()
    assert answers.poll(30)
    assert answers.recv() == [1, 2, 3, 4]
    daemon.join(10)


def test_many_threads_may_ask_at_once(server):
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda number: server.run(add, {"a": 1, "b": number}), range(8)))
    assert [outcome.value for outcome in outcomes] == [1, 2, 3, 4, 5, 6, 7, 8]
