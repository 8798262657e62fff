"""Commands that write are killed: at every call that changes the disk, and at random moments while they write.

Each kill is one process group of a copy of one small workspace. After it every file is whole, and either what it was or what the
command makes of it; after the next command what belongs together is all old or all new, nothing half-written lies about, and
the command said what it did. ``KILLS`` in the environment: how many, 1,000 by default.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Self

from shnor_lib.params.yaml_files import parse_tree
from shnor_lib.runs.transaction import JOURNAL
from tests.runs.workspaces import make_workspace, show_schools, write_notebook

KILLS = 1000
LONGEST = 120
"""Seconds that a command may take; one that takes longer hangs, which is a failure too."""

MOMENT = 0.01
"""A kill that lands between calls lands at most so many seconds after one."""

REPEATED = 8
"""After one kill of so many the command itself is given once more: it ends where one that nobody killed does."""

OWN = {".run.lock", ".run.json", ".shnor.lock", JOURNAL, ".shnor.new", "shnor.log"}
REPORTS = ("01_first", "02_second")


@dataclass
class Trial:
    """A command to kill.

    Attributes
    ----------
    arguments : of ``shnor``, said in the folder that holds the workspace ``w`` and what comes from outside.
    following : the next command; empty for the same one again.
    share : how often it is killed, relative to the others.
    processes : it is started as users start it, with the processes that it starts itself.
    old, new : files before and after one that nobody kills; ``volatile`` ones are never twice the same.
    calls, seconds : how often and how long it changes the disk.
    """

    name: str
    arguments: list[str]
    following: list[str] = field(default_factory=lambda: ["--workspace", "w", "status"])
    share: int = 4
    processes: bool = False
    old: dict[str, bytes] = field(default_factory=dict)
    new: dict[str, bytes] = field(default_factory=dict)
    volatile: set[str] = field(default_factory=set)
    calls: int = 0
    seconds: float = 0.0


OFFICE = ["-m", "alpha", "-y", "2021"]
_RUN = ["--workspace", "w", "run", "-m", "alpha", "-j", "2", *(word for name in REPORTS for word in ("-r", name))]


def trials() -> list[Trial]:
    """Every command that writes several files, or one large one."""
    at = ["--workspace", "w"]
    form = ["template", *OFFICE, "--school-form"]
    return [
        Trial("import", [*at, "import", "in/exports/Математика 5.xlsx", *OFFICE]),
        Trial("collect", [*at, "collect", "in/forms", *OFFICE]),
        Trial("template", [*at, *form, "w/forms"]),
        Trial("template elsewhere", [*at, *form, "out/forms"], following=[]),
        Trial("new", [*at, "new", "beta", "-y", "2022"]),
        Trial("new workspace", ["--workspace", "out/fresh", "new", "beta", "-y", "2022"], following=[]),
        Trial("year", [*at, "year", "alpha", "2022"]),
        Trial("pack", [*at, "pack", *OFFICE]),
        Trial("run", _RUN),
        Trial("run, processes", _RUN, share=1, processes=True),
    ]


# --- what is killed -----------------------------------------------------------------------------------------------------------


def make_base(folder: Path) -> None:
    """A workspace with reports of an earlier state of its data, an export and the forms of two schools."""
    from shnor_lib.inputs.sources import read_inputs
    from shnor_lib.inputs.template import FIRST, known_of, school_form
    from tests.inputs.importers.exports import export
    from tests.inputs.importers.test_participants import protocol_2020
    from tests.inputs.test_template import columns_of, opened, saved

    workspace = make_workspace(folder / "w", {"alpha": [2021]})
    for report in REPORTS:
        write_notebook(workspace, report, show_schools(f"schools{report[2:]}"))
    register = workspace / "data" / "raw" / "alpha" / "2021" / "schools.csv"
    header, first, *others = register.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},aliases", f"{first},sch200001", *(f"{other}," for other in others)]
    register.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "in" / "forms").mkdir(parents=True)
    (folder / "out").mkdir()
    export(folder / "in", "Математика 5.xlsx", Sheet1=protocol_2020(("sch200001", 3, "", "1", 6)))
    known = known_of(read_inputs(workspace, "alpha", [2021]).tables)
    for school in ("s01", "s02"):
        form = opened(school_form(2021, known.of_school(school)))
        sheet = form["Кадры"]
        sheet.cell(FIRST + 1, columns_of(sheet)["Учителя"]).value = 20
        (folder / "in" / "forms" / f"{school}.xlsx").write_bytes(saved(form))
    code, _ = ended(begun(folder, _RUN))
    assert code == 0, said(folder)
    register.write_text(register.read_text(encoding="utf-8").replace(",500,", ",501,"), encoding="utf-8")


class InThisProcess:
    """Stands in for the children of a run: what they would do is done here, at once, so that a kill costs no second."""

    slots = 1

    def __init__(self, *_: object) -> None:
        self._ended: list = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def start(self) -> None: ...

    def close(self) -> None: ...

    def submit(self, task: object, function: Callable, kwargs: dict, timeout: float) -> None:
        from shnor_lib.runs import child
        from shnor_lib.runs.warm import Outcome

        child._fresh = True
        self._ended.append((task, Outcome("done", 0.0, function(**kwargs))))

    def next_ended(self) -> tuple:
        return self._ended.pop()


def changes_disk(event: str, arguments: tuple, below: str) -> bool:
    """Whether an audit event of Python is about to change a file or folder below a folder."""
    if event not in ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"):
        return False
    reads = event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return not (reads or isinstance(arguments[0], int)) and os.path.abspath(os.fsdecode(arguments[0])).startswith(below)


def begun(folder: Path, arguments: list[str], kill_at: int = 0, pipe: int = -1) -> int:
    """Start ``shnor`` in a process of its own that has everything loaded; the process id.

    Parameters
    ----------
    kill_at : the call that changes the disk before which it kills its group; 0 for none.
    pipe : where it writes a sign before each such call.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: none of them does anything here
        process = os.fork()
    if process:
        return process
    code: object = 1
    try:
        os.setsid()
        os.chdir(folder)
        told = os.open(folder.parent / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(told, 1), os.dup2(told, 2)
        sys.stdout, sys.stderr = open(1, "w", encoding="utf-8"), open(2, "w", encoding="utf-8")  # noqa: SIM115
        from shnor_lib.cli import main
        from shnor_lib.runs import pack, run

        run.open_pool, pack.find_browser = InThisProcess, str
        counted, below = 0, str(folder)

        def heard(event: str, found: tuple) -> None:
            nonlocal counted
            if changes_disk(event, found, below):
                counted += 1
                if counted == kill_at:
                    os.killpg(0, signal.SIGKILL)
                if pipe >= 0:
                    os.write(pipe, b".")

        sys.addaudithook(heard)
        main(arguments)
        code = 0
    except SystemExit as left:
        code = left.code
    except BaseException:  # noqa: BLE001  told by its code and what it said
        import traceback

        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush(), sys.stderr.flush()
        os._exit(int(code or 0))


def ended(process: int) -> tuple[int, float]:
    """The code a process ends with, negative for a signal, and the seconds it took; one that hangs is killed."""
    began = time.monotonic()
    while True:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), time.monotonic() - began
        if time.monotonic() - began > LONGEST:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            raise AssertionError(f"a command hangs: {LONGEST} s")
        time.sleep(0.002)


def said(folder: Path) -> str:
    """What the last command said."""
    return (folder.parent / "said").read_text(encoding="utf-8", errors="replace")


def kill_in_processes(folder: Path, trial: Trial, after: float) -> None:
    """Start a command as users do and kill it with all its processes some seconds later."""
    program = [sys.executable, "-m", "shnor_lib", *trial.arguments]
    with open(folder.parent / "said", "wb") as told:
        process = subprocess.Popen(program, cwd=folder, stdout=told, stderr=told, start_new_session=True)
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_at_moment(folder: Path, trial: Trial, calls: int, after: float) -> None:
    """Kill a command some seconds after so many of its calls: wherever it is then, also in the middle of one."""
    reading, writing = os.pipe()
    process = begun(folder, trial.arguments, pipe=writing)
    os.close(writing)
    with suppress(ProcessLookupError):
        for _ in range(calls):
            select.select([reading], [], [], LONGEST)
            os.read(reading, 1)
        time.sleep(after)
        os.killpg(process, signal.SIGKILL)
    os.close(reading)
    ended(process)


# --- what must hold -----------------------------------------------------------------------------------------------------------


def standing(folder: Path) -> dict[str, bytes]:
    """The files of the workspace and of what lies outside, but for locks, the log and what is half-written."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in OWN and not path.name.startswith(".shnor-")
    }


def torn(name: str, content: bytes) -> bool:
    """Whether a file is not whole, by its kind."""
    try:
        match Path(name).suffix:
            case ".json" | ".ipynb":
                json.loads(content)
            case ".csv":
                rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
                return not content.endswith(b"\n") or not rows
            case ".xlsx" | ".zip":
                return zipfile.ZipFile(io.BytesIO(content)).testzip() is not None
            case ".html":
                return not content.rstrip().endswith(b"</html>")
            case ".yml":
                parse_tree(content, name)
            case ".parquet":
                return not (content.startswith(b"PAR1") and content.endswith(b"PAR1"))
            case _:
                return True  # a kind that nobody here knows is looked at by a person
    except (ValueError, zipfile.BadZipFile):
        return True
    return False


def together(name: str) -> str:
    """What a file of a run belongs to; the files of every other command belong to one."""
    path = Path(name)
    if "processed" in path.parts and "alpha" in path.parts:
        return path.name.split(".")[0] if "made" in path.parts else "prepared"
    if path.name == "index.json" or name.endswith("reports/index.html"):
        return "index"
    return path.stem if path.stem in REPORTS else "tables"


def state_of(trial: Trial, name: str, found: bytes | None) -> str:
    """``old``, ``new``, or what else a file is."""
    if found == trial.old.get(name):
        return "old"
    if found == trial.new.get(name) or (name in trial.volatile and found is not None and not torn(name, found)):
        return "new"
    return "torn" if found is None or torn(name, found) else "other"


def states(trial: Trial, folder: Path) -> dict[str, str]:
    """Of every file that the command changes, and every other one that is not what it was: how it stands."""
    found = standing(folder)
    names = {name for name in (*trial.old, *trial.new, *found) if trial.old.get(name) != trial.new.get(name)}
    names |= {name for name in (*trial.old, *found) if found.get(name) != trial.old.get(name)}
    return {name: state_of(trial, name, found.get(name)) for name in sorted(names)}


def check_kill(trial: Trial, folder: Path, repeated: bool) -> Counter:
    """What one kill left and what the next command made of it, counted; ``faults`` are listed by their words."""
    counts: Counter = Counter()
    for name, state in states(trial, folder).items():
        if state not in ("old", "new"):
            counts["torn"] += 1
            counts[f"fault: {trial.name}: after the kill {name} is {state}"] += 1
    pending = list(folder.rglob(JOURNAL))
    code, _ = ended(begun(folder, trial.following or trial.arguments))
    told = said(folder)
    if pending:
        how = [word for word in ("закончена", "отменена") if f"Прерванная запись {word}" in told]
        counts[how[0] if how else "silent"] += 1
        if not how:
            counts[f"fault: {trial.name}: the next command said nothing: {told[:200]!r}"] += 1
    if "Traceback" in told or code not in (0, 2):
        counts[f"fault: {trial.name}: the next command ended with {code}: {told[-300:]!r}"] += 1
    belonging: dict[str, set[str]] = {}
    for name, state in states(trial, folder).items():
        belonging.setdefault(together(name) if "run" in trial.name else "", set()).add(state)
    for what, found in belonging.items():
        if len(found) > 1 or not found <= {"old", "new"}:
            counts["half-applied"] += 1
            counts[f"fault: {trial.name}: {what or 'its files'} are {found} after the next command"] += 1
    for path in folder.rglob(".shnor*"):
        if path.name == JOURNAL or path.suffix in (".new", ".old"):
            counts[f"fault: {trial.name}: {path.name.split('-')[0]}{path.suffix} is left"] += 1
    if repeated or not trial.following:
        if trial.following:
            ended(begun(folder, trial.arguments))
        left = {name: state for name, state in states(trial, folder).items() if state != "new"}
        if left:
            counts[f"fault: {trial.name}: given again it does not end where it should: {left}"] += 1
        counts["repeated"] += 1
    return counts


# --- the attack ---------------------------------------------------------------------------------------------------------------


@contextmanager
def copied(base: Path) -> Iterator[Path]:
    """A copy of the base to be killed in."""
    with tempfile.TemporaryDirectory(prefix="shnor-kills-") as folder:
        yield Path(shutil.copytree(base, Path(folder) / "copy"))


def learn(trial: Trial, base: Path) -> None:
    """See what a command does when nobody kills it: its files, its calls, its seconds."""
    trial.old = standing(base)
    for _ in range(2 if "run" in trial.name else 1):  # a run tells when it ran
        with copied(base) as folder:
            if trial.processes:
                began = time.monotonic()
                kill_in_processes(folder, trial, LONGEST)
                trial.seconds = time.monotonic() - began
            else:
                reading, writing = os.pipe()
                process = begun(folder, trial.arguments, pipe=writing)
                os.close(writing)
                select.select([reading], [], [], LONGEST)
                code, trial.seconds = ended(process)
                trial.calls = len(os.read(reading, 65536))
                os.close(reading)
                assert code == 0, said(folder)
            found = standing(folder)
            trial.volatile |= {name for name in trial.new if trial.new[name] != found.get(name)}
            trial.new = found


def kill_all(kills: int, seed: int = 0, names: tuple[str, ...] = ()) -> Counter:
    """Kill each command by its share, half at its calls in turn, half at random moments; what was found, counted."""
    from shnor_lib.runs.preload import warm_up

    warm_up()
    gc.collect(), gc.freeze()  # what is loaded is shared by all that are killed
    counts, chosen = Counter(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="shnor-kills-") as folder:
        base = Path(folder) / "base"
        base.mkdir()
        make_base(base)
        killed = [trial for trial in trials() if not names or trial.name in names]
        turns = {}
        for trial in killed:
            learn(trial, base)
            turns[trial.name] = cycle(chosen.sample(range(1, trial.calls + 1), trial.calls))
        shares = sorted(
            (part / trial.share, place) for place, trial in enumerate(killed) for part in range(trial.share)
        )
        for _, (_, turn) in zip(range(kills), cycle(shares), strict=False):
            trial = killed[turn]
            before = counts[f"kills: {trial.name}"]
            with copied(base) as place:
                if trial.processes:
                    kill_in_processes(place, trial, chosen.uniform(0.2, 1) * trial.seconds)
                elif before % 2:
                    kill_at_moment(place, trial, chosen.randint(1, trial.calls), chosen.uniform(0, MOMENT))
                else:
                    ended(begun(place, trial.arguments, kill_at=next(turns[trial.name])))
                counts += check_kill(trial, place, repeated=not before % REPEATED)
            counts[f"kills: {trial.name}"] += 1
    return counts


def attack() -> str:
    """Kill ``KILLS`` times; the figures in one line.

    Raises
    ------
    AssertionError
        Something was torn, half-applied, left lying or not told.
    """
    counts = kill_all(int(os.environ.get("KILLS", KILLS)))
    faults = [f"{word} ({count})" for word, count in counts.items() if word.startswith("fault")]
    kills = {word.removeprefix("kills: "): count for word, count in counts.items() if word.startswith("kills: ")}
    assert not faults, "\n".join(faults)
    by_command = ", ".join(f"{name} {count}" for name, count in kills.items())
    return (
        f"{sum(kills.values())} kills ({by_command}): {counts['torn']} files torn, {counts['half-applied']} half-applied; "
        f"a journal completed {counts['закончена']}, undone {counts['отменена']}, not told {counts['silent']}; "
        f"{counts['repeated']} given again ended where they should"
    )
