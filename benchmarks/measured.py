"""What the benchmarks share: a process measured from outside, where and when it was, the results as JSON."""

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
REPOSITORY = Path(__file__).parents[1]
sys.path.append(str(REPOSITORY))  # a benchmark is run as a script; the generator of offices is in tools/


@dataclass(frozen=True)
class Process:
    """A finished process: wall and processor seconds with everything it waited for, and what it printed.

    ``peak_mib`` is the most memory that one process of it held (maximum resident set).
    """

    wall: float
    processor: float
    peak_mib: float
    output: str
    status: int


def run_process(
    *command: str, folder: Path | None = None, environment: dict | None = None, allowed: tuple[int, ...] = (0,)
) -> Process:
    """Run a command to its end and measure it; a status that is not allowed ends the benchmark with the command's words."""
    started = time.perf_counter()
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=folder, env=environment, **streams) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}\n{output}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss: bytes there, KiB elsewhere
    return Process(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, output, process.returncode)


def run_stage(script: str, *arguments: object) -> Process:
    """Run a stage of a benchmark in a Python process of its own."""
    return run_process(sys.executable, script, *map(str, arguments))


def shnor(workspace: Path, *arguments: str) -> Process:
    """Run the command line in a workspace, in a new process."""
    command = Path(sys.executable).with_name("shnor.exe" if sys.platform == "win32" else "shnor")
    return run_process(str(command), "--workspace", str(workspace), *arguments)


def provenance(*packages: str) -> dict:
    """Where and when this was measured, and with what."""
    return {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "packages": {name: version(name) for name in packages},
    }


def write_results(name: str, results: dict, folder: Path) -> Path:
    """Write ``<name>.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def bytes_in(folder: Path) -> int:
    """Size of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
